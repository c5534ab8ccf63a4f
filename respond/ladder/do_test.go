package ladder

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// state is a duty officer of a guarantor.
func state(id truce.StateID) truce.Person {
	p := office(strings.ToLower(string(id))+"-duty", truce.OfficeDutyOfficer)
	p.State = id
	return p
}

func (s *story) meeting() truce.Consultation {
	s.t.Helper()
	all := s.one().Consultations
	if len(all) == 0 {
		s.t.Fatal("there is no consultation")
	}
	return all[len(all)-1]
}

func TestAConsultationIsCalledByAsManyAsTheAgreementAsks(t *testing.T) {
	s, _ := climb(t)
	call := truce.Deed{Kind: truce.DeedCall, Text: "fire has gone on for a day"}
	s.refused(after(5*hour), chair, call, truce.CodeForbidden)
	s.refused(after(5*hour), officer, truce.Deed{Kind: truce.DeedCall}, truce.CodeInvalid)
	s.deed(after(5*hour), officer, call)
	s.refused(after(5*hour), officer, call, truce.CodeConflict)
	s.deed(after(5*hour), office("fa-head", truce.OfficeHead), call) // the same state counts once
	if k := s.meeting(); k.Convened || len(k.CalledBy) != 2 {
		t.Fatalf("called by one state: %+v", k)
	}
	s.refused(after(5*hour), officer, truce.Deed{Kind: truce.DeedJoin}, truce.CodeConflict)
	s.deed(after(6*hour), state("FB"), call)
	if k := s.meeting(); !k.Convened || k.ID != "K1" || k.Ground == "" {
		t.Fatalf("called by two states: %+v", k)
	}
	if !s.one().Summary.Consulting {
		t.Error("the list does not say that there is a consultation")
	}
	s.refused(after(6*hour), liaison, call, truce.CodeConflict)
	alone, _ := climb(t)
	alone.deed(after(5*hour), liaison, call) // one party is enough
	if !alone.meeting().Convened {
		t.Error("called by a party")
	}
}

func TestVotesAreTalliedAgainstTheRule(t *testing.T) {
	s, _ := climb(t)
	s.deed(after(5*hour), liaison, truce.Deed{Kind: truce.DeedCall, Text: "ground"})
	vote := func(option string) truce.Deed {
		return truce.Deed{Kind: truce.DeedVote, Option: option, Text: "our view"}
	}
	s.refused(after(5*hour), chair, truce.Deed{Kind: truce.DeedJoin}, truce.CodeForbidden)
	s.refused(after(5*hour), state("XX"), truce.Deed{Kind: truce.DeedJoin}, truce.CodeForbidden)
	s.refused(after(5*hour), state("FA"), vote(""), truce.CodeConflict)
	s.deed(after(5*hour), state("FB"), truce.Deed{Kind: truce.DeedJoin})
	if k := s.meeting(); k.Quorum {
		t.Error("one of three is a quorum of a half")
	}
	s.deed(after(5*hour), state("FA"), truce.Deed{Kind: truce.DeedJoin})
	s.refused(after(5*hour), state("FA"), truce.Deed{Kind: truce.DeedJoin}, truce.CodeConflict)
	if k := s.meeting(); !k.Quorum || !slices.Equal(k.Present, []truce.StateID{"FA", "FB"}) {
		t.Errorf("present: %+v", k)
	}
	s.refused(after(6*hour), state("FA"), vote("warn"), truce.CodeInvalid)
	s.deed(after(6*hour), state("FA"), truce.Deed{Kind: truce.DeedPropose, Option: "warn"})
	s.refused(after(6*hour), state("FA"), truce.Deed{Kind: truce.DeedPropose, Option: "warn"}, truce.CodeConflict)
	s.deed(after(6*hour), state("FB"), truce.Deed{Kind: truce.DeedPropose, Option: "wait"})
	stale := vote("warn")
	stale.After = s.one().Steps - 1
	s.refused(after(6*hour), state("FA"), stale, truce.CodeConflict)
	s.deed(after(7*hour), state("FA"), vote("warn"))
	s.deed(after(7*hour), state("FB"), vote("wait"))
	if k := s.meeting(); k.Tally[0].Carried || k.Tally[1].Carried {
		t.Errorf("a tie carries: %+v", k.Tally)
	}
	s.deed(after(8*hour), state("FB"), vote("")) // abstains in the end
	k := s.meeting()
	if len(k.Votes) != 2 || k.Votes[1].Option != "" || k.Votes[1].Dissent != "our view" || !k.Tally[0].Carried {
		t.Errorf("votes: %+v, tally %+v", k.Votes, k.Tally)
	}
	minutes := truce.Deed{Kind: truce.DeedMinute, Product: truce.HashOf([]byte("minutes"))}
	s.deed(after(8*hour), chief, minutes)
	s.refused(after(8*hour), chief, minutes, truce.CodeInvalid)
	s.refused(after(9*hour), state("FA"), truce.Deed{Kind: truce.DeedDecide, Text: "x"}, truce.CodeForbidden)
	s.refused(after(9*hour), chair, truce.Deed{Kind: truce.DeedDecide}, truce.CodeInvalid)
	s.deed(after(9*hour), chair, truce.Deed{Kind: truce.DeedDecide, Text: "The guarantors warn."})
	if k := s.meeting(); k.Outcome != "warn" || k.Ended != after(9*hour) || k.Public == "" || len(k.Minutes) != 1 {
		t.Errorf("decided: %+v", k)
	}
	s.refused(after(9*hour), state("FA"), truce.Deed{Kind: truce.DeedVote, Meeting: "K1"}, truce.CodeConflict)
	s.deed(after(10*hour), liaison, truce.Deed{Kind: truce.DeedCall, Text: "again"})
	if k := s.meeting(); k.ID != "K2" {
		t.Errorf("the next one is %s", k.ID)
	}
}

