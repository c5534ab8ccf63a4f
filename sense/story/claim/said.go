package claim

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/trucewatch/truce"
)

// said is the claims of promises, refusals, positions and changes of texts in a sentence.
// Of one actor and subject the first rule that fits counts.
func (r *reading) said(rules []rule, year int) []truce.Claim {
	if r.question() || r.elsewhere(year) || len(r.marks["deny"]) > 0 || len(r.marks["false"]) > 0 || !r.aboutSomething() {
		return nil
	}
	var out []truce.Claim
	seen := map[string]bool{}
	for i := range rules {
		rule := &rules[i]
		if rule.headline && !r.headline {
			continue
		}
		for _, f := range r.fits(rule) {
			for _, c := range r.claims(rule, f) {
				key := c.Said.Actor + " " + c.Said.Subject
				if rule.kind == truce.ClaimDocument {
					key = "document"
				}
				if !seen[key] {
					seen[key] = true
					out = append(out, c)
				}
			}
		}
	}
	return out
}

// aboutSomething says whether a sentence names anything that promises are about.
func (r *reading) aboutSomething() bool {
	return len(r.marks["subject"])+len(r.marks["document"]) > 0 || r.previous != "" && len(r.marks["anaphora"]) > 0
}

// fits is where a rule fits, no fit over another.
func (r *reading) fits(rule *rule) []found {
	var out []found
	patterns := r.possible(rule)
	for at := 0; at < len(r.words) && len(patterns) > 0; at++ {
		for _, pattern := range patterns {
			if !r.mayBegin(&pattern[0], at) {
				continue
			}
			f, ok := r.match(pattern, at)
			if ok && !r.blocked(f) && !r.failed(rule, f) && !r.nothing(rule, f) {
				out = append(out, f)
				at = max(at, f.to-1)
				break
			}
		}
	}
	return out
}

// possible is the patterns of a rule of which every part that must be there may be: it
// spares the search for most.
func (r *reading) possible(rule *rule) [][]part {
	var out [][]part
	for _, pattern := range rule.patterns {
		if !slices.ContainsFunc(pattern, func(p part) bool { return p.gap == 0 && !p.optional && !r.anyOf(p) }) {
			out = append(out, pattern)
		}
	}
	return out
}

// anyOf says whether a sentence has something that a part may be. Of single words it does
// not look.
func (r *reading) anyOf(p part) bool {
	return slices.ContainsFunc(p.choices, func(c choice) bool {
		switch c.section {
		case "":
			return true
		case "actors":
			return len(r.mentions) > 0
		}
		return len(r.marks[c.section]) > 0
	})
}

// failed says whether what a fit would promise was not done: "failed to ratify".
func (r *reading) failed(rule *rule, f found) bool {
	if rule.kind != truce.ClaimCommitment && rule.stance != stanceFor {
		return false
	}
	return slices.ContainsFunc(r.marks["fail"], func(m mark) bool { return f.from <= m.from && m.from < f.to })
}

// nothing says whether what a fit would promise is nothing: "will send no troops", "a statement
// without mention of peacekeepers".
func (r *reading) nothing(rule *rule, f found) bool {
	return rule.kind == truce.ClaimCommitment && f.about > f.verb && r.before("neg", f.about, 3) && !r.before("neg", f.verb, 1)
}

// claims makes one claim for each actor.
func (r *reading) claims(rule *rule, f found) []truce.Claim {
	said := truce.Said{Subject: f.subject, Firmness: rule.firmness, Stance: rule.stance, Condition: r.condition(f),
		Reversal: rule.reversal || len(r.marks["reversal"]) > 0, What: r.what(f)}
	if rule.kind == truce.ClaimDocument {
		return r.document(rule, f, said)
	}
	switch {
	case said.Subject != "":
	case f.earlier:
		said.Subject = r.previous
	case f.document:
		said.Subject = "document"
	default:
		said.Subject = r.nearSubject(f)
	}
	if said.Subject == "" {
		return nil
	}
	said.Subject = r.stronger(f, said.Subject)
	actors := f.actors
	if len(actors) == 0 {
		nearest := r.nearest(f.from)
		if nearest == nil {
			return nil
		}
		actors = []mention{*nearest}
	}
	said.To, said.Against = r.others(rule, f, actors)
	var out []truce.Claim
	for _, m := range actors {
		one := said
		if one.Actor = m.key; f.land {
			one.Actor = cmp.Or(m.state, book().names[m.key+" state"], m.key)
		}
		confidence := rule.confidence
		if m.pronoun {
			confidence *= trustPronoun
		}
		out = append(out, truce.Claim{Kind: rule.kind, Said: &one, Rule: rule.name, Confidence: confidence})
	}
	return out
}

