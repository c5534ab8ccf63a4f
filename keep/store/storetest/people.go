package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

func person(id truce.PersonID, name, token string) truce.Person {
	p := truce.Person{ID: id, Name: name, Role: truce.RoleGuarantor, Office: truce.OfficeDutyOfficer, State: "FR", Language: "en"}
	if token != "" {
		p.Token = truce.HashOf([]byte(token))
	}
	return p
}

// held makes the draft of a record that holds a whole thing; the key is taken once.
func held(t testing.TB, kind truce.RecordKind, key string, body interface{ Subject() string }) truce.Draft {
	t.Helper()
	return draft(t, kind, body.Subject(), body.Subject()+"/"+key, body)
}

func testPeople(t *testing.T, f *fixture) {
	ctx := t.Context()
	first := f.append(t, held(t, truce.RecordPerson, "1", person("fr-duty", "first", "one")), held(t, truce.RecordPerson, "1", person("fr-deputy", "deputy", "")))
	second := f.append(t, held(t, truce.RecordPerson, "2", person("fr-duty", "second", "two")))
	holds := func(when, token, want string) {
		t.Helper()
		row, err := f.store.PersonByToken(ctx, truce.HashOf([]byte(token)))
		if want == "" {
			wantCode(t, when, err, truce.CodeNotFound)
		} else if err != nil || row.Name != want {
			t.Errorf("%s: %+v, %v, want %s", when, row, err, want)
		}
	}
	if m, err := f.store.PeopleMark(ctx); err != nil || m != (truce.PeopleMark{Newest: second.Head, Records: 3}) {
		t.Errorf("the mark is %+v, %v, after record %d", m, err, first.Head)
	}
	holds("a token that was replaced", "one", "")
	holds("the token on record", "two", "second")
	_, err := f.store.PersonByToken(ctx, truce.Hash{})
	wantCode(t, "no token at all", err, truce.CodeNotFound)
	rows, err := f.store.People(ctx)
	if err != nil || len(rows) != 2 || rows[0].ID != "fr-deputy" || rows[1].Seq != second.Head || rows[1].Recorded != second.Recorded {
		t.Errorf("people = %+v, %v", rows, err)
	}
	stolen := held(t, truce.RecordPerson, "x", person("se-duty", "thief", "two"))
	f.refuse(t, "somebody else's token", truce.CodeConflict, stolen)
	f.refuse(t, "a person who is none", truce.CodeInvalid, held(t, truce.RecordPerson, "x", truce.Person{ID: "nobody"}))
	misplaced := held(t, truce.RecordPerson, "x", person("se-duty", "misplaced", "three"))
	misplaced.Subject = "person/other"
	f.refuse(t, "another's subject", truce.CodeInvalid, misplaced)
	if _, err := f.store.Erase(ctx, second.Head, "asked"); err != nil {
		t.Fatal(err)
	}
	holds("the token of the erased record", "two", "")
	holds("the token of the record that stands again", "one", "first")
	f.sound(t)
	if _, err := f.store.Erase(ctx, first.Seqs[0], "asked"); err != nil {
		t.Fatal(err)
	}
	_, err = f.store.Person(ctx, "fr-duty")
	wantCode(t, "a person of whom every record is erased", err, truce.CodeNotFound)
	if row, err := f.store.Person(ctx, "fr-deputy"); err != nil || row.Name != "deputy" {
		t.Errorf("the other person = %+v, %v", row, err)
	}
	history, err := f.store.RecordsOf(ctx, "person/fr-duty")
	if err != nil || len(history) != 2 || !history[0].Erased() || history[1].Seq != second.Head {
		t.Errorf("history = %+v, %v, want both records, erased", history, err)
	}
	f.sound(t)
}

func commitment(id string, state truce.StateID, instrument string) truce.Commitment {
	return truce.Commitment{ID: id, State: state, Kind: truce.CommitMilitary, Instrument: instrument, What: truce.Names{"en": "units"}, Binding: truce.BindingPolitical,
		History: []truce.CommitmentStep{{State: truce.CommitmentReported, Day: "2026-04-01", Source: truce.Citation{Kind: truce.CitePress, Publisher: "suite"}}}}
}

