package truce

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Canonical writes v as RFC 8785 JSON. It refuses what two readers could take
// differently: NaN, infinities, -0, integers beyond 2^53, text that is not NFC or not
// UTF-8. 64-bit integers belong in strings, outside bytes in base64.
func Canonical(v any) ([]byte, error) {
	if body, ok := encodeCanonical(v); ok {
		return body, nil
	}
	raw, err := marshalPlain(v)
	if err != nil {
		return nil, Errorf(CodeInvalid, "canonical: %w", err)
	}
	return CanonicalJSON(raw)
}

// AppendCanonical is Canonical with its text put behind out.
func AppendCanonical(out []byte, v any) ([]byte, error) {
	if text, ok := appendFast(out, v); ok {
		return text, nil
	}
	body, err := Canonical(v)
	return append(out, body...), err
}

func marshalPlain(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return buf.Bytes(), err
}

// CanonicalJSON rewrites one JSON text canonically. A name that stands twice in an
// object is refused.
func CanonicalJSON(raw []byte) ([]byte, error) { return canonicalWithin(raw, MaxBody) }

// CanonicalBody is CanonicalJSON for the body of a record of the given kind, within the
// bound of that kind.
func CanonicalBody(kind RecordKind, raw []byte) ([]byte, error) {
	return canonicalWithin(raw, bodyBound(kind))
}

// IsCanonicalBody says whether a text is what CanonicalBody makes of it, without writing
// it anew: a day's bulletin of 100 MiB is checked where it lies.
func IsCanonicalBody(kind RecordKind, raw []byte) bool {
	if len(raw) > bodyBound(kind) {
		return false
	}
	c := canonicalizer{in: raw, checks: true}
	return c.value(0) == nil && c.pos == len(raw) && c.hold()
}

// checkedAtOnce is how much of a text is held against what it should be at a time.
const checkedAtOnce = 4 << 10

// hold says whether the text since the last hold is written as it should be.
func (c *canonicalizer) hold() bool {
	same := bytes.Equal(c.out, c.in[c.held:c.pos])
	c.out, c.held = c.out[:0], c.pos
	return same
}

// bodyBound is how large the canonical body of a record of a kind may be.
func bodyBound(kind RecordKind) int {
	if kind == RecordBulletin {
		return MaxBulletinBody
	}
	return MaxBody
}

func canonicalWithin(raw []byte, bound int) ([]byte, error) {
	if len(raw) > rawTimes*bound {
		return nil, Errorf(CodeTooLarge, "canonical: text of %d bytes, the bound is %d", len(raw), rawTimes*bound)
	}
	c := canonicalizer{in: raw, out: make([]byte, 0, len(raw))}
	if err := c.value(0); err != nil {
		return nil, fmt.Errorf("canonical: %w", err)
	}
	if c.skipSpace(); c.pos < len(raw) {
		return nil, fmt.Errorf("canonical: %w", c.bad("more text after the value"))
	}
	if len(c.out) > bound {
		return nil, Errorf(CodeTooLarge, "canonical: body of %d bytes, the bound is %d", len(c.out), bound)
	}
	return c.out, nil
}

// canonicalizer reads JSON once and writes it canonically on the way. Only the members
// of objects are moved afterwards, when they were not in order.
type canonicalizer struct {
	in      []byte
	pos     int
	out     []byte
	checks  bool     // out is only held against the text and forgotten
	held    int      // how much of the text was held against out
	members []member // of the objects that are open, innermost last
	names   []byte   // of those members
	spare   []byte   // an object while its members are moved
}

// member is one member of an object as written, out[from:to], and its name,
// names[name:end]. Without pointers it is sorted cheaply.
type member struct{ name, end, from, to int }

func (c *canonicalizer) bad(what string) error {
	return Errorf(CodeInvalid, "%s at byte %d", what, c.pos)
}

func (c *canonicalizer) skipSpace() {
	for c.pos < len(c.in) {
		switch c.in[c.pos] {
		case ' ', '\t', '\n', '\r':
			c.pos++
		default:
			return
		}
	}
}

