package pledge

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// TestANumberOverTheBoundNamesIt: 10^20 is a number of 0 or more, and is told what it is over.
func TestANumberOverTheBoundNamesIt(t *testing.T) {
	for text, want := range map[string]string{"100000000000000000000": "the bound is 1000000000000000", "-1": "0 or more", "NaN": "0 or more"} {
		if _, err := number("quantity", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestAStateIsWrittenAsAtEnrolment: what a person may be of, a promise may be of too.
func TestAStateIsWrittenAsAtEnrolment(t *testing.T) {
	for state, want := range map[truce.StateID]bool{"FR": true, "EU-MISSION": true, "GA1": true, "fr": false, "F": false, "-FR": false, "F/R": false, "ABCDEFGHIJKLM": false} {
		if got := checkState("promise", state) == nil; got != want {
			t.Errorf("state %q: %v", state, got)
		}
	}
}

// TestNoCellOfAnExportRunsAsAFormula: a spreadsheet runs nothing of what others wrote, and
// import reads what export wrote.
func TestNoCellOfAnExportRunsAsAFormula(t *testing.T) {
	for _, why := range []string{"=cmd|' /C calc'!A0", "+1", "-1", "@sum", "'=x", "''+x", "'plain", "plain", "a=b", ""} {
		c := truce.Contribution{ID: "c-1", State: "FAR", To: "mechanism", Capability: "drone", Unit: "pieces", Quantity: 3, Steps: []truce.ContributionStep{{
			State: truce.ContributionPledged, Quantity: 3, Day: "2026-01-04", Why: why, Source: truce.Citation{Kind: truce.CiteStatement, Publisher: "=1+1"}}}}
		var out bytes.Buffer
		if err := WriteContributions(&out, []truce.Contribution{c}); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(out.Bytes())).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%v: %d rows", err, len(rows))
		}
		for i, cell := range rows[1] {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
				t.Errorf("%s of %q is %q", rows[0][i], why, cell)
			}
		}
		back, rejected, err := ReadContributions(&out)
		if err != nil || len(rejected) > 0 || len(back) != 1 || back[0].Steps[0].Why != why || back[0].Steps[0].Source.Publisher != "=1+1" {
			t.Errorf("%q is read back as %+v, %v, %v", why, back, rejected, err)
		}
	}
}
