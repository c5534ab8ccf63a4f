package agreement

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	truce "github.com/trucewatch/truce"
)

// claimWithin is how soon after the end of a window its activity is an overrun of it, and
// after a deadline what is reported of an omission is that omission.
const claimWithin = time.Hour

// bearerShare is the probability with which the place must lie in the bearer's own area.
const bearerShare = 0.5

// cover is how windows stand to an incident.
type cover int

const (
	uncovered    cover = iota
	coverUnnamed       // one would cover it, were it known to be the bearer's own flight
	coverOpen          // one would cover it, were its place known
	covered
)

func (g *Geometry) addWindows() error {
	for _, w := range g.a.Windows {
		box, err := g.placeOf(w)
		if err != nil {
			return err
		}
		g.windows = append(g.windows, window{w, box})
	}
	return nil
}

// WithWindows is the geometry with further notified windows, ready for many incidents.
// One with the ID of another takes its place. It shares everything else.
func (g *Geometry) WithWindows(more []Window) (*Geometry, error) {
	out := *g
	out.windows = slices.Clone(g.windows)
	for _, w := range more {
		box, err := g.placeOf(w)
		if err != nil {
			return nil, err
		}
		out.windows = put(out.windows, window{w, box})
	}
	return &out, nil
}

func put(list []window, w window) []window {
	if i := slices.IndexFunc(list, func(o window) bool { return o.ID == w.ID }); i >= 0 {
		list[i] = w
		return list
	}
	return append(list, w)
}

// notified are the windows that count for the incident.
func (l *look) notified() []window {
	if len(l.in.Windows) == 0 {
		return l.g.windows
	}
	if !l.asked.windows {
		l.asked.windows, l.windows = true, slices.Clone(l.g.windows)
		for _, w := range l.in.Windows {
			if box, err := l.g.placeOf(w); err == nil {
				l.windows = put(l.windows, window{w, box})
			}
		}
	}
	return l.windows
}

// exemption looks for a window that covers the incident: of a kind the rule excepts, in
// place and time, with the activity it was notified for, by its own bearer, early
// enough, and as the permission for its kind asks. A window that lies near in place and
// time and fails in anything leaves the mark exempt_claimed and exempts nothing.
func (l *look) exemption(f *truce.Finding, p *plan) cover {
	best := uncovered
	if len(p.excepts) == 0 {
		return best
	}
	windows := l.notified()
	for i := range windows {
		if w := &windows[i]; slices.Contains(p.excepts, w.Kind) {
			best = max(best, l.try(f, p, w))
		}
		if best == covered {
			return best
		}
	}
	return best
}

// try holds one window of the right kind against the incident.
func (l *look) try(f *truce.Finding, p *plan, w *window) cover {
	gap := l.gap(w)
	if l.known != 0 && w.NotifiedAt > l.known || gap > l.g.mostClaim {
		return uncovered
	}
	near := l.nearnessOf(w)
	if gap > near.time {
		return uncovered
	}
	if !l.pos {
		return l.tryNowhere(f, p, w)
	}
	inside, aside := w.box.chance(l), l.outsideBy(w.box)
	if inside < p.POut && !l.claims(near, aside) {
		return uncovered
	}
	m := misses{quiet: l.quiet}
	l.failures(&m, p, w, inside, aside)
	if m.none() && l.unnamed(w) {
		f.ClaimsExempt = true
		if f.Reason == "" && p.Kind == KindPermit {
			f.Reason = truce.ReasonEvidence
		}
		l.say(f, l.text("window %s (%s) may cover it: that it was the flight of %s is not confirmed, %s", w.ID, w.Kind, w.Bearer, l.flightWords()))
		return coverUnnamed
	}
	if m.none() {
		f.Window = w.ID
		if !l.quiet {
			l.say(f, fmt.Sprintf("window %s (%s) of %s covers it: place p %s, notice met%s%s%s", w.ID, w.Kind, w.Bearer, number(inside), l.ackText(p, w), l.bearerText(w), w.recorded()))
		}
		return covered
	}
	l.refuse(f, p, w, &m)
	return uncovered
}

// refuse marks a finding as one that claims a window which does not cover it.
func (l *look) refuse(f *truce.Finding, p *plan, w *window, m *misses) {
	f.ClaimsExempt = true
	f.NotCoveredBy = append(f.NotCoveredBy, w.ID)
	if f.Reason == "" && p.Kind == KindPermit {
		f.Reason = m.reason
	}
	if !l.quiet {
		l.say(f, fmt.Sprintf("window %s (%s) does not cover it: %s%s", w.ID, w.Kind, strings.Join(m.texts, "; "), w.recorded()))
	}
}

