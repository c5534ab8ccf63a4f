package pcap

import (
	"encoding/binary"
	"io"
)

// The first four bytes of libpcap files, as the machine that wrote them reads them.
const (
	magicMicro = 0xa1b2c3d4
	magicNano  = 0xa1b23c4d
)

const (
	fileHead   = 24 // with the magic number
	recordHead = 16
	linkMask   = 0x0fffffff // the bits above tell of the frame check sequence
)

// orderOf is the byte order of a libpcap file.
func orderOf(head []byte) (byteOrder, bool) {
	for _, order := range []byteOrder{binary.LittleEndian, binary.BigEndian} {
		if magic := order.Uint32(head); magic == magicMicro || magic == magicNano {
			return order, true
		}
	}
	return nil, false
}

// beginClassic reads the file header behind the magic number.
func (r *Reader) beginClassic() error {
	r.nano = r.order.Uint32(r.head[:4]) == magicNano
	if err := r.read(r.head[4:fileHead], "its header"); err != nil {
		return err
	}
	if major := r.order.Uint16(r.head[4:]); major != 2 {
		return r.refuse(4, "version %d of libpcap, want 2", major)
	}
	link := r.order.Uint32(r.head[20:]) & linkMask
	if link > 0xffff {
		return r.refuse(20, "link type %d is none that is registered", link)
	}
	r.link = LinkType(link)
	return nil
}

func (r *Reader) nextRecord(p *Packet) error {
	if r.atEnd() {
		return io.EOF
	}
	at := r.at
	head := r.head[:recordHead]
	if err := r.read(head, "the head of a packet"); err != nil {
		return err
	}
	seconds, fraction := int64(r.order.Uint32(head)), int64(r.order.Uint32(head[4:]))
	kept, length := r.order.Uint32(head[8:]), r.order.Uint32(head[12:])
	if kept > MaxPacket {
		return r.refuse(at, "a packet of %d bytes, the bound is %d: the capture is damaged", kept, MaxPacket)
	}
	if !r.nano {
		fraction *= 1000
	}
	if fraction >= 1_000_000_000 {
		return r.refuse(at, "a time with %d ns beyond its second: the capture is damaged", fraction)
	}
	data := r.buffer(int(kept))
	if err := r.read(data, "a packet"); err != nil {
		return err
	}
	*p = Packet{Offset: at, Nanos: seconds*1_000_000_000 + fraction, Link: r.link, Length: int(max(kept, length)), Data: data}
	return nil
}
