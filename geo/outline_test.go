package geo

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestOutlineFollowsTheBand(t *testing.T) {
	ring := mustLine(t, box(47.9, 37.9, 48.1, 38.1))
	for _, row := range []struct {
		name  string
		band  Band
		holes int
		parts int
	}{
		{"one side of a front", Band{mustLine(t, winding(300, 2)), Left, 0, 5000}, 0, 1},
		{"from 2 to 5 km of a straight line", Band{mustLine(t, []Point{{48, 38}, {48.4, 38.1}}), Right, 2000, 5000}, 0, 1},
		{"both sides", Band{mustLine(t, []Point{{48, 38}, {48.4, 38.1}}), On, 0, 3000}, 0, 1},
		{"around a ring, outside", Band{ring, Right, 1000, 4000}, 1, 1},
		{"around a ring, both sides", Band{ring, On, 1000, 3000}, 2, 2},
	} {
		polygons, err := row.band.Outline(200)
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		a, err := NewArea("outline", polygons)
		if err != nil {
			t.Errorf("%s: the outline is no area: %v", row.name, err)
			continue
		}
		holes := 0
		for _, p := range polygons {
			holes += len(p) - 1
		}
		if holes != row.holes || len(polygons) != row.parts {
			t.Errorf("%s: %d polygons with %d holes, want %d and %d", row.name, len(polygons), holes, row.parts, row.holes)
		}
		random := rand.New(rand.NewPCG(4, 4))
		bounds, wrong, inside := a.Bounds(), 0, 0
		const n = 4000
		for range n {
			p := Point{bounds.South + Degrees(random.Float64())*(bounds.North-bounds.South), bounds.West + Degrees(random.Float64())*(bounds.East-bounds.West)}
			in := row.band.Contains(p)
			if in {
				inside++
			}
			if in != a.Contains(p) {
				wrong++
			}
		}
		if wrong > n/50 || inside < n/20 {
			t.Errorf("%s: %d of %d points are drawn on the wrong side, %d are inside", row.name, wrong, n, inside)
		}
	}
}

func TestOutlineRefuses(t *testing.T) {
	l := mustLine(t, []Point{{48, 38}, {48.4, 38.1}})
	for _, row := range []struct {
		band Band
		n    int
	}{
		{Band{l, Left, 5, 5}, 100}, {Band{l, Left, 0, 5}, 1}, {Band{l, Left, 0, 5}, MaxOutlineCells + 1},
		{Band{l, Left, 0, Metres(math.Inf(1))}, 100}, {Band{l, Left, 0, 2e6}, 100},
	} {
		if polygons, err := row.band.Outline(row.n); err == nil {
			t.Errorf("%+v on %d cells: %v", row.band, row.n, polygons)
		}
	}
}

func TestOutlineOfABandTooNarrowToSee(t *testing.T) {
	polygons, err := Band{mustLine(t, []Point{{48, 38}, {48.4, 38.1}}), Right, 5, 6}.Outline(50)
	if err != nil || len(polygons) != 0 {
		t.Errorf("a metre on cells of a kilometre: %v, %v, want nothing", polygons, err)
	}
}
