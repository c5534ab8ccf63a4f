package app

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	sim "github.com/trucewatch/truce/sim/arrivals"
)

// TestShotsAreTiedFromTheStore: what was imported tells the same as its files, after the same
// delay.
func TestShotsAreTiedFromTheStore(t *testing.T) {
	folder, _ := duelFiles(t, smallDuels)
	p := newProgram(t)
	sensors, arrivals := filepath.Join(folder, sim.SensorsFile), filepath.Join(folder, sim.ArrivalsFile)
	day := sim.Start.Time().Format(time.DateOnly)
	listed := func(args ...string) (list reviewList) {
		if err := json.Unmarshal([]byte(p.good(t, append([]string{"engagements", "--json"}, args...)...)), &list); err != nil {
			t.Fatal(err)
		}
		return list
	}
	mustHold(t, p.bad(t, "engagements", "--day", day), "holds nothing that network \"\" heard on "+day)
	p.good(t, "import", sensors, arrivals)
	want, got := listed("--sensors", sensors, "--arrivals", arrivals), listed("--day", day)
	if len(want.Engagements) == 0 || len(got.Engagements) != len(want.Engagements) {
		t.Fatalf("%d shots from the store, %d from the files", len(got.Engagements), len(want.Engagements))
	}
	for i := range got.Engagements {
		g, w := got.Engagements[i], want.Engagements[i]
		if g.Time.Sub(w.Time).Abs() > time.Millisecond || g.Launch != nil && w.Launch != nil && *g.Launch != *w.Launch {
			t.Errorf("shot %d from the store %+v, from the files %+v", i, g, w)
		}
	}
	p.now = sim.Start.Time().Add(24 * time.Hour)
	if early := listed("--day", day); len(early.Engagements)+len(early.Undetermined) > 0 || early.Younger == 0 {
		t.Errorf("%d shots and %d events are shown on the day itself", len(early.Engagements), len(early.Undetermined))
	}
	mustHold(t, p.bad(t, "engagements"), "give --sensors and --arrivals, or --day for what was imported")
	mustHold(t, p.bad(t, "engagements", "--day", day, "--sensors", sensors), "leave --sensors and --arrivals out")
	mustHold(t, p.bad(t, "engagements", "--day", "11.4.2026"), `--day "11.4.2026": write it as 2026-04-11`)
	mustHold(t, p.bad(t, "engagements", "--sensors", sensors, "--arrivals", arrivals, "--network", "north"), "--network goes with --day")
}
