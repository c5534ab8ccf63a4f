package web_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce/web"
)

func TestTextIsPackedForClientsThatTakeIt(t *testing.T) {
	text := strings.Repeat("incident ", 2000)
	for _, row := range []struct {
		name, accept, kind string
		status             int
		packed             bool
	}{
		{"page", "gzip, deflate, br", "text/html; charset=utf-8", 200, true},
		{"bulletin", "br;q=1.0, GZIP;q=0.8", "application/json", 200, true},
		{"icon", "gzip", "image/svg+xml", 200, true},
		{"error page", "gzip", "text/html; charset=utf-8", 404, true},
		{"guessed type", "gzip", "", 0, true},
		{"client that takes it unwillingly", "br, gzip;q=0.05", "text/html", 200, true},
		{"picture", "gzip", "image/png", 200, false},
		{"client without", "", "text/html", 200, false},
		{"client that refuses", "gzip;q=0", "text/html", 200, false},
		{"client that refuses exactly", "gzip; q=0.000", "text/html", 200, false},
		{"other packing", "br", "text/html", 200, false},
	} {
		h := web.Compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if row.kind != "" {
				w.Header().Set("Content-Type", row.kind)
			}
			w.Header().Set("Content-Length", strconv.Itoa(len(text)))
			if row.status != 0 {
				w.WriteHeader(row.status)
			}
			fmt.Fprint(w, text)
		}))
		req := httptest.NewRequest("GET", "/", nil)
		req.Header.Set("Accept-Encoding", row.accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		if row.status != 0 && w.Code != row.status || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: status %d, vary %q", row.name, w.Code, w.Header().Get("Vary"))
		}
		body := w.Body.Bytes()
		if packed := w.Header().Get("Content-Encoding") == "gzip"; packed != row.packed {
			t.Errorf("%s: packed %v, want %v", row.name, packed, row.packed)
		} else if packed {
			if len(body) > len(text)/10 || w.Header().Get("Content-Length") != "" {
				t.Errorf("%s: %d bytes, length header %q", row.name, len(body), w.Header().Get("Content-Length"))
			}
			body = unpacked(t, body)
		}
		if string(body) != text {
			t.Errorf("%s: the body changed on its way", row.name)
		}
	}
}

func unpacked(t *testing.T, body []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAnswersWithoutABodyStayEmpty(t *testing.T) {
	for _, status := range []int{http.StatusNoContent, http.StatusNotModified} {
		h := web.Compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
		}))
		req := httptest.NewRequest("GET", "/", nil)
		req.Header.Set("Accept-Encoding", "gzip")
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, req); w.Body.Len() != 0 || w.Header().Get("Content-Encoding") != "" {
			t.Errorf("%d: %d bytes, packed %q", status, w.Body.Len(), w.Header().Get("Content-Encoding"))
		}
	}
}

func TestPiecesAndHeadsAreNotPacked(t *testing.T) {
	h := web.Compress(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		http.ServeContent(w, req, "icon.svg", time.Time{}, strings.NewReader("<svg></svg>"))
	}))
	req := httptest.NewRequest("GET", "/icon.svg", nil)
	req.Header.Set("Accept-Encoding", "gzip")
	req.Header.Set("Range", "bytes=0-3")
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, req); w.Code != http.StatusPartialContent || w.Body.String() != "<svg" || w.Header().Get("Content-Encoding") != "" {
		t.Errorf("%d %q", w.Code, w.Body.String())
	}
	req = httptest.NewRequest("HEAD", "/icon.svg", nil)
	req.Header.Set("Accept-Encoding", "gzip")
	w = httptest.NewRecorder()
	if h.ServeHTTP(w, req); w.Code != 200 || w.Body.Len() != 0 {
		t.Errorf("HEAD: %d, %d bytes", w.Code, w.Body.Len())
	}
}
