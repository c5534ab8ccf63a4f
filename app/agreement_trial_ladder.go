package app

import (
	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement/trial"
	"github.com/trucewatch/truce/respond/ladder"
)

// runLadder runs the response ladder over what a test of an agreement says happened, by
// the machine that runs it over real cases.
func runLadder(h trial.History) (trial.Course, error) {
	m, err := ladder.New(h.Terms, h.Parties, h.States)
	if err != nil {
		return trial.Course{}, err
	}
	m.Agreement, m.Version = h.Agreement, h.Version
	inputs := make([]ladder.Input, len(h.Happens))
	for i, one := range h.Happens {
		inputs[i] = inputOf(one)
	}
	var out trial.Course
	out.Cases, err = ladder.Tell(m, inputs, h.Until, ladder.Listener{
		Step: func(s truce.CaseStep) {
			out.Steps = append(out.Steps, s)
			out.Said = append(out.Said, ladder.Text(s, h.Terms, "en"))
		},
		Refused: func(n int, why error) {
			out.Refused = append(out.Refused, trial.Refusal{Line: h.Happens[n].Line, Why: why.Error()})
		},
	})
	return out, err
}

func inputOf(h trial.Happening) ladder.Input {
	if h.Deed != nil {
		return ladder.Input{Deed: h.Deed, Person: h.Person, Nth: h.Case}
	}
	f := ladder.Fact{Known: h.At, Blind: h.Blind, Advance: h.Advance, Attribution: h.Attribution}
	if h.Incident != nil {
		f.Incidents = []truce.CaseIncident{*h.Incident}
	}
	return ladder.Input{Fact: &f}
}
