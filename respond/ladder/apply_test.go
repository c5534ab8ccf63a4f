package ladder

import (
	"reflect"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// TestApplyRefusesWhatDoesNotFollow changes one step of a sound history at a time.
func TestApplyRefusesWhatDoesNotFollow(t *testing.T) {
	s, _ := climb(t)
	pause := truce.Deed{Kind: truce.DeedPause, Clock: "warning", Until: after(9 * hour), Text: "storm"}
	s.deed(after(5*hour), chief, pause)
	s.deed(after(5*hour), chair, pause)
	s.deed(after(6*hour), chair, truce.Deed{Kind: truce.DeedResume, Clock: "warning"})
	s.deed(after(7*hour), liaison, truce.Deed{Kind: truce.DeedCall, Text: "ground"})
	s.deed(after(8*hour), chair, truce.Deed{Kind: truce.DeedMeet, Clock: "warning"})
	for _, c := range []struct {
		name, want string
		kind       truce.StepKind
		change     func(*truce.CaseStep)
	}{
		{"number", "does not follow", truce.StepSigned, func(s *truce.CaseStep) { s.Number++ }},
		{"case", "another case", truce.StepSigned, func(s *truce.CaseStep) { s.Case = truce.ID{9} }},
		{"time", "before the step before", truce.StepSigned, func(s *truce.CaseStep) { s.At = 5 }},
		{"found before", "found before", truce.StepSigned, func(s *truce.CaseStep) { s.Late = s.At - 1 }},
		{"kind", "unknown", truce.StepSigned, func(s *truce.CaseStep) { s.Kind = "dance" }},
		{"opened twice", "begins with", truce.StepSigned, func(s *truce.CaseStep) { s.Kind = truce.StepOpened }},
		{"not opened", "no opening", truce.StepOpened, func(s *truce.CaseStep) { s.Open = nil }},
		{"nothing gathered", "no incidents", truce.StepGathered, func(s *truce.CaseStep) { s.Incidents = nil }},
		{"an incident without id", "no id", truce.StepGathered, func(s *truce.CaseStep) { s.Incidents = []truce.CaseIncident{{}} }},
		{"no zero point", "no zero point", truce.StepT0Moved, func(s *truce.CaseStep) { s.T0 = nil }},
		{"zero point from elsewhere", "not where it is", truce.StepT0Moved, func(s *truce.CaseStep) {
			s.T0 = &truce.T0Change{Basis: truce.T0Event, Old: 5, New: 6}
		}},
		{"proposed without a gate", "without a gate", truce.StepProposed, func(s *truce.CaseStep) { s.Passage = &truce.Passage{Tier: "L0"} }},
		{"proposed no tier", "does not begin", truce.StepProposed, func(s *truce.CaseStep) {
			s.Passage = &truce.Passage{Gates: s.Passage.Gates}
		}},
		{"proposed twice", "proposed already", truce.StepSigned, func(s *truce.CaseStep) {
			s.Kind, s.Passage.Gates = truce.StepProposed, []truce.Gate{{Office: truce.OfficeChair}}
		}},
		{"a path without a name", "names no path", truce.StepProposed, func(s *truce.CaseStep) { s.Kind = truce.StepPath }},
		{"no spell", "no spell", truce.StepProposed, func(s *truce.CaseStep) { s.Kind = truce.StepBlind }},
		{"no advance", "no advance", truce.StepProposed, func(s *truce.CaseStep) { s.Kind = truce.StepAdvance }},
		{"no attribution", "no attribution", truce.StepProposed, func(s *truce.CaseStep) { s.Kind = truce.StepAttributed }},
		{"no remedy", "no remedy", truce.StepProposed, func(s *truce.CaseStep) { s.Kind = truce.StepRemedy }},
		{"no passage", "no passage", truce.StepSigned, func(s *truce.CaseStep) { s.Passage = nil }},
		{"refused by nobody", "nobody refused", truce.StepSigned, func(s *truce.CaseStep) { s.Kind, s.Deed = truce.StepRefused, nil }},
		{"closed with a tier", "a passage that is signed", truce.StepConsultation, func(s *truce.CaseStep) { s.Kind = truce.StepClosed }},
		{"no clock", "no clock", truce.StepClockMissed, func(s *truce.CaseStep) { s.Clock = nil }},
		{"clock stopped and not", "not stopped", truce.StepClockMissed, func(s *truce.CaseStep) { s.Kind = truce.StepClockStopped }},
		{"clock warned of and missed", "does not run", truce.StepClockMissed, func(s *truce.CaseStep) { s.Kind = truce.StepClockWarned }},
		{"pause that nobody asked for", "nobody asked", truce.StepClockPauseAsk, func(s *truce.CaseStep) {
			s.Kind, s.Clock.State = truce.StepClockPaused, truce.ClockPaused
		}},
		{"signed by nobody", "nobody signed", truce.StepSigned, func(s *truce.CaseStep) { s.Deed = nil }},
		{"signed for another office", "signed by the", truce.StepSigned, func(s *truce.CaseStep) { s.Deed = &truce.Deed{Person: "x", Office: truce.OfficeChair} }},
		{"signed gate 9", "no gate 9", truce.StepSigned, func(s *truce.CaseStep) { s.Passage.Gate = 9 }},
		{"signed what was not proposed", "was not proposed", truce.StepSigned, func(s *truce.CaseStep) { s.Passage.Tier = "T3" }},
		{"entered what was not proposed", "was not proposed", truce.StepEntered, func(s *truce.CaseStep) { s.Passage.Tier = "T3" }},
		{"entered downwards", "no passage up", truce.StepEntered, func(s *truce.CaseStep) { s.Passage.Down = true }},
		{"left without a passage", "no passage", truce.StepEntered, func(s *truce.CaseStep) { s.Kind, s.Passage = truce.StepLeft, nil }},
		{"closed by itself", "a passage that is signed", truce.StepProposed, func(s *truce.CaseStep) { s.Kind, s.Passage = truce.StepClosed, nil }},
		{"closed upwards", "lead to the end", truce.StepEntered, func(s *truce.CaseStep) { s.Kind = truce.StepClosed }},
		{"reopened while open", "not closed", truce.StepProposed, func(s *truce.CaseStep) { s.Kind = truce.StepReopened }},
		{"clock that does not run when it starts", "does not begin met", truce.StepClockStarted, func(s *truce.CaseStep) { s.Clock.State = truce.ClockMet }},
		{"clock of the chair that waits for the parties", "does not begin waiting", truce.StepClockStarted, func(s *truce.CaseStep) {
			s.Clock.State, s.Clock.Owner, s.Clock.Waits = truce.ClockWaiting, truce.OfficeChair, s.At
		}},
		{"clock that waits since later", "does not begin waiting", truce.StepClockStarted, func(s *truce.CaseStep) { s.Clock.State, s.Clock.Waits = truce.ClockWaiting, s.At+1 }},
		{"clock that stands alone when it starts", "does not begin paused", truce.StepClockStarted, func(s *truce.CaseStep) { s.Clock.State = truce.ClockPaused }},
		{"clock told of that does not wait", "does not wait", truce.StepClockMissed, func(s *truce.CaseStep) { s.Kind, s.Clock.State = truce.StepClockTold, truce.ClockRunning }},
		{"clock that goes on by itself too early", "before its pause ends", truce.StepClockResumed, func(s *truce.CaseStep) { s.Deed = nil }},
		{"clock paused until another time", "another time", truce.StepClockPaused, func(s *truce.CaseStep) { s.Clock.Until++ }},
		{"clock of a later round", "does not follow round", truce.StepClockStarted, func(s *truce.CaseStep) { s.Clock.Round = 3 }},
		{"unknown clock", "no clock", truce.StepClockMissed, func(s *truce.CaseStep) { s.Clock.Clock = "x" }},
		{"clock missed too early", "not due", truce.StepClockWarned, func(s *truce.CaseStep) {
			s.Kind, s.Clock.State = truce.StepClockMissed, truce.ClockMissed
		}},
		{"clock missed at another time", "another time", truce.StepClockMissed, func(s *truce.CaseStep) { s.Clock.Due++ }},
		{"clock met by nobody", "met by nobody", truce.StepClockMet, func(s *truce.CaseStep) { s.Deed = nil }},
		{"clock paused by one", "not by one", truce.StepClockPaused, func(s *truce.CaseStep) { s.Deed = &truce.Deed{Person: chief.ID, Office: chief.Office} }},
		{"clock paused by one role", "two roles", truce.StepClockPaused, func(s *truce.CaseStep) { s.Deed = &truce.Deed{Person: duty.ID, Office: duty.Office} }},
		{"pause asked for by nobody", "asked for", truce.StepClockPauseAsk, func(s *truce.CaseStep) { s.Deed = nil }},
		{"clock resumed with more time", "as much as it stood", truce.StepClockResumed, func(s *truce.CaseStep) { s.Clock.Due++ }},
		{"clock resumed from elsewhere", "where it stood", truce.StepClockResumed, func(s *truce.CaseStep) { s.Clock.OldDue++ }},
		{"clock moved by more than its zero point", "with its zero point", truce.StepClockWarned, func(s *truce.CaseStep) {
			s.Kind, s.Clock.OldDue, s.Clock.Due = truce.StepClockMoved, s.Clock.Due, s.Clock.Due+1
		}},
		{"consultation without a name", "no consultation", truce.StepConsultation, func(s *truce.CaseStep) { s.Consultation = nil }},
		{"remedy nobody asked for", "nobody has asked", truce.StepConsultation, func(s *truce.CaseStep) {
			s.Kind, s.Remedy = truce.StepRemedy, &truce.RemedyStep{ID: "M1", State: truce.RemedyReported}
		}},
		{"words of nobody", "nobody", truce.StepClockMissed, func(s *truce.CaseStep) { s.Kind = truce.StepNoted }},
		{"done after a miss that was none", "not missed", truce.StepClockMet, func(s *truce.CaseStep) { s.Kind = truce.StepNoted }},
	} {
		err := bend(s.steps, c.kind, c.change)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// bend folds a history up to the last step of a kind, and then that step changed.
func bend(steps []truce.CaseStep, kind truce.StepKind, change func(*truce.CaseStep)) error {
	var c truce.Case
	last := 0
	for n, s := range steps {
		if s.Kind == kind {
			last = n
		}
	}
	for _, s := range steps[:last] {
		if err := Apply(&c, s); err != nil {
			return err
		}
	}
	s := steps[last]
	if s.Passage != nil {
		p := *s.Passage
		s.Passage = &p
	}
	if s.Clock != nil {
		k := *s.Clock
		s.Clock = &k
	}
	change(&s)
	before := Clone(c)
	err := Apply(&c, s)
	if err != nil && !reflect.DeepEqual(before, c) {
		return truce.Errorf(truce.CodeInternal, "a step that was refused changed the case")
	}
	return err
}

func TestAClosedCaseTakesFewSteps(t *testing.T) {
	s := tell(t, machine(t))
	s.incidents(after(minute), incident(1, t0, 1))
	s.deed(after(minute), watch, truce.Deed{Kind: truce.DeedClose, Text: "a quarry"})
	c := s.one()
	for kind := range appliers {
		step := truce.CaseStep{Case: c.ID, Number: c.Steps + 1, At: c.At, Kind: kind, Deed: &truce.Deed{Person: watch.ID}}
		closed := Clone(c)
		err := Apply(&closed, step)
		if !afterwards(kind) && (err == nil || kind != truce.StepOpened && !strings.Contains(err.Error(), "is closed")) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestACopyOfACaseIsItsOwn(t *testing.T) {
	s := toT2(t)
	c := s.one()
	before, err := Fold(s.steps)
	if err != nil {
		t.Fatal(err)
	}
	s.m.Tick(c, after(200*hour))
	pause := truce.Deed{Case: c.ID, After: c.Steps, Kind: truce.DeedPause, Clock: "report", Until: after(28 * hour), Text: "x", Person: chief.ID, Office: chief.Office}
	if _, err := s.m.Do(c, pause, chief, after(27*hour)); err != nil {
		t.Fatal(err)
	}
	s.m.Take(c, Fact{Known: after(28 * hour), Incidents: []truce.CaseIncident{revised(c.Incidents[0], truce.OccurrenceRefuted, after(28*hour))}}, after(28*hour))
	if !reflect.DeepEqual(before, c) {
		t.Error("the machine changed the case it was given")
	}
}

func TestTheNumberGivenAtAppendStays(t *testing.T) {
	s, _ := climb(t)
	steps := append([]truce.CaseStep(nil), s.steps...)
	steps[0].Summary.Number = "C-2026-1"
	c, err := Fold(steps)
	if err != nil || c.Summary.Number != "C-2026-1" {
		t.Fatalf("number %q, %v", c.Summary.Number, err)
	}
	for _, step := range s.m.Tick(c, after(30*hour)) {
		if step.Summary.Number != "C-2026-1" {
			t.Fatalf("step %d has number %q", step.Number, step.Summary.Number)
		}
	}
}

func TestHistoriesSayWhichInputIsWrong(t *testing.T) {
	note := truce.Deed{Kind: truce.DeedNote, Person: chief.ID, Office: chief.Office, Text: "x", At: after(hour)}
	fact := &Fact{Known: after(minute), Incidents: []truce.CaseIncident{incident(1, t0, 1)}}
	m := machine(t)
	for _, c := range []struct {
		name, want string
		inputs     []Input
	}{
		{"neither", "input 1", []Input{{}}},
		{"out of order", "input 2", []Input{{Fact: &Fact{Known: after(2 * hour)}}, {Deed: &note, Person: chief}}},
		{"no case", "0 cases", []Input{{Deed: &note, Person: chief}}},
		{"refused", "input 2", []Input{{Fact: fact}, {Deed: &note, Person: chair}}},
	} {
		if _, err := History(m, c.inputs, after(day)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	cases, err := History(m, []Input{{Fact: fact}, {Deed: &note, Person: chief}, {Fact: &Fact{Known: after(2 * day)}}}, after(day))
	if err != nil || len(cases) != 1 || cases[0].Summary.Proposed != "L0" {
		t.Errorf("%v, %d cases", err, len(cases))
	}
}
