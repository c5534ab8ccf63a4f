package app

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story/claim"
)

// TestChecksAreShownSideBySide: each of two totals with its own words in both languages, what
// was counted, a link that stays, and nowhere a number made of both.
func TestChecksAreShownSideBySide(t *testing.T) {
	p := newProgram(t)
	p.good(t, "import", "--format", "csv", p.write(t, "totals.csv", twoTotals))
	p.good(t, "assess")
	mustHold(t, p.good(t, "claims", "check"), "2 totals, 2 checks new or changed")
	a := p.opened(t)
	all, err := a.ClaimChecks(t.Context())
	if err != nil || len(all) != 2 {
		t.Fatalf("checks %+v, %v", all, err)
	}
	for i, k := range all {
		if k.Verdict != truce.CheckNotComparable || len(k.Rivals) != 1 || k.Rivals[0] != all[1-i].ID {
			t.Errorf("check %+v", k)
		}
		page := p.good(t, "claims", "show", k.ID.String())
		mustHold(t, page, "Beside it, and not to be compared with it:", "It adds things that are counted in different units.",
			"counted under R01: 1 (engagement), to the accused 0, to others 0, not attributed 1; coverage not stated, at least 0.30 required",
			"Revision 1 of 1", "link /claims/"+k.ID.String(), "2,935", "4,900")
		for _, made := range []string{"7835", "7,835", "1965", "1,965"} {
			if strings.Contains(page, made) {
				t.Errorf("the page holds %s, which nobody stated", made)
			}
		}
		mustHold(t, p.good(t, "claims", "show", k.ID.String(), "--lang", "uk"), "не можна ні підтвердити, ні спростувати")
		mustHold(t, p.good(t, "claims", "show", k.ID.String(), "--json"), `"verdict": "not_comparable"`, `"link": "/claims/`)
	}
}

// TestTotalsAreReadOutOfTexts: who says it, of whom, in which unit; a number at a place is one
// happening and no total; what is repeated within days is stated once.
func TestTotalsAreReadOutOfTexts(t *testing.T) {
	p := newProgram(t)
	s, err := p.opened(t).study(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cfg := claim.Config{Parties: map[string]truce.PartyID{"state:UA": "A", "state:RU": "B"}}
	one := textReport("paper", "The ministry recorded 2,935 violations of the ceasefire by Russian forces in 30 hours.")
	again := textReport("wire", one.Report.Text)
	again.Report.Publisher, one.Report.Publisher = "Example Post", "Example Post"
	s.in.reports = []truce.Observation{one, again, textReport("paper", "Artillery shelled Kelvost 14 times overnight.")}
	got := s.totals(cfg, nil)
	if len(got) != 1 {
		t.Fatalf("%d totals, want 1: %+v", len(got), got)
	}
	k := got[0].total
	if k.Count != 2935 || k.Unit != truce.UnitMixed || k.Accused != "B" || k.Act != "" || k.Claimant != "Example Post" || !strings.HasPrefix(k.Quote, "The ministry") {
		t.Errorf("total %+v", k)
	}
	if k.Period == nil || k.Period.To.Sub(k.Period.From).Hours() != 30 {
		t.Errorf("period %+v, want 30 hours", k.Period)
	}
	if left := s.totals(cfg, map[truce.ID]bool{k.Report: true}); len(left) != 1 || left[0].total.Report == k.Report {
		t.Errorf("with the first report taken down: %+v, want the total of the one that repeats it", left)
	}
}

// TestLowerBoundsAreNotTakenForNumbers.
func TestLowerBoundsAreNotTakenForNumbers(t *testing.T) {
	for sentence, want := range map[string]bool{
		"More than 2,900 violations were recorded.": true, "Понад 2 900 порушень.": true, "over 2900 times": true,
		"2,900 violations in more than 30 hours.": false, "2900 violations": false,
	} {
		if got := atLeast(sentence, 2900); got != want {
			t.Errorf("%q: at least is %v", sentence, got)
		}
	}
}

// The desk's page shows a checked total under its permanent link, its rival beside it.
func TestDeskShowsCheckedTotals(t *testing.T) {
	p := newProgram(t)
	p.good(t, "import", "--format", "csv", p.write(t, "totals.csv", twoTotals))
	p.good(t, "assess")
	p.good(t, "claims", "check")
	a := p.opened(t)
	list, err := a.ClaimChecks(t.Context())
	if err != nil || len(list) == 0 {
		t.Fatal(err, len(list))
	}
	h, err := a.deskHandler(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/claims": "not comparable", "/claims/" + list[0].ID.String(): "can be neither confirmed nor refuted"} {
		w := httptest.NewRecorder()
		req := httptest.NewRequest(http.MethodGet, path, nil)
		req.Host = "localhost"
		h.ServeHTTP(w, req)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d without %q", path, w.Code, want)
		}
	}
}
