package guarantee

import (
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// Late evidence comes in a burst: the first move of the zero point is told at once, the three
// after it in one alert at the end of the window, to both parties in one second, and every
// move stays on record.
func TestABurstOfLateEvidenceIsTwoAlerts(t *testing.T) {
	r, _ := climbed(t)
	*r.now = r.now.Add(10 * time.Minute)
	before, steps := len(r.alerts()), len(r.one().T0Moves)
	for n := range byte(4) {
		r.breach(2+n, time.Duration(n+1)*30*time.Minute, 2)
		r.follow()
		*r.now = r.now.Add(10 * time.Second)
	}
	updates := slices.DeleteFunc(r.alerts()[before:], func(a truce.Alert) bool { return a.Kind != truce.AlertUpdate })
	if n := len(r.one().T0Moves) - steps; len(updates) != 4 || n != 4 {
		t.Fatalf("%d moves and %d updates on record, want 4 and 4", n, len(updates))
	}
	*r.now = updates[3].Release.Time()
	due, err := Outbox{r.Desk}.Due(t.Context(), r.Desk.now())
	if err != nil {
		t.Fatal(err)
	}
	sent := make([][]truce.PersonID, len(updates))
	for _, b := range due {
		if n := slices.IndexFunc(updates, func(a truce.Alert) bool { return a.ID == b.Alert.ID }); n >= 0 {
			for _, a := range alert.Plan(b, r.Desk.now()) {
				sent[n] = append(sent[n], a.Person)
			}
		}
	}
	if len(sent[0]) == 0 || len(sent[1])+len(sent[2]) != 0 || !slices.Equal(sent[3], sent[0]) || toldBoth(updates[3]) != 2 {
		t.Errorf("sent %v", sent)
	}
	if got, want := updates[3].Release, updates[0].Release.Add(alert.UpdateWindow); got != want {
		t.Errorf("the rest is released %s, want %s", got, want)
	}
}
