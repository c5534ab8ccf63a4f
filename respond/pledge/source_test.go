package pledge

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// TestEveryStepSaysWhoSaysSo: a step without a source is refused wherever it is entered,
// with the row, the column and the mend.
func TestEveryStepSaysWhoSaysSo(t *testing.T) {
	const header = "id,state,to,capability,unit,step,quantity,day,source_kind,publisher\n"
	const pledged = "fa-uav,FA,mechanism,uav,pieces,pledged,6,2026-01-10,statement,Farland\n"
	for _, c := range []struct{ name, row, want string }{
		{"no source", "fa-uav,FA,mechanism,uav,pieces,approved,6,2026-02-01,,", "approved on 2026-02-01: source_kind is empty: write press, statement, draft, instrument or gazette, and who says it under publisher"},
		{"no publisher", "fa-uav,FA,mechanism,uav,pieces,approved,6,2026-02-01,gazette,", "approved on 2026-02-01: publisher is empty: write who says it"},
		{"unknown kind", "fa-uav,FA,mechanism,uav,pieces,approved,6,2026-02-01,rumour,Farland", `source_kind is "rumour": write press, statement, draft, instrument or gazette`},
		{"no day", "fa-uav,FA,mechanism,uav,pieces,approved,6,,gazette,Farland", "YYYY-MM-DD"},
	} {
		_, rejected, err := ReadContributions(strings.NewReader(header + pledged + c.row + "\n"))
		if err != nil || len(rejected) != 2 || rejected[1].Line != 3 || !strings.Contains(rejected[1].Reason, c.want) {
			t.Errorf("%s: %v %+v", c.name, err, rejected)
		}
	}
	_, _, err := ReadContributions(strings.NewReader("id,state,to,capability,unit,step,quantity,day\n"))
	if err == nil || !strings.Contains(err.Error(), "line 1: column source_kind is missing") {
		t.Errorf("a table without the columns of a source: %v", err)
	}
	c := truce.Contribution{ID: "fa-uav", State: "FA", To: ToMechanism, Capability: "uav", Unit: "pieces", Steps: []truce.ContributionStep{{State: truce.ContributionPledged, Quantity: 6, Day: "2026-01-10"}}}
	if err := ValidateContribution(c); err == nil || !strings.Contains(err.Error(), "pledged on 2026-01-10: the source is of the kind \"\"") {
		t.Errorf("entered without a source: %v", err)
	}
	c.Steps[0].Source = truce.Citation{Kind: truce.CiteGazette, Publisher: "Gazette", Day: "10.1.2026"}
	if err := ValidateContribution(c); err == nil || !strings.Contains(err.Error(), "YYYY-MM-DD") {
		t.Errorf("a source of no day: %v", err)
	}
}

// TestTheExerciseAccountComesBackAsItWent: each of its steps has a source that is plainly
// invented, and the file is what export writes of it.
func TestTheExerciseAccountComesBackAsItWent(t *testing.T) {
	const path = "../../examples/pledges/exercise/contributions.csv"
	list := readExample(t, path, ReadContributions)
	steps := 0
	for _, c := range list {
		for _, s := range c.Steps {
			if steps++; !strings.HasPrefix(s.Source.Title, "Exercise ") || !strings.Contains(s.Source.Publisher, string(c.State)) {
				t.Errorf("%s, %s: the source %+v does not say that it is of an exercise", c.ID, s.State, s.Source)
			}
		}
	}
	if steps < 90 {
		t.Errorf("%d steps", steps)
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := WriteContributions(&out, list); err != nil || out.String() != string(want) {
		t.Errorf("%v: what is written is not what was read:\n%s", err, out.String())
	}
}
