package store

import (
	"reflect"
	"testing"

	"github.com/trucewatch/truce"
)

// TestBriefAlertsLeaveOutTwoMembers: a member that is added to alerts must be read in brief
// too, or a list would be silent about it.
func TestBriefAlertsLeaveOutTwoMembers(t *testing.T) {
	n := 0
	names := truce.Names{"en": "something"} // no maps in given
	whole := truce.Alert{
		References: given(reflect.TypeFor[[]truce.AlertID](), &n).Interface().([]truce.AlertID), Headline: names, Text: names, Inside: &truce.AlertWords{Headline: names, Text: names},
		To: given(reflect.TypeFor[[]truce.AlertRecipient](), &n).Interface().([]truce.AlertRecipient), Wakes: given(reflect.TypeFor[[]truce.Wake](), &n).Interface().([]truce.Wake),
	}
	v := reflect.ValueOf(&whole).Elem()
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			v.Field(i).Set(given(v.Field(i).Type(), &n))
		}
	}
	body, err := truce.Canonical(whole)
	if err != nil {
		t.Fatal(err)
	}
	var brief truce.Alert
	if err := readBriefAlert(truce.Record{Body: body}, &brief); err != nil {
		t.Fatal(err)
	}
	want := whole
	want.To, want.Wakes = nil, nil
	if !reflect.DeepEqual(brief, want) {
		t.Errorf("in brief %+v, want %+v: read the new member in alerts.go", brief, want)
	}
}