// tryNowhere asks whether a window would cover an incident whose place is not known: then
// nobody can say that it is outside, nor that a notice is missing. What neither is at the
// place of a window nor what it permits does not claim it.
func (l *look) tryNowhere(f *truce.Finding, p *plan, w *window) cover {
	if l.activity(w.Kind) < p.PMin {
		return uncovered
	}
	m := misses{quiet: l.quiet}
	l.timely(&m, p, w)
	l.permits(&m, w)
	l.asNotified(&m, w)
	if !m.none() {
		l.refuse(f, p, w, &m)
		return uncovered
	}
	f.ClaimsExempt = true
	if f.Reason == "" && p.Kind == KindPermit {
		f.Reason = truce.ReasonLocation
	}
	l.say(f, l.text("window %s (%s) may cover it: where it happened is not known", w.ID, w.Kind))
	return coverOpen
}

// misses collects the conditions of a window that are not met.
type misses struct {
	quiet  bool
	n      int
	reason truce.Reason // of the first
	texts  []string
}

func (m *misses) none() bool { return m.n == 0 }

func (m *misses) add(reason truce.Reason, format string, args ...any) {
	if m.n == 0 {
		m.reason = reason
	}
	m.n++
	if !m.quiet {
		m.texts = append(m.texts, fmt.Sprintf(format, args...))
	}
}

// failures lists the conditions of a window that are not met.
func (l *look) failures(m *misses, p *plan, w *window, inside, aside float64) {
	l.placed(m, p, inside, aside)
	l.timely(m, p, w)
	l.permits(m, w)
	l.asNotified(m, w)
	l.keepsOut(m, p)
	l.routed(m, p, w)
	if !l.g.ownArea(w.Bearer) {
		return
	}
	if share, stated := l.shareOf(w.Bearer); !stated {
		m.add(truce.ReasonControl, "on whose side the place lies is not known")
	} else if share < bearerShare {
		m.add(truce.ReasonControl, "the place lies in the area of %s with p %s only", w.Bearer, number(share))
	}
}

// placed is the condition on the place: inside the window's with p_min.
func (l *look) placed(m *misses, p *plan, inside, aside float64) {
	switch {
	case inside >= p.PMin:
	case l.quiet || aside == 0 || math.IsInf(aside, 0):
		m.add(truce.ReasonLocation, "inside its place with p %s only", number(inside))
	default:
		m.add(truce.ReasonLocation, "%s outside its place, inside with p %s only", metres(aside), number(inside))
	}
}

// timely are the conditions that need no place of effect: hours, activity, notifier, side
// of origin and notice.
func (l *look) timely(m *misses, p *plan, w *window) {
	l.lasted(m, p, w)
	if share := l.activity(w.Kind); share < p.PMin {
		m.add(truce.ReasonAct, "%s is not what a %s window permits (p %s)", l.quietly(l.actWords), w.Kind, number(share))
	}
	l.borne(m, p, w)
	notice := l.noticeAsked(p, w)
	switch ahead := w.From.Sub(w.NotifiedAt); {
	case w.NotifiedAt == 0:
		m.add(truce.ReasonTime, "when it was notified is not known")
	case ahead < notice:
		m.add(truce.ReasonTime, "notified %s ahead, %s asked for", truce.DurationText(ahead), truce.DurationText(notice))
	}
}

// quietly gives words where words are asked for.
func (l *look) quietly(words func() string) string {
	if l.quiet {
		return ""
	}
	return words()
}

// missed says by how much the time lies beside the window.
func (l *look) missed(w *window, end truce.Instant) string {
	t := l.incident.Time
	switch {
	case l.quiet:
		return ""
	case t.From >= end:
		return fmt.Sprintf("ended %s before", truce.DurationText(t.From.Sub(end).Round(time.Minute)))
	case t.To < w.From:
		return fmt.Sprintf("began %s after", truce.DurationText(w.From.Sub(t.To).Round(time.Minute)))
	}
	return fmt.Sprintf("within its hours with p %s only", number(quantise(during(t, w.From, end))))
}

// gap is the time between incident and window, 0 where they touch. A window is claimed for
// all hours that were ever notified for it, whether or not they count.
func (l *look) gap(w *window) time.Duration {
	t := l.incident.Time
	slack := 2 * t.Sigma.Duration()
	return max(0, t.From.Sub(w.claimed())-slack, w.From.Sub(t.To)-slack)
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
