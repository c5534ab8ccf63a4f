package alert_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

func everyone(a truce.Alert) []truce.PersonID {
	var out []truce.PersonID
	for _, r := range a.To {
		out = append(out, r.Person)
	}
	slices.Sort(out)
	return out
}

// What was sent on a ground that is withdrawn is taken back from exactly those it went to.
func TestAWithdrawnGroundTakesItsAlertBack(t *testing.T) {
	tier := func(s *truce.CaseStep) { s.Passage = &truce.Passage{Tier: "T1"} }
	path := func(id string) func(*truce.CaseStep) {
		return func(s *truce.CaseStep) { s.Passage = &truce.Passage{Path: id} }
	}
	clock := func(s *truce.CaseStep) {
		s.Clock = &truce.ClockChange{Clock: "reply", For: "A", Round: 1, Due: noon.Add(3 * time.Hour)}
	}
	for _, row := range []struct {
		name       string
		sent       truce.StepKind
		sentChange func(*truce.CaseStep)
		then       truce.StepKind
		change     func(*truce.CaseStep)
		kind       truce.AlertKind
		en, uk     string
	}{
		{"a tier", truce.StepEntered, tier, truce.StepUnfounded, tier, truce.AlertCancel, "what tier T1 (warning) rests on is withdrawn", "підстави рівня T1 (попередження) відкликано"},
		{"a path of civil protection", truce.StepPath, path("plant"), truce.StepUnfounded, path("plant"), truce.AlertCancel, "what the path protected site rests on is withdrawn", "підстави шляху захищений об'єкт відкликано"},
		{"a path", truce.StepPath, path("monitors"), truce.StepUnfounded, path("monitors"), truce.AlertCancel, "attack on monitors", "відкликано"},
		{"a clock that moves", truce.StepClockWarned, clock, truce.StepClockMoved, clock, truce.AlertUpdate, "due at another time: reply (each party)", "інший строк: відповідь (кожна сторона)"},
		{"a clock that stops", truce.StepClockWarned, clock, truce.StepClockStopped, clock, truce.AlertCancel, "not due any more of everybody", "діє вже не для всіх"},
		{"a line that is seen again", truce.StepPath, path("blind"), truce.StepBlind, func(s *truce.CaseStep) {
			s.Blind = &truce.BlindSpell{Area: "north", From: noon, To: noon.Add(time.Hour)}
		}, truce.AlertUpdate, "can be seen again", "знову видно"},
		{"a tier that is left for another", truce.StepEntered, tier, truce.StepLeft, func(s *truce.CaseStep) {
			s.Passage = &truce.Passage{Tier: "T1", Down: true, To: "L1"}
		}, truce.AlertUpdate, "tier T1 (warning) left", "залишено"},
	} {
		in := step(input(), row.sent, row.sentChange)
		first := compose(t, in)
		in = after(in, first)
		if in.Step.Kind == truce.StepPath {
			in.Case.Paths = []truce.PathVisit{{Path: in.Step.Passage.Path, Step: 3}}
		}
		in = step(in, row.then, row.change)
		if in.Step.Blind != nil {
			in.Case.Blind = []truce.BlindSpell{*in.Step.Blind}
		}
		now, _ := to(first)
		a := compose(t, in)
		got := everyone(a)
		if a.Kind != row.kind || !slices.Equal(a.References, []truce.AlertID{first.ID}) || len(got) != len(now) {
			t.Errorf("%s: %s of %v to %v, want those of %v", row.name, a.Kind, a.References, got, now)
		}
		for _, p := range now {
			if !slices.Contains(got, truce.PersonID(p)) {
				t.Errorf("%s: %s was told and is not told now", row.name, p)
			}
		}
		if a := a.Read(true); !strings.Contains(a.Headline["en"], row.en) || !strings.Contains(a.Headline["uk"], row.uk) {
			t.Errorf("%s: %q, %q", row.name, a.Headline["en"], a.Headline["uk"])
		}
		if ended := alert.EndedAt(first, []truce.Alert{first, a}); (ended == a.Release) != (row.then != truce.StepClockMoved) {
			t.Errorf("%s: ended at %s", row.name, ended)
		}
		again := step(after(in, a), row.then, row.change)
		if out := composeAll(t, again); row.kind == truce.AlertCancel && len(out.Alerts) != 0 {
			t.Errorf("%s: taken back twice", row.name)
		}
	}
}

