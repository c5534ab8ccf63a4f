package app

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/coverage"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
	"github.com/trucewatch/truce/sense/track/movement"
)

const (
	// linkGap is how long telemetry is silent before the link is lost: messages come once a
	// second, and a hill in the way hides an aircraft for some ten.
	linkGap = truce.Micros(60 * time.Second / time.Microsecond)
	// jammedFrom is from where on a receiver's own scale of jamming is believed.
	jammedFrom = .5
	// fastestOwn is a speed, m/s, that no aircraft of a mission reaches.
	fastestOwn = 150
	// flightsApart parts two flights of one aircraft.
	flightsApart = truce.Instant(20 * time.Minute / time.Microsecond)
	// troubleApart parts two troubles of one kind on a flight: a receiver that finds itself again
	// for a moment is jammed all the same.
	troubleApart = truce.Instant(5 * time.Minute / time.Microsecond)
	// jammedScore and lostScore are how surely there was interference: a fix is also lost under
	// trees and by a bad cable, a link also by a failure.
	jammedScore, lostScore = .9, .5
)

// troubleActs are what the agreement calls the troubles, troubleReasons what coverage says.
var (
	troubleActs    = map[movement.Trouble]truce.Act{movement.TroubleJam: truce.ActJamGNSS, movement.TroubleSpoof: truce.ActJamGNSS, movement.TroubleLink: "jam_link"}
	troubleReasons = map[movement.Trouble]string{
		movement.TroubleJam: "GNSS lost on its flight", movement.TroubleSpoof: "GNSS deceived on its flight", movement.TroubleLink: "link lost on its flight",
	}
)

// interfered adds what happened to the mission's own aircraft by their own telemetry, and by what
// sensors saw of them elsewhere.
func (n *skies) interfered(plots []sighted, seen map[truce.ID]seenAt, day *dayChart, t *told) error {
	for _, own := range n.eyes.aircraft {
		var telemetry []sighted
		for i := range plots {
			p := &plots[i]
			if n.tellsOf(own, p) && (len(telemetry) == 0 || p.at > telemetry[len(telemetry)-1].at) {
				telemetry = append(telemetry, *p)
			}
		}
		for from := 0; from < len(telemetry); {
			until := from + 1
			for until < len(telemetry) && telemetry[until].at-telemetry[until-1].at <= flightsApart {
				until++
			}
			if err := n.troubled(own, telemetry[from:until], seen, day, t); err != nil {
				return err
			}
			from = until
		}
	}
	return nil
}

// tellsOf says whether a plot is an aircraft's own telemetry.
func (n *skies) tellsOf(own aircraft, p *sighted) bool {
	return n.eyes.families[p.source] == truce.FamilyDrone && slices.ContainsFunc(p.said, func(id truce.Identity) bool { return slices.Contains(own.identities, id) })
}

// troubled adds the troubles of one flight: an event with an area, and what the aircraft could
// not see meanwhile.
func (n *skies) troubled(own aircraft, plots []sighted, seen map[truce.ID]seenAt, day *dayChart, t *told) error {
	rule := movement.InterferenceRule{Gap: linkGap, Jamming: jammedFrom, Jump: fastestOwn, Window: plannedFor(plots[0].at, day)}
	flight := make([]movement.Telemetry, len(plots))
	for i := range plots {
		flight[i] = movement.Telemetry{Time: plots[i].at, At: plots[i].place, Fix: plots[i].fix}
		if e, elsewhere := seen[plots[i].id]; elsewhere {
			flight[i].Other = &e.at
		}
	}
	troubles, err := movement.Interferences(flight, rule)
	if err != nil {
		return err
	}
	for _, x := range joinTroubles(troubles) {
		first, _ := slices.BinarySearchFunc(plots, x.From, func(p sighted, at truce.Instant) int { return cmp.Compare(p.at, at) })
		last := first
		for last < len(plots) && plots[last].at <= x.To {
			last++
		}
		if x.Kind == movement.TroubleLink && plots[first].ground {
			continue // it had landed
		}
		n.addTrouble(x, plots[first:last], seen, t)
		if sign, tells := troubleSign(own, x); tells {
			t.Signs = append(t.Signs, sign)
		}
	}
	return nil
}

