package truce

import (
	"encoding"
	"encoding/base64"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// DecodeCanonical reads canonical JSON into the value v points to, as json.Unmarshal
// would. It takes a third of the time on what Canonical wrote, because names come in
// order and nothing has to be checked twice; anything else, damaged text too, is left
// to json.Unmarshal. The value MUST be zero, but that its lists may have room.
func DecodeCanonical(body []byte, v any) error {
	target := reflect.ValueOf(v)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		return json.Unmarshal(body, v)
	}
	read := readerOf(target.Type().Elem())
	if read == nil {
		return json.Unmarshal(body, v)
	}
	d := decoders.Get().(*fastDecoder)
	defer decoders.Put(d)
	d.in, d.pos = body, 0
	done := read(d, target.Elem()) && d.pos == len(body)
	d.in = nil
	if done {
		return nil
	}
	target.Elem().SetZero()
	return json.Unmarshal(body, v)
}

// decoders keeps decoders with the words they have seen; it holds no state that a
// result depends on.
var decoders = sync.Pool{New: func() any { return &fastDecoder{words: map[string]string{}} }}

// readers keeps how each type is read, worked out once.
var readers sync.Map // reflect.Type: reader

// reader reads the next JSON value into a zero value; false means that it met
// something out of the ordinary.
type reader func(d *fastDecoder, v reflect.Value) bool

// fastDecoder reads canonical JSON from front to back.
type fastDecoder struct {
	in    []byte
	pos   int
	words map[string]string // short texts seen, so that a word repeated is stored once
}

// Bounds of the words a decoder keeps: 512 KiB at most.
const (
	maxWords      = 4096
	maxWordLength = 128
)

// maxUsual bounds what room a list is given before its elements are read.
const maxUsual = 64

func readerOf(t reflect.Type) reader {
	if known, ok := readers.Load(t); ok {
		return known.(reader)
	}
	built := buildReader(t, nil)
	readers.Store(t, built)
	return built
}

