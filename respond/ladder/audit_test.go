package ladder

import (
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
)

// auditor checks the steps of a case by the rules alone, and shares no code with Apply:
// it is what the properties are held against.
type auditor struct {
	at        truce.Instant
	open      map[string]*audited
	clocks    map[string]*truce.ClockChange
	asked     map[string]*truce.Deed
	stood     map[string]truce.Instant
	waits     map[string]truce.Instant // since when a clock waits for the parties to be told
	ends      map[string]truce.Instant // when a pause ends
	last      string                   // the kind and clock of the step before
	incidents map[truce.ID]truce.CaseIncident
	levels    map[truce.ID]truce.AttributionLevel
	zeros     map[truce.T0Basis]truce.Instant
	wishes    map[truce.T0Basis]truce.CaseStep // for a zero point to be moved
	complains map[string]bool                  // steps
	seen      map[truce.StepKind]int
}

// audited is a passage with who signed which of its gates.
type audited struct {
	gates  []truce.Gate
	signed map[int]truce.PersonID
}

func audit(steps []truce.CaseStep) (map[truce.StepKind]int, error) {
	a := auditor{
		open: map[string]*audited{}, clocks: map[string]*truce.ClockChange{}, asked: map[string]*truce.Deed{},
		stood: map[string]truce.Instant{}, waits: map[string]truce.Instant{}, ends: map[string]truce.Instant{}, incidents: map[truce.ID]truce.CaseIncident{}, levels: map[truce.ID]truce.AttributionLevel{},
		wishes: map[truce.T0Basis]truce.CaseStep{}, complains: map[string]bool{},
		zeros: map[truce.T0Basis]truce.Instant{}, seen: map[truce.StepKind]int{},
	}
	for n, s := range steps {
		if s.Number != n+1 || n > 0 && s.At < a.at || s.Late != 0 && s.Late < s.At {
			return nil, fmt.Errorf("step %d (%s): out of order", s.Number, s.Kind)
		}
		a.at = s.At
		a.seen[s.Kind]++
		if err := a.step(s); err != nil {
			return nil, fmt.Errorf("step %d (%s): %w", s.Number, s.Kind, err)
		}
	}
	return a.seen, a.alike("")
}

// alike: once every clock of the parties has had its step of a kind, those of one name and
// round stand, wait and run alike, and are due at the same time.
func (a *auditor) alike(now string) error {
	was := a.last
	if a.last = now; was == "" || was == now {
		return nil
	}
	_, id, _ := strings.Cut(was, " ")
	one, two := a.clocks[id+"/A"], a.clocks[id+"/B"]
	if one == nil || two == nil || !ticks(one) || !ticks(two) {
		return nil
	}
	if one.State != two.State || one.Round == two.Round && one.Due != two.Due {
		return fmt.Errorf("after the steps %s the clock of A is %s, due %s, and that of B %s, due %s", was, one.State, one.Due, two.State, two.Due)
	}
	return nil
}

func ticks(c *truce.ClockChange) bool {
	return c.State == truce.ClockRunning || c.State == truce.ClockPaused || c.State == truce.ClockWaiting
}

func (a *auditor) step(s truce.CaseStep) error {
	group := ""
	if s.Clock != nil && s.Kind != truce.StepNoted {
		group = string(s.Kind) + " " + s.Clock.Clock
	}
	if err := a.alike(group); err != nil {
		return err
	}
	for _, i := range s.Incidents {
		a.incidents[i.ID] = i
	}
	if s.Deed != nil && s.Deed.Kind == truce.DeedComplain {
		a.complains[fmt.Sprint(s.Number)] = true
	}
	if b := s.Attribution; b != nil {
		a.levels[b.Incident] = b.Level
		if b.Withdrawn {
			a.levels[b.Incident] = ""
		}
	}
	switch {
	case s.Kind == truce.StepPath || s.Kind == truce.StepUnfounded || s.Kind == truce.StepFounded:
	case s.Passage != nil:
		return a.passage(s)
	case s.T0 != nil:
		return a.zero(s)
	case s.Kind == truce.StepClockStarted:
		return a.start(s)
	case s.Clock != nil && s.Kind != truce.StepNoted:
		return a.clock(s)
	case s.Kind == truce.StepEntered || s.Kind == truce.StepLeft:
		return fmt.Errorf("names no passage")
	}
	return nil
}

// zero: a zero point is moved from where it was; by people only by two of two roles, on
// evidence that is there.
func (a *auditor) zero(s truce.CaseStep) error {
	z := *s.T0
	if a.zeros[z.Basis] != z.Old {
		return fmt.Errorf("the zero point was elsewhere")
	}
	if s.Deed != nil && s.Deed.Kind == truce.DeedMoveT0 {
		if z.Evidence == nil || z.Evidence.Record == "" || z.Basis == truce.T0Complaint && !a.complains[z.Evidence.Record] {
			return fmt.Errorf("a zero point was moved on nothing")
		}
	}
	if s.Kind == truce.StepT0Asked {
		a.wishes[z.Basis] = s
		return nil
	}
	if s.Deed != nil && s.Deed.Kind == truce.DeedMoveT0 {
		first := a.wishes[z.Basis]
		if first.Deed == nil || first.T0.New != z.New || first.Deed.Person == s.Deed.Person || first.Deed.Office.Role() == s.Deed.Office.Role() {
			return fmt.Errorf("a zero point was moved by one person or one role")
		}
	}
	if s.Deed != nil && s.Deed.Kind != truce.DeedMoveT0 && z.Old != 0 {
		return fmt.Errorf("a zero point was moved by a deed that only sets one")
	}
	a.zeros[z.Basis] = z.New
	delete(a.wishes, z.Basis)
	return nil
}

