package adsb

import (
	"math"

	"github.com/trucewatch/truce/source"
)

// The characters of callsigns, by their six bits (ICAO Annex 10, volume IV, 3.1.2.9.1.2).
const callsignDigits = "#ABCDEFGHIJKLMNOPQRSTUVWXYZ##### ###############0123456789######"

// squitter reads the 56 bits of an extended squitter.
func (m *Message) squitter(me payload) {
	m.TypeCode = uint8(me.bits(1, 5))
	switch tc := m.TypeCode; {
	case tc >= 1 && tc <= 4:
		m.Callsign, _ = callsignOf(me)
		m.Category = Category{'A' + 4 - tc, '0' + byte(me.bits(6, 8))}
	case tc >= 5 && tc <= 8:
		m.surface(me)
	case tc >= 9 && tc <= 18 || tc >= 20 && tc <= 22 || tc == 0:
		m.airborne(me)
	case tc == 19:
		m.velocity(me)
	case tc == 28 && me.bits(6, 8) == 1:
		m.Emergency = uint8(me.bits(9, 11))
		m.Squawk = squawkOf(me.bits(12, 24))
	case tc == 29 && me.bits(6, 7) == 1:
		m.targetState(me)
	case tc == 31 && me.bits(6, 8) <= 1:
		m.operation(me)
	}
}

// callsignOf reads eight characters from bit 9 on; ok is false where one of them is none.
func callsignOf(me payload) (c Callsign, ok bool) {
	ok = true
	for i := range c {
		c[i] = callsignDigits[me.bits(uint(9+6*i), uint(14+6*i))]
		ok = ok && c[i] != '#'
	}
	return c, ok
}

// airborne reads type codes 9 to 18 (pressure altitude), 20 to 22 (GNSS height) and 0, which
// is sent when there is no position.
func (m *Message) airborne(me payload) {
	status := me.bits(6, 7)
	m.Alert = status == 1 || status == 2
	m.Ident = status == 3
	m.AltitudeFt = altitude12(me.bits(9, 20))
	m.AltitudeGNSS = m.TypeCode >= 20 && m.AltitudeFt.Told
	if m.TypeCode == 0 {
		m.NoPosition = true
		return
	}
	m.CPR = CPR{Odd: me.bit(22), Lat: me.bits(23, 39), Lon: me.bits(40, 56), told: true}
}

// surface reads type codes 5 to 8.
func (m *Message) surface(me payload) {
	m.Ground = true
	m.GroundSpeedKt = movement(me.bits(6, 12))
	if me.bit(13) {
		m.TrackDeg = source.Told(float64(me.bits(14, 20)) * 360 / 128)
	}
	m.CPR = CPR{Odd: me.bit(22), Surface: true, Lat: me.bits(23, 39), Lon: me.bits(40, 56), told: true}
}

// movement is a speed on the ground in knots: the steps grow with it (DO-260B, table 2-14).
func movement(n uint32) source.Value {
	steps := []struct {
		first       uint32
		start, step float64
	}{{124, 175, 0}, {109, 100, 5}, {94, 70, 2}, {39, 15, 1}, {13, 2, .5}, {9, 1, .25}, {2, .125, .125}, {1, 0, 0}}
	if n > 124 {
		return source.Value{}
	}
	for _, s := range steps {
		if n >= s.first {
			return source.Told(s.start + float64(n-s.first)*s.step)
		}
	}
	return source.Value{}
}

// velocity reads type code 19: over the ground (subtypes 1 and 2) or through the air (3 and
// 4); the even subtypes are of supersonic aircraft and have steps of four knots.
func (m *Message) velocity(me payload) {
	subtype := me.bits(6, 8)
	if subtype < 1 || subtype > 4 {
		return
	}
	knots := 1.0
	if subtype&1 == 0 {
		knots = 4
	}
	m.NACv = source.Told(float64(me.bits(11, 13)))
	east, north := me.bits(15, 24), me.bits(26, 35)
	if subtype <= 2 && east != 0 && north != 0 {
		x, y := float64(east-1)*knots, float64(north-1)*knots
		if me.bit(14) {
			x = -x
		}
		if me.bit(25) {
			y = -y
		}
		m.GroundSpeedKt = source.Told(math.Hypot(x, y))
		m.TrackDeg = source.Told(modulo(math.Atan2(x, y)*180/math.Pi, 360))
	}
	if subtype >= 3 {
		if me.bit(14) {
			m.HeadingDeg = source.Told(float64(east) * 360 / 1024)
		}
		if north != 0 {
			m.AirspeedKt, m.AirspeedTrue = source.Told(float64(north-1)*knots), me.bit(25)
		}
	}
	m.climb(me)
}

// climb reads the vertical rate and by how much the GNSS height lies above the pressure altitude.
func (m *Message) climb(me payload) {
	signed := func(n uint32, step float64, down bool) source.Value {
		if n == 0 {
			return source.Value{}
		}
		if down {
			step = -step
		}
		return source.Told(float64(n-1) * step)
	}
	m.VerticalRateFpm = signed(me.bits(38, 46), 64, me.bit(37))
	m.VerticalRateGNSS = m.VerticalRateFpm.Told && !me.bit(36)
	if diff := me.bits(50, 56); diff != 127 {
		m.HeightDiffFt = signed(diff, 25, me.bit(49))
	}
}

// targetState reads type code 29 in the form of version 2 (DO-260B, 2.2.3.2.7.1).
func (m *Message) targetState(me payload) {
	if n := me.bits(10, 20); n != 0 {
		m.SelectedAltitudeFt, m.SelectedByFMS = source.Told(float64(n-1)*32), me.bit(9)
	}
	if n := me.bits(21, 29); n != 0 {
		m.SettingHPa = source.Told(800 + float64(n-1)*.8)
	}
	if me.bit(30) {
		m.SelectedHeadingDeg = source.Told(float64(me.bits(31, 39)) * 360 / 512)
	}
	m.NACp, m.NICBaro, m.SIL = source.Told(float64(me.bits(40, 43))), me.bit(44), source.Told(float64(me.bits(45, 46)))
	if me.bit(47) {
		m.AutopilotOn, m.VerticalNavOn, m.AltitudeHoldOn = me.bit(48), me.bit(49), me.bit(50)
		m.ApproachOn, m.LateralNavOn = me.bit(52), me.bit(54)
	}
	m.CollisionAvoidance = me.bit(53)
}

// operation reads type code 31. Version 0 says nothing of accuracy there.
func (m *Message) operation(me payload) {
	m.Ground = me.bits(6, 8) == 1
	version := me.bits(41, 43)
	m.Version = source.Told(float64(version))
	if version == 0 || version > 2 {
		return
	}
	m.NACp, m.SIL = source.Told(float64(me.bits(45, 48))), source.Told(float64(me.bits(51, 52)))
	if m.Ground {
		if version == 2 {
			m.NACv = source.Told(float64(me.bits(17, 19)))
		}
		return
	}
	m.NICBaro = me.bit(53)
	if version == 2 {
		m.GVA = source.Told(float64(me.bits(49, 50)))
	}
}