// timed: needs of two periods stand beside each other, and a record of before they were told
// apart is still taken under its old subject.
func (f *fixture) timed(t *testing.T) {
	t.Helper()
	need := truce.Requirement{To: "mechanism", Capability: "cash", Period: truce.Period{From: 86400e6, To: 2 * 86400e6, Zone: "UTC"}}
	later := need
	later.Period.To *= 2
	old, err := truce.NewDraft(truce.RecordRequirement, need.TimelessSubject(), "old", need)
	if err != nil {
		t.Fatal(err)
	}
	f.append(t, old, held(t, truce.RecordRequirement, "1", need), held(t, truce.RecordRequirement, "1", later))
	if rows, err := f.store.Requirements(t.Context()); err != nil || len(rows) != 5 {
		t.Errorf("requirements with periods = %+v, %v", rows, err)
	}
}

func testPromises(t *testing.T, f *fixture) {
	ctx := t.Context()
	receipt := f.append(t, held(t, truce.RecordCommitment, "1", commitment("fr-1", "FR", "old")), held(t, truce.RecordCommitment, "1", commitment("se-1", "SE", "")),
		held(t, truce.RecordCommitment, "1", commitment("eu", "", "")), held(t, truce.RecordCommitment, "2", commitment("fr-1", "FR", "new")),
		held(t, truce.RecordContribution, "1", truce.Contribution{ID: "c2", State: "FR", Quantity: 2}), held(t, truce.RecordContribution, "1", truce.Contribution{ID: "c1", State: "SE", Quantity: 1}),
		held(t, truce.RecordRequirement, "1", truce.Requirement{To: "mechanism", Capability: "uav", Quantity: 3}), held(t, truce.RecordRequirement, "1", truce.Requirement{To: "force", Capability: "uav", Quantity: 4}),
		held(t, truce.RecordRequirement, "2", truce.Requirement{To: "mechanism", Capability: "uav", Quantity: 5}))
	promised := func(when string, state truce.StateID, want ...string) {
		t.Helper()
		rows, err := f.store.Commitments(ctx, state)
		var got []string
		for _, row := range rows {
			got = append(got, strings.TrimSpace(row.ID+" "+row.Instrument))
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: commitments of %q are %v, %v, want %v", when, state, got, err, want)
		}
	}
	promised("all", "", "eu", "fr-1 new", "se-1")
	promised("of one", "FR", "fr-1 new")
	contributions, err := f.store.Contributions(ctx, "")
	if err != nil || len(contributions) != 2 || contributions[0].ID != "c1" || contributions[1].Seq != receipt.Seqs[4] {
		t.Errorf("contributions = %+v, %v", contributions, err)
	}
	if ours, err := f.store.Contributions(ctx, "FR"); err != nil || len(ours) != 1 || ours[0].Quantity != 2 {
		t.Errorf("contributions of one = %+v, %v", ours, err)
	}
	needs, err := f.store.Requirements(ctx)
	if err != nil || len(needs) != 2 || needs[0].Quantity != 4 || needs[1].Quantity != 5 || needs[1].Recorded != receipt.Recorded {
		t.Errorf("requirements = %+v, %v", needs, err)
	}
	f.timed(t)
	f.refuse(t, "a commitment without an id", truce.CodeInvalid, held(t, truce.RecordCommitment, "x", commitment("", "FR", "")))
	f.refuse(t, "a requirement of nobody", truce.CodeInvalid, held(t, truce.RecordRequirement, "x", truce.Requirement{Capability: "uav"}))
	if _, err := f.store.Erase(ctx, receipt.Seqs[3], "suite"); err != nil {
		t.Fatal(err)
	}
	promised("after the newest was erased", "FR", "fr-1 old")
	f.append(t, held(t, truce.RecordCommitment, "3", commitment("fr-1", "FR", "newest")))
	promised("after another", "FR", "fr-1 newest")
	if _, err := f.store.Erase(ctx, receipt.Seqs[0], "suite"); err != nil {
		t.Fatal(err)
	}
	promised("after an old one was erased", "FR", "fr-1 newest")
	f.sound(t)
}

