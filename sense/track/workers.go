package track

import (
	"runtime"
	"sync"
)

// share has parts of n things worked at once where there are processors and enough of them:
// least for each. Parts are in order and touch nothing of each other, so that what comes out
// is the same however many there are.
func share(n, least int, work func(part, from, to int)) {
	parts := min(runtime.GOMAXPROCS(0), mostParts, n/max(1, least))
	if parts < 2 {
		work(0, 0, n)
		return
	}
	var all sync.WaitGroup
	for part := 1; part < parts; part++ {
		all.Go(func() { work(part, part*n/parts, (part+1)*n/parts) })
	}
	work(0, 0, n/parts)
	all.Wait()
}

// mostParts is how many processors are used at most.
const mostParts = 8
