package agreement_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/agreement/explain"
	"github.com/trucewatch/truce/assess/agreement/trial"
)

// handbook is the agreement with the design handbook's own example rules.
func handbook(t *testing.T) *agreement.Agreement {
	t.Helper()
	files, err := agreement.ReadDir(os.DirFS("testdata/handbook"))
	if err != nil {
		t.Fatal(err)
	}
	a, err := agreement.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// The example rules of the handbook can be written as it writes them, and mean what it
// says of them: each has three tests at least, which hold.
func TestTheHandbooksRulesHold(t *testing.T) {
	a := handbook(t)
	for _, w := range a.Warnings {
		if !strings.Contains(w.Text, "cites no text of clause") && w.Field != "status" && w.Field != "zones Z-ROUTE" {
			t.Errorf("the check remarks %s", w)
		}
	}
	data, err := os.ReadFile("testdata/handbook/tests/rules.test")
	if err != nil {
		t.Fatal(err)
	}
	tests, errs := trial.Parse("tests/rules.test", data, a)
	for _, e := range errs {
		t.Error(e)
	}
	runner := &trial.Runner{Terms: a}
	var results []trial.Result
	for _, one := range tests {
		r, err := runner.Run(one)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Failures {
			t.Errorf("%s: %s\n%s", r.Name, f, strings.Join(f.Trace, "\n"))
		}
		results = append(results, r)
	}
	cover := trial.Cover(a, results)
	if len(cover) != 19 {
		t.Errorf("%d rules, want the handbook's 19", len(cover))
	}
	for _, c := range cover {
		if c.Tests < 3 {
			t.Errorf("%s: %d tests, want 3 at least", c.Rule, c.Tests)
		}
		for _, missed := range c.Missed() {
			if strings.HasPrefix(missed, "reported") || missed == "gap" || missed == "chain" || missed == "hit" || missed == "indeterminate" {
				t.Errorf("%s: no test reaches %s", c.Rule, missed)
			}
		}
	}
}

// left is a piece of a sentence that was not filled in, or the key of one.
var left = regexp.MustCompile(`\{|\}|\b[a-z]+\.[a-z_]+(\.|\b)`)

// Every field of the handbook's rules is said in words, in each language.
func TestTheHandbooksRulesAreExplained(t *testing.T) {
	a := handbook(t)
	wants := map[string]map[string][]string{
		"en": {
			"R02": {"Told apart, of which only the first counts: what stands inside the distance, what stands beyond it and in no store and what a store declared and could not show."},
			"R05": {"Party A goes by the list LIST-A@3.", "Damage has to have been seen, and one of these has to show it: visit to the site, images from before and after.", "On the dates, applied is what all parties' readings have in common."},
			"R08": {"from 10 military vehicles on", "The notice names the route, as a corridor or a zone", "The duty holds within 30 km of Line of contact", "rotation unnotified or convoy unnotified"},
			"R09": {"Two images of the place have to show it, at most 30 days apart and with a pixel of 0.5 m or less. In their place one of these is enough: change of radar coherence."},
			"R10": {"It binds whoever controls the place of effect", "Of jam gnss or jam link, what is known of the origin narrows an area and names no side.", "A hit is recorded as a gap", "delay access of up to 30 min is not counted"},
			"R11": {"When it is not met, it is told as: missing, could not be verified and continuity of knowledge lost."},
			"R12": {"It is also shown which incident the claim answers"},
			"R14": {"from 500 troops on", "it stays out of Buffer"},
			"R15": {"Owed within 10 days: a notice of the discipline"},
			"R17": {"None may be beyond Line at sea (LINE-SEA), on the other side of it than its own: military vessels (naval combatant)."},
		},
		"uk": {
			"R02": {"Окремо зазначають таке"}, "R05": {"Пошкодження мають бути побачені"}, "R08": {"названо маршрут: коридор або зону"},
			"R09": {"два знімки місця, між якими не більше ніж 30 доб та з пікселем не більше ніж 0,5 м"}, "R10": {"Зобов’язує того, хто контролює", "Збіг записують як прогалину"},
			"R11": {"втрачено безперервність знання"}, "R12": {"на який інцидент відповідає заява"}, "R17": {"за лінією «Line at sea (LINE-SEA)», на іншому її боці"},
		},
	}
	for lang, rules := range wants {
		text, err := explain.New(a, lang, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := range a.Rules {
			said := strings.Join(text.Rule(&a.Rules[i]), "\n")
			if bad := left.FindString(said); bad != "" {
				t.Errorf("%s %s: %q is no word in\n%s", lang, a.Rules[i].ID, bad, said)
			}
			for _, want := range rules[string(a.Rules[i].ID)] {
				if !strings.Contains(strings.ToLower(said), strings.ToLower(want)) {
					t.Errorf("%s %s: no %q in\n%s", lang, a.Rules[i].ID, want, said)
				}
			}
		}
	}
}
