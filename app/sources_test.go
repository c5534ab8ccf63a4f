package app

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/grade"
)

// TestOutcomesCountNoCopyAndNoParty: a source is borne out by witnesses of another family
// alone, what it copied teaches nothing, and parties are not graded.
func TestOutcomesCountNoCopyAndNoParty(t *testing.T) {
	at := truce.Instant(1_000_000)
	id := func(name string) truce.ID { return truce.NewID(at, "x", "test", []byte(name)) }
	said := func(source truce.SourceID, f truce.Family, group string) truce.Support {
		return truce.Support{Observation: id(string(source) + group), Source: source, Family: f, Group: group}
	}
	events := map[truce.ID]truce.Event{
		id("both"):  {Support: []truce.Support{said("paper", truce.FamilyMedia, ""), said("patrol", truce.FamilyPatrol, ""), said("liaison", truce.FamilyParty, "")}},
		id("copy"):  {Support: []truce.Support{said("copier", truce.FamilyMedia, "copies-of-another"), said("patrol", truce.FamilyPatrol, "")}},
		id("alone"): {Support: []truce.Support{said("paper", truce.FamilyMedia, "")}},
		id("false"): {Support: []truce.Support{said("paper", truce.FamilyMedia, "")}},
	}
	var rows []truce.IncidentRow
	for name, o := range map[string]truce.Occurrence{
		"both": truce.OccurrenceVerified, "copy": truce.OccurrenceCorroborated, "alone": truce.OccurrenceVerified, "false": truce.OccurrenceRefuted,
	} {
		rows = append(rows, truce.IncidentRow{Incident: truce.Incident{ID: id(name), Events: []truce.ID{id(name)}, Occurrence: o}})
	}
	got := map[truce.SourceID]grade.Standing{}
	for _, s := range grade.Learn(becameOf(rows, events)) {
		got[s.Source] = s
	}
	if p := got["paper"]; p.Confirmed != 1 || p.Refuted != 1 || p.Letter != "F" {
		t.Errorf("paper %+v, want one borne out, one refuted, and none for what nobody else saw", p)
	}
	if p := got["patrol"]; p.Confirmed != 2 || len(got) != 2 {
		t.Errorf("standings %+v, want the paper and the patrol alone", got)
	}
}

// TestSourcesAreListedWithTheirGrades at the command line, and in no public product.
func TestSourcesAreListedWithTheirGrades(t *testing.T) {
	p := newProgram(t)
	p.good(t, "import", "--format", "csv", p.write(t, "totals.csv", twoTotals))
	p.good(t, "assess")
	mustHold(t, p.good(t, "sources"), "csv-patrol", "F (1 of 1 held", "csv-party")
	mustHold(t, p.good(t, "sources", "--json"), `"grade_text": "F (1 of 1 held`)
	if b := p.good(t, "bulletin", "daily", "--date", "2031-03-11"); strings.Contains(b, "of 1 held") {
		t.Error("the Daily prints a grade")
	}
}
