package arrivals

import "github.com/trucewatch/truce"

// minute is the minute of the time that was read last: in a table in the order of time most have
// it in common with the one before.
type minute struct {
	text  [len("2026-04-11T16:00")]byte
	begin truce.Instant
}

// time is parseTime.
func (m *minute) time(text []byte) (truce.Instant, bool) {
	const seconds = len("2026-04-11T16:00:")
	n := len(text)
	if n < seconds+3 || n > 30 || [len(m.text)]byte(text) != m.text || text[4] != '-' || text[seconds-1] != ':' || text[n-1] != 'Z' {
		return m.other(text)
	}
	tens, ones := text[seconds]-'0', text[seconds+1]-'0'
	micros, ok := decimals(text[seconds+2 : n-1])
	if tens > 5 || ones > 9 || !ok {
		return m.other(text)
	}
	return m.begin + truce.Instant(10*int(tens)+int(ones))*1_000_000 + truce.Instant(micros), true
}

// other reads a time of another minute, and keeps that if it is written plainly.
func (m *minute) other(text []byte) (truce.Instant, bool) {
	when, ok := plainTime(text)
	if !ok {
		return parseTime(text)
	}
	const whole = 60_000_000
	copy(m.text[:], text)
	m.begin = when - (when%whole+whole)%whole
	return when, true
}

// parseTime reads RFC 3339. The plain form, 2026-04-11T16:00:00Z with or without decimals, is
// read here; every other is left to truce.Instant. Decimals beyond microseconds are cut off.
func parseTime(text []byte) (truce.Instant, bool) {
	if when, ok := plainTime(text); ok {
		return when, true
	}
	if len(text) > len("2026-04-11T16:00:00.000000000000000000+00:00") {
		return 0, false
	}
	var when truce.Instant
	err := when.UnmarshalText(text)
	return when, err == nil
}

// plainTime reads YYYY-MM-DDThh:mm:ss[.d…]Z with one to nine decimals.
func plainTime(text []byte) (truce.Instant, bool) {
	n := len(text)
	if n < 20 || n > 30 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[n-1] != 'Z' {
		return 0, false
	}
	year, ok1 := digits(text[0:4])
	month, ok2 := digits(text[5:7])
	day, ok3 := digits(text[8:10])
	hour, ok4 := digits(text[11:13])
	minute, ok5 := digits(text[14:16])
	second, ok6 := digits(text[17:19])
	micros, ok7 := decimals(text[19 : n-1])
	if !(ok1 && ok2 && ok3 && ok4 && ok5 && ok6 && ok7) {
		return 0, false
	}
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	seconds := int64(daysSince1970(year, month, day))*86400 + int64(hour*3600+minute*60+second)
	return truce.Instant(seconds*1_000_000 + int64(micros)), true
}

func digits(text []byte) (n int, ok bool) {
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, true
}

// decimals reads a point and digits as microseconds; nothing is 0.
func decimals(text []byte) (micros int, ok bool) {
	if len(text) == 0 {
		return 0, true
	}
	if text[0] != '.' || len(text) < 2 {
		return 0, false
	}
	for i, c := range text[1:] {
		if c -= '0'; c > 9 {
			return 0, false
		} else if i < len(micro) {
			micros += int(c) * micro[i]
		}
	}
	return micros, true
}

// micro is what the digits behind the point are worth, microseconds.
var micro = [...]int{100_000, 10_000, 1000, 100, 10, 1}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// daysSince1970 counts days of the Gregorian calendar, years beginning in March so that the
// leap day comes last (Hinnant 2013, "chrono-compatible low-level date algorithms").
func daysSince1970(year, month, day int) int {
	if month <= 2 {
		year--
		month += 12
	}
	era := year / 400
	if year < 0 {
		era = (year - 399) / 400
	}
	ofEra := year - era*400
	ofYear := (153*(month-3)+2)/5 + day - 1
	return era*146097 + ofEra*365 + ofEra/4 - ofEra/100 + ofYear - 719468
}
