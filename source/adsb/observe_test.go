package adsb_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/adsb"
	"github.com/trucewatch/truce/source/sourcetest"
)

func decoder(cfg adsb.Config) sourcetest.Decode {
	return func(in []byte, sink truce.Sink) error {
		return adsb.Decode(strings.NewReader(string(in)), "feed.bin", cfg, sink)
	}
}

// approach is the feed of a light aircraft: who it is, how good its GNSS, where and how fast.
func approach(t testing.TB) string {
	t.Helper()
	const address = 0x4b1812
	var lines []string
	for i, m := range []interface{ Frame() (adsb.Frame, error) }{
		adsb.Identification{Address: address, Category: adsb.Category{'A', '1'}, Callsign: "MONITOR1"},
		adsb.Operation{Address: address, NACp: 9, SIL: 3},
		adsb.Velocity{Address: address, SpeedKt: 100, TrackDeg: 90, ClimbFpm: -640, NACv: 2},
		adsb.Position{Address: address, At: geo.Point{Lat: 48.5, Lon: 37.5}, TypeCode: 12, AltitudeFt: 2000},
		adsb.Position{Address: address, At: geo.Point{Lat: 48.5, Lon: 37.5}, Odd: true, TypeCode: 12, AltitudeFt: 2000},
	} {
		f, err := m.Frame()
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("193000000%d,%s", i, f))
	}
	return strings.Join(lines, "\n") + "\n"
}

// TestPlotOfAPosition: one position becomes one plot with all that the aircraft has said.
func TestPlotOfAPosition(t *testing.T) {
	sink := sourcetest.Check(t, decoder(adsb.Config{Sensor: "rx-1", Network: "north"}), []byte(approach(t)+"*00;\n"))
	if len(sink.Observations) != 1 || len(sink.Rejections) != 1 {
		t.Fatalf("%d plots, %q", len(sink.Observations), sink.Reasons())
	}
	o := sink.Observations[0]
	p := o.Plot
	if o.Sensor != "rx-1" || p.Network != "north" || p.Means != truce.MeansSelf || p.Class != "fixed_wing" || p.Ground || o.Phenomenon.From != 1_930_000_004_000_000 || o.Origin.Line != 5 {
		t.Errorf("%+v, %+v", o, p)
	}
	if got := fmt.Sprint(p.Identities); got != "[{icao24 4b1812} {callsign MONITOR1}]" {
		t.Errorf("identities %s", got)
	}
	if m := p.Motion; m == nil || math.Abs(m.SpeedMps-51.44) > .01 || m.Course != 90 || math.Abs(m.ClimbMps+3.2512) > 1e-9 || math.Abs(m.SigmaMps-1.2256) > 1e-4 {
		t.Errorf("motion %+v", p.Motion)
	}
	if a := p.Altitude; a == nil || math.Abs(float64(a.Metres)-609.6) > 1e-9 || a.Datum != truce.DatumPressure || a.Sigma <= 0 {
		t.Errorf("altitude %+v", p.Altitude)
	}
	if sigma := math.Sqrt(o.Place.Error.EE); math.Abs(sigma-math.Hypot(30/2.4477, 1.5)) > .01 || p.Fix == nil || p.Fix.Kind != truce.FixThree {
		t.Errorf("sigma %g m, fix %+v; NACp 9 is 30 m with 95 %%", sigma, p.Fix)
	}
	if geo.Distance(o.Place.Point, geo.Point{Lat: 48.5, Lon: 37.5}) > 6 {
		t.Errorf("place %v", o.Place.Point)
	}
}

