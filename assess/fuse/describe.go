package fuse

import (
	"cmp"
	"math"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
)

// step is how finely probabilities are kept, so that they hash the same everywhere.
const step = 1e-6

// belief is how far one event of a group is believed.
type belief struct {
	item *item
	p    float64
}

// describe says what the events of one happening say together. Heat where heat recurs
// is listed and labelled, but says nothing of what others tell: a plant burns whether or
// not they are right.
func (f *Fuser) describe(members []int32) Group {
	telling := f.telling(members)
	best := f.bestLink(telling)
	g := Group{Link: best, Events: f.eventsOf(members)}
	beliefs := f.beliefs(telling)
	g.Families, g.Sources = witnesses(g.Events)
	g.P = probability(beliefs)
	g.Acts = f.acts(beliefs)
	g.Occurrence = f.occurrence(telling, best)
	g.Position, g.Place = f.place(telling)
	g.Time = f.when(f.eventsOf(telling))
	g.Labels = f.labels(members)
	g.Detail = f.detail(telling)
	return g
}

// eventsOf lists the members' events by time, then id.
func (f *Fuser) eventsOf(members []int32) []truce.Event {
	out := make([]truce.Event, len(members))
	for x, m := range members {
		out[x] = f.events[f.items[m].event]
	}
	slices.SortFunc(out, byTime)
	return out
}

// telling leaves out the heat where heat recurs, unless there is nothing else.
func (f *Fuser) telling(members []int32) []int32 {
	out := slices.DeleteFunc(slices.Clone(members), func(m int32) bool { return f.items[m].plant })
	if len(out) == 0 {
		return members
	}
	return out
}

// bestLink is the best link between events of two families of which at least one records.
func (f *Fuser) bestLink(members []int32) *Link {
	var best *Link
	for x, i := range members {
		for _, j := range members[x+1:] {
			a, b := &f.items[i], &f.items[j]
			if !f.independent(a, b) || !within(a, b) {
				continue
			}
			if odds := f.odds(a, b); best == nil || odds > best.Odds {
				best = &Link{
					A: f.events[a.event].ID, B: f.events[b.event].ID, Odds: num.Quantise(odds, step),
					Same: quantised(num.FromOdds(odds)), Chance: quantised(float64(f.chance(a, b))),
				}
			}
		}
	}
	return best
}

// independent says whether two events can bear each other out: two families that can
// witness, which do not both only tell, and no copies.
func (f *Fuser) independent(a, b *item) bool {
	return a.family != b.family && !(a.tells && b.tells) && a.witness && b.witness &&
		(a.copies < 0 || a.copies != b.copies)
}

// beliefs gives each event the trust of its method, raised by the best companion of each
// other family: posterior odds = prior odds times (1 + odds of the link), since an event
// that did not happen meets a companion by chance alone. Within a family nothing is
// raised: its sources fail together.
func (f *Fuser) beliefs(members []int32) []belief {
	out := make([]belief, len(members))
	for x, i := range members {
		it := &f.items[i]
		odds := num.Odds(it.score)
		for _, c := range f.companions(it, members) {
			odds *= 1 + c.odds
		}
		out[x] = belief{it, min(num.FromOdds(odds), maxBelief)}
	}
	return out
}

// companion is the best link of an event to one other family.
type companion struct {
	family int16
	odds   float64
}

func (f *Fuser) companions(it *item, members []int32) []companion {
	var out []companion
	for _, j := range members {
		other := &f.items[j]
		if !f.independent(it, other) || !within(it, other) {
			continue
		}
		at := slices.IndexFunc(out, func(c companion) bool { return c.family == other.family })
		if at < 0 {
			out = append(out, companion{other.family, 0})
			at = len(out) - 1
		}
		out[at].odds = max(out[at].odds, f.odds(it, other))
	}
	return out
}

// maxBelief is as sure as a machine gets.
const maxBelief = 0.999

// probability is that of the best believed event: families are not multiplied again, the
// links have done it.
func probability(beliefs []belief) truce.Probability {
	best := 0.0
	for _, b := range beliefs {
		best = max(best, b.p)
	}
	return quantised(best)
}

// confusion is the chance that the act was another than all who name one say. One source
// takes an act for another of its group once in ten; two families that bear each other
// out do so alike once in a hundred. Where they name different acts nothing is gained.
func (f *Fuser) confusion(beliefs []belief) float64 {
	var voices []*item
	for _, b := range beliefs {
		if f.kinds.acts[b.item.kind].Group() == truce.GroupSignature || b.p <= 0.5 {
			continue
		}
		if len(voices) > 0 && b.item.kind != voices[0].kind {
			return f.cfg.Confusion
		}
		apart := func(v *item) bool { return f.independent(v, b.item) }
		if !slices.ContainsFunc(voices, func(v *item) bool { return !apart(v) }) {
			voices = append(voices, b.item)
		}
	}
	return math.Pow(f.cfg.Confusion, float64(max(1, len(voices))))
}

