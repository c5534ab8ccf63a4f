package locating

import (
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/locate"
)

// InForce are the decisions that no later one lifted, in the order in which they were made.
func InForce(all []truce.ArrivalDecision) []truce.ArrivalDecision {
	lifted := map[truce.ID]bool{}
	for _, d := range all {
		if d.Verdict == truce.ArrivalsLifted {
			lifted[d.Lifts] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(d truce.ArrivalDecision) bool {
		return d.Verdict == truce.ArrivalsLifted || lifted[d.ID]
	})
}

// bound is what decisions in force come to.
type bound struct {
	excluded map[truce.ID]truce.ID   // by arrival: the decision that says so
	groups   [][]truce.ID            // arrivals of one event, none in two
	of       map[truce.ID]int        // by arrival: its group
	by       map[truce.ID]truce.ID   // by arrival: the last decision that puts it into its group
	apart    []truce.ArrivalDecision // with what belongs to either side by others
}

// newBound joins decisions: who is of one event with an arrival shares all that binds it.
func newBound(inForce []truce.ArrivalDecision) *bound {
	b := &bound{excluded: map[truce.ID]truce.ID{}, of: map[truce.ID]int{}, by: map[truce.ID]truce.ID{}}
	for _, d := range inForce {
		switch d.Verdict {
		case truce.ArrivalsExcluded:
			for _, id := range d.Arrivals {
				b.excluded[id] = d.ID
			}
		case truce.ArrivalsTogether:
			b.join(d)
		}
	}
	for _, d := range inForce {
		if d.Verdict == truce.ArrivalsApart {
			d.Arrivals, d.Others = b.grown(d.Arrivals), b.grown(d.Others)
			b.apart = append(b.apart, d)
		}
	}
	return b
}

// join makes one group of a decision's arrivals and of all groups that any of them is in.
func (b *bound) join(d truce.ArrivalDecision) {
	group := slices.Clone(d.Arrivals)
	for _, id := range d.Arrivals {
		if at, in := b.of[id]; in {
			group = append(group, b.groups[at]...)
			b.groups[at] = nil
		}
		b.by[id] = d.ID
	}
	slices.SortFunc(group, compareIDs)
	group = slices.Compact(group)
	for _, id := range group {
		b.of[id] = len(b.groups)
	}
	b.groups = append(b.groups, group)
}

// grown is a side with all that is of one event with any of it.
func (b *bound) grown(ids []truce.ID) []truce.ID {
	out := slices.Clone(ids)
	for _, id := range ids {
		if at, in := b.of[id]; in {
			out = append(out, b.groups[at]...)
		}
	}
	slices.SortFunc(out, compareIDs)
	return slices.Compact(out)
}

func compareIDs(a, b truce.ID) int { return slices.Compare(a[:], b[:]) }

// Fits refuses a decision that cannot hold beside those in force, and names one of those.
func Fits(inForce []truce.ArrivalDecision, d truce.ArrivalDecision) error {
	before, after := newBound(inForce), newBound(append(slices.Clone(inForce), d))
	refuse := func(other truce.ID) error {
		if other == d.ID {
			return truce.Errorf(truce.CodeInvalid, "an arrival cannot be apart from itself: name it on one side")
		}
		return truce.Errorf(truce.CodeConflict, "decision %s, which is in force, says otherwise: lift it first (truce arrivals lift)", other)
	}
	for _, group := range after.groups {
		for _, id := range group {
			by, out := after.excluded[id]
			if out && by == d.ID {
				by = before.by[id]
			}
			if out {
				return refuse(by)
			}
		}
	}
	for _, a := range after.apart {
		for _, id := range a.Arrivals {
			if !slices.Contains(a.Others, id) {
				continue
			}
			if by := before.by[id]; a.ID == d.ID && !by.IsZero() {
				return refuse(by)
			}
			return refuse(a.ID)
		}
	}
	return nil
}

// Constraints are decisions in force as the sense takes them, those that name any of the
// arrivals; what it is given can be kept all at once.
func Constraints(inForce []truce.ArrivalDecision, among func(truce.ID) bool) []locate.Decision {
	b := newBound(inForce)
	var out []locate.Decision
	add := func(d locate.Decision, ids, others []truce.ID) {
		if slices.ContainsFunc(ids, among) && (d.Kind != locate.Apart || slices.ContainsFunc(others, among)) {
			d.Arrivals, d.Others = names(ids), names(others)
			out = append(out, d)
		}
	}
	for _, d := range inForce {
		if d.Verdict == truce.ArrivalsExcluded {
			add(locate.Decision{Kind: locate.Excluded}, d.Arrivals, nil)
		}
	}
	for _, d := range b.apart {
		add(locate.Decision{Kind: locate.Apart}, d.Arrivals, d.Others)
	}
	for _, group := range b.groups {
		if group != nil {
			add(locate.Decision{Kind: locate.Together}, group, nil)
		}
	}
	return out
}

func names(ids []truce.ID) []string {
	var out []string
	for _, id := range ids {
		out = append(out, id.String())
	}
	return out
}
