package storetest

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/trucewatch/truce"
)

// to is a recipient with two contacts.
func to(person truce.PersonID, role truce.Role, state truce.StateID, party truce.PartyID) truce.AlertRecipient {
	return truce.AlertRecipient{Person: person, Role: role, State: state, Party: party, Language: "en", Contacts: []truce.Contact{
		{Channel: truce.ChannelEmail, Address: string(person) + "@example.org"}, {Channel: truce.ChannelWebhook, Address: "https://example.org/" + string(person)},
	}}
}

// alert goes to both parties and to two guarantors, who are asked for an answer.
func (f *fixture) alert(name string, of truce.CaseID, release truce.Instant, edit func(*truce.Alert)) truce.Alert {
	a := truce.Alert{
		ID: thing(at(0), "alert "+name), Kind: truce.AlertNew, Case: of, Release: release, Realm: f.store.Realm(),
		Headline: truce.Names{"en": name}, Text: truce.Names{"en": "Text of " + name},
		To: []truce.AlertRecipient{to("a-duty", truce.RoleParty, "", "A"), to("b-duty", truce.RoleParty, "", "B"),
			to("fr-duty", truce.RoleGuarantor, "FR", ""), to("fr-head", truce.RoleGuarantor, "FR", ""), to("se-duty", truce.RoleGuarantor, "SE", "")},
		Answer: &truce.AnswerTerm{Role: truce.RoleGuarantor, Least: truce.AckReceived, Within: 3_600_000_000},
	}
	if edit != nil {
		edit(&a)
	}
	return a
}

func alertDraft(t testing.TB, a truce.Alert) truce.Draft {
	t.Helper()
	subject := truce.AlertSubject(a.ID)
	return draft(t, truce.RecordAlert, subject, subject, a)
}

func deliveryDraft(t testing.TB, d truce.Delivery) truce.Draft {
	t.Helper()
	subject := truce.AlertSubject(d.Alert)
	return draft(t, truce.RecordDelivery, subject, fmt.Sprintf("delivery/%s/%s/%d/%d/%s", d.Alert, d.Person, d.Contact, d.Attempt, d.State), d)
}

func ackDraft(t testing.TB, a truce.Acknowledgement) truce.Draft {
	t.Helper()
	subject := truce.AlertSubject(a.Alert)
	return draft(t, truce.RecordAcknowledgement, subject, fmt.Sprintf("acknowledgement/%s/%s/%s/%s%s", a.Alert, a.Kind, a.Person, a.State, a.Party), a)
}

func headlines(rows []truce.AlertRow) []string {
	var out []string
	for _, row := range rows {
		out = append(out, row.Headline["en"])
	}
	return out
}

