package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// given is the first step of a notification.
func given(number string, from, to truce.Instant) truce.Notification {
	return truce.Notification{Number: number, Step: truce.StepGiven, By: "A", Activity: &truce.NotifiedActivity{
		Kind: "demining", Bearer: "A", From: from, To: to,
		Place: truce.NotifiedPlace{Points: []geo.Point{{Lat: -48, Lon: -21.6}}, WithinM: 500},
	}}
}

// step is a later one.
func step(number string, what truce.NotificationStep, until truce.Instant) truce.Notification {
	return truce.Notification{Number: number, Step: what, By: "B", Until: until}
}

func stepDraft(t testing.TB, n truce.Notification) truce.Draft {
	t.Helper()
	return draft(t, truce.RecordNotification, n.Subject(), fmt.Sprintf("%s/%s/%d", n.Subject(), n.Step, n.Until), n)
}

func testNotifications(t *testing.T, f *fixture) {
	first := f.append(t, stepDraft(t, given("N-1", at(10), at(12))), stepDraft(t, given("N-2", at(20), at(22))))
	f.clock.Move(time.Hour)
	second := f.append(t, stepDraft(t, step("N-1", truce.StepAcked, 0)), stepDraft(t, step("N-1", truce.StepExtended, at(14))))
	for _, c := range []struct {
		name string
		q    truce.NotificationQuery
		want []truce.Seq
	}{
		{"all, in the order of the records", truce.NotificationQuery{}, []truce.Seq{2, 3, 4, 5}},
		{"by number", truce.NotificationQuery{Number: "N-1"}, []truce.Seq{2, 4, 5}},
		{"by a number that nobody gave", truce.NotificationQuery{Number: "N-3"}, nil},
		{"by hours", truce.NotificationQuery{From: at(11), To: at(12)}, []truce.Seq{2, 4, 5}},
		{"by hours, half open", truce.NotificationQuery{From: at(8), To: at(10)}, nil},
		{"by hours that an extension reaches", truce.NotificationQuery{From: at(13), To: at(20)}, []truce.Seq{2, 4, 5}},
		{"from a time on", truce.NotificationQuery{From: at(14)}, []truce.Seq{3}},
		{"up to a time", truce.NotificationQuery{To: at(20)}, []truce.Seq{2, 4, 5}},
		{"as known before the second hour", truce.NotificationQuery{AsOf: second.Recorded - 1}, []truce.Seq{2, 3}},
		{"as known with the last", truce.NotificationQuery{AsOf: second.Recorded, Number: "N-1"}, []truce.Seq{2, 4, 5}},
		{"as known before any", truce.NotificationQuery{AsOf: first.Recorded - 1}, nil},
	} {
		rows, err := f.store.Notifications(t.Context(), c.q)
		if err != nil || len(rows) != len(c.want) {
			t.Errorf("%s: %d rows, %v, want %v", c.name, len(rows), err, c.want)
			continue
		}
		for i, row := range rows {
			if row.Seq != c.want[i] || row.Recorded == 0 || row.Number == "" {
				t.Errorf("%s: row %d is %+v, want record %d", c.name, i, row, c.want[i])
			}
		}
	}
	rows, err := f.store.Notifications(t.Context(), truce.NotificationQuery{Number: "N-2"})
	if err != nil || rows[0].Activity.Place.WithinM != 500 || rows[0].Recorded != first.Recorded {
		t.Errorf("what was given comes back as %+v, %v", rows, err)
	}
	f.sound(t)
}

func testNotificationRefusals(t *testing.T, f *fixture) {
	f.append(t, stepDraft(t, given("N-1", at(10), at(12))))
	again := f.append(t, stepDraft(t, given("N-1", at(10), at(12))))
	if !again.Duplicate[0] {
		t.Errorf("the same step under its key: %+v, want a duplicate", again)
	}
	other := given("N-1", at(10), at(13))
	backwards := given("N-2", at(12), at(10))
	nothing := step("N-1", "forgotten", 0)
	for name, c := range map[string]struct {
		n    truce.Notification
		want truce.Code
	}{
		"a number that was given": {other, truce.CodeConflict}, "hours backwards": {backwards, truce.CodeInvalid}, "an unknown step": {nothing, truce.CodeInvalid},
	} {
		_, err := f.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{draft(t, truce.RecordNotification, c.n.Subject(), "refused/"+name, c.n)}})
		wantCode(t, name, err, c.want)
	}
	f.sound(t)
}