// acts shares the happening out among the acts it may have been. Named acts share what
// is believed of them, less the chance that the namer was mistaken; signs such as heat
// take what is left, and all when nothing is named.
func (f *Fuser) acts(beliefs []belief) []truce.ActWeight {
	named, signs := map[truce.Act]float64{}, map[truce.Act]float64{}
	var topNamed, top float64
	for _, b := range beliefs {
		act := f.kinds.acts[b.item.kind]
		top = max(top, b.p)
		if act.Group() == truce.GroupSignature {
			signs[act] = max(signs[act], b.p)
			continue
		}
		named[act] = max(named[act], b.p)
		topNamed = max(topNamed, b.p)
	}
	ofNamed := topNamed / top * (1 - f.confusion(beliefs))
	ofSigns := 1 - topNamed/top
	out := append(shared(named, ofNamed), shared(signs, ofSigns)...)
	out = slices.DeleteFunc(out, func(w truce.ActWeight) bool { return w.P == 0 })
	slices.SortFunc(out, func(a, b truce.ActWeight) int { return cmp.Or(cmp.Compare(b.P, a.P), cmp.Compare(a.Act, b.Act)) })
	return out
}

// shared splits a whole in proportion to the weights.
func shared(weights map[truce.Act]float64, whole float64) []truce.ActWeight {
	acts := make([]truce.Act, 0, len(weights))
	for act := range weights {
		acts = append(acts, act)
	}
	slices.Sort(acts)
	total := 0.0
	for _, act := range acts {
		total += weights[act]
	}
	out := make([]truce.ActWeight, 0, len(acts))
	for _, act := range acts {
		// Rounded down, so that the shares never sum to more than the whole.
		out = append(out, truce.ActWeight{Act: act, P: truce.Probability(num.Quantise(math.Floor(whole*weights[act]/total/step)*step, step))})
	}
	return out
}

// occurrence: told only, recorded by one family, or two independent families that agree
// beyond chance.
func (f *Fuser) occurrence(members []int32, best *Link) truce.Occurrence {
	if best != nil && best.Same >= f.cfg.MinSame && best.Chance <= f.cfg.MaxChance {
		return truce.OccurrenceCorroborated
	}
	if slices.ContainsFunc(members, func(m int32) bool { return seenByTwo(&f.events[f.items[m].event]) }) {
		return truce.OccurrenceCorroborated
	}
	for _, m := range members {
		if it := &f.items[m]; it.witness && !it.tells {
			return truce.OccurrenceDetected
		}
	}
	return truce.OccurrenceReported
}

// seenByTwo says whether one event rests on observations of two families, of which one is
// neither a statement nor what an object says of itself: sense/track found them to be of one
// object, look after look.
func seenByTwo(e *truce.Event) bool {
	var first truce.Family
	two, measured := false, false
	for i := range e.Support {
		s := &e.Support[i]
		if s.Group != "" || !s.Family.Witness() {
			continue
		}
		two = two || first != "" && s.Family != first
		first = cmp.Or(first, s.Family)
		measured = measured || !tells(s.Family) && s.Family != truce.FamilyTransponder && s.Family != truce.FamilyDrone
	}
	return two && measured
}

// place is the place of the event that knows it best. Places are not averaged: two
// reports that name one town share the error of the gazetteer.
func (f *Fuser) place(members []int32) (*geo.Position, string) {
	var best *item
	for _, m := range members {
		it := &f.items[m]
		if f.events[it.event].Position != nil && (best == nil || f.knowsBetter(it, best)) {
			best = it
		}
	}
	if best == nil {
		return nil, f.events[f.items[members[0]].event].Place
	}
	e := &f.events[best.event]
	return e.Position, e.Place
}

// knowsBetter prefers a place that means itself to one that may stand for a country, then
// the smaller error, then the smaller id.
func (f *Fuser) knowsBetter(a, b *item) bool {
	ea, eb := &f.events[a.event], &f.events[b.event]
	ca, cb := slices.Contains(ea.Labels, truce.LabelCapitalPoint), slices.Contains(eb.Labels, truce.LabelCapitalPoint)
	if ca != cb {
		return cb
	}
	da, db := area2(ea.Position.Error), area2(eb.Position.Error)
	return cmp.Or(cmp.Compare(da, db), slices.Compare(ea.ID[:], eb.ID[:])) < 0
}

func area2(c geo.Covariance) float64 { return c.EE*c.NN - c.EN*c.EN }

// labels keeps what is true of the whole group: recurring heat when any event has it, the
// others only when every event has them, one source only when one voice speaks.
func (f *Fuser) labels(members []int32) []truce.Label {
	count := map[truce.Label]int{}
	for _, m := range members {
		for _, l := range f.events[f.items[m].event].Labels {
			count[l]++
		}
	}
	var out []truce.Label
	for l, n := range count {
		if n == len(members) || l == truce.LabelRecurringHeat {
			out = append(out, l)
		}
	}
	if len(f.voices(members)) > 1 {
		out = slices.DeleteFunc(out, func(l truce.Label) bool { return l == truce.LabelOneSource })
	}
	slices.Sort(out)
	return out
}

// witnesses lists the families and sources of all support, sorted.
func witnesses(events []truce.Event) ([]truce.Family, []truce.SourceID) {
	var families []truce.Family
	var sources []truce.SourceID
	for _, e := range events {
		for _, s := range e.Support {
			families, sources = append(families, s.Family), append(sources, s.Source)
		}
	}
	slices.Sort(families)
	slices.Sort(sources)
	return slices.Compact(families), slices.Compact(sources)
}

func quantised(p float64) truce.Probability { return truce.Probability(num.Quantise(p, step)) }
