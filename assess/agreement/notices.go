package agreement

import (
	"fmt"
	"slices"
	"time"

	truce "github.com/trucewatch/truce"
)

// defaultSilence is after how long silence counts as acknowledged where no permission of
// the agreement says whose acknowledgement a window needs (handbook, 3.3).
const defaultSilence = 24 * time.Hour

// NoticeState is how far a notification had come at a known time.
type NoticeState string

// The states of a notification. What is objected to or not acknowledged in time is never
// active, and stays in that state when its hours are over.
const (
	NoticeProposed   NoticeState = "proposed"  // given; nobody has answered yet
	NoticeAcked      NoticeState = "acked"     // acknowledged by all whose word is asked for
	NoticeNoAnswer   NoticeState = "no_answer" // nobody answered, and silence counts as acknowledged
	NoticeObjected   NoticeState = "objected"
	NoticeLapsed     NoticeState = "lapsed" // began without the acknowledgement it needs
	NoticeActive     NoticeState = "active"
	NoticeEnded      NoticeState = "ended"
	NoticeOverrun    NoticeState = "overrun" // went on after its end, as its bearer reported
	NoticeCancelled  NoticeState = "cancelled"
	NoticeSuperseded NoticeState = "superseded"
)

// NoticeStates lists the states in the order in which they can come.
func NoticeStates() []NoticeState {
	return []NoticeState{NoticeProposed, NoticeAcked, NoticeNoAnswer, NoticeObjected, NoticeLapsed, NoticeActive, NoticeEnded, NoticeOverrun,
		NoticeCancelled, NoticeSuperseded}
}

// Notice is a notification as it stood at a known time.
type Notice struct {
	Given   truce.NotificationRow
	Steps   []NoticeStep // all that were known, in the order of their records
	State   NoticeState
	Window  Window        // what incidents are held against
	End     truce.Instant // of its hours, with what extensions count
	Asked   time.Duration // how long ahead it had to be notified
	Ack     Ack           // whose acknowledgement the terms ask for; what only the sender asks binds nobody
	Silence truce.Instant // from when silence counts as acknowledged; 0: it never does

	silent bool
}

// NoticeStep is a step with the reason why it has no effect, "" when it has one.
type NoticeStep struct {
	truce.NotificationRow
	Fault string
}

// Late says whether the notice came later than the terms ask for. It stays late.
func (n *Notice) Late() bool { return n.Window.From.Sub(n.Window.NotifiedAt) < n.Asked }

// Silent says whether somebody whose word is asked for kept silent and silence counted as
// acknowledged before it began; where nobody's word is asked for, whether nobody answered.
func (n *Notice) Silent() bool { return n.silent }

// Notices are the notifications as they stood at a known time (0: with all that is
// recorded, as at the last record), by the order in which they were given. Rows are their
// steps in the order of the records; when something was known is the record's time. The
// same rows and the same time give the same answer for ever.
func (a *Agreement) Notices(rows []truce.NotificationRow, known truce.Instant) []Notice {
	if known == 0 && len(rows) > 0 {
		known = truce.Instant(rows[len(rows)-1].Recorded)
	}
	var out []Notice
	at := map[string]int{}
	for _, row := range rows {
		if truce.Instant(row.Recorded) > known {
			continue
		}
		i, some := at[row.Number]
		switch {
		case some:
			out[i].Steps = append(out[i].Steps, NoticeStep{NotificationRow: row})
		case row.Step == truce.StepGiven && row.Activity != nil:
			at[row.Number] = len(out)
			out = append(out, Notice{Given: row, Steps: []NoticeStep{{NotificationRow: row}}})
		}
	}
	for i := range out {
		a.settle(&out[i], known)
	}
	return out
}

// NotifiedWindows are the windows that stand in notifications as of a known time.
func NotifiedWindows(notices []Notice) []Window {
	out := make([]Window, len(notices))
	for i := range notices {
		out[i] = notices[i].Window
	}
	return out
}

// settle folds the steps of one notification.
func (a *Agreement) settle(n *Notice, known truce.Instant) {
	f := folding{a: a, n: n, known: known, asks: a.asksOf(n.Given)}
	n.Asked, n.Ack = f.asks.notice, f.asks.ack
	n.Window = windowOf(n.Given)
	n.Window.Notice = n.Asked
	n.End = n.Window.To
	if f.asks.silence > 0 {
		n.Silence = n.Window.NotifiedAt.Add(f.asks.silence)
	}
	for i := range n.Steps[1:] {
		step := &n.Steps[1+i]
		step.Fault = f.take(step)
	}
	f.answers()
	f.extensions()
	f.endings()
	n.Window.Replies = f.replies()
	for _, step := range n.Steps {
		if step.Fault == "" {
			n.Window.Records = append(n.Window.Records, step.Seq)
		}
	}
	n.State = f.state()
}

