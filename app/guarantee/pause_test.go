package guarantee

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// TestAPauseIsOfBothAndEndsByItself: two roles let the replies stand; both parties are told in
// one message; a program that was off when the pause ended finds it late, with both times, and
// tells both again; and who met the clock meanwhile has met it.
func TestAPauseIsOfBothAndEndsByItself(t *testing.T) {
	r := newRoom(t)
	r.breach(1, 10*time.Minute, 3)
	r.follow()
	r.sign("wo", "L0")
	r.sign("wl", "L1")
	until := r.Desk.now().Add(2 * time.Hour)
	pause := truce.Deed{Kind: truce.DeedPause, Clock: "reply", Until: until, Text: "the line is down"}
	if err := r.deed("lead", truce.Deed{Kind: truce.DeedPause, Clock: "reply", Text: "for how long?"}); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("a pause without an end: %v", err)
	}
	r.must("lead", pause)
	before := len(r.alerts())
	r.must("chair", truce.Deed{Kind: truce.DeedPause, Clock: "reply", Text: "agreed"})
	told := r.alerts()[before:]
	if len(told) != 1 || toldBoth(told[0]) != 2 || !strings.Contains(told[0].Headline["en"], "stands until") {
		t.Fatalf("%d alerts of the pause: %+v", len(told), told)
	}
	for _, k := range r.one().Clocks {
		if k.ID == "reply" && (k.State != truce.ClockPaused || k.Pauses[0].Until != until) {
			t.Errorf("%s: %+v", k.For, k)
		}
	}
	signed := r.steps()[r.one().Steps-1].Deed
	if signed.Until != until {
		t.Errorf("who agrees has signed %s", signed.Until)
	}
	*r.now = r.now.Add(time.Hour)
	r.must("a", truce.Deed{Kind: truce.DeedMeet, Clock: "reply", Text: "our reply"})
	*r.now = r.now.Add(4 * time.Hour)
	r.restart()
	before = len(r.alerts())
	r.follow()
	states := map[string]truce.ClockState{}
	for _, k := range r.one().Clocks {
		if k.ID == "reply" {
			states[k.For] = k.State
		}
	}
	if states["A"] != truce.ClockMet || states["B"] != truce.ClockMissed {
		t.Errorf("%v", states)
	}
	found := slices.IndexFunc(r.steps(), func(s truce.CaseStepRow) bool { return s.Kind == truce.StepClockResumed })
	if s := r.steps()[found]; s.At != until || s.Late != r.Desk.now() || s.Deed != nil {
		t.Errorf("resumed at %s, found %s", s.At, s.Late)
	}
	again := slices.IndexFunc(r.alerts()[before:], func(a truce.Alert) bool { return strings.Contains(a.Headline["en"], "runs again") })
	if again < 0 || toldBoth(r.alerts()[before+again]) != 2 {
		t.Error("nobody is told that it runs again")
	}
	if round := r.follow(); round.Steps != 0 || round.Alerts != 0 {
		t.Errorf("done twice: %+v", round)
	}
}

// TestAPauseIsToldToTheGuarantorsOfItsTier: a clock of the chair, in a tier that guarantors were
// told of; it is none of the parties' to know.
func TestAPauseIsToldToTheGuarantorsOfItsTier(t *testing.T) {
	r, _ := climbed(t)
	r.must("lead", truce.Deed{Kind: truce.DeedPause, Clock: "warning", Until: r.Desk.now().Add(time.Hour), Text: "talks"})
	before := len(r.alerts())
	r.must("far", truce.Deed{Kind: truce.DeedPause, Clock: "warning", Text: "agreed"})
	told := r.alerts()[before:]
	if len(told) != 1 || toldBoth(told[0]) != 0 || !slices.ContainsFunc(told[0].To, func(to truce.AlertRecipient) bool { return to.State == "NOR" }) {
		t.Fatalf("%d alerts: %+v", len(told), told[0].To)
	}
}
