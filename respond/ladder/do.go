package ladder

import (
	"strings"

	"github.com/trucewatch/truce"
)

// Do is what a person's deed changes, after what was due by now. It holds the rules of
// the ladder: whether the person's role may do such a thing at all, and whether the
// deed's signature is good, is asked before. A deed that is refused changes nothing; the
// error says what the person can do.
func (m Machine) Do(c truce.Case, d truce.Deed, p truce.Person, now truce.Instant) ([]truce.CaseStep, error) {
	if err := admit(c, d, p); err != nil {
		return nil, err
	}
	r := m.run(c, now)
	r.settle()
	if d.After < 0 || d.After > r.c.Steps {
		// How many steps there are inside is not every reader's to know.
		return nil, truce.Errorf(truce.CodeInvalid, "the deed says it was done after step %d, which the case has not reached: read the case again, and sign what you then see", d.After)
	}
	if r.c.State == truce.CaseClosed && !afterClosing(d.Kind) {
		return nil, truce.Errorf(truce.CodeConflict, "the case closed at %s: reopen it, or write a note", r.c.Closed)
	}
	if err := r.deed(d, p); err != nil {
		return nil, err
	}
	r.settle()
	return r.steps, r.err
}

// admit refuses what does not hold together, whatever the deed.
func admit(c truce.Case, d truce.Deed, p truce.Person) error {
	switch {
	case d.Case != c.ID:
		return truce.Errorf(truce.CodeInvalid, "the deed is about case %s, not %s", d.Case, c.ID)
	case d.Person != p.ID || p.Withdrawn:
		return truce.Errorf(truce.CodeForbidden, "the deed of %.80s is signed by its person, who has not withdrawn", string(d.Person))
	case d.Office != p.Office:
		return truce.Errorf(truce.CodeForbidden, "%s holds the office %q and the deed says %.40q: write the office that is held", p.ID, string(p.Office), string(d.Office))
	}
	return d.Validate()
}

func afterClosing(k truce.DeedKind) bool {
	switch k {
	case truce.DeedNote, truce.DeedState, truce.DeedRemedy, truce.DeedReopen:
		return true
	}
	return false
}

// deed is one row for each kind of deed.
func (r *run) deed(d truce.Deed, p truce.Person) error {
	switch d.Kind {
	case truce.DeedSign, truce.DeedRefuse:
		return r.gate(d, p)
	case truce.DeedMeet:
		return r.meet(d, p)
	case truce.DeedPause:
		return r.pause(d)
	case truce.DeedResume:
		return r.resume(d)
	case truce.DeedMoveT0:
		return r.moveT0(d)
	case truce.DeedComplain:
		return r.complain(d, p)
	case truce.DeedState, truce.DeedNote:
		return r.words(d, p)
	case truce.DeedDetermine:
		return r.determine(d, p)
	case truce.DeedCall, truce.DeedJoin, truce.DeedMinute, truce.DeedPropose, truce.DeedVote, truce.DeedDecide:
		return r.consult(d, p)
	case truce.DeedRemedy:
		return r.remedy(d, p)
	case truce.DeedMove:
		return r.move(d)
	case truce.DeedClose:
		return r.close(d)
	case truce.DeedReopen:
		return r.reopen(d)
	}
	return truce.Errorf(truce.CodeInvalid, "the deed %.40q is none of %v", string(d.Kind), truce.DeedKinds())
}

// by makes the step of a deed.
func (r *run) by(d truce.Deed, kind truce.StepKind) truce.CaseStep {
	return truce.CaseStep{Kind: kind, At: r.now, Deed: &d, Text: d.Text}
}

// seen refuses a deed whose person had not seen a step that it depends on.
func seen(d truce.Deed, step int, what string) error {
	if d.After < step {
		return truce.Errorf(truce.CodeConflict, "%s in step %d, and the deed was done after step %d: read the case again", what, step, d.After)
	}
	return nil
}

func needText(d truce.Deed, why string) error {
	if strings.TrimSpace(d.Text) == "" {
		return truce.Errorf(truce.CodeInvalid, "write a text: %s", why)
	}
	return nil
}

// onBehalf is the party or state a person acts for, "" for others.
func onBehalf(p truce.Person) string {
	if p.Party != "" {
		return string(p.Party)
	}
	return string(p.State)
}

