package app

import (
	"bytes"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// sniffed is how much of a file is looked at before a decoder sees it.
const sniffed = 4 << 10

// viinaStart is how a file of VIINA events begins: with its first day.
var viinaStart = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*\{\s*"\d{8}"\s*:`)
})

// wrongFile says why the head of a file cannot be one of the format, "" when it may be.
// What is recorded is never taken back, so a file of another format is refused whole
// rather than read for what might be in it: a table of cloud is a text, and would make a
// poor article.
func wrongFile(head []byte, format string) string {
	if f, err := formatNamed(format); err == nil && f.messages != nil {
		return ""
	}
	if words := notText(head); words != "" {
		return words
	}
	looks := looksLike(head)
	if len(looks) == 0 || slices.Contains(looks, format) {
		return ""
	}
	return "it does not look like " + format + "; try --format " + strings.Join(looks, " or --format ")
}

// notText names what is no text at all, by the bytes such files begin with.
func notText(head []byte) string {
	for _, kind := range []struct{ magic, words string }{
		{"\xff\xfe", "it is UTF-16; save it as UTF-8"},
		{"\xfe\xff", "it is UTF-16; save it as UTF-8"},
		{"PK\x03\x04", "it is a ZIP archive or an Excel workbook; unpack it, or save the sheet as CSV (UTF-8)"},
		{"\x1f\x8b", "it is compressed twice; unpack it once"},
		{"\xd0\xcf\x11\xe0", "it is a file of an old Office program; save it as CSV or text (UTF-8)"},
		{"%PDF-", "it is a PDF; save its text, or its table as CSV"},
		{"\x89PNG", "it is a picture"},
		{"\xff\xd8\xff", "it is a picture"},
		{"SQLite format 3", "it is a database; is it a truce.db? Records are read by truce itself"},
	} {
		if bytes.HasPrefix(head, []byte(kind.magic)) {
			return kind.words
		}
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return "it is not text: a NUL byte is in it; save it as UTF-8 text"
	}
	return ""
}

// looksLike lists the formats whose files begin as this one does, none when it may be
// anything. It goes by what no file of another format begins with.
func looksLike(head []byte) []string {
	text := bytes.TrimLeftFunc(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), unicode.IsSpace)
	line, _, _ := bytes.Cut(text, []byte("\n"))
	columns := strings.Split(strings.ToLower(strings.NewReplacer(" ", "", `"`, "", "\r", "", ";", ",").Replace(string(line))), ",")
	has := func(name string) bool { return slices.Contains(columns, name) }
	switch {
	case viinaStart().Match(text):
		return []string{"viina"}
	case bytes.HasPrefix(text, []byte("<")):
		return markup(text)
	case bytes.HasPrefix(text, []byte("{")) && bytes.Contains(text, []byte("jsonfeed.org/version")):
		return []string{"feed"}
	case bytes.HasPrefix(text, []byte("{")) && bytes.Contains(text, []byte(`"Feature`)):
		return []string{"geojson", "control-map"}
	case bytes.HasPrefix(text, []byte("{")):
		return []string{"geojson", "control-map", "viina", "feed"}
	case bytes.HasPrefix(text, []byte("---\n")), bytes.HasPrefix(text, []byte("---\r\n")):
		return []string{"post"}
	case has("arrival") && has("sensor") && has("time") && has("phase"):
		return []string{"arrivals"}
	case has("sensor") && has("lat") && has("lon") && has("elev_m") && !has("time"):
		return []string{"sensors"}
	case has("time"):
		return []string{"csv"}
	case has("acq_date") && has("latitude"):
		return []string{"firms"}
	case has("date") && slices.ContainsFunc(columns, func(c string) bool { return strings.HasPrefix(c, "cloud_cover_in_") }):
		return []string{"cloud"}
	}
	return nil
}

// roots are what feeds and pages begin with, behind declarations and comments.
var (
	feedRoot = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?is)<(?:\w+:)?(?:rss|feed|rdf|urlset|sitemapindex)[\s>]`)
	})
	comments = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?s)<!--.*?-->`)
	})
	pageRoot = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?is)<(?:!doctype\s+html|html|head|body|title|meta|article|div|p|table|h1)[\s>]`)
	})
)

// markup tells feeds from pages by which root comes first.
func markup(text []byte) []string {
	text = comments().ReplaceAll(text, nil)
	feed, page := feedRoot().FindIndex(text), pageRoot().FindIndex(text)
	switch {
	case feed != nil && (page == nil || feed[0] < page[0]):
		return []string{"feed"}
	case page != nil:
		return []string{"page"}
	}
	return []string{"feed", "page"}
}

// detected is the one format a file looks like, or why none can be told.
func detected(head []byte, name string) (string, string) {
	if words := notText(head); words != "" {
		return "", words
	}
	looks := looksLike(head)
	switch {
	case len(looks) == 1:
		return looks[0], ""
	case len(looks) > 1:
		return "", "it may be " + strings.Join(looks, " or ") + "; say which with --format"
	case slices.Contains([]string{".txt", ".md", ".markdown"}, strings.ToLower(filepath.Ext(name))):
		return "post", ""
	}
	return "", "its format cannot be told from how it begins; say it with --format"
}
