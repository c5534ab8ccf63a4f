package feed

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/trucewatch/truce/source"
)

// declaration is an XML declaration with its encoding.
var declaration = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"'>]{0,80})["'][^>]{0,200}?\?>`)
})

// readable is a feed as UTF-8, or why it cannot be that. note is what was mended in it.
type readable struct {
	doc       []byte
	note, why string
}

// text turns the bytes of a feed into UTF-8 without mark, leading space, XML declaration
// and control characters, or says why it cannot. contentType is the header of the answer,
// or a charset alone.
//
// A byte order mark decides, then the header, then the declaration. Bytes that are UTF-8
// are taken as that whatever is declared: a wrong declaration is the most frequent
// mistake, and no longer text of another encoding happens to be valid UTF-8. A few wrong
// bytes, such as a letter a program cut in two, do not cost the feed: they become U+FFFD
// here, which truce.CleanText leaves out of what is recorded.
func text(raw []byte, contentType string) readable {
	if len(raw) > MaxFile {
		return readable{why: fmt.Sprintf("the feed is over the bound of %d bytes; ask its publisher for a shorter one", MaxFile)}
	}
	if order, mark, ok := utf16Order(raw); ok {
		return decoded(raw, unicode.UTF16(order, mark), "UTF-16")
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	wrong := notUTF8(raw)
	if wrong.bytes == 0 {
		return readable{doc: clean(raw)}
	}
	stated := labels(raw, contentType)
	others := slices.DeleteFunc(slices.Clone(stated), isUTF8)
	if few := max(maxWrong, len(raw)/wrongShare); wrong.bytes <= few && (len(others) < len(stated) || len(others) == 0 || wrong.bytes*wrongShare <= wrong.letters) {
		return readable{doc: clean(bytes.ToValidUTF8(raw, []byte("\uFFFD"))), note: wrong.note()}
	}
	if len(others) == 0 {
		return readable{why: fmt.Sprintf("line %d: byte 0x%02x is not UTF-8, and no other encoding is declared; declare it, e.g. encoding=\"windows-1251\"", wrong.line, wrong.first)}
	}
	for _, label := range others {
		if enc, name := charset.Lookup(label); enc != nil && name != "replacement" && !strings.HasPrefix(name, "utf-16") {
			return decoded(raw, enc, name)
		}
	}
	return readable{why: fmt.Sprintf("the encoding %s is not known or not what the bytes are; save the feed as UTF-8", source.Shown([]byte(others[0])))}
}

// utf16Order says whether a feed is UTF-16: by its mark, else since behind white space the
// first character of XML or JSON stands in two bytes.
func utf16Order(raw []byte) (unicode.Endianness, unicode.BOMPolicy, bool) {
	if bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")) {
		return unicode.LittleEndian, unicode.ExpectBOM, true
	}
	for at := 0; at+1 < min(len(raw), maxLead); at += 2 {
		order, char := unicode.LittleEndian, raw[at]
		if raw[at] == 0 {
			order, char = unicode.BigEndian, raw[at+1]
		}
		switch {
		case raw[at] != 0 && raw[at+1] != 0:
			return order, 0, false
		case char == '<' || char == '{':
			return order, unicode.IgnoreBOM, true
		case !bytes.ContainsRune([]byte(" \t\r\n"), rune(char)):
			return order, 0, false
		}
	}
	return unicode.LittleEndian, 0, false
}

// labels are the encodings that are stated, that of the header first.
func labels(raw []byte, contentType string) []string {
	var out []string
	if label := headerCharset(contentType); label != "" {
		out = append(out, label)
	}
	if m := declaration().FindSubmatch(bytes.TrimSpace(raw[:min(len(raw), 512)])); m != nil && len(bytes.TrimSpace(m[1])) > 0 {
		out = append(out, string(bytes.TrimSpace(m[1])))
	}
	return out
}

// headerCharset is the parameter charset of a Content-Type, "" when it has none; a text
// that is no media type is a label itself. It is read by hand, since servers write headers
// that the standard library refuses whole.
func headerCharset(contentType string) string {
	media, rest, _ := strings.Cut(contentType, ";")
	if !strings.Contains(media, "/") && !strings.Contains(media, "=") {
		return strings.TrimSpace(media)
	}
	for _, part := range strings.Split(rest, ";") {
		name, value, _ := strings.Cut(part, "=")
		if strings.EqualFold(strings.TrimSpace(name), "charset") {
			return strings.Trim(strings.TrimSpace(value), `"' `)
		}
	}
	return ""
}

func isUTF8(label string) bool {
	return strings.EqualFold(label, "utf-8") || strings.EqualFold(label, "utf8")
}

// misfit is what of a text is not UTF-8.
type misfit struct {
	bytes   int  // that are part of no letter
	letters int  // of several bytes that are whole
	first   byte // of the wrong ones
	line    int  // where that stands, 1-based
}

func notUTF8(raw []byte) misfit {
	var m misfit
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			if m.bytes++; m.bytes == 1 {
				m.first, m.line = raw[i], 1+bytes.Count(raw[:i], []byte("\n"))
			}
		case size > 1:
			m.letters++
		}
		i += size
	}
	return m
}

func (m misfit) note() string {
	if m.bytes == 1 {
		return fmt.Sprintf("a byte in line %d is not UTF-8 (0x%02x) and was left out", m.line, m.first)
	}
	return fmt.Sprintf("%d bytes are not UTF-8 and were left out, the first in line %d (0x%02x)", m.bytes, m.line, m.first)
}

// decoded converts; the result may be three times as long, so it is bounded again.
func decoded(raw []byte, enc encoding.Encoding, name string) readable {
	doc, _, err := transform.Bytes(enc.NewDecoder(), raw)
	switch {
	case err != nil:
		return readable{why: fmt.Sprintf("the text cannot be read as %s: %v; save the feed as UTF-8", name, err)}
	case len(doc) > MaxFile:
		return readable{why: fmt.Sprintf("the feed is over the bound of %d bytes in UTF-8", MaxFile)}
	}
	return readable{doc: clean(doc)}
}

// clean drops what XML does not admit and feeds carry all the same: control characters,
// and white space before the document. Lines keep their numbers but for those before it.
func clean(doc []byte) []byte {
	out := make([]byte, 0, len(doc))
	for _, b := range doc {
		if b >= 0x20 || b == '\n' || b == '\t' || b == '\r' {
			out = append(out, b)
		}
	}
	return bytes.TrimRight(bytes.TrimPrefix(bytes.TrimLeft(out, " \t\r\n"), []byte("\xef\xbb\xbf")), " \t\r\n")
}
