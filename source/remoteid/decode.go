package remoteid

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// epoch is from when the clocks of messages count seconds: 2019-01-01T00:00:00Z (F3411-22a).
const epoch truce.Instant = 1_546_300_800 * 1_000_000

// What messages write for "not known" (F3411-22a, tables 5 to 8, and the reference code of
// Open Drone ID).
const (
	noDirection = 361
	noSpeed     = 255 // m/s
	noClimb     = 126 // half metres a second, written
	mostClimb   = 124 // the same: what can be told, up and down
	noAltitude  = 0   // as written: -1000 m
	noPastHour  = 0xffff
)

// Accuracies by the numbers that stand for them, 95 %: index 0 is "not known".
var (
	horizontalM = [...]float64{0, 18520, 7408, 3704, 1852, 926, 555.6, 185.2, 92.6, 30, 10, 3, 1}
	verticalM   = [...]float64{0, 150, 45, 25, 10, 3, 1}
	speedMps    = [...]float64{0, 10, 3, 1, 0.3}
)

// parts are the rooms of a message's contents, one of each kind.
type parts struct {
	basic    BasicID
	location Location
	auth     Authentication
	self     SelfID
	system   System
	operator OperatorID
}

// names keeps texts that were seen, so that the next with the same bytes takes no room.
type names map[string]string

// text is what stands in a field of ASCII that is filled up with zeros. Signs that do not
// print become question marks.
func (n names) text(field []byte) string {
	for len(field) > 0 && (field[len(field)-1] == 0 || field[len(field)-1] == ' ') {
		field = field[:len(field)-1]
	}
	return n.kept('t', field, func() string {
		out := make([]byte, len(field))
		for i, b := range field {
			if out[i] = b; b < 0x20 || b > 0x7e {
				out[i] = '?'
			}
		}
		return string(out)
	})
}

// hex is a field in hexadecimal digits.
func (n names) hex(field []byte) string {
	return n.kept('x', field, func() string { return hex.EncodeToString(field) })
}

// kept is what a field says, in one of two ways.
func (n names) kept(way byte, field []byte, say func() string) string {
	var room [1 + Size]byte
	room[0] = way
	key := append(room[:1], field...)
	if s, had := n[string(key)]; had {
		return s
	}
	if len(n) >= MaxNames {
		clear(n)
	}
	s := say()
	n[string(key)] = s
	return s
}

// decode reads the 25 bytes of one message into m, whose contents lie in p. The error says
// what is wrong with them.
func (m *Message) decode(b []byte, p *parts, n names) error {
	if !slices.ContainsFunc(b, func(c byte) bool { return c != 0 }) {
		return fmt.Errorf("%d bytes of zero, which say nothing", len(b))
	}
	m.Kind, m.Version = Kind(b[0]>>4), b[0]&15
	m.BasicID, m.Location, m.Authentication, m.SelfID, m.System, m.OperatorID = nil, nil, nil, nil, nil, nil
	switch m.Kind {
	case KindBasicID:
		p.basic = basicOf(b, n)
		m.BasicID = &p.basic
	case KindLocation:
		if err := p.location.read(b); err != nil {
			return err
		}
		p.location.Time = p.location.resolve(m.Time)
		m.Location = &p.location
	case KindAuthentication:
		p.auth = authOf(b, n)
		m.Authentication = &p.auth
	case KindSelfID:
		p.self = SelfID{SelfType(b[1]), n.text(b[2:25])}
		m.SelfID = &p.self
	case KindSystem:
		if err := p.system.read(b); err != nil {
			return err
		}
		m.System = &p.system
	case KindOperatorID:
		p.operator = OperatorID{b[1], n.text(b[2:22])}
		m.OperatorID = &p.operator
	default:
		return fmt.Errorf("a message of type %d, which the standard does not have", uint8(m.Kind))
	}
	return nil
}

func basicOf(b []byte, n names) BasicID {
	out := BasicID{IDType: IDType(b[1] >> 4), Craft: Craft(b[1] & 15)}
	switch out.IDType {
	case IDUTM, IDSession: // 16 bytes of a UUID; a type and 19 bytes of what it says
		field := b[2:22]
		for len(field) > 0 && field[len(field)-1] == 0 {
			field = field[:len(field)-1]
		}
		out.ID = n.hex(field)
	default:
		out.ID = n.text(b[2:22])
	}
	return out
}

