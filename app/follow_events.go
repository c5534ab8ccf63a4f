package app

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/sense/track/movement"
)

const (
	// leastVisit is the chance below which a flight is not told to have been in a zone: with a
	// hundred flights a day that pass by, five would be told of for nothing.
	leastVisit = .05
	// leastScore is the chance below which a track is not told to have been an aircraft.
	leastScore = .2
	// surelyOwn is how sure it must be that a track is the mission's own flight.
	surelyOwn = .9
	// surelyDrone is from when on an aircraft is called a drone; else it is some aircraft.
	surelyDrone = .5
	// maxFlightSupport is how many plots an event names: the first that it rests on and others
	// spread over the flight.
	maxFlightSupport = 60
	// altitudeSigma is the error of a height above ground that states none, metres.
	altitudeSigma = 15
)

// eventsOf are what the agreement is concerned with of a flight: its stays in zones, where it
// was deepest in each, and its passages over a front line elsewhere. One that keeps away from
// all of these is no event.
func (n *skies) eventsOf(f *flight, odd []truce.IdentityRemark, day *dayChart) ([]truce.Event, error) {
	kind, score := f.kind()
	if score < leastScore {
		return nil, nil
	}
	stays, err := f.stays(day)
	if err != nil {
		return nil, err
	}
	crossings, err := f.crossings(day)
	if err != nil {
		return nil, err
	}
	stays = append(stays, f.besideZones(crossings, stays, day)...)
	if len(stays) == 0 {
		return nil, nil
	}
	identity, err := f.whose(n.eyes.aircraft, odd, day)
	if err != nil {
		return nil, err
	}
	var out []truce.Event
	for _, s := range stays {
		e := truce.Event{Revision: 1, Kind: kind, Method: followMethod, Score: num.Quantise(score, 1e-4), Origin: s.time, Position: f.placeAt(s.deepest)}
		if label := labels[identity]; label != "" {
			e.Labels = []truce.Label{label}
		}
		e.Support = n.support(n.witnessed(f.plots), s.time.From, e.Position.Point)
		e.ID = followedID(e.Support[0].Observation)
		if slices.ContainsFunc(out, func(o truce.Event) bool { return o.ID == e.ID }) {
			continue
		}
		e.Detail = &truce.Detail{Altitude: f.heights(), Flight: &truce.Flight{Identity: identity, Crossings: crossingsIn(s.time, crossings), Remarks: odd}}
		if e.Detail.Flight.Stays, err = f.loiters(s.time); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// followedID is the id of the event that a plot opens.
func followedID(id truce.ID) truce.ID {
	return truce.NewID(truce.Instant(id.Millis()*1000), "event", followMethod, id[:])
}

// kind is what the agreement calls such a flight, with the chance that there was one: that of
// an object times that of the class. What is likelier no drone than one is some aircraft.
func (f *flight) kind() (truce.Act, float64) {
	sure := min(f.existence, surest)
	if drone := f.chance(movement.ClassDrone); drone >= surelyDrone {
		return "recon_uav", sure * drone
	}
	return "overflight_other", sure * f.chance(movement.ClassDrone, movement.ClassFixedWing, movement.ClassHelicopter)
}

// stay is one in a zone.
type stay struct {
	zone    string
	time    truce.PhenomenonTime
	deepest int     // state of the track
	depth   float64 // there, in sigmas; below 0: outside
	others  int     // stays in other zones that surely hold that place too
}

// stays are those in all zones, the deepest first. Where the deepest place of one zone is
// surely in another as well, both are one stay: a flight is counted once.
func (f *flight) stays(day *dayChart) ([]stay, error) {
	var all []stay
	for _, z := range day.zones {
		if !comesNear(f.track, z.Area) {
			continue
		}
		visits, err := movement.Visits(f.track, z, movement.Config{Least: leastVisit})
		if err != nil {
			return nil, err
		}
		for _, v := range visits {
			all = append(all, f.stayOf(v, z))
		}
	}
	for i := range all {
		for _, o := range all {
			if o.zone != all[i].zone && day.surelyIn(o.zone, f.placeAt(all[i].deepest)) {
				all[i].others++
			}
		}
	}
	slices.SortStableFunc(all, func(a, b stay) int {
		return cmp.Or(cmp.Compare(b.others, a.others), cmp.Compare(b.depth, a.depth), cmp.Compare(a.zone, b.zone))
	})
	var out []stay
	for _, s := range all {
		i := slices.IndexFunc(out, func(o stay) bool {
			return o.zone != s.zone && o.time.From <= s.time.To && s.time.From <= o.time.To && day.surelyIn(s.zone, f.placeAt(o.deepest))
		})
		if i < 0 {
			out = append(out, s)
			continue
		}
		out[i].time.From, out[i].time.To = min(out[i].time.From, s.time.From), max(out[i].time.To, s.time.To)
	}
	return out, nil
}

// comesNear says whether a track comes near an area at all.
func comesNear(t track.Track, area *geo.Area) bool {
	for i := range t.States {
		s := &t.States[i]
		if reach := 4*s.Sigma + geo.Metres(s.SpeedMps)*10; area.Contains(s.At) || area.BoundaryDistance(s.At) <= reach {
			return true
		}
	}
	return false
}

// stayOf finds when a visit was and where it was deepest.
func (f *flight) stayOf(v movement.Visit, z movement.Zone) stay {
	states := f.track.States
	s := stay{zone: z.ID, depth: math.Inf(-1)}
	s.time = truce.PhenomenonTime{From: v.Entry.From, To: v.Exit.To, Sigma: max(v.Entry.Sigma, v.Exit.Sigma)}
	if v.Already > .5 || s.time.From == 0 {
		s.time.From = states[0].Time
	}
	if v.Still > .5 || s.time.To == 0 {
		s.time.To = states[len(states)-1].Time
	}
	s.time = wholeSeconds(s.time)
	for i := range states {
		if len(states) > 2 && (states[i].Time < s.time.From-scanLength || states[i].Time > s.time.To+scanLength) {
			continue
		}
		depth := float64(z.Area.BoundaryDistance(states[i].At)) / math.Max(1, float64(states[i].Sigma))
		if !z.Area.Contains(states[i].At) {
			depth = -depth
		}
		if depth > s.depth {
			s.deepest, s.depth = i, depth
		}
	}
	return s
}

// wholeSeconds keeps of a time what a track is good for.
func wholeSeconds(t truce.PhenomenonTime) truce.PhenomenonTime {
	const second = truce.Instant(time.Second / time.Microsecond)
	t.From -= t.From % second
	t.To = max(t.From, t.To+(second-t.To%second)%second)
	t.Sigma += (truce.Micros(second) - t.Sigma%truce.Micros(second)) % truce.Micros(second)
	return t
}

// placeAt is the place of a state: its error and what is steady of it, longer along the path by
// what is flown until the next one.
func (f *flight) placeAt(i int) *geo.Position {
	s := &f.track.States[i]
	gap := 0.0
	if i+1 < len(f.track.States) {
		gap = f.track.States[i+1].Time.Sub(s.Time).Seconds()
	} else if i > 0 {
		gap = s.Time.Sub(f.track.States[i-1].Time).Seconds()
	}
	across := math.Hypot(float64(s.Sigma), f.steady)
	along := math.Hypot(across, s.SpeedMps*min(gap, 60)/math.Sqrt(12))
	return &geo.Position{
		Point: geo.Point{Lat: geo.Degrees(num.Quantise(float64(s.At.Lat), 1e-6)), Lon: geo.Degrees(num.Quantise(float64(s.At.Lon), 1e-6))},
		Error: quantisedError(geo.FromEllipse(geo.Ellipse{Major: geo.Metres(along), Minor: geo.Metres(across), Strike: s.Course})),
	}
}

// heights are those above ground that were told, nil for none: other heights are above what
// nobody here knows the ground's height above.
func (f *flight) heights() *truce.Span {
	var out *truce.Span
	for i := range f.plots {
		a := f.plots[i].altitude
		if a == nil || a.Datum != truce.DatumGround {
			continue
		}
		margin := max(altitudeSigma, float64(a.Sigma))
		low, high := math.Max(0, math.Round(float64(a.Metres)-margin)), math.Max(0, math.Round(float64(a.Metres)+margin))
		if out == nil {
			out = &truce.Span{Low: low, High: high}
		}
		out.Low, out.High = min(out.Low, low), max(out.High, high)
	}
	return out
}

// support names the plots that an event rests on, at most maxFlightSupport. The first is the
// first that a sensor measured from a time on, for which the event is named; the others follow
// in order of time.
func (n *skies) support(plots []sighted, from truce.Instant, at geo.Point) []truce.Support {
	opens := slices.IndexFunc(plots, func(p sighted) bool { return p.at >= from && p.measured() })
	if opens < 0 {
		opens = slices.IndexFunc(plots, func(p sighted) bool { return p.at >= from })
	}
	opens = max(opens, 0)
	picked := []int{opens}
	steps := min(len(plots), maxFlightSupport) - 1
	for i := range steps {
		at := 0
		if steps > 1 {
			at = i * (len(plots) - 1) / (steps - 1)
		}
		if !slices.Contains(picked, at) {
			picked = append(picked, at)
		}
	}
	out := make([]truce.Support, len(picked))
	for i, k := range picked {
		p := &plots[k]
		out[i] = truce.Support{Observation: p.id, Source: p.source, Family: n.eyes.families[p.source],
			ResidualM: math.Round(p.off(at))}
	}
	return out
}
