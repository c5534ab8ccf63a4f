package alert_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// bubble is the clock of a synctest bubble.
type bubble struct{}

func (bubble) Now() time.Time { return time.Now() }

func (bubble) NewTimer(d time.Duration) truce.Timer { return timer{time.NewTimer(d)} }

type timer struct{ *time.Timer }

func (t timer) C() <-chan time.Time { return t.Timer.C }

// pass lets time of the bubble go by.
func pass(d time.Duration) { <-time.After(d) }

// sendFunc is a channel made of a function.
type sendFunc func(context.Context, alert.Message) alert.Result

func (f sendFunc) Send(ctx context.Context, m alert.Message) alert.Result { return f(ctx, m) }

// now composes the alert of the tests for the time it is in the bubble.
func now(t *testing.T) truce.Alert {
	in := input()
	in.Now = truce.InstantOf(time.Now())
	return compose(t, in)
}

func start(t *testing.T, s *store, channel alert.Channel, trouble func(alert.Report)) (*alert.Courier, func()) {
	t.Helper()
	c, err := alert.New(alert.Config{
		Recorder: s, Clock: bubble{}, Channels: map[truce.ChannelKind]alert.Channel{truce.ChannelEmail: channel, truce.ChannelWebhook: channel},
		Trouble: func(_ context.Context, _ alert.Box, r alert.Report) error {
			if trouble != nil {
				trouble(r)
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx, s) }()
	return c, func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// Both parties' messages are under way at the same time, in the second of the release: each
// waits in the channel until the other is there.
func TestPartiesAreToldInTheSameSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, a := newStore(), now(t)
		var mu sync.Mutex
		var started []time.Time
		both := make(chan struct{})
		channel := sendFunc(func(ctx context.Context, m alert.Message) alert.Result {
			if m.Person != "a-liaison" && m.Person != "b-liaison" {
				return alert.Sent("")
			}
			mu.Lock()
			if started = append(started, time.Now()); len(started) == 2 {
				close(both)
			}
			mu.Unlock()
			select {
			case <-both:
				return alert.Sent("")
			case <-ctx.Done():
				return alert.Unsure("the other party was not told")
			}
		})
		if _, err := s.Append(t.Context(), alert.AlertEntry(a)); err != nil {
			t.Fatal(err)
		}
		_, stop := start(t, s, channel, nil)
		pass(time.Minute)
		stop()
		if len(started) != 2 || !started[0].Equal(a.Release.Time()) || !started[1].Equal(a.Release.Time()) {
			t.Errorf("started at %v, released at %s", started, a.Release)
		}
		if apart, ok := alert.Apart(s.box(truce.AlertSubject(a.ID))); !ok || apart != 0 {
			t.Errorf("apart %s, %v", apart, ok)
		}
	})
}

func TestACourierRunsThroughADayOfHangingReceivers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, a := newStore(), now(t)
		up := time.Now().Add(24 * time.Hour)
		var mu sync.Mutex
		got := map[truce.PersonID]int{}
		channel := sendFunc(func(ctx context.Context, m alert.Message) alert.Result {
			if m.Person == "chair" && time.Now().Before(up) {
				<-ctx.Done() // hangs until the courier loses patience, and nothing was taken
				return alert.Failed("timed out")
			}
			mu.Lock()
			defer mu.Unlock()
			got[m.Person]++
			return alert.Sent("")
		})
		var reports []alert.Report
		c, stop := start(t, s, channel, func(r alert.Report) {
			mu.Lock()
			defer mu.Unlock()
			reports = append(reports, r)
		})
		if _, err := s.Append(t.Context(), alert.AlertEntry(a)); err != nil {
			t.Fatal(err)
		}
		c.Nudge()
		pass(5 * time.Minute)
		synctest.Wait()
		mu.Lock()
		if len(got) != 6 || !slices.ContainsFunc(reports, func(r alert.Report) bool { return slices.Contains(r.Unreached, "chair") }) {
			t.Errorf("after five minutes %v were told; reports %+v", got, reports)
		}
		mu.Unlock()
		pass(24*time.Hour + alert.SlowRetry)
		synctest.Wait()
		stop()
		b := s.box(truce.AlertSubject(a.ID))
		if got["chair"] != 1 || got["fa-head"] != 1 || len(got) != 13 {
			t.Errorf("after the day: %v", got)
		}
		silence(t, b, "FA", a.Release.Add(time.Hour))
		if next, ok, _ := s.NextWake(t.Context()); ok {
			t.Errorf("something is still due at %s: %v", next, s.wakes)
		}
	})
}

// Two couriers on one store: every attempt is made by one of them.
func TestTwoCouriersMakeEachAttemptOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStore()
		var mu sync.Mutex
		got := map[string]int{}
		channel := sendFunc(func(_ context.Context, m alert.Message) alert.Result {
			pass(time.Second)
			mu.Lock()
			defer mu.Unlock()
			got[m.Key()]++
			return alert.Sent("")
		})
		for n := range 20 {
			in := input()
			in.Now, in.Step.Number = truce.InstantOf(time.Now()), n+1
			if _, err := s.Append(t.Context(), alert.AlertEntry(compose(t, in))); err != nil {
				t.Fatal(err)
			}
		}
		_, stopOne := start(t, s, channel, nil)
		_, stopTwo := start(t, s, channel, nil)
		pass(2 * time.Hour)
		synctest.Wait()
		stopOne()
		stopTwo()
		if len(got) != 20*13 {
			t.Errorf("%d people and alerts, want %d", len(got), 20*13)
		}
		for key, n := range got {
			if n != 1 {
				t.Errorf("%s was sent %d times", key, n)
			}
		}
	})
}

