package mavlink

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/window"
	"github.com/trucewatch/truce/source"
)

// Reader reads a stream frame by frame.
type Reader struct {
	win    *window.Window
	format Format
	err    error // of the options

	keys       [][]byte
	signedOnly bool
	now        func() truce.Instant
	hash       hash.Hash
	digest     [sha256.Size]byte
	signers    map[signer]uint64
	pending    signer // of the frame at hand, kept once it is given out
	pendingAt  uint64

	ahead   int    // bytes of damage that were looked at
	reason  string // of their first
	unknown map[uint32]int

	sequences [256][256]int16 // of each component, one more than the last; 0: none
	clocks    [256]int64      // of each system: microseconds from boot to UTC; 0: not known
	room      bodies
	padded    [maxPayload]byte
	wire      wire
}

// NewReader begins to read a stream.
func NewReader(src io.Reader, o Options) *Reader {
	r := &Reader{win: window.New(src), format: o.Format, keys: o.Keys, signedOnly: o.SignedOnly, now: o.Now,
		hash: sha256.New(), signers: map[signer]uint64{}, unknown: map[uint32]int{}}
	if len(o.Keys) > MaxKeys || o.SignedOnly && len(o.Keys) == 0 {
		r.err = truce.Errorf(truce.CodeInvalid, "mavlink: %d keys: want at most %d, and at least one when only signed frames are taken", len(o.Keys), MaxKeys)
	}
	for _, key := range o.Keys {
		if len(key) != sha256.Size {
			r.err = truce.Errorf(truce.CodeInvalid, "mavlink: a key has %d bytes, want %d", len(key), sha256.Size)
		}
	}
	return r
}

// Unknown is how many frames came of each message number of no known dialect.
func (r *Reader) Unknown() map[uint32]int { return r.unknown }

// Next reads the next frame into m. At the end of the stream it returns io.EOF; a *source.Damage
// says what was passed over, and reading goes on behind it; any other error is final.
func (r *Reader) Next(m *Message) error {
	if r.err != nil {
		return r.err
	}
	for {
		for len(r.win.Bytes())-r.ahead < header1+crcSize+stampSize && r.win.More() {
			continue
		}
		b := r.win.Bytes()[r.ahead:]
		if len(b) == 0 {
			if r.ahead > 0 {
				return r.damage()
			}
			return r.win.Err()
		}
		lead, f, reason, unknown := r.look(b)
		if f.short && reason == "" {
			if r.win.More() {
				continue
			}
			b, reason = r.win.Bytes()[r.ahead:], "the stream ends inside a frame"
		}
		if reason == "" && r.ahead > 0 {
			return r.damage()
		}
		if reason == "" {
			r.take(m, b, lead, &f)
			return nil
		}
		if unknown && r.ahead == 0 && r.follows(b[lead+f.length:]) {
			if err := r.stranger(b, lead, &f, reason); err != nil {
				return err
			}
			continue
		}
		if r.ahead == 0 {
			r.reason = reason
		}
		r.ahead += r.nextStart(b)
		if r.ahead >= maxStretch {
			return r.damage()
		}
	}
}

// look tries the frame, or the time and frame, that b begins with.
func (r *Reader) look(b []byte) (lead int, f frame, reason string, unknown bool) {
	switch {
	case r.format != FormatTlog && magic(b[0]):
	case r.format != FormatRaw && len(b) > stampSize && stamped(b) && magic(b[stampSize]):
		lead = stampSize
	case len(b) <= stampSize && b[0] == 0 && r.format != FormatRaw:
		f.short = true
		return 0, f, "", false
	default:
		return 0, f, "no frame begins here", false
	}
	b = b[lead:]
	if f, reason = parse(b); reason != "" || f.short {
		return lead, f, reason, false
	}
	if reason, unknown = f.check(b); reason != "" {
		return lead, f, reason, unknown
	}
	switch {
	case f.isSigned && len(r.keys) > 0:
		reason = r.signedBy(&f, b)
	case !f.isSigned && r.signedOnly:
		reason = fmt.Sprintf("message %d (%s) of system %d is not signed", f.id, f.known.name, f.system)
	}
	return lead, f, reason, false
}

// stamped says whether a log's time may stand here: one of a calendar, or one that counts from
// the start of a vehicle for less than a year.
func stamped(b []byte) bool {
	at := binary.BigEndian.Uint64(b)
	return b[0] == 0 && (at < 1<<45 || plausible(at) != 0)
}

func magic(b byte) bool { return b == magic1 || b == magic2 }

