package track

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

func near0(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: %g, want %g within %g", what, got, want, tolerance)
	}
}

// TestCertainPlotIsKalman: against the update in one dimension, written out.
func TestCertainPlotIsKalman(t *testing.T) {
	g := gauss{x: 10, u: 2, xx: 90, xu: 12, uu: 4, yy: 50, ww: 9}
	m := mark{x: 25, y: 0, rxx: 40, ryy: 40}
	v := g.see(&m)
	near0(t, "density", v.density(), math.Exp(-15*15/130.0/2)/(2*math.Pi*math.Sqrt(130*90)), 1e-12)
	g.update(&v)
	near0(t, "x", g.x, 10+90.0/130*15, 1e-9)
	near0(t, "u", g.u, 2+12.0/130*15, 1e-9)
	near0(t, "xx", g.xx, 90-90*90/130.0, 1e-9)
	near0(t, "xu", g.xu, 12-90*12/130.0, 1e-9)
	near0(t, "uu", g.uu, 4-12*12/130.0, 1e-9)
	near0(t, "yy", g.yy, 50-50*50/90.0, 1e-9)
}

// TestPlotBeforeItsScan: compared with where the object was when it was measured.
func TestPlotBeforeItsScan(t *testing.T) {
	g := gauss{x: 100, y: -40, u: 30, w: -10, xx: 25, yy: 30, xu: 3, yw: 2, uu: 4, ww: 5}
	earlier := g
	earlier.predict(-.5, 0)
	m := mark{x: 90, y: -33, rxx: 20, ryy: 30, rxy: 4}
	want := earlier.see(&m)
	m.ago = .5
	got := g.see(&m)
	near0(t, "dx", got.dx, want.dx, 1e-12)
	near0(t, "density", got.density(), want.density(), 1e-15)
	earlier.update(&want)
	earlier.predict(.5, 0)
	g.update(&got)
	near0(t, "x afterwards", g.x, earlier.x, 1e-9)
	near0(t, "uu afterwards", g.uu, earlier.uu, 1e-9)
	near0(t, "xw afterwards", g.xw, earlier.xw, 1e-9)
}

// TestMixtureOfPlots: moments of the mixture, by hand.
func TestMixtureOfPlots(t *testing.T) {
	g := gauss{xx: 100, yy: 100, uu: 1, ww: 1}
	one, two := g.see(&mark{x: 10, rxx: 100, ryy: 100}), g.see(&mark{x: -20, rxx: 100, ryy: 100})
	var c change
	c.add(&one, .5)
	c.add(&two, .2)
	g.apply(&c)
	near0(t, "x", g.x, .5*5+.2*-10, 1e-12)
	// 0.3 of the variance 100 at 0, and 0.7 of 50 at 5 and -10.
	near0(t, "xx", g.xx, .3*(100+.25)+.5*(50+4.5*4.5)+.2*(50+10.5*10.5), 1e-9)
}

// TestMotionsKeepTheirMoments: mixing does not change mean and covariance of the whole.
func TestMotionsKeepTheirMoments(t *testing.T) {
	m := newMotion(&gauss{x: 1, u: 3, xx: 20, xu: 2, uu: 5, yy: 8, ww: 2})
	m.is[1].x, m.is[2].u, m.is[2].xx = 9, -4, 60
	was := m.whole()
	habits := newHabits()
	between := habits.transition(2)
	for i := range between {
		sum := 0.0
		for _, p := range between[i] {
			sum += p
		}
		near0(t, "chances of going on", sum, 1, 1e-12)
	}
	m.predict(0, &between)
	is := m.whole()
	near0(t, "x", is.x, was.x, 1e-12)
	near0(t, "u", is.u, was.u, 1e-12)
	near0(t, "xx", is.xx, was.xx, 1e-9)
	near0(t, "xu", is.xu, was.xu, 1e-9)
	near0(t, "uu", is.uu, was.uu, 1e-9)
}

