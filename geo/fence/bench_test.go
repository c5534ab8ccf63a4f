//go:build unix

package fence

import (
	"fmt"
	"math"
	"math/rand/v2"
	"syscall"
	"testing"

	"github.com/trucewatch/truce/geo"
)

var sizes = []struct{ zones, corners int }{{1000, 32}, {10_000, 32}, {1000, 500}}

// rate reports millions of items for a second of wall time, and for a second that a core
// worked: the second is right on a busy machine too.
func rate(b *testing.B, what string, body func()) {
	before := worked()
	body()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds()/1e6, "M"+what+"/s")
	b.ReportMetric(float64(b.N)/(worked()-before)/1e6, "M"+what+"/core-s")
}

// worked is how long the process has kept cores busy, seconds.
func worked() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return math.NaN()
	}
	seconds := func(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }
	return seconds(u.Utime) + seconds(u.Stime)
}

// BenchmarkFence answers for each point of workload F which zones hold it: on one core, on
// all, and in batches on all.
func BenchmarkFence(b *testing.B) {
	const mask = 1<<20 - 1
	points := places(mask + 1)
	for _, size := range sizes {
		x := compiled(b, workload(size.zones, size.corners))
		name := fmt.Sprintf("F%dx%d", size.zones, size.corners)
		b.Run(name+"/one", func(b *testing.B) {
			into := make([]int32, 0, 64)
			hits, i := 0, 0
			b.ReportAllocs()
			rate(b, "points", func() {
				for b.Loop() {
					into = x.Zones(points[i&mask], into[:0])
					hits += len(into)
					i++
				}
			})
			b.ReportMetric(float64(hits)/float64(b.N), "hits/point")
		})
		b.Run(name+"/all", func(b *testing.B) {
			rate(b, "points", func() {
				b.RunParallel(func(pb *testing.PB) {
					into := make([]int32, 0, 64)
					for i := 0; pb.Next(); i++ {
						into = x.Zones(points[i&mask], into[:0])
					}
				})
			})
		})
	}
}

// BenchmarkFenceCompile compiles workload F, the check of its geometry included.
func BenchmarkFenceCompile(b *testing.B) {
	for _, size := range sizes {
		zones := workload(size.zones, size.corners)
		b.Run(fmt.Sprintf("F%dx%d", size.zones, size.corners), func(b *testing.B) {
			b.ReportAllocs()
			var x *Index
			for b.Loop() {
				x = compiled(b, zones)
			}
			b.ReportMetric(float64(x.Bytes())/1e6, "MB")
		})
	}
}

// BenchmarkFenceChances gives the probabilities of ellipses: centres uniform over workload
// F, a tenth of them exact, the others with a major axis between 10 m and 2 km (evenly in
// its logarithm), a minor axis of a quarter to all of it, in any direction; and the same
// with round errors.
func BenchmarkFenceChances(b *testing.B) {
	const mask = 1<<16 - 1
	points := places(mask + 1)
	random := rand.New(rand.NewPCG(3, 3))
	round, slim := make([]geo.Position, len(points)), make([]geo.Position, len(points))
	for i, p := range points {
		major := geo.Metres(10 * math.Pow(200, random.Float64()))
		if i%10 == 0 {
			major = 0
		}
		round[i] = geo.Position{Point: p, Error: geo.Isotropic(major)}
		slim[i] = ellipseAt(p, major, major*geo.Metres(.25+.75*random.Float64()), geo.Degrees(180*random.Float64()))
	}
	for _, size := range sizes {
		x := compiled(b, workload(size.zones, size.corners))
		for _, kind := range []struct {
			name      string
			positions []geo.Position
		}{{"round", round}, {"slim", slim}} {
			b.Run(fmt.Sprintf("F%dx%d/%s", size.zones, size.corners, kind.name), func(b *testing.B) {
				b.ReportAllocs()
				rate(b, "ellipses", func() {
					b.RunParallel(func(pb *testing.PB) {
						into := make([]Chance, 0, 64)
						for i := 0; pb.Next(); i++ {
							into = x.Chances(kind.positions[i&mask], 0, into[:0])
						}
					})
				})
			})
		}
	}
}
