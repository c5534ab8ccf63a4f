package agreement

import (
	"fmt"
	"slices"

	truce "github.com/trucewatch/truce"
)

// This file holds whom a rule binds. That is never who did a thing: a duty has a bearer
// whether or not it was met.

// own says whether a bearer is a party of the agreement, and which.
func (p *plan) own() (truce.PartyID, bool) {
	switch p.Bearer {
	case BearerEach, BearerAll, BearerController:
		return "", false
	}
	return truce.PartyID(p.Bearer), true
}

// bearerFactor is the probability that the rule binds the party whose it is: by what is
// known of the side it came from, and of things that stand in a place by that side. Where
// neither is known the answer is open.
func (l *look) bearerFactor(p *plan) factor {
	party, _ := p.own()
	f := factor{span: span{0, 1}, reason: truce.ReasonControl}
	if d := l.registered(); d != nil {
		f.span = known(step(d.By == party))
		return l.saying(f, "whose it is: owed by %s; %s binds %s: %s", d.By, p.ID, party, f.span)
	}
	c := l.originated()
	if c == nil && p.Kind == KindLimit {
		c = l.controlled()
	}
	if c == nil {
		return l.saying(f, "whose it is: not known; %s binds %s", p.ID, party)
	}
	share, _ := c.share(party)
	f.span = openSpan(share, share+c.unknown)
	return l.saying(f, "whose it is: by %s %s; %s binds %s: %s", c.words(), sideWords(c, "on the side of"), p.ID, party, f.span)
}

// bears writes whose duty it was where a rule binds whoever controls the place.
func (l *look) bears(f *truce.Finding, p *plan) {
	if d := l.registered(); d != nil && p.isOf(d) {
		f.Bearer = []truce.SideShare{{Party: d.By, P: 1}}
		l.say(f, l.text("whose duty it was: %s, by the terms; this says nothing of why", d.By))
		return
	}
	if p.Bearer != BearerController {
		return
	}
	if f.Bearer = f.EffectSide; f.Bearer == nil {
		l.say(f, "whose duty it was: not known, nobody can be said to control the place")
		return
	}
	if !l.quiet {
		f.Bearer = slices.Clone(f.EffectSide)
		l.say(f, "whose duty it was: "+sideWords(l.controlled(), "of")+", as the one that controls the place")
	}
}

// areaOnly says whether what is known of the origin narrows an area and names no side:
// of the acts that the rule speaks of most are such.
func (l *look) areaOnly(p *plan) bool {
	if len(p.AreaOnly) == 0 {
		return false
	}
	share := l.perAct(p, func(act truce.Act) span { return known(step(slices.ContainsFunc(p.AreaOnly, act.Is))) })
	return share.lo > 0.5
}

// sidesOf writes the sides of a finding as far as the rule lets them be told.
func (l *look) sidesOf(f *truce.Finding, p *plan) {
	if l.areaOnly(p) {
		l.effectSide(f)
		if l.originated() != nil {
			l.say(f, fmt.Sprintf("side of the place of origin: not told; under %s bearings narrow an area and name nobody", p.ID))
		}
	} else {
		l.sides(f)
	}
	l.bears(f, p)
}

// opens writes the gap that a hit opens in what could be observed: from when access was
// owed or the interference began until it ended.
func (l *look) opens(f *truce.Finding, p *plan) {
	if !p.OpensGap {
		return
	}
	t := l.incident.Time
	gap := truce.Gap{From: t.From, To: t.To, Reason: string(l.incident.Act())}
	if d := l.detail.Duty; d != nil && d.Since != 0 {
		gap.From = min(gap.From, d.Since)
		if d.MetAt != 0 && l.knows(d.MetAt) {
			gap.To = max(gap.To, d.MetAt)
		}
	}
	f.Gap = &gap
	l.say(f, l.text("opens a gap in what could be observed: from %s to %s, %s", clock(gap.From), clock(gap.To), gap.Reason))
}

// beyondPlace is a place on the other side of a line than that of the party whose the thing
// is. Where that is not known the answer is open.
type beyondPlace struct{ crossesPlace }

func (b beyondPlace) factor(l *look, p *plan) factor {
	f := b.crossesPlace.factor(l, p)
	if !l.quiet {
		f.text = fmt.Sprintf("beyond %s: %s", b.Line, f.text)
	}
	return f
}
