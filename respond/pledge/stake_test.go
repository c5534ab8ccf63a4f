package pledge

import (
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

func TestATriggerThatIsNoTierIsSaid(t *testing.T) {
	ladder := truce.Ladder{Tiers: []truce.Tier{{ID: "T1"}, {ID: "T2"}}}
	got := Untriggered([]truce.Commitment{{ID: "good", Trigger: "T2"}, {ID: "open"}, {ID: "never", Trigger: "T9"}}, ladder)
	if len(got) != 1 || !strings.Contains(got[0], "never") || !strings.Contains(got[0], `"T9"`) || !strings.HasSuffix(got[0], "T1, T2") {
		t.Errorf("said %q", got)
	}
}
