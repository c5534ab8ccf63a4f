package pledge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// Stake is one commitment as it stands in a case.
type Stake struct {
	Commitment truce.Commitment
	State      truce.CommitmentState
	Due        bool              // the case is in the tier from which the promise speaks, or above
	Apart      truce.Names       // why it is not at stake although it is: nothing the case rests on stands; else nil
	InForce    bool              // by its own words and every ratification
	Open       truce.Names       // what is missing for it to be in force, in words; nil when nothing is
	Invocation *truce.Invocation // in this case; nil: not called upon
	Void       []VoidReading
}

// At lists what is at stake in a case: the commitments of one state, or of all when state
// is "", those that are due first, else by state and id. A withdrawn one is at stake no
// more; a case of which every incident was refuted stays in its tier until people sign the
// way down, and puts nothing at stake meanwhile.
func At(list []truce.Commitment, state truce.StateID, in truce.Case, ladder truce.Ladder, parties []truce.PartyID) []Stake {
	var out []Stake
	for _, c := range list {
		if state != "" && c.State != state || State(c) == truce.CommitmentWithdrawn {
			continue
		}
		out = append(out, stake(c, in, ladder, parties))
	}
	slices.SortStableFunc(out, func(a, b Stake) int {
		if a.Due != b.Due {
			if a.Due {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Commitment.State, b.Commitment.State), cmp.Compare(a.Commitment.ID, b.Commitment.ID))
	})
	return out
}

func stake(c truce.Commitment, in truce.Case, ladder truce.Ladder, parties []truce.PartyID) Stake {
	s := Stake{Commitment: c, State: State(c), Void: Void(c, in, parties)}
	if s.Due = due(c.Trigger, in.Tier, ladder); s.Due && in.Cleared() {
		s.Due, s.Apart = false, cleared(in)
	}
	s.InForce = inForce(s.State)
	if !s.InForce {
		s.Open = missing(c, s.State)
	}
	for i := range c.Invoked {
		if c.Invoked[i].Case == in.ID {
			s.Invocation = &c.Invoked[i]
		}
	}
	return s
}

func inForce(s truce.CommitmentState) bool {
	return rank(s) >= rank(truce.CommitmentInForce) && s != truce.CommitmentWithdrawn
}

// Marked is a step of an invocation with how things stand now: in which tier the case is,
// how far the promise has come, and what of it a reader should know. Nothing is refused for
// it: the record is the truth.
func Marked(c truce.Commitment, in truce.Case, ladder truce.Ladder, s truce.InvocationStep) truce.InvocationStep {
	k := stake(c, in, ladder, nil)
	s.Tier, s.Stage, s.Marks = in.Tier, k.State, nil
	switch {
	case k.Apart != nil:
		s.Marks = append(s.Marks, truce.InvocationUnfounded)
	case !k.Due:
		s.Marks = append(s.Marks, truce.InvocationEarly)
	}
	if !k.InForce {
		s.Marks = append(s.Marks, truce.InvocationNotInForce)
	}
	return s
}

// due says whether a case has reached the tier from which a promise speaks: the first of
// the ladder where it names none. A case in no tier, as one that is closed or was never
// entered, puts nothing at stake.
func due(trigger, tier truce.TierID, ladder truce.Ladder) bool {
	at := ladder.Rank(tier)
	if trigger == "" {
		return at > 0
	}
	return ladder.Rank(trigger) > 0 && at >= ladder.Rank(trigger)
}

// Untriggered says of each promise that names a tier the ladder does not have, in the order
// given: it would never be due.
func Untriggered(list []truce.Commitment, ladder truce.Ladder) []string {
	var tiers, out []string
	for _, t := range ladder.Tiers {
		tiers = append(tiers, string(t.ID))
	}
	for _, c := range list {
		if c.Trigger != "" && ladder.Rank(c.Trigger) == 0 && State(c) != truce.CommitmentWithdrawn {
			out = append(out, fmt.Sprintf("commitment %s: trigger %.40q is no tier of the ladder in force, so the promise is never due; its tiers are %s", c.ID, string(c.Trigger), strings.Join(tiers, ", ")))
		}
	}
	return out
}

// missing says in words what a promise lacks.
func missing(c truce.Commitment, state truce.CommitmentState) truce.Names {
	if body := open(c); body != "" {
		return both("ratification: "+body, "ратифікація: "+body)
	}
	switch {
	case state == truce.CommitmentReported:
		return both("known from reports only", "відоме лише з повідомлень")
	case rank(state) < rank(truce.CommitmentSigned):
		return both("not signed", "не підписано")
	}
	return both("not in force", "не чинне")
}
