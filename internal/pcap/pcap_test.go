package pcap

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var (
	radar  = netip.MustParseAddrPort("10.19.16.21:58112")
	centre = netip.MustParseAddrPort("239.0.6.1:10001")
)

// packets reads a capture to its end and keeps what it gives.
func packets(in []byte) (out []Packet, err error) {
	r := NewReader(bytes.NewReader(in))
	for {
		var p Packet
		if err := r.Next(&p); err != nil {
			return out, err
		}
		p.Data = bytes.Clone(p.Data)
		out = append(out, p)
	}
}

// classic makes a libpcap file of one packet in the given order and unit.
func classic(order binary.AppendByteOrder, magic uint32, fraction uint32, data []byte) []byte {
	b := order.AppendUint32(nil, magic)
	b = order.AppendUint16(order.AppendUint16(b, 2), 4)
	b = append(b, make([]byte, 8)...)
	b = order.AppendUint32(order.AppendUint32(b, 65535), 0x10000000|uint32(LinkRadiotap)) // with a bit above the type
	for _, x := range []uint32{1_700_000_000, fraction, uint32(len(data)), uint32(len(data) + 7)} {
		b = order.AppendUint32(b, x)
	}
	return append(b, data...)
}

func TestClassicOrdersAndUnits(t *testing.T) {
	for _, test := range []struct {
		order    binary.AppendByteOrder
		magic    uint32
		fraction uint32
	}{
		{binary.LittleEndian, magicMicro, 250_000}, {binary.BigEndian, magicMicro, 250_000},
		{binary.LittleEndian, magicNano, 250_000_000}, {binary.BigEndian, magicNano, 250_000_000},
	} {
		in := classic(test.order, test.magic, test.fraction, []byte("frame"))
		got, err := packets(in)
		want := Packet{Offset: 24, Nanos: 1_700_000_000_250_000_000, Link: LinkRadiotap, Length: 12, Data: []byte("frame")}
		if err != io.EOF || len(got) != 1 || fmt.Sprint(got[0]) != fmt.Sprint(want) {
			t.Errorf("%v %x: %+v, %v, want %+v", test.order, test.magic, got, err, want)
		}
		if !Known(in) || got[0].Micros() != 1_700_000_000_250_000 {
			t.Errorf("%v %x: known %v, %d us", test.order, test.magic, Known(in), got[0].Micros())
		}
	}
}

// block makes a pcapng block around a body.
func block(order binary.AppendByteOrder, kind uint32, body []byte) []byte {
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	b := order.AppendUint32(order.AppendUint32(nil, kind), uint32(len(body)+12))
	return order.AppendUint32(append(b, body...), uint32(len(body)+12))
}

func words(order binary.AppendByteOrder, values ...uint32) (b []byte) {
	for _, v := range values {
		b = order.AppendUint32(b, v)
	}
	return b
}

func section(order binary.AppendByteOrder) []byte {
	body := order.AppendUint32(nil, sectionMagic)
	body = order.AppendUint16(order.AppendUint16(body, 1), 0)
	return block(order, blockSection, append(body, bytes.Repeat([]byte{0xff}, 8)...))
}

func iface(order binary.AppendByteOrder, link LinkType, snap uint32, options ...byte) []byte {
	body := order.AppendUint32(order.AppendUint16(order.AppendUint16(nil, uint16(link)), 0), snap)
	return block(order, blockInterface, append(body, options...))
}