func testAlerts(t *testing.T, f *fixture) {
	c, d := caseStep("c", 1, at(1), nil), caseStep("d", 1, at(1), nil)
	first := f.alert("first", c.Case, at(2), nil)
	quiet := f.alert("quiet", c.Case, at(3), func(a *truce.Alert) { a.Kind, a.Answer = truce.AlertUpdate, nil })
	other := f.alert("other", d.Case, at(5), func(a *truce.Alert) { a.To = a.To[2:4] })
	caseless := f.alert("caseless", truce.CaseID{}, at(4), func(a *truce.Alert) { a.To = a.To[4:] })
	receipt := f.append(t, caseDraft(t, c), caseDraft(t, d), alertDraft(t, first), alertDraft(t, quiet), alertDraft(t, other), alertDraft(t, caseless))
	for _, q := range []struct {
		name string
		q    truce.AlertQuery
		want []string
	}{
		{"all, the newest first", truce.AlertQuery{}, []string{"caseless", "other", "quiet", "first"}},
		{"of a case", truce.AlertQuery{Case: c.Case}, []string{"quiet", "first"}},
		{"of a kind", truce.AlertQuery{Kind: truce.AlertUpdate}, []string{"quiet"}},
		{"released since", truce.AlertQuery{Since: at(4)}, []string{"caseless", "other"}},
		{"released by", truce.AlertQuery{Released: at(4)}, []string{"caseless", "quiet", "first"}},
		{"to a person", truce.AlertQuery{Person: "se-duty"}, []string{"caseless", "quiet", "first"}},
		{"to a state", truce.AlertQuery{State: "FR"}, []string{"other", "quiet", "first"}},
		{"to a party", truce.AlertQuery{Party: "A"}, []string{"quiet", "first"}},
		{"to a role", truce.AlertQuery{Role: truce.RoleParty}, []string{"quiet", "first"}},
		{"to one of whom both hold", truce.AlertQuery{Role: truce.RoleParty, State: "FR"}, nil},
		{"before a record", truce.AlertQuery{Before: receipt.Seqs[4]}, []string{"quiet", "first"}},
		{"two of them", truce.AlertQuery{Limit: 2}, []string{"caseless", "other"}},
		{"unanswered by anybody", truce.AlertQuery{Unanswered: true}, []string{"caseless", "other", "first"}},
		{"unanswered by a state", truce.AlertQuery{Unanswered: true, State: "SE"}, []string{"caseless", "first"}},
		{"unanswered by a party, which is not asked", truce.AlertQuery{Unanswered: true, Party: "A"}, nil},
	} {
		if n, err := f.store.CountAlerts(t.Context(), q.q); err != nil || q.q.Limit == 0 && n != len(q.want) {
			t.Errorf("%s: counted %d, %v, want %d", q.name, n, err, len(q.want))
		}
		rows, err := f.store.Alerts(t.Context(), q.q)
		if err != nil || !slices.Equal(headlines(rows), q.want) {
			t.Errorf("%s: got %v, %v, want %v", q.name, headlines(rows), err, q.want)
		}
	}
	testAlertRows(t, f, first, receipt.Seqs[2])
	testAlertRefusals(t, f, first)
	f.sound(t)
}

func testAlertRows(t *testing.T, f *fixture, want truce.Alert, seq truce.Seq) {
	row, err := f.store.Alert(t.Context(), want.ID)
	if err != nil || row.Seq != seq || row.Recorded == 0 || !reflect.DeepEqual(row.Alert, want) {
		t.Errorf("alert = %+v, %v, want %+v in record %d", row, err, want, seq)
	}
	brief, err := f.store.Alerts(t.Context(), truce.AlertQuery{Before: seq + 1, Brief: true})
	want.To = nil
	if err != nil || len(brief) != 1 || !reflect.DeepEqual(brief[0].Alert, want) {
		t.Errorf("in brief: %+v, %v, want %+v", brief, err, want)
	}
	_, err = f.store.Alert(t.Context(), thing(at(0), "nobody"))
	wantCode(t, "an alert that is not there", err, truce.CodeNotFound)
	_, err = f.store.Alerts(t.Context(), truce.AlertQuery{Limit: -1})
	wantCode(t, "a negative limit", err, truce.CodeInvalid)
}

func testAlertRefusals(t *testing.T, f *fixture, known truce.Alert) {
	elsewhere := alertDraft(t, f.alert("elsewhere", known.Case, at(2), nil))
	elsewhere.Subject = "alert/elsewhere"
	changed := func(edit func(*truce.Alert)) truce.Draft {
		return alertDraft(t, f.alert("new", known.Case, at(2), edit))
	}
	for _, c := range []struct {
		name string
		want truce.Code
		d    truce.Draft
	}{
		{"an alert that is there", truce.CodeConflict, alertDraft(t, known)},
		{"another subject", truce.CodeInvalid, elsewhere},
		{"no id", truce.CodeInvalid, changed(func(a *truce.Alert) { a.ID = truce.AlertID{} })},
		{"no recipients", truce.CodeInvalid, changed(func(a *truce.Alert) { a.To = nil })},
		{"a recipient twice", truce.CodeInvalid, changed(func(a *truce.Alert) { a.To = append(a.To, a.To[0]) })},
		{"a recipient without a name", truce.CodeInvalid, changed(func(a *truce.Alert) { a.To[0].Person = "" })},
		{"no release", truce.CodeInvalid, changed(func(a *truce.Alert) { a.Release = 0 })},
		{"a case that is not there", truce.CodeNotFound, changed(func(a *truce.Alert) { a.Case = thing(at(0), "nobody") })},
		{"another realm", truce.CodeForbidden, changed(func(a *truce.Alert) { a.Realm = truce.RealmReal })},
	} {
		f.refuse(t, c.name, c.want, c.d)
	}
}

