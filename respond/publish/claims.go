package publish

import (
	"cmp"
	"maps"
	"slices"

	"github.com/trucewatch/truce"
)

// ClaimItem says that an incident rests on a claim.
type ClaimItem struct {
	Claim    string
	Incident truce.ID
}

// claimStates are the states of a claim in the order of printing.
var claimStates = [...]truce.ClaimState{
	truce.ClaimCorroborated, truce.ClaimContradicted, truce.ClaimNotObservable, truce.ClaimOpen,
}

// claims puts beside every claim what the mission's own rows make of it. A complaint has
// the state of the incident that rests on it. A total has no state but that of its watch:
// what has no unit can be neither confirmed nor refuted.
func (d *daily) claims(b truce.Bulletin, entries []*entry) []truce.ClaimRow {
	rows := d.claimRows(entries)
	out := listOf(d.in.Claims)
	for i := range out {
		c := &out[i]
		for _, e := range rows[c.ID] {
			if e.listed() {
				c.Rows.Add(e.row.N)
			}
		}
		if c.State == "" {
			c.State = d.claimState(b, *c, rows[c.ID])
		}
	}
	for i := range out {
		if c := &out[i]; c.Total() && c.Period != nil {
			c.Items = itemsOf(*c, out)
			c.Own = d.own(b, *c.Period, entries)
		}
	}
	slices.SortStableFunc(out, d.compareClaims)
	return out
}

// claimRows are the entries that rest on each claim, in order of time.
func (d *daily) claimRows(entries []*entry) map[string][]*entry {
	byID := make(map[truce.ID]*entry, len(entries))
	for _, e := range entries {
		byID[e.id] = e
	}
	out := map[string][]*entry{}
	for _, item := range d.in.ClaimItems {
		if e := byID[item.Incident]; e != nil && !slices.Contains(out[item.Claim], e) {
			out[item.Claim] = append(out[item.Claim], e)
		}
	}
	for _, list := range out {
		slices.SortFunc(list, compareEntries)
	}
	return out
}

// compareClaims puts totals before complaints and each in order of time; at one time the
// parties stand in the agreement's order, so that none is always first by chance.
func (d *daily) compareClaims(a, b truce.ClaimRow) int {
	order := func(c truce.ClaimRow) int {
		return slices.IndexFunc(d.in.Terms.Parties, func(p truce.BulletinParty) bool { return p.ID == c.Party })
	}
	begins := func(c truce.ClaimRow) truce.Instant {
		if c.Period != nil {
			return c.Period.From
		}
		return c.Received
	}
	kind := func(c truce.ClaimRow) int {
		switch {
		case c.Total():
			return 0
		case c.Act == "":
			return 1
		}
		return 2
	}
	return cmp.Or(cmp.Compare(kind(a), kind(b)), cmp.Compare(begins(a), begins(b)), cmp.Compare(order(a), order(b)), cmp.Compare(a.ID, b.ID))
}

// claimState is the state of a complaint: that of its incidents, and where they decide
// nothing, whether anybody could have seen it.
func (d *daily) claimState(b truce.Bulletin, c truce.ClaimRow, rows []*entry) truce.ClaimState {
	var areas []truce.AreaID
	state := truce.ClaimState("")
	for _, e := range rows {
		switch e.row.Occurrence {
		case truce.OccurrenceCorroborated, truce.OccurrenceVerified:
			return truce.ClaimCorroborated
		case truce.OccurrenceRefuted, truce.OccurrenceExplained:
			state = truce.ClaimContradicted
		}
		areas = append(areas, e.row.Area)
	}
	if len(areas) == 0 { // it may have been in any of them
		for _, a := range b.Areas {
			areas = append(areas, a.ID)
		}
	}
	blind := func(a truce.AreaID) bool { return !d.watched(b, c, a) }
	switch {
	case state != "":
		return state
	case len(areas) == 0 || slices.ContainsFunc(areas, blind):
		return truce.ClaimNotObservable
	}
	return truce.ClaimOpen
}

// watched says whether the act of a claim could be seen in an area as well as agreed: its
// own act in its own time, where the mission works that out, else as the table of its
// group says for the day. Of acts that have no table nobody states it.
func (d *daily) watched(b truce.Bulletin, c truce.ClaimRow, area truce.AreaID) bool {
	if d.in.Sights != nil {
		seen, stated := d.claimSights[claimArea{c.ID, area}]
		return stated && seen > 0 && seen >= b.CoverageMin
	}
	i := slices.IndexFunc(b.Tables, func(t truce.CountTable) bool {
		return t.Subject == subjectGroup && t.By == truce.CountByArea && t.Group == c.Act.Group()
	})
	if i < 0 {
		return false
	}
	l := lineOf(&b.Tables[i], string(area))
	return l != nil && l.Coverage != nil && *l.Coverage >= b.CoverageMin
}

