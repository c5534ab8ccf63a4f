package ladder

import (
	"math"
	"slices"

	"github.com/trucewatch/truce"
)

// The ends of time: a span that always was, or never ends.
const (
	always truce.Instant = math.MinInt64
	never  truce.Instant = math.MaxInt64
)

// span is [from, to): when something holds, given what is known.
type span struct{ from, to truce.Instant }

// spans are in order and do not touch. Criteria are turned into them so that the next
// time at which anything changes is known exactly and not searched for.
type spans []span

func allTime() spans { return spans{{always, never}} }

func since(t truce.Instant) spans { return spans{{t, never}} }

// later adds a length to a time without passing the ends of time.
func later(t truce.Instant, d truce.Micros) truce.Instant {
	if t == always || t == never {
		return t
	}
	if d > 0 && t > never-truce.Instant(d) {
		return never
	}
	if d < 0 && t < always-truce.Instant(d) {
		return always
	}
	return t + truce.Instant(d)
}

// or is when one of the two holds.
func (s spans) or(o spans) spans { return join(append(slices.Clone(s), o...)) }

// join puts spans in order, drops the empty ones and makes one of those that touch. It
// may change what it is given.
func join(all []span) spans {
	slices.SortFunc(all, func(a, b span) int { return compare(a.from, b.from) })
	var out spans
	for _, next := range all {
		if next.from >= next.to {
			continue
		}
		if n := len(out); n > 0 && next.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, next.to)
			continue
		}
		out = append(out, next)
	}
	return out
}

// and is when both hold.
func (s spans) and(o spans) spans {
	var out spans
	for i, j := 0, 0; i < len(s) && j < len(o); {
		both := span{max(s[i].from, o[j].from), min(s[i].to, o[j].to)}
		if both.from < both.to {
			out = append(out, both)
		}
		if s[i].to < o[j].to {
			i++
		} else {
			j++
		}
	}
	return out
}

// has says whether it holds at a time.
func (s spans) has(t truce.Instant) bool {
	for _, p := range s {
		if t >= p.from && t < p.to {
			return true
		}
	}
	return false
}

// begins is the first time from t on at which it holds.
func (s spans) begins(t truce.Instant) (truce.Instant, bool) {
	for _, p := range s {
		if p.to > t {
			return max(p.from, t), true
		}
	}
	return 0, false
}

// ends is the first time from t on at which it does not hold.
func (s spans) ends(t truce.Instant) (truce.Instant, bool) {
	for _, p := range s {
		if t >= p.from && t < p.to {
			return p.to, p.to != never
		}
	}
	return t, true
}
