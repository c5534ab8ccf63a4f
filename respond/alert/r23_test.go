package alert_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// trial is one alert brought through one seed's troubles.
type trial struct {
	seed   uint64
	kills  int
	faults float64
	outage time.Duration
	cheat  bool
	answer map[truce.StateID]time.Duration // after the release; a state left out is silent
}

// play gives the store, who got what, and whom the courier reported as not reached.
func (tr trial) play(t *testing.T) (*store, *world, *drive) {
	t.Helper()
	a := compose(t, input())
	s, clock := newStore(), &hand{now: a.Release.Add(-time.Second)}
	if _, err := s.Append(t.Context(), alert.AlertEntry(a)); err != nil {
		t.Fatal(err)
	}
	w := &world{clock: clock, rng: rand.New(rand.NewPCG(tr.seed, 2)), faults: tr.faults, down: a.Release.Add(tr.outage)}
	d := &drive{t: t, store: s, clock: clock, rng: rand.New(rand.NewPCG(tr.seed, 3)), send: w, kills: tr.kills, kill: .08, cheat: tr.cheat}
	for _, state := range []truce.StateID{"FA", "NE"} { // in the order of their answers
		if after, ok := tr.answer[state]; ok {
			d.run(a.Release.Add(after))
			clock.set(a.Release.Add(after))
			ack := alert.Mark(s.box(truce.AlertSubject(a.ID)), truce.Acknowledgement{
				Alert: a.ID, Case: a.Case, Kind: truce.AckReceived, Person: "x", Role: truce.RoleGuarantor, State: state, At: clock.at(),
			})
			if _, err := s.Append(t.Context(), alert.Entry{Kind: truce.RecordAcknowledgement, Subject: truce.AlertSubject(a.ID), Key: "ack/" + string(state), Body: ack}); err != nil {
				t.Fatal(err)
			}
		}
	}
	d.run(a.Release.Add(96 * time.Hour))
	return s, w, d
}

// faulty lists what is wrong with how an alert was brought to people: what R23 of the
// faults page forbids.
func faulty(b alert.Box, w *world, d *drive, now truce.Instant) []string {
	var wrong []string
	count := map[string]int{}
	byPerson := map[truce.PersonID]int{}
	for _, a := range w.arrivals {
		count[a.address]++
		if a.at < b.Alert.Release {
			wrong = append(wrong, fmt.Sprintf("%s got it at %s, before the release", a.address, a.at))
		}
		id, person, _ := strings.Cut(a.key, ".")
		byPerson[truce.PersonID(person)]++
		if id != b.Alert.ID.String() {
			wrong = append(wrong, fmt.Sprintf("%s got it under the id %s", a.address, id))
		}
	}
	for address, n := range count {
		if n > 2 {
			wrong = append(wrong, fmt.Sprintf("%s got it %d times", address, n))
		}
	}
	for _, st := range alert.Statuses(b, now) {
		switch st.Progress {
		case alert.Reached:
			if byPerson[st.Person] == 0 {
				wrong = append(wrong, fmt.Sprintf("%s is said to be reached and got nothing", st.Person))
			}
		case alert.NotNeeded:
		case alert.Lost:
			if !d.seen[st.Person] {
				wrong = append(wrong, fmt.Sprintf("%s was given up without a word", st.Person))
			}
		default:
			wrong = append(wrong, fmt.Sprintf("%s is left %s", st.Person, st.Progress))
		}
	}
	return wrong
}

// With up to three deaths somebody with two addresses is always reached: each address is
// tried twice.
func TestAlertsSurviveKillsR23(t *testing.T) {
	deaths, twice := 0, 0
	for seed := range uint64(400) {
		s, w, d := trial{seed: seed, kills: 3}.play(t)
		b := s.box(truce.AlertSubject(compose(t, input()).ID))
		if wrong := faulty(b, w, d, d.clock.at()); len(wrong) > 0 {
			t.Fatalf("seed %d: %v", seed, wrong)
		}
		for _, st := range alert.Statuses(b, d.clock.at()) {
			if st.Progress != alert.Reached {
				t.Fatalf("seed %d: %s is %s", seed, st.Person, st.Progress)
			}
		}
		deaths += d.lives - 1
		twice += len(w.arrivals) - len(b.Alert.To)
	}
	if deaths < 800 || twice == 0 {
		t.Errorf("%d deaths and %d second copies over all seeds: the test does not bite", deaths, twice)
	}
}

