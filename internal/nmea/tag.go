package nmea

import (
	"bytes"
	"fmt"
	"time"
)

// Tag is what stands around a sentence: the tag block of NMEA 0183 4.0, or the time and the
// station that a receiver writes before the sentence or behind it.
type Tag struct {
	Time        int64  // when it was received, microseconds since 1970; 0: not told
	Source      []byte // s: who received it
	Destination []byte // d:
	Text        []byte // t:
	Line        int64  // n: number of the line
	Group       Group  // g:
}

// Group says of a tag block to which group of sentences its own belongs.
type Group struct{ Line, Lines, ID int64 }

// block reads a tag block between its backslashes: fields "k:value" and a checksum.
func (t *Tag) block(text []byte) (reason string) {
	star := bytes.LastIndexByte(text, '*')
	if star < 0 {
		return "the tag block has no checksum"
	}
	stated, ok := hexByte(text[star+1:])
	if sum := Checksum(text[:star]); !ok || sum != stated {
		return fmt.Sprintf("the checksum of the tag block is %02X, and it says %.4q", sum, text[star+1:])
	}
	for field, rest, more := []byte(nil), text[:star], true; more; {
		field, rest, more = bytes.Cut(rest, comma)
		if len(field) < 2 || field[1] != ':' {
			continue
		}
		t.field(field[0], field[2:])
	}
	return ""
}

func (t *Tag) field(key byte, value []byte) {
	switch key {
	case 'c':
		t.stamp(value)
	case 's':
		t.Source = value
	case 'd':
		t.Destination = value
	case 't', 'i':
		t.Text = value
	case 'n':
		t.Line, _ = Number(value)
	case 'g':
		t.group(value)
	}
}

// group reads "1-2-1234".
func (t *Tag) group(value []byte) {
	first, rest, _ := bytes.Cut(value, dash)
	second, third, _ := bytes.Cut(rest, dash)
	line, ok1 := Number(first)
	lines, ok2 := Number(second)
	id, ok3 := Number(third)
	if ok1 && ok2 && ok3 {
		t.Group = Group{line, lines, id}
	}
}

var dash = []byte{'-'}

// suffix reads what receivers of some coast guards add behind the checksum: fields of which
// one that begins with r or b is the station and a number of 10 digits or more the time.
func (t *Tag) suffix(text []byte) {
	for field, rest, more := []byte(nil), text, len(text) > 0; more; {
		field, rest, more = bytes.Cut(rest, comma)
		switch {
		case len(field) > 1 && (field[0] == 'r' || field[0] == 'b') && t.Source == nil:
			t.Source = field
		case len(field) >= 10:
			t.stamp(field)
		}
	}
}

// stamp takes a time: seconds since 1970 with or without decimals, milliseconds since 1970
// (13 digits), or RFC 3339. What is none is passed over. The first one told stands, and that
// of a tag block is told behind what a line begins with.
func (t *Tag) stamp(text []byte) {
	if t.Time != 0 {
		return
	}
	if at, ok := unix(text); ok && at >= earliest && at < latest {
		t.Time = at
	} else if len(text) >= len("2006-01-02T15:04:05Z") && text[4] == '-' {
		if at, err := time.Parse(time.RFC3339Nano, string(text)); err == nil && at.UnixMicro() >= earliest && at.UnixMicro() < latest {
			t.Time = at.UnixMicro()
		}
	}
}

// unix reads seconds since 1970 as microseconds; 13 digits without a point are milliseconds.
func unix(text []byte) (int64, bool) {
	whole, decimals, point := bytes.Cut(text, []byte{'.'})
	n, ok := Number(whole)
	switch {
	case !ok || point && (len(decimals) == 0 || len(decimals) > 9):
		return 0, false
	case len(whole) == 13 && !point:
		return n * 1000, true
	case len(whole) > 10:
		return 0, false
	}
	micros := n * 1_000_000
	for i, unit := 0, int64(100_000); i < len(decimals); i, unit = i+1, unit/10 {
		if decimals[i] < '0' || decimals[i] > '9' {
			return 0, false
		}
		micros += int64(decimals[i]-'0') * unit
	}
	return micros, true
}
