package app

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/sense/track/movement"
)

// How the place that an object tells is held against what sensors measure. It must have been
// where it told for a while, as the only thing there, and then lie elsewhere for long: which
// echo is whose is known by that alone. A constant error of the radar is in both.
const (
	// agreed is how near is together, metres, or in sigmas where those are more.
	agreed, agreedSigmas = 150.0, 4.0
	// leastApart is how far beyond the difference of before is elsewhere, metres; navigation,
	// radars and clocks that are off are not.
	leastApart, apartSigmas = 300.0, 5.0
	agreedFor               = truce.Instant(60 * time.Second / time.Microsecond)
	apartFor                = truce.Instant(30 * time.Second / time.Microsecond)
	// voicesEvery is how often what an object tells is held against what was seen.
	voicesEvery = truce.Instant(2 * time.Second / time.Microsecond)
	// rivalShare is the share of a stretch from which another echo is where the object tells.
	rivalShare = .2
	// crowdedM is how near another echo makes it doubtful whose one is.
	crowdedM = 500.0
	// trackedFor is how far from a state of its track an echo is reckoned on.
	trackedFor = 8.0 // s
)

// seenAt is where sensors saw an object that tells another place, with the nearest of their plots.
type seenAt struct {
	at   geo.Position
	plot sighted
}

// voice is who tells places.
type voice struct {
	source truce.SourceID
	name   truce.Identity
}

// partsWays says whether a flight was measured and told where it was, and for long one of the two
// without the other: only then may it have told another place than where it was.
func partsWays(f flight) bool {
	var measured, told truce.Instant
	for i := range f.plots {
		p := &f.plots[i]
		other, own := &told, &measured
		if !p.measured() {
			other, own = own, other
		}
		if *own = p.at; *other > 0 && p.at-*other >= apartFor {
			return true
		}
	}
	return false
}

// elsewhere says of plots in which objects tell where they are, where sensors saw those objects
// at the time, if that was not there.
func elsewhere(plots []sighted) (map[truce.ID]seenAt, error) {
	var measured []sighted
	all, told, voices := map[voice][]sighted{}, map[voice][]sighted{}, []voice(nil)
	for i := range plots {
		p := &plots[i]
		switch v := (voice{p.source, p.name()}); {
		case p.unplaced || p.means == truce.MeansFused:
		case p.measured():
			measured = append(measured, *p)
		case v.name.Value != "":
			if told[v] == nil {
				voices = append(voices, v)
			}
			all[v] = append(all[v], *p)
			if list := told[v]; len(list) == 0 || p.at >= list[len(list)-1].at+voicesEvery {
				told[v] = append(list, *p)
			}
		}
	}
	if len(measured) == 0 || len(voices) == 0 {
		return nil, nil
	}
	l := looksOf(measured)
	result, err := track.Batch(l.scans, track.Config{Record: true})
	if err != nil {
		return nil, err
	}
	flights := make([]flight, len(result.Tracks))
	for i := range flights {
		flights[i].track = result.Tracks[i]
	}
	if err := l.share(flights, measured); err != nil {
		return nil, err
	}
	out := map[truce.ID]seenAt{}
	for _, v := range voices {
		for i := range flights {
			for _, run := range departures(told[v], &flights[i].track) {
				if !rivalled(told[v], run, flights, i) {
					flights[i].echoes(all[v], told[v][run.from].at, told[v][run.to-1].at, out)
				}
			}
		}
	}
	return out, nil
}

// apart is how far what is told lies from a track at the time, metres east and north, with one
// sigma of both; false: the track is not there then.
func apart(p *sighted, t *track.Track) (east, north, sigma float64, there bool) {
	s := stateAt(t, p.at)
	if s == nil {
		return 0, 0, 0, false
	}
	at := s.reckoned(p.at)
	const degree = 111_200.0
	north = float64(p.place.Lat-at.Lat) * degree
	east = math.Remainder(float64(p.place.Lon-at.Lon), 360) * degree * math.Cos(float64(at.Lat)*math.Pi/180)
	return east, north, math.Hypot(float64(s.Sigma), p.sigma()), true
}

// reckonedState is a state that is carried on.
type reckonedState struct{ *track.State }

// stateAt is the state of a track nearest to a time, nil if none is near.
func stateAt(t *track.Track, at truce.Instant) *reckonedState {
	k, _ := slices.BinarySearchFunc(t.States, at, func(s track.State, at truce.Instant) int { return cmp.Compare(s.Time, at) })
	best := -1
	for _, i := range []int{k - 1, k} {
		if i >= 0 && i < len(t.States) && (best < 0 || max(t.States[i].Time-at, at-t.States[i].Time) < max(t.States[best].Time-at, at-t.States[best].Time)) {
			best = i
		}
	}
	if best < 0 || math.Abs(t.States[best].Time.Sub(at).Seconds()) > trackedFor {
		return nil
	}
	return &reckonedState{&t.States[best]}
}

