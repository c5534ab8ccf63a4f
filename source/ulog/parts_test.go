package ulog

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// TestDefinitions: fields by their words.
func TestDefinitions(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"float x", "{float 0 x}"}, {"uint8_t[4] a", "{uint8_t 4 a}"}, {"char[0] note", "{char -1 note}"}, {"point p", "{point 0 p}"},
		{"float", "no field"}, {" x", "no field"}, {"float ", "no field"}, {"float[] x", "no array"}, {"float[2 x", "no array"}, {"float[-1] x", "no array"}, {"float[70000] x", "no array"},
	} {
		f, err := readField(test.in)
		if got := fmt.Sprint(f); err == nil && got != test.want || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %s, %v, want %s", test.in, got, err, test.want)
		}
	}
	if _, _, err := readFormat("a:" + strings.Repeat("int8_t x;", MaxFields)); err != nil {
		t.Errorf("at the bound: %v", err)
	}
	if _, _, err := readFormat("a:" + strings.Repeat("int8_t x;", MaxFields+1)); err == nil {
		t.Error("a definition beyond the bound was read")
	}
}

// TestLayout: where fields lie, what padding may be left out, and rows that have no end.
func TestLayout(t *testing.T) {
	formats := map[string][]field{}
	for _, f := range []string{"inner:int16_t a;int16_t b;", "outer:uint64_t timestamp;inner[2] i;bool ok;uint8_t[3] _padding0;", "loop:loop l;", "wide:double[5000] d;", "wider:wide a;wide b;"} {
		name, fields, err := readFormat(f)
		if err != nil {
			t.Fatal(err)
		}
		formats[name] = fields
	}
	r, err := layout(formats["outer"], formats)
	if err != nil || r.size != 20 || r.least != 17 || r.columns[r.index["i[1].b"]].at != 14 || r.columns[r.index["ok"]].at != 16 {
		t.Errorf("%+v, %v", r, err)
	}
	for name, want := range map[string]string{"loop": "more than 8 deep", "wider": "longer than any message"} {
		if _, err := layout(formats[name], formats); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

// TestEveryType: each basic type is read, and shown as it is.
func TestEveryType(t *testing.T) {
	for _, test := range []struct {
		kind  string
		value any
		x     float64
		text  string
	}{
		{"int8_t", int8(-5), -5, "-5"}, {"uint8_t", uint8(200), 200, "200"}, {"int16_t", int16(-300), -300, "-300"}, {"uint16_t", uint16(60000), 60000, "60000"},
		{"int32_t", int32(-70000), -70000, "-70000"}, {"uint32_t", uint32(4e9), 4e9, "4000000000"}, {"int64_t", int64(math.MinInt64), math.MinInt64, "-9223372036854775808"},
		{"uint64_t", uint64(math.MaxUint64), math.MaxUint64, "18446744073709551615"}, {"float", float32(.1), float64(float32(.1)), "0.1"}, {"double", .1, .1, "0.1"}, {"bool", true, 1, "true"},
		{"double", math.Inf(-1), math.Inf(-1), "null"},
	} {
		r, err := layout([]field{{kind: test.kind, name: "v"}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		b, err := binary.Append(nil, binary.LittleEndian, test.value)
		if err != nil || r.number(0, b) != source.Finite(test.x) || string(r.appendJSON(nil, b)) != `{"v":`+test.text+`}` {
			t.Errorf("%s: %v, %s, want %g, %s", test.kind, r.number(0, b), r.appendJSON(nil, b), test.x, test.text)
		}
		if r.number(0, b[:len(b)-1]).Told {
			t.Errorf("%s: a value was read from a row that is too short", test.kind)
		}
	}
}

// TestRareMessages: tagged texts, defaults, information in parts, topics that end, and values
// that contradict their types.
func TestRareMessages(t *testing.T) {
	in := logOf(t, func(w *Writer) error {
		tagged := append([]byte{'6', 1, 0}, binary.LittleEndian.AppendUint64(nil, 77)...)
		return errors.Join(
			w.message('C', append(tagged, "tagged"...)),
			w.message('Q', append([]byte{1, 9}, "int32_t A\x05\x00\x00\x00"...)),
			w.message('M', append([]byte{0, 9}, "char[4] B1234"...)),
			shape(w, 5), w.message('R', []byte{1, 0}),
			w.message('P', append([]byte{9}, "int32_t A\x05\x00"...)),
			w.message('P', append([]byte{99}, "int32_t A"...)),
			w.message('S', []byte("12345678")),
			w.Topic(8, 0, "unheard"), shape(w, 6))
	})
	messages, damage := read(t, bytes.NewReader(in))
	want := []string{`"level":6,"text":"tagged"`, `"kind":"default","name":"A","fields":{"value":5}`, `"name":"B","text":"1234"`, `"name":"shapes"`}
	if len(messages) != len(want) {
		t.Fatalf("messages %v", messages)
	}
	for i, text := range want {
		if !strings.Contains(messages[i], text) {
			t.Errorf("%s, want %s", messages[i], text)
		}
	}
	reasons := []string{"the value of \"A\" has 2 bytes, want 4", "a name is longer than its message", "synchronisation message holds something else", "the topic \"unheard\" is not defined", "a row of topic number 1"}
	if len(damage) != len(reasons) {
		t.Fatalf("damage %v", damage)
	}
	for i, text := range reasons {
		if !strings.Contains(damage[i], text) {
			t.Errorf("%s, want %s", damage[i], text)
		}
	}
}

// TestFieldNames: positions by the names of PX4 since 1.15 and before.
func TestFieldNames(t *testing.T) {
	for _, fields := range []string{"uint64_t timestamp;int32_t lat;int32_t lon;int32_t alt;", "uint64_t timestamp;double latitude_deg;double longitude_deg;double altitude_msl_m;"} {
		var out bytes.Buffer
		w, err := NewWriter(&out, 0)
		if err != nil {
			t.Fatal(err)
		}
		err = errors.Join(w.Format("sensor_gps", fields), w.Topic(1, 0, "sensor_gps"))
		if strings.Contains(fields, "double") {
			err = errors.Join(err, w.Row(1, 5, 48.5, 37.25, 210.5))
		} else {
			err = errors.Join(err, w.Row(1, 5, int32(485000000), int32(372500000), int32(210500)))
		}
		if err != nil {
			t.Fatal(err)
		}
		var m Message
		if err := NewReader(&out, Options{}).Next(&m); err != nil {
			t.Fatal(err)
		}
		if p := m.Position; p == nil || p.Lat.V != 48.5 || p.Lon.V != 37.25 || p.Alt.V != 210.5 || p.Fix.Told || p.Jamming.Told {
			t.Errorf("%s: %+v", fields, p)
		}
	}
}

// TestTroubleAndFix: what the receiver says of itself, and what it does not.
func TestTroubleAndFix(t *testing.T) {
	for _, test := range []struct {
		p    Position
		want string
		fix  truce.Fix
	}{
		{Position{Fix: source.Told(3), JamState: source.Told(1), SpoofState: source.Told(1), Satellites: source.Told(7)}, "", truce.Fix{Kind: truce.FixThree, Satellites: 7}},
		{Position{Fix: source.Told(2), HDOP: source.Told(1), Jamming: source.Told(255)}, "", truce.Fix{Kind: truce.FixTwo, HDOP: 1, Jamming: 1}},
		{Position{Fix: source.Told(1), JamState: source.Told(3), SpoofState: source.Told(3)}, "no satellite fix; jammed; deceived", truce.Fix{Kind: truce.FixNone, Spoofing: true}},
		{Position{Fix: source.Told(6), JamState: source.Told(2), HDOP: source.Told(1e9), Jamming: source.Told(900)}, "jamming suspected", truce.Fix{Kind: truce.FixBetter}},
	} {
		if got := test.p.trouble(); got != test.want {
			t.Errorf("%+v: %q, want %q", test.p, got, test.want)
		}
		if got := test.p.fix(); *got != test.fix {
			t.Errorf("%+v: %+v, want %+v", test.p, *got, test.fix)
		}
	}
	if a := (&Position{Height: source.Told(12)}).altitude(); a.Datum != truce.DatumEllipsoid || a.Metres != 12 {
		t.Errorf("%+v", a)
	}
	if (&Position{}).altitude() != nil || (&Position{Alt: source.Told(1e9)}).altitude() != nil || (&Position{}).motion() != nil || (&Position{North: source.Told(1e6), East: source.Told(0)}).motion() != nil {
		t.Error("a height or a velocity was made up")
	}
}

func TestWriterRefuses(t *testing.T) {
	w, err := NewWriter(io.Discard, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{w.Format("a", "x"), w.Row(1, 2, struct{ x string }{}), w.Info(KindInfo, strings.Repeat("x", 300), 1), w.Info(KindInfo, "int8_t x", "text"), w.Text(1, 2, strings.Repeat("x", 70_000))} {
		if err == nil {
			t.Error("what cannot be read was written")
		}
	}
}
