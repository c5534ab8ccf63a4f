package drill

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// lines are those that begin with what is done, as in the tests of an agreement: verified
// by an-1 and an-2. Each is read into one act of each person it names.
var lines = []string{"verified", "refuted", "unverifiable", "explained", "attributed", "pause", "resume", "remedy", "T0"}

// done reads a line that begins with what is done; none when it begins otherwise.
func (p *parser) done(l *line) ([]Action, bool) {
	word := l.peek()
	if !slices.Contains(lines, word) {
		return nil, false
	}
	l.next++
	switch word {
	case "verified":
		return p.reviewed(l, "verifies", truce.OccurrenceVerified), true
	case "refuted":
		return p.reviewed(l, "refutes", truce.OccurrenceRefuted), true
	case "unverifiable":
		return p.reviewed(l, "leaves", truce.OccurrenceUnverifiable), true
	case "explained":
		return p.reviewed(l, "explains", truce.OccurrenceExplained), true
	case "attributed":
		return p.attributed(l), true
	case "pause":
		a := act{verb: "pauses", deed: truce.Deed{Kind: truce.DeedPause}}
		readPause(p, l, &a)
		return p.together(l, a, mustText), true
	case "resume":
		a := act{verb: "resumes", deed: truce.Deed{Kind: truce.DeedResume}}
		readWhose(p, l, &a)
		return p.together(l, a, mayText), true
	case "remedy":
		return p.remedy(l), true
	}
	return p.moved(l), true
}

// by reads: by P [and Q], the posts who act.
func (p *parser) by(l *line) []truce.PersonID {
	l.expect("by")
	out := []truce.PersonID{p.actor(l)}
	if l.accept("and") {
		out = append(out, p.actor(l))
		if l.err == nil && out[0] == out[1] {
			l.failLast("%s stands twice: it takes two persons", out[1])
		}
	}
	return out
}

// actor reads somebody who acts: a post, a state, party A, or an office: head of AVE.
func (p *parser) actor(l *line) truce.PersonID {
	party := l.peek() == "party" && l.ahead(1) != ""
	if party {
		l.next++
	}
	word := l.take("who does something")
	if of := l.ahead(1); !party && l.peek() == "of" && slices.Contains(truce.Offices(), truce.Office(word)) {
		for _, post := range p.drill.Posts {
			if string(post.Office) == word && of == string(post.State)+string(post.Party) {
				l.next += 2
				return post.ID
			}
		}
	}
	person, known := p.drill.post(word)
	if !known {
		for _, post := range p.drill.Posts {
			if string(post.Office) == word && post.State == "" && post.Party == "" {
				return p.acts(l, post.ID)
			}
		}
		l.failLast("%q is no post above and nothing that happens%s", cut(word), agreement.DidYouMean(word, p.actors()))
		return ""
	}
	return p.acts(l, person.ID)
}

// acts refuses somebody who stays silent by a line above, and does nothing more.
func (p *parser) acts(l *line, id truce.PersonID) truce.PersonID {
	if slices.Contains(p.calm, string(id)) && l.peek() != "stays" {
		l.failLast("%s stays silent by a line above", id)
	}
	return id
}

func (p *parser) actors() []string {
	out := append(slices.Clone(lines), "incident", "blind", "advance", "channel", "outage", "restart")
	for _, post := range p.drill.Posts {
		out = append(out, string(post.ID))
	}
	return out
}

// together reads by whom, the text, and gives each of them the act.
func (p *parser) together(l *line, a act, text func(*parser, *line, *act)) []Action {
	who := p.by(l)
	if a.deed.Kind == truce.DeedMoveT0 && l.accept("on") {
		p.evidenceOf(l, &a)
	}
	text(p, l, &a)
	p.ends(l, &a)
	var out []Action
	for _, id := range who {
		one := a
		one.by = id
		out = append(out, one)
	}
	return out
}

// reviewed reads: by P and Q E1 [E2] [as REASON] ["note"].
func (p *parser) reviewed(l *line, verb string, o truce.Occurrence) []Action {
	who := p.by(l)
	incidents := []string{p.told(l)}
	for slices.Contains(p.names, l.peek()) {
		incidents = append(incidents, l.take("an incident"))
	}
	a := act{verb: verb, review: truce.Review{Outcome: o}}
	readReason(l, &a)
	var out []Action
	for _, name := range incidents {
		for _, id := range who {
			one := a
			one.by, one.incident = id, name
			out = append(out, one)
		}
	}
	return out
}

// attributed reads: to B, balance E1 by P and Q "basis" "what else was considered".
func (p *parser) attributed(l *line) []Action {
	a := act{verb: "attributes", view: truce.Attribution{Level: truce.AttributionUndetermined}}
	l.expect("to")
	if !l.accept("nobody") {
		a.view.Party = truce.PartyID(l.oneOf("a party", partyNames(p.terms)))
		a.view.Level = truce.AttributionLevel(l.oneOf("a level", texts(truce.AttributionLevels()[2:])))
		a.view.P = levelP(a.view.Level)
	}
	a.incident = p.told(l)
	who := p.by(l)
	if a.view.Party != "" {
		readGrounds(l, &a)
	}
	var out []Action
	for _, id := range who {
		one := a
		one.by = id
		out = append(out, one)
	}
	return out
}

