package polite

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trucewatch/truce/internal/dial"
)

// answers is a way out that never leaves: each address has its handler.
type answers func(w http.ResponseWriter, r *http.Request)

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	a(rec, r)
	answer := rec.Result()
	answer.Request = r
	return answer, nil
}

// stream answers with a body that comes piece by piece.
type stream struct {
	header http.Header
	body   func(ctx context.Context) io.ReadCloser
}

func (s stream) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: s.header, Body: s.body(r.Context()), ContentLength: -1, Request: r}, nil
}

// drip gives one byte each time a pause has passed, for ever when n is negative.
type drip struct {
	ctx   context.Context
	every time.Duration
	n     int
}

func (d *drip) Read(p []byte) (int, error) {
	if d.n == 0 {
		return 0, io.EOF
	}
	select {
	case <-time.After(d.every):
	case <-d.ctx.Done():
		return 0, d.ctx.Err()
	}
	d.n--
	p[0] = 'x'
	return 1, nil
}

func (d *drip) Close() error { return nil }

func getter(t *testing.T, cfg Config, out http.RoundTripper) *Getter {
	t.Helper()
	cfg.Contact = "https://watch.example/bot"
	g, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if out != nil {
		g.transport = out
	}
	t.Cleanup(g.Close)
	return g
}

func notFound(w http.ResponseWriter, r *http.Request) bool {
	if r.URL.Path == "/robots.txt" {
		w.WriteHeader(http.StatusNotFound)
		return true
	}
	return false
}

func TestConditionalRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []http.Header
		g := getter(t, Config{Version: "1.2"}, answers(func(w http.ResponseWriter, r *http.Request) {
			if notFound(w, r) {
				return
			}
			asked = append(asked, r.Header)
			w.Header().Set("ETag", `"a1"`)
			w.Header().Set("Last-Modified", "Thu, 08 Jan 2026 10:00:00 GMT")
			if r.Header.Get("If-None-Match") == `"a1"` {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			_, _ = io.WriteString(w, "<rss/>")
		}))
		first, err := g.Get(t.Context(), Request{URL: "https://a.example/feed", Accept: "application/rss+xml"})
		if err != nil || string(first.Body) != "<rss/>" || first.Status != 200 || first.URL != "https://a.example/feed" {
			t.Fatalf("%+v %v", first, err)
		}
		stored, err := json.Marshal(first.State)
		if err != nil {
			t.Fatal(err)
		}
		var state State
		if err := json.Unmarshal(stored, &state); err != nil || !reflect.DeepEqual(state, first.State) {
			t.Fatalf("%s: %v", stored, err)
		}
		again, err := g.Get(t.Context(), Request{URL: "https://a.example/feed", State: state})
		if err != nil || !again.NotModified || len(again.Body) != 0 || again.State.ETag != `"a1"` {
			t.Fatalf("%+v %v", again, err)
		}
		if asked[1].Get("If-Modified-Since") == "" || asked[0].Get("If-None-Match") != "" || asked[0].Get("Accept") != "application/rss+xml" {
			t.Errorf("%v", asked)
		}
		if agent := asked[0].Get("User-Agent"); agent != "Truce/1.2 (ceasefire monitoring; +https://watch.example/bot)" {
			t.Errorf("%q", agent)
		}
		if again.Timing.Waited < DefaultEvery {
			t.Errorf("the second request waited %v", again.Timing.Waited)
		}
	})
}

// TestNoHostIsAskedTooOften: requests to one host keep their distance, others do not wait
// for them.
func TestNoHostIsAskedTooOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := map[string][]time.Time{}
		var g *Getter
		g = getter(t, Config{Every: 5 * time.Second, Total: 4}, answers(func(w http.ResponseWriter, r *http.Request) {
			g.hosts.mu.Lock()
			defer g.hosts.mu.Unlock()
			at[r.URL.Host] = append(at[r.URL.Host], time.Now())
			if r.URL.Host == "slow.example" && r.URL.Path == "/robots.txt" {
				_, _ = io.WriteString(w, "User-agent: *\nCrawl-delay: 20\n")
			}
		}))
		done := make(chan error)
		urls := []string{"https://a.example/1", "https://a.example/2", "https://b.example/1", "https://a.example/3", "https://slow.example/1", "https://slow.example/2"}
		for _, u := range urls {
			go func() {
				_, err := g.Get(t.Context(), Request{URL: u})
				done <- err
			}()
		}
		for range urls {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		for host, times := range at {
			least := map[string]time.Duration{"slow.example": 20 * time.Second}[host]
			for i := 1; i < len(times); i++ {
				want := max(least, 5*time.Second)
				if i == 1 {
					want = 5 * time.Second // the wish for a delay is known from then on
				}
				if gap := times[i].Sub(times[i-1]); gap < want-time.Millisecond {
					t.Errorf("%s: request %d came %v after the last, want %v", host, i, gap, want)
				}
			}
		}
		if len(at["a.example"]) != 4 || len(at["b.example"]) != 2 || len(at["slow.example"]) != 3 {
			t.Errorf("%v", at)
		}
	})
}

func TestBackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		status, header := 500, http.Header{}
		g := getter(t, Config{Seed: 7}, answers(func(w http.ResponseWriter, r *http.Request) {
			if notFound(w, r) {
				return
			}
			for k, v := range header {
				w.Header()[k] = v
			}
			w.WriteHeader(status)
		}))
		var state State
		last := time.Duration(0)
		for i := 1; i <= 14; i++ {
			out, err := g.Get(t.Context(), Request{URL: "https://a.example/feed", State: state})
			if err != nil || out.State.Failures != i || out.State.LastStatus != 500 {
				t.Fatalf("%d: %+v %v", i, out.State, err)
			}
			pause := time.Until(out.State.NotBefore)
			if i < 10 && pause < last || pause > lastPause*13/10 {
				t.Errorf("failure %d: pause %v after %v", i, pause, last)
			}
			if _, err := g.Get(t.Context(), Request{URL: "https://a.example/feed", State: out.State}); ReasonOf(err) != Waiting {
				t.Errorf("asked too early: %v", err)
			}
			state, last = out.State, pause
			<-time.After(pause + time.Second)
		}
		status = 200
		out, err := g.Get(t.Context(), Request{URL: "https://a.example/feed", State: state})
		if err != nil || out.State.Failures != 0 || !out.State.NotBefore.IsZero() {
			t.Errorf("%+v %v", out.State, err)
		}
		status, header = 429, http.Header{"Retry-After": {"7200"}}
		out, err = g.Get(t.Context(), Request{URL: "https://a.example/feed", State: out.State, Now: true})
		if wait := time.Until(out.State.NotBefore); err != nil || wait < 7199*time.Second || wait > 4*time.Hour {
			t.Errorf("after Retry-After: %v %v", wait, err)
		}
		if _, err := g.Get(t.Context(), Request{URL: "https://a.example/other"}); ReasonOf(err) != Waiting {
			t.Errorf("another page of the host: %v", err)
		}
	})
}

func TestPauses(t *testing.T) {
	if Pause(1, 1, "a") == Pause(1, 1, "b") && Pause(1, 1, "a") == Pause(1, 2, "a") {
		t.Error("no jitter")
	}
	if first, again := Pause(3, 1, "a"), Pause(3, 1, "a"); first != again {
		t.Error("the same seed gives two pauses")
	}
	for n := 1; n < 100; n++ {
		if p := Pause(n, 9, "x"); p < firstPause*8/10 || p > lastPause*12/10 {
			t.Errorf("%d: %v", n, p)
		}
	}
	now := time.Date(2026, 1, 8, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"120": 2 * time.Minute, "-5": 0, "soon": 0, "": 0, "99999999999": maxRetryAfter, "99999999999999999999": 0,
		"Thu, 08 Jan 2026 01:00:00 GMT": time.Hour, "Thu, 08 Jan 1970 01:00:00 GMT": 0, "Thu, 08 Jan 2099 01:00:00 GMT": maxRetryAfter,
	} {
		if got := retryAfter(http.Header{"Retry-After": {text}}, now); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// TestSlowBodies: a byte a second, a body that stands still, one that never ends: each is
// given up in time.
func TestSlowBodies(t *testing.T) {
	for name, row := range map[string]struct {
		every  time.Duration
		n      int
		within time.Duration
		reason Reason
	}{
		"a byte a second":      {time.Second, -1, grace + 2*time.Second, TooSlow},
		"a byte every 14 s":    {14 * time.Second, -1, 30 * time.Second, TooSlow},
		"nothing at all":       {time.Hour, -1, idle + time.Second, TooSlow},
		"fast, but for ever":   {time.Microsecond, -1, DefaultBody + time.Second, TooLarge},
		"slow but soon at end": {time.Second, 5, 6 * time.Second, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := getter(t, Config{NoRobots: true, Packed: 1000}, stream{http.Header{}, func(ctx context.Context) io.ReadCloser {
					return &drip{ctx, row.every, row.n}
				}})
				begun := time.Now()
				out, err := g.Get(t.Context(), Request{URL: "https://a.example/"})
				if took := time.Since(begun); ReasonOf(err) != row.reason || took > row.within {
					t.Errorf("%v after %v, want %q within %v", err, took, row.reason, row.within)
				}
				if row.reason == "" && len(out.Body) != row.n || row.reason != "" && (out.Body != nil || out.State.Failures != 1) {
					t.Errorf("%d bytes, %+v", len(out.Body), out.State)
				}
			})
		})
	}
}

