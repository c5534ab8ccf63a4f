package publish

import (
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// gazetteer finds the nearest agreed place. It compares chords between unit vectors,
// which order points as distances do and cost three products a place; only the nearest is
// measured on the ellipsoid.
type gazetteer struct {
	places  []truce.PlaceName
	vectors [][3]float64
}

func newGazetteer(places []truce.PlaceName) gazetteer {
	var g gazetteer
	for _, p := range places {
		if p.At != nil && p.At.Valid() {
			g.places = append(g.places, p)
			g.vectors = append(g.vectors, unitVector(*p.At))
		}
	}
	return g
}

func unitVector(p geo.Point) [3]float64 {
	const radian = math.Pi / 180
	sinLat, cosLat := math.Sincos(float64(p.Lat) * radian)
	sinLon, cosLon := math.Sincos(float64(p.Lon) * radian)
	return [3]float64{cosLat * cosLon, cosLat * sinLon, sinLat}
}

// nearest is the nearest agreed place with the way from it to the point: metres and
// degrees clockwise from north, both whole. nil when no place has a position. Two places
// equally near give the first.
func (g gazetteer) nearest(p geo.Point) *truce.NearName {
	v := unitVector(p)
	best, closest := -1, -2.0
	for i, w := range g.vectors {
		if dot := v[0]*w[0] + v[1]*w[1] + v[2]*w[2]; dot > closest {
			best, closest = i, dot
		}
	}
	if best < 0 {
		return nil
	}
	distance, bearing, _ := geo.Inverse(*g.places[best].At, p)
	return &truce.NearName{
		Name: g.places[best].Key, DistanceM: math.Round(float64(distance)), Bearing: wholeDegrees(float64(bearing)),
	}
}

// wholeDegrees rounds a bearing to 0 ... 359.
func wholeDegrees(deg float64) float64 { return math.Mod(math.Round(deg)+360, 360) }