// read reads a location. A place that cannot be on Earth is refused with all that stands beside it.
func (l *Location) read(b []byte) error {
	flags := b[1]
	*l = Location{Status: Status(flags >> 4), OverGround: flags&4 != 0}
	lat, lon, err := place(b[5:])
	if err != nil {
		return err
	}
	l.LatDeg, l.LonDeg = lat, lon
	direction := int(b[2])
	if flags&2 != 0 {
		direction += 180
	}
	if direction < 360 && (direction < 180 || flags&2 != 0) {
		l.DirectionDeg = source.Told(float64(direction))
	}
	speed := float64(b[3]) * 0.25
	if flags&1 != 0 {
		speed = float64(b[3])*0.75 + 255*0.25
	}
	if speed != noSpeed {
		l.SpeedMps = source.Told(speed)
	}
	if climb := int8(b[4]); climb >= -mostClimb && climb <= mostClimb {
		l.ClimbMps = source.Told(float64(climb) * 0.5)
	}
	l.PressureM, l.GeodeticM, l.HeightM = altitude(b[13:]), altitude(b[15:]), altitude(b[17:])
	l.HorizontalM, l.VerticalM = accuracy(horizontalM[:], b[19]&15), accuracy(verticalM[:], b[19]>>4)
	l.SpeedAccMps, l.PressureAccM = accuracy(speedMps[:], b[20]&15), accuracy(verticalM[:], b[20]>>4)
	if tenths := binary.LittleEndian.Uint16(b[21:]); tenths != noPastHour {
		if tenths > 36_000 {
			return fmt.Errorf("a location of %d tenths of a second past the hour, which has 36,000", tenths)
		}
		l.PastHourS = source.Told(float64(tenths) / 10)
	}
	if tenths := b[23] & 15; tenths > 0 {
		l.ClockAccS = source.Told(float64(tenths) / 10)
	}
	return nil
}

// place reads latitude and longitude. Both 0 is what is written where none is known.
func place(b []byte) (lat, lon source.Value, err error) {
	y, x := int32(binary.LittleEndian.Uint32(b)), int32(binary.LittleEndian.Uint32(b[4:]))
	if y == 0 && x == 0 {
		return source.Value{}, source.Value{}, nil
	}
	lat, lon = source.Told(float64(y)/1e7), source.Told(float64(x)/1e7)
	if lat.V < -90 || lat.V > 90 || lon.V < -180 || lon.V > 180 {
		return source.Value{}, source.Value{}, fmt.Errorf("latitude %v, longitude %v is nowhere on Earth", lat.V, lon.V)
	}
	return lat, lon, nil
}

func altitude(b []byte) source.Value {
	raw := binary.LittleEndian.Uint16(b)
	if raw == noAltitude {
		return source.Value{}
	}
	return source.Told(float64(raw)*0.5 - 1000)
}

func accuracy(table []float64, n byte) source.Value {
	if n == 0 || int(n) >= len(table) {
		return source.Value{}
	}
	return source.Told(table[n])
}

// resolve is the time of the location by the aircraft's own clock: the hour that puts it
// nearest to when it was received. 0: either is not known, or the two clocks do not agree.
func (l *Location) resolve(received truce.Instant) truce.Instant {
	if !l.PastHourS.Told || received == 0 {
		return 0
	}
	const hour = truce.Instant(time.Hour / time.Microsecond)
	at := received - received%hour + truce.Instant(l.PastHourS.V*10+0.5)*100_000
	switch {
	case at-received > hour/2:
		at -= hour
	case received-at > hour/2:
		at += hour
	}
	if drift := truce.Micros(at - received); drift > maxDrift || drift < -maxDrift {
		return 0
	}
	return at
}

func authOf(b []byte, n names) Authentication {
	out := Authentication{Type: AuthType(b[1] >> 4), Page: int(b[1] & 15)}
	if out.Page > 0 {
		out.Data = n.hex(b[2:25])
		return out
	}
	out.Last, out.Bytes, out.Time, out.Data = int(b[2]), int(b[3]), since2019(b[4:]), n.hex(b[8:25])
	return out
}

// since2019 reads a time; 0 is what is written where none is known.
func since2019(b []byte) truce.Instant {
	seconds := binary.LittleEndian.Uint32(b)
	if seconds == 0 {
		return 0
	}
	return epoch + truce.Instant(seconds)*1_000_000
}

func (s *System) read(b []byte) error {
	*s = System{From: PilotPlace(b[1] & 3), Region: Region(b[1] >> 2 & 7), Count: int(binary.LittleEndian.Uint16(b[10:]))}
	lat, lon, err := place(b[2:])
	if err != nil {
		return fmt.Errorf("of the operator: %w", err)
	}
	s.LatDeg, s.LonDeg = lat, lon
	if b[12] > 0 {
		s.AreaRadiusM = source.Told(float64(b[12]) * 10)
	}
	s.AreaCeilingM, s.AreaFloorM = altitude(b[13:]), altitude(b[15:])
	if s.Region == 1 {
		s.Category, s.Class = b[17]>>4, b[17]&15
	}
	if b[0]&15 > 0 { // edition 19 keeps these bytes empty, and fills them with anything
		s.AltitudeM, s.Time = altitude(b[18:]), since2019(b[20:])
	}
	return nil
}