// stronger is the subject that a weak one belongs to: of "drones for the monitoring
// mission" the mission.
func (r *reading) stronger(f found, subject string) string {
	weak, ok := r.at("subject", max(0, f.about))
	if f.about < 0 || !ok {
		return subject
	}
	if next := weak.to; next+1 < len(r.words) && (r.words[next].word == "for" || r.words[next].word == "для") {
		if of, ok := r.at("subject", next+1); ok && subject == "weapons" && of.key == "air_defence" {
			return of.key // "missiles for Patriot"
		}
	}
	if weak.attrs["weak"] == "" {
		return subject
	}
	for _, m := range r.marks["subject"] {
		if m.from >= weak.to && m.from-weak.to <= subjectReach && (m.attrs["weak"] == "" || subject == "money" && m.key != subject) && !r.walled(weak.to, m.from) && !r.comma(weak.to, m.from) {
			return m.key
		}
	}
	return subject
}

// nearest is the last actor before a word, or else whoever the sentence is about.
func (r *reading) nearest(at int) *mention {
	for i := len(r.mentions) - 1; i >= 0; i-- {
		if m := &r.mentions[i]; m.to <= at && !m.behind && !m.owner && !strings.HasPrefix(m.key, "side:") {
			return m
		}
	}
	return r.lead
}

// document is the claim that a text changed: the actor is the text, the subject what was
// taken out or put in.
func (r *reading) document(rule *rule, f found, said truce.Said) []truce.Claim {
	said.Subject = "document"
	for _, m := range r.marks["subject"] {
		if m.from >= f.from {
			said.Subject = m.key
			break
		}
		said.Subject = m.key // "a mention of sanctions was removed"
	}
	said.Actor = "document"
	if len(f.actors) > 0 {
		said.Actor = f.actors[0].key
	}
	said.Firmness, said.Stance, said.Condition = "", "", ""
	for _, m := range r.marks["earlier"] {
		words := r.text(m.from, m.to)
		switch {
		case r.words[m.to-1].word == "draft" && r.words[m.from].word != "the", strings.Contains(m.key, "early"):
			said.From = words
		default:
			said.Into = words
		}
	}
	return []truce.Claim{{Kind: rule.kind, Said: &said, Rule: rule.name, Confidence: rule.confidence}}
}

// nearSubject is the subject nearest behind the fit in the sentence, or before it.
func (r *reading) nearSubject(f found) string {
	key := ""
	for _, m := range r.marks["subject"] {
		if key = m.key; m.from >= f.to {
			break
		}
	}
	return key
}

// others is for whom a promise is, and whose plan is refused.
func (r *reading) others(rule *rule, f found, actors []mention) (to, against string) {
	for _, m := range r.mentions {
		if m.from < f.verb || m.pronoun || slices.ContainsFunc(actors, func(a mention) bool { return a.key == m.key }) {
			continue
		}
		if rule.kind == truce.ClaimObjection && against == "" && (m.to == f.about || m.bare == f.about) {
			against = m.key
			continue
		}
		if to == "" && !strings.HasPrefix(m.key, "side:") {
			to = m.key
		}
	}
	return to, against
}

// what is what is promised or held, in the words of the text, from the verb to the end of
// the clause.
func (r *reading) what(f found) string {
	begin, end := min(f.verb, f.to), f.to
	if begin >= end {
		begin = f.from
	}
	for begin < end && r.words[begin].sign {
		begin++
	}
	for end < len(r.words) && !r.walls[end] && !(r.words[end].sign && strings.Contains(",.;\"", r.words[end].word)) {
		end++
	}
	text := r.text(begin, end)
	if utf8.RuneCountInString(text) > maxWhat {
		text = strings.TrimSpace(firstRunes(text, maxWhat-1)) + "…"
	}
	return text
}

// question says whether a sentence asks.
func (r *reading) question() bool {
	return strings.HasSuffix(strings.TrimRight(r.Text, "\"'”’») "), "?")
}

// elsewhere says whether a sentence tells of another time, or of no real one.
func (r *reading) elsewhere(year int) bool {
	if len(r.marks["unreal"]) > 0 || len(r.marks["history"]) > 0 {
		return true
	}
	for i, t := range r.words {
		if year > 0 && t.isNumber && len(t.raw) == 4 && t.number >= 1800 && int(t.number) < year-1 && r.isYear(i) {
			return true
		}
	}
	return false
}

// isYear says whether a number stands where years stand.
func (r *reading) isYear(i int) bool {
	if i+1 < len(r.words) {
		switch r.words[i+1].word {
		case "року", "році", "р", "года", "году", "г":
			return true
		}
	}
	if i == 0 || r.endsAt("month", i) {
		return true
	}
	switch r.words[i-1].word {
	case "in", "since", "from", "of", "by", "the", "у", "в", "з", "із", "до", "с":
		return true
	}
	return false
}
