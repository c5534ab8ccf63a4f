package agreement

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"pgregory.net/rapid"
)

var someActs = []truce.Act{truce.ActIndirectFire, truce.ActDirectFire, truce.ActSniper, truce.ActOWAUAV, "recon_uav", truce.ActHeat,
	truce.ActExplosion, truce.ActNewTrench, truce.ActDenyAccess, truce.ActAttackEnergy, truce.ActControlledExplos, truce.ActMissileStrike}

var someFamilies = []truce.Family{truce.FamilyMedia, truce.FamilyThermal, truce.FamilyReference, truce.FamilyCivilian, truce.FamilyDrone}

// drawIncident draws an incident on or near the test agreement's land.
func drawIncident(t *rapid.T) truce.Incident {
	in := truce.Incident{
		ID: truce.ID{1}, P: truce.Probability(rapid.Float64Range(0, 1).Draw(t, "p")),
		Occurrence: rapid.SampledFrom([]truce.Occurrence{truce.OccurrenceReported, truce.OccurrenceDetected, truce.OccurrenceCorroborated, truce.OccurrenceRefuted}).Draw(t, "occurrence"),
		Families:   rapid.SliceOfNDistinct(rapid.SampledFrom(someFamilies), 0, 4, rapid.ID[truce.Family]).Draw(t, "families"),
	}
	left := 1.0
	for _, act := range rapid.SliceOfNDistinct(rapid.SampledFrom(someActs), 0, 3, rapid.ID[truce.Act]).Draw(t, "acts") {
		p := rapid.Float64Range(0, left).Draw(t, "share")
		in.Acts, left = append(in.Acts, truce.ActWeight{Act: act, P: truce.Probability(p)}), left-p
	}
	from := at("2026-03-31T00:00:00Z").Add(time.Duration(rapid.IntRange(0, 100*24*60).Draw(t, "minute")) * time.Minute)
	in.Time = truce.PhenomenonTime{From: from, To: from.Add(time.Duration(rapid.IntRange(0, 600).Draw(t, "length")) * time.Minute), Sigma: truce.Micros(rapid.Int64Range(0, 3.6e9).Draw(t, "sigma"))}
	if rapid.IntRange(0, 9).Draw(t, "placed") > 0 {
		in.Position = drawPosition(t)
	}
	return in
}

func drawPosition(t *rapid.T) *geo.Position {
	p := &geo.Position{Point: geo.Point{
		Lat: geo.Degrees(rapid.Float64Range(-48.6, -47.4).Draw(t, "lat")),
		Lon: geo.Degrees(rapid.Float64Range(-23.1, -20.1).Draw(t, "lon")),
	}}
	if rapid.Bool().Draw(t, "pixel") {
		side := geo.Metres(rapid.Float64Range(100, 1200).Draw(t, "side"))
		p.Footprint = &geo.Footprint{Scan: side, Track: side, Azimuth: 12}
		p.Error = p.Footprint.Covariance()
		return p
	}
	p.Error = geo.Isotropic(geo.Metres(rapid.Float64Range(0, 5000).Draw(t, "sigma")))
	return p
}

func TestFindingsKeepTheirPromises(t *testing.T) {
	g := plainGeometry(t)
	rapid.Check(t, func(t *rapid.T) {
		in := drawIncident(t)
		e := g.Evaluate(Input{Incident: in})
		counted := 0
		for i, f := range e.Findings {
			counted += f.Count
			if err := promises(&g.plans[i], &in, &f); err != "" {
				t.Fatalf("%s: %s\n%+v", f.Rule, err, f)
			}
		}
		hits := slices.ContainsFunc(e.Findings, func(f truce.Finding) bool { return f.Verdict == hit })
		if counted > 1 || hits != (counted == 1) {
			t.Fatalf("counted %d times, hits %v", counted, hits)
		}
	})
}

