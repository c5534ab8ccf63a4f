package app

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

// sites are the desk and the public pages of one exercise, served as `truce serve` does.
type sites struct {
	app          *App
	desk, public http.Handler
}

// TestWebOfAnExercise asks the whole program for its pages: files were imported,
// assessed, frozen and released before.
func TestWebOfAnExercise(t *testing.T) {
	s := newSites(t)
	t.Run("desk", s.testDeskPages)
	t.Run("public", s.testPublicPages)
	t.Run("maps", s.testMapsSayWhereTheyComeFrom)
	t.Run("public maps", s.testPublicMapsSayWhereTheyComeFrom)
	t.Run("ground", s.testGroundLeavesWithRightsAlone)
	t.Run("every page", s.testEveryPage)
	t.Run("strangers", s.testStrangers)
	t.Run("hostile", s.testHostileRequests)
	t.Run("get more", s.testNobodyGetsMore)
	t.Run("alone", s.testPublicPagesNeedThePublicStoreAlone)
	t.Run("versions", s.testVersionsStay) // last: it releases a day again
}

func newSites(t *testing.T) sites {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "exercise")
	var out bytes.Buffer
	if code := MainAt(time.Now, []string{"demo", "--exit", "--dir", dir}, strings.NewReader(""), &out, &out); code != 0 {
		t.Fatalf("demo: exit %d\n%s", code, out.String())
	}
	a, err := Open(context.Background(), dir, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	log := slog.New(slog.DiscardHandler)
	desk, err := a.deskHandler(log)
	if err != nil {
		t.Fatal(err)
	}
	site, err := openPublicSite(context.Background(), a.cfg, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { site.Close() })
	return sites{app: a, desk: desk, public: site.handler}
}

// answer is what a request got.
type answer struct {
	status int
	header http.Header
	body   string
}

func ask(h http.Handler, method, path, host string) answer {
	req := httptest.NewRequest(method, path, nil)
	req.Host = host
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return answer{w.Code, w.Header(), w.Body.String()}
}

func get(h http.Handler, path string) answer { return ask(h, http.MethodGet, path, "localhost:8080") }

// page is a row of the tables of pages.
type page struct {
	path   string
	status int
	must   []string
	not    []string
}

func checkPages(t *testing.T, h http.Handler, pages []page) {
	t.Helper()
	for _, row := range pages {
		a := get(h, row.path)
		if a.status != row.status {
			t.Errorf("%s: %d, want %d: %.300s", row.path, a.status, row.status, a.body)
			continue
		}
		for _, want := range row.must {
			if !strings.Contains(a.body, want) {
				t.Errorf("%s lacks %q", row.path, want)
			}
		}
		for _, bad := range row.not {
			if strings.Contains(a.body, bad) {
				t.Errorf("%s holds %q", row.path, bad)
			}
		}
	}
}

