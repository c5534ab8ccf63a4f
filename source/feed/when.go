package feed

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
	"github.com/trucewatch/truce/source"
)

// Tags that say what was done about an item's time.
const (
	tagNoDate  = "feed:no-date"  // none stated: the day of the feed, its file or its fetch
	tagBadDate = "feed:bad-date" // one that cannot be; another was taken
)

// zoned is a time that says its offset or zone.
var zoned = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(Z|[+-]\d{2}:?\d{2}|\b[A-Z]{2,4}T?)$`)
})

// dating is the time of an item.
type dating struct {
	at       truce.PhenomenonTime
	tag      string // about it; "" for nothing
	borrowed bool   // it is no time of its own
}

// when is the time of an item, or the reason for which it has none. An item that states no
// time that can be is of the day on which its feed says it was made, else of the day in the
// file's name, else of the day it was fetched.
func (d *decoder) when(it item) (dating, error) {
	stated := ""
	for _, t := range []struct {
		text string
		at   time.Time
	}{{it.published, it.publishedAt}, {it.updated, it.updatedAt}} {
		text := strings.TrimSpace(article.Line(t.text))
		if text == "" {
			continue
		}
		if stated == "" {
			stated = text
		}
		if p, ok := d.stated(text, t.at); ok {
			if text != stated {
				return dating{at: p, tag: tagBadDate}, nil
			}
			return dating{at: p}, nil
		}
	}
	tag := tagNoDate
	if stated != "" {
		tag = tagBadDate
	}
	for _, day := range []truce.Instant{d.channel.Updated, dayOf(source.DayInName(d.file)), d.cfg.Fetched} {
		if day != 0 && (d.cfg.Fetched == 0 || day <= d.cfg.Fetched.Add(early)) {
			return dating{at: wholeDay(day), tag: tag, borrowed: true}, nil
		}
	}
	if stated != "" {
		return dating{}, fmt.Errorf("its date is %s, which cannot be; want a date of %d to %d that is not to come", source.Shown([]byte(stated)), source.MinYear, source.MaxYear)
	}
	return dating{}, fmt.Errorf("it states no date, nor does its feed; begin the file's name with the day, e.g. 2026-01-08-feed.xml")
}

// stated takes a time that can be: read by the library, or a day in words.
func (d *decoder) stated(text string, at time.Time) (truce.PhenomenonTime, bool) {
	if !at.IsZero() {
		if !d.possible(at) {
			return truce.PhenomenonTime{}, false
		}
		switch {
		case len(text) <= len("2006-01-02"):
			return wholeDay(truce.InstantOf(at)), true
		case zoned().MatchString(text):
			return truce.Moment(truce.InstantOf(at), momentSigma), true
		}
		return truce.Moment(truce.InstantOf(at), daySigma), true
	}
	date, _, after, ok := article.FindDate(text)
	if !ok {
		return truce.PhenomenonTime{}, false
	}
	day := dayOf(truce.Day(date.String()))
	if day == 0 || !d.possible(day.Time()) {
		return truce.PhenomenonTime{}, false
	}
	if moment, sigma, ok := clock(day, after); ok && d.possible(moment.Time()) {
		return truce.Moment(moment, sigma), true
	}
	return wholeDay(day), true
}

// clocked is the time behind a date in words: 10:00, 10:00:05 and perhaps its zone.
var clocked = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[,\s]*(?:р\.|г\.|at|о|об|в)?[,\s]*(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(Z|UTC|GMT|EEST|EET|MSK|[+-]\d{2}:?\d{2})?$`)
})

// clock reads the time behind a date whose month is in words that the library does not
// know, such as "Пт, 10 тра 2026 10:00 +0300". What is no time, or of a zone that is not
// known, is not ok.
func clock(day truce.Instant, after string) (truce.Instant, time.Duration, bool) {
	m := clocked().FindStringSubmatch(after)
	if m == nil {
		return 0, 0, false
	}
	second := m[3]
	if second == "" {
		second = "00"
	}
	sigma := momentSigma
	zone := m[4]
	switch zone {
	case "":
		zone, sigma = "+0000", daySigma
	case "Z", "UTC", "GMT":
		zone = "+0000"
	case "EET": // eastern Europe in winter
		zone = "+0200"
	case "EEST", "MSK":
		zone = "+0300"
	}
	at, err := time.Parse("2006-01-02 15:04:05 -0700", fmt.Sprintf("%s %02s:%s:%s %s", day.Day(), m[1], m[2], second, strings.Replace(zone, ":", "", 1)))
	return truce.InstantOf(at), sigma, err == nil
}

// possible says whether something can have been published then.
func (d *decoder) possible(at time.Time) bool {
	if at.Year() < source.MinYear || at.Year() > source.MaxYear {
		return false
	}
	return d.cfg.Fetched == 0 || truce.InstantOf(at) <= d.cfg.Fetched.Add(early)
}

// dayOf is the first instant of a day, 0 for one that is none.
func dayOf(day truce.Day) truce.Instant {
	at, err := source.Date([]byte(day))
	if err != nil {
		return 0
	}
	return at
}

// wholeDay is the day an instant lies in, by UTC.
func wholeDay(at truce.Instant) truce.PhenomenonTime {
	from := dayOf(at.Day())
	return truce.PhenomenonTime{From: from, To: from.Add(24 * time.Hour), Sigma: truce.MicrosOf(daySigma)}
}