func packed(t *testing.T, encoding string, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch encoding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "raw":
		w, _ = flate.NewWriter(&b, 6)
	}
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBodies(t *testing.T) {
	text := []byte(strings.Repeat("truce ", 100))
	zeros := make([]byte, 1<<20)
	for name, row := range map[string]struct {
		encoding string
		body     []byte
		reason   Reason
	}{
		"plain":            {"", text, ""},
		"gzip":             {"gzip", packed(t, "gzip", text), ""},
		"deflate":          {"deflate", packed(t, "deflate", text), ""},
		"deflate, bare":    {"deflate", packed(t, "raw", text), ""},
		"not gzip":         {"gzip", text, Encoding},
		"broken gzip":      {"gzip", packed(t, "gzip", text)[:30], Encoding},
		"brotli":           {"br", text, Encoding},
		"twice":            {"gzip, gzip", packed(t, "gzip", packed(t, "gzip", text)), Encoding},
		"too long":         {"", zeros[:10_001], TooLarge},
		"just fits":        {"", zeros[:10_000], ""},
		"a bomb":           {"gzip", packed(t, "gzip", zeros), TooLarge},
		"a bomb, deflated": {"deflate", packed(t, "deflate", zeros), TooLarge},
		"a bomb in a file": {"", packed(t, "gzip", zeros), ""}, // a file is not unpacked here
	} {
		g := getter(t, Config{NoRobots: true, Packed: 10_000, Unpacked: 20_000}, answers(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", row.encoding)
			_, _ = w.Write(row.body)
		}))
		out, err := g.Get(t.Context(), Request{URL: "https://a.example/"})
		if ReasonOf(err) != row.reason {
			t.Errorf("%s: %v, want %q", name, err, row.reason)
		}
		if row.encoding != "" && row.reason == "" && !bytes.Equal(out.Body, text) || row.reason == "" && out.Packed != int64(len(row.body)) {
			t.Errorf("%s: %d bytes, %d as sent", name, len(out.Body), out.Packed)
		}
	}
}

// TestRedirects over real connections to this machine, which the list allows.
func TestRedirects(t *testing.T) {
	inside := 0
	canary := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { inside++ }))
	defer canary.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if notFound(w, r) {
			return
		}
		to := map[string]string{"/a": "/b", "/b": "/c", "/loop": "/loop2", "/loop2": "/loop", "/inside": canary.URL, "/file": "file:///etc/passwd", "/data": "data:text/html,x",
			"/gopher": "gopher://x:70/", "/user": "http://me:pw@a.example/", "/bad": "http://[", "/other": "//" + canary.Listener.Addr().String() + "/x"}[r.URL.Path]
		switch {
		case to != "":
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusMovedPermanently)
		case strings.HasPrefix(r.URL.Path, "/n"):
			n, _ := strconv.Atoi(r.URL.Path[2:])
			http.Redirect(w, r, "/n"+strconv.Itoa(n+1), http.StatusFound)
		default:
			_, _ = io.WriteString(w, "here")
		}
	}))
	defer server.Close()
	g := getter(t, Config{Every: time.Microsecond, Dial: dial.Config{Allow: []string{server.Listener.Addr().String()}}}, nil)
	defer g.Close()
	for path, reason := range map[string]Reason{"/loop": Redirect, "/inside": Refused, "/other": Refused, "/file": Redirect, "/data": Redirect, "/gopher": Redirect, "/user": Redirect, "/bad": BadURL, "/n1": Redirect} {
		if _, err := g.Get(t.Context(), Request{URL: server.URL + path}); ReasonOf(err) != reason {
			t.Errorf("%s: %v, want %q", path, err, reason)
		}
	}
	out, err := g.Get(t.Context(), Request{URL: server.URL + "/a"})
	if err != nil || out.URL != server.URL+"/c" || len(out.Hops) != 2 || out.State.Moved != server.URL+"/c" || string(out.Body) != "here" {
		t.Errorf("%+v %v", out, err)
	}
	if inside != 0 {
		t.Errorf("%d requests arrived inside", inside)
	}
}

