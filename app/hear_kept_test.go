package app

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// days are the rows of a workload on several days, each arrival under a name of its own.
func (f field) days(n int) [][]string {
	out := make([][]string, n)
	for day := range out {
		for i, row := range f.rows {
			cells := strings.SplitN(row, ",", 4)
			cells[0] += "-" + string(rune('a'+day))
			cells[2] = (f.world.Arrivals[i].Time + truce.Instant(day)*windowLength).String()
			out[day] = append(out[day], strings.Join(cells, ","))
		}
	}
	return out
}

// hearing is what a mission's networks tell, and how many windows were located for it.
func (d decider) hearing(t testing.TB) (heardSum, int) {
	t.Helper()
	in, err := d.app.gather(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	located := in.heard.windows
	in.heard.windows = 0
	return in.heard, located
}

// hearingAnew is the same with everything located, which leaves no trace.
func (d decider) hearingAnew(t testing.TB) heardSum {
	t.Helper()
	folder := filepath.Join(d.dir, heardFolder)
	if err := os.Rename(folder, folder+".aside"); err != nil {
		t.Fatal(err)
	}
	heard, _ := d.hearing(t)
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(folder+".aside", folder); err != nil {
		t.Fatal(err)
	}
	return heard
}

// TestWhatIsKeptIsWhatWouldBeLocated: whatever comes late and in whatever order, arrivals, places
// and decisions, what is kept of earlier runs gives the same as locating everything, and a
// second look locates nothing.
func TestWhatIsKeptIsWhatWouldBeLocated(t *testing.T) {
	f := newField(t, "A60/0.3")
	for seed := range uint64(2) {
		r := rand.New(rand.NewPCG(seed, 7))
		d := newDecider(t)
		lines := strings.SplitAfter(strings.TrimSpace(f.sensors)+"\n", "\n")
		late := 1 + r.IntN(20) // sensors of which nobody says at first where they stand
		d.read(t, strings.Join(lines[:len(lines)-1-late], ""))
		var rows []string
		for _, day := range f.days(3) {
			rows = append(rows, day...)
		}
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		for step := range 4 {
			n := len(rows) / (4 - step)
			d.read(t, arrivalsHeader+strings.Join(rows[:n], ""))
			rows = rows[n:]
			switch step {
			case 1:
				d.read(t, lines[0]+strings.Join(lines[len(lines)-1-late:], ""))
			case 2:
				decision := randomDecision(r, d.assess(t))
				if _, _, err := d.desk.DecideArrivals(t.Context(), d.token, decision); err != nil {
					t.Fatal(err)
				}
			}
			kept, located := d.hearing(t)
			if located == 0 {
				t.Errorf("seed %d, step %d: nothing new was located", seed, step)
			}
			if anew := d.hearingAnew(t); !reflect.DeepEqual(kept, anew) {
				t.Fatalf("seed %d, step %d: %d events and %d signs are kept, %d and %d are located", seed, step, len(kept.events), len(kept.signs), len(anew.events), len(anew.signs))
			}
			if again, located := d.hearing(t); located != 0 || !reflect.DeepEqual(again, kept) {
				t.Errorf("seed %d, step %d: a second look located %d windows", seed, step, located)
			}
		}
	}
}

// TestOnlyWhatChangedIsLocated: a late arrival of one day lets that day be located, a decision
// the day that it is of, and a sensor that is set up anew that day.
func TestOnlyWhatChangedIsLocated(t *testing.T) {
	f := newField(t, "A60/0.3")
	d := newDecider(t)
	days := f.days(3)
	noon := len(days[1]) / 2
	d.read(t, f.sensors, arrivalsHeader+strings.Join(days[0], "")+strings.Join(slices.Delete(slices.Clone(days[1]), noon, noon+1), "")+strings.Join(days[2], ""))
	expect := func(what string, want int) {
		t.Helper()
		if _, located := d.hearing(t); located != want {
			t.Errorf("%s: %d windows are located, want %d", what, located, want)
		}
	}
	expect("at first", 3)
	expect("nothing new", 0)
	d.read(t, arrivalsHeader+days[1][noon])
	expect("one arrival of the second day", 1)
	events := d.assess(t)
	last := events[len(events)-1]
	decision := truce.ArrivalDecision{Verdict: truce.ArrivalsExcluded, Arrivals: observationsOf(last)[:1], Reason: "a door"}
	if _, _, err := d.desk.DecideArrivals(t.Context(), d.token, decision); err != nil {
		t.Fatal(err)
	}
	expect("a decision of the third day", 1)
	sensor := strings.Split(f.sensors, "\n")[1]
	d.read(t, "sensor,lat,lon,elev_m,since\n"+strings.TrimSpace(sensor)+","+string(last.Origin.From.Day())+"T12:00:00Z\n")
	expect("a sensor set up anew on the third day", 1)

	folder := filepath.Join(d.dir, heardFolder)
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != 3 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	before, _ := d.hearing(t)
	name := filepath.Join(folder, files[1].Name())
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for what, bad := range map[string][]byte{"cut": raw[:len(raw)/2], "changed": append(bytes.Clone(raw[:len(raw)-1]), raw[len(raw)-1]+1), "empty": nil} {
		if err := os.WriteFile(name, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		after, located := d.hearing(t)
		if want := []string{filepath.Join(heardFolder, files[1].Name())}; !slices.Equal(after.damaged, want) {
			t.Errorf("a file that was %s: named as damaged are %q, want %q", what, after.damaged, want)
		}
		after.damaged = nil
		if located != 1 || !reflect.DeepEqual(after, before) {
			t.Errorf("a file that was %s: %d windows are located", what, located)
		}
	}
}

// BenchmarkAssessEars assesses days on which ears heard 2,000 shots among as many false
// arrivals: at first, again with nothing new, again with all located anew, and with one day
// more; then it hears alone, from what is kept and anew. Days are five, or TRUCE_BENCH_DAYS.
func BenchmarkAssessEars(b *testing.B) {
	n := benchNumber(b, "TRUCE_BENCH_DAYS", 5)
	f := newField(b, "A2000/1.0")
	days := f.days(n + 1)
	for b.Loop() {
		d := decider{program: program{dir: filepath.Join(b.TempDir(), "mission"), now: storyTime}}
		d.app = emptyMission(b, d.dir, "")
		d.take(b, "sensors", f.sensors)
		for _, day := range days[:n] {
			d.take(b, "arrivals", arrivalsHeader+strings.Join(day, ""))
		}
		assess := func() {
			if _, err := d.app.Assess(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
		hear := func() { d.hearing(b) }
		timed(b, "assess-first", assess)
		timed(b, "assess-again", assess)
		d.forgetHearing(b)
		timed(b, "assess-anew", assess)
		d.take(b, "arrivals", arrivalsHeader+strings.Join(days[n], ""))
		timed(b, "assess-day-more", assess)
		timed(b, "hear-kept", hear)
		d.forgetHearing(b)
		timed(b, "hear-anew", hear)
	}
	b.ReportMetric(float64(n*len(f.rows)), "arrivals")
}

// take reads a table into the mission.
func (d decider) take(b *testing.B, format, text string) {
	b.Helper()
	how, err := formatNamed(format)
	if err == nil {
		_, err = d.app.Import(b.Context(), how, importOptions{}, strings.NewReader(text), format+".csv")
	}
	if err != nil {
		b.Fatal(err)
	}
}

// timed reports how long something takes.
func timed(b *testing.B, what string, do func()) {
	b.Helper()
	start := time.Now()
	do()
	b.ReportMetric(time.Since(start).Seconds(), "s/"+what)
}
