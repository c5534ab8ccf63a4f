package geo

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// box is a rectangle of degrees.
func box(south, west, north, east Degrees) Ring {
	return Ring{{south, west}, {south, east}, {north, east}, {north, west}, {south, west}}
}

func TestDiffOfSquares(t *testing.T) {
	base := mustArea(t, Polygon{box(48, 38, 49, 39)})
	size := func(r Ring) float64 { return float64(r.SquareMetres()) }
	for _, row := range []struct {
		name         string
		from, to     *Area
		gained, lost []float64 // pieces, the largest first
	}{
		{"nothing", base, base, nil, nil},
		{"a strip gained", base, mustArea(t, Polygon{box(48, 38, 49, 39.1)}), []float64{size(box(48, 39, 49, 39.1))}, nil},
		{"a strip lost", mustArea(t, Polygon{box(48, 38, 49, 39.1)}), base, nil, []float64{size(box(48, 39, 49, 39.1))}},
		{"moved north", base, mustArea(t, Polygon{box(48.2, 38, 49.2, 39)}), []float64{size(box(49, 38, 49.2, 39))}, []float64{size(box(48, 38, 48.2, 39))}},
		{"a hole lost, a corner gained", base, mustArea(t, Polygon{box(48, 38, 49, 39), box(48.5, 38.5, 48.6, 38.6)}, Polygon{box(49, 39, 49.1, 39.2)}),
			[]float64{size(box(49, 39, 49.1, 39.2))}, []float64{size(box(48.5, 38.5, 48.6, 38.6))}},
		{"two pieces, the larger first", base, mustArea(t, Polygon{box(48, 38, 49, 39)}, Polygon{box(50, 38, 50.1, 38.1)}, Polygon{box(51, 38, 52, 39)}),
			[]float64{size(box(51, 38, 52, 39)), size(box(50, 38, 50.1, 38.1))}, nil},
		{"from nothing", mustArea(t), base, []float64{size(box(48, 38, 49, 39))}, nil},
		{"to nothing", base, mustArea(t), nil, []float64{size(box(48, 38, 49, 39))}},
	} {
		c, err := DiffAreas(row.from, row.to)
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		same := func(got []Piece, want []float64) bool {
			return slices.EqualFunc(got, want, func(p Piece, w float64) bool {
				return near(float64(p.SquareMetres), w, 1e-6*w+1) && p.SquareMetres == p.Polygon.SquareMetres()
			})
		}
		if !same(c.Gained, row.gained) || !same(c.Lost, row.lost) {
			t.Errorf("%s: gained %+v, lost %+v, want %v and %v", row.name, c.Gained, c.Lost, row.gained, row.lost)
		}
	}
}

func TestDiffAddsUpAndReverses(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		seeds := rapid.Uint64Range(0, 1000)
		shift := rapid.Float64Range(-.6, .6)
		a := starArea(t, rapid.IntRange(5, 60).Draw(r, "n"), Point{48, 38}, .5, seeds.Draw(r, "a"))
		b := starArea(t, rapid.IntRange(5, 60).Draw(r, "m"), Point{48 + Degrees(shift.Draw(r, "y")), 38 + Degrees(shift.Draw(r, "x"))}, .5, seeds.Draw(r, "b"))
		there, err := DiffAreas(a, b)
		if err != nil {
			r.Fatal(err)
		}
		back, err := DiffAreas(b, a)
		if err != nil {
			r.Fatal(err)
		}
		if !near(float64(there.GainedArea()), float64(back.LostArea()), 1e3) || !near(float64(there.LostArea()), float64(back.GainedArea()), 1e3) {
			r.Fatalf("there +%.0f -%.0f, back +%.0f -%.0f", there.GainedArea(), there.LostArea(), back.GainedArea(), back.LostArea())
		}
		for _, p := range there.Gained {
			inside := middleOf(p.Polygon[0])
			if mustArea(t, p.Polygon).Contains(inside) && (a.Contains(inside) || !b.Contains(inside)) {
				r.Fatalf("%v lies in a piece gained, but was held: %v, is held: %v", inside, a.Contains(inside), b.Contains(inside))
			}
		}
	})
}

// middleOf is the mean of a ring's vertices.
func middleOf(r Ring) Point {
	var sum Point
	for _, p := range r[1:] {
		sum.Lat += p.Lat / Degrees(len(r)-1)
		sum.Lon += p.Lon / Degrees(len(r)-1)
	}
	return sum
}

func TestDiffRefusesWhatItCannotBear(t *testing.T) {
	comb := func(along bool) *Area {
		r := Ring{{40, 30}}
		for i := range 2000 {
			x, y := Degrees(30+float64(i)*.005), Degrees(41)
			if i%2 == 1 {
				y = 49
			}
			r = append(r, Point{y, x})
		}
		r = append(r, Point{40, 40}, Point{40, 30})
		if !along {
			for i, p := range r {
				r[i] = Point{p.Lon + 10, p.Lat - 10}
			}
		}
		return mustArea(t, Polygon{r})
	}
	if _, err := DiffAreas(comb(true), comb(false)); err == nil || !strings.Contains(err.Error(), "simplify") {
		t.Errorf("two combs across each other: %v", err)
	}
}

func TestDiffOfNeighbouringDays(t *testing.T) {
	day := func(name string) *Area {
		return mustArea(t, load(t, "deepstate", "deepstatemap_data_"+name+".geojson").Features[0].Geom.Polygons...)
	}
	// README of the data: the area fell from 4 to 5 April, 116,439 to 116,432 km2 on a sphere.
	from, to := day("20260404"), day("20260405")
	c, err := DiffAreas(from, to)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Gained) != 0 || !near(float64(c.LostArea())/1e6, 7, .1) {
		t.Errorf("gained %.3f km2, lost %.3f km2, want 0 and 7.0", c.GainedArea()/1e6, c.LostArea()/1e6)
	}
	if got := float64(from.SquareMetres()) / 1e6; !near(got, 116_439, .006*116_439) {
		t.Errorf("4 April: %.0f km2", got)
	}
}

func TestDiffOfEveryRealMap(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t, "deepstate"), "*.geojson"))
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	slices.Sort(files)
	var before *Area
	for _, file := range files {
		a := mustArea(t, load(t, "deepstate", filepath.Base(file)).Features[0].Geom.Polygons...)
		if before != nil {
			c, err := DiffAreas(before, a)
			if err != nil {
				t.Errorf("%s: %v", filepath.Base(file), err)
			}
			miss := before.SquareMetres() + c.GainedArea() - c.LostArea() - a.SquareMetres()
			if math.Abs(float64(miss)) > 1e-4*float64(a.SquareMetres()) {
				t.Errorf("%s: does not add up by %.0f m2", filepath.Base(file), float64(miss))
			}
		}
		before = a
	}
}

func BenchmarkDiffAreas(b *testing.B) {
	var areas [2]*Area
	for i, day := range []string{"20260315", "20260401"} {
		areas[i] = mustArea(b, load(b, "deepstate", "deepstatemap_data_"+day+".geojson").Features[0].Geom.Polygons...)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := DiffAreas(areas[0], areas[1]); err != nil {
			b.Fatal(err)
		}
	}
}
