package app

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// benchTimers are deadlines that fall due while BenchmarkServeRoom serves, half a second
// after one another.
const benchTimers = 20

// BenchmarkServeRoom starts what `truce serve --room` starts, over a store of 35 states, 300
// users, 10,000 open cases and 100,000 wakes: how long until the first page of a duty
// officer is answered, and how long after they were due the deadlines are on record that
// fall due while it serves. Each iteration is a start; the last serves on.
func BenchmarkServeRoom(b *testing.B) {
	dir := b.TempDir() + "/room"
	s := newRoomStage(b, dir)
	s.seedRoom(b)
	due := s.deadlines(b)
	if err := s.app.Close(); err != nil {
		b.Fatal(err)
	}
	// The graph's own time goes on from shortly before the first of them.
	began, from := time.Now(), due[0].Time().Add(-30*time.Second)
	now := func() time.Time { return from.Add(time.Since(began)) }
	var starts []time.Duration
	for b.Loop() {
		served := startRoom(b, dir, now, s)
		starts = append(starts, served.took)
		if err := served.stop(); err != nil {
			b.Fatal(err)
		}
	}
	from = due[0].Time().Add(-3 * time.Second)
	began = time.Now()
	served := startRoom(b, dir, now, s)
	late := s.lateness(b, dir, due)
	if err := served.stop(); err != nil {
		b.Fatal(err)
	}
	slices.Sort(starts)
	slices.Sort(late)
	b.ReportMetric(starts[len(starts)/2].Seconds(), "start-s")
	b.ReportMetric(late[len(late)/2].Seconds(), "late-s")
	b.ReportMetric(late[len(late)-1].Seconds(), "latest-s")
}

// deadlines opens cases whose watch officer must decide within five minutes, one after the
// other, and gives when each is due.
func (s *roomStage) deadlines(b *testing.B) []truce.Instant {
	var out []truce.Instant
	for n := range benchTimers {
		s.breach(byte(100+n), truce.AreaID(fmt.Sprintf("sector-%d", n)), truce.ActIndirectFire, 10*time.Minute, 1)
	}
	s.after(time.Second)
	for n := range benchTimers {
		s.clock.add(500 * time.Millisecond)
		s.sign("watch-officer", fmt.Sprintf("C-2031-%d", benchCases+n+1), "L0")
	}
	rows, _, err := s.app.store.Clocks(b.Context(), truce.DutyQuery{Office: truce.OfficeWatchOfficer})
	if err != nil || len(rows) != benchTimers {
		b.Fatalf("%v: %d deadlines", err, len(rows))
	}
	for _, row := range rows {
		out = append(out, row.Due)
	}
	return out
}

// startedRoom is a room that serves.
type startedRoom struct {
	took time.Duration // from the start to the first page
	stop func() error
}

func startRoom(b *testing.B, dir string, now func() time.Time, s *roomStage) startedRoom {
	ctx, cancel := context.WithCancel(context.Background())
	said, out := io.Pipe()
	began := time.Now()
	ended := make(chan error, 1)
	go func() {
		c := &cli{in: strings.NewReader(""), out: out, err: io.Discard, dir: dir, now: now}
		ended <- c.serveRoom(ctx, "127.0.0.1:0", slog.New(slog.DiscardHandler))
		_ = out.Close()
	}()
	line, err := bufio.NewReader(said).ReadString('\n')
	if err != nil {
		b.Fatalf("%v: it did not start: %v", err, <-ended)
	}
	_, address, _ := strings.Cut(strings.TrimSpace(line), "http://")
	req, err := http.NewRequest(http.MethodGet, "http://"+address+"/", nil)
	if err != nil {
		b.Fatal(err)
	}
	req.AddCookie(&http.Cookie{Name: "truce_session", Value: string(s.tokens["bre-duty"])})
	w, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	body, err := io.ReadAll(w.Body)
	_ = w.Body.Close()
	if err != nil || w.StatusCode != http.StatusOK || !strings.Contains(string(body), "C-2031-") {
		b.Fatalf("%v: the first page is %d, %.300s", err, w.StatusCode, body)
	}
	return startedRoom{time.Since(began), func() error { cancel(); http.DefaultClient.CloseIdleConnections(); return <-ended }}
}

// lateness waits for every deadline to be on record and says how long after it was due.
func (s *roomStage) lateness(b *testing.B, dir string, due []truce.Instant) []time.Duration {
	a, err := Open(b.Context(), dir, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	var out []time.Duration
	for end := time.Now().Add(time.Minute); len(out) < len(due); {
		if time.Now().After(end) {
			b.Fatalf("%d of %d deadlines are on record after a minute", len(out), len(due))
		}
		<-time.After(time.Second)
		out = out[:0]
		for n := range benchTimers {
			steps, err := a.store.CaseSteps(b.Context(), fmt.Sprintf("C-2031-%d", benchCases+n+1))
			if err != nil {
				b.Fatal(err)
			}
			for _, step := range steps {
				if step.Kind == truce.StepClockMissed {
					out = append(out, time.Duration(truce.Instant(step.Recorded)-step.Clock.Due)*time.Microsecond)
				}
			}
		}
	}
	return out
}
