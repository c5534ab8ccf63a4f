package app

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// TestRulesThatNothingHits: permits and claims of the agreement have no table and no absence
// in a Daily; what they say of an incident stands on its row in both languages, on the list
// and on the incident's page.
func TestRulesThatNothingHits(t *testing.T) {
	p := newProgram(t)
	rows := p.write(t, "rows.csv", `time,lat,lon,sigma_m,family,sensor,act,text
2031-03-11T03:00:00Z,-47.90,-21.60,200,patrol,team-north,return_fire,fire was returned
2031-03-11T03:00:00Z,-47.90,-21.60,200,camera,CAM-01,return_fire,
`)
	p.good(t, "import", "--format", "csv", rows)
	p.good(t, "assess")
	p.now = storyTime
	for lang, want := range map[string]string{
		"en": "A claim under R09 (clause 1.2); it is recorded and decides nothing. Its conditions: the incident it answers is named: not known; an attempt to coordinate came in time before it: not known;",
		"uk": "Заява за R09 (пункт 1.2); її записано, вона нічого не вирішує. Умови: названо інцидент, на який це відповідь: невідомо;",
	} {
		mustHold(t, p.good(t, "bulletin", "daily", "--date", "2031-03-11", "--lang", lang), want)
	}
	a, err := Open(t.Context(), p.dir, p.clock())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	b, err := a.standingDaily(t.Context(), "2031-03-11")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[truce.RuleID]string{}
	for _, r := range b.Rules {
		kinds[r.ID] = r.Kind
	}
	if kinds["R08"] != truce.RulePermit || kinds["R09"] != truce.RuleClaim || kinds["R01"] != "" {
		t.Errorf("kinds of rules: %v", kinds)
	}
	tables := map[truce.RuleID]bool{}
	for _, table := range b.Tables {
		tables[table.Rule] = true
	}
	absent := map[truce.RuleID]bool{}
	for _, x := range b.Absences {
		absent[x.Rule] = true
	}
	for rule, kind := range kinds {
		if counted := kind == ""; tables[rule] != counted || !counted && absent[rule] {
			t.Errorf("%s (%q): has a table: %v, an absence: %v", rule, kind, tables[rule], absent[rule])
		}
	}
	desk, err := a.deskHandler(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	page := get(desk, "/incidents/2031-1").body
	mustHold(t, page, "<td>the incident it answers is named</td><td>not known</td><td>no claim with its grounds is at hand</td>")
	if strings.Contains(page, "names_incident") {
		t.Error("the page shows the name of a condition as code")
	}
}
