package klv

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce/internal/mpegts"
	"github.com/trucewatch/truce/source"
)

// TestLengthsAndTags: BER lengths and BER-OID tags by hand, those that are not allowed among
// them.
func TestLengthsAndTags(t *testing.T) {
	for _, test := range []struct {
		raw     string
		n, size int
	}{{"05", 5, 1}, {"7f", 127, 1}, {"8180", 128, 2}, {"82ffff", 65535, 3}, {"83040000", MaxPacket, 4}, {"83040001", 0, -1}, {"80", 0, -1}, {"8a00", 0, -1}, {"8200", 0, 0}, {"", 0, 0}, {"8800000000000000", 0, 0}, {"880000000000000007", 7, 9}} {
		raw, _ := hex.DecodeString(test.raw)
		if n, size := berLength(raw); n != test.n || size != test.size {
			t.Errorf("length %s: %d in %d bytes, want %d in %d", test.raw, n, size, test.n, test.size)
		}
	}
	for _, n := range []int{0, 127, 128, 255, 256, 65535, 65536, MaxPacket} {
		if got, size := berLength(appendLength(nil, n)); got != n || size != len(appendLength(nil, n)) {
			t.Errorf("length %d comes back as %d", n, got)
		}
	}
	for _, n := range []uint32{0, 1, 127, 128, 143, 16383, 16384, 1<<28 - 1} {
		if got, size := oid(appendOID(nil, n)); got != n || size != len(appendOID(nil, n)) {
			t.Errorf("tag %d comes back as %d", n, got)
		}
	}
	for _, raw := range [][]byte{nil, {0x81}, {0x81, 0x82, 0x83, 0x84, 0x05}} {
		if _, size := oid(raw); size != 0 {
			t.Errorf("tag %x was read", raw)
		}
	}
}

// TestNumbersAreClamped: what does not fit is written as the nearest that does, or as not known.
func TestNumbersAreClamped(t *testing.T) {
	for _, test := range []struct {
		tag  uint32
		x    float64
		want string
	}{
		{5, 720, "ffff"}, {5, -1, "0000"}, {5, math.NaN(), "0000"},
		{TagSensorLat, 90, "7fffffff"}, {TagSensorLat, -90, "80000001"}, {TagSensorLat, 91, "80000000"}, {TagSensorLat, math.NaN(), "80000000"},
		{8, 300, "ff"}, {39, -200, "80"}, {39, 127.4, "7f"},
		{TagHeightMore, 50_000, "d0000000"},
		{TagLeapSeconds, -27, "e5"}, {TagLeapSeconds, -300, "fed4"}, {110, 70_000, "011170"}, {110, 0, "00"},
	} {
		if got := hex.EncodeToString(tagOf(test.tag).encode(nil, Item{Tag: test.tag, Number: test.x}, 0)); got != test.want {
			t.Errorf("tag %d, %g is written as %s, want %s", test.tag, test.x, got, test.want)
		}
	}
}

// TestTableOfTags: every name is one of a kind, and ranges go upwards.
func TestTableOfTags(t *testing.T) {
	seen := map[string]int{}
	for number, tag := range tags {
		if tag.name == "" {
			continue
		}
		if before, twice := seen[tag.name]; twice {
			t.Errorf("tags %d and %d are both %s", before, number, tag.name)
		}
		seen[tag.name] = number
		mapped := tag.form == formScale || tag.form == formSpan || tag.form == formIMAPB
		if mapped != (tag.high > tag.low) || (tag.form == formScale || tag.form == formSpan) && tag.size == 0 || tag.form == formSpan && tag.low != -tag.high {
			t.Errorf("tag %d: %+v", number, tag)
		}
	}
	if TagName(0) != "" || TagName(66) != "" || TagName(9999) != "" || TagName(13) != "sensor_lat_deg" {
		t.Error("names")
	}
}

// TestSet: a tag that comes twice counts once, and the bounds hold.
func TestSet(t *testing.T) {
	m := message(Item{Tag: 5, Number: 1}, Item{Tag: 5, Number: 2})
	if len(m.Items) != 1 || m.Number(5).V != 2 || m.Number(MaxTag+9).Told {
		t.Errorf("%+v", m.Items)
	}
	if m.Set(Item{Tag: MaxTag + 1}) || !m.Set(Item{Tag: MaxTag}) {
		t.Error("the bound of tags")
	}
	for i := range uint32(MaxItems) {
		m.Set(Item{Tag: 100 + i})
	}
	if len(m.Items) != MaxItems || m.Set(Item{Tag: 99}) || !m.Set(Item{Tag: 5}) {
		t.Errorf("%d items", len(m.Items))
	}
	m.reset()
	if _, there := m.Item(5); there || m.Text(3) != "" {
		t.Error("items outlive their message")
	}
}

