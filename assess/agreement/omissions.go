package agreement

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	truce "github.com/trucewatch/truce"
)

// This file makes silence a fact of record: an answer that a rule asks for, that was due
// and did not come in time. Nobody observes it; the records show it by themselves.

// SourceRegister is the mission's own register of what was asked for and answered.
const SourceRegister truce.SourceID = "register"

// RegisterMethod names the way in which its events are derived.
const RegisterMethod = "register/1"

// What an answer may be owed for.
const (
	AfterNotification  = "notification"
	AfterComplaint     = "complaint"
	AfterDetermination = "determination"
)

// Call is a complaint or determination in a case, to which answers may be owed.
type Call struct {
	After  string // AfterComplaint or AfterDetermination
	Of     string // the number of the case
	At     truce.Instant
	Record truce.Seq
	To     []truce.PartyID // who is asked
	Words  []Word          // what parties said in the case, in order of the records
}

// Word is something that a party said in a case. What it says is for people to read.
type Word struct {
	By     truce.PartyID
	At     truce.Instant
	Record truce.Seq
}

// Omission is a duty to answer whose deadline passed unmet. It stays one when the answer
// comes late.
type Omission struct {
	Rule    truce.RuleID
	Act     truce.Act
	After   string
	Of      string // the number of the notification, or of the case
	By      truce.PartyID
	Since   truce.Instant
	Due     truce.Instant
	MetAt   truce.Instant // 0: not by the known time
	Records []truce.Seq
}

// Omissions are the answers that were due by a known time and had not come when they were,
// by deadline. The notices are those of the same known time.
func (a *Agreement) Omissions(notices []Notice, calls []Call, known truce.Instant) []Omission {
	var out []Omission
	add := func(r *Rule, o Omission) {
		reply := Reply{Due: o.Due, MetAt: o.MetAt}
		if reply.Overdue(known) && r.holdsAt(o.Due) {
			o.Rule, o.Act = r.ID, r.omissionAct(o.After)
			out = append(out, o)
		}
	}
	for i := range notices {
		w := &notices[i].Window
		rules := a.RulesAt(w.NotifiedAt)
		for _, reply := range w.Replies {
			at := slices.IndexFunc(rules, func(r Rule) bool { return r.ID == reply.Rule })
			add(&rules[at], Omission{After: AfterNotification, Of: w.ID, By: reply.By, Since: reply.Since, Due: reply.Due, MetAt: reply.MetAt,
				Records: seqs(notices[i].Given.Seq, reply.record)})
		}
	}
	for _, call := range calls {
		if call.At <= known {
			a.unanswered(call, known, add)
		}
	}
	slices.SortStableFunc(out, func(x, y Omission) int {
		return cmp.Or(cmp.Compare(x.Due, y.Due), cmp.Compare(x.Rule, y.Rule), strings.Compare(x.Of, y.Of), cmp.Compare(x.By, y.By))
	})
	return out
}

// unanswered gives every answer that is owed for what was said in a case. Whatever a party
// says there afterwards is taken for its answer: whether it is one is for people.
func (a *Agreement) unanswered(call Call, known truce.Instant, add func(*Rule, Omission)) {
	for _, r := range a.RulesAt(call.At) {
		if !r.asksAnswer(call.After) || !r.holdsAt(call.At) {
			continue
		}
		for _, p := range a.Parties {
			if !slices.Contains(call.To, p.ID) || !r.owedBy(p) {
				continue
			}
			o := Omission{After: call.After, Of: call.Of, By: p.ID, Since: call.At, Due: call.At.Add(r.Require.Reply.Within), Records: seqs(call.Record, 0)}
			said := func(w Word) bool { return w.By == p.ID && w.At <= known && w.Record > call.Record }
			if i := slices.IndexFunc(call.Words, said); i >= 0 {
				o.MetAt, o.Records = call.Words[i].At, seqs(call.Record, call.Words[i].Record)
			}
			add(&r, o)
		}
	}
}

// holdsAt says whether a rule is in force at a time.
func (r *Rule) holdsAt(at truce.Instant) bool {
	return at >= r.InForce.From.OrEarliest() && at < r.InForce.To.OrLatest()
}

// omissionAct is the act in which a rule sees an answer left out.
func (r *Rule) omissionAct(after string) truce.Act {
	act := truce.Act("failure_to_acknowledge")
	if after == AfterDetermination {
		act = "no_disciplinary_notice"
	}
	if len(r.Acts) > 0 && !slices.Contains(r.Acts, act) {
		return r.Acts[0]
	}
	return act
}

// seqs are the records that are known.
func seqs(list ...truce.Seq) []truce.Seq {
	return slices.DeleteFunc(list, func(s truce.Seq) bool { return s == 0 })
}

// Event is the omission as the register holds it: a fact without a place, at the deadline.
// Its id stays the same when the terms move the deadline or the answer comes late.
func (o Omission) Event() truce.Event {
	key := fmt.Sprintf("%s/%s/%s/%s", o.Rule, o.After, o.Of, o.By)
	return truce.Event{
		ID: truce.NewID(o.Since, "event", RegisterMethod, []byte(key)), Revision: 1, Kind: o.Act, Origin: truce.Moment(o.Due, 0),
		Support: []truce.Support{}, Score: 1, Method: RegisterMethod, Detail: &truce.Detail{Duty: o.Duty()},
	}
}

