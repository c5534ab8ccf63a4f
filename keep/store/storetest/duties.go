package storetest

import (
	"slices"
	"strconv"
	"testing"

	"github.com/trucewatch/truce"
)

// dutyStep appends a step of a case with a passage or a clock.
func (f *fixture) dutyStep(t testing.TB, name string, number int, kind truce.StepKind, edit func(*truce.CaseStep)) {
	t.Helper()
	f.append(t, caseDraft(t, caseStep(name, number, at(float64(number)), func(s *truce.CaseStep) {
		s.Kind = kind
		edit(s)
	})))
}

func (f *fixture) gates(t testing.TB, q truce.DutyQuery) []string {
	t.Helper()
	rows, total, err := f.store.Gates(t.Context(), q)
	if err != nil || q.Limit == 0 && total != len(rows) || total < len(rows) {
		t.Fatalf("gates of %+v: %d of %d, %v", q, len(rows), total, err)
	}
	var out []string
	for _, row := range rows {
		to := string(row.Tier)
		if row.Down {
			to += " down to " + string(row.To)
		}
		out = append(out, to+"/"+strconv.Itoa(row.Gate))
	}
	return out
}

func (f *fixture) clocks(t testing.TB, q truce.DutyQuery) []string {
	t.Helper()
	rows, total, err := f.store.Clocks(t.Context(), q)
	if err != nil || q.Limit == 0 && total != len(rows) || total < len(rows) {
		t.Fatalf("clocks of %+v: %d of %d, %v", q, len(rows), total, err)
	}
	var out []string
	for _, row := range rows {
		out = append(out, row.Clock+row.For)
	}
	return out
}

