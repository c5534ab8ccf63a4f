package coverage_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/coverage"
	"github.com/trucewatch/truce/geo"
)

// outage is a drawn world: what three satellites saw of one area in three days, and what
// of it reached us.
type outage struct {
	data    coverage.Data
	truth   [3]float64 // the share really observed, by day
	minimum truce.Probability
}

// drawOutage lets every pass happen with its true cloud, then loses files, single passes
// (nothing burnt anywhere), cloud statements and whole satellites at random.
func drawOutage(r *rand.Rand) outage {
	w := outage{minimum: truce.Probability(r.Float64() * 0.8)}
	satellites := coverage.Nominal()[:3]
	planned := 0.0
	for _, s := range satellites {
		planned += s.PassesPerDay(north.Centre.Lat)
	}
	lostFile, lostPass, lostCloud := r.Float64(), r.Float64(), r.Float64()
	for n := range 3 {
		cover, looks := r.Float64(), 0.0
		for _, s := range satellites {
			file := r.Float64() >= lostFile
			for range 3 {
				looks += 1 - cover
				if !file || r.Float64() < lostPass {
					continue
				}
				h := float64(24*n) + 24*r.Float64()
				w.data.Detections = append(w.data.Detections, seen(s.Name, h, geo.Degrees(46+4*r.Float64()), geo.Degrees(34+6*r.Float64())))
			}
		}
		if r.Float64() >= lostCloud {
			w.data.Clouds = append(w.data.Clouds, sky("east", n, cover))
		}
		w.truth[n] = min(1, looks/planned)
	}
	return w
}

// sayer is a way of getting from data to the coverage of each day.
type sayer func(outage) []truce.Coverage

var (
	r13Periods = []truce.Period{day(0), day(1), day(2)}
	r13Config  = coverage.Config{Satellites: coverage.Nominal()[:3]}
)

func say(w outage, cfg coverage.Config) []truce.Coverage {
	return coverage.Thermal([]coverage.Area{north}, r13Periods, w.data, cfg)
}

// overstated counts, over n random outage patterns, the days said to reach the minimum
// whose true share lay below it.
func overstated(n int, speak sayer) (wrong, reached int) {
	for seed := range uint64(n) {
		w := drawOutage(rand.New(rand.NewPCG(13, seed)))
		for k, c := range speak(w) {
			if c.Share == 0 || c.Share < w.minimum {
				continue
			}
			reached++
			if w.truth[k] < float64(w.minimum)-1e-6 {
				wrong++
			}
		}
	}
	return wrong, reached
}

func TestR13CoverageIsNeverOverstated(t *testing.T) {
	wrong, said := overstated(10_000, func(w outage) []truce.Coverage { return say(w, r13Config) })
	if wrong != 0 {
		t.Errorf("the minimum was said to be reached %d times without enough coverage", wrong)
	}
	if said < 500 {
		t.Errorf("the minimum was said to be reached only %d times: the test sees too little", said)
	}
	t.Logf("10,000 outage patterns: minimum reached %d times, never falsely", said)
}

// The controls treat what is missing as zero, each in its own way. R13 must catch them.
func TestR13CatchesMissingTakenForZero(t *testing.T) {
	controls := map[string]sayer{
		"missing cloud is no cloud": func(w outage) []truce.Coverage {
			cfg := r13Config
			cfg.ClearWhenUnknown = 1
			return say(w, cfg)
		},
		"a day without rows is a day without events": func(w outage) []truce.Coverage {
			out := say(w, r13Config)
			for i := range out {
				if len(out[i].Passes) == 0 {
					out[i].Share = 1
				}
			}
			return out
		},
	}
	for name, control := range controls {
		wrong, _ := overstated(2000, control)
		if wrong == 0 {
			t.Errorf("control %q passed: the test cannot see the fault it is for", name)
		}
		t.Logf("control %q caught %d times", name, wrong)
	}
}

func TestR13GapIsShownWithinTwiceTheCadence(t *testing.T) {
	const cadence = 4 * time.Hour
	cfg := coverage.Config{Satellites: coverage.Nominal()[:3], LongestGap: cadence}
	var data coverage.Data
	for h := 0.5; h < 72; h += cadence.Hours() / 2 {
		if h < 30 || h > 44 { // silence from 30 h to 44 h
			data.Detections = append(data.Detections, seen("N20", h, 48, 37))
		}
	}
	for n := range 3 {
		data.Clouds = append(data.Clouds, sky("east", n, 0.1))
	}
	whole := []truce.Period{{From: hour(0), To: hour(72), Zone: "UTC"}}
	gaps := coverage.Thermal([]coverage.Area{north}, whole, data, cfg)[0].Gaps
	gaps = slices.DeleteFunc(gaps, func(g truce.Gap) bool { return g.Sensor != "" }) // N and N21 have no data at all
	if len(gaps) != 1 {
		t.Fatalf("gaps %v, want the one silence", gaps)
	}
	if late := gaps[0].From.Sub(hour(30)); late > 2*cadence || gaps[0].To.Sub(hour(44)) > 2*cadence {
		t.Errorf("the silence is shown as %s to %s", gaps[0].From, gaps[0].To)
	}
}

func ExampleThermal() {
	c := coverage.Thermal([]coverage.Area{north}, []truce.Period{day(0)}, coverage.Data{}, coverage.Config{})[0]
	fmt.Println(c.Share, c.Basis)
	// Output: remote chance (0.00) No pass is known and none is planned: the data hold no detection of a known satellite. Whether one looked is not known.
}
