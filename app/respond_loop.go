package app

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/drill"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/respond/alert"
)

const (
	// respondEvery is how long the loop waits at most before it looks for new records of
	// other processes: half of the second within which a due timer must fire.
	respondEvery = 500 * time.Millisecond
	// respondPause is how long it waits after a failure, so that a store that is away is not
	// asked in a busy loop.
	respondPause = 5 * time.Second
)

// realClock lets the graph's own time be waited on: an exercise that is ahead runs as fast
// as the machine's clock.
type realClock struct{ now func() time.Time }

// Now is the time of the graph.
func (c realClock) Now() time.Time { return c.now() }

// NewTimer fires after a length of time.
func (c realClock) NewTimer(d time.Duration) truce.Timer { return realTimer{time.NewTimer(d)} }

type realTimer struct{ *time.Timer }

// C is where the timer fires.
func (t realTimer) C() <-chan time.Time { return t.Timer.C }

// respondLoop does what follows from records and from time: cases, then alerts. Nothing of
// it is kept in memory, and several may run over one store.
type respondLoop struct {
	desk    *guarantee.Desk
	courier *alert.Courier
	clock   truce.Clock
	log     *slog.Logger
	nudge   chan struct{} // capacity 1: that there is something to do is said once
}

// newRespondLoop is the loop over an open data directory, on a clock.
func (a *App) newRespondLoop(clock truce.Clock, log *slog.Logger) (*respondLoop, error) {
	channels, err := a.alertChannels(clock)
	if err != nil {
		return nil, err
	}
	desk := a.guaranteeDesk()
	desk.Now = clock.Now
	courier, err := alert.New(alert.Config{Recorder: guarantee.Outbox{Desk: desk}, Clock: clock, Channels: channels, Base: a.cfg.Alerts.Base, Inside: access.Inside, Trouble: desk.Trouble})
	if err != nil {
		return nil, err
	}
	return &respondLoop{desk: desk, courier: courier, clock: clock, log: log, nudge: make(chan struct{}, 1)}, nil
}

// alertChannels are the ways out of the house that the settings name; those of an exercise
// lead to contacts that are marked for drills, and to nobody else.
func (a *App) alertChannels(clock truce.Clock) (map[truce.ChannelKind]alert.Channel, error) {
	channels, err := a.cfg.Alerts.channels(clock, environment, func(id truce.AlertID) ([]byte, error) { return a.alertAsCAP(context.Background(), id) })
	if realm := a.store.Realm(); err == nil && realm.Exercise() {
		for kind, channel := range channels {
			channels[kind] = drill.Fence(realm, channel)
		}
	}
	return channels, err
}

// Nudge makes the loop look now. It never blocks.
func (l *respondLoop) Nudge() {
	select {
	case l.nudge <- struct{}{}:
	default:
	}
}

// Run works until the context ends and every attempt that was begun has its outcome.
func (l *respondLoop) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return l.again(ctx, "cases", l.follow) })
	group.Go(func() error {
		return l.again(ctx, "alerts", func(ctx context.Context) error { return l.courier.Run(ctx, guarantee.Outbox{Desk: l.desk}) })
	})
	return group.Wait()
}

// again takes work up anew after a failure: nothing is lost by it, since all that is known
// is on record.
func (l *respondLoop) again(ctx context.Context, what string, work func(context.Context) error) error {
	for ctx.Err() == nil {
		if err := work(ctx); err != nil && ctx.Err() == nil {
			l.log.Error("response", "of", what, "error", err, "again in", respondPause)
			l.wait(ctx, respondPause)
		}
	}
	return nil
}

// follow brings cases up to date at every new record and every wake that is due.
func (l *respondLoop) follow(ctx context.Context) error {
	var upTo truce.Seq
	for ctx.Err() == nil {
		head, _, err := l.desk.Store.Head(ctx)
		if err != nil {
			return err
		}
		next, err := l.desk.Store.NextWake(ctx)
		if err != nil {
			return err
		}
		now := truce.InstantOf(l.clock.Now())
		if head != upTo || next != 0 && next <= now {
			if err := l.round(ctx); err != nil {
				return err
			}
		}
		upTo = head
		wait := respondEvery
		if next > now {
			wait = min(wait, next.Sub(now))
		}
		l.wait(ctx, wait)
	}
	return nil
}

// round follows once, and has what was composed sent. Terms without a ladder foresee no
// cases, which is no failure.
func (l *respondLoop) round(ctx context.Context) error {
	round, err := l.desk.Follow(ctx)
	if truce.CodeOf(err) == truce.CodeNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if round.Steps > 0 {
		l.log.Info("cases", "opened", round.Opened, "steps", round.Steps, "alerts", round.Alerts)
	}
	l.courier.Nudge()
	return nil
}

// wait ends after a time, at a nudge or with the context.
func (l *respondLoop) wait(ctx context.Context, d time.Duration) {
	timer := l.clock.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-l.nudge:
	case <-timer.C():
	}
}
