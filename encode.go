package truce

import (
	"encoding"
	"encoding/base64"
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// encodeCanonical writes v as Canonical does, without JSON text in between: names are in
// order before a value is seen. It takes a third of the time. false means that it met
// something out of the ordinary, or something that is refused; encoding/json and
// CanonicalJSON then have the last word.
func encodeCanonical(v any) ([]byte, bool) {
	value, write := written(v)
	if write == nil {
		return nil, false
	}
	e := encoders.Get().(*fastEncoder)
	defer e.release()
	if !write(e, value) || len(e.out) > MaxBody {
		return nil, false
	}
	return slices.Clone(e.out), true
}

// appendFast is encodeCanonical behind what is written already.
func appendFast(out []byte, v any) ([]byte, bool) {
	value, write := written(v)
	if write == nil {
		return nil, false
	}
	e := fastEncoder{out: out, bound: len(out) + MaxBody}
	ok := write(&e, value) && len(e.out) <= e.bound
	return e.out, ok
}

// written gives a value that has an address and how it is written, nil when only
// encoding/json can.
func written(v any) (reflect.Value, writer) {
	value := reflect.ValueOf(v)
	if value.Kind() == reflect.Pointer && !value.IsNil() {
		value = value.Elem()
	} else if value.IsValid() {
		fresh := reflect.New(value.Type()).Elem() // methods are called without a copy on what has an address
		fresh.Set(value)
		value = fresh
	}
	if !value.IsValid() {
		return value, nil
	}
	return value, writerOf(value.Type())
}

// encoders keeps buffers; they hold nothing that a result depends on.
var encoders = sync.Pool{New: func() any { return &fastEncoder{bound: MaxBody} }}

// keptBuffer is the longest buffer kept for the next value: a batch's rows and almost
// every record fit.
const keptBuffer = 64 << 10

// fastEncoder holds what was written so far.
type fastEncoder struct {
	out   []byte
	bound int // of out
}

func (e *fastEncoder) release() {
	if cap(e.out) <= keptBuffer {
		e.out = e.out[:0]
		encoders.Put(e)
	}
}

// writers keeps how each type is written, worked out once.
var writers sync.Map // reflect.Type: writer

// writer appends an addressable value; false means that it cannot.
type writer func(e *fastEncoder, v reflect.Value) bool

func writerOf(t reflect.Type) writer {
	if known, ok := writers.Load(t); ok {
		return known.(writer)
	}
	built := buildWriter(t, nil)
	writers.Store(t, built)
	return built
}

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
	textAppender  = reflect.TypeFor[encoding.TextAppender]()
)

// buildWriter gives nil for types that only encoding/json writes; within are the structs
// that t lies in, for a type that holds itself is one of them.
func buildWriter(t reflect.Type, within []reflect.Type) writer {
	pointer := reflect.PointerTo(t)
	switch {
	case slices.Contains(within, t) || pointer.Implements(jsonMarshaler):
		return nil
	case t.Kind() == reflect.Pointer:
		return buildPointerWriter(t, within)
	case t.Implements(textMarshaler) && t.Implements(textAppender):
		return writeAppended
	case t.Implements(textMarshaler):
		return writeMarshalled
	case pointer.Implements(textMarshaler):
		return nil
	}
	switch t.Kind() {
	case reflect.Bool:
		return writeBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return writeInt
	case reflect.Float64:
		return writeFloat
	case reflect.String:
		return func(e *fastEncoder, v reflect.Value) bool { return e.text(v.String()) }
	case reflect.Slice:
		return buildSliceWriter(t, within)
	case reflect.Map:
		return buildMapWriter(t, within)
	case reflect.Struct:
		return buildStructWriter(t, append(within, t))
	}
	return nil
}

func buildPointerWriter(t reflect.Type, within []reflect.Type) writer {
	write := buildWriter(t.Elem(), within)
	if write == nil || t.Elem().Kind() == reflect.Pointer {
		return nil
	}
	return func(e *fastEncoder, v reflect.Value) bool {
		if v.IsNil() {
			return e.raw("null")
		}
		return write(e, v.Elem())
	}
}

func buildSliceWriter(t reflect.Type, within []reflect.Type) writer {
	if t.Elem() == reflect.TypeFor[byte]() {
		return writeBytes
	}
	write := buildWriter(t.Elem(), within)
	if write == nil {
		return nil
	}
	return func(e *fastEncoder, v reflect.Value) bool {
		if v.IsNil() {
			return e.raw("null")
		}
		e.out = append(e.out, '[')
		for i := range v.Len() {
			if i > 0 {
				e.out = append(e.out, ',')
			}
			if !write(e, v.Index(i)) || len(e.out) > e.bound {
				return false
			}
		}
		return e.raw("]")
	}
}

// buildMapWriter writes maps with plain texts for names.
func buildMapWriter(t reflect.Type, within []reflect.Type) writer {
	write := buildWriter(t.Elem(), within)
	if write == nil || t.Key().Kind() != reflect.String || t.Key().Implements(textMarshaler) {
		return nil
	}
	return func(e *fastEncoder, v reflect.Value) bool {
		if v.IsNil() {
			return e.raw("null")
		}
		names := v.MapKeys()
		slices.SortFunc(names, func(a, b reflect.Value) int { return compareNames([]byte(a.String()), []byte(b.String())) })
		e.out = append(e.out, '{')
		value := reflect.New(t.Elem()).Elem()
		for i, name := range names {
			if i > 0 {
				e.out = append(e.out, ',')
			}
			value.Set(v.MapIndex(name))
			if !e.text(name.String()) || !e.raw(":") || !write(e, value) {
				return false
			}
		}
		return e.raw("}")
	}
}

