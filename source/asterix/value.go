package asterix

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"strings"
)

// Value is one field of a record.
type Value struct {
	Field *Field
	Rep   int    // which of several, from 0
	Raw   uint64 // the bits as sent
}

// Number is the value in the unit that the field's name says. Text has none, and gives its bits.
func (v *Value) Number() float64 {
	switch v.Field.form {
	case unsigned:
		return float64(v.Raw) * v.Field.Unit
	case signed:
		shift := 64 - v.Field.Bits
		return float64(int64(v.Raw<<shift)>>shift) * v.Field.Unit
	}
	return float64(v.Raw)
}

// Text is the value as text where it is one, "" where it is a number.
func (v *Value) Text() string {
	switch v.Field.form {
	case octal:
		return fmt.Sprintf("%0*o", v.Field.Bits/3, v.Raw)
	case hexadecimal:
		return fmt.Sprintf("%0*x", v.Field.Bits/4, v.Raw)
	case ia5:
		return ia5Text(v.Raw, v.Field.Bits/6)
	case ascii:
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], v.Raw)
		return strings.TrimRight(strings.ToValidUTF8(string(b[8-v.Field.Bits/8:]), "?"), " \x00")
	}
	return ""
}

// The characters of six bits (ICAO Annex 10, volume IV, 3.1.2.9.1.2).
const sixBits = "?ABCDEFGHIJKLMNOPQRSTUVWXYZ????? ???????????????0123456789??????"

func ia5Text(raw uint64, characters int) string {
	out := make([]byte, characters)
	for i := range out {
		out[i] = sixBits[raw>>(6*(characters-1-i))&0x3f]
	}
	return strings.TrimRight(string(out), " ")
}

// Items are the fields of a record in the order in which they were sent.
type Items []Value

// MarshalJSON writes an object by item, in it one by field, and a list where an item repeats.
func (items Items) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i := 0; i < len(items); {
		j := i
		for j < len(items) && items[j].Field.Item == items[i].Field.Item {
			j++
		}
		comma(&b, i > 0)
		fmt.Fprintf(&b, "%q:", items[i].Field.Item.Number)
		if items[i].Field.Sub == nil {
			writeGroup(&b, items[i].Field.Item, items[i:j])
		} else {
			writeSubs(&b, items[i:j])
		}
		i = j
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func comma(b *bytes.Buffer, more bool) {
	if more {
		b.WriteByte(',')
	}
}

func writeSubs(b *bytes.Buffer, values []Value) {
	b.WriteByte('{')
	for i := 0; i < len(values); {
		j := i
		for j < len(values) && values[j].Field.Sub == values[i].Field.Sub {
			j++
		}
		comma(b, i > 0)
		fmt.Fprintf(b, "%q:", values[i].Field.Sub.Number)
		writeGroup(b, values[i].Field.Sub, values[i:j])
		i = j
	}
	b.WriteByte('}')
}

// writeGroup writes the fields of one item: an object, or a list of them.
func writeGroup(b *bytes.Buffer, it *Item, values []Value) {
	list := it.kind == chained || it.kind == repeated
	if list {
		b.WriteByte('[')
	}
	for i := range values {
		v := &values[i]
		first := i == 0 || v.Rep != values[i-1].Rep
		if first {
			if i > 0 {
				b.WriteString("},")
			}
			b.WriteByte('{')
		}
		comma(b, !first)
		fmt.Fprintf(b, "%q:", v.Field.Name)
		if v.Field.Unit == 0 {
			text, _ := json.Marshal(v.Text())
			b.Write(text)
		} else {
			number, _ := json.Marshal(v.Number() + 0)
			b.Write(number)
		}
	}
	b.WriteByte('}')
	if list {
		b.WriteByte(']')
	}
}

// Get finds the first value of a path such as "040/rho_nm" or "380/adr/address".
func (items Items) Get(path string) (Value, bool) {
	for _, v := range items {
		if v.Path() == path {
			return v, true
		}
	}
	return Value{}, false
}

// Path is the item, the subitem where there is one, and the field.
func (v *Value) Path() string {
	f := v.Field
	if f.Sub != nil {
		return f.Item.Number + "/" + f.Sub.Number + "/" + f.Name
	}
	return f.Item.Number + "/" + f.Name
}

// rawOf is the number of bits that come nearest to a value in the field's unit.
func (f *Field) rawOf(v float64) (uint64, error) {
	n := math.Round(v / f.Unit)
	low, high := 0., math.Ldexp(1, f.Bits)-1
	if f.form == signed {
		low, high = -math.Ldexp(1, f.Bits-1), math.Ldexp(1, f.Bits-1)-1
	}
	if f.Unit == 0 || f.Bits > 52 || !(n >= low && n <= high) {
		return 0, fmt.Errorf("%s cannot hold %g: want %g to %g", f.Name, v, low*f.Unit, high*f.Unit)
	}
	return uint64(int64(n)) & (1<<f.Bits - 1), nil
}
