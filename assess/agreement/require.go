package agreement

import (
	"fmt"
	"time"

	truce "github.com/trucewatch/truce"
)

// dutyConditions are what a duty asks beyond acts, time and place: that it was not met.
func dutyConditions(r *Requirement) []condition {
	switch {
	case r.Notify != nil && r.Notify.Threshold > 0:
		return []condition{(*look).sizeFactor}
	case r.Access > 0:
		return []condition{(*look).accessFactor}
	case r.Reply != nil:
		return []condition{(*look).replyFactor}
	case r.Holdings != nil:
		return []condition{(*look).holdingFactor}
	}
	return nil
}

// sizeFactor says whether an activity is large enough to need notice.
func (l *look) sizeFactor(p *plan) factor {
	duty := p.Require.Notify
	f := factor{span: span{0, 1}, reason: truce.ReasonQuantity}
	what := duty.Object
	if what == "" {
		what = "objects"
	}
	n := numberIn(l.detail, duty.Object)
	if n <= 0 {
		return l.saying(f, "size: not known; notice is due from %d %s on", duty.Threshold, what)
	}
	f.span = known(step(n >= duty.Threshold))
	return l.saying(f, "size: %d; notice is due from %d %s on", n, duty.Threshold, what)
}

// accessFactor says whether access came too late. A refusal without times is no access.
func (l *look) accessFactor(p *plan) factor {
	late, text := l.overdue(p.Require.Access)
	f := factor{span: late, reason: truce.ReasonTime}
	if l.detail.Duty == nil {
		f.span = l.perAct(p, func(act truce.Act) span {
			if act == truce.ActDenyAccess {
				return certain
			}
			return late
		})
		return l.saying(f, "access: asked for within %s; a refusal is none, of a delay its length is not known: %s", truce.DurationText(p.Require.Access), f.span)
	}
	return l.saying(f, "access: %s", text)
}

func (l *look) replyFactor(p *plan) factor {
	if d := l.registered(); d != nil {
		return l.registeredFactor(p, d)
	}
	if l.detail.Duty == nil && p.Require.Reply.After == "notification" {
		if reply, number, found := l.owedReply(p); found {
			late, text := l.replyOverdue(reply, number)
			return l.saying(factor{span: late, reason: truce.ReasonTime}, "%s", text)
		}
	}
	late, text := l.overdue(p.Require.Reply.Within)
	after := p.Require.Reply.After
	if after == "" {
		after = "request"
	}
	return l.saying(factor{span: late, reason: truce.ReasonTime}, "answer to the %s: %s", after, text)
}

// overdue says whether a duty was met later than allowed. One that is not met yet is
// overdue once its deadline has passed by the known time, or, where all that is known
// counts, by the end of the incident.
func (l *look) overdue(within time.Duration) (span, string) {
	d := l.detail.Duty
	if d == nil || d.Since == 0 {
		return span{0, 1}, "since when it was owed is not known"
	}
	due := d.Since.Add(within)
	asOf := l.known
	if asOf == 0 {
		asOf = l.incident.Time.To
	}
	if met := d.MetAt; met != 0 && (l.known == 0 || met <= l.known) {
		return known(step(met > due)), l.text("met after %s, %s allowed", age(d.Since, met), truce.DurationText(within))
	}
	if asOf > due {
		return certain, l.text("not met by %s, due at %s", clock(asOf), clock(due))
	}
	return span{0, 1}, l.text("not met yet, due at %s", clock(due))
}

// text is a sentence where sentences are asked for.
func (l *look) text(format string, args ...any) string {
	if l.quiet {
		return ""
	}
	return fmt.Sprintf(format, args...)
}

// holdingFactor says whether a store holds what was declared, its seal, and whether it was
// looked into in time.
func (l *look) holdingFactor(p *plan) factor {
	duty := p.Require.Holdings
	f := factor{reason: truce.ReasonQuantity}
	h := l.detail.Holding
	count := span{}
	if duty.Equal {
		count = countOf(h)
		if count.lo < count.hi {
			f.reason = openCount(h)
		}
	}
	late, asked := l.inspectedLate(duty)
	f.span = l.perAct(p, func(act truce.Act) span {
		if act == "seal_broken" && duty.SealIntact {
			return certain
		} else if act == "seal_broken" {
			return late
		}
		return count.or(late)
	})
	if asked && count == (span{}) {
		f.reason = truce.ReasonTime
	}
	if h == nil {
		return l.saying(f, "holding: not counted; %s", f.span)
	}
	if h.Declared <= 0 {
		return l.saying(f, "holding: what was declared of %s is not known, %d seen%s with %s", classText(h.Class), h.Observed, l.inspectionText(duty, late), f.span)
	}
	return l.saying(f, "holding: %d of %s declared, %d seen, %d could not be counted, %d missing%s with %s",
		h.Declared, classText(h.Class), h.Observed, h.NotVerified, h.Missing(), l.inspectionText(duty, late), f.span)
}

