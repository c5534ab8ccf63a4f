package app

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/sense/track/movement"
)

const (
	// scanLength is how much is one look of all sensors together: an antenna turns once in
	// some four seconds, a transponder speaks once in one.
	scanLength = truce.Instant(4 * time.Second / time.Microsecond)
	// sameGate and sameSpeed say how far plots of two sensors in one look may lie apart to be of
	// one object: three sigmas of both, and what a fast drone flies in between, m/s.
	sameGate, sameSpeed = 3.0, 40.0
	// plotGate is how far, in sigmas of both, a plot may lie from a track that it is of.
	plotGate = 3.5
	// leastPlots and leastFlight are what a track must rest on to be told of.
	leastPlots  = 5
	leastFlight = truce.Instant(20 * time.Second / time.Microsecond)
	// unknownSigma is the error of a place whose source states none, metres.
	unknownSigma = 50.0
)

// flight is one track with what it rests on.
type flight struct {
	track     track.Track
	plots     []sighted // by time
	existence float64
	said      []truce.Identity // in the order in which they were first given
	hints     []movement.Hint
}

// turn is one look of all sensors: the plots that are followed, each with those of other
// sensors that are of the same object.
type turn struct {
	scan track.Scan
	of   [][]sighted // by plot of the scan
}

// flights follows a stretch.
func (n *skies) flights(plots []sighted) ([]flight, error) {
	looks := looksOf(plots)
	scans := make([]track.Scan, len(looks))
	for i := range looks {
		scans[i] = looks[i].scan
	}
	result, err := track.Batch(scans, track.Config{})
	if err != nil {
		return nil, err
	}
	out := make([]flight, len(result.Tracks))
	for i := range out {
		out[i].track = result.Tracks[i]
		for _, s := range out[i].track.States {
			out[i].existence = max(out[i].existence, s.Existence)
		}
	}
	share(out, looks)
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

// looksOf cuts a stretch into looks at even times.
func looksOf(plots []sighted) []turn {
	var out []turn
	for from := 0; from < len(plots); {
		bin, until := plots[from].at/scanLength, from
		for until < len(plots) && plots[until].at/scanLength == bin {
			until++
		}
		out = append(out, lookOf(bin, plots[from:until]))
		from = until
	}
	return out
}

// lookOf joins what several sensors saw of one object. The sharpest plot is followed, the
// others stand behind it; of one that speaks several times the last counts.
func lookOf(bin truce.Instant, plots []sighted) turn {
	last := map[string]int{}
	for i := range plots {
		if key := speaker(&plots[i]); key != "" {
			last[key] = i
		}
	}
	var list []sighted
	for i := range plots {
		if at, speaks := last[speaker(&plots[i])]; !speaks || at == i {
			list = append(list, plots[i])
		}
	}
	slices.SortStableFunc(list, func(a, b sighted) int {
		return cmp.Or(cmp.Compare(a.sigma(), b.sigma()), cmp.Compare(a.at, b.at), slices.Compare(a.id[:], b.id[:]))
	})
	l := turn{scan: track.Scan{ID: fmt.Sprint(bin)}}
	for i := range list {
		p := &list[i]
		l.scan.Time = max(l.scan.Time, p.at)
		if k := l.same(p); k >= 0 {
			l.of[k] = append(l.of[k], *p)
			continue
		}
		l.of = append(l.of, []sighted{*p})
		plot := track.Plot{ID: p.id.String(), Time: p.at, At: p.place.Point, Sigma: geo.Metres(p.sigma())}
		if p.altitude != nil {
			plot.Altitude, plot.High = p.altitude.Metres, math.Abs(float64(p.altitude.Metres)) <= track.MaxAltitude
		}
		l.scan.Plots = append(l.scan.Plots, plot)
	}
	return l
}

// speaker is who says where it is, by its first name; "" for what was measured without one.
func speaker(p *sighted) string {
	if len(p.said) == 0 {
		return ""
	}
	return fmt.Sprintf("%s|%s|%s|%s", p.source, p.sensor, p.said[0].Scheme, p.said[0].Value)
}

// same is the nearest followed plot of the look that another sensor's may be of too, -1: none.
func (l *turn) same(p *sighted) int {
	best, least := -1, math.Inf(1)
	for i := range l.of {
		q := &l.of[i][0]
		if slices.ContainsFunc(l.of[i], func(o sighted) bool { return o.source == p.source && o.sensor == p.sensor }) {
			continue
		}
		d := float64(geo.Distance(p.place.Point, q.place.Point))
		gate := sameGate*math.Hypot(p.sigma(), q.sigma()) + sameSpeed*math.Abs(p.at.Sub(q.at).Seconds())
		if d <= gate && d < least {
			best, least = i, d
		}
	}
	return best
}

// sigma is the error of the place, one sigma each axis, metres.
func (p *sighted) sigma() float64 {
	c := p.place.Error
	if s := math.Sqrt((c.EE + c.NN) / 2); s > 0 {
		return min(s, float64(track.MaxSigma))
	}
	return unknownSigma
}

// share gives every plot to the track that it lies nearest to, if it lies near any.
func share(flights []flight, looks []turn) {
	type pair struct {
		flight, plot int
		d            float64
	}
	at := make([]int, len(flights))
	for i := range looks {
		l := &looks[i]
		var pairs []pair
		for f := range flights {
			states := flights[f].track.States
			for at[f] < len(states) && states[at[f]].Time < l.scan.Time {
				at[f]++
			}
			if at[f] == len(states) || states[at[f]].Time != l.scan.Time {
				continue
			}
			for p := range l.of {
				if d := apart(&states[at[f]], &l.of[p][0]); d <= plotGate {
					pairs = append(pairs, pair{f, p, d})
				}
			}
		}
		slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(a.d, b.d) })
		taken, given := map[int]bool{}, map[int]bool{}
		for _, p := range pairs {
			if !taken[p.plot] && !given[p.flight] {
				taken[p.plot], given[p.flight] = true, true
				flights[p.flight].plots = append(flights[p.flight].plots, l.of[p.plot]...)
			}
		}
	}
	for i := range flights {
		slices.SortStableFunc(flights[i].plots, func(a, b sighted) int { return cmp.Or(cmp.Compare(a.at, b.at), slices.Compare(a.id[:], b.id[:])) })
	}
}

// apart is how far a plot lies from a track when it was measured, in sigmas of both.
func apart(s *track.State, p *sighted) float64 {
	back := s.Time.Sub(p.at).Seconds() * s.SpeedMps
	was, _ := geo.Direct(s.At, geo.Degrees(math.Mod(float64(s.Course)+180, 360)), geo.Metres(back))
	return float64(geo.Distance(was, p.place.Point)) / math.Hypot(float64(s.Sigma), p.sigma())
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
	f.hints, err = movement.Classify(f.track, signs)
	return err
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
