package asterix

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/pcap"
	"github.com/trucewatch/truce/source/sourcetest"
)

// block makes a block of one report.
func block(t testing.TB, number uint8, b *Builder) []byte {
	t.Helper()
	record, err := b.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := AppendBlock(nil, number, record)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// capture makes a capture of datagrams, a second apart from a time on.
func capture(t testing.TB, from time.Time, datagrams ...[]byte) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := pcap.NewWriter(&file, pcap.LinkEthernet)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range datagrams {
		frame, err := pcap.AppendUDP(nil, netip.MustParseAddrPort("10.0.0.1:9"), netip.MustParseAddrPort("239.0.0.1:8600"), d)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(from.Add(time.Duration(i)*time.Second).UnixNano(), frame); err != nil {
			t.Fatal(err)
		}
	}
	return file.Bytes()
}

// TestSharedFiles counts what every shared file holds: blocks, captures and a recording. One
// capture is of an edition of category 062 that puts other items in the same bits: nothing of
// it may be taken for a report.
func TestSharedFiles(t *testing.T) {
	for name, want := range map[string]string{
		"cat034.raw":       "map[34:1], 0 damaged",
		"cat048.raw":       "map[48:1], 0 damaged",
		"cat062cat065.raw": "map[62:2 65:1], 0 damaged",
		"cat21_re.ast":     "map[21:2], 0 damaged",
		"cat_001_002.pcap": "map[1:7 2:1], 0 damaged",
		"cat_034_048.pcap": "map[34:34 48:128], 0 damaged",
		"cat_062_065.pcap": "map[62:2 65:1], 0 damaged",
		"parsegps.gps":     "map[34:3 48:15], 0 damaged",
		"asterix.pcap":     "map[], 100 damaged",
	} {
		got, damage := messages(t, sourcetest.Open(t, "asterix/sample_data/"+name), Options{})
		counts := map[uint8]int{}
		for _, m := range got {
			counts[m.Category]++
		}
		if text := fmt.Sprintf("%v, %d damaged", counts, len(damage)); text != want {
			t.Errorf("%s: %s, want %s: %.200q", name, text, want, damage)
		}
	}
}

// TestOtherEditionIsNamed: the refusal says what does not fit and which edition is read.
func TestOtherEditionIsNamed(t *testing.T) {
	_, damage := messages(t, sourcetest.Open(t, "asterix/sample_data/asterix.pcap"), Options{})
	named := 0
	for _, d := range damage {
		if strings.Contains(d, "another edition than 1.20") {
			named++
		}
	}
	if named == 0 {
		t.Errorf("none of %q", damage)
	}
}

// TestSharedRecords looks at single values that the files' makers publish nothing of: aircraft
// of the Adriatic, the Faroes and Brazil, where the radars are.
func TestSharedRecords(t *testing.T) {
	first := func(name string) Message {
		got, _ := messages(t, sourcetest.Open(t, "asterix/sample_data/"+name), Options{})
		if len(got) == 0 {
			t.Fatalf("%s: no record", name)
		}
		return got[0]
	}
	if m := first("cat048.raw"); m.Callsign.String() != "DLH65A" || m.Address.String() != "3c660c" || m.Squawk.String() != "1000" || m.TimeOfDay.V != 27354.6015625 {
		t.Errorf("048: %+v", m.Target)
	}
	if m := first("cat21_re.ast"); math.Abs(m.LatDeg.V-61.4753) > 1e-4 || math.Abs(m.LonDeg.V+7.8787) > 1e-4 || !m.Ground || m.Address != 1 {
		t.Errorf("021: %+v", m.Target)
	}
	if m := first("parsegps.gps"); m.Callsign.String() != "TAM8085" || m.Offset != 2203 || m.LevelM.V != 320*100*foot {
		t.Errorf("recording: %d %+v", m.Offset, m.Target)
	}
	if m := first("cat_001_002.pcap"); m.Time.String() != "2014-02-25T12:43:44.101563Z" || m.Track.V != 3762 {
		t.Errorf("001: %s, track %v", m.Time, m.Track)
	}
}

