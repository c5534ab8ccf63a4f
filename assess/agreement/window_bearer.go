package agreement

import (
	"fmt"
	"slices"

	truce "github.com/trucewatch/truce"
)

// This file holds whose activity a window covers: its bearer's own and nobody else's. An
// origin that is not known speaks against nobody, and the explanation says so.

// borne are the conditions on the bearer: a party of the agreement, which gave the notice
// itself, and of which neither the origin nor what was seen tells otherwise.
func (l *look) borne(m *misses, p *plan, w *window) {
	switch {
	case w.Bearer == "":
		m.add(truce.ReasonEvidence, "whose activity it was notified for is not known")
		return
	case !slices.ContainsFunc(l.g.a.Parties, func(o Party) bool { return o.ID == w.Bearer }):
		m.add(truce.ReasonEvidence, "%s is no party of the agreement", w.Bearer)
	}
	if w.NotifiedBy != w.Bearer {
		m.add(truce.ReasonEvidence, "notified by %s for %s", w.NotifiedBy, w.Bearer)
	}
	if other, others := l.othersOrigin(w); others > 1-p.PMin+1e-9 {
		m.add(truce.ReasonControl, "came from the side of %s, and it is the window of %s (another's with p %s)", other, w.Bearer, number(others))
	}
	if armed := l.armed(); w.Kind == WindowMonitorFlight && armed > 1-p.PMin+1e-9 {
		m.add(truce.ReasonClass, "a weapon is named (p %s), and a monitors' flight is none", number(armed))
	}
}

// othersOrigin is how probably it came from the side of another party than the bearer, and
// of which most probably; 0 where nothing is known.
func (l *look) othersOrigin(w *window) (other truce.PartyID, others float64) {
	c := l.originFor(w)
	if c == nil {
		return "", 0
	}
	most := 0.0
	for _, s := range c.shares {
		p := float64(s.P)
		if s.Party == w.Bearer {
			continue
		}
		if others += p; p > most {
			other, most = s.Party, p
		}
	}
	return other, quantise(others)
}

// originFor is what is known of the side of origin that can speak for or against the bearer
// of a window. The mechanism has no area. Its own flights start from that of a party, so the
// place of launch tells nothing of them: only what the sources themselves say of the side
// does. Its other windows permit what parties do, of either side.
func (l *look) originFor(w *window) *control {
	switch {
	case l.g.ownArea(w.Bearer):
		return l.originated()
	case w.Kind == WindowMonitorFlight:
		return l.saidSides()
	}
	return nil
}

// armed is how probably what was seen is a weapon that the sources name.
func (l *look) armed() float64 {
	total := 0.0
	for _, w := range l.detail.Weapons {
		if w.Class != "" || w.Type != "" {
			total += held(float64(w.P))
		}
	}
	return quantise(min(total, 1))
}

// bearerText says of a monitors' window that covers a flight of which nobody knows whose it
// was that the notice decides.
func (l *look) bearerText(w *window) string {
	if w.Kind != WindowMonitorFlight || l.g.ownArea(w.Bearer) || l.saidSides() != nil {
		return ""
	}
	return fmt.Sprintf("; whose it was is not known, nothing speaks against %s, so the notice decides", w.Bearer)
}
