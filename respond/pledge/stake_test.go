package pledge

import (
	"fmt"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

func TestAPromiseWithoutATriggerIsDueFromTheFirstTierOn(t *testing.T) {
	ladder := truce.Ladder{Tiers: []truce.Tier{{ID: "T1"}, {ID: "T2"}}}
	for _, row := range []struct {
		trigger, tier truce.TierID
		due           bool
	}{{"", "", false}, {"", "T1", true}, {"", "T2", true}, {"T2", "T1", false}, {"T2", "T2", true}, {"T1", "", false}, {"T9", "T2", false}, {"", "T9", false}} {
		got := At([]truce.Commitment{{ID: "one", State: "AVE", Trigger: row.trigger}}, "", truce.Case{Tier: row.tier}, ladder, nil)
		if len(got) != 1 || got[0].Due != row.due {
			t.Errorf("trigger %q in tier %q: due is %t", row.trigger, row.tier, !row.due)
		}
	}
}

// TestARefutedCasePutsNothingAtStake while it is still in its tier; the reason is said.
func TestARefutedCasePutsNothingAtStake(t *testing.T) {
	ladder := truce.Ladder{Tiers: []truce.Tier{{ID: "T1"}, {ID: "T2"}}}
	list := []truce.Commitment{{ID: "one", State: "AVE", Trigger: "T1"}, {ID: "two", State: "AVE", Trigger: "T2"}}
	seen := truce.CaseIncident{Occurrence: truce.OccurrenceVerified}
	for name, row := range map[string]struct {
		in         truce.Case
		due, apart bool
		says       string
	}{
		"one stands":   {truce.Case{Tier: "T1", Incidents: []truce.CaseIncident{seen, {Occurrence: truce.OccurrenceRefuted}}}, true, false, ""},
		"all refuted":  {truce.Case{Tier: "T1", Incidents: []truce.CaseIncident{{Occurrence: truce.OccurrenceExplained}, {Occurrence: truce.OccurrenceRefuted}}}, false, true, "none of the incidents"},
		"all merged":   {truce.Case{Tier: "T1", Incidents: []truce.CaseIncident{{Gone: true}}}, false, true, "none of the incidents"},
		"in no tier":   {truce.Case{Incidents: []truce.CaseIncident{{Gone: true}}}, false, false, ""},
		"blind":        {truce.Case{Tier: "T1", Opening: truce.CaseOpening{Path: "blind"}, Blind: []truce.BlindSpell{{}}}, true, false, ""},
		"seen again":   {truce.Case{Tier: "T1", Opening: truce.CaseOpening{Path: "blind"}, Blind: []truce.BlindSpell{{To: 9}}}, false, true, "seen again"},
		"never opened": {truce.Case{Tier: "T1"}, true, false, ""},
	} {
		got := At(list, "AVE", row.in, ladder, nil)
		if got[0].Due != row.due || (got[0].Apart != nil) != row.apart || !strings.Contains(got[0].Apart["en"], row.says) || row.apart == (got[0].Apart["uk"] == "") {
			t.Errorf("%s: %+v", name, got[0])
		}
		if got[1].Due || got[1].Apart != nil {
			t.Errorf("%s: a tier that was not reached: %+v", name, got[1])
		}
	}
}

// TestAStepOfAnInvocationSaysHowThingsStood whatever the caller wrote into its marks.
func TestAStepOfAnInvocationSaysHowThingsStood(t *testing.T) {
	ladder := truce.Ladder{Tiers: []truce.Tier{{ID: "T1"}, {ID: "T2"}}}
	refuted := []truce.CaseIncident{{Occurrence: truce.OccurrenceRefuted}}
	for _, row := range []struct {
		stage     truce.CommitmentState
		trigger   truce.TierID
		in        truce.Case
		marks, en string
		uk        string
	}{
		{truce.CommitmentInForce, "T2", truce.Case{Tier: "T2"}, "", "", ""},
		{truce.CommitmentInvoked, "", truce.Case{Tier: "T1"}, "", "", ""},
		{truce.CommitmentInForce, "T2", truce.Case{Tier: "T1"}, "before_tier", "before the case reached tier T2: it was in T1", "вона була на рівні T1"},
		{truce.CommitmentInForce, "", truce.Case{}, "before_tier", "before the case reached its first tier: it was in none", "не була на жодному"},
		{truce.CommitmentTextReady, "T1", truce.Case{Tier: "T1"}, "not_in_force", "not in force: text ready", "не було чинним: текст готовий"},
		{truce.CommitmentWithdrawn, "T1", truce.Case{Tier: "T1"}, "not_in_force", "not in force: withdrawn", "відкликано"},
		{truce.CommitmentSigned, "T2", truce.Case{Tier: "T1"}, "before_tier not_in_force", "not in force: signed", "підписано"},
		{truce.CommitmentInForce, "T1", truce.Case{Tier: "T1", Incidents: refuted}, "case_cleared", "nothing the case rests on stood", "не підтверджувалося"},
	} {
		c := truce.Commitment{ID: "one", State: "AVE", Trigger: row.trigger, History: []truce.CommitmentStep{{State: row.stage}}}
		forged := truce.InvocationStep{State: truce.InvocationRequested, Tier: "T9", Stage: "good", Marks: []truce.InvocationMark{"fine"}}
		got := Marked(c, row.in, ladder, forged)
		var en, uk []string
		for _, words := range MarkWords(c, got) {
			en, uk = append(en, words["en"]), append(uk, words["uk"])
		}
		marks := strings.Trim(fmt.Sprint(got.Marks), "[]")
		if marks != row.marks || got.Tier != row.in.Tier || got.Stage != row.stage || !strings.Contains(strings.Join(en, "; "), row.en) || !strings.Contains(strings.Join(uk, "; "), row.uk) {
			t.Errorf("%s from %q in %q: %+v %q %q", row.stage, row.trigger, row.in.Tier, got, en, uk)
		}
	}
}

func TestATriggerThatIsNoTierIsSaid(t *testing.T) {
	ladder := truce.Ladder{Tiers: []truce.Tier{{ID: "T1"}, {ID: "T2"}}}
	got := Untriggered([]truce.Commitment{{ID: "good", Trigger: "T2"}, {ID: "open"}, {ID: "never", Trigger: "T9"}}, ladder)
	if len(got) != 1 || !strings.Contains(got[0], "never") || !strings.Contains(got[0], `"T9"`) || !strings.HasSuffix(got[0], "T1, T2") {
		t.Errorf("said %q", got)
	}
}