func TestWhatCarries(t *testing.T) {
	votes := func(options ...string) []truce.Vote {
		var out []truce.Vote
		for _, o := range options {
			out = append(out, truce.Vote{Option: o})
		}
		return out
	}
	for _, c := range []struct {
		name    string
		rule    truce.Consult
		quorum  bool
		votes   []truce.Vote
		outcome string
	}{
		{"more than half", truce.Consult{Majority: 0.5}, true, votes("warn", "warn", "wait"), "warn"},
		{"most, and not enough", truce.Consult{Majority: 0.7}, true, votes("warn", "warn", "wait"), "nothing carried"},
		{"two thirds of three", truce.Consult{Majority: 2.0 / 3}, true, votes("warn", "warn", "wait"), "warn"},
		{"consensus", truce.Consult{Majority: 1}, true, votes("warn", "warn", ""), "warn"},
		{"no consensus", truce.Consult{Majority: 1}, true, votes("warn", "warn", "wait"), "nothing carried"},
		{"no quorum", truce.Consult{Majority: 0.5}, false, votes("warn"), "no quorum"},
		{"nobody votes", truce.Consult{}, true, votes("", ""), "nothing carried"},
		{"each for itself", truce.Consult{Majority: 0.5, EachOwn: true}, true, votes("warn", "warn"), "each state decides for itself"},
	} {
		k := truce.Consultation{Options: []string{"warn", "wait"}, Votes: c.votes, Quorum: c.quorum}
		k.Tally = tally(c.rule, k)
		if got := outcome(c.rule, k); got != c.outcome {
			t.Errorf("%s: %q of %+v, want %q", c.name, got, k.Tally, c.outcome)
		}
	}
}

func TestRemediesGoFromHandToHand(t *testing.T) {
	s, _ := climb(t)
	ask := func(st truce.RemedyState) truce.Deed {
		return truce.Deed{Kind: truce.DeedRemedy, Text: "report", Remedy: &truce.RemedyStep{ID: "M1", Party: "A", What: "repair the seal", Due: after(90 * hour), State: st}}
	}
	s.refused(after(5*hour), chair, ask(truce.RemedyAsked), truce.CodeConflict) // nothing is determined
	s.deed(after(5*hour), chair, truce.Deed{Kind: truce.DeedDetermine, Text: "a breach"})
	s.refused(after(5*hour), chief, ask(truce.RemedyAsked), truce.CodeForbidden)
	s.refused(after(5*hour), liaison, ask(truce.RemedyReported), truce.CodeNotFound)
	nobody := ask(truce.RemedyAsked)
	nobody.Remedy.Party = "C"
	s.refused(after(5*hour), chair, nobody, truce.CodeInvalid)
	past := ask(truce.RemedyAsked)
	past.Remedy.Due = after(hour)
	s.refused(after(5*hour), chair, past, truce.CodeInvalid)
	s.deed(after(5*hour), chair, ask(truce.RemedyAsked))
	b := office("b-1", truce.OfficeLiaison)
	b.Party = "B"
	s.refused(after(6*hour), b, ask(truce.RemedyReported), truce.CodeForbidden)
	s.refused(after(6*hour), liaison, ask(truce.RemedyVerified), truce.CodeForbidden)
	s.refused(after(6*hour), chief, ask(truce.RemedyLate), truce.CodeConflict)
	s.deed(after(6*hour), liaison, ask(truce.RemedyReported))
	s.deed(after(7*hour), chief, ask(truce.RemedyRefused))
	s.deed(after(8*hour), liaison, ask(truce.RemedyReported))
	s.deed(after(9*hour), chief, ask(truce.RemedyVerified))
	s.refused(after(9*hour), liaison, ask(truce.RemedyReported), truce.CodeConflict)
	s.advance(after(95 * hour))
	if r := s.one().Remedies; len(r) != 1 || r[0].State != truce.RemedyVerified || r[0].Due != after(90*hour) || r[0].Ground != "report" {
		t.Errorf("remedies: %+v", r)
	}
}

