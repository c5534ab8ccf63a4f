package ais

import "strings"

// Text is a short text in place, so that reading a message allocates nothing. It is of the
// 64 characters of AIS, without what fills it up.
type Text struct {
	n uint8
	b [20]byte
}

// NewText makes a text of at most 20 bytes; more is cut.
func NewText(s string) Text {
	var t Text
	t.n = uint8(copy(t.b[:], s))
	return t
}

func (t *Text) add(b byte) {
	if int(t.n) < len(t.b) {
		t.b[t.n] = b
		t.n++
	}
}

// trimmed takes off the blanks at the end.
func (t *Text) trimmed() {
	for t.n > 0 && t.b[t.n-1] == ' ' {
		t.n--
		t.b[t.n] = 0
	}
}

// String is the text.
func (t Text) String() string { return string(t.b[:t.n]) }

// clean is the text without bytes that are no printable ASCII, which a station's name may hold.
func (t Text) clean() string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, t.String())
}

// MarshalText is the text; bytes that are no ASCII are left out.
func (t Text) MarshalText() ([]byte, error) { return []byte(t.clean()), nil }

// UnmarshalText reads a text of at most 20 bytes.
func (t *Text) UnmarshalText(text []byte) error {
	*t = NewText(string(text))
	return nil
}
