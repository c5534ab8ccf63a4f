package ends

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
	"github.com/trucewatch/truce/sense/track"
)

var home = geo.Point{Lat: -47.5, Lon: -21}

const (
	begin = truce.Instant(1_930_000_000_000_000)
	every = 5.0 // s, between looks
	reach = 15_000.0
)

// world is where invented flights are watched from.
type world struct {
	rng   *rand.Rand
	plane geo.Plane
	area  *geo.Area
	floor float64
}

func newWorld(t *testing.T, seed uint64, floor float64) *world {
	t.Helper()
	area, err := geo.Circle("watched", home, reach)
	if err != nil {
		t.Fatal(err)
	}
	return &world{rng: rand.New(rand.NewPCG(seed, 2)), plane: geo.NewPlane(home), area: area, floor: floor}
}

func (w *world) config() Config {
	return Config{Coverage: Coverage{Area: w.area, Floor: geo.Metres(w.floor), Detection: .8,
		Looking: truce.Period{From: begin - 3600_000_000, To: begin + 7200_000_000}}}
}

// moment of a flight: metres from home, above ground, and velocity.
type moment struct{ x, y, high, u, v float64 }

// flight is where an object is at a time, s since begin.
type flight func(s float64) moment

// from is a number drawn evenly.
func (w *world) from(a, b float64) float64 { return a + (b-a)*w.rng.Float64() }

// takeOff is a drone that stands, rises, sets off in some direction and cruises. Its rates are
// drawn otherwise than the package's habits.
func (w *world) takeOff() flight {
	r, turn := .85*reach*math.Sqrt(w.rng.Float64()), w.from(0, 2*math.Pi)
	x, y := r*math.Sin(turn), r*math.Cos(turn)
	climb := 3 * math.Exp(.35*w.rng.NormFloat64())
	cruise, away := w.from(10, 20), w.from(1, 3) // m/s, m/s2
	top, wait := w.from(80, 350), w.from(2, 12)
	sin, cos := math.Sincos(w.from(0, 2*math.Pi))
	return func(s float64) moment {
		moving := max(0, s-wait)
		speed := min(cruise, away*moving)
		full := cruise / away
		way := away * min(moving, full) * min(moving, full) / 2
		way += cruise * max(0, moving-full)
		return moment{x + way*sin, y + way*cos, min(top, max(0, climb*s)), speed * sin, speed * cos}
	}
}

// passing is a drone that flies straight in over the edge at some height.
func (w *world) passing() flight {
	turn, speed, high := w.from(0, 2*math.Pi), w.from(10, 20), w.from(60, 500)
	x, y := 1.02*reach*math.Sin(turn), 1.02*reach*math.Cos(turn)
	sin, cos := math.Sincos(turn + math.Pi + w.from(-1, 1))
	return func(s float64) moment {
		return moment{x + speed*s*sin, y + speed*s*cos, high, speed * sin, speed * cos}
	}
}

// hidden is a drone that comes in below what is seen and rises somewhere.
func (w *world) hidden() flight {
	r, turn := .85*reach*math.Sqrt(w.rng.Float64()), w.from(0, 2*math.Pi)
	x, y := r*math.Sin(turn), r*math.Cos(turn)
	sin, cos := math.Sincos(w.from(0, 2*math.Pi))
	low, climb, speed := w.floor*w.from(.4, .9), 3*math.Exp(.35*w.rng.NormFloat64()), w.from(10, 20)
	top := w.from(80, 350)
	return func(s float64) moment {
		s -= 200
		return moment{x + speed*s*sin, y + speed*s*cos, min(top, low+climb*max(0, s)), speed * sin, speed * cos}
	}
}

// watch is the track of a flight: looks from the first that sees it, with errors of 25 m, of
// the height 12 m.
func (w *world) watch(f flight) track.Track {
	t := track.Track{Number: 1}
	phase := w.from(0, every)
	for i := 0; len(t.States) < 40 && i < 4000; i++ {
		s := phase + float64(i)*every
		m := f(s)
		if len(t.States) == 0 && (m.high < w.floor || m.high <= 0 || math.Hypot(m.x, m.y) > reach || w.rng.Float64() > .8) {
			continue
		}
		u, v := m.u+w.rng.NormFloat64(), m.v+w.rng.NormFloat64()
		t.States = append(t.States, track.State{
			Time: begin + truce.Instant(s*1e6), At: w.plane.From(geo.Metres(m.x+25*w.rng.NormFloat64()), geo.Metres(m.y+25*w.rng.NormFloat64())), Sigma: 25,
			SpeedMps: math.Hypot(u, v), Course: geo.Degrees(math.Mod(360+math.Atan2(u, v)*180/math.Pi, 360)),
			Altitude: geo.Metres(m.high + 12*w.rng.NormFloat64()), High: true, Existence: .99,
		})
	}
	return t
}

