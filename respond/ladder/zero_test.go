package ladder

import (
	"strconv"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// moving asks for a zero point to be moved on an incident.
func moving(basis truce.T0Basis, old, to truce.Instant, e truce.T0Evidence) truce.Deed {
	return truce.Deed{Kind: truce.DeedMoveT0, Text: "the log of the post says so", T0: &truce.T0Change{Basis: basis, Old: old, New: to, Evidence: &e}}
}

func on(i truce.CaseIncident) truce.T0Evidence {
	return truce.T0Evidence{Kind: truce.EvidenceIncident, Record: i.ID.String()}
}

func TestAZeroPointIsMovedByTwoRoles(t *testing.T) {
	s, i := climb(t)
	move := moving(truce.T0Event, t0, after(-hour), on(i))
	s.deed(after(5*hour), lead, move)
	if k := s.clock("warning", ""); k.Due != after(24*hour) || s.one().T0[truce.T0Event] != t0 {
		t.Fatalf("one person moved it: %s", k.Due)
	}
	s.refused(after(5*hour), lead, move, truce.CodeForbidden)
	s.refused(after(5*hour), chief, move, truce.CodeForbidden) // of the same role
	stale := move
	stale.After = s.one().Steps - 1
	s.refused(after(5*hour), chair, stale, truce.CodeConflict)
	byNumber := moving(truce.T0Event, t0, after(-hour), truce.T0Evidence{Kind: truce.EvidenceIncident, Record: "2026-1"})
	s.refused(after(5*hour), lead, byNumber, truce.CodeForbidden) // the same wish
	agree := move
	agree.Text, agree.T0 = "", &truce.T0Change{Basis: truce.T0Event, Old: t0} // to what was asked, on what was asked
	s.deed(after(6*hour), chair, agree)
	if k := s.clock("warning", ""); k.Due != after(23*hour) || k.Moves[0].OldDue != after(24*hour) {
		t.Errorf("the clock: %+v", k)
	}
	last := s.one().T0Moves[len(s.one().T0Moves)-1]
	if last.By != chair.ID || last.Asked != lead.ID || last.Evidence == nil || last.Evidence.Record != i.Number || last.Old != t0 || last.Known != t0 || last.Text != move.Text {
		t.Errorf("the move: %+v", last)
	}
	if len(s.one().T0Asks) != 0 {
		t.Errorf("still asked for: %+v", s.one().T0Asks)
	}
}

func TestAnotherWishTakesThePlaceOfTheFirst(t *testing.T) {
	s, i := climb(t)
	s.deed(after(5*hour), lead, moving(truce.T0Event, t0, after(-hour/2), on(i)))
	s.deed(after(5*hour), chair, moving(truce.T0Event, t0, after(-hour), on(i)))
	if asks := s.one().T0Asks; len(asks) != 1 || asks[0].By != chair.ID || s.one().T0[truce.T0Event] != t0 {
		t.Fatalf("%+v", asks)
	}
	s.deed(after(5*hour), lead, moving(truce.T0Event, t0, after(-hour), on(i)))
	if at := s.one().T0[truce.T0Event]; at != after(-hour) {
		t.Errorf("at %s", at)
	}
}

func TestAZeroPointMovesOnEvidenceOnly(t *testing.T) {
	s, i := climb(t)
	complaint := truce.T0Evidence{Kind: truce.EvidenceComplaint, Record: "9"}
	gone := incident(7, t0, 1)
	for name, c := range map[string]struct {
		deed truce.Deed
		want truce.Code
		says string
	}{
		"no evidence":         {truce.Deed{Kind: truce.DeedMoveT0, Text: "x", T0: &truce.T0Change{Basis: truce.T0Event, Old: t0, New: after(-hour)}}, truce.CodeInvalid, "on evidence"},
		"no such incident":    {moving(truce.T0Event, t0, after(-hour), on(gone)), truce.CodeInvalid, "holds no incident"},
		"no kind":             {moving(truce.T0Event, t0, after(-hour), truce.T0Evidence{Kind: "rumour", Record: "1"}), truce.CodeInvalid, "name the record"},
		"no record":           {moving(truce.T0Event, t0, after(-hour), truce.T0Evidence{Kind: truce.EvidenceObservation}), truce.CodeInvalid, "name the record"},
		"no complaint":        {moving(truce.T0Complaint, 0, after(hour), complaint), truce.CodeInvalid, "no party complained in step 9"},
		"not a complaint":     {moving(truce.T0Complaint, 0, after(hour), on(i)), truce.CodeInvalid, "is none"},
		"nothing determined":  {moving(truce.T0Determined, 0, after(hour), on(i)), truce.CodeInvalid, "yet"},
		"ahead":               {moving(truce.T0Event, t0, after(99*hour), on(i)), truce.CodeInvalid, "not ahead"},
		"from elsewhere":      {moving(truce.T0Event, after(hour), after(-hour), on(i)), truce.CodeConflict, "read the case again"},
		"to where it is":      {moving(truce.T0Event, t0, t0, on(i)), truce.CodeConflict, "already"},
		"a basis of no case":  {moving(truce.T0Entered, 0, after(hour), on(i)), truce.CodeInvalid, "name a zero point"},
		"without its reason":  {func() truce.Deed { d := moving(truce.T0Event, t0, after(-hour), on(i)); d.Text = ""; return d }(), truce.CodeInvalid, "says why"},
		"by nobody in office": {moving(truce.T0Event, t0, after(-hour), on(i)), truce.CodeForbidden, "holders of offices"},
	} {
		by := lead
		if c.want == truce.CodeForbidden {
			by = truce.Person{ID: "x", Role: truce.RoleMechanism}
		}
		if err := s.try(after(5*hour), by, c.deed); truce.CodeOf(err) != c.want || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.deed(after(5*hour), liaison, truce.Deed{Kind: truce.DeedComplain, Text: "shots at km 12"})
	s.deed(after(6*hour), liaison, truce.Deed{Kind: truce.DeedComplain, Text: "we had called at 18:00"})
	made := s.one().Complaints
	if len(made) != 2 {
		t.Fatalf("complaints: %+v", made)
	}
	complaint.Record = strconv.Itoa(made[1].Step)
	second := moving(truce.T0Complaint, after(5*hour), 0, complaint) // to when it was made
	s.deed(after(6*hour), chief, second)
	s.deed(after(6*hour), chair, second)
	if at := s.one().T0[truce.T0Complaint]; at != after(6*hour) {
		t.Errorf("complaint at %s", at)
	}
}

// What is moved by hand follows from the record that is named, and from nothing else.
func TestTheValueOfAMoveIsThatOfItsRecord(t *testing.T) {
	s, i := climb(t)
	earlier := with(incident(2, after(-2*hour), 1), func(o *truce.CaseIncident) {
		o.Detected, o.Occurrence, o.Verified, o.Findings[0].Verdict = after(4*hour), truce.OccurrenceVerified, after(5*hour), truce.VerdictIndeterminate
	})
	s.incidents(after(5*hour), earlier)
	for name, c := range map[string]struct {
		basis truce.T0Basis
		to    truce.Instant
		on    truce.CaseIncident
		says  string
	}{
		"years before":           {truce.T0Event, t0 - truce.Instant(2000*day), i, "by incident 2026-1 the zero point event lies between 2026-04-11T15:00"},
		"just out of its error":  {truce.T0Event, after(-hour) - 1, i, "write such a time, or none"},
		"later than is verified": {truce.T0Event, after(hour), i, "later only when they are refuted"},
		"detected as it likes":   {truce.T0Detected, after(-hour), earlier, "detected is at"},
		"detected later":         {truce.T0Detected, after(4 * hour), earlier, "later only when they are refuted"},
		"verified as it likes":   {truce.T0Verified, after(hour), earlier, "verified is at"},
		"verified later":         {truce.T0Verified, after(5 * hour), earlier, "later only when they are refuted"},
	} {
		d := moving(c.basis, s.one().T0[c.basis], c.to, on(c.on))
		if err := s.try(after(6*hour), chair, d); truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	given := moving(truce.T0Event, t0, 0, on(earlier))
	s.m.Effective = after(-hour)
	if err := s.try(after(6*hour), chair, given); err == nil || !strings.Contains(err.Error(), "takes effect at 2026-04-11T15:00") {
		t.Errorf("before the agreement: %v", err)
	}
	s.m.Effective = after(-3 * hour)
	s.deed(after(6*hour), chair, given)
	s.deed(after(6*hour), lead, given)
	if c := s.one(); c.T0[truce.T0Event] != after(-2*hour) || s.clock("warning", "").Due != after(22*hour) {
		t.Errorf("the record's own time: %s", c.T0[truce.T0Event])
	}
	s.deed(after(7*hour), chair, truce.Deed{Kind: truce.DeedDetermine, Text: "a breach"})
	if err := s.try(after(8*hour), chair, moving(truce.T0Determined, after(7*hour), after(6*hour), on(i))); err == nil || !strings.Contains(err.Error(), "not moved by hand") {
		t.Errorf("determined: %v", err)
	}
}

// What people set stands while the facts say what they said then, and gives way to the
// newest of what becomes known, earlier or later.
func TestLaterEvidenceMovesWhatPeopleSet(t *testing.T) {
	s, i := climb(t)
	move := moving(truce.T0Event, t0, after(-hour), on(i))
	s.deed(after(5*hour), chief, move)
	s.deed(after(5*hour), chair, move)
	if k := s.clock("warning", ""); k.Due != after(23*hour) {
		t.Fatalf("warning is due at %s", k.Due)
	}
	s.incidents(after(6*hour), with(incident(2, after(4*hour), 1), func(i *truce.CaseIncident) { i.Detected = after(6 * hour) }))
	if at := s.one().T0[truce.T0Event]; at != after(-hour) {
		t.Fatalf("a later shot moved it to %s", at)
	}
	first := with(incident(3, after(-9*hour), 1), func(i *truce.CaseIncident) { i.Detected = after(7 * hour) })
	s.incidents(after(7*hour), first)
	if at := s.one().T0[truce.T0Event]; at != after(-9*hour) {
		t.Errorf("late evidence left it at %s", at)
	}
	s.incidents(after(8*hour), revised(first, truce.OccurrenceRefuted, after(8*hour)))
	c := s.one()
	if c.T0[truce.T0Event] != t0 || s.clock("warning", "").Due != after(24*hour) {
		t.Errorf("after the refutation at %s", c.T0[truce.T0Event])
	}
	var olds []truce.Instant
	for _, m := range c.T0Moves {
		if m.Basis == truce.T0Event {
			olds = append(olds, m.Old)
		}
	}
	if len(olds) != 4 || olds[1] != t0 || olds[2] != after(-hour) || olds[3] != after(-9*hour) {
		t.Errorf("the old ones: %v", olds)
	}
}

func TestPuttingAnIncidentElsewhereMovesNoClock(t *testing.T) {
	s, i := climb(t)
	s.incidents(after(4*hour), with(incident(2, after(3*hour), 3), func(i *truce.CaseIncident) { i.Detected = after(4 * hour) }))
	s.cases = append(s.cases, truce.Case{})
	if err := s.apply(1, s.m.Open(truce.ID{7}, truce.CaseOpening{Title: truce.Names{"en": "Hamlet"}}, Fact{}, after(4*hour))); err != nil {
		t.Fatal(err)
	}
	move := truce.Deed{Case: s.cases[0].ID, Kind: truce.DeedMove, Moved: []truce.ID{i.ID}, To: truce.ID{7}, Text: "of another gun"}
	s.deed(after(5*hour), watch, move)
	c := s.cases[0]
	if c.T0[truce.T0Event] != t0 || c.T0[truce.T0Detected] != t0 {
		t.Errorf("one person moved the zero points: %v", c.T0)
	}
	for _, k := range c.Clocks {
		if len(k.Moves) != 0 {
			t.Errorf("one person moved the clock %s: %+v", k.ID, k.Moves)
		}
	}
	for _, left := range c.Incidents {
		if stands(left) {
			move.Moved = []truce.ID{left.ID}
		}
	}
	if err := s.try(after(6*hour), watch, move); truce.CodeOf(err) != truce.CodeConflict || !strings.Contains(err.Error(), "clocks run") {
		t.Errorf("one person emptied a case whose clocks run: %v", err)
	}
}