// A zero point that moves replaces the warning of a tier; the ground of the warning goes on
// with it, so that its withdrawal is told to the same.
func TestAnUpdateCarriesTheGroundOn(t *testing.T) {
	in := input()
	first := compose(t, in)
	in = step(after(in, first), truce.StepT0Moved, func(s *truce.CaseStep) {
		s.T0 = &truce.T0Change{Basis: truce.T0Verified, Old: noon, New: noon.Add(-time.Hour), Chosen: true}
	})
	moved := compose(t, in)
	if !slices.Equal(moved.About, first.About) || alert.EndedAt(first, []truce.Alert{moved}) != 0 {
		t.Fatalf("about %v, first %v", moved.About, first.About)
	}
	in = step(after(in, moved), truce.StepUnfounded, func(s *truce.CaseStep) { s.Passage = &truce.Passage{Tier: "T1"} })
	recall := compose(t, in)
	if !slices.Equal(recall.References, []truce.AlertID{moved.ID}) || !slices.Equal(everyone(recall), everyone(moved)) {
		t.Errorf("%v to %v", recall.References, everyone(recall))
	}
	end := compose(t, step(after(in, recall), truce.StepClosed, nil))
	if !slices.Equal(end.References, []truce.AlertID{recall.ID}) || !slices.Equal(everyone(end), everyone(recall)) {
		t.Errorf("the end is told to %v", everyone(end))
	}
	in = step(after(in, recall), truce.StepFounded, func(s *truce.CaseStep) { s.Passage = &truce.Passage{Tier: "T1"} })
	if a := compose(t, in); a.Kind != truce.AlertNew || a.Answer == nil || !strings.Contains(a.Headline["en"], "holds again") {
		t.Errorf("%s %q", a.Kind, a.Headline["en"])
	}
}

// Who was told and holds the post no more is stood in for by who holds it now; a second
// holder who was not told is not told of the end.
func TestTheEndIsToldToExactlyThoseWhoWereTold(t *testing.T) {
	in := input()
	first := compose(t, in)
	in = after(in, first)
	in.People = slices.DeleteFunc(in.People, func(p truce.Person) bool { return p.ID == "chair" })
	in.People = append(in.People, person("chair-2", truce.RoleCommission, truce.OfficeChair, "", "en"),
		person("ne-second", truce.RoleGuarantor, truce.OfficeDutyOfficer, "NE", "en"))
	got := everyone(compose(t, step(in, truce.StepClosed, nil)))
	if !slices.Contains(got, "chair-2") || slices.Contains(got, "ne-second") || !slices.Contains(got, "ne-duty_officer") {
		t.Errorf("%v", got)
	}
}

// The words of a way down and of a case without title or tier, in both languages.
func TestWordsOfCasesWithoutTitleOrTier(t *testing.T) {
	for _, row := range []struct {
		name   string
		kind   truce.StepKind
		p      truce.Passage
		en, uk string
	}{
		{"to the end, from no tier", truce.StepProposed, truce.Passage{Down: true}, "Case C-2026-19: closing is proposed; your signature is asked", "Справа C-2026-19: запропоновано закрити справу; потрібен ваш підпис"},
		{"to the end, from a tier", truce.StepProposed, truce.Passage{Tier: "L1", Down: true}, "Case C-2026-19: closing is proposed from tier L1 (hotline); your signature is asked", "Справа C-2026-19: запропоновано закрити справу з рівня L1 (гаряча лінія); потрібен ваш підпис"},
		{"down", truce.StepProposed, truce.Passage{Tier: "T1", Down: true, To: "L1"}, "Case C-2026-19: the way down from tier T1 (warning) is proposed; your signature is asked", "Справа C-2026-19: запропоновано зійти з рівня T1 (попередження); потрібен ваш підпис"},
		{"lapsed, from no tier", truce.StepLapsed, truce.Passage{Down: true}, "Case C-2026-19: the proposal to close has lapsed", "Справа C-2026-19: пропозиція закрити справу втратила чинність"},
		{"refused, from no tier", truce.StepRefused, truce.Passage{Down: true}, "Case C-2026-19: closing was refused", "Справа C-2026-19: у закритті відмовлено"},
		{"lapsed, down", truce.StepLapsed, truce.Passage{Tier: "T1", Down: true, To: "L1"}, "Case C-2026-19: the proposal to go down from tier T1 (warning) has lapsed", "Справа C-2026-19: пропозиція зійти з рівня T1 (попередження) втратила чинність"},
	} {
		in := input()
		in.Case.Tier, in.Case.Opening.Title, in.Case.Summary.Title = "", nil, nil
		row.p.Gates = []truce.Gate{{Office: truce.OfficeWatchLead}}
		change := func(s *truce.CaseStep) { s.Passage = &row.p }
		in = step(in, truce.StepProposed, change)
		if row.kind != truce.StepProposed {
			in = step(after(in, compose(t, in)), row.kind, change)
		}
		a := compose(t, in)
		if a.Headline["en"] != row.en || a.Headline["uk"] != row.uk {
			t.Errorf("%s: %q, %q", row.name, a.Headline["en"], a.Headline["uk"])
		}
		for lang, want := range map[string]string{"en": "Case C-2026-19. Incidents on record: 3", "uk": "Справа C-2026-19. Записаних інцидентів: 3"} {
			text := a.Text[lang]
			if !strings.Contains(text, want) {
				t.Errorf("%s: %s", row.name, text)
			}
			for _, bad := range []string{": .", "tier .", "tier ;", "рівня .", "tier  ", "{"} {
				if strings.Contains(text, bad) {
					t.Errorf("%s: %q in\n%s", row.name, bad, text)
				}
			}
		}
	}
}
