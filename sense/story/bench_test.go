package story_test

import (
	"fmt"
	"iter"
	"os"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story"
	"github.com/trucewatch/truce/sim/news"
)

// BenchmarkAdd groups a stream of the workload. Articles are made and read by a second
// goroutine, ahead of the first. It reports the processor time of the whole process for an
// article of the last tenth, when the index is full, reading and garbage collection with it;
// what reading and placing one article takes of its threads, for 99 of 100 articles and the
// slowest; articles a second of processor time and on the clock; and what the index holds in
// memory at the end. Making the articles is not counted, but on the clock.
func BenchmarkAdd(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 300_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				stream(b, n)
			}
		})
	}
}

// ahead is articles that were read, with what that took of its thread.
type ahead struct {
	articles []*story.Prepared
	took     []time.Duration
	made     time.Duration // what making articles has taken so far
}

func readAhead(b *testing.B, w *news.World, to chan<- ahead) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(to)
	reader, batch := story.NewReader(story.Config{Agencies: agencies}), ahead{}
	before := cpu(b, threadClock)
	for a := range w.Articles() {
		begin := cpu(b, threadClock)
		batch.made += begin - before
		batch.articles = append(batch.articles, reader.Prepare(a.Article))
		before = cpu(b, threadClock)
		batch.took = append(batch.took, before-begin)
		if len(batch.articles) == 64 {
			to <- batch
			batch.articles, batch.took = nil, nil
		}
	}
	to <- batch
}

func stream(b *testing.B, n int) {
	w := workload(b, news.Config{Seed: 1, Articles: n})
	x := story.New(story.Config{Agencies: agencies})
	before := heap()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	batches := make(chan ahead, 4)
	go readAhead(b, w, batches)
	begin, process, made := time.Now(), cpu(b, processClock), time.Duration(0)
	var tenths []time.Duration
	each := make([]float32, 0, w.Len()) // milliseconds
	for batch := range batches {
		for i, p := range batch.articles {
			thread := cpu(b, threadClock)
			x.AddPrepared(p)
			own := cpu(b, threadClock) - thread + batch.took[i]
			each = append(each, float32(own.Seconds()*1000))
		}
		if len(each) >= (len(tenths)+1)*w.Len()/10 {
			now := cpu(b, processClock)
			tenths = append(tenths, now-process-(batch.made-made))
			process, made = now, batch.made
			fmt.Fprintf(os.Stderr, "%d articles in %.0f s: %d cpu-µs/article\n", len(each), time.Since(begin).Seconds(), tenths[len(tenths)-1].Microseconds()*10/int64(w.Len()))
		}
	}
	figures(b, tenths, each, time.Since(begin))
	each = nil
	b.ReportMetric(float64(heap()-before)/(1<<20), "MiB")
	runtime.KeepAlive(x)
	runtime.KeepAlive(w) // in the figure before, and so in the one after
}

func figures(b *testing.B, tenths []time.Duration, each []float32, wall time.Duration) {
	var all time.Duration
	for _, took := range tenths {
		all += took
	}
	over := 0
	for i, ms := range each {
		if ms > 5 {
			over++
			b.Logf("article %d took %.1f ms", i, ms)
		}
	}
	slices.Sort(each)
	b.Logf("999 of 1,000 within %.2f ms, %d over 5 ms", each[len(each)*999/1000], over)
	b.ReportMetric(float64(tenths[9].Microseconds())*10/float64(len(each)), "cpu-µs/article-at-the-end")
	b.ReportMetric(float64(each[len(each)*99/100]), "cpu-ms/p99")
	b.ReportMetric(float64(each[len(each)-1]), "cpu-ms/slowest")
	b.ReportMetric(float64(len(each))/all.Seconds(), "articles/cpu-s")
	b.ReportMetric(float64(len(each))/wall.Seconds(), "articles/s")
}

// BenchmarkReadAhead groups a stream with a second goroutine that reads ahead: articles a second
// on the clock, which depends on what else the machine does. Articles are made before.
func BenchmarkReadAhead(b *testing.B) {
	var articles []truce.Article
	for a := range workload(b, news.Config{Seed: 1, Articles: 50_000}).Articles() {
		articles = append(articles, a.Article)
	}
	for b.Loop() {
		x := story.New(story.Config{Agencies: agencies})
		for range x.AddAll(iter.Seq[truce.Article](slices.Values(articles))) {
		}
	}
	b.ReportMetric(float64(len(articles)*b.N)/b.Elapsed().Seconds(), "articles/s")
}

// The clocks of processor time of the process and of the calling thread
// (clock_gettime(2), Linux); getrusage(2) is only as fine as the scheduler's ticks.
const (
	processClock = 2
	threadClock  = 3
)

// cpu is the processor time used, which depends little on what else the machine does. That of
// the process has its garbage collection with it.
func cpu(b *testing.B, clock uintptr) time.Duration {
	var t syscall.Timespec
	if _, _, err := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clock, uintptr(unsafe.Pointer(&t)), 0); err != 0 {
		b.Fatal(err)
	}
	return time.Duration(t.Nano())
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