// follows says whether what follows a frame may be another, or nothing.
func (r *Reader) follows(b []byte) bool {
	if len(b) == 0 {
		return true
	}
	return r.format != FormatTlog && magic(b[0]) || r.format != FormatRaw && len(b) > stampSize && stamped(b) && magic(b[stampSize])
}

// nextStart is how far behind the beginning of b a frame may begin again.
func (r *Reader) nextStart(b []byte) int {
	for i := 1; i < len(b); i++ {
		if r.follows(b[i:]) {
			return i
		}
	}
	if r.format != FormatRaw { // a time may begin before what is not yet read
		return max(1, len(b)-stampSize)
	}
	return len(b)
}

// damage tells of the stretch that was looked at.
func (r *Reader) damage() error {
	d := source.Damaged(r.win.Offset(), int64(r.ahead), r.win.Bytes()[:r.ahead], "%s", r.reason)
	r.win.Skip(r.ahead)
	r.ahead = 0
	return d
}

// stranger passes over a frame of an unknown message. The first of each is told.
func (r *Reader) stranger(b []byte, lead int, f *frame, reason string) error {
	at, raw := r.win.Offset(), b[:lead+f.length]
	r.win.Skip(len(raw))
	_, told := r.unknown[f.id]
	if !told && len(r.unknown) == MaxUnknown {
		return nil
	}
	r.unknown[f.id]++
	if told {
		return nil
	}
	return source.Damaged(at, int64(len(raw)), raw, "%s", reason)
}

// take gives out a frame.
func (r *Reader) take(m *Message, b []byte, lead int, f *frame) {
	*m = Message{Offset: r.win.Offset(), Version: f.version, System: f.system, Component: f.comp, Sequence: f.sequence,
		ID: f.id, Name: f.known.name, raw: b[:lead+f.length], frame: b[lead : lead+f.length]}
	r.win.Skip(lead + f.length)
	if f.isSigned {
		m.Signature = SignedUnchecked
		if len(r.keys) > 0 {
			m.Signature = SignedValid
			r.signers[r.pending] = r.pendingAt
		}
	}
	if last := &r.sequences[f.system][f.comp]; *last != 0 {
		m.Missing = int(f.sequence-uint8(*last-1)-1) & 0xff
		*last = int16(f.sequence) + 1
	} else {
		*last = int16(f.sequence) + 1
	}
	if p := m.body(&r.room); p != nil {
		n := copy(r.padded[:], f.payload)
		clear(r.padded[n:])
		r.wire = wire{b: r.padded[:]}
		p.wire(&r.wire)
	}
	if lead > 0 {
		m.Time = plausible(binary.BigEndian.Uint64(b))
	}
	r.clock(m)
	if m.Time == 0 && r.now != nil {
		m.Time = r.now()
	}
}

// clock finds the time of a message that has none by the log: its own, or that of its system.
func (r *Reader) clock(m *Message) {
	if s := m.SystemTime; s != nil {
		if at := plausible(s.UnixUs); at != 0 {
			r.clocks[m.System] = int64(at) - int64(s.BootMs)*1000
		}
	}
	if m.Time != 0 {
		return
	}
	own, boot := uint64(0), -1
	switch {
	case m.SystemTime != nil:
		own = m.SystemTime.UnixUs
	case m.GPSRaw != nil:
		own = m.GPSRaw.TimeUs
	case m.CameraFeedback != nil:
		own = m.CameraFeedback.TimeUs
	case m.CameraTrigger != nil:
		own = m.CameraTrigger.TimeUs
	case m.GlobalPosition != nil:
		boot = m.GlobalPosition.BootMs
	case m.Attitude != nil:
		boot = m.Attitude.BootMs
	case m.LocalPosition != nil:
		boot = m.LocalPosition.BootMs
	}
	offset := r.clocks[m.System]
	if m.Time = plausible(own); m.Time != 0 || offset == 0 {
		return
	}
	if boot >= 0 {
		m.Time = truce.Instant(offset + int64(boot)*1000)
	} else if own > 0 && own < 1<<50 {
		m.Time = plausible(uint64(offset) + own)
	}
}

var (
	earliest = truce.InstantOf(time.Date(source.MinYear, 1, 1, 0, 0, 0, 0, time.UTC))
	latest   = truce.InstantOf(time.Date(source.MaxYear+1, 1, 1, 0, 0, 0, 0, time.UTC))
)

// plausible is microseconds since 1970 as an instant; 0: they are of a clock that was never set.
func plausible(us uint64) truce.Instant {
	if us < uint64(earliest) || us >= uint64(latest) {
		return 0
	}
	return truce.Instant(us)
}