func TestNoDowngrade(t *testing.T) {
	out := answers(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Scheme == "https" {
			http.Redirect(w, r, "http://a.example/x", http.StatusFound)
		}
	})
	if _, err := getter(t, Config{NoRobots: true}, out).Get(t.Context(), Request{URL: "https://a.example/x"}); ReasonOf(err) != Redirect {
		t.Errorf("%v", err)
	}
	if _, err := getter(t, Config{NoRobots: true, Downgrade: true}, out).Get(t.Context(), Request{URL: "https://a.example/x"}); err != nil {
		t.Errorf("%v", err)
	}
}

func TestAddresses(t *testing.T) {
	g := getter(t, Config{NoRobots: true}, answers(func(http.ResponseWriter, *http.Request) { t.Error("asked") }))
	for _, address := range []string{"", "feed.xml", "file:///etc/passwd", "data:text/plain,x", "gopher://a.example", "ftp://a.example/", "http://", "http://u:p@a.example/", "javascript:x", "http://a.example/" + strings.Repeat("x", maxURL), "http://[::1"} {
		if _, err := g.Get(t.Context(), Request{URL: address}); ReasonOf(err) != BadURL {
			t.Errorf("%.40q: %v", address, err)
		}
	}
}

// TestAProxyIsOnlyUsedWhenNamed, and a name that leads inside is refused before it.
func TestAProxyIsOnlyUsedWhenNamed(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://192.0.2.1:1")
	asked := ""
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked = r.URL.String() }))
	defer proxy.Close()
	lookup := names(map[string]string{"public.example": "8.8.8.8", "inside.example": "10.0.0.1"})
	g := getter(t, Config{NoRobots: true, HTTPProxy: proxy.URL, Every: time.Microsecond, Dial: dial.Config{Allow: []string{proxy.Listener.Addr().String()}, Lookup: lookup}}, nil)
	defer g.Close()
	if _, err := g.Get(t.Context(), Request{URL: "http://public.example/x"}); err != nil || asked != "http://public.example/x" {
		t.Errorf("%v, the proxy was asked for %q", err, asked)
	}
	asked = ""
	if _, err := g.Get(t.Context(), Request{URL: "http://inside.example/x"}); ReasonOf(err) != Refused || asked != "" {
		t.Errorf("%v, the proxy was asked for %q", err, asked)
	}
	plain := getter(t, Config{NoRobots: true, Dial: dial.Config{Lookup: lookup}}, nil)
	if _, err := plain.Get(t.Context(), Request{URL: "http://inside.example/x"}); ReasonOf(err) != Refused {
		t.Errorf("the environment's proxy was used: %v", err)
	}
}

func TestNewExplains(t *testing.T) {
	for name, cfg := range map[string]Config{"no contact": {}, "a header in it": {Contact: "a\r\nX: y"}, "redirects": {Contact: "a", Redirects: 11}, "allow": {Contact: "a", Dial: dial.Config{Allow: []string{"x"}}}} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// TestCancelledIsNobodysFailure: what the caller stops does not count against the feed.
func TestCancelledIsNobodysFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		g := getter(t, Config{NoRobots: true}, stream{http.Header{}, func(ctx context.Context) io.ReadCloser { return &drip{ctx, time.Hour, 1} }})
		out, err := g.Get(ctx, Request{URL: "https://a.example/", State: State{ETag: "x"}})
		if !errors.Is(err, context.DeadlineExceeded) || out.State.Failures != 0 || out.State.ETag != "x" {
			t.Errorf("%v %+v", err, out.State)
		}
	})
}
