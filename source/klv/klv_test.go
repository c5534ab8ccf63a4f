package klv

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/mpegts"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/sourcetest"
)

// read gives the messages of a stream in JSON and its damage in words.
func read(t testing.TB, src io.Reader, o Options) (messages, damage []string) {
	t.Helper()
	return sourcetest.Messages(t, NewReader(src, o).Next)
}

// number is a message of one tag.
func message(items ...Item) *Message {
	m := &Message{Standard: UASDatalink}
	for _, it := range items {
		m.Set(it)
	}
	return m
}

// TestValuesOfTheStandard: the worked examples of ST 0601 and ST 0902, each within one step
// of its quantisation.
func TestValuesOfTheStandard(t *testing.T) {
	var doc struct {
		Items []struct {
			Tag   uint32          `json:"tag"`
			TLV   string          `json:"tlv_hex"`
			Value json.RawMessage `json:"value"`
			Hex   bool            `json:"value_is_hex"`
		} `json:"items"`
	}
	if err := json.Unmarshal(sourcetest.Open(t, "klv/st0601_expected_values.json"), &doc); err != nil {
		t.Fatal(err)
	}
	seen := map[uint32]bool{}
	for _, want := range doc.Items {
		raw, err := hex.DecodeString(want.TLV)
		if err != nil {
			t.Fatal(err)
		}
		number, value, rest, ok := field(raw)
		if !ok || len(rest) != 0 || number != want.Tag {
			t.Fatalf("tag %d: %x is read as tag %d of %x", want.Tag, raw, number, value)
		}
		it := Item{Tag: number}
		tagOf(number).decode(&it, value)
		if it.State != Told || !agrees(it, len(value), want.Value, want.Hex) {
			t.Errorf("tag %d: %x is read as %+v, want %s", number, raw, it, want.Value)
		}
		if back := appendField(nil, number, tagOf(number).encode(nil, it, len(value))); !bytes.Equal(back, raw) {
			t.Errorf("tag %d: %x is written as %x", number, raw, back)
		}
		seen[number] = true
	}
	if len(seen) != 87 {
		t.Errorf("%d tags compared, want 87", len(seen))
	}
}

func agrees(it Item, size int, want json.RawMessage, isHex bool) bool {
	var x float64
	if json.Unmarshal(want, &x) == nil {
		tag := tagOf(it.Tag)
		return math.Abs(it.Number-x) <= (tag.high-tag.low)/(math.Exp2(float64(8*size))-2)
	}
	var text string
	if json.Unmarshal(want, &text) != nil {
		return false
	}
	if it.Bytes != nil {
		return string(it.Bytes) == text
	}
	if at, err := time.Parse("2006-01-02 15:04:05.999999-07:00", text); err == nil {
		return at.UnixMicro() == int64(it.Number)
	}
	base := 0
	if isHex {
		base = 16
	}
	n, err := strconv.ParseInt(text, base, 64)
	return err == nil && n == int64(it.Number)
}

// TestPacketsOfTheStandard: of the two packets one is read, and the other is refused, since its
// checksum is wrong; with the right one, which the test puts in, it is read too.
func TestPacketsOfTheStandard(t *testing.T) {
	whole := sourcetest.Open(t, "klv/DynamicOnlyMISMMSPacketData.bin")
	wrong := sourcetest.Open(t, "klv/DynamicConstantMISMMSPacketData.bin")
	places := map[string]any{"time": "2009-01-12T22:08:22.000000Z", "platform_heading_deg": 159.974365, "sensor_lat_deg": 60.1768229669783,
		"sensor_lon_deg": 128.426759042045, "slant_range_m": 68590.9832, "frame_center_lat_deg": -10.5423886331461}
	holds(t, whole, places)
	messages, damage := read(t, bytes.NewReader(wrong), Options{})
	if len(messages) != 0 || fmt.Sprint(damage) != "[byte 0: the checksum of the packet is wrong (228 bytes passed over)]" {
		t.Errorf("messages %v, damage %v", messages, damage)
	}
	places["mission_id"], places["platform_designation"], places["image_source_sensor"] = "Mission 12", "Predator", "EO Nose"
	places["security"] = map[string]any{"classification": "unclassified", "classifying_country": "//USA", "object_countries": "USA", "st0102_version": 10.0}
	holds(t, seal(nil, keyUAS, wrong[18:len(wrong)-4]), places)
}

