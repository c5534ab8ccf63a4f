package agreement

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Input is one incident revision to be held against the rules.
type Input struct {
	Incident truce.Incident
	Events   []truce.Event // the incident's events, to tell independent evidence; may be empty
	KnownAt  truce.Instant // only lines, maps, windows and rules known by then count; 0: all of them

	// Windows are notified activities beside those of the agreement. One with the ID of
	// another takes its place. A window whose place cannot be drawn covers nothing:
	// Agreement.Unusable says why. Geometry.WithWindows is faster where many incidents share windows.
	Windows []Window

	// Origin is on whose side the incident's fire began, as people signed it; nil: nobody did.
	// It counts before what was measured or said.
	Origin *SignedOrigin

	// NoTrace leaves the sentences out, which take most of the time. The findings are
	// the same otherwise.
	NoTrace bool
}

// Evaluate holds an incident against every evaluated rule, in the order of the
// agreement. The same input gives the same findings, whatever the order of the
// incident's families, events or acts. It may be called by many goroutines at once.
func (g *Geometry) Evaluate(in Input) truce.Evaluation {
	e := g.Evaluator()
	e.look.quiet = in.NoTrace
	return truce.Evaluation{
		Incident: in.Incident.ID, Revision: in.Incident.Revision, Agreement: g.a.ID, Version: g.a.Version,
		Findings: e.evaluate(&in),
	}
}

// Evaluator holds incidents against the rules one after another and uses its memory
// again. Each goroutine needs its own.
type Evaluator struct {
	look     look
	findings []truce.Finding
}

// Evaluator makes an evaluator of the agreement's rules.
func (g *Geometry) Evaluator() *Evaluator { return &Evaluator{look: look{g: g}} }

// Verdicts are the findings that Evaluate gives, without sentences. They hold until the
// next call; a caller that keeps them copies them, and changes nothing in their lists.
func (e *Evaluator) Verdicts(in *Input) []truce.Finding {
	e.look.quiet = true
	return e.evaluate(in)
}

func (e *Evaluator) evaluate(in *Input) []truce.Finding {
	l := &e.look
	l.begin(in)
	n := len(l.g.groups)
	e.findings = slices.Grow(e.findings[:0], n)[:n]
	l.chosen = slices.Grow(l.chosen[:0], n)[:n]
	for i, group := range l.g.groups {
		p := &l.g.plans[group[0]]
		if len(group) > 1 || p.KnownFrom > l.known {
			p = l.choose(group)
		}
		l.chosen[i] = p
		if p == nil {
			l.unknownRule(&e.findings[i], group)
			continue
		}
		l.finding(&e.findings[i], p)
	}
	l.count(e.findings)
	return e.findings
}

// look is one incident while it is evaluated: what every rule asks of it. It is used
// again for the next.
type look struct {
	g        *Geometry
	in       *Input
	incident *truce.Incident
	detail   *truce.Detail // never nil
	pos      bool          // the incident has a place that can be put on the map
	known    truce.Instant
	at       truce.Instant // the middle of its time, or of a part of it: says which line and map holds
	part     *part         // nil: the whole of its time
	overMany bool          // how many are allowed differs by part, and is weighed already
	acts     []truce.ActWeight
	shares   []share
	actSet   actSet
	words    string // by actWords
	happened factor
	site     int // the listed site it speaks of by name, -1 for none
	quiet    bool

	witness  *evidence // by evidence
	control  *control  // by controlled
	origin   *control  // by originated
	said     *control  // by saidSides
	signed   *control  // by signedSides
	asked    atHand
	facts    facts    // for conditions in CEL
	windows  []window // by activities
	met      []factor
	options  []option        // by placeFactor
	rows     []truce.Finding // by read
	sets     [][]*siteSet    // by objectFactor
	chosen   []*plan         // by group
	near     nearby
	noDetail truce.Detail
	store    evidence
}

// atHand says which answers were looked for already.
type atHand struct{ control, origin, said, signed, windows bool }

// begin turns to another incident.
func (l *look) begin(in *Input) {
	acts := append(l.acts[:0], in.Incident.Acts...)
	slices.SortStableFunc(acts, func(a, b truce.ActWeight) int {
		return cmp.Or(cmp.Compare(b.P, a.P), cmp.Compare(a.Act, b.Act))
	})
	*l = look{
		g: l.g, in: in, incident: &in.Incident, known: in.KnownAt, at: in.Incident.Time.Mid(), quiet: l.quiet,
		acts: acts, shares: addShares(l.shares[:0], acts), met: l.met[:0], options: l.options[:0], rows: l.rows[:0], sets: l.sets, facts: l.facts.none(), chosen: l.chosen[:0], near: l.near.empty(), site: -1,
	}
	l.facts.look = l // it refers to the look it is part of
	for i := range l.shares {
		l.actSet.add(l.shares[i].n)
	}
	l.pos = in.Incident.Position != nil && usable(*in.Incident.Position)
	l.detail = &l.noDetail
	if in.Incident.Detail != nil {
		l.detail = in.Incident.Detail
	}
	if l.detail.Site != "" {
		l.site = slices.IndexFunc(l.g.sites, func(s site) bool { return s.ID == l.detail.Site })
	}
	l.happened = l.happenedFactor()
}

