package locate

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// TestWhatIsKeptComesBack holds the compact rows against the arrivals: ids short, long and over a
// block, every field at its end, and rows that state more between ones that do not.
func TestWhatIsKeptComesBack(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	var want []Arrival
	for i := range 20_000 {
		a := Arrival{ID: fmt.Sprint("a", i), Sensor: r.IntN(MaxSensors), Phase: Phase(r.IntN(3)), Time: Earliest + truce.Instant(r.Int64N(int64(Latest-Earliest)))}
		switch i % 1000 {
		case 1:
			a.ID = strings.Repeat("x", r.IntN(1200)+1)
		case 2:
			a.ID = strings.Repeat("y", idBlock+i)
		case 3:
			a.Sigma, a.Azimuth, a.AzimuthSigma, a.Amplitude = r.Float64(), geo.Degrees(360*r.Float64()), 2, r.ExpFloat64()
		case 4:
			a.Sensor, a.Amplitude = MaxSensors-1, 7
		}
		want = append(want, a)
	}
	var g memory
	for i := range want {
		if err := g.Append(want[i]); err != nil {
			t.Fatal(err)
		}
	}
	all, err := g.Arrivals()
	if err != nil || len(all) != len(want) {
		t.Fatalf("%d come back of %d, %v", len(all), len(want), err)
	}
	for i, a := range all {
		if a != want[i] {
			t.Fatalf("row %d: %.80v, want %.80v", i, a, want[i])
		}
	}
}

// TestArrivalsAreKeptSmall: an arrival that states no more than its time takes 16 bytes and its id.
func TestArrivalsAreKeptSmall(t *testing.T) {
	const rows = 100_000
	var g memory
	for i := range rows {
		if err := g.Append(Arrival{ID: fmt.Sprintf("a%06d", i), Sensor: i % 1000, Time: Earliest}); err != nil {
			t.Fatal(err)
		}
	}
	bytes := 16*cap(g.rows) + 16*cap(g.ids) + idBlock*len(g.ids)
	if each := float64(bytes) / rows; each > 32 {
		t.Errorf("%.1f bytes each, want at most 32: 16, the id with its length (8), and room to grow", each)
	}
}
