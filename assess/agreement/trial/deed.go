package trial

import (
	"fmt"
	"strings"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

func (p *parser) isParty(id string) func(agreement.Party) bool {
	return func(party agreement.Party) bool { return string(party.ID) == id }
}

// verbs are what a person does, each with how the rest of its line is read.
var verbs = map[string]func(*parser, *words, *truce.Deed){
	"signs": func(p *parser, w *words, d *truce.Deed) { d.Kind = truce.DeedSign; p.passage(w, d) },
	"refuses": func(p *parser, w *words, d *truce.Deed) {
		d.Kind = truce.DeedRefuse
		p.passage(w, d)
		d.Text = w.text("why")
	},
	"meets": func(p *parser, w *words, d *truce.Deed) { d.Kind = truce.DeedMeet; d.Clock, d.For = p.clock(w) },
	"calls": func(p *parser, w *words, d *truce.Deed) {
		d.Kind = truce.DeedCall
		w.accept("a")
		w.expect("consultation")
		d.Text = w.text("the ground")
	},
	"joins":    says(truce.DeedJoin, ""),
	"abstains": says(truce.DeedVote, ""),
	"proposes": func(_ *parser, w *words, d *truce.Deed) { d.Kind = truce.DeedPropose; d.Option = w.take("an option") },
	"votes": func(_ *parser, w *words, d *truce.Deed) {
		d.Kind = truce.DeedVote
		d.Option = w.take("an option")
		d.Text = maybe(w)
	},
	"files": func(_ *parser, w *words, d *truce.Deed) {
		w.expect("minutes")
		d.Kind = truce.DeedMinute
		d.Product = truce.HashOf([]byte(w.text("the minutes")))
	},
	"decides":    says(truce.DeedDecide, "the public text"),
	"complains":  says(truce.DeedComplain, "what is to be verified"),
	"states":     says(truce.DeedState, "the statement"),
	"notes":      says(truce.DeedNote, "the note"),
	"determines": says(truce.DeedDetermine, "what was determined"),
	"closes":     says(truce.DeedClose, "why"),
	"reopens":    says(truce.DeedReopen, "why"),
}

// says reads a deed that is its text, or nothing more.
func says(kind truce.DeedKind, what string) func(*parser, *words, *truce.Deed) {
	return func(_ *parser, w *words, d *truce.Deed) {
		d.Kind = kind
		if what != "" {
			d.Text = w.text(what)
		}
	}
}

// maybe reads a text where one stands.
func maybe(w *words) string {
	if !w.isText() {
		return ""
	}
	return w.text("a text")
}

// deed reads: PERSON VERB and what belongs to it, [in case 2].
func (p *parser) deed(w *words, at moment) []Happening {
	by := p.person(w)
	verb := w.take("what is done")
	read, ok := verbs[verb]
	if !ok {
		w.failLast("%q: want what is done, such as signs, refuses, meets or calls%s", cut(verb), hint(verb, verbNames))
		return nil
	}
	d := truce.Deed{}
	read(p, w, &d)
	if d.Kind == truce.DeedMeet {
		d.For = p.whose(d, by)
	}
	return p.withCase(w, act(at, by, d))
}

var verbNames = []string{"signs", "refuses", "meets", "calls", "joins", "abstains", "proposes", "votes", "files", "decides", "complains", "states",
	"notes", "determines", "closes", "reopens"}

// passage reads T1, or down from T2.
func (p *parser) passage(w *words, d *truce.Deed) {
	if w.accept("down") {
		w.expect("from")
		d.Down = true
	}
	d.Tier = p.tier(w)
}

// whose is whose clock a person meets: their own, of a clock that each has.
func (p *parser) whose(d truce.Deed, by truce.Person) string {
	if d.For != "" || !p.each(d.Clock) {
		return d.For
	}
	if by.Party != "" {
		return string(by.Party)
	}
	return string(by.State)
}

// each says whether a clock of the ladder is one of each party or state.
func (p *parser) each(id string) bool {
	if p.terms.Ladder == nil {
		return false
	}
	var all []truce.ClockTerm
	for _, t := range p.terms.Ladder.Tiers {
		all = append(all, t.Clocks...)
	}
	for _, path := range p.terms.Ladder.Paths {
		all = append(all, path.Clocks...)
	}
	for _, c := range all {
		if c.ID == id {
			return c.Each
		}
	}
	return false
}

// pause reads: CLOCK [of A] until TIME by P and Q "why". One asks and the other agrees.
func (p *parser) pause(w *words, at moment) []Happening {
	d := truce.Deed{Kind: truce.DeedPause}
	d.Clock, d.For = p.clock(w)
	w.expect("until")
	d.Until = p.instant(w)
	w.expect("by")
	both := p.two(w)
	d.Text = w.text("why")
	return p.withCase(w, act(at, both[0], d), act(at, both[1], d))
}

// resume reads: CLOCK [of A] [by P]; the chair where nobody is named.
func (p *parser) resume(w *words, at moment) []Happening {
	d := truce.Deed{Kind: truce.DeedResume}
	d.Clock, d.For = p.clock(w)
	by := p.byOr(w, truce.OfficeChair)
	d.Text = maybe(w)
	return p.withCase(w, act(at, by, d))
}

// byOr reads by P, or gives the holder of an office.
func (p *parser) byOr(w *words, office truce.Office) truce.Person {
	if w.accept("by") {
		return p.person(w)
	}
	return truce.Person{ID: idOf(string(office), ""), Role: office.Role(), Office: office}
}

// moveT0 reads: [BASIS] moved to TIME [by P [and Q]] [on event 1] "why". One asks and the
// other, of another role, agrees; without on it rests on the last event above.
func (p *parser) moveT0(w *words, at moment) []Happening {
	basis := p.basis(w)
	w.expect("moved")
	w.expect("to")
	d := truce.Deed{Kind: truce.DeedMoveT0, T0: &truce.T0Change{Basis: basis, New: p.instant(w)}}
	by := []truce.Person{p.byOr(w, truce.OfficeChair)}
	if w.accept("and") {
		by = append(by, p.person(w))
	}
	event := len(p.test.Events) - 1
	if w.accept("on") {
		w.expect("event")
		event = p.eventNumber(w)
	}
	if event >= 0 {
		d.T0.Evidence = &truce.T0Evidence{Kind: truce.EvidenceIncident}
	}
	d.Text = w.text("why")
	var out []Happening
	for _, one := range by {
		h := act(at, one, d)
		h.event = event
		out = append(out, h)
	}
	return p.withCase(w, out...)
}

// basis reads a zero point, the one the ladder counts from where none stands.
func (p *parser) basis(w *words) truce.T0Basis {
	for _, b := range truce.T0Bases() {
		if w.accept(string(b)) {
			return b
		}
	}
	if p.terms.Ladder != nil {
		return p.terms.Ladder.T0
	}
	return truce.T0Event
}

// remedy reads: [R2] asked of A "what" [due TIME], reported, verified, refused "why". It is
// asked by the chair, reported by the party and verified or refused by the mechanism's lead.
func (p *parser) remedy(w *words, at moment) []Happening {
	asked := p.remedies()
	id := fmt.Sprintf("R%d", max(1, len(asked)))
	if w.peek() == "asked" {
		id = fmt.Sprintf("R%d", len(asked)+1)
	} else if strings.HasPrefix(w.peek(), "R") {
		id = w.take("the number of the remedy")
	}
	r := truce.RemedyStep{ID: id}
	if i := indexOf(asked, id); i >= 0 {
		r.Party = asked[i].Party
	}
	liaison := truce.Person{ID: idOf("liaison", string(r.Party)), Role: truce.RoleParty, Office: truce.OfficeLiaison, Party: r.Party}
	d := truce.Deed{Kind: truce.DeedRemedy, Remedy: &r}
	by := liaison
	switch {
	case w.accept("asked"):
		r.State = truce.RemedyAsked
		w.expect("of")
		r.Party = p.actingParty(w)
		r.What = w.text("what is asked")
		if w.accept("due") {
			r.Due = p.instant(w)
		}
		by = p.byOr(w, truce.OfficeChair)
	case w.accept("reported"):
		r.State = truce.RemedyReported
		d.Text = maybe(w)
	case w.accept("verified"):
		r.State = truce.RemedyVerified
		by = p.byOr(w, truce.OfficeMechanismLead)
		d.Text = maybe(w)
	case w.accept("refused"):
		r.State = truce.RemedyRefused
		by = p.byOr(w, truce.OfficeMechanismLead)
		d.Text = w.text("why")
	default:
		w.fail("%q: a remedy is asked of a party, reported, verified or refused%s", cut(w.peek()), hint(w.peek(), []string{"asked", "reported", "verified", "refused"}))
	}
	if r.Party == "" && w.err == nil {
		w.failAt(1, "no remedy %s was asked above this line", cut(id))
	}
	return p.withCase(w, act(at, by, d))
}

// remedies are those that were asked above.
func (p *parser) remedies() []truce.RemedyStep {
	var out []truce.RemedyStep
	for _, h := range p.test.Happens {
		if h.Deed != nil && h.Deed.Remedy != nil && h.Deed.Remedy.State == truce.RemedyAsked {
			out = append(out, *h.Deed.Remedy)
		}
	}
	return out
}

func indexOf(list []truce.RemedyStep, id string) int {
	for i, r := range list {
		if r.ID == id {
			return i
		}
	}
	return -1
}
