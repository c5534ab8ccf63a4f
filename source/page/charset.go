package page

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// declared is the encoding that a page states of itself.
var declared = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)<(?:meta[^>]{0,500}?charset|\?xml[^>]{0,200}?encoding)\s*=\s*["']?\s*([\w.:-]{1,40})`)
})

// text turns a page into UTF-8: by its byte order mark, the header, what it states itself.
// Who says UTF-8 and is not is not believed, and a page of another encoding that says
// nothing is refused: read as the encoding browsers fall back to, its words were others.
func text(raw []byte, contentType string) (doc []byte, why string) {
	switch {
	case len(raw) > MaxFile:
		return nil, fmt.Sprintf("the page is over the bound of %d bytes; save it without pictures in it", MaxFile)
	case len(bytes.TrimSpace(raw)) == 0:
		return nil, "the page is empty"
	case utf8.Valid(raw) && bytes.IndexByte(raw, 0) < 0:
		return bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), ""
	}
	label, why := encodingOf(raw, contentType)
	if why != "" {
		return nil, why
	}
	enc, name := charset.Lookup(label)
	doc, err := enc.NewDecoder().Bytes(raw)
	switch {
	case err != nil:
		return nil, fmt.Sprintf("its text cannot be read as %s; save the page as UTF-8", name)
	case len(doc) > MaxFile || bytes.IndexByte(doc, 0) >= 0:
		return nil, "it is no text, or over the bound in UTF-8; save the page as UTF-8 without pictures in it"
	}
	return bytes.TrimPrefix(doc, []byte("\ufeff")), ""
}

// encodingOf is the label of the encoding of a page that is not UTF-8 throughout.
func encodingOf(raw []byte, contentType string) (label, why string) {
	if contentType != "" && !strings.Contains(contentType, "/") {
		contentType = "text/html; charset=" + contentType
	}
	_, name, certain := charset.DetermineEncoding(raw[:min(len(raw), 1024)], contentType) // mark or header
	stated := []string{}
	if certain {
		stated = append(stated, name)
	}
	if m := declared().FindSubmatch(raw[:min(len(raw), maxDeclared)]); m != nil {
		stated = append(stated, string(m[1]))
	}
	wrong := notUTF8(raw)
	for _, label := range stated {
		enc, name := charset.Lookup(label)
		switch {
		case enc == nil, name == "replacement":
		case strings.HasPrefix(name, "utf-16") && !certain: // a meta that is read byte by byte is none
		case name != "utf-8" || wrong <= max(maxWrong, len(raw)/wrongShare):
			return name, ""
		}
	}
	if wrong <= max(maxWrong, len(raw)/wrongShare) {
		return "utf-8", ""
	}
	return "", fmt.Sprintf("%d of its bytes are not UTF-8, and no other encoding that is known is declared; save the page as UTF-8", wrong)
}

// notUTF8 counts bytes that are part of no letter.
func notUTF8(raw []byte) int {
	n := 0
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		if r == utf8.RuneError && size == 1 {
			n++
		}
		raw = raw[size:]
	}
	return n
}
