package guarantee

import (
	"context"
	"fmt"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/locating"
	"github.com/trucewatch/truce/assess/access"
)

// DecideArrivals signs and records what a person decided of what a network heard, if it can
// hold beside what else is in force. That the arrivals are there is asked before.
func (d *Desk) DecideArrivals(ctx context.Context, token Token, a truce.ArrivalDecision) (truce.ArrivalDecision, truce.Receipt, error) {
	p, err := d.Who(ctx, token)
	if err == nil {
		err = access.May(p, access.ReviewIt)
	}
	if err != nil {
		return a, truce.Receipt{}, err
	}
	last, err := d.Store.LastOf(ctx, a.Subject())
	if err != nil {
		return a, truce.Receipt{}, err
	}
	a.Person, a.At = p.ID, d.now()
	a.ID = truce.NewID(a.At, string(truce.RecordArrivalDecision), a.Network, fmt.Appendf(nil, "%d", last))
	before, err := d.ArrivalDecisions(ctx, a.Network)
	if err == nil {
		err = mayStand(before, a)
	}
	if err != nil {
		return a, truce.Receipt{}, err
	}
	if a.Signature, err = signed(p, token, truce.ArrivalDecisionTag, a.Unsigned()); err != nil {
		return a, truce.Receipt{}, err
	}
	if err := a.Validate(); err != nil {
		return a, truce.Receipt{}, err
	}
	draft, err := truce.NewDraft(truce.RecordArrivalDecision, a.Subject(), fmt.Sprintf("%s/%d", a.Subject(), last), a)
	if err != nil {
		return a, truce.Receipt{}, err
	}
	draft.Expect = &last
	receipt, err := d.append(ctx, draft)
	return a, receipt, err
}

// mayStand refuses a decision that those before it leave no room for.
func mayStand(before []truce.ArrivalDecision, a truce.ArrivalDecision) error {
	if len(before) >= truce.MaxArrivalDecisions {
		return truce.Errorf(truce.CodeTooLarge, "%d decisions of network %q are recorded, which is the most", len(before), a.Network)
	}
	inForce := locating.InForce(before)
	if a.Verdict != truce.ArrivalsLifted {
		return locating.Fits(inForce, a)
	}
	for _, b := range inForce {
		if b.ID == a.Lifts {
			return nil
		}
	}
	return truce.Errorf(truce.CodeNotFound, "no decision %s is in force; truce arrivals decisions lists them", a.Lifts)
}

// ArrivalDecisions are all decisions of what a network heard, lifted ones too, as they were
// made; those erased since are left out.
func (d *Desk) ArrivalDecisions(ctx context.Context, network string) ([]truce.ArrivalDecision, error) {
	records, err := d.Store.RecordsOf(ctx, truce.ArrivalDecision{Network: network}.Subject())
	if err != nil {
		return nil, err
	}
	var out []truce.ArrivalDecision
	for _, r := range records {
		if r.Erased() {
			continue
		}
		a, err := truce.DecodeBody[truce.ArrivalDecision](r)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}
