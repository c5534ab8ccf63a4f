package desk

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/geo/draw"
)

// Flown is what was seen of a flight that an incident rests on. It is precise and stays on the
// desk.
type Flown struct {
	Map     template.HTML // a figure of the path; "" when its plots are no longer kept
	Sensors []FlownSensor // by source and sensor
	Heights []FlownHeight // in order of time
	Whose   string        // a sentence: how what it says it is stands to the mission's aircraft; "": not told
	Ground  string        // a sentence: what was told of its height above ground
	Facts   []FlownFact   // in order of time
}

// FlownFact is a stay, a passage or a remark about a flight.
type FlownFact struct {
	From, To truce.Instant // one moment where they are equal
	SigmaS   float64
	Text     string
	Place    *geo.Position     // nil: none
	Number   string            // of the incident it speaks of, "" for none
	P        truce.Probability // 0: not told
}

// FlownSensor is what one sensor saw of it, among the plots that the incident names.
type FlownSensor struct {
	Source   truce.SourceID
	Sensor   truce.SensorID
	Means    truce.PlotMeans
	Plots    int
	From, To truce.Instant
	Said     []truce.Identity // what the object says it is: no proof
}

// FlownHeight is a height that was told.
type FlownHeight struct {
	At     truce.Instant
	Metres float64
	Datum  truce.AltitudeDatum
}

// shortFlight is the length below which seconds stand below a profile of heights, s.
const shortFlight = 300

// Clock is the time of day.
func (FlownSensor) Clock(at truce.Instant) string { return at.Time().Format("15:04:05") }

// Clock is the time of day.
func (FlownFact) Clock(at truce.Instant) string { return at.Time().Format("15:04:05") }

// Profile draws the heights by time.
func (f Flown) Profile() template.HTML {
	if len(f.Heights) < 2 {
		return ""
	}
	first, last, top := f.Heights[0].At, f.Heights[len(f.Heights)-1].At, 10.0
	for _, h := range f.Heights {
		top = max(top, h.Metres)
	}
	top = draw.RoundUp(top)
	span := max(1, last.Sub(first).Seconds())
	clock := "15:04"
	if span < shortFlight {
		clock = "15:04:05"
	}
	x := func(at truce.Instant) float64 {
		return plotLeft + at.Sub(first).Seconds()/span*(plotWidth-plotLeft-plotRight)
	}
	y := func(m float64) float64 { return plotTop + (top-max(0, m))/top*(plotHeight-plotTop-plotBottom) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="residuals" viewBox="0 0 %.0f %.0f" role="img" aria-label="%d heights from %s to %s, at most %.0f m">`, plotWidth, plotHeight, len(f.Heights), first.Time().Format("15:04"), last.Time().Format("15:04"), top)
	for _, m := range []float64{0, top / 2, top} {
		fmt.Fprintf(&b, `<path class="r-level" d="M%.0f %.1fH%.0f"/><text class="r-left" x="%.0f" y="%.1f">%g</text>`, plotLeft, y(m), plotWidth-plotRight, plotLeft-6, y(m)+4, m)
	}
	for _, at := range []truce.Instant{first, first + (last-first)/2, last - (last-first)/20} {
		fmt.Fprintf(&b, `<text class="r-below" x="%.1f" y="%.0f">%s</text>`, x(at), plotHeight-plotBottom+16, at.Time().Format(clock))
	}
	for _, h := range f.Heights {
		fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="2.4"><title>%s: %.0f m (%s)</title></circle>`, x(h.At), y(h.Metres), h.At.Time().Format("15:04:05"), h.Metres, template.HTMLEscapeString(string(h.Datum)))
	}
	fmt.Fprintf(&b, `<text class="r-unit" x="%.0f" y="13">height as told, m</text></svg>`, plotWidth-plotRight)
	return template.HTML(b.String()) // every text went through escaping
}
