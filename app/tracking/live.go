package tracking

import (
	"encoding/json"
	"math"

	"github.com/trucewatch/truce/sense/track"
)

// current is a line of the stream.
type current struct {
	Track     string   `json:"track"`
	Time      string   `json:"time"`
	Lat       float64  `json:"lat"`
	Lon       float64  `json:"lon"`
	Altitude  *float64 `json:"alt_m,omitempty"`
	Speed     float64  `json:"speed_mps"`
	Course    float64  `json:"course_deg"`
	Sigma     float64  `json:"sigma_m"`
	Existence float64  `json:"existence"`
}

// Current is a track at a scan as one line of JSON.
func Current(c *track.Current) ([]byte, error) {
	line := current{
		Track: Name(c.Number), Time: c.Time.String(), Lat: to(float64(c.At.Lat), 7), Lon: to(float64(c.At.Lon), 7),
		Speed: to(c.SpeedMps, 2), Course: math.Mod(to(float64(c.Course), 1), 360), Sigma: to(float64(c.Sigma), 2), Existence: to(c.Existence, 4),
	}
	if c.High {
		altitude := to(float64(c.Altitude), 1)
		line.Altitude = &altitude
	}
	text, err := json.Marshal(line)
	return append(text, '\n'), err
}

// to is a number with so many decimals.
func to(x float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(x*scale) / scale
}
