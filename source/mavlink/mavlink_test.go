package mavlink

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/sourcetest"
)

// read gives the messages of a stream in JSON and its damage in words.
func read(t testing.TB, src io.Reader, o Options) (messages, damage []string) {
	t.Helper()
	return sourcetest.Messages(t, NewReader(src, o).Next)
}

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The frames below were made by the reference implementation of ArduPilot, from values that
// stand in the expected text.
const (
	heartbeat2 = "fd0900002a07010000000500000002035104034535"
	heartbeat1 = "fe092a07010005000000020351040320eb"
)

// TestFramesOfTheReference: version 1 and 2, zeros cut off, extensions, sentinels.
func TestFramesOfTheReference(t *testing.T) {
	for _, test := range []struct{ frame, want string }{
		{heartbeat2, `{"offset":0,"mavlink":2,"system":7,"component":1,"sequence":42,"message_id":0,"message":"heartbeat","heartbeat":{"custom_mode":5,"type":2,"autopilot":3,"base_mode":81,"system_status":4,"mavlink_version":3}}`},
		{heartbeat1, `{"offset":0,"mavlink":1,"system":7,"component":1,"sequence":42,"message_id":0,"message":"heartbeat","heartbeat":{"custom_mode":5,"type":2,"autopilot":3,"base_mode":81,"system_status":4,"mavlink_version":3}}`},
		{"fd2c00002a070118000000401e18240a0600870eaf1c0797201640e201005a008c00e2043223030e3886020008070000c40900002c01d43f", `{"offset":0,"time":"2023-11-14T22:13:20.000000Z","mavlink":2,"system":7,"component":1,"sequence":42,"message_id":24,"message":"gps_raw_int","gps_raw":{"receiver":1,"time_us":1700000000000000,"fix_type":3,"satellites":14,"lat_deg":48.1234567,"lon_deg":37.1234567,"altitude_msl_m":123.456,"hdop":0.9,"vdop":1.4,"speed_mps":12.5,"course_deg":90.1,"height_ellipsoid_m":165.432,"horizontal_sigma_m":1.8,"vertical_sigma_m":2.5,"speed_sigma_mps":0.3}}`},
		{"fd1c00002a070121000088130000870eaf1cf968dfe940e201002909000088ff5e010f00ffff88bb", `{"offset":0,"mavlink":2,"system":7,"component":1,"sequence":42,"message_id":33,"message":"global_position_int","global_position":{"time_boot_ms":5000,"lat_deg":48.1234567,"lon_deg":-37.1234567,"altitude_msl_m":123.456,"altitude_ground_m":2.345,"north_mps":-1.2,"east_mps":3.5,"down_mps":0.15}}`},
		{"fd2600002a0701f6000012184b00407aab1cc0021d1640822e007869e02e0cfebf00b0040053575231323300000003029e3f", `{"offset":0,"mavlink":2,"system":7,"component":1,"sequence":42,"message_id":246,"message":"adsb_vehicle","adsb_vehicle":{"icao24":4921362,"lat_deg":48.1,"lon_deg":37.1,"altitude_m":3048,"course_deg":270,"speed_mps":120,"climb_mps":-5,"flags":191,"squawk":1200,"altitude_type":0,"callsign":"SWR123","emitter_type":3,"age_s":2}}`},
		{"fd1300002a0701fd000004454b4633206c616e65207377697463682031dab6", `"statustext":{"severity":4,"text":"EKF3 lane switch 1"}`},
		{"fd2300002a07017c0000405489000000000080969800002d310130750000bc020000ffffffffffffffff04ff05f7b1", `"gps_raw":{"receiver":2,"time_us":9000000,"fix_type":4,"lat_deg":1,"lon_deg":2,"altitude_msl_m":30,"differential_age_ms":700,"differential_satellites":5}`},
		{"fd1f00002a07010100002f0000002f0000000f000000f4013831ffff960002000000000000000000ff0717", `"sys_status":{"sensors_present":47,"sensors_enabled":47,"sensors_healthy":15,"load_percent":50,"battery_v":12.6,"link_drop_percent":1.5,"link_errors":2,"errors":[0,0,0,0],"sensors_extended":[0,0,0]}`},
		{"fe2b2a0701012f0000002f0000000f000000f4013831ffff960002000000000000000000ff0000000000000000000000007585", `"mavlink":1,"system":7,"component":1,"sequence":42,"message_id":1,"message":"sys_status"`}, // version 1 with its extensions
		{"fd2d00002a0701b4000000401e18240a0600407aab1cc0021d1600801643000049420000803f00000040000040400000c0410900010001f412", `"camera_feedback":{"time_us":1700000000000000,"lat_deg":48.1,"lon_deg":37.1,"altitude_msl_m":150.5,"altitude_ground_m":50.25,"roll_deg":1,"pitch_deg":2,"yaw_deg":3,"focal_length_mm":24,"picture":9,"target_system":1,"camera":0,"flags":1}`},
	} {
		messages, damage := read(t, bytes.NewReader(unhex(t, test.frame)), Options{})
		if len(messages) != 1 || len(damage) != 0 || !strings.Contains(messages[0], test.want) {
			t.Errorf("%s: %v, damage %v, want %s", test.frame, messages, damage, test.want)
		}
	}
}

