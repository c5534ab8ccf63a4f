package public_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
	"github.com/trucewatch/truce/web/public"
)

// reader is a public store in memory.
type reader struct {
	days   int
	rows   int
	fail   error
	frame  error
	broken bool // the bulletins are no JSON
	query  truce.PublicQuery
	pledge truce.PublicGuarantee

	mu    sync.Mutex
	reads int // bulletins read as JSON
}

func (r *reader) Frame(context.Context) (web.Frame, error) {
	return web.Frame{Mission: "Test Mission", Realm: truce.ExerciseRealm("test"), ReportError: "mailto:errors@mission.example"}, r.frame
}

func (r *reader) Days(context.Context) ([]truce.PublicDay, error) {
	var days []truce.PublicDay
	for i := range r.days {
		day := truce.Day("2031-03-12").AddDays(-i)
		versions, err := r.Versions(context.Background(), day)
		if err != nil {
			return nil, err
		}
		versions[0].Rows = 6
		days = append(days, versions[0])
	}
	return days, r.fail
}

func (r *reader) Daily(_ context.Context, day truce.Day, format, lang string) (web.Document, error) {
	if format != "json" {
		return web.Document{ContentType: "text/x-" + format, Body: fmt.Appendf(nil, "%s in %q", day, lang)}, r.fail
	}
	r.mu.Lock()
	r.reads++
	r.mu.Unlock()
	if r.broken {
		return web.Document{Body: []byte("{")}, nil
	}
	body, err := json.Marshal(truce.Bulletin{
		Day: day, Areas: []truce.BulletinArea{{ID: "north", Names: truce.Names{"en": "The North"}}},
		Tables: []truce.CountTable{{Key: "heat", Subject: "heat", By: truce.CountByArea, Splits: []truce.CountSplit{{Key: "heat", Unit: truce.UnitHeatEvent}},
			Total: truce.CountLine{Cells: []truce.CountCell{{This: truce.Figure{N: 3, Form: truce.FigureAtLeast}}}}}},
	})
	return web.Document{Body: body}, errors.Join(err, r.fail)
}

func (r *reader) Versions(_ context.Context, day truce.Day) ([]truce.PublicDay, error) {
	first := truce.PublicDay{Day: day, Number: "D-" + string(day), Version: 1, SHA256: truce.HashOf([]byte(day))}
	if day != twice {
		return []truce.PublicDay{first}, r.fail
	}
	second := truce.PublicDay{Day: day, Number: first.Number + "-v2", Version: 2, SHA256: truce.HashOf([]byte(day + "v2"))}
	return []truce.PublicDay{second, first}, r.fail
}

// twice is a day of which two versions are out.
const twice truce.Day = "2031-03-11"

func (r *reader) Version(ctx context.Context, number string) (truce.PublicDay, error) {
	day, _ := strings.CutPrefix(strings.TrimSuffix(number, "-v2"), "D-")
	versions, err := r.Versions(ctx, truce.Day(day))
	for _, v := range versions {
		if v.Number == number && v.Day >= "2031" {
			return v, err
		}
	}
	return truce.PublicDay{}, truce.Errorf(truce.CodeNotFound, "no bulletin %s is out", number)
}

func (r *reader) Bulletin(_ context.Context, number, format, lang string) (web.Document, error) {
	return web.Document{ContentType: "text/x-" + format, Body: fmt.Appendf(nil, "<main>\n%s in %q\n</main><footer>\n</footer>", number, lang)}, r.fail
}

func (r *reader) Incidents(_ context.Context, q truce.PublicQuery) (truce.PublicPage, error) {
	r.query = q
	page := truce.PublicPage{Total: r.rows}
	for range min(q.Limit, max(0, r.rows-q.Offset)) {
		page.Rows = append(page.Rows, row())
	}
	return page, r.fail
}

func (r *reader) Incident(_ context.Context, id string) (truce.PublicIncident, error) {
	if id != row().Row.ID {
		return truce.PublicIncident{}, truce.Errorf(truce.CodeNotFound, "There is no published row %s.", id)
	}
	return row(), r.fail
}

