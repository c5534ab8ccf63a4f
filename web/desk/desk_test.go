package desk_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/web"
	"github.com/trucewatch/truce/web/desk"
)

// reader is a desk's store in memory: one incident with everything, or nothing at all.
type reader struct {
	desk.Reader
	fail  error // what every method but Frame answers
	frame error
	empty bool
	rows  int // rows of a list
	heard int // located events of the incident
	query truce.IncidentQuery
	seen  []string // sources asked for in quarantine
}

func (r *reader) Frame(context.Context) (web.Frame, error) {
	return web.Frame{Mission: "Test Mission", Realm: truce.ExerciseRealm("test"), ReportError: "mailto:errors@mission.example"}, r.frame
}

func (r *reader) Overview(context.Context) (desk.Overview, error) {
	if r.empty || r.fail != nil {
		return desk.Overview{}, r.fail
	}
	return desk.Overview{
		Days: []desk.Day{{Day: "2031-03-11", Number: "D-2031-03-11", Version: 1, DayNumber: 1806}}, Incidents: 139, Hits: 50,
		Latest: []truce.IncidentRow{row()}, Head: 561, Sources: r.sources(), Map: `<figure class="map"></figure>`,
		Charts: []web.Chart{{Title: "R01 No fire", Unit: truce.UnitEngagement, Bars: []web.Bar{{Day: "2031-03-11", N: 4, Form: truce.FigureAtLeast}}}},
	}, nil
}

func (r *reader) Daily(_ context.Context, day truce.Day, format, lang string) (web.Document, error) {
	return web.Document{ContentType: "text/x-" + format, Body: fmt.Appendf(nil, "%s in %q", day, lang)}, r.fail
}

func (r *reader) Choices(context.Context) (desk.Choices, error) {
	return desk.Choices{
		Areas: []truce.BulletinArea{{ID: "north", Names: truce.Names{"en": "The North"}}},
		Rules: []truce.BulletinRule{{ID: "R01", Titles: truce.Names{"en": "No fire near the line"}}},
	}, r.fail
}

func (r *reader) Incidents(_ context.Context, q truce.IncidentQuery) (truce.IncidentPage, error) {
	r.query = q
	page := truce.IncidentPage{Total: r.rows}
	for range min(q.Limit, max(0, r.rows-q.Offset)) {
		page.Rows = append(page.Rows, row())
	}
	return page, r.fail
}

func (r *reader) Dossier(_ context.Context, number string) (desk.Dossier, error) {
	if number != "2031-110" {
		return desk.Dossier{}, truce.Errorf(truce.CodeNotFound, "There is no incident %s.", number)
	}
	choices, err := r.Choices(context.Background())
	d := desk.Dossier{Row: row(), History: []truce.IncidentRow{row()}, Choices: choices, Cases: []desk.CaseLink{{Number: "C-2031-1", State: truce.CaseOpen, Tier: "T1", Href: "https://room.example/cases/C-2031-1"}, {Number: "C-2031-2", State: truce.CaseClosed, Href: "/records/9"}},
		Map: `<figure class="map wide"></figure>`, CloseUp: `<figure class="map close"></figure>`}
	d.Sources = map[truce.SourceID]truce.SourceInfo{"csv": {Title: "Tables of reports"}}
	d.Events = []truce.Event{{Kind: truce.ActIndirectFire, Method: "story/1", Score: .5}}
	for i, version := range []string{"3f2a9c0d11e2aa", "77b0"} {
		e := desk.EvaluationRow{Evaluation: *d.Row.Evaluation, Seq: truce.Seq(386 + i)}
		e.Agreement, e.Version, e.Revision = "guide", version, 1+i
		d.Evaluations = append(d.Evaluations, e)
	}
	for i := range r.rows {
		d.Observations = append(d.Observations, observation(i))
	}
	if r.heard > 0 {
		d.HeardMap = `<figure class="map ears"></figure>`
	}
	for i := range r.heard {
		d.Heard = append(d.Heard, heardEvent(i))
		d.Observations = append(d.Observations, truce.Observation{Kind: truce.KindArrival, Source: "arrivals-acoustic", Sensor: "EAR-1", Arrival: &truce.Arrival{Phase: truce.PhaseAcoustic}})
	}
	if r.empty {
		d.Map, d.CloseUp, d.Row.Evaluation, d.Row.Incident.Position, d.Evaluations = "", "", nil, nil, nil
	}
	return d, err
}

