package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/geo/draw"
	"github.com/trucewatch/truce/web/desk"
)

// flownFacts are the passages and stays of the flights that an incident rests on, in order of
// time. They are precise and stay on the desk.
func (d *deskReader) flownFacts(ctx context.Context, events []truce.Event) ([]desk.FlownFact, error) {
	numbers, err := d.numbersOf(ctx, events)
	if err != nil {
		return nil, err
	}
	var out []desk.FlownFact
	for i := range events {
		e := &events[i]
		if e.Method != followMethod || e.Detail == nil || e.Detail.Flight == nil {
			continue
		}
		out = append(out, desk.FlownFact{From: e.Origin.From, To: e.Origin.To, SigmaS: e.Origin.Sigma.Duration().Seconds(), Text: "where the agreement has a zone or a line"})
		f := e.Detail.Flight
		for _, c := range f.Crossings {
			out = append(out, crossingFacts(c)...)
		}
		for _, s := range f.Stays {
			out = append(out, desk.FlownFact{From: s.Time.From, To: s.Time.To, Text: fmt.Sprintf("stayed %s within %.0f m of one place", truce.DurationText(s.Time.To.Sub(s.Time.From).Round(time.Minute)), float64(s.RadiusM)), Place: &geo.Position{Point: s.At}, P: s.P})
		}
		for _, o := range f.Together {
			out = append(out, desk.FlownFact{From: o.Time.From, To: o.Time.To, Text: "flew beside another flight, which is an incident of its own; the rules say how the two count:", Number: cmp.Or(numbers[o.Event], "not numbered"), P: o.P})
		}
		for _, r := range f.Remarks {
			out = append(out, desk.FlownFact{From: r.Time.From, To: r.Time.To, Text: remarkText(r), Number: numbers[r.Event], P: r.P})
		}
	}
	slices.SortStableFunc(out, func(a, b desk.FlownFact) int { return cmp.Compare(a.From, b.From) })
	return out, nil
}

// crossingFacts are a passage over a line, and the way back.
func crossingFacts(c truce.LineCrossing) []desk.FlownFact {
	over := desk.FlownFact{From: c.Over.From, To: c.Over.From, SigmaS: c.Over.Sigma.Duration().Seconds(), Text: "crossed " + string(c.Line) + sidesText(c.From, c.To), P: c.P}
	over.Place = c.At
	if c.Back.From == 0 {
		return []desk.FlownFact{over}
	}
	return []desk.FlownFact{over, {From: c.Back.From, To: c.Back.From, SigmaS: c.Back.Sigma.Duration().Seconds(), Text: "came back over " + string(c.Line) + sidesText(c.To, c.From), P: c.P}}
}

// sidesText says whose side of a line a flight came from; nothing where a line tells none.
func sidesText(from, to truce.PartyID) string {
	if from == "" || to == "" {
		return ""
	}
	return fmt.Sprintf(", from the side of %s to that of %s", from, to)
}

func remarkText(r truce.IdentityRemark) string {
	said := r.Said.Scheme + " " + r.Said.Value
	other := r.Other.Scheme + " " + r.Other.Value
	switch r.Kind {
	case truce.IdentityChanged:
		return fmt.Sprintf("what it says it is changed from %s to %s", said, other)
	case truce.IdentityBoth:
		return fmt.Sprintf("%s and %s were told of it in turns: two may fly as one, or one says two things", said, other)
	}
	return fmt.Sprintf("%s was told of another flight too, farther away than one thing flies; which of them is what it says is not known", said)
}

// flownWhose says how what a flight says it is stands to the mission's aircraft.
func flownWhose(inc truce.Incident) string {
	if inc.Detail == nil || inc.Detail.Flight == nil {
		return ""
	}
	switch inc.Detail.Flight.Identity {
	case truce.FlightOwn:
		return "The mission's own, by identity, place and time of its plan."
	case truce.FlightInDoubt:
		return "It gives an identity of the mission's, and its plan or another flight speaks against it: a window of the mission's does not settle whose it was."
	case truce.FlightOther:
		return "It gives an identity that is none of the mission's aircraft: a window of the mission's does not cover it. Nothing here says whose it was."
	}
	return "It gives no identity that could be held against the mission's aircraft: a window of the mission's does not settle whose it was."
}

// flownGround says what was told of a flight's height above ground, which alone is held against
// rules.
func flownGround(inc truce.Incident) string {
	if inc.Detail == nil || inc.Detail.Altitude == nil {
		return "No height above ground was told: zones and rules that ask for a height stay open."
	}
	return fmt.Sprintf("Above ground, as told and with its error: %.0f to %.0f m. Other heights are not held against zones or rules.", inc.Detail.Altitude.Low, inc.Detail.Altitude.High)
}

// numbersOf gives the numbers of the incidents of the flights that events speak of.
func (d *deskReader) numbersOf(ctx context.Context, events []truce.Event) (map[truce.ID]string, error) {
	var first, last truce.Instant
	wanted := map[truce.ID]string{}
	want := func(id truce.ID) {
		if at := truce.Instant(id.Millis() * 1000); !id.IsZero() {
			wanted[id] = ""
			if first == 0 || at < first {
				first = at
			}
			last = max(last, at)
		}
	}
	for i := range events {
		if events[i].Detail == nil || events[i].Detail.Flight == nil {
			continue
		}
		for _, o := range events[i].Detail.Flight.Together {
			want(o.Event)
		}
		for _, r := range events[i].Detail.Flight.Remarks {
			want(r.Event)
		}
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	page, err := d.app.store.Incidents(ctx, truce.IncidentQuery{From: first - windowLength, To: last + windowLength, Brief: true})
	for _, row := range page.Rows {
		for _, id := range row.Incident.Events {
			if _, asked := wanted[id]; asked {
				wanted[id] = row.Incident.Number
			}
		}
	}
	return wanted, err
}

// addFlight draws the passages and stays of a flight.
func (m mapper) addFlight(scene *draw.Scene, e *truce.Event) {
	if e.Detail == nil || e.Detail.Flight == nil {
		return
	}
	for _, c := range e.Detail.Flight.Crossings {
		if c.At != nil {
			scene.Shapes = append(scene.Shapes, draw.Shape{Kind: draw.Ellipse, Ring: c.At.Error.Ellipse90().Ring(c.At.Point, ringCorners), Title: "holds the passage over " + string(c.Line) + " with 90\u00a0%"})
			scene.Marks = append(scene.Marks, draw.Mark{At: c.At.Point, Text: "over at " + c.Over.From.Time().Format("15:04:05")})
		}
	}
	for _, s := range e.Detail.Flight.Stays {
		ring := geo.Ellipse90{Major: s.RadiusM, Minor: s.RadiusM}.Ring(s.At, ringCorners)
		scene.Shapes = append(scene.Shapes, draw.Shape{Kind: draw.Ellipse, Ring: ring, Title: "stayed here from " + s.Time.From.Time().Format("15:04") + " to " + s.Time.To.Time().Format("15:04")})
	}
}
