package remoteid

import (
	"encoding/hex"
	"strconv"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// Address is the address of a transmitter. It may be made up for each flight.
type Address [6]byte

// IsZero says whether none is known.
func (a Address) IsZero() bool { return a == Address{} }

// MarshalText writes it as pairs of hexadecimal digits with colons.
func (a Address) MarshalText() ([]byte, error) {
	out := make([]byte, 0, 17)
	for n, b := range a {
		if n > 0 {
			out = append(out, ':')
		}
		out = hex.AppendEncode(out, []byte{b})
	}
	return out, nil
}

// String is the address as text.
func (a Address) String() string { text, _ := a.MarshalText(); return string(text) }

// BasicID is who an aircraft says it is (message 0).
type BasicID struct {
	IDType IDType `json:"id_type"`
	Craft  Craft  `json:"aircraft"`
	ID     string `json:"id,omitempty"`
}

// Location is where an aircraft says it is and how it moves (message 1). What it says it does
// not know is unknown here.
type Location struct {
	Status       Status        `json:"status"`
	DirectionDeg source.Value  `json:"direction_deg,omitzero"` // over the ground, clockwise from north
	SpeedMps     source.Value  `json:"speed_mps,omitzero"`
	ClimbMps     source.Value  `json:"climb_mps,omitzero"` // upwards
	LatDeg       source.Value  `json:"lat_deg,omitzero"`
	LonDeg       source.Value  `json:"lon_deg,omitzero"`
	PressureM    source.Value  `json:"pressure_altitude_m,omitzero"` // in the standard atmosphere
	GeodeticM    source.Value  `json:"geodetic_altitude_m,omitzero"` // above the WGS 84 ellipsoid
	HeightM      source.Value  `json:"height_m,omitzero"`
	OverGround   bool          `json:"height_over_ground"`             // else the height is over the place of take-off
	HorizontalM  source.Value  `json:"horizontal_accuracy_m,omitzero"` // 95 %
	VerticalM    source.Value  `json:"vertical_accuracy_m,omitzero"`   // 95 %
	PressureAccM source.Value  `json:"pressure_accuracy_m,omitzero"`   // 95 %
	SpeedAccMps  source.Value  `json:"speed_accuracy_mps,omitzero"`    // 95 %
	PastHourS    source.Value  `json:"seconds_past_hour,omitzero"`     // its own clock
	ClockAccS    source.Value  `json:"timestamp_accuracy_s,omitzero"`  // of that
	Time         truce.Instant `json:"time,omitzero"`                  // by its own clock, where that agrees with the receiver's
}

// Authentication is a page of a signature (message 2). It is read, never checked: the keys
// are with whoever registers aircraft.
type Authentication struct {
	Type  AuthType      `json:"auth_type"`
	Page  int           `json:"page"`
	Last  int           `json:"last_page,omitempty"`    // on page 0: the number of the last one
	Bytes int           `json:"length_bytes,omitempty"` // on page 0: of the data of all pages
	Time  truce.Instant `json:"time,omitzero"`          // on page 0
	Data  string        `json:"data_hex"`
}

// SelfID is what a pilot says of the flight (message 3).
type SelfID struct {
	Type SelfType `json:"description_type"`
	Text string   `json:"text"`
}

// System is where the pilot says to be, and of how many aircraft it tells (message 4).
type System struct {
	From         PilotPlace    `json:"operator_location_type"`
	Region       Region        `json:"classification_type"`
	LatDeg       source.Value  `json:"operator_lat_deg,omitzero"`
	LonDeg       source.Value  `json:"operator_lon_deg,omitzero"`
	Count        int           `json:"area_count"`
	AreaRadiusM  source.Value  `json:"area_radius_m,omitzero"`
	AreaCeilingM source.Value  `json:"area_ceiling_m,omitzero"`
	AreaFloorM   source.Value  `json:"area_floor_m,omitzero"`
	Category     uint8         `json:"eu_category,omitempty"` // 1 open, 2 specific, 3 certified; 0: not told
	Class        uint8         `json:"eu_class,omitempty"`    // one more than the number of the class
	AltitudeM    source.Value  `json:"operator_altitude_m,omitzero"`
	Time         truce.Instant `json:"time,omitzero"`
}

// OperatorID is under which number the pilot is registered (message 5).
type OperatorID struct {
	Type uint8  `json:"operator_id_type"` // 0: as the state gave it
	ID   string `json:"id"`
}

// Kind is which message it is.
type Kind uint8

// The messages; the standard keeps 6 to 14, and 15 is a pack of them.
const (
	KindBasicID Kind = iota
	KindLocation
	KindAuthentication
	KindSelfID
	KindSystem
	KindOperatorID
	kindPack Kind = 15
)

var kindNames = [...]string{"basic_id", "location", "authentication", "self_id", "system", "operator_id"}

// String is the word for the kind.
func (k Kind) String() string { return word(kindNames[:], uint8(k)) }

// MarshalText writes the word.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// word is the word for a number, or the number where the standard keeps it for later.
func word(names []string, n uint8) string {
	if int(n) < len(names) {
		return names[n]
	}
	return "reserved_" + strconv.Itoa(int(n))
}

// IDType is who gave an aircraft its name.
type IDType uint8

// The types of names.
const (
	IDNone    IDType = iota
	IDSerial         // ANSI/CTA-2063-A
	IDState          // registered by an aviation authority
	IDUTM            // a UUID given for the flight
	IDSession        // specific to a session
)

var idNames = [...]string{"none", "serial_number", "registration", "utm_uuid", "session_id"}

// MarshalText writes the word for the type.
func (t IDType) MarshalText() ([]byte, error) { return []byte(word(idNames[:], uint8(t))), nil }

// Craft is what sort of aircraft it says it is.
type Craft uint8

var craftNames = [...]string{"undeclared", "aeroplane", "helicopter_or_multirotor", "gyroplane", "hybrid_lift", "ornithopter", "glider", "kite",
	"free_balloon", "captive_balloon", "airship", "free_fall_or_parachute", "rocket", "tethered_powered", "ground_obstacle", "other"}

// MarshalText writes the word for the sort.
func (c Craft) MarshalText() ([]byte, error) { return []byte(word(craftNames[:], uint8(c))), nil }

// Status is what an aircraft says that it does.
type Status uint8

// The states.
const (
	StatusUndeclared Status = iota
	StatusGround
	StatusAirborne
	StatusEmergency
	StatusFailure // of Remote ID itself
)

var statusNames = [...]string{"undeclared", "ground", "airborne", "emergency", "remote_id_failure"}

// MarshalText writes the word for the state.
func (s Status) MarshalText() ([]byte, error) { return []byte(word(statusNames[:], uint8(s))), nil }

// AuthType is what a signature is of.
type AuthType uint8

var authNames = [...]string{"none", "uas_id_signature", "operator_id_signature", "message_set_signature", "network_remote_id", "specific_method"}

// MarshalText writes the word for the type.
func (t AuthType) MarshalText() ([]byte, error) { return []byte(word(authNames[:], uint8(t))), nil }

// SelfType is what the text of a pilot is about.
type SelfType uint8

var selfNames = [...]string{"text", "emergency", "extended_status"}

// MarshalText writes the word for the type.
func (t SelfType) MarshalText() ([]byte, error) { return []byte(word(selfNames[:], uint8(t))), nil }

// PilotPlace is how the place of a pilot is known.
type PilotPlace uint8

var pilotNames = [...]string{"takeoff", "live", "fixed"}

// MarshalText writes the word for it.
func (p PilotPlace) MarshalText() ([]byte, error) { return []byte(word(pilotNames[:], uint8(p))), nil }

// Region is by whose classes an aircraft is classified.
type Region uint8

var regionNames = [...]string{"undeclared", "european_union"}

// MarshalText writes the word for it.
func (r Region) MarshalText() ([]byte, error) { return []byte(word(regionNames[:], uint8(r))), nil }
