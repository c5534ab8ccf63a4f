package truce

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
)

// ID has the layout of a ULID and is deterministic: 48 bits of milliseconds of the
// phenomenon's start, then the first 80 bits of SHA-256 over kind, source and the
// native key (or the canonical payload). The same observation has the same ID
// wherever and whenever it is read.
type ID [16]byte

const idTag = "truce/id/1"

var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// NewID derives the ID of a thing of the given kind that began at start.
func NewID(start Instant, kind, source string, key []byte) ID {
	h := sha256.New()
	for _, part := range [][]byte{[]byte(idTag), []byte(kind), []byte(source), key} {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(part)))
		h.Write(n[:])
		h.Write(part)
	}
	var id ID
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(start.floorMillis()))
	copy(id[:6], ms[2:])
	copy(id[6:], h.Sum(nil)[:10])
	return id
}

// IsZero says whether the ID was never set.
func (id ID) IsZero() bool { return id == ID{} }

// Millis is the start time the ID carries, in milliseconds since 1970.
func (id ID) Millis() int64 {
	var ms [8]byte
	copy(ms[2:], id[:6])
	return int64(binary.BigEndian.Uint64(ms[:]))
}

// String is the 26-character ULID text.
func (id ID) String() string {
	// A ULID is the 130-bit number with two leading zero bits; base32 pads at the
	// end instead, so the bits are moved down by two first.
	var shifted [17]byte
	for i := range id {
		shifted[i] |= id[i] >> 2
		shifted[i+1] = id[i] << 6
	}
	return crockford.EncodeToString(shifted[:])[:26]
}

// ParseID reads what String wrote.
func ParseID(s string) (ID, error) {
	bad := Errorf(CodeInvalid, "id %q: want 26 characters of 0-9 A-Z without I L O U", s)
	if len(s) != 26 {
		return ID{}, bad
	}
	raw, err := crockford.DecodeString(s + "000000") // up to whole groups of eight
	if err != nil || raw[0]>>6 != 0 {
		return ID{}, bad
	}
	var id ID
	for i := range id {
		id[i] = raw[i]<<2 | raw[i+1]>>6
	}
	if id.String() != s {
		return ID{}, bad
	}
	return id, nil
}

// MarshalText writes the ULID text.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads the ULID text.
func (id *ID) UnmarshalText(b []byte) error {
	parsed, err := ParseID(string(b))
	*id = parsed
	return err
}
