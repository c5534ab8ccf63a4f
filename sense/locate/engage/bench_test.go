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

// BenchmarkSectors is what docs/methods/engagements.md quotes of sectors: ten seeds not used for
// tuning in which nobody hears a muzzle, how often 90 % regions held the truth, and between what
// that lies (Wilson's 95 % interval of a share).
//
//	go test ./sense/locate/engage -run - -bench Sectors -benchtime 1x -v
func BenchmarkSectors(b *testing.B) {
	const firstSeed, seeds, fires = 601, 10, 60
	ballistics := engage.NewBallistics()
	for b.Loop() {
		var sum arrivals.ShotScore
		for seed := uint64(firstSeed); seed < firstSeed+seeds; seed++ {
			d := invent(b, arrivals.DuelConfig{Seed: seed, Fires: fires, Sensors: 2500, Muffled: true})
			sum = sum.Plus(d.score(b, engage.Options{Ballistics: ballistics}))
		}
		for _, c := range []struct {
			what  string
			k, of int
		}{
			{"sectors of a true impact", sum.SectorsRight, sum.Sectors},
			{"direction in 90 %", sum.SectorsIn, sum.SectorsRight},
			{"distance in 90 %", sum.SectorsFar, sum.SectorsRight},
		} {
			low, high := wilson(c.k, c.of)
			b.Logf("%s: %d of %d, %.1f to %.1f %%", c.what, c.k, c.of, 100*low, 100*high)
		}
	}
}

// wilson is the 95 % interval of a share (Wilson 1927).
func wilson(k, n int) (low, high float64) {
	const z = 1.96
	m, p := float64(max(n, 1)), float64(k)/float64(max(n, 1))
	middle, half := p+z*z/(2*m), z*math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return (middle - half) / (1 + z*z/m), (middle + half) / (1 + z*z/m)
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
