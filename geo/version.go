package geo

import "time"

// Version is one state of something drawn, a line or an area, with two spans of time: when
// it held, and when it was known to hold. Both are half-open; a zero end is open. So
// "where was the line on 3 May, as we knew it on 5 May?" has one answer for ever.
type Version[T any] struct {
	Value     T
	ValidFrom time.Time
	ValidTo   time.Time
	KnownFrom time.Time
	KnownTo   time.Time
}

// At is the version that held at valid, as it was known at known. Where several do, the
// one learned last counts, then the one that began last, then the later in the list.
func At[T any](versions []Version[T], valid, known time.Time) (Version[T], bool) {
	best := -1
	for i := range versions {
		v := &versions[i]
		if !during(v.ValidFrom, v.ValidTo, valid) || !during(v.KnownFrom, v.KnownTo, known) {
			continue
		}
		if best < 0 || v.replaces(&versions[best]) {
			best = i
		}
	}
	if best < 0 {
		return Version[T]{}, false
	}
	return versions[best], true
}

// during says whether t lies in the half-open span. A zero end is open.
func during(from, to, t time.Time) bool {
	return !t.Before(from) && (to.IsZero() || t.Before(to))
}

// replaces says whether v counts rather than an earlier one of the list.
func (v *Version[T]) replaces(w *Version[T]) bool {
	if !v.KnownFrom.Equal(w.KnownFrom) {
		return v.KnownFrom.After(w.KnownFrom)
	}
	return !v.ValidFrom.Before(w.ValidFrom)
}
