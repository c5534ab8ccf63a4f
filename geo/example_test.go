package geo_test

import (
	"fmt"
	"time"

	"github.com/trucewatch/truce/geo"
)

// A line on an invented island, running north: the west is on its left.
func exampleLine() *geo.Line {
	line, err := geo.NewLine("reference", []geo.Point{{Lat: -39.9, Lon: -20}, {Lat: -39.7, Lon: -20}})
	if err != nil {
		panic(err)
	}
	return line
}

func ExampleLine_Nearest() {
	foot := exampleLine().Nearest(geo.Point{Lat: -39.8, Lon: -20.05})
	fmt.Printf("%.0f m to the %s of %v\n", foot.Distance, foot.Side, foot.Point)
	// Output: 4282 m to the left of -39.80001,-20.00000
}

func ExampleBand_Probability() {
	band := geo.Band{Line: exampleLine(), Side: geo.Left, From: 0, To: 15_000}
	seen := geo.Position{
		Point: geo.Point{Lat: -39.8, Lon: -20.172},
		Error: geo.FromEllipse(geo.Ellipse{Major: 800, Minor: 300, Strike: 90}),
	}
	fmt.Printf("in the band with %.2f\n", band.Probability(seen, 200))
	// Output: in the band with 0.63
}

func ExampleArea_Probability() {
	zone, err := geo.NewArea("buffer", []geo.Polygon{{{
		{Lat: -39.9, Lon: -20.1}, {Lat: -39.9, Lon: -20}, {Lat: -39.8, Lon: -20}, {Lat: -39.8, Lon: -20.1}, {Lat: -39.9, Lon: -20.1},
	}}})
	if err != nil {
		panic(err)
	}
	pixel := geo.Footprint{Scan: 400, Track: 400}
	heat := geo.Position{Point: geo.Point{Lat: -39.8, Lon: -20.05}, Error: pixel.Covariance(), Footprint: &pixel}
	fmt.Printf("%.1f km2, inside with %.2f\n", zone.SquareMetres()/1e6, zone.Probability(heat, 0))
	// Output: 95.0 km2, inside with 0.50
}

func ExampleParseGeoJSON() {
	_, err := geo.ParseGeoJSON([]byte(`{"type":"Feature","id":"buffer","geometry":
		{"type":"Polygon","coordinates":[[[-20.1,-39.9],[-20,-39.8],[-20,-39.9],[-20.1,-39.8],[-20.1,-39.9]]]}}`))
	fmt.Println(err)
	// Output: feature buffer, ring 0, vertex 0: the edge between vertices 0 and 1 and that between 2 and 3 cross near -39.90000,-20.10000: remove the loop or the overlap (in QGIS: Fix geometries)
}

func ExampleAt() {
	day := func(d int) time.Time { return time.Date(2030, 5, d, 0, 0, 0, 0, time.UTC) }
	versions := []geo.Version[string]{
		{Value: "line of 1 May", ValidFrom: day(1), KnownFrom: day(1)},
		{Value: "line of 3 May, agreed on the 5th", ValidFrom: day(3), KnownFrom: day(5)},
	}
	then, _ := geo.At(versions, day(4), day(4))
	now, _ := geo.At(versions, day(4), day(6))
	fmt.Printf("known then: %s; known now: %s\n", then.Value, now.Value)
	// Output: known then: line of 1 May; known now: line of 3 May, agreed on the 5th
}

func ExampleFuse() {
	p, c := geo.Fuse(
		geo.Point{Lat: -39.8, Lon: -20}, geo.Isotropic(300),
		geo.Point{Lat: -39.8, Lon: -20.01}, geo.FromEllipse(geo.Ellipse{Major: 900, Minor: 100, Strike: 0}))
	e := c.Ellipse90()
	fmt.Printf("%v, 90 %% within %.0f x %.0f m\n", p, e.Major, e.Minor)
	// Output: -39.80000,-20.00900, 90 % within 611 x 204 m
}

func ExampleDiffAreas() {
	square := func(east geo.Degrees) *geo.Area {
		a, err := geo.NewArea("area", []geo.Polygon{{{
			{Lat: -39.9, Lon: -20.1}, {Lat: -39.9, Lon: east}, {Lat: -39.8, Lon: east}, {Lat: -39.8, Lon: -20.1}, {Lat: -39.9, Lon: -20.1},
		}}})
		if err != nil {
			panic(err)
		}
		return a
	}
	change, err := geo.DiffAreas(square(-20), square(-20.01))
	if err != nil {
		panic(err)
	}
	fmt.Printf("gained %.2f km2, lost %.2f km2\n", change.GainedArea()/1e6, change.LostArea()/1e6)
	// Output: gained 0.00 km2, lost 9.50 km2
}