// TestSignature: a frame that the reference signed is taken with its key, once; not with
// another key, and without a key it is marked.
func TestSignature(t *testing.T) {
	signed := unhex(t, "fd0901002a0701000000050000000203510403a2cd03141a99be1c006f3147f98412")
	key, other := make([]byte, 32), make([]byte, 32)
	for i := range key {
		key[i] = byte(i)
	}
	plain := unhex(t, heartbeat2)
	for _, test := range []struct {
		name   string
		in     []byte
		o      Options
		states string
		want   string
	}{
		{"with the key", signed, Options{Keys: [][]byte{other, key}}, "valid", ""},
		{"sent again", append(signed[:len(signed):len(signed)], signed...), Options{Keys: [][]byte{key}}, "valid", "byte 34: the signature of message 0 (heartbeat) of system 7 is not newer"},
		{"another key", signed, Options{Keys: [][]byte{other}}, "", "byte 0: the signature of message 0 (heartbeat) of system 7 is of none of the keys (34 bytes"},
		{"no key", signed, Options{}, "unchecked", ""},
		{"not signed", plain, Options{Keys: [][]byte{key}}, "", ""},
		{"must be signed", plain, Options{Keys: [][]byte{key}, SignedOnly: true}, "", "byte 0: message 0 (heartbeat) of system 7 is not signed"},
	} {
		messages, damage := read(t, bytes.NewReader(test.in), test.o)
		if told := strings.Join(damage, "; "); !strings.HasPrefix(told, test.want) || test.want == "" && told != "" {
			t.Errorf("%s: damage %q, want %q", test.name, told, test.want)
		}
		for _, m := range messages {
			if has := strings.Contains(m, `"signature":"`+test.states+`"`); has != (test.states != "") {
				t.Errorf("%s: %s, want %q", test.name, m, test.states)
			}
		}
		if want := 1; len(messages) != want && test.states != "" {
			t.Errorf("%s: %d messages", test.name, len(messages))
		}
	}
	m := &Message{ID: 0, Heartbeat: &Heartbeat{Mode: 5, Type: 2, Autopilot: 3, BaseMode: 81, Status: 4, Protocol: 3}}
	got, err := Frame{Version: 2, System: 7, Component: 1, Sequence: 42, Key: key, Link: 3, Stamp: 123456789012}.Append(nil, m)
	if err != nil || !bytes.Equal(got, signed) {
		t.Errorf("written %x, %v, want %x", got, err, signed)
	}
	for _, o := range []Options{{Keys: [][]byte{key[:31]}}, {SignedOnly: true}, {Keys: make([][]byte, MaxKeys+1)}} {
		if err := NewReader(nil, o).Next(&Message{}); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%d keys: %v", len(o.Keys), err)
		}
	}
}

