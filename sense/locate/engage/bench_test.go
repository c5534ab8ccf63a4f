package engage_test

import (
	"testing"

	"github.com/trucewatch/truce/sense/locate/engage"
	"github.com/trucewatch/truce/sim/arrivals"
)

// BenchmarkDuels is what docs/methods/engagements.md quotes: five seeds of each workload that
// were not used for tuning.
//
//	go test ./sense/locate/engage -run - -bench Duels -benchtime 1x -v
func BenchmarkDuels(b *testing.B) {
	const firstSeed, seeds, fires = 101, 5, 60
	ballistics := engage.NewBallistics()
	for _, c := range []struct {
		name string
		cfg  arrivals.DuelConfig
	}{
		{"200", arrivals.DuelConfig{}},
		{"500", arrivals.DuelConfig{Sensors: 500}},
		{"500amplitudes", arrivals.DuelConfig{Sensors: 500, Amplitudes: true}},
		{"500wind", arrivals.DuelConfig{Sensors: 500, Wind: 8, WindTo: 60}},
	} {
		b.Run(c.name, func(b *testing.B) {
			var worlds []duel
			for seed := uint64(firstSeed); seed < firstSeed+seeds; seed++ {
				c.cfg.Seed, c.cfg.Fires = seed, fires
				worlds = append(worlds, invent(b, c.cfg))
			}
			for b.Loop() {
				var sum arrivals.ShotScore
				for _, d := range worlds {
					sum = sum.Plus(d.score(b, engage.Options{Ballistics: ballistics, Pascals: c.cfg.Amplitudes}))
				}
				b.ReportMetric(sum.Precision(), "precision")
				b.ReportMetric(sum.Recall(), "recall")
				b.Log(sum)
			}
		})
	}
}
