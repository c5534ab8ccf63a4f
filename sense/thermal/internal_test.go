package thermal

import (
	"math"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"pgregory.net/rapid"
)

func rectangle(at geo.Point, scan, track geo.Metres, azimuth geo.Degrees) pixel {
	f := geo.Footprint{Scan: scan, Track: track, Azimuth: azimuth}
	return pixelOf(&truce.Observation{
		Place:     &geo.Position{Point: at, Error: f.Covariance(), Footprint: &f},
		Detection: &truce.Detection{},
	})
}

// holds says whether a place, in metres from the pixel's middle, is inside the pixel.
func (p *pixel) holds(east, north float64) bool {
	return math.Abs(east*p.sin+north*p.cos) <= p.track && math.Abs(east*p.cos-north*p.sin) <= p.scan
}

// sampled looks for a common place of two pixels on a fine raster of the first, which
// finds any overlap wider than the raster.
func sampled(p, q *pixel, east, north float64) bool {
	const n = 60
	for i := -n; i <= n; i++ {
		for j := -n; j <= n; j++ {
			along, across := p.track*float64(i)/n, p.scan*float64(j)/n
			e, nn := along*p.sin+across*p.cos, along*p.cos-across*p.sin
			if q.holds(e-east, nn-north) {
				return true
			}
		}
	}
	return false
}

func TestTouchesAgainstARaster(t *testing.T) {
	side := rapid.IntRange(300, 1600)
	rapid.Check(t, func(t *rapid.T) {
		p := rectangle(geo.Point{Lat: 48, Lon: 37}, geo.Metres(side.Draw(t, "scan")), geo.Metres(side.Draw(t, "track")), geo.Degrees(rapid.IntRange(0, 180).Draw(t, "azimuth")))
		plane := geo.NewPlane(geo.Point{Lat: 48, Lon: 37})
		at := plane.From(geo.Metres(rapid.IntRange(-1500, 1500).Draw(t, "east")), geo.Metres(rapid.IntRange(-1500, 1500).Draw(t, "north")))
		q := rectangle(at, geo.Metres(side.Draw(t, "other scan")), geo.Metres(side.Draw(t, "other track")), geo.Degrees(rapid.IntRange(0, 180).Draw(t, "other azimuth")))
		east, north := p.toward(q.lat, q.lon)
		_, touch := p.touches(&q, 0)
		_, back := q.touches(&p, 0)
		if touch != back {
			t.Fatalf("p touches q: %v, q touches p: %v", touch, back)
		}
		if common := sampled(&p, &q, east, north); common && !touch {
			t.Fatal("the pixels share a place but do not touch")
		}
		// A raster of 60 steps misses overlaps thinner than some 14 m.
		if _, well := p.touches(&q, -30); well && !sampled(&p, &q, east, north) {
			t.Fatal("the pixels touch by 30 m but share no place")
		}
	})
}

func TestTowardAgreesWithTheGeodesic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := geo.Point{Lat: geo.Degrees(rapid.IntRange(-75, 75).Draw(t, "lat")), Lon: geo.Degrees(rapid.SampledFrom([]int{-180, 0, 37, 179}).Draw(t, "lon"))}
		frame := geo.NewFrame(from)
		to := frame.From(geo.Metres(rapid.IntRange(-5000, 5000).Draw(t, "east")), geo.Metres(rapid.IntRange(-5000, 5000).Draw(t, "north")))
		p := pixel{lat: float64(from.Lat), lon: float64(from.Lon)}
		e, n := p.toward(float64(to.Lat), float64(to.Lon))
		if d, want := math.Hypot(e, n), float64(geo.Distance(from, to)); math.Abs(d-want) > 0.05+want*2e-5 {
			t.Fatalf("%v m to %v, the geodesic has %v m", d, to, want)
		}
	})
}

func TestHistoryFindsWhatTouches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var past []truce.Observation
		for i := range rapid.IntRange(0, 30).Draw(t, "n") {
			f := geo.Footprint{Scan: geo.Metres(rapid.IntRange(300, 2000).Draw(t, "scan")), Track: 400}
			past = append(past, truce.Observation{
				ID:         truce.NewID(truce.Instant(i), "detection", "t", []byte{byte(i)}),
				Phenomenon: truce.Moment(truce.Instant(rapid.IntRange(-5, 5).Draw(t, "day"))*86_400_000_000, 0),
				Place: &geo.Position{Point: geo.Point{
					Lat: geo.Degrees(65 + float64(rapid.IntRange(-200, 200).Draw(t, "lat"))/1e4),
					Lon: geo.Degrees(math.Remainder(180+float64(rapid.IntRange(-500, 500).Draw(t, "lon"))/1e4, 360)),
				}, Error: f.Covariance(), Footprint: &f},
				Detection: &truce.Detection{},
			})
		}
		cfg := Config{LookbackDays: 4, RecurringDays: 99}.withDefaults()
		now := rectangle(geo.Point{Lat: 65, Lon: 180}, 500, 500, 20)
		days := map[int32]bool{}
		for i := range past {
			p := pixelOf(&past[i])
			if d := dayOf(p.at); d >= -4 && d < 0 {
				if _, yes := now.touches(&p, float64(cfg.Tolerance)); yes {
					days[d] = true
				}
			}
		}
		if got := NewHistory(past).daysBefore(&now, cfg); got != len(days) {
			t.Fatalf("%d days before, a look at everything finds %d", got, len(days))
		}
	})
}
