// Package review settles what people signed: whether an incident happened, whether a rule
// matches it, and whether a view on responsibility may stand.
//
// It never looks at the evidence and never verifies by itself: two different persons sign
// the same outcome, or nothing is settled. A step is never taken out, only withdrawn by
// another.
//
// Read Settle for the rule of two, Check for who may sign, then attribution.go.
package review

import (
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// Tag is what signatures over reviews begin with.
const Tag = "review"

// Unsigned is the review as it is signed.
func Unsigned(r truce.Review) truce.Review {
	r.Signature = truce.Signing{}
	return r
}

// Subject is what reviews speak of: an incident, or the finding of one rule on it.
type Subject struct {
	Incident truce.ID
	Rule     truce.RuleID // "": the occurrence
}

// State is what the reviews of a subject come to.
type State struct {
	Outcome truce.Occurrence // "" until two different persons signed the same
	By      []truce.PersonID // the two who settled it, in the order of their signing
	Reason  string           // of the second signature
	At      truce.Instant    // of the second signature
	Open    []truce.Review   // steps that stand without a second one, oldest first
	Dissent []truce.Review   // steps that stand against the outcome
}

// Settle reads the steps on a subject in the order of their records. Of one person the
// last step stands; a withdrawn one stands for nothing. The outcome is the one that two
// different persons signed and that was settled first; it holds until one of the two
// withdraws or signs another.
func Settle(s Subject, steps []truce.Review) State {
	var standing []truce.Review
	for _, r := range steps {
		if r.Incident != s.Incident || r.Rule != s.Rule {
			continue
		}
		standing = slices.DeleteFunc(standing, func(old truce.Review) bool { return old.Person == r.Person })
		if !r.Withdraws {
			standing = append(standing, r)
		}
	}
	state := State{Open: standing}
	for i, second := range standing {
		for _, first := range standing[:i] {
			if state.Outcome == "" && first.Outcome == second.Outcome {
				state.Outcome, state.Reason, state.At = second.Outcome, second.Reason, second.At
				state.By = []truce.PersonID{first.Person, second.Person}
			}
		}
	}
	if state.Outcome == "" {
		return state
	}
	state.Open = nil
	for _, r := range standing {
		if r.Outcome != state.Outcome {
			state.Dissent = append(state.Dissent, r)
		}
	}
	return state
}

// Occurrence is the incident's state after its reviews: what two signed, or what the
// machine found.
func Occurrence(machine truce.Occurrence, s State) truce.Occurrence {
	if s.Outcome != "" {
		return s.Outcome
	}
	return machine
}

// Question is what Check is asked about a step before it is recorded.
type Question struct {
	Step      truce.Review
	Person    truce.Person
	Incident  truce.Incident
	Reporters []truce.PersonID // who reported what the incident rests on
	Before    []truce.Review   // steps recorded so far
}

// Check says why a step cannot be recorded; nil when it can.
func Check(q Question) error {
	r, p := q.Step, q.Person
	switch {
	case r.Person != p.ID:
		return truce.Errorf(truce.CodeForbidden, "review: %s cannot sign for %s", p.ID, r.Person)
	case p.Role != truce.RoleMechanism:
		return truce.Errorf(truce.CodeForbidden, "review: %s is of the role %s; the mechanism verifies, the parties and guarantors do not", p.ID, p.Role)
	case slices.Contains(q.Reporters, p.ID):
		return truce.Errorf(truce.CodeForbidden, "review: %s reported what incident %s rests on; somebody else must look", p.ID, name(q.Incident))
	case r.Incident != q.Incident.ID || r.Revision != q.Incident.Revision:
		return truce.Errorf(truce.CodeConflict, "review: incident %s is at revision %d, the step speaks of revision %d: read it again", name(q.Incident), q.Incident.Revision, r.Revision)
	case !q.Incident.ReplacedBy.IsZero():
		return truce.Errorf(truce.CodeConflict, "review: incident %s was merged into %s: review that one", name(q.Incident), q.Incident.ReplacedBy)
	}
	if err := truce.CheckLength("review: the reason", r.Reason, truce.MaxName); err != nil {
		return err
	}
	if err := truce.CheckLength("review: the note", r.Note, truce.MaxWords); err != nil {
		return err
	}
	if r.Withdraws {
		return checkWithdrawal(q)
	}
	return checkOutcome(r)
}

func checkWithdrawal(q Question) error {
	for _, r := range slices.Backward(q.Before) {
		if r.Person == q.Person.ID && r.Incident == q.Step.Incident && r.Rule == q.Step.Rule {
			if r.Withdraws {
				break
			}
			return nil
		}
	}
	return truce.Errorf(truce.CodeConflict, "review: %s has no step on incident %s to withdraw", q.Person.ID, name(q.Incident))
}

func checkOutcome(r truce.Review) error {
	ofFinding := r.Outcome == truce.OccurrenceVerified || r.Outcome == truce.OccurrenceRefuted
	switch {
	case r.Rule != "" && !ofFinding:
		return truce.Errorf(truce.CodeInvalid, "review: a finding is verified or refuted, not %.40q", string(r.Outcome))
	case r.Outcome != truce.OccurrenceVerified && !r.Outcome.Exit():
		return truce.Errorf(truce.CodeInvalid, "review: the outcome is %.40q; write verified, refuted, unverifiable, explained or duplicate", string(r.Outcome))
	case r.Outcome.Exit() && strings.TrimSpace(r.Reason) == "":
		return truce.Errorf(truce.CodeInvalid, "review: %s needs a reason, e.g. --reason quarry", r.Outcome)
	}
	return nil
}

func name(i truce.Incident) string {
	if i.Number != "" {
		return i.Number
	}
	return i.ID.String()
}
