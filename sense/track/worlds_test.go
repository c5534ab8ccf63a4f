package track_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
)

// mover is an object of one of these worlds: speed m/s, course radians clockwise from north.
type mover struct{ x, y, speed, course float64 }

// moving is a world of one kind of object: how fast they go, how often they are seen and how
// well, and what they do: turn (radians a second) and brake (m/s2) at a time.
type moving struct {
	name                string
	speed, every, sigma float64
	scans               int
	does                func(i int, at float64) (turn, push float64)
}

var movingPlane = geo.NewPlane(geo.Point{Lat: 10, Lon: 20})

const movers = 5

// make has all objects move; plots of nine in ten, and three a scan of nothing.
func (w *moving) make(seed uint64) (scans []track.Scan, truth [][movers]mover) {
	chance := rand.New(rand.NewPCG(seed, 99))
	side := 30*w.speed*w.every + 2000
	var now [movers]mover
	for i := range now {
		now[i] = mover{side * chance.Float64(), side * chance.Float64(), w.speed * (.8 + .4*chance.Float64()), 2 * math.Pi * chance.Float64()}
	}
	for k := range w.scans {
		at := float64(k) * w.every
		s := track.Scan{ID: fmt.Sprint(k), Time: 1_900_000_000_000_000 + truce.Instant(at*1e6)}
		add := func(x, y float64) {
			p := movingPlane.From(geo.Metres(x), geo.Metres(y))
			s.Plots = append(s.Plots, track.Plot{ID: fmt.Sprint(len(s.Plots)), Time: s.Time, At: p, Sigma: geo.Metres(w.sigma)})
		}
		for i := range now {
			w.move(&now[i], i, at)
			if chance.Float64() < .9 {
				add(now[i].x+w.sigma*chance.NormFloat64(), now[i].y+w.sigma*chance.NormFloat64())
			}
		}
		for range 3 {
			add(side*chance.Float64(), side*chance.Float64())
		}
		scans, truth = append(scans, s), append(truth, now)
	}
	return scans, truth
}

// move moves one object on to the next scan, in small steps.
func (w *moving) move(o *mover, i int, at float64) {
	const steps = 20
	dt := w.every / steps
	for k := range steps {
		turn, push := w.does(i, at+float64(k)*dt)
		o.course += turn * dt
		o.speed = max(0, o.speed+push*dt)
		o.x += o.speed * math.Sin(o.course) * dt
		o.y += o.speed * math.Cos(o.course) * dt
	}
}

// followed is how well one world was followed.
type followed struct {
	n, missed, square, nees float64
}

// hold holds states against the truth, from the sixteenth scan on.
func (f *followed) hold(w *moving, tracks []track.Track, scans []track.Scan, truth [][movers]mover) {
	at := map[truce.Instant][]track.State{}
	for _, tr := range tracks {
		for _, s := range tr.Known {
			at[s.Time] = append(at[s.Time], s)
		}
	}
	for k := 15; k < len(scans); k++ {
		for _, o := range truth[k] {
			f.n++
			best, of := math.Inf(1), track.State{}
			for _, s := range at[scans[k].Time] {
				x, y := movingPlane.To(s.At)
				if d := math.Hypot(float64(x)-o.x, float64(y)-o.y); d < best {
					best, of = d, s
				}
			}
			if best > 10*w.sigma {
				f.missed++
				continue
			}
			f.square += best * best
			f.nees += best * best / float64(of.Sigma*of.Sigma)
		}
	}
}

