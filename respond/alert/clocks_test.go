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

// unheardOf makes both rows of a clock wait since nothing of it was heard.
func unheardOf(in alert.Input, clock string, step int) alert.Input {
	for _, p := range []string{"A", "B"} {
		in.Case.Clocks = append(slices.Clone(in.Case.Clocks), truce.CaseClock{
			ID: clock, For: p, Round: 1, Tier: "T1", Names: truce.Names{"en": clock}, Owner: truce.OfficeLiaison, Step: step,
			Due: noon.Add(4 * time.Hour), State: truce.ClockWaiting, Unheard: noon.Add(time.Hour),
		})
	}
	return in
}

// TestAClockThatRunsOnBeforeAnotherIsToldOf: of two that waited since nothing was heard of them
// one runs on alone, by the word of the mechanism or since a message of it came through, and the
// parties are told. Where both run on at once there is one message.
func TestAClockThatRunsOnBeforeAnotherIsToldOf(t *testing.T) {
	for name, c := range map[string]struct {
		heard []truce.PartyID // who has read a message that tells of the other clock
		told  int
	}{
		"nobody has heard of the other": {nil, 1},
		"one of them has":               {[]truce.PartyID{"A"}, 1},
		"both have":                     {[]truce.PartyID{"A", "B"}, 0},
	} {
		in := unheardOf(replies(t, truce.ClockWaiting), "receipt", 1)
		for n := range in.Case.Clocks {
			if k := &in.Case.Clocks[n]; k.ID == "reply" {
				k.Unheard = noon.Add(time.Hour)
			}
		}
		for _, p := range c.heard {
			in.Earlier[0].Answers = append(in.Earlier[0].Answers, truce.Acknowledgement{Party: p, Kind: truce.AckRead, At: noon.Add(time.Minute)})
		}
		runs := func(whose string) alert.Input {
			in = row(in, truce.StepClockTold, whose, truce.ClockRunning)
			in.Step.Clock.Unheard = noon.Add(time.Hour)
			return in
		}
		if out := composeAll(t, runs("A")); len(out.Alerts) != 0 {
			t.Errorf("%s: %q before both rows run", name, out.Alerts[0].Headline["en"])
		}
		out := composeAll(t, runs("B"))
		if len(out.Alerts) != c.told {
			t.Errorf("%s: %d alerts, want %d", name, len(out.Alerts), c.told)
		}
		for _, a := range out.Alerts {
			if n, _ := to(a); !slices.Contains(n, "a-liaison") || !slices.Contains(n, "b-liaison") || !strings.Contains(a.Text["en"], "reply (each party): due 2026-04-12 15:00:00 UTC") {
				t.Errorf("%s: to %v\n%s", name, n, a.Text["en"])
			}
		}
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

// positionOf makes a step of a guarantor's clock that is found at a time.
func positionOf(in alert.Input, kind truce.StepKind, at, found, due truce.Instant) alert.Input {
	in.Case.Clocks = slices.Clone(in.Case.Clocks)
	in.Case.Clocks[0].Due = due
	in = step(in, kind, func(s *truce.CaseStep) {
		s.At, s.Clock = at, &truce.ClockChange{Clock: "position", For: "FA", Round: 1, Tier: "T1", Due: due}
		if found.Sub(at) > time.Second {
			s.Late = found
		}
	})
	in.Now = found
	return in
}

func TestWhatIsOverIsNotToldAsDueSoon(t *testing.T) {
	warn, due := noon.Add(22*time.Hour), noon.Add(24*time.Hour)
	for _, row := range []struct {
		found truce.Instant
		want  []string
	}{
		{warn, []string{"due soon"}},
		{due.Add(-time.Minute), []string{"due soon"}},
		{due, nil},
		{due.Add(5 * time.Hour), nil},
	} {
		out := composeAll(t, positionOf(input(), truce.StepClockWarned, warn, row.found, due))
		if len(out.Alerts) != len(row.want) {
			t.Errorf("found at %s, due %s: %d alerts, want %v", row.found, due, len(out.Alerts), row.want)
		}
	}
	over := compose(t, positionOf(input(), truce.StepClockMissed, due, due.Add(5*time.Hour), due))
	if now, _ := to(over); !slices.Contains(now, "fa-duty_officer") {
		t.Errorf("that it is over is told to %v", now)
	}
}

// A warning that is on record and has not left when the time is over is not sent any more; one
// that left, or may have, stays as it is.
func TestAWarningThatDidNotLeaveGivesWay(t *testing.T) {
	due := noon.Add(24 * time.Hour)
	in := positionOf(input(), truce.StepClockWarned, noon.Add(22*time.Hour), noon.Add(22*time.Hour), due)
	warning := compose(t, in)
	over := compose(t, positionOf(after(in, warning), truce.StepClockMissed, due, due.Add(time.Hour), due))
	ofCase := []truce.Alert{warning, over}
	if got := alert.InsteadOf(over, ofCase); len(got) != 0 {
		t.Errorf("that it is over gives way: %v", got)
	}
	for name, r := range map[string]alert.Result{"nothing": {}, "refused": alert.Failed("no route"), "taken": alert.Sent("250"), "broken off": alert.Unsure("?")} {
		b, now := alert.Box{Alert: warning, Instead: alert.InsteadOf(warning, ofCase)}, warning.Release
		if name != "nothing" {
			at := alert.Plan(alert.Box{Alert: warning}, now)[0]
			b.Deliveries = append(b.Deliveries, alert.Begin(b, at, now))
			b.Deliveries = append(b.Deliveries, alert.Outcome(b, at, r, now))
		}
		tidy := alert.Tidy(b, over.Release)
		gives := name == "nothing" || name == "refused"
		if passed := len(tidy) == 1 && tidy[0].Person == "fa-duty_officer" && strings.Contains(tidy[0].Note, "a later alert"); passed != gives {
			t.Errorf("%s: tidy %+v, want it on record as passed over: %v", name, tidy, gives)
		}
		if again := len(alert.Plan(b, over.Release)) > 0; gives && again {
			t.Errorf("%s: it is sent all the same", name)
		}
	}
}
