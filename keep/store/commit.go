package store

import (
	"context"
	"errors"

	"github.com/trucewatch/truce"
)

// request is one piece of work for the committer. Either batch is set, and the
// request may share a transaction with others, or job is, and it has its own.
type request struct {
	batch   *prepared
	job     func(*writeTx) error
	after   func(context.Context, *session) error // of a job: runs after the commit
	receipt truce.Receipt
	err     error
	done    chan struct{}
}

// submit hands a request to the committer and waits. When ctx ends first the outcome
// is unknown; sending the same key again finds out.
func (s *Store) submit(ctx context.Context, r *request) error {
	s.mu.RLock()
	if s.closed {
		s.mu.RUnlock()
		return truce.Errorf(truce.CodeUnavailable, "store: closed or read-only, nothing can be appended")
	}
	s.inflight.Add(1)
	s.mu.RUnlock()
	defer s.inflight.Done()
	r.done = make(chan struct{})
	select {
	case s.queue <- r:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// inTransaction runs a job alone in a write transaction.
func (s *Store) inTransaction(ctx context.Context, job func(*writeTx) error) error {
	return s.submit(ctx, &request{job: job})
}

// commitLoop is the committer: it owns the writing session, groups what is pending
// into one transaction and answers after the commit. It ends when the queue is closed.
func (s *Store) commitLoop() {
	defer close(s.ended)
	c := &committer{store: s}
	defer c.drop()
	var next *request
	for {
		if next == nil {
			var open bool
			if next, open = <-s.queue; !open {
				return
			}
		}
		var group []*request
		group, next = s.gather(next)
		c.commit(group)
		for _, r := range group {
			close(r.done)
		}
	}
}

// gather takes what is waiting, up to the bounds of a group. A job stands alone; one
// that was met while gathering is given back as the next.
func (s *Store) gather(first *request) (group []*request, next *request) {
	group = []*request{first}
	if first.job != nil {
		return group, nil
	}
	rows := first.batch.rows
	for len(group) < maxGroup && rows < maxGroupRows {
		select {
		case r, open := <-s.queue:
			if !open {
				return group, nil
			}
			if r.job != nil {
				return group, r
			}
			group = append(group, r)
			rows += r.batch.rows
		default:
			return group, nil
		}
	}
	return group, nil
}

// committer is owned by commitLoop.
type committer struct {
	store   *Store
	session *session
	stopped error // once set, nothing is appended any more
}

func (c *committer) drop() {
	if c.session != nil {
		c.session.close()
		c.session = nil
	}
}

// commit runs a group in one transaction. A request that fails is rolled back to its
// savepoint and fails alone; when the transaction fails, all of the group do.
func (c *committer) commit(group []*request) {
	err := c.stopped
	if err == nil {
		err = c.transact(group)
	}
	if err == nil {
		return
	}
	if errors.Is(err, ErrFatal) && c.stopped == nil {
		c.stopped = err
		c.store.opt.Logger.Error("store stopped", "error", err)
	}
	for _, r := range group {
		if r.err == nil {
			r.err, r.receipt = err, truce.Receipt{}
		}
	}
}

func (c *committer) transact(group []*request) error {
	ctx, cancel := c.context()
	defer cancel()
	if err := c.connect(ctx); err != nil {
		return truce.Errorf(truce.CodeUnavailable, "store: %w", err)
	}
	if err := c.session.direct(ctx, c.store.eng.begin()); err != nil {
		c.drop()
		return truce.Errorf(truce.CodeUnavailable, "store: cannot begin writing: %w", err)
	}
	err := c.fill(ctx, group)
	if hook := c.store.beforeCommit; err == nil && hook != nil {
		hook(group)
	}
	if err == nil {
		err = classify(c.store.eng, c.session.direct(ctx, "COMMIT"))
	}
	if after := group[0].after; err == nil && after != nil {
		if err := after(ctx, c.session); err != nil {
			c.store.opt.Logger.Warn("store: removed, but not cleared up behind it", "error", err)
		}
		return nil
	}
	if err != nil && c.session.direct(context.WithoutCancel(ctx), "ROLLBACK") != nil {
		c.session.discard() // it may hold half a transaction; a new one holds none
		c.session = nil
	}
	return err
}

// fill writes every request of the group and the new head.
func (c *committer) fill(ctx context.Context, group []*request) error {
	tx, err := beginWrite(ctx, c.store, c.session)
	if err != nil {
		return classify(c.store.eng, err)
	}
	for _, r := range group {
		if r.job != nil {
			if r.err = classify(c.store.eng, r.job(tx)); r.err != nil {
				return r.err
			}
			continue
		}
		if err := tx.attempt(r); err != nil {
			return classify(c.store.eng, err)
		}
	}
	return classify(c.store.eng, tx.saveHead())
}

func (c *committer) connect(ctx context.Context) error {
	if c.session != nil {
		return nil
	}
	w, err := openSession(ctx, c.store.eng, c.store.writer)
	c.session = w
	return err
}

// context bounds a transaction where the engine asks for it. It does not end with a
// caller's: a group belongs to many.
func (c *committer) context() (context.Context, context.CancelFunc) {
	if d := c.store.eng.timeout(); d > 0 {
		return context.WithTimeout(context.Background(), d)
	}
	return context.Background(), func() {}
}
