package mavlink

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// TestThinLinks: fields lie where the definitions put them (common.xml, development.xml: the
// widest first), and are written back the same.
func TestThinLinks(t *testing.T) {
	for _, test := range []struct {
		id   uint32
		raw  []byte
		want string
	}{
		{235, []byte{1, 0, 0, 0, 0, 0x38, 0x9c, 0x1c, 0x80, 0xc0, 0x0d, 0x16, 4, 0, 200, 0, 0x9c, 0xff, 3, 0, 7, 0, 1, 0, 2, 3, 45, 90, 50, 60, 65, 100, 15, 135, 25, 40, 0xfb, 0xec, 80, 1, 0xff, 0},
			`{"timestamp_ms":1,"lat_deg":48,"lon_deg":37,"custom_mode":4,"altitude_msl_m":200,"target_altitude_msl_m":-100,"target_distance_m":30,"waypoint":7,"failures":1,"type":2,"autopilot":3,"heading_deg":90,"target_heading_deg":180,"throttle_percent":50,"airspeed_mps":12,"airspeed_set_mps":13,"speed_mps":20,"wind_mps":3,"wind_heading_deg":270,"horizontal_error_m":2.5,"vertical_error_m":4,"temperature_c":-5,"climb_mps":-2,"battery_percent":80,"custom":[1,-1,0]}`},
		{441, []byte{2, 0, 0, 0, 0xfa, 0, 0xff, 0xff, 1, 2, 3, 1, 2, 10, 9, 0xff, 0},
			`{"system_errors":2,"raim_horizontal_m":2.5,"receiver":1,"authentication_state":2,"jamming_state":3,"spoofing_state":1,"raim_state":2,"corrections_quality":10,"system_quality":9,"post_processing_quality":0}`},
	} {
		m := Message{ID: test.id}
		p := m.body(&bodies{})
		if k, _ := knownOf(test.id); len(test.raw) != int(k.max) {
			t.Fatalf("%s: %d bytes, want %d", k.name, len(test.raw), k.max)
		}
		p.wire(&wire{b: test.raw})
		if got, err := json.Marshal(p); err != nil || string(got) != test.want {
			t.Errorf("message %d: %s, want %s, %v", test.id, got, test.want, err)
		}
		w := wire{writing: true}
		if p.wire(&w); !bytes.Equal(w.b, test.raw) {
			t.Errorf("message %d is written %x, want %x", test.id, w.b, test.raw)
		}
	}
}

// TestHighLatencyIsAPlace: with its own error, and only where it tells a place.
func TestHighLatencyIsAPlace(t *testing.T) {
	told := &Message{ID: 235, HighLatency: &HighLatency{Type: 2, Lat: source.Told(48), Lon: source.Told(37), Alt: source.Told(200), HorizError: source.Told(2.5)}}
	plain := &Message{ID: 235, HighLatency: &HighLatency{Lat: source.Told(48), Lon: source.Told(37)}}
	none := &Message{ID: 235, HighLatency: &HighLatency{}}
	got := observed(t, Config{}, logOf(t, told, plain, none))
	if len(got.Observations) != 2 || len(got.Rejections) != 0 {
		t.Fatalf("%+v, %v", got.Observations, got.Reasons())
	}
	one, two := got.Observations[0], got.Observations[1]
	if one.Place.Point != (geo.Point{Lat: 48, Lon: 37}) || one.Place.Error != geo.Isotropic(2.5) || one.Plot.Class != "uav" || one.Plot.Altitude.Metres != 200 {
		t.Errorf("%+v %+v", one, one.Plot)
	}
	if two.Place.Error != geo.Isotropic(FilterSigma) {
		t.Errorf("no error told: %v", two.Place.Error)
	}
}

