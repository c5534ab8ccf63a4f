package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/keep/store"
)

// detection is a row as a satellite's table gives it, some 700 bytes.
func detection(n int) truce.Observation {
	start := truce.InstantOf(time.Date(2026, 4, 10, 0, 0, 0, 0, time.UTC)).Add(time.Duration(n) * 37 * time.Millisecond)
	return truce.Observation{
		ID: truce.NewID(start, "detection", "firms", fmt.Appendf(nil, "%d", n)), Kind: truce.KindDetection, Source: "firms", Sensor: "VIIRS/N20",
		Phenomenon: truce.Moment(start, time.Second), Received: truce.ReceivedTime(start) + 5_000_000,
		Place: &geo.Position{
			Point: geo.Point{Lat: 46 + geo.Degrees(n%600_011)/100_000, Lon: 30 + geo.Degrees(n%900_007)/100_000},
			Error: geo.Covariance{EE: 11718.75, EN: -3.5, NN: 11718.75}, Footprint: &geo.Footprint{Scan: 390.5, Track: 360.25, Azimuth: 12.5},
		},
		Detection: &truce.Detection{Instrument: "VIIRS", Satellite: "N20", Confidence: truce.ConfidenceNominal, BrightnessK: 331.25, FRPMW: 4.12, Version: "2.0NRT"},
		Signature: truce.SignatureNone, Origin: truce.Origin{File: "fire_nrt_J1V-C2_2026.csv", Line: n + 1}, Hash: truce.HashOf(fmt.Appendf(nil, "%d", n)),
	}
}

// BenchmarkAppendObservations reports rows a second from values to receipts: canonical
// encoding, Merkle root, insert with two indexes, commit and fsync. Two callers append
// batches of 5,000 rows, so that one encodes while the other's batch is written.
func BenchmarkAppendObservations(b *testing.B) {
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": newSQLite, "postgres": cluster.Database} {
		b.Run(name, func(b *testing.B) { appendObservations(b, dsn(b)) })
	}
}

func appendObservations(b *testing.B, dsn string) {
	const callers, size = 2, 5000
	s, err := store.Create(b.Context(), dsn, truce.Inception{Realm: truce.RealmReal, Store: "bench"}, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	rows := 0
	for b.Loop() {
		var wg sync.WaitGroup
		for c := range callers {
			batch := make([]truce.Observation, size)
			for i := range batch {
				batch[i] = detection(rows + c*size + i)
			}
			wg.Go(func() {
				draft, err := truce.NewObservationBatch("firms", "f", 0, batch)
				if err == nil {
					_, err = s.Append(b.Context(), truce.Batch{Drafts: []truce.Draft{draft}})
				}
				if err != nil {
					b.Error(err)
				}
			})
		}
		wg.Wait()
		rows += callers * size
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkIncidents lists 100,000 incidents with the evaluations that stand for
// them: all of them, as a bulletin does, and one filtered page, as a person does.
func BenchmarkIncidents(b *testing.B) {
	const count = 100_000
	s := manyIncidents(b, newSQLite(b), count)
	for name, c := range map[string]struct {
		query truce.IncidentQuery
		rows  int
	}{
		"all":              {truce.IncidentQuery{}, count},
		"first page":       {truce.IncidentQuery{Limit: 50}, 50},
		"last page":        {truce.IncidentQuery{Limit: 50, Offset: count - 50}, 50},
		"rule and verdict": {truce.IncidentQuery{Rule: "R02", Verdict: truce.VerdictHit, Area: "south", Limit: 50}, 50},
		"label":            {truce.IncidentQuery{Label: truce.LabelRecurringHeat, Limit: 50}, 50},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				page, err := s.Incidents(b.Context(), c.query)
				if err != nil || len(page.Rows) != c.rows {
					b.Fatalf("%d rows, %v, want %d", len(page.Rows), err, c.rows)
				}
			}
		})
	}
}

