package mavlink

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// TestAnyPayload: whatever the numbers of valid frames are, what is given out can be recorded,
// and no place, height, error, speed or course beyond reason is given on.
func TestAnyPayload(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		in := binary.BigEndian.AppendUint64(nil, 1_700_000_000_000_000)
		in, err := (Frame{Version: 2, System: 7, Component: 1}).Append(in, drone)
		if err != nil {
			r.Fatal(err)
		}
		for i := range rapid.IntRange(1, 4).Draw(r, "frames") {
			m := &Message{ID: rapid.SampledFrom([]uint32{1, 24, 33, 74, 124, 193, 245, 246}).Draw(r, "id")}
			var room bodies
			m.body(&room).wire(&wire{b: rapid.SliceOfN(rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte{0, 0, 0xff, 0x7f, 0x80})), maxPayload, maxPayload).Draw(r, "payload")})
			if m.GPSRaw != nil { // a fix at a place: else nothing is given out
				m.GPSRaw.Fix, m.GPSRaw.Lat, m.GPSRaw.Lon = 3, source.Told(48), source.Told(37)
			}
			if g := m.GlobalPosition; g != nil {
				g.Lat, g.Lon = source.Told(48), source.Told(37)
			}
			if a := m.ADSB; a != nil {
				a.Lat, a.Lon, a.Flags = source.Told(48), source.Told(37), a.Flags&^adsbSimulated|adsbPlace
			}
			in = binary.BigEndian.AppendUint64(in, 1_700_000_000_000_000+uint64(i+1)*3_000_000)
			if in, err = (Frame{Version: 2, System: 7, Component: 1, Sequence: uint8(i + 1)}).Append(in, m); err != nil {
				r.Fatal(err)
			}
		}
		for _, o := range observed(t, Config{}, in).Observations {
			if o.Plot == nil {
				continue
			}
			if a := o.Plot.Altitude; a != nil && (math.Abs(float64(a.Metres)) > source.MaxAltitude || a.Sigma > source.MaxSigma) {
				r.Fatalf("height %+v", a)
			}
			if v := o.Plot.Motion; v != nil && (v.SpeedMps > 1000 || math.Abs(v.ClimbMps) > 1000 || v.SigmaMps > 1000) {
				r.Fatalf("motion %+v", v)
			}
			if s := math.Sqrt(o.Place.Error.EE); !(s > 0 && s <= source.MaxSigma) {
				r.Fatalf("error %g", s)
			}
		}
	})
}

// TestNotKnown: every value by which the standard (common.xml and ardupilotmega.xml, MAVLink
// project) says "not known" is left out of what is read.
func TestNotKnown(t *testing.T) {
	u16, i16 := []byte{0xff, 0xff}, []byte{0xff, 0x7f}
	for _, test := range []struct {
		id    uint32
		at    int // in the payload as it is sent
		bytes []byte
		field string
	}{
		{1, 14, u16, "battery_v"}, {1, 16, u16, "battery_a"}, {1, 30, []byte{0xff}, "battery_remaining_percent"},
		{24, 20, u16, "hdop"}, {24, 22, u16, "vdop"}, {24, 24, u16, "speed_mps"}, {24, 26, u16, "course_deg"}, {24, 29, []byte{0xff}, "satellites"},
		{24, 50, u16, "yaw_deg"}, {24, 50, []byte{0, 0}, "yaw_deg"}, {246, 16, []byte{0xa1, 0x8c}, "course_deg"}, {24, 26, []byte{0xa1, 0x8c}, "course_deg"}, {24, 50, []byte{0xa1, 0x8c}, "yaw_deg"},
		{33, 26, u16, "heading_deg"}, {33, 26, []byte{0xa1, 0x8c}, "heading_deg"},
		{109, 4, []byte{0xff}, "signal"}, {109, 5, []byte{0xff}, "remote_signal"}, {109, 7, []byte{0xff}, "noise"}, {109, 8, []byte{0xff}, "remote_noise"},
		{124, 24, u16, "hdop"}, {124, 26, u16, "vdop"}, {124, 28, u16, "speed_mps"}, {124, 30, u16, "course_deg"}, {124, 33, []byte{0xff}, "satellites"}, {124, 35, u16, "yaw_deg"},
		{147, 0, []byte{0xff, 0xff, 0xff, 0xff}, "consumed_mah"}, {147, 4, []byte{0xff, 0xff, 0xff, 0xff}, "consumed_j"}, {147, 8, i16, "temperature_c"},
		{147, 30, u16, "current_a"}, {147, 35, []byte{0xff}, "remaining_percent"}, {147, 36, make([]byte, 4), "time_left_s"},
	} {
		k, _ := knownOf(test.id)
		raw := bytes.Repeat([]byte{0x11}, int(k.max))
		for _, want := range []bool{true, false} {
			if !want {
				copy(raw[test.at:], test.bytes)
			}
			var room bodies
			m := &Message{ID: test.id}
			m.body(&room).wire(&wire{b: raw})
			if text := textOf(t, m); strings.Contains(text, `"`+test.field+`":`) != want {
				t.Errorf("message %d, %x at byte %d: %s is told %v, want %v in %s", test.id, test.bytes, test.at, test.field, !want, want, text)
			}
		}
	}
}

func textOf(t testing.TB, m *Message) string {
	t.Helper()
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestCourses: an angle of more than 360 degrees is none, and no course is made of it.
func TestCourses(t *testing.T) {
	odd := &Message{ID: 246, ADSB: &ADSB{ICAO: 1, Lat: source.Told(48), Lon: source.Told(37), Course: source.Told(400), Speed: source.Told(10), Flags: adsbPlace | adsbHeading | adsbVelocity}}
	got := observed(t, Config{}, logOf(t, odd))
	if len(got.Observations) != 1 || got.Observations[0].Plot.Motion != nil {
		t.Errorf("%+v", got.Observations[0].Plot.Motion)
	}
	north := *odd.ADSB
	north.Course = source.Told(360)
	got = observed(t, Config{}, logOf(t, &Message{ID: 246, ADSB: &north}))
	if len(got.Observations) != 1 || *got.Observations[0].Plot.Motion != (truce.Motion{SpeedMps: 10}) {
		t.Errorf("%+v", got.Observations)
	}
}
