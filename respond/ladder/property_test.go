package ladder

import (
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/trucewatch/truce"
)

// histories is how many random histories a property is held against.
func histories() uint64 {
	if testing.Short() {
		return 2_000
	}
	return 100_000
}

// forAll runs histories on every core until one fails, and names its seed.
func forAll(t *testing.T, holds func(ran) error) {
	t.Helper()
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // histories are small and soon gone
	m := machine(t)
	var seed atomic.Uint64
	var failed atomic.Pointer[string]
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for failed.Load() == nil {
				n := seed.Add(1)
				if n > histories() {
					return
				}
				was, err := play(m, n, 12)
				if err == nil {
					err = holds(was)
				}
				if err != nil {
					text := fmt.Sprintf("history %d: %v", n, err)
					failed.Store(&text)
				}
			}
		})
	}
	wait.Wait()
	if text := failed.Load(); text != nil {
		t.Fatal(*text)
	}
}

// TestNoTierWithoutItsGatesR22: no tier without its human gate, no clock that runs
// backwards or resets silently, never one person for two gates, no gate that is bound to
// an attribution below its level; a late look finds what timely looks would have found;
// the steps fold to the case.
func TestNoTierWithoutItsGatesR22(t *testing.T) {
	var mutex sync.Mutex
	seen := map[truce.StepKind]int{}
	forAll(t, func(was ran) error {
		for id, steps := range was.steps {
			kinds, err := audit(steps)
			if err != nil {
				return err
			}
			mutex.Lock()
			for k, n := range kinds {
				seen[k] += n
			}
			mutex.Unlock()
			if err := nothingOverdue(was, id); err != nil {
				return err
			}
			if err := toldBefore(was, steps); err != nil {
				return err
			}
			if err := heardBefore(was, steps); err != nil {
				return err
			}
		}
		late, err := replay(was)
		if err != nil {
			return err
		}
		return same(was.steps, late)
	})
	t.Logf("steps by kind: %v", seen)
	for _, kind := range []truce.StepKind{truce.StepEntered, truce.StepLeft, truce.StepClosed, truce.StepLapsed, truce.StepRefused, truce.StepT0Moved, truce.StepT0Asked,
		truce.StepClockMoved, truce.StepClockPaused, truce.StepClockResumed, truce.StepClockTold, truce.StepClockUntold, truce.StepClockMet, truce.StepClockMissed, truce.StepClockStopped,
		truce.StepReopened, truce.StepRemedy, truce.StepConsultation} {
		if uint64(seen[kind])*2_000 < histories() {
			t.Errorf("the histories hold %d steps %s: they show little of it", seen[kind], kind)
		}
	}
}

// nothingOverdue: at the end of a history no clock runs that is due, and the steps fold.
func nothingOverdue(was ran, id truce.CaseID) error {
	for _, c := range was.cases {
		if c.ID != id {
			continue
		}
		for _, k := range c.Clocks {
			if k.State == truce.ClockRunning && k.Due <= was.end {
				return fmt.Errorf("clock %s was due at %s and still runs", k.ID, k.Due)
			}
		}
		folded, err := Fold(was.steps[id])
		if err != nil {
			return err
		}
		if !reflect.DeepEqual(folded, c) {
			return fmt.Errorf("the steps fold to another case")
		}
	}
	return nil
}

// TestStepsSurviveTheirRecords: a case that is folded from what the store gives back is the
// case that was, and what is next in it is the same.
func TestStepsSurviveTheirRecords(t *testing.T) {
	for seed := uint64(1); seed <= 200; seed++ {
		was, err := play(machine(t), seed, 12)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range was.cases {
			var back truce.Case
			for _, s := range was.steps[c.ID] {
				body, err := truce.Canonical(s)
				if err != nil {
					t.Fatal(err)
				}
				var again truce.CaseStep
				if err := truce.DecodeCanonical(body, &again); err != nil {
					t.Fatal(err)
				}
				if err := Apply(&back, again); err != nil {
					t.Fatalf("history %d: %v", seed, err)
				}
			}
			one, errOne := truce.Canonical(c)
			two, errTwo := truce.Canonical(back)
			if errOne != nil || errTwo != nil || string(one) != string(two) {
				t.Fatalf("history %d: folded from records the case is another\n%s\n%s", seed, one, two)
			}
			x, okX := was.m.Next(c)
			y, okY := was.m.Next(back)
			if x != y || okX != okY {
				t.Fatalf("history %d: next is %s, and %s from records", seed, x, y)
			}
		}
	}
}

