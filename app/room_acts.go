package app

import (
	"context"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/respond/ladder"
	"github.com/trucewatch/truce/web/room"
)

// SignIn exchanges a one-time token for one that lasts.
func (r *roomDesk) SignIn(ctx context.Context, token string) (truce.Person, string, error) {
	p, lasting, err := r.desk.SignIn(ctx, guarantee.Token(token))
	return p, string(lasting), err
}

// Confirm signs somebody's enrolment with the token.
func (r *roomDesk) Confirm(ctx context.Context, token string, id truce.PersonID, code string) error {
	_, _, err := r.desk.Confirm(ctx, guarantee.Token(token), id, code)
	return err
}

// Waiting lists who waits to be confirmed by a person.
func (r *roomDesk) Waiting(ctx context.Context, p truce.Person) ([]room.WaitingPerson, error) {
	list, err := r.desk.Waiting(ctx, p)
	var out []room.WaitingPerson
	for _, w := range list {
		out = append(out, room.WaitingPerson{ID: w.ID, Name: w.Name, Role: w.Role, Office: w.Office, Party: w.Party, State: w.State, By: w.InvitedBy()})
	}
	return out, err
}

// Do signs a deed with the token and appends what follows.
func (r *roomDesk) Do(ctx context.Context, token, idOrNumber string, d truce.Deed) (room.Outcome, error) {
	p, err := r.Who(ctx, token)
	if err != nil {
		return room.Outcome{}, err
	}
	if _, err := r.shown(ctx, p, idOrNumber); err != nil {
		return room.Outcome{}, err
	}
	done, err := r.desk.Do(ctx, guarantee.Token(token), idOrNumber, d)
	return r.outcome(ctx, p, done, err)
}

// DoSigned appends a deed that was signed elsewhere.
func (r *roomDesk) DoSigned(ctx context.Context, d truce.Deed) (room.Outcome, error) {
	done, err := r.desk.DoSigned(ctx, d)
	if err != nil {
		return room.Outcome{}, err
	}
	row, err := r.records.Person(ctx, d.Person)
	return r.outcome(ctx, row.Person, done, err)
}

// outcome tells what a deed came to, as far as its person sees it.
func (r *roomDesk) outcome(ctx context.Context, p truce.Person, done guarantee.Done, err error) (room.Outcome, error) {
	if err != nil {
		return room.Outcome{}, err
	}
	r.told()
	row, err := r.records.Case(ctx, done.Case.ID.String())
	if err != nil {
		return room.Outcome{}, err
	}
	out := room.Outcome{Number: row.Summary.Number}
	terms, err := r.termsOf(ctx, row)
	if err != nil {
		return out, err
	}
	rows, err := r.records.CaseSteps(ctx, row.Summary.Number)
	if err != nil {
		return out, err
	}
	for _, s := range rows {
		if len(done.Steps) == 0 || s.Number < done.Steps[0].Number || s.Number > done.Steps[len(done.Steps)-1].Number {
			continue
		}
		if own := s.Deed != nil && s.Deed.Person == p.ID; own || sees(p) == room.ViewWhole {
			out.Steps = append(out.Steps, stepLine(s, terms.Ladder, p.Language))
		}
	}
	return out, nil
}

func stepLine(s truce.CaseStepRow, terms truce.Ladder, lang string) room.StepLine {
	return room.StepLine{Number: s.Number, Seq: s.Seq, Kind: s.Kind, At: s.At, Late: s.Late, Text: ladder.Text(s.CaseStep, terms, lang)}
}

// Acknowledge signs and records an answer.
func (r *roomDesk) Acknowledge(ctx context.Context, token string, id truce.AlertID, a room.Answer) (room.Acknowledged, error) {
	p, err := r.Who(ctx, token)
	if err != nil {
		return room.Acknowledged{}, err
	}
	if _, err := r.alertShown(ctx, p, id); err != nil {
		return room.Acknowledged{}, err
	}
	ack, receipt, err := r.desk.Acknowledge(ctx, guarantee.Token(token), id, a.Kind, a.Position, a.Text)
	return r.acknowledged(ack, receipt, err)
}

