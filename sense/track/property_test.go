package track_test

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
	sim "github.com/trucewatch/truce/sim/tracks"
)

// moved are scans whose places were taken elsewhere.
func moved(scans []track.Scan, to func(geo.Point) geo.Point) []track.Scan {
	out := slices.Clone(scans)
	for i := range out {
		out[i].Plots = slices.Clone(out[i].Plots)
		for k := range out[i].Plots {
			out[i].Plots[k].At = to(out[i].Plots[k].At)
		}
	}
	return out
}

// TestPlaceAndDirectionDoNotMatter: a world that lies elsewhere, or is turned, gives the same
// tracks there, within what two maps differ.
func TestPlaceAndDirectionDoNotMatter(t *testing.T) {
	w := world(t, "C20+20", 14)
	scans := scansOf(w)[:60]
	here := geo.NewPlane(geo.Point{Lat: -47.9, Lon: -21.6})
	want := follow(t, scans, track.Config{})
	for _, test := range []struct {
		name string
		at   geo.Point
		turn float64 // degrees against the clock
	}{
		{"turned by 90 degrees", geo.Point{Lat: -47.9, Lon: -21.6}, 90},
		{"turned by 37 degrees", geo.Point{Lat: -47.9, Lon: -21.6}, 37},
		{"on the equator, across the antimeridian", geo.Point{Lat: 0, Lon: 180}, 0},
		{"in the north, turned", geo.Point{Lat: 60.2, Lon: 24.9}, -120},
	} {
		there := geo.NewPlane(test.at)
		sin, cos := math.Sincos(test.turn * math.Pi / 180)
		to := func(p geo.Point) geo.Point {
			x, y := here.To(p)
			return there.From(geo.Metres(cos)*x-geo.Metres(sin)*y, geo.Metres(sin)*x+geo.Metres(cos)*y)
		}
		got := follow(t, moved(scans, to), track.Config{})
		if len(got.Tracks) != len(want.Tracks) {
			t.Errorf("%s: %d tracks, %d before", test.name, len(got.Tracks), len(want.Tracks))
			continue
		}
		for i := range want.Tracks {
			states := want.Tracks[i].States
			off := math.Inf(1)
			for k := range got.Tracks { // those of one scan may come in another order
				off = min(off, apart(states, got.Tracks[k].States, to, test.turn))
			}
			if off > 5 {
				t.Errorf("%s: track %d is %.1f m from where it was taken", test.name, i+1, off)
			}
		}
	}
}

// apart is how far the states of a track are at most from those of another that were taken
// elsewhere, m; endless where they are not of the same scans or courses.
func apart(a, b []track.State, to func(geo.Point) geo.Point, turn float64) (most float64) {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	for i := range a {
		d, _, _ := geo.Inverse(to(a[i].At), b[i].At)
		turned := math.Remainder(float64(a[i].Course-b[i].Course)-turn, 360)
		if a[i].Time != b[i].Time || a[i].SpeedMps > 10 && math.Abs(turned) > 3 {
			return math.Inf(1)
		}
		most = max(most, float64(d))
	}
	return most
}

// TestTimeDoesNotMatter: the same plots a year later give the same tracks to the last bit.
func TestTimeDoesNotMatter(t *testing.T) {
	const year = truce.Instant(365 * 86_400_000_000)
	scans := scansOf(world(t, "T20+20", 15))[:40]
	want := follow(t, scans, track.Config{})
	later := slices.Clone(scans)
	for i := range later {
		later[i].Time += year
		later[i].Plots = slices.Clone(later[i].Plots)
		for k := range later[i].Plots {
			later[i].Plots[k].Time += year
		}
	}
	got := follow(t, later, track.Config{})
	for i := range got.Tracks {
		for k := range got.Tracks[i].States {
			got.Tracks[i].States[k].Time -= year
		}
		for k := range got.Tracks[i].Known {
			got.Tracks[i].Known[k].Time -= year
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%d tracks a year later, %d before, or other states", len(got.Tracks), len(want.Tracks))
	}
}

// TestFarSilentSensorChangesNothing: scans without a plot, of a sensor that sees none of it,
// cost no track anything.
func TestFarSilentSensorChangesNothing(t *testing.T) {
	w := world(t, "M20", 16)
	scans := rowsOf(w, "radar", "camera")
	with := slices.Clone(scans)
	for i := range 150 {
		at := sim.Start + truce.Instant(i)*1_000_000 + 300_000
		with = append(with, track.Scan{ID: fmt.Sprintf("far.%d", i), Time: at, Sensor: "far", Means: truce.MeansPrimary})
	}
	one, two := follow(t, scans, track.Config{}), follow(t, with, track.Config{})
	a, b := score(w, &one, true), score(w, &two, true)
	if math.Abs(a.GOSPA-b.GOSPA) > .03*a.GOSPA || b.Missed > a.Missed+.05 || b.False > a.False+.05 {
		t.Errorf("without the sensor %v, with it %v", a, b)
	}
}

// TestUnseenForAFewScansIsTold: a track that was seen for long is told of through three silent
// scans, and not for ever.
func TestUnseenForAFewScansIsTold(t *testing.T) {
	w := moving{"a drone", 20, 1, 10, 60, func(int, float64) (float64, float64) { return 0, 0 }}
	for _, test := range []struct {
		silent int
		told   bool
	}{{1, true}, {3, true}, {10, false}} {
		scans, _ := w.make(21)
		last := 40 + test.silent - 1
		for i := 40; i <= last; i++ {
			scans[i].Plots = nil
		}
		before, after := 0, 0
		for _, tr := range follow(t, scans, track.Config{}).Tracks {
			for _, s := range tr.Known {
				switch s.Time {
				case scans[39].Time:
					before++
				case scans[last].Time:
					after++
				}
			}
		}
		if before < movers-1 || test.told && after < before-1 || !test.told && after > 0 {
			t.Errorf("after %d silent scans %d tracks are told of, of %d before", test.silent, after, before)
		}
	}
}