// TestDamagedCapture: no frame of the capture is whole, so none is read and no position told.
func TestDamagedCapture(t *testing.T) {
	in := sourcetest.Open(t, "mav/capture.mavlink")
	for _, format := range []Format{FormatAuto, FormatRaw, FormatTlog} {
		messages, damage := read(t, bytes.NewReader(in), Options{Format: format})
		if len(messages) != 0 || len(damage) == 0 {
			t.Errorf("%s: %d messages, %d stretches of damage", format, len(messages), len(damage))
		}
		passed := 0
		for _, d := range damage {
			n := 0
			if _, err := fmt.Sscanf(d[strings.LastIndex(d, "("):], "(%d bytes", &n); err != nil {
				t.Fatal(err)
			}
			passed += n
		}
		if passed != len(in) {
			t.Errorf("%s: %d of %d bytes accounted for: %v", format, passed, len(in), damage)
		}
	}
	sink := sourcetest.Check(t, func(in []byte, sink truce.Sink) error {
		return Decode(bytes.NewReader(in), "capture.mavlink", Config{}, sink)
	}, in)
	if len(sink.Observations) != 0 || len(sink.Rejections) == 0 {
		t.Errorf("%d observations, %d rejections", len(sink.Observations), len(sink.Rejections))
	}
}

// TestOneFrameAndStrayBytes: the log has one valid frame; the fourteen bytes behind it are
// damage. Its time counts from the start of the vehicle and is no time of day.
func TestOneFrameAndStrayBytes(t *testing.T) {
	messages, damage := read(t, bytes.NewReader(sourcetest.Open(t, "mav/capture_mav2_battery_status.tlog")), Options{})
	if len(messages) != 1 || fmt.Sprint(damage) != "[byte 56: no frame begins here (14 bytes passed over)]" {
		t.Fatalf("messages %v, damage %v", messages, damage)
	}
	if want := `{"offset":0,"mavlink":2,"system":1,"component":1,"sequence":172,"message_id":147,"message":"battery_status","battery_status":{"battery":0,"function":0,"type":0,"consumed_mah":0,"consumed_j":0,"cells_v":[12.587,null,`; !strings.HasPrefix(messages[0], want) {
		t.Errorf("%s, want %s", messages[0], want)
	}
}

// TestDamage: whatever lies between valid frames is told once, and the frames are read.
func TestDamage(t *testing.T) {
	a, b := unhex(t, heartbeat2), unhex(t, heartbeat1)
	bent := bytes.Clone(a)
	bent[15] ^= 1
	flagged := bytes.Clone(a)
	flagged[2] = 4
	strange := bytes.Clone(a)
	strange[7], strange[8] = 0x39, 0x30 // 12345
	short := append([]byte{magic1, 3, 0, 1, 1, 0, 1, 2, 3}, 0, 0)
	for _, test := range []struct {
		name string
		in   [][]byte
		read int
		want string
	}{
		{"two", [][]byte{a, b}, 2, ""},
		{"noise", [][]byte{[]byte("noise"), a, []byte("\xfe\xfd\x00"), b}, 2, "byte 0: no frame begins here (5 bytes passed over); byte 26: the stream ends inside a frame (3 bytes passed over)"},
		{"a wrong checksum", [][]byte{bent, b}, 1, "byte 0: message 0 (heartbeat) has checksum 0x3545, want "},
		{"a flag", [][]byte{flagged, b}, 1, "byte 0: a frame has incompatibility flags 0x4, of which only 0x1 is known (21 bytes"},
		{"an unknown message", [][]byte{strange, strange, b}, 1, "byte 0: message 12345 is of no known dialect: its checksum cannot be checked (21 bytes"},
		{"a length", [][]byte{short, a}, 1, "byte 0: message 0 (heartbeat) has 3 bytes, want 9 (11 bytes"},
		{"an end inside", [][]byte{a, b[:9]}, 1, "byte 21: the stream ends inside a frame (9 bytes"},
		{"a long stretch", [][]byte{make([]byte, 3*maxStretch), a}, 1, "byte 0: no frame begins here"},
		{"nothing", nil, 0, ""},
	} {
		for _, slow := range []bool{false, true} {
			var src io.Reader = bytes.NewReader(bytes.Join(test.in, nil))
			if slow && len(test.in) < 4 {
				src = iotest.OneByteReader(src)
			}
			messages, damage := read(t, src, Options{})
			told := strings.Join(damage, "; ")
			if len(messages) != test.read || !strings.HasPrefix(told, test.want) || test.want == "" && told != "" {
				t.Errorf("%s: %d messages, damage %q, want %d and %q", test.name, len(messages), told, test.read, test.want)
			}
		}
	}
	r := NewReader(bytes.NewReader(bytes.Join([][]byte{strange, strange, b}, nil)), Options{})
	for r.Next(&Message{}) != io.EOF {
		continue
	}
	if got := r.Unknown()[12345]; got != 2 {
		t.Errorf("%d unknown messages, want 2", got)
	}
}

