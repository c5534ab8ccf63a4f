package agreement

import (
	"fmt"
	"strings"

	truce "github.com/trucewatch/truce"
)

// maxPartWords bounds how many parts of the time a sentence lists.
const maxPartWords = 8

// spell is how a rule's conditions stand in one part of the time, or in several on end that
// are alike.
type spell struct {
	Span
	at     truce.Instant
	weight float64  // the probability that the moment lies in it and the rule holds then
	met    []factor // beside the plan's conditions
	over   bool     // more than are allowed then
	joint  span     // all of them but the time
}

// judgeParts holds a rule against an incident in whose time something turns that the rule
// rests on. The probability is that of the parts, each with the share of the time that lies
// in it: conditions that turn together are so taken together.
func (l *look) judgeParts(f *truce.Finding, p *plan, parts []part) {
	list := l.spells(p, parts)
	time := l.timeFactor(p)
	scope := l.mixedScope(list)
	l.met = l.met[:0]
	for i := range p.conditions {
		l.met = append(l.met, l.meanOf(list, i, time))
	}
	if l.overMany {
		l.met = append(l.met, l.numberFactor(p, list))
	}
	if len(list) == 1 {
		scope = certain
		for i := range l.met {
			scope = scope.and(l.met[i].span)
		}
	}
	if scope.hi < p.POut {
		l.upTo(p)
		l.outside(f, p, scope)
		return
	}
	heaviest := list[0]
	for _, one := range list {
		if one.weight > heaviest.weight {
			heaviest = one
		}
	}
	l.at = heaviest.at
	l.conclude(f, p, scope, func(joint span) string { return l.productOfParts(p, list, f.P, joint) })
	l.at = l.incident.Time.Mid()
}

// timeIndex is where the condition on the time stands among those of a plan (see asked).
const timeIndex = 1

// spells asks every part and joins neighbours that are alike. At least one is left.
func (l *look) spells(p *plan, parts []part) []spell {
	quiet := l.quiet
	l.quiet = true
	var out []spell
	n := p.numberOf(l.detail)
	for i := range parts {
		l.enter(&parts[i])
		one := spell{Span: parts[i].Span, at: parts[i].at, joint: certain}
		for k, condition := range p.conditions {
			next := condition(l, p)
			if one.met = append(one.met, next); k == timeIndex {
				for _, s := range p.spans {
					one.weight += parts[i].share * l.during(s)
				}
			} else {
				one.joint = one.joint.and(next.span)
			}
		}
		most := l.allowed(p)
		one.over = most < 0 || n > most
		if k := len(out); k > 0 && out[k-1].like(&one) {
			out[k-1].To, out[k-1].weight = one.To, out[k-1].weight+one.weight
			continue
		}
		out = append(out, one)
	}
	out = inForce(out)
	l.quiet = quiet
	for i := range out {
		if !quiet {
			l.enter(&part{Span: out[i].Span, at: out[i].at, share: during(l.incident.Time, out[i].From, out[i].To)})
			for k, condition := range p.conditions {
				out[i].met[k].text = condition(l, p).text
			}
		}
		l.overMany = l.overMany || out[i].over != out[0].over
	}
	l.leave()
	return out
}

// inForce leaves out the spells in which the rule does not hold, unless it never does.
func inForce(list []spell) []spell {
	var out []spell
	for _, one := range list {
		if one.weight > 0 {
			out = append(out, one)
		}
	}
	if out == nil {
		return list[:1]
	}
	return out
}

// like says whether two spells differ in nothing but the time.
func (s *spell) like(o *spell) bool {
	for i := range s.met {
		if i == timeIndex {
			if (s.weight == 0) != (o.weight == 0) {
				return false
			}
		} else if s.met[i].span != o.met[i].span {
			return false
		}
	}
	return s.over == o.over
}

