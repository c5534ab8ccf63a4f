package app

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/coverage"
	"github.com/trucewatch/truce/geo"
)

// followMethod is how plots become events: sense/track follows them, its movement package says
// what that means on the map.
const followMethod = "follow/1"

const (
	// seenTail is how far into the next day a flight is followed that began before midnight.
	seenTail = truce.Instant(time.Hour / time.Microsecond)
	// seenApart is how long nothing was seen between two stretches that are followed apart:
	// after three minutes without a plot of anything no small drone is where it was.
	seenApart = truce.Instant(3 * time.Minute / time.Microsecond)
	// maxSeen bounds the plots that are held at once, some 300 bytes each; a busier day is
	// followed in parts.
	maxSeen = 500_000
)

// eyes gathers plots in order of time and follows them day by day, so that memory holds a day
// of a network and not the year. It is for one goroutine.
type eyes struct {
	families map[truce.SourceID]truce.Family
	networks map[string]*skies
	hours    map[familyHour]bool // in which a family saw anything
	aircraft []aircraft
	stands   map[sensorKey]geo.Point // radars, by the mission's settings
	stations map[truce.SensorID][]truce.Observation
	// chart is what the agreement draws and what flights are planned, asked for once anything
	// was seen.
	chart func() (*chart, error)
	kept  *keptHearing // what was followed before; nil: everything is followed
}

// followed is what the mission's plots told.
type followed struct {
	events   []truce.Event // by network, then time
	signs    []coverage.Sign
	biases   []SensorBias
	rests    map[truce.ID][]truce.ID // plots by event: those that it names are some of them
	hours    map[familyHour]bool
	plots    int
	unplaced int      // bearings alone of sensors of which nobody says where they stand: not followed
	days     int      // that were followed and not found among what is kept
	damaged  []string // files of what is kept that could not be read
}

// skies is one network's open day.
type skies struct {
	eyes    *eyes
	network string
	pending []sighted // by time
	out     followed
}

// sighted is a plot without what is not asked for.
type sighted struct {
	id       truce.ID
	at       truce.Instant
	source   truce.SourceID
	sensor   truce.SensorID
	stands   *geo.Point // where the sensor stands, nil: nobody says
	place    geo.Position
	unplaced bool // a bearing alone is all: place holds nothing
	means    truce.PlotMeans
	polar    *truce.Polar
	altitude *truce.Altitude
	said     []truce.Identity
	class    string
	ground   bool
	fix      *truce.Fix
}

func newEyes(families map[truce.SourceID]truce.Family, own []aircraft) *eyes {
	return &eyes{families: families, networks: map[string]*skies{}, hours: map[familyHour]bool{}, aircraft: own, stations: map[truce.SensorID][]truce.Observation{}}
}

// stand takes in where a sensor stands.
func (e *eyes) stand(o truce.Observation) { e.stations[o.Sensor] = append(e.stations[o.Sensor], o) }

// standsAt is where the sensor of a plot stands, by the mission's settings or else by what came
// in; nil: nobody says.
func (e *eyes) standsAt(o *truce.Observation) *geo.Point {
	if at, known := e.stands[sensorKey{o.Source, o.Sensor}]; known {
		return &at
	}
	if s := stationAt(e.stations[o.Sensor], o.Phenomenon.From); s != nil && s.Station.Network == o.Plot.Network {
		return &s.Place.Point
	}
	return nil
}

// tellFollowed enters what the plots told.
func (sum *Assessment) tellFollowed(f followed) {
	sum.Plots, sum.Flights, sum.Bearings, sum.Biases = f.plots, len(f.events), f.unplaced, f.biases
}

