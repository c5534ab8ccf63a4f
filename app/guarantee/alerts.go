package guarantee

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/respond/alert"
	"github.com/trucewatch/truce/respond/ladder"
)

// alertsOf composes what people are told of a step.
func (d *Desk) alertsOf(t *terms, c truce.Case, s truce.CaseStep, earlier []alert.Box) ([]truce.Alert, error) {
	in := d.input(t, c, earlier)
	in.Step = s
	out, err := alert.Compose(in)
	return out.Alerts, err
}

func (d *Desk) input(t *terms, c truce.Case, earlier []alert.Box) alert.Input {
	return alert.Input{
		Ladder: t.machine.Terms, Case: c, People: t.posts, Parties: t.machine.Parties, Earlier: earlier,
		Areas: t.areas, Replies: t.replies, Realm: d.Store.Realm(), Now: d.now(), Margin: d.Margin, Ground: ladder.GroundText,
	}
}

// boxesOf are the alerts of a case so far, with what became of them.
func (d *Desk) boxesOf(ctx context.Context, id truce.CaseID) ([]alert.Box, error) {
	rows, err := d.Store.Alerts(ctx, truce.AlertQuery{Case: id})
	if err != nil {
		return nil, err
	}
	out := make([]alert.Box, 0, len(rows))
	for i := len(rows) - 1; i >= 0; i-- { // oldest first
		box, err := d.box(ctx, rows[i].Alert)
		if err != nil {
			return nil, err
		}
		out = append(out, box)
	}
	return out, nil
}

func (d *Desk) box(ctx context.Context, a truce.Alert) (alert.Box, error) {
	b := alert.Box{Alert: a}
	deliveries, err := d.Store.Deliveries(ctx, a.ID)
	if err != nil {
		return b, err
	}
	for _, row := range deliveries {
		b.Deliveries = append(b.Deliveries, row.Delivery)
	}
	answers, err := d.Store.Acknowledgements(ctx, truce.AcknowledgementQuery{Alert: a.ID})
	if err != nil {
		return b, err
	}
	for _, row := range answers {
		b.Answers = append(b.Answers, row.Acknowledgement)
	}
	return b, nil
}

func entryDraft(e alert.Entry) (truce.Draft, error) {
	return truce.NewDraft(e.Kind, e.Subject, e.Key, e.Body)
}

// Outbox is the desk as the courier sees it.
type Outbox struct{ Desk *Desk }

// Append records one step of the courier's. A key that was there before, with the same
// body or another, is somebody else's attempt.
func (o Outbox) Append(ctx context.Context, e alert.Entry) (bool, error) {
	draft, err := entryDraft(e)
	if err != nil {
		return false, err
	}
	receipt, err := o.Desk.append(ctx, draft)
	if truce.CodeOf(err) == truce.CodeConflict {
		return false, nil
	}
	return err == nil && !receipt.Duplicate[0], err
}

// Due reads the alerts that have a wake due.
func (o Outbox) Due(ctx context.Context, now truce.Instant) ([]alert.Box, error) {
	wakes, err := o.Desk.Store.DueWakesOf(ctx, "alert", now, wakesAtOnce)
	if err != nil {
		return nil, err
	}
	left, err := o.Desk.left(ctx, len(wakes) > 0)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	var out []alert.Box
	for _, w := range wakes {
		text := strings.TrimPrefix(w.Subject, "alert/")
		if seen[w.Subject] {
			continue
		}
		seen[w.Subject] = true
		var id truce.AlertID
		if err := id.UnmarshalText([]byte(text)); err != nil {
			return nil, err
		}
		row, err := o.Desk.Store.Alert(ctx, id)
		if err != nil {
			return nil, err
		}
		box, err := o.Desk.box(ctx, row.Alert)
		if err == nil {
			err = o.Desk.followed(ctx, &box, now)
		}
		if err != nil {
			return nil, err
		}
		for _, to := range row.To {
			if left[to.Person] {
				box.Left = append(box.Left, to.Person)
			}
		}
		out = append(out, box)
	}
	return out, nil
}

