package app

import (
	"os"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/agreement/trial"
)

// The tests of the example reach every tier, path and way down of its ladder.
func TestTheExampleReachesItsWholeLadder(t *testing.T) {
	terms, err := readAgreement("../examples/agreements/illustrative")
	if err != nil {
		t.Fatal(err)
	}
	report, err := runTrials(terms, "ladder: ")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Results {
		for _, f := range r.Failures {
			t.Errorf("%s: %s", r.Name, f)
		}
	}
	if len(report.Results) < 12 || report.Failed+report.NotRun > 0 {
		t.Errorf("%d tests, %d failed, %d not run", len(report.Results), report.Failed, report.NotRun)
	}
	cover := trial.Cover(terms.Agreement, report.Results)
	last := cover[len(cover)-1]
	if missed := last.Missed(); last.Rule != trial.LadderCover || len(missed) > 0 || len(last.Branches) != 15 {
		t.Errorf("%s: %d branches, no test reaches %v", last.Rule, len(last.Branches), missed)
	}
}

// What check passes can be run: no ladder of the corpus without an error is refused by the
// machine that runs it.
func TestALadderThatCheckPassesCanBeRun(t *testing.T) {
	entries, err := os.ReadDir(badDir)
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, entry := range entries {
		c := readBadCase(t, entry.Name())
		if c.level != string(agreement.LevelWarning) || !strings.HasPrefix(entry.Name(), "ladder-") {
			continue
		}
		terms, err := agreement.Parse(c.changed(t))
		if err != nil {
			t.Fatalf("%s: %v", entry.Name(), err)
		}
		if _, err := runLadder(trial.History{Terms: *terms.Ladder, Parties: []truce.PartyID{"A", "B"}, States: []truce.StateID{"FAR"}}); err != nil {
			t.Errorf("%s: %v", entry.Name(), err)
		}
		ran++
	}
	if ran < 12 {
		t.Errorf("%d ladders were run", ran)
	}
}

const ladderTrials = `test "the form of the handbook"
  at 2026-04-11T16:20Z indirect_fire -48.0,-21.62 ±150m
  at +5m watch_officer signs L0
  at +26h expect tier L0
  expect no tier at +1m
test "fails with the steps of the case"
  at 2026-04-11T16:20Z indirect_fire -48.0,-21.62 ±150m
  at +5m chair signs L0
  expect tier L0
test "outside"
  at 2026-04-11T16:20Z indirect_fire -48.0,-22.62 ±150m
  expect no case
`

// A failure prints what happened in the case, in sentences, and cover lists what of the
// ladder no test reaches, in the language of the reader.
func TestTestsOfTheLadderAreRun(t *testing.T) {
	p := newProgram(t)
	dir := plainTerms(t, ladderTrials)
	r := p.runAlone("agreement", "test", dir, "--cover")
	for _, want := range []string{
		"FAIL  fails with the steps of the case\n", "a.test:9: want tier L0\n    got no tier, proposed L0 (0 of 1 signed)\n",
		"| 2026-04-11 16:20:00 UTC: tier L0 (Watch) was proposed because", "a.test:8: want at +5m chair signs L0\n    got refused: the passage into L0 is signed by",
		"ladder     2 tests, 1 of 2 branches reached\n         not reached: down L0\n", "2 tests passed, 1 failed",
	} {
		if r.code != 1 || !strings.Contains(r.out, want) {
			t.Errorf("exit code %d, no %q in\n%s", r.code, want, r.out)
		}
	}
	if r := p.runAlone("agreement", "test", dir, "--cover", "--lang", "uk"); !strings.Contains(r.out, "не охоплено: шлях униз з L0") {
		t.Errorf("the cover is not in Ukrainian:\n%s", r.out)
	}
}