// holds reads one packet and compares some of its values.
func holds(t *testing.T, packet []byte, values map[string]any) {
	t.Helper()
	messages, damage := read(t, bytes.NewReader(packet), Options{})
	if len(messages) != 1 || len(damage) != 0 {
		t.Fatalf("%d messages, damage %v", len(messages), damage)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(messages[0]), &got); err != nil {
		t.Fatalf("%v in %s", err, messages[0])
	}
	for name, want := range values {
		if x, is := want.(float64); is {
			if y, _ := got[name].(float64); math.Abs(x-y) > 1e-3 || strings.Contains(name, "_l") && math.Abs(x-y) > 1e-7 {
				t.Errorf("%s is %v, want %v", name, got[name], want)
			}
		} else if fmt.Sprint(got[name]) != fmt.Sprint(want) {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
}

// TestMappedValues: ST 1201 by the examples that ST 0903 gives, its special values, and what
// lies beyond the range.
func TestMappedValues(t *testing.T) {
	for _, test := range []struct {
		raw       string
		low, high float64
		want      float64 // NaN: not told
	}{
		{"3a6667", -19.2, 19.2, 10},
		{"2a94", -900, 19_000, 10_000},
		{"0000", 0, 360, 0},
		{"8000", 0, 256, 256}, // the highest value when the range is a power of two
		{"c800", 0, 360, math.NaN()},
		{"e800", 0, 360, math.NaN()},
		{"d000", 0, 360, math.NaN()},
		{"8001", 0, 360, math.NaN()},
		{"7fff", 0, 360, math.NaN()}, // 511 degrees
	} {
		raw, _ := hex.DecodeString(test.raw)
		got := mapped(raw, test.low, test.high)
		if step := 40_000 / math.Exp2(float64(8*len(raw)-1)); got.Told == math.IsNaN(test.want) || got.Told && math.Abs(got.V-test.want) > step {
			t.Errorf("%s in %g to %g is %v, want %v", test.raw, test.low, test.high, got, test.want)
		}
		if !math.IsNaN(test.want) {
			if back := appendIMAPB(nil, test.want, len(raw), test.low, test.high); hex.EncodeToString(back) != test.raw {
				t.Errorf("%v is written as %x, want %s", test.want, back, test.raw)
			}
		}
	}
}

// TestNotTold: what the standard reserves is not known and never a place.
func TestNotTold(t *testing.T) {
	for _, test := range []struct {
		tag   uint32
		value string
		want  string
	}{
		{TagSensorLat, "80000000", `"sensor_lat_deg":null`},
		{TagFrameLon, "80000000", `"frame_center_lon_deg":null`},
		{6, "8000", `"platform_pitch_deg":null`},
		{5, "", `"platform_heading_deg":null`},
		{5, "010203", `"platform_heading_deg":"010203"`}, // a length that the tag does not have
		{TagHeightMore, "d0000000", `"sensor_height_ellipsoid_extended_m":null`},
		{500, "0102", `"tag_500":"0102"`},
		{TagVMTI, "65ff", `"vmti":"65ff"`}, // a set that lies of a length
		{TagSecurity, "01ff", `"security":"01ff"`},
	} {
		value, _ := hex.DecodeString(test.value)
		body := appendField(appendField(nil, TagTime, appendBig(nil, 1_700_000_000_000_000, 8)), test.tag, value)
		messages, damage := read(t, bytes.NewReader(seal(nil, keyUAS, body)), Options{})
		if len(damage) != 0 || len(messages) != 1 || !strings.Contains(messages[0], test.want) {
			t.Errorf("tag %d, value %s: %v, damage %v, want %s", test.tag, test.value, messages, damage, test.want)
		}
	}
	m := message(Item{Tag: TagSensorLat, State: NotTold}, Item{Tag: TagSensorLon, Number: 3})
	if p, told := m.Platform(); told {
		t.Errorf("a place %v was made up", p)
	}
	if _, told := m.Corners(); told {
		t.Error("corners were made up")
	}
}

// TestCorners: from full corners, from offsets, and over the 180th meridian.
func TestCorners(t *testing.T) {
	m := message(Item{Tag: TagFrameLat, Number: 10}, Item{Tag: TagFrameLon, Number: 179.99})
	for i := range uint32(4) {
		m.Set(Item{Tag: TagOffsetLat1 + 2*i, Number: .01 * float64(i)})
		m.Set(Item{Tag: TagOffsetLat1 + 2*i + 1, Number: .02})
	}
	got, told := m.Corners()
	if !told || math.Abs(float64(got[3].Lat)-10.03) > 1e-9 || math.Abs(float64(got[0].Lon)+179.99) > 1e-9 {
		t.Errorf("offset corners %v, %v", got, told)
	}
	for i := range uint32(4) {
		m.Set(Item{Tag: TagCornerLat1 + 2*i, Number: 20 + float64(i)})
		m.Set(Item{Tag: TagCornerLat1 + 2*i + 1, Number: 30})
	}
	if got, told = m.Corners(); !told || got[3] != (geo.Point{Lat: 23, Lon: 30}) {
		t.Errorf("full corners %v, %v", got, told)
	}
}

// TestLeapSeconds: they are added to the stamp when the packet states them and are plausible.
func TestLeapSeconds(t *testing.T) {
	for leap, want := range map[float64]string{-27: "2023-11-14T22:12:53.000000Z", -5000: "2023-11-14T22:13:20.000000Z"} {
		m := message(Item{Tag: TagTime, Number: 1.7e15}, Item{Tag: TagLeapSeconds, Number: leap})
		if got := m.time().String(); got != want {
			t.Errorf("%g leap seconds: %s, want %s", leap, got, want)
		}
	}
}

// TestRoundTrip: items of every tag that is read come back within half a step, and what is
// written of them is the same bytes.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := message(Item{Tag: TagTime, Number: float64(rapid.Int64Range(1, 1<<51).Draw(t, "time"))})
		for range rapid.IntRange(0, 30).Draw(t, "items") {
			m.Set(anItem(t))
		}
		if rapid.Bool().Draw(t, "moving") {
			m.VMTI = someTargets(t)
		}
		raw := m.Append(nil)
		r := NewReader(bytes.NewReader(raw), Options{})
		var back Message
		if err := r.Next(&back); err != nil {
			t.Fatal(err)
		}
		for _, it := range m.Items {
			got, there := back.Item(it.Tag)
			if tag := tagOf(it.Tag); !there || got.State != it.State || string(got.Bytes) != string(it.Bytes) || math.Abs(got.Number-it.Number) > tag.step() {
				t.Fatalf("tag %d: %+v came back as %+v", it.Tag, it, got)
			}
		}
		if again := back.Append(nil); !bytes.Equal(again, raw) {
			t.Fatalf("written %x, then %x", raw, again)
		}
		if err := r.Next(&back); err != io.EOF {
			t.Fatal(err)
		}
	})
}

