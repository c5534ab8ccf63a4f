package alert_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// lateZero is the case of input() in T1, whose clocks count from a zero point that is not
// known yet: an answer of each party, and an act of the chair. The alert of the tier is out.
func lateZero(t *testing.T, basis truce.T0Basis) alert.Input {
	t.Helper()
	in := input()
	in.Case.Clocks, in.Case.Tiers = nil, []truce.TierVisit{{Tier: "T1", Rank: 2, Step: 7, Entered: noon}}
	in.Case.Paths = nil
	for n := range in.Ladder.Tiers {
		if tier := &in.Ladder.Tiers[n]; tier.ID == "T1" {
			tier.Clocks = []truce.ClockTerm{
				{ID: "answer", Names: truce.Names{"en": "written answer", "uk": "письмова відповідь"}, Basis: basis, Due: micros(24 * time.Hour), Owner: truce.OfficeLiaison, Each: true},
				{ID: "act", Names: truce.Names{"en": "demarche"}, Basis: basis, Due: micros(6 * time.Hour), Owner: truce.OfficeChair},
			}
		}
	}
	a := compose(t, in)
	if strings.Contains(a.Text["en"], "written answer") {
		t.Fatalf("the zero point is not known, and the clock is listed:\n%s", a.Text["en"])
	}
	return after(in, a)
}

// starts makes the step with which a row of a clock begins.
func starts(in alert.Input, clock, whose string, state truce.ClockState) alert.Input {
	at := in.Step.At
	owner, due := truce.OfficeLiaison, at.Add(24*time.Hour)
	if whose == "" {
		owner, due = truce.OfficeChair, at.Add(6*time.Hour)
	}
	round := 1
	for _, k := range in.Case.Clocks {
		if k.ID == clock && k.For == whose {
			round = k.Round + 1
		}
	}
	in = step(in, truce.StepClockStarted, func(s *truce.CaseStep) {
		s.At = at
		s.Clock = &truce.ClockChange{Clock: clock, For: whose, Round: round, Tier: "T1", T0: at, Due: due, State: state, Owner: owner}
	})
	in.Case.Clocks = append(slices.Clone(in.Case.Clocks), truce.CaseClock{ID: clock, For: whose, Round: round, Tier: "T1", Owner: owner, T0: at, Due: due, State: state, Step: in.Step.Number, Changed: in.Step.Number})
	return in
}

// ends leaves the last row of a clock of everybody in a state, by a step.
func ends(in alert.Input, clock string, state truce.ClockState) alert.Input {
	in.Step.Number++
	in.Case.Clocks = slices.Clone(in.Case.Clocks)
	for n := range in.Case.Clocks {
		if k := &in.Case.Clocks[n]; k.ID == clock {
			k.State, k.Changed = state, in.Step.Number
		}
	}
	return in
}

// TestADeterminationNamesTheClocksThatItStarts: both parties read theirs, those inside all, in
// the one message of the determination; none follows when they begin.
func TestADeterminationNamesTheClocksThatItStarts(t *testing.T) {
	in := step(lateZero(t, truce.T0Determined), truce.StepDetermined, func(s *truce.CaseStep) { s.Text = "found" })
	a := compose(t, in)
	if n, _ := to(a); !slices.Contains(n, "a-liaison") || !slices.Contains(n, "b-liaison") || !slices.Contains(n, "chair") {
		t.Errorf("told: %v", n)
	}
	due := in.Step.At.Add(24 * time.Hour).Time().Format("2006-01-02 15:04:05 UTC")
	if text := a.Text["en"]; !strings.Contains(text, "- written answer (each party): due "+due) || strings.Contains(text, "demarche") {
		t.Errorf("the parties read\n%s", text)
	}
	if text := a.Text["uk"]; !strings.Contains(text, "письмова відповідь") {
		t.Errorf("the parties read\n%s", text)
	}
	if text := a.Inside.Text["en"]; !strings.Contains(text, "- written answer: due "+due) || !strings.Contains(text, "- demarche: due ") {
		t.Errorf("inside they read\n%s", text)
	}
	in = after(in, a)
	in.Case.T0 = map[truce.T0Basis]truce.Instant{truce.T0Verified: noon, truce.T0Determined: in.Step.At}
	for _, row := range [][2]string{{"answer", "A"}, {"answer", "B"}, {"act", ""}} {
		in = starts(in, row[0], row[1], truce.ClockRunning)
		if out := composeAll(t, in); len(out.Alerts) != 0 {
			t.Errorf("told twice of %s: %q", row[0], out.Alerts[0].Headline["en"])
		}
	}
	again := compose(t, step(in, truce.StepDetermined, func(s *truce.CaseStep) { s.Text = "once more" }))
	if strings.Contains(again.Text["en"], "Clocks that start") {
		t.Errorf("a second determination starts nothing:\n%s", again.Text["en"])
	}
}

