package web_test

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo/draw"
	"github.com/trucewatch/truce/web"
)

func TestStatusOfEveryCode(t *testing.T) {
	for _, row := range []struct {
		err  error
		want int
	}{
		{truce.Errorf(truce.CodeInvalid, "x"), 400},
		{truce.Errorf(truce.CodeUnauthenticated, "x"), 401},
		{truce.Errorf(truce.CodeForbidden, "x"), 403},
		{truce.Errorf(truce.CodeNotFound, "x"), 404},
		{truce.Errorf(truce.CodeConflict, "x"), 409},
		{truce.Errorf(truce.CodeTooLarge, "x"), 413},
		{truce.Errorf(truce.CodeRateLimited, "x"), 429},
		{truce.Errorf(truce.CodeUnavailable, "x"), 503},
		{truce.Errorf(truce.CodeInternal, "x"), 500},
		{errors.New("no code"), 500},
		{fmt.Errorf("wrapped: %w", truce.Errorf(truce.CodeNotFound, "x")), 404},
	} {
		if got := web.Status(row.err); got != row.want {
			t.Errorf("%v: %d, want %d", row.err, got, row.want)
		}
	}
}

func TestReportHref(t *testing.T) {
	for _, row := range []struct{ given, want string }{
		{"errors@mission.example", "mailto:errors@mission.example?subject=Error%20on%20%2Fdaily%2F2031-03-11"},
		{"mailto:errors@mission.example", "mailto:errors@mission.example?subject=Error%20on%20%2Fdaily%2F2031-03-11"},
		{"mailto:errors@mission.example?subject=Daily", "mailto:errors@mission.example?subject=Daily"},
		{"https://mission.example/errors", "https://mission.example/errors"},
		{"https://user@mission.example/errors", "https://user@mission.example/errors"},
		{"", ""},
	} {
		if got := (web.Frame{ReportError: row.given}).ReportHref("/daily/2031-03-11"); got != row.want {
			t.Errorf("%q: %q, want %q", row.given, got, row.want)
		}
	}
}

// pages is a site of two pages, one of which fails while it is printed.
var pages = fstest.MapFS{
	"pages/good.html":  {Data: []byte(`<h1>{{.}}</h1>`)},
	"pages/bad.html":   {Data: []byte(`<p>half of it {{.Missing}}</p>`)},
	"pages/chart.html": {Data: []byte(`{{template "charts" .}}`)},
}

func newRenderer(t *testing.T, log *slog.Logger) *web.Renderer {
	t.Helper()
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	r, err := web.NewRenderer(pages, template.FuncMap{}, log)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func frame() web.Frame {
	return web.Frame{
		Mission: "Mission <of> Tests", Realm: truce.ExerciseRealm("test"), ReportError: "errors@mission.example", Notice: "Illustrative.",
		Links: []web.Link{{Href: "/", Label: "Overview"}, {Href: "/incidents", Label: "Incidents"}},
	}
}

func render(t *testing.T, path string, show func(w http.ResponseWriter, req *http.Request)) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	show(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func TestAPageStandsInTheFrame(t *testing.T) {
	r := newRenderer(t, nil)
	w := render(t, "/incidents/2031-1", func(w http.ResponseWriter, req *http.Request) {
		r.Page(w, req, frame(), "good.html", "A <title>", "<b>content</b>")
	})
	body := w.Body.String()
	for _, want := range []string{
		"<title>A &lt;title&gt; · Mission &lt;of&gt; Tests · EXERCISE</title>", "<h1>&lt;b&gt;content&lt;/b&gt;</h1>", `<strong>EXERCISE</strong>`,
		`href="/incidents" aria-current="true"`, "Illustrative.", `mailto:errors@mission.example?subject=`, `href="#content"`, `<main id="content"`,
		"never to be passed on",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(body, `href="/" aria-current`) {
		t.Error("the first page is marked as the place of a page below another")
	}
	if w.Code != 200 || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%d %s", w.Code, w.Header().Get("Content-Type"))
	}
}

func TestARealRealmHasNoExerciseMark(t *testing.T) {
	r, f := newRenderer(t, nil), frame()
	f.Realm, f.Public = truce.RealmReal, true
	body := render(t, "/incidents", func(w http.ResponseWriter, req *http.Request) { r.Page(w, req, f, "good.html", "x", "y") }).Body.String()
	if strings.Contains(body, "EXERCISE") {
		t.Error("a page of a real realm says EXERCISE")
	}
	if !strings.Contains(body, `href="/incidents" aria-current="page"`) || !strings.Contains(body, "appear after a delay") || strings.Contains(body, "Precise data") {
		t.Error("a public page speaks as the desk does")
	}
}

func TestNothingHalfPrintedLeaves(t *testing.T) {
	var log bytes.Buffer
	r := newRenderer(t, slog.New(slog.NewTextHandler(&log, nil)))
	w := render(t, "/x", func(w http.ResponseWriter, req *http.Request) {
		r.Page(w, req, frame(), "bad.html", "x", struct{ Other string }{})
	})
	body := w.Body.String()
	if w.Code != 500 || strings.Contains(body, "half of it") || strings.Contains(body, "Missing") {
		t.Errorf("%d: %s", w.Code, body)
	}
	_, reference, found := strings.Cut(body, "Reference: ")
	if !found || len(reference) < 12 || !strings.Contains(log.String(), reference[:12]) || !strings.Contains(log.String(), "Missing") {
		t.Errorf("the reference on the page does not lead to the whole error in the log:\n%s", log.String())
	}
}

func TestErrorPagesSayWhatToDoAndEscape(t *testing.T) {
	r := newRenderer(t, nil)
	w := render(t, "/x", func(w http.ResponseWriter, req *http.Request) {
		r.Error(w, req, frame(), truce.Errorf(truce.CodeInvalid, "There is no act named %q.", "<script>"))
	})
	if body := w.Body.String(); w.Code != 400 || strings.Contains(body, "<script>") || !strings.Contains(body, "&lt;script&gt;") || !strings.Contains(body, `<a href="/">`) {
		t.Errorf("%d: %s", w.Code, body)
	}
}

func TestRendererRefusesBrokenTemplates(t *testing.T) {
	broken := fstest.MapFS{"pages/x.html": {Data: []byte(`{{if}}`)}}
	if _, err := web.NewRenderer(broken, nil, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a template that does not parse was taken")
	}
	if _, err := web.NewRenderer(fstest.MapFS{}, nil, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a site without pages was taken")
	}
}

func TestSecureHeadersAndReadingOnly(t *testing.T) {
	h := web.Secure(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }), nil)
	for _, row := range []struct {
		method string
		want   int
	}{{"GET", 200}, {"HEAD", 200}, {"POST", 405}, {"PUT", 405}, {"DELETE", 405}, {"PATCH", 405}, {"OPTIONS", 405}, {"TRACE", 405}} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(row.method, "/", strings.NewReader("x")))
		if w.Code != row.want {
			t.Errorf("%s: %d, want %d", row.method, w.Code, row.want)
		}
		policy := w.Header().Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: the policy lacks %s: %s", row.method, want, policy)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "script-src") || strings.Contains(policy, "http") {
			t.Errorf("%s: the policy opens something: %s", row.method, policy)
		}
		for header, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin"} {
			if got := w.Header().Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", row.method, header, got, want)
			}
		}
	}
}

