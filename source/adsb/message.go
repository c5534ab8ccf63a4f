package adsb

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// Message is one message as it was sent, and the position that it completes. What is not
// told is left out. It holds no pointers: a caller may copy and keep it.
type Message struct {
	Offset int64         `json:"offset"`         // of its first byte, from the start of the feed
	Line   int           `json:"line,omitempty"` // in a feed of lines, from 1
	Time   truce.Instant `json:"time,omitempty"` // 0: not known
	Ticks  uint64        `json:"ticks_12mhz,omitempty"`
	Signal uint8         `json:"signal,omitempty"` // of the receiver, 255 the strongest
	Input  Input         `json:"input"`
	Frame  Frame         `json:"frame,omitzero"` // none in the BaseStation form

	Format     uint8    `json:"df,omitempty"`           // downlink format
	Address    Address  `json:"icao24,omitzero"`        // of the transponder
	Checked    bool     `json:"checked"`                // a checksum vouches for the address, of this message or of one shortly before; else it is a guess
	Foreign    bool     `json:"foreign,omitempty"`      // the address is none of ICAO: a vehicle, an anonymous one, a ground station's track
	Relayed    bool     `json:"relayed,omitempty"`      // sent by a ground station, not by the aircraft
	Interrog   uint8    `json:"interrogator,omitempty"` // code of the radar that was answered (DF11)
	Capability uint8    `json:"capability,omitempty"`   // CA of DF11 and DF17, CF of DF18
	TypeCode   uint8    `json:"typecode,omitempty"`     // of DF17 and DF18
	Callsign   Callsign `json:"callsign,omitzero"`
	Category   Category `json:"category,omitzero"` // A0 to D7
	Squawk     Squawk   `json:"squawk,omitzero"`

	Emergency uint8 `json:"emergency,omitempty"` // 1 general, 2 medical, 3 fuel, 4 no radio, 5 interference, 6 downed
	Alert     bool  `json:"alert,omitempty"`     // the squawk was changed, or is one of distress
	Ident     bool  `json:"ident,omitempty"`     // the pilot pressed the button
	Ground    bool  `json:"ground,omitempty"`    // it says that it is on the ground

	AltitudeFt       source.Value `json:"altitude_ft,omitzero"`
	AltitudeGNSS     bool         `json:"altitude_gnss,omitempty"` // above the ellipsoid; else pressure altitude
	CPR              CPR          `json:"cpr,omitzero"`
	LatDeg           source.Value `json:"lat_deg,omitzero"`
	LonDeg           source.Value `json:"lon_deg,omitzero"`
	PositionFrom     Means        `json:"position_from,omitempty"`
	PositionRefused  Refusal      `json:"position_refused,omitempty"`
	PositionSigmaM   source.Value `json:"position_sigma_m,omitzero"` // one sigma each axis, of what the aircraft says of its accuracy
	GroundSpeedKt    source.Value `json:"ground_speed_kt,omitzero"`
	TrackDeg         source.Value `json:"track_deg,omitzero"` // clockwise from true north
	AirspeedKt       source.Value `json:"airspeed_kt,omitzero"`
	AirspeedTrue     bool         `json:"airspeed_true,omitempty"` // else indicated
	HeadingDeg       source.Value `json:"heading_deg,omitzero"`
	VerticalRateFpm  source.Value `json:"vertical_rate_ft_min,omitzero"`
	VerticalRateGNSS bool         `json:"vertical_rate_gnss,omitempty"`
	HeightDiffFt     source.Value `json:"gnss_minus_pressure_ft,omitzero"`

	Version    source.Value `json:"adsb_version,omitzero"` // 0 DO-260, 1 DO-260A, 2 DO-260B
	NUCp       source.Value `json:"nuc_p,omitzero"`        // of version 0
	NIC        source.Value `json:"nic,omitzero"`          // how far a fault could take the position: 11 least, 0 unknown
	NICDrop    uint8        `json:"nic_drop,omitempty"`    // by how much it fell since the aircraft's last position
	NACp       source.Value `json:"nac_p,omitzero"`        // accuracy of positions: 11 best, 0 unknown
	NACv       source.Value `json:"nac_v,omitzero"`        // accuracy of velocities: 4 best, 0 unknown
	SIL        source.Value `json:"sil,omitzero"`
	GVA        source.Value `json:"gva,omitzero"` // accuracy of GNSS heights
	NICBaro    bool         `json:"nic_baro,omitempty"`
	NoPosition bool         `json:"no_position,omitempty"` // a position message without one: navigation is lost

	Intent
	CommB
}