// TestDamage: what cannot be read is told with its byte, and reading goes on at the next block.
func TestDamage(t *testing.T) {
	good := block(t, 48, plot048(3600, 54, 90))
	cut := bytes.Clone(good)
	cut[2] -= 3 // the record's last item goes beyond the block
	for _, test := range []struct {
		name, want string
		in         []byte
		whole      int
	}{
		{"whole", "[]", bytes.Join([][]byte{good, good}, nil), 2},
		{"noise between", "[byte %[1]d: category 0 with a length of 0 where a block should begin (5 bytes passed over)]", bytes.Join([][]byte{good, make([]byte, 5), good}, nil), 2},
		{"a block beyond the end", "[byte %[1]d: a block of 4660 bytes that goes beyond the end (3 bytes passed over)]", append(bytes.Clone(good), 48, 0x12, 0x34), 1},
		{"half a head", "[byte %[1]d: ends within the head of a block (2 bytes passed over)]", append(bytes.Clone(good), 48, 0), 1},
		{"another category", "[]", bytes.Join([][]byte{{8, 0, 5, 1, 2}, good}, nil), 1},
		{"a cut record", "[byte 3: category 48: item 240: the record ends within it (24 bytes passed over) byte 27: a block of", append(cut, good...), 1},
		{"a field not in use", "[byte 3: category 2: a field specification longer", []byte{2, 0, 8, 0x81, 1, 1, 1, 0}, 0},
		{"the end within the fields", "[byte 3: category 2: a record that ends within its field specification", []byte{2, 0, 4, 0xc1}, 0},
		{"no required item", "[byte 3: category 48: no item 140, which every report has; it may be of another edition than 1.32 (3 bytes passed over)]", []byte{48, 0, 6, 0x80, 1, 2}, 0},
	} {
		got, damage := messages(t, test.in, Options{})
		want := test.want
		if strings.Contains(want, "%") {
			want = fmt.Sprintf(want, len(good))
		}
		if len(got) != test.whole || !strings.HasPrefix(fmt.Sprint(damage), want) {
			t.Errorf("%s: %d records, damage %q, want %d, %q", test.name, len(got), damage, test.whole, want)
		}
	}
}

// TestItemsRefused: items that contradict themselves take their block with them.
func TestItemsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		in   []byte
		want string
	}{
		"explicit item beyond":      {[]byte{65, 0, 13, 0xe1, 0x04, 1, 2, 2, 1, 9, 0, 0, 0}, "item RE: its length goes beyond the record"},
		"explicit item of nothing":  {[]byte{65, 0, 10, 0xe1, 0x04, 1, 2, 2, 1, 0}, "item RE: its length goes beyond the record"},
		"random order":              {[]byte{2, 0, 12, 0xc1, 0x03, 0x00, 1, 2, 1, 0, 0, 0}, "category 2"},
		"subitem that is not there": {[]byte{34, 0, 9, 0xc4, 1, 2, 1, 0x40, 0}, "item 050: subitem 2, which is not in use"},
		"more subitems than named":  {[]byte{34, 0, 9, 0xc4, 1, 2, 1, 0x01, 0}, "item 050: it names more subitems than it has"},
		"a day of 27 hours":         {block(t, 48, plot048(97_200, 54, 90)), "a time of day of 97200 s"},
		"latitude beyond":           {block(t, 62, track062(1000).Number("105/lat_deg", 91)), "a position of 91"},
		"faster than possible":      {block(t, 62, track062(1000).Number("185/vx_mps", 4000)), "a speed of 4000 m/s"},
	} {
		got, damage := messages(t, test.in, Options{})
		if len(got) != 0 || len(damage) != 1 || !strings.Contains(damage[0], test.want) {
			t.Errorf("%s: %d records, damage %q, want %q", name, len(got), damage, test.want)
		}
	}
}

// track062 is a system track as the simulator makes it.
func track062(tod float64) *Builder {
	return Build(62).Number("010/sac", 25).Number("010/sic", 100).Number("070/tod_s", tod).Number("040/track", 7).Number("080/mon", 0)
}

// TestCaptures: blocks one behind the other in a datagram, datagrams that hold none, and a
// capture that breaks off.
func TestCaptures(t *testing.T) {
	good := block(t, 48, plot048(3600, 54, 90))
	at := time.Date(2031, 3, 3, 1, 0, 0, 0, time.UTC)
	in := capture(t, at, append(bytes.Clone(good), good...), []byte("hello"), good, good[:9])
	got, damage := messages(t, in, Options{})
	if len(got) != 3 || len(damage) != 2 || !strings.Contains(damage[0], "a datagram that is no data block") || got[0].Time != truce.InstantOf(at) {
		t.Errorf("%d records at %v, damage %q", len(got), got, damage)
	}
	got, damage = messages(t, in[:len(in)-4], Options{})
	if len(got) != 3 || len(damage) != 2 || !strings.Contains(damage[1], "ends within a packet") {
		t.Errorf("broken off: %d records, damage %q", len(got), damage)
	}
	wrappedBlock := append([]byte{0, byte(len(good) + 6), 0, 0x36, 0xee, 0x80}, good...)
	got, damage = messages(t, capture(t, at, append(bytes.Clone(wrappedBlock), wrappedBlock...)), Options{})
	if len(got) != 2 || len(damage) != 0 {
		t.Errorf("with heads: %d records, damage %q", len(got), damage)
	}
}

