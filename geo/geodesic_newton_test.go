package geo

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// From however poor a start, the search must bracket and bisect its way to the same line.
func TestSearchFromAnyStart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawPoint(t, "a"), drawPoint(t, "b")
		if rapid.Bool().Draw(t, "nearly opposite") {
			b = Point{-a.Lat + b.Lat/90, a.Lon + 180 + b.Lon/180}
			b.Lat = max(-90, min(90, b.Lat))
		}
		p, _ := canonical(a, b)
		if _, ok := p.alongMeridian(); ok {
			return
		}
		if _, ok := p.alongEquator(); ok {
			return
		}
		want := p.search(p.guess())
		start := angleOf(rapid.Float64Range(1e-9, 180-1e-9).Draw(t, "start"), 0)
		got := p.search(start)
		if math.Abs(got.length-want.length) > 2e-8 {
			t.Errorf("%#v to %#v from %v: length %.9f, from the guess %.9f", a, b, start.degrees(), got.length, want.length)
		}
	})
}

// The search must end even where the slope says nothing.
func TestSearchEndsOnNaN(t *testing.T) {
	p, _ := canonical(Point{10, 0}, Point{20, 30})
	nan := angle{math.NaN(), math.NaN()}
	if got := p.search(nan); !math.IsNaN(got.length) {
		t.Errorf("length %v", got.length)
	}
}

// The slope that Newton's method uses is the rate at which the longitude missed changes.
func TestSlopeIsTheDerivative(t *testing.T) {
	for _, pair := range [][2]Point{
		{{-30, 0}, {20, 70}}, {{-30, 0}, {29.9, 179.8}}, {{-60, 0}, {-59, 3}}, {{-1e-3, 0}, {0, 120}}, {{-45, 0}, {45, 160}},
	} {
		p, _ := canonical(pair[0], pair[1])
		for azimuth := 5.0; azimuth < 180; azimuth += 16 {
			const h = 1e-6
			var before, at, after trial
			alpha := angleOf(azimuth, 0)
			p.try(&before, alpha.turned(-h))
			p.try(&at, alpha)
			p.try(&after, alpha.turned(h))
			want := (after.miss - before.miss) / (2 * h)
			if math.Abs(at.slope-want) > 1e-5*max(1, want) {
				t.Errorf("%v, azimuth %v: slope %v, differences give %v", pair, azimuth, at.slope, want)
			}
		}
	}
}

func TestAstroidSolvesItsQuartic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-3, 0).Draw(t, "x")
		y := -math.Pow(10, rapid.Float64Range(-6, 0.5).Draw(t, "log y"))
		mu := astroid(x, y)
		terms := [5]float64{mu * mu * mu * mu, 2 * mu * mu * mu, (1 - x*x - y*y) * mu * mu, -2 * y * y * mu, -y * y}
		var total, size float64
		for _, term := range terms {
			total += term
			size += math.Abs(term)
		}
		if !(mu > 0) || math.Abs(total) > 1e-11*size {
			t.Errorf("mu = %v leaves %v of %v", mu, total, size)
		}
	})
}
