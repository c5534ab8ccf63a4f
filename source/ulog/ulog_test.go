package ulog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/sourcetest"
)

// read gives the messages of a log in JSON and its damage in words.
func read(t testing.TB, src io.Reader) (messages, damage []string) {
	t.Helper()
	return sourcetest.Messages(t, NewReader(src, Options{}).Next)
}

// TestLogsOfPX4: counts of messages and topics, and the first and last fix, as an independent
// reader gives them.
func TestLogsOfPX4(t *testing.T) {
	for _, want := range []struct {
		file       string
		kinds      string
		gps, first string
		filter     int
	}{
		{"ulog/sample_log_small.ulg", "map[data:14604 dropout:1 info:145 parameter:980 text:3]", "32",
			`"lat_deg":63.4170622,"lon_deg":10.4082151,"altitude_msl_m":66.814,"height_ellipsoid_m":106.766,"horizontal_sigma_m":3.260000228881836`, 0},
		{"ulog/sample_px4_events.ulg", "map[data:29480 default:62 info:223 parameter:875 text:18]", "583",
			`"lat_deg":47.3977422,"lon_deg":8.545594,"altitude_msl_m":487.993,"height_ellipsoid_m":487.993,"horizontal_sigma_m":97.77999877929688`, 109},
	} {
		messages, damage := read(t, bytes.NewReader(sourcetest.Open(t, want.file)))
		kinds, gps, filter, first := map[Kind]int{}, 0, 0, ""
		for _, text := range messages {
			var m struct {
				Kind Kind
				Name string
			}
			if err := json.Unmarshal([]byte(text), &m); err != nil {
				t.Fatal(err)
			}
			kinds[m.Kind]++
			if m.Name == "vehicle_gps_position" {
				if gps++; gps == 1 {
					first = text
				}
			}
			if m.Name == "vehicle_global_position" {
				filter++
			}
		}
		if fmt.Sprint(kinds) != want.kinds || fmt.Sprint(gps) != want.gps || filter != want.filter || len(damage) != 0 || !strings.Contains(first, want.first) {
			t.Errorf("%s: %v, %d fixes, %d positions, damage %v, first %s", want.file, kinds, gps, filter, damage, first)
		}
	}
}

// TestFlights: plots of both flights with their times, errors and fixes.
func TestFlights(t *testing.T) {
	small := sourcetest.Check(t, decode(Config{}), sourcetest.Open(t, "ulog/sample_log_small.ulg"))
	plots := plotsOf(small)
	if len(plots) != 32 || len(small.Rejections) != 0 {
		t.Fatalf("%d plots, %v", len(plots), small.Reasons())
	}
	p := plots[0]
	if p.Phenomenon.From.String() != "2021-04-21T06:30:58.600345Z" || p.Place.Error != geo.Isotropic(3.260000228881836) || p.Plot.Fix.Satellites != 15 ||
		math.Abs(p.Plot.Fix.Jamming-54./255) > 1e-9 || p.Plot.Identities[0].Value != "000600000000383638393239510d0035002d" {
		t.Errorf("%+v, %+v, %+v", p, p.Plot, p.Plot.Fix)
	}
	simulated := sourcetest.Check(t, decode(Config{}), sourcetest.Open(t, "ulog/sample_px4_events.ulg"))
	if got := len(plotsOf(simulated)); got < 109 {
		t.Errorf("%d plots of the other flight", got)
	}
}

func decode(cfg Config) sourcetest.Decode {
	return func(in []byte, sink truce.Sink) error { return Decode(bytes.NewReader(in), "flight.ulg", cfg, sink) }
}

func plotsOf(s *sourcetest.Sink) (out []truce.Observation) {
	for _, o := range s.Observations {
		if o.Plot != nil {
			out = append(out, o)
		}
	}
	return out
}

