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
	if w.Kind == WindowMonitorFlight && l.flew() == truce.FlightOther {
		m.add(truce.ReasonEvidence, "it gave an identity that is none of %s's aircraft", w.Bearer)
	}
}

// flew is how what a followed flight says of itself stands to the mission's aircraft, "" of
// what nobody followed.
func (l *look) flew() truce.FlightIdentity {
	if l.detail.Flight == nil {
		return ""
	}
	return l.detail.Flight.Identity
}

// unnamed says whether a monitors' window would cover a flight that was followed and is not
// known to be theirs. Who was followed could have shown whose it was, so that the notice alone
// does not decide; of what was only seen or reported nothing else can.
func (l *look) unnamed(w *window) bool {
	if w.Kind != WindowMonitorFlight {
		return false
	}
	flew := l.flew()
	return flew == truce.FlightUnnamed || flew == truce.FlightInDoubt
}

// flightWords say why it is not known whose a followed flight was.
func (l *look) flightWords() string {
	if l.flew() == truce.FlightInDoubt {
		return "it gave an identity of theirs that something speaks against"
	}
	return "it gave no identity of theirs"
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
	if l.flew() == truce.FlightOwn {
		return fmt.Sprintf("; it is a flight of %s, by identity, place and time of its plan", w.Bearer)
	}
	return fmt.Sprintf("; whose it was is not known, nothing speaks against %s, so the notice decides", w.Bearer)
}
