package app_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/trucewatch/truce/app"
)

// serving starts `truce serve` with flags, on a port of its own, and gives its address.
func serving(t *testing.T, flags ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	out, said := io.Pipe()
	ended := make(chan int)
	go func() {
		ended <- app.MainUntil(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, flags...), said, io.Discard)
		said.Close()
	}()
	t.Cleanup(func() { stop(); <-ended; http.DefaultClient.CloseIdleConnections() })
	line := make([]byte, 200)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	go io.Copy(io.Discard, out)
	return regexp.MustCompile(`http://\S+`).FindString(string(line[:n]))
}

func page(t *testing.T, address string, want int) string {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != want {
		t.Fatalf("%s answers %s, want %d, %v\n%s", address, resp.Status, want, err, body)
	}
	return string(body)
}

// The desk and the public pages show the same stories; what stands in the texts beyond a
// sentence is nowhere in what the public can have, not even in the file behind its pages.
func TestPressPages(t *testing.T) {
	dir := pressStudy(t, "a.md", "b.md", "c.md")
	run(t, "assess", "--dir", dir)
	run(t, "bulletin", "daily", "--date", "2026-04-11", "--dir", dir)
	run(t, "bulletin", "release", "--date", "2026-04-11", "--dir", dir)
	deskAt, publicAt := serving(t, "--dir", dir), serving(t, "--public", "--dir", dir)
	for what, site := range map[string]string{"desk": deskAt, "public": publicAt} {
		review := page(t, site+"/press", 200)
		for _, want := range []string{"Flood closes the harbour of Brenhala", "Allies agree to send monitors", "1 independent report", `href="/promises"`} {
			if !strings.Contains(review, want) {
				t.Errorf("the review at the %s has no %q", what, want)
			}
		}
		if found := page(t, site+"/press?words=brenhala&lang=uk", 200); !strings.Contains(found, "Flood") || strings.Contains(found, "Allies agree") || !strings.Contains(found, "Огляд преси") {
			t.Errorf("the search at the %s:\n%s", what, found)
		}
		if day := page(t, site+"/press/2026-04-10", 200); strings.Contains(day, "Flood closes") || !strings.Contains(day, "Allies agree") {
			t.Errorf("the review of a day at the %s:\n%s", what, day)
		}
		story := regexp.MustCompile(`/stories/[0-9A-Z]{26}`).FindString(page(t, site+"/press/2026-04-10", 200))
		if text := page(t, site+story, 200); !strings.Contains(text, "Strait Post") || !strings.Contains(text, "forty monitors") {
			t.Errorf("the story at the %s:\n%s", what, text)
		}
		if rows := page(t, site+"/promises", 200); !strings.Contains(rows, "France") || !strings.Contains(rows, "if the ceasefire holds") {
			t.Errorf("the promises at the %s:\n%s", what, rows)
		}
		for _, name := range []string{"feed.json", "atom.xml"} {
			if feed := askedAs(t, site+"/press/"+name, strings.Replace(strings.TrimPrefix(site, "http://"), "127.0.0.1", "localhost", 1)); !strings.Contains(feed, `"`+story) || strings.Contains(feed, "localhost") {
				t.Errorf("%s at the %s leads nowhere, or where its reader says:\n%s", name, what, feed)
			}
		}
		page(t, site+"/claims", 200)
		page(t, site+"/stories/nothing", 404)
		page(t, site+"/press/2026-13-01", 400)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "public.db"))
	if err != nil || !bytes.Contains(raw, []byte("Brenhala Evening")) {
		t.Fatalf("the public store: %v", err)
	}
	for _, secret := range []string{"ZEBRAMARKER", "old mill", "port office", "copies-of-"} {
		if bytes.Contains(raw, []byte(secret)) {
			t.Errorf("the public store holds %q", secret)
		}
	}
}

// A page that is left alone by machines is in the review by its headline, and nothing is
// read out of it.
func TestTextsThatMayNotBeRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "study")
	run(t, "init", dir)
	file := filepath.Join(t.TempDir(), "page.html")
	text := `<!doctype html><html lang="en"><head><meta name="tdm-reservation" content="1"><title>France will send troops, says Macron</title>
<meta property="article:published_time" content="2026-04-10T08:00:00Z"><link rel="canonical" href="https://closed.example/1"></head>
<body><article><h1>France will send troops, says Macron</h1><p>` + strings.Repeat("France will send ZEBRAMARKER troops to Ukraine, President Macron said on Monday in Paris. ", 8) + `</p></article></body></html>`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "import", "--dir", dir, "--format", "page", file)
	if sum := updateStories(t, dir); sum.Articles != 1 || sum.Claims != 0 {
		t.Errorf("update %+v, want one article and nothing read out of it", sum)
	}
	if got := run(t, "stories", "list", "--dir", dir, "--json", "--day", "2026-04-10"); !strings.Contains(got, "France will send troops") || strings.Contains(got, "ZEBRAMARKER") {
		t.Errorf("the list is\n%s", got)
	}
}

// askedAs asks for a page by a host of one's own choice.
func askedAs(t *testing.T, address, host string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s as %s answers %s, %v\n%s", address, host, resp.Status, err, body)
	}
	return string(body)
}