// mixedScope is the probability of all conditions together over the parts.
func (l *look) mixedScope(list []spell) (scope span) {
	for i := range list {
		one := &list[i]
		if l.overMany && !one.over {
			continue
		}
		scope.lo, scope.hi = scope.lo+one.weight*one.joint.lo, scope.hi+one.weight*one.joint.hi
	}
	return span{quantise(min(scope.lo, 1)), quantise(min(scope.hi, 1))}
}

// meanOf is one condition over the parts. One that differs by part is open for the time:
// a better known time would settle it.
func (l *look) meanOf(list []spell, i int, time factor) factor {
	if i == timeIndex {
		return time
	}
	out, total, differs := list[0].met[i], 0.0, false
	sum := span{}
	for k := range list {
		s := list[k].met[i].span
		sum.lo, sum.hi, total = sum.lo+list[k].weight*s.lo, sum.hi+list[k].weight*s.hi, total+list[k].weight
		differs = differs || s != out.span
	}
	if !differs || total == 0 {
		return out
	}
	out.span, out.reason = openSpan(sum.lo/total, sum.hi/total), truce.ReasonTime
	if !l.quiet {
		out.text = l.byPart(list, func(s *spell) string { return s.met[i].text })
	}
	return out
}

// numberFactor is the probability that more than allowed were seen, where how many are
// allowed differs by part.
func (l *look) numberFactor(p *plan, list []spell) factor {
	over, total := 0.0, 0.0
	for i := range list {
		if total += list[i].weight; list[i].over {
			over += list[i].weight
		}
	}
	f := factor{span: known(quantise(over / total)), reason: truce.ReasonTime}
	if l.quiet {
		return f
	}
	n := p.numberOf(l.detail)
	f.text = l.byPart(list, func(s *spell) string {
		if s.over {
			return fmt.Sprintf("number: %d seen at once, more than allowed", n)
		}
		return fmt.Sprintf("number: %d seen at once, allowed", n)
	})
	return f
}

// byPart says of every part of the time what held in it.
func (l *look) byPart(list []spell, text func(*spell) string) string {
	var words []string
	for i := range list {
		if i == maxPartWords {
			words = append(words, fmt.Sprintf("and %d further parts of the time", len(list)-i))
			break
		}
		one := &list[i]
		words = append(words, fmt.Sprintf("%s (share %s of the time): %s", one.words(), number(quantise(one.weight)), text(one)))
	}
	return strings.Join(words, "; ")
}

// words say when a spell is.
func (s *spell) words() string {
	switch {
	case s.From == 0 && s.To == 0:
		return "all the time"
	case s.From == 0:
		return "before " + clock(s.To)
	case s.To == 0:
		return "from " + clock(s.From) + " on"
	}
	return "from " + clock(s.From) + " to " + clock(s.To)
}

// upTo leaves, of the conditions, those up to the one that puts the incident outside.
func (l *look) upTo(p *plan) {
	scope := 1.0
	for i := range l.met {
		if scope *= l.met[i].hi; scope < p.POut {
			l.met = l.met[:i+1]
			return
		}
	}
	least := 0
	for i := range l.met {
		if l.met[i].hi < l.met[least].hi {
			least = i
		}
	}
	l.met = l.met[:least+1]
}

// productOfParts is the sentence that adds up the parts.
func (l *look) productOfParts(p *plan, list []spell, lo truce.Probability, joint span) string {
	if len(list) == 1 {
		return product(p, l.met, lo, joint)
	}
	var terms []string
	for i := range list {
		if i == maxPartWords {
			terms = append(terms, "...")
			break
		}
		one := list[i].joint.lo
		if l.overMany && !list[i].over {
			one = 0
		}
		terms = append(terms, fmt.Sprintf("%s x %s", number(quantise(list[i].weight)), number(quantise(one))))
	}
	text := fmt.Sprintf("all conditions together, by their shares of the time: (%s) x %s = %s; %s asks for %s",
		strings.Join(terms, " + "), number(l.happened.lo), number(float64(lo)), p.ID, number(p.PMin))
	if quantise(joint.hi) > float64(lo) {
		text += fmt.Sprintf(" (at most %s, were everything open to be met)", number(quantise(joint.hi)))
	}
	return text
}
