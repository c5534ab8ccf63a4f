package movement

import (
	"cmp"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
)

// Clone is an identity that two tracks gave where one object cannot have been at both: at
// least one of them is not what it says. Which one is not told.
type Clone struct {
	Identity    truce.Identity
	Tracks      [2]int
	First, Last truce.Instant // of the sightings that contradict each other
	Times       int
	Chance      float64 // that the identity was said at least once at such a distance
}

const (
	// Fastest is the speed above which no object of the air, the sea or the ground is
	// believed, m/s: twice an airliner's.
	Fastest = 500.0
	// cloneTimes sightings at least must contradict each other: one may be a misreading.
	cloneTimes = 3
	// cloneSigma is granted to every place that comes with an identity.
	cloneSigma geo.Metres = 50
	// cloneChance is that of a plot from which what it says is held against the track.
	cloneChance = .5
)

// claim is an identity that was said on a track.
type claim struct {
	track int
	said  *track.Said
}

// Clones finds identities that two tracks gave at once, or one after the other faster than
// any object goes, by identity and then by tracks.
func Clones(tracks []track.Track) []Clone {
	var claims []claim
	for i := range tracks {
		for k := range tracks[i].Said {
			if s := &tracks[i].Said[k]; s.Chance >= cloneChance {
				claims = append(claims, claim{tracks[i].Number, s})
			}
		}
	}
	slices.SortStableFunc(claims, func(a, b claim) int {
		return cmp.Or(byIdentity(a.said.Identity, b.said.Identity), cmp.Compare(a.said.Time, b.said.Time), cmp.Compare(a.track, b.track))
	})
	var out []Clone
	for begin := 0; begin < len(claims); {
		end := begin + 1
		for end < len(claims) && claims[end].said.Identity == claims[begin].said.Identity {
			end++
		}
		out = append(out, clonesOf(claims[begin:end])...)
		begin = end
	}
	return out
}

func byIdentity(a, b truce.Identity) int {
	return cmp.Or(cmp.Compare(a.Scheme, b.Scheme), cmp.Compare(a.Value, b.Value))
}

// clonesOf are those of one identity: each sighting is held against the last one of every
// other track.
func clonesOf(claims []claim) (out []Clone) {
	var last []claim // of each track, in the order of tracks
	for _, c := range claims {
		for _, o := range last {
			if o.track == c.track {
				continue
			}
			apart, _ := Cloned(Sighting{o.said.Time, o.said.At, cloneSigma}, Sighting{c.said.Time, c.said.At, cloneSigma}, Fastest)
			if apart {
				out = contradict(out, o, c)
			}
		}
		at, known := slices.BinarySearchFunc(last, c, func(a, b claim) int { return cmp.Compare(a.track, b.track) })
		if known {
			last[at] = c
		} else {
			last = slices.Insert(last, at, c)
		}
	}
	out = slices.DeleteFunc(out, func(c Clone) bool { return c.Times < cloneTimes })
	slices.SortFunc(out, func(a, b Clone) int {
		return cmp.Or(cmp.Compare(a.Tracks[0], b.Tracks[0]), cmp.Compare(a.Tracks[1], b.Tracks[1]))
	})
	return out
}

// contradict counts two sightings that cannot be of one object.
func contradict(list []Clone, a, b claim) []Clone {
	pair := [2]int{min(a.track, b.track), max(a.track, b.track)}
	i := slices.IndexFunc(list, func(c Clone) bool { return c.Tracks == pair })
	if i < 0 {
		i = len(list)
		list = append(list, Clone{Identity: a.said.Identity, Tracks: pair, First: a.said.Time})
	}
	c := &list[i]
	c.Last = b.said.Time
	c.Times++
	c.Chance = 1 - (1-c.Chance)*(1-a.said.Chance*b.said.Chance)
	return list
}
