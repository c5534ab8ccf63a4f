package capxml

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// An acknowledgement of ours says in code elements what CAP has no word for.
const (
	kindCode     = "truce:ack:"
	positionCode = "truce:position:"
)

// SenderOf is the name under which a person's acknowledgements leave: no other mission has it.
func SenderOf(p truce.PersonID, ours string) string { return string(p) + "." + ours }

// AnswerID is the identifier of an acknowledgement of ours.
func AnswerID(a truce.Acknowledgement) string {
	return a.Alert.String() + "." + string(a.Person) + "." + strconv.FormatInt(int64(a.At), 10)
}

// Via names a message: its sender, identifier and time, as references do.
func Via(sender, identifier string, sent time.Time) string {
	return sender + "," + identifier + "," + instant(sent)
}

// Acknowledged is an answer on record as a message to who sent the alert, which is us: Ack,
// or Error where it objects. That nobody answered is no message.
func Acknowledged(of truce.Alert, a truce.Acknowledgement, ours string) (Alert, error) {
	if a.Person == "" || a.Kind == truce.AckNone {
		return Alert{}, truce.Errorf(truce.CodeConflict, "cap: that there was no answer is a record and no message")
	}
	out := Alert{
		Identifier: AnswerID(a), Sender: SenderOf(a.Person, ours), Sent: a.At.Time().Truncate(time.Second), Status: statusOf(of.Realm), MsgType: TypeAck,
		Scope: ScopePrivate, Addresses: []string{ours}, Codes: []string{kindCode + string(a.Kind)}, Note: a.Text,
		References: []Reference{{ours, of.ID.String(), of.Release.Time()}},
	}
	if a.Position != "" {
		out.Codes = append(out.Codes, positionCode+string(a.Position))
	}
	if a.Position == truce.PositionObject {
		out.MsgType = TypeError
	}
	return out, out.Validate()
}

func statusOf(r truce.Realm) Status {
	if r.Exercise() {
		return StatusExercise
	}
	return StatusActual
}

// Receiver says who gave us a message, and when. The message itself is believed in neither.
type Receiver struct {
	Ours   string // the sender of our alerts
	Realm  truce.Realm
	Person truce.PersonID
	Known  []string // the names under which the person may send besides the person's id, e.g. mail addresses
	Now    time.Time
}

// Answered is an acknowledgement as a message has it.
type Answered struct {
	To       []Reference // alerts of ours; that they are on record is not known here
	Kind     truce.AcknowledgeKind
	Position truce.Position
	Text     string
	Sent     time.Time
	Via      string // the message: its sender,identifier,sent
}

// ReadAnswer reads what a message answers and what it says. An Ack without a code of ours
// says that the alert was delivered, and no more: programs acknowledge, too. An Error is an
// objection, and says why in its note.
func ReadAnswer(a Alert, by Receiver) (Answered, error) {
	out := Answered{To: a.References, Text: a.Note, Sent: a.Sent, Via: Via(a.Sender, a.Identifier, a.Sent)}
	if err := by.check(a); err != nil {
		return Answered{}, err
	}
	if err := out.codes(a); err != nil {
		return Answered{}, err
	}
	switch {
	case a.MsgType == TypeError && strings.TrimSpace(a.Note) == "":
		return Answered{}, a.invalid("note: is missing; an Error is recorded as an objection and says why")
	case out.Kind == "" && a.MsgType == TypeError:
		out.Kind, out.Position = truce.AckPosition, truce.PositionObject
	case out.Kind == "":
		out.Kind = truce.AckDelivered
	}
	if (a.MsgType == TypeError) != (out.Position == truce.PositionObject) {
		return Answered{}, a.invalid("msgType %s: an objection is an Error and every other answer an Ack; the code says %s %s", a.MsgType, out.Kind, out.Position)
	}
	return out, nil
}

// check holds a message against who gave it to us.
func (by Receiver) check(a Alert) error {
	sender := func(name string) bool { return strings.EqualFold(name, a.Sender) }
	switch {
	case a.MsgType != TypeAck && a.MsgType != TypeError:
		return a.invalid("msgType %s: Ack and Error are taken here, nothing else", a.MsgType)
	case a.Status != statusOf(by.Realm):
		return a.invalid("status %s: this is the realm %s, which takes %s", a.Status, by.Realm, statusOf(by.Realm))
	case len(a.Sender) > MaxName || len(a.Identifier) > MaxName:
		return a.invalid("sender and identifier have at most %d bytes each", MaxName)
	case !slices.ContainsFunc(append([]string{string(by.Person), SenderOf(by.Person, by.Ours)}, by.Known...), sender):
		return a.invalid("sender %.80q: %s is signed in; write %s, or an address that is on record for %s", a.Sender, by.Person, SenderOf(by.Person, by.Ours), by.Person)
	case a.Sent.After(by.Now.Add(signedAhead)):
		return a.invalid("sent %s: lies ahead", instant(a.Sent))
	case len(a.Addresses) > 0 && !slices.Contains(a.Addresses, by.Ours):
		return a.invalid("addresses: name others than %s, who sent the alert", by.Ours)
	case len(a.Infos) > 0:
		return a.invalid("info: nothing of it would be recorded; say it in the note")
	case len(a.References) > MaxReferences:
		return a.invalid("references: %d, at most %d are taken", len(a.References), MaxReferences)
	}
	for _, r := range a.References {
		if r.Sender != by.Ours {
			return a.invalid("references: %.80q did not send it from here; the alerts of this mission are those of %s", r.Sender, by.Ours)
		}
	}
	return nil
}

// codes reads our codes; those of others mean nothing here.
func (out *Answered) codes(a Alert) error {
	for _, code := range a.Codes {
		switch kind, position := strings.TrimPrefix(code, kindCode), strings.TrimPrefix(code, positionCode); {
		case kind != code && out.Kind == "" && truce.AcknowledgeKind(kind).AtLeast(truce.AckDelivered):
			out.Kind = truce.AcknowledgeKind(kind)
		case position != code && out.Position == "" && slices.Contains([]truce.Position{truce.PositionAgree, truce.PositionReserve, truce.PositionObject}, truce.Position(position)):
			out.Position = truce.Position(position)
		case strings.HasPrefix(code, "truce:"):
			return a.invalid("code %.60q: write one of %sdelivered, read, received_by_authority or position_taken, and with the last one of %sagree, reserve or object", code, kindCode, positionCode)
		}
	}
	if (out.Kind == truce.AckPosition) != (out.Position != "") {
		return a.invalid("code: a position (%sagree, reserve or object) goes with %sposition_taken, and with nothing else", positionCode, kindCode)
	}
	return nil
}