func (s sites) testDeskPages(t *testing.T) {
	hit := s.hits(t)[0].Incident
	checkPages(t, s.desk, []page{
		{"/", 200, []string{"Ormavell Monitoring Mission", "incidents listed", "D-2031-03-12", "/incidents/" + hit.Number, `<svg class="bars"`, `<svg class="locator"`, "R01 No fire near or across the contact line", "/quarantine?source="}, []string{"owa_uav", "indirect_fire<"}},
		{"/daily/2031-03-12", 200, []string{"Daily bulletin D-2031-03-12", `href="/style/daily.`, `<nav class="home"><a href="/">`, `<svg class="locator"`, `href="/incidents/`, "Report an error"}, []string{"<style"}},
		{"/daily/2031-03-12?lang=uk", 200, []string{`lang="uk"`, "Щоденний бюлетень", "НАВЧАННЯ", "Літери в колах", "точність 200"}, []string{"Letters in rings"}},
		{"/daily/2031-03-12.md", 200, []string{"# Daily bulletin D-2031-03-12"}, nil},
		{"/daily/2031-03-12.json", 200, []string{`"edition":"mission"`}, nil},
		{"/daily/2031-03-12.csv", 200, []string{"realm,row,id,revision,", "exercise:demo,"}, nil},
		{"/daily/2031-03-12.pdf", 404, []string{"printed as html, md, json or csv"}, nil},
		{"/daily/2030-01-01", 404, []string{"No Daily of 2030-01-01 has been made"}, nil},
		{"/daily/yesterday", 404, []string{"No Daily of yesterday"}, nil},
		{"/incidents", 200, []string{"1 to 50 of ", `<optgroup label="Acts of fire">`, `<option value="north">North</option>`}, nil},
		{"/incidents?verdict=hit&area=centre&rule=R01", 200, []string{"that match", `<option value="centre" selected>`, "Clear"}, nil},
		{"/incidents?act=sea_mine", 200, []string{"No incident matches these filters"}, nil},
		{"/incidents/" + hit.Number, 200, []string{"Incident " + hit.Number, hit.ID.String(), "the conditions of ", "Evidence", "90\u00a0%"}, []string{"act: indirect_fire"}},
		{"/incidents/" + hit.ID.String(), 200, []string{"Incident " + hit.Number}, nil},
		{"/incidents/2031-99999", 404, nil, nil},
		{"/terms", 200, []string{"Illustrative reference agreement", "1.1 Cessation of fire</h4>", "one-way drone", "LINE-CONTACT"}, []string{"# 1.1", "owa_uav"}},
		{"/sources", 200, []string{"Sources and licences", "thermal satellites"}, nil},
		{"/quarantine", 200, []string{"Rows that could not be read"}, nil},
		{"/records/1", 200, []string{"Record 1", "inception"}, nil},
		{"/records/999999", 404, nil, nil},
		{"/records/0x1", 400, []string{"A record has a number"}, nil},
		{"/nothing/here", 404, []string{"There is no page at /nothing/here"}, nil},
	})
}

func (s sites) testPublicPages(t *testing.T) {
	id := s.publicID(t)
	checkPages(t, s.public, []page{
		{"/", 200, []string{"Daily bulletins", "D-2031-03-12", "SHA-256", `<svg class="bars"`}, nil},
		{"/daily/2031-03-12", 200, []string{"Daily bulletin D-2031-03-12", `href="/style/daily.`, `<nav class="home"><a href="/">`}, []string{"<style"}},
		{"/daily/2031-03-12?lang=uk", 200, []string{`lang="uk"`, "НАВЧАННЯ"}, nil},
		{"/daily/2031-03-12.json", 200, []string{`"edition":"public"`}, []string{`"lat"`, `"lon"`, `"radius_m"`}},
		{"/daily/2031-03-12.md", 200, []string{"# Daily bulletin"}, nil},
		{"/daily/2031-03-12.csv", 200, []string{"realm,row,id,revision,", "exercise:demo,"}, nil},
		{"/daily/2031-03-12.db", 404, nil, nil},
		{"/daily/2030-01-01", 404, nil, nil},
		{"/incidents", 200, []string{"Published rows", "fixed grid", `<option value="north">North</option>`}, nil},
		{"/incidents?from=2031-03-10&to=2031-03-10", 200, []string{"that match"}, []string{">2031-03-11</a>"}},
		{"/incidents?act=sea_mine", 200, []string{"No published row matches these filters"}, nil},
		{"/incidents/" + id, 200, []string{id, "of the fixed grid", "not assessed"}, nil},
		{"/about", 200, []string{"How to read this"}, nil},
		{"/nothing", 404, []string{"There is no page at /nothing"}, nil},
	})
}

func (s sites) hits(t *testing.T) []truce.IncidentRow {
	t.Helper()
	page, err := s.app.store.Incidents(context.Background(), truce.IncidentQuery{Verdict: truce.VerdictHit})
	if err != nil || len(page.Rows) == 0 {
		t.Fatalf("the exercise has no hit: %v", err)
	}
	return page.Rows
}