// addTrouble adds an event of a trouble with the plots that it rests on: those told, and those of
// what was seen elsewhere.
func (n *skies) addTrouble(x movement.Interference, told []sighted, seen map[truce.ID]seenAt, t *told) *truce.Event {
	plots := slices.Clone(told)
	for i := range told {
		if e, elsewhere := seen[told[i].id]; elsewhere && x.Kind == movement.TroubleSpoof {
			plots = append(plots, e.plot)
		}
	}
	slices.SortStableFunc(plots, func(a, b sighted) int { return cmp.Or(cmp.Compare(a.at, b.at), slices.Compare(a.id[:], b.id[:])) })
	plots = slices.CompactFunc(plots, func(a, b sighted) bool { return a.id == b.id })
	e := n.troubleEvent(x, plots)
	for i := range plots {
		t.Rests[e.ID] = append(t.Rests[e.ID], plots[i].id)
	}
	t.Events = append(t.Events, e)
	return &t.Events[len(t.Events)-1]
}

// plannedFor is the window of the planned flight that was on at a time. Without one silence
// tells nothing: the aircraft may have landed.
func plannedFor(at truce.Instant, day *dayChart) truce.Period {
	for _, p := range day.plans {
		if p.Window.Contains(at) {
			return p.Window
		}
	}
	return truce.Period{From: at, To: at + 1}
}

// joinTroubles joins those of one kind that follow each other shortly.
func joinTroubles(list []movement.Interference) []movement.Interference {
	var out []movement.Interference
	for _, x := range list {
		i := len(out) - 1
		for i >= 0 && out[i].Kind != x.Kind {
			i--
		}
		if i < 0 || x.From-out[i].To > troubleApart {
			out = append(out, x)
			continue
		}
		o := &out[i]
		a, b := max(1, o.To.Sub(o.From).Seconds()), max(1, x.To.Sub(x.From).Seconds())
		o.Area, o.To = mixed(o.Area, x.Area, b/(a+b)), x.To
	}
	return out
}

// mixed is the Gaussian with the mean and covariance of two, the second with a share.
func mixed(a, b geo.Position, share float64) geo.Position {
	plane := geo.NewPlane(a.Point)
	east, north := plane.To(b.Point)
	x, y, rest := float64(east), float64(north), 1-share
	c := geo.Covariance{
		EE: rest*a.Error.EE + share*b.Error.EE + rest*share*x*x,
		EN: rest*a.Error.EN + share*b.Error.EN + rest*share*x*y,
		NN: rest*a.Error.NN + share*b.Error.NN + rest*share*y*y,
	}
	return geo.Position{Point: plane.From(geo.Metres(share*x), geo.Metres(share*y)), Error: c}
}

// troubleEvent says that there was interference in an area. It names nobody.
func (n *skies) troubleEvent(x movement.Interference, plots []sighted) truce.Event {
	e := truce.Event{
		Revision: 1, Kind: troubleActs[x.Kind], Method: followMethod, Score: jammedScore,
		Origin: wholeSeconds(truce.PhenomenonTime{From: x.From, To: x.To}),
		Position: &geo.Position{
			Point: geo.Point{Lat: geo.Degrees(num.Quantise(float64(x.Area.Lat), 1e-6)), Lon: geo.Degrees(num.Quantise(float64(x.Area.Lon), 1e-6))},
			Error: quantisedError(x.Area.Error),
		},
	}
	if x.Kind == movement.TroubleLink {
		e.Score = lostScore
	}
	e.Support = n.support(plots, x.From, e.Position.Point)
	e.ID = truce.NewID(x.From, "event", followMethod, fmt.Appendf(nil, "%s %s", e.Support[0].Observation, x.Kind))
	return e
}

// troubleSign says that an aircraft saw nothing meanwhile, to whole minutes as all signs.
func troubleSign(own aircraft, x movement.Interference) (coverage.Sign, bool) {
	sign := coverage.Sign{
		Sensor: own.sensor, State: truce.HealthDown, Reason: troubleReasons[x.Kind],
		From: x.From - x.From%signStep, To: x.To + (signStep-x.To%signStep)%signStep,
	}
	sign.ID = truce.NewID(sign.From, string(truce.KindHealth), followMethod, fmt.Appendf(nil, "%q|%s|%s", sign.Sensor, sign.To, x.Kind))
	return sign, x.To-x.From >= signStep
}