// peek is the next byte, 0 at the end.
func (c *canonicalizer) peek() byte {
	if c.pos < len(c.in) {
		return c.in[c.pos]
	}
	return 0
}

func (c *canonicalizer) value(depth int) error {
	if depth > MaxDepth {
		return Errorf(CodeTooLarge, "nested deeper than %d", MaxDepth)
	}
	c.skipSpace()
	switch b := c.peek(); {
	case b == '{':
		return c.object(depth)
	case b == '[':
		return c.array(depth)
	case b == '"':
		_, err := c.text()
		return err
	case b == '-' || b >= '0' && b <= '9':
		return c.number()
	}
	for _, word := range []string{"null", "true", "false"} {
		if bytes.HasPrefix(c.in[c.pos:], []byte(word)) {
			c.pos += len(word)
			c.out = append(c.out, word...)
			return nil
		}
	}
	return c.bad("no JSON value")
}

func (c *canonicalizer) array(depth int) error {
	c.pos++
	c.out = append(c.out, '[')
	for first := true; ; first = false {
		done, err := c.next(']', first)
		if err != nil || done {
			return err
		}
		if err := c.value(depth + 1); err != nil {
			return err
		}
		if c.checks && len(c.out) > checkedAtOnce && !c.hold() {
			return c.bad("not written canonically")
		}
	}
}

// next passes the comma before an element, or the end of the list.
func (c *canonicalizer) next(end byte, first bool) (done bool, err error) {
	c.skipSpace()
	switch b := c.peek(); {
	case b == end:
		c.pos++
		c.out = append(c.out, end)
		return true, nil
	case first:
		return false, nil
	case b != ',':
		return false, c.bad("want a comma or the end of the list")
	}
	c.pos++
	c.out = append(c.out, ',')
	return false, nil
}

// object writes the members as they come and then puts them in the order of their
// names' UTF-16 code units (RFC 8785, 3.2.3).
func (c *canonicalizer) object(depth int) error {
	c.pos++
	c.out = append(c.out, '{')
	base, start, ordered := len(c.members), len(c.out), true
	for first := true; ; first = false {
		done, err := c.next('}', first)
		if err != nil {
			return err
		}
		if done {
			break
		}
		m, err := c.member(depth)
		if err != nil {
			return err
		}
		if n := len(c.members); n > base && c.compare(c.members[n-1], m) >= 0 {
			ordered = false
		}
		c.members = append(c.members, m)
	}
	if !ordered && c.checks {
		return c.bad("names out of order")
	}
	if !ordered {
		if err := c.reorder(start, c.members[base:]); err != nil {
			return err
		}
	}
	if len(c.members) > base {
		c.names = c.names[:c.members[base].name]
	}
	c.members = c.members[:base]
	return nil
}

func (c *canonicalizer) member(depth int) (member, error) {
	c.skipSpace()
	if c.peek() != '"' {
		return member{}, c.bad("want a name")
	}
	m := member{name: len(c.names), from: len(c.out)}
	name, err := c.text()
	if err != nil {
		return m, err
	}
	c.names = append(c.names, name...)
	m.end = len(c.names)
	if c.skipSpace(); c.peek() != ':' {
		return m, c.bad("want a colon")
	}
	c.pos++
	c.out = append(c.out, ':')
	err = c.value(depth + 1)
	m.to = len(c.out)
	return m, err
}

// reorder writes the members of the object that was just closed in order.
func (c *canonicalizer) reorder(start int, members []member) error {
	slices.SortFunc(members, c.compare)
	c.spare = append(c.spare[:0], c.out[start:]...)
	c.out = c.out[:start]
	for i, m := range members {
		if i > 0 {
			if c.compare(members[i-1], m) == 0 {
				return Errorf(CodeInvalid, "the name %q stands twice in an object", c.names[m.name:m.end])
			}
			c.out = append(c.out, ',')
		}
		c.out = append(c.out, c.spare[m.from-start:m.to-start]...)
	}
	c.out = append(c.out, '}')
	return nil
}

