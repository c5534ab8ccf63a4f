package adsb

import (
	"math"

	"github.com/trucewatch/truce/geo"
)

// CPR is half of a position: latitude and longitude within zones that repeat all over the
// earth (Compact Position Reporting; ICAO Doc 9871, appendix C.2.6; DO-260B, appendix A).
type CPR struct {
	Odd     bool   `json:"odd"`
	Surface bool   `json:"surface,omitempty"`
	Lat     uint32 `json:"lat"` // of 131,072 parts of a zone
	Lon     uint32 `json:"lon"`
	told    bool
}

// IsZero says whether none was told.
func (c CPR) IsZero() bool { return !c.told }

const cprSteps = 1 << 17

// zones are the latitudes, in degrees, at which the number of longitude zones changes: the
// first is where 59 become 58 (Doc 9871, C.2.6.2, with 15 latitude zones between equator and pole).
var zones = func() (edges [58]float64) {
	const latitudeZones = 15
	for i := range edges {
		nl := float64(59 - i)
		up := 1 - math.Cos(math.Pi/(2*latitudeZones))
		down := 1 - math.Cos(2*math.Pi/nl)
		edges[i] = math.Acos(math.Sqrt(up/down)) * 180 / math.Pi
	}
	edges[57] = 87
	return edges
}()

// longitudeZones is NL, how many zones of longitude there are at a latitude.
func longitudeZones(lat float64) int {
	lat = math.Abs(lat)
	low, high := 0, len(zones)
	for low < high {
		if mid := (low + high) / 2; lat < zones[mid] {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return 59 - low
}

// span is what 60 zones of latitude cover, in degrees.
func span(surface bool) float64 {
	if surface {
		return 90
	}
	return 360
}

func (c CPR) lat() float64 { return float64(c.Lat) / cprSteps }
func (c CPR) lon() float64 { return float64(c.Lon) / cprSteps }

// global finds where both halves agree. The later is the one whose place is given. On the
// ground there are eight such places a quarter of the earth apart: near picks the one.
func global(even, odd CPR, oddLater bool, near *geo.Point) (geo.Point, bool) {
	whole := span(even.Surface)
	j := math.Floor(59*even.lat() - 60*odd.lat() + .5)
	lat0 := whole / 60 * (modulo(j, 60) + even.lat())
	lat1 := whole / 59 * (modulo(j, 59) + odd.lat())
	if even.Surface {
		if near == nil {
			return geo.Point{}, false
		}
		lat0, lat1 = nearest(lat0, 90, float64(near.Lat)), nearest(lat1, 90, float64(near.Lat))
	} else {
		lat0, lat1 = around(lat0), around(lat1)
	}
	nl := longitudeZones(lat0)
	if math.Abs(lat0) > 90 || math.Abs(lat1) > 90 || nl != longitudeZones(lat1) {
		return geo.Point{}, false // the halves lie on both sides of a change of zones
	}
	lat, own, n := lat0, even.lon(), max(nl, 1)
	if oddLater {
		lat, own, n = lat1, odd.lon(), max(nl-1, 1)
	}
	m := math.Floor(even.lon()*float64(nl-1) - odd.lon()*float64(nl) + .5)
	lon := whole / float64(n) * (modulo(m, float64(n)) + own)
	if even.Surface {
		lon = nearest(lon, 90, float64(near.Lon))
	}
	return point(lat, around(lon)), true
}

// local finds the place of one half that lies nearest to a reference.
func (c CPR) local(near geo.Point) (geo.Point, bool) {
	odd := 0.0
	if c.Odd {
		odd = 1
	}
	whole := span(c.Surface)
	step := whole / (60 - odd)
	lat := nearest(step*c.lat(), step, float64(near.Lat))
	if math.Abs(lat) > 90 {
		return geo.Point{}, false
	}
	step = whole / max(float64(longitudeZones(lat))-odd, 1)
	lon := nearest(step*c.lon(), step, float64(near.Lon))
	return point(lat, around(lon)), true
}

// reach is how far from a reference one half can be told from its neighbours.
func (c CPR) reach() geo.Metres {
	if c.Surface {
		return surfaceRange
	}
	return LocalRange
}

// encodeCPR is the half of a position that is sent.
func encodeCPR(at geo.Point, odd, surface bool) CPR {
	i := 0.0
	if odd {
		i = 1
	}
	whole := span(surface)
	step := whole / (60 - i)
	lat := math.Floor(cprSteps*modulo(float64(at.Lat), step)/step + .5)
	sent := step * (lat/cprSteps + math.Floor(float64(at.Lat)/step))
	step = whole / max(float64(longitudeZones(sent))-i, 1)
	lon := math.Floor(cprSteps*modulo(float64(at.Lon), step)/step + .5)
	return CPR{Odd: odd, Surface: surface, Lat: uint32(lat) % cprSteps, Lon: uint32(lon) % cprSteps, told: true}
}

// modulo is x mod y in [0, y).
func modulo(x, y float64) float64 { return x - y*math.Floor(x/y) }

// around brings an angle into [-180, 180).
func around(x float64) float64 { return modulo(x+180, 360) - 180 }

// nearest is x plus the number of steps that brings it next to a reference.
func nearest(x, step, reference float64) float64 {
	return x + step*math.Round((reference-x)/step)
}

func point(lat, lon float64) geo.Point {
	return geo.Point{Lat: geo.Degrees(lat + 0), Lon: geo.Degrees(lon + 0)}
}
