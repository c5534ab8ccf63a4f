package truce_test

import (
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

func firmsLike() truce.Observation {
	start := truce.Instant(1_775_952_000_123_456)
	return truce.Observation{
		ID: truce.NewID(start, "detection", "firms", []byte("a")), Kind: truce.KindDetection, Source: "firms", Sensor: "VIIRS/N20",
		Phenomenon: truce.Moment(start, 0), Received: truce.ReceivedTime(start + 5_000_000),
		Place: &geo.Position{Point: geo.Point{Lat: 48.12345, Lon: 37.54321}, Error: geo.Covariance{EE: 11718.75, EN: -3.5, NN: 11718.75},
			Footprint: &geo.Footprint{Scan: 390.5, Track: 360.25, Azimuth: 12.5}},
		Detection: &truce.Detection{Instrument: "VIIRS", Satellite: "N20", Confidence: truce.ConfidenceNominal, BrightnessK: 331.25, FRPMW: 4.12, Night: true, Version: "2.0NRT"},
		Signature: truce.SignatureNone, Origin: truce.Origin{File: "fire_nrt_J1V-C2_2026.csv", Line: 12345}, Hash: truce.HashOf([]byte("row")),
	}
}

func BenchmarkCanonicalObservation(b *testing.B) {
	o := firmsLike()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := truce.Canonical(o); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeObservation(b *testing.B) {
	body, err := truce.Canonical(firmsLike())
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		var o truce.Observation
		if err := truce.DecodeCanonical(body, &o); err != nil {
			b.Fatal(err)
		}
	}
}
