package guarantee

import (
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// climbed is a room whose only case is in T1, with the incident it rests on.
func climbed(t *testing.T) (room, truce.Incident) {
	t.Helper()
	r := newRoom(t)
	i := r.breach(1, 10*time.Minute, 3)
	r.follow()
	r.sign("wo", "L0")
	r.sign("wl", "L1")
	r.sign("an-1", "L2")
	r.verify(i, 3)
	r.follow()
	r.sign("lead", "T1")
	r.sign("chair", "T1")
	return r, i
}

func (r room) one() truce.Case {
	r.t.Helper()
	c, err := r.load(r.t.Context(), "C-2026-1")
	if err != nil {
		r.t.Fatal(err)
	}
	return c.Case
}

// deed does something in the only case.
func (r room) deed(by truce.PersonID, d truce.Deed) error {
	r.t.Helper()
	_, err := r.Do(r.t.Context(), r.tokens[by], "C-2026-1", d)
	return err
}

func (r room) must(by truce.PersonID, d truce.Deed) {
	r.t.Helper()
	if err := r.deed(by, d); err != nil {
		r.t.Fatalf("%s by %s: %v", d.Kind, by, err)
	}
}

func TestAZeroPointIsMovedByTwoRolesOnWhatIsOnRecord(t *testing.T) {
	r, i := climbed(t)
	later := truce.Deed{Kind: truce.DeedMoveT0, Text: "the clocks of the post were wrong", T0: &truce.T0Change{Basis: truce.T0Event, New: i.Time.From.Add(-500 * time.Millisecond)}}
	on := func(kind truce.EvidenceKind, record string) truce.Deed {
		d, z := later, *later.T0
		z.Evidence = &truce.T0Evidence{Kind: kind, Record: record}
		d.T0 = &z
		return d
	}
	complaint := on(truce.EvidenceComplaint, "3")
	complaint.T0.Basis = truce.T0Complaint
	for name, c := range map[string]struct {
		deed truce.Deed
		says string
	}{
		"nothing":                {later, "on evidence"},
		"an unknown observation": {on(truce.EvidenceObservation, truce.NewID(7, "x", "y", nil).String()), "no observation"},
		"no id":                  {on(truce.EvidenceObservation, "7"), "26 characters"},
		"an unknown notice":      {on(truce.EvidenceNotification, "N-99"), "no notification N-99"},
		"an unknown incident":    {on(truce.EvidenceIncident, "2026-99"), "holds no incident"},
		"no complaint":           {complaint, "no party complained"},
	} {
		if err := r.deed("wl", c.deed); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("on %s: %v", name, err)
		}
	}
	row, err := r.Store.Incident(t.Context(), i.ID.String())
	if err != nil {
		t.Fatal(err)
	}
	move := on(truce.EvidenceIncident, row.Incident.Number)
	for name, at := range map[string]time.Time{"years before": time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), "a minute later": i.Time.From.Time().Add(time.Minute)} {
		wish := move
		z := *move.T0
		z.New, wish.T0 = truce.InstantOf(at), &z
		if err := r.deed("chair", wish); truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), "the zero point event is at") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if r.tier() != "T1" {
		t.Fatalf("the case went to %s", r.tier())
	}
	r.must("wl", move)
	for _, by := range []truce.PersonID{"wl", "lead", "dh"} {
		if err := r.deed(by, move); truce.CodeOf(err) != truce.CodeForbidden {
			t.Errorf("%s agrees: %v", by, err)
		}
	}
	if at := r.one().T0[truce.T0Event]; at != i.Time.From {
		t.Fatalf("one role moved it to %s", at)
	}
	r.must("chair", truce.Deed{Kind: truce.DeedMoveT0, T0: &truce.T0Change{Basis: truce.T0Event}}) // as it was asked
	c := r.one()
	if c.T0[truce.T0Event] != move.T0.New || c.T0Moves[len(c.T0Moves)-1].Asked != "wl" {
		t.Errorf("two roles left it at %s: %+v", c.T0[truce.T0Event], c.T0Moves)
	}
	early := r.breach(2, 3*time.Hour, 2)
	r.follow()
	if at := r.one().T0[truce.T0Event]; at != early.Time.From {
		t.Errorf("late evidence left it at %s", at)
	}
}

func TestSigningAnewMovesNoZeroPoint(t *testing.T) {
	r, i := climbed(t)
	first := r.one().T0[truce.T0Verified]
	row, err := r.Store.Incident(t.Context(), i.ID.String())
	if err != nil || first == 0 {
		t.Fatal(err, first)
	}
	*r.now = r.now.Add(time.Hour)
	step := truce.Review{Incident: i.ID, Revision: row.Incident.Revision, Withdraws: true, Note: "to be checked"}
	if _, err := r.Review(t.Context(), r.tokens["an-1"], step); err != nil {
		t.Fatal(err)
	}
	r.follow()
	*r.now = r.now.Add(time.Hour)
	for _, by := range []truce.PersonID{"an-1", "an-2"} {
		row, err := r.Store.Incident(t.Context(), i.ID.String())
		if err != nil {
			t.Fatal(err)
		}
		if row.Incident.Occurrence == truce.OccurrenceVerified {
			break
		}
		again := truce.Review{Incident: i.ID, Revision: row.Incident.Revision, Outcome: truce.OccurrenceVerified}
		if _, err := r.Review(t.Context(), r.tokens[by], again); err != nil {
			t.Fatal(err)
		}
	}
	r.follow()
	c := r.one()
	if c.Incidents[0].Occurrence != truce.OccurrenceVerified || c.T0[truce.T0Verified] != first {
		t.Errorf("%s, verified at %s, first at %s", c.Incidents[0].Occurrence, c.T0[truce.T0Verified], first)
	}
}

// A record that the case does not hold itself gives its time all the same.
func TestAZeroPointFollowsANotification(t *testing.T) {
	r, i := climbed(t)
	from := i.Time.From.Add(-time.Hour)
	n := truce.Notification{Number: "N-1", Step: truce.StepGiven, By: "A",
		Activity: &truce.NotifiedActivity{Kind: "demining", Bearer: "A", Place: truce.NotifiedPlace{Zone: "centre"}, From: from, To: i.Time.From}}
	r.record(truce.RecordNotification, n.Subject(), "notification/N-1/1", n)
	move := func(to truce.Instant) truce.Deed {
		return truce.Deed{Kind: truce.DeedMoveT0, Text: "as notified", T0: &truce.T0Change{Basis: truce.T0Event, New: to,
			Evidence: &truce.T0Evidence{Kind: truce.EvidenceNotification, Record: "N-1"}}}
	}
	if err := r.deed("chair", move(from.Add(-time.Hour))); truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), "lies between") {
		t.Errorf("an hour before what was notified: %v", err)
	}
	r.must("chair", move(0))
	r.must("lead", move(0))
	if at := r.one().T0[truce.T0Event]; at != from {
		t.Errorf("moved to %s, notified from %s", at, from)
	}
}
