package trial

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
)

var (
	calibreForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(\d{1,4}(?:\.\d{1,3})?)mm$`)
	})
	heightsForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(-?\d{1,5})(?:\.\.(-?\d{1,5}))?m$`)
	})
	daysForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(\d{1,4})d$`)
	})
	dayForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^D(?:\+(\d{1,5}))?$`)
	})
)

// instant reads RFC 3339, where seconds may be left out, a day of the agreement and a local
// time of day (D+3 14:00), or a length from the first time of the test: +26h or -4h.
func (p *parser) instant(w *words) truce.Instant {
	text := w.take("a time")
	if isOffset(text) {
		return p.offset(w, text)
	}
	if strings.HasPrefix(text, "D") {
		if m := dayForm().FindStringSubmatch(text); m != nil {
			return p.dayTime(w, m[1])
		}
	}
	forms := [...]string{time.RFC3339, "2006-01-02T15:04Z07:00"}
	if len(text) < len("2026-04-11T16:20:00Z") {
		slices.Reverse(forms[:]) // a form that fails costs more than one that fits
	}
	for _, form := range forms {
		if t, err := time.Parse(form, text); err == nil {
			return spoken(w, text, truce.InstantOf(t))
		}
	}
	w.failLast("%q: want a time such as 2026-04-11T16:20Z, or D+3 14:00", cut(text))
	return 0
}

func isOffset(text string) bool {
	return len(text) > 1 && (text[0] == '+' || text[0] == '-') && text[1] >= '0' && text[1] <= '9'
}

func (p *parser) offset(w *words, text string) truce.Instant {
	d, ok := lengthOf(text[1:])
	switch {
	case !ok:
		w.failLast("%q: want a length of time such as +30m, +26h or +7d", cut(text))
		return 0
	case p.test == nil || p.test.Start == 0:
		w.failLast("%q counts from the first at line of the test, which needs a date: at 2026-04-11T16:20Z", cut(text))
		return 0
	case text[0] == '-':
		d = -d
	}
	return spoken(w, text, p.test.Start.Add(d))
}

func (p *parser) dayTime(w *words, days string) truce.Instant {
	n, _ := strconv.Atoi(days) // "" is D itself
	zone := p.terms.Calendar.Location()
	d := p.terms.Effective.At.Time().In(zone)
	clock := time.Time{}
	if text := w.peek(); len(text) == len("15:04") {
		t, err := time.Parse("15:04", text)
		if err == nil {
			w.take("a time of day")
			clock = t
		}
	}
	return spoken(w, "D+"+days, truce.InstantOf(time.Date(d.Year(), d.Month(), d.Day()+n, clock.Hour(), clock.Minute(), 0, 0, zone)))
}

// spoken refuses an instant that no test can speak of.
func spoken(w *words, text string, at truce.Instant) truce.Instant {
	if fault := agreement.TimeFault(at); fault != "" {
		w.failLast("%q: %s", cut(text), fault)
		return 0
	}
	return at
}

// duration reads 30m, 48h, 7d or a sum such as 1h30m.
func duration(w *words) time.Duration {
	text := w.take("a length of time")
	d, ok := lengthOf(text)
	if !ok {
		w.failLast("%q: want a length of time such as 30m, 48h or 7d", cut(text))
	}
	return d
}

func lengthOf(text string) (time.Duration, bool) {
	if m := daysForm().FindStringSubmatch(text); m != nil {
		days, _ := strconv.Atoi(m[1])
		return time.Duration(days) * 24 * time.Hour, true
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 || d > 10*365*24*time.Hour {
		return 0, false
	}
	return d, true
}

// distance reads 150m or 1.5km.
func distance(w *words) float64 {
	text := w.take("a distance")
	metres, ok := metresOf(text)
	if !ok {
		w.failLast("%q: want a distance such as 150m or 1.5km", cut(text))
	}
	return metres
}

func metresOf(text string) (float64, bool) {
	number, is := strings.CutSuffix(text, "m")
	number, km := strings.CutSuffix(number, "k")
	if !is || !decimal(number, 7, 6) {
		return 0, false
	}
	v, err := strconv.ParseFloat(number, 64)
	if km {
		v *= 1000
	}
	return v, err == nil && v <= 20_000_000
}

// sigma reads ±150m or +-150m.
func sigma(w *words) float64 {
	text := w.take("an error")
	metres, ok := metresOf(strings.TrimPrefix(strings.TrimPrefix(text, "±"), "+-"))
	if !ok {
		w.failLast("%q: want an error such as ±150m", cut(text))
	}
	return metres
}

func isError(text string) bool { return strings.HasPrefix(text, "±") || strings.HasPrefix(text, "+-") }

// point reads -47.91,-21.62: latitude first.
func point(w *words) geo.Point {
	text := w.take("a place")
	first, second, ok := pairOf(text)
	if !ok {
		w.failLast("%q: want a place as latitude,longitude such as -47.91,-21.62%s", cut(text), placeHint(text, w.peek()))
		return geo.Point{}
	}
	lat, _ := strconv.ParseFloat(first, 64)
	lon, _ := strconv.ParseFloat(second, 64)
	p := geo.Point{Lat: geo.Degrees(lat), Lon: geo.Degrees(lon)}
	if !p.Valid() {
		w.failLast("%q: latitude comes first, from -90 to 90, then longitude, from -180 to 180", cut(text))
	}
	return p
}

// pairOf parts latitude,longitude.
func pairOf(text string) (lat, lon string, ok bool) {
	lat, lon, ok = strings.Cut(text, ",")
	return lat, lon, ok && decimal(strings.TrimPrefix(lat, "-"), 2, 12) && decimal(strings.TrimPrefix(lon, "-"), 3, 12)
}

func isPair(text string) bool {
	_, _, ok := pairOf(text)
	return ok
}

// decimal says whether a text is a number of at most so many digits before a point and,
// if there is one, after it. Tables of events ask it often, which is why it is no pattern.
func decimal(text string, whole, part int) bool {
	before, after, point := strings.Cut(text, ".")
	return digits(before, whole) && (!point || digits(after, part))
}

func digits(text string, most int) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return len(text) >= 1 && len(text) <= most
}

// probability reads a number from 0 to 1.
func probability(w *words) float64 {
	text := w.take("a probability")
	v, ok := probabilityOf(text)
	if !ok {
		w.failLast("%q: want a probability from 0 to 1", cut(text))
	}
	return v
}

func probabilityOf(text string) (float64, bool) {
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && v >= 0 && v <= 1
}

// count reads a whole number.
func count(w *words) int {
	text := w.take("a number")
	v, err := strconv.Atoi(text)
	if err != nil || v < 0 || v > 1_000_000 {
		w.failLast("%q: want a whole number", cut(text))
		return 0
	}
	return v
}

// cut shortens what is quoted back, so that no file can flood a message.
func cut(s string) string {
	const most = 60
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most]) + "..."
}
