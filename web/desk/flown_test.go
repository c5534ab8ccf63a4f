package desk

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// TestHeightsPicture: a dot for each height that was told, its datum beside it, and nothing that
// a source wrote is taken for markup; one height alone is no picture.
func TestHeightsPicture(t *testing.T) {
	at := truce.Instant(1_900_000_000_000_000)
	f := Flown{Heights: []FlownHeight{{at, 40, truce.DatumGround}, {at + 60e6, 120, `<b>`}, {at + 120e6, -5, truce.DatumGround}}}
	got := string(f.Profile())
	if strings.Count(got, "<circle") != 3 || !strings.Contains(got, "120 m (&lt;b&gt;)") || strings.Contains(got, "<b>") || !strings.Contains(got, "3 heights from") {
		t.Error(got)
	}
	if f.Heights = f.Heights[:1]; f.Profile() != "" {
		t.Error("one height makes a picture")
	}
}
