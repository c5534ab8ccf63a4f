package storetest

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

func names(rows []truce.IncidentRow) []string {
	var out []string
	for _, row := range rows {
		out = append(out, row.Incident.Place)
	}
	return out
}

// named is an incident that carries its name as its place.
func named(name string, start truce.Instant, edit func(*truce.Incident)) truce.Incident {
	i := incident(name, 1, start)
	i.Place = name
	if edit != nil {
		edit(&i)
	}
	return i
}

func testIncidentFilters(t *testing.T, f *fixture) {
	a := named("a", at(1), nil)
	b := named("b", at(2), func(i *truce.Incident) {
		i.Area, i.Acts = "south", []truce.ActWeight{{Act: truce.ActSniper, P: 0.9}, {Act: truce.ActExplosion, P: 0.1}}
	})
	c := named("c", at(3), func(i *truce.Incident) {
		i.Occurrence, i.Labels = truce.OccurrenceReported, []truce.Label{truce.LabelOneSource, truce.LabelRecurringHeat}
	})
	d := named("d", at(3), func(i *truce.Incident) { i.Acts = nil })
	merged := named("merged", at(4), func(i *truce.Incident) { i.ReplacedBy = a.ID })
	for _, i := range []truce.Incident{a, b, c, d, merged} {
		f.append(t, incidentDraft(t, i))
	}
	hit, outside, exempt := truce.VerdictHit, truce.VerdictOutside, truce.VerdictExempt
	f.append(t, evaluationDraft(t, evaluation(a, "v1", map[truce.RuleID]truce.Verdict{"R01": hit, "R02": outside})),
		evaluationDraft(t, evaluation(b, "v1", map[truce.RuleID]truce.Verdict{"R01": outside, "R02": exempt})),
		evaluationDraft(t, evaluation(c, "v1", map[truce.RuleID]truce.Verdict{"R01": exempt, "R02": hit})))
	later := []string{"d", "c"} // c and d begin together: the greater id comes first
	if slices.Compare(c.ID[:], d.ID[:]) > 0 {
		later = []string{"c", "d"}
	}
	earlier := []string{later[1], later[0]}
	for _, q := range []struct {
		name string
		q    truce.IncidentQuery
		want []string
	}{
		{"all, newest first", truce.IncidentQuery{}, append(slices.Clone(later), "b", "a")},
		{"all, oldest first", truce.IncidentQuery{OldestFirst: true}, append([]string{"a", "b"}, earlier...)},
		{"with those merged away", truce.IncidentQuery{Replaced: true, From: at(4)}, []string{"merged"}},
		{"half open in time", truce.IncidentQuery{From: at(1), To: at(3)}, []string{"b", "a"}},
		{"an area", truce.IncidentQuery{Area: "south"}, []string{"b"}},
		{"an act by its parent", truce.IncidentQuery{Act: truce.ActDirectFire}, []string{"b"}},
		{"an act only where it is the likeliest", truce.IncidentQuery{Act: truce.ActExplosion}, slices.DeleteFunc(append(slices.Clone(later), "a"), func(s string) bool { return s == "d" })},
		{"an unknown act", truce.IncidentQuery{Act: "gossip"}, nil},
		{"an occurrence", truce.IncidentQuery{Occurrence: truce.OccurrenceReported}, []string{"c"}},
		{"a label", truce.IncidentQuery{Label: truce.LabelOneSource}, []string{"c"}},
		{"a rule that speaks of them", truce.IncidentQuery{Rule: "R01"}, []string{"c", "a"}},
		{"a rule and verdict", truce.IncidentQuery{Rule: "R01", Verdict: hit}, []string{"a"}},
		{"a verdict of any rule", truce.IncidentQuery{Verdict: hit}, []string{"c", "a"}},
		{"several at once", truce.IncidentQuery{Verdict: hit, Area: "north", From: at(2), Label: truce.LabelOneSource}, []string{"c"}},
	} {
		page, err := f.store.Incidents(t.Context(), q.q)
		if err != nil || !slices.Equal(names(page.Rows), q.want) || page.Total != len(q.want) {
			t.Errorf("%s: got %v of %d, %v, want %v", q.name, names(page.Rows), page.Total, err, q.want)
		}
	}
	testIncidentPages(t, f)
	testBriefIncidents(t, f)
}