// TestTimes: the day goes on over midnight, the capture's or the arrival's day is taken where
// there is one, and without any there is no time.
func TestTimes(t *testing.T) {
	var feed []byte
	for _, tod := range []float64{86_398, 86_399.5, .5, 2} {
		feed = append(feed, block(t, 48, plot048(tod, 54, 90))...)
	}
	day := truce.InstantOf(time.Date(2031, 3, 3, 0, 0, 0, 0, time.UTC))
	got, _ := messages(t, feed, Options{Day: "2031-03-03"})
	for i, want := range []int64{86_398_000_000, 86_399_500_000, 86_400_500_000, 86_402_000_000} {
		if got[i].Time != day+truce.Instant(want) {
			t.Errorf("report %d at %s", i, got[i].Time)
		}
	}
	if got, _ := messages(t, feed, Options{}); got[0].Time != 0 || got[0].TimeOfDay.V != 86_398 {
		t.Errorf("without a day: %s, %v", got[0].Time, got[0].TimeOfDay)
	}
	now := func() truce.Instant { return day + 3_000_000 }
	if got, _ := messages(t, feed, Options{Now: now}); got[0].Time != day-2_000_000 || got[3].Time != day+2_000_000 {
		t.Errorf("as they come: %s, %s", got[0].Time, got[3].Time)
	}
	for _, d := range []truce.Day{"yesterday", "1950-01-01"} {
		var m Message
		if err := NewReader(bytes.NewReader(feed), Options{Day: d}).Next(&m); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("day %s: %v", d, err)
		}
	}
}

// TestShortTimes: category 001 tells 512 s only; the radar's own sectors say which.
func TestShortTimes(t *testing.T) {
	plot := func(tod float64) []byte {
		return block(t, 1, Build(1).Number("010/sac", 1).Number("010/sic", 2).Number("020/typ", 0).Number("040/rho_nm", 9).Number("040/theta_deg", 9).Number("141/time_s", math.Mod(tod, 512)))
	}
	sector := func(tod float64) []byte {
		return block(t, 2, Build(2).Number("010/sac", 1).Number("010/sic", 2).Number("000/type", 2).Number("030/tod_s", tod))
	}
	feed := bytes.Join([][]byte{plot(5000), sector(5120), plot(5119), plot(5121), sector(1), plot(86_399)}, nil)
	got, _ := messages(t, feed, Options{Day: "2031-03-03"})
	var tods []string
	for _, m := range got {
		tods = append(tods, fmt.Sprintf("%v", m.TimeOfDay))
	}
	if text := strings.Join(tods, " "); text != "{0 false} {5120 true} {5119 true} {5121 true} {1 true} {86399 true}" {
		t.Errorf("times of day: %s", text)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestEnds: an error of the feed ends it and stays.
func TestEnds(t *testing.T) {
	r := NewReader(io.MultiReader(bytes.NewReader(block(t, 48, plot048(1, 2, 3))), failing{}), Options{})
	var m Message
	if err := r.Next(&m); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := r.Next(&m); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("got %v", err)
		}
	}
	if got, damage := messages(t, nil, Options{}); len(got)+len(damage) != 0 {
		t.Errorf("an empty feed gave %v, %v", got, damage)
	}
}

