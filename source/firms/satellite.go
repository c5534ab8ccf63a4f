package firms

import (
	"bytes"
	"fmt"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// satellite is one of the five whose detections FIRMS gives out.
type satellite struct {
	name       string
	instrument string
	first      truce.Instant // no detection before
	orbit      *orbit
	geolocated float64 // 1-sigma error of the geolocation as a part of the pixel's side
}

// day is a first day as microseconds; the days are those of the products' first data.
func day(n int64) truce.Instant { return truce.Instant(n * 86_400 * 1e6) }

// Geolocation: NASA states 75 m (1 sigma) in scan and track at nadir for VIIRS (product
// page of VJ203IMG; Lin et al. 2022, Remote Sensing 14, 4212) and 50 m for MODIS (Wolfe
// et al. 2002, Remote Sensing of Environment 83). The error is one of pointing, so it
// grows toward the edge of the swath as the pixel does; it is kept as a part of it.
const (
	viirsGeolocated = 75.0 / 375
	modisGeolocated = 50.0 / 1000
)

var (
	suomi  = &satellite{"N", "VIIRS", day(15_358), &afternoonJPSS, viirsGeolocated}   // 2012-01-19
	noaa20 = &satellite{"N20", "VIIRS", day(17_501), &afternoonJPSS, viirsGeolocated} // 2017-12-01
	noaa21 = &satellite{"N21", "VIIRS", day(19_314), &afternoonJPSS, viirsGeolocated} // 2022-11-18
	terra  = &satellite{"Terra", "MODIS", day(11_011), &morningEOS, modisGeolocated}  // 2000-02-24
	aqua   = &satellite{"Aqua", "MODIS", day(11_859), &afternoonEOS, modisGeolocated} // 2002-06-21
)

// satelliteOf reads the names FIRMS has used over the years. "1" was NOAA-20.
func satelliteOf(name, instrument []byte, modis bool) (*satellite, error) {
	var s *satellite
	switch string(name) {
	case "N20", "1", "NOAA-20", "NOAA20", "J1", "JPSS-1":
		s = noaa20
	case "N21", "2", "NOAA-21", "NOAA21", "J2", "JPSS-2":
		s = noaa21
	case "N", "Suomi", "Suomi NPP", "Suomi-NPP", "SNPP", "S-NPP", "NPP":
		s = suomi
	case "T", "Terra":
		s = terra
	case "A", "Aqua":
		s = aqua
	default:
		return nil, fmt.Errorf("satellite is %s, want N, N20, N21, Terra or Aqua", source.Shown(name))
	}
	if modis != (s.instrument == "MODIS") {
		return nil, fmt.Errorf("satellite %s carries %s, and the columns are of the other instrument", s.name, s.instrument)
	}
	if len(instrument) > 0 && !bytes.EqualFold(instrument, []byte(s.instrument)) {
		return nil, fmt.Errorf("satellite %s carries %s, and the row says %s", s.name, s.instrument, source.Shown(instrument))
	}
	return s, nil
}

func (s *satellite) tooEarly(when truce.Instant) error {
	return fmt.Errorf("acq_date is %s, before the first data of %s on %s", when.Day(), s.name, s.first.Day())
}

// saturated says whether the brightness is the end of the scale and not a measurement.
// VIIRS channel I4 ends at 367 K, and beyond that the raw count may fold over, which
// gives 208 K for a very hot pixel (Schroeder et al. 2014, Remote Sensing of
// Environment 143, section 2). MODIS channel 21 ends near 500 K.
func (s *satellite) saturated(kelvin float64) bool {
	if s.instrument == "MODIS" {
		return kelvin >= 500
	}
	return kelvin >= 367 || kelvin <= 208
}
