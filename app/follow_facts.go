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

// What is told of a flight beside its stays in zones, as in the report of truce track.
var (
	loiterRule = movement.LoiterRule{Radius: 300, Least: truce.Micros(5 * time.Minute / time.Microsecond)}
	pairRule   = movement.FormationRule{Distance: 300, SpeedMps: 5, Least: truce.Micros(time.Minute / time.Microsecond)}
)

// leastTold is the chance below which a stay around a place or a flight side by side is not told.
const leastTold = .5

// eventsOfAll tells the events of the flights of a day, each with what the others say of it.
func (n *skies) eventsOfAll(flights []flight, day *dayChart, t *told) error {
	odd, twins, err := oddNames(flights)
	if err != nil {
		return err
	}
	of := make([][]truce.Event, len(flights))
	for i := range flights {
		flights[i].linked = slices.ContainsFunc(flights[i].plots, func(p sighted) bool { return n.eyes.families[p.source] == truce.FamilyDrone })
		if of[i], err = n.eventsOf(&flights[i], odd[i], day); err != nil {
			return err
		}
		for k := range of[i] {
			t.Rests[of[i][k].ID] = flights[i].restsOn(&of[i][k])
		}
	}
	for _, t := range twins {
		nameTwin(of[t.first], t.remark, of[t.second])
		nameTwin(of[t.second], t.remark, of[t.first])
	}
	t.Events = slices.Concat(of...)
	return sideBySide(flights, of)
}

// crossings are the passages over the agreement's lines, in order of time.
func (f *flight) crossings(day *dayChart) ([]truce.LineCrossing, error) {
	var out []truce.LineCrossing
	for _, l := range day.lines {
		list, err := movement.Crossings(f.track, l.drawn, string(l.id), movement.Config{Least: leastVisit})
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			x := truce.LineCrossing{Line: l.id, From: l.left, To: l.right, Over: wholeSeconds(c.Over)}
			if c.To == geo.Left {
				x.From, x.To = l.right, l.left
			}
			if c.Stayed < .5 {
				x.Back = wholeSeconds(c.Back)
			}
			x.At = f.placeAtTime(c.Over.From)
			x.P = truce.Probability(num.Quantise(c.Chance*f.sides(l, c), 1e-4))
			if x.P >= leastVisit {
				out = append(out, x)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b truce.LineCrossing) int {
		return cmp.Or(cmp.Compare(a.Over.From, b.Over.From), cmp.Compare(a.Line, b.Line))
	})
	return out, nil
}

// sides is the chance that a passage over a line as it is drawn was one of the line where it
// truly runs: the line is off by one error throughout, and the farther from it the flight was
// seen on both sides, the less does that matter.
func (f *flight) sides(l chartLine, c movement.Crossing) float64 {
	if l.accuracy <= 0 {
		return 1
	}
	until := c.Back.To
	if c.Stayed >= .5 || until == 0 {
		until = f.track.States[len(f.track.States)-1].Time
	}
	before, beyond := 0.0, 0.0
	for i := range f.track.States {
		s := &f.track.States[i]
		d := float64(l.drawn.DistanceTo(s.At))
		switch there := l.drawn.SideOf(s.At) == c.To; {
		case there && s.Time >= c.Over.From-scanLength && s.Time <= until+scanLength:
			beyond = max(beyond, d)
		case !there && s.Time <= c.Over.To+scanLength:
			before = max(before, d)
		}
	}
	sigma := float64(l.accuracy)
	return max(0, num.NormalCDF(beyond/sigma)+num.NormalCDF(before/sigma)-1)
}

// placeAtTime is the place at a time between states, with the error of the nearest.
func (f *flight) placeAtTime(at truce.Instant) *geo.Position {
	states := f.track.States
	i, _ := slices.BinarySearchFunc(states, at, func(s track.State, at truce.Instant) int { return cmp.Compare(s.Time, at) })
	i = min(i, len(states)-1)
	if i == 0 {
		return f.placeAt(0)
	}
	a, b := &states[i-1], &states[i]
	share := min(1, at.Sub(a.Time).Seconds()/b.Time.Sub(a.Time).Seconds())
	near := i
	if share < .5 {
		near = i - 1
	}
	out := f.placeAt(near)
	out.Lat = geo.Degrees(num.Quantise(float64(a.At.Lat)+share*float64(b.At.Lat-a.At.Lat), 1e-6))
	out.Lon = geo.Degrees(num.Quantise(float64(a.At.Lon)+share*float64(b.At.Lon-a.At.Lon), 1e-6))
	return out
}

