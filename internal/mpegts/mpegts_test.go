package mpegts

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

var (
	video = Stream{Program: 1, PID: 0x100, Type: 0x1b}
	loose = Stream{Program: 1, PID: 0x101, Type: TypePrivate, Format: "KLVA"}
	tied  = Stream{Program: 1, PID: 0x102, Type: TypeMetadata, Format: "KLVA"}
	other = Stream{Program: 1, PID: 0x103, Type: TypeMetadata, Format: "ID3 "}
	all   = []Stream{video, loose, tied, other}
)

// sent is a unit as it was written.
type sent struct {
	pid  uint16
	pts  int64
	data []byte
}

func write(t testing.TB, size int, units []sent) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := NewWriter(&out, WriterConfig{Size: size, Streams: all})
	if err != nil {
		t.Fatal(err)
	}
	for i, u := range units {
		if i%8 == 0 {
			if err := w.Tables(); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Unit(u.pid, u.pts, u.data); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

// read gives what a stream holds: units as text and damage as its words.
func read(t testing.TB, src io.Reader, o Options) (units []sent, damage []string) {
	t.Helper()
	r := NewReader(src, o)
	for {
		var u Unit
		err := r.Next(&u)
		var d *Damage
		switch {
		case err == io.EOF:
			return units, damage
		case errors.As(err, &d):
			damage = append(damage, d.Error())
		case err != nil:
			t.Fatal(err)
		default:
			units = append(units, sent{u.Stream.PID, u.PTS, bytes.Clone(u.Data)})
		}
	}
}

func everything(Stream) bool { return true }

func same(a, b []sent) error {
	if len(a) != len(b) {
		return fmt.Errorf("%d units, want %d", len(a), len(b))
	}
	for i := range a {
		if a[i].pid != b[i].pid || a[i].pts != b[i].pts || !bytes.Equal(a[i].data, b[i].data) {
			return fmt.Errorf("unit %d: PID %d at %d of %d bytes, want PID %d at %d of %d bytes", i, a[i].pid, a[i].pts, len(a[i].data), b[i].pid, b[i].pts, len(b[i].data))
		}
	}
	return nil
}

// TestRoundTrip: what is written in packets of any size is read as it was, however the
// source hands out its bytes.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var units []sent
		for range rapid.IntRange(0, 12).Draw(t, "units") {
			units = append(units, sent{
				pid:  rapid.SampledFrom([]uint16{loose.PID, tied.PID}).Draw(t, "pid"),
				pts:  rapid.Int64Range(NoPTS, 1<<33-1).Draw(t, "pts"),
				data: rapid.SliceOfN(rapid.Byte(), 1, 700).Draw(t, "data"),
			})
		}
		for i := range units {
			if bytes.HasPrefix(units[i].data, []byte{0, 0, 1}) {
				units[i].data[0] = 9
			}
		}
		stream := writeRapid(t, rapid.SampledFrom([]int{188, 192, 204}).Draw(t, "size"), units)
		r := NewReader(iotest.HalfReader(bytes.NewReader(stream)), Options{})
		var got []sent
		for {
			var u Unit
			err := r.Next(&u)
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, sent{u.Stream.PID, u.PTS, bytes.Clone(u.Data)})
		}
		if err := same(got, units); err != nil {
			t.Fatal(err)
		}
	})
}

