package mpegts

import (
	"bytes"
	"encoding/binary"
)

// unit adds a payload to the unit of its stream and gives it out when it is whole. A unit of
// unknown length is whole when the next begins, whose packet is then read again.
func (r *Reader) unit(c *carrier, payload []byte, starts bool, u *Unit) (bool, error) {
	if starts && c.open {
		c.open, c.trusted = false, true
		if c.length() == 0 && len(c.buf) > 6 {
			return true, r.deliver(c, u)
		}
		return false, damaged(c.begun, 0, "a unit of PID %d ends before its length", c.pid)
	}
	if starts {
		c.open, c.begun, c.buf = true, r.at, c.buf[:0]
	}
	r.pass()
	if !c.open {
		return false, nil
	}
	if len(c.buf)+len(payload) > MaxUnit {
		c.open = false
		return false, damaged(c.begun, 0, "a unit of PID %d is longer than %d bytes", c.pid, MaxUnit)
	}
	c.buf = append(c.buf, payload...)
	if len(c.buf) >= 3 && (c.buf[0] != 0 || c.buf[1] != 0 || c.buf[2] != 1) {
		c.open = false
		return false, damaged(c.begun, 0, "a unit of PID %d does not begin with 00 00 01", c.pid)
	}
	if n := c.length(); n == 0 || len(c.buf) < n {
		return false, nil
	}
	c.open = false
	return true, r.deliver(c, u)
}

// length is how long the unit says that it is, with its header; 0: it does not say.
func (c *carrier) length() int {
	if len(c.buf) < 6 {
		return 0
	}
	n := int(binary.BigEndian.Uint16(c.buf[4:]))
	if n == 0 {
		return 0
	}
	return 6 + n
}

// deliver reads the header of a whole unit.
func (r *Reader) deliver(c *carrier, u *Unit) error {
	b := c.buf
	if n := c.length(); n > 0 {
		b = b[:n]
	}
	*u = Unit{Stream: c.stream, Offset: c.begun, PTS: NoPTS}
	if plain(b[3]) {
		u.Data = b[6:]
		return nil
	}
	if len(b) < 9 || b[6]&0xc0 != 0x80 || len(b) < 9+int(b[8]) {
		return damaged(c.begun, 0, "a unit of PID %d has a header that is not one", c.pid)
	}
	if b[7]&0x80 != 0 && b[8] >= 5 {
		u.PTS = stamp(b[9:])
	}
	u.Data = b[9+int(b[8]):]
	if c.stream.Type == TypeMetadata {
		var whole bool
		if u.Data, whole = cells(u.Data); !whole {
			return damaged(c.begun, 0, "a metadata cell of PID %d is longer than its unit", c.pid)
		}
	}
	return nil
}

// plain says whether packets of a stream id have no header behind their length (table 2-21).
func plain(id byte) bool {
	switch id {
	case 0xbc, 0xbe, 0xbf, 0xf0, 0xf1, 0xf2, 0xf8, 0xff:
		return true
	}
	return false
}

func stamp(b []byte) int64 {
	return int64(b[0]>>1&7)<<30 | int64(b[1])<<22 | int64(b[2]>>1)<<15 | int64(b[3])<<7 | int64(b[4]>>1)
}

// universal begins every KLV packet: metadata that was sent without cells begins with it.
var universal = []byte{0x06, 0x0e, 0x2b, 0x34}

// cellHeader is service, sequence, flags and length of a metadata cell (2.12.4).
const cellHeader = 5

// cells takes the headers out of a unit of metadata cells, in place.
func cells(b []byte) (data []byte, whole bool) {
	if bytes.HasPrefix(b, universal) {
		return b, true
	}
	out := 0
	for at := 0; at < len(b); {
		if len(b)-at < cellHeader {
			return nil, false
		}
		n := int(binary.BigEndian.Uint16(b[at+3:]))
		at += cellHeader
		if n > len(b)-at {
			return nil, false
		}
		out += copy(b[out:], b[at:at+n])
		at += n
	}
	return b[:out], true
}
