package drill

import (
	"slices"
	"sync"
	"time"

	"github.com/trucewatch/truce"
)

// Clock is the time of a drill: it stands still until it is set, and only goes forward.
type Clock struct {
	mu     sync.Mutex // guards what follows
	now    time.Time
	timers []*timer
}

// NewClock is a clock that shows a time.
func NewClock(at truce.Instant) *Clock { return &Clock{now: at.Time()} }

// Now is the time of the drill.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set moves the clock on and fires the timers that are due by then.
func (c *Clock) Set(at truce.Instant) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t := at.Time(); t.After(c.now) {
		c.now = t
	}
	c.timers = slices.DeleteFunc(c.timers, func(t *timer) bool {
		if t.due.After(c.now) {
			return false
		}
		t.c <- c.now
		return true
	})
}

// NewTimer fires when the clock has been set to its time.
func (c *Clock) NewTimer(d time.Duration) truce.Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &timer{clock: c, due: c.now.Add(d), c: make(chan time.Time, 1)}
	if d <= 0 {
		t.c <- c.now
		return t
	}
	c.timers = append(c.timers, t)
	return t
}

type timer struct {
	clock *Clock
	due   time.Time
	c     chan time.Time
}

// C gives the time at which the timer fired.
func (t *timer) C() <-chan time.Time { return t.c }

// Stop says whether it had not fired yet.
func (t *timer) Stop() bool {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	before := len(t.clock.timers)
	t.clock.timers = slices.DeleteFunc(t.clock.timers, func(o *timer) bool { return o == t })
	return len(t.clock.timers) < before
}
