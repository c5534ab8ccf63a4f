package track

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
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

// TestTracksHoldTheirPlots: all but a few plots of an object are held by its track, and none of
// another's; live as in batch, and none where nobody asks.
func TestTracksHoldTheirPlots(t *testing.T) {
	scans, plane := patrol(6), geo.NewPlane(geo.Point{Lat: 10, Lon: 20})
	for i := range scans {
		for k := range scans[i].Plots {
			p := &scans[i].Plots[k]
			_, north := plane.To(p.At)
			p.ID = fmt.Sprintf("%d %d", int(math.Round(float64(north)/2000)), i)
		}
	}
	r, err := Batch(scans, Config{Record: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, tr := range r.Tracks {
		count := map[string]int{}
		for _, h := range tr.Held {
			count[h.Plot[:1]]++
		}
		most := 0
		for _, n := range count {
			most = max(most, n)
		}
		if len(tr.States) > 100 && (most < len(tr.States)*85/100 || len(tr.Held)-most > 2) {
			t.Errorf("track %d of %d states holds %v", tr.Number, len(tr.States), count)
		}
	}
	live, err := NewLive(Config{Record: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := range scans {
		if i%5 == 0 && i+1 < len(scans) {
			scans[i], scans[i+1] = scans[i+1], scans[i]
		}
		if _, err := live.Add(scans[i]); err != nil {
			t.Fatal(err)
		}
	}
	if got := live.Close(); !reflect.DeepEqual(got, r) {
		t.Error("live holds other plots than batch")
	}
	if r, err = Batch(scans, Config{}); err != nil || len(r.Tracks) == 0 || len(r.Tracks[0].Held) > 0 {
		t.Errorf("%v; plots are held though nobody asked", err)
	}
}
