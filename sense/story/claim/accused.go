package claim

import (
	"slices"
	"strings"
)

// accused is whom a sentence says it of; nobody if it does not say, or not clearly: who
// acts is told from who suffers by case, voice and order, and where these do not tell,
// nobody is accused.
func (r *reading) accused(t trigger) []string {
	if keys, ok := r.accusation(); ok {
		return keys
	}
	for _, find := range []func(trigger) (mention, bool){r.owner, r.author, r.launcher, r.doer} {
		if m, ok := find(t); ok {
			return r.sides(m)
		}
	}
	return nil
}

// sides takes "both sides" apart where the sentence names them.
func (r *reading) sides(m mention) []string {
	if m.key != "side:both" {
		return []string{m.key}
	}
	return nil
}

// accusation reads "A accused B", and "A and B accused each other".
func (r *reading) accusation() ([]string, bool) {
	for _, a := range r.marks["accuse"] {
		for i, m := range r.mentions {
			if m.from < a.to || m.from-a.to > 2 {
				continue
			}
			if m.key != "side:both" {
				return []string{m.key}, true
			}
			var keys []string
			for _, other := range r.mentions[:i] {
				if strings.HasPrefix(other.key, "state:") && !slices.Contains(keys, other.key) {
					keys = append(keys, other.key)
				}
			}
			return keys, true
		}
	}
	return nil, false
}

// owner is whose the act or weapon is: "Russian shelling", "Ukraine's drones", "російські
// дрони", "удари окупантів". A noun that merely stands beside it may be who was hit.
func (r *reading) owner(t trigger) (mention, bool) {
	if t.verb {
		return mention{}, false
	}
	for _, m := range r.mentions {
		if !accusable(m) {
			continue
		}
		within := t.from < m.from && m.to <= t.to // "атак українських військ" is by them
		if (m.from == t.to || within) && r.isForce(m) || within && m.to > m.bare {
			return m, true
		}
		m.to = min(m.to, max(m.bare, min(m.to, t.from)))
		if gap := t.from - m.to; gap >= 0 && gap <= 1 && r.describes(m, gap, t) {
			return m, true
		}
	}
	return mention{}, false
}

// describes says whether a mention before an act or weapon says whose it is.
func (r *reading) describes(m mention, gap int, t trigger) bool {
	last := m.to - 1
	if gap == 1 && (r.words[m.to].sign || r.isVerb(m.to) || r.covers("defend", m.to) || r.covers("preposition", m.to) || r.covers("locative", m.to) || r.covers("passive", m.to) || r.covers("say", m.to) || m.behind && r.sits(m)) {
		return false
	}
	if isCyrillic(r.words[m.from].word) {
		return m.to-m.from == 1 && isOfState(r.words[last].word) && (gap == 0 || isSlavicAdjective(r.words[m.to].word) || r.words[m.to].isNumber)
	}
	if m.owner || r.words[last].owner || isDemonym(r.words[last].word) || strings.HasPrefix(m.key, "side:") || m.key == "group:armed_formations" {
		return true
	}
	return gap == 0 && t.at < 0 && !m.behind && m.from > 0 && !r.isVerb(m.from-1) || gap == 0 && m.from == 0
}

// sits says whether a place, not an owner, stands behind a preposition: "on Russian soil".
func (r *reading) sits(m mention) bool {
	return m.from > 0 && r.words[m.from-1].word != "by" && r.words[m.from-1].word != "of" && r.words[m.from-1].word != "with"
}

// isDemonym says whether an English word is an adjective of a state, not its name.
func isDemonym(word string) bool {
	for _, end := range []string{"ian", "ish", "ench", "utch", "ese", "man", "rean"} {
		if strings.HasSuffix(word, end) {
			return true
		}
	}
	return false
}

// isForce says whether a mention is of armed forces by its name: "артилерія ЗСУ". A state
// that stands there may be the one that was shelled.
func (r *reading) isForce(m mention) bool {
	w := r.words[m.from]
	return w.caps || isCyrillic(w.word) && r.caseOf(m) == caseObject && !isOfState(w.word) && m.to == m.bare && (m.key == "side:enemy" || m.key == "state:RU")
}

func accusable(m mention) bool {
	return strings.HasPrefix(m.key, "state:") || strings.HasPrefix(m.key, "side:") || m.key == "group:armed_formations"
}

