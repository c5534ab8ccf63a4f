package adsb

import (
	"math"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
)

// key tells aircraft apart. Addresses that are none of ICAO are a world of their own.
type key struct {
	address Address
	foreign bool
}

// aircraft is what one aircraft has said lately. All times are microseconds on the feed's
// clock, which need not be that of the world.
type aircraft struct {
	heard int64

	halves   [2]CPR // even and odd
	halvesAt [2]int64

	at      geo.Point
	atTime  int64
	located bool
	jumps   int // positions in a row that contradict at
	jump    geo.Point
	jumpAt  int64

	callsign Callsign
	category Category
	squawk   Squawk
	squawkAt int64

	speed, track, climb source.Value
	motionAt            int64
	nacv                source.Value

	version     int // -1: not told
	supplements supplements
	nacp        source.Value
	nacpAt      int64
	nic         int
	nicTold     bool
}

// fleet is the aircraft that are followed.
type fleet struct {
	all map[key]*aircraft
}

// of is the record of an aircraft, nil where there is none. What a checksum vouches for makes
// one; anything else must name an aircraft that was heard lately.
func (f *fleet) of(k key, now int64, vouched bool) *aircraft {
	a := f.all[k]
	if a != nil && !vouched && now-a.heard > saidHolds {
		return nil
	}
	if a == nil && vouched {
		if len(f.all) >= MaxAircraft {
			f.forget()
		}
		a = &aircraft{version: -1}
		f.all[k] = a
	}
	if a != nil {
		a.heard = now
	}
	return a
}

// forget drops the aircraft that was silent longest, of equals the one with the least
// address, so that a feed read twice gives the same twice.
func (f *fleet) forget() {
	var oldest key
	first := true
	for k, a := range f.all {
		o := f.all[oldest]
		if first || a.heard < o.heard || a.heard == o.heard && (k.address < oldest.address || k.address == oldest.address && !k.foreign) {
			oldest, first = k, false
		}
	}
	delete(f.all, oldest)
}

// learn keeps what a message says of its aircraft, and fills in what depends on earlier ones.
func (r *Reader) learn(a *aircraft, m *Message) {
	if !m.Callsign.IsZero() {
		a.callsign = m.Callsign
	}
	if !m.Category.IsZero() {
		a.category = m.Category
	}
	if !m.Squawk.IsZero() {
		a.squawk, a.squawkAt = m.Squawk, r.now
	}
	if m.GroundSpeedKt.Told && m.TrackDeg.Told {
		a.speed, a.track, a.climb, a.motionAt = m.GroundSpeedKt, m.TrackDeg, m.VerticalRateFpm, r.now
	}
	if m.TypeCode == 19 && m.NACv.Told {
		a.nacv = m.NACv
	}
	if m.NACp.Told {
		a.nacp, a.nacpAt = m.NACp, r.now
	}
	if m.TypeCode == 31 {
		a.operation(m.Frame.payload(), m.Version)
	}
}

// operation keeps what the reading of position messages depends on.
func (a *aircraft) operation(me payload, version source.Value) {
	if !version.Told {
		return
	}
	a.version = int(version.V)
	a.supplements.a = me.bit(44)
	if me.bits(6, 8) == 1 {
		a.supplements.c = me.bit(20)
	}
}

// quality says how good a position is: by NACp where it was told lately, else by what the
// type code stands for in version 0.
func (r *Reader) quality(a *aircraft, m *Message) {
	if a.version <= 0 {
		m.NUCp = source.Told(float64(nucp(m.TypeCode)))
		m.PositionSigmaM = sigmaOf(within95Old[nucp(m.TypeCode)])
	} else {
		s := a.supplements
		if !m.CPR.Surface && !m.Relayed { // which marks foreign addresses by that bit
			s.b = m.Frame.payload().bit(8)
		}
		level := nic(m.TypeCode, a.version, s)
		m.NIC = source.Told(float64(level))
		if a.nicTold && level < a.nic {
			m.NICDrop = uint8(a.nic - level)
		}
		a.nic, a.nicTold = level, true
	}
	if a.nacp.Told && a.nacp.V < float64(len(within95)) && r.now-a.nacpAt <= saidHolds {
		m.PositionSigmaM = sigmaOf(within95[int(a.nacp.V)])
	}
}

