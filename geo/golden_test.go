package geo

import (
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files of this package anew")

// golden compares text with a file, or writes the file.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s differs, renew it with -update if that is meant:\n%s", path, got)
	}
}

func TestCanonicalFormGolden(t *testing.T) {
	messy, err := os.ReadFile("testdata/messy.geojson")
	if err != nil {
		t.Fatal(err)
	}
	c, err := ParseGeoJSON(messy)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/canonical.golden", WriteGeoJSON(c))
}
