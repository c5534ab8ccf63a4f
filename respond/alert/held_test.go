package alert_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// gap is the case of input() while party B has nobody.
func gap() alert.Input {
	in := input()
	in.People = slices.DeleteFunc(in.People, func(p truce.Person) bool { return p.Party == "B" })
	return in
}

func TestWhatWasHeldBackIsBroughtToBothInOneSecond(t *testing.T) {
	for _, realm := range []truce.Realm{truce.RealmReal, truce.ExerciseRealm("spring")} {
		in := gap()
		in.Realm = realm
		entered := composeAll(t, in)
		in = after(in, entered.Alerts...)
		closed := step(in, truce.StepClosed, nil)
		in = after(closed, composeAll(t, closed).Alerts...)
		if late, err := alert.Late(in); err != nil || len(late) != 0 {
			t.Fatalf("%v: brought while B has nobody: %d", err, len(late))
		}
		in.People, in.Now = people(), noon.Add(5*time.Hour)
		late, err := alert.Late(in)
		if err != nil || len(late) != 2 {
			t.Fatalf("%v: %d alerts are brought, want the tier and the end of the case", err, len(late))
		}
		for i, want := range []truce.AlertKind{truce.AlertNew, truce.AlertCancel} {
			a := late[i]
			if a.Kind != want || a.Release != alert.Release(in.Now, 0) || a.Release != late[0].Release || !slices.Equal(everyone(a), []truce.PersonID{"a-liaison", "b-liaison"}) {
				t.Errorf("%s released %s to %v", a.Kind, a.Release, everyone(a))
			}
			if err := a.Validate(in.Parties); err != nil {
				t.Error(err)
			}
		}
		if late[0].Held.Meant != entered.Alerts[0].Release || !slices.Contains(late[1].References, late[0].ID) {
			t.Errorf("meant %+v; the end refers to %v", late[0].Held, late[1].References)
		}
		for _, words := range []string{"was meant for 2026-04-12 12:00:04 UTC and is sent only now, 2026-04-12 17:00:02 UTC", "Tier T1 (warning) has been entered"} {
			if !strings.Contains(late[0].Text["en"], words) {
				t.Errorf("the text lacks %q:\n%s", words, late[0].Text["en"])
			}
		}
		if !strings.Contains(late[0].Text["uk"], "призначалося на 12.04.2026 12:00:04 UTC") || !strings.Contains(late[0].Headline["uk"], "Із запізненням: ") {
			t.Errorf("%q\n%s", late[0].Headline["uk"], late[0].Text["uk"])
		}
		if realm.Exercise() != strings.HasPrefix(late[0].Headline["en"], "EXERCISE: Late: ") || realm.Exercise() != strings.HasPrefix(late[0].Text["en"], "EXERCISE.") {
			t.Errorf("the mark of an exercise: %q\n%s", late[0].Headline["en"], late[0].Text["en"])
		}
		if again, err := alert.Late(after(in, late...)); err != nil || len(again) != 0 {
			t.Errorf("%v: brought twice", err)
		}
	}
}

// A step that comes before anybody looked for what is held back brings it first.
func TestAStepBringsWhatIsHeldBackFirst(t *testing.T) {
	in := gap()
	in = after(in, composeAll(t, in).Alerts...)
	in.People = people()
	in = step(in, truce.StepUnfounded, func(s *truce.CaseStep) { s.Passage = &truce.Passage{Tier: "T1"} })
	out := composeAll(t, in)
	if len(out.Alerts) != 2 || out.Alerts[0].Held == nil || out.Alerts[1].Kind != truce.AlertCancel || !slices.Contains(out.Alerts[1].References, out.Alerts[0].ID) {
		t.Fatalf("%d alerts", len(out.Alerts))
	}
	for _, p := range []truce.PersonID{"a-liaison", "b-liaison", "fa-duty_officer", "chair"} {
		if !slices.Contains(everyone(out.Alerts[1]), p) {
			t.Errorf("%s was told and is not told that it is withdrawn", p)
		}
	}
}

// Whatever happens while a party has nobody: when the gap ends everything that was meant
// for the parties reaches both, in its order, once, in one second.
func TestNothingIsLostInAGap(t *testing.T) {
	brought := 0
	rapid.Check(t, func(t *rapid.T) {
		in := input()
		everybody := append(slices.DeleteFunc(people(), func(p truce.Person) bool { return p.Party != "" }), reachable("A"), reachable("B"))
		meant := 0
		for range 10 {
			in.People = slices.Clone(everybody)
			if rapid.Bool().Draw(t, "gap") {
				in.People = slices.DeleteFunc(in.People, func(p truce.Person) bool { return p.Party == "B" })
			}
			in = randomStep(t, in)
			out, err := alert.Compose(in)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range out.Alerts {
				checkHeld(t, in, a)
				if a.Kind == truce.AlertHeld {
					meant++
				}
				in = after(in, a)
			}
		}
		in.People = everybody
		late, err := alert.Late(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range late {
			checkHeld(t, in, a)
		}
		in = after(in, late...)
		release := map[truce.AlertID]truce.Instant{}
		var order []truce.Instant
		for _, b := range in.Earlier {
			if h := b.Alert.Held; h != nil && b.Alert.Kind != truce.AlertHeld {
				if release[h.Alert] != 0 {
					t.Fatalf("%s was brought twice", h.Alert)
				}
				release[h.Alert] = b.Alert.Release
				order = append(order, h.Meant)
			}
		}
		if len(release) != meant || !slices.IsSorted(order) {
			t.Fatalf("%d were held back and %d brought, meant for %v", meant, len(release), order)
		}
		brought += meant
	})
	if brought == 0 {
		t.Error("nothing was ever held back: that is no test")
	}
}

// checkHeld: an alert is for both parties or for none; what is held back is for nobody.
func checkHeld(t *rapid.T, in alert.Input, a truce.Alert) {
	if a.Kind == truce.AlertHeld {
		if len(a.To) != 0 || len(a.Wakes) != 0 || a.Held == nil || a.Validate(in.Parties) != nil {
			t.Fatalf("held back, and yet for %v", a.To)
		}
		return
	}
	if n := checkAlert(t, in, a); n == 1 || a.Held != nil && n != 2 {
		t.Fatalf("reaches %d parties", n)
	}
}
