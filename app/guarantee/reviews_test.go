package guarantee

import (
	"testing"

	"github.com/trucewatch/truce"
)

// recordIncident appends the first revision of an incident.
func recordIncident(t *testing.T, d *Desk, n byte) truce.Incident {
	t.Helper()
	at := d.now() - 3600e6
	i := truce.Incident{ID: truce.NewID(at, "incident", "test", []byte{n}), Revision: 1, Occurrence: truce.OccurrenceDetected, P: 0.8,
		Acts: []truce.ActWeight{{Act: "indirect_fire", P: 0.9}}, Time: truce.Moment(at, 0)}
	draft, err := truce.NewDraft(truce.RecordIncident, "incident/"+i.ID.String(), "incident/"+i.ID.String()+"/1", i)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.append(t.Context(), draft); err != nil {
		t.Fatal(err)
	}
	return i
}

func analyst(t *testing.T, d *Desk, id truce.PersonID) Token {
	t.Helper()
	return enrol(t, d, truce.Person{ID: id, Name: string(id), Role: truce.RoleMechanism, Office: truce.OfficeAnalyst, Language: "en"})
}

func TestTwoAnalystsVerifyAndOneTakesItBack(t *testing.T) {
	d, _ := testDesk(t)
	i := recordIncident(t, d, 1)
	first, second := analyst(t, d, "an-1"), analyst(t, d, "an-2")
	yes := func(revision int) truce.Review {
		return truce.Review{Incident: i.ID, Revision: revision, Outcome: truce.OccurrenceVerified, Reason: "two_sources"}
	}
	got, err := d.Review(t.Context(), first, yes(1))
	if err != nil || got.Changed || got.State.Outcome != "" {
		t.Fatalf("one signature: %v %+v", err, got)
	}
	if got, err = d.Review(t.Context(), first, yes(1)); err != nil || got.Changed {
		t.Fatalf("the same person twice: %v %+v", err, got)
	}
	got, err = d.Review(t.Context(), second, yes(1))
	if err != nil || !got.Changed || len(got.Receipt.Seqs) != 2 {
		t.Fatalf("two signatures: %v %+v", err, got)
	}
	row, err := d.Store.Incident(t.Context(), i.ID.String())
	if err != nil || row.Incident.Occurrence != truce.OccurrenceVerified || row.Incident.P != 1 || row.Incident.Revision != 2 {
		t.Fatalf("%v %+v", err, row.Incident)
	}
	back := truce.Review{Incident: i.ID, Revision: 2, Withdraws: true}
	if got, err = d.Review(t.Context(), second, back); err != nil || !got.Changed {
		t.Fatalf("withdrawn: %v %+v", err, got)
	}
	row, _ = d.Store.Incident(t.Context(), i.ID.String())
	if row.Incident.Occurrence != truce.OccurrenceDetected || row.Incident.P != 0.8 || row.Incident.Revision != 3 {
		t.Fatalf("%+v", row.Incident)
	}
	reviews, err := d.reviews(t.Context(), i.ID)
	if err != nil || len(reviews) != 4 {
		t.Fatalf("a step was lost: %v %+v", err, reviews)
	}
	for _, r := range reviews {
		p, _ := d.Store.Person(t.Context(), r.Person)
		unsigned := r
		unsigned.Signature = truce.Signing{}
		if err := r.Signature.Verify(p.Key, "review", unsigned); err != nil {
			t.Error(err)
		}
	}
}

func TestReviewRefusesWhoMayNot(t *testing.T) {
	d, _ := testDesk(t)
	i := recordIncident(t, d, 1)
	step := truce.Review{Incident: i.ID, Revision: 1, Outcome: truce.OccurrenceVerified}
	for _, p := range []truce.Person{chair(),
		{ID: "lead", Name: "Lead", Role: truce.RoleMechanism, Office: truce.OfficeMechanismLead, Language: "en"},
		{ID: "liaison", Name: "Liaison", Role: truce.RoleParty, Office: truce.OfficeLiaison, Party: "A", Language: "en"},
		{ID: "duty", Name: "Duty", Role: truce.RoleGuarantor, Office: truce.OfficeDutyOfficer, State: "FAR", Language: "en"}} {
		if _, err := d.Review(t.Context(), enrol(t, d, p), step); truce.CodeOf(err) != truce.CodeForbidden {
			t.Errorf("%s: %v", p.ID, err)
		}
	}
	if _, err := d.Review(t.Context(), "truce_nothing", step); truce.CodeOf(err) != truce.CodeUnauthenticated {
		t.Errorf("a stranger: %v", err)
	}
	stale := step
	stale.Revision = 7
	if _, err := d.Review(t.Context(), analyst(t, d, "an-1"), stale); truce.CodeOf(err) != truce.CodeConflict {
		t.Errorf("another revision: %v", err)
	}
}
