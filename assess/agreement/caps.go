package agreement

import (
	"cmp"
	"fmt"
	"slices"

	truce "github.com/trucewatch/truce"
)

// capKey is what a limit with a number counts together: one rule, one time (a local day, a
// month, or as long as it holds), one of the rule's places, one side or all.
type capKey struct {
	rule    truce.RuleID
	version string
	time    string // 2026-04-11, 2026-04, or "" for all of it
	place   int
	side    truce.PartyID
}

// timeOf is the time that the sighting is counted in.
func (p *plan) timeOf(day truce.Day) string {
	switch p.Limit.Per {
	case PerMonth:
		return string(day)[:max(0, len(day)-len("-02"))]
	case PerAgreement:
		return ""
	}
	return string(day)
}

// holder is on whose side a sighting is counted: on that where it most probably stands,
// and under a limit on all together, or on those of one party, on no side.
func (p *plan) holder(f *truce.Finding) truce.PartyID {
	if p.Bearer != BearerEach {
		return ""
	}
	return likelier(f.EffectSide)
}

// sighting is one incident that a limit would count.
type sighting struct {
	row, finding int
	number       int
	first        *truce.Incident // of the run of incidents that are one object
}

// addUp lets limits with a number see what several incidents hold together: each alone
// may be allowed and all of one day not. What was seen at once were as many at least; the
// sum of the day is the most there were, since objects move and what is seen later
// elsewhere may be the same. Over the limit by what was seen at once, all of them meet the
// rule; by the sum alone it is open. Repeats of one object, as the rule's unit joins them,
// add once, with their largest number. It takes the rows in order of time and writes into
// out.
func (g *Geometry) addUp(rows []Counted, out []truce.Evaluation, order []int) {
	if !slices.ContainsFunc(g.plans, func(p plan) bool { return p.capped() }) {
		return
	}
	groups, keys := g.sightings(rows, out, order)
	touched := map[int]bool{}
	var changed []int
	for _, key := range keys {
		group := groups[key]
		p := g.planOf(&out[group[0].row].Findings[group[0].finding])
		n := tallied{key: key, per: p.Limit.Per, atOnce: together(group), sum: together(group)}
		if p.repeats() || p.Limit.Per == PerMoment {
			n.atOnce = atOnce(rows, group)
		}
		if p.Limit.Per == PerMoment && !p.repeats() {
			n.sum = n.atOnce // each event is another, and no two of them were at once
		}
		n.allowed = g.allowedOn(p, &rows[group[len(group)-1].row].Incident)
		if n.sum <= n.allowed {
			continue
		}
		for _, s := range group {
			if out[s.row].Findings[s.finding].Verdict == truce.VerdictHit {
				continue
			}
			if !touched[s.row] {
				touched[s.row], changed = true, append(changed, s.row)
				out[s.row].Findings = slices.Clone(out[s.row].Findings)
				uncount(out[s.row].Findings)
			}
			l := look{g: g, incident: &rows[s.row].Incident, detail: detailOf(&rows[s.row].Incident)}
			l.exceed(&out[s.row].Findings[s.finding], p, n)
		}
	}
	for _, i := range changed {
		g.countAgain(&rows[i].Incident, out[i].Findings)
	}
}

// capped says whether a rule allows a number above none, at least in a phase of it.
func (p *plan) capped() bool {
	return p.Limit != nil && (p.Limit.Max > 0 || slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Max != nil && *s.Max > 0 }))
}

// repeats says whether a unit counts what may be seen again elsewhere. Of movements and
// other events each is another one.
func (p *plan) repeats() bool {
	switch p.Unit {
	case truce.UnitObjectDay, truce.UnitObject, truce.UnitVessel, truce.UnitIncident:
		return true
	}
	return false
}

func detailOf(in *truce.Incident) *truce.Detail {
	if in.Detail != nil {
		return in.Detail
	}
	return &truce.Detail{}
}

// together is how many objects the sightings of one place and day hold.
func together(group []sighting) int {
	runs := map[*truce.Incident]int{}
	for _, s := range group {
		runs[s.first] = max(runs[s.first], s.number)
	}
	total := 0
	for _, n := range runs {
		total += n
	}
	return total
}

// atOnceWithin is the longest time of a sighting that may be at once with another. In more,
// objects move on and are seen twice.
const atOnceWithin = EngagementGap

// atOnce is how many objects the sightings hold that cannot be told apart in time: as many
// there were at least. A sighting of a vague time stands by itself.
func atOnce(rows []Counted, group []sighting) int {
	when := func(s sighting) (from, to truce.Instant) {
		t := rows[s.row].Incident.Time
		return t.From.Add(-t.Sigma.Duration()), t.To.Add(t.Sigma.Duration())
	}
	most := 0
	var sharp []sighting
	for _, s := range group {
		most = max(most, s.number)
		if from, to := when(s); to.Sub(from) <= atOnceWithin {
			sharp = append(sharp, s)
		}
	}
	slices.SortStableFunc(sharp, func(a, b sighting) int {
		x, _ := when(a)
		y, _ := when(b)
		return cmp.Compare(x, y)
	})
	var open []sighting // seen as the next one is
	for _, s := range sharp {
		from, _ := when(s)
		open = append(slices.DeleteFunc(open, func(o sighting) bool {
			_, to := when(o)
			return to < from
		}), s)
		most = max(most, together(open))
	}
	return most
}

