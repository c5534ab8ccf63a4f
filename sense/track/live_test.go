package track

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// patrol has n objects go straight on from scan 0 to 700; every third ends after 400 scans.
// Plots are 10 m off, nine of ten scans have one, and one is of nothing.
func patrol(n int) []Scan {
	chance := rand.New(rand.NewPCG(21, 22))
	at := truce.Instant(1_900_000_000_000_000)
	plane := geo.NewPlane(geo.Point{Lat: 10, Lon: 20})
	var scans []Scan
	for i := range 700 {
		s := Scan{ID: fmt.Sprint(i), Time: at + truce.Instant(i)*1_000_000}
		add := func(x, y float64) {
			p := plane.From(geo.Metres(x+10*chance.NormFloat64()), geo.Metres(y+10*chance.NormFloat64()))
			s.Plots = append(s.Plots, Plot{ID: fmt.Sprint(len(s.Plots)), Time: s.Time, At: p, Sigma: 10})
		}
		for k := range n {
			if chance.Float64() < .9 && (k%3 != 0 || i < 400) {
				add(float64(i*(5+k)), 2000*float64(k))
			}
		}
		add(20000*chance.Float64(), 20000*chance.Float64())
		scans = append(scans, s)
	}
	return scans
}

// TestSettledPartsAreBatch: what is handed out while scans come, some of them late, and what
// is left at the end are the tracks of the file; and no more is kept than is needed.
func TestSettledPartsAreBatch(t *testing.T) {
	scans := patrol(6)
	want, err := Batch(scans, Config{Late: 20_000_000})
	if err != nil {
		t.Fatal(err)
	}
	live, err := NewLive(Config{Late: 20_000_000})
	if err != nil {
		t.Fatal(err)
	}
	chance := rand.New(rand.NewPCG(23, 24))
	order := slices.Clone(scans)
	for i := 1; i < len(order); i += 9 {
		few := order[i:min(len(order), i+9)]
		chance.Shuffle(len(few), func(a, b int) { few[a], few[b] = few[b], few[a] })
	}
	states, known, calls, most := map[int][]State{}, map[int][]State{}, 0, 0
	take := func(parts []Track) {
		for _, p := range parts {
			states[p.Number] = append(states[p.Number], p.States...)
			known[p.Number] = append(known[p.Number], p.Known...)
			if len(p.States) > 0 {
				calls++
			}
		}
	}
	for i := range order {
		if _, err := live.Add(order[i]); err != nil {
			t.Fatal(err)
		}
		if i%10 == 9 {
			take(live.Settled())
			for k := range live.now.targets {
				most = max(most, len(live.now.targets[k].steps))
			}
		}
	}
	if calls < 20 || most > 2*settleSteps+settleSteps+20+2*checkpointEvery {
		t.Errorf("%d parts were handed out, up to %d states of a track kept", calls, most)
	}
	take(live.Close().Tracks)
	if len(states) != len(want.Tracks) || len(want.Tracks) < 6 {
		t.Fatalf("%d tracks, want %d", len(states), len(want.Tracks))
	}
	for _, tr := range want.Tracks {
		if !reflect.DeepEqual(states[tr.Number], tr.States) || !reflect.DeepEqual(known[tr.Number], tr.Known) {
			t.Errorf("track %d: %d states and %d known handed out, %d and %d in batch, or others", tr.Number, len(states[tr.Number]), len(known[tr.Number]), len(tr.States), len(tr.Known))
		}
	}
}

// TestNothingIsSettledAtFirst, and asking does not harm.
func TestNothingIsSettledAtFirst(t *testing.T) {
	live, err := NewLive(Config{})
	if err != nil {
		t.Fatal(err)
	}
	if got := live.Settled(); len(got) != 0 {
		t.Errorf("%d parts of nothing", len(got))
	}
	scans := patrol(3)[:100]
	for i := range scans {
		if _, err := live.Add(scans[i]); err != nil {
			t.Fatal(err)
		}
		if got := live.Settled(); len(got) != 0 {
			t.Errorf("scan %d: %d parts, though more may come of all", i, len(got))
		}
	}
	want, err := Batch(scans, Config{})
	if err != nil {
		t.Fatal(err)
	}
	if got := live.Close(); !reflect.DeepEqual(got, want) {
		t.Error("other tracks than those of the file")
	}
}

// TestBlocksKnowEnough: a state that was smoothed by its block and the next alone is where
// all that came later puts it.
func TestBlocksKnowEnough(t *testing.T) {
	scans := patrol(2)
	r, err := Batch(scans, Config{})
	if err != nil {
		t.Fatal(err)
	}
	plane := geo.NewPlane(geo.Point{Lat: 10, Lon: 20})
	held := 0
	for _, tr := range r.Tracks {
		if len(tr.States) < len(scans) {
			continue // the other one, that goes at scan 400
		}
		held++
		square, n := 0.0, 0.0
		for _, s := range tr.States {
			x, y := plane.To(s.At)
			i := float64(s.Time-scans[0].Time) / 1e6
			dx, dy := float64(x)-i*6, float64(y)-2000
			square += (dx*dx + dy*dy) / float64(s.Sigma*s.Sigma)
			n++
		}
		near0(t, "squared error over what is told", square/n, 1.8, .7)
	}
	if held != 1 {
		t.Errorf("%d tracks from the first scan to the last, want 1", held)
	}
}
