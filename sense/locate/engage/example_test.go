package engage_test

import (
	"fmt"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/sense/locate/engage"
)

// Two blasts 30 s and 3 km apart: too slow for a howitzer, as a mortar's bomb flies.
func ExampleTie() {
	field := engage.Field{Events: []locate.Event{blast(100, 0, 0), blast(130, 2121, 2121)}}
	result, err := engage.Tie(field, engage.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range result.Engagements {
		fmt.Printf("towards %.0f degrees, %.0f m in %.0f s\n", e.Direction, e.Distance, e.TimeOfFlight)
		mortars := 0.0
		for _, w := range e.Classes {
			if w.Class == engage.Mortar60 || w.Class == engage.Mortar82 || w.Class == engage.Mortar120 {
				mortars += w.P
			}
		}
		fmt.Println("a mortar is likelier than not:", mortars > .5)
		line, err := geo.NewLine("contact", []geo.Point{{Lat: -47.89, Lon: -21.7}, {Lat: -47.89, Lon: -21.5}})
		if err != nil {
			fmt.Println(err)
			return
		}
		left, right, unknown := e.Sides(line, 50)
		fmt.Println("fired from the right of the line rather than the left:", right > left, "and never surely:", unknown > 0)
	}
	// Output:
	// towards 45 degrees, 3000 m in 30 s
	// a mortar is likelier than not: true
	// fired from the right of the line rather than the left: true and never surely: true
}
