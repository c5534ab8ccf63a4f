package dataflash

import (
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// Position is what a row tells of where the vehicle was.
type Position struct {
	Filter     bool         `json:"filter"` // of the vehicle's filter; else of a satellite receiver
	Receiver   int          `json:"receiver"`
	Lat        source.Value `json:"lat_deg,omitzero"`
	Lon        source.Value `json:"lon_deg,omitzero"`
	Alt        source.Value `json:"altitude_msl_m,omitzero"`
	Fix        source.Value `json:"fix_type,omitzero"` // 0, 1: none; 2: 2D; 3: 3D; 4 to 6: with corrections
	Satellites source.Value `json:"satellites,omitzero"`
	HDOP       source.Value `json:"hdop,omitzero"`
	Speed      source.Value `json:"speed_mps,omitzero"`
	Course     source.Value `json:"course_deg,omitzero"`
	Down       source.Value `json:"down_mps,omitzero"`
}

// role is what a kind of rows is to us.
type role uint8

const (
	roleOther  role = iota
	roleGPS         // a receiver's fix
	roleSecond      // the same of the second receiver, before rows had instances
	roleFilter      // the filter's position
)

func roleOf(name string) role {
	switch name {
	case "GPS":
		return roleGPS
	case "GPS2":
		return roleSecond
	case "POS":
		return roleFilter
	}
	return roleOther
}

// positionFields are where the fields of a position and of the time stand, -1: nowhere.
type positionFields struct {
	us, ms                               int // since the start of the vehicle
	week, weekMs, instance               int
	lat, lon, alt, status, sats, hdop    int
	speed, course, down, hacc, vacc, sac int
}

// find looks the fields up, once for each kind of rows. Names changed over the years.
func (r *rows) find() positionFields {
	at := func(names ...string) int {
		for _, name := range names {
			if i, found := r.index[name]; found {
				return i
			}
		}
		return -1
	}
	f := positionFields{us: at("TimeUS"), ms: at("T", "TimeMS"), week: at("GWk", "Week"), weekMs: at("GMS"), instance: at("I"),
		lat: at("Lat"), lon: at("Lng"), alt: at("Alt"), status: at("Status"), sats: at("NSats"), hdop: at("HDop"),
		speed: at("Spd"), course: at("GCrs"), down: at("VZ"), hacc: at("HAcc"), vacc: at("VAcc"), sac: at("SAcc")}
	if f.weekMs < 0 && f.week >= 0 { // before 2013 the time in the week was TimeMS
		f.weekMs = at("TimeMS")
		f.ms = at("T")
	}
	return f
}

// read reads a position.
func (r *rows) read(p *Position, b []byte) {
	f := &r.fields
	*p = Position{Filter: r.role == roleFilter, Lat: r.number(f.lat, b), Lon: r.number(f.lon, b), Alt: r.number(f.alt, b),
		Fix: r.number(f.status, b), Satellites: r.number(f.sats, b), HDOP: r.number(f.hdop, b),
		Speed: r.number(f.speed, b), Course: r.number(f.course, b), Down: r.number(f.down, b)}
	if n := r.number(f.instance, b); n.Told {
		p.Receiver = int(n.V)
	} else if r.role == roleSecond {
		p.Receiver = 1
	}
	if p.Lat == source.Told(0) && p.Lon == source.Told(0) { // both 0: no position yet
		p.Lat, p.Lon = source.Value{}, source.Value{}
	}
}

// bootUs is the time since the start of the vehicle.
func (r *rows) bootUs(b []byte) uint64 {
	if us := r.number(r.fields.us, b); us.V > 0 && us.V < 1<<52 {
		return uint64(us.V)
	}
	if ms := r.number(r.fields.ms, b); ms.V > 0 && ms.V < 1<<42 {
		return uint64(ms.V) * 1000
	}
	return 0
}

// gpsEpoch is where weeks are counted from.
var gpsEpoch = truce.InstantOf(time.Date(1980, 1, 6, 0, 0, 0, 0, time.UTC))

// leaps is how many seconds GPS time is ahead of UTC, from when on (IERS Bulletin C); the logs
// are younger than the first row.
var leaps = []struct {
	since   truce.Instant
	seconds int64
}{
	{truce.InstantOf(time.Date(2006, 1, 1, 0, 0, 0, 0, time.UTC)), 14},
	{truce.InstantOf(time.Date(2009, 1, 1, 0, 0, 0, 0, time.UTC)), 15},
	{truce.InstantOf(time.Date(2012, 7, 1, 0, 0, 0, 0, time.UTC)), 16},
	{truce.InstantOf(time.Date(2015, 7, 1, 0, 0, 0, 0, time.UTC)), 17},
	{truce.InstantOf(time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC)), 18},
}

const weekMillis = 7 * 24 * 3600 * 1000

// utc is the time of a fix; 0: it does not tell it.
func (r *rows) utc(b []byte) truce.Instant {
	week, ms := r.number(r.fields.week, b), r.number(r.fields.weekMs, b)
	if !ms.Told || !(week.V >= 1000) || ms.V < 0 || ms.V >= weekMillis {
		return 0
	}
	gps := gpsEpoch + (truce.Instant(week.V)*weekMillis+truce.Instant(ms.V))*1000
	for i := len(leaps) - 1; i >= 0; i-- {
		if at := gps - truce.Instant(leaps[i].seconds*1e6); at >= leaps[i].since-1e6 { // the leap second itself folds back onto the one before
			if at.Time().Year() > source.MaxYear {
				return 0
			}
			return at
		}
	}
	return 0
}