func (r *reader) Terms(context.Context) (desk.Terms, error) {
	if r.empty || r.fail != nil {
		return desk.Terms{Title: "Terms"}, r.fail
	}
	return desk.Terms{
		Title: "Illustrative agreement", Notice: "Not a real one.", Status: "in_force", Version: "abc", Warnings: []string{"clause 9 has no rule"},
		Rules: []desk.TermsRule{{ID: "R01", Title: "No fire", Clause: "1.1", ClauseText: "# 1.1 Cessation\n\nNo weapon is fired.", Sentences: []string{"It prohibits: one-way drone."}}, {ID: "R08", Title: "Demining", Clause: "1.1", Kind: truce.RulePermit}},
		Lines: []truce.BulletinLine{{ID: "L", Map: "M", Version: "v1", AccuracyM: 200, ContactKm: 132.7}},
	}, nil
}

func (r *reader) sources() []desk.SourceRow {
	return []desk.SourceRow{{SourceInfo: truce.SourceInfo{ID: "csv", Title: "Tables", Family: truce.FamilyPatrol, URL: "javascript:alert(1)"}, Accepted: 4, Quarantined: 2}}
}

func (r *reader) Sources(context.Context) ([]desk.SourceRow, error) {
	if r.empty {
		return nil, r.fail
	}
	return r.sources(), r.fail
}

func (r *reader) Quarantined(_ context.Context, source truce.SourceID, offset, limit int) ([]truce.Rejection, int, error) {
	r.seen = append(r.seen, string(source))
	var out []truce.Rejection
	for i := range min(limit, max(0, r.rows-offset)) {
		out = append(out, truce.Rejection{File: "a.csv", Line: offset + i + 1, Reason: "the row has 4 fields", Raw: []byte(strings.Repeat("<\x00é", 500))})
	}
	return out, r.rows, r.fail
}

func (r *reader) Record(_ context.Context, seq truce.Seq) (truce.Record, error) {
	switch seq {
	case 1:
		return truce.Record{Seq: 1, Kind: truce.RecordInception, Body: []byte(`{"realm":"x"}`)}, r.fail
	case 2:
		return truce.Record{Seq: 2, Kind: truce.RecordBulletin, Body: []byte(`{"long":"` + strings.Repeat("є", 60_000) + `"}`)}, r.fail
	case 3:
		return truce.Record{Seq: 3, Kind: truce.RecordIncident}, r.fail
	case 4:
		return truce.Record{Seq: 4, Kind: truce.RecordIncident, Body: []byte("not JSON")}, r.fail
	}
	return truce.Record{}, truce.Errorf(truce.CodeNotFound, "There is no record %d.", seq)
}

