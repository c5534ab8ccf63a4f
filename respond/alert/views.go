package alert

import (
	"slices"

	"github.com/trucewatch/truce"
)

func aboutView(clock string) string { return "view/" + clock }

// clockStarted tells of a clock that begins: of a view, or one that no message has announced.
func (in Input) clockStarted() []draft {
	c := in.Step.Clock
	if c == nil {
		return nil
	}
	if v := slices.IndexFunc(in.Case.Views, func(v truce.CaseView) bool { return v.Clock == c.Clock }); v >= 0 {
		return in.viewTold(v)
	}
	return in.clockBegins()
}

// viewTold tells both parties, in the same words, that a view on responsibility stands and
// until when each may reply: once, when each of them has its clock. What the view says, and
// of whom, is on the page of the case.
func (in Input) viewTold(v int) []draft {
	c := in.Step.Clock
	for _, p := range in.Parties {
		if !slices.ContainsFunc(in.Case.Clocks, func(k truce.CaseClock) bool { return k.ID == c.Clock && k.For == string(p) && k.Round >= c.Round }) {
			return nil
		}
	}
	sort := "view"
	if c.State == truce.ClockWaiting {
		sort = "view_waits" // another message says from when on it runs
	}
	d := draft{sort: sort, key: c.Clock, kind: truce.AlertNew, tier: in.Case.Tier, about: []string{aboutView(c.Clock)}}
	d.route.roles = []truce.Role{truce.RoleParty, truce.RoleMechanism}
	d.fill = func(w words) map[string]string {
		return map[string]string{"incident": in.Case.Views[v].Name(), "due": w.time(c.Due)}
	}
	return []draft{d}
}

// viewsEnded takes back what was said of views that this step withdrew or replaced.
func (in Input) viewsEnded() []draft {
	var out []draft
	for _, v := range in.Case.Views {
		told := in.resting(aboutView(v.Clock))
		if v.Ended != in.Step.Number || len(told) == 0 {
			continue
		}
		d := draft{sort: "view_ended", key: v.Clock, kind: truce.AlertCancel, tier: in.Case.Tier}
		d.fill = func(words) map[string]string { return map[string]string{"incident": v.Name()} }
		in.refer(&d, told)
		out = append(out, d)
	}
	return out
}
