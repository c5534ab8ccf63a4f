package geo

import (
	"maps"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestBandsByScan(t *testing.T) {
	lines := crooked(t)
	lines["a long front"] = mustLine(t, winding(1200, 2))
	names := slices.Sorted(maps.Keys(lines))
	scans := 0
	rapid.Check(t, func(t *rapid.T) {
		name, place := rapid.SampledFrom(names).Draw(t, "line"), Point{46.3, 34}
		if name == "a long front" {
			place = Point{46.89, 33.97}
		}
		l := lines[name]
		pos, accuracy := someBeside(t, place)
		from := rapid.SampledFrom([]float64{0, 500}).Draw(t, "from")
		r := strip{rapid.SampledFrom([]Side{On, Left, Right}).Draw(t, "side"), from, from + rapid.Float64Range(50, 6000).Draw(t, "width")}
		s, _ := spreadOf(pos, accuracy)
		foot := l.Nearest(pos.Point)
		d := float64(foot.Distance)
		if r.inRange(&s, foot) || d-s.reach > r.to || d+s.reach < r.from {
			return
		}
		got, ok := r.scanned(l.chains, &s, min(d+2*s.reach, r.to+s.reach), foot)
		if !ok {
			return
		}
		scans++
		band := Band{l, r.side, Metres(r.from), Metres(r.to)}
		if want := evenly(20_000, pos, accuracy, band.Contains); !near(got, want, .003) {
			t.Fatalf("%.5f in the band, of many places %.5f", got, want)
		}
	})
	if scans < 20 {
		t.Errorf("the plane was scanned %d times only", scans)
	}
}

// TestAScanCrossesTheEdges: a wide place in a gap of a line has the nearest of it straight ahead,
// and lines that way run beside the edges, which half of them meet at once or none.
func TestAScanCrossesTheEdges(t *testing.T) {
	l := crooked(t)["a gap and a reverse"]
	for width := Metres(1000); width < 6000; width += 97 {
		pos, band := at(Point{46.3 + .0009765625, 34 + 3.0517578125e-05}, 3827.6258, 3827.6258, 1), Band{l, On, 500, 500 + width}
		if got, want := band.Probability(pos, 0), evenly(20_000, pos, 0, band.Contains); !near(got, want, .003) {
			t.Errorf("%v m wide: %.5f in the band, of many places %.5f", width, got, want)
		}
	}
}

func TestBandsAgainstManyPlaces(t *testing.T) {
	l := mustLine(t, winding(1200, 2))
	for _, row := range []struct {
		pos      Position
		accuracy Metres
		band     Band
	}{
		{at(Point{46.89, 33.972}, 1500, 700, 30), 150, Band{l, Left, 0, 1000}},
		{at(Point{46.89, 33.975}, 4000, 60, 80), 0, Band{l, Right, 500, 3000}},
		{at(Point{46.89, 33.98}, 3000, 3000, 0), 200, Band{l, On, 1000, 2000}},
		{pixel(Point{46.905, 33.968}, 1600, 800, 10), 0, Band{l, Left, 0, 400}},
		{at(Point{46.9, 34.3}, 800, 500, 120), 200, Band{l, Right, 0, 25_000}},
	} {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			want := evenly(300_000, row.pos, row.accuracy, row.band.Contains)
			if got := row.band.Probability(row.pos, row.accuracy); !near(got, want, 6e-4) {
				t.Errorf("%.5f in the band, of many places %.5f", got, want)
			}
		})
	}
}

func TestSpansAreJoined(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var spans []span
		covered := map[int]bool{}
		for range rapid.IntRange(0, 12).Draw(t, "n") {
			lo := rapid.IntRange(0, 60).Draw(t, "lo")
			hi := lo + rapid.IntRange(0, 12).Draw(t, "length")
			spans = joined(spans, span{float64(lo) - .25, float64(hi) + .25})
			for i := lo; i <= hi; i++ {
				covered[i] = true
			}
		}
		for i := range 80 {
			in := slices.ContainsFunc(spans, func(s span) bool { return float64(i) >= s.lo && float64(i) <= s.hi })
			if in != covered[i] {
				t.Fatalf("%d is covered: %v, in %v", i, covered[i], spans)
			}
		}
		for i := 1; i < len(spans); i++ {
			if spans[i].lo <= spans[i-1].hi {
				t.Fatalf("%v are not apart", spans)
			}
		}
	})
}

func TestNearestKeepsWhatCounts(t *testing.T) {
	l := mustLine(t, winding(1200, 2))
	rapid.Check(t, func(t *rapid.T) {
		p := Point{46.89 + Degrees(rapid.Float64Range(-.1, .1).Draw(t, "lat")), 34.2 + Degrees(rapid.Float64Range(0, .2).Draw(t, "lon"))}
		s, _ := spreadOf(at(p, 500, 300, 0), 0)
		foot := l.Nearest(p)
		if float64(foot.Distance) < s.reach {
			return
		}
		_, all := l.chains.near(&s, float64(foot.Distance)+2*s.reach, nil)
		u, v := s.place(centred(foot.Point))
		some := s.nearest(slices.Clone(all), u, v)
		if len(some) > len(all) {
			t.Fatalf("%d edges of %d", len(some), len(all))
		}
		for i := range 24 {
			sin, cos := math.Sincos(float64(i) * math.Pi / 12)
			x, y := .999*s.reach*sin, .999*s.reach*cos
			if got, want := look(some, x, y).d, look(all, x, y).d; got != want {
				t.Fatalf("%v m from the nearest edge kept, %v m from the nearest", got, want)
			}
		}
	})
}
