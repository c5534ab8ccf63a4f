package app

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

const fewPlots = "scan,time,plot,lat,lon,alt_m,sigma_m\n7,2031-03-03T06:00:00Z,1,-47.9,-21.6,,\n8,2031-03-03T06:00:01Z,1,-47.9,-21.6,,\n"

// TestTablesThatCannotBeRead: every fault of a file is told with its name and the mend, alike
// in one go and as a stream, and by every command that reads such a table.
func TestTablesThatCannotBeRead(t *testing.T) {
	p, dir := newProgram(t), t.TempDir()
	name := func(file string) string { return filepath.Join(dir, file) }
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(strings.Repeat(fewPlots, 50))); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	wide := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(fewPlots)) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	for _, test := range []struct {
		file, text, want string
	}{
		{"missing.csv", "-", "missing.csv: there is no such file in " + dir + ": mend the name"},
		{"empty.csv", "", "empty.csv: the file is empty: begin it with the line scan,time"},
		{"wide.csv", string(wide), "wide.csv: line 1: the table is UTF-16: save it as UTF-8"},
		{"semi.csv", strings.ReplaceAll(fewPlots, ",", ";"), "semi.csv: line 1: columns are parted by semicolons: part them by commas"},
		{"tabs.csv", strings.ReplaceAll(fewPlots, ",", "\t"), "tabs.csv: line 1: columns are parted by tabs"},
		{"mac.csv", strings.ReplaceAll(fewPlots, "\n", "\r"), "mac.csv: line 1: lines end in a carriage return alone"},
		{"cut.csv.gz", string(packed.Bytes()[:40]), "cut.csv.gz: the gzip data end in the middle: copy the file again"},
		{"other.csv", "id,lat,lon\n1,2,3\n", "other.csv: line 1: the header has no column scan: write scan,time"},
		{"bad.csv", strings.ReplaceAll(fewPlots, "-47.9", "-97.9"), "bad.csv: no row can be used"},
	} {
		if test.text != "-" {
			if err := os.WriteFile(name(test.file), []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for _, more := range []string{"--known", "--live"} {
			r := p.run("track", more, "--plots", name(test.file), "--tracks", name("out.csv"))
			if r.code != 1 || !strings.Contains(r.err, test.want) {
				t.Errorf("%s %s: exit %d, want %q in:\n%s", test.file, more, r.code, test.want, r.err)
			}
		}
	}
	if r := p.run("track", "--plots", dir, "--tracks", name("out.csv")); r.code != 1 || !strings.Contains(r.err, "is a folder; name the files in it") {
		t.Errorf("a folder: %+v", r)
	}
	for _, args := range [][]string{
		{"locate", "--sensors", name("missing.csv"), "--arrivals", "x", "--events", "-", "--assignments", name("a")},
		{"decode", "--format", "adsb", name("missing.csv")},
		{"track", "--plots", name("bad.csv"), "--tracks", name("t.csv"), "--zones", name("missing.csv")},
	} {
		if r := p.run(args...); r.code != 1 || !strings.Contains(r.err, "there is no such file in") || strings.Count(r.err, "missing.csv") != 1 {
			t.Errorf("%v: %+v", args, r)
		}
	}
	if _, err := os.Stat(name("out.csv")); err == nil {
		t.Error("tracks were written of a table that could not be read")
	}
}

// TestTableWithoutRows is a quiet hour, which is told and is no fault.
func TestTableWithoutRows(t *testing.T) {
	p := newProgram(t)
	plots := p.write(t, "quiet.csv", "scan,time,lat,lon\n")
	for _, more := range []string{"--known", "--live"} {
		r := p.run("track", more, "--plots", plots, "--tracks", filepath.Join(t.TempDir(), "t.csv"))
		if r.code != 0 || !strings.Contains(r.err, "quiet.csv: no row stands below the header") {
			t.Errorf("%s: %+v", more, r)
		}
	}
}

// TestOutputsThatCannotBeWritten are refused before the plots are read.
func TestOutputsThatCannotBeWritten(t *testing.T) {
	p, dir := newProgram(t), t.TempDir()
	plots := p.write(t, "plots.csv", fewPlots)
	for _, flag := range []string{"--geojson", "--kml", "--gpx", "--report"} {
		for _, test := range [][2]string{
			{filepath.Join(dir, "none", "out"), "there is no folder " + filepath.Join(dir, "none") + "; make it first"},
			{dir, "is a folder: name a file in it to write"},
			{filepath.Join(plots, "out"), "plots.csv is a file, no folder"},
		} {
			r := p.run("track", "--plots", plots, "--tracks", filepath.Join(dir, "t.csv"), flag, test[0])
			if r.code != 1 || !strings.Contains(r.err, test[1]) || strings.Contains(r.err, "durable") {
				t.Errorf("%s %s: exit %d, want %q in:\n%s", flag, test[0], r.code, test[1], r.err)
			}
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "t.csv")); err == nil {
		t.Error("one file was written of several")
	}
}
