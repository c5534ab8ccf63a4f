package num_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/trucewatch/truce/internal/num"
	"pgregory.net/rapid"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: got %v, want %v within %v", what, got, want, tolerance)
	}
}

func TestChancesAgainstTables(t *testing.T) {
	near(t, "normal cdf at 1.959964", num.NormalCDF(1.959963984540054), 0.975, 1e-12)
	near(t, "normal cdf far left", num.NormalCDF(-8)*1e16, 6.22096057427, 1e-8)
	near(t, "chi-square 2 quantile .95", num.Chi2Quantile2(0.95), 5.991464547107979, 1e-12)
	near(t, "chi-square 2 cdf", num.Chi2CDF2(5.991464547107979), 0.95, 1e-12)
	near(t, "chi-square 2 cdf below zero", num.Chi2CDF2(-1), 0, 0)
	near(t, "at least one of a small mean", num.AtLeastOne(1e-9)*1e9, 1, 1e-8)
	near(t, "probability of infinite odds", num.FromOdds(math.Inf(1)), 1, 0)
	near(t, "there and back", num.FromOdds(num.Odds(0.3)), 0.3, 1e-15)
	near(t, "quantised", num.Quantise(0.123456789, 1e-3), 0.123, 0)
	near(t, "quantised to a tenth", num.Quantise(0.31, 0.1), 0.3, 0)
	near(t, "quantised to tens", num.Quantise(1234, 10), 1230, 0)
	near(t, "quantised to three tenths", num.Quantise(0.7, 0.3), 0.6, 1e-15)
	if got := num.Quantise(-1e-9, 1e-3); math.Signbit(got) {
		t.Errorf("Quantise gave -0")
	}
}

func TestDensityIntegratesToOne(t *testing.T) {
	c := num.Cov{XX: 4, XY: 1.5, YY: 2}
	sum, step := 0.0, 0.1
	for x := -15.0; x < 15; x += step {
		for y := -12.0; y < 12; y += step {
			sum += c.Density(x, y) * step * step
		}
	}
	near(t, "integral of the density", sum, 1, 1e-6)
	near(t, "Mahalanobis along x", num.Cov{XX: 4, YY: 9}.Mahalanobis2(2, 3), 2, 1e-12)
}

// density is the density of a span at x, for the slow integral.
func density(s num.Span, x float64) float64 {
	if s.To > s.From {
		return (num.NormalCDF((x-s.From)/s.Sigma) - num.NormalCDF((x-s.To)/s.Sigma)) / (s.To - s.From)
	}
	return num.NormalPDF((x-s.From)/s.Sigma) / s.Sigma
}

func TestOverlapEqualsTheSlowIntegral(t *testing.T) {
	spans := []num.Span{
		{0, 24, 1}, {12, 12, 0.5}, {23, 25, 0.3}, {0, 1e-5, 2}, {-5, 40, 6}, {30, 31, 4},
	}
	for _, a := range spans {
		for _, b := range spans {
			sum, step := 0.0, 0.005
			for x := -40.0; x < 80; x += step {
				sum += density(a, x) * density(b, x) * step
			}
			near(t, fmt.Sprint(a, b), num.Overlap(a, b), sum, 1e-6)
		}
	}
}

func TestOverlapWithoutBlur(t *testing.T) {
	for _, row := range []struct {
		name string
		a, b num.Span
		want float64
	}{
		{"a day with itself", num.Span{From: 0, To: 24}, num.Span{From: 0, To: 24}, 1.0 / 24},
		{"half a day shared", num.Span{From: 0, To: 24}, num.Span{From: 12, To: 36}, 0.5 / 24},
		{"days that touch", num.Span{From: 0, To: 24}, num.Span{From: 24, To: 48}, 0},
		{"a moment in a day", num.Span{From: 3, To: 3}, num.Span{From: 0, To: 24}, 1.0 / 24},
		{"a moment after the day", num.Span{From: 25, To: 25}, num.Span{From: 0, To: 24}, 0},
	} {
		near(t, row.name, num.Overlap(row.a, row.b), row.want, 1e-15)
		near(t, row.name+", turned", num.Overlap(row.b, row.a), row.want, 1e-15)
	}
}

func TestSetsDoNotDependOnTheOrderOfJoins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "n")
		pair := rapid.Custom(func(t *rapid.T) [2]int {
			return [2]int{rapid.IntRange(0, n-1).Draw(t, "a"), rapid.IntRange(0, n-1).Draw(t, "b")}
		})
		joins := rapid.SliceOf(pair).Draw(t, "joins")
		build := func(joins [][2]int) [][]int {
			s := num.NewSets(n)
			for _, j := range joins {
				if again := s.Union(j[0], j[1]); again && s.Union(j[0], j[1]) {
					t.Fatalf("joined %v twice", j)
				}
			}
			return s.Groups()
		}
		shuffled := rapid.Permutation(joins).Draw(t, "shuffled")
		a, b := build(joins), build(shuffled)
		if fmt.Sprint(a) != fmt.Sprint(b) {
			t.Fatalf("groups %v in one order, %v in another", a, b)
		}
	})
}

