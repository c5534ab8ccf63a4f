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
	told := tellingTime(published, zone)
	if t, ok := r.clockPeriod(told, zone); ok {
		return &t
	}
	date, dated := r.date(told.at, zone)
	if t, ok := r.span(told); ok {
		if dated { // as long as is said, by the end of that day
			t.From, t.To = date.To.Add(-t.To.Sub(t.From)), date.To
		}
		return &t
	}
	if dated {
		return &date
	}
	for _, m := range r.marks["time"] {
		if t, ok := named(m.key, told, zone); ok {
			return &t
		}
	}
	return nil
}

// told is when a text appeared: at is a moment of its day in the zone, end the latest that
// it can tell of, and slack how much earlier it may have been written.
type told struct {
	at    time.Time
	end   truce.Instant
	slack time.Duration
}

// tellingTime reads when a text appeared. A text that has a day and no hour is of that day
// of the calendar, wherever it is read: its midnight in UTC is not an evening before.
func tellingTime(published truce.PhenomenonTime, zone *time.Location) told {
	at := published.From.Time().In(zone)
	length := published.To.Sub(published.From)
	if length < dayDated {
		return told{at: at, end: published.To, slack: length}
	}
	y, m, d := at.Date()
	if utc := published.From.Time().UTC(); utc.Hour() == 0 && utc.Minute() == 0 {
		y, m, d = utc.Date()
	}
	noon := time.Date(y, m, d, 12, 0, 0, 0, zone)
	return told{at: noon, end: truce.InstantOf(time.Date(y, m, d, 24, 0, 0, 0, zone)), slack: 24 * time.Hour}
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
func named(key string, told told, zone *time.Location) (truce.PhenomenonTime, bool) {
	at := told.at
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
		return truce.PhenomenonTime{From: told.end.Add(-72 * time.Hour), To: told.end.Add(-24 * time.Hour), Sigma: truce.Micros((12 * time.Hour).Microseconds())}, true
	case "past_day":
		return told.back(24 * time.Hour), true
	}
	day, ok := lastWeekday(key, at)
	return between(day, zone, 0, 24, time.Hour), ok
}

// lastWeekday is the last day of a name before a day, or that day itself.
func lastWeekday(key string, at time.Time) (time.Time, bool) {
	day, ok := weekdays[key]
	if !ok {
		return at, false
	}
	return at.AddDate(0, 0, -(int(at.Weekday())-int(day)+7)%7), true
}

// back is a stretch that ended when the text appeared, as long as the text says. That its
// end is not known to the hour makes it uncertain, never longer.
func (t told) back(length time.Duration) truce.PhenomenonTime {
	sigma := max(sigmaBack, t.slack/2)
	return truce.PhenomenonTime{From: t.end.Add(-length), To: t.end, Sigma: truce.Micros(sigma.Microseconds())}
}

// date is "11 April", "April 11", "12 квітня", with a time of the clock beside it or not,
// and "in the night to 12 April".
func (r *reading) date(at time.Time, zone *time.Location) (truce.PhenomenonTime, bool) {
	for _, m := range r.marks["month"] {
		date, ok := r.dateOf(m, at, zone)
		if !ok {
			continue
		}
		if len(r.marks["time"]) > 0 && r.marks["time"][0].key == "overnight" {
			return between(date, zone, -6, 6, time.Hour), true
		}
		return between(date, zone, 0, 24, time.Hour), true
	}
	return truce.PhenomenonTime{}, false
}

// dateOf is the date that a month and the number beside it make, in the year nearest to a
// day.
func (r *reading) dateOf(m mark, at time.Time, zone *time.Location) (time.Time, bool) {
	day := 0
	if m.from > 0 {
		day = dayNumber(r.words[m.from-1])
	}
	if day == 0 && m.to < len(r.words) {
		day = dayNumber(r.words[m.to])
	}
	month := monthNumber(m.key)
	if day == 0 || month == 0 {
		return at, false
	}
	date := time.Date(at.Year(), month, day, 12, 0, 0, 0, zone)
	if date.Month() != month {
		return at, false
	}
	if date.After(at.AddDate(0, 0, 45)) {
		date = date.AddDate(-1, 0, 0)
	}
	return date, true
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
func (r *reading) span(told told) (truce.PhenomenonTime, bool) {
	for _, n := range r.numbers() {
		m, ok := r.at("span", n.to)
		if !ok || n.from == 0 || n.value > maxSpanUnits {
			continue
		}
		switch r.words[n.from-1].word {
		case "in", "past", "last", "previous", "over", "during", "within", "за", "протягом", "упродовж", "останні", "минулі", "последние", "прошедшие", "течение":
		default:
			continue
		}
		unit := map[string]time.Duration{"hours": time.Hour, "days": 24 * time.Hour, "minutes": time.Minute}[m.key]
		return told.back(time.Duration(n.value) * unit), true
	}
	return truce.PhenomenonTime{}, false
}
