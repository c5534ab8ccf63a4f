package locate

import "testing"

// TestAClockIsDoubted where arrivals are missing several times in a row, or late together, each of
// them on time; not where they are late and early by turns, nor for a few.
func TestAClockIsDoubted(t *testing.T) {
	course := func(n int, off func(i int) float64) (list []sighting) {
		for i := range n {
			list = append(list, sighting{at: float64(i), onTime: true, off: off(i)})
		}
		return list
	}
	for _, c := range []struct {
		what string
		list []sighting
		is   bool
	}{
		{"two sigmas late all day", course(40, func(int) float64 { return 2 }), true},
		{"two sigmas early from noon on", course(40, func(i int) float64 { return -2 * float64(i/20) }), true},
		{"late and early by turns", course(40, func(i int) float64 { return 3 - 6*float64(i%2) }), false},
		{"half a sigma late", course(200, func(int) float64 { return .5 }), false},
		{"late, of too few arrivals", course(togetherLate-1, func(int) float64 { return 3 }), false},
		{"one wild arrival", course(40, func(i int) float64 { return 1e6 * float64(i/20*(20/max(i, 1))) }), false},
	} {
		if got := doubtful(c.list); got != c.is {
			t.Errorf("%s: doubted %v", c.what, got)
		}
	}
	missed := course(10, func(int) float64 { return 0 })
	for i := range missedInARow {
		missed[3+i].onTime = false
	}
	if !doubtful(missed) {
		t.Errorf("%d missed in a row are not doubted", missedInARow)
	}
}
