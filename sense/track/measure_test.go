package track

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// anyState is a state some kilometres from the sensor, with a covariance that is one.
func anyState(chance *rand.Rand) gauss {
	g := gauss{x: 3000 * chance.NormFloat64(), y: 3000 * chance.NormFloat64(), u: 30 * chance.NormFloat64(), w: 30 * chance.NormFloat64()}
	g.xx, g.yy, g.uu, g.ww = 400+900*chance.Float64(), 400+900*chance.Float64(), 4+20*chance.Float64(), 4+20*chance.Float64()
	g.xy, g.xu, g.yw = 100*chance.NormFloat64(), 10*chance.NormFloat64(), 10*chance.NormFloat64()
	return g
}

// moved is a state with one of its four numbers changed.
func (g gauss) moved(axis int, by float64) gauss {
	*[]*float64{&g.x, &g.y, &g.u, &g.w}[axis] += by
	return g
}

// TestGradients against differences: of bearings of light and of sound, and of Doppler, of a
// plot that was measured before its scan.
func TestGradients(t *testing.T) {
	chance := rand.New(rand.NewPCG(21, 22))
	steps := [4]float64{.01, .01, .001, .001}
	for range 200 {
		g := anyState(chance)
		for _, sound := range []bool{false, true} {
			m := mark{ago: .7, more: &extra{sx: 200, sy: -9000, sound: sound}}
			p := g.point(&m)
			for axis, want := range [4]float64{p.hx, p.hy, p.hu, p.hw} {
				one, two := g.moved(axis, steps[axis]), g.moved(axis, -steps[axis])
				got := (one.point(&m).angle - two.point(&m).angle) / (2 * steps[axis])
				near0(t, "gradient of a bearing", got, want, 1e-8)
			}
			_, hx, hy, hu, hw := g.radial(&m)
			for axis, want := range [4]float64{hx, hy, hu, hw} {
				one, two := g.moved(axis, steps[axis]), g.moved(axis, -steps[axis])
				a, _, _, _, _ := one.radial(&m)
				b, _, _, _, _ := two.radial(&m)
				near0(t, "gradient of a Doppler", (a-b)/(2*steps[axis]), want, 1e-6)
			}
		}
	}
}

// TestSecondDerivatives of a bearing over the place, against differences of the gradient.
func TestSecondDerivatives(t *testing.T) {
	chance := rand.New(rand.NewPCG(23, 24))
	for range 100 {
		g := anyState(chance)
		m := mark{more: &extra{sx: 20_000}}
		p := g.point(&m)
		one, two := g.moved(0, .1), g.moved(0, -.1)
		near0(t, "xx", (one.point(&m).hx-two.point(&m).hx)/.2, p.secondX, 1e-12)
		near0(t, "xy", (one.point(&m).hy-two.point(&m).hy)/.2, p.secondXY, 1e-12)
		one, two = g.moved(1, .1), g.moved(1, -.1)
		near0(t, "yy", (one.point(&m).hy-two.point(&m).hy)/.2, p.secondY, 1e-12)
	}
}

// TestSoundIsLate: the time is that of a sound that left where the object was then.
func TestSoundIsLate(t *testing.T) {
	chance := rand.New(rand.NewPCG(25, 26))
	for range 200 {
		x, y, u, w := 4000*chance.NormFloat64(), 4000*chance.NormFloat64(), 60*chance.NormFloat64(), 60*chance.NormFloat64()
		lag := lateness(x, y, u, w)
		near0(t, "way of the sound", soundMps*lag, math.Hypot(x-lag*u, y-lag*w), 1e-6)
	}
	if lag := lateness(1000, 0, 500, 0); !(lag > 0 && lag < 60) {
		t.Errorf("faster than sound: %g s", lag)
	}
}

// TestConvertedPlotsAreConsistent: places made of drawn ranges and bearings have no bias, and
// squared errors over their covariance with the mean of two dimensions, up to errors of 20
// degrees.
func TestConvertedPlotsAreConsistent(t *testing.T) {
	chance := rand.New(rand.NewPCG(27, 28))
	const n = 20_000
	for _, degrees := range []float64{.3, 3, 10, 20} {
		sigma, away, azimuth := degrees*math.Pi/180, 6000.0, .7
		var dx, dy, nees float64
		for range n {
			e := extra{azimuth: azimuth + sigma*chance.NormFloat64(), aa: sigma * sigma, away: away + 40*chance.NormFloat64(), rr: 1600}
			var m mark
			e.converted(&m)
			x, y := m.x-away*math.Sin(azimuth), m.y-away*math.Cos(azimuth)
			dx, dy = dx+x/n, dy+y/n
			det := m.rxx*m.ryy - m.rxy*m.rxy
			nees += (m.ryy*x*x - 2*m.rxy*x*y + m.rxx*y*y) / det / n
		}
		allowed := 4 * away * max(sigma, .01) / math.Sqrt(n)
		if math.Hypot(dx, dy) > allowed {
			t.Errorf("%g degrees: off by %.1f and %.1f m on average", degrees, dx, dy)
		}
		// 95 % of the means of 20,000 draws lie within 2 +- .03; large angles are not Gaussian.
		if room := .05 + degrees*degrees/400*.5; math.Abs(nees-2) > room {
			t.Errorf("%g degrees: squared error over variance %.3f, want 2 within %.2f", degrees, nees, room)
		}
	}
}

