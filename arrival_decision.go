package truce

import "slices"

// ArrivalVerdict is what a person decided of arrivals.
type ArrivalVerdict string

// The verdicts.
const (
	ArrivalsExcluded ArrivalVerdict = "excluded" // none of the arrivals is of any event
	ArrivalsApart    ArrivalVerdict = "apart"    // none of the arrivals is of the same event as any of the others
	ArrivalsTogether ArrivalVerdict = "together" // all of the arrivals are of one event
	ArrivalsLifted   ArrivalVerdict = "lifted"   // an earlier decision holds no longer
)

// ArrivalDecision is a person's signed decision of what a network of sensors heard. It binds
// whoever looks for events in it, until it is lifted.
type ArrivalDecision struct {
	ID        ID             `json:"id"`
	Network   string         `json:"network,omitempty"` // as in Arrival
	Verdict   ArrivalVerdict `json:"verdict"`
	Arrivals  []ID           `json:"arrivals,omitempty"` // observations, rising
	Others    []ID           `json:"others,omitempty"`   // of apart
	Lifts     ID             `json:"lifts,omitzero"`     // of lifted: the decision
	Reason    string         `json:"reason"`             // in words
	Person    PersonID       `json:"person"`
	At        Instant        `json:"at"`
	Signature Signing        `json:"signature"` // over the decision without it
}

// ArrivalDecisionTag is what signatures over decisions of arrivals begin with.
const ArrivalDecisionTag = "arrival_decision"

// Unsigned is the decision as it is signed.
func (d ArrivalDecision) Unsigned() ArrivalDecision {
	d.Signature = Signing{}
	return d
}

// Subject is what all decisions of a network speak of.
func (d ArrivalDecision) Subject() string { return "arrivals/" + d.Network }

// Validate refuses a decision that does not say what was decided, of what, by whom and why.
func (d ArrivalDecision) Validate() error {
	least, others := 1, d.Verdict == ArrivalsApart
	switch d.Verdict {
	case ArrivalsExcluded, ArrivalsApart:
	case ArrivalsTogether:
		least = 2
	case ArrivalsLifted:
		least = 0
	default:
		return Errorf(CodeInvalid, "decision %q is none of excluded, apart, together and lifted", string(d.Verdict))
	}
	switch {
	case d.ID.IsZero() || d.Person == "" || d.At == 0:
		return Errorf(CodeInvalid, "a decision of arrivals needs an id, a person and a time")
	case d.Reason == "":
		return Errorf(CodeInvalid, "a decision of arrivals needs its reason: say why")
	case len(d.Arrivals)+len(d.Others) > MaxDecidedArrivals:
		return Errorf(CodeTooLarge, "the decision names %d arrivals, the most is %d", len(d.Arrivals)+len(d.Others), MaxDecidedArrivals)
	case len(d.Arrivals) < least:
		return Errorf(CodeInvalid, "%s takes %d arrivals or more, and %d are named", d.Verdict, least, len(d.Arrivals))
	case others != (len(d.Others) > 0):
		return Errorf(CodeInvalid, "the others, from which arrivals are apart, stand there with apart and only with it")
	case (d.Verdict == ArrivalsLifted) == d.Lifts.IsZero() || d.Verdict == ArrivalsLifted && len(d.Arrivals) > 0:
		return Errorf(CodeInvalid, "lifted names the decision that it lifts and no arrivals, and no other verdict does")
	case !risingIDs(d.Arrivals) || !risingIDs(d.Others):
		return Errorf(CodeInvalid, "the arrivals of a decision stand there once each, in the order of their ids")
	}
	return CheckLength("the reason", d.Reason, MaxWords)
}

func risingIDs(ids []ID) bool {
	for i := 1; i < len(ids); i++ {
		if slices.Compare(ids[i-1][:], ids[i][:]) >= 0 {
			return false
		}
	}
	return true
}
