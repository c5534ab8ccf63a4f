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
