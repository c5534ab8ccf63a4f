package arrivals

import (
	"fmt"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// TestTimesOfOneMinute holds times that follow one another, as a table has them, against those
// read by themselves.
func TestTimesOfOneMinute(t *testing.T) {
	var m minute
	if _, ok := m.time(make([]byte, 20)); ok {
		t.Error("twenty zero bytes are a time")
	}
	texts := []string{
		"2031-03-03T00:00:59.999999Z", "2031-03-03T00:00:60Z", "2031-03-03T00:00:00Z", "2031-03-03T00:00:0xZ", "2031-03-03T00:00:01.Z",
		"2031-03-03T00:00:01.5+02:00", "2031-03-03T00:00:01.123456789Z", "2031-03-03T00:00:01.12345678x", "1969-12-31T23:59:07.25Z", "1969-12-31T23:59:08Z",
		"2031-03-03T00:00:1", "2031-03-03T00:00", "",
	}
	for i := range 200 {
		texts = append(texts, time.Unix(int64(i*i), int64(i)*1e6).UTC().Format(time.RFC3339Nano))
	}
	for _, text := range texts {
		want, wantOK := parseTime([]byte(text))
		if got, ok := m.time([]byte(text)); got != want || ok != wantOK {
			t.Errorf("%q is %v %v, want %v %v", text, got, ok, want, wantOK)
		}
	}
	if when, ok := m.time([]byte("2031-03-03T00:00:01.000002Z")); !ok || fmt.Sprint(when) != fmt.Sprint(truce.InstantOf(time.Date(2031, 3, 3, 0, 0, 1, 2000, time.UTC))) {
		t.Errorf("%v %v", when, ok)
	}
}
