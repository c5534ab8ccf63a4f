package sim

import (
	"math"
	"slices"
	"time"

	"github.com/trucewatch/truce"
)

// The orbit of the three VIIRS satellites: sun-synchronous, 227 revolutions in 16 days,
// northward over the equator at 13:25 local solar time (NOAA/NASA mission pages).
const (
	orbitPeriod      = 16 * 24 * time.Hour / 227
	orbitPeriodS     = 16 * 24 * 3600.0 / 227
	inclinationDeg   = 98.7
	nodeSolarHours   = 13.42
	orbitHeightKM    = 829.0
	earthRadiusKM    = 6371.0
	maxScanDeg       = 56.06 // half the swath as the scanner sees it
	kmPerDegree      = 111.32
	groundSpeedKMS   = 2 * math.Pi * earthRadiusKM / orbitPeriodS
	equatorSpinKMS   = 0.4651
	pixelScanKM      = 0.129 // one sample of an imagery band at nadir, before aggregation
	pixelTrackKM     = 0.371
	threeSamplesTill = 31.72 // degrees of scan angle where three samples become two
	twoSamplesTill   = 44.86 // and where two become one
)

// satellite is one of the three; phase shifts it along the common orbit, in turns.
type satellite struct {
	name   string // as FIRMS writes it
	prefix string // of its files
	phase  float64
}

// satellites fly half an orbit (50 minutes) apart, the third between them.
var satellites = []satellite{
	{"N20", "J1_VIIRS_C2_Global_VJ114IMGTDL_NRT", 0},
	{"N21", "J2_VIIRS_C2_Global_VJ214IMGTDL_NRT", 0.25},
	{"N", "SUOMI_VIIRS_C2_Global_VNP14IMGTDL_NRT", 0.5},
}

// Pass is one satellite seeing the middle of the island.
type Pass struct {
	Satellite truce.SensorID `json:"satellite"`
	At        truce.Instant  `json:"at"`
	ScanDeg   float64        `json:"scan_deg"` // off nadir, negative to the west of the track
	Night     bool           `json:"night"`
	heading   float64        // of the track, degrees
}

// overflights lists every pass from the first day of history to the last day.
func (w *World) overflights() []Pass {
	var out []Pass
	from, to := w.at(-w.cfg.History, 0), w.at(w.cfg.Days, 0)
	for _, s := range satellites {
		for _, south := range []bool{true, false} {
			out = append(out, s.passes(from, to, south)...)
		}
	}
	slices.SortStableFunc(out, func(a, b Pass) int { return int(a.At - b.At) })
	return out
}

// passes walks the satellite's revolutions. On the northward leg the island lies
// before the node (afternoon), on the southward leg beyond it (night).
func (s satellite) passes(from, to truce.Instant, southward bool) []Pass {
	lat := float64(origin.Lat) * math.Pi / 180
	along := math.Asin(math.Sin(lat) / sinDeg(inclinationDeg)) // argument of latitude
	if southward {
		along = math.Pi - along
	}
	lag := time.Duration(along / (2 * math.Pi) * float64(orbitPeriod))
	first := int64(from.Time().Sub(time.Unix(0, 0))/orbitPeriod) - 2
	var out []Pass
	for n := first; ; n++ {
		node := time.Unix(0, 0).Add(time.Duration((float64(n) + s.phase) * float64(orbitPeriod)))
		at := truce.InstantOf(node.Add(lag).Truncate(time.Minute))
		if at >= to {
			return out
		}
		scan := scanAngle(nadirLon(node, along), southward)
		if at >= from && math.Abs(scan) <= maxScanDeg {
			out = append(out, Pass{Satellite: truce.SensorID(s.name), At: at, ScanDeg: roundTo(scan, 2), Night: southward, heading: trackHeading(southward)})
		}
	}
}

// nadirLon is the longitude under the satellite, degrees, when it has gone that far
// along its orbit from a northward node.
func nadirLon(node time.Time, along float64) float64 {
	utc := node.Sub(node.Truncate(24 * time.Hour)).Hours()
	nodeLon := 15 * (nodeSolarHours - utc)
	east := math.Atan2(cosDeg(inclinationDeg)*math.Sin(along), math.Cos(along)) * 180 / math.Pi
	turned := along / (2 * math.Pi) * orbitPeriodS / (24 * 3600) * 360
	return math.Remainder(nodeLon+east-turned, 360)
}

// trackHeading is the direction of the ground track at the island, the turning of the
// Earth included.
func trackHeading(southward bool) float64 {
	lat := float64(origin.Lat)
	east := cosDeg(inclinationDeg) / cosDeg(lat)
	north := math.Sqrt(1 - east*east)
	if southward {
		north = -north
	}
	return math.Atan2(east*groundSpeedKMS-equatorSpinKMS*cosDeg(lat), north*groundSpeedKMS) * 180 / math.Pi
}

// scanAngle is how far off nadir the island's middle is seen, degrees; 90 when
// it lies beyond the horizon.
func scanAngle(subLon float64, southward bool) float64 {
	east := math.Remainder(float64(origin.Lon)-subLon, 360) * kmPerDegree * cosDeg(float64(origin.Lat))
	arc := east * math.Abs(cosDeg(trackHeading(southward))) / earthRadiusKM
	if math.Abs(arc) > math.Acos(1/(1+orbitHeightKM/earthRadiusKM)) {
		return math.Copysign(90, arc)
	}
	return math.Atan2(math.Sin(arc), 1+orbitHeightKM/earthRadiusKM-math.Cos(arc)) * 180 / math.Pi
}

// pixelSize is the ground size of a pixel in metres, across and along the track, at a
// scan angle: slant range, incidence, and three, two or one samples aggregated.
func pixelSize(scanDeg float64) (scan, track float64) {
	off := math.Abs(scanDeg)
	incidence := math.Asin((1 + orbitHeightKM/earthRadiusKM) * sinDeg(off))
	arc := incidence - off*math.Pi/180
	stretch := 1.0
	if off > 0.01 {
		stretch = earthRadiusKM * math.Sin(arc) / sinDeg(off) / orbitHeightKM
	}
	samples := 3.0
	switch {
	case off > twoSamplesTill:
		samples = 1
	case off > threeSamplesTill:
		samples = 2
	}
	return 1000 * samples * pixelScanKM * stretch / math.Cos(incidence), 1000 * pixelTrackKM * stretch
}
