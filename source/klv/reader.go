package klv

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/mpegts"
	"github.com/trucewatch/truce/source"
)

// Keys of the sets. All universal keys begin with the first four bytes (SMPTE ST 336).
const (
	universal = "\x06\x0e\x2b\x34"
	keySize   = 16
	keyUAS    = universal + "\x02\x0b\x01\x01\x0e\x01\x03\x01\x01\x00\x00\x00"
	keyEG0104 = universal + "\x02\x01\x01\x01\x0e\x01\x01\x02\x01\x01\x00\x00" // the set that was sent before ST 0601
	keyVMTI   = universal + "\x02\x0b\x01\x01\x0e\x01\x03\x03\x06\x00\x00\x00"
)

// Reader reads a stream packet by packet.
type Reader struct {
	format Format
	src    io.Reader
	ts     *mpegts.Reader
	unit   mpegts.Unit
	lanes  []lane // of the metadata streams, in the order in which they came
	at     int    // the lane that is read now, of a transport stream

	secured  []byte // the security set that was read last: it hardly changes
	security *Security
	vmti     VMTI
	passed   int64
	older    int64 // of these, packets of EG 0104 that are not told yet
}

// lane is one row of packets, and what of it is not yet read.
type lane struct {
	pid   uint16
	buf   []byte
	r     int
	at    int64 // offset of what comes next; of a transport stream, of the unit that it began in
	final bool  // nothing comes behind buf
	err   error // of the source, once buf is read
}

// NewReader begins to read a stream.
func NewReader(src io.Reader, o Options) *Reader {
	return &Reader{format: o.Format, src: src}
}

// Passed is how many packets of other standards were passed over.
func (r *Reader) Passed() int64 { return r.passed }

// Next reads the next packet into m. At the end of the stream it returns io.EOF; a
// *source.Damage says what was passed over, and reading goes on behind it; any other error
// is of the source and final.
func (r *Reader) Next(m *Message) error {
	if err := r.begin(); err != nil {
		return err
	}
	for {
		l := &r.lanes[r.at]
		s := scan(l.buf[l.r:], l.final)
		if s.more {
			if err := r.fill(l); err != nil {
				return r.ended(l, err)
			}
			continue
		}
		raw := l.buf[l.r : l.r+s.use]
		at := l.at
		if s.reason == "" && s.key != keyUAS && s.key != keyVMTI {
			r.passed++
			if s.key == keyEG0104 {
				r.older++
			}
			r.advance(l, s.use)
			continue
		}
		if s.reason == "" {
			m.reset()
			m.Offset, m.Length, m.PID, m.raw = at, len(raw), l.pid, raw
			if s.reason = r.read(m, raw, s); s.reason != "" { // its length may be wrong too
				raw = raw[:1+nextKey(raw[1:], false)]
			}
		}
		r.advance(l, len(raw))
		if s.reason != "" {
			return source.Damaged(at, int64(len(raw)), raw, "%s", s.reason)
		}
		return nil
	}
}

// ended is what a stream ends with: that it held packets which are not read, once, and its end.
func (r *Reader) ended(l *lane, err error) error {
	if n := r.older; n > 0 && err == io.EOF {
		r.older = 0
		return source.Damaged(l.at, 0, nil, "%d packets of MISB EG 0104, the standard before ST 0601, are not read", n)
	}
	return err
}

// advance leaves bytes of a lane behind.
func (r *Reader) advance(l *lane, n int) {
	l.r += n
	if r.ts == nil {
		l.at += int64(n)
	}
}

// begin finds out what carries the packets, by the first 1,200 bytes unless it is said.
func (r *Reader) begin() error {
	if r.lanes != nil || r.ts != nil {
		return nil
	}
	switch r.format {
	case FormatBare:
		r.lanes = []lane{{}}
		return nil
	case FormatTS:
		r.ts, r.lanes = mpegts.NewReader(r.src, mpegts.Options{}), []lane{{}}
		return nil
	}
	head := make([]byte, 8<<10)
	n, err := io.ReadAtLeast(r.src, head, 1200)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	head = head[:n]
	if mpegts.Detect(head) && !bytes.HasPrefix(head, []byte(universal)) {
		rest := r.src
		if err != nil {
			rest = ended{err}
		}
		r.ts = mpegts.NewReader(io.MultiReader(bytes.NewReader(head), rest), mpegts.Options{})
		r.lanes = []lane{{}}
		return nil
	}
	r.lanes = []lane{{buf: head, final: err != nil, err: err}}
	return nil
}

