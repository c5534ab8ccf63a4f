package agreement

import (
	"fmt"
	"slices"
	"strings"
	"time"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Notified is what only a window that stands in a notification has.
type Notified struct {
	Objections []Objection
	Corridor   *Corridor
	Box        *truce.NotifiedBox
	Object     string // of Quantity
	Quantity   int    // as many as were notified; 0: not told
	Extensions []Extension
	// CancelledAt is when it was cancelled, or superseded by ReplacedBy; 0: neither. What
	// happened before stays covered.
	CancelledAt truce.Instant
	ReplacedBy  string
	EndedAt     truce.Instant // the soonest end that its bearer reported; 0: no report
	Records     []truce.Seq   // of the steps that have an effect
	Replies     []Reply       // owed for it by rules that ask for an answer
}

// Objection is the word of one body that it does not agree to a window.
type Objection struct {
	By truce.PartyID // "" where the agreement has only the time
	At truce.Instant
}

// Extension is a notice that a window is to last longer. It counts by itself: with the
// notice and the acknowledgement that its own hours need, or not at all.
type Extension struct {
	At     truce.Instant // when it was recorded
	To     truce.Instant
	Record truce.Seq
	Fault  string // why it does not count; "" when it does
}

// Corridor is a route with how far it reaches to either side.
type Corridor struct {
	Route   []geo.Point
	WithinM float64
}

// Objected are all objections that are written down, the one without a name first.
func (w *Window) Objected() []Objection {
	var out []Objection
	if w.ObjectedAt != 0 {
		out = append(out, Objection{At: w.ObjectedAt})
	}
	return append(out, w.Objections...)
}

// last is the end of the hours as notified in time, with the extensions that count.
func (w *Window) last() truce.Instant {
	to := w.To
	for _, e := range w.Extensions {
		if e.Fault == "" {
			to = e.To
		}
	}
	return to
}

// end is when a window and its grace are over, unless it was cancelled or its bearer
// reported that it was over sooner. What comes out at the one instant that stands for an
// open end is over a microsecond before it.
func (w *Window) end() truce.Instant {
	end := w.last().Add(w.Grace)
	for _, sooner := range [...]truce.Instant{w.CancelledAt, w.EndedAt} {
		if sooner != 0 {
			end = min(end, sooner)
		}
	}
	if end == 0 {
		return -1
	}
	return end
}

// claimed is the end of all hours that were ever told of a window.
func (w *Window) claimed() truce.Instant {
	end := w.To.Add(w.Grace)
	if w.EndedAt != 0 {
		end = max(end, w.EndedAt)
	}
	for _, e := range w.Extensions {
		end = max(end, e.To)
	}
	return end
}

// Overran says whether an incident shows the window's activity going on after its end:
// probably an act that the window permits, begun within an hour after its hours were over.
func (w *Window) Overran(i truce.Incident) bool {
	end, t := w.last().Add(w.Grace), i.Time
	if w.CancelledAt != 0 && w.CancelledAt <= end {
		return false
	}
	slack := 2 * t.Sigma.Duration()
	if t.From.Sub(end) < slack || t.From.Sub(end) > claimWithin+slack {
		return false
	}
	p := 0.0
	for _, act := range i.Acts {
		if slices.Contains(activities[w.Kind], act.Act) {
			p += float64(act.P)
		}
	}
	return p >= bearerShare
}

// corridorBox is the ground within a distance of a route.
type corridorBox struct {
	route *line
	reach geo.Metres
}

func (b corridorBox) chance(l *look) float64 {
	return l.bandChance(b.route, geo.Band{Line: b.route.Line, Side: geo.On, To: b.reach})
}

// noticeAsked is how long ahead a window had to be notified: as it says itself, as the
// duty it is held against asks, and as every permission for its kind does.
func (l *look) noticeAsked(p *plan, w *window) time.Duration {
	notice := w.Notice
	if p.Require != nil && p.Require.Notify != nil && p.Require.Notify.Window == w.Kind {
		notice = max(notice, p.Require.Notify.Notice)
	}
	for _, other := range l.permissions(w.Kind) {
		notice = max(notice, other.Permit.Notice)
	}
	return notice
}

// lasted are the conditions on the hours of a window: the incident within them, and none
// of it after the window was cancelled.
func (l *look) lasted(m *misses, p *plan, w *window) {
	end := w.end()
	if cancelled := w.CancelledAt; cancelled != 0 && cancelled <= w.From {
		m.add(truce.ReasonTime, "%s at %s, before it began", w.gone(), clock(cancelled))
		return
	}
	if during(l.incident.Time, w.From, end) >= p.PMin {
		return
	}
	m.add(truce.ReasonTime, "%s", l.missed(w, end))
	if l.quiet {
		return
	}
	if w.CancelledAt != 0 && w.CancelledAt == end {
		m.texts = append(m.texts, fmt.Sprintf("%s at %s", w.gone(), clock(end)))
	}
	for _, e := range w.Extensions {
		if e.Fault != "" {
			m.texts = append(m.texts, fmt.Sprintf("its extension to %s (record %d, %s) does not count: %s", clock(e.To), e.Record, clock(e.At), e.Fault))
		}
	}
}

// gone says how a window came to stand no longer.
func (w *Window) gone() string {
	if w.ReplacedBy != "" {
		return "superseded by " + w.ReplacedBy
	}
	return "cancelled"
}

// asNotified holds the number that was seen against the number that was notified.
func (l *look) asNotified(m *misses, w *window) {
	seen := l.detail.Quantity
	if w.Object != "" {
		seen = numberIn(l.detail, w.Object)
	}
	switch {
	case w.Quantity == 0 && w.Kind == WindowMonitorFlight && seen > 1:
		m.add(truce.ReasonQuantity, "notified as one flight, %d seen at once", seen)
	case w.Quantity > 0 && seen > w.Quantity:
		m.add(truce.ReasonQuantity, "notified for %d%s, %d seen", w.Quantity, strings.TrimRight(" "+w.Object, " "), seen)
	}
}

// recorded names the records that a window rests on and when it was given; nothing for one
// that the agreement holds.
func (w *Window) recorded() string {
	if len(w.Records) == 0 {
		return ""
	}
	text := fmt.Sprintf("; given at %s, record %d", clock(w.NotifiedAt), w.Records[0])
	for _, a := range w.Acks {
		text += fmt.Sprintf(", acknowledged by %s at %s", a.By, clock(a.At))
	}
	if len(w.Records) > 1 {
		text += fmt.Sprintf(", last changed by record %d", w.Records[len(w.Records)-1])
	}
	return text
}

// NotifiedIDs are the windows that stand in notifications, in the order they were added.
func (g *Geometry) NotifiedIDs() []string {
	var out []string
	for _, w := range g.windows {
		if len(w.Records) > 0 {
			out = append(out, w.ID)
		}
	}
	return out
}
