package app

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/internal/pgtest"
	"github.com/trucewatch/truce/respond/alert"
)

// replica is a second process over the same records: a graph of its own.
func (s *roomStage) replica(dir string) *roomStage {
	s.Helper()
	a, err := Open(s.Context(), dir, s.clock.Now)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { _ = a.Close() })
	b := &roomStage{TB: s.TB, app: a, clock: s.clock, tokens: s.tokens}
	if b.served, err = a.newRoomDesk("http://room.example"); err != nil {
		s.Fatal(err)
	}
	b.desk = b.served.desk
	b.desk.Now, b.served.now = s.clock.Now, s.clock.Now // an exercise that is opened again goes on from its own time
	return b
}

// together lets time pass while both replicas do what is due at the same moments.
func together(a, b *roomStage, d time.Duration) {
	a.Helper()
	loops := map[*roomStage]*respondLoop{}
	for _, s := range []*roomStage{a, b} {
		loop, err := s.app.newRespondLoop(realClock{s.clock.Now}, slog.New(slog.DiscardHandler))
		if err != nil {
			a.Fatal(err)
		}
		loop.desk = s.desk
		loops[s] = loop
	}
	round := func() {
		var group errgroup.Group
		for s, loop := range loops {
			group.Go(func() error { return loop.round(s.Context()) })
		}
		if err := group.Wait(); err != nil {
			a.Fatal(err)
		}
		for s, loop := range loops {
			s.deliver(loop)
		}
	}
	for end := a.clock.Now().Add(d); ; {
		round()
		next, err := a.app.store.NextWake(a.Context())
		if err != nil {
			a.Fatal(err)
		}
		now := truce.InstantOf(a.clock.Now())
		if next == 0 || next > truce.InstantOf(end) || next <= now {
			a.clock.add(end.Sub(a.clock.Now()))
			break
		}
		a.clock.add(next.Sub(now))
	}
	round()
}

// TestTheRoomOverPostgreSQL plays the story over PostgreSQL, with two replicas from then
// on: everybody opens every page of both, what is done at one is seen at the other, and a
// timer that falls due for both fires once.
func TestTheRoomOverPostgreSQL(t *testing.T) {
	var cluster pgtest.Cluster
	t.Cleanup(func() {
		if err := cluster.Close(); err != nil {
			t.Error(err)
		}
	})
	dir := t.TempDir() + "/room"
	clock := &stepClock{now: time.Date(2031, 4, 2, 5, 0, 0, 0, time.UTC)}
	a := newRoomStageIn(t, dir, cluster.Database(t), clock.Now)
	a.clock = clock
	a.play()
	b := a.replica(dir)
	handlerA, handlerB := a.handler(a.served), b.handler(b.served)
	for _, id := range []truce.PersonID{"chair", "a-liaison", "bre-duty", "ave-planner", "reader"} {
		one, two := a.walk(handlerA, a.person(id)), b.walk(handlerB, b.person(id))
		if len(one) < 10 || !slices.Equal(slices.Sorted(maps.Keys(one)), slices.Sorted(maps.Keys(two))) {
			t.Errorf("%s opens %d pages of one replica and %d of the other", id, len(one), len(two))
		}
		for path, page := range one {
			if strings.HasPrefix(path, "/api/") && page != two[path] {
				t.Errorf("%s at %s: the replicas say\n%.300s\n%.300s", id, path, page, two[path])
			}
		}
	}
	if code, body := b.post(handlerB, "chair", "/api/v1/cases/C-2031-1/deeds", map[string]any{"kind": "note", "text": "written at B"}); code != http.StatusOK {
		t.Fatalf("a deed at B: %d %s", code, body)
	}
	if body := a.walk(handlerA, a.person("lead"))["/api/v1/cases/C-2031-1"]; !strings.Contains(body, "written at B") {
		t.Error("what was done at B is not seen at A")
	}
	a.breach(6, "north", truce.ActMissileStrike, 10*time.Minute, 3)
	together(a, b, 26*time.Hour)
	a.firedOnce()
	a.sentOnce()
	if report, err := a.app.store.VerifyStore(t.Context(), func(_, _ truce.Seq) {}); err != nil || !report.OK() {
		t.Errorf("the store after two writers: %v %+v", err, report)
	}
}

