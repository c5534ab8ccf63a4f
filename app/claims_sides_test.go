package app

import (
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// TestARecordedAttributionPartsTheCounts: of three incidents under the rule one is
// attributed to the accused by two persons, one by a single person, one to the other party.
// Each check is kept; what the attribution decides changes with it, and back.
func TestARecordedAttributionPartsTheCounts(t *testing.T) {
	s := newRoomStage(t, t.TempDir()+"/room")
	var incidents []truce.Incident
	for n := range byte(3) {
		i := s.breach(n+1, "centre", "indirect_fire", time.Duration(n+1)*time.Hour, 2)
		s.verify(i, 2)
		incidents = append(incidents, i)
	}
	said := s.served.Now()
	one := stated{total: truce.ClaimTotal{Report: truce.NewID(said, "report", "test", nil), Claimant: "Party A", Party: "A", Accused: "B", Act: "indirect_fire", Unit: truce.UnitEngagement,
		Count: 1, AtLeast: true, Area: "centre", Said: said, Quote: "more than one engagement by the other side", Source: "test",
		Period: &truce.Period{From: said.Add(-12 * time.Hour), To: said, Zone: "UTC"}}}
	holds := func(accused, others, open int, verdict truce.CheckVerdict, revision int) {
		t.Helper()
		study, err := s.app.study(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		check, err := s.app.checkTotal(t.Context(), study, one)
		if err != nil {
			t.Fatal(err)
		}
		out := checkedOf(check)
		if err := s.app.appendChecks(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		kept, revisions, err := s.app.ClaimCheck(t.Context(), check.ID)
		if err != nil || len(revisions) != revision || kept.Revision != revision {
			t.Fatalf("%d revisions, want %d: %v", len(revisions), revision, err)
		}
		own := kept.Own[slices.IndexFunc(kept.Own, func(o truce.OwnCount) bool { return o.Rule == "R01" })]
		if own.Accused != accused || own.Others != others || own.Open != open || kept.Verdict != verdict {
			t.Errorf("accused %d, others %d, open %d, %s; want %d, %d, %d, %s", own.Accused, own.Others, own.Open, kept.Verdict, accused, others, open, verdict)
		}
	}
	s.after(0)
	holds(0, 0, 3, truce.CheckNotObservable, 1)

	s.attribute(incidents[0], truce.AttributionBalance, "B")
	s.attribute(incidents[1], truce.AttributionReasonable, "B") // below the balance of probabilities
	s.attribute(incidents[2], truce.AttributionClear, "A")
	holds(1, 1, 1, truce.CheckConfirmed, 2)

	// One person alone moves nothing.
	view := truce.Attribution{Incident: incidents[0].ID, Level: truce.AttributionClear, Party: "A", P: 0.9, Basis: []string{"craters"}, Alternatives: []string{"accident"}}
	row, err := s.app.store.Incident(t.Context(), incidents[0].ID.String())
	if err == nil {
		view.Revision = row.Incident.Revision
		_, err = s.desk.Attribute(t.Context(), s.tokens["analyst-1"], view)
	}
	if err != nil {
		t.Fatal(err)
	}
	holds(1, 1, 1, truce.CheckConfirmed, 2)

	// On an incident that is verified no more none stands, and it counts no more.
	for _, by := range []truce.PersonID{"analyst-1", "analyst-2"} {
		row, err := s.app.store.Incident(t.Context(), incidents[0].ID.String())
		if err == nil {
			_, err = s.desk.Review(t.Context(), s.tokens[by], truce.Review{Incident: incidents[0].ID, Revision: row.Incident.Revision, Outcome: truce.OccurrenceRefuted, Reason: "quarry"})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	holds(0, 1, 1, truce.CheckNotObservable, 3)
}

func checkedOf(check truce.ClaimCheck) checked { return checked{Checks: []truce.ClaimCheck{check}} }