var publicRow = regexp.MustCompile(`href="/incidents/(p[0-9a-z]{20,})"`)

func (s sites) publicID(t *testing.T) string {
	t.Helper()
	found := publicRow.FindStringSubmatch(get(s.public, "/incidents").body)
	if found == nil {
		t.Fatal("no row was published")
	}
	return found[1]
}

func (s sites) testMapsSayWhereTheyComeFrom(t *testing.T) {
	all, err := s.app.store.Incidents(context.Background(), truce.IncidentQuery{})
	if err != nil {
		t.Fatal(err)
	}
	placed := 0
	for _, row := range all.Rows {
		a := get(s.desk, "/incidents/"+row.Incident.Number)
		if row.Incident.Position == nil {
			if !strings.Contains(a.body, "No map: no source names a place") {
				t.Errorf("%s: no place and no word of it", row.Incident.Number)
			}
			continue
		}
		placed++
		for _, figure := range figures(a.body) {
			for _, want := range []string{"Line LINE-CONTACT (source: agreement), version 2026-04-01, accuracy 200\u00a0m", "prejudge no claim", "m-scale", "m-north", "m-party", ">EXERCISE</text>"} {
				if !strings.Contains(figure, want) {
					t.Errorf("a map of %s lacks %q", row.Incident.Number, want)
				}
			}
			if !strings.Contains(figure, "m-ellipse") && !strings.Contains(figure, "m-footprint") {
				t.Errorf("a map of %s does not show its place", row.Incident.Number)
			}
		}
		most := 2
		if strings.Contains(a.body, `<h2 id="heard">`) || strings.Contains(a.body, `<h2 id="flown">`) {
			most = 3 // and one of the sensors that heard it, or of the path of a flight
		}
		if n := len(figures(a.body)); n < 1 || n > most {
			t.Errorf("%s has %d maps", row.Incident.Number, n)
		}
	}
	if placed < 100 {
		t.Errorf("only %d incidents have a place", placed)
	}
}

// Every public Daily has a map in both languages that says whose line it shows, of which
// version and how exact, and that nothing on it is a border.
func (s sites) testPublicMapsSayWhereTheyComeFrom(t *testing.T) {
	for _, day := range []string{"2031-03-10", "2031-03-11", "2031-03-12"} {
		for lang, wants := range map[string][]string{
			"en": {">EXERCISE</text>", "Line LINE-CONTACT (source: agreement), version 2026-04-01, accuracy 200", "prejudge no claim", "listed rows are on the map", "Apache-2.0"},
			"uk": {">НАВЧАННЯ</text>", "Лінія LINE-CONTACT (джерело: agreement), версія 2026-04-01, точність 200", "не визначають наперед", "наведених рядків"},
		} {
			body := get(s.public, "/daily/"+day+"?lang="+lang).body
			maps := figures(body)
			if len(maps) != 1 {
				t.Errorf("%s in %s has %d maps", day, lang, len(maps))
				continue
			}
			for _, want := range append(wants, "m-tally", "m-line", "m-zone", "m-scale", "m-north", "m-party") {
				if !strings.Contains(body, want) {
					t.Errorf("%s in %s lacks %q", day, lang, want)
				}
			}
			for _, bad := range []string{"m-ellipse", "m-footprint", "m-road"} {
				if strings.Contains(maps[0], bad) {
					t.Errorf("the public map of %s draws a %s", day, bad)
				}
			}
		}
	}
}

