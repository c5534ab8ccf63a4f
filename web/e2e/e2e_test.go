// Package e2e looks at the pages of the real program in a real browser.
package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// browserTime bounds the whole look; it takes a minute or two on two free cores.
const browserTime = 10 * time.Minute

// look is what pages.mjs is asked to look at.
type look struct {
	Chromium string `json:"chromium"`
	Pages    []page `json:"pages"`
}

type page struct {
	Name   string `json:"name"`
	URL    string `json:"url"`
	Status int    `json:"status"`
	Skip   bool   `json:"skip"` // stands in the site's frame, with a skip link

	Session string `json:"session,omitempty"` // the cookie of somebody signed in
	Fits    bool   `json:"fits,omitempty"`    // no table goes on behind an edge
}

// seen is what pages.mjs found.
type seen struct {
	Pages    int
	Requests int
	Focused  int
	Rules    int
	Problems []struct{ Page, Check, Detail string }
}

func TestPagesInABrowser(t *testing.T) {
	chromium := browser(t)
	program := build(t)
	dir := filepath.Join(t.TempDir(), "exercise")
	run(t, exec.Command(program, "demo", "--exit", "--dir", dir))
	desk := serve(t, program, "--dir", dir)
	public := serve(t, program, "--dir", dir, "--public")
	in := look{Chromium: chromium, Pages: append(deskPages(t, desk), publicPages(t, public)...)}
	found := browse(t, in)
	for _, p := range found.Problems {
		t.Errorf("%s: %s: %s", p.Page, p.Check, p.Detail)
	}
	// The look itself must have looked.
	if found.Pages != len(in.Pages) || found.Requests < 3*len(in.Pages) || found.Focused < 5*len(in.Pages) || found.Rules < 15 {
		t.Errorf("the browser looked at %d of %d pages, made %d requests, focused %d elements and ran %d rules: too little to mean anything",
			found.Pages, len(in.Pages), found.Requests, found.Focused, found.Rules)
	}
}

// A page with every fault the look is for: each must be found, or a clean report says
// nothing.
func TestTheLookFindsFaults(t *testing.T) {
	chromium := browser(t)
	elsewhere := listen(t, http.NotFoundHandler())
	faulty := listen(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, `<!doctype html><html><head><title>x</title><style>
a:focus { outline: none } .wide { width: 3000px } .pale { color: #ccc; background: #fff } body { background: #fff; color: #000 }</style></head>
<body><form>printed</form><div class="wide">wide</div><p class="pale">pale</p><a href="#content">skip</a><a href="/x">x</a><img src="`+elsewhere+`/x.png"><script>console.error("x")</script></body></html>`)
	}))
	found := browse(t, look{Chromium: chromium, Pages: []page{{Name: "faulty", URL: faulty, Status: 200, Skip: true}}})
	checks := map[string]bool{}
	for _, p := range found.Problems {
		checks[p.Check] = true
	}
	for _, want := range []string{"overflow", "request elsewhere", "scheme", "keyboard", "focus not marked", "print", "console", "color-contrast", "html-has-lang", "image-alt"} {
		if !checks[want] {
			t.Errorf("the look does not find %q; it found %v", want, checks)
		}
	}
}

// browser is the path of Chromium; without it, or without the libraries that drive it,
// the test is skipped, in CI it fails.
func browser(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: pages are not looked at in a browser")
	}
	missing := t.Skipf
	if os.Getenv("CI") == "true" {
		missing = t.Fatalf
	}
	if _, err := os.Stat(filepath.Join("node_modules", "playwright-core")); err != nil {
		missing("the libraries that drive the browser are not installed: npm ci --prefix web/e2e")
	}
	if _, err := exec.LookPath("node"); err != nil {
		missing("node is not installed")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	missing("no Chromium is installed: apt-get install chromium")
	return ""
}

func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "truce")
	run(t, exec.Command("go", "build", "-o", program, "github.com/trucewatch/truce/cmd/truce"))
	return program
}

func run(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
}

