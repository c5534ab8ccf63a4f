package claim

import (
	"slices"
	"strings"
)

// found is one way a pattern fits a sentence.
type found struct {
	from, to int
	actors   []mention
	subject  string
	verb     int  // the first word behind the actors
	document bool // it is of a text
	land     bool // who acts is "his country"
	earlier  bool // it is of what the sentence before was about
	about    int  // the word the subject begins with; -1: none
}

// match is the first fit of a pattern that begins at a word.
func (r *reading) match(pattern []part, from int) (found, bool) {
	r.steps = 0
	return r.fit(pattern, from, found{from: from, to: from, about: -1})
}

// mayBegin says whether a part can stand at a word; it spares most searches.
func (r *reading) mayBegin(p *part, at int) bool {
	if p.optional {
		return true
	}
	for i := range p.choices {
		switch c := &p.choices[i]; c.section {
		case "":
			if c.word.matches(&r.words[at]) {
				return true
			}
		case "actors":
			if len(r.groups[at].list) > 0 {
				return true
			}
		default:
			if _, ok := r.at(c.section, at); ok {
				return true
			}
		}
	}
	return false
}

// fit matches the rest of a pattern from a word on.
func (r *reading) fit(pattern []part, at int, f found) (found, bool) {
	if r.steps++; r.steps > maxSteps {
		return found{}, false
	}
	if len(pattern) == 0 {
		f.to = at
		return f, true
	}
	p, rest := pattern[0], pattern[1:]
	if p.gap > 0 {
		return r.overGap(p, rest, at, f)
	}
	for _, c := range p.choices {
		if got, ok := r.fitChoice(c, rest, at, f); ok {
			return got, true
		}
	}
	if p.optional {
		return r.fit(rest, at, f)
	}
	return found{}, false
}

// overGap tries the shortest gap first.
func (r *reading) overGap(p part, rest []part, at int, f found) (found, bool) {
	for n := 0; ; n++ {
		if got, ok := r.fit(rest, at+n, f); ok {
			return got, true
		}
		if n == p.gap || at+n >= len(r.words) || r.walls[at+n] || !p.loose && r.tight[at+n] {
			return found{}, false
		}
	}
}

func (r *reading) fitChoice(c choice, rest []part, at int, f found) (found, bool) {
	switch {
	case at >= len(r.words):
		return found{}, false
	case c.section == "":
		if !c.word.matches(&r.words[at]) {
			return found{}, false
		}
		return r.fit(rest, at+1, f)
	case c.section == "actors":
		return r.fitActors(c, rest, at, f)
	}
	m, ok := r.at(c.section, at)
	if !ok || c.key != "" && c.key != m.key {
		return found{}, false
	}
	if c.section == "subject" {
		f.subject, f.about = m.key, m.from
	}
	f.document = f.document || c.section == "document"
	f.earlier = f.earlier || c.section == "anaphora"
	f.land = f.land || c.section == "pronoun" && m.key == "land"
	return r.fit(rest, m.to, f)
}

// fitActors takes the last actors of a pattern for those who act; <actors=other> are not.
func (r *reading) fitActors(c choice, rest []part, at int, f found) (found, bool) {
	g := &r.groups[at]
	if len(g.list) == 0 {
		return found{}, false
	}
	ofSubject := len(rest) > 0 && len(rest[0].choices) > 0 && slices.Contains(owned, rest[0].choices[0].section)
	last := g.list[len(g.list)-1]
	if last.owner && !ofSubject || g.list[0].behind && f.from == at || strings.HasPrefix(g.list[0].key, "side:") {
		return found{}, false
	}
	if c.key == "parliament" && !r.ofParliament(g.list[0]) {
		return found{}, false
	}
	if c.key != "other" {
		f.actors = g.list
	}
	for _, end := range g.ends {
		f.verb = end
		if got, ok := r.fit(rest, end, f); ok {
			return got, true
		}
	}
	return r.fitSecond(rest, g.ends[0], f)
}

// owned are the sections of what an owner may stand before: "Italian soldiers", "Berlin's
// pledge".
var owned = []string{"subject", "part", "pledge"}

// fitSecond fits what follows on actors behind an "and" that joins a second verb to the first:
// "Sweden changed its mind and will send". Nobody else may act between.
func (r *reading) fitSecond(rest []part, end int, f found) (found, bool) {
	for at := end + 1; at < min(len(r.words), end+coordReach); at++ {
		if r.walls[at] || len(r.groups[at].list) > 0 && !r.groups[at].list[0].behind {
			break
		}
		if !isAnd(r.words[at].word) || at+1 >= len(r.words) {
			continue
		}
		next := rest
		if len(next) > 1 && next[0].gap > 0 {
			next = next[1:]
		}
		f.verb = at + 1
		if got, ok := r.fit(next, at+1, f); ok {
			return got, true
		}
	}
	return found{}, false
}

// ofParliament says whether a mention is of a parliament or government that decides.
func (r *reading) ofParliament(m mention) bool {
	return slices.ContainsFunc(r.marks["parliament"], func(p mark) bool { return m.from <= p.from && p.to <= m.to })
}

// blocked says why a fit is no claim: asked, doubted, supposed, long ago.
func (r *reading) blocked(f found) bool {
	if r.endsAt("ask", f.from) || r.endsAt("hedge", f.from) {
		return true
	}
	for i := f.from; i < f.to; i++ {
		if r.covers("hedge", i) && !r.covers("agree", i) && !r.covers("will", i) && !r.covers("subject", i) && !r.covers("back", i) && !r.covers("have", i) && !r.covers("oppose", i) {
			return true
		}
	}
	if slices.ContainsFunc(r.marks["accuse"], func(m mark) bool { return m.to <= f.from }) {
		return true // of what somebody is blamed for nobody promises
	}
	if slices.ContainsFunc(r.marks["doubt"], func(m mark) bool {
		return m.to <= f.from && f.from-m.to <= doubtReach && !r.walled(m.to, f.from)
	}) {
		return true // "doubts that Russia would accept"
	}
	return slices.ContainsFunc(r.marks["condition"], func(m mark) bool {
		return m.to <= f.from && !r.comma(m.to, f.from)
	})
}

// comma says whether a comma stands between two words.
func (r *reading) comma(from, to int) bool {
	return slices.ContainsFunc(r.words[from:to], func(t token) bool { return t.sign && t.word == "," })
}

// condition is the part of the sentence that says on what the promise depends.
func (r *reading) condition(f found) string {
	for _, m := range r.marks["condition"] {
		end := len(r.words)
		for i := m.to; i < len(r.words); i++ {
			if r.words[i].sign && strings.Contains(",.;:\"-", r.words[i].word) {
				end = i
				break
			}
		}
		if m.from >= f.verb || end <= f.from {
			return r.text(m.from, end)
		}
	}
	return ""
}

// text is the words [from, to) verbatim.
func (r *reading) text(from, to int) string {
	if from >= to || from >= len(r.words) {
		return ""
	}
	return r.Text[r.words[from].from:r.words[to-1].to]
}
