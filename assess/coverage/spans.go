package coverage

import (
	"cmp"
	"slices"
	"time"

	"github.com/trucewatch/truce"
)

// span is a stretch of time [from, to) with what was said of it.
type span struct {
	from, to truce.Instant
	reason   string
}

// flat sorts spans and makes them disjoint: where two overlap, the one that began first
// keeps its reason. Touching spans of one reason become one.
func flat(list []span) []span {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.reason, b.reason))
	})
	var out []span
	for _, s := range list {
		if n := len(out); n > 0 {
			s.from = max(s.from, out[n-1].to)
			if s.from == out[n-1].to && s.reason == out[n-1].reason && s.to > s.from {
				out[n-1].to = s.to
				continue
			}
		}
		if s.to > s.from {
			out = append(out, s)
		}
	}
	return out
}

// within is the part of a that lies in b, with a's reasons. Both are flat.
func within(a, b []span) []span {
	var out []span
	for i, j := 0, 0; i < len(a) && j < len(b); {
		from, to := max(a[i].from, b[j].from), min(a[i].to, b[j].to)
		if from < to {
			out = append(out, span{from, to, a[i].reason})
		}
		if a[i].to < b[j].to {
			i++
		} else {
			j++
		}
	}
	return out
}

// without is the part of a that lies outside b, with a's reasons. Both are flat.
func without(a, b []span) []span {
	var out []span
	j := 0
	for _, s := range a {
		for j < len(b) && b[j].to <= s.from {
			j++
		}
		for k := j; k < len(b) && b[k].from < s.to; k++ {
			if b[k].from > s.from {
				out = append(out, span{s.from, b[k].from, s.reason})
			}
			s.from = max(s.from, b[k].to)
		}
		if s.from < s.to {
			out = append(out, s)
		}
	}
	return out
}

// lengthOf is the time the spans hold, which are flat.
func lengthOf(list []span) time.Duration {
	var sum time.Duration
	for _, s := range list {
		sum += s.to.Sub(s.from)
	}
	return sum
}

// step is a stretch with one level in [0, 1].
type step struct {
	from, to truce.Instant
	level    float64
}

// hours is the time of the steps, each weighed by its level.
func hours(steps []step) float64 {
	sum := 0.0
	for _, s := range steps {
		sum += s.to.Sub(s.from).Hours() * s.level
	}
	return sum
}

// combine makes one sequence of steps over a period of several, each of which covers the
// period without holes. join is told the levels in the order of the sequences.
func combine(p truce.Period, lists [][]step, join func(levels []float64) float64) []step {
	at, levels := make([]int, len(lists)), make([]float64, len(lists))
	var out []step
	for from := p.From; from < p.To; {
		to := p.To
		for i, list := range lists {
			for list[at[i]].to <= from {
				at[i]++
			}
			levels[i] = list[at[i]].level
			to = min(to, list[at[i]].to)
		}
		level := join(levels)
		if n := len(out); n > 0 && out[n-1].level == level {
			out[n-1].to = to
		} else {
			out = append(out, step{from, to, level})
		}
		from = to
	}
	return out
}

// stepsOf has the level of each layer inside its spans and 0 elsewhere in the period. The
// layers do not overlap.
func stepsOf(p truce.Period, layers map[float64][]span) []step {
	var all []step
	for level, spans := range layers {
		for _, s := range spans {
			all = append(all, step{s.from, s.to, level})
		}
	}
	slices.SortFunc(all, func(a, b step) int { return cmp.Compare(a.from, b.from) })
	var out []step
	from := p.From
	for _, s := range all {
		if s.from > from {
			out = append(out, step{from, s.from, 0})
		}
		out = append(out, s)
		from = s.to
	}
	if from < p.To {
		out = append(out, step{from, p.To, 0})
	}
	return out
}
