// Package incident keeps the life of incidents: opened, revised, merged and split as the
// events behind them change, with every step traceable and what people decided binding.
//
// It never deletes an incident, never touches an occurrence that people have set, and
// never says who did anything.
//
// Read Update for the order of the work, bind.go for people's decisions, match.go for
// which incident goes on in which group of events, write.go for the revisions.
package incident

import (
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Method names this way of working; it is part of every incident's id.
const Method = "incident/1"

// Candidate is a group of events that are held to be one happening, with what they say
// together.
type Candidate struct {
	Events     []truce.Event // by time, then id
	P          truce.Probability
	Occurrence truce.Occurrence
	Acts       []truce.ActWeight
	Position   *geo.Position
	Place      string
	Time       truce.PhenomenonTime
	Families   []truce.Family
	Sources    []truce.SourceID
	Labels     []truce.Label
	Detail     *truce.Detail
}

// Constraints are people's splits and merges, as pairs of event ids. They bind: a pair
// kept apart is never in one incident, a pair kept together always, unless both are asked
// of the same events; then they stay apart (Validate names such a pair).
type Constraints struct {
	KeepApart    [][2]truce.ID
	KeepTogether [][2]truce.ID
}

// Input is what Update works on.
type Input struct {
	// Current holds the latest revision of every incident, replaced ones too.
	Current []truce.Incident
	// Known holds the events that Current rests on, as they were recorded. An event whose
	// id has changed since, because an earlier observation now opens it, is recognised by
	// its observations.
	Known []truce.Event
	// Candidates hold every event of every incident they touch; incidents that none
	// touches stay as they are.
	Candidates []Candidate
	// Constraints are people's decisions.
	Constraints Constraints
	// Describe says what the given events say together, when people's decisions ask for
	// another grouping than the candidates'. It MUST be set.
	Describe func(events []truce.ID) (Candidate, error)
	// Area gives the reporting area of a place; nil means no areas.
	Area func(geo.Position) truce.AreaID
}

// Update gives the revisions that the candidates make necessary, in order of id: new
// incidents, changed ones, and those merged into another. Nothing is given for an incident
// that stays the same, so a second run on its own result gives nothing.
//
// An incident goes on in the candidate that holds the event which opened it, else in the
// one that holds most of its events. Where several go on in one candidate they are
// merged into the one that people have decided on, else the oldest.
func Update(in Input) ([]truce.Incident, error) {
	if in.Describe == nil {
		return nil, truce.Errorf(truce.CodeInternal, "incident: update without a way to describe events")
	}
	b := newBook(in)
	candidates, err := b.bind(in)
	if err != nil {
		return nil, err
	}
	w := writer{book: b, area: in.Area, taken: map[truce.ID]bool{}}
	plans := b.match(candidates)
	for i := range plans {
		w.goOn(&plans[i]) // before any new id is chosen
	}
	for i := range plans {
		w.open(&plans[i])
	}
	slices.SortFunc(w.out, func(x, y truce.Incident) int { return slices.Compare(x.ID[:], y.ID[:]) })
	return w.out, nil
}

// DecidedByPeople says whether an occurrence is one that only people set; the machine
// knows reported, detected and corroborated.
func DecidedByPeople(o truce.Occurrence) bool {
	switch o {
	case truce.OccurrenceReported, truce.OccurrenceDetected, truce.OccurrenceCorroborated, "":
		return false
	default:
		return true
	}
}

// IDOf is the id of the incident that an event opens.
func IDOf(opening truce.Event) truce.ID {
	return truce.NewID(opening.Origin.From, "incident", Method, opening.ID[:])
}