// TestLogs: the time before each frame is that of the message, and missing frames are counted.
func TestLogs(t *testing.T) {
	var in []byte
	for i, seq := range []uint8{254, 255, 2} {
		in = binary.BigEndian.AppendUint64(in, 1_700_000_000_000_000+uint64(i)*1_000_000)
		var err error
		if in, err = (Frame{Version: 2, System: 1, Component: 1, Sequence: seq}).Append(in, &Message{ID: 245, Landed: &Landed{State: 2}}); err != nil {
			t.Fatal(err)
		}
	}
	messages, damage := read(t, bytes.NewReader(in), Options{})
	if len(messages) != 3 || len(damage) != 0 {
		t.Fatalf("messages %v, damage %v", messages, damage)
	}
	if !strings.Contains(messages[1], `"time":"2023-11-14T22:13:21.000000Z"`) || strings.Contains(messages[1], "missing") || !strings.Contains(messages[2], `"missing_before":2`) {
		t.Errorf("messages %v", messages)
	}
	if _, damage = read(t, bytes.NewReader(in), Options{Format: FormatRaw}); len(damage) != 3 {
		t.Errorf("as raw frames: damage %v", damage)
	}
}

// TestClock: what counts from the start of the vehicle has a time once the vehicle said what
// its clock shows, and the time of arrival before.
func TestClock(t *testing.T) {
	now := truce.Instant(1_600_000_000_000_000)
	for _, test := range []struct {
		now  func() truce.Instant
		want string
	}{{nil, "[0 1700000000000000 1700000004000000]"}, {func() truce.Instant { return now }, "[1600000000000000 1700000000000000 1700000004000000]"}} {
		var in []byte
		for _, m := range []*Message{
			{ID: 30, Attitude: &Attitude{BootMs: 900}},
			{ID: 2, SystemTime: &SystemTime{UnixUs: 1_700_000_000_000_000, BootMs: 1000}},
			{ID: 33, GlobalPosition: &GlobalPosition{BootMs: 5000}},
		} {
			var err error
			if in, err = (Frame{Version: 1, System: 1}).Append(in, m); err != nil {
				t.Fatal(err)
			}
		}
		r := NewReader(bytes.NewReader(in), Options{Now: test.now})
		var got []truce.Instant
		var m Message
		for r.Next(&m) == nil {
			got = append(got, m.Time)
		}
		if text := fmt.Sprint(micros(got)); text != test.want {
			t.Errorf("times %s, want %s", text, test.want)
		}
	}
}

func micros(in []truce.Instant) (out []int64) {
	for _, t := range in {
		out = append(out, int64(t))
	}
	return out
}

// ids are the messages whose payload is read.
var ids = []uint32{0, 1, 2, 24, 25, 30, 31, 32, 33, 74, 109, 112, 124, 127, 128, 147, 166, 180, 193, 245, 246, 253, 263, 12900, 12901, 12904, 12905}

