package pledge

import (
	"slices"

	"github.com/trucewatch/truce"
)

// State is how far a commitment has come: its last step.
func State(c truce.Commitment) truce.CommitmentState {
	if len(c.History) == 0 {
		return ""
	}
	return c.History[len(c.History)-1].State
}

// carries is the highest state a source can carry. A press report says that somebody said
// so; a statement that the state stands by it; a draft that there is a text.
var carries = map[truce.SourceKind]truce.CommitmentState{
	truce.CitePress:      truce.CommitmentReported,
	truce.CiteDraft:      truce.CommitmentTextReady,
	truce.CiteStatement:  truce.CommitmentFulfilled,
	truce.CiteInstrument: truce.CommitmentFulfilled,
	truce.CiteGazette:    truce.CommitmentFulfilled,
}

func rank(s truce.CommitmentState) int { return slices.Index(truce.CommitmentStates(), s) }

// Validate refuses a commitment whose history could not have happened.
func Validate(c truce.Commitment) error {
	what := "commitment " + c.ID
	if err := checkID("commitment", c.ID); err != nil {
		return err
	}
	if c.Body == "" || c.State != "" {
		if err := checkState(what, c.State); err != nil {
			return err
		}
	}
	switch {
	case !slices.Contains(truce.CommitmentKinds(), c.Kind):
		return truce.Errorf(truce.CodeInvalid, "%s: the kind is %.40q; write one of %v", what, string(c.Kind), truce.CommitmentKinds())
	case len(c.What) == 0 || c.Instrument == "":
		return truce.Errorf(truce.CodeInvalid, "%s: say what is promised and in which instrument it stands", what)
	case c.Binding != truce.BindingLegal && c.Binding != truce.BindingPolitical && c.Binding != truce.BindingUnknown:
		return truce.Errorf(truce.CodeInvalid, "%s: binding is %.40q; write legal, political or unknown", what, string(c.Binding))
	case len(c.History) == 0 || len(c.History) > MaxSteps:
		return truce.Errorf(truce.CodeInvalid, "%s: needs a history of 1 to %d steps", what, MaxSteps)
	}
	for i, step := range c.History {
		before := truce.Commitment{ID: c.ID, History: c.History[:i], Ratification: c.Ratification}
		if err := checkStep(before, step); err != nil {
			return err
		}
	}
	return checkParts(what, c)
}

func checkParts(what string, c truce.Commitment) error {
	for _, r := range c.Ratification {
		if err := checkRatification(what, r); err != nil {
			return err
		}
	}
	for _, v := range c.Void {
		if err := checkVoid(what, v); err != nil {
			return err
		}
	}
	for _, i := range c.Invoked {
		for n, step := range i.History {
			if err := checkInvocation(what, i.History[:n], step); err != nil {
				return err
			}
		}
	}
	return nil
}

// Step adds a step to the history of a commitment; the commitment given is not changed.
func Step(c truce.Commitment, s truce.CommitmentStep) (truce.Commitment, error) {
	if err := checkStep(c, s); err != nil {
		return c, err
	}
	c.History = append(slices.Clone(c.History), s)
	return c, nil
}

// checkStep holds a step against the history before it: forward only, dated, and no
// higher than its source carries. A press report never lifts what a better source has set.
func checkStep(c truce.Commitment, s truce.CommitmentStep) error {
	what := "commitment " + c.ID
	if rank(s.State) < 0 {
		return truce.Errorf(truce.CodeInvalid, "%s: the state is %.40q; write one of %v", what, string(s.State), truce.CommitmentStates())
	}
	if err := checkDay(what, s.Day); err != nil {
		return err
	}
	if err := checkSource(what, s.Source); err != nil {
		return err
	}
	withdrawn := s.State == truce.CommitmentWithdrawn
	if highest := carries[s.Source.Kind]; rank(s.State) > rank(highest) && (!withdrawn || s.Source.Kind != truce.CiteStatement && s.Source.Kind != truce.CiteGazette && s.Source.Kind != truce.CiteInstrument) {
		return truce.Errorf(truce.CodeInvalid, "%s: a source of the kind %s makes a promise %s at most, not %s", what, s.Source.Kind, highest, s.State)
	}
	if withdrawn && s.Why == "" {
		return truce.Errorf(truce.CodeInvalid, "%s: withdrawn says why: refused by parliament, declined, expired or revoked", what)
	}
	if len(c.History) == 0 {
		return nil
	}
	return checkOrder(what, c, s)
}

