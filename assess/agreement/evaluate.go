package agreement

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Input is one incident revision to be held against the rules.
type Input struct {
	Incident truce.Incident
	Events   []truce.Event // the incident's events, to tell independent evidence; may be empty
	KnownAt  truce.Instant // only lines, maps and windows known by then count; 0: all of them
}

// Evaluate holds an incident against every evaluated rule, in the order of the
// agreement. The same input gives the same findings, whatever the order of the
// incident's families, events or acts. It may be called by many goroutines at once.
func (g *Geometry) Evaluate(in Input) truce.Evaluation {
	l := g.look(in)
	out := truce.Evaluation{
		Incident: in.Incident.ID, Revision: in.Incident.Revision, Agreement: g.a.ID, Version: g.a.Version,
		Findings: make([]truce.Finding, 0, len(g.plans)),
	}
	for i := range g.plans {
		out.Findings = append(out.Findings, l.finding(&g.plans[i]))
	}
	g.count(out.Findings)
	return out
}

// look is one incident while it is evaluated: what every rule asks of it.
type look struct {
	g        *Geometry
	incident *truce.Incident
	known    truce.Instant
	at       truce.Instant // the middle of its time: says which line and map holds
	shares   []share
	actWords string
	evidence evidence
	happened factor
	control  *control // by controlled
	asked    bool
}

// factor is one condition of a rule: its probability, the reason to give when it is what
// keeps the finding undecided, and a sentence.
type factor struct {
	span
	reason truce.Reason
	text   string
}

func (g *Geometry) look(in Input) *look {
	acts := slices.Clone(in.Incident.Acts)
	slices.SortStableFunc(acts, func(a, b truce.ActWeight) int {
		return cmp.Or(cmp.Compare(b.P, a.P), cmp.Compare(a.Act, b.Act))
	})
	l := &look{
		g: g, incident: &in.Incident, known: in.KnownAt, at: in.Incident.Time.Mid(),
		shares: shares(acts), actWords: actWords(acts), evidence: evidenceOf(&in.Incident, in.Events),
	}
	if pos := in.Incident.Position; pos != nil && !usable(*pos) {
		in.Incident.Position = nil // in is this call's own copy
	}
	l.happened = l.happenedFactor()
	return l
}

// usable says whether a position can be put on the map; one that cannot says nothing.
func usable(p geo.Position) bool { return p.Valid() && p.Error.Valid() }

// happenedFactor is the incident's own probability. An incident that was refuted,
// explained or merged into another did not happen as far as the rules are concerned.
func (l *look) happenedFactor() factor {
	i := l.incident
	f := factor{reason: truce.ReasonEvidence}
	switch i.Occurrence {
	case truce.OccurrenceRefuted, truce.OccurrenceDuplicate, truce.OccurrenceExplained:
		f.text = fmt.Sprintf("occurrence: %s, so nothing is held against the rules", i.Occurrence)
		return f
	}
	if !i.ReplacedBy.IsZero() {
		f.text = fmt.Sprintf("the incident was merged into %s, which is evaluated instead", i.ReplacedBy)
		return f
	}
	f.span = known(quantise(float64(i.P)))
	f.text = fmt.Sprintf("occurrence: %s, happened with p %s", i.Occurrence, number(f.lo))
	return f
}

// finding holds one rule. Acts come first, since they cost least, then time and place.
func (l *look) finding(p *plan) truce.Finding {
	f := truce.Finding{
		Rule: p.ID, RuleVersion: p.Version, Clause: p.Clause, ClauseHash: p.hash, Unit: p.Unit, Verdict: truce.VerdictOutside,
		Trace: l.g.a.statusText(),
	}
	var met []factor
	scope := certain
	for _, condition := range []func(*plan) factor{l.actFactor, l.timeFactor, l.placeFactor} {
		next := condition(p)
		met, scope = append(met, next), scope.and(next.span)
		if scope.hi < p.POut {
			l.outside(&f, p, met, scope)
			return f
		}
	}
	for _, condition := range met {
		f.Trace = append(f.Trace, condition.text)
	}
	l.sides(&f)
	f.Trace = append(f.Trace, l.happened.text)
	if l.happened.hi == 0 {
		f.Reason = l.happened.reason
		return f
	}
	met = append(met, l.happened)
	joint := scope.and(l.happened.span)
	f.P = truce.Probability(quantise(joint.lo))
	f.Trace = append(f.Trace, product(p, met, f.P, joint))
	exempt := l.exemption(&f, p)
	l.decide(&f, p, exempt, met)
	return f
}

// statusText says that the terms are not in force, and nothing while they are.
func (a *Agreement) statusText() []string {
	if a.Status == StatusInForce {
		return nil
	}
	return []string{fmt.Sprintf("the agreement's status is %s: evaluated as if it were in force", a.Status)}
}

// outside says why the incident is outside the rule: the conditions that are not fully
// met. The others would only fill the record of every incident with what is not asked.
func (l *look) outside(f *truce.Finding, p *plan, conditions []factor, scope span) {
	latest := conditions[len(conditions)-1]
	f.Reason, f.P = latest.reason, truce.Probability(quantise(scope.lo*l.happened.lo))
	for _, condition := range conditions {
		if condition.hi < 1 {
			f.Trace = append(f.Trace, condition.text)
		}
	}
	f.Trace = append(f.Trace, fmt.Sprintf("outside the scope of %s: p %s is below %s", p.ID, number(quantise(scope.hi)), number(p.POut)))
}

