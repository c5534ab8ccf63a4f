package agreement

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	truce "github.com/trucewatch/truce"
)

// linked is the test agreement in a directory of its own, with links laid into it: name
// and target by turns. What stands at a name is put away first.
func linked(t *testing.T, links ...string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/plain")); err != nil {
		t.Fatal(err)
	}
	for pair := range slices.Chunk(links, 2) {
		name := filepath.Join(dir, pair[0])
		if err := os.RemoveAll(name); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(pair[1], name); err != nil {
			t.Skip("no symbolic links can be made here: ", err)
		}
	}
	return dir
}

// readBoth reads the text and the tests of a directory.
func readBoth(dir string) (text, tests []truce.AgreementFile, err error) {
	if text, err = ReadDir(os.DirFS(dir)); err != nil {
		return nil, nil, err
	}
	tests, err = ReadTests(os.DirFS(dir))
	return text, tests, err
}

func TestLinksOutOfTheDirectoryAreRefused(t *testing.T) {
	outside := t.TempDir()
	secret := filepath.Join(outside, "secret.geojson")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	const out = "is a link out of the directory"
	for _, row := range []struct {
		name  string
		links []string
		want  string
	}{
		{"a file", []string{"lines/x.geojson", secret}, "agreement: lines/x.geojson " + out},
		{"a relative target", []string{"clauses/en/x.md", "../../../../../../etc/passwd"}, out},
		{"the main file", []string{MainFile, secret}, "agreement: agreement.yaml " + out},
		{"by way of another", []string{"lines/x.geojson", "../hop", "hop", secret}, "lines/x.geojson " + out},
		{"by way of a folder", []string{"lines/x.geojson", "../hop/secret.geojson", "hop", outside}, "lines/x.geojson " + out},
		{"a folder", []string{"places", outside}, "places " + out},
		{"a folder within", []string{"places", "lines"}, "places is a link to a folder"},
		{"a test", []string{"tests/x.test", secret}, "tests/x.test " + out},
		{"the tests", []string{"tests", outside}, out},
		{"a ring", []string{"lines/x.geojson", "y.geojson", "lines/y.geojson", "x.geojson"}, "is a link to a link"},
		{"to nothing", []string{"lines/x.geojson", "absent.geojson"}, "absent.geojson"},
		{"to a folder", []string{"lines/x.geojson", "../clauses"}, "lines/x.geojson is no plain file"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if err := os.WriteFile(filepath.Join(outside, "x.test"), []byte("secret"), 0o600); err != nil {
				t.Fatal(err)
			}
			text, tests, err := readBoth(linked(t, row.links...))
			if err == nil || !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "secret\"") {
				t.Errorf("error %v, want %q", err, row.want)
			}
			if len(tests) > 0 || err != nil && text != nil && strings.HasPrefix(row.links[0], "lines") {
				t.Errorf("%d files and %d tests were read all the same", len(text), len(tests))
			}
		})
	}
}

// TestLinksWithinTheDirectoryAreRead: the text is that of the same files without links.
func TestLinksWithinTheDirectoryAreRead(t *testing.T) {
	plain := linked(t)
	entries, err := os.ReadDir(filepath.Join(plain, "lines"))
	if err != nil || len(entries) == 0 {
		t.Fatal(len(entries), err)
	}
	name := entries[0].Name()
	dir := linked(t, "tests/x.test", "../hop/x.test", "hop", "kept")
	if err := os.Mkdir(filepath.Join(dir, "kept"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "kept", "x.test"), []byte("# a test"), 0o644); err != nil {
		t.Fatal(err)
	}
	line := filepath.Join(dir, "lines", name)
	if err := os.Rename(line, filepath.Join(dir, "kept", name)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../hop/"+name, line); err != nil {
		t.Fatal(err)
	}
	want, _, err := readBoth(plain)
	if err != nil {
		t.Fatal(err)
	}
	got, tests, err := readBoth(dir)
	if err != nil || Version(got) != Version(want) {
		t.Errorf("version %.12s, %v, want %.12s", Version(got), err, Version(want))
	}
	if i := slices.IndexFunc(tests, func(f truce.AgreementFile) bool { return f.Name == "tests/x.test" }); i < 0 || string(tests[i].Data) != "# a test" {
		t.Errorf("%d tests, without the one that is linked", len(tests))
	}
}