// TestRoundTrip: any payload of any message that is read is written again as it was, in both
// versions, and of the length that its definition has.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.SampledFrom(ids).Draw(t, "id")
		k, _ := knownOf(id)
		raw := rapid.SliceOfN(rapid.Byte(), int(k.max), int(k.max)).Draw(t, "payload")
		var first, again bodies
		m := &Message{ID: id}
		m.body(&first).wire(&wire{b: raw})
		version := 2
		if id < 256 { // version 1 has no room for greater numbers
			version = rapid.IntRange(1, 2).Draw(t, "version")
		}
		in, err := Frame{Version: version, System: 9, Component: 8, Sequence: 7}.Append(nil, m)
		if err != nil {
			t.Fatal(err)
		}
		r := NewReader(bytes.NewReader(in), Options{})
		var back Message
		if err := r.Next(&back); err != nil {
			t.Fatalf("%x: %v", in, err)
		}
		in2, err := Frame{Version: version, System: 9, Component: 8, Sequence: 7}.Append(nil, &back)
		if err != nil || !bytes.Equal(in, in2) {
			t.Fatalf("written %x, then %x, %v", in, in2, err)
		}
		if version == 1 {
			return // extensions are not sent
		}
		want := &Message{ID: id}
		w := wire{writing: true}
		m.carried().wire(&w)
		if len(w.b) != int(k.max) {
			t.Fatalf("%s is written in %d bytes, want %d", k.name, len(w.b), k.max)
		}
		want.body(&again).wire(&wire{b: w.b})
		a, errA := json.Marshal(back.carried())
		b, errB := json.Marshal(want.carried())
		if errA != nil || errB != nil || string(a) != string(b) {
			t.Fatalf("%s, want %s; %v %v", a, b, errA, errB)
		}
	})
}

// TestEveryPayloadIsListed: each message that is read is one of the table, and each field of
// Message that holds a payload can be carried.
func TestEveryPayloadIsListed(t *testing.T) {
	var room bodies
	seen := map[string]bool{}
	for id := range uint32(13_000) {
		m := Message{ID: id}
		if m.body(&room) == nil {
			continue
		}
		if _, known := knownOf(id); !known || m.carried() == nil {
			t.Errorf("message %d is read but not listed or not carried", id)
		}
		seen[reflect.TypeOf(m.carried()).Elem().Name()] = true
	}
	if len(seen) != reflect.TypeOf(bodies{}).NumField() {
		t.Errorf("%d kinds of payload are read, there is room for %d", len(seen), reflect.TypeOf(bodies{}).NumField())
	}
	for i := 1; i < len(messages); i++ {
		if messages[i-1].id >= messages[i].id || messages[i].min > messages[i].max {
			t.Errorf("table of messages: %v behind %v", messages[i], messages[i-1])
		}
	}
}

func TestFrameRefuses(t *testing.T) {
	for _, test := range []struct {
		f Frame
		m Message
	}{{Frame{Version: 2}, Message{ID: 77}}, {Frame{Version: 2}, Message{ID: 9999, Landed: &Landed{}}}, {Frame{Version: 1, Key: make([]byte, 32)}, Message{Heartbeat: &Heartbeat{}}}, {Frame{Version: 2, Key: make([]byte, 3)}, Message{Heartbeat: &Heartbeat{}}}, {Frame{Version: 1}, Message{ID: 12901, Landed: &Landed{}}}} {
		if got, err := test.f.Append(nil, &test.m); err == nil {
			t.Errorf("message %d was written as %x", test.m.ID, got)
		}
	}
}

// TestWireClamps: a number beyond its field becomes the nearest, and what is not known its mark.
func TestWireClamps(t *testing.T) {
	for _, test := range []struct {
		x    source.Value
		k    kind
		per  float64
		none int64
		want string
	}{{source.Told(700), u16, 100, noU16, "ffff"}, {source.Told(-5), u16, 100, noU16, "0000"}, {source.Value{}, u16, 100, noU16, "ffff"}, {source.Value{}, i16, 100, -1, "ffff"}, {source.Told(-1e9), i32, 1e7, always, "00000080"}, {source.Value{}, i32, 1, always, "00000000"}, {source.Told(math.Inf(1)), u8, 1, noU8, "ff"}} {
		w := wire{writing: true}
		w.number(&test.x, test.k, test.per, test.none)
		if got := hex.EncodeToString(w.b); got != test.want {
			t.Errorf("%v is written as %s, want %s", test.x.V, got, test.want)
		}
	}
}

