package app

import (
	"cmp"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
)

// follower follows plots as a mission does that keeps what days told in a folder.
type follower struct {
	folder   string
	program  string
	terms    func(*agreement.Agreement)
	aircraft []aircraft
	stands   map[sensorKey]geo.Point
	families map[truce.SourceID]truce.Family
}

func newFollower(t *testing.T) *follower {
	return &follower{folder: filepath.Join(t.TempDir(), followedFolder), program: "one", terms: func(*agreement.Agreement) {}, aircraft: ownAircraft, families: flightFamily}
}

// follow gives what plots tell, and how many days were followed for it.
func (f *follower) follow(t *testing.T, plots []truce.Observation) (followed, int) {
	t.Helper()
	files, err := agreementFiles("")
	if err != nil {
		t.Fatal(err)
	}
	terms, err := agreement.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	f.terms(terms)
	e := newEyes(f.families, f.aircraft)
	e.chart = func() (*chart, error) { return newChart(terms, nil) }
	e.kept, e.stands = &keptHearing{folder: f.folder, program: f.program, write: true, seen: map[string]bool{}}, f.stands
	for _, o := range plots {
		if err := e.see(o); err != nil {
			t.Fatal(err)
		}
	}
	out, err := e.close()
	if err != nil {
		t.Fatal(err)
	}
	days := out.days
	out.days = 0
	return out, days
}

func byPlotTime(plots ...[]truce.Observation) []truce.Observation {
	out := slices.Concat(plots...)
	slices.SortStableFunc(out, func(a, b truce.Observation) int { return cmp.Compare(a.Phenomenon.From, b.Phenomenon.From) })
	return out
}

// TestOnlyChangedDaysAreFollowed: whatever a day rests on lets it be followed anew when it
// changes, all days or that one; else nothing is.
func TestOnlyChangedDaysAreFollowed(t *testing.T) {
	one, two := sky(11, over(11)), sky(12, over(12))
	late := one[len(one)/2]
	start := byPlotTime(slices.Delete(slices.Clone(one), len(one)/2, len(one)/2+1), two)
	f := newFollower(t)
	first, days := f.follow(t, start)
	if days != 2 || len(first.events) != 2 {
		t.Fatalf("%d days followed, %d events", days, len(first.events))
	}
	plots := start
	for _, row := range []struct {
		name   string
		change func()
		want   int
	}{
		{"nothing", func() {}, 0},
		{"a late plot of the first day", func() { plots = byPlotTime(start, []truce.Observation{late}) }, 1},
		{"another program", func() { f.program = "two" }, 2},
		{"other aircraft", func() { f.aircraft = nil }, 2},
		{"a window", func() {
			f.terms = func(a *agreement.Agreement) {
				a.Windows = append(a.Windows, agreement.Window{ID: "W-K", Kind: agreement.WindowMonitorFlight, Bearer: "M", NotifiedBy: "M", From: noonOn(12), To: noonOn(13), Zone: "Z-BUFFER"})
			}
		}, 2},
		{"another version of the agreement", func() { f.terms = func(a *agreement.Agreement) { a.Version = "other" } }, 2},
		{"where a radar stands", func() { f.stands = map[sensorKey]geo.Point{{"asterix", "RADAR-1"}: middle} }, 2},
		{"another family", func() { f.families = map[truce.SourceID]truce.Family{"asterix": truce.FamilyCamera} }, 2},
		{"the folder is gone", func() {
			if err := os.RemoveAll(f.folder); err != nil {
				t.Fatal(err)
			}
		}, 2},
	} {
		row.change()
		kept, days := f.follow(t, plots)
		if days != row.want {
			t.Errorf("%s: %d days were followed, want %d", row.name, days, row.want)
		}
		fresh := *f
		fresh.folder = filepath.Join(t.TempDir(), "fresh")
		if anew, _ := fresh.follow(t, plots); !reflect.DeepEqual(kept, anew) {
			t.Errorf("%s: %d events are kept, %d are found anew, or others", row.name, len(kept.events), len(anew.events))
		}
		if again, days := f.follow(t, plots); days != 0 || !reflect.DeepEqual(again, kept) {
			t.Errorf("%s: a second look followed %d days", row.name, days)
		}
	}
}

