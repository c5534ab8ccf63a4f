package guarantee

import (
	"context"
	"fmt"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/assess/review"
)

// Attributed is what a signature under an attribution came to.
type Attributed struct {
	Attribution truce.Attribution
	Stands      bool // two persons have signed it
	Receipt     truce.Receipt
}

// Attribute signs and records an attribution. The first person's signature proposes it;
// it stands when a second person signs the very same statement. A withdrawal stands by
// itself.
func (d *Desk) Attribute(ctx context.Context, token Token, a truce.Attribution) (Attributed, error) {
	p, err := d.Who(ctx, token)
	if err != nil {
		return Attributed{}, err
	}
	if err := access.May(p, access.Attribute); err != nil {
		return Attributed{}, err
	}
	row, err := d.Store.Incident(ctx, a.Incident.String())
	if err != nil {
		return Attributed{}, err
	}
	before, err := d.attributions(ctx, a.Incident)
	if err != nil {
		return Attributed{}, err
	}
	if a.Withdrawn && a.Level == "" {
		if a, err = takenBack(before, row.Incident); err != nil {
			return Attributed{}, err
		}
	}
	a.Revision = row.Incident.Revision
	if err := review.CheckAttribution(a, row.Incident, row.Incident.Occurrence, p); err != nil {
		return Attributed{}, err
	}
	if err := d.knownParty(ctx, a.Party); err != nil {
		return Attributed{}, err
	}
	if proposal, same, err := proposed(before, a); err != nil {
		return Attributed{}, err
	} else if same {
		a = proposal
	}
	s, err := signed(p, token, review.AttributionTag, review.Statement(a))
	if err != nil {
		return Attributed{}, err
	}
	return d.recordAttribution(ctx, review.Signed(a, p.ID, s, d.now()))
}

// takenBack is the withdrawal of the view that stands, in its own words and under no signature yet.
func takenBack(before []truce.Attribution, i truce.Incident) (truce.Attribution, error) {
	a, stands := review.Standing(before, i.Occurrence)
	if !stands {
		return a, truce.Errorf(truce.CodeConflict, "attribution: no view on responsibility for incident %s stands: there is nothing to withdraw", i.Number)
	}
	a.Withdrawn, a.People, a.Signatures, a.At = true, nil, nil, 0
	return a, nil
}

// knownParty refuses a party that the agreement does not have; "" is nobody. Before
// there is an agreement nobody knows them.
func (d *Desk) knownParty(ctx context.Context, p truce.PartyID) error {
	if p == "" {
		return nil
	}
	t, err := d.terms(ctx)
	switch {
	case truce.CodeOf(err) == truce.CodeNotFound: // no agreement, or one without a ladder
		return nil
	case err != nil:
		return err
	}
	if !slices.Contains(t.machine.Parties, p) {
		return truce.Errorf(truce.CodeInvalid, "attribution: %.40q is no party of the agreement; write one of %v", string(p), t.machine.Parties)
	}
	return nil
}

// proposed finds the newest attribution if it waits for a second signature and says the same.
func proposed(before []truce.Attribution, a truce.Attribution) (truce.Attribution, bool, error) {
	if len(before) == 0 {
		return a, false, nil
	}
	newest := before[len(before)-1]
	x, err := truce.Canonical(review.Statement(newest))
	if err != nil {
		return a, false, err
	}
	y, err := truce.Canonical(review.Statement(a))
	return newest, err == nil && len(newest.People) == 1 && slices.Equal(x, y), err
}

func (d *Desk) recordAttribution(ctx context.Context, a truce.Attribution) (Attributed, error) {
	subject := "attribution/" + a.Incident.String()
	last, err := d.Store.LastOf(ctx, subject)
	if err != nil {
		return Attributed{}, err
	}
	draft, err := truce.NewDraft(truce.RecordAttribution, subject, fmt.Sprintf("%s/%d", subject, last), a)
	if err != nil {
		return Attributed{}, err
	}
	draft.Expect = &last
	receipt, err := d.append(ctx, draft)
	return Attributed{a, len(a.People) >= 2 && !a.Withdrawn, receipt}, err
}

func (d *Desk) attributions(ctx context.Context, id truce.ID) ([]truce.Attribution, error) {
	rows, err := d.Store.Attributions(ctx, id)
	out := make([]truce.Attribution, len(rows))
	for i, row := range rows {
		out[i] = row.Attribution
	}
	return out, err
}