// left are the people who were withdrawn; nobody is looked for when nothing is due.
func (d *Desk) left(ctx context.Context, due bool) (map[truce.PersonID]bool, error) {
	out := map[truce.PersonID]bool{}
	if !due {
		return out, nil
	}
	people, err := d.Store.People(ctx)
	for _, p := range people {
		if p.Withdrawn {
			out[p.ID] = true
		}
	}
	return out, err
}

// Referred are the alerts on record that one refers to, in its order.
func (d *Desk) Referred(ctx context.Context, a truce.Alert) ([]truce.Alert, error) {
	out := make([]truce.Alert, 0, len(a.References))
	for _, id := range a.References {
		row, err := d.Store.Alert(ctx, id)
		if truce.CodeOf(err) == truce.CodeNotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, row.Alert)
	}
	return out, nil
}

// followed finds what an alert refers to, and what later alerts of its case made of it: that
// they took it back, brought it up to date, or go out in its place.
func (d *Desk) followed(ctx context.Context, b *alert.Box, now truce.Instant) error {
	var err error
	if b.Refers, err = d.Referred(ctx, b.Alert); err != nil {
		return err
	}
	rows, err := d.Store.Alerts(ctx, truce.AlertQuery{Case: b.Alert.Case, Brief: true})
	if err != nil {
		return err
	}
	list := make([]truce.Alert, len(rows))
	for i, row := range rows {
		list[i] = row.Alert
	}
	if err := d.instead(ctx, b, list); err != nil {
		return err
	}
	b.Cancelled, b.Newest = alert.EndedAt(b.Alert, list), nil
	newest, ok := alert.NewestOf(b.Alert, list, now)
	if !ok || b.Cancelled != 0 {
		return nil
	}
	row, err := d.Store.Alert(ctx, newest)
	b.Newest = &row.Alert
	return err
}

// instead reads in full the alerts that go out in place of one.
func (d *Desk) instead(ctx context.Context, b *alert.Box, ofCase []truce.Alert) error {
	var later []truce.Alert
	for _, a := range ofCase {
		if !alert.MayGive(b.Alert, a) {
			continue
		}
		row, err := d.Store.Alert(ctx, a.ID)
		if err != nil {
			return err
		}
		later = append(later, row.Alert)
	}
	b.Instead = alert.InsteadOf(b.Alert, later)
	return nil
}

// Trouble records the alerts to the mechanism about one that cannot be brought to somebody,
// or that reached the parties apart: for the courier's configuration.
func (d *Desk) Trouble(ctx context.Context, b alert.Box, _ alert.Report) error {
	d.trouble.Lock() // alerts are served side by side, and what one adds to the other must see
	defer d.trouble.Unlock()
	drafts, err := d.troubleDrafts(ctx, b)
	for try := 0; err == nil && len(drafts) > 0; try++ {
		var fence *truce.Fence
		if fence, err = d.troubleFence(ctx, b.Alert.Case); err != nil {
			break
		}
		if drafts, err = d.troubleDrafts(ctx, b); err != nil || len(drafts) == 0 {
			break // another replica was faster, and has said it
		}
		_, err = d.Store.Append(ctx, truce.Batch{Drafts: drafts, Fence: fence})
		if truce.CodeOf(err) != truce.CodeConflict || try == maxRetries {
			break
		}
		err = nil
	}
	return err
}

// troubleFence makes one of all replicas say what trouble there is with the alerts of a case:
// who took it last. What another composed from what it had read before is refused, and read
// and composed again; it then names the people of both.
func (d *Desk) troubleFence(ctx context.Context, id truce.CaseID) (*truce.Fence, error) {
	name := "trouble/" + id.String()
	epoch, err := d.Store.AcquireLease(ctx, name, "digest", time.Second) // every holder has one name, so that nobody waits
	return &truce.Fence{Lease: name, Epoch: epoch}, err
}

// troubleDrafts are the records of what is to be said now.
func (d *Desk) troubleDrafts(ctx context.Context, b alert.Box) ([]truce.Draft, error) {
	c, err := d.load(ctx, b.Alert.Case.String())
	if err != nil {
		return nil, err
	}
	t, err := d.termsOf(ctx, c.Case)
	if err != nil {
		return nil, err
	}
	earlier, err := d.boxesOf(ctx, c.Case.ID)
	if err != nil {
		return nil, err
	}
	out, err := alert.Troubles(d.input(t, c.Case, earlier), b)
	if err != nil {
		return nil, err
	}
	var drafts []truce.Draft
	for _, a := range out.Alerts {
		if slices.ContainsFunc(earlier, func(o alert.Box) bool { return o.Alert.ID == a.ID }) {
			continue // it was told before
		}
		draft, err := entryDraft(alert.AlertEntry(a))
		if err != nil {
			return nil, err
		}
		drafts = append(drafts, draft)
	}
	return drafts, nil
}

