package pcap

import (
	"encoding/binary"
	"io"
	"math"
	"math/bits"
)

// The blocks of pcapng that are read. All others are passed over.
const (
	blockSection   = 0x0a0d0d0a
	blockInterface = 1
	blockOldPacket = 2 // obsolete, still met
	blockSimple    = 3
	blockPacket    = 6
)

const (
	sectionMagic     = 0x1a2b3c4d
	optionResolution = 9
	optionOffset     = 14
	microResolution  = 1_000_000
)

// device is one interface of a section.
type device struct {
	link   LinkType
	snap   uint32 // most bytes kept of a packet, 0: all
	units  uint64 // units of time in a second
	offset int64  // seconds to add
}

// section reads a section header whose type is read already; it stands at offset at.
func (r *Reader) section(at int64) error {
	if err := r.read(r.head[:8], "a section header"); err != nil {
		return err
	}
	switch {
	case binary.LittleEndian.Uint32(r.head[4:]) == sectionMagic:
		r.order = binary.LittleEndian
	case binary.BigEndian.Uint32(r.head[4:]) == sectionMagic:
		r.order = binary.BigEndian
	default:
		return r.refuse(at, "a section header without its byte-order mark")
	}
	length := int64(r.order.Uint32(r.head[:4]))
	if err := r.read(r.head[:4], "a section header"); err != nil {
		return err
	}
	if major := r.order.Uint16(r.head[:2]); major != 1 {
		return r.refuse(at, "version %d of pcapng, want 1", major)
	}
	if length < 28 || length%4 != 0 {
		return r.refuse(at, "a section header of %d bytes", length)
	}
	r.devices = r.devices[:0]
	return r.finish(at, uint32(length))
}

// finish passes over the rest of the block that began at offset at, and holds the length at
// its end against the one at its beginning.
func (r *Reader) finish(at int64, length uint32) error {
	if err := r.skip(at+int64(length)-4-r.at, "a block"); err != nil {
		return err
	}
	if err := r.read(r.head[:4], "a block"); err != nil {
		return err
	}
	if again := r.order.Uint32(r.head[:4]); again != length {
		return r.refuse(at, "a block of %d bytes that ends as one of %d: the capture is damaged", length, again)
	}
	return nil
}

// nextBlock reads blocks up to the next one with a packet.
func (r *Reader) nextBlock(p *Packet) error {
	for {
		if r.atEnd() {
			return io.EOF
		}
		at := r.at
		if err := r.read(r.head[:4], "the head of a block"); err != nil {
			return err
		}
		kind := r.order.Uint32(r.head[:4])
		if kind == blockSection {
			if err := r.section(at); err != nil {
				return err
			}
			continue
		}
		if err := r.read(r.head[:4], "the head of a block"); err != nil {
			return err
		}
		length := r.order.Uint32(r.head[:4])
		if length < 12 || length%4 != 0 {
			return r.refuse(at, "a block of %d bytes: the capture is damaged", length)
		}
		given, err := r.block(p, kind, at, int64(length)-12)
		if err == nil {
			err = r.finish(at, length)
		}
		if given || err != nil {
			return err
		}
	}
}

// block reads the part of one block that matters; the rest of its body is passed over.
func (r *Reader) block(p *Packet, kind uint32, at, body int64) (packet bool, err error) {
	switch kind {
	case blockInterface:
		return false, r.device(at, body)
	case blockPacket, blockOldPacket:
		return true, r.packet(p, kind, at, body)
	case blockSimple:
		return true, r.simple(p, at, body)
	}
	return false, nil
}

// device reads an interface block.
func (r *Reader) device(at, body int64) error {
	if body < 8 {
		return r.refuse(at, "an interface block of %d bytes", body)
	}
	if len(r.devices) == MaxInterfaces {
		return r.refuse(at, "more than %d interfaces in a section", MaxInterfaces)
	}
	if err := r.read(r.head[:8], "an interface block"); err != nil {
		return err
	}
	d := device{link: LinkType(r.order.Uint16(r.head[:])), snap: r.order.Uint32(r.head[4:]), units: microResolution}
	options := make([]byte, min(body-8, maxOptions))
	if err := r.read(options, "an interface block"); err != nil {
		return err
	}
	r.options(options, &d)
	r.devices = append(r.devices, d)
	return nil
}

