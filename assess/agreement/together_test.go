package agreement

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"pgregory.net/rapid"
)

// firing is an incident of fire under R01, minutes after 01:00 on 11 April and so many
// metres east of the first, all on the eastern side.
func firing(n byte, minutes, east float64) truce.Incident {
	in := happening(fire, 0.9)
	in.ID, in.Number = truce.ID{15: n}, fmt.Sprintf("2026-%d", n)
	in.Time = truce.Moment(at("2026-04-11T01:00:00Z").Add(time.Duration(minutes*float64(time.Minute))), time.Second)
	in.Position = spot(10_000+east, 50)
	return in
}

func evaluated(g *Geometry, incidents ...truce.Incident) []Counted {
	rows := make([]Counted, len(incidents))
	for i, in := range incidents {
		rows[i] = Counted{in, g.Evaluate(Input{Incident: in})}
	}
	return rows
}

// countsOf lists what each incident counts under a rule.
func countsOf(t testing.TB, evaluations []truce.Evaluation, rule truce.RuleID) []int {
	t.Helper()
	out := make([]int, len(evaluations))
	for i, e := range evaluations {
		out[i] = findingOf(t, e, rule).Count
	}
	return out
}

// Shelling of one point from 01:00 to 01:27 is one engagement however it is cut up.
func TestContinuousShellingIsOneEngagement(t *testing.T) {
	g := plainGeometry(t)
	var incidents []truce.Incident
	for i := range 10 {
		incidents = append(incidents, firing(byte(i+1), float64(3*i), 0))
	}
	rows := evaluated(g, incidents...)
	got := g.CountTogether(rows)
	if counts := countsOf(t, got, "R01"); !slices.Equal(counts, []int{1, 0, 0, 0, 0, 0, 0, 0, 0, 0}) {
		t.Fatalf("counts %v, want the first alone", counts)
	}
	f := findingOf(t, got[9], "R01")
	if last := f.Trace[len(f.Trace)-1]; last != "counted with incident 2026-1: firing within 10 min and 1 km" || f.Verdict != hit {
		t.Errorf("%s: %q", f.Verdict, last)
	}
	if f := findingOf(t, rows[9].Evaluation, "R01"); f.Count != 1 || !strings.HasPrefix(f.Trace[len(f.Trace)-1], "counted once") {
		t.Error("the rows given were changed")
	}
}

func TestWhatIsOneEngagement(t *testing.T) {
	g := plainGeometry(t)
	vague := firing(2, 3, 0)
	vague.Time.To = vague.Time.From.Add(24 * time.Hour)
	unsure := firing(2, 3, 0)
	unsure.Time.Sigma = truce.MicrosOf(time.Hour)
	nameless := firing(1, 0, 0)
	nameless.Number = ""
	doubtful := firing(1, 0, 0)
	doubtful.P = 0.3
	rows := []struct {
		name      string
		incidents []truce.Incident
		want      []int
	}{
		{"a pause of ten minutes", []truce.Incident{firing(1, 0, 0), firing(2, 10, 0)}, []int{1, 0}},
		{"a longer pause", []truce.Incident{firing(1, 0, 0), firing(2, 10.1, 0)}, []int{1, 1}},
		{"a longer pause, then more", []truce.Incident{firing(1, 0, 0), firing(2, 10.1, 0), firing(3, 20, 0)}, []int{1, 1, 0}},
		{"within the radius", []truce.Incident{firing(1, 0, 0), firing(2, 1, 999)}, []int{1, 0}},
		{"beyond the radius", []truce.Incident{firing(1, 0, 0), firing(2, 1, 1001)}, []int{1, 1}},
		{"no chain over the map", []truce.Incident{firing(1, 0, 0), firing(2, 1, 800), firing(3, 2, 1600), firing(4, 3, 2400)}, []int{1, 0, 1, 0}},
		{"two places at once", []truce.Incident{firing(1, 0, 0), firing(2, 0, 5000), firing(3, 5, 0), firing(4, 5, 5000)}, []int{1, 1, 0, 0}},
		{"the nearest of two", []truce.Incident{firing(1, 0, 0), firing(2, 0, 1100), firing(3, 5, 1000), firing(4, 14, 1100)}, []int{1, 1, 0, 0}},
		{"across the cut-off it counts where it began", []truce.Incident{firing(1, 1105, 0), firing(2, 1112, 0)}, []int{1, 0}},
		{"a report of a whole day", []truce.Incident{firing(1, 721, 0), vague}, []int{1, 1}},
		{"an hour's doubt", []truce.Incident{firing(1, 0, 0), unsure}, []int{1, 1}},
		{"what is no hit opens nothing", []truce.Incident{doubtful, firing(2, 1, 0), firing(3, 2, 0)}, []int{0, 1, 0}},
		{"the same instant", []truce.Incident{firing(2, 0, 0), firing(1, 0, 0)}, []int{0, 1}},
	}
	for _, row := range rows {
		if got := countsOf(t, g.CountTogether(evaluated(g, row.incidents...)), "R01"); !slices.Equal(got, row.want) {
			t.Errorf("%s: counts %v, want %v", row.name, got, row.want)
		}
	}
	got := g.CountTogether(evaluated(g, nameless, firing(2, 1, 0)))
	f := findingOf(t, got[1], "R01")
	if last := f.Trace[len(f.Trace)-1]; !strings.Contains(last, nameless.ID.String()) {
		t.Errorf("an incident without a number: %q does not name it by id", last)
	}
}

