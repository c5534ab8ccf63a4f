package asterix

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// Builder makes one record field by field; the first thing that does not fit is the error of
// Append. Fields of items that are named and left out are 0.
type Builder struct {
	c     *category
	items Items
	err   error
}

// Build begins a record of a category.
func Build(number uint8) *Builder {
	b := &Builder{c: categories[number]}
	if b.c == nil {
		b.err = fmt.Errorf("asterix: category %d is not known", number)
	}
	return b
}

// Number sets a field, as in "040/rho_nm" or "380/adr/adr", in the unit of its name. Of an item
// that repeats, setting a field again begins the next of its kind.
func (b *Builder) Number(path string, v float64) *Builder {
	if f, ok := b.add(path); ok {
		raw, err := f.Field.rawOf(v)
		if err != nil {
			b.fail(path, err)
		}
		f.Raw = raw
	}
	return b
}

// Text sets a field of octal or hexadecimal digits or of characters.
func (b *Builder) Text(path, text string) *Builder {
	if f, ok := b.add(path); ok {
		raw, err := f.Field.rawOfText(text)
		if err != nil {
			b.fail(path, err)
		}
		f.Raw = raw
	}
	return b
}

func (b *Builder) fail(path string, err error) {
	if b.err == nil {
		b.err = fmt.Errorf("asterix: category %d, %s: %w", b.c.number, path, err)
	}
}

// add makes room for the value of a path.
func (b *Builder) add(path string) (*Value, bool) {
	if b.err != nil {
		return nil, false
	}
	v := Value{Field: b.c.find(path)}
	if v.Field == nil {
		b.fail(path, fmt.Errorf("there is no such field"))
		return nil, false
	}
	for _, w := range b.items {
		if w.Field == v.Field {
			v.Rep++
		}
	}
	b.items = append(b.items, v)
	return &b.items[len(b.items)-1], true
}

// find looks a field up, nil where there is none.
func (c *category) find(path string) *Field {
	number, rest, _ := strings.Cut(path, "/")
	it := c.items[number]
	if it == nil {
		return nil
	}
	if it.kind == compound {
		var name string
		name, rest, _ = strings.Cut(rest, "/")
		for _, sub := range it.subs {
			if sub != nil && sub.Number == name {
				it = sub
			}
		}
	}
	for i := range it.parts {
		for j := range it.parts[i].fields {
			if f := &it.parts[i].fields[j]; f.Name == rest {
				return f
			}
		}
	}
	return nil
}

// Append appends the record.
func (b *Builder) Append(to []byte) ([]byte, error) {
	if b.err != nil {
		return to, b.err
	}
	return AppendRecord(to, b.c.number, b.items)
}

// AppendRecord appends a record of items as Next gives them.
func AppendRecord(to []byte, number uint8, items Items) ([]byte, error) {
	c := categories[number]
	if c == nil {
		return to, fmt.Errorf("asterix: category %d is not known", number)
	}
	order := c.plots
	if v, ok := items.Get("020/typ"); ok && c.tracks != nil && v.Raw == 1 {
		order = c.tracks
	}
	present := make([]bool, len(order))
	for _, v := range items {
		n := position(order, v.Field.Item)
		if n < 0 {
			return to, fmt.Errorf("asterix: category %d has no item %s in such a report", number, v.Field.Item.Number)
		}
		present[n] = true
	}
	to = appendPresence(to, present)
	for n, item := range order {
		if !present[n] {
			continue
		}
		var err error
		if to, err = appendItem(to, item, items.of(item, nil)); err != nil {
			return to, fmt.Errorf("asterix: category %d, item %s: %w", number, item.Number, err)
		}
	}
	return to, nil
}

// AppendBlock appends a data block around records, which AppendRecord or Builder have made.
func AppendBlock(to []byte, number uint8, records []byte) ([]byte, error) {
	if len(records) == 0 || len(records)+3 > MaxBlock {
		return to, fmt.Errorf("asterix: a block of %d bytes, want 1 to %d", len(records), MaxBlock-3)
	}
	return append(binary.BigEndian.AppendUint16(append(to, number), uint16(len(records)+3)), records...), nil
}

func position(order []*Item, it *Item) int {
	for n := range order {
		if order[n] == it && it != nil {
			return n
		}
	}
	return -1
}

