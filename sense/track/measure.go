package track

import (
	"cmp"
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Measure is what a plot of one of many sensors tells beyond a place with a round error.
type Measure struct {
	Station  geo.Point      // where the sensor stands, for Polar
	Polar    truce.Polar    // what it measured from there, its range along the ground; an error of 0: not measured
	Unplaced bool           // Plot.At holds nothing: range and bearing are the place, or the bearing alone is all
	Minor    geo.Metres     // one sigma of the error's short axis, where Plot.Sigma is of the long one; 0: round
	Strike   geo.Degrees    // of the long axis, clockwise from north
	Identity truce.Identity // what the object says that it is: evidence, never the truth
}

// bearingOnly says whether there is no place.
func (m *Measure) bearingOnly() bool { return m.Unplaced && m.Polar.RangeSigma == 0 }

// check says what of a measure cannot be used; "": nothing.
func (m *Measure) check(p *Plot) string {
	polar := &m.Polar
	stands := polar.BearingSigma != 0 || polar.RangeSigma != 0 || polar.RadialSigma != 0
	switch {
	case stands && !m.Station.Valid():
		return "the place of its sensor is none"
	case m.Unplaced && !(polar.BearingSigma > 0 && polar.BearingSigma <= mostBearingSigma):
		return "it has neither place nor a bearing with an error to 45 degrees"
	case !(polar.Bearing >= 0 && polar.Bearing < 360 && polar.Range >= 0 && polar.Range <= mostRange):
		return "its bearing or range is out of bounds"
	case !(polar.RangeSigma >= 0 && polar.RangeSigma <= MaxSigma && polar.RadialSigma >= 0 && polar.RadialSigma <= mostRadial && math.Abs(polar.RadialMps) <= mostRadial):
		return "its Doppler or an error is out of bounds"
	case !(m.Minor >= 0 && m.Minor <= max(p.Sigma, 0)) || !(m.Strike >= 0 && m.Strike <= 360):
		return "the short axis of its error is longer than the long one, or has no direction"
	}
	return ""
}

// kind is what the plots of a scan are.
func (s *Scan) kind() sensorKind {
	if len(s.Plots) == 0 || s.Plots[0].More == nil {
		return kindPlaces
	}
	switch m := s.Plots[0].More; {
	case m.bearingOnly():
		return kindBearings
	case m.Unplaced:
		return kindPolar
	}
	return kindPlaces
}

// where is the place that a plot is sorted by.
func (p *Plot) where() geo.Point {
	if p.More != nil && p.More.Unplaced {
		return p.More.Station
	}
	return p.At
}

// compareMeasures is an order that depends on what was measured alone.
func compareMeasures(p, q *Plot) int {
	if p.More == nil || q.More == nil {
		return cmp.Compare(btoi(p.More != nil), btoi(q.More != nil))
	}
	a, b := &p.More.Polar, &q.More.Polar
	return cmp.Or(cmp.Compare(a.Bearing, b.Bearing), cmp.Compare(a.Range, b.Range), cmp.Compare(a.RadialMps, b.RadialMps),
		cmp.Compare(p.More.Identity.Value, q.More.Identity.Value))
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// extra is a Measure in the plane.
type extra struct {
	sx, sy      float64 // where the sensor stands
	azimuth, aa float64 // direction from there, rad clockwise from the plane's north, and its error squared
	away, rr    float64 // range, m, and its error squared; rr 0: none
	radial, dd  float64 // away from the sensor, m/s, and its error squared; dd 0: none
	bearing     bool    // there is no place
	sound       bool    // the bearing is that of a sound, which is late
	polar       bool    // the place is of range and bearing
	rivals      int     // tracks that a bearing may be of
	raw         place   // before anything was corrected
	identity    truce.Identity
}

// place is a measured place with its error.
type place struct{ x, y, xx, xy, yy float64 }

// soundMps is the speed of sound in air of 15 degrees.
const soundMps = 340.0

// measure puts what a plot tells beyond its place into the plane.
func (c *chart) measure(m *mark, p *Plot, means truce.PlotMeans) {
	e := &extra{raw: place{m.x, m.y, m.rxx, m.rxy, m.ryy}}
	m.more = e
	if p.More == nil {
		return
	}
	e.identity = p.More.Identity
	polar := &p.More.Polar
	if polar.BearingSigma > 0 || polar.RadialSigma > 0 {
		e.sx, e.sy = c.to(p.More.Station)
	}
	if polar.RadialSigma > 0 {
		e.radial, e.dd = polar.RadialMps, float64(polar.RadialSigma)*float64(polar.RadialSigma)
	}
	switch {
	case p.More.bearingOnly():
		e.bearing, e.sound = true, means == truce.MeansAcoustic
		c.aim(e, p, 1000)
		m.x, m.y, m.rxx, m.ryy = e.sx, e.sy, 1, 1
	case p.More.Unplaced:
		e.polar = true
		c.aim(e, p, polar.Range)
		e.rr = float64(polar.RangeSigma) * float64(polar.RangeSigma)
		e.converted(m)
	case p.More.Minor > 0:
		c.ellipse(m, p)
	}
	m.stated = m.rxx > 0
	e.raw = place{m.x, m.y, m.rxx, m.rxy, m.ryy}
	if e.bearing {
		e.raw = place{x: e.azimuth, xx: e.aa}
	}
}

// aim finds the direction of a bearing in the plane, whose north is the sensor's only at the
// origin, and the range there.
func (c *chart) aim(e *extra, p *Plot, ahead geo.Metres) {
	sigma := float64(p.More.Polar.BearingSigma) * math.Pi / 180
	e.aa = sigma * sigma
	at, _ := geo.Direct(p.More.Station, p.More.Polar.Bearing, max(ahead, 1))
	x, y := c.to(at)
	e.azimuth = math.Atan2(x-e.sx, y-e.sy)
	e.away = math.Hypot(x-e.sx, y-e.sy)
}

// converted makes a place of range and bearing: the unbiased conversion with its covariance
// given the measurement (Mo, Song, Zhou, Sun and Bar-Shalom 1998, Unbiased converted
// measurements for tracking, IEEE Transactions on Aerospace and Electronic Systems 34).
func (e *extra) converted(m *mark) {
	one, two := math.Exp(-e.aa/2), math.Exp(-2*e.aa)
	r2 := e.away * e.away
	along := (1/(one*one)-2)*r2 + (r2+e.rr)*(1+two)/2
	across := (r2 + e.rr) * (1 - two) / 2
	sin, cos := math.Sincos(e.azimuth)
	m.x, m.y = e.sx+e.away/one*sin, e.sy+e.away/one*cos
	m.rxx = along*sin*sin + across*cos*cos
	m.ryy = along*cos*cos + across*sin*sin
	m.rxy = (along - across) * sin * cos
}

// ellipse puts in an error with a long and a short axis.
func (c *chart) ellipse(m *mark, p *Plot) {
	ahead, _ := geo.Direct(p.At, p.More.Strike, 100)
	x, y := c.to(ahead)
	dx, dy := x-m.x, y-m.y
	d2 := dx*dx + dy*dy
	long, short := float64(p.Sigma)*float64(p.Sigma), float64(p.More.Minor)*float64(p.More.Minor)
	m.rxx = (long*dx*dx + short*dy*dy) / d2
	m.ryy = (long*dy*dy + short*dx*dx) / d2
	m.rxy = (long - short) * dx * dy / d2
}
