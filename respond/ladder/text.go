package ladder

import (
	"strconv"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// Text is one plain sentence for a step, in English or Ukrainian ("en", "uk"; any other
// language is English). Times are UTC. It says what was recorded and never who is to
// blame; people's own words stand in quotation marks.
func Text(s truce.CaseStep, terms truce.Ladder, lang string) string {
	p := printer{words: wordsIn(lang), terms: terms, lang: lang}
	out := p.step(s)
	if s.Late != 0 {
		out += " " + p.fill("late", "late", p.time(s.Late), "due", p.time(s.At))
	}
	return out
}

// GroundText is one criterion that holds, in words.
func GroundText(g truce.Ground, lang string) string {
	p := printer{words: wordsIn(lang), lang: lang}
	return p.ground(g)
}

// printer fills the sentences of one language.
type printer struct {
	words map[string]string
	terms truce.Ladder
	lang  string
}

// fill puts values into a sentence: each {name} is followed in pairs by its value. What is
// put in is not looked through again.
func (p printer) fill(key string, pairs ...string) string {
	rest, out := p.words[key], strings.Builder{}
	for {
		before, after, found := strings.Cut(rest, "{")
		name, next, closed := strings.Cut(after, "}")
		if !found || !closed {
			out.WriteString(rest)
			return out.String()
		}
		out.WriteString(before)
		out.WriteString(valueOf(name, pairs))
		rest = next
	}
}

// valueOf is the value of a name, or its place as it stands where it has none.
func valueOf(name string, pairs []string) string {
	for n := 0; n+1 < len(pairs); n += 2 {
		if pairs[n] == name {
			return pairs[n+1]
		}
	}
	return "{" + name + "}"
}

// plural is the sentence for one, where the language has one of its own.
func (p printer) plural(key string, n int64) string {
	if _, has := p.words[key+".one"]; has && n == 1 {
		return key + ".one"
	}
	return key
}

func (p printer) time(t truce.Instant) string {
	if t == 0 {
		return p.words["none"]
	}
	return t.Time().Format("2006-01-02 15:04:05") + " UTC"
}

// length writes a length of time with the units of the language.
func (p printer) length(micros int64) string {
	text := truce.DurationText(time.Duration(micros) * time.Microsecond)
	if p.words["units"] == "" {
		return text
	}
	var out []string
	for _, word := range strings.Fields(text) {
		if local, ok := p.words["unit."+word]; ok {
			word = local
		}
		out = append(out, word)
	}
	return strings.Join(out, " ")
}

// word is a word of the vocabulary in the language, the word itself when it has none.
func (p printer) word(group, word string) string {
	if local, ok := p.words[group+"."+word]; ok {
		return local
	}
	return strings.ReplaceAll(word, "_", " ")
}

func (p printer) tier(id truce.TierID) string {
	if t, ok := p.terms.Tier(id); ok {
		if name := t.Names.In(p.lang); name != "" && name != string(id) {
			return string(id) + " (" + name + ")"
		}
	}
	return string(id)
}

// clock is the name of a clock in quotation marks, with whose it is and which round.
func (p printer) clock(c truce.ClockChange) string {
	name := c.Clock
	for _, t := range allClocks(p.terms) {
		if t.ID == c.Clock {
			name = either(t.Names.In(p.lang), name)
		}
	}
	var more []string
	if c.For != "" {
		more = append(more, c.For)
	}
	if c.Round > 1 {
		more = append(more, p.fill("round", "n", strconv.Itoa(c.Round)))
	}
	name = p.words["quote"] + name + p.words["unquote"]
	if len(more) > 0 {
		name += " (" + strings.Join(more, ", ") + ")"
	}
	return name
}

func allClocks(l truce.Ladder) []truce.ClockTerm {
	var out []truce.ClockTerm
	for _, t := range l.Tiers {
		out = append(out, t.Clocks...)
	}
	for _, path := range l.Paths {
		out = append(out, path.Clocks...)
	}
	return out
}

// said is a person's text in quotation marks, or the machine's own reason in brackets.
func (p printer) said(s truce.CaseStep) string {
	switch {
	case s.Text == "":
		return ""
	case s.Deed != nil:
		return ": " + p.words["quote"] + strings.TrimSuffix(s.Text, ".") + p.words["unquote"]
	}
	return " (" + p.word("words", s.Text) + ")"
}

func (p printer) person(s truce.CaseStep) string {
	if s.Deed == nil {
		return p.words["machine"]
	}
	if s.Deed.Office != "" {
		return string(s.Deed.Person) + " (" + p.word("office", string(s.Deed.Office)) + ")"
	}
	return string(s.Deed.Person)
}

func (p printer) because(g []truce.Ground, words []string) string {
	var out []string
	for _, one := range g {
		out = append(out, p.ground(one))
	}
	if len(out) == 0 {
		out = words
	}
	return strings.Join(out, "; ")
}

func (p printer) ground(g truce.Ground) string {
	have, want := strconv.FormatInt(g.Have, 10), strconv.FormatInt(g.Want, 10)
	what := g.What
	switch g.Kind {
	case truce.GroundWithin, truce.GroundLasting, truce.GroundAfter, truce.GroundUnexplained, truce.GroundQuiet:
		want = p.length(g.Want)
		if g.Kind != truce.GroundWithin {
			have = p.length(g.Have)
		}
	case truce.GroundBlind:
		want = p.length(g.Want)
	case truce.GroundOccurrence:
		what = p.word("occurrence", what)
	case truce.GroundAttribution:
		what = p.word("level", what)
	case truce.GroundHits:
		if what == "" {
			what = "incident"
		}
		what = p.word("unit_of", what)
	case truce.GroundActs:
		what = strings.ReplaceAll(what, "_", " ")
	}
	if g.Kind == truce.GroundBlind && what == "" {
		what = p.words["the_line"]
	}
	return p.fill(p.plural("ground."+string(g.Kind), g.Have), "have", have, "want", want, "what", what)
}

func instant(t truce.Instant) string {
	if t == 0 {
		return "no time"
	}
	return t.String()
}
