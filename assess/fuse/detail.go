package fuse

import (
	"cmp"
	"reflect"
	"slices"

	"github.com/trucewatch/truce"
)

// detail says what the events of one happening tell of it beyond act, time and place; nil
// when they tell nothing. Copies count once and so does a source that speaks twice. What
// can only be told with an interest is held back: where a shot came from is never taken
// from who only tells, and a state that exempts never where somebody saw. Numbers that
// may be printed are lower bounds. docs/methods/fusion.md has the rule of every field.
func (f *Fuser) detail(members []int32) *truce.Detail {
	s := f.statements(members)
	if s == nil {
		return nil
	}
	d := truce.Detail{
		Weapons:    weapons(s.that(func(d *truce.Detail) bool { return len(d.Weapons) > 0 })),
		Quantity:   quantity(s.seen(func(d *truce.Detail) bool { return d.Quantity > 0 })),
		Numbers:    s.numbers(),
		Imagery:    imagery(s.seen(func(d *truce.Detail) bool { return d.Imagery != nil })),
		Origin:     origin(s.sawOnly(func(d *truce.Detail) bool { return d.Origin != nil })),
		OriginSide: originSide(s.sawOnly(func(d *truce.Detail) bool { return len(d.OriginSide) > 0 })),
		Altitude:   altitude(s.that(func(d *truce.Detail) bool { return d.Altitude != nil })),
		Site:       unanimous(s.seen(func(d *truce.Detail) bool { return d.Site != "" }), func(d *truce.Detail) string { return d.Site }),
		Evidence:   evidence(s.list),
		Damage:     slices.ContainsFunc(s.list, func(s statement) bool { return s.Damage }),
		Casualties: casualties(s.that(func(d *truce.Detail) bool { return d.Casualties > 0 })),
		Holding:    holding(s.seen(func(d *truce.Detail) bool { return d.Holding != nil })),
		Duty:       duty(s.seen(func(d *truce.Detail) bool { return d.Duty != nil })),
		Claim:      claim(s.that(func(d *truce.Detail) bool { return d.Claim != nil })),
	}
	d.State, d.Flight = s.state(), flight(s.list)
	if reflect.ValueOf(d).IsZero() {
		return nil
	}
	return &d
}

// statement is what one event tells.
type statement struct {
	*truce.Detail
	event  *truce.Event
	copies int32 // as of the item
	source int32 // likewise
	tells  bool
	weight float64 // the trust in its method
}

// statements are those of a group, in order of time and id.
type statements struct {
	list []statement
	saw  bool // somebody in the group did not only tell, whatever they said
}

// statements gathers what is said; nil when nothing is.
func (f *Fuser) statements(members []int32) *statements {
	if !slices.ContainsFunc(members, func(m int32) bool { return f.events[f.items[m].event].Detail != nil }) {
		return nil
	}
	s := &statements{}
	for _, m := range members {
		it := &f.items[m]
		e := &f.events[it.event]
		s.saw = s.saw || !it.tells
		if e.Detail != nil {
			s.list = append(s.list, statement{e.Detail, e, it.copies, it.source, it.tells, it.score})
		}
	}
	slices.SortFunc(s.list, func(a, b statement) int { return byTime(*a.event, *b.event) })
	return s
}

// that gives the statements that say something of a field, one a voice. Voices are sources:
// one that speaks twice, or that is repeated by others, counts once.
func (s *statements) that(says func(*truce.Detail) bool) []statement {
	return oneEach(s.list, func(s statement) bool { return says(s.Detail) })
}

// sawOnly is that, without those who only tell.
func (s *statements) sawOnly(says func(*truce.Detail) bool) []statement {
	return oneEach(s.list, func(s statement) bool { return !s.tells && says(s.Detail) })
}

// seen is that; those who only tell are asked only where nobody who saw says anything.
func (s *statements) seen(says func(*truce.Detail) bool) []statement {
	if list := s.sawOnly(says); list != nil {
		return list
	}
	return s.that(says)
}

// oneEach keeps of each voice its newest statement that is wanted; a copy is as old as the
// first of its like. They stay in order of time and id.
func oneEach(list []statement, wanted func(statement) bool) []statement {
	var out []statement
	copied, at := map[int32]bool{}, map[int32]int{}
	for _, s := range list {
		if !wanted(s) || s.copies >= 0 && copied[s.copies] {
			continue
		}
		if s.copies >= 0 {
			copied[s.copies] = true
		}
		if before, spoke := at[s.source]; spoke && newest(out[before], s) > 0 {
			continue
		} else if spoke {
			out[before].Detail = nil // replaced
		}
		at[s.source] = len(out)
		out = append(out, s)
	}
	return slices.DeleteFunc(out, func(s statement) bool { return s.Detail == nil })
}

// state is what all who saw say of it, those who only tell where nobody saw anything: a
// party does not put its own gun into a store by saying so.
func (s *statements) state() string {
	says := func(d *truce.Detail) bool { return d.State != "" }
	list := s.sawOnly(says)
	if !s.saw {
		list = s.that(says)
	}
	return unanimous(list, func(d *truce.Detail) string { return d.State })
}