// Intent is what the aircraft's flight management is set to (type code 29).
type Intent struct {
	SelectedAltitudeFt source.Value `json:"selected_altitude_ft,omitzero"`
	SelectedByFMS      bool         `json:"selected_by_fms,omitempty"`
	SettingHPa         source.Value `json:"pressure_setting_hpa,omitzero"`
	SelectedHeadingDeg source.Value `json:"selected_heading_deg,omitzero"`
	AutopilotOn        bool         `json:"autopilot_on,omitempty"`
	AltitudeHoldOn     bool         `json:"altitude_hold_on,omitempty"`
	VerticalNavOn      bool         `json:"vnav_on,omitempty"`
	LateralNavOn       bool         `json:"lnav_on,omitempty"`
	ApproachOn         bool         `json:"approach_on,omitempty"`
	CollisionAvoidance bool         `json:"tcas_on,omitempty"`
}

// CommB is what a reply with a register holds (DF20, DF21). The reply does not say which
// register it is; values are given where only one is possible.
type CommB struct {
	Registers           Registers    `json:"registers,omitzero"` // all that are possible
	MCPAltitudeFt       source.Value `json:"mcp_altitude_ft,omitzero"`
	FMSAltitudeFt       source.Value `json:"fms_altitude_ft,omitzero"`
	PressureHPa         source.Value `json:"pressure_hpa,omitzero"`
	RollDeg             source.Value `json:"roll_deg,omitzero"`
	TrackRateDegps      source.Value `json:"track_rate_deg_s,omitzero"`
	TrueAirspeedKt      source.Value `json:"true_airspeed_kt,omitzero"`
	MagneticHeadingDeg  source.Value `json:"magnetic_heading_deg,omitzero"`
	IndicatedAirspeedKt source.Value `json:"indicated_airspeed_kt,omitzero"`
	Mach                source.Value `json:"mach,omitzero"`
	BaroRateFpm         source.Value `json:"baro_rate_ft_min,omitzero"`
	InertialRateFpm     source.Value `json:"inertial_rate_ft_min,omitzero"`
}

// Input is the form in which a message came.
type Input string

// The forms that are read.
const (
	InputBeast       Input = "beast"
	InputAVR         Input = "avr"
	InputHex         Input = "hex"
	InputBaseStation Input = "basestation"
)

// Means is how a position was found.
type Means string

// The ways to a position.
const (
	MeansGlobal   Means = "global"   // of an even and an odd message
	MeansLocal    Means = "local"    // of one message, next to the aircraft's last position
	MeansReceiver Means = "receiver" // of one message, next to the receiver
	MeansSent     Means = "sent"     // the receiver's program found it (BaseStation)
)

// Refusal is why a message that holds half of a position gives none.
type Refusal string

// The refusals.
const (
	RefusalPair   Refusal = "no other half in time"
	RefusalNoTime Refusal = "no time to pair it by"
	RefusalZones  Refusal = "the halves lie in different zones"
	RefusalJump   Refusal = "farther from the last position than it can have flown"
	RefusalRange  Refusal = "farther than the receiver can hear"
)

// Address is the 24-bit address of a transponder. 0 is none.
type Address uint32

// IsZero says whether none was told.
func (a Address) IsZero() bool { return a == 0 }

// String is the address in six hexadecimal digits.
func (a Address) String() string { return fmt.Sprintf("%06x", uint32(a)) }

// MarshalText writes the six digits.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads six digits.
func (a *Address) UnmarshalText(text []byte) error {
	var b [3]byte
	if len(text) != 6 {
		return fmt.Errorf("address %.10q: want six hexadecimal digits", text)
	}
	if _, err := hex.Decode(b[:], text); err != nil {
		return fmt.Errorf("address %.10q: want six hexadecimal digits", text)
	}
	*a = Address(b[0])<<16 | Address(b[1])<<8 | Address(b[2])
	return nil
}

// Callsign is the name that an aircraft sends, up to eight letters and digits.
type Callsign [8]byte

// IsZero says whether none was told.
func (c Callsign) IsZero() bool { return c == Callsign{} }

// String is the callsign without the blanks behind it.
func (c Callsign) String() string { return strings.TrimRight(string(c[:]), " \x00") }

// MarshalText writes the callsign without the blanks behind it.
func (c Callsign) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Category is what sort of aircraft it says that it is, as in "A3".
type Category [2]byte

// IsZero says whether none was told.
func (c Category) IsZero() bool { return c == Category{} }

// String is the letter and the digit.
func (c Category) String() string { return strings.TrimRight(string(c[:]), "\x00") }

// MarshalText writes the letter and the digit.
func (c Category) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Class is the category in the words of a truce.Plot, "" where there is none for it.
// (DO-260B, table 2-21: A1 light to A6 high performance, A7 rotorcraft, B the light and
// unpowered, C surface vehicles.)
func (c Category) Class() string {
	switch c.String() {
	case "A1", "A2", "A3", "A4", "A5", "A6":
		return "fixed_wing"
	case "A7":
		return "helicopter"
	case "B1", "B4":
		return "fixed_wing" // glider, ultralight
	case "B2":
		return "balloon"
	case "B3":
		return "parachute"
	case "B6":
		return "uav"
	case "B7":
		return "space"
	case "C1", "C2":
		return "vehicle"
	}
	return ""
}