func row() truce.IncidentRow {
	finding := func(rule truce.RuleID, v truce.Verdict, p truce.Probability) truce.Finding {
		return truce.Finding{Rule: rule, Verdict: v, P: p, Unit: truce.UnitEngagement, Trace: []string{"act: indirect_fire 0.75, " + string(rule)}}
	}
	hit := finding("R01", truce.VerdictHit, .74)
	hit.Count, hit.EffectSide = 1, []truce.SideShare{{Party: "A", P: .999}, {Party: "B", P: .001}}
	open := finding("R02", truce.VerdictIndeterminate, 0)
	open.Reason = truce.ReasonLocation
	outside := finding("R03", truce.VerdictOutside, 0)
	outside.Reason = truce.ReasonAct
	hit.Number, hit.Reported = &truce.Seen{AtLeast: 4, AtMost: 7, Allowed: 5}, []string{"inside_distance"}
	hit.Bearer, hit.Chain = []truce.SideShare{{Party: "B", P: .9}}, []string{"2031-7, of which nothing is known"}
	hit.Severity, hit.NotCoveredBy = 2, []string{"W-07", "W-08"}
	hit.Readings = []truce.Reading{{By: "A", Verdict: truce.VerdictHit, P: .74}, {By: "intersection", Verdict: truce.VerdictOutside, Reason: truce.ReasonLocation, P: .03}}
	exempt := finding("R04", truce.VerdictExempt, 0)
	exempt.Window = "W-01"
	claim := finding("R05", truce.VerdictIndeterminate, 0)
	claim.Reason, claim.Trace = truce.ReasonEvidence, []string{"notified_within: not_met; not notified by noon"}
	claim.Conditions = []truce.Condition{{Name: "notified_within", State: truce.ConditionNotMet, Text: "not notified by noon"}, {Name: "names_incident", State: truce.ConditionUnknown}}
	return truce.IncidentRow{
		Incident: truce.Incident{
			Number: "2031-110", Occurrence: truce.OccurrenceDetected, P: .98, Area: "north", Place: "2 km SE of Yarlomea", Families: []truce.Family{truce.FamilyAcoustic},
			Acts:     []truce.ActWeight{{Act: truce.ActIndirectFire, P: .75}, {Act: truce.ActExplosion, P: .16}},
			Position: &geo.Position{Point: geo.Point{Lat: -47.99, Lon: -21.81}, Error: geo.Isotropic(354)},
			Labels:   []truce.Label{truce.LabelOneSource},
		},
		Evaluation: &truce.Evaluation{Findings: []truce.Finding{outside, open, hit, exempt, claim}}, Seq: 386,
	}
}

func observation(i int) truce.Observation {
	o := truce.Observation{Source: "csv", PlaceName: "Yarlomea", Origin: truce.Origin{File: "reports.csv", Line: i + 1}}
	o.Report = &truce.Report{Headline: fmt.Sprintf("Shelling <b>%d</b>", i), Publisher: "Wire", Links: []string{"javascript:alert(1)", "https://wire.example/a"}}
	return o
}

