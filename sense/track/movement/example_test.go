package movement_test

import (
	"fmt"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/sense/track/movement"
)

// A drone flies east at 20 m/s, with an error of 40 m, along the edge of a zone 20 m north.
func Example() {
	plane := geo.NewPlane(geo.Point{Lat: -47.5, Lon: -21})
	noon := truce.InstantOf(time.Date(2031, 3, 3, 12, 0, 0, 0, time.UTC))
	t := track.Track{Number: 1}
	for i := range 12 {
		s := float64(i) * 10
		t.States = append(t.States, track.State{Time: noon.Add(time.Duration(s) * time.Second), At: plane.From(geo.Metres(20*s), 0), Sigma: 40,
			SpeedMps: 20, Course: 90, Altitude: 120, High: true, Existence: 1})
	}
	ring := geo.Ring{plane.From(500, 20), plane.From(1500, 20), plane.From(1500, 900), plane.From(500, 900), plane.From(500, 20)}
	area, _ := geo.NewArea("hospital", []geo.Polygon{{ring}})
	visits, _ := movement.Visits(t, movement.Zone{ID: "hospital", Area: area}, movement.Config{})
	for _, v := range visits {
		fmt.Printf("%s: %.1f, in after %.0f s, out after %.0f s\n", v.Zone, v.Chance, v.Entry.From.Sub(noon).Seconds(), v.Exit.From.Sub(noon).Seconds())
	}
	// Output:
	// hospital: 0.3, in after 25 s, out after 75 s
}
