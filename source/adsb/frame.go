package adsb

import (
	"encoding/hex"
	"fmt"
)

// Lengths of Mode S messages in bytes.
const (
	shortFrame = 7
	longFrame  = 14
)

// Frame is a Mode S message as it was sent, 7 or 14 bytes. The zero Frame is none.
type Frame struct {
	b [longFrame]byte
	n uint8
}

// NewFrame keeps a copy of a message of 7 or 14 bytes.
func NewFrame(b []byte) (f Frame, err error) {
	if len(b) != shortFrame && len(b) != longFrame {
		return f, fmt.Errorf("a Mode S message of %d bytes, want %d or %d", len(b), shortFrame, longFrame)
	}
	f.n = uint8(copy(f.b[:], b))
	return f, nil
}

// Bytes are the message's bytes.
func (f *Frame) Bytes() []byte { return f.b[:f.n] }

// IsZero says whether there is no message.
func (f Frame) IsZero() bool { return f.n == 0 }

// String is the message in hexadecimal digits.
func (f Frame) String() string { return hex.EncodeToString(f.b[:f.n]) }

// MarshalText writes the message in hexadecimal digits.
func (f Frame) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, f.b[:f.n]), nil }

// UnmarshalText reads what MarshalText wrote.
func (f *Frame) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	if err == nil && len(b) > 0 {
		*f, err = NewFrame(b)
	}
	return err
}

// format is the downlink format, DF.
func (f *Frame) format() uint8 {
	if df := f.b[0] >> 3; df < 24 {
		return df
	}
	return 24 // the last is told by two bits alone
}

// short are 32 bits from the first on, the whole of a short message but its parity.
func (f *Frame) short() uint32 {
	return uint32(f.b[0])<<24 | uint32(f.b[1])<<16 | uint32(f.b[2])<<8 | uint32(f.b[3])
}

// payload are the 56 bits of a long message's ME or MB field, the first of them on top.
type payload uint64

func (f *Frame) payload() payload {
	var p payload
	for _, b := range f.b[4:11] {
		p = p<<8 | payload(b)
	}
	return p
}

// bits are those from first to last, counted from 1 as the standards do.
func (p payload) bits(first, last uint) uint32 {
	return uint32(p>>(56-last)) & (1<<(last-first+1) - 1)
}

func (p payload) bit(n uint) bool { return p>>(56-n)&1 != 0 }

// signed are the bits as a two's complement number.
func (p payload) signed(first, last uint) int32 {
	shift := 32 - (last - first + 1)
	return int32(p.bits(first, last)<<shift) >> shift
}

// parityTable holds the remainders of all bytes for the polynomial of Mode S
// (ICAO Annex 10, volume IV, 3.1.2.3.3).
var parityTable = func() (table [256]uint32) {
	const polynomial = 0xfff409
	for i := range table {
		c := uint32(i) << 16
		for range 8 {
			c <<= 1
			if c&0x1000000 != 0 {
				c ^= 0x1000000 | polynomial
			}
		}
		table[i] = c
	}
	return table
}()

// remainder is what is left of a message whose last three bytes are its parity: 0 where they
// are nothing else, or what was laid over them.
func (f *Frame) remainder() uint32 {
	body := f.b[:f.n]
	return parity(body[:len(body)-3]) ^ (uint32(body[len(body)-3])<<16 | uint32(body[len(body)-2])<<8 | uint32(body[len(body)-1]))
}

func parity(body []byte) (c uint32) {
	for _, b := range body {
		c = c<<8&0xffffff ^ parityTable[byte(c>>16)^b]
	}
	return c
}