func handler(t *testing.T, r *reader) http.Handler {
	t.Helper()
	h, err := desk.Handler(desk.Config{Reader: r, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func get(h http.Handler, path string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodGet, path, nil)
	req.Host = "localhost:8080"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w
}

func TestEveryPage(t *testing.T) {
	h := handler(t, &reader{rows: 120})
	for _, row := range []struct {
		name, path string
		status     int
		must       []string
		not        []string
	}{
		{"overview", "/", 200, []string{">139<", ">50<", "D-2031-03-11", "1806", "R01 0.74", `<svg class="bars"`, `<figure class="map">`, "/quarantine?source=csv"}, []string{"No Daily yet"}},
		{"daily", "/daily/2031-03-11", 200, []string{`2031-03-11 in ""`}, nil},
		{"daily in Ukrainian as text", "/daily/2031-03-11.md?lang=uk", 200, []string{`2031-03-11 in "uk"`}, nil},
		{"list", "/incidents", 200, []string{"1 to 50 of 120 incidents", "The North", "microphones", "R01 0.74", `<optgroup label="Acts of fire">`, "No fire near the line", "further down"}, []string{"back up the list", "that match", "indirect_fire<"}},
		{"last of the list", "/incidents?offset=100", 200, []string{"101 to 120 of 120", "back up the list"}, []string{"further down"}},
		{"incident", "/incidents/2031-110", 200, []string{"Incident 2031-110", "almost certain (0.98)", "indirect fire 0.75", "explosion 0.16", "one source only", "hit 0.74", `guide <span class="mono" title="3f2a9c0d11e2aa">3f2a9c0d11e2</span>`, `>77b0</span>`, `>R01 hit 0.74<`, `href="/records/387"`, "counts as 1 engagement", `<a href="https://room.example/cases/C-2031-1">C-2031-1</a>, tier T1, open`, `<a href="/records/9">C-2031-2</a>, closed`,
			"the place is not exact enough", "not this act", "Outside the scope of 1 rule", "area under control of A &gt; 0.99", "map wide", "map close", "60 more observations", "Shelling &lt;b&gt;0&lt;/b&gt;", `href="https://wire.example/a"`,
			`href="/terms#R01"`, `id="R01" open`, "Severity 2, the gravest being 4", "At least 4 and at most 7 seen, 5 allowed.", "Reported as: inside the withdrawal distance.",
			"Whose duty it was, by the terms: B ", "The incidents it answers", "<li>2031-7, of which nothing is known</li>", "Covered by window W-01.", "not covering it: window W-07, window W-08.",
			"<td>it was notified in time</td><td>not met</td><td>not notified by noon</td>", "<td>the incident it answers is named</td><td>not known</td>",
			"<td>what all readings share</td><td>outside scope <span class=\"soft\">not this place</span></td>", "differently"}, []string{"notified_within", "under control of B", "indirect_fire", "<b>0", `href="javascript`, "#Zgotmpl"}},
		{"whole evidence", "/incidents/2031-110?all=1", 200, []string{"Shelling &lt;b&gt;119"}, []string{"more observations"}},
		{"no incident", "/incidents/2031-999", 404, []string{"There is no incident 2031-999."}, nil},
		{"terms", "/terms", 200, []string{"1.1 Cessation", "<p>No weapon is fired.</p>", "It prohibits: one-way drone.", "/incidents?rule=R01&amp;verdict=hit", "/incidents?rule=R08&amp;verdict=exempt", "clause 9 has no rule", "133 km", "± 200 m", "in force"}, []string{"# 1.1", "/incidents?rule=R08&amp;verdict=hit"}},
		{"sources", "/sources", 200, []string{"none declared", "patrols"}, []string{"javascript:"}},
		{"quarantine", "/quarantine?source=csv", 200, []string{"1 to 50 of 120 from csv", "and 1760 bytes more", "the row has 4 fields", "from all sources"}, []string{"\x00"}},
		{"record", "/records/1", 200, []string{"Record 1", "inception", "&#34;realm&#34;", "/records/2"}, []string{`href="/records/0"`}},
		{"long record", "/records/2", 200, []string{"bytes longer"}, nil},
		{"erased record", "/records/3", 200, []string{"The body was erased"}, nil},
		{"record that is no JSON", "/records/4", 200, []string{"not JSON"}, nil},
		{"no record", "/records/999", 404, []string{"There is no record 999."}, nil},
		{"no number", "/records/x%3Cb%3E", 400, []string{"A record has a number, not &#34;x&lt;b&gt;&#34;."}, []string{"x<b>"}},
		{"no page", "/nothing", 404, []string{"There is no page at /nothing."}, nil},
		{"no verdict", "/incidents?verdict=bogus", 400, []string{"no verdict named &#34;bogus&#34;", "hit, indeterminate, exempt, outside_scope"}, nil},
		{"no occurrence", "/incidents?occurrence=bogus", 400, []string{"reported, detected, corroborated, verified, refuted"}, nil},
		{"no rule", "/incidents?rule=R99", 400, []string{"no rule named &#34;R99&#34;", "R01"}, nil},
		{"no area", "/incidents?area=bogus", 400, []string{"north, elsewhere"}, nil},
		{"no such source", "/quarantine?source=bogus", 400, []string{"no source named &#34;bogus&#34;", "csv"}, nil},
		{"no act", "/incidents?act=%3Cscript%3E", 400, []string{"no act named &#34;&lt;script&gt;&#34;"}, []string{"<script>"}},
		{"no offset", "/incidents?offset=-5", 400, []string{"offset must be a whole number"}, nil},
		{"no day", "/incidents?day=yesterday", 400, []string{"write YYYY-MM-DD"}, nil},
		{"no quarantine offset", "/quarantine?offset=x", 400, []string{"offset must be"}, nil},
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
			for _, bad := range append(row.not, "<script", "style=", "<no value>") {
				if strings.Contains(body, bad) {
					t.Errorf("holds %q", bad)
				}
			}
		})
	}
}

func TestEmptyStatesSayWhatToDo(t *testing.T) {
	h := handler(t, &reader{empty: true})
	for path, wants := range map[string][]string{
		"/":                   {"No Daily yet", "truce bulletin daily", "says nothing of what was not observed", "Nothing was imported yet", "No map:"},
		"/incidents":          {"No incident matches", `<a href="/incidents">Show all</a>`},
		"/incidents/2031-110": {"No map: no source names a place", "Not evaluated yet", "dropped under the retention rule", "no source names one"},
		"/terms":              {"The agreement has no rules yet", "No line is known yet"},
		"/sources":            {"No source has been read yet"},
		"/quarantine":         {"Nothing is in quarantine."},
	} {
		body := get(h, path).Body.String()
		for _, want := range wants {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %q", path, want)
			}
		}
	}
}

