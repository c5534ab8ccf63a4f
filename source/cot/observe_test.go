package cot

import (
	"bytes"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/sourcetest"
)

func decoded(t testing.TB, cfg Config, in string) *sourcetest.Sink {
	t.Helper()
	return sourcetest.Check(t, func(in []byte, sink truce.Sink) error {
		return Decode(bytes.NewReader(in), "events.cot", cfg, sink)
	}, []byte(in))
}

// TestAnAircraftBecomesAPlot, whosever it is said to be.
func TestAnAircraftBecomesAPlot(t *testing.T) {
	for _, side := range []string{"f", "h", "u"} {
		s := decoded(t, Config{Network: "north"}, event("M-1", "a-"+side+"-A-M-F-Q-r", `<contact callsign="Eye 1"/><track speed="21.5" course="360"/>`))
		if len(s.Observations) != 1 || len(s.Rejections) > 0 {
			t.Fatalf("%d observations, %v", len(s.Observations), s.Reasons())
		}
		o := s.Observations[0]
		p := o.Plot
		if o.Source != ID || o.Phenomenon.From != noon || o.Place.Lat != 48.5 || o.Place.Error != geo.Isotropic(8) || p.Network != "north" || p.Means != truce.MeansSelf || p.Class != "uav" {
			t.Errorf("%+v %+v", o, p)
		}
		if len(p.Identities) != 2 || p.Identities[0] != (truce.Identity{Scheme: "uid", Value: "M-1"}) || p.Identities[1] != (truce.Identity{Scheme: "callsign", Value: "Eye 1"}) {
			t.Errorf("%+v", p.Identities)
		}
		if *p.Altitude != (truce.Altitude{Metres: 212.5, Datum: truce.DatumEllipsoid}) || *p.Motion != (truce.Motion{SpeedMps: 21.5}) {
			t.Errorf("%+v %+v", p.Altitude, p.Motion)
		}
		if text, err := truce.Canonical(o); err != nil || strings.Contains(string(text), "a-"+side) {
			t.Errorf("it says whose it is: %s, %v", text, err)
		}
	}
}

// TestWhatIsFollowed: aircraft and ships of anybody, vehicles of the monitors; nobody's people.
func TestWhatIsFollowed(t *testing.T) {
	for kind, want := range map[string]string{
		"a-u-A": "-", "a-u-A-M-F": "fixed_wing", "a-n-A-C-F": "fixed_wing", "a-f-A-M-H": "helicopter", "a-f-A-C-H": "helicopter", "a-f-A-M-F-Q": "uav", "a-f-A-M-H-Q": "uav",
		"a-n-S-C-F": "ship", "a-f-G-E-V-C": "vehicle",
		"a-h-G-E-V-A": "", "a-n-G-E-V": "", "a-f-G-U-C": "", "a-h-G-U-C-I": "", "a-f-G": "", "b-m-p-s-m": "", "u-d-c-c": "", "b-t-f": "", "a-u": "", "A-u-A": "", "a-u-U": "", "a-u-P": "",
	} {
		class, follows := classOf(kind)
		if follows != (want != "") || follows && class != strings.TrimPrefix(want, "-") {
			t.Errorf("%s: %q, %v; want %q", kind, class, follows, want)
		}
		if n := len(decoded(t, Config{}, event("x", kind, "")).Observations); (n == 1) != (want != "") {
			t.Errorf("%s: %d observations", kind, n)
		}
	}
}

// TestWhatIsNotToldIsNotMadeUp: neither place nor height nor motion, and a plain error.
func TestWhatIsNotToldIsNotMadeUp(t *testing.T) {
	text := strings.NewReplacer(`hae="212.5"`, `hae="9999999"`, `ce="8"`, `ce="9999999"`, `how="m-g"`, `how="h-e"`).Replace(event("x", "a-u-A", `<track speed="3"/>`))
	s := decoded(t, Config{}, text)
	if len(s.Observations) != 1 {
		t.Fatal(s.Reasons())
	}
	o := s.Observations[0]
	if p := o.Plot; p.Altitude != nil || p.Motion != nil || p.Means != truce.MeansFused || len(p.Identities) != 1 || o.Place.Error != geo.Isotropic(plainSigma) {
		t.Errorf("%+v within %+v", p, o.Place.Error)
	}
	nowhere := strings.NewReplacer(`lat="48.5"`, `lat="0"`, `lon="37.25"`, `lon="0"`).Replace(text)
	if s := decoded(t, Config{}, nowhere); len(s.Observations)+len(s.Rejections) > 0 {
		t.Errorf("without a place: %+v %v", s.Observations, s.Reasons())
	}
}

func TestPlacesThatAreRejected(t *testing.T) {
	outside := Config{Bounds: &source.Box{West: 0, South: 0, East: 1, North: 1}}
	if s := decoded(t, outside, event("x", "a-u-A", "")); len(s.Observations) > 0 || len(s.Rejections) != 1 || s.Rejections[0].Reason != source.OutsideBounds {
		t.Errorf("outside: %+v", s)
	}
	if s := decoded(t, Config{}, event("x", "a-u-A", "<x>")); len(s.Observations) > 0 || len(s.Rejections) != 1 || !strings.Contains(s.Rejections[0].Reason, "byte 0: is not well formed") {
		t.Errorf("damaged: %+v", s.Reasons())
	}
	bad := Config{Bounds: &source.Box{West: 0, South: 5, East: 1, North: 1}}
	if err := Decode(strings.NewReader(""), "x", bad, &sourcetest.Sink{}); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("bounds upside down: %v", err)
	}
}

func TestTheSourceIsDeclared(t *testing.T) {
	if i := Info(); i.Validate() != nil || i.Redistribute || i.Family != truce.FamilyTransponder {
		t.Errorf("%+v: %v", i, i.Validate())
	}
}