// promises checks one finding against what its documentation says.
func promises(p *plan, in *truce.Incident, f *truce.Finding) string {
	families := families(in.Families)
	thermalOnly := len(families) == 1 && families[0] == truce.FamilyThermal
	switch {
	case !f.P.Valid() || math.IsNaN(float64(f.P)):
		return "probability out of range"
	case f.P > in.P+1e-4:
		return "more probable than the incident itself"
	case len(f.Trace) == 0 || strings.Contains(strings.Join(f.Trace, ""), "NaN"):
		return "no trace, or one with NaN"
	case f.Verdict == hit && (float64(f.P) < p.PMin || len(families) < p.Families || thermalOnly):
		return "hit without probability or evidence"
	case f.Verdict == hit && (f.Reason != "" || f.Count == 0 && f.CountedUnder == ""):
		return "hit with a reason, or counted nowhere"
	case f.Verdict == hit && p.Families > 1 && in.Occurrence != truce.OccurrenceCorroborated:
		return "several families count that fusion did not find to agree"
	case f.Verdict != hit && (f.Count != 0 || f.CountedUnder != ""):
		return "counted without a hit"
	case f.Verdict == indeterminate && f.Reason == "" || f.Verdict == outside && f.Reason == "":
		return "no reason"
	case in.Occurrence == truce.OccurrenceRefuted && f.Verdict != outside:
		return "refuted and not outside"
	case f.OriginSide != nil:
		return "speaks of the origin"
	}
	total := truce.Probability(0)
	for _, s := range f.EffectSide {
		if !s.P.Valid() {
			return "side share out of range"
		}
		total += s.P
	}
	if total > 1.0002 {
		return "side shares above 1"
	}
	return ""
}

func asText(t interface{ Fatal(...any) }, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestOrderDoesNotMatter(t *testing.T) {
	g := plainGeometry(t)
	rapid.Check(t, func(t *rapid.T) {
		in := Input{Incident: drawIncident(t)}
		for i := range rapid.IntRange(0, 5).Draw(t, "supports") {
			group := rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "group")
			family := rapid.SampledFrom(someFamilies).Draw(t, "family")
			in.Events = append(in.Events, truce.Event{Support: []truce.Support{support(byte(i), family, group)}})
		}
		want := asText(t, g.Evaluate(in))
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		shuffled := Input{Incident: in.Incident, Events: slices.Clone(in.Events)}
		shuffled.Incident.Acts, shuffled.Incident.Families = slices.Clone(in.Incident.Acts), slices.Clone(in.Incident.Families)
		r.Shuffle(len(shuffled.Events), func(i, j int) { shuffled.Events[i], shuffled.Events[j] = shuffled.Events[j], shuffled.Events[i] })
		r.Shuffle(len(shuffled.Incident.Acts), func(i, j int) {
			a := shuffled.Incident.Acts
			a[i], a[j] = a[j], a[i]
		})
		r.Shuffle(len(shuffled.Incident.Families), func(i, j int) {
			f := shuffled.Incident.Families
			f[i], f[j] = f[j], f[i]
		})
		if got := asText(t, g.Evaluate(shuffled)); got != want {
			t.Fatalf("order changes the evaluation:\n%s\n%s", got, want)
		}
	})
}

// Renaming the parties renames them in the findings and changes nothing else.
func TestPartiesAreTreatedAlike(t *testing.T) {
	g := plainGeometry(t)
	files := plainFiles(t)
	for i := range files {
		if files[i].Name == MainFile {
			swap := strings.NewReplacer("id: A,", "id: B,", "id: B,", "id: A,", "left: A", "left: B", "right: B", "right: A",
				"bearer: A", "bearer: B", "notified_by: A", "notified_by: B")
			files[i].Data = []byte(swap.Replace(string(files[i].Data)))
		}
	}
	mirrored, err := mustParse(t, files).Geometry(nil)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		in := Input{Incident: drawIncident(t)}
		e, m := g.Evaluate(in), mirrored.Evaluate(in)
		for i := range e.Findings {
			f, h := e.Findings[i], m.Findings[i]
			if f.Verdict != h.Verdict || f.P != h.P || f.Reason != h.Reason || f.ClaimsExempt != h.ClaimsExempt {
				t.Fatalf("swapping the names turns %s %.4f into %s %.4f", f.Verdict, f.P, h.Verdict, h.P)
			}
			if len(f.EffectSide) == 2 && (f.EffectSide[0].P != h.EffectSide[1].P || f.EffectSide[1].P != h.EffectSide[0].P) {
				t.Fatalf("sides %v against %v", f.EffectSide, h.EffectSide)
			}
		}
	})
}

