package mavlink

import (
	"encoding/binary"
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// payload is a message's fields in the order in which they are sent.
type payload interface{ wire(w *wire) }

// wire reads the fields of a payload or writes them: one description serves both ways.
type wire struct {
	b       []byte
	at      int
	writing bool
}

// kind is how a whole number is written: bytes, and whether it has a sign.
type kind struct {
	size   int
	signed bool
}

var (
	u8  = kind{1, false}
	i8  = kind{1, true}
	u16 = kind{2, false}
	i16 = kind{2, true}
	u32 = kind{4, false}
	i32 = kind{4, true}
)

// always says that a field has no value for "not known".
const always = math.MinInt64

func (w *wire) get(k kind) int64 {
	b := w.b[w.at:]
	w.at += k.size
	switch k.size {
	case 1:
		if k.signed {
			return int64(int8(b[0]))
		}
		return int64(b[0])
	case 2:
		u := binary.LittleEndian.Uint16(b)
		if k.signed {
			return int64(int16(u))
		}
		return int64(u)
	}
	u := binary.LittleEndian.Uint32(b)
	if k.signed {
		return int64(int32(u))
	}
	return int64(u)
}

func (w *wire) put(k kind, x int64) {
	for range k.size {
		w.b = append(w.b, byte(x))
		x >>= 8
	}
}

// bounds are the least and greatest numbers of a kind.
func (k kind) bounds() (low, high float64) {
	if k.signed {
		half := math.Exp2(float64(8*k.size - 1))
		return -half, half - 1
	}
	return 0, math.Exp2(float64(8*k.size)) - 1
}

// number is one of so many steps per unit; the raw value none says that it is not known.
func (w *wire) number(x *source.Value, k kind, perUnit float64, none int64) {
	if !w.writing {
		raw := w.get(k)
		if raw == none {
			*x = source.Value{}
		} else {
			*x = source.Told(float64(raw) / perUnit)
		}
		return
	}
	if !x.Told {
		if none == always {
			none = 0
		}
		w.put(k, none)
		return
	}
	low, high := k.bounds()
	w.put(k, int64(min(max(math.Round(x.V*perUnit), low), high)))
}

// angle is a number of hundredths of a degree; more than 360 degrees are none.
func (w *wire) angle(x *source.Value, none int64) {
	w.number(x, u16, 100, none)
	if !w.writing && x.V > 360 {
		*x = source.Value{}
	}
}

// whole is a count, a flag set or a value of a list.
func (w *wire) whole(x *int, k kind) {
	if w.writing {
		w.put(k, int64(*x))
		return
	}
	*x = int(w.get(k))
}

func (w *wire) long(x *uint64) {
	if w.writing {
		w.b = binary.LittleEndian.AppendUint64(w.b, *x)
		return
	}
	*x = binary.LittleEndian.Uint64(w.b[w.at:])
	w.at += 8
}

// real is a float32, of so many per unit; no number: not known.
func (w *wire) real(x *source.Value, perUnit float64) {
	if w.writing {
		w.b = binary.LittleEndian.AppendUint32(w.b, math.Float32bits(float32(x.OrNaN()*perUnit)))
		return
	}
	*x = source.Finite(float64(math.Float32frombits(binary.LittleEndian.Uint32(w.b[w.at:]))) / perUnit)
	w.at += 4
}

// text is of n bytes, filled up with zeros.
func (w *wire) text(x *string, n int) {
	if w.writing {
		from := len(w.b)
		w.b = append(w.b, (*x)[:min(len(*x), n)]...)
		for len(w.b)-from < n {
			w.b = append(w.b, 0)
		}
		return
	}
	b := w.b[w.at : w.at+n]
	w.at += n
	for i, c := range b {
		if c == 0 {
			b = b[:i]
			break
		}
	}
	if *x != string(b) {
		*x = truce.CleanText(string(b))
	}
}

// bytes is a row of small numbers.
func (w *wire) bytes(x []uint8) {
	if w.writing {
		w.b = append(w.b, x...)
		return
	}
	w.at += copy(x, w.b[w.at:])
}
