package app

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce/geo"
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

// TestTrackOfTransponders: where each row is a scan, tracks break and the mend is
// told; with it every ship has one track, in a file and in a stream.
func TestTrackOfTransponders(t *testing.T) {
	p, dir := newProgram(t), t.TempDir()
	var rows strings.Builder
	rows.WriteString("scan,time,lat,lon\n")
	for i := range 240 {
		ship, at := i%4, time.Date(2031, 3, 3, 6, 0, 0, 0, time.UTC).Add(time.Duration(i)*2*time.Second)
		fmt.Fprintf(&rows, "%d,%s,%.6f,%.6f\n", i, at.Format(time.RFC3339), -47.9+.02*float64(ship)+float64(i*(ship-2))*2e-5, -21.6)
	}
	plots, a, b := p.write(t, "ships.csv", rows.String()), filepath.Join(dir, "a.csv"), filepath.Join(dir, "b.csv")
	r := p.run("track", "--plots", plots, "--tracks", a)
	mustHold(t, r.err, "240 of 240 scans have one plot", "--turn 10s")
	mustHold(t, p.good(t, "track", "--plots", plots, "--tracks", a, "--turn", "8s"), " 4 tracks of 240 plots in 60 scans")
	p.good(t, "track", "--live", "--plots", plots, "--tracks", b, "--turn", "8s")
	one, err := os.ReadFile(a)
	if err != nil {
		t.Fatal(err)
	}
	if two, err := os.ReadFile(b); err != nil || string(one) != string(two) {
		t.Errorf("the stream gives %d bytes, the file %d (%v)", len(two), len(one), err)
	}
	mustHold(t, p.bad(t, "track", "--plots", plots, "--tracks", a, "--turn", "2m"), "--turn: write 0")
}

// TestTrackOfATableTwice gives the tracks of the table, and says what was left out.
func TestTrackOfATableTwice(t *testing.T) {
	p, dir := newProgram(t), t.TempDir()
	name := func(file string) string { return filepath.Join(dir, file) }
	p.good(t, "track", "workload", "T20+20", "--seed", "3", "--out", dir)
	once, err := os.ReadFile(name("plots.csv"))
	if err != nil {
		t.Fatal(err)
	}
	_, rows, _ := strings.Cut(string(once), "\n")
	twice := p.write(t, "twice.csv", string(once)+rows)
	p.good(t, "track", "--plots", name("plots.csv"), "--tracks", name("a.csv"))
	r := p.run("track", "--plots", twice, "--tracks", name("b.csv"))
	mustHold(t, r.err, "3763 of 7526 rows left out", "3763 x plot twice", "\n  scan 1, plot 1.1 of ")
	a, err := os.ReadFile(name("a.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(name("b.csv")); err != nil || string(a) != string(b) {
		t.Errorf("other tracks of the table twice: %d and %d bytes, %v", len(a), len(b), err)
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
	zones := p.write(t, "zones.geojson", `{"type":"Feature","id":"a","properties":{"floor_m":"low"},"geometry":{"type":"Polygon","coordinates":[[[1,1],[2,1],[2,2],[1,1]]]}}`)
	mustHold(t, p.bad(t, "track", "--plots", plots, "--tracks", out, "--zones", zones), "zones.geojson", `feature 1 ("a"): floor_m is no number of metres`)
	mustHold(t, p.bad(t, "track", "--plots", plots, "--tracks", out, "--passages", "p.csv"), "give those with --zones")
	mustHold(t, p.bad(t, "track", "--plots", plots, "--tracks", out, "--zones", zones, "--report", zones), "is read and would be written over")
	mustHold(t, p.bad(t, "track", "--plots", plots, "--tracks", out, "--report", out), "would be written twice")
	mustHold(t, p.bad(t, "track", "--plots", plots, "--tracks", out, "--lang", "de"), "written in en and uk")
	mustHold(t, p.bad(t, "track", "workload", "X1", "--out", out), `workload "X1"`)
}

// TestTrackSaysWhatWasPassed: the table of zones and lines and the page, of drones that are
// known to fly east through them; a name that a spreadsheet would run is marked.
func TestTrackSaysWhatWasPassed(t *testing.T) {
	p := newProgram(t)
	plots, _, _ := flightFiles(t, p)
	plane := geo.NewPlane(flightHome)
	at := func(x, y float64) string {
		q := plane.From(geo.Metres(x), geo.Metres(y))
		return fmt.Sprintf("[%.6f,%.6f]", float64(q.Lon), float64(q.Lat))
	}
	zones := p.write(t, "zones.geojson", `{"type":"FeatureCollection","features":[
{"type":"Feature","id":"=cmd()","properties":{"ceiling_m":200},"geometry":{"type":"Polygon","coordinates":[[`+strings.Join([]string{at(0, -800), at(2000, -800), at(2000, 800), at(0, 800), at(0, -800)}, ",")+`]]}},
{"type":"Feature","id":"<b>line","properties":{},"geometry":{"type":"LineString","coordinates":[`+at(1000, -9000)+","+at(1000, 9000)+`]}}]}`)
	dir := t.TempDir()
	passages, page := filepath.Join(dir, "p.csv"), filepath.Join(dir, "r.html")
	p.good(t, "track", "--plots", plots, "--tracks", filepath.Join(dir, "t.csv"), "--zones", zones, "--passages", passages, "--report", page)
	text, err := os.ReadFile(passages)
	if err != nil {
		t.Fatal(err)
	}
	zone, line := 0, 0
	for _, row := range strings.Split(string(text), "\n") {
		if strings.Contains(row, ",zone,'=cmd(),1.0000,") || strings.Contains(row, ",zone,'=cmd(),0.99") {
			zone++
		}
		if strings.Contains(row, ",line,<b>line,1.0000,") || strings.Contains(row, ",line,<b>line,0.99") {
			line++
		}
	}
	if zone != 1 || line != 3+1 {
		t.Errorf("%d stays in the zone and %d crossings, want 1 of the first drone and 4 of all: %s", zone, line, text)
	}
	html, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	mustHold(t, string(html), "&lt;b&gt;line", "Zones entered and lines crossed")
	if strings.Contains(string(html), "<b>line") {
		t.Error("a name became markup")
	}
}