// logOf writes a log with the topics that tests use.
func logOf(t testing.TB, write func(w *Writer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := NewWriter(&out, 1)
	if err == nil {
		err = errors.Join(
			w.Format("point", "float x;float[2] yz;uint8_t[3] _padding0;"),
			w.Format("shapes", "uint64_t timestamp;point[2] corner;char[4] name;bool on;int16_t[2] pair;uint8_t[5] _padding0;"),
			w.Format("vehicle_gps_position", "uint64_t timestamp;uint64_t time_utc_usec;int32_t lat;int32_t lon;int32_t alt;float eph;float hdop;uint8_t fix_type;uint8_t satellites_used;uint8_t jamming_indicator;uint8_t jamming_state;uint8_t spoofing_state;"),
			w.Format("vehicle_global_position", "uint64_t timestamp;double lat;double lon;float alt;float vel_n;float vel_e;float vel_d;float eph;float epv;"),
			w.Topic(1, 0, "shapes"), w.Topic(2, 0, "vehicle_gps_position"), w.Topic(3, 0, "vehicle_global_position"), write(w))
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func shape(w *Writer, at uint64) error {
	return w.Row(1, at, float32(1), [2]float32{2, 3}, [3]uint8{}, float32(4), [2]float32{5, float32(math.NaN())}, [3]uint8{}, []byte("ab\x00\x00"), true, [2]int16{-7, 8})
}

// gps is a fix at a place so many seconds after the start, which was at 2023-11-14T22:13:20Z.
func gps(w *Writer, s uint64, lat, lon int32, fix, jam, spoof uint8) error {
	return w.Row(2, s*1e6, uint64(1_700_000_000_000_000+s*1e6), lat, lon, int32(200_000), float32(2), float32(.9), fix, uint8(11), uint8(51), jam, spoof)
}

// TestFieldsOfRows: rows inside rows, arrays, texts, flags, padding, and what is no number.
func TestFieldsOfRows(t *testing.T) {
	in := logOf(t, func(w *Writer) error {
		return errors.Join(w.Info(KindInfo, "char[3] sys_name", []byte("PX4")), w.Info(KindParameter, "float MC_P", float32(.5)), w.Info(KindInfo, "char[0] note", []byte{}), shape(w, 9), w.Text(4, 12, "Low battery"), w.Dropout(120), w.Sync())
	})
	messages, damage := read(t, iotest.HalfReader(bytes.NewReader(in)))
	want := []string{`"kind":"info","name":"sys_name","text":"PX4"`, `"kind":"parameter","name":"MC_P","fields":{"value":0.5}`, `"name":"note"`,
		`"fields":{"timestamp":9,"corner[0].x":1,"corner[0].yz":[2,3],"corner[1].x":4,"corner[1].yz":[5,null],"name":"ab","on":true,"pair":[-7,8]}`,
		`"time_boot_us":12,"level":4,"text":"Low battery"`, `"kind":"dropout","lost_ms":120`}
	if len(messages) != len(want) || len(damage) != 0 {
		t.Fatalf("messages %v, damage %v", messages, damage)
	}
	for i, text := range want {
		if !strings.Contains(messages[i], text) {
			t.Errorf("%s, want %s", messages[i], text)
		}
	}
	r := NewReader(bytes.NewReader(in), Options{})
	var m Message
	for m.Kind != KindData {
		if err := r.Next(&m); err != nil {
			t.Fatal(err)
		}
	}
	if m.Number("corner[1].x").V != 4 || m.Number("nothing").Told || m.Number("name").Told || (&Message{}).Number("x").Told {
		t.Error("numbers by name")
	}
}

// TestDamage: each way in which a log is damaged, and what is read all the same.
func TestDamage(t *testing.T) {
	whole := logOf(t, func(w *Writer) error {
		return errors.Join(shape(w, 9), shape(w, 10), shape(w, 11), shape(w, 12), shape(w, 13))
	})
	row := 3 + 2 + 8 + 2*15 + 4 + 1 + 4
	rows := len(whole) - 5*row
	for _, test := range []struct {
		name   string
		change func(b []byte) []byte
		read   int
		want   string
	}{
		{"nothing", func(b []byte) []byte { return b }, 5, ""},
		{"an end inside", func(b []byte) []byte { return b[:len(b)-5] }, 4, fmt.Sprintf("byte %d: the log ends inside a message (%d bytes", rows+4*row, row-5)},
		{"noise", func(b []byte) []byte {
			return append(b[:rows+row:rows+row], append([]byte("\xffnoise"), b[rows+row:]...)...)
		}, 5, fmt.Sprintf("byte %d: no kind of message is 0x6f (6 bytes", rows+row)},
		{"a kind", func(b []byte) []byte { b[rows+row+2] = 'z'; return b }, 4, fmt.Sprintf("byte %d: no kind of message is 0x7a (%d bytes", rows+row, row)},
		{"a length", func(b []byte) []byte { b[rows+row]++; return b }, 4, fmt.Sprintf("byte %d: a row of shapes has %d bytes, want %d", rows+row, row-4, row)},
		{"a topic", func(b []byte) []byte { b[rows+row+3] = 9; return b }, 4, fmt.Sprintf("byte %d: a row of topic number 9", rows+row)},
	} {
		messages, damage := read(t, bytes.NewReader(test.change(bytes.Clone(whole))))
		told := strings.Join(damage, "; ")
		if len(messages) != test.read || !strings.HasPrefix(told, test.want) || test.want == "" && told != "" || len(damage) > 1 {
			t.Errorf("%s: %d messages, damage %q, want %d and %q", test.name, len(messages), told, test.read, test.want)
		}
	}
}

// TestDefinitionsAreChecked: what a log defines wrongly is damage, and no file of another kind
// or with unknown flags is read.
func TestDefinitionsAreChecked(t *testing.T) {
	for _, test := range []struct{ format, want string }{
		{"bad:what", "is no field"}, {"bad:int8_t[x] a", "is no array"}, {":int8_t a", "without a name"},
		{"bad:uint64_t timestamp;other a", "type \"other\""}, {"bad:int8_t a", "does not begin with a timestamp"}, {"bad:uint64_t timestamp;double[9999] a", "longer than any message"},
	} {
		in := logOf(t, func(w *Writer) error {
			return errors.Join(w.message('F', []byte(test.format)), w.Topic(7, 0, "bad"), shape(w, 1))
		})
		messages, damage := read(t, bytes.NewReader(in))
		if told := strings.Join(damage, "; "); len(messages) != 1 || !strings.Contains(strings.ReplaceAll(told, "type other", `type "other"`), test.want) {
			t.Errorf("%s: %d messages, damage %q, want %q", test.format, len(messages), told, test.want)
		}
	}
	flagged := logOf(t, func(*Writer) error { return nil })
	flagged[headerSize+3+8] = 2
	for _, in := range [][]byte{[]byte("no log"), flagged} {
		sink := &sourcetest.Sink{}
		if err := decode(Config{})(in, sink); truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), "flight.ulg") {
			t.Errorf("%.10q: %v", in, err)
		}
	}
}

// TestAddedData: a message that runs into data which was added later is damage, and the added
// data is read.
func TestAddedData(t *testing.T) {
	in := logOf(t, func(w *Writer) error { return shape(w, 1) })
	whole := len(in)
	in = append(in[:whole-9:whole-9], logOf(t, func(w *Writer) error { return shape(w, 2) })[whole-52:]...)
	added := whole - 9
	in[headerSize+3+8] = 1
	in[headerSize+3+16], in[headerSize+3+17] = byte(added), byte(added>>8)
	messages, damage := read(t, bytes.NewReader(in))
	if len(messages) != 1 || !strings.Contains(messages[0], `"time_boot_us":2`) || len(damage) != 1 || !strings.Contains(damage[0], "added later (43 bytes") {
		t.Errorf("messages %v, damage %v", messages, damage)
	}
}

// TestRoundTrip: rows that are written are read with the same values.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var out bytes.Buffer
		w, err := NewWriter(&out, 7)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Format("a", "uint64_t timestamp;int32_t i;double d;uint16_t[3] u;"), w.Topic(300, 2, "a")); err != nil {
			t.Fatal(err)
		}
		type values struct {
			at uint64
			i  int32
			d  float64
			u  [3]uint16
		}
		var want []values
		for range rapid.IntRange(0, 20).Draw(t, "rows") {
			v := values{rapid.Uint64Range(1, 1<<40).Draw(t, "at"), rapid.Int32().Draw(t, "i"), rapid.Float64().Draw(t, "d"), [3]uint16{rapid.Uint16().Draw(t, "u")}}
			want = append(want, v)
			if err := w.Row(300, v.at, v.i, v.d, v.u); err != nil {
				t.Fatal(err)
			}
		}
		r := NewReader(bytes.NewReader(out.Bytes()), Options{})
		var m Message
		for _, v := range want {
			if err := r.Next(&m); err != nil {
				t.Fatal(err)
			}
			if m.BootUs != v.at || m.Instance != 2 || m.Name != "a" || m.Number("i").V != float64(v.i) || m.Number("d").V != v.d || m.Number("u").V != float64(v.u[0]) {
				t.Fatalf("%+v, want %+v", m, v)
			}
		}
		if err := r.Next(&m); err != io.EOF {
			t.Fatal(err)
		}
	})
}

