package alert_test

import (
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// Somebody who is withdrawn gets nothing more, and the deputy has the turn at once.
func TestWhoWasWithdrawnGetsNothing(t *testing.T) {
	a := compose(t, input())
	b := alert.Box{Alert: a, Left: []truce.PersonID{"fa-duty_officer", "a-liaison"}}
	if early := alert.Tidy(b, a.Release.Add(-time.Second)); len(early) != 0 {
		t.Errorf("before the release: %+v", early)
	}
	tidy := alert.Tidy(b, a.Release)
	if len(tidy) != 1 || tidy[0].Person != "fa-duty_officer" || tidy[0].Attempt != 0 || tidy[0].State != truce.DeliveryGivenUp {
		t.Fatalf("%+v", tidy)
	}
	if w := tidy[0].Wakes; !slices.Contains(w, truce.Wake{Name: "send/fa-duty_officer", Done: true}) || !slices.Contains(w, truce.Wake{Name: "send/fa-deputy", Due: a.Release}) {
		t.Errorf("wakes %+v", w)
	}
	b.Deliveries = tidy
	if again := alert.Tidy(b, a.Release); len(again) != 0 {
		t.Errorf("recorded twice: %+v", again)
	}
	var people []truce.PersonID
	for _, at := range alert.Plan(b, a.Release) {
		people = append(people, at.Person)
	}
	if slices.Contains(people, "fa-duty_officer") || !slices.Contains(people, "fa-deputy") || slices.Contains(people, "ne-deputy") || !slices.Contains(people, "ne-duty_officer") ||
		!slices.Contains(people, "a-liaison") { // else the other party would be told alone
		t.Errorf("sent to %v", people)
	}
	if lost := alert.Exhausted(b, a.Release); slices.Contains(lost, "fa-duty_officer") {
		t.Error("people are told to reach somebody who was withdrawn")
	}
	// who was reached before stays so
	done := alert.Box{Alert: a, Left: b.Left}
	for _, at := range alert.Plan(alert.Box{Alert: a}, a.Release) {
		if at.Person == "fa-duty_officer" {
			done.Deliveries = append(done.Deliveries, alert.Begin(done, at, a.Release), alert.Outcome(done, at, alert.Sent(""), a.Release))
		}
	}
	if tidy := alert.Tidy(done, a.Release.Add(time.Minute)); len(tidy) != 0 {
		t.Errorf("reached, and given up: %+v", tidy)
	}
}