// ended is a source that has nothing more to give but its error.
type ended struct{ err error }

func (e ended) Read([]byte) (int, error) { return 0, e.err }

// fill brings more bytes of a lane, or of another one in a transport stream.
func (r *Reader) fill(l *lane) error {
	if r.ts != nil {
		return r.nextUnit()
	}
	if l.final {
		return l.err
	}
	if left := len(l.buf) - l.r; left+(64<<10) > cap(l.buf) {
		l.buf = append(make([]byte, 0, left+(128<<10)), l.buf[l.r:]...)
	} else {
		l.buf = l.buf[:copy(l.buf, l.buf[l.r:])]
	}
	l.r = 0
	for idle := 0; ; idle++ {
		n, err := r.src.Read(l.buf[len(l.buf) : len(l.buf)+(64<<10)])
		l.buf = l.buf[:len(l.buf)+n]
		if err == nil && n == 0 && idle > 100 {
			err = io.ErrNoProgress
		}
		if err != nil {
			l.final, l.err = true, err
		}
		if n > 0 || err != nil {
			return nil
		}
	}
}

// nextUnit adds the next unit of a transport stream to the lane of its stream. At the end
// each lane is read to its own end.
func (r *Reader) nextUnit() error {
	err := r.ts.Next(&r.unit)
	var d *mpegts.Damage
	switch {
	case errors.As(err, &d):
		r.lanes[r.at].buf, r.lanes[r.at].r = r.lanes[r.at].buf[:0], 0
		return source.Damaged(d.Offset, d.Length, nil, "%s", d.Reason)
	case err != nil:
		for i := range r.lanes {
			if l := &r.lanes[i]; !l.final {
				r.at, l.final = i, true
				return nil
			}
		}
		return err
	}
	r.at = slices.IndexFunc(r.lanes, func(l lane) bool { return l.pid == r.unit.Stream.PID })
	if r.at < 0 {
		r.at = 0
		if len(r.lanes) > maxLanes {
			return source.Damaged(r.unit.Offset, 0, nil, "more than %d metadata streams; those beyond are not read", maxLanes)
		}
		r.lanes = append(r.lanes, lane{pid: r.unit.Stream.PID})
		r.at = len(r.lanes) - 1
	}
	l := &r.lanes[r.at]
	if l.r == len(l.buf) { // what is left of the last unit began there
		l.at = r.unit.Offset
	}
	l.buf = append(l.buf[:copy(l.buf, l.buf[l.r:])], r.unit.Data...)
	l.r = 0
	return nil
}

// step is what scan found at the beginning of some bytes.
type step struct {
	more   bool   // more bytes are needed
	use    int    // bytes of it
	key    string // of a packet
	head   int    // bytes before its value
	reason string // why it is none
}

// scan looks at the packet that begins the bytes; final: nothing comes behind them.
func scan(b []byte, final bool) step {
	if len(b) == 0 {
		return step{more: true}
	}
	if !bytes.HasPrefix(b, []byte(universal)) {
		use := nextKey(b, final)
		if use == 0 {
			return step{more: true}
		}
		return step{use: use, reason: "no KLV packet begins here"}
	}
	short := len(b) < keySize
	n, size := 0, 0
	if !short {
		n, size = berLength(b[keySize:])
	}
	if size < 0 || size > 0 && keySize+size+n > MaxPacket {
		return lost(b, final, "the packet's length is none, or over the bound")
	}
	whole := keySize + size + n
	if short || size == 0 || len(b) < whole {
		if !final {
			return step{more: true}
		}
		return lost(b, final, "the stream ends inside a packet, or the packet's length is wrong")
	}
	return step{use: whole, key: keyOf(b), head: keySize + size}
}

