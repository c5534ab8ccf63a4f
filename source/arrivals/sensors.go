package arrivals

import (
	"io"

	"github.com/trucewatch/truce/geo"
)

// SensorsShape is the header of sensors.csv. Columns may stand in any order, others are passed
// over, and elev_m may be left out.
const SensorsShape = "sensor,lat,lon,elev_m"

// ReadSensors reads sensors.csv. Rows that cannot be used are counted and left out; the error
// is of the file as a whole.
func ReadSensors(src io.Reader) ([]Sensor, Rejects, error) {
	var id, lat, lon, elev int
	t, err := open(src, SensorsShape, []column{{"sensor", &id, false}, {"lat", &lat, false}, {"lon", &lon, false}, {"elev_m", &elev, true}})
	if err != nil {
		return nil, Rejects{}, err
	}
	seen := map[string]bool{}
	return rows(t, MaxSensors, "sensors", func() (Sensor, error) {
		s, err := t.sensor(id, lat, lon, elev, seen)
		if err == nil {
			seen[s.ID] = true
		}
		return s, err
	})
}

func (t *table) sensor(id, lat, lon, elev int, seen map[string]bool) (s Sensor, err error) {
	if err := t.next(); err != nil {
		return s, err
	}
	name, err := t.id(id, "sensor")
	if err != nil {
		return s, err
	}
	if seen[string(name)] {
		return s, t.refuse("duplicate sensor", "sensor %q stands there twice: the first row counts, rename the other", name)
	}
	y, north, err := t.number(lat, "lat", "degrees", -90, 90)
	if err != nil {
		return s, err
	}
	x, east, err := t.number(lon, "lon", "degrees", -180, 180)
	if err != nil {
		return s, err
	}
	if !north || !east {
		return s, t.refuse("no place", "sensor %q has no place: fill in lat and lon", name)
	}
	z, _, err := t.number(elev, "elev_m", "metres", -MaxElevation, MaxElevation)
	if err != nil {
		return s, err
	}
	return Sensor{ID: string(name), At: geo.Point{Lat: geo.Degrees(y), Lon: geo.Degrees(x)}, Elev: geo.Metres(z)}, nil
}
