package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/examples"
	"github.com/trucewatch/truce/sim"
)

// watcher is a sound one with lines changed: "key: value" replaces the key's line, "key"
// takes it away.
func watcher(changes ...string) string {
	lines := []string{"family: patrol", "sensors: [P-1]", "areas: [north]", "hours: 06:00-18:00", "heartbeat: 2h", "p_detect: {fire: 0.4}"}
	for _, change := range changes {
		key, _, set := strings.Cut(change, ":")
		found := false
		for i, line := range lines {
			if strings.HasPrefix(line, key+":") {
				lines[i], found = change, true
				if !set {
					lines[i] = ""
				}
			}
		}
		if !found {
			lines = append(lines, change)
		}
	}
	var b strings.Builder
	b.WriteString("watch:\n  watchers:\n    - family: camera\n      sensors: [CAM-1]\n      heartbeat: none\n    -\n")
	for _, line := range lines {
		if line != "" {
			b.WriteString("      " + line + "\n")
		}
	}
	return b.String()
}

func TestAWrongWatchIsRefusedByField(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"satellite", "watch: {satellites: [N, NOAA-21]}", `watch.satellites[1]: "NOAA-21" is not a satellite of FIRMS; write one of N, N20, N21, Terra, Aqua`},
		{"satellite twice", "watch: {satellites: [N, N20, N]}", "watch.satellites[2]: N stands there twice"},
		{"unknown setting", watcher("sensor: P-1"), "unknown setting watch.watchers[1].sensor; known there: areas, degraded"},
		{"no family", watcher("family"), `watch.watchers[1].family: ""; choose one of`},
		{"unknown family", watcher("family: police"), `watch.watchers[1].family: "police"`},
		{"thermal", watcher("family: thermal"), "watch.watchers[1].family: satellites that see heat are stated in watch.satellites"},
		{"no sensors", watcher("sensors"), "watch.watchers[1].sensors: name at least one"},
		{"a sensor twice", watcher("sensors: [P-1, P-1]"), `watch.watchers[1].sensors[1]: "P-1" is empty or stands there twice`},
		{"a sensor of two families", watcher("sensors: [CAM-1]"), "watch.watchers[1].sensors: CAM-1 is patrol here and camera in watchers[0]"},
		{"hours", watcher("hours: 6 to 18"), `watch.watchers[1].hours: "6 to 18"; write HH:MM-HH:MM in local time`},
		{"hours past the day", watcher("hours: 06:00-25:00"), `watch.watchers[1].hours: "06:00-25:00"`},
		{"no hours at all", watcher("hours: 06:00-06:00"), "or leave it out for day and night"},
		{"nothing said of heartbeats", watcher("heartbeat"), `watch.watchers[1].heartbeat: ""; write how often`},
		{"too often", watcher("heartbeat: 1s"), `watch.watchers[1].heartbeat: "1s"`},
		{"too seldom", watcher("heartbeat: 48h"), "or none when only known outages count"},
		{"degraded", watcher("degraded: 2"), "watch.watchers[1].degraded: 2; write the share of an hour"},
		{"first day", watcher("from: 1 April"), `watch.watchers[1].from: "1 April"; write a day as YYYY-MM-DD`},
		{"ends before it begins", watcher("from: 2026-04-02", "until: 2026-04-01"), "watch.watchers[1].until: 2026-04-01 is before from, 2026-04-02"},
		{"chance of no act", watcher("p_detect: {shelling: 0.5}"), "watch.watchers[1].p_detect.shelling: no act and no act group; the groups are [fire"},
		{"chance over one", watcher("p_detect: {fire: 40}"), "watch.watchers[1].p_detect.fire: 40; write a chance from 0 to 1"},
		{"chance of heat", watcher("p_detect: {heat_undetermined: 0.5}"), "heat is what satellites see"},
		{"a party's silence", watcher("family: party"), "watch.watchers[1].p_detect: a party's silence is no watch"},
		{"silence of media", watcher("family: media"), "leave p_detect out for the family media"},
	} {
		_, err := parseConfig([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func illustrativeTerms(t testing.TB) *agreement.Agreement {
	t.Helper()
	files, err := agreement.ReadDir(examples.Illustrative())
	if err != nil {
		t.Fatal(err)
	}
	terms, err := agreement.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	return terms
}

func TestAWatchIsReadAsItIsWritten(t *testing.T) {
	cfg, err := parseConfig([]byte(watcher("areas", "hours: 22:00-04:30", "degraded: 0.5", "from: 2026-04-01", "until: \"2026-05-01\"")))
	if err != nil {
		t.Fatal(err)
	}
	list, err := cfg.Watch.watchers(illustrativeTerms(t))
	if err != nil || len(list) != 2 {
		t.Fatalf("%d watchers, %v", len(list), err)
	}
	w := list[1]
	if w.Hours.From.Hours() != 22 || w.Hours.To.Hours() != 4.5 || w.Heartbeat.Hours() != 2 || w.Degraded != 0.5 || w.From != "2026-04-01" || w.Until != "2026-05-01" {
		t.Errorf("%+v", w)
	}
	if len(w.Areas) != 3 || w.Detect["fire"] != 0.4 || w.Zone.String() != "Etc/GMT+1" {
		t.Errorf("areas %v, chances %v, zone %s", w.Areas, w.Detect, w.Zone)
	}
	if list[0].Heartbeat != 0 || list[0].Hours.To != 0 {
		t.Errorf("day and night without heartbeats is %+v", list[0])
	}
}

func TestAnAreaTheAgreementLacksIsRefused(t *testing.T) {
	cfg, err := parseConfig([]byte(watcher("areas: [north, nroth]")))
	if err != nil {
		t.Fatal(err)
	}
	_, err = cfg.Watch.watchers(illustrativeTerms(t))
	if err == nil || !strings.Contains(err.Error(), `watch.watchers[1].areas[1]: "nroth" is no reporting area of the agreement; known are [north centre south]`) {
		t.Error(err)
	}
}

// The watch of any exercise is a sound setting that names sensors its files know.
func TestTheWatchOfTheExerciseIsSound(t *testing.T) {
	world, err := sim.New(sim.Config{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := parseConfig([]byte(sampleConfig + exerciseSettings + exerciseWatch(world)))
	if err != nil {
		t.Fatal(err)
	}
	list, err := cfg.Watch.watchers(illustrativeTerms(t))
	if err != nil || len(list) != len(world.Watch()) || len(cfg.Watch.satellites()) != 3 {
		t.Errorf("%d watchers of %d, %d satellites, %v", len(list), len(world.Watch()), len(cfg.Watch.satellites()), err)
	}
}

// The exercise's Daily tells who watched, where they did not and why, and both kinds of
// absence; its public edition does not say which sensor it was.
func TestTheExerciseHasCoverage(t *testing.T) {
	p := program{dir: filepath.Join(t.TempDir(), "exercise"), now: storyTime}
	p.good(t, "demo", "--exit")
	daily := p.good(t, "bulletin", "daily", "--date", "2031-03-11", "--format", "md")
	mustHold(t, daily, "microphones | cameras | drones", "no power, 2031-03-11 20:30", "no sign of life, 2031-03-11 20:00",
		"silent while others heard", "GNSS interference, flights stopped", "nothing meeting R03 was recorded. Watched for", "not observed for R06", "nobody whose task it is to see this was watching")
	a, err := Open(t.Context(), p.dir, p.clock())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	mission, err := a.bulletinOf(t.Context(), "2031-03-11", truce.EditionMission)
	if err != nil || mission == nil {
		t.Fatal(mission, err)
	}
	public, err := a.bulletinOf(t.Context(), "2031-03-11", truce.EditionPublic)
	if err != nil || public == nil {
		t.Fatal(public, err)
	}
	if named := sensorGaps(*mission); named == 0 {
		t.Error("the mission's edition names no sensor with a gap")
	}
	world, err := sim.New(sim.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	world.Files()
	if dead := world.Truth().EarTroubles[0]; !earGap(*mission, dead) {
		t.Errorf("%s, silent from %s on, has no gap of its own", dead.Sensor, dead.From)
	}
	if named := sensorGaps(*public); named != 0 {
		t.Errorf("the public edition names the sensor of %d gaps", named)
	}
	said := map[truce.AbsenceVerdict]int{}
	for _, absence := range public.Absences {
		said[absence.Verdict]++
	}
	if said[truce.AbsenceNoneRecorded] == 0 || said[truce.AbsenceNotObserved] == 0 {
		t.Errorf("absences %v, want both kinds", said)
	}
}

// earGap says whether an ear's silence, from what it last heard before it began, is a gap of the
// watch. Each UTC day is listened to by itself.
func earGap(b truce.Bulletin, dead sim.EarTrouble) bool {
	for _, c := range b.Coverage {
		for _, g := range c.Gaps {
			if g.Sensor == dead.Sensor && c.Family == truce.FamilyAcoustic && g.From <= dead.From && dead.From.Sub(g.From) < 2*time.Hour && g.To.Sub(dead.From) > 12*time.Hour {
				return true
			}
		}
	}
	return false
}

func sensorGaps(b truce.Bulletin) int {
	n := 0
	for _, c := range b.Coverage {
		for _, g := range c.Gaps {
			if g.Sensor != "" && c.Family != truce.FamilyThermal {
				n++
			}
		}
	}
	return n
}

// An outage that becomes known after a Daily was frozen makes a new version, in which what
// was said of nothing is taken back.
func TestAnOutageThatComesInLate(t *testing.T) {
	p := program{dir: filepath.Join(t.TempDir(), "mission"), now: storyTime}
	p.good(t, "init", p.dir)
	settings := filepath.Join(p.dir, ConfigFile)
	text, err := os.ReadFile(settings)
	if err != nil {
		t.Fatal(err)
	}
	watch := "watch:\n  watchers:\n    - {family: radar, sensors: [R-1], heartbeat: none, p_detect: {maritime: 0.9}}\n"
	if err := os.WriteFile(settings, append(text, watch...), 0o600); err != nil {
		t.Fatal(err)
	}
	first := p.good(t, "bulletin", "daily", "--date", "2031-03-11", "--format", "md")
	mustHold(t, first, "nothing meeting R06 was recorded. Watched for 24 hours (radar); chance of seeing one: 90\u00a0%")
	late := filepath.Join(t.TempDir(), "late.csv")
	rows := "kind,time,time_to,sensor,family,state,reason\nhealth,2031-03-11T05:00:00Z,2031-03-11T17:00:00Z,R-1,radar,down,mast struck by lightning\n"
	if err := os.WriteFile(late, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	p.good(t, "import", "--format", "csv", late)
	second := p.good(t, "bulletin", "daily", "--date", "2031-03-11", "--format", "md")
	mustHold(t, second, "D-2031-03-11-v2", "radar, R-1: mast struck by lightning, 2031-03-11 05:00 – 17:00 UTC", "not observed for R06; nobody whose task it is",
		"R06 (clause 6.1), The sea lane stays open: none recorded where observed; coverage: 45\u00a0%")
}
