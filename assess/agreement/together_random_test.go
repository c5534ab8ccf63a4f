package agreement

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
)

// countedGeometries are agreements whose rules join, limit and count in different ways.
func countedGeometries(t testing.TB) []*Geometry {
	t.Helper()
	var out []*Geometry
	for n, per := range []Per{PerMoment, PerDay, PerMonth, PerAgreement} {
		limit := capRule()
		limit.Limit.Per, limit.Limit.Max = per, 2+n
		if n%2 == 0 {
			limit.Bearer = BearerEach
		}
		second := capRule()
		second.ID, second.Unit, second.Limit = "D", truce.UnitMovement, &Limit{Object: "vehicles", Max: 4, Per: PerDay}
		third := Rule{ID: "E", Kind: KindLimit, Acts: []truce.Act{truce.ActPresenceInZone, fire}, Families: 1, Unit: truce.UnitEngagement,
			Where: limit.Where, Gap: 20 * time.Minute, RadiusM: 3000, Severity: Severity{Base: 1}}
		out = append(out, ruled(t, nil, limit, second, third))
	}
	return append(out, plainGeometry(t))
}

// someSightings are random incidents near each other, now and then vague or of no place.
func someSightings(random *rand.Rand) []truce.Incident {
	var out []truce.Incident
	for i := range 1 + random.IntN(7) {
		act := []truce.Act{truce.ActPresenceInZone, truce.ActPresenceInZone, fire}[random.IntN(3)]
		in := seen(act, truce.Detail{Quantity: random.IntN(9)}).Incident
		in.ID, in.Number = truce.ID{byte(i + 1)}, []string{"", fmt.Sprintf("2026-%d", i)}[random.IntN(2)]
		in.P = truce.Probability(0.6 + 0.4*random.Float64())
		in.Time = truce.Moment(in.Time.From.Add(time.Duration(random.IntN(90))*time.Minute), time.Duration(random.IntN(1000))*time.Second)
		in.Position = spot(2000+float64(random.IntN(4000)), 20)
		if random.IntN(8) == 0 {
			in.Position = nil
		}
		if random.IntN(4) == 0 {
			in.Detail = nil
		}
		out = append(out, in)
	}
	return out
}

// TestCountingTogetherNeverFails: random incidents, evaluated with sentences and without,
// and with sentences cut off as of a file that somebody has shortened, are counted without
// a fault and to the same numbers, and counting them again changes nothing.
func TestCountingTogetherNeverFails(t *testing.T) {
	shortened := 0
	for n, g := range countedGeometries(t) {
		for seed := range uint64(1500) {
			random := rand.New(rand.NewPCG(seed, uint64(n)))
			var full, bare, cut []Counted
			for _, in := range someSightings(random) {
				full = append(full, Counted{in, g.Evaluate(Input{Incident: in})})
				bare = append(bare, Counted{in, g.Evaluate(Input{Incident: in, NoTrace: true})})
			}
			want := g.CountTogether(full)
			for i := range full {
				e := want[i]
				e.Findings = slices.Clone(e.Findings)
				for k := range e.Findings {
					if keep := random.IntN(4); keep < len(e.Findings[k].Trace) {
						e.Findings[k].Trace = e.Findings[k].Trace[:keep]
						shortened++
					}
				}
				cut = append(cut, Counted{full[i].Incident, e})
				full[i].Evaluation = want[i]
			}
			name := fmt.Sprintf("agreement %d, seed %d", n, seed)
			if again := g.CountTogether(full); !reflect.DeepEqual(again, want) {
				t.Fatalf("%s: counting again changes the findings", name)
			}
			sameNumbers(t, name+", without sentences", g.CountTogether(bare), want)
			sameNumbers(t, name+", with few sentences", g.CountTogether(cut), want)
		}
	}
	if shortened < 1000 {
		t.Errorf("%d findings were shortened: too few", shortened)
	}
}

func sameNumbers(t *testing.T, name string, got, want []truce.Evaluation) {
	t.Helper()
	for i := range want {
		for k, f := range want[i].Findings {
			g := got[i].Findings[k]
			if g.Verdict != f.Verdict || g.Count != f.Count || g.CountedUnder != f.CountedUnder || !reflect.DeepEqual(g.Number, f.Number) {
				t.Fatalf("%s: %s of incident %d is %s, %d under %q, want %s, %d under %q", name, f.Rule, i, g.Verdict, g.Count, g.CountedUnder, f.Verdict, f.Count, f.CountedUnder)
			}
		}
	}
}
