package app

import (
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source/asterix"
)

// RadarConfig says where a radar stands whose reports tell range and bearing.
type RadarConfig struct {
	SAC    uint8   `koanf:"sac"` // system area and identification code, as in its reports
	SIC    uint8   `koanf:"sic"`
	Lat    float64 `koanf:"lat"`
	Lon    float64 `koanf:"lon"`
	Height float64 `koanf:"height"` // of its antenna above the sea, metres
}

// radarPlaces are where the radars stand, by the names that their plots have.
func (c Config) radarPlaces() map[sensorKey]geo.Point {
	out := map[sensorKey]geo.Point{}
	for _, r := range c.radars() {
		out[sensorKey{asterix.ID, asterix.SensorID(r.SAC, r.SIC)}] = r.At
	}
	return out
}

// radars are where the mission's radars stand.
func (c Config) radars() []asterix.Radar {
	var out []asterix.Radar
	for _, r := range c.Radars {
		at := geo.Point{Lat: geo.Degrees(r.Lat), Lon: geo.Degrees(r.Lon)}
		out = append(out, asterix.Radar{SAC: r.SAC, SIC: r.SIC, At: at, Height: geo.Metres(r.Height)})
	}
	return out
}
