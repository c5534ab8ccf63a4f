package truce

// AttributionLevel is how far a statement on responsibility goes, by standard of proof.
type AttributionLevel string

// The levels, in the order of how much they say.
const (
	AttributionNotAssessed  AttributionLevel = "not_assessed"
	AttributionUndetermined AttributionLevel = "undetermined"
	AttributionReasonable   AttributionLevel = "reasonable_grounds"
	AttributionBalance      AttributionLevel = "balance"
	AttributionClear        AttributionLevel = "clear_convincing"
)

// AttributionLevels lists the levels, least first.
func AttributionLevels() []AttributionLevel {
	return []AttributionLevel{AttributionNotAssessed, AttributionUndetermined, AttributionReasonable, AttributionBalance, AttributionClear}
}

// AtLeast says whether the level goes as far as another; "" is not assessed.
func (l AttributionLevel) AtLeast(o AttributionLevel) bool { return l.rank() >= o.rank() }

func (l AttributionLevel) rank() int {
	for i, level := range AttributionLevels() {
		if l == level {
			return i
		}
	}
	return 0
}

// AtLeast says whether an occurrence is as well founded as another. The exits are below
// every state: what was refuted is not even reported.
func (o Occurrence) AtLeast(least Occurrence) bool { return o.rank() >= least.rank() }

func (o Occurrence) rank() int {
	for i, state := range []Occurrence{OccurrenceReported, OccurrenceDetected, OccurrenceCorroborated, OccurrenceVerified} {
		if o == state {
			return i + 1
		}
	}
	return 0
}

// Exit says whether the state ends the work on an incident without verifying it.
func (o Occurrence) Exit() bool {
	switch o {
	case OccurrenceRefuted, OccurrenceUnverifiable, OccurrenceExplained, OccurrenceDuplicate:
		return true
	}
	return false
}

// Review is one person's signed step on whether an incident happened, or whether a finding's
// rule matches. Two different persons with the same outcome settle it.
type Review struct {
	Incident  ID         `json:"incident"`
	Revision  int        `json:"revision"`       // of the incident that was looked at
	Rule      RuleID     `json:"rule,omitempty"` // "": the occurrence; else the finding of this rule
	Outcome   Occurrence `json:"outcome"`        // verified or an exit; of a finding: verified (matches) or refuted
	Reason    string     `json:"reason"`         // code, e.g. "two_sources", "quarry"; needed for exits
	Note      string     `json:"note,omitempty"`
	Person    PersonID   `json:"person"`
	At        Instant    `json:"at"`
	Withdraws bool       `json:"withdraws,omitempty"` // takes back the person's own earlier step
	Signature Signing    `json:"signature"`           // over the review without it
}

// Attribution is a reasoned view on origin area and responsible party, on a verified incident only.
type Attribution struct {
	Incident     ID               `json:"incident"`
	Revision     int              `json:"revision"`
	Level        AttributionLevel `json:"level"`
	Party        PartyID          `json:"party,omitempty"` // "" when undetermined
	P            Probability      `json:"p"`
	Basis        []string         `json:"basis,omitempty"`
	Alternatives []string         `json:"alternatives,omitempty"` // considered, each with why not excluded
	Dissent      string           `json:"dissent,omitempty"`
	Withdrawn    bool             `json:"withdrawn,omitempty"` // visibly, when the incident is no longer verified
	People       []PersonID       `json:"people"`
	At           Instant          `json:"at"`
	Signatures   []Signing        `json:"signatures"`
}
