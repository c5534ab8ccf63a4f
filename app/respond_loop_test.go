package app

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trucewatch/truce"
)

// loops starts so many loops over one store, each with a graph of its own, and gives what
// stops them and waits for them.
func (s *roomStage) loops(n int) (stop func()) {
	s.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, n)
	for range n {
		loop, err := s.app.newRespondLoop(realClock{time.Now}, slog.New(slog.DiscardHandler))
		if err != nil {
			s.Fatal(err)
		}
		go func() { done <- loop.Run(ctx) }()
	}
	return func() {
		cancel()
		for range n {
			if err := <-done; err != nil {
				s.Error(err)
			}
		}
	}
}

func (s *roomStage) steps(number string, kind truce.StepKind) []truce.CaseStepRow {
	s.Helper()
	rows, err := s.app.store.CaseSteps(s.Context(), number)
	if err != nil {
		s.Fatal(err)
	}
	var out []truce.CaseStepRow
	for _, row := range rows {
		if row.Kind == kind {
			out = append(out, row)
		}
	}
	return out
}

// TestADueWakeFiresOnceWithinASecond runs two loops over one store: a record is followed
// without anybody being told, a deadline that passes is recorded within a second of it, and
// once, and what was composed is sent once.
func TestADueWakeFiresOnceWithinASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newRoomStageOn(t, filepath.Join(t.TempDir(), "room"), time.Now)
		stop := s.loops(2)
		s.breach(1, "centre", truce.ActIndirectFire, 10*time.Minute, 3)
		<-time.After(time.Second)
		synctest.Wait()
		if page, err := s.app.store.Cases(t.Context(), truce.CaseQuery{}); err != nil || page.Total != 1 {
			t.Fatalf("%v: %d cases a second after the record", err, page.Total)
		}
		number := "C-2000-1"
		s.sign("watch-officer", number, "L0")
		due := time.Now().Add(5 * time.Minute) // of the clock to open or dismiss
		<-time.After(5*time.Minute - time.Millisecond)
		synctest.Wait()
		if missed := s.steps(number, truce.StepClockMissed); len(missed) != 0 {
			t.Fatalf("missed before it was due: %+v", missed)
		}
		<-time.After(time.Second)
		synctest.Wait()
		missed := s.steps(number, truce.StepClockMissed)
		if len(missed) != 1 {
			t.Fatalf("%d steps for one deadline, want 1", len(missed))
		}
		if late := time.Duration(truce.Instant(missed[0].Recorded)-truce.InstantOf(due)) * time.Microsecond; late < 0 || late > time.Second {
			t.Errorf("recorded %s after it was due", late)
		}
		<-time.After(time.Minute)
		stop()
		s.sentOnce()
	})
}

// sentOnce holds that each recipient of each alert was brought it once.
func (s *roomStage) sentOnce() {
	s.Helper()
	alerts, err := s.app.store.Alerts(s.Context(), truce.AlertQuery{})
	if err != nil || len(alerts) == 0 {
		s.Fatalf("%v: %d alerts", err, len(alerts))
	}
	for _, a := range alerts {
		rows, err := s.app.store.Deliveries(s.Context(), a.ID)
		if err != nil {
			s.Fatal(err)
		}
		sent := map[truce.PersonID]int{}
		for _, d := range rows {
			if d.State == truce.DeliverySent {
				sent[d.Person]++
			}
		}
		if len(sent) == 0 {
			s.Errorf("alert %s reached nobody", a.ID)
		}
		for p, n := range sent {
			if n != 1 {
				s.Errorf("alert %s was brought to %s %d times", a.ID, p, n)
			}
		}
	}
}

// TestTheLoopGoesOnAfterAFailure: a store that cannot be read for a while costs nothing but
// the while.
func TestTheLoopGoesOnAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newRoomStageOn(t, filepath.Join(t.TempDir(), "room"), time.Now)
		loop, err := s.app.newRespondLoop(realClock{time.Now}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		tries, began := 0, time.Now()
		err = loop.again(ctx, "test", func(context.Context) error {
			if tries++; tries == 3 {
				cancel()
			}
			return truce.Errorf(truce.CodeUnavailable, "away")
		})
		if err != nil || tries != 3 || time.Since(began) != 2*respondPause {
			t.Errorf("%v: %d tries in %s", err, tries, time.Since(began))
		}
	})
}

// TestTheLoopWaitsForTermsWithALadder: a directory in which no terms are on record yet is
// no failure.
func TestTheLoopWaitsForTermsWithALadder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files, err := agreementFiles("")
		if err != nil {
			t.Fatal(err)
		}
		a, err := Create(t.Context(), NewDir{Dir: filepath.Join(t.TempDir(), "bare"), Mission: "m", Realm: truce.ExerciseRealm("bare"), Agreement: files, Now: time.Now, Random: &sameBytes{}})
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		loop, err := a.newRespondLoop(realClock{time.Now}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if err := loop.round(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
