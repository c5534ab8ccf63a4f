package dataflash

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

// read gives the rows of a log in JSON and its damage in words.
func read(t testing.TB, src io.Reader) (messages, damage []string) {
	t.Helper()
	return sourcetest.Messages(t, NewReader(src, Options{}).Next)
}

// TestLogOfArduPilot: counts of rows and the first of some kinds, as an independent reader gives
// them; the file ends inside a row.
func TestLogOfArduPilot(t *testing.T) {
	messages, damage := read(t, bytes.NewReader(sourcetest.Open(t, "mav/ardupilot_test.BIN")))
	counts, first := map[string]int{}, map[string]string{}
	for _, text := range messages {
		var m struct{ Name string }
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			t.Fatal(err)
		}
		if counts[m.Name]++; counts[m.Name] == 1 {
			first[m.Name] = text
		}
	}
	if len(messages) != 1731-132 || fmt.Sprint(damage) != "[byte 65512: the log ends inside a row of AHR2 (24 bytes passed over)]" {
		t.Errorf("%d rows, damage %v", len(messages), damage)
	}
	for name, want := range map[string]int{"PARM": 809, "IMU": 45, "ATT": 24, "POS": 23, "AHR2": 23, "CMD": 12, "GPS": 5, "GPA": 5, "RAD": 1, "POWR": 8, "MSG": 6} {
		if counts[name] != want {
			t.Errorf("%d rows of %s, want %d", counts[name], name, want)
		}
	}
	for name, want := range map[string]string{
		"GPS":  `"time":"2017-10-29T01:47:10.000000Z","time_boot_us":81855471,"name":"GPS","position":{"filter":false,"receiver":0,"lat_deg":-35.3626277,"lon_deg":149.1653034,"altitude_msl_m":588.82,"fix_type":3,"satellites":11,"hdop":0.77,`,
		"POS":  `"lat_deg":-35.3626298,"lon_deg":149.1653055,"altitude_msl_m":584.3800048828125}`,
		"ATT":  `"Roll":-7.18,"DesPitch":-2.38,"Pitch":2.58,"DesYaw":0,"Yaw":337.1`,
		"RAD":  `"RSSI":111,"RemRSSI":115,"TxBuf":88,"Noise":35,"RemNoise":33,"RxErrors":3,"Fixed":0`,
		"POWR": `"Vcc":4.9580564`,
		"MSG":  `"Message":"ArduPlane V3.8.2-dev (8178ab40)"`,
		"PARM": `"Name":"FORMAT_VERSION","Value":13`,
	} {
		if !strings.Contains(first[name], want) {
			t.Errorf("%s, want %s", first[name], want)
		}
	}
}

func decode(cfg Config) sourcetest.Decode {
	return func(in []byte, sink truce.Sink) error { return Decode(bytes.NewReader(in), "flight.bin", cfg, sink) }
}

func plotsOf(s *sourcetest.Sink) (out []truce.Observation) {
	for _, o := range s.Observations {
		if o.Plot != nil {
			out = append(out, o)
		}
	}
	return out
}

// TestFlight: the plots of the log, with time, error and fix; those before the first fix have no
// time and are told.
func TestFlight(t *testing.T) {
	got := sourcetest.Check(t, decode(Config{Sensor: "m-07"}), sourcetest.Open(t, "mav/ardupilot_test.BIN"))
	plots := plotsOf(got)
	if len(plots) != 22 {
		t.Errorf("%d plots, %v", len(plots), got.Reasons())
	}
	p := plots[len(plots)-1]
	if p.Place.Error != geo.Isotropic(1.61) || p.Plot.Fix.Satellites != 11 || p.Plot.Class != "uav" || p.Plot.Altitude.Sigma != 2.41 || p.Plot.Motion == nil || p.Sensor != "m-07" {
		t.Errorf("%+v, %+v, %+v", p, p.Plot, p.Plot.Fix)
	}
	if from, to := plots[0].Phenomenon.From, p.Phenomenon.From; to.Sub(from).Seconds() > 1 || from.Time().Year() != 2017 {
		t.Errorf("from %s to %s", from, to)
	}
	if reasons := strings.Join(got.Reasons(), "; "); !strings.Contains(reasons, "positions have no time") {
		t.Errorf("rejections %s", reasons)
	}
}

// Kinds of rows that the tests write.
const (
	kindGPS = 130 + iota
	kindPOS
	kindGPA
	kindMSG
	kindUBX
	kindAll
)