// unanimous is the word all use, "" when they differ.
func unanimous(list []statement, word func(*truce.Detail) string) string {
	out := ""
	for i, s := range list {
		if i > 0 && word(s.Detail) != out {
			return ""
		}
		out = word(s.Detail)
	}
	return out
}

// quantity is the largest number of the statements that agree: the most voices of which
// no two are further apart than a fifth of the larger or one. Between as many voices the
// smaller numbers count, so that one exaggeration never does.
func quantity(list []statement) int {
	numbers := make([]int, len(list))
	for i, s := range list {
		numbers[i] = s.Quantity
	}
	return agreed(numbers)
}

// numbers are those of each sort that is counted, by the rule of the quantity, in the order
// of the sorts' names.
func (s *statements) numbers() []truce.Number {
	var sorts []string
	for _, one := range s.list {
		for _, n := range one.Numbers {
			sorts = append(sorts, n.Object)
		}
	}
	slices.Sort(sorts)
	var out []truce.Number
	for _, sort := range slices.Compact(sorts) {
		of := func(d *truce.Detail) int {
			i := slices.IndexFunc(d.Numbers, func(n truce.Number) bool { return n.Object == sort })
			if i < 0 {
				return 0
			}
			return d.Numbers[i].N
		}
		var counts []int
		for _, one := range s.seen(func(d *truce.Detail) bool { return of(d) > 0 }) {
			counts = append(counts, of(one.Detail))
		}
		if n := agreed(counts); n > 0 {
			out = append(out, truce.Number{Object: sort, N: n})
		}
	}
	return out
}

// imagery is the newest pair of images; of two as new the finer one.
func imagery(list []statement) *truce.ImagePair {
	var best *truce.ImagePair
	for _, s := range list {
		p := s.Imagery
		finer := best != nil && p.After == best.After && p.GSDM > 0 && (best.GSDM == 0 || p.GSDM < best.GSDM)
		if best == nil || p.After > best.After || finer {
			best = p
		}
	}
	return best
}

// agreed is the largest number of those that agree.
func agreed(numbers []int) int {
	slices.Sort(numbers)
	best, most := 0, 0
	for from := range numbers {
		to := from
		for to+1 < len(numbers) && agree(numbers[from], numbers[to+1]) {
			to++
		}
		if to-from+1 > most {
			best, most = numbers[to], to-from+1
		}
	}
	return best
}

// agree says whether two counts, the smaller first, may be of the same things.
func agree(a, b int) bool { return b-a <= max(1, b/5) }

// casualties is the lower median of the voices: as many as half of them say, and of two the
// smaller number. Early numbers are rumours in both directions, and what is printed must
// not have to be taken back.
func casualties(list []statement) int {
	if len(list) == 0 {
		return 0
	}
	numbers := make([]int, len(list))
	for i, s := range list {
		numbers[i] = s.Casualties
	}
	slices.Sort(numbers)
	return numbers[(len(numbers)-1)/2]
}

// altitude is the height all agree on, and where they share none the heights around all.
func altitude(list []statement) *truce.Span {
	if len(list) == 0 {
		return nil
	}
	shared, around := *list[0].Altitude, *list[0].Altitude
	for _, s := range list[1:] {
		shared = truce.Span{Low: max(shared.Low, s.Altitude.Low), High: min(shared.High, s.Altitude.High)}
		around = truce.Span{Low: min(around.Low, s.Altitude.Low), High: max(around.High, s.Altitude.High)}
	}
	if shared.Low <= shared.High {
		return &shared
	}
	return &around
}

// evidence is every kind that anybody has.
func evidence(list []statement) []string {
	var out []string
	for _, s := range list {
		out = append(out, s.Evidence...)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) == 0 {
		return nil
	}
	return slices.Clip(out[:min(len(out), maxKinds)])
}

// newest compares statements by the middle of the time they speak of; an event's id, which
// is stable, decides between equals.
func newest(a, b statement) int {
	return cmp.Or(newer(a, b), slices.Compare(a.event.ID[:], b.event.ID[:]))
}

func newer(a, b statement) int { return cmp.Compare(a.event.Origin.Mid(), b.event.Origin.Mid()) }

// holding is the newest count; of two of the same time the one that misses fewer.
func holding(list []statement) *truce.Holding {
	if len(list) == 0 {
		return nil
	}
	last := slices.MaxFunc(list, func(a, b statement) int {
		return cmp.Or(newer(a, b), cmp.Compare(b.Holding.Missing(), a.Holding.Missing()), newest(a, b))
	})
	h := *last.Holding
	return &h
}

// duty is the newest of what was owed. Who does not say that it was met may not know: where
// another says when, of what was owed since the same time, it was met, at the earliest time said.
func duty(list []statement) *truce.Duty {
	if len(list) == 0 {
		return nil
	}
	d := *slices.MaxFunc(list, newest).Duty
	if d.MetAt != 0 {
		return &d
	}
	for _, s := range list {
		if met := s.Duty.MetAt; s.Duty.Since == d.Since && met != 0 && (d.MetAt == 0 || met < d.MetAt) {
			d.MetAt = met
		}
	}
	return &d
}

// claim is the newest claim of self-defence. Parts of different claims are not mixed.
func claim(list []statement) *truce.SelfDefence {
	if len(list) == 0 {
		return nil
	}
	c := *slices.MaxFunc(list, newest).Claim
	return &c
}
