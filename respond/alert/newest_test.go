package alert_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// letters keeps what was sent, by person.
type letters struct {
	mu   sync.Mutex
	sent map[truce.PersonID]alert.Message
}

func (l *letters) Send(_ context.Context, m alert.Message) alert.Result {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent[m.Person] = m
	return alert.Sent("")
}

// TestAnOfficeWhoseTurnComesAfterAnUpdateReadsTheUpdate: the deputy, told because nobody
// answered, must not act on a zero point that has moved meanwhile.
func TestAnOfficeWhoseTurnComesAfterAnUpdateReadsTheUpdate(t *testing.T) {
	in := input()
	first := compose(t, in)
	var turn truce.Instant
	for _, w := range first.Wakes {
		if w.Name == "send/fa-deputy" {
			turn = w.Due
		}
	}
	in.Now, in.Step.At = in.Now.Add(-time.Hour), in.Step.At.Add(-time.Hour) // the next steps come before the turn
	moved := func(in alert.Input, by time.Duration) truce.Alert {
		in = step(in, truce.StepT0Moved, func(s *truce.CaseStep) {
			s.T0 = &truce.T0Change{Basis: truce.T0Verified, Old: noon, New: noon.Add(by), Chosen: true}
		})
		in.Now = first.Release.Add(time.Minute)
		return compose(t, in)
	}
	update := moved(after(in, first), -time.Hour)
	in.Step.Number++
	second := moved(after(in, first, update), -2*time.Hour)
	all := []truce.Alert{second, update}
	if _, ok := alert.NewestOf(first, all, update.Release-1); ok {
		t.Error("an update counts before its release")
	}
	newest, ok := alert.NewestOf(first, all, turn)
	if !ok || newest != second.ID {
		t.Fatalf("the newest is %s (%v), want the update of the update", newest, ok)
	}
	if id, ok := alert.NewestOf(truce.Alert{ID: truce.NewID(noon, "alert", "other", nil)}, all, turn); ok {
		t.Errorf("%s is no update of another alert", id)
	}

	s, out := newStore(), &letters{sent: map[truce.PersonID]alert.Message{}}
	clock := &hand{now: first.Release}
	c, err := alert.New(alert.Config{Recorder: s, Clock: clock, Channels: map[truce.ChannelKind]alert.Channel{truce.ChannelEmail: out}})
	if err == nil {
		_, err = s.Append(t.Context(), alert.AlertEntry(first))
	}
	for _, at := range []truce.Instant{first.Release, turn} {
		clock.set(at)
		box := s.box(truce.AlertSubject(first.ID))
		box.Newest = &second
		if err == nil {
			_, err = c.Serve(t.Context(), box)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	deputy, duty := out.sent["fa-deputy"], out.sent["fa-duty_officer"]
	now, then := strings.Index(deputy.Body, second.Text.In(deputy.Language)), strings.Index(deputy.Body, first.Text.In(deputy.Language))
	if now != 0 || then <= 0 || deputy.Headline != second.Headline.In(deputy.Language) || deputy.Alert != first.ID || deputy.Due == 0 {
		t.Errorf("the deputy reads %q\n%s", deputy.Headline, deputy.Body)
	}
	// Who was told at the release gets the update as a message of its own.
	if duty.Headline != first.Headline.In(duty.Language) || strings.Contains(duty.Body, second.Text.In(duty.Language)) {
		t.Errorf("the duty officer reads %q", duty.Headline)
	}
	// The parties read the same bytes in every case, so also when only one is in the update.
	for _, who := range []truce.PersonID{"a-liaison", "b-liaison"} {
		if m, ok := out.sent[who]; !ok || m.Headline != first.Headline.In(m.Language) {
			t.Errorf("%s reads %q", who, m.Headline)
		}
	}
}
