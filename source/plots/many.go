package plots

import (
	"bytes"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// ManyShape are the columns that tables of many sensors have besides. All may be left out.
const ManyShape = "sensor,means,sensor_lat,sensor_lon,range_m,range_sigma_m,bearing_deg,bearing_sigma_deg,doppler_mps,doppler_sigma_mps,sigma_minor_m,sigma_strike_deg,identity"

// Measure is what a row tells beyond a place with a round error.
type Measure struct {
	Station  geo.Point      // where the sensor stands; not told where nothing was measured from there
	Polar    truce.Polar    // what it measured from there; an error of 0: not measured
	Unplaced bool           // lat and lon are empty
	Minor    geo.Metres     // one sigma of the short axis of the error; 0: it is round
	Strike   geo.Degrees    // of the long one, clockwise from north
	Identity truce.Identity // what the object says that it is
}

// The columns of tables of many sensors, behind those of every table.
const (
	colSensor = iota + colSigma + 1
	colMeans
	colSensorLat
	colSensorLon
	colRange
	colRangeSigma
	colBearing
	colBearingSigma
	colDoppler
	colDopplerSigma
	colMinor
	colStrike
	colIdentity
)

// Bounds of what is measured from a sensor.
const (
	maxRange        = 1_000_000 // m: farther off nothing that flies is seen
	maxBearingSigma = 45        // degrees: beyond it no direction is told
	maxRadial       = 12_000    // m/s
	identityScheme  = "id"      // of identities that tell none
)

// many says whether the table has any of the columns of many sensors.
func (r *Reader) hasMany() bool {
	for i := colSensor; i <= colIdentity; i++ {
		if r.columns[i].at >= 0 {
			return true
		}
	}
	return false
}

// readMany reads the columns of many sensors; placed says that the row has a place.
func (r *Reader) readMany(p *Plot, placed bool) error {
	sensor := r.field(colSensor)
	if len(sensor) > MaxIDBytes {
		return r.refuse("id too long", "sensor has more than %d bytes", MaxIDBytes)
	}
	if string(sensor) != p.Sensor {
		p.Sensor = r.same(sensor)
	}
	if err := r.means(p); err != nil {
		return err
	}
	m := Measure{Unplaced: !placed}
	if err := r.station(&m); err != nil {
		return err
	}
	if err := r.polar(&m.Polar); err != nil {
		return err
	}
	if err := r.shape(p, &m); err != nil {
		return err
	}
	if err := r.identity(&m); err != nil {
		return err
	}
	return r.fits(p, &m)
}

// same keeps one text for a name that comes again.
func (r *Reader) same(name []byte) string {
	if string(name) != r.sensor {
		r.sensor = string(name)
	}
	return r.sensor
}

// means reads how the place was come by.
func (r *Reader) means(p *Plot) error {
	text := r.field(colMeans)
	switch m := truce.PlotMeans(text); m {
	case "", truce.MeansSelf, truce.MeansSecondary, truce.MeansPrimary, truce.MeansFused, truce.MeansCamera, truce.MeansRadio, truce.MeansAcoustic:
		p.Means = m
		return nil
	}
	return r.refuse("bad means", "means %.40q is none of self, secondary, primary, fused, camera, radio, acoustic", text)
}

// station reads where the sensor stands.
func (r *Reader) station(m *Measure) error {
	lat, there, err := r.number(colSensorLat, "degrees", -90, 90)
	if err != nil {
		return err
	}
	lon, also, err := r.number(colSensorLon, "degrees", -180, 180)
	if err != nil {
		return err
	}
	if there != also {
		return r.refuse("half a place", "sensor_lat and sensor_lon: write both or neither")
	}
	m.Station = geo.Point{Lat: geo.Degrees(lat), Lon: geo.Degrees(lon)}
	return nil
}

// polar reads what was measured from the sensor: each number with its error.
func (r *Reader) polar(p *truce.Polar) error {
	away, awaySigma, err := r.pair(colRange, colRangeSigma, "metres", 0, maxRange, MaxSigma)
	if err != nil {
		return err
	}
	bearing, bearingSigma, err := r.pair(colBearing, colBearingSigma, "degrees", 0, 360, maxBearingSigma)
	if err != nil {
		return err
	}
	radial, radialSigma, err := r.pair(colDoppler, colDopplerSigma, "metres a second", -maxRadial, maxRadial, maxRadial)
	if err != nil {
		return err
	}
	if bearing == 360 {
		bearing = 0
	}
	*p = truce.Polar{Bearing: geo.Degrees(bearing), BearingSigma: geo.Degrees(bearingSigma), Range: geo.Metres(away), RangeSigma: geo.Metres(awaySigma), RadialMps: radial, RadialSigma: radialSigma}
	return nil
}

// pair reads a number and its error, which stand together or not at all.
func (r *Reader) pair(value, sigma int, unit string, low, high, most float64) (x, s float64, err error) {
	x, there, err := r.number(value, unit, low, high)
	if err != nil {
		return 0, 0, err
	}
	s, also, err := r.number(sigma, unit, 0, most)
	if err != nil {
		return 0, 0, err
	}
	name, error := r.columns[value].name, r.columns[sigma].name
	switch {
	case there && (!also || s == 0):
		return 0, 0, r.refuse("no "+error, "%s without its error: write %s above 0, one sigma", name, error)
	case also && !there:
		return 0, 0, r.refuse("no "+name, "%s without %s: write both or neither", error, name)
	}
	return x, s, nil
}

// shape reads an error that is not round.
func (r *Reader) shape(p *Plot, m *Measure) error {
	minor, there, err := r.number(colMinor, "metres", 0, MaxSigma)
	if err != nil {
		return err
	}
	strike, also, err := r.number(colStrike, "degrees", 0, 360)
	if err != nil {
		return err
	}
	switch {
	case !there || minor == 0:
		return nil
	case geo.Metres(minor) > p.Sigma:
		return r.refuse("bad sigma_minor_m", "sigma_minor_m %g is more than sigma_m %g: sigma_m is of the long axis", minor, float64(p.Sigma))
	case !also:
		return r.refuse("no sigma_strike_deg", "sigma_minor_m without sigma_strike_deg: write where the long axis points, degrees clockwise from north")
	}
	m.Minor, m.Strike = geo.Metres(minor), geo.Degrees(strike)
	return nil
}

// identity reads what the object says that it is, as scheme:value.
func (r *Reader) identity(m *Measure) error {
	text := r.field(colIdentity)
	if len(text) > MaxIDBytes {
		return r.refuse("id too long", "identity has more than %d bytes", MaxIDBytes)
	}
	if len(text) == 0 {
		return nil
	}
	scheme, value, cut := bytes.Cut(text, []byte(":"))
	if !cut {
		m.Identity = truce.Identity{Scheme: identityScheme, Value: string(text)}
		return nil
	}
	if len(scheme) == 0 || len(value) == 0 {
		return r.refuse("bad identity", "identity %.40q: write it as scheme:value, e.g. icao24:4ca1b2", text)
	}
	m.Identity = truce.Identity{Scheme: string(scheme), Value: string(value)}
	return nil
}

// fits refuses a row whose parts do not make a plot, and keeps what is more than a place.
func (r *Reader) fits(p *Plot, m *Measure) error {
	polar := &m.Polar
	measured := polar.BearingSigma > 0 || polar.RangeSigma > 0 || polar.RadialSigma > 0
	switch {
	case m.Unplaced && polar.BearingSigma == 0:
		return r.refuse("no place", "lat or lon is empty and so is bearing_deg: a plot has a place or a bearing")
	case measured && len(r.field(colSensorLat)) == 0:
		return r.refuse("no sensor_lat", "a range, bearing or Doppler without sensor_lat and sensor_lon: write where the sensor stands")
	case polar.RangeSigma > 0 && polar.BearingSigma == 0:
		return r.refuse("no bearing_deg", "range_m without bearing_deg: a range alone is not followed")
	}
	if measured || m.Minor > 0 || m.Identity.Value != "" {
		p.More = m
	}
	return nil
}
