package geo

import (
	"testing"
	"time"
)

func TestAt(t *testing.T) {
	day := func(n int) time.Time {
		if n == 0 {
			return time.Time{}
		}
		return time.Date(2026, 4, n, 0, 0, 0, 0, time.UTC)
	}
	version := func(name string, days ...int) Version[string] {
		return Version[string]{name, day(days[0]), day(days[1]), day(days[2]), day(days[3])}
	}
	versions := []Version[string]{
		version("first", 1, 5, 1, 0),
		version("second", 5, 0, 5, 0),
		version("second, corrected", 4, 0, 8, 0),
		version("withdrawn", 10, 12, 10, 11),
	}
	for _, row := range []struct {
		name         string
		valid, known int
		want         string
	}{
		{"before all", 1, 1, "first"},
		{"the end is not in the span", 5, 5, "second"},
		{"known before it was valid", 6, 4, ""},
		{"as known then", 4, 7, "first"},
		{"as known later", 4, 8, "second, corrected"},
		{"the day before the correction begins", 3, 9, "first"},
		{"while it was believed", 11, 10, "withdrawn"},
		{"after it was withdrawn", 11, 11, "second, corrected"},
	} {
		got, ok := At(versions, day(row.valid), day(row.known))
		if got.Value != row.want || ok != (row.want != "") {
			t.Errorf("%s: %q, want %q", row.name, got.Value, row.want)
		}
	}
	if _, ok := At[int](nil, day(1), day(1)); ok {
		t.Error("no versions, but one was found")
	}
	twins := []Version[string]{version("a", 1, 0, 1, 0), version("b", 2, 0, 1, 0), version("c", 2, 0, 1, 0)}
	if got, _ := At(twins, day(3), day(3)); got.Value != "c" {
		t.Errorf("of equals %q counts, want the last", got.Value)
	}
}