// windowOf is the window as it was given.
func windowOf(row truce.NotificationRow) Window {
	of := row.Activity
	w := Window{
		ID: row.Number, Kind: WindowKind(of.Kind), Bearer: of.Bearer, NotifiedBy: row.By, NotifiedAt: truce.Instant(row.Recorded),
		From: of.From, To: of.To, Zone: of.Place.Zone, Notified: Notified{Object: of.Object, Quantity: of.Quantity},
	}
	return atPlace(w, of.Place)
}

// asks is what the terms ask of a window of a kind, by its permissions and duties of
// notice together.
type asks struct {
	notice   time.Duration
	ack      Ack
	silence  time.Duration // after it silence counts; 0: it never does
	maxHours float64
	box      truce.RuleID // whose maxHours it is
}

// asksOf holds the rules in force when the activity begins, as known when it was given.
func (a *Agreement) asksOf(row truce.NotificationRow) asks {
	out, permitted := asks{silence: defaultSilence}, false
	kind, from := WindowKind(row.Activity.Kind), row.Activity.From
	for _, r := range a.RulesAt(from) {
		if from < r.InForce.From.OrEarliest() || from >= r.InForce.To.OrLatest() {
			continue
		}
		if r.Require != nil && r.Require.Notify != nil && r.Require.Notify.Window == kind {
			out.notice = max(out.notice, r.Require.Notify.Notice)
		}
		if !slices.Contains(r.Permit.kinds(), kind) {
			continue
		}
		out.notice = max(out.notice, r.Permit.Notice)
		if h := r.Permit.MaxHours; h > 0 && (out.maxHours == 0 || h < out.maxHours) {
			out.maxHours, out.box = h, r.ID
		}
		if r.Permit.Ack == AckNone {
			continue
		}
		if !permitted || r.Permit.AutoAck == 0 || out.silence > 0 && r.Permit.AutoAck > out.silence {
			out.silence = r.Permit.AutoAck // of several the one that waits longest
		}
		out.ack, permitted = askedByBoth(out.ack, r.Permit.Ack), true
	}
	return out
}

// askedByBoth is whose word is asked for by two rules at once.
func askedByBoth(a, b Ack) Ack {
	switch {
	case a == AckNone || a == b:
		return b
	case b == AckNone:
		return a
	}
	return AckBoth
}

// folding is one notification while its steps are folded.
type folding struct {
	asks
	a     *Agreement
	n     *Notice
	known truce.Instant

	ended truce.Instant // the latest end that the bearer reported; 0: none
}

// take gives a step its effect, or the reason why it has none. Answers and extensions are
// weighed when all steps are in.
func (f *folding) take(step *NoticeStep) string {
	w, given := &f.n.Window, &f.n.Given
	at := truce.Instant(step.Recorded)
	if w.CancelledAt != 0 {
		return "recorded after it was cancelled"
	}
	switch step.Step {
	case truce.StepAcked, truce.StepObjected:
		return f.mayAnswer(step.By)
	case truce.StepGiven:
		return fmt.Sprintf("it was given in record %d already", given.Seq)
	}
	if step.By != given.By {
		return fmt.Sprintf("a step of %s, and the notification is one of %s", step.By, given.By)
	}
	switch step.Step {
	case truce.StepCancelled, truce.StepSuperseded:
		w.CancelledAt, w.ReplacedBy = at, step.Replacement
	case truce.StepEnded:
		if step.Until > at {
			return fmt.Sprintf("says at %s that it ended at %s", clock(at), clock(step.Until))
		}
		if f.ended == 0 || step.Until > f.ended {
			f.ended = step.Until
		}
		if w.EndedAt == 0 || step.Until < w.EndedAt {
			w.EndedAt = step.Until
		}
	}
	return ""
}

// mayAnswer says why a body's word on the notification counts for nothing.
func (f *folding) mayAnswer(by truce.PartyID) string {
	if by == f.n.Given.By || by == f.n.Window.Bearer {
		return "an answer of " + string(by) + " to its own notification"
	}
	for _, p := range f.a.Parties {
		if p.ID == by && (p.Role == RoleParty || p.Role == RoleMechanism) {
			return ""
		}
	}
	return string(by) + " is no party whose answer is asked for"
}

// answers lists who acknowledged and who objected. Of the words of one body before the
// window begins the last one stands; what comes later changes nothing and is kept.
func (f *folding) answers() {
	w := &f.n.Window
	last := map[truce.PartyID]*NoticeStep{}
	var answers []*NoticeStep
	for i := range f.n.Steps {
		step := &f.n.Steps[i]
		if step.Fault != "" || step.Step != truce.StepAcked && step.Step != truce.StepObjected {
			continue
		}
		answers = append(answers, step)
		if truce.Instant(step.Recorded) <= w.From {
			last[step.By] = step
		}
	}
	for _, step := range answers {
		at := truce.Instant(step.Recorded)
		stands := last[step.By]
		switch {
		case at <= w.From && step != stands && step.Step != stands.Step:
			step.Fault = fmt.Sprintf("%s said otherwise in record %d", step.By, stands.Seq)
		case step.Step == truce.StepObjected:
			w.Objections = append(w.Objections, Objection{By: step.By, At: at})
		case !slices.ContainsFunc(w.Acks, func(o Acknowledgement) bool { return o.By == step.By }):
			w.Acks = append(w.Acks, Acknowledgement{By: step.By, At: at})
		}
	}
}

