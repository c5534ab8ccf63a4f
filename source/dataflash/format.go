package dataflash

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// A row begins with two bytes and the number of its kind.
const (
	head1      = 0xa3
	head2      = 0x95
	headSize   = 3
	formatKind = 128 // of the rows that define the others
	formatSize = 89
)

// column is a field in a row.
type column struct {
	name string
	code byte
	at   int
}

// rows is how the rows of one kind lie.
type rows struct {
	name    string
	size    int // of a row, with its beginning
	columns []column
	index   map[string]int
	role    role
	fields  positionFields
}

// sizeOf is the bytes of a field by the letter of its form; 0: there is no such letter.
func sizeOf(code byte) int {
	switch code {
	case 'b', 'B', 'M':
		return 1
	case 'h', 'H', 'c', 'C', 'g':
		return 2
	case 'i', 'I', 'f', 'n', 'e', 'E', 'L':
		return 4
	case 'd', 'q', 'Q':
		return 8
	case 'N':
		return 16
	case 'Z', 'a':
		return 64
	}
	return 0
}

// readFormat reads the definition of a kind of rows.
func readFormat(b []byte) (kind byte, r *rows, err error) {
	kind = b[3]
	r = &rows{size: int(b[4]), name: textOf(b[5:9]), index: map[string]int{}}
	codes := string(bytes.TrimRight(b[9:25], "\x00"))
	names := strings.Split(string(bytes.TrimRight(b[25:89], "\x00")), ",")
	if len(codes) != len(names) && !(len(codes) == 0 && len(names) == 1) {
		return 0, nil, fmt.Errorf("the definition of %s has %d forms and %d names", source.Shown([]byte(r.name)), len(codes), len(names))
	}
	at := headSize
	for i := range codes {
		n := sizeOf(codes[i])
		if n == 0 {
			return 0, nil, fmt.Errorf("the definition of %s has the form %s, which is not known", source.Shown([]byte(r.name)), source.Shown([]byte{codes[i]}))
		}
		name := truce.CleanText(names[i])
		r.index[name] = len(r.columns)
		r.columns = append(r.columns, column{name: name, code: codes[i], at: at})
		at += n
	}
	if at != r.size {
		return 0, nil, fmt.Errorf("the definition of %s says %d bytes, its fields have %d", source.Shown([]byte(r.name)), r.size, at)
	}
	r.role = roleOf(r.name)
	r.fields = r.find()
	return kind, r, nil
}

// number reads a column in the unit that is meant; not known: it is a text.
func (r *rows) number(at int, b []byte) source.Value {
	if at < 0 {
		return source.Value{}
	}
	c := r.columns[at]
	return source.Finite(c.value(b[c.at:]))
}

func (c column) value(b []byte) float64 {
	switch c.code {
	case 'b':
		return float64(int8(b[0]))
	case 'B', 'M':
		return float64(b[0])
	case 'h':
		return float64(int16(binary.LittleEndian.Uint16(b)))
	case 'H':
		return float64(binary.LittleEndian.Uint16(b))
	case 'c':
		return float64(int16(binary.LittleEndian.Uint16(b))) / 100
	case 'C':
		return float64(binary.LittleEndian.Uint16(b)) / 100
	case 'g':
		return half(binary.LittleEndian.Uint16(b))
	case 'i':
		return float64(int32(binary.LittleEndian.Uint32(b)))
	case 'I':
		return float64(binary.LittleEndian.Uint32(b))
	case 'e':
		return float64(int32(binary.LittleEndian.Uint32(b))) / 100
	case 'E':
		return float64(binary.LittleEndian.Uint32(b)) / 100
	case 'L':
		return float64(int32(binary.LittleEndian.Uint32(b))) / 1e7
	case 'f':
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
	case 'd':
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	case 'q':
		return float64(int64(binary.LittleEndian.Uint64(b)))
	case 'Q':
		return float64(binary.LittleEndian.Uint64(b))
	}
	return math.NaN()
}

// half is a number of IEEE 754 in 16 bits.
func half(u uint16) float64 {
	sign, exponent, fraction := 1.0, int(u>>10&31), float64(u&1023)
	if u>>15 != 0 {
		sign = -1
	}
	switch exponent {
	case 0:
		return sign * math.Ldexp(fraction, -24)
	case 31:
		return math.NaN() // or infinite: neither is a value
	}
	return sign * math.Ldexp(1024+fraction, exponent-25)
}

func (r *rows) text(at int, b []byte) string {
	c := r.columns[at]
	switch c.code {
	case 'n', 'N', 'Z':
		return textOf(b[c.at : c.at+sizeOf(c.code)])
	}
	return ""
}

// textOf is a text up to its first zero.
func textOf(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return truce.CleanText(string(b))
}

func (r *rows) appendJSON(dst, b []byte) []byte {
	dst = append(dst, '{')
	for i, c := range r.columns {
		if i > 0 {
			dst = append(dst, ',')
		}
		name, _ := json.Marshal(c.name)
		dst = append(append(dst, name...), ':')
		dst = c.appendValue(dst, b[c.at:])
	}
	return append(dst, '}')
}

func (c column) appendValue(dst, b []byte) []byte {
	switch c.code {
	case 'n', 'N', 'Z':
		text, _ := json.Marshal(textOf(b[:sizeOf(c.code)]))
		return append(dst, text...)
	case 'a':
		dst = append(dst, '[')
		for i := range 32 {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = strconv.AppendInt(dst, int64(int16(binary.LittleEndian.Uint16(b[2*i:]))), 10)
		}
		return append(dst, ']')
	case 'Q':
		return strconv.AppendUint(dst, binary.LittleEndian.Uint64(b), 10)
	case 'q':
		return strconv.AppendInt(dst, int64(binary.LittleEndian.Uint64(b)), 10)
	}
	x := c.value(b)
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return append(dst, "null"...)
	}
	bits := 64
	if c.code == 'f' {
		bits = 32
	}
	return strconv.AppendFloat(dst, x, 'g', -1, bits)
}
