package adsb

import (
	"bytes"
	"fmt"
	"io"
)

// escape begins every Beast message; within one it is sent twice.
const escape = 0x1a

// beastHead are the stamp and the signal before the message itself.
const beastHead = 7

// beastLength is how many bytes a kind of Beast message has behind its head: Mode A/C, short
// and long Mode S, and a receiver's own state; -1 for what is no kind.
func beastLength(kind byte) int {
	switch kind {
	case '1':
		return 2
	case '2':
		return shortFrame
	case '3', '4':
		return longFrame
	}
	return -1
}

// nextBeast reads up to the next Mode S message. Mode A/C replies name no aircraft, and the
// receiver's state is no message: both are passed over. It waits for no byte beyond a message.
func (r *Reader) nextBeast(m *Message) error {
	need := 2
	for {
		window, err := r.in.Peek(max(need, min(r.in.Buffered(), 2+2*(beastHead+longFrame))))
		switch {
		case len(window) == 0 || err != nil && err != io.EOF:
			return err
		case window[0] != escape || len(window) > 1 && beastLength(window[1]) < 0:
			return r.resync(window)
		case len(window) < 2:
			return r.pass(window, "ends within a message")
		}
		var body [beastHead + longFrame]byte
		kind := window[1]
		whole := beastHead + beastLength(kind)
		made, used := unescape(body[:whole], window[2:])
		used += 2
		switch {
		case made < whole && used < len(window):
			return r.pass(window[:used], "a message broken off by the next")
		case made < whole && err == io.EOF:
			return r.pass(window, "ends within a message")
		case made < whole:
			need = len(window) + 1
			continue
		}
		at := r.at
		r.raw = append(r.raw[:0], window[:used]...)
		r.take(used)
		need = 2
		if kind == '2' || kind == '3' {
			return r.beast(m, at, body[:whole])
		}
	}
}

// beast reads the message behind a head.
func (r *Reader) beast(m *Message, at int64, body []byte) error {
	m.Offset, m.Input, m.Signal = at, InputBeast, body[beastHead-1]
	var ticks uint64
	for _, b := range body[:beastHead-1] {
		ticks = ticks<<8 | uint64(b)
	}
	r.stamp(m, ticks)
	frame, err := NewFrame(body[beastHead:])
	if err != nil {
		return err
	}
	if reason := r.decode(m, frame); reason != "" {
		return damaged(at, r.raw, int64(len(r.raw)), reason)
	}
	return nil
}

// unescape fills out from in, and says how many bytes it made and used. It stops before an
// escape that stands alone, which begins another message.
func unescape(out, in []byte) (made, used int) {
	for made < len(out) && used < len(in) {
		if in[used] == escape {
			if used+1 >= len(in) {
				return made, len(in)
			}
			if in[used+1] != escape {
				return made, used
			}
			used++
		}
		out[made] = in[used]
		made, used = made+1, used+1
	}
	return made, used
}

// resync passes over what is no message, up to the next bytes that may begin one.
func (r *Reader) resync(window []byte) error {
	at, first := r.at, bytes.Clone(window)
	reason := fmt.Sprintf("%#02x where a message should begin", window[0])
	if window[0] == escape {
		reason = fmt.Sprintf("a message of the unknown kind %#02x", window[1])
	}
	r.take(1)
	for {
		next, err := r.in.Peek(2)
		if err != nil && err != io.EOF {
			return err
		}
		if len(next) < 2 {
			r.take(len(next))
			break
		}
		if next[0] == escape && beastLength(next[1]) >= 0 {
			break
		}
		if next[0] == escape && next[1] == escape {
			r.take(2)
			continue
		}
		buffered, _ := r.in.Peek(r.in.Buffered())
		if i := bytes.IndexByte(buffered[1:], escape); i >= 0 {
			r.take(1 + i)
		} else {
			r.take(len(buffered))
		}
	}
	return damaged(at, first[:min(int64(len(first)), r.at-at)], r.at-at, reason)
}

// pass gives up a stretch as damaged.
func (r *Reader) pass(stretch []byte, reason string) error {
	err := damaged(r.at, stretch, int64(len(stretch)), reason)
	r.take(len(stretch))
	return err
}

// take moves on by n bytes, which are in the buffer.
func (r *Reader) take(n int) {
	n, _ = r.in.Discard(n)
	r.at += int64(n)
}
