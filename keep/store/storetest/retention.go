package storetest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

func testDropDay(t *testing.T, f *fixture) {
	ctx := t.Context()
	used, unused, other := heartbeat("s", at(1), 0, "used"), heartbeat("s", at(2), 0, "unused"), heartbeat("s", at(30), 0, "other")
	f.append(t, batch(t, "s", used, unused), batch(t, "s", other), eventDraft(t, event("e", 1, at(1), used)))
	receipt, err := f.store.DropDay(ctx, "2026-04-12", "kept for a day")
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.store.Record(ctx, receipt.Seqs[0])
	if err != nil {
		t.Fatal(err)
	}
	body, err := truce.DecodeBody[truce.Retention](r)
	if err != nil || body != (truce.Retention{Day: "2026-04-12", Rows: 2, Reason: "kept for a day"}) {
		t.Errorf("retention record = %+v, %v", body, err)
	}
	if left := f.observations(t, truce.ObservationQuery{}); len(left) != 1 || left[0].ID != other.ID {
		t.Errorf("left = %v, want the other day's only", left)
	}
	found, err := f.store.ObservationsByID(ctx, []truce.ID{used.ID, unused.ID, other.ID})
	if err != nil || len(found) != 2 || found[0].ID != used.ID {
		t.Errorf("by id = %v, %v, want the one the event used and the other day's", found, err)
	}
	late := heartbeat("s", at(3), 0, "late")
	known, err := f.store.Known(ctx, []truce.ID{unused.ID, late.ID})
	if err != nil || !known[unused.ID] || !known[late.ID] {
		t.Errorf("known = %v, %v, want every id of a dropped day", known, err)
	}
	_, err = f.store.Append(ctx, truce.Batch{Drafts: []truce.Draft{batch(t, "s", late)}})
	wantCode(t, "a row for a dropped day", err, truce.CodeConflict)
	_, err = f.store.DropDay(ctx, "2026-04-12", "again")
	wantCode(t, "dropping a day twice", err, truce.CodeConflict)
	_, err = f.store.DropDay(ctx, "2026-04-20", "never was")
	wantCode(t, "dropping a day without observations", err, truce.CodeNotFound)
	_, err = f.store.DropDay(ctx, "12.4.2026", "misspelt")
	wantCode(t, "dropping a misspelt day", err, truce.CodeInvalid)
	_, err = f.store.DropDay(ctx, "2026-04-13", "")
	wantCode(t, "dropping without a reason", err, truce.CodeInvalid)
	f.sound(t)
}

func testPartialDrop(t *testing.T, f *fixture) {
	var rows []truce.Observation
	for n := range 11 {
		rows = append(rows, heartbeat("s", at(float64(n)*6), 0, strings.Repeat("x", n))) // four a day
	}
	f.append(t, batch(t, "s", rows...), eventDraft(t, event("e", 1, at(1), rows[2], rows[5])))
	for _, day := range []truce.Day{"2026-04-12", "2026-04-14", "2026-04-13"} {
		if _, err := f.store.DropDay(t.Context(), day, "retention"); err != nil {
			t.Fatal(err)
		}
		f.sound(t)
	}
	report, err := f.store.VerifyStore(t.Context(), nil)
	if err != nil || report.Observations != 0 {
		t.Errorf("%d observations left, %v, want none", report.Observations, err)
	}
	found, err := f.store.ObservationsByID(t.Context(), []truce.ID{rows[2].ID, rows[5].ID, rows[8].ID})
	if err != nil || len(found) != 2 {
		t.Errorf("%d observations are kept, %v, want the two that were used", len(found), err)
	}
}