func writeRapid(t *rapid.T, size int, units []sent) []byte {
	var out bytes.Buffer
	w, err := NewWriter(&out, WriterConfig{Size: size, Streams: all})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Tables(); err != nil {
		t.Fatal(err)
	}
	for _, u := range units {
		if err := w.Unit(u.pid, u.pts, u.data); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

// TestWhatIsWanted: metadata by default, all on request; units of unknown length end where
// the next begins or the stream ends.
func TestWhatIsWanted(t *testing.T) {
	long := bytes.Repeat([]byte("picture "), 20_000)
	units := []sent{{video.PID, 90, long}, {loose.PID, NoPTS, []byte("one")}, {video.PID, 180, long}, {tied.PID, 1 << 32, []byte("two")}, {other.PID, 3, []byte("song")}}
	stream := write(t, 188, units)
	got, damage := read(t, bytes.NewReader(stream), Options{})
	if err := same(got, []sent{units[1], units[3]}); err != nil || len(damage) != 0 {
		t.Errorf("%v, damage %v", err, damage)
	}
	got, damage = read(t, bytes.NewReader(stream), Options{Want: everything})
	if err := same(got, []sent{units[1], units[0], units[3], units[4], units[2]}); err != nil || len(damage) != 0 {
		t.Errorf("all: %v, damage %v", err, damage)
	}
	r := NewReader(bytes.NewReader(stream), Options{})
	if err := r.Next(&Unit{}); err != nil || fmt.Sprint(r.Streams()) != fmt.Sprint(all) {
		t.Errorf("%v, streams %v, want %v", err, r.Streams(), all)
	}
}

// TestDamage: each way in which a stream is damaged is told with its place, and what lies
// behind is read.
func TestDamage(t *testing.T) {
	units := []sent{{loose.PID, 1, bytes.Repeat([]byte("a"), 500)}, {loose.PID, 2, bytes.Repeat([]byte("b"), 500)}, {loose.PID, 3, []byte("c")}}
	whole := write(t, 188, units) // packets: 0 PAT, 1 PMT, 2-4 a, 5-7 b, 8 c
	for _, test := range []struct {
		name   string
		change func(b []byte) []byte
		left   []int // which units are read all the same
		want   string
	}{
		{"nothing", func(b []byte) []byte { return b }, []int{0, 1, 2}, ""},
		{"a lost packet", func(b []byte) []byte { return append(b[:3*188:3*188], b[4*188:]...) }, []int{1, 2}, "byte 564: packets of PID 257 are missing: counter 2 after 0"},
		{"a packet twice", func(b []byte) []byte { return append(b[:4*188:4*188], b[3*188:]...) }, []int{0, 1, 2}, ""},
		{"bytes before", func(b []byte) []byte { return append([]byte("noise"), b...) }, []int{0, 1, 2}, "byte 0: no transport stream packet begins here (5 bytes passed over)"},
		{"bytes between", func(b []byte) []byte { return append(append(b[:5*188:5*188], "noise"...), b[5*188:]...) }, []int{0, 1, 2}, "byte 940: no transport stream packet begins here (5 bytes passed over)"},
		{"an end inside", func(b []byte) []byte { return b[:len(b)-9] }, []int{0, 1}, "byte 1504: the stream ends inside a packet (179 bytes passed over)"},
		{"an end of a unit", func(b []byte) []byte { return b[:7*188] }, []int{0}, "byte 940: the stream ends inside a unit of PID 257"},
		{"a mark", func(b []byte) []byte { b[3*188+1] |= 0x80; return b }, []int{1, 2}, "byte 564: the sender marked a packet of PID 257 as damaged"},
		{"an adaptation field", func(b []byte) []byte { b[3*188+3] |= 0x20; b[3*188+4] = 200; return b }, []int{1, 2}, "byte 564: a packet of PID 257 has an adaptation field longer than itself"},
		{"a start code", func(b []byte) []byte { b[2*188+6] = 7; return b }, []int{1, 2}, "byte 376: a unit of PID 257 does not begin with 00 00 01"},
		{"a header", func(b []byte) []byte { b[2*188+10] = 0; return b }, []int{1, 2}, "byte 376: a unit of PID 257 has a header that is not one"},
		{"a length", func(b []byte) []byte { b[2*188+8]++; return b }, []int{1, 2}, "byte 376: a unit of PID 257 ends before its length"},
		{"a table", func(b []byte) []byte { b[188+20] ^= 1; return b }, nil, "byte 188: a table of PID 4096 has a wrong checksum"},
		{"a long table", func(b []byte) []byte { b[188+6] |= 0x0f; return b }, nil, "byte 188: a table of PID 4096 is "},
		{"scrambled", func(b []byte) []byte { b[8*188+3] |= 0x80; return b }, []int{0, 1}, ""},
		{"no stream at all", func([]byte) []byte { return bytes.Repeat([]byte("x"), 3000) }, nil, "byte 0: no transport stream packet begins here"},
	} {
		var want []sent
		for _, i := range test.left {
			want = append(want, units[i])
		}
		got, damage := read(t, bytes.NewReader(test.change(bytes.Clone(whole))), Options{})
		if err := same(got, want); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		told := strings.Join(damage, "; ")
		if test.want == "" && told != "" || !strings.HasPrefix(told, test.want) {
			t.Errorf("%s: told %q, want %q", test.name, told, test.want)
		}
	}
}

// TestCellsAreMended: metadata without cells is read as it is, and a cell that lies of its
// length is damage.
func TestCellsAreRead(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"\x06\x0e\x2b\x34 raw", "\x06\x0e\x2b\x34 raw"},
		{"\x00\x00\xdf\x00\x02ab\x00\x01\xdf\x00\x01c", "abc"},
		{"", ""},
	} {
		if got, whole := cells([]byte(test.in)); string(got) != test.want || !whole {
			t.Errorf("cells %q: %q, %v, want %q", test.in, got, whole, test.want)
		}
	}
	for _, in := range []string{"\x00\x00\xdf\x00\x03ab", "abc"} {
		if got, whole := cells([]byte(in)); whole {
			t.Errorf("cells %q: %q, want a refusal", in, got)
		}
	}
}

