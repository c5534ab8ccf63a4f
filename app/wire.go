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
}

// Open builds the graph of an existing data directory.
func Open(ctx context.Context, dir string, now func() time.Time) (*App, error) {
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
	return &App{cfg: cfg, store: s, door: door, now: now}, nil
}

// Close releases the store; what was acknowledged is already safe.
func (a *App) Close() error { return a.store.Close() }

// open is Open for a command: the directory of --dir and the command's clock.
func (c *cli) open(ctx context.Context) (*App, error) { return Open(ctx, c.dir, c.now) }

// NewDir is what Create needs to make a data directory.
type NewDir struct {
	Dir       string
	Mission   string
	Realm     truce.Realm
	Agreement []truce.AgreementFile
	Store     string // as in truce.yaml; "" for a file in the directory
	Now       func() time.Time
	Random    io.Reader // names the store; nil: the system's source
}

// Create makes a data directory with a configuration, an agreement to edit and an
// empty store. It refuses a directory that already holds one.
func Create(ctx context.Context, n NewDir) (*App, error) {
	if _, err := os.Stat(filepath.Join(n.Dir, ConfigFile)); err == nil {
		return nil, truce.Errorf(truce.CodeConflict, "%s already holds a data directory; choose another name", n.Dir)
	}
	if err := n.Realm.Validate(); err != nil {
		return nil, err
	}
	if err := writeFiles(n); err != nil {
		return nil, fmt.Errorf("make data directory: %w", err)
	}
	cfg, err := LoadConfig(n.Dir)
	if err != nil {
		return nil, err
	}
	name, err := storeName(n.Random)
	if err != nil {
		return nil, err
	}
	inception := truce.Inception{Realm: n.Realm, Mission: n.Mission, Store: name}
	s, err := store.Create(ctx, cfg.DSN(), inception, store.Options{Clock: n.Now})
	if err != nil {
		return nil, err
	}
	return wire(cfg, s, n.Now)
}