// TestAClockWhoseZeroPointComesLaterIsToldOf: both parties in one message of the same second,
// the owner of one that is nobody's else alone.
func TestAClockWhoseZeroPointComesLaterIsToldOf(t *testing.T) {
	in := starts(lateZero(t, truce.T0Complaint), "answer", "A", truce.ClockRunning)
	a := compose(t, in)
	n, _ := to(a)
	if !slices.Contains(n, "a-liaison") || !slices.Contains(n, "b-liaison") || !slices.Contains(n, "duty-head") || slices.Contains(n, "chair") || a.Kind != truce.AlertNew {
		t.Errorf("%s to %v", a.Kind, n)
	}
	for lang, words := range map[string]string{"en": "a clock begins: written answer (each party)", "uk": "починається відлік: письмова відповідь"} {
		if !strings.Contains(a.Headline[lang], words) || strings.Contains(a.Text[lang], "(A)") {
			t.Errorf("%q\n%s", a.Headline[lang], a.Text[lang])
		}
	}
	in = starts(after(in, a), "answer", "B", truce.ClockRunning)
	if out := composeAll(t, in); len(out.Alerts) != 0 {
		t.Errorf("told twice: %q", out.Alerts[0].Headline["en"])
	}
	act := compose(t, starts(in, "act", "", truce.ClockRunning))
	if n, _ := to(act); !slices.Equal(n, []string{"chair"}) || !strings.Contains(act.Text["en"], "demarche") {
		t.Errorf("to %v\n%s", n, act.Text["en"])
	}
}

// TestWhichBeginningsAreToldOf: not the next round of one that begins anew, nor one that waits
// to be told of; but one that was stopped and begins again when no message said so.
func TestWhichBeginningsAreToldOf(t *testing.T) {
	first := starts(lateZero(t, truce.T0Complaint), "act", "", truce.ClockRunning)
	first = after(first, compose(t, first))
	for name, c := range map[string]struct {
		in   alert.Input
		told int
	}{
		"the next round of one that was met":    {starts(ends(first, "act", truce.ClockMet), "act", "", truce.ClockRunning), 0},
		"the next round of one that was missed": {starts(ends(first, "act", truce.ClockMissed), "act", "", truce.ClockRunning), 0},
		"one that was stopped":                  {starts(ends(first, "act", truce.ClockStopped), "act", "", truce.ClockRunning), 1},
		"one that waits":                        {starts(lateZero(t, truce.T0Complaint), "answer", "A", truce.ClockWaiting), 0},
	} {
		if out := composeAll(t, c.in); len(out.Alerts) != c.told {
			t.Errorf("%s: %d alerts", name, len(out.Alerts))
		}
	}
}

// TestATierEnteredAgainNamesItsClocksAgain: of a clock that ended in an earlier stay.
func TestATierEnteredAgainNamesItsClocksAgain(t *testing.T) {
	in := ends(starts(lateZero(t, truce.T0Complaint), "answer", "A", truce.ClockRunning), "answer", truce.ClockMet)
	in.Case.T0 = map[truce.T0Basis]truce.Instant{truce.T0Complaint: noon}
	in = step(in, truce.StepEntered, func(s *truce.CaseStep) { s.Passage = &truce.Passage{Tier: "T1"} })
	in.Case.Tiers = []truce.TierVisit{{Tier: "T1", Step: 7, Left: noon + 1}, {Tier: "T1", Step: in.Step.Number, Entered: in.Step.At}}
	if a := compose(t, in); !strings.Contains(a.Text["en"], "- written answer (each party): due ") {
		t.Errorf("the parties read\n%s", a.Text["en"])
	}
}

// TestAPathNamesTheClocksThatItStarts, as a tier does.
func TestAPathNamesTheClocksThatItStarts(t *testing.T) {
	in := input()
	in.Case.T0[truce.T0Detected] = noon
	in = step(in, truce.StepPath, func(s *truce.CaseStep) { s.Passage = &truce.Passage{Path: "monitors"} })
	in.Case.Paths = []truce.PathVisit{{Path: "monitors", At: in.Step.At, Step: in.Step.Number}}
	if a := compose(t, in); !strings.Contains(a.Text["en"], "- check: due 2026-04-12 13:00:00 UTC") || !slices.Contains(a.About, "begins/check") {
		t.Errorf("%v\n%s", a.About, a.Text["en"])
	}
}

