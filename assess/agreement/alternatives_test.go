package agreement

import (
	"math"
	"slices"
	"testing"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"pgregory.net/rapid"
)

// withSecondLine adds L2, a line drawn as a feature of the test agreement has it.
func withSecondLine(feature string, left, right truce.PartyID) func(*Agreement) {
	return func(a *Agreement) {
		a.Lines = slices.Clone(a.Lines)
		moved := a.Lines[0]
		moved.ID, moved.Left, moved.Right = "L2", left, right
		moved.Versions = []LineVersion{{Version: "old", Source: Ref{File: "lines/contact.geojson", Feature: feature}, AccuracyM: 100}}
		a.Lines = append(a.Lines, moved)
	}
}

func ownSides(a, b truce.LineID) Rule {
	return Rule{ID: "M", Kind: KindLimit, Acts: []truce.Act{inside}, Families: 1, PMin: 0.9, Unit: truce.UnitObjectDay,
		Limit: &Limit{Object: "vehicles", Lines: []PartyLine{{"A", a}, {"B", b}}, OwnSide: true, ToM: 5000}}
}

// Next to the line a place is surely in one of the two parties' bands, whoever's it is.
func TestBandsOfBothPartiesAddUp(t *testing.T) {
	one := ruled(t, nil, ownSides("L1", "L1"))
	copied := ruled(t, withSecondLine("L1", "A", "B"), ownSides("L1", "L2"))
	reversed := ruled(t, withSecondLine("L1", "B", "A"), ownSides("L1", "L2"))
	gap := ruled(t, withSecondLine("L1-moved", "A", "B"), ownSides("L1", "L2"))
	crossed := ruled(t, withSecondLine("L1-moved", "A", "B"), ownSides("L2", "L1"))
	near := func(east, sigma float64) Input { return seen(inside, truce.Detail{}, move(spot(east, sigma))) }
	both := []string{"on the side of A", "; or ", "on the side of B", "they exclude one another: together p 1.00"}
	for _, row := range []struct {
		name string
		g    *Geometry
		in   Input
		want want
	}{
		{"on one line", one, near(0, 300), want{hit, "", 1, 1, both}},
		{"a little beside it", one, near(150, 300), want{hit, "", 1, 1, nil}},
		{"far from it", one, near(3000, 50), want{hit, "", 1, 1, nil}},
		{"at the outer edge", one, near(5000, 200), want{indeterminate, truce.ReasonLocation, 0.48, 0.52, nil}},
		{"beyond", one, near(7000, 200), want{outside, truce.ReasonLocation, 0, 0, nil}},
		{"two drawings of one line", copied, near(0, 300), want{hit, "", 1, 1, both}},
		{"a line whose sides are named the other way round", reversed, near(0, 300), want{indeterminate, truce.ReasonLocation, 0.49, 0.51, nil}},
		{"between two lines, far from neither", gap, near(3700, 5000), want{indeterminate, truce.ReasonLocation, 0.46, 0.50, []string{"they exclude one another"}}},
		{"where the parties' sides overlap nothing is added", crossed, near(3700, 5000), want{indeterminate, truce.ReasonLocation, 0.36, 0.40, []string{"at most 0.7"}}},
	} {
		t.Run(row.name, func(t *testing.T) { row.want.check(t, row.g, row.in, "M") })
	}
}

// The bands of both parties together are the band on both sides, class by class.
func TestBandsByClassOfBothPartiesAddUp(t *testing.T) {
	own, whole := bandsRule(), bandsRule()
	own.Limit = &Limit{Lines: []PartyLine{{"A", "L1"}, {"B", "L1"}}, OwnSide: true, Bands: whole.Limit.Bands}
	own.ID = "OWN"
	g := ruled(t, nil, own, whole)
	rapid.Check(t, func(t *rapid.T) {
		p := truce.Probability(rapid.Float64Range(0, 1).Draw(t, "p"))
		list := []truce.Weapon{weapon("mlrs", "", 0, p), weapon("tube_artillery", "", 0, 1-p)}
		pos := spot(rapid.Float64Range(-45_000, 45_000).Draw(t, "east"), rapid.SampledFrom([]float64{30, 500, 4000}).Draw(t, "sigma"))
		e := g.Evaluate(seen(inside, truce.Detail{Weapons: list}, move(pos)))
		a, b := e.Findings[0], e.Findings[1]
		if d := float64(a.P - b.P); d > 0.006 || d < -0.006 || a.P > 1 {
			t.Fatalf("own sides %.4f (%s), both sides %.4f (%s)\n%v\n%v", a.P, a.Verdict, b.P, b.Verdict, a.Trace, b.Trace)
		}
	})
}