func TestSourceFails(t *testing.T) {
	broken := errors.New("cable")
	r := NewReader(io.MultiReader(bytes.NewReader(unhex(t, heartbeat2)), iotest.ErrReader(broken)), Options{})
	if err := r.Next(&Message{}); err != nil {
		t.Error(err)
	}
	if err := r.Next(&Message{}); !errors.Is(err, broken) {
		t.Errorf("%v, want %v", err, broken)
	}
}

// FuzzReader: whatever comes, reading ends, each byte is either of a message or of damage, and
// what is read can be written again.
func FuzzReader(f *testing.F) {
	f.Add(unhex(f, heartbeat1+heartbeat2))
	f.Add(append(make([]byte, 8), unhex(f, heartbeat2)...))
	f.Add([]byte("\xfe\xfd\x00\xfe\x09"))
	f.Fuzz(func(t *testing.T, in []byte) {
		r := NewReader(bytes.NewReader(in), Options{})
		at := int64(0)
		var m Message
		for range len(in) + 1 {
			err := r.Next(&m)
			var d *source.Damage
			switch {
			case err == io.EOF:
				if r.win.Offset() != int64(len(in)) {
					t.Fatalf("ended at %d of %d", r.win.Offset(), len(in))
				}
				return
			case errors.As(err, &d):
				if d.Offset < at || d.Length < 1 {
					t.Fatalf("damage %v after %d", d, at)
				}
				at = d.Offset + d.Length
				continue
			case err != nil:
				t.Fatal(err)
			}
			if m.Offset < at {
				t.Fatalf("message at %d after %d", m.Offset, at)
			}
			at = m.Offset + int64(len(m.raw))
			if text, err := json.Marshal(&m); err != nil {
				t.Fatalf("%v in %s", err, text)
			}
			if out, err := (Frame{Version: 2}).Append(nil, &m); m.carried() != nil && err != nil {
				t.Fatalf("%v in %x", err, out)
			}
		}
		t.Fatal("reading does not end")
	})
}

// flight is a log of so many rounds of the messages that a drone sends most.
func flight(t testing.TB, rounds int) []byte {
	var in []byte
	for i := range rounds {
		for _, m := range []*Message{
			{ID: 30, Attitude: &Attitude{BootMs: i, Roll: source.Told(1), Pitch: source.Told(2), Yaw: source.Told(3)}},
			{ID: 33, GlobalPosition: &GlobalPosition{BootMs: i, Lat: source.Told(48), Lon: source.Told(37), Alt: source.Told(200)}},
			{ID: 24, GPSRaw: &GPSRaw{Receiver: 1, Fix: 3, Lat: source.Told(48), Lon: source.Told(37), Alt: source.Told(200)}},
			{ID: 74, HUD: &HUD{Airspeed: source.Told(10), Speed: source.Told(12)}},
		} {
			in = binary.BigEndian.AppendUint64(in, 1_700_000_000_000_000+uint64(i)*100_000)
			var err error
			if in, err = (Frame{Version: 2, System: 1, Sequence: uint8(i)}).Append(in, m); err != nil {
				t.Fatal(err)
			}
		}
	}
	return in
}

func BenchmarkReader(b *testing.B) {
	in := flight(b, 10_000)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	var m Message
	for b.Loop() {
		r := NewReader(bytes.NewReader(in), Options{})
		var err error
		for err == nil {
			err = r.Next(&m)
		}
		if err != io.EOF {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*40_000/b.Elapsed().Seconds(), "messages/s")
}

// TestNoAllocationPerMessage: ten times the messages cost no more allocations.
func TestNoAllocationPerMessage(t *testing.T) {
	count := func(rounds int) float64 {
		in := flight(t, rounds)
		var m Message
		return testing.AllocsPerRun(3, func() {
			r := NewReader(bytes.NewReader(in), Options{})
			for r.Next(&m) == nil {
				continue
			}
		})
	}
	if few, many := count(200), count(2000); many > few {
		t.Errorf("%g allocations for 800 messages, %g for 8,000", few, many)
	}
}
