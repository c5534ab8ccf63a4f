package agreement

import (
	"fmt"
	"math"
	"strings"

	truce "github.com/trucewatch/truce"
)

// share is how probable one of an incident's acts is.
type share struct {
	act truce.Act
	p   float64
}

// shares are an incident's acts with their probabilities. An act of fire and an attack
// on a protected object or ship are the means and the target of one happening: a source
// that names one leaves the other open, so the two do not compete. Each gets what both
// have together, split within its own kind.
func shares(acts []truce.ActWeight) []share {
	out := make([]share, 0, len(acts))
	means, targets := 0.0, 0.0
	for _, a := range acts {
		p := held(float64(a.P))
		out = append(out, share{a.Act, p})
		switch a.Act.Group() {
		case truce.GroupFire:
			means += p
		case truce.GroupProtected, truce.GroupMaritime:
			targets += p
		}
	}
	if means == 0 || targets == 0 {
		return out
	}
	both := min(means+targets, 1)
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
	var signs []string
	for _, s := range l.shares {
		switch p.relation[s.act] {
		case named:
			lo += s.p
		case maybe:
			maybeP += s.p
			signs = append(signs, string(s.act))
		}
	}
	f := factor{span: span{quantise(min(lo, 1)), quantise(min(lo+maybeP, 1))}, reason: truce.ReasonAct}
	switch {
	case maybeP > 0 && lo > 0:
		f.text = fmt.Sprintf("act: %s; an act that %s names with p %s, or up to %s if what was only seen as %s was one",
			l.actWords, p.ID, number(f.lo), number(f.hi), strings.Join(signs, ", "))
	case maybeP > 0:
		f.text = fmt.Sprintf("act: %s; a sign of what %s names, not the act itself", l.actWords, p.ID)
	case lo > 0:
		f.text = fmt.Sprintf("act: %s; an act that %s names with p %s", l.actWords, p.ID, number(f.lo))
	default:
		f.text = fmt.Sprintf("act: %s; %s names no such act", l.actWords, p.ID)
	}
	return f
}

// actWords lists the acts as the incident has them.
func actWords(acts []truce.ActWeight) string {
	parts := make([]string, len(acts))
	for i, a := range acts {
		parts[i] = fmt.Sprintf("%s %s", a.Act, number(float64(a.P)))
	}
	return strings.Join(parts, ", ")
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