// TestClustersAgainstAllWays: exact, and belief propagation near it.
func TestClustersAgainstAllWays(t *testing.T) {
	chance := rand.New(rand.NewPCG(7, 8))
	worst := 0.0
	for range 300 {
		tracks, marks := 1+chance.IntN(4), 1+chance.IntN(4)
		var a association
		for i := range tracks {
			a.from = append(a.from, int32(len(a.edges)))
			for j := range marks {
				if chance.IntN(3) > 0 {
					a.edges = append(a.edges, edge{target: int32(i), mark: int32(j), weight: math.Exp(3 * chance.NormFloat64())})
				}
			}
		}
		a.from = append(a.from, int32(len(a.edges)))
		a.solve(tracks, marks)
		want := allWays(&a, tracks)
		for i := range a.edges {
			near0(t, "exact", a.edges[i].chance, want[i], 1e-9)
		}
		order := make([]int32, tracks)
		for i := range order {
			order[i] = int32(i)
		}
		clear(a.total)
		a.propagate(order)
		for i := range a.edges {
			worst = max(worst, math.Abs(a.edges[i].chance-want[i]))
		}
	}
	if worst > .2 || worst == 0 {
		t.Errorf("belief propagation is off by up to %.3f", worst)
	}
}

// allWays counts in base marks+1 through every way to give each track an edge or none.
func allWays(a *association, tracks int) []float64 {
	sums, all := make([]float64, len(a.edges)), 0.0
	pick := make([]int, tracks)
	for {
		weight, used := 1.0, map[int32]bool{}
		for i, p := range pick {
			if p > 0 {
				e := a.of(int32(i))[p-1]
				if used[e.mark] {
					weight = 0
				}
				used[e.mark] = true
				weight *= e.weight
			}
		}
		all += weight
		for i, p := range pick {
			if p > 0 {
				sums[int(a.from[i])+p-1] += weight
			}
		}
		at := 0
		for at < tracks && pick[at] == len(a.of(int32(at))) {
			pick[at] = 0
			at++
		}
		if at == tracks {
			break
		}
		pick[at]++
	}
	for i := range sums {
		sums[i] /= all
	}
	return sums
}

// TestSmoothingIsLeastSquares: of an object that moves straight on, the smoothed states are
// the line through all plots.
func TestSmoothingIsLeastSquares(t *testing.T) {
	chance := rand.New(rand.NewPCG(9, 10))
	const n, r = 12, 25.0
	g := gauss{xx: 1e8, yy: 1e8, uu: 1e6, ww: 1e6}
	var steps []historyStep
	var st, sx, stt, stx float64
	for i := range n {
		if i > 0 {
			g.predict(1, 0)
		}
		s := historyStep{time: truce.Instant(i) * 1_000_000}
		z := 40 + 7*float64(i) + 5*chance.NormFloat64()
		v := g.see(&mark{x: z, rxx: r, ryy: r})
		g.update(&v)
		s.after = g
		steps = append(steps, s)
		st, sx, stt, stx = st+float64(i), sx+z, stt+float64(i*i), stx+float64(i)*z
	}
	slope := (n*stx - st*sx) / (n*stt - st*st)
	begin := (sx - slope*st) / n
	for i, s := range smooth(steps) {
		near0(t, "x", s.x, begin+slope*float64(i), 1e-2)
		near0(t, "u", s.u, slope, 1e-3)
		d := float64(i) - st/n
		near0(t, "xx", s.xx, r*(1/float64(n)+d*d/(stt-st*st/n)), 1e-2)
	}
}

// TestChartIsTrue: places come back, and near the origin distances are those on the ground.
func TestChartIsTrue(t *testing.T) {
	chance := rand.New(rand.NewPCG(11, 12))
	for _, origin := range []geo.Point{{Lat: -47.9, Lon: -21.6}, {Lat: 10, Lon: 179.9}, {Lat: 78, Lon: 15}} {
		c := newChart([]Plot{{At: origin}})
		for range 200 {
			p, _ := geo.Direct(origin, geo.Degrees(360*chance.Float64()), geo.Metres(600e3*chance.Float64()))
			x, y := c.to(p)
			d, _, _ := geo.Inverse(c.from(x, y), p)
			near0(t, "there and back", float64(d), 0, 1)
			d, azimuth, _ := geo.Inverse(c.origin, p)
			near0(t, "distance", math.Hypot(x, y), float64(d), 1)
			if d < 100e3 {
				sin, cos := math.Sincos(float64(azimuth) * math.Pi / 180)
				near0(t, "place", math.Hypot(x-float64(d)*sin, y-float64(d)*cos), 0, .1)
			}
		}
	}
}

