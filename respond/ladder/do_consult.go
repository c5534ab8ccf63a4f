package ladder

import (
	"fmt"
	"slices"

	"github.com/trucewatch/truce"
)

// consult is one row for each deed of a consultation.
func (r *run) consult(d truce.Deed, p truce.Person) error {
	if d.Kind == truce.DeedCall {
		return r.call(d, p)
	}
	k, err := r.meeting(d)
	if err != nil {
		return err
	}
	if !k.Convened {
		return truce.Errorf(truce.CodeConflict, "the consultation %s is called and not convened yet: it needs more callers", k.ID)
	}
	switch d.Kind {
	case truce.DeedJoin:
		return r.join(d, p, k)
	case truce.DeedMinute:
		return r.minute(d, k)
	case truce.DeedPropose:
		return r.option(d, k)
	case truce.DeedVote:
		return r.vote(d, p, k)
	}
	return r.decide(d, k)
}

// meeting is the consultation a deed names, or the one that is not over.
func (r *run) meeting(d truce.Deed) (truce.Consultation, error) {
	for n := len(r.c.Consultations) - 1; n >= 0; n-- {
		k := r.c.Consultations[n]
		if k.ID == d.Meeting || d.Meeting == "" && k.Ended == 0 {
			if k.Ended != 0 {
				return k, truce.Errorf(truce.CodeConflict, "the consultation %s ended at %s", k.ID, k.Ended)
			}
			return k, nil
		}
	}
	return truce.Consultation{}, truce.Errorf(truce.CodeNotFound, "the case has no consultation %.40q that is not over", d.Meeting)
}

// met records a consultation as it stands after a change.
func (r *run) met(d truce.Deed, k truce.Consultation, what string) error {
	s := r.by(d, truce.StepConsultation)
	switch what {
	case "called", "convened", "proposed", "decided":
		k.Step = r.c.Steps + 1
	}
	s.Consultation = &truce.ConsultationStep{Consultation: k, Change: what}
	r.emit(s)
	return r.err
}

// call calls for a consultation, or joins a call that has too few callers.
func (r *run) call(d truce.Deed, p truce.Person) error {
	if !slices.ContainsFunc(r.m.Terms.Consult.Callers, func(c truce.Caller) bool { return c.Role == p.Role }) {
		return truce.Errorf(truce.CodeForbidden, "the agreement does not let the role %s call a consultation", p.Role)
	}
	if err := needText(d, "the ground of the consultation"); err != nil {
		return err
	}
	k, err := r.meeting(truce.Deed{})
	if err != nil {
		k = truce.Consultation{ID: fmt.Sprintf("K%d", len(r.c.Consultations)+1), Called: r.now, Ground: d.Text}
	}
	if k.Convened {
		return truce.Errorf(truce.CodeConflict, "the consultation %s is convened already: join it", k.ID)
	}
	if slices.Contains(k.CalledBy, p.ID) {
		return truce.Errorf(truce.CodeConflict, "%s has called for the consultation %s: others must call too", p.ID, k.ID)
	}
	if len(k.CalledBy) >= truce.MaxCallers {
		return truce.Errorf(truce.CodeTooLarge, "%d persons have called for the consultation %s, more are not counted: a state or party that has not called must", truce.MaxCallers, k.ID)
	}
	k.CalledBy = append(slices.Clone(k.CalledBy), p.ID)
	k.Calls = append(slices.Clone(k.Calls), truce.Call{By: p.ID, Role: p.Role, For: onBehalf(p), At: r.now})
	what := "called"
	if k.Convened = enoughCallers(r.m.Terms.Consult.Callers, k.Calls); k.Convened {
		what = "convened"
	}
	return r.met(d, k, what)
}

// enoughCallers counts states and parties once, whoever calls for them.
func enoughCallers(rules []truce.Caller, calls []truce.Call) bool {
	for _, rule := range rules {
		who := map[string]bool{}
		for _, c := range calls {
			if c.Role != rule.Role {
				continue
			}
			if c.For == "" {
				who["person/"+string(c.By)] = true
			} else {
				who["for/"+c.For] = true
			}
		}
		if len(who) >= rule.Count {
			return true
		}
	}
	return false
}

func (r *run) guarantor(p truce.Person) error {
	if p.Role != truce.RoleGuarantor || !slices.Contains(r.m.States, p.State) {
		return truce.Errorf(truce.CodeForbidden, "only the guarantors of the agreement take part and vote")
	}
	return nil
}

