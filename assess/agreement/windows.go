package agreement

import (
	"fmt"
	"slices"
	"strings"
	"time"

	truce "github.com/trucewatch/truce"
)

// claimWithin is how near in time a window must lie for the incident to count as one
// that claims it: an overrun is seen, another day is not.
const claimWithin = time.Hour

// bearerShare is the probability with which the place must lie in the bearer's own area.
const bearerShare = 0.5

// exemption looks for a window that covers the incident: of a kind the rule excepts, in
// place and time, with the activity it was notified for, by its own bearer, early
// enough. A window that fits in place and time and fails otherwise leaves the mark
// exempt_claimed and exempts nothing.
func (l *look) exemption(f *truce.Finding, p *plan) bool {
	if l.incident.Position == nil {
		return false
	}
	for i := range l.g.windows {
		w := &l.g.windows[i]
		if !slices.Contains(p.Unless, w.Kind) || l.known != 0 && w.NotifiedAt > l.known {
			continue
		}
		inside := w.box.chance(l)
		if inside < p.POut || l.gap(w) > claimWithin {
			continue
		}
		failed := l.failures(p, w, inside)
		if len(failed) == 0 {
			f.Window = w.ID
			f.Trace = append(f.Trace, fmt.Sprintf("window %s (%s) of %s covers it: place p %s, notice met", w.ID, w.Kind, w.Bearer, number(inside)))
			return true
		}
		f.ClaimsExempt = true
		f.NotCoveredBy = append(f.NotCoveredBy, w.ID)
		f.Trace = append(f.Trace, fmt.Sprintf("window %s (%s) does not cover it: %s", w.ID, w.Kind, strings.Join(failed, "; ")))
	}
	return false
}

// failures lists the conditions of a window that are not met.
func (l *look) failures(p *plan, w *window, inside float64) []string {
	var out []string
	if inside < p.PMin {
		out = append(out, fmt.Sprintf("inside its place with p %s only", number(inside)))
	}
	end := w.To.Add(w.Grace)
	if during(l.incident.Time, w.From, end) < p.PMin {
		out = append(out, l.missed(w, end))
	}
	if share := l.activity(w.Kind); share < p.PMin {
		out = append(out, fmt.Sprintf("%s is not what a %s window permits (p %s)", l.actWords, w.Kind, number(share)))
	}
	if w.NotifiedBy != w.Bearer {
		out = append(out, fmt.Sprintf("notified by %s for %s", w.NotifiedBy, w.Bearer))
	}
	if ahead := w.From.Sub(w.NotifiedAt); ahead < w.Notice {
		out = append(out, fmt.Sprintf("notified %s ahead, %s asked for", truce.DurationText(ahead), truce.DurationText(w.Notice)))
	}
	if !l.g.ownArea(w.Bearer) {
		return out
	}
	if share, stated := l.shareOf(w.Bearer); !stated {
		out = append(out, "on whose side the place lies is not known")
	} else if share < bearerShare {
		out = append(out, fmt.Sprintf("the place lies in the area of %s with p %s only", w.Bearer, number(share)))
	}
	return out
}

// missed says by how much the time lies beside the window.
func (l *look) missed(w *window, end truce.Instant) string {
	t := l.incident.Time
	switch {
	case t.From >= end:
		return fmt.Sprintf("ended %s before", truce.DurationText(t.From.Sub(end).Round(time.Minute)))
	case t.To < w.From:
		return fmt.Sprintf("began %s after", truce.DurationText(w.From.Sub(t.To).Round(time.Minute)))
	}
	return fmt.Sprintf("within its hours with p %s only", number(quantise(during(t, w.From, end))))
}

// gap is the time between incident and window, 0 where they touch.
func (l *look) gap(w *window) time.Duration {
	t := l.incident.Time
	slack := 2 * t.Sigma.Duration()
	return max(0, t.From.Sub(w.To.Add(w.Grace))-slack, w.From.Sub(t.To)-slack)
}

// activity is the probability that what happened is what the window permits.
func (l *look) activity(kind WindowKind) float64 {
	total := 0.0
	for _, s := range l.shares {
		if slices.Contains(activities[kind], s.act) {
			total += s.p
		}
	}
	return quantise(min(total, 1))
}

// ownArea says whether a bearer has an area of its own; the mechanism has none.
func (g *Geometry) ownArea(id truce.PartyID) bool {
	return slices.ContainsFunc(g.a.Parties, func(p Party) bool { return p.ID == id && p.Role == RoleParty })
}
