package ladder

import (
	"slices"

	"github.com/trucewatch/truce"
)

// The machine's own words, in English; text.go holds them in the other languages.
const (
	wordsClosed    = "the case is closed"
	wordsCleared   = "none of the incidents of the case stands"
	wordsSight     = "what could not be seen is seen again"
	wordsTierLeft  = "its tier was left"
	wordsPathLeft  = "what its path rests on stands no more"
	wordsViewEnded = "the view it asks about was withdrawn or replaced"
	wordsCeased    = "its criteria hold no longer"
	wordsWentDown  = "the case went down a tier"
	wordsWentOn    = "the case is in another tier"
	wordsEntered   = "the tier was entered another way"
	wordsLevel     = "the attribution a gate was signed on holds no longer"
	wordsKnown     = "by what is known now"
	wordsLate      = "nothing was reported by the time set"
	wordsZero      = "its zero point has moved"
	wordsTold      = "it counts from now, since the parties could not be told before"
	wordsUnheard   = "no message of it has reached a party by when it was due"
	wordsHeard     = "each party was reached; it is due later by the time lost"
	wordsPauseEnd  = "it stood for as long as was agreed"
	wordsOver      = "it was found when the time was over: told was only that it is over"
)

func wordsOfCleared(c *truce.Case) string {
	if ownBlind(c) {
		return wordsSight
	}
	return wordsCleared
}

// perform makes the step of a task.
func (r *run) perform(t task) {
	s := truce.CaseStep{At: t.at, Text: t.text}
	switch t.kind {
	case taskT0:
		s.Kind, s.Text = truce.StepT0Moved, wordsKnown
		s.T0 = &truce.T0Change{Basis: t.basis, Old: r.c.T0[t.basis], New: t.zero, Chosen: t.basis == r.m.Terms.T0}
	case taskLapse:
		s.Kind, s.Passage = truce.StepLapsed, named(r.c.Open[t.n].Passage)
	case taskFound:
		p := t.wish.passage
		if s.Kind, s.Passage = truce.StepUnfounded, &p; *restsOn(&r.c, p) > 0 {
			s.Kind = truce.StepFounded
		}
	case taskEnter:
		s.Kind, s.Passage = entering(r.c.Open[t.n].Passage)
	case taskClose:
		s.Kind = truce.StepClosed
	case taskRemedy:
		remedy := r.c.Remedies[t.n]
		remedy.State = truce.RemedyLate
		s.Kind, s.Remedy, s.Text = truce.StepRemedy, &remedy, wordsLate
	case taskPath:
		s.Kind, s.Passage = truce.StepPath, proposed(t.wish, t.at)
	case taskPropose:
		s.Kind, s.Passage = truce.StepProposed, proposed(t.wish, t.at)
	default:
		r.performClock(t, s)
		return
	}
	r.emit(s)
}

// named is a passage by what tells it from others, without what was said when it was proposed.
func named(p truce.Passage) *truce.Passage {
	return &truce.Passage{Tier: p.Tier, Down: p.Down, To: p.To, Path: p.Path, Rank: p.Rank}
}

// entering is the step of a passage that everybody has signed.
func entering(p truce.Passage) (truce.StepKind, *truce.Passage) {
	out := named(p)
	out.Because, out.Grounds = p.Because, p.Grounds
	switch {
	case !p.Down:
		return truce.StepEntered, out
	case p.To == "":
		return truce.StepClosed, out
	}
	return truce.StepLeft, out
}

func proposed(w wish, at truce.Instant) *truce.Passage {
	p := w.passage
	p.Gates = slices.Clone(p.Gates)
	p.Grounds = w.grounds(at)
	for _, g := range p.Grounds {
		p.Because = append(p.Because, GroundText(g, "en"))
	}
	return &p
}

// performClock makes the step of a task about a clock.
func (r *run) performClock(t task, s truce.CaseStep) {
	if t.kind == taskStart {
		s.Kind, s.Clock = truce.StepClockStarted, change(t.start)
		s.Clock.Names, s.Clock.Owner = t.start.Names, t.start.Owner
		if s.Clock.State, s.Clock.Waits = r.begins(t); s.Clock.State == truce.ClockWaiting && t.waits != 0 {
			s.Clock.Unheard = t.start.Unheard
		}
		r.emit(s)
		return
	}
	if t.kind == taskTold {
		s.Text = wordsHeard
		r.runsOn(r.c.Clocks[t.n].ID, s)
		return
	}
	clock := r.c.Clocks[t.n]
	s.Clock = change(clock)
	switch t.kind {
	case taskMove:
		s.Kind, s.Text = truce.StepClockMoved, wordsZero
		s.Clock.T0, s.Clock.OldDue = t.zero, clock.Due
		s.Clock.Due = clock.Due + t.zero - clock.T0
	case taskStop:
		s.Kind, s.Clock.State = truce.StepClockStopped, truce.ClockStopped
	case taskResume:
		s.Kind, s.Text = truce.StepClockResumed, wordsPauseEnd
		r.goesOn(&s, clock)
	case taskMiss:
		r.miss(t, s)
		return
	case taskWarn:
		s.Kind = truce.StepClockWarned
	}
	r.emit(s)
}

// change names a clock as it stands.
func change(c truce.CaseClock) *truce.ClockChange {
	return &truce.ClockChange{Clock: c.ID, For: c.For, Round: c.Round, Tier: c.Tier, Basis: c.Basis, T0: c.T0, Due: c.Due, State: c.State}
}

// summary is the case in one row.
func (m Machine) summary(c *truce.Case) truce.CaseSummary {
	s := truce.CaseSummary{
		Number: c.Summary.Number, Title: c.Opening.Title, State: c.State, Tier: c.Tier, Rank: m.Terms.Rank(c.Tier),
		Path: c.Opening.Path, Opened: c.Opened, T0: c.T0[m.Terms.T0],
	}
	s.First, s.Last = activity(c)
	if ownBlind(c) {
		s.First, s.Last = c.Blind[0].From, c.Blind[len(c.Blind)-1].To
	}
	countIncidents(c, &s)
	best := -1
	for _, p := range c.Open {
		if rank := m.Terms.Rank(p.Tier); !p.Down && rank > best {
			s.Proposed, best = p.Tier, rank
		}
	}
	for _, v := range c.Paths {
		if s.Path == "" && v.Step > c.Turned {
			s.Path = v.Path
		}
	}
	countClocks(c, &s)
	for _, k := range c.Consultations {
		s.Consulting = s.Consulting || k.Convened && k.Ended == 0
	}
	return s
}

func countIncidents(c *truce.Case, s *truce.CaseSummary) {
	add := func(a truce.AreaID) {
		if a != "" && !slices.Contains(s.Areas, a) {
			s.Areas = append(s.Areas, a)
		}
	}
	for _, i := range c.Incidents {
		if !stands(i) {
			continue
		}
		s.Incidents++
		add(i.Area)
		if hits, severity := countHits("", i.Findings); hits > 0 {
			s.Hits, s.Severity = s.Hits+1, max(s.Severity, severity)
		}
	}
	for _, b := range c.Blind {
		add(b.Area)
	}
	slices.Sort(s.Areas)
}

func countClocks(c *truce.Case, s *truce.CaseSummary) {
	for _, clock := range c.Clocks {
		switch clock.State {
		case truce.ClockMissed:
			s.Missed++
		case truce.ClockWaiting:
			s.Waiting++
		}
		if clock.State == truce.ClockRunning && (s.NextClock == "" || clock.Due < s.NextDue) {
			s.NextClock, s.NextDue = clock.ID, clock.Due
		}
	}
}