// author is "shelling by Russian forces", "обстріл з боку РФ", "атаковано росіянами". Who
// shot something down is no author.
func (r *reading) author(t trigger) (mention, bool) {
	last := max(t.to, t.at+1)
	for _, b := range r.marks["by"] {
		if b.from < t.from || b.from-last > byReach || t.defended && !r.covers("attack", b.from-1) {
			continue
		}
		from := r.words[b.from].word == "from" // of places too
		for _, m := range r.mentions {
			if m.from >= b.to && m.from-b.to <= 1 && accusable(m) && (!from || m.to > m.bare || r.covers("suffers", m.to)) {
				return m, true
			}
		}
	}
	if t.defended || t.verb && !r.suffers(t.from) {
		return mention{}, false
	}
	for _, m := range r.mentions {
		if m.from >= last && m.from-last <= 1 && accusable(m) && r.agentive(m) && r.caseOf(m) == caseAgent {
			return m, true
		}
	}
	return mention{}, false
}

// launcher is who sent what was shot down: "36 drones that Russia had launched", "36
// дронів, які запустила Росія".
func (r *reading) launcher(t trigger) (mention, bool) {
	for _, v := range r.marks["attack"] {
		if v.from < t.to || v.from-t.to > launchReach || !r.isVerb(v.from) || !t.defended && !r.relative(t.to, v.from) {
			continue
		}
		for _, m := range r.mentions {
			before := m.from >= t.to && m.to <= v.from && v.from-m.to <= 1
			behind := m.from >= v.to && m.from-v.to <= 1 && r.caseOf(m) == caseSubject
			if accusable(m) && (before || behind) && !m.behind {
				return m, true
			}
		}
	}
	return mention{}, false
}

// relative says whether a word between two begins a clause about what stands before it:
// "drones that", "дронів, які".
func (r *reading) relative(from, to int) bool {
	return slices.ContainsFunc(r.words[from:to], func(t token) bool { return slices.Contains(relatives, t.word) })
}

// relatives are the words by which a clause about a noun begins.
var relatives = []string{"яка", "який", "які", "яку", "якого", "яких", "що", "которая", "который", "которые", "которую", "которого", "которых", "which", "that", "who"}

// sufferers are those of them that stand for who suffers.
var sufferers = []string{"яку", "якого", "яких", "которую", "которого", "которых"}

// doer is who stands with the verb as its subject: "Russian forces shelled".
func (r *reading) doer(t trigger) (mention, bool) {
	verb := r.verbOf(t)
	if verb < 0 || r.suffers(verb) {
		return mention{}, false
	}
	if m, ok := r.pronounDoer(verb); ok {
		return m, true
	}
	before, found, suffered := r.subjectBefore(verb)
	if found && (!isCyrillic(r.words[verb].word) || r.caseOf(before) == caseSubject) {
		return before, true
	}
	if !isCyrillic(r.words[verb].word) {
		return mention{}, false
	}
	behind, sure := r.subjectBehind(verb)
	switch {
	case behind == nil:
		return before, found
	case sure || !found && suffered:
		return *behind, true
	}
	return mention{}, false // either may have done it
}

// pronounDoer is who is meant by "it" or "they" before an English verb: who spoke last of
// itself in the sentence, "the Russian army claims it struck".
func (r *reading) pronounDoer(verb int) (mention, bool) {
	at := verb - 1
	for at > 0 && (r.words[at].word == "had" || r.words[at].word == "has" || r.words[at].word == "have") {
		at--
	}
	if at <= 0 || r.words[at].word != "it" && r.words[at].word != "they" {
		return mention{}, false
	}
	for _, t := range r.tellings() {
		if t.verb.to > at || at-t.verb.to > 1 {
			continue
		}
		for _, m := range r.mentions {
			if m.from >= t.from && m.to <= t.to && !m.behind && !m.owner && accusable(m) && r.agentive(m) {
				return m, true
			}
		}
	}
	return mention{}, false
}

// verbOf is the verb by which an act is done; -1: none.
func (r *reading) verbOf(t trigger) int {
	switch {
	case t.verb:
		return t.from
	case t.defended:
		return -1
	case t.at >= 0 && r.covers("shell", t.at):
		return t.at
	case t.at >= 0 && r.isVerb(t.at):
		if t.at < t.from || isCyrillic(r.words[t.at].word) && !r.weaponActs(t) {
			return t.at
		}
		return -1
	}
	return r.carried(t)
}