// claimArea is where a claim may have happened.
type claimArea struct {
	claim string
	area  truce.AreaID
}

// claimSightsOf are the chances of seeing what each claim states.
func claimSightsOf(list []Sight) map[claimArea]truce.Probability {
	out := map[claimArea]truce.Probability{}
	for _, s := range list {
		if s.Claim != "" {
			out[claimArea{s.Claim, s.Area}] = s.Seen
		}
	}
	return out
}

// itemsOf sorts the complaints of a total's party and period by their state.
func itemsOf(total truce.ClaimRow, all []truce.ClaimRow) []truce.ClaimItems {
	var out []truce.ClaimItems
	for _, state := range claimStates {
		items, rows := truce.ClaimItems{State: state}, map[int]bool{}
		for _, c := range all {
			if c.State != state || !itemOf(c, total) {
				continue
			}
			items.Claims = append(items.Claims, c.ID)
			for n := range c.Rows.All() {
				rows[n] = true
			}
		}
		for _, n := range slices.Sorted(maps.Keys(rows)) {
			items.Rows.Add(n)
		}
		if len(items.Claims) > 0 {
			slices.Sort(items.Claims)
			out = append(out, items)
		}
	}
	return out
}

// itemOf says whether a complaint is of the party and the period of a total.
func itemOf(c, total truce.ClaimRow) bool {
	return c.Act != "" && c.Party != "" && c.Party == total.Party && c.Period != nil && total.Period.Contains(c.Period.From)
}

// own counts what the mission recorded under each rule in the part of a total's period
// that lies in this one: per rule, with the coverage of the rule's own table.
func (d *daily) own(b truce.Bulletin, claimed truce.Period, entries []*entry) []truce.ClaimOwn {
	var out []truce.ClaimOwn
	for i := range b.Tables {
		t := &b.Tables[i]
		if t.Subject != subjectRule {
			continue
		}
		o := truce.ClaimOwn{Rule: t.Rule, Unit: t.Splits[0].Unit, Coverage: t.Total.Coverage}
		for _, e := range entries {
			key, n := weighVerdict(&e.row, t.Rule)
			if e.state == stateBefore || key != string(truce.VerdictHit) || !claimed.Contains(e.row.Time.Mid()) {
				continue
			}
			o.N += n
			if e.state == statePreliminary {
				o.Unlisted += n
				continue
			}
			o.Rows.Add(e.row.N)
		}
		o.Form = lowered(formOf(o.N, o.Coverage, leastOf(b.Rules, t.Rule, b.CoverageMin)), t.Total.Cells[0].This.Form)
		out = append(out, o)
	}
	return out
}

// claims go out for all parties or for none: were one party's source free and the other's
// not, the edition would speak for one. What is no party's goes by its own licence.
func (p *passage) claims(list []truce.ClaimRow) (out []truce.ClaimRow, withheld int) {
	bound := slices.ContainsFunc(list, func(c truce.ClaimRow) bool { return c.Party != "" && !p.free[c.Source] })
	for _, c := range list {
		if !p.free[c.Source] || bound && c.Party != "" {
			withheld++
			continue
		}
		c.ID, c.Rows = p.gate.PublicID(c.ID), p.listedOnly(c.Rows)
		c.Items = slices.Clone(c.Items)
		for i := range c.Items {
			c.Items[i] = p.items(c.Items[i])
		}
		c.Own = slices.Clone(c.Own)
		for i := range c.Own {
			rule := c.Own[i].Rule
			c.Own[i].Figure = p.hide(c.Own[i].Figure, func(r *truce.BulletinRow) int {
				_, n := weighVerdict(r, rule)
				return n
			})
		}
		out = append(out, c)
	}
	return out, withheld
}

// items name the claims by their ids outside.
func (p *passage) items(i truce.ClaimItems) truce.ClaimItems {
	claims := make([]string, len(i.Claims))
	for n, id := range i.Claims {
		claims[n] = p.gate.PublicID(id)
	}
	slices.Sort(claims)
	return truce.ClaimItems{State: i.State, Claims: claims, Rows: p.listedOnly(i.Rows)}
}

func (p *passage) listedOnly(set truce.RowSet) truce.RowSet {
	var out truce.RowSet
	for n := range set.All() {
		if p.listed[n] {
			out.Add(n)
		}
	}
	return out
}
