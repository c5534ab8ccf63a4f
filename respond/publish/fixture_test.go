package publish

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

var update = flag.Bool("update", false, "write the golden files anew")

func at(text string) truce.Instant {
	var t truce.Instant
	if err := t.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	return t
}

func share(p truce.Probability) *truce.Probability { return &p }

// cut-off 19:30 local, three hours ahead of UTC.
const zone = "Europe/Kyiv"

func fixturePeriods() (previous, this truce.Period) {
	return truce.Period{From: at("2026-04-09T16:30:00Z"), To: at("2026-04-10T16:30:00Z"), Zone: zone},
		truce.Period{From: at("2026-04-10T16:30:00Z"), To: at("2026-04-11T16:30:00Z"), Zone: zone}
}

func fixtureTerms() Terms {
	return Terms{
		Agreement: "Illustrative reference agreement", Version: truce.HashOf([]byte("terms")).String(),
		Epoch: "2026-04-01", CoverageMin: 0.5,
		Areas: []truce.BulletinArea{
			{ID: "north", Names: truce.Names{"en": "North", "uk": "Північ"}},
			{ID: "south", Names: truce.Names{"en": "South", "uk": "Південь"}},
		},
		Parties: []truce.BulletinParty{
			{ID: "A", Names: truce.Names{"en": "Party A", "uk": "Сторона А"}},
			{ID: "B", Names: truce.Names{"en": "Party B", "uk": "Сторона Б"}},
		},
		Rules: []truce.BulletinRule{
			{ID: "R01", Version: "v1", Clause: "1.1", Titles: truce.Names{"en": "no fire across the line", "uk": "без вогню через лінію"},
				Unit: truce.UnitEngagement, Acts: []truce.Act{truce.ActIndirectFire, truce.ActDirectFire}},
			{ID: "R10", Version: "v1", Clause: "9.2", Titles: truce.Names{"en": "access of the mission", "uk": "доступ місії"},
				Unit: truce.UnitDenial, Acts: []truce.Act{truce.ActDenyAccess}},
		},
		NotEvaluated: []truce.BulletinRule{{ID: "R02", Clause: "4.2(b)"}, {ID: "R08", Clause: "7.3"}},
		Lines: []truce.BulletinLine{{ID: "LINE-CONTACT", Map: "survey", Version: "2026-04-10", Source: "survey",
			AccuracyM: 200, ContactKm: 182.4, BorderKm: 0, CoastKm: 61}},
		Places: []truce.PlaceName{
			{Key: "Nordhavn", Names: truce.Names{"en": "Nordhavn", "uk": "Нордгавн"}, At: &geo.Point{Lat: -36.98, Lon: -12.34}},
			{Key: "Two Wells", Names: truce.Names{"en": "Two Wells", "uk": "Два Колодязі"}, Other: truce.Names{"en": "Dvabrunn", "uk": "Двабрунн"},
				At: &geo.Point{Lat: -37.1, Lon: -12.24}},
		},
	}
}

func fixtureSources() []truce.SourceInfo {
	return []truce.SourceInfo{
		{ID: "heat", Title: "Heat service", Family: truce.FamilyThermal, Licence: "CC0", Attribution: "Heat service, open data", Redistribute: true},
		{ID: "array", Title: "Microphone array", Family: truce.FamilyAcoustic, Licence: "Mission", Attribution: "The mission's own array", Redistribute: true},
		{ID: "patrol", Title: "Patrols", Family: truce.FamilyPatrol, Licence: "Mission", Attribution: "The mission's patrols", Redistribute: true},
		{ID: "hotline", Title: "Hotline", Family: truce.FamilyCivilian, Licence: "Mission", Attribution: "Calls to the mission", Redistribute: true},
		{ID: "agency", Title: "Closed agency", Family: truce.FamilyMedia},
		{ID: "survey", Title: "Survey of the line", Family: truce.FamilyReference, Licence: "CC0", Attribution: "Survey", Redistribute: true},
	}
}

// incidentOf is one incident as a test wants it.
type incidentOf struct {
	key        string
	time       string // start; an hour long for reports, a moment otherwise
	act        truce.Act
	occurrence truce.Occurrence
	area       truce.AreaID
	place      string
	lat, lon   float64 // 0,0: no position
	radiusM    geo.Metres
	family     truce.Family
	source     truce.SourceID
	findings   []truce.Finding
	labels     []truce.Label
}

