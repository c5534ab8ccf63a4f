package store

import (
	"slices"

	"github.com/trucewatch/truce"
)

// admitAlert wants the case an alert speaks of to be there; an alert of no case has none.
func (tx *writeTx) admitAlert(a *truce.Alert) error {
	if a.Case.IsZero() {
		return nil
	}
	var steps int64
	found, err := tx.row("SELECT steps FROM cases WHERE id = $1", []any{a.Case[:]}, &steps)
	if err == nil && !found {
		err = truce.Errorf(truce.CodeNotFound, "alert %s: there is no case %s", a.ID, a.Case)
	}
	return err
}

func (tx *writeTx) foldAlert(r truce.Record, a *truce.Alert) error {
	if a.ID.IsZero() || a.Kind == "" {
		return truce.Errorf(truce.CodeInvalid, "alert: needs an id and a kind")
	}
	if r.Subject != truce.AlertSubject(a.ID) {
		return truce.Errorf(truce.CodeInvalid, "alert: the record's subject is %q, want %q", r.Subject, truce.AlertSubject(a.ID))
	}
	if err := a.Validate(nil); err != nil {
		return err // which the parties are is for whoever knows the agreement
	}
	var seq int64
	found, err := tx.row("SELECT seq FROM alerts WHERE id = $1", []any{a.ID[:]}, &seq)
	if err == nil && found {
		err = truce.Errorf(truce.CodeConflict, "alert %s is record %d already; what changes is an alert of its own that refers to it", a.ID, seq)
	}
	if err != nil {
		return err
	}
	var asks truce.Role
	least := 0
	if a.Answer != nil {
		asks, least = a.Answer.Role, max(1, strength(a.Answer.Least))
	}
	err = tx.exec("INSERT INTO alerts (id, seq, case_id, kind, released, asks, least) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		a.ID[:], int64(r.Seq), a.Case[:], string(a.Kind), int64(a.Release), string(asks), int64(least))
	if err == nil {
		err = tx.foldRecipients(a)
	}
	if err != nil {
		return err
	}
	return tx.foldWakes(r, a.Wakes)
}

func (tx *writeTx) foldRecipients(a *truce.Alert) error {
	var recipients, outbox [][]any
	told := map[truce.PersonID]bool{}
	for _, to := range a.To {
		if to.Person == "" || told[to.Person] {
			return truce.Errorf(truce.CodeInvalid, "alert %s: the recipient %q has no name or is named twice", a.ID, to.Person)
		}
		told[to.Person] = true
		channel := truce.ChannelKind("")
		if len(to.Contacts) > 0 {
			channel = to.Contacts[0].Channel
		}
		recipients = append(recipients, []any{a.ID[:], string(to.Person), string(to.Role), string(to.State), string(to.Party), int64(len(to.Contacts))})
		outbox = append(outbox, []any{a.ID[:], string(to.Person), int64(0), string(channel), int64(0), "", int64(0), int64(a.Release), flag(len(to.Contacts) == 0)})
	}
	if err := tx.insert("alert_recipients (alert, person, role, state, party, contacts)", recipients, ""); err != nil {
		return err
	}
	return tx.insert("outbox (alert, person, contact, channel, attempt, state, made, due, over)", outbox, "")
}

// strength is the place of an acknowledgement among the kinds, 0 for none: each says more
// than those before it.
func strength(k truce.AcknowledgeKind) int {
	n := 0
	for _, o := range []truce.AcknowledgeKind{truce.AckDelivered, truce.AckRead, truce.AckReceived, truce.AckPosition} {
		if k.AtLeast(o) {
			n++
		}
	}
	return n
}

func deliveryStates() []truce.DeliveryState {
	return []truce.DeliveryState{truce.DeliveryBegun, truce.DeliverySent, truce.DeliveryFailed, truce.DeliveryUnsure, truce.DeliveryGivenUp}
}

// admitDelivery: an alert goes to those it names and to nobody before its time.
func (tx *writeTx) admitDelivery(d *truce.Delivery) error {
	var released, contacts int64
	found, err := tx.row("SELECT a.released, t.contacts FROM alerts a JOIN alert_recipients t ON t.alert = a.id WHERE a.id = $1 AND t.person = $2",
		[]any{d.Alert[:], string(d.Person)}, &released, &contacts)
	switch {
	case err != nil:
		return err
	case !found:
		return truce.Errorf(truce.CodeNotFound, "delivery: there is no alert %s to %s", d.Alert, d.Person)
	case d.Attempt > 0 && (d.Contact < 0 || int64(d.Contact) >= contacts):
		return truce.Errorf(truce.CodeInvalid, "delivery of %s to %s: contact %d, the alert has %d, counted from 0", d.Alert, d.Person, d.Contact, contacts)
	case int64(d.At) < released && (d.State == truce.DeliveryBegun || d.State == truce.DeliverySent):
		return truce.Errorf(truce.CodeInvalid, "delivery of %s to %s at %s: the alert is released at %s, nothing leaves before", d.Alert, d.Person, d.At, truce.Instant(released))
	}
	return nil
}

// foldDelivery takes attempt 0 for a person who need not be told any more: nothing was tried.
func (tx *writeTx) foldDelivery(r truce.Record, d *truce.Delivery) error {
	none := d.Attempt == 0 && d.State == truce.DeliveryGivenUp
	if d.Alert.IsZero() || d.Person == "" || d.Attempt < 1 && !none || !slices.Contains(deliveryStates(), d.State) {
		return truce.Errorf(truce.CodeInvalid, "delivery: needs an alert, a person, an attempt from 1 and one of the states %v", deliveryStates())
	}
	if err := tx.exec("INSERT INTO deliveries (seq, alert) VALUES ($1, $2)", int64(r.Seq), d.Alert[:]); err != nil {
		return err
	}
	if err := tx.foldOutbox(d); err != nil {
		return err
	}
	return tx.foldWakes(r, d.Wakes)
}

// foldOutbox moves a recipient's row to what its delivery has come to. Once sent it stays
// sent; else it is over when the last contact was given up.
func (tx *writeTx) foldOutbox(d *truce.Delivery) error {
	var contacts int64
	found, err := tx.row("SELECT contacts FROM alert_recipients WHERE alert = $1 AND person = $2", []any{d.Alert[:], string(d.Person)}, &contacts)
	if err != nil || !found {
		return err // the alert was erased
	}
	due := d.At
	if d.Next != 0 && (d.State == truce.DeliveryFailed || d.State == truce.DeliveryUnsure) {
		due = d.Next
	}
	over := d.State == truce.DeliverySent || d.State == truce.DeliveryGivenUp && (d.Attempt == 0 || int64(d.Contact)+1 >= contacts)
	return tx.exec(`UPDATE outbox SET contact = $1, channel = $2, attempt = $3, state = $4, made = $5, due = $6, over = $7
		WHERE alert = $8 AND person = $9 AND state <> 'sent'`,
		int64(d.Contact), string(d.Channel), int64(d.Attempt), string(d.State), int64(d.At), int64(due), flag(over), d.Alert[:], string(d.Person))
}

// admitAcknowledgement wants the alert to be there and the case to be the alert's.
func (tx *writeTx) admitAcknowledgement(a *truce.Acknowledgement) error {
	var raw []byte
	found, err := tx.row("SELECT case_id FROM alerts WHERE id = $1", []any{a.Alert[:]}, &raw)
	switch {
	case err != nil:
		return err
	case !found:
		return truce.Errorf(truce.CodeNotFound, "acknowledgement: there is no alert %s", a.Alert)
	case truce.CaseID(raw) != a.Case:
		return truce.Errorf(truce.CodeInvalid, "acknowledgement: alert %s is of case %s, not %s", a.Alert, truce.CaseID(raw), a.Case)
	}
	return nil
}

func (tx *writeTx) foldAcknowledgement(r truce.Record, a *truce.Acknowledgement) error {
	given := strength(a.Kind)
	if a.Alert.IsZero() || given == 0 && a.Kind != truce.AckNone {
		return truce.Errorf(truce.CodeInvalid, "acknowledgement: needs an alert and a kind, not %q", a.Kind)
	}
	if (a.Kind == truce.AckPosition) != (a.Position != "") {
		return truce.Errorf(truce.CodeInvalid, "acknowledgement: a position goes with the kind %s, and only with it", truce.AckPosition)
	}
	err := tx.exec(`INSERT INTO acknowledgements (seq, alert, case_id, role, state, party, person, kind, strength, made)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		int64(r.Seq), a.Alert[:], a.Case[:], string(a.Role), string(a.State), string(a.Party), string(a.Person), string(a.Kind), int64(given), int64(a.At))
	if err != nil {
		return err
	}
	return tx.foldWakes(r, a.Wakes)
}

// takeAlert removes an erased alert with its recipients; deliveries and answers stay.
func (tx *writeTx) takeAlert(seq truce.Seq) error {
	var id []byte
	found, err := tx.row("DELETE FROM alerts WHERE seq = $1 RETURNING id", []any{int64(seq)}, &id)
	if err != nil || !found {
		return err
	}
	if err := tx.exec("DELETE FROM alert_recipients WHERE alert = $1", id); err != nil {
		return err
	}
	return tx.exec("DELETE FROM outbox WHERE alert = $1", id)
}

// refuseRunning keeps an alert from being erased while a term of it runs or somebody has
// yet to be told.
func (tx *writeTx) refuseRunning(seq truce.Seq) error {
	var name string
	found, err := tx.row(`SELECT w.name FROM wakes w JOIN records r ON r.subject = w.subject WHERE r.seq = $1
		UNION ALL SELECT o.person FROM outbox o JOIN alerts a ON a.id = o.alert WHERE a.seq = $1 AND o.over = 0 LIMIT 1`, []any{int64(seq)}, &name)
	if err == nil && found {
		err = truce.Errorf(truce.CodeConflict, "the alert is not over (%s): wait until its terms have run out and everybody was told", name)
	}
	return err
}
