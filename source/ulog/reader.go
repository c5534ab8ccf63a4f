package ulog

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/window"
	"github.com/trucewatch/truce/source"
)

// header is the magic of ULog, then its version and the time at which the log begins.
const (
	magic      = "ULog\x01\x12\x35"
	headerSize = 16
	prefixSize = 3 // length and kind of a message
)

// syncMark is what a synchronisation message holds.
const syncMark = "\x2f\x73\x13\x20\x25\x0c\xbb\x12"

// Reader reads a log message by message.
type Reader struct {
	win     *window.Window
	begun   bool
	formats map[string][]field
	topics  map[uint16]*subscription
	values  map[string]*rows // of settings and information, by their types
	appends []int64          // where data was added after the log was closed

	ahead    int // bytes of damage that were looked at
	reason   string
	clock    int64 // microseconds from the start of the vehicle to UTC
	told     bool  // the clock
	position Position
}

// subscription is one instance of a topic.
type subscription struct {
	name     string
	instance int
	topic    topic
	rows     *rows
	found    []found
}

// NewReader begins to read a log.
func NewReader(src io.Reader, _ Options) *Reader {
	return &Reader{win: window.New(src), formats: map[string][]field{}, topics: map[uint16]*subscription{}, values: map[string]*rows{}}
}

// Next reads the next message into m. At the end of the log it returns io.EOF; a *source.Damage
// says what was passed over, and reading goes on behind it; any other error is final: the file
// is no ULog, or needs a newer reader.
func (r *Reader) Next(m *Message) error {
	if !r.begun {
		if err := r.begin(); err != nil {
			return err
		}
	}
	for {
		b, err := r.one()
		if err != nil {
			return err
		}
		if b == nil {
			continue
		}
		at := r.win.Offset()
		r.win.Skip(len(b))
		*m = Message{Offset: at, Level: -1, raw: b}
		given, err := r.take(m, b[2], b[prefixSize:])
		if err != nil {
			if errors.Is(err, errNewer) {
				return err
			}
			return source.Damaged(at, int64(len(b)), b, "%s", err)
		}
		if given {
			return nil
		}
	}
}

func (r *Reader) begin() error {
	for len(r.win.Bytes()) < headerSize && r.win.More() {
		continue
	}
	b := r.win.Bytes()
	if len(b) < headerSize || string(b[:len(magic)]) != magic {
		if err := r.win.Err(); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		return truce.Errorf(truce.CodeInvalid, "not a ULog file: it does not begin with 55 4c 6f 67 01 12 35 and a header of %d bytes", headerSize)
	}
	r.begun = true
	r.win.Skip(headerSize)
	return nil
}

// one finds the next message. Nil without an error: look again.
func (r *Reader) one() ([]byte, error) {
	for len(r.win.Bytes())-r.ahead < prefixSize && r.win.More() {
		continue
	}
	b := r.win.Bytes()[r.ahead:]
	if len(b) == 0 {
		if r.ahead > 0 {
			return nil, r.damage()
		}
		return nil, r.win.Err()
	}
	n := 0
	if len(b) >= prefixSize {
		n = prefixSize + int(binary.LittleEndian.Uint16(b))
		for len(r.win.Bytes())-r.ahead < n && r.win.More() {
			continue
		}
		b = r.win.Bytes()[r.ahead:]
	}
	reason := ""
	if !r.plausible(b) {
		reason = "no message"
		if r.ahead == 0 {
			reason = r.why(b)
		}
	}
	if n == 0 || reason == "" && len(b) < n {
		reason = "the log ends inside a message"
	}
	if cut := r.cut(); reason == "" && cut > 0 && n > cut {
		reason = "a message runs into data that was added later"
	}
	if reason == "" && r.ahead > 0 && !r.chained(b[n:]) {
		reason = "no message"
	}
	if reason == "" {
		if r.ahead > 0 {
			return nil, r.damage()
		}
		return b[:n], nil
	}
	if r.ahead == 0 {
		r.reason = reason
	}
	r.pass(b)
	if r.ahead >= maxStretch {
		return nil, r.damage()
	}
	return nil, nil
}

// pass looks further: to the next synchronisation mark or place where added data begins when
// one is near, else byte by byte to what may be a message.
func (r *Reader) pass(b []byte) {
	if cut := r.cut(); cut > 0 && cut <= len(b) {
		b = b[:cut]
	}
	step := len(b)
	for i := 1; i+prefixSize <= len(b); i++ {
		if r.plausible(b[i:]) {
			step = i
			break
		}
	}
	r.ahead += step
}

