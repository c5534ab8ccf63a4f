package geo

import "math"

// spread is where a position may be: a density in the local plane that is a product along
// two axes square to each other, v along an azimuth and u to the right of it. A Gaussian is
// one along the axes of its ellipse, a footprint along its sides; a footprint blurred by an
// isotropic error still is.
type spread struct {
	origin   Point
	centre   vec3
	plane    Plane
	sin, cos float64 // of the azimuth of v
	u, v     axis
	reach    float64 // metres; beyond it lies less than a millionth
}

// axis is a density along one axis: even over [-half, half], blurred by sigma. One of the
// two may be 0.
type axis struct{ half, sigma float64 }

// tails is how many sigmas of a Gaussian are looked at: 4e-8 lies beyond.
const tails = 5.5

// sharp is the error, metres, below which a position counts as exact.
const sharp = 0.001

// spreadOf is the spread of a position whose reference is known to accuracy (one sigma). It
// is not ok when nothing is spread, or the numbers mean nothing.
func spreadOf(pos Position, accuracy Metres) (s spread, ok bool) {
	s.origin = pos.Point
	blur := math.Abs(float64(accuracy))
	azimuth := 0.
	if f := pos.Footprint; f != nil {
		azimuth = float64(f.Azimuth)
		scan, track := math.Abs(float64(f.Scan))/2, math.Abs(float64(f.Track))/2
		// A footprint or an ellipse that is a line is given a width too small to matter.
		s.u, s.v = axis{max(scan, track/1000), blur}, axis{max(track, scan/1000), blur}
	} else {
		e := pos.Error.Add(Isotropic(accuracy)).Ellipse()
		azimuth = float64(e.Strike)
		major := float64(e.Major)
		s.u, s.v = axis{0, max(float64(e.Minor), major/1000, sharp)}, axis{0, major}
	}
	s.reach = math.Hypot(s.u.window(), s.v.window())
	if s.u.half == 0 && s.v.half == 0 {
		s.reach = max(s.u.window(), s.v.window())
	}
	if !(s.v.window() > sharp && s.u.window() > sharp) || math.IsInf(s.reach, 0) || math.IsNaN(azimuth) {
		return s, false
	}
	s.centre = centred(pos.Point)
	s.plane = NewPlane(pos.Point)
	s.sin, s.cos = math.Sincos(azimuth * radiansPerDegree)
	return s, true
}

// mostTails is how many sigmas of a Gaussian are asked to have plain sides: 6e-5 lies beyond.
const mostTails = 4.4

// most is the distance, metres, within which all but 6e-5 of the spread lies.
func (s *spread) most() float64 {
	if s.u.half > 0 || s.v.half > 0 {
		return s.reach
	}
	return s.reach * mostTails / tails
}

// meaningful says whether a probability can be given at all.
func meaningful(pos Position, accuracy Metres) bool {
	if !pos.Valid() || math.IsNaN(float64(accuracy)) {
		return false
	}
	if f := pos.Footprint; f != nil {
		return !math.IsNaN(float64(f.Scan) + float64(f.Track) + float64(f.Azimuth))
	}
	return pos.Error.Valid()
}

// place is a position on the earth in the axes of the spread.
func (s *spread) place(p vec3) (u, v float64) {
	x, y := s.plane.place(p)
	return x*s.cos - y*s.sin, x*s.sin + y*s.cos
}

// point is the point at a place in the axes of the spread.
func (s *spread) point(u, v float64) Point {
	return s.plane.From(Metres(u*s.cos+v*s.sin), Metres(v*s.cos-u*s.sin))
}

// straight is how far a boundary may stray from a chord without changing a probability by
// more than 0.002.
func (s *spread) straight() float64 {
	return max(.004*min(max(s.u.half, s.u.sigma), max(s.v.half, s.v.sigma)), sharp/10)
}

// window is the distance from the centre beyond which nothing lies.
func (a axis) window() float64 { return a.half + tails*a.sigma }

// below is the share that lies below x.
func (a axis) below(x float64) float64 {
	switch {
	case a.half == 0:
		return normalBelow(x / a.sigma)
	case a.sigma == 0:
		return min(max(.5+x/(2*a.half), 0), 1)
	}
	// The integral of the even density's share, K(z) = z Phi(z) + phi(z) in sigmas.
	k := func(z float64) float64 { return z*normalBelow(z) + normalDensity(z) }
	return min(max((k((x+a.half)/a.sigma)-k((x-a.half)/a.sigma))*a.sigma/(2*a.half), 0), 1)
}

// density is the density at x, per metre.
func (a axis) density(x float64) float64 {
	switch {
	case a.half == 0:
		return normalDensity(x/a.sigma) / a.sigma
	case a.sigma == 0:
		if math.Abs(x) > a.half {
			return 0
		}
		return 1 / (2 * a.half)
	}
	return (normalBelow((x+a.half)/a.sigma) - normalBelow((x-a.half)/a.sigma)) / (2 * a.half)
}

func normalBelow(z float64) float64   { return math.Erfc(-z/math.Sqrt2) / 2 }
func normalDensity(z float64) float64 { return math.Exp(-z*z/2) / 2.5066282746310002 }

// breaks are the places between which the axis' functions are smooth enough for five
// points of Gauss-Legendre, in rising order. 0 is one of them.
func (a axis) breaks(into *[maxBreaks]float64) []float64 {
	out := into[:0]
	if a.half == 0 {
		for _, z := range [...]float64{-tails, -4, -2.5, -1.25, 0, 1.25, 2.5, 4, tails} {
			out = append(out, z*a.sigma)
		}
		return out
	}
	for _, edge := range [...]float64{-a.half, a.half} {
		if edge > 0 {
			out = append(out, 0)
		}
		for _, z := range [...]float64{-tails, -3, -1.5, 0, 1.5, 3, tails} {
			if x := edge + z*a.sigma; x*edge > 0 && (a.sigma > 0 || z == 0) { // not beyond the middle
				out = append(out, x)
			}
		}
	}
	return out
}

const maxBreaks = 15
