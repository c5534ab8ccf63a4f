package capxml_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert/capxml"
)

const ourSender = "truce.5tore"

func ack(kind truce.AcknowledgeKind, position truce.Position) truce.Acknowledgement {
	return truce.Acknowledgement{Alert: ours().ID, Case: ours().Case, Kind: kind, Position: position, Person: "fa-duty", Role: truce.RoleGuarantor, State: "FA",
		At: release.Add(90 * time.Second), Text: "the <minister> & the chair have it"}
}

func acknowledgements() map[string]truce.Acknowledgement {
	return map[string]truce.Acknowledgement{
		"ack-delivered": ack(truce.AckDelivered, ""), "ack-received": ack(truce.AckReceived, ""),
		"ack-agree": ack(truce.AckPosition, truce.PositionAgree), "ack-object": ack(truce.AckPosition, truce.PositionObject),
	}
}

func acknowledged(t testing.TB, a truce.Acknowledgement) capxml.Alert {
	t.Helper()
	out, err := capxml.Acknowledged(ours(), a, ourSender)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func receiver() capxml.Receiver {
	return capxml.Receiver{Ours: ourSender, Realm: truce.RealmReal, Person: "fa-duty", Known: []string{"Duty@fa.example.org"}, Now: release.Add(time.Hour).Time()}
}

// What we write as an acknowledgement is what we read of it.
func TestAnAcknowledgementGoesBothWays(t *testing.T) {
	for name, a := range acknowledgements() {
		text, err := capxml.Encode(acknowledged(t, a))
		if err != nil {
			t.Fatal(err)
		}
		back, err := capxml.Decode(text)
		if err != nil {
			t.Fatal(err)
		}
		if (back.MsgType == capxml.TypeError) != (a.Position == truce.PositionObject) {
			t.Errorf("%s is written as %s", name, back.MsgType)
		}
		got, err := capxml.ReadAnswer(back, receiver())
		want := capxml.Answered{To: []capxml.Reference{{Sender: ourSender, Identifier: a.Alert.String(), Sent: release.Time()}}, Kind: a.Kind, Position: a.Position, Text: a.Text,
			Sent: back.Sent, Via: "fa-duty." + ourSender + "," + capxml.AnswerID(a) + ",2026-04-12T12:01:34-00:00"}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v\n%+v, want\n%+v", name, err, got, want)
		}
	}
	none := ack(truce.AckNone, "")
	if _, err := capxml.Acknowledged(ours(), none, ourSender); truce.CodeOf(err) != truce.CodeConflict {
		t.Errorf("a silence as a message: %v", err)
	}
	drill := ours()
	drill.Realm = truce.ExerciseRealm("spring")
	if a, err := capxml.Acknowledged(drill, ack(truce.AckRead, ""), ourSender); err != nil || a.Status != capxml.StatusExercise {
		t.Errorf("of an exercise: %s, %v", a.Status, err)
	}
}

// Messages of other programs, which know none of our codes.
func TestAnAckOfAnotherProgram(t *testing.T) {
	base := acknowledged(t, ack(truce.AckRead, ""))
	for _, row := range []struct {
		name   string
		change func(*capxml.Alert)
		kind   truce.AcknowledgeKind
		place  truce.Position
	}{
		{"a plain Ack says that it was delivered", func(a *capxml.Alert) { a.Codes = nil }, truce.AckDelivered, ""},
		{"codes of others mean nothing", func(a *capxml.Alert) { a.Codes = []string{"profile:1", "truce:ack:read"} }, truce.AckRead, ""},
		{"an Error is an objection", func(a *capxml.Alert) { a.Codes, a.MsgType = nil, capxml.TypeError }, truce.AckPosition, truce.PositionObject},
		{"a mail address of the person", func(a *capxml.Alert) { a.Sender = "duty@FA.example.org" }, truce.AckRead, ""},
		{"the person's id", func(a *capxml.Alert) { a.Sender = "fa-duty" }, truce.AckRead, ""},
		{"of scope Public and to nobody", func(a *capxml.Alert) { a.Scope, a.Addresses = capxml.ScopePublic, nil }, truce.AckRead, ""},
	} {
		a := base
		row.change(&a)
		if got, err := capxml.ReadAnswer(a, receiver()); err != nil || got.Kind != row.kind || got.Position != row.place {
			t.Errorf("%s: %s %s, %v", row.name, got.Kind, got.Position, err)
		}
	}
}

// Each refusal names the element that is wrong.
func TestAnswersThatAreNotTaken(t *testing.T) {
	long := strings.Repeat("x", capxml.MaxName)
	for want, change := range map[string]func(*capxml.Alert){
		"msgType Update":             func(a *capxml.Alert) { a.MsgType = capxml.TypeUpdate },
		"status Exercise":            func(a *capxml.Alert) { a.Status = capxml.StatusExercise },
		"status Test":                func(a *capxml.Alert) { a.Status = capxml.StatusTest },
		`sender "ne-duty"`:           func(a *capxml.Alert) { a.Sender = "ne-duty" },
		"at most 256 bytes":          func(a *capxml.Alert) { a.Identifier = long + "x" },
		"sent 2026-04-12T14:00":      func(a *capxml.Alert) { a.Sent = release.Add(2 * time.Hour).Time() },
		"addresses: name others":     func(a *capxml.Alert) { a.Addresses = []string{"somebody.else"} },
		"info: nothing":              func(a *capxml.Alert) { a.Infos = []capxml.Info{{Event: "e"}} },
		"references: 51":             func(a *capxml.Alert) { a.References = make([]capxml.Reference, capxml.MaxReferences+1) },
		"references: \"truce.else\"": func(a *capxml.Alert) { a.References = []capxml.Reference{{Sender: "truce.else"}} },
		`code "truce:ack:seen"`:      func(a *capxml.Alert) { a.Codes = []string{"truce:ack:seen"} },
		`code "truce:ack:none"`:      func(a *capxml.Alert) { a.Codes = []string{"truce:ack:none"} },
		`code "truce:ack:read"`:      func(a *capxml.Alert) { a.Codes = []string{"truce:ack:read", "truce:ack:read"} },
		`code "truce:position:no"`:   func(a *capxml.Alert) { a.Codes = []string{"truce:position:no"} },
		"code: a position":           func(a *capxml.Alert) { a.Codes = []string{"truce:position:agree"} },
		"note: is missing":           func(a *capxml.Alert) { a.Codes, a.MsgType, a.Note = nil, capxml.TypeError, " " },
		"an objection is an Error":   func(a *capxml.Alert) { a.MsgType = capxml.TypeError },
	} {
		a := acknowledged(t, ack(truce.AckRead, ""))
		change(&a)
		if _, err := capxml.ReadAnswer(a, receiver()); truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
	a := acknowledged(t, ack(truce.AckPosition, truce.PositionObject))
	a.MsgType = capxml.TypeAck
	if _, err := capxml.ReadAnswer(a, receiver()); err == nil {
		t.Error("an objection that is an Ack is taken")
	}
}
