package mavlink

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/sourcetest"
)

// logOf writes messages of one system into a log, a tenth of a second apart.
func logOf(t testing.TB, messages ...*Message) []byte {
	t.Helper()
	var in []byte
	for i, m := range messages {
		in = binary.BigEndian.AppendUint64(in, 1_700_000_000_000_000+uint64(i)*100_000)
		var err error
		if in, err = (Frame{Version: 2, System: 7, Component: 1, Sequence: uint8(i)}).Append(in, m); err != nil {
			t.Fatal(err)
		}
	}
	return in
}

func observed(t testing.TB, cfg Config, in []byte) *sourcetest.Sink {
	t.Helper()
	return sourcetest.Check(t, func(in []byte, sink truce.Sink) error { return Decode(bytes.NewReader(in), "flight.tlog", cfg, sink) }, in)
}

var (
	drone = &Message{ID: 0, Heartbeat: &Heartbeat{Type: 2}}
	fixed = &Message{ID: 24, GPSRaw: &GPSRaw{Receiver: 1, Fix: 3, Lat: source.Told(48), Lon: source.Told(37), Alt: source.Told(200), HDOP: source.Told(.8), Satellites: source.Told(12), Speed: source.Told(10), Course: source.Told(90), VertSigma: source.Told(4), HorizSigma: source.Told(3)}}
	lost  = &Message{ID: 24, GPSRaw: &GPSRaw{Receiver: 1, Fix: 1}}
	here  = &Message{ID: 33, GlobalPosition: &GlobalPosition{Lat: source.Told(48.001), Lon: source.Told(37.001), Alt: source.Told(210), North: source.Told(3), East: source.Told(-4), Down: source.Told(1)}}
)

// TestPositions: the receiver's place until the filter has one, then the filter's with the fix
// behind it; each with its error.
func TestPositions(t *testing.T) {
	got := observed(t, Config{Network: "north"}, logOf(t, drone, fixed, here, fixed))
	var plots []truce.Observation
	for _, o := range got.Observations {
		if o.Plot != nil {
			plots = append(plots, o)
		}
	}
	if len(plots) != 2 || len(got.Rejections) != 0 {
		t.Fatalf("%d plots, %v", len(plots), got.Reasons())
	}
	raw, filter := plots[0], plots[1]
	if raw.Place.Point != (geo.Point{Lat: 48, Lon: 37}) || raw.Place.Error != geo.Isotropic(3) || raw.Plot.Class != "uav" || raw.Plot.Network != "north" ||
		*raw.Plot.Fix != (truce.Fix{Kind: truce.FixThree, Satellites: 12, HDOP: .8}) || *raw.Plot.Altitude != (truce.Altitude{Metres: 200, Datum: truce.DatumSea, Sigma: 4}) {
		t.Errorf("of the receiver: %+v, %+v", raw, raw.Plot)
	}
	if m := filter.Plot.Motion; filter.Place.Lat != 48.001 || m.SpeedMps != 5 || math.Abs(float64(m.Course)-306.87) > .01 || m.ClimbMps != -1 || filter.Plot.Fix == nil {
		t.Errorf("of the filter: %+v, %+v", filter.Plot, m)
	}
	if raw.Sensor != "sys-7" || fmt.Sprint(raw.Plot.Identities) != "[{sysid 7}]" || raw.Phenomenon.From.String() != "2023-11-14T22:13:20.100000Z" {
		t.Errorf("who and when: %s %v %s", raw.Sensor, raw.Plot.Identities, raw.Phenomenon.From)
	}
}

// TestNoPlaceIsMadeUp: without a fix, at the zero of both, out of range, out of bounds, without
// a time.
func TestNoPlaceIsMadeUp(t *testing.T) {
	zero := &Message{ID: 33, GlobalPosition: &GlobalPosition{Alt: source.Told(3)}}
	beyond := &Message{ID: 33, GlobalPosition: &GlobalPosition{Lat: source.Told(120), Lon: source.Told(37)}}
	untimed, err := Frame{Version: 2, System: 7}.Append(nil, here)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		in   []byte
		want string
	}{
		{"no fix", logOf(t, lost), ""},
		{"zero", logOf(t, zero), ""},
		{"out of range", logOf(t, beyond), "out of range"},
		{"out of bounds", logOf(t, here), "outside the mission's bounds"},
		{"no time", untimed, "1 positions have no time"},
	} {
		got := observed(t, Config{Bounds: &source.Box{West: 0, South: 0, East: 1, North: 1}}, test.in)
		for _, o := range got.Observations {
			if o.Plot != nil {
				t.Errorf("%s: a place %v was made up", test.name, o.Place)
			}
		}
		if told := strings.Join(got.Reasons(), ""); !strings.Contains(told, test.want) || test.want == "" && told != "" {
			t.Errorf("%s: %q, want %q", test.name, told, test.want)
		}
	}
}

