package arrivals_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/trucewatch/truce/source/arrivals"
)

func TestReadDecisions(t *testing.T) {
	text := "by,decision,arrivals,others\nan-1,excluded,p1,\nan-1,apart,p2  p3,p4\nan-2,together,p5 p6,\n"
	rows, rejects, err := arrivals.ReadDecisions(strings.NewReader(text))
	want := []arrivals.Decision{
		{Verdict: arrivals.Excluded, Arrivals: []string{"p1"}, Others: []string{}},
		{Verdict: arrivals.Apart, Arrivals: []string{"p2", "p3"}, Others: []string{"p4"}},
		{Verdict: arrivals.Together, Arrivals: []string{"p5", "p6"}, Others: []string{}},
	}
	if err != nil || rejects.Rows > 0 || !reflect.DeepEqual(rows, want) {
		t.Errorf("%v, %v, %v", rows, rejects, err)
	}
	rows, _, err = arrivals.ReadDecisions(strings.NewReader("decision,arrivals\nexcluded,p1\n"))
	if err != nil || len(rows) != 1 {
		t.Errorf("without the column others: %v, %v", rows, err)
	}
}

func TestDecisionsLeftOut(t *testing.T) {
	const good = "excluded,p1,\n"
	for row, want := range map[string]string{
		"perhaps,p1,":     `line 3: decision "perhaps" is none of excluded, apart and together`,
		",p1,":            `line 3: decision ""`,
		"excluded,,":      "line 3: arrivals names 0, and excluded takes 1",
		"together,p1,":    "line 3: arrivals names 1, and together takes 2",
		"apart,p1,":       "line 3: others stands there with apart",
		"excluded,p1,p2":  "line 3: others stands there with apart",
		"together,p1 p2":  "line 3: 2 columns",
		"together,a b,cc": "line 3: others stands there with apart",
	} {
		rows, rejects, err := arrivals.ReadDecisions(strings.NewReader(arrivals.DecisionsShape + "\n" + good + row + "\n" + good))
		if err != nil || len(rows) != 2 || rejects.Rows != 1 || !strings.HasPrefix(rejects.Named[0].Error(), want) {
			t.Errorf("%q: %d rows, %+v, %v", row, len(rows), rejects, err)
		}
	}
	for text, want := range map[string]string{"": "the file is empty", "decision\n": "no column arrivals"} {
		if _, _, err := arrivals.ReadDecisions(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// FuzzReadDecisions: what comes through names as many arrivals as its kind takes.
func FuzzReadDecisions(f *testing.F) {
	f.Add(arrivals.DecisionsShape + "\napart,p1 p2,p3\n")
	f.Add("others,arrivals,decision\n,a b,together\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, _, err := arrivals.ReadDecisions(strings.NewReader(text))
		for _, r := range rows {
			if err == nil && (len(r.Arrivals) == 0 || (r.Verdict == arrivals.Apart) != (len(r.Others) > 0)) {
				t.Fatalf("%q gave %v", text, r)
			}
		}
	})
}
