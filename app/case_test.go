package app_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestTheCaseIsMadeByItsCommand: scripts/easter-2026, run where nothing lies but what is
// in the repository, makes docs/cases/easter-2026.md to the byte. A folder that only this
// machine has would hide what a fresh clone lacks.
func TestTheCaseIsMadeByItsCommand(t *testing.T) {
	data := sharedData(t)
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	clone := t.TempDir()
	for _, file := range []string{"scripts/easter-2026", "docs/cases/easter-2026/agreement.yaml", "docs/cases/easter-2026/areas/areas.geojson", "docs/cases/easter-2026/clauses/en/1.md"} {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(clone, file)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(clone, file), text, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	program, page := filepath.Join(clone, "truce"), filepath.Join(clone, "case.md")
	build := exec.Command("go", "build", "-o", program, "./cmd/truce")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := exec.Command(filepath.Join(clone, "scripts", "easter-2026"), data, page)
	run.Env = append(os.Environ(), "TRUCE="+program)
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	made, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(filepath.Join(root, "docs", "cases", "easter-2026.md"))
	if err != nil {
		t.Fatal(err)
	}
	if string(made) != string(kept) {
		t.Errorf("docs/cases/easter-2026.md is not what make case makes now:\n%s", made)
	}
}
