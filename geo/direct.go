package geo

// Direct is the point reached from a by going d along the geodesic that leaves it with
// the given azimuth, and the azimuth there (going on). A negative d goes backwards; any
// finite length is followed, round the earth if need be. A latitude outside [-90, 90] or
// anything not finite gives NaN.
//
// Method: Karney 2013, section 2.
func Direct(a Point, azimuth Degrees, d Metres) (b Point, azimuthB Degrees) {
	g := GeodesicFrom(a, azimuth, d)
	return g.at(float64(d))
}
