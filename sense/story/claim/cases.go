package claim

import (
	"strings"
	"unicode/utf8"
)

// nounCase is what the form of a word says of who acts.
type nounCase int

const (
	caseUnknown nounCase = iota // the form does not change: English, abbreviations
	caseSubject
	caseObject
	caseEither // subject and object have one form
	caseAgent  // by whom
	caseOther
)

var caseNames = map[string]nounCase{"subject": caseSubject, "object": caseObject, "either": caseEither, "agent": caseAgent, "other": caseOther}

// caseForms is the cases of words and of endings.
type caseForms struct {
	words, endings map[string]nounCase
}

// readCases reads lines of the form "subject = -ія москва".
func readCases(text string) caseForms {
	out := caseForms{words: map[string]nounCase{}, endings: map[string]nounCase{}}
	for _, line := range joined(text) {
		line, _, _ = strings.Cut(line, "#")
		name, list, ok := strings.Cut(line, "=")
		c, known := caseNames[strings.TrimSpace(name)]
		if !ok || !known {
			continue
		}
		for form := range strings.FieldsSeq(list) {
			if ending, is := strings.CutPrefix(form, "-"); is {
				out.endings[ending] = c
			} else {
				out.words[form] = c
			}
		}
	}
	return out
}

// of is the case of a folded word.
func (f caseForms) of(word string) nounCase {
	if c, ok := f.words[word]; ok {
		return c
	}
	for i := range word {
		if c, ok := f.endings[word[i:]]; ok && i > 0 {
			return c
		}
	}
	return caseUnknown
}

// caseOf is the case in which a mention stands. Of "армія РФ" the first word tells.
func (r *reading) caseOf(m mention) nounCase {
	w := r.words[m.from]
	if m.from > 0 && r.endsAt("force", m.from) && isCyrillic(r.words[m.from-1].word) {
		return loaded().cases.of(r.words[m.from-1].word)
	}
	if !isCyrillic(w.word) || w.caps {
		return caseUnknown
	}
	return loaded().cases.of(w.word)
}

func isCyrillic(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return first >= 0x400 && first <= 0x4FF
}

// isParticiple says whether a Slavic word tells of what was done to its subject.
func isParticiple(word string) bool {
	return endsIn(word, "ена", "ено", "ені", "ены", "ана", "ано", "ані", "аны", "яна", "яно", "яні", "ито", "ита", "иті", "уто")
}

// isSlavicAdjective says whether a Slavic word has an ending of adjectives.
func isSlavicAdjective(word string) bool {
	return endsIn(word, "ий", "ій", "ька", "ьке", "ькі", "ьку", "ькою", "ької", "ого", "ому", "их", "ими", "ним", "ким", "ні", "на", "ної", "ною",
		"ый", "ая", "ое", "ые", "ых", "ыми", "ой", "ую", "кие", "ові") && word != "україна" && word != "украина"
}

// isOfState says whether a Slavic word is an adjective of a state or of the enemy.
func isOfState(word string) bool {
	for _, stem := range []string{"ськ", "цьк", "зьк", "ск", "ворож"} {
		if i := strings.LastIndex(word, stem); i > 0 || i == 0 && stem == "ворож" {
			return utf8.RuneCountInString(word[i+len(stem):]) <= 3 && !strings.HasPrefix(word, "москв")
		}
	}
	return false
}

func endsIn(word string, endings ...string) bool {
	for _, e := range endings {
		if strings.HasSuffix(word, e) {
			return true
		}
	}
	return false
}

// isVerb says whether a word of attack is a verb here: "attack", "strike" and "удар" may
// be nouns.
func (r *reading) isVerb(i int) bool {
	word := r.words[i].word
	if isCyrillic(word) {
		return endsIn(word, "ав", "ив", "ів", "ув", "яв", "ла", "ли", "ло", "ал", "ил", "ел", "ыл", "ає", "ує", "ює", "ують", "ють", "ить", "ять", "ует", "уют", "сли", "ено", "ано")
	}
	switch word {
	case "attack", "attacks", "strike", "strikes", "fire", "hit", "hits", "launch", "launches", "drop", "set":
		return i > 0 && (r.endsMention(i) || r.words[i-1].word == "to" || r.words[i-1].word == "and" || i > 0 && r.covers("force", i-1) || r.covers("weapon", i-1) || word == "hit" && !isArticle(r.words[i-1].word))
	}
	return r.covers("attack", i) || r.covers("shell", i) || r.covers("carry", i) || r.covers("strike", i)
}

func (r *reading) endsMention(i int) bool {
	for _, m := range r.mentions {
		if m.to == i {
			return true
		}
	}
	return false
}
