package thermal

import (
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// pixel is a detection as a rectangle on the ground.
type pixel struct {
	obs        *truce.Observation
	at         truce.Instant
	lat, lon   float64
	track      float64 // half side along the azimuth, metres
	scan       float64 // half side across it
	sin, cos   float64 // of the azimuth of the track side
	reach      float64 // half diagonal
	unjoinable bool    // wider than maxSide, or no rectangle at all
}

func pixelOf(o *truce.Observation) pixel {
	f := footprintOf(o.Place)
	p := pixel{
		obs:   o,
		at:    o.Phenomenon.Mid(),
		lat:   float64(o.Place.Lat),
		lon:   float64(o.Place.Lon),
		track: float64(f.Track) / 2,
		scan:  float64(f.Scan) / 2,
	}
	p.sin, p.cos = math.Sincos(float64(f.Azimuth) * math.Pi / 180)
	p.reach = math.Hypot(p.track, p.scan)
	p.unjoinable = !(2*max(p.track, p.scan) <= maxSide && min(p.track, p.scan) >= 0)
	return p
}

// footprintOf is the pixel's own footprint, or the rectangle with the same covariance
// along its axes when only an error is known (a side w holds w^2/12).
func footprintOf(p *geo.Position) geo.Footprint {
	if p.Footprint != nil {
		return *p.Footprint
	}
	e := p.Error.Ellipse()
	side := geo.Metres(math.Sqrt(12))
	return geo.Footprint{Scan: e.Minor * side, Track: e.Major * side, Azimuth: e.Strike}
}

// toward is the place of q seen from p in local metres. The plane of latitude and
// longitude with WGS84's radii at the middle latitude is good to centimetres over the few
// kilometres that matter here, and a tenth of the cost of a geodesic.
func (p *pixel) toward(lat, lon float64) (east, north float64) {
	const a, e2 = 6378137.0, 0.00669437999014
	sin, cos := math.Sincos((p.lat + lat) / 2 * math.Pi / 180)
	w2 := 1 - e2*sin*sin
	n := a / math.Sqrt(w2)
	m := n * (1 - e2) / w2
	east = math.Remainder(lon-p.lon, 360) * math.Pi / 180 * n * cos
	north = (lat - p.lat) * math.Pi / 180 * m
	return east, north
}

// touches says whether two footprints overlap or lie at most tolerance apart along every
// axis of either (separating axes of two rectangles), and how far apart the centres are.
func (p *pixel) touches(q *pixel, tolerance float64) (distance float64, yes bool) {
	far := p.reach + q.reach + tolerance
	if math.Abs(q.lat-p.lat)*110_500 > far {
		return 0, false
	}
	east, north := p.toward(q.lat, q.lon)
	distance = math.Hypot(east, north)
	if !(distance <= far) {
		return distance, false
	}
	return distance, !p.separated(q, east, north, tolerance) && !q.separated(p, east, north, tolerance)
}

// separated says whether an axis of p shows daylight between p and q.
func (p *pixel) separated(q *pixel, east, north, tolerance float64) bool {
	along := math.Abs(east*p.sin + north*p.cos)
	across := math.Abs(east*p.cos - north*p.sin)
	turn, cross := math.Abs(p.sin*q.sin+p.cos*q.cos), math.Abs(p.sin*q.cos-p.cos*q.sin)
	return along > p.track+q.track*turn+q.scan*cross+tolerance ||
		across > p.scan+q.track*cross+q.scan*turn+tolerance
}

func distance(plane *geo.Plane, p geo.Point) float64 {
	east, north := plane.To(p)
	return math.Hypot(float64(east), float64(north))
}
