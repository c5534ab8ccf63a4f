package adsb

import (
	"bufio"
	"errors"
	"io"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// Options say what a feed leaves open. The zero value reads any feed.
type Options struct {
	// Start is when a feed begins whose stamps only count from somewhere: the time of its
	// first message. With GNSS it need only lie within twelve hours. 0: not known, and then
	// messages have no time, while positions are still paired by the receiver's counter.
	Start truce.Instant
	// GNSS says that the stamps of Beast messages are seconds of the day and nanoseconds, as
	// receivers with a GNSS clock send them, and not a counter of 12 MHz.
	GNSS bool
	// Now tells the time of arrival of a message that brings none, for live feeds; nil: such
	// messages have no time. BaseStation rows always bring their own.
	Now func() truce.Instant
	// Zone is the zone of BaseStation rows, which do not name it; nil: UTC.
	Zone *time.Location
	// Reference is a place near the receiver. Positions on the ground need one to begin with.
	Reference *geo.Point
	// Range is the farthest from Reference that the receiver can hear; farther positions are
	// refused. 0: MaxRange. At LocalRange or less, the first message alone gives a position.
	Range geo.Metres
}

func (o Options) heard() geo.Metres {
	if o.Range > 0 {
		return o.Range
	}
	return MaxRange
}

// Validate refuses options that contradict themselves.
func (o Options) Validate() error {
	switch {
	case o.Reference != nil && !o.Reference.Valid():
		return truce.Errorf(truce.CodeInvalid, "reference %v: latitude goes from -90 to 90, longitude from -180 to 180", *o.Reference)
	case !(o.Range >= 0 && o.Range <= 1e7):
		return truce.Errorf(truce.CodeInvalid, "range %g m: write how far the receiver hears, from 1 to 10,000,000 m", float64(o.Range))
	case o.Range > 0 && o.Reference == nil:
		return truce.Errorf(truce.CodeInvalid, "range %g m: it needs the reference that it is measured from", float64(o.Range))
	}
	return nil
}

// Reader reads one feed. Forms of text may be mixed in it, line by line.
type Reader struct {
	in     *bufio.Reader
	opt    Options
	at     int64
	line   int
	begun  bool
	binary bool
	ended  error
	raw    []byte // of the message read last

	timed bool  // whether now says anything
	now   int64 // microseconds, on the feed's clock
	clock clock

	fleet   fleet
	current *aircraft // of the message read last
}

// NewReader reads a feed, whose form it finds out from its beginning: Beast binary, or lines
// of AVR (*…; @…; <…;), of hexadecimal digits (alone, or in a table behind a time), or of
// BaseStation (MSG,…).
func NewReader(r io.Reader, opt Options) *Reader {
	return &Reader{in: bufio.NewReaderSize(r, 64<<10), opt: opt, fleet: fleet{all: map[key]*aircraft{}}}
}

// Next reads the next message into m, without allocating. io.EOF is the end. A *source.Damage
// tells of a stretch that is no message: its checksum is wrong, or it cannot be read at all;
// reading goes on behind it. Any other error ends the feed, and is given again by every later
// call.
func (r *Reader) Next(m *Message) error {
	if r.ended != nil {
		return r.ended
	}
	*m = Message{}
	r.current = nil
	err := r.next(m)
	if err != nil && !isDamage(err) {
		r.ended = err
	}
	return err
}

func isDamage(err error) bool {
	var d *source.Damage
	return errors.As(err, &d)
}

func (r *Reader) next(m *Message) error {
	if !r.begun {
		if err := r.begin(); err != nil {
			return err
		}
	}
	if r.binary {
		return r.nextBeast(m)
	}
	return r.nextLine(m)
}

// begin finds out whether the feed is binary: the escape of Beast is no character of text. It
// waits for no more than the first line.
func (r *Reader) begin() error {
	if err := r.opt.Validate(); err != nil {
		return err
	}
	for n := 1; ; n++ {
		head, err := r.in.Peek(n)
		if len(head) == 0 {
			return err
		}
		last := head[len(head)-1]
		if last == escape || last == '\n' || err != nil || n == MaxLine {
			r.begun, r.binary = true, last == escape
			return nil
		}
	}
}

// damaged makes the error of a stretch that was passed over.
func damaged(at int64, raw []byte, length int64, reason string) error {
	return source.Damaged(at, length, raw, "%s", reason)
}

// clock turns the stamps of receivers into times.
type clock struct {
	first   uint64        // the first counter
	base    truce.Instant // when it came, in a feed that is read as it comes
	newest  uint64        // the last counter of such a feed
	started bool
	last    truce.Instant // GNSS: the time before, to find the day by
}

// Stamps of a counter that say something else than a time.
const (
	ticksNone = 0
	ticksMLAT = 0xff004d4c4154 // made by a program that located the aircraft
)

// stamp puts the time on a message that came with the six bytes of a receiver's stamp.
func (r *Reader) stamp(m *Message, ticks uint64) {
	r.timed = false
	switch {
	case ticks == ticksMLAT || ticks == ticksNone && !r.opt.GNSS:
	case r.opt.GNSS:
		m.Time = r.clock.ofDay(ticks, r.opt)
		r.setFeed(m.Time, ticks>>30*1e6+ticks&(1<<30-1)/1000)
		return
	default:
		m.Ticks = ticks
		if !r.clock.started {
			r.clock.first, r.clock.started = ticks, true
		}
		if r.opt.Start != 0 {
			m.Time = r.opt.Start + truce.Instant((int64(ticks)-int64(r.clock.first))/12)
		} else if r.opt.Now != nil {
			m.Time = r.clock.counted(ticks, r.opt.Now())
		}
		r.setFeed(m.Time, ticks/12)
		return
	}
	r.arrived(m)
}

// maxHeldBack is how long a link may hold messages back before their counter is taken as one
// that began anew.
const maxHeldBack = 60 * second

// counted is the time of a message with a counter that came now: as long after the one that
// came with the least delay as the counter says, so that what a link held back is not of one
// moment; now, where that is no time that it can be of.
func (c *clock) counted(ticks uint64, now truce.Instant) truce.Instant {
	t := c.base + truce.Instant((int64(ticks)-int64(c.first))/12)
	anew := int64(ticks)+12*second < int64(c.newest)
	c.newest = ticks
	if c.base == 0 || anew || t > now || int64(now-t) > maxHeldBack {
		c.first, c.base = ticks, now
		return now
	}
	return t
}

// setFeed sets the feed's clock to a time, or to a receiver's count of microseconds.
func (r *Reader) setFeed(t truce.Instant, micros uint64) {
	r.timed, r.now = true, int64(micros)
	if t != 0 {
		r.now = int64(t)
	}
}

// arrived puts the time of arrival on a message that brings none.
func (r *Reader) arrived(m *Message) {
	r.timed = false
	if r.opt.Now != nil {
		r.set(m, r.opt.Now())
	}
}

// set puts a time on a message.
func (r *Reader) set(m *Message, t truce.Instant) {
	m.Time, r.timed, r.now = t, true, int64(t)
}

const dayMicros = 86_400 * second

// ofDay is the time of a stamp with seconds of the day, on the day that brings it next to the
// one before, or to the start of the feed. 0 where neither is known.
func (c *clock) ofDay(stamp uint64, opt Options) truce.Instant {
	near := c.last
	if near == 0 {
		near = opt.Start
	}
	if near == 0 && opt.Now != nil {
		near = opt.Now()
	}
	micros := int64(stamp>>30)*second + int64(stamp&(1<<30-1))/1000
	if near == 0 || micros >= dayMicros+second {
		return 0
	}
	day := int64(near) - modMicros(int64(near))
	t := day + micros
	switch {
	case t-int64(near) > dayMicros/2:
		t -= dayMicros
	case int64(near)-t > dayMicros/2:
		t += dayMicros
	}
	c.last = truce.Instant(t)
	return c.last
}

// modMicros is how far into its day a time lies.
func modMicros(t int64) int64 { return (t%dayMicros + dayMicros) % dayMicros }