// product is the sentence that multiplies. The conditions are taken as independent: the
// act, the time and the place are each as probable given that the incident happened.
func product(p *plan, factors []factor, lo truce.Probability, joint span) string {
	terms := make([]string, len(factors))
	for i, f := range factors {
		terms[i] = number(f.lo)
	}
	text := fmt.Sprintf("all conditions together: %s = %s; %s asks for %s", strings.Join(terms, " x "), number(float64(lo)), p.ID, number(p.PMin))
	if quantise(joint.hi) > float64(lo) {
		text += fmt.Sprintf(" (at most %s, were everything open to be met)", number(quantise(joint.hi)))
	}
	return text
}

// decide gives the verdict. Heat seen from satellites alone never meets a rule.
func (l *look) decide(f *truce.Finding, p *plan, exempt bool, factors []factor) {
	enough, heatAlone := l.evidence.count() >= p.Families, l.evidence.heatAlone()
	f.Trace = append(f.Trace, l.evidence.words(p))
	met := float64(f.P) >= p.PMin
	switch {
	case exempt:
		f.Verdict = truce.VerdictExempt
	case met && enough && !heatAlone:
		f.Verdict = truce.VerdictHit
	default:
		f.Verdict = truce.VerdictIndeterminate
		f.Reason = undecided(factors)
		if met || heatAlone {
			f.Reason = truce.ReasonEvidence
		}
	}
	f.Trace = append(f.Trace, verdictText(f))
}

// undecided is the reason of the condition that is least met; among equals the place
// comes first, since a better place is what analysts can most often find.
func undecided(factors []factor) truce.Reason {
	order := []truce.Reason{truce.ReasonLocation, truce.ReasonControl, truce.ReasonAct, truce.ReasonTime, truce.ReasonEvidence}
	least := slices.MinFunc(factors, func(a, b factor) int {
		return cmp.Or(cmp.Compare(a.lo, b.lo), cmp.Compare(slices.Index(order, a.reason), slices.Index(order, b.reason)))
	})
	return least.reason
}

// words say who bears the incident out and what the rule asks for.
func (e evidence) words(p *plan) string {
	list := "none"
	if len(e.families) > 0 {
		list = strings.Join(options(e.families...), ", ")
	}
	text := fmt.Sprintf("evidence: %s (%s)", plural(len(e.families), "independent family", "independent families"), list)
	if e.count() < len(e.families) {
		text = fmt.Sprintf("evidence: %d families (%s), counted as 1: that they speak of one happening is not shown beyond chance (occurrence: %s)",
			len(e.families), list, e.occurrence)
	}
	text += fmt.Sprintf("; %s asks for %d", p.ID, p.Families)
	if e.plant {
		text += "; heat where heat recurs is no witness"
	}
	if e.heatAlone() {
		text += "; heat alone never meets a rule"
	}
	return text
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func verdictText(f *truce.Finding) string {
	switch f.Verdict {
	case truce.VerdictHit:
		return fmt.Sprintf("the conditions of %s are met with p %s", f.Rule, number(float64(f.P)))
	case truce.VerdictExempt:
		return fmt.Sprintf("exempt from %s", f.Rule)
	}
	return fmt.Sprintf("indeterminate under %s: %s", f.Rule, f.Reason)
}

// timeFactor is the probability that the incident fell into the rule's span.
func (l *look) timeFactor(p *plan) factor {
	t := l.incident.Time
	f := factor{span: known(quantise(during(t, p.from, p.to))), reason: truce.ReasonTime}
	until := "an open end"
	if p.to != 0 {
		until = clock(p.to)
	}
	f.text = fmt.Sprintf("time: %s; %s is in force from %s to %s: p %s", timeWords(t), p.ID, clock(p.from), until, number(f.lo))
	return f
}

func clock(t truce.Instant) string { return t.Time().Format("2006-01-02 15:04:05") + " UTC" }

func timeWords(t truce.PhenomenonTime) string {
	text := clock(t.From)
	if t.To > t.From {
		text += " to " + clock(t.To)
	}
	if t.Sigma > 0 {
		text += " ± " + truce.DurationText(t.Sigma.Duration())
	}
	return text
}

// count lets the hit of highest precedence count once; the other hits say where they
// are counted. Among equals the first rule of the agreement counts. CountTogether then
// joins the incidents that are one of the rule's unit.
func (g *Geometry) count(findings []truce.Finding) {
	best := -1
	for i := range findings {
		if findings[i].Verdict == truce.VerdictHit && (best < 0 || g.plans[i].Precedence > g.plans[best].Precedence) {
			best = i
		}
	}
	for i := range findings {
		f := &findings[i]
		switch {
		case f.Verdict != truce.VerdictHit:
		case i == best:
			f.Count = 1
			f.Trace = append(f.Trace, countedOnce(f.Unit))
		default:
			f.CountedUnder = findings[best].Rule
			f.Trace = append(f.Trace, fmt.Sprintf("counted under %s, which has precedence", f.CountedUnder))
		}
	}
}
