package publish

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// Every text of the catalogue is named in the code, whole or by the front it is put
// together from: a text that nothing prints is a leftover.
func TestNoTextIsLeftOver(t *testing.T) {
	words, err := catalogueOf("en")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"([^"\n]+)"`).FindAllStringSubmatch(string(code), -1) {
			said[m[1]] = true
		}
	}
	// Put together from a front and a word of the vocabulary, or a key and "_empty".
	fronts := []string{"act.", "group.", "family.", "occurrence.", "verdict.", "reason.", "label.", "claim.", "attribution.", "band.", "bearing.", "part.",
		"unit.", "measure.", "field.", "correction.", "head.", "edition.", "restriction.", "window.", "asset.", "none.", "annex.", "col.", "direction.", "gap.", "line.unknown_",
		"where.withheld_", "caption.", "received.", "condition.", "state.", "reading.", "reported."}
	for _, key := range slices.Sorted(maps.Keys(words)) {
		byFront := slices.ContainsFunc(fronts, func(front string) bool { return strings.HasPrefix(key, front) && (said[front] || front == "received.") })
		if !said[key] && !said[strings.TrimSuffix(key, "_empty")] && !byFront {
			t.Errorf("nothing prints %q", key)
		}
	}
	for _, front := range fronts {
		if !said[front] && front != "received." {
			t.Errorf("the code no longer puts together texts of %q", front)
		}
	}
}

func TestTheSameKeysInEveryLanguage(t *testing.T) {
	all, err := catalogues()
	if err != nil {
		t.Fatal(err)
	}
	en := slices.Sorted(maps.Keys(all["en"]))
	for _, lang := range Languages() {
		if got := slices.Sorted(maps.Keys(all[lang])); !slices.Equal(got, en) {
			t.Errorf("%s has other keys than English", lang)
		}
	}
}

// In print, no text is the same in both languages unless it is made of placeholders, signs
// and names that are not translated.
func TestEveryTextIsTranslated(t *testing.T) {
	all, err := catalogues()
	if err != nil {
		t.Fatal(err)
	}
	letters := regexp.MustCompile(`[A-Za-z]{3,}`)
	placeholder := regexp.MustCompile(`\{[a-z]+\}`)
	for key, m := range all["uk"] {
		for form, text := range m {
			bare := placeholder.ReplaceAllString(text, "")
			for _, word := range letters.FindAllString(bare, -1) {
				if word != "UTC" && word != "JSON" && word != "FPV" {
					t.Errorf("%s (%s) holds the English word %q", key, form, word)
				}
			}
			if strings.Contains(bare, "'") {
				t.Errorf("%s (%s): write the apostrophe as ’", key, form)
			}
		}
	}
}

func TestMessagesAreTextsOrPlurals(t *testing.T) {
	cases := []struct {
		json string
		ok   bool
	}{
		{`"plain"`, true},
		{`{"one": "a", "other": "b"}`, true},
		{`{"one": "a"}`, false},
		{`7`, false},
		{`["a"]`, false},
	}
	for _, c := range cases {
		var m message
		if err := json.Unmarshal([]byte(c.json), &m); (err == nil) != c.ok {
			t.Errorf("%s: %v, want ok %v", c.json, err, c.ok)
		}
	}
	m := message{"one": "ein", "other": "viele"}
	if m.form("one") != "ein" || m.form("few") != "viele" {
		t.Errorf("forms %q and %q", m.form("one"), m.form("few"))
	}
}

// A text or a placeholder that is missing stops a bulletin; it is never printed with a
// hole in it.
func TestAMissingTextIsNoticed(t *testing.T) {
	p, err := newPrinter("en", nil)
	if err != nil {
		t.Fatal(err)
	}
	p.say("no.such.text")
	p.say("measure.km")
	want := []string{"no.such.text", "measure.km{n}"}
	if !slices.Equal(p.missing, want) {
		t.Errorf("missing %q, want %q", p.missing, want)
	}
	b := mustDaily(t, fixtureInput())
	b.Rows[0].Labels = []truce.Label{"unheard_of"}
	for _, print := range []func(truce.Bulletin, PrintOptions) (Document, error){HTML, Markdown} {
		if _, err := print(b, PrintOptions{}); truce.CodeOf(err) != truce.CodeInternal || !strings.Contains(err.Error(), "label.unheard_of") {
			t.Errorf("a label without a text: %v", err)
		}
	}
}
