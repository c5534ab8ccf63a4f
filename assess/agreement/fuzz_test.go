package agreement

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"cel.dev/cel-go/cel"
	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// FuzzParse: whatever the files, reading them ends, every problem has a file, a line, a
// column and a text, and what is accepted compiles, answers for an incident and says the
// same when it is written out anew.
func FuzzParse(f *testing.F) {
	base := plainFiles(f)
	main := slices.IndexFunc(base, func(file truce.AgreementFile) bool { return file.Name == MainFile })
	f.Add(base[main].Data, []byte(`{"type":"FeatureCollection","features":[]}`))
	f.Add(fullFiles(f)[main].Data, []byte(""))
	f.Add([]byte("truce: 1\nid: [x\n"), []byte("{"))
	f.Add([]byte("a: &a [*a]"), []byte(""))
	f.Add([]byte("? {a: b}\n: c\n!!binary x: y\n"), []byte("[]"))
	f.Add([]byte("rules: [{id: R, prohibit: {}, where: [1], count: 1}]\nlanguages: {}\nladder: !!x y"), []byte("null"))
	f.Fuzz(func(t *testing.T, document, zones []byte) {
		files := slices.Clone(base)
		files[main] = truce.AgreementFile{Name: MainFile, Data: document}
		for i := range files {
			if files[i].Name == "zones/zones.geojson" && len(zones) > 0 {
				files[i].Data = zones
			}
		}
		a, err := Parse(files)
		if err != nil {
			for _, p := range refusal(t, files) {
				placed(t, p)
			}
			return
		}
		if a.ID == "" || len(a.Languages) == 0 || a.Version != Version(files) {
			t.Fatalf("accepted without id, language or version: %+v", a)
		}
		for _, p := range a.Warnings {
			placed(t, p)
		}
		answers(t, a)
		sameAnew(t, a, files)
	})
}

// placed asks that a problem can be found by whoever has to mend it.
func placed(t *testing.T, p Problem) {
	t.Helper()
	if p.File == "" || p.Line < 1 || p.Column < 1 || p.Text == "" || p.Level == "" {
		t.Fatalf("problem without place, level or text: %+v", p)
	}
}

// answers asks that terms which are accepted compile, or say why not, and answer.
func answers(t *testing.T, a *Agreement) {
	t.Helper()
	g, err := a.Geometry(nil)
	if err != nil {
		if truce.CodeOf(err) != truce.CodeInvalid || err.Error() == "" {
			t.Fatalf("compiled with %v, want a coded error", err)
		}
		return
	}
	in := seen(fire, truce.Detail{Quantity: 3, Damage: true})
	for _, finding := range g.Evaluate(in).Findings {
		if p := float64(finding.P); !(p >= 0 && p <= 1) || finding.Verdict == "" {
			t.Fatalf("a finding with p %v and verdict %q", p, finding.Verdict)
		}
	}
}

// sameAnew asks that terms written out anew, as an amendment that changes nothing writes
// them, say the same.
func sameAnew(t *testing.T, a *Agreement, files []truce.AgreementFile) {
	t.Helper()
	again, err := Amend(files, "nothing.yaml", []byte("{}"))
	if err != nil {
		t.Fatalf("accepted terms cannot be written out: %v", err)
	}
	b, err := Parse(again)
	if err != nil {
		i := slices.IndexFunc(again, func(f truce.AgreementFile) bool { return f.Name == MainFile })
		t.Fatalf("refused when written out anew: %v\n%s", err, again[i].Data)
	}
	x, y := *a, *b
	for _, one := range []*Agreement{&x, &y} {
		one.Version, one.Warnings, one.unspoken = "", nil, nil
	}
	if !reflect.DeepEqual(x, y) {
		before, _ := json.Marshal(x)
		after, _ := json.Marshal(y)
		t.Fatalf("another meaning when written out anew:\n%s\n%s", before, after)
	}
}

// FuzzCondition: whatever the text, it is refused with a place and a reason, or it answers
// with a probability for incidents of which all or nothing is known, within the bound of
// steps.
func FuzzCondition(f *testing.F) {
	for _, s := range []string{
		"quantity > 3", "a.b.c()", "[1,2].map(x, x*x).size() > 1", `matches(act, "(a*)*b")`, "hour in [1,2,3]",
		`evidence.all(a, evidence.exists(b, a + b != "xy"))`, `at.getHours("Europe/Kyiv") == 13 || "A" in origin_side && origin_side["A"] > 0.5`,
		`duration("1h") < at - timestamp("2026-04-01T00:00:00Z")`, "damage ? casualties / (quantity - 3) > 1 : p > 1e308 * 10.0", "\"\xff\" == act", "{1: 2}[3] == b'x'.size()",
	} {
		f.Add(s)
	}
	g := plainGeometry(f)
	known := truce.Detail{
		Weapons: []truce.Weapon{weapon("tank", "tank", 125, 1)}, Quantity: 3, Altitude: &truce.Span{High: 9}, Site: "S-POWER", State: "s", Damage: true, Casualties: 1,
		Origin: &geo.Position{Point: geo.Point{Lat: -48, Lon: -22}, Error: geo.Isotropic(10)},
	}
	for range 2 * maxFactSize {
		known.Evidence = append(known.Evidence, "geolocated_video")
	}
	f.Fuzz(func(t *testing.T, text string) {
		when, err := CompileCondition(text)
		if err != nil {
			var refused *ConditionError
			if !errors.As(err, &refused) || refused.Line < 1 || refused.Column < 1 || refused.Message == "" {
				t.Fatalf("%q: refused with %v, want a place and a reason", text, err)
			}
			return
		}
		for _, detail := range []truce.Detail{{}, known} {
			in := seen(fire, detail)
			e := g.Evaluator()
			e.look.begin(&in)
			if got := e.look.whenFactor(&plan{when: when}); !(0 <= got.lo && got.lo <= got.hi && got.hi <= 1) {
				t.Fatalf("%q: %v", text, got.span)
			}
			bounded(t, when, e.look.facts.of(when))
		}
	})
}

// bounded asks that counting the steps of a condition ends at the bound: the step that
// passes it is the last.
func bounded(t *testing.T, when *Expression, facts cel.Activation) {
	t.Helper()
	_, details, _ := when.program.Eval(facts)
	if details == nil || details.ActualCost() == nil {
		return
	}
	const lastStep = 1 << 20 // a step may cost as much as the text it compares is long
	if steps := *details.ActualCost(); steps > MaxConditionCost+lastStep {
		t.Fatalf("%q took %d steps, the bound is %d", when.Text, steps, MaxConditionCost)
	}
}

// TestEveryExampleIsTheSameWrittenAnew: writing out anew loses nothing of real terms.
func TestEveryExampleIsTheSameWrittenAnew(t *testing.T) {
	dirs, err := filepath.Glob("../../examples/agreements/*")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no example agreements: %v", err)
	}
	for _, dir := range append(dirs, "testdata/plain") {
		files, err := ReadDir(os.DirFS(dir))
		if err != nil {
			t.Fatal(err)
		}
		a, err := Parse(files)
		if err != nil {
			t.Errorf("%s: %v", dir, err)
			continue
		}
		sameAnew(t, a, files)
	}
	full := fullFiles(t)
	sameAnew(t, mustParse(t, full), full)
}