// see takes in a plot; none is older than the one before.
func (e *eyes) see(o truce.Observation) error {
	n := e.networks[o.Plot.Network]
	if n == nil {
		n = &skies{eyes: e, network: o.Plot.Network, out: followed{rests: map[truce.ID][]truce.ID{}}}
		e.networks[o.Plot.Network] = n
	}
	n.out.plots++
	e.hours[familyHour{e.families[o.Source], int64(o.Phenomenon.From) / microsPerHour}] = true
	stands := e.standsAt(&o)
	if o.Place == nil && stands == nil {
		n.out.unplaced++
		return nil
	}
	at := o.Phenomenon.From
	for len(n.pending) > 0 && (at >= n.dayEnd()+seenTail || len(n.pending) >= maxSeen) {
		if err := n.closeDay(); err != nil {
			return err
		}
	}
	p := sighted{
		id: o.ID, at: at, source: o.Source, sensor: o.Sensor, stands: stands, unplaced: o.Place == nil, means: o.Plot.Means, polar: o.Plot.Polar,
		altitude: o.Plot.Altitude, said: o.Plot.Identities, class: o.Plot.Class, ground: o.Plot.Ground, fix: o.Plot.Fix,
	}
	if o.Place != nil {
		p.place = *o.Place
	}
	n.pending = append(n.pending, p)
	return nil
}

// close follows what is left and gives what all networks told, by name of the network.
func (e *eyes) close() (followed, error) {
	sum := followed{hours: e.hours, rests: map[truce.ID][]truce.ID{}}
	for _, name := range slices.Sorted(maps.Keys(e.networks)) {
		n := e.networks[name]
		for len(n.pending) > 0 {
			if err := n.closeDay(); err != nil {
				return sum, err
			}
		}
		sum.events, sum.signs = append(sum.events, n.out.events...), append(sum.signs, n.out.signs...)
		maps.Copy(sum.rests, n.out.rests)
		sum.biases = append(sum.biases, n.out.biases...)
		sum.plots, sum.unplaced = sum.plots+n.out.plots, sum.unplaced+n.out.unplaced
	}
	if e.kept == nil {
		return sum, nil
	}
	sum.days, sum.damaged = e.kept.located, e.kept.damaged
	if e.kept.write {
		return sum, e.kept.prune()
	}
	return sum, nil
}

// dayEnd is the end of the UTC day in which the first pending plot lies.
func (n *skies) dayEnd() truce.Instant {
	first := n.pending[0].at
	return first - first%windowLength + windowLength
}

// closeDay follows the stretches that began on the first pending day, to their ends; what
// begins after it stays pending.
func (n *skies) closeDay() error {
	end, until := n.dayEnd(), 0
	var stretches [][]sighted
	for until < len(n.pending) && n.pending[until].at < end {
		from := until
		for until++; until < len(n.pending) && n.pending[until].at-n.pending[until-1].at <= seenApart; until++ {
		}
		stretches = append(stretches, n.pending[from:until])
	}
	c, err := n.eyes.chart()
	if err != nil {
		return err
	}
	t, err := n.tell(c, end, stretches)
	if err != nil {
		return fmt.Errorf("follow what network %q saw before %s: %w", n.network, end, err)
	}
	n.out.events, n.out.signs = append(n.out.events, t.Events...), append(n.out.signs, t.Signs...)
	n.out.biases = append(n.out.biases, t.Biases...)
	maps.Copy(n.out.rests, t.Rests)
	n.pending = slices.Clone(n.pending[until:])
	return nil
}

// follow finds what the stretches of a day tell.
func (n *skies) follow(c *chart, end truce.Instant, stretches [][]sighted) (told, error) {
	t := told{Rests: map[truce.ID][]truce.ID{}}
	var flights []flight
	day := c.on(end - windowLength/2)
	var biases biasLog
	seen := map[truce.ID]seenAt{}
	for _, plots := range stretches {
		more, err := n.flights(plots, &biases)
		if err != nil {
			return t, err
		}
		flights = append(flights, more...)
		if !slices.ContainsFunc(more, partsWays) {
			continue
		}
		echoes, err := elsewhere(plots)
		if err != nil {
			return t, err
		}
		maps.Copy(seen, echoes)
	}
	t.Biases = biases.sure()
	if err := n.eventsOfAll(flights, day, &t); err != nil {
		return t, err
	}
	all := slices.Concat(stretches...)
	if err := n.interfered(all, seen, day, &t); err != nil {
		return t, err
	}
	if err := n.deceived(all, seen, &t); err != nil {
		return t, err
	}
	slices.SortStableFunc(t.Events, func(a, b truce.Event) int {
		return cmp.Or(cmp.Compare(a.Origin.From, b.Origin.From), slices.Compare(a.ID[:], b.ID[:]))
	})
	return t, nil
}