func checkOrder(what string, c truce.Commitment, s truce.CommitmentStep) error {
	last := c.History[len(c.History)-1]
	switch {
	case s.Day < last.Day:
		return truce.Errorf(truce.CodeInvalid, "%s: %s is dated %s, before %s on %s: write the steps in the order in which they happened", what, s.State, s.Day, last.State, last.Day)
	case last.State == truce.CommitmentWithdrawn:
		return truce.Errorf(truce.CodeInvalid, "%s: was withdrawn on %s; a new promise is a new commitment", what, last.Day)
	case s.State == last.State && s.State == truce.CommitmentReported:
		return nil // reported again, by another source
	case rank(s.State) <= rank(last.State):
		return truce.Errorf(truce.CodeInvalid, "%s: is %s since %s, cannot become %s: a promise goes forward or is withdrawn", what, last.State, last.Day, s.State)
	case s.State == truce.CommitmentInForce && !Ratified(c):
		return truce.Errorf(truce.CodeInvalid, "%s: is not in force while a ratification is open: %s", what, open(c))
	case s.State == truce.CommitmentInvoked && last.State != truce.CommitmentInForce:
		return truce.Errorf(truce.CodeInvalid, "%s: is %s; only what is in force is invoked", what, last.State)
	}
	return nil
}

// The states of a ratification.
const (
	RatificationNotNeeded = "not_needed"
	RatificationPending   = "pending"
	RatificationTabled    = "tabled"
	RatificationApproved  = "approved"
	RatificationRefused   = "refused"
)

// Ratified says whether every body that must has approved.
func Ratified(c truce.Commitment) bool { return open(c) == "" }

// open names the first body that has not approved.
func open(c truce.Commitment) string {
	for _, r := range c.Ratification {
		if r.State != RatificationApproved && r.State != RatificationNotNeeded {
			return r.Body + " (" + r.State + ")"
		}
	}
	return ""
}

func checkRatification(what string, r truce.Ratification) error {
	states := []string{RatificationNotNeeded, RatificationPending, RatificationTabled, RatificationApproved, RatificationRefused}
	if r.Body == "" || !slices.Contains(states, r.State) {
		return truce.Errorf(truce.CodeInvalid, "%s: ratification by %.40q is %.40q; name the body and write one of %v", what, r.Body, r.State, states)
	}
	if r.State == RatificationApproved || r.State == RatificationRefused {
		if err := checkDay(what+": ratification", r.Day); err != nil {
			return err
		}
		return checkSource(what+": ratification", r.Source)
	}
	return nil
}

// invocation says which states may follow which.
var invocation = map[truce.InvocationState][]truce.InvocationState{
	"":                         {truce.InvocationRequested},
	truce.InvocationRequested:  {truce.InvocationReceived, truce.InvocationRefused},
	truce.InvocationReceived:   {truce.InvocationParliament, truce.InvocationDecided, truce.InvocationRefused},
	truce.InvocationParliament: {truce.InvocationApproved, truce.InvocationRefused},
	truce.InvocationApproved:   {truce.InvocationDecided, truce.InvocationRefused},
	truce.InvocationDecided:    {truce.InvocationFulfilled},
}

// Invoke adds a step to the invocation of a commitment in a case, from the request
// through parliament to the decision. The request is recorded whatever the promise's
// state: that it was not in force is for the reader to see.
func Invoke(c truce.Commitment, in truce.CaseID, s truce.InvocationStep) (truce.Commitment, error) {
	at := slices.IndexFunc(c.Invoked, func(i truce.Invocation) bool { return i.Case == in })
	var history []truce.InvocationStep
	if at >= 0 {
		history = c.Invoked[at].History
	}
	if err := checkInvocation("commitment "+c.ID, history, s); err != nil {
		return c, err
	}
	c.Invoked = slices.Clone(c.Invoked)
	history = append(slices.Clone(history), s)
	if at < 0 {
		c.Invoked = append(c.Invoked, truce.Invocation{Case: in, History: history})
	} else {
		c.Invoked[at].History = history
	}
	return c, nil
}

func checkInvocation(what string, history []truce.InvocationStep, s truce.InvocationStep) error {
	var last truce.InvocationStep
	if len(history) > 0 {
		last = history[len(history)-1]
	}
	if next := invocation[last.State]; !slices.Contains(next, s.State) {
		if len(next) == 0 {
			return truce.Errorf(truce.CodeConflict, "%s: its invocation ended: %s", what, last.State)
		}
		return truce.Errorf(truce.CodeConflict, "%s: the invocation is %q, next is one of %v, not %q", what, string(last.State), next, string(s.State))
	}
	if err := truce.CheckLength(what+": the body", s.Body, truce.MaxLine); err != nil {
		return err
	}
	if err := truce.CheckLength(what+": the text", s.Text, truce.MaxWords); err != nil {
		return err
	}
	if s.At < last.At {
		return truce.Errorf(truce.CodeInvalid, "%s: invocation: %s at %s is before %s at %s", what, s.State, s.At, last.State, last.At)
	}
	return nil
}
