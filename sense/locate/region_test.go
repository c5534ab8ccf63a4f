package locate_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/sim/arrivals"
)

// outskirts is a small network that hears shots far around it: most of them lie outside, and
// few sensors hear them.
type outskirts struct {
	line   bool    // the sensors stand nearly in a line
	arrays float64 // share of them that tells azimuths
	events int
	wide   float64 // half the side of the ground, m
}

type outskirtsWorld struct {
	sensors  []locate.Sensor
	arrivals []locate.Arrival
	truth    []geo.Point
	owner    map[string]int // by arrival
}

var outskirtsMiddle = geo.Point{Lat: -47.9, Lon: -21.6}

func (o outskirts) invent(seed uint64) outskirtsWorld {
	r := rand.New(rand.NewPCG(seed, 77))
	w := outskirtsWorld{owner: map[string]int{}}
	plane := geo.NewPlane(outskirtsMiddle)
	const sensors = 14
	var x, y, turn [sensors]float64
	for i := range sensors {
		x[i], y[i] = 10e3*(r.Float64()-.5), 10e3*(r.Float64()-.5)
		if o.line {
			x[i], y[i] = 20e3*(r.Float64()-.5), 200*(r.Float64()-.5)
		}
		if r.Float64() < o.arrays {
			turn[i] = 3
		}
		w.sensors = append(w.sensors, locate.Sensor{ID: fmt.Sprint("ear ", i), At: plane.From(geo.Metres(x[i]), geo.Metres(y[i]))})
	}
	start := truce.InstantOf(time.Date(2031, 3, 3, 0, 0, 0, 0, time.UTC))
	hear := func(sensor int, t float64, azimuth float64) string {
		a := locate.Arrival{ID: fmt.Sprintf("%d-%d", seed, len(w.arrivals)), Sensor: sensor, Time: start + truce.Instant(t*1e6), Phase: locate.Acoustic}
		if turn[sensor] > 0 {
			a.Azimuth, a.AzimuthSigma = geo.Degrees(math.Mod(azimuth+720, 360)), geo.Degrees(turn[sensor])
		}
		w.arrivals = append(w.arrivals, a)
		return a.ID
	}
	picks := 0
	for len(w.truth) < o.events {
		ex, ey, at := o.wide*(2*r.Float64()-1), o.wide*(2*r.Float64()-1), 86400*r.Float64()
		reach := min(max(10e3*math.Exp(.4*r.NormFloat64()), 3e3), 25e3)
		type pick struct {
			sensor     int
			t, azimuth float64
		}
		var list []pick
		for i := range sensors {
			d := math.Hypot(x[i]-ex, y[i]-ey)
			if r.Float64() < .8/(1+math.Exp((d-reach)/(.15*reach))) {
				t := d / 340
				list = append(list, pick{i, at + t + math.Hypot(.1, .01*t)*r.NormFloat64(), math.Atan2(ex-x[i], ey-y[i])*180/math.Pi + turn[i]*r.NormFloat64()})
			}
		}
		if len(list) < 4 {
			continue
		}
		for _, p := range list {
			w.owner[hear(p.sensor, p.t, p.azimuth)] = len(w.truth)
		}
		picks += len(list)
		w.truth = append(w.truth, plane.From(geo.Metres(ex), geo.Metres(ey)))
	}
	for range int(.3 * float64(picks)) {
		hear(r.IntN(sensors), 86400*r.Float64(), 360*r.Float64())
	}
	return w
}

// of is the true event that most arrivals of a found one come from; -1: none.
func (w *outskirtsWorld) of(e *locate.Event) int {
	votes := map[int]int{}
	for _, u := range e.Used {
		if owner, is := w.owner[w.arrivals[u.Arrival].ID]; is {
			votes[owner]++
		}
	}
	for owner, n := range votes {
		if 2*n > len(e.Used) {
			return owner
		}
	}
	return -1
}

