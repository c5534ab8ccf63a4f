package truce

import (
	"crypto/sha256"
	"encoding/binary"
)

// ID has the layout of a ULID and is deterministic: 48 bits of milliseconds of the
// phenomenon's start, then the first 80 bits of SHA-256 over kind, source and the
// native key (or the canonical payload). The same observation has the same ID
// wherever and whenever it is read. The milliseconds of what began before 1970 are 0, and
// its start goes into the hash instead: such IDs differ, and do not sort by time.
type ID [16]byte

const idTag = "truce/id/1"

// The digits of ULID text, five bits each, and the value of each digit.
const ulidDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var ulidValues = func() (values [256]uint8) {
	for i := range values {
		values[i] = 0xFF
	}
	for i, digit := range []byte(ulidDigits) {
		values[digit] = uint8(i)
	}
	return values
}()

// NewID derives the ID of a thing of the given kind that began at start.
func NewID(start Instant, kind, source string, key []byte) ID {
	h := sha256.New()
	for _, part := range [][]byte{[]byte(idTag), []byte(kind), []byte(source), key} {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(part)))
		h.Write(n[:])
		h.Write(part)
	}
	var ms [8]byte
	if start < 0 {
		binary.BigEndian.PutUint64(ms[:], uint64(start))
		h.Write(ms[:])
	}
	var id ID
	binary.BigEndian.PutUint64(ms[:], uint64(max(start.floorMillis(), 0)))
	copy(id[:6], ms[2:])
	copy(id[6:], h.Sum(nil)[:10])
	return id
}

// IsZero says whether the ID was never set.
func (id ID) IsZero() bool { return id == ID{} }

// Millis is the start time the ID carries, in milliseconds since 1970; 0 for what began
// before.
func (id ID) Millis() int64 {
	var ms [8]byte
	copy(ms[2:], id[:6])
	return int64(binary.BigEndian.Uint64(ms[:]))
}

// String is the 26-character ULID text.
func (id ID) String() string {
	text := id.digits()
	return string(text[:])
}

func (id ID) digits() (text [26]byte) {
	high, low := binary.BigEndian.Uint64(id[:8]), binary.BigEndian.Uint64(id[8:])
	for i := len(text) - 1; i >= 0; i-- {
		text[i] = ulidDigits[low&31]
		high, low = high>>5, low>>5|high<<59
	}
	return text
}

// ParseID reads what String wrote.
func ParseID(s string) (ID, error) { return parseID([]byte(s)) }

func parseID(text []byte) (ID, error) {
	var high, low uint64
	good := len(text) == 26 && text[0] <= '7' // two zero bits lead
	for i := 0; good && i < len(text); i++ {
		value := ulidValues[text[i]]
		good = value != 0xFF
		high, low = high<<5|low>>59, low<<5|uint64(value)
	}
	if !good {
		return ID{}, Errorf(CodeInvalid, "id %.40q: want 26 characters of 0-9 A-Z without I L O U", text)
	}
	var id ID
	binary.BigEndian.PutUint64(id[:8], high)
	binary.BigEndian.PutUint64(id[8:], low)
	return id, nil
}

// MarshalText writes the ULID text.
func (id ID) MarshalText() ([]byte, error) { return id.AppendText(nil) }

// AppendText appends the ULID text.
func (id ID) AppendText(b []byte) ([]byte, error) {
	text := id.digits()
	return append(b, text[:]...), nil
}

// UnmarshalText reads the ULID text.
func (id *ID) UnmarshalText(b []byte) error {
	parsed, err := parseID(b)
	*id = parsed
	return err
}
