package coverage

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Satellite is a polar orbiter that sees heat.
type Satellite struct {
	Name         string // as detections name it
	Swath        geo.Metres
	OrbitsPerDay float64
	Inclination  geo.Degrees
}

// Nominal lists the satellites of FIRMS: VIIRS with a swath of 3,060 km in orbits of
// 101.4 minutes, MODIS with 2,330 km in 98.9 minutes (their makers' data sheets).
func Nominal() []Satellite {
	viirs := func(name string) Satellite { return Satellite{name, 3_060_000, 14.20, 98.7} }
	modis := func(name string) Satellite { return Satellite{name, 2_330_000, 14.57, 98.2} }
	return []Satellite{viirs("N"), viirs("N20"), viirs("N21"), modis("Terra"), modis("Aqua")}
}

// equator is the length of the equator, metres.
const equator = 40_075_017.0

// PassesPerDay is how often the satellite passes over a latitude on average. Each orbit
// crosses it twice, and each crossing covers of the parallel the swath divided by the
// cosine of the heading, whose sine is cos(inclination)/cos(latitude). Near the poles
// every orbit passes once.
func (s Satellite) PassesPerDay(latitude geo.Degrees) float64 {
	cosLat := math.Cos(float64(latitude) * math.Pi / 180)
	sinHeading := math.Cos(float64(s.Inclination)*math.Pi/180) / cosLat
	if !(math.Abs(sinHeading) < 1) {
		return s.OrbitsPerDay
	}
	covered := float64(s.Swath) / math.Sqrt(1-sinHeading*sinHeading) / (equator * cosLat)
	return s.OrbitsPerDay * min(2*covered, 1)
}

// sighting is a detection as a sign that its satellite passed.
type sighting struct {
	satellite string
	sensor    truce.SensorID
	at        truce.Instant
	id        truce.ID
	place     [3]float64 // on the unit sphere
}

// sightings sorts the detections by satellite, time and id.
func sightings(dets []truce.Observation) []sighting {
	out := make([]sighting, 0, len(dets))
	for i := range dets {
		o := &dets[i]
		if o.Detection == nil || o.Place == nil {
			continue
		}
		out = append(out, sighting{
			satellite: o.Detection.Satellite,
			sensor:    cmp.Or(o.Sensor, truce.SensorID(o.Detection.Satellite)),
			at:        o.Phenomenon.Mid(),
			id:        o.ID,
			place:     onSphere(o.Place.Point),
		})
	}
	slices.SortFunc(out, func(a, b sighting) int {
		return cmp.Or(strings.Compare(a.satellite, b.satellite), cmp.Compare(a.at, b.at), slices.Compare(a.id[:], b.id[:]))
	})
	return slices.CompactFunc(out, func(a, b sighting) bool { return a.id == b.id && a.at == b.at })
}

func onSphere(p geo.Point) [3]float64 {
	sinLat, cosLat := math.Sincos(float64(p.Lat) * math.Pi / 180)
	sinLon, cosLon := math.Sincos(float64(p.Lon) * math.Pi / 180)
	return [3]float64{cosLat * cosLon, cosLat * sinLon, sinLat}
}

// plannedSatellites are those counted on, and the names of satellites in the data of
// which nothing is known.
func plannedSatellites(seen []sighting, cfg Config) (planned []Satellite, unknown []string) {
	names := map[string]bool{}
	for i := range seen {
		names[seen[i].satellite] = true
	}
	known := cfg.Satellites
	if known == nil {
		known = Nominal()
	}
	for _, s := range known {
		if cfg.Satellites != nil || names[s.Name] {
			planned = append(planned, s)
		}
		delete(names, s.Name)
	}
	for name := range names {
		unknown = append(unknown, name)
	}
	return planned, sorted(unknown)
}

// pass is one overpass that an area may have lain under.
type pass struct {
	satellite  string
	sensor     truce.SensorID
	at         truce.Instant // of the detection nearest to the area
	detections int
	inSwath    float64 // chance that the area was inside the swath
	look       float64 // the same times the clear share of the sky
}

// passesOver are the overpasses of the planned satellites that are known by a detection
// within a swath's width of the area, in order of time.
func passesOver(area Area, seen []sighting, planned []Satellite, cfg Config) []pass {
	var out []pass
	for _, s := range planned {
		from, _ := slices.BinarySearchFunc(seen, s.Name, func(x sighting, name string) int { return strings.Compare(x.satellite, name) })
		to := from
		for to < len(seen) && seen[to].satellite == s.Name {
			to++
		}
		out = append(out, passesOf(s, onSphere(area.Centre), seen[from:to], cfg)...)
	}
	slices.SortStableFunc(out, func(a, b pass) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.sensor, b.sensor)) })
	return out
}

// passesOf cuts a satellite's detections near the area into passes. A detection lies
// somewhere across the swath, so an area at distance d from the nearest one was inside
// with chance 1 - d/swath at least.
func passesOf(s Satellite, centre [3]float64, seen []sighting, cfg Config) []pass {
	const earth = 6_371_008.8
	var out []pass
	var last truce.Instant
	var nearest float64
	for i := range seen {
		x := &seen[i]
		d := distance(centre, x.place) * earth
		if d >= float64(s.Swath) {
			continue
		}
		if len(out) == 0 || x.at.Sub(last) > cfg.PassGap {
			out = append(out, pass{satellite: s.Name, sensor: x.sensor})
			nearest = math.Inf(1)
		}
		p := &out[len(out)-1]
		p.detections++
		if d < nearest {
			nearest, p.at, p.inSwath = d, x.at, 1-d/float64(s.Swath)
		}
		last = x.at
	}
	return out
}

// distance is the angle between two places, by the chord: exact for small angles too.
func distance(a, b [3]float64) float64 {
	x, y, z := a[0]-b[0], a[1]-b[1], a[2]-b[2]
	return 2 * math.Asin(min(math.Sqrt(x*x+y*y+z*z)/2, 1))
}
