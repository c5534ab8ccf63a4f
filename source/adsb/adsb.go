// Package adsb reads what aircraft transponders send on 1090 MHz, as receivers pass it on:
// Mode S messages in Beast binary, in AVR text or as hexadecimal digits, and BaseStation rows.
//
// It never opens a connection and never makes up a position: a message that holds half of one
// gives a position only together with another that came in time, or next to a reference close
// enough to leave no choice; and what an aircraft says of itself is evidence, not truth.
//
// Read Reader in reader.go, then message.go for what a message holds, frame.go for the
// checksum, squitter.go and commb.go for the fields, cpr.go and aircraft.go for positions,
// beast.go, lines.go and basestation.go for the forms of input, encode.go for the way back and
// observe.go for observations.
//
// Sources: ICAO Annex 10 volume IV (fifth edition), ICAO Doc 9871 (second edition), RTCA
// DO-260, DO-260A and DO-260B; J. Sun, The 1090 Megahertz Riddle (second edition, 2021).
package adsb

import (
	"github.com/trucewatch/truce/source"
)

// decode reads a Mode S message. A reason is given where it is damaged.
func (r *Reader) decode(m *Message, frame Frame) (reason string) {
	m.Frame, m.Format = frame, frame.format()
	long := m.Format >= 16
	if long != (frame.n == longFrame) {
		return "a message of the wrong length for its format"
	}
	rest := frame.remainder()
	switch m.Format {
	case 17, 18:
		if rest != 0 {
			return "checksum wrong"
		}
		r.extended(m)
		return ""
	case 11:
		if rest > 0x7f {
			return "checksum wrong"
		}
		m.Address, m.Checked, m.Interrog = Address(frame.short()&0xffffff), rest == 0, uint8(rest)
		m.Capability = frame.b[0] & 7
		m.Ground = m.Capability == 4
	case 0, 4, 5, 16, 20, 21:
		m.reply(rest)
	case 19, 22, 24: // military use, and long data links: nothing in them is public
		return ""
	default:
		return "a downlink format that is not in use"
	}
	r.join(m)
	return ""
}

// reply reads what answers a radar. Its address lies under the parity, so a wrong bit gives
// another address and not a wrong checksum.
func (m *Message) reply(address uint32) {
	head := m.Frame.short()
	m.Address = Address(address)
	code := head & 0x1fff
	switch m.Format {
	case 0, 16:
		m.AltitudeFt, m.Ground = altitude13(code), head>>26&1 != 0
	case 4, 20:
		m.AltitudeFt = altitude13(code)
	case 5, 21:
		m.Squawk = squawkOf(code)
	}
	if m.Format != 0 && m.Format != 16 {
		status := head >> 24 & 7
		m.Ground = status == 1 || status == 3
		m.Alert = status >= 2 && status <= 4
		m.Ident = status == 4 || status == 5
	}
	if m.Format == 20 || m.Format == 21 {
		m.commB(m.Frame.payload())
	}
}

// extended reads an extended squitter (DF17, DF18).
func (r *Reader) extended(m *Message) {
	m.Address, m.Checked = Address(m.Frame.short()&0xffffff), true
	m.Capability = m.Frame.b[0] & 7
	me := m.Frame.payload()
	if m.Format == 17 {
		m.Ground = m.Capability == 4
		m.squitter(me)
		r.join(m)
		return
	}
	switch m.Capability { // DO-260B, table 2-5
	case 0:
	case 1:
		m.Foreign = true
	case 2, 6:
		m.Relayed, m.Foreign = true, foreign(me)
	case 5:
		m.Relayed, m.Foreign = true, true
	default:
		return // coarse tracks, management of the ground station, and what is reserved
	}
	m.squitter(me)
	r.join(m)
}

// foreign reads the bit by which a ground station marks an address that is none of ICAO; it
// stands elsewhere in every type (DO-260B, 2.2.17 and 2.2.18).
func foreign(me payload) bool {
	switch tc := me.bits(1, 5); {
	case tc >= 5 && tc <= 8:
		return me.bit(21)
	case tc >= 9 && tc <= 18 || tc >= 20 && tc <= 22:
		return me.bit(8)
	case tc == 19:
		return me.bit(9)
	case tc == 29:
		return me.bit(51)
	case tc == 28, tc == 31:
		return me.bit(56)
	}
	return false
}

// join puts the message to what its aircraft said before. An address that nothing vouches
// for makes no new aircraft.
func (r *Reader) join(m *Message) {
	a := r.fleet.of(key{m.Address, m.Foreign}, r.now, m.Checked)
	if a == nil {
		return
	}
	m.Checked = true
	r.learn(a, m)
	if m.CPR.told {
		r.place(a, m)
	}
	r.current = a
}

// told is a number of a row of text, within bounds.
func told(text []byte, low, high float64) (source.Value, bool) {
	if len(text) == 0 {
		return source.Value{}, true
	}
	v, err := source.Number(text)
	if err != nil || v < low || v > high {
		return source.Value{}, false
	}
	return source.Told(v), true
}
