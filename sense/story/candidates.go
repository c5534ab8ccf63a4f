package story

import "cmp"

// candidates are the stories that share the article's heaviest terms, the most promising
// first. The slice is good until the next call.
func (x *Index) candidates(v *vector) []int32 {
	x.votes.clear()
	for _, t := range heaviest(v.Terms) {
		r, ok := x.Postings.get(t.Term)
		if !ok {
			continue
		}
		for _, s := range r.Stories {
			if s == 0 {
				continue
			}
			if number := x.opened(s - 1); number != shut {
				x.votes.add(number, t.Weight)
			}
		}
	}
	return x.votes.most(maxStoryCandidates)
}

// tally counts votes for stories. It is used over and over: one is made for an index.
type tally struct {
	slots [tallySlots]uint16 // 1 + place in votes
	votes []vote
	best  []int32
}

type vote struct {
	story int32
	sum   float32
}

// tallySlots is a power of two, at least twice as many as all votes of one article.
const tallySlots = 1 << 10

func (y *tally) clear() {
	y.slots, y.votes = [tallySlots]uint16{}, y.votes[:0]
}

func (y *tally) add(story int32, weight float32) {
	slot := uint32(story) * 2654435769 >> 22 // Knuth's multiplicative hash
	for ; y.slots[slot] != 0; slot = (slot + 1) % tallySlots {
		if v := &y.votes[y.slots[slot]-1]; v.story == story {
			v.sum += weight
			return
		}
	}
	y.votes = append(y.votes, vote{story, weight})
	y.slots[slot] = uint16(len(y.votes))
}

// most is the stories with the most votes, the elder first of equals.
func (y *tally) most(n int) []int32 {
	top := topOf(y.votes, n, func(a, b vote) int { return cmp.Or(cmp.Compare(b.sum, a.sum), cmp.Compare(a.story, b.story)) })
	y.best = y.best[:0]
	for _, v := range top {
		y.best = append(y.best, v.story)
	}
	return y.best
}

// topOf is the first n in an order, sorted: cheaper than to sort all when n is small.
func topOf[T any](all []T, n int, compare func(a, b T) int) []T {
	out := make([]T, 0, n)
	for _, one := range all {
		if len(out) == n {
			if compare(one, out[n-1]) >= 0 {
				continue
			}
			out = out[:n-1]
		}
		at := len(out)
		out = append(out, one)
		for ; at > 0 && compare(one, out[at-1]) < 0; at-- {
			out[at] = out[at-1]
		}
		out[at] = one
	}
	return out
}

// heaviest is the terms by which a story is looked for.
func heaviest(terms []weighted) []weighted { return heaviestOf(terms, maxLookups) }

func heaviestOf(terms []weighted, most int) []weighted {
	return topOf(terms, min(most, len(terms)), func(a, b weighted) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Term, b.Term))
	})
}
