package mpegts

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestTableOverPackets: a table that needs several packets names all its streams, and each is
// read.
func TestTableOverPackets(t *testing.T) {
	var streams []Stream
	for i := range uint16(60) {
		streams = append(streams, Stream{Program: 1, PID: 0x200 + i, Type: TypePrivate, Format: "KLVA"})
	}
	var out bytes.Buffer
	w, err := NewWriter(&out, WriterConfig{Streams: streams})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := w.Tables(); err != nil {
			t.Fatal(err)
		}
	}
	if out.Len() < 8*packetSize {
		t.Fatalf("%d bytes of tables: the test wants one that is cut", out.Len())
	}
	var want []sent
	for _, s := range streams {
		want = append(want, sent{s.PID, NoPTS, []byte{byte(s.PID)}})
		if err := w.Unit(s.PID, NoPTS, []byte{byte(s.PID)}); err != nil {
			t.Fatal(err)
		}
	}
	got, damage := read(t, &out, Options{})
	if err := same(got, want); err != nil || len(damage) != 0 {
		t.Errorf("%v, damage %v", err, damage)
	}
	w.cfg.Streams = append(streams, streams...)
	if err := w.Tables(); err == nil || !strings.Contains(err.Error(), "too long") {
		t.Errorf("a table beyond the bound: %v", err)
	}
}

// TestTablesChange: streams that a later table adds are read, those it leaves out are no longer
// listed.
func TestTablesChange(t *testing.T) {
	var out bytes.Buffer
	w, err := NewWriter(&out, WriterConfig{Streams: []Stream{loose}})
	if err != nil {
		t.Fatal(err)
	}
	step := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	step(w.Tables())
	step(w.Unit(loose.PID, 1, []byte("a")))
	w.cfg.Streams = []Stream{tied}
	step(w.Tables())
	step(w.Unit(tied.PID, 2, []byte("b")))
	r := NewReader(&out, Options{})
	for _, want := range []string{"a", "b"} {
		var u Unit
		if err := r.Next(&u); err != nil || string(u.Data) != want {
			t.Fatalf("%q, %v, want %q", u.Data, err, want)
		}
	}
	if got := r.Streams(); !slices.Equal(got, []Stream{tied}) {
		t.Errorf("streams %v", got)
	}
}

// TestDiscontinuity: a counter that begins anew is no damage when the sender says that it does.
func TestDiscontinuity(t *testing.T) {
	units := []sent{{loose.PID, 1, []byte("a")}, {loose.PID, 2, []byte("b")}}
	for _, said := range []bool{true, false} {
		b := write(t, 188, units)
		last := b[len(b)-packetSize:]
		last[3] = last[3]&0xf0 | 9
		if said {
			last[5] |= 0x80
		}
		got, damage := read(t, bytes.NewReader(b), Options{})
		if len(got) != 2 || (len(damage) == 0) != said {
			t.Errorf("said %v: %d units, damage %v", said, len(got), damage)
		}
	}
}

// TestProgramsAreBounded: the network's table and reserved numbers are no programs, and there is
// a bound on how many are followed.
func TestProgramsAreBounded(t *testing.T) {
	var body []byte
	for i := range MaxPrograms + 10 {
		body = append(body, 0, byte(i), 0xe1, byte(i)) // the first is program 0: the network
	}
	r := NewReader(nil, Options{})
	r.programs(body)
	followed := 0
	for pid, c := range r.pids {
		if c != nil && c.kind == carriesStreams {
			followed++
			if int(c.program) != pid-0x100 {
				t.Errorf("PID %d is of program %d", pid, c.program)
			}
		}
	}
	if followed != MaxPrograms || r.pids[0x100] != nil {
		t.Errorf("%d programs are followed, want %d", followed, MaxPrograms)
	}
}

// TestFormats: the format of a stream by its descriptors, and what of them is KLV.
func TestFormats(t *testing.T) {
	for _, test := range []struct {
		kind  uint8
		about string
		want  string
		klv   bool
	}{
		{TypePrivate, "\x05\x04KLVA", "KLVA", true},
		{TypePrivate, "\x0a\x02en\x05\x06KLVA..", "KLVA", true},
		{TypePrivate, "", "", false},
		{TypePrivate, "\x05\x04AC-3", "AC-3", false},
		{TypeMetadata, "\x26\x09\x01\x00\xffKLVA\x00\x0f", "KLVA", true},
		{TypeMetadata, "\x26\x0d\xff\xffKLVA\xffKLVA\x00\x0f", "KLVA", true},
		{TypeMetadata, "\x26\x09\xff\xffID3 \xffID", "", true}, // cut short: nothing is said
		{TypeMetadata, "\x26\x0d\xff\xffID3 \xffID3 \x00\x0f", "ID3 ", false},
		{TypeMetadata, "\x26\x03\x01\x00\x10", "", true},
		{TypeMetadata, "\x05\xff", "", true}, // a length that lies
		{0x1b, "\x05\x04KLVA", "KLVA", false},
	} {
		got := Stream{Type: test.kind, Format: formatOf([]byte(test.about))}
		if got.Format != test.want || got.KLV() != test.klv {
			t.Errorf("type %#x, %q: %+v, KLV %v", test.kind, test.about, got, got.KLV())
		}
	}
}

// TestDetect: a stream is told from other files by its first packets, with the time before them
// or without.
func TestDetect(t *testing.T) {
	units := []sent{{loose.PID, 1, bytes.Repeat([]byte("a"), 2000)}}
	for _, size := range []int{188, 192, 204} {
		if b := write(t, size, units); !Detect(b) || !Detect(b[:min(len(b), size*6)]) {
			t.Errorf("packets of %d bytes are not detected", size)
		}
	}
	for _, other := range []string{"", "G", strings.Repeat("GNSS ", 300), "\x06\x0e\x2b\x34" + strings.Repeat("x", 2000)} {
		if Detect([]byte(other)) {
			t.Errorf("%.12q is taken for a transport stream", other)
		}
	}
	if _, size := findSync(bytes.Repeat([]byte{syncByte}, 2000), 0); size != 188 {
		t.Errorf("sync bytes alone: packets of %d", size)
	}
	if text := fmt.Sprint(damaged(3, 4, "why %d", 5)); text != "byte 3: why 5 (4 bytes passed over)" {
		t.Error(text)
	}
}