// same compares steps but for when they were found.
func same(a, b map[truce.CaseID][]truce.CaseStep) error {
	if len(a) != len(b) {
		return fmt.Errorf("%d cases, and %d when found late", len(a), len(b))
	}
	for id, steps := range a {
		if len(steps) != len(b[id]) {
			return fmt.Errorf("case %s: %d steps, and %d when found late", id, len(steps), len(b[id]))
		}
		for n := range steps {
			x, y := steps[n], b[id][n]
			x.Late, y.Late = 0, 0
			if !reflect.DeepEqual(x, y) {
				return fmt.Errorf("case %s: step %d is\n%+v\nand when found late\n%+v", id, n+1, x, y)
			}
		}
	}
	return nil
}

// broken is a machine with one fault: what it does to the steps of the sound one, and
// whether the fault shows in them.
type broken struct {
	name  string
	steps func([]truce.CaseStep) bool
}

// find is the first step of a kind that suits.
func find(steps []truce.CaseStep, kind truce.StepKind, suits func(truce.CaseStep) bool) (int, bool) {
	for n, s := range steps {
		if s.Kind == kind && (suits == nil || suits(s)) {
			return n, true
		}
	}
	return 0, false
}

// newest is the last step of a kind about a passage.
func newest(steps []truce.CaseStep, kind truce.StepKind, p truce.Passage) (int, bool) {
	for n := len(steps) - 1; n >= 0; n-- {
		if o := steps[n].Passage; steps[n].Kind == kind && o.Tier == p.Tier && o.Down == p.Down && o.Path == p.Path {
			return n, true
		}
	}
	return 0, false
}

// become turns a step into a note of nobody's, as if it had never been made.
func become(s *truce.CaseStep, kind truce.StepKind) {
	*s = truce.CaseStep{Case: s.Case, Number: s.Number, Kind: kind, At: s.At, Summary: s.Summary, Deed: &truce.Deed{Person: "watch-1"}, Text: "x"}
}

// handMove is the first step by which people moved a zero point.
func handMove(steps []truce.CaseStep) (int, bool) {
	return find(steps, truce.StepT0Moved, func(s truce.CaseStep) bool { return s.Deed != nil && s.Deed.Kind == truce.DeedMoveT0 })
}

func dueLater(c *truce.ClockChange, d truce.Micros) *truce.ClockChange {
	out := *c
	out.Due += truce.Instant(d)
	return &out
}

