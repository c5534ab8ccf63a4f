package pcap

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"net/netip"
)

// Writer makes a libpcap file with nanoseconds, in little-endian order.
type Writer struct {
	out io.Writer
	buf []byte
}

// NewWriter writes the file header for packets of one link type.
func NewWriter(w io.Writer, link LinkType) (*Writer, error) {
	head := binary.LittleEndian.AppendUint32(nil, magicNano)
	head = append(head, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	head = binary.LittleEndian.AppendUint32(head, MaxPacket)
	head = binary.LittleEndian.AppendUint32(head, uint32(link))
	_, err := w.Write(head)
	return &Writer{out: w}, err
}

// Write adds a packet that was captured whole, nanos nanoseconds after 1970 began (UTC).
func (w *Writer) Write(nanos int64, data []byte) error {
	if len(data) > MaxPacket {
		return fmt.Errorf("pcap: a packet of %d bytes, the bound is %d", len(data), MaxPacket)
	}
	seconds := nanos / 1_000_000_000
	if nanos < 0 || seconds > math.MaxUint32 {
		return fmt.Errorf("pcap: a time of %d ns, want one from 1970 to 2106", nanos)
	}
	b := binary.LittleEndian.AppendUint32(w.buf[:0], uint32(seconds))
	b = binary.LittleEndian.AppendUint32(b, uint32(nanos%1_000_000_000))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	w.buf = append(b, data...)
	_, err := w.out.Write(w.buf)
	return err
}

// AppendUDP appends an Ethernet frame with a datagram between two IPv4 addresses. The UDP
// checksum is left out, which RFC 768 allows.
func AppendUDP(b []byte, from, to netip.AddrPort, payload []byte) ([]byte, error) {
	if !from.Addr().Is4() || !to.Addr().Is4() || len(payload) > math.MaxUint16-28 {
		return b, fmt.Errorf("pcap: %d bytes from %s to %s, want IPv4 addresses and at most %d bytes", len(payload), from, to, math.MaxUint16-28)
	}
	b = append(b, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, etherIPv4>>8, etherIPv4&0xff)
	head := len(b)
	b = append(b, 0x45, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(28+len(payload)))
	b = append(b, 0, 0, 0, 0, 64, protocolUDP, 0, 0)
	b = append(append(b, from.Addr().AsSlice()...), to.Addr().AsSlice()...)
	binary.BigEndian.PutUint16(b[head+10:], checksum(b[head:]))
	b = binary.BigEndian.AppendUint16(b, from.Port())
	b = binary.BigEndian.AppendUint16(b, to.Port())
	b = binary.BigEndian.AppendUint16(b, uint16(8+len(payload)))
	return append(append(b, 0, 0), payload...), nil
}

// checksum is the one of an IPv4 header (RFC 791, section 3.1).
func checksum(head []byte) uint16 {
	var sum uint32
	for i := 0; i+1 < len(head); i += 2 {
		sum += uint32(binary.BigEndian.Uint16(head[i:]))
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}
