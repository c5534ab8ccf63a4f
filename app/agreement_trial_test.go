package app

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// plainTerms is the plain test agreement, with tests, in a directory of its own.
func plainTerms(t *testing.T, tests string) string {
	t.Helper()
	return writeTerms(t, append(badBase(t, "plain", nil), truce.AgreementFile{Name: "tests/a.test", Data: []byte(tests)}))
}

const twoTrials = `test "far away"
  at 2026-04-11T16:20Z indirect_fire -48.0,-22.62 ±150m
  expect R01 outside
test "half"
  at 2026-04-11T16:20Z indirect_fire -48.0,-22.62 150m
  expect R01 hit
`

func TestATestThatCannotBeReadIsNotRun(t *testing.T) {
	p := newProgram(t)
	dir := plainTerms(t, twoTrials)
	r := p.runAlone("agreement", "test", dir)
	if r.code != 1 || strings.Contains(r.out, "FAIL") {
		t.Errorf("exit code %d, want 1 and no failure:\n%s", r.code, r.out)
	}
	for _, want := range []string{`a.test:5:51: "150m" is not understood here; did you mean "±150m"?`, "half: not run: line 5 cannot be read", "1 tests passed, 0 failed, 1 not run, 1 lines could not be read"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("output lacks %q:\n%s", want, r.out)
		}
	}
	if r := p.runAlone("agreement", "test", dir, "--json"); !strings.Contains(r.out, `"not_run": 1`) {
		t.Errorf("JSON says no test was not run:\n%s", r.out)
	}
}

func TestRunNamesNoTest(t *testing.T) {
	p := newProgram(t)
	dir := plainTerms(t, strings.Replace(twoTrials, " 150m", " ±150m", 1))
	if r := p.runAlone("agreement", "test", dir, "--run", "nomatch"); r.code != 1 || !strings.Contains(r.err, `no test holds "nomatch"`) {
		t.Errorf("exit code %d, %s%s", r.code, r.out, r.err)
	}
	if r := p.runAlone("agreement", "test", dir, "--run", "far"); r.code != 0 || !strings.Contains(r.out, "1 tests passed, 0 failed, 0 lines") {
		t.Errorf("exit code %d, %s%s", r.code, r.out, r.err)
	}
}
