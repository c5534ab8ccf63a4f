package agreement

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	truce "github.com/trucewatch/truce"
)

func warned(a *Agreement, words string) bool {
	return slices.ContainsFunc(a.Warnings, func(p Problem) bool { return strings.Contains(p.Text, words) })
}

func TestSidesAsked(t *testing.T) {
	for condition, want := range map[string]string{
		`effect_side["A"] > 0.5`: "[A]",
		`origin_side.B > 0.5`:    "[B]",
		`"B" in effect_side && effect_side["B"] > origin_side["A"]`:  "[A B]",
		`effect_side.exists(k, effect_side[k] > 0.9)`:                "[]",
		`quantity > 3 && acts["direct_fire"] > 0.5 && act == "A"`:    "[]",
		`!(has(effect_side.A)) || [1.0, 2.0].exists(x, x > p * 2.0)`: "[A]",
	} {
		if _, err := CompileCondition(condition); err != nil {
			t.Fatalf("%s: %v", condition, err)
		}
		if got := fmt.Sprint(sidesAsked(condition)); got != want {
			t.Errorf("%s: %s, want %s", condition, got, want)
		}
	}
}

func conditioned(t *testing.T, condition, more string) []truce.AgreementFile {
	return edited(t, MainFile, "    where: {anywhere: true}\n", "    where: {anywhere: true}\n    when: '"+condition+"'\n"+more)
}

func TestAConditionOnOneSideIsAnAsymmetry(t *testing.T) {
	for _, row := range []struct {
		condition, more string
		want            bool
	}{
		{`effect_side["A"] > 0.5`, "", true},
		{`effect_side["A"] > 0.5`, "    one_sided: true\n", false},
		{`effect_side["A"] > 0.5 || effect_side["B"] > 0.5`, "", false},
		{`quantity > 3`, "", false},
	} {
		a := mustParse(t, conditioned(t, row.condition, row.more))
		if got := warned(a, "asymmetry: when asks about the side of party A only"); got != row.want {
			t.Errorf("%s %s: warned %t, want %t: %v", row.condition, row.more, got, row.want, a.Warnings)
		}
	}
	problems := refusal(t, conditioned(t, `effect_side["N"] > 0.5`, ""))
	if !slices.ContainsFunc(problems, func(p Problem) bool {
		return strings.Contains(p.Text, `about the side of "N", and no such party is defined`)
	}) {
		t.Errorf("problems %v", problems)
	}
}

// withWindows is the test agreement with windows in place of its own first one.
func withWindows(t *testing.T, rows ...string) *Agreement {
	t.Helper()
	text := "windows:\n"
	for i, row := range rows {
		text += fmt.Sprintf("  - {id: N%d, kind: demining, bearer: A, notified_by: A, notified_at: \"2026-04-02T00:00:00Z\", acked_at: \"2026-04-03T00:00:00Z\", acked_by: B, %s}\n", i+1, row)
	}
	return mustParse(t, edited(t, MainFile, "windows:\n", text))
}

func TestAWindowOnTheOtherSideIsRemarked(t *testing.T) {
	const hours = `from: "2026-04-20T08:00:00Z", to: "2026-04-20T12:00:00Z", `
	const may = `from: "2026-05-20T08:00:00Z", to: "2026-05-20T12:00:00Z", `
	for _, row := range []struct {
		name, window string
		want         bool
	}{
		{"own side", hours + "circle: {lat: -48.0, lon: -21.65, radius_m: 1000}", false},
		{"on the line", hours + "circle: {lat: -48.0, lon: -21.59, radius_m: 1000}", false},
		{"the other side", hours + "circle: {lat: -48.0, lon: -21.55, radius_m: 1000}", true},
		{"its own since the line moved", may + "circle: {lat: -48.0, lon: -21.55, radius_m: 1000}", false},
		{"a band on both sides", hours + "zone: Z-BUFFER", false},
	} {
		a := withWindows(t, row.window)
		if got := warned(a, "lies wholly on the side of another party"); got != row.want {
			t.Errorf("%s: warned %t, want %t: %v", row.name, got, row.want, a.Warnings)
		}
	}
	bearer := edited(t, MainFile, "    bearer: M\n    notified_by: M\n", "    bearer: M\n    notified_by: M # has no side\n")
	if a := mustParse(t, bearer); warned(a, "lies wholly on the side") {
		t.Errorf("warned of the mission or of the windows as they are: %v", a.Warnings)
	}
}

// roll is n windows of 8 hours, one a so many hours.
func roll(n, every int, circle string) []string {
	var out []string
	for i := range n {
		at := func(h int) string { return fmt.Sprintf("2026-04-%02dT%02d:00:00Z", 5+h/24, h%24) }
		out = append(out, fmt.Sprintf("from: %q, to: %q, %s", at(i*every), at(i*every+8), fmt.Sprintf(circle, i)))
	}
	return out
}

func TestWindowsThatRollOnAreRemarked(t *testing.T) {
	const here, apart = "circle: {lat: -48.0, lon: -21.65, radius_m: 10%d}", "circle: {lat: -48.%d, lon: -21.75, radius_m: 1000}"
	for _, row := range []struct {
		name string
		rows []string
		want bool
	}{
		{"four, a pause of 16 h", roll(4, 24, here), true},
		{"three", roll(3, 24, here), false},
		{"four, a pause of 24 h", roll(4, 32, here), false},
		{"four places", roll(4, 24, apart), false},
		{"four in one zone", roll(4, 8, "zone: Z-BUFFER, grace: %dm"), true},
	} {
		a := withWindows(t, row.rows...)
		if got := warned(a, "rolling windows: 4 of kind demining of A"); got != row.want {
			t.Errorf("%s: warned %t, want %t: %v", row.name, got, row.want, a.Warnings)
		}
	}
}
