package source

import (
	"fmt"

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