// TestAllKindsOfMotion: what was tuned on drones is not wrong for ships and airliners. No
// track is lost, the error is not above that of the plots by much where they turn, and below
// where they do not, and what is told of it is about right.
func TestAllKindsOfMotion(t *testing.T) {
	const degree = math.Pi / 180
	straight := func(int, float64) (float64, float64) { return 0, 0 }
	for _, w := range []struct {
		moving
		most float64 // error over both axes, sigmas of the plots
	}{
		{moving{"a slow ship", 5, 10, 30, 150, straight}, 1.15},
		{moving{"a ship that alters course", 5, 10, 30, 150, func(i int, at float64) (float64, float64) {
			if math.Mod(at+300*float64(i), 900) > 800 {
				return .5 * degree, 0
			}
			return 0, 0
		}}, 1.2},
		{moving{"an airliner", 230, 4, 50, 150, straight}, 1},
		{moving{"an airliner that turns", 200, 4, 50, 150, func(i int, at float64) (float64, float64) {
			if math.Mod(at+37*float64(i), 300) > 260 {
				return 1.5 * degree, 0
			}
			return 0, 0
		}}, 1.35},
		{moving{"a drone that turns sharply", 15, 1, 8, 150, func(i int, at float64) (float64, float64) {
			if math.Mod(at+7*float64(i), 40) > 35 {
				return 45 * degree, 0
			}
			return 0, 0
		}}, 1.35},
		{moving{"a drone that stops and goes on", 12, 1, 10, 150, func(i int, at float64) (float64, float64) {
			switch phase := math.Mod(at+7*float64(i), 60); {
			case phase < 3:
				return 0, -4
			case phase >= 20 && phase < 23:
				return 0, 4
			}
			return 0, 0
		}}, 1.25},
	} {
		var f followed
		tracks := 0
		for seed := range uint64(3) {
			scans, truth := w.make(seed)
			r := follow(t, scans, track.Config{})
			tracks += len(r.Tracks)
			f.hold(&w.moving, r.Tracks, scans, truth)
		}
		found := f.n - f.missed
		off, nees := math.Sqrt(f.square/found)/w.sigma, f.nees/found
		if f.missed > .01*f.n || tracks > 3*movers+2 {
			t.Errorf("%s: missed in %.0f of %.0f, %d tracks of %d", w.name, f.missed, f.n, tracks, 3*movers)
		}
		if off > w.most {
			t.Errorf("%s: %.2f sigmas of a plot off, want %.2f at most", w.name, off, w.most)
		}
		if nees < 1.3 || nees > 2.6 {
			t.Errorf("%s: squared error %.2f over what is told; 2 is right", w.name, nees)
		}
	}
}

// nothing is a world of clutter alone, n plots a scan on 9 km2.
func nothing(n, scans int, seed uint64) (out []track.Scan) {
	return nothingAt(movingPlane, n, scans, seed)
}

// nothingAt is such a world to the north-east of a place.
func nothingAt(plane geo.Plane, n, scans int, seed uint64) (out []track.Scan) {
	chance := rand.New(rand.NewPCG(seed, 7))
	for k := range scans {
		s := track.Scan{ID: fmt.Sprint(k), Time: 1_900_000_000_000_000 + truce.Instant(k)*1_000_000}
		for range n {
			at := plane.From(geo.Metres(3000*chance.Float64()), geo.Metres(3000*chance.Float64()))
			s.Plots = append(s.Plots, track.Plot{ID: "c", Time: s.Time, At: at, Sigma: 20})
		}
		out = append(out, s)
	}
	return out
}

// TestOfNothingThereIsNoTrack, in thick clutter; in thin clutter, where four plots in a row
// are rare enough to mean something, no more than two short ones.
func TestOfNothingThereIsNoTrack(t *testing.T) {
	for _, test := range []struct{ plots, scans int }{{5, 200}, {20, 150}, {100, 40}, {400, 16}} {
		for seed := range uint64(2) {
			r, told := follow(t, nothing(test.plots, test.scans, seed), track.Config{}), 0
			for _, tr := range r.Tracks {
				told += len(tr.Known)
			}
			if len(r.Tracks) > 2 || told > 12 || told > 0 && test.plots > 10 {
				t.Errorf("%d plots of nothing a scan: %d tracks, told of %d times", test.plots, len(r.Tracks), told)
			}
		}
	}
}

// TestNothingIsNothingEverywhere: where clutter lies changes nothing. Half degrees are corners
// of the cells that it is counted in; 48.5 N 37.5 E is in the middle of some of these worlds.
func TestNothingIsNothingEverywhere(t *testing.T) {
	corner := geo.NewPlane(geo.Point{Lat: 48.5, Lon: 37.5})
	for _, by := range [][2]geo.Metres{{-1500, -1500}, {-700, -1500}, {-1500, -700}, {-700, -700}, {100, 100}, {-2300, 400}, {-1500, 20_000}, {12_000, -9_000}, {23_900, 24_100}} {
		plane := geo.NewPlane(corner.From(by[0], by[1]))
		tracks := 0
		for seed := range uint64(5) {
			tracks += len(follow(t, nothingAt(plane, 20, 60, seed), track.Config{}).Tracks)
		}
		if tracks > 2 {
			t.Errorf("%v m from the corner: %d tracks in five worlds of 60 scans", by, tracks)
		}
	}
}

// TestProcessorsDoNotMatter where there is enough to share: the same tracks to the last bit
// on one processor, two and more.
func TestProcessorsDoNotMatter(t *testing.T) {
	scans := scansOf(world(t, "T700+700", 3))[:14]
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	want := follow(t, scans, track.Config{})
	if len(want.Tracks) < 600 {
		t.Fatalf("%d tracks", len(want.Tracks))
	}
	for _, n := range []int{2, 5} {
		runtime.GOMAXPROCS(n)
		if got := follow(t, scans, track.Config{}); !reflect.DeepEqual(got, want) {
			t.Errorf("other tracks on %d processors", n)
		}
	}
}

