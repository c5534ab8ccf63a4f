package app

import (
	"context"
	"sync/atomic"
	"time"
)

// clock is the time a graph runs on: that of the machine, set ahead where the store is
// an exercise. An exercise plays in its own time, often in a year to come; whoever opens
// its directory later goes on from its last record, since records never go back in time.
type clock struct {
	now   func() time.Time
	ahead atomic.Int64 // nanoseconds added to now
}

// Now is the time of the graph.
func (c *clock) Now() time.Time { return c.now().Add(time.Duration(c.ahead.Load())) }

// continueFrom sets the clock ahead to the last record of the store.
func (c *clock) continueFrom(ctx context.Context, a *App) error {
	seq, _, err := a.store.Head(ctx)
	if err != nil {
		return err
	}
	last, err := a.store.Record(ctx, seq)
	if err != nil {
		return err
	}
	if ahead := time.UnixMicro(int64(last.Time)).Sub(c.now()); ahead > 0 {
		c.ahead.Store(int64(ahead))
	}
	return nil
}
