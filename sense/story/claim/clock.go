package claim

import (
	"strconv"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// moment is a time of the clock with its day, where the text gives one.
type moment struct {
	hour, minute int
	day          time.Time
	dated        bool
}

// clockPeriod is "from 18:00 on Thursday to midnight on Friday", "з 18:00 14 травня до
// опівночі 15 травня". A day that one end lacks is that of the other.
func (r *reading) clockPeriod(told told, zone *time.Location) (truce.PhenomenonTime, bool) {
	for i, t := range r.words {
		switch t.word {
		case "from", "between", "з", "із", "від", "с", "от":
		default:
			continue
		}
		from, end, ok := r.moment(i+1, told, zone)
		if !ok || end >= len(r.words) {
			continue
		}
		switch r.words[end].word {
		case "to", "until", "till", "through", "and", "-", "до", "по", "та", "и", "і":
		default:
			continue
		}
		to, _, ok := r.moment(end+1, told, zone)
		if !ok {
			continue
		}
		if p := clockSpan(from, to, told.at, zone); p.To > p.From && p.To.Sub(p.From) <= maxClockPeriod {
			return p, true
		}
	}
	return truce.PhenomenonTime{}, false
}

// clockSpan makes a period of two times of the clock. Midnight as an end is that of the day's
// end.
func clockSpan(from, to moment, at time.Time, zone *time.Location) truce.PhenomenonTime {
	if to.hour == 0 && to.minute == 0 {
		to.hour = 24
	}
	first, last := from.hour*60+from.minute, to.hour*60+to.minute
	switch {
	case from.dated && to.dated:
	case from.dated:
		to.day = from.day
		if last <= first {
			to.day = from.day.AddDate(0, 0, 1)
		}
	default:
		if !to.dated {
			to.day = at
		}
		from.day = to.day
		if last <= first {
			from.day = to.day.AddDate(0, 0, -1)
		}
	}
	return truce.PhenomenonTime{
		From:  from.instant(zone),
		To:    to.instant(zone),
		Sigma: truce.Micros(time.Minute.Microseconds()),
	}
}

func (m moment) instant(zone *time.Location) truce.Instant {
	y, month, d := m.day.Date()
	return truce.InstantOf(time.Date(y, month, d, m.hour, m.minute, 0, 0, zone))
}

// moment reads a time of the clock from a word on, and the day behind it.
func (r *reading) moment(i int, told told, zone *time.Location) (m moment, end int, ok bool) {
	if m.hour, m.minute, end, ok = r.clock(i); !ok {
		return m, i, false
	}
	for at := end; at < min(end+4, len(r.words)); at++ {
		if day, is := r.at("time", at); is {
			if m.day, m.dated = lastWeekday(day.key, told.at); m.dated {
				return m, day.to, true
			}
		}
		if month, is := r.at("month", at); is {
			if m.day, m.dated = r.dateOf(month, told.at, zone); m.dated {
				return m, max(month.to, r.dayBehind(month.to)), true
			}
		}
		if w := r.words[at]; w.sign || !w.isNumber && w.word != "on" && w.word != "the" && w.word != "of" && w.word != "local" && w.word != "time" && dayNumber(w) == 0 {
			break
		}
	}
	return m, end, true
}

// dayBehind is the end of a date whose number stands behind the month: "May 14".
func (r *reading) dayBehind(i int) int {
	if i < len(r.words) && dayNumber(r.words[i]) > 0 {
		return i + 1
	}
	return i
}

// clock reads "18:00", "6 p.m.", "6pm", "7 ранку", "midnight", "опівночі".
func (r *reading) clock(i int) (hour, minute, end int, ok bool) {
	for i < len(r.words) && (isArticle(r.words[i].word) || r.words[i].word == "о" || r.words[i].word == "об") {
		i++
	}
	if i >= len(r.words) {
		return 0, 0, i, false
	}
	if m, is := r.at("clock", i); is {
		hour, err := strconv.Atoi(m.key)
		return hour, 0, m.to, err == nil
	}
	word, end := r.words[i].word, i+1
	half := ""
	for _, suffix := range []string{"pm", "am"} {
		if rest, is := strings.CutSuffix(word, suffix); is {
			word, half = rest, suffix
		}
	}
	if half == "" && end < len(r.words) {
		if m, is := r.at("halfday", end); is {
			half, end = m.key, m.to
		}
	}
	h, min, colon := strings.Cut(word, ":")
	hour, err1 := strconv.Atoi(h)
	if colon {
		var err error
		if minute, err = strconv.Atoi(min); err != nil {
			return 0, 0, i, false
		}
	}
	if err1 != nil || !colon && half == "" || hour < 0 || hour > 24 || minute < 0 || minute > 59 || hour == 24 && minute > 0 {
		return 0, 0, i, false
	}
	switch {
	case half == "pm" && hour < 12:
		hour += 12
	case half == "am" && hour == 12:
		hour = 0
	}
	return hour, minute, end, true
}
