package near

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDistance(t *testing.T) {
	for _, row := range []struct {
		a, b  string
		limit int
		want  int
	}{
		{"", "", 9, 0}, {"mortar", "mortar", 9, 0}, {"howizter", "howitzer", 9, 2}, {"gun", "guns", 9, 1},
		{"Зелбора", "Зельбора", 9, 1}, {"kitten", "sitting", 9, 3}, {"kitten", "sitting", 2, 2}, {"a", strings.Repeat("a", 1<<20), 5, 5},
	} {
		if got := Distance(row.a, row.b, row.limit); got != row.want {
			t.Errorf("%.20q to %.20q: %d, want %d", row.a, row.b, got, row.want)
		}
	}
}

// A distance is the same both ways, 0 for the same word alone, and never longer by way of
// a third word.
func TestDistanceIsOne(t *testing.T) {
	word := rapid.StringMatching(`[abcі]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := word.Draw(t, "a"), word.Draw(t, "b"), word.Draw(t, "c")
		const far = 100
		ab := Distance(a, b, far)
		if ab != Distance(b, a, far) || (ab == 0) != (a == b) || ab > Distance(a, c, far)+Distance(c, b, far) {
			t.Fatalf("%q, %q, %q: %d", a, b, c, ab)
		}
	})
}
