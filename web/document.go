package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
)

// Document is a Daily in one of its forms, whole as respond/publish printed it.
type Document struct {
	ContentType string
	Body        []byte
}

// Serve answers with a document.
func (d Document) Serve(w http.ResponseWriter) {
	w.Header().Set("Content-Type", d.ContentType)
	// The client may have gone; there is nobody to tell.
	_, _ = w.Write(d.Body)
}

// DailyName splits "2031-03-11.json" into day and form; without an ending the form is
// html.
func DailyName(name string) (truce.Day, string) {
	if day, ext, found := strings.Cut(name, "."); found {
		return truce.Day(day), ext
	}
	return truce.Day(name), "html"
}

// Offset reads how many rows of a list are skipped.
func Offset(values url.Values) (int, error) {
	text := values.Get("offset")
	if text == "" {
		return 0, nil
	}
	offset, err := strconv.Atoi(text)
	if err != nil || offset < 0 {
		return 0, truce.Errorf(truce.CodeInvalid, "offset must be a whole number from 0, not %q.", text)
	}
	return offset, nil
}

// Stretch is the part of a list that a page shows.
type Stretch struct {
	Offset int // rows before it
	Rows   int // rows in it
	Total  int
	Size   int // rows a page holds
}

// Neighbours are the addresses of the stretches before and after, "" where there is none.
func Neighbours(path string, values url.Values, s Stretch) (prev, next string) {
	if s.Offset > 0 {
		prev = WithOffset(path, values, max(0, min(s.Offset, s.Total)-s.Size))
	}
	if s.Offset+s.Rows < s.Total && s.Rows > 0 {
		next = WithOffset(path, values, s.Offset+s.Size)
	}
	return prev, next
}

// WithOffset is the address of another stretch of the same list.
func WithOffset(path string, values url.Values, offset int) string {
	next := url.Values{}
	for key, list := range values {
		next[key] = list
	}
	next.Set("offset", strconv.Itoa(offset))
	return path + "?" + next.Encode()
}