// keyOf names a key without allocating.
func keyOf(b []byte) string {
	switch string(b[:keySize]) {
	case keyUAS:
		return keyUAS
	case keyVMTI:
		return keyVMTI
	case keyEG0104:
		return keyEG0104
	}
	return universal
}

// lost is damage up to where the next packet may begin.
func lost(b []byte, final bool, reason string) step {
	use := nextKey(b[1:], final)
	if use == 0 {
		use = len(b) - 1
	}
	return step{use: 1 + use, reason: reason}
}

// nextKey is where the next key begins, or how much can be passed over: what may be the
// beginning of a key stays when more may come.
func nextKey(b []byte, final bool) int {
	if i := bytes.Index(b, []byte(universal)); i >= 0 {
		return i
	}
	if final {
		return len(b)
	}
	for keep := min(len(b), len(universal)-1); keep > 0; keep-- {
		if bytes.HasSuffix(b, []byte(universal[:keep])) {
			return len(b) - keep
		}
	}
	return len(b)
}

// read reads a whole packet and says why it cannot, "": it can.
func (r *Reader) read(m *Message, raw []byte, s step) string {
	m.Standard = UASDatalink
	body := raw[s.head:]
	if s.key == keyVMTI {
		m.Standard = VMTISet
		return r.readMoving(m, raw, body)
	}
	if reason := summed(raw, body); reason != "" {
		return reason
	}
	for b := body; len(b) > 0; {
		number, value, rest, ok := field(b)
		if !ok {
			return "an item is longer than its packet"
		}
		b = rest
		it := Item{Tag: number}
		tagOf(number).decode(&it, value)
		if !m.Set(it) {
			return "the packet has more items than any edition, or a tag beyond all"
		}
	}
	m.Time = m.time()
	r.nested(m)
	return ""
}

// summed checks the checksum, which must be there as the last item (ST 0601, 6.4).
func summed(raw, body []byte) string {
	if len(body) < 4 || body[len(body)-4] != TagChecksum || body[len(body)-3] != 2 {
		return "the packet does not end with its checksum"
	}
	if checksum(raw[:len(raw)-2]) != binary.BigEndian.Uint16(raw[len(raw)-2:]) {
		return "the checksum of the packet is wrong"
	}
	return ""
}

// time is the precision time stamp in UTC. Leap seconds are added where the packet states them;
// where it does not, the stamp is taken as UTC, as senders fill it.
func (m *Message) time() truce.Instant {
	at := m.Number(TagTime)
	if !at.Told || at.V > 1<<52 {
		return 0
	}
	if leap := m.Number(TagLeapSeconds); leap.Told && leap.V >= -maxLeap && leap.V <= maxLeap {
		at.V += leap.V * 1e6
	}
	return truce.Instant(at.V)
}

// nested reads the sets inside. One that cannot be read is counted and stays as bytes.
func (r *Reader) nested(m *Message) {
	if it, there := m.Item(TagSecurity); there && it.State == Unread {
		if r.security == nil || !bytes.Equal(it.Bytes, r.secured) {
			var ok bool
			if r.security, ok = readSecurity(it.Bytes); !ok {
				m.flaws++
			}
			r.secured = append(r.secured[:0], it.Bytes...)
		}
		m.Security = r.security
	}
	if it, there := m.Item(TagVMTI); there && it.State == Unread {
		var h vmtiHeader
		h.centre, h.told = m.FrameCentre()
		if readVMTI(it.Bytes, h, &r.vmti) {
			m.VMTI = &r.vmti
		} else {
			m.flaws++
		}
	}
}

// readMoving reads a moving target set that is sent by itself: its checksum is the same, its
// time stands in tag 2, and it has no frame centre to place offsets by.
func (r *Reader) readMoving(m *Message, raw, body []byte) string {
	if reason := summed(raw, body); reason != "" {
		return reason
	}
	if !readVMTI(body, vmtiHeader{}, &r.vmti) {
		return "an item is longer than its packet"
	}
	m.VMTI = &r.vmti
	for b := body; len(b) > 0; {
		number, value, rest, _ := field(b)
		if b = rest; number == TagTime && len(value) == 8 {
			m.Set(Item{Tag: TagTime, Number: float64(unsigned(value))})
		}
	}
	m.Time = m.time()
	return ""
}
