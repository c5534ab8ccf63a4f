// Package store keeps the records, appended once and never changed, and the read
// tables folded from them, on SQLite or PostgreSQL with one SQL text.
//
// It never decides what a record means, never edits one, and never answers an append
// before the commit is on disk.
//
// Read store.go for opening, append.go and commit.go for the promise behind a
// receipt, fold.go for the read tables, then verify.go for how the promise is
// checked. Only sqlite.go and postgres.go know which database runs underneath.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/trucewatch/truce"
)

// ErrFatal marks errors after which the store takes no more appends: a commit that
// failed on disk, a clock that went back, a log that contradicts itself. The process
// should stop; starting again recovers.
var ErrFatal = errors.New("the store has stopped")

// ErrReadOnly marks the refusal to open for writing what can only be read: a file or a
// folder without the right to write, a medium that takes nothing.
var ErrReadOnly = errors.New("nothing can be recorded there")

// Options are what a store needs from outside. The zero value is ready for use.
type Options struct {
	Clock  func() time.Time // for RecordedTime and leases; nil: time.Now
	Random io.Reader        // for salts; nil: crypto/rand
	Logger *slog.Logger     // nil: silent
	// ReadOnly opens without a writer and without looking at the head, so that a
	// damaged store can still be read and verified, and one on a medium that cannot be
	// written, such as a copy in an archive. Nothing may change such a file meanwhile.
	ReadOnly bool
}

// Store is one open store. All methods may be called by many goroutines.
type Store struct {
	eng     engine
	opt     Options
	realm   truce.Realm
	readers *sql.DB
	writer  *sql.DB
	queue   chan *request
	ended   chan struct{} // closed when the committer has ended

	mu       sync.RWMutex // guards closed: no append is let in once it is set
	closed   bool
	inflight sync.WaitGroup // appends let in

	// Negative controls of tests, never set otherwise.
	skipHashCheck bool
	beforeCommit  func(group []*request)
}

// Create makes a store at dsn and appends its inception. It is a conflict when one is
// already there. When it returns, the inception is on disk.
func Create(ctx context.Context, dsn string, inception truce.Inception, opt Options) (*Store, error) {
	if err := inception.Realm.Validate(); err != nil {
		return nil, fmt.Errorf("store: create: %w", err)
	}
	if inception.Store == "" {
		return nil, truce.Errorf(truce.CodeInvalid, "store: create: the inception needs a name for this store")
	}
	eng, err := engineOf(dsn)
	if err != nil {
		return nil, err
	}
	undo, err := eng.create(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: create: %w", err)
	}
	opt.ReadOnly = false
	s, err := inceive(ctx, eng, inception, opt)
	if err != nil {
		undo()
		return nil, fmt.Errorf("store: create: %w", err)
	}
	return s, nil
}

func inceive(ctx context.Context, eng engine, inception truce.Inception, opt Options) (*Store, error) {
	if err := migrate(ctx, eng); err != nil {
		return nil, err
	}
	s, err := start(eng, opt)
	if err != nil {
		return nil, err
	}
	s.realm = inception.Realm
	draft, err := truce.NewDraft(truce.RecordInception, "", "inception", inception)
	if err == nil {
		err = s.inTransaction(ctx, func(tx *writeTx) error { return tx.incept(draft) })
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Open opens an existing store and never creates one. A store written by a newer
// program is refused; an older one is brought up to date. The head must agree with
// the last record and the last tailRecords with their hashes, else the store is damaged
// and only opens with ReadOnly.
func Open(ctx context.Context, dsn string, opt Options) (*Store, error) {
	eng, err := engineOf(dsn)
	if err != nil {
		return nil, err
	}
	where := eng.where()
	if err = upgrade(ctx, eng, opt.ReadOnly); err != nil {
		if eng, err = asItIs(ctx, eng, err); err == nil && !opt.ReadOnly {
			err = truce.Errorf(truce.CodeUnavailable, "%s is read-only: %w; copy the directory to where it can be written", where, ErrReadOnly)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("store: open: %w", err)
	}
	s, err := start(eng, opt)
	if err != nil {
		return nil, fmt.Errorf("store: open: %w", err)
	}
	if err := s.readRealm(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store: open: %w", err), s.Close())
	}
	return s, nil
}

// asItIs is the engine that reads a store which refused to open since nothing can be
// written where it lies; any other refusal stands.
func asItIs(ctx context.Context, eng engine, refusal error) (engine, error) {
	eng, err := eng.unwritable(refusal)
	if err != nil {
		return nil, err
	}
	return eng, upgrade(ctx, eng, true)
}

// start opens the connections and, unless read-only, the committer.
func start(eng engine, opt Options) (*Store, error) {
	if opt.Clock == nil {
		opt.Clock = time.Now
	}
	if opt.Random == nil {
		opt.Random = rand.Reader
	}
	if opt.Logger == nil {
		opt.Logger = slog.New(slog.DiscardHandler)
	}
	readers, err := eng.open(readRole)
	if err != nil {
		return nil, err
	}
	s := &Store{eng: eng, opt: opt, readers: readers, queue: make(chan *request, maxGroup), ended: make(chan struct{})}
	if opt.ReadOnly {
		s.closed = true
		close(s.ended)
		return s, nil
	}
	if s.writer, err = eng.open(writeRole); err != nil {
		return nil, errors.Join(err, readers.Close())
	}
	s.writer.SetMaxOpenConns(1)
	go s.commitLoop()
	return s, nil
}

// readRealm learns the realm from the inception and, for writers, looks at the end of
// the records.
func (s *Store) readRealm(ctx context.Context) error {
	first, err := s.Record(ctx, 1)
	if err == nil {
		var inception truce.Inception
		inception, err = truce.DecodeBody[truce.Inception](first)
		s.realm = inception.Realm
	}
	if s.opt.ReadOnly {
		return nil // verification will say what is wrong
	}
	if err != nil {
		return truce.Errorf(truce.CodeInternal, "the inception cannot be read; check it with truce verify-store: %w", err)
	}
	return s.checkTail(ctx)
}

// Close waits for the appends under way and closes the connections.
func (s *Store) Close() error {
	s.mu.Lock()
	already := s.closed
	s.closed = true
	s.mu.Unlock()
	if !already {
		s.inflight.Wait()
		close(s.queue)
	}
	<-s.ended
	err := s.readers.Close()
	if s.writer != nil {
		err = errors.Join(err, s.writer.Close())
	}
	return err
}

// Realm is the realm fixed in the inception.
func (s *Store) Realm() truce.Realm { return s.realm }

// Head is the number and hash of the last record.
func (s *Store) Head(ctx context.Context) (truce.Seq, truce.Hash, error) {
	var seq truce.Seq
	var hash []byte
	err := s.readers.QueryRowContext(ctx, "SELECT seq, hash FROM head WHERE id = 1").Scan(&seq, &hash)
	if err != nil {
		return 0, truce.Hash{}, fmt.Errorf("store: head: %w", err)
	}
	var h truce.Hash
	copy(h[:], hash)
	return seq, h, nil
}
