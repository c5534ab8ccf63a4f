package app

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web/room"
)

// scope is how far a row of the handbook's matrix reaches for a role.
type scope int

const (
	never    scope = iota
	everyone       // everybody of the role
	ofOwn          // who is of the state or the party it is about
	ifTold         // a party that was sent an alert about the case, from its release on
	ownTold        // the same, of what is the party's own
	ifHeard        // from the tier on of which anybody outside the mechanism is told; of a closed case, if it was ever in one
	ifOver         // of a closed case that was ever in such a tier
	toldOver       // of a closed case a party was told of
)

// class is a row of the matrix as this test holds it.
type class string

const (
	rowInside      class = "ladder internals"
	rowTier        class = "tier and time of a case"
	rowSpan        class = "when a case was opened and when it ended"
	rowClock       class = "a clock of a party"
	rowRemedy      class = "a remedy of a party"
	rowAttribution class = "an attribution"
	rowMeeting     class = "that a consultation is called, and its public text"
	rowAlert       class = "an alert"
	rowAnswer      class = "an answer to an alert"
	rowPromise     class = "a commitment of a state"
	rowSupply      class = "a contribution of a state"
	rowTotals      class = "a total"
	rowUnpublished class = "a total of what was not made public"
)

// handbook is the matrix of who sees what (handbook 7.4, with the column "public sees" of
// 7.2, by which the end of a case is public, as its tier was), written down again for this test: it asks nothing of assess/access. The columns are
// party, mechanism, guarantor, commission, contributor, public.
var handbook = map[class][6]scope{
	rowInside:      {never, everyone, everyone, everyone, never, never},
	rowTier:        {ifTold, everyone, everyone, everyone, ifHeard, ifHeard},
	rowSpan:        {toldOver, everyone, everyone, everyone, ifOver, ifOver},
	rowClock:       {ownTold, everyone, everyone, everyone, never, never},
	rowRemedy:      {ownTold, everyone, everyone, everyone, never, never},
	rowAttribution: {ifTold, everyone, everyone, everyone, never, never},
	rowMeeting:     {ifTold, everyone, everyone, everyone, never, never},
	rowAlert:       {ownTold, everyone, everyone, everyone, never, never},
	rowAnswer:      {ownTold, everyone, everyone, everyone, never, never},
	rowPromise:     {never, everyone, ofOwn, never, ofOwn, never},
	rowSupply:      {never, everyone, ofOwn, never, ofOwn, never},
	rowTotals:      {never, everyone, everyone, everyone, everyone, everyone},
	rowUnpublished: {never, everyone, everyone, everyone, everyone, never},
}

// watched are the tiers of which the handbook lets the public read a delayed sum only.
var watched = []truce.TierID{"", "L0"}

// mark is a text, time or number that stands in one field of a world only.
type mark struct {
	class class
	file  *worldCase  // the case it is about
	alert *worldAlert // the alert it is about
	party truce.PartyID
	state truce.StateID
}

// may is what the handbook says of a mark and a person.
func (w *world) may(p truce.Person, m mark) bool {
	column := slices.Index([]truce.Role{truce.RoleParty, truce.RoleMechanism, truce.RoleGuarantor, truce.RoleCommission, truce.RoleContributor, truce.RolePublic}, p.Role)
	if p.Withdrawn || column < 0 || m.alert != nil && m.alert.Release > w.now {
		return false
	}
	switch handbook[m.class][column] {
	case everyone:
		return true
	case ofOwn:
		return m.state != "" && m.state == p.State
	case ifTold:
		return w.toldOf(p, m)
	case ownTold:
		return w.toldOf(p, m) && (m.party == "" || m.party == p.Party)
	case ifHeard:
		return !slices.Contains(watched, m.file.tier)
	case ifOver:
		return m.file.over && !slices.Contains(watched, m.file.tier)
	case toldOver:
		return m.file.over && w.toldOf(p, m)
	}
	return false
}

