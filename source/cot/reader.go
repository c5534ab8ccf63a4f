package cot

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/trucewatch/truce/source"
)

// wrong is why an event cannot be used.
func wrong(format string, args ...any) error { return fmt.Errorf(format, args...) }

// takMark is the byte that stands before and after the version of the protocol of TAK.
const takMark = 0xbf

// Next reads the next event into m. Text between events of XML is passed over. io.EOF is the
// end; *source.Damage concerns one stretch, behind which reading goes on; any other error ends it.
func (r *Reader) Next(m *Message) error {
	for {
		r.in.Skip(r.done)
		r.done = 0
		b := r.in.Bytes()
		n := bytes.IndexFunc(b, func(c rune) bool { return c != ' ' && c != '\n' && c != '\r' && c != '\t' && c != 0 })
		if n < 0 {
			r.in.Skip(len(b))
			if !r.in.More() {
				return r.in.Err()
			}
			continue
		}
		r.in.Skip(n)
		if r.within && r.in.Bytes()[0] == takMark {
			if event, err := r.tak(m); event || err != nil {
				return err
			}
			continue // only the two ends, about the protocol
		}
		found, err := r.prose()
		if err != nil {
			return err
		}
		if found {
			return r.event(m)
		}
	}
}

// fill reads until the window has n bytes; false: there are no more.
func (r *Reader) fill(n int) bool {
	for len(r.in.Bytes()) < n {
		if !r.in.More() {
			return false
		}
	}
	return true
}

// found is where the text has one of the bytes of mark first, read as far as needed from the place
// from on and at most to a bound; -1: it is not there.
func (r *Reader) find(from int, mark string, most int) int {
	for {
		b := r.in.Bytes()
		if n := bytes.Index(b[min(from, len(b)):], []byte(mark)); n >= 0 {
			return from + n
		}
		from = max(from, len(b)-len(mark)+1)
		if len(b) >= most || !r.in.More() {
			return -1
		}
	}
}

// prose passes over what stands before an event: text, declarations, comments. False: it came to
// where the protocol of TAK may begin, or there is more to pass over.
func (r *Reader) prose() (bool, error) {
	b := r.in.Bytes()
	n := bytes.IndexByte(b, '<')
	if n != 0 {
		r.within = false
		if n < 0 {
			n = len(b)
		}
		r.in.Skip(n)
		return false, nil
	}
	const longest = len("<event ")
	if !r.fill(longest) && r.in.Err() != io.EOF {
		return false, r.in.Err()
	}
	b = r.in.Bytes()
	switch {
	case begins(b):
		return true, nil
	case bytes.HasPrefix(b, []byte("<!--")):
		r.in.Skip(r.past(0, "-->"))
	case bytes.HasPrefix(b, []byte("<?")):
		r.in.Skip(r.past(0, "?>"))
	default:
		r.in.Skip(1)
	}
	return false, nil
}

// begins says whether an event begins here.
func begins(b []byte) bool {
	const name = "<event"
	return bytes.HasPrefix(b, []byte(name)) && len(b) > len(name) && bytes.IndexByte([]byte(" \t\r\n>/"), b[len(name)]) >= 0
}

// event reads the event that the window begins with.
func (r *Reader) event(m *Message) error {
	from := r.in.Offset()
	length, reason := r.span()
	if reason == "" {
		raw := r.in.Bytes()[:length]
		*m = Message{Offset: from, Encoding: EncodingXML, raw: raw}
		err := m.parse(raw)
		if err == nil {
			err = m.checked()
		}
		if r.within, r.done = true, length; err == nil {
			return nil
		}
		reason = err.Error()
	}
	if err := r.in.Err(); err != nil && err != io.EOF && r.done == 0 {
		return err
	}
	d := source.Damaged(from, int64(length), r.in.Bytes()[:length], "%s", reason)
	r.in.Skip(length)
	r.done = 0
	return d
}

// span finds where an event ends. Where it does not, it says why, and how long the stretch is: a
// new event begins within it, as none does within another.
func (r *Reader) span() (length int, reason string) {
	head := r.startTag()
	if head > 0 {
		return head, ""
	}
	at := 1
	for {
		n := r.find(at, "<", MaxEvent)
		if n < 0 && len(r.in.Bytes()) >= MaxEvent {
			return len(r.in.Bytes()), fmt.Sprintf("an event longer than %d bytes", MaxEvent)
		}
		if n < 0 {
			return len(r.in.Bytes()), "the text ends within an event"
		}
		if n >= MaxEvent {
			return n, fmt.Sprintf("an event longer than %d bytes", MaxEvent)
		}
		r.fill(n + len("<![CDATA["))
		switch b := r.in.Bytes()[n:]; {
		case begins(b):
			return n, "another event begins within an event"
		case bytes.HasPrefix(b, []byte("</event")):
			end := r.find(n, ">", MaxEvent+100)
			if end < 0 {
				return len(r.in.Bytes()), "the text ends within an event"
			}
			if len(bytes.TrimSpace(r.in.Bytes()[n+len("</event"):end])) == 0 {
				return end + 1, ""
			}
			at = end
		case bytes.HasPrefix(b, []byte("<!--")):
			at = r.past(n+2, "-->")
		case bytes.HasPrefix(b, []byte("<![CDATA[")):
			at = r.past(n, "]]>")
		default:
			at = n + 1
		}
	}
}