// NextWake is when something is due next, of a case or an alert.
func (o Outbox) NextWake(ctx context.Context) (truce.Instant, bool, error) {
	at, err := o.Desk.Store.NextWake(ctx)
	return at, at != 0, err
}

// Acknowledge signs and records an answer to an alert. Who was not told of it does not
// answer it.
func (d *Desk) Acknowledge(ctx context.Context, token Token, id truce.AlertID, kind truce.AcknowledgeKind, position truce.Position, text string) (truce.Acknowledgement, truce.Receipt, error) {
	p, err := d.Who(ctx, token)
	if err != nil {
		return truce.Acknowledgement{}, truce.Receipt{}, err
	}
	row, err := d.Store.Alert(ctx, id)
	if err != nil {
		return truce.Acknowledgement{}, truce.Receipt{}, err
	}
	ack, draft, err := d.answer(ctx, p, token, row.Alert, truce.Acknowledgement{Kind: kind, Position: position, Text: text})
	if err != nil {
		return ack, truce.Receipt{}, err
	}
	receipt, err := d.append(ctx, draft)
	return ack, receipt, err
}

// answer signs what somebody says to an alert, and marks what follows from its term. What
// came in a message is one record however often it comes.
func (d *Desk) answer(ctx context.Context, p truce.Person, token Token, a truce.Alert, said truce.Acknowledgement) (truce.Acknowledgement, truce.Draft, error) {
	if err := mayAnswer(p, a, said.Kind, said.Position); err != nil {
		return said, truce.Draft{}, err
	}
	if err := truce.CheckLength("the text of the answer", said.Text, truce.MaxWords); err != nil {
		return said, truce.Draft{}, err
	}
	box, err := d.box(ctx, a)
	if err != nil {
		return said, truce.Draft{}, err
	}
	ack := truce.Acknowledgement{Alert: a.ID, Case: a.Case, Kind: said.Kind, Position: said.Position, Person: p.ID, Office: p.Office, Role: p.Role,
		State: p.State, Party: p.Party, At: d.now(), Text: truce.CleanText(said.Text), Via: said.Via}
	s, err := signed(p, token, truce.AckTag, ack.Unsigned())
	if err != nil {
		return ack, truce.Draft{}, err
	}
	ack = alert.Mark(box, ack)
	ack.Signature = &s
	which := ack.At.String()
	if ack.Via != "" {
		which = "cap/" + truce.HashOf([]byte(ack.Via)).String()
	}
	draft, err := truce.NewDraft(truce.RecordAcknowledgement, truce.AlertSubject(a.ID), "answer/"+a.ID.String()+"/"+string(p.ID)+"/"+which, ack)
	return ack, draft, err
}

func mayAnswer(p truce.Person, a truce.Alert, kind truce.AcknowledgeKind, position truce.Position) error {
	if err := access.May(p, access.Acknowledge); err != nil {
		return err
	}
	told := false
	for _, r := range a.To {
		told = told || r.Role == p.Role && r.State == p.State && r.Party == p.Party
	}
	switch {
	case !told || !access.SeesAlert(p, a):
		return truce.Errorf(truce.CodeForbidden, "%s was not told of alert %s and does not answer it", p.ID, a.ID)
	case !kind.AtLeast(truce.AckDelivered):
		return truce.Errorf(truce.CodeInvalid, "acknowledgement %.40q: write delivered, read, received_by_authority or position_taken", string(kind))
	case (kind == truce.AckPosition) != (position != ""):
		return truce.Errorf(truce.CodeInvalid, "a position (agree, reserve or object) goes with position_taken, and with nothing else")
	}
	switch position {
	case "", truce.PositionAgree, truce.PositionReserve, truce.PositionObject:
		return nil
	}
	return truce.Errorf(truce.CodeInvalid, "position %.40q: write agree, reserve or object", string(position))
}
