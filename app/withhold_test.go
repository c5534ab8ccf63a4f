package app

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/publish"
	sim "github.com/trucewatch/truce/sim/arrivals"
)

// heldBack writes the delay into the directory's agreement: "" takes the section out.
func (p program) heldBack(t *testing.T, forces string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.dir, "agreement", "agreement.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for line := range strings.SplitSeq(string(text), "\n") {
		if !strings.HasPrefix(line, "withhold:") {
			out = append(out, line)
		}
	}
	if forces != "" {
		out = append(out, `withhold: {forces: `+forces+`, clause: "8.1"}`, "")
	}
	p.terms(t, strings.Join(out, "\n"))
}

// shotsAt is the review of the day of small duels so long after its midnight.
func (p *program) shotsAt(t *testing.T, after time.Duration, files []string) reviewList {
	t.Helper()
	p.now = sim.Start.Time().Add(after)
	var list reviewList
	if err := json.Unmarshal([]byte(p.good(t, append([]string{"engagements", "--json"}, files...)...)), &list); err != nil {
		t.Fatal(err)
	}
	for _, shot := range list.Engagements {
		if age := truce.InstantOf(p.now).Sub(shot.Time); age < time.Duration(list.Held[0].Hours*float64(time.Hour)) {
			t.Errorf("a shot %s old is shown under %s", age, list.Held[0])
		}
	}
	return list
}

// TestTheAgreementLengthensTheDelay: what two days would show waits for the third where the
// agreement says so, and an amendment does not shorten it for what happened before.
func TestTheAgreementLengthensTheDelay(t *testing.T) {
	folder, _ := duelFiles(t, smallDuels)
	p := program{dir: filepath.Join(t.TempDir(), "mission"), now: sim.Start.Time().Add(-2 * time.Hour)}
	p.good(t, "init", p.dir)
	files := []string{"--sensors", filepath.Join(folder, sim.SensorsFile), "--arrivals", filepath.Join(folder, sim.ArrivalsFile)}
	p.heldBack(t, "")
	plain := p.shotsAt(t, 60*time.Hour, files)
	if len(plain.Engagements) == 0 || plain.Held[0] != (heldRule{Hours: 48, Until: sim.Start.Add(12 * time.Hour)}) {
		t.Fatalf("without a section: %d shots, %+v", len(plain.Engagements), plain.Held)
	}
	mustHold(t, p.good(t, append([]string{"engagements"}, files...)...), "Shown no sooner than 48 h: the program's own rule, where the agreement asks for no longer.")

	p.heldBack(t, "72h")
	p.now = sim.Start.Time().Add(-time.Hour)
	p.good(t, "assess") // on record before the day
	if list := p.shotsAt(t, 60*time.Hour, files); len(list.Engagements)+len(list.Undetermined) != 0 || list.Younger == 0 || list.Held[0].Hours != 72 || list.Held[0].Clause != "8.1" {
		t.Errorf("under 72 h at 60 h: %d shots, %+v", len(list.Engagements), list.Held)
	}
	mustHold(t, p.good(t, append([]string{"engagements"}, files...)...), "Shown no sooner than 72 h: clause 8.1 of the agreement (version ", "0 shots; 0 events without a partner")
	if list := p.shotsAt(t, 84*time.Hour, files); len(list.Engagements) != len(plain.Engagements) {
		t.Errorf("under 72 h at 84 h: %d shots, want the %d of 48 h at 60 h", len(list.Engagements), len(plain.Engagements))
	}

	// An edit of the directory alone is no amendment; one that is recorded is, from then on.
	p.heldBack(t, "48h")
	if list := p.shotsAt(t, 60*time.Hour, files); len(list.Engagements) != 0 || list.Held[0].Hours != 72 {
		t.Errorf("an edit shortened the delay: %+v", list.Held)
	}
	p.now = sim.Start.Time().Add(25 * time.Hour)
	p.good(t, "assess")
	list := p.shotsAt(t, 60*time.Hour, files)
	if len(list.Engagements) != 0 || len(list.Held) != 2 || list.Held[0].Hours != 48 || list.Held[1].Hours != 72 {
		t.Errorf("the amendment shortened the delay of the day before it: %d shots, %+v", len(list.Engagements), list.Held)
	}
	mustHold(t, p.good(t, append([]string{"engagements"}, files...)...), "Younger events that came under an earlier version: no sooner than 72 h: clause 8.1")

	p.heldBack(t, "24h")
	mustHold(t, p.bad(t, append([]string{"engagements"}, files...)...), "withhold.forces: 24 h is shorter than 48 h")
}

// TestWithholdingByTime: the version of the time or that of now, whichever is longer.
func TestWithholdingByTime(t *testing.T) {
	day := func(n int) truce.RecordedTime { return truce.RecordedTime(n) * 86_400_000_000 }
	rule := func(hours int, since truce.RecordedTime) withheld {
		return withheld{Forces: time.Duration(hours) * time.Hour, Clause: "8.1", since: since}
	}
	held := withholding{recorded: []withheld{rule(96, day(1)), rule(72, day(3)), rule(240, day(5)), rule(60, day(6))}, now: rule(60, day(6))}
	for at, want := range map[truce.RecordedTime]float64{day(0): 60, day(1) - 1: 60, day(1): 96, day(3) - 1: 96, day(3): 72, day(5): 240, day(6): 60, day(9): 60} {
		if got := held.at(truce.Instant(at)).Forces.Hours(); got != want {
			t.Errorf("at %d: %v h, want %v", at, got, want)
		}
	}
	if got := held.during(truce.Instant(day(4)), truce.Instant(day(7))).Forces.Hours(); got != 240 {
		t.Errorf("a period that a longer rule began and ended in: %v h", got)
	}
	if at := truce.Instant(day(3)); held.shown(at, at.Add(72*time.Hour-time.Microsecond)) || !held.shown(at, at.Add(72*time.Hour)) {
		t.Error("the delay ends at another moment than it says")
	}
	if got := longer(withheld{Forces: truce.LeastForcesDelay}, rule(48, 0)); got.Clause == "" {
		t.Error("of two equal delays the clause is not named")
	}
}

// TestTheGateWaitsAsLongAsTheAgreementSays: the public edition too, and by recorded versions
// alone.
func TestTheGateWaitsAsLongAsTheAgreementSays(t *testing.T) {
	p := newProgram(t)
	b := truce.Bulletin{Period: truce.Period{From: truce.InstantOf(p.now), To: truce.InstantOf(p.now).Add(24 * time.Hour)}}
	ages := func(want time.Duration) {
		t.Helper()
		a := p.openApp(t)
		defer a.Close()
		got, err := a.placeAges(t.Context(), b)
		if err != nil || len(got) != len(publish.ForcesGroups()) {
			t.Fatalf("%v, %v", got, err)
		}
		for group, age := range got {
			if age != want {
				t.Errorf("%s: %s, want %s", group, age, want)
			}
		}
	}
	ages(48 * time.Hour)
	p.heldBack(t, "120h")
	ages(48 * time.Hour)
	p.good(t, "assess")
	ages(120 * time.Hour)
}