// inspectedLate is the probability that an inspection came later after the last one than
// it had to, and whether that can be told. An inspection is an incident with what it
// counted; Duty.Since is the last one before it.
func (l *look) inspectedLate(duty *HoldingsDuty) (late span, asked bool) {
	since, some := l.lastInspection(duty)
	if !some {
		return span{}, false
	}
	return known(quantise(1 - before(l.inspectedAt(), since.Add(duty.InspectEvery)+1))), true
}

// lastInspection is when the store was looked into before, where that is told.
func (l *look) lastInspection(duty *HoldingsDuty) (truce.Instant, bool) {
	if d := l.detail.Duty; duty.InspectEvery > 0 && l.detail.Holding != nil && d != nil && d.Since != 0 {
		return d.Since, true
	}
	return 0, false
}

// inspectedAt is when the store was looked into: as told, or at the incident's time.
func (l *look) inspectedAt() truce.PhenomenonTime {
	if met := l.detail.Duty.MetAt; met != 0 && l.knows(met) {
		return truce.PhenomenonTime{From: met, To: met}
	}
	return l.incident.Time
}

// inspectionText ends the sentence on a holding with what is asked of it.
func (l *look) inspectionText(duty *HoldingsDuty, late span) string {
	if l.quiet || duty.InspectEvery == 0 {
		return ": not as declared"
	}
	allowed := truce.DurationText(duty.InspectEvery)
	since, some := l.lastInspection(duty)
	if !some {
		return fmt.Sprintf(", when it was inspected before is not known, %s allowed: not as declared", allowed)
	}
	omitted := ""
	if late.lo > 0 {
		omitted = fmt.Sprintf(" (p %s that an inspection was left out)", number(late.lo))
	}
	return fmt.Sprintf(", inspected %s after the inspection before, %s allowed%s: not as declared or not in time", age(since, l.inspectedAt().Mid()), allowed, omitted)
}

func classText(c truce.WeaponClass) string {
	if c == "" {
		return "a class not told"
	}
	return string(c)
}

// countOf says whether a count differs from what was declared: surely when objects are
// missing or there are more than declared, perhaps while some could not be counted or
// nothing is told of what was declared.
func countOf(h *truce.Holding) span {
	switch {
	case h == nil || h.Declared <= 0:
		return span{0, 1}
	case h.Missing() > 0 || h.Observed > h.Declared:
		return certain
	case h.NotVerified > 0:
		return span{0, 1}
	}
	return span{}
}

// openCount is what a count that decides nothing lacks: the declaration or the counting.
func openCount(h *truce.Holding) truce.Reason {
	if h != nil && h.Declared <= 0 {
		return truce.ReasonEvidence
	}
	return truce.ReasonCoverage
}

// nearFactor is the probability that a duty holds as near the line as it was.
func (l *look) nearFactor(p *plan) factor {
	if !l.pos {
		return factor{span{0, 1}, truce.ReasonLocation, "place: the sources name no place to compare with the line"}
	}
	w := p.Require.WithinLine
	f := withinPlace{l.g.lines[w.Line], *w}.factor(l, p)
	if !l.quiet {
		f.text = "place of effect: " + f.text
	}
	return f
}

// graceFactor leaves out delays that a rule allows.
func (l *look) graceFactor(p *plan) factor {
	f := factor{reason: truce.ReasonTime}
	said := ""
	f.span = l.perAct(p, func(act truce.Act) span {
		grace, some := p.Grace[act]
		if !some {
			return certain
		}
		late, text := l.overdue(grace)
		said = text
		return late
	})
	if said == "" {
		return l.saying(f, "grace: none for this act")
	}
	return l.saying(f, "grace: %s: %s", said, f.span)
}
