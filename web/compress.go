package web

import (
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
)

// Compress sends text gzipped to clients that take it: a Daily of 100 kB is 11 kB on the
// line. Pages hold no secret that its length could tell: there is no sign-in, and what a
// request reflects stands beside public or local data only.
func Compress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Add("Vary", "Accept-Encoding")
		if req.Method != http.MethodGet || req.Header.Get("Range") != "" || !takesGzip(req.Header.Get("Accept-Encoding")) {
			next.ServeHTTP(w, req)
			return
		}
		packed := &packedWriter{ResponseWriter: w}
		defer packed.close()
		next.ServeHTTP(packed, req)
	})
}

// takesGzip reads an Accept-Encoding header: gzip named and not refused by q=0.
func takesGzip(header string) bool {
	for _, part := range strings.Split(header, ",") {
		name, weight, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			q, err := strconv.ParseFloat(strings.TrimPrefix(strings.ReplaceAll(weight, " ", ""), "q="), 64)
			return err != nil || q > 0 // no weight is full weight
		}
	}
	return false
}

// packedWriter gzips what its header says is text. One handler writes it.
type packedWriter struct {
	http.ResponseWriter
	packer *gzip.Writer // nil until the first byte of a text
	begun  bool
}

// WriteHeader decides by the content type and status whether the body is packed.
func (w *packedWriter) WriteHeader(status int) {
	h := w.Header()
	if !w.begun && status != http.StatusNoContent && status != http.StatusNotModified && h.Get("Content-Encoding") == "" && isText(h.Get("Content-Type")) {
		h.Set("Content-Encoding", "gzip")
		h.Del("Content-Length")
		h.Del("Accept-Ranges")
		w.packer = gzip.NewWriter(w.ResponseWriter)
	}
	w.begun = true
	w.ResponseWriter.WriteHeader(status)
}

// Write packs a text and passes anything else on.
func (w *packedWriter) Write(b []byte) (int, error) {
	if !w.begun {
		if w.Header().Get("Content-Type") == "" {
			w.Header().Set("Content-Type", http.DetectContentType(b))
		}
		w.WriteHeader(http.StatusOK)
	}
	if w.packer != nil {
		return w.packer.Write(b)
	}
	return w.ResponseWriter.Write(b)
}

func (w *packedWriter) close() {
	if w.packer != nil {
		// The client may have gone; there is nobody to tell.
		_ = w.packer.Close()
	}
}

func isText(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.HasPrefix(kind, "text/") || kind == "application/json" || kind == "image/svg+xml"
}
