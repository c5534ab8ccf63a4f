package adsb

import (
	"bytes"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// The columns of a BaseStation row, which has no header.
const (
	colType = iota
	colSubtype
	colSession
	colAircraft
	colAddress
	colFlight
	colDate
	colTime
	colLoggedDate
	colLoggedTime
	colCallsign
	colAltitude
	colSpeed
	colTrack
	colLat
	colLon
	colClimb
	colSquawk
	colAlert
	colEmergency
	colIdent
	colGround
	baseColumns
)

// defaultSentSigma is the error of each axis, metres, of a position that came in a BaseStation
// row: the rows say nothing of it. Nine of ten aircraft send NACp 8 or better (92.6 m with 95 %).
const defaultSentSigma = 92.6 / sigmaOf95

// baseStation reads one MSG row.
func (r *Reader) baseStation(m *Message, text []byte) string {
	m.Input = InputBaseStation
	var col [baseColumns][]byte
	n := 0
	for len(text) > 0 && n < baseColumns {
		col[n], text, _ = bytes.Cut(text, []byte(","))
		col[n] = bytes.TrimSpace(col[n])
		n++
	}
	if n <= colTime {
		return "a BaseStation row of too few columns"
	}
	address, ok := hexNumber(col[colAddress])
	if !ok || len(col[colAddress]) != 6 || address == 0 {
		return "an address that is not six hexadecimal digits"
	}
	m.Address, m.Checked = Address(address), true
	t, ok := baseTime(col[colDate], col[colTime], r.opt.Zone)
	if !ok {
		return "a time other than 2026/04/11,16:00:05.123"
	}
	r.set(m, t)
	if reason := m.baseWords(&col); reason != "" {
		return reason
	}
	lat, lon, reason := m.baseNumbers(&col)
	if reason != "" {
		return reason
	}
	a := r.fleet.of(key{address: m.Address}, r.now, true)
	r.current = a
	r.learn(a, m)
	if lat.Told && lon.Told {
		r.sent(a, m, lat.V, lon.V)
	}
	return ""
}

// sent takes over a position that the receiver's program found.
func (r *Reader) sent(a *aircraft, m *Message, lat, lon float64) {
	at, err := source.Point(lat, lon)
	if err != nil {
		return // 0, 0 is how some programs leave it out
	}
	if refusal := r.reasonable(a, m, at); refusal != "" {
		m.PositionRefused = refusal
		return
	}
	a.at, a.atTime, a.located, a.jumps = at, r.now, true, 0
	m.LatDeg, m.LonDeg, m.PositionFrom = source.Told(float64(at.Lat)), source.Told(float64(at.Lon)), MeansSent
	m.PositionSigmaM = source.Told(defaultSentSigma)
}

// baseWords reads the columns that are no numbers.
func (m *Message) baseWords(col *[baseColumns][]byte) string {
	if name := col[colCallsign]; len(name) > 0 {
		if len(name) > len(m.Callsign) {
			return "a callsign of more than eight characters"
		}
		m.Callsign = Callsign{' ', ' ', ' ', ' ', ' ', ' ', ' ', ' '}
		for i, c := range name {
			if c <= ' ' || c > '~' {
				return "a callsign with other than letters and digits"
			}
			m.Callsign[i] = c
		}
	}
	if code := col[colSquawk]; len(code) > 0 {
		if len(code) > 4 {
			return "a squawk of other than four octal digits"
		}
		m.Squawk = Squawk{'0', '0', '0', '0'} // some programs cut leading zeros
		for i, c := range code {
			if c < '0' || c > '7' {
				return "a squawk of other than four octal digits"
			}
			m.Squawk[4-len(code)+i] = c
		}
	}
	m.Alert, m.Ident = flag(col[colAlert]), flag(col[colIdent])
	m.Ground = flag(col[colGround])
	if flag(col[colEmergency]) {
		m.Emergency = 1
	}
	return ""
}

// flag reads -1 or 1 as true.
func flag(text []byte) bool { return string(text) == "-1" || string(text) == "1" }

// baseNumbers reads the columns of numbers.
func (m *Message) baseNumbers(col *[baseColumns][]byte) (lat, lon source.Value, reason string) {
	for _, f := range [...]struct {
		to        *source.Value
		column    int
		low, high float64
		reason    string
	}{
		{&m.AltitudeFt, colAltitude, -2000, 200_000, "an altitude that is no number of feet"},
		{&m.GroundSpeedKt, colSpeed, 0, 5000, "a speed that is no number of knots"},
		{&m.TrackDeg, colTrack, 0, 360, "a track that is no number of degrees"},
		{&m.VerticalRateFpm, colClimb, -65_536, 65_536, "a vertical rate that is no number of feet a minute"},
		{&lat, colLat, -90, 90, "a latitude that is no number of degrees"},
		{&lon, colLon, -180, 180, "a longitude that is no number of degrees"},
	} {
		v, ok := told(col[f.column], f.low, f.high)
		if !ok {
			return lat, lon, f.reason
		}
		*f.to = v
	}
	if m.TrackDeg.V == 360 {
		m.TrackDeg.V = 0
	}
	return lat, lon, ""
}

// baseTime reads 2026/04/11 and 16:00:05.123; dashes will do as well.
func baseTime(date, clock []byte, zone *time.Location) (truce.Instant, bool) {
	year, ok1 := decimal(date, 0, 4)
	month, ok2 := decimal(date, 5, 2)
	day, ok3 := decimal(date, 8, 2)
	hour, ok4 := decimal(clock, 0, 2)
	minute, ok5 := decimal(clock, 3, 2)
	sec, ok6 := decimal(clock, 6, 2)
	if !(ok1 && ok2 && ok3 && ok4 && ok5 && ok6) || len(date) != 10 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || sec > 60 {
		return 0, false
	}
	nanos, step := 0, 100_000_000
	if len(clock) > 8 {
		for _, c := range clock[9:] {
			if clock[8] != '.' || c < '0' || c > '9' {
				return 0, false
			}
			nanos, step = nanos+int(c-'0')*step, step/10
		}
	}
	if zone == nil {
		zone = time.UTC
	}
	t := truce.InstantOf(time.Date(year, time.Month(month), day, hour, minute, sec, nanos, zone))
	return t, t >= earliest && t < latest
}

// decimal is a number of so many digits.
func decimal(text []byte, from, digits int) (n int, ok bool) {
	if len(text) < from+digits {
		return 0, false
	}
	for _, c := range text[from : from+digits] {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}
