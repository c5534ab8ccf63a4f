package guarantee

import (
	"context"
	"fmt"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/respond/pledge"
)

// EnterCommitments records commitments as they are to stand; those that stand so already
// are left alone. Each must be the signer's to enter; the first that is not stops all.
// Invocations are recorded by Invoke alone: an entry keeps those on record and adds none.
func (d *Desk) EnterCommitments(ctx context.Context, p truce.Person, list []truce.Commitment) (int, error) {
	list, err := d.invokedAsBefore(ctx, list)
	if err != nil {
		return 0, err
	}
	return enter(ctx, d, truce.RecordCommitment, list, func(c truce.Commitment) error {
		if err := pledge.Validate(c); err != nil {
			return err
		}
		return access.EntersFor(p, access.EnterPromise, c.State)
	})
}

// invokedAsBefore gives promises that are entered the invocations that are on record. A file
// knows of none; what was read back and is entered again must have them as they are.
func (d *Desk) invokedAsBefore(ctx context.Context, list []truce.Commitment) ([]truce.Commitment, error) {
	rows, err := d.Store.Commitments(ctx, "")
	if err != nil {
		return nil, err
	}
	known := map[string][]truce.Invocation{}
	for _, row := range rows {
		known[row.ID] = row.Invoked
	}
	out := slices.Clone(list)
	for i := range out {
		c := &out[i]
		if len(c.Invoked) > 0 && !alike(c.Invoked, known[c.ID]) {
			return nil, truce.Errorf(truce.CodeInvalid, "commitment %.80q: its invocations are not those on record: leave \"invoked\" out, and record a step of one with truce pledge invoke", c.ID)
		}
		c.Invoked = known[c.ID]
	}
	return out, nil
}

func alike(a, b []truce.Invocation) bool {
	x, errX := truce.Canonical(a)
	y, errY := truce.Canonical(b)
	return errX == nil && errY == nil && slices.Equal(x, y)
}

// EnterContributions is EnterCommitments for contributions.
func (d *Desk) EnterContributions(ctx context.Context, p truce.Person, list []truce.Contribution) (int, error) {
	return enter(ctx, d, truce.RecordContribution, pledge.Contributions(list), func(c truce.Contribution) error {
		if err := pledge.ValidateContribution(c); err != nil {
			return err
		}
		return access.EntersFor(p, access.EnterSupply, c.State)
	})
}

// EnterRequirements is EnterCommitments for needs, which only the mechanism states.
func (d *Desk) EnterRequirements(ctx context.Context, p truce.Person, list []truce.Requirement) (int, error) {
	return enter(ctx, d, truce.RecordRequirement, pledge.Requirements(list), func(r truce.Requirement) error {
		if err := pledge.ValidateRequirement(r); err != nil {
			return err
		}
		return access.May(p, access.EnterNeed)
	})
}

// subjected is a thing that has a subject of its own.
type subjected interface{ Subject() string }

func enter[T subjected](ctx context.Context, d *Desk, kind truce.RecordKind, list []T, check func(T) error) (int, error) {
	var drafts []truce.Draft
	for _, v := range list {
		if err := check(v); err != nil {
			return 0, err
		}
		draft, changed, err := fresh(ctx, d, kind, v)
		if err != nil {
			return 0, err
		}
		if changed {
			drafts = append(drafts, draft)
		}
	}
	if len(drafts) == 0 {
		return 0, nil
	}
	_, err := d.append(ctx, drafts...)
	return len(drafts), err
}

// fresh makes the draft of a thing unless its newest record says the same.
func fresh[T subjected](ctx context.Context, d *Desk, kind truce.RecordKind, v T) (truce.Draft, bool, error) {
	last, err := d.Store.LastOf(ctx, v.Subject())
	if err != nil {
		return truce.Draft{}, false, err
	}
	draft, err := truce.NewDraft(kind, v.Subject(), fmt.Sprintf("%s/%d", v.Subject(), last), v)
	if err != nil {
		return truce.Draft{}, false, err
	}
	draft.Expect = &last
	if last == 0 {
		return draft, true, nil
	}
	before, err := d.Store.Record(ctx, last)
	return draft, err == nil && string(before.Body) != string(draft.Body), err
}

