package room

import (
	"slices"

	"github.com/trucewatch/truce"
)

// Request is something a case asks of the person who reads it, with where on the page it
// is done.
type Request struct {
	Text string
	Href string
	Due  truce.Instant // 0: no date
}

// asked lists what a case asks of its reader: a zero
// point to agree to, gates to sign, alerts to answer, own clocks.
func (w words) asked(f casePage) []Request {
	var out []Request
	for _, z := range f.Zeros {
		if z.Asked != nil && z.Asked.By != f.Person.ID && slices.Contains(f.May, truce.DeedMoveT0) {
			out = append(out, Request{Text: w.Say("glance.t0"), Href: "#t0-" + string(z.Basis)})
		}
	}
	for _, g := range f.Gates {
		switch {
		case !g.Mine:
		case !g.Down:
			out = append(out, Request{Text: w.Say("gate.up", "tier", g.Tier, "name", g.TierName), Href: "#gates"})
		case g.To == "":
			out = append(out, Request{Text: w.Say("gate.close", "tier", g.Tier), Href: "#gates"})
		default:
			out = append(out, Request{Text: w.Say("gate.down", "tier", g.Tier, "to", g.To), Href: "#gates"})
		}
	}
	for _, a := range f.Alerts {
		if a.Waits && a.Mine {
			out = append(out, Request{Text: w.Say("glance.answer", "name", a.Headline), Href: "/alerts/" + a.ID.String(), Due: a.Due})
		}
	}
	for _, k := range f.Clocks {
		if k.Mine && k.State == truce.ClockRunning || k.Owing() && f.Line.State != truce.CaseClosed {
			href := "#clocks"
			if k.View != "" {
				href = "#view-" + k.View
			}
			out = append(out, Request{Text: k.Name, Href: href, Due: k.Due})
		}
	}
	return out
}

// ticking are the clocks that have not ended, the next due first.
func ticking(list []ClockLine) []ClockLine {
	out := slices.DeleteFunc(slices.Clone(list), func(k ClockLine) bool { return !k.Ticking() })
	slices.SortStableFunc(out, func(a, b ClockLine) int {
		switch {
		case a.Due < b.Due:
			return -1
		case a.Due > b.Due:
			return 1
		}
		return 0
	})
	return out
}

// ended are the clocks that were met, missed or stopped.
func ended(list []ClockLine) []ClockLine {
	return slices.DeleteFunc(slices.Clone(list), ClockLine.Ticking)
}

func missed(list []ClockLine) int {
	n := 0
	for _, k := range list {
		if k.State == truce.ClockMissed {
			n++
		}
	}
	return n
}

// since are the steps recorded after a mark; none where there is no mark.
func since(list []StepLine, mark truce.Seq) []StepLine {
	if mark == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(list), func(s StepLine) bool { return s.Seq <= mark })
}

// session says whether a consultation is being held.
func session(list []Meeting) bool {
	return slices.ContainsFunc(list, func(m Meeting) bool { return m.Convened && m.Ended == 0 })
}

// votes and carried are how an option stands in a tally.
func votes(list []truce.Tally, option string) int {
	for _, t := range list {
		if t.Option == option {
			return t.Votes
		}
	}
	return 0
}

func carried(list []truce.Tally, option string) bool {
	return slices.ContainsFunc(list, func(t truce.Tally) bool { return t.Option == option && t.Carried })
}
