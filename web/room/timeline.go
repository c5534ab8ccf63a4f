package room

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// Size of a time line in user units.
const (
	lineWidth  = 960.0
	lineLeft   = 190.0 // where time begins; names stand before
	lineRow    = 20.0
	lineHead   = 26.0
	clocksMost = 14 // rows of clocks; the table has all of them
)

// chronicle is a time line being drawn.
type chronicle struct {
	b        strings.Builder
	from, to truce.Instant
	y        float64
}

func (c *chronicle) x(t truce.Instant) float64 {
	share := float64(t-c.from) / float64(c.to-c.from)
	return lineLeft + (lineWidth-lineLeft-12)*min(max(share, 0), 1)
}

// timeline draws a case against time: tiers as steps, clocks from their zero point to
// when they are due, moves of the zero point and alerts as marks.
func (w words) timeline(f CaseFile) template.HTML {
	c := &chronicle{}
	c.from, c.to = stretch(f)
	clocks := drawnClocks(f.Clocks)
	height := lineHead + lineRow*float64(len(f.Ladder.Tiers)+len(clocks)+2) + 14
	fmt.Fprintf(&c.b, `<svg class="tline" viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">`, lineWidth, height,
		template.HTMLEscapeString(w.Say("timeline.said", "from", c.from.Time().Format(w.layout()), "to", c.to.Time().Format(w.layout()))))
	c.axis(height)
	c.y = lineHead
	w.drawZeros(c, f)
	w.drawTiers(c, f)
	for _, k := range clocks {
		w.drawClock(c, k, f.Now)
	}
	w.drawAlerts(c, f)
	fmt.Fprintf(&c.b, `<path class="l-now" d="M%.1f %.0fV%.0f"/></svg>`, c.x(f.Now), lineHead-8, height-6)
	return template.HTML(c.b.String()) // every text went through escaping
}

// stretch is the time that a case's line covers: from its first zero point to its last
// deadline or now, with a little air.
func stretch(f CaseFile) (from, to truce.Instant) {
	from, to = f.Line.Opened, f.Now
	for _, z := range f.Zeros {
		if z.At != 0 {
			from = min(from, z.At)
		}
		for _, m := range z.Moves {
			if m.Old != 0 {
				from = min(from, m.Old)
			}
		}
	}
	if f.Closed != 0 {
		to = f.Closed
	}
	for _, k := range f.Clocks {
		if k.State != truce.ClockStopped {
			to = max(to, k.Due)
		}
	}
	air := max((to-from)/40, truce.Instant(time.Minute/time.Microsecond))
	return from - air, to + air
}

