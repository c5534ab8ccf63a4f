package desk

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/geo/draw"
)

// HeardEvent is an event located of what sensors heard, with who heard it. It is precise and
// stays on the desk.
type HeardEvent struct {
	Event  truce.Event
	Rows   []HeardRow  // nearest first
	Silent int         // sensors of the network within the farthest of those that did not hear it
	Gap    geo.Degrees // the widest angle without a sensor that heard it
}

// HeardRow is one arrival that an event rests on.
type HeardRow struct {
	Arrival   truce.ID
	Sensor    truce.SensorID
	At        truce.Instant
	Phase     truce.ArrivalPhase
	ResidualS float64
	DistanceM geo.Metres  // from the event, 0 when nobody says where the sensor stands
	Azimuth   geo.Degrees // at the event
	SigmaS    float64     // as the sensor states it; 0: it does not
	Bearing   string      // that an array told, "" for none
	Placed    bool        // somebody says where the sensor stands
}

// Decided is what a person decided of arrivals that an incident rests on or rested on.
type Decided struct {
	truce.ArrivalDecision
	Lifted *truce.ArrivalDecision // the decision that lifted it; nil: it binds

	Named       []DecidedArrival // the first of its arrivals
	OthersNamed []DecidedArrival // of apart: the first of those on the other side
}

// DecidedArrival is an arrival that a decision names, as people know it.
type DecidedArrival struct {
	ID     truce.ID
	Sensor truce.SensorID // "" when the arrival is no longer kept
	At     truce.Instant
}

// Time is when it came, to a thousandth of a second.
func (a DecidedArrival) Time() string { return a.At.Time().Format("15:04:05.000") }

// Moment is the same with its day.
func (a DecidedArrival) Moment() string { return a.At.Time().Format("2006-01-02 15:04:05.000 UTC") }

// Sides are the lists of arrivals that a decision names, each with how many more it has.
func (d Decided) Sides() []DecidedSide {
	out := []DecidedSide{{Named: d.Named, More: len(d.Arrivals) - len(d.Named)}}
	if len(d.Others) > 0 {
		out = append(out, DecidedSide{Named: d.OthersNamed, More: len(d.Others) - len(d.OthersNamed), Apart: true})
	}
	return out
}

// DecidedSide is one list of arrivals of a decision.
type DecidedSide struct {
	Named []DecidedArrival
	More  int  // that are not listed
	Apart bool // the others, from which the first are apart
}

// Moment is when it was decided.
func (d Decided) Moment() string { return d.At.Time().Format("2006-01-02 15:04 UTC") }

// Says is what the decision says of how many arrivals.
func (d Decided) Says() string {
	n := "1 arrival"
	if len(d.Arrivals) > 1 {
		n = fmt.Sprintf("%d arrivals", len(d.Arrivals))
	}
	switch d.Verdict {
	case truce.ArrivalsExcluded:
		return n + " of no event"
	case truce.ArrivalsApart:
		return fmt.Sprintf("%s of another event than %d others", n, len(d.Others))
	}
	return n + " of one event"
}

// Outside says whether the event lies outside of the sensors that heard it, so that its place
// is badly known.
func (e HeardEvent) Outside() bool { return e.Gap >= 180 }

// Stated says whether any sensor states the error of its times.
func (e HeardEvent) Stated() bool {
	return slices.ContainsFunc(e.Rows, func(r HeardRow) bool { return r.SigmaS > 0 })
}

// Axes are the half axes of the ellipse that holds the place with 90 %.
func (e HeardEvent) Axes() geo.Ellipse90 { return e.Event.Position.Error.Ellipse90() }

// Origin is the time of origin to a hundredth of a second.
func (e HeardEvent) Origin() string {
	return e.Event.Origin.From.Time().Format("2006-01-02 15:04:05.00 UTC")
}

// SigmaS is the error of the time of origin, seconds.
func (e HeardEvent) SigmaS() float64 { return e.Event.Origin.Sigma.Duration().Seconds() }

// RMS is that of the residuals, seconds.
func (e HeardEvent) RMS() float64 {
	sum := 0.0
	for _, r := range e.Rows {
		sum += r.ResidualS * r.ResidualS
	}
	return math.Sqrt(sum / float64(max(1, len(e.Rows))))
}

// Time is when it came, to a thousandth of a second.
func (r HeardRow) Time() string { return r.At.Time().Format("15:04:05.000") }

// Size of the picture of residuals in its own units.
const (
	plotWidth, plotHeight         = 420.0, 190.0
	plotLeft, plotRight           = 44.0, 12.0
	plotTop, plotBottom           = 20.0, 34.0
	plotLeast                     = 0.1 // s, the least half height of the axis
	plotDot                       = 3.6
	plotMarks                     = 4 // of the distance
	metresPerKM           float64 = 1000
)

// Plot draws the residuals by distance: what is heard of one place lies about the middle line,
// and what belongs to something else does not.
func (e HeardEvent) Plot() template.HTML {
	far, wide := 0.5, plotLeast
	for _, r := range e.Rows {
		far, wide = max(far, float64(r.DistanceM)/metresPerKM), max(wide, math.Abs(r.ResidualS))
	}
	far, wide = far*1.05, draw.RoundUp(wide)
	x := func(km float64) float64 { return plotLeft + km/far*(plotWidth-plotLeft-plotRight) }
	y := func(s float64) float64 { return plotTop + (wide-s)/(2*wide)*(plotHeight-plotTop-plotBottom) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="residuals" viewBox="0 0 %.0f %.0f" role="img" aria-label="Residuals of %d arrivals by distance, within %.2f s, root mean square %.2f s; the table has them all">`, plotWidth, plotHeight, len(e.Rows), wide, e.RMS())
	for _, s := range []float64{-wide, 0, wide} {
		fmt.Fprintf(&b, `<path class="r-level" d="M%.0f %.1fH%.0f"/><text class="r-left" x="%.0f" y="%.1f">%g</text>`, plotLeft, y(s), plotWidth-plotRight, plotLeft-6, y(s)+4, s)
	}
	step := draw.RoundUp(far / plotMarks)
	for km := 0.0; km <= far; km += step {
		fmt.Fprintf(&b, `<text class="r-below" x="%.1f" y="%.0f">%g</text>`, x(km), plotHeight-plotBottom+16, km)
	}
	for _, r := range e.Rows {
		if r.Placed {
			fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="%.1f"><title>%s: %+.3f s at %.1f km</title></circle>`, x(float64(r.DistanceM)/metresPerKM), y(r.ResidualS), plotDot, template.HTMLEscapeString(string(r.Sensor)), r.ResidualS, float64(r.DistanceM)/metresPerKM)
		}
	}
	fmt.Fprintf(&b, `<text class="r-unit" x="%.0f" y="13">residual, s</text><text class="r-unit" x="%.0f" y="%.0f">distance, km</text></svg>`, plotWidth-plotRight, plotWidth-plotRight, plotHeight-4)
	return template.HTML(b.String()) // every text went through escaping
}