// step is how far a number may be off after it is written.
func (t *tag) step() float64 {
	switch t.form {
	case formScale, formSpan:
		return (t.high - t.low) / (math.Exp2(float64(8*t.size)) - 2)
	case formIMAPB:
		return (t.high - t.low) / math.Exp2(30)
	}
	return 0
}

func anItem(t *rapid.T) Item {
	it := Item{Tag: uint32(rapid.IntRange(3, len(tags)-1).Draw(t, "tag"))}
	tag := tagOf(it.Tag)
	switch tag.form {
	case formText:
		it.Bytes = []byte(rapid.StringN(1, 40, 120).Draw(t, "text"))
	case formUint, formInt:
		it.Number = float64(rapid.IntRange(0, 100).Draw(t, "number"))
	case formScale, formIMAPB, formSpan:
		it.Number = tag.low + rapid.Float64Range(0, 1).Draw(t, "part")*(tag.high-tag.low)
		if tag.form == formSpan && rapid.IntRange(0, 9).Draw(t, "told") == 0 {
			it.State, it.Number = NotTold, 0
		}
	default:
		it.Tag, it.State, it.Bytes = 200+it.Tag, Unread, rapid.SliceOfN(rapid.Byte(), 1, 200).Draw(t, "bytes")
	}
	return it
}

