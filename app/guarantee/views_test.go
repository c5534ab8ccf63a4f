package guarantee

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// TestBothAreToldOfAViewAndWhoIsSilentIsOnRecord: one alert for both parties in the same
// words; one replies; no program runs while the time ends; two programs find it.
func TestBothAreToldOfAViewAndWhoIsSilentIsOnRecord(t *testing.T) {
	r := newRoom(t)
	i := r.breach(1, 10*time.Minute, 3)
	r.follow()
	r.verify(i, 3)
	r.attribute(i)
	before := len(r.alerts())
	r.follow()
	told := slices.DeleteFunc(r.alerts()[before:], func(a truce.Alert) bool { return !strings.Contains(a.Headline["en"], "view on responsibility") })
	if len(told) != 1 || toldBoth(told[0]) != 2 || strings.Contains(told[0].Text["en"], "party B") {
		t.Fatalf("%d alerts of the view: %+v", len(told), told)
	}
	c := r.one()
	if len(c.Views) != 1 {
		t.Fatalf("%d views", len(c.Views))
	}
	clock := c.Views[0].Clock
	r.must("a", truce.Deed{Kind: truce.DeedState, Clock: clock, Text: "we saw it, too"})
	*r.now = r.now.Add(72 * time.Hour)
	r.restart()
	r.follow()
	if again := r.follow(); again.Steps != 0 || again.Alerts != 0 {
		t.Errorf("found twice: %+v", again)
	}
	missed := 0
	for _, k := range r.one().Clocks {
		switch {
		case k.ID != clock:
		case k.For == "A" && k.State != truce.ClockMet:
			t.Errorf("A replied, and its clock is %s", k.State)
		case k.For == "B":
			missed++
			if k.State != truce.ClockMissed || k.Ended != k.Due || k.Late != r.Desk.now() {
				t.Errorf("B is %s at %s, due %s, found %s", k.State, k.Ended, k.Due, k.Late)
			}
		}
	}
	if replies := r.one().Replies; missed != 1 || len(replies) != 1 || replies[0].Party != "A" || replies[0].Text != "we saw it, too" {
		t.Errorf("%d clocks of B, replies %+v", missed, replies)
	}
	r.must("b", truce.Deed{Kind: truce.DeedState, Clock: clock, Text: "after all"})
	if c := r.one(); len(c.Replies) != 2 || c.Replies[1].Party != "B" {
		t.Errorf("%+v", c.Replies)
	}
}