// toldOf says whether the alert, or one about the case, has gone to a party.
func (w *world) toldOf(p truce.Person, m mark) bool {
	for _, a := range m.file.alerts {
		if (m.alert == nil || m.alert == a) && a.Release <= w.now && slices.ContainsFunc(a.To, func(r truce.AlertRecipient) bool { return r.Party != "" && r.Party == p.Party }) {
			return true
		}
	}
	return false
}

// scan finds the marks in a text: qz0123 in words, .701233Z in times, :5501233 in numbers.
func scan(text []byte, found func(n int)) {
	for i := 0; i+7 < len(text); i++ {
		switch {
		case text[i] == 'q' && text[i+1] == 'z':
			mark4(text[i+2:], found)
		case text[i] == '.' && text[i+1] == '7' && text[i+6] == '3' && text[i+7] == 'Z':
			mark4(text[i+2:], found)
		case text[i] == ':' && text[i+1] == '5' && text[i+2] == '5' && text[i+7] == '3':
			mark4(text[i+3:], found)
		}
	}
}

func mark4(digits []byte, found func(n int)) {
	n := 0
	for _, c := range digits[:4] {
		if c < '0' || c > '9' {
			return
		}
		n = 10*n + int(c-'0')
	}
	found(n)
}

// Of an answer of the room a role that does not see cases from inside is given these fields
// and no others: what is added to an answer later is denied until it stands here.
var (
	partyCase  = []string{"Sees", "Now", "Line", "Steps", "Clocks", "Attributions", "Consultations", "Remedies", "Alerts", "May"}
	tierCase   = []string{"Sees", "Now", "Line", "May", "Stakes"}
	partyLine  = []string{"ID", "Number", "State", "Tier", "TierName", "Entered", "Opened", "Closed", "NextClock", "NextDue"}
	tierLine   = []string{"Number", "State", "Tier", "TierName", "Entered", "Opened", "Closed", "Public"}
	partyAlert = []string{"ID", "Seq", "Kind", "Case", "Number", "Tier", "Release", "Headline", "Civil", "Least", "Due", "Answered", "Waits", "Mine"}
	partyBrief = []string{"Sees", "Now", "Due", "Changed", "Alerts", "Clocks", "Cases", "Open", "AlertsTotal", "ClocksTotal"}
	tierBrief  = []string{"Sees", "Now", "Changed", "Alerts", "Cases", "Open", "Stakes"}
	outerStake = []string{"Now", "Line", "Of", "Stakes", "Counts"}
)

// within says which fields of an answer are set that are none of those allowed.
func within(name string, answer any, allowed []string) error {
	v := reflect.ValueOf(answer)
	for i := range v.NumField() {
		field := v.Type().Field(i).Name
		f := v.Field(i)
		empty := f.IsZero() || f.Kind() == reflect.Slice && f.Len() == 0
		if !empty && !slices.Contains(allowed, field) {
			return fmt.Errorf("%s holds %s: %v", name, field, f.Interface())
		}
	}
	return nil
}

// shape holds the fields of an answer to what a role may be given at all.
func shape(p truce.Person, answer any) error {
	party := p.Role == truce.RoleParty
	if p.Role != truce.RoleContributor && p.Role != truce.RolePublic && !party {
		return nil
	}
	pick := func(forParty, forOthers []string) []string {
		if party {
			return forParty
		}
		return forOthers
	}
	switch a := answer.(type) {
	case room.CaseFile:
		if err := within("the case", a, pick(partyCase, tierCase)); err != nil {
			return err
		}
		return within("its line", a.Line, pick(partyLine, tierLine))
	case room.CaseList:
		for _, line := range a.Rows {
			if err := within("a line of the list", line, pick(partyLine, tierLine)); err != nil {
				return err
			}
		}
	case room.StakeFile:
		if err := within("what is at stake", a, outerStake); err != nil {
			return err
		}
		return within("its line", a.Line, pick(partyLine, tierLine))
	case room.Brief:
		return within("the first page", a, pick(partyBrief, tierBrief))
	case room.AlertList:
		for _, line := range a.Rows {
			if err := within("a line of the alerts", line, partyAlert); err != nil {
				return err
			}
		}
	case room.AlertFile:
		return within("the line of the alert", a.Line, partyAlert)
	}
	return nil
}
