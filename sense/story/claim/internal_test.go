package claim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		text string
		want []int
	}{
		{"2,935 violations", []int{2935}},
		{"2 935 порушень", []int{2935}},
		{"2\u00a0935 порушень", []int{2935}},
		{"1,234,567 rounds", []int{1234567}},
		{"In 2020, 500 people", []int{2020, 500}},
		{"seven and twenty-one", []int{7, 21}},
		{"two hundred and five thousand three hundred", []int{205300}},
		{"дві тисячі сто п'ять", []int{2105}},
		{"двадцять сім дронів", []int{27}},
		{"3 тис. снарядів", []int{3000}},
		{"1.5 million rounds", []int{1500000}},
		{"1.5 drones", nil},
		{"62 of 74 drones", []int{74}},
		{"62 із 74 дронів", []int{74}},
		{"62 out of the 74", []int{74}},
		{"dozens, hundreds and thousands of drones", nil},
		{"десятки й тисячі дронів", nil},
		{"at 12:30 on 2026-01-20 the 72-hour truce with 20-point plan", nil},
		{"120 billion", nil},
		{"Shahed-136 and F-16", nil},
		{"0 drones", nil},
		{"a dozen drones", []int{12}},
		{"сто дронів", []int{100}},
	} {
		r := book().reading(Sentence{Text: c.text}, false, nil)
		var got []int
		for _, n := range r.numbers() {
			got = append(got, n.value)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q: %v, want %v", c.text, got, c.want)
		}
	}
}

func TestTokensKeepTheirPlace(t *testing.T) {
	text := "The U.S.-led «мирний» план of Ukraine’s allies: 1,200 — “so” об'єкт."
	var words []string
	for _, w := range tokens(text) {
		if text[w.from:w.to] != w.raw {
			t.Errorf("%q stands at %d", w.raw, w.from)
		}
		words = append(words, w.word)
	}
	want := `the u.s. - led " мирний " план of ukraine allies : 1,200 - " so " об'єкт .`
	if got := strings.Join(words, " "); got != want {
		t.Errorf("%s\n got %s\nwant %s", text, got, want)
	}
}

// TestWordsAreSound is the lint of the files: every key is one that the program knows, no
// spelling stands twice in a section, every section is used.
func TestWordsAreSound(t *testing.T) {
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, list := range lib.words.byStart {
		for _, p := range list {
			lintPhrase(t, p)
			spelling := fmt.Sprint(p.section, p.words)
			if key, twice := seen[spelling]; twice && key != p.key && len(p.key) != 2 {
				t.Errorf("%s: %v stands under %q and %q", p.line, p.words, key, p.key)
			}
			seen[spelling] = p.key
		}
	}
	if len(seen) < 2000 || len(lib.rules) < 15 || len(lib.ends) < 40 {
		t.Errorf("%d spellings, %d rules, %d endings: the files are not all read", len(seen), len(lib.rules), len(lib.ends))
	}
	for _, want := range []string{"person:zelensky", "state:RU", "group:coalition", "org:osce"} {
		if !slices.Contains(keysOf(lib.words, "actor"), want) {
			t.Errorf("no actor %q", want)
		}
	}
}

// lintPhrase holds one entry against what the program knows.
func lintPhrase(t *testing.T, p *phrase) {
	t.Helper()
	switch p.section {
	case "weapon", "deed", "shell":
		if !truce.Act(p.key).Known() {
			t.Errorf("%s: %q is no act of the tree", p.line, p.key)
		}
		if !slices.Contains(truce.Units(), truce.Unit(p.attrs["unit"])) {
			t.Errorf("%s: %q is no counting unit", p.line, p.attrs["unit"])
		}
	case "actor":
		kind, name, ok := strings.Cut(p.key, ":")
		if !ok || name == "" || !slices.Contains([]string{"state", "org", "group", "person", "side"}, kind) {
			t.Errorf("%s: %q is no key of an actor", p.line, p.key)
		}
	case "subject":
		if p.key != strings.ToLower(p.key) || strings.ContainsAny(p.key, " :") {
			t.Errorf("%s: %q is no key of a subject", p.line, p.key)
		}
	}
	if p.section == "actor" || p.section == "subject" {
		if p.attrs["en"] == "" || p.attrs["uk"] == "" {
			t.Errorf("%s: %q has no name in English and Ukrainian", p.line, p.key)
		}
	}
	for i, w := range p.words {
		if w.text == "" && (i == 0 || !w.open) {
			t.Errorf("%s: an empty word", p.line)
		}
	}
}