var faults = []broken{
	{"enters without a gate", func(steps []truce.CaseStep) bool {
		e, ok := find(steps, truce.StepEntered, nil)
		if !ok {
			return false
		}
		n, ok := newest(steps[:e], truce.StepSigned, *steps[e].Passage)
		if ok {
			become(&steps[n], truce.StepNoted)
		}
		return ok
	}},
	{"enters what it never proposed", func(steps []truce.CaseStep) bool {
		e, ok := find(steps, truce.StepEntered, nil)
		if !ok {
			return false
		}
		n, ok := newest(steps[:e], truce.StepProposed, *steps[e].Passage)
		if ok {
			become(&steps[n], truce.StepNoted)
		}
		return ok
	}},
	{"lets one person sign two gates", func(steps []truce.CaseStep) bool {
		n, ok := find(steps, truce.StepSigned, func(s truce.CaseStep) bool { return s.Passage.Gate == 2 })
		if !ok {
			return false
		}
		first := -1
		for k, s := range steps[:n] {
			if s.Kind == truce.StepSigned && s.Passage.Tier == steps[n].Passage.Tier && s.Passage.Gate == 1 {
				first = k
			}
			if s.Kind == truce.StepProposed && s.Passage.Tier == steps[n].Passage.Tier {
				first = -1
			}
		}
		if first < 0 {
			return false
		}
		d := *steps[n].Deed
		d.Person = steps[first].Deed.Person
		steps[n].Deed = &d
		return true
	}},
	{"signs below the level", func(steps []truce.CaseStep) bool {
		n, ok := find(steps, truce.StepSigned, func(s truce.CaseStep) bool { return s.Passage.Gate == 1 })
		_, known := find(steps, truce.StepAttributed, nil)
		if !ok || known {
			return false
		}
		for k := range steps[:n] {
			if p := steps[k].Passage; steps[k].Kind == truce.StepProposed && p.Tier == steps[n].Passage.Tier {
				bound := *p
				bound.Gates = append([]truce.Gate{{Office: p.Gates[0].Office, Attribution: truce.AttributionClear}}, p.Gates[1:]...)
				steps[k].Passage = &bound
			}
		}
		return true
	}},
	{"goes back in time", func(steps []truce.CaseStep) bool {
		if len(steps) < 9 {
			return false
		}
		steps[8].At = steps[7].At - 1
		return true
	}},
	{"resets a clock silently", func(steps []truce.CaseStep) bool {
		n, ok := find(steps, truce.StepClockMissed, nil)
		if ok {
			steps[n].Clock = dueLater(steps[n].Clock, hour)
			steps[n].At += truce.Instant(hour)
			for k := n + 1; k < len(steps); k++ {
				steps[k].At = max(steps[k].At, steps[n].At)
			}
		}
		return ok
	}},
	{"begins a clock anew that runs", func(steps []truce.CaseStep) bool {
		n, ok := find(steps, truce.StepClockWarned, nil)
		if ok {
			again := *dueLater(steps[n].Clock, hour)
			again.Round++
			steps[n].Kind, steps[n].Clock = truce.StepClockStarted, &again
		}
		return ok
	}},
	{"calls a clock missed before it is due", func(steps []truce.CaseStep) bool {
		n, ok := find(steps, truce.StepClockMissed, func(s truce.CaseStep) bool { return s.Clock.Round == 1 })
		if !ok {
			return false
		}
		for k := range steps[:n+1] {
			if c := steps[k].Clock; c != nil && c.Clock == steps[n].Clock.Clock && c.For == steps[n].Clock.For {
				steps[k].Clock = dueLater(c, 9999*hour)
			}
		}
		return true
	}},
	{"pauses for one role", func(steps []truce.CaseStep) bool {
		n, ok := find(steps, truce.StepClockPaused, nil)
		if !ok {
			return false
		}
		d := *steps[n].Deed
		for _, s := range steps[:n] {
			if s.Kind == truce.StepClockPauseAsk && s.Clock.Clock == steps[n].Clock.Clock && s.Clock.For == steps[n].Clock.For {
				d.Office = s.Deed.Office
			}
		}
		steps[n].Deed = &d
		return true
	}},
	{"pauses without an end", func(steps []truce.CaseStep) bool {
		n, ok := find(steps, truce.StepClockPaused, nil)
		if ok {
			c := *steps[n].Clock
			c.Until = 0
			steps[n].Clock = &c
		}
		return ok
	}},
	{"pauses for longer than a pause may be", func(steps []truce.CaseStep) bool {
		n, ok := find(steps, truce.StepClockPaused, nil)
		for k := range steps[:max(n+1, 0)] {
			if d := steps[k].Deed; ok && d != nil && d.Kind == truce.DeedPause && steps[k].Clock.Clock == steps[n].Clock.Clock {
				longer, c := *d, *steps[k].Clock
				longer.Until, c.Until = after(999*day), after(999*day)
				steps[k].Deed, steps[k].Clock = &longer, &c
			}
		}
		return ok
	}},
	{"lets a clock go on before its pause ends", func(steps []truce.CaseStep) bool {
		n, ok := find(steps, truce.StepClockResumed, func(s truce.CaseStep) bool { return s.Deed != nil })
		if ok {
			steps[n].Deed = nil
		}
		return ok
	}},
	{"pauses the clock of one party alone", func(steps []truce.CaseStep) bool {
		n, ok := find(steps, truce.StepClockPaused, func(s truce.CaseStep) bool { return s.Clock.For == "B" })
		if ok {
			_, ok = find(steps[n:], truce.StepClockResumed, func(s truce.CaseStep) bool { return s.Clock.For == "B" })
		}
		if ok {
			become(&steps[n], truce.StepNoted)
		}
		return ok
	}},
	{"lets a clock that waited begin with more time than it waited", func(steps []truce.CaseStep) bool {
		n, ok := find(steps, truce.StepClockTold, nil)
		if ok {
			steps[n].Clock = dueLater(steps[n].Clock, minute)
		}
		return ok
	}},
	{"lets a clock of parties run before both were told", func(steps []truce.CaseStep) bool {
		n, ok := find(steps, truce.StepClockTold, func(s truce.CaseStep) bool { return s.Clock.Unheard == 0 })
		for k := range steps[:max(n+1, 0)] {
			if c := steps[k].Clock; ok && c != nil && steps[k].Kind == truce.StepClockStarted && clockOf(steps[k]) == clockOf(steps[n]) && c.Round == steps[n].Clock.Round {
				runs := *c
				runs.State, runs.Waits = truce.ClockRunning, 0
				steps[k].Clock = &runs
			}
		}
		return ok
	}},
	{"lets one person move a zero point", func(steps []truce.CaseStep) bool {
		n, ok := handMove(steps)
		if !ok {
			return false
		}
		ask, ok := find(steps[:n], truce.StepT0Asked, func(s truce.CaseStep) bool {
			return *s.T0.Evidence == *steps[n].T0.Evidence && s.T0.New == steps[n].T0.New
		})
		if ok {
			d := *steps[n].Deed
			d.Person, d.Office = steps[ask].Deed.Person, steps[ask].Deed.Office
			steps[n].Deed = &d
		}
		return ok
	}},
	{"moves a zero point that nobody asked to be moved", func(steps []truce.CaseStep) bool {
		n, ok := handMove(steps)
		for k := range steps[:max(n, 0)] {
			if steps[k].Kind == truce.StepT0Asked {
				become(&steps[k], truce.StepNoted)
			}
		}
		return ok
	}},
	{"moves a zero point on nothing", func(steps []truce.CaseStep) bool {
		n, ok := handMove(steps)
		for k := range steps[:n+1] {
			if steps[k].T0 != nil {
				z := *steps[k].T0
				z.Evidence = nil
				steps[k].T0 = &z
			}
		}
		return ok
	}},
	{"moves a clock without the old time", func(steps []truce.CaseStep) bool {
		n, ok := find(steps, truce.StepClockMoved, nil)
		if ok {
			c := *steps[n].Clock
			c.OldDue = 0
			steps[n].Clock = &c
		}
		return ok
	}},
}

