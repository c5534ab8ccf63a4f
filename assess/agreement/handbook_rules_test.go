package agreement

import (
	"os"
	"slices"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
	"pgregory.net/rapid"
)

// drawHandbook draws an incident that may touch any of the handbook's rules, in the spring
// that they speak of.
func drawHandbook(t *rapid.T, acts []truce.Act) Input {
	in := drawFull(t)
	i := &in.Incident
	shift := at("2026-04-01T00:00:00Z").Sub(at("2025-03-10T00:00:00Z"))
	i.Time.From, i.Time.To = i.Time.From.Add(-shift), i.Time.To.Add(-shift)
	if in.KnownAt != 0 {
		in.KnownAt = in.KnownAt.Add(-shift)
	}
	for k := range i.Acts {
		i.Acts[k].Act = rapid.SampledFrom(acts).Draw(t, "act")
	}
	if d := i.Detail; d != nil {
		d.Damage = rapid.Bool().Draw(t, "damage")
		d.Evidence = rapid.SampledFrom([][]string{nil, {"site_visit"}, {"sar_coherence"}, {"operator_logs", "independent_forensics"}}).Draw(t, "kinds")
		if rapid.Bool().Draw(t, "sorts") {
			d.Numbers = []truce.Number{{Object: "troops", N: rapid.IntRange(0, 900).Draw(t, "troops")}, {Object: "vehicles", N: rapid.IntRange(0, 20).Draw(t, "vehicles")}}
		}
		if rapid.Bool().Draw(t, "images") {
			d.Imagery = &truce.ImagePair{Before: i.Time.From.Add(-time.Duration(rapid.IntRange(0, 60).Draw(t, "days")) * 24 * time.Hour), After: i.Time.From, GSDM: rapid.SampledFrom([]float64{0, 0.4, 3}).Draw(t, "gsd")}
		}
		if h := d.Holding; h != nil {
			h.Class = rapid.SampledFrom([]truce.WeaponClass{"", "tube_ge100", "tank"}).Draw(t, "class")
		}
		if rapid.Bool().Draw(t, "claims") {
			d.Claim = &truce.SelfDefence{Incident: "2025-1"}
		}
	}
	return in
}

// Of the handbook's rules too: with sentences and without, in one evaluator or in many, the
// same; and what is told beside a verdict belongs to it.
func TestTheHandbooksRulesKeepTheirPromises(t *testing.T) {
	files, err := ReadDir(os.DirFS("testdata/handbook"))
	if err != nil {
		t.Fatal(err)
	}
	a := mustParse(t, files)
	g, err := a.Geometry(nil)
	if err != nil {
		t.Fatal(err)
	}
	var acts []truce.Act
	for _, r := range a.Rules {
		acts = append(acts, r.Acts...)
	}
	slices.Sort(acts)
	shared := g.Evaluator()
	rapid.Check(t, func(t *rapid.T) {
		in := drawHandbook(t, slices.Compact(acts))
		spoken := g.Evaluate(in)
		for i, f := range shared.Verdicts(&in) {
			want := spoken.Findings[i]
			if text := keeps(&g.plans[i], &in, &want); text != "" {
				t.Fatalf("%s: %s\n%s", want.Rule, text, asText(t, want))
			}
			p := &g.plans[i]
			for _, head := range f.Reported {
				if !slices.Contains(p.Reports, Head(head)) || Head(head) == HeadInside && f.Verdict != hit || Head(head) == HeadOutsideStore && f.Verdict != outside {
					t.Fatalf("%s: %s is reported as %s", f.Rule, f.Verdict, head)
				}
			}
			if (f.Gap != nil) != (p.OpensGap && f.Verdict == hit) || f.Bearer != nil && p.Bearer != BearerController {
				t.Fatalf("%s: a gap or a bearer where none belongs\n%s", f.Rule, asText(t, want))
			}
			want.Trace = nil
			if x, y := asText(t, f), asText(t, want); x != y {
				t.Fatalf("without sentences another finding:\n%s\n%s", x, y)
			}
		}
	})
}