// TestBearingsAreConsistent: after bearings of two sensors the squared error over the
// covariance stays in its 95 % band.
func TestBearingsAreConsistent(t *testing.T) {
	chance := rand.New(rand.NewPCG(29, 30))
	const runs = 500
	sigma := 3 * math.Pi / 180
	sum, innovations, n := 0.0, 0.0, 0.0
	for range runs {
		g := gauss{xx: 150 * 150, yy: 150 * 150, uu: 100, ww: 100, x: 1000, y: 3000}
		x, y := g.x+150*chance.NormFloat64(), g.y+150*chance.NormFloat64()
		u, w := 10*chance.NormFloat64(), 10*chance.NormFloat64()
		for i := range 30 {
			g.predict(1, 0)
			x, y = x+u, y+w
			e := extra{sx: 4000 * float64(i%2), sound: true, aa: sigma * sigma, bearing: true}
			truth := gauss{x: x, y: y, u: u, w: w}
			m := mark{more: &e}
			e.azimuth = truth.point(&m).angle + sigma*chance.NormFloat64()
			v := g.seeBearing(&m)
			innovations, n = innovations+v.dist2, n+1
			g.update(&v)
		}
		det := g.xx*g.yy - g.xy*g.xy
		dx, dy := x-g.x, y-g.y
		sum += (g.yy*dx*dx - 2*g.xy*dx*dy + g.xx*dy*dy) / det
	}
	// The mean of 500 with two degrees of freedom has a sigma of 2/sqrt(500).
	near0(t, "squared error over covariance", sum/runs, 2, 1.96*2/math.Sqrt(runs))
	near0(t, "squared innovation over its variance", innovations/n, 1, 1.96*math.Sqrt(2/n)+.01)
}

// TestDopplerNarrowsTheSpeed along the line of sight alone, and the way to the state after it
// as a change is the state itself.
func TestDopplerNarrowsTheSpeed(t *testing.T) {
	g := gauss{x: 0, y: 5000, u: 0, w: 20, xx: 900, yy: 900, uu: 100, ww: 100}
	m := mark{x: 0, y: 5000, rxx: 400, ryy: 400, more: &extra{radial: 26, dd: 1}}
	var c change
	c.addMeasured(&g, &m, 1)
	after := g
	after.apply(&c)
	near0(t, "speed north", after.w, 20+100.0/101*6, 1e-6)
	near0(t, "its error", after.ww, 100*1/101.0, 1e-6)
	near0(t, "error of the speed east", after.uu, 100, .1)
	near0(t, "place", after.yy, 900*400/1300.0, 1e-6)
	if odds := g.dopplerOdds(&m); odds < 1 {
		t.Errorf("a Doppler within a sigma has odds of %.2f", odds)
	}
	m.more.radial = -60
	if odds := g.dopplerOdds(&m); odds > .01 {
		t.Errorf("a Doppler eight sigmas off has odds of %.3f", odds)
	}
}

// TestMeasuresInThePlane: a bearing far from the origin points to where it should, and a long
// error along its strike.
func TestMeasuresInThePlane(t *testing.T) {
	station := geo.Point{Lat: 60, Lon: 21}
	c := newChart([]Plot{{At: geo.Point{Lat: 60, Lon: 20}}})
	object, _ := geo.Direct(station, 75, 8000)
	s := Scan{Plots: []Plot{{More: &Measure{Station: station, Unplaced: true, Polar: truce.Polar{Bearing: 75, BearingSigma: .5, Range: 8000, RangeSigma: 20}}}}}
	m := c.read(&s).marks[0]
	x, y := c.to(object)
	near0(t, "place of range and bearing", math.Hypot(m.x-x, m.y-y), 0, 1)
	near0(t, "area of the error", math.Sqrt(m.rxx*m.ryy-m.rxy*m.rxy), 20*8000*.5*math.Pi/180, 5)
	s.Plots[0].More.Polar.RangeSigma = 0
	m = c.read(&s).marks[0]
	near0(t, "bearing in the plane", m.more.azimuth, math.Atan2(x-m.more.sx, y-m.more.sy), 1e-6)
	s = Scan{Plots: []Plot{{At: station, Sigma: 100, More: &Measure{Minor: 10, Strike: 30}}}}
	m = c.read(&s).marks[0]
	ahead, _ := geo.Direct(station, 30, 50)
	hx, hy := c.to(ahead)
	hx, hy = (hx-m.x)/50, (hy-m.y)/50
	near0(t, "along the strike", m.rxx*hx*hx+2*m.rxy*hx*hy+m.ryy*hy*hy, 100*100, 5)
	near0(t, "across it", m.rxx*hy*hy-2*m.rxy*hx*hy+m.ryy*hx*hx, 100, 5)
}