func someTargets(t *rapid.T) *VMTI {
	v := &VMTI{System: "MTI", Detected: 9, Frame: 7, Width: 1920, Height: 1080, Sensor: "IR"}
	for i := range rapid.IntRange(0, 5).Draw(t, "targets") {
		target := Target{ID: i + 100, Pixel: i + 1, Confidence: source.Told(80)}
		if rapid.Bool().Draw(t, "located") {
			target.Lat, target.Lon = source.Told(rapid.Float64Range(-89, 89).Draw(t, "lat")), source.Told(rapid.Float64Range(-179, 179).Draw(t, "lon"))
		}
		if i%2 == 0 {
			target.Height, target.SigmaEast, target.SigmaNorth, target.SigmaUp, target.RhoEN = source.Told(120), source.Told(4), source.Told(5), source.Told(6), source.Told(.25)
		}
		v.Targets = append(v.Targets, target)
	}
	return v
}

// TestVMTI: a target is placed by its location pack, or by its offset from the frame centre
// when that is told; never otherwise.
func TestVMTI(t *testing.T) {
	offset := appendField(appendField(appendOID(nil, 200), 10, []byte{0x3a, 0x66, 0x67}), 11, []byte{0x3a, 0x66, 0x67})
	set := appendField(nil, 101, append(appendLength(nil, len(offset)), offset...))
	var v VMTI
	if !readVMTI(set, vmtiHeader{centre: geo.Point{Lat: 5, Lon: 175}, told: true}, &v) || len(v.Targets) != 1 {
		t.Fatalf("%+v", v)
	}
	if p, told := v.Targets[0].Point(); !told || math.Abs(float64(p.Lat)-15) > 1e-4 || math.Abs(float64(p.Lon)+175) > 1e-4 || v.Targets[0].ID != 200 {
		t.Errorf("target %+v", v.Targets[0])
	}
	if !readVMTI(set, vmtiHeader{}, &v) {
		t.Fatal("refused")
	}
	if p, told := v.Targets[0].Point(); told {
		t.Errorf("a place %v was made up", p)
	}
	raw := seal(nil, keyVMTI, appendField(appendVMTI(nil, &VMTI{System: "A", Targets: v.Targets}), TagTime, appendBig(nil, 1.7e15, 8)))
	messages, damage := read(t, bytes.NewReader(raw), Options{})
	if len(damage) != 0 || len(messages) != 1 || !strings.Contains(messages[0], `"standard":"st0903"`) || !strings.Contains(messages[0], `"time":"2023`) {
		t.Errorf("a set by itself: %v, damage %v", messages, damage)
	}
}

