package intake

import (
	"context"

	"github.com/trucewatch/truce"
)

// outbox appends drafts one after the other, in the order given, each while the next is
// being made ready: encoding a batch takes about as long as committing it. One goroutine
// uses it and ends with wait.
type outbox struct {
	ctx       context.Context
	appender  Appender
	underway  chan error // takes the outcome of the append under way; nil: none is
	confirmed func()     // called when it was committed
	failed    error      // once set, nothing is sent any more
}

// send waits for the draft before and begins to append this one. confirmed is called by
// a later send or wait, once the draft is committed and synced.
func (o *outbox) send(draft truce.Draft, confirmed func()) error {
	if err := o.wait(); err != nil {
		return err
	}
	done := make(chan error, 1)
	o.underway, o.confirmed = done, confirmed
	go func() {
		_, err := o.appender.Append(o.ctx, truce.Batch{Drafts: []truce.Draft{draft}})
		done <- err
	}()
	return nil
}

// wait returns when nothing is under way, with the first error there was.
func (o *outbox) wait() error {
	if o.underway == nil {
		return o.failed
	}
	o.failed = <-o.underway
	o.underway = nil
	if o.failed == nil {
		o.confirmed()
	}
	return o.failed
}
