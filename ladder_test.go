package truce_test

import (
	"testing"

	"github.com/trucewatch/truce"
)

func TestNamesOfClocksOfViews(t *testing.T) {
	for _, incident := range []string{"2026-143", "01J5ZK3Q8RM4T0V7W2X9Y6B1CD"} {
		for nth := 1; nth < 4; nth++ {
			if id := truce.ReplyClockOf(incident, nth); !truce.ReplyClock(id) {
				t.Errorf("%s is not known as one", id)
			}
		}
	}
	if a, b := truce.ReplyClockOf("2026-143", 1), truce.ReplyClockOf("2026-143", 2); a != "reply-2026-143" || b != "reply-2026-143-2" {
		t.Errorf("%s and %s", a, b)
	}
	for _, id := range []string{"reply", "reply-", "reply-late", "replay-2026-1", ""} {
		if truce.ReplyClock(id) {
			t.Errorf("%q is taken for one of a view", id)
		}
	}
}
