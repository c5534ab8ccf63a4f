package track

import (
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// State is what is known of an object at one time.
type State struct {
	Time        truce.Instant
	At          geo.Point
	Sigma       geo.Metres  // one sigma each horizontal axis
	Place       Spread      // the error of the place, m
	SpeedMps    float64     // over the ground
	SigmaSpeed  float64     // one sigma, m/s
	Course      geo.Degrees // over the ground, clockwise from north
	SigmaCourse geo.Degrees // one sigma; mostCourse where nothing is known of it
	Velocity    Spread      // the error of the velocity, m/s
	Altitude    geo.Metres
	High        bool    // an altitude was told
	Existence   float64 // the chance that there is an object
	Found       float64 // the chance that a plot of this scan is its
	Manoeuvre   float64 // the chance that it is turning or changing speed
}

// Spread is a covariance on the ground: one sigma east and north, and their correlation.
type Spread struct{ East, North, Correlation float64 }

// mostCourse is the error of a course that may be any: one sigma of what is uniform.
const mostCourse = geo.Degrees(360 / (2 * 1.7320508075688772))

// current is the track at a scan, as it is written down.
func (g *target) current(at truce.Instant) historyStep {
	return historyStep{
		after: g.whole, time: at, z: g.height.z, high: g.height.known,
		exists: float32(g.exists), found: float32(g.found), manoeuvre: float32(g.motion.chance[modes-1]),
	}
}

// state is what is told of an object.
func (t *tracker) state(h historyStep) State {
	g := &h.after
	s := State{
		Time: h.time, At: t.chart.from(g.x, g.y), Sigma: geo.Metres(g.sigma()),
		Existence: float64(h.exists), Found: float64(h.found), Manoeuvre: float64(h.manoeuvre),
	}
	if h.high {
		s.Altitude, s.High = geo.Metres(h.z), true
	}
	du, dw, speed := 0.0, 1.0, math.Sqrt(g.u*g.u+g.w*g.w)
	still := speed < 1e-9
	if !still {
		du, dw = g.u/speed, g.w/speed
	}
	east, north := t.chart.ahead(g.x, g.y, s.At, du, dw)
	scale := math.Sqrt(east*east + north*north)
	// From the plane's axes to those of the place, against the clock.
	cos, sin := (du*east+dw*north)/scale, (du*north-dw*east)/scale
	s.Place = spread(g.xx, g.xy, g.yy, cos, sin)
	s.Velocity = spread(g.uu, g.uw, g.ww, cos, sin)
	along := du*du*g.uu + 2*du*dw*g.uw + dw*dw*g.ww
	s.SigmaSpeed, s.SigmaCourse = math.Sqrt(max(0, along)), mostCourse
	if still {
		return s
	}
	s.SpeedMps, s.Course = speed*scale, compass(east, north)
	across := dw*dw*g.uu - 2*du*dw*g.uw + du*du*g.ww
	s.SigmaCourse = min(s.SigmaCourse, geo.Degrees(math.Sqrt(max(0, across))/speed*180/math.Pi))
	return s
}

// spread is a covariance in axes that are turned against the clock.
func spread(xx, xy, yy, cos, sin float64) Spread {
	east := math.Sqrt(max(0, cos*cos*xx-2*cos*sin*xy+sin*sin*yy))
	north := math.Sqrt(max(0, sin*sin*xx+2*cos*sin*xy+cos*cos*yy))
	both := cos*sin*(xx-yy) + (cos*cos-sin*sin)*xy
	if !(east > 0 && north > 0) {
		return Spread{East: east, North: north}
	}
	return Spread{east, north, min(max(both/(east*north), -1), 1)}
}