// TestBaseStationRows reads the rows of a receiver's program, in its own zone.
func TestBaseStationRows(t *testing.T) {
	rows := "MSG,1,1,1,4840D6,1,2031/03/03,12:00:00.000,2031/03/03,12:00:00.100,KLM1023,,,,,,,,,,,\r\n" +
		"MSG,4,1,1,4840D6,1,2031/03/03,12:00:00.500,,,,,159,182.5,,,-832,,,,,\r\n" +
		"STA,,5,179,400AE7,10103,2031/03/03,12:00:00.600,,,RM\r\n" +
		"MSG,6,1,1,4840D6,1,2031/03/03,12:00:00.700,,,,,,,,,,71,0,0,0,0\r\n" +
		"MSG,3,1,1,4840D6,1,2031/03/03,12:00:01.250,,,,3800,,,48.50000,37.50000,,,0,0,0,0\r\n" +
		"MSG,3,1,1,4840D6,1,2031/03/03,12:00:02.250,,,,3800,,,0,0,,,0,0,0,0\r\n" +
		"MSG,3,1,1,4840D6,1,2031/03/03,12:00:03.250,,,,3800,,,49.5,37.5,,,0,0,0,0\r\n" +
		"MSG,2,1,1,4840D7,1,2031/03/03,12:00:03.250,,,,,12,360,48.6,37.6,,,0,0,0,-1\r\n"
	cfg := adsb.Config{Options: adsb.Options{Zone: time.FixedZone("", 7200)}}
	sink := sourcetest.Check(t, decoder(cfg), []byte(rows))
	if len(sink.Observations) != 2 || len(sink.Rejections) != 0 {
		t.Fatalf("%d plots, %q", len(sink.Observations), sink.Reasons())
	}
	o := sink.Observations[0]
	if got := fmt.Sprint(o.Plot.Identities); got != "[{icao24 4840d6} {callsign KLM1023} {squawk 0071}]" {
		t.Errorf("identities %s", got)
	}
	if o.Phenomenon.From.String() != "2031-03-03T10:00:01.250000Z" || o.Plot.Motion == nil || o.Plot.Motion.Course != 182.5 || o.Plot.Fix != nil {
		t.Errorf("%s, motion %+v, fix %v", o.Phenomenon.From, o.Plot.Motion, o.Plot.Fix)
	}
	if o := sink.Observations[1]; !o.Plot.Ground || o.Plot.Motion.Course != 0 || o.Plot.Altitude != nil {
		t.Errorf("on the ground: %+v", o.Plot)
	}
}

// TestDecodeRefuses: no time is an error that says what to do, and so are senseless settings.
func TestDecodeRefuses(t *testing.T) {
	var lines []string
	for i, line := range strings.Split(strings.TrimSpace(approach(t)), "\n") {
		_, frame, _ := strings.Cut(line, ",")
		lines = append(lines, fmt.Sprintf("@%012x%s;", 1+i*12_000_000, frame))
	}
	in := []byte(strings.Join(lines, "\n"))
	err := decoder(adsb.Config{})(in, &sourcetest.Sink{})
	if truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), "feed.bin: byte 172: the messages bring no time; say when the feed starts") {
		t.Errorf("without a time: %v", err)
	}
	when := truce.InstantOf(time.Date(2031, 3, 3, 12, 0, 0, 0, time.UTC))
	sink := sourcetest.Check(t, decoder(adsb.Config{Options: adsb.Options{Start: when}}), in)
	if len(sink.Observations) != 1 || sink.Observations[0].Phenomenon.From != when+4_000_000 {
		t.Errorf("with a start: %+v", sink.Observations)
	}
	sink = sourcetest.Check(t, decoder(adsb.Config{Options: adsb.Options{Start: 5}}), in)
	if len(sink.Observations) != 0 || len(sink.Rejections) != 1 || !strings.Contains(sink.Rejections[0].Reason, "set the clock") {
		t.Errorf("in 1970: %d plots, %q", len(sink.Observations), sink.Reasons())
	}
	for _, cfg := range []adsb.Config{{Sensor: "a b"}, {Bounds: &source.Box{South: 1}}, {Options: adsb.Options{Range: 1}}} {
		if err := decoder(cfg)(nil, &sourcetest.Sink{}); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%+v: %v", cfg, err)
		}
	}
	box, err := source.ParseBox("0,0,10,10")
	if err != nil {
		t.Fatal(err)
	}
	if sink := sourcetest.Check(t, decoder(adsb.Config{Bounds: box}), []byte(approach(t))); len(sink.Observations)+len(sink.Rejections) != 0 {
		t.Errorf("outside the bounds: %+v", sink)
	}
	if err := adsb.Info().Validate(); err != nil || adsb.Info().Redistribute {
		t.Errorf("%v, redistribute %v", err, adsb.Info().Redistribute)
	}
}

// TestSharedPlots: the shared flight gives a plot for every position, all of one aircraft.
func TestSharedPlots(t *testing.T) {
	sink := sourcetest.Check(t, decoder(adsb.Config{}), sourcetest.Open(t, "adsb/sample_data_adsb.csv"))
	named := 0
	for _, o := range sink.Observations {
		if o.Plot.Identities[0] != (truce.Identity{Scheme: "icao24", Value: "406b90"}) {
			t.Fatalf("%+v", o.Plot.Identities)
		}
		if len(o.Plot.Identities) > 1 && o.Plot.Identities[1].Value == "EZY85MH" {
			named++
		}
	}
	if len(sink.Observations) != 933 || len(sink.Rejections) != 0 || named < 900 {
		t.Errorf("%d plots, %d with the callsign, %d rejections", len(sink.Observations), named, len(sink.Rejections))
	}
}
