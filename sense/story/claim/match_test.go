package claim

import (
	"strings"
	"testing"
)

// small is a lexicon of a few words for the tests of patterns.
func small(t *testing.T) *lexicon {
	t.Helper()
	x := newLexicon()
	err := x.read("small.txt", `
[actor]
state:A = Alpha, Alphan*
state:B = Beta
[say]
en = said
[agree]
en = agreed
[neg]
en = not
[barrier]
en = but
[subject]
troops = troop*, ground troops
shells = shell*
[preposition]
en = of, to
`)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestPatterns(t *testing.T) {
	x := small(t)
	for _, c := range []struct {
		pattern, text string
		fits          bool
	}{
		{"<actors> <agree> <subject>", "Alpha agreed troops", true},
		{"<actors> <agree> <subject>", "Alpha agreed on troops", false},
		{"<actors> <agree> _1 <subject>", "Alpha agreed on troops", true},
		{"<actors> <agree> _1 <subject>", "Alpha agreed on the troops", false},
		{"<actors> _3 <agree>", "Alpha has not agreed", false},
		{"<actors> ..3 <agree>", "Alpha has not agreed", true},
		{"<actors> _3 <agree>", "Alpha of Beta agreed", true},
		{"<actors> ..5 <agree>", "Alpha spoke but nobody agreed", false},
		{"<actors> ..5 <agree>", "Alpha spoke; nobody agreed", false},
		{"<actors> <neg>? <agree>", "Alpha agreed", true},
		{"<actors> <neg>? <agree>", "Alpha not agreed", true},
		{"<actors> send/sends troop*", "Alpha sends troopers", true},
		{"<actors> send/sends troop*", "Alpha sent troops", false},
		{"<actors> <subject=shells>", "Alpha shells", true},
		{"<actors> <subject=shells>", "Alpha troops", false},
		{"<actors> <agree>", "Alpha and Beta agreed", true},
		{"<actors> <agree>", "Alpha, Beta agreed", true},
		{"<actors> <agree>", "Alpha's agreed", false},
		{"<actors> <subject>", "Alpha's troops", true},
		{"<actors> <agree>", "to Alpha agreed", false},
	} {
		pattern, err := readPattern(c.pattern, x.sections)
		if err != nil {
			t.Fatal(err)
		}
		r := x.reading(Sentence{Text: c.text}, false, nil)
		fits := false
		for at := range r.words {
			if r.mayBegin(&pattern[0], at) {
				_, ok := r.match(pattern, at)
				fits = fits || ok
			} else if _, ok := r.match(pattern, at); ok {
				t.Errorf("%s: %q fits at word %d, where it may not begin", c.pattern, c.text, at)
			}
		}
		if fits != c.fits {
			t.Errorf("%s: %q fits: %v, want %v", c.pattern, c.text, fits, c.fits)
		}
	}
}

func TestWhoActsInAPattern(t *testing.T) {
	x := small(t)
	for pattern, want := range map[string]string{
		"<actors> <say> <actors> <agree>":       "state:B",
		"<actors> <say> <actors=other> <agree>": "state:A",
	} {
		parts, err := readPattern(pattern, x.sections)
		if err != nil {
			t.Fatal(err)
		}
		r := x.reading(Sentence{Text: "Alpha said Beta agreed"}, false, nil)
		if f, ok := r.match(parts, 0); !ok || len(f.actors) != 1 || f.actors[0].key != want {
			t.Errorf("%s: %+v, want %s", pattern, f.actors, want)
		}
	}
}

func TestLongestPhraseCounts(t *testing.T) {
	x := small(t)
	r := x.reading(Sentence{Text: "They sent ground troops and troopships, Alphans and alphans."}, false, nil)
	var got []string
	for _, m := range r.marks["subject"] {
		got = append(got, r.text(m.from, m.to))
	}
	if text := strings.Join(got, ", "); text != "ground troops, troopships" {
		t.Errorf("subjects: %s", text)
	}
	if len(r.mentions) != 1 || r.text(r.mentions[0].from, r.mentions[0].to) != "Alphans" {
		t.Errorf("actors %+v: want the one with a capital letter", r.mentions)
	}
	if long := x.reading(Sentence{Text: "trooperdoming"}, false, nil); len(long.marks["subject"]) != 0 {
		t.Error("an ending of eight letters is taken")
	}
}

func TestLinesMayGoOn(t *testing.T) {
	x := newLexicon()
	if err := x.read("w.txt", "[a]\nen = one, # first\n  two,\n\tthree\nuk = чотири # fourth"); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"one", "two", "three", "чотири"} {
		if !x.has("a", word) {
			t.Errorf("%q is not read", word)
		}
	}
	if x.has("a", "fourth") || x.has("a", "first") {
		t.Error("a comment is read")
	}
}

func TestSearchIsBounded(t *testing.T) {
	x := small(t)
	parts, err := readPattern("<actors> ..12 a* ..12 a* ..12 a* ..12 a* ..12 <agree>", x.sections)
	if err != nil {
		t.Fatal(err)
	}
	r := x.reading(Sentence{Text: "Alpha " + strings.Repeat("aa ", 390)}, false, nil)
	if _, ok := r.match(parts, 0); ok || r.steps > maxSteps+500 {
		t.Errorf("fits %v after %d steps, the bound is %d", ok, r.steps, maxSteps)
	}
	if r.steps <= maxSteps/2 {
		t.Errorf("only %d steps: the test does not reach the bound", r.steps)
	}
}
