package geo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"
)

// scanner reads JSON text once, from front to back, and keeps nothing but what it is asked
// for: its memory does not grow with what it skips or refuses.
type scanner struct {
	data []byte
	at   int

	inFeature bool   // messages name the feature
	index     int    // of the feature being read
	id        string // of the feature being read, once known
	vertices  int    // in the document

	// Where the feature being read and its coordinates begin, and whether it was read to
	// its end, for the place of what is wrong with it.
	featureAt, coordinatesAt int
	whole                    bool
}

// coordinates are the numbers of a geometry whose type may not be known yet.
type coordinates struct {
	points []Point
	ends   []int // of each chain in points
	groups []int // of each polygon in ends
	depth  int   // of the arrays around a position's numbers, itself counted
}

// begin starts the feature at a place in its list.
func (s *scanner) begin(index int) {
	s.inFeature, s.index, s.id = true, index, ""
	s.peek()
	s.featureAt, s.coordinatesAt, s.whole = s.at, 0, false
}

// invalid is a refusal that names the feature being read.
func (s *scanner) invalid(reason string) error { return s.invalidAt(-1, -1, reason) }

func (s *scanner) invalidAt(ring, vertex int, reason string) error {
	name := ""
	if s.inFeature {
		name = featureName(s.id, s.index)
	}
	return &InvalidError{name, ring, vertex, reason}
}

// syntax is a refusal of text that is no JSON, with its line.
func (s *scanner) syntax(what string) error {
	at := min(s.at, len(s.data))
	return s.invalid(fmt.Sprintf("not valid JSON at line %d: %s", 1+bytes.Count(s.data[:at], []byte{'\n'}), what))
}

func (s *scanner) byteOrderMark() {
	if bytes.HasPrefix(s.data, []byte("\ufeff")) {
		s.at = 3
	}
}

