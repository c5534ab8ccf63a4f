package storetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/keep/store"
)

// caseStep is a step of a case that is open in the north and was last active at its time.
func caseStep(name string, number int, start truce.Instant, edit func(*truce.CaseStep)) truce.CaseStep {
	step := truce.CaseStep{
		Case: thing(at(0), name), Number: number, Kind: truce.StepNoted, At: start, Text: name,
		Summary: truce.CaseSummary{State: truce.CaseOpen, Title: truce.Names{"en": name}, Opened: at(0), Last: start, Areas: []truce.AreaID{"north"}},
	}
	if edit != nil {
		edit(&step)
	}
	return step
}

func caseDraft(t testing.TB, step truce.CaseStep) truce.Draft {
	t.Helper()
	subject := truce.CaseSubject(step.Case)
	return draft(t, truce.RecordCase, subject, fmt.Sprintf("%s/%d", subject, step.Number), step)
}

func (f *fixture) refuse(t testing.TB, what string, want truce.Code, d truce.Draft) {
	t.Helper()
	d.Key = "refused/" + what
	_, err := f.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{d}})
	wantCode(t, what, err, want)
}

func caseTitles(rows []truce.CaseRow) []string {
	var out []string
	for _, row := range rows {
		out = append(out, row.Summary.Title["en"])
	}
	return out
}

func testCaseSteps(t *testing.T, f *fixture) {
	ctx := t.Context()
	a, b := caseStep("a", 1, at(1), nil), caseStep("b", 1, at(2), nil)
	lastYear := caseStep("old", 1, at(-24*200), nil)
	f.append(t, caseDraft(t, a), caseDraft(t, lastYear), caseDraft(t, b))
	f.clock.Move(time.Hour)
	raised := caseStep("a", 2, at(3), func(s *truce.CaseStep) {
		s.Summary.Rank, s.Summary.Number, s.Summary.NextDue = 2, "C-2026-1", at(9)
	})
	receipt := f.append(t, caseDraft(t, raised))
	for want, step := range map[string]truce.CaseStep{"C-2026-1": a, "C-2025-1": lastYear, "C-2026-2": b} {
		row, err := f.store.Case(ctx, want)
		if err != nil || row.ID != step.Case || row.Summary.Number != want {
			t.Errorf("case %s = %+v, %v, want %s", want, row, err, step.Case)
		}
	}
	row, err := f.store.Case(ctx, a.Case.String())
	if err != nil || row.Steps != 2 || row.Seq != receipt.Head || row.Recorded != receipt.Recorded || row.Summary.Rank != 2 || row.Summary.NextDue != at(9) {
		t.Errorf("after two steps: %+v, %v", row, err)
	}
	steps, err := f.store.CaseSteps(ctx, "C-2026-1")
	if err != nil || len(steps) != 2 || steps[0].Number != 1 || steps[1].Seq != row.Seq || steps[1].Recorded != row.Recorded || steps[0].Summary.Number != "C-2026-1" {
		t.Errorf("steps = %+v, %v", steps, err)
	}
	records, err := f.store.RecordsOf(ctx, truce.CaseSubject(a.Case))
	if err != nil || len(records) != 2 || records[1].Seq != row.Seq {
		t.Errorf("records of the case = %+v, %v", records, err)
	}
	for _, unknown := range []string{"C-2026-3", "", thing(at(0), "nobody").String()} {
		_, err := f.store.CaseSteps(ctx, unknown)
		wantCode(t, "the steps of "+unknown, err, truce.CodeNotFound)
	}
	_, err = f.store.Erase(ctx, row.Seq, "suite")
	wantCode(t, "erasing a step", err, truce.CodeInvalid)
	testCaseRefusals(t, f)
}

