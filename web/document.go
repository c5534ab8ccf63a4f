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

// WithOffset is the address of another stretch of the same list.
func WithOffset(path string, values url.Values, offset int) string {
	next := url.Values{}
	for key, list := range values {
		next[key] = list
	}
	next.Set("offset", strconv.Itoa(offset))
	return path + "?" + next.Encode()
}
