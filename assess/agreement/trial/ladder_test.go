package trial

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// reported is the illustrative agreement, whose ladder has every tier and path.
func reported(t testing.TB) *agreement.Agreement {
	t.Helper()
	files, err := agreement.ReadDir(os.DirFS("../../../examples/agreements/illustrative"))
	if err != nil {
		t.Fatal(err)
	}
	terms, err := agreement.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	return terms
}

// told runs a test with a ladder that keeps what it is told and answers with one case.
func told(t *testing.T, text string, answer Course) (Result, []History) {
	t.Helper()
	terms := reported(t)
	tests, errs := Parse("a.test", []byte("test \"x\"\n"+text), terms)
	if len(errs) > 0 || len(tests) != 1 {
		t.Fatalf("%d tests, %v", len(tests), errs)
	}
	var heard []History
	runner := Runner{Terms: terms, Ladder: func(h History) (Course, error) {
		heard = append(heard, h)
		return answer, nil
	}}
	result, err := runner.Run(tests[0])
	if err != nil {
		t.Fatal(err)
	}
	return result, heard
}

// line is one happening in a few words, with hours and minutes from the start.
func line(h Happening, start truce.Instant) string {
	at := h.At.Time().Sub(start.Time())
	switch {
	case h.Incident != nil:
		verified := ""
		if h.Incident.Verified != 0 {
			verified = " verified " + h.Incident.Verified.Time().Sub(start.Time()).String()
		}
		return fmt.Sprintf("%s incident %d %s %s %d findings%s", at, h.Incident.Revision, h.Incident.Occurrence, h.Incident.Area, len(h.Incident.Findings), verified)
	case h.Blind != nil:
		return fmt.Sprintf("%s blind %.2f %s %q over %t", at, float64(h.Blind.Share), h.Blind.Area, h.Blind.Reason, h.Blind.To != 0)
	case h.Advance != nil:
		return fmt.Sprintf("%s advance %s %g", at, h.Advance.Line, h.Advance.Metres)
	case h.Attribution != nil:
		return fmt.Sprintf("%s attribution %s %s %t %v", at, h.Attribution.Party, h.Attribution.Level, h.Attribution.Withdrawn, h.Attribution.People)
	}
	d := h.Deed
	text := fmt.Sprintf("%s %s %s by %s (%s %s%s)", at, d.Kind, d.Tier, h.Person.ID, h.Person.Office, h.Person.Party, h.Person.State)
	for _, more := range []string{d.Clock, d.For, d.Option, d.Text} {
		if more != "" {
			text += " " + more
		}
	}
	if d.Down {
		text += " down"
	}
	if d.T0 != nil {
		text += fmt.Sprintf(" %s to %s", d.T0.Basis, d.T0.New.Time().Sub(start.Time()))
		if e := d.T0.Evidence; e != nil && len(e.Record) == 26 {
			text += " on " + string(e.Kind)
		}
	}
	if d.Remedy != nil {
		text += fmt.Sprintf(" %s %s of %s %q", d.Remedy.ID, d.Remedy.State, d.Remedy.Party, d.Remedy.What)
	}
	if h.Case > 0 {
		text += fmt.Sprintf(" in case %d", h.Case)
	}
	return text
}

