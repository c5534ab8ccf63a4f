// Package guarantee wires what follows from findings: people and their tokens, reviews,
// cases with their clocks, alerts and answers, promises and what was delivered.
//
// It decides nothing: who may is asked of assess/access, what follows of respond/ladder,
// what is at stake of respond/pledge, whom to tell of respond/alert. It never sends
// anything before the record of it is on disk.
//
// Read Desk for the graph, people.go for who acts, then deeds.go and cases.go for the two
// ways a case changes: by a person, and by what became known or due.
package guarantee

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/keep/store"
)

// Desk is the graph over one store.
type Desk struct {
	Store  *store.Store
	Now    func() time.Time
	Random io.Reader // for tokens
	Log    *slog.Logger
	Margin time.Duration // from composing an alert to its release; 0: the default
	// Planned reads the agreement that is to stand, for a store that has none on record yet;
	// nil: there is none.
	Planned func() (*agreement.Agreement, error)

	held    sync.Map   // *terms by version of the agreement
	trouble sync.Mutex // held while it is recorded who cannot be reached
}

func (d *Desk) now() truce.Instant { return truce.InstantOf(d.Now()) }

// append commits drafts together.
func (d *Desk) append(ctx context.Context, drafts ...truce.Draft) (truce.Receipt, error) {
	return d.Store.Append(ctx, truce.Batch{Drafts: drafts})
}
