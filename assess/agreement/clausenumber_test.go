package agreement

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	truce "github.com/trucewatch/truce"
)

func TestClausesStandInTheOrderOfTheirNumbers(t *testing.T) {
	want := []string{"1", "1.1", "1.1(a)", "1.1(b)", "1.2", "1.10", "2", "2bis", "4.2", "4.2(b)", "4.02(c)", "10", "10.1", "11", "100", "A", "A.2", "A.10", "annex-1"}
	got := slices.Clone(want)
	r := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		r.Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
		slices.SortFunc(got, compareNumbers)
		if !slices.Equal(got, want) {
			t.Fatalf("order %v, want %v", got, want)
		}
	}
	for _, a := range want {
		for _, b := range want {
			if x, y := compareNumbers(a, b), compareNumbers(b, a); x != -y || (x == 0) != (a == b) {
				t.Errorf("%s and %s: %d one way, %d the other", a, b, x, y)
			}
		}
	}
}

// A clause may have a number with brackets and a rule and an open point may cite it.
func TestAClauseMayHaveAPointOfALetter(t *testing.T) {
	files := edited(t, MainFile, "    clause: \"2.1\"\n", "    clause: 2.1(b)\n")
	files = append(files,
		truce.AgreementFile{Name: "clauses/en/2.1(b).md", Data: []byte("# Point b\n")},
		truce.AgreementFile{Name: "clauses/uk/2.1(b).md", Data: []byte("# Пункт б\n")},
		truce.AgreementFile{Name: "clauses/en/10.1.md", Data: []byte("# Ten\n")},
		truce.AgreementFile{Name: "clauses/uk/10.1.md", Data: []byte("# Десять\n")})
	a := mustParse(t, files)
	if got := fullRule(t, a, "R02").Clause; got != "2.1(b)" {
		t.Errorf("clause %q", got)
	}
	var ids []string
	for _, c := range a.Clauses {
		ids = append(ids, c.ID)
	}
	if got := strings.Join(ids, " "); !strings.HasSuffix(got, "2.1 2.1(b) 3.1 4.1 5.1 10.1") {
		t.Errorf("clauses in the order %s", got)
	}
}

func TestANumberThatIsNoneIsRefused(t *testing.T) {
	for _, bad := range []string{"4.2 b", "(b)", "4/2", "../4", "4.2[b]", strings.Repeat("1", 65)} {
		problems := refusal(t, edited(t, MainFile, "    clause: \"2.1\"\n", "    clause: \""+bad+"\"\n"))
		if !slices.ContainsFunc(problems, func(p Problem) bool { return strings.Contains(p.String(), "want the number of a clause") }) {
			t.Errorf("%q: %v", bad, problems)
		}
	}
}

// A prohibition that names no p_min has the default of the language.
func TestAProhibitionHasADefaultProbability(t *testing.T) {
	files := edited(t, MainFile, "    p_min: 0.9\n    p_out: 0.1\n", "    p_out: 0.1\n")
	if got := fullRule(t, mustParse(t, files), "R04").PMin; got != DefaultPMin {
		t.Errorf("p_min %g, want %g", got, DefaultPMin)
	}
}