func (g *Geometry) allowedOn(p *plan, in *truce.Incident) int {
	l := look{g: g, at: in.Time.Mid()}
	return l.allowed(p)
}

// sightings groups what every limit would count, were it more than is allowed. The keys
// come in the order in which they are first seen.
func (g *Geometry) sightings(rows []Counted, out []truce.Evaluation, order []int) (map[capKey][]sighting, []capKey) {
	groups := map[capKey][]sighting{}
	var keys []capKey
	e := g.Evaluator()
	l := &e.look
	l.quiet = true
	t := g.tally()
	for _, i := range order {
		begun := false
		for k := range out[i].Findings {
			f := &out[i].Findings[k]
			p := g.limitOf(f)
			if p == nil {
				continue
			}
			if !begun {
				begun = true
				l.begin(&Input{Incident: rows[i].Incident})
			}
			if l.allowed(p) <= 0 || f.Verdict != truce.VerdictHit && !(float64(f.P) >= p.PMin && l.evidence().supports(p, l.detail)) {
				continue
			}
			key := capKey{f.Rule, f.RuleVersion, p.timeOf(truce.DayOf(l.at.Time().In(g.a.Calendar.Location()))), l.likeliest(p), p.holder(f)}
			s := sighting{i, k, p.numberOf(l.detail), &rows[i].Incident}
			if j, joins := g.joiningOf(f); joins {
				s.first = cmp.Or(t.add(&rows[i].Incident, f.Rule, j), s.first)
			}
			if groups[key] == nil {
				keys = append(keys, key)
			}
			groups[key] = append(groups[key], s)
		}
	}
	return groups, keys
}

// limitOf is the limit under which a finding was made that is a hit, or would be one but
// for the number; nil for every other finding.
func (g *Geometry) limitOf(f *truce.Finding) *plan {
	if f.Verdict != truce.VerdictHit && (f.Verdict == truce.VerdictExempt || f.Reason != truce.ReasonQuantity) {
		return nil
	}
	if p := g.planOf(f); p != nil && p.capped() {
		return p
	}
	return nil
}

// likeliest is the place of a rule in which the incident most probably lies.
func (l *look) likeliest(p *plan) int {
	best, most := 0, -1.0
	for i, place := range p.places {
		if f := l.at1(place, p); f.lo > most {
			best, most = i, f.lo
		}
	}
	return best
}

// likelier is the party on whose side the place of effect most probably lies.
func likelier(shares []truce.SideShare) truce.PartyID {
	var best truce.SideShare
	for _, s := range shares {
		if s.P > best.P {
			best = s
		}
	}
	return best.Party
}

// tallied is what the sightings of one limit, time, place and side hold together.
type tallied struct {
	key                  capKey
	per                  Per
	atOnce, sum, allowed int
}

// words are the sentence on the number.
func (n *tallied) words() string {
	where := ""
	if n.key.side != "" {
		where = " on the side of " + string(n.key.side)
	}
	when := "on " + n.key.time
	switch n.per {
	case PerMoment:
		when = "at one time on " + n.key.time
	case PerMonth:
		when = "in the month from " + n.key.time + "-01"
	case PerAgreement:
		when = "since the limit holds"
	}
	if n.atOnce > n.allowed {
		return fmt.Sprintf("number: %d seen %s in one place%s, %d allowed", n.atOnce, when, where, n.allowed)
	}
	return fmt.Sprintf("number: at least %d, at most %d %s in one place%s, %d allowed: open, what was seen at another time may be the same", n.atOnce, n.sum, when, where, n.allowed)
}

// exceed makes a hit of a finding that only the number had kept out, or leaves it open
// where some of the number may have been seen twice.
func (l *look) exceed(f *truce.Finding, p *plan, n tallied) {
	l.quiet = len(f.Trace) == 0
	if !l.quiet {
		last := 1 // the verdict
		if f.Verdict == truce.VerdictIndeterminate {
			last = 2 // and the number of an earlier count
		}
		f.Trace = slices.Clone(f.Trace[:max(0, len(f.Trace)-last)]) // a file of findings may have been shortened
		l.say(f, n.words())
	}
	f.Verdict, f.Reason = truce.VerdictIndeterminate, truce.ReasonQuantity
	f.Number = &truce.Seen{AtLeast: n.atOnce, AtMost: max(n.atOnce, n.sum), Allowed: n.allowed}
	if n.atOnce > n.allowed {
		f.Verdict, f.Reason = truce.VerdictHit, truce.ReasonNone
		l.grade(f, p)
		l.opens(f, p)
		if slices.Contains(p.Reports, HeadInside) {
			f.Reported = []string{string(HeadInside)}
		}
	}
	if !l.quiet {
		l.say(f, verdictText(f))
	}
}

// uncount takes the counts off, with the sentences that say so.
func uncount(findings []truce.Finding) {
	for i := range findings {
		f := &findings[i]
		if f.Verdict != truce.VerdictHit {
			continue
		}
		f.Count, f.CountedUnder = 0, ""
		if n := len(f.Trace); n > 0 {
			f.Trace = slices.Clone(f.Trace[:n-1])
		}
	}
}

func (g *Geometry) countAgain(in *truce.Incident, findings []truce.Finding) {
	l := look{g: g, quiet: true, detail: detailOf(in)}
	for i := range findings {
		p := g.planOf(&findings[i])
		if p == nil {
			p = &plan{}
		}
		l.chosen = append(l.chosen, p)
		l.quiet = l.quiet && len(findings[i].Trace) == 0
	}
	l.count(findings)
}