// TestABrokenMachineIsCaughtR22: each fault is seen by the audit of the properties, and
// refused by Apply, in every history in which it shows.
func TestABrokenMachineIsCaughtR22(t *testing.T) {
	m := machine(t)
	shown := map[string]int{}
	for seed := uint64(1); seed <= 3_000; seed++ {
		was, err := play(m, seed, 12)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range was.cases {
			for _, fault := range faults {
				steps := append([]truce.CaseStep(nil), was.steps[c.ID]...)
				if !fault.steps(steps) {
					continue
				}
				shown[fault.name]++
				if _, err := audit(steps); err == nil {
					t.Fatalf("history %d: the audit does not see a machine that %s", seed, fault.name)
				}
				if _, err := Fold(steps); err == nil {
					t.Fatalf("history %d: a case takes the steps of a machine that %s", seed, fault.name)
				}
			}
		}
	}
	for _, fault := range faults {
		if shown[fault.name] < 3 {
			t.Errorf("a machine that %s shows in %d histories: that is no control", fault.name, shown[fault.name])
		}
	}
	t.Log(shown)
}

// TestALookThatForgetsIsCaught: a machine that gives what was due the time at which it was
// found, or that leaves a step out, does not pass for one that looks in time.
func TestALookThatForgetsIsCaught(t *testing.T) {
	caught := 0
	for seed := uint64(1); seed <= 200; seed++ {
		was, err := play(machine(t), seed, 12)
		if err != nil {
			t.Fatal(err)
		}
		late, err := replay(was)
		if err != nil {
			t.Fatal(err)
		}
		for id := range late {
			n, ok := find(late[id], truce.StepClockMissed, func(s truce.CaseStep) bool { return s.Late != 0 })
			if !ok {
				continue
			}
			late[id][n].At = late[id][n].Late
			if same(was.steps, late) == nil {
				t.Fatalf("history %d: the time of finding passes for the time due", seed)
			}
			late[id] = append(late[id][:n:n], late[id][n+1:]...)
			if same(was.steps, late) == nil {
				t.Fatalf("history %d: a step that was left out is not missed", seed)
			}
			caught++
			break
		}
	}
	if caught < 20 {
		t.Errorf("only %d histories had anything to forget", caught)
	}
}
