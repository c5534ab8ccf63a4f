package locating

import (
	"math"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source/arrivals"
)

func TestAirOfOneStation(t *testing.T) {
	const hour = truce.Instant(3600e6)
	at := geo.Point{Lat: 48, Lon: 37}
	air := Air([]arrivals.Weather{
		{Time: 20 * hour, At: at, Temperature: 20, WindFrom: 90, Wind: 10},
		{Time: 10 * hour, At: at, Temperature: -10, WindFrom: 0, Wind: 5},
		{Time: 10 * hour, At: at, Temperature: 50, WindFrom: 0, Wind: 5},
	})
	if len(air) != 2 || air[0].From != 0 || air[0].To != 15*hour || air[1].From != 15*hour || air[1].To != 0 {
		t.Fatalf("%+v", air)
	}
	// 325.2 m/s at -10 and 343.2 at 20 degrees Celsius are what tables of dry air have.
	for i, want := range []struct{ speed, east, north float64 }{{325.2, 0, -5}, {343.2, -10, 0}} {
		if a := air[i]; math.Abs(a.Speed-want.speed) > .1 || math.Abs(a.East-want.east) > 1e-9 || math.Abs(a.North-want.north) > 1e-9 || a.Area != (geo.Bounds{}) {
			t.Errorf("%+v, want %+v", a, want)
		}
	}
	if Air(nil) != nil {
		t.Error("no weather gave air")
	}
}

// TestAirOfSeveralStations: every place has the air of one of them, its own first of all.
func TestAirOfSeveralStations(t *testing.T) {
	places := []geo.Point{{Lat: 48, Lon: 37}, {Lat: 48.2, Lon: 37.9}, {Lat: 47, Lon: 36}, {Lat: 49, Lon: 39}, {Lat: 48.1, Lon: 37.1}}
	var rows []arrivals.Weather
	for i, p := range places {
		rows = append(rows, arrivals.Weather{Time: 1e15, At: p, Temperature: float64(i)})
	}
	air := Air(rows)
	speedAt := func(p geo.Point) (speed float64, count int) {
		for _, a := range air {
			if a.Area.Contains(p) {
				speed = a.Speed
				count++
			}
		}
		return speed, count
	}
	for i, p := range places {
		want := soundAtZero * math.Sqrt(1+float64(i)/zeroCelsius)
		if speed, n := speedAt(p); n != 1 || math.Abs(speed-want) > 1e-9 {
			t.Errorf("at %s: %d airs, speed %g, want %g", p, n, speed, want)
		}
	}
	for _, p := range []geo.Point{{Lat: 0, Lon: 0}, {Lat: 89, Lon: -179}, {Lat: 48.05, Lon: 37.03}} {
		if _, n := speedAt(p); n != 1 {
			t.Errorf("at %s there are %d airs", p, n)
		}
	}
}
