package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTrackFromPlotsToScore: the files of a workload, followed in one go and as a stream, and
// held against the truth.
func TestTrackFromPlotsToScore(t *testing.T) {
	p, dir := newProgram(t), t.TempDir()
	name := func(file string) string { return filepath.Join(dir, file) }
	mustHold(t, p.good(t, "track", "workload", "T20+20", "--seed", "3", "--out", dir), "20 objects", "100 scans")
	said := p.good(t, "track", "--plots", name("plots.csv"), "--tracks", name("a.csv"), "--geojson", name("a.json"), "--kml", name("a.kml"), "--gpx", name("a.gpx"))
	mustHold(t, said, "20 tracks of 3763 plots in 100 scans")
	live := p.good(t, "track", "--live", "--plots", name("plots.csv"), "--tracks", name("b.csv"))
	mustHold(t, live, `{"track":"T0001","time":"2031-03-03T06:00:`)
	a, err := os.ReadFile(name("a.csv"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(name("b.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if string(a) != string(b) || strings.Count(string(a), "\n") < 1900 {
		t.Errorf("the stream gave %d bytes, the file %d", len(b), len(a))
	}
	mustHold(t, p.good(t, "track", "score", "--truth", dir, "--tracks", name("a.csv")), "90 scans: GOSPA 3", "20 tracks")
	mustHold(t, p.good(t, "track", "score", "--truth", dir, "--tracks", name("a.csv"), "--json"), `"switches": 0`)
	for file, holds := range map[string]string{"a.json": `"type":"LineString"`, "a.kml": "<gx:coord>-2", "a.gpx": `<trkpt lat="-4`} {
		text, err := os.ReadFile(name(file))
		if err != nil {
			t.Fatal(err)
		}
		mustHold(t, string(text), holds, "T0020")
	}
}

// TestTrackRefuses what cannot be meant, by name.
func TestTrackRefuses(t *testing.T) {
	p := newProgram(t)
	plots := p.write(t, "plots.csv", "scan,time,lat,lon\n1,2031-03-03T06:00:00Z,-47.9,-21.6\n1,2031-03-03T06:09:00Z,95,-21.6\n")
	bad := p.write(t, "bad.csv", "scan,time,lat,lon\n1,today,-47.9,-21.6\n")
	out := filepath.Join(t.TempDir(), "tracks.csv")
	r := p.run("track", "--plots", plots, "--tracks", out)
	if r.code != 0 {
		t.Fatal(r.err)
	}
	mustHold(t, r.err, "1 of 2 rows left out", "1 x bad lat", `line 3: lat "95" is no number of degrees from -90 to 90`)
	mustHold(t, p.bad(t, "track", "--plots", bad, "--tracks", out), "no row can be used")
	mustHold(t, p.bad(t, "track", "--plots", plots, "--tracks", plots), "is read and would be written over")
	mustHold(t, p.bad(t, "track", "--plots", plots, "--tracks", out, "--kml", out), "would be written twice")
	mustHold(t, p.bad(t, "track", "--plots", plots, "--tracks", out, "--sigma", "-1"), "an error of -1 m")
	mustHold(t, p.bad(t, "track", "--live", "--plots", plots, "--tracks", "-"), "--live prints to standard output")
	mustHold(t, p.bad(t, "track", "workload", "X1", "--out", out), `workload "X1"`)
}
