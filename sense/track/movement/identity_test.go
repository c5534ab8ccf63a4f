package movement

import (
	"testing"

	"github.com/trucewatch/truce"
)

// told is identities said ten seconds apart, a letter each; small letters are of another
// scheme, a blank is silence.
func told(letters string) []Said {
	var out []Said
	for i, letter := range letters {
		id := truce.Identity{Scheme: "icao24", Value: string(letter)}
		if letter >= 'a' {
			id.Scheme = "callsign"
		}
		if letter != ' ' {
			out = append(out, Said{Time: begin + truce.Instant(i)*10_000_000, Identity: id})
		}
	}
	return out
}

func TestIdentityChangedOnATrack(t *testing.T) {
	for _, c := range []struct {
		name, said string
		want       string // from, to, s of the last and the first, b: both
	}{
		{"silent", "", ""},
		{"one all the way", "AAAA", ""},
		{"two schemes of one object", "AxAxA", ""},
		{"a change", "AAA BB", "AB20-40 "},
		{"two changes", "AABBCC", "AB10-20 BC30-40 "},
		{"two at once", "ABABAB", "AB0-10b "},
		{"a change in each scheme", "AxAyBy", "xy10-30 AB20-40 "},
		{"back to the first", "AABBA", "AB10-20b "},
	} {
		got, err := Changes(3, told(c.said))
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, g := range got {
			text += g.From.Value + g.To.Value + seconds10(g.Last) + "-" + seconds10(g.First)
			if g.Both {
				text += "b"
			}
			text += " "
			if g.Chance != 1 || g.Track != 3 || g.From.Scheme != g.To.Scheme {
				t.Errorf("%s: %+v", c.name, g)
			}
		}
		if text != c.want {
			t.Errorf("%s: %q, want %q", c.name, text, c.want)
		}
	}
}

func seconds10(at truce.Instant) string {
	s := int(at.Sub(begin).Seconds())
	return map[int]string{0: "0", 10: "10", 20: "20", 30: "30", 40: "40", 50: "50"}[s]
}

// TestDoubtfulIdentities: what one doubtful message says is doubtful, what three say is less so.
func TestDoubtfulIdentities(t *testing.T) {
	chance := func(letters string) float64 {
		said := told(letters)
		for i := range said {
			said[i].Chance = .5
		}
		got, err := Changes(1, said)
		if err != nil || len(got) != 1 {
			t.Fatalf("%v, %+v", err, got)
		}
		return got[0].Chance
	}
	near(t, "one of each", chance("AB"), .25, 1e-12)
	near(t, "three of each", chance("AAABBB"), .875*.875, 1e-12)
}

func TestSenselessIdentitiesAreRefused(t *testing.T) {
	back := told("AB")
	back[1].Time = begin - 1
	for name, said := range map[string][]Said{
		"none":     {{Time: begin}},
		"a chance": {{Time: begin, Identity: truce.Identity{Scheme: "icao24", Value: "A"}, Chance: 1.5}},
		"the time": back,
	} {
		if _, err := Changes(1, said); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
