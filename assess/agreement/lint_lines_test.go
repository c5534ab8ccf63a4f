package agreement

import (
	"math/rand/v2"
	"testing"

	"github.com/trucewatch/truce/geo"
)

func TestSelfCrossing(t *testing.T) {
	for _, row := range []struct {
		name   string
		points []geo.Point
		want   bool
	}{
		{"straight", []geo.Point{{Lat: 0, Lon: 0}, {Lat: 0, Lon: 1}, {Lat: 0, Lon: 2}}, false},
		{"bent", []geo.Point{{Lat: 0, Lon: 0}, {Lat: 1, Lon: 1}, {Lat: 0, Lon: 2}}, false},
		{"a vertex twice", []geo.Point{{Lat: 0, Lon: 0}, {Lat: 1, Lon: 1}, {Lat: 1, Lon: 1}, {Lat: 0, Lon: 2}}, false},
		{"closed", []geo.Point{{Lat: 0, Lon: 0}, {Lat: 0, Lon: 1}, {Lat: 1, Lon: 1}, {Lat: 0, Lon: 0}}, false},
		{"back over itself", []geo.Point{{Lat: 0, Lon: 0}, {Lat: 1, Lon: 0}, {Lat: 0.5, Lon: 0}}, true},
		{"to and fro", []geo.Point{{Lat: 0, Lon: 0}, {Lat: 1, Lon: 0}, {Lat: 0, Lon: 0}}, true},
		{"a loop", []geo.Point{{Lat: 0, Lon: 0}, {Lat: 1, Lon: 1}, {Lat: 1, Lon: 0}, {Lat: 0, Lon: 1}}, true},
		{"touches", []geo.Point{{Lat: 0, Lon: 0}, {Lat: 0, Lon: 2}, {Lat: 1, Lon: 2}, {Lat: 0, Lon: 1}}, true},
		{"through a vertex", []geo.Point{{Lat: 0, Lon: 0}, {Lat: 0, Lon: 1}, {Lat: 0, Lon: 2}, {Lat: 1, Lon: 2}, {Lat: 1, Lon: 1}, {Lat: -1, Lon: 1}}, true},
		{"nothing", nil, false},
		{"one place", []geo.Point{{Lat: 1, Lon: 1}, {Lat: 1, Lon: 1}}, false},
	} {
		if _, got := selfCrossing(row.points); got != row.want {
			t.Errorf("%s: crosses itself %t, want %t", row.name, got, row.want)
		}
	}
}

// The sweep finds what comparing every edge with every other finds.
func TestSelfCrossingFindsWhatEveryPairShows(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range 3000 {
		points := make([]geo.Point, 3+r.IntN(6))
		for i := range points {
			points[i] = geo.Point{Lat: geo.Degrees(r.IntN(5)), Lon: geo.Degrees(r.IntN(9))}
		}
		want, edges := false, stretches(points)
		for i, one := range edges {
			for _, other := range edges[i+1:] {
				want = want || meets(one, other, len(edges))
			}
		}
		if _, got := selfCrossing(points); got != want {
			t.Fatalf("%v: crosses itself %t, want %t", points, got, want)
		}
		if want {
			found++
		}
	}
	if found < 300 || found > 2900 {
		t.Errorf("%d of 3000 lines cross themselves: the sample shows little", found)
	}
}

// A line made to be compared for ever, each edge as wide as the world, is given up on.
func TestSelfCrossingIsBounded(t *testing.T) {
	points := make([]geo.Point, 200_000)
	for i := range points {
		points[i] = geo.Point{Lat: geo.Degrees(float64(i) / 4000), Lon: geo.Degrees(i % 2 * 90)}
	}
	points = append(points, geo.Point{Lat: 0, Lon: 45}) // crosses them all, found or not
	selfCrossing(points)
	short := append(points[:1000:1000], geo.Point{Lat: 0, Lon: 45})
	if _, crosses := selfCrossing(short); !crosses {
		t.Error("the loop of a line of 1,000 edges is not found")
	}
}
