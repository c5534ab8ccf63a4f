package locate

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

// acceptScore is the odds (logarithm) from which a hypothesis is an event.
const acceptScore = 0.0

// resolve accepts hypotheses, the likeliest first. Where a gap in time parts them so that no
// arrival can be of either side, the sides compete apart, on all processors.
func (s *solver) resolve(all []hypothesis) (accepted int) {
	groups := s.groups(all)
	won := make([][]hypothesis, len(groups))
	s.parallel(len(groups), func(w *worker, i int) {
		w.earliest, w.latest = groups[i][0].t-mostDrift, groups[i][len(groups[i])-1].t+mostDrift
		won[i] = w.compete(groups[i])
		w.earliest, w.latest = math.Inf(-1), math.Inf(1)
	})
	for _, list := range won {
		accepted += len(list)
		for _, h := range list {
			s.events = append(s.events, h)
			for _, p := range h.members {
				s.taken[p] = int32(len(s.events))
			}
		}
	}
	return accepted
}

// mostDrift is how far a hypothesis' origin may move while it competes, s: those of another
// group must not meet it.
const mostDrift = 10.0

// groups sorts hypotheses by origin and cuts them where no arrival that may be looked at for one
// behind may be for one before.
func (s *solver) groups(all []hypothesis) (out [][]hypothesis) {
	all = byOrigin(all)
	longest := s.longest()
	from := make([]float64, len(all)+1) // the first arrival for this one and all behind it
	from[len(all)] = math.Inf(1)
	for i := len(all) - 1; i >= 0; i-- {
		first, _ := s.stretch(&all[i], longest)
		from[i] = min(first, from[i+1])
	}
	begin, until := 0, math.Inf(-1)
	for i := range all {
		_, last := s.stretch(&all[i], longest)
		if until = max(until, last); from[i+1] > until {
			out = append(out, all[begin:i+1])
			begin = i + 1
		}
	}
	return out
}

// stretch is the time in which arrivals are looked at for a hypothesis while it competes: around
// where it is, and its own, since a fit may have carried it beyond the reach of those.
func (s *solver) stretch(h *hypothesis, longest float64) (from, to float64) {
	from, to = h.t-mostDrift, h.t+mostDrift+longest
	for _, p := range h.members {
		from, to = min(from, s.picks.time[p]), max(to, s.picks.time[p])
	}
	return from, to
}

// byOrigin is hypotheses in the order of their times. Only their places in the list are sorted: they
// are large.
func byOrigin(all []hypothesis) []hypothesis {
	type key struct {
		t  float64
		at int32
	}
	keys := make([]key, len(all))
	for i := range all {
		keys[i] = key{all[i].t, int32(i)}
	}
	slices.SortFunc(keys, func(a, b key) int {
		if order := cmp.Compare(a.t, b.t); order != 0 {
			return order
		}
		return byScore(&all[a.at], &all[b.at])
	})
	out := make([]hypothesis, len(all))
	for i, k := range keys {
		out[i] = all[k.at]
	}
	return out
}

// longest is how long after an event an arrival may be that is looked at for it, and how long
// before, s.
func (s *solver) longest() (most float64) {
	for c := range s.picks.medium.channels() {
		phase := s.model.phase(int32(c))
		travel := s.reach * s.model.slowness[phase]
		if s.picks.medium == InAir {
			travel = s.reach / slowestAir
		}
		v := s.model.timing[phase].variance(0, travel)
		most = max(most, travel+2*gateSigmas*math.Sqrt(2*v))
	}
	return most
}

// slowestAir is less than sound ever has, against the wind, m/s.
const slowestAir = 200.0

// compete accepts hypotheses, the likeliest first. One whose picks another has taken is
// fitted again to what is left, and waits its turn.
func (w *worker) compete(all []hypothesis) (won []hypothesis) {
	queue := hypotheses(all)
	heap.Init(&queue)
	for len(queue) > 0 {
		top := &queue[0]
		if top.score < acceptScore {
			heap.Pop(&queue)
			continue
		}
		if w.free(top.members) {
			won = append(won, *top)
			for _, p := range top.members {
				w.taken[p] = -1 // numbered when all groups are done
			}
			heap.Pop(&queue)
			continue
		}
		top.members, top.sure, top.rank = w.remaining(top.members), nil, 0
		if !w.refine(top, refineRounds) || top.score < acceptScore {
			heap.Pop(&queue)
			continue
		}
		heap.Fix(&queue, 0)
	}
	return won
}

func (w *worker) free(members []int32) bool {
	for _, p := range members {
		if w.taken[p] != 0 {
			return false
		}
	}
	return true
}

// remaining is the members that no event has taken, in a slice of its own.
func (w *worker) remaining(members []int32) []int32 {
	out := make([]int32, 0, len(members))
	for _, p := range members {
		if w.taken[p] == 0 {
			out = append(out, p)
		}
	}
	return out
}

// hypotheses is a heap, the likeliest on top.
type hypotheses []hypothesis

func (q hypotheses) Len() int           { return len(q) }
func (q hypotheses) Less(i, j int) bool { return byScore(&q[i], &q[j]) < 0 }
func (q hypotheses) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *hypotheses) Push(x any)        { *q = append(*q, x.(hypothesis)) }
func (q *hypotheses) Pop() any {
	old := *q
	top := old[len(old)-1]
	*q = old[:len(old)-1]
	return top
}
