package truce

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A set built from any numbers in order holds these numbers, in as few runs as there are
// gaps, and comes back from its text.
func TestAnyRowSetComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfNDistinct(rapid.IntRange(1, 60), 0, 40, rapid.ID[int]).Draw(t, "rows")
		slices.Sort(numbers)
		var s RowSet
		for _, n := range numbers {
			s.Add(n)
			if rapid.Bool().Draw(t, "again") {
				s.Add(n) // a row is in the set once
			}
		}
		if got := slices.Collect(s.All()); !slices.Equal(got, numbers) {
			t.Fatalf("%v became %v", numbers, got)
		}
		if s.Len() != len(numbers) {
			t.Fatalf("%d rows, want %d", s.Len(), len(numbers))
		}
		runs := 0
		for i, n := range numbers {
			if i == 0 || numbers[i-1] != n-1 {
				runs++
			}
		}
		if len(s) != runs {
			t.Fatalf("%s has %d runs, want %d", s, len(s), runs)
		}
		body, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var back RowSet
		if err := json.Unmarshal(body, &back); err != nil || !slices.Equal(back, s) {
			t.Fatalf("%s came back as %v: %v", body, back, err)
		}
	})
}

// Any text is either read as the set it shows, or refused with the run that is wrong.
func TestAnyTextIsASetOrRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("0123456789,- +")), 0, 12, -1).Draw(t, "text")
		var s RowSet
		err := s.UnmarshalText([]byte(text))
		if err != nil {
			if CodeOf(err) != CodeInvalid || !strings.Contains(err.Error(), "run") {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		last := 0
		for _, span := range s {
			if span.First <= last || span.Last < span.First || span.Last > MaxBulletinRows {
				t.Fatalf("%q was read as %v", text, s)
			}
			last = span.Last
		}
		var again RowSet
		if err := again.UnmarshalText([]byte(s.String())); err != nil || !slices.Equal(again, s) {
			t.Fatalf("%q was read as %s, which is read as %v: %v", text, s, again, err)
		}
	})
}

func TestReadingReplacesASet(t *testing.T) {
	s := RowSet{{1, 9}}
	if err := s.UnmarshalText([]byte("4")); err != nil || s.String() != "4" {
		t.Errorf("%s, %v: want what was read and nothing else", s, err)
	}
	if err := s.UnmarshalText([]byte("")); err != nil || s.Len() != 0 {
		t.Errorf("an empty text: %s, %v", s, err)
	}
}

func TestALongRunTakesNoTime(t *testing.T) {
	var s RowSet
	if err := s.UnmarshalText([]byte("1-1000000")); err != nil || len(s) != 1 || s.Len() != MaxBulletinRows {
		t.Errorf("%d runs of %d rows, %v", len(s), s.Len(), err)
	}
}