// TestLimits: a unit and a section are refused one byte beyond their bound.
func TestLimits(t *testing.T) {
	for _, test := range []struct {
		size int
		want string
	}{{MaxUnit - 400, ""}, {MaxUnit - 300, ""}} {
		data := bytes.Repeat([]byte{7}, test.size)
		_, damage := read(t, bytes.NewReader(write(t, 188, []sent{{video.PID, 1, data}})), Options{Want: everything})
		if strings.Join(damage, "") != test.want {
			t.Errorf("%d bytes: %v", test.size, damage)
		}
	}
	r := NewReader(bytes.NewReader(nil), Options{})
	r.size, r.at = 188, 12
	c := &carrier{kind: carriesUnits, pid: 9, open: true, buf: append([]byte{0, 0, 1, 0xe0, 0, 0}, make([]byte, MaxUnit-7)...)}
	if whole, err := r.unit(c, []byte{1}, false, &Unit{}); whole || err != nil {
		t.Errorf("at the bound: %v, %v", whole, err)
	}
	if _, err := r.unit(c, []byte{1}, false, &Unit{}); err == nil || !strings.Contains(err.Error(), "longer than 1048576 bytes") {
		t.Errorf("beyond the bound: %v", err)
	}
}

// TestSourceFails: an error of the source is given back as it is, once what came before it
// is read.
func TestSourceFails(t *testing.T) {
	broken := errors.New("cable")
	stream := write(t, 188, []sent{{loose.PID, 1, []byte("a")}})
	r := NewReader(io.MultiReader(bytes.NewReader(stream), iotest.ErrReader(broken)), Options{})
	var u Unit
	if err := r.Next(&u); err != nil || string(u.Data) != "a" {
		t.Errorf("%v, %q", err, u.Data)
	}
	if err := r.Next(&u); !errors.Is(err, broken) {
		t.Errorf("%v, want %v", err, broken)
	}
}

