package asterix

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A layout is read line by line:
//
//	edition 1.32 2024-07-01        of the specification
//	uap 010 140 - SP RE            items by field reference number; - is not in use
//	uap.track 010 …                the same, of the reports that are tracks (category 001)
//	must 010 140 020               items without which there is no report
//	010 fix sac:8 sic:8            fields by their bits
//	020 ext typ:3 … | tst:1 …      parts, each with a bit that says whether another follows
//	030 fx warning:7               one field again and again, each with such a bit
//	250 rep mb:56 bds1:4 bds2:4    a count, then so many of them
//	120 comp cal rds               subitems by bits that say which are there, then one line each
//	SP exp                         a length, then what is not read
//
// A field is name:bits, then s for a signed number, *a/b for the unit of its lowest bit, =form
// for text, @role for what a target report is made of. The name - is for spare bits.

// kind is how an item is laid out.
type kind uint8

const (
	fixed kind = iota
	extended
	chained
	repeated
	compound
	explicit
	random // items in any order, with their numbers
)

var kinds = map[string]kind{"fix": fixed, "ext": extended, "fx": chained, "rep": repeated, "comp": compound, "exp": explicit}

// Item is the layout of one data item.
type Item struct {
	Number string // as in "010", "SP"; of a subitem its name
	kind   kind
	parts  []part // one, but for extended items
	subs   []*Item
}

// part is a run of whole octets.
type part struct {
	octets int
	fields []Field
}

// form is how a field's bits are to be understood.
type form uint8

const (
	unsigned form = iota
	signed
	octal
	hexadecimal
	ia5
	ascii
)

var forms = map[string]form{"oct": octal, "hex": hexadecimal, "ia5": ia5, "asc": ascii}

// Field is the layout of one field of an item.
type Field struct {
	Item *Item
	Sub  *Item   // of a compound item; nil: none
	Name string  // with its unit, as in "rho_nm"
	Unit float64 // what the lowest bit stands for; 0 for text
	Bits int
	at   int // from the first bit of its part
	form form
	role role

	// Where the bits are once eight octets are read into a word: from which octet of the part,
	// and how many bits of the word stand before them and behind them when those are shifted out.
	// Fields that follow each other share the octet as long as they fit into the word.
	octet, before, behind uint8
}

// word sets where the field's bits are in a word, where the one before it begins at an octet.
func (f *Field) word(octet int) (begins int, err error) {
	if f.at+f.Bits > octet*8+64 {
		octet = f.at / 8
	}
	if f.at+f.Bits > octet*8+64 || octet > math.MaxUint8 {
		return 0, fmt.Errorf("field %s lies in nine octets", f.Name)
	}
	f.octet, f.before, f.behind = uint8(octet), uint8(f.at-octet*8), uint8(64-f.Bits)
	return octet, nil
}

// category is one category.
type category struct {
	number  uint8
	edition string
	plots   []*Item // by field reference number, from 1
	tracks  []*Item // of category 001; nil: the same
	must    []*Item
	items   map[string]*Item
}

// categories are those that are read, by number; the error is for a layout that is wrong,
// which a test rules out.
var categories, errLayout = func() (out [256]*category, err error) {
	for _, text := range []struct {
		number uint8
		layout string
	}{{1, layout001}, {2, layout002}, {21, layout021}, {34, layout034}, {48, layout048}, {62, layout062}, {65, layout065}} {
		c, err := parseLayout(text.number, text.layout)
		if err != nil {
			return out, fmt.Errorf("asterix: layout of category %d: %w", text.number, err)
		}
		out[text.number] = c
	}
	return out, nil
}()

