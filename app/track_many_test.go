package app

import (
	"os"
	"path/filepath"
	"testing"
)

// TestTrackManySensors: a table of five sensors in one go and as a stream; what is found of
// them and of a cloned identity is told, and the tracks are those of the truth.
func TestTrackManySensors(t *testing.T) {
	p, dir := newProgram(t), t.TempDir()
	name := func(file string) string { return filepath.Join(dir, file) }
	mustHold(t, p.good(t, "track", "workload", "M20", "--seed", "3", "--out", dir), "20 objects", "50 scans")
	r := p.run("track", "--plots", name("plots.csv"), "--tracks", name("a.csv"), "--geojson", name("a.json"))
	if r.code != 0 {
		t.Fatal(r.err)
	}
	mustHold(t, r.out, "20 tracks of")
	mustHold(t, r.err, "truce: sensor camera against receiver: its places are +", "m off to the east", "truce: identity serial:S1 was given by T00")
	p.good(t, "track", "--live", "--plots", name("plots.csv"), "--tracks", name("b.csv"))
	var files [3]string
	for i, file := range []string{"a.csv", "b.csv", "a.json"} {
		text, err := os.ReadFile(name(file))
		if err != nil {
			t.Fatal(err)
		}
		files[i] = string(text)
	}
	if files[0] != files[1] {
		t.Errorf("the stream gave %d bytes, the file %d", len(files[1]), len(files[0]))
	}
	mustHold(t, files[2], `"identities":[{"identity":"serial:S`)
	r = p.run("track", "score", "--truth", dir, "--tracks", name("a.csv"))
	mustHold(t, r.out, "40 scans: GOSPA ", "missed 0.0", "20 tracks")
	mustHold(t, r.err, "are of no scan's time")
	bad := p.write(t, "bad.csv", "scan,time,sensor,lat,lon,range_m,range_sigma_m\n1,2031-03-03T06:00:00Z,r,,,500,20\n1,2031-03-03T06:00:00Z,r,-47,-21,,\n")
	r = p.run("track", "--plots", bad, "--tracks", name("c.csv"))
	mustHold(t, r.err, "1 of 2 rows left out", "1 x no place", "line 2:", "a plot has a place or a bearing", "no two sensors saw one object")
}
