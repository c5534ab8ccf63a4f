package ulog

import (
	"math"

	"github.com/trucewatch/truce/source"
)

// Position is what a topic tells of where the vehicle was.
type Position struct {
	Filter     bool         `json:"filter"` // of the vehicle's filter; else of a satellite receiver
	UTC        uint64       `json:"time_utc_us,omitempty"`
	Lat        source.Value `json:"lat_deg,omitzero"`
	Lon        source.Value `json:"lon_deg,omitzero"`
	Alt        source.Value `json:"altitude_msl_m,omitzero"`
	Height     source.Value `json:"height_ellipsoid_m,omitzero"`
	HorizSigma source.Value `json:"horizontal_sigma_m,omitzero"`
	VertSigma  source.Value `json:"vertical_sigma_m,omitzero"`
	North      source.Value `json:"north_mps,omitzero"`
	East       source.Value `json:"east_mps,omitzero"`
	Down       source.Value `json:"down_mps,omitzero"`
	SpeedSigma source.Value `json:"speed_sigma_mps,omitzero"`
	HDOP       source.Value `json:"hdop,omitzero"`
	Fix        source.Value `json:"fix_type,omitzero"` // 0, 1: none; 2: 2D; 3: 3D; 4 to 6: with corrections
	Satellites source.Value `json:"satellites,omitzero"`
	Jamming    source.Value `json:"jamming_indicator,omitzero"` // 0 to 255
	JamState   source.Value `json:"jamming_state,omitzero"`     // 0 unknown, 1 fine, 2 warning, 3 critical
	SpoofState source.Value `json:"spoofing_state,omitzero"`    // 0 unknown, 1 none, 2 indicated, 3 by many signs
}

// topic is one of those that are read out.
type topic uint8

const (
	topicOther topic = iota
	topicGPS
	topicFilter
)

func topicOf(name string) topic {
	switch name {
	case "vehicle_gps_position", "sensor_gps":
		return topicGPS
	case "vehicle_global_position":
		return topicFilter
	}
	return topicOther
}

// pick is a field of a position: where it stands in a row and what it must be divided by. Names
// changed over the years; the first that a log has is taken.
type pick struct {
	names [2]string
	per   [2]float64
	into  func(*Position) *source.Value
}

func one(name string, into func(*Position) *source.Value) pick {
	return pick{[2]string{name}, [2]float64{1, 1}, into}
}

func two(name, old string, per float64, into func(*Position) *source.Value) pick {
	return pick{[2]string{name, old}, [2]float64{1, per}, into}
}

// gpsFields are those of a receiver: sensor_gps of PX4 1.15 and of before it.
var gpsFields = []pick{
	two("latitude_deg", "lat", 1e7, func(p *Position) *source.Value { return &p.Lat }),
	two("longitude_deg", "lon", 1e7, func(p *Position) *source.Value { return &p.Lon }),
	two("altitude_msl_m", "alt", 1000, func(p *Position) *source.Value { return &p.Alt }),
	two("altitude_ellipsoid_m", "alt_ellipsoid", 1000, func(p *Position) *source.Value { return &p.Height }),
	one("vel_n_m_s", func(p *Position) *source.Value { return &p.North }),
	one("vel_e_m_s", func(p *Position) *source.Value { return &p.East }),
	one("vel_d_m_s", func(p *Position) *source.Value { return &p.Down }),
	one("s_variance_m_s", func(p *Position) *source.Value { return &p.SpeedSigma }),
	one("hdop", func(p *Position) *source.Value { return &p.HDOP }),
	one("fix_type", func(p *Position) *source.Value { return &p.Fix }),
	one("satellites_used", func(p *Position) *source.Value { return &p.Satellites }),
	one("jamming_indicator", func(p *Position) *source.Value { return &p.Jamming }),
	one("jamming_state", func(p *Position) *source.Value { return &p.JamState }),
	one("spoofing_state", func(p *Position) *source.Value { return &p.SpoofState }),
	one("eph", func(p *Position) *source.Value { return &p.HorizSigma }),
	one("epv", func(p *Position) *source.Value { return &p.VertSigma }),
}

// filterFields are those of the vehicle's filter; velocities left its topic in PX4 1.10.
var filterFields = []pick{
	one("lat", func(p *Position) *source.Value { return &p.Lat }),
	one("lon", func(p *Position) *source.Value { return &p.Lon }),
	one("alt", func(p *Position) *source.Value { return &p.Alt }),
	one("alt_ellipsoid", func(p *Position) *source.Value { return &p.Height }),
	one("vel_n", func(p *Position) *source.Value { return &p.North }),
	one("vel_e", func(p *Position) *source.Value { return &p.East }),
	one("vel_d", func(p *Position) *source.Value { return &p.Down }),
	one("eph", func(p *Position) *source.Value { return &p.HorizSigma }),
	one("epv", func(p *Position) *source.Value { return &p.VertSigma }),
}

// found is a field of a position in the rows of one topic.
type found struct {
	at   int // of the column, -1: the topic does not have it
	per  float64
	into func(*Position) *source.Value
}

// find looks the fields of a position up, once for each topic.
func find(r *rows, t topic) []found {
	picks := gpsFields
	if t == topicOther {
		return nil
	} else if t == topicFilter {
		picks = filterFields
	}
	out := make([]found, len(picks))
	for i, p := range picks {
		out[i] = found{at: -1, into: p.into}
		for j, name := range p.names {
			if at, there := r.index[name]; there && name != "" {
				out[i].at, out[i].per = at, p.per[j]
				break
			}
		}
	}
	return out
}

// read reads a position; nil fields are not known.
func (s *subscription) read(p *Position, b []byte) {
	*p = Position{Filter: s.topic == topicFilter}
	for _, f := range s.found {
		if f.at >= 0 {
			x := s.rows.number(f.at, b)
			x.V /= f.per
			*f.into(p) = x
		}
	}
	if at, there := s.rows.index["time_utc_usec"]; there && s.topic == topicGPS {
		if us := s.rows.number(at, b); us.V > 0 && us.V < 1<<53 {
			p.UTC = uint64(us.V)
		}
	}
	if p.Lat.Told && p.Lon.Told && math.Abs(p.Lat.V) < 1e-9 && math.Abs(p.Lon.V) < 1e-9 {
		p.Lat, p.Lon = source.Value{}, source.Value{} // both 0: no position yet
	}
}