func parseLayout(number uint8, text string) (*category, error) {
	c := &category{number: number, items: map[string]*Item{"rfs": {Number: "rfs", kind: random}}}
	var plots, tracks, must []string
	var parent *Item
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		words := strings.Fields(line)
		if len(words) < 2 {
			return nil, fmt.Errorf("line %q is too short", line)
		}
		switch words[0] {
		case "edition":
			c.edition = words[1]
			continue
		case "uap", "uap.plot":
			plots = words[1:]
			continue
		case "uap.track":
			tracks = words[1:]
			continue
		case "must":
			must = words[1:]
			continue
		}
		item, err := parseItem(words)
		switch {
		case err != nil:
			return nil, fmt.Errorf("line %q: %w", line, err)
		case !strings.HasPrefix(line, "  "):
			item.belong(item, nil)
			c.items[item.Number], parent = item, item
		case !fill(parent, item):
			return nil, fmt.Errorf("line %q is no subitem of the one before", line)
		}
	}
	var err error
	if c.plots, err = c.order(plots); err != nil {
		return nil, err
	}
	if c.tracks, err = c.order(tracks); err != nil {
		return nil, err
	}
	c.must, err = c.order(must)
	return c, err
}

// fill puts a subitem in the place that its parent has named.
func fill(parent, sub *Item) bool {
	if parent == nil || parent.kind != compound {
		return false
	}
	for i, s := range parent.subs {
		if s != nil && s.Number == sub.Number {
			parent.subs[i] = sub
			sub.belong(parent, sub)
			return true
		}
	}
	return false
}

// belong tells the fields whose they are.
func (it *Item) belong(item, sub *Item) {
	for i := range it.parts {
		for j := range it.parts[i].fields {
			it.parts[i].fields[j].Item, it.parts[i].fields[j].Sub = item, sub
		}
	}
}

func (c *category) order(numbers []string) (out []*Item, err error) {
	for _, number := range numbers {
		item := c.items[number]
		if item == nil && number != "-" {
			return nil, fmt.Errorf("item %s has no line", number)
		}
		out = append(out, item)
	}
	return out, nil
}

func parseItem(words []string) (*Item, error) {
	k, ok := kinds[words[1]]
	if !ok {
		return nil, fmt.Errorf("kind %q", words[1])
	}
	item := &Item{Number: words[0], kind: k}
	switch k {
	case explicit:
		return item, nil
	case compound:
		for _, name := range words[2:] {
			var sub *Item
			if name != "-" {
				sub = &Item{Number: name}
			}
			item.subs = append(item.subs, sub)
		}
		return item, nil
	}
	return item, item.parse(words[2:])
}

// parse reads fields and holds their bits against whole octets.
func (it *Item) parse(words []string) error {
	var p part
	bits, octet := 0, 0
	follows := 0 // the bit behind a part that says whether another follows
	if it.kind == extended || it.kind == chained {
		follows = 1
	}
	for _, word := range append(words, "|") {
		if word == "|" {
			bits += follows
			if bits%8 != 0 {
				return fmt.Errorf("a part of %d bits", bits)
			}
			p.octets = bits / 8
			it.parts = append(it.parts, p)
			p, bits, octet = part{}, 0, 0
			continue
		}
		f, err := parseField(word)
		if err != nil {
			return err
		}
		f.at = bits
		bits += f.Bits
		if octet, err = f.word(octet); err != nil {
			return err
		}
		if f.Name != "-" {
			p.fields = append(p.fields, f)
		}
	}
	if len(it.parts) > 1 && it.kind != extended {
		return fmt.Errorf("%d parts", len(it.parts))
	}
	return nil
}

func parseField(word string) (f Field, err error) {
	word, name, _ := strings.Cut(word, "@")
	if f.role, err = roleOf(name); err != nil {
		return f, err
	}
	word, text, _ := strings.Cut(word, "=")
	f.form = forms[text]
	word, unit, _ := strings.Cut(word, "*")
	if strings.HasSuffix(word, "s") {
		word, f.form = word[:len(word)-1], signed
	}
	f.Name, word, _ = strings.Cut(word, ":")
	if f.Bits, err = strconv.Atoi(word); err != nil || f.Bits < 1 || f.Bits > 64 {
		return f, fmt.Errorf("field %s of %q bits", f.Name, word)
	}
	if text == "" {
		f.Unit, err = parseUnit(unit)
	}
	return f, err
}

func parseUnit(text string) (float64, error) {
	if text == "" {
		return 1, nil
	}
	above, below, _ := strings.Cut(text, "/")
	if below == "" {
		below = "1"
	}
	a, err := strconv.ParseFloat(above, 64)
	if err != nil {
		return 0, err
	}
	b, err := strconv.ParseFloat(below, 64)
	return a / b, err
}
