package claim_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story/claim"
)

// told is articles of one sentence each, a day apart.
func told(t *testing.T, sentences ...string) []claim.Sourced {
	t.Helper()
	var out []claim.Sourced
	for i, s := range sentences {
		at := published
		at.From, at.To = at.From.Add(time.Duration(i)*24*time.Hour), at.To.Add(time.Duration(i)*24*time.Hour)
		a := truce.Article{Text: s, Publisher: "Paper", URL: fmt.Sprintf("https://paper.example/%d", i), Published: at}
		out = append(out, claim.Of(a, checkRead(t, a, config(t)))...)
	}
	return out
}

// rowOf is the row of an actor and subject.
func rowOf(t *testing.T, rows []claim.Row, actor, subject string) claim.Row {
	t.Helper()
	for _, r := range rows {
		if r.Actor == actor && r.Subject == subject {
			return r
		}
	}
	t.Fatalf("no row of %s and %s in %d rows", actor, subject, len(rows))
	return claim.Row{}
}

func TestPromisesOverTime(t *testing.T) {
	rows := claim.Promises(told(t,
		"Germany drafted a plan for training.",
		"France pledged to send troops to Ukraine once a peace deal is signed.",
		"Russia rejected European troops.",
		"France will not send troops to Ukraine.",
		"The French parliament ratified the agreement on security guarantees for Ukraine.",
		"Spain will send troops to Ukraine.",
	))
	france := rowOf(t, rows, "state:FR", "troops")
	if len(france.Statements) != 2 || france.Kind != truce.ClaimExclusion || france.Stance != "against" || france.To != "state:UA" {
		t.Errorf("France's troops are %+v: want two statements, the latest an exclusion", france)
	}
	if france.Firmness != truce.FirmSaid || france.Condition != "once a peace deal is signed" || france.Endorsed || france.Drafted {
		t.Errorf("firmness %q, condition %q: want said, on the peace deal", france.Firmness, france.Condition)
	}
	if len(france.Changes) != 1 || france.Changes[0].From != "for" || france.Changes[0].To != "against" || france.Changes[0].Stated || france.Changes[0].By != 1 {
		t.Errorf("changes %+v: want one from for to against that no text states", france.Changes)
	}
	spain := rowOf(t, rows, "state:ES", "troops")
	if len(spain.Contradictions) != 2 || spain.Contradictions[1].Actor != "state:RU" || spain.Contradictions[1].Reason != "objection" || spain.Contradictions[0].Actor != "state:FR" {
		t.Errorf("contradictions %+v: want France's exclusion and Russia's objection", spain.Contradictions)
	}
	if len(france.Contradictions) != 0 {
		t.Errorf("contradictions %+v of who no longer promises: want none", france.Contradictions)
	}
	if r := rowOf(t, rows, "state:FR", "security_guarantees"); !r.Endorsed || r.Firmness != truce.FirmRatified {
		t.Errorf("the ratified guarantees are %+v", r)
	}
	if r := rowOf(t, rows, "state:DE", "training"); !r.Drafted || r.Endorsed {
		t.Errorf("the drafted training is %+v", r)
	}
	if r := rowOf(t, rows, "state:RU", "troops"); len(r.Contradictions) != 0 || len(r.Changes) != 0 {
		t.Errorf("who only refuses is contradicted by nobody: %+v", r)
	}
}

// TestWhoTurnedContradictsNobody holds that a refusal that was taken back does not stand
// against others' promises.
func TestWhoTurnedContradictsNobody(t *testing.T) {
	rows := claim.Promises(told(t,
		"Sweden will not send troops to Ukraine.",
		"Hungary opposes sanctions.",
		"Spain will send troops to Ukraine. Poland agreed to sanctions.",
		"Sweden is ready to send troops to Ukraine, reversing its earlier stance.",
		"Hungary no longer opposes sanctions.",
	))
	if c := rowOf(t, rows, "state:ES", "troops").Contradictions; len(c) != 0 {
		t.Errorf("Spain is contradicted by %+v, want nobody: Sweden has turned", c)
	}
	if c := rowOf(t, rows, "state:PL", "sanctions").Contradictions; len(c) != 0 {
		t.Errorf("Poland is contradicted by %+v, want nobody: Hungary has turned", c)
	}
	if r := rowOf(t, rows, "state:SE", "troops"); r.Stance != "for" || len(r.Changes) != 1 {
		t.Errorf("Sweden is %+v, want for with one change", r)
	}
}

