package drill

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// Result is what came of a drill.
type Result struct {
	Drill     string         `json:"drill"`
	Title     string         `json:"title"`
	Realm     truce.Realm    `json:"realm"`
	Agreement string         `json:"agreement"`
	Start     truce.Instant  `json:"start"`
	Until     truce.Instant  `json:"until"`
	Head      truce.Seq      `json:"records"`
	Marks     []Mark         `json:"expectations"`
	States    []StateScore   `json:"guarantors"`
	Moments   []Moment       `json:"timeline"`
	Counts    map[string]int `json:"counts"`
	Sent      []Sent         `json:"-"`
}

// Mark is one expectation with what came of it.
type Mark struct {
	Line int           `json:"line"`
	Text string        `json:"expected"`
	Met  bool          `json:"met"`
	At   truce.Instant `json:"at,omitzero"`       // when it was met
	Got  string        `json:"instead,omitempty"` // of what was missed
}

// StateScore is how one guarantor did.
type StateScore struct {
	State   truce.StateID `json:"state"`
	Alerts  int           `json:"alerts"`             // that reached it
	After   time.Duration `json:"first_answer_after"` // from the release to the first answer; -1: none came
	Answers int           `json:"answers"`
	Silent  int           `json:"silences"`
	Met     int           `json:"clocks_met"`
	Missed  int           `json:"clocks_missed"`
}

// Met counts the expectations that were met.
func (r Result) Met() int {
	n := 0
	for _, m := range r.Marks {
		if m.Met {
			n++
		}
	}
	return n
}

// Passed says whether every expectation was met.
func (r Result) Passed() bool { return r.Met() == len(r.Marks) }

// result reads the store back and holds it against what was expected.
func (p *player) result(ctx context.Context) (Result, error) {
	d := &p.drill
	terms := p.geometry.Agreement()
	r := Result{Drill: d.ID, Title: d.Title, Realm: d.Realm(), Agreement: terms.ID + " " + terms.Version, Start: d.Start, Until: d.Until, Sent: p.exits.sent()}
	head, _, err := p.store().Head(ctx)
	if err != nil {
		return r, err
	}
	r.Head = head
	names := map[truce.ID]string{}
	for name, id := range p.names {
		names[id] = name
	}
	read := &reader{store: p.store(), drill: d, terms: *terms.Ladder, names: names}
	if r.Moments, err = read.moments(ctx); err != nil {
		return r, err
	}
	j := judge{drill: d, moments: r.Moments, incidents: p.names}
	for _, x := range d.Expect {
		r.Marks = append(r.Marks, j.mark(x))
	}
	for _, e := range d.Events {
		if m, is := p.refusal(e); is {
			r.Marks = append(r.Marks, m)
		}
	}
	slices.SortStableFunc(r.Marks, func(a, b Mark) int { return a.Line - b.Line })
	r.States = j.states()
	r.Counts = map[string]int{}
	for _, m := range r.Moments {
		r.Counts[string(m.Kind)]++
	}
	return r, nil
}

// refusal is a mark for a line that the rules refused, or that they were expected to.
func (p *player) refusal(e Event) (Mark, bool) {
	m := Mark{Line: e.Line, Text: e.Text, At: e.At, Met: e.Refused}
	for _, r := range p.refused {
		if r.rank == e.Line && r.At == e.At {
			m.Got = "refused: " + r.Text
			return m, true
		}
	}
	if e.Refused {
		m.Met, m.Got = false, "it was not refused"
		return m, true
	}
	return m, false
}

// judge holds moments against expectations.
type judge struct {
	drill     *Drill
	moments   []Moment
	incidents map[string]truce.ID
}

func (j judge) mark(x Expectation) Mark {
	m := Mark{Line: x.Line, Text: x.Text}
	if x.Even {
		m.Got = j.uneven()
		m.Met = m.Got == ""
		return m
	}
	var near []Moment
	for _, one := range j.moments {
		if !j.fits(x.Want, one) {
			continue
		}
		near = append(near, one)
		if inTime(x, one) && (x.Found == 0 || second(one.Found) == second(x.Found)) {
			if m.Met = !x.Not; m.Met {
				m.At = one.At
			} else {
				m.Got = "it did " + j.when(one)
			}
			return m
		}
	}
	if x.Not {
		m.Met = true
		return m
	}
	m.Got = j.instead(x.Want, near)
	return m
}

// inTime compares to the second, as people read times.
func inTime(x Expectation, m Moment) bool {
	switch {
	case x.At == 0:
		return true
	case x.By:
		return second(m.At) <= second(x.At)
	}
	return second(m.At) == second(x.At)
}

func second(t truce.Instant) int64 { return int64(t) / 1_000_000 }

