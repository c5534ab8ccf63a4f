package grade_test

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/grade"
)

func incident(i int) truce.ID { return truce.NewID(0, "incident", "test", fmt.Append(nil, i)) }

// said is n things a source said, of which the first held turned out so.
func said(source truce.SourceID, family truce.Family, held, n int) []grade.Outcome {
	var out []grade.Outcome
	for i := range n {
		out = append(out, grade.Outcome{Source: source, Family: family, Incident: incident(i), Confirmed: i < held})
	}
	return out
}

// The lower ends were computed apart from this code, with the closed form x^(n+1) = 0.1 for
// sources that were never refuted.
func TestLetters(t *testing.T) {
	for _, row := range []struct {
		held, n int
		letter  string
	}{
		{9, 9, "F"},   // too few, whatever they are
		{10, 10, "C"}, // 0.1^(1/11) = 0.811
		{14, 14, "B"}, // 0.1^(1/15) = 0.858
		{43, 43, "B"}, // 0.1^(1/44) = 0.949
		{44, 44, "A"}, // 0.1^(1/45) = 0.9501
		{5, 10, "E"},
		{70, 100, "D"},
		{0, 40, "E"},
	} {
		got := grade.Learn(said("paper", truce.FamilyMedia, row.held, row.n))
		if len(got) != 1 || got[0].Letter != row.letter || got[0].Confirmed != row.held || got[0].Refuted != row.n-row.held {
			t.Errorf("%d of %d held: %+v, want %s", row.held, row.n, got, row.letter)
		}
	}
}

func TestText(t *testing.T) {
	got := grade.Learn(said("paper", truce.FamilyMedia, 10, 10))[0].Text()
	if want := "C (10 of 10 held, 80 % interval 0.81 to 0.99)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestPartiesHaveNoLetter(t *testing.T) {
	if got := grade.Learn(said("liaison-a", truce.FamilyParty, 20, 20)); got != nil {
		t.Errorf("%+v", got)
	}
}

func TestCopiesAndRepetitionsTeachNothing(t *testing.T) {
	own := said("paper", truce.FamilyMedia, 12, 15)
	more := slices.Clone(own)
	for i := range 200 {
		more = append(more, grade.Outcome{Source: "paper", Family: truce.FamilyMedia, Incident: incident(1000 + i), Group: "agency", Confirmed: true},
			grade.Outcome{Source: "paper", Family: truce.FamilyMedia, Incident: incident(0), Confirmed: true})
	}
	if a, b := grade.Learn(own)[0], grade.Learn(more)[0]; a != b {
		t.Errorf("%+v with copies, %+v without", b, a)
	}
	first := grade.Outcome{Source: "agency", Family: truce.FamilyMedia, Incident: incident(1), Group: "agency", First: true, Confirmed: true}
	if got := grade.Learn([]grade.Outcome{first}); len(got) != 1 || got[0].Confirmed != 1 {
		t.Errorf("who told it first is not credited: %+v", got)
	}
}

func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list []grade.Outcome
		for i := range rapid.IntRange(0, 40).Draw(t, "n") {
			list = append(list, grade.Outcome{Source: truce.SourceID(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "s")), Family: truce.FamilyMedia,
				Incident: incident(i % 7), Confirmed: rapid.Bool().Draw(t, "held")})
		}
		mixed := slices.Clone(list)
		rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed"))).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if !slices.Equal(grade.Learn(list), grade.Learn(mixed)) {
			t.Fatal("the order of what became known changes a grade")
		}
	})
}

func TestDigit(t *testing.T) {
	for want, c := range map[int]grade.Content{
		1: {Without: 0.96, Families: 2, Covered: true},
		2: {Without: 0.96, Families: 1, Covered: true},
		3: {Without: 0.5, Families: 1, Covered: true},
		4: {Without: 0.2, Covered: true},
		5: {Without: 0.1, Covered: true},
		6: {Without: 0.99, Families: 3},
	} {
		if got := grade.Digit(c); got != want {
			t.Errorf("%+v: %d, want %d", c, got, want)
		}
	}
}
