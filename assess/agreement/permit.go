package agreement

import (
	"fmt"
	"math"
	"slices"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// permitted gives the verdict of a rule that permits: exempt where a window of its kinds
// covers the incident with all that the rule asks, else outside its scope. It counts
// nothing; the other rules say what an activity without a window is.
func (l *look) permitted(f *truce.Finding, p *plan) {
	f.Verdict = truce.VerdictOutside
	windows := l.notified()
	for i := range windows {
		w := &windows[i]
		if slices.Contains(p.Permit.kinds(), w.Kind) && l.try(f, p, w) == covered {
			f.Verdict, f.Reason = truce.VerdictExempt, truce.ReasonNone
			l.say(f, l.text("permitted by %s", p.ID))
			return
		}
	}
	if !f.ClaimsExempt {
		f.Reason = truce.ReasonTime
		l.say(f, "no window of its kinds is near")
	}
	if !l.quiet {
		l.say(f, verdictText(f))
	}
}

// kinds are the windows a permission speaks of; a nil one speaks of none.
func (p *Permission) kinds() []WindowKind {
	if p == nil {
		return nil
	}
	return p.Windows
}

// permissions are the permitting rules for windows of a kind, in force at the incident's
// time and known. A window exempts under other rules only as they ask.
func (l *look) permissions(kind WindowKind) []*plan {
	var out []*plan
	for _, group := range l.g.groups {
		if first := &l.g.plans[group[0]]; first.Kind != KindPermit {
			continue
		}
		if p := l.choose(group); p != nil && p.holds(l.at) && slices.Contains(p.Permit.kinds(), kind) {
			out = append(out, p)
		}
	}
	return out
}

// permits holds a window against the permissions for its kind: how long, how large, and
// acknowledged by whom.
func (l *look) permits(m *misses, w *window) {
	if w.ObjectedAt != 0 && w.ObjectedAt <= w.From && l.knows(w.ObjectedAt) {
		m.add(truce.ReasonEvidence, "objected to at %s", clock(w.ObjectedAt))
	}
	for _, p := range l.permissions(w.Kind) {
		terms := p.Permit
		if hours := w.To.Sub(w.From).Hours(); terms.MaxHours > 0 && hours > terms.MaxHours {
			m.add(truce.ReasonTime, "open for %s, at most %g h permitted by %s", age(w.From, w.To), terms.MaxHours, p.ID)
		}
		if r := l.g.radiusOf(w); terms.RadiusM > 0 && r > terms.RadiusM*(1+1e-9) {
			m.add(truce.ReasonLocation, "its place reaches %s, at most %s permitted by %s", reachText(r), metres(terms.RadiusM), p.ID)
		}
		if ok, why := l.acknowledged(terms, w); !ok {
			m.add(truce.ReasonEvidence, "%s, as %s asks", why, p.ID)
		}
	}
}

func (l *look) knows(t truce.Instant) bool { return l.known == 0 || t <= l.known }

// radiusOf is how far a window's place reaches from its middle, infinite for a band.
func (g *Geometry) radiusOf(w *window) float64 {
	if w.Circle != nil {
		return w.Circle.RadiusM
	}
	drawn, ok := g.zones[w.Zone].(*drawnRegion)
	if !ok {
		return math.Inf(1)
	}
	b := drawn.box
	return float64(geo.Distance(geo.Point{Lat: b.South, Lon: b.West}, geo.Point{Lat: b.North, Lon: b.East})) / 2
}

func reachText(r float64) string {
	if math.IsInf(r, 1) {
		return "along a line"
	}
	return metres(r)
}

// acknowledged says whether those whose word is asked for gave it before the window
// began, or kept silent for as long as counts as a yes.
func (l *look) acknowledged(terms *Permission, w *window) (bool, string) {
	if terms.Ack == AckNone || l.consent(terms.Ack, w) {
		return true, ""
	}
	if l.silent(terms, w) {
		return true, ""
	}
	switch {
	case w.AckedAt != 0 && l.knows(w.AckedAt) && w.AckedAt > w.From:
		return false, l.text("acknowledged %s after it began", age(w.From, w.AckedAt))
	case w.AckedAt != 0 && l.knows(w.AckedAt):
		return false, l.text("acknowledged by %s, not by %s", w.AckedBy, ackWords(terms.Ack))
	}
	return false, l.text("not acknowledged by %s", ackWords(terms.Ack))
}

// consent says whether the window was acknowledged in words by whom it is asked for, and
// in time. One acknowledgement cannot be that of both.
func (l *look) consent(ack Ack, w *window) bool {
	if w.AckedAt == 0 || !l.knows(w.AckedAt) || w.AckedAt > w.From {
		return false
	}
	switch ack {
	case AckOtherParty:
		return l.g.ownArea(w.AckedBy) && w.AckedBy != w.Bearer
	case AckMechanism:
		return slices.ContainsFunc(l.g.a.Parties, func(p Party) bool { return p.ID == w.AckedBy && p.Role == RoleMechanism })
	}
	return false
}

// silent says whether nobody answered for as long as counts as a yes.
func (l *look) silent(terms *Permission, w *window) bool {
	answerBy := w.NotifiedAt.Add(terms.AutoAck)
	return terms.AutoAck > 0 && answerBy <= w.From && l.knows(answerBy)
}

// ackText says how a covering window was acknowledged, where a permission asks for it.
func (l *look) ackText(_ *plan, w *window) string {
	for _, p := range l.permissions(w.Kind) {
		switch {
		case p.Permit.Ack == AckNone:
		case l.consent(p.Permit.Ack, w):
			return fmt.Sprintf(", acknowledged by %s", w.AckedBy)
		default:
			return fmt.Sprintf(", no answer within %s, counted as acknowledged", age(0, truce.Instant(p.Permit.AutoAck.Microseconds())))
		}
	}
	return ""
}

func ackWords(a Ack) string {
	switch a {
	case AckOtherParty:
		return "the other party"
	case AckMechanism:
		return "the mechanism"
	}
	return "the other party and the mechanism"
}

// keepsOut refuses a window for an activity that must not take place in some zones, be it
// notified or not.
func (l *look) keepsOut(m *misses, p *plan) {
	if p.Require == nil || p.Require.Notify == nil {
		return
	}
	for _, id := range p.Require.Notify.Outside {
		zone, some := l.g.zones[id]
		if !some {
			continue
		}
		inside, _, ok := l.inside(zone)
		if !ok {
			m.add(truce.ReasonControl, "%s has no shape at that time", id)
		} else if inside >= p.POut {
			m.add(truce.ReasonLocation, "in %s with p %s, where none may be", id, number(inside))
		}
	}
}
