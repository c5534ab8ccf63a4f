package locate_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/sim/arrivals"
)

// heard is an invented world as the package takes it.
type heard struct {
	world    *arrivals.World
	sensors  []locate.Sensor
	arrivals []locate.Arrival
}

func invent(t testing.TB, workload string, seed uint64, stated arrivals.Stated) heard {
	t.Helper()
	cfg, err := arrivals.ParseWorkload(workload, seed)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Stated = stated
	world, err := arrivals.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	out := heard{world: world}
	for _, s := range world.Sensors {
		out.sensors = append(out.sensors, locate.Sensor{ID: s.ID, At: s.At, Elev: s.Elev})
	}
	for _, a := range world.Arrivals {
		phase, err := locate.ParsePhase(string(a.Phase))
		if err != nil {
			t.Fatal(err)
		}
		out.arrivals = append(out.arrivals, locate.Arrival{
			ID: a.ID, Sensor: a.Sensor, Time: a.Time, Phase: phase, Sigma: a.Sigma,
			Azimuth: a.Azimuth, AzimuthSigma: a.AzimuthSigma, Amplitude: a.Amplitude,
		})
	}
	return out
}

func (h heard) score(events []locate.Event) arrivals.Score {
	var found []arrivals.Found
	for _, e := range events {
		f := arrivals.Found{Time: e.Time, At: e.At, Depth: e.Depth, Ellipse: e.Ellipse}
		for _, u := range e.Used {
			f.Arrivals = append(f.Arrivals, u.Arrival)
		}
		found = append(found, f)
	}
	return h.world.Score(found)
}

