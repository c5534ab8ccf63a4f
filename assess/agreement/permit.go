package agreement

import (
	"fmt"
	"math"
	"slices"
	"strings"

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
		if p := l.choose(group); p != nil && l.concerns(p) && slices.Contains(p.Permit.kinds(), kind) {
			out = append(out, p)
		}
	}
	return out
}

// concerns says whether a permission may have been in force when it happened.
func (l *look) concerns(p *plan) bool {
	return p.holds(l.at) || slices.ContainsFunc(p.spans, func(s Span) bool { return during(l.incident.Time, s.From, s.To) >= DefaultPOut })
}

// permits holds a window against the permissions for its kind: how long, how large, and
// acknowledged by whom.
func (l *look) permits(m *misses, w *window) {
	for _, o := range w.Objected() {
		switch {
		case o.At > w.From || !l.knows(o.At):
		case o.By == "":
			m.add(truce.ReasonEvidence, "objected to at %s", clock(o.At))
		default:
			m.add(truce.ReasonEvidence, "objected to by %s at %s", o.By, clock(o.At))
		}
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
	switch {
	case w.Circle != nil:
		return w.Circle.RadiusM
	case w.Box != nil:
		b := w.Box
		return float64(geo.Distance(geo.Point{Lat: b.South, Lon: b.West}, geo.Point{Lat: b.North, Lon: b.East})) / 2
	case w.Corridor != nil:
		return math.Inf(1)
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
	missing := l.missing(terms.Ack, w)
	if missing == AckNone || l.silent(terms, w) {
		return true, ""
	}
	if l.quiet {
		return false, ""
	}
	var gave []string
	for _, a := range w.Acknowledgements() {
		switch {
		case !l.knows(a.At):
		case a.At <= w.From:
			gave = append(gave, string(a.By))
		case l.answers(missing, w, a.By):
			return false, fmt.Sprintf("acknowledged by %s %s after it began", a.By, age(w.From, a.At))
		}
	}
	if gave == nil {
		return false, "not acknowledged by " + ackWords(missing)
	}
	return false, fmt.Sprintf("acknowledged by %s, not by %s", strings.Join(gave, " and "), ackWords(missing))
}

// missing is whose word, of those that are asked for, was not given in time.
func (l *look) missing(ack Ack, w *window) Ack {
	other := (ack == AckOtherParty || ack == AckBoth) && !l.consent(AckOtherParty, w)
	mechanism := (ack == AckMechanism || ack == AckBoth) && !l.consent(AckMechanism, w)
	switch {
	case other && mechanism:
		return AckBoth
	case other:
		return AckOtherParty
	case mechanism:
		return AckMechanism
	}
	return AckNone
}

// consent says whether one of those that are asked for acknowledged the window in words
// and in time.
func (l *look) consent(ack Ack, w *window) bool {
	return slices.ContainsFunc(w.Acknowledgements(), func(a Acknowledgement) bool {
		return l.knows(a.At) && a.At <= w.From && l.answers(ack, w, a.By)
	})
}

// answers says whether the word of a party is one that is asked for.
func (l *look) answers(ack Ack, w *window, by truce.PartyID) bool {
	other := l.g.ownArea(by) && by != w.Bearer
	mechanism := slices.ContainsFunc(l.g.a.Parties, func(p Party) bool { return p.ID == by && p.Role == RoleMechanism })
	return other && ack != AckMechanism || mechanism && ack != AckOtherParty
}

// silent says whether nobody answered for as long as counts as a yes.
func (l *look) silent(terms *Permission, w *window) bool {
	answerBy := w.NotifiedAt.Add(terms.AutoAck)
	return terms.AutoAck > 0 && w.NotifiedAt != 0 && answerBy <= w.From && l.knows(answerBy)
}

// ackText says how a covering window was acknowledged, where a permission asks for it.
func (l *look) ackText(_ *plan, w *window) string {
	for _, p := range l.permissions(w.Kind) {
		if p.Permit.Ack == AckNone {
			continue
		}
		text := ""
		if gave := l.consenting(p.Permit.Ack, w); gave != nil {
			text = ", acknowledged by " + strings.Join(gave, " and ")
		}
		switch missing := l.missing(p.Permit.Ack, w); {
		case missing == AckNone:
			return text
		case text != "":
			return fmt.Sprintf("%s, no answer of %s within %s, counted as acknowledged", text, ackWords(missing), truce.DurationText(p.Permit.AutoAck))
		}
		return fmt.Sprintf(", no answer within %s, counted as acknowledged", truce.DurationText(p.Permit.AutoAck))
	}
	return ""
}

// consenting are those that are asked for and acknowledged in words and in time.
func (l *look) consenting(ack Ack, w *window) []string {
	var out []string
	for _, a := range w.Acknowledgements() {
		if l.knows(a.At) && a.At <= w.From && l.answers(ack, w, a.By) {
			out = append(out, string(a.By))
		}
	}
	return out
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

// routed refuses a window that names a circle or a box where the duty asks for a route: a
// corridor, or a zone.
func (l *look) routed(m *misses, p *plan, w *window) {
	if p.Require == nil || p.Require.Notify == nil || !p.Require.Notify.Route || p.Require.Notify.Window != w.Kind {
		return
	}
	switch {
	case w.Circle != nil:
		m.add(truce.ReasonLocation, "names a circle and no route, which %s asks for", p.ID)
	case w.Box != nil:
		m.add(truce.ReasonLocation, "names a box and no route, which %s asks for", p.ID)
	}
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