func (r *run) join(d truce.Deed, p truce.Person, k truce.Consultation) error {
	if err := r.guarantor(p); err != nil {
		return err
	}
	if slices.Contains(k.Present, p.State) {
		return truce.Errorf(truce.CodeConflict, "%s is present already", p.State)
	}
	k.Present = append(slices.Clone(k.Present), p.State)
	slices.Sort(k.Present)
	k.Quorum = float64(len(k.Present)) >= float64(r.m.Terms.Consult.Quorum)*float64(len(r.m.States))-1e-9
	return r.met(d, k, "joined")
}

func (r *run) minute(d truce.Deed, k truce.Consultation) error {
	if d.Product.IsZero() || slices.Contains(k.Minutes, d.Product) {
		return truce.Errorf(truce.CodeInvalid, "name minutes by their hash, each once")
	}
	if len(k.Minutes) >= truce.MaxMinutes {
		return truce.Errorf(truce.CodeTooLarge, "a consultation has %d minutes at most: file the rest as one", truce.MaxMinutes)
	}
	k.Minutes = append(slices.Clone(k.Minutes), d.Product)
	return r.met(d, k, "minuted")
}

func (r *run) option(d truce.Deed, k truce.Consultation) error {
	if d.Option == "" || slices.Contains(k.Options, d.Option) {
		return truce.Errorf(truce.CodeConflict, "name an option that does not stand yet")
	}
	if len(k.Options) >= truce.MaxOptions {
		return truce.Errorf(truce.CodeTooLarge, "a consultation decides between %d options at most", truce.MaxOptions)
	}
	k.Options = append(slices.Clone(k.Options), d.Option)
	return r.met(d, k, "proposed")
}

// vote is a state's; its last one counts. The text is its dissent.
func (r *run) vote(d truce.Deed, p truce.Person, k truce.Consultation) error {
	if err := r.guarantor(p); err != nil {
		return err
	}
	if !slices.Contains(k.Present, p.State) {
		return truce.Errorf(truce.CodeConflict, "%s is not present: join the consultation first", p.State)
	}
	if d.Option != "" && !slices.Contains(k.Options, d.Option) {
		return truce.Errorf(truce.CodeInvalid, "the option %.80q was not proposed; no option is an abstention", d.Option)
	}
	if err := seen(d, k.Step, "what is voted on was changed"); err != nil {
		return err
	}
	k.Votes = slices.DeleteFunc(slices.Clone(k.Votes), func(v truce.Vote) bool { return v.State == p.State })
	k.Votes = append(k.Votes, truce.Vote{State: p.State, Option: d.Option, Dissent: d.Text, By: p.ID, At: r.now})
	slices.SortFunc(k.Votes, func(a, b truce.Vote) int {
		if a.State < b.State {
			return -1
		}
		return 1
	})
	k.Tally = tally(r.m.Terms.Consult, k)
	return r.met(d, k, "voted")
}

// tally counts the votes against the agreement's rule. Who abstains does not vote; with
// no quorum nothing carries, with two ahead neither does.
func tally(rule truce.Consult, k truce.Consultation) []truce.Tally {
	cast, most := 0, 0
	out := make([]truce.Tally, len(k.Options))
	for n, o := range k.Options {
		out[n].Option = o
		for _, v := range k.Votes {
			if v.Option == o {
				out[n].Votes++
			}
		}
		cast, most = cast+out[n].Votes, max(most, out[n].Votes)
	}
	ahead := 0
	for _, t := range out {
		if t.Votes == most {
			ahead++
		}
	}
	for n := range out {
		enough := float64(out[n].Votes) >= float64(rule.Majority)*float64(cast)-1e-9
		out[n].Carried = !rule.EachOwn && k.Quorum && cast > 0 && ahead == 1 && out[n].Votes == most && enough
	}
	return out
}

// decide ends a consultation with its public text.
func (r *run) decide(d truce.Deed, k truce.Consultation) error {
	if d.Office != truce.OfficeChair {
		return truce.Errorf(truce.CodeForbidden, "the chair ends a consultation")
	}
	if err := needText(d, "the public text"); err != nil {
		return err
	}
	if err := seen(d, k.Step, "what is decided was changed"); err != nil {
		return err
	}
	k.Tally, k.Public, k.Ended = tally(r.m.Terms.Consult, k), d.Text, r.now
	k.Outcome = outcome(r.m.Terms.Consult, k)
	return r.met(d, k, "decided")
}

// outcome says in a few words what came of a consultation.
func outcome(rule truce.Consult, k truce.Consultation) string {
	for _, t := range k.Tally {
		if t.Carried {
			return t.Option
		}
	}
	switch {
	case rule.EachOwn:
		return "each state decides for itself"
	case !k.Quorum:
		return "no quorum"
	}
	return "nothing carried"
}
