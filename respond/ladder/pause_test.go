package ladder

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

func pausing(clock, whose string, until truce.Instant) truce.Deed {
	return truce.Deed{Kind: truce.DeedPause, Clock: clock, For: whose, Until: until, Text: "the line is down"}
}

// paused is a case in L1 whose replies stand from minute 10 until hour 1.
func paused(t *testing.T) *story {
	s, _ := climbed(t)
	s.deed(after(9*minute), chief, pausing("reply", "A", after(hour)))
	s.deed(after(10*minute), chair, pausing("reply", "A", 0))
	return s
}

func TestAPauseIsOfBothPartiesAlike(t *testing.T) {
	s := paused(t)
	for _, p := range []string{"A", "B"} {
		k := s.clock("reply", p)
		if k.State != truce.ClockPaused || k.Pauses[0].From != after(10*minute) || k.Pauses[0].Until != after(hour) || k.Pauses[0].By != [2]truce.PersonID{chief.ID, chair.ID} {
			t.Errorf("of %s: %+v", p, k)
		}
	}
	if k := s.clock("receipt", "A"); k.State != truce.ClockRunning {
		t.Errorf("another clock: %+v", k)
	}
	if at, ok := s.m.Next(s.one()); !ok || at != after(20*minute) { // the receipts
		t.Errorf("next is %s", at)
	}
	s.advance(after(59 * minute))
	if k := s.clock("reply", "B"); k.State != truce.ClockPaused {
		t.Errorf("before its end: %+v", k)
	}
	n := len(s.steps)
	s.advance(after(hour))
	for i, step := range s.steps[n : n+2] {
		if step.Kind != truce.StepClockResumed || step.Deed != nil || step.At != after(hour) || step.Clock.For != []string{"A", "B"}[i] || step.Clock.Due != after(2*hour+55*minute) || step.Text == "" {
			t.Errorf("%+v %+v", step, step.Clock)
		}
	}
}

func TestAPauseEndsWhileNoProgramRuns(t *testing.T) {
	s := paused(t)
	steps := s.m.Tick(s.one(), after(3*hour))
	if err := s.apply(0, steps); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"A", "B"} {
		k := s.clock("reply", p)
		if k.Pauses[0].Resumed != after(hour) || k.State != truce.ClockMissed || k.Ended != after(2*hour+55*minute) || k.Late != after(3*hour) {
			t.Errorf("%+v", k)
		}
	}
	n, _ := find(s.steps, truce.StepClockResumed, nil)
	if s.steps[n].Late != after(3*hour) {
		t.Errorf("found at %s", s.steps[n].Late)
	}
}

func TestWhoMayPauseAndForHowLong(t *testing.T) {
	long := after(10*minute) + truce.Instant(truce.MaxPause)
	for _, c := range []struct {
		name string
		by   truce.Person
		deed truce.Deed
		code truce.Code
		want string
	}{
		{"without an end", chief, pausing("reply", "A", 0), truce.CodeInvalid, "until when"},
		{"until what has passed", chief, pausing("reply", "A", after(10*minute)), truce.CodeInvalid, "has passed"},
		{"for too long", chief, pausing("reply", "A", long+1), truce.CodeInvalid, "the longest is 72 h"},
		{"without a reason", chief, truce.Deed{Kind: truce.DeedPause, Clock: "reply", Until: after(hour)}, truce.CodeInvalid, "says why"},
		{"of a clock that is not there", chief, pausing("nothing", "", after(hour)), truce.CodeNotFound, "no clock"},
		{"of a party that is none", chief, pausing("reply", "C", after(hour)), truce.CodeNotFound, "no clock"},
		{"by who holds no office", truce.Person{ID: "x", Role: truce.RoleGuarantor}, pausing("reply", "", after(hour)), truce.CodeForbidden, "holder of an office"},
		{"as long as may be", chief, pausing("reply", "", long), "", ""},
		{"of the other's", chief, pausing("reply", "B", after(hour)), "", ""},
	} {
		s, _ := climbed(t)
		err := s.try(after(10*minute), c.by, c.deed)
		if (err == nil) != (c.code == "") || err != nil && (truce.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", c.name, err)
		}
		if asks := s.clock("reply", "A").Asked != nil && s.clock("reply", "B").Asked != nil; asks != (c.code == "") {
			t.Errorf("%s: asked of both is %v", c.name, asks)
		}
	}
}