// arc is a great-circle distance on a sphere larger than the earth, so that it is never
// too short for the grid's promise.
func arc(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	s1, s2 := math.Sin((lat2-lat1)*rad/2), math.Sin((lon2-lon1)*rad/2)
	h := s1*s1 + math.Cos(lat1*rad)*math.Cos(lat2*rad)*s2*s2
	return 2 * 6_400_000 * math.Asin(math.Sqrt(min(h, 1)))
}

func TestGridMissesNothingWithinReach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Around the poles and the date line as well as in the middle of the map.
		baseLat := rapid.SampledFrom([]float64{0, 48.5, 89.999, -89.999}).Draw(t, "base lat")
		baseLon := rapid.SampledFrom([]float64{36, 180, -180}).Draw(t, "base lon")
		n := rapid.IntRange(1, 40).Draw(t, "n")
		lat, lon := make([]float64, n), make([]float64, n)
		for i := range n {
			lat[i] = min(max(baseLat+rapid.Float64Range(-0.1, 0.1).Draw(t, "dlat"), -90), 90)
			lon[i] = baseLon + rapid.Float64Range(-0.1, 0.1).Draw(t, "dlon")
			if lon[i] > 180 {
				lon[i] -= 360
			} else if lon[i] < -180 {
				lon[i] += 360
			}
		}
		cell := rapid.Float64Range(500, 20_000).Draw(t, "cell")
		reach := rapid.Float64Range(0, 2).Draw(t, "reach in cells") * cell
		grid := num.NewGrid(cell, lat, lon)
		found := map[int32]int{}
		for _, ids := range grid.Near(lat[0], lon[0], reach, nil) {
			if !slices.IsSorted(ids) {
				t.Fatalf("cell %v is not ascending", ids)
			}
			for _, i := range ids {
				found[i]++
			}
		}
		for i := range n {
			if found[int32(i)] > 1 {
				t.Fatalf("point %d found %d times", i, found[int32(i)])
			}
			if d := arc(lat[0], lon[0], lat[i], lon[i]); d <= reach && found[int32(i)] == 0 {
				t.Fatalf("point %d at %.0f m not found within %.0f m (cell %.0f)", i, d, reach, cell)
			}
		}
	})
}

func TestGridOfVerySmallCells(t *testing.T) {
	// Cells of a metre over ten degrees: too many rows to keep ready.
	grid := num.NewGrid(1, []float64{40, 45, 50}, []float64{10, 20, 30})
	found := grid.Near(45, 20, 2, nil)
	if len(found) != 1 || len(found[0]) != 1 || found[0][0] != 1 {
		t.Errorf("found %v, want the second point", found)
	}
	if empty := num.NewGrid(100, nil, nil).Near(45, 20, 300, nil); len(empty) != 0 {
		t.Errorf("found %v in an empty grid", empty)
	}
}

func TestOverlapIsSymmetricAndDoesNotMove(t *testing.T) {
	span := rapid.Custom(func(t *rapid.T) num.Span {
		from := rapid.Float64Range(-50, 50).Draw(t, "from")
		return num.Span{From: from, To: from + rapid.Float64Range(0, 48).Draw(t, "length"), Sigma: rapid.Float64Range(0.01, 10).Draw(t, "sigma")}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := span.Draw(t, "a"), span.Draw(t, "b")
		got, turned := num.Overlap(a, b), num.Overlap(b, a)
		by := rapid.Float64Range(-1000, 1000).Draw(t, "by")
		moved := num.Overlap(num.Span{From: a.From + by, To: a.To + by, Sigma: a.Sigma}, num.Span{From: b.From + by, To: b.To + by, Sigma: b.Sigma})
		if math.Abs(got-turned) > 1e-9 || math.Abs(got-moved) > 1e-6 {
			t.Fatalf("overlap %v, turned %v, moved %v", got, turned, moved)
		}
		if got < 0 || got > 1/math.Hypot(a.Sigma, b.Sigma) {
			t.Fatalf("overlap %v is no density of spans this wide", got)
		}
	})
}

func ExampleGrid() {
	lat, lon := []float64{48.50, 48.51, 49.50}, []float64{36.5, 36.5, 36.5}
	grid := num.NewGrid(5000, lat, lon)
	var near []int32
	for _, cell := range grid.Near(48.5, 36.5, 2000, nil) {
		near = append(near, cell...)
	}
	fmt.Println(near)
	// Output: [0 1]
}

func ExampleOverlap() {
	day := num.Span{From: 0, To: 24}
	pass := num.Span{From: 11, To: 11, Sigma: 0.1}
	night := num.Span{From: 30, To: 30, Sigma: 0.1}
	fmt.Printf("%.4f %.4f per hour\n", num.Overlap(day, pass), num.Overlap(day, night))
	// Output: 0.0417 0.0000 per hour
}
