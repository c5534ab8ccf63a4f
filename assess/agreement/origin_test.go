package agreement

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"pgregory.net/rapid"
)

func crossing(reach float64) Rule {
	return Rule{ID: "X", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{Crosses: &Crosses{Line: "L1", ReachM: reach}}}
}

// B lies east of the line, and so does the effect unless the row says otherwise.
func TestFireAcrossALine(t *testing.T) {
	g, bounded := ruled(t, nil, crossing(0)), ruled(t, nil, crossing(60_000))
	from := func(east, sigma float64) truce.Detail { return truce.Detail{Origin: spot(east, sigma)} }
	side := func(shares ...truce.SideShare) truce.Detail { return truce.Detail{OriginSide: shares} }
	rows := []struct {
		name   string
		g      *Geometry
		detail truce.Detail
		east   float64
		want   want
	}{
		{"from the other side", g, from(-8000, 300), 10_000, want{hit, "", 1, 1, []string{"effect on the side of A p 0.00, of B p 1.00", "so it came across with p 1.00", "it names nobody"}}},
		{"from the same side", g, from(8000, 300), 10_000, want{outside, truce.ReasonControl, 0, 0, nil}},
		{"from about the line", g, from(0, 3000), 10_000, want{indeterminate, truce.ReasonControl, 0.48, 0.52, nil}},
		{"effect about the line", g, from(-8000, 300), 0, want{indeterminate, truce.ReasonControl, 0.48, 0.52, nil}},
		{"the sources say so", g, side(truce.SideShare{Party: "A", P: 0.9}), 10_000, want{hit, "", 0.9, 0.9, []string{"side of the place of origin, by the sources: on the side of A p 0.90, not known 0.10"}}},
		{"they say the same side", g, side(truce.SideShare{Party: "B", P: 0.97}), 10_000, want{outside, truce.ReasonControl, 0, 0, nil}},
		{"they are not sure", g, side(truce.SideShare{Party: "A", P: 0.5}, truce.SideShare{Party: "B", P: 0.2}), 10_000, want{indeterminate, truce.ReasonControl, 0.5, 0.5, []string{"p from 0.50 to 0.80"}}},
		{"they name nobody of the agreement", g, side(truce.SideShare{Party: "M", P: 0.5}, truce.SideShare{Party: "Q", P: 0.5}), 10_000, want{indeterminate, truce.ReasonControl, 0, 0, []string{"origin not known"}}},
		{"not known, beyond reach", bounded, truce.Detail{}, 80_000, want{outside, truce.ReasonControl, 0, 0, nil}},
		{"located, beyond the usual reach", bounded, from(-8000, 300), 80_000, want{hit, "", 1, 1, nil}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			f := row.want.check(t, row.g, seen(fire, row.detail, move(spot(row.east, 100))), "X")
			for _, s := range f.OriginSide {
				if s.Party != "A" && s.Party != "B" {
					t.Errorf("the origin names %q", s.Party)
				}
			}
		})
	}
}

// Across a border or the sea nothing crosses the line, and the effect still lies in the
// other party's area.
func TestInTheOtherPartysArea(t *testing.T) {
	g := ruled(t, nil, Rule{ID: "X", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{OtherArea: true}})
	sea := geo.Position{Point: geo.Point{Lat: -48, Lon: -24}, Error: geo.Isotropic(100)}
	fromA := truce.Detail{OriginSide: []truce.SideShare{{Party: "A", P: 1}}}
	rows := []struct {
		name   string
		detail truce.Detail
		pos    *geo.Position
		want   want
	}{
		{"other area", fromA, spot(10_000, 100), want{hit, "", 1, 1, []string{"in the area of another party than that of the origin with p 1.00"}}},
		{"own area", fromA, spot(-10_000, 100), want{outside, truce.ReasonControl, 0, 0, nil}},
		{"at sea", fromA, &sea, want{indeterminate, truce.ReasonControl, 0, 0, nil}},
		{"origin at sea", truce.Detail{Origin: &sea}, spot(10_000, 100), want{indeterminate, truce.ReasonControl, 0, 0, nil}},
		{"origin not known", truce.Detail{}, spot(10_000, 100), want{indeterminate, truce.ReasonControl, 0, 0, []string{"origin not known"}}},
		{"half of each", truce.Detail{OriginSide: []truce.SideShare{{Party: "A", P: 0.5}, {Party: "B", P: 0.5}}}, spot(10_000, 100), want{indeterminate, truce.ReasonControl, 0.5, 0.5, nil}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.want.check(t, g, seen(fire, row.detail, move(row.pos)), "X") })
	}
	nowhere := ruled(t, func(a *Agreement) { a.ControlBy = "" }, Rule{ID: "X", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{OtherArea: true}})
	want{indeterminate, truce.ReasonControl, 0, 0, []string{"no map or line says"}}.check(t, nowhere, seen(fire, fromA), "X")
}

