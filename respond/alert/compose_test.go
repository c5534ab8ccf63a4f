package alert_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

func TestEnteredTellsWhomTheTierNames(t *testing.T) {
	a := compose(t, input()).Read(true)
	now, later := to(a)
	wantNow := []string{"a-liaison", "b-liaison", "duty-head", "mech-lead", "fa-duty_officer", "ne-duty_officer", "chair"}
	if !slices.Equal(now, wantNow) {
		t.Errorf("told at once: %v, want %v", now, wantNow)
	}
	wantLater := []string{"fa-deputy+15m0s", "ne-deputy+15m0s", "fa-ministry+30m0s", "ne-ministry+30m0s", "fa-head+45m0s", "ne-head+45m0s"}
	if !slices.Equal(later, wantLater) {
		t.Errorf("told if nobody answers: %v, want %v", later, wantLater)
	}
	if want := noon.Add(4 * time.Second); a.Release != want {
		t.Errorf("released at %s, want the whole second after the margin, %s", a.Release, want)
	}
	if err := a.Validate([]truce.PartyID{"A", "B"}); err != nil {
		t.Error(err)
	}
	for _, want := range []string{"Tier T1 (warning)", "C-2026-19: Fire near the bridge", "North", "3 hits within 6 h", "By 2026-04-12 13:00:04 UTC", "due 2026-04-13 12:00:00 UTC", "illustration"} {
		if !strings.Contains(a.Text["en"], want) {
			t.Errorf("the English text lacks %q:\n%s", want, a.Text["en"])
		}
	}
	for _, want := range []string{"Рівень T1 (попередження) розпочато", "Обстріл біля мосту", "Північ", "12.04.2026 13:00:04 UTC"} {
		if !strings.Contains(a.Text["uk"], want) {
			t.Errorf("the Ukrainian text lacks %q:\n%s", want, a.Text["uk"])
		}
	}
}

func TestTheSameStepIsTheSameAlert(t *testing.T) {
	in := input()
	first := compose(t, in)
	in.Now = in.Now.Add(10 * time.Second)
	if again := compose(t, in); again.ID != first.ID || again.Release == first.Release {
		t.Errorf("composed again: id %s and release %s, first %s and %s", again.ID, again.Release, first.ID, first.Release)
	}
	in.Step.Number++
	if other := compose(t, in); other.ID == first.ID {
		t.Error("another step gives the same id")
	}
}