// drawnClocks are the last round of each clock, those that run first, then the latest.
func drawnClocks(list []ClockLine) []ClockLine {
	last := map[string]ClockLine{}
	var order []string
	for _, k := range list {
		key := k.ID + "/" + k.For
		if _, had := last[key]; !had {
			order = append(order, key)
		}
		last[key] = k
	}
	out := make([]ClockLine, 0, len(order))
	for _, key := range order {
		out = append(out, last[key])
	}
	slices.SortStableFunc(out, func(a, b ClockLine) int {
		if a.Ticking() != b.Ticking() {
			if a.Ticking() {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Due, b.Due)
	})
	return out[:min(len(out), clocksMost)]
}

// ticks are the distances between marks of the axis.
var ticks = []time.Duration{10 * time.Minute, 30 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 48 * time.Hour, 7 * 24 * time.Hour, 28 * 24 * time.Hour}

func (c *chronicle) axis(height float64) {
	step := ticks[len(ticks)-1]
	for _, t := range ticks {
		if c.to.Sub(c.from)/t <= 8 {
			step = t
			break
		}
	}
	layout := "15:04"
	if step >= 24*time.Hour {
		layout = "02.01."
	}
	for at := c.from.Time().Truncate(step).Add(step); at.Before(c.to.Time()); at = at.Add(step) {
		x := c.x(truce.InstantOf(at))
		text := at.Format(layout)
		if layout == "15:04" && at.Hour() == 0 && at.Minute() == 0 {
			text = at.Format("02.01.")
		}
		fmt.Fprintf(&c.b, `<path class="l-tick" d="M%.1f %.0fV%.0f"/><text class="l-time" x="%.1f" y="12">%s</text>`, x, lineHead-8, height-6, x, text)
	}
}

// row begins a row with its name.
func (c *chronicle) row(name string) {
	fmt.Fprintf(&c.b, `<text class="l-name" x="0" y="%.1f">%s</text>`, c.y+14, template.HTMLEscapeString(cut(name, 31)))
}

func cut(text string, most int) string {
	letters := []rune(text)
	if len(letters) <= most {
		return text
	}
	return string(letters[:most-1]) + "…"
}

func (w words) drawZeros(c *chronicle, f CaseFile) {
	c.row(w.Say("t0"))
	for _, z := range f.Zeros {
		for _, m := range z.Moves {
			if m.Old != 0 {
				fmt.Fprintf(&c.b, `<path class="l-old" d="M%.1f %.1fl5 5l-5 5l-5 -5z"/><path class="l-move" d="M%.1f %.1fH%.1f"/>`, c.x(m.Old), c.y+5, c.x(m.Old), c.y+10, c.x(m.New))
			}
		}
		if z.At == 0 {
			continue
		}
		class := "l-zero"
		if z.Chosen {
			class = "l-zero l-chosen"
		}
		fmt.Fprintf(&c.b, `<path class="%s" d="M%.1f %.1fl5 5l-5 5l-5 -5z"><title>%s</title></path>`, class, c.x(z.At), c.y+5, template.HTMLEscapeString(w.Word("basis", z.Basis)))
	}
	c.y += lineRow
}

// drawTiers is a row a tier, the highest on top, with the stays in it.
func (w words) drawTiers(c *chronicle, f CaseFile) {
	for i := len(f.Ladder.Tiers) - 1; i >= 0; i-- {
		tier := f.Ladder.Tiers[i]
		c.row(string(tier.Tier) + " " + tier.Name)
		fmt.Fprintf(&c.b, `<path class="l-rule" d="M%.1f %.1fH%.1f"/>`, lineLeft, c.y+10, lineWidth-12)
		for _, v := range f.Visits {
			if v.Tier != tier.Tier {
				continue
			}
			end := v.Left
			if end == 0 {
				end = f.Now
			}
			fmt.Fprintf(&c.b, `<path class="l-tier" d="M%.1f %.1fH%.1fv10H%.1fz"/>`, c.x(v.Entered), c.y+5, max(c.x(end), c.x(v.Entered)+2), c.x(v.Entered))
		}
		for _, g := range f.Gates {
			if g.Tier == tier.Tier && !g.Down {
				fmt.Fprintf(&c.b, `<path class="l-wait" d="M%.1f %.1fH%.1fv10H%.1fz"/>`, c.x(g.At), c.y+5, max(c.x(f.Now), c.x(g.At)+2), c.x(g.At))
			}
		}
		c.y += lineRow
	}
}

func (w words) drawClock(c *chronicle, k ClockLine, now truce.Instant) {
	name := k.Name
	if k.For != "" {
		name += " · " + k.For
	}
	c.row(name)
	end := k.Due
	if k.Ended != 0 && k.State != truce.ClockMissed {
		end = k.Ended
	}
	fmt.Fprintf(&c.b, `<path class="l-clock %s" d="M%.1f %.1fH%.1f"/>`, k.State, c.x(k.T0), c.y+10, c.x(end))
	for _, m := range k.Moves {
		fmt.Fprintf(&c.b, `<path class="l-olddue" d="M%.1f %.1fv8"/>`, c.x(m.OldDue), c.y+6)
	}
	switch k.State {
	case truce.ClockMet:
		fmt.Fprintf(&c.b, `<path class="l-met" d="M%.1f %.1fl4 4l7 -8"/>`, c.x(end)-5, c.y+10)
	case truce.ClockMissed:
		fmt.Fprintf(&c.b, `<path class="l-missed" d="M%.1f %.1fl8 8m0 -8l-8 8"/>`, c.x(end)-4, c.y+6)
	case truce.ClockStopped:
		fmt.Fprintf(&c.b, `<path class="l-stopped" d="M%.1f %.1fv8"/>`, c.x(end), c.y+6)
	default:
		fmt.Fprintf(&c.b, `<path class="l-due" d="M%.1f %.1fv12"/>`, c.x(end), c.y+4)
	}
	c.y += lineRow
}

func (w words) drawAlerts(c *chronicle, f CaseFile) {
	c.row(w.Say("alerts"))
	for _, a := range f.Alerts {
		class := "l-alert"
		if a.Silent > 0 {
			class = "l-alert l-silent"
		}
		fmt.Fprintf(&c.b, `<path class="%s" d="M%.1f %.1fl5 9h-10z"/>`, class, c.x(a.Release), c.y+5)
	}
	c.y += lineRow
}
