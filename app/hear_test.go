package app

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
	exercise "github.com/trucewatch/truce/sim"
	sim "github.com/trucewatch/truce/sim/arrivals"
)

// field is a workload as two files in memory.
type field struct {
	sensors string
	rows    []string // of arrivals, without the header
	world   *sim.World
}

const arrivalsHeader = "arrival,sensor,time,phase,sigma_s,azimuth_deg,azimuth_sigma_deg,amplitude\n"

type memoryFile struct {
	strings.Builder
	done func(string)
}

func (m *memoryFile) Close() error {
	m.done(m.String())
	return nil
}

func newField(t testing.TB, workload string) field {
	t.Helper()
	cfg, err := sim.ParseWorkload(workload, 5)
	if err != nil {
		t.Fatal(err)
	}
	world, err := sim.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	err = world.Write(func(name string) (io.WriteCloser, error) {
		return &memoryFile{done: func(text string) { files[name] = text }}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.SplitAfter(files[sim.ArrivalsFile], "\n")
	return field{sensors: files[sim.SensorsFile], rows: rows[1 : len(rows)-1], world: world}
}

func (f field) table(pick func(i int) bool) string {
	var b strings.Builder
	b.WriteString(arrivalsHeader)
	for i, row := range f.rows {
		if pick(i) {
			b.WriteString(row)
		}
	}
	return b.String()
}

func all(int) bool { return true }

// located are the events of a mission that the sense made, those that stand.
func (p program) located(t *testing.T) []truce.Event {
	t.Helper()
	a, err := Open(t.Context(), p.dir, p.clock())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	events, err := a.store.Events(t.Context(), truce.EventQuery{})
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(events, func(e truce.Event) bool {
		return e.Method != locate.Method || e.Withdrawn || !e.ReplacedBy.IsZero()
	})
}

func (p program) incidents(t *testing.T) []truce.IncidentRow {
	t.Helper()
	var list []truce.IncidentRow
	if err := json.Unmarshal([]byte(p.good(t, "incidents", "--format", "json")), &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestArrivalsBecomeEventsAndIncidents where the shots were, each resting on what was heard
// of it, whatever the order of the files, and nothing the second time.
func TestArrivalsBecomeEventsAndIncidents(t *testing.T) {
	f := newField(t, "A60/0.3")
	p := newProgram(t)
	mustHold(t, p.good(t, "import", p.write(t, "arrivals.csv", f.table(all))), "accepted, 0 duplicate, 0 quarantined")
	mustHold(t, p.good(t, "assess"), "0 events", "arrivals wait: nothing says where their sensors stand (s0001,")
	mustHold(t, p.good(t, "import", p.write(t, "sensors.csv", f.sensors)), "200 accepted")
	out := p.good(t, "assess")
	if strings.Contains(out, "wait") {
		t.Errorf("sensors are missing:\n%s", out)
	}
	events := p.located(t)
	found := 0
	for _, shot := range f.world.Events {
		for _, e := range events {
			if apart := e.Origin.From.Sub(shot.Time); max(apart, -apart) < time.Second && geo.Distance(e.Position.Point, shot.At) < 1000 {
				found++
				break
			}
		}
	}
	if found < 57 || len(events) > 62 {
		t.Errorf("%d of 60 shots are among %d events", found, len(events))
	}
	for _, e := range events {
		if e.Kind != truce.ActExplosion || e.Score < .9 || e.Score > surest || len(e.Support) < 4 || e.Origin.Sigma <= 0 || e.Position.Error.EE < 1 {
			t.Errorf("%+v", e)
		}
		for _, s := range e.Support {
			if s.Family != truce.FamilyAcoustic || s.Source != "arrivals-acoustic" || s.ResidualS < -3 || s.ResidualS > 3 {
				t.Errorf("%s rests on %+v", e.ID, s)
			}
		}
	}
	if incidents := p.incidents(t); len(incidents) != len(events) || incidents[0].Evaluation == nil || incidents[0].Incident.Occurrence != truce.OccurrenceDetected {
		t.Errorf("%d incidents of %d events", len(incidents), len(events))
	}
	head := p.head(t)
	mustHold(t, p.good(t, "assess"), "events, 0 new or changed", "incidents, 0 new or changed")
	if after := p.head(t); after != head {
		t.Errorf("assessing again appended %d records", after-head)
	}
	mustHold(t, p.good(t, "verify-store"), "no damage found")
}

// TestLateArrivalsReviseEvents: what stood keeps its id, what is left in the end is what one
// reading of everything gives, and read tables are what a fold of the records gives.
func TestLateArrivalsReviseEvents(t *testing.T) {
	f := newField(t, "A60/0.3")
	whole := newProgram(t)
	whole.good(t, "import", whole.write(t, "s.csv", f.sensors), whole.write(t, "a.csv", f.table(all)))
	whole.good(t, "assess")

	p := newProgram(t)
	p.good(t, "import", p.write(t, "s.csv", f.sensors), p.write(t, "a.csv", f.table(func(i int) bool { return i%3 != 0 })))
	p.good(t, "assess")
	first := p.located(t)
	before := len(p.incidents(t))
	p.good(t, "import", p.write(t, "late.csv", f.table(func(i int) bool { return i%3 == 0 })))
	p.good(t, "assess")
	last := p.located(t)
	kept := 0
	for _, e := range last {
		if slices.ContainsFunc(first, func(old truce.Event) bool { return old.ID == e.ID }) {
			kept++
		}
	}
	if kept < len(first)-2 || kept < 40 {
		t.Errorf("of %d events %d kept their id", len(first), kept)
	}
	want := whole.located(t)
	if len(want) != len(last) {
		t.Fatalf("%d events after two readings, %d after one", len(last), len(want))
	}
	for i := range want { // by time
		a, b := want[i], last[i]
		if a.Origin != b.Origin || *a.Position != *b.Position || a.Score != b.Score || len(a.Support) != len(b.Support) {
			t.Errorf("after two readings %+v, after one %+v", b, a)
		}
	}
	if after := len(p.incidents(t)); after < before || after != len(whole.incidents(t)) {
		t.Errorf("%d incidents, then %d; one reading gives %d", before, after, len(whole.incidents(t)))
	}
	p.good(t, "rebuild")
	mustHold(t, p.good(t, "verify-store"), "no damage found")
}

// TestWhatIsNoLongerHeardIsTakenBack: four arrivals make an event as long as nobody says that
// one of the sensors stands elsewhere; then it is withdrawn with its incident, and it
// comes back under its id when the place is set right.
func TestWhatIsNoLongerHeardIsTakenBack(t *testing.T) {
	const heard = arrivalsHeader + `a1,s1,2031-03-03T00:00:23.704Z,acoustic,,,,
a3,s2,2031-03-03T00:00:23.704Z,acoustic,,,,
a5,s3,2031-03-03T00:00:23.708Z,acoustic,,,,
a7,s4,2031-03-03T00:00:23.708Z,acoustic,,,,
a9,s5,2031-03-03T00:00:25.401Z,acoustic,,,,
a10,s6,2031-03-03T00:00:27.986Z,acoustic,,,,
b1,s1,2031-03-03T04:00:27.986Z,acoustic,,,,
b2,s2,2031-03-03T05:00:27.986Z,acoustic,,,,
b3,s3,2031-03-03T06:00:27.986Z,acoustic,,,,
`
	const header = "sensor,lat,lon,elev_m\n"
	p := newProgram(t)
	p.good(t, "import", p.write(t, "a.csv", heard), p.write(t, "s.csv", header+"s1,-47.90,-21.60,0\ns2,-47.90,-21.50,0\ns3,-47.85,-21.60,0\ns4,-47.85,-21.50,0\ns5,-47.875,-21.48,0\ns6,-47.82,-21.55,0\n"))
	p.good(t, "assess")
	events := p.located(t)
	if len(events) != 1 || len(events[0].Support) != 6 {
		t.Fatalf("%+v", events)
	}
	p.now = p.now.Add(time.Hour)
	p.good(t, "import", p.write(t, "moved.csv", header+"s1,-40,-21.60,0\ns2,-30,-21,0\ns3,-20,-21.60,0\ns4,-10,-22.50,0\n"))
	mustHold(t, p.good(t, "assess"), "tell of 0 events", "1 incidents, 1 new or changed")
	if left := p.located(t); len(left) != 0 {
		t.Fatalf("%+v", left)
	}
	list := p.incidents(t)
	if in := list[0].Incident; len(list) != 1 || in.P != 0 || !slices.Contains(in.Labels, truce.LabelWithdrawn) {
		t.Errorf("%+v", list)
	}
	mustHold(t, p.good(t, "assess"), "incidents, 0 new or changed")
	p.now = p.now.Add(time.Hour)
	p.good(t, "import", p.write(t, "back.csv", "sensor,lat,lon,elev_m,since\ns1,-47.90,-21.60,0,2031-03-01\ns2,-47.90,-21.50,0,2031-03-01\ns3,-47.85,-21.60,0,2031-03-01\ns4,-47.85,-21.50,0,2031-03-01\n"))
	p.good(t, "assess")
	back := p.located(t)
	if len(back) != 1 || back[0].ID != events[0].ID || back[0].Revision != 3 || *back[0].Position != *events[0].Position {
		t.Errorf("%+v came back as %+v", events, back)
	}
	if list = p.incidents(t); len(list) != 1 || list[0].Incident.P < .9 || list[0].Incident.Revision != 3 {
		t.Errorf("%+v", list)
	}
	mustHold(t, p.good(t, "verify-store"), "no damage found")
}

// TestASalvoIsOneIncident: shots of one place within minutes are one happening, and one voice.
func TestASalvoIsOneIncident(t *testing.T) {
	at := truce.InstantOf(time.Date(2031, 3, 3, 12, 0, 0, 0, time.UTC))
	shot := func(n int, after time.Duration, lat geo.Degrees, family truce.Family) truce.Event {
		id := truce.NewID(at.Add(after), "arrival", "x", []byte{byte(n)})
		return truce.Event{
			ID: openedBy(id), Origin: truce.Moment(at.Add(after), 0), Position: &geo.Position{Point: geo.Point{Lat: lat, Lon: -21.6}, Error: geo.Isotropic(60)},
			Support: []truce.Support{{Observation: id, Family: family, Source: truce.SourceID("arrivals-" + family)}},
		}
	}
	const here, there = -47.9, -47.88
	events := []truce.Event{
		shot(0, 0, here, truce.FamilyAcoustic), shot(1, 3*time.Second, here+.001, truce.FamilyAcoustic), shot(2, 4*time.Second, there, truce.FamilyAcoustic),
		shot(3, 5*time.Second, here, truce.FamilySeismic), shot(4, 4*time.Minute, here, truce.FamilyAcoustic), shot(5, 9*time.Minute, here, truce.FamilyAcoustic),
	}
	series(events)
	group := func(i int) string { return events[i].Support[0].Group }
	if group(0) == "" || group(1) != group(0) || group(4) != group(0) || group(2) != "" || group(3) != "" || group(5) != "" {
		t.Errorf("groups %q", []string{group(0), group(1), group(2), group(3), group(4), group(5)})
	}
}

// TestWindowsShareTheirArrivals: a shot just before midnight, heard after it, is one event.
func TestWindowsShareTheirArrivals(t *testing.T) {
	f := newField(t, "A60/0.3")
	p := newProgram(t)
	// The last arrivals of a shot fall on the day after: all times are moved so that the first
	// arrival of an event is 200 ms before midnight.
	e := f.world.Events[30]
	first := f.world.Arrivals[e.Picks[0].Arrival].Time
	midnight := truce.InstantOf(time.Date(2031, 3, 4, 0, 0, 0, 0, time.UTC))
	shift := midnight.Add(-200*time.Millisecond) - first
	rows, err := csv.NewReader(strings.NewReader(f.table(all))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	for i, row := range rows {
		if i > 0 {
			row[2] = (f.world.Arrivals[i-1].Time + shift).String()
		}
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	p.good(t, "import", p.write(t, "s.csv", f.sensors), p.write(t, "a.csv", b.String()))
	p.good(t, "assess")
	events, seen, across := p.located(t), map[truce.ID]bool{}, 0
	for _, e := range events {
		before, after := false, false
		for _, s := range e.Support {
			if seen[s.Observation] {
				t.Errorf("%s is in two events", s.Observation)
			}
			seen[s.Observation] = true
			at := truce.Instant(s.Observation.Millis() * 1000)
			before, after = before || at < midnight, after || at >= midnight
		}
		if before && after {
			across++
		}
	}
	if across != 1 || len(events) < 57 || len(events) > 62 {
		t.Errorf("%d events, %d of them heard across midnight", len(events), across)
	}
}

// TestDeadAndChatteringSensorsAreGaps: what the arrivals say of sensors reaches coverage.
func TestDeadAndChatteringSensorsAreGaps(t *testing.T) {
	f := newField(t, "A300/0.3+broken")
	p := newProgram(t)
	p.good(t, "import", p.write(t, "s.csv", f.sensors), p.write(t, "a.csv", f.table(all)))
	a, err := Open(t.Context(), p.dir, p.clock())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	in, err := a.gather(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	said := map[truce.SensorID]truce.HealthState{}
	for _, sign := range in.heard.signs {
		if sign.ID.IsZero() || sign.From >= sign.To {
			t.Errorf("%+v", sign)
		}
		said[sign.Sensor] = sign.State
	}
	dead, chatter := 0, 0
	for _, trouble := range f.world.Troubles {
		switch state := said[truce.SensorID(f.world.Sensors[trouble.Sensor].ID)]; {
		case trouble.Kind == sim.Chattering && state == truce.HealthDegraded:
			chatter++
		case trouble.Kind == sim.Dead && state == truce.HealthDown:
			dead++
		}
	}
	if chatter != 4 || dead < 3 {
		t.Errorf("of 4 chattering sensors %d are known, of the dead ones %d", chatter, dead)
	}
}

// TestOneWorkerRecordsWhatANetworkHeard: while another machine holds the lease nothing is
// appended under it; when that lets go, the next run goes on.
func TestOneWorkerRecordsWhatANetworkHeard(t *testing.T) {
	f := newField(t, "A60/0.3")
	p := newProgram(t)
	p.good(t, "import", p.write(t, "s.csv", f.sensors), p.write(t, "a.csv", f.table(all)))
	a, err := Open(t.Context(), p.dir, p.clock())
	if err != nil {
		t.Fatal(err)
	}
	epoch, err := a.store.AcquireLease(t.Context(), leasePrefix+"arrivals-acoustic", "another machine", leaseLength)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Assess(t.Context()); truce.CodeOf(err) != truce.CodeConflict || !strings.Contains(err.Error(), "held by another machine") {
		t.Errorf("assessed while another holds the lease: %v", err)
	}
	if err := a.store.ReleaseLease(t.Context(), leasePrefix+"arrivals-acoustic", epoch); err != nil {
		t.Fatal(err)
	}
	if sum, err := a.Assess(t.Context()); err != nil || sum.NewEvents < 57 {
		t.Errorf("%+v, %v", sum, err)
	}
	fence := &truce.Fence{Lease: leasePrefix + "arrivals-acoustic", Epoch: epoch}
	draft := truce.Draft{Kind: truce.RecordWatermark, Key: "late", Body: []byte(`{}`)}
	if _, err := a.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{draft}, Fence: fence}); truce.CodeOf(err) != truce.CodeConflict {
		t.Errorf("a write of the earlier holder: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if families := p.unstated(t); !slices.Contains(families, truce.FamilyAcoustic) {
		t.Errorf("families that reported and of which no watch is stated: %v", families)
	}
}

// unstated are the families that came in on the day of the workload without a stated watch.
func (p program) unstated(t *testing.T) []truce.Family {
	t.Helper()
	a, err := Open(t.Context(), p.dir, p.clock())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	s, err := a.study(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	period, err := s.terms.Calendar.Period("2031-03-03")
	if err != nil {
		t.Fatal(err)
	}
	return s.unstatedFamilies(nil, period)
}

// sensorCanaries are words and digits that stand nowhere but in the tables of sensors and
// what they heard.
var sensorCanaries = []string{"KANARI", "kanari", "FINCH", "47.9117", "47.9118", "47,9117", "21.6433", "21,6433", "residual", "sensor_id", "azimuth", "series-"}

// TestNothingOfSensorsIsPublic: neither places nor arrivals nor residuals are in any public
// page or in the public store, even where everything they led to may be passed on.
func TestNothingOfSensorsIsPublic(t *testing.T) {
	p := newProgram(t)
	rights := "licence: CC-BY-4.0, attribution: Us, redistribute: true"
	p.settings(t, "sources:\n  - {id: arrivals, "+rights+"}\n  - {id: arrivals-acoustic, "+rights+"}\n  - {id: csv-patrol, "+rights+"}\n")
	sensors := "sensor,lat,lon,elev_m\nKANARI-1,-47.91173,-21.64331,0\nKANARI-2,-47.91,-21.54,0\nKANARI-3,-47.86,-21.64,0\nKANARI-4,-47.86,-21.54,0\nKANARI-5,-47.885,-21.52,0\nKANARI-6,-47.83,-21.59,0\n"
	shot := geo.Point{Lat: -47.885, Lon: -21.59}
	at := truce.InstantOf(time.Date(2031, 3, 11, 14, 20, 5, 0, time.UTC))
	rows := arrivalsHeader
	for i, line := range strings.Split(strings.TrimSpace(sensors), "\n")[1:] {
		cells := strings.Split(line, ",")
		lat, err1 := strconv.ParseFloat(cells[1], 64)
		lon, err2 := strconv.ParseFloat(cells[2], 64)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		travel := float64(geo.Distance(shot, geo.Point{Lat: geo.Degrees(lat), Lon: geo.Degrees(lon)})) / 340
		rows += fmt.Sprintf("FINCH-%d,%s,%s,acoustic,,,,\n", i, cells[0], at.Add(time.Duration(travel*float64(time.Second))))
	}
	for i := range 3 {
		rows += fmt.Sprintf("FINCH-9%d,KANARI-%d,2031-03-11T0%d:00:00Z,acoustic,,,,\n", i, i+1, i+1)
	}
	p.good(t, "import", p.write(t, "s.csv", sensors), p.write(t, "a.csv", rows))
	p.good(t, "import", "--format", "csv", p.write(t, "patrol.csv", "time,lat,lon,sigma_m,family,sensor,act,text\n2031-03-11T14:20:05Z,-47.8850,-21.5900,250,patrol,P-3,indirect_fire,an impact\n"))
	mustHold(t, p.good(t, "assess"), "9 arrivals at sensors tell of 1 events")
	p.good(t, "bulletin", "daily", "--date", "2031-03-11")
	p.good(t, "bulletin", "release", "--date", "2031-03-11")
	a, err := Open(t.Context(), p.dir, p.clock())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	desk, err := a.deskHandler(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	number := p.incidents(t)[0].Incident.Number
	page := get(desk, "/incidents/"+number).body
	mustHold(t, page, "Heard by sensors", "KANARI-1", "m-sensor", "acoustic, patrol") // the control: the desk has them
	leaves := whatLeaves(t, a)
	b, err := a.bulletinOf(t.Context(), "2031-03-11", truce.EditionPublic)
	if err != nil || b == nil || len(b.Rows) != 1 {
		t.Fatalf("no public edition with the shot as its one row: %v", err)
	}
	text, err := truce.Canonical(*b)
	if err != nil {
		t.Fatal(err)
	}
	leaves["the recorded public edition"] = string(text)
	if len(leaves) < 12 {
		t.Fatalf("only %d things leave the house; the test looks in the wrong place", len(leaves))
	}
	for name, text := range leaves {
		for _, word := range sensorCanaries {
			if strings.Contains(withoutHashes(text), word) {
				t.Errorf("%s tells %s", name, word)
			}
		}
	}
}

func TestEarsSettings(t *testing.T) {
	for text, want := range map[string]string{
		"ears:\n  - {network: North}\n":                                "small letters",
		"ears:\n  - {family: radar}\n":                                 "acoustic or infrasound",
		"ears:\n  - {speed_acoustic: 3}\n":                             "acoustic speed 3 m/s",
		"ears:\n  - {network: a}\n  - {network: a}\n":                  "stands there twice",
		"ears:\n  - {speed: 3}\n":                                      "unknown setting ears[0].speed",
		"ears:\n  - {network: a, family: infrasound, min_arrivals: 6}": "",
	} {
		_, err := parseConfig([]byte(text))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	p := newProgram(t)
	p.settings(t, "ears:\n  - {network: north, family: infrasound, min_arrivals: 6}\n")
	f := newField(t, "A60/0.3")
	p.good(t, "import", "--network", "north", p.write(t, "s.csv", f.sensors), p.write(t, "a.csv", f.table(all)))
	p.good(t, "assess")
	events := p.located(t)
	if len(events) < 40 || events[0].Support[0].Family != truce.FamilyInfrasound || slices.ContainsFunc(events, func(e truce.Event) bool { return len(e.Support) < 6 }) {
		t.Errorf("%d events: %+v", len(events), events[:min(1, len(events))])
	}
	bad := p.run("import", "--network", "Über", filepath.Join(p.dir, "none.csv"))
	if bad.code != 2 && bad.code != 1 || !strings.Contains(bad.err, "--network") {
		t.Errorf("exit code %d: %s", bad.code, bad.err)
	}
}

// TestTheExerciseIsHeard: most of what four ears and more heard is located where it was, the
// ear that fell silent is known, and what its clock is off by is set right.
func TestTheExerciseIsHeard(t *testing.T) {
	world, err := exercise.New(exercise.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "mission")
	a := emptyMission(t, dir, "")
	for _, file := range world.Files() {
		if file.Format == exercise.FormatSensors || file.Format == exercise.FormatArrivals {
			if err := a.importExercise(t.Context(), dir, file); err != nil {
				t.Fatal(err)
			}
		}
	}
	in, err := a.gather(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	heard, found := 0, 0
	for _, shot := range world.Truth().Shots {
		if len(shot.Arrivals) < 5 {
			continue
		}
		heard++
		if slices.ContainsFunc(in.heard.events, func(e truce.Event) bool {
			apart := e.Origin.From.Sub(shot.At)
			return max(apart, -apart) < 3*time.Second && geo.Distance(e.Position.Point, shot.Point) < 500
		}) {
			found++
		}
	}
	if heard < 200 || float64(found) < .92*float64(heard) {
		t.Errorf("%d of %d shots are found", found, heard)
	}
	dead := world.Truth().EarTroubles[0]
	silent := map[truce.Day]bool{}
	for _, s := range in.heard.signs {
		if s.Sensor == dead.Sensor && s.State == truce.HealthDown && s.To > dead.From {
			silent[s.From.Day()] = true
		}
	}
	after := (dead.From + windowLength).Day() // it says nothing all day
	if !silent[dead.From.Day()] || !silent[after] {
		t.Errorf("that %s is silent from %s on was noticed on %v: %+v", dead.Sensor, dead.From, silent, in.heard.signs)
	}
}

// TestASensorThatMovedIsNotSilent: at noon a sensor is said to stand there anew, and is not
// silent before that at its second place or after it at its first.
func TestASensorThatMovedIsNotSilent(t *testing.T) {
	f := newField(t, "A300/0.3")
	p := newProgram(t)
	rows := strings.Split(strings.TrimSpace(f.sensors), "\n")
	noon := strings.Split(f.rows[0], ",")[2][:len("2031-03-03")] + "T12:00:00Z"
	for i := range rows[1:] {
		rows[i+1] += ","
	}
	rows[0] += ",since"
	moved, _, _ := strings.Cut(rows[100], ",")
	rows = append(rows, rows[100]+noon)
	p.good(t, "import", p.write(t, "s.csv", strings.Join(rows, "\n")+"\n"), p.write(t, "a.csv", f.table(all)))
	a, err := Open(t.Context(), p.dir, p.clock())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	in, err := a.gather(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(in.heard.events) < 250 {
		t.Fatalf("%d events", len(in.heard.events))
	}
	for _, sign := range in.heard.signs {
		if string(sign.Sensor) == moved {
			t.Errorf("%+v", sign)
		}
	}
}
