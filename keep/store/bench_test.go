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
