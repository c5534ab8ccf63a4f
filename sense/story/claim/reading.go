package claim

import (
	"cmp"
	"slices"
	"strings"

	"github.com/trucewatch/truce/internal/article"
)

// reading is one sentence with everything that was found in it.
type reading struct {
	Sentence
	headline bool
	words    []token
	marks    map[string][]mark
	mentions []mention
	groups   []group   // by the word they begin with; without actors where none do
	tight    []bool    // words that a tight gap may not hold
	walls    []bool    // words that no gap may hold
	lead     *mention  // the one that pronouns of the next sentence mean
	previous string    // the subject that the sentence before was about
	tellers  []telling // who tells what, once told is set
	told     bool
	steps    int
}

// mention is an actor as a sentence names it, the words [from, to).
type mention struct {
	from, to int
	bare     int // the end without words such as "forces"
	key      string
	state    string // the one whose office a person holds
	owner    bool   // "Kyiv's": what follows acts, not the owner
	behind   bool   // behind a preposition
	pronoun  bool
}

// group is one or several actors joined by "and".
type group struct {
	ends []int // where it may end, the longest first
	list []mention
}

// read finds everything in a sentence. before is what pronouns mean.
func (x *lexicon) reading(s Sentence, headline bool, before *mention) *reading {
	r := &reading{Sentence: s, headline: headline, words: tokens(s.Text), lead: before}
	r.marks = x.marks(r.words)
	r.adjust()
	r.findMentions(before)
	r.marks["shell"] = slices.DeleteFunc(r.marks["shell"], func(m mark) bool {
		return r.words[m.from].word == "shells" && !r.endsMention(m.from) // not the verb
	})
	r.groups = make([]group, len(r.words))
	for i := range r.mentions {
		g := r.groupAt(i)
		r.groups[r.mentions[i].from] = g
	}
	r.findWalls()
	for i := range r.mentions {
		if m := &r.mentions[i]; !m.pronoun && !m.behind && !m.owner && !strings.HasPrefix(m.key, "side:") {
			r.lead = m
			break
		}
	}
	return r
}

// adjust sets right what single words cannot tell: "not only" denies nothing, and "but
// also" turns nothing; a Ukrainian verb on -тиме is one of the future.
func (r *reading) adjust() {
	only := func(section string, words ...string) {
		r.marks[section] = slices.DeleteFunc(r.marks[section], func(m mark) bool {
			return m.to < len(r.words) && slices.Contains(words, r.words[m.to].word)
		})
	}
	if len(r.marks["neg"]) > 0 {
		only("neg", "only", "лише", "тільки", "только", "just")
	}
	if len(r.marks["barrier"]) > 0 {
		only("barrier", "also", "й", "також", "и", "также")
	}
	for _, m := range r.marks["provide"] {
		if endsIn(r.words[m.to-1].word, "тиме", "тимуть", "тимемо") {
			r.marks["future"] = append(r.marks["future"], m)
		}
	}
	slices.SortStableFunc(r.marks["future"], func(a, b mark) int { return cmp.Compare(a.from, b.from) })
	r.dismissed()
	r.marks["oppose"] = slices.DeleteFunc(r.marks["oppose"], func(m mark) bool {
		return m.from > 0 && endsIn(r.words[m.from-1].word, "voted", "votes", "vote", "голосував", "голосувала", "голосували", "голосовал", "голосовала", "голосовали")
	})
}

// dismissed adds to the denials where somebody dismisses what others say: "dismissed Russian
// claims that". To dismiss a plan is no denial.
func (r *reading) dismissed() {
	for _, d := range r.marks["dismiss"] {
		for _, a := range r.marks["accusation"] {
			if a.from >= d.to && a.from-d.to <= dismissReach && !r.comma(d.to, a.from) {
				r.marks["deny"] = append(r.marks["deny"], d)
				break
			}
		}
	}
	slices.SortStableFunc(r.marks["deny"], func(a, b mark) int { return cmp.Compare(a.from, b.from) })
}