// cut is how far it is to the next data that was added later, 0: there is none.
func (r *Reader) cut() int {
	at := r.win.Offset() + int64(r.ahead)
	for _, a := range r.appends {
		if a > at && a-at < maxStretch {
			return int(a - at)
		}
	}
	return 0
}

// chained says whether behind a message another may begin: three by chance are rare.
func (r *Reader) chained(b []byte) bool {
	for range 2 {
		if len(b) < prefixSize {
			return true
		}
		if !r.plausible(b) {
			return false
		}
		n := prefixSize + int(binary.LittleEndian.Uint16(b))
		if n > len(b) {
			return true
		}
		b = b[n:]
	}
	return true
}

func (r *Reader) damage() error {
	d := source.Damaged(r.win.Offset(), int64(r.ahead), r.win.Bytes()[:r.ahead], "%s", r.reason)
	r.win.Skip(r.ahead)
	r.ahead = 0
	return d
}

// bounds are how long a message of a kind may be; most 0: there is no such kind.
func bounds(kind byte) (least, most int) {
	switch kind {
	case 'B':
		return 40, 256
	case 'F':
		return 3, MaxFormat
	case 'I', 'M', 'P', 'Q':
		return 3, 1 << 16
	case 'A':
		return 4, 512
	case 'R', 'O':
		return 2, 2
	case 'S':
		return 8, 8
	case 'L':
		return 9, 4096
	case 'C':
		return 11, 4096
	case 'D':
		return 2 + 8, 1 << 16
	}
	return 0, 0
}

// plausible says whether a message may begin here, by its kind and length alone.
func (r *Reader) plausible(b []byte) bool {
	if len(b) < prefixSize {
		return false
	}
	n := int(binary.LittleEndian.Uint16(b))
	if least, most := bounds(b[2]); n < least || n > most || most == 0 {
		return false
	}
	if b[2] != 'D' {
		return true
	}
	if len(b) < prefixSize+2 {
		return false
	}
	s := r.topics[binary.LittleEndian.Uint16(b[prefixSize:])]
	return s != nil && (n-2 == s.rows.least || n-2 == s.rows.size)
}

// why says why no message begins here.
func (r *Reader) why(b []byte) string {
	if len(b) < prefixSize || b[2] == 'D' && len(b) < prefixSize+2 {
		return "the log ends inside a message"
	}
	n := int(binary.LittleEndian.Uint16(b))
	least, most := bounds(b[2])
	switch {
	case most == 0:
		return fmt.Sprintf("no kind of message is %#02x", b[2])
	case b[2] != 'D' || n < least:
		return fmt.Sprintf("a message of kind %c has %d bytes", b[2], n)
	}
	id := binary.LittleEndian.Uint16(b[prefixSize:])
	s := r.topics[id]
	if s == nil {
		return fmt.Sprintf("a row of topic number %d, which the log does not define", id)
	}
	return fmt.Sprintf("a row of %s has %d bytes, want %d", s.name, n-2, s.rows.size)
}

// errNewer ends a log that cannot be read.
var errNewer = errors.New("the log needs a newer reader")

// take reads one message and says whether it is to be given out. What it says is damage,
// unless it is errNewer.
func (r *Reader) take(m *Message, kind byte, b []byte) (bool, error) {
	switch kind {
	case 'B':
		return false, r.flags(b)
	case 'F':
		name, fields, err := readFormat(string(b))
		if err != nil {
			return false, err
		}
		if len(r.formats) == MaxFormats {
			return false, fmt.Errorf("more than %d definitions", MaxFormats)
		}
		r.formats[name] = fields
		return false, nil
	case 'A':
		return false, r.subscribe(b)
	case 'R':
		delete(r.topics, binary.LittleEndian.Uint16(b))
		return false, nil
	case 'S':
		if string(b) != syncMark {
			return false, errors.New("a synchronisation message holds something else")
		}
		return false, nil
	case 'D':
		r.row(m, b)
		return true, nil
	case 'O':
		m.Kind, m.LostMs = KindDropout, int(binary.LittleEndian.Uint16(b))
		return true, nil
	case 'L':
		r.text(m, b, 1)
		return true, nil
	case 'C':
		r.text(m, b, 3)
		return true, nil
	}
	return true, r.value(m, kind, b)
}