func (a *auditor) level() truce.AttributionLevel {
	best := truce.AttributionNotAssessed
	for id, l := range a.levels {
		i := a.incidents[id]
		if i.Occurrence == truce.OccurrenceVerified && !i.Gone && !best.AtLeast(l) {
			best = l
		}
	}
	return best
}

func (a *auditor) passage(s truce.CaseStep) error {
	p := s.Passage
	key := fmt.Sprint(p.Tier, p.Down, p.To, p.Path)
	o := a.open[key]
	if o == nil && s.Kind != truce.StepProposed {
		return fmt.Errorf("was not proposed")
	}
	switch s.Kind {
	case truce.StepProposed:
		if len(p.Gates) == 0 {
			return fmt.Errorf("no human gate")
		}
		a.open[key] = &audited{p.Gates, map[int]truce.PersonID{}}
	case truce.StepSigned:
		gate := o.gates[p.Gate-1]
		if s.Deed == nil || s.Deed.Office != gate.Office || o.signed[p.Gate] != "" {
			return fmt.Errorf("not signed by the office, or twice")
		}
		if !a.level().AtLeast(gate.Attribution) {
			return fmt.Errorf("gate below its level")
		}
		for _, by := range o.signed {
			if by == s.Deed.Person {
				return fmt.Errorf("one person for two gates")
			}
		}
		o.signed[p.Gate] = s.Deed.Person
	case truce.StepRefused, truce.StepLapsed:
		delete(a.open, key)
	default:
		return a.passed(key, o)
	}
	return nil
}

func (a *auditor) passed(key string, o *audited) error {
	for n, gate := range o.gates {
		if o.signed[n+1] == "" {
			return fmt.Errorf("entered without gate %d", n+1)
		}
		if !a.level().AtLeast(gate.Attribution) {
			return fmt.Errorf("entered below the level of gate %d", n+1)
		}
	}
	delete(a.open, key)
	return nil
}

func clockOf(s truce.CaseStep) string { return s.Clock.Clock + "/" + s.Clock.For }

func (a *auditor) start(s truce.CaseStep) error {
	key := clockOf(s)
	old := a.clocks[key]
	if old != nil && (ticks(old) || s.Clock.Round != old.Round+1) {
		return fmt.Errorf("a clock was reset")
	}
	c := *s.Clock
	a.clocks[key] = &c
	if a.waits[key] = c.Waits; (c.State == truce.ClockWaiting) != (c.Waits != 0) || c.Waits > s.At {
		return fmt.Errorf("waits and does not, or since later")
	}
	return nil
}

func (a *auditor) clock(s truce.CaseStep) error {
	key := clockOf(s)
	old := a.clocks[key]
	if old == nil || old.Round != s.Clock.Round || !ticks(old) {
		return fmt.Errorf("changes a clock that does not run")
	}
	switch s.Kind {
	case truce.StepClockMoved, truce.StepClockResumed, truce.StepClockTold:
		if s.Clock.OldDue != old.Due {
			return fmt.Errorf("a clock was moved silently")
		}
		if s.Kind == truce.StepClockResumed && s.Clock.Due != old.Due+s.At-a.stood[key] {
			return fmt.Errorf("went on by more than it stood")
		}
		if s.Kind == truce.StepClockTold && (a.waits[key] == 0 || s.Clock.Due != old.Due+s.At-a.waits[key]) {
			return fmt.Errorf("is due later by more than it waited")
		}
		if s.Kind == truce.StepClockResumed && s.Deed == nil && s.At != a.ends[key] {
			return fmt.Errorf("goes on by itself at another time than was agreed")
		}
		if s.Kind == truce.StepClockMoved && s.Clock.Due-old.Due != a.zeros[old.Basis]-old.T0 {
			return fmt.Errorf("moved by more than its zero point")
		}
	default:
		if s.Clock.Due != old.Due {
			return fmt.Errorf("a clock was moved silently")
		}
		if err := a.end(s, key, old); err != nil {
			return err
		}
	}
	c := *s.Clock
	a.clocks[key] = &c
	return nil
}

func (a *auditor) end(s truce.CaseStep, key string, old *truce.ClockChange) error {
	switch s.Kind {
	case truce.StepClockMissed:
		if s.At < old.Due || old.State != truce.ClockRunning {
			return fmt.Errorf("missed before it was due, or while it stood")
		}
	case truce.StepClockUntold:
		if old.State != truce.ClockRunning || s.Clock.Waits <= 0 || s.Clock.Waits > s.At || len(s.Clock.Missing) == 0 {
			return fmt.Errorf("waits for somebody to be reached and did not run, or for nobody")
		}
		a.waits[key] = s.Clock.Waits
	case truce.StepClockPauseAsk:
		a.asked[key] = s.Deed
	case truce.StepClockPaused:
		first := a.asked[key]
		if first == nil || first.Person == s.Deed.Person || first.Office.Role() == s.Deed.Office.Role() {
			return fmt.Errorf("paused by one person or one role")
		}
		if end := s.Clock.Until; end == 0 || end != first.Until || end > s.At+truce.Instant(truce.MaxPause) {
			return fmt.Errorf("paused without an end, or for too long")
		}
		a.asked[key], a.stood[key], a.ends[key] = nil, s.At, s.Clock.Until
	}
	return nil
}
