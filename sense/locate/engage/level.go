package engage

import (
	"math"
	"slices"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
	"github.com/trucewatch/truce/sense/locate"
)

// How loud a blast is from afar. Amplitudes fall faster than the 1.1 of a shock in open air
// (ANSI S2.20-1983), since ground and weather take their share; they scatter by half of
// their logarithm from sensor to sensor; and one shot is louder than the next, and in front
// of a gun than behind it.
const (
	amplitudeFall    = 1.5
	amplitudeScatter = .5
	loudnessScatter  = .5
	nearestLevel     = 100.0 // m, nearer ones are taken as so far away

	// Of what is no shot: the ratio of two blasts that have nothing to do with each other,
	// and their own loudness, about that of a kilogram of TNT.
	strayRatio    = 1.2
	strayLoudness = 1.2
)

// level is the logarithm of an event's amplitude at 1 km.
type level struct {
	mean, sigma float64
	known       bool
}

// levelOf is the median over the event's arrivals that have an amplitude.
func levelOf(f *Field, e *locate.Event) level {
	var all []float64
	for _, u := range e.Used {
		a := &f.Arrivals[u.Arrival]
		if a.Amplitude <= 0 {
			continue
		}
		d := max(float64(geo.Distance(f.Sensors[a.Sensor].At, e.At)), nearestLevel)
		all = append(all, math.Log(a.Amplitude)+amplitudeFall*math.Log(d/1000))
	}
	if len(all) == 0 {
		return level{}
	}
	slices.Sort(all)
	middle := (all[(len(all)-1)/2] + all[len(all)/2]) / 2
	// The median of a Gaussian scatters by 1.25 times its mean.
	return level{middle, 1.25 * amplitudeScatter / math.Sqrt(float64(len(all))), true}
}

// loudnesses is what the amplitudes of a muzzle and an impact say of each class, as a ratio
// to what they say of two unrelated blasts. 1 for every class: they say nothing.
func (t *tier) loudnesses(muzzle, impact level) (out [classes]float64) {
	for c := range out {
		out[c] = 1
	}
	if !muzzle.known || !impact.known {
		return out
	}
	ratio := impact.mean - muzzle.mean
	own := square(muzzle.sigma) + square(impact.sigma)
	stray := gaussian(ratio, 0, own+square(strayRatio))
	for c := NotKnown + 1; c < classes; c++ {
		k := &kinds[c]
		fired, arrived := loudness(k.muzzle), loudness(k.burst)
		out[c] = gaussian(ratio, arrived-fired, own+2*square(loudnessScatter)) / stray
		if t.opt.Pascals {
			// Ratio and sum of two independent numbers of one variance are independent.
			sum := muzzle.mean + impact.mean
			out[c] *= gaussian(sum, fired+arrived, own+2*square(loudnessScatter)) / gaussian(sum, 2*loudness(1), own+2*square(strayLoudness))
		}
	}
	return out
}

// gaussian is the density at x of a normal variable.
func gaussian(x, mean, variance float64) float64 {
	sigma := math.Sqrt(variance)
	return num.NormalPDF((x-mean)/sigma) / sigma
}
