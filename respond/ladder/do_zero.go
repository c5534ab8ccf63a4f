package ladder

import (
	"slices"

	"github.com/trucewatch/truce"
)

// moveT0 asks for a zero point to be moved, or agrees to what a person of another role
// asked: as with a pause, nothing moves by one hand. Where no time is written it is that
// of the record, or that of the wish which is agreed to.
func (r *run) moveT0(d truce.Deed) error {
	if d.T0 == nil || !keptBasis(d.T0.Basis) || d.T0.New < 0 || d.T0.New > r.now {
		return truce.Errorf(truce.CodeInvalid, "name a zero point of %v and a time that is not ahead", truce.T0Bases())
	}
	want := truce.T0Change{Basis: d.T0.Basis, Old: d.T0.Old, New: d.T0.New, Chosen: r.m.Terms.T0 == d.T0.Basis, Evidence: d.T0.Evidence}
	if err := r.fromWhere(d, want); err != nil {
		return err
	}
	ask, asked := askOf(&r.c, want.Basis)
	if asked {
		if err := seen(d, ask.Step, "a move of this zero point was asked for"); err != nil {
			return err
		}
	}
	if err := r.onRecord(&want, ask); err != nil {
		return err
	}
	if err := r.fromWhere(d, want); err != nil {
		return err
	}
	if asked && sameWish(ask.T0Change, want) {
		return r.agreeT0(d, ask, want)
	}
	if err := needText(d, "who asks for a zero point to be moved says why"); err != nil {
		return err
	}
	s := r.by(d, truce.StepT0Asked)
	s.T0 = &want
	r.emit(s)
	return r.err
}

// fromWhere refuses a move that does not begin where the zero point is, or ends there.
func (r *run) fromWhere(d truce.Deed, want truce.T0Change) error {
	old := r.c.T0[want.Basis]
	switch {
	case d.Office == "":
		return truce.Errorf(truce.CodeForbidden, "a zero point is moved by holders of offices")
	case want.Old != old:
		return truce.Errorf(truce.CodeConflict, "the zero point %s is at %s by now: read the case again", want.Basis, instant(old))
	case want.New != 0 && want.New == old:
		return truce.Errorf(truce.CodeConflict, "the zero point %s is at %s already", want.Basis, instant(old))
	}
	return nil
}

// onRecord completes a wish from the one that is agreed to and from the record it rests on,
// and refuses a value that does not follow from that record.
func (r *run) onRecord(want *truce.T0Change, ask truce.T0Ask) error {
	if want.Evidence == nil {
		want.Evidence = ask.Evidence
	}
	if why := evidenceRefuses(&r.c, *want); why != "" {
		return truce.Errorf(truce.CodeInvalid, "%s", why)
	}
	want.Evidence = byNumber(&r.c, *want.Evidence)
	if want.New == 0 && ask.Evidence != nil && *ask.Evidence == *want.Evidence {
		want.New = ask.New
	}
	if want.New == 0 {
		times, _ := timesOf(&r.c, *want.Evidence)
		want.New = times.Gives(want.Basis)
	}
	if want.New == 0 || want.New > r.now {
		return truce.Errorf(truce.CodeInvalid, "%s gives no time for the zero point %s that has come: write the time, or name the record that gives it", *want.Evidence, want.Basis)
	}
	if why := r.m.valueRefuses(&r.c, *want); why != "" {
		return truce.Errorf(truce.CodeInvalid, "%s", why)
	}
	return nil
}

// byNumber names an incident by the number people use, however it was named.
func byNumber(c *truce.Case, e truce.T0Evidence) *truce.T0Evidence {
	for _, i := range c.Incidents {
		if e.Kind == truce.EvidenceIncident && i.Number != "" && i.ID.String() == e.Record {
			e.Record = i.Number
		}
	}
	return &e
}

// agreeT0 moves a zero point that another person of another role asked to be moved.
func (r *run) agreeT0(d truce.Deed, ask truce.T0Ask, want truce.T0Change) error {
	switch {
	case ask.By == d.Person:
		return truce.Errorf(truce.CodeForbidden, "%s has asked for this move: a second person of another role must agree", d.Person)
	case ask.Office.Role() == d.Office.Role():
		return truce.Errorf(truce.CodeForbidden, "%s asked for this move for the role %s: somebody of another role must agree", ask.By, d.Office.Role())
	}
	s := r.by(d, truce.StepT0Moved)
	want.Known = zero(&r.c, want.Basis)
	s.T0 = &want
	r.emit(s)
	return r.err
}

// last says whether incidents that are to be put elsewhere are all that the case rests on
// while its clocks run: one person would stop them so.
func last(c *truce.Case, moved []truce.ID) bool {
	rests := slices.ContainsFunc(c.Incidents, stands)
	left := slices.ContainsFunc(c.Incidents, func(i truce.CaseIncident) bool { return stands(i) && !slices.Contains(moved, i.ID) })
	return rests && !left && slices.ContainsFunc(c.Clocks, func(k truce.CaseClock) bool { return k.State.Ticks() })
}
