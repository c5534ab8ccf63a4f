package truce

// Commitment is a state's promise, followed from the first report to the text in force.
// A record holds it whole, with its history; the newest stands.
type Commitment struct {
	ID           string           `json:"id"` // e.g. "fr-force-2026"
	State        StateID          `json:"state"`
	Body         string           `json:"body,omitempty"` // for a bearer that is no state, e.g. "EU"
	Kind         CommitmentKind   `json:"kind"`
	Instrument   string           `json:"instrument"` // the text it stands in
	What         Names            `json:"what"`
	Condition    Names            `json:"condition,omitempty"` // on which it depends, as said
	Trigger      TierID           `json:"trigger,omitempty"`   // from which tier it is at stake; "": from the first on
	Binding      Binding          `json:"binding"`
	Caveats      []Names          `json:"caveats,omitempty"`
	Void         []VoidCondition  `json:"void,omitempty"`
	Ratification []Ratification   `json:"ratification,omitempty"`
	History      []CommitmentStep `json:"history"` // oldest first, never empty
	Invoked      []Invocation     `json:"invoked,omitempty"`
	Public       bool             `json:"public"`
}

// CommitmentKind is what kind of support is promised.
type CommitmentKind string

// The kinds.
const (
	CommitMilitary     CommitmentKind = "military"
	CommitIntelligence CommitmentKind = "intelligence"
	CommitLogistics    CommitmentKind = "logistics"
	CommitSanctions    CommitmentKind = "sanctions"
	CommitDiplomatic   CommitmentKind = "diplomatic"
	CommitFinance      CommitmentKind = "finance"
	CommitTraining     CommitmentKind = "training"
)

// CommitmentKinds lists the kinds.
func CommitmentKinds() []CommitmentKind {
	return []CommitmentKind{CommitMilitary, CommitIntelligence, CommitLogistics, CommitSanctions, CommitDiplomatic, CommitFinance, CommitTraining}
}

// Binding is what force a commitment has by its own words.
type Binding string

// The kinds of force.
const (
	BindingLegal     Binding = "legal"
	BindingPolitical Binding = "political"
	BindingUnknown   Binding = "unknown"
)

// CommitmentState is how far a promise has come.
type CommitmentState string

// The states, in the order in which they are reached.
const (
	CommitmentReported  CommitmentState = "reported"
	CommitmentDrafted   CommitmentState = "drafted"
	CommitmentTextReady CommitmentState = "text_ready"
	CommitmentEndorsed  CommitmentState = "endorsed"
	CommitmentSigned    CommitmentState = "signed"
	CommitmentRatified  CommitmentState = "ratified"
	CommitmentInForce   CommitmentState = "in_force"
	CommitmentInvoked   CommitmentState = "invoked"
	CommitmentFulfilled CommitmentState = "fulfilled"
	CommitmentWithdrawn CommitmentState = "withdrawn"
)

// CommitmentStates lists the states in order.
func CommitmentStates() []CommitmentState {
	return []CommitmentState{CommitmentReported, CommitmentDrafted, CommitmentTextReady, CommitmentEndorsed, CommitmentSigned,
		CommitmentRatified, CommitmentInForce, CommitmentInvoked, CommitmentFulfilled, CommitmentWithdrawn}
}

// CommitmentStep is one step with its source and date.
type CommitmentStep struct {
	State  CommitmentState `json:"state"`
	Day    Day             `json:"day"`
	Source Citation        `json:"source"`
	Why    string          `json:"why,omitempty"` // of withdrawn: refused by parliament, declined, expired, revoked
}

// Citation is where something is said.
type Citation struct {
	Kind      SourceKind `json:"kind"` // press gives reported and nothing higher
	Publisher string     `json:"publisher"`
	Title     string     `json:"title,omitempty"`
	URL       string     `json:"url,omitempty"`
	Day       Day        `json:"day,omitempty"`
}

// SourceKind is what kind of text is cited.
type SourceKind string

// The kinds.
const (
	CitePress      SourceKind = "press"
	CiteStatement  SourceKind = "statement"  // of the state itself
	CiteDraft      SourceKind = "draft"      // the text, before it is final
	CiteInstrument SourceKind = "instrument" // the text
	CiteGazette    SourceKind = "gazette"    // the official publication of a state
)

// Ratification is what a body of a state has done with an instrument.
type Ratification struct {
	Body   string   `json:"body"`  // e.g. "parliament"
	State  string   `json:"state"` // not_needed, pending, tabled, approved, refused
	Day    Day      `json:"day,omitempty"`
	Source Citation `json:"source,omitzero"`
}