func (c *canonicalizer) compare(a, b member) int {
	return compareNames(c.names[a.name:a.end], c.names[b.name:b.end])
}

// compareNames orders names by UTF-16 code units. UTF-8 has the same order, but that
// characters beyond the basic plane (first byte from 0xF0) come before U+E000 to
// U+FFFF (first byte 0xEE or 0xEF).
func compareNames(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return cmp.Compare(unitRank(a[i]), unitRank(b[i]))
		}
	}
	return cmp.Compare(len(a), len(b))
}

func unitRank(b byte) int {
	if b == 0xEE || b == 0xEF {
		return 0x100 + int(b)
	}
	return int(b)
}

// number writes a number as ECMAScript does (RFC 8785, 3.2.2.3).
func (c *canonicalizer) number() error {
	from := c.pos
	integer, err := c.scanNumber()
	if err != nil {
		return err
	}
	return c.appendNumber(string(c.in[from:c.pos]), integer)
}

// scanNumber passes a number of JSON's grammar (RFC 8259, section 6).
func (c *canonicalizer) scanNumber() (integer bool, err error) {
	if c.peek() == '-' {
		c.pos++
	}
	whole := c.digits()
	if whole == 0 || whole > 1 && c.in[c.pos-whole] == '0' {
		return false, c.bad("no JSON number")
	}
	integer = true
	if c.peek() == '.' {
		integer = false
		if c.pos++; c.digits() == 0 {
			return false, c.bad("no JSON number")
		}
	}
	if b := c.peek(); b == 'e' || b == 'E' {
		integer = false
		if c.pos++; c.peek() == '+' || c.peek() == '-' {
			c.pos++
		}
		if c.digits() == 0 {
			return false, c.bad("no JSON number")
		}
	}
	return integer, nil
}

func (c *canonicalizer) digits() int {
	from := c.pos
	for b := c.peek(); b >= '0' && b <= '9'; b = c.peek() {
		c.pos++
	}
	return c.pos - from
}

func (c *canonicalizer) appendNumber(text string, integer bool) error {
	if integer && text != "-0" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n > 1<<53 || n < -(1<<53) {
			return Errorf(CodeInvalid, "integer %s is beyond 2^53, write it as a string", text)
		}
		c.out = append(c.out, text...)
		return nil
	}
	f, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil:
		return Errorf(CodeInvalid, "number %s is out of range", text)
	case f == 0 && math.Signbit(f):
		return Errorf(CodeInvalid, "-0 is refused, write 0")
	case math.Abs(f) > maxInteger && math.Abs(f) < 1e21:
		return Errorf(CodeInvalid, "number %s is beyond 2^53 and would be written as an integer, write it as a string", text)
	}
	c.out = appendES6(c.out, f)
	return nil
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

// text writes a string and gives its characters. Plain ASCII, the common case, is
// copied.
func (c *canonicalizer) text() ([]byte, error) {
	c.pos++
	for i := c.pos + plainLength(c.in[c.pos:]); i < len(c.in); i++ {
		b := c.in[i]
		if b == '"' {
			plain := c.in[c.pos:i]
			c.out = append(c.out, c.in[c.pos-1:i+1]...)
			c.pos = i + 1
			return plain, nil
		}
		if b == '\\' || b < 0x20 || b >= utf8.RuneSelf {
			break
		}
	}
	decoded, err := c.unescape()
	if err != nil {
		return nil, err
	}
	c.out, err = appendString(c.out, string(decoded))
	return decoded, err
}

// plainLength is the length of a beginning of text that holds only ASCII that is written
// as it is, eight bytes at a time; a byte that is not may follow later than right behind.
func plainLength(text []byte) int {
	const each, high = 0x0101010101010101, 0x8080808080808080
	n := 0
	for ; n+8 <= len(text); n += 8 {
		eight := binary.LittleEndian.Uint64(text[n:])
		quote, slash := eight^('"'*each), eight^('\\'*each)
		// A byte minus one borrows from its high bit only when it is 0, minus 0x20 only
		// when it is a control character; borrows from below make the test too careful.
		if (eight|(eight-0x20*each)|(quote-each)|(slash-each))&high != 0 {
			break
		}
	}
	return n
}

