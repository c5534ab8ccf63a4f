package geo

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// sane checks the whole tree: every edge, wherever it strays, lies in its block, every
// block in the one above, and "whole" means one unbroken run of a chain.
func (x *chains) sane(t interface{ Fatalf(string, ...any) }) {
	for level := range x.levels {
		for i := range x.levels[level] {
			b := &x.levels[level][i]
			first, last := x.run(level, i)
			whole := true
			for e := first; e < last; e++ {
				for k := range 11 {
					p := x.along(e, float64(k)/10)
					v := centred(p)
					if !b.box.Contains(p) || b.distance2(v) > 1e-6 {
						t.Fatalf("level %d, block %d: edge %d leaves it at %v, by %.4f m", level, i, e, p, math.Sqrt(b.distance2(v)))
					}
				}
				whole = whole && x.chain(e) == x.chain(first)
			}
			if b.whole != whole {
				t.Fatalf("level %d, block %d says whole %v, is %v", level, i, b.whole, whole)
			}
		}
	}
	if top := x.levels[len(x.levels)-1]; len(top) > 1 {
		t.Fatalf("%d blocks at the top", len(top))
	}
	for e := range x.from {
		whole := x.pieceOf(e)
		for k := range 11 {
			d2, _ := whole.chord(centred(x.along(e, float64(k)/10)))
			if math.Sqrt(d2) > whole.bow+1e-6 {
				t.Fatalf("edge %d strays %.4f m, its bound is %.4f", e, math.Sqrt(d2), whole.bow)
			}
		}
	}
}

// someChains draws lines of any size, anywhere.
func someChains(t *rapid.T) *chains {
	var parts [][]Point
	step := rapid.SampledFrom([]float64{.001, .1, 5, 80}).Draw(t, "step")
	offset := rapid.Float64Range(-step, step)
	for range rapid.IntRange(1, 6).Draw(t, "parts") {
		part := []Point{onGrid(somewhere(t, "start"))}
		for range rapid.IntRange(1, 30).Draw(t, "edges") {
			last := part[len(part)-1]
			next := onGrid(Point{last.Lat + Degrees(offset.Draw(t, "y")), last.Lon + Degrees(offset.Draw(t, "x"))})
			if next.Valid() && next != last {
				part = append(part, next)
			}
		}
		if len(part) > 1 {
			parts = append(parts, part)
		}
	}
	return newChains(parts)
}

func TestChainsAreSane(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { someChains(t).sane(t) })
	mustLine(t, winding(1000, 3)).chains.sane(t)
	starArea(t, 800, Point{48, 38}, 1, 3).chains.sane(t)
}

func TestClearMeansNoEdgeIsNear(t *testing.T) {
	said := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		x := someChains(t)
		if len(x.from) == 0 {
			return
		}
		p := somewhere(t, "p")
		d := float64(x.foot(p).Distance)
		radius := d * rapid.Float64Range(0, 1.5).Draw(t, "share")
		clear := x.clear(centred(p), radius)
		said[clear]++
		if clear && radius > d {
			t.Fatalf("said to be clear within %.3f m, but the nearest edge is %.3f m away", radius, d)
		}
	})
	if said[true] == 0 || said[false] == 0 {
		t.Errorf("%v: the test says nothing", said)
	}
}

func TestLadderKeepsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := ladder{compare: func(i, j int32) int { return int(i - j) }}
		var model []int32
		beside := func(i int) (under, over int32) {
			under, over = -1, -1
			if i > 0 {
				under = model[i-1]
			}
			if i < len(model) {
				over = model[i]
			}
			return under, over
		}
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		for range rapid.IntRange(1, 3000).Draw(t, "steps") {
			e := int32(random.IntN(2000))
			i, there := slices.BinarySearch(model, e)
			var under, over, wantUnder, wantOver int32
			if there {
				model = slices.Delete(model, i, i+1)
				wantUnder, wantOver = beside(i)
				under, over = l.remove(e)
			} else {
				wantUnder, wantOver = beside(i)
				model = slices.Insert(model, i, e)
				under, over = l.insert(e)
			}
			if under != wantUnder || over != wantOver {
				t.Fatalf("%d lies between %d and %d, want %d and %d", e, under, over, wantUnder, wantOver)
			}
		}
		if got := slices.Concat(l.runs...); !slices.Equal(got, model) {
			t.Fatalf("the ladder holds %v, want %v", got, model)
		}
		if under, over := l.remove(5000); under != -1 || over != -1 {
			t.Fatalf("what was never in it lay between %d and %d", under, over)
		}
	})
}

func TestManyMayAskAtOnce(t *testing.T) {
	area := starArea(t, 500, Point{48, 38}, 1, 5)
	band := Band{mustLine(t, winding(500, 5)), Left, 0, 5000}
	ask := func(i int) [3]float64 {
		random := rand.New(rand.NewPCG(uint64(i), 0))
		pos := at(Point{46.5 + Degrees(2*random.Float64()), 33.8 + Degrees(5*random.Float64())}, 900, 200, 30)
		return [3]float64{area.Probability(pos, 50), band.Probability(pos, 50), float64(band.Line.DistanceTo(pos.Point))}
	}
	const n = 400
	var alone, together [n][3]float64
	for i := range n {
		alone[i] = ask(i)
	}
	var wait sync.WaitGroup
	for start := range 4 {
		wait.Go(func() {
			for i := start; i < n; i += 4 {
				together[i] = ask(i)
			}
		})
	}
	wait.Wait()
	if alone != together {
		t.Error("asked at the same time, the answers differ in their last bits or more")
	}
}

func TestNearestOfNowhere(t *testing.T) {
	f := mustLine(t, winding(50, 1)).Nearest(Point{Degrees(math.NaN()), 0})
	if !math.IsNaN(float64(f.Distance)) {
		t.Errorf("nowhere lies %v m from the line", f.Distance)
	}
	a := mustArea(t, Polygon{box(0, 0, 1, 1)})
	if a.Contains(Point{Degrees(math.NaN()), .5}) || a.Contains(Point{.5, Degrees(math.NaN())}) {
		t.Error("nowhere is inside")
	}
}
