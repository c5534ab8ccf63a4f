package drill

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

var daysForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\d{1,3})d`)
})

// absolute reads a time such as 2031-03-11T14:00:00Z, whose seconds may be left out.
func absolute(l *line) truce.Instant {
	text := l.take("a time")
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		t, err := time.Parse(form, text)
		if err != nil {
			continue
		}
		at := truce.InstantOf(t)
		if fault := agreement.TimeFault(at); fault != "" {
			l.failLast("%q: %s", cut(text), fault)
		}
		return at
	}
	l.failLast("%q: want a time such as 2031-03-11T14:00:00Z", cut(text))
	return 0
}

// when reads a time of the drill: +90m or -2h from its start, or a time of the calendar.
func (p *parser) when(l *line) truce.Instant {
	text := l.peek()
	if p.drill.Start == 0 {
		l.fail("the start of the drill stands before: start 2031-03-11T14:00:00Z")
		return 0
	}
	if !strings.HasPrefix(text, "+") && !strings.HasPrefix(text, "-") {
		if text == "" || strings.ContainsAny(text[:1], "0123456789") && !strings.Contains(text, "T") {
			l.take("a time")
			l.failLast("%q: want a time from the start such as +90m or -2h, with its sign", cut(text))
			return 0
		}
		return p.bounded(l, absolute(l))
	}
	l.next++
	d, ok := lengthOf(text[1:])
	if !ok {
		l.failLast("%q: want a time from the start such as +90m, +1h30m05s or +2d", cut(text))
		return 0
	}
	if text[0] == '-' {
		d = -d
	}
	return p.bounded(l, p.drill.Start.Add(d))
}

// bounded refuses a time that is too far from the start.
func (p *parser) bounded(l *line, at truce.Instant) truce.Instant {
	if d := at.Sub(p.drill.Start); d > MaxLength || d < -MaxLength {
		l.failLast("this is over a year from the start of the drill")
		return 0
	}
	return at
}

// length reads a length of time.
func length(l *line) time.Duration {
	text := l.take("a length of time")
	d, ok := lengthOf(text)
	if !ok {
		l.failLast("%q: want a length of time such as 30m, 48h or 7d", cut(text))
	}
	return d
}

// lengthOf reads 30m, 48h, 7d or a sum such as 2d1h30m.
func lengthOf(text string) (time.Duration, bool) {
	days := 0
	if m := daysForm().FindStringSubmatch(text); m != nil {
		days, _ = strconv.Atoi(m[1])
		if text = text[len(m[0]):]; text == "" {
			text = "0s"
		}
	}
	if strings.ContainsAny(text, "+-.") {
		return 0, false
	}
	d, err := time.ParseDuration(text)
	if err != nil || d > MaxLength {
		return 0, false
	}
	return time.Duration(days)*24*time.Hour + d, true
}

func number(l *line) int {
	text := l.take("a number")
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 1_000_000 {
		l.failLast("%q: want a whole number", cut(text))
		return 0
	}
	return n
}

// share reads 60% or 0.6.
func share(l *line) truce.Probability {
	text := l.take("a share such as 60%")
	digits, percent := strings.CutSuffix(text, "%")
	v, err := strconv.ParseFloat(digits, 64)
	if percent {
		v /= 100
	}
	if err != nil || !(v >= 0 && v <= 1) {
		l.failLast("%q: want a share such as 60%% or 0.6", cut(text))
		return 0
	}
	return truce.Probability(v)
}
