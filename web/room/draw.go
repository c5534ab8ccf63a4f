package room

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

// scale is the stretch of time that the clock bars of one list share, so that rows can be
// compared by eye.
type scale struct {
	now           truce.Instant
	behind, ahead time.Duration
}

// steps are the stretches a scale may have: the least that holds what is shown.
var scaleSteps = []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour, 72 * time.Hour, 7 * 24 * time.Hour}

// newScale holds the deadlines of a list.
func newScale(now truce.Instant, list any) scale {
	s := scale{now: now}
	var ahead, behind time.Duration
	for _, due := range deadlines(list) {
		ahead, behind = max(ahead, due.Sub(now)), max(behind, now.Sub(due))
	}
	s.ahead = fit(ahead)
	if behind > 0 {
		s.behind = fit(behind)
	}
	return s
}

func deadlines(list any) []truce.Instant {
	var out []truce.Instant
	switch l := list.(type) {
	case []CaseLine:
		for _, c := range l {
			if c.NextDue != 0 {
				out = append(out, c.NextDue)
			}
		}
	case []ClockLine:
		for _, c := range l {
			if c.Ticking() {
				out = append(out, c.Due)
			}
		}
	}
	return out
}

func fit(d time.Duration) time.Duration {
	for _, step := range scaleSteps {
		if d <= step {
			return step
		}
	}
	return scaleSteps[len(scaleSteps)-1]
}

// Size of a clock bar in user units.
const (
	barWidth  = 160.0
	barHeight = 14.0
)

// clockBar is the time to go as a bar to the right of now, the time overdue as a hatched
// one to its left. What is beyond the scale ends in a point.
func (w words) clockBar(s scale, due truce.Instant) template.HTML {
	if due == 0 {
		return ""
	}
	whole := s.behind + s.ahead
	zero := barWidth * float64(s.behind) / float64(whole)
	length := barWidth * float64(due.Sub(s.now)) / float64(whole)
	end := min(max(zero+length, 0), barWidth)
	beyond := zero+length < -.5 || zero+length > barWidth+.5
	class := "k-go"
	if due < s.now {
		class = "k-over"
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="kbar" viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">`, barWidth, barHeight, template.HTMLEscapeString(w.toGo(s.now, due)))
	fmt.Fprintf(&b, `<path class="k-track" d="M0 7H%.0f"/>`, barWidth)
	fmt.Fprintf(&b, `<path class="%s" d="M%.1f 3H%.1fv8H%.1fz"/>`, class, zero, end, zero)
	if class == "k-over" {
		for x := end + 1; x < zero; x += 4 {
			fmt.Fprintf(&b, `<path class="k-hatch" d="M%.1f 11l%.1f -8"/>`, x, min(4, zero-x))
		}
	}
	if beyond {
		fmt.Fprintf(&b, `<path class="k-end" d="M%.1f 2l%.1f 5l%.1f 5"/>`, end-sign(length)*5, sign(length)*4, -sign(length)*4)
	}
	fmt.Fprintf(&b, `<path class="k-now" d="M%.1f 0v%.0f"/></svg>`, zero, barHeight)
	return template.HTML(b.String()) // the only text went through escaping
}

func sign(v float64) float64 {
	if v < 0 {
		return -1
	}
	return 1
}

// gapBar is what is in place against what is needed; behind it what was promised.
func (w words) gapBar(l AccountLine) template.HTML {
	said := w.Say("gap.said", "place", w.number(l.InPlace), "need", w.number(l.Need), "pledged", w.number(l.Pledged))
	return web.GapBar(web.Amounts{Need: l.Need, Pledged: l.Pledged, InPlace: l.InPlace}, said)
}

// countBar is how many promises have come so far, against the most of any stage.
func countBar(all []StageCount, n int) template.HTML {
	most := 1
	for _, s := range all {
		most = max(most, s.Count)
	}
	return web.CountBar(n, most)
}

// stageBar is how far a promise has come: so many of the steps up to being in force.
func (w words) stageBar(rank int) template.HTML {
	const steps = 7
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="sbar" viewBox="0 0 %d 10" aria-hidden="true" focusable="false">`, steps*12)
	for i := range steps {
		class := "s-no"
		if i < rank {
			class = "s-yes"
		}
		fmt.Fprintf(&b, `<path class="%s" d="M%d 1h9v8h-9z"/>`, class, i*12+1)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}
