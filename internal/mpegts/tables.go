package mpegts

import (
	"bytes"
	"encoding/binary"
)

// section puts the sections of a table together and reads those that are whole.
func (r *Reader) section(c *carrier, payload []byte, starts bool) {
	if starts {
		pointer := int(payload[0])
		payload = payload[1:]
		if pointer > len(payload) {
			c.open = false
			return
		}
		if c.open {
			r.grow(c, payload[:pointer])
		}
		c.open, c.begun, c.buf = true, r.at, c.buf[:0]
		payload = payload[pointer:]
	}
	if c.open {
		r.grow(c, payload)
	}
}

// grow adds to a section. Behind a whole one the next may begin, or stuffing of 0xff.
func (r *Reader) grow(c *carrier, b []byte) {
	c.buf = append(c.buf, b...)
	for len(c.buf) >= 3 && c.open {
		if c.buf[0] == 0xff {
			c.open = false
			return
		}
		n := 3 + int(binary.BigEndian.Uint16(c.buf[1:])&0xfff)
		if n > maxSection {
			c.open = false
			r.owe(c, "a table of PID %d is %d bytes long, at most %d are allowed", c.pid, n, maxSection)
			return
		}
		if len(c.buf) < n {
			return
		}
		r.whole(c, c.buf[:n])
		c.buf = c.buf[:copy(c.buf, c.buf[n:])]
	}
}

func (r *Reader) owe(c *carrier, format string, args ...any) {
	if r.owed == nil {
		r.owed = damaged(c.begun, 0, format, args...)
	}
}

// whole reads one section. What is the same as the last is not read again.
func (r *Reader) whole(c *carrier, s []byte) {
	if bytes.Equal(s, c.last) {
		return
	}
	if len(s) < 12 || checksum(s) != 0 {
		r.owe(c, "a table of PID %d has a wrong checksum", c.pid)
		return
	}
	if s[5]&1 == 0 { // holds only later
		return
	}
	body := s[8 : len(s)-4]
	switch {
	case c.kind == carriesPrograms && s[0] == 0:
		r.programs(body)
	case c.kind == carriesStreams && s[0] == 2 && binary.BigEndian.Uint16(s[3:]) == c.program:
		r.program(c, body)
	default:
		return
	}
	c.last = append(c.last[:0], s...)
}

// programs reads which PID tells of which program.
func (r *Reader) programs(body []byte) {
	told := 0
	for ; len(body) >= 4 && told < MaxPrograms; body = body[4:] {
		program := binary.BigEndian.Uint16(body)
		pid := binary.BigEndian.Uint16(body[2:]) & 0x1fff
		if program == 0 || pid == 0 || pid == nullPID {
			continue
		}
		told++
		if c := r.pids[pid]; c == nil || c.kind == carriesStreams && c.program != program {
			r.pids[pid] = &carrier{kind: carriesStreams, pid: pid, program: program, counter: -1}
		}
	}
}

// program reads the streams of one program, in place of those it had before.
func (r *Reader) program(c *carrier, body []byte) {
	r.forget(c.program)
	if len(body) < 4 {
		return
	}
	_, rest := descriptors(body[2:])
	for len(rest) >= 5 && len(r.streams) < MaxStreams {
		s := Stream{Program: c.program, Type: rest[0], PID: binary.BigEndian.Uint16(rest[1:]) & 0x1fff}
		var about []byte
		about, rest = descriptors(rest[3:])
		s.Format = formatOf(about)
		r.streams = append(r.streams, s)
		if old := r.pids[s.PID]; old != nil && old.kind != carriesUnits || s.PID == nullPID || !r.want(s) {
			continue
		}
		if old := r.pids[s.PID]; old != nil {
			old.stream = s
			continue
		}
		r.pids[s.PID] = &carrier{kind: carriesUnits, pid: s.PID, stream: s, counter: -1}
	}
}

func (r *Reader) forget(program uint16) {
	kept := r.streams[:0]
	for _, s := range r.streams {
		if s.Program != program {
			kept = append(kept, s)
		}
	}
	r.streams = kept
}

// descriptors splits off a list with its length of 12 bits before it. One that is longer
// than what there is ends the table.
func descriptors(b []byte) (list, rest []byte) {
	n := int(binary.BigEndian.Uint16(b) & 0xfff)
	if n > len(b)-2 {
		return nil, nil
	}
	return b[2 : 2+n], b[2+n:]
}

// formatOf finds the format identifier: the registration descriptor (2.6.8), or that of the
// metadata descriptor (2.6.60).
func formatOf(list []byte) string {
	for len(list) >= 2 && len(list) >= 2+int(list[1]) {
		tag, body := list[0], list[2:2+int(list[1])]
		list = list[2+len(body):]
		switch {
		case tag == 0x05 && len(body) >= 4:
			return string(body[:4])
		case tag == 0x26:
			if f := metadataFormat(body); f != "" {
				return f
			}
		}
	}
	return ""
}

func metadataFormat(b []byte) string {
	if len(b) < 3 {
		return ""
	}
	at := 2
	if binary.BigEndian.Uint16(b) == 0xffff {
		at += 4
	}
	if len(b) < at+5 || b[at] != 0xff {
		return ""
	}
	return string(b[at+1 : at+5])
}

// checksum is CRC-32/MPEG-2 (13818-1, annex A): 0 over a section with its checksum.
func checksum(b []byte) uint32 {
	crc := ^uint32(0)
	for _, x := range b {
		crc ^= uint32(x) << 24
		for range 8 {
			if crc&(1<<31) != 0 {
				crc = crc<<1 ^ 0x04c11db7
			} else {
				crc <<= 1
			}
		}
	}
	return crc
}
