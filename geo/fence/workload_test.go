package fence

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trucewatch/truce/geo"
)

// workload is workload F: n zones of v corners at equal angles, radius 0.05 degrees times
// uniform(0.6, 1) each, 1.5 times as wide, centres uniform in 36-40 E, 47-50 N.
func workload(n, v int) []Zone {
	random := rand.New(rand.NewPCG(1, uint64(v)))
	zones := make([]Zone, n)
	for i := range zones {
		lon, lat := 36+4*random.Float64(), 47+3*random.Float64()
		ring := make(geo.Ring, 0, v+1)
		for k := range v {
			radius := .05 * (.6 + .4*random.Float64())
			sin, cos := math.Sincos(2 * math.Pi * float64(k) / float64(v))
			ring = append(ring, geo.Point{Lat: geo.Degrees(lat + radius*sin), Lon: geo.Degrees(lon + 1.5*radius*cos)})
		}
		zones[i] = Zone{ID: fmt.Sprintf("Z%d", i+1), Polygons: []geo.Polygon{{append(ring, ring[0])}}}
	}
	return zones
}

// places are points uniform in the box of workload F.
func places(n int) []geo.Point {
	random := rand.New(rand.NewPCG(2, 2))
	out := make([]geo.Point, n)
	for i := range out {
		out[i] = geo.Point{Lat: geo.Degrees(47 + 3*random.Float64()), Lon: geo.Degrees(36 + 4*random.Float64())}
	}
	return out
}

func compiled(t testing.TB, zones []Zone) *Index {
	t.Helper()
	x, err := Compile(zones)
	if err != nil {
		t.Fatal(err)
	}
	return x
}