// TestConditionIsQuoted holds that a promise on a condition is never shown without it: not
// by the headline that leaves it out, nor by a long sentence that is cut.
func TestConditionIsQuoted(t *testing.T) {
	a := truce.Article{Headline: "Latvia to send drones to monitoring mission", Publisher: "Paper", URL: "https://paper.example/1", Published: published,
		Text: "Latvia will send twelve drones to the ceasefire monitoring mission, " + strings.Repeat("which the ministers had long discussed and ", 6) + "agreed, if the Saeima approves the mandate."}
	rows := claim.Promises(claim.Of(a, checkRead(t, a, config(t))))
	r := rowOf(t, rows, "state:LV", "monitoring")
	if len(r.Statements) != 1 {
		t.Fatalf("%d statements, want the conditional one: %+v", len(r.Statements), r.Statements)
	}
	s := r.Statements[0]
	if want := "if the Saeima approves the mandate"; s.Condition != want || !strings.HasSuffix(s.Sentence, want) || utf8.RuneCountInString(s.Sentence) > truce.MaxPublicQuote || !strings.HasPrefix(a.Text[s.ConditionAt:], want) {
		t.Errorf("condition %q at %d in %q, want it whole in the quote and at its place", s.Condition, s.ConditionAt, s.Sentence)
	}
}

func TestReversalThatTheTextStates(t *testing.T) {
	rows := claim.Promises(told(t, "For the first time Washington backed security guarantees for Ukraine."))
	r := rowOf(t, rows, "state:US", "security_guarantees")
	if len(r.Changes) != 1 || !r.Changes[0].Stated || r.Changes[0].To != "for" {
		t.Errorf("changes %+v: want one that the text states", r.Changes)
	}
}

func TestActorWhoSaysBothAtOnce(t *testing.T) {
	rows := claim.Promises(told(t, "Poland will send troops to Ukraine. Poland ruled out sending troops."))
	r := rowOf(t, rows, "state:PL", "troops")
	if len(r.Changes) != 0 || len(r.Contradictions) != 1 || r.Contradictions[0].Reason != "same_actor" {
		t.Errorf("got %+v: want a contradiction by the same actor and no change", r)
	}
}

func TestCopiesAreCountedNotRepeated(t *testing.T) {
	s := "Poland ruled out sending its soldiers to Ukraine."
	r := rowOf(t, claim.Promises(told(t, s, s, s)), "state:PL", "troops")
	if len(r.Statements) != 1 || r.Statements[0].Copies != 2 {
		t.Errorf("got %+v: want one statement with two copies", r.Statements)
	}
}

func TestPromisesDoNotDependOnOrder(t *testing.T) {
	list := told(t, "France will send troops.", "Germany will not send troops.", "France will not send troops.", "Italy opposes a ceasefire.", "Two drones hit Odesa.")
	want := claim.Promises(list)
	if len(want) != 3 {
		t.Fatalf("%d rows, want 3: %+v", len(want), want)
	}
	for i := range list {
		turned := append(slices.Clone(list[i:]), list[:i]...)
		if got := claim.Promises(turned); !reflect.DeepEqual(got, want) {
			t.Fatalf("turned by %d: %+v\nwant %+v", i, got, want)
		}
	}
}

func TestPublicSentenceIsShort(t *testing.T) {
	long := "Germany will supply two more Patriot systems to Ukraine by March, " + strings.Repeat("as the chancellor repeated to everybody, ", 20) + "she said."
	r := rowOf(t, claim.Promises(told(t, long)), "state:DE", "air_defence")
	if n := utf8.RuneCountInString(r.Statements[0].Sentence); n > truce.MaxPublicQuote || n < truce.MaxPublicQuote/2 {
		t.Errorf("a sentence of %d characters, at most %d may be public", n, truce.MaxPublicQuote)
	}
	if r.Statements[0].Link != "https://paper.example/0" || r.Statements[0].Publisher != "Paper" {
		t.Errorf("the statement has no source: %+v", r.Statements[0])
	}
}

func TestNamesOfKeys(t *testing.T) {
	for _, c := range [][3]string{
		{"state:GB", "en", "United Kingdom"}, {"state:GB", "uk", "Велика Британія"}, {"state:GB", "fr", "United Kingdom"},
		{"air_defence", "uk", "протиповітряна оборона"}, {"person:von_berg", "uk", "von berg"}, {"document", "en", "document"},
		{"side:enemy", "en", "the enemy (as said)"},
	} {
		if got := claim.Name(c[0], c[1]); got != c[2] {
			t.Errorf("%s in %s is %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

// TestCalledInAnotherLanguage: people by any spelling, others by the very name of an entry; a
// city that means its state and a paper that is called after one stay.
func TestCalledInAnotherLanguage(t *testing.T) {
	for _, c := range [][3]string{
		{"Volodymyr Zelenskyy", "uk", "Володимир Зеленський"}, {"President Zelensky", "uk", "Володимир Зеленський"}, {"Президент Зеленський", "en", "Volodymyr Zelenskyy"},
		{"Ukraine", "uk", "Україна"}, {"Україна", "en", "Ukraine"}, {"the coalition", "uk", "коаліція"},
		{"Kyiv", "uk", "Kyiv"}, {"Kyiv Post", "uk", "Kyiv Post"}, {"Ukraine's General Staff", "uk", "Ukraine's General Staff"}, {"Example Post", "uk", "Example Post"}, {"", "uk", ""},
		{"Zelensky's office", "uk", "Zelensky's office"}, {"both sides", "uk", "обидві сторони"},
	} {
		if got := claim.Called(c[0], c[1]); got != c[2] {
			t.Errorf("%q in %s is %q, want %q", c[0], c[1], got, c[2])
		}
	}
}
