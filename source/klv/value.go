package klv

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// decode reads the value of an item by its tag.
func (t *tag) decode(it *Item, b []byte) {
	switch {
	case len(b) == 0: // ST 0601.11 and later: the value is not known
		it.State = NotTold
	case t.form == formText:
		it.Bytes = b
	case t.form == formNone || t.form == formRaw || t.form == formSet || t.size != 0 && len(b) != t.size || len(b) > 8:
		it.State, it.Bytes = Unread, b
	default:
		var told bool
		if it.Number, told = t.number(b); !told {
			it.State = NotTold
		}
	}
}

// number reads one of up to eight bytes; false: the bytes say that it is not known.
func (t *tag) number(b []byte) (float64, bool) {
	u := unsigned(b)
	switch t.form {
	case formUint:
		return float64(u), true
	case formInt:
		return float64(signed(u, len(b))), true
	case formScale:
		return t.low + float64(u)*(t.high-t.low)/ones(len(b)), true
	case formSpan:
		s := signed(u, len(b))
		if s == math.MinInt64>>(64-8*len(b)) {
			return 0, false
		}
		return float64(s) * (t.high - t.low) / (ones(len(b)) - 1), true
	}
	return imapb(u, len(b), t.low, t.high)
}

// ones is the largest unsigned number of n bytes.
func ones(n int) float64 { return float64(^uint64(0) >> (64 - 8*n)) }

func unsigned(b []byte) (u uint64) {
	for _, x := range b {
		u = u<<8 | uint64(x)
	}
	return u
}

func signed(u uint64, n int) int64 { return int64(u<<(64-8*n)) >> (64 - 8*n) }

// encode appends a value in n bytes, 0: as many as the tag has, or as it needs. A number that
// does not fit is written as the nearest that does, or as not known where that can be said.
func (t *tag) encode(dst []byte, it Item, n int) []byte {
	if it.Bytes != nil || t.form == formText || t.form == formNone || t.form == formRaw || t.form == formSet {
		return append(dst, it.Bytes...)
	}
	if t.size != 0 {
		n = t.size
	}
	if it.State == NotTold && t.form != formSpan {
		return dst
	}
	switch t.form {
	case formUint:
		u := uint64(clamp(it.Number, 0, float64(most(n))))
		return appendBig(dst, u, orLength(n, (bits.Len64(u)+7)/8))
	case formInt:
		return t.encodeInt(dst, it.Number, n)
	case formScale:
		top := ones(n)
		return appendBig(dst, uint64(clamp(math.Round((it.Number-t.low)/(t.high-t.low)*top), 0, top)), n)
	case formSpan:
		least := int64(math.MinInt64) >> (64 - 8*n)
		if it.State == NotTold || !(math.Abs(it.Number) <= t.high) {
			return appendBig(dst, uint64(least), n)
		}
		return appendBig(dst, uint64(int64(math.Round(it.Number/(t.high-t.low)*(ones(n)-1)))), n)
	}
	return appendIMAPB(dst, it.Number, orLength(n, 4), t.low, t.high)
}

func (t *tag) encodeInt(dst []byte, x float64, n int) []byte {
	if n == 0 {
		for n = 1; n < 8 && (x < -math.Exp2(float64(8*n-1)) || x >= math.Exp2(float64(8*n-1))); n++ {
			continue
		}
	}
	half := math.Exp2(float64(8*n - 1))
	return appendBig(dst, uint64(int64(clamp(x, -half, half-1))), n)
}

// most is the largest whole number that n bytes hold and a float64 exactly.
func most(n int) uint64 {
	if n == 0 || n > 6 {
		return 1 << 53
	}
	return 1<<(8*n) - 1
}

func orLength(n, length int) int {
	if n == 0 {
		return max(1, length)
	}
	return n
}

// clamp brings a number between two others; what is no number becomes the lower.
func clamp(x, low, high float64) float64 {
	if !(x >= low) {
		return low
	}
	return min(x, high)
}

func appendBig(dst []byte, u uint64, n int) []byte {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], u)
	return append(dst, b[8-n:]...)
}

// imapScale is how many steps of n bytes one unit has, and where zero lies, by ST 1201.4,
// 7.1.2.
func imapScale(n int, low, high float64) (steps, zero float64) {
	steps = math.Exp2(float64(8*n-1) - math.Ceil(math.Log2(high-low)))
	if low < 0 && high > 0 {
		zero = steps*low - math.Floor(steps*low)
	}
	return steps, zero
}

// imapb reads a number between low and high. With the highest bit set it is a special value:
// infinity, no number, or one that a user made up. All of those are not known.
func imapb(u uint64, n int, low, high float64) (float64, bool) {
	top := uint64(1) << (8*n - 1)
	if u > top {
		return 0, false
	}
	steps, zero := imapScale(n, low, high)
	x := (float64(u)-zero)/steps + low
	if x > high+1/steps {
		return 0, false
	}
	return min(max(x, low), high), true
}

func appendIMAPB(dst []byte, x float64, n int, low, high float64) []byte {
	if !(x >= low && x <= high) {
		return appendBig(dst, 0xd0<<(8*(n-1)), n) // no number, quiet
	}
	steps, zero := imapScale(n, low, high)
	return appendBig(dst, uint64(math.Floor(steps*(x-low)+zero)), n)
}

// berLength reads a length; size 0: more bytes are needed, -1: no length that is allowed.
func berLength(b []byte) (n, size int) {
	if len(b) == 0 {
		return 0, 0
	}
	if b[0] < 0x80 {
		return int(b[0]), 1
	}
	size = 1 + int(b[0]&0x7f)
	if size == 1 || size > 9 {
		return 0, -1
	}
	if len(b) < size {
		return 0, 0
	}
	u := unsigned(b[1:size])
	if u > MaxPacket {
		return 0, -1
	}
	return int(u), size
}

func appendLength(dst []byte, n int) []byte {
	switch {
	case n < 0x80:
		return append(dst, byte(n))
	case n < 0x100:
		return append(dst, 0x81, byte(n))
	case n < 0x10000:
		return append(dst, 0x82, byte(n>>8), byte(n))
	}
	return append(dst, 0x83, byte(n>>16), byte(n>>8), byte(n))
}

// oid reads a number in base 128; size 0: it does not end, or is larger than any tag.
func oid(b []byte) (n uint32, size int) {
	for i, x := range b[:min(len(b), 4)] {
		n = n<<7 | uint32(x&0x7f)
		if x < 0x80 {
			return n, i + 1
		}
	}
	return 0, 0
}

func appendOID(dst []byte, n uint32) []byte {
	for shift := 21; shift > 0; shift -= 7 {
		if n>>shift != 0 {
			dst = append(dst, byte(n>>shift)|0x80)
		}
	}
	return append(dst, byte(n&0x7f))
}

// field splits one tag, length and value off a set; ok is false when the set lies of a length.
func field(b []byte) (number uint32, value, rest []byte, ok bool) {
	number, size := oid(b)
	if size == 0 {
		return 0, nil, nil, false
	}
	n, more := berLength(b[size:])
	if more <= 0 || n > len(b)-size-more {
		return 0, nil, nil, false
	}
	b = b[size+more:]
	return number, b[:n], b[n:], true
}

// checksum is that of ST 0601 over everything before it, its tag and length among them: the
// sum of 16-bit words, the highest byte first.
func checksum(b []byte) (sum uint16) {
	for ; len(b) >= 2; b = b[2:] {
		sum += uint16(b[0])<<8 | uint16(b[1])
	}
	if len(b) == 1 {
		sum += uint16(b[0]) << 8
	}
	return sum
}