// Without rights declared for the agreement's drawings, none may stand on a public map:
// what is given to the gate says so. A control map keeps the rights recorded with it.
func (s sites) testGroundLeavesWithRightsAlone(t *testing.T) {
	b, err := s.app.bulletinOf(context.Background(), "2031-03-12", truce.EditionMission)
	if err != nil {
		t.Fatal(err)
	}
	bare := *s.app
	bare.cfg.Sources = nil
	for name, a := range map[string]*App{"declared": s.app, "bare": &bare} {
		ground, err := a.publicGround(context.Background(), *b)
		if err != nil {
			t.Fatal(err)
		}
		layers := ground("en")
		if len(layers) == 0 || len(layers[0].Lines) == 0 || len(layers[0].Shapes) == 0 {
			t.Fatalf("%s: the agreement draws nothing: %d layers", name, len(layers))
		}
		for _, l := range layers {
			want := name == "declared" || l.Source.ID == "map-exercise-control"
			if may := l.Source.Redistribute; may != want {
				t.Errorf("%s: the drawings of %s may be passed on: %v", name, l.Source.ID, may)
			}
		}
	}
}

func figures(body string) []string {
	return regexp.MustCompile(`(?s)<figure class="map">.*?</figure>`).FindAllString(body, -1)
}

// weights are the bounds of a page, bytes: what is printed, and what is on the line
// when it is packed. A Daily is a document and has the second bound only.
const (
	publicWeight = 40 << 10
	deskWeight   = 60 << 10
)

var (
	hrefs      = regexp.MustCompile(`(?:href|action|src)="([^"]*)"`)
	doubled    = regexp.MustCompile(`(?s)<pattern id="m-hatch".*<pattern id="m-hatch"`)
	imageAlone = regexp.MustCompile(`<img|<iframe|<object|<embed|@import|<base|http-equiv`)
)

// manyRecords are pages of one kind, each linked to the next: of five hundred a crawl
// reads every hundredth.
var manyRecords = regexp.MustCompile(`^/records/[0-9]*(0[1-9]|[1-9][0-9]?|[1-9]0)$`)

// crawl follows every link of a site from its first page.
func crawl(h http.Handler) map[string]answer {
	seen := map[string]answer{}
	queue := []string{"/"}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if _, known := seen[path]; known {
			continue
		}
		a := get(h, path)
		seen[path] = a
		if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			continue
		}
		for _, found := range hrefs.FindAllStringSubmatch(a.body, -1) {
			href := html.UnescapeString(found[1])
			base, _ := url.Parse("http://localhost" + path)
			to, err := base.Parse(href)
			if err != nil || to.Host != "localhost" || to.Scheme != "http" || manyRecords.MatchString(to.Path) {
				continue
			}
			queue = append(queue, to.RequestURI())
		}
	}
	return seen
}

func (s sites) testEveryPage(t *testing.T) {
	for _, site := range []struct {
		name   string
		h      http.Handler
		weight int
		least  int // pages a crawl must find
	}{{"desk", s.desk, deskWeight, 150}, {"public", s.public, publicWeight, 40}} {
		found := crawl(site.h)
		found["/no/such/page"] = get(site.h, "/no/such/page")
		found["/incidents?act=nothing"] = get(site.h, "/incidents?act=nothing")
		for _, path := range slices.Sorted(maps.Keys(found)) {
			a := found[path]
			name := site.name + " " + path
			checkHeaders(t, name, a)
			if strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
				checkHTML(t, name, a.body, site.name == "public")
				checkWeight(t, name, path, a, site.weight)
			}
			if a.status != 200 && !deadOnPurpose(path) {
				t.Errorf("%s is linked and answers %d", name, a.status)
			}
		}
		if len(found) < site.least {
			t.Errorf("%s: the crawl found only %d pages", site.name, len(found))
		}
	}
}

// deadOnPurpose says whether a path may answer an error: the ones asked for as such.
func deadOnPurpose(path string) bool {
	return path == "/no/such/page" || path == "/incidents?act=nothing"
}

func checkHeaders(t *testing.T, name string, a answer) {
	t.Helper()
	policy := a.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || a.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s: policy %q", name, policy)
	}
}

