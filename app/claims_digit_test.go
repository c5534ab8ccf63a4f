package app

import (
	"log/slog"
	"math"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/grade"
)

// TestTheWeightOfACount: how probable a total is by what others recorded of it, reckoned apart
// from this code: of 4 happenings at most 1 is recorded with the chance 5/16 when each is with
// one half, and of 2 none with (1-c)^2.
func TestTheWeightOfACount(t *testing.T) {
	half, most, least := truce.Probability(0.5), truce.Probability(0.9), truce.Probability(0.3)
	for _, row := range []struct {
		name     string
		count    int
		atLeast  bool
		coverage *truce.Probability
		seen     int
		want     float64
		covered  bool
		digit    int // with two families
	}{
		{"a part, half of all seen", 4, false, &half, 1, 5. / 16, true, 4},
		{"nothing, nearly all seen", 2, false, &most, 0, .01, true, 5},
		{"as many", 4, false, &most, 4, 1, true, 1},
		{"more than stated", 4, false, &most, 5, 0, true, 5},
		{"more than a lower bound", 4, true, &most, 5, 1, true, 1},
		{"as many, hardly watched", 4, false, nil, 4, 1, true, 1},
		{"a part, hardly watched", 4, false, nil, 1, 0, false, 6},
	} {
		k := truce.ClaimCheck{Total: truce.ClaimTotal{Count: row.count, AtLeast: row.atLeast}, Own: []truce.OwnCount{{Coverage: row.coverage, Least: least, Matches: true}}}
		got := contentOf(k, row.seen, 2)
		if math.Abs(float64(got.Without)-row.want) > 1e-9 || got.Covered != row.covered || grade.Digit(got) != row.digit {
			t.Errorf("%s: %+v, digit %d; want %g, %v, %d", row.name, got, grade.Digit(got), row.want, row.covered, row.digit)
		}
	}
}

// withTotal is a program in which a party states one total of shelling, beside what a patrol
// and a drone saw of it.
func withTotal(t *testing.T, count, watch string) (program, truce.ClaimCheck) {
	t.Helper()
	p := newProgram(t)
	p.settings(t, sampleConfig+watch)
	rows := "time,time_to,lat,lon,sigma_m,family,sensor,publisher,act,count,unit,accused,text\n" +
		"2031-03-11T09:00:00Z,,-47.910,-21.620,200,patrol,team-1,,indirect_fire,,,,Impacts at the mill\n" +
		"2031-03-11T09:00:20Z,,-47.910,-21.620,200,drone,drone-1,,indirect_fire,,,,Impacts at the mill from above\n" +
		"2031-03-11T00:00:00Z,2031-03-11T18:00:00Z,,,,party,,A,indirect_fire," + count + ",engagement,,They shelled us " + count + " times\n"
	p.good(t, "import", "--format", "csv", p.write(t, "total.csv", rows))
	p.good(t, "assess")
	p.good(t, "claims", "check")
	list, err := p.opened(t).ClaimChecks(t.Context())
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	return p, list[0]
}

const watchedWell = `
watch:
  watchers:
    - {family: patrol, sensors: [team-1], areas: [north, centre, south], heartbeat: none, p_detect: {fire: 0.9}, from: 2031-03-01, until: 2031-03-31}
`

// TestWhatCountsNoMoreHasNoWeight: an incident that the check lists and that counts nothing
// under its rule now makes no number smaller, though nobody else bears it out.
func TestWhatCountsNoMoreHasNoWeight(t *testing.T) {
	p := newProgram(t)
	p.good(t, "import", "--format", "csv", p.write(t, "seen.csv", "time,time_to,lat,lon,sigma_m,family,sensor,publisher,act,count,unit,accused,text\n"+
		"2031-03-11T09:00:00Z,,-47.910,-21.620,200,patrol,team-1,,indirect_fire,,,,Impacts at the mill\n"+
		"2031-03-11T09:00:20Z,,-47.910,-21.620,200,drone,drone-1,,indirect_fire,,,,Impacts at the mill from above\n"+
		"2031-03-11T13:00:00Z,,-47.870,-21.500,200,patrol,team-1,,deny_access,,,,The patrol was stopped at the ford\n"+
		"2031-03-11T00:00:00Z,2031-03-11T18:00:00Z,,,,party,,A,indirect_fire,1,engagement,,They shelled us once\n"))
	p.good(t, "assess")
	p.good(t, "claims", "check")
	a := p.opened(t)
	list, err := a.ClaimChecks(t.Context())
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	page, err := a.store.Incidents(t.Context(), truce.IncidentQuery{Brief: true})
	if err != nil || len(page.Rows) != 2 {
		t.Fatalf("%d incidents, %v, want 2", len(page.Rows), err)
	}
	k := list[0]
	for _, row := range page.Rows {
		if !slices.Contains(k.Own[0].Rows, row.Incident.ID) {
			k.Own[0].Rows = append(k.Own[0].Rows, row.Incident.ID)
		}
	}
	if seen, families, err := a.countedWithout(t.Context(), k); err != nil || seen != 1 || families != 2 {
		t.Errorf("%d seen by %d families, %v; want 1 by 2", seen, families, err)
	}
}

// TestADigitStandsBesideATotal: at the desk and on the command line, and nowhere outside.
func TestADigitStandsBesideATotal(t *testing.T) {
	for _, row := range []struct{ count, watch, digit string }{
		{"1", watchedWell, "1"}, // two families saw it
		{"9", watchedWell, "5"}, // nine would have been seen
		{"9", "", "6"},          // nobody watched
	} {
		p, k := withTotal(t, row.count, row.watch+freeParties)
		mustHold(t, p.good(t, "claims", "show", k.ID.String()), "digit "+row.digit+":")
		mustHold(t, p.good(t, "claims", "show", k.ID.String(), "--json"), `"digit": `+row.digit)
		h, err := p.opened(t).deskHandler(slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		req := httptest.NewRequest("GET", "/claims/"+k.ID.String(), nil)
		req.Host = "localhost"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		mustHold(t, w.Body.String(), "<dt>Digit</dt><dd>"+row.digit+" ")
		p.good(t, "claims", "release")
		site := p.publicSiteOf(t)
		_, rest, found := strings.Cut(asked(t, site, "/claims", 200), `href="/claims/p`)
		name, _, _ := strings.Cut(rest, `"`)
		if page := asked(t, site, "/claims/p"+name, 200); !found || strings.Contains(page, "Digit") {
			t.Errorf("a digit is public: %s", page)
		}
	}
}