// TestDamage: each way in which a stream is damaged, and what is read all the same.
func TestDamage(t *testing.T) {
	a := message(Item{Tag: TagTime, Number: 1.7e15}, Item{Tag: TagMissionID, Bytes: []byte("one")}).Append(nil)
	b := message(Item{Tag: TagTime, Number: 1.8e15}, Item{Tag: TagMissionID, Bytes: []byte("two")}).Append(nil)
	other := append([]byte(universal+"\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01"), 2, 7, 7)
	bent := bytes.Clone(a)
	bent[30] ^= 1
	long := bytes.Clone(a)
	long[16] = 0x84
	lied := bytes.Clone(a)
	lied[16]++
	many := &Message{}
	for i := range uint32(MaxItems) {
		many.Set(Item{Tag: 150 + i, State: Unread})
	}
	fits := many.Append(nil)
	fits = seal(nil, keyUAS, append(fits[19:len(fits)-4], appendField(nil, MaxTag, nil)...))
	for _, test := range []struct {
		name string
		in   [][]byte
		read string
		want string
	}{
		{"two", [][]byte{a, b}, "one two", ""},
		{"another standard", [][]byte{a, other, b}, "one two", ""},
		{"noise", [][]byte{[]byte("noise"), a, []byte("\x06\x0e\x2b more"), b, []byte("\x06\x0e")}, "one two", "byte 0: no KLV packet begins here (5 bytes passed over); byte 41: no KLV packet begins here (8 bytes passed over); byte 85: no KLV packet begins here (2 bytes passed over)"},
		{"a wrong checksum", [][]byte{bent, b}, "two", "byte 0: the checksum of the packet is wrong (36 bytes passed over)"},
		{"a length beyond", [][]byte{long, b}, "two", "byte 0: the packet's length is none, or over the bound (36 bytes passed over)"},
		{"a length that lies", [][]byte{lied, b}, "two", "byte 0: the packet does not end with its checksum (36 bytes passed over)"},
		{"an end inside", [][]byte{a, b[:20]}, "one", "byte 36: the stream ends inside a packet, or the packet's length is wrong (20 bytes passed over)"},
		{"an end inside a key", [][]byte{a, b[:9]}, "one", "byte 36: the stream ends inside a packet"},
		{"too many items", [][]byte{fits, b}, "two", "byte 0: the packet has more items than any edition"},
		{"an item that lies", [][]byte{seal(nil, keyUAS, []byte{3, 9, 1}), b}, "two", "byte 0: an item is longer than its packet"},
		{"nothing", nil, "", ""},
	} {
		messages, damage := read(t, iotest.OneByteReader(bytes.NewReader(bytes.Join(test.in, nil))), Options{})
		var names []string
		for _, m := range messages {
			_, name, _ := strings.Cut(m, `"mission_id":"`)
			names = append(names, name[:min(3, len(name))])
		}
		if got := strings.Join(names, " "); got != test.read {
			t.Errorf("%s: read %q, want %q", test.name, got, test.read)
		}
		if got := strings.Join(damage, "; "); test.want == "" && got != "" || !strings.HasPrefix(got, test.want) {
			t.Errorf("%s: damage %q, want %q", test.name, got, test.want)
		}
	}
}

