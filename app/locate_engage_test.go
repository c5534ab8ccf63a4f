package app

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/sense/locate/engage"
	sim "github.com/trucewatch/truce/sim/arrivals"
)

// duelFiles writes the files of invented duels.
func duelFiles(t *testing.T, cfg sim.DuelConfig) (folder string, world *sim.Duels) {
	t.Helper()
	world, err := sim.NewDuels(cfg)
	if err != nil {
		t.Fatal(err)
	}
	folder = t.TempDir()
	if err := world.Write(func(name string) (io.WriteCloser, error) { return os.Create(filepath.Join(folder, name)) }); err != nil {
		t.Fatal(err)
	}
	return folder, world
}

var smallDuels = sim.DuelConfig{Seed: 5, Fires: 10, Sensors: 300, Amplitudes: true}

// TestEngagementsForReview: inside a data directory, old enough, with everything that a
// reviewer needs and the sentence that it is no finding.
func TestEngagementsForReview(t *testing.T) {
	folder, world := duelFiles(t, smallDuels)
	p := newProgram(t)
	files := []string{"--sensors", filepath.Join(folder, sim.SensorsFile), "--arrivals", filepath.Join(folder, sim.ArrivalsFile), "--pascals"}
	var list reviewList
	if err := json.Unmarshal([]byte(p.good(t, append([]string{"engagements", "--json"}, files...)...)), &list); err != nil {
		t.Fatal(err)
	}
	if list.Notice != forReview || list.Until != truce.InstantOf(p.now.Add(-48*time.Hour)) || list.Younger != 0 || list.Agreement == "" {
		t.Errorf("%+v", list)
	}
	if len(list.Engagements) < len(world.Shots)/2 || len(list.Undetermined) == 0 {
		t.Fatalf("%d engagements and %d events alone of %d shots", len(list.Engagements), len(list.Undetermined), len(world.Shots))
	}
	sided := 0
	for _, r := range list.Engagements {
		sum := 0.0
		for _, share := range r.Classes {
			sum += share
		}
		if r.Launch == nil && r.Sector == nil || sum < .99 || sum > 1.01 || r.Probability < .5 || r.Target.Major <= 0 {
			t.Errorf("%+v", r)
		}
		for _, s := range r.Sides {
			if s.P > .85 {
				sided++
			}
		}
	}
	if sided < len(list.Engagements)/2 {
		t.Errorf("%d of %d have a side by the agreement's map or line", sided, len(list.Engagements))
	}
	table := p.good(t, append([]string{"engagements"}, files...)...)
	mustHold(t, table, forReview, "ORIGIN SIDE", "deg", "Shown no sooner than 48 h: clause 8.1 of the agreement (version "+list.Version[:12]+").",
		fmt.Sprintf("%d shots; %d events without a partner; 0 younger events are not shown", len(list.Engagements), len(list.Undetermined)))
	if strings.Index(table, forReview) != 0 {
		t.Error("the notice is not the first that is read")
	}
}

// TestEngagementsAreShownLate: on the day itself nothing is, and no flag helps.
func TestEngagementsAreShownLate(t *testing.T) {
	folder, world := duelFiles(t, smallDuels)
	p := newProgram(t)
	files := []string{"--sensors", filepath.Join(folder, sim.SensorsFile), "--arrivals", filepath.Join(folder, sim.ArrivalsFile)}
	p.now = sim.Start.Time().Add(24 * time.Hour)
	mustHold(t, p.good(t, append([]string{"engagements"}, files...)...), "0 shots; 0 events without a partner; ", "younger events are not shown")
	// In the middle of the day as it will be shown, only what is older.
	p.now = sim.Start.Time().Add(60 * time.Hour)
	var list reviewList
	if err := json.Unmarshal([]byte(p.good(t, append([]string{"engagements", "--json"}, files...)...)), &list); err != nil {
		t.Fatal(err)
	}
	for _, r := range list.Engagements {
		if r.Time > sim.Start.Add(12*time.Hour) {
			t.Errorf("a shot of %v is shown at %v", r.Time, p.now)
		}
	}
	if list.Younger == 0 || len(list.Engagements) == 0 || len(list.Engagements) >= len(world.Shots) {
		t.Errorf("%d shown, %d events too young", len(list.Engagements), list.Younger)
	}
	mustHold(t, p.bad(t, append([]string{"engagements", "--live"}, files...)...), "there is no --live here", "48 h after the shot at the earliest")
	mustHold(t, p.bad(t, "engagements", "--sensors", "-", "--arrivals", "-"), "only one file can be standard input")
}