// The other units: R01 takes the place of the rule whose unit is asked.
func TestWhatOtherUnitsJoin(t *testing.T) {
	unit := func(u truce.Unit) *Geometry {
		g := plainGeometry(t)
		g.plans[0].Unit = u
		return g
	}
	drone := firing(3, 0.5, 0)
	drone.Acts = []truce.ActWeight{{Act: truce.ActOWAUAV, P: 0.9}}
	rows := []struct {
		name      string
		unit      truce.Unit
		incidents []truce.Incident
		want      []int
	}{
		{"a salvo", truce.UnitSalvo, []truce.Incident{firing(1, 0, 0), firing(2, 0.5, 400), firing(3, 1, 0)}, []int{1, 0, 0}},
		{"a salvo is over after a minute", truce.UnitSalvo, []truce.Incident{firing(1, 0, 0), firing(2, 0.7, 0), firing(3, 1.4, 0)}, []int{1, 0, 1}},
		{"a salvo is of one weapon", truce.UnitSalvo, []truce.Incident{firing(1, 0, 0), drone}, []int{1, 1}},
		{"an object stands all day", truce.UnitObjectDay, []truce.Incident{firing(1, 0, 0), firing(2, 600, 90), firing(3, 1300, 0)}, []int{1, 0, 0}},
		{"and again the next", truce.UnitObjectDay, []truce.Incident{firing(1, 0, 0), firing(2, 1380, 0)}, []int{1, 1}},
		{"another stands beside it", truce.UnitObjectDay, []truce.Incident{firing(1, 0, 0), firing(2, 1, 110)}, []int{1, 1}},
		{"explosions are counted as heard", truce.UnitExplosion, []truce.Incident{firing(1, 0, 0), firing(2, 0, 0)}, []int{1, 1}},
	}
	for _, row := range rows {
		g := unit(row.unit)
		if got := countsOf(t, g.CountTogether(evaluated(g, row.incidents...)), "R01"); !slices.Equal(got, row.want) {
			t.Errorf("%s: counts %v, want %v", row.name, got, row.want)
		}
	}
}

// Cells find what lies within the radius wherever on Earth it is.
func TestEngagementsAnywhereOnEarth(t *testing.T) {
	j, _ := joiningOf(truce.UnitEngagement)
	for _, from := range []geo.Point{{Lat: 0, Lon: 179.9999}, {Lat: 89.999, Lon: 10}, {Lat: -60, Lon: -179.9999}, {Lat: 0, Lon: 0}, {Lat: 48.5, Lon: 37}} {
		for azimuth := geo.Degrees(0); azimuth < 360; azimuth += 30 {
			for _, distance := range []geo.Metres{1, 999.9, 1000.1} {
				to, _ := geo.Direct(from, azimuth, distance)
				first, next := firing(1, 0, 0), firing(2, 1, 0)
				first.Position, next.Position = &geo.Position{Point: from}, &geo.Position{Point: to}
				tally := tally{open: map[cell][]*run{}}
				tally.add(&first, "R", j)
				if joined := tally.add(&next, "R", j) != nil; joined != (distance < 1000) {
					t.Errorf("%v and %g m at %g degrees: joined %v", from, distance, azimuth, joined)
				}
			}
		}
	}
}