// Each line that people write becomes what the machine is told, in the order of time.
func TestWhatPeopleWriteIsWhatTheLadderIsTold(t *testing.T) {
	const event = "at 2026-04-11T08:00Z indirect_fire -47.91,-21.62 ±50m"
	rows := []struct{ text, want string }{
		{event + " known +5m", "5m0s incident 1 corroborated centre 1 findings"},
		{event + "\nat +2h verified by an-1 and an-2 event 1", "0s incident 1 corroborated centre 1 findings|2h0m0s incident 2 verified centre 1 findings verified 2h0m0s"},
		{event + "\nat +2h refuted by an-1 and an-2", "0s incident 1 corroborated centre 1 findings|2h0m0s incident 2 refuted centre 0 findings"},
		{event + " seen by patrol\nat +1h verified by an-1 and an-2\nat +2h explained by an-1 and an-2",
			"0s incident 1 detected centre 1 findings|1h0m0s incident 2 verified centre 1 findings verified 1h0m0s|2h0m0s incident 3 explained centre 0 findings"},
		{event + "\nat +1h attributed to B, balance by an-1 and an-2\nat +2h attribution withdrawn",
			"0s incident 1 corroborated centre 1 findings|1h0m0s attribution B balance false [an-1 an-2]|2h0m0s attribution  undetermined true []"},
		{event + "\nat +3h chair signs T1\nat +4h chair refuses T1 \"no\"\nat +5h chair signs down from T2 in case 2",
			"0s incident 1 corroborated centre 1 findings|3h0m0s sign T1 by chair (chair )|4h0m0s refuse T1 by chair (chair ) no|5h0m0s sign T2 by chair (chair ) down in case 2"},
		{event + "\nat +1h party A meets receipt\nat +2h head of HAL meets response\nat +3h an-1 meets reviewed",
			"0s incident 1 corroborated centre 1 findings|1h0m0s meet  by liaison.a (liaison A) receipt A|2h0m0s meet  by head.hal (head HAL) response HAL|3h0m0s meet  by an-1 (analyst ) reviewed"},
		{event + "\nat +1h pause warning until +6h by chair and mechanism_lead \"talks\"\nat +2h resume warning by chair-2",
			"0s incident 1 corroborated centre 1 findings|1h0m0s pause  by chair (chair ) warning talks|1h0m0s pause  by mechanism_lead (mechanism_lead ) warning talks|2h0m0s resume  by chair-2 (chair ) warning"},
		{"at 2026-04-11T08:00Z to +9h blind 60% north \"jamming\"", `0s blind 0.60 north "jamming" over false|9h0m0s blind 0.60 north "jamming" over true`},
		{event + "\nat +1h line LINE-CONTACT moved 2.5km", "0s incident 1 corroborated centre 1 findings|1h0m0s advance LINE-CONTACT 2500"},
		{event + "\nat +7h party A calls a consultation \"ground\"\nat +8h FAR joins\nat +9h FAR votes warn \"but\"\nat +10h HAL abstains",
			"0s incident 1 corroborated centre 1 findings|7h0m0s call  by liaison.a (liaison A) ground|8h0m0s join  by duty_officer.far (duty_officer FAR)|9h0m0s vote  by duty_officer.far (duty_officer FAR) warn but|10h0m0s vote  by duty_officer.hal (duty_officer HAL)"},
		{event + "\nat +1h T0 moved to -30m by chair and mechanism_lead on event 1 \"earlier\"\nat +2h T0 verified moved to +1h \"so\"",
			"0s incident 1 corroborated centre 1 findings|1h0m0s move_t0  by chair (chair ) earlier event to -30m0s on incident|1h0m0s move_t0  by mechanism_lead (mechanism_lead ) earlier event to -30m0s on incident|2h0m0s move_t0  by chair (chair ) so verified to 1h0m0s on incident"},
		{event + "\nat +1h remedy asked of A \"repair\" due +24h\nat +2h remedy reported\nat +3h remedy R1 refused \"no\"\nat +4h remedy asked of B \"pay\"\nat +5h remedy R1 verified",
			"0s incident 1 corroborated centre 1 findings|1h0m0s remedy  by chair (chair ) R1 asked of A \"repair\"|2h0m0s remedy  by liaison.a (liaison A) R1 reported of A \"\"|3h0m0s remedy  by mechanism_lead (mechanism_lead ) no R1 refused of A \"\"|4h0m0s remedy  by chair (chair ) R2 asked of B \"pay\"|5h0m0s remedy  by mechanism_lead (mechanism_lead ) R1 verified of A \"\""},
		{event + "\nat -1h indirect_fire -47.91,-21.62 ±50m known +2h", "0s incident 1 corroborated centre 1 findings|2h0m0s incident 1 corroborated centre 1 findings"},
	}
	for _, row := range rows {
		_, heard := told(t, row.text+"\nexpect no tier at +48h\n", Course{})
		if len(heard) == 0 {
			t.Fatal("the ladder was told nothing")
		}
		start := truce.Instant(0)
		if err := start.UnmarshalText([]byte("2026-04-11T08:00:00Z")); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range heard[0].Happens {
			got = append(got, line(h, start))
		}
		if all := strings.Join(got, "|"); all != row.want {
			t.Errorf("%s\ngot  %s\nwant %s", row.text, all, row.want)
		}
		if heard[0].Until != start.Add(48*3600*1e9) || len(heard[0].States) != 3 || len(heard[0].Parties) != 2 {
			t.Errorf("until %s, states %v, parties %v", heard[0].Until, heard[0].States, heard[0].Parties)
		}
	}
}

