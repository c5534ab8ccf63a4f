package alert

import (
	"slices"

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

// clocksTold tells both parties, once all of their clocks have begun to run, that they have:
// what was held back names the times of before, and below this one stand those of now.
func (in Input) clocksTold() []draft {
	if slices.ContainsFunc(in.Case.Clocks, func(k truce.CaseClock) bool { return k.State == truce.ClockWaiting }) {
		return nil
	}
	d := draft{sort: "told", kind: truce.AlertNew, tier: in.Case.Tier, fill: func(words) map[string]string { return nil }}
	d.route.roles = []truce.Role{truce.RoleParty, truce.RoleMechanism}
	return []draft{d}
}
