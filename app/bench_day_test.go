package app

import (
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/respond/publish"
	"github.com/trucewatch/truce/sim"
)

// busyDay is the local day that fullMission fills; sim.FIRMSStream begins a day before.
const busyDay truce.Day = "2031-01-02"

// fullMission is a mission with so many incidents on one day, each resting on an event,
// held against the illustrative terms, and as many detections.
func fullMission(b *testing.B, incidents int) *App {
	b.Helper()
	a := emptyMission(b, filepath.Join(b.TempDir(), "mission"), "")
	if err := importStream(b.Context(), a, 1, incidents); err != nil {
		b.Fatal(err)
	}
	terms, err := a.recordTerms(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	geometry, err := terms.Geometry(nil)
	if err != nil {
		b.Fatal(err)
	}
	period, err := terms.Calendar.Period(busyDay)
	if err != nil {
		b.Fatal(err)
	}
	r, towns := rand.New(rand.NewPCG(7, 0)), sim.NewIsland().Towns
	step := period.To.Sub(period.From) / time.Duration(incidents)
	var drafts []truce.Draft
	for n := range incidents {
		e, i := happening(r, towns, n, period.From.Add(time.Duration(n)*step))
		i.Area = geometry.AreaOf(*i.Position)
		judged := geometry.Evaluate(agreement.Input{Incident: i, Events: []truce.Event{e}})
		drafts = append(drafts, draftOf(b, truce.RecordEvent, e.ID, e), draftOf(b, truce.RecordIncident, i.ID, i), draftOf(b, truce.RecordEvaluation, i.ID, judged))
	}
	if err := a.appendAll(b.Context(), drafts); err != nil {
		b.Fatal(err)
	}
	return a
}

func draftOf(b *testing.B, kind truce.RecordKind, id truce.ID, body any) truce.Draft {
	b.Helper()
	subject := string(kind) + "/" + id.String()
	draft, err := truce.NewDraft(kind, subject, subject+"/1", body)
	if err != nil {
		b.Fatal(err)
	}
	return draft
}

// happening is an event somewhere on the island and the incident that rests on it alone.
func happening(r *rand.Rand, towns []sim.Town, n int, at truce.Instant) (truce.Event, truce.Incident) {
	acts := []truce.Act{truce.ActExplosion, truce.ActIndirectFire, truce.ActHeat, truce.ActExplosion}
	families := []truce.Family{truce.FamilyAcoustic, truce.FamilyPatrol, truce.FamilyThermal, truce.FamilyCivilian}
	town := towns[r.IntN(len(towns))]
	act, family := acts[n%len(acts)], families[n%len(families)]
	source := truce.SourceID("csv-" + string(family))
	position := &geo.Position{
		Point: geo.Point{Lat: town.Point.Lat + geo.Degrees(r.NormFloat64()/20), Lon: town.Point.Lon + geo.Degrees(r.NormFloat64()/20)},
		Error: geo.Covariance{EE: 122_500, NN: 122_500},
	}
	key := fmt.Append(nil, n)
	e := truce.Event{
		ID: truce.NewID(at, "event", "bench", key), Revision: 1, Kind: act, Origin: truce.Moment(at, 30*time.Second), Position: position, Place: town.Name,
		Support: []truce.Support{{Observation: truce.NewID(at, "report", "bench", key), Source: source, Family: family}}, Score: 0.9, Method: "story/1",
	}
	i := truce.Incident{
		ID: truce.NewID(at, "incident", "bench", key), Revision: 1, Events: []truce.ID{e.ID}, Occurrence: truce.OccurrenceDetected, P: 0.9,
		Acts: []truce.ActWeight{{Act: act, P: 1}}, Time: e.Origin, Position: position, Place: e.Place,
		Families: []truce.Family{family}, Sources: []truce.SourceID{source}, Labels: []truce.Label{truce.LabelOneSource},
	}
	return e, i
}

// BenchmarkDailyFromStore makes the Daily of a day of 10,000 incidents, or
// TRUCE_BENCH_ROWS: Read takes everything from the store, Print counts, prints, holds the
// wording rules against it and writes the JSON, Whole does both and appends the record.
// The aim is 2 s for 100,000.
func BenchmarkDailyFromStore(b *testing.B) {
	rows := benchRows(b, 10_000)
	a := fullMission(b, rows)
	var in publish.DailyInput
	b.Run("Read", func(b *testing.B) {
		for b.Loop() {
			in = readDay(b, a)
		}
	})
	if in.Rows == nil {
		in = readDay(b, a)
	}
	b.Run("Print", func(b *testing.B) {
		for b.Loop() {
			if size := printDay(b, in); size == 0 {
				b.Fatal("an empty bulletin")
			}
		}
	})
	b.Run("Whole", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			a := fullMission(b, rows)
			b.StartTimer()
			bulletin, err := a.Daily(b.Context(), busyDay, 0)
			if err != nil {
				b.Fatal(err)
			}
			if len(bulletin.Rows) != rows {
				b.Fatalf("the Daily has %d rows, want %d", len(bulletin.Rows), rows)
			}
		}
	})
}