// inside says whether polygons hold a place.
func inside(list []geo.Polygon, p geo.Point) (in bool) {
	for _, polygon := range list {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a, b := ring[i-1], ring[i]
				if (a.Lat > p.Lat) != (b.Lat > p.Lat) && p.Lon < a.Lon+(p.Lat-a.Lat)/(b.Lat-a.Lat)*(b.Lon-a.Lon) {
					in = !in
				}
			}
		}
	}
	return in
}

// inEllipse says whether the ellipse that should hold a share of truths holds a place.
func inEllipse(e *locate.Event, p geo.Point, share float64) bool {
	plane := geo.NewPlane(e.At)
	x, y := plane.To(p)
	sin, cos := math.Sincos(float64(e.Ellipse.Strike) * math.Pi / 180)
	along, across := float64(x)*sin+float64(y)*cos, float64(y)*sin-float64(x)*cos
	return math.Pow(along/float64(e.Ellipse.Major), 2)+math.Pow(across/float64(e.Ellipse.Minor), 2) <= -2*math.Log(1-share)
}

// tally counts how often regions and ellipses hold the truth.
type tally struct{ n, ninety, half, ellipse90, ellipse50, open, lobes int }

func (c tally) String() string {
	p := func(k int) float64 { return 100 * c.share(k) }
	return fmt.Sprintf("%d events: region holds %.1f and %.1f %%, ellipse %.1f and %.1f %%; %.1f %% open, %.1f %% several lobes", c.n, p(c.ninety), p(c.half), p(c.ellipse90), p(c.ellipse50), p(c.open), p(c.lobes))
}

func (w *outskirtsWorld) batch(t testing.TB, which locate.Regions) []locate.Event {
	t.Helper()
	result, err := locate.Batch(w.sensors, w.arrivals, locate.Config{Regions: which})
	if err != nil {
		t.Fatal(err)
	}
	return result.Events
}

// count takes in the events of a world whose place is no ellipse, or is one.
func (c *tally) count(w *outskirtsWorld, events []locate.Event, ellipses bool) {
	for i := range events {
		e := &events[i]
		k := w.of(e)
		if k < 0 || e.Region == nil || e.Region.IsEllipse != ellipses {
			continue
		}
		c.n++
		for _, one := range []struct {
			sum *int
			is  bool
		}{
			{&c.ninety, inside(e.Region.Ninety, w.truth[k])}, {&c.half, inside(e.Region.Half, w.truth[k])},
			{&c.ellipse90, inEllipse(e, w.truth[k], .9)}, {&c.ellipse50, inEllipse(e, w.truth[k], .5)},
			{&c.open, e.Region.Open}, {&c.lobes, len(e.Region.Lobes) > 1},
		} {
			if one.is {
				*one.sum++
			}
		}
	}
}

var regionSeeds = flag.Int("seeds", 1, "worlds of each kind that regions are tried on")

// Regions hold the truth as often as they say where the ellipse does not. With -seeds 8 -v it
// prints the figures of docs/methods/location.md.
func TestRegionsHoldTheTruth(t *testing.T) {
	var all tally
	for _, o := range []outskirts{{events: 150, wide: 40e3}, {events: 150, wide: 40e3, line: true}, {events: 150, wide: 40e3, arrays: .5}} {
		var one tally
		for seed := range *regionSeeds {
			w := o.invent(uint64(601 + seed))
			events := w.batch(t, locate.RegionsWhereBent)
			one.count(&w, events, false)
			all.count(&w, events, false)
		}
		t.Logf("line %t, arrays %g: %v", o.line, o.arrays, one)
	}
	t.Log("together: ", all)
	// Three sigmas either side for 250 events of one seed.
	if all.n < 200 || all.share(all.ninety) < .84 || all.share(all.ninety) > .955 || all.share(all.half) < .41 || all.share(all.half) > .595 {
		t.Errorf("%v; want 90 and 50 %%", all)
	}
	if all.share(all.ellipse90) > .85 {
		t.Errorf("%v: the ellipse would have done", all)
	}
}

