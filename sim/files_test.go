package sim

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// illustrative is the folder of the agreement whose geometry the world draws.
const illustrative = "../examples/agreements/illustrative"

func TestAgreementFilesAreTheOnesInTheExample(t *testing.T) {
	for _, f := range NewIsland().AgreementFiles() {
		path := filepath.Join(illustrative, filepath.FromSlash(f.Name))
		if *update {
			writeGolden(t, path, f.Data)
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(f.Data, want) {
			t.Errorf("%s differs from what the world draws; run go test ./sim -update and read the diff", path)
		}
		if !json.Valid(f.Data) {
			t.Errorf("%s is not JSON", f.Name)
		}
	}
}

func writeGolden(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
