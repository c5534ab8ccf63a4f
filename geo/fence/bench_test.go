package fence

import (
	"fmt"
	"testing"
)

var sizes = []struct{ zones, corners int }{{1000, 32}, {10_000, 32}, {1000, 500}}

// BenchmarkFence answers for each point of workload F which zones hold it: on one core, and
// on all.
func BenchmarkFence(b *testing.B) {
	points := places(1 << 20)
	for _, size := range sizes {
		x := compiled(b, workload(size.zones, size.corners))
		b.Run(fmt.Sprintf("F%dx%d/one", size.zones, size.corners), func(b *testing.B) {
			into := make([]int32, 0, 64)
			hits, i := 0, 0
			b.ReportAllocs()
			for b.Loop() {
				into = x.Zones(points[i&(1<<20-1)], into[:0])
				hits += len(into)
				i++
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpoints/s")
			b.ReportMetric(float64(hits)/float64(b.N), "hits/point")
		})
		b.Run(fmt.Sprintf("F%dx%d/all", size.zones, size.corners), func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				into := make([]int32, 0, 64)
				for i := 0; pb.Next(); i++ {
					into = x.Zones(points[i&(1<<20-1)], into[:0])
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpoints/s")
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
			b.ReportMetric(float64(x.bytes())/1e6, "MB")
			b.ReportMetric(float64(len(x.pieces)), "pieces")
			b.ReportMetric(float64(len(x.words)), "words")
			b.ReportMetric(float64(len(x.lists)), "lists")
		})
	}
}
