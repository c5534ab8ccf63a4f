package arrivals_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/arrivals"
	"github.com/trucewatch/truce/source/sourcetest"
)

func observe(in []byte, sink truce.Sink) error {
	return arrivals.Decode(bytes.NewReader(in), "day.csv", arrivals.Known{}, sink)
}

func stations(in []byte, sink truce.Sink) error {
	return arrivals.DecodeSensors(bytes.NewReader(in), "ears.csv", arrivals.Known{}, sink)
}

// TestArrivalsAsObservations: times with their sigma, sources by what was heard through, and
// columns in any order.
func TestArrivalsAsObservations(t *testing.T) {
	sink := sourcetest.Check(t, observe, []byte("time,arrival,sensor,phase,note,azimuth_deg,sigma_s,amplitude\n"+
		"2031-03-03T00:00:05.361052Z,a1,s1,acoustic,x,-90,0.25,7.5\n2031-03-03T00:00:06Z,a2,s1,P,,,,\n2031-03-03T02:00:07+02:00,a3,s2,S,,,,\n"))
	if len(sink.Observations) != 3 || len(sink.Rejections) != 0 {
		t.Fatalf("%d read, rejected %q", len(sink.Observations), sink.Reasons())
	}
	o := sink.Observations[0]
	if want := (truce.Arrival{Phase: truce.PhaseAcoustic, SigmaS: .25, Azimuth: 270, AzimuthSigma: arrivals.DefaultAzimuthSigma, Amplitude: 7.5}); *o.Arrival != want {
		t.Errorf("%+v, want %+v", *o.Arrival, want)
	}
	if o.Source != "arrivals-acoustic" || o.Sensor != "s1" || o.Place != nil || o.Phenomenon.From.String() != "2031-03-03T00:00:05.361052Z" || o.Phenomenon.Sigma != 250_000 || o.Origin.Line != 2 {
		t.Errorf("%+v", o)
	}
	if got := sink.Observations[2]; got.Source != "arrivals-seismic" || got.Phenomenon.From.String() != "2031-03-03T00:00:07.000000Z" {
		t.Errorf("%+v", got)
	}
}

// TestArrivalIDsAreStable: the same row in another file is the same observation; another
// sensor, number, time or network is another.
func TestArrivalIDsAreStable(t *testing.T) {
	id := func(known arrivals.Known, row string) truce.ID {
		t.Helper()
		sink := &sourcetest.Sink{}
		if err := arrivals.Decode(strings.NewReader("arrival,sensor,time,phase\n"+row+"\n"), "x.csv", known, sink); err != nil || len(sink.Observations) != 1 {
			t.Fatalf("%s: %v, %q", row, err, sink.Reasons())
		}
		return sink.Observations[0].ID
	}
	row := "a1,s1,2031-03-03T00:00:05Z,acoustic"
	first := id(arrivals.Known{}, row)
	if again := id(arrivals.Known{}, " a1 ,s1,2031-03-03T00:00:05.000000Z,acoustic"); again != first {
		t.Errorf("the same row has the ids %s and %s", first, again)
	}
	for _, other := range []string{"a2,s1,2031-03-03T00:00:05Z,acoustic", "a1,s2,2031-03-03T00:00:05Z,acoustic", "a1,s1,2031-03-03T00:00:05.001Z,acoustic", "a1,s1,2031-03-03T00:00:05Z,P"} {
		if id(arrivals.Known{}, other) == first {
			t.Errorf("%s has the id of %s", other, row)
		}
	}
	if id(arrivals.Known{Network: "north"}, row) == first || id(arrivals.Known{Air: truce.FamilyInfrasound}, row) == first {
		t.Error("another network has the same id")
	}
}

