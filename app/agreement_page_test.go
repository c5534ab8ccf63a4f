package app

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// numbered is the plain test agreement with tests and with the clauses 10.1 and 2.1(b).
func numbered(t *testing.T) []truce.AgreementFile {
	t.Helper()
	files := append(badBase(t, "plain", nil), truce.AgreementFile{Name: "tests/a.test", Data: []byte(strings.Replace(twoTrials, " 150m", " ±150m", 1))})
	for _, clause := range []string{"10.1", "2.1(b)"} {
		for lang, text := range map[string]string{"en": "# Clause " + clause, "uk": "# Пункт " + clause} {
			files = append(files, truce.AgreementFile{Name: "clauses/" + lang + "/" + clause + ".md", Data: []byte(text + "\n")})
		}
	}
	return files
}

var clauseAnchor = regexp.MustCompile(`id="clause-([^"]+)"`)

// The page has the clauses in the order of their numbers and says in its own language
// which ways of a rule no test reaches.
func TestThePageOfAnAgreement(t *testing.T) {
	p := newProgram(t)
	dir := writeTerms(t, numbered(t))
	for lang, wants := range map[string][]string{
		"en": {"No test reaches: ", "indeterminate", "exempt claimed in vain", "act direct fire"},
		"uk": {"Не охоплено випробуваннями: ", "невизначено", "виняток заявлено", "дія: "},
	} {
		r := p.runAlone("agreement", "render", dir, "--html", "--lang", lang)
		if r.code != 0 {
			t.Fatalf("%s: exit code %d: %s", lang, r.code, r.err)
		}
		for _, want := range wants {
			if !strings.Contains(r.out, want) {
				t.Errorf("%s: the page lacks %q", lang, want)
			}
		}
		if lang == "uk" && regexp.MustCompile(`охоплено випробуваннями: [^<]*(outside|exempt|act )`).MatchString(r.out) {
			t.Error("the Ukrainian page names branches in English")
		}
		var clauses []string
		for _, m := range clauseAnchor.FindAllStringSubmatch(r.out, -1) {
			clauses = append(clauses, m[1])
		}
		if want := []string{"1.1", "1.2", "2.1", "2.1(b)", "3.1", "4.1", "5.1", "10.1"}; !slices.Equal(clauses, want) {
			t.Errorf("%s: clauses %v, want %v", lang, clauses, want)
		}
	}
}

// pageTests are one test of each way to stand.
const pageTests = `test "passes"
  at 2026-04-11T16:20Z indirect_fire -48.0,-22.62 ±150m
  expect R01 outside
test "fails"
  at 2026-04-11T16:20Z indirect_fire -48.0,-22.62 ±150m
  expect R01 hit
test "cannot be read"
  at 2026-04-11T16:20Z indirect_fire -48.0,-22.62 150m
  expect R01 hit
`

// A test that was not run is no failure, and the page says why it was not.
func TestThePageSaysWhichTestsWereNotRun(t *testing.T) {
	p := newProgram(t)
	dir := plainTerms(t, pageTests)
	for lang, wants := range map[string][]string{
		"en": {
			"<dd>1 of 3 pass, 1 fail, 1 not run</dd>", `<li>fails <span class="bad">(fails)</span></li>`, "<li>passes</li>",
			`<li>cannot be read <span class="stands">(not run: line 8 cannot be read)</span></li>`,
			"expected: R01 hit<br>found: outside_scope with p 0.0000",
		},
		"uk": {
			"<dd>пройдено 1 із 3, не пройдено 1, не виконано 1</dd>", `<span class="bad">(не пройдено)</span>`, "(не виконано: рядок 8 неможливо прочитати)",

			"очікувано: R01 hit<br>отримано: поза правилом (outside), p 0,0000", "<h2>Випробування, яких не виконано</h2>",
		},
	} {
		r := p.runAlone("agreement", "render", dir, "--html", "--lang", lang)
		for _, want := range wants {
			if r.code != 0 || !strings.Contains(r.out, want) {
				t.Errorf("%s: exit code %d, the page lacks %q", lang, r.code, want)
			}
		}
		if n := strings.Count(r.out, `class="bad"`); n != 1 {
			t.Errorf("%s: %d tests are shown as failing, want 1", lang, n)
		}
	}
}

