package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/locating"
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/source/arrivals"
)

// decidedInForce are people's decisions of what a network heard that bind.
func (a *App) decidedInForce(ctx context.Context, network string) ([]truce.ArrivalDecision, error) {
	list, err := a.guaranteeDesk().ArrivalDecisions(ctx, network)
	return locating.InForce(list), err
}

// bound is what people decided of the arrivals of a window.
func (n *network) bound(window []earful) ([]locate.Decision, error) {
	if !n.read && n.ears.decisions != nil {
		list, err := n.ears.decisions(n.cfg.Network)
		if err != nil {
			return nil, fmt.Errorf("decisions of what network %q heard: %w", n.cfg.Network, err)
		}
		n.decided = list
	}
	n.read = true
	if len(n.decided) == 0 {
		return nil, nil
	}
	there := make(map[truce.ID]bool, len(window))
	for i := range window {
		there[window[i].id] = true
	}
	return locating.Constraints(n.decided, func(id truce.ID) bool { return there[id] }), nil
}

// namedArrivals gives the arrivals that people name, each by the id of its observation or by the
// name that it has in its sender's table, in the order of the names.
func (a *App) namedArrivals(ctx context.Context, network string, day truce.Day, names []string) ([]truce.Observation, error) {
	found := make([][]truce.Observation, len(names))
	var byName []int
	for i, name := range names {
		id, err := truce.ParseID(name)
		if err != nil {
			byName = append(byName, i)
			continue
		}
		if found[i], err = a.store.ObservationsByID(ctx, []truce.ID{id}); err != nil {
			return nil, err
		}
	}
	if len(byName) > 0 {
		if err := a.lookForArrivals(ctx, network, day, names, byName, found); err != nil {
			return nil, err
		}
	}
	out := make([]truce.Observation, len(names))
	for i, list := range found {
		switch {
		case len(list) == 0:
			return nil, truce.Errorf(truce.CodeNotFound, "network %q has no arrival %.80q; truce arrivals list INCIDENT shows the ids of an incident's", network, names[i])
		case len(list) > 1:
			return nil, truce.Errorf(truce.CodeInvalid, "arrival %.80q stands for %s: give one of these ids, or the day with --day", names[i], someArrivals(list))
		case list[0].Kind != truce.KindArrival || list[0].Arrival.Network != network:
			return nil, truce.Errorf(truce.CodeInvalid, "observation %s is no arrival of network %q", list[0].ID, network)
		}
		out[i] = list[0]
	}
	return out, nil
}

// lookForArrivals enters what the names of arrivals stand for. A name is not kept, but an id
// is made of it.
func (a *App) lookForArrivals(ctx context.Context, network string, day truce.Day, names []string, which []int, found [][]truce.Observation) error {
	q := truce.ObservationQuery{Kind: truce.KindArrival, From: always.From, To: always.To}
	if day != "" {
		from, err := day.Start(time.UTC)
		if err != nil {
			return truce.Errorf(truce.CodeInvalid, "--day: %w", err)
		}
		q.From, q.To = from, from+windowLength
	}
	return a.store.Observations(ctx, q, func(o truce.Observation) error {
		if o.Arrival.Network != network {
			return nil
		}
		for _, i := range which {
			if arrivals.ArrivalID(o, names[i]) == o.ID {
				found[i] = append(found[i], o)
			}
		}
		return nil
	})
}

// someArrivals says which a name stands for.
func someArrivals(list []truce.Observation) string {
	var words []string
	for _, o := range list[:min(len(list), maxIDsNamed)] {
		words = append(words, fmt.Sprintf("%s (%s at %s)", o.ID, o.Sensor, o.Phenomenon.From))
	}
	return fmt.Sprintf("%d arrivals: %s", len(list), strings.Join(words, ", "))
}

// ofOneEvent refuses arrivals that no event can have together.
func ofOneEvent(list []truce.Observation) error {
	type channel struct {
		sensor truce.SensorID
		phase  truce.ArrivalPhase
	}
	seen, first, last := map[channel]truce.ID{}, list[0].Phenomenon.From, list[0].Phenomenon.From
	for _, o := range list {
		c := channel{o.Sensor, o.Arrival.Phase}
		if other, twice := seen[c]; twice && other != o.ID {
			return truce.Errorf(truce.CodeInvalid, "%s and %s are both %s at sensor %s, which has one of an event at most", other, o.ID, c.phase, c.sensor)
		}
		seen[c] = o.ID
		if sound := list[0].Arrival.Phase == truce.PhaseAcoustic; sound != (c.phase == truce.PhaseAcoustic) {
			return truce.Errorf(truce.CodeInvalid, "%s came through the air and %s through the ground or the other way round: events of the two are located apart", list[0].ID, o.ID)
		}
		first, last = min(first, o.Phenomenon.From), max(last, o.Phenomenon.From)
	}
	if last-first >= windowTail {
		return truce.Errorf(truce.CodeInvalid, "the arrivals came from %s to %s: nothing is heard for more than an hour", first, last)
	}
	return nil
}

// idsOf are the ids of arrivals as a decision names them.
func idsOf(list []truce.Observation) []truce.ID {
	var out []truce.ID
	for _, o := range list {
		out = append(out, o.ID)
	}
	slices.SortFunc(out, func(a, b truce.ID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(out)
}

// arrivalLine is an arrival that an incident rests on.
type arrivalLine struct {
	Observation truce.ID           `json:"observation"`
	Sensor      truce.SensorID     `json:"sensor"`
	At          truce.Instant      `json:"at"`
	Phase       truce.ArrivalPhase `json:"phase"`
	ResidualS   float64            `json:"residual_s"`
	Event       truce.ID           `json:"event"`
}

// heardOfIncident are the arrivals that an incident's events rest on, by time.
func (a *App) heardOfIncident(ctx context.Context, text string) ([]arrivalLine, error) {
	row, err := a.store.Incident(ctx, text)
	if err != nil {
		return nil, err
	}
	events, err := a.store.Events(ctx, truce.EventQuery{IDs: row.Incident.Events})
	if err != nil {
		return nil, err
	}
	out := []arrivalLine{}
	for _, e := range events {
		if e.Method != locate.Method {
			continue
		}
		list, err := a.store.ObservationsByID(ctx, observationsOf(e))
		if err != nil {
			return nil, err
		}
		byID := map[truce.ID]truce.Observation{}
		for _, o := range list {
			byID[o.ID] = o
		}
		for _, s := range e.Support {
			if o, kept := byID[s.Observation]; kept && o.Arrival != nil {
				out = append(out, arrivalLine{o.ID, o.Sensor, o.Phenomenon.From, o.Arrival.Phase, s.ResidualS, e.ID})
			}
		}
	}
	slices.SortStableFunc(out, func(x, y arrivalLine) int { return cmp.Compare(x.At, y.At) })
	return out, nil
}

func observationsOf(e truce.Event) []truce.ID {
	out := make([]truce.ID, len(e.Support))
	for i, s := range e.Support {
		out[i] = s.Observation
	}
	return out
}
