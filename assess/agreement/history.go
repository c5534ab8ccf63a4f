package agreement

import (
	"cmp"
	"slices"

	truce "github.com/trucewatch/truce"
)

// holds says whether an instant lies in the span.
func (s Span) holds(at truce.Instant) bool {
	return s.From.OrEarliest() <= at && at < s.To.OrLatest()
}

// empty says whether no instant lies in the span.
func (s Span) empty() bool { return s.To.OrLatest() <= s.From.OrEarliest() }

// apart says whether no instant lies in both spans.
func (s Span) apart(o Span) bool { return overlapOf(s, o).empty() }

// overlapOf is the time in both spans; it may end before it begins.
func overlapOf(a, b Span) Span {
	if b.From.OrEarliest() > a.From.OrEarliest() {
		a.From = b.From
	}
	if b.To.OrLatest() < a.To.OrLatest() {
		a.To = b.To
	}
	return a
}

// era is one version of something: true from validFrom to validTo (0: open), known since
// knownFrom.
type era[T any] struct {
	version   string
	validFrom truce.Instant
	validTo   truce.Instant
	knownFrom truce.Instant
	value     T
}

// history is every version of one thing, earliest beginning first.
type history[T any] []era[T]

// newHistory sorts by beginning, then by when a version became known.
func newHistory[T any](eras []era[T]) history[T] {
	slices.SortStableFunc(eras, func(a, b era[T]) int {
		return cmp.Or(cmp.Compare(a.validFrom.OrEarliest(), b.validFrom.OrEarliest()), cmp.Compare(a.knownFrom.OrEarliest(), b.knownFrom.OrEarliest()), cmp.Compare(a.version, b.version))
	})
	return eras
}

// at is the version that held at valid, of those known by known (0: of all): the one
// that began last. A later map takes the place of an earlier one only once it is known,
// so what an evaluation saw can be repeated for ever.
func (h history[T]) at(valid, known truce.Instant) *era[T] {
	for i := len(h) - 1; i >= 0; i-- {
		e := &h[i]
		if (Span{e.validFrom, e.validTo}).holds(valid) && e.knownFrom.OrEarliest() <= known.OrLatest() {
			return e
		}
	}
	return nil
}
