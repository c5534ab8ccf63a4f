package truce

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Instant is a time in UTC microseconds since 1970. Its text is RFC 3339 with six
// decimals, so that equal instants have equal text. Times before 1970 are negative.
//
// Where a time may be left out (an open end, not told yet, all that is known), 0 says that
// it is: such a field cannot mean 1970-01-01T00:00:00Z itself, and what reads it refuses
// that one microsecond. Compare such fields by OrEarliest and OrLatest, since 0 is not the
// least of all times.
type Instant int64

// OrEarliest reads an instant as a beginning: 0, which says none, lies before every other.
// It is for comparing only and has no text.
func (t Instant) OrEarliest() Instant {
	if t == 0 {
		return math.MinInt64
	}
	return t
}

// OrLatest reads an instant as an end: 0, which says none, lies after every other. It is
// for comparing only and has no text.
func (t Instant) OrLatest() Instant {
	if t == 0 {
		return math.MaxInt64
	}
	return t
}

const instantLayout = "2006-01-02T15:04:05.000000Z"

// InstantOf drops the zone and everything finer than a microsecond.
func InstantOf(t time.Time) Instant { return Instant(t.UnixMicro()) }

// Time is the instant as a UTC time.Time.
func (t Instant) Time() time.Time { return time.UnixMicro(int64(t)).UTC() }

// String is the RFC 3339 text in UTC.
func (t Instant) String() string { return t.Time().Format(instantLayout) }

// Add moves the instant by a duration.
func (t Instant) Add(d time.Duration) Instant { return t + Instant(d.Microseconds()) }

// Sub is the duration since another instant. A duration holds 292 years; of more it is
// the longest there is.
func (t Instant) Sub(o Instant) time.Duration {
	const most = math.MaxInt64 / int64(time.Microsecond)
	return time.Duration(max(-most, min(int64(t-o), most))) * time.Microsecond
}

// Day is the UTC calendar day.
func (t Instant) Day() Day { return DayOf(t.Time()) }

// MarshalText writes RFC 3339 UTC with microseconds.
func (t Instant) MarshalText() ([]byte, error) { return t.AppendText(nil) }

// AppendText appends RFC 3339 UTC with microseconds.
func (t Instant) AppendText(b []byte) ([]byte, error) {
	return t.Time().AppendFormat(b, instantLayout), nil
}

// UnmarshalText reads RFC 3339; an offset is turned into UTC.
func (t *Instant) UnmarshalText(b []byte) error {
	parsed, err := time.Parse(time.RFC3339Nano, string(b))
	if err != nil {
		return Errorf(CodeInvalid, "time %q: write RFC 3339, e.g. 2026-04-11T16:00:00Z", b)
	}
	*t = InstantOf(parsed)
	return nil
}

func (t Instant) floorMillis() int64 {
	ms := int64(t) / 1000
	if int64(t)%1000 < 0 {
		ms--
	}
	return ms
}

const microsPerDay = 86_400_000_000

// floorDay counts UTC days from 1970.
func (t Instant) floorDay() int64 {
	day := int64(t) / microsPerDay
	if int64(t)%microsPerDay < 0 {
		day--
	}
	return day
}

// PhenomenonTime is when a thing happened as the source says: somewhere in
// [From, To), each end uncertain by Sigma. A moment has To equal to From.
type PhenomenonTime struct {
	From  Instant `json:"from"`
	To    Instant `json:"to"`
	Sigma Micros  `json:"sigma_us"`
}

// Micros is a length of time in microseconds.
type Micros int64

// Duration is the same length as a time.Duration.
func (m Micros) Duration() time.Duration { return time.Duration(m) * time.Microsecond }

// DurationText writes a length of time as people say it, to the second from a second on: 30 s, 3 h, 1 h
// 30 min, 10 days 4 h. Every part that is not 0 is written, so that 47 h 59 min is never
// taken for 48 h; days are used from four on, since "48 h" is how notices are agreed.
func DurationText(d time.Duration) string {
	if d < 0 {
		return "-" + DurationText(-max(d, -math.MaxInt64)) // the least of all has no opposite
	}
	if d < time.Second && d >= time.Millisecond {
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	}
	d = d.Round(time.Second)
	var parts []string
	if d >= 96*time.Hour {
		parts = append(parts, strconv.Itoa(int(d/(24*time.Hour)))+" days")
		d %= 24 * time.Hour
	}
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}} {
		if n := int(d / unit.length); n > 0 {
			parts = append(parts, strconv.Itoa(n)+" "+unit.name)
		}
		d %= unit.length
	}
	if len(parts) == 0 {
		return "0 s"
	}
	return strings.Join(parts, " ")
}