// TestBlocks reads two sections of different byte order, every kind of packet block, and
// steps over blocks that hold no packet.
func TestBlocks(t *testing.T) {
	le, be := binary.LittleEndian, binary.BigEndian
	nano := []byte{9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0}
	stamp := uint64(1_700_000_000_250_000_000)
	in := section(le)
	in = append(in, iface(le, LinkEthernet, 0)...)
	in = append(in, iface(le, LinkBluetoothLE, 3, nano...)...)
	in = append(in, block(le, 5, []byte("statistics"))...)
	in = append(in, block(le, blockPacket, append(words(le, 1, uint32(stamp>>32), uint32(stamp&0xffffffff), 5, 9), "nanos"...))...)
	micro := stamp / 1000
	in = append(in, block(le, blockOldPacket, append(words(le, 0x00090000, uint32(micro>>32), uint32(micro&0xffffffff), 3, 3), "old"...))...)
	in = append(in, section(be)...)
	in = append(in, iface(be, LinkBluetoothLERF, 6, 0, 14, 0, 8, 0, 0, 0, 0, 0, 0, 0, 60)...)
	in = append(in, block(be, blockSimple, append(words(be, 11), "simple"...))...)
	in = append(in, block(be, blockPacket, append(words(be, 0, uint32(micro>>32), uint32(micro&0xffffffff), 4, 4), "plus"...))...)
	got, err := packets(in)
	var lines []string
	for _, p := range got {
		lines = append(lines, fmt.Sprintf("%d %d %s/%d", p.Link, p.Nanos, p.Data, p.Length))
	}
	want := []string{
		"251 1700000000250000000 nanos/9", "1 1700000000250000000 old/3",
		"256 0 simple/11", "256 1700000060250000000 plus/4",
	}
	if err != io.EOF || strings.Join(lines, "\n") != strings.Join(want, "\n") {
		t.Errorf("%v\n%s\nwant\n%s", err, strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
}

func TestTimeUnits(t *testing.T) {
	for _, test := range []struct {
		resolution byte
		stamp      uint64
		want       int64
	}{
		{6, 1_500_000, 1_500_000_000}, {9, 7, 7}, {0, 3, 3_000_000_000}, {0x80 | 10, 1536, 1_500_000_000},
		{0x80 | 63, 1 << 62, 500_000_000}, {12, 1999, 1}, {20, 1, 0}, {0x80 | 64, 1, 0}, {0, 1 << 62, 0},
	} {
		if got := (device{units: unitsOf(test.resolution)}).nanos(test.stamp); got != test.want {
			t.Errorf("resolution %#x, stamp %d: %d ns, want %d", test.resolution, test.stamp, got, test.want)
		}
	}
}

// TestRefusals: what contradicts itself ends with an error that names its byte, and every
// later call says the same.
func TestRefusals(t *testing.T) {
	le := binary.LittleEndian
	one := classic(le, magicMicro, 1, []byte("frame"))
	change := func(in []byte, at int, b ...byte) []byte {
		out := bytes.Clone(in)
		copy(out[at:], b)
		return out
	}
	head := append(section(le), iface(le, LinkEthernet, 0)...)
	many := section(le)
	for range MaxInterfaces + 1 {
		many = append(many, iface(le, LinkEthernet, 0)...)
	}
	for _, test := range []struct {
		name, want string
		in         []byte
	}{
		{"empty", "byte 0: ends within the first four bytes", nil},
		{"another format", "neither libpcap nor pcapng", []byte("PK\x03\x04")},
		{"half a file header", "ends within its header", one[:20]},
		{"half a packet header", "ends within the head of a packet", one[:30]},
		{"half a packet", "byte 43: ends within a packet", one[:43]},
		{"another version", "byte 4: version 3", change(one, 4, 3)},
		{"no such link", "byte 20: link type", change(one, 22, 1)},
		{"too long a packet", "byte 24: a packet of", change(one, 34, 16)},
		{"a time beyond its second", "byte 24: a time with", change(one, 31, 0xff)},
		{"no byte-order mark", "byte 0: a section header without", change(head, 8, 1)},
		{"another version of pcapng", "byte 0: version 2", change(head, 12, 2)},
		{"a short section", "a section header of 8 bytes", change(head, 4, 8)},
		{"an odd block", "byte 28: a block of 21 bytes", change(head, 32, 21)},
		{"lengths that differ", "byte 28: a block of 20 bytes that ends as one of 24", change(head, len(head)-4, 24)},
		{"packet of no interface", "byte 48: a packet of interface 4", append(bytes.Clone(head), block(le, blockPacket, words(le, 4, 0, 0, 0, 0))...)},
		{"packet beyond its block", "byte 48: a packet of 9 bytes in a block with room for 0", append(bytes.Clone(head), block(le, blockPacket, words(le, 0, 0, 0, 9, 9))...)},
		{"short packet block", "a packet block of 8 bytes", append(bytes.Clone(head), block(le, blockPacket, words(le, 0, 0))...)},
		{"simple packet of nothing", "with 0 interfaces", append(section(le), block(le, blockSimple, words(le, 0))...)},
		{"short interface block", "an interface block of 4 bytes", append(section(le), block(le, blockInterface, words(le, 0))...)},
		{"too many interfaces", "more than 1024 interfaces", many},
		{"cut block", "ends within a block", head[:len(head)-2]},
	} {
		r := NewReader(bytes.NewReader(test.in))
		var p Packet
		var err error
		for err == nil {
			err = r.Next(&p)
		}
		var format *FormatError
		if !errors.As(err, &format) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
		if again := r.Next(&p); again != err {
			t.Errorf("%s: then %v", test.name, again)
		}
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, os.ErrPermission }

func TestErrorsOfTheReaderAreItsOwn(t *testing.T) {
	in := io.MultiReader(bytes.NewReader(classic(binary.LittleEndian, magicMicro, 0, nil)), broken{})
	r := NewReader(in)
	var p Packet
	if err := r.Next(&p); err != nil {
		t.Fatal(err)
	}
	if err := r.Next(&p); !errors.Is(err, os.ErrPermission) {
		t.Errorf("got %v", err)
	}
}

// TestWriterReadsBack: what is written is read again, to the nanosecond.
func TestWriterReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var file bytes.Buffer
		w, err := NewWriter(&file, LinkEthernet)
		if err != nil {
			t.Fatal(err)
		}
		n := rapid.IntRange(0, 5).Draw(t, "packets")
		var times []int64
		var payloads [][]byte
		for range n {
			nanos := rapid.Int64Range(0, 4_294_967_295_999_999_999).Draw(t, "time")
			payload := rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "payload")
			frame, err := AppendUDP(nil, radar, centre, payload)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Write(nanos, frame); err != nil {
				t.Fatal(err)
			}
			times, payloads = append(times, nanos), append(payloads, payload)
		}
		got, err := packets(file.Bytes())
		if err != io.EOF || len(got) != n {
			t.Fatalf("%d packets, %v, want %d", len(got), err, n)
		}
		for i := range got {
			var d Datagram
			if err := UDP(&got[i], &d); err != nil || d.From != radar || d.To != centre || d.Cut || !bytes.Equal(d.Payload, payloads[i]) || got[i].Nanos != times[i] {
				t.Fatalf("packet %d: %+v at %d, %v", i, d, got[i].Nanos, err)
			}
		}
	})
}

