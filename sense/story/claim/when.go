package claim

import (
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// when is the time an event sentence names, relative to the day the article was published;
// nil if it names none. Ends are uncertain by the sigma of the words: an hour for nights
// and parts of a day, since nobody says when they begin, a minute for a time of the clock.
func (r *reading) when(published truce.PhenomenonTime, zone *time.Location) *truce.PhenomenonTime {
	if published.To <= 0 || published.From <= 0 {
		return nil
	}
	at := published.From.Time().In(zone)
	if t, ok := r.date(at, zone); ok {
		return &t
	}
	if t, ok := r.span(published); ok {
		return &t
	}
	for _, m := range r.marks["time"] {
		if t, ok := named(m.key, at, zone, published); ok {
			return &t
		}
	}
	return nil
}

// between is the time from one hour of a day to another; hours may be below 0 and above 24.
func between(day time.Time, zone *time.Location, from, to int, sigma time.Duration) truce.PhenomenonTime {
	y, m, d := day.Date()
	return truce.PhenomenonTime{
		From:  truce.InstantOf(time.Date(y, m, d, from, 0, 0, 0, zone)),
		To:    truce.InstantOf(time.Date(y, m, d, to, 0, 0, 0, zone)),
		Sigma: truce.Micros(sigma.Microseconds()),
	}
}

var weekdays = map[string]time.Weekday{"monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday,
	"thursday": time.Thursday, "friday": time.Friday, "saturday": time.Saturday, "sunday": time.Sunday}

// named is the time of a word such as "overnight".
func named(key string, at time.Time, zone *time.Location, published truce.PhenomenonTime) (truce.PhenomenonTime, bool) {
	switch key {
	case "overnight":
		return between(at, zone, -6, 6, time.Hour), true
	case "morning":
		return between(at, zone, 5, 12, time.Hour), true
	case "afternoon":
		return between(at, zone, 11, 18, time.Hour), true
	case "evening":
		if at.Hour() < 17 {
			at = at.AddDate(0, 0, -1)
		}
		return between(at, zone, 17, 24, time.Hour), true
	case "today":
		return between(at, zone, 0, 24, time.Hour), true
	case "yesterday":
		return between(at.AddDate(0, 0, -1), zone, 0, 24, time.Hour), true
	case "previous":
		return truce.PhenomenonTime{From: published.From.Add(-72 * time.Hour), To: published.From.Add(-24 * time.Hour), Sigma: truce.Micros((12 * time.Hour).Microseconds())}, true
	case "past_day":
		return back(published, 24*time.Hour, 3*time.Hour), true
	}
	day, ok := weekdays[key]
	if !ok {
		return truce.PhenomenonTime{}, false
	}
	ago := (int(at.Weekday()) - int(day) + 7) % 7
	return between(at.AddDate(0, 0, -ago), zone, 0, 24, time.Hour), true
}

// back is the time before the text appeared.
func back(published truce.PhenomenonTime, length, sigma time.Duration) truce.PhenomenonTime {
	return truce.PhenomenonTime{From: published.From.Add(-length), To: published.To, Sigma: truce.Micros(sigma.Microseconds())}
}

// date is "11 April", "April 11", "12 квітня", with a time of the clock beside it or not,
// and "in the night to 12 April".
func (r *reading) date(at time.Time, zone *time.Location) (truce.PhenomenonTime, bool) {
	for _, m := range r.marks["month"] {
		day := 0
		if m.from > 0 {
			day = dayNumber(r.words[m.from-1])
		}
		if day == 0 && m.to < len(r.words) {
			day = dayNumber(r.words[m.to])
		}
		month := monthNumber(m.key)
		if day == 0 || month == 0 {
			continue
		}
		date := time.Date(at.Year(), month, day, 12, 0, 0, 0, zone)
		if date.Month() != month {
			continue
		}
		if date.After(at.AddDate(0, 0, 45)) {
			date = date.AddDate(-1, 0, 0)
		}
		if len(r.marks["time"]) > 0 && r.marks["time"][0].key == "overnight" {
			return between(date, zone, -6, 6, time.Hour), true
		}
		return between(date, zone, 0, 24, time.Hour), true
	}
	return truce.PhenomenonTime{}, false
}

func monthNumber(key string) time.Month {
	for m := time.January; m <= time.December; m++ {
		if key == numberText(int(m)) {
			return m
		}
	}
	return 0
}

func numberText(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return string(rune('0'+n/10)) + string(rune('0'+n%10))
}

// dayNumber is the day of a month that a word says, 0 for none: "11", "11th".
func dayNumber(t token) int {
	digits := strings.TrimRight(t.word, "stndrh")
	if len(digits) == 0 || len(digits) > 2 {
		return 0
	}
	n := 0
	for _, d := range digits {
		if d < '0' || d > '9' {
			return 0
		}
		n = n*10 + int(d-'0')
	}
	if n > 31 {
		return 0
	}
	return n
}

// span is "in 30 hours", "за 6 годин": that long before the text appeared.
func (r *reading) span(published truce.PhenomenonTime) (truce.PhenomenonTime, bool) {
	for _, n := range r.numbers() {
		m, ok := r.at("span", n.to)
		if !ok || n.from == 0 || n.value > maxSpanUnits {
			continue
		}
		switch r.words[n.from-1].word {
		case "in", "past", "last", "over", "during", "within", "за", "протягом", "упродовж", "останні", "последние", "течение":
		default:
			continue
		}
		unit := map[string]time.Duration{"hours": time.Hour, "days": 24 * time.Hour, "minutes": time.Minute}[m.key]
		return back(published, time.Duration(n.value)*unit, 3*time.Hour), true
	}
	return truce.PhenomenonTime{}, false
}
