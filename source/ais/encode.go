package ais

import (
	"fmt"
	"io"
	"math"

	"github.com/trucewatch/truce/internal/nmea"
	"github.com/trucewatch/truce/source"
)

// perSentence is how many characters of a payload one sentence carries: with them a sentence
// of two parts has at most the 82 characters of NMEA 0183.
const perSentence = 59

// Writer writes messages as sentences, each behind a tag block where station or time are known.
type Writer struct {
	w        io.Writer
	sequence int
	bits     bits
	armoured []byte
	body     []byte
	out      []byte
}

// NewWriter writes to w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write writes a message. What is unknown is written as not available; numbers are rounded to
// the steps of the standard. It refuses types that are not read and values that have no place.
func (w *Writer) Write(m *Message) error {
	if err := w.encode(m); err != nil {
		return err
	}
	w.out = w.sentences(w.out[:0], m)
	_, err := w.w.Write(w.out)
	return err
}

func (w *Writer) sentences(dst []byte, m *Message) []byte {
	text, fill := w.bits.armour(w.armoured[:0])
	w.armoured = text
	total := (len(text) + perSentence - 1) / perSentence
	sequence := ""
	if total > 1 {
		sequence = string(rune('0' + w.sequence))
		w.sequence = (w.sequence + 1) % 10
	}
	kind := "AIVDM"
	if m.Own {
		kind = "AIVDO"
	}
	for i := range total {
		part, padding := text[i*perSentence:min((i+1)*perSentence, len(text))], 0
		if i == total-1 {
			padding = fill
		}
		w.body = fmt.Appendf(w.body[:0], "%s,%d,%d,%s,%s,%s,%d", kind, total, i+1, sequence, m.Channel, part, padding)
		dst = nmea.AppendTag(dst, m.Station.String(), int64(m.Time))
		dst = nmea.Append(dst, '!', w.body)
	}
	return dst
}

func (w *Writer) encode(m *Message) error {
	b := &w.bits
	*b = bits{}
	if m.MMSI > 999_999_999 || m.Repeat < 0 || m.Repeat > 3 {
		return fmt.Errorf("AIS message: MMSI %d, repeat %d: want nine digits and 0 to 3", uint32(m.MMSI), m.Repeat)
	}
	if m.LatDeg.Told != m.LonDeg.Told || !(math.Abs(m.LatDeg.V) <= 90 && math.Abs(m.LonDeg.V) <= 180) {
		return fmt.Errorf("AIS message: latitude %v and longitude %v are no place", m.LatDeg.V, m.LonDeg.V)
	}
	b.put(6, uint32(m.Type))
	b.put(2, uint32(m.Repeat))
	b.put(30, uint32(m.MMSI))
	if m.CourseDeg.Told && !(m.CourseDeg.V >= 0 && m.CourseDeg.V <= 360) || m.SpeedMps.V < 0 || m.DraughtM.V < 0 {
		return fmt.Errorf("AIS message: course %v, speed %v or draught %v is out of range", m.CourseDeg.V, m.SpeedMps.V, m.DraughtM.V)
	}
	switch m.Type {
	case 1, 2, 3:
		m.putClassA(b)
	case 4:
		m.putBase(b)
	case 5:
		m.putVoyage(b)
	case 18, 19:
		m.putClassB(b)
	case 24:
		m.putStaticB(b)
	default:
		return fmt.Errorf("AIS message of type %d: want 1 to 5, 18, 19 or 24", m.Type)
	}
	return nil
}

func (m *Message) putClassA(b *bits) {
	b.put(4, uint32(whole(m.Status, 15)))
	turn := unknownTurn
	switch {
	case m.TurnSide != 0:
		turn = 127 * m.TurnSide
	case m.TurnDegMin.Told:
		v := m.TurnDegMin.V
		turn = int(math.Round(math.Copysign(min(turnScale*math.Sqrt(math.Abs(v)), 126), v)))
	}
	b.put(8, uint32(turn)&255)
	b.put(10, m.tenths())
	m.putPlace(b)
	m.putCourse(b)
	b.put(2, uint32(m.Manoeuvre))
	b.put(3, 0)
	b.putFlag(m.RAIM)
	b.put(19, uint32(m.Radio))
}