// TestMeasuresAreChecked: what cannot be used is refused by name.
func TestMeasuresAreChecked(t *testing.T) {
	at := truce.Instant(1_900_000_000_000_000)
	good := Measure{Station: geo.Point{Lat: 1, Lon: 2}, Unplaced: true, Polar: truce.Polar{Bearing: 10, BearingSigma: 1}}
	for _, test := range []struct {
		change func(*Measure)
		want   string
	}{
		{func(*Measure) {}, ""},
		{func(m *Measure) { m.Station.Lat = 99 }, "the place of its sensor is none"},
		{func(m *Measure) { m.Polar.BearingSigma = 0 }, "neither place nor a bearing"},
		{func(m *Measure) { m.Polar.BearingSigma = 90 }, "neither place nor a bearing"},
		{func(m *Measure) { m.Polar.Bearing = 360 }, "bearing or range is out of bounds"},
		{func(m *Measure) { m.Polar.Range, m.Polar.RangeSigma = 2e6, 1 }, "bearing or range is out of bounds"},
		{func(m *Measure) { m.Polar.RadialMps, m.Polar.RadialSigma = math.Inf(1), 1 }, "Doppler or an error"},
		{func(m *Measure) { m.Minor = 5 }, "short axis"},
	} {
		m := good
		test.change(&m)
		err := CheckScan(Scan{ID: "s", Time: at, Plots: []Plot{{Time: at, More: &m}}})
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%+v: %v, want %q", m, err, test.want)
		}
	}
	mixed := Scan{ID: "s", Time: at, Plots: []Plot{{Time: at, More: &good}, {Time: at, At: geo.Point{Lat: 1, Lon: 2}}}}
	if err := CheckScan(mixed); err == nil || !strings.Contains(err.Error(), "places and bearings alone") {
		t.Errorf("a scan of both: %v", err)
	}
	many := Scan{ID: "s", Time: at, Plots: make([]Plot, MaxBearings+1)}
	for i := range many.Plots {
		many.Plots[i] = Plot{Time: at, More: &good}
	}
	if err := CheckScan(many); truce.CodeOf(err) != truce.CodeTooLarge {
		t.Errorf("%d bearings: %v", len(many.Plots), err)
	}
}

// TestHum: bearings of nothing from one direction make that direction doubtful, not others.
func TestHum(t *testing.T) {
	var h hum
	for range 50 {
		h.begin()
		h.sectors[sector(.1)]++
	}
	loud, quiet := h.at(.1), h.at(3)
	near0(t, "the loud sector", loud*humWidth, .9, .2)
	if quiet > loud/10 {
		t.Errorf("%.3f a radian where it hums, %.3f elsewhere", loud, quiet)
	}
	if sector(-.01) != humSectors-1 || sector(2*math.Pi-1e-17) >= humSectors {
		t.Error("directions do not go round")
	}
}

// TestIdentitiesAreEvidence: bounded both ways, growing with what was said, and nothing
// between schemes.
func TestIdentitiesAreEvidence(t *testing.T) {
	a, b := truce.Identity{Scheme: "icao24", Value: "aa"}, truce.Identity{Scheme: "icao24", Value: "bb"}
	var names tally
	near0(t, "before anything was said", names.odds(a), 1, 0)
	last := 1.0
	for range 50 {
		names.add(a, 1)
		odds := names.odds(a)
		if odds < last || odds > nameOdds {
			t.Fatalf("odds went from %g to %g", last, odds)
		}
		last = odds
	}
	if odds := names.odds(b); odds < 1/nameOdds || odds > .1 {
		t.Errorf("another identity has odds of %g", odds)
	}
	near0(t, "of another scheme", names.odds(truce.Identity{Scheme: "mmsi", Value: "aa"}), 1, 0)
	names.add(b, 25)
	if got := names.named(); len(got) != 2 || got[0].Identity != a || math.Abs(got[0].Share-2.0/3) > 1e-9 {
		t.Errorf("named %+v", got)
	}
	for i := range 40 {
		names.add(truce.Identity{Scheme: "x", Value: string(rune('a' + i))}, 1)
	}
	if len(names) > maxNames {
		t.Errorf("%d identities are kept", len(names))
	}
	one, two := &extras{names: tally{{a, 9}}}, &extras{names: tally{{b, 9}}}
	if !one.apart(two) || one.apart(one) || one.apart(nil) || one.apart(&extras{}) {
		t.Error("two identities do not keep tracks apart, or one does")
	}
}

// TestSaidIsBounded: a track that says its name for days keeps the newest of it.
func TestSaidIsBounded(t *testing.T) {
	var tr tracker
	var x extras
	m := mark{more: &extra{identity: truce.Identity{Scheme: "serial", Value: "A"}}}
	for i := range 5 * maxSaid {
		tr.tell(&x, &m, 1, truce.Instant(i))
	}
	if n := len(x.said); n < maxSaid || n > 2*maxSaid || x.said[n-1].Time != 5*maxSaid-1 {
		t.Errorf("%d are kept, the last of %d", n, x.said[n-1].Time)
	}
	tr.tell(&x, &m, leastSaid/2, 0)
	if x.said[len(x.said)-1].Time == 0 {
		t.Error("what is hardly the track's is kept")
	}
}