// TestTwoReplicasMakeOneDigest lets two replicas find at the same moment that two people of one
// case cannot be reached: both have read what is on record before either writes. One message
// goes out, and it names both people.
func TestTwoReplicasMakeOneDigest(t *testing.T) {
	for _, engine := range []string{"SQLite", "PostgreSQL"} {
		t.Run(engine, func(t *testing.T) {
			dir, store := t.TempDir()+"/room", ""
			if engine == "PostgreSQL" {
				var cluster pgtest.Cluster
				t.Cleanup(func() {
					if err := cluster.Close(); err != nil {
						t.Error(err)
					}
				})
				store = cluster.Database(t)
			}
			clock := &stepClock{now: time.Date(2031, 4, 2, 5, 0, 0, 0, time.UTC)}
			a := newRoomStageIn(t, dir, store, clock.Now)
			a.clock = clock
			a.breach(1, "centre", truce.ActIndirectFire, 25*time.Minute, 3)
			a.after(time.Minute)
			a.sign("watch-officer", "C-2031-1", "L0")
			a.sign("watch-lead", "C-2031-1", "L1")
			a.after(time.Minute)
			records := a.app.store
			if engine == "PostgreSQL" {
				records = a.replica(dir).app.store
			}
			other := &guarantee.Desk{Store: records, Now: clock.Now, Log: a.desk.Log}
			a.oneDigest(a.desk, other)
		})
	}
}

// oneDigest makes two desks find the trouble of one person each, at once.
func (s *roomStage) oneDigest(one, two *guarantee.Desk) {
	s.Helper()
	rows, err := s.app.store.Alerts(s.Context(), truce.AlertQuery{Role: truce.RoleParty})
	if err != nil || len(rows) == 0 {
		s.Fatal(err, len(rows))
	}
	told := rows[0].Alert
	var both sync.WaitGroup // until each has read, and asks what time it is
	both.Add(2)
	wait := func(now func() time.Time) func() time.Time {
		read := sync.OnceFunc(func() { both.Done(); both.Wait() })
		return func() time.Time { read(); return now() }
	}
	var group errgroup.Group
	for desk, who := range map[*guarantee.Desk]truce.PersonID{one: "a-liaison", two: "b-liaison"} {
		box := alert.Box{Alert: told, Deliveries: []truce.Delivery{{Alert: told.ID, Person: who, Channel: truce.ChannelConsole, Attempt: 1, State: truce.DeliveryGivenUp, At: told.Release}}}
		now := desk.Now
		desk.Now = wait(now)
		defer func() { desk.Now = now }()
		group.Go(func() error { return desk.Trouble(s.Context(), box, alert.Report{}) })
	}
	if err := group.Wait(); err != nil {
		s.Fatal(err)
	}
	all, err := s.app.store.Alerts(s.Context(), truce.AlertQuery{Case: told.Case})
	if err != nil {
		s.Fatal(err)
	}
	ofCase := make([]truce.Alert, len(all))
	for i, row := range all {
		ofCase[i] = row.Alert
	}
	var sent []string
	for _, a := range ofCase {
		if strings.Contains(a.Headline["en"], "cannot be reached") && len(alert.InsteadOf(a, ofCase)) < len(a.To) {
			sent = append(sent, a.Text["en"])
		}
	}
	if len(sent) != 1 || !strings.Contains(sent[0], "- a-liaison (") || !strings.Contains(sent[0], "- b-liaison (") {
		s.Errorf("%d digests leave, want one that names both:\n%s", len(sent), strings.Join(sent, "\n---\n"))
	}
}

// firedOnce holds that every clock that was missed was so once, and that some were.
func (s *roomStage) firedOnce() {
	s.Helper()
	page, err := s.app.store.Cases(s.Context(), truce.CaseQuery{})
	if err != nil {
		s.Fatal(err)
	}
	missed := map[string]int{}
	for _, row := range page.Rows {
		steps, err := s.app.store.CaseSteps(s.Context(), row.ID.String())
		if err != nil {
			s.Fatal(err)
		}
		for n, step := range steps {
			if step.Number != n+1 {
				s.Errorf("case %s: step %d stands in place %d", row.Summary.Number, step.Number, n+1)
			}
			if step.Kind == truce.StepClockMissed {
				missed[fmt.Sprint(row.ID, step.Clock.Clock, step.Clock.For, step.Clock.Round)]++
			}
		}
	}
	for clock, n := range missed {
		if n != 1 {
			s.Errorf("clock %s was missed %d times", clock, n)
		}
	}
	if len(missed) < 5 {
		s.Errorf("%d clocks were missed: too few to show anything", len(missed))
	}
}
