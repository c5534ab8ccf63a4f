package movement

import (
	"slices"

	"github.com/trucewatch/truce"
)

// Said is an identity that something on a track gave itself.
type Said struct {
	Time     truce.Instant
	Identity truce.Identity
	Chance   float64 // that it was this track's object that said so; 0: not told, taken as 1
}

// Change is an identity on a track that gave way to another of the same scheme. It does not
// say why: an object may have taken another name, another object may have gone on where the
// first ended, or two may fly so near each other that they make one track.
type Change struct {
	Track    int
	From, To truce.Identity
	Last     truce.Instant // of From before the change
	First    truce.Instant // of To
	Chance   float64       // that each was said at least once by what the track follows
	// Both says that From was told again afterwards: two identities at once.
	Both bool
}

// Changes finds where the identity on a track changed, in the order of time. What was said
// must be in that order. Two that take turns are one change, with Both set; identities of
// different schemes are no change: an object may have several.
func Changes(number int, said []Said) ([]Change, error) {
	for i := range said {
		switch s := &said[i]; {
		case s.Identity.Scheme == "" || s.Identity.Value == "":
			return nil, truce.Errorf(truce.CodeInvalid, "track %d, identity %d is empty", number, i)
		case !(s.Chance >= 0 && s.Chance <= 1):
			return nil, truce.Errorf(truce.CodeInvalid, "track %d, identity %d: a chance of %g: write 0 (not told) to 1", number, i, s.Chance)
		case i > 0 && s.Time < said[i-1].Time:
			return nil, truce.Errorf(truce.CodeInvalid, "track %d, identity %d: it was said before the one before it", number, i)
		}
	}
	never := map[truce.Identity]float64{} // the chance that the object said none of them
	last := map[truce.Identity]truce.Instant{}
	for i := range said {
		s := &said[i]
		if _, known := never[s.Identity]; !known {
			never[s.Identity] = 1
		}
		never[s.Identity] *= 1 - s.p()
		last[s.Identity] = s.Time
	}
	var out []Change
	now := map[string]int{} // by scheme: the last that was said
	for i := range said {
		to := &said[i]
		before, known := now[to.Identity.Scheme]
		now[to.Identity.Scheme] = i
		if !known || said[before].Identity == to.Identity {
			continue
		}
		c := Change{Track: number, From: said[before].Identity, To: to.Identity, Last: said[before].Time, First: to.Time}
		if slices.ContainsFunc(out, func(o Change) bool { return o.between(c.From, c.To) }) {
			continue // they take turns, which was said
		}
		c.Both = last[c.From] > to.Time
		c.Chance = (1 - never[c.From]) * (1 - never[c.To])
		out = append(out, c)
	}
	return out, nil
}

func (s *Said) p() float64 {
	if s.Chance == 0 {
		return 1
	}
	return s.Chance
}

// between says whether a change is one of two identities.
func (c Change) between(a, b truce.Identity) bool {
	return c.From == a && c.To == b || c.From == b && c.To == a
}
