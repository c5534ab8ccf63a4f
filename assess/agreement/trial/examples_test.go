package trial

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/trucewatch/truce/assess/agreement"
)

// leastTests is how many tests each rule of an example has at least.
const leastTests = 6

// TestExamplesHoldWhatTheySay runs the tests of every example agreement: they pass, no
// rule has fewer than six, and they reach every branch.
func TestExamplesHoldWhatTheySay(t *testing.T) {
	root := filepath.Join("..", "..", "..", "examples", "agreements")
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		t.Run(entry.Name(), func(t *testing.T) {
			dir := os.DirFS(filepath.Join(root, entry.Name()))
			files, err := agreement.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			terms, err := agreement.Parse(files)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range terms.Warnings {
				if w.Field != "status" {
					t.Errorf("warning: %s", w)
				}
			}
			tests, err := agreement.ReadTests(dir)
			if err != nil {
				t.Fatal(err)
			}
			runner := Runner{Terms: terms}
			var results []Result
			for _, f := range tests {
				list, errs := Parse(f.Name, f.Data, terms)
				for _, e := range errs {
					t.Error(e)
				}
				for _, test := range list {
					result, err := runner.Run(test)
					if err != nil {
						t.Fatal(err)
					}
					for _, failure := range result.Failures {
						t.Errorf("%s: %s", test.Name, failure)
					}
					results = append(results, result)
				}
			}
			for _, c := range Cover(terms, results) {
				if c.Rule == LadderCover {
					continue // a test of the program holds it, which runs the ladder
				}
				if c.Tests < leastTests {
					t.Errorf("%s has %d tests, want %d", c.Rule, c.Tests, leastTests)
				}
				if missed := c.Missed(); len(missed) > 0 {
					t.Errorf("%s: no test reaches %v", c.Rule, missed)
				}
			}
		})
	}
}