func checkHTML(t *testing.T, name, body string, public bool) {
	t.Helper()
	low := strings.ToLower(body)
	for _, bad := range []string{" style=", "<style", "<script", "javascript:", " onload=", " onclick=", "<no value>", "#zgotmplz", "%!"} {
		if strings.Contains(low, bad) {
			t.Errorf("%s holds %q", name, bad)
		}
	}
	if found := imageAlone.FindString(low); found != "" {
		t.Errorf("%s holds %q", name, found)
	}
	if doubled.MatchString(body) {
		t.Errorf("%s defines the hatches twice", name)
	}
	if !strings.Contains(body, "EXERCISE") && !strings.Contains(body, "НАВЧАННЯ") {
		t.Errorf("%s does not say EXERCISE", name)
	}
	if public && !strings.Contains(body, `href="mailto:errors@mission.example`) {
		t.Errorf("%s has no way to report an error", name)
	}
	for _, found := range hrefs.FindAllStringSubmatch(body, -1) {
		if strings.HasPrefix(found[0], "src=") {
			t.Errorf("%s fetches %s", name, found[1])
		}
	}
}

// checkWeight holds a page to its bound as it is printed, a Daily as it is on the line.
func checkWeight(t *testing.T, name, path string, a answer, bound int) {
	t.Helper()
	weight := len(a.body)
	if strings.HasPrefix(path, "/daily/") || strings.HasPrefix(path, "/bulletins/") {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		if _, err := io.WriteString(z, a.body); err != nil || z.Close() != nil {
			t.Fatal(err)
		}
		weight = packed.Len()
	}
	if weight > bound {
		t.Errorf("%s weighs %d bytes, the bound is %d", name, weight, bound)
	}
}

func (s sites) testStrangers(t *testing.T) {
	for host, want := range map[string]int{"localhost:8080": 200, "127.0.0.1": 200, "truce.example": 403, "localhost.truce.example:8080": 403, "10.0.0.7:8080": 403} {
		for _, path := range []string{"/", "/incidents", "/daily/2031-03-12.json", "/records/1"} {
			if a := ask(s.desk, "GET", path, host); a.status != want || want == 403 && strings.Contains(a.body, "Ormavell") {
				t.Errorf("desk as %s: %s is %d, want %d", host, path, a.status, want)
			}
		}
	}
	if a := ask(s.public, "GET", "/", "truce.example"); a.status != 200 {
		t.Errorf("public pages as truce.example: %d", a.status)
	}
	for _, h := range []http.Handler{s.desk, s.public} {
		for _, method := range []string{"POST", "PUT", "DELETE", "PATCH"} {
			for _, path := range []string{"/", "/incidents", "/daily.css", "/style/daily.css", "/assets/truce.css"} {
				if a := ask(h, method, path, "localhost"); a.status != http.StatusMethodNotAllowed {
					t.Errorf("%s %s: %d", method, path, a.status)
				}
			}
		}
	}
	for _, args := range [][]string{{"serve", "--listen", "0.0.0.0:0"}, {"serve", "--listen", "[::]:0"}, {"demo", "--listen", "0.0.0.0:0"}} {
		var out bytes.Buffer
		if code := MainAt(time.Now, append(args, "--dir", s.app.cfg.dir), strings.NewReader(""), io.Discard, &out); code == 0 || !strings.Contains(out.String(), "--public") {
			t.Errorf("%v: exit %d, %s", args, code, out.String())
		}
	}
}