// TestObservations: the receiver's place until the filter has one, then the filter's; no place
// without a fix, without a time, at the zero of both or out of bounds; health when it changes.
func TestObservations(t *testing.T) {
	filter := func(w *Writer, s uint64, lat float64) error {
		return w.Row(3, s*1e6, lat, 37.5, float32(210), float32(0), float32(-5), float32(1), float32(1.5), float32(2.5))
	}
	in := logOf(t, func(w *Writer) error {
		return errors.Join(filter(w, 1, 48), gps(w, 2, 0, 0, 0, 1, 1), gps(w, 10, 480000000, 370000000, 3, 1, 1), filter(w, 11, 48.5), gps(w, 12, 480000000, 370000000, 3, 3, 2),
			filter(w, 13, 0), gps(w, 20, 490000000, 370000000, 4, 2, 1), gps(w, 21, 0, 0, 3, 1, 1))
	})
	got := sourcetest.Check(t, decode(Config{Network: "north", Bounds: &source.Box{West: 30, South: 40, East: 40, North: 48.9}}), in)
	var told []string
	for _, o := range got.Observations {
		if o.Health != nil {
			told = append(told, string(o.Health.State)+" "+o.Health.Reason)
		}
	}
	if want := "[up  degraded jammed; deceived degraded jamming suspected up ]"; fmt.Sprint(told) != want {
		t.Errorf("health %v, want %s", told, want)
	}
	plots := plotsOf(got)
	if len(plots) != 2 || plots[0].Place.Lat != 48 || plots[1].Place.Lat != 48.5 || plots[0].Place.Error != geo.Isotropic(2) || plots[1].Place.Error != geo.Isotropic(1.5) {
		t.Fatalf("plots %+v", plots)
	}
	p := plots[1].Plot
	if *p.Motion != (truce.Motion{SpeedMps: 5, Course: 270, ClimbMps: -1}) || p.Fix == nil || p.Fix.Kind != truce.FixThree || p.Fix.Jamming != .2 || p.Network != "north" || p.Altitude.Sigma != 2.5 {
		t.Errorf("%+v, %+v, %+v", p, p.Motion, p.Fix)
	}
	reasons := strings.Join(got.Reasons(), "; ")
	if !strings.Contains(reasons, "1 positions have no time") || !strings.Contains(reasons, "outside the mission's bounds") {
		t.Errorf("rejections %q", reasons)
	}
}