// readWhose reads: CLOCK [of A].
func readWhose(p *parser, l *line, a *act) {
	readClock(p, l, a)
	if l.peek() == "of" && !slices.Contains(p.names, l.ahead(1)) {
		l.next++
		a.deed.For = l.take("a party or state")
	}
}

// readPause reads: CLOCK [of A] until TIME.
func readPause(p *parser, l *line, a *act) {
	readWhose(p, l, a)
	l.expect("until")
	a.deed.Until = p.when(l)
}

// moved reads: T0 BASIS moved to TIME by P and Q on E1 "why".
func (p *parser) moved(l *line) []Action {
	t := truce.T0Change{Basis: truce.T0Basis(l.oneOf("a zero point", texts(truce.T0Bases())))}
	l.expect("moved")
	l.expect("to")
	t.New = p.when(l)
	return p.together(l, act{verb: "moves", deed: truce.Deed{Kind: truce.DeedMoveT0, T0: &t}}, mustText)
}

// evidenceOf reads what a zero point is moved on: E1, or complaint.
func (p *parser) evidenceOf(l *line, a *act) {
	e := truce.T0Evidence{Kind: truce.EvidenceIncident}
	if l.accept("complaint") {
		e.Kind = truce.EvidenceComplaint
	} else {
		a.incident = p.told(l)
	}
	a.deed.T0.Evidence = &e
}

// remedyStates are the words of a remedy.
var remedyStates = map[string]truce.RemedyState{
	"asked": truce.RemedyAsked, "reported": truce.RemedyReported, "verified": truce.RemedyVerified, "refused": truce.RemedyRefused,
}

// remedy reads: [R2] asked of A "what" [due TIME], reported, verified or refused ["text"], [by P].
// The chair asks, the party reports, the lead of the mechanism verifies or refuses.
func (p *parser) remedy(l *line) []Action {
	r := truce.RemedyStep{ID: fmt.Sprintf("R%d", max(1, len(p.asked)))}
	if l.peek() == "asked" {
		r.ID = fmt.Sprintf("R%d", len(p.asked)+1)
	} else if strings.HasPrefix(l.peek(), "R") {
		r.ID = l.take("the name of a remedy")
	}
	word := l.oneOf("asked, reported, verified or refused", []string{"asked", "reported", "verified", "refused"})
	r.State = remedyStates[word]
	a := act{verb: "remedy." + word, deed: truce.Deed{Kind: truce.DeedRemedy, Remedy: &r}}
	by := ""
	if r.State == truce.RemedyAsked {
		l.expect("of")
		r.Party = truce.PartyID(l.oneOf("a party", partyNames(p.terms)))
		if r.What = truce.CleanText(l.quote()); r.What == "" {
			l.fail(`say what is asked: remedy asked of A "repair the seal"`)
		}
		if l.accept("due") {
			r.Due = p.when(l)
		}
		p.asked, by = append(p.asked, r), string(truce.OfficeChair)
	} else {
		n := slices.IndexFunc(p.asked, func(o truce.RemedyStep) bool { return o.ID == r.ID })
		if n < 0 {
			l.failLast("no remedy %s was asked above this line", cut(r.ID))
			return nil
		}
		r.Party, r.What = p.asked[n].Party, p.asked[n].What
		a.deed.Text = truce.CleanText(l.quote())
		if by = string(r.Party); r.State != truce.RemedyReported {
			by = string(truce.OfficeMechanismLead)
		}
	}
	if l.accept("by") {
		a.by = p.actor(l)
	} else {
		a.by = p.holder(l, by)
	}
	p.ends(l, &a)
	return []Action{a}
}

// holder is the post that stands for an office or a party when nobody is named.
func (p *parser) holder(l *line, whose string) truce.PersonID {
	for _, post := range p.drill.Posts {
		if string(post.Office) == whose || post.Office == truce.OfficeLiaison && string(post.Party) == whose {
			return post.ID
		}
	}
	l.fail("no post above stands for %s: name who does it with by", whose)
	return ""
}

// ends reads which case is meant: [of E1 | in C-2031-1].
func (p *parser) ends(l *line, a *act) {
	switch {
	case l.accept("of"):
		a.incident = p.told(l)
	case l.accept("in"):
		if a.number = l.take("the number of a case"); !strings.HasPrefix(a.number, "C-") {
			l.failLast("%q: want the number of a case such as C-2031-1", cut(a.number))
		}
	}
}

// readMove reads: T0 and what belongs to it, or E1 [E2] to C-2031-1.
func readMove(p *parser, l *line, a *act) {
	if l.peek() == "T0" {
		readT0(p, l, a)
		return
	}
	a.deed.Kind, a.verb = truce.DeedMove, "moves.incidents"
	a.moved = []string{p.told(l)}
	for slices.Contains(p.names, l.peek()) {
		a.moved = append(a.moved, l.take("an incident"))
	}
	a.incident = a.moved[0]
	l.expect("to")
	if a.to = l.take("the number of a case"); !strings.HasPrefix(a.to, "C-") {
		l.failLast("%q: want the number of a case such as C-2031-1", cut(a.to))
	}
}
