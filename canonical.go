package truce

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Canonical writes v as RFC 8785 JSON. It refuses what two readers could take
// differently: NaN, infinities, -0, integers beyond 2^53, text that is not NFC or not
// UTF-8. 64-bit integers belong in strings, outside bytes in base64.
func Canonical(v any) ([]byte, error) {
	raw, err := marshalPlain(v)
	if err != nil {
		return nil, Errorf(CodeInvalid, "canonical: %w", err)
	}
	return CanonicalJSON(raw)
}

func marshalPlain(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return buf.Bytes(), err
}

// CanonicalJSON rewrites JSON text canonically.
func CanonicalJSON(raw []byte) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, Errorf(CodeInvalid, "canonical: %w", err)
	}
	out := make([]byte, 0, len(raw))
	out, err := appendValue(out, v)
	if err != nil {
		return nil, err
	}
	if len(out) > MaxBody {
		return nil, Errorf(CodeTooLarge, "canonical: body of %d bytes, the bound is %d", len(out), MaxBody)
	}
	return out, nil
}

func appendValue(out []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(out, "null"...), nil
	case bool:
		return strconv.AppendBool(out, v), nil
	case json.Number:
		return appendNumber(out, v)
	case string:
		return appendString(out, v)
	case []any:
		return appendArray(out, v)
	default:
		return appendObject(out, v.(map[string]any))
	}
}

func appendArray(out []byte, list []any) ([]byte, error) {
	out = append(out, '[')
	for i, v := range list {
		if i > 0 {
			out = append(out, ',')
		}
		var err error
		if out, err = appendValue(out, v); err != nil {
			return nil, err
		}
	}
	return append(out, ']'), nil
}

// appendObject orders names by their UTF-16 code units (RFC 8785, 3.2.3).
func appendObject(out []byte, obj map[string]any) ([]byte, error) {
	names := make([]string, 0, len(obj))
	for name := range obj {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
	})
	out = append(out, '{')
	for i, name := range names {
		if i > 0 {
			out = append(out, ',')
		}
		var err error
		if out, err = appendString(out, name); err != nil {
			return nil, err
		}
		if out, err = appendValue(append(out, ':'), obj[name]); err != nil {
			return nil, err
		}
	}
	return append(out, '}'), nil
}

// appendNumber writes a number as ECMAScript does (RFC 8785, 3.2.2.3).
func appendNumber(out []byte, n json.Number) ([]byte, error) {
	f, err := n.Float64()
	if err != nil || math.IsInf(f, 0) {
		return nil, Errorf(CodeInvalid, "canonical: number %s is out of range", n)
	}
	if f == 0 && math.Signbit(f) {
		return nil, Errorf(CodeInvalid, "canonical: -0 is refused, write 0")
	}
	if f == math.Trunc(f) && math.Abs(f) > 1<<53 && !strings.ContainsAny(n.String(), ".eE") {
		return nil, Errorf(CodeInvalid, "canonical: integer %s is beyond 2^53, write it as a string", n)
	}
	return appendES6(out, f), nil
}

func appendES6(out []byte, f float64) []byte {
	abs := math.Abs(f)
	if f == 0 || abs >= 1e-6 && abs < 1e21 {
		return strconv.AppendFloat(out, f, 'f', -1, 64)
	}
	s := strconv.FormatFloat(f, 'e', -1, 64)
	mantissa, exp, _ := strings.Cut(s, "e")
	sign, digits := exp[:1], strings.TrimLeft(exp[1:], "0")
	return append(out, mantissa+"e"+sign+digits...)
}

func appendString(out []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) || strings.ContainsRune(s, utf8.RuneError) {
		return nil, Errorf(CodeInvalid, "canonical: text %q is not UTF-8; keep outside bytes as bytes", s)
	}
	if !norm.NFC.IsNormalString(s) {
		return nil, Errorf(CodeInvalid, "canonical: text %q is not in Unicode normal form C", s)
	}
	out = append(out, '"')
	for i := 0; i < len(s); i++ {
		out = appendEscaped(out, s[i])
	}
	return append(out, '"'), nil
}

var shortEscapes = map[byte]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}

func appendEscaped(out []byte, c byte) []byte {
	if short, ok := shortEscapes[c]; ok {
		return append(out, short...)
	}
	if c < 0x20 {
		const hex = "0123456789abcdef"
		return append(out, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
	}
	return append(out, c)
}

// CleanText makes outside text fit for a record: valid UTF-8, normal form C, no
// control characters but tab and line feed. What it drops stays in the raw bytes.
func CleanText(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || r < 0x20 && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(s)
}
