package drill

import (
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// Expectation is one thing that a drill asks for: a moment like Want, at a time or by it.
type Expectation struct {
	Line  int
	Text  string
	Not   bool // no such moment, up to At
	Even  bool // no alert to one party alone
	Want  pattern
	At    truce.Instant // 0: at any time
	By    bool          // At is the latest
	Found truce.Instant // of what is found late: when; 0: not asked
}

// pattern says which moments are meant; what is "" is not asked.
type pattern struct {
	Kind   Kind
	What   string
	ID     string
	For    string
	Who    string // a post, state or party
	Office truce.Office
	Case   string // the number of the case
	Of     string // an incident of the case
	From   truce.Instant
	To     truce.Instant
}

// expectation reads a line that begins with expect.
func (p *parser) expectation(l *line) {
	x := Expectation{Line: l.number, Text: strings.TrimSpace(l.text)}
	if p.terms == nil || p.drill.Start == 0 {
		l.fail("the agreement and the start stand before what is expected")
		return
	}
	x.Not = l.accept("no")
	p.wanted(l, &x)
	for l.err == nil && l.more() && p.time(l, &x) {
	}
	l.finish("at", "by", "until", "found", "of", "in")
	if l.err == nil && len(p.drill.Expect) == MaxExpect {
		l.failAt(0, "over %d expectations", MaxExpect)
	}
	if l.err == nil {
		p.drill.Expect = append(p.drill.Expect, x)
	}
}

var subjects = []string{"tier", "clock", "alert", "T0", "case", "path", "escalation", "silence", "consultation", "channel"}

// wanted reads what is expected by its first word.
func (p *parser) wanted(l *line, x *Expectation) {
	w := &x.Want
	first := l.peek()
	switch {
	case l.accept("tier"):
		w.Kind, w.ID = KindTier, l.oneOf("a tier", p.tiers())
		w.What = choice(l, "entered", "entered", "proposed", "signed", "refused", "lapsed", "unfounded", "founded", "left")
	case l.accept("clock"):
		p.clock(l, w)
	case l.accept("alert"):
		p.alert(l, x)
	case l.accept("T0"):
		p.zero(l, w)
	case l.accept("case"):
		w.Kind, w.What = KindCase, l.oneOf("what becomes of a case", []string{"opened", "closed", "reopened"})
		if l.accept("on") {
			w.ID = l.oneOf("a path", p.paths())
		}
	case l.accept("path"):
		w.Kind, w.ID = KindPath, l.oneOf("a path", p.paths())
		w.What = choice(l, "opened", "unfounded", "founded")
	case l.accept("escalation"):
		l.expect("of")
		w.Kind, w.What, w.Who = KindDelivery, string(truce.DeliverySent), p.who(l)
		l.expect("to")
		w.Office = truce.Office(l.oneOf("an office", texts(truce.Offices())))
	case l.accept("silence"):
		l.expect("of")
		w.Kind, w.Who = KindSilence, p.who(l)
	case l.accept("consultation"):
		w.Kind, w.What = KindConsultation, l.oneOf("what becomes of a consultation", []string{"called", "convened", "joined", "proposed", "voted", "decided"})
	case l.accept("channel"):
		w.Kind, w.ID = KindDelivery, l.oneOf("a channel", texts(truce.ChannelKinds()))
		l.expect("to")
		w.Who = p.who(l)
		w.What = l.oneOf("what becomes of a message", texts([]truce.DeliveryState{truce.DeliverySent, truce.DeliveryFailed, truce.DeliveryUnsure, truce.DeliveryGivenUp}))
	case slices.Contains(p.names, first):
		l.next++
		w.Kind, w.ID = KindIncident, first
		w.What = l.oneOf("a state of occurrence", texts([]truce.Occurrence{truce.OccurrenceDetected, truce.OccurrenceCorroborated,
			truce.OccurrenceVerified, truce.OccurrenceRefuted, truce.OccurrenceExplained}))
	default:
		p.answer(l, w)
	}
}

// choice reads one of several words, or takes the first for what is not said.
func choice(l *line, usual string, options ...string) string {
	if slices.Contains(options, l.peek()) {
		return l.take("")
	}
	return usual
}

func (p *parser) clock(l *line, w *pattern) {
	w.Kind, w.ID = KindClock, l.oneOf("a clock", p.clocks())
	if l.ahead(0) == "of" && !slices.Contains(p.names, l.ahead(1)) {
		l.next++
		w.For = p.group(l)
	}
	w.What = l.oneOf("what becomes of a clock", []string{"started", "moved", "warned", "met", "missed", "stopped", "paused", "resumed", "told"})
	if l.accept("from") {
		w.From = p.when(l)
	}
	if l.accept("to") || l.accept("due") {
		w.To = p.when(l)
	}
}

// alert reads: [TIER] [update|cancel] to WHO, or: to one party alone.
func (p *parser) alert(l *line, x *Expectation) {
	w := &x.Want
	w.Kind = KindAlert
	if p.isTier(l.peek()) {
		w.ID = l.take("a tier")
	}
	w.What = choice(l, "", string(truce.AlertNew), string(truce.AlertUpdate), string(truce.AlertCancel))
	l.expect("to")
	if l.accept("one", "party", "alone") {
		if x.Even = true; !x.Not {
			l.fail("write: expect no alert to one party alone")
		}
		return
	}
	w.Who = p.who(l)
}

// zero reads: BASIS [moved|asked] [from TIME] [to TIME].
func (p *parser) zero(l *line, w *pattern) {
	w.Kind, w.ID = KindT0, l.oneOf("a zero point", texts(truce.T0Bases()))
	w.What = choice(l, "moved", "moved", "asked")
	if l.accept("from") {
		w.From = p.when(l)
	}
	if l.accept("to") {
		w.To = p.when(l)
	}
}

// answer reads: WHO answered [KIND], or: WHO silent.
func (p *parser) answer(l *line, w *pattern) {
	first := l.peek()
	if _, ok := p.drill.post(first); !ok {
		l.fail("%q: want what is expected, e.g. tier, clock, alert or a post%s", cut(first), agreement.DidYouMean(first, subjects))
		return
	}
	w.Who = p.who(l)
	switch {
	case l.accept("answered"):
		w.Kind = KindAnswer
		if k := truce.AcknowledgeKind(l.peek()); k.AtLeast(truce.AckDelivered) {
			w.What = l.take("")
		}
	case l.accept("silent"):
		w.Kind = KindSilence
	default:
		l.fail("%q: %s answered or is silent: %s answered by +3h", cut(l.peek()), w.Who, w.Who)
	}
}

// who reads a post, a state or a party of the drill.
func (p *parser) who(l *line) string {
	name := l.take("a post, a state or a party")
	if _, ok := p.drill.post(name); !ok {
		l.failLast("%q is no post, state or party above%s", cut(name), agreement.DidYouMean(name, p.everybody()))
	}
	return name
}

// group reads a state or a party.
func (p *parser) group(l *line) string {
	name := p.who(l)
	if slices.ContainsFunc(p.drill.Posts, func(o truce.Person) bool { return string(o.ID) == name }) {
		l.failLast("%s is a post; clocks belong to a state or a party", cut(name))
	}
	return name
}

func (p *parser) everybody() []string {
	var out []string
	for _, post := range p.drill.Posts {
		for _, name := range []string{string(post.ID), string(post.State), string(post.Party)} {
			if name != "" && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

func (p *parser) paths() []string {
	var out []string
	for _, path := range p.terms.Ladder.Paths {
		out = append(out, path.ID)
	}
	return out
}

// time reads when it is expected and of which case; false when the next word is neither.
func (p *parser) time(l *line, x *Expectation) bool {
	switch {
	case l.accept("at"):
		x.At = p.when(l)
		if x.Not {
			l.failLast("what is not expected has an end and no time: until +24h")
		}
	case l.accept("by"):
		x.At, x.By = p.when(l), true
		if x.Not {
			l.failLast("what is not expected has an end: until +24h")
		}
	case l.accept("until"):
		if x.At, x.By = p.when(l), true; !x.Not {
			l.failLast("until goes with what is not expected; write by")
		}
	case l.accept("found"):
		x.Found = p.when(l)
	case l.accept("of"):
		x.Want.Of = p.told(l)
	case l.accept("in"):
		x.Want.Case = l.take("the number of a case")
	default:
		return false
	}
	return true
}
