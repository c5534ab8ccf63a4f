package drill

import (
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

func TestTheClockOfADrillGoesForwardOnly(t *testing.T) {
	start := truce.InstantOf(time.Date(2031, 3, 11, 14, 0, 0, 0, time.UTC))
	c := NewClock(start)
	near, far, stopped := c.NewTimer(time.Minute), c.NewTimer(time.Hour), c.NewTimer(time.Minute)
	if !stopped.Stop() || stopped.Stop() {
		t.Error("a timer stops once")
	}
	now := c.NewTimer(0)
	if at := <-now.C(); !at.Equal(start.Time()) {
		t.Errorf("a timer of no length fired at %s", at)
	}
	c.Set(start.Add(time.Minute))
	if at := <-near.C(); !at.Equal(start.Add(time.Minute).Time()) || near.Stop() {
		t.Errorf("fired at %s", at)
	}
	c.Set(start)
	if !c.Now().Equal(start.Add(time.Minute).Time()) {
		t.Errorf("the clock went back to %s", c.Now())
	}
	select {
	case <-far.C():
		t.Error("a timer fired before its time")
	case <-stopped.C():
		t.Error("a stopped timer fired")
	default:
	}
	for want, at := range map[string]truce.Instant{"-0h05m00s": start.Add(-5 * time.Minute), "+26h00m01s": start.Add(26*time.Hour + time.Second), "+0h00m00s": start} {
		if got := Offset(start, at); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