// TestJSON: items by number, subitems by name, lists where they repeat, text quoted.
func TestJSON(t *testing.T) {
	b := plot048(3600, 54, 90).Number("030/warning", 1).Number("030/warning", 2).Text("250/mbdata", "c0780031bc0000").Number("250/bds1", 4).Number("130/sam_", 0)
	if _, err := b.Append(nil); err == nil {
		t.Error("a subitem without its name was set")
	}
	b = plot048(3600, 54, 90).Number("030/warning", 1).Number("030/warning", 2).Text("250/mbdata", "c0780031bc0000").Number("250/bds1", 4).Number("130/sam/sam_dbm", -61)
	got, damage := messages(t, block(t, 48, b), Options{})
	if len(got) != 1 {
		t.Fatal(damage)
	}
	text, err := json.Marshal(got[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"030":[{"warning":1},{"warning":2}]`, `"250":[{"mbdata":"c0780031bc0000","bds1":4,"bds2":0}]`, `"130":{"sam":{"sam_dbm":-61}}`,
		`"240":{"callsign":"TRUCE1"}`, `"070":{"v":0,"g":0,"l":0,"mode3a":"7012"}`, `"slant_range_m":100008`, `"seen":"secondary"`, `"category":48`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	var any map[string]json.RawMessage
	if err := json.Unmarshal(text, &any); err != nil || any["time"] != nil {
		t.Errorf("%v, time %s", err, any["time"])
	}
}

// TestNoAllocation: a record costs none once the reader has grown.
func TestNoAllocation(t *testing.T) {
	feed := bytes.Repeat(block(t, 48, plot048(3600, 54, 90)), 600)
	r := NewReader(bytes.NewReader(feed), Options{Day: "2031-03-03"})
	var m Message
	if allocations := testing.AllocsPerRun(400, func() {
		if err := r.Next(&m); err != nil {
			t.Fatal(err)
		}
	}); allocations != 0 {
		t.Errorf("%g allocations a record", allocations)
	}
}

// FuzzReader: any feed ends; its records lie in it one behind the other, and what is read of
// one is on the earth, within a day, and can be written as JSON.
func FuzzReader(f *testing.F) {
	f.Add(block(f, 48, plot048(3600, 54, 90)))
	f.Add(block(f, 62, track062(3600).Number("105/lat_deg", 48).Number("105/lon_deg", 37)))
	f.Add(capture(f, time.Unix(1_900_000_000, 0), block(f, 48, plot048(3600, 54, 90))))
	f.Add(append(bytes.Repeat([]byte{0xcd}, recordingHead), append(block(f, 48, plot048(1, 2, 3)), make([]byte, recordingTail)...)...))
	f.Fuzz(func(t *testing.T, in []byte) {
		got, _ := messages(t, in, Options{Day: "2031-03-03"})
		last := int64(-1)
		for _, m := range got {
			if m.Offset < last || m.Offset >= int64(len(in)) || len(m.Raw) == 0 || len(m.Items) > MaxValues {
				t.Fatalf("a record of %d bytes at byte %d after %d of %d", len(m.Raw), m.Offset, last, len(in))
			}
			last = m.Offset
			if math.Abs(m.LatDeg.V) > 90 || math.Abs(m.LonDeg.V) > 180 || m.TimeOfDay.V > 86_401 {
				t.Fatalf("%+v", m)
			}
			if text, err := json.Marshal(m); err != nil || !json.Valid(text) {
				t.Fatalf("%s, %v", text, err)
			}
		}
	})
}

// BenchmarkRadar reads reports of category 048 as the simulator makes them; one operation is
// one report.
func BenchmarkRadar(b *testing.B) {
	benchmark(b, bytes.Repeat(block(b, 48, plot048(3600, 54, 90).Number("200/gsp_nmps", .05).Number("200/hdg_deg", 180)), 2000))
}

// BenchmarkTracks reads the two system tracks and the service message of the shared file, again
// and again; one operation is one record.
func BenchmarkTracks(b *testing.B) {
	benchmark(b, bytes.Repeat(sourcetest.Open(b, "asterix/sample_data/cat062cat065.raw"), 500))
}

func benchmark(b *testing.B, feed []byte) {
	in := bytes.NewReader(feed)
	r := NewReader(in, Options{Day: "2031-03-03"})
	var m Message
	b.ReportAllocs()
	for b.Loop() {
		if r.Next(&m) == io.EOF {
			in.Reset(feed)
			r.in.Reset(in)
			r.ended, r.begun, r.at = nil, false, 0
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

// slow gives one byte at a time, as a line does.
type slow struct{ rest []byte }

func (s *slow) Read(b []byte) (int, error) {
	if len(s.rest) == 0 {
		return 0, io.EOF
	}
	b[0], s.rest = s.rest[0], s.rest[1:]
	return 1, nil
}

// TestLiveFeeds: a record is given when the last byte of its block has come.
func TestLiveFeeds(t *testing.T) {
	one := block(t, 48, plot048(3600, 54, 90))
	s := &slow{rest: bytes.Repeat(one, 3)}
	r := NewReader(s, Options{})
	var m Message
	for i := range 3 {
		if err := r.Next(&m); err != nil {
			t.Fatal(err)
		}
		if len(s.rest) != (2-i)*len(one) {
			t.Errorf("record %d was given with %d bytes left", i, len(s.rest))
		}
	}
}
