package publish

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"github.com/trucewatch/truce"
)

// TestJSONIsCanonicalWhateverItsLength: rows written in parts on several cores are what
// writing the whole bulletin at once gives.
func TestJSONIsCanonicalWhateverItsLength(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	row := b.Rows[0]
	round := rowsPerPart * runtime.GOMAXPROCS(0)
	for _, n := range []int{0, 1, 2, rowsPerPart - 1, rowsPerPart, rowsPerPart + 1, round - 1, round, round + 1, 2*round + 3} {
		b.Rows = make([]truce.BulletinRow, n)
		for i := range b.Rows {
			b.Rows[i] = row
			b.Rows[i].N, b.Rows[i].ID = i+1, fmt.Sprint(i*i)
		}
		got, err := JSON(b)
		if err != nil {
			t.Fatal(err)
		}
		want, err := truce.Canonical(b)
		if err != nil || string(got) != string(want) {
			t.Fatalf("%d rows: wrote %d bytes, want the %d that are written at once, %v", n, len(got), len(want), err)
		}
	}
	b.Rows[round].P = truce.Probability(math.NaN())
	if _, err := JSON(b); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("a row that cannot be written gave %v, want a refusal", err)
	}
}
