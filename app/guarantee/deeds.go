package guarantee

import (
	"context"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/respond/ladder"
)

// Done is what a deed came to.
type Done struct {
	Case  truce.Case       `json:"case"` // after it
	Steps []truce.CaseStep `json:"steps"`
}

// Do signs a person's deed and appends what follows. A deed that names no step is taken to
// have seen the case as it stands.
func (d *Desk) Do(ctx context.Context, token Token, idOrNumber string, deed truce.Deed) (Done, error) {
	p, err := d.Who(ctx, token)
	if err != nil {
		return Done{}, err
	}
	if err := access.May(p, access.Verb(deed.Kind)); err != nil {
		return Done{}, err
	}
	deed.Person, deed.Office, deed.At = p.ID, p.Office, d.now()
	for try := 0; ; try++ {
		done, err := d.doOnce(ctx, token, p, idOrNumber, deed)
		if truce.CodeOf(err) != truce.CodeConflict || deed.After != 0 || try == maxRetries {
			return done, err
		}
	}
}

func (d *Desk) doOnce(ctx context.Context, token Token, p truce.Person, idOrNumber string, deed truce.Deed) (Done, error) {
	c, err := d.load(ctx, idOrNumber)
	if err != nil {
		return Done{}, err
	}
	if !access.SeesCase(p) && p.Role != truce.RoleParty {
		return Done{}, truce.Errorf(truce.CodeNotFound, "no case %.40q", idOrNumber)
	}
	t, err := d.termsOf(ctx, c.Case)
	if err != nil {
		return Done{}, err
	}
	deed.Case = c.Case.ID
	if deed.T0, err = d.zeroOf(ctx, c.Case, deed); err != nil {
		return Done{}, err
	}
	if deed.Clock != "" && deed.For == "" {
		deed.For = ownClock(c.Case, deed.Clock, p)
	}
	if deed.Kind == truce.DeedPause && deed.Until == 0 {
		deed.Until = askedUntil(c.Case, deed)
	}
	if deed.After == 0 {
		deed.After = c.Case.Steps
	}
	s, err := signed(p, token, truce.DeedTag, deed.Unsigned())
	if err != nil {
		return Done{}, err
	}
	deed.Signature = &s
	return d.perform(ctx, t, c, deed, p)
}

// perform does a signed deed.
func (d *Desk) perform(ctx context.Context, t *terms, c loaded, deed truce.Deed, p truce.Person) (Done, error) {
	if err := d.onRecord(ctx, deed); err != nil {
		return Done{}, err
	}
	m, failed := d.machineOf(ctx, t, c)
	steps, err := m.Do(c.Case, deed, p, d.now())
	if failed() != nil {
		return Done{}, failed()
	}
	if err != nil {
		return Done{}, err
	}
	return d.finish(ctx, t, c, deed, steps)
}

// onRecord checks that the observation or notification on which a zero point is to be
// moved is there and gives that time; what the case itself holds is looked up by the ladder.
func (d *Desk) onRecord(ctx context.Context, deed truce.Deed) error {
	if deed.Kind != truce.DeedMoveT0 || deed.T0 == nil || deed.T0.Evidence == nil {
		return nil
	}
	times, has, err := d.recordTimes(ctx, *deed.T0.Evidence)
	if err != nil || !has {
		return err
	}
	if why := times.Refuses(*deed.T0); why != "" {
		return truce.Errorf(truce.CodeInvalid, "%s", why)
	}
	return nil
}

// recordTimes are the times of an observation or a notification; false for records that a
// case holds itself. Of a notification the newest step that says when is taken.
func (d *Desk) recordTimes(ctx context.Context, e truce.T0Evidence) (ladder.RecordTimes, bool, error) {
	var t ladder.RecordTimes
	found := false
	switch e.Kind {
	case truce.EvidenceObservation:
		var id truce.ID
		if err := id.UnmarshalText([]byte(e.Record)); err != nil {
			return t, false, truce.Errorf(truce.CodeInvalid, "evidence: observation %.60q: its id has 26 characters, such as 01J5ZK3Q8RM4T0V7W2X9Y6B1CD", e.Record)
		}
		list, err := d.Store.ObservationsByID(ctx, []truce.ID{id})
		if err != nil {
			return t, false, err
		}
		for _, o := range list {
			found, t.Event, t.Detected = true, o.Phenomenon, truce.Instant(o.Received)
		}
	case truce.EvidenceNotification:
		list, err := d.Store.Notifications(ctx, truce.NotificationQuery{Number: e.Record})
		if err != nil {
			return t, false, err
		}
		for _, n := range list {
			if t.Detected == 0 {
				t.Detected = truce.Instant(n.Recorded)
			}
			if found = true; n.Activity != nil {
				t.Event = truce.PhenomenonTime{From: n.Activity.From, To: n.Activity.To}
			}
		}
	default:
		return t, false, nil
	}
	if !found {
		return t, false, truce.Errorf(truce.CodeNotFound, "evidence: no %s is on record", e)
	}
	return t, true, nil
}