// The ladder is said by the command and stands on the page, in both languages.
func TestTheLadderIsSaidAndPrinted(t *testing.T) {
	p := newProgram(t)
	const dir = "../examples/agreements/illustrative"
	for lang, wants := range map[string][]string{
		"en": {"Tier T1: Warning", "each another person: lead of the mechanism and chair of the commission.", "Path blind: A blind sector"},
		"uk": {"Рівень T1: Попередження", "кожен від іншої особи: керівник механізму та голова комісії.", "Шлях blind: Невидимий сектор"},
	} {
		said := p.runAlone("agreement", "explain", dir, "--ladder", "--lang", lang)
		page := p.runAlone("agreement", "render", dir, "--html", "--lang", lang)
		for _, want := range wants {
			if said.code != 0 || !strings.Contains(said.out, want) || page.code != 0 || !strings.Contains(page.out, want) {
				t.Errorf("%s: exit codes %d and %d, %q is missing in\n%s", lang, said.code, page.code, want, said.out)
			}
		}
	}
	if page := p.runAlone("agreement", "render", dir, "--html"); !strings.Contains(page.out, "Tests of the ladder (21)") || strings.Count(page.out, "No test reaches") > 0 {
		t.Error("the page does not list the tests of the ladder")
	}
	bare := p.runAlone("agreement", "render", plainTerms(t, pageTests), "--html", "--lang", "uk").out
	if !strings.Contains(bare, "Жодне випробування не стосується сходів.") || !strings.Contains(bare, "Не охоплено випробуваннями: рівень L0; шлях униз з L0") {
		t.Error("the page does not say that no test speaks of the ladder")
	}
	if r := p.runAlone("agreement", "explain", dir, "--ladder", "--json"); !strings.Contains(r.out, `"id": "T3"`) {
		t.Errorf("JSON without the tier T3: %s%s", r.out, r.err)
	}
	if r := p.runAlone("agreement", "explain", "../examples/agreements/korea-1953", "--ladder"); r.code != 1 || !strings.Contains(r.err, "has no response ladder") {
		t.Errorf("an agreement without a ladder: exit code %d, %s", r.code, r.err)
	}
	if r := p.runAlone("agreement", "explain", dir, "--ladder", "--lang", "xx"); r.code == 0 || !strings.Contains(r.err, "explained in en, uk") {
		t.Errorf("an unknown language: exit code %d, %s", r.code, r.err)
	}
}

// Dates are said by the clocks of the zone and in the words of the text, the authentic
// clause is named as such, and versions of a rule are told apart.
func TestThePageOfAnAgreementOfTwoLanguages(t *testing.T) {
	p := newProgram(t)
	for _, row := range []struct {
		dir, lang string
		wants     []string
	}{
		{"korea-1953", "uk", []string{`1953-07-27 22:00 (Asia/Seoul)<br>`, `словами тексту: <span lang="en">22:00 on 27 July 1953, local time`, "Автентичний текст</p>", "кінець не узгоджено"}},
		{"korea-1953", "en", []string{"<dt>Takes effect</dt>", "no end is agreed"}},
		{"minsk-2014-2015", "en", []string{`id="rule-R03-1"><h3>R03, version 1: `, `id="rule-R03-2"><h3>R03, version 2: `, `id="rule-R02"><h3>R02: `}},
	} {
		r := p.runAlone("agreement", "render", "../examples/agreements/"+row.dir, "--html", "--lang", row.lang)
		for _, want := range row.wants {
			if r.code != 0 || !strings.Contains(r.out, want) {
				t.Errorf("%s %s: exit code %d, the page lacks %q", row.dir, row.lang, r.code, want)
			}
		}
		if row.lang == "en" && strings.Contains(r.out, "Authentic text") {
			t.Errorf("%s: the authentic text stands twice", row.dir)
		}
	}
}

// The page has a word for everything in both languages.
func TestWordsOfThePage(t *testing.T) {
	for key, en := range agreementPageWords["en"] {
		if _, ok := agreementPageWords["uk"][key]; !ok {
			t.Errorf("%s (%s) has no word in uk", key, en)
		}
	}
	if en, uk := len(agreementPageWords["en"]), len(agreementPageWords["uk"]); en != uk {
		t.Errorf("%d words in en, %d in uk", en, uk)
	}
}

func TestTheComparisonHasHeadingsInTheLanguage(t *testing.T) {
	p := newProgram(t)
	before := writeTerms(t, badBase(t, "plain", nil))
	after := writeTerms(t, badBase(t, "full", nil))
	for lang, wants := range map[string][]string{
		"en": {"\nzone Z-BOX: changed\n", "\nrule X1: new\n", "at heights of up to 500 m"},
		"uk": {"\nзона Z-BOX: змінено\n", "\nправило X1: нове\n", "на висотах до 500 м"},
	} {
		r := p.runAlone("agreement", "diff", before, after, "--lang", lang)
		for _, want := range wants {
			if r.code != 0 || !strings.Contains(r.out, want) {
				t.Errorf("%s: exit code %d, no %q in\n%s", lang, r.code, want, r.out)
			}
		}
	}
	if r := p.runAlone("agreement", "diff", before, before, "--lang", "uk"); r.out != "Обидві говорять те саме.\n" {
		t.Errorf("of one and the same: %q", r.out)
	}
	if r := p.runAlone("agreement", "diff", before, after, "--json"); !strings.Contains(r.out, `"how": "new"`) {
		t.Errorf("JSON does not say what is new: %s%s", r.out, r.err)
	}
}
