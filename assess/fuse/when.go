package fuse

import (
	"math"

	"github.com/trucewatch/truce"
)

const (
	// leastShare is how much of the shortest statement's time, errors included, the shared
	// time must be to be believed. Two windows of one length that both hold share less
	// than a quarter of it once in sixteen; that one was rounded is then the better guess.
	leastShare = 0.25
	// give is how far the ends of a window may be off, as a share of its length: who says
	// "between 6:30 and 7:00" thinks in half hours and may be a quarter of an hour off.
	give = 0.5
)

// when is the time that all events share, heat with its lag; when they share too little
// for what is known of its ends, what they share after each gave way; when they share
// none, the time around all. Heat alone keeps the times at which it was seen.
func (f *Fuser) when(events []truce.Event) truce.PhenomenonTime {
	around, heat := around(events)
	if heat {
		return around
	}
	shared, shortest := f.shared(events, 0)
	shared.Sigma = around.Sigma
	switch {
	case shared.To < shared.From:
		return around
	case width(shared) >= leastShare*shortest:
		return shared
	}
	shared, _ = f.shared(events, give)
	shared.Sigma = around.Sigma
	return shared
}

// width is how long a time is with the errors of its ends, in microseconds.
func width(t truce.PhenomenonTime) float64 { return float64(t.To-t.From) + 2*float64(t.Sigma) }

// around is the time around all events, and whether all are heat.
func around(events []truce.Event) (truce.PhenomenonTime, bool) {
	out, heat := events[0].Origin, true
	for i := range events {
		t := events[i].Origin
		out = truce.PhenomenonTime{From: min(out.From, t.From), To: max(out.To, t.To), Sigma: max(out.Sigma, t.Sigma)}
		heat = heat && events[i].Kind == truce.ActHeat
	}
	return out, heat
}

// shared is the time that all events share when each gives way at its ends by a share of
// its length, and the shortest width among them. Heat was never lit after it was seen, so
// it gives way to earlier times alone. It is empty when To is before From.
func (f *Fuser) shared(events []truce.Event, giving float64) (truce.PhenomenonTime, float64) {
	out, shortest := truce.PhenomenonTime{From: math.MinInt64, To: math.MaxInt64}, math.Inf(1)
	for i := range events {
		t, heat := events[i].Origin, events[i].Kind == truce.ActHeat
		if heat {
			t.From = t.From.Add(-f.cfg.HeatLag)
		}
		shortest = min(shortest, width(t))
		off := truce.Instant(giving * float64(t.To-t.From))
		t.From -= off
		if !heat {
			t.To += off
		}
		out.From, out.To = max(out.From, t.From), min(out.To, t.To)
	}
	return out, shortest
}
