package agreement

import (
	"fmt"
	"math"
	"strings"

	truce "github.com/trucewatch/truce"
)

// actSet is a set of acts of the vocabulary, one bit an act. Whether a rule can be met at
// all is so decided in a few nanoseconds.
type actSet [2]uint64

// actNumbers gives every act of the vocabulary its bit.
var actNumbers = func() map[truce.Act]int {
	out := map[truce.Act]int{}
	for _, group := range truce.ActGroups() {
		for _, act := range group.Acts() {
			out[act] = len(out)
		}
	}
	return out
}()

// indexOf is the number of an act; what is no act of the vocabulary has the last number.
func indexOf(act truce.Act) int {
	if i, ok := actNumbers[act]; ok {
		return i
	}
	return len(actNumbers)
}

func (s *actSet) add(i int) { s[i/64] |= 1 << (i % 64) }

func (s *actSet) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

func (s *actSet) meets(t *actSet) bool { return s[0]&t[0]|s[1]&t[1] != 0 }

// relations are how every act stands to those a rule names. A claim is what somebody said:
// no sign of fire makes it likelier that anybody claimed to have answered fire.
func relations(kind Kind, named []truce.Act) (list []relation, some actSet) {
	list = make([]relation, len(actNumbers)+1)
	for act, i := range actNumbers {
		list[i] = relationTo(act, named)
		if kind == KindClaim && list[i] == maybe {
			list[i] = unrelated
		}
		if list[i] != unrelated {
			some.add(i)
		}
	}
	return list, some
}

// share is how probable one of an incident's acts is.
type share struct {
	act truce.Act
	p   float64
	n   int // the act's number
}

// addShares appends an incident's acts. An act of fire and an attack on a protected
// object or ship are the means and the target of one happening: a source that names one
// leaves the other open, so the two do not compete. Each gets what both have together,
// split within its own kind. Where both sum to over 1 they were not shared out at all:
// each is known by itself and stays as it is.
func addShares(out []share, acts []truce.ActWeight) []share {
	means, targets := 0.0, 0.0
	for _, a := range acts {
		p := held(float64(a.P))
		out = append(out, share{a.Act, p, indexOf(a.Act)})
		switch a.Act.Group() {
		case truce.GroupFire:
			means += p
		case truce.GroupProtected, truce.GroupMaritime:
			targets += p
		}
	}
	const rounding = 1e-9
	if means == 0 || targets == 0 || means+targets > 1+rounding {
		return out
	}
	both := means + targets
	for i := range out {
		switch out[i].act.Group() {
		case truce.GroupFire:
			out[i].p *= both / means
		case truce.GroupProtected, truce.GroupMaritime:
			out[i].p *= both / targets
		}
	}
	return out
}

// actFactor is the probability that what happened is an act the rule names. Its upper
// end counts signs of such acts as well.
func (l *look) actFactor(p *plan) factor {
	if len(l.shares) == 0 {
		return factor{span{0, 1}, truce.ReasonAct, "act: not known"}
	}
	var lo, maybeP float64
	for i := range l.shares {
		switch p.relation[l.shares[i].n] {
		case named:
			lo += l.shares[i].p
		case maybe:
			maybeP += l.shares[i].p
		}
	}
	f := factor{span: span{quantise(min(lo, 1)), quantise(min(lo+maybeP, 1))}, reason: truce.ReasonAct}
	if l.quiet {
		return f
	}
	words := l.actWords()
	switch {
	case maybeP > 0 && lo > 0:
		f.text = fmt.Sprintf("act: %s; an act that %s names with p %s, or up to %s if what was only seen as %s was one",
			words, p.ID, number(f.lo), number(f.hi), strings.Join(l.signsOf(p), ", "))
	case maybeP > 0:
		f.text = fmt.Sprintf("act: %s; a sign of what %s names, not the act itself", words, p.ID)
	case lo > 0:
		f.text = fmt.Sprintf("act: %s; an act that %s names with p %s", words, p.ID, number(f.lo))
	default:
		f.text = fmt.Sprintf("act: %s; %s names no such act", words, p.ID)
	}
	return f
}

// signsOf lists what may stand for an act that the rule names.
func (l *look) signsOf(p *plan) []string {
	var out []string
	for _, s := range l.shares {
		if p.relation[s.n] == maybe {
			out = append(out, string(s.act))
		}
	}
	return out
}

// perAct is a condition that differs by act: the mean over the acts that the rule names,
// or may name, weighted by their probabilities.
func (l *look) perAct(p *plan, of func(truce.Act) span) span {
	var sum span
	total := 0.0
	for _, s := range l.shares {
		if p.relation[s.n] == unrelated || s.p == 0 {
			continue
		}
		one := of(s.act)
		sum.lo, sum.hi, total = sum.lo+s.p*one.lo, sum.hi+s.p*one.hi, total+s.p
	}
	if total == 0 {
		return span{0, 1}
	}
	return span{quantise(min(sum.lo/total, 1)), quantise(min(sum.hi/total, 1))}
}

// actWords lists the acts as the incident has them.
func (l *look) actWords() string {
	if l.words == "" {
		parts := make([]string, len(l.acts))
		for i, a := range l.acts {
			parts[i] = fmt.Sprintf("%s %s", a.Act, number(float64(a.P)))
		}
		l.words = strings.Join(parts, ", ")
	}
	return l.words
}

// quantise keeps four decimals: processors that fuse multiplications then agree.
func quantise(p float64) float64 { return math.Round(p*1e4) / 1e4 }

// number prints a probability so that nothing short of certain reads as certain.
func number(p float64) string {
	switch {
	case p > 0 && p < 0.005:
		return "< 0.01"
	case p < 1 && p >= 0.995:
		return "> 0.99"
	}
	return fmt.Sprintf("%.2f", p)
}

// bounds prints a span as one number where it is one.
func (s span) String() string {
	if s.lo == s.hi {
		return "p " + number(s.lo)
	}
	return fmt.Sprintf("p from %s to %s", number(s.lo), number(s.hi))
}

// metres prints a distance with three digits at most.
func metres(m float64) string {
	switch {
	case m < 995:
		return fmt.Sprintf("%.0f m", m)
	case m < 99_500:
		return fmt.Sprintf("%.1f km", m/1000)
	}
	return fmt.Sprintf("%.0f km", m/1000)
}
