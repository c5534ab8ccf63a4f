package draw

import "math"

// roundSteps are the numbers that people read off an axis without counting, of each power of ten.
var roundSteps = [...]float64{1, 2, 5}

// RoundUp is the least of 1, 2 and 5 times a power of ten that is not below x, which is above 0.
func RoundUp(x float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, n := range roundSteps {
		if n*power >= x*(1-1e-9) {
			return n * power
		}
	}
	return 10 * power
}

// RoundDown is the greatest of 1, 2 and 5 times a power of ten that is not above x, which is above 0.
func RoundDown(x float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(x)))
	out := power
	for _, n := range roundSteps {
		if n*power <= x*(1+1e-9) {
			out = n * power
		}
	}
	return out
}
