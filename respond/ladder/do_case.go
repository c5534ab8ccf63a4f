package ladder

import (
	"slices"

	"github.com/trucewatch/truce"
)

// remedy asks for one, or says how it stands: the commission asks, the party reports or
// declines, the mechanism verifies or does not accept.
func (r *run) remedy(d truce.Deed, p truce.Person) error {
	if d.Remedy == nil || d.Remedy.ID == "" || d.Remedy.Party == "" {
		return truce.Errorf(truce.CodeInvalid, "name a remedy and its party")
	}
	want := *d.Remedy
	n := slices.IndexFunc(r.c.Remedies, func(o truce.RemedyStep) bool { return o.ID == want.ID })
	if n < 0 {
		return r.askRemedy(d, p, want)
	}
	old := r.c.Remedies[n]
	if want.Party != old.Party || !remedyMoves(old.State, want.State) || want.State == truce.RemedyLate {
		return truce.Errorf(truce.CodeConflict, "the remedy %s of %s is %s and does not become %.40s", old.ID, old.Party, old.State, string(want.State))
	}
	party := p.Role == truce.RoleParty && p.Party == old.Party
	mechanism := p.Role == truce.RoleMechanism
	if want.State == truce.RemedyReported && !party ||
		want.State == truce.RemedyVerified && !mechanism ||
		want.State == truce.RemedyRefused && !party && !mechanism {
		return truce.Errorf(truce.CodeForbidden, "party %s reports its remedy, the mechanism verifies it", old.Party)
	}
	want.What, want.Due = old.What, old.Due
	if want.Ground == "" {
		want.Ground = d.Text
	}
	s := r.by(d, truce.StepRemedy)
	s.Remedy = &want
	r.emit(s)
	return r.err
}

func (r *run) askRemedy(d truce.Deed, p truce.Person, want truce.RemedyStep) error {
	switch {
	case r.c.State == truce.CaseClosed:
		return truce.Errorf(truce.CodeConflict, "the case is closed: reopen it to ask for a remedy")
	case want.State != truce.RemedyAsked:
		return truce.Errorf(truce.CodeNotFound, "nobody has asked for the remedy %.80q", want.ID)
	case p.Role != truce.RoleCommission:
		return truce.Errorf(truce.CodeForbidden, "the commission asks for remedies")
	case r.c.T0[truce.T0Determined] == 0:
		return truce.Errorf(truce.CodeConflict, "a remedy follows a determination, and there is none")
	case !slices.Contains(r.m.Parties, want.Party):
		return truce.Errorf(truce.CodeInvalid, "%.40q is no party of the agreement", string(want.Party))
	case len(r.c.Remedies) >= truce.MaxRemedies:
		return truce.Errorf(truce.CodeTooLarge, "a case asks for %d remedies at most", truce.MaxRemedies)
	case want.What == "" || want.Due != 0 && want.Due <= r.now:
		return truce.Errorf(truce.CodeInvalid, "say what is asked, and by a time ahead or none")
	}
	s := r.by(d, truce.StepRemedy)
	s.Remedy = &want
	r.emit(s)
	return r.err
}

// move puts incidents into another case: here they are gone, there they are gathered.
func (r *run) move(d truce.Deed) error {
	if d.To.IsZero() || d.To == r.c.ID || len(d.Moved) == 0 {
		return truce.Errorf(truce.CodeInvalid, "name the incidents and another case they go to")
	}
	if err := needText(d, "who moves incidents says why"); err != nil {
		return err
	}
	var gone []truce.CaseIncident
	for _, id := range d.Moved {
		n, held := findIncident(r.c.Incidents, id)
		if !held || r.c.Incidents[n].Gone {
			return truce.Errorf(truce.CodeNotFound, "the case does not hold incident %s", id)
		}
		i := r.c.Incidents[n]
		i.Gone = true
		gone = append(gone, i)
	}
	if last(&r.c, d.Moved) {
		return truce.Errorf(truce.CodeConflict, "clocks run in this case and nothing would be left that they rest on: leave an incident, or close the case the way the agreement names")
	}
	s := r.by(d, truce.StepMoved)
	s.Incidents = gone
	r.emit(s)
	return r.err
}

// close ends a case before it has entered any tier, by an office that opens the first one;
// and asks for the closing of a case on which nothing rests any more, or whose tier has no
// way down.
func (r *run) close(d truce.Deed) error {
	if err := needText(d, "who closes a case says why"); err != nil {
		return err
	}
	if r.c.Tier == "" {
		offices := r.m.Terms.Tiers[0].Gates
		if !slices.ContainsFunc(offices, func(g truce.Gate) bool { return g.Office == d.Office }) {
			return truce.Errorf(truce.CodeForbidden, "a case is dismissed by an office that signs for tier %s", r.m.Terms.Tiers[0].ID)
		}
		if err := seen(d, r.c.Added, "something was added to what the case rests on"); err != nil {
			return err
		}
		r.emit(r.by(d, truce.StepClosed))
		return r.err
	}
	passage := truce.Passage{Tier: r.c.Tier, Down: true}
	if _, way := r.m.descent(r.c.Tier); way && !cleared(&r.c) {
		return truce.Errorf(truce.CodeConflict, "the case is in tier %s: it closes by the way down, when the quiet and the remedies the agreement asks for are there", r.c.Tier)
	}
	if isOpen(&r.c, passage) {
		return truce.Errorf(truce.CodeConflict, "the closing of the case is proposed: sign it")
	}
	s := r.by(d, truce.StepProposed)
	s.Passage = proposed(r.m.wishOf(r.m.factsOf(&r.c), passage), r.now)
	r.emit(s)
	return r.err
}

// reopen takes up a closed case.
func (r *run) reopen(d truce.Deed) error {
	if r.c.State != truce.CaseClosed {
		return truce.Errorf(truce.CodeConflict, "the case is open")
	}
	if err := needText(d, "who reopens a case says why"); err != nil {
		return err
	}
	r.emit(r.by(d, truce.StepReopened))
	return r.err
}
