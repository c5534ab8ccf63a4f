package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/intake"
	"github.com/trucewatch/truce/keep/store"
)

// App is the graph of one data directory: store, door and, through pipeline.go, the
// pure packages between them.
type App struct {
	cfg   Config
	store *store.Store
	door  *intake.Door
	now   func() time.Time
	clock *clock // of an exercise; nil: the machine's

	readOnly bool // nothing can be recorded where the directory lies

	program string // which build this is; asked at the start, since another may take its place
}

// Open builds the graph of an existing data directory. It refuses one whose store a
// verification found damaged.
func Open(ctx context.Context, dir string, now func() time.Time) (*App, error) {
	cfg, err := LoadConfig(dir)
	if err == nil {
		err = refuseDamaged(cfg)
	}
	if err != nil {
		return nil, err
	}
	return openMarked(ctx, cfg, now)
}

// openMarked is Open whatever a verification found.
func openMarked(ctx context.Context, cfg Config, now func() time.Time) (*App, error) {
	c := &clock{now: now}
	s, err := store.Open(ctx, cfg.DSN(), store.Options{Clock: c.Now})
	if err != nil {
		return nil, err
	}
	return c.run(ctx, cfg, s)
}

// run wires a graph on the clock: an exercise's own where the store is one.
func (c *clock) run(ctx context.Context, cfg Config, s *store.Store) (*App, error) {
	a, err := wire(cfg, s, c.Now)
	if err != nil || !s.Realm().Exercise() {
		return a, err
	}
	if err := c.continueFrom(ctx, a); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	c.shared, a.clock = filepath.Join(cfg.dir, shownFile), c
	return a, nil
}

// openPlayed opens the directory of a drill for the program that plays it, on the clock
// that it plays by.
func openPlayed(ctx context.Context, dir string, now func() time.Time) (*App, error) {
	cfg, err := LoadConfig(dir)
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, cfg.DSN(), store.Options{Clock: now})
	if err != nil {
		return nil, err
	}
	return wire(cfg, s, now)
}

func wire(cfg Config, s *store.Store, now func() time.Time) (*App, error) {
	door, err := intake.New(intake.Config{Appender: s, Now: now})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return &App{cfg: cfg, store: s, door: door, now: now, program: thisProgram()}, nil
}

// Close releases the store; what was acknowledged is already safe.
func (a *App) Close() error { return a.store.Close() }

// open is Open for a command: the directory of --dir and the command's clock.
func (c *cli) open(ctx context.Context) (*App, error) {
	a, err := Open(ctx, c.dir, c.now)
	if err != nil {
		return nil, err
	}
	said, err := a.finishTakedowns(ctx)
	if err != nil { // the next start tries again; it must not keep the watch from its work
		said = append(said, "not all that was taken down is gone, which is tried again by the next command: "+err.Error())
	}
	for _, line := range said {
		fmt.Fprintln(c.err, plainCell(line))
	}
	return a, nil
}

// openReading is open for a command that only reads: it appends nothing, and works where
// nothing may be written.
func (c *cli) openReading(ctx context.Context) (*App, error) {
	cfg, err := LoadConfig(c.dir)
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, cfg.DSN(), store.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	if err := checkHead(ctx, s); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	own := &clock{now: c.now}
	return own.run(ctx, cfg, s) // what an exercise has released is released for readers, too
}

// openDailies is open for a command that prints Dailies. Where nothing may be written those
// that are frozen are printed, which is said.
func (c *cli) openDailies(ctx context.Context) (*App, error) {
	a, err := c.open(ctx)
	if !errors.Is(err, store.ErrReadOnly) {
		return a, err
	}
	if a, err = c.openReading(ctx); err != nil {
		return nil, err
	}
	a.readOnly = true
	fmt.Fprintf(c.err, "note: %s is read-only: printed as it was frozen; whether anything has changed since was not asked\n", c.dir)
	return a, nil
}

// checkHead holds the head against the last record: a list made of a damaged store would
// look like any other.
func checkHead(ctx context.Context, s *store.Store) error {
	seq, hash, err := s.Head(ctx)
	if err == nil {
		err = s.Realm().Validate()
	}
	var last truce.Record
	if err == nil {
		last, err = s.Record(ctx, seq)
	}
	if err == nil && last.Hash != hash {
		err = errors.New("the last record has another hash")
	}
	if err != nil {
		return truce.Errorf(truce.CodeInternal, "the head of the records cannot be trusted; check them with truce verify-store: %w", err)
	}
	return nil
}

// NewDir is what Create needs to make a data directory.
type NewDir struct {
	Dir       string
	Mission   string
	Realm     truce.Realm
	Agreement []truce.AgreementFile
	Store     string // as in truce.yaml; "" for a file in the directory
	Settings  string // written below the sample's own settings in truce.yaml
	Now       func() time.Time
	Random    io.Reader // store name and salts of an exercise that must come out alike; nil: the system's source
}

// Create makes a data directory with a configuration, an agreement to edit and an
// empty store. It refuses a directory that already holds one. The configuration is
// written last: a directory without it is none. What a failed run made is taken back,
// and the command can be given again.
func Create(ctx context.Context, n NewDir) (*App, error) {
	if _, err := os.Stat(filepath.Join(n.Dir, ConfigFile)); err == nil {
		return nil, truce.Errorf(truce.CodeConflict, "%s already holds a data directory; choose another name", n.Dir)
	}
	if isFile(n.Dir) {
		return nil, truce.Errorf(truce.CodeConflict, "%s is a file; choose another name", n.Dir)
	}
	if err := n.Realm.Validate(); err != nil {
		return nil, err
	}
	if n.Random != nil && !n.Realm.Exercise() {
		return nil, truce.Errorf(truce.CodeInvalid, "the salts of a real store come from the system's source of randomness")
	}
	text := configText(n.Store) + n.Settings
	cfg, err := parseConfig([]byte(text))
	if err != nil {
		return nil, truce.Errorf(truce.CodeInvalid, "--store: %w", err)
	}
	cfg.dir = n.Dir
	var laid layout
	if err := laid.writeAgreement(n); err != nil {
		laid.undo()
		return nil, fmt.Errorf("make data directory: %w", err)
	}
	s, err := createStore(ctx, cfg, n)
	if err != nil {
		laid.undo()
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(n.Dir, ConfigFile), []byte(text), 0o640); err != nil {
		return nil, errors.Join(fmt.Errorf("make data directory: %w; the store %s was made already, remove it before you try again", err, cfg.storeShown()), s.Close())
	}
	return wire(cfg, s, n.Now)
}

func createStore(ctx context.Context, cfg Config, n NewDir) (*store.Store, error) {
	name, err := storeName(n.Random)
	if err != nil {
		return nil, err
	}
	inception := truce.Inception{Realm: n.Realm, Mission: n.Mission, Store: name}
	return store.Create(ctx, cfg.DSN(), inception, store.Options{Clock: n.Now, Random: n.Random})
}