// flags reads what a reader must know: the one flag that is known says that data was added.
func (r *Reader) flags(b []byte) error {
	unknown := b[8] &^ 1
	for _, x := range b[9:16] {
		unknown |= x
	}
	if unknown != 0 {
		return truce.Errorf(truce.CodeInvalid, "the log has flags %x, of which only 01 in the first byte is known: %w", b[8:16], errNewer)
	}
	if b[8]&1 != 0 {
		for i := range 3 {
			if at := binary.LittleEndian.Uint64(b[16+8*i:]); at > 0 && at < 1<<62 {
				r.appends = append(r.appends, int64(at))
			}
		}
	}
	return nil
}

func (r *Reader) subscribe(b []byte) error {
	name := string(b[3:])
	fields, known := r.formats[name]
	if !known {
		return fmt.Errorf("the topic %s is not defined", source.Shown(b[3:]))
	}
	rows, err := layout(fields, r.formats)
	if err != nil {
		return fmt.Errorf("the topic %s: %w", source.Shown(b[3:]), err)
	}
	if len(rows.columns) == 0 || rows.columns[0].name != "timestamp" || rows.columns[0].code != 'Q' {
		return fmt.Errorf("the topic %s does not begin with a timestamp", source.Shown(b[3:]))
	}
	if len(r.topics) == MaxSubscriptions {
		return fmt.Errorf("more than %d topics", MaxSubscriptions)
	}
	s := &subscription{name: truce.CleanText(name), instance: int(b[0]), topic: topicOf(name), rows: rows}
	s.found = find(rows, s.topic)
	r.topics[binary.LittleEndian.Uint16(b[1:])] = s
	return nil
}

func (r *Reader) row(m *Message, b []byte) {
	s := r.topics[binary.LittleEndian.Uint16(b)]
	m.Kind, m.Name, m.Instance, m.rows, m.payload = KindData, s.name, s.instance, s.rows, b[2:]
	m.BootUs = binary.LittleEndian.Uint64(b[2:])
	if s.topic != topicOther {
		s.read(&r.position, m.payload)
		m.Position = &r.position
		if at := plausible(r.position.UTC); at != 0 && r.position.Fix.V >= 2 && m.BootUs < 1<<52 {
			r.clock, r.told = int64(at)-int64(m.BootUs), true
		}
	}
	r.stamp(m)
}

// stamp gives a message its time once the satellite receiver has told the time.
func (r *Reader) stamp(m *Message) {
	if r.told && m.BootUs != 0 && m.BootUs < 1<<52 {
		m.Time = truce.Instant(r.clock + int64(m.BootUs))
	}
}

func (r *Reader) text(m *Message, b []byte, at int) {
	m.Kind, m.BootUs, m.Text = KindText, binary.LittleEndian.Uint64(b[at:]), textOf(b[at+8:])
	if b[0] >= '0' && b[0] <= '7' {
		m.Level = int(b[0] - '0')
	}
	r.stamp(m)
}

// value reads a setting or a piece of information: the length of "type name", that, the value.
func (r *Reader) value(m *Message, kind byte, b []byte) error {
	m.Kind = map[byte]Kind{'I': KindInfo, 'M': KindInfo, 'P': KindParameter, 'Q': KindDefault}[kind]
	if kind == 'M' || kind == 'Q' {
		b = b[1:]
	}
	n := int(b[0])
	if n > len(b)-1 {
		return errors.New("a name is longer than its message")
	}
	what, value := string(b[1:1+n]), b[1+n:]
	f, err := readField(what)
	if err != nil {
		return err
	}
	m.Name = truce.CleanText(f.name)
	if f.kind == "char" {
		m.Text = textOf(value)
		return nil
	}
	rows, known := r.values[strings.TrimSuffix(what, f.name)]
	if !known {
		rows, err = layout([]field{{kind: f.kind, count: f.count, name: "value"}}, r.formats)
		if err != nil {
			return err
		}
		if len(r.values) < MaxFormats {
			r.values[strings.TrimSuffix(what, f.name)] = rows
		}
	}
	if rows.size != len(value) {
		return fmt.Errorf("the value of %s has %d bytes, want %d", source.Shown(bytes.TrimSpace([]byte(f.name))), len(value), rows.size)
	}
	m.rows, m.payload = rows, value
	return nil
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
