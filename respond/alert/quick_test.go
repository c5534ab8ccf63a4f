package alert_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// moves plays moves of the zero point of a case in T1: each from where the one before left it,
// composed so long after the release of the alert of T1.
func moves(t *testing.T, at ...time.Duration) (first truce.Alert, updates []truce.Alert) {
	t.Helper()
	in := input()
	first = compose(t, in)
	in = after(in, first)
	old := noon
	for i, after := range at {
		to := noon.Add(-time.Duration(i+1) * time.Hour)
		a := moved(t, &in, first.Release.Add(after), old, to)
		old, updates = to, append(updates, a)
	}
	return first, updates
}

func moved(t *testing.T, in *alert.Input, now, old, to truce.Instant) truce.Alert {
	t.Helper()
	change := truce.T0Change{Basis: truce.T0Verified, Old: old, New: to, Chosen: true}
	in.Case.T0Moves = append(slices.Clone(in.Case.T0Moves), truce.T0Move{T0Change: change, At: now})
	in.Case.T0 = map[truce.T0Basis]truce.Instant{truce.T0Verified: to}
	*in = step(*in, truce.StepT0Moved, func(s *truce.CaseStep) { s.T0 = &change })
	in.Now = now
	a := compose(t, *in)
	*in = after(*in, a)
	return a
}

// sentOf are those to whom an alert is sent, when everything is on record.
func sentOf(a truce.Alert, all []truce.Alert) []string {
	b := alert.Box{Alert: a, Instead: alert.InsteadOf(a, all)}
	var out []string
	for _, at := range alert.Plan(b, a.Release) {
		out = append(out, string(at.Person))
	}
	slices.Sort(out)
	return out
}

func TestQuickMovesOfAZeroPointAreOneAlertMore(t *testing.T) {
	first, u := moves(t, 10*time.Second, 20*time.Second, 30*time.Second, 2*time.Minute+20*time.Second)
	all := append([]truce.Alert{first}, u...)
	end := u[0].Release.Add(alert.UpdateWindow)
	if want := alert.Release(first.Release.Add(10*time.Second), 0); u[0].Release != want || u[1].Release != end || u[2].Release != end {
		t.Errorf("released %s, %s and %s: want %s and twice %s", u[0].Release, u[1].Release, u[2].Release, want, end)
	}
	if want := alert.Release(first.Release.Add(2*time.Minute+20*time.Second), 0); u[3].Release != want {
		t.Errorf("after the window: %s, want at once, %s", u[3].Release, want)
	}
	told, _ := to(first)
	slices.Sort(told)
	for i, want := range [][]string{told, told, nil, told, told} {
		if sent := sentOf(all[i], all); !slices.Equal(sent, want) {
			t.Errorf("alert %d is sent to %v, want %v", i, sent, want)
		}
	}
	// What was never sent is not taken for what somebody was told.
	if text := u[2].Read(true).Text["en"]; !strings.Contains(text, "moved from 2026-04-12 11:00:00 UTC to 2026-04-12 09:00:00 UTC") {
		t.Errorf("the third says\n%s", text)
	}
	if refs := u[2].References; !slices.Equal(refs, []truce.AlertID{u[1].ID, u[0].ID}) {
		t.Errorf("it refers to %v", refs)
	}
	if newest, ok := alert.NewestOf(first, all, end); !ok || newest != u[2].ID {
		t.Errorf("the newest is %s, want %s", newest, u[2].ID)
	}
	if newest, ok := alert.NewestOf(first, all, end-1); !ok || newest != u[0].ID {
		t.Errorf("before the end of the window the newest is %s, want %s", newest, u[0].ID)
	}
}

// Moves that are composed before the first update has left are that update.
func TestMovesOfOneMomentAreOneUpdate(t *testing.T) {
	first, u := moves(t, 10*time.Second, 10*time.Second, 10*time.Second)
	all := append([]truce.Alert{first}, u...)
	if u[0].Release != u[2].Release || len(sentOf(u[0], all)) != 0 || len(sentOf(u[1], all)) != 0 || len(sentOf(u[2], all)) == 0 {
		t.Errorf("released %s and %s; sent %v, %v, %v", u[0].Release, u[2].Release, sentOf(u[0], all), sentOf(u[1], all), sentOf(u[2], all))
	}
	if text := u[2].Read(true).Text["en"]; !strings.Contains(text, "from 2026-04-12 12:00:00 UTC to 2026-04-12 09:00:00 UTC") {
		t.Errorf("it says\n%s", text)
	}
}

// A zero point that comes back to where it was said to be is said to be there.
func TestAZeroPointThatComesBackIsSaidSo(t *testing.T) {
	in := input()
	first := compose(t, in)
	in = after(in, first)
	at := first.Release.Add(time.Minute)
	moved(t, &in, at, noon, noon.Add(-time.Hour))
	back := moved(t, &in, at, noon.Add(-time.Hour), noon)
	if text := back.Read(true).Text; !strings.Contains(text["en"], "was moved and is 2026-04-12 12:00:00 UTC again") || !strings.Contains(text["uk"], "він знову 12.04.2026 12:00:00 UTC") {
		t.Errorf("it says\n%s", text)
	}
}

