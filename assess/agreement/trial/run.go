package trial

import (
	"fmt"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// Runner runs tests against an agreement.
type Runner struct {
	Terms  *agreement.Agreement
	Ladder Ladder // nil: expectations of tiers are listed as not run

	plain *agreement.Geometry // of the terms as they stand, made once
}

// Run runs one test, unless a line of it cannot be read. An error means that the test cannot be run at all.
func (r *Runner) Run(t Test) (Result, error) {
	result := Result{Test: t, Name: t.Name, File: t.File, Line: t.Line, Unread: t.Unread}
	if len(t.Unread) > 0 {
		return result, nil
	}
	g, err := r.geometry(t.Given)
	if err != nil {
		return result, fmt.Errorf("%s:%d: %w", t.File, t.Line, err)
	}
	o := &outcome{test: &t}
	counted := make([]agreement.Counted, len(t.Events))
	for i, e := range t.Events {
		in := e.Incident
		in.ID = truce.NewID(in.Time.From, "trial", t.File, []byte(fmt.Sprintf("%s/%d", t.Name, i)))
		counted[i] = agreement.Counted{Incident: in, Evaluation: g.Evaluate(agreement.Input{
			Incident: in, KnownAt: t.Given.KnownAt, Windows: t.Given.Windows,
		})}
	}
	o.evaluations = g.CountTogether(counted)
	o.climb = r.climb(&t, g, counted)
	for i := range t.Expect {
		result.Failures = append(result.Failures, t.Expect[i].Want.check(o, &t.Expect[i])...)
	}
	result.Failures = append(result.Failures, o.refusals()...)
	result.NotRun, result.evaluations = o.notRun, o.evaluations
	if o.climb != nil {
		if course, err := o.climb.whole(); err == nil {
			result.course = &course
		}
	}
	return result, nil
}

// geometry is the agreement as the test has it.
func (r *Runner) geometry(g Given) (*agreement.Geometry, error) {
	if len(g.Lines) == 0 && g.Status == "" {
		if r.plain == nil {
			plain, err := r.Terms.Geometry(nil)
			if err != nil {
				return nil, err
			}
			r.plain = plain
		}
		return r.plain, nil
	}
	terms := r.Terms
	for _, l := range g.Lines {
		redrawn, err := terms.WithLine(l.ID, l.Points, l.AccuracyM)
		if err != nil {
			return nil, err
		}
		terms = redrawn
	}
	if g.Status != "" {
		copied := *terms
		copied.Status = g.Status
		terms = &copied
	}
	return terms.Geometry(nil)
}

// outcome is what a test's expectations are held against.
type outcome struct {
	test        *Test
	evaluations []truce.Evaluation // one an event
	climb       *climb             // nil: no ladder is run
	notRun      []string
}

func (o *outcome) finding(event int, rule truce.RuleID) *truce.Finding {
	for i := range o.evaluations[event].Findings {
		if f := &o.evaluations[event].Findings[i]; f.Rule == rule {
			return f
		}
	}
	return nil
}

func (o *outcome) failure(e *Expectation, got string, trace []string) Failure {
	f := Failure{File: o.test.File, Line: e.Line, Want: e.Text, Got: got}
	if e.Event >= 0 {
		f.Trace = append(f.Trace, fmt.Sprintf("line %d: %s", o.test.Events[e.Event].Line, o.test.Events[e.Event].Text))
	}
	f.Trace = append(f.Trace, trace...)
	return f
}

// counted lists what counts, for a total that is not the one expected.
func (o *outcome) counted() []string {
	var out []string
	for i, evaluation := range o.evaluations {
		for _, f := range evaluation.Findings {
			if f.Count > 0 || f.Verdict == truce.VerdictHit {
				out = append(out, fmt.Sprintf("line %d: %s %s, %d %s", o.test.Events[i].Line, f.Rule, f.Verdict, f.Count, f.Unit))
			}
		}
	}
	return out
}