func (h heard) batch(t testing.TB) locate.Result {
	t.Helper()
	result, err := locate.Batch(h.sensors, h.arrivals, locate.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// The bars are below what ten seeds of the full workloads give, since these are short and
// random; they show at once when something breaks.
func TestWorkloadsAreSolved(t *testing.T) {
	for _, c := range []struct {
		workload string
		stated   arrivals.Stated
		f1       float64
		bound    float64 // median error over the Cramer-Rao bound
	}{
		{"A300/0.3", arrivals.StatedNone, .985, .95},
		{"A300/0.3", arrivals.StatedTrue, .985, .95},
		{"A300/1.0+wind", arrivals.StatedNone, .97, 1},
		{"A120/0.3+salvos", arrivals.StatedNone, .85, 1.1},
		{"A300/0.3+clocks", arrivals.StatedNone, .975, 1.1},
		{"A300/1.0+arrays", arrivals.StatedNone, .965, .95},
		{"S200/0.3", arrivals.StatedNone, .97, 1},
		{"S200/1.0", arrivals.StatedFloor, .97, 1},
	} {
		t.Run(c.workload+string(c.stated), func(t *testing.T) {
			h := invent(t, c.workload, 71, c.stated)
			s := h.score(h.batch(t).Events)
			if s.F1() < c.f1 || s.OverBound() > c.bound || s.Coverage() < .8 || s.Coverage() > .97 {
				t.Errorf("%v\nwant F1 >= %g, error <= %g of the bound, coverage near 90%%", s, c.f1, c.bound)
			}
		})
	}
}

func TestNoArrivalIsInTwoEvents(t *testing.T) {
	h := invent(t, "A80/1.0+salvos", 5, arrivals.StatedNone)
	owner := map[int]int{}
	for i, e := range h.batch(t).Events {
		sensors := map[int]bool{}
		for _, u := range e.Used {
			if other, taken := owner[u.Arrival]; taken {
				t.Fatalf("arrival %s is in events %d and %d", h.arrivals[u.Arrival].ID, other, i)
			}
			owner[u.Arrival] = i
			if s := h.arrivals[u.Arrival].Sensor; sensors[s] {
				t.Fatalf("event %d has two arrivals of sensor %d", i, s)
			} else {
				sensors[s] = true
			}
		}
	}
}

// text is a result by ids, to be compared.
func text(h heard, r locate.Result) []string {
	var out []string
	for _, e := range r.Events {
		var used []string
		for _, u := range e.Used {
			used = append(used, fmt.Sprintf("%s %.6f", h.arrivals[u.Arrival].ID, u.Residual))
		}
		slices.Sort(used)
		out = append(out, fmt.Sprint(e.ID, e.Time, e.TimeSigma, e.At, e.Ellipse, e.Depth, e.DepthSigma, e.RMS, e.Score, used))
	}
	for _, x := range r.Health {
		out = append(out, fmt.Sprint(h.sensors[x.Sensor].ID, x.Kind, x.Value, x.From, x.To))
	}
	return append(out, fmt.Sprint(r.Air))
}

func same(t *testing.T, what string, want, got []string) {
	t.Helper()
	if len(want) != len(got) {
		t.Errorf("%s: %d lines, were %d", what, len(got), len(want))
		return
	}
	for i := range want {
		if want[i] != got[i] {
			t.Errorf("%s: line %d is\n%s\nwas\n%s", what, i, got[i], want[i])
			return
		}
	}
}

var properties = []string{"A150/1.0+wind+clocks", "A50/0.3+salvos", "S80/1.0"}

func TestTheOrderOfArrivalsDoesNotMatter(t *testing.T) {
	for _, workload := range properties {
		h := invent(t, workload, 3, arrivals.StatedNone)
		want := text(h, h.batch(t))
		r := rand.New(rand.NewPCG(1, 2))
		r.Shuffle(len(h.arrivals), func(i, j int) { h.arrivals[i], h.arrivals[j] = h.arrivals[j], h.arrivals[i] })
		same(t, workload, want, text(h, h.batch(t)))
	}
}

func TestTheNumberOfProcessorsDoesNotMatter(t *testing.T) {
	for _, workload := range properties {
		h := invent(t, workload, 4, arrivals.StatedNone)
		before := runtime.GOMAXPROCS(1)
		want := text(h, h.batch(t))
		runtime.GOMAXPROCS(3)
		got := text(h, h.batch(t))
		runtime.GOMAXPROCS(before)
		same(t, workload, want, got)
	}
}

func TestAFarSilentSensorChangesNothing(t *testing.T) {
	for _, workload := range properties {
		h := invent(t, workload, 6, arrivals.StatedNone)
		want := text(h, h.batch(t))
		h.sensors = append(h.sensors, locate.Sensor{ID: "far", At: geo.Point{Lat: -41, Lon: -28}})
		same(t, workload, want, text(h, h.batch(t)))
	}
}

func TestBrokenSensorsAreNamed(t *testing.T) {
	h := invent(t, "A400/0.3+broken+clocks", 8, arrivals.StatedNone)
	result := h.batch(t)
	named := map[string]bool{}
	for _, x := range result.Health {
		named[fmt.Sprint(x.Sensor, x.Kind)] = true
	}
	all, found := 0, 0
	for _, trouble := range h.world.Troubles {
		kind := map[arrivals.TroubleKind]locate.HealthKind{
			arrivals.Clock: locate.ClockOffset, arrivals.Dead: locate.Dead, arrivals.Chattering: locate.Chattering,
		}[trouble.Kind]
		all++
		if named[fmt.Sprint(trouble.Sensor, kind)] {
			found++
		}
	}
	if 10*found < 7*all {
		t.Errorf("%d of %d troubles were named", found, all)
	}
	sick := map[int]bool{}
	for _, trouble := range h.world.Troubles {
		sick[trouble.Sensor] = true
	}
	wrong := 0
	for _, x := range result.Health {
		if !sick[x.Sensor] {
			wrong++
		}
	}
	if wrong > 3 {
		t.Errorf("%d sensors in good order were named", wrong)
	}
}

func BenchmarkBatch(b *testing.B) {
	for _, workload := range []string{"S500/0.3", "S2000/1.0", "A500/0.3", "A2000/1.0"} {
		b.Run(workload, func(b *testing.B) {
			h := invent(b, workload, 1, arrivals.StatedNone)
			b.ReportAllocs()
			for b.Loop() {
				h.batch(b)
			}
			b.ReportMetric(float64(len(h.arrivals))*float64(b.N)/b.Elapsed().Seconds(), "arrivals/s")
		})
	}
}

// TestOneWrongClock: where a single clock is wrong the events are kept, and its arrivals are found
// to be theirs once it is set right.
func TestOneWrongClock(t *testing.T) {
	h := invent(t, "A400/0.3", 21, arrivals.StatedNone)
	const wrong, ahead = 17, 2_400_000
	for i := range h.arrivals {
		if h.arrivals[i].Sensor == wrong {
			h.arrivals[i].Time += ahead
		}
	}
	result := h.batch(t)
	if len(result.Health) != 1 || result.Health[0].Sensor != wrong || math.Abs(result.Health[0].Value-ahead/1e6) > .1 {
		t.Fatalf("health %+v, want the clock of sensor %d %g s ahead", result.Health, wrong, ahead/1e6)
	}
	heard, used := 0, 0
	for _, e := range h.world.Events {
		for _, p := range e.Picks {
			if h.arrivals[p.Arrival].Sensor == wrong {
				heard++
			}
		}
	}
	for _, e := range result.Events {
		for _, u := range e.Used {
			if h.arrivals[u.Arrival].Sensor == wrong {
				used++
			}
		}
	}
	if 10*used < 9*heard || used > heard+2 {
		t.Errorf("%d arrivals of the sensor are used, %d are of events", used, heard)
	}
}
