package remoteid

import (
	"encoding/binary"
	"encoding/hex"
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// Append adds the 25 bytes of a message to dst. What is unknown is written as the standard
// says it; a value between two that can be written becomes the nearer one.
func (m Message) Append(dst []byte) ([]byte, error) {
	var b [Size]byte
	b[0] = byte(m.Kind)<<4 | m.Version&15
	var err error
	switch {
	case m.Kind == KindBasicID && m.BasicID != nil:
		err = m.BasicID.write(&b)
	case m.Kind == KindLocation && m.Location != nil:
		err = m.Location.write(&b)
	case m.Kind == KindAuthentication && m.Authentication != nil:
		err = m.Authentication.write(&b)
	case m.Kind == KindSelfID && m.SelfID != nil:
		b[1] = byte(m.SelfID.Type)
		err = ascii(b[2:25], "the text", m.SelfID.Text)
	case m.Kind == KindSystem && m.System != nil:
		err = m.System.write(&b)
	case m.Kind == KindOperatorID && m.OperatorID != nil:
		b[1] = m.OperatorID.Type
		err = ascii(b[2:22], "the operator's id", m.OperatorID.ID)
	default:
		err = truce.Errorf(truce.CodeInvalid, "a message of the kind %s without its contents", m.Kind)
	}
	if err != nil {
		return dst, err
	}
	return append(dst, b[:]...), nil
}

// AppendPack adds a pack of messages to dst, all of one version.
func AppendPack(dst []byte, version uint8, messages ...Message) ([]byte, error) {
	if len(messages) == 0 || len(messages) > MaxPack {
		return dst, truce.Errorf(truce.CodeInvalid, "a pack of %d messages: write 1 to %d", len(messages), MaxPack)
	}
	out := append(dst, byte(kindPack)<<4|version&15, Size, byte(len(messages)))
	for _, m := range messages {
		m.Version = version
		var err error
		if out, err = m.Append(out); err != nil {
			return dst, err
		}
	}
	return out, nil
}

// ascii fills a field with a text.
func ascii(field []byte, what, text string) error {
	if len(text) > len(field) {
		return truce.Errorf(truce.CodeInvalid, "%s %.40q has %d signs, at most %d can be written", what, text, len(text), len(field))
	}
	for i := range len(text) {
		if text[i] < 0x20 || text[i] > 0x7e {
			return truce.Errorf(truce.CodeInvalid, "%s %.40q: only ASCII can be written", what, text)
		}
	}
	copy(field, text)
	return nil
}

func digits(field []byte, what, text string) error {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) > len(field) {
		return truce.Errorf(truce.CodeInvalid, "%s %.60q: write at most %d bytes as pairs of hexadecimal digits", what, text, len(field))
	}
	copy(field, raw)
	return nil
}

func (i BasicID) write(b *[Size]byte) error {
	b[1] = byte(i.IDType)<<4 | byte(i.Craft)&15
	if i.IDType == IDUTM || i.IDType == IDSession {
		return digits(b[2:22], "the id", i.ID)
	}
	return ascii(b[2:22], "the id", i.ID)
}

// finite refuses numbers that are told and are none.
func finite(all ...source.Value) error {
	for _, x := range all {
		if math.IsNaN(x.V) || math.IsInf(x.V, 0) {
			return truce.Errorf(truce.CodeInvalid, "%v cannot be written: leave out what is not known", x.V)
		}
	}
	return nil
}