// TestHealth: what is wrong with a system is told when it changes, and only then.
func TestHealth(t *testing.T) {
	well := &Message{ID: 1, SysStatus: &SysStatus{Present: 0x3f, Enabled: 0x3f, Healthy: 0x3f}}
	ill := &Message{ID: 1, SysStatus: &SysStatus{Present: 0x3f, Enabled: 0x3f, Healthy: 0x1b}}
	got := observed(t, Config{}, logOf(t, well, well, fixed, lost, lost, ill, ill, fixed, well))
	var told []string
	for _, o := range got.Observations {
		if o.Health != nil {
			told = append(told, string(o.Health.State)+" "+o.Health.Reason)
		}
	}
	want := []string{"up ", "degraded no satellite fix", "degraded not healthy: compass, satellite receiver; no satellite fix", "degraded not healthy: compass, satellite receiver", "up "}
	if fmt.Sprint(told) != fmt.Sprint(want) {
		t.Errorf("health %q, want %q", told, want)
	}
}

// TestAircraft: what a receiver on board hears is another source, as old as it says; only
// fields that are marked as valid are used, and what is simulated is refused.
func TestAircraft(t *testing.T) {
	a := ADSB{ICAO: 0x4b1812, Lat: source.Told(48), Lon: source.Told(37), Alt: source.Told(3000), Course: source.Told(270), Speed: source.Told(120), Climb: source.Told(-5), Squawk: 77, Callsign: "SWR123  ", Age: 3, Flags: adsbPlace | adsbAltitude | adsbHeading | adsbVelocity | adsbCallsign | adsbSquawk | adsbVertical}
	bare, played, nowhere := a, a, a
	bare.Flags, played.Flags, nowhere.Flags = adsbPlace, a.Flags|adsbSimulated, 0
	got := observed(t, Config{}, logOf(t, &Message{ID: 246, ADSB: &a}, &Message{ID: 246, ADSB: &bare}, &Message{ID: 246, ADSB: &played}, &Message{ID: 246, ADSB: &nowhere}))
	if len(got.Observations) != 2 || len(got.Rejections) != 1 || !strings.Contains(got.Reasons()[0], "4b1812 is marked as simulated") {
		t.Fatalf("%d observations, %v", len(got.Observations), got.Reasons())
	}
	full, least := got.Observations[0], got.Observations[1]
	if full.Source != ADSBID || full.Phenomenon.From.String() != "2023-11-14T22:13:17.000000Z" || fmt.Sprint(full.Plot.Identities) != "[{icao24 4b1812} {callsign SWR123} {squawk 0077}]" ||
		*full.Plot.Motion != (truce.Motion{SpeedMps: 120, Course: 270, ClimbMps: -5}) || full.Plot.Altitude.Datum != truce.DatumPressure {
		t.Errorf("%+v, %+v", full, full.Plot)
	}
	if least.Plot.Motion != nil || least.Plot.Altitude != nil || len(least.Plot.Identities) != 1 {
		t.Errorf("%+v", least.Plot)
	}
}

// TestSignedObservation: what was signed with the key is marked so.
func TestSignedObservation(t *testing.T) {
	key := bytes.Repeat([]byte{7}, 32)
	in, err := Frame{Version: 2, System: 7, Key: key, Stamp: 9}.Append(binary.BigEndian.AppendUint64(nil, 1.7e15), here)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		keys [][]byte
		want truce.Signature
	}{{[][]byte{key}, truce.SignatureValid}, {nil, truce.SignatureNone}} {
		if got := observed(t, Config{Options: Options{Keys: test.keys}}, in); len(got.Observations) != 1 || got.Observations[0].Signature != test.want {
			t.Errorf("%+v, want %s", got.Observations, test.want)
		}
	}
}

func TestFixAndClass(t *testing.T) {
	for kind, want := range map[int]truce.FixKind{0: truce.FixNone, 1: truce.FixNone, 2: truce.FixTwo, 3: truce.FixThree, 4: truce.FixBetter, 6: truce.FixBetter, 8: truce.FixThree} {
		if got := (&GPSRaw{Fix: kind}).fix(); *got != (truce.Fix{Kind: want}) {
			t.Errorf("fix %d: %+v, want %s", kind, got, want)
		}
	}
	for kind, want := range map[int]string{2: "uav", 10: "vehicle", 11: "ship", 6: "", 18: "", 26: ""} {
		if got := classOf(kind); got != want {
			t.Errorf("type %d is %q, want %q", kind, got, want)
		}
	}
	for _, test := range []struct {
		g    GPSRaw
		want geo.Metres
	}{{GPSRaw{HorizSigma: source.Told(2), HDOP: source.Told(9)}, 2}, {GPSRaw{HDOP: source.Told(2)}, 10}, {GPSRaw{}, FilterSigma}} {
		if got, _ := test.g.sigma(); got != test.want {
			t.Errorf("error %v, want %v", got, test.want)
		}
	}
}
