package ladder

import (
	"maps"
	"slices"

	"github.com/trucewatch/truce"
)

// Fold applies steps in order to a case that does not exist yet.
func Fold(steps []truce.CaseStep) (truce.Case, error) {
	var c truce.Case
	for _, s := range steps {
		if err := Apply(&c, s); err != nil {
			return c, err
		}
	}
	return c, nil
}

// Clone is a copy that shares nothing that Apply changes.
func Clone(c truce.Case) truce.Case {
	c.Incidents, c.Blind, c.Advances = slices.Clone(c.Incidents), slices.Clone(c.Blind), slices.Clone(c.Advances)
	c.Attributions, c.T0, c.T0Moves = slices.Clone(c.Attributions), maps.Clone(c.T0), slices.Clone(c.T0Moves)
	c.T0Asks, c.Complaints = slices.Clone(c.T0Asks), slices.Clone(c.Complaints)
	c.Tiers, c.Remedies, c.Refusals = slices.Clone(c.Tiers), slices.Clone(c.Remedies), slices.Clone(c.Refusals)
	c.Paths, c.Moved = slices.Clone(c.Paths), slices.Clone(c.Moved)
	c.Views, c.Replies = slices.Clone(c.Views), slices.Clone(c.Replies)
	c.Open = slices.Clone(c.Open)
	for n := range c.Open {
		c.Open[n].Signed = slices.Clone(c.Open[n].Signed)
	}
	c.Clocks = slices.Clone(c.Clocks)
	for n := range c.Clocks {
		c.Clocks[n].Pauses, c.Clocks[n].Moves = slices.Clone(c.Clocks[n].Pauses), slices.Clone(c.Clocks[n].Moves)
	}
	c.Consultations = slices.Clone(c.Consultations)
	return c
}

// Apply folds one recorded step into a case. It needs no terms: a step says all that it
// changes. It refuses a step that does not follow from the steps before, and then the
// case is as it was.
func Apply(c *truce.Case, s truce.CaseStep) error {
	if err := follows(c, s); err != nil {
		return err
	}
	act, known := appliers[s.Kind]
	if !known {
		return badStep(s, "the kind %.40q is unknown", string(s.Kind))
	}
	if err := act(c, s); err != nil {
		return err
	}
	noteComplaint(c, s)
	noteReply(c, s)
	number := c.Summary.Number
	c.Steps, c.At, c.Summary = s.Number, s.At, s.Summary
	if c.Summary.Number == "" {
		c.Summary.Number = number
	}
	return nil
}

func badStep(s truce.CaseStep, format string, args ...any) error {
	args = append([]any{s.Case, s.Number, string(s.Kind)}, args...)
	return truce.Errorf(truce.CodeInvalid, "case %s, step %d (%.40s): "+format, args...)
}

func follows(c *truce.Case, s truce.CaseStep) error {
	switch {
	case s.Number != c.Steps+1:
		return truce.Errorf(truce.CodeConflict, "case %s: step %d does not follow step %d", s.Case, s.Number, c.Steps)
	case (s.Number == 1) != (s.Kind == truce.StepOpened):
		return badStep(s, "a case begins with being opened, once")
	case s.Number > 1 && s.Case != c.ID:
		return badStep(s, "belongs to another case than %s", c.ID)
	case s.At < c.At && s.Number > 1:
		return badStep(s, "is of %s, before the step before it", s.At)
	case s.Late != 0 && s.Late < s.At:
		return badStep(s, "was found before it was due")
	case c.State == truce.CaseClosed && !afterwards(s.Kind):
		return badStep(s, "the case is closed")
	}
	return nil
}

// afterwards are the steps that a closed case can still take.
func afterwards(k truce.StepKind) bool {
	switch k {
	case truce.StepGathered, truce.StepAttributed, truce.StepClockStopped, truce.StepRemedy, truce.StepStatement, truce.StepNoted, truce.StepReopened:
		return true
	}
	return false
}

// appliers is what each kind of step does. Each checks before it changes anything.
var appliers = map[truce.StepKind]func(*truce.Case, truce.CaseStep) error{
	truce.StepOpened:        applyOpened,
	truce.StepGathered:      applyGathered,
	truce.StepMoved:         applyGathered,
	truce.StepBlind:         applyBlind,
	truce.StepAdvance:       applyAdvance,
	truce.StepAttributed:    applyAttributed,
	truce.StepT0Asked:       applyT0Asked,
	truce.StepT0Moved:       applyT0,
	truce.StepPath:          applyPath,
	truce.StepProposed:      applyProposed,
	truce.StepSigned:        applySigned,
	truce.StepRefused:       applyRefused,
	truce.StepLapsed:        applyLapsed,
	truce.StepEntered:       applyEntered,
	truce.StepUnfounded:     applyFounded,
	truce.StepFounded:       applyFounded,
	truce.StepLeft:          applyLeft,
	truce.StepClosed:        applyClosed,
	truce.StepReopened:      applyReopened,
	truce.StepClockStarted:  applyStarted,
	truce.StepClockTold:     applyClock,
	truce.StepClockUntold:   applyClock,
	truce.StepClockMoved:    applyClock,
	truce.StepClockPauseAsk: applyClock,
	truce.StepClockPaused:   applyClock,
	truce.StepClockResumed:  applyClock,
	truce.StepClockWarned:   applyClock,
	truce.StepClockMet:      applyClock,
	truce.StepClockMissed:   applyClock,
	truce.StepClockStopped:  applyClock,
	truce.StepConsultation:  applyConsultation,
	truce.StepRemedy:        applyRemedy,
	truce.StepStatement:     applyWords,
	truce.StepDetermined:    applyWords,
	truce.StepNoted:         applyWords,
}

