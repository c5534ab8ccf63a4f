package web_test

import (
	"testing"
	"testing/fstest"

	"github.com/trucewatch/truce/web"
)

func TestCatalogue(t *testing.T) {
	files := fstest.MapFS{
		"text/en.json": {Data: []byte(`{"a.one":"{n} article","a.other":"{n} articles","hi":"Hello, {who}","kind.x":"cross","frame.skip":"Skip"}`)},
		"text/uk.json": {Data: []byte(`{"a.one":"{n} стаття","a.few":"{n} статті","a.many":"{n} статей"}`)},
	}
	all, err := web.Catalogues(files)
	if err != nil {
		t.Fatal(err)
	}
	en, uk := all["en"], all["uk"]
	for got, want := range map[string]string{
		en.Count("a", 1): "1 article", en.Count("a", 21): "21 articles", en.Say("hi", "who", "you"): "Hello, you", en.Say("no.such"): "no.such",
		en.Word("kind", "x"): "cross", en.Word("kind", "y_z"): "y z", en.Frame()["skip"]: "Skip",
		uk.Count("a", 1): "1 стаття", uk.Count("a", 22): "22 статті", uk.Count("a", 12): "12 статей", uk.Count("a", 111): "111 статей", uk.Count("a", 0): "0 статей",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if web.KnownLanguage("fr") != "en" || web.KnownLanguage("uk") != "uk" {
		t.Error("a language without texts must give the default")
	}
	delete(files, "text/uk.json")
	if _, err := web.Catalogues(files); err == nil {
		t.Error("a language without its file passed")
	}
}