var (
	jsonUnmarshaler = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// buildReader gives nil for types that only json.Unmarshal reads; within are the
// structs that t lies in, for a type that holds itself is one of them.
func buildReader(t reflect.Type, within []reflect.Type) reader {
	if slices.Contains(within, t) || reflect.PointerTo(t).Implements(jsonUnmarshaler) {
		return nil
	}
	if reflect.PointerTo(t).Implements(textUnmarshaler) {
		return readText
	}
	switch t.Kind() {
	case reflect.Bool:
		return readBool
	case reflect.Int, reflect.Int64:
		return readInt
	case reflect.Float64:
		return readFloat
	case reflect.String:
		return readString
	case reflect.Slice:
		return buildSlice(t, within)
	case reflect.Map:
		return buildMap(t, within)
	case reflect.Pointer:
		return buildPointer(t, within)
	case reflect.Struct:
		return buildStruct(t, append(within, t))
	}
	return nil
}

func buildSlice(t reflect.Type, within []reflect.Type) reader {
	if t.Elem() == reflect.TypeFor[byte]() {
		return readBytes
	}
	element := buildReader(t.Elem(), within)
	if element == nil {
		return nil
	}
	var usual atomic.Int64 // length of the last list: the next one is often as long
	return func(d *fastDecoder, v reflect.Value) bool {
		if d.take("null") {
			return true
		}
		if !d.take("[") {
			return false
		}
		if d.take("]") {
			v.Set(reflect.MakeSlice(t, 0, 0))
			return true
		}
		for n := 0; ; n++ {
			if n == v.Cap() {
				v.Grow(max(1, min(int(usual.Load())-n, maxUsual)))
			}
			v.SetLen(n + 1)
			if !element(d, v.Index(n)) {
				return false
			}
			if d.take("]") {
				if usual.Load() != int64(n+1) {
					usual.Store(int64(n + 1))
				}
				return true
			}
			if !d.take(",") {
				return false
			}
		}
	}
}

// buildMap reads maps with plain texts for names.
func buildMap(t reflect.Type, within []reflect.Type) reader {
	element := buildReader(t.Elem(), within)
	if element == nil || t.Key().Kind() != reflect.String || reflect.PointerTo(t.Key()).Implements(textUnmarshaler) {
		return nil
	}
	return func(d *fastDecoder, v reflect.Value) bool {
		if d.take("null") {
			return true
		}
		if !d.take("{") {
			return false
		}
		v.Set(reflect.MakeMap(t))
		if d.take("}") {
			return true
		}
		for {
			name := reflect.New(t.Key()).Elem()
			value := reflect.New(t.Elem()).Elem()
			if !readString(d, name) || !d.take(":") || !element(d, value) {
				return false
			}
			v.SetMapIndex(name, value)
			if d.take("}") {
				return true
			}
			if !d.take(",") {
				return false
			}
		}
	}
}

func buildPointer(t reflect.Type, within []reflect.Type) reader {
	element := buildReader(t.Elem(), within)
	if element == nil {
		return nil
	}
	return func(d *fastDecoder, v reflect.Value) bool {
		if d.take("null") {
			return true
		}
		v.Set(reflect.New(t.Elem()))
		return element(d, v.Elem())
	}
}

// fieldReader reads one field of a struct, embedded ones by their path.
type fieldReader struct {
	name string
	path []int
	read reader
}

func buildStruct(t reflect.Type, within []reflect.Type) reader {
	fields, ok := structFields(t, nil, within)
	if !ok {
		return nil
	}
	slices.SortFunc(fields, func(a, b fieldReader) int { return compareNames([]byte(a.name), []byte(b.name)) })
	for i := range fields[:max(len(fields)-1, 0)] {
		if fields[i].name == fields[i+1].name {
			return nil // which of them is meant is a question for encoding/json
		}
	}
	return func(d *fastDecoder, v reflect.Value) bool {
		if !d.take("{") {
			return false
		}
		if d.take("}") {
			return true
		}
		for next := 0; ; {
			name, ok := d.plain()
			if !ok || !d.take(":") {
				return false
			}
			at := next
			for at < len(fields) && fields[at].name != string(name) {
				at++
			}
			switch {
			case at < len(fields):
				if next = at + 1; !fields[at].read(d, v.FieldByIndex(fields[at].path)) {
					return false
				}
			case mayMean(name, fields) || !d.skip(0):
				return false
			}
			if d.take("}") {
				return true
			}
			if !d.take(",") {
				return false
			}
		}
	}
}

// mayMean says whether encoding/json could take a name for one of the fields: out of order,
// a second time, or in other letters. Any other member is passed over.
func mayMean(name []byte, fields []fieldReader) bool {
	if !isPlain(name) {
		return true
	}
	for i := range fields {
		if len(fields[i].name) == len(name) && strings.EqualFold(fields[i].name, string(name)) {
			return true
		}
	}
	return false
}

func structFields(t reflect.Type, path []int, within []reflect.Type) (fields []fieldReader, ok bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(slices.Clone(path), i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			if f.Type.Kind() != reflect.Struct {
				return nil, false
			}
			inner, ok := structFields(f.Type, at, append(within, f.Type))
			if !ok {
				return nil, false
			}
			fields = append(fields, inner...)
			continue
		}
		if !f.IsExported() || name == "-" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		read := buildReader(f.Type, within)
		if strings.Contains(options, "string") {
			read = quotedReader(f.Type)
		}
		if read == nil {
			return nil, false
		}
		fields = append(fields, fieldReader{name, at, read})
	}
	return fields, true
}

// quotedReader is for the option ",string", which integers have here.
func quotedReader(t reflect.Type) reader {
	if t.Kind() != reflect.Int64 || reflect.PointerTo(t).Implements(textUnmarshaler) {
		return nil
	}
	return func(d *fastDecoder, v reflect.Value) bool {
		return d.take(`"`) && readInt(d, v) && d.take(`"`)
	}
}

// take passes a piece of text if it comes next.
func (d *fastDecoder) take(piece string) bool {
	if len(d.in)-d.pos < len(piece) || string(d.in[d.pos:d.pos+len(piece)]) != piece {
		return false
	}
	d.pos += len(piece)
	return true
}

