// Package pcap reads packets out of capture files: libpcap in both byte orders with
// microseconds or nanoseconds, and the blocks of pcapng that hold packets; and it finds the
// UDP payload in a packet.
//
// It never opens a file or a network device, puts no fragments together and follows no
// connection: each packet stands alone.
//
// Read Reader here, then classic.go and blocks.go for the two file formats, udp.go for the
// way from a frame to its payload and write.go for making captures.
//
// Sources: the IETF drafts draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng; RFC 791,
// RFC 8200 and RFC 768; IEEE 802.1Q.
package pcap

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// LinkType is what the bytes of a packet begin with, as registered for LINKTYPE_ values.
type LinkType uint16

// The link types that are known here. UDP reads those of the first group; the radio ones
// are for the decoders of what they carry.
const (
	LinkNull     LinkType = 0   // BSD loopback
	LinkEthernet LinkType = 1   // Ethernet
	LinkRaw      LinkType = 101 // IPv4 or IPv6 with nothing in front
	LinkCooked   LinkType = 113 // Linux "any" device
	LinkIPv4     LinkType = 228 // IPv4 with nothing in front
	LinkIPv6     LinkType = 229 // IPv6 with nothing in front
	LinkCooked2  LinkType = 276 // Linux "any" device, second form

	LinkWiFi          LinkType = 105 // IEEE 802.11
	LinkRadiotap      LinkType = 127 // radiotap, then IEEE 802.11
	LinkBluetoothLE   LinkType = 251 // Bluetooth LE link layer
	LinkBluetoothLERF LinkType = 256 // the same behind a header of the radio
)

// Packet is one captured packet.
type Packet struct {
	Offset int64    // of its record, from the start of the capture
	Nanos  int64    // when it was captured, nanoseconds since 1970 UTC; 0: the capture does not say
	Link   LinkType // what Data begins with
	Length int      // bytes that were on the wire; more than Data when the capture cut it
	Data   []byte   // the captured bytes, good until the next call of Next
}

// Micros is the time of capture in microseconds since 1970 UTC, 0 when it is not known.
func (p *Packet) Micros() int64 { return p.Nanos / 1000 }

// FormatError says where a capture, or a packet in it, is not as the format says.
type FormatError struct {
	Offset int64 // from the start of the capture
	Reason string
}

// Error names the byte before the reason.
func (e *FormatError) Error() string { return fmt.Sprintf("capture, byte %d: %s", e.Offset, e.Reason) }

// Known says whether a file beginning so is a capture. Four bytes are enough.
func Known(head []byte) bool {
	if len(head) < 4 {
		return false
	}
	_, classic := orderOf(head)
	return classic || binary.BigEndian.Uint32(head) == blockSection
}

// Reader gives the packets of one capture, in its order.
type Reader struct {
	in     *bufio.Reader
	at     int64 // bytes read so far
	data   []byte
	head   [32]byte
	order  byteOrder
	begun  bool
	blocks bool // pcapng
	ended  error

	link    LinkType // libpcap: of all packets
	nano    bool     // libpcap: the fraction counts nanoseconds
	devices []device // pcapng: interfaces of the section
}

// byteOrder is that of the machine which made the capture.
type byteOrder interface{ binary.ByteOrder }

// NewReader reads a capture. Nothing is read before the first Next.
func NewReader(r io.Reader) *Reader {
	return &Reader{in: bufio.NewReaderSize(r, 64<<10)}
}

// Next reads the next packet into p; nothing is allocated once the buffer has grown to the
// largest packet. io.EOF is the end. A capture has no marks to find the next packet by, so a
// *FormatError ends it, like any other error, and is given again by every later call.
func (r *Reader) Next(p *Packet) error {
	if r.ended != nil {
		return r.ended
	}
	r.ended = r.next(p)
	return r.ended
}

func (r *Reader) next(p *Packet) error {
	if !r.begun {
		if err := r.begin(); err != nil {
			return err
		}
		r.begun = true
	}
	if r.blocks {
		return r.nextBlock(p)
	}
	return r.nextRecord(p)
}

// begin finds out which of the two formats it is.
func (r *Reader) begin() error {
	if err := r.read(r.head[:4], "the first four bytes"); err != nil {
		return err
	}
	if order, ok := orderOf(r.head[:4]); ok {
		r.order = order
		return r.beginClassic()
	}
	if binary.BigEndian.Uint32(r.head[:4]) == blockSection {
		r.blocks = true
		return r.section(0)
	}
	return r.refuse(0, "begins with % x: neither libpcap nor pcapng; save the capture as one of them", r.head[:4])
}

// read fills b. The end of the file in the middle is an error that says of what.
func (r *Reader) read(b []byte, what string) error {
	n, err := io.ReadFull(r.in, b)
	r.at += int64(n)
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		return r.refuse(r.at, "ends within %s", what)
	}
	return err
}

// atEnd says whether nothing follows; other errors are found by the read that comes next.
func (r *Reader) atEnd() bool {
	_, err := r.in.Peek(1)
	return err == io.EOF
}

// skip passes over n bytes.
func (r *Reader) skip(n int64, what string) error {
	done, err := io.CopyN(io.Discard, r.in, n)
	r.at += done
	if err == io.EOF {
		return r.refuse(r.at, "ends within %s", what)
	}
	return err
}

// buffer is room for n bytes, which the caller has held to MaxPacket.
func (r *Reader) buffer(n int) []byte {
	if cap(r.data) < n {
		r.data = make([]byte, n)
	}
	return r.data[:n]
}

func (r *Reader) refuse(at int64, format string, args ...any) error {
	return &FormatError{Offset: at, Reason: fmt.Sprintf(format, args...)}
}
