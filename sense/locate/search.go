package locate

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// sliceLength of the day is searched by one worker at a time, s. The slices are the same
// however many workers there are, so the result is too.
const (
	sliceLength = 900.0
	// slicePicks is how many picks a slice has at least on average: arrivals may lie years
	// apart.
	slicePicks = 20.0
)

// searchFloor is the odds below which a grown hypothesis is not looked at more closely.
const searchFloor = -1.0

// amongMany is by how much more a grown hypothesis must be likelier than chance for e times as
// many places that were tried: the best of dozens that a crowd gives reaches 6 by chance, and an
// event that can be told from it is far above, from one of its arrivals or another.
const amongMany = 1.5

func (w *worker) threshold() float64 { return searchFloor }

// newWorker is a worker with its own buffers.
func (s *solver) newWorker() *worker {
	near := airNear
	if s.picks.medium == InGround {
		near = groundNear
	}
	if *s.lists == nil {
		*s.lists = newVicinity(s.net, near)
	}
	return &worker{
		earliest: math.Inf(-1), latest: math.Inf(1),
		net: s.net, picks: s.picks, model: s.model, taken: s.taken, futile: s.futile, decided: s.decided, reach: s.reach,
		near: *s.lists, marked: make([]int32, len(s.picks.start)-1),
		claimed: make([]bool, len(s.picks.time)),
	}
}

// parallel does n pieces of work on all processors, each piece on one of the workers.
func (s *solver) parallel(n int, do func(w *worker, i int)) {
	threads := min(runtime.GOMAXPROCS(0), n)
	for len(s.workers) < threads {
		s.workers = append(s.workers, s.newWorker())
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	for t := range threads {
		s.workers[t].model = s.model
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(s.workers[t], i)
			}
		})
	}
	wait.Wait()
}

// atOnce does two things at the same time. Neither may change what the other reads.
func atOnce(one, other func()) {
	var wait sync.WaitGroup
	wait.Go(other)
	one()
	wait.Wait()
}

// eachEvent does the same to all events, on all processors.
func (s *solver) eachEvent(do func(w *worker, i int, h *hypothesis)) {
	const atOnce = 8
	s.parallel((len(s.events)+atOnce-1)/atOnce, func(w *worker, k int) {
		for i := k * atOnce; i < min(len(s.events), (k+1)*atOnce); i++ {
			do(w, i, &s.events[i])
		}
	})
}

// search finds hypotheses among the picks that are free.
func (s *solver) search() []hypothesis {
	if s.picks.medium == InGround && s.pairs == nil {
		s.pairs = make([][]pair, len(s.net.x))
		s.parallel(len(s.pairs), func(w *worker, station int) { s.pairs[station] = w.pairsOf(station) })
	}
	length := max(sliceLength, s.picks.span*slicePicks/float64(len(s.picks.time)))
	count := int(s.picks.span/length) + 1
	found := make([][]hypothesis, count)
	s.parallel(count, func(w *worker, i int) {
		if s.sample > 1 && i%s.sample != 0 {
			return
		}
		w.found = w.found[:0]
		from, to := float64(i)*length, float64(i+1)*length
		if i == 0 {
			from = math.Inf(-1) // an origin lies before its arrivals
		}
		if s.picks.medium == InGround {
			w.searchGround(from, to, s.pairs)
		} else {
			w.searchAir(from, to)
		}
		for _, h := range w.found {
			for _, p := range h.members {
				w.claimed[p] = false
			}
		}
		found[i] = slices.Clone(w.found)
	})
	return slices.Concat(found...)
}

func byScore(a, b *hypothesis) int {
	return cmp.Or(cmp.Compare(max(b.score, b.rank), max(a.score, a.rank)), cmp.Compare(b.score, a.score), cmp.Compare(a.t, b.t), cmp.Compare(a.x, b.x))
}

func (w *worker) searchAir(from, to float64) {
	at, _ := slices.BinarySearchFunc(w.picks.byTime, from, func(p int32, t float64) int { return cmp.Compare(w.picks.time[p], t) })
	for ; at < len(w.picks.byTime); at++ {
		p := w.picks.byTime[at]
		if w.picks.time[p] >= to {
			return
		}
		if w.taken[p] == 0 && !w.claimed[p] && !w.futile[p] {
			before := len(w.found)
			w.seedAir(p)
			w.futile[p] = len(w.found) == before
		}
	}
}

// seedPair is a pair with its station, in the order of the search.
type seedPair struct {
	*pair
	station int32
}

func (w *worker) searchGround(from, to float64, all [][]pair) {
	var seeds []seedPair
	for s, list := range all {
		for at := since(list, from); at < len(list) && (list[at].origin < to); at++ {
			if q := &list[at]; !q.futile && w.taken[q.p] == 0 && w.taken[q.s] == 0 {
				seeds = append(seeds, seedPair{q, int32(s)})
			}
		}
	}
	slices.SortFunc(seeds, func(a, b seedPair) int {
		return cmp.Or(cmp.Compare(a.origin, b.origin), cmp.Compare(a.p, b.p), cmp.Compare(a.s, b.s))
	})
	for _, seed := range seeds {
		if !w.claimed[seed.p] && !w.claimed[seed.s] {
			before := len(w.found)
			w.seedGround(seed.station, *seed.pair, all)
			seed.futile = len(w.found) == before
		}
	}
}

// keep refines the best hypothesis of a seed, of so many tried, and keeps it. Picks of a strong one need not
// be tried as seeds any more.
func (w *worker) keep(best *hypothesis, tried int) {
	if len(best.members) == 0 || best.score < searchFloor+amongMany*math.Log(float64(max(1, tried))) || w.known(best.members) || !w.refine(best, searchRounds) || best.score < searchFloor {
		return
	}
	if best.score > strongScore {
		for _, p := range best.members {
			w.claimed[p] = true
		}
	}
	w.found = append(w.found, *best)
}

// known says whether most of a hypothesis is a strong one's already.
func (w *worker) known(members []int32) bool {
	n := 0
	for _, p := range members {
		if w.claimed[p] {
			n++
		}
	}
	return 5*n > 3*len(members)
}