// backwards is a track in reversed time: what took off lands.
func backwards(t track.Track) track.Track {
	out := t
	out.States = slices.Clone(t.States)
	slices.Reverse(out.States)
	for i := range out.States {
		s := &out.States[i]
		s.Time = 2*begin + 3600_000_000 - s.Time
		s.Course = geo.Degrees(math.Mod(float64(s.Course)+180, 360))
	}
	return out
}

func of(t *testing.T, tr track.Track, cfg Config) (End, End) {
	t.Helper()
	launch, landing, err := Of(tr, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return launch, landing
}

// missed is how many sigmas squared a true place is off, in the ellipse of an area.
func missed(area geo.Position, truth geo.Point) float64 {
	plane := geo.NewPlane(area.Point)
	east, north := plane.To(truth)
	x, y, c := float64(east), float64(north), area.Error
	return (c.NN*x*x - 2*c.EN*x*y + c.EE*y*y) / (c.EE*c.NN - c.EN*c.EN)
}

// TestAreasHoldWhereFlightsBegan: of 300 invented flights that took off, the area holds the
// true place, and the time the true time, as often as they say; the same read backwards lands.
func TestAreasHoldWhereFlightsBegan(t *testing.T) {
	for _, floor := range []float64{15, 60} {
		w := newWorld(t, uint64(floor), floor)
		told, in, inTime, landed, off := 0, 0, 0, 0, []float64(nil)
		const n = 300
		for range n {
			f := w.takeOff()
			start := f(0)
			tr := w.watch(f)
			truth := w.plane.From(geo.Metres(start.x), geo.Metres(start.y))
			launch, _ := of(t, tr, w.config())
			if launch.Why != "" {
				continue
			}
			told++
			off = append(off, float64(geo.Distance(launch.Area.Point, truth)))
			if missed(launch.Area, truth) < num.Chi2Quantile2(.9) {
				in++
			}
			if math.Abs(launch.Time.From.Sub(begin).Seconds()) < 1.645*float64(launch.Time.Sigma)/1e6 {
				inTime++
			}
			_, landing := of(t, backwards(tr), w.config())
			if landing.Why == "" && math.Abs(landing.Chance-launch.Chance) < .1 && geo.Distance(landing.Area.Point, launch.Area.Point) < 5 {
				landed++
			}
		}
		slices.Sort(off)
		t.Logf("floor %g m: %d of %d told, median %.0f m off, in the 90 %% ellipse %.3f, in the 90 %% time %.3f, landings alike %d", floor, told, n, off[told/2], float64(in)/float64(told), float64(inTime)/float64(told), landed)
		if told < n*8/10 {
			t.Errorf("floor %g: %d of %d launches are told", floor, told, n)
		}
		if share := float64(in) / float64(told); share < .85 || share > .995 {
			t.Errorf("floor %g: %.3f of the true places lie in the 90 %% ellipse", floor, share)
		}
		if share := float64(inTime) / float64(told); share < .85 || share > .995 {
			t.Errorf("floor %g: %.3f of the true times lie within 1.645 sigmas", floor, share)
		}
		if landed < told*9/10 {
			t.Errorf("floor %g: %d of %d are told alike as landings", floor, landed, told)
		}
		if off[told/2] > 60+2*floor*10/3 {
			t.Errorf("floor %g: the median of the areas is %.0f m off", floor, off[told/2])
		}
	}
}

// TestFlyingInIsNoLaunch: of 300 that fly straight in, hardly one is told of, and nearly all
// for the right reason.
func TestFlyingInIsNoLaunch(t *testing.T) {
	w := newWorld(t, 5, 40)
	told, edge, sum := 0, 0, 0.0
	const n = 300
	for range n {
		launch, _ := of(t, w.watch(w.passing()), w.config())
		sum += launch.Chance
		switch launch.Why {
		case "":
			told++
		case WhyEdge, WhyOutside:
			edge++
		}
		if launch.Why != "" && (launch.Area != (geo.Position{}) || launch.Time != (truce.PhenomenonTime{})) {
			t.Fatalf("%+v: no area, and yet a place or a time", launch)
		}
	}
	t.Logf("%d of %d told, %d at the edge, mean chance %.4f", told, n, edge, sum/n)
	if told > n/50 || edge < n*9/10 {
		t.Errorf("%d of %d that flew in are told of, %d are said to be at the edge", told, n, edge)
	}
}

// TestChancesAreKept: of a mixture of flights that began, came in hidden, passed or whose track
// was torn, as many began as the chances say, among the likely ones and among the others.
func TestChancesAreKept(t *testing.T) {
	w := newWorld(t, 9, 40)
	var brier float64
	var bins [2]struct{ n, truth, said float64 }
	const n = 600
	for i := range n {
		f, truth := w.passing(), 0.0
		switch i % 10 {
		case 0, 1, 2, 3:
			f, truth = w.takeOff(), 1
		case 4, 5:
			f = w.hidden()
		}
		tr := w.watch(f)
		if i%10 == 6 {
			tr.States = tr.States[20:] // the track begins anew
		}
		launch, _ := of(t, tr, w.config())
		brier += (launch.Chance - truth) * (launch.Chance - truth) / n
		bin := &bins[0]
		if launch.Chance > .5 {
			bin = &bins[1]
		}
		bin.n, bin.truth, bin.said = bin.n+1, bin.truth+truth, bin.said+launch.Chance
	}
	for _, b := range bins {
		t.Logf("%g: began %.3f, said %.3f", b.n, b.truth/b.n, b.said/b.n)
		if b.n < 200 || math.Abs(b.truth-b.said)/b.n > .12 {
			t.Errorf("of %g, %.3f began; said were %.3f", b.n, b.truth/b.n, b.said/b.n)
		}
	}
	t.Logf("Brier %.4f", brier)
	// A constant 0.4 has 0.24; what came in hidden begins as what took off does.
	if brier > .17 {
		t.Errorf("the Brier score is %.4f", brier)
	}
}

// rising is a drone seen from a height on that flies east from a place, metres from home.
func rising(x, high, climb, speed float64) track.Track {
	t := track.Track{Number: 7}
	plane := geo.NewPlane(home)
	for i := range 30 {
		s := float64(i) * every
		t.States = append(t.States, track.State{Time: begin + truce.Instant(s*1e6), At: plane.From(geo.Metres(x+speed*s), 0), Sigma: 20,
			SpeedMps: speed, Course: 90, Altitude: geo.Metres(min(high+60, high+climb*s)), High: true, Existence: 1})
	}
	return t
}

// TestWhyThereIsNone: every reason is given where it holds, and the same end has an area when
// it does not.
func TestWhyThereIsNone(t *testing.T) {
	w := newWorld(t, 1, 30)
	good, cfg := rising(0, 35, 3, 12), w.config()
	cfg.Signs.Said = "uav"
	if launch, landing := of(t, good, cfg); launch.Why != "" || launch.Chance < .5 || launch.Track != 7 || launch.Kind != Launch || landing.Kind != Landing || landing.Why != WhyMidst {
		t.Errorf("%+v and %+v: want a launch and no landing, since it was last seen at 95 m in the midst", launch, landing)
	}
	flat := rising(0, 35, 3, 12)
	flat.States[0].High = false
	late, deep, sea := cfg, cfg, cfg
	late.Coverage.Looking.From = good.States[0].Time - 4_000_000
	deep.Coverage.Floor, deep.Least = 400, .6
	sea.Signs.Said, sea.Signs.Ground = "vehicle", true
	sea.Signs.GroundLevel = 0
	lorry := rising(0, 0, 0, 15)
	for _, c := range []struct {
		name string
		t    track.Track
		cfg  Config
		want Why
	}{
		{"no altitude", flat, cfg, WhyAltitude},
		{"beyond the rim", rising(reach+500, 35, 3, 12), cfg, WhyOutside},
		{"just inside of the rim, from outside", rising(60-reach, 35, 0, 12), cfg, WhyEdge},
		{"there when they began to look", rising(0, 95, 0, 12), late, WhyRecording},
		{"high in the midst", rising(0, 400, 0, 12), cfg, WhyMidst},
		{"hidden up to 400 m, level", rising(0, 400, 0, 12), deep, WhyLow},
		{"a lorry", lorry, sea, WhyNoFlight},
	} {
		launch, _ := of(t, c.t, c.cfg)
		if launch.Why != c.want || launch.Area != (geo.Position{}) || launch.Chance >= max(c.cfg.Least, DefaultLeast) {
			t.Errorf("%s: %q at %.3f, want %q and no area", c.name, launch.Why, launch.Chance, c.want)
		}
	}
}

// TestAnAreaGrowsWithWhatIsHidden: the higher the floor, the wider the area and the earlier
// the launch; and it lies behind, not ahead.
func TestAnAreaGrowsWithWhatIsHidden(t *testing.T) {
	last, before := 0.0, truce.Instant(0)
	plane := geo.NewPlane(home)
	for _, floor := range []float64{10, 40, 80, 120} {
		w := newWorld(t, 1, floor)
		launch, _ := of(t, rising(0, floor+5, 3, 15), w.config())
		if launch.Why != "" {
			t.Fatalf("floor %g: %q", floor, launch.Why)
		}
		wide := float64(launch.Area.Error.Ellipse().Major)
		east, _ := plane.To(launch.Area.Point)
		if wide <= last || east >= 0 || before != 0 && launch.Time.From >= before || launch.Time.From >= begin {
			t.Errorf("floor %g: %g m wide after %g, %g m east, at %s after %s", floor, wide, last, float64(east), launch.Time.From, before)
		}
		last, before = wide, launch.Time.From
	}
}

// TestSenselessIsRefused on both sides of each bound, by name.
func TestSenselessIsRefused(t *testing.T) {
	w := newWorld(t, 1, 30)
	for _, c := range []struct {
		name string
		set  func(*Config)
		ok   bool
	}{
		{"all as usual", func(*Config) {}, true},
		{"no area", func(c *Config) { c.Coverage.Area = nil }, false},
		{"the highest floor", func(c *Config) { c.Coverage.Floor = maxFloor }, true},
		{"a floor above it", func(c *Config) { c.Coverage.Floor = maxFloor + 1 }, false},
		{"a floor that is no number", func(c *Config) { c.Coverage.Floor = geo.Metres(math.NaN()) }, false},
		{"an hour between looks", func(c *Config) { c.Coverage.Between = maxBetween }, true},
		{"longer", func(c *Config) { c.Coverage.Between = maxBetween + 1 }, false},
		{"negative", func(c *Config) { c.Coverage.Between = -1 }, false},
		{"sees all", func(c *Config) { c.Coverage.Detection = 1 }, true},
		{"sees more", func(c *Config) { c.Coverage.Detection = 1.01 }, false},
		{"a chance of one", func(c *Config) { c.Least = 1 }, true},
		{"more", func(c *Config) { c.Least = 1.01 }, false},
		{"an altitude error below 0", func(c *Config) { c.AltitudeSigma = -1 }, false},
	} {
		cfg := w.config()
		c.set(&cfg)
		_, _, err := Of(rising(0, 35, 3, 12), cfg)
		if c.ok != (err == nil) || !c.ok && truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, _, err := Of(track.Track{States: make([]track.State, 1)}, w.config()); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("a track of one state: %v", err)
	}
}

// TestChancesAreChances for anything that a track may be.
func TestChancesAreChances(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for range 300 {
		w := newWorld(t, 1, 300*rng.Float64())
		tr := rising(reach*(2*rng.Float64()-1), 3000*rng.Float64()-200, 20*rng.Float64()-10, 60*rng.Float64())
		tr.States = tr.States[:2+rng.IntN(28)]
		cfg := w.config()
		cfg.Coverage.Detection, cfg.Least = rng.Float64(), rng.Float64()
		launch, landing := of(t, tr, cfg)
		for _, e := range []End{launch, landing} {
			if !(e.Chance >= 0 && e.Chance <= 1) || (e.Why == "") != (e.Area.Error.EE > 0) || e.Why == "" && (!e.Area.Valid() || !e.Area.Error.Valid()) {
				t.Fatalf("%+v", e)
			}
		}
	}
}