// TestDamagedDaysAreFollowedAnew, which is said, and are whole afterwards; days that are no more
// leave no file.
func TestDamagedDaysAreFollowedAnew(t *testing.T) {
	plots := byPlotTime(sky(11, over(11)), sky(12, over(12)))
	f := newFollower(t)
	want, _ := f.follow(t, plots)
	files, err := filepath.Glob(filepath.Join(f.folder, "*"))
	if err != nil || len(files) != 2 {
		t.Fatal(files, err)
	}
	whole, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	flipped := slices.Clone(whole)
	flipped[len(flipped)-3] ^= 4
	for name, bytes := range map[string][]byte{"cut": whole[:len(whole)/2], "flipped": flipped, "empty": nil} {
		if err := os.WriteFile(files[0], bytes, 0o600); err != nil {
			t.Fatal(err)
		}
		got, days := f.follow(t, plots)
		if said := []string{filepath.Join(followedFolder, filepath.Base(files[0]))}; days != 1 || !slices.Equal(got.damaged, said) {
			t.Errorf("%s: %d days were followed, %v said to be damaged", name, days, got.damaged)
		}
		if got.damaged = nil; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: it tells something else", name)
		}
		if mended, err := os.ReadFile(files[0]); err != nil || len(mended) != len(whole) {
			t.Errorf("%s: the file has %d bytes after, %d before: %v", name, len(mended), len(whole), err)
		}
	}
	if _, days := f.follow(t, sky(12, over(12))); days != 0 {
		t.Errorf("%d days followed of fewer plots", days)
	}
	if left, _ := filepath.Glob(filepath.Join(f.folder, "*")); len(left) != 1 {
		t.Errorf("%v are left of one day", left)
	}
}

// TestLatePlotsKeepTheIDs of events, whether they come before, among or after those that were
// there.
func TestLatePlotsKeepTheIDs(t *testing.T) {
	drone := over(11)
	drone.said = []truce.Identity{{Scheme: "serial", Value: "X1"}}
	all := sky(13, drone)
	f := newFollower(t)
	for name, late := range map[string]func(i int) bool{
		"the first":      func(i int) bool { return i < len(all)/3 },
		"some":           func(i int) bool { return i%5 == 0 },
		"the last":       func(i int) bool { return i > len(all)*2/3 },
		"what said more": func(i int) bool { return all[i].Source == "remoteid" },
	} {
		var early []truce.Observation
		for i := range all {
			if !late(i) {
				early = append(early, all[i])
			}
		}
		before, _ := f.follow(t, early)
		after, _ := f.follow(t, all)
		after.keepIDs(before.events)
		if len(before.events) != 1 || len(after.events) != 1 || before.events[0].ID != after.events[0].ID {
			t.Errorf("%s came late: %d events, then %d, or the event has another id", name, len(before.events), len(after.events))
		}
		again, _ := f.follow(t, all)
		if again.keepIDs(after.events); !reflect.DeepEqual(again.events, after.events) {
			t.Errorf("%s came late: the next run tells something else", name)
		}
	}
}

// TestAFlightOverMidnightIsOne, of the day on which it began; what flies after it is the next
// day's.
func TestAFlightOverMidnightIsOne(t *testing.T) {
	night := over(11)
	night.at = noonOn(11).Add(12*time.Hour - 5*time.Minute)
	morning := over(12)
	f := newFollower(t)
	out, days := f.follow(t, byPlotTime(sky(14, night), sky(15, morning)))
	if days != 2 || len(out.events) != 2 || out.events[0].Origin.From >= noonOn(12)-windowLength/2 || out.events[0].Origin.To <= noonOn(12)-windowLength/2 {
		t.Errorf("%d days, %d events: %+v", days, len(out.events), out.events)
	}
}

// TestBiasesAreFoundAndSaid: a radar that is off against what drones say of themselves, once for
// its day and alike in every run; one that is right is not spoken of.
func TestBiasesAreFoundAndSaid(t *testing.T) {
	drone := over(11)
	drone.said = []truce.Identity{{Scheme: "serial", Value: "X1"}}
	again := drone
	again.at = noonOn(11).Add(2 * time.Hour)
	right := byPlotTime(sky(16, drone), sky(17, again))
	if out := watchedBy(t, right); len(out.biases) != 0 {
		t.Errorf("of a right radar: %v", out.biases)
	}
	off := slices.Clone(right)
	for i := range off {
		if off[i].Source == "asterix" {
			plane := geo.NewPlane(off[i].Place.Point)
			off[i].Place = &geo.Position{Point: plane.From(60, -20), Error: off[i].Place.Error}
		}
	}
	f := newFollower(t)
	out, _ := f.follow(t, off)
	if len(out.biases) != 1 {
		t.Fatalf("%d biases: %v", len(out.biases), out.biases)
	}
	b := out.biases[0]
	near := func(x, want geo.Metres) bool { return x > want-4*b.PlacedM && x < want+4*b.PlacedM }
	if b.Source != "asterix" || b.Sensor != "RADAR-1" || b.Against != "remoteid|" || !near(b.EastM, 60) || !near(b.NorthM, -20) || b.PlacedM > 10 || b.Compared < 100 || b.To-b.From < truce.Instant(2*time.Hour/time.Microsecond) {
		t.Errorf("%+v", b)
	}
	if again, days := f.follow(t, off); days != 0 || !reflect.DeepEqual(again, out) {
		t.Errorf("a second look: %v after %d days", again.biases, days)
	}
	if got, want := b.String(), "sensor asterix|RADAR-1 against remoteid|: its places are +"; !strings.Contains(got, want) {
		t.Errorf("%q", got)
	}
}
