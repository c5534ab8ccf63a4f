package arrivals

import (
	"io"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// WeatherShape is the header of a table of weather. Columns may stand in any order and others
// are passed over.
const WeatherShape = "time,lat,lon,temperature_c,wind_from_deg,wind_m_s"

// Weather is a row of it: the air near the ground at a time and place.
type Weather struct {
	Time        truce.Instant
	At          geo.Point
	Temperature float64     // degrees Celsius
	WindFrom    geo.Degrees // where the wind comes from, clockwise from north
	Wind        float64     // m/s
}

// ReadWeather reads such a table. Rows that cannot be used are counted and left out; the error
// is of the file as a whole.
func ReadWeather(src io.Reader) ([]Weather, Rejects, error) {
	var w weatherTable
	t, err := open(src, WeatherShape, []column{
		{"time", &w.time, false}, {"lat", &w.lat, false}, {"lon", &w.lon, false},
		{"temperature_c", &w.temperature, false}, {"wind_from_deg", &w.from, false}, {"wind_m_s", &w.wind, false},
	})
	if err != nil {
		return nil, Rejects{}, err
	}
	w.table = t
	return rows(t, MaxWeather, "rows of weather", w.read)
}

type weatherTable struct {
	*table
	time, lat, lon, temperature, from, wind int
}

func (w *weatherTable) read() (out Weather, err error) {
	if err := w.next(); err != nil {
		return out, err
	}
	if out.Time, err = w.table.time(w.time); err != nil {
		return out, err
	}
	var x [5]float64
	for i, c := range []struct {
		at         int
		name, unit string
		low, high  float64
	}{
		{w.lat, "lat", "degrees", -90, 90}, {w.lon, "lon", "degrees", -180, 180},
		{w.temperature, "temperature_c", "degrees Celsius", -90, 60},
		{w.from, "wind_from_deg", "degrees", -360, 360}, {w.wind, "wind_m_s", "metres a second", 0, 100},
	} {
		there := false
		if x[i], there, err = w.number(c.at, c.name, c.unit, c.low, c.high); err != nil {
			return out, err
		}
		if !there {
			return out, w.refuse("no "+c.name, "%s is empty: a row of weather needs all six", c.name)
		}
	}
	out.At = geo.Point{Lat: geo.Degrees(x[0]), Lon: geo.Degrees(x[1])}
	out.Temperature, out.WindFrom, out.Wind = x[2], geo.Degrees(x[3]), x[4]
	return out, nil
}