func (m *Message) putBase(b *bits) {
	if m.UTC == 0 {
		b.put(14+4+5, 0)
		b.put(5, 24)
		b.put(6, 60)
		b.put(6, 60)
	} else {
		at := m.UTC.Time()
		b.put(14, uint32(at.Year()))
		b.put(4, uint32(at.Month()))
		b.put(5, uint32(at.Day()))
		b.put(5, uint32(at.Hour()))
		b.put(6, uint32(at.Minute()))
		b.put(6, uint32(at.Second()))
	}
	m.putPlace(b)
	b.put(4, uint32(whole(m.Fixing, 0)))
	b.putFlag(m.LongRange)
	b.put(9, 0)
	b.putFlag(m.RAIM)
	b.put(19, uint32(m.Radio))
}

func (m *Message) putVoyage(b *bits) {
	b.put(2, uint32(m.Version))
	b.put(30, uint32(whole(m.IMO, 0)))
	b.putText(7, m.Callsign)
	b.putText(20, m.Name)
	m.putShip(b)
	b.put(4, uint32(whole(m.Fixing, 0)))
	b.put(4, uint32(m.ETA.Month))
	b.put(5, uint32(m.ETA.Day))
	b.put(5, uint32(whole(m.ETA.Hour, 24)))
	b.put(6, uint32(whole(m.ETA.Minute, 60)))
	b.put(8, uint32(min(math.Round(m.DraughtM.V*10), 255)))
	b.putText(20, m.Destination)
	b.putFlag(m.NoTerminal)
	b.put(1, 0)
}

func (m *Message) putClassB(b *bits) {
	b.put(8, 0)
	b.put(10, m.tenths())
	m.putPlace(b)
	m.putCourse(b)
	if m.Type == 18 {
		b.put(2, 0)
		b.putFlag(m.CarrierB)
		b.put(4, uint32(m.Features))
		b.putFlag(m.Assigned)
		b.putFlag(m.RAIM)
		b.put(20, uint32(m.Radio))
		return
	}
	b.put(4, 0)
	b.putText(20, m.Name)
	m.putShip(b)
	b.put(4, uint32(whole(m.Fixing, 0)))
	b.putFlag(m.RAIM)
	b.putFlag(m.NoTerminal)
	b.putFlag(m.Assigned)
	b.put(4, 0)
}

func (m *Message) putStaticB(b *bits) {
	if m.Part != NewText("B") {
		b.put(2, 0)
		b.putText(20, m.Name)
		b.put(8, 0)
		return
	}
	b.put(2, 1)
	b.put(8, uint32(whole(m.ShipType, 0)))
	b.putText(3, m.Vendor)
	b.put(4, uint32(m.Model))
	b.put(20, uint32(m.Serial))
	b.putText(7, m.Callsign)
	if m.auxiliary() {
		b.put(30, uint32(m.Mother))
	} else {
		m.putSize(b)
	}
	b.put(4, uint32(whole(m.Fixing, 0)))
	b.put(2, 0)
}

func (m *Message) putShip(b *bits) {
	b.put(8, uint32(whole(m.ShipType, 0)))
	m.putSize(b)
}

func (m *Message) putSize(b *bits) {
	b.put(9, uint32(min(whole(m.ToBowM, 0), 511)))
	b.put(9, uint32(min(whole(m.ToSternM, 0), 511)))
	b.put(6, uint32(min(whole(m.ToPortM, 0), 63)))
	b.put(6, uint32(min(whole(m.ToStarM, 0), 63)))
}

func (m *Message) tenths() uint32 {
	if !m.SpeedMps.Told {
		return unknownSpeed
	}
	return uint32(min(math.Round(m.SpeedMps.V/knotTenth), mostSpeed))
}

func (m *Message) putPlace(b *bits) {
	b.putFlag(m.Accurate)
	lon, lat := unknownLon, unknownLat
	if m.LatDeg.Told {
		lon, lat = int(math.Round(m.LonDeg.V*perDegree)), int(math.Round(m.LatDeg.V*perDegree))
	}
	b.put(28, uint32(lon))
	b.put(27, uint32(lat))
}

func (m *Message) putCourse(b *bits) {
	course := 3600
	if m.CourseDeg.Told {
		course = int(math.Round(m.CourseDeg.V*10)) % 3600
	}
	b.put(12, uint32(course))
	b.put(9, uint32(whole(m.HeadingDeg, 511)))
	second := whole(m.Second, 60)
	switch m.Mode {
	case ModeManual:
		second = 61
	case ModeEstimated:
		second = 62
	case ModeInoperative:
		second = 63
	}
	b.put(6, uint32(second))
}

// whole is the number, or what stands for one that is not told.
func whole(v source.Value, unknown int) int {
	if v.Told {
		return int(v.V)
	}
	return unknown
}
