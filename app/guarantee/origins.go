package guarantee

import (
	"context"
	"fmt"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/assess/review"
)

// OriginSigned is what a step on the origin of an incident came to.
type OriginSigned struct {
	View     truce.OriginView
	State    review.OriginState
	Incident truce.Incident
	Changed  bool // what stands changed by this step
	Receipt  truce.Receipt
}

// SignOrigin signs and records one person's view of where an incident's fire began, or takes
// the person's own back. That the engagement may be shown and fits the incident is asked
// before. It changes no incident: findings rest on what stands when they are next made.
func (d *Desk) SignOrigin(ctx context.Context, token Token, v truce.OriginView) (OriginSigned, error) {
	p, err := d.Who(ctx, token)
	if err == nil {
		err = access.May(p, access.ReviewIt)
	}
	if err != nil {
		return OriginSigned{}, err
	}
	row, err := d.Store.Incident(ctx, v.Incident.String())
	if err != nil {
		return OriginSigned{}, err
	}
	before, err := d.Store.OriginViews(ctx, v.Incident)
	if err != nil {
		return OriginSigned{}, err
	}
	reporters, err := d.reporters(ctx, row.Incident)
	if err != nil {
		return OriginSigned{}, err
	}
	v.Person, v.At = p.ID, d.now()
	if err := review.CheckOrigin(review.OriginQuestion{View: v, Person: p, Incident: row.Incident, Reporters: reporters, Before: before}); err != nil {
		return OriginSigned{}, err
	}
	if v.Signature, err = signed(p, token, truce.OriginViewTag, v.Unsigned()); err != nil {
		return OriginSigned{}, err
	}
	if err := v.Validate(); err != nil {
		return OriginSigned{}, err
	}
	out := OriginSigned{View: v, Incident: row.Incident, State: review.SettleOrigin(row.Incident, append(before, v))}
	old := review.SettleOrigin(row.Incident, before)
	out.Changed = (old.Stands == nil) != (out.State.Stands == nil) || old.Stands != nil && fmt.Sprint(old.By) != fmt.Sprint(out.State.By)
	out.Receipt, err = d.recordOrigin(ctx, v)
	return out, err
}

func (d *Desk) recordOrigin(ctx context.Context, v truce.OriginView) (truce.Receipt, error) {
	last, err := d.Store.LastOf(ctx, v.Subject())
	if err != nil {
		return truce.Receipt{}, err
	}
	draft, err := truce.NewDraft(truce.RecordOriginView, v.Subject(), fmt.Sprintf("%s/%d", v.Subject(), last), v)
	if err != nil {
		return truce.Receipt{}, err
	}
	draft.Expect = &last
	return d.append(ctx, draft)
}