func logOf(t testing.TB, write func(w *Writer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	w := NewWriter(&out)
	err := errors.Join(
		w.Format(formatKind, "FMT", "BBnNZ", "Type,Length,Name,Format,Columns"),
		w.Format(kindGPS, "GPS", "QBBIHBcLLeffff", "TimeUS,I,Status,GMS,GWk,NSats,HDop,Lat,Lng,Alt,Spd,GCrs,VZ,Yaw"),
		w.Format(kindPOS, "POS", "QLLf", "TimeUS,Lat,Lng,Alt"),
		w.Format(kindGPA, "GPA", "QCCC", "TimeUS,HAcc,VAcc,SAcc"),
		w.Format(kindMSG, "MSG", "QZ", "TimeUS,Message"),
		w.Format(kindUBX, "UBX1", "QBB", "TimeUS,Instance,jamInd"),
		w.Format(kindAll, "ALL", "abBhHiIfdnNcCeEL", "a,b,B,h,H,i,I,f,d,n,N,c,C,e,E,L"),
		write(w))
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// gps is a fix so many seconds after the start, which was in week 2288 of GPS.
func gps(w *Writer, s uint64, receiver, status uint8, lat, lon int32) error {
	return w.Row(kindGPS, s*1e6, receiver, status, uint32(100_000+s*1000), uint16(2288), uint8(9), int16(90), lat, lon, int32(20_000), float32(5), float32(270), float32(-1), float32(0))
}

func pos(w *Writer, s uint64, lat, lon int32) error {
	return w.Row(kindPOS, s*1e6, lat, lon, float32(210))
}

// TestEveryForm: each letter of a definition is read in the unit that is meant.
func TestEveryForm(t *testing.T) {
	in := logOf(t, func(w *Writer) error {
		return w.Row(kindAll, [32]int16{1, -2}, int8(-1), uint8(200), int16(-300), uint16(60000), int32(-70000), uint32(4e9), float32(.1), math.Inf(1), [4]byte{'A'}, [16]byte{'B', 'C'}, int16(-123), uint16(456), int32(-78901), uint32(23456), int32(-353626277))
	})
	messages, damage := read(t, iotest.OneByteReader(bytes.NewReader(in)))
	want := `"fields":{"a":[1,-2,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0],"b":-1,"B":200,"h":-300,"H":60000,"i":-70000,"I":4e+09,"f":0.1,"d":null,"n":"A","N":"BC","c":-1.23,"C":4.56,"e":-789.01,"E":234.56,"L":-35.3626277}`
	if len(messages) != 1 || len(damage) != 0 || !strings.Contains(messages[0], want) {
		t.Errorf("%v, damage %v, want %s", messages, damage, want)
	}
	for u, want := range map[uint16]float64{0x3c00: 1, 0xc000: -2, 0x7bff: 65504, 0x0001: math.Exp2(-24), 0: 0} {
		if got := half(u); got != want {
			t.Errorf("half %04x is %g, want %g", u, got, want)
		}
	}
	if !math.IsNaN(half(0x7c00)) {
		t.Error("an infinite half is a value")
	}
	if (&Message{}).Number("x").Told || (&Message{}).Text("x") != "" {
		t.Error("fields of nothing")
	}
}

// TestDamage: each way in which a log is damaged, and what is read all the same.
func TestDamage(t *testing.T) {
	whole := logOf(t, func(w *Writer) error { return errors.Join(pos(w, 1, 1, 1), pos(w, 2, 1, 1), pos(w, 3, 1, 1)) })
	const row = headSize + 8 + 4 + 4 + 4
	first := len(whole) - 3*row
	for _, test := range []struct {
		name   string
		change func(b []byte) []byte
		read   int
		want   string
	}{
		{"nothing", func(b []byte) []byte { return b }, 3, ""},
		{"an end inside", func(b []byte) []byte { return b[:len(b)-5] }, 2, fmt.Sprintf("byte %d: the log ends inside a row of POS (18 bytes", first+2*row)},
		{"an end inside a beginning", func(b []byte) []byte { return b[:first+2*row+2] }, 2, fmt.Sprintf("byte %d: the log ends inside a row (2 bytes", first+2*row)},
		{"noise", func(b []byte) []byte {
			return append(b[:first+row:first+row], append([]byte("noise\xa3"), b[first+row:]...)...)
		}, 3, fmt.Sprintf("byte %d: no row begins here (6 bytes", first+row)},
		{"a kind", func(b []byte) []byte { b[first+row+2] = 7; return b }, 2, fmt.Sprintf("byte %d: a row of kind 7, which the log does not define (23 bytes", first+row)},
		{"a form", func(b []byte) []byte { b[2*formatSize+9+1] = '!'; return b }, 0, "byte 178: the definition of \"POS\" has the form \"!\""},
		{"a length", func(b []byte) []byte { b[2*formatSize+4]++; return b }, 0, "byte 178: the definition of \"POS\" says 24 bytes, its fields have 23"},
		{"names", func(b []byte) []byte { b[2*formatSize+25+6] = '_'; return b }, 0, "byte 178: the definition of \"POS\" has 4 forms and 3 names"},
		{"another file", func([]byte) []byte { return []byte(strings.Repeat("text ", 40_000)) }, 0, "byte 0: no row begins here"},
	} {
		messages, damage := read(t, bytes.NewReader(test.change(bytes.Clone(whole))))
		told := strings.Join(damage, "; ")
		if len(messages) != test.read || !strings.HasPrefix(told, test.want) || test.want == "" && told != "" {
			t.Errorf("%s: %d rows, damage %q, want %d and %q", test.name, len(messages), told, test.read, test.want)
		}
	}
}

// TestObservations: the receiver's place until the filter has one, then the filter's; no place
// without a fix, without a time, at the zero of both or out of bounds; of one receiver only.
func TestObservations(t *testing.T) {
	in := logOf(t, func(w *Writer) error {
		return errors.Join(w.Row(kindMSG, uint64(5), append([]byte("ArduCopter V4.5"), make([]byte, 49)...)), pos(w, 1, 480000000, 370000000), gps(w, 2, 0, 1, 0, 0),
			w.Row(kindUBX, uint64(9e6), uint8(0), uint8(51)), gps(w, 10, 0, 3, 480000000, 370000000), gps(w, 10, 1, 3, 470000000, 370000000),
			w.Row(kindGPA, uint64(10_100_000), uint16(250), uint16(400), uint16(30)), pos(w, 11, 481000000, 370000000), gps(w, 12, 0, 3, 480000000, 370000000), pos(w, 12, 0, 0),
			gps(w, 20, 0, 0, 0, 0), gps(w, 21, 0, 4, 495000000, 370000000))
	})
	got := sourcetest.Check(t, decode(Config{Network: "north", Bounds: &source.Box{West: 30, South: 40, East: 40, North: 49}}), in)
	plots := plotsOf(got)
	if len(plots) != 2 || plots[0].Place.Lat != 48 || plots[1].Place.Lat != 48.1 || plots[0].Place.Error != geo.Isotropic(geo.Metres(.9)*RangeSigma) || plots[1].Place.Error != geo.Isotropic(2.5) {
		t.Fatalf("plots %+v", plots)
	}
	p := plots[1].Plot
	if p.Class != "uav" || p.Network != "north" || *p.Motion != (truce.Motion{SpeedMps: 5, Course: 270, ClimbMps: 1, SigmaMps: .3}) || p.Altitude.Sigma != 4 ||
		*p.Fix != (truce.Fix{Kind: truce.FixThree, Satellites: 9, HDOP: .9, Jamming: .2}) {
		t.Errorf("%+v, %+v, %+v, %+v", p, p.Motion, p.Fix, p.Altitude)
	}
	if at := plots[0].Phenomenon.From.String(); at != "2023-11-12T00:01:32.000000Z" {
		t.Errorf("time %s", at)
	}
	var told []string
	for _, o := range got.Observations {
		if o.Health != nil {
			told = append(told, string(o.Health.State)+" "+o.Health.Reason)
		}
	}
	if fmt.Sprint(told) != "[up  degraded no satellite fix up ]" {
		t.Errorf("health %v", told)
	}
	reasons := strings.Join(got.Reasons(), "; ")
	if !strings.Contains(reasons, "1 positions have no time") || !strings.Contains(reasons, "outside the mission's bounds") {
		t.Errorf("rejections %q", reasons)
	}
}

// TestLeapSeconds: GPS time is brought to UTC by the seconds of its year.
func TestLeapSeconds(t *testing.T) {
	for _, test := range []struct {
		week uint16
		ms   uint32
		want string
	}{
		{1930, 17_999, "2016-12-31T23:59:59.999000Z"}, // the leap second folds back
		{1930, 16_500, "2016-12-31T23:59:59.500000Z"},
		{1930, 18_000, "2017-01-01T00:00:00.000000Z"},
		{1600, 0, "2010-09-04T23:59:45.000000Z"},
		{5, 0, ""},
		{2000, weekMillis, ""},
	} {
		var out bytes.Buffer
		w := NewWriter(&out)
		if err := errors.Join(w.Format(9, "GPS", "QBIHLL", "TimeUS,Status,GMS,GWk,Lat,Lng"), w.Row(9, uint64(1), uint8(3), test.ms, test.week, int32(1), int32(1))); err != nil {
			t.Fatal(err)
		}
		var m Message
		if err := NewReader(&out, Options{}).Next(&m); err != nil {
			t.Fatal(err)
		}
		got := ""
		if m.Time != 0 {
			got = m.Time.String()
		}
		if got != test.want {
			t.Errorf("week %d, %d ms: %q, want %q", test.week, test.ms, got, test.want)
		}
	}
}

// TestRoundTrip: rows that are written are read with the same values.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type values struct {
			at   uint64
			i    int32
			c    int16
			d    float64
			name [4]byte
		}
		var out bytes.Buffer
		w := NewWriter(&out)
		err := w.Format(200, "TEST", "Qicdn", "TimeUS,I1,C,D,N")
		var want []values
		for range rapid.IntRange(0, 20).Draw(t, "rows") {
			v := values{rapid.Uint64Range(1, 1<<50).Draw(t, "at"), rapid.Int32().Draw(t, "i"), rapid.Int16().Draw(t, "c"), rapid.Float64().Draw(t, "d"), [4]byte{'a', byte(rapid.IntRange('a', 'z').Draw(t, "n"))}}
			want = append(want, v)
			err = errors.Join(err, w.Row(200, v.at, v.i, v.c, v.d, v.name))
		}
		if err != nil {
			t.Fatal(err)
		}
		r := NewReader(bytes.NewReader(out.Bytes()), Options{})
		var m Message
		for _, v := range want {
			if err := r.Next(&m); err != nil {
				t.Fatal(err)
			}
			if m.BootUs != v.at || m.Number("I1").V != float64(v.i) || m.Number("C").V != float64(v.c)/100 || m.Number("D").V != v.d || m.Text("N") != string(v.name[:2]) {
				t.Fatalf("%+v, want %+v", m, v)
			}
		}
		if err := r.Next(&m); err != io.EOF {
			t.Fatal(err)
		}
	})
}

