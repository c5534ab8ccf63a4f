package alert

import (
	"context"
	"sync"
	"time"

	"github.com/trucewatch/truce"
)

const (
	// longestSleep is how long Run waits at most before it looks again, so that a wake of
	// which nobody nudged it is found.
	longestSleep = 30 * time.Second
	// shortestSleep keeps a wake that leads to nothing, or that is not the courier's, from
	// making a busy loop; a timer still fires within the second.
	shortestSleep = 200 * time.Millisecond
	// alertsAtOnce bounds how many alerts are served at the same time.
	alertsAtOnce = 16
)

// Run serves what is due until it is told to stop, and returns when every attempt it began
// has its outcome. An error of the recorder or the outbox ends it: what cannot be recorded
// must not be sent.
func (c *Courier) Run(ctx context.Context, o Outbox) error {
	for {
		due, err := o.Due(ctx, c.now())
		if err != nil {
			return stopped(ctx, err)
		}
		worked, err := c.serveAll(ctx, due)
		if err != nil {
			return stopped(ctx, err)
		}
		wait, err := c.untilNext(ctx, o)
		if err != nil {
			return stopped(ctx, err)
		}
		if !worked {
			wait = max(wait, shortestSleep)
		}
		if !c.sleep(ctx, wait) {
			return nil
		}
	}
}

// stopped is nil when the error is that we were told to stop.
func stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// serveAll serves alerts side by side and says whether any record came of it.
func (c *Courier) serveAll(ctx context.Context, boxes []Box) (bool, error) {
	var wait sync.WaitGroup
	var mu sync.Mutex // guards worked and failed
	var worked bool
	var failed error
	slots := make(chan struct{}, alertsAtOnce)
	for _, b := range boxes {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			report, err := c.Serve(ctx, b)
			mu.Lock()
			defer mu.Unlock()
			worked = worked || report.Records > 0
			if failed == nil {
				failed = err
			}
		})
	}
	wait.Wait()
	return worked, failed
}

func (c *Courier) untilNext(ctx context.Context, o Outbox) (time.Duration, error) {
	next, ok, err := o.NextWake(ctx)
	if err != nil || !ok {
		return longestSleep, err
	}
	return min(max(next.Sub(c.now()), 0), longestSleep), nil
}

// sleep waits for the time, a nudge, or the end; false is the end.
func (c *Courier) sleep(ctx context.Context, d time.Duration) bool {
	timer := c.config.Clock.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-c.nudge:
		return true
	case <-timer.C():
		return true
	}
}

// Troubles composes what people must see to: those an alert cannot be brought to, and that
// the parties were told apart. The same trouble is the same alert however often it is
// found. in.Step is not looked at; in.Case is the case of the alert.
func Troubles(in Input, b Box) (Composed, error) {
	in.Step = truce.CaseStep{Number: b.Alert.Step, At: b.Alert.Release}
	if err := in.validate(); err != nil {
		return Composed{}, err
	}
	var drafts []draft
	lost := Exhausted(b, in.Now)
	for _, r := range b.Alert.To {
		for _, p := range lost {
			if p == r.Person {
				drafts = append(drafts, unreachedDraft(b, r))
			}
		}
	}
	if apart, ok := Apart(b); ok && apart > skewAlarm {
		drafts = append(drafts, skewDraft(b, apart))
	}
	return in.compose(drafts)
}

// unreachedDraft tells the mechanism and, of a state, the next office above.
func unreachedDraft(b Box, r truce.AlertRecipient) draft {
	d := draft{
		sort: "unreached", key: string(r.Person), kind: truce.AlertNew, tier: b.Alert.Tier,
		route: route{offices: mechanismWatch(), inside: true},
	}
	if up := above(r.Office); up != "" && r.State != "" {
		d.route.offices, d.route.state = append(d.route.offices, up), r.State
	}
	d.fill = func(w words) map[string]string {
		return map[string]string{
			"id": b.Alert.ID.String(), "headline": b.Alert.Headline.In(w.code()), "person": string(r.Person),
			"office": w.or("office_", string(r.Office)),
		}
	}
	return d
}

// above is the next office of the same role, "" at the top.
func above(o truce.Office) truce.Office {
	all := truce.Offices()
	if i := rank(o); i >= 0 && i+1 < len(all) && all[i+1].Role() == o.Role() {
		return all[i+1]
	}
	return ""
}

func skewDraft(b Box, apart time.Duration) draft {
	return draft{
		sort: "skew", key: b.Alert.ID.String(), kind: truce.AlertNew, tier: b.Alert.Tier,
		route: route{offices: mechanismWatch(), inside: true},
		fill: func(w words) map[string]string {
			return map[string]string{"id": b.Alert.ID.String(), "apart": w.duration(apart)}
		},
	}
}
