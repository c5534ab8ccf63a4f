package adsb

import (
	"math"
	"strings"

	"github.com/trucewatch/truce/source"
)

// Registers is a set of transponder registers that a reply may come from.
type Registers uint16

// The registers that are told apart (ICAO Doc 9871, appendix A).
const (
	Register10 Registers = 1 << iota // data link capability
	Register17                       // which registers it serves
	Register20                       // callsign
	Register30                       // collision avoidance
	Register40                       // what is selected
	Register44                       // weather
	Register45                       // hazards of weather
	Register50                       // track and turn
	Register60                       // heading and speed
)

var registerNames = [...]string{"1,0", "1,7", "2,0", "3,0", "4,0", "4,4", "4,5", "5,0", "6,0"}

// IsZero says whether the set is empty.
func (r Registers) IsZero() bool { return r == 0 }

// String names the registers, e.g. "4,0 or 4,5".
func (r Registers) String() string {
	var names []string
	for i, name := range registerNames {
		if r>>i&1 != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, " or ")
}

// MarshalText writes the names.
func (r Registers) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// commB finds the registers that a reply may hold and reads it where there is only one.
func (m *Message) commB(mb payload) {
	if mb == 0 {
		return
	}
	m.Registers = possible(mb, m.AltitudeFt)
	switch m.Registers {
	case Register20:
		m.Callsign, _ = callsignOf(mb)
	case Register40:
		m.MCPAltitudeFt = field(mb, 1, 13, 16)
		m.FMSAltitudeFt = field(mb, 14, 26, 16)
		if v := field(mb, 27, 39, .1); v.Told {
			m.PressureHPa = source.Told(v.V + 800)
		}
	case Register50:
		m.RollDeg, m.TrackDeg = signedField(mb, 1, 11, 45./256), heading(mb, 12, 23)
		m.GroundSpeedKt, m.TrueAirspeedKt = field(mb, 24, 34, 2), field(mb, 46, 56, 2)
		m.TrackRateDegps = signedField(mb, 35, 45, 8./256)
	case Register60:
		m.MagneticHeadingDeg, m.IndicatedAirspeedKt = heading(mb, 1, 12), field(mb, 13, 23, 1)
		m.Mach = field(mb, 24, 34, 2.048/512)
		m.BaroRateFpm, m.InertialRateFpm = signedField(mb, 35, 45, 32), signedField(mb, 46, 56, 32)
	}
}

// field is a number behind its status bit, which says whether it is there.
func field(mb payload, status, last uint, step float64) source.Value {
	if !mb.bit(status) {
		return source.Value{}
	}
	return source.Told(float64(mb.bits(status+1, last)) * step)
}

func signedField(mb payload, status, last uint, step float64) source.Value {
	if !mb.bit(status) {
		return source.Value{}
	}
	return source.Told(float64(mb.signed(status+1, last)) * step)
}

// heading is an angle in [0, 360) whose highest bit stands for 180 degrees.
func heading(mb payload, status, last uint) source.Value {
	v := signedField(mb, status, last, 180/float64(uint32(1)<<(last-status-1)))
	if v.Told && v.V < 0 {
		v.V += 360
	}
	return v
}

// possible tells which registers a reply may hold: those whose format it keeps and whose
// values an aircraft can have. The limits of speed and temperature are those that
// Sun, Vu, Ellerbroek and Hoekstra give (IEEE Trans. ITS, 2019).
func possible(mb payload, altitudeFt source.Value) (r Registers) {
	for _, candidate := range [...]struct {
		register Registers
		fits     bool
	}{
		{Register10, fits10(mb)}, {Register17, fits17(mb)}, {Register20, fits20(mb)}, {Register30, fits30(mb)},
		{Register40, fits40(mb)}, {Register44, fits44(mb)}, {Register45, fits45(mb)}, {Register50, fits50(mb)},
		{Register60, fits60(mb, altitudeFt)},
	} {
		if candidate.fits {
			r |= candidate.register
		}
	}
	return r
}

// empties is a field with the status bit before it: what is said not to be there must be 0.
type empties struct{ status, last uint }

