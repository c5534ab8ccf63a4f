package ladder

import (
	"slices"

	"github.com/trucewatch/truce"
)

// facts are what criteria are held against: a case, with what is looked up often.
type facts struct {
	c     *truce.Case
	t0    truce.Instant // the chosen one, 0 when there is none
	items []item
}

// item is an incident that still stands, with those of its findings that are looked at.
type item struct {
	incident *truce.CaseIncident
	level    truce.AttributionLevel
	findings []truce.CaseFinding
	until    truce.Instant // when it drops out of the window that is looked at
}

func (m Machine) factsOf(c *truce.Case) facts {
	f := facts{c: c, t0: c.T0[m.Terms.T0]}
	for n := range c.Incidents {
		i := &c.Incidents[n]
		if !stands(*i) {
			continue
		}
		found := relevant(i.Findings)
		if len(found) > 0 {
			f.items = append(f.items, item{i, levelOf(c, i.ID), found, never})
		}
	}
	return f
}

// stands says whether an incident still counts in its case.
func stands(i truce.CaseIncident) bool { return i.Stands() }

// relevant are the findings a case looks at: hits, and what could become one.
func relevant(all []truce.CaseFinding) []truce.CaseFinding {
	keep := func(f truce.CaseFinding) bool {
		return f.Verdict == truce.VerdictHit || f.Verdict == truce.VerdictIndeterminate && f.Severity > 0
	}
	for _, f := range all {
		if !keep(f) {
			return slices.DeleteFunc(slices.Clone(all), func(f truce.CaseFinding) bool { return !keep(f) })
		}
	}
	return all
}

func hasHit(findings []truce.CaseFinding) bool {
	return slices.ContainsFunc(findings, func(f truce.CaseFinding) bool { return f.Verdict == truce.VerdictHit })
}

// levelOf is the attribution of an incident that was not withdrawn.
func levelOf(c *truce.Case, id truce.ID) truce.AttributionLevel {
	for _, a := range c.Attributions {
		if a.Incident == id && !a.Withdrawn {
			return a.Level
		}
	}
	return ""
}

// when is when criteria hold of what is known. Nested criteria look only at what those
// around them look at.
func (f facts) when(c truce.Criteria) spans { return f.over(c, f.items) }

func (f facts) over(c truce.Criteria, items []item) spans {
	items = choose(c, items)
	out := f.counted(c, items)
	if c.After > 0 {
		out = out.and(f.after(c.After))
	}
	if c.Unexplained > 0 {
		out = out.and(unexplained(c.Unexplained, items))
	}
	if c.AdvanceM > 0 && !advanced(f.c.Advances, c.AdvanceM) {
		return nil
	}
	if c.BlindShare > 0 || c.BlindFor > 0 {
		out = out.and(blind(f.c.Blind, c))
	}
	if len(c.Any) == 0 || len(out) == 0 {
		return out
	}
	var either spans
	for _, one := range c.Any {
		either = either.or(f.over(one, items))
	}
	return out.and(either)
}

// choose keeps the incidents that criteria look at.
func choose(c truce.Criteria, items []item) []item {
	out := make([]item, 0, len(items))
	for _, it := range items {
		if len(c.Acts) > 0 && !slices.ContainsFunc(c.Acts, it.incident.Act.Is) {
			continue
		}
		if c.Occurrence != "" && !it.incident.Occurrence.AtLeast(c.Occurrence) {
			continue
		}
		if c.Attribution != "" && !it.level.AtLeast(c.Attribution) {
			continue
		}
		if it.findings = chooseFindings(c, it.findings); len(it.findings) == 0 {
			continue
		}
		if c.Within > 0 {
			it.until = min(it.until, later(it.incident.Time.From, c.Within))
		}
		out = append(out, it)
	}
	return out
}

func chooseFindings(c truce.Criteria, all []truce.CaseFinding) []truce.CaseFinding {
	if len(c.Rules) == 0 && c.SeverityMin == 0 {
		return all
	}
	var out []truce.CaseFinding
	for _, f := range all {
		if (len(c.Rules) == 0 || slices.Contains(c.Rules, f.Rule)) && f.Severity >= c.SeverityMin {
			out = append(out, f)
		}
	}
	return out
}

