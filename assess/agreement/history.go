package agreement

import (
	"cmp"
	"slices"

	truce "github.com/trucewatch/truce"
)

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
		return cmp.Or(cmp.Compare(a.validFrom, b.validFrom), cmp.Compare(a.knownFrom, b.knownFrom), cmp.Compare(a.version, b.version))
	})
	return eras
}

// at is the version that held at valid, of those known by known (0: of all): the one
// that began last. A later map takes the place of an earlier one only once it is known,
// so what an evaluation saw can be repeated for ever.
func (h history[T]) at(valid, known truce.Instant) *era[T] {
	for i := len(h) - 1; i >= 0; i-- {
		e := &h[i]
		if e.validFrom <= valid && (e.validTo == 0 || valid < e.validTo) && (known == 0 || e.knownFrom <= known) {
			return e
		}
	}
	return nil
}
