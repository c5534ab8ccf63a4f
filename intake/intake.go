// Package intake is the one door: what a source decoded is checked, stripped of what
// is already known, and appended in batches; what cannot be read is kept in quarantine
// with its reason.
//
// It never interprets an observation and never drops one silently.
//
// Read Door, then Session: one session takes the rows of one file.
package intake

import (
	"context"
	"fmt"
	"time"

	"github.com/trucewatch/truce"
)

// Appender is what the door needs of the store.
//
// Append MUST return only after the records are committed and synced, and MUST treat a
// key it has seen as done. Known MUST see everything an earlier Append returned for.
type Appender interface {
	Append(ctx context.Context, batch truce.Batch) (truce.Receipt, error)
	Known(ctx context.Context, ids []truce.ID) (map[truce.ID]bool, error)
}

// Config is what a door is made of.
type Config struct {
	Appender Appender
	Now      func() time.Time
	// BatchRows is how many rows one record carries; 0 means DefaultBatchRows.
	BatchRows int
}

// Door admits the rows of every source.
type Door struct {
	cfg Config
}

// New makes a door.
func New(cfg Config) (*Door, error) {
	if cfg.Appender == nil || cfg.Now == nil {
		return nil, truce.Errorf(truce.CodeInvalid, "intake: needs an appender and a clock")
	}
	if cfg.BatchRows == 0 {
		cfg.BatchRows = DefaultBatchRows
	}
	if cfg.BatchRows < 1 || cfg.BatchRows > MaxBatchRows {
		return nil, truce.Errorf(truce.CodeInvalid, "intake: batch of %d rows, want 1 to %d", cfg.BatchRows, MaxBatchRows)
	}
	return &Door{cfg: cfg}, nil
}

// Open registers the source and begins a session for one of its files.
func (d *Door) Open(ctx context.Context, info truce.SourceInfo, file string) (*Session, error) {
	return d.open(ctx, info, file, &outbox{ctx: ctx, appender: d.cfg.Appender})
}

// open begins a session that shares its outbox with others of the same file, so that
// records come in the order of the file.
func (d *Door) open(ctx context.Context, info truce.SourceInfo, file string, box *outbox) (*Session, error) {
	if err := info.Validate(); err != nil {
		return nil, err
	}
	if err := box.wait(); err != nil {
		return nil, fmt.Errorf("intake: %s: %w", file, err)
	}
	if err := d.register(ctx, info); err != nil {
		return nil, fmt.Errorf("intake: register source %s: %w", info.ID, err)
	}
	s := &Session{ctx: ctx, door: d, box: box, source: info.ID, file: file}
	s.seen, s.sent = map[truce.ID]bool{}, map[truce.ID]bool{}
	return s, nil
}

// register appends what the source declares, once for each change of it.
func (d *Door) register(ctx context.Context, info truce.SourceInfo) error {
	draft, err := truce.NewDraft(truce.RecordSource, "source/"+string(info.ID), "", info)
	if err != nil {
		return err
	}
	draft.Key = "source/" + string(info.ID) + "/" + truce.HashOf(draft.Body).String()
	_, err = d.cfg.Appender.Append(ctx, truce.Batch{Drafts: []truce.Draft{draft}})
	return err
}