// TestBadArrivalsAreNamed by line, field and what is wrong.
func TestBadArrivalsAreNamed(t *testing.T) {
	for row, reason := range map[string]string{
		",s1,2031-03-03T00:00:05Z,P,,,,":                            "arrival is empty",
		"a,,2031-03-03T00:00:05Z,P,,,,":                             "sensor is empty",
		"a,s1,,P,,,,":                                               "time is empty",
		"a,s1,yesterday,P,,,,":                                      `time is "yesterday", want RFC 3339`,
		"a,s1,1970-01-01T00:00:00Z,P,,,,":                           "before 1980 or after 2199: set the clock",
		"a,s1,2262-01-01T00:00:00Z,P,,,,":                           "set the clock",
		"a,s1,2031-03-03T00:00:05Z,boom,,,,":                        `phase is "boom", want acoustic, P or S`,
		"a,s1,2031-03-03T00:00:05Z,P,NaN,,,":                        `sigma_s is "NaN"`,
		"a,s1,2031-03-03T00:00:05Z,P,-1,,,":                         `sigma_s is "-1", want 0 to 1000`,
		"a,s1,2031-03-03T00:00:05Z,P,,400,,":                        `azimuth_deg is "400", want -360 to 360`,
		"a,s1,2031-03-03T00:00:05Z,P,,40,999,":                      "azimuth_sigma_deg",
		"a,s1,2031-03-03T00:00:05Z,P,,,,-3":                         "amplitude",
		"a,s1,2031-03-03T00:00:05Z,P,,,":                            "the row has 7 fields, the header 8",
		strings.Repeat("a", 300) + ",s1,2031-03-03T00:00:05Z,P,,,,": "arrival is longer than 256 bytes",
	} {
		sink := sourcetest.Check(t, observe, []byte(arrivals.ArrivalsShape+"\n"+row+"\nlast,s1,2031-03-03T00:00:09Z,P,,,,\n"))
		if len(sink.Observations) != 1 || len(sink.Rejections) != 1 || !strings.HasPrefix(sink.Reasons()[0], "2: ") || !strings.Contains(sink.Reasons()[0], reason) {
			t.Errorf("%.60s: %d read, %q, want %q", row, len(sink.Observations), sink.Reasons(), reason)
		}
	}
}

// TestRepeatedArrivals: of two rows of one id the first counts, whatever the other says.
func TestRepeatedArrivals(t *testing.T) {
	sink := sourcetest.Check(t, observe, []byte("arrival,sensor,time,phase\na,s1,2031-03-03T00:00:05Z,P\na,s2,2031-03-03T00:00:06Z,S\n"))
	if len(sink.Observations) != 1 || sink.Observations[0].Sensor != "s1" || len(sink.Rejections) != 1 || !strings.Contains(sink.Reasons()[0], "first in line 2") {
		t.Errorf("%d read, %q", len(sink.Observations), sink.Reasons())
	}
}

func TestSensorsAsObservations(t *testing.T) {
	sink := sourcetest.Check(t, stations, []byte("sensor,lat,lon,elev_m,since\ns1,-47.9,-21.6,120,\ns1,-47.8,-21.6,,2031-03-05\ns2,-47.7,-21.5,-3.5,2031-03-05T06:30:00Z\n"))
	if len(sink.Observations) != 3 || len(sink.Rejections) != 0 {
		t.Fatalf("%d read, rejected %q", len(sink.Observations), sink.Reasons())
	}
	o := sink.Observations[0]
	if o.Kind != truce.KindStation || o.Source != "arrivals" || o.Phenomenon != truce.Moment(arrivals.Always(), 0) || *o.Station != (truce.Station{Elevation: 120}) ||
		*o.Place != (geo.Position{Point: geo.Point{Lat: -47.9, Lon: -21.6}}) {
		t.Errorf("%+v at %+v", o, o.Place)
	}
	if from := sink.Observations[1].Phenomenon.From.String(); from != "2031-03-05T00:00:00.000000Z" {
		t.Errorf("moved at %s", from)
	}
	if sink.Observations[2].Station.Elevation != -3.5 {
		t.Errorf("%+v", sink.Observations[2].Station)
	}
}