func (c tally) share(k int) float64 { return float64(k) / float64(c.n) }

func TestRegionsAgreeWithEllipsesInside(t *testing.T) {
	h := invent(t, "A120/0.3", 9, arrivals.StatedNone)
	result, err := locate.Batch(h.sensors, h.arrivals, locate.Config{Regions: locate.RegionsOfAll})
	if err != nil {
		t.Fatal(err)
	}
	same := 0
	for _, e := range result.Events {
		if e.Region.IsEllipse {
			same++
		}
	}
	if n := len(result.Events); n < 100 || 10*same < 7*n || same == n {
		t.Errorf("%d of %d events are ellipses; want most, and not those at the edge", same, n)
	}
}

// Sensors in a line hear alike what lies on either side of it, exactly in a line or some metres
// off it.
func TestALineOfSensorsHasAMirror(t *testing.T) {
	plane := geo.NewPlane(outskirtsMiddle)
	start := truce.InstantOf(time.Date(2031, 3, 3, 0, 0, 0, 0, time.UTC))
	shot := plane.From(500, 2500)
	for _, off := range []int{0, 1, 4} {
		var w outskirtsWorld
		for i := range 9 {
			at := plane.From(geo.Metres(1000*(i-4)), geo.Metres(off*(i*i%5)))
			w.sensors = append(w.sensors, locate.Sensor{ID: fmt.Sprint(i), At: at})
			w.arrivals = append(w.arrivals,
				locate.Arrival{ID: fmt.Sprint("shot", i), Sensor: i, Time: start + 3600e6 + truce.Instant(float64(geo.Distance(at, shot))/340*1e6), Phase: locate.Acoustic},
				locate.Arrival{ID: fmt.Sprint("stray", i), Sensor: i, Time: start + truce.Instant(i)*8000e6, Phase: locate.Acoustic})
		}
		events := w.batch(t, locate.RegionsWhereBent)
		if len(events) != 1 || events[0].Region == nil || len(events[0].Region.Lobes) != 2 {
			t.Fatalf("%d m off: %+v; want one event of two lobes", off, events)
		}
		r := events[0].Region
		if r.IsEllipse || r.Open || !inside(r.Ninety, shot) || !inside(r.Ninety, plane.From(500, -2500)) || inside(r.Ninety, plane.From(500, 0)) {
			t.Errorf("%d m off: %+v: want the shot and its mirror image, and nothing between", off, r)
		}
		for _, l := range r.Lobes {
			if math.Abs(l.Share-.45) > .2 {
				t.Errorf("%d m off: a lobe holds %.3f, want about half of .9", off, l.Share)
			}
		}
	}
}

func TestRegionsDependOnNothingElse(t *testing.T) {
	w := outskirts{events: 40, wide: 40e3, arrays: .3}.invent(3)
	text := func() (out []string) {
		for _, e := range w.batch(t, locate.RegionsWhereBent) {
			if e.Region != nil {
				out = append(out, fmt.Sprint(e.ID, *e.Region))
			}
		}
		return out
	}
	before := runtime.GOMAXPROCS(1)
	want := text()
	if len(want) < 10 {
		t.Fatalf("%d events have regions", len(want))
	}
	runtime.GOMAXPROCS(3)
	same(t, "processors", want, text())
	runtime.GOMAXPROCS(before)
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(w.arrivals), func(i, j int) { w.arrivals[i], w.arrivals[j] = w.arrivals[j], w.arrivals[i] })
	same(t, "order", want, text())

	plain := w.batch(t, locate.NoRegions)
	for i, e := range w.batch(t, locate.RegionsWhereBent) {
		e.Region = nil
		if fmt.Sprint(e) != fmt.Sprint(plain[i]) {
			t.Fatalf("%v was %v without regions", e, plain[i])
		}
	}
}