// VoidCondition is a condition under which a guarantee lapses. It holds for every party
// in the same words: it names none.
type VoidCondition struct {
	ID          string           `json:"id"`
	Names       Names            `json:"names"`
	Rules       []RuleID         `json:"rules,omitempty"` // hits of these, each party held against the same
	Acts        []Act            `json:"acts,omitempty"`
	SeverityMin int              `json:"severity_min,omitempty"`
	Attribution AttributionLevel `json:"attribution,omitempty"` // at least, of the party concerned
	Source      Citation         `json:"source,omitzero"`
}

// Invocation is a commitment called upon in a case, from request to decision.
type Invocation struct {
	Case    CaseID           `json:"case"`
	History []InvocationStep `json:"history"`
}

// InvocationStep is one step of it.
type InvocationStep struct {
	State InvocationState `json:"state"`
	At    Instant         `json:"at"`
	Body  string          `json:"body,omitempty"` // who acted, e.g. "parliament"
	Text  string          `json:"text,omitempty"`
	By    PersonID        `json:"by,omitempty"`

	// How things stood when the step was recorded. A step is recorded whatever they were; the
	// marks say what a reader should know of it.
	Tier  TierID           `json:"tier,omitempty"`  // of the case; "": none
	Stage CommitmentState  `json:"stage,omitempty"` // of the promise; "" in records of before it was noted
	Marks []InvocationMark `json:"marks,omitempty"`
}

// InvocationMark is what speaks against taking a step of an invocation as it reads.
type InvocationMark string

// The marks.
const (
	InvocationEarly      InvocationMark = "before_tier"  // the case had not reached the tier from which the promise speaks
	InvocationUnfounded  InvocationMark = "case_cleared" // nothing the case rests on stood
	InvocationNotInForce InvocationMark = "not_in_force" // the promise was not in force
)

// InvocationState is how far an invocation has come.
type InvocationState string

// The states.
const (
	InvocationRequested  InvocationState = "requested"
	InvocationReceived   InvocationState = "received"
	InvocationParliament InvocationState = "before_parliament"
	InvocationApproved   InvocationState = "approved"
	InvocationRefused    InvocationState = "refused"
	InvocationDecided    InvocationState = "decided"
	InvocationFulfilled  InvocationState = "fulfilled"
)

// Contribution is what a state supplies to the mechanism or the force. A record holds it
// whole; the newest stands and the older ones are its history.
type Contribution struct {
	ID         string             `json:"id"`
	State      StateID            `json:"state"`
	To         string             `json:"to"`         // mechanism or force
	Capability string             `json:"capability"` // of a Requirement, e.g. "uav_long_range"
	Quantity   float64            `json:"quantity"`
	Unit       string             `json:"unit"` // pieces, persons, packages, or a currency code for money
	Period     Period             `json:"period,omitzero"`
	Steps      []ContributionStep `json:"steps"` // oldest first
	Hours      []CapableHours     `json:"capable_hours,omitempty"`
	CostText   string             `json:"cost,omitempty"`
	Caveats    []Names            `json:"caveats,omitempty"`
	Public     bool               `json:"public"`
}

// ContributionState is how far a contribution has come.
type ContributionState string

// The states.
const (
	ContributionPledged   ContributionState = "pledged"
	ContributionApproved  ContributionState = "approved"
	ContributionInPlace   ContributionState = "in_place"
	ContributionCapable   ContributionState = "capable"
	ContributionWithdrawn ContributionState = "withdrawn"
)

// ContributionStates lists the states in order.
func ContributionStates() []ContributionState {
	return []ContributionState{ContributionPledged, ContributionApproved, ContributionInPlace, ContributionCapable, ContributionWithdrawn}
}

// ContributionStep is a quantity reaching a state on a day.
type ContributionStep struct {
	State    ContributionState `json:"state"`
	Quantity float64           `json:"quantity"`
	Day      Day               `json:"day"`
	Source   Citation          `json:"source,omitzero"` // always given; absent in records of before that was asked for
	Why      string            `json:"why,omitempty"`
}

// CapableHours is for how many hours of a day a contribution could do its work.
type CapableHours struct {
	Day   Day     `json:"day"`
	Hours float64 `json:"hours"`
}

// Requirement is what the mechanism or the force needs of one capability.
type Requirement struct {
	Capability string  `json:"capability"`
	Names      Names   `json:"names"`
	To         string  `json:"to"` // mechanism or force
	Quantity   float64 `json:"quantity"`
	Unit       string  `json:"unit"`
	HoursADay  float64 `json:"hours_a_day,omitempty"` // capable hours needed a day, over all pieces; 0: counted in pieces
	Period     Period  `json:"period,omitzero"`
}