func (j judge) when(m Moment) string {
	text := "at " + Offset(j.drill.Start, m.At)
	if m.Found != 0 {
		text += ", found " + Offset(j.drill.Start, m.Found)
	}
	return text
}

// instead says what there was of what was missed: the same at other times, the same thing
// in another way, or nothing.
func (j judge) instead(w pattern, near []Moment) string {
	const most = 3
	var said []string
	for _, m := range near[:min(len(near), most)] {
		said = append(said, j.when(m))
	}
	if len(near) > 0 {
		return "instead " + strings.Join(said, " and ")
	}
	w.What, w.From, w.To, w.Office = "", 0, 0, ""
	for _, m := range j.moments {
		if len(said) < most && j.fits(w, m) {
			said = append(said, fmt.Sprintf("%s %s", m.What, j.when(m)))
		}
	}
	if len(said) == 0 {
		return "never"
	}
	return "never; there was " + strings.Join(said, ", ")
}

// fits says whether a moment is what a pattern means.
func (j judge) fits(w pattern, m Moment) bool {
	is := func(want, have string) bool { return want == "" || want == have }
	switch {
	case m.Kind != w.Kind || !is(w.ID, m.ID) || !is(w.For, m.For) || !is(w.Case, m.Case):
		return false
	case w.Kind == KindAnswer && w.What != "":
		if !truce.AcknowledgeKind(m.What).AtLeast(truce.AcknowledgeKind(w.What)) {
			return false
		}
	case !is(w.What, m.What):
		return false
	}
	if w.From != 0 && second(w.From) != second(m.From) || w.To != 0 && second(w.To) != second(m.New) {
		return false
	}
	if w.Of != "" && !slices.Contains(m.of, j.incidents[w.Of]) {
		return false
	}
	if w.Who == "" {
		return true
	}
	return j.concerns(w, m)
}

// concerns says whether a moment is somebody's.
func (j judge) concerns(w pattern, m Moment) bool {
	people := m.all
	if m.Kind != KindAlert {
		people = []truce.Person{m.group}
	}
	return slices.ContainsFunc(people, func(p truce.Person) bool {
		named := string(p.ID) == w.Who || w.Who != "" && (string(p.State) == w.Who || string(p.Party) == w.Who)
		return named && (w.Office == "" || p.Office == w.Office)
	})
}

// uneven is the first alert that reached one party and not the other in the same second.
func (j judge) uneven() string {
	parties := map[truce.PartyID]bool{}
	for _, p := range j.drill.Posts {
		if p.Party != "" {
			parties[p.Party] = true
		}
	}
	for _, m := range j.moments {
		told := map[truce.PartyID]bool{}
		for _, p := range m.all {
			if p.Party != "" {
				told[p.Party] = true
			}
		}
		if len(told) > 0 && len(told) < len(parties) {
			return "one party alone " + j.when(m) + ": " + m.Text
		}
	}
	return ""
}

// states are the scores of the guarantors, by name.
func (j judge) states() []StateScore {
	var out []StateScore
	for _, p := range j.drill.Posts {
		if p.Role != truce.RoleGuarantor || slices.ContainsFunc(out, func(s StateScore) bool { return s.State == p.State }) {
			continue
		}
		out = append(out, j.state(p.State))
	}
	slices.SortFunc(out, func(a, b StateScore) int { return strings.Compare(string(a.State), string(b.State)) })
	return out
}

func (j judge) state(id truce.StateID) StateScore {
	s := StateScore{State: id, After: -1}
	for _, m := range j.moments {
		mine := m.For == string(id)
		switch {
		case m.Kind == KindAlert && slices.ContainsFunc(m.all, func(p truce.Person) bool { return p.State == id }):
			s.Alerts++
		case m.Kind == KindAnswer && mine:
			s.Answers++
			if after := m.At.Sub(m.From); s.After < 0 {
				s.After = after
			}
		case m.Kind == KindSilence && mine:
			s.Silent++
		case m.Kind == KindClock && mine && m.What == "met":
			s.Met++
		case m.Kind == KindClock && mine && m.What == "missed":
			s.Missed++
		}
	}
	return s
}

// Timeline is every moment on a line of its own, with its time from the start.
func (r Result) Timeline() string {
	var out strings.Builder
	for _, m := range r.Moments {
		if m.plain {
			continue
		}
		late := ""
		if m.Found != 0 {
			late = " (found " + Offset(r.Start, m.Found) + ")"
		}
		fmt.Fprintf(&out, "%12s%s  %s\n", Offset(r.Start, m.At), late, strings.TrimSpace(m.Case+"  "+m.Text))
	}
	return out.String()
}