// at is the mark of a section that begins at a word.
func (r *reading) at(section string, i int) (mark, bool) {
	list := r.marks[section]
	n, ok := slices.BinarySearchFunc(list, i, func(m mark, at int) int { return cmp.Compare(m.from, at) })
	if !ok {
		return mark{}, false
	}
	return list[n], true
}

// covers says whether a mark of a section holds a word.
func (r *reading) covers(section string, i int) bool {
	return slices.ContainsFunc(r.marks[section], func(m mark) bool { return m.from <= i && i < m.to })
}

// before is the mark of a section that ends before a word, at most n words away.
func (r *reading) before(section string, i, n int) bool {
	return slices.ContainsFunc(r.marks[section], func(m mark) bool { return m.to <= i && i-m.to < n })
}

func (r *reading) findMentions(before *mention) {
	end := 0
	for i := range r.words {
		if i < end {
			continue
		}
		if m, ok := r.mentionAt(i, before); ok {
			r.mentions = append(r.mentions, m)
			end = m.to
		}
	}
}

func (r *reading) mentionAt(i int, before *mention) (mention, bool) {
	behind := r.isBehind(i)
	if p, ok := r.at("pronoun", i); ok && p.key != "land" {
		if own := r.saying(i); own != nil && own.fits(p.key) {
			before = own
		}
		if before != nil && before.fits(p.key) {
			return mention{from: i, to: p.to, bare: p.to, key: before.key, state: before.state, pronoun: true, behind: behind}, true
		}
	}
	a, ok := r.at("actor", i)
	if !ok {
		if key := book().person(&r.words[i]); key != "" {
			return mention{from: i, to: i + 1, bare: i + 1, key: key, owner: r.words[i].owner, behind: behind}, true
		}
		return mention{}, false
	}
	m := mention{from: i, to: a.to, bare: a.to, key: a.key, owner: r.words[a.to-1].owner, behind: behind}
	if _, city := r.at("city", i); city && behind && r.locative(i-1) {
		return mention{}, false
	}
	if strings.HasPrefix(m.key, "state:") || strings.HasPrefix(m.key, "org:") || strings.HasPrefix(m.key, "side:") {
		r.extend(&m)
	}
	return m, true
}

// saying is who says what begins with a word: "Beijing said that it". nil: nobody does.
func (r *reading) saying(at int) *mention {
	if at > 0 && (r.words[at-1].word == "that" || r.words[at-1].word == "що" || r.words[at-1].word == "что") {
		at--
	}
	if at > 0 && r.words[at-1].word == "," {
		at--
	}
	for _, s := range r.marks["say"] {
		if s.to > at || at-s.to > 1 || r.covers("saidby", s.from) {
			continue
		}
		for i := range r.mentions {
			if m := &r.mentions[i]; !m.behind && !m.owner && m.to <= s.from && s.from-m.to <= 1 && !strings.HasPrefix(m.key, "side:") {
				return m
			}
		}
	}
	return nil
}

// isBehind says whether a preposition leads to a word, or to the one it is joined to.
func (r *reading) isBehind(i int) bool {
	if i == 0 {
		return false
	}
	if at := i - 1; at > 0 && (r.words[at].word == "of" || at > 1 && isArticle(r.words[at].word) && r.words[at-1].word == "of") && r.heads(at) {
		return false
	}
	if r.endsAt("preposition", i) || i > 1 && r.endsAt("preposition", i-1) && isArticle(r.words[i-1].word) {
		return true
	}
	k := len(r.mentions) - 1
	return k >= 0 && r.mentions[k].behind && r.mentions[k].to == i-1 && isAnd(r.words[i-1].word)
}

// heads says whether whoever leads stands before "of": "leaders of the coalition".
func (r *reading) heads(of int) bool {
	if r.words[of].word != "of" {
		of--
	}
	return r.covers("title", of-1) || r.covers("force", of-1)
}

func isArticle(word string) bool {
	switch word {
	case "the", "a", "an", "its", "their", "his", "her":
		return true
	}
	return false
}

func isAnd(word string) bool {
	switch word {
	case "and", "та", "і", "й", "и", "&":
		return true
	}
	return false
}