func TestWriterRefuses(t *testing.T) {
	w, err := NewWriter(io.Discard, LinkRaw)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(0, make([]byte, MaxPacket)); err != nil {
		t.Errorf("a packet at the bound: %v", err)
	}
	if w.Write(0, make([]byte, MaxPacket+1)) == nil || w.Write(-1, nil) == nil || w.Write(1<<32*1_000_000_000, nil) == nil {
		t.Error("a packet too long, or a time that the format cannot hold, was written")
	}
	six := netip.MustParseAddrPort("[fe80::1]:9")
	if _, err := AppendUDP(nil, six, centre, nil); err == nil {
		t.Error("an IPv6 address went into an IPv4 header")
	}
	if _, err := AppendUDP(nil, radar, centre, make([]byte, 65535)); err == nil {
		t.Error("a payload longer than a datagram was written")
	}
}

// TestSharedCaptures counts what real captures hold; the counts stand in the data's README.
func TestSharedCaptures(t *testing.T) {
	for name, want := range map[string]struct {
		packets, datagrams int
		link               LinkType
	}{
		"remoteid/odid_wifi_sample.pcap":       {63, 0, LinkRadiotap},
		"asterix/sample_data/cat_001_002.pcap": {1, 1, LinkEthernet},
		"asterix/sample_data/cat_062_065.pcap": {1, 1, LinkEthernet},
		"asterix/sample_data/cat_034_048.pcap": {100, 100, LinkEthernet},
		"asterix/sample_data/asterix.pcap":     {100, 100, LinkEthernet},
		"remoteid/odid_wifi_bcn_sample.pcap":   {21, 0, LinkRadiotap},
	} {
		got, err := packets(shared(t, name))
		if err != io.EOF || len(got) != want.packets {
			t.Errorf("%s: %d packets, %v, want %d", name, len(got), err, want.packets)
			continue
		}
		datagrams := 0
		for i := range got {
			var d Datagram
			if UDP(&got[i], &d) == nil {
				datagrams++
			}
			if got[i].Link != want.link || got[i].Nanos == 0 {
				t.Errorf("%s: packet %d of link %d at %d ns", name, i, got[i].Link, got[i].Nanos)
			}
		}
		if datagrams != want.datagrams {
			t.Errorf("%s: %d datagrams, want %d", name, datagrams, want.datagrams)
		}
	}
}