func review(of truce.Incident, by truce.PersonID, outcome truce.Occurrence) truce.Review {
	return truce.Review{Incident: of.ID, Revision: of.Revision, Outcome: outcome, Reason: "two_sources", Person: by, At: at(3)}
}

func testReviews(t *testing.T, f *fixture) {
	ctx := t.Context()
	i, other := incident("a", 1, at(1)), incident("b", 1, at(2))
	f.append(t, incidentDraft(t, i), incidentDraft(t, other))
	add := func(r truce.Review) truce.Receipt {
		return f.append(t, draft(t, truce.RecordReview, "review/"+r.Incident.String(), fmt.Sprintf("review/%s/%s/%v", r.Incident, r.Person, r.Withdraws), r))
	}
	add(review(i, "analyst-1", truce.OccurrenceVerified))
	second := add(review(i, "analyst-2", truce.OccurrenceVerified))
	withdrawn := review(i, "analyst-1", truce.OccurrenceVerified)
	withdrawn.Withdraws = true
	add(withdrawn)
	add(review(other, "analyst-1", truce.OccurrenceRefuted))
	made := truce.Attribution{Incident: i.ID, Revision: 1, Level: truce.AttributionBalance, Party: "A", P: 0.75, People: []truce.PersonID{"analyst-1"}, At: at(4)}
	attributed := f.append(t, draft(t, truce.RecordAttribution, "attribution/"+i.ID.String(), "attribution/1", made))
	steps := func(when string, want ...truce.PersonID) {
		t.Helper()
		rows, err := f.store.Reviews(ctx, i.ID)
		var got []truce.PersonID
		for _, row := range rows {
			got = append(got, row.Person)
		}
		if err != nil || !slices.Equal(got, want) || !rows[len(rows)-1].Withdraws {
			t.Errorf("%s: reviews by %v, %v, want %v, the last a withdrawal", when, got, err, want)
		}
	}
	steps("all", "analyst-1", "analyst-2", "analyst-1")
	rows, err := f.store.Attributions(ctx, i.ID)
	if err != nil || len(rows) != 1 || rows[0].Level != truce.AttributionBalance || rows[0].Seq != attributed.Head {
		t.Errorf("attributions = %+v, %v", rows, err)
	}
	nobody := incident("nobody", 1, at(1))
	f.refuse(t, "a review of no incident", truce.CodeNotFound, draft(t, truce.RecordReview, "", "x", review(nobody, "analyst-1", truce.OccurrenceVerified)))
	i.Revision = 2
	f.refuse(t, "a review of a revision to come", truce.CodeInvalid, draft(t, truce.RecordReview, "", "x", review(i, "analyst-1", truce.OccurrenceVerified)))
	i.Revision = 1
	f.refuse(t, "a review by nobody", truce.CodeInvalid, draft(t, truce.RecordReview, "", "x", review(i, "", truce.OccurrenceVerified)))
	made.People = nil
	f.refuse(t, "an attribution by nobody", truce.CodeInvalid, draft(t, truce.RecordAttribution, "", "x", made))
	for _, seq := range []truce.Seq{second.Head, attributed.Head, 2} { // the incident itself as the last
		if _, err := f.store.Erase(ctx, seq, "suite"); err != nil {
			t.Fatal(err)
		}
		f.sound(t)
	}
	steps("after one and the incident were erased", "analyst-1", "analyst-1")
	if rows, err := f.store.Attributions(ctx, i.ID); err != nil || len(rows) != 0 {
		t.Errorf("attributions after erasing = %+v, %v", rows, err)
	}
}
