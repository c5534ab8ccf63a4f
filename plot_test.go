package truce

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce/geo"
)

// TestPlotsAreValidated: what no tracker could use is refused by name.
func TestPlotsAreValidated(t *testing.T) {
	at := InstantOf(time.Date(2031, 3, 3, 12, 0, 5, 0, time.UTC))
	for _, test := range []struct {
		name   string
		change func(*Observation)
		want   string
	}{
		{"a place", func(*Observation) {}, ""},
		{"a bearing alone", func(o *Observation) { o.Place, o.Plot.Polar = nil, &Polar{Bearing: 12, BearingSigma: 2} }, ""},
		{"neither", func(o *Observation) { o.Place = nil }, "needs a place, or a bearing"},
		{"a range alone", func(o *Observation) { o.Place, o.Plot.Polar = nil, &Polar{Range: 12, RangeSigma: 2} }, "needs a place, or a bearing"},
		{"unknown means", func(o *Observation) { o.Plot.Means = "guess" }, `means "guess"`},
		{"a nameless identity", func(o *Observation) { o.Plot.Identities = []Identity{{Scheme: "mmsi"}} }, "scheme and its value"},
		{"a speed that is no number", func(o *Observation) { o.Plot.Motion = &Motion{SpeedMps: math.NaN()} }, "speed NaN"},
		{"a course beyond", func(o *Observation) { o.Plot.Motion = &Motion{Course: 360} }, "course 360"},
		{"a height above nothing", func(o *Observation) { o.Plot.Altitude = &Altitude{Metres: 9} }, `above ""`},
		{"a range that is negative", func(o *Observation) { o.Plot.Polar = &Polar{Range: -1} }, "range -1"},
		{"a fix without end", func(o *Observation) { o.Plot.Fix = &Fix{Kind: FixTwo, HDOP: math.Inf(1)} }, "HDOP +Inf"},
		{"with another payload", func(o *Observation) { o.Health = &Health{} }, "exactly the payload"},
	} {
		o := Observation{ID: NewID(at, "plot", "s", []byte("a")), Kind: KindPlot, Source: "s", Phenomenon: Moment(at, 0), Place: &geo.Position{Point: geo.Point{Lat: 48, Lon: 37}}, Plot: &Plot{Means: MeansSelf}}
		test.change(&o)
		err := o.Validate()
		if test.want == "" && err != nil || test.want != "" && (CodeOf(err) != CodeInvalid || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}

// TestPlotsReadBack: what is written of a plot is read as it was.
func TestPlotsReadBack(t *testing.T) {
	for _, p := range []Plot{{Means: MeansPrimary}, {
		Network: "north", Means: MeansSelf, Identities: []Identity{{"icao24", "4b1812"}}, Class: "uav", Ground: true,
		Altitude: &Altitude{Metres: -3, Datum: DatumSea, Sigma: 4}, Motion: &Motion{SpeedMps: 31.5, Course: 270, ClimbMps: -1, SigmaMps: 2},
		Polar: &Polar{Bearing: 0, BearingSigma: 2, Range: 1500, RangeSigma: 30, RadialMps: -7, RadialSigma: 1},
		Fix:   &Fix{Kind: FixThree, Satellites: 9, HDOP: 1.25, Jamming: .5, Spoofing: true},
	}} {
		text, err := Canonical(p)
		if err != nil {
			t.Fatal(err)
		}
		var back Plot
		if err := DecodeCanonical(text, &back); err != nil || !reflect.DeepEqual(back, p) {
			t.Errorf("%s reads %+v, %v", text, back, err)
		}
	}
}