// TestFalseTracksEnd: an object that goes out of sight is hidden after a few scans, its track
// ends, and one that comes there later is another.
func TestFalseTracksEnd(t *testing.T) {
	w := moving{"a drone", 20, 1, 10, 160, func(int, float64) (float64, float64) { return 0, 0 }}
	scans, _ := w.make(4)
	for i := 60; i < 110; i++ { // nothing is seen for 50 s
		scans[i].Plots = nil
	}
	r := follow(t, scans, track.Config{})
	before, after := 0, 0
	for _, tr := range r.Tracks {
		begin, end := tr.States[0].Time, tr.States[len(tr.States)-1].Time
		switch {
		case end <= scans[75].Time:
			before++
		case begin >= scans[110].Time:
			after++
		default:
			t.Errorf("track %d from %v to %v: it says where an object is that nobody saw", tr.Number, begin, end)
		}
		for _, s := range tr.Known {
			if s.Time > scans[70].Time && s.Time < scans[110].Time {
				t.Errorf("track %d is told of at %v, with an existence of %.3f", tr.Number, s.Time, s.Existence)
			}
		}
	}
	if before < movers || after < movers {
		t.Errorf("%d tracks before the gap and %d after it, of %d objects", before, after, movers)
	}
}

// TestPlotsOfOneIDAreOneScan, in batch as in live: halves far apart in the file, and an id
// that comes again much later is another scan.
func TestPlotsOfOneIDAreOneScan(t *testing.T) {
	scans := scansOf(world(t, "T20+20", 12))[:40]
	want := follow(t, scans, track.Config{})
	var halves []track.Scan
	for _, s := range scans {
		one, two := s, s
		cut := len(s.Plots) / 3
		one.Plots, two.Plots = s.Plots[:cut], s.Plots[cut:]
		halves = append(halves, one, two)
	}
	slices.Reverse(halves)
	if got := follow(t, halves, track.Config{}); !reflect.DeepEqual(got, want) {
		t.Errorf("halves give %d scans and %d tracks, whole ones %d and %d", got.Scans, len(got.Tracks), want.Scans, len(want.Tracks))
	}
	again := slices.Clone(scans[:5])
	for i := range again {
		again[i].Time += 3_600_000_000
		again[i].Plots = slices.Clone(again[i].Plots)
		for k := range again[i].Plots {
			again[i].Plots[k].Time += 3_600_000_000
		}
	}
	if got := follow(t, append(slices.Clone(scans), again...), track.Config{}); got.Scans != 45 {
		t.Errorf("%d scans, want 45: an id may come again", got.Scans)
	}
}

// TestErrorsOfManyKinds: plots of a sensor with a tenth of the usual error and of one with
// ten times as much are all used.
func TestErrorsOfManyKinds(t *testing.T) {
	w := moving{"a drone", 20, 1, 20, 80, func(int, float64) (float64, float64) { return 0, 0 }}
	scans, truth := w.make(6)
	plain := follow(t, scans, track.Config{})
	chance := rand.New(rand.NewPCG(8, 9))
	for k := range scans {
		o := truth[k][0]
		for _, sigma := range []float64{2, 200} {
			at := movingPlane.From(geo.Metres(o.x+sigma*chance.NormFloat64()), geo.Metres(o.y+sigma*chance.NormFloat64()))
			if sigma == 200 || k%2 == 0 {
				scans[k].Plots = append(scans[k].Plots, track.Plot{ID: "more", Time: scans[k].Time, At: at, Sigma: geo.Metres(sigma)})
			}
		}
	}
	r := follow(t, scans, track.Config{})
	closest := func(tracks []track.Track) float64 {
		sum, n := 0.0, 0.0
		for _, tr := range tracks {
			for _, s := range tr.Known {
				for k := 40; k < len(scans); k++ {
					x, y := movingPlane.To(s.At)
					d := math.Hypot(float64(x)-truth[k][0].x, float64(y)-truth[k][0].y)
					if s.Time == scans[k].Time && d < 150 {
						sum, n = sum+d*d, n+1
					}
				}
			}
		}
		return math.Sqrt(sum / max(n, 1))
	}
	if was, is := closest(plain.Tracks), closest(r.Tracks); was == 0 || is == 0 || is > was {
		t.Errorf("the error is %.1f m with a sensor of 2 m and one of 200 m more, %.1f without", is, was)
	}
}