func (i incidentOf) row() truce.IncidentRow {
	start := at(i.time)
	t := truce.Moment(start, 30*time.Second)
	if i.occurrence == truce.OccurrenceReported {
		t = truce.PhenomenonTime{From: start, To: start.Add(time.Hour), Sigma: truce.MicrosOf(15 * time.Minute)}
	}
	id := truce.NewID(start, "incident", string(i.source), []byte(i.key))
	inc := truce.Incident{
		ID: id, Revision: 1, Events: []truce.ID{truce.NewID(start, "event", string(i.source), []byte(i.key))},
		Occurrence: i.occurrence, P: 0.84, Acts: []truce.ActWeight{{Act: i.act, P: 0.9}}, Time: t,
		Place: i.place, Area: i.area, Families: []truce.Family{i.family}, Sources: []truce.SourceID{i.source}, Labels: i.labels,
	}
	if i.lat != 0 || i.lon != 0 {
		inc.Position = &geo.Position{Point: geo.Point{Lat: geo.Degrees(i.lat), Lon: geo.Degrees(i.lon)},
			Error: geo.Isotropic(geo.SigmaOfR90(i.radiusM))}
	}
	row := truce.IncidentRow{Incident: inc, Seq: 7}
	if i.findings != nil {
		row.Evaluation = &truce.Evaluation{Incident: id, Revision: 1, Agreement: "ref", Version: "v1", Findings: i.findings}
	}
	return row
}

func hit(rule truce.RuleID, unit truce.Unit, n int, side truce.PartyID) truce.Finding {
	return truce.Finding{Rule: rule, RuleVersion: "v1", Verdict: truce.VerdictHit, P: 0.81, Unit: unit, Count: n,
		EffectSide: []truce.SideShare{{Party: side, P: 0.92}, {Party: "other", P: 0.08}}}
}

func verdict(rule truce.RuleID, v truce.Verdict, reason truce.Reason) truce.Finding {
	return truce.Finding{Rule: rule, RuleVersion: "v1", Verdict: v, Reason: reason, P: 0.4, Unit: truce.UnitEngagement}
}

// fixtureRows hold one of each thing the bulletin treats in a way of its own.
func fixtureRows() (this, previous []truce.IncidentRow) {
	of := func(list ...incidentOf) (out []truce.IncidentRow) {
		for _, i := range list {
			out = append(out, i.row())
		}
		return out
	}
	under := hit("R01", truce.UnitEngagement, 0, "A")
	under.CountedUnder = "R10"
	this = of(
		incidentOf{"fire-north", "2026-04-10T17:05:10Z", truce.ActIndirectFire, truce.OccurrenceCorroborated, "north", "Nordhavn", -36.98765, -12.34567, 900, truce.FamilyAcoustic, "array",
			[]truce.Finding{hit("R01", truce.UnitEngagement, 2, "A"), verdict("R10", truce.VerdictOutside, truce.ReasonAct)}, nil},
		incidentOf{"fire-reported", "2026-04-10T18:00:00Z", truce.ActDirectFire, truce.OccurrenceReported, "south", "Two Wells", -37.12344, -12.28888, 14000, truce.FamilyCivilian, "hotline",
			[]truce.Finding{verdict("R01", truce.VerdictIndeterminate, truce.ReasonLocation)}, []truce.Label{truce.LabelOneSource}},
		incidentOf{"fire-exempt", "2026-04-10T19:00:00Z", truce.ActIndirectFire, truce.OccurrenceDetected, "north", "", -36.95, -12.31, 400, truce.FamilyAcoustic, "array",
			[]truce.Finding{verdict("R01", truce.VerdictExempt, truce.ReasonNone)}, nil},
		incidentOf{"heat-1", "2026-04-10T23:40:00Z", truce.ActHeat, truce.OccurrenceDetected, "north", "", -36.97, -12.4, 600, truce.FamilyThermal, "heat",
			[]truce.Finding{{Rule: "R01", RuleVersion: "v1", Verdict: truce.VerdictIndeterminate, Reason: truce.ReasonEvidence, P: 0.1, Unit: truce.UnitEngagement,
				EffectSide: []truce.SideShare{{Party: "B", P: 0.97}}}}, []truce.Label{truce.LabelRecurringHeat}},
		incidentOf{"blast", "2026-04-11T02:10:00Z", truce.ActExplosion, truce.OccurrenceReported, "south", "Unlisted Village", -37.2, -12.3, 3000, truce.FamilyMedia, "agency", nil, nil},
		incidentOf{"copy", "2026-04-11T02:20:00Z", truce.ActExplosion, truce.OccurrenceDuplicate, "south", "", -37.2, -12.3, 3000, truce.FamilyPatrol, "patrol", nil, nil},
		incidentOf{"denied", "2026-04-11T03:00:00Z", truce.ActDenyAccess, truce.OccurrenceVerified, "south", "", -37.05, -12.26, 50, truce.FamilyPatrol, "patrol",
			[]truce.Finding{hit("R10", truce.UnitDenial, 1, "B"), under}, nil},
		incidentOf{"nowhere", "2026-04-11T04:00:00Z", truce.ActBurst, truce.OccurrenceReported, "", "", 0, 0, 0, truce.FamilyPatrol, "patrol", nil, nil},
		incidentOf{"young", "2026-04-11T15:00:00Z", truce.ActIndirectFire, truce.OccurrenceDetected, "north", "Nordhavn", -36.93, -12.35, 900, truce.FamilyAcoustic, "array",
			[]truce.Finding{hit("R01", truce.UnitEngagement, 1, "A")}, nil},
		incidentOf{"outside", "2026-04-11T20:00:00Z", truce.ActIndirectFire, truce.OccurrenceDetected, "north", "", -36.9, -12.3, 900, truce.FamilyAcoustic, "array", nil, nil},
	)
	previous = of(
		incidentOf{"before-1", "2026-04-09T20:00:00Z", truce.ActIndirectFire, truce.OccurrenceDetected, "north", "", -36.9, -12.3, 900, truce.FamilyAcoustic, "array",
			[]truce.Finding{hit("R01", truce.UnitEngagement, 3, "A")}, nil},
		incidentOf{"before-late", "2026-04-10T14:00:00Z", truce.ActIndirectFire, truce.OccurrenceVerified, "south", "Two Wells", -37.11, -12.22, 900, truce.FamilyAcoustic, "array",
			[]truce.Finding{hit("R01", truce.UnitEngagement, 1, "B")}, nil},
	)
	return this, previous
}

