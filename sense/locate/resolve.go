package locate

import "container/heap"

// acceptScore is the odds (logarithm) from which a hypothesis is an event.
const acceptScore = 0.0

// resolve accepts hypotheses, the likeliest first. One whose picks another has taken is
// fitted again to what is left, and waits its turn.
func (s *solver) resolve(all []hypothesis) (accepted int) {
	w := s.workers[0]
	queue := hypotheses(all)
	heap.Init(&queue)
	for len(queue) > 0 {
		top := &queue[0]
		if top.score < acceptScore {
			heap.Pop(&queue)
			continue
		}
		if w.free(top.members) {
			h := *top
			heap.Pop(&queue)
			s.accept(h)
			accepted++
			continue
		}
		top.members, top.sure, top.rank = w.remaining(top.members), nil, 0
		if !w.refine(top, refineRounds) || top.score < acceptScore {
			heap.Pop(&queue)
			continue
		}
		heap.Fix(&queue, 0)
	}
	return accepted
}

func (s *solver) accept(h hypothesis) {
	if h.score < acceptScore {
		return
	}
	s.events = append(s.events, h)
	for _, p := range h.members {
		s.taken[p] = int32(len(s.events))
	}
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
func (q hypotheses) Less(i, j int) bool { return byScore(q[i], q[j]) < 0 }
func (q hypotheses) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *hypotheses) Push(x any)        { *q = append(*q, x.(hypothesis)) }
func (q *hypotheses) Pop() any {
	old := *q
	top := old[len(old)-1]
	*q = old[:len(old)-1]
	return top
}