// What is expected under a line looks at what stands above it, what is expected at a time
// at all that happens by then.
func TestAnExpectationLooksAtItsTime(t *testing.T) {
	_, heard := told(t, "given guarantors FAR EST\nat 2026-04-11T08:00Z burst nowhere\nat +1h chair notes \"a\"\nexpect no tier\nat +2h chair notes \"b\"\nexpect no tier at +3h\nat +1h expect no case\n", Course{})
	var got []string
	for _, h := range heard {
		got = append(got, fmt.Sprintf("%d until %s of %v", len(h.Happens), h.Until.String()[11:16], h.States))
	}
	if all := strings.Join(got, ", "); all != "2 until 09:00 of [FAR EST], 3 until 11:00 of [FAR EST], 2 until 09:00 of [FAR EST]" {
		t.Errorf("looked at %s", all)
	}
}

// answers are one case with everything that can be asked for.
func answers() Course {
	at := func(h int) truce.Instant { return truce.Instant(1775894400000000 + int64(h)*3600_000_000) }
	one := truce.Case{State: truce.CaseOpen, Tier: "T1", T0: map[truce.T0Basis]truce.Instant{truce.T0Event: at(0)},
		Open: []truce.OpenPassage{{Passage: truce.Passage{Tier: "T2", Gates: make([]truce.Gate, 2)}, Signed: make([]truce.Signed, 1)}},
		Clocks: []truce.CaseClock{{ID: "warning", State: truce.ClockMissed, Due: at(24), Ended: at(24), Moves: make([]truce.ClockChange, 1)},
			{ID: "reply", For: "A", State: truce.ClockRunning, Due: at(2)}},
		Consultations: []truce.Consultation{{Convened: true, Quorum: true, Ended: at(3), Outcome: "warn"}}}
	return Course{Cases: []truce.Case{one, {State: truce.CaseClosed}}, Said: []string{"the case was opened"}, Refused: []Refusal{{Line: 3, Why: "not yours"}}}
}

func TestWhatIsExpectedOfTheLadder(t *testing.T) {
	rows := []struct{ expect, got string }{
		{"tier T1", ""}, {"tier T2", "tier T1, proposed T2 (1 of 2 signed)"}, {"no tier", "tier T1, proposed T2"}, {"no tier in case 2", ""}, {"tier L0 in case 2", "no tier"},
		{"tier T1 in case 3", "cases 2"},
		{"proposed T2", ""}, {"proposed T3", "proposed T2 (1 of 2 signed)"}, {"proposed down from T1", "proposed T2"}, {"no proposal", "proposed T2"}, {"no proposal in case 2", ""},
		{"proposed T2 in case 2", "nothing proposed"},
		{"clock warning missed", ""}, {"clock warning missed at +24h", ""}, {"clock warning missed at +25h", "ended 2026-04-12T08:00"}, {"clock warning moved", ""},
		{"clock reply of A moved", "clock reply of A running, due"}, {"clock reply of A running due +2h", ""}, {"clock reply of A running due +3h", "due 2026-04-11T10:00"},
		{"clock reply of B met", "no such clock: warning missed"}, {"no clock reply of B", ""}, {"no clock warning", "clock warning missed"}, {"clock sight running in case 2", "the case has none"},
		{"case open", ""}, {"case closed", "case open"}, {"case closed in case 2", ""}, {"cases 2", ""}, {"cases 1", "cases 2"}, {"no case", "cases 2"},
		{"T0 +0h", ""}, {"T0 event +1h", "T0 event 2026-04-11T08:00"}, {"T0 verified +1h", "no T0 verified"},
		{"consultation ended \"warn\"", ""}, {"consultation quorate", ""}, {"consultation called", "convened true"}, {"consultation ended \"no\"", `outcome "warn"`}, {"consultation ended in case 2", "no consultation"},
		{"refused", ""}, {"refused \"yours\"", ""}, {"refused \"else\"", "refused: not yours"},
	}
	for _, row := range rows {
		result, _ := told(t, "at 2026-04-11T08:00Z chair notes \"a\"\nat +1h chair notes \"b\"\nexpect "+row.expect+"\n", answers())
		var all []string
		for _, f := range result.Failures {
			if !strings.HasPrefix(f.Got, "refused: not yours") || strings.HasPrefix(row.got, "refused") {
				all = append(all, f.Got)
			}
		}
		if text := strings.Join(all, "; "); (row.got == "") != (text == "") || !strings.Contains(text, row.got) {
			t.Errorf("expect %s: got %q, want %q", row.expect, text, row.got)
		}
	}
}

