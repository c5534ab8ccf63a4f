package alert

import (
	"testing"

	"github.com/trucewatch/truce"
)

func TestWhoNeededNoTellingGetsNoUpdate(t *testing.T) {
	duty := truce.AlertRecipient{Person: "ave-duty", Role: truce.RoleGuarantor, Office: truce.OfficeDutyOfficer, State: "AVE"}
	head := truce.AlertRecipient{Person: "ave-head", Role: truce.RoleGuarantor, Office: truce.OfficeHead, State: "AVE"}
	b := Box{Alert: truce.Alert{Release: 10, To: []truce.AlertRecipient{duty, head}, Wakes: []truce.Wake{{Name: sendWake(head.Person), Due: 20}}}}
	b.Deliveries = []truce.Delivery{{Person: duty.Person, Attempt: 1, State: truce.DeliverySent}, {Person: head.Person, State: truce.DeliveryGivenUp}}
	if got := (Input{}).postsOf(b); len(got) != 1 || got[0].office != truce.OfficeDutyOfficer {
		t.Errorf("an office that needed no telling counts as told: %v", got)
	}
	b.Deliveries[1] = truce.Delivery{Person: head.Person, Attempt: 1, State: truce.DeliveryBegun}
	if got := (Input{}).postsOf(b); len(got) != 2 {
		t.Errorf("an office whose turn came does not count as told: %v", got)
	}
}