func TestWriterRefuses(t *testing.T) {
	for _, cfg := range []WriterConfig{{Size: 189}, {Streams: []Stream{{PID: 3}}}, {Streams: []Stream{{PID: 30, Format: "KLV"}}}} {
		if _, err := NewWriter(io.Discard, cfg); err == nil {
			t.Errorf("%+v was taken", cfg)
		}
	}
	w, err := NewWriter(io.Discard, WriterConfig{Streams: all})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Unit(99, 0, nil); err == nil {
		t.Error("a unit of no stream was written")
	}
	if err := w.Unit(loose.PID, 0, make([]byte, 65_001)); err == nil {
		t.Error("a unit that is too long was written")
	}
}

// FuzzReader: whatever comes, reading ends, offsets only grow, and units are within bounds.
func FuzzReader(f *testing.F) {
	f.Add(write(f, 188, []sent{{loose.PID, 1, []byte("abc")}, {tied.PID, 2, []byte("def")}}))
	f.Add(write(f, 192, []sent{{video.PID, 1, bytes.Repeat([]byte("abc"), 999)}}))
	f.Add(bytes.Repeat([]byte{syncByte, 0x40, 0, 0x30, 183}, 200))
	f.Fuzz(func(t *testing.T, in []byte) {
		r := NewReader(bytes.NewReader(in), Options{Want: everything})
		at := int64(0)
		for range len(in) + 10*allPIDs {
			var u Unit
			err := r.Next(&u)
			var d *Damage
			if err == io.EOF {
				if r.at != int64(len(in)) {
					t.Fatalf("ended at %d of %d bytes", r.at, len(in))
				}
				return
			}
			if err != nil && !errors.As(err, &d) {
				t.Fatal(err)
			}
			if r.at < at || len(u.Data) > MaxUnit || u.Offset > r.at {
				t.Fatalf("at %d after %d, unit of %d bytes from %d", r.at, at, len(u.Data), u.Offset)
			}
			at = r.at
		}
		t.Fatal("reading does not end")
	})
}

// endless repeats a stream some times over.
type endless struct {
	stream []byte
	at     int
	left   int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := copy(p, e.stream[e.at:])
	if e.at += n; e.at == len(e.stream) {
		e.at, e.left = 0, e.left-1
	}
	return n, nil
}

// mission is a stream as a camera sends it: 60 pictures of 20 KiB with metadata of 200 bytes.
func mission(t testing.TB) []byte {
	var units []sent
	for i := range 64 { // counters come out even, so that the stream can be repeated
		units = append(units, sent{video.PID, int64(i) * 3003, bytes.Repeat([]byte{byte(i)}, 20_000)}, sent{tied.PID, int64(i) * 3003, bytes.Repeat([]byte{6}, 200)})
	}
	return write(t, 188, units)
}

func BenchmarkSkip(b *testing.B)  { benchmark(b, Options{}) }
func BenchmarkDemux(b *testing.B) { benchmark(b, Options{Want: everything}) }

// benchmark reads a mission of some 27 MB; packets cost no allocation, only the reader does.
func benchmark(b *testing.B, o Options) {
	stream := mission(b)
	b.SetBytes(int64(len(stream)) * 20)
	b.ReportAllocs()
	for b.Loop() {
		r := NewReader(&endless{stream: stream, left: 20}, o)
		var u Unit
		var err error
		for err == nil {
			err = r.Next(&u)
		}
		if err != io.EOF {
			b.Fatal(err)
		}
	}
}

// TestNoAllocationPerPacket: twenty times the packets cost no more allocations.
func TestNoAllocationPerPacket(t *testing.T) {
	stream := mission(t)
	count := func(times int) float64 {
		return testing.AllocsPerRun(2, func() {
			r := NewReader(&endless{stream: stream, left: times}, Options{})
			var u Unit
			for {
				if err := r.Next(&u); err == io.EOF {
					return
				}
			}
		})
	}
	if few, many := count(1), count(8); many > few {
		t.Errorf("%g allocations for one mission, %g for eight", few, many)
	}
}
