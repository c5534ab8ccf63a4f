package fuse

import (
	"cmp"
	"math"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/num"
)

// gate is how far, in squared Mahalanobis distance, two events may lie apart to be held
// for one at all: 1 in 10,000 true pairs lies beyond.
var gate = num.Chi2Quantile2(0.9999)

// gateSigmas is the same for time.
const gateSigmas = 4

// item is an event as numbers: kilometres and hours.
type item struct {
	event    int32 // index in the events
	kind     int16
	family   int16
	source   int32
	copies   int32 // the dependence group, -1 when it repeats nothing
	tells    bool  // a statement, not an instrument
	witness  bool  // its family can see acts at all
	heat     bool
	plant    bool // heat where heat recurs
	located  bool
	lat, lon float64
	cov      num.Cov
	reach    float64  // gate radius of its own error
	when     num.Span // hours; when it may have happened
	trust    float64  // factor on every link
	score    float64
	crowd    float64 // unrelated events of its family and kind per km2 and hour around it
}

// tells says whether a family makes statements. Two of them may have one teller, so they
// never corroborate each other without a recording.
func tells(f truce.Family) bool {
	return f == truce.FamilyMedia || f == truce.FamilyCivilian || f == truce.FamilyParty
}

// prepare turns the events into items, ordered by the earliest time each may have begun.
func (f *Fuser) prepare() []item {
	families, sources, copies := names[truce.Family]{}, names[truce.SourceID]{}, names[string]{}
	items := make([]item, len(f.events))
	for i := range f.events {
		e := &f.events[i]
		s := voice(e)
		it := item{
			event:   int32(i),
			kind:    f.kinds.index[e.Kind],
			family:  int16(families.number(s.Family)),
			source:  int32(sources.number(s.Source)),
			copies:  -1,
			tells:   tells(s.Family),
			witness: s.Family.Witness(),
			heat:    e.Kind == truce.ActHeat,
			trust:   1,
			score:   min(max(e.Score, 0.01), 0.99),
		}
		if s.Group != "" {
			it.copies = int32(copies.number(s.Group))
		}
		f.locate(&it, e)
		f.time(&it, e)
		f.trust(&it, e)
		items[i] = it
	}
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(a.when.From, b.when.From) })
	return items
}

// voice is the support that speaks for an event: its first.
func voice(e *truce.Event) truce.Support {
	if len(e.Support) == 0 {
		return truce.Support{}
	}
	return e.Support[0]
}

func (f *Fuser) locate(it *item, e *truce.Event) {
	if e.Position == nil || !e.Position.Valid() {
		return
	}
	it.located = true
	it.lat, it.lon = float64(e.Position.Lat), float64(e.Position.Lon)
	floor := float64(f.cfg.MinError*f.cfg.MinError) / 1e6
	c := e.Position.Error
	it.cov = num.Cov{XX: c.EE/1e6 + floor, XY: c.EN / 1e6, YY: c.NN/1e6 + floor}
	widest := (it.cov.XX+it.cov.YY)/2 + math.Hypot((it.cov.XX-it.cov.YY)/2, it.cov.XY)
	it.reach = math.Sqrt(gate * widest)
	it.located = it.reach <= maxReachKM && it.cov.Det() > 0
}

func (f *Fuser) time(it *item, e *truce.Event) {
	const hour = 3.6e9 // microseconds
	it.when = num.Span{
		From:  float64(e.Origin.From) / hour,
		To:    float64(e.Origin.To) / hour,
		Sigma: math.Hypot(float64(e.Origin.Sigma)/hour, f.cfg.MinTime.Hours()),
	}
	if it.heat { // what is seen now may have been lit before
		it.when.From -= f.cfg.HeatLag.Hours()
	}
}

func (f *Fuser) trust(it *item, e *truce.Event) {
	if slices.Contains(e.Labels, truce.LabelCapitalPoint) {
		it.trust *= f.cfg.CapitalTrust
	}
	if slices.Contains(e.Labels, truce.LabelRecurringHeat) {
		it.trust *= f.cfg.RecurringTrust
		it.plant = it.heat
	}
	if !it.tells {
		it.trust *= it.score // an instrument's false alarm is no companion
	}
}

// names numbers names in order of their first use.
type names[T comparable] map[T]int

func (n names[T]) number(name T) int {
	if i, ok := n[name]; ok {
		return i
	}
	n[name] = len(n)
	return len(n) - 1
}