// TestAFirstZeroPointThatComesLateIsToldOf: whoever was told of a tier before it was known from
// when the clocks count is told when it is; a move that follows before that has left takes its
// place, and says no old time that nobody heard; one that follows later is a move.
func TestAFirstZeroPointThatComesLateIsToldOf(t *testing.T) {
	in := lateZero(t, truce.T0Complaint)
	entered := in.Earlier[0].Alert
	moved := func(in alert.Input, after time.Duration, old, now truce.Instant) (alert.Input, truce.Alert) {
		t.Helper()
		at := in.Step.At.Add(after)
		in = step(in, truce.StepT0Moved, func(s *truce.CaseStep) {
			s.At, s.T0 = at, &truce.T0Change{Basis: truce.T0Verified, Old: old, New: now, Chosen: true}
		})
		in.Now = at.Add(time.Second)
		in.Case.T0 = map[truce.T0Basis]truce.Instant{truce.T0Verified: now}
		in.Case.T0Moves = append(slices.Clone(in.Case.T0Moves), truce.T0Move{T0Change: *in.Step.T0, At: at})
		a := compose(t, in)
		return also(in, a), a
	}
	one, two, three := noon.Add(time.Hour), noon.Add(30*time.Minute), noon.Add(20*time.Minute)
	in, first := moved(in, time.Hour, 0, one)
	if first.Kind != truce.AlertUpdate || !slices.Equal(first.References, []truce.AlertID{entered.ID}) || toldFirst(first) != toldFirst(entered) {
		t.Errorf("%s of %v to %v", first.Kind, first.References, everyone(first))
	}
	if inside := first.Inside.Text["en"]; !strings.Contains(inside, "is 2026-04-12 13:00:00 UTC") || strings.Contains(first.Text["en"], "13:00:00") || !strings.Contains(first.Text["en"], "known now") {
		t.Errorf("inside\n%s\nthe parties\n%s", inside, first.Text["en"])
	}
	_, again := moved(in, 0, one, two)
	if inside := again.Inside.Text["en"]; again.Release > first.Release || !strings.Contains(inside, "is 2026-04-12 12:30:00 UTC") || strings.Contains(inside, "13:00:00") {
		t.Errorf("released %s after %s\n%s", again.Release, first.Release, inside)
	}
	if _, move := moved(in, time.Hour, one, three); !strings.Contains(move.Inside.Text["en"], "from 2026-04-12 13:00:00 UTC to 2026-04-12 12:20:00 UTC") || slices.Contains(move.About, "t0/first") {
		t.Errorf("%v\n%s", move.About, move.Inside.Text["en"])
	}
}

// also is after, where that name is a time.
func also(in alert.Input, a truce.Alert) alert.Input { return after(in, a) }

// toldFirst are those told without waiting for an answer of others.
func toldFirst(a truce.Alert) string {
	now, _ := to(a)
	return strings.Join(now, " ")
}

// entersWith is the step with which the case of input() enters T1, whose one clock is this.
func entersWith(c truce.ClockTerm, t0 map[truce.T0Basis]truce.Instant) alert.Input {
	in := input()
	in.Case.Clocks, in.Case.Paths, in.Case.T0 = nil, nil, t0
	in.Case.Tiers = []truce.TierVisit{{Tier: "T1", Rank: 2, Step: 7, Entered: noon}}
	for n := range in.Ladder.Tiers {
		if tier := &in.Ladder.Tiers[n]; tier.ID == "T1" {
			tier.Clocks = []truce.ClockTerm{c}
		}
	}
	return in
}

// TestAClockThatBeginsAnewIsAnnouncedWithItsNextRound: thirteen hours after the complaint, of a
// clock of every six hours.
func TestAClockThatBeginsAnewIsAnnouncedWithItsNextRound(t *testing.T) {
	report := truce.ClockTerm{ID: "report", Names: truce.Names{"en": "report"}, Basis: truce.T0Complaint, Due: micros(6 * time.Hour), Every: micros(6 * time.Hour), Owner: truce.OfficeLiaison, Each: true}
	a := compose(t, entersWith(report, map[truce.T0Basis]truce.Instant{truce.T0Complaint: noon.Add(-13 * time.Hour)}))
	if text := a.Text["en"]; !strings.Contains(text, "- report (each party): due 2026-04-12 17:00:00 UTC") {
		t.Errorf("the parties read\n%s", text)
	}
}

// TestAPauseWithoutAnEndIsAnnouncedAsItEnds: a clock that was stopped while it stood, by a record
// older than the rule that a pause has an end, stands on for as long as one may, or is due later by that.
func TestAPauseWithoutAnEndIsAnnouncedAsItEnds(t *testing.T) {
	for name, c := range map[string]struct {
		from truce.Instant
		want string
	}{
		"it stands on":   {noon.Add(-time.Hour), "until 2026-04-15 11:00:00 UTC"},
		"it is over now": {noon.Add(-73 * time.Hour), "- act: due 2026-04-15 11:00:00 UTC"},
	} {
		act := truce.ClockTerm{ID: "act", Names: truce.Names{"en": "act"}, Basis: truce.T0Verified, Due: micros(96 * time.Hour), Owner: truce.OfficeChair}
		t0 := noon.Add(-97 * time.Hour)
		in := entersWith(act, map[truce.T0Basis]truce.Instant{truce.T0Verified: t0})
		in.Case.Tiers[0].Step = 5
		in.Case.Clocks = []truce.CaseClock{{ID: "act", Round: 1, Tier: "T1", Owner: truce.OfficeChair, T0: t0, Step: 6, Due: t0.Add(96 * time.Hour), State: truce.ClockStopped, Pauses: []truce.ClockPause{{From: c.from}}}}
		if text := compose(t, in).Inside.Text["en"]; !strings.Contains(text, c.want) {
			t.Errorf("%s: want %q in\n%s", name, c.want, text)
		}
	}
}