func readDay(b *testing.B, a *App) publish.DailyInput {
	b.Helper()
	s, err := a.study(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	in, err := a.dailyInput(b.Context(), s, busyDay, 0)
	if err != nil {
		b.Fatal(err)
	}
	return in
}

// printDay gives the length of the bulletin's JSON.
func printDay(b *testing.B, in publish.DailyInput) int {
	b.Helper()
	bulletin, err := publish.Daily(in)
	if err != nil {
		b.Fatal(err)
	}
	if err := refuseUnfit(bulletin); err != nil {
		b.Fatal(err)
	}
	body, err := publish.JSON(bulletin)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(len(body)), "body-bytes")
	return len(body)
}

// BenchmarkDeskPages asks the desk for pages over 10,000 incidents, or TRUCE_BENCH_ROWS.
func BenchmarkDeskPages(b *testing.B) {
	rows := benchRows(b, 10_000)
	a := fullMission(b, rows)
	pages, err := a.deskHandler(slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		b.Fatal(err)
	}
	middle, err := a.store.Incidents(b.Context(), truce.IncidentQuery{Offset: rows / 2, Limit: 1})
	if err != nil {
		b.Fatal(err)
	}
	for _, page := range []struct{ name, url string }{
		{"First", "/"},
		{"List", "/incidents"},
		{"ListEnd", fmt.Sprintf("/incidents?offset=%d", rows-50)},
		{"ListOpen", "/incidents?verdict=indeterminate"},
		{"ListAreaAct", "/incidents?area=north&act=explosion_undetermined"},
		{"Incident", "/incidents/" + middle.Rows[0].Incident.ID.String()},
	} {
		b.Run(page.name, func(b *testing.B) {
			for b.Loop() {
				answer := httptest.NewRecorder()
				pages.ServeHTTP(answer, httptest.NewRequestWithContext(b.Context(), http.MethodGet, "http://127.0.0.1"+page.url, nil))
				if answer.Code != http.StatusOK {
					b.Fatalf("%s: %d %s", page.url, answer.Code, answer.Body)
				}
			}
		})
	}
}

// BenchmarkAssess derives everything from an exercise forty times as busy as the demo's,
// or TRUCE_BENCH_SCALE, first anew and then with nothing changed.
func BenchmarkAssess(b *testing.B) {
	world, err := sim.New(sim.Config{Seed: 1, Scale: float64(benchNumber(b, "TRUCE_BENCH_SCALE", 40))})
	if err != nil {
		b.Fatal(err)
	}
	for _, again := range []bool{false, true} {
		b.Run(map[bool]string{false: "First", true: "Again"}[again], func(b *testing.B) {
			var sum Assessment
			for b.Loop() {
				b.StopTimer()
				a := exerciseRead(b, world)
				if again {
					if _, err := a.Assess(b.Context()); err != nil {
						b.Fatal(err)
					}
				}
				b.StartTimer()
				if sum, err = a.Assess(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(sum.Observations), "observations")
			b.ReportMetric(float64(sum.Incidents), "incidents")
		})
	}
}

// exerciseRead is a mission that has read the files of an exercise.
func exerciseRead(b *testing.B, world *sim.World) *App {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "mission")
	a := emptyMission(b, dir, "")
	for _, file := range world.Files() {
		if err := a.importExercise(b.Context(), dir, file); err != nil {
			b.Fatal(err)
		}
	}
	return a
}
