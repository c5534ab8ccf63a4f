package ladder

import (
	"fmt"
	"slices"

	"github.com/trucewatch/truce"
)

// Input is one thing that happens in a history: a fact, or a deed with its person.
type Input struct {
	Fact   *Fact
	Deed   *truce.Deed
	Person truce.Person
	Nth    int // the case a deed without one is about, by the order in which they opened, from 1
}

// at is when the input reaches the machine.
func (i Input) at() truce.Instant {
	if i.Fact != nil {
		return i.Fact.Known
	}
	return i.Deed.At
}

// History runs a whole history from nothing: facts are dealt to cases, cases are looked at
// whenever they ask for it, and people act. Inputs are in the order of time. A deed without
// a case is about the one that is open, and a deed that names no step has seen them all.
func History(m Machine, inputs []Input, until truce.Instant) ([]truce.Case, error) {
	return Tell(m, inputs, until, Listener{})
}

// Listener hears a history as it is run.
type Listener struct {
	Step    func(truce.CaseStep)   // every step as it is made; nil: nobody hears it
	Refused func(n int, why error) // input n was a deed that was refused; nil: the history ends there
}

// Tell is History with a listener.
func Tell(m Machine, inputs []Input, until truce.Instant, l Listener) ([]truce.Case, error) {
	h := history{m: m, told: l.Step}
	last := truce.Instant(always)
	for n, in := range inputs {
		if (in.Fact == nil) == (in.Deed == nil) || in.at() == 0 {
			return nil, truce.Errorf(truce.CodeInvalid, "input %d: a fact or a deed, with its time", n+1)
		}
		at := in.at()
		if at < last {
			return nil, truce.Errorf(truce.CodeInvalid, "input %d is of %s, before the one before it", n+1, at)
		}
		if at > until {
			break
		}
		last = at
		h.advance(at)
		err := h.input(in, at)
		if err != nil && in.Deed != nil && l.Refused != nil {
			l.Refused(n, err)
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("input %d, %s: %w", n+1, at, err)
		}
	}
	h.advance(until)
	return h.cases, nil
}

// history is a run of the machine over several cases, in the order in which they opened.
type history struct {
	m     Machine
	cases []truce.Case
	// told hears every step as it is made; nil: nobody.
	told func(truce.CaseStep)
}

// advance looks at every case whenever it asks for it, up to a time.
func (h *history) advance(until truce.Instant) {
	for n := range h.cases {
		for {
			at, ok := h.m.Next(h.cases[n])
			if !ok || at > until {
				break
			}
			steps := h.m.Tick(h.cases[n], at)
			if len(steps) == 0 || h.apply(n, steps) != nil {
				break
			}
		}
	}
}

func (h *history) apply(n int, steps []truce.CaseStep) error {
	for _, s := range steps {
		if err := Apply(&h.cases[n], s); err != nil {
			return err
		}
		if h.told != nil {
			h.told(s)
		}
	}
	return nil
}

func (h *history) input(in Input, at truce.Instant) error {
	if in.Fact != nil {
		return h.fact(*in.Fact, at)
	}
	d := *in.Deed
	n, err := h.about(in)
	if err != nil {
		return err
	}
	d.Case = h.cases[n].ID
	if d.After == 0 {
		d.After = h.cases[n].Steps
		if d.T0 != nil && d.T0.Old == 0 {
			moved := *d.T0
			moved.Old = h.cases[n].T0[moved.Basis]
			d.T0 = &moved
		}
	}
	steps, err := h.m.Do(h.cases[n], d, in.Person, at)
	if err != nil {
		return err
	}
	if err := h.apply(n, steps); err != nil || d.Kind != truce.DeedMove {
		return err
	}
	return h.moved(n, d, at)
}

// moved gives the incidents that left one case to the other.
func (h *history) moved(from int, d truce.Deed, at truce.Instant) error {
	to, err := h.find(d.To)
	if err != nil {
		return err
	}
	f := Fact{Known: at}
	for _, i := range h.cases[from].Incidents {
		if slices.Contains(d.Moved, i.ID) {
			i.Gone = false
			f.Incidents = append(f.Incidents, i)
		}
	}
	return h.apply(to, h.m.Take(h.cases[to], f, at))
}

func (h *history) fact(f Fact, at truce.Instant) error {
	for _, s := range h.m.Deal(h.cases, f) {
		if s.New {
			h.cases = append(h.cases, truce.Case{})
			if err := h.apply(len(h.cases)-1, h.m.Open(s.Case, s.Opening, s.Fact, at)); err != nil {
				return err
			}
			continue
		}
		n, err := h.find(s.Case)
		if err != nil {
			return err
		}
		if err := h.apply(n, h.m.Take(h.cases[n], s.Fact, at)); err != nil {
			return err
		}
	}
	return nil
}

// about is the case a deed is about.
func (h *history) about(in Input) (int, error) {
	if in.Nth == 0 || !in.Deed.Case.IsZero() {
		return h.find(in.Deed.Case)
	}
	if in.Nth < 0 || in.Nth > len(h.cases) {
		return 0, truce.Errorf(truce.CodeNotFound, "there is no case %d: %d have opened", in.Nth, len(h.cases))
	}
	return in.Nth - 1, nil
}

// find is the place of a case; without a name that of the only one that is open, else of
// the only one there is.
func (h *history) find(id truce.CaseID) (int, error) {
	var open []int
	for n, c := range h.cases {
		if c.ID == id {
			return n, nil
		}
		if c.State == truce.CaseOpen {
			open = append(open, n)
		}
	}
	switch {
	case !id.IsZero():
		return 0, truce.Errorf(truce.CodeNotFound, "there is no case %s", id)
	case len(open) == 1:
		return open[0], nil
	case len(open) == 0 && len(h.cases) == 1:
		return 0, nil
	}
	return 0, truce.Errorf(truce.CodeConflict, "%d cases are open: name one", len(open))
}
