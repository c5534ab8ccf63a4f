package draw_test

import (
	"math"
	"testing"

	"github.com/trucewatch/truce/geo/draw"
)

func TestRoundNumbersAroundOthers(t *testing.T) {
	for x, want := range map[float64][2]float64{1: {1, 1}, 1.9: {1, 2}, 2: {2, 2}, 7: {5, 10}, 20: {20, 20}, 51: {50, 100}, .3: {.2, .5}, 1e-3: {1e-3, 1e-3}} {
		down, up := draw.RoundDown(x), draw.RoundUp(x)
		if math.Abs(down-want[0]) > 1e-12*x || math.Abs(up-want[1]) > 1e-12*x {
			t.Errorf("%g lies between %g and %g, want %v", x, down, up, want)
		}
	}
}