func TestSourceFails(t *testing.T) {
	broken := errors.New("disk")
	in := logOf(t, func(w *Writer) error { return shape(w, 1) })
	r := NewReader(io.MultiReader(bytes.NewReader(in), iotest.ErrReader(broken)), Options{})
	if err := r.Next(&Message{}); err != nil {
		t.Error(err)
	}
	if err := r.Next(&Message{}); !errors.Is(err, broken) {
		t.Errorf("%v, want %v", err, broken)
	}
}

// FuzzReader: whatever comes, reading ends, offsets grow, and every message is JSON.
func FuzzReader(f *testing.F) {
	whole := logOf(f, func(w *Writer) error {
		return errors.Join(shape(w, 9), gps(w, 1, 480000000, 370000000, 3, 1, 1), w.Info(KindParameter, "float MC_P", float32(.5)), w.Text(3, 4, "x"), w.Sync())
	})
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Fuzz(func(t *testing.T, in []byte) {
		r := NewReader(bytes.NewReader(in), Options{})
		at := int64(0)
		var m Message
		for range len(in) + 2 {
			err := r.Next(&m)
			var d *source.Damage
			switch {
			case err == io.EOF, truce.CodeOf(err) == truce.CodeInvalid && err != nil:
				return
			case errors.As(err, &d):
				if d.Offset < at || d.Length < 1 {
					t.Fatalf("%v after %d", d, at)
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
			if text, err := json.Marshal(&m); err != nil || !json.Valid(text) {
				t.Fatalf("%v in %s", err, text)
			}
		}
		t.Fatal("reading does not end")
	})
}

func flight(t testing.TB, rounds int) []byte {
	return logOf(t, func(w *Writer) error {
		for i := range rounds {
			if err := errors.Join(shape(w, uint64(i)), gps(w, uint64(i), 480000000, 370000000, 3, 1, 1)); err != nil {
				return err
			}
		}
		return nil
	})
}

func BenchmarkReader(b *testing.B) {
	in := flight(b, 20_000)
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
	if few, many := count(200), count(2000); many > few+1 {
		t.Errorf("%g allocations for 400 messages, %g for 4,000", few, many)
	}
}
