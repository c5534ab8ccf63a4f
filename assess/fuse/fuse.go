// Package fuse decides which events are the same happening, and how well independent
// families of sources bear each other out.
//
// It never decides who did anything, never takes heat alone for an act of fire, and never
// counts copies of one report as more than one.
//
// Read Join for the order of the work, ratio.go for the likelihood ratio of a pair,
// density.go for what chance would bring, near.go and bound.go for how pairs are found
// without a look at all, cluster.go for how pairs become groups, describe.go for what is
// said of a group, when.go for its time, detail.go and mean.go for its details. docs/methods/fusion.md has the formulae.
package fuse

import (
	"cmp"
	"slices"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Method names this way of working.
const Method = "fuse/4"

// Defaults of Config. The chances are assumed until they can be learnt from reviewed
// incidents.
const (
	DefaultLink           = 0.3           // half of the sources miss a happening, and more
	DefaultLinkHeat       = 0.1           // most fires are out, or under cloud, at the next pass
	DefaultLinkSame       = 0.1           // a second article of one publisher
	DefaultConfusion      = 0.1           // as in workload D
	DefaultCapitalTrust   = 0.2           // a capital in the news is mostly its government
	DefaultRecurringTrust = 0.1           // a plant burns every day, a strike is rare
	DefaultHeatLag        = 6 * time.Hour // about the time between overpass groups
	DefaultBackground     = 5e-4          // heat over farm land in a dry month, per km2 and day

	DefaultMinError geo.Metres = 100         // geocoding and datum
	DefaultMinTime             = time.Minute // clocks of people

	DefaultMinJoin   truce.Probability = 0.5  // likelier than not
	DefaultMinSame   truce.Probability = 0.95 // of corroboration: one in twenty
	DefaultMaxChance truce.Probability = 0.05 // likewise
)

// Config says how sources behave; a zero field means its default.
type Config struct {
	// Link is the chance that a happening in one source is in another one too.
	Link float64
	// LinkHeat is the chance that a reported act left heat that a satellite saw.
	LinkHeat float64
	// LinkSame is the chance that a source which tells (media, civilians, parties) tells
	// of one happening twice. Instruments never do: their own methods have joined what
	// they saw. Give 1e-12 for never.
	LinkSame float64
	// Confusion is the chance that a source names another act of the same group.
	Confusion float64
	// CapitalTrust is the chance that a place that may stand for a country is meant.
	CapitalTrust float64
	// RecurringTrust is the chance that heat where heat recurs is not the plant. It says
	// whether such heat is listed with a report, never how far the report is believed.
	RecurringTrust float64
	// HeatLag is how long after an act its heat can still be seen.
	HeatLag time.Duration
	// Background is the density of unrelated events that is assumed before any are seen,
	// per square kilometre and day.
	Background float64
	// MinError and MinTime are the least errors of place and time that are believed.
	MinError geo.Metres
	MinTime  time.Duration
	// MinJoin is the probability from which two events are taken for one happening.
	MinJoin truce.Probability
	// MinSame and MaxChance are what corroboration asks for: the probability that two
	// families mean one happening, and the probability that an unrelated event would
	// lie as near by chance.
	MinSame   truce.Probability
	MaxChance truce.Probability
}

func (c Config) withDefaults() Config {
	c.Link = cmp.Or(c.Link, DefaultLink)
	c.LinkHeat = cmp.Or(c.LinkHeat, DefaultLinkHeat)
	c.LinkSame = cmp.Or(c.LinkSame, DefaultLinkSame)
	c.Confusion = cmp.Or(c.Confusion, DefaultConfusion)
	c.CapitalTrust = cmp.Or(c.CapitalTrust, DefaultCapitalTrust)
	c.RecurringTrust = cmp.Or(c.RecurringTrust, DefaultRecurringTrust)
	c.HeatLag = cmp.Or(c.HeatLag, DefaultHeatLag)
	c.Background = cmp.Or(c.Background, DefaultBackground)
	c.MinError = cmp.Or(c.MinError, DefaultMinError)
	c.MinTime = cmp.Or(c.MinTime, DefaultMinTime)
	c.MinJoin = cmp.Or(c.MinJoin, DefaultMinJoin)
	c.MinSame = cmp.Or(c.MinSame, DefaultMinSame)
	c.MaxChance = cmp.Or(c.MaxChance, DefaultMaxChance)
	return c
}

// Group is a happening: the events taken for it and what they say together.
type Group struct {
	Events     []truce.Event     // by time, then id
	P          truce.Probability // that it happened
	Occurrence truce.Occurrence  // reported, detected or corroborated
	Acts       []truce.ActWeight // given that it happened; highest first, at most 1 together
	Position   *geo.Position     // nil when no event has one
	Place      string
	Time       truce.PhenomenonTime
	Families   []truce.Family
	Sources    []truce.SourceID
	Labels     []truce.Label
	Detail     *truce.Detail // nil: nothing is told beyond the above
	Link       *Link         // the best link between two families, nil within one
}

// Link says how well two events of different families fit one happening.
type Link struct {
	A, B   truce.ID
	Odds   float64           // for one happening, against chance
	Same   truce.Probability // the same as a probability
	Chance truce.Probability // that an unrelated event lies as near
}

// Join groups the events that are one happening, in order of each group's first event.
// Every event is in exactly one group; of an id given twice the highest revision counts.
// The result does not depend on the order of the events.
func Join(events []truce.Event, cfg Config) []Group {
	return New(events, cfg).Join()
}

// Fuser knows a set of events and how dense they lie, so that groups can be described
// again after people have split or joined them.
type Fuser struct {
	cfg    Config
	events []truce.Event
	items  []item // in order of the time each may have begun
	byID   map[truce.ID]int32
	kinds  kinds
	where  density
}

// New prepares the events. It keeps them; they must not change.
func New(events []truce.Event, cfg Config) *Fuser {
	f := &Fuser{cfg: cfg.withDefaults(), events: current(events)}
	f.kinds = newKinds(f.events, f.cfg.Confusion)
	f.items = f.prepare()
	f.where = newDensity(f.items, f.cfg.Background)
	f.byID = make(map[truce.ID]int32, len(f.items))
	for i := range f.items {
		f.byID[f.events[f.items[i].event].ID] = int32(i)
		f.items[i].crowd = f.where.around(&f.items[i]) * f.where.share(&f.items[i])
	}
	return f
}

// Join is the package's Join on the prepared events.
func (f *Fuser) Join() []Group {
	clusters := f.cluster(f.pairs())
	out := make([]Group, len(clusters))
	for i, members := range clusters {
		out[i] = f.describe(members)
	}
	slices.SortFunc(out, func(a, b Group) int { return byTime(a.Events[0], b.Events[0]) })
	return out
}

// Describe says what the given events say together if people hold them for one
// happening. Events that were not given to New are passed over; nil when none is left.
func (f *Fuser) Describe(ids []truce.ID) *Group {
	var members []int32
	for _, id := range ids {
		if i, known := f.byID[id]; known {
			members = append(members, i)
		}
	}
	if len(members) == 0 {
		return nil
	}
	slices.Sort(members)
	g := f.describe(slices.Compact(members))
	return &g
}

// current keeps the highest revision of each event, ordered by time and id.
func current(events []truce.Event) []truce.Event {
	order := make([]*truce.Event, len(events)) // events are large: sort where they stand
	for i := range events {
		order[i] = &events[i]
	}
	slices.SortFunc(order, func(a, b *truce.Event) int {
		return cmp.Or(slices.Compare(a.ID[:], b.ID[:]), cmp.Compare(b.Revision, a.Revision))
	})
	order = slices.CompactFunc(order, func(a, b *truce.Event) bool { return a.ID == b.ID })
	slices.SortStableFunc(order, func(a, b *truce.Event) int { return cmp.Compare(a.Origin.From, b.Origin.From) })
	out := make([]truce.Event, len(order))
	for i, e := range order {
		out[i] = *e
	}
	return out
}

func byTime(a, b truce.Event) int {
	return cmp.Or(cmp.Compare(a.Origin.From, b.Origin.From), slices.Compare(a.ID[:], b.ID[:]))
}
