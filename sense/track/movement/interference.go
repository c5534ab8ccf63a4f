package movement

import (
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Telemetry is one message of a monitor's own aircraft.
type Telemetry struct {
	Time  truce.Instant
	At    geo.Position
	Fix   *truce.Fix
	Other *geo.Position // where other sensors say that it is, at the same time; nil: nowhere
}

// Trouble is what kind of interference a flight met.
type Trouble string

// The troubles.
const (
	TroubleLink  Trouble = "link_lost" // no telemetry for longer than usual
	TroubleJam   Trouble = "jamming"   // GNSS gone, or its receiver says that it is jammed
	TroubleSpoof Trouble = "spoofing"  // GNSS tells another place than what else is known
)

// Interference is a stretch of a flight in trouble. It names nobody: the source may be
// kilometres from the area.
type Interference struct {
	Kind     Trouble
	From, To truce.Instant
	Area     geo.Position // where the aircraft was, with an ellipse along its path
}

// InterferenceRule says what trouble is.
type InterferenceRule struct {
	Gap     truce.Micros // silence longer than it is a lost link
	Jamming float64      // of the receiver's scale, from which it is jammed
	Jump    float64      // m/s, a speed that the aircraft does not reach
	Window  truce.Period // when it was planned to fly; an end of 0 is open
}

func (r InterferenceRule) validate() error {
	if r.Gap <= 0 || !(r.Jamming > 0 && r.Jamming <= 1) || !(r.Jump > 0) {
		return truce.Errorf(truce.CodeInvalid, "interference from gaps of %g s, jamming of %g and %g m/s: write times and speeds above 0, jamming up to 1",
			float64(r.Gap)/1e6, r.Jamming, r.Jump)
	}
	return nil
}

// Interferences finds the troubles of a flight in the order in which they began. Messages
// must be in the order of time.
func Interferences(flight []Telemetry, rule InterferenceRule) ([]Interference, error) {
	if err := rule.validate(); err != nil {
		return nil, err
	}
	var out []Interference
	open := -1 // the first message of a trouble that goes on
	var kind Trouble
	for i := range flight {
		if err := checkMessage(flight, i); err != nil {
			return nil, err
		}
		now := rule.trouble(flight, i)
		silent := i > 0 && rule.silent(flight[i-1].Time, flight[i].Time)
		if open >= 0 && (now != kind || silent) {
			out, open = append(out, stretch(kind, flight[open:i])), -1
		}
		if silent {
			out = append(out, stretch(TroubleLink, flight[i-1:i+1]))
		}
		if now != "" && open < 0 {
			open, kind = i, now
		}
	}
	if open >= 0 {
		out = append(out, stretch(kind, flight[open:]))
	}
	return out, nil
}

func checkMessage(flight []Telemetry, i int) error {
	m := &flight[i]
	switch {
	case !m.At.Valid() || !m.At.Error.Valid() || m.Other != nil && !(m.Other.Valid() && m.Other.Error.Valid()):
		return truce.Errorf(truce.CodeInvalid, "telemetry, message %d: its place or the error of it is out of range", i)
	case i > 0 && m.Time <= flight[i-1].Time:
		return truce.Errorf(truce.CodeInvalid, "telemetry, message %d: its time is not after that of the one before", i)
	}
	return nil
}

// silent says whether the aircraft was silent for too long while it was to fly.
func (r InterferenceRule) silent(from, to truce.Instant) bool {
	from, to = max(from, r.Window.From.OrEarliest()), min(to, r.Window.To.OrLatest())
	return to-from > truce.Instant(r.Gap)
}

// trouble is what a message tells of; what deceives counts before what jams.
func (r InterferenceRule) trouble(flight []Telemetry, i int) Trouble {
	m := &flight[i]
	if m.Fix != nil && m.Fix.Spoofing || m.Other != nil && disagree(m.At, *m.Other) || r.jumped(flight, i) {
		return TroubleSpoof
	}
	if m.Fix != nil && (m.Fix.Kind == truce.FixNone || m.Fix.Jamming >= r.Jamming) {
		return TroubleJam
	}
	return ""
}

// jumped says whether the place moved faster than the aircraft flies, three sigmas granted.
func (r InterferenceRule) jumped(flight []Telemetry, i int) bool {
	if i == 0 {
		return false
	}
	cloned, _ := Cloned(sighting(&flight[i-1]), sighting(&flight[i]), r.Jump)
	return cloned
}

func sighting(m *Telemetry) Sighting {
	c := m.At.Error
	return Sighting{Time: m.Time, At: m.At.Point, Sigma: geo.Metres(math.Sqrt((c.EE + c.NN) / 2))}
}

// disagree says whether two places differ beyond chance: Mahalanobis' distance squared of a
// plane is above 13.8 once in a thousand. A metre is added where no error is told.
func disagree(a, b geo.Position) bool {
	plane := geo.NewPlane(a.Point)
	east, north := plane.To(b.Point)
	x, y := float64(east), float64(north)
	c := a.Error.Add(b.Error).Add(geo.Isotropic(1))
	det := c.EE*c.NN - c.EN*c.EN
	return (c.NN*x*x-2*c.EN*x*y+c.EE*y*y)/det > 13.8
}

// stretch is one trouble: its area has the mean and covariance of the places, with the mean
// of their errors. Where GNSS deceives, the places of other sensors are taken.
func stretch(kind Trouble, messages []Telemetry) Interference {
	at := func(i int) geo.Position {
		if m := &messages[i]; kind == TroubleSpoof && m.Other != nil {
			return *m.Other
		}
		return messages[i].At
	}
	plane := geo.NewPlane(at(0).Point)
	n := float64(len(messages))
	var x, y float64
	var c geo.Covariance
	for i := range messages {
		p := at(i)
		east, north := plane.To(p.Point)
		e, w := float64(east), float64(north)
		x, y = x+e/n, y+w/n
		c = c.Add(geo.Covariance{EE: (p.Error.EE + e*e) / n, EN: (p.Error.EN + e*w) / n, NN: (p.Error.NN + w*w) / n})
	}
	c.EE, c.EN, c.NN = max(0, c.EE-x*x), c.EN-x*y, max(0, c.NN-y*y)
	return Interference{Kind: kind, From: messages[0].Time, To: messages[len(messages)-1].Time,
		Area: geo.Position{Point: plane.From(geo.Metres(x), geo.Metres(y)), Error: c}}
}