// fieldWriter writes one field of a struct, embedded ones by their path.
type fieldWriter struct {
	name      string
	label     string // the name as it is written, with its colon
	path      []int
	omitEmpty bool
	omitZero  bool
	write     writer
}

func buildStructWriter(t reflect.Type, within []reflect.Type) writer {
	fields, ok := fieldWriters(t, nil, within)
	if !ok {
		return nil
	}
	slices.SortFunc(fields, func(a, b fieldWriter) int { return compareNames([]byte(a.name), []byte(b.name)) })
	for i := range fields[:max(len(fields)-1, 0)] {
		if fields[i].name == fields[i+1].name {
			return nil // which of them is meant is a question for encoding/json
		}
	}
	return func(e *fastEncoder, v reflect.Value) bool {
		e.out = append(e.out, '{')
		first := true
		for i := range fields {
			f := &fields[i]
			field := v.Field(f.path[0])
			for _, at := range f.path[1:] {
				field = field.Field(at)
			}
			if f.omitEmpty && isEmpty(field) || f.omitZero && field.IsZero() {
				continue
			}
			if !first {
				e.out = append(e.out, ',')
			}
			first = false
			e.out = append(e.out, f.label...)
			if !f.write(e, field) {
				return false
			}
		}
		return e.raw("}")
	}
}

func fieldWriters(t reflect.Type, path []int, within []reflect.Type) (fields []fieldWriter, ok bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(slices.Clone(path), i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			if f.Type.Kind() != reflect.Struct || slices.Contains(within, f.Type) {
				return nil, false
			}
			inner, ok := fieldWriters(f.Type, at, append(within, f.Type))
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
		field := fieldWriter{name: name, path: at, write: buildWriter(f.Type, within)}
		if field.takeOptions(f.Type, options); field.write == nil || !isPlain([]byte(name)) {
			return nil, false
		}
		field.label = `"` + name + `":`
		fields = append(fields, field)
	}
	return fields, true
}

// takeOptions heeds what stands behind the name in a field's tag.
func (f *fieldWriter) takeOptions(t reflect.Type, options string) {
	for option := range strings.SplitSeq(options, ",") {
		switch {
		case option == "":
		case option == "omitempty":
			f.omitEmpty = true
		case option == "omitzero" && plainZero(t):
			f.omitZero = true
		case option == "string" && t.Kind() == reflect.Int64 && !t.Implements(textMarshaler):
			f.write = func(e *fastEncoder, v reflect.Value) bool { return e.raw(`"` + strconv.FormatInt(v.Int(), 10) + `"`) }
		default:
			f.write = nil
		}
	}
}

// plainZero says whether the type's zero, as omitzero heeds it, is that of Go: no method
// decides otherwise. Of those here that have the method, it says the same.
func plainZero(t reflect.Type) bool {
	if t == reflect.TypeFor[Hash]() || t == reflect.TypeFor[ID]() {
		return true
	}
	_, has := reflect.PointerTo(t).MethodByName("IsZero")
	return !has
}

// isEmpty is what encoding/json leaves out for omitempty; a struct or array never is.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	case reflect.Array:
		return v.Len() == 0
	}
	return v.IsZero()
}

func (e *fastEncoder) raw(piece string) bool {
	e.out = append(e.out, piece...)
	return true
}

// isPlain says whether a text is written as it is: ASCII without escapes.
func isPlain(text []byte) bool {
	for _, b := range text {
		if b < 0x20 || b == '"' || b == '\\' || b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func (e *fastEncoder) text(s string) bool {
	start := len(e.out)
	e.out = append(append(append(e.out, '"'), s...), '"')
	if isPlain(e.out[start+1 : len(e.out)-1]) {
		return true
	}
	var err error
	e.out, err = appendString(e.out[:start], s)
	return err == nil
}

func writeAppended(e *fastEncoder, v reflect.Value) bool {
	start := len(e.out)
	out, err := v.Addr().Interface().(encoding.TextAppender).AppendText(append(e.out, '"'))
	if err != nil || !isPlain(out[start+1:]) {
		return false
	}
	e.out = append(out, '"')
	return true
}

func writeMarshalled(e *fastEncoder, v reflect.Value) bool {
	text, err := v.Addr().Interface().(encoding.TextMarshaler).MarshalText()
	return err == nil && e.text(string(text))
}

func writeBool(e *fastEncoder, v reflect.Value) bool {
	e.out = strconv.AppendBool(e.out, v.Bool())
	return true
}

// maxInteger is the largest that every reader of JSON takes for the same number.
const maxInteger = 1 << 53

func writeInt(e *fastEncoder, v reflect.Value) bool {
	n := v.Int()
	e.out = strconv.AppendInt(e.out, n, 10)
	return n >= -maxInteger && n <= maxInteger
}

// writeFloat refuses what CanonicalJSON refuses: NaN, infinities, -0, and what would
// read as an integer beyond 2^53.
func writeFloat(e *fastEncoder, v reflect.Value) bool {
	f := v.Float()
	abs := math.Abs(f)
	if !(abs <= maxInteger || abs >= 1e21 && abs <= math.MaxFloat64) || f == 0 && math.Signbit(f) {
		return false
	}
	e.out = appendES6(e.out, f)
	return true
}

func writeBytes(e *fastEncoder, v reflect.Value) bool {
	if v.IsNil() {
		return e.raw("null")
	}
	e.out = append(base64.StdEncoding.AppendEncode(append(e.out, '"'), v.Bytes()), '"')
	return true
}
