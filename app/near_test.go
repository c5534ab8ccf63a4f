package app

import (
	"slices"
	"strings"
	"testing"
)

func TestNearNames(t *testing.T) {
	towns := []string{"Kelvost", "Kelvar Bay", "Dovrisk", "Vesperin", "Aq"}
	for word, want := range map[string]string{
		"Kelvst": "Kelvost", "kelvost": "Kelvost", "KELVAR-BAY": "Kelvar Bay", "Dov": "Dovrisk", "Kelvar Bay north": "Kelvar Bay",
		"Lisbon": "", "": "", "K": "", "Vesperinn'": "Vesperin", "Kel": "Kelvost,Kelvar Bay",
	} {
		if got := strings.Join(nearNames(word, towns), ","); got != want {
			t.Errorf("%q is near %q, want %q", word, got, want)
		}
	}
	many := slices.Repeat([]string{"street"}, 40)
	if got := nearNames("strete", many); len(got) != maxNear {
		t.Errorf("%d names are offered, the bound is %d", len(got), maxNear)
	}
	if near := nearNames(strings.Repeat("я", 20), []string{strings.Repeat("я", 19) + "x"}); len(near) != 1 {
		t.Error("letters outside ASCII are counted by the byte")
	}
}

func TestDidYouMean(t *testing.T) {
	if got := didYouMean("craters", actNames()); got != "; did you mean crater?" {
		t.Errorf("craters: %q", got)
	}
	if got := didYouMean("qqqq", actNames()); got != "" {
		t.Errorf("nothing is near qqqq, offered %q", got)
	}
}