// A deed that is refused fails the test it stands in, unless that is expected; the steps
// of the case are printed.
func TestARefusedDeedFails(t *testing.T) {
	const text = "at 2026-04-11T08:00Z chair notes \"a\"\nat +1h chair signs T1\nexpect cases 2\n"
	result, _ := told(t, text, answers())
	if len(result.Failures) != 1 || result.Failures[0].Line != 3 || !strings.Contains(result.Failures[0].String(), "want at +1h chair signs T1, got refused: not yours") || len(result.Failures[0].Trace) != 1 {
		t.Errorf("%+v", result.Failures)
	}
	if result, _ := told(t, text+"expect refused \"yours\"\n", answers()); !result.Passed() {
		t.Errorf("expected, and yet %+v", result.Failures)
	}
	result, _ = told(t, strings.Replace(text, "cases 2", "refused", 1), Course{Said: make([]string, 100)})
	if len(result.Failures) != 1 || result.Failures[0].Got != "the deed was done" || len(result.Failures[0].Trace) != MaxStepsShown+1 {
		t.Errorf("a deed that was done: %+v", result.Failures)
	}
}

func TestWithoutALadderNothingOfItIsRun(t *testing.T) {
	terms := reported(t)
	tests, _ := Parse("a.test", []byte("test \"x\"\nat 2026-04-11T08:00Z chair notes \"a\"\nexpect no tier\nexpect refused"), terms)
	runner := Runner{Terms: terms}
	if result, err := runner.Run(tests[0]); err != nil || len(result.NotRun) != 2 || !result.Passed() {
		t.Errorf("%v, %+v", err, result)
	}
	runner.Ladder = func(History) (Course, error) { return Course{}, errors.New("no quorum is a number") }
	if result, err := runner.Run(tests[0]); err != nil || len(result.Failures) != 2 || result.Failures[0].Got != "no quorum is a number" {
		t.Errorf("%v, %+v", err, result)
	}
}

// Cover counts what the steps of passing tests reach.
func TestCoverOfTheLadder(t *testing.T) {
	up := func(tier truce.TierID, path string) truce.CaseStep {
		return truce.CaseStep{Kind: truce.StepEntered, Passage: &truce.Passage{Tier: tier, Path: path}}
	}
	course := Course{Steps: []truce.CaseStep{up("L0", ""), up("T1", "mass"), {Kind: truce.StepOpened, Open: &truce.CaseOpening{Path: "blind"}},
		{Kind: truce.StepClosed, Passage: &truce.Passage{Tier: "L1", Down: true}}, {Kind: truce.StepClosed}, {Kind: truce.StepProposed, Passage: &truce.Passage{Tier: "T3"}}}}
	result, _ := told(t, "at 2026-04-11T08:00Z chair notes \"a\"\nexpect no case\n", course)
	cover := Cover(reported(t), []Result{result})
	last := cover[len(cover)-1]
	if missed := strings.Join(last.Missed(), ", "); last.Rule != LadderCover || last.Tests != 1 || missed != "tier L1, tier L2, tier T2, tier T3, path monitors, down T3, down T2, down T1, down L2, down L0" {
		t.Errorf("%s, %d tests, not reached: %s", last.Rule, last.Tests, missed)
	}
}

