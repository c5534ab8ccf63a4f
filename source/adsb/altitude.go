package adsb

import (
	"math"

	"github.com/trucewatch/truce/source"
)

// The bits of the 13-bit altitude and identity codes (ICAO Annex 10, volume IV, 3.1.2.6.5.4
// and 3.1.2.6.7.1).
const (
	bitC1, bitA1, bitC2, bitA2, bitC4, bitA4 = 1 << 12, 1 << 11, 1 << 10, 1 << 9, 1 << 8, 1 << 7
	bitM, bitB1, bitQ, bitB2, bitD2          = 1 << 6, 1 << 5, 1 << 4, 1 << 3, 1 << 2
	bitB4, bitD4                             = 1 << 1, 1 << 0
	bitD1                                    = bitQ // in the identity code
)

// altitude13 reads the altitude code of a reply, in feet. A code in metres has no settled
// reading and gives none.
func altitude13(code uint32) source.Value {
	switch {
	case code == 0 || code&bitM != 0:
		return source.Value{}
	case code&bitQ != 0:
		n := code>>2&0x7e0 | code>>1&0x10 | code&0xf
		return source.Told(float64(n)*25 - 1000)
	}
	return gillham(code)
}

// altitude12 reads the altitude code of a squitter, which has no bit for metres.
func altitude12(code uint32) source.Value {
	return altitude13(code<<1&0x1f80 | code&0x3f)
}

// gillham reads steps of 100 feet: a Gray code of 500 feet, and one of five steps that runs
// back and forth.
func gillham(code uint32) source.Value {
	steps := ungray(pick(code, bitD2, bitD4, bitA1, bitA2, bitA4, bitB1, bitB2, bitB4))
	fifth := ungray(pick(code, bitC1, bitC2, bitC4))
	switch fifth {
	case 0, 5, 6:
		return source.Value{}
	case 7:
		fifth = 5
	}
	if steps&1 != 0 {
		fifth = 6 - fifth
	}
	return source.Told(float64(steps)*500 + float64(fifth)*100 - 1300)
}

// pick puts single bits of a code side by side.
func pick(code uint32, masks ...uint32) (out uint32) {
	for _, mask := range masks {
		out <<= 1
		if code&mask != 0 {
			out |= 1
		}
	}
	return out
}

func ungray(g uint32) uint32 {
	g ^= g >> 4
	g ^= g >> 2
	return g ^ g>>1
}

// Squawk is a Mode A code of four octal digits. The zero Squawk is none.
type Squawk [4]byte

// String is the four digits.
func (s Squawk) String() string {
	if s.IsZero() {
		return ""
	}
	return string(s[:])
}

// IsZero says whether none was told.
func (s Squawk) IsZero() bool { return s == Squawk{} }

// MarshalText writes the four digits.
func (s Squawk) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func squawkOf(code uint32) Squawk {
	digit := func(four, two, one uint32) byte { return '0' + byte(pick(code, four, two, one)) }
	return Squawk{digit(bitA4, bitA2, bitA1), digit(bitB4, bitB2, bitB1), digit(bitC4, bitC2, bitC1), digit(bitD4, bitD2, bitD1)}
}

// altitudeCode12 is the code of a height in feet, in steps of 25; 0, none, beyond them.
func altitudeCode12(feet float64) uint32 {
	n := int64(math.Floor((feet+1000)/25 + .5))
	if n < 0 || n > 0x7ff {
		return 0
	}
	return uint32(n)<<1&0xfe0 | 0x10 | uint32(n)&0xf
}