// testBriefIncidents: a brief list is the whole list with what explains a finding taken
// out.
func testBriefIncidents(t *testing.T, f *fixture) {
	full := named("full", at(5), nil)
	e := evaluation(full, "v1", map[truce.RuleID]truce.Verdict{"R01": truce.VerdictIndeterminate, "R02": truce.VerdictHit})
	e.Findings[0] = truce.Finding{
		Rule: "R01", RuleVersion: "2", Clause: "1.1", ClauseHash: truce.HashOf([]byte("clause")), Verdict: truce.VerdictIndeterminate, Reason: truce.ReasonAct,
		P: 0.5, Unit: truce.UnitEngagement, Count: 3, CountedUnder: "R02", EffectSide: []truce.SideShare{{Party: "A", P: 0.75}},
		OriginSide: []truce.SideShare{{Party: "B", P: 0.5}}, MapVersion: "map 1", ClaimsExempt: true, Trace: []string{"why", "därum"},
		Window: "W-1", NotCoveredBy: []string{"W-2"}, Severity: 3,
	}
	f.append(t, incidentDraft(t, full), evaluationDraft(t, e))
	whole, err := f.store.Incidents(t.Context(), truce.IncidentQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range whole.Rows {
		for i := 0; row.Evaluation != nil && i < len(row.Evaluation.Findings); i++ {
			f := &row.Evaluation.Findings[i]
			f.Clause, f.ClauseHash, f.Trace = "", truce.Hash{}, nil
		}
	}
	brief, err := f.store.Incidents(t.Context(), truce.IncidentQuery{Brief: true})
	if err != nil || !reflect.DeepEqual(brief, whole) {
		t.Errorf("in brief: %+v, %v, want %+v", brief, err, whole)
	}
}

func testIncidentPages(t *testing.T, f *fixture) {
	all, err := f.store.Incidents(t.Context(), truce.IncidentQuery{})
	if err != nil {
		t.Fatal(err)
	}
	var paged []string
	for offset := 0; offset < all.Total; offset += 3 {
		page, err := f.store.Incidents(t.Context(), truce.IncidentQuery{Offset: offset, Limit: 3})
		if err != nil || page.Total != all.Total {
			t.Fatalf("page from %d: total %d, %v, want %d", offset, page.Total, err, all.Total)
		}
		paged = append(paged, names(page.Rows)...)
	}
	if !slices.Equal(paged, names(all.Rows)) {
		t.Errorf("pages give %v, the list %v", paged, names(all.Rows))
	}
	if rest, err := f.store.Incidents(t.Context(), truce.IncidentQuery{Offset: 1}); err != nil || len(rest.Rows) != all.Total-1 {
		t.Errorf("an offset without a limit gives %d rows, %v", len(rest.Rows), err)
	}
	_, err = f.store.Incidents(t.Context(), truce.IncidentQuery{Offset: -1})
	wantCode(t, "a negative offset", err, truce.CodeInvalid)
}

func testStanding(t *testing.T, f *fixture) {
	i := incident("a", 1, at(1))
	stands := func(when, want string, hits int) {
		t.Helper()
		row, err := f.store.Incident(t.Context(), i.ID.String())
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if row.Evaluation != nil {
			got = fmt.Sprintf("%d %s", row.Evaluation.Revision, row.Evaluation.Version)
		}
		page, err := f.store.Incidents(t.Context(), truce.IncidentQuery{Rule: "R01", Verdict: truce.VerdictHit})
		if err != nil || got != want || page.Total != hits {
			t.Errorf("%s: evaluation %q stands and %d hits are listed, %v, want %q and %d", when, got, page.Total, err, want, hits)
		}
	}
	evaluate := func(version string, v truce.Verdict) {
		f.append(t, evaluationDraft(t, evaluation(i, version, map[truce.RuleID]truce.Verdict{"R01": v})))
	}
	f.append(t, agreementDraft(t, "v1", "1"), incidentDraft(t, i))
	stands("before any evaluation", "", 0)
	evaluate("v1", truce.VerdictHit)
	stands("after the first", "1 v1", 1)
	f.append(t, agreementDraft(t, "v2", "2"))
	stands("after a new agreement, not yet held against it", "1 v1", 1)
	evaluate("v2", truce.VerdictExempt)
	stands("after holding it against the new agreement", "1 v2", 0)
	f.append(t, agreementDraft(t, "v1", "3"))
	stands("after the old agreement came back", "1 v1", 1)
	evaluate("v0", truce.VerdictExempt)
	stands("after an evaluation as of another version", "1 v1", 1)
	i.Revision = 2
	f.append(t, incidentDraft(t, i))
	stands("after a revision", "", 0)
	evaluate("v1", truce.VerdictHit)
	stands("after evaluating the revision", "2 v1", 1)
	evaluations, err := f.store.Evaluations(t.Context(), i.ID)
	var kept []string
	for _, e := range evaluations {
		kept = append(kept, fmt.Sprintf("%d %s", e.Evaluation.Revision, e.Evaluation.Version))
	}
	if err != nil || !slices.Equal(kept, []string{"1 v1", "1 v2", "1 v0", "2 v1"}) {
		t.Errorf("evaluations = %v, %v, want all that were made", kept, err)
	}
	f.sound(t)
}

func testIncidentHistory(t *testing.T, f *fixture) {
	i := incident("a", 1, at(1))
	i.Place = "first"
	first := f.append(t, incidentDraft(t, i), evaluationDraft(t, evaluation(i, "v1", map[truce.RuleID]truce.Verdict{"R01": truce.VerdictHit})))
	i.Revision, i.Place, i.Occurrence = 2, "second", truce.OccurrenceRefuted
	second := f.append(t, incidentDraft(t, i))
	history, err := f.store.IncidentHistory(t.Context(), i.ID)
	if err != nil || len(history) != 2 {
		t.Fatalf("history has %d revisions, %v, want 2", len(history), err)
	}
	if history[0].Incident.Place != "first" || history[0].Seq != first.Seqs[0] || history[0].Evaluation == nil || history[0].Recorded != first.Recorded {
		t.Errorf("first revision = %+v", history[0])
	}
	if history[1].Incident.Occurrence != truce.OccurrenceRefuted || history[1].Evaluation != nil || history[1].Seq != second.Head {
		t.Errorf("second revision = %+v", history[1])
	}
	byNumber, err := f.store.Incident(t.Context(), "2026-1")
	if err != nil || byNumber.Incident.ID != i.ID || byNumber.Incident.Revision != 2 {
		t.Errorf("by number = %+v, %v", byNumber, err)
	}
	for _, unknown := range []string{"2026-2", "", thing(0, "nobody").String()} {
		_, err := f.store.Incident(t.Context(), unknown)
		wantCode(t, "looking up "+unknown, err, truce.CodeNotFound)
	}
}

// testIncidentsAsOf asks after each of a row of changes, and again when all were made: the
// answers of then come back to the letter.
func testIncidentsAsOf(t *testing.T, f *fixture) {
	a, b, c := named("a", at(1), nil), named("b", at(2), nil), named("c", at(2), nil)
	revised := func(i truce.Incident, edit func(*truce.Incident)) truce.Incident {
		i.Revision, i.Labels = 2, []truce.Label{truce.LabelOneSource}
		edit(&i)
		return i
	}
	a2 := revised(a, func(i *truce.Incident) { i.Area, i.Occurrence = "south", truce.OccurrenceRefuted })
	b2 := revised(b, func(i *truce.Incident) { i.ReplacedBy, i.Time = c.ID, truce.Moment(at(3), 0) })
	judged := func(i truce.Incident, version string, v truce.Verdict) truce.Draft {
		return evaluationDraft(t, evaluation(i, version, map[truce.RuleID]truce.Verdict{"R01": v, "R02": truce.VerdictOutside}))
	}
	queries := []truce.IncidentQuery{
		{}, {OldestFirst: true}, {Brief: true}, {Replaced: true}, {From: at(2)}, {To: at(2)}, {Area: "south"}, {Occurrence: truce.OccurrenceDetected},
		{Act: truce.ActExplosion}, {Act: truce.ActSniper}, {Label: truce.LabelOneSource}, {Rule: "R01"}, {Rule: "R02"}, {Verdict: truce.VerdictHit},
		{Verdict: truce.VerdictOutside}, {Rule: "R01", Verdict: truce.VerdictExempt}, {Limit: 1}, {Offset: 1}, {Offset: 9}, {Offset: 1, Limit: 1, OldestFirst: true},
	}
	type answer struct {
		at    truce.RecordedTime
		pages []truce.IncidentPage
	}
	var answers []answer
	for _, drafts := range [][]truce.Draft{
		{incidentDraft(t, a)}, {agreementDraft(t, "v1", "1"), judged(a, "v1", truce.VerdictHit)}, {incidentDraft(t, b), incidentDraft(t, c)},
		{judged(b, "v1", truce.VerdictIndeterminate), judged(c, "v1", truce.VerdictHit)}, {agreementDraft(t, "v2", "2")},
		{judged(a, "v2", truce.VerdictExempt), judged(c, "v2", truce.VerdictOutside)}, {incidentDraft(t, a2)}, {judged(a2, "v2", truce.VerdictOutside)},
		{incidentDraft(t, b2)}, {agreementDraft(t, "v1", "3")},
	} {
		one := answer{at: f.append(t, drafts...).Recorded}
		for _, q := range queries {
			page, err := f.store.Incidents(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			one.pages = append(one.pages, page)
		}
		answers = append(answers, one)
		f.clock.Move(time.Minute)
	}
	for n, then := range answers {
		for i, q := range queries {
			for _, when := range []truce.RecordedTime{then.at, then.at + truce.RecordedTime(truce.MicrosOf(time.Second))} {
				q.AsOf = when
				page, err := f.store.Incidents(t.Context(), q)
				if err != nil || page.Total != then.pages[i].Total || len(page.Rows)+len(then.pages[i].Rows) > 0 && !reflect.DeepEqual(page.Rows, then.pages[i].Rows) {
					t.Errorf("after change %d, %+v: %v of %d, %v, want %v of %d", n, q, names(page.Rows), page.Total, err, names(then.pages[i].Rows), then.pages[i].Total)
				}
			}
		}
	}
	before, err := f.store.Incidents(t.Context(), truce.IncidentQuery{AsOf: answers[0].at - 1})
	if err != nil || before.Total != 0 {
		t.Errorf("before the first incident: %v, %v", names(before.Rows), err)
	}
}