func testOutbox(t *testing.T, f *fixture) {
	a := f.alert("a", truce.CaseID{}, at(2), func(a *truce.Alert) {
		a.To = a.To[2:]
		a.To[1].Contacts = nil // fr-head has nothing that could be tried
	})
	f.append(t, alertDraft(t, a))
	box := func(when string, now float64, want ...string) {
		t.Helper()
		rows, err := f.store.Outbox(t.Context(), truce.OutboxQuery{DueBy: at(now)})
		var got []string
		for _, row := range rows {
			got = append(got, fmt.Sprintf("%s %s %d %q", row.Person, row.Channel, row.Attempt, row.State))
			if row.Alert != a.ID || row.Over {
				t.Errorf("%s: row %+v", when, row)
			}
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v, want %v", when, got, err, want)
		}
	}
	step := func(person truce.PersonID, contact, attempt int, state truce.DeliveryState, made, next float64) {
		t.Helper()
		d := truce.Delivery{Alert: a.ID, Person: person, Contact: contact, Channel: a.To[0].Contacts[contact].Channel, Attempt: attempt, State: state, At: at(made)}
		if next != 0 {
			d.Next = at(next)
		}
		f.append(t, deliveryDraft(t, d))
	}
	box("before the release", 1.9)
	box("at the release", 2, `fr-duty email 0 ""`, `se-duty email 0 ""`)
	step("fr-duty", 0, 1, truce.DeliveryBegun, 2.1, 0)
	step("se-duty", 0, 1, truce.DeliveryBegun, 2, 0)
	box("begun without an outcome", 2.1, `se-duty email 1 "begun"`, `fr-duty email 1 "begun"`)
	step("se-duty", 0, 1, truce.DeliverySent, 2.2, 0)
	step("fr-duty", 0, 1, truce.DeliveryFailed, 2.2, 4)
	box("failed, before it is tried again", 3.9)
	box("failed, when it is tried again", 4, `fr-duty email 1 "failed"`)
	step("fr-duty", 0, 2, truce.DeliveryBegun, 4, 0)
	step("fr-duty", 0, 2, truce.DeliveryGivenUp, 4.1, 0)
	box("given up, another contact behind it", 5, `fr-duty email 2 "given_up"`)
	step("fr-duty", 1, 1, truce.DeliveryBegun, 5, 0)
	step("fr-duty", 1, 1, truce.DeliveryUnsure, 5.1, 0)
	box("unsure, and no time named", 6, `fr-duty webhook 1 "unsure"`)
	step("fr-duty", 1, 2, truce.DeliveryBegun, 6, 0)
	step("fr-duty", 1, 2, truce.DeliveryUnsure, 6.1, 8)
	box("unsure, before it is tried again", 7.9)
	step("se-duty", 0, 2, truce.DeliveryFailed, 8, 9)
	step("fr-duty", 1, 2, truce.DeliveryGivenUp, 8, 0)
	f.append(t, deliveryDraft(t, truce.Delivery{Alert: a.ID, Person: "fr-head", State: truce.DeliveryGivenUp, At: at(8), Note: "not needed"}))
	box("sent stays sent, the last contact was given up, and one need not be told", 99)
	if next, err := f.store.NextDue(t.Context()); err != nil || next != 0 {
		t.Errorf("next due = %s, %v, want 0: nothing is to be done", next, err)
	}
	rows, err := f.store.Outbox(t.Context(), truce.OutboxQuery{Alert: a.ID})
	if err != nil || len(rows) != 3 || !rows[0].Over || !rows[1].Over || rows[1].Person != "fr-head" || rows[2].State != truce.DeliverySent || rows[2].At != at(2.2) {
		t.Errorf("how the alert stands with everybody: %+v, %v", rows, err)
	}
	steps, err := f.store.Deliveries(t.Context(), a.ID)
	if err != nil || len(steps) != 13 || steps[0].Person != "fr-duty" || steps[11].State != truce.DeliveryGivenUp || steps[12].Attempt != 0 || steps[11].Seq <= steps[10].Seq {
		t.Errorf("%d steps of delivery, %v, want 13 in their order", len(steps), err)
	}
	testDeliveryRefusals(t, f, a)
	f.sound(t)
}

