package ladder

import (
	"slices"

	"github.com/trucewatch/truce"
)

// viewTerms are the clocks of the views on responsibility that stand: each party has one, of
// the same length, whomever the view names. They are clocks like all others of the parties.
func (m Machine) viewTerms(c *truce.Case) []asked {
	var out []asked
	for _, v := range c.Views {
		if v.Ended != 0 {
			continue
		}
		names := truce.Names{}
		for _, lang := range []string{"en", "uk"} {
			names[lang] = printer{words: wordsIn(lang)}.fill("view_clock", "incident", v.Name())
		}
		out = append(out, asked{"", v.At, v.Step, []truce.ClockTerm{{
			ID: v.Clock, Names: names, Basis: truce.T0Entered, Due: m.Terms.ReplyWithin(), Owner: truce.OfficeLiaison, Each: true,
		}}})
	}
	return out
}

// noteView keeps which views the parties are asked about. Another view on the same incident
// ends the one before and gives them the whole time again, under a clock of its own.
func noteView(c *truce.Case, s truce.CaseStep) {
	a := *s.Attribution
	nth := 1
	for n := range c.Views {
		if v := &c.Views[n]; v.Incident == a.Incident {
			nth++
			if v.Ended == 0 {
				v.Ended = s.Number
			}
		}
	}
	if a.Withdrawn {
		return
	}
	clock := truce.ReplyClockOf(either(s.About, a.Incident.String()), nth)
	c.Views = append(c.Views, truce.CaseView{Clock: clock, Incident: a.Incident, Number: s.About, Step: s.Number, At: s.At})
}

// noteReply keeps what a party said to a view.
func noteReply(c *truce.Case, s truce.CaseStep) {
	d := s.Deed
	if d == nil || d.Kind != truce.DeedState || d.Text == "" || d.For == "" {
		return
	}
	if viewOf(c, d.Clock) != nil {
		c.Replies = append(c.Replies, truce.ViewReply{Clock: d.Clock, Party: truce.PartyID(d.For), By: d.Person, At: s.At, Step: s.Number, Text: d.Text})
	}
}

// viewOf is the view that a clock is of; nil when it is another clock.
func viewOf(c *truce.Case, clock string) *truce.CaseView {
	n := slices.IndexFunc(c.Views, func(v truce.CaseView) bool { return v.Clock == clock })
	if n < 0 {
		return nil
	}
	return &c.Views[n]
}

// byReply says how a clock of a view is met: a word that it is met would be read by nobody.
func byReply(label, number string, v truce.CaseView) error {
	return truce.Errorf(truce.CodeInvalid, "the clock %s is met by a reply to the view on responsibility, which both parties read: "+
		"write it with truce attribute reply %s %s --text \"...\", or under \"Reply to this view\" on the page of the case",
		label, either(number, "CASE"), v.Name())
}

// reply is what a party says to a view on responsibility. The first one meets its clock, or
// says that it was done after all; those that follow stand beside it.
func (r *run) reply(d truce.Deed, p truce.Person, v truce.CaseView) error {
	switch {
	case p.Role != truce.RoleParty || d.For != string(p.Party):
		return truce.Errorf(truce.CodeForbidden, "a reply to a view on responsibility is a party's own: write \"for\" with the party of its liaison officer")
	case v.Ended != 0:
		return truce.Errorf(truce.CodeConflict, "the view on incident %s was withdrawn or replaced in step %d: there is nothing to reply to", v.Name(), v.Ended)
	case r.c.State == truce.CaseClosed:
		return truce.Errorf(truce.CodeConflict, "the case closed at %s: write a statement", r.c.Closed)
	}
	if err := needText(d, "what the party says to the view"); err != nil {
		return err
	}
	k := lastRound(&r.c, v.Clock, d.For)
	if k.Round > 0 && k.State.Ticks() {
		return r.turn(d, k, truce.StepClockMet, truce.ClockMet)
	}
	if k.State == truce.ClockMissed && k.Done == 0 {
		return r.doneLate(d, k)
	}
	r.emit(r.by(d, truce.StepStatement))
	return r.err
}
