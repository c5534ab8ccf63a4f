package mpegts

import (
	"errors"
	"io"
)

// Reader takes a stream apart.
type Reader struct {
	want func(Stream) bool

	src  io.Reader
	buf  []byte // window bytes
	r, w int    // what of buf is not yet read
	at   int64  // offset of buf[r]
	end  error  // of src, io.EOF among them

	size    int // of a packet, 0: sync is not found yet
	synced  bool
	pids    [allPIDs]*carrier // nil: nobody wants the packets
	streams []Stream          // of all programs, in the order of their tables
	owed    error             // found while tables were read
}

// carrier is what arrives on one PID that somebody wants.
type carrier struct {
	kind    carrierKind
	pid     uint16
	program uint16 // of a table of streams
	stream  Stream // of a stream

	counter int  // of the last packet, -1: none
	trusted bool // the packet at hand was counted already

	open  bool // a unit or section is begun
	begun int64
	buf   []byte
	last  []byte // the table that was read last: they come ten times a second
}

type carrierKind uint8

const (
	carriesPrograms carrierKind = iota
	carriesStreams
	carriesUnits
)

// NewReader begins to read a stream.
func NewReader(src io.Reader, o Options) *Reader {
	r := &Reader{want: o.Want, src: src, buf: make([]byte, window)}
	if r.want == nil {
		r.want = Stream.KLV
	}
	r.pids[0] = &carrier{kind: carriesPrograms, counter: -1}
	return r
}

// Streams are the streams that the tables have named so far, wanted or not.
func (r *Reader) Streams() []Stream { return r.streams }

// Next reads to the end of the next unit of a wanted stream. At the end of the stream it
// returns io.EOF; a *Damage says what was passed over, and reading goes on behind it; any
// other error is of the source and final.
func (r *Reader) Next(u *Unit) error {
	for {
		p, err := r.packet()
		if err == io.EOF {
			return r.rest(u)
		}
		if err != nil {
			return err
		}
		c := r.pids[int(p[1]&0x1f)<<8|int(p[2])]
		if c == nil {
			r.pass()
			continue
		}
		whole, err := r.take(c, p, u)
		if err != nil || whole {
			return err
		}
	}
}

// packet is the next one, which stays where it is until it is passed.
func (r *Reader) packet() ([]byte, error) {
	need := packetSize
	if !r.synced {
		need = 2 * inRow * 204
	}
	if r.w-r.r < need {
		if err := r.fill(); err != nil {
			return nil, err
		}
	}
	if !r.synced {
		if err := r.sync(); err != nil {
			return nil, err
		}
	}
	if left := r.w - r.r; left == 0 {
		return nil, r.end
	} else if left < packetSize {
		at := r.at
		r.skip(left)
		return nil, damaged(at, int64(left), "the stream ends inside a packet")
	}
	p := r.buf[r.r : r.r+packetSize]
	if p[0] != syncByte {
		r.synced = false
		return r.packet()
	}
	return p, nil
}

// pass leaves a packet behind, with what stands between it and the next.
func (r *Reader) pass() {
	r.skip(min(r.size, r.w-r.r))
}

func (r *Reader) skip(n int) {
	r.r += n
	r.at += int64(n)
}

// fill reads until the window is full or the source ends. An error of the source is given
// back once what came before it is read.
func (r *Reader) fill() error {
	copy(r.buf, r.buf[r.r:r.w])
	r.w -= r.r
	r.r = 0
	for idle := 0; r.w < len(r.buf) && r.end == nil; {
		n, err := r.src.Read(r.buf[r.w:])
		r.w += n
		r.end = err
		if n > 0 && r.w >= 2*inRow*204 { // enough to go on: a live stream is not waited for
			break
		}
		if n > 0 {
			idle = 0
		} else if idle++; idle > 100 && err == nil {
			r.end = io.ErrNoProgress
		}
	}
	if r.end != nil && !errors.Is(r.end, io.EOF) && r.w < packetSize {
		return r.end
	}
	return nil
}

// sync finds where packets begin. What lies before is damage, but for the four bytes of
// time before the first packet of 192.
func (r *Reader) sync() error {
	b := r.buf[r.r:r.w]
	if len(b) == 0 {
		return nil
	}
	start, size := findSync(b, r.size)
	if start < 0 && r.size != 0 && len(b) >= packetSize {
		start, size = findSync(b, 0)
	}
	if start < 0 {
		gone := len(b)
		if r.end == nil {
			gone = max(1, gone-inRow*204)
		}
		at := r.at
		r.skip(gone)
		return damaged(at, int64(gone), "no transport stream packet begins here")
	}
	at, first := r.at, r.size == 0
	r.size, r.synced = size, true
	r.skip(start)
	if start == 0 || first && at == 0 && size == 192 && start == 4 {
		return nil
	}
	return damaged(at, int64(start), "no transport stream packet begins here")
}

// rest gives what the end of the stream completes: units of unknown length.
func (r *Reader) rest(u *Unit) error {
	for pid := range r.pids {
		c := r.pids[pid]
		if c == nil || !c.open || c.kind != carriesUnits {
			continue
		}
		c.open = false
		if n := c.length(); n == 0 && len(c.buf) > 6 {
			return r.deliver(c, u)
		}
		return damaged(c.begun, 0, "the stream ends inside a unit of PID %d", c.pid)
	}
	return io.EOF
}

// take reads a packet of a carrier. It says whether u holds a unit now. The packet is passed
// unless something has to be told before it is read.
func (r *Reader) take(c *carrier, p []byte, u *Unit) (bool, error) {
	payload, counted, fresh := split(p)
	if p[1]&0x80 != 0 {
		return false, r.refuse(c, "the sender marked a packet of PID %d as damaged", c.pid)
	}
	if p[3]&0xc0 != 0 {
		r.pass() // scrambled: nothing can be read
		return false, nil
	}
	if counted < 0 {
		return false, r.refuse(c, "a packet of PID %d has an adaptation field longer than itself", c.pid)
	}
	if len(payload) == 0 {
		r.pass()
		return false, nil
	}
	if !c.trusted {
		last := c.counter
		c.counter = counted
		if last == counted && !fresh {
			r.pass() // sent twice, as is allowed once
			return false, nil
		}
		if last >= 0 && !fresh && counted != (last+1)&15 {
			c.open, c.trusted = false, true
			return false, damaged(r.at, 0, "packets of PID %d are missing: counter %d after %d", c.pid, counted, last)
		}
	}
	c.trusted = false
	starts := p[1]&0x40 != 0
	if c.kind == carriesUnits {
		return r.unit(c, payload, starts, u)
	}
	r.section(c, payload, starts)
	r.pass()
	err := r.owed
	r.owed = nil
	return false, err
}

// refuse passes over a packet and drops what it was a part of.
func (r *Reader) refuse(c *carrier, format string, args ...any) error {
	at := r.at
	c.open, c.counter, c.trusted = false, -1, false
	r.pass()
	return damaged(at, packetSize, format, args...)
}

// split finds the payload of a packet, its counter (-1: the packet contradicts itself) and
// whether the counter begins anew.
func split(p []byte) (payload []byte, counter int, fresh bool) {
	counter = int(p[3] & 15)
	at := 4
	if p[3]&0x20 != 0 {
		n := int(p[4])
		at = 5 + n
		if at > packetSize {
			return nil, -1, false
		}
		fresh = n > 0 && p[5]&0x80 != 0
	}
	if p[3]&0x10 == 0 {
		return nil, counter, fresh
	}
	return p[at:packetSize], counter, fresh
}
