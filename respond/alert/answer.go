package alert

import (
	"time"

	"github.com/trucewatch/truce"
)

// lateGrace is how long after its time a deadline may be found and still count as found in
// time: timers fire within a second.
const lateGrace = time.Second

// answerDue is when an answer is due; 0 when none is asked.
func answerDue(a truce.Alert) truce.Instant {
	if a.Answer == nil || a.Answer.Within <= 0 {
		return 0
	}
	return a.Release.Add(a.Answer.Within.Duration())
}

// answering lists the groups of which an answer is asked, in the alert's order.
func answering(a truce.Alert) []Group {
	if answerDue(a) == 0 {
		return nil
	}
	var out []Group
	seen := map[Group]bool{}
	for _, r := range a.To {
		if g := groupOf(r); r.Role == a.Answer.Role && !seen[g] {
			seen[g] = true
			out = append(out, g)
		}
	}
	return out
}

// counts says whether an acknowledgement is an answer to what an alert asks.
func counts(a truce.Alert, ack truce.Acknowledgement) bool {
	return a.Answer != nil && ack.Alert == a.ID && ack.Kind != truce.AckNone && ack.Kind != "" &&
		ack.Role == a.Answer.Role && ack.Kind.AtLeast(a.Answer.Least)
}

func (s *sheet) foldAnswers() {
	if len(s.box.Answers) == 0 {
		return // most alerts, most of the time
	}
	s.answers, s.silent = map[Group]truce.Acknowledgement{}, map[Group]bool{}
	for _, ack := range s.box.Answers {
		g := groupOfAnswer(ack)
		if ack.Kind == truce.AckNone {
			s.silent[g] = true
		} else if _, had := s.answers[g]; !had && counts(s.box.Alert, ack) {
			s.answers[g] = ack
		}
	}
}

// answered says whether nobody need be told above those who were: the group of the
// recipient has answered, or every group, for an office outside of them, or the alert was
// cancelled.
func (s *sheet) answered(r truce.AlertRecipient) bool {
	if s.box.Cancelled != 0 {
		return true
	}
	for _, g := range s.groups {
		if _, ok := s.answers[g]; !ok && concerns(g, s.box.Alert, r) {
			return false
		}
	}
	return s.box.Alert.Answer != nil
}

func concerns(g Group, a truce.Alert, r truce.AlertRecipient) bool {
	return g == groupOf(r) || r.Role != a.Answer.Role
}

// due says whether it is a letter's turn: its time has come and no answer has, or all those
// before it in its group cannot be reached.
func (s *sheet) due(l *letter, now truce.Instant) bool {
	release := s.box.Alert.Release
	if now < release || l.spare || l.instead {
		return false
	}
	if l.planned <= release {
		return true
	}
	if s.answered(l.to) {
		return false
	}
	return now >= l.turn && !l.behind || s.unreachable(l)
}

// unreachable says whether everybody whose turn was before this letter's, in some group it
// stands above, has no contact left.
func (s *sheet) unreachable(l *letter) bool {
	left := map[Group]bool{} // whether anybody before it may still be reached
	for i := range s.letters {
		o := &s.letters[i]
		g := groupOf(o.to)
		if o.planned >= l.planned || s.box.Alert.Answer == nil || o.to.Role != s.box.Alert.Answer.Role || !concerns(g, s.box.Alert, l.to) {
			continue
		}
		if _, ok := s.answers[g]; !ok {
			left[g] = left[g] || !o.exhausted()
		}
	}
	for _, may := range left {
		if !may {
			return true
		}
	}
	return false
}

// Silences are the records that groups have not answered in time, which are due by now and
// not made yet. At says when it was found; Late, that this was after it was due.
func Silences(b Box, now truce.Instant) []truce.Acknowledgement {
	due := answerDue(b.Alert)
	if due == 0 || now < due {
		return nil
	}
	var out []truce.Acknowledgement
	s := fold(b)
	for _, g := range s.groups {
		if ack, ok := s.answers[g]; s.silent[g] || ok && ack.At <= due {
			continue
		}
		out = append(out, truce.Acknowledgement{
			Alert: b.Alert.ID, Case: b.Alert.Case, Kind: truce.AckNone, Office: s.lastTold(g), Role: g.Role, State: g.State, Party: g.Party,
			At: now, Due: due, Late: now > due.Add(lateGrace), Text: cancelledText(b), Wakes: []truce.Wake{{Name: answerWake(g), Done: true}},
		})
	}
	return out
}

// cancelledText keeps a silence from being read as one about an alert that stood.
func cancelledText(b Box) string {
	if b.Cancelled == 0 {
		return ""
	}
	return "the alert was cancelled at " + b.Cancelled.String()
}

// lastTold is the highest office of a group that was told so far.
func (s *sheet) lastTold(g Group) truce.Office {
	var office truce.Office
	turn := truce.Instant(-1 << 63)
	for i := range s.letters {
		l := &s.letters[i]
		if groupOf(l.to) == g && (l.begun || l.turn <= s.box.Alert.Release) && l.turn >= turn {
			office, turn = l.to.Office, l.turn
		}
	}
	return office
}

// Mark adds to an acknowledgement what follows from the alert's term: when it was due,
// whether it came late, and that its group need not be waited for any more. At is kept.
func Mark(b Box, ack truce.Acknowledgement) truce.Acknowledgement {
	due := answerDue(b.Alert)
	if due == 0 || ack.Role != b.Alert.Answer.Role {
		return ack
	}
	ack.Due, ack.Late = due, ack.At > due
	if counts(b.Alert, ack) && !ack.Late {
		ack.Wakes = append(ack.Wakes, truce.Wake{Name: answerWake(groupOfAnswer(ack)), Done: true})
	}
	return ack
}

// Answer is how a group stands towards what an alert asks.
type Answer struct {
	Group Group
	Due   truce.Instant
	Given *truce.Acknowledgement // the first that counts; nil: none so far
	None  *truce.Acknowledgement // the record that none had come in time
}

// Answers lists, in the alert's order, who was asked and what came of it.
func Answers(b Box) []Answer {
	s := fold(b)
	none := map[Group]truce.Acknowledgement{}
	for _, ack := range b.Answers {
		if ack.Kind == truce.AckNone {
			none[groupOfAnswer(ack)] = ack
		}
	}
	var out []Answer
	for _, g := range s.groups {
		a := Answer{Group: g, Due: answerDue(b.Alert)}
		if ack, ok := s.answers[g]; ok {
			a.Given = &ack
		}
		if ack, ok := none[g]; ok {
			a.None = &ack
		}
		out = append(out, a)
	}
	return out
}
