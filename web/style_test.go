package web_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/trucewatch/truce/web"
)

func TestStylesAreKeptUnderTheirHash(t *testing.T) {
	style := web.NewStyle("/style/daily", "a { color: red }")
	if other := web.NewStyle("/style/daily", "a { color: blue }"); other.URL() == style.URL() {
		t.Errorf("two styles have the address %s", style.URL())
	}
	for path, want := range map[string]string{
		style.URL(): "immutable", "/style/daily.000000000000.css": "max-age=300", "/style/daily.css": "max-age=300",
		"/style/daily.": "", "/style/daily": "", "/style/daily.a.b.css": "", "/style/daily./../x.css": "", "/style/other.css": "", "/": "",
	} {
		w := httptest.NewRecorder()
		served := style.Serve(w, path)
		if served != (want != "") || !strings.Contains(w.Header().Get("Cache-Control"), want) {
			t.Errorf("%s: served is %v, kept %q", path, served, w.Header().Get("Cache-Control"))
		}
		if served && (w.Body.String() != "a { color: red }" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/css")) {
			t.Errorf("%s: %s %q", path, w.Header().Get("Content-Type"), w.Body.String())
		}
	}
}
