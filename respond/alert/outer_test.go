package alert_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// marked is a case in which everything that is not for both parties alike carries a mark:
// reasons, grounds, what is asked of one party, whose clock it is, what states have to do.
func marked() alert.Input {
	in := input()
	in.Step.Passage.Because = []string{"MARK reason"}
	in.Step.Passage.Grounds = []truce.Ground{{Kind: truce.GroundHits, Want: 3, Have: 4}}
	in.Ground = func(truce.Ground, string) string { return "MARK ground" }
	in.Case.Blind[0].Reason = "MARK station"
	in.Case.Clocks[0].Names = truce.Names{"en": "MARK clock of a state"}
	in.Ladder.Tiers[1].Clocks[0].Names = truce.Names{"en": "MARK clock of a state"}
	for _, of := range []string{"A", "B"} {
		in.Case.Clocks = append(in.Case.Clocks, truce.CaseClock{ID: "reply", For: of, Round: 1, Tier: "L1", Names: truce.Names{"en": "reply", "uk": "відповідь"},
			Owner: truce.OfficeLiaison, Due: noon.Add(26 * time.Hour), State: truce.ClockRunning})
	}
	return in
}

// told are the alerts of a case in which one of each kind of step is taken.
func told(t *testing.T) []truce.Alert {
	t.Helper()
	in := marked()
	all := []truce.Alert{compose(t, in)}
	in = after(in, all...)
	clock := func(whose string) func(*truce.CaseStep) {
		return func(s *truce.CaseStep) {
			s.Clock = &truce.ClockChange{Clock: "reply", For: whose, Round: 1, Tier: "L1", Owner: truce.OfficeLiaison, Due: noon.Add(26 * time.Hour), Names: truce.Names{"en": "reply"}}
		}
	}
	meeting := func(change string) func(*truce.CaseStep) {
		return func(s *truce.CaseStep) {
			s.Consultation = &truce.ConsultationStep{Change: change, Consultation: truce.Consultation{ID: "K1", Ground: "MARK of a meeting", Public: "the public text"}}
		}
	}
	path := func(id string) func(*truce.CaseStep) {
		return func(s *truce.CaseStep) { s.Passage = &truce.Passage{Path: id, Because: []string{"MARK reason"}} }
	}
	for _, row := range []struct {
		kind   truce.StepKind
		change func(*truce.CaseStep)
	}{
		{truce.StepClockWarned, clock("A")}, {truce.StepClockWarned, clock("B")}, {truce.StepClockMoved, clock("A")}, {truce.StepClockPaused, clock("B")},
		{truce.StepClockWarned, clock("A")}, {truce.StepClockStopped, clock("A")}, {truce.StepClockMissed, clock("A")}, {truce.StepClockMissed, clock("B")},
		{truce.StepPath, path("plant")}, {truce.StepPath, path("blind")}, {truce.StepPath, path("monitors")},
		{truce.StepConsultation, meeting("called")}, {truce.StepConsultation, meeting("convened")}, {truce.StepConsultation, meeting("decided")},
		{truce.StepRemedy, func(s *truce.CaseStep) {
			s.Remedy = &truce.RemedyStep{ID: "R1", Party: "B", What: "MARK remedy", State: truce.RemedyAsked, Due: noon.Add(99 * time.Hour)}
		}},
		{truce.StepDetermined, func(s *truce.CaseStep) { s.Text = "MARK determination" }},
		{truce.StepT0Moved, func(s *truce.CaseStep) {
			s.T0 = &truce.T0Change{Basis: truce.T0Verified, Old: noon, New: noon.Add(-7 * time.Hour), Chosen: true}
		}},
		{truce.StepUnfounded, func(s *truce.CaseStep) { s.Passage = &truce.Passage{Tier: "T1", Because: []string{"MARK reason"}} }},
		{truce.StepLeft, func(s *truce.CaseStep) { s.Passage = &truce.Passage{Tier: "T1", Down: true, To: "L1"} }},
		{truce.StepReopened, nil}, {truce.StepClosed, nil},
	} {
		in = step(in, row.kind, row.change)
		out := composeAll(t, in)
		if len(out.Alerts) == 0 && row.kind != truce.StepClockWarned && row.kind != truce.StepClockPaused && row.kind != truce.StepClockStopped {
			t.Errorf("%s: nobody is told", row.kind)
		}
		in = after(in, out.Alerts...)
		all = append(all, out.Alerts...)
	}
	return all
}

