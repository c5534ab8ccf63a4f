package feed

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/trucewatch/truce/source"
)

// declaration is an XML declaration with its encoding.
var declaration = regexp.MustCompile(`^<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"'>]{0,80})["'][^>]{0,200}?\?>`)

// text turns the bytes of a feed into UTF-8 without mark, leading space, XML declaration
// and control characters, or says why it cannot.
//
// A byte order mark decides, then the header, then the declaration. Bytes that are UTF-8
// are taken as that whatever is declared: a wrong declaration is the most frequent
// mistake, and no longer text of another encoding happens to be valid UTF-8.
func text(raw []byte, header string) (doc []byte, why string) {
	if len(raw) > MaxFile {
		return nil, fmt.Sprintf("the feed is over the bound of %d bytes; ask its publisher for a shorter one", MaxFile)
	}
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("\xfe\xff")):
		return decoded(raw, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM), "UTF-16")
	case bytes.HasPrefix(raw, []byte("<\x00")):
		return decoded(raw, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "UTF-16")
	case bytes.HasPrefix(raw, []byte("\x00<")):
		return decoded(raw, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "UTF-16")
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if utf8.Valid(raw) {
		return clean(raw), ""
	}
	label := strings.TrimSpace(header)
	if m := declaration.FindSubmatch(bytes.TrimSpace(raw[:min(len(raw), 512)])); m != nil && label == "" {
		label = string(m[1])
	}
	if label == "" || strings.EqualFold(label, "utf-8") || strings.EqualFold(label, "utf8") {
		at := firstInvalid(raw)
		return nil, fmt.Sprintf("line %d: byte 0x%02x is not UTF-8, and no other encoding is declared; declare it, e.g. encoding=\"windows-1251\"", 1+bytes.Count(raw[:at], []byte("\n")), raw[at])
	}
	enc, name := charset.Lookup(label)
	if enc == nil || name == "replacement" || strings.HasPrefix(name, "utf-16") {
		return nil, fmt.Sprintf("the encoding %s is not known or not what the bytes are; save the feed as UTF-8", source.Shown([]byte(label)))
	}
	return decoded(raw, enc, name)
}

// decoded converts; the result may be three times as long, so it is bounded again.
func decoded(raw []byte, enc encoding.Encoding, name string) (doc []byte, why string) {
	doc, _, err := transform.Bytes(enc.NewDecoder(), raw)
	switch {
	case err != nil:
		return nil, fmt.Sprintf("the text cannot be read as %s: %v; save the feed as UTF-8", name, err)
	case len(doc) > MaxFile:
		return nil, fmt.Sprintf("the feed is over the bound of %d bytes in UTF-8", MaxFile)
	}
	return clean(doc), ""
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

func firstInvalid(raw []byte) int {
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return 0
}