// unescape reads the rest of a string to behind its closing quote.
func (c *canonicalizer) unescape() ([]byte, error) {
	var decoded []byte
	for c.pos < len(c.in) {
		b := c.in[c.pos]
		c.pos++
		switch {
		case b == '"':
			return decoded, nil
		case b < 0x20:
			return nil, c.bad("a control character in a string")
		case b != '\\':
			decoded = append(decoded, b)
		default:
			var err error
			if decoded, err = c.escape(decoded); err != nil {
				return nil, err
			}
		}
	}
	return nil, c.bad("a string without an end")
}

// escape reads what follows a backslash.
func (c *canonicalizer) escape(decoded []byte) ([]byte, error) {
	b := c.peek()
	c.pos++
	if at := strings.IndexByte(`"\/bfnrt`, b); at >= 0 && b != 0 {
		return append(decoded, "\"\\/\b\f\n\r\t"[at]), nil
	}
	if b != 'u' {
		return nil, c.bad("an unknown escape")
	}
	r, err := c.hexRune()
	if err != nil {
		return nil, err
	}
	if utf16.IsSurrogate(r) && bytes.HasPrefix(c.in[c.pos:], []byte(`\u`)) {
		c.pos += 2
		low, err := c.hexRune()
		if err != nil {
			return nil, err
		}
		r = utf16.DecodeRune(r, low)
	}
	return utf8.AppendRune(decoded, r), nil // half a pair becomes U+FFFD and is refused
}

func (c *canonicalizer) hexRune() (rune, error) {
	if len(c.in) < c.pos+4 {
		return 0, c.bad("an escape cut short")
	}
	n, err := strconv.ParseUint(string(c.in[c.pos:c.pos+4]), 16, 16)
	if err != nil {
		return 0, c.bad("an escape without four hex digits")
	}
	c.pos += 4
	return rune(n), nil
}

func appendString(out []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) || strings.ContainsRune(s, utf8.RuneError) {
		return nil, Errorf(CodeInvalid, "text %q is not UTF-8; keep outside bytes as bytes", s)
	}
	if !norm.NFC.IsNormalString(s) {
		return nil, Errorf(CodeInvalid, "text %q is not in Unicode normal form C", s)
	}
	out = append(out, '"')
	for i := 0; i < len(s); i++ {
		out = appendEscaped(out, s[i])
	}
	return append(out, '"'), nil
}

func appendEscaped(out []byte, b byte) []byte {
	switch b {
	case '"', '\\':
		return append(out, '\\', b)
	case '\b', '\f', '\n', '\r', '\t':
		return append(out, '\\', "btn?fr"[b-'\b'])
	}
	if b < 0x20 {
		const hex = "0123456789abcdef"
		return append(out, '\\', 'u', '0', '0', hex[b>>4], hex[b&15])
	}
	return append(out, b)
}

// CleanText makes outside text fit for a record: valid UTF-8, normal form C, no
// control characters but tab and line feed, and none of those that turn or hide the text
// around them. What it drops stays in the raw bytes. Records that hold such characters
// are read as they are.
func CleanText(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || r < 0x20 && r != '\n' && r != '\t' || r >= 0x7f && hidden(r) {
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(s)
}

// hidden says whether a character is a control or a format character (Unicode's Cc and
// Cf: directions, zero widths, tags). The two joiners change how letters are written, and
// the signs before numbers are seen; those stay.
func hidden(r rune) bool {
	const nonJoiner, joiner = 0x200c, 0x200d
	if r == nonJoiner || r == joiner || unicode.Is(unicode.Prepended_Concatenation_Mark, r) {
		return false
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}