func TestLinesOfTheLadderThatCannotBeRead(t *testing.T) {
	const head, event = "test \"x\"\n", "at 2026-04-11T08:00Z burst nowhere\n"
	rows := []struct{ text, want string }{
		{"at +3h burst nowhere", `"+3h" counts from the first at line`},
		{event + "at +3x chair signs T1", "want a length of time such as +30m"},
		{event + "at +3h chiar signs T1", `did you mean "chair"?`},
		{event + "at +3h chair sings T1", `did you mean "signs"?`},
		{event + "at +3h chair signs T9", `"T9" is not a tier of the ladder`},
		{event + "at +3h chair refuses T1", "why is missing: write it in quotes"},
		{event + "at +3h verified by an-1 and an-1", "an-1 stands twice: it takes two persons"},
		{event + "at +3h verified by an-1 and bob", `"bob" is nobody who acts`},
		{event + "at +3h verifed by an-1 and an-2", `did you mean "verified"?`},
		{event + "at +3h verified by an-1 and an-2 event 2", "event 2: the test has 1 events above this line"},
		{event + "at -1h verified by an-1 and an-2", "event 1 is known only at 2026-04-11T08:00"},
		{"at 2026-04-11T08:00Z verified by an-1 and an-2", "stands before any event"},
		{event + "at +3h attributed to M, balance", `"M" is not a party`},
		{event + "at +3h attributed to B, likely", `"likely" is not a standard of attribution`},
		{event + "at +3h blind 60 north", `"60": want a share of the line such as 60%`},
		{event + "at +3h blind 60% nord", `did you mean "north"?`},
		{event + "at +3h line L9 moved 3km", `"L9" is not a line of the agreement`},
		{event + "at +3h pause warnings by chair and head of FAR \"x\"", `did you mean "warning"?`},
		{event + "at +3h head signs T3", `want "of"`},
		{event + "at +3h head of FRA signs T3", `"FRA" is not a guarantor of the test; there is FAR`},
		{event + "at +3h planner signs T3", "has no part in a case"},
		{event + "at +3h remedy reported", "no remedy R1 was asked above"},
		{event + "at +3h remedy given", "a remedy is asked of a party"},
		{event + "at +3h party A meets reply of C", `"C" is neither a party nor a guarantor`},
		{event + "at +3h chair notes \"x\" in case 0", "cases count from 1"},
		{event + "at +1h burst nowhere known +10m", "it is known before it begins"},
		{"given guarantors far", `"far": a guarantor is a short code`},
		{"given guarantors FAR FAR", "FAR stands twice"},
		{"given guarantors", "name the guarantors"},
		{"given guarantors FAR\ngiven guarantors HAL", "guarantors stands twice"},
		{event + "expect clock warnings missed", `did you mean "warning"?`},
		{event + "expect clock warning late", `"late" is not a state of the clock`},
		{event + "expect case shut", `"shut" is not open or closed`},
		{event + "expect consultation held", "a consultation is called, convened, quorate or ended"},
		{event + "expect refused", "stands under no deed"},
		{"expect tier T1", "stands before anything happens"},
		{event + "at +3h expect R01 hit", "at a time the ladder is asked for"},
		{event + strings.Repeat("at +1h chair notes \"x\"\n", MaxLadderLines) + "at +2h chair notes \"x\"", "lines of the ladder in one test"},
	}
	terms := reported(t)
	for _, row := range rows {
		_, errs := Parse("a.test", []byte(head+row.text), terms)
		found := false
		for _, e := range errs {
			found = found || strings.Contains(e.Text, row.want)
		}
		if !found {
			t.Errorf("%.120s: problems %v, want one that holds %q", row.text, errs, row.want)
		}
	}
	bare := *terms
	bare.Ladder = nil
	for _, text := range []string{event + "at +1h chair notes \"x\"", event + "expect tier T1"} {
		if _, errs := Parse("a.test", []byte(head+text), &bare); len(errs) == 0 || !strings.Contains(errs[0].Text, "no response ladder") {
			t.Errorf("%s without a ladder: %v", text, errs)
		}
	}
}