func testDeliveryRefusals(t *testing.T, f *fixture, a truce.Alert) {
	changed := func(edit func(*truce.Delivery)) truce.Draft {
		d := truce.Delivery{Alert: a.ID, Person: "fr-duty", Channel: truce.ChannelEmail, Attempt: 9, State: truce.DeliveryBegun, At: at(9)}
		edit(&d)
		return deliveryDraft(t, d)
	}
	for _, c := range []struct {
		name string
		want truce.Code
		d    truce.Draft
	}{
		{"an alert that is not there", truce.CodeNotFound, changed(func(d *truce.Delivery) { d.Alert = thing(at(0), "nobody") })},
		{"somebody whom the alert is not for", truce.CodeNotFound, changed(func(d *truce.Delivery) { d.Person = "a-duty" })},
		{"a contact that is none", truce.CodeInvalid, changed(func(d *truce.Delivery) { d.Contact = 2 })},
		{"a contact below the first", truce.CodeInvalid, changed(func(d *truce.Delivery) { d.Contact = -1 })},
		{"before the release", truce.CodeInvalid, changed(func(d *truce.Delivery) { d.At = at(1) })},
		{"no attempt", truce.CodeInvalid, changed(func(d *truce.Delivery) { d.Attempt = 0 })},
		{"no state", truce.CodeInvalid, changed(func(d *truce.Delivery) { d.State = "" })},
	} {
		f.refuse(t, c.name, c.want, c.d)
	}
	_, err := f.store.Outbox(t.Context(), truce.OutboxQuery{Limit: -1})
	wantCode(t, "a negative limit", err, truce.CodeInvalid)
}

func testAcknowledgements(t *testing.T, f *fixture) {
	c := caseStep("c", 1, at(1), nil)
	a, b := f.alert("a", c.Case, at(2), nil), f.alert("b", c.Case, at(3), nil)
	f.append(t, caseDraft(t, c), alertDraft(t, a), alertDraft(t, b))
	ack := func(of truce.Alert, state truce.StateID, person truce.PersonID, kind truce.AcknowledgeKind) truce.Acknowledgement {
		return truce.Acknowledgement{Alert: of.ID, Case: of.Case, Kind: kind, Person: person, Role: truce.RoleGuarantor, State: state, At: at(4)}
	}
	unanswered := func(when string, state truce.StateID, want ...string) {
		t.Helper()
		rows, err := f.store.Alerts(t.Context(), truce.AlertQuery{Unanswered: true, State: state})
		if err != nil || !slices.Equal(headlines(rows), want) {
			t.Errorf("%s: %s has not answered %v, %v, want %v", when, state, headlines(rows), err, want)
		}
	}
	f.append(t, ackDraft(t, ack(a, "FR", "fr-duty", truce.AckRead)), ackDraft(t, ack(a, "SE", "", truce.AckNone)))
	unanswered("read, which is too little", "FR", "b", "a")
	unanswered("silence on record", "SE", "b", "a")
	position := ack(a, "FR", "fr-head", truce.AckPosition)
	position.Position = truce.PositionReserve
	last := f.append(t, ackDraft(t, ack(a, "FR", "fr-duty", truce.AckReceived)), ackDraft(t, position), ackDraft(t, ack(b, "SE", "se-duty", truce.AckReceived)))
	unanswered("one person answers for the state", "FR", "b")
	unanswered("an answer to the other alert", "SE", "a")
	for _, q := range []struct {
		name string
		q    truce.AcknowledgementQuery
		want []truce.AcknowledgeKind
	}{
		{"of an alert, oldest first", truce.AcknowledgementQuery{Alert: a.ID}, []truce.AcknowledgeKind{truce.AckRead, truce.AckNone, truce.AckReceived, truce.AckPosition}},
		{"of a case", truce.AcknowledgementQuery{Case: c.Case, Limit: 2}, []truce.AcknowledgeKind{truce.AckRead, truce.AckNone}},
		{"of a state", truce.AcknowledgementQuery{State: "SE"}, []truce.AcknowledgeKind{truce.AckNone, truce.AckReceived}},
		{"of a person", truce.AcknowledgementQuery{Person: "fr-head"}, []truce.AcknowledgeKind{truce.AckPosition}},
		{"of a role that gave none", truce.AcknowledgementQuery{Role: truce.RoleParty}, nil},
		{"of a party that gave none", truce.AcknowledgementQuery{Party: "A"}, nil},
		{"after a record", truce.AcknowledgementQuery{After: last.Seqs[1]}, []truce.AcknowledgeKind{truce.AckReceived}},
	} {
		rows, err := f.store.Acknowledgements(t.Context(), q.q)
		var got []truce.AcknowledgeKind
		for _, row := range rows {
			got = append(got, row.Kind)
		}
		if err != nil || !slices.Equal(got, q.want) {
			t.Errorf("%s: %v, %v, want %v", q.name, got, err, q.want)
		}
	}
	changed := func(edit func(*truce.Acknowledgement)) truce.Draft {
		k := ack(a, "SE", "se-duty", truce.AckRead)
		edit(&k)
		return ackDraft(t, k)
	}
	f.refuse(t, "an alert that is not there", truce.CodeNotFound, changed(func(k *truce.Acknowledgement) { k.Alert = thing(at(0), "nobody") }))
	f.refuse(t, "another case", truce.CodeInvalid, changed(func(k *truce.Acknowledgement) { k.Case = truce.CaseID{} }))
	f.refuse(t, "no kind", truce.CodeInvalid, changed(func(k *truce.Acknowledgement) { k.Kind = "" }))
	f.refuse(t, "a position without its kind", truce.CodeInvalid, changed(func(k *truce.Acknowledgement) { k.Position = truce.PositionAgree }))
	f.refuse(t, "the kind without a position", truce.CodeInvalid, changed(func(k *truce.Acknowledgement) { k.Kind = truce.AckPosition }))
	_, err := f.store.Acknowledgements(t.Context(), truce.AcknowledgementQuery{Limit: -1})
	wantCode(t, "a negative limit", err, truce.CodeInvalid)
	f.sound(t)
}

