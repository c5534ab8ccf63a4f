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
	if len(france.Contradictions) != 1 || france.Contradictions[0].Actor != "state:RU" || france.Contradictions[0].Reason != "objection" {
		t.Errorf("contradictions %+v: want Russia's objection", france.Contradictions)
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