func TestWriterRefuses(t *testing.T) {
	w := NewWriter(io.Discard)
	for _, err := range []error{w.Format(9, "TOOLONG", "B", "A"), w.Format(9, "A", "!", "A"), w.Format(9, "A", "BB", "A"), w.Format(9, "A", "ZZZZ", "A,B,C,D"), w.Row(9, struct{ x string }{})} {
		if err == nil {
			t.Error("what cannot be read was written")
		}
	}
}

func TestSourceFails(t *testing.T) {
	broken := errors.New("disk")
	in := logOf(t, func(w *Writer) error { return pos(w, 1, 1, 1) })
	r := NewReader(io.MultiReader(bytes.NewReader(in), iotest.ErrReader(broken)), Options{})
	if err := r.Next(&Message{}); err != nil {
		t.Error(err)
	}
	if err := r.Next(&Message{}); !errors.Is(err, broken) {
		t.Errorf("%v, want %v", err, broken)
	}
}

// FuzzReader: whatever comes, reading ends, offsets grow, and every row is JSON.
func FuzzReader(f *testing.F) {
	whole := logOf(f, func(w *Writer) error { return errors.Join(pos(w, 1, 1, 1), gps(w, 2, 0, 3, 480000000, 370000000)) })
	f.Add(whole)
	f.Add(whole[formatSize : len(whole)-4])
	f.Fuzz(func(t *testing.T, in []byte) {
		r := NewReader(bytes.NewReader(in), Options{})
		at := int64(0)
		var m Message
		for range len(in) + 2 {
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
					t.Fatalf("%v after %d", d, at)
				}
				at = d.Offset + d.Length
				continue
			case err != nil:
				t.Fatal(err)
			}
			if m.Offset < at {
				t.Fatalf("row at %d after %d", m.Offset, at)
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
			if err := errors.Join(pos(w, uint64(i), 480000000, 370000000), gps(w, uint64(i), 0, 3, 480000000, 370000000)); err != nil {
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

// TestNoAllocationPerMessage: ten times the rows cost no more allocations.
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
		t.Errorf("%g allocations for 400 rows, %g for 4,000", few, many)
	}
}
