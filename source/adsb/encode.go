package adsb

import (
	"encoding/hex"
	"fmt"
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// A squitter is one message of an aircraft that the encoders below make. Frames are DF17 with
// their checksum; what does not fit the format is an error.

// Identification is type code 1 to 4.
type Identification struct {
	Address  Address
	Category Category // A0 to D7
	Callsign string   // up to eight letters, digits and blanks
}

// Position is type code 9 to 18, or 5 to 8 on the ground.
type Position struct {
	Address    Address
	At         geo.Point
	Odd        bool
	TypeCode   uint8   // 9 to 18 in the air, 5 to 8 on the ground
	AltitudeFt float64 // in the air, to 25 ft, from -1,000 to 50,175; pressure altitude
	SpeedKt    float64 // on the ground, under 175
	TrackDeg   float64 // on the ground
}

// Velocity is type code 19, subtype 1: over the ground.
type Velocity struct {
	Address  Address
	SpeedKt  float64 // under 1,022 in each of east and north
	TrackDeg float64
	ClimbFpm float64 // to 64 ft/min
	NACv     uint8   // 0 to 4
}

// Operation is type code 31 of version 2, in the air.
type Operation struct {
	Address Address
	NACp    uint8 // 0 to 11
	SIL     uint8 // 0 to 3
}

// squit makes the frame around 56 bits.
func squit(address Address, me payload) (f Frame, err error) {
	if address == 0 || address > 0xffffff {
		return f, fmt.Errorf("adsb: address %x: want 24 bits that are not all zero", uint32(address))
	}
	const airborne = 5
	f.b[0] = 17<<3 | airborne
	f.b[1], f.b[2], f.b[3] = byte(address>>16), byte(address>>8), byte(address)
	for i := range 7 {
		f.b[4+i] = byte(me >> (48 - 8*i))
	}
	f.n = longFrame
	c := parity(f.b[:11])
	f.b[11], f.b[12], f.b[13] = byte(c>>16), byte(c>>8), byte(c)
	return f, nil
}

// put sets the bits from first to last, counted from 1.
func (p payload) put(first, last uint, v uint32) payload {
	mask := payload(1)<<(last-first+1) - 1
	return p | (payload(v)&mask)<<(56-last)
}

func (p payload) flag(n uint, on bool) payload {
	if on {
		return p.put(n, n, 1)
	}
	return p
}

// Frame is the message.
func (i Identification) Frame() (Frame, error) {
	c := i.Category
	if c[0] < 'A' || c[0] > 'D' || c[1] < '0' || c[1] > '7' || len(i.Callsign) > 8 {
		return Frame{}, fmt.Errorf("adsb: category %q, callsign %q: want A0 to D7 and at most eight characters", c.String(), i.Callsign)
	}
	me := payload(0).put(1, 5, uint32('A'+4-c[0])).put(6, 8, uint32(c[1]-'0'))
	for n := range 8 {
		char := byte(' ')
		if n < len(i.Callsign) {
			char = i.Callsign[n]
		}
		six := uint32(char) & 0x3f
		if callsignDigits[six] != char || char == '#' {
			return Frame{}, fmt.Errorf("adsb: callsign %q: want capital letters, digits and blanks", i.Callsign)
		}
		me = me.put(uint(9+6*n), uint(14+6*n), six)
	}
	return squit(i.Address, me)
}

// Frame is the message.
func (p Position) Frame() (Frame, error) {
	if !p.At.Valid() {
		return Frame{}, fmt.Errorf("adsb: position %v is out of range", p.At)
	}
	me := payload(0).put(1, 5, uint32(p.TypeCode))
	surface := p.TypeCode <= 8
	switch {
	case p.TypeCode >= 5 && surface:
		n, ok := movementCode(p.SpeedKt)
		if !ok {
			return Frame{}, fmt.Errorf("adsb: %g knots on the ground: want 0 to under 175", p.SpeedKt)
		}
		track := uint32(math.Round(modulo(p.TrackDeg, 360)*128/360)) % 128
		me = me.put(6, 12, n).flag(13, true).put(14, 20, track)
	case p.TypeCode >= 9 && p.TypeCode <= 18:
		code := altitudeCode12(p.AltitudeFt)
		if code == 0 {
			return Frame{}, fmt.Errorf("adsb: %g ft: want -1,000 to 50,175", p.AltitudeFt)
		}
		me = me.put(9, 20, code)
	default:
		return Frame{}, fmt.Errorf("adsb: type code %d: want 5 to 8 or 9 to 18", p.TypeCode)
	}
	c := encodeCPR(p.At, p.Odd, surface)
	return squit(p.Address, me.flag(22, p.Odd).put(23, 39, c.Lat).put(40, 56, c.Lon))
}

// movementCode is the number whose speed lies nearest.
func movementCode(knots float64) (best uint32, ok bool) {
	if !(knots >= 0 && knots < 175) {
		return 0, false
	}
	best = 1
	for n := uint32(2); n < 124; n++ {
		if math.Abs(movement(n).V-knots) < math.Abs(movement(best).V-knots) {
			best = n
		}
	}
	return best, true
}

// Frame is the message.
func (v Velocity) Frame() (Frame, error) {
	sin, cos := math.Sincos(v.TrackDeg * math.Pi / 180)
	east, north, climb := math.Round(v.SpeedKt*sin), math.Round(v.SpeedKt*cos), math.Round(v.ClimbFpm/64)
	if !(math.Abs(east) <= 1022 && math.Abs(north) <= 1022 && math.Abs(climb) <= 510 && v.NACv <= 4) {
		return Frame{}, fmt.Errorf("adsb: %g knots, %g ft/min, NACv %d: want at most 1,022, 32,640 and 4", v.SpeedKt, v.ClimbFpm, v.NACv)
	}
	me := payload(0).put(1, 5, 19).put(6, 8, 1).put(11, 13, uint32(v.NACv))
	me = me.flag(14, east < 0).put(15, 24, uint32(math.Abs(east))+1).flag(25, north < 0).put(26, 35, uint32(math.Abs(north))+1)
	return squit(v.Address, me.flag(36, true).flag(37, climb < 0).put(38, 46, uint32(math.Abs(climb))+1))
}

// Frame is the message.
func (o Operation) Frame() (Frame, error) {
	if o.NACp > 11 || o.SIL > 3 {
		return Frame{}, fmt.Errorf("adsb: NACp %d, SIL %d: want at most 11 and 3", o.NACp, o.SIL)
	}
	me := payload(0).put(1, 5, 31).put(41, 43, 2).put(45, 48, uint32(o.NACp)).put(51, 52, uint32(o.SIL))
	return squit(o.Address, me)
}

// AppendAVR appends a line of AVR text, with a stamp of the 12 MHz counter when it is not 0.
func AppendAVR(b []byte, f Frame, ticks uint64) []byte {
	if ticks == 0 {
		b = append(b, '*')
	} else {
		b = append(b, '@')
		b = hex.AppendEncode(b, stampBytes(ticks))
	}
	return append(hex.AppendEncode(b, f.Bytes()), ';', '\n')
}

// AppendBeast appends a Beast message. The stamp is of the 12 MHz counter, or of GNSSStamp.
func AppendBeast(b []byte, f Frame, ticks uint64, signal uint8) []byte {
	kind := byte('3')
	if f.n == shortFrame {
		kind = '2'
	}
	b = append(b, escape, kind)
	for _, part := range [][]byte{stampBytes(ticks), {signal}, f.Bytes()} {
		for _, c := range part {
			if c == escape {
				b = append(b, escape)
			}
			b = append(b, c)
		}
	}
	return b
}

func stampBytes(ticks uint64) []byte {
	return []byte{byte(ticks >> 40), byte(ticks >> 32), byte(ticks >> 24), byte(ticks >> 16), byte(ticks >> 8), byte(ticks)}
}

// GNSSStamp is the stamp that a receiver with a GNSS clock puts on a message.
func GNSSStamp(t truce.Instant) uint64 {
	micros := modMicros(int64(t))
	return uint64(micros/second)<<30 | uint64(micros%second*1000)
}
