package fence_test

import (
	"fmt"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/geo/fence"
)

func Example() {
	zones, err := fence.ParseZones([]byte(`{"type":"Feature","id":"Z-BUFFER","properties":{},"geometry":
		{"type":"Polygon","coordinates":[[[30,48],[31,48],[31,49],[30,49],[30,48]]]}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	index, err := fence.Compile(zones)
	if err != nil {
		fmt.Println(err)
		return
	}
	onTheEdge := geo.Point{Lat: 48.5, Lon: 31}
	for _, zone := range index.Zones(onTheEdge, nil) {
		fmt.Println("exactly there:", index.ID(zone))
	}
	town := geo.Position{Point: onTheEdge, Error: geo.Isotropic(geo.SigmaOfR90(3000))}
	for _, chance := range index.Chances(town, 0, nil) {
		fmt.Printf("within 3 km of there: %s with %.2f\n", index.ID(chance.Zone), chance.P)
	}
	// Output:
	// exactly there: Z-BUFFER
	// within 3 km of there: Z-BUFFER with 0.50
}

func ExampleLine() {
	line, err := fence.NewLine("contact", []geo.Point{{Lat: 48, Lon: 30}, {Lat: 49, Lon: 30}})
	if err != nil {
		fmt.Println(err)
		return
	}
	distance, side := line.Nearest(geo.Point{Lat: 48.5, Lon: 30.1})
	fmt.Printf("%.0f m, %s\n", distance, side)
	// Output:
	// 7390 m, right
}