// A place inside another is no second chance to be in either.
func TestNestedPlacesDoNotAddUp(t *testing.T) {
	within := func(list ...float64) Rule {
		r := Rule{ID: "N", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1}
		for _, m := range list {
			r.Where.Within = append(r.Where.Within, Within{"L1", m})
		}
		return r
	}
	zone := within(4000)
	zone.Where.Zones = []truce.ZoneID{"Z-BUFFER"} // 5 km on both sides of L1
	larger := within(10_000)
	larger.Where.Zones = []truce.ZoneID{"Z-BUFFER"}
	low := func(a *Agreement) {
		a.Zones = slices.Clone(a.Zones)
		for i := range a.Zones {
			a.Zones[i].AltitudeM = &Range{500, 1500}
		}
	}
	at := func(east, sigma float64) Input { return seen(fire, truce.Detail{}, move(spot(east, sigma))) }
	for _, row := range []struct {
		name   string
		change func(*Agreement)
		rule   Rule
		in     Input
		want   want
	}{
		{"clearly outside the larger", nil, within(9500, 10_000), at(11_850, 1000), want{outside, truce.ReasonLocation, 0.03, 0.036, nil}},
		{"in any order", nil, within(10_000, 9500), at(11_850, 1000), want{outside, truce.ReasonLocation, 0.03, 0.036, nil}},
		{"the same twice", nil, within(10_000, 10_000), at(11_850, 1000), want{outside, truce.ReasonLocation, 0.03, 0.036, nil}},
		{"three", nil, within(9000, 10_000, 9500), at(11_850, 1000), want{outside, truce.ReasonLocation, 0.03, 0.036, nil}},
		{"inside the smaller", nil, within(5000, 10_000), at(3000, 100), want{hit, "", 1, 1, nil}},
		{"a distance inside a zone of the same line", nil, zone, at(6850, 1000), want{outside, truce.ReasonLocation, 0.03, 0.036, nil}},
		{"a zone inside a distance", nil, larger, at(11_850, 1000), want{outside, truce.ReasonLocation, 0.03, 0.036, nil}},
		{"a distance is not inside a zone of some heights", low, zone, at(4000, 1000), want{indeterminate, truce.ReasonLocation, 0.48, 0.52, nil}},
		{"a zone of some heights is inside a distance", low, larger, at(11_850, 1000), want{outside, truce.ReasonLocation, 0.03, 0.036, nil}},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.want.check(t, ruled(t, row.change, row.rule), row.in, "N")
		})
	}
}

// Of any strips along two lines, the least that is said of them together is never more
// than what a grid of points finds, and the most never less.
func TestAnyOfHoldsTheUnion(t *testing.T) {
	g := ruled(t, withSecondLine("L1-moved", "A", "B"), ownSides("L1", "L2"))
	rapid.Check(t, func(t *rapid.T) {
		var r Rule
		for range rapid.IntRange(1, 3).Draw(t, "distances") {
			r.Where.Within = append(r.Where.Within, Within{rapid.SampledFrom([]truce.LineID{"L1", "L2"}).Draw(t, "line"), rapid.Float64Range(500, 9000).Draw(t, "m")})
		}
		limit := &Limit{OwnSide: rapid.Bool().Draw(t, "own"), ToM: rapid.Float64Range(500, 9000).Draw(t, "to"), FromM: rapid.SampledFrom([]float64{0, 400}).Draw(t, "from")}
		for _, party := range []truce.PartyID{"A", "B"} {
			limit.Lines = append(limit.Lines, PartyLine{party, rapid.SampledFrom([]truce.LineID{"L1", "L2"}).Draw(t, "of "+string(party))})
		}
		if r.Limit = limit; rapid.Bool().Draw(t, "limit only") {
			r.Where = Where{}
		}
		p := plan{Rule: r, places: g.places(&r)}
		l := &g.Evaluator().look
		sigma := rapid.SampledFrom([]float64{200, 1500, 4000}).Draw(t, "sigma")
		in := seen(fire, truce.Detail{}, move(spot(rapid.Float64Range(-12_000, 15_000).Draw(t, "east"), sigma)))
		l.quiet = true
		l.begin(&in)
		got := l.placeFactor(&p).span
		if truth := l.gridShare(&p); got.lo > truth+0.02 || got.hi < truth-0.02 || got.hi > 1 || got.lo > got.hi {
			t.Fatalf("%s, and a grid finds %.4f", got, truth)
		}
	})
}

// gridShare is the share of the incident's error, and that of the lines, from which some
// place of a rule is met, point by point across the lines, which run straight to the north.
func (l *look) gridShare(p *plan) float64 {
	pos := *l.incident.Position
	sigma := geo.Metres(pos.Error.Ellipse().Major)
	wide := math.Hypot(float64(sigma), 100)
	frame := geo.NewFrame(pos.Point)
	total := 0.0
	const n = 400
	for i := range n {
		from, to := -4+8*float64(i)/n, -4+8*float64(i+1)/n
		at := frame.From(geo.Metres((from+to)/2*wide), 0)
		if slices.ContainsFunc(p.places, func(x place) bool { return holdsPoint(l, x, p, at) }) {
			total += normal(to) - normal(from)
		}
	}
	return total
}

func holdsPoint(l *look, x place, p *plan, at geo.Point) bool {
	if front, some := x.(frontPlace); some {
		faces, _ := front.faces(l)
		off, near := true, false
		for _, f := range faces {
			off = off && f.line.SideOf(at) != f.side
			near = near || geo.Band{Line: f.line.Line, Side: geo.On, To: geo.Metres(front.a.to)}.Contains(at)
		}
		return off && near
	}
	s, _ := x.(lengthwise).strip(l, p)
	return geo.Band{Line: s.line.Line, Side: s.side, From: geo.Metres(s.from), To: geo.Metres(s.outer)}.Contains(at)
}