func TestACaseIsDismissedBeforeItsFirstTier(t *testing.T) {
	s := tell(t, machine(t))
	s.incidents(after(minute), incident(1, t0, 1))
	shut := truce.Deed{Kind: truce.DeedClose, Text: "a quarry"}
	s.refused(after(minute), watch, truce.Deed{Kind: truce.DeedClose}, truce.CodeInvalid)
	s.refused(after(minute), chair, shut, truce.CodeForbidden)
	unread := shut
	unread.After = 1
	s.refused(after(minute), watch, unread, truce.CodeConflict)
	s.deed(after(2*minute), watch, shut)
	if c := s.one(); c.State != truce.CaseClosed || len(c.Open) != 0 {
		t.Fatalf("%s, open %+v", c.State, c.Open)
	}
	s.refused(after(3*minute), watch, shut, truce.CodeConflict)
	s.refused(after(3*minute), watch, sign("L0"), truce.CodeConflict)
	s.deed(after(3*minute), liaison, truce.Deed{Kind: truce.DeedState, Text: "we do not agree"})
	s.refused(after(4*minute), watch, truce.Deed{Kind: truce.DeedReopen}, truce.CodeInvalid)
	s.deed(after(4*minute), watch, truce.Deed{Kind: truce.DeedReopen, Text: "a crater was found"})
	s.proposed("L0")
	s.refused(after(5*minute), watch, truce.Deed{Kind: truce.DeedReopen, Text: "x"}, truce.CodeConflict)
}

func TestACaseInATierDoesNotCloseByOneHand(t *testing.T) {
	s, i := climb(t)
	shut := truce.Deed{Kind: truce.DeedClose, Text: "enough"}
	s.refused(after(5*hour), chair, shut, truce.CodeConflict)
	s.incidents(after(6*hour), revised(i, truce.OccurrenceRefuted, after(6*hour)))
	s.refused(after(6*hour), chair, shut, truce.CodeConflict) // it is proposed
	s.deed(after(6*hour), chair, truce.Deed{Kind: truce.DeedRefuse, Tier: "T1", Down: true, Text: "let us wait"})
	s.proposed()
	s.deed(after(7*hour), chair, shut)
	s.deed(after(7*hour), chair, signDown("T1"))
	s.deed(after(7*hour), chief, signDown("T1"))
	if s.one().State != truce.CaseClosed {
		t.Error("not closed")
	}
	watching := tell(t, machine(t))
	watching.incidents(after(minute), incident(1, t0, 1))
	watching.sign(after(minute), "L0", watch)
	watching.deed(after(hour), watch, shut) // L0 has no way down of its own
	watching.deed(after(hour), watch, signDown("L0"))
	if watching.one().State != truce.CaseClosed {
		t.Error("a tier without a way down is never left")
	}
}

