package ais

import (
	"fmt"
	"math"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// The units of the numbers in messages.
const (
	perDegree    = 600_000        // places are in ten thousandths of a minute
	knotTenth    = 1852. / 36_000 // metres a second in a tenth of a knot
	unknownSpeed = 1023
	mostSpeed    = 1022 // 102.2 knots or more
	unknownLon   = 181 * perDegree
	unknownLat   = 91 * perDegree
	unknownTurn  = -128
	turnScale    = 4.733 // ROT = 4.733 sqrt(degrees a minute), table 45
)

// lengths are how many bits a message of a type has at least, and in whole. Some transponders
// leave out the last two of type 5, and of type 24 what is spare.
func lengths(kind int, partB bool) (least, whole int) {
	switch {
	case kind == 5:
		return 422, 424
	case kind == 19:
		return 312, 312
	case kind == 24 && partB:
		return 162, 168
	case kind == 24:
		return 160, 168
	}
	return 168, 168
}

// decode reads the message whose bits are given.
func (m *Message) decode(b *bits) error {
	if b.n < 38 {
		return fmt.Errorf("the message has %d bits, and its head alone has 38", b.n)
	}
	m.Type, m.Repeat, m.MMSI = int(b.uint(0, 6)), int(b.uint(6, 2)), MMSI(b.uint(8, 30))
	if m.MMSI > 999_999_999 {
		return fmt.Errorf("MMSI %d has more than nine digits", uint32(m.MMSI))
	}
	part := b.uint(38, 2)
	switch m.Type {
	case 1, 2, 3, 4, 5, 18, 19, 24:
	default:
		m.Unread = true
		return nil
	}
	if least, whole := lengths(m.Type, part == 1); b.n < least || b.n > whole+slack {
		return fmt.Errorf("a message of type %d has %d bits, and this one has %d", m.Type, whole, b.n)
	}
	switch m.Type {
	case 4:
		m.base(b)
	case 5:
		m.voyage(b)
	case 18, 19:
		m.classB(b)
	case 24:
		m.Unread = part > 1
		m.staticB(b, part)
	default:
		m.classA(b)
	}
	return nil
}

// classA reads types 1 to 3 (M.1371-5, table 45).
func (m *Message) classA(b *bits) {
	m.Status = unless(int(b.uint(38, 4)), 15)
	switch turn := b.int(42, 8); {
	case turn == 127, turn == -127:
		m.TurnSide = turn / 127
	case turn != unknownTurn:
		root := float64(turn) / turnScale
		m.TurnDegMin = source.Told(root * math.Abs(root))
	}
	m.speed(b.uint(50, 10))
	m.place(b, 60)
	m.course(b, 116)
	m.manoeuvre(b.uint(143, 2))
	m.RAIM, m.Radio = b.flag(148), int(b.uint(149, 19))
}

// base reads type 4 (table 48).
func (m *Message) base(b *bits) {
	m.UTC = clock(int(b.uint(38, 14)), int(b.uint(52, 4)), int(b.uint(56, 5)), int(b.uint(61, 5)), int(b.uint(66, 6)), int(b.uint(72, 6)))
	m.place(b, 78)
	m.Fixing = unless(int(b.uint(134, 4)), 0)
	m.LongRange, m.RAIM, m.Radio = b.flag(138), b.flag(148), int(b.uint(149, 19))
}

// voyage reads type 5 (table 50).
func (m *Message) voyage(b *bits) {
	m.Version, m.IMO = int(b.uint(38, 2)), unless(int(b.uint(40, 30)), 0)
	m.Callsign, m.Name = b.text(70, 7), b.text(112, 20)
	m.ship(b, 232)
	m.Fixing = unless(int(b.uint(270, 4)), 0)
	m.ETA = eta(int(b.uint(274, 4)), int(b.uint(278, 5)), int(b.uint(283, 5)), int(b.uint(288, 6)))
	if draught := b.uint(294, 8); draught != 0 {
		m.DraughtM = source.Told(float64(draught) / 10)
	}
	m.Destination, m.NoTerminal = b.text(302, 20), b.flag(422)
}

// classB reads types 18 and 19 (tables 68 and 69).
func (m *Message) classB(b *bits) {
	m.speed(b.uint(46, 10))
	m.place(b, 56)
	m.course(b, 112)
	if m.Type == 18 {
		m.CarrierB, m.Features, m.Assigned = b.flag(141), int(b.uint(142, 4)), b.flag(146)
		m.RAIM, m.Radio = b.flag(147), int(b.uint(148, 20))
		return
	}
	m.Name = b.text(143, 20)
	m.ship(b, 263)
	m.Fixing = unless(int(b.uint(301, 4)), 0)
	m.RAIM, m.NoTerminal, m.Assigned = b.flag(305), b.flag(306), b.flag(307)
}

// staticB reads the parts of type 24 (tables 75 and 76).
func (m *Message) staticB(b *bits, part uint32) {
	switch part {
	case 0:
		m.Part, m.Name = NewText("A"), b.text(40, 20)
	case 1:
		m.Part, m.Vendor = NewText("B"), b.text(48, 3)
		m.Model, m.Serial, m.Callsign = int(b.uint(66, 4)), int(b.uint(70, 20)), b.text(90, 7)
		if m.auxiliary() {
			m.ShipType = unless(int(b.uint(40, 8)), 0)
			m.Mother = MMSI(b.uint(132, 30))
			if m.Mother > 999_999_999 {
				m.Mother = 0
			}
		} else {
			m.ship2(b, 40, 132)
		}
		if b.n >= 166 {
			m.Fixing = unless(int(b.uint(162, 4)), 0)
		}
	}
}

// auxiliary says whether the number is that of a craft that belongs to a ship (98MIDXXXX).
func (m *Message) auxiliary() bool { return m.MMSI/10_000_000 == 98 }

// ship reads the type of the ship and, behind it, where on it the place is.
func (m *Message) ship(b *bits, at int) { m.ship2(b, at, at+8) }

func (m *Message) ship2(b *bits, kind, size int) {
	m.ShipType = unless(int(b.uint(kind, 8)), 0)
	if b.uint(size, 30) == 0 {
		return
	}
	m.ToBowM, m.ToSternM = source.Told(float64(b.uint(size, 9))), source.Told(float64(b.uint(size+9, 9)))
	m.ToPortM, m.ToStarM = source.Told(float64(b.uint(size+18, 6))), source.Told(float64(b.uint(size+24, 6)))
}

func (m *Message) speed(tenths uint32) {
	if tenths != unknownSpeed {
		m.SpeedMps, m.SpeedIsLeast = source.Told(float64(tenths)*knotTenth), tenths == mostSpeed
	}
}

// place reads accuracy, longitude and latitude. A value that marks a coordinate as not
// available, or that lies beyond the globe, makes the place unknown.
func (m *Message) place(b *bits, at int) {
	m.Accurate = b.flag(at)
	lon, lat := b.int(at+1, 28), b.int(at+29, 27)
	if lon < -180*perDegree || lon > 180*perDegree || lat < -90*perDegree || lat > 90*perDegree {
		return
	}
	m.LonDeg, m.LatDeg = source.Told(float64(lon)/perDegree), source.Told(float64(lat)/perDegree)
}

// course reads course, heading and the second, which follow each other.
func (m *Message) course(b *bits, at int) {
	if course := b.uint(at, 12); course < 3600 {
		m.CourseDeg = source.Told(float64(course) / 10)
	}
	if heading := int(b.uint(at+12, 9)); heading < 360 {
		m.HeadingDeg = source.Told(float64(heading))
	}
	switch second := int(b.uint(at+21, 6)); second {
	case 60:
	case 61:
		m.Mode = ModeManual
	case 62:
		m.Mode = ModeEstimated
	case 63:
		m.Mode = ModeInoperative
	default:
		m.Second = source.Told(float64(second))
	}
}

func (m *Message) manoeuvre(v uint32) {
	if v <= 2 {
		m.Manoeuvre = Manoeuvre(v)
	}
}

// unless is a value that is known unless it is the one that says it is not.
func unless(v, unknown int) source.Value {
	if v == unknown {
		return source.Value{}
	}
	return source.Told(float64(v))
}

// clock is the time of a base station, 0 where a part of it is not available.
func clock(year, month, day, hour, minute, second int) truce.Instant {
	if year < source.MinYear || year > source.MaxYear || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59 {
		return 0
	}
	at := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	if at.Day() != day {
		return 0
	}
	return truce.InstantOf(at)
}

// eta keeps the parts that are available.
func eta(month, day, hour, minute int) ETA {
	var e ETA
	if month <= 12 {
		e.Month = month
	}
	if day <= 31 {
		e.Day = day
	}
	if hour < 24 {
		e.Hour = source.Told(float64(hour))
	}
	if minute < 60 {
		e.Minute = source.Told(float64(minute))
	}
	return e
}