func ids(n int, source string) []truce.ID {
	var out []truce.ID
	for i := range n {
		out = append(out, truce.NewID(at("2026-04-11T00:00:00Z"), "detection", source, []byte(strconv.Itoa(i))))
	}
	return out
}

func fixtureCoverage(p truce.Period) []truce.Coverage {
	cloud := 0.74
	return []truce.Coverage{
		{Area: "north", Family: truce.FamilyAcoustic, Period: p, PlannedHours: 24, ObservedHours: 20, Share: 0.83, Basis: "heartbeats of the array",
			Gaps: []truce.Gap{{From: p.From, To: p.From.Add(4 * time.Hour), Reason: "power cut"}}},
		{Area: "south", Family: truce.FamilyPatrol, Period: p, PlannedHours: 24, ObservedHours: 6, Share: 0.25, Basis: "patrol logs"},
		{Area: "north", Family: truce.FamilyThermal, Period: p, PlannedHours: 4, ObservedHours: 2.5, Share: 0.625, Cloud: &cloud,
			Passes: []truce.Pass{{Sensor: "N", At: p.From.Add(time.Hour), Detections: 2}}, Basis: "passes in the data, clear sky"},
	}
}

func fixtureInput() DailyInput {
	previous, this := fixturePeriods()
	rows, before := fixtureRows()
	return DailyInput{
		Mission: "Demonstration mission", Realm: truce.ExerciseRealm("demo"), Terms: fixtureTerms(), ReportError: "errors@mission.example",
		Period: this, Previous: previous, Published: this.To.Add(PreliminaryDelay), Version: 1,
		Rows: rows, PreviousRows: before,
		Received: []Received{
			{Key: "reports", Unit: truce.UnitReport, By: truce.CountByArea, HasPrevious: true, Lines: []ReceivedLine{
				{Key: "north", IDs: ids(11, "n"), Previous: 8, Coverage: share(0.9), PreviousCoverage: share(0.9)},
				{Key: "south", IDs: nil, Previous: 0}}},
			{Key: "detections", Unit: truce.UnitDetection, By: truce.CountByControl, Map: "survey, version 2026-04-10", Lines: []ReceivedLine{
				{Key: "A", IDs: ids(3, "a"), Coverage: share(0.26)}, {Key: "B", IDs: ids(5, "b"), Coverage: share(0.26)}}},
		},
		Coverage: fixtureCoverage(this), PreviousCoverage: fixtureCoverage(previous),
		Absences: []truce.Absence{
			{Rule: "R10", Area: "north", Period: this, Verdict: truce.AbsenceNoneRecorded,
				Coverage: truce.Coverage{Area: "north", Family: truce.FamilyPatrol, Period: this, PlannedHours: 24, ObservedHours: 20.5, Share: 0.854}},
			{Rule: "R01", Area: "south", Period: this, Verdict: truce.AbsenceNotObserved, Coverage: truce.Coverage{Area: "south", Period: this, Share: 0.25}},
		},
		Clouds:       []truce.CloudDay{{Day: "2026-04-10", Area: "island", Cover: 0.781, Source: "heat"}},
		Restrictions: []truce.Restriction{{ID: "1", Kind: "denial", Asset: "patrol 3", Area: "south", Place: "Two Wells", Period: truce.Period{From: at("2026-04-11T03:00:00Z"), To: at("2026-04-11T05:00:00Z"), Zone: zone}, AffectedHours: 2}},
		Claims:       fixtureClaims(this), ClaimItems: []ClaimItem{{"3", rows[0].Incident.ID}, {"4", rows[1].Incident.ID}},
		Windows: fixtureWindows(),
		Covers:  []Cover{{rows[2].Incident.ID, "R01", "W-01", true, false}, {rows[1].Incident.ID, "R01", "W-01", false, false}, {rows[8].Incident.ID, "R01", "W-02", false, false}},
		Sources: fixtureSources(), Head: 4711, HeadHash: truce.HashOf([]byte("head")),
	}
}