// locative says whether a word is an English preposition of place.
func (r *reading) locative(i int) bool {
	switch r.words[i].word {
	case "in", "at", "near", "over", "across", "inside", "from":
		return true
	}
	return false
}

// fits says whether a pronoun can mean a mention.
func (m *mention) fits(pronoun string) bool {
	person := strings.HasPrefix(m.key, "person:")
	return person == (pronoun == "person")
}

// extend takes what stands behind a state: its forces, or an office with the name of
// whoever holds it.
func (r *reading) extend(m *mention) {
	at := m.to
	if f, ok := r.at("force", at); ok {
		m.to, m.owner = f.to, r.words[f.to-1].owner
		if f2, ok := r.at("force", f.to); ok {
			m.to = f2.to
		}
		return
	}
	for range 3 {
		t, ok := r.at("title", at)
		if !ok {
			break
		}
		at = t.to
	}
	if at == m.to {
		return
	}
	m.to, m.owner = at, r.words[at-1].owner
	if a, ok := r.at("actor", at); ok && strings.HasPrefix(a.key, "person:") {
		m.to, m.bare, m.key, m.state, m.owner = a.to, a.to, a.key, m.key, r.words[a.to-1].owner
		return
	}
	end := at
	for end < len(r.words) && end-at < 3 && r.words[end].capital && !r.words[end].sign {
		end++
	}
	if end-at >= 2 {
		m.to, m.bare, m.key, m.state = end, end, "person:"+personKey(r.words[end-1].raw), m.key
	}
}

// personKey is the key of a family name that no dictionary has.
func personKey(name string) string { return strings.ReplaceAll(article.NameKey(name), " ", "_") }

func (r *reading) endsAt(section string, i int) bool {
	return slices.ContainsFunc(r.marks[section], func(m mark) bool { return m.to == i })
}

// groupAt is the mention and those joined to it.
func (r *reading) groupAt(n int) group {
	first := r.mentions[n]
	g := group{list: []mention{first}}
	for n++; n < len(r.mentions) && len(g.list) < 12; n++ {
		last, next := g.list[len(g.list)-1], r.mentions[n]
		if last.owner || next.pronoun || first.behind && !next.behind || !r.joins(last.to, next.from) {
			break
		}
		g.list = append(g.list, next)
	}
	tail := g.list[len(g.list)-1]
	g.ends = []int{tail.to}
	if tail.bare != tail.to {
		g.ends = append(g.ends, tail.bare)
	}
	return g
}

// joins says whether the words between two mentions join them.
func (r *reading) joins(from, to int) bool {
	if to <= from || to-from > 3 {
		return false
	}
	joined := false
	for _, t := range r.words[from:to] {
		switch t.word {
		case ",":
			joined = true
		case "and", "та", "і", "й", "и", "&", "as", "well", "також", "its", "their", "his", "її", "його", "їхні", "ее", "его", "the":
			joined = true
		default:
			if _, ok := r.at("title", from+1); !ok {
				return false
			}
		}
	}
	return joined
}

// findWalls marks the words that gaps may not hold.
func (r *reading) findWalls() {
	r.tight, r.walls = make([]bool, len(r.words)+1), make([]bool, len(r.words)+1)
	set := func(list []bool, from, to int) {
		for i := from; i < to; i++ {
			list[i] = true
		}
	}
	for _, section := range []string{"say", "agree", "neg", "oppose", "ruleout", "hedge", "will"} {
		for _, m := range r.marks[section] {
			if section == "hedge" && (r.covers("agree", m.from) || r.covers("will", m.from)) {
				continue
			}
			set(r.tight, m.from, m.to)
		}
	}
	for _, m := range r.mentions {
		if !m.behind {
			set(r.tight, m.from, m.to)
		}
	}
	for _, m := range r.marks["barrier"] {
		set(r.walls, m.from, m.to)
	}
	for i, t := range r.words {
		if t.sign && (t.word == ";" || t.word == ":") {
			r.walls[i] = true
		}
	}
}