// TestAWishForAPauseIsNotReplacedByAnothers: nobody's wish silently takes the place of one that
// waits. Who asked may ask for another end, on record; a second role agrees to what stands.
func TestAWishForAPauseIsNotReplacedByAnothers(t *testing.T) {
	s, _ := climbed(t)
	s.deed(after(9*minute), chief, pausing("reply", "", after(hour)))
	err := s.try(after(10*minute), chair, pausing("reply", "", after(2*hour)))
	if truce.CodeOf(err) != truce.CodeConflict || !strings.Contains(err.Error(), "chief-1 has asked for a pause of the clock reply until "+after(hour).String()) {
		t.Errorf("another end by another: %v", err)
	}
	if k := s.clock("reply", "B"); k.State != truce.ClockRunning || k.Asked.Person != chief.ID || k.Asked.Until != after(hour) {
		t.Fatalf("%+v", k)
	}
	n := len(s.steps)
	s.deed(after(11*minute), chief, pausing("reply", "", after(2*hour)))
	if got := s.kinds(n); len(got) != 2 || got[0] != truce.StepClockPauseAsk || s.clock("reply", "A").Asked.Until != after(2*hour) {
		t.Errorf("another end by who asked: %v", got)
	}
	s.refused(after(11*minute), chief, pausing("reply", "", 0), truce.CodeForbidden)
	s.deed(after(12*minute), chair, pausing("reply", "", after(2*hour)))
	if k := s.clock("reply", "A"); k.State != truce.ClockPaused || k.Pauses[0].Until != after(2*hour) {
		t.Errorf("%+v", k)
	}
	s.refused(after(13*minute), chief, pausing("reply", "", after(3*hour)), truce.CodeConflict)
	s, _ = climbed(t)
	s.deed(after(9*minute), chief, pausing("reply", "", after(15*minute)))
	s.refused(after(16*minute), chair, pausing("reply", "", 0), truce.CodeInvalid) // what was asked for is over
	s.deed(after(16*minute), chair, pausing("reply", "", after(hour)))
	if k := s.clock("reply", "A"); k.State != truce.ClockRunning || k.Asked.Person != chair.ID {
		t.Errorf("%+v", k)
	}
}

func TestAClockThatStandsCanBeMet(t *testing.T) {
	s := paused(t)
	s.deed(after(20*minute), liaison, truce.Deed{Kind: truce.DeedMeet, Clock: "reply", For: "A", Text: "our reply"})
	if a, b := s.clock("reply", "A"), s.clock("reply", "B"); a.State != truce.ClockMet || a.Ended != after(20*minute) || b.State != truce.ClockPaused {
		t.Errorf("A %+v\nB %+v", a, b)
	}
	s.deed(after(30*minute), duty, truce.Deed{Kind: truce.DeedResume, Clock: "reply", Text: "repaired"})
	if a, b := s.clock("reply", "A"), s.clock("reply", "B"); a.State != truce.ClockMet || b.State != truce.ClockRunning || b.Due != after(2*hour+25*minute) {
		t.Errorf("A %+v\nB %+v", a, b)
	}
	s.refused(after(31*minute), duty, truce.Deed{Kind: truce.DeedResume, Clock: "reply"}, truce.CodeConflict)
}

