package alert

import (
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// Untold are the parties of which no liaison officer can be told: while there is one, the
// clocks of the parties wait, since nothing is told to one party alone.
func Untold(people []truce.Person, parties []truce.PartyID, realm truce.Realm) []truce.PartyID {
	r := newRouter(Input{People: people, Parties: parties, Realm: realm})
	return r.route(route{offices: []truce.Office{truce.OfficeLiaison}, inside: true}, 0).held
}

func aboutPause(id string) string { return "paused/" + id }

// ofParties says whether a clock is one that the parties have: both are told of whatever
// becomes of either's.
func ofParties(c truce.CaseClock) bool { return c.Owner.Role() == truce.RoleParty }

// family are the clocks of the case that a step about one is about: every party's of one name,
// their last rounds; else the one. False while others of them still have their step to come.
func (in Input) family(still truce.ClockState) ([]truce.CaseClock, bool) {
	var out []truce.CaseClock
	c := in.Step.Clock
	for _, k := range in.Case.Clocks {
		same := k.For == c.For && k.Round == c.Round
		if k.ID != c.Clock || !same && !(ofParties(k) && k.Ended == 0) {
			continue
		}
		if !same && k.State == still {
			return nil, false
		}
		out = append(out, k)
	}
	return out, len(out) > 0
}

// clockPaused tells, in one message for the clocks of all parties, until when a clock stands:
// its owners, those who were told of its tier or path, and those who were warned of it. The
// parties are told of their own clocks only. Of a clock that each state has its own of, those
// who were warned are told that they need not hurry, and nobody else, since others would read
// which states owe something.
func (in Input) clockPaused() []draft {
	c := in.Step.Clock
	if c == nil {
		return nil
	}
	rows, all := in.family(truce.ClockRunning)
	if !all {
		return nil
	}
	if role := rows[0].Owner.Role(); role == truce.RoleGuarantor || role == truce.RoleContributor {
		return in.clockChanged()
	}
	d := in.named("paused", rows[0])
	d.key, d.about, d.fill = c.Clock, []string{aboutPause(c.Clock)}, in.pausePlaces(rows[0], c.Until)
	d.route.offices = []truce.Office{rows[0].Owner}
	for _, b := range in.standing() {
		if in.tellsOf(b, rows[0]) {
			d.route.told = append(d.route.told, in.postsOf(b)...)
		}
	}
	if in.refer(&d, in.resting(aboutClock(rows[0]))); !ofParties(rows[0]) {
		d.route.told = slices.DeleteFunc(d.route.told, func(p post) bool { return p.group.Party != "" })
	}
	return []draft{d}
}

// tellsOf says whether an alert rests on the tier of a clock, on a path that asks for it, or on a view it is of.
func (in Input) tellsOf(b Box, k truce.CaseClock) bool {
	if k.Tier != "" {
		return slices.Contains(b.Alert.About, aboutTier(k.Tier))
	}
	if slices.Contains(b.Alert.About, aboutView(k.ID)) {
		return true
	}
	return slices.ContainsFunc(in.Ladder.Paths, func(p truce.Path) bool {
		return slices.ContainsFunc(p.Clocks, func(t truce.ClockTerm) bool { return t.ID == k.ID }) && slices.Contains(b.Alert.About, aboutPath(p.ID))
	})
}

// clockResumed tells those who were told that a clock stands that it runs again; below stands
// when it is due.
func (in Input) clockResumed() []draft { return in.pauseEnds("resumed", truce.AlertUpdate) }

// pauseOver takes back that a clock stands when it was met or stopped meanwhile.
func (in Input) pauseOver() []draft {
	if in.Step.Kind == truce.StepClockMoved {
		return nil
	}
	return in.pauseEnds("pause_over", truce.AlertCancel)
}

func (in Input) pauseEnds(sort string, kind truce.AlertKind) []draft {
	c := in.Step.Clock
	if c == nil {
		return nil
	}
	rows, all := in.family(truce.ClockPaused)
	told := in.resting(aboutPause(c.Clock))
	if !all || len(told) == 0 {
		return nil
	}
	d := in.named(sort, rows[0])
	d.key, d.kind, d.fill = c.Clock, kind, in.pausePlaces(rows[0], 0)
	in.refer(&d, told)
	return []draft{d}
}

func (in Input) pausePlaces(k truce.CaseClock, until truce.Instant) func(words) map[string]string {
	return func(w words) map[string]string {
		whose := forWhom(w, k.For)
		if ofParties(k) {
			whose = eachParty(w)
		}
		return map[string]string{"clock": nameOr(k.Names, w, k.ID), "for": whose, "until": w.time(until)}
	}
}

// clocksTold tells both parties, once all of their clocks that begin to run with this step have,
// that they do: what was held back names the times of before, and below this one stand those
// of now. Of two clocks of which nothing was heard one may run on long before the other.
func (in Input) clocksTold() []draft {
	heard := in.Step.Clock != nil && in.Step.Clock.Unheard != 0
	if slices.ContainsFunc(in.Case.Clocks, func(k truce.CaseClock) bool {
		return k.State == truce.ClockWaiting && (k.Unheard != 0) == heard && (!heard || in.follows(k.ID))
	}) {
		return nil
	}
	sort := "told"
	if heard {
		sort = "heard"
	}
	d := draft{sort: sort, kind: truce.AlertNew, tier: in.Case.Tier, fill: func(words) map[string]string { return nil }}
	d.route.roles = []truce.Role{truce.RoleParty, truce.RoleMechanism}
	return []draft{d}
}

// follows says whether a clock that waits to be heard of runs on together with that of this step:
// its rows do one after the other, and so does another of which all whose it is have heard.
func (in Input) follows(clock string) bool {
	if clock == in.Step.Clock.Clock {
		return true
	}
	for _, k := range in.Case.Clocks {
		if k.ID != clock || !k.State.Ticks() {
			continue
		}
		whose := in.Parties
		if k.For != "" {
			whose = []truce.PartyID{truce.PartyID(k.For)}
		}
		if slices.ContainsFunc(whose, func(p truce.PartyID) bool { return HeardAt(in, k, p) == 0 }) {
			return false
		}
	}
	return true
}

// clockUntold tells the head of the mission, once all rows of a clock wait, that nothing of it
// has reached a party: somebody has to tell them by other means.
func (in Input) clockUntold() []draft {
	c := in.Step.Clock
	rows, all := in.family(truce.ClockRunning)
	if c == nil || !all {
		return nil
	}
	d := in.named("unheard", rows[0])
	d.key, d.route = c.Clock, route{offices: []truce.Office{truce.OfficeMechanismLead, truce.OfficeDutyHead}, inside: true}
	parties := make([]string, len(c.Missing))
	for n, p := range c.Missing {
		parties[n] = string(p)
	}
	named := d.fill
	d.fill = func(w words) map[string]string {
		places := named(w)
		places["party"], places["due"], places["id"] = strings.Join(parties, ", "), w.time(c.Due), c.Clock
		return places
	}
	return []draft{d}
}

// HeardAt is when a party was first reached by a message that tells of a clock, given the round
// with which it was told of: one that announced it as beginning, or one of the case since it
// began. A channel that reaches people had it, it lay ready where there is no other, or
// somebody of the party answered it. 0: not so far. Of in the ladder, the case, the earlier
// alerts and now are looked at.
func HeardAt(in Input, k truce.CaseClock, party truce.PartyID) truce.Instant {
	var first truce.Instant
	asked := in.asks(k)
	for _, b := range in.Earlier {
		announced := b.Alert.Step >= asked && slices.Contains(b.Alert.About, aboutBegins(k.ID))
		if b.Alert.Kind == truce.AlertHeld || b.Alert.Step < k.Step && !announced {
			continue
		}
		if at := reachedBy(b, party); at != 0 && at <= in.Now && (first == 0 || at < first) {
			first = at
		}
	}
	return first
}

// reachedBy is when an alert first reached a party; 0: it has not. What broke off when all was
// sent may have arrived, and counts: nobody gains time by breaking off.
func reachedBy(b Box, party truce.PartyID) truce.Instant {
	var first truce.Instant
	take := func(at truce.Instant) {
		if first == 0 || at < first {
			first = at
		}
	}
	for _, r := range b.Alert.To {
		if r.Party != party || len(r.Contacts) == 0 {
			continue
		}
		if !slices.ContainsFunc(r.Contacts, func(c truce.Contact) bool { return !posted(c.Channel) }) {
			take(b.Alert.Release)
		}
		for _, d := range b.Deliveries {
			if d.Person == r.Person && !posted(d.Channel) && (d.State == truce.DeliverySent || d.State == truce.DeliveryUnsure) {
				take(d.At)
			}
		}
	}
	for _, a := range b.Answers {
		if a.Party == party && a.Kind != truce.AckNone {
			take(a.At)
		}
	}
	return first
}
