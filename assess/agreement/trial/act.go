package trial

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	truce "github.com/trucewatch/truce"
)

// happening reads what follows a time: an expectation of the ladder, something people do or
// that becomes known, or an event.
func (p *parser) happening(w *words, text string) {
	from := p.instant(w)
	if p.test.Start == 0 {
		p.test.Start = from
	}
	if w.accept("expect") {
		p.expectation(w, text, from)
		return
	}
	to := p.end(w, from)
	if read := p.reader(w); read != nil {
		list := read(p, w, moment{from, to})
		p.keep(w, list, text)
		return
	}
	if len(p.test.Events) == MaxEvents {
		w.failLast("over %d events in one test: part it", MaxEvents)
		return
	}
	event := p.eventAt(w, from, to)
	event.Line, event.Text = w.number, text
	if w.err == nil {
		p.test.Events = append(p.test.Events, event)
	}
}

// moment is when something is said to happen, from and to; they are the same without "to".
type moment struct{ from, to truce.Instant }

// reads gives the reader of a line that no event begins like, nil for an event.
type reads func(*parser, *words, moment) []Happening

func (p *parser) reader(w *words) reads {
	word := w.peek()
	if outcome, ok := reviews[word]; ok {
		w.take(word)
		return func(p *parser, w *words, at moment) []Happening { return p.review(w, at, outcome) }
	}
	switch {
	case w.accept("attributed"):
		return (*parser).attributed
	case w.accept("attribution"):
		return (*parser).withdrawn
	case w.accept("blind"):
		return (*parser).blind
	case w.accept("line"):
		return (*parser).advance
	case w.accept("pause"):
		return (*parser).pause
	case w.accept("resume"):
		return (*parser).resume
	case w.accept("remedy"):
		return (*parser).remedy
	case w.accept("T0"):
		return (*parser).moveT0
	case p.isPerson(w):
		return (*parser).deed
	}
	return nil
}

// keep adds what a line says happens, with the line.
func (p *parser) keep(w *words, list []Happening, text string) {
	switch {
	case w.err != nil:
		return
	case p.terms.Ladder == nil:
		w.failAt(0, "the agreement has no response ladder: nobody acts in a case")
		return
	case p.ladderLines() >= MaxLadderLines:
		w.failAt(0, "over %d lines of the ladder in one test: part it", MaxLadderLines)
		return
	}
	for i := range list {
		list[i].Line, list[i].Text = w.number, text
		p.test.Happens = append(p.test.Happens, list[i])
	}
}

func (p *parser) ladderLines() int {
	n, last := 0, 0
	for _, h := range p.test.Happens {
		if h.Line != last {
			n, last = n+1, h.Line
		}
	}
	for _, e := range p.test.Expect {
		if isOfLadder(e.Want) {
			n++
		}
	}
	return n
}

// reviews are the outcomes that two analysts give an incident.
var reviews = map[string]truce.Occurrence{
	"verified": truce.OccurrenceVerified, "refuted": truce.OccurrenceRefuted, "unverifiable": truce.OccurrenceUnverifiable,
	"explained": truce.OccurrenceExplained,
}

// review reads: by an-1 and an-2 [event 1 | events 1 2 | all events].
func (p *parser) review(w *words, at moment, outcome truce.Occurrence) []Happening {
	w.expect("by")
	p.two(w)
	var out []Happening
	for _, event := range p.eventsOf(w) {
		out = append(out, Happening{At: at.from, event: event, outcome: outcome})
	}
	return p.known(w, at, out)
}

// known refuses what is said of an event before the event is known.
func (p *parser) known(w *words, at moment, list []Happening) []Happening {
	for _, h := range list {
		if w.err == nil && h.event < len(p.test.Events) && p.test.Events[h.event].Known > at.from {
			w.failAt(1, "event %d is known only at %s: say a later time", h.event+1, p.test.Events[h.event].Known)
		}
	}
	return list
}

// eventsOf reads which events of the test are meant: the last one unless it is said.
func (p *parser) eventsOf(w *words) []int {
	n := len(p.test.Events)
	if n == 0 {
		w.fail("stands before any event: write the at line of one first")
		return nil
	}
	var out []int
	switch {
	case w.accept("all"):
		w.expect("events")
		for i := range n {
			out = append(out, i)
		}
	case w.accept("event"):
		out = append(out, p.eventNumber(w))
	case w.accept("events"):
		out = append(out, p.eventNumber(w))
		for isCount(w.peek()) {
			out = append(out, p.eventNumber(w))
		}
	default:
		out = append(out, n-1)
	}
	return out
}

// eventNumber reads the number of an event, from 1 in the order of the lines.
func (p *parser) eventNumber(w *words) int {
	n := count(w)
	if w.err == nil && (n < 1 || n > len(p.test.Events)) {
		w.failLast("event %d: the test has %d events above this line", n, len(p.test.Events))
	}
	return n - 1
}