// gate signs or refuses a gate of an open passage.
func (r *run) gate(d truce.Deed, p truce.Person) error {
	n, err := r.asked(d)
	if err != nil {
		return err
	}
	open := r.c.Open[n]
	if err := seen(d, open.Step, "the passage was proposed"); err != nil {
		return err
	}
	if err := seen(d, r.c.Doubt, "something was taken from what the case rests on, or its zero point moved,"); err != nil {
		return err
	}
	gate, err := freeGate(open, d.Office)
	if err != nil {
		return err
	}
	passage := named(open.Passage)
	passage.Gate, passage.For = gate, onBehalf(p)
	if d.Kind == truce.DeedRefuse {
		if err := needText(d, "who refuses a gate says why"); err != nil {
			return err
		}
		s := r.by(d, truce.StepRefused)
		s.Passage = passage
		r.emit(s)
		return r.err
	}
	signed := truce.Signed{Gate: gate, Office: d.Office, By: p.ID, For: passage.For}
	if err := gateRefuses(&r.c, open, signed); err != nil {
		return err
	}
	s := r.by(d, truce.StepSigned)
	s.Passage = passage
	r.emit(s)
	return r.err
}

// asked is the open passage a deed speaks of.
func (r *run) asked(d truce.Deed) (int, error) {
	for n, o := range r.c.Open {
		if o.Tier == d.Tier && o.Down == d.Down {
			return n, nil
		}
	}
	return 0, r.notAsked(d.Tier, d.Down)
}

// freeGate is the first gate of an office that nobody has signed.
func freeGate(open truce.OpenPassage, office truce.Office) (int, error) {
	theirs := false
	for n, g := range open.Gates {
		if g.Office != office {
			continue
		}
		theirs = true
		taken := false
		for _, s := range open.Signed {
			taken = taken || s.Gate == n+1
		}
		if !taken {
			return n + 1, nil
		}
	}
	if theirs {
		return 0, truce.Errorf(truce.CodeConflict, "the gates of the %s of the passage %s are signed", office, passageName(open.Passage))
	}
	var offices []truce.Office
	for _, g := range open.Gates {
		offices = append(offices, g.Office)
	}
	return 0, truce.Errorf(truce.CodeForbidden, "the passage %s is signed by %s, not by the office %q", passageName(open.Passage), list(offices), string(office))
}

// words are a statement of a party, which may be its reply to a view, or a note.
func (r *run) words(d truce.Deed, p truce.Person) error {
	if v := viewOf(&r.c, d.Clock); v != nil && d.Kind == truce.DeedState {
		return r.reply(d, p, *v)
	}
	if d.Text == "" && d.Product.IsZero() {
		return truce.Errorf(truce.CodeInvalid, "write a text or name a product by its hash")
	}
	kind := truce.StepNoted
	if d.Kind == truce.DeedState {
		kind = truce.StepStatement
	}
	r.emit(r.by(d, kind))
	return r.err
}

// complain makes a party's wish for verification a zero point; the first one counts.
func (r *run) complain(d truce.Deed, p truce.Person) error {
	if p.Role != truce.RoleParty {
		return truce.Errorf(truce.CodeForbidden, "a complaint is a party's: write a note")
	}
	if err := needText(d, "what is to be verified"); err != nil {
		return err
	}
	if r.c.T0[truce.T0Complaint] != 0 {
		r.emit(r.by(d, truce.StepNoted))
		return r.err
	}
	s := r.by(d, truce.StepT0Moved)
	s.T0 = &truce.T0Change{Basis: truce.T0Complaint, New: r.now, Chosen: r.m.Terms.T0 == truce.T0Complaint}
	r.emit(s)
	return r.err
}

// determine records what the political body found; the first one is a zero point.
func (r *run) determine(d truce.Deed, p truce.Person) error {
	if p.Role != truce.RoleCommission {
		return truce.Errorf(truce.CodeForbidden, "a determination is the commission's")
	}
	if err := needText(d, "what was determined"); err != nil {
		return err
	}
	if err := seen(d, r.c.Doubt, "something was taken from what the case rests on, or its zero point moved,"); err != nil {
		return err
	}
	r.emit(r.by(d, truce.StepDetermined))
	if r.c.T0[truce.T0Determined] == 0 {
		s := r.by(d, truce.StepT0Moved)
		s.T0 = &truce.T0Change{Basis: truce.T0Determined, New: r.now, Chosen: r.m.Terms.T0 == truce.T0Determined}
		r.emit(s)
	}
	return r.err
}