// TestARoundThatBeginsInAPauseStandsToo: who meets a clock that stands gains and loses nothing
// against who does not.
func TestARoundThatBeginsInAPauseStandsToo(t *testing.T) {
	s := tell(t, rounds(t))
	s.incidents(after(minute), incident(1, t0, 1))
	s.sign(after(2*minute), "L0", watch)
	s.sign(after(hour), "L1", lead)
	s.deed(after(2*hour), chief, pausing("daily", "", after(4*hour)))
	s.deed(after(2*hour), chair, pausing("daily", "", after(4*hour)))
	s.deed(after(3*hour), liaison, truce.Deed{Kind: truce.DeedMeet, Clock: "daily", For: "A", Text: "early"})
	if k := s.clock("daily", "A"); k.Round != 2 || k.State != truce.ClockPaused || k.Due != after(9*hour) {
		t.Fatalf("%+v", k)
	}
	s.advance(after(4 * hour))
	if a, b := s.clock("daily", "A"), s.clock("daily", "B"); a.Due != after(11*hour) || b.Due != after(7*hour) {
		t.Errorf("A due %s, B due %s", a.Due, b.Due)
	}
	s.advance(after(7 * hour))
	if b := s.clock("daily", "B"); b.Due != after(11*hour) {
		t.Errorf("B due %s", b.Due)
	}
}

// TestAPauseOfAnOldRecordHasAnEnd: a step from before pauses had one stands, and the clock
// goes on when the longest pause would be over.
func TestAPauseOfAnOldRecordHasAnEnd(t *testing.T) {
	s := paused(t)
	steps := append([]truce.CaseStep(nil), s.steps...)
	for n := range steps {
		if d := steps[n].Deed; d != nil && d.Kind == truce.DeedPause {
			old, k := *d, *steps[n].Clock
			old.Until, k.Until = 0, 0
			steps[n].Deed, steps[n].Clock = &old, &k
		}
	}
	c, err := Fold(steps)
	if err != nil {
		t.Fatal(err)
	}
	last := s.m.Tick(c, after(10*minute)+truce.Instant(truce.MaxPause))
	if n, ok := find(last, truce.StepClockResumed, nil); !ok || last[n].At != after(10*minute)+truce.Instant(truce.MaxPause) {
		t.Errorf("%d steps", len(last))
	}
}

func TestAPauseIsToldInWords(t *testing.T) {
	s := paused(t)
	s.advance(after(hour))
	for lang, want := range map[string][]string{
		"en": {`asked for a pause of the clock "reply" (A) until 2026-04-11 17:00:00 UTC`, `"reply" (B) stands until 2026-04-11 17:00:00 UTC`, "the system let the clock", "for as long as was agreed"},
		"uk": {"до 2026-04-11 17:00:00 UTC", "минув час, на який погодили зупинку"},
	} {
		var all strings.Builder
		for _, step := range s.steps {
			all.WriteString(Text(step, s.m.Terms, lang) + "\n")
		}
		for _, words := range want {
			if !strings.Contains(all.String(), words) {
				t.Errorf("%s lacks %q:\n%s", lang, words, all.String())
			}
		}
	}
}

// TestAPauseGoesOnWhereItsClockIsStoppedAndAskedForAgain: all is refuted at minute 20 of a pause
// from minute 10 to hour 1, and stands again. What two roles agreed to holds as if nothing had
// been stopped: until its end, and as time that the clock stood.
func TestAPauseGoesOnWhereItsClockIsStoppedAndAskedForAgain(t *testing.T) {
	for name, c := range map[string]struct {
		again truce.Instant
		state truce.ClockState
	}{
		"before the pause ends": {after(30 * minute), truce.ClockPaused},
		"after it has ended":    {after(2 * hour), truce.ClockRunning},
	} {
		s := paused(t)
		i := s.one().Incidents[0]
		gone := revised(i, truce.OccurrenceRefuted, after(20*minute))
		s.incidents(after(20*minute), gone)
		s.incidents(c.again, revised(gone, truce.OccurrenceVerified, c.again))
		for _, p := range []string{"A", "B"} {
			if k := s.clock("reply", p); k.Round != 2 || k.State != c.state {
				t.Errorf("%s, %s: %+v", name, p, k)
			}
		}
		s.advance(after(2 * hour))
		for _, p := range []string{"A", "B"} { // due at 2:05, and 50 minutes later
			if k := s.clock("reply", p); k.State != truce.ClockRunning || k.Due != after(2*hour+55*minute) {
				t.Errorf("%s, %s: %s, due %s", name, p, k.State, k.Due)
			}
		}
	}
}
