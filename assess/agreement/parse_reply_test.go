package agreement

import (
	"os"
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
)

// TestTheTimeToReplyToAView: it is read where it is written; where nothing is, the default
// holds and the ladder says so by saying nothing.
func TestTheTimeToReplyToAView(t *testing.T) {
	full, err := os.ReadFile("testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const gather = "gather: {within: 48h, radius_m: 20000}\n"
	for name, c := range map[string]struct {
		line   string
		read   truce.Micros
		within time.Duration
	}{
		"nothing is written": {"", 0, 48 * time.Hour},
		"in hours":           {"  attribution: {reply: 36h}\n", truce.MicrosOf(36 * time.Hour), 36 * time.Hour},
		"the longest":        {"  attribution: {reply: 87600h}\n", truce.MicrosOf(87600 * time.Hour), 87600 * time.Hour},
		"the shortest":       {"  attribution: {reply: 1us}\n", 1, time.Microsecond},
	} {
		files, err := Amend(plainFiles(t), "full.yaml", []byte(strings.Replace(string(full), gather, gather+c.line, 1)))
		if err != nil {
			t.Fatal(err)
		}
		l := mustParse(t, files).Ladder
		if l.Reply != c.read || l.ReplyWithin().Duration() != c.within {
			t.Errorf("%s: read %d, holds %s", name, l.Reply, l.ReplyWithin().Duration())
		}
	}
}