// hostile are values that have broken a page, a query or a log somewhere.
var hostile = []string{
	`"><script>alert(1)</script>`, `'; DROP TABLE incidents; --`, `' OR '1'='1`, "%", "_", `\`, "\x00", "\r\nSet-Cookie: a=b", strings.Repeat("A", 10_000),
	"../../etc/passwd", "{{.}}", "${jndi:ldap://x}", "\u202e", "\xff\xfe", "-1", "99999999999999999999", "NaN", "<svg onload=x>", "2031-13-45",
}

func (s sites) testHostileRequests(t *testing.T) {
	for _, h := range []http.Handler{s.desk, s.public} {
		for _, key := range []string{"act", "area", "rule", "occurrence", "verdict", "day", "from", "to", "offset", "x"} {
			for _, value := range hostile {
				checkRefusal(t, fmt.Sprintf("%s=%.20q", key, value), get(h, "/incidents?"+url.Values{key: {value}}.Encode()))
			}
		}
		for _, value := range hostile {
			checkRefusal(t, fmt.Sprintf("lang=%.20q", value), get(h, "/daily/2031-03-10?"+url.Values{"lang": {value}}.Encode()))
			for _, path := range []string{"/incidents/", "/daily/", "/records/", "/assets/", "/"} {
				checkRefusal(t, fmt.Sprintf("%s%.20q", path, value), get(h, path+url.PathEscape(value)))
			}
		}
	}
}

// checkRefusal holds that an odd request is answered, escaped and not an internal error.
func checkRefusal(t *testing.T, name string, a answer) {
	t.Helper()
	if a.status >= 500 {
		t.Errorf("%s: %d %.200s", name, a.status, a.body)
	}
	for _, bad := range []string{"<script", "<svg onload", "root:"} {
		if strings.Contains(a.body, bad) {
			t.Errorf("%s: the answer holds %q", name, bad)
		}
	}
	if a.header.Get("Set-Cookie") != "" {
		t.Errorf("%s: the answer sets a header of the asker", name)
	}
}

// A thing must not be named differently on a page and in a Daily.
func TestPagesUseTheWordsOfTheBulletins(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "respond", "publish", "text", "en.json"))
	if err != nil {
		t.Fatal(err)
	}
	var catalogue map[string]any
	if err := json.Unmarshal(text, &catalogue); err != nil {
		t.Fatal(err)
	}
	compared := 0
	for key, value := range catalogue {
		kind, word, _ := strings.Cut(key, ".")
		var page string
		switch kind {
		case "act":
			page = web.Words(truce.Act(word))
		case "group":
			page = web.Words(truce.ActGroup(word))
		case "family":
			page = web.Words(truce.Family(word))
		case "label":
			page = web.Words(truce.Label(word))
		case "occurrence":
			page = web.Words(truce.Occurrence(word))
		case "reason":
			page = web.Why(truce.VerdictIndeterminate, truce.Reason(word))
		case "condition":
			page = web.Condition(word)
		case "state":
			page = web.Words(truce.ConditionState(word))
		case "reading":
			page = web.Reading(word)
		case "unit":
			checkUnit(t, truce.Unit(word), value)
			continue
		}
		if page == "" || word == "" {
			continue
		}
		if compared++; page != value {
			t.Errorf("%s: a page says %q, a Daily %q", key, page, value)
		}
	}
	if compared < 90 {
		t.Errorf("only %d words were compared", compared)
	}
}

func checkUnit(t *testing.T, unit truce.Unit, value any) {
	t.Helper()
	if !slices.Contains(truce.Units(), unit) {
		return // a word of the Daily alone
	}
	if forms, ok := value.(map[string]any); ok && (web.Words(unit) != forms["one"] || web.Plural(unit) != forms["other"]) {
		t.Errorf("unit %s: a page says %q and %q, a Daily %v", unit, web.Words(unit), web.Plural(unit), forms)
	}
}

func TestMapWordsAreWholeInEveryLanguage(t *testing.T) {
	for lang, words := range mapText {
		for key, english := range mapText["en"] {
			if strings.Count(words[key], "%")-2*strings.Count(words[key], "%%") != strings.Count(english, "%")-2*strings.Count(english, "%%") {
				t.Errorf("%s %s: %q takes other values than %q", lang, key, words[key], english)
			}
		}
		if got := mapWords(lang, "drawn", 3, 7); !strings.Contains(got, "3") || !strings.Contains(got, "7") || strings.Contains(got, "%!") {
			t.Errorf("%s: %q", lang, got)
		}
		if got := mapWords(lang, "shapes"); strings.Contains(got, "%%") {
			t.Errorf("%s: %q", lang, got)
		}
	}
	if got := mapWords("xx", "title"); got != mapText["en"]["title"] {
		t.Errorf("an unknown language: %q", got)
	}
}