func TestAlertsSurviveFaultsAndKillsR23(t *testing.T) {
	lost := 0
	for seed := range uint64(300) {
		s, w, d := trial{seed: seed, kills: 6, faults: .5}.play(t)
		b := s.box(truce.AlertSubject(compose(t, input()).ID))
		if wrong := faulty(b, w, d, d.clock.at()); len(wrong) > 0 {
			t.Fatalf("seed %d: %v", seed, wrong)
		}
		lost += len(alert.Exhausted(b, d.clock.at()))
	}
	t.Logf("%d of %d could not be reached by any means, and each was reported", lost, 13*300)
}

func TestAlertsOutlastADayWithoutNetworkR23(t *testing.T) {
	for seed := range uint64(3) {
		s, w, d := trial{seed: seed, kills: 2, outage: 24 * time.Hour}.play(t)
		b := s.box(truce.AlertSubject(compose(t, input()).ID))
		if wrong := faulty(b, w, d, d.clock.at()); len(wrong) > 0 {
			t.Fatalf("seed %d: %v", seed, wrong)
		}
		late := b.Alert.Release.Add(24*time.Hour + alert.SlowRetry + alert.BegunTimeout + 10*time.Minute)
		for _, st := range alert.Statuses(b, d.clock.at()) {
			if by := late.Add(planned(b, st.Person)); st.Progress != alert.Reached || st.Since > by {
				t.Fatalf("seed %d: %+v; want reached a quarter of an hour after the outage and the step of the office, before %s", seed, st, by)
			}
		}
		if !d.seen["fa-duty_officer"] {
			t.Fatalf("seed %d: nobody was told that the duty officer cannot be reached", seed)
		}
		for _, state := range []truce.StateID{"FA", "NE"} {
			silence(t, b, state, b.Alert.Release.Add(time.Hour))
		}
	}
}

// silence finds the record that a state did not answer in time.
func silence(t *testing.T, b alert.Box, state truce.StateID, due truce.Instant) truce.Acknowledgement {
	t.Helper()
	var found []truce.Acknowledgement
	for _, a := range b.Answers {
		if a.Kind == truce.AckNone && a.State == state {
			found = append(found, a)
		}
	}
	if len(found) != 1 || found[0].Due != due || found[0].At < due || found[0].Late != (found[0].At > due.Add(time.Second)) {
		t.Fatalf("silences of %s: %+v, want one, due %s", state, found, due)
	}
	return found[0]
}

func TestSilenceEscalatesOnTimeR23(t *testing.T) {
	s, w, d := trial{seed: 1, answer: map[truce.StateID]time.Duration{"FA": 10 * time.Minute}}.play(t)
	b := s.box(truce.AlertSubject(compose(t, input()).ID))
	if wrong := faulty(b, w, d, d.clock.at()); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	got := map[string]time.Duration{}
	for _, a := range w.arrivals {
		got[strings.TrimSuffix(a.address, "@example.org")] = a.at.Sub(b.Alert.Release)
	}
	for who, after := range map[string]time.Duration{
		"fa-duty_officer": 0, "ne-duty_officer": 0, "a-liaison": 0, "b-liaison": 0,
		"ne-deputy": 15 * time.Minute, "ne-ministry": 30 * time.Minute, "ne-head": 45 * time.Minute,
	} {
		if at, ok := got[who]; !ok || at != after {
			t.Errorf("%s told after %s (%v), want %s", who, at, ok, after)
		}
	}
	for _, who := range []string{"fa-deputy", "fa-ministry", "fa-head"} {
		if at, ok := got[who]; ok {
			t.Errorf("%s was told after %s although FA had answered", who, at)
		}
	}
	if none := silence(t, b, "NE", b.Alert.Release.Add(time.Hour)); none.Late || none.Office != truce.OfficeHead {
		t.Errorf("silence %+v", none)
	}
}

// The control: a courier that writes "sent" before it sends must be caught.
func TestSentBeforeSendingIsCaughtR23(t *testing.T) {
	for seed := range uint64(200) {
		s, w, d := trial{seed: seed, kills: 3, cheat: true}.play(t)
		wrong := faulty(s.box(truce.AlertSubject(compose(t, input()).ID)), w, d, d.clock.at())
		if strings.Contains(strings.Join(wrong, "\n"), "is said to be reached and got nothing") {
			return
		}
	}
	t.Error("200 seeds did not catch a courier that marks as sent before sending")
}
