package pledge

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/trucewatch/truce"
)

func TestExamplesAreReadWhole(t *testing.T) {
	dirs, err := filepath.Glob("../../examples/pledges/*")
	if err != nil || len(dirs) < 2 {
		t.Fatal(err, dirs)
	}
	for _, dir := range dirs {
		list := readExample(t, filepath.Join(dir, "commitments.yaml"), ReadCommitments)
		if len(list) < 10 {
			t.Errorf("%s: %d commitments", dir, len(list))
		}
		if filepath.Base(dir) != "reported-2026" {
			lines := Account(readExample(t, filepath.Join(dir, "contributions.csv"), ReadContributions), readExample(t, filepath.Join(dir, "requirements.yaml"), ReadRequirements), Days{"2026-04-01", "2026-04-10"})
			if len(lines) < 12 {
				t.Errorf("%s: %d lines", dir, len(lines))
			}
			continue
		}
		for _, c := range list {
			if State(c) != truce.CommitmentReported || c.What["uk"] == "" {
				t.Errorf("%s: is %s, or has no Ukrainian words", c.ID, State(c))
			}
		}
	}
}

func readExample[T any](t *testing.T, path string, read func(io.Reader) ([]T, []Rejected, error)) []T {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	list, rejected, err := read(f)
	if err != nil || len(rejected) > 0 {
		t.Errorf("%s: %v %+v", path, err, rejected)
	}
	return list
}
