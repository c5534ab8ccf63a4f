package arrivals_test

import (
	"bytes"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sim/arrivals"
)

// make is the world of a named workload.
func world(t testing.TB, name string, seed uint64) *arrivals.World {
	t.Helper()
	cfg, err := arrivals.ParseWorkload(name, seed)
	if err != nil {
		t.Fatal(err)
	}
	w, err := arrivals.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestWorkloadsHaveTheSizesPublished holds the number of picks against those that the
// comparison of programs was run on: 31,439 and 10,346, one seed each.
func TestWorkloadsHaveTheSizesPublished(t *testing.T) {
	for _, test := range []struct {
		name      string
		published float64
		events    int
		sensors   int
	}{{"S500/0.3", 31439, 500, 100}, {"A500/0.3", 10346, 500, 200}, {"S500/1.0", 48368, 500, 100}} {
		total := 0
		for seed := range uint64(3) {
			w := world(t, test.name, seed+1)
			if len(w.Events) != test.events || len(w.Sensors) != test.sensors {
				t.Errorf("%s: %d events, %d sensors", test.name, len(w.Events), len(w.Sensors))
			}
			total += len(w.Arrivals)
		}
		if mean := float64(total) / 3; math.Abs(mean/test.published-1) > .06 {
			t.Errorf("%s: %.0f arrivals, published %.0f", test.name, mean, test.published)
		}
	}
}

// TestEventsAreKeptAsTheRecipeSays: enough picks, errors as drawn, times that fit.
func TestEventsAreKeptAsTheRecipeSays(t *testing.T) {
	for _, name := range []string{"S100/0.3", "A100/0.3", "A100/0.3+wind"} {
		w := world(t, name, 5)
		var squares float64
		count := 0
		for _, e := range w.Events {
			both := map[int]int{}
			for _, p := range e.Picks {
				a := w.Arrivals[p.Arrival]
				both[a.Sensor]++
				z := (a.Time.Sub(e.Time).Seconds() - travel(w, e, a, strings.HasSuffix(name, "wind"))) / p.Sigma
				squares += z * z
				count++
			}
			stations := 0
			for _, n := range both {
				if n == 2 {
					stations++
				}
			}
			if name[0] == 'S' && (len(e.Picks) < 10 || stations < 4) || len(e.Picks) < 5 {
				t.Errorf("%s: %s has %d picks, %d stations with both", name, e.ID, len(e.Picks), stations)
			}
		}
		if mean := squares / float64(count); math.Abs(mean-1) > 4*math.Sqrt(2/float64(count)) {
			t.Errorf("%s: mean square of %d residuals over sigma is %.3f", name, count, mean)
		}
		if noise := len(w.Arrivals) - count; noise != int(math.Round(.3*float64(count))) {
			t.Errorf("%s: %d false of %d true", name, noise, count)
		}
	}
}

func travel(w *arrivals.World, e arrivals.Event, a arrivals.Arrival, windy bool) float64 {
	d, azimuth, _ := geo.Inverse(e.At, w.Sensors[a.Sensor].At)
	switch a.Phase {
	case arrivals.P:
		return math.Hypot(float64(d), float64(e.Depth)) / arrivals.SpeedP
	case arrivals.S:
		return math.Hypot(float64(d), float64(e.Depth)) / arrivals.SpeedS
	}
	speed := float64(arrivals.SpeedAcoustic)
	if windy {
		speed += 15 * math.Cos(float64(azimuth)*math.Pi/180)
	}
	return float64(d) / speed
}

// TestSameSeedSameFiles, another seed others, and ids tell nothing: true and false arrivals
// have the same mean number.
func TestSameSeedSameFiles(t *testing.T) {
	files := func(seed uint64) map[string]string { return written(t, world(t, "A50/1.0+clocks+broken+arrays", seed)) }
	one, again, other := files(1), files(1), files(2)
	if !maps.Equal(one, again) {
		t.Error("the same seed gave other files")
	}
	for name := range one {
		if one[name] == other[name] {
			t.Errorf("%s is the same for another seed", name)
		}
	}
	w := world(t, "A500/1.0", 1)
	truths := map[string]bool{}
	for _, e := range w.Events {
		for _, p := range e.Picks {
			truths[w.Arrivals[p.Arrival].ID] = true
		}
	}
	ids := make([]string, len(w.Arrivals))
	for i, a := range w.Arrivals {
		ids[i] = a.ID
	}
	slices.Sort(ids)
	sum := 0
	for i, id := range ids {
		if i > 0 && id == ids[i-1] {
			t.Fatalf("id %s stands there twice", id)
		}
		if truths[id] {
			sum += i
		}
	}
	n := float64(len(ids))
	if mean := float64(sum) / float64(len(truths)) / n; math.Abs(mean-.5) > 4*math.Sqrt(1/12.0/float64(len(truths))) {
		t.Errorf("the mean place of true ids is %.3f", mean)
	}
}

type memory struct {
	bytes.Buffer
	done func(string)
}

func (m *memory) Close() error {
	m.done(m.String())
	return nil
}

func written(t *testing.T, w *arrivals.World) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := w.Write(func(name string) (io.WriteCloser, error) {
		return &memory{done: func(text string) { files[name] = text }}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestVariantsChangeOnlyWhatTheyName: the same seed has the same sensors and, as long as
// hearing is the same, the same events.
func TestVariantsChangeOnlyWhatTheyName(t *testing.T) {
	plain := world(t, "A100/0.3", 9)
	for _, variant := range []string{"clocks", "wind"} {
		w := world(t, "A100/0.3+"+variant, 9)
		if !slices.Equal(w.Sensors, plain.Sensors) {
			t.Errorf("%s: other sensors", variant)
		}
		for i, e := range w.Events {
			if e.Time != plain.Events[i].Time || e.At != plain.Events[i].At {
				t.Fatalf("%s: event %d is another", variant, i)
			}
		}
	}
}

func TestSalvosAreShotsFromOnePlace(t *testing.T) {
	w := world(t, "A200/0.3+salvos", 3)
	shots := map[int][]arrivals.Event{}
	for _, e := range w.Events {
		shots[e.Salvo] = append(shots[e.Salvo], e)
	}
	short := 0
	for _, list := range shots {
		if len(list) < 3 {
			short++ // the last, which makes the number up
		}
		if len(list) > 6 {
			t.Errorf("%d shots", len(list))
		}
		for i := 1; i < len(list); i++ {
			gap := list[i].Time.Sub(list[i-1].Time)
			if gap < time.Second || gap > 5*time.Second || list[i].At != list[0].At {
				t.Errorf("gap %s, places %v and %v", gap, list[0].At, list[i].At)
			}
		}
	}
	if short > 1 || len(w.Events) != 200 {
		t.Errorf("%d short salvos, %d events", short, len(w.Events))
	}
}

func TestTroubleIsAsItSays(t *testing.T) {
	w := world(t, "A200/0.3+clocks+broken", 4)
	heard := map[int]int{}
	for _, a := range w.Arrivals {
		heard[a.Sensor]++
	}
	count := map[arrivals.TroubleKind]map[int]bool{arrivals.Clock: {}, arrivals.Dead: {}, arrivals.Chattering: {}}
	for _, trouble := range w.Troubles {
		count[trouble.Kind][trouble.Sensor] = true
		switch {
		case trouble.Kind == arrivals.Clock && (math.Abs(trouble.Offset) < .5 || math.Abs(trouble.Offset) > 3):
			t.Errorf("offset %g", trouble.Offset)
		case trouble.Kind == arrivals.Dead && trouble.From == arrivals.Start && heard[trouble.Sensor] > 0 && !count[arrivals.Chattering][trouble.Sensor]:
			t.Errorf("dead %d reports %d", trouble.Sensor, heard[trouble.Sensor])
		}
	}
	if len(count[arrivals.Clock]) != 20 || len(count[arrivals.Dead]) != 20 || len(count[arrivals.Chattering]) != 4 {
		t.Errorf("%d clocks, %d dead, %d chattering", len(count[arrivals.Clock]), len(count[arrivals.Dead]), len(count[arrivals.Chattering]))
	}
}

// TestArraysPointToTheSource within their sigma, true ones that is.
func TestArraysPointToTheSource(t *testing.T) {
	w := world(t, "A200/0.3+arrays", 2)
	n, squares := 0, 0.0
	for _, e := range w.Events {
		for _, p := range e.Picks {
			a := w.Arrivals[p.Arrival]
			if a.Amplitude <= 0 {
				t.Fatal("an arrival without amplitude")
			}
			if a.AzimuthSigma == 0 {
				continue
			}
			_, azimuth, _ := geo.Inverse(w.Sensors[a.Sensor].At, e.At)
			off := math.Remainder(float64(a.Azimuth-azimuth), 360) / float64(a.AzimuthSigma)
			squares += off * off
			n++
		}
	}
	if n < 200 || math.Abs(squares/float64(n)-1) > .3 {
		t.Errorf("%d bearings, mean square %.2f", n, squares/float64(n))
	}
}

func TestWorkloadNames(t *testing.T) {
	cfg, err := arrivals.ParseWorkload("A10000/3.0+dense", 7)
	if err != nil || cfg.Events != 10000 || cfg.Noise != 3 || cfg.Sensors != 1000 || cfg.Seed != 7 {
		t.Errorf("%+v, %v", cfg, err)
	}
	for name, want := range map[string]string{
		"": "write S or A", "A": "write S or A", "A500": "write S or A", "Axx/1": "write S or A", "A0/1": "write S or A", "A-5/1": "write S or A",
		"B500/0.3": "kind", "A500/NaN": "noise", "A500/-1": "noise", "A500/1+storm": "there are wind", "S500/0.3+wind": "acoustic", "A1000000/1": "events",
		"S500/0.3+dense": "square",
	} {
		if _, err := arrivals.ParseWorkload(name, 1); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
	if _, err := arrivals.New(arrivals.Config{Sensors: 5, Dead: 1, Events: 1}); err == nil || !strings.Contains(err.Error(), "fewer dead") {
		t.Errorf("a dead field gave %v", err)
	}
	if _, err := arrivals.New(arrivals.Config{Dead: 2}); err == nil {
		t.Error("a share of 2 was taken")
	}
}