// besideZones are the passages over a front line while the flight was in no zone, as stays of
// their own: where a zone lies along the line its stay tells of them.
func (f *flight) besideZones(crossings []truce.LineCrossing, stays []stay, day *dayChart) []stay {
	var out []stay
	for _, c := range crossings {
		front := slices.ContainsFunc(day.lines, func(l chartLine) bool { return l.id == c.Line && l.front })
		if !front || slices.ContainsFunc(slices.Concat(stays, out), func(s stay) bool { return holds(s.time, c) }) {
			continue
		}
		s := stay{zone: string(c.Line), time: c.Over}
		if c.Back.To != 0 {
			s.time.To = max(c.Over.To, c.Back.To)
		}
		nearest := math.Inf(1)
		for i := range f.track.States {
			if d := math.Abs(f.track.States[i].Time.Sub(c.Over.From).Seconds()); d < nearest {
				s.deepest, nearest = i, d
			}
		}
		out = append(out, s)
	}
	return out
}

// holds says whether a passage lies in a time, as well as it is known.
func holds(t truce.PhenomenonTime, c truce.LineCrossing) bool {
	return c.Over.To >= t.From && c.Over.From <= t.To
}

// crossingsIn are the passages of a time.
func crossingsIn(t truce.PhenomenonTime, crossings []truce.LineCrossing) []truce.LineCrossing {
	var out []truce.LineCrossing
	for _, c := range crossings {
		if holds(t, c) {
			if c.Back.From > t.To {
				c.Back = truce.PhenomenonTime{} // of a later stay
			}
			out = append(out, c)
		}
	}
	return out
}

// loiters are the stays around a place while the flight was in a zone; where it was before and
// after is nobody's concern.
func (f *flight) loiters(t truce.PhenomenonTime) ([]truce.FlightStay, error) {
	part := f.track
	part.States = nil
	for _, s := range f.track.States {
		if s.Time >= t.From && s.Time <= t.To {
			part.States = append(part.States, s)
		}
	}
	if len(part.States) < 2 {
		return nil, nil
	}
	list, err := movement.Loiters(part, loiterRule, movement.Config{Least: leastTold})
	var out []truce.FlightStay
	for _, l := range list {
		out = append(out, truce.FlightStay{
			Time: wholeSeconds(truce.PhenomenonTime{From: l.From, To: l.To}), RadiusM: loiterRule.Radius, P: truce.Probability(num.Quantise(l.Chance, 1e-4)),
			At: geo.Point{Lat: geo.Degrees(num.Quantise(float64(l.At.Lat), 1e-6)), Lon: geo.Degrees(num.Quantise(float64(l.At.Lon), 1e-6))},
		})
	}
	return out, err
}

// sideBySide names flights that went side by side on each other's events. They stay events of
// their own: how many acts they are is for the rules to say.
func sideBySide(flights []flight, of [][]truce.Event) error {
	for i := range flights {
		for k := i + 1; k < len(flights); k++ {
			if !overlap(of[i], of[k]) {
				continue
			}
			pairs, err := movement.Together(flights[i].track, flights[k].track, pairRule, movement.Config{Least: leastTold})
			if err != nil {
				return err
			}
			for _, p := range pairs {
				nameCompanions(p, of[i], of[k])
				nameCompanions(p, of[k], of[i])
			}
		}
	}
	return nil
}

// overlap says whether any event of the one flight was while one of the other was.
func overlap(a, b []truce.Event) bool {
	return slices.ContainsFunc(a, func(x truce.Event) bool {
		return slices.ContainsFunc(b, func(y truce.Event) bool { return x.Origin.From <= y.Origin.To && y.Origin.From <= x.Origin.To })
	})
}

// nameCompanions names on a flight's events those of the flight that went with it, while both were.
func nameCompanions(p movement.Formation, of, others []truce.Event) {
	for i := range of {
		e := &of[i]
		for _, o := range others {
			t := truce.PhenomenonTime{From: max(p.From, e.Origin.From, o.Origin.From), To: min(p.To, e.Origin.To, o.Origin.To)}
			if t.From < t.To {
				f := e.Detail.Flight
				f.Together = append(f.Together, truce.FlownTogether{Event: o.ID, Time: wholeSeconds(t), P: truce.Probability(num.Quantise(p.Chance, 1e-4))})
			}
		}
	}
}
