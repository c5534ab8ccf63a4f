package agreement

import (
	"testing"

	truce "github.com/trucewatch/truce"
)

func TestSeverityIsTheHighestThatApplies(t *testing.T) {
	full := Severity{Base: 1, Damage: 2, Casualties: 3, MassCasualties: 4, MassFrom: 20}
	for _, row := range []struct {
		name     string
		severity Severity
		detail   truce.Detail
		want     int
	}{
		{"no harm", full, truce.Detail{}, 1},
		{"damage", full, truce.Detail{Damage: true}, 2},
		{"one hurt", full, truce.Detail{Damage: true, Casualties: 1}, 3},
		{"not yet many", full, truce.Detail{Casualties: 19}, 3},
		{"many", full, truce.Detail{Casualties: 20}, 4},
		{"many by default", Severity{MassCasualties: 4}, truce.Detail{Casualties: 10}, 4},
		{"a high base", Severity{Base: 3, Damage: 2}, truce.Detail{Damage: true}, 3},
		{"damage as the base", Severity{Base: 1}, truce.Detail{Damage: true}, 1},
		{"no word of it", Severity{}, truce.Detail{Casualties: 50}, 0},
	} {
		g := ruled(t, nil, Rule{ID: "S", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{Anywhere: true}, Severity: row.severity})
		if f := (want{hit, "", 1, 1, nil}).check(t, g, seen(fire, row.detail), "S"); f.Severity != row.want {
			t.Errorf("%s: %d, want %d", row.name, f.Severity, row.want)
		}
	}
	g := ruled(t, nil, Rule{ID: "S", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 3, Where: Where{Anywhere: true}, Severity: full})
	if f := (want{indeterminate, truce.ReasonEvidence, 1, 1, nil}).check(t, g, seen(fire, truce.Detail{Casualties: 30}), "S"); f.Severity != 0 {
		t.Errorf("severity %d of what is no hit", f.Severity)
	}
}

func TestKindsOfEvidence(t *testing.T) {
	with := func(kinds ...string) truce.Detail { return truce.Detail{Evidence: kinds} }
	for _, row := range []struct {
		name     string
		evidence Evidence
		families int
		detail   truce.Detail
		want     want
	}{
		{"a film stands in for a family", Evidence{Or: []string{"geolocated_video", "array_and_crater"}}, 3, with("geolocated_video"), want{hit, "", 1, 1, []string{"X asks for instead of the families one of geolocated_video, array_and_crater (given)"}}},
		{"no film", Evidence{Or: []string{"geolocated_video"}}, 3, with("leaflet"), want{indeterminate, truce.ReasonEvidence, 1, 1, []string{"evidence by kind: leaflet; X asks for", "(not given)"}}},
		{"no film, enough families", Evidence{Or: []string{"geolocated_video"}}, 2, with(), want{hit, "", 1, 1, []string{"evidence by kind: none"}}},
		{"one of any", Evidence{Any: []string{"site_visit", "imagery"}}, 1, with("imagery"), want{hit, "", 1, 1, nil}},
		{"none of any", Evidence{Any: []string{"site_visit", "imagery"}}, 1, with(), want{indeterminate, truce.ReasonEvidence, 1, 1, nil}},
		{"all", Evidence{All: []string{"operator_logs", "forensics"}}, 1, with("forensics", "operator_logs"), want{hit, "", 1, 1, nil}},
		{"not all", Evidence{All: []string{"operator_logs", "forensics"}}, 1, with("forensics"), want{indeterminate, truce.ReasonEvidence, 1, 1, []string{"all of operator_logs, forensics (not given)"}}},
		{"any and families", Evidence{Any: []string{"site_visit"}}, 3, with("site_visit"), want{indeterminate, truce.ReasonEvidence, 1, 1, nil}},
	} {
		t.Run(row.name, func(t *testing.T) {
			g := ruled(t, nil, Rule{ID: "X", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: row.families, Where: Where{Anywhere: true}, Evidence: row.evidence})
			row.want.check(t, g, seen(fire, row.detail), "X")
		})
	}
	g := ruled(t, nil, Rule{ID: "X", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{Anywhere: true}, Evidence: Evidence{Or: []string{"geolocated_video"}}})
	want{indeterminate, truce.ReasonEvidence, 1, 1, []string{"heat alone never meets a rule"}}.check(t, g, seen(fire, with("geolocated_video"), seenBy(truce.FamilyThermal)), "X")
}

// A rule that does not say how sure is sure enough never has a threshold of nothing.
func TestARuleWithoutThreshold(t *testing.T) {
	g := ruled(t, func(a *Agreement) { a.Rules[0].PMin = 0 }, Rule{ID: "X", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{Anywhere: true}})
	in := seen(fire, truce.Detail{})
	in.Incident.P = 0.5
	want{indeterminate, truce.ReasonEvidence, 0.5, 0.5, []string{"X asks for 0.70"}}.check(t, g, in, "X")
}