// TestAReviewHasNoMinusZero: what rounds to nothing from below is nothing.
func TestAReviewHasNoMinusZero(t *testing.T) {
	in := engage.Field{Arrivals: []locate.Arrival{{ID: "a"}}, Events: make([]locate.Event, 2)}
	shot := reviewOf(&engage.Engagement{Impact: 1, Score: -.04, Direction: -.01, Shocks: []engage.Shock{{Residual: -.0002}}}, &in, drawnMaps{})
	text, err := json.Marshal(&shot)
	if err != nil || strings.Contains(string(text), ":-0") || !strings.Contains(string(text), `"residual_s":0`) {
		t.Errorf("%s, %v", text, err)
	}
}

// TestEngagementsOnlyUnderAnAgreement.
func TestEngagementsOnlyUnderAnAgreement(t *testing.T) {
	folder, _ := duelFiles(t, sim.DuelConfig{Seed: 5, Fires: 1, Sensors: 40})
	files := []string{"engagements", "--sensors", filepath.Join(folder, sim.SensorsFile), "--arrivals", filepath.Join(folder, sim.ArrivalsFile)}
	p := newProgram(t)
	r := p.runAlone(append(files, "--dir", folder)...)
	if r.code != 1 || r.out != "" {
		t.Errorf("outside of a data directory: exit code %d, %q", r.code, r.out)
	}
	mustHold(t, r.err, "launch areas are shown inside a data directory with an agreement only", "truce init")
	p.terms(t, "not: an agreement")
	r = p.run(files...)
	if r.code != 1 || r.out != "" {
		t.Errorf("without an agreement: exit code %d, %q", r.code, r.out)
	}
	mustHold(t, r.err, "launch areas are shown under an agreement only")
}

// betraying are words and columns of engagements. None may stand in what `truce locate`
// writes: its events are blasts, without a role.
var betraying = []string{
	"launch", "muzzle", "mortar", "howitzer", "rocket", "tank", "weapon", "engagement", "salvo", "fired", "shock", "caliber", "calibre", "origin_side", "direction",
	"міномет", "гаубиц", "гармат", "постріл", "залп", "пуск",
}

// TestNothingOfLocateTellsOfShots: of a field that heard shots, neither the tables nor
// QuakeML, the page in both languages, the stream or what is said.
func TestNothingOfLocateTellsOfShots(t *testing.T) {
	folder, world := duelFiles(t, smallDuels)
	p := newProgram(t)
	out := t.TempDir()
	name := func(file string) string { return filepath.Join(out, file) }
	base := []string{"locate", "--sensors", filepath.Join(folder, sim.SensorsFile), "--arrivals", filepath.Join(folder, sim.ArrivalsFile)}
	for _, run := range [][]string{
		{"--events", name("e.csv"), "--assignments", name("a.csv"), "--quakeml", name("q.xml"), "--report", name("en.html")},
		{"--events", name("e2.csv"), "--assignments", name("a2.csv"), "--report", name("uk.html"), "--lang", "uk"},
		{"--events", name("e3.csv"), "--assignments", name("a3.csv"), "--live"},
	} {
		r := p.runAlone(append(base[:len(base):len(base)], run...)...)
		if r.code != 0 {
			t.Fatal(r.err)
		}
		holdsNone(t, betraying, "what is printed", r.out+r.err)
	}
	filesHoldNone(t, betraying, out, 9)
	if len(world.Shots) < 10 {
		t.Errorf("only %d shots: the field heard too little for this to say anything", len(world.Shots))
	}
}

// TestOnlyTheReviewTiesShots: no other file of the program may reach what makes launch areas.
func TestOnlyTheReviewTiesShots(t *testing.T) {
	reachedOnlyBy(t, "sense/locate/engage", "app/locate_engage")
}
