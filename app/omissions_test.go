package app

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// owing is a mission whose agreement asks for answers to complaints and for notices of
// discipline after determinations, and for answers to notifications.
func owing(t *testing.T) program {
	t.Helper()
	p := newProgram(t)
	p.now = time.Date(2031, 4, 1, 9, 0, 0, 0, time.UTC)
	file := filepath.Join(p.dir, "agreement", "agreement.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), "status: in_force", "status: draft", 1)
	changed = strings.Replace(changed, "rules:\n", `rules:
  - {id: Q1, title: Answers, clause: "1.1", require: {reply_within: 24h, after: complaint}, count: {unit: omission}}
  - {id: Q2, title: Discipline, clause: "1.1", require: {disciplinary_notice_within_days: 10, after: determination}, count: {unit: omission}}
`, 1)
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

// caseSteps are a complaint of A, a view that names B, a determination and, on day, B's
// word; day 0: none.
func caseSteps(t *testing.T, a *App, steps ...truce.CaseStep) {
	t.Helper()
	id := truce.NewID(1, "case", "test", nil)
	now := truce.InstantOf(a.now())
	for i, s := range steps {
		s.Case, s.Number, s.At = id, i+1, now
		s.Summary = truce.CaseSummary{State: truce.CaseOpen, Title: truce.Names{"en": "x"}, Opened: now}
		draft, err := truce.NewDraft(truce.RecordCase, "case/"+id.String(), fmt.Sprintf("case/%s/%d/%s", id, s.Number, now), s)
		if err == nil {
			_, err = a.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{draft}})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func deedOf(who truce.PersonID, kind truce.DeedKind) *truce.Deed {
	return &truce.Deed{Person: who, Kind: kind, Text: "x"}
}

// TestSilenceAfterACaseIsOnRecord: who was asked by a complaint and by a determination, and
// who did not answer in time.
func TestSilenceAfterACaseIsOnRecord(t *testing.T) {
	p := owing(t)
	a, err := Open(t.Context(), p.dir, func() time.Time { return p.now })
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for _, person := range []truce.Person{{ID: "la", Name: "Liaison A", Role: truce.RoleParty, Party: "A"}, {ID: "lb", Name: "Liaison B", Role: truce.RoleParty, Party: "B"},
		{ID: "chair", Name: "Chair", Role: truce.RoleCommission}} {
		draft, err := truce.NewDraft(truce.RecordPerson, "person/"+string(person.ID), "person/"+string(person.ID), person)
		if err == nil {
			_, err = a.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{draft}})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	steps := []truce.CaseStep{
		{Kind: truce.StepOpened, Open: &truce.CaseOpening{}},
		{Kind: truce.StepNoted, Deed: deedOf("la", truce.DeedComplain)},
		{Kind: truce.StepAttributed, Attribution: &truce.Attribution{Incident: truce.ID{1}, Party: "B"}},
		{Kind: truce.StepAttributed, Attribution: &truce.Attribution{Incident: truce.ID{2}, Party: "A"}},
		{Kind: truce.StepAttributed, Attribution: &truce.Attribution{Incident: truce.ID{2}, Party: "A", Withdrawn: true}},
		{Kind: truce.StepDetermined, Deed: deedOf("chair", truce.DeedDetermine)},
	}
	caseSteps(t, a, steps...)
	assessAt := func(after time.Duration) []string {
		t.Helper()
		p.now = time.Date(2031, 4, 1, 9, 0, 0, 0, time.UTC).Add(after)
		if _, err := a.Assess(t.Context()); err != nil {
			t.Fatal(err)
		}
		again, err := a.Assess(t.Context())
		if err != nil || again.NewEvents+again.NewIncidents+again.Changed != 0 {
			t.Fatalf("the second run appended %+v, %v", again, err)
		}
		return omitted(t, a)
	}
	if got := assessAt(24 * time.Hour); got != nil {
		t.Errorf("at the deadline: %q", got)
	}
	complaint := "Q1 hit 1 of B: answer of B to complaint C-2031-1"
	if got := assessAt(24*time.Hour + time.Second); !slices.Equal(got, []string{complaint}) {
		t.Errorf("after a day: %q", got)
	}
	discipline := "Q2 hit 1 of B: answer of B to determination C-2031-1"
	if got := assessAt(240*time.Hour + time.Second); !slices.Equal(got, []string{complaint, discipline}) {
		t.Errorf("after ten days: %q", got)
	}
	steps = append(steps, truce.CaseStep{Kind: truce.StepStatement, Deed: deedOf("lb", truce.DeedState)})
	p.now = p.now.Add(time.Hour)
	last := steps[len(steps)-1]
	last.Case, last.Number, last.At = truce.NewID(1, "case", "test", nil), len(steps), truce.InstantOf(p.now)
	last.Summary = truce.CaseSummary{State: truce.CaseOpen, Title: truce.Names{"en": "x"}}
	draft, err := truce.NewDraft(truce.RecordCase, "case/"+last.Case.String(), "late word", last)
	if err == nil {
		_, err = a.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{draft}})
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := assessAt(250 * time.Hour); !slices.Equal(got, []string{complaint + ", late", discipline + ", late"}) {
		t.Errorf("after B's word: %q", got)
	}
}

// omitted are the findings that stand under the rules Q1 and Q2, by rule.
func omitted(t *testing.T, a *App) []string {
	t.Helper()
	page, err := a.store.Incidents(t.Context(), truce.IncidentQuery{OldestFirst: true})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, row := range page.Rows {
		if in := row.Incident; in.P != 1 || in.Occurrence != truce.OccurrenceDetected || in.Position != nil || !slices.Equal(in.Sources, []truce.SourceID{agreement.SourceRegister}) {
			t.Errorf("%+v", in)
		}
		for _, f := range row.Evaluation.Findings {
			trace := strings.Join(f.Trace, "\n")
			if f.Verdict == truce.VerdictOutside {
				continue
			}
			said, _, _ := strings.Cut(trace[strings.Index(trace, "answer of"):], " (record")
			line := fmt.Sprintf("%s %s %d of %s: %s", f.Rule, f.Verdict, f.Count, f.Bearer[0].Party, said)
			if strings.Contains(trace, "late stays late") {
				line += ", late"
			}
			out = append(out, line)
		}
	}
	slices.Sort(out)
	return out
}
