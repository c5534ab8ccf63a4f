package intake_test

import (
	"context"
	"errors"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/intake"
)

// gate is an appender whose batches of rows wait until the test lets them through.
type gate struct {
	entered chan truce.Draft // a batch of rows has arrived
	leave   chan error       // lets it go on, with this outcome
	known   int              // rows of batches that returned
}

func newGate() *gate { return &gate{entered: make(chan truce.Draft), leave: make(chan error)} }

func (g *gate) Append(_ context.Context, batch truce.Batch) (truce.Receipt, error) {
	draft := batch.Drafts[0]
	if draft.Kind != truce.RecordBatch {
		return truce.Receipt{}, nil
	}
	g.entered <- draft
	err := <-g.leave
	if err == nil {
		g.known += len(draft.Rows)
	}
	return truce.Receipt{}, err
}

// Known knows nothing: what the session itself sent it has to remember itself.
func (g *gate) Known(context.Context, []truce.ID) (map[truce.ID]bool, error) { return nil, nil }

func openGated(t *testing.T, g *gate, batchRows int) *intake.Session {
	t.Helper()
	door, err := intake.New(intake.Config{Appender: g, Now: clock, BatchRows: batchRows})
	if err != nil {
		t.Fatal(err)
	}
	s, err := door.Open(context.Background(), source, "beats.csv")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func observe(t *testing.T, s *intake.Session, numbers ...int) {
	t.Helper()
	for _, n := range numbers {
		if err := s.Observe(beat(n)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheNextBatchIsFilledWhileOneIsCommitted(t *testing.T) {
	g := newGate()
	s := openGated(t, g, 3)
	observe(t, s, 1, 2, 3)
	first := <-g.entered
	observe(t, s, 4, 3, 5) // 3 is in the batch that the store does not show yet
	g.leave <- nil
	done := make(chan intake.Counts, 1)
	go func() {
		counts, err := s.Close()
		if err != nil {
			t.Error(err)
		}
		done <- counts
	}()
	second := <-g.entered
	if g.known != 3 {
		t.Errorf("the second batch came when %d rows were committed, want 3", g.known)
	}
	g.leave <- nil
	if got := <-done; got.Accepted != 5 || got.Duplicate != 1 {
		t.Errorf("counts %+v, want 5 accepted and 1 duplicate", got)
	}
	if len(first.Rows) != 3 || len(second.Rows) != 2 || second.Rows[0].ID != beat(4).ID {
		t.Errorf("batches of %d and %d rows, want 3 and then 2 from row 4", len(first.Rows), len(second.Rows))
	}
}

func TestABatchThatFailsStopsTheSession(t *testing.T) {
	g := newGate()
	s := openGated(t, g, 2)
	observe(t, s, 1, 2)
	<-g.entered
	observe(t, s, 3)
	broken := errors.New("the disk is full")
	g.leave <- broken
	if err := s.Observe(beat(4)); !errors.Is(err, broken) {
		t.Errorf("the batch after gave %v, want %v", err, broken)
	}
	counts, err := s.Close() // would wait for ever if it sent another batch
	if !errors.Is(err, broken) {
		t.Errorf("closing gave %v, want %v", err, broken)
	}
	if counts.Accepted != 0 {
		t.Errorf("%d rows are said to be accepted, none was committed", counts.Accepted)
	}
}

func TestClosingTellsOfTheLastBatch(t *testing.T) {
	g := newGate()
	s := openGated(t, g, 2)
	observe(t, s, 1, 2)
	<-g.entered
	broken := errors.New("the disk is full")
	go func() { g.leave <- broken }()
	if counts, err := s.Close(); !errors.Is(err, broken) || counts.Accepted != 0 {
		t.Errorf("closing gave %+v and %v, want nothing accepted and %v", counts, err, broken)
	}
}