// Each row: a step, who is told at once, the kind of the alert, how many it refers to.
func TestWhoIsToldOfWhat(t *testing.T) {
	passage := func(tier truce.TierID, down bool, to truce.TierID, path string) func(*truce.CaseStep) {
		return func(s *truce.CaseStep) { s.Passage = &truce.Passage{Tier: tier, Down: down, To: to, Path: path} }
	}
	all := "a-liaison b-liaison watch-lead duty-head mech-lead fa-duty_officer ne-duty_officer chair"
	t1 := "a-liaison b-liaison duty-head mech-lead fa-duty_officer ne-duty_officer chair"
	for _, row := range []struct {
		name   string
		kind   truce.StepKind
		change func(*truce.CaseStep)
		told   string
		alert  truce.AlertKind
		refers int
		phrase string
	}{
		{"proposed", truce.StepProposed, passage("T1", false, "", ""), "mech-lead chair", truce.AlertNew, 0, "is proposed"},
		{"down", truce.StepProposed, passage("T1", true, "L1", ""), "chair", truce.AlertNew, 0, "the way down"},
		{"signed", truce.StepSigned, passage("T1", false, "", ""), "", "", 0, ""},
		{"lapsed", truce.StepLapsed, passage("T1", false, "", ""), "mech-lead chair", truce.AlertCancel, 1, "has lapsed"},
		{"refused", truce.StepRefused, passage("T1", false, "", ""), "mech-lead chair", truce.AlertUpdate, 1, "was refused"},
		{"left", truce.StepLeft, passage("T1", true, "L1", ""), t1, truce.AlertUpdate, 1, "left"},
		{"closed", truce.StepClosed, nil, t1, truce.AlertCancel, 1, "closed"},
		{"reopened", truce.StepReopened, nil, t1, truce.AlertNew, 0, "reopened"},
		{"t0", truce.StepT0Moved, func(s *truce.CaseStep) {
			s.T0 = &truce.T0Change{Basis: truce.T0Verified, Old: noon, New: noon.Add(-time.Hour), Chosen: true}
		}, t1, truce.AlertUpdate, 1, "another time"},
		{"t0 not chosen", truce.StepT0Moved, func(s *truce.CaseStep) {
			s.T0 = &truce.T0Change{Basis: truce.T0Event, Old: noon, New: noon.Add(-time.Hour)}
		}, "", "", 0, ""},
		{"missed by a state", truce.StepClockMissed, func(s *truce.CaseStep) {
			s.Clock = &truce.ClockChange{Clock: "position", For: "FA", Round: 1}
		}, "duty-head mech-lead fa-duty_officer", truce.AlertNew, 0, "deadline missed: position (FA)"},
		{"a stretch is blind", truce.StepBlind, func(s *truce.CaseStep) {
			s.Blind = &truce.BlindSpell{Area: "north", Share: .62, From: noon, Reason: "jamming"}
		}, "", "", 0, ""},
		{"a case opens", truce.StepOpened, func(s *truce.CaseStep) { s.Open = &truce.CaseOpening{Path: "blind"} }, "", "", 0, ""},
		{"the path of a blind line", truce.StepPath, passage("", false, "", "blind"), "a-liaison b-liaison watch-lead duty-head mech-lead", truce.AlertNew, 0, "cannot be seen"},
		{"a path", truce.StepPath, passage("", false, "", "monitors"), "watch-lead analyst duty-head mech-lead", truce.AlertNew, 0, "path opened: attack on monitors"},
		{"a path of civil protection", truce.StepPath, passage("", false, "", "plant"), all, truce.AlertNew, 0, "Civil protection: case C-2026-19: protected site"},
		{"an unknown path", truce.StepPath, passage("", false, "", "none"), "", "", 0, ""},
		{"warned", truce.StepClockWarned, func(s *truce.CaseStep) {
			s.Clock = &truce.ClockChange{Clock: "reply", For: "A", Due: noon}
		}, "a-liaison b-liaison", truce.AlertNew, 0, "due soon: reply (each party)"},
		{"called", truce.StepConsultation, func(s *truce.CaseStep) {
			s.Consultation = &truce.ConsultationStep{Change: "called", Consultation: truce.Consultation{ID: "K1", Ground: "fire"}}
		}, all, truce.AlertNew, 0, "consultation K1 is being called"},
		{"voted", truce.StepConsultation, func(s *truce.CaseStep) {
			s.Consultation = &truce.ConsultationStep{Change: "voted", Consultation: truce.Consultation{ID: "K1"}}
		}, "", "", 0, ""},
		{"remedy", truce.StepRemedy, func(s *truce.CaseStep) {
			s.Remedy = &truce.RemedyStep{ID: "R1", Party: "A", What: "withdraw", State: truce.RemedyAsked}
		}, "a-liaison b-liaison watch-lead duty-head mech-lead chair", truce.AlertNew, 0, "remedy R1: asked"},
		{"determined", truce.StepDetermined, nil, all, truce.AlertNew, 0, "determination"},
	} {
		t.Run(row.name, func(t *testing.T) {
			in := after(input(), compose(t, input()))
			if row.kind == truce.StepLapsed || row.kind == truce.StepRefused {
				in = step(in, truce.StepProposed, row.change)
				in = after(in, compose(t, in))
			}
			out := composeAll(t, step(in, row.kind, row.change))
			if row.told == "" {
				if len(out.Alerts) != 0 {
					t.Fatalf("tells somebody: %+v", out.Alerts[0].Headline)
				}
				return
			}
			if len(out.Alerts) != 1 || len(out.Gaps) != 0 {
				t.Fatalf("%d alerts and gaps %v", len(out.Alerts), out.Gaps)
			}
			a := out.Alerts[0].Read(true)
			if now, _ := to(a); strings.Join(now, " ") != row.told {
				t.Errorf("told: %v, want %s", now, row.told)
			}
			if a.Kind != row.alert || len(a.References) != row.refers {
				t.Errorf("%s with %d references, want %s with %d", a.Kind, len(a.References), row.alert, row.refers)
			}
			if !strings.Contains(a.Headline["en"], row.phrase) {
				t.Errorf("headline %q lacks %q", a.Headline["en"], row.phrase)
			}
		})
	}
}

// A miss of one party is told to both in words that name neither, and to the mechanism with
// whose it is.
func TestAMissOfAPartyIsNamedToTheMechanismAlone(t *testing.T) {
	out := composeAll(t, step(after(input(), compose(t, input())), truce.StepClockMissed, func(s *truce.CaseStep) {
		s.Clock, s.Late = &truce.ClockChange{Clock: "reply", For: "B", Due: noon}, noon.Add(time.Minute)
	}))
	if len(out.Alerts) != 2 || len(out.Gaps) != 0 {
		t.Fatalf("%d alerts and gaps %v", len(out.Alerts), out.Gaps)
	}
	for i, want := range []struct{ told, head, phrase string }{
		{"a-liaison b-liaison", "the time is over: reply (each party)", "was over 2026-04-12 12:00:00 UTC"},
		{"duty-head mech-lead", "deadline missed: reply (B)", "found missed only at 2026-04-12 12:01:00 UTC"},
	} {
		a := out.Alerts[i]
		if now, _ := to(a); strings.Join(now, " ") != want.told || !strings.Contains(a.Headline["en"], want.head) || !strings.Contains(a.Text["en"], want.phrase) {
			t.Errorf("%q to %v, want %q to %s:\n%s", a.Headline["en"], now, want.head, want.told, a.Text["en"])
		}
	}
}

