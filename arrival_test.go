package truce

import (
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce/geo"
)

// TestEarsAreValidated: what no sense could use is refused by name.
func TestEarsAreValidated(t *testing.T) {
	at := InstantOf(time.Date(2031, 3, 3, 0, 0, 5, 0, time.UTC))
	arrival := func(change func(*Observation)) Observation {
		o := Observation{ID: NewID(at, "arrival", "s", []byte("a")), Kind: KindArrival, Source: "s", Sensor: "E-1", Phenomenon: Moment(at, 0), Arrival: &Arrival{Phase: PhaseAcoustic, Azimuth: 359, AzimuthSigma: 3}}
		change(&o)
		return o
	}
	station := func(place *geo.Position) Observation {
		return Observation{ID: NewID(at, "station", "s", []byte("a")), Kind: KindStation, Source: "s", Sensor: "E-1", Phenomenon: Moment(at, 0), Place: place, Station: &Station{Elevation: 120}}
	}
	for _, test := range []struct {
		name string
		o    Observation
		want string
	}{
		{"an arrival", arrival(func(*Observation) {}), ""},
		{"a station", station(&geo.Position{Point: geo.Point{Lat: 48, Lon: 37}}), ""},
		{"of no sensor", arrival(func(o *Observation) { o.Sensor = "" }), "needs the sensor"},
		{"of another phase", arrival(func(o *Observation) { o.Arrival.Phase = "boom" }), `phase "boom"`},
		{"a negative error", arrival(func(o *Observation) { o.Arrival.SigmaS = -1 }), "sigma_s -1"},
		{"an azimuth beyond", arrival(func(o *Observation) { o.Arrival.Azimuth = 360 }), "azimuth 360"},
		{"with another payload", arrival(func(o *Observation) { o.Health = &Health{} }), "exactly the payload"},
		{"a station nowhere", station(nil), "needs the place"},
		{"a station beyond", station(&geo.Position{Point: geo.Point{Lat: 95}}), "out of range"},
	} {
		err := test.o.Validate()
		if test.want == "" && err != nil || test.want != "" && (CodeOf(err) != CodeInvalid || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}

// TestArrivalsReadBack: what is written of an arrival is read as it was, by the fast way and
// by the slow.
func TestArrivalsReadBack(t *testing.T) {
	for _, a := range []Arrival{{Phase: PhaseP}, {Network: "north", Phase: PhaseAcoustic, SigmaS: .25, Azimuth: 0, AzimuthSigma: 3, Amplitude: 1e-9}} {
		text, err := Canonical(a)
		if err != nil {
			t.Fatal(err)
		}
		var back Arrival
		if err := DecodeCanonical(text, &back); err != nil || back != a {
			t.Errorf("%s reads %+v, %v", text, back, err)
		}
	}
}
