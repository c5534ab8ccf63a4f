package ends_test

import (
	"fmt"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/sense/track/movement"
	"github.com/trucewatch/truce/sense/track/movement/ends"
)

// A drone is first seen at 40 m, climbing, in the midst of what a radar sees down to 30 m.
func Example() {
	home := geo.Point{Lat: -47.5, Lon: -21}
	plane := geo.NewPlane(home)
	noon := truce.InstantOf(time.Date(2031, 3, 3, 12, 0, 0, 0, time.UTC))
	t := track.Track{Number: 4}
	for i := range 24 {
		s := float64(i) * 5
		t.States = append(t.States, track.State{Time: noon.Add(time.Duration(s) * time.Second), At: plane.From(geo.Metres(12*s), 0), Sigma: 20,
			SpeedMps: 12, Course: 90, Altitude: geo.Metres(min(150, 40+3*s)), High: true, Existence: 1})
	}
	radar, _ := geo.Circle("radar", home, 12_000)
	launch, landing, _ := ends.Of(t, ends.Config{
		Coverage: ends.Coverage{Area: radar, Floor: 30, Looking: truce.Period{From: noon.Add(-time.Hour), To: noon.Add(time.Hour)}},
		Signs:    movement.Signs{Said: "uav"},
	})
	fmt.Printf("launch %.1f, %.0f s before it was seen\n", launch.Chance, noon.Sub(launch.Time.From).Seconds())
	fmt.Println("landing:", landing.Why)
	// Output:
	// launch 0.7, 13 s before it was seen
	// landing: it is in the midst of what the sensors see, too high for it
}
