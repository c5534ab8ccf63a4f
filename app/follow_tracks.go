package app

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/sense/track/movement"
)

const (
	// leastPlots and leastFlight are what a track must rest on to be told of.
	leastPlots  = 5
	leastFlight = truce.Instant(20 * time.Second / time.Microsecond)
)

// flight is one track with what it rests on.
type flight struct {
	track     track.Track
	plots     []sighted // by time
	existence float64
	steady    float64          // error that more plots do not make smaller, metres
	said      []truce.Identity // in the order in which they were first given
	hints     []movement.Hint
	linked    bool // its plots came over the mission's own link
}

// flights follows a stretch.
func (n *skies) flights(plots []sighted, biases *biasLog) ([]flight, error) {
	l := looksOf(plots)
	result, err := track.Batch(l.scans, track.Config{Record: true})
	if err != nil {
		return nil, err
	}
	biases.add(n.network, &l, plots, result.Sensors)
	out := make([]flight, len(result.Tracks))
	for i := range out {
		out[i].track = result.Tracks[i]
		for _, s := range out[i].track.States {
			out[i].existence = max(out[i].existence, s.Existence)
		}
	}
	if err := l.share(out, plots); err != nil {
		return nil, err
	}
	out = slices.DeleteFunc(out, func(f flight) bool {
		return len(f.plots) < leastPlots || f.plots[len(f.plots)-1].at-f.plots[0].at < leastFlight
	})
	for i := range out {
		if err := out[i].describe(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// share gives every plot to the track that likeliest holds it, with what stands behind it.
func (l *looks) share(flights []flight, plots []sighted) error {
	type holder struct {
		flight int
		chance float64
	}
	of := make([]holder, len(plots))
	for f := range flights {
		for _, h := range flights[f].track.Held {
			i, err := strconv.Atoi(h.Plot)
			if err != nil {
				return err
			}
			if h.Chance > of[i].chance {
				of[i] = holder{f, h.Chance}
			}
		}
	}
	for i := range plots {
		if of[i].chance == 0 {
			continue
		}
		f := &flights[of[i].flight]
		f.plots = append(f.plots, plots[i])
		for _, k := range l.behind[i] {
			f.plots = append(f.plots, plots[k])
		}
	}
	for i := range flights {
		slices.SortStableFunc(flights[i].plots, func(a, b sighted) int { return cmp.Or(cmp.Compare(a.at, b.at), slices.Compare(a.id[:], b.id[:])) })
	}
	return nil
}

// witnessed leaves out the plots of families that saw too little of a flight to bear it out.
func (n *skies) witnessed(plots []sighted) []sighted {
	count := map[truce.Family]int{}
	for i := range plots {
		count[n.eyes.families[plots[i].source]]++
	}
	enough, few := 0, 0
	for _, c := range count {
		if c < leastPlots {
			few += c
		} else {
			enough += c
		}
	}
	if few == 0 || enough == 0 {
		return plots
	}
	return slices.DeleteFunc(slices.Clone(plots), func(p sighted) bool { return count[n.eyes.families[p.source]] < leastPlots })
}

// off is how far a plot lies from a place, metres; 0 for a bearing alone, which may be of any.
func (p *sighted) off(from geo.Point) float64 {
	if p.unplaced {
		return 0
	}
	return float64(geo.Distance(from, p.place.Point))
}

// describe gathers what the object says of itself and what it moves like.
func (f *flight) describe() (err error) {
	signs, grounded := movement.Signs{}, 0
	for i := range f.plots {
		p := &f.plots[i]
		for _, id := range p.said {
			if !slices.Contains(f.said, id) && len(f.said) < maxIdentities {
				f.said = append(f.said, id)
			}
		}
		if signs.Said = cmp.Or(signs.Said, p.class); p.ground {
			grounded++
		}
	}
	signs.Ground = 2*grounded > len(f.plots)
	f.steady = steadyError(f.plots)
	f.hints, err = movement.Classify(f.track, signs)
	return err
}

// steadyError is the error that is left of a place however often it was told: what a receiver
// of satellites gets wrong it gets wrong for minutes. Where enough plots were measured besides,
// there is none.
func steadyError(plots []sighted) float64 {
	var told []float64
	measured := 0
	for i := range plots {
		if plots[i].measured() {
			measured++
		} else {
			told = append(told, plots[i].sigma())
		}
	}
	if measured >= leastPlots || len(told) == 0 {
		return 0
	}
	slices.Sort(told)
	return told[len(told)/2]
}

// maxIdentities is how many names of one object are kept: a transponder gives some five.
const maxIdentities = 20

// chance is that of a class.
func (f *flight) chance(classes ...movement.Class) float64 {
	sum := 0.0
	for _, h := range f.hints {
		if slices.Contains(classes, h.Class) {
			sum += float64(h.P)
		}
	}
	return sum
}