// A stricter threshold never makes a hit of what was none.
func TestHitsFallWithPMin(t *testing.T) {
	loose := plainGeometry(t)
	strict := plainGeometry(t)
	for i := range strict.plans {
		strict.plans[i].PMin = min(1, strict.plans[i].PMin+0.15)
	}
	rapid.Check(t, func(t *rapid.T) {
		in := Input{Incident: drawIncident(t)}
		e, s := loose.Evaluate(in), strict.Evaluate(in)
		for i := range e.Findings {
			if s.Findings[i].Verdict == hit && e.Findings[i].Verdict != hit && e.Findings[i].Verdict != exempt {
				t.Fatalf("%s: hit only under the stricter threshold", e.Findings[i].Rule)
			}
		}
	})
}

// The numbers agree with a draw of the position from its own error.
func TestPlaceAgainstMonteCarlo(t *testing.T) {
	g := plainGeometry(t)
	r := rand.New(rand.NewPCG(7, 7))
	for _, east := range []float64{4000, 5200, -4800} {
		in := happening("recon_uav", 1)
		in.P, in.Position = 1, spot(east, 900)
		f := findingOf(t, g.Evaluate(Input{Incident: in}), "R02")
		const n = 40_000
		inside := 0
		blur := math.Hypot(900, 100)
		for range n {
			if d := east + blur*r.NormFloat64(); math.Abs(d) < 5000 { // the line is straight and long
				inside++
			}
		}
		if want := float64(inside) / n; math.Abs(float64(f.P)-want) > 0.01 {
			t.Errorf("%g m east: p %.4f, drawn %.4f", east, f.P, want)
		}
	}
}

func BenchmarkEvaluate(b *testing.B) {
	g := plainGeometry(b)
	r := rand.New(rand.NewPCG(1, 1))
	incidents := make([]Input, 1000)
	for i := range incidents {
		in := happening(someActs[r.IntN(len(someActs))], 0.9)
		in.Position = spotAt(-48.4+0.8*r.Float64(), (r.Float64()*2-1)*60_000, 50+2000*r.Float64())
		incidents[i] = Input{Incident: in}
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		g.Evaluate(incidents[i%len(incidents)])
	}
}

func ExampleGeometry_Evaluate() {
	a, err := Parse([]truce.AgreementFile{
		{Name: "agreement.yaml", Data: []byte(`
truce: 1
id: example
languages: [en]
title: Example
status: in_force
effective_at: {at: "2026-04-01T00:00:00Z", civil: midnight UTC}
zone: UTC
day_epoch: {date: 2026-04-01, first: 1}
mission: Example mission
boundary_note: Working lines.
report_error: mailto:errors@mission.example
parties:
  - {id: A, role: party, name: Party A}
  - {id: B, role: party, name: Party B}
rules:
  - id: R05
    clause: "5.1"
    prohibit: [deny_access]
    where: {anywhere: true}
    p_min: 0.7
    count: {unit: denial}
`)},
		{Name: "clauses/en/5.1.md", Data: []byte("The mission moves freely.\n")},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	g, err := a.Geometry(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	e := g.Evaluate(Input{Incident: truce.Incident{
		Occurrence: truce.OccurrenceReported, P: 0.9, Acts: []truce.ActWeight{{Act: truce.ActDenyAccess, P: 0.95}},
		Time: truce.Moment(truce.InstantOf(time.Date(2026, 4, 11, 16, 20, 0, 0, time.UTC)), 0), Families: []truce.Family{truce.FamilyPatrol},
	}})
	for _, sentence := range e.Findings[0].Trace {
		fmt.Println(sentence)
	}
	// Output:
	// act: deny_access 0.95; an act that R05 names with p 0.95
	// time: 2026-04-11 16:20:00 UTC; R05 is in force from 2026-04-01 00:00:00 UTC to an open end: p 1.00
	// place: the rule holds everywhere
	// occurrence: reported, happened with p 0.90
	// all conditions together: 0.95 x 1.00 x 1.00 x 0.90 = 0.85; R05 asks for 0.70
	// evidence: 1 independent family (patrol); R05 asks for 1
	// the conditions of R05 are met with p 0.85
	// counted once, unit denial
}