func applyOpened(c *truce.Case, s truce.CaseStep) error {
	if s.Open == nil || s.Case.IsZero() {
		return badStep(s, "has no opening or no case")
	}
	*c = truce.Case{ID: s.Case, State: truce.CaseOpen, Opening: *s.Open, Opened: s.At, T0: map[truce.T0Basis]truce.Instant{}}
	return nil
}

func applyGathered(c *truce.Case, s truce.CaseStep) error {
	if len(s.Incidents) == 0 {
		return badStep(s, "has no incidents")
	}
	for _, i := range s.Incidents {
		if i.ID.IsZero() {
			return badStep(s, "an incident has no id")
		}
	}
	for _, i := range s.Incidents {
		n, held := findIncident(c.Incidents, i.ID)
		var old truce.CaseIncident
		if held {
			old, c.Incidents[n] = c.Incidents[n], i
		} else {
			c.Incidents = slices.Insert(c.Incidents, n, i)
		}
		if adds(old, i) {
			c.Added = s.Number
		}
		if held && stands(old) && !stands(i) {
			c.Doubt = s.Number
		}
		if s.Kind == truce.StepMoved {
			c.Moved = append(c.Moved, i.ID)
		}
	}
	return nil
}

// adds says whether a revision makes more of an incident: that it stands, that it is
// better founded, or weighs more.
func adds(old, now truce.CaseIncident) bool {
	if !stands(now) {
		return false
	}
	was, weighed := countHits("", old.Findings)
	is, weighs := countHits("", now.Findings)
	return !stands(old) || old.ID.IsZero() || is > was || weighs > weighed || !old.Occurrence.AtLeast(now.Occurrence)
}

func applyBlind(c *truce.Case, s truce.CaseStep) error {
	if s.Blind == nil || s.Blind.To != 0 && s.Blind.To < s.Blind.From {
		return badStep(s, "has no spell, or one that ends before it begins")
	}
	for n, b := range c.Blind {
		if b.Area == s.Blind.Area && b.From == s.Blind.From {
			c.Blind[n] = *s.Blind
			if b.To != 0 && s.Blind.To == 0 || s.Blind.Share > b.Share {
				c.Added = s.Number
			}
			return nil
		}
	}
	c.Blind, c.Added = append(c.Blind, *s.Blind), s.Number
	slices.SortStableFunc(c.Blind, func(a, b truce.BlindSpell) int { return compare(a.From, b.From) })
	return nil
}

func applyAdvance(c *truce.Case, s truce.CaseStep) error {
	if s.Advance == nil {
		return badStep(s, "has no advance")
	}
	c.Advances, c.Added = append(c.Advances, *s.Advance), s.Number
	return nil
}

func applyAttributed(c *truce.Case, s truce.CaseStep) error {
	if s.Attribution == nil {
		return badStep(s, "has no attribution")
	}
	a := *s.Attribution
	old := levelOf(c, a.Incident)
	at := slices.IndexFunc(c.Attributions, func(o truce.Attribution) bool { return o.Incident == a.Incident })
	if at < 0 {
		c.Attributions = append(c.Attributions, a)
	} else {
		c.Attributions[at] = a
	}
	noteView(c, s)
	level := levelOf(c, a.Incident)
	if !old.AtLeast(level) {
		c.Added = s.Number
	}
	if !level.AtLeast(old) {
		c.Doubt = s.Number
	}
	return nil
}

// applyWords records words. With a clock they say that what it waited for was done after
// it was missed.
func applyWords(c *truce.Case, s truce.CaseStep) error {
	if s.Deed == nil {
		return badStep(s, "words of nobody")
	}
	if s.Clock == nil {
		return nil
	}
	k := findRound(c, *s.Clock)
	if k == nil || k.State != truce.ClockMissed || k.Done != 0 {
		return badStep(s, "speaks of a clock that was not missed, or is done")
	}
	k.Done, k.Changed = s.At, s.Number
	return nil
}

func applyRemedy(c *truce.Case, s truce.CaseStep) error {
	if s.Remedy == nil || s.Remedy.ID == "" {
		return badStep(s, "has no remedy")
	}
	for n, r := range c.Remedies {
		if r.ID != s.Remedy.ID {
			continue
		}
		if r.Party != s.Remedy.Party || !remedyMoves(r.State, s.Remedy.State) {
			return badStep(s, "the remedy %s does not go from %s to %s", r.ID, r.State, s.Remedy.State)
		}
		c.Remedies[n] = *s.Remedy
		return nil
	}
	if s.Remedy.State != truce.RemedyAsked {
		return badStep(s, "nobody has asked for the remedy %.40q", s.Remedy.ID)
	}
	c.Remedies = append(c.Remedies, *s.Remedy)
	return nil
}

func remedyMoves(from, to truce.RemedyState) bool {
	switch from {
	case truce.RemedyAsked:
		return to == truce.RemedyReported || to == truce.RemedyRefused || to == truce.RemedyLate || to == truce.RemedyVerified
	case truce.RemedyReported:
		return to == truce.RemedyVerified || to == truce.RemedyRefused
	case truce.RemedyLate, truce.RemedyRefused:
		return to == truce.RemedyReported || to == truce.RemedyVerified
	}
	return false
}

func applyConsultation(c *truce.Case, s truce.CaseStep) error {
	if s.Consultation == nil || s.Consultation.ID == "" {
		return badStep(s, "has no consultation")
	}
	k := s.Consultation.Consultation
	for n, old := range c.Consultations {
		if old.ID != k.ID {
			continue
		}
		if old.Ended != 0 {
			return badStep(s, "the consultation %s has ended", k.ID)
		}
		c.Consultations[n] = k
		return nil
	}
	c.Consultations = append(c.Consultations, k)
	return nil
}