// A cancellation never waits, and what waited is not sent after it.
func TestACancellationDoesNotWaitForAnUpdate(t *testing.T) {
	first, u := moves(t, 10*time.Second, 20*time.Second)
	in := step(after(input(), first, u[0], u[1]), truce.StepClosed, nil)
	in.Now = first.Release.Add(30 * time.Second)
	cancel := compose(t, in)
	if cancel.Kind != truce.AlertCancel || cancel.Release != alert.Release(in.Now, 0) {
		t.Fatalf("%s, released %s", cancel.Kind, cancel.Release)
	}
	all := []truce.Alert{first, u[0], u[1], cancel}
	if sent := sentOf(u[1], all); len(sent) != 0 {
		t.Errorf("the update is sent after the cancellation: %v", sent)
	}
	if told, _ := to(cancel); len(told) != len(u[1].To) || !slices.Contains(cancel.References, u[0].ID) {
		t.Errorf("cancelled to %v, of %v", told, cancel.References)
	}
	if newest, ok := alert.NewestOf(first, all, u[1].Release); !ok || newest != u[0].ID {
		t.Errorf("the newest is %s", newest)
	}
}

// What is not sent is on record, for both parties alike, and nothing of it stays due.
func TestWhatGivesWayIsOnRecord(t *testing.T) {
	first, u := moves(t, 10*time.Second, 20*time.Second, 30*time.Second)
	all := append([]truce.Alert{first}, u...)
	b := alert.Box{Alert: u[1], Instead: alert.InsteadOf(u[1], all)}
	if early := alert.Tidy(b, u[1].Release-1); len(early) != 0 {
		t.Errorf("before the release: %+v", early)
	}
	tidy := alert.Tidy(b, u[1].Release)
	if len(tidy) != len(u[1].To) {
		t.Fatalf("%d on record of %d", len(tidy), len(u[1].To))
	}
	for _, d := range tidy {
		if d.Attempt != 0 || d.State != truce.DeliveryGivenUp || !strings.Contains(d.Note, "a later alert") || len(d.Wakes) != 1 || !d.Wakes[0].Done {
			t.Errorf("%+v", d)
		}
	}
	for _, s := range alert.Statuses(b, u[1].Release) {
		if s.Progress != alert.NotNeeded || s.Next != 0 {
			t.Errorf("%+v", s)
		}
	}
	b.Deliveries = tidy
	if again := alert.Tidy(b, u[1].Release); len(again) != 0 || alert.Age(b, u[1].Release.Add(time.Hour)) != 0 || len(alert.Exhausted(b, u[1].Release.Add(time.Hour))) != 0 {
		t.Errorf("again: %+v", again)
	}
	// A courier that had not heard of the later one has begun with a party: both get it.
	begun := alert.Box{Alert: u[1], Instead: b.Instead}
	begun.Deliveries = []truce.Delivery{alert.Begin(alert.Box{Alert: u[1]}, alert.Plan(alert.Box{Alert: u[1]}, u[1].Release)[0], u[1].Release)}
	var parties []string
	for _, a := range alert.Plan(begun, u[1].Release) {
		parties = append(parties, string(a.Person))
	}
	if len(begun.Instead) == 0 || !slices.Equal(parties, []string{"b-liaison"}) {
		t.Errorf("sent to %v", parties)
	}
}

// Whom the later one does not reach gets the earlier one, and of the parties both do.
func TestNobodyIsLeftOutOfAnUpdateThatGivesWay(t *testing.T) {
	first, u := moves(t, 10*time.Second, 20*time.Second)
	in := step(after(input(), first, u[0], u[1]), truce.StepClosed, nil)
	in.Now = first.Release.Add(30 * time.Second)
	in.People[0].Withdrawn = true // the liaison officer of A: no party is told now
	out := composeAll(t, in)
	all := []truce.Alert{first, u[0], u[1]}
	all = append(all, out.Alerts...)
	if sent := sentOf(u[1], all); !slices.Equal(sent, []string{"a-liaison", "b-liaison"}) {
		t.Errorf("the update is sent to %v, want both parties and nobody else", sent)
	}
}

// Others than those who were told of the first update do not wait for the second.
func TestOthersDoNotWaitForAnUpdate(t *testing.T) {
	first, u := moves(t, 10*time.Second)
	in := after(input(), first, u[0])
	in.People = append(in.People, person("third", truce.RoleGuarantor, truce.OfficeDutyOfficer, "TH", "en"))
	in.Case.T0Moves = nil
	at := first.Release.Add(20 * time.Second)
	other := compose(t, func() alert.Input {
		in := step(in, truce.StepEntered, func(s *truce.CaseStep) { s.Passage = &truce.Passage{Tier: "T1"} })
		in.Now, in.Earlier = at, nil
		return in
	}())
	in = after(in, other)
	a := moved(t, &in, at, noon, noon.Add(-2*time.Hour))
	if a.Release != alert.Release(at, 0) {
		t.Errorf("released %s, want at once", a.Release)
	}
}
