package fuse_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/fuse"
	"github.com/trucewatch/truce/geo"
)

// eightActs are the eight types of workload D.
var eightActs = truce.GroupFire.Acts()[:8]

// workloadD makes n happenings and what two sources tell of them, by the published
// recipe: days uniform in a year, 47-50 N, 36-40 E, eight types; each source holds a
// happening with chance 0.7. The first tells the whole day, exact place and type; the
// second is off by N(0, 0.5) days cut to a whole number, N(0, 0.02) degree of latitude,
// N(0, 0.03) of longitude, and draws the type again with chance 0.1. truth gives the
// happening of each event.
func workloadD(n int, seed uint64) (events []truce.Event, truth map[truce.ID]int) {
	r := rand.New(rand.NewPCG(seed, 4))
	truth = map[truce.ID]int{}
	start := truce.InstantOf(time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC))
	add := func(source truce.SourceID, family truce.Family, happening, day int, at geo.Position, act truce.Act, sigma time.Duration) {
		from := start.Add(time.Duration(day) * 24 * time.Hour)
		e := truce.Event{
			ID:       truce.NewID(from, "event", string(source), []byte(fmt.Sprint(happening))),
			Kind:     act,
			Origin:   truce.PhenomenonTime{From: from, To: from.Add(24 * time.Hour), Sigma: truce.MicrosOf(sigma)},
			Position: &at,
			Support:  []truce.Support{{Source: source, Family: family}},
			Score:    0.5,
		}
		truth[e.ID] = happening
		events = append(events, e)
	}
	for i := range n {
		day, act := r.IntN(365), eightActs[r.IntN(8)]
		p := geo.Point{Lat: geo.Degrees(47 + 3*r.Float64()), Lon: geo.Degrees(36 + 4*r.Float64())}
		if r.Float64() < 0.7 {
			add("one", truce.FamilyPatrol, i, day, geo.Position{Point: p}, act, 0)
		}
		if r.Float64() < 0.7 {
			off := int(math.Trunc(r.NormFloat64() * 0.5))
			q := geo.Point{Lat: p.Lat + geo.Degrees(0.02*r.NormFloat64()), Lon: p.Lon + geo.Degrees(0.03*r.NormFloat64())}
			if r.Float64() < 0.1 {
				act = eightActs[r.IntN(8)]
			}
			sigma := geo.Covariance{EE: 2213 * 2213, NN: 2224 * 2224} // 0.03 and 0.02 degree at 48.5 N
			add("two", truce.FamilyMedia, i, day+off, geo.Position{Point: q, Error: sigma}, act, 6*time.Hour)
		}
	}
	return events, truth
}

// pairScore is recall and precision over pairs of events of two sources.
func pairScore(groups []fuse.Group, truth map[truce.ID]int) (recall, precision float64) {
	both := map[int]int{}
	for _, happening := range truth {
		both[happening]++
	}
	want, got, right := 0, 0, 0
	for _, n := range both {
		if n == 2 {
			want++
		}
	}
	for _, g := range groups {
		for i, a := range g.Events {
			for _, b := range g.Events[i+1:] {
				got++
				if truth[a.ID] == truth[b.ID] {
					right++
				}
			}
		}
	}
	return float64(right) / float64(want), float64(right) / float64(got)
}

// twoSources tells Join what the recipe says of the sources.
var twoSources = fuse.Config{Link: 0.7, LinkSame: 1e-12}

func TestWorkloadD(t *testing.T) {
	for _, run := range []struct {
		n    int
		seed uint64
	}{{2000, 1}, {2000, 2}, {2000, 3}, {10_000, 11}, {10_000, 12}} {
		events, truth := workloadD(run.n, run.seed)
		recall, precision := pairScore(fuse.Join(events, twoSources), truth)
		t.Logf("%d happenings, seed %d: recall %.4f, precision %.4f", run.n, run.seed, recall, precision)
		if recall < 0.97 || precision < 0.99 {
			t.Errorf("%d happenings, seed %d: recall %.3f and precision %.3f, want at least .97 and .99", run.n, run.seed, recall, precision)
		}
	}
}

func benchmarkD(b *testing.B, n int) {
	events, truth := workloadD(n, 1)
	var groups []fuse.Group
	b.ReportAllocs()
	for b.Loop() {
		groups = fuse.Join(events, twoSources)
	}
	recall, precision := pairScore(groups, truth)
	b.ReportMetric(float64(len(events))*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(recall, "recall")
	b.ReportMetric(precision, "precision")
}

func BenchmarkJoinD2000(b *testing.B)  { benchmarkD(b, 2000) }
func BenchmarkJoinD10000(b *testing.B) { benchmarkD(b, 10_000) }
