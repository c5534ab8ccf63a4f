package mavlink

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
)

// flagSigned is the one incompatibility flag that there is. A frame with another cannot be
// read and must be refused.
const flagSigned = 1

// frame is the parts of one that was found.
type frame struct {
	version         int
	length          int // of the whole frame, signature included
	payload         []byte
	flags           byte
	sequence        uint8
	system, comp    uint8
	id              uint32
	known           known
	sum             uint16
	isSigned, short bool
}

// parse reads the header of the frame that b begins with; an empty reason: it has one. short
// says that more bytes are needed.
func parse(b []byte) (f frame, reason string) {
	if len(b) < header1 || b[0] == magic2 && len(b) < header2 {
		f.short = true
		return f, ""
	}
	n := int(b[1])
	if b[0] == magic1 {
		f = frame{version: 1, length: header1 + n + crcSize, sequence: b[2], system: b[3], comp: b[4], id: uint32(b[5])}
		f.short = len(b) < f.length
		if !f.short {
			f.payload = b[header1 : header1+n]
		}
		return f, ""
	}
	f = frame{version: 2, length: header2 + n + crcSize, flags: b[2], sequence: b[4], system: b[5], comp: b[6],
		id: uint32(b[7]) | uint32(b[8])<<8 | uint32(b[9])<<16, isSigned: b[2]&flagSigned != 0}
	if f.flags&^flagSigned != 0 {
		return f, fmt.Sprintf("a frame has incompatibility flags %#x, of which only 0x1 is known", f.flags)
	}
	if f.isSigned {
		f.length += signature
	}
	if f.short = len(b) < f.length; !f.short {
		f.payload = b[header2 : header2+n]
	}
	return f, ""
}

// check compares length and checksum with what the message's definition says; an empty reason:
// they agree.
func (f *frame) check(b []byte) (reason string, unknown bool) {
	var found bool
	if f.known, found = knownOf(f.id); !found {
		return fmt.Sprintf("message %d is of no known dialect: its checksum cannot be checked", f.id), true
	}
	head := header2
	if f.version == 1 {
		head = header1
		if n := len(f.payload); n < int(f.known.min) || n > int(f.known.max) {
			return fmt.Sprintf("message %d (%s) has %d bytes, want %d", f.id, f.known.name, n, f.known.min), false
		}
	}
	end := head + len(f.payload)
	f.sum = crc(crc(0xffff, b[1:end]), []byte{f.known.extra})
	if got := binary.LittleEndian.Uint16(b[end:]); got != f.sum {
		return fmt.Sprintf("message %d (%s) has checksum %#04x, want %#04x", f.id, f.known.name, got, f.sum), false
	}
	return "", false
}

// crc is CRC-16/MCRF4XX: polynomial 0x1021, reflected, by bytes.
func crc(sum uint16, b []byte) uint16 {
	for _, x := range b {
		x ^= byte(sum)
		x ^= x << 4
		sum = sum>>8 ^ uint16(x)<<8 ^ uint16(x)<<3 ^ uint16(x)>>4
	}
	return sum
}

// signer is one link of one component, whose stamps only grow.
type signer struct{ system, comp, link uint8 }

// signedBy checks the signature of a frame: the first six bytes of SHA-256 over key and frame.
// An empty reason: one of the keys made it, and its stamp is new.
func (r *Reader) signedBy(f *frame, b []byte) string {
	tail := b[f.length-signature : f.length]
	var stamp [8]byte
	copy(stamp[:], tail[1:7])
	at := binary.LittleEndian.Uint64(stamp[:])
	valid := false
	for _, key := range r.keys {
		r.hash.Reset()
		r.hash.Write(key)
		r.hash.Write(b[:f.length-6])
		if bytes.Equal(r.hash.Sum(r.digest[:0])[:6], tail[7:]) {
			valid = true
			break
		}
	}
	if !valid {
		return fmt.Sprintf("the signature of message %d (%s) of system %d is of none of the keys", f.id, f.known.name, f.system)
	}
	who := signer{f.system, f.comp, tail[0]}
	last, followed := r.signers[who]
	if followed && at <= last {
		return fmt.Sprintf("the signature of message %d (%s) of system %d is not newer than the last: it was sent again", f.id, f.known.name, f.system)
	}
	if !followed && len(r.signers) == maxSigners {
		return fmt.Sprintf("more than %d links sign", maxSigners)
	}
	r.pending, r.pendingAt = who, at
	return ""
}

// Frame is how a message is sent.
type Frame struct {
	Version           int // 1 or 2
	System, Component uint8
	Sequence          uint8
	Key               []byte // 32 bytes to sign with, version 2 only; nil: not signed
	Link              uint8  // of the signature
	Stamp             uint64 // of the signature, 10 us since 2015-01-01; it must grow
}

// Append writes the payload of a message in a frame. The message's ID says which it is.
func (f Frame) Append(dst []byte, m *Message) ([]byte, error) {
	k, found := knownOf(m.ID)
	p := m.carried()
	if !found || p == nil {
		return dst, fmt.Errorf("mavlink: message %d cannot be written", m.ID)
	}
	if f.Key != nil && (len(f.Key) != sha256.Size || f.Version == 1) {
		return dst, fmt.Errorf("mavlink: signing needs version 2 and a key of %d bytes", sha256.Size)
	}
	w := wire{writing: true, b: make([]byte, 0, maxPayload)}
	p.wire(&w)
	from := len(dst)
	if f.Version == 1 {
		if m.ID > math.MaxUint8 {
			return dst, fmt.Errorf("mavlink: message %d cannot be sent in version 1", m.ID)
		}
		dst = append(dst, magic1, k.min, f.Sequence, f.System, f.Component, byte(m.ID))
		dst = append(dst, w.b[:k.min]...)
	} else {
		b := w.b
		for len(b) > 1 && b[len(b)-1] == 0 {
			b = b[:len(b)-1]
		}
		flags := byte(0)
		if f.Key != nil {
			flags = flagSigned
		}
		dst = append(dst, magic2, byte(len(b)), flags, 0, f.Sequence, f.System, f.Component, byte(m.ID), byte(m.ID>>8), byte(m.ID>>16))
		dst = append(dst, b...)
	}
	dst = binary.LittleEndian.AppendUint16(dst, crc(crc(0xffff, dst[from+1:]), []byte{k.extra}))
	if f.Key == nil {
		return dst, nil
	}
	var stamp [8]byte
	binary.LittleEndian.PutUint64(stamp[:], f.Stamp)
	dst = append(append(dst, f.Link), stamp[:6]...)
	sum := sha256.New()
	sum.Write(f.Key)
	sum.Write(dst[from:])
	return append(dst, sum.Sum(nil)[:6]...), nil
}