func (r *reader) Guarantee(context.Context) (truce.PublicGuarantee, error) { return r.pledge, r.fail }

func row() truce.PublicIncident {
	return truce.PublicIncident{Bulletin: "D-2031-03-12", Day: "2031-03-12", Row: truce.BulletinRow{
		N: 4, ID: "pbzzxv2xy37etr8z2stw0jyst", Act: truce.ActOWAUAV, Means: []truce.Family{truce.FamilyThermal}, Observations: 3, Control: "A",
		Place: truce.RowPlace{Cell: &truce.GridCell{ID: "G5-1-2", South: -48, West: -22, North: -47.95, East: -21.95}}, Occurrence: truce.OccurrenceDetected, P: .98,
		Attribution: "not_assessed", Labels: []truce.Label{truce.LabelRecurringHeat},
		Findings: []truce.RowFinding{{Rule: "R01", Verdict: truce.VerdictHit, P: .74, Unit: truce.UnitEngagement}, {Rule: "R02", Verdict: truce.VerdictOutside, Reason: truce.ReasonAct, Unit: truce.UnitFlight}},
	}}
}

func handler(t *testing.T, r *reader) http.Handler {
	t.Helper()
	h, err := public.Handler(public.Config{Reader: r, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func get(h http.Handler, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func TestEveryPage(t *testing.T) {
	h := handler(t, &reader{days: 3, rows: 90})
	for _, row := range []struct {
		name, path string
		status     int
		must       []string
		not        []string
	}{
		{"days", "/", 200, []string{"D-2031-03-12", "D-2031-03-10", "Heat seen by satellites", `<svg class="bars"`, "10 Mar", `aria-current="page">Dailies`}, []string{"Nothing has been released"}},
		{"daily", "/daily/2031-03-12", 200, []string{`2031-03-12 in ""`}, nil},
		{"daily as CSV", "/daily/2031-03-12.csv", 200, []string{`2031-03-12 in ""`}, nil},
		{"list", "/incidents", 200, []string{"1 to 40 of 90 rows", "The North", "one-way drone", "cell G5-1-2", "pbzzxv2xy3…", "R01 0.74", "/daily/2031-03-12#row-4"}, []string{"that match", "owa_uav<"}},
		{"last of the list", "/incidents?offset=80", 200, []string{"81 to 90 of 90", "back up the list"}, []string{"further down"}},
		{"row", "/incidents/pbzzxv2xy37etr8z2stw0jyst", 200, []string{"almost certain (0.98)", "not assessed", "Cell G5-1-2 of the fixed grid", "thermal satellites; 3 observations",
			"area under control of A: place of effect, not origin of fire", "heat recurs here", "not this act", "0.74", "engagements"}, []string{"owa_uav"}},
		{"no row", "/incidents/2031-110", 404, []string{"There is no published row 2031-110."}, nil},
		{"about", "/about", 200, []string{"They do not say who is to blame", "Nothing recorded does not mean nothing happened"}, nil},
		{"no page", "/records/1", 404, []string{"There is no page at /records/1."}, nil},
		{"no act", "/incidents?act=%3Cscript%3E", 400, []string{"&lt;script&gt;"}, nil},
		{"no occurrence", "/incidents?occurrence=bogus", 400, []string{"no occurrence named &#34;bogus&#34;", "reported, detected, corroborated"}, nil},
		{"no area", "/incidents?area=bogus", 400, []string{"no area named &#34;bogus&#34;", "north, elsewhere"}, nil},
		{"a filter of the desk", "/incidents?verdict=bogus", 400, []string{"cannot be filtered by verdict", "act, area, occurrence, from, to"}, nil},
		{"what links pick up", "/incidents?utm_source=x", 200, []string{"1 to 40 of 90"}, []string{"that match", "Clear"}},
		{"days turned round", "/incidents?from=2031-03-12&to=2031-03-10", 400, []string{"is after the last"}, nil},
		{"no day", "/incidents?from=2031-13-45", 400, []string{"write YYYY-MM-DD"}, nil},
		{"no offset", "/incidents?offset=x", 400, []string{"offset must be"}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := get(h, row.path)
			body := w.Body.String()
			if w.Code != row.status {
				t.Fatalf("%d, want %d: %s", w.Code, row.status, body)
			}
			for _, want := range row.must {
				if !strings.Contains(body, want) {
					t.Errorf("lacks %q", want)
				}
			}
			if !strings.HasPrefix(row.path, "/daily") && !strings.Contains(body, "Report an error on this page") {
				t.Error("lacks a way to report an error")
			}
			for _, bad := range append(row.not, "<script", "style=", "<no value>", "Precise data") {
				if strings.Contains(body, bad) {
					t.Errorf("holds %q", bad)
				}
			}
		})
	}
}

func TestEmptyStates(t *testing.T) {
	h := handler(t, &reader{})
	for path, want := range map[string]string{
		"/": "Nothing has been released yet", "/incidents": "No published row matches yet.", "/incidents?act=sniper": "these filters",
	} {
		if body := get(h, path).Body.String(); !strings.Contains(body, want) {
			t.Errorf("%s lacks %q", path, want)
		}
	}
}

func TestFiltersReachTheStore(t *testing.T) {
	r := &reader{days: 1, rows: 2}
	body := get(handler(t, r), "/incidents?act=sniper&area=north&occurrence=detected&from=2031-03-10&to=2031-03-12").Body.String()
	want := truce.PublicQuery{Act: truce.ActSniper, Area: "north", Occurrence: truce.OccurrenceDetected, From: "2031-03-10", To: "2031-03-12", Limit: 40}
	if r.query != want {
		t.Errorf("the store was asked for %+v, want %+v", r.query, want)
	}
	for _, want := range []string{`value="sniper" selected`, `value="north" selected`, `value="detected" selected`, `value="2031-03-10"`, "that match", ">Clear</a>"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page forgot %s", want)
		}
	}
}

func TestBulletinsAreReadOnceAndAgainWhenTheyChange(t *testing.T) {
	r := &reader{days: 30}
	h := handler(t, r)
	for range 5 {
		get(h, "/")
		get(h, "/incidents")
	}
	if r.reads != 7 {
		t.Errorf("%d bulletins were read for ten pages, want the newest seven once", r.reads)
	}
	r.days = 2
	get(h, "/")
	if r.reads != 9 {
		t.Errorf("%d bulletins were read after the list of days changed, want two more", r.reads)
	}
}

func TestErrorsOfTheStoreBecomePages(t *testing.T) {
	secret := errors.New("disk /var/truce/public.db is on fire")
	for _, r := range []*reader{{days: 1, fail: secret}, {frame: secret}, {days: 1, broken: true}} {
		h := handler(t, r)
		for _, path := range []string{"/", "/incidents"} {
			if w := get(h, path); w.Code != 500 || strings.Contains(w.Body.String(), "public.db") || !strings.Contains(w.Body.String(), "Reference: ") {
				t.Errorf("%s: %d %s", path, w.Code, w.Body.String())
			}
		}
	}
	for _, path := range []string{"/daily/2031-03-12", "/incidents/pbzzxv2xy37etr8z2stw0jyst"} {
		if w := get(handler(t, &reader{fail: secret}), path); w.Code != 500 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	for _, path := range []string{"/about", "/nothing", "/daily/2031-03-12", "/incidents/x"} {
		if w := get(handler(t, &reader{frame: secret}), path); w.Code != 500 || strings.Contains(w.Body.String(), "public.db") {
			t.Errorf("%s without a frame: %d", path, w.Code)
		}
	}
}

func TestAnyHostMayReadAndNobodyWrites(t *testing.T) {
	h := handler(t, &reader{days: 1})
	req := httptest.NewRequest(http.MethodGet, "/", nil)
	req.Host = "truce.example"
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, req); w.Code != 200 {
		t.Errorf("a public host: %d", w.Code)
	}
	req = httptest.NewRequest(http.MethodPost, "/", strings.NewReader("x"))
	w = httptest.NewRecorder()
	if h.ServeHTTP(w, req); w.Code != 405 || !strings.Contains(w.Body.String(), "Report an error on this page") || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d %s", w.Code, w.Body.String())
	}
}