// plain reads a string without escapes and gives its bytes where they lie.
func (d *fastDecoder) plain() ([]byte, bool) {
	if !d.take(`"`) {
		return nil, false
	}
	ascii := true
	for i := d.pos + plainLength(d.in[d.pos:]); i < len(d.in); i++ {
		switch b := d.in[i]; {
		case b == '"':
			text := d.in[d.pos:i]
			d.pos = i + 1
			return text, ascii || utf8.Valid(text)
		case b == '\\' || b < 0x20:
			return nil, false
		case b >= utf8.RuneSelf:
			ascii = false
		}
	}
	return nil, false
}

// skip passes any value that holds nothing out of the ordinary.
func (d *fastDecoder) skip(depth int) bool {
	if depth > MaxDepth || d.pos >= len(d.in) {
		return false
	}
	switch d.in[d.pos] {
	case '"':
		_, ok := d.plain()
		return ok
	case '[':
		return d.skipMembers(depth, "[", "]", func() bool { return true })
	case '{':
		return d.skipMembers(depth, "{", "}", func() bool {
			_, ok := d.plain()
			return ok && d.take(":")
		})
	case 'n':
		return d.take("null")
	case 't':
		return d.take("true")
	case 'f':
		return d.take("false")
	}
	_, _, ok := d.number()
	return ok
}

// skipMembers passes a list or object; name passes what stands before each value.
func (d *fastDecoder) skipMembers(depth int, open, end string, name func() bool) bool {
	if !d.take(open) {
		return false
	}
	if d.take(end) {
		return true
	}
	for {
		if !name() || !d.skip(depth+1) {
			return false
		}
		if d.take(end) {
			return true
		}
		if !d.take(",") {
			return false
		}
	}
}

func readString(d *fastDecoder, v reflect.Value) bool {
	start := d.pos
	text, ok := d.plain()
	if !ok {
		if d.pos = start; !d.take(`"`) {
			return false
		}
		c := canonicalizer{in: d.in, pos: d.pos}
		decoded, err := c.unescape()
		d.pos = c.pos
		v.SetString(string(decoded))
		return err == nil && utf8.Valid(decoded)
	}
	v.SetString(d.word(text))
	return true
}

// word is the text as a string, shared with earlier ones when it is short.
func (d *fastDecoder) word(text []byte) string {
	if len(text) > maxWordLength {
		return string(text)
	}
	if known, ok := d.words[string(text)]; ok {
		return known
	}
	if len(d.words) >= maxWords {
		clear(d.words)
	}
	word := string(text)
	d.words[word] = word
	return word
}

func readText(d *fastDecoder, v reflect.Value) bool {
	if d.take("null") {
		return true
	}
	text, ok := d.plain()
	return ok && v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText(text) == nil
}

func readBytes(d *fastDecoder, v reflect.Value) bool {
	if d.take("null") {
		return true
	}
	text, ok := d.plain()
	if !ok {
		return false
	}
	out := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(out, text)
	v.SetBytes(out[:n])
	return err == nil
}

func readBool(d *fastDecoder, v reflect.Value) bool {
	if d.take("true") {
		v.SetBool(true)
		return true
	}
	return d.take("false")
}

// number passes a JSON number and says whether it is written as an integer.
func (d *fastDecoder) number() (text []byte, integer, ok bool) {
	c := canonicalizer{in: d.in, pos: d.pos}
	integer, err := c.scanNumber()
	text = d.in[d.pos:c.pos]
	d.pos = c.pos
	return text, integer, err == nil
}

func readInt(d *fastDecoder, v reflect.Value) bool {
	text, integer, ok := d.number()
	if !ok || !integer {
		return false
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil || v.OverflowInt(n) {
		return false
	}
	v.SetInt(n)
	return true
}

func readFloat(d *fastDecoder, v reflect.Value) bool {
	text, _, ok := d.number()
	if !ok {
		return false
	}
	f, err := strconv.ParseFloat(string(text), 64)
	v.SetFloat(f)
	return err == nil
}
