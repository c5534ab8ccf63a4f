package agreement

import (
	"strings"
	"testing"

	truce "github.com/trucewatch/truce"
)

// laid is the test agreement with amendments laid over it, one after the other.
func laid(t *testing.T, amendments ...string) *Agreement {
	t.Helper()
	files := plainFiles(t)
	for _, text := range amendments {
		var err error
		if files, err = Amend(files, "a.yaml", []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	return mustParse(t, files)
}

func versionsNamed(a *Agreement, id string) string {
	var out []string
	for i, r := range a.Rules {
		if string(r.ID) == id {
			if len(out) > 0 && string(a.Rules[i-1].ID) != id {
				out = append(out, "elsewhere")
			}
			out = append(out, r.Version)
		}
	}
	return strings.Join(out, " ")
}

// An amendment adds a version of a rule beside the one there is, with all that it does not
// say itself.
func TestAmendAddsAVersion(t *testing.T) {
	const second = `rules: [{id: R01, version: "2", known_from: 2026-05-01, in_force: {from: 2026-05-15}, p_min: 0.9}]`
	a := laid(t, second)
	if got := versionsNamed(a, "R01"); got != "1 2" {
		t.Fatalf("versions %s, want 1 2, one behind the other", got)
	}
	old, fresh := a.Rules[0], a.Rules[1]
	if old.PMin != 0.7 || old.InForce != (Span{}) || fresh.PMin != 0.9 || fresh.InForce.From != instant(t, "2026-05-15T00:00:00Z") {
		t.Errorf("version 1 %+v\nversion 2 %+v", old, fresh)
	}
	if len(fresh.Acts) != len(old.Acts) || fresh.Where.Within[0] != old.Where.Within[0] || fresh.Clause != old.Clause {
		t.Errorf("version 2 has not what version 1 has: %+v", fresh)
	}
	a = laid(t, second, `rules: [{id: R01, version: "2", p_min: 0.95}, {id: R01, version: "1", in_force: {to: 2026-05-15}}]`)
	if got := versionsNamed(a, "R01"); got != "1 2" || a.Rules[1].PMin != 0.95 || a.Rules[0].PMin != 0.7 || a.Rules[0].InForce.To == 0 {
		t.Errorf("versions %s: %+v, %+v", got, a.Rules[0], a.Rules[1])
	}
	a = laid(t, second, `remove: {rules: [R01@1]}`)
	if got := versionsNamed(a, "R01"); got != "2" {
		t.Errorf("versions %s, want 2", got)
	}
	if a = laid(t, second, `remove: {rules: [R01]}`); versionsNamed(a, "R01") != "" {
		t.Errorf("versions %s, want none", versionsNamed(a, "R01"))
	}
}

// Which of several versions an amendment changes is never guessed.
func TestAmendAsksForTheVersion(t *testing.T) {
	files, err := Amend(plainFiles(t), "a.yaml", []byte(`rules: [{id: R01, version: "2", known_from: 2026-05-01}]`))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Amend(files, "b.yaml", []byte("rules:\n  - {id: R01, p_min: 0.9}\n"))
	if err == nil || !strings.Contains(err.Error(), `b.yaml:2:5: rules: R01 stands in the versions 1, 2: say which of them changes (version: "2")`) {
		t.Errorf("error %v", err)
	}
}

// A version that is written as a field of one rule alone is found by it.
func TestAmendFindsTheOneVersion(t *testing.T) {
	a := laid(t, `rules: [{id: R04, p_min: 0.8}]`)
	if got := versionsNamed(a, "R04"); got != "2" {
		t.Errorf("versions %s, want 2", got)
	}
	a = laid(t, `rules: [{id: R04, version: "2", p_min: 0.8}]`)
	for _, r := range a.Rules {
		if r.ID == "R04" && r.PMin != 0.8 {
			t.Errorf("p_min %g, want 0.8", r.PMin)
		}
	}
}

// A version that says from when it holds, and no more, follows the one there is.
func TestAVersionFollowsByItsBeginning(t *testing.T) {
	a := laid(t, `rules: [{id: R01, version: "2", in_force: {from: 2026-05-15}, where: {within_m: {line: L1, m: 100}}}]`)
	g, err := a.Geometry(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ day, version string }{{"2026-05-14T12:00:00Z", "1"}, {"2026-05-15T12:00:00Z", "2"}, {"2026-06-20T12:00:00Z", "2"}} {
		in := seen(fire, truce.Detail{})
		in.Incident.Time = truce.PhenomenonTime{From: at(row.day), To: at(row.day)}
		if f := findingOf(t, g.Evaluate(in), "R01"); f.RuleVersion != row.version {
			t.Errorf("on %s version %s counts, want %s", row.day, f.RuleVersion, row.version)
		}
	}
}
