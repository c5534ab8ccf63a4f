package page

import (
	"fmt"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
	"github.com/trucewatch/truce/source"
)

// Tags that say what was done about a page's date.
const (
	tagNoDate  = "page:no-date"  // none stated: the day in the file's name or of the fetch
	tagBadDate = "page:bad-date" // one that cannot be; another was taken
)

// when is the publication time: as stated for machines, else the day that stands in the
// text, else the day in the file's name, else that of the fetch.
func (d *decoder) when(a article.Reading) (truce.PhenomenonTime, string, error) {
	tag := ""
	if a.Dated != "" {
		if at, ok := d.moment(a.Dated); ok {
			return at, "", nil
		}
		tag = tagBadDate
	}
	if !a.Published.IsZero() {
		if at, ok := d.moment(a.Published.String()); ok {
			return at, tag, nil
		}
		tag = tagBadDate
	}
	if tag == "" {
		tag = tagNoDate
	}
	for _, day := range []truce.Day{source.DayInName(d.file), fetchedOn(d.cfg.Fetched)} {
		if from, err := source.Date([]byte(day)); err == nil {
			return wholeDay(from), tag, nil
		}
	}
	if a.Dated != "" {
		return truce.PhenomenonTime{}, "", fmt.Errorf("its date is %s, which cannot be; begin the file's name with the day, e.g. 2026-01-08-page.html", source.Shown([]byte(a.Dated)))
	}
	return truce.PhenomenonTime{}, "", fmt.Errorf("it states no date; begin the file's name with the day, e.g. 2026-01-08-page.html")
}

// moment reads a time as pages write it for machines, or a day.
func (d *decoder) moment(text string) (truce.PhenomenonTime, bool) {
	text = strings.TrimSpace(text)
	span, err := source.Time(text, time.UTC)
	if err != nil {
		if at, failed := time.Parse(time.RFC1123Z, text); failed == nil {
			span, err = source.Span{From: truce.InstantOf(at), To: truce.InstantOf(at)}, nil
		} else if day, _, _, ok := article.FindDate(text); ok {
			span, err = source.Time(day.String(), time.UTC)
		}
	}
	if err != nil || d.cfg.Fetched != 0 && span.From > d.cfg.Fetched.Add(early) || span.From.Time().Year() < source.MinYear {
		return truce.PhenomenonTime{}, false
	}
	switch {
	case span.To.Sub(span.From) > time.Hour:
		return wholeDay(span.From), true
	case strings.HasSuffix(text, "Z"), zoned(text):
		return truce.Moment(span.From, momentSigma), true
	}
	return truce.Moment(span.From, daySigma), true
}

// zoned says whether a time ends with an offset such as +02:00.
func zoned(text string) bool {
	i := strings.LastIndexAny(text, "+-")
	return i > len("2006-01-02") && len(text)-i >= 5
}

func fetchedOn(at truce.Instant) truce.Day {
	if at == 0 {
		return ""
	}
	return at.Day()
}

func wholeDay(from truce.Instant) truce.PhenomenonTime {
	return truce.PhenomenonTime{From: from, To: from.Add(24 * time.Hour), Sigma: truce.MicrosOf(daySigma)}
}
