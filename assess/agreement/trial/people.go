package trial

import (
	"slices"
	"strconv"
	"strings"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// isPerson says whether the next word names somebody who acts: an office (chair, head), a
// numbered holder of one (an-1, chair-2), a guarantor's code, or "party".
func (p *parser) isPerson(w *words) bool {
	office, _ := officeOf(w.peek())
	return w.peek() == "party" && w.after() != "" || office != "" || p.isState(w.peek())
}

// officeOf reads an office, with the number of its holder. an is short for analyst.
func officeOf(word string) (truce.Office, bool) {
	name, number, numbered := strings.Cut(word, "-")
	if name == "an" && numbered {
		name = string(truce.OfficeAnalyst)
	}
	n, err := strconv.Atoi(number)
	if numbered && (err != nil || n < 1 || n > 99) || !slices.Contains(truce.Offices(), truce.Office(name)) {
		return "", false
	}
	return truce.Office(name), true
}

func (p *parser) states() []truce.StateID {
	if p.test != nil && len(p.test.Given.Guarantors) > 0 {
		return p.test.Given.Guarantors
	}
	return statesOf(p.terms)
}

func (p *parser) isState(word string) bool { return slices.Contains(p.states(), truce.StateID(word)) }

// actors are the words that may name a person, for hints.
func (p *parser) actors() []string {
	out := []string{"party", "an-1"}
	for _, o := range truce.Offices() {
		out = append(out, string(o))
	}
	for _, s := range p.states() {
		out = append(out, string(s))
	}
	return out
}

// person reads party A (its liaison), FAR (that state's duty officer), an office, or an
// office of a party or state: head of FAR.
func (p *parser) person(w *words) truce.Person {
	if w.accept("party") {
		party := p.actingParty(w)
		return truce.Person{ID: idOf("liaison", string(party)), Role: truce.RoleParty, Office: truce.OfficeLiaison, Party: party}
	}
	word := w.take("who acts")
	if p.isState(word) {
		return truce.Person{ID: idOf("duty_officer", word), Role: truce.RoleGuarantor, Office: truce.OfficeDutyOfficer, State: truce.StateID(word)}
	}
	office, ok := officeOf(word)
	if !ok {
		w.failLast("%q is nobody who acts: an office such as chair or mechanism_lead, an-1, party A, or a guarantor%s", cut(word), hint(word, p.actors()))
		return truce.Person{}
	}
	out := truce.Person{ID: idOf(word, ""), Role: office.Role(), Office: office}
	switch out.Role {
	case truce.RoleParty:
		w.expect("of")
		out.Party = p.actingParty(w)
		out.ID = idOf(word, string(out.Party))
	case truce.RoleGuarantor:
		w.expect("of")
		out.State = p.state(w)
		out.ID = idOf(word, string(out.State))
	case truce.RoleContributor:
		w.failLast("the office %s has no part in a case", office)
	}
	return out
}

// idOf is the name of a person: the office with whose it is, in small letters.
func idOf(office, whose string) truce.PersonID {
	id := strings.ToLower(office)
	if whose != "" {
		id += "." + strings.ToLower(whose)
	}
	return truce.PersonID(id)
}

// actingParty reads a party of the agreement that is one, not the mechanism.
func (p *parser) actingParty(w *words) truce.PartyID {
	var marks []string
	for _, party := range p.terms.Parties {
		if party.Role == agreement.RoleParty {
			marks = append(marks, string(party.ID))
		}
	}
	return truce.PartyID(p.oneOf(w, "a party", marks))
}

func (p *parser) state(w *words) truce.StateID {
	var codes []string
	for _, s := range p.states() {
		codes = append(codes, string(s))
	}
	return truce.StateID(p.oneOf(w, "a guarantor of the test", codes))
}

// two reads P and Q, who must be two.
func (p *parser) two(w *words) [2]truce.Person {
	first := p.person(w)
	w.expect("and")
	second := p.person(w)
	if w.err == nil && first.ID == second.ID {
		w.failLast("%s stands twice: it takes two persons, such as an-1 and an-2", second.ID)
	}
	return [2]truce.Person{first, second}
}

// guarantors reads the invented states of a test: FAR HAL MIR.
func (p *parser) guarantors(w *words) []truce.StateID {
	var out []truce.StateID
	for w.more() {
		word := w.take("a state")
		state := truce.StateID(word)
		switch {
		case len(word) < 2 || len(word) > 8 || strings.ToUpper(word) != word || strings.IndexFunc(word, notLetter) >= 0:
			w.failLast("%q: a guarantor is a short code in capital letters, such as FAR", cut(word))
		case slices.Contains(out, state):
			w.failLast("%s stands twice", word)
		case len(out) == MaxStates:
			w.failLast("over %d guarantors", MaxStates)
		}
		out = append(out, state)
	}
	if len(out) == 0 {
		w.fail("name the guarantors: given guarantors FAR HAL MIR")
	}
	return out
}

func notLetter(c rune) bool { return c < 'A' || c > 'Z' }
