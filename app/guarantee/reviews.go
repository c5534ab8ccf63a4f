package guarantee

import (
	"context"
	"fmt"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/assess/incident"
	"github.com/trucewatch/truce/assess/review"
)

// Reviewed is what a step of review came to.
type Reviewed struct {
	State    review.State
	Incident truce.Incident // as it stands now
	Changed  bool           // its occurrence changed by this step
	Receipt  truce.Receipt
}

// Review signs and records one person's step on an incident or a finding. When two
// different persons have signed the same of an incident, its occurrence follows in the
// same commit; when one of them withdraws, the machine's stands again.
func (d *Desk) Review(ctx context.Context, token Token, r truce.Review) (Reviewed, error) {
	p, err := d.Who(ctx, token)
	if err != nil {
		return Reviewed{}, err
	}
	if err := access.May(p, access.ReviewIt); err != nil {
		return Reviewed{}, err
	}
	row, err := d.Store.Incident(ctx, r.Incident.String())
	if err != nil {
		return Reviewed{}, err
	}
	if err := knownFinding(row, r.Rule); err != nil {
		return Reviewed{}, err
	}
	steps, err := d.reviews(ctx, r.Incident)
	if err != nil {
		return Reviewed{}, err
	}
	reporters, err := d.reporters(ctx, row.Incident)
	if err != nil {
		return Reviewed{}, err
	}
	r.Person, r.At = p.ID, d.now()
	if r.Withdraws {
		r.Outcome = outcomeOf(p.ID, r, steps)
	}
	if err := review.Check(review.Question{Step: r, Person: p, Incident: row.Incident, Reporters: reporters, Before: steps}); err != nil {
		return Reviewed{}, err
	}
	if r.Signature, err = signed(p, token, review.Tag, review.Unsigned(r)); err != nil {
		return Reviewed{}, err
	}
	return d.settle(ctx, row.Incident, r, append(steps, r))
}

// knownFinding refuses a rule that the incident was not held against; "" is the incident.
func knownFinding(row truce.IncidentRow, rule truce.RuleID) error {
	if rule == "" {
		return nil
	}
	var rules []truce.RuleID
	if row.Evaluation != nil {
		for _, f := range row.Evaluation.Findings {
			if f.Rule == rule {
				return nil
			}
			rules = append(rules, f.Rule)
		}
	}
	return truce.Errorf(truce.CodeNotFound, "incident %s has no finding of rule %.40q; it has those of %v", row.Incident.Number, string(rule), rules)
}

// outcomeOf is what a person's last step on the subject said: what a withdrawal withdraws.
func outcomeOf(p truce.PersonID, of truce.Review, steps []truce.Review) (last truce.Occurrence) {
	for _, r := range steps {
		if r.Person == p && r.Rule == of.Rule {
			last = r.Outcome
		}
	}
	return last
}

// settle records the step and, when it changes the incident's occurrence, the incident.
func (d *Desk) settle(ctx context.Context, i truce.Incident, r truce.Review, steps []truce.Review) (Reviewed, error) {
	subject := "review/" + i.ID.String()
	last, err := d.Store.LastOf(ctx, subject)
	if err != nil {
		return Reviewed{}, err
	}
	draft, err := truce.NewDraft(truce.RecordReview, subject, fmt.Sprintf("%s/%d", subject, last), r)
	if err != nil {
		return Reviewed{}, err
	}
	draft.Expect = &last
	drafts := []truce.Draft{draft}
	out := Reviewed{State: review.Settle(review.Subject{Incident: r.Incident, Rule: r.Rule}, steps), Incident: i}
	if r.Rule == "" {
		if out.Incident, err = d.decided(ctx, i, out.State); err != nil {
			return Reviewed{}, err
		}
	}
	if out.Changed = out.Incident.Occurrence != i.Occurrence; out.Changed {
		subject := "incident/" + i.ID.String()
		revised, err := truce.NewDraft(truce.RecordIncident, subject, fmt.Sprintf("%s/%d", subject, out.Incident.Revision), out.Incident)
		if err != nil {
			return Reviewed{}, err
		}
		drafts = append(drafts, revised)
	}
	out.Receipt, err = d.append(ctx, drafts...)
	return out, err
}

// decided is the incident as its reviews leave it: what two signed, or what the machine
// last said.
func (d *Desk) decided(ctx context.Context, i truce.Incident, s review.State) (truce.Incident, error) {
	next := i
	next.Occurrence = s.Outcome
	if s.Outcome == truce.OccurrenceVerified {
		next.P = 1
	}
	if s.Outcome == "" && incident.DecidedByPeople(i.Occurrence) {
		history, err := d.Store.IncidentHistory(ctx, i.ID)
		if err != nil {
			return i, err
		}
		for _, row := range history {
			if !incident.DecidedByPeople(row.Incident.Occurrence) {
				next.Occurrence, next.P = row.Incident.Occurrence, row.Incident.P
			}
		}
	}
	if s.Outcome == "" && !incident.DecidedByPeople(i.Occurrence) || next.Occurrence == i.Occurrence {
		return i, nil
	}
	next.Revision, next.Supersedes = i.Revision+1, i.Revision
	return next, nil
}

func (d *Desk) reviews(ctx context.Context, id truce.ID) ([]truce.Review, error) {
	rows, err := d.Store.Reviews(ctx, id)
	out := make([]truce.Review, len(rows))
	for i, row := range rows {
		out[i] = row.Review
	}
	return out, err
}

// reporters are the persons whose own reports the incident rests on.
func (d *Desk) reporters(ctx context.Context, i truce.Incident) ([]truce.PersonID, error) {
	events, err := d.Store.Events(ctx, truce.EventQuery{IDs: i.Events, Brief: true})
	if err != nil {
		return nil, err
	}
	var ids []truce.ID
	for _, e := range events {
		for _, s := range e.Support {
			ids = append(ids, s.Observation)
		}
	}
	observations, err := d.Store.ObservationsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []truce.PersonID
	for _, o := range observations {
		if o.Report != nil && o.Sensor != "" { // of a note, the name given with --from
			out = append(out, truce.PersonID(o.Sensor))
		}
	}
	return out, nil
}

// signed signs as a person; the token must be that of the key on record.
func signed(p truce.Person, token Token, tag string, v any) (truce.Signing, error) {
	key, err := token.Key()
	if err != nil {
		return truce.Signing{}, err
	}
	s, err := truce.Sign(p.ID, key, tag, v)
	if err == nil && s.Key != p.Key {
		err = truce.Errorf(truce.CodeUnauthenticated, "the key of this token is not the one on record for %s", p.ID)
	}
	return s, err
}
