package app

import (
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// TestDigitsLeaveTheSourceItselfOut: what a source says is held against everybody else, a
// copy of it bears out nothing, and where nobody else could have seen it the digit is 6.
func TestDigitsLeaveTheSourceItselfOut(t *testing.T) {
	p := newProgram(t)
	p.good(t, "import", "--format", "csv", p.write(t, "totals.csv", twoTotals))
	p.good(t, "assess")
	a := p.opened(t)
	page, err := a.store.Incidents(t.Context(), truce.IncidentQuery{})
	if err != nil || len(page.Rows) != 1 {
		t.Fatal(len(page.Rows), err)
	}
	i := page.Rows[0].Incident
	events, err := a.store.Events(t.Context(), truce.EventQuery{IDs: i.Events})
	if err != nil {
		t.Fatal(err)
	}
	all, err := a.digits(t.Context(), i, events)
	if err != nil || len(all) != 3 {
		t.Fatal(all, err)
	}
	for source, digit := range all { // two others, of two families, say the same
		if digit != 1 {
			t.Errorf("%s: %d, want 1", source, digit)
		}
	}
	alone := onlyOf(events, "csv-party")
	if got, err := a.digits(t.Context(), i, alone); err != nil || got["csv-party"] != 6 {
		t.Errorf("nobody else could have seen it: %v %v", got, err)
	}
	copied := onlyOf(events, "csv-party")
	for n := range copied {
		copied[n].Support = append(copied[n].Support, truce.Support{Source: "copier", Family: truce.FamilyMedia, Group: "g"})
		copied[n].Support[0].Group = "g"
	}
	if got, err := a.digits(t.Context(), i, copied); err != nil || got["csv-party"] != 6 || got["copier"] != 6 {
		t.Errorf("a copy bears it out: %v %v", got, err)
	}
	i.Area = ""
	if got, err := a.digits(t.Context(), i, alone); err != nil || got["csv-party"] != 6 {
		t.Errorf("nowhere: %v %v", got, err)
	}
}

// TestADigitOfWhatIsWatchedAndUnseen: somebody else could have seen it and did not.
func TestADigitOfWhatIsWatchedAndUnseen(t *testing.T) {
	p := newProgram(t)
	p.settings(t, sampleConfig+`
watch:
  watchers:
    - {family: patrol, sensors: [team-1], areas: [north, centre, south], heartbeat: none, p_detect: {fire: 0.9}, from: 2031-03-01, until: 2031-03-31}
`)
	p.good(t, "import", "--format", "csv", p.write(t, "one.csv", "time,lat,lon,sigma_m,family,publisher,act,text\n2031-03-11T09:00:00Z,-47.910,-21.620,200,party,A,indirect_fire,Three impacts at the mill\n"))
	p.good(t, "assess")
	a := p.opened(t)
	page, err := a.store.Incidents(t.Context(), truce.IncidentQuery{})
	if err != nil || len(page.Rows) != 1 {
		t.Fatal(len(page.Rows), err)
	}
	events, err := a.store.Events(t.Context(), truce.EventQuery{IDs: page.Rows[0].Incident.Events})
	if err != nil {
		t.Fatal(err)
	}
	got, err := a.digits(t.Context(), page.Rows[0].Incident, events)
	if err != nil || got["csv-party"] != 5 {
		t.Errorf("%v %v, want 5", got, err)
	}
}

// TestTheDeskShowsGradesAndThePublicDoesNot: letter with its numbers on the page of sources,
// none for a party; the digit beside what is claimed.
func TestTheDeskShowsGradesAndThePublicDoesNot(t *testing.T) {
	p := newProgram(t)
	p.good(t, "import", "--format", "csv", p.write(t, "totals.csv", twoTotals))
	p.good(t, "assess")
	p.good(t, "bulletin", "daily", "--date", "2031-03-11")
	p.good(t, "bulletin", "release", "--date", "2031-03-11")
	h, err := p.opened(t).deskHandler(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string) string {
		t.Helper()
		req := httptest.NewRequest("GET", path, nil)
		req.Host = "localhost"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		if w.Code != 200 {
			t.Fatalf("%s: %d", path, w.Code)
		}
		return w.Body.String()
	}
	sources := get("/sources")
	mustHold(t, sources, "1 of 1", "80 %", "parties have no letter")
	_, party, _ := strings.Cut(sources, "party")
	if row, _, _ := strings.Cut(party, "</tr>"); strings.Contains(row, "1 of 1") {
		t.Errorf("a party is graded: %s", row)
	}
	mustHold(t, get("/incidents/2031-1"), "Digit", ">1<")
	site := p.publicSiteOf(t)
	for _, path := range []string{"/", "/incidents", "/daily/2031-03-11", "/daily/2031-03-11.json", "/about"} {
		if body := asked(t, site, path, 200); strings.Contains(body, "1 of 1") || strings.Contains(body, "Digit") {
			t.Errorf("%s tells a grade", path)
		}
	}
}

// onlyOf are the events with the support of one source alone.
func onlyOf(events []truce.Event, source truce.SourceID) []truce.Event {
	var out []truce.Event
	for _, e := range events {
		var kept []truce.Support
		for _, s := range e.Support {
			if s.Source == source {
				kept = append(kept, s)
			}
		}
		if e.Support = kept; len(kept) > 0 {
			out = append(out, e)
		}
	}
	return out
}