// Invoke records a step of a commitment's invocation in a case, marked with how things
// stand: too early a step, or one of a promise that is not in force, is recorded like any
// other and says so.
func (d *Desk) Invoke(ctx context.Context, p truce.Person, id string, in truce.CaseID, s truce.InvocationStep) (truce.Commitment, error) {
	c, err := d.commitment(ctx, id)
	if err != nil {
		return c, err
	}
	if err := access.May(p, access.Invoke); err != nil {
		return c, err
	}
	own := p.Role != truce.RoleGuarantor || p.State == c.State || s.State == truce.InvocationRequested
	if !own {
		return c, truce.Errorf(truce.CodeForbidden, "%s may request it, but only %s answers for its own promise", p.ID, c.State)
	}
	if in.IsZero() {
		return c, truce.Errorf(truce.CodeInvalid, "name the case in which %s is invoked", id)
	}
	k, err := d.load(ctx, in.String())
	if err != nil {
		return c, fmt.Errorf("%s is invoked in a case that is on record: %w", id, err)
	}
	if k.Case.State == truce.CaseClosed || k.Case.Summary.State == truce.CaseClosed {
		return c, truce.Errorf(truce.CodeConflict, "%s is closed: nothing is invoked in it, and no step of an invocation is added", k.Case.Summary.Number)
	}
	t, err := d.termsOf(ctx, k.Case)
	if err != nil {
		return c, err
	}
	s.By, s.At = p.ID, d.now()
	s = pledge.Marked(c, k.Case, t.machine.Terms, s)
	if c, err = pledge.Invoke(c, in, s); err != nil {
		return c, err
	}
	draft, _, err := fresh(ctx, d, truce.RecordCommitment, c)
	if err == nil {
		_, err = d.append(ctx, draft)
	}
	return c, err
}

func (d *Desk) commitment(ctx context.Context, id string) (truce.Commitment, error) {
	rows, err := d.Store.Commitments(ctx, "")
	if err != nil {
		return truce.Commitment{}, err
	}
	for _, row := range rows {
		if row.ID == id {
			return row.Commitment, nil
		}
	}
	return truce.Commitment{}, truce.Errorf(truce.CodeNotFound, "no commitment %.80q", id)
}

// Account is what is pledged and in place against the needs, as a person may see it.
func (d *Desk) Account(ctx context.Context, p truce.Person, days pledge.Days) ([]pledge.Line, error) {
	if !access.SeesTotals(p.Role) {
		return nil, truce.Errorf(truce.CodeForbidden, "%s (%s) does not see the account of contributions", p.ID, p.Role)
	}
	contributions, err := d.Store.Contributions(ctx, "")
	if err != nil {
		return nil, err
	}
	requirements, err := d.Store.Requirements(ctx)
	if err != nil {
		return nil, err
	}
	var list []truce.Contribution
	for _, row := range contributions {
		list = append(list, row.Contribution)
	}
	return SeenAccount(p, list, pledge.Standing(requirements), days)
}

// SeenAccount cuts the account to what a person may see of it. The public reads what is
// pledged and in place, of contributions that were made public, and no step between.
func SeenAccount(p truce.Person, list []truce.Contribution, needs []truce.Requirement, days pledge.Days) ([]pledge.Line, error) {
	if p.Withdrawn || !access.SeesTotals(p.Role) {
		return nil, truce.Errorf(truce.CodeForbidden, "%s (%s) does not see the account of contributions", p.ID, p.Role)
	}
	if p.Role == truce.RolePublic {
		list = slices.DeleteFunc(slices.Clone(list), func(c truce.Contribution) bool { return !c.Public })
	}
	lines := pledge.Account(list, needs, days)
	switch access.See(p.Role, access.ItemPledges) {
	case access.ViewAll:
		return lines, nil
	case access.ViewOwnTotals:
		return pledge.Seen(lines, p.State), nil
	}
	lines = pledge.Totals(lines)
	if p.Role == truce.RolePublic {
		for i := range lines {
			l := &lines[i]
			l.Amounts.Approved, l.Amounts.Capable, l.HoursADay, l.HoursNeed, l.HoursGap = 0, 0, 0, 0, 0
		}
	}
	return lines, nil
}

// Commitments are the promises a person sees in detail.
func (d *Desk) Commitments(ctx context.Context, p truce.Person) ([]truce.Commitment, error) {
	rows, err := d.Store.Commitments(ctx, "")
	if err != nil {
		return nil, err
	}
	var all []truce.Commitment
	for _, row := range rows {
		all = append(all, row.Commitment)
	}
	return SeenCommitments(p, all), nil
}

// SeenCommitments are those of the promises that a person sees in detail.
func SeenCommitments(p truce.Person, all []truce.Commitment) []truce.Commitment {
	var out []truce.Commitment
	for _, c := range all {
		if access.SeesCommitment(p, c) {
			out = append(out, c)
		}
	}
	return out
}

// Contributions are those a person sees in detail.
func (d *Desk) Contributions(ctx context.Context, p truce.Person) ([]truce.Contribution, error) {
	rows, err := d.Store.Contributions(ctx, "")
	if err != nil {
		return nil, err
	}
	var all []truce.Contribution
	for _, row := range rows {
		all = append(all, row.Contribution)
	}
	return SeenContributions(p, all), nil
}

// SeenContributions are those of the contributions that a person sees in detail.
func SeenContributions(p truce.Person, all []truce.Contribution) []truce.Contribution {
	var out []truce.Contribution
	for _, c := range all {
		if access.SeesContribution(p, c) {
			out = append(out, c)
		}
	}
	return out
}
