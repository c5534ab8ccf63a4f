package geo_test

import (
	"fmt"

	"github.com/trucewatch/truce/geo"
)

// How far from one town to another, which way to set out, and what lies halfway.
func ExampleNewGeodesic() {
	donetsk, mariupol := geo.Point{Lat: 48.023, Lon: 37.80224}, geo.Point{Lat: 47.09514, Lon: 37.54131}
	d, azimuth, _ := geo.Inverse(donetsk, mariupol)
	fmt.Printf("%.3f m, azimuth %.4f\n", d, azimuth)
	line := geo.NewGeodesic(donetsk, mariupol)
	fmt.Println(line.At(line.Length() / 2))
	// Output:
	// 105013.312 m, azimuth -169.1259
	// 47.55916,37.67062
}