// reckoned is where it is at a time.
func (s *reckonedState) reckoned(at truce.Instant) geo.Point {
	way := at.Sub(s.Time).Seconds() * s.SpeedMps
	course := s.Course
	if way < 0 {
		way, course = -way, geo.Degrees(math.Mod(float64(course)+180, 360))
	}
	out, _ := geo.Direct(s.At, course, geo.Metres(way))
	return out
}

// departure is a stretch of what an object told, which lies elsewhere; together is from when on
// it did not before.
type departure struct{ together, from, to int }

// departures are the stretches in which what is told lies apart from a track with which it went
// along before.
func departures(told []sighted, t *track.Track) (out []departure) {
	var east, north, n float64
	began, from := -1, -1
	end := func(i int) {
		if from >= 0 && told[i-1].at-told[from].at >= apartFor {
			out = append(out, departure{began, from, i})
		}
		from = -1
	}
	last := 0
	for i := range told {
		x, y, sigma, there := apart(&told[i], t)
		if !there {
			continue
		}
		last = i + 1
		if began < 0 || told[i].at-told[began].at < agreedFor {
			if math.Hypot(x, y) > max(agreed, agreedSigmas*sigma) {
				began, n, east, north = -1, 0, 0, 0
				continue
			}
			if began < 0 {
				began = i
			}
		} else if math.Hypot(x-east/n, y-north/n) > max(leastApart, apartSigmas*sigma) {
			if from < 0 {
				from = i
			}
			continue
		}
		end(i)
		east, north, n = east+x, north+y, n+1
	}
	if from >= 0 {
		end(last)
	}
	return out
}

// rivalled says whether another echo may be the object's own: one that is where it tells, or that
// was beside it before.
func rivalled(told []sighted, run departure, flights []flight, own int) bool {
	for f := range flights {
		if f == own {
			continue
		}
		with := 0
		for i := run.from; i < run.to; i++ {
			if x, y, sigma, there := apart(&told[i], &flights[f].track); there && math.Hypot(x, y) <= max(agreed, agreedSigmas*sigma) {
				with++
			}
		}
		if float64(with) > rivalShare*float64(run.to-run.from) {
			return true
		}
		for i := run.from - 1; i >= run.together && told[i].at > told[run.from].at-agreedFor; i-- {
			if x, y, _, there := apart(&told[i], &flights[f].track); there && math.Hypot(x, y) < crowdedM {
				return true
			}
		}
	}
	return false
}

// echoes enters where the track was at each plot of a stretch.
func (f *flight) echoes(told []sighted, from, to truce.Instant, out map[truce.ID]seenAt) {
	for i := range told {
		s := stateAt(&f.track, told[i].at)
		if s == nil || len(f.plots) == 0 || told[i].at < from || told[i].at > to {
			continue
		}
		k, _ := slices.BinarySearchFunc(f.plots, told[i].at, func(p sighted, at truce.Instant) int { return cmp.Compare(p.at, at) })
		out[told[i].id] = seenAt{geo.Position{Point: s.reckoned(told[i].at), Error: geo.Isotropic(max(1, s.Sigma))}, f.plots[min(k, len(f.plots)-1)]}
	}
}

// deceived adds what others' transponders tell of deceit: they lie elsewhere than where they are
// seen. Whether navigation or the transponder is wrong is not known.
func (n *skies) deceived(plots []sighted, seen map[truce.ID]seenAt, t *told) error {
	told := map[voice][]sighted{}
	var voices []voice
	for i := range plots {
		p := &plots[i]
		if _, elsewhere := seen[p.id]; !elsewhere || slices.ContainsFunc(n.eyes.aircraft, func(own aircraft) bool { return n.tellsOf(own, p) }) {
			continue
		}
		v := voice{p.source, p.name()}
		if told[v] == nil {
			voices = append(voices, v)
		}
		if list := told[v]; len(list) == 0 || p.at > list[len(list)-1].at {
			told[v] = append(list, *p)
		}
	}
	rule := movement.InterferenceRule{Gap: truce.Micros(troubleApart), Jamming: 1, Jump: fastestOwn}
	for _, v := range voices {
		list := told[v]
		flight := make([]movement.Telemetry, len(list))
		for i := range list {
			e := seen[list[i].id]
			flight[i] = movement.Telemetry{Time: list[i].at, At: list[i].place, Other: &e.at}
		}
		troubles, err := movement.Interferences(flight, rule)
		if err != nil {
			return err
		}
		troubles = slices.DeleteFunc(troubles, func(x movement.Interference) bool { return x.Kind != movement.TroubleSpoof })
		for _, x := range joinTroubles(troubles) {
			first, _ := slices.BinarySearchFunc(list, x.From, func(p sighted, at truce.Instant) int { return cmp.Compare(p.at, at) })
			last := first
			for last < len(list) && list[last].at <= x.To {
				last++
			}
			n.addTrouble(x, list[first:last], seen, t).Score = lostScore
		}
	}
	return nil
}