func testEraseAlert(t *testing.T, f *fixture) {
	a := f.alert("a", truce.CaseID{}, at(2), func(a *truce.Alert) {
		a.To = a.To[4:]
		a.Wakes = []truce.Wake{{Name: "answer", Due: at(5)}}
	})
	stored := f.append(t, alertDraft(t, a)).Head
	erase := func() error {
		_, err := f.store.Erase(t.Context(), stored, "an address")
		return err
	}
	wantCode(t, "erasing an alert that nobody has got", erase(), truce.CodeConflict)
	sent := truce.Delivery{Alert: a.ID, Person: "se-duty", Channel: truce.ChannelEmail, Attempt: 1, State: truce.DeliverySent, At: at(3)}
	f.append(t, deliveryDraft(t, sent))
	wantCode(t, "erasing an alert that waits for an answer", erase(), truce.CodeConflict)
	silence := truce.Acknowledgement{Alert: a.ID, Kind: truce.AckNone, Role: truce.RoleGuarantor, State: "SE", At: at(5), Wakes: []truce.Wake{{Name: "answer", Done: true}}}
	answer := f.append(t, ackDraft(t, silence)).Head
	_, err := f.store.Erase(t.Context(), answer, "suite")
	wantCode(t, "erasing an answer", err, truce.CodeInvalid)
	if err := erase(); err != nil {
		t.Fatal(err)
	}
	_, err = f.store.Alert(t.Context(), a.ID)
	wantCode(t, "an alert that was erased", err, truce.CodeNotFound)
	if rows, err := f.store.Acknowledgements(t.Context(), truce.AcknowledgementQuery{Alert: a.ID}); err != nil || len(rows) != 1 {
		t.Errorf("answers to an erased alert: %+v, %v, want the one there was", rows, err)
	}
	if rows, err := f.store.Outbox(t.Context(), truce.OutboxQuery{}); err != nil || len(rows) != 0 {
		t.Errorf("outbox of an erased alert: %+v, %v", rows, err)
	}
	f.refuse(t, "a delivery of an erased alert", truce.CodeNotFound, deliveryDraft(t, truce.Delivery{Alert: a.ID, Person: "se-duty", Attempt: 2, State: truce.DeliveryBegun, At: at(9)}))
	f.sound(t)
	if err := f.store.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.sound(t)
}