func TestCancelGoesToThoseWhoWereTold(t *testing.T) {
	first := compose(t, input())
	in := after(input(), first)
	in.Earlier[0].Deliveries = []truce.Delivery{{Alert: first.ID, Person: "fa-deputy", Attempt: 1, State: truce.DeliveryBegun}}
	now, _ := to(compose(t, step(in, truce.StepClosed, nil)))
	if !slices.Contains(now, "fa-deputy") || slices.Contains(now, "ne-deputy") {
		t.Errorf("told of the closing: %v; want the deputy of FA, who had been told, and not the one of NE", now)
	}
}

func TestCivilProtectionSaysWhatIsNotConfirmed(t *testing.T) {
	a := compose(t, step(input(), truce.StepPath, func(s *truce.CaseStep) {
		s.Passage = &truce.Passage{Path: "plant", Because: []string{"1 hit of the rule plant"}}
	})).Read(true)
	if !a.Civil || a.Answer != nil {
		t.Errorf("civil protection %v, answer %v", a.Civil, a.Answer)
	}
	for _, want := range []string{"not confirmed", "not to wait for the ladder", "1 hit of the rule plant"} {
		if !strings.Contains(a.Text["en"], want) {
			t.Errorf("the text lacks %q:\n%s", want, a.Text["en"])
		}
	}
}

func TestABlindLineIsToldAndWhenItIsSeenAgain(t *testing.T) {
	in := input()
	a := compose(t, step(in, truce.StepPath, func(s *truce.CaseStep) { s.Passage = &truce.Passage{Path: "blind"} })).Read(true)
	if !strings.Contains(a.Text["en"], "50% of the line in area North") || !strings.Contains(a.Text["en"], "Not seen is not quiet") || !strings.Contains(a.Text["en"], "\"no feeds\"") {
		t.Errorf("text:\n%s", a.Text["en"])
	}
	over := in.Case.Blind[0]
	over.To = noon.Add(3 * time.Hour)
	again := step(in, truce.StepBlind, func(s *truce.CaseStep) { s.Blind = &over })
	again.Case.Paths = []truce.PathVisit{{Path: "blind", At: noon}}
	if out := composeAll(t, again); len(out.Alerts) != 0 {
		t.Errorf("one stretch of the case is still blind, and this is told: %v", out.Alerts[0].Headline)
	}
	again.Case.Blind = []truce.BlindSpell{over}
	if a := compose(t, again); !strings.Contains(a.Headline["en"], "can be seen again") {
		t.Errorf("headline %q", a.Headline["en"])
	}
}

func TestGroundsAreSaidInTheReadersLanguage(t *testing.T) {
	in := input()
	in.Step.Passage.Grounds = []truce.Ground{{Kind: truce.GroundHits, Want: 3, Have: 4}}
	in.Ground = func(g truce.Ground, lang string) string { return lang + ": " + string(g.Kind) }
	a := compose(t, in).Read(true)
	if !strings.Contains(a.Text["uk"], "- uk: hits") || !strings.Contains(a.Text["en"], "- en: hits") {
		t.Errorf("texts:\n%s\n%s", a.Text["en"], a.Text["uk"])
	}
}

func TestAnAlertDoesNotSayWhichStatesStillOweSomething(t *testing.T) {
	in := input()
	party := in.Case.Clocks[0]
	party.ID, party.For, party.Owner, party.Names = "reply", "B", truce.OfficeLiaison, truce.Names{"en": "reply"}
	other := in.Case.Clocks[0]
	other.For = "NE"
	in.Case.Clocks = append(in.Case.Clocks, other, party)
	text := compose(t, in).Read(true).Text["en"]
	if strings.Count(text, "- position: due") != 1 || strings.Contains(text, "(FA)") || !strings.Contains(text, "- reply (B): due") {
		t.Errorf("text:\n%s", text)
	}
}

func TestAnAlertIsCancelledByTheFirstThatDoesSo(t *testing.T) {
	first := compose(t, input())
	closed := compose(t, step(after(input(), first), truce.StepClosed, nil))
	if at := alert.EndedAt(first, []truce.Alert{first, closed}); at != closed.Release {
		t.Errorf("cancelled at %s, want %s", at, closed.Release)
	}
	if at := alert.EndedAt(closed, []truce.Alert{first, closed}); at != 0 {
		t.Errorf("the cancellation itself is cancelled at %s", at)
	}
}

