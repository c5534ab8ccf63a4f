package alert_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// replies is the case of input() with a clock of each party in a state, after the alert of its
// tier and a warning of A's.
func replies(t *testing.T, state truce.ClockState) alert.Input {
	in := input()
	in = after(in, composeAll(t, in).Alerts...)
	for _, p := range []string{"A", "B"} {
		in.Case.Clocks = append(in.Case.Clocks, truce.CaseClock{
			ID: "reply", For: p, Round: 1, Tier: "T1", Names: truce.Names{"en": "reply", "uk": "відповідь"}, Owner: truce.OfficeLiaison,
			Due: noon.Add(3 * time.Hour), State: state, Told: noon.Add(time.Hour),
		})
	}
	return in
}

// row makes the step of one party's clock and leaves it in a state.
func row(in alert.Input, kind truce.StepKind, whose string, state truce.ClockState) alert.Input {
	at := in.Step.At
	in = step(in, kind, func(s *truce.CaseStep) {
		s.At = at
		s.Clock = &truce.ClockChange{Clock: "reply", For: whose, Round: 1, Tier: "T1", Due: noon.Add(3 * time.Hour), State: state, Until: noon.Add(2 * time.Hour)}
	})
	in.Case.Clocks = slices.Clone(in.Case.Clocks)
	for n := range in.Case.Clocks {
		if k := &in.Case.Clocks[n]; k.ID == "reply" && k.For == whose {
			if k.State = state; state == truce.ClockMet {
				k.Ended = at
			}
		}
	}
	return in
}

// pausedReplies is the case in which both replies stand, with the alert that says so.
func pausedReplies(t *testing.T) (alert.Input, truce.Alert) {
	t.Helper()
	in := replies(t, truce.ClockRunning)
	warned := row(in, truce.StepClockWarned, "A", truce.ClockRunning)
	warning := compose(t, warned)
	in = after(warned, warning)
	in = row(in, truce.StepClockPaused, "A", truce.ClockPaused)
	if out := composeAll(t, in); len(out.Alerts) != 0 {
		t.Fatalf("%q is told before both stand", out.Alerts[0].Headline["en"])
	}
	in = row(in, truce.StepClockPaused, "B", truce.ClockPaused)
	a := compose(t, in)
	if !slices.Contains(a.References, warning.ID) {
		t.Errorf("the warning stands: %v", a.References)
	}
	return after(in, a), a
}

func TestAPauseIsToldToBothPartiesAndThoseOfTheTier(t *testing.T) {
	in, a := pausedReplies(t)
	for _, p := range []truce.PersonID{"a-liaison", "b-liaison", "fa-duty_officer", "chair"} {
		if !slices.Contains(everyone(a), p) {
			t.Errorf("%s is not told: %v", p, everyone(a))
		}
	}
	for lang, words := range map[string]string{"en": "stands until 2026-04-12 14:00:00 UTC", "uk": "стоїть до 12.04.2026 14:00:00 UTC"} {
		if !strings.Contains(a.Headline[lang], words) || !strings.Contains(a.Text[lang], words) {
			t.Errorf("%s: %q\n%s", lang, a.Headline[lang], a.Text[lang])
		}
	}
	in = row(in, truce.StepClockResumed, "A", truce.ClockRunning)
	if out := composeAll(t, in); len(out.Alerts) != 0 {
		t.Fatalf("%q is told before both run", out.Alerts[0].Headline["en"])
	}
	in = row(in, truce.StepClockResumed, "B", truce.ClockRunning)
	on := compose(t, in)
	if on.Kind != truce.AlertUpdate || !slices.Equal(on.References, []truce.AlertID{a.ID}) || !slices.Equal(everyone(on), everyone(a)) {
		t.Errorf("%s of %v to %v", on.Kind, on.References, everyone(on))
	}
	if text := on.Text["en"]; !strings.Contains(text, "reply (each party): due 2026-04-12 15:00:00 UTC") {
		t.Error(text)
	}
	if strings.Contains(a.Text["en"], "15:00:00") {
		t.Errorf("a clock that stands is given as due:\n%s", a.Text["en"])
	}
}

func TestAPauseIsTakenBackWhenNothingStands(t *testing.T) {
	in, a := pausedReplies(t)
	in = row(in, truce.StepClockMet, "A", truce.ClockMet)
	if out := composeAll(t, in); len(out.Alerts) != 0 {
		t.Fatalf("%q while the other stands", out.Alerts[0].Headline["en"])
	}
	in = row(in, truce.StepClockMet, "B", truce.ClockMet)
	over := compose(t, in)
	if over.Kind != truce.AlertCancel || !slices.Equal(over.References, []truce.AlertID{a.ID}) || !slices.Equal(everyone(over), everyone(a)) {
		t.Errorf("%s of %v to %v", over.Kind, over.References, everyone(over))
	}
}

// Which state owes something is nobody's else to read.
func TestThePauseOfAStatesClockIsNotForThePartiesToRead(t *testing.T) {
	in := replies(t, truce.ClockRunning)
	in = step(in, truce.StepClockPaused, func(s *truce.CaseStep) {
		s.Clock = &truce.ClockChange{Clock: "position", For: "FA", Round: 1, State: truce.ClockPaused, Until: noon.Add(time.Hour)}
	})
	if out := composeAll(t, in); len(out.Alerts) != 0 {
		t.Errorf("%q is told", out.Alerts[0].Headline["en"])
	}
}

func TestClocksThatWaitedAreToldOfOnceAllRun(t *testing.T) {
	in := replies(t, truce.ClockWaiting)
	at := noon.Add(time.Hour)
	in.Step.At = at
	in = row(in, truce.StepClockTold, "A", truce.ClockRunning)
	if out := composeAll(t, in); len(out.Alerts) != 0 {
		t.Fatalf("%q is told before both run", out.Alerts[0].Headline["en"])
	}
	in = row(in, truce.StepClockTold, "B", truce.ClockRunning)
	a := compose(t, in)
	if n, _ := to(a); !slices.Contains(n, "a-liaison") || !slices.Contains(n, "b-liaison") || a.Kind != truce.AlertNew {
		t.Errorf("%s to %v", a.Kind, n)
	}
	if text := a.Text["en"]; !strings.Contains(text, "reply (each party): due 2026-04-12 15:00:00 UTC") {
		t.Error(text)
	}
}

func TestWhoCannotBeTold(t *testing.T) {
	in := input()
	without := func(change func(*truce.Person)) []truce.Person {
		out := slices.Clone(in.People)
		for n := range out {
			if out[n].Party == "B" {
				change(&out[n])
			}
		}
		return out
	}
	for name, c := range map[string]struct {
		people []truce.Person
		realm  truce.Realm
		want   []truce.PartyID
	}{
		"everybody is there": {in.People, truce.RealmReal, nil},
		"no liaison":         {without(func(p *truce.Person) { p.Withdrawn = true }), truce.RealmReal, []truce.PartyID{"B"}},
		"no contact":         {without(func(p *truce.Person) { p.Contacts = nil }), truce.RealmReal, []truce.PartyID{"B"}},
		"nobody":             {nil, truce.RealmReal, []truce.PartyID{"A", "B"}},
		"contacts not for drill": {without(func(p *truce.Person) {
			p.Contacts = []truce.Contact{{Channel: truce.ChannelEmail, Address: "b@example.org"}}
		}), truce.ExerciseRealm("x"), []truce.PartyID{"B"}},
	} {
		if got := alert.Untold(c.people, in.Parties, c.realm); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
