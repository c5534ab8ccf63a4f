// Package ais reads and writes what ships say of themselves by AIS, as receivers pass it on in
// NMEA sentences (AIVDM, AIVDO): positions, identity and voyage, by ITU-R M.1371-5.
//
// It never opens a port, reads no clock and makes up no position: what the sender marks as not
// available stays unknown, and what is damaged is passed over and told.
//
// Read Message for what is read, Reader for the way of a sentence, assemble.go (messages of
// several sentences), bits.go (six-bit armour), decode.go (the layout of each type), encode.go
// and observe.go (plots).
package ais

import (
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/nmea"
	"github.com/trucewatch/truce/source"
)

// Message is one AIS message. Fields that are not known, or that its type has not, are zero
// and left out of its JSON.
type Message struct {
	Offset  int64         `json:"offset"`           // of the line it began in
	Time    truce.Instant `json:"time,omitzero"`    // when it was received, of tag block or line
	Station Text          `json:"station,omitzero"` // who received it, as the tag block has it
	Own     bool          `json:"own,omitempty"`    // AIVDO: of the receiver's own ship
	Channel Text          `json:"channel,omitzero"`

	Type   int  `json:"type"`
	Unread bool `json:"body_not_read,omitempty"` // another type than those that are read
	Repeat int  `json:"repeat,omitempty"`
	MMSI   MMSI `json:"mmsi"`

	Position
	Static
	Base
}

// Position is what types 1 to 3, 18 and 19 say of the ship's place and way; type 4 has place and
// quality alone.
type Position struct {
	LatDeg       source.Value `json:"lat_deg,omitzero"` // known with LonDeg or not at all
	LonDeg       source.Value `json:"lon_deg,omitzero"`
	Accurate     bool         `json:"accuracy_under_10m,omitempty"`
	RAIM         bool         `json:"raim,omitempty"`
	Second       source.Value `json:"utc_second,omitzero"` // when within its minute the place was taken
	Mode         Mode         `json:"position_mode,omitempty"`
	SpeedMps     source.Value `json:"speed_mps,omitzero"`
	SpeedIsLeast bool         `json:"speed_is_least,omitempty"` // 102.2 knots or more
	CourseDeg    source.Value `json:"course_deg,omitzero"`      // over the ground
	HeadingDeg   source.Value `json:"heading_deg,omitzero"`
	TurnDegMin   source.Value `json:"turn_deg_per_min,omitzero"` // to starboard
	TurnSide     int          `json:"turn_side,omitempty"`       // more than 5 degrees in 30 s without an indicator: 1 starboard, -1 port
	Status       source.Value `json:"nav_status,omitzero"`       // 0 under way, 1 at anchor, 5 moored, ... (table 45)
	Manoeuvre    Manoeuvre    `json:"special_manoeuvre,omitzero"`
	Assigned     bool         `json:"assigned,omitempty"`
	CarrierB     bool         `json:"carrier_sense,omitempty"` // class B "CS"
	Features     int          `json:"class_b_features,omitempty"`
	Radio        int          `json:"communication_state,omitempty"` // as it stands, 19 bits, 20 in type 18
}

// Manoeuvre says whether a special manoeuvre is under way, by the numbers of table 45.
type Manoeuvre uint8

// What may be said of a manoeuvre. In JSON it is true or false.
const (
	ManoeuvreUntold Manoeuvre = iota
	ManoeuvreNone
	ManoeuvreSpecial
)