func toParties(a truce.Alert) bool {
	return slices.ContainsFunc(a.To, func(r truce.AlertRecipient) bool { return r.Party != "" })
}

// What both parties read holds nothing of the inside of a case and nothing that is one
// party's alone; those who see the case from inside read it.
func TestThePartiesReadNothingFromInside(t *testing.T) {
	inside := ""
	for _, a := range told(t) {
		in := a.Read(true)
		inside += in.Text["en"]
		if a.Inside == nil && toParties(a) {
			t.Errorf("%q: the parties get the words of the inside", a.Headline["en"])
		}
		if !toParties(a) {
			continue
		}
		for _, lang := range alert.Languages() {
			said := a.Headline[lang] + "\n" + a.Text[lang]
			for _, never := range []string{"MARK", "(A)", "(B)", "party A", "party B", "2026-04-16", "2026-04-12 05:00", "2 with a hit", "Clocks running", "{"} {
				if strings.Contains(said, never) {
					t.Errorf("the parties read %q:\n%s", never, said)
				}
			}
			if strings.Count(a.Text[lang], "- reply (each party)") > 1 {
				t.Errorf("a clock is named twice:\n%s", a.Text[lang])
			}
		}
		for _, r := range a.To {
			if r.Party == "" {
				continue
			}
			m := alert.MessageFor(a.Read(false), truce.AlertRecipient{Role: r.Role, Language: "en", Contacts: r.Contacts}, 0, "")
			if other := alert.MessageFor(a, truce.AlertRecipient{Role: truce.RoleParty, Party: "B", Language: "en", Contacts: r.Contacts}, 0, ""); m.Body != other.Body || m.Headline != other.Headline || m.Answer != "" {
				t.Errorf("two parties read other words, or are asked what others are: %+v", m)
			}
		}
	}
	for _, want := range []string{"MARK ground", "MARK station", "MARK clock", "MARK of a meeting", "MARK remedy", "MARK determination", "(A)", "(B)", "2026-04-16"} {
		if !strings.Contains(inside, want) {
			t.Errorf("those inside do not read %q", want)
		}
	}
	if text := told(t)[0].Text["en"]; !strings.Contains(text, "What the parties have to answer:\n- reply (each party): due 2026-04-13 14:00:00 UTC") {
		t.Errorf("the parties do not read what they have to answer:\n%s", text)
	}
}

// The clock of the one party and that of the other are one to both: they hear of it once.
func TestAClockOfBothPartiesIsToldThemOnce(t *testing.T) {
	count := map[string]int{}
	for _, a := range told(t) {
		if toParties(a) {
			count[a.Headline["en"]]++
		}
	}
	for _, head := range []string{"the time is over: reply (each party)", "due soon: reply (each party)"} {
		if n := count["Case C-2026-19: "+head]; n != 1 {
			t.Errorf("%q is told %d times", head, n)
		}
	}
	missed := 0
	for _, a := range told(t) {
		if head := a.Read(true).Headline["en"]; strings.Contains(head, "deadline missed: reply (") {
			missed++
		}
	}
	if missed != 2 {
		t.Errorf("the mechanism hears of %d misses, want each of two", missed)
	}
}

// Where the times of the parties differ neither is told that of the other.
func TestTimesThatDifferAreOnTheirOwnPages(t *testing.T) {
	in := marked()
	in.Case.Clocks[2].Due = noon.Add(31 * time.Hour)
	text := compose(t, in).Text["en"]
	if !strings.Contains(text, "- reply (each party): due at the time on its own page") || strings.Contains(text, "2026-04-13 19:00") {
		t.Errorf("text:\n%s", text)
	}
	in.Case.Clocks[1].State, in.Case.Clocks[2].State = truce.ClockStopped, truce.ClockStopped
	if text := compose(t, in).Text["en"]; strings.Contains(text, "reply") {
		t.Errorf("clocks that were stopped:\n%s", text)
	}
}
