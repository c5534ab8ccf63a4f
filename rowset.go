package truce

import (
	"iter"
	"strconv"
	"strings"
)

// RowSpan is a run of row numbers, both ends included.
type RowSpan struct{ First, Last int }

// RowSet is a set of row numbers in ascending runs. Its text is "1-3,7".
type RowSet []RowSpan

// Add puts a row number behind the ones already there; a number that is not larger
// than all of them is ignored, so rows must be added in order.
func (s *RowSet) Add(n int) {
	last := len(*s) - 1
	switch {
	case n < 1 || last >= 0 && n <= (*s)[last].Last:
	case last >= 0 && n == (*s)[last].Last+1:
		(*s)[last].Last = n
	default:
		*s = append(*s, RowSpan{n, n})
	}
}

// Len is the number of rows in the set.
func (s RowSet) Len() int {
	n := 0
	for _, r := range s {
		n += r.Last - r.First + 1
	}
	return n
}

// All visits the row numbers in order.
func (s RowSet) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for _, r := range s {
			for n := r.First; n <= r.Last; n++ {
				if !yield(n) {
					return
				}
			}
		}
	}
}

// String is the set as "1-3,7".
func (s RowSet) String() string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(r.First))
		if r.Last > r.First {
			b.WriteByte('-')
			b.WriteString(strconv.Itoa(r.Last))
		}
	}
	return b.String()
}

// MarshalText writes what String shows.
func (s RowSet) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what String shows. Runs must ascend; a run may not be longer
// than MaxBulletinRows.
func (s *RowSet) UnmarshalText(b []byte) error {
	*s = nil
	if len(b) == 0 {
		return nil
	}
	end := 0
	for run := range strings.SplitSeq(string(b), ",") {
		span, err := parseSpan(run)
		if err != nil || span.First <= end || span.Last < span.First || span.Last > MaxBulletinRows {
			return Errorf(CodeInvalid, "rows %q: run %q: want ascending numbers and runs such as 1-3,7", b, run)
		}
		*s = append(*s, span)
		end = span.Last
	}
	return nil
}

func parseSpan(run string) (RowSpan, error) {
	first, last, isRun := strings.Cut(run, "-")
	if !isRun {
		last = first
	}
	a, err := strconv.Atoi(first)
	if err != nil {
		return RowSpan{}, err
	}
	z, err := strconv.Atoi(last)
	return RowSpan{a, z}, err
}
