package review

import (
	"slices"

	"github.com/trucewatch/truce"
)

// OriginQuestion is what CheckOrigin is asked about a step before it is recorded.
type OriginQuestion struct {
	View      truce.OriginView
	Person    truce.Person
	Incident  truce.Incident
	Reporters []truce.PersonID // who reported what the incident rests on
	Before    []truce.OriginView
}

// CheckOrigin says why a person cannot sign a view of origin; nil when it can. Only a verified
// incident has one, and a party signs none.
func CheckOrigin(q OriginQuestion) error {
	v, p, i := q.View, q.Person, q.Incident
	switch {
	case v.Person != p.ID:
		return truce.Errorf(truce.CodeForbidden, "view of origin: %s cannot sign for %s", p.ID, v.Person)
	case p.Role != truce.RoleMechanism:
		return truce.Errorf(truce.CodeForbidden, "view of origin: %s is of the role %s; the mechanism reviews, the parties and guarantors do not", p.ID, p.Role)
	case slices.Contains(q.Reporters, p.ID):
		return truce.Errorf(truce.CodeForbidden, "view of origin: %s reported what incident %s rests on; somebody else must look", p.ID, name(i))
	case v.Incident != i.ID || v.Revision != i.Revision:
		return truce.Errorf(truce.CodeConflict, "view of origin: incident %s is at revision %d, the step speaks of revision %d: read it again", name(i), i.Revision, v.Revision)
	case v.Withdraws && !slices.ContainsFunc(standingViews(q.Before), func(old truce.OriginView) bool { return old.Person == p.ID }):
		return truce.Errorf(truce.CodeConflict, "view of origin: %s has no step on incident %s to withdraw", p.ID, name(i))
	case v.Withdraws:
	case !i.ReplacedBy.IsZero():
		return truce.Errorf(truce.CodeConflict, "view of origin: incident %s was merged into %s: look at that one", name(i), i.ReplacedBy)
	case i.Occurrence != truce.OccurrenceVerified:
		return truce.Errorf(truce.CodeConflict, "view of origin: incident %s is %s; only a verified one has an origin to sign: two analysts review it first", name(i), i.Occurrence)
	}
	return nil
}

// OriginState is what the views of one incident's origin come to.
type OriginState struct {
	Stands *truce.OriginView  // what two persons said alike; nil: nothing stands
	By     []truce.PersonID   // those two, in the order of their signing
	Open   []truce.OriginView // steps that stand without a second one, oldest first
}

// SettleOrigin reads the steps on one incident in the order of their records. Of one person
// the last step stands, a withdrawn one for nothing; what two said alike holds as long as both
// stand by it and the incident is verified.
func SettleOrigin(i truce.Incident, steps []truce.OriginView) OriginState {
	standing := standingViews(steps)
	state := OriginState{Open: standing}
	if i.Occurrence != truce.OccurrenceVerified || !i.ReplacedBy.IsZero() {
		return state
	}
	for n, second := range standing {
		for _, first := range standing[:n] {
			if alike(first, second) {
				return OriginState{Stands: &second, By: []truce.PersonID{first.Person, second.Person}}
			}
		}
	}
	return state
}

// standingViews is the last step of each person that was not withdrawn, in their order.
func standingViews(steps []truce.OriginView) []truce.OriginView {
	var out []truce.OriginView
	for _, v := range steps {
		out = slices.DeleteFunc(out, func(old truce.OriginView) bool { return old.Person == v.Person })
		if !v.Withdraws {
			out = append(out, v)
		}
	}
	return out
}

// alike says whether two persons signed the same.
func alike(x, y truce.OriginView) bool {
	return x.Engagement == y.Engagement && x.End == y.End && slices.Equal(x.Sides, y.Sides)
}