// extensions weighs each by itself, as a notification of the hours that it adds: it needs
// the same notice, counted from its own record to the end as it stood, and the same
// acknowledgement. Nothing is widened after the fact.
func (f *folding) extensions() {
	w := &f.n.Window
	for i := range f.n.Steps {
		step := &f.n.Steps[i]
		if step.Fault != "" || step.Step != truce.StepExtended {
			continue
		}
		if step.Fault = f.extensionFault(step); step.Fault == "" {
			f.n.End = step.Until
		}
		w.Extensions = append(w.Extensions, Extension{At: truce.Instant(step.Recorded), To: step.Until, Record: step.Seq, Fault: step.Fault})
	}
}

func (f *folding) extensionFault(step *NoticeStep) string {
	w, end, at := &f.n.Window, f.n.End, truce.Instant(step.Recorded)
	switch {
	case at >= end:
		return "recorded after it had ended: nothing is widened after the fact"
	case step.Until <= end:
		return "no later than its end: hours are cut by cancelling or by reporting the end"
	case end.Sub(at) < f.notice:
		return fmt.Sprintf("notified %s before the end, %s asked for", truce.DurationText(end.Sub(at)), truce.DurationText(f.notice))
	case f.maxHours > 0 && step.Until.Sub(w.From).Hours() > f.maxHours:
		return fmt.Sprintf("open for %s in all, at most %g h permitted by %s", age(w.From, step.Until), f.maxHours, f.box)
	}
	last := map[truce.PartyID]truce.NotificationStep{}
	for _, answer := range f.n.Steps {
		said := truce.Instant(answer.Recorded)
		if answer.Fault == "" && answer.Seq > step.Seq && said <= end && (answer.Step == truce.StepAcked || answer.Step == truce.StepObjected) {
			last[answer.By] = answer.Step
		}
	}
	missing := f.ack
	for _, p := range f.a.Parties {
		switch last[p.ID] {
		case truce.StepObjected:
			return "objected to by " + string(p.ID)
		case truce.StepAcked:
			missing = without(missing, p.Role)
		}
	}
	silent := f.silence > 0 && at.Add(f.silence) <= min(end, f.known)
	if missing == AckNone || silent {
		return ""
	}
	return "not acknowledged by " + ackWords(missing)
}

// without is whose word is still missing after somebody of a role gave it.
func without(ack Ack, role Role) Ack {
	switch {
	case role == RoleParty && ack == AckBoth:
		return AckMechanism
	case role == RoleMechanism && ack == AckBoth:
		return AckOtherParty
	case role == RoleParty && ack == AckOtherParty, role == RoleMechanism && ack == AckMechanism:
		return AckNone
	}
	return ack
}

// endings: hours end no later than the bearer ever said; another report can show that it
// overran and widens nothing.
func (f *folding) endings() {
	if w := &f.n.Window; w.EndedAt != 0 {
		f.n.End = min(f.n.End, max(w.EndedAt, w.From))
	}
}

// state is how far it had come at the known time.
func (f *folding) state() NoticeState {
	w := &f.n.Window
	switch {
	case w.ReplacedBy != "":
		return NoticeSuperseded
	case w.CancelledAt != 0:
		return NoticeCancelled
	case slices.ContainsFunc(w.Objections, func(o Objection) bool { return o.At <= w.From }):
		return NoticeObjected
	}
	missing, silent := f.missing(), f.n.Silence != 0 && f.n.Silence <= min(w.From, f.known)
	f.n.silent = silent && (missing != AckNone || len(w.Acks) == 0)
	switch {
	case f.known < w.From && missing == AckNone && len(w.Acks) > 0:
		return NoticeAcked
	case f.known < w.From && silent:
		return NoticeNoAnswer
	case f.known < w.From:
		return NoticeProposed
	case missing != AckNone && !silent:
		return NoticeLapsed
	case f.ended != 0 && f.ended > w.last():
		return NoticeOverrun
	case f.known < f.n.End:
		return NoticeActive
	}
	return NoticeEnded
}

// missing is whose word, of those that are asked for, was not given before it began.
func (f *folding) missing() Ack {
	missing := f.ack
	for _, ack := range f.n.Window.Acks {
		i := slices.IndexFunc(f.a.Parties, func(p Party) bool { return p.ID == ack.By })
		if i >= 0 && ack.At <= f.n.Window.From {
			missing = without(missing, f.a.Parties[i].Role)
		}
	}
	return missing
}
