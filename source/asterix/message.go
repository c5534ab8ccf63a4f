package asterix

import (
	"fmt"
	"math"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// Message is one record of a data block.
type Message struct {
	Offset    int64         `json:"offset"`         // of the record; in a capture, of the packet that holds it
	Time      truce.Instant `json:"time,omitempty"` // 0: the day is not known, or the report has no time
	TimeOfDay source.Value  `json:"time_of_day_s,omitzero"`
	Category  uint8         `json:"category"`
	SAC       uint8         `json:"sac"` // area and number of the system that sent it
	SIC       uint8         `json:"sic"`
	Target    `json:"target,omitzero"`
	Items     Items  `json:"items"` // good until the next call of Next
	Raw       []byte `json:"-"`     // the record's bytes, good until the next call of Next

	isTrack bool
	doubt   bool // the item says that its value is not validated, garbled or beyond what it can hold
}

// Target is what a target report says, in one form for all categories.
type Target struct {
	Seen       Seen         `json:"seen,omitempty"`
	Track      source.Value `json:"track,omitzero"` // number
	LatDeg     source.Value `json:"lat_deg,omitzero"`
	LonDeg     source.Value `json:"lon_deg,omitzero"`
	RangeM     source.Value `json:"slant_range_m,omitzero"`
	BearingDeg source.Value `json:"bearing_deg,omitzero"` // clockwise from the radar's north
	XM         source.Value `json:"x_m,omitzero"`         // east of the radar, or of the system's centre
	YM         source.Value `json:"y_m,omitzero"`
	LevelM     source.Value `json:"pressure_altitude_m,omitzero"`
	HeightM    source.Value `json:"height_m,omitzero"`
	SpeedMps   source.Value `json:"speed_mps,omitzero"`
	CourseDeg  source.Value `json:"course_deg,omitzero"`
	VxMps      source.Value `json:"vx_mps,omitzero"` // eastwards
	VyMps      source.Value `json:"vy_mps,omitzero"`
	ClimbMps   source.Value `json:"climb_mps,omitzero"`
	RadialMps  source.Value `json:"radial_mps,omitzero"` // away from the radar
	Address    Address      `json:"icao24,omitzero"`
	Local      bool         `json:"address_local,omitempty"` // the address is none of ICAO
	Callsign   Name         `json:"callsign,omitzero"`
	Squawk     Squawk       `json:"squawk,omitzero"`
	SigmaEastM source.Value `json:"sigma_east_m,omitzero"` // of the position, one sigma, as sent
	SigmaNorth source.Value `json:"sigma_north_m,omitzero"`
	NACp       source.Value `json:"nac_p,omitzero"`
	NUCp       source.Value `json:"nuc_p_or_nic,omitzero"`
	Ground     bool         `json:"ground,omitempty"`
	Simulated  bool         `json:"simulated,omitempty"` // no target of the real world
	Test       bool         `json:"test,omitempty"`
	version    source.Value // of ADS-B (category 021)
}

// IsZero says whether there is no target in the record: it is of the service.
func (t Target) IsZero() bool { return t == Target{} }

// Seen is how a radar saw a target.
type Seen string

// The ways to see a target.
const (
	SeenNot       Seen = "not" // a track that was only carried on
	SeenPrimary   Seen = "primary"
	SeenSecondary Seen = "secondary"
	SeenBoth      Seen = "both"
)

// Address is the 24-bit address of a transponder. 0 is none.
type Address uint32

// IsZero says whether none was told.
func (a Address) IsZero() bool { return a == 0 }

// String is the address in six hexadecimal digits.
func (a Address) String() string { return fmt.Sprintf("%06x", uint32(a)) }

// MarshalText writes the six digits.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// Name is a callsign in eight characters of six bits. 0 is none.
type Name uint64

// IsZero says whether none was told: blanks alone, or bits that stand for no character.
func (n Name) IsZero() bool {
	text := ia5Text(uint64(n), 8)
	return text == "" || strings.Contains(text, "?")
}

// String is the callsign without the blanks behind it.
func (n Name) String() string { return ia5Text(uint64(n), 8) }

// MarshalText writes the callsign without the blanks behind it.
func (n Name) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// Squawk is a Mode 3/A code that was told, with a bit that says so.
type Squawk uint16

const squawkTold = 1 << 15

// IsZero says whether none was told.
func (s Squawk) IsZero() bool { return s == 0 }

// String is the four octal digits.
func (s Squawk) String() string { return fmt.Sprintf("%04o", uint16(s)&0xfff) }

// MarshalText writes the four digits.
func (s Squawk) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// role is what a field is to a target report.
type role uint8

const roleNone role = 0

// roles are the names that layouts use, with what each does. The units are those of the field.
var roles = [...]struct {
	name string
	set  func(m *Message, v *Value) // takes the field over into the target
}{
	{"", nil},
	{"sac", func(m *Message, v *Value) { m.SAC = uint8(v.Raw) }},
	{"sic", func(m *Message, v *Value) { m.SIC = uint8(v.Raw) }},
	{"type", func(*Message, *Value) {}},
	{"tod", func(m *Message, v *Value) { m.TimeOfDay = source.Told(v.Number()) }},
	{"tod2", func(m *Message, v *Value) { m.laterTime(v) }},
	{"tod3", func(m *Message, v *Value) { m.laterTime(v) }},
	{"tod16", func(m *Message, v *Value) { m.TimeOfDay = source.Told(v.Number()) }}, // the reader finds the rest of it
	{"track001", func(m *Message, v *Value) { m.isTrack = v.Raw == 1 }},
	{"seen001", func(m *Message, v *Value) {
		m.Seen = [4]Seen{SeenNot, SeenPrimary, SeenSecondary, SeenBoth}[v.Raw&3]
	}},
	{"seen048", func(m *Message, v *Value) {
		m.Seen = [8]Seen{SeenNot, SeenPrimary, SeenSecondary, SeenBoth, SeenSecondary, SeenSecondary, SeenBoth, SeenBoth}[v.Raw&7]
	}},
	{"sim", func(m *Message, v *Value) { m.Simulated = v.Raw == 1 }},
	{"test", func(m *Message, v *Value) { m.Test = v.Raw == 1 }},
	{"ground", func(m *Message, v *Value) { m.Ground = v.Raw == 1 }},
	{"atp", func(m *Message, v *Value) { m.Local = v.Raw != 0 }},
	{"v", func(m *Message, v *Value) { m.doubt = m.doubt || v.Raw == 1 }},
	{"g", func(m *Message, v *Value) { m.doubt = m.doubt || v.Raw == 1 }},
	{"rho", func(m *Message, v *Value) { m.RangeM = scaled(v, nauticalMile) }},
	{"theta", func(m *Message, v *Value) { m.BearingDeg = scaled(v, 1) }},
	{"xnm", func(m *Message, v *Value) { m.XM = scaled(v, nauticalMile) }},
	{"ynm", func(m *Message, v *Value) { m.YM = scaled(v, nauticalMile) }},
	{"xm", func(m *Message, v *Value) { m.XM = scaled(v, 1) }},
	{"ym", func(m *Message, v *Value) { m.YM = scaled(v, 1) }},
	{"lat", func(m *Message, v *Value) { m.LatDeg = scaled(v, 1) }},
	{"lon", func(m *Message, v *Value) { m.LonDeg = scaled(v, 1) }},
	{"siglat", func(m *Message, v *Value) { m.SigmaNorth = scaled(v, degreeMetres) }},
	{"siglon", func(m *Message, v *Value) {
		m.SigmaEastM = scaled(v, degreeMetres*math.Cos(m.LatDeg.V*math.Pi/180))
	}},
	{"sigx", func(m *Message, v *Value) { m.SigmaEastM = scaled(v, 1) }},
	{"sigy", func(m *Message, v *Value) { m.SigmaNorth = scaled(v, 1) }},
	{"squawk", func(m *Message, v *Value) {
		if !m.doubt {
			m.Squawk = Squawk(v.Raw&0xfff) | squawkTold
		}
	}},
	{"fl", func(m *Message, v *Value) {
		if !m.doubt {
			m.LevelM = scaled(v, 100*foot)
		}
	}},
	{"height", func(m *Message, v *Value) {
		if m.Category != 21 || v.Raw != heightBeyond {
			m.HeightM = scaled(v, foot)
		}
	}},
	{"track", func(m *Message, v *Value) { m.Track = source.Told(float64(v.Raw)) }},
	{"speed", func(m *Message, v *Value) {
		if !m.doubt {
			m.SpeedMps = scaled(v, nauticalMile)
		}
	}},
	{"course", func(m *Message, v *Value) { m.CourseDeg = scaled(v, 1) }},
	{"vx", func(m *Message, v *Value) { m.VxMps = scaled(v, 1) }},
	{"vy", func(m *Message, v *Value) { m.VyMps = scaled(v, 1) }},
	{"climb", func(m *Message, v *Value) {
		if !m.doubt {
			m.ClimbMps = scaled(v, foot/60)
		}
	}},
	{"radial", func(m *Message, v *Value) { m.RadialMps = scaled(v, nauticalMile) }},
	{"doppler", func(m *Message, v *Value) {
		if !m.doubt {
			m.RadialMps = scaled(v, 1)
		}
	}},
	{"address", func(m *Message, v *Value) { m.Address = Address(v.Raw) }},
	{"callsign", func(m *Message, v *Value) { m.Callsign = Name(v.Raw) }},
	{"callsign2", func(m *Message, v *Value) {
		if m.Callsign.IsZero() {
			m.Callsign = Name(v.Raw)
		}
	}},
	{"nacp", func(m *Message, v *Value) { m.NACp = source.Told(float64(v.Raw)) }},
	{"nucp", func(m *Message, v *Value) { m.NUCp = source.Told(float64(v.Raw)) }},
	{"vn", func(m *Message, v *Value) { m.version = source.Told(float64(v.Raw)) }},
}

// heightBeyond is what item 021/140 holds of a height greater than it can say.
const heightBeyond = 0x7fff

const (
	nauticalMile = 1852.0
	foot         = .3048
	degreeMetres = 6_371_008.8 * math.Pi / 180
)

// roleOf finds a role by its name.
func roleOf(name string) (role, error) {
	for i := range roles {
		if roles[i].name == name {
			return role(i), nil
		}
	}
	return 0, fmt.Errorf("role %q", name)
}

// laterTime takes a time that is less to the point than one that came before.
func (m *Message) laterTime(v *Value) {
	if !m.TimeOfDay.Told {
		m.TimeOfDay = source.Told(v.Number())
	}
}

func scaled(v *Value, unit float64) source.Value { return source.Told(v.Number() * unit) }
