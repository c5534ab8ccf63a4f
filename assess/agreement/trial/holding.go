package trial

import (
	"slices"

	truce "github.com/trucewatch/truce"
)

// GivenHolding is what a site holds by the declarations and the last inspection, before
// anything happens in the test.
type GivenHolding struct {
	Site string
	truce.Holding
	At   truce.Instant // from when it is known; 0: always
	said []string      // declared, observed, unverified: which of the numbers are told
}

// givenHolding reads: SITE [class C] [declared N] [observed N] [unverified N] [at TIME].
func (p *parser) givenHolding(w *words) GivenHolding {
	h := GivenHolding{Site: w.take("the id of a site")}
	if _, ok := p.siteAt(h.Site); !ok {
		w.failLast("the agreement has no site %q", cut(h.Site))
	}
	d := truce.Detail{}
	for w.more() {
		at, name := w.next, w.peek()
		if w.accept("at") {
			h.At = p.instant(w)
		} else if !p.holding(w, &d) {
			break
		}
		w.once(at, name)
	}
	if d.Holding != nil {
		h.Holding = *d.Holding
	}
	h.said = slices.DeleteFunc(slices.Clone(w.said), func(s string) bool { return s == "at" || s == "class" })
	if w.err == nil && len(h.said) == 0 {
		w.fail("what the site holds is missing: declared 12, observed 11, unverified 1")
	}
	return h
}

// actInspection is what an inspection is held against: declared and found.
const actInspection truce.Act = "holding_mismatch"

// held completes what an inspection of a site says by what the test gives of that site and
// class. Where nobody says what was found, it stays open.
func (p *parser) held(w *words, in *truce.Incident) {
	isInspection := slices.ContainsFunc(in.Acts, func(a truce.ActWeight) bool { return a.Act == actInspection })
	if p.test == nil || w.err != nil || !isInspection || in.Detail.Site == "" {
		return
	}
	out := truce.Holding{}
	if in.Detail.Holding != nil {
		out = *in.Detail.Holding
	}
	for _, g := range p.test.Given.Holdings {
		if g.Site != in.Detail.Site || in.Time.From < g.At || out.Class != "" && g.Class != "" && g.Class != out.Class {
			continue
		}
		tells := func(what string) bool { return slices.Contains(w.said, what) }
		known := func(what string) bool { return tells(what) || slices.Contains(g.said, what) }
		if !known("declared") || !known("observed") && !known("unverified") {
			continue
		}
		if out.Class == "" {
			out.Class = g.Class
		}
		if !tells("declared") {
			out.Declared = g.Declared
		}
		if !tells("observed") {
			out.Observed = g.Observed
		}
		if !tells("unverified") {
			out.NotVerified = g.NotVerified
		}
		in.Detail.Holding = &out
		return
	}
}