// weaponActs says whether a Slavic weapon is the subject of its verb: "дрони атакували",
// not "дронами атакували".
func (r *reading) weaponActs(t trigger) bool {
	word := r.words[t.to-1].word
	return !strings.HasSuffix(word, "ами") && !strings.HasSuffix(word, "ою") && !strings.HasSuffix(word, "ом") && !strings.HasSuffix(word, "ями") && !strings.HasSuffix(word, "ой")
}

// subjectBefore is who stands before a verb and may be its subject; suffered says that who
// suffers stands there.
func (r *reading) subjectBefore(verb int) (m mention, found, suffered bool) {
	for i := len(r.mentions) - 1; i >= 0; i-- {
		m := r.mentions[i]
		if m.to > verb {
			continue
		}
		if verb-m.to > doerReach || r.walled(m.to, verb) || r.saysBetween(m.to, verb) || r.cutOff(m.to, verb) {
			break
		}
		if m.behind || m.owner || !accusable(m) {
			continue
		}
		switch r.caseOf(m) {
		case caseObject:
			suffered = true
			continue
		case caseAgent, caseOther:
			continue
		}
		if !r.agentive(m) && r.covers("suffers", m.to) {
			suffered = true
			continue
		}
		return m, r.agentive(m), suffered
	}
	return mention{}, false, suffered
}

// subjectBehind is who stands behind a Slavic verb and may be its subject; sure if its case
// tells.
func (r *reading) subjectBehind(verb int) (m *mention, sure bool) {
	for i := range r.mentions {
		m := &r.mentions[i]
		if m.from <= verb {
			continue
		}
		if m.from-verb > doerReach || r.walled(verb, m.from) || r.saysBetween(verb+1, m.from) || r.cutOff(verb, m.from) {
			break
		}
		if m.behind || m.owner || !accusable(*m) || !r.agentive(*m) || r.isCity(m.from) {
			continue
		}
		switch r.caseOf(*m) {
		case caseSubject:
			return m, true
		case caseEither, caseUnknown:
			return m, false
		}
	}
	return nil, false
}

// cutOff says whether another clause begins between two words: one comma, or a word that
// stands for who suffers ("яку").
func (r *reading) cutOff(from, to int) bool {
	commas := 0
	for _, t := range r.words[from:to] {
		switch {
		case t.sign && t.word == ",":
			commas++
		case slices.Contains(sufferers, t.word):
			return true
		case slices.Contains(relatives, t.word):
			commas++
		}
	}
	return commas%2 == 1
}

// agentive says whether a mention is of somebody who acts, not an adjective of what stands
// behind it: "Ukrainian forces", not "Ukrainian positions".
func (r *reading) agentive(m mention) bool {
	if m.to > m.bare || strings.HasPrefix(m.key, "group:") || strings.HasPrefix(m.key, "person:") {
		return true
	}
	word := r.words[m.to-1].word
	if isCyrillic(word) {
		return !isOfState(word)
	}
	return !isDemonym(word)
}

// suffers says whether a verb tells of what was done to its subject.
func (r *reading) suffers(verb int) bool {
	word := r.words[verb].word
	if isCyrillic(word) {
		return isParticiple(word) || r.covers("passive", verb) || r.endsAt("passive", verb) && !r.isVerb(verb)
	}
	if verb+1 < len(r.words) && r.words[verb+1].word == "by" {
		return true
	}
	for i := verb - 1; i >= max(0, verb-4); i-- {
		if r.covers("passive", i) {
			return true
		}
		if w := r.words[i].word; !strings.HasSuffix(w, "ly") && w != "not" && w != "also" && w != "again" && w != "twice" {
			return false
		}
	}
	return false
}

// carried is the verb by which a noun is done: "Russia carried out 12 airstrikes".
func (r *reading) carried(t trigger) int {
	for _, m := range r.marks["carry"] {
		if m.to <= t.from && t.from-m.to <= 5 || isCyrillic(r.words[m.from].word) && m.from >= t.to && m.from-t.to <= 2 && !r.comma(t.to, m.from) {
			return m.from
		}
	}
	return -1
}
