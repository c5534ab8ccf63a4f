package truce

import "strings"

// ShotEnd is which end of a shot an incident is.
type ShotEnd string

// The ends.
const (
	ShotMuzzle ShotEnd = "muzzle"
	ShotImpact ShotEnd = "impact"
)

// OriginView is one person's signed step of review: that a verified incident is an end of a
// shot that was tied from what sensors heard, and so on whose side it was fired from. Two
// different persons who say the same settle it. It holds sides and chances and never a place.
type OriginView struct {
	Incident   ID          `json:"incident"`
	Revision   int         `json:"revision"` // of the incident that was looked at
	Engagement ID          `json:"engagement,omitzero"`
	End        ShotEnd     `json:"end,omitempty"`   // the incident is
	Sides      []SideShare `json:"sides,omitempty"` // of the place it was fired from, by party; the rest is not known
	Note       string      `json:"note,omitempty"`
	Person     PersonID    `json:"person"`
	At         Instant     `json:"at"`
	Withdraws  bool        `json:"withdraws,omitempty"` // takes back the person's own earlier step
	Signature  Signing     `json:"signature"`           // over the view without it
}

// OriginViewTag is what signatures over views of origin begin with.
const OriginViewTag = "origin_view"

// OriginViewsOf is what the subjects of all views of origin begin with.
const OriginViewsOf = "origin/"

// Unsigned is the view as it is signed.
func (v OriginView) Unsigned() OriginView {
	v.Signature = Signing{}
	return v
}

// Subject is what all views of one incident's origin speak of.
func (v OriginView) Subject() string { return OriginViewsOf + v.Incident.String() }

// Validate refuses a view that does not say what of, or whose chances are none.
func (v OriginView) Validate() error {
	switch {
	case v.Incident.IsZero() || v.Revision < 1 || v.Person == "" || v.At == 0:
		return Errorf(CodeInvalid, "a view of origin needs an incident, its revision, a person and a time")
	case v.Withdraws && (!v.Engagement.IsZero() || v.End != "" || len(v.Sides) > 0):
		return Errorf(CodeInvalid, "a withdrawal of a view of origin names no engagement and no side")
	case !v.Withdraws && (v.Engagement.IsZero() || v.End != ShotMuzzle && v.End != ShotImpact || len(v.Sides) == 0):
		return Errorf(CodeInvalid, "a view of origin names an engagement, the end that the incident is, muzzle or impact, and one side or more")
	}
	sum := Probability(0)
	for i, s := range v.Sides {
		if sum += s.P; s.Party == "" || !s.P.Valid() || sum > 1+maxShareError {
			return Errorf(CodeInvalid, "view of origin: the sides %v have a chance that is none, or sum to more than 1", v.Sides)
		}
		if i > 0 && strings.Compare(string(v.Sides[i-1].Party), string(s.Party)) >= 0 {
			return Errorf(CodeInvalid, "view of origin: the sides stand there once each, in the order of the parties")
		}
	}
	return CheckLength("view of origin: the note", v.Note, MaxWords)
}
