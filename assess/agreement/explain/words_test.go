package explain

import (
	"slices"
	"strings"
	"testing"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// ruleIn is a rule added to the test agreement, in one text.
func ruleIn(t *testing.T, terms *agreement.Agreement, id truce.RuleID, lang string) string {
	t.Helper()
	text, err := New(terms, lang, nil)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(terms.Rules, func(r agreement.Rule) bool { return r.ID == id })
	return strings.Join(text.Rule(&terms.Rules[i]), "\n")
}

// withRule is the test agreement with one rule more.
func withRule(t *testing.T, rule string) *agreement.Agreement {
	t.Helper()
	return edited(t, "\nwindows:", "\n  - id: N1\n    clause: \"1.1\"\n"+rule+"windows:")
}

// A number that is allowed is allowed to each side on one day, and the sentences say so.
func TestANumberIsSaidForEachSideAndDay(t *testing.T) {
	rows := []struct{ limit, lang, want, never string }{
		{"{object: vessels, zone: Z-BUFFER, max: 3}", "en", "At most 3 on each side, on one day, may be in Buffer", "both sides"},
		{"{object: vessels, line: L1, to_m: 2500, max: 3}", "en", "At most 3 on each side, on one day, may be within 2.5 km from Test line (L1), on either side", "both sides"},
		{"{object: vessels, line: L1, to_m: 2500, max: 3}", "uk", "Не більше ніж 3 на кожному боці за одну добу", "2.5"},
		{"{object: vessels, line: L1, to_m: 2500, max: 0}", "en", "None may be within 2.5 km", "one day"},
		{"{object: vessels, line: L1, to_m: 2500, max: 1}", "uk", "2,5 км", "2.5"},
	}
	for _, row := range rows {
		terms := withRule(t, "    limit: "+row.limit+"\n    count: {unit: object_day}\n")
		if all := ruleIn(t, terms, "N1", row.lang); !strings.Contains(all, row.want) || strings.Contains(all, row.never) {
			t.Errorf("%s: want %q and never %q in\n%s", row.limit, row.want, row.never, all)
		}
	}
}

// The heights of a zone are said by every rule that speaks of the zone.
func TestARuleSaysTheHeightsOfItsZones(t *testing.T) {
	for heights, wants := range map[string][2]string{
		"{min: 100, max: 500}": {"Box (Z-BOX), at heights of 100 to 500 m", "Короб (Z-BOX)», на висотах від 100 до 500 м"},
		"{max: 300.5}":         {"at heights of up to 300.5 m", "на висотах до 300,5 м"},
		"{min: 50}":            {"at heights of 50 m or more", "на висотах від 50 м"},
	} {
		terms := edited(t, "file: zones/zones.geojson, accuracy_m: 0}", "file: zones/zones.geojson, accuracy_m: 0, altitude_m: "+heights+"}")
		for i, lang := range Languages() {
			if all := ruleIn(t, terms, "R02", lang); !strings.Contains(all, wants[i]) {
				t.Errorf("%s: no %q in\n%s", lang, wants[i], all)
			}
		}
	}
}

func TestStatesAndEvidenceHaveNamesInEveryLanguage(t *testing.T) {
	rule := "    prohibit: [attack_energy]\n    where: {anywhere: true}\n    unless_state: [in_sealed_store, of_a_new_kind]\n" +
		"    evidence_min: {families: 2, or: [geolocated_video], any: [site_visit, a_new_proof], all: [operator_logs]}\n    count: {unit: site_event}\n"
	terms := withRule(t, rule)
	for lang, wants := range map[string][]string{
		"en": {"in a sealed store, of a new kind.", "visit to the site, a new proof.", "logs of the operator."},
		"uk": {"в опломбованому сховищі, of a new kind.", "відео, місце якого встановлено.", "відвідування місця, a new proof.", "журнали оператора.", "від 0,7"},
	} {
		all := ruleIn(t, terms, "N1", lang)
		for _, want := range wants {
			if !strings.Contains(all, want) {
				t.Errorf("%s: no %q in\n%s", lang, want, all)
			}
		}
	}
}

// Of two positions it is said which decides the dates and which the list.
func TestPositionsSayWhatTheyAreAbout(t *testing.T) {
	terms := full(t)
	for lang, wants := range map[string][]string{
		"en": {"On the dates, applied is the reading of Party A", "On the list of objects, applied is what all parties' readings have in common", "Every reading is printed"},
		"uk": {"Щодо дат застосовують прочитання сторони (Сторона А)", "Щодо списку об’єктів застосовують те, що спільне"},
	} {
		all := ruleIn(t, terms, "X4", lang)
		for _, want := range wants {
			if !strings.Contains(all, want) {
				t.Errorf("%s: no %q in\n%s", lang, want, all)
			}
		}
	}
}
