package alert_test

import (
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// A watch officer whose mail is refused is told of once: the alert that says so cannot be
// brought to them either, and of that nobody is told.
func TestTroubleWithAnAlertAboutTroubleIsNotToldOf(t *testing.T) {
	d := newDesk(t, truce.ChannelEmail)
	d.try(duty, alert.Refused("550 no such user"))
	in := input()
	in.Now = d.now
	first, err := alert.Troubles(in, d.box)
	if err != nil || len(first.Alerts) == 0 {
		t.Fatalf("%+v, %v", first, err)
	}
	told := alert.Box{Alert: first.Alerts[0]}
	for _, r := range told.Alert.To {
		for n, c := range r.Contacts {
			told.Deliveries = append(told.Deliveries, truce.Delivery{Alert: told.Alert.ID, Person: r.Person, Contact: n, Channel: c.Channel, Attempt: 1,
				State: truce.DeliveryGivenUp, At: told.Alert.Release})
		}
	}
	in.Now = told.Alert.Release.Add(1)
	if again, err := alert.Troubles(in, told); err != nil || len(again.Alerts) == 0 {
		t.Fatalf("nothing is wrong with the alert in this test: %+v, %v", again, err)
	}
	in.Earlier = []alert.Box{d.box, told}
	if again, err := alert.Troubles(in, told); err != nil || len(again.Alerts) != 0 {
		t.Errorf("told of trouble with an alert about trouble: %+v, %v", again, err)
	}
	if same, err := alert.Troubles(in, d.box); err != nil || len(same.Alerts) != len(first.Alerts) {
		t.Errorf("the first trouble is told of no more: %+v, %v", same, err)
	}
}