// transport puts packets into a transport stream, each in a unit of its own stream.
func transport(t testing.TB, packets ...[]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := mpegts.NewWriter(&out, mpegts.WriterConfig{Streams: []mpegts.Stream{
		{PID: 0x100, Type: 0x1b}, {PID: 0x1f0, Type: mpegts.TypePrivate, Format: "KLVA"}, {PID: 0x1f1, Type: mpegts.TypeMetadata, Format: "KLVA"}}})
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range packets {
		if err := errors.Join(w.Tables(), w.Unit(0x100, int64(i), bytes.Repeat([]byte{9}, 4000)), w.Unit(0x1f0+uint16(i%2), int64(i), p)); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

// TestTransportStream: packets in a transport stream are read as bare ones are, also when one
// is cut over two units or a part of the stream is missing.
func TestTransportStream(t *testing.T) {
	a := message(Item{Tag: TagTime, Number: 1.7e15}, Item{Tag: TagMissionID, Bytes: []byte("one")}).Append(nil)
	b := message(Item{Tag: TagTime, Number: 1.8e15}, Item{Tag: TagMissionID, Bytes: bytes.Repeat([]byte("two"), 40)}).Append(nil)
	stream := transport(t, a, b[:30], a, b[30:], a)
	messages, damage := read(t, bytes.NewReader(stream), Options{})
	if len(messages) != 4 || len(damage) != 0 || !strings.Contains(messages[2], "twotwo") || !strings.Contains(messages[2], `"pid":497`) {
		t.Errorf("messages %v, damage %v", messages, damage)
	}
	messages, damage = read(t, bytes.NewReader(append(stream[:188*30:188*30], stream[188*31:]...)), Options{Format: FormatTS})
	if len(messages)+len(damage) == 0 || len(messages) > 4 {
		t.Errorf("with a hole: messages %v, damage %v", messages, damage)
	}
	_, damage = read(t, bytes.NewReader(stream), Options{Format: FormatBare})
	if len(damage) == 0 {
		t.Error("a transport stream was read as bare packets without a word")
	}
}

// TestSourceFails: an error of the source is given back once what came before it is read.
func TestSourceFails(t *testing.T) {
	broken := errors.New("cable")
	a := message(Item{Tag: TagTime, Number: 1.7e15}).Append(nil)
	for _, stream := range [][]byte{a, transport(t, a)} {
		r := NewReader(io.MultiReader(bytes.NewReader(stream), iotest.ErrReader(broken)), Options{})
		var m Message
		if err := r.Next(&m); err != nil {
			t.Error(err)
		}
		if err := r.Next(&m); !errors.Is(err, broken) {
			t.Errorf("%v, want %v", err, broken)
		}
	}
}

// FuzzReader: whatever comes, reading ends, every message is JSON, and what is written of it can
// be read again.
func FuzzReader(f *testing.F) {
	a := message(Item{Tag: TagTime, Number: 1.7e15}, Item{Tag: TagSensorLat, Number: 48}, Item{Tag: TagSensorLon, Number: 37}).Append(nil)
	f.Add(a)
	f.Add(append([]byte("xx"), a...))
	f.Add(transport(f, a, a))
	f.Fuzz(func(t *testing.T, in []byte) {
		r := NewReader(bytes.NewReader(in), Options{})
		var m Message
		for range 2*len(in) + 100 {
			err := r.Next(&m)
			var d *source.Damage
			if err == io.EOF {
				return
			}
			if err != nil && !errors.As(err, &d) {
				t.Fatal(err)
			}
			if err != nil {
				continue
			}
			text, err := json.Marshal(&m)
			if err != nil || !json.Valid(text) {
				t.Fatalf("%v in %s", err, text)
			}
			var back Message
			if err := NewReader(bytes.NewReader(m.Append(nil)), Options{Format: FormatBare}).Next(&back); m.Standard == UASDatalink && err != nil {
				t.Fatalf("%v in what was written of %s", err, text)
			}
		}
		t.Fatal("reading does not end")
	})
}

// typical is a packet as a drone sends it, of some 230 bytes.
func typical() []byte {
	m := message(Item{Tag: TagTime, Number: 1.7e15})
	for i := range uint32(60) {
		if tag := tagOf(i + 3); tag.form == formScale || tag.form == formSpan {
			m.Set(Item{Tag: i + 3, Number: tag.low + (tag.high-tag.low)/3})
		}
	}
	m.Set(Item{Tag: TagTailNumber, Bytes: []byte("AF-101")})
	return m.Append(nil)
}

func BenchmarkReader(b *testing.B) {
	stream := bytes.Repeat(typical(), 10_000)
	b.SetBytes(int64(len(stream)))
	b.ReportAllocs()
	var m Message
	for b.Loop() {
		r := NewReader(bytes.NewReader(stream), Options{Format: FormatBare})
		var err error
		for err == nil {
			err = r.Next(&m)
		}
		if err != io.EOF {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*10_000/b.Elapsed().Seconds(), "messages/s")
}

// TestNoAllocationPerMessage: ten times the messages cost no more allocations.
func TestNoAllocationPerMessage(t *testing.T) {
	count := func(times int) float64 {
		stream := bytes.Repeat(typical(), times)
		var m Message
		return testing.AllocsPerRun(3, func() {
			r := NewReader(bytes.NewReader(stream), Options{})
			for r.Next(&m) == nil {
				continue
			}
		})
	}
	if few, many := count(500), count(5000); many > few {
		t.Errorf("%g allocations for 500 messages, %g for 5,000", few, many)
	}
}
