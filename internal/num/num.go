// Package num holds the small numerical leaves that the pure packages share: sets that
// merge, chances, overlaps of uncertain intervals and places, and a grid on the globe.
//
// It never knows what its numbers stand for, and reads no clock, disk or randomness.
//
// Read chance.go for probabilities, sets.go for merging, grid.go for what lies near.
package num

import "math"

// Quantise rounds x to a multiple of step, so that results which differ only by the
// rounding of a processor are equal. A step of 1/n gives the number nearest to the
// decimal fraction, e.g. 0.3 and not 0.30000000000000004. It never returns -0.
func Quantise(x, step float64) float64 {
	if per := math.Round(1 / step); step < 1 && math.Abs(per*step-1) < 1e-12 {
		return math.Round(x*per)/per + 0
	}
	return math.Round(x/step)*step + 0
}
