// Package alert makes the messages of a case and brings them to people: who is told of
// which step, in what words, in which second, over which channels, and what follows when
// nobody answers. It opens no store and no connection: what it decides are records and
// attempts, which Courier carries out through the channels and the recorder it was given.
// It never declares a tier, never says who did something and never sends anything to one
// party alone. Read Compose first, then Plan and Outcome (the outbox), Silences (the
// answers) and Courier.Serve, which puts them in order.
//
// One alert is one subject, "alert/<id>": the alert itself, the steps of its deliveries
// and its acknowledgements. Whoever finds a wake of that subject due reads them into a Box
// and gives it to Courier.Serve.
package alert

import (
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
)

// Box is all that is on record of one alert.
type Box struct {
	Alert      truce.Alert
	Deliveries []truce.Delivery        // in the order of their records
	Answers    []truce.Acknowledgement // in the order of their records
	// Cancelled is when the alert that takes this one back was released (EndedAt); 0: it stands. Those
	// told first still get it, since they get the cancellation, too; nobody above them does.
	Cancelled truce.Instant
	// Refers are the alerts that this one refers to, as on record, for the messages: each
	// names to its reader those that the reader got.
	Refers []truce.Alert
	// Newest is the last released update of this alert (NewestOf); nil: there is none. An office
	// whose turn comes after it reads what it says, since the update itself goes to those told before.
	Newest *truce.Alert
	// Left are recipients who were withdrawn since: nothing more is sent to them, and the
	// next office has its turn at once. Those of parties still get it: both do, or none.
	Left []truce.PersonID
	// Instead are recipients to whom a later alert says how it stands now (InsteadOf): they get
	// that one, and not both, unless this one may have left before.
	Instead []truce.PersonID
}

// Entry is one record to be appended under the key that makes it happen once.
type Entry struct {
	Kind    truce.RecordKind
	Subject string
	Key     string
	Body    any // truce.Alert, truce.Delivery or truce.Acknowledgement
}

// AlertEntry is the record of an alert. Two replicas that compose the same alert make one
// record, since the ID follows from the case and its step.
func AlertEntry(a truce.Alert) Entry {
	return Entry{Kind: truce.RecordAlert, Subject: truce.AlertSubject(a.ID), Key: truce.AlertSubject(a.ID), Body: a}
}

// DeliveryEntry is the record of a step of a delivery. Each attempt begins once and has one
// outcome, whoever makes it.
func DeliveryEntry(d truce.Delivery) Entry {
	part := "outcome"
	if d.State == truce.DeliveryBegun {
		part = "begun"
	}
	key := strings.Join([]string{"delivery", d.Alert.String(), string(d.Person), strconv.Itoa(d.Contact), strconv.Itoa(d.Attempt), part}, "/")
	return Entry{Kind: truce.RecordDelivery, Subject: truce.AlertSubject(d.Alert), Key: key, Body: d}
}

// SilenceEntry is the record that a group did not answer in time.
func SilenceEntry(ack truce.Acknowledgement) Entry {
	return Entry{
		Kind: truce.RecordAcknowledgement, Subject: truce.AlertSubject(ack.Alert),
		Key: strings.Join([]string{"silence", ack.Alert.String(), groupOfAnswer(ack).String()}, "/"), Body: ack,
	}
}

// Group is those who answer as one: a state, a party, or everybody of another role.
type Group struct {
	Role  truce.Role
	State truce.StateID
	Party truce.PartyID
}

// String is the group in keys and names of wakes, e.g. "guarantor/FR".
func (g Group) String() string {
	return strings.TrimSuffix(string(g.Role)+"/"+string(g.State)+string(g.Party), "/")
}

func groupOfAnswer(a truce.Acknowledgement) Group {
	return Group{Role: a.Role, State: a.State, Party: a.Party}
}

func groupOf(r truce.AlertRecipient) Group {
	return Group{Role: r.Role, State: r.State, Party: r.Party}
}

// The wakes in the subject of an alert: one for each person who is to be told, from the
// release or the turn of the office on, and one for each group of which an answer is asked.
// A person's wake is moved by the records of that person's deliveries only, so that nobody
// is forgotten when a process dies between two of them.
const (
	wakeSend   = "send/"
	wakeAnswer = "answer/"
)

func sendWake(p truce.PersonID) string { return wakeSend + string(p) }

func answerWake(g Group) string { return wakeAnswer + g.String() }
