package ulog

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// kind is a basic type of a field.
type kind struct {
	name string
	size int
	code byte
}

// kinds are the basic types by their names.
var kinds = []kind{
	{"int8_t", 1, 'b'}, {"uint8_t", 1, 'B'}, {"int16_t", 2, 'h'}, {"uint16_t", 2, 'H'}, {"int32_t", 4, 'i'}, {"uint32_t", 4, 'I'},
	{"int64_t", 8, 'q'}, {"uint64_t", 8, 'Q'}, {"float", 4, 'f'}, {"double", 8, 'd'}, {"bool", 1, '?'}, {"char", 1, 'c'},
}

func kindOf(name string) (kind, bool) {
	for _, k := range kinds {
		if k.name == name {
			return k, true
		}
	}
	return kind{}, false
}

// field is one as a definition has it.
type field struct {
	kind  string
	count int // of an array; 0: none, -1: an array of nothing
	name  string
}

// column is a field of basic type in a row that is laid out.
type column struct {
	name  string
	code  byte
	size  int // of one
	count int // of an array, 0: none
	at    int
}

// rows is how the rows of a topic lie.
type rows struct {
	columns []column
	index   map[string]int
	size    int // with the padding at the end
	least   int // without it
}

// readFormat reads "name:type field;type[n] field;".
func readFormat(text string) (name string, fields []field, err error) {
	name, list, found := strings.Cut(text, ":")
	if !found || name == "" {
		return "", nil, fmt.Errorf("a definition without a name: %s", source.Shown([]byte(text)))
	}
	for part := range strings.SplitSeq(list, ";") {
		if part == "" {
			continue
		}
		f, err := readField(part)
		if err != nil {
			return "", nil, fmt.Errorf("definition of %s: %w", source.Shown([]byte(name)), err)
		}
		if fields = append(fields, f); len(fields) > MaxFields {
			return "", nil, fmt.Errorf("definition of %s: more than %d fields", source.Shown([]byte(name)), MaxFields)
		}
	}
	return name, fields, nil
}

// readField reads "type name" or "type[n] name".
func readField(text string) (field, error) {
	what, name, found := strings.Cut(text, " ")
	if !found || name == "" || what == "" {
		return field{}, fmt.Errorf("%s is no field: want a type and a name", source.Shown([]byte(text)))
	}
	f := field{kind: what, name: name}
	if base, rest, is := strings.Cut(what, "["); is {
		n, err := strconv.Atoi(strings.TrimSuffix(rest, "]"))
		if err != nil || n < 0 || n > math.MaxUint16 || !strings.HasSuffix(rest, "]") {
			return field{}, fmt.Errorf("%s is no array", source.Shown([]byte(what)))
		}
		if f.kind, f.count = base, n; n == 0 {
			f.count = -1
		}
	}
	return f, nil
}

// layout lays the rows of a definition out, with those inside.
func layout(fields []field, formats map[string][]field) (*rows, error) {
	r := &rows{index: map[string]int{}}
	if err := r.add("", fields, formats, 0); err != nil {
		return nil, err
	}
	r.least = r.size
	for i := len(fields) - 1; i >= 0 && strings.HasPrefix(fields[i].name, "_padding"); i-- {
		k, _ := kindOf(fields[i].kind)
		if fields[i].count >= 0 {
			r.least -= k.size * max(1, fields[i].count)
		}
	}
	return r, nil
}

func (r *rows) add(prefix string, fields []field, formats map[string][]field, depth int) error {
	if depth > MaxDepth {
		return fmt.Errorf("rows inside rows are more than %d deep", MaxDepth)
	}
	for _, f := range fields {
		if f.count < 0 {
			continue
		}
		if k, basic := kindOf(f.kind); basic {
			if len(r.columns) == MaxFields {
				return fmt.Errorf("more than %d fields", MaxFields)
			}
			name := prefix + f.name
			r.index[name] = len(r.columns)
			r.columns = append(r.columns, column{name: name, code: k.code, size: k.size, count: f.count, at: r.size})
			r.size += k.size * max(1, f.count)
			continue
		}
		inner, known := formats[f.kind]
		if !known {
			return fmt.Errorf("the type %s of field %s is not defined", source.Shown([]byte(f.kind)), source.Shown([]byte(f.name)))
		}
		for i := range max(1, f.count) {
			name := prefix + f.name + "."
			if f.count > 0 {
				name = fmt.Sprintf("%s%s[%d].", prefix, f.name, i)
			}
			if err := r.add(name, inner, formats, depth+1); err != nil {
				return err
			}
		}
	}
	if r.size > math.MaxUint16 {
		return fmt.Errorf("a row of %d bytes is longer than any message", r.size)
	}
	return nil
}

// number reads the first value of a column; not known: the row is shorter, or it is a text.
func (r *rows) number(at int, b []byte) source.Value {
	c := r.columns[at]
	if c.at+c.size > len(b) || c.code == 'c' && c.count > 0 {
		return source.Value{}
	}
	return source.Finite(c.value(b[c.at:]))
}

func (c column) value(b []byte) float64 {
	switch c.code {
	case 'b':
		return float64(int8(b[0]))
	case 'h':
		return float64(int16(binary.LittleEndian.Uint16(b)))
	case 'H':
		return float64(binary.LittleEndian.Uint16(b))
	case 'i':
		return float64(int32(binary.LittleEndian.Uint32(b)))
	case 'I':
		return float64(binary.LittleEndian.Uint32(b))
	case 'q':
		return float64(int64(binary.LittleEndian.Uint64(b)))
	case 'Q':
		return float64(binary.LittleEndian.Uint64(b))
	case 'f':
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
	case 'd':
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
	return float64(b[0])
}

// appendJSON writes a row as an object; padding is left out.
func (r *rows) appendJSON(dst, b []byte) []byte {
	dst = append(dst, '{')
	first := true
	for _, c := range r.columns {
		if strings.HasPrefix(c.name, "_padding") || strings.Contains(c.name, "._padding") || c.at+c.size*max(1, c.count) > len(b) {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		name, _ := json.Marshal(c.name)
		dst = append(append(dst, name...), ':')
		dst = c.appendJSON(dst, b[c.at:])
	}
	return append(dst, '}')
}

func (c column) appendJSON(dst, b []byte) []byte {
	if c.code == 'c' {
		text, _ := json.Marshal(textOf(b[:max(1, c.count)]))
		return append(dst, text...)
	}
	if c.count == 0 {
		return c.appendValue(dst, b)
	}
	dst = append(dst, '[')
	for i := range c.count {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = c.appendValue(dst, b[i*c.size:])
	}
	return append(dst, ']')
}

func (c column) appendValue(dst, b []byte) []byte {
	x := c.value(b)
	switch {
	case c.code == '?':
		return strconv.AppendBool(dst, x != 0)
	case c.code == 'Q':
		return strconv.AppendUint(dst, binary.LittleEndian.Uint64(b), 10)
	case c.code == 'q':
		return strconv.AppendInt(dst, int64(binary.LittleEndian.Uint64(b)), 10)
	case math.IsNaN(x) || math.IsInf(x, 0):
		return append(dst, "null"...)
	case c.code == 'f':
		return strconv.AppendFloat(dst, x, 'g', -1, 32)
	}
	return strconv.AppendFloat(dst, x, 'f', -1, 64)
}

// textOf is a text up to its first zero.
func textOf(b []byte) string {
	for i, c := range b {
		if c == 0 {
			b = b[:i]
			break
		}
	}
	return truce.CleanText(source.Cut(string(b), maxText))
}
