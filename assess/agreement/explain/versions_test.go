package explain

import (
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce/assess/agreement"
)

// amended is the test agreement with amendments laid over it, one after the other.
func amended(t *testing.T, amendments ...string) *agreement.Agreement {
	t.Helper()
	list := files(t)
	for _, text := range amendments {
		var err error
		if list, err = agreement.Amend(list, "amendment.yaml", []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	return parse(t, list)
}

func differences(t *testing.T, before, after *agreement.Agreement, lang string) []Change {
	t.Helper()
	changes, err := Diff(before, after, lang, nil)
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

// nearer is a second version of rule R01: 15 km in the place of 25, from the middle of May
// on, agreed a fortnight before.
const nearer = `rules: [{id: R01, version: "2", known_from: 2026-05-01, in_force: {from: 2026-05-15}, where: {within_m: {line: L1, m: 15000}}}]`

func TestASecondVersionIsTheSameRule(t *testing.T) {
	before, after := amended(t), amended(t, nearer)
	changes := differences(t, before, after, "en")
	if len(changes) != 1 {
		t.Fatalf("%d changes, want one: %+v", len(changes), changes)
	}
	c := changes[0]
	want := "rule R01: new version 2 in the place of version 1 from 2026-05-15 00:00 (UTC) on, known from 2026-05-01 00:00 (UTC)"
	if c.Heading != want || c.How != HowNewVersion || c.ID != "R01" || c.Version != "2" || c.Beside != "1" {
		t.Errorf("%+v\nheading %q\n   want %q", c, c.Heading, want)
	}
	old, fresh := strings.Join(c.Before, "\n"), strings.Join(c.After, "\n")
	for _, row := range []struct {
		what, in, want string
		holds          bool
	}{
		{"the distance as it was", old, "within 25 km of", true},
		{"the distance as it is", fresh, "within 15 km of", true},
		{"the day it begins", fresh, "In force from 2026-05-15 00:00 (UTC)", true},
		{"the day it became known", fresh, "2026-05-01 00:00 (UTC)", true},
		{"what stays", old, "It prohibits", false},
		{"what stays", fresh, "It prohibits", false},
	} {
		if strings.Contains(row.in, row.want) != row.holds {
			t.Errorf("%s: %q is in it %t, want %t:\n%s", row.what, row.want, !row.holds, row.holds, row.in)
		}
	}
	if got := differences(t, before, after, "uk")[0].Heading; got != "правило R01: нова версія 2 замість версії 1 з 2026-05-15 00:00 (UTC), відома з 2026-05-01 00:00 (UTC)" {
		t.Errorf("heading %q", got)
	}
}

func TestAVersionThatIsTakenBack(t *testing.T) {
	changes := differences(t, amended(t, nearer), amended(t), "en")
	if len(changes) != 1 || changes[0].How != HowRemovedVersion || changes[0].Heading != "rule R01: version 2 removed; version 1 stands in its place" {
		t.Fatalf("changes %+v", changes)
	}
	if old, stays := strings.Join(changes[0].Before, "\n"), strings.Join(changes[0].After, "\n"); !strings.Contains(old, "15 km") || !strings.Contains(stays, "25 km") {
		t.Errorf("gone:\n%s\nstands:\n%s", old, stays)
	}
}

// The first version ends where the second begins: both are said, each under its own name.
func TestAVersionThatEndsWhereTheNextBegins(t *testing.T) {
	after := amended(t, `rules: [{id: R01, version: "1", in_force: {to: 2026-05-15}}]`, nearer)
	changes := differences(t, amended(t), after, "en")
	var headings []string
	for _, c := range changes {
		headings = append(headings, c.Heading)
	}
	want := []string{"rule R01@1: changed", "rule R01: new version 2 in the place of version 1 from 2026-05-15 00:00 (UTC) on, known from 2026-05-01 00:00 (UTC)"}
	if !slices.Equal(headings, want) {
		t.Fatalf("headings %q, want %q", headings, want)
	}
	if all := strings.Join(changes[0].After, "\n"); !strings.Contains(all, "In force from 2026-04-01 00:00 (UTC) to 2026-05-15 00:00 (UTC).") || len(changes[0].After) != 1 {
		t.Errorf("of the first version: %q", changes[0].After)
	}
}

// A third version is held against the second, which has begun by then.
func TestAThirdVersion(t *testing.T) {
	third := `rules: [{id: R01, version: "3", known_from: 2026-05-20, in_force: {from: 2026-06-01}, where: {within_m: {line: L1, m: 5000}}}]`
	changes := differences(t, amended(t, nearer), amended(t, nearer, third), "en")
	if len(changes) != 1 || !strings.HasPrefix(changes[0].Heading, "rule R01: new version 3 in the place of version 2 from 2026-06-01") {
		t.Fatalf("changes %+v", changes)
	}
	if old := strings.Join(changes[0].Before, "\n"); !strings.Contains(old, "15 km") || strings.Contains(old, "25 km") {
		t.Errorf("held against\n%s", old)
	}
}

// Another name for the one version there is makes no second one.
func TestAVersionOfAnotherName(t *testing.T) {
	after := edited(t, "  - id: R01\n", "  - id: R01\n    version: \"1a\"\n")
	changes := differences(t, amended(t), after, "en")
	if len(changes) != 1 || changes[0].How != HowChanged || len(changes[0].After) != 1 || !strings.Contains(changes[0].After[0], "version 1a") {
		t.Errorf("changes %+v", changes)
	}
}

// Rules that are new or gone stay that, and versions of lists are told as those of rules.
func TestNewRulesAndVersionsOfLists(t *testing.T) {
	lists := `lists: [{id: LIST-A, party: A, sites: [S-WORKS]}]`
	added := `lists: [{id: LIST-A, version: "2", sites: [S-WORKS, S-POWER], valid_from: 2026-05-01, known_from: 2026-05-01}]`
	for _, row := range []struct {
		before, after *agreement.Agreement
		want          string
	}{
		{amended(t), amended(t, lists), "list LIST-A@1: new"},
		{amended(t, lists), amended(t), "list LIST-A@1: removed"},
		{amended(t, lists), amended(t, lists, added), "list LIST-A: new version 2 in the place of version 1 from 2026-05-01 00:00 (UTC) on, known from 2026-05-01 00:00 (UTC)"},
		{amended(t), amended(t, "remove: {rules: [R05]}"), "rule R05: removed"},
		{amended(t, nearer), amended(t, nearer, "remove: {rules: [R01@2]}"), "rule R01: version 2 removed; version 1 stands in its place"},
	} {
		changes := differences(t, row.before, row.after, "en")
		if !slices.ContainsFunc(changes, func(c Change) bool { return c.Heading == row.want }) {
			t.Errorf("no change %q in %+v", row.want, changes)
		}
	}
}

// Where each party holds days of its own, no single day is said.
func TestAVersionWithPositions(t *testing.T) {
	after := amended(t, `rules: [{id: R01, version: "2", known_from: 2026-05-01, in_force: {positions: {A: {from: 2026-05-15}, B: {from: 2026-05-20}}, applied: intersection}}]`)
	c := differences(t, amended(t), after, "en")[0]
	if c.Heading != "rule R01: new version 2 in the place of version 1, known from 2026-05-01 00:00 (UTC)" || !strings.Contains(strings.Join(c.After, "\n"), "Party B reads: In force from 2026-05-20") {
		t.Errorf("%s\n%s", c.Heading, strings.Join(c.After, "\n"))
	}
}