// shared is a file of the test data beside the repository.
func shared(t *testing.T, name string) []byte {
	t.Helper()
	root := os.Getenv("TRUCE_SHARED")
	for up := 2; root == "" && up < 5; up++ {
		dir := strings.Repeat("../", up)
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			root = filepath.Join(dir, "..", "shared")
		}
	}
	files, _ := filepath.Glob(filepath.Join(root, "data", name))
	if len(files) == 0 {
		t.Skipf("the shared data is absent (../shared/data/%s beside the repository, or TRUCE_SHARED)", name)
	}
	in, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// FuzzReader: whatever the bytes, packets lie within the capture, in its order, and UDP gives
// a part of the packet.
func FuzzReader(f *testing.F) {
	le := binary.LittleEndian
	f.Add(classic(le, magicMicro, 1, []byte("frame")))
	f.Add(append(section(le), iface(le, LinkEthernet, 0)...))
	frame, _ := AppendUDP(nil, radar, centre, []byte("payload"))
	f.Add(append(append(section(le), iface(le, LinkEthernet, 0)...), block(le, blockPacket, append(words(le, 0, 0, 0, uint32(len(frame)), 60), frame...))...))
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := packets(in)
		if err == nil {
			t.Fatal("no end")
		}
		last := int64(-1)
		for i := range got {
			p := &got[i]
			if p.Offset <= last || p.Offset+int64(len(p.Data)) > int64(len(in)) || p.Length < len(p.Data) || p.Nanos < 0 {
				t.Fatalf("packet %d at %d of %d bytes of %d, after %d", i, p.Offset, len(p.Data), p.Length, last)
			}
			last = p.Offset
			var d Datagram
			if UDP(p, &d) == nil && len(d.Payload) > len(p.Data) {
				t.Fatalf("a payload of %d bytes in a packet of %d", len(d.Payload), len(p.Data))
			}
		}
	})
}

// BenchmarkReader: bytes a second of a capture of radar datagrams, UDP payloads found.
func BenchmarkReader(b *testing.B) {
	var file bytes.Buffer
	w, _ := NewWriter(&file, LinkEthernet)
	frame, _ := AppendUDP(nil, radar, centre, make([]byte, 200))
	for i := range 1000 {
		if err := w.Write(int64(i), frame); err != nil {
			b.Fatal(err)
		}
	}
	in := bytes.NewReader(file.Bytes())
	b.SetBytes(int64(file.Len()))
	b.ReportAllocs()
	r := NewReader(in)
	for b.Loop() {
		in.Reset(file.Bytes())
		r.in.Reset(in)
		r.begun, r.ended = false, nil
		var p Packet
		var d Datagram
		for r.Next(&p) == nil {
			if err := UDP(&p, &d); err != nil {
				b.Fatal(err)
			}
		}
	}
}