// past is where the text goes on behind a mark; behind all that was looked at where it does not come.
func (r *Reader) past(n int, mark string) int {
	if end := r.find(n+2, mark, MaxEvent); end >= 0 {
		return end + len(mark)
	}
	return len(r.in.Bytes())
}

// startTag is the length of an event that is one empty tag; 0: it is not.
func (r *Reader) startTag() int {
	var quote byte
	for n := 1; n < MaxEvent && r.fill(n+1); n++ {
		switch b := r.in.Bytes(); {
		case b[n] == '<': // stands in no tag
			return 0
		case quote != 0:
			if b[n] == quote {
				quote = 0
			}
		case b[n] == '"' || b[n] == '\'':
			quote = b[n]
		case b[n] == '>' && b[n-1] == '/':
			return n + 1
		case b[n] == '>':
			return 0
		}
	}
	return 0
}

// tak reads the event of TAK's protocol that the window begins with.
func (r *Reader) tak(m *Message) (event bool, err error) {
	from := r.in.Offset()
	r.fill(11)
	b := r.in.Bytes()
	head, length, encoding := 3, 0, EncodingMesh
	if !bytes.HasPrefix(b, []byte{takMark, 1, takMark}) {
		encoding = EncodingStream
		size, n := binary.Uvarint(b[1:min(11, len(b))])
		if n <= 0 || size == 0 || size > MaxEvent {
			return false, r.lost(from, 1, "no head of the protocol of TAK, version 1: want bf 01 bf, or bf and a length up to %d", MaxEvent)
		}
		head, length = 1+n, int(size)
		if !r.fill(head + length) {
			return false, r.lost(from, 1, "the stream ends within an event of %d bytes", size)
		}
	} else {
		var whole bool
		if length, whole = r.fields(head); !whole {
			return false, r.lost(from, 3, "the datagram ends within an event, or is longer than %d bytes", MaxEvent)
		}
	}
	raw := r.in.Bytes()[:head+length]
	*m = Message{Offset: from, Encoding: encoding, raw: raw}
	event, err = m.message(raw[head:])
	if err == nil && event {
		err = m.checked()
	}
	if err != nil {
		return false, r.lost(from, r.framed(len(raw)), "%v", err)
	}
	r.within, r.done = true, len(raw)
	return event, nil
}

// framed is how much of an event that cannot be used is passed over: all of it, where another
// begins behind it or nothing does, for then its length was right.
func (r *Reader) framed(whole int) int {
	if r.fill(whole+1) && r.in.Bytes()[whole] != takMark && r.in.Bytes()[whole] != '<' {
		return 1
	}
	return whole
}

// fields is how long the fields of a message are that follow without a length: those that the
// protocol has, up to the first byte that begins none.
func (r *Reader) fields(from int) (length int, whole bool) {
	at := from
	for n := 0; n < MaxFields && at-from <= MaxEvent; n++ {
		r.fill(at + 11)
		b := r.in.Bytes()[at:]
		if len(b) == 0 || !isField(b[0]) {
			return at - from, at > from
		}
		value, n := binary.Uvarint(b[1:])
		if n <= 0 {
			return 0, false
		}
		at += 1 + n
		if b[0]&7 == wireBytes {
			if value > MaxEvent || !r.fill(at+int(value)) {
				return 0, false
			}
			at += int(value)
		}
	}
	return 0, false
}

// lost passes over what cannot be read, up to where an event of either form may begin.
func (r *Reader) lost(from int64, skip int, format string, args ...any) error {
	b := r.in.Bytes()
	n := next(b, min(skip, len(b)))
	d := source.Damaged(from, int64(n), b[:n], format, args...)
	for r.in.Skip(n); n == len(b) && r.in.More(); r.in.Skip(n) {
		b = r.in.Bytes()
		n = next(b, 0)
		d.Length += int64(n)
	}
	if err := r.in.Err(); err != nil && err != io.EOF && len(r.in.Bytes()) == 0 {
		return err
	}
	return d
}

// next is where from a place on an event of either form may begin; the end where none may.
func next(b []byte, n int) int {
	for ; n < len(b); n++ {
		if b[n] == '<' || b[n] == takMark && plausible(b[n:]) {
			break
		}
	}
	return n
}

// plausible says whether an event of TAK's protocol may begin here, by as many bytes as there are.
func plausible(b []byte) bool {
	size, n := binary.Uvarint(b[1:min(11, len(b))])
	switch {
	case n == 0: // more bytes are needed to know
		return len(b) < 11
	case n < 0 || size == 0 || size > MaxEvent:
		return false
	}
	head := 1 + n
	if size == 1 && len(b) > 2 && b[2] == takMark {
		head = 3
	}
	return len(b) <= head || isField(b[head])
}