// place finds the position that a message completes, or says why there is none.
func (r *Reader) place(a *aircraft, m *Message) {
	at, means, refusal := r.find(a, m)
	if refusal == "" {
		refusal = r.reasonable(a, m, at)
	}
	if refusal != "" {
		m.PositionRefused = refusal
		return
	}
	a.at, a.atTime, a.located, a.jumps = at, r.now, true, 0
	m.LatDeg, m.LonDeg, m.PositionFrom = source.Told(float64(at.Lat)), source.Told(float64(at.Lon)), means
	r.quality(a, m)
}

// find decodes the position: from both halves where they came in time, else next to where
// the aircraft was, else next to the receiver where nothing farther can be heard.
func (r *Reader) find(a *aircraft, m *Message) (geo.Point, Means, Refusal) {
	near := r.reference(a, m.CPR)
	refusal := RefusalNoTime
	if r.timed {
		mine, other := 0, 1
		if m.CPR.Odd {
			mine, other = 1, 0
		}
		a.halves[mine], a.halvesAt[mine] = m.CPR, r.now
		refusal = RefusalPair
		if a.pairs(other, m.CPR.Surface, r.now) {
			refusal = RefusalZones
			if at, ok := global(a.halves[0], a.halves[1], m.CPR.Odd, near); ok {
				return at, MeansGlobal, ""
			}
		}
		if a.located && r.now-a.atTime <= placeHolds {
			if at, ok := m.CPR.local(a.at); ok && apart(at, a.at) <= m.CPR.reach() {
				return at, MeansLocal, ""
			}
		}
	}
	if r.opt.Reference != nil && r.opt.Range > 0 && r.opt.Range <= m.CPR.reach() {
		if at, ok := m.CPR.local(*r.opt.Reference); ok {
			return at, MeansReceiver, ""
		}
	}
	return geo.Point{}, "", refusal
}

// pairs says whether the other half came in time and was of the same kind.
func (a *aircraft) pairs(other int, surface bool, now int64) bool {
	limit := pairAir
	if surface {
		limit = pairGround
	}
	half := a.halves[other]
	return half.told && half.Surface == surface && now-a.halvesAt[other] <= limit && now >= a.halvesAt[other]
}

// reference is what tells the quarters of the earth apart on the ground.
func (r *Reader) reference(a *aircraft, c CPR) *geo.Point {
	if a.located && r.timed && r.now-a.atTime <= 10*placeHolds {
		return &a.at
	}
	return r.opt.Reference
}

// reasonable holds a position against the range of the receiver and against where the
// aircraft was. What contradicts the last position is refused until as many that agree with
// each other as jumpsUntilBelieved have come.
func (r *Reader) reasonable(a *aircraft, m *Message, at geo.Point) Refusal {
	if !at.Valid() {
		return RefusalZones
	}
	if r.opt.Reference != nil && apart(*r.opt.Reference, at) > r.opt.heard() {
		return RefusalRange
	}
	if !r.timed || !a.located || couldFly(a.at, at, r.now-a.atTime) {
		return ""
	}
	if a.jumps > 0 && couldFly(a.jump, at, r.now-a.jumpAt) {
		a.jumps++
	} else {
		a.jumps = 1
	}
	a.jump, a.jumpAt = at, r.now
	if a.jumps < jumpsUntilBelieved {
		return RefusalJump
	}
	return ""
}

// apart is the distance on a sphere of the earth's mean radius, good to 0.6 %: enough to
// tell what is possible, at a tenth of the cost of a geodesic.
func apart(p, q geo.Point) geo.Metres {
	const radius, degree = 6_371_008.8, math.Pi / 180
	north := math.Sin(float64(q.Lat-p.Lat) * degree / 2)
	east := math.Sin(float64(q.Lon-p.Lon) * degree / 2)
	h := north*north + math.Cos(float64(p.Lat)*degree)*math.Cos(float64(q.Lat)*degree)*east*east
	return geo.Metres(2 * radius * math.Asin(math.Sqrt(min(h, 1))))
}

// couldFly says whether an aircraft can get from one place to another in so many microseconds.
func couldFly(from, to geo.Point, micros int64) bool {
	return float64(apart(from, to)) <= jumpSlack+maxSpeed*math.Abs(float64(micros))/1e6
}