func TestBadSensorsAreNamed(t *testing.T) {
	for row, reason := range map[string]string{
		",-47.9,-21.6,0,":         "sensor is empty",
		"s1,,-21.6,0,":            "latitude is empty",
		"s1,91,-21.6,0,":          "latitude",
		"s1,0,0,0,":               "both 0",
		"s1,-47.9,-21.6,99999,":   "elev_m",
		"s1,-47.9,-21.6,0,monday": "since is",
		"s0,-47.9,-21.6,0,":       "first in line 2",
	} {
		sink := sourcetest.Check(t, stations, []byte("sensor,lat,lon,elev_m,since\ns0,-47.9,-21.6,0,\n"+row+"\n"))
		if len(sink.Observations) != 1 || len(sink.Rejections) != 1 || !strings.Contains(sink.Reasons()[0], "3: ") || !strings.Contains(sink.Reasons()[0], reason) {
			t.Errorf("%s: %d read, %q, want %q", row, len(sink.Observations), sink.Reasons(), reason)
		}
	}
	sink := &sourcetest.Sink{}
	known := arrivals.Known{Bounds: &source.Box{West: 22, South: 44, East: 41, North: 53}}
	if err := arrivals.DecodeSensors(strings.NewReader("sensor,lat,lon\ns1,-47.9,-21.6\n"), "x", known, sink); err != nil || len(sink.Rejections) != 1 {
		t.Errorf("a sensor outside the mission's bounds: %v, %q", err, sink.Reasons())
	}
}

// TestTablesThatAreNoneAsObservations: they are refused with the header they should have.
func TestTablesThatAreNoneAsObservations(t *testing.T) {
	for _, test := range []struct {
		decode sourcetest.Decode
		text   string
		want   string
	}{
		{observe, "", "the file is empty"}, {observe, "sensor,lat,lon\n", "no column arrival: write arrival,sensor,time,phase"},
		{stations, "sensor,lat\n", "no column lon: write sensor,lat,lon,elev_m"}, {observe, "arrival,arrival\n", "stands twice"},
	} {
		if err := test.decode([]byte(test.text), &sourcetest.Sink{}); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v, want %q", test.text, err, test.want)
		}
	}
}

func TestNetworksAndTheirSources(t *testing.T) {
	north := arrivals.Known{Network: "north", Air: truce.FamilyInfrasound}
	infos := append(north.Infos(), north.Register())
	for i, want := range []truce.SourceID{"arrivals-north-infrasound", "arrivals-north-seismic", "arrivals-north"} {
		if err := infos[i].Validate(); err != nil || infos[i].ID != want || infos[i].Redistribute {
			t.Errorf("%+v: %v, want %s, which nobody passes on", infos[i], err, want)
		}
	}
	for _, bad := range []arrivals.Known{{Network: "North"}, {Network: "a b"}, {Network: strings.Repeat("n", 41)}, {Network: "acoustic"}, {Network: "north-seismic"}, {Network: "north-acoustic"}, {Network: "a-b-infrasound"}, {Network: "-a"}, {Air: truce.FamilyRadar}} {
		if err := bad.Validate(); truce.CodeOf(err) != truce.CodeInvalid || err == nil {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	for _, name := range []string{"north_acoustic", "seismic-north", "7", ""} {
		if err := (arrivals.Known{Network: name}).Validate(); err != nil {
			t.Error(err)
		}
	}
}

// FuzzObserve: every row is one arrival or one rejection, and no arrival id stands twice.
func FuzzObserve(f *testing.F) {
	for _, s := range []string{"a,s,2031-03-03T00:00:05Z,P,,,,\n", "a,s,2031-03-03T00:00:05Z,acoustic,.1,359.999,1e-9,2\na,s,x,P,,,,\n", "\"a\nb\",s,2031-03-03T00:00:05.9999999Z,S,,-0,,\n", ",,,,,,,\n\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, rows []byte) {
		sink := sourcetest.Check(t, observe, append([]byte(arrivals.ArrivalsShape+"\n"), rows...))
		for _, o := range sink.Observations {
			if a := o.Arrival; !(a.Azimuth >= 0 && a.Azimuth < 360) || o.Phenomenon.From < arrivals.Always() {
				t.Fatalf("%+v at %s", a, o.Phenomenon.From)
			}
		}
	})
}