func TestLocalOnly(t *testing.T) {
	h := web.LocalOnly(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "precise") }))
	for host, want := range map[string]int{
		"localhost": 200, "localhost:8080": 200, "LOCALHOST:8080": 200, "127.0.0.1": 200, "127.0.0.1:80": 200, "127.4.5.6:80": 200, "[::1]": 200, "[::1]:8080": 200,
		"truce.example": 403, "truce.example:8080": 403, "localhost.truce.example": 403, "127.0.0.1.truce.example": 403, "192.168.1.5:8080": 403,
		"0.0.0.0:8080": 403, "[fe80::1]:8080": 403, "": 403, "localhost.": 403, "evil@localhost": 403,
	} {
		req := httptest.NewRequest("GET", "/", nil)
		req.Host = host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		if w.Code != want || want == 403 && strings.Contains(w.Body.String(), "precise") {
			t.Errorf("host %q: %d, want %d", host, w.Code, want)
		}
	}
}

func TestAssets(t *testing.T) {
	h := web.Assets(http.NotFound)
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		return w
	}
	css := get("/assets/truce.css")
	if css.Code != 200 || !strings.HasPrefix(css.Header().Get("Content-Type"), "text/css") {
		t.Fatalf("%d %s", css.Code, css.Header().Get("Content-Type"))
	}
	if !strings.Contains(css.Body.String(), draw.Style()) {
		t.Error("the style of the maps is not served: every map would be black")
	}
	for _, want := range []string{"prefers-color-scheme: dark", "prefers-reduced-motion", "@media print", ".exercise"} {
		if !strings.Contains(css.Body.String(), want) {
			t.Errorf("the style lacks %s", want)
		}
	}
	for _, bad := range []string{"@import", "http://", "https://", "url(//"} {
		if strings.Contains(css.Body.String(), bad) {
			t.Errorf("the style fetches something: %s", bad)
		}
	}
	for _, path := range []string{"/assets/icon.svg", web.Icon} {
		if icon := get(path); icon.Code != 200 || icon.Header().Get("Content-Type") != "image/svg+xml" || !strings.Contains(icon.Body.String(), "<svg") {
			t.Errorf("%s: %d %s", path, icon.Code, icon.Header().Get("Content-Type"))
		}
	}
	for _, path := range []string{"/assets/", "/assets/../web.go", "/assets/nothing.css", "/assets/%2e%2e/web.go"} {
		if w := get(path); w.Code == 200 {
			t.Errorf("%s: %d %.80s", path, w.Code, w.Body.String())
		}
	}
}
