package tracking

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/source/plots"
)

// TestNetwork: each finding is one sentence, and what is not sure is none.
func TestNetwork(t *testing.T) {
	a, b := truce.Identity{Scheme: "serial", Value: "A"}, truce.Identity{Scheme: "serial", Value: "B"}
	one, two := track.Track{Number: 1}, track.Track{Number: 2}
	for i := range truce.Instant(6) {
		at := noon + i*1_000_000
		one.Said = append(one.Said, track.Said{Time: at, At: geo.Point{Lat: -47.5, Lon: -21}, Identity: a, Chance: 1})
		two.Said = append(two.Said, track.Said{Time: at, At: geo.Point{Lat: -47.9, Lon: -21}, Identity: a, Chance: 1})
	}
	two.Said = append(two.Said, track.Said{Time: noon + 9_000_000, At: geo.Point{Lat: -47.9, Lon: -21}, Identity: b, Chance: 1})
	r := track.Result{Tracks: []track.Track{one, two}, Sensors: []track.Sensor{
		{Name: "own", Against: "own"},
		{Name: "cam", Against: "own", Bias: track.Bias{East: 58.61, North: -.4, Placed: .7, Sure: true}},
		{Name: "rad", Against: "own", Bias: track.Bias{Range: 12, Ranged: 2, Azimuth: -.5, AzimuthSigma: .1, Sure: true}},
		{Name: "ear", Against: "own", Bearings: true, Bias: track.Bias{Azimuth: 4, AzimuthSigma: 1, Sure: true}},
		{Name: "eye", Against: "own", Bearings: true, Bias: track.Bias{Azimuth: 1, AzimuthSigma: 1}},
	}}
	got, err := Network(&r)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"sensor cam against own: its places are +58.6 m off to the east and -0.4 m to the north, within 0.7 m",
		"sensor rad against own: its ranges are +12.0 m off, within 2.0, its bearings 0.500 degrees too far to the left, within 0.100",
		"sensor ear: its bearings are 4.00 degrees too far to the right, within 1.00",
		"identity serial:A was given by T0001 and T0002, too far apart to be one object, 11 times from " + noon.String(),
		"T0002 gave identity serial:A until " + (noon + 5_000_000).String() + ", then serial:B",
	}
	if len(got) != len(want) {
		t.Fatalf("%q", got)
	}
	for i, w := range want {
		if !strings.HasPrefix(got[i], w) {
			t.Errorf("%q, want %q", got[i], w)
		}
	}
	if got, _ := Network(&track.Result{Sensors: []track.Sensor{{Name: "one"}}}); len(got) != 1 || !strings.Contains(got[0], "could not be seen") {
		t.Errorf("one sensor alone: %q", got)
	}
	if got, _ := Network(&track.Result{}); got != nil {
		t.Errorf("of plots without sensors: %q", got)
	}
}

// TestScansOfSensors: rows of one scan by two sensors, and bearings beside places, are scans
// of their own.
func TestScansOfSensors(t *testing.T) {
	s := NewScans(0)
	bearing := &plots.Measure{Unplaced: true, Polar: truce.Polar{BearingSigma: 3}}
	ranged := &plots.Measure{Unplaced: true, Polar: truce.Polar{BearingSigma: 3, RangeSigma: 9}}
	for _, p := range []plots.Plot{{Sensor: "a"}, {Sensor: "b", Means: truce.MeansAcoustic, More: bearing}, {Sensor: "a", More: ranged}, {Sensor: "b", More: ranged}, {}} {
		p.Scan, p.Time = "7", noon
		s.Add(p)
	}
	scans, left := s.Take()
	if len(scans) != 4 || len(left) != 0 || len(scans[0].Plots) != 2 || scans[1].ID != "7@b/bearings" || scans[1].Means != truce.MeansAcoustic || scans[3].ID != "7" {
		t.Errorf("%+v, %q", scans, left)
	}
}

// TestBearingsAloneAreSaid: one sensor of them begins nothing, several have no bias to be seen.
func TestBearingsAloneAreSaid(t *testing.T) {
	for want, sensors := range map[string][]track.Sensor{
		"sensor ear gives bearings alone": {{Name: "ear", Bearings: true}},
		"all sensors give bearings alone": {{Name: "ear", Bearings: true}, {Name: "eye", Bearings: true}},
		"no two sensors saw one object":   {{Name: "ear", Bearings: true}, {Name: "cam"}},
	} {
		got, err := Network(&track.Result{Sensors: sensors})
		if err != nil || len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
}
