package movement

import (
	"math"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
)

// A smoothed track of an object that flies straight sways by its errors. Those are counted as
// errors already: counted as the path as well, a flight along a border would be over it
// somewhere, however far its errors let it be. So what is as straight as its errors allow is
// taken as straight.

const (
	// swayMean and swayMost are how far states lie from a straight stretch, in sigmas along
	// and across it: root of the mean square, and the farthest.
	swayMean = 1.1
	swayMost = 2.5
	// leastStraight is how many states make a stretch that can be told from a turn.
	leastStraight = 16
)

// straightened are states with the stretches that are straight within their errors made so.
// Of such a stretch the place and velocity are those of the line through all of its states.
func straightened(states []track.State) []track.State {
	out := append([]track.State(nil), states...)
	type stretch struct{ from, to int } // to is the first behind it
	for open := []stretch{{0, len(states)}}; len(open) > 0; {
		s := open[len(open)-1]
		open = open[:len(open)-1]
		if s.to-s.from < leastStraight {
			continue
		}
		if !straighten(out[s.from:s.to], states[s.from:s.to]) {
			middle := (s.from + s.to) / 2
			open = append(open, stretch{s.from, middle}, stretch{middle, s.to})
		}
	}
	return out
}

// straighten lays states on the line through them, if they sway by no more than their errors.
func straighten(out, states []track.State) bool {
	plane, n := geo.NewPlane(states[len(states)/2].At), float64(len(states))
	type spot struct{ t, x, y float64 }
	at := make([]spot, len(states))
	var mean spot
	for i := range states {
		east, north := plane.To(states[i].At)
		at[i] = spot{states[i].Time.Sub(states[0].Time).Seconds(), float64(east), float64(north)}
		mean.t, mean.x, mean.y = mean.t+at[i].t/n, mean.x+at[i].x/n, mean.y+at[i].y/n
	}
	var tt, tx, ty float64
	for _, p := range at {
		tt, tx, ty = tt+(p.t-mean.t)*(p.t-mean.t), tx+(p.t-mean.t)*(p.x-mean.x), ty+(p.t-mean.t)*(p.y-mean.y)
	}
	u, w := tx/tt, ty/tt
	bearing := math.Atan2(u, w)
	sin, cos := math.Sincos(bearing)
	var alongs, acrosses float64 // squares, in sigmas
	for i, p := range at {
		x, y := p.x-mean.x-u*(p.t-mean.t), p.y-mean.y-w*(p.t-mean.t)
		sigma := float64(states[i].Sigma)
		along, across := (x*sin+y*cos)/sigma, (x*cos-y*sin)/sigma
		if !(max(math.Abs(along), math.Abs(across)) <= swayMost) {
			return false
		}
		alongs, acrosses = alongs+along*along/n, acrosses+across*across/n
	}
	if max(alongs, acrosses) > swayMean*swayMean {
		return false
	}
	course := geo.Degrees(math.Mod(360+bearing*180/math.Pi, 360))
	for i, p := range at {
		out[i].At = plane.From(geo.Metres(mean.x+u*(p.t-mean.t)), geo.Metres(mean.y+w*(p.t-mean.t)))
		out[i].SpeedMps, out[i].Course = math.Hypot(u, w), course
	}
	return true
}