func (l Location) write(b *[Size]byte) error {
	if err := finite(l.DirectionDeg, l.SpeedMps, l.ClimbMps, l.LatDeg, l.LonDeg, l.PressureM, l.GeodeticM, l.HeightM, l.PastHourS, l.ClockAccS); err != nil {
		return err
	}
	flags := byte(l.Status) << 4
	if l.OverGround {
		flags |= 4
	}
	direction := noDirection
	if l.DirectionDeg.Told {
		direction = int(math.Round(l.DirectionDeg.V)) % 360
	}
	if direction >= 180 {
		flags, direction = flags|2, direction-180
	}
	speed := float64(noSpeed)
	if l.SpeedMps.Told {
		speed = min(l.SpeedMps.V, 254.25)
	}
	if direction < 0 || speed < 0 {
		return truce.Errorf(truce.CodeInvalid, "direction %g, speed %g: write none that is negative", l.DirectionDeg.V, l.SpeedMps.V)
	}
	if b[3] = byte(math.Round(min(speed, 63.75) * 4)); speed > 63.75 {
		flags, b[3] = flags|1, byte(math.Round((speed-63.75)/0.75))
	}
	b[1], b[2], b[4] = flags, byte(direction), noClimb
	if l.ClimbMps.Told {
		b[4] = byte(int8(math.Round(max(-62, min(62, l.ClimbMps.V)) * 2)))
	}
	if err := writePlace(b[5:], l.LatDeg, l.LonDeg); err != nil {
		return err
	}
	writeAltitude(b[13:], l.PressureM)
	writeAltitude(b[15:], l.GeodeticM)
	writeAltitude(b[17:], l.HeightM)
	b[19] = grade(horizontalM[:], l.HorizontalM) | grade(verticalM[:], l.VerticalM)<<4
	b[20] = grade(speedMps[:], l.SpeedAccMps) | grade(verticalM[:], l.PressureAccM)<<4
	tenths := uint16(noPastHour)
	if l.PastHourS.Told {
		tenths = uint16(math.Round(max(0, min(3600, l.PastHourS.V)) * 10))
	}
	binary.LittleEndian.PutUint16(b[21:], tenths)
	if l.ClockAccS.Told {
		b[23] = byte(math.Round(max(0.1, min(1.5, l.ClockAccS.V)) * 10))
	}
	return nil
}

func writePlace(b []byte, lat, lon source.Value) error {
	if !lat.Told || !lon.Told {
		return nil // zeros: none is known
	}
	if !(math.Abs(lat.V) <= 90 && math.Abs(lon.V) <= 180) {
		return truce.Errorf(truce.CodeInvalid, "latitude %v, longitude %v is nowhere on Earth", lat.V, lon.V)
	}
	binary.LittleEndian.PutUint32(b, uint32(int32(math.Round(lat.V*1e7))))
	binary.LittleEndian.PutUint32(b[4:], uint32(int32(math.Round(lon.V*1e7))))
	return nil
}

func writeAltitude(b []byte, metres source.Value) {
	if metres.Told {
		binary.LittleEndian.PutUint16(b, uint16(math.Round((max(-999.5, min(31767.5, metres.V))+1000)*2)))
	}
}

// grade is the number of the finest accuracy in a table that a value still meets.
func grade(table []float64, x source.Value) byte {
	if !x.Told {
		return 0
	}
	for n := len(table) - 1; n > 0; n-- {
		if x.V <= table[n] {
			return byte(n)
		}
	}
	return 0
}

func (a Authentication) write(b *[Size]byte) error {
	if a.Page < 0 || a.Page > 15 || a.Last < 0 || a.Last > 255 || a.Bytes < 0 || a.Bytes > 255 {
		return truce.Errorf(truce.CodeInvalid, "page %d of %d with %d bytes cannot be written", a.Page, a.Last, a.Bytes)
	}
	b[1] = byte(a.Type)<<4 | byte(a.Page)
	if a.Page > 0 {
		return digits(b[2:25], "the data", a.Data)
	}
	b[2], b[3] = byte(a.Last), byte(a.Bytes)
	writeSince2019(b[4:], a.Time)
	return digits(b[8:25], "the data", a.Data)
}

// writeSince2019 writes a time; one before 2019 cannot be written and is left out.
func writeSince2019(b []byte, t truce.Instant) {
	if t > epoch {
		binary.LittleEndian.PutUint32(b, uint32((t-epoch)/1_000_000))
	}
}

func (s System) write(b *[Size]byte) error {
	if err := finite(s.LatDeg, s.LonDeg, s.AreaRadiusM, s.AreaCeilingM, s.AreaFloorM, s.AltitudeM); err != nil {
		return err
	}
	if s.Count < 0 || s.Count > math.MaxUint16 {
		return truce.Errorf(truce.CodeInvalid, "a system of %d aircraft cannot be written", s.Count)
	}
	b[1] = byte(s.From)&3 | byte(s.Region)&7<<2
	if err := writePlace(b[2:], s.LatDeg, s.LonDeg); err != nil {
		return err
	}
	binary.LittleEndian.PutUint16(b[10:], uint16(s.Count))
	if s.AreaRadiusM.Told {
		b[12] = byte(math.Round(max(10, min(2550, s.AreaRadiusM.V)) / 10))
	}
	writeAltitude(b[13:], s.AreaCeilingM)
	writeAltitude(b[15:], s.AreaFloorM)
	if s.Region == 1 {
		b[17] = s.Category<<4 | s.Class&15
	}
	if b[0]&15 > 0 {
		writeAltitude(b[18:], s.AltitudeM)
		writeSince2019(b[20:], s.Time)
	}
	return nil
}