// TestIntegrityIsHealth: jamming and spoofing degrade the system, and their end ends that.
func TestIntegrityIsHealth(t *testing.T) {
	say := func(jam, spoof int) *Message {
		return &Message{ID: 441, Integrity: &Integrity{Jamming: jam, Spoofing: spoof}}
	}
	got := observed(t, Config{}, logOf(t, say(1, 1), say(3, 1), say(3, 1), say(3, 2), say(0, 0), say(9, 9)))
	var told []string
	for _, o := range got.Observations {
		told = append(told, fmt.Sprint(o.Health.State, " ", o.Health.Reason))
	}
	want := "[up  degraded satellite navigation is jammed degraded satellite navigation is spoofed up ]"
	if fmt.Sprint(told) != want {
		t.Errorf("%v, want %v", told, want)
	}
}

// TestHeardDronesArePlots: another drone's place is one, with its names while they are fresh, its
// own error and its own time; the sender's is none, and neither is what tells no place.
func TestHeardDronesArePlots(t *testing.T) {
	const from = "0a0b0c0d0e0f"
	name := &Message{ID: 12900, RemoteBasic: &RemoteBasic{To: RemoteTo{From: from}, Kind: 1, Type: 2, Name: "SN1"}}
	place := func(from string) *Message {
		return &Message{ID: 12901, RemoteLocation: &RemoteLocation{To: RemoteTo{From: from}, Lat: source.Told(48), Lon: source.Told(37), Height: source.Told(120),
			Second: source.Told(799.5), Speed: source.Told(10), Course: source.Told(90), Climb: source.Told(-2), Status: 2, Accuracy: [5]int{10}}}
	}
	empty := &Message{ID: 12901, RemoteLocation: &RemoteLocation{To: RemoteTo{From: from}}}
	got := observed(t, Config{Network: "north"}, logOf(t, name, place(from), place(""), empty, place("0102")))
	if len(got.Observations) != 2 || len(got.Rejections) != 0 {
		t.Fatalf("%+v, %v", got.Observations, got.Reasons())
	}
	o := got.Observations[0]
	if o.Source != RemoteID || o.Sensor != "sys-7" || fmt.Sprint(o.Plot.Identities) != "[{serial SN1} {transmitter 0a:0b:0c:0d:0e:0f}]" || o.Plot.Network != "north" || o.Plot.Class != "uav" {
		t.Errorf("who: %+v %+v", o, o.Plot)
	}
	if o.Place.Point != (geo.Point{Lat: 48, Lon: 37}) || o.Place.Error != geo.Isotropic(10/within95) || *o.Plot.Altitude != (truce.Altitude{Metres: 120, Datum: truce.DatumEllipsoid}) {
		t.Errorf("where: %+v %+v", o.Place, o.Plot.Altitude)
	}
	if m := o.Plot.Motion; m.SpeedMps != 10 || math.Abs(float64(m.Course)-90) > 1e-9 || m.ClimbMps != -2 {
		t.Errorf("motion: %+v", m)
	}
	if at := o.Phenomenon.From.String(); at != "2023-11-14T22:13:19.500000Z" {
		t.Errorf("when: %s", at)
	}
	if other := got.Observations[1]; fmt.Sprint(other.Plot.Identities) != "[{transmitter 0102}]" {
		t.Errorf("another's name: %v", other.Plot.Identities)
	}
}

// TestSecondOfTheHour: the hour is that nearest to the message, over both of its ends.
func TestSecondOfTheHour(t *testing.T) {
	const second, hour = truce.Instant(1_000_000), truce.Instant(3_600_000_000)
	for _, test := range []struct {
		message, want truce.Instant
		second        source.Value
	}{
		{10*hour + 100*second, 10*hour + 99*second, source.Told(99)},
		{10*hour + second, 10*hour - second, source.Told(3599)},
		{10*hour - second, 10*hour + second, source.Told(1)},
		{10 * hour, 10 * hour, source.Value{}},
		{10 * hour, 10*hour + 120*second, source.Told(120)},
		{10 * hour, 10 * hour, source.Told(121)},
		{10 * hour, 10 * hour, source.Told(4000)},
		{0, 0, source.Told(5)},
	} {
		if got := (&RemoteLocation{Second: test.second}).at(test.message); got != test.want {
			t.Errorf("%v in %v: %v, want %v", test.second, test.message, got, test.want)
		}
	}
}