// fixtureWindows are one that covers, one that goes on and was notified late, and one of
// another day, which is not printed.
func fixtureWindows() []Window {
	w := func(id, kind, notified, from, to string) Window {
		return Window{ID: id, Kind: kind, Bearer: "A", NotifiedBy: "A", NotifiedAt: at(notified), Asked: 48 * time.Hour,
			Period: truce.Period{From: at(from), To: at(to), Zone: zone}}
	}
	circle, inZone := w("W-01", "demining", "2026-04-07T09:00:00Z", "2026-04-10T18:00:00Z", "2026-04-10T20:00:00Z"),
		w("W-02", "repair", "2026-04-11T08:00:00Z", "2026-04-11T10:00:00Z", "2026-04-12T10:00:00Z")
	circle.AckedBy, circle.AckedAt = "B", at("2026-04-07T15:00:00Z")
	inZone.ObjectedAt = at("2026-04-11T09:00:00Z")
	circle.At, circle.RadiusM = &geo.Point{Lat: -36.951, Lon: -12.312}, 1000
	inZone.Bearer, inZone.NotifiedBy, inZone.Zone = "B", "B", truce.Names{"en": "Disengagement area", "uk": "Ділянка розведення"}
	return []Window{w("W-00", "convoy", "2026-04-01T09:00:00Z", "2026-04-08T10:00:00Z", "2026-04-08T14:00:00Z"), inZone, circle}
}

// fixtureClaims are both parties' totals and a complaint of each.
func fixtureClaims(p truce.Period) []truce.ClaimRow {
	hour := truce.Period{From: at("2026-04-10T17:00:00Z"), To: at("2026-04-10T18:00:00Z"), Zone: zone}
	return []truce.ClaimRow{
		{ID: "1", Claimant: "Party A", Party: "A", Accused: "B", Source: "patrol", Quote: "They violated the silence 41 times.", Count: 41, Unit: truce.UnitMixed,
			Period: &p, Received: at("2026-04-11T08:00:00Z")},
		{ID: "2", Claimant: "Party B", Party: "B", Accused: "A", Source: "patrol", Quote: "They fired 63 times.", Count: 63, Unit: truce.UnitMixed,
			Period: &p, Received: at("2026-04-11T09:00:00Z")},
		{ID: "3", Claimant: "Party A", Party: "A", Accused: "B", Source: "patrol", Quote: "Impacts: 2.", Act: truce.ActIndirectFire, Count: 2, Unit: truce.UnitSignature,
			Period: &hour, Received: at("2026-04-10T18:00:00Z")},
		{ID: "4", Claimant: "Party B", Party: "B", Accused: "A", Source: "patrol", Quote: "Shots at noon.", Act: truce.ActDirectFire,
			Period: &hour, Received: at("2026-04-10T18:00:00Z")},
	}
}

func mustDaily(t testing.TB, in DailyInput) truce.Bulletin {
	t.Helper()
	b, err := Daily(in)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// failer is a test or a property that can fail.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func tableNamed(t failer, b truce.Bulletin, key string) truce.CountTable {
	t.Helper()
	for _, x := range b.Tables {
		if x.Key == key {
			return x
		}
	}
	t.Fatalf("no table %s in %s", key, b.Number)
	return truce.CountTable{}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (write it with -update)", err)
	}
	if string(got) != string(want) {
		t.Errorf("%s differs from what is printed now; look at the change, then run with -update", file)
	}
}
