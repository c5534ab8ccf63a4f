package claim

import (
	"strings"

	"github.com/trucewatch/truce"
)

// telling is a word of saying with whoever says it, the words [from, to): before the verb,
// as its subject, or behind "according to" and behind a verb that begins its clause.
type telling struct {
	verb     mark
	from, to int
}

// tellings finds who tells in a sentence, in its order. What a verb of saying is followed
// by is what is said, and never who says it, unless nothing stands before the verb.
func (r *reading) tellings() []telling {
	if r.told {
		return r.tellers
	}
	r.told = true
	for _, s := range r.marks["say"] {
		t := telling{verb: s}
		switch {
		case r.covers("saidby", s.from):
			t.from, t.to = s.to, r.nounsFrom(s.to)
		case r.suffers(s.from):
			continue
		default:
			if t.from, t.to = r.nounsBefore(s.from); t.from == t.to {
				t.from, t.to = s.to, r.nounsFrom(s.to)
			}
		}
		if t.from < t.to {
			r.tellers = append(r.tellers, t)
		}
	}
	return r.tellers
}

// nounsBefore is the words of the clause before a verb, without those of time and help.
func (r *reading) nounsBefore(verb int) (from, to int) {
	to = verb
	for to > 0 && !r.words[to-1].sign && (r.covers("passive", to-1) || r.endsAt("time", to) || r.helps(to-1)) {
		to--
	}
	from = to
	for from > 0 && !r.words[from-1].sign && !r.walls[from-1] && !r.covers("say", from-1) && to-from < tellerReach {
		from--
	}
	if from > 0 && !r.words[from-1].sign && !r.walls[from-1] {
		return to, to // a clause too long to tell who leads it
	}
	return from, to
}

// helps says whether a word stands between a subject and its verb and means nobody.
func (r *reading) helps(i int) bool {
	switch w := r.words[i].word; w {
	case "had", "has", "have", "also", "later", "earlier", "then", "again", "both", "що", "також", "раніше", "також-таки", "вже", "уже", "также", "ранее":
		return true
	default:
		return strings.HasSuffix(w, "ly") && len(w) > 4
	}
}

// nounsFrom is the end of the words for who speaks behind a verb or "according to".
func (r *reading) nounsFrom(at int) int {
	end := at
	for end < len(r.words) && !r.words[end].sign && !r.walls[end] && end-at < tellerReach {
		switch r.words[end].word {
		case "that", "що", "что", "and", "та", "і", "и", "про", "о", "об":
			return end
		}
		end++
	}
	return end
}

// speaker is who says it: the one whose words they are, named, or by office, or unnamed.
func (r *reading) speaker() (truce.Teller, bool) {
	for _, t := range r.tellings() {
		if teller, ok := r.teller(t); ok {
			return teller, true
		}
	}
	return truce.Teller{}, false
}

// teller is who is meant by the words of one telling.
func (r *reading) teller(t telling) (truce.Teller, bool) {
	behindVerb := t.from >= t.verb.to
	source := r.covers("saidby", t.verb.from)
	for _, m := range r.mentions {
		if m.from < t.from || m.to > t.to || strings.HasPrefix(m.key, "side:") {
			continue
		}
		if behindVerb && !source && m.from-t.from > 2 {
			break
		}
		if m.owner && m.to < t.to && !r.office(m.to, t.to) {
			continue
		}
		if behindVerb && m.from == t.from+1 && strings.HasPrefix(r.words[m.from].word, "кремл") {
			return truce.Teller{Role: truce.TellerSpeaker, Name: r.text(m.from, m.to), Key: m.key}, true
		}
		if m.behind && !source && !r.office(t.from, m.from) || !r.tells(m, t, source) {
			continue
		}
		return truce.Teller{Role: truce.TellerSpeaker, Name: r.text(m.from, m.to), Key: m.key}, true
	}
	if key, ok := r.seat(t); ok {
		return truce.Teller{Role: truce.TellerSpeaker, Name: r.text(t.from, t.to), Key: key}, true
	}
	return r.unnamed(t)
}

// tells says whether the case of a mention is that of who tells.
func (r *reading) tells(m mention, t telling, source bool) bool {
	if source || !isCyrillic(r.words[m.from].word) || m.from > t.from && (r.covers("force", m.from-1) || r.covers("title", m.from-1)) {
		return true
	}
	switch r.caseOf(m) {
	case caseObject, caseAgent, caseOther:
		return false
	}
	return r.agentive(m) || r.office(m.bare, t.to)
}

// office says whether a word for forces or an office stands between two words.
func (r *reading) office(from, to int) bool {
	for i := from; i < to; i++ {
		if r.covers("force", i) || r.covers("title", i) && r.words[i].word != "mayor" && r.words[i].word != "governor" {
			return true
		}
	}
	return false
}

// seat is the state of an office that is named by the city it sits in: "the General Staff
// in Kyiv".
func (r *reading) seat(t telling) (string, bool) {
	for i := t.from + 1; i < t.to; i++ {
		a, ok := r.at("actor", i)
		if _, city := r.at("city", i); ok && city && r.words[i-1].word == "in" && r.office(t.from, i-1) {
			return a.key, true
		}
	}
	return "", false
}

// counter is the party that counts what a word of a total names: "Kyiv counted 2,299
// breaches".
func (r *reading) counter(at int) (string, bool) {
	for _, t := range r.tellings() {
		if !r.covers("observe", t.verb.from) || t.verb.to > at || at-t.verb.to > countReach+1 {
			continue
		}
		if s, ok := r.teller(t); ok && s.Key != "" {
			return s.Key, true
		}
	}
	return "", false
}

// unnamed is a speaker without a name: "local officials", "the mayor of Kherson".
func (r *reading) unnamed(t telling) (truce.Teller, bool) {
	for _, m := range r.marks["anonymous"] {
		if m.from >= t.from && m.to <= t.to && (t.from < t.verb.from || m.from-t.from <= 1) {
			return truce.Teller{Role: truce.TellerSpeaker, As: r.text(m.from, m.to)}, true
		}
	}
	for i := t.from; i < min(t.to, t.from+3); i++ {
		if r.covers("title", i) || r.covers("force", i) {
			return truce.Teller{Role: truce.TellerSpeaker, As: r.text(t.from, t.to)}, true
		}
	}
	return truce.Teller{}, false
}

// tellsOf says whether a word stands in what is said of who tells, not of what happened. The
// place where somebody counts is the event's.
func (r *reading) tellsOf(i int) bool {
	for _, t := range r.tellings() {
		if t.from <= i && i < t.to && !r.covers("observe", t.verb.from) {
			return true
		}
	}
	return false
}