func TestNothingIsSentThatCannotBeRecorded(t *testing.T) {
	a := compose(t, input())
	sent := 0
	c, err := alert.New(alert.Config{
		Recorder: refusing{}, Clock: &hand{now: a.Release},
		Channels: map[truce.ChannelKind]alert.Channel{truce.ChannelEmail: sendFunc(func(context.Context, alert.Message) alert.Result { sent++; return alert.Sent("") })},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Serve(t.Context(), alert.Box{Alert: a}); !errors.Is(err, errFull) || sent != 0 {
		t.Errorf("error %v, %d sent", err, sent)
	}
	if _, err := alert.New(alert.Config{}); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("a courier without anything: %v", err)
	}
}

var errFull = errors.New("the disk is full")

type refusing struct{}

func (refusing) Append(context.Context, alert.Entry) (bool, error) { return false, errFull }

func TestAChannelThatIsNotSetUpIsARefusalForNow(t *testing.T) {
	a, s := compose(t, input()), newStore()
	c, err := alert.New(alert.Config{Recorder: s, Clock: &hand{now: a.Release}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Append(t.Context(), alert.AlertEntry(a)); err != nil {
		t.Fatal(err)
	}
	if r, err := c.Serve(t.Context(), s.box(truce.AlertSubject(a.ID))); err != nil || r.Attempts != 7 {
		t.Errorf("report %+v, %v", r, err)
	}
	for _, d := range s.box(truce.AlertSubject(a.ID)).Deliveries {
		if d.State != truce.DeliveryBegun && (d.State != truce.DeliveryFailed || !strings.Contains(d.Note, "email")) {
			t.Errorf("delivery %+v", d)
		}
	}
}

func TestTroublesTellTheMechanismAndTheNextOffice(t *testing.T) {
	d := newDesk(t, truce.ChannelEmail)
	d.try("a-liaison", alert.Sent(""))
	d.wait(3 * time.Second)
	d.try("b-liaison", alert.Sent(""))
	d.try(duty, alert.Refused("550 no such user"))
	in := input()
	in.Now = d.now
	out, err := alert.Troubles(in, d.box)
	if err != nil || len(out.Alerts) != 2 {
		t.Fatalf("%+v, %v; want that of the duty officer and that of the parties", out, err)
	}
	if told, _ := to(out.Alerts[0]); !slices.Equal(told, []string{"watch-lead", "duty-head", "mech-lead", "fa-deputy"}) {
		t.Errorf("told: %v", told)
	}
	if !strings.Contains(out.Alerts[0].Headline["en"], "fa-duty_officer cannot be reached") || !strings.Contains(out.Alerts[1].Headline["uk"], "з різницею 3 с") {
		t.Errorf("headlines %v, %v", out.Alerts[0].Headline, out.Alerts[1].Headline)
	}
	in.Now = in.Now.Add(time.Hour)
	if again, err := alert.Troubles(in, d.box); err != nil || again.Alerts[0].ID != out.Alerts[0].ID || again.Alerts[1].ID != out.Alerts[1].ID {
		t.Errorf("found again it is another alert: %v", err)
	}
}

// stuck is an outbox with a wake that is not the courier's and never goes away.
type stuck struct{ asked int }

func (s *stuck) Due(context.Context, truce.Instant) ([]alert.Box, error) { s.asked++; return nil, nil }

func (s *stuck) NextWake(context.Context) (truce.Instant, bool, error) { return 1, true, nil }

func TestAWakeThatLeadsToNothingMakesNoBusyLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := alert.New(alert.Config{Recorder: refusing{}, Clock: bubble{}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		o := &stuck{}
		if err := c.Run(ctx, o); err != nil || o.asked > 60 || o.asked < 10 {
			t.Errorf("%v; asked %d times in 10 s", err, o.asked)
		}
	})
}

// A receiver that hangs keeps neither another alert nor another person's retry waiting.
func TestAHangingReceiverKeepsNobodyElseWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStore()
		var mu sync.Mutex
		at := map[string]truce.Instant{}
		tries := map[string]int{}
		channel := sendFunc(func(ctx context.Context, m alert.Message) alert.Result {
			mu.Lock()
			tries[m.Key()]++
			n := tries[m.Key()]
			mu.Unlock()
			switch {
			case m.Person == "chair":
				<-ctx.Done()
				return alert.Failed("timed out")
			case m.Person == "duty-head" && n == 1:
				return alert.Failed("451")
			}
			mu.Lock()
			defer mu.Unlock()
			at[m.Key()] = truce.InstantOf(time.Now())
			return alert.Sent("")
		})
		c, stop := start(t, s, channel, nil)
		var alerts []truce.Alert
		for n := range 2 {
			in := input()
			in.Now, in.Step.Number = truce.InstantOf(time.Now()), n+1
			a := compose(t, in)
			if _, err := s.Append(t.Context(), alert.AlertEntry(a)); err != nil {
				t.Fatal(err)
			}
			alerts = append(alerts, a)
			c.Nudge()
			pass(5 * time.Second)
		}
		pass(10 * time.Second)
		mu.Lock()
		for _, a := range alerts {
			if got := at[a.ID.String()+".fa-duty_officer"]; got != a.Release {
				t.Errorf("duty officer told at %s, released %s", got, a.Release)
			}
			if got := at[a.ID.String()+".duty-head"]; got != a.Release.Add(10*time.Second) {
				t.Errorf("the retry came at %s, ten seconds after the release is %s", got, a.Release.Add(10*time.Second))
			}
		}
		mu.Unlock()
		stop()
	})
}