// zeroOf completes what a person wishes of a zero point: where it stands, which who names
// no step has seen, and the time of the record where none is written.
func (d *Desk) zeroOf(ctx context.Context, c truce.Case, deed truce.Deed) (*truce.T0Change, error) {
	if deed.Kind != truce.DeedMoveT0 || deed.T0 == nil {
		return deed.T0, nil
	}
	z := *deed.T0
	if z.Old == 0 && deed.After == 0 {
		z.Old = c.T0[z.Basis]
	}
	if z.New != 0 || z.Evidence == nil {
		return &z, nil
	}
	times, _, err := d.recordTimes(ctx, *z.Evidence)
	z.New = times.Gives(z.Basis)
	return &z, err
}

// finish commits what follows from a deed. Of incidents that are put into another case both
// cases change in one commit, or neither does: none is ever in no case.
func (d *Desk) finish(ctx context.Context, t *terms, c loaded, deed truce.Deed, steps []truce.CaseStep) (Done, error) {
	drafts, _, err := d.stepDrafts(ctx, t, c, steps)
	if err != nil {
		return Done{}, err
	}
	if deed.Kind == truce.DeedMove {
		taken, err := d.taken(ctx, c.Case, deed)
		if err != nil {
			return Done{}, err
		}
		drafts = append(drafts, taken...)
	}
	if _, err := d.append(ctx, drafts...); err != nil {
		return Done{}, err
	}
	after := ladder.Clone(c.Case)
	for _, s := range steps {
		if err := ladder.Apply(&after, s); err != nil {
			return Done{}, err
		}
	}
	return Done{after, steps}, nil
}

// taken are the records of the case that takes the incidents which leave another.
func (d *Desk) taken(ctx context.Context, from truce.Case, deed truce.Deed) ([]truce.Draft, error) {
	to, err := d.load(ctx, deed.To.String())
	switch {
	case err != nil:
		return nil, err
	case to.Case.ID == from.ID:
		return nil, truce.Errorf(truce.CodeInvalid, "the incidents are in this case already")
	case to.Case.State != truce.CaseOpen:
		return nil, truce.Errorf(truce.CodeConflict, "case %s is closed: reopen it first", to.Case.Summary.Number)
	}
	var f ladder.Fact
	for _, i := range from.Incidents {
		if slices.Contains(deed.Moved, i.ID) {
			i.Gone = false
			f.Incidents = append(f.Incidents, i)
		}
	}
	t, err := d.termsOf(ctx, to.Case)
	if err != nil {
		return nil, err
	}
	m, failed := d.machineOf(ctx, t, to)
	steps := m.Take(to.Case, f, d.now())
	if failed() != nil {
		return nil, failed()
	}
	if len(steps) == 0 {
		return nil, truce.Errorf(truce.CodeConflict, "case %s takes none of these incidents: they were moved out of it by people", to.Case.Summary.Number)
	}
	drafts, _, err := d.stepDrafts(ctx, t, to, steps)
	return drafts, err
}

// askedUntil is until when a clock is asked to stand, so that who agrees signs that; 0 where
// nobody asks.
func askedUntil(c truce.Case, d truce.Deed) truce.Instant {
	for _, k := range slices.Backward(c.Clocks) {
		ofIt := k.For == d.For || d.For == "" && k.Owner.Role() == truce.RoleParty
		if k.ID == d.Clock && ofIt && k.Asked != nil {
			return k.Asked.Until
		}
	}
	return 0
}

// ownClock is whose clock a person means by its name alone: the own party's or state's,
// where each has one.
func ownClock(c truce.Case, clock string, p truce.Person) string {
	own := string(p.Party) + string(p.State)
	if slices.ContainsFunc(c.Clocks, func(k truce.CaseClock) bool { return k.ID == clock && k.For == own }) {
		return own
	}
	return ""
}