func testErase(t *testing.T, f *fixture) {
	ctx := t.Context()
	secret := heartbeat("s", at(1), 0, "a name and an address")
	i := incident("a", 1, at(1))
	i.Place = "first"
	stored := f.append(t, batch(t, "s", secret), incidentDraft(t, i), evaluationDraft(t, evaluation(i, "v1", map[truce.RuleID]truce.Verdict{"R01": truce.VerdictHit})))
	i.Revision, i.Place = 2, "a person's house"
	second := f.append(t, incidentDraft(t, i))
	before, err := f.store.Record(ctx, second.Head)
	if err != nil {
		t.Fatal(err)
	}
	for _, seq := range []truce.Seq{second.Head, stored.Seqs[0]} {
		if _, err := f.store.Erase(ctx, seq, "a person asked"); err != nil {
			t.Fatal(err)
		}
	}
	after, err := f.store.Record(ctx, second.Head)
	if err != nil || !after.Erased() || after.Salt != nil || after.Hash != before.Hash || after.Verify(after.Prev) != nil {
		t.Errorf("erased record = %+v, %v, want the same hash without salt and body", after, err)
	}
	row, err := f.store.Incident(ctx, i.ID.String())
	if err != nil || row.Incident.Revision != 1 || row.Evaluation == nil {
		t.Errorf("incident = %+v, %v, want the revision before with its evaluation", row, err)
	}
	if history, err := f.store.IncidentHistory(ctx, i.ID); err != nil || len(history) != 1 {
		t.Errorf("history has %d revisions, %v, want 1", len(history), err)
	}
	if left := f.observations(t, truce.ObservationQuery{}); len(left) != 0 {
		t.Errorf("%d observations are left of an erased batch", len(left))
	}
	_, err = f.store.Append(ctx, truce.Batch{Drafts: []truce.Draft{batch(t, "s", secret, heartbeat("s", at(1), 0, "more"))}})
	wantCode(t, "bringing back an erased observation", err, truce.CodeConflict)
	if known, err := f.store.Known(ctx, []truce.ID{secret.ID}); err != nil || !known[secret.ID] {
		t.Errorf("known = %v, %v, want the erased id", known, err)
	}
	again := f.append(t, incidentDraft(t, i), batch(t, "s", secret))
	if !slices.Equal(again.Seqs, []truce.Seq{second.Head, stored.Seqs[0]}) || !again.Duplicate[0] || !again.Duplicate[1] {
		t.Errorf("what was erased, sent again: %+v; its key stays taken and nothing comes back", again)
	}
	f.sound(t)
	testEraseRefusals(t, f, second.Head)
	testEraseEveryKind(t, f)
}

func testEraseRefusals(t *testing.T, f *fixture, erased truce.Seq) {
	for name, c := range map[string]struct {
		seq    truce.Seq
		reason string
		want   truce.Code
	}{
		"the inception":      {1, "why not", truce.CodeInvalid},
		"what is not there":  {999, "why not", truce.CodeNotFound},
		"what is erased":     {erased, "again", truce.CodeConflict},
		"without any reason": {2, "", truce.CodeInvalid},
	} {
		_, err := f.store.Erase(t.Context(), c.seq, c.reason)
		wantCode(t, "erasing "+name, err, c.want)
	}
}

// testEraseEveryKind erases one of each kind and compares with a rebuild, which sees
// only what is left.
func testEraseEveryKind(t *testing.T, f *fixture) {
	e, i := event("e", 1, at(7)), incident("gone", 1, at(7))
	newer := e
	newer.Revision = 2
	receipt := f.append(t, eventDraft(t, e), eventDraft(t, newer), incidentDraft(t, i), evaluationDraft(t, evaluation(i, "v1", nil)),
		agreementDraft(t, "v1", "1"), agreementDraft(t, "v2", "2"), agreementDraft(t, "v1", "3"),
		draft(t, truce.RecordSource, "", "source", truce.SourceInfo{ID: "s", Family: truce.FamilyMedia}),
		draft(t, truce.RecordQuarantine, "", "quarantine", truce.Quarantine{Source: "s", Rows: []truce.Rejection{{File: "f"}}}),
		draft(t, truce.RecordBulletin, "", "bulletin", truce.Bulletin{Number: "D", Realm: f.store.Realm()}),
		stepDraft(t, given("N-9", at(2), at(4))), stepDraft(t, step("N-9", truce.StepExtended, at(6))),
		draft(t, truce.RecordReview, "", "review", review(i, "analyst-1", truce.OccurrenceVerified)),
		draft(t, truce.RecordAttribution, "", "attribution", truce.Attribution{Incident: i.ID, Revision: 1, Level: truce.AttributionBalance, People: []truce.PersonID{"analyst-1"}}),
		held(t, truce.RecordPerson, "1", person("fr-duty", "", "one")), held(t, truce.RecordCommitment, "1", commitment("fr-1", "FR", "")),
		held(t, truce.RecordContribution, "1", truce.Contribution{ID: "c1", State: "FR"}), held(t, truce.RecordRequirement, "1", truce.Requirement{To: "force", Capability: "uav"}))
	for n := len(receipt.Seqs) - 1; n >= 0; n-- {
		if _, err := f.store.Erase(t.Context(), receipt.Seqs[n], "suite"); err != nil {
			t.Fatal(err)
		}
		f.sound(t)
	}
	_, err := f.store.Incident(t.Context(), i.ID.String())
	wantCode(t, "an incident of which every revision is erased", err, truce.CodeNotFound)
	next := f.append(t, incidentDraft(t, incident("after", 1, at(8))))
	row, err := f.store.Incident(t.Context(), "2026-3")
	if err != nil || row.Seq != next.Head {
		t.Errorf("the number after an erased one: %+v, %v, want 2026-3: 2026-2 is not given twice", row, err)
	}
}