// counted is when enough of the chosen incidents are there: what is asked for by number,
// area or length, one hit where only their kind is asked for, and one that is open where
// nothing is.
func (f facts) counted(c truce.Criteria, items []item) spans {
	number := c.Hits > 0 || c.Areas > 0 || c.Lasting > 0
	kind := number || len(c.Rules) > 0 || len(c.Acts) > 0 || c.SeverityMin > 0 || c.Occurrence != "" || c.Attribution != "" || c.Within > 0
	switch {
	case number || kind && c.Unexplained == 0:
		return whileEnough(items, func(left []item) bool { return enough(c, left) })
	case kind:
		return allTime() // unexplained looks at them itself
	case c.AdvanceM > 0 || c.BlindShare > 0 || c.BlindFor > 0 || len(c.Any) > 0 && c.After == 0:
		return allTime()
	}
	return whileEnough(items, func(left []item) bool { return len(left) > 0 })
}

// whileEnough is when a test holds that can only cease to hold as incidents drop out of
// the window.
func whileEnough(items []item, test func([]item) bool) spans {
	if !test(items) {
		return nil
	}
	lasting := true
	for _, it := range items {
		lasting = lasting && it.until == never
	}
	if lasting {
		return allTime()
	}
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(a, b item) int { return compare(a.until, b.until) })
	low, high := 0, len(items) // test(items[low:]) holds, test(items[high:]) does not
	for high-low > 1 {
		if mid := (low + high) / 2; test(items[mid:]) {
			low = mid
		} else {
			high = mid
		}
	}
	return spans{{always, items[high-1].until}}
}

func compare(a, b truce.Instant) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func enough(c truce.Criteria, items []item) bool {
	t := count(c, items)
	return t.hits >= max(1, c.Hits) && t.areas >= c.Areas && t.lasting() >= c.Lasting
}

// total is what a set of incidents comes to.
type total struct {
	incidents, hits, areas, severity int
	first, last                      truce.Instant
}

func (t total) lasting() truce.Micros { return truce.Micros(t.last - t.first) }

func count(c truce.Criteria, items []item) total {
	t := total{incidents: len(items), first: never, last: always}
	var areas []truce.AreaID
	for _, it := range items {
		hits, severity := countHits(c.Unit, it.findings)
		if hits == 0 {
			continue
		}
		t.hits, t.severity = t.hits+hits, max(t.severity, severity)
		t.first, t.last = min(t.first, it.incident.Time.From), max(t.last, it.incident.Time.To)
		if a := it.incident.Area; a != "" && !slices.Contains(areas, a) {
			areas = append(areas, a)
		}
	}
	if t.hits == 0 {
		t.first, t.last = 0, 0
	}
	t.areas = len(areas)
	return t
}

// countHits counts one incident: as one, or in a unit as the largest count of its rules,
// since two rules of one unit count the same thing.
func countHits(unit truce.Unit, findings []truce.CaseFinding) (n, severity int) {
	for _, f := range findings {
		if f.Verdict != truce.VerdictHit {
			continue
		}
		severity = max(severity, f.Severity)
		if unit == "" {
			n = 1
		} else if f.Unit == unit {
			n = max(n, f.Count)
		}
	}
	return n, severity
}

// after is the time from so long after the chosen zero point on.
func (f facts) after(d truce.Micros) spans {
	if f.t0 == 0 {
		return nil
	}
	return since(later(f.t0, d))
}

// unexplained is when one of the incidents has been on record for so long and still stands.
func unexplained(d truce.Micros, items []item) spans {
	var out []span
	for _, it := range items {
		out = append(out, span{later(it.incident.Detected, d), it.until})
	}
	return join(out)
}

func advanced(all []truce.Advance, metres float64) bool {
	return slices.ContainsFunc(all, func(a truce.Advance) bool { return a.Metres >= metres })
}

// blind is when enough of the line has been out of sight for long enough, and still is.
func blind(all []truce.BlindSpell, c truce.Criteria) spans {
	var out []span
	for _, b := range all {
		if b.Share >= c.BlindShare {
			out = append(out, span{later(b.From, c.BlindFor), b.To.OrLatest()})
		}
	}
	return join(out)
}