// Duty is what is owed, as an incident's detail.
func (o Omission) Duty() *truce.Duty {
	return &truce.Duty{Since: o.Since, MetAt: o.MetAt, Rule: o.Rule, By: o.By, After: o.After, Of: o.Of, Records: o.Records}
}

// SilenceAct is the act in which the agreement sees an answer left out.
func (a *Agreement) SilenceAct(after string) truce.Act {
	for i := range a.Rules {
		if r := &a.Rules[i]; r.asksAnswer(after) {
			return r.omissionAct(after)
		}
	}
	return (&Rule{}).omissionAct(after)
}

// asksAnswer says whether a rule asks for an answer to something.
func (r *Rule) asksAnswer(after string) bool {
	return r.Require != nil && r.Require.Reply != nil && r.Require.Reply.After == after
}

// registered is the duty of an incident that stands in the register, nil for any other.
func (l *look) registered() *truce.Duty {
	if d := l.detail.Duty; d != nil && d.By != "" && slices.Contains(l.incident.Families, truce.FamilyRegister) {
		return d
	}
	return nil
}

// isOf says whether a duty of the register is one under the rule. Where the rule is not
// told, as in a test, it is one under all that ask for such an answer.
func (p *plan) isOf(d *truce.Duty) bool {
	return (d.Rule == "" || d.Rule == p.ID) && p.asksAnswer(d.After)
}

// registeredFactor says whether an answer was owed and not given in time. What it says of
// an answer that never came does not change from one look to the next.
func (l *look) registeredFactor(p *plan, d *truce.Duty) factor {
	if !p.isOf(d) {
		return l.saying(factor{reason: truce.ReasonAct}, "duty: the register speaks of one %s, not of what %s asks for", dutyText(d), p.ID)
	}
	due, by := d.Since.Add(p.Require.Reply.Within), l.known
	if by == 0 {
		if by = l.incident.Time.To.Add(time.Microsecond); d.MetAt != 0 { // 0 is a time, and no answer
			by = max(by, d.MetAt)
		}
	}
	met := d.MetAt != 0 && d.MetAt <= by
	f := factor{span: span{0, 1}, reason: truce.ReasonTime}
	if met || by > due {
		f.span = known(step(!met || d.MetAt > due))
	}
	if l.quiet {
		return f
	}
	what := strings.TrimRight(d.After+" "+d.Of, " ")
	text := fmt.Sprintf("answer of %s to %s%s, given at %s: due at %s, ", d.By, what, recordText(d.Records, 0), clock(d.Since), clock(due))
	switch {
	case met && d.MetAt > due:
		text += fmt.Sprintf("recorded at %s%s, %s late; late stays late", clock(d.MetAt), recordText(d.Records, 1), age(due, d.MetAt))
	case met:
		text += fmt.Sprintf("recorded at %s%s, in time", clock(d.MetAt), recordText(d.Records, 1))
	case by > due:
		text += "none was recorded by then"
	default:
		text += "not due yet at " + clock(by)
	}
	return l.saying(f, "%s", text)
}

func dutyText(d *truce.Duty) string {
	if d.Rule != "" {
		return "under " + string(d.Rule)
	}
	return "after a " + d.After
}

// recordText names one of the records, where it is known.
func recordText(list []truce.Seq, i int) string {
	if i >= len(list) {
		return ""
	}
	return fmt.Sprintf(" (record %d)", list[i])
}

// onceOmitted counts an omission that somebody reports, and that the register holds as
// well, in the register alone. Where it may be one of several there, it counts by itself.
func onceOmitted(rows []Counted, out []truce.Evaluation) {
	held := map[truce.RuleID][]int{} // rows of the register by the rule they count under
	for i := range rows {
		if f := countedFinding(&out[i]); f != nil && f.Unit == truce.UnitOmission && slices.Contains(rows[i].Incident.Families, truce.FamilyRegister) {
			held[f.Rule] = append(held[f.Rule], i)
		}
	}
	for i := range rows {
		f := countedFinding(&out[i])
		if f == nil || f.Unit != truce.UnitOmission || slices.Contains(held[f.Rule], i) {
			continue
		}
		same := slices.DeleteFunc(slices.Clone(held[f.Rule]), func(k int) bool { return !sameOmission(&rows[k].Incident, &rows[i].Incident) })
		if len(same) != 1 {
			continue
		}
		out[i].Findings = slices.Clone(out[i].Findings)
		recount(countedFinding(&out[i]), &rows[same[0]].Incident, joining{text: "the same omission, as the register holds it"}, 0)
	}
}

func countedFinding(e *truce.Evaluation) *truce.Finding {
	if i := slices.IndexFunc(e.Findings, counts); i >= 0 {
		return &e.Findings[i]
	}
	return nil
}

// sameOmission says whether a reported omission is one of the register: owed since the same
// time, or where that is not told, due at its time or within an hour before.
func sameOmission(held, told *truce.Incident) bool {
	if d := told.Detail; d != nil && d.Duty != nil && d.Duty.Since != 0 {
		return d.Duty.Since == held.Detail.Duty.Since
	}
	slack, due, t := 2*told.Time.Sigma.Duration()+time.Minute, held.Time.From, told.Time
	return due.Sub(t.To) <= slack && t.From.Sub(due) <= claimWithin+slack
}
