package agreement

import (
	"fmt"
	"slices"

	truce "github.com/trucewatch/truce"
)

// reading is a rule as one party reads it, or all together.
type reading struct {
	by      string // "" for one that is only applied
	plan    plan
	joint   bool // no party's own
	applied bool // it decides
	report  bool
}

// appliedOf is how the positions on objects are brought to one, appliedDates those on
// dates; where only one of the two is said, it goes for both.
func appliedOf(r *Rule) Applied {
	switch {
	case r.Objects != nil && r.Objects.Applied != "":
		return r.Objects.Applied
	case r.Dates != nil && r.Dates.Applied != "":
		return r.Dates.Applied
	}
	return AppliedIntersection
}

func appliedDates(r *Rule) Applied {
	if r.Dates != nil && r.Dates.Applied != "" {
		return r.Dates.Applied
	}
	return appliedOf(r)
}

// spansBy is when a rule is in force by one party's dates, or by those of several
// together. A party's own dates are not cut to the agreement's: that they differ is the
// position.
func (g *Geometry) spansBy(r *Rule, by Applied) []Span {
	if r.Dates == nil {
		return []Span{g.cut(r.InForce)}
	}
	var held []Span
	for _, p := range r.Dates.Of {
		if Applied(p.Party) == by {
			return []Span{g.open(p.Value)}
		}
		held = append(held, g.open(p.Value))
	}
	switch {
	case by == AppliedMechanism && r.Dates.Mechanism != nil:
		return []Span{g.open(*r.Dates.Mechanism)}
	case by == AppliedUnion:
		return joined(held)
	case by != AppliedIntersection || held == nil:
		return []Span{g.cut(r.InForce)} // a party that holds no dates of its own
	}
	all := held[0]
	for _, s := range held[1:] {
		all = overlapOf(all, s)
	}
	return []Span{all}
}

// open fills the ends a party leaves open with the agreement's.
func (g *Geometry) open(s Span) Span {
	if s.From == 0 {
		s.From = g.a.Effective.At
	}
	if s.To == 0 {
		s.To = g.a.Ends.At
	}
	return s
}