// options reads the two options that times depend on.
func (r *Reader) options(b []byte, d *device) {
	for len(b) >= 4 {
		code, length := r.order.Uint16(b), int(r.order.Uint16(b[2:]))
		b = b[4:]
		if code == 0 || length > len(b) {
			return
		}
		switch {
		case code == optionResolution && length == 1:
			d.units = unitsOf(b[0])
		case code == optionOffset && length == 8:
			d.offset = int64(r.order.Uint64(b))
		}
		b = b[min((length+3)&^3, len(b)):]
	}
}

// unitsOf is how many units of time a second has: a power of ten, or of two where the
// highest bit is set; 0 where it does not fit.
func unitsOf(resolution byte) uint64 {
	if power := resolution & 0x7f; resolution&0x80 != 0 {
		if power > 63 {
			return 0
		}
		return 1 << power
	}
	if resolution > 19 {
		return 0
	}
	units := uint64(1)
	for range resolution {
		units *= 10
	}
	return units
}

// packet reads a packet block of the present or the obsolete form.
func (r *Reader) packet(p *Packet, kind uint32, at, body int64) error {
	head := r.head[:20]
	if body < int64(len(head)) {
		return r.refuse(at, "a packet block of %d bytes", body)
	}
	if err := r.read(head, "a packet block"); err != nil {
		return err
	}
	index := r.order.Uint32(head)
	if kind == blockOldPacket {
		index = uint32(r.order.Uint16(head)) // the other half counts lost packets
	}
	if int64(index) >= int64(len(r.devices)) {
		return r.refuse(at, "a packet of interface %d, of which the capture has said nothing", index)
	}
	d := r.devices[index]
	stamp := uint64(r.order.Uint32(head[4:]))<<32 | uint64(r.order.Uint32(head[8:]))
	*p = Packet{Offset: at, Nanos: d.nanos(stamp), Link: d.link, Length: int(r.order.Uint32(head[16:]))}
	return r.payload(p, int64(r.order.Uint32(head[12:])), body-int64(len(head)))
}

// simple reads a packet block without time and interface: it is the section's first.
func (r *Reader) simple(p *Packet, at, body int64) error {
	if body < 4 || len(r.devices) == 0 {
		return r.refuse(at, "a simple packet block of %d bytes with %d interfaces before it", body, len(r.devices))
	}
	if err := r.read(r.head[:4], "a simple packet block"); err != nil {
		return err
	}
	d := r.devices[0]
	length := r.order.Uint32(r.head[:4])
	kept := length
	if d.snap > 0 {
		kept = min(kept, d.snap)
	}
	*p = Packet{Offset: at, Link: d.link, Length: int(length)}
	return r.payload(p, int64(kept), body-4)
}

// payload reads the bytes of a packet, of which the block has room for so many.
func (r *Reader) payload(p *Packet, kept, room int64) error {
	if kept > MaxPacket || kept > room {
		return r.refuse(p.Offset, "a packet of %d bytes in a block with room for %d (the bound is %d): the capture is damaged", kept, room, MaxPacket)
	}
	p.Data = r.buffer(int(kept))
	p.Length = max(p.Length, int(kept))
	return r.read(p.Data, "a packet")
}

// nanos is a time stamp in nanoseconds since 1970, 0 where it cannot be expressed so.
func (d device) nanos(stamp uint64) int64 {
	if d.units == 0 {
		return 0
	}
	seconds, rest := stamp/d.units, stamp%d.units
	high, low := bits.Mul64(rest, 1_000_000_000)
	fraction, _ := bits.Div64(high, low, d.units) // rest < units, so high < units
	if seconds > math.MaxInt64/2_000_000_000 || d.offset > 1<<33 || d.offset < -1<<33 {
		return 0
	}
	whole := int64(seconds) + d.offset
	if whole < 0 || whole > math.MaxInt64/1_000_000_000-1 {
		return 0
	}
	return whole*1_000_000_000 + int64(fraction)
}