// of are the values of an item, or of one of its subitems.
func (items Items) of(it, sub *Item) (out Items) {
	for _, v := range items {
		if v.Field.Item == it && (sub == nil || v.Field.Sub == sub) {
			out = append(out, v)
		}
	}
	return out
}

// appendPresence appends the bits that say what follows, seven to a byte.
func appendPresence(to []byte, present []bool) []byte {
	last := 0
	for n, p := range present {
		if p {
			last = n / 7
		}
	}
	for i := range last + 1 {
		var octet byte
		for j := range 7 {
			octet <<= 1
			if n := 7*i + j; n < len(present) && present[n] {
				octet |= 1
			}
		}
		octet <<= 1
		if i < last {
			octet |= 1
		}
		to = append(to, octet)
	}
	return to
}

func appendItem(to []byte, it *Item, values Items) ([]byte, error) {
	switch it.kind {
	case fixed:
		return appendPart(to, &it.parts[0], values), nil
	case extended:
		return appendExtended(to, it, values), nil
	case chained, repeated:
		return appendRepeated(to, it, values)
	case compound:
		return appendCompound(to, it, values)
	}
	return to, fmt.Errorf("it cannot be written")
}

// appendPart appends whole octets with the values that belong to them.
func appendPart(to []byte, p *part, values Items) []byte {
	at := len(to)
	to = append(to, make([]byte, p.octets)...)
	for i := range p.fields {
		for _, v := range values {
			if v.Field == &p.fields[i] {
				putBits(to[at:], v.Field.at, v.Field.Bits, v.Raw)
			}
		}
	}
	return to
}

func putBits(b []byte, at, n int, raw uint64) {
	for i := range n {
		if raw>>(n-1-i)&1 != 0 {
			b[(at+i)/8] |= 0x80 >> ((at + i) % 8)
		}
	}
}

func appendExtended(to []byte, it *Item, values Items) []byte {
	last := 0
	for i := range it.parts {
		for j := range it.parts[i].fields {
			for _, v := range values {
				if v.Field == &it.parts[i].fields[j] {
					last = i
				}
			}
		}
	}
	for i := range last + 1 {
		to = appendPart(to, &it.parts[i], values)
		if i < last {
			to[len(to)-1] |= 1
		}
	}
	return to
}

func appendRepeated(to []byte, it *Item, values Items) ([]byte, error) {
	count := 0
	for _, v := range values {
		count = max(count, v.Rep+1)
	}
	if it.kind == repeated {
		if count > 255 {
			return to, fmt.Errorf("%d of them, the count ends at 255", count)
		}
		to = append(to, byte(count))
	}
	for rep := range count {
		var these Items
		for _, v := range values {
			if v.Rep == rep {
				these = append(these, v)
			}
		}
		to = appendPart(to, &it.parts[0], these)
		if it.kind == chained && rep < count-1 {
			to[len(to)-1] |= 1
		}
	}
	return to, nil
}

func appendCompound(to []byte, it *Item, values Items) ([]byte, error) {
	present := make([]bool, len(it.subs))
	for _, v := range values {
		if n := position(it.subs, v.Field.Sub); n >= 0 {
			present[n] = true
		}
	}
	to = appendPresence(to, present)
	var err error
	for n, sub := range it.subs {
		if present[n] && err == nil {
			to, err = appendItem(to, sub, values.of(it, sub))
		}
	}
	return to, err
}

// rawOfText are the bits of digits or characters.
func (f *Field) rawOfText(text string) (raw uint64, err error) {
	bits := map[form]int{octal: 3, hexadecimal: 4, ia5: 6, ascii: 8}[f.form]
	if bits == 0 {
		return 0, fmt.Errorf("it is a number")
	}
	if len(text) > f.Bits/bits || len(text) < f.Bits/bits && bits < 6 {
		return 0, fmt.Errorf("%q: want %d characters", text, f.Bits/bits)
	}
	for i := range f.Bits / bits {
		char := byte(' ')
		if i < len(text) {
			char = text[i]
		}
		digit := strings.IndexByte("0123456789abcdef", char|0x20)
		if bits >= 6 {
			digit = int(char) & (1<<bits - 1)
		}
		if digit < 0 || digit >= 1<<bits || f.form == ia5 && (sixBits[digit] != char || char == '?') || char > '~' {
			return 0, fmt.Errorf("%q has a character that does not fit", text)
		}
		raw = raw<<bits | uint64(digit)
	}
	return raw, nil
}
