package arrivals

import (
	"math"

	"github.com/trucewatch/truce/geo"
)

// depthPrior is the standard deviation of an even depth over the recipe's 30 km. Without it
// an event at the surface, where no arrival tells depth, would have no bound.
const depthPrior = deepest / 3.4641016151377544 // m; the square root of 12

// Bound is the Cramer-Rao bound of an event's horizontal place: the root mean square error,
// east and north together, that no unbiased estimate of origin time, place and (of seismic
// events) depth can be below, given which arrivals are its own and their true errors.
//
// It is the square root of the east and north variances in the inverse of the Fisher
// information, sum of g g^T / sigma^2 over the event's picks, g the slope of the travel time
// in origin time, east, north and depth at the true place (Kay 1993, Estimation Theory,
// section 3.9). A bearing adds the slope of the azimuth. Left out are what the errors' growth
// with distance tells, and wind, whose slopes change a travel time by w/c, some 4 %.
// Infinite: the picks do not fix the place.
func (w *World) Bound(e Event) geo.Metres {
	var information [4][4]float64
	seismic := false
	for _, p := range e.Picks {
		a := w.Arrivals[p.Arrival]
		seismic = seismic || a.Phase != Acoustic
		d, _, toward := geo.Inverse(w.Sensors[a.Sensor].At, e.At)
		sin, cos := math.Sincos(float64(toward) * math.Pi / 180) // going on from the sensor, at the event
		addSlope(&information, timeSlope(a.Phase, float64(d), float64(e.Depth), sin, cos), p.Sigma)
		if a.AzimuthSigma > 0 && d > 0 {
			addSlope(&information, [4]float64{0, cos / float64(d), -sin / float64(d), 0}, float64(a.AzimuthSigma)*math.Pi/180)
		}
	}
	information[3][3] += 1 / (depthPrior * depthPrior)
	if !seismic {
		information[3] = [4]float64{0, 0, 0, 1}
	}
	variance := inverseDiagonal(information)
	return geo.Metres(math.Sqrt(variance[1] + variance[2]))
}

// timeSlope is by how much an arrival comes later per second of origin time and per metre
// that the event lies further east, north and down.
func timeSlope(phase Phase, d, depth, sin, cos float64) [4]float64 {
	speed := map[Phase]float64{Acoustic: SpeedAcoustic, P: SpeedP, S: SpeedS}[phase]
	if phase == Acoustic {
		depth = 0
	}
	slant := math.Hypot(d, depth)
	if slant == 0 {
		return [4]float64{1}
	}
	return [4]float64{1, sin * d / slant / speed, cos * d / slant / speed, depth / slant / speed}
}

func addSlope(information *[4][4]float64, g [4]float64, sigma float64) {
	for i := range g {
		for j := range g {
			information[i][j] += g[i] * g[j] / (sigma * sigma)
		}
	}
}

// inverseDiagonal is the diagonal of the inverse of a symmetric matrix, infinite where it has
// none. Rows and columns are scaled by the diagonal first, since seconds and metres differ.
func inverseDiagonal(a [4][4]float64) [4]float64 {
	var scale [4]float64
	for i := range a {
		if !(a[i][i] > 0) {
			return infinite()
		}
		scale[i] = 1 / math.Sqrt(a[i][i])
	}
	var m [4][8]float64 // scaled, with the identity beside it
	for i := range a {
		for j := range a {
			m[i][j] = a[i][j] * scale[i] * scale[j]
		}
		m[i][4+i] = 1
	}
	for k := range m {
		if !(m[k][k] > leastPivot) { // positive definite: no exchange of rows is needed
			return infinite()
		}
		pivot := m[k][k]
		for j := range m[k] {
			m[k][j] /= pivot
		}
		for i := range m {
			if factor := m[i][k]; i != k {
				for j := range m[i] {
					m[i][j] -= factor * m[k][j]
				}
			}
		}
	}
	var out [4]float64
	for i := range out {
		out[i] = m[i][4+i] * scale[i] * scale[i]
	}
	return out
}

// leastPivot is how little may be left of a scaled row before the picks are said not to fix
// the place: rounding leaves some 1e-15.
const leastPivot = 1e-12

func infinite() [4]float64 {
	return [4]float64{math.Inf(1), math.Inf(1), math.Inf(1), math.Inf(1)}
}