// TestSecurity: each level, both writings of countries, and sets that lie.
func TestSecurity(t *testing.T) {
	for _, test := range []struct{ raw, want string }{
		{"010105", "{top_secret       0}"}, {"010109", "{        0}"}, {"01020101", "{        0}"},
		{"0d0600550053004103022f2f", "{ //    USA  0}"}, {"0d024742", "{     GB  0}"},
		{"04014105014206014303014416020c000e0145", "{ D A B C  E 3072}"},
	} {
		raw, _ := hex.DecodeString(test.raw)
		got, ok := readSecurity(raw)
		if !ok {
			t.Errorf("%s was refused", test.raw)
			continue
		}
		if text := strings.Join(strings.Fields(fmt.Sprint(*got)), " "); text != strings.Join(strings.Fields(test.want), " ") {
			t.Errorf("%s: %s, want %s", test.raw, text, test.want)
		}
	}
	if _, ok := readSecurity([]byte{1, 9}); ok {
		t.Error("a set that lies of a length was read")
	}
}

// TestTargetsThatLie: a series whose lengths contradict each other is refused whole, and one at
// the bound is read.
func TestTargetsThatLie(t *testing.T) {
	var v VMTI
	for _, raw := range []string{"6502", "65020581", "650103", "650181", "6503020581", "6505040511ff00"} {
		b, _ := hex.DecodeString(raw)
		if readVMTI(b, vmtiHeader{}, &v) {
			t.Errorf("%s was read as %+v", raw, v)
		}
	}
	pack := []byte{1, 7}
	if !readVMTI(appendField(nil, 101, bytes.Repeat(pack, MaxTargets)), vmtiHeader{}, &v) || len(v.Targets) != MaxTargets {
		t.Errorf("%d targets", len(v.Targets))
	}
	if readVMTI(appendField(nil, 101, bytes.Repeat(pack, MaxTargets+1)), vmtiHeader{}, &v) {
		t.Error("one target too many was read")
	}
	var target Target
	if readLocation(make([]byte, 11), &target) || !readLocation(make([]byte, 10), &target) || target.Lat != source.Told(-90) {
		t.Errorf("location packs: %+v", target)
	}
}

// TestPassed: packets of other standards are counted, and what is no key is not.
func TestPassed(t *testing.T) {
	other := append([]byte(universal+"abcdefghijkl"), 1, 9)
	r := NewReader(bytes.NewReader(bytes.Join([][]byte{other, other, []byte("x"), other}, nil)), Options{Format: FormatBare})
	var m Message
	var d *source.Damage
	if err := r.Next(&m); !errors.As(err, &d) || d.Offset != 36 || d.Length != 1 {
		t.Errorf("%v", err)
	}
	if err := r.Next(&m); err != io.EOF || r.Passed() != 3 {
		t.Errorf("%v, %d passed", err, r.Passed())
	}
}

// TestOlderStandard: packets of EG 0104 are not passed over without a word: the stream ends with
// how many they were.
func TestOlderStandard(t *testing.T) {
	older := append([]byte(keyEG0104), 2, 1, 2)
	r := NewReader(bytes.NewReader(append(bytes.Clone(older), older...)), Options{})
	var m Message
	var d *source.Damage
	if err := r.Next(&m); !errors.As(err, &d) || d.Offset != 38 || d.Length != 0 || d.Reason != "2 packets of MISB EG 0104, the standard before ST 0601, are not read" {
		t.Errorf("%v", err)
	}
	if err := r.Next(&m); err != io.EOF || r.Passed() != 2 {
		t.Errorf("%v, %d passed", err, r.Passed())
	}
}

// TestTooManyStreams: of a transport stream with more metadata streams than the bound those
// beyond are told and not read.
func TestTooManyStreams(t *testing.T) {
	var streams []mpegts.Stream
	for i := range uint16(maxLanes + 2) {
		streams = append(streams, mpegts.Stream{PID: 0x100 + i, Type: mpegts.TypePrivate, Format: "KLVA"})
	}
	var out bytes.Buffer
	w, err := mpegts.NewWriter(&out, mpegts.WriterConfig{Streams: streams})
	if err != nil {
		t.Fatal(err)
	}
	packet := message(Item{Tag: TagTime, Number: 1.7e15}).Append(nil)
	err = w.Tables()
	for _, s := range streams {
		err = errors.Join(err, w.Unit(s.PID, mpegts.NoPTS, packet))
	}
	if err != nil {
		t.Fatal(err)
	}
	messages, damage := read(t, &out, Options{Format: FormatTS})
	if len(messages) != maxLanes || len(damage) != 2 || !strings.Contains(damage[0], "more than 16 metadata streams") {
		t.Errorf("%d messages, damage %v", len(messages), damage)
	}
}