func testCaseRefusals(t *testing.T, f *fixture) {
	elsewhere := caseDraft(t, caseStep("a", 3, at(4), nil))
	elsewhere.Subject = "case/elsewhere"
	for _, c := range []struct {
		name string
		want truce.Code
		d    truce.Draft
	}{
		{"a step that is there", truce.CodeConflict, caseDraft(t, caseStep("a", 2, at(4), nil))},
		{"a step too far", truce.CodeConflict, caseDraft(t, caseStep("a", 4, at(4), nil))},
		{"a case that begins at its second step", truce.CodeConflict, caseDraft(t, caseStep("c", 2, at(4), nil))},
		{"another subject", truce.CodeInvalid, elsewhere},
		{"a number of one's own", truce.CodeInvalid, caseDraft(t, caseStep("c", 1, at(4), func(s *truce.CaseStep) { s.Summary.Number = "C-2026-3" }))},
		{"another case's number", truce.CodeInvalid, caseDraft(t, caseStep("a", 3, at(4), func(s *truce.CaseStep) { s.Summary.Number = "C-2026-2" }))},
		{"a summary without a state", truce.CodeInvalid, caseDraft(t, caseStep("a", 3, at(4), func(s *truce.CaseStep) { s.Summary.State = "" }))},
		{"a wake without a time", truce.CodeInvalid, caseDraft(t, caseStep("a", 3, at(4), func(s *truce.CaseStep) { s.Wakes = []truce.Wake{{Name: "w"}} }))},
		{"a wake without a name", truce.CodeInvalid, caseDraft(t, caseStep("a", 3, at(4), func(s *truce.CaseStep) { s.Wakes = []truce.Wake{{Due: 7}} }))},
	} {
		f.refuse(t, c.name, c.want, c.d)
	}
	f.append(t, caseDraft(t, caseStep("a", 3, at(4), nil)))
	f.sound(t)
}