// usable says whether a position can be put on the map; one that cannot says nothing.
func usable(p geo.Position) bool { return p.Valid() && p.Error.Valid() }

// factor is one condition of a rule: its probability, the reason to give when it is what
// keeps the finding undecided, and a sentence.
type factor struct {
	span
	reason truce.Reason
	text   string
}

// saying gives a factor its sentence, where sentences are asked for.
func (l *look) saying(f factor, format string, args ...any) factor {
	if !l.quiet {
		f.text = fmt.Sprintf(format, args...)
	}
	return f
}

// happenedFactor is the incident's own probability. An incident that was refuted,
// explained or merged into another did not happen as far as the rules are concerned.
func (l *look) happenedFactor() factor {
	i := l.incident
	f := factor{reason: truce.ReasonEvidence}
	switch i.Occurrence {
	case truce.OccurrenceRefuted, truce.OccurrenceDuplicate, truce.OccurrenceExplained:
		return l.saying(f, "occurrence: %s, so nothing is held against the rules", i.Occurrence)
	}
	if !i.ReplacedBy.IsZero() {
		return l.saying(f, "the incident was merged into %s, which is evaluated instead", i.ReplacedBy)
	}
	f.span = known(quantise(float64(i.P)))
	if l.quiet {
		return f
	}
	return l.saying(f, "occurrence: %s, happened with p %s", i.Occurrence, number(f.lo))
}

// finding holds one rule. Where the parties hold different readings of it, each is
// evaluated.
func (l *look) finding(f *truce.Finding, p *plan) {
	if p.readings != nil {
		l.read(f, p)
	} else {
		l.judge(f, p)
	}
	l.report(f, p)
}

// judge holds a rule in one reading. Acts come first, since they cost least, then time
// and place.
func (l *look) judge(f *truce.Finding, p *plan) {
	if l.quiet && l.passes(f, p) {
		return
	}
	p.begin(f, truce.ReasonNone)
	f.Trace = l.statusText()
	l.met, l.overMany = l.met[:0], false
	if parts := l.parts(p.turns); len(parts) > 0 {
		l.judgeParts(f, p, parts)
		return
	}
	scope := certain
	for _, condition := range p.conditions {
		next := condition(l, p)
		l.met, scope = append(l.met, next), scope.and(next.span)
		if scope.hi < p.POut {
			l.outside(f, p, scope)
			return
		}
	}
	l.conclude(f, p, scope, func(joint span) string { return product(p, l.met, f.P, joint) })
}

// conclude gives the finding of an incident that the scope of a rule holds: the happening
// itself is multiplied with the conditions.
func (l *look) conclude(f *truce.Finding, p *plan, scope span, words func(joint span) string) {
	for i := range l.met {
		l.say(f, l.met[i].text)
	}
	l.sidesOf(f, p)
	l.say(f, l.happened.text)
	if l.happened.hi == 0 {
		f.Reason = l.happened.reason
		return
	}
	l.met = append(l.met, l.happened)
	joint := scope.and(l.happened.span)
	f.P = truce.Probability(quantise(joint.lo))
	if !l.quiet {
		f.Trace = append(f.Trace, words(joint))
	}
	l.decide(f, p)
}

// passes says, in a few nanoseconds, what actFactor says of most rules: that the incident
// has no act that the rule speaks of.
func (l *look) passes(f *truce.Finding, p *plan) bool {
	if p.POut <= 0 || len(l.shares) == 0 || p.acts.meets(&l.actSet) {
		return false
	}
	p.begin(f, truce.ReasonAct)
	return true
}

