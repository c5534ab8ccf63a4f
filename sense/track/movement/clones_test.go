package movement

import (
	"slices"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/track"
)

// saying is a track on which an identity was said at each state, surely.
func saying(t track.Track, value string, chance float64) track.Track {
	for _, s := range t.States {
		t.Said = append(t.Said, track.Said{Time: s.Time, At: s.At, Identity: truce.Identity{Scheme: "serial", Value: value}, Chance: chance})
	}
	return t
}

// TestOneNameTwice: at once and far apart it is told, with the tracks, the times and the
// chance; near each other, or under two names, it is not.
func TestOneNameTwice(t *testing.T) {
	one, far, close := straight(1, 0, 0, 20, 0, 10, 12), straight(2, 0, 9000, 20, 0, 10, 12), straight(3, 0, 60, 20, 0, 10, 12)
	got := Clones([]track.Track{saying(far, "A", .6), saying(one, "A", .9), saying(close, "B", 1)})
	if len(got) != 1 || got[0].Tracks != [2]int{1, 2} || got[0].Identity.Value != "A" || got[0].Times < 12 || got[0].Chance < .99 {
		t.Fatalf("%+v, want one of tracks 1 and 2", got)
	}
	if got[0].First != one.States[0].Time || got[0].Last != one.States[11].Time {
		t.Errorf("from %v to %v", got[0].First, got[0].Last)
	}
	for name, tracks := range map[string][]track.Track{
		"side by side":      {saying(one, "A", 1), saying(close, "A", 1)},
		"under two names":   {saying(one, "A", 1), saying(far, "B", 1)},
		"hardly theirs":     {saying(one, "A", 1), saying(far, "A", .2)},
		"one track":         {saying(one, "A", 1)},
		"nothing was said":  {one, far},
		"twice is too rare": {saying(one, "A", 1), {Number: 2, Said: saying(far, "A", 1).Said[11:]}},
	} {
		if got := Clones(tracks); len(got) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestOneNameTooFast: said here and then there, faster than anything goes; slowly enough it
// is one object that was lost and found.
func TestOneNameTooFast(t *testing.T) {
	here, there := saying(straight(1, 0, 0, 20, 0, 10, 4), "A", 1), saying(straight(2, 0, 90_000, 20, 0, 10, 12), "A", 1)
	for _, c := range []struct {
		later truce.Instant
		want  int
	}{{40_000_000, 1}, {900_000_000, 0}} {
		moved := there
		moved.Said = slices.Clone(there.Said)
		for i := range moved.Said {
			moved.Said[i].Time += c.later
		}
		if got := Clones([]track.Track{here, moved}); len(got) != c.want {
			t.Errorf("%g s later: %+v, want %d", float64(c.later)/1e6, got, c.want)
		}
	}
}