// joined are the stretches that any of the spans covers, apart and in order.
func joined(list []Span) []Span {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Span) int { return int(min(1, max(-1, a.From-b.From))) })
	var out []Span
	for _, s := range list {
		if n := len(out); n > 0 && (out[n-1].To == 0 || s.From <= out[n-1].To) {
			if out[n-1].To != 0 && (s.To == 0 || s.To > out[n-1].To) {
				out[n-1].To = s.To
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

// objectsBy are the lists of one party, or of several together; nil for a rule without.
func (g *Geometry) objectsBy(p *Positions[[]string], by Applied) *objectPlace {
	if p == nil {
		return nil
	}
	out := &objectPlace{any: by == AppliedUnion}
	take := func(ids []string) {
		var row []history[*siteSet]
		for _, id := range ids {
			row = append(row, g.lists[id])
		}
		out.lists, out.ids = append(out.lists, row), append(out.ids, ids)
	}
	switch {
	case by == AppliedMechanism && p.Mechanism != nil, len(p.Of) == 0 && p.Mechanism != nil:
		take(*p.Mechanism)
		return out
	}
	for _, held := range p.Of {
		if Applied(held.Party) == by {
			out.lists, out.ids = nil, nil
			take(held.Value)
			return out
		}
		take(held.Value)
	}
	return out
}

// readings compiles a rule once for each party that holds a position of its own, and for
// what all of them hold together. A rule without positions has none.
func (g *Geometry) readings(p *plan) []reading {
	var parties []truce.PartyID
	for _, party := range g.a.Parties {
		if holdsPosition(&p.Rule, party.ID) {
			parties = append(parties, party.ID)
		}
	}
	if len(parties) == 0 {
		return nil
	}
	dates, objects := appliedDates(&p.Rule), appliedOf(&p.Rule)
	report := p.Dates != nil && p.Dates.Report || p.Objects != nil && p.Objects.Report
	var out []reading
	add := func(by Applied) {
		r := reading{by: string(by), plan: g.reread(p, by, by), joint: by == AppliedIntersection, report: report, applied: by == dates && by == objects}
		out = append(out, r)
	}
	for _, party := range parties {
		add(Applied(party))
	}
	add(AppliedIntersection)
	if !slices.ContainsFunc(out, func(r reading) bool { return r.applied }) && !(dates == AppliedUnion && objects == AppliedUnion) {
		out = append(out, reading{plan: g.reread(p, dates, objects), joint: true, applied: true, report: report})
	}
	return out
}

func holdsPosition(r *Rule, party truce.PartyID) bool {
	return r.Dates != nil && slices.ContainsFunc(r.Dates.Of, func(p Position[Span]) bool { return p.Party == party }) ||
		r.Objects != nil && slices.ContainsFunc(r.Objects.Of, func(p Position[[]string]) bool { return p.Party == party })
}

// reread is the plan under other dates and lists.
func (g *Geometry) reread(p *plan, dates, objects Applied) plan {
	out := *p
	out.inForce(g.spansBy(&p.Rule, dates))
	out.objects = g.objectsBy(p.Objects, objects)
	return out
}

// read evaluates a rule under every reading. The one that is applied gives the finding;
// under a union that is the one by which most is met. What has no act that the rule
// speaks of is outside under every reading, and none is listed.
func (l *look) read(f *truce.Finding, p *plan) {
	if l.passes(f, p) {
		l.judge(f, &p.readings[0].plan)
		return
	}
	quiet, decides, union := l.quiet, -1, 0
	l.rows = slices.Grow(l.rows[:0], len(p.readings))[:len(p.readings)]
	for i := range p.readings {
		r := &p.readings[i]
		l.quiet = quiet || !r.applied && appliedOf(&p.Rule) != AppliedUnion
		l.judge(&l.rows[i], &r.plan)
		if r.applied {
			decides = i
		}
		if !r.joint && more(&l.rows[i], &l.rows[union]) {
			union = i
		}
	}
	l.quiet = quiet
	if decides < 0 {
		decides = union
	}
	*f = l.rows[decides]
	if p.readings[0].report {
		f.Readings = listed(p.readings, l.rows, union)
	}
	l.sayReading(f, p, f.Readings)
}

// listed are the readings of the parties, what is met under all, and under any.
func listed(readings []reading, rows []truce.Finding, union int) []truce.Reading {
	out := make([]truce.Reading, 0, len(rows)+1)
	add := func(by string, f *truce.Finding) {
		out = append(out, truce.Reading{By: by, Verdict: f.Verdict, Reason: f.Reason, P: f.P})
	}
	for i := range rows {
		if readings[i].by != "" {
			add(readings[i].by, &rows[i])
		}
	}
	add(string(AppliedUnion), &rows[union])
	return out
}

// verdictOrder is how much is met under a verdict.
var verdictOrder = []truce.Verdict{truce.VerdictOutside, truce.VerdictIndeterminate, truce.VerdictExempt, truce.VerdictHit}

// more says whether more is met under one finding than under another.
func more(a, b *truce.Finding) bool {
	i, j := slices.Index(verdictOrder, a.Verdict), slices.Index(verdictOrder, b.Verdict)
	return i > j || i == j && a.P > b.P
}

func (l *look) sayReading(f *truce.Finding, p *plan, all []truce.Reading) {
	if l.quiet {
		return
	}
	text := fmt.Sprintf("the parties read %s differently; applied: %s", p.ID, appliedText(&p.Rule))
	for _, r := range all {
		text += fmt.Sprintf("; %s: %s p %s", r.By, r.Verdict, number(float64(r.P)))
	}
	l.say(f, text)
}

func appliedText(r *Rule) string {
	text := string(appliedOf(r))
	if d := appliedDates(r); d != appliedOf(r) {
		text = fmt.Sprintf("%s for objects, %s for dates", text, d)
	}
	by := ""
	if r.Objects != nil {
		by = r.Objects.DecidedBy
	}
	if by == "" && r.Dates != nil {
		by = r.Dates.DecidedBy
	}
	if by != "" {
		text += ", decided by " + truce.CleanText(by)
	}
	return text
}
