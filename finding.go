package truce

// Verdict says whether an incident meets a rule's conditions. It never says that a
// party broke the agreement.
type Verdict string

// The verdicts.
const (
	VerdictHit           Verdict = "hit"
	VerdictExempt        Verdict = "exempt"
	VerdictOutside       Verdict = "outside_scope"
	VerdictIndeterminate Verdict = "indeterminate"
)

// Reason says why a verdict is indeterminate or outside scope.
type Reason string

// The reasons.
const (
	ReasonNone     Reason = ""
	ReasonLocation Reason = "location"
	ReasonTime     Reason = "time"
	ReasonAct      Reason = "act"
	ReasonClass    Reason = "class"
	ReasonEvidence Reason = "evidence"
	ReasonControl  Reason = "control"
	ReasonCoverage Reason = "coverage"
	ReasonCost     Reason = "cost"
	ReasonQuantity Reason = "quantity" // as many as the agreement allows, or fewer
	ReasonState    Reason = "state"    // e.g. in a sealed store
)

// SideShare is the probability that a place lies in the area under a party's control.
type SideShare struct {
	Party PartyID     `json:"party"`
	P     Probability `json:"p"`
}

// Finding is one rule held against one incident revision. EffectSide speaks of the
// place of effect; OriginSide of the place of origin, and is empty when nothing is
// known of it. Neither is a culprit.
type Finding struct {
	Rule         RuleID      `json:"rule"`
	RuleVersion  string      `json:"rule_version"`
	Clause       string      `json:"clause"`
	ClauseHash   Hash        `json:"clause_sha256"`
	Verdict      Verdict     `json:"verdict"`
	Reason       Reason      `json:"reason,omitempty"`
	P            Probability `json:"p"`
	Unit         Unit        `json:"unit"`
	Count        int         `json:"count"`                   // 0 unless a hit that counts here
	CountedUnder RuleID      `json:"counted_under,omitempty"` // a rule of higher precedence counts it
	EffectSide   []SideShare `json:"effect_side,omitempty"`
	OriginSide   []SideShare `json:"origin_side,omitempty"`
	MapVersion   string      `json:"map_version,omitempty"`
	ClaimsExempt bool        `json:"exempt_claimed,omitempty"`
	Window       string      `json:"window,omitempty"`         // that covers it, when it is exempt
	NotCoveredBy []string    `json:"not_covered_by,omitempty"` // windows near it that do not
	Severity     int         `json:"severity,omitempty"`       // 0 administrative to 4 mass casualties; of a hit only
	Readings     []Reading   `json:"readings,omitempty"`       // where the parties read the rule differently
	Conditions   []Condition `json:"conditions,omitempty"`     // of a claim, each by itself
	Reported     []string    `json:"reported,omitempty"`       // heads of the rule's own report it falls under, hit or not
	Bearer       []SideShare `json:"bearer,omitempty"`         // whose duty it was, where a rule binds whoever controls the place
	Number       *Seen       `json:"number,omitempty"`         // of a limit: how many were seen and how many it allows
	Gap          *Gap        `json:"gap,omitempty"`            // in what could be observed, which a hit opened
	Chain        []string    `json:"chain,omitempty"`          // of a claim: the incidents it answers, one after the other
	Trace        []string    `json:"trace"`                    // one sentence a step, in the order of the evaluation
}

// Seen is what sightings of one limit hold together. AtMost is more than AtLeast where
// what was seen at another time may have been the same.
type Seen struct {
	AtLeast int `json:"at_least"`
	AtMost  int `json:"at_most"`
	Allowed int `json:"allowed"`
}

// Reading is the verdict under one reading of a rule whose scope or dates the parties
// hold differently. By is a party, or intersection or union of all.
type Reading struct {
	By      string      `json:"by"`
	Verdict Verdict     `json:"verdict"`
	Reason  Reason      `json:"reason,omitempty"`
	P       Probability `json:"p"`
}

// ConditionState says whether a condition of a claim is met.
type ConditionState string

// The condition states.
const (
	ConditionMet     ConditionState = "met"
	ConditionNotMet  ConditionState = "not_met"
	ConditionUnknown ConditionState = "unknown"
)

// Condition is one condition of a claim. The machine never decides the claim itself.
type Condition struct {
	Name  string         `json:"name"`
	State ConditionState `json:"state"`
	Text  string         `json:"text,omitempty"`
}

// Evaluation holds every rule of one agreement version against one incident revision.
type Evaluation struct {
	Incident  ID        `json:"incident"`
	Revision  int       `json:"revision"`
	Agreement string    `json:"agreement"`
	Version   string    `json:"version"` // SHA-256 of the agreement directory
	Findings  []Finding `json:"findings"`
}

// AbsenceVerdict is the only way to speak of nothing happening.
type AbsenceVerdict string

// The absence verdicts.
const (
	AbsenceNoneRecorded AbsenceVerdict = "none_recorded"
	AbsenceNotObserved  AbsenceVerdict = "not_observed"
)

// Absence says that nothing meeting a rule was recorded in a watched interval, or
// that the interval was not watched well enough to say so.
type Absence struct {
	Rule     RuleID         `json:"rule"`
	Area     AreaID         `json:"area"`
	Period   Period         `json:"period"`
	Coverage Coverage       `json:"coverage"`
	Verdict  AbsenceVerdict `json:"verdict"`
}

// Coverage is how well one family could have seen an act in an area and period.
type Coverage struct {
	Area          AreaID      `json:"area"`
	Family        Family      `json:"family"`
	Families      []Family    `json:"families,omitempty"` // of an absence: who together could have seen; Family is empty then
	Period        Period      `json:"period"`
	Passes        []Pass      `json:"passes,omitempty"` // optical and thermal satellites
	Cloud         *float64    `json:"cloud,omitempty"`  // mean fraction; nil: not given
	PlannedHours  float64     `json:"planned_hours"`
	ObservedHours float64     `json:"observed_hours"` // clear-sky equivalent
	Share         Probability `json:"share"`          // observed over planned
	Basis         string      `json:"basis"`          // in words, where the numbers come from
	Gaps          []Gap       `json:"gaps,omitempty"`
}

// Pass is one satellite overpass seen in the data.
type Pass struct {
	Sensor     SensorID `json:"sensor"`
	At         Instant  `json:"at"`
	Detections int      `json:"detections"`
}

// Gap is a stretch in which the chance of seeing was below the minimum, or in which one
// sensor that should have watched did not.
type Gap struct {
	From   Instant  `json:"from"`
	To     Instant  `json:"to"`
	Sensor SensorID `json:"sensor,omitempty"` // "": nobody of the family watched
	Reason string   `json:"reason"`           // of one that a finding opened, its act

	Incident ID  `json:"incident,omitzero"` // whose finding opened it; not in a bulletin
	Row      int `json:"row,omitempty"`     // of the bulletin, where that is listed
}
