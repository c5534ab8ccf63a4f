package guarantee

import (
	"context"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/review"
)

func TestAttributionWaitsForVerificationAndASecondSignature(t *testing.T) {
	d, _ := testDesk(t)
	i := recordIncident(t, d, 1)
	first, second := analyst(t, d, "an-1"), analyst(t, d, "an-2")
	a := truce.Attribution{Incident: i.ID, Level: truce.AttributionBalance, Party: "B", P: 0.7, Basis: []string{"trajectory"}, Alternatives: []string{"accident: no store near"}}
	if _, err := d.Attribute(t.Context(), first, a); truce.CodeOf(err) != truce.CodeConflict {
		t.Fatalf("attributed before it was verified: %v", err)
	}
	for _, token := range []Token{first, second} {
		if _, err := d.Review(t.Context(), token, truce.Review{Incident: i.ID, Revision: 1, Outcome: truce.OccurrenceVerified}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := d.Attribute(t.Context(), first, a)
	if err != nil || got.Stands {
		t.Fatalf("one signature: %v %+v", err, got)
	}
	if got, err = d.Attribute(t.Context(), first, a); err != nil || got.Stands {
		t.Fatalf("the same person twice: %v %+v", err, got)
	}
	other := a
	other.Party = "A"
	if got, err = d.Attribute(t.Context(), second, other); err != nil || got.Stands {
		t.Fatalf("two statements that differ: %v %+v", err, got)
	}
	if got, err = d.Attribute(t.Context(), first, other); err != nil || !got.Stands {
		t.Fatalf("two signatures: %v %+v", err, got)
	}
	row, _ := d.Store.Incident(t.Context(), i.ID.String())
	if stands, ok, err := d.standing(t.Context(), row.Incident); err != nil || !ok || stands.Party != "A" {
		t.Fatalf("%v %v %+v", err, ok, stands)
	}
	// Taking back the verification takes the attribution down with it.
	if _, err := d.Review(t.Context(), second, truce.Review{Incident: i.ID, Revision: row.Incident.Revision, Withdraws: true}); err != nil {
		t.Fatal(err)
	}
	row, _ = d.Store.Incident(t.Context(), i.ID.String())
	if _, ok, _ := d.standing(t.Context(), row.Incident); ok {
		t.Fatal("stands on an incident that is not verified")
	}
}

// TestAViewIsWithdrawnAsItStands: who withdraws repeats nothing of it, and nothing that does
// not stand is withdrawn.
func TestAViewIsWithdrawnAsItStands(t *testing.T) {
	r := newRoom(t)
	i := r.breach(1, 10*time.Minute, 3)
	r.follow()
	r.verify(i, 3)
	gone := truce.Attribution{Incident: i.ID, Withdrawn: true}
	if _, err := r.Attribute(t.Context(), r.tokens["an-1"], gone); truce.CodeOf(err) != truce.CodeConflict {
		t.Errorf("nothing was withdrawn: %v", err)
	}
	r.attribute(i)
	r.follow()
	got, err := r.Attribute(t.Context(), r.tokens["an-1"], gone)
	if err != nil || got.Stands || !got.Attribution.Withdrawn || got.Attribution.Party != "B" || got.Attribution.Level != truce.AttributionBalance || len(got.Attribution.People) != 1 {
		t.Fatalf("%v: %+v", err, got)
	}
	r.follow()
	if v := r.one().Views; len(v) != 1 || v[0].Ended == 0 {
		t.Errorf("views of the case: %+v", v)
	}
}

// standing is the attribution that stands on an incident.
func (d *Desk) standing(ctx context.Context, i truce.Incident) (truce.Attribution, bool, error) {
	list, err := d.attributions(ctx, i.ID)
	if err != nil {
		return truce.Attribution{}, false, err
	}
	a, stands := review.Standing(list, i.Occurrence)
	return a, stands, nil
}
