package alert

import (
	"math"

	"github.com/trucewatch/truce"
)

// foldTurns finds when the offices above are really due. The record of the alert plans their
// turns from its release; where those before an office were told later than planned, because
// the program or the network was away, it waits its step from then on, so that an outage does
// not call everybody up to the head of government in one second.
func (s *sheet) foldTurns() {
	if s.box.Alert.Answer == nil {
		return
	}
	for after := s.box.Alert.Release; ; {
		next := truce.Instant(math.MaxInt64)
		for i := range s.letters {
			if at := s.letters[i].planned; at > after {
				next = min(next, at)
			}
		}
		if next == math.MaxInt64 {
			return
		}
		for i := range s.letters {
			if l := &s.letters[i]; l.planned == next {
				l.turn, l.behind = s.turnOf(l)
			}
		}
		after = next
	}
}

// turnOf is the turn of an office, given those planned before it: by the group that it may
// follow first, of those that have not answered.
func (s *sheet) turnOf(l *letter) (truce.Instant, bool) {
	turn, behind, any := l.planned, false, false
	for _, g := range s.groups {
		if _, ok := s.answers[g]; ok || !concerns(g, s.box.Alert, l.to) {
			continue
		}
		at, waits := s.stepIn(g, l)
		if at = max(at, l.planned); !any || behind && !waits || behind == waits && at < turn {
			turn, behind, any = at, waits, true
		}
	}
	return turn, behind
}

// stepIn is the turn of an office after those before it in a group, the nearest who could be
// told; waits says that they are only about to be.
func (s *sheet) stepIn(g Group, l *letter) (at truce.Instant, waits bool) {
	for level := l.planned; ; {
		below := truce.Instant(math.MinInt64)
		for i := range s.letters {
			if o := &s.letters[i]; o.planned < level && groupOf(o.to) == g {
				below = max(below, o.planned)
			}
		}
		if below == math.MinInt64 {
			return l.planned, false
		}
		if told, waits, ok := s.told(g, below); ok {
			return told + l.planned - below, waits
		}
		level = below
	}
}

// told is when those of a group with one planned turn were told, the first of them: when the
// attempt was begun that was not refused. Where nobody was so far it is their turn, and waits;
// false: none of them can be.
func (s *sheet) told(g Group, planned truce.Instant) (at truce.Instant, waits, ok bool) {
	turn := planned
	for i := range s.letters {
		o := &s.letters[i]
		if o.planned != planned || groupOf(o.to) != g {
			continue
		}
		turn = o.turn
		if left := o.away(); left != 0 {
			if at == 0 || left < at {
				at = left
			}
		} else if !o.spare && !o.instead && !o.exhausted() {
			waits = true
		}
	}
	switch {
	case at > turn && at <= turn.Add(StepGrace):
		return turn, false, true // no outage: the terms hold to the second
	case at != 0:
		return at, false, true
	}
	return turn, true, waits
}

// away is when the first attempt was begun that was not refused, over a contact that counts;
// 0: all were.
func (l *letter) away() truce.Instant {
	var first truce.Instant
	reaching := l.reachable()
	for i, c := range l.contacts {
		if reaching && posted(l.to.Contacts[i].Channel) {
			continue
		}
		at := c.away
		if at == 0 {
			at = c.open
		}
		if at != 0 && (first == 0 || at < first) {
			first = at
		}
	}
	return first
}

// mayHave says that an attempt at the contact is under way or was not refused.
func (c tries) mayHave() bool { return c.open != 0 || c.away != 0 }

// holds says whether an office above, which was called while nobody before it could be told,
// waits its step again since one of those was. What is under way takes its course.
func (s *sheet) holds(l *letter, now truce.Instant) bool {
	return l.planned > s.box.Alert.Release && now < l.turn && !l.any(tries.mayHave) && !s.answered(l.to) && !s.unreachable(l)
}

// behindOf says whether somebody planned before an office, in a group that it concerns, is
// tried in the same round.
func (s *sheet) behindOf(l *letter, round []Attempt) bool {
	if l.planned <= s.box.Alert.Release || l.any(tries.mayHave) {
		return false
	}
	for _, a := range round {
		if o := s.letter(a.Person); o.planned < l.planned && concerns(groupOf(o.to), s.box.Alert, l.to) {
			return true
		}
	}
	return false
}

// next is when a letter is to be looked at again; false when never.
func (s *sheet) next(l *letter, now truce.Instant) (truce.Instant, bool) {
	at, ok := l.next(now)
	if ok && s.holds(l, now) {
		at = max(at, l.turn)
	}
	return at, ok
}

// moved are the wakes of offices above that a step of somebody's delivery moves: their turn
// has come early, or is not early any more, or is later than planned.
func (s *sheet) moved(but truce.PersonID, now truce.Instant) []truce.Wake {
	if s.box.Alert.Answer == nil {
		return nil // nobody is above
	}
	var out []truce.Wake
	set := map[string]truce.Instant{}
	for _, d := range s.box.Deliveries {
		for _, w := range d.Wakes {
			set[w.Name] = w.Due
		}
	}
	for i := range s.letters {
		l := &s.letters[i]
		name := sendWake(l.to.Person)
		due, ok := s.wakes(l, now)
		if !ok || l.to.Person == but {
			continue
		}
		was, had := set[name]
		if !had {
			was = l.planned
		}
		if was != due && (was > now || due > now) {
			out = append(out, truce.Wake{Name: name, Due: due})
		}
	}
	return out
}

// wakes is when an office above is to be looked at; false when its wake is not another's to
// move.
func (s *sheet) wakes(l *letter, now truce.Instant) (truce.Instant, bool) {
	switch {
	case l.spare || l.planned <= s.box.Alert.Release:
		return 0, false
	case l.begun:
		return s.next(l, now)
	case s.due(l, now):
		return now, true
	case l.behind:
		return max(l.turn, s.before(l, now)), true
	}
	return l.turn, true
}

// before is when those before an office are tried next, of whom it is not known yet whether
// they can be told.
func (s *sheet) before(l *letter, now truce.Instant) truce.Instant {
	next := now
	for i := range s.letters {
		o := &s.letters[i]
		if o.planned >= l.planned || !concerns(groupOf(o.to), s.box.Alert, l.to) {
			continue
		}
		if at, ok := o.next(now); ok && at > now && (next == now || at < next) {
			next = at
		}
	}
	return next
}