// AcknowledgeSigned records an answer that was signed elsewhere.
func (r *roomDesk) AcknowledgeSigned(ctx context.Context, a truce.Acknowledgement) (room.Acknowledged, error) {
	ack, receipt, err := r.desk.AcknowledgeSigned(ctx, a)
	return r.acknowledged(ack, receipt, err)
}

// AcknowledgeCAP records what a CAP document answers.
func (r *roomDesk) AcknowledgeCAP(ctx context.Context, token string, document []byte) ([]room.Acknowledged, error) {
	done, err := r.desk.AcknowledgeCAP(ctx, guarantee.Token(token), document)
	if err != nil {
		return nil, err
	}
	r.told()
	var out []room.Acknowledged
	for _, a := range done {
		a.Acknowledgement.Wakes = nil
		out = append(out, room.Acknowledged{Acknowledgement: a.Acknowledgement, Seq: a.Seq, Known: a.Known})
	}
	return out, nil
}

func (r *roomDesk) acknowledged(ack truce.Acknowledgement, receipt truce.Receipt, err error) (room.Acknowledged, error) {
	if err != nil {
		return room.Acknowledged{}, err
	}
	r.told()
	ack.Wakes = nil
	return room.Acknowledged{Acknowledgement: ack, Seq: receipt.Seqs[0]}, nil
}

// Review signs and records a step of review.
func (r *roomDesk) Review(ctx context.Context, token string, step truce.Review) (room.Reviewed, error) {
	done, err := r.desk.Review(ctx, guarantee.Token(token), step)
	if err != nil {
		return room.Reviewed{}, err
	}
	r.told()
	return room.Reviewed{Outcome: done.State.Outcome, Changed: done.Changed, Revision: done.Incident.Revision, Seq: done.Receipt.Seqs[0]}, nil
}

// Invoke records a step of an invocation in a case that the person may see.
func (r *roomDesk) Invoke(ctx context.Context, token, commitment, idOrNumber string, s truce.InvocationStep) (truce.Commitment, error) {
	p, err := r.Who(ctx, token)
	if err != nil {
		return truce.Commitment{}, err
	}
	row, err := r.shown(ctx, p, idOrNumber)
	if err != nil {
		return truce.Commitment{}, err
	}
	c, err := r.desk.Invoke(ctx, p, commitment, row.ID, s)
	if err != nil {
		return truce.Commitment{}, err
	}
	r.told()
	return invoked(p, c, row.ID), nil
}

// invoked is a promise that was called upon, as far as who did so sees it: of another
// state's the request alone, which is in the case.
func invoked(p truce.Person, c truce.Commitment, in truce.CaseID) truce.Commitment {
	if access.SeesCommitment(p, c) {
		return c
	}
	out := truce.Commitment{ID: c.ID, State: c.State, History: []truce.CommitmentStep{}}
	for _, i := range c.Invoked {
		for _, step := range i.History {
			if i.Case == in && step.By == p.ID {
				out.Invoked = []truce.Invocation{{Case: in, History: []truce.InvocationStep{step}}}
			}
		}
	}
	return out
}

// EnterCommitments enters promises in the name of the person of the token.
func (r *roomDesk) EnterCommitments(ctx context.Context, token string, list []truce.Commitment) (int, error) {
	return entering(ctx, r, token, list, r.desk.EnterCommitments)
}

// EnterContributions enters contributions.
func (r *roomDesk) EnterContributions(ctx context.Context, token string, list []truce.Contribution) (int, error) {
	return entering(ctx, r, token, list, r.desk.EnterContributions)
}

// EnterRequirements enters needs.
func (r *roomDesk) EnterRequirements(ctx context.Context, token string, list []truce.Requirement) (int, error) {
	return entering(ctx, r, token, list, r.desk.EnterRequirements)
}

func entering[T any](ctx context.Context, r *roomDesk, token string, list []T, enter func(context.Context, truce.Person, []T) (int, error)) (int, error) {
	p, err := r.Who(ctx, token)
	if err != nil {
		return 0, err
	}
	if len(list) == 0 {
		return 0, truce.Errorf(truce.CodeInvalid, "the list is empty")
	}
	return enter(ctx, p, list)
}