// Shares that say too much are brought to one, and twice the same party is once.
func TestSaidSidesAreHeld(t *testing.T) {
	g := plainGeometry(t)
	c := g.said([]truce.SideShare{{Party: "B", P: 0.9}, {Party: "A", P: 0.9}, {Party: "B", P: 0.1}})
	if want := []truce.SideShare{{Party: "A", P: 0.5}, {Party: "B", P: 0.5}}; !slices.Equal(c.shares, want) || c.unknown != 0 {
		t.Errorf("%v, unknown %g", c.shares, c.unknown)
	}
	if c := g.said(nil); c != nil {
		t.Errorf("nothing said makes %v", c)
	}
}

// Whatever is said of effect and origin, the span of a crossing lies in [0, 1] in order,
// and what is not known only widens it.
func TestCrossingsAreSpans(t *testing.T) {
	g := ruled(t, nil, crossing(0), Rule{ID: "Y", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{OtherArea: true}})
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Float64Range(0, 1).Draw(t, "a")
		b := rapid.Float64Range(0, 1-a).Draw(t, "b")
		less := rapid.Float64Range(0, 1).Draw(t, "less")
		pos := drawPosition(t)
		at := func(a, b float64) (out [2]factor) {
			in := seen(fire, truce.Detail{OriginSide: []truce.SideShare{{Party: "A", P: truce.Probability(a)}, {Party: "B", P: truce.Probability(b)}}}, move(pos))
			e := g.Evaluator()
			e.look.begin(&in)
			for i := range out {
				out[i] = g.plans[i].places[0].factor(&e.look, &g.plans[i])
			}
			return out
		}
		full, part := at(a, b), at(a*less, b*less)
		for i := range full {
			f, p := full[i], part[i]
			if !(0 <= f.lo && f.lo <= f.hi && f.hi <= 1) || p.lo > f.lo+3e-4 || p.hi < f.hi-3e-4 {
				t.Fatalf("place %d: %v, and %v with less known", i, f.span, p.span)
			}
		}
	})
}

// The probability of a crossing agrees with draws of both places from their errors; the
// line is straight and long, so the distance east of it is all that counts.
func TestCrossingAgainstMonteCarlo(t *testing.T) {
	g := ruled(t, nil, crossing(0))
	r := rand.New(rand.NewPCG(3, 5))
	for _, row := range [][4]float64{{500, 800, -700, 1200}, {-300, 600, 900, 400}, {2000, 1500, 0, 2500}} {
		in := seen(fire, truce.Detail{Origin: spot(row[2], row[3])}, move(spot(row[0], row[1])))
		f := findingOf(t, g.Evaluate(in), "X")
		const n = 100_000
		across, effect, origin := 0, math.Hypot(row[1], 100), math.Hypot(row[3], 100)
		for range n {
			if (row[0]+effect*r.NormFloat64() > 0) != (row[2]+origin*r.NormFloat64() > 0) {
				across++
			}
		}
		if drawn := float64(across) / n; math.Abs(float64(f.P)-drawn) > 0.005 {
			t.Errorf("%v: p %.4f, drawn %.4f", row, f.P, drawn)
		}
	}
}