func testRebuild(t *testing.T, f *fixture) {
	fill(t, f)
	before, err := f.store.Digest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list, err := f.store.Incidents(t.Context(), truce.IncidentQuery{})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.store.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	after, err := f.store.Digest(t.Context())
	if err != nil || after != before {
		t.Errorf("digest after the rebuild = %s, %v, before it %s", after, err, before)
	}
	again, err := f.store.Incidents(t.Context(), truce.IncidentQuery{})
	if err != nil || again.Total != list.Total || again.Total == 0 {
		t.Errorf("%d incidents after the rebuild, %v, before it %d", again.Total, err, list.Total)
	}
	f.append(t, mark(t, "another"))
	if changed, err := f.store.Digest(t.Context()); err != nil || changed == before {
		t.Errorf("digest after another record = %s, %v, want another", changed, err)
	}
	f.sound(t)
}

// fill appends one or more of everything.
func fill(t testing.TB, f *fixture) {
	t.Helper()
	var seen []truce.Observation
	for n := range 5 {
		seen = append(seen, heartbeat("s", at(float64(n)*9), time.Hour, strings.Repeat("k", n)))
	}
	a, b := incident("a", 1, at(1)), incident("b", 1, at(2))
	a.Labels = []truce.Label{truce.LabelOneSource}
	revised := a
	revised.Revision, revised.Labels = 2, []truce.Label{truce.LabelRecurringHeat}
	f.append(t, draft(t, truce.RecordSource, "", "s", truce.SourceInfo{ID: "s", Family: truce.FamilyMedia}), agreementDraft(t, "v1", "1"),
		batch(t, "s", seen...), eventDraft(t, event("e", 1, at(1), seen[0], seen[1])), eventDraft(t, event("e", 2, at(1), seen[1], seen[2])),
		incidentDraft(t, a), incidentDraft(t, b), evaluationDraft(t, evaluation(a, "v1", map[truce.RuleID]truce.Verdict{"R01": truce.VerdictHit, "R02": truce.VerdictExempt})),
		evaluationDraft(t, evaluation(b, "v1", map[truce.RuleID]truce.Verdict{"R01": truce.VerdictHit})), incidentDraft(t, revised),
		evaluationDraft(t, evaluation(revised, "v1", map[truce.RuleID]truce.Verdict{"R03": truce.VerdictIndeterminate})),
		draft(t, truce.RecordQuarantine, "", "q", truce.Quarantine{Source: "s", Rows: []truce.Rejection{{File: "ж", Line: 3, Reason: "r", Raw: []byte{0}}}}),
		draft(t, truce.RecordReevaluation, "", "re", truce.Reevaluation{Cause: "suite", Incidents: 2}),
		draft(t, truce.RecordBulletin, "", "d", truce.Bulletin{Number: "D-1", Kind: truce.BulletinDaily, Day: "2026-04-12", Version: 1, Realm: f.store.Realm()}),
		stepDraft(t, given("N-1", at(2), at(4))), stepDraft(t, step("N-1", truce.StepAcked, 0)), mark(t, "clock"), agreementDraft(t, "v2", "2"), evaluationDraft(t, evaluation(b, "v2", map[truce.RuleID]truce.Verdict{"R01": truce.VerdictOutside})))
	fillGuarantee(t, f, a)
	fillReporting(t, f)
	if _, err := f.store.DropDay(t.Context(), "2026-04-12", "suite"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.store.Erase(t.Context(), 4, "suite"); err != nil {
		t.Fatal(err)
	}
}

// fillGuarantee appends one or more of what cases, alerts and promises are made of, and
// erases some.
func fillGuarantee(t testing.TB, f *fixture, of truce.Incident) {
	t.Helper()
	first := caseStep("c", 1, at(1), func(s *truce.CaseStep) {
		s.Incidents, s.Summary.Areas = []truce.CaseIncident{{ID: of.ID, Revision: 1}}, []truce.AreaID{"südlich", "north"}
		s.Wakes = []truce.Wake{{Name: "clock/1", Due: at(7)}, {Name: "lapse", Due: at(3)}}
	})
	second := caseStep("c", 2, at(2), func(s *truce.CaseStep) { s.Wakes, s.Summary.NextDue = []truce.Wake{{Name: "lapse", Done: true}}, at(7) })
	a := f.alert("a", first.Case, at(2), func(a *truce.Alert) { a.Wakes = []truce.Wake{{Name: "answer", Due: at(4)}} })
	over := f.alert("over", first.Case, at(2), func(a *truce.Alert) { a.To = a.To[:2]; a.To[0].Contacts, a.To[1].Contacts = nil, nil })
	sent := truce.Delivery{Alert: a.ID, Person: "fr-duty", Channel: truce.ChannelEmail, Attempt: 1, State: truce.DeliverySent, At: at(3)}
	answer := truce.Acknowledgement{Alert: a.ID, Case: first.Case, Kind: truce.AckReceived, Person: "fr-duty", Role: truce.RoleGuarantor, State: "FR", At: at(4)}
	receipt := f.append(t, caseDraft(t, first), caseDraft(t, second), alertDraft(t, a), alertDraft(t, over), deliveryDraft(t, sent), ackDraft(t, answer),
		draft(t, truce.RecordReview, "", "v", review(of, "analyst-1", truce.OccurrenceVerified)),
		draft(t, truce.RecordAttribution, "", "w", truce.Attribution{Incident: of.ID, Revision: 1, Level: truce.AttributionClear, People: []truce.PersonID{"analyst-1"}}),
		held(t, truce.RecordPerson, "1", person("fr-duty", "", "one")), held(t, truce.RecordPerson, "2", person("fr-duty", "", "two")),
		held(t, truce.RecordCommitment, "1", commitment("fr-1", "FR", "")), held(t, truce.RecordContribution, "1", truce.Contribution{ID: "c1", State: "FR"}),
		held(t, truce.RecordRequirement, "1", truce.Requirement{To: "force", Capability: "uav"}))
	for _, n := range []int{3, 9} { // the alert that is over, and the newest of the person
		if _, err := f.store.Erase(t.Context(), receipt.Seqs[n], "suite"); err != nil {
			t.Fatal(err)
		}
	}
}

// testDigest fills a SQLite store beside the one under test: both digests are equal.
func testDigest(t *testing.T, f *fixture) {
	beside := newFixture(t, "sqlite:"+t.TempDir()+"/truce.db")
	fill(t, f)
	fill(t, beside)
	got, err := f.store.Digest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want, err := beside.store.Digest(t.Context())
	if err != nil || got != want {
		t.Errorf("digest = %s, on SQLite %s, %v", got, want, err)
	}
	_, head, err := f.store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, other, err := beside.store.Head(t.Context()); err != nil || head != other {
		t.Errorf("head = %s, on SQLite %s, %v: the same appends give the same chain", head, other, err)
	}
}
