package source

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/trucewatch/truce"
)

const (
	secondMicros = 1_000_000
	dayMicros    = 86_400 * secondMicros
)

// Date reads "2026-04-10" strictly and gives its first instant in UTC.
func Date(text []byte) (truce.Instant, error) {
	if len(text) != 10 || text[4] != '-' || text[7] != '-' {
		return 0, fmt.Errorf("is %s, want YYYY-MM-DD", Shown(text))
	}
	y, okY := digits(text[:4])
	m, okM := digits(text[5:7])
	d, okD := digits(text[8:])
	if !okY || !okM || !okD || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return 0, fmt.Errorf("is %s, want a day of the calendar as YYYY-MM-DD", Shown(text))
	}
	if y < MinYear || y > MaxYear {
		return 0, fmt.Errorf("is %s, want a year from %d to %d", Shown(text), MinYear, MaxYear)
	}
	return truce.Instant(daysFromEpoch(y, m, d) * dayMicros), nil
}

func digits(text []byte) (int, bool) {
	n := 0
	for _, b := range text {
		if b < '0' || b > '9' {
			return 0, false
		}
		n = n*10 + int(b-'0')
	}
	return n, len(text) > 0
}

func daysIn(year, month int) int {
	switch {
	case month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	case month == 4 || month == 6 || month == 9 || month == 11:
		return 30
	}
	return 31
}

// daysFromEpoch counts days since 1970-01-01 in the Gregorian calendar, for years from 1:
// years are counted from March, so that the leap day is the last of its year.
func daysFromEpoch(year, month, day int) int64 {
	if month < 3 {
		year--
		month += 12
	}
	days := 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 1
	return int64(days) - 719_468 // of 1970-01-01, so counted
}

// Span is a time as it was written: a moment when From is To, else [From, To).
type Span struct{ From, To truce.Instant }

// Time reads a time in the forms people and programs write:
//
//	2026-04-11T16:00:05Z, 2026-04-11 16:00+03:00   a moment, or the minute where no seconds stand
//	2026-04-11 16:00, 2026-04-11T6:00:05           the same in zone
//	2026-04-11, 20260411                           the day in zone
//
// An hour that the clocks of the zone skip or go through twice is refused: only an
// offset makes it one time.
func Time(text string, zone *time.Location) (Span, error) {
	text = strings.TrimSpace(text)
	if zone == nil {
		zone = time.UTC
	}
	day, rest := text, ""
	switch {
	case len(text) == 8:
		day = text[:4] + "-" + text[4:6] + "-" + text[6:]
	case len(text) > 11 && (text[10] == 'T' || text[10] == ' '):
		day, rest = text[:10], text[11:]
	}
	if _, err := Date([]byte(day)); err != nil {
		if len(text) > shown {
			text = text[:shown] + "..."
		}
		return Span{}, fmt.Errorf("is %q, want e.g. 2026-04-11T16:00:00Z, 2026-04-11 16:00 or 2026-04-11 (years %d to %d)", text, MinYear, MaxYear)
	}
	if rest == "" {
		return wholeDay(truce.Day(day), zone)
	}
	return clockTime(day, rest, zone)
}

func wholeDay(day truce.Day, zone *time.Location) (Span, error) {
	from, err := day.Start(zone)
	if err != nil {
		return Span{}, err
	}
	to, err := day.AddDays(1).Start(zone)
	return Span{from, to}, err
}

// clockForms are what may follow the day; the second of each pair has no seconds.
var clockForms = [...]string{"15:04:05.999999999Z07:00", "15:04Z07:00", "15:04:05.999999999", "15:04"}

func clockTime(day, clock string, zone *time.Location) (Span, error) {
	clock = strings.Replace(clock, " ", "", 1) // "16:00:00 +03:00"
	if len(clock) > 1 && clock[1] == ':' {
		clock = "0" + clock
	}
	fold := time.Duration(0)
	if leap := strings.Index(clock, ":60"); leap == 5 { // a leap second folds back
		clock, fold = clock[:5]+":59"+clock[8:], time.Second
	}
	for i, form := range clockForms {
		t, err := time.ParseInLocation("2006-01-02 "+form, day+" "+clock, zone)
		if err != nil {
			continue
		}
		if i >= 2 {
			if err := oneTime(t, day+" "+clock, form, zone); err != nil {
				return Span{}, err
			}
		}
		from := truce.InstantOf(t)
		if i%2 == 1 {
			return Span{from, from.Add(time.Minute)}, nil
		}
		return Span{from, from.Add(fold)}, nil
	}
	return Span{}, fmt.Errorf("is %s, want the time of day as 16:00 or 16:00:05, with Z or +03:00 if it is not in %s", Shown([]byte(day+" "+clock)), zone)
}

// oneTime refuses a wall clock time that the zone does not have or has twice.
func oneTime(t time.Time, written, form string, zone *time.Location) error {
	hour, err := time.Parse("2006-01-02 "+form, written)
	if err != nil {
		return err
	}
	same := 0
	for _, shift := range []time.Duration{-time.Hour, 0, time.Hour} {
		_, offset := t.Add(shift).Zone()
		if t.Add(shift).UTC().Add(time.Duration(offset) * time.Second).Equal(hour) {
			same++
		}
	}
	if same == 1 {
		return nil
	}
	return fmt.Errorf("is %q, which %s has %d times when the clocks change: write the offset, e.g. +03:00", written, zone, same)
}

// Between joins a beginning and an end. An end that is a day means the whole of it.
func Between(from, to Span) (Span, error) {
	switch {
	case to.To < from.From || to.From < from.From:
		return Span{}, fmt.Errorf("ends before it begins")
	case to.To-to.From < truce.Instant(dayMicros)*9/10: // not a day, the short one in spring included
		to.To = to.From
	}
	if to.To-from.From > MaxSpanDays*dayMicros {
		return Span{}, fmt.Errorf("is longer than %d days", MaxSpanDays)
	}
	return Span{from.From, max(to.To, from.From)}, nil
}

var dayInName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[^0-9])((?:19|20)\d{2})[-_]?(\d{2})[-_]?(\d{2})(?:[^0-9]|$)`)
})

// DayInName finds a day in a file name, such as map_20260412.geojson or
// 2026-01-08-title.txt, empty where there is none.
func DayInName(file string) truce.Day {
	for _, m := range dayInName().FindAllStringSubmatch(path.Base(strings.ReplaceAll(file, "\\", "/")), -1) {
		day := m[1] + "-" + m[2] + "-" + m[3]
		if _, err := Date([]byte(day)); err == nil {
			return truce.Day(day)
		}
	}
	return ""
}