// begin empties a finding but for the reason that it is outside the rule. One that was of
// the same rule keeps what is the rule's, and only what differs is written: most findings
// of most incidents are alike, and writing pointers while memory is being collected costs
// more than asking.
func (p *plan) begin(f *truce.Finding, reason truce.Reason) {
	if f.Rule != p.ID || f.RuleVersion != p.Version || f.Unit != p.Unit {
		*f = p.blank
		f.Unit, f.Reason = p.Unit, reason
		return
	}
	if f.Reason != reason {
		f.Reason = reason
	}
	if f.Verdict != truce.VerdictOutside {
		f.Verdict = truce.VerdictOutside
	}
	if f.EffectSide != nil || f.OriginSide != nil || f.MapVersion != "" {
		f.EffectSide, f.OriginSide, f.MapVersion = nil, nil, ""
	}
	if f.CountedUnder != "" {
		f.CountedUnder = ""
	}
	if f.ClaimsExempt || f.Window != "" || f.NotCoveredBy != nil {
		f.ClaimsExempt, f.Window, f.NotCoveredBy = false, "", nil
	}
	if f.Readings != nil || f.Conditions != nil || f.Trace != nil {
		f.Readings, f.Conditions, f.Trace = nil, nil, nil
	}
	if f.Reported != nil || f.Bearer != nil || f.Gap != nil || f.Number != nil || f.Chain != nil {
		f.Reported, f.Bearer, f.Gap, f.Number, f.Chain = nil, nil, nil, nil, nil
	}
	f.P, f.Count, f.Severity = 0, 0, 0
}

// say adds a sentence to the explanation.
func (l *look) say(f *truce.Finding, text string) {
	if !l.quiet && text != "" {
		f.Trace = append(f.Trace, text)
	}
}

// statusText says that the terms are not in force, and nothing while they are.
func (l *look) statusText() []string {
	if l.quiet || l.g.a.Status == StatusInForce {
		return nil
	}
	return []string{fmt.Sprintf("the agreement's status is %s: evaluated as if it were in force", l.g.a.Status)}
}

// unknownRule is the finding under a rule that nobody knew of at the known time.
func (l *look) unknownRule(f *truce.Finding, group []int) {
	p := &l.g.plans[group[0]]
	*f = p.blank
	f.Reason, f.Trace = truce.ReasonTime, l.statusText()
	if !l.quiet {
		l.say(f, fmt.Sprintf("outside the scope of %s: the rule was known from %s on, and this is what was known by %s", p.ID, clock(p.KnownFrom), clock(l.known)))
	}
}

// outside says why the incident is outside the rule: the conditions that are not fully
// met. The others would only fill the record of every incident with what is not asked.
func (l *look) outside(f *truce.Finding, p *plan, scope span) {
	f.Reason, f.P = l.met[len(l.met)-1].reason, truce.Probability(quantise(scope.lo*l.happened.lo))
	if l.quiet {
		return
	}
	for _, condition := range l.met {
		if condition.hi < 1 {
			l.say(f, condition.text)
		}
	}
	l.sayVague(f, p)
	l.say(f, fmt.Sprintf("outside the scope of %s: p %s is below %s", p.ID, number(quantise(scope.hi)), number(p.POut)))
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

// timeFactor is the probability that the incident fell into the rule's span.
func (l *look) timeFactor(p *plan) factor {
	t := l.incident.Time
	total := 0.0
	for _, s := range p.spans {
		total += l.during(s)
	}
	f := factor{span: known(quantise(min(total, 1))), reason: truce.ReasonTime}
	if l.quiet {
		return f
	}
	return l.saying(f, "time: %s; %s is %s: p %s", timeWords(t), p.ID, spanWords(p.spans), number(f.lo))
}

// spanWords says when a rule is in force.
func spanWords(spans []Span) string {
	if len(spans) == 0 {
		return "never in force under this reading"
	}
	var parts []string
	var start truce.Instant
	for i, s := range spans {
		if i > 0 && spans[i-1].To == s.From {
			parts = parts[:len(parts)-1] // phases that follow one another are one stretch
		} else {
			start = s.From
		}
		until := "an open end"
		if s.To != 0 {
			until = clock(s.To)
		}
		parts = append(parts, fmt.Sprintf("from %s to %s", clock(start), until))
	}
	return "in force " + strings.Join(parts, " and ")
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

// count lets the hit of highest precedence count, once or by its objects; the other hits say where they
// are counted. Among equals the first rule of the agreement counts. CountTogether then
// joins the incidents that are one of the rule's unit.
func (l *look) count(findings []truce.Finding) {
	best := -1
	for i := range findings {
		if findings[i].Verdict == truce.VerdictHit && (best < 0 || l.chosen[i].Precedence > l.chosen[best].Precedence) {
			best = i
		}
	}
	for i := range findings {
		f := &findings[i]
		switch {
		case f.Verdict != truce.VerdictHit:
		case i == best:
			f.Count = l.chosen[i].seenAtOnce(l.detail)
			if !l.quiet {
				l.say(f, countedAs(f.Count, f.Unit))
			}
		default:
			f.CountedUnder = findings[best].Rule
			if !l.quiet {
				l.say(f, fmt.Sprintf("counted under %s, which has precedence", f.CountedUnder))
			}
		}
	}
}

// age is how long after one instant another lies.
func age(from, to truce.Instant) string { return truce.DurationText(to.Sub(from).Round(time.Second)) }