// serve starts the program's server on a free port and gives its address.
func serve(t *testing.T, program string, flags ...string) string {
	t.Helper()
	cmd := exec.Command(program, append([]string{"serve", "--listen", "127.0.0.1:0"}, flags...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait() // an interrupted server says so
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, address, found := strings.Cut(lines.Text(), "http://"); found {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return "http://" + strings.TrimSpace(address)
		}
	}
	t.Fatalf("%v did not say where it serves: %s", cmd.Args, errs.String())
	return ""
}

// listen serves a handler of the test's own and gives its address.
func listen(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

func browse(t *testing.T, in look) seen {
	t.Helper()
	question, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), browserTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", "pages.mjs")
	cmd.Stdin = bytes.NewReader(question)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("the look failed: %v\n%s", err, errs.String())
	}
	var found seen
	if err := json.Unmarshal(out.Bytes(), &found); err != nil {
		t.Fatalf("%v: %.500s", err, out.String())
	}
	return found
}

// fetchAs is the page at an address, with a session.
func fetchAs(t *testing.T, url, session string) string {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if session != "" {
		req.AddCookie(&http.Cookie{Name: "truce_session", Value: session})
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

var (
	deskIncident = regexp.MustCompile(`href="(/incidents/[0-9]{4}-[0-9]+)"`)
	publicRow    = regexp.MustCompile(`href="(/incidents/p[0-9a-z]+)"`)
	permanent    = regexp.MustCompile(`href="(/bulletins/[^"]+)"`)
	dailyDay     = regexp.MustCompile(`href="(/daily/[0-9-]+)"`)
)

// first is the first link of a kind on a page.
func first(t *testing.T, url string, link *regexp.Regexp) string {
	t.Helper()
	return firstAs(t, url, "", link)
}

// firstAs is first with a session.
func firstAs(t *testing.T, url, session string, link *regexp.Regexp) string {
	t.Helper()
	found := link.FindStringSubmatch(fetchAs(t, url, session))
	if found == nil {
		t.Fatalf("%s has no link like %s", url, link)
	}
	return found[1]
}

func deskPages(t *testing.T, base string) []page {
	t.Helper()
	daily := first(t, base+"/", dailyDay)
	hit := first(t, base+"/incidents?verdict=hit", deskIncident)
	heat := first(t, base+"/incidents?act=heat_undetermined", deskIncident)
	pages := inFrame("desk", base, "/", "/incidents", "/incidents?verdict=hit&area=north", "/incidents?act=sea_mine", hit, heat, "/terms", "/sources", "/quarantine", "/records/1", "/records/300")
	return append(pages,
		page{Name: "desk daily", URL: base + daily, Status: 200}, page{Name: "desk daily in Ukrainian", URL: base + daily + "?lang=uk", Status: 200},
		page{Name: "desk no page", URL: base + "/nothing", Status: 404, Skip: true}, page{Name: "desk no act", URL: base + "/incidents?act=x", Status: 400, Skip: true})
}

func publicPages(t *testing.T, base string) []page {
	t.Helper()
	daily := first(t, base+"/", dailyDay)
	row := first(t, base+"/incidents", publicRow)
	version := first(t, base+"/", permanent)
	pages := inFrame("public", base, "/", "/incidents", row, "/about")
	return append(pages,
		page{Name: "public daily", URL: base + daily, Status: 200}, page{Name: "public daily in Ukrainian", URL: base + daily + "?lang=uk", Status: 200},
		page{Name: "public version", URL: base + version, Status: 200},
		page{Name: "public no page", URL: base + "/nothing", Status: 404, Skip: true}, page{Name: "public no occurrence", URL: base + "/incidents?occurrence=x", Status: 400, Skip: true},
		page{Name: "public no version", URL: base + "/bulletins/x", Status: 404, Skip: true})
}

func inFrame(site, base string, paths ...string) []page {
	var out []page
	for _, path := range paths {
		out = append(out, page{Name: site + " " + path, URL: base + path, Status: 200, Skip: true})
	}
	return out
}