func TestClocksThatAreAboutToStartAreListed(t *testing.T) {
	in := input()
	in.Case.Clocks = nil
	if a := compose(t, in).Read(true); !strings.Contains(a.Text["en"], "Clocks that start:\n- position of each guarantor: due 2026-04-13 12:00:00 UTC") {
		t.Errorf("text:\n%s", a.Text["en"])
	}
}

func TestExerciseIsMarkedAndKeepsToDrillContacts(t *testing.T) {
	in := input()
	in.Realm = truce.ExerciseRealm("spring")
	a := compose(t, in)
	for lang, mark := range map[string]string{"en": "EXERCISE", "uk": "НАВЧАННЯ"} {
		if !strings.HasPrefix(a.Headline[lang], mark+": ") || !strings.HasPrefix(a.Text[lang], mark) || strings.Count(a.Text[lang], mark) < 2 {
			t.Errorf("%s: not marked: %q\n%s", lang, a.Headline[lang], a.Text[lang])
		}
	}
	for _, r := range a.To {
		if len(r.Contacts) != 1 || !r.Contacts[0].Drill {
			t.Errorf("%s: contacts %v", r.Person, r.Contacts)
		}
	}
}

func TestPartiesStandTogetherOrNotAtAll(t *testing.T) {
	in := input()
	in.People[1].Contacts = nil // of party B
	out := composeAll(t, in)
	if len(out.Alerts) != 3 {
		t.Fatalf("%d alerts, want the one of the tier, what is held back, and one of the gap", len(out.Alerts))
	}
	if h := out.Alerts[1]; h.Kind != truce.AlertHeld || len(h.To) != 0 || len(h.Wakes) != 0 || h.Held.Kind != truce.AlertNew || h.Held.Meant != out.Alerts[0].Release {
		t.Errorf("held back: %+v", h)
	}
	for _, r := range out.Alerts[0].To {
		if r.Party != "" {
			t.Errorf("%s of party %s is told although B cannot be", r.Person, r.Party)
		}
	}
	if want := []alert.Gap{{Kind: "party", Who: "B"}}; !slices.Equal(out.Gaps, want) {
		t.Errorf("gaps %v, want %v", out.Gaps, want)
	}
	now, _ := to(out.Alerts[2])
	if !slices.Equal(now, []string{"watch-lead", "duty-head", "mech-lead"}) || !strings.Contains(out.Alerts[2].Text["en"], "party B: nobody with a contact") {
		t.Errorf("the gap goes to %v:\n%s", now, out.Alerts[2].Text["en"])
	}
}

func TestAStateWithoutDutyOfficerHasItsDeputyTold(t *testing.T) {
	in := input()
	in.People = slices.DeleteFunc(in.People, func(p truce.Person) bool { return p.ID == "fa-duty_officer" })
	now, later := to(compose(t, in))
	if !slices.Contains(now, "fa-deputy") || slices.Contains(now, "ne-deputy") || len(later) != 5 {
		t.Errorf("told %v, later %v", now, later)
	}
	in = input()
	for i, p := range in.People {
		if p.ID == "ne-duty_officer" {
			in.People[i].Contacts = nil
		}
	}
	if now, _ := to(composeAll(t, in).Alerts[0]); !slices.Contains(now, "ne-deputy") {
		t.Errorf("told %v: the deputy has to stand in for a duty officer without a contact", now)
	}
}

func TestHeadlinesHoldNoLineBreakAndTextsAreBounded(t *testing.T) {
	in := input()
	in.Step.Passage.Because = slices.Repeat([]string{strings.Repeat("дуже довга підстава ", 80)}, 40)
	in.Case.Summary.Number = "C-1\r\nBcc: all@example.org\u2028x"
	a := compose(t, in)
	for lang, head := range a.Headline {
		if strings.ContainsAny(head, "\r\n\u2028") || len([]rune(head)) > alert.MaxHeadline {
			t.Errorf("%s: headline %q", lang, head)
		}
		if text := a.Text[lang]; len(text) > alert.MaxText+1024 || strings.ContainsRune(text, '\uFFFD') {
			t.Errorf("%s: %d bytes of text", lang, len(text))
		}
	}
}

func TestRefusesWhatCannotBeComposed(t *testing.T) {
	in := input()
	in.Now = 0
	if _, err := alert.Compose(in); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("no time: %v", err)
	}
	in = input()
	in.Margin = time.Hour
	if _, err := alert.Compose(in); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("a margin of an hour: %v", err)
	}
	in = input()
	in.Realm = "elsewhere"
	if _, err := alert.Compose(in); err == nil {
		t.Error("a realm that is none")
	}
}
