package pledge

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

var (
	press      = truce.Citation{Kind: truce.CitePress, Publisher: "A paper"}
	draft      = truce.Citation{Kind: truce.CiteDraft, Publisher: "A ministry"}
	statement  = truce.Citation{Kind: truce.CiteStatement, Publisher: "A ministry"}
	instrument = truce.Citation{Kind: truce.CiteInstrument, Publisher: "The depositary"}
)

func promise(id string, state truce.StateID, steps ...truce.CommitmentStep) truce.Commitment {
	return truce.Commitment{ID: id, State: state, Kind: truce.CommitMilitary, Instrument: "a declaration", What: truce.Names{"en": "ships"},
		Binding: truce.BindingPolitical, History: steps}
}

func step(s truce.CommitmentState, day truce.Day, c truce.Citation) truce.CommitmentStep {
	return truce.CommitmentStep{State: s, Day: day, Source: c}
}

func TestHistoriesThatCouldNotHaveHappenedAreRefused(t *testing.T) {
	reported := step(truce.CommitmentReported, "2026-01-06", press)
	gone := step(truce.CommitmentWithdrawn, "2026-03-01", statement)
	gone.Why = "refused by parliament"
	for _, c := range []struct {
		name  string
		steps []truce.CommitmentStep
		want  string // in the refusal; "" when it is good
	}{
		{"reported", []truce.CommitmentStep{reported}, ""},
		{"reported twice", []truce.CommitmentStep{reported, step(truce.CommitmentReported, "2026-01-07", press)}, ""},
		{"whole way", []truce.CommitmentStep{reported, step(truce.CommitmentTextReady, "2026-01-09", draft), step(truce.CommitmentSigned, "2026-02-01", instrument), step(truce.CommitmentInForce, "2026-03-01", instrument), step(truce.CommitmentInvoked, "2026-04-01", statement)}, ""},
		{"withdrawn", []truce.CommitmentStep{reported, gone}, ""},
		{"nothing", nil, "history of 1"},
		{"press signs", []truce.CommitmentStep{step(truce.CommitmentSigned, "2026-01-06", press)}, "press makes a promise reported at most"},
		{"draft in force", []truce.CommitmentStep{step(truce.CommitmentInForce, "2026-01-06", draft)}, "draft makes a promise text_ready at most"},
		{"press withdraws", []truce.CommitmentStep{reported, step(truce.CommitmentWithdrawn, "2026-03-01", press)}, "press makes"},
		{"no reason", []truce.CommitmentStep{reported, step(truce.CommitmentWithdrawn, "2026-03-01", statement)}, "says why"},
		{"back", []truce.CommitmentStep{step(truce.CommitmentSigned, "2026-02-01", instrument), step(truce.CommitmentDrafted, "2026-02-02", draft)}, "goes forward"},
		{"before", []truce.CommitmentStep{reported, step(truce.CommitmentSigned, "2026-01-01", instrument)}, "in the order in which they happened"},
		{"after the end", []truce.CommitmentStep{reported, gone, step(truce.CommitmentSigned, "2026-04-01", instrument)}, "a new promise is a new commitment"},
		{"invoked too soon", []truce.CommitmentStep{step(truce.CommitmentSigned, "2026-02-01", instrument), step(truce.CommitmentInvoked, "2026-02-02", statement)}, "only what is in force"},
		{"no day", []truce.CommitmentStep{step(truce.CommitmentReported, "6 January", press)}, "write YYYY-MM-DD"},
		{"no publisher", []truce.CommitmentStep{step(truce.CommitmentReported, "2026-01-06", truce.Citation{Kind: truce.CitePress})}, "publisher"},
		{"unknown state", []truce.CommitmentStep{step("promised", "2026-01-06", press)}, "write one of"},
	} {
		err := Validate(promise("fa-ships", "FA", c.steps...))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestParliamentsDecideWhetherAPromiseIsInForce(t *testing.T) {
	c := promise("fa-ships", "FA", step(truce.CommitmentSigned, "2026-02-01", instrument))
	c.Ratification = []truce.Ratification{{Body: "parliament", State: RatificationTabled}}
	if _, err := Step(c, step(truce.CommitmentInForce, "2026-03-01", instrument)); err == nil || !strings.Contains(err.Error(), "parliament (tabled)") {
		t.Fatalf("in force before parliament decided: %v", err)
	}
	c.Ratification[0] = truce.Ratification{Body: "parliament", State: RatificationApproved, Day: "2026-02-20", Source: statement}
	after, err := Step(c, step(truce.CommitmentInForce, "2026-03-01", instrument))
	if err != nil || State(after) != truce.CommitmentInForce || State(c) != truce.CommitmentSigned {
		t.Fatalf("%v: %s, was %s", err, State(after), State(c))
	}
	c.Ratification[0].Source = truce.Citation{}
	if Validate(c) == nil {
		t.Fatal("an approval without a source")
	}
}

func TestInvocationGoesFromRequestToDecision(t *testing.T) {
	c, in := promise("fa-ships", "FA", step(truce.CommitmentReported, "2026-02-01", press)), truce.NewID(5, "case", "", nil)
	for i, s := range []truce.InvocationState{truce.InvocationRequested, truce.InvocationReceived, truce.InvocationParliament, truce.InvocationApproved, truce.InvocationDecided} {
		next, err := Invoke(c, in, truce.InvocationStep{State: s, At: truce.Instant(i)})
		if err != nil {
			t.Fatal(err)
		}
		c = next
	}
	for name, s := range map[string]truce.InvocationStep{
		"body": {State: truce.InvocationFulfilled, At: 9, Body: strings.Repeat("ї", truce.MaxLine+1)}, "text": {State: truce.InvocationFulfilled, At: 9, Text: strings.Repeat("ї", truce.MaxWords+1)},
	} {
		if _, err := Invoke(c, in, s); truce.CodeOf(err) != truce.CodeTooLarge {
			t.Errorf("a %s over its bound: %v", name, err)
		}
	}
	if len(c.Invoked) != 1 || len(c.Invoked[0].History) != 5 {
		t.Fatalf("%+v", c.Invoked)
	}
	if _, err := Invoke(c, in, truce.InvocationStep{State: truce.InvocationApproved, At: 9}); truce.CodeOf(err) != truce.CodeConflict {
		t.Fatalf("approved after the decision: %v", err)
	}
	if _, err := Invoke(c, in, truce.InvocationStep{State: truce.InvocationFulfilled, At: 1}); err == nil {
		t.Fatal("fulfilled before it was decided")
	}
	if _, err := Invoke(c, truce.NewID(6, "case", "", nil), truce.InvocationStep{State: truce.InvocationApproved}); err == nil {
		t.Fatal("approved in a case in which nobody asked")
	}
}

// caseWith is a case with one incident of the act and severity, attributed as said.
func caseWith(occurrence truce.Occurrence, level truce.AttributionLevel, party truce.PartyID) truce.Case {
	id := truce.NewID(7, "incident", "", nil)
	c := truce.Case{ID: truce.NewID(5, "case", "", nil), Tier: "T2", Incidents: []truce.CaseIncident{{ID: id, Number: "2026-7", Act: "missile_strike", Occurrence: occurrence,
		Findings: []truce.CaseFinding{{Rule: "R01", Verdict: truce.VerdictHit, Severity: 3}}}}}
	if level != "" {
		c.Attributions = []truce.Attribution{{Incident: id, Level: level, Party: party, P: 0.8}}
	}
	return c
}

func TestVoidConditionsAreHeldAgainstEveryPartyAlike(t *testing.T) {
	c := promise("fa-ships", "FA", step(truce.CommitmentReported, "2026-02-01", press))
	c.Void = []truce.VoidCondition{{ID: "V1", Names: truce.Names{"en": "an unprovoked attack"}, Rules: []truce.RuleID{"R01"}, SeverityMin: 3, Attribution: truce.AttributionBalance}}
	met, not, unknown := truce.ConditionMet, truce.ConditionNotMet, truce.ConditionUnknown
	for _, k := range []struct {
		name   string
		in     truce.Case
		ofA, B truce.ConditionState
	}{
		{"nothing", truce.Case{}, not, not},
		{"not verified", caseWith(truce.OccurrenceDetected, "", ""), unknown, unknown},
		{"refuted", caseWith(truce.OccurrenceRefuted, "", ""), not, not},
		{"not attributed", caseWith(truce.OccurrenceVerified, "", ""), unknown, unknown},
		{"undetermined", caseWith(truce.OccurrenceVerified, truce.AttributionUndetermined, ""), unknown, unknown},
		{"to A", caseWith(truce.OccurrenceVerified, truce.AttributionClear, "A"), met, not},
		{"to B", caseWith(truce.OccurrenceVerified, truce.AttributionClear, "B"), not, met},
		{"too weak", caseWith(truce.OccurrenceVerified, truce.AttributionReasonable, "B"), not, unknown},
	} {
		got := Void(c, k.in, []truce.PartyID{"A", "B"})
		if len(got) != 2 || got[0].State != k.ofA || got[1].State != k.B {
			t.Errorf("%s: %+v", k.name, got)
		}
		for _, because := range append(got[0].Because, got[1].Because...) {
			if en, uk := because["en"], because["uk"]; !strings.Contains(en, "incident 2026-7 ") || !strings.Contains(uk, "інцидент 2026-7") || strings.Contains(en+uk, "_") {
				t.Errorf("%s: why is not said in both languages: %q and %q", k.name, en, uk)
			}
		}
	}
	c.Void[0].Rules, c.Void[0].SeverityMin = nil, 0
	if Validate(c) == nil {
		t.Error("a condition that says nothing")
	}
}

func TestStakeListsWhatIsDueFirst(t *testing.T) {
	ladder := truce.Ladder{Tiers: []truce.Tier{{ID: "T1"}, {ID: "T2"}, {ID: "T3"}}}
	list := []truce.Commitment{promise("fa-late", "FA", step(truce.CommitmentReported, "2026-02-01", press)),
		promise("fa-now", "FA", step(truce.CommitmentInForce, "2026-02-01", instrument)),
		promise("fb-now", "FB", step(truce.CommitmentSigned, "2026-02-01", instrument)),
		promise("fa-gone", "FA", step(truce.CommitmentReported, "2026-02-01", press), truce.CommitmentStep{State: truce.CommitmentWithdrawn, Day: "2026-03-01", Source: statement, Why: "declined"})}
	list[0].Trigger, list[1].Trigger = "T3", "T2"
	got := At(list, "FA", caseWith(truce.OccurrenceVerified, "", ""), ladder, []truce.PartyID{"A", "B"})
	if len(got) != 2 || got[0].Commitment.ID != "fa-now" || !got[0].Due || !got[0].InForce || got[1].Due ||
		got[1].Open.In("en") != "known from reports only" || got[1].Open.In("uk") != "відоме лише з повідомлень" {
		t.Fatalf("%+v", got)
	}
	if all := At(list, "", truce.Case{Tier: "T2"}, ladder, nil); len(all) != 3 || all[1].Commitment.ID != "fb-now" || all[1].Open.In("en") != "not in force" {
		t.Fatalf("%+v", all)
	}
}
