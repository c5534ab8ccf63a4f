package engage_test

import (
	"math"
	"testing"

	"github.com/trucewatch/truce/sense/locate/engage"
	"github.com/trucewatch/truce/sim/arrivals"
)

// BenchmarkDuels is what docs/methods/engagements.md quotes: ten seeds of each workload that
// were not used for tuning, with what a mean over ten days is off by (95 %).
//
//	go test ./sense/locate/engage -run - -bench Duels -benchtime 1x -v
func BenchmarkDuels(b *testing.B) {
	const firstSeed, seeds, fires = 101, 10, 60
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
				var days [4][]float64
				for _, d := range worlds {
					s := d.score(b, engage.Options{Ballistics: ballistics, Pascals: c.cfg.Amplitudes})
					for i, x := range [4]float64{s.Precision(), s.Recall(), s.SideShare(), s.WrongSide()} {
						days[i] = append(days[i], x)
					}
					sum = sum.Plus(s)
				}
				for i, name := range [4]string{"precision", "recall", "sides given", "sides wrong"} {
					b.Logf("%s: within %.4f", name, halfWidth(days[i]))
				}
				b.ReportMetric(sum.Precision(), "precision")
				b.ReportMetric(sum.Recall(), "recall")
				b.Log(sum)
			}
		})
	}
}

// halfWidth is that of the 95 % interval of a mean over ten days (Student's t with nine degrees of
// freedom).
func halfWidth(days []float64) float64 {
	n, sum, squares := float64(len(days)), 0.0, 0.0
	for _, x := range days {
		sum += x
	}
	for _, x := range days {
		squares += (x - sum/n) * (x - sum/n)
	}
	return 2.262 * math.Sqrt(squares/(n-1)/n)
}