// TestVelocityOnTheGround: far from the origin, where north is not the plane's.
func TestVelocityOnTheGround(t *testing.T) {
	c := newChart([]Plot{{At: geo.Point{Lat: 60, Lon: 20}}})
	from, _ := geo.Direct(geo.Point{Lat: 60, Lon: 20}, 80, 150e3)
	to, _ := geo.Direct(from, 123, 50)
	x, y := c.to(from)
	x2, y2 := c.to(to)
	tr := tracker{chart: c}
	// 3 m along the way and 1 m across; as much of the velocity.
	du, dw := (x2-x)/50, (y2-y)/50
	g := gauss{x: x, y: y, u: x2 - x, w: y2 - y}
	g.xx, g.xy, g.yy = 9*du*du+dw*dw, 8*du*dw, 9*dw*dw+du*du
	g.uu, g.uw, g.ww = g.xx, g.xy, g.yy
	s := tr.state(historyStep{after: g})
	near0(t, "speed", s.SpeedMps, 50, .02)
	near0(t, "course", float64(s.Course), 123, .02)
	near0(t, "error of the speed", s.SigmaSpeed, 3, .01)
	near0(t, "error of the course", float64(s.SigmaCourse), 1/50.0*180/math.Pi, .01)
	sin, cos := math.Sincos(123 * math.Pi / 180)
	for _, p := range []Spread{s.Place, s.Velocity} {
		near0(t, "error east", p.East*p.East, 9*sin*sin+cos*cos, .02)
		near0(t, "error north", p.North*p.North, 9*cos*cos+sin*sin, .02)
		near0(t, "correlation", p.Correlation*p.East*p.North, 8*sin*cos, .02)
	}
	still := tr.state(historyStep{after: gauss{x: 5, uu: 4, ww: 4}})
	if still.SpeedMps != 0 || still.Course != 0 || still.SigmaCourse != mostCourse || math.Abs(still.SigmaSpeed-2) > .01 {
		t.Errorf("what stands: %+v", still)
	}
}

// TestHabitsAreLearnt: of tracks that never turn less is thought of turning, and the shares
// are what a motion comes to in the end.
func TestHabitsAreLearnt(t *testing.T) {
	h := newHabits()
	g := gauss{xx: 100, yy: 100, uu: 1, ww: 1}
	for _, share := range []float64{0, .3} {
		m := newMotion(&g)
		m.chance = [modes]float64{(1 - share) / 2, (1 - share) / 2, share}
		for range 5000 {
			h.learn(&m)
		}
		h.settle()
		near0(t, "share of turning", h.share[modes-1], max(share, leastShare), .01)
		for range 2000 {
			between := h.transition(1)
			m.predict(1, &between)
		}
		for j := range m.chance {
			near0(t, "chance in the end", m.chance[j], h.share[j], .01)
		}
	}
}

// TestLifetimeIsLearnt between its bounds.
func TestLifetimeIsLearnt(t *testing.T) {
	l := newLearnt(Config{})
	near0(t, "at first", l.lifetime(), firstLifetime, 0)
	l.lived = 9400
	near0(t, "none ended in 9,400 s", l.lifetime(), mostLifetime, 0)
	l.ended = 99
	near0(t, "99 ended", l.lifetime(), 100, 0)
	l.ended = 1e6
	near0(t, "all end", l.lifetime(), leastLifetime, 0)
}

// TestDensityIsLocal: what is far away does not count, however much there is.
func TestDensityIsLocal(t *testing.T) {
	chance := rand.New(rand.NewPCG(13, 14))
	var f field
	for range 40 {
		f.begin()
		for range 100 {
			f.add(10e3*chance.Float64(), 10e3*chance.Float64(), 1)
		}
	}
	near0(t, "in the field", math.Log(f.at(5e3, 5e3)/1e-6), 0, .6)
	before := f.at(5e3, 5e3)
	for range 1000 {
		f.add(500e3+1e3*chance.Float64(), 0, 1)
	}
	if after := f.at(5e3, 5e3); after != before {
		t.Errorf("%g became %g by what lies 500 km away", before, after)
	}
	if f.at(500.5e3, 500) < 1e-5 {
		t.Error("the crowd is not seen where it is")
	}
}

// TestFieldForgets, and its table does not grow for ever.
func TestFieldForgets(t *testing.T) {
	var f field
	for i := range 3000 {
		f.begin()
		f.add(float64(i)*1e6, 0, 1)
	}
	if len(f.cells) > 1<<17 {
		t.Errorf("%d places for plots that were long forgotten", len(f.cells))
	}
	if d := f.at(0, 0); d > 1e-10 {
		t.Errorf("a plot of 3,000 scans ago still counts: %g", d)
	}
}

