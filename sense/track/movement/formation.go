package movement

import (
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
)

// FormationRule says what going together is.
type FormationRule struct {
	Distance geo.Metres   // no farther from each other
	SpeedMps float64      // velocities differ by no more
	Least    truce.Micros // for at least so long
}

// Formation is two tracks that go together; three together are three pairs.
type Formation struct {
	First, Second int // numbers of the tracks
	From, To      truce.Instant
	Chance        float64 // that both were there and that they were as near
}

// Together finds when two tracks go together, in the order of time. The tracks are compared
// at the states of the first that the second has a path for.
func Together(a, b track.Track, rule FormationRule, cfg Config) ([]Formation, error) {
	p, err := newPath(a, cfg)
	if err != nil {
		return nil, err
	}
	q, err := newPath(b, cfg)
	if err != nil {
		return nil, err
	}
	if !(rule.Distance > 0) || !(rule.SpeedMps > 0) || rule.Least <= 0 {
		return nil, truce.Errorf(truce.CodeInvalid, "a formation within %g m and %g m/s for %g s: all must be more than 0",
			float64(rule.Distance), rule.SpeedMps, float64(rule.Least)/1e6)
	}
	var out []Formation
	f := Formation{First: a.Number, Second: b.Number, Chance: 1}
	open, leg := false, 0
	done := func() {
		if open && f.To-f.From >= truce.Instant(rule.Least) && f.Chance >= p.cfg.Least {
			out = append(out, f)
		}
		open = false
	}
	for i := range p.states {
		s := &p.states[i]
		for leg < len(q.legs) && q.states[leg+1].Time < s.Time {
			leg++
		}
		if leg == len(q.legs) || s.Time < q.states[leg].Time {
			done()
			continue
		}
		chance := q.beside(leg, s, rule)
		if chance < together {
			done()
			continue
		}
		if !open {
			open, f.From, f.Chance = true, s.Time, 1
		}
		f.To, f.Chance = s.Time, min(f.Chance, chance)
	}
	done()
	return out, nil
}

// together is the chance from which two are taken for together at a moment.
const together = .5

// beside is the chance that an object on a leg is within the rule of a state. The distance
// of two Gaussian places has the Rice distribution; it is summed over the sampled errors.
func (p *path) beside(i int, s *track.State, rule FormationRule) float64 {
	l := &p.legs[i]
	f := s.Time.Sub(p.states[i].Time).Seconds() / l.span
	u, w := velocity(s)
	if math.Hypot((1-f)*l.u+f*l.u2-u, (1-f)*l.w+f*l.w2-w) > rule.SpeedMps {
		return 0
	}
	x, y, sigma := l.at(f)
	east, north := l.plane.To(s.At)
	both := math.Hypot(sigma, float64(s.Sigma))
	n := 0
	for _, e := range p.errors {
		if math.Hypot(x-float64(east)+both*e.e, y-float64(north)+both*e.n) <= float64(rule.Distance) {
			n++
		}
	}
	return float64(n) / draws * min(1, p.states[i].Existence) * min(1, s.Existence)
}
