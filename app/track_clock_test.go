package app

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestLeapsOfTheClockAreTold: a gap is told in a file and in a stream, a step back in a file
// (a stream leaves such scans out by name); an orderly table and one in no order tell none.
func TestLeapsOfTheClockAreTold(t *testing.T) {
	row := func(i int, at time.Duration) string {
		when := time.Date(2031, 3, 3, 6, 0, 0, 0, time.UTC).Add(at)
		return fmt.Sprintf("%d,%s,-47.9,%.5f\n%d,%s,-47.8,%.5f\n", i, when.Format(time.RFC3339), -21.6+.0002*at.Seconds(), i, when.Format(time.RFC3339), -21.6)
	}
	var steady, gap, back []string
	for i := range 40 {
		at := time.Duration(i) * 4 * time.Second
		steady = append(steady, row(i, at))
		if i >= 20 {
			gap, back = append(gap, row(i, at+time.Hour)), append(back, row(i, at-2*time.Hour))
		} else {
			gap, back = append(gap, row(i, at)), append(back, row(i, at))
		}
	}
	mixed := slices.Clone(steady)
	for i := range mixed {
		j := i * 17 % len(mixed)
		mixed[i], mixed[j] = mixed[j], mixed[i]
	}
	const hole, set = "no scan for 1 h 4 s from 2031-03-03T06:01:16", "stands behind 2031-03-03T06:01:16"
	for _, test := range []struct {
		name, more string
		rows       []string
		holds      string
		not        []string
	}{
		{"steady", "--known", steady, "", []string{"no scan for", "stands behind"}},
		{"mixed", "--known", mixed, "", []string{"no scan for", "stands behind"}},
		{"gap", "--known", gap, hole, []string{"stands behind"}},
		{"gap", "--live", gap, hole, []string{"stands behind"}},
		{"back", "--known", back, set, nil},
	} {
		p := newProgram(t)
		plots := p.write(t, test.name+".csv", "scan,time,lat,lon\n"+strings.Join(test.rows, ""))
		r := p.run("track", test.more, "--plots", plots, "--tracks", filepath.Join(t.TempDir(), "t.csv"))
		if r.code != 0 || !strings.Contains(r.err, test.holds) || test.holds != "" && !strings.Contains(r.err, "scan 20 at ") {
			t.Errorf("%s %s: exit %d, want %q in:\n%s", test.name, test.more, r.code, test.holds, r.err)
		}
		for _, not := range test.not {
			if strings.Contains(r.err, not) {
				t.Errorf("%s %s: %q in:\n%s", test.name, test.more, not, r.err)
			}
		}
	}
}