func TestNearMissesNothing(t *testing.T) {
	chance := rand.New(rand.NewPCG(15, 16))
	marks := make([]mark, 300)
	for i := range marks {
		marks[i] = mark{x: 2000 * chance.NormFloat64(), y: 2000 * chance.NormFloat64()}
	}
	var n near
	for _, side := range []float64{30, 200, 5000} {
		n.fill(marks, side)
		for range 50 {
			x, y, reach := 2000*chance.NormFloat64(), 2000*chance.NormFloat64(), 600*chance.Float64()
			got := map[int32]bool{}
			for _, i := range n.around(x, y, reach, reach, nil) {
				if got[i] {
					t.Fatalf("plot %d is there twice", i)
				}
				got[i] = true
			}
			for i := range marks {
				if math.Abs(marks[i].x-x) <= reach && math.Abs(marks[i].y-y) <= reach && !got[int32(i)] {
					t.Fatalf("side %g: plot %d within %g m is missing", side, i, reach)
				}
			}
		}
	}
}

// TestHeights: a climb is followed, and one wild value does not move it.
func TestHeights(t *testing.T) {
	var h height
	for i := range 60 {
		h.predict(1)
		h.take(100+3*float64(i), 100)
	}
	near0(t, "altitude", h.z, 277, 1)
	near0(t, "climb", h.c, 3, .2)
	h.take(9000, 100)
	near0(t, "after a wild value", h.z, 277, 1)
}

func TestScansAreChecked(t *testing.T) {
	at := truce.Instant(1_900_000_000_000_000)
	for _, test := range []struct {
		name   string
		change func(*Scan)
		want   string
	}{
		{"a plot", func(*Scan) {}, ""},
		{"a place beyond", func(s *Scan) { s.Plots[0].At.Lat = 91 }, "is no place"},
		{"an error that is no number", func(s *Scan) { s.Plots[0].Sigma = geo.Metres(math.NaN()) }, "an error of NaN m"},
		{"an altitude beyond", func(s *Scan) { s.Plots[0].Altitude, s.Plots[0].High = MaxAltitude+1, true }, "an altitude of 100001 m"},
		{"a plot after its scan", func(s *Scan) { s.Plots[0].Time++ }, "is not within the minute"},
		{"a plot long before it", func(s *Scan) { s.Plots[0].Time -= maxSpan + 1 }, "is not within the minute"},
		{"too many", func(s *Scan) { s.Plots = make([]Plot, MaxScan+1) }, "more than 100000"},
	} {
		s := Scan{ID: "7", Time: at, Plots: []Plot{{ID: "p", Time: at, At: geo.Point{Lat: 1, Lon: 2}}}}
		test.change(&s)
		if err := CheckScan(s); test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
	for _, c := range []Config{{Sigma: -1}, {Detection: 1}, {Late: -1}, {Late: maxLate + 1}} {
		if _, err := NewLive(c); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// TestHostileScans: nothing, one place a thousand times, the poles, the antimeridian, hours
// between: an answer, and no panic.
func TestHostileScans(t *testing.T) {
	at := truce.Instant(1_900_000_000_000_000)
	var scans []Scan
	for i := range 6 {
		s := Scan{ID: string(rune('a' + i)), Time: at + truce.Instant(i*i*i)*10_000_000}
		for range 300 {
			s.Plots = append(s.Plots, Plot{Time: s.Time, At: geo.Point{Lat: 10, Lon: 20}})
		}
		for _, p := range []geo.Point{{Lat: 90}, {Lat: -90, Lon: 180}, {Lat: 10, Lon: -160}, {Lat: -10, Lon: -160}, {Lon: 180}, {Lon: -180}} {
			s.Plots = append(s.Plots, Plot{Time: s.Time, At: p, Sigma: .001, Altitude: -400, High: true})
		}
		scans = append(scans, s, Scan{ID: "empty" + s.ID, Time: s.Time})
	}
	r, err := Batch(scans, Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, tr := range r.Tracks {
		for _, s := range tr.States {
			if !s.At.Valid() || !(s.Sigma >= 0) || !(s.SpeedMps >= 0) {
				t.Errorf("track %d: %+v", tr.Number, s)
			}
		}
	}
	if r, err := Batch(nil, Config{}); err != nil || len(r.Tracks) != 0 {
		t.Errorf("of nothing: %v, %v", r, err)
	}
}