// MicrosOf is a duration in microseconds.
func MicrosOf(d time.Duration) Micros { return Micros(d.Microseconds()) }

// Moment is a PhenomenonTime at one instant.
func Moment(at Instant, sigma time.Duration) PhenomenonTime {
	return PhenomenonTime{From: at, To: at, Sigma: MicrosOf(sigma)}
}

// Mid is the middle of the interval.
func (p PhenomenonTime) Mid() Instant { return p.From + (p.To-p.From)/2 }

// Validate refuses an interval that ends before it begins or a negative sigma.
func (p PhenomenonTime) Validate() error {
	if p.To < p.From {
		return Errorf(CodeInvalid, "time: ends at %s before it begins at %s", p.To, p.From)
	}
	if p.Sigma < 0 {
		return Errorf(CodeInvalid, "time: sigma_us is %d, want 0 or more", p.Sigma)
	}
	return nil
}

// ResultTime is when the source finished its result (0 when it does not say).
type ResultTime Instant

// ReceivedTime is when the bytes reached us.
type ReceivedTime Instant

// RecordedTime is when the store committed the record; it never decreases.
type RecordedTime Instant

// MarshalText writes the instant's text.
func (t ResultTime) MarshalText() ([]byte, error) { return Instant(t).MarshalText() }

// AppendText appends the instant's text.
func (t ResultTime) AppendText(b []byte) ([]byte, error) { return Instant(t).AppendText(b) }

// UnmarshalText reads the instant's text.
func (t *ResultTime) UnmarshalText(b []byte) error { return (*Instant)(t).UnmarshalText(b) }

// MarshalText writes the instant's text.
func (t ReceivedTime) MarshalText() ([]byte, error) { return Instant(t).MarshalText() }

// AppendText appends the instant's text.
func (t ReceivedTime) AppendText(b []byte) ([]byte, error) { return Instant(t).AppendText(b) }

// UnmarshalText reads the instant's text.
func (t *ReceivedTime) UnmarshalText(b []byte) error { return (*Instant)(t).UnmarshalText(b) }

// MarshalText writes the instant's text.
func (t RecordedTime) MarshalText() ([]byte, error) { return Instant(t).MarshalText() }

// AppendText appends the instant's text.
func (t RecordedTime) AppendText(b []byte) ([]byte, error) { return Instant(t).AppendText(b) }

// UnmarshalText reads the instant's text.
func (t *RecordedTime) UnmarshalText(b []byte) error { return (*Instant)(t).UnmarshalText(b) }

// Day is a calendar day as "2026-04-11", in the zone its user names.
type Day string

const dayLayout = "2006-01-02"

// DayOf is the calendar day of t in t's own zone.
func DayOf(t time.Time) Day { return Day(t.Format(dayLayout)) }

// Start is the first instant of the day in loc.
func (d Day) Start(loc *time.Location) (Instant, error) {
	t, err := time.ParseInLocation(dayLayout, string(d), loc)
	if err != nil {
		return 0, Errorf(CodeInvalid, "day %q: write YYYY-MM-DD", string(d))
	}
	return InstantOf(t), nil
}

// AddDays moves by whole calendar days. The day must be well formed.
func (d Day) AddDays(n int) Day {
	t, err := time.Parse(dayLayout, string(d))
	if err != nil {
		return d
	}
	return DayOf(t.AddDate(0, 0, n))
}

// Period is [From, To) with the zone it was cut in.
type Period struct {
	From Instant `json:"from"`
	To   Instant `json:"to"`
	Zone string  `json:"zone"` // IANA name, e.g. Europe/Kyiv
}

// Contains says whether t lies in [From, To).
func (p Period) Contains(t Instant) bool { return t >= p.From && t < p.To }

// Overlaps says whether two periods share a moment. One without an end does not end, and one
// without both is all time.
func (p Period) Overlaps(o Period) bool {
	return (o.To == 0 || p.From < o.To) && (p.To == 0 || o.From < p.To)
}

// Days are the days on which a period begins and ends, in its own zone.
func (p Period) Days() (from, to Day) {
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		zone = time.UTC
	}
	return DayOf(p.From.Time().In(zone)), DayOf(p.To.Time().In(zone))
}

// Mid is the middle of the period. A version of a map that holds for more than half of a
// period holds at its middle: it is the one a bulletin cites.
func (p Period) Mid() Instant { return p.From + (p.To-p.From)/2 }

// Clock is the only way anything that waits learns the time.
type Clock interface {
	Now() time.Time
	NewTimer(d time.Duration) Timer
}

// Timer fires once on C unless stopped.
type Timer interface {
	C() <-chan time.Time
	Stop() bool
}
