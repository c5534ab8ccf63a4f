package app

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// fullSky is a day of some n plots: a radar that turns in four seconds and sees ten drones that go
// round and round and six echoes of nothing, and two receivers of what half of the drones say of
// themselves.
func fullSky(n int) []truce.Observation {
	r := rand.New(rand.NewPCG(1, 500))
	out := make([]truce.Observation, 0, n)
	day := noonOn(11) - windowLength/2
	place := func(i int, at float64) geo.Point {
		radius := 1500 + 400*float64(i)
		turned := at*12/radius + float64(i)
		p, _ := geo.Direct(middle, geo.Degrees(math.Mod(turned*180/math.Pi, 360)), geo.Metres(radius))
		return p
	}
	for step := 0; len(out) < n && step < 86_400*2; step++ {
		at := float64(step) / 2
		now := day + truce.Instant(at*1e6)
		for i := range 10 {
			if step%8 == i%8 && r.Float64() < .9 {
				out = append(out, plotOf(r, "asterix", "RADAR-1", now, place(i, at), 40, truce.Plot{Means: truce.MeansPrimary}))
			}
			if i%2 == 0 && step%4 == i%4 {
				source := truce.SourceID("remoteid")
				if i%4 == 0 {
					source = "adsb"
				}
				out = append(out, plotOf(r, source, "", now, place(i, at), 8, truce.Plot{Means: truce.MeansSelf, Identities: []truce.Identity{{Scheme: "serial", Value: string(rune('A' + i))}}}))
			}
		}
		if step%8 == 3 {
			for range 6 {
				p, _ := geo.Direct(middle, geo.Degrees(360*r.Float64()), geo.Metres(9000*math.Sqrt(r.Float64())))
				out = append(out, plotOf(r, "asterix", "RADAR-1", now, p, 40, truce.Plot{Means: truce.MeansPrimary}))
			}
		}
	}
	return out
}

// BenchmarkFollowDay follows a day of 500,000 plots of three sensors, or TRUCE_BENCH_ROWS.
func BenchmarkFollowDay(b *testing.B) {
	plots := fullSky(benchRows(b, 500_000))
	c := illustrativeChart(b)
	b.ReportAllocs()
	for b.Loop() {
		began := time.Now()
		e := newEyes(flightFamily, ownAircraft)
		e.chart = func() (*chart, error) { return c, nil }
		for _, o := range plots {
			if err := e.see(o); err != nil {
				b.Fatal(err)
			}
		}
		out, err := e.close()
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(plots))/time.Since(began).Seconds(), "plots/s")
		b.ReportMetric(float64(len(out.events)), "events")
	}
}