// attributed reads: to B, balance [event 1] [by an-1 and an-2].
func (p *parser) attributed(w *words, at moment) []Happening {
	w.expect("to")
	a := truce.Attribution{P: 1}
	if !w.accept("nobody") {
		a.Party = p.actingParty(w)
	}
	a.Level = truce.AttributionLevel(p.oneOf(w, "a standard of attribution", levels))
	return p.attributions(w, at, a)
}

var levels = []string{string(truce.AttributionUndetermined), string(truce.AttributionReasonable), string(truce.AttributionBalance), string(truce.AttributionClear)}

func (p *parser) withdrawn(w *words, at moment) []Happening {
	w.expect("withdrawn")
	return p.attributions(w, at, truce.Attribution{P: 1, Level: truce.AttributionUndetermined, Withdrawn: true})
}

func (p *parser) attributions(w *words, at moment, a truce.Attribution) []Happening {
	var out []Happening
	for _, event := range p.eventsOf(w) {
		one := a
		out = append(out, Happening{At: at.from, event: event, Attribution: &one})
	}
	if w.accept("by") {
		for _, person := range p.two(w) {
			for i := range out {
				out[i].Attribution.People = append(out[i].Attribution.People, person.ID)
			}
		}
	}
	return p.known(w, at, out)
}

// blind reads: 60% [AREA] ["why"]. With an end two things become known: that it began, and
// that it is over.
func (p *parser) blind(w *words, at moment) []Happening {
	text := w.take("a share of the line")
	share, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	if err != nil || !strings.HasSuffix(text, "%") || !(share > 0 && share <= 100) {
		w.failLast("%q: want a share of the line such as 60%%", cut(text))
	}
	spell := truce.BlindSpell{Share: truce.Probability(share / 100), From: at.from, Reason: "not observed"}
	if !w.isText() && w.more() {
		var areas []string
		for _, a := range p.terms.Areas {
			areas = append(areas, string(a.ID))
		}
		spell.Area = truce.AreaID(p.oneOf(w, "a reporting area", areas))
	}
	if w.isText() {
		spell.Reason = w.take("why")
	}
	out := []Happening{{At: at.from, Blind: &spell}}
	if at.to > at.from {
		over := spell
		over.To = at.to
		out = append(out, Happening{At: at.to, Blind: &over})
	}
	return out
}

// advance reads: LINE moved 2500m.
func (p *parser) advance(w *words, at moment) []Happening {
	var lines []string
	for _, l := range p.terms.Lines {
		lines = append(lines, string(l.ID))
	}
	line := truce.LineID(p.oneOf(w, "a line of the agreement", lines))
	w.expect("moved")
	return []Happening{{At: at.from, Advance: &truce.Advance{Line: line, From: "before", To: fmt.Sprintf("line %d", w.number), Metres: distance(w)}}}
}

// isText says whether the next word is a text in quotes.
func (w *words) isText() bool { return w.more() && w.list[w.next].Quoted }

// text reads a text in quotes.
func (w *words) text(what string) string {
	if !w.isText() {
		w.fail(`%s is missing: write it in quotes`, what)
		return ""
	}
	return truce.CleanText(w.take(what))
}

// act makes the happening of a deed.
func act(at moment, by truce.Person, d truce.Deed) Happening {
	d.Person, d.Office, d.At = by.ID, by.Office, at.from
	return Happening{At: at.from, Deed: &d, Person: by}
}

// inCase reads "in case 2" at the end of a line, for deeds that are not about the only one.
func (p *parser) inCase(w *words) int {
	if w.peek() != "in" {
		return 0
	}
	w.take("in")
	w.expect("case")
	n := count(w)
	if w.err == nil && n < 1 {
		w.failLast("cases count from 1, in the order in which they open")
	}
	return n
}

// withCase gives deeds the case they are about.
func (p *parser) withCase(w *words, list ...Happening) []Happening {
	n := p.inCase(w)
	for i := range list {
		list[i].Case = n
	}
	return list
}

func (p *parser) tier(w *words) truce.TierID {
	return truce.TierID(p.oneOf(w, "a tier of the ladder", p.tiers()))
}

func (p *parser) tiers() []string {
	var out []string
	if p.terms.Ladder != nil {
		for _, t := range p.terms.Ladder.Tiers {
			out = append(out, string(t.ID))
		}
	}
	return out
}

// clock reads a clock of the ladder, and whose it is where each has its own.
func (p *parser) clock(w *words) (id, whose string) {
	var ids []string
	if l := p.terms.Ladder; l != nil {
		for _, t := range l.Tiers {
			ids = append(ids, clockIDs(t.Clocks)...)
		}
		for _, path := range l.Paths {
			ids = append(ids, clockIDs(path.Clocks)...)
		}
	}
	id = p.oneOf(w, "a clock of the ladder", ids)
	if w.accept("of") {
		whose = w.take("whose clock")
		if !p.isState(whose) && !slices.ContainsFunc(p.terms.Parties, p.isParty(whose)) {
			w.failLast("%q is neither a party nor a guarantor of the test", cut(whose))
		}
	}
	return id, whose
}

func clockIDs(list []truce.ClockTerm) []string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = c.ID
	}
	return out
}