func keeps(mb payload, fields ...empties) bool {
	for _, f := range fields {
		if !mb.bit(f.status) && mb.bits(f.status+1, f.last) != 0 {
			return false
		}
	}
	return true
}

func fits10(mb payload) bool {
	overlay, version := mb.bit(15), mb.bits(17, 23)
	return mb.bits(1, 8) == 0x10 && mb.bits(10, 14) == 0 && overlay == (version >= 5)
}

func fits17(mb payload) bool {
	return mb.bits(29, 56) == 0 && mb.bit(7) // whoever serves registers serves the callsign
}

func fits20(mb payload) bool {
	_, ok := callsignOf(mb)
	return mb.bits(1, 8) == 0x20 && ok
}

func fits30(mb payload) bool {
	return mb.bits(1, 8) == 0x30 && mb.bits(29, 30) != 3 && mb.bits(16, 22) < 48
}

func fits40(mb payload) bool {
	return keeps(mb, empties{1, 13}, empties{14, 26}, empties{27, 39}, empties{48, 51}, empties{54, 56}) &&
		mb.bits(40, 47) == 0 && mb.bits(52, 53) == 0
}

func fits44(mb payload) bool {
	return mb.bits(1, 4) <= 4 && keeps(mb, empties{5, 23}, empties{35, 46}, empties{47, 49}, empties{50, 56}) &&
		mb.bits(6, 14) <= 250 && weather(float64(mb.signed(24, 34))*.25)
}

func fits45(mb payload) bool {
	return keeps(mb, empties{1, 3}, empties{4, 6}, empties{7, 9}, empties{10, 12}, empties{13, 15}, empties{16, 26}, empties{27, 38}, empties{39, 51}) &&
		mb.bits(52, 56) == 0 && weather(float64(mb.signed(17, 26))*.25)
}

// weather says whether a temperature in degrees Celsius is met in the sky.
func weather(celsius float64) bool { return celsius >= -80 && celsius <= 60 }

func fits50(mb payload) bool {
	if !keeps(mb, empties{1, 11}, empties{12, 23}, empties{24, 34}, empties{35, 45}, empties{46, 56}) {
		return false
	}
	roll, ground, air := signedField(mb, 1, 11, 45./256), field(mb, 24, 34, 2), field(mb, 46, 56, 2)
	return math.Abs(roll.V) <= 50 && ground.V <= 600 && air.V <= 600 &&
		!(ground.Told && air.Told && math.Abs(ground.V-air.V) > 200)
}

func fits60(mb payload, altitudeFt source.Value) bool {
	if !keeps(mb, empties{1, 12}, empties{13, 23}, empties{24, 34}, empties{35, 45}, empties{46, 56}) {
		return false
	}
	speed, mach := field(mb, 13, 23, 1), field(mb, 24, 34, 2.048/512)
	if speed.V > 500 || mach.V > 1 || math.Abs(signedField(mb, 35, 45, 32).V) > 6000 || math.Abs(signedField(mb, 46, 56, 32).V) > 6000 {
		return false
	}
	if speed.Told && mach.Told && altitudeFt.Told {
		return math.Abs(speed.V-calibrated(mach.V, altitudeFt.V)) <= 20
	}
	return true
}

// calibrated is the calibrated airspeed in knots at a Mach number and a pressure altitude in
// the standard atmosphere (ICAO Doc 7488), by the equation of compressible flow.
func calibrated(mach, feet float64) float64 {
	const soundKt = 661.4788 // at sea level
	impact := math.Pow(1+.2*mach*mach, 3.5) - 1
	q := pressureRatio(feet*.3048) * impact
	return soundKt * math.Sqrt(5*(math.Pow(q+1, 1/3.5)-1))
}

// pressureRatio is the pressure at a height in metres over that at sea level.
func pressureRatio(metres float64) float64 {
	const tropopause = 11_000
	if metres <= tropopause {
		return math.Pow(1-metres*.0065/288.15, 5.25588)
	}
	return .223361 * math.Exp((tropopause-metres)/6341.62)
}