func drawFiring(t *rapid.T) []truce.Incident {
	out := make([]truce.Incident, rapid.IntRange(1, 25).Draw(t, "n"))
	for i := range out {
		out[i] = firing(byte(i+1), rapid.Float64Range(0, 90).Draw(t, "minute"), rapid.Float64Range(0, 4000).Draw(t, "east"))
		if rapid.IntRange(0, 9).Draw(t, "placed") == 0 {
			out[i].Position = nil
		}
	}
	return out
}

func TestCountTogetherKeepsItsPromises(t *testing.T) {
	g := plainGeometry(t)
	rapid.Check(t, func(t *rapid.T) {
		rows := evaluated(g, drawFiring(t)...)
		want := g.CountTogether(rows)
		checkGroups(t, rows, want)

		shuffled := slices.Clone(rows)
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		again := make([]Counted, len(rows))
		for i, e := range g.CountTogether(shuffled) {
			at := slices.IndexFunc(rows, func(r Counted) bool { return r.Incident.ID == shuffled[i].Incident.ID })
			if asText(t, e) != asText(t, want[at]) {
				t.Fatalf("order changes the count:\n%s\n%s", asText(t, e), asText(t, want[at]))
			}
			again[at] = Counted{shuffled[i].Incident, e}
		}
		if asText(t, g.CountTogether(again)) != asText(t, want) {
			t.Fatal("counting what is counted changes it")
		}
	})
}

// checkGroups rebuilds the groups from the sentences and holds them to the unit.
func checkGroups(t *rapid.T, rows []Counted, got []truce.Evaluation) {
	groups := map[string][]*truce.Incident{}
	for i, e := range got {
		f := e.Findings[slices.IndexFunc(e.Findings, func(f truce.Finding) bool { return f.Rule == "R01" })]
		if f.Verdict != hit {
			continue
		}
		in, last := &rows[i].Incident, f.Trace[len(f.Trace)-1]
		var number string
		if _, err := fmt.Sscanf(last, "counted with incident %s", &number); f.Count == 0 && err == nil {
			number = strings.TrimSuffix(number, ":")
			groups[number] = append(groups[number], in)
			continue
		}
		if f.Count != 1 {
			t.Fatalf("%s counts %d: %q", in.Number, f.Count, last)
		}
		groups[in.Number] = append(groups[in.Number], in)
	}
	for number, members := range groups {
		slices.SortFunc(members, inTime)
		if members[0].Number != number {
			t.Fatalf("group %s begins with %s", number, members[0].Number)
		}
		for i, m := range members[1:] {
			if pause := m.Time.Mid().Sub(members[i].Time.Mid()); pause > EngagementGap {
				t.Fatalf("group %s: a pause of %s", number, pause)
			}
			if d := geo.Distance(members[0].Position.Point, m.Position.Point); d > EngagementRadius {
				t.Fatalf("group %s: %g m apart", number, d)
			}
		}
	}
}

func BenchmarkCountTogether(b *testing.B) {
	g := plainGeometry(b)
	e := g.Evaluate(Input{Incident: firing(1, 0, 0)})
	r := rand.New(rand.NewPCG(3, 3))
	rows := make([]Counted, 100_000)
	for i := range rows {
		in := firing(0, 500_000*r.Float64(), 10_000*r.Float64())
		in.ID = truce.ID{12: byte(i >> 16), 13: byte(i >> 8), 14: byte(i)}
		rows[i] = Counted{in, e}
	}
	b.ReportAllocs()
	for b.Loop() {
		g.CountTogether(rows)
	}
}
