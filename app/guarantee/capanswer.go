package guarantee

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/respond/alert/capxml"
)

// CAPSender is in whose name the alerts of this store go out as CAP: no other store has it.
func (d *Desk) CAPSender(ctx context.Context) (string, truce.Inception, error) {
	first, err := d.Store.Record(ctx, 1)
	if err != nil {
		return "", truce.Inception{}, err
	}
	inception, err := truce.DecodeBody[truce.Inception](first)
	return "truce." + inception.Store, inception, err
}

// CAPAnswer is what a CAP message came to for one alert.
type CAPAnswer struct {
	Acknowledgement truce.Acknowledgement `json:"acknowledgement"`
	Seq             truce.Seq             `json:"seq"`
	Known           bool                  `json:"known,omitempty"` // it was on record before, and nothing was recorded now
}

// AcknowledgeCAP records the answer in a CAP document, an Ack or an Error, to every alert it
// refers to, or to none. It is signed by whose the token is; what the document says of its
// sender must agree. The same message again, or one of ours, changes nothing.
func (d *Desk) AcknowledgeCAP(ctx context.Context, token Token, document []byte) ([]CAPAnswer, error) {
	p, err := d.Who(ctx, token)
	if err != nil {
		return nil, err
	}
	message, err := onlyMessage(document)
	if err != nil {
		return nil, err
	}
	ours, _, err := d.CAPSender(ctx)
	if err != nil {
		return nil, err
	}
	by := capxml.Receiver{Ours: ours, Realm: d.Store.Realm(), Person: p.ID, Now: d.Now()}
	for _, c := range p.Contacts {
		if c.Channel == truce.ChannelEmail {
			by.Known = append(by.Known, c.Address)
		}
	}
	said, err := capxml.ReadAnswer(message, by)
	if err != nil {
		return nil, err
	}
	for try := 0; ; try++ {
		out, err := d.recordCAP(ctx, p, token, said)
		if truce.CodeOf(err) != truce.CodeConflict || try == maxRetries {
			return out, err
		}
	}
}

// onlyMessage reads the one CAP message of a document: the document itself, or what an
// envelope such as EDXL-DE brings. What the envelope says is not looked at.
func onlyMessage(document []byte) (capxml.Alert, error) {
	messages, err := capxml.DecodeWithin(document)
	switch {
	case err != nil:
		return capxml.Alert{}, err
	case len(messages) == 0:
		return capxml.Decode(document) // says what stands there instead
	case len(messages) > 1:
		return capxml.Alert{}, truce.Errorf(truce.CodeInvalid, "cap: the document holds %d messages: send each answer in a document of its own", len(messages))
	}
	return messages[0], nil
}

// recordCAP records what is not on record yet, all or nothing.
func (d *Desk) recordCAP(ctx context.Context, p truce.Person, token Token, said capxml.Answered) ([]CAPAnswer, error) {
	var out []CAPAnswer
	var drafts []truce.Draft
	seen := map[truce.AlertID]bool{}
	for _, ref := range said.To {
		a, err := d.referred(ctx, p, ref, said.Sent)
		if err != nil {
			return nil, err
		}
		if seen[a.ID] {
			continue
		}
		seen[a.ID] = true
		known, err := d.answeredBefore(ctx, p.ID, a.ID, said.Via)
		if err != nil {
			return nil, err
		}
		if known != nil {
			out = append(out, CAPAnswer{known.Acknowledgement, known.Seq, true})
			continue
		}
		ack, draft, err := d.answer(ctx, p, token, a, truce.Acknowledgement{Kind: said.Kind, Position: said.Position, Text: said.Text, Via: said.Via})
		if err != nil {
			return nil, err
		}
		out, drafts = append(out, CAPAnswer{Acknowledgement: ack}), append(drafts, draft)
	}
	if len(drafts) == 0 {
		return out, nil
	}
	receipt, err := d.append(ctx, drafts...)
	if err != nil {
		return nil, err
	}
	next := 0
	for i := range out {
		if !out[i].Known {
			out[i].Seq = receipt.Seqs[next]
			next++
		}
	}
	return out, nil
}

// referred finds the alert of a reference. One that the person cannot see is as good as none.
func (d *Desk) referred(ctx context.Context, p truce.Person, ref capxml.Reference, sent time.Time) (truce.Alert, error) {
	var id truce.AlertID
	if err := id.UnmarshalText([]byte(ref.Identifier)); err != nil {
		return truce.Alert{}, truce.Errorf(truce.CodeInvalid, "cap: references: %.80q is no identifier of an alert", ref.Identifier)
	}
	row, err := d.Store.Alert(ctx, id)
	if truce.CodeOf(err) == truce.CodeNotFound || err == nil && (!access.SeesAlert(p, row.Alert) || row.Release > d.now()) {
		return truce.Alert{}, truce.Errorf(truce.CodeNotFound, "cap: references: there is no alert %s", id)
	}
	if err != nil {
		return truce.Alert{}, err
	}
	release := row.Release.Time().Truncate(time.Second)
	if !ref.Sent.Equal(release) {
		return truce.Alert{}, truce.Errorf(truce.CodeInvalid, "cap: references: alert %s was sent at %s, not %s", id, release.Format(time.RFC3339), ref.Sent.Format(time.RFC3339))
	}
	if sent.Before(release) {
		return truce.Alert{}, truce.Errorf(truce.CodeInvalid, "cap: sent: lies before alert %s was released", id)
	}
	return row.Alert, nil
}

// answeredBefore finds the answer a message is on record as, or was written from.
func (d *Desk) answeredBefore(ctx context.Context, p truce.PersonID, id truce.AlertID, via string) (*truce.AcknowledgementRow, error) {
	ours, _, err := d.CAPSender(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := d.Store.Acknowledgements(ctx, truce.AcknowledgementQuery{Alert: id, Person: p})
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(rows, func(row truce.AcknowledgementRow) bool {
		return row.Via == via || capxml.Via(capxml.SenderOf(p, ours), capxml.AnswerID(row.Acknowledgement), row.At.Time()) == via
	})
	if at < 0 {
		return nil, nil //nolint:nilnil // not on record
	}
	return &rows[at], nil
}

// AnswerAsCAP is the last answer of a person to an alert as a CAP document, for those whom
// shows lets see it.
func (d *Desk) AnswerAsCAP(ctx context.Context, id truce.AlertID, of truce.PersonID, shows func(truce.Acknowledgement) bool) ([]byte, error) {
	row, err := d.Store.Alert(ctx, id)
	if err != nil {
		return nil, err
	}
	rows, err := d.Store.Acknowledgements(ctx, truce.AcknowledgementQuery{Alert: id})
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(r truce.AcknowledgementRow) bool {
		return r.Person != of || r.Kind == truce.AckNone || !shows(r.Acknowledgement)
	})
	if of == "" || len(rows) == 0 {
		return nil, truce.Errorf(truce.CodeNotFound, "there is no answer of %.64s to alert %s", string(of), id)
	}
	ours, _, err := d.CAPSender(ctx)
	if err != nil {
		return nil, err
	}
	last := slices.MaxFunc(rows, func(a, b truce.AcknowledgementRow) int { return cmp.Compare(a.Seq, b.Seq) })
	message, err := capxml.Acknowledged(row.Alert, last.Acknowledgement, ours)
	if err != nil {
		return nil, err
	}
	return capxml.Encode(message)
}