func manyIncidents(b *testing.B, dsn string, count int) *store.Store {
	b.Helper()
	s, err := store.Create(b.Context(), dsn, truce.Inception{Realm: truce.RealmReal, Store: "bench"}, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	started := time.Now()
	for n := 0; n < count; {
		var drafts []truce.Draft
		for ; len(drafts) < 2000 && n < count; n++ {
			i, e := judged(n)
			for kind, body := range map[truce.RecordKind]any{truce.RecordIncident: i, truce.RecordEvaluation: e} {
				draft, err := truce.NewDraft(kind, string(kind)+"/"+i.ID.String(), string(kind)+"/"+i.ID.String()+"/1", body)
				if err != nil {
					b.Fatal(err)
				}
				drafts = append(drafts, draft)
			}
		}
		if _, err := s.Append(b.Context(), truce.Batch{Drafts: drafts}); err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("%d incidents with evaluations of 8 rules appended in %s", count, time.Since(started).Round(time.Millisecond))
	return s
}

// judged is an incident like those of a heat event, and its evaluation by eight rules.
func judged(n int) (truce.Incident, truce.Evaluation) {
	start := truce.InstantOf(time.Date(2026, 4, 10, 0, 0, 0, 0, time.UTC)).Add(time.Duration(n) * 7 * time.Second)
	i := truce.Incident{
		ID: truce.NewID(start, "incident", "bench", fmt.Appendf(nil, "%d", n)), Revision: 1, Occurrence: truce.OccurrenceDetected, P: 0.75,
		Events: []truce.ID{truce.NewID(start, "event", "bench", fmt.Appendf(nil, "%d", n))}, Acts: []truce.ActWeight{{Act: truce.ActHeat, P: 0.75}},
		Time: truce.Moment(start, time.Minute), Area: []truce.AreaID{"north", "south"}[n%2], Families: []truce.Family{truce.FamilyThermal}, Sources: []truce.SourceID{"firms"},
		Position: &geo.Position{Point: geo.Point{Lat: 48.25, Lon: 37.5}, Error: geo.Covariance{EE: 11718.75, NN: 11718.75}},
	}
	if n%10 == 0 {
		i.Labels = []truce.Label{truce.LabelRecurringHeat}
	}
	e := truce.Evaluation{Incident: i.ID, Revision: 1, Agreement: "bench", Version: "4f1c"}
	for r := range 8 {
		f := truce.Finding{
			Rule: truce.RuleID(fmt.Sprintf("R%02d", r+1)), RuleVersion: "1", Clause: "Article 2, paragraph 1", Verdict: truce.VerdictOutside, P: 0.0625, Unit: truce.UnitHeatEvent,
			Reason: truce.ReasonAct, EffectSide: []truce.SideShare{{Party: "A", P: 0.25}, {Party: "B", P: 0.75}}, MapVersion: "2026-04-10",
			Trace: []string{"The act heat_undetermined is not among the acts of this rule.", "The time lies in the period the rule is in force."},
		}
		if (n+r)%9 == 0 {
			f.Verdict, f.Reason, f.Count = truce.VerdictHit, truce.ReasonNone, 1
		}
		e.Findings = append(e.Findings, f)
	}
	return i, e
}

// BenchmarkReadObservations reports rows a second from the file to decoded values.
func BenchmarkReadObservations(b *testing.B) {
	const count = 100_000
	s, err := store.Create(b.Context(), newSQLite(b), truce.Inception{Realm: truce.RealmReal, Store: "bench"}, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for n := 0; n < count; n += 5000 {
		rows := make([]truce.Observation, 5000)
		for i := range rows {
			rows[i] = detection(n + i)
		}
		draft, err := truce.NewObservationBatch("firms", "f", 0, rows)
		if err == nil {
			_, err = s.Append(b.Context(), truce.Batch{Drafts: []truce.Draft{draft}})
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	read := 0
	for b.Loop() {
		err := s.Observations(b.Context(), truce.ObservationQuery{}, func(truce.Observation) error {
			read++
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(read)/b.Elapsed().Seconds(), "rows/s")
}
