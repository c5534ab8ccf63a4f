package ladder

import (
	"slices"
	"strconv"

	"github.com/trucewatch/truce"
)

// applyT0Asked keeps that a person asks for a zero point to be moved. A later wish for the
// same one takes its place; the step of the earlier stays.
func applyT0Asked(c *truce.Case, s truce.CaseStep) error {
	if err := zeroMoves(c, s); err != nil {
		return err
	}
	if s.Deed == nil || s.Deed.Kind != truce.DeedMoveT0 || s.Deed.Person == "" || s.Deed.Office == "" {
		return badStep(s, "nobody asked for it, or not in an office")
	}
	if why := evidenceRefuses(c, *s.T0); why != "" {
		return badStep(s, "%s", why)
	}
	dropAsk(c, s.T0.Basis)
	c.T0Asks = append(c.T0Asks, truce.T0Ask{T0Change: *s.T0, By: s.Deed.Person, Office: s.Deed.Office, At: s.At, Step: s.Number, Text: s.Text})
	return nil
}

func applyT0(c *truce.Case, s truce.CaseStep) error {
	if err := zeroMoves(c, s); err != nil {
		return err
	}
	move := truce.T0Move{T0Change: *s.T0, At: s.At, Text: s.Text}
	switch d := s.Deed; {
	case d == nil:
		if s.T0.New != zero(c, s.T0.Basis) {
			return badStep(s, "the facts do not put the zero point %s at %s, and no person did", s.T0.Basis, s.T0.New)
		}
	case d.Kind == truce.DeedMoveT0:
		ask, err := agreed(c, s)
		if err != nil {
			return err
		}
		move.By, move.Asked, move.Text = d.Person, ask.By, either(s.Text, ask.Text)
	default:
		if s.T0.Old != 0 || s.T0.New != s.At || !firstOf(d.Kind, s.T0.Basis) {
			return badStep(s, "only the first complaint or determination sets its zero point, to when it was made")
		}
		move.By = d.Person
	}
	if c.T0 == nil {
		c.T0 = map[truce.T0Basis]truce.Instant{}
	}
	dropAsk(c, s.T0.Basis)
	c.T0[s.T0.Basis], c.T0Moves = s.T0.New, append(c.T0Moves, move)
	if s.T0.Chosen && s.T0.Old != 0 {
		c.Doubt = s.Number
	}
	return nil
}

// firstOf says whether a deed is the one whose first time is a zero point.
func firstOf(kind truce.DeedKind, basis truce.T0Basis) bool {
	return kind == truce.DeedComplain && basis == truce.T0Complaint || kind == truce.DeedDetermine && basis == truce.T0Determined
}

// zeroMoves refuses a change that does not begin where the zero point is.
func zeroMoves(c *truce.Case, s truce.CaseStep) error {
	t := s.T0
	if t == nil || t.New == 0 || !keptBasis(t.Basis) {
		return badStep(s, "has no zero point that a case keeps")
	}
	if t.Old != c.T0[t.Basis] {
		return badStep(s, "moves the zero point %s from %s, which is not where it is", t.Basis, t.Old)
	}
	return nil
}

// agreed is the wish that a step agrees to: of another person, of another role, to the
// same time on the same evidence.
func agreed(c *truce.Case, s truce.CaseStep) (truce.T0Ask, error) {
	ask, has := askOf(c, s.T0.Basis)
	switch {
	case !has || !sameWish(ask.T0Change, *s.T0):
		return ask, badStep(s, "nobody asked for the zero point %s to be moved so", s.T0.Basis)
	case ask.By == s.Deed.Person:
		return ask, badStep(s, "the zero point is moved by two persons, not by one twice")
	case ask.Office.Role() == s.Deed.Office.Role():
		return ask, badStep(s, "the zero point is moved by two roles, not by one twice")
	case s.T0.Known != zero(c, s.T0.Basis):
		return ask, badStep(s, "the facts put the zero point %s elsewhere than the step says", s.T0.Basis)
	}
	if why := evidenceRefuses(c, *s.T0); why != "" {
		return ask, badStep(s, "%s", why)
	}
	return ask, nil
}

func askOf(c *truce.Case, basis truce.T0Basis) (truce.T0Ask, bool) {
	for _, a := range c.T0Asks {
		if a.Basis == basis {
			return a, true
		}
	}
	return truce.T0Ask{}, false
}

func dropAsk(c *truce.Case, basis truce.T0Basis) {
	c.T0Asks = slices.DeleteFunc(c.T0Asks, func(a truce.T0Ask) bool { return a.Basis == basis })
}

func sameWish(a, b truce.T0Change) bool {
	return a.Basis == b.Basis && a.Old == b.Old && a.New == b.New && a.Evidence != nil && b.Evidence != nil && *a.Evidence == *b.Evidence
}

// evidenceRefuses says why a zero point is not moved on what is named. Whether an
// observation or a notification is on record is asked of the store, before.
func evidenceRefuses(c *truce.Case, t truce.T0Change) string {
	if t.Evidence == nil {
		return "a zero point is moved on evidence: name an incident of the case, an observation, a notification or a complaint"
	}
	e := *t.Evidence
	if err := e.Validate(); err != nil {
		return err.Error()
	}
	switch t.Basis {
	case truce.T0Complaint:
		if e.Kind != truce.EvidenceComplaint {
			return "the zero point complaint is moved on a party's complaint, and " + e.String() + " is none"
		}
	case truce.T0Verified, truce.T0Determined:
		if t.Old == 0 {
			return "nothing of the case is " + string(t.Basis) + " yet: that is signed by those whose office it is, and sets its own zero point"
		}
	}
	switch e.Kind {
	case truce.EvidenceIncident:
		held := func(i truce.CaseIncident) bool {
			return stands(i) && (i.ID.String() == e.Record || i.Number == e.Record)
		}
		if !slices.ContainsFunc(c.Incidents, held) {
			return "the case holds no incident " + e.Record + " that stands"
		}
	case truce.EvidenceComplaint:
		if !slices.ContainsFunc(c.Complaints, func(k truce.Complaint) bool { return strconv.Itoa(k.Step) == e.Record }) {
			return "no party complained in step " + e.Record + " of the case"
		}
	}
	return ""
}

// noteComplaint keeps in which steps a party asked for verification.
func noteComplaint(c *truce.Case, s truce.CaseStep) {
	if s.Deed == nil || s.Deed.Kind != truce.DeedComplain || s.Kind != truce.StepT0Moved && s.Kind != truce.StepNoted {
		return
	}
	c.Complaints = append(c.Complaints, truce.Complaint{Step: s.Number, At: s.At, By: s.Deed.Person, Text: s.Text})
}