func TestRulesAreSound(t *testing.T) {
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, r := range lib.rules {
		if names[r.name] || len(r.patterns) == 0 {
			t.Errorf("rule %s stands twice or has no pattern", r.name)
		}
		names[r.name] = true
		if (r.kind == truce.ClaimCommitment) != (r.firmness != "") {
			t.Errorf("rule %s of kind %s has the firmness %q", r.name, r.kind, r.firmness)
		}
		if r.kind == truce.ClaimPosition && r.stance == "" {
			t.Errorf("rule %s is of a position and has no stance", r.name)
		}
		if !strings.HasPrefix(r.name, string(r.kind[:4])) && !strings.HasPrefix(r.name, "reversal") {
			t.Errorf("rule %s does not begin with its kind %s", r.name, r.kind)
		}
	}
}

func TestBadFilesAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"troops = troop*":               "before the first [section]",
		"[subject]\ntroops troop*":      "write key = phrase",
		"[subject]\ntroops = troop*, ,": "without a key or a word",
		"[weapon]\nuav (unit) = drone":  "write (name value",
		"[subject]\n= drone":            "without a key or a word",
	} {
		if err := newLexicon().read("w.txt", text); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "w.txt:") {
			t.Errorf("%q: error %v, want %q with file and line", text, err, want)
		}
	}
	known := map[string]bool{"neg": true}
	for text, want := range map[string]string{
		"  <actors> <neg>":                        "before the first rule",
		"rule a":                                  "write rule name = kind",
		"rule a = promise 0.9":                    "no kind of claim",
		"rule a = event 0.9":                      "no kind of claim",
		"rule a = position high for":              "no number",
		"rule a = position 1.5 for":               "no number",
		"rule a = position 0.9 perhaps":           "no firmness",
		"rule a = position 0.9 for\n <verb>":      "no section",
		"rule a = position 0.9 for\n <neg> _99":   "a gap is of 1 to",
		"rule a = position 0.9 for\n _2 <actors>": "begins with a gap",
	} {
		if _, err := readRules("r.txt", text, known); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "r.txt:") {
			t.Errorf("%q: error %v, want %q with file and line", text, err, want)
		}
	}
}

func TestPronounsMeanWhoeverLed(t *testing.T) {
	first := book().reading(Sentence{Text: "Ahead of his meeting with the Russian leader, Trump spoke."}, false, nil)
	if first.lead == nil || first.lead.key != "person:trump" {
		t.Fatalf("the sentence is led by %+v, want Trump", first.lead)
	}
	he := book().reading(Sentence{Text: "Later he left."}, false, first.lead)
	it := book().reading(Sentence{Text: "Later it rained."}, false, first.lead)
	if len(he.mentions) != 1 || he.mentions[0].key != "person:trump" || len(it.mentions) != 0 {
		t.Errorf("he means %+v, it means %+v: want Trump and nobody", he.mentions, it.mentions)
	}
}

func TestOneKeyForManySpellings(t *testing.T) {
	for spelling, want := range map[string]string{
		"Zelensky": "person:zelensky", "Zelenskyy": "person:zelensky", "Зеленський": "person:zelensky", "Зеленського": "person:zelensky",
		"Whitkoff": "person:whitkoff", "Steve Witkoff": "person:whitkoff", "Віткоффом": "person:whitkoff",
		"the U.S.": "state:US", "США": "state:US", "Ukraine's allies": "group:allies", "coalition of the willing": "group:coalition",
		"Росією": "state:RU", "російських військ": "state:RU", "Zelenskij": "person:zelensky",
	} {
		r := book().reading(Sentence{Text: spelling}, false, nil)
		if len(r.mentions) != 1 || r.mentions[0].key != want {
			t.Errorf("%q is %+v, want %s", spelling, r.mentions, want)
		}
	}
	for _, none := range []string{"us", "they told us", "un ami", "rome wasn't"} {
		if r := book().reading(Sentence{Text: none}, false, nil); len(r.mentions) != 0 {
			t.Errorf("%q is taken for %+v", none, r.mentions)
		}
	}
}

// keysOf lists the keys of a section.
func keysOf(x *lexicon, section string) []string {
	set := map[string]bool{}
	for _, list := range x.byStart {
		for _, p := range list {
			if p.section == section {
				set[p.key] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(set))
}
