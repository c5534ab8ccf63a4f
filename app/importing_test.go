package app

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/trucewatch/truce/intake"
)

func packed(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestImportOfCompressedFiles(t *testing.T) {
	p := newProgram(t)
	whole := packed(t, firmsRows("N20", 2000))
	mustHold(t, p.good(t, "import", "--format", "firms", p.write(t, "a.csv.gz", whole)), "2000 accepted, 0 duplicate")
	// What a name says does not matter, what the bytes say does.
	mustHold(t, p.good(t, "import", "--format", "firms", p.write(t, "a.csv", whole)), "0 accepted, 2000 duplicate")
	cut := p.good(t, "import", "--format", "firms", p.write(t, "cut.gz", whole[:len(whole)-20]))
	mustHold(t, cut, "duplicate", "not read to the end: ", "unexpected EOF")
	// Only one layer is unpacked: what is inside is data.
	mustHold(t, p.bad(t, "import", "--format", "firms", p.write(t, "twice.gz", packed(t, whole))), "nothing could be read")
	// A few bytes that unpack to far more than any table does are no table.
	bomb := packed(t, firmsHeader+strings.Repeat("0", 64<<20))
	mustHold(t, p.bad(t, "import", "--format", "firms", p.write(t, "bomb.gz", bomb)), "the ratio of unpacked to packed size")
}

// TestImportGoesOnAfterABadFile: each file has its own line, and one that was read is
// enough for exit code 0.
func TestImportGoesOnAfterABadFile(t *testing.T) {
	p := newProgram(t)
	good, bad := p.write(t, "good.csv", firmsRows("N20", 2)), p.write(t, "bad.csv", "no table")
	out := p.good(t, "import", "--format", "firms", bad, good, filepath.Dir(good))
	mustHold(t, out, "bad.csv: 0 accepted", "not read: ", "good.csv: 2 accepted", "is a folder; name the files in it")
}

// TestImportOfWhatIsPipedIn: every format that reads one file reads standard input, and
// what it refuses is kept under that name.
func TestImportOfWhatIsPipedIn(t *testing.T) {
	p := newProgram(t)
	p.in = firmsRows("N20", 2) + "spoilt\n"
	mustHold(t, p.good(t, "import", "--format", "firms", "-"), "stdin: 2 accepted, 0 duplicate, 1 quarantined")
	p.in = packed(t, firmsRows("N20", 3))
	mustHold(t, p.good(t, "import", "--format", "firms", "-"), "stdin: 1 accepted, 2 duplicate")
	p.in = box("-21.9", "-47.95", "-21.5", "-47.85")
	mustHold(t, p.bad(t, "import", "--format", "control-map", "-"), "stdin", "no date")
	for format, text := range map[string]string{
		"csv":     "time,lat,lon,family,act,text\n2031-03-11T14:20:00Z,-47.9,-21.6,patrol,crater,a crater\n",
		"geojson": `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"time":"2031-03-11T14:20:00Z","act":"crater"},"geometry":{"type":"Point","coordinates":[-21.6,-47.9]}}]}`,
		"cloud":   "date,cloud_cover_in_north\n2031-03-11,0.5\n",
		"viina":   `{"2031-03-11":[{"title":"a","lat":-47.9,"lon":-21.6,"type":"artillery","url":"https://a.example/1"}]}`,
		"post":    "---\ntitle: Shelling near Kelvost\ndate: 2031-03-11T10:00:00Z\n---\nText.\n",
	} {
		p.in = text
		if r := p.run("import", "--format", format, "-"); !strings.Contains(r.out, "stdin: ") || strings.Contains(r.out, "not read: open") {
			t.Errorf("%s: exit code %d\n%s%s", format, r.code, r.out, r.err)
		}
	}
	p.in = box("-21.9", "-47.95", "-21.5", "-47.85")
	mustHold(t, p.good(t, "import", "--format", "control-map", "--map-version", "2031-03-11", "-"), "stdin: 1 accepted")
	mustHold(t, p.bad(t, "import", "--format", "firms", "-", "-"), "- is given twice")
	files := p.quarantineFiles(t)
	if len(files) == 0 {
		t.Fatal("nothing is in quarantine")
	}
	for _, file := range files {
		if file != "stdin" {
			t.Errorf("quarantine names %q", file)
		}
	}
}

// quarantineFiles are the files that quarantined rows of FIRMS name.
func (p program) quarantineFiles(t *testing.T) []string {
	t.Helper()
	a, err := Open(t.Context(), p.dir, p.clock())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	rows, _, err := a.store.Quarantined(t.Context(), "firms", 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, row := range rows {
		files = append(files, row.File)
	}
	return files
}

// TestMostFrequentReasonsArePrinted first; a hostile file cannot fill the screen.
func TestMostFrequentReasonsArePrinted(t *testing.T) {
	reasons := map[string]int{"latitude is empty": 3, "time is empty": 30}
	for n := range 30 {
		reasons[fmt.Sprintf("reason %02d", n)] = 1
	}
	var out bytes.Buffer
	printReasons(&out, reasons)
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != maxReasonsShown+1 || lines[0] != "  30 x time is empty" || lines[1] != "  3 x latitude is empty" || lines[2] != "  1 x reason 00" {
		t.Errorf("printed:\n%s", out.String())
	}
	mustHold(t, lines[maxReasonsShown], "and 22 more reasons")
}

func TestWhatCountsAsRead(t *testing.T) {
	cases := []struct {
		name    string
		results []fileResult
		want    bool
	}{
		{"no file", nil, false},
		{"rows", []fileResult{{Counts: intake.Counts{Accepted: 1}}}, true},
		{"known rows", []fileResult{{Counts: intake.Counts{Duplicate: 1}}}, true},
		{"table without rows", []fileResult{{}}, true},
		{"only quarantined", []fileResult{{Counts: intake.Counts{Quarantined: 3}}}, false},
		{"error", []fileResult{{Error: "gone"}}, false},
		{"error after rows", []fileResult{{Counts: intake.Counts{Accepted: 1}, Error: "gone"}}, true},
		{"error, then rows", []fileResult{{Error: "gone"}, {Counts: intake.Counts{Accepted: 1}}}, true},
	}
	for _, c := range cases {
		if got := anyRead(c.results); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestReasonsAreListedInOrder(t *testing.T) {
	var out bytes.Buffer
	printResultLines(&out, []fileResult{{File: "x.csv", Counts: intake.Counts{Quarantined: 3, Reasons: map[string]int{"b": 1, "a": 2}}}})
	if want := "x.csv: 0 accepted, 0 duplicate, 3 quarantined\n  2 x a\n  1 x b\n"; out.String() != want {
		t.Errorf("printed %q, want %q", out.String(), want)
	}
}

// TestNoBarWhereNobodyLooks: a file, a pipe and a program get no progress bar.
func TestNoBarWhereNobodyLooks(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "err"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for name, c := range map[string]*cli{"buffer": {err: &bytes.Buffer{}}, "file": {err: file}, "for a program": {err: os.Stderr, asJSON: true}} {
		bar := c.progress(100)
		if bar.bar != nil {
			t.Errorf("%s: a bar is drawn", name)
		}
		text, err := io.ReadAll(bar.reader(strings.NewReader("rows")))
		if string(text) != "rows" || err != nil {
			t.Errorf("%s: read %q: %v", name, text, err)
		}
		bar.finish()
	}
}

func TestSizeOfFilesThatAreThere(t *testing.T) {
	p := newProgram(t)
	a, b := p.write(t, "a", "12345"), p.write(t, "b", "678")
	if size := totalSize([]string{a, "nowhere", b}); size != 8 {
		t.Errorf("size is %d, want 8", size)
	}
}

// TestImportStopsAtAFailureOfTheDisk: what came before is kept, and the failure is told.
func TestImportStopsAtAFailureOfTheDisk(t *testing.T) {
	p := newProgram(t)
	a, err := Open(t.Context(), p.dir, p.clock())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	f, err := formatNamed("firms")
	if err != nil {
		t.Fatal(err)
	}
	failing := io.MultiReader(strings.NewReader(firmsRows("N20", 1000)), iotest.ErrReader(fmt.Errorf("bad sector")))
	counts, err := a.Import(t.Context(), f, importOptions{}, failing, "x.csv")
	if err == nil || !strings.Contains(err.Error(), "bad sector") || counts.Accepted != 1000 {
		t.Errorf("%d accepted: %v", counts.Accepted, err)
	}
}

func TestZones(t *testing.T) {
	for zone, good := range map[string]bool{"": true, "UTC": true, "Europe/Kyiv": true, "Etc/GMT+1": true, "Local": false, "Mars": false, "../etc/passwd": false} {
		if _, err := (importOptions{Zone: zone}).location(); (err == nil) != good {
			t.Errorf("%q: %v", zone, err)
		}
	}
}

// TestImportOfAMapThatNobodyAsksFor: a map of a series that the agreement does not name is
// kept, with a word that it decides nothing and how it would; one that it names has none.
func TestImportOfAMapThatNobodyAsksFor(t *testing.T) {
	p := newProgram(t)
	file := p.write(t, "m_20310311.geojson", box("-21.9", "-47.95", "-21.5", "-47.85"))
	r := p.run("import", "--format", "control-map", "--series", "my-map", file)
	if r.code != 0 {
		t.Fatalf("exit code %d\n%s", r.code, r.err)
	}
	mustHold(t, r.out, "1 accepted")
	mustHold(t, r.err, `will not be used: the agreement names no control map of the series "my-map"`, "it knows exercise-control: import with --series exercise-control")
	if r = p.run("import", "--format", "control-map", "--series", "exercise-control", file); r.code != 0 || r.err != "" {
		t.Errorf("the series of the agreement: exit code %d, %q", r.code, r.err)
	}
	if r = p.run("import", "--format", "control-map", "--series", "my-map", p.write(t, "bad_20310311.geojson", "no map")); strings.Contains(r.err, "will not be used") {
		t.Errorf("a map that was not read is said to be kept: %s", r.err)
	}
}