// MarshalJSON writes whether there is one, null where that was not told.
func (m Manoeuvre) MarshalJSON() ([]byte, error) {
	if m == ManoeuvreUntold {
		return []byte("null"), nil
	}
	return strconv.AppendBool(nil, m == ManoeuvreSpecial), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (m *Manoeuvre) UnmarshalJSON(text []byte) error {
	switch string(text) {
	case "null":
		*m = ManoeuvreUntold
	case "false":
		*m = ManoeuvreNone
	case "true":
		*m = ManoeuvreSpecial
	default:
		return fmt.Errorf("manoeuvre %.20s: want true or false", text)
	}
	return nil
}

// Mode is how the place was come by, where the seconds say so.
type Mode string

// The modes of a place.
const (
	ModeManual      Mode = "manual"
	ModeEstimated   Mode = "estimated" // dead reckoning
	ModeInoperative Mode = "inoperative"
)

// Static is what types 5, 19 and 24 say of ship and voyage.
type Static struct {
	Name        Text         `json:"name,omitzero"`
	Callsign    Text         `json:"callsign,omitzero"`
	IMO         source.Value `json:"imo,omitzero"`
	ShipType    source.Value `json:"ship_type,omitzero"` // 70 to 79 cargo, 80 to 89 tanker, ... (table 53)
	ToBowM      source.Value `json:"to_bow_m,omitzero"`  // from the place that is reported
	ToSternM    source.Value `json:"to_stern_m,omitzero"`
	ToPortM     source.Value `json:"to_port_m,omitzero"`
	ToStarM     source.Value `json:"to_starboard_m,omitzero"`
	Fixing      source.Value `json:"position_device,omitzero"` // 1 GPS, 2 GLONASS, ...
	ETA         ETA          `json:"eta,omitzero"`
	DraughtM    source.Value `json:"draught_m,omitzero"`
	Destination Text         `json:"destination,omitzero"`
	Version     int          `json:"ais_version,omitempty"`
	NoTerminal  bool         `json:"no_data_terminal,omitempty"`
	Part        Text         `json:"part,omitzero"`        // A or B of type 24
	Vendor      Text         `json:"vendor,omitzero"`      // three letters
	Model       int          `json:"model,omitempty"`      // unit model code
	Serial      int          `json:"serial,omitempty"`     // of the unit
	Mother      MMSI         `json:"mother_mmsi,omitzero"` // of an auxiliary craft
}

// ETA is when a ship expects to arrive, in UTC and without a year; zero parts are not known.
type ETA struct {
	Month  int          `json:"month,omitempty"`
	Day    int          `json:"day,omitempty"`
	Hour   source.Value `json:"hour,omitzero"`
	Minute source.Value `json:"minute,omitzero"`
}

// Base is what type 4 says beside the place of a base station.
type Base struct {
	UTC       truce.Instant `json:"utc,omitzero"` // the station's clock; 0: not available
	LongRange bool          `json:"long_range,omitempty"`
}

// Options say how a stream is read. The zero value reads any.
type Options struct {
	// Skip leaves out messages of types that are not read, which else come with their head.
	Skip bool
	// Now tells the time of arrival, for live links: it is that of a message that brings none.
	// nil: such a message has no time.
	Now func() truce.Instant
}

// Reader reads messages from lines. It holds one line and a few messages in parts.
type Reader struct {
	lines    *nmea.Reader
	opt      Options
	sentence nmea.Sentence
	parts    assembler
	bits     bits
	last     *payload // of the message that was read last
	done     error
}

// NewReader reads from r.
func NewReader(r io.Reader, opt Options) *Reader {
	return &Reader{lines: nmea.NewReader(r), opt: opt}
}

// Next reads the next message into m. io.EOF is the end; *source.Damage is a stretch that was
// passed over, behind which reading goes on; any other error ends the stream. Sentences that
// are none of AIS are passed over.
func (r *Reader) Next(m *Message) error {
	for {
		if d := r.parts.lost(r.done != nil); d != nil {
			return d
		}
		if r.done != nil {
			return r.done
		}
		payload, err := r.read()
		switch {
		case r.done != nil || payload == nil && err == nil:
			continue
		case err != nil:
			return err
		}
		if err := r.bits.unarmour(payload.text(), payload.fill); err != nil {
			return payload.damage(err)
		}
		r.last = payload
		*m = Message{Offset: payload.offset, Time: payload.time, Station: payload.station, Channel: payload.channel, Own: payload.own}
		if m.Time == 0 && r.opt.Now != nil {
			m.Time = r.opt.Now()
		}
		if err := m.decode(&r.bits); err != nil {
			return payload.damage(err)
		}
		if m.Unread && r.opt.Skip {
			continue
		}
		return nil
	}
}

// read reads one line; a payload is a message that it completes.
func (r *Reader) read() (*payload, error) {
	if err := r.lines.Next(&r.sentence); err != nil {
		var line *nmea.Error
		if errors.As(err, &line) {
			return nil, source.Damaged(line.Offset, line.Length, line.Raw, "%s", line.Reason)
		}
		r.done = err
		return nil, nil
	}
	s := &r.sentence
	if s.Start != '!' || len(s.Type) != 3 || s.Type[0] != 'V' || s.Type[1] != 'D' || s.Type[2] != 'M' && s.Type[2] != 'O' {
		return nil, nil
	}
	p, reason := r.parts.take(s)
	if reason != "" {
		return nil, source.Damaged(s.Offset, int64(len(s.Raw)), s.Raw, "%s", reason)
	}
	return p, nil
}

// MMSI is the nine digits by which a station of the maritime service is called.
type MMSI uint32

// String is the nine digits.
func (n MMSI) String() string { return fmt.Sprintf("%09d", uint32(n)) }

// MarshalText is the nine digits.
func (n MMSI) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%09d", uint32(n)), nil }

// UnmarshalText reads the digits.
func (n *MMSI) UnmarshalText(text []byte) error {
	v, ok := nmea.Number(text)
	if !ok || v > 999_999_999 {
		return truce.Errorf(truce.CodeInvalid, "MMSI %.12q: want nine digits", text)
	}
	*n = MMSI(v)
	return nil
}

// kind is what a number belongs to, by its first digits (ITU-R M.585): a ship or a craft of one;
// "" for aircraft of search and rescue, aids to navigation, beacons and what is no number.
func (n MMSI) kind() string {
	if n >= 200_000_000 && n < 800_000_000 || n/10_000_000 == 98 {
		return "ship"
	}
	return ""
}
