package drill

import (
	"strings"
	"testing"
)

func TestAll(t *testing.T) {
	for _, n := range []string{"guarantor-silent", "outage-24h", "channels-fail", "both-parties"} {
		t.Run(n, func(t *testing.T) {
			r := play(t, example(t, n), options(t))
			t.Log("\n" + r.Timeline())
			var out strings.Builder
			r.Write(&out)
			t.Log("\n" + out.String())
		})
	}
}
