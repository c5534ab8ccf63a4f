package drill

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/agreement/trial"
)

// report is an incident as it becomes known.
type report struct {
	name     string
	incident truce.Incident
	like     string // told as another was
	found    *found // nil: the rules of the agreement say
}

// found is a finding that the writer gives instead of the rules.
type found struct {
	rule     truce.RuleID
	severity int
}

// blind is a stretch of the line that cannot be seen, or can be seen again.
type blind struct {
	spell truce.BlindSpell
}

// advance is a verified movement of a line.
type advance struct{ truce.Advance }

// outage is a time without any program; restart is one of no length.
type outage struct{ until truce.Instant }

// fault is what a channel does instead of taking messages; "" is well again.
type fault struct {
	channel truce.ChannelKind
	how     string
}

// The faults: refused for now, refused for good, silence, and a line that breaks when the
// message is through.
const (
	faultLater = "4xx"
	faultNever = "5xx"
	faultHangs = "hanging"
	faultCuts  = "breaking"
)

var faults = []string{faultLater, faultNever, faultHangs, faultCuts}

var incidentName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._-]{0,30}$`)
})

// happening reads a line: at TIME [to TIME] and what happens then.
func (p *parser) happening(l *line) {
	e := Event{Line: l.number, Text: strings.TrimSpace(l.text)}
	e.At = p.when(l)
	to := truce.Instant(0)
	if l.accept("to") {
		to = p.when(l)
	}
	switch {
	case l.err != nil:
		return
	case e.At < p.drill.Start:
		l.failAt(1, "the drill starts later: what began before it is told with began")
	case p.terms == nil:
		l.fail("which agreement it is about stands before what happens")
	case l.accept("incident"):
		p.incident(l, e, to)
		return
	case l.accept("restart"):
		e.Action = outage{e.At}
	case l.accept("outage"):
		e.Action = outage{p.until(l, e.At, to)}
	case l.accept("blind"):
		p.blind(l, e, to)
		return
	case l.accept("advance"):
		e.Action = p.advance(l)
	case l.accept("channel"):
		p.fault(l, e, to)
		return
	default:
		p.people(l, e)
		return
	}
	p.keep(l, e)
}

// people reads a line on which somebody acts. What two do together is two events; refused
// at its end is said of the last.
func (p *parser) people(l *line, e Event) {
	actions, together := p.done(l)
	if !together {
		actions = []Action{p.act(l)}
	}
	var list []Event
	for _, a := range actions {
		e.Action = a
		list = append(list, e)
	}
	if l.accept("refused") && len(list) > 0 {
		list[len(list)-1].Refused = true
	}
	p.keep(l, list...)
}

// keep takes a line that was read to its end.
func (p *parser) keep(l *line, list ...Event) {
	l.finish("until", "refused", "of", "in", "found")
	if l.err != nil {
		return
	}
	if len(p.drill.Events)+len(list) > MaxEvents {
		l.failAt(0, "over %d lines that begin with at", MaxEvents)
		return
	}
	p.drill.Events = append(p.drill.Events, list...)
}

// until reads the end of what began, which stands before it as to or after it as until.
func (p *parser) until(l *line, from, to truce.Instant) truce.Instant {
	if l.accept("until") {
		to = p.when(l)
	}
	if l.err == nil && to <= from {
		l.fail("an end after the beginning is missing: until +32h")
	}
	return to
}

// incident reads: NAME [began TIME [to TIME]] WHAT ... [found RULE severity N], in the words
// of the tests of the agreement, or NAME like OTHER; and then [times N every LENGTH].
func (p *parser) incident(l *line, e Event, to truce.Instant) {
	r := report{name: l.take("the name of the incident, e.g. E1")}
	switch {
	case l.err != nil:
		return
	case to != 0:
		l.failAt(2, "an incident becomes known at one time; write when it was with: began -10m to -5m")
	case !incidentName().MatchString(r.name):
		l.failLast("%q: a name is letters and digits, e.g. E1", cut(r.name))
	case slices.Contains(p.names, r.name):
		l.failLast("incident %s stands twice: give each its own name", r.name)
	}
	began, ended := e.At, e.At
	if l.accept("began") {
		began = p.when(l)
		if ended = began; l.accept("to") {
			ended = p.when(l)
		}
		if began > e.At || ended < began {
			l.failLast("an incident begins before it ends, and before it is known")
		}
	}
	if l.accept("like") {
		r.like = p.told(l)
	} else {
		r.incident = p.what(l, began, ended)
	}
	if l.accept("found") {
		r.found = p.found(l)
	}
	p.repeat(l, e, r, began, ended)
}

// told reads the name of an incident that stands above.
func (p *parser) told(l *line) string {
	name := l.take("the name of an incident")
	if !slices.Contains(p.names, name) {
		l.failLast("no incident %q is told above%s", cut(name), agreement.DidYouMean(name, p.names))
	}
	return name
}

// what reads what happened as the tests of the agreement do.
func (p *parser) what(l *line, began, ended truce.Instant) truce.Incident {
	if !l.more() {
		l.fail("what happened is missing")
		return truce.Incident{}
	}
	first := l.list[l.next]
	end := len(l.text)
	for l.more() && l.peek() != "found" && l.peek() != "times" {
		l.next++
	}
	if l.next < len(l.list) {
		end = l.list[l.next].Byte
	}
	lead := began.Time().Format(time.RFC3339) + " to " + ended.Time().Format(time.RFC3339) + " "
	in, err := trial.ParseEvent(p.terms, p.drill.File, l.number, lead+l.text[first.Byte:end])
	if err != nil && l.err == nil {
		column := min(max(err.Column-len(lead)+first.Column-1, first.Column), utf8.RuneCountInString(l.text)+1)
		l.err = &SyntaxError{Column: column, Text: err.Text}
	}
	return in
}

func (p *parser) found(l *line) *found {
	f := found{rule: truce.RuleID(l.take("a rule"))}
	known := slices.ContainsFunc(p.terms.Rules, func(r agreement.Rule) bool { return r.ID == f.rule })
	if !known {
		l.failLast("the agreement has no rule %q", cut(string(f.rule)))
	}
	l.expect("severity")
	if f.severity = number(l); f.severity < 1 || f.severity > 4 {
		l.failLast("a severity is 1 to 4")
	}
	return &f
}

// repeat makes one event of an incident, or several with names of their own.
func (p *parser) repeat(l *line, e Event, r report, began, ended truce.Instant) {
	times, every := 1, time.Duration(0)
	if l.accept("times") {
		times = number(l)
		l.expect("every")
		every = length(l)
		if times < 2 || times > 200 || every <= 0 {
			l.failLast("write times 5 every 30m, 2 to 200 times")
		}
	}
	var list []Event
	for i := 0; i < times && l.err == nil; i++ {
		one, told := e, r
		shift := time.Duration(i) * every
		one.At = e.At.Add(shift)
		if i > 0 {
			told.name = r.name + "-" + string(rune('0'+(i+1)/100%10)) + string(rune('0'+(i+1)/10%10)) + string(rune('0'+(i+1)%10))
		}
		told.incident.Time.From, told.incident.Time.To = began.Add(shift), ended.Add(shift)
		one.Action = told
		list = append(list, one)
		p.names = append(p.names, told.name)
	}
	p.keep(l, list...)
}

// blind reads: SHARE AREA ["why"] [until TIME].
func (p *parser) blind(l *line, e Event, to truce.Instant) {
	b := truce.BlindSpell{From: e.At, Share: share(l)}
	area := l.take("a reporting area")
	var areas []string
	for _, a := range p.terms.Areas {
		areas = append(areas, string(a.ID))
	}
	if !slices.Contains(areas, area) {
		l.failLast("the agreement has no area %q%s", cut(area), agreement.DidYouMean(area, areas))
	}
	b.Area, b.Reason = truce.AreaID(area), truce.CleanText(l.quote())
	if b.Reason == "" {
		b.Reason = "cannot be seen"
	}
	e.Action = blind{b}
	if to == 0 && l.peek() != "until" {
		p.keep(l, e)
		return
	}
	over := e
	over.At = p.until(l, e.At, to)
	b.To = over.At
	over.Action = blind{b}
	p.keep(l, e, over)
}

// advance reads: LINE LENGTH, e.g. LINE-CONTACT 2500m.
func (p *parser) advance(l *line) Action {
	a := truce.Advance{Line: truce.LineID(l.take("the id of a line")), From: "before", To: "after"}
	if !slices.ContainsFunc(p.terms.Lines, func(o agreement.Line) bool { return o.ID == a.Line }) {
		l.failLast("the agreement draws no line %q", cut(string(a.Line)))
	}
	text, is := strings.CutSuffix(l.take("a distance such as 2500m"), "m")
	metres, ok := whole(text)
	if !is || !ok {
		l.failLast("want a distance such as 2500m")
	}
	a.Metres = float64(metres)
	return advance{a}
}

func whole(text string) (n int, ok bool) {
	for _, c := range text {
		if c < '0' || c > '9' || n > 1_000_000 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, text != ""
}

// fault reads: email|webhook down 4xx|5xx|hanging|breaking until TIME.
func (p *parser) fault(l *line, e Event, to truce.Instant) {
	f := fault{channel: truce.ChannelKind(l.oneOf("a channel", []string{string(truce.ChannelEmail), string(truce.ChannelWebhook)}))}
	l.expect("down")
	f.how = faultLater
	if word := l.peek(); word != "" && word != "until" {
		f.how = l.oneOf("a fault", faults)
	}
	well := e
	well.At = p.until(l, e.At, to)
	e.Action, well.Action = f, fault{channel: f.channel}
	p.keep(l, e, well)
}
