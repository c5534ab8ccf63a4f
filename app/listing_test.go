package app

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// listedIncident is one incident held against two rules, R01 met.
func listedIncident() truce.IncidentRow {
	return truce.IncidentRow{
		Incident: truce.Incident{
			Number: "2031-7", Acts: []truce.ActWeight{{Act: truce.ActIndirectFire, P: .8}}, P: .91, Occurrence: truce.OccurrenceCorroborated,
			Time: truce.PhenomenonTime{From: 0, To: truce.Instant(60_000_000)}, Area: "centre", Place: "Kelvost",
			Position: &geo.Position{Point: geo.Point{Lat: -47.9, Lon: -21.6}, Error: geo.Isotropic(100)},
			Families: []truce.Family{truce.FamilyAcoustic, truce.FamilyPatrol}, Labels: []truce.Label{"one_source"},
		},
		Evaluation: &truce.Evaluation{Findings: []truce.Finding{
			{Rule: "R01", Clause: "1.1", Verdict: truce.VerdictHit, P: .9, Unit: truce.UnitEngagement, Count: 1,
				EffectSide: []truce.SideShare{{Party: "A", P: .25}, {Party: "B", P: .75}}, MapVersion: "LINE 1"},
			{Rule: "R02", Clause: "2.1", Verdict: truce.VerdictIndeterminate, Reason: truce.ReasonAct, P: .5, Unit: truce.UnitFlight},
		}},
	}
}

// unplacedIncident says nothing of where and was not evaluated yet.
func unplacedIncident() truce.IncidentRow {
	return truce.IncidentRow{Incident: truce.Incident{Number: "2031-8", Occurrence: truce.OccurrenceReported}}
}

func TestIncidentListing(t *testing.T) {
	l := incidentListing([]truce.IncidentRow{listedIncident(), unplacedIncident()}, listOptions{})
	want := "2031-7|1970-01-01T00:00:00.000000Z|1970-01-01T00:01:00.000000Z|indirect_fire|0.91|corroborated|Kelvost|centre|-47.90000|-21.60000|215|acoustic patrol|one_source"
	if got := strings.Join(l.Rows[0], "|"); got != want {
		t.Errorf("row is\n%s\nwant\n%s", got, want)
	}
	if len(l.Rows[1]) != len(l.Columns) || l.Rows[1][8] != "" || l.Places[1] != nil || l.Note != "2 incidents" {
		t.Errorf("an incident without a place: %q, note %q", l.Rows[1], l.Note)
	}
}

func TestFindingListing(t *testing.T) {
	rows := []truce.IncidentRow{listedIncident(), unplacedIncident()}
	all := findingListing(rows, listOptions{})
	want := "2031-7|1970-01-01T00:00:00.000000Z|indirect_fire|R01|1.1|hit||0.90|engagement|1|A 0.25 B 0.75|LINE 1|-47.90000|-21.60000|215"
	if got := strings.Join(all.Rows[0], "|"); got != want || len(all.Rows) != 2 || all.Note != "2 findings" {
		t.Errorf("%d rows, note %q, first\n%s\nwant\n%s", len(all.Rows), all.Note, got, want)
	}
	for opt, count := range map[listOptions]int{
		{rule: "R01"}: 1, {verdict: "hit"}: 1, {rule: "R02", verdict: "hit"}: 0, {rule: "R02", verdict: "indeterminate"}: 1, {rule: "R09"}: 0,
	} {
		if l := findingListing(rows, opt); len(l.Rows) != count || len(l.Places) != count {
			t.Errorf("%+v: %d rows and %d places, want %d", opt, len(l.Rows), len(l.Places), count)
		}
	}
}

// TestListsOfNothingAreLists: a program that reads JSON must not meet null.
func TestListsOfNothingAreLists(t *testing.T) {
	for name, list := range map[string]func([]truce.IncidentRow, listOptions) listing{"incidents": incidentListing, "findings": findingListing} {
		text, err := json.Marshal(list(nil, listOptions{}).Objects)
		if string(text) != "[]" || err != nil {
			t.Errorf("%s: %s, %v", name, text, err)
		}
	}
}

func TestQueryOfFlags(t *testing.T) {
	opt := listOptions{format: "table", from: "2031-03-11T00:00:00Z", to: "2031-03-12T02:00:00+02:00", act: "crater", area: "north",
		occurrence: "detected", rule: "R01", verdict: "hit", limit: 5}
	q, err := opt.query()
	if err != nil {
		t.Fatal(err)
	}
	want := truce.IncidentQuery{Act: "crater", Area: "north", Occurrence: "detected", Rule: "R01", Verdict: "hit", Limit: 5, OldestFirst: true}
	want.From, want.To = q.From, q.To
	if q != want || q.From.String() != "2031-03-11T00:00:00.000000Z" || q.To.String() != "2031-03-12T00:00:00.000000Z" {
		t.Errorf("query is %+v", q)
	}
	bad := map[string]listOptions{
		"--format": {format: "yaml"}, "--act": {act: "shelling"}, "--occurrence": {occurrence: "true"}, "--verdict": {verdict: "guilty"},
		"--limit": {limit: -1}, "--from": {from: "today"}, "--to": {to: "2031"},
	}
	for flag, opt := range bad {
		if opt.format == "" {
			opt.format = "table"
		}
		if _, err := opt.query(); err == nil || !strings.HasPrefix(err.Error(), flag) {
			t.Errorf("%s: %v", flag, err)
		}
	}
}

// TestGroupOfActs: asking for a group finds what asking for each of its acts finds.
func TestGroupOfActs(t *testing.T) {
	p := newProgram(t)
	acts := []truce.Act{truce.ActCrater, truce.ActDamage, truce.ActIndirectFire, truce.ActJamGNSS}
	var rows strings.Builder
	rows.WriteString("time,lat,lon,sigma_m,family,act,text\n")
	for i, act := range acts {
		fmt.Fprintf(&rows, "2031-03-11T%02d:20:00Z,-47.9%02d,-21.6%02d,150,patrol,%s,seen\n", 2+5*i, 20*i, 20*i, act)
	}
	p.good(t, "import", "--format", "csv", p.write(t, "rows.csv", rows.String()))
	p.good(t, "assess")
	for _, group := range truce.ActGroups() {
		sum := 0
		for _, act := range group.Acts() {
			sum += strings.Count(p.good(t, "incidents", "--act", string(act), "--json"), `"number"`)
		}
		if got := strings.Count(p.good(t, "incidents", "--act", string(group), "--json"), `"number"`); got != sum {
			t.Errorf("group %s: %d incidents, its acts have %d", group, got, sum)
		}
	}
	if got := strings.Count(p.good(t, "incidents", "--act", "signature", "--json"), `"number"`); got != 2 {
		t.Errorf("%d incidents of signatures, want the crater and the damage", got)
	}
}

// TestNamesBeforeTheFirstAssessment: no agreement is recorded yet, so no name is wrong
// yet and nothing has happened.
func TestNamesBeforeTheFirstAssessment(t *testing.T) {
	p := newProgram(t)
	mustHold(t, p.good(t, "incidents", "--area", "anywhere", "--rule", "R99"), "0 incidents")
	p.good(t, "assess")
	mustHold(t, p.bad(t, "incidents", "--area", "anywhere"), `--area "anywhere" is not in the agreement`, "see: truce incidents --help")
	mustHold(t, p.bad(t, "findings", "--rule", "R99"), `--rule "R99" is not in the agreement`)
	mustHold(t, p.good(t, "findings", "--area", "elsewhere", "--rule", "R06"), "0 findings")
}