func TestFiltersReachTheStoreAndStayInThePage(t *testing.T) {
	r := &reader{rows: 3}
	h := handler(t, r)
	body := get(h, "/incidents?act=sniper&area=north&rule=R01&occurrence=detected&verdict=hit&day=2031-03-11").Body.String()
	q := r.query
	if q.Act != truce.ActSniper || q.Area != "north" || q.Rule != "R01" || q.Occurrence != truce.OccurrenceDetected || q.Verdict != truce.VerdictHit {
		t.Errorf("the store was asked for %+v", q)
	}
	if q.From.String() != "2031-03-11T00:00:00.000000Z" || q.To.String() != "2031-03-12T00:00:00.000000Z" || q.Limit != 50 {
		t.Errorf("the store was asked for %s to %s, %d rows", q.From, q.To, q.Limit)
	}
	for _, want := range []string{`value="sniper" selected`, `value="north" selected`, `value="R01" selected`, `value="detected" selected`, `value="hit" selected`, `value="2031-03-11"`, "that match", ">Clear</a>"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page forgot %s", want)
		}
	}
	hostile := get(h, `/incidents?area=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&rule=%27%3B--&day=2031-03-11&x=%3Cimg%3E`).Body.String()
	if strings.Contains(hostile, "<script") || strings.Contains(hostile, "<img") {
		t.Error("a filter's value got into the page")
	}
}

func TestErrorsOfTheStoreBecomePages(t *testing.T) {
	secret := errors.New("pq: password for truce is hunter2")
	paths := []string{"/", "/daily/2031-03-11", "/incidents", "/incidents/2031-110", "/terms", "/sources", "/quarantine", "/records/1"}
	for _, r := range []*reader{{fail: secret}, {frame: secret}} {
		h := handler(t, r)
		for _, path := range paths {
			w := get(h, path)
			if w.Code != 500 || strings.Contains(w.Body.String(), "hunter2") || !strings.Contains(w.Body.String(), "Reference: ") {
				t.Errorf("%s: %d %s", path, w.Code, w.Body.String())
			}
		}
	}
	if w := get(handler(t, &reader{fail: truce.Errorf(truce.CodeUnavailable, "The store is being rebuilt.")}), "/incidents"); w.Code != 503 || !strings.Contains(w.Body.String(), "being rebuilt") {
		t.Errorf("%d %s", w.Code, w.Body.String())
	}
	if w := get(handler(t, &reader{frame: secret}), "/nothing"); w.Code != 500 {
		t.Errorf("no page and no frame: %d", w.Code)
	}
}

func TestStrangersAndWritersAreRefused(t *testing.T) {
	h := handler(t, &reader{})
	req := httptest.NewRequest(http.MethodGet, "/", nil)
	req.Host = "truce.example"
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, req); w.Code != 403 {
		t.Errorf("a stranger's host: %d", w.Code)
	}
	req = httptest.NewRequest(http.MethodPost, "/incidents", strings.NewReader("act=sniper"))
	req.Host = "localhost"
	w = httptest.NewRecorder()
	if h.ServeHTTP(w, req); w.Code != 405 || !strings.Contains(w.Body.String(), "for reading only") || !strings.Contains(w.Body.String(), "<title>") {
		t.Errorf("POST: %d %s", w.Code, w.Body.String())
	}
	req.Host = "truce.example"
	w = httptest.NewRecorder()
	if h.ServeHTTP(w, req); w.Code != 403 || strings.Contains(w.Body.String(), "Test Mission") {
		t.Errorf("a stranger's POST: %d %s", w.Code, w.Body.String())
	}
}

func TestQuarantineGoesOn(t *testing.T) {
	r := &reader{rows: 120}
	body := get(handler(t, r), "/quarantine?offset=100").Body.String()
	if !strings.Contains(body, "101 to 120 of 120") || strings.Contains(body, "further down") || !strings.Contains(body, "offset=50") || r.seen[0] != "" {
		t.Errorf("the last stretch:\n%s", body)
	}
}
