package ais

import "fmt"

// bits are the bits of a message, the first one the highest of the first byte.
type bits struct {
	b [maxBits/8 + 9]byte // with room to read eight bytes from any of them
	n int
}

// unarmour turns six-bit characters into bits (IEC 61162-1, table of six-bit fields): of the
// code 48 is taken away, and 8 more of what is over 40 then; fill bits at the end are cut.
func (b *bits) unarmour(text []byte, fill int) error {
	n := len(text)*6 - fill
	if n > maxBits {
		return fmt.Errorf("the message has %d bits, the bound is %d", n, maxBits)
	}
	*b = bits{n: n}
	acc, have, at := uint32(0), 0, 0
	for _, c := range text {
		v := c - 48
		if v > 40 {
			v -= 8
		}
		if c < 48 || c > 119 || c > 87 && c < 96 {
			return fmt.Errorf("%q is no character of a payload", c)
		}
		acc, have = acc<<6|uint32(v), have+6
		if have >= 8 {
			have -= 8
			if at < len(b.b) {
				b.b[at] = byte(acc >> have)
			}
			at++
		}
	}
	if have > 0 && at < len(b.b) {
		b.b[at] = byte(acc << (8 - have))
	}
	return nil
}

// uint reads n bits, at most 32, from bit from. Behind the end are zeros.
func (b *bits) uint(from, n int) uint32 {
	at := from / 8
	if at+8 > len(b.b) {
		return 0
	}
	w := uint64(b.b[at])<<56 | uint64(b.b[at+1])<<48 | uint64(b.b[at+2])<<40 | uint64(b.b[at+3])<<32 | uint64(b.b[at+4])<<24
	return uint32(w << (from % 8) >> (64 - n))
}

// int reads a number of n bits in two's complement.
func (b *bits) int(from, n int) int {
	return int(int32(b.uint(from, n)<<(32-n)) >> (32 - n))
}

func (b *bits) flag(at int) bool { return b.uint(at, 1) == 1 }

// text reads characters of six bits: 0 to 31 are @ to _, 32 to 63 themselves. @ ends it, and
// blanks at its end fill it up.
func (b *bits) text(from, chars int) Text {
	var t Text
	for i := range chars {
		v := byte(b.uint(from+6*i, 6))
		if v == 0 {
			break
		}
		if v < 32 {
			v += 64
		}
		t.add(v)
	}
	t.trimmed()
	return t
}

// put writes n bits.
func (b *bits) put(n int, v uint32) {
	for i := n - 1; i >= 0; i-- {
		if v>>i&1 == 1 {
			b.b[b.n/8] |= 128 >> (b.n % 8)
		}
		b.n++
	}
}

func (b *bits) putFlag(f bool) {
	if f {
		b.put(1, 1)
	} else {
		b.put(1, 0)
	}
}

// putText writes characters, filled up with @. Small letters become capitals, and what AIS has
// no character for a question mark.
func (b *bits) putText(chars int, t Text) {
	for i := range chars {
		v := byte(0)
		if i < int(t.n) {
			switch v = t.b[i]; {
			case v >= 'a' && v <= 'z':
				v -= 'a' - 'A'
			case v < ' ' || v > '_':
				v = '?'
			}
			v &= 63 // @ to _ lose the 64 that was added, others are themselves
		}
		b.put(6, uint32(v))
	}
}

// armour turns the bits into characters and says how many fill bits the last one has.
func (b *bits) armour(dst []byte) (text []byte, fill int) {
	for at := 0; at < b.n; at += 6 {
		v := byte(b.uint(at, 6)) + 48
		if v > 87 {
			v += 8
		}
		dst = append(dst, v)
		fill = max(0, at+6-b.n)
	}
	return dst, fill
}