func TestIncidentsArePutIntoAnotherCase(t *testing.T) {
	s := tell(t, machine(t))
	one, far := incident(1, t0, 1), incident(2, after(40*hour), 1)
	s.incidents(after(minute), one)
	s.incidents(after(40*hour), far)
	if len(s.cases) != 2 {
		t.Fatalf("%d cases", len(s.cases))
	}
	from, to := s.cases[1].ID, s.cases[0].ID
	move := truce.Deed{Case: from, Kind: truce.DeedMove, Moved: []truce.ID{far.ID}, To: to, Text: "one and the same gun"}
	for _, bad := range []truce.Deed{
		{Case: from, Kind: truce.DeedMove, Moved: []truce.ID{far.ID}, To: from, Text: "x"},
		{Case: from, Kind: truce.DeedMove, Moved: []truce.ID{far.ID}, To: to},
		{Case: from, Kind: truce.DeedMove, To: to, Text: "x"},
		{Case: from, Kind: truce.DeedMove, Moved: []truce.ID{one.ID}, To: to, Text: "x"},
	} {
		if s.try(after(41*hour), lead, bad) == nil {
			t.Errorf("taken: %+v", bad)
		}
	}
	s.deed(after(41*hour), lead, move)
	if len(s.cases[0].Incidents) != 2 || !s.cases[1].Incidents[0].Gone || s.cases[1].Summary.Incidents != 0 {
		t.Fatalf("after the move: %+v and %+v", s.cases[0].Summary, s.cases[1].Summary)
	}
	s.incidents(after(42*hour), revised(far, truce.OccurrenceVerified, after(42*hour)))
	if s.cases[0].Incidents[1].Occurrence != truce.OccurrenceVerified || s.cases[1].Incidents[0].Occurrence == truce.OccurrenceVerified {
		t.Error("a later revision does not go where people put the incident")
	}
	if s.cases[1].Open[0].Down != true {
		t.Errorf("the empty case is not asked to close: %+v", s.cases[1].Open)
	}
}

func TestDeedsThatDoNotHoldTogether(t *testing.T) {
	s, _ := climb(t)
	c := s.one()
	good := truce.Deed{Case: c.ID, After: c.Steps, Kind: truce.DeedNote, Person: chief.ID, Office: chief.Office, At: after(5 * hour), Text: "x"}
	for _, row := range []struct {
		name   string
		change func(*truce.Deed, *truce.Person)
		want   truce.Code
	}{
		{"good", func(*truce.Deed, *truce.Person) {}, ""},
		{"of another case", func(d *truce.Deed, _ *truce.Person) { d.Case = truce.ID{1} }, truce.CodeInvalid},
		{"of another person", func(d *truce.Deed, _ *truce.Person) { d.Person = "chair-1" }, truce.CodeForbidden},
		{"of another office", func(d *truce.Deed, _ *truce.Person) { d.Office = truce.OfficeChair }, truce.CodeForbidden},
		{"of one who has withdrawn", func(_ *truce.Deed, p *truce.Person) { p.Withdrawn = true }, truce.CodeForbidden},
		{"after a step that is not there", func(d *truce.Deed, _ *truce.Person) { d.After = 999 }, truce.CodeInvalid},
		{"too long", func(d *truce.Deed, _ *truce.Person) { d.Text = strings.Repeat("ї", truce.MaxWords+1) }, truce.CodeTooLarge},
		{"as long as may be", func(d *truce.Deed, _ *truce.Person) { d.Text = strings.Repeat("ї", truce.MaxWords) }, ""},
		{"empty", func(d *truce.Deed, _ *truce.Person) { d.Text = "" }, truce.CodeInvalid},
		{"unknown", func(d *truce.Deed, _ *truce.Person) { d.Kind = "dance" }, truce.CodeInvalid},
	} {
		d, p := good, chief
		row.change(&d, &p)
		steps, err := s.m.Do(c, d, p, after(5*hour))
		if (err == nil) != (row.want == "") || err != nil && (truce.CodeOf(err) != row.want || steps != nil) {
			t.Errorf("%s: %d steps, %v, want %q", row.name, len(steps), err, row.want)
		}
		if err == nil && (len(steps) != 1 || steps[0].Deed.Person != chief.ID || steps[0].Summary.Tier != "T1") {
			t.Errorf("%s: %+v", row.name, steps)
		}
	}
}

// A deed after a step that is still to come is refused without the number of those there
// are: how much goes on inside a case is not a party's to know.
func TestARefusalDoesNotCountTheStepsOfACase(t *testing.T) {
	s, _ := climb(t)
	s.advance(after(5 * hour))
	c := s.one()
	for _, wrong := range []int{c.Steps + 1000, -1} {
		d := truce.Deed{Case: c.ID, Kind: truce.DeedNote, Text: "x", After: wrong, Person: liaison.ID, Office: liaison.Office}
		_, err := s.m.Do(c, d, liaison, after(5*hour))
		if truce.CodeOf(err) != truce.CodeInvalid || strings.Contains(err.Error(), strconv.Itoa(c.Steps)+" ") || !strings.Contains(err.Error(), "read the case again") {
			t.Errorf("after step %d of %d: %v", wrong, c.Steps, err)
		}
	}
}
