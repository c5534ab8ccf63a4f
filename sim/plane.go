package sim

import (
	"math"

	"github.com/trucewatch/truce/geo"
)

// origin is the middle of the invented island: open South Atlantic, no land within
// a thousand kilometres.
var origin = geo.Point{Lat: -47.9, Lon: -21.6}

// vec is a place in metres east and north of the origin. The world is drawn in this
// plane; true lengths differ by less than 1 % at its edges, which is nothing to an
// invented coast. Distances that matter are measured by geodesic in the tests.
type vec struct{ e, n float64 }

func (a vec) add(b vec) vec          { return vec{a.e + b.e, a.n + b.n} }
func (a vec) sub(b vec) vec          { return vec{a.e - b.e, a.n - b.n} }
func (a vec) scale(s float64) vec    { return vec{a.e * s, a.n * s} }
func (a vec) length() float64        { return math.Sqrt(a.dot(a)) }
func (a vec) cross(b vec) float64    { return a.e*b.n - a.n*b.e }
func (a vec) dot(b vec) float64      { return a.e*b.e + a.n*b.n }
func (a vec) left() vec              { return vec{-a.n, a.e} }
func (a vec) distance(b vec) float64 { return a.sub(b).length() }
func lerp(a, b vec, t float64) vec   { return a.add(b.sub(a).scale(t)) }
func km(e, n float64) vec            { return vec{e * 1000, n * 1000} }
func compass(degrees, m float64) vec { return vec{m * sinDeg(degrees), m * cosDeg(degrees)} }
func sinDeg(d float64) float64       { return math.Sin(d * math.Pi / 180) }
func cosDeg(d float64) float64       { return math.Cos(d * math.Pi / 180) }

// WGS84, for the radii of curvature.
const (
	equatorM     = 6378137.0
	eccentricity = 0.00669437999014 // squared
)

// radii are those of the meridian and of the prime vertical at a latitude, metres.
func radii(lat float64) (meridian, prime float64) {
	w := 1 - eccentricity*sinDeg(lat)*sinDeg(lat)
	prime = equatorM / math.Sqrt(w)
	return prime * (1 - eccentricity) / w, prime
}

// point turns plane metres into WGS84, rounded to coordinateDecimals so that what is
// drawn, written and read back is one number.
func (a vec) point() geo.Point {
	meridian, _ := radii(float64(origin.Lat))
	lat := float64(origin.Lat) + a.n/meridian*180/math.Pi
	_, prime := radii(lat)
	lon := float64(origin.Lon) + a.e/(prime*cosDeg(lat))*180/math.Pi
	return geo.Point{Lat: geo.Degrees(roundTo(lat, coordinateDecimals)), Lon: geo.Degrees(roundTo(lon, coordinateDecimals))}
}

// plane is the inverse of point.
func plane(p geo.Point) vec {
	meridian, _ := radii(float64(origin.Lat))
	_, prime := radii(float64(p.Lat))
	return vec{
		e: float64(p.Lon-origin.Lon) * math.Pi / 180 * prime * cosDeg(float64(p.Lat)),
		n: float64(p.Lat-origin.Lat) * math.Pi / 180 * meridian,
	}
}

func roundTo(x float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(x*scale) / scale
}

// inside says whether a place lies in the ring (even-odd rule, ring not closed).
func inside(ring []vec, p vec) bool {
	in := false
	for i, j := 0, len(ring)-1; i < len(ring); j, i = i, i+1 {
		a, b := ring[i], ring[j]
		if (a.n > p.n) != (b.n > p.n) && p.e < (b.e-a.e)*(p.n-a.n)/(b.n-a.n)+a.e {
			in = !in
		}
	}
	return in
}

// toSegment is the nearest place on the segment a-b, and how far along it lies (0 to 1).
func toSegment(p, a, b vec) (vec, float64) {
	d := b.sub(a)
	t := 0.0
	if l := d.dot(d); l > 0 {
		t = min(1, max(0, p.sub(a).dot(d)/l))
	}
	return lerp(a, b, t), t
}

// toPath is the distance from p to an open path, signed: positive on its left.
func toPath(path []vec, p vec) float64 {
	best, side := math.Inf(1), 1.0
	for i := 0; i+1 < len(path); i++ {
		q, _ := toSegment(p, path[i], path[i+1])
		if d := p.distance(q); d < best {
			best = d
			side = 1
			if path[i+1].sub(path[i]).cross(p.sub(path[i])) < 0 {
				side = -1
			}
		}
	}
	return best * side
}

// resample walks a path and sets n+1 places at equal steps; the ends stay.
func resample(path []vec, n int) []vec {
	total := pathLength(path)
	out := make([]vec, 0, n+1)
	walked, next := 0.0, 0.0
	for i := 0; i+1 < len(path); i++ {
		step := path[i].distance(path[i+1])
		for next <= walked+step && len(out) < n {
			out = append(out, lerp(path[i], path[i+1], (next-walked)/step))
			next = total * float64(len(out)) / float64(n)
		}
		walked += step
	}
	return append(out, path[len(path)-1])
}

func pathLength(path []vec) float64 {
	total := 0.0
	for i := 0; i+1 < len(path); i++ {
		total += path[i].distance(path[i+1])
	}
	return total
}

func points(path []vec) []geo.Point {
	out := make([]geo.Point, len(path))
	for i, p := range path {
		out[i] = p.point()
	}
	return out
}

func planes(path []geo.Point) []vec {
	out := make([]vec, len(path))
	for i, p := range path {
		out[i] = plane(p)
	}
	return out
}
