package alert

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Both languages have the same sentences with the same places, and none is empty.
func TestCataloguesAgree(t *testing.T) {
	place := regexp.MustCompile(`\{[a-z_]+\}`)
	for key, en := range englishSentences {
		uk, ok := ukrainianSentences[key]
		if !ok && key != "" {
			t.Errorf("%s: missing in Ukrainian", key)
			continue
		}
		a, b := place.FindAllString(en, -1), place.FindAllString(uk, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(slices.Compact(a), slices.Compact(b)) || en == "" || uk == "" {
			t.Errorf("%s: places %v and %v", key, a, b)
		}
	}
	for key := range ukrainianSentences {
		if _, ok := englishSentences[key]; !ok {
			t.Errorf("%s: missing in English", key)
		}
	}
}

// Nobody's words can stand for a place: what was filled in is not filled again.
func TestFillDoesNotFillWhatWasFilledIn(t *testing.T) {
	w := words{sentences: map[string]string{"x": "{a} and {b}"}}
	if got := w.fill("x", map[string]string{"a": "{b}", "b": "{a}"}); got != "{b} and {a}" {
		t.Errorf("got %q", got)
	}
}

// What is said of the tries to whom nothing reaches is what Outcome does: they go on only
// where an address refuses for now, and end after the second arrival nobody confirmed.
func TestTheTriesThatEndAreNotPromised(t *testing.T) {
	if maxArrivals != 2 {
		t.Fatalf("the words say twice, the limit is %d", maxArrivals)
	}
	for _, key := range []string{"unreached.lead", "unreached_many.lead", "unreached_several.lead"} {
		en, uk := englishSentences[key], ukrainianSentences[key]
		if !strings.Contains(en, "for now the tries go on; one that refused for good, or that may have got the same alert twice, is given up") {
			t.Errorf("%s: %s", key, en)
		}
		if !strings.Contains(uk, "остаточно") || !strings.Contains(uk, "двічі") {
			t.Errorf("%s: %s", key, uk)
		}
	}
}
