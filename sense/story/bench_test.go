package story_test

import (
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/trucewatch/truce/sense/story"
	"github.com/trucewatch/truce/sim/news"
)

// BenchmarkAdd groups a stream of the workload. It reports the time an article takes over the
// last tenth of the stream, when the index is full, the slowest article, the articles a second over all, and what
// the index holds in memory at the end. Making the articles is not counted.
func BenchmarkAdd(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				stream(b, n)
			}
		})
	}
}

func stream(b *testing.B, n int) {
	w := workload(b, news.Config{Seed: 1, Articles: n})
	x := story.New(story.Config{Agencies: agencies})
	before := heap()
	var all, last, longest time.Duration
	read, tail := 0, 0
	for a := range w.Articles() {
		begin := cpu(b)
		x.Add(a.Article)
		took := cpu(b) - begin
		all += took
		longest = max(longest, took)
		if read++; read > w.Len()*9/10 {
			last += took
			tail++
		}
	}
	b.ReportMetric(float64(last.Microseconds())/float64(tail), "cpu-µs/article-at-the-end")
	b.ReportMetric(float64(longest.Microseconds())/1000, "cpu-ms/slowest")
	b.ReportMetric(float64(read)/all.Seconds(), "articles/cpu-s")
	b.ReportMetric(float64(heap()-before)/(1<<20), "MiB")
	runtime.KeepAlive(x)
	runtime.KeepAlive(w) // in the figure before, and so in the one after
}

// cpu is the processor time this process has used, its garbage collection with it: a figure
// that does not depend on what else the machine does.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
