package drill

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/agreement/trial"
)

// vocabulary are what people do, each in a line that a test of an agreement and a drill both
// read. Of a test E1 is the event, which it does not name.
var vocabulary = []struct {
	test, drill string
	acts        int // of the drill
}{
	{"verified by an-1 and an-2", "verified by an-1 and an-2 E1", 2},
	{"refuted by an-1 and an-2", "refuted by an-1 and an-2 E1 as quarry", 2},
	{"unverifiable by an-1 and an-2", "unverifiable by an-1 and an-2 E1 as no_access", 2},
	{"explained by an-1 and an-2", "explained by an-1 and an-2 E1 as quarry", 2},
	{"attributed to B, balance by an-1 and an-2", `attributed to B, balance E1 by an-1 and an-2 "trajectory" "own fire"`, 2},
	{`watch_officer signs L0`, `watch_officer signs L0`, 1},
	{`chair signs down from T1`, `chair signs down from T1`, 1},
	{`chair refuses T1 "one source"`, `chair refuses T1 "one source"`, 1},
	{`party A meets reply`, `party A meets reply`, 1},
	{`party A complains "fire"`, `party A complains "fire"`, 1},
	{`party B states "not ours"`, `party B states "not ours"`, 1},
	{`chair notes "called"`, `chair notes "called"`, 1},
	{`chair determines "a breach"`, `chair determines "a breach"`, 1},
	{`pause reply of A until +6h by chair and mechanism_lead "talks"`, `pause reply of A until +6h by chair and mechanism_lead "talks"`, 2},
	{`resume reply of A by chair`, `resume reply of A by chair`, 1},
	{`T0 event moved to -1h by chair and mechanism_lead "late film"`, `T0 event moved to -1h by chair and mechanism_lead on E1 "late film"`, 2},
	{`remedy asked of A "repair" due +240h`, `remedy asked of A "repair" due +240h`, 1},
	{`remedy reported`, `remedy reported`, 1},
	{`remedy verified`, `remedy verified`, 1},
	{`remedy refused "no seal"`, `remedy refused "no seal"`, 1},
	{`AVE calls a consultation "ground"`, `AVE calls a consultation "ground"`, 1},
	{`AVE joins`, `AVE joins`, 1},
	{`head of AVE signs T3`, `head of AVE signs T3`, 1},
	{`chair proposes "warn"`, `chair proposes "warn"`, 1},
	{`AVE votes warn`, `AVE votes warn`, 1},
	{`AVE abstains`, `AVE abstains`, 1},
	{`mechanism_lead files minutes "of today"`, `mechanism_lead files minutes "of today"`, 1},
	{`chair decides "we warn"`, `chair decides "we warn"`, 1},
	{`chair closes "over"`, `chair closes "over"`, 1},
	{`chair reopens "again"`, `chair reopens "again"`, 1},
}

const cast = `drill "words"
agreement illustrative
start 2031-03-11T14:00:00Z
post wo office watch_officer
post an-1 office analyst
post an-2 office analyst
post lead office mechanism_lead
post chair office chair
post a office liaison party A
post b office liaison party B
post ave office duty_officer state AVE
post ave-head office head state AVE
at +0m incident E1 indirect_fire -47.91,-21.62 ±150m
`

// TestDrillsAndTestsOfAnAgreementHaveOneVocabulary: what people do is written alike in both.
func TestDrillsAndTestsOfAnAgreementHaveOneVocabulary(t *testing.T) {
	_, terms := illustrative(t)
	find := func(string) (*agreement.Agreement, error) { return terms, nil }
	before := ""
	for _, v := range vocabulary {
		text := "test \"words\"\n  given guarantors AVE BRE\n  at 2031-03-11T14:00Z indirect_fire -47.91,-21.62 ±150m\n"
		if strings.HasPrefix(v.test, "remedy") && !strings.Contains(v.test, "asked") {
			text += "  at +1h remedy asked of A \"repair\"\n"
			before = "at +1h remedy asked of A \"repair\"\n"
		}
		if _, errs := trial.Parse("words.test", []byte(text+"  at +2h "+v.test+"\n  expect no tier\n"), terms); len(errs) > 0 {
			t.Errorf("a test does not read %q: %v", v.test, errs)
		}
		d, errs := Parse("words.drill", []byte(cast+before+"at +2h "+v.drill+"\nexpect no tier T3\n"), find)
		if len(errs) > 0 {
			t.Errorf("a drill does not read %q: %v", v.drill, errs)
			continue
		}
		if n := len(d.Events) - 1 - strings.Count(before, "\n"); n != v.acts {
			t.Errorf("%q is %d acts, want %d", v.drill, n, v.acts)
		}
		for _, lang := range []string{"en", "uk"} {
			if shown := d.Show(lang); strings.ContainsAny(shown, "{}") || regexp.MustCompile(`(?m)^ +\+\S+  \.?$`).MatchString(shown) {
				t.Errorf("%s of %q:\n%s", lang, v.drill, shown)
			}
		}
		before = ""
	}
}

// TestTheDocumentsNameTheWords: the pages of both languages have every word of it.
func TestTheDocumentsNameTheWords(t *testing.T) {
	page, err := os.ReadFile("../../docs/drills.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range append(slices.Clone(lines), verbWords()...) {
		if !regexp.MustCompile("`[^`]*\\b" + word + "\\b").Match(page) {
			t.Errorf("docs/drills.md does not say %q", word)
		}
	}
}

// TestRemediesAndMovesArePlayed: a remedy goes from hand to hand, and an incident into
// another case.
func TestRemediesAndMovesArePlayed(t *testing.T) {
	text := cast + `at +10m wo signs L0
at +20m chair determines "a breach"
at +30m remedy asked of A "repair the seal" due +240h
at +40m remedy reported "done"
at +50m remedy verified
at +1h remedy verified refused
at +80h incident E2 indirect_fire -47.91,-21.62 ±150m
at +81h wo moves E2 to C-2031-1 "the same gun"
at +82h lead moves E2 to C-2031-1 "again" refused
expect tier L0 at +10m
expect no tier L1
`
	d := parsed(t, "moves.drill", text)
	o := options(t)
	if r := play(t, d, o); r.Met() != len(r.Marks) {
		t.Errorf("%+v", r.Marks)
	}
	left, err := o.Stores.Open(t.Context(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer left.Close()
	rows, err := left.CaseSteps(t.Context(), "C-2031-1")
	if err != nil {
		t.Fatal(err)
	}
	held, remedies := 0, 0
	for _, s := range rows {
		if s.Kind == truce.StepRemedy {
			remedies++
		}
		held = s.Summary.Incidents
	}
	if held != 2 || remedies != 3 {
		t.Errorf("the case holds %d incidents after %d steps of its remedy", held, remedies)
	}
}