func (s *scanner) space() {
	for s.at < len(s.data) {
		switch s.data[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

// peek is the next byte that is not space, 0 at the end.
func (s *scanner) peek() byte {
	s.space()
	if s.at < len(s.data) {
		return s.data[s.at]
	}
	return 0
}

// take reads one punctuation byte.
func (s *scanner) take(c byte) error {
	if s.peek() != c {
		return s.syntax(fmt.Sprintf("expected %q, found %s", c, s.found()))
	}
	s.at++
	return nil
}

// found shows what stands here, for messages.
func (s *scanner) found() string {
	if s.peek() == 0 && s.at >= len(s.data) {
		return "the end"
	}
	end := s.at
	for end < len(s.data) && end < s.at+12 && !bytes.ContainsRune([]byte(" \t\r\n,]}"), rune(s.data[end])) {
		end++
	}
	return strconv.QuoteToASCII(string(s.data[s.at:max(end, s.at+1)]))
}

// literal reads a word if it stands here.
func (s *scanner) literal(word string) bool {
	s.space()
	if !bytes.HasPrefix(s.data[s.at:], []byte(word)) {
		return false
	}
	s.at += len(word)
	return true
}

// array reads an array, calling item at the front of each element.
func (s *scanner) array(item func(i int) error) error {
	if err := s.take('['); err != nil {
		return err
	}
	if s.peek() == ']' {
		s.at++
		return nil
	}
	for i := 0; ; i++ {
		if err := item(i); err != nil {
			return err
		}
		if s.peek() == ']' {
			s.at++
			return nil
		}
		if err := s.take(','); err != nil {
			return err
		}
	}
}

// members reads an object, calling value at the front of each member's value. A key may
// stand once.
func (s *scanner) members(limit int, value func(key string) error) error {
	if err := s.take('{'); err != nil {
		return err
	}
	if s.peek() == '}' {
		s.at++
		return nil
	}
	seen := make([]string, 0, 8)
	for {
		key, err := s.text(MaxIDBytes)
		if err != nil {
			return err
		}
		if slices.Contains(seen, key) {
			return s.invalid(fmt.Sprintf("the key %.40q stands twice in one object: keep one", key))
		}
		if seen = append(seen, key); len(seen) > limit {
			return s.invalid(fmt.Sprintf("more than %d members in one object: put them into properties", limit))
		}
		if err := s.take(':'); err != nil {
			return err
		}
		if err := value(key); err != nil {
			return err
		}
		if s.peek() == '}' {
			s.at++
			return nil
		}
		if err := s.take(','); err != nil {
			return err
		}
	}
}

// text reads a string of at most limit bytes.
func (s *scanner) text(limit int) (string, error) {
	if s.peek() != '"' {
		return "", s.syntax("expected a string, found " + s.found())
	}
	end := stringEnd(s.data[:min(len(s.data), s.at+limit+2)], s.at)
	if end >= s.at+limit+2 {
		return "", s.invalid(fmt.Sprintf("a name or id of more than %d bytes: shorten it", limit))
	}
	if end >= len(s.data) {
		return "", s.syntax("a string that does not end")
	}
	raw := s.data[s.at : end+1]
	if !plain(raw) && (!utf8.Valid(raw) || !json.Valid(raw)) {
		return "", s.syntax("a string with a bad escape or not in UTF-8")
	}
	s.at = end + 1
	return unquoted(raw), nil
}

// plain says whether a quoted string is printable ASCII without escapes, as nearly all are.
func plain(raw []byte) bool {
	for _, c := range raw {
		if c < ' ' || c > '~' || c == '\\' {
			return false
		}
	}
	return true
}

// skip steps over any value, within the bounds of size and depth, and gives it compact.
func (s *scanner) skip(what string, depth int) (json.RawMessage, error) {
	s.space()
	start := s.at
	if err := s.balance(what, depth); err != nil {
		return nil, err
	}
	raw := s.data[start:s.at]
	if string(raw) == "{}" {
		return raw, nil
	}
	var compact bytes.Buffer
	if !utf8.Valid(raw) || json.Compact(&compact, raw) != nil {
		return nil, s.syntax(what + " cannot be read, or is not in UTF-8")
	}
	if key, twice := repeatedKey(compact.Bytes()); twice {
		return nil, s.invalid(fmt.Sprintf("%s: the key %.40q stands twice in one object: keep one", what, key))
	}
	return compact.Bytes(), nil
}

// balance moves to the end of a value by its brackets and quotes alone.
func (s *scanner) balance(what string, depth int) error {
	start, open, quoted := s.at, 0, false
	for ; s.at < len(s.data); s.at++ {
		if s.at-start >= MaxPropertyBytes {
			return s.invalid(fmt.Sprintf("%s take more than %d KiB: shorten them", what, MaxPropertyBytes>>10))
		}
		switch c := s.data[s.at]; {
		case quoted:
			if c == '\\' {
				s.at++
			}
			quoted = c != '"'
		case c == '"':
			quoted = true
		case c == '[' || c == '{':
			if open++; depth+open > MaxGeoJSONDepth {
				return s.invalid(fmt.Sprintf("%s are nested more than %d deep: flatten them", what, MaxGeoJSONDepth))
			}
		case (c == ']' || c == '}') && open > 0:
			if open--; open == 0 {
				s.at++
				return nil
			}
		case open == 0 && (c == ',' || c == ']' || c == '}'):
			return nil
		}
	}
	s.at = len(s.data) // a backslash at the very end steps over it
	return nil         // that the value is not whole, the decoder says
}

// repeatedKey finds a key that stands twice in one object of compact valid JSON.
func repeatedKey(raw []byte) (string, bool) {
	type member struct {
		object int
		key    string
	}
	seen := map[member]bool{}
	var open []int // the number of each open object, 0 for an array
	objects, keyNext := 0, false
	for at := 0; at < len(raw); at++ {
		switch raw[at] {
		case '{':
			objects++
			open, keyNext = append(open, objects), true
		case '[':
			open, keyNext = append(open, 0), false
		case ']', '}':
			open, keyNext = open[:len(open)-1], false
		case ',':
			keyNext = open[len(open)-1] > 0
		case '"':
			end := stringEnd(raw, at)
			if keyNext {
				m := member{open[len(open)-1], unquoted(raw[at : end+1])}
				if seen[m] {
					return m.key, true
				}
				seen[m], keyNext = true, false
			}
			at = end
		}
	}
	return "", false
}

// stringEnd is the place of the closing quote, or the end of the text.
func stringEnd(data []byte, at int) int {
	for at++; at < len(data) && data[at] != '"'; at++ {
		if data[at] == '\\' {
			at++
		}
	}
	return at
}

// unquoted is the text of a valid JSON string.
func unquoted(raw []byte) string {
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	var out string
	if json.Unmarshal(raw, &out) != nil {
		return string(raw)
	}
	return out
}

func shownKey(key string) string { return fmt.Sprintf("%.40q", key) }