func wantList(t testing.TB, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func testGates(t *testing.T, f *fixture) {
	up := truce.Passage{Tier: "T1", Rank: 4, Gates: []truce.Gate{{Office: truce.OfficeChair}, {Office: truce.OfficeMechanismLead}}}
	low := truce.Passage{Tier: "L1", Rank: 2, Gates: []truce.Gate{{Office: truce.OfficeChair}}}
	down := truce.Passage{Tier: "T1", Down: true, To: "L1", Rank: 2, Gates: []truce.Gate{{Office: truce.OfficeDutyOfficer}, {Office: truce.OfficeDutyOfficer}}}
	with := func(p truce.Passage, by truce.PersonID) func(*truce.CaseStep) {
		return func(s *truce.CaseStep) {
			s.Passage = &p
			if by != "" {
				s.Deed = &truce.Deed{Person: by}
			}
		}
	}
	signed := func(p truce.Passage, gate int, whose string) truce.Passage {
		p.Gate, p.For, p.Gates = gate, whose, nil
		return p
	}
	chair := truce.DutyQuery{Office: truce.OfficeChair, Person: "chair"}
	wantList(t, "before anything", f.gates(t, chair))
	f.dutyStep(t, "a", 1, truce.StepProposed, with(low, ""))
	f.dutyStep(t, "a", 2, truce.StepProposed, with(up, ""))
	f.dutyStep(t, "b", 1, truce.StepProposed, with(down, ""))
	wantList(t, "the highest tier first", f.gates(t, chair), "T1/1", "L1/1")
	wantList(t, "a page", f.gates(t, truce.DutyQuery{Office: truce.OfficeChair, Limit: 1}), "T1/1")
	wantList(t, "of no office", f.gates(t, truce.DutyQuery{}))
	duty := truce.DutyQuery{Office: truce.OfficeDutyOfficer, Whose: "FR", Person: "fr-duty"}
	wantList(t, "a way down", f.gates(t, duty), "T1 down to L1/1")
	f.dutyStep(t, "b", 2, truce.StepSigned, with(signed(down, 1, "FR"), "fr-duty"))
	wantList(t, "after one's own signature", f.gates(t, duty))
	wantList(t, "after one for the same state", f.gates(t, truce.DutyQuery{Office: truce.OfficeDutyOfficer, Whose: "FR", Person: "fr-second"}))
	wantList(t, "of another state", f.gates(t, truce.DutyQuery{Office: truce.OfficeDutyOfficer, Whose: "PL", Person: "pl-duty"}), "T1 down to L1/2")
	f.waiting(t, "one case waits for the other state", truce.DutyQuery{Office: truce.OfficeDutyOfficer, Whose: "PL", Person: "pl-duty"}, "b")
	f.waiting(t, "two gates of one case", chair, "a")
	f.dutyStep(t, "a", 3, truce.StepLapsed, with(low, ""))
	wantList(t, "after one lapsed", f.gates(t, chair), "T1/1")
	f.dutyStep(t, "a", 4, truce.StepSigned, with(signed(up, 1, ""), "chair"))
	wantList(t, "signed", f.gates(t, chair))
	wantList(t, "the other gate", f.gates(t, truce.DutyQuery{Office: truce.OfficeMechanismLead, Person: "lead"}), "T1/2")
	f.dutyStep(t, "a", 5, truce.StepRefused, with(signed(up, 0, ""), "lead"))
	wantList(t, "after a refusal", f.gates(t, truce.DutyQuery{Office: truce.OfficeMechanismLead, Person: "lead"}))
	f.dutyStep(t, "a", 6, truce.StepProposed, with(up, ""))
	wantList(t, "proposed anew, the signature is gone", f.gates(t, chair), "T1/1")
	f.dutyStep(t, "b", 3, truce.StepClosed, func(*truce.CaseStep) {})
	wantList(t, "a closed case", f.gates(t, truce.DutyQuery{Office: truce.OfficeDutyOfficer, Whose: "PL"}))
	f.dutyStep(t, "a", 7, truce.StepEntered, with(up, ""))
	wantList(t, "entered", f.gates(t, chair))
	_, _, err := f.store.Gates(t.Context(), truce.DutyQuery{Limit: -1})
	wantCode(t, "a negative limit", err, truce.CodeInvalid)
	f.sound(t)
}

// waiting holds which cases wait for somebody.
func (f *fixture) waiting(t testing.TB, what string, q truce.DutyQuery, want ...string) {
	t.Helper()
	page, err := f.store.Cases(t.Context(), truce.CaseQuery{Waits: &q, State: truce.CaseOpen, Limit: 10})
	if err != nil || page.Total != len(want) {
		t.Fatalf("%s: %d cases, %v, want %d", what, page.Total, err, len(want))
	}
	wantList(t, what, caseTitles(page.Rows), want...)
}

func testClocks(t *testing.T, f *fixture) {
	clock := func(id, whose string, due truce.Instant, edit func(*truce.ClockChange)) func(*truce.CaseStep) {
		return func(s *truce.CaseStep) {
			s.Clock = &truce.ClockChange{Clock: id, For: whose, Round: 1, Due: due, State: truce.ClockRunning, Owner: truce.OfficeDutyOfficer}
			if edit != nil {
				edit(s.Clock)
			}
		}
	}
	fr := truce.DutyQuery{Office: truce.OfficeDutyOfficer, Whose: "FR"}
	f.dutyStep(t, "a", 1, truce.StepClockStarted, clock("report", "FR", at(9), nil))
	f.dutyStep(t, "a", 2, truce.StepClockStarted, clock("report", "PL", at(9), nil))
	f.dutyStep(t, "b", 1, truce.StepClockStarted, clock("warning", "", at(7), nil))
	f.dutyStep(t, "c", 1, truce.StepClockStarted, clock("other", "", at(5), func(k *truce.ClockChange) { k.Owner = truce.OfficeChair }))
	wantList(t, "those due soonest first", f.clocks(t, fr), "warning", "reportFR")
	wantList(t, "a page", f.clocks(t, truce.DutyQuery{Office: truce.OfficeDutyOfficer, Limit: 1}), "warning")
	wantList(t, "of no office", f.clocks(t, truce.DutyQuery{}))
	f.waiting(t, "both cases wait", fr, "a", "b")
	f.dutyStep(t, "b", 2, truce.StepClockMoved, clock("warning", "", at(20), nil))
	wantList(t, "after one moved", f.clocks(t, fr), "reportFR", "warning")
	f.dutyStep(t, "b", 3, truce.StepClockPaused, clock("warning", "", at(20), func(k *truce.ClockChange) { k.State = truce.ClockPaused }))
	wantList(t, "a paused one is still to be met", f.clocks(t, fr), "reportFR", "warning")
	f.dutyStep(t, "b", 4, truce.StepClockResumed, clock("warning", "", at(8), nil))
	wantList(t, "after it went on", f.clocks(t, fr), "warning", "reportFR")
	f.dutyStep(t, "b", 5, truce.StepClockTold, clock("warning", "", at(20), nil))
	wantList(t, "after the parties were told and it began to run", f.clocks(t, fr), "reportFR", "warning")
	f.dutyStep(t, "b", 6, truce.StepClockMissed, clock("warning", "", at(8), nil))
	f.dutyStep(t, "b", 7, truce.StepNoted, clock("warning", "", at(8), nil)) // done after it was missed
	wantList(t, "after it was missed", f.clocks(t, fr), "reportFR")
	f.dutyStep(t, "a", 3, truce.StepClockMet, clock("report", "FR", at(9), nil))
	wantList(t, "after it was met", f.clocks(t, fr))
	f.dutyStep(t, "a", 4, truce.StepClockStarted, clock("report", "FR", at(30), func(k *truce.ClockChange) { k.Round = 2 }))
	f.dutyStep(t, "a", 5, truce.StepClockStopped, clock("report", "FR", at(9), nil)) // of the round before
	wantList(t, "its next round", f.clocks(t, fr), "reportFR")
	_, _, err := f.store.Clocks(t.Context(), truce.DutyQuery{Limit: -1})
	wantCode(t, "a negative limit", err, truce.CodeInvalid)
	f.sound(t)
}

func testCaseTerms(t *testing.T, f *fixture) {
	open := func(name, version string, rank int) {
		f.append(t, caseDraft(t, caseStep(name, 1, at(1), func(s *truce.CaseStep) {
			s.Open, s.Summary.Rank = &truce.CaseOpening{Version: version}, rank
		})))
	}
	open("a", "1", 2)
	open("b", "1", 2)
	open("c", "2", 2)
	open("d", "2", 4)
	f.append(t, caseDraft(t, caseStep("d", 2, at(2), nil)))
	f.append(t, caseDraft(t, caseStep("e", 1, at(1), func(s *truce.CaseStep) { s.Summary.State = truce.CaseClosed })))
	counts, err := f.store.CaseCounts(t.Context())
	want := []truce.CaseCount{{Version: "1", Rank: 2, Cases: 2}, {Version: "2", Rank: 2, Cases: 1}, {Version: "2", Rank: 0, Cases: 1}}
	if err != nil || !slices.Equal(counts, want) {
		t.Errorf("counts %+v, %v, want %+v", counts, err, want)
	}
	for name, version := range map[string]string{"a": "1", "d": "2", "e": ""} {
		if row, err := f.store.Case(t.Context(), thing(at(0), name).String()); err != nil || row.Version != version {
			t.Errorf("case %s was opened under %q, %v, want %q", name, row.Version, err, version)
		}
	}
	f.sound(t)
}
