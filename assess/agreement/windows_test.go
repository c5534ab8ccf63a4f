package agreement

import (
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
)

// from is what sources say of the side of origin.
func from(party truce.PartyID, p truce.Probability) truce.Detail {
	return truce.Detail{OriginSide: []truce.SideShare{{Party: party, P: p}}}
}

// A window is the bearer's own: what another party does in its place and time is not
// covered by it.
func TestAWindowCoversItsBearerOnly(t *testing.T) {
	g := ruled(t, withoutWindows, deminingRules(Permission{})...)
	claim := "came from the side of B, and it is the window of A"
	rows := []struct {
		name   string
		detail truce.Detail
		bearer truce.PartyID
		covers bool
	}{
		{"nothing known of the origin", truce.Detail{}, "A", true},
		{"from the side of A", from("A", 0.9), "A", true},
		{"from the side of B", from("B", 0.9), "A", false},
		{"perhaps from B", from("B", 0.4), "A", true},
		{"as probably from either", truce.Detail{OriginSide: []truce.SideShare{{Party: "A", P: 0.5}, {Party: "B", P: 0.5}}}, "A", true},
		{"rather from B", truce.Detail{OriginSide: []truce.SideShare{{Party: "A", P: 0.3}, {Party: "B", P: 0.6}}}, "A", false},
		{"launched east of the line", truce.Detail{Origin: spot(6000, 300)}, "A", false},
		{"launched west of it", truce.Detail{Origin: spot(-6000, 300)}, "A", true},
		{"where it was launched counts before what sources say", truce.Detail{Origin: spot(-6000, 300), OriginSide: from("B", 1).OriginSide}, "A", true},
		{"the mission's, which has no side", from("B", 1), "M", true},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			in := seen(explosion, row.detail, move(spot(-3729, 100)))
			in.Windows = []Window{demining(func(w *Window) { w.Bearer, w.NotifiedBy = row.bearer, row.bearer })}
			for _, rule := range []truce.RuleID{"F", "P"} {
				f := findingOf(t, g.Evaluate(in), rule)
				says := strings.Contains(strings.Join(f.Trace, "\n"), claim)
				if (f.Verdict == exempt) != row.covers || f.ClaimsExempt == row.covers || says == row.covers {
					t.Errorf("%s: %s, claims %v, want covered %v\n%s", rule, f.Verdict, f.ClaimsExempt, row.covers, strings.Join(f.Trace, "\n"))
				}
				if rule == "P" && !row.covers && f.Reason != truce.ReasonControl {
					t.Errorf("reason %s, want control", f.Reason)
				}
			}
		})
	}
}

// What one party notified is no notice of the other's convoy, with or without a place.
func TestANoticeOfAnotherPartyIsNone(t *testing.T) {
	rule := Rule{ID: "N", Kind: KindRequire, Acts: []truce.Act{"rotation_unnotified"}, Families: 1, Where: Where{Anywhere: true}, Unless: []WindowKind{WindowRotation},
		Require: &Requirement{Notify: &NotifyDuty{Window: WindowRotation, Threshold: 10, Object: "vehicles", Notice: 72 * time.Hour}}}
	g := ruled(t, withoutWindows, rule)
	convoy := func(party truce.PartyID) Input {
		d := from(party, 0.9)
		d.Quantity = 12
		in := seen("rotation_unnotified", d, move(spot(-3729, 100)))
		in.Windows = []Window{demining(func(w *Window) { w.Kind, w.NotifiedAt = WindowRotation, at("2026-04-01T00:00:00Z") })}
		return in
	}
	want{exempt, "", 1, 1, nil}.check(t, g, convoy("A"), "N")
	want{hit, "", 1, 1, []string{"came from the side of B"}}.check(t, g, convoy("B"), "N")
	nowhere := convoy("B")
	nowhere.Incident.Position = nil
	want{hit, "", 1, 1, nil}.check(t, g, nowhere, "N")
	nowhere = convoy("A")
	nowhere.Incident.Position = nil
	want{indeterminate, truce.ReasonLocation, 1, 1, nil}.check(t, g, nowhere, "N")
}
