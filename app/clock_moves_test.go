package app

import (
	"testing"

	"github.com/trucewatch/truce"
)

// A pause that has ended changes when a clock is due, and is no move of it.
func TestAPauseIsNoMoveOfAClock(t *testing.T) {
	k := truce.CaseClock{
		Moves:  []truce.ClockChange{{OldDue: 100, Due: 90}, {OldDue: 90, Due: 95}},
		Pauses: []truce.ClockPause{{From: 10, Resumed: 15}},
	}
	if n := clockMoves(k); n != 1 {
		t.Errorf("%d moves, want 1", n)
	}
	k.Moves, k.Pauses = k.Moves[:1], []truce.ClockPause{{From: 10}} // it stands still
	if n := clockMoves(k); n != 1 {
		t.Errorf("%d moves while it stands, want 1", n)
	}
	k.Moves, k.Pauses, k.Told = append(k.Moves, truce.ClockChange{OldDue: 90, Due: 95}), nil, 5 // it had waited
	if n := clockMoves(k); n != 1 {
		t.Errorf("%d moves of a clock that had waited, want 1", n)
	}
	if n := clockMoves(truce.CaseClock{}); n != 0 {
		t.Errorf("%d moves of a clock that was never moved", n)
	}
}