// testCaseRace lets two stores on the same place make every step of a case: one of them
// makes it, the other is told to read again.
func testCaseRace(t *testing.T, f *fixture) {
	second, err := store.Open(t.Context(), f.dsn, store.Options{Clock: f.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	last := truce.Seq(0)
	for n := 1; n <= 12; n++ {
		made := make([]truce.Seq, 4) // two writers in each store
		var wg sync.WaitGroup
		for i := range made {
			d := caseDraft(t, caseStep("a", n, at(float64(n)), func(s *truce.CaseStep) { s.Text = fmt.Sprint("writer ", i) }))
			d.Key, d.Expect = fmt.Sprintf("%s/%d", d.Key, i), &last
			if n%3 == 0 {
				d.Expect = nil // the number of the step alone is enough
			}
			wg.Go(func() {
				receipt, err := []*store.Store{f.store, second}[i%2].Append(t.Context(), truce.Batch{Drafts: []truce.Draft{d}})
				if err == nil {
					made[i] = receipt.Seqs[0]
				} else if truce.CodeOf(err) != truce.CodeConflict {
					t.Errorf("step %d: %v, want a conflict", n, err)
				}
			})
		}
		wg.Wait()
		slices.Sort(made)
		if made[2] != 0 || made[3] == 0 {
			t.Fatalf("step %d was made in records %v, want one of them alone", n, made)
		}
		last = made[3]
	}
	if steps, err := f.store.CaseSteps(t.Context(), "C-2026-1"); err != nil || len(steps) != 12 || steps[11].Seq != last {
		t.Errorf("%d steps, %v, want 12, the last in record %d", len(steps), err, last)
	}
	f.sound(t)
}

func testCaseList(t *testing.T, f *fixture) {
	place := func(name string, last float64, rank int, edit func(*truce.CaseSummary)) truce.Receipt {
		return f.append(t, caseDraft(t, caseStep(name, 1, at(last), func(s *truce.CaseStep) {
			s.Summary.Rank = rank
			if edit != nil {
				edit(&s.Summary)
			}
		})))
	}
	place("a", 1, 1, nil)
	mark := place("b", 5, 3, func(s *truce.CaseSummary) { s.Areas = []truce.AreaID{"south", "north", "south"} })
	place("c", 3, 3, func(s *truce.CaseSummary) { s.Areas, s.Path = []truce.AreaID{"south"}, "blind" })
	place("d", 9, 0, func(s *truce.CaseSummary) { s.Last, s.NextDue = 0, at(2) }) // opened at 0, no activity yet
	place("e", 7, 3, func(s *truce.CaseSummary) { s.State, s.NextDue = truce.CaseClosed, at(4) })
	for _, q := range []struct {
		name string
		q    truce.CaseQuery
		want []string
	}{
		{"all, by tier and activity", truce.CaseQuery{}, []string{"e", "b", "c", "a", "d"}},
		{"those open", truce.CaseQuery{State: truce.CaseOpen}, []string{"b", "c", "a", "d"}},
		{"from a tier on", truce.CaseQuery{MinRank: 1, State: truce.CaseOpen}, []string{"b", "c", "a"}},
		{"in an area", truce.CaseQuery{Areas: []truce.AreaID{"south"}}, []string{"b", "c"}},
		{"in one of two areas, active since", truce.CaseQuery{Areas: []truce.AreaID{"south", "north"}, ActiveSince: at(3), State: truce.CaseOpen}, []string{"b", "c"}},
		{"in an area where there is none", truce.CaseQuery{Areas: []truce.AreaID{"west"}}, nil},
		{"active since", truce.CaseQuery{ActiveSince: at(4)}, []string{"e", "b"}},
		{"by path", truce.CaseQuery{Path: "blind"}, []string{"c"}},
		{"by no path", truce.CaseQuery{NoPath: true, State: truce.CaseOpen}, []string{"b", "a", "d"}},
		{"with a clock due", truce.CaseQuery{DueBy: at(3)}, []string{"d"}},
		{"changed after a record", truce.CaseQuery{ChangedAfter: mark.Head}, []string{"e", "c", "d"}},
	} {
		page, err := f.store.Cases(t.Context(), q.q)
		if err != nil || !slices.Equal(caseTitles(page.Rows), q.want) || page.Total != len(q.want) {
			t.Errorf("%s: got %v of %d, %v, want %v", q.name, caseTitles(page.Rows), page.Total, err, q.want)
		}
		testCasePages(t, f, q.name, q.q, q.want)
	}
	f.append(t, caseDraft(t, caseStep("c", 2, at(20), func(s *truce.CaseStep) { s.Summary.Areas = []truce.AreaID{"east"} })))
	for area, want := range map[truce.AreaID]int{"south": 1, "east": 1} { // c has moved
		page, err := f.store.Cases(t.Context(), truce.CaseQuery{Areas: []truce.AreaID{area}})
		if err != nil || page.Total != want {
			t.Errorf("in the %s after a case moved: %v, %v, want %d", area, caseTitles(page.Rows), err, want)
		}
	}
	_, err := f.store.Cases(t.Context(), truce.CaseQuery{Limit: -1})
	wantCode(t, "a negative limit", err, truce.CodeInvalid)
}

func testCasePages(t *testing.T, f *fixture, name string, q truce.CaseQuery, want []string) {
	var paged []string
	q.Limit = 2
	for range len(want) + 1 {
		page, err := f.store.Cases(t.Context(), q)
		if err != nil || page.Total != len(want) || len(page.Rows) > 2 {
			t.Fatalf("%s, a page: %d of %d rows, %v", name, len(page.Rows), page.Total, err)
		}
		if len(page.Rows) == 0 {
			break
		}
		paged = append(paged, caseTitles(page.Rows)...)
		mark := page.Rows[len(page.Rows)-1].Mark()
		q.After = &mark
	}
	if !slices.Equal(paged, want) {
		t.Errorf("%s: pages give %v, the list %v", name, paged, want)
	}
}

func testCaseIncidents(t *testing.T, f *fixture) {
	x, y := thing(at(1), "x"), thing(at(2), "y")
	gather := func(name string, number int, incidents ...truce.CaseIncident) {
		f.append(t, caseDraft(t, caseStep(name, number, at(float64(number)), func(s *truce.CaseStep) { s.Incidents = incidents })))
	}
	gather("a", 1, truce.CaseIncident{ID: x, Revision: 1}, truce.CaseIncident{ID: y, Revision: 1})
	gather("a", 2, truce.CaseIncident{ID: x, Revision: 2})
	gather("b", 1)
	belongs := func(when string, want map[truce.ID][]string) {
		t.Helper()
		for id, titles := range want {
			if rows, err := f.store.CasesOfIncident(t.Context(), id); err != nil || !slices.Equal(caseTitles(rows), titles) {
				t.Errorf("%s: %s belongs to %v, %v, want %v", when, id, caseTitles(rows), err, titles)
			}
		}
	}
	belongs("at first", map[truce.ID][]string{x: {"a"}, y: {"a"}, thing(at(0), "z"): nil})
	gather("a", 3, truce.CaseIncident{ID: x, Revision: 2, Gone: true})
	gather("b", 2, truce.CaseIncident{ID: x, Revision: 2}, truce.CaseIncident{ID: y, Revision: 1})
	belongs("after one was moved", map[truce.ID][]string{x: {"b"}, y: {"a", "b"}})
	f.sound(t)
}

func testWakes(t *testing.T, f *fixture) {
	ctx := t.Context()
	wake := func(number int, wakes ...truce.Wake) {
		f.append(t, caseDraft(t, caseStep("a", number, at(1), func(s *truce.CaseStep) { s.Wakes = wakes })))
	}
	if next, err := f.store.NextWake(ctx); err != nil || next != 0 {
		t.Errorf("next wake of none = %s, %v, want 0", next, err)
	}
	wake(1, truce.Wake{Name: "clock/1", Due: at(5)}, truce.Wake{Name: "clock/2", Due: at(7)}, truce.Wake{Name: "lapse", Due: at(6)})
	wake(2, truce.Wake{Name: "clock/1", Due: at(9)}, truce.Wake{Name: "lapse", Done: true}, truce.Wake{Name: "never", Done: true})
	f.append(t, caseDraft(t, caseStep("b", 1, at(1), func(s *truce.CaseStep) { s.Wakes = []truce.Wake{{Name: "clock/1", Due: at(8)}} })))
	a, b := truce.CaseSubject(thing(at(0), "a")), truce.CaseSubject(thing(at(0), "b"))
	all := []truce.WakeRow{{Subject: a, Name: "clock/2", Due: at(7), Seq: 2}, {Subject: b, Name: "clock/1", Due: at(8), Seq: 4}, {Subject: a, Name: "clock/1", Due: at(9), Seq: 3}}
	for _, c := range []struct {
		now         float64
		limit, want int
	}{{6.9, 10, 0}, {7, 10, 1}, {8, 10, 2}, {99, 10, 3}, {99, 1, 1}} {
		if rows, err := f.store.DueWakes(ctx, at(c.now), c.limit); err != nil || !slices.Equal(rows, all[:c.want]) {
			t.Errorf("due at %v: %v, %v, want %v", c.now, rows, err, all[:c.want])
		}
	}
	for sort, want := range map[string]int{"case": 3, "alert": 0} {
		if rows, err := f.store.DueWakesOf(ctx, sort, at(99), 10); err != nil || len(rows) != want {
			t.Errorf("due of %s: %v, %v, want %d", sort, rows, err, want)
		}
	}
	if n, err := f.store.WakeCount(ctx, at(8)); err != nil || n != (truce.WakeCount{Total: 3, Due: 2, Next: at(7)}) {
		t.Errorf("count = %+v, %v", n, err)
	}
	if next, err := f.store.NextWake(ctx); err != nil || next != at(7) {
		t.Errorf("next = %s, %v, want %s", next, err, at(7))
	}
	if rows, err := f.store.WakesOf(ctx, a); err != nil || len(rows) != 2 || rows[0].Name != "clock/2" {
		t.Errorf("wakes of a = %+v, %v", rows, err)
	}
	_, err := f.store.DueWakes(ctx, at(8), 0)
	wantCode(t, "no limit", err, truce.CodeInvalid)
	wake(3, truce.Wake{Name: "clock/1", Done: true}, truce.Wake{Name: "clock/2", Done: true})
	if rows, err := f.store.WakesOf(ctx, a); err != nil || len(rows) != 0 {
		t.Errorf("after all are done: %+v, %v", rows, err)
	}
	f.sound(t)
}
