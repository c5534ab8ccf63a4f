package guarantee

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
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

// TestTwoReplicasRaceOnAReply: two programs hear of the view at once, and start each clock and
// tell of it once; both are sent the same party's replies at once, and the clock is met once
// while no word is lost; both find the other's time over, and it is missed once.
func TestTwoReplicasRaceOnAReply(t *testing.T) {
	r := newRoom(t)
	i := r.breach(1, 10*time.Minute, 3)
	r.follow()
	r.verify(i, 3)
	r.attribute(i)
	other := r
	other.restart()
	if _, err := other.View(t.Context(), "C-2026-1"); err != nil {
		t.Fatal(err)
	}
	replicas := []*Desk{r.Desk, other.Desk}
	race := func(work func(*Desk) error) {
		t.Helper()
		var wait sync.WaitGroup
		for _, d := range replicas {
			wait.Go(func() {
				if err := work(d); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
	}
	follow := func(d *Desk) error { _, err := d.Follow(t.Context()); return err }
	race(follow)
	clock := r.one().Views[0].Clock
	reply := func(d *Desk, text string) error {
		_, err := d.Do(t.Context(), r.tokens["a"], "C-2026-1", truce.Deed{Kind: truce.DeedState, Clock: clock, Text: text})
		return err
	}
	race(func(d *Desk) error { // the very same words in one instant are one deed, sent twice
		return errors.Join(reply(d, "not ours"), reply(d, fmt.Sprintf("seen by replica %p", d)))
	})
	*r.now = r.now.Add(49 * time.Hour)
	race(follow)
	steps := map[string]int{}
	for _, s := range r.steps() {
		if s.Clock != nil && s.Clock.Clock == clock {
			steps[string(s.Kind)+" "+s.Clock.For]++
		}
	}
	for _, want := range []string{"clock_started A", "clock_started B", "clock_met A", "clock_missed B"} {
		if steps[want] != 1 {
			t.Errorf("%d times %s", steps[want], want)
		}
	}
	if len(steps) != 4 {
		t.Errorf("steps of the clock: %v", steps)
	}
	said := map[string]int{}
	for _, reply := range r.one().Replies {
		said[reply.Text]++
	}
	for _, d := range replicas {
		if said[fmt.Sprintf("seen by replica %p", d)] != 1 || said["not ours"] == 0 {
			t.Errorf("replies on record: %v", said)
		}
	}
	told := 0
	for _, a := range r.alerts() {
		if strings.Contains(a.Headline["en"], "a view on responsibility") {
			told++
		}
	}
	if told != 1 {
		t.Errorf("told %d times of the view", told)
	}
}
