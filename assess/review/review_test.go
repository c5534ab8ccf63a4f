package review

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

var incident = truce.Incident{ID: truce.NewID(5, "incident", "", nil), Revision: 3, Number: "2026-7"}

func analyst(id truce.PersonID) truce.Person {
	return truce.Person{ID: id, Role: truce.RoleMechanism, Office: truce.OfficeAnalyst}
}

func step(by truce.PersonID, outcome truce.Occurrence) truce.Review {
	return truce.Review{Incident: incident.ID, Revision: 3, Outcome: outcome, Reason: "looked", Person: by}
}

func withdraw(by truce.PersonID) truce.Review {
	r := step(by, "")
	r.Withdraws = true
	return r
}

func TestSettleTakesTwoDifferentPersons(t *testing.T) {
	yes, no := truce.OccurrenceVerified, truce.OccurrenceRefuted
	for _, c := range []struct {
		name    string
		steps   []truce.Review
		want    truce.Occurrence
		open    int
		dissent int
	}{
		{"nobody", nil, "", 0, 0},
		{"one", []truce.Review{step("a", yes)}, "", 1, 0},
		{"one twice", []truce.Review{step("a", yes), step("a", yes)}, "", 1, 0},
		{"two", []truce.Review{step("a", yes), step("b", yes)}, yes, 0, 0},
		{"two apart", []truce.Review{step("a", yes), step("b", no)}, "", 2, 0},
		{"third decides", []truce.Review{step("a", yes), step("b", no), step("c", no)}, no, 0, 1},
		{"one withdraws", []truce.Review{step("a", yes), step("b", yes), withdraw("a")}, "", 1, 0},
		{"one turns", []truce.Review{step("a", yes), step("b", yes), step("b", no)}, "", 2, 0},
		{"third holds it", []truce.Review{step("a", yes), step("b", yes), step("c", yes), withdraw("a")}, yes, 0, 0},
	} {
		got := Settle(Subject{Incident: incident.ID}, c.steps)
		if got.Outcome != c.want || len(got.Open) != c.open || len(got.Dissent) != c.dissent {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	other := step("b", yes)
	other.Rule = "R01"
	if got := Settle(Subject{Incident: incident.ID}, []truce.Review{step("a", yes), other}); got.Outcome != "" {
		t.Error("a review of a finding settled the occurrence")
	}
	if Occurrence(truce.OccurrenceDetected, State{}) != truce.OccurrenceDetected {
		t.Error("the machine's state was lost")
	}
}

func TestCheckRefusesWhoMayNotLook(t *testing.T) {
	good := Question{Step: step("a", truce.OccurrenceVerified), Person: analyst("a"), Incident: incident}
	good.Step.Note, good.Step.Reason = strings.Repeat("ї", truce.MaxWords), strings.Repeat("x", truce.MaxName)
	if err := Check(good); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		bend func(*Question)
		want truce.Code
	}{
		{"for another", func(q *Question) { q.Step.Person = "b" }, truce.CodeForbidden},
		{"liaison", func(q *Question) { q.Person.Role = truce.RoleParty }, truce.CodeForbidden},
		{"guarantor", func(q *Question) { q.Person.Role = truce.RoleGuarantor }, truce.CodeForbidden},
		{"reporter", func(q *Question) { q.Reporters = []truce.PersonID{"x", "a"} }, truce.CodeForbidden},
		{"old revision", func(q *Question) { q.Step.Revision = 2 }, truce.CodeConflict},
		{"merged", func(q *Question) { q.Incident.ReplacedBy = truce.NewID(9, "incident", "", nil) }, truce.CodeConflict},
		{"no outcome", func(q *Question) { q.Step.Outcome = truce.OccurrenceDetected }, truce.CodeInvalid},
		{"exit without reason", func(q *Question) { q.Step.Outcome, q.Step.Reason = truce.OccurrenceExplained, " " }, truce.CodeInvalid},
		{"finding explained", func(q *Question) { q.Step.Rule, q.Step.Outcome = "R01", truce.OccurrenceExplained }, truce.CodeInvalid},
		{"note too long", func(q *Question) { q.Step.Note = strings.Repeat("ї", truce.MaxWords+1) }, truce.CodeTooLarge},
		{"reason too long", func(q *Question) { q.Step.Reason = strings.Repeat("x", truce.MaxName+1) }, truce.CodeTooLarge},
		{"nothing to withdraw", func(q *Question) { q.Step.Withdraws = true }, truce.CodeConflict},
	} {
		q := good
		c.bend(&q)
		if err := Check(q); err == nil || truce.CodeOf(err) != c.want {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	q := good
	q.Step.Withdraws, q.Before = true, []truce.Review{good.Step}
	if err := Check(q); err != nil {
		t.Errorf("own step cannot be withdrawn: %v", err)
	}
}

func attribution(people ...truce.PersonID) truce.Attribution {
	return truce.Attribution{Incident: incident.ID, Level: truce.AttributionBalance, Party: "A", P: 0.7, Basis: []string{"trajectory"}, Alternatives: []string{"accident"}, People: people}
}

func TestAttributionStandsOnAVerifiedIncidentAndTwoPersons(t *testing.T) {
	if err := CheckAttribution(attribution(), incident, truce.OccurrenceVerified, analyst("a")); err != nil {
		t.Fatal(err)
	}
	undetermined := attribution("a", "b")
	undetermined.Level, undetermined.Party, undetermined.Basis = truce.AttributionUndetermined, "", nil
	if err := CheckAttribution(undetermined, incident, truce.OccurrenceVerified, analyst("a")); err != nil {
		t.Errorf("undetermined is a normal result: %v", err)
	}
	for _, c := range []struct {
		name string
		bend func(*truce.Attribution)
	}{
		{"no alternatives", func(a *truce.Attribution) { a.Alternatives = nil }},
		{"no party", func(a *truce.Attribution) { a.Party = "" }},
		{"other incident", func(a *truce.Attribution) { a.Incident = truce.ID{1} }},
		{"chance above 1", func(a *truce.Attribution) { a.P = 1.1 }},
		{"basis too long", func(a *truce.Attribution) { a.Basis[0] = strings.Repeat("ї", truce.MaxWords+1) }},
		{"too many alternatives", func(a *truce.Attribution) { a.Alternatives = make([]string, maxPoints+1) }},
		{"not assessed", func(a *truce.Attribution) { a.Level = truce.AttributionNotAssessed }},
	} {
		a := attribution()
		c.bend(&a)
		if CheckAttribution(a, incident, truce.OccurrenceVerified, analyst("a")) == nil {
			t.Errorf("%s: recorded", c.name)
		}
	}
	liaison := truce.Person{ID: "b", Role: truce.RoleParty, Office: truce.OfficeLiaison, Party: "B"}
	if CheckAttribution(attribution(), incident, truce.OccurrenceVerified, liaison) == nil || CheckAttribution(attribution(), incident, truce.OccurrenceDetected, analyst("a")) == nil {
		t.Error("a party's liaison attributed, or an incident that is not verified was")
	}
	if _, stands := Standing([]truce.Attribution{attribution("a", "b")}, truce.OccurrenceCorroborated); stands {
		t.Error("stands though the incident is no longer verified")
	}
	if got, stands := Standing([]truce.Attribution{undetermined, attribution("a", "b"), undetermined}[:2], truce.OccurrenceVerified); !stands || got.Party != "A" {
		t.Error("the newest does not stand")
	}
	if got, stands := Standing([]truce.Attribution{undetermined, attribution("a")}, truce.OccurrenceVerified); !stands || got.Party != "" {
		t.Error("one signature stands")
	}
	gone := attribution("a")
	gone.Withdrawn = true
	if _, stands := Standing([]truce.Attribution{attribution("a", "b"), gone}, truce.OccurrenceVerified); stands {
		t.Error("stands though it was withdrawn")
	}
}

func TestASecondSignatureIsOfTheSameStatement(t *testing.T) {
	once := Signed(attribution(), "a", truce.Signing{By: "a"}, 5)
	if again := Signed(once, "a", truce.Signing{By: "a"}, 6); len(again.People) != 1 {
		t.Error("one person signed twice")
	}
	two := Signed(once, "b", truce.Signing{By: "b"}, 7)
	one, err1 := truce.Canonical(Statement(once))
	both, err2 := truce.Canonical(Statement(two))
	if err1 != nil || err2 != nil || string(one) != string(both) || len(two.People) != 2 || len(once.People) != 1 {
		t.Errorf("%s\n%s", one, both)
	}
}

// world is a history of random acts by random people, each checked and then recorded.
type world struct {
	steps  []truce.Review
	settle func(Subject, []truce.Review) State
	broken []string
}

func (w *world) act(r *rand.Rand, people []truce.Person) {
	p := people[r.IntN(len(people))]
	outcome := []truce.Occurrence{truce.OccurrenceVerified, truce.OccurrenceVerified, truce.OccurrenceRefuted}[r.IntN(3)]
	s := step(p.ID, outcome)
	s.Withdraws = r.IntN(5) == 0
	before := slices.Clone(w.steps)
	if Check(Question{Step: s, Person: p, Incident: incident, Reporters: []truce.PersonID{"reporter"}, Before: w.steps}) == nil {
		w.steps = append(w.steps, s)
	}
	if !slices.Equal(before, w.steps[:len(before)]) {
		w.broken = append(w.broken, "a step that was recorded has changed")
	}
	state := w.settle(Subject{Incident: incident.ID}, w.steps)
	if state.Outcome == truce.OccurrenceVerified {
		w.verified(state)
	}
	signer := people[r.IntN(len(people))]
	if CheckAttribution(attribution(), incident, Occurrence(truce.OccurrenceDetected, state), signer) == nil && (state.Outcome != truce.OccurrenceVerified || signer.Role == truce.RoleParty) {
		w.broken = append(w.broken, "an attribution on an incident that is not verified, or by a party")
	}
}

func (w *world) verified(state State) {
	for i, by := range state.By {
		if by == "reporter" || by == "liaison" || by == "admin" && !slices.Contains([]truce.PersonID{"a", "b", "c"}, state.By[1-i]) {
			w.broken = append(w.broken, "verified by "+string(by))
		}
	}
	if len(state.By) != 2 || state.By[0] == state.By[1] {
		w.broken = append(w.broken, "verified without two different persons")
	}
}

func runWorlds(n int, settle func(Subject, []truce.Review) State) []string {
	people := []truce.Person{analyst("a"), analyst("b"), analyst("c"), analyst("reporter"),
		{ID: "liaison", Role: truce.RoleParty, Office: truce.OfficeLiaison, Party: "A"},
		{ID: "admin", Role: truce.RoleMechanism, Office: truce.OfficeMechanismLead}}
	for seed := range n {
		w := world{settle: settle}
		r := rand.New(rand.NewPCG(uint64(seed), 22))
		for range 2 + r.IntN(10) {
			w.act(r, people)
		}
		if len(w.broken) > 0 {
			return w.broken
		}
	}
	return nil
}

// TestNobodyVerifiesAloneR22 plays 100,000 random histories; the control lets one person
// sign twice and must be caught.
func TestNobodyVerifiesAloneR22(t *testing.T) {
	n := 100_000
	if testing.Short() {
		n = 5_000
	}
	if broken := runWorlds(n, Settle); broken != nil {
		t.Error(broken)
	}
	twice := func(s Subject, steps []truce.Review) State {
		renamed := slices.Clone(steps)
		for i := range renamed {
			renamed[i].Person += truce.PersonID(rune('0' + i))
		}
		state := Settle(s, renamed)
		for i, by := range state.By {
			state.By[i] = by[:len(by)-1]
		}
		return state
	}
	if runWorlds(n, twice) == nil {
		t.Error("the control was not caught: one person signed twice")
	}
}
