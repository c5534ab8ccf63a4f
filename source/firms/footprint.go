package firms

import (
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// orbit is a circular sun-synchronous orbit.
type orbit struct {
	inclination float64 // radians
	perDay      float64 // revolutions
	ascending   float64 // local solar hour at which it crosses the equator northward
}

const radians = math.Pi / 180

// Inclination, period and equator crossing as the missions publish them: JPSS and Suomi
// NPP 98.7 degrees, 101.5 minutes, northward at 13:30; Terra and Aqua 98.2 degrees, 98.9
// minutes, Terra southward at 10:30 and Aqua northward at 13:30. Terra and Aqua have
// drifted since 2020 and 2022, by hours and not by half a day, which is all that is
// asked here.
var (
	afternoonJPSS = orbit{98.7 * radians, 1440 / 101.5, 13.5}
	afternoonEOS  = orbit{98.2 * radians, 1440 / 98.9, 13.5}
	morningEOS    = orbit{98.2 * radians, 1440 / 98.9, 22.5}
)

// trackAzimuth is the direction of flight over the ground at a pixel, to a tenth of a
// degree, from the motion of the point below a satellite on a circular orbit over a
// turning sphere (Capderou 2005, Satellites: Orbits and Missions, section 5.3):
//
//	east  = n cos i / cos lat - w cos lat
//	north = n sqrt(1 - (cos i / cos lat)^2), negative on the southward half
//
// with n revolutions and w one turn a day. The pixel's own latitude stands for that of
// the point below the satellite, which lies up to 1,500 km beside it: at 50 degrees the
// direction is then wrong by up to 16 degrees at the swath's edge, where VIIRS pixels
// are almost square and MODIS pixels twice as wide as long.
func (s *satellite) trackAzimuth(p geo.Point, when truce.Instant) geo.Degrees {
	cosLat := max(math.Cos(float64(p.Lat)*radians), -math.Cos(s.orbit.inclination))
	tilt := math.Cos(s.orbit.inclination) / cosLat // -1 where the orbit turns
	east := s.orbit.perDay*tilt - cosLat
	north := s.orbit.perDay * math.Sqrt(max(0, 1-tilt*tilt))
	if !s.orbit.northward(p, when) {
		north = -north
	}
	azimuth := math.Round(math.Atan2(east, north)/radians*10) / 10
	return geo.Degrees(math.Mod(azimuth+360, 360))
}

// northward tells the two halves of the orbit apart by the local solar time, which for a
// sun-synchronous orbit is within a few hours of the equator crossing's on each half.
func (o *orbit) northward(p geo.Point, when truce.Instant) bool {
	hour := float64(int64(when)%86_400_000_000)/3.6e9 + float64(p.Lon)/15
	since := math.Mod(hour-o.ascending+48, 24)
	return since < 6 || since >= 18
}

// placeError is the footprint's own covariance with the geolocation's added, to a square
// decimetre so that every machine writes the same number.
func (s *satellite) placeError(f geo.Footprint) geo.Covariance {
	part := geo.Metres(s.geolocated)
	located := geo.FromEllipse(geo.Ellipse{Major: part * f.Track, Minor: part * f.Scan, Strike: f.Azimuth})
	c := f.Covariance().Add(located)
	return geo.Covariance{EE: hundredths(c.EE), EN: hundredths(c.EN), NN: hundredths(c.NN)}
}

func hundredths(x float64) float64 { return math.Round(x*100)/100 + 0 }
