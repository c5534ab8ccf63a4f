package asterix

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// wordAt is the eight octets from one on, with zeros behind the end.
func wordAt(b []byte, at int) (word uint64) {
	if at+8 <= len(b) {
		return binary.BigEndian.Uint64(b[at:])
	}
	for i := at; i < len(b); i++ {
		word |= uint64(b[i]) << (56 - 8*(i-at))
	}
	return word
}

// record reads one record from the beginning of b and says how long it is.
func (r *Reader) record(c *category, b []byte, m *Message) (used int, reason string) {
	order := c.plots
	used = 0
	for more := true; more; used++ {
		if used >= len(b) {
			return 0, "a record that ends within its field specification"
		}
		if used*7 >= len(c.plots) && used*7 >= len(c.tracks) {
			return 0, "a field specification longer than the category has fields"
		}
		more = b[used]&1 != 0
	}
	for i, spec := range b[:used] {
		for spec &^= 1; spec != 0; {
			first := bits.LeadingZeros8(spec)
			spec &^= 0x80 >> first
			n := i*7 + first
			if n >= len(order) || order[n] == nil {
				return 0, fmt.Sprintf("field %d, which is not in use", n+1)
			}
			item := order[n]
			size, reason := r.item(b[used:], item, m)
			if reason != "" {
				return 0, "item " + item.Number + ": " + reason
			}
			used += size
			if c.tracks != nil && m.isTrack {
				order = c.tracks
			}
		}
	}
	return used, m.doubtful(c)
}

// doubtful says what shows that a record is not of the edition that is read, or was damaged: it
// could be read, and what it says cannot be. Everything in it is refused, not that alone.
func (m *Message) doubtful(c *category) string {
	for _, item := range c.must {
		if !m.Items.has(item) {
			return "no item " + item.Number + ", which every report has; it may be of another edition than " + c.edition
		}
	}
	speed := max(math.Abs(m.VxMps.V), math.Abs(m.VyMps.V), m.SpeedMps.V)
	switch {
	case m.TimeOfDay.V >= daySecs+1:
		return fmt.Sprintf("a time of day of %.0f s; it may be of another edition than %s", m.TimeOfDay.V, c.edition)
	case math.Abs(m.LatDeg.V) > 90 || math.Abs(m.LonDeg.V) > 180:
		return fmt.Sprintf("a position of %.0f, %.0f degrees; it may be of another edition than %s", m.LatDeg.V, m.LonDeg.V, c.edition)
	case speed > maxSpeed:
		return fmt.Sprintf("a speed of %.0f m/s; it may be of another edition than %s", speed, c.edition)
	}
	return ""
}

func (items Items) has(it *Item) bool {
	for i := range items {
		if items[i].Field.Item == it {
			return true
		}
	}
	return false
}

// item reads one item or subitem.
func (r *Reader) item(b []byte, it *Item, m *Message) (used int, reason string) {
	m.doubt = false
	switch it.kind {
	case fixed:
		return r.part(b, &it.parts[0], 0, m)
	case extended:
		return r.extended(b, it, m)
	case chained:
		return r.chained(b, it, m)
	case repeated:
		return r.repeated(b, it, m)
	case compound:
		return r.compound(b, it, m)
	case random:
		return 0, "items in any order are not read"
	}
	if len(b) == 0 || b[0] == 0 || int(b[0]) > len(b) {
		return 0, "its length goes beyond the record"
	}
	return int(b[0]), ""
}

const short = "the record ends within it"

// part reads the fields of a run of octets.
func (r *Reader) part(b []byte, p *part, rep int, m *Message) (int, string) {
	if len(b) < p.octets {
		return 0, short
	}
	have := len(m.Items)
	if have+len(p.fields) > MaxValues {
		return 0, fmt.Sprintf("the record holds more than %d values", MaxValues)
	}
	m.Items = slices.Grow(m.Items, len(p.fields))[:have+len(p.fields)]
	values := m.Items[have:][:len(p.fields)]
	word, octet := wordAt(b, 0), uint8(0)
	for i := range p.fields {
		f := &p.fields[i]
		if f.octet != octet {
			word, octet = wordAt(b, int(f.octet)), f.octet
		}
		v := &values[i]
		v.Field, v.Rep, v.Raw = f, rep, word<<(f.before&63)>>(f.behind&63)
		if f.role != roleNone {
			roles[f.role].set(m, v)
		}
	}
	return p.octets, ""
}

// extended reads parts as long as the last bit of one says that another follows. Parts that
// the edition does not know are stepped over.
func (r *Reader) extended(b []byte, it *Item, m *Message) (used int, reason string) {
	for i := 0; ; i++ {
		size := 1
		if i < len(it.parts) {
			if size, reason = r.part(b[used:], &it.parts[i], 0, m); reason != "" {
				return 0, reason
			}
		} else if used >= len(b) {
			return 0, short
		}
		used += size
		if b[used-1]&1 == 0 {
			return used, ""
		}
	}
}

func (r *Reader) chained(b []byte, it *Item, m *Message) (used int, reason string) {
	for rep := 0; ; rep++ {
		size, reason := r.part(b[used:], &it.parts[0], rep, m)
		if reason != "" {
			return 0, reason
		}
		used += size
		if b[used-1]&1 == 0 {
			return used, ""
		}
	}
}

func (r *Reader) repeated(b []byte, it *Item, m *Message) (used int, reason string) {
	if len(b) == 0 {
		return 0, short
	}
	used = 1
	for rep := range int(b[0]) {
		size, reason := r.part(b[used:], &it.parts[0], rep, m)
		if reason != "" {
			return 0, reason
		}
		used += size
	}
	return used, ""
}

func (r *Reader) compound(b []byte, it *Item, m *Message) (used int, reason string) {
	for more := true; more; used++ {
		if used >= len(b) {
			return 0, short
		}
		if used*7 >= len(it.subs) {
			return 0, "it names more subitems than it has"
		}
		more = b[used]&1 != 0
	}
	for i, spec := range b[:used] {
		for spec &^= 1; spec != 0; {
			first := bits.LeadingZeros8(spec)
			spec &^= 0x80 >> first
			n := i*7 + first
			if n >= len(it.subs) || it.subs[n] == nil {
				return 0, fmt.Sprintf("subitem %d, which is not in use", n+1)
			}
			size, reason := r.item(b[used:], it.subs[n], m)
			if reason != "" {
				return 0, "subitem " + it.subs[n].Number + ": " + reason
			}
			used += size
		}
	}
	return used, ""
}
