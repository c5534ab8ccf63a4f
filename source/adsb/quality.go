package adsb

import (
	"math"

	"github.com/trucewatch/truce/source"
)

// sigmaOf95 is the error of each axis, one sigma, of a round Gaussian that lies within a
// radius with 95 %: the radius over sqrt(-2 ln 0.05).
const sigmaOf95 = 2.447746830680816

const nauticalMile = 1852.0

// within95 is the radius, in metres, that holds the true position with 95 % (DO-260B, table
// 2-71, EPU): by NACp from 0 to 11. 0 says "more than 10 nautical miles or not known", and is
// taken as 10, the least that it can mean.
var within95 = [12]float64{
	10 * nauticalMile, 10 * nauticalMile, 4 * nauticalMile, 2 * nauticalMile, nauticalMile, .5 * nauticalMile,
	.3 * nauticalMile, .1 * nauticalMile, .05 * nauticalMile, 30, 10, 3,
}

// within95Old is the same by NUCp from 0 to 9 (DO-260, table 2-11).
var within95Old = [10]float64{
	10 * nauticalMile, 10 * nauticalMile, 5 * nauticalMile, nauticalMile, .5 * nauticalMile,
	.25 * nauticalMile, .1 * nauticalMile, .05 * nauticalMile, 10, 3,
}

// stepSigma is what the steps of a position in the air add, metres: 360/60/2^17 degrees are
// 5.1 m, evenly spread.
const stepSigma = 1.5

// sigmaOf is the error of each axis for a radius of 95 %.
func sigmaOf(radius float64) source.Value {
	return source.Told(math.Hypot(radius/sigmaOf95, stepSigma))
}

// nucp is the quality of a position in version 0: its type code says it.
func nucp(typeCode uint8) int {
	switch {
	case typeCode >= 5 && typeCode <= 8:
		return 14 - int(typeCode)
	case typeCode >= 9 && typeCode <= 18:
		return 18 - int(typeCode)
	case typeCode == 20, typeCode == 21:
		return 29 - int(typeCode)
	}
	return 0
}

// supplements are the bits that tell apart what one type code stands for.
type supplements struct{ a, b, c bool }

// nic is the integrity of a position in versions 1 and 2 (DO-260B, tables 2-15 and 2-70).
// Version 1 has one supplement, which it sends where version 2 sends a.
func nic(typeCode uint8, version int, s supplements) int {
	switch typeCode {
	case 5, 9, 20:
		return 11
	case 6, 10, 21:
		return 10
	case 7, 11:
		if s.a && (version == 1 || typeCode == 7 || s.b) {
			return 9
		}
		return 8
	case 8:
		return nicGround(version, s)
	case 12, 13, 14, 15:
		return 19 - int(typeCode)
	case 16:
		if s.a && (version == 1 || s.b) {
			return 3
		}
		return 2
	case 17:
		return 1
	}
	return 0
}

// nicGround is that of type code 8, which stands for everything coarse on the ground.
func nicGround(version int, s supplements) int {
	switch {
	case version == 1:
		return 0
	case s.a && s.c:
		return 7
	case s.a || s.c:
		return 6
	}
	return 0
}
