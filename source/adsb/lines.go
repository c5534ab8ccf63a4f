package adsb

import (
	"bufio"
	"bytes"
	"io"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// nextLine reads up to the next line with a message. Empty lines, comments behind # and rows
// of BaseStation that are no MSG are passed over.
func (r *Reader) nextLine(m *Message) error {
	for {
		at := r.at
		line, err := r.readLine()
		if err != nil {
			return err
		}
		text := bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff")))
		if len(text) == 0 || text[0] == '#' {
			continue
		}
		m.Offset, m.Line = at, r.line
		r.raw = append(r.raw[:0], text...)
		reason, skip := r.readText(m, text)
		if skip {
			*m = Message{}
			continue
		}
		if reason != "" {
			return damaged(at, r.raw, int64(len(line)), reason)
		}
		return nil
	}
}

// readLine is the next line with its end, good until the next read. One that is too long is
// passed over whole.
func (r *Reader) readLine() ([]byte, error) {
	line, err := r.in.ReadSlice('\n')
	at := r.at
	r.at += int64(len(line))
	r.line++
	if err == io.EOF && len(line) > 0 {
		err = nil
	}
	if err == nil && len(line) <= MaxLine {
		return line, nil
	}
	if err != nil && err != bufio.ErrBufferFull {
		return nil, err
	}
	kept := bytes.Clone(line[:MaxLine])
	for err == bufio.ErrBufferFull {
		line, err = r.in.ReadSlice('\n')
		r.at += int64(len(line))
	}
	if err != nil && err != io.EOF {
		return nil, err
	}
	return nil, damaged(at, kept, r.at-at, "a line longer than any message")
}

// readText reads one line in the form that its beginning tells.
func (r *Reader) readText(m *Message, text []byte) (reason string, skip bool) {
	switch c := text[0]; {
	case c == '*' || c == '@' || c == '<':
		return r.avr(m, text), false
	case bytes.HasPrefix(text, []byte("MSG,")):
		return r.baseStation(m, text), false
	case otherRow(text):
		return "", true
	}
	return r.hexLine(m, text), false
}

// otherRow says whether a line is a BaseStation row on what the program itself did.
func otherRow(text []byte) bool {
	for _, word := range []string{"SEL,", "ID,", "AIR,", "STA,", "CLK,"} {
		if bytes.HasPrefix(text, []byte(word)) {
			return true
		}
	}
	return false
}

// avr reads *hex; or @ with 12 digits of a stamp before the message, or < with a stamp and
// two digits of signal.
func (r *Reader) avr(m *Message, text []byte) string {
	m.Input = InputAVR
	body, ok := bytes.CutSuffix(text[1:], []byte(";"))
	if !ok {
		return "a line without its semicolon"
	}
	head := 0
	switch text[0] {
	case '@':
		head = 12
	case '<':
		head = 14
	}
	if len(body) < head {
		return "a line too short for its stamp"
	}
	stamp, ok := hexNumber(body[:head])
	if !ok {
		return notHex
	}
	if text[0] == '<' {
		m.Signal = uint8(stamp)
		stamp >>= 8
	}
	if head == 0 {
		r.arrived(m)
	} else {
		r.stamp(m, stamp)
	}
	return r.hexFrame(m, body[head:])
}

const notHex = "not hexadecimal digits"

// hexLine reads a line that is a message in digits, or a row with a time in its first column,
// in seconds since 1970, and a message in the first that is long enough.
func (r *Reader) hexLine(m *Message, text []byte) string {
	m.Input = InputHex
	r.arrived(m)
	if bytes.IndexByte(text, ',') < 0 {
		return r.hexFrame(m, unquoted(text))
	}
	first := true
	for len(text) > 0 {
		var field []byte
		field, text, _ = bytes.Cut(text, []byte(","))
		field = unquoted(field)
		if first {
			seconds, err := source.NumberIn("time", field, float64(earliest)/1e6, float64(latest)/1e6)
			if err != nil {
				return "a row whose first column is no time in seconds since 1970"
			}
			r.set(m, truce.Instant(seconds*1e6+.5))
			first = false
		} else if len(field) == 2*shortFrame || len(field) == 2*longFrame {
			return r.hexFrame(m, field)
		}
	}
	return "a row without a column of 14 or 28 hexadecimal digits"
}

func unquoted(field []byte) []byte {
	field = bytes.TrimSpace(field)
	if n := len(field); n >= 2 && field[0] == '"' && field[n-1] == '"' {
		return field[1 : n-1]
	}
	return field
}

// hexFrame reads a message in digits.
func (r *Reader) hexFrame(m *Message, digits []byte) string {
	var b [longFrame]byte
	if len(digits) != 2*shortFrame && len(digits) != 2*longFrame {
		return "a message of other than 14 or 28 hexadecimal digits"
	}
	for i := 0; i < len(digits); i += 2 {
		high, ok := hexDigit(digits[i])
		low, also := hexDigit(digits[i+1])
		if !ok || !also {
			return notHex
		}
		b[i/2] = high<<4 | low
	}
	frame := Frame{b: b, n: uint8(len(digits) / 2)}
	return r.decode(m, frame)
}

func hexNumber(digits []byte) (n uint64, ok bool) {
	for _, c := range digits {
		d, ok := hexDigit(c)
		if !ok {
			return 0, false
		}
		n = n<<4 | uint64(d)
	}
	return n, true
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}
