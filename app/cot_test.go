package app

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/respond/publish"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/cot"
	"github.com/trucewatch/truce/source/mavlink"
)

// cotEvents reads events back.
func cotEvents(t *testing.T, text string) []cot.Message {
	t.Helper()
	var out []cot.Message
	for r := cot.NewReader(strings.NewReader(text), cot.Options{}); ; {
		var m cot.Message
		if err := r.Next(&m); err == io.EOF {
			return out
		} else if err != nil {
			t.Fatalf("%v in %q", err, text)
		}
		out = append(out, m)
	}
}

// publicRows are the released rows, as the public pages read them.
func publicRows(t *testing.T, p program) []truce.PublicIncident {
	t.Helper()
	db, err := openPublic(filepath.Join(p.dir, "public.db"), "ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	page, err := publish.NewReader(db).Incidents(t.Context(), truce.PublicQuery{})
	if err != nil {
		t.Fatal(err)
	}
	return page.Rows
}

// TestCoTIsNoBetterThanTheRelease: every event is a released row in the middle of its cell,
// within an error that holds it, and none of the precise digits are anywhere.
func TestCoTIsNoBetterThanTheRelease(t *testing.T) {
	p := withOrigin(t)
	r := p.run("cot", "--incidents")
	if r.code != 0 {
		t.Fatal(r.err)
	}
	events, rows := cotEvents(t, r.out), publicRows(t, p)
	if len(events) != 1 || len(rows) != 1 || rows[0].Row.Place.Cell == nil {
		t.Fatalf("%d events of %d rows: %s", len(events), len(rows), r.err)
	}
	e, cell := events[0], rows[0].Row.Place.Cell
	if e.UID != "truce-incident-"+rows[0].Row.ID || e.Type != "b-m-p-s-m" || e.HeightM.Told || e.SpreadM.Told || e.Detail.SpeedMps.Told {
		t.Errorf("%+v", e)
	}
	if e.Time != truce.InstantOf(p.now) || e.Start != e.Time || e.Stale != e.Time.Add(24*time.Hour) {
		t.Errorf("stands from %s to %s, made at %s: want now and a day", e.Start, e.Stale, e.Time)
	}
	if math.Abs(e.LatDeg.V-(cell.South+cell.North)/2) > 1e-9 || math.Abs(e.LonDeg.V-(cell.West+cell.East)/2) > 1e-9 {
		t.Errorf("at %v, %v, which is not the middle of %+v", e.LatDeg.V, e.LonDeg.V, cell)
	}
	middle := geo.Point{Lat: geo.Degrees(e.LatDeg.V), Lon: geo.Degrees(e.LonDeg.V)}
	for _, corner := range [][2]float64{{cell.South, cell.West}, {cell.South, cell.East}, {cell.North, cell.West}, {cell.North, cell.East}} {
		if d := geo.Distance(middle, geo.Point{Lat: geo.Degrees(corner[0]), Lon: geo.Degrees(corner[1])}); float64(d) > e.RadiusM.V+.01 {
			t.Errorf("a corner of the cell is %g m off, the error %g m", float64(d), e.RadiusM.V)
		}
	}
	mustHold(t, e.Detail.Remarks, rows[0].Row.Time.From.String(), cell.ID, "D-2031-03-11 row 1", "Us")
	for _, never := range append([]string{"47.904", "47.905", "21.622", "21.623", "AC-03", "P-3", "hae=\"0", "a-h", "a-s"}, originWords...) {
		if strings.Contains(r.out, never) {
			t.Errorf("the events hold %q: %s", never, r.out)
		}
	}
	mustHold(t, r.out, `hae="9999999"`, `le="9999999"`)
	p.now = p.now.Add(time.Hour)
	if later := cotEvents(t, p.good(t, "cot", "--incidents")); len(later) != 1 || later[0].UID != e.UID {
		t.Errorf("an hour later the incident is called otherwise: %+v", later)
	}
	file := filepath.Join(t.TempDir(), "out.tak")
	mustHold(t, p.good(t, "cot", "--incidents", "--encoding", "tak_stream", "--out", file), "1 incidents and 0 assets written")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if again := cotEvents(t, string(text)); len(again) != 1 || again[0].UID != e.UID || again[0].Encoding != cot.EncodingStream {
		t.Errorf("%+v", again)
	}
	mustHold(t, p.run("cot", "--incidents", "--days", "1").err, "0 incidents")
}

// TestCoTHoldsNoYoungIncident: what is assessed and even printed for the mission is not sent;
// it is once it was released, so that the control could fail.
func TestCoTHoldsNoYoungIncident(t *testing.T) {
	p := newProgram(t)
	rights := "licence: CC-BY-4.0, attribution: Us, redistribute: true"
	p.settings(t, "sources:\n  - {id: csv-acoustic, "+rights+"}\n  - {id: csv-patrol, "+rights+"}\n")
	p.good(t, "import", "--format", "csv", p.write(t, "rows.csv", "time,lat,lon,sigma_m,family,act,text\n"+
		"2031-03-11T14:20:05Z,-47.9040,-21.6225,150,acoustic,indirect_fire,six blasts\n"+
		"2031-03-12T09:00:00Z,-47.9050,-21.6235,250,patrol,crater,a crater\n"))
	p.good(t, "assess")
	mustHold(t, p.bad(t, "cot", "--incidents"), "nothing has been released yet")
	p.now = time.Date(2031, 3, 13, 18, 0, 0, 0, time.UTC)
	p.good(t, "bulletin", "daily", "--date", "2031-03-11")
	p.good(t, "bulletin", "release", "--date", "2031-03-11")
	p.good(t, "bulletin", "daily", "--date", "2031-03-12")
	if events := cotEvents(t, p.good(t, "cot", "--incidents")); len(events) != 1 {
		t.Fatalf("%d events of the day that is out, want 1", len(events))
	}
	crater := func() (n int) {
		for _, e := range cotEvents(t, p.good(t, "cot", "--incidents")) {
			if strings.Contains(e.Detail.Remarks, "2031-03-12") || strings.Contains(e.Detail.Callsign, "crater") {
				n++
			}
		}
		return n
	}
	if n := crater(); n != 0 {
		t.Errorf("%d events tell of the day that is not out", n)
	}
	p.now = time.Date(2031, 3, 15, 18, 0, 0, 0, time.UTC)
	p.good(t, "bulletin", "daily", "--date", "2031-03-12")
	p.good(t, "bulletin", "release", "--date", "2031-03-12")
	if n := crater(); n != 1 {
		t.Errorf("%d events tell of the day once it is out, want 1", n)
	}
}

// TestCoTLeavesOutWhatHasNoCell: a row whose place the gate withholds, and one that is not
// counted, are told of in numbers alone.
func TestCoTLeavesOutWhatHasNoCell(t *testing.T) {
	s := cotSender{now: truce.InstantOf(storyTime), encoding: cot.EncodingXML}
	day := s.now.Add(-23 * time.Hour)
	fresh := truce.PublicIncident{Row: truce.BulletinRow{ID: "pabc", Act: truce.ActIndirectFire, Occurrence: truce.OccurrenceReported,
		Time: truce.PhenomenonTime{From: day, To: day}, Place: truce.RowPlace{Cell: &truce.GridCell{ID: "G1-1-1", South: 1, West: 1, North: 1.01, East: 1.01}}}}
	if err := s.add(s.incident(&fresh, "")); truce.CodeOf(err) != truce.CodeForbidden || s.out.Len() != 0 {
		t.Errorf("an incident of 23 hours ago: %v, %d bytes", err, s.out.Len())
	}
	fresh.Row.Time.From, fresh.Row.Time.To = day.Add(-time.Hour), day.Add(-time.Hour)
	if err := s.add(s.incident(&fresh, "")); err != nil || s.sent != 1 {
		t.Errorf("an incident of 24 hours ago: %v", err)
	}
	p := withOrigin(t)
	r := p.run("cot", "--incidents")
	mustHold(t, r.err, "1 incidents and 0 assets written; 0 released rows")
}

// TestCoTCallsNobodyHostile: whatever act, state of knowledge, class or name, no type but
// those of the monitors' own and of a mark on the map is written.
func TestCoTCallsNobodyHostile(t *testing.T) {
	now := truce.InstantOf(storyTime)
	s := cotSender{now: now, encoding: cot.EncodingXML}
	want := 0
	for _, group := range truce.ActGroups() {
		for _, act := range append(group.Acts(), "hostile", "a-h-G") {
			for _, occurrence := range []truce.Occurrence{truce.OccurrenceReported, truce.OccurrenceDetected, truce.OccurrenceCorroborated, truce.OccurrenceVerified, "a-s-G"} {
				i := truce.PublicIncident{Row: truce.BulletinRow{ID: "pabc", Act: act, Occurrence: occurrence, Direction: "outgoing", Attribution: "B",
					Time: truce.PhenomenonTime{From: now.Add(-50 * time.Hour), To: now.Add(-49 * time.Hour)}, Place: truce.RowPlace{Cell: &truce.GridCell{ID: "G1-1-1", South: -48, West: 1, North: -47.99, East: 1.02}}}}
				if err := s.add(s.incident(&i, "Us")); err != nil {
					t.Fatal(err)
				}
				want++
			}
		}
	}
	for _, class := range []string{"", "uav", "helicopter", "fixed_wing", "ship", "vehicle", "bird", "hostile", "a-h-A", "tank"} {
		o := truce.Observation{Source: mavlink.ID, Phenomenon: truce.Moment(now, 0), Place: &geo.Position{Point: geo.Point{Lat: 1, Lon: 2}},
			Plot: &truce.Plot{Means: truce.MeansSelf, Class: class, Network: "own", Identities: []truce.Identity{{Scheme: "callsign", Value: "a-h-A <hostile>\u202e"}}}}
		if err := s.add(asset(assetUID(&o), &o, time.Minute)); err != nil {
			t.Fatal(err)
		}
		want++
	}
	events := cotEvents(t, s.out.String())
	if len(events) != want || s.sent != want {
		t.Fatalf("%d events of %d", len(events), want)
	}
	for _, e := range events {
		if e.Type != "b-m-p-s-m" && !strings.HasPrefix(e.Type, "a-f-") {
			t.Errorf("an event of the type %s", e.Type)
		}
	}
}

// flightLog is a telemetry log of one system, a place a second from a time on, and an aircraft
// that it heard.
func flightLog(t *testing.T, system uint8, from time.Time, n int) string {
	t.Helper()
	var out []byte
	at := from
	add := func(m *mavlink.Message) {
		var err error
		out = binary.BigEndian.AppendUint64(out, uint64(at.UnixMicro()))
		if out, err = (mavlink.Frame{Version: 2, System: system, Component: 1}).Append(out, m); err != nil {
			t.Fatal(err)
		}
	}
	add(&mavlink.Message{ID: 0, Heartbeat: &mavlink.Heartbeat{Type: 2, Autopilot: 3, Status: 4, Protocol: 3}})
	for i := range n {
		at = from.Add(time.Duration(i) * time.Second)
		add(&mavlink.Message{ID: 24, GPSRaw: &mavlink.GPSRaw{Fix: 3, Satellites: source.Told(11), Lat: source.Told(-47.9 + .0001*float64(i)), Lon: source.Told(-21.6), Alt: source.Told(120), HorizSigma: source.Told(1.5)}})
		add(&mavlink.Message{ID: 246, ADSB: &mavlink.ADSB{ICAO: 0xabcdef, Lat: source.Told(-47.8), Lon: source.Told(-21.5)}})
	}
	return string(out)
}

// TestCoTOfOwnAssets: the last fresh place of each own drone, with its own error, and neither
// strangers that they heard nor other networks nor what is stale.
func TestCoTOfOwnAssets(t *testing.T) {
	p := newProgram(t)
	for _, f := range []struct {
		network string
		system  uint8
		from    time.Time
	}{{"own", 7, p.now.Add(-40 * time.Second)}, {"own", 8, p.now.Add(-time.Hour)}, {"theirs", 9, p.now.Add(-40 * time.Second)}} {
		p.good(t, "import", "--format", "mavlink", "--network", f.network, p.write(t, f.network+string(rune('0'+f.system))+".tlog", flightLog(t, f.system, f.from, 30)))
	}
	text := p.good(t, "cot", "--assets", "own")
	events := cotEvents(t, text)
	if len(events) != 1 {
		t.Fatalf("%d events: %s", len(events), text)
	}
	e := events[0]
	last := truce.InstantOf(p.now.Add(-11 * time.Second))
	if e.Type != "a-f-A-C-F-q" || !strings.HasPrefix(e.UID, "truce-asset-") || e.Time != last || e.Stale != last.Add(time.Minute) || e.Detail.Callsign != "sysid 7" {
		t.Errorf("%+v", e)
	}
	if math.Abs(e.LatDeg.V+47.8971) > 1e-6 || !e.RadiusM.Told || e.RadiusM.V < 1 || e.RadiusM.V > 10 || e.HeightM.Told || e.SpreadM.Told {
		t.Errorf("at %v within %v, height %v: its height is above the sea and so not one of these events", e.LatDeg, e.RadiusM, e.HeightM)
	}
	if strings.Contains(text, "abcdef") || strings.Contains(text, "47.8\"") {
		t.Errorf("a stranger's place is sent: %s", text)
	}
	if again := cotEvents(t, p.good(t, "cot", "--assets", "own", "--fresh", "20s")); len(again) != 1 || again[0].UID != e.UID {
		t.Errorf("%+v", again)
	}
	if text := p.good(t, "cot", "--assets", "own", "--fresh", "10s"); text != "" {
		t.Errorf("a place of 11 s ago is sent as one of the last 10: %s", text)
	}
	if text := p.good(t, "cot", "--assets", "nobody"); text != "" {
		t.Errorf("a network that there is not: %s", text)
	}
}

// TestCoTRefuses what cannot be meant.
func TestCoTRefuses(t *testing.T) {
	p := newProgram(t)
	mustHold(t, p.bad(t, "cot"), "say what to send")
	mustHold(t, p.bad(t, "cot", "--incidents", "--encoding", "json"), "write xml, tak_stream or tak_mesh")
	mustHold(t, p.bad(t, "cot", "--incidents", "--days", "0"), "--days: write 1 to 366")
	mustHold(t, p.bad(t, "cot", "--assets", "own", "--fresh", "61m"), "--fresh: write more than 0")
	s := cotSender{now: truce.InstantOf(storyTime), encoding: cot.EncodingXML, exercise: true}
	o := truce.Observation{Source: mavlink.ID, Phenomenon: truce.Moment(s.now, 0), Place: &geo.Position{Point: geo.Point{Lat: 1, Lon: 2}}, Plot: &truce.Plot{Identities: []truce.Identity{{Scheme: "sysid", Value: "7"}}}}
	if err := s.add(asset("u", &o, time.Minute)); err != nil || !bytes.Contains(s.out.Bytes(), []byte(`callsign="EXERCISE sysid 7"`)) || !bytes.Contains(s.out.Bytes(), []byte(`ce="9999999"`)) {
		t.Errorf("%v: %s", err, s.out.Bytes())
	}
}
