// Package num holds the small numerical leaves that the pure packages share: sets that
// merge, chances, overlaps of uncertain intervals and places, and a grid on the globe.
//
// It never knows what its numbers stand for, and reads no clock, disk or randomness.
//
// Read chance.go for probabilities, sets.go for merging, grid.go for what lies near.
package num

import "math"

// Quantise rounds x to a multiple of step, so that results which differ only by the
// rounding of a processor are equal. It never returns -0.
func Quantise(x, step float64) float64 {
	return math.Round(x/step)*step + 0
}
