package truce

import "github.com/trucewatch/truce/geo"

// Event is one physical happening inferred from observations. It is a hypothesis:
// a later revision replaces it and says which one it replaces.
type Event struct {
	ID       ID             `json:"id"` // from the observation that opened it and the method
	Revision int            `json:"revision"`
	Kind     Act            `json:"kind"`
	Origin   PhenomenonTime `json:"origin"`
	Position *geo.Position  `json:"position,omitempty"` // nil: reported without a place
	Place    string         `json:"place,omitempty"`
	Support  []Support      `json:"support"`
	Score    float64        `json:"score"` // how well the method liked it, 0 to 1
	Labels   []Label        `json:"labels,omitempty"`
	Detail   *Detail        `json:"detail,omitempty"`
	Method   string         `json:"method"` // name and version, e.g. thermal/1

	// ReplacedBy is the event that took this one's observations when an earlier one came
	// in and opened it anew.
	ReplacedBy ID `json:"replaced_by"`

	// Withdrawn says that what it rests on is no longer taken for an event: more was heard
	// since, and its observations went to nothing.
	Withdrawn bool `json:"withdrawn,omitempty"`

	// DepthM is how deep below the ground it was, with its error of one sigma; 0: at the
	// surface, or not known.
	DepthM      geo.Metres `json:"depth_m,omitempty"`
	DepthSigmaM geo.Metres `json:"depth_sigma_m,omitempty"`
}

// Support is one observation an event rests on. Group is set when several
// observations repeat one another, or when several events of one network are a series of
// shots; a group counts once.
type Support struct {
	Observation ID       `json:"observation"`
	Source      SourceID `json:"source"`
	Family      Family   `json:"family"`
	Group       string   `json:"group,omitempty"`
	ResidualM   float64  `json:"residual_m"` // distance from the event's position, metres

	// ResidualS is, of an arrival, the time it came less the time at which it was expected,
	// seconds, the sensor's known clock offset taken out.
	ResidualS float64 `json:"residual_s,omitempty"`
}

// Label is a named remark that changes how an event is read, never whether it is kept.
type Label string

// The labels in use.
const (
	LabelRecurringHeat Label = "recurring_heat" // seen on several days before: probably a plant or flare
	LabelLowConfidence Label = "low_confidence" // every supporting detection is graded low
	LabelCapitalPoint  Label = "place_may_stand_for_country"
	LabelOneSource     Label = "one_source"
	LabelWithdrawn     Label = "withdrawn"   // no longer taken for an event by the method that made it
	LabelDeepSource    Label = "deep_source" // so deep in the ground that it is no weapon's

	LabelOwnFlight       Label = "own_flight"             // the mission's own, by identity, place and time of its plan
	LabelIdentityInDoubt Label = "identity_not_confirmed" // gives an identity of the mission's, and the plan or another flight speaks against it
)

// Occurrence says whether an incident happened; it says nothing of who did it.
type Occurrence string

// The occurrence states.
const (
	OccurrenceReported     Occurrence = "reported"     // somebody said so; nothing else
	OccurrenceDetected     Occurrence = "detected"     // one source family recorded it
	OccurrenceCorroborated Occurrence = "corroborated" // two independent families agree
	OccurrenceVerified     Occurrence = "verified"     // two analysts signed
	OccurrenceRefuted      Occurrence = "refuted"
	OccurrenceUnverifiable Occurrence = "unverifiable"
	OccurrenceExplained    Occurrence = "explained" // a named nuisance
	OccurrenceDuplicate    Occurrence = "duplicate"
)

// ActWeight is one possible act of an incident with its probability.
type ActWeight struct {
	Act Act         `json:"act"`
	P   Probability `json:"p"`
}

// Lineage says which incidents this one came from.
type Lineage struct {
	MergedFrom []ID `json:"merged_from,omitempty"`
	SplitFrom  ID   `json:"split_from"`
}

// Incident is what analysts work on: one or more events that belong together.
type Incident struct {
	ID         ID             `json:"id"`
	Revision   int            `json:"revision"`
	Number     string         `json:"number,omitempty"` // for people, e.g. 2026-143; given at append
	Events     []ID           `json:"events"`
	Lineage    Lineage        `json:"lineage"`
	Supersedes int            `json:"supersedes,omitempty"` // the revision this one replaces
	Occurrence Occurrence     `json:"occurrence"`
	P          Probability    `json:"p"`    // that it happened
	Acts       []ActWeight    `json:"acts"` // highest first; they may sum to less than 1
	Time       PhenomenonTime `json:"time"`
	Position   *geo.Position  `json:"position,omitempty"`
	Place      string         `json:"place,omitempty"`
	Area       AreaID         `json:"area,omitempty"` // reporting area by most probable place
	Families   []Family       `json:"families"`
	Sources    []SourceID     `json:"sources"`
	Labels     []Label        `json:"labels,omitempty"`
	Detail     *Detail        `json:"detail,omitempty"`
	ReplacedBy ID             `json:"replaced_by"` // set when merged into another
}

// Act is the most probable act, "" when none is known.
func (i Incident) Act() Act {
	if len(i.Acts) == 0 {
		return ""
	}
	return i.Acts[0].Act
}
