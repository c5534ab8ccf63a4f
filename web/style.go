package web

import (
	"io"
	"net/http"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo/draw"
)

// Style is a stylesheet under an address that holds a hash of what it says, so that a
// browser may keep it for good: other words, another address.
type Style struct {
	name string // e.g. /style/daily
	hash string
	css  string
}

// styleHash is how many hex digits of the hash stand in an address.
const styleHash = 12

// NewStyle names a stylesheet after its content; name is the address without hash and
// ending.
func NewStyle(name, css string) Style {
	return Style{name: name, hash: truce.HashOf([]byte(css)).String()[:styleHash], css: css}
}

// URL is the address of the stylesheet as it is.
func (s Style) URL() string { return s.name + "." + s.hash + ".css" }

// Serve answers a request for the stylesheet and says whether it was one. Pages released
// by an earlier version of the program ask by another hash or none: they get the style of
// today, which is kept for the length of a visit.
func (s Style) Serve(w http.ResponseWriter, path string) bool {
	rest, named := strings.CutPrefix(path, s.name+".")
	hash, isStyle := strings.CutSuffix("."+rest, ".css")
	if !named || !isStyle || strings.Count(hash, ".") > 1 || strings.Contains(hash, "/") {
		return false
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", cached)
	if hash == "."+s.hash {
		w.Header().Set("Cache-Control", kept)
	}
	// The client may have gone; there is nobody to tell.
	_, _ = io.WriteString(w, s.css)
	return true
}

// cached is how long a browser keeps what may change under its address: a visit. kept is
// for what never does.
const (
	cached = "max-age=300"
	kept   = "public, max-age=31536000, immutable"
)

// pageStyle is the style of the pages. That of the maps belongs to it, since no page
// carries its own.
func pageStyle() Style { return NewStyle("/assets/truce", styleSheet+draw.Style()) }
