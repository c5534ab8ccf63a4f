package agreement

import (
	"fmt"
	"time"

	truce "github.com/trucewatch/truce"
)

// Reply is an answer that a rule asks a party for within a time of a notification.
type Reply struct {
	Rule  truce.RuleID
	By    truce.PartyID // who owes it
	Since truce.Instant // when the notification was recorded
	Due   truce.Instant
	MetAt truce.Instant // when an answer was recorded, be it an objection; 0: none was

	record truce.Seq // of the answer
}

// Overdue says whether the answer came late, or was due at a known time and had not come.
func (r Reply) Overdue(known truce.Instant) bool {
	if r.MetAt != 0 && r.MetAt <= known {
		return r.MetAt > r.Due
	}
	return known > r.Due
}

// replies are the answers owed for a notification by the rules in force when it was
// recorded, one of each other party. One that was cancelled first is owed no more.
func (f *folding) replies() []Reply {
	w := &f.n.Window
	var out []Reply
	for _, r := range f.a.RulesAt(w.NotifiedAt) {
		if r.Require == nil || r.Require.Reply == nil || r.Require.Reply.After != "notification" ||
			w.NotifiedAt < r.InForce.From.OrEarliest() || w.NotifiedAt >= r.InForce.To.OrLatest() {
			continue
		}
		due := w.NotifiedAt.Add(r.Require.Reply.Within)
		for _, p := range f.a.Parties {
			if p.ID == w.Bearer || p.ID == w.NotifiedBy || !r.owedBy(p) {
				continue
			}
			one := Reply{Rule: r.ID, By: p.ID, Since: w.NotifiedAt, Due: due}
			one.MetAt, one.record = f.answered(p.ID)
			if gone := w.CancelledAt; one.MetAt == 0 && gone != 0 && gone <= due {
				continue
			}
			out = append(out, one)
		}
	}
	return out
}

// answered is when a party first acknowledged or objected; 0: it did neither. A word that
// came too late to change anything is an answer all the same.
func (f *folding) answered(by truce.PartyID) (truce.Instant, truce.Seq) {
	for _, step := range f.n.Steps {
		if step.By == by && (step.Step == truce.StepAcked || step.Step == truce.StepObjected) {
			return truce.Instant(step.Recorded), step.Seq
		}
	}
	return 0, 0
}

// owedBy says whether an answer under the rule is asked of a party: of each alike, or of
// the one that the rule binds.
func (r *Rule) owedBy(p Party) bool {
	switch r.Bearer {
	case BearerEach, BearerAll, BearerController:
		return p.Role == RoleParty
	}
	return p.Role == RoleParty && p.ID == truce.PartyID(r.Bearer)
}

// owedReply finds the answer that an incident says did not come, where the incident does
// not say itself since when it was owed: the one to a notification that fell due at the
// incident's time, if there is exactly one. It gives the number of the notification.
func (l *look) owedReply(p *plan) (reply Reply, number string, found bool) {
	t := l.incident.Time
	slack := 2*t.Sigma.Duration() + time.Minute
	for _, w := range l.notified() {
		for _, r := range w.Replies {
			if r.Rule != p.ID || !l.knows(r.Since) || r.Due.Sub(t.To) > slack || t.From.Sub(r.Due) > claimWithin+slack {
				continue
			}
			if found {
				return Reply{}, "", false
			}
			reply, number, found = r, w.ID, true
		}
	}
	return reply, number, found
}

// replyOverdue says whether an answer to a notification came later than allowed.
func (l *look) replyOverdue(r Reply, number string) (span, string) {
	by := l.known
	if by == 0 {
		by = l.incident.Time.To
		if r.MetAt != 0 {
			by = max(by, r.MetAt)
		}
	}
	text := ""
	if !l.quiet {
		text = fmt.Sprintf("answer of %s to notification %s, given at %s: due at %s, ", r.By, number, clock(r.Since), clock(r.Due))
		switch {
		case r.MetAt != 0 && r.MetAt <= by:
			text += "recorded at " + clock(r.MetAt)
		default:
			text += "none recorded by " + clock(by)
		}
	}
	if r.MetAt == 0 && by <= r.Due {
		return span{0, 1}, text
	}
	return span{step(r.Overdue(by)), step(r.Overdue(by))}, text
}
