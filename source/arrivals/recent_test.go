package arrivals

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

// rowsOf is a table of arrivals whose ids id gives, of so many rows.
func rowsOf(n int, id func(i int) string) io.Reader {
	in, out := io.Pipe()
	go func() {
		_, err := fmt.Fprintln(out, "arrival,sensor,time,phase")
		for i := 0; i < n && err == nil; i++ {
			_, err = fmt.Fprintf(out, "%s,s,2031-03-03T00:00:00Z,acoustic\n", id(i))
		}
		out.CloseWithError(err)
	}()
	return in
}

// TestAReaderOfAStreamForgets: an id that came a moment ago is known, one of long ago is not, and
// memory stays as it is while the table goes on.
func TestAReaderOfAStreamForgets(t *testing.T) {
	const rows = 12 * RecentIDs
	id := func(i int) string {
		switch i {
		case 10 * RecentIDs:
			return fmt.Sprint("a", 9*RecentIDs+7) // one generation back
		case 10*RecentIDs + 1:
			return "a5"
		}
		return fmt.Sprint("a", i)
	}
	r, err := NewReader(rowsOf(rows, id), []Sensor{{ID: "s"}})
	if err != nil {
		t.Fatal(err)
	}
	r.Recent()
	var refused []int
	var early, late runtime.MemStats
	for i := range rows {
		a, err := r.Next()
		var bad *RowError
		switch {
		case errors.As(err, &bad) && bad.Kind == "duplicate arrival" && bad.Line == i+2:
			refused = append(refused, i)
		case err != nil:
			t.Fatal(err)
		case a.ID != id(i) || r.Line() != i+2:
			t.Fatalf("row %d is %q of line %d", i, a.ID, r.Line())
		}
		if i == 4*RecentIDs-1 {
			runtime.GC()
			runtime.ReadMemStats(&early)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&late)
	if len(refused) != 1 || refused[0] != 10*RecentIDs {
		t.Errorf("rows %v are refused, want %d alone", refused, 10*RecentIDs)
	}
	if grown := int64(late.HeapAlloc) - int64(early.HeapAlloc); grown > 1<<20 {
		t.Errorf("memory grew by %d bytes over %d rows", grown, 8*RecentIDs)
	}
	runtime.KeepAlive(r)
}

func TestIDsTellWhatCameTwice(t *testing.T) {
	var ids IDs
	for _, c := range []struct {
		id    string
		fresh bool
	}{{"a", true}, {"b", true}, {"a", false}, {strings.Repeat("x", 300), true}, {"b", false}} {
		if text, fresh := ids.Add([]byte(c.id)); fresh != c.fresh || fresh && text != c.id {
			t.Errorf("%.9q: %q, %v", c.id, text, fresh)
		}
	}
	if err := Twice(7, "a"); err.Line != 7 || !strings.Contains(err.Error(), `line 7: arrival "a" stands there twice`) {
		t.Error(err)
	}
}
