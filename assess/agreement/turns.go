package agreement

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	truce "github.com/trucewatch/truce"
)

// This file holds the turns of a rule: the instants at which something it rests on becomes
// another, a phase, the version of a line, map or list, the protection of a site. Where the
// time of an incident is known to an interval that holds a turn, every part of the interval
// is held against what was true in it (parts.go).

// maxParts bounds the parts into which the time of one incident is cut. Daily maps over two
// months give as many; of more, neighbours are taken together and the map at their middle
// counts for both.
const maxParts = 64

// addTurns tells every plan its turns, and the geometry those of what says who controls a
// place.
func (g *Geometry) addTurns() {
	g.controlTurns = sorted(append(eraTurns(g.lines[truce.LineID(g.a.ControlBy)], nil), eraTurns(g.maps[g.a.ControlBy], nil)...))
	for i := range g.plans {
		p := &g.plans[i]
		p.turns = g.turnsOf(p)
		for k := range p.readings {
			p.readings[k].plan.turns = g.turnsOf(&p.readings[k].plan)
		}
	}
}

// turnsOf are the turns of one rule, in order. The ends of its own span are none of them:
// the condition on the time weighs these.
func (g *Geometry) turnsOf(p *plan) []turnAt {
	var out []turnAt
	for i := 1; i < len(p.steps); i++ {
		out = addTurn(out, p.spans[i].From, 0)
	}
	sites, control := p.objects != nil, p.when != nil
	for _, place := range p.places {
		switch place := place.(type) {
		case zonePlace:
			if band, some := place.region.(*bandRegion); some {
				out = eraTurns(band.lines, out)
			}
		case withinPlace:
			out = eraTurns(place.lines, out)
		case crossesPlace:
			out = eraTurns(place.lines, out)
		case beyondPlace:
			out = eraTurns(place.lines, out)
		case *limitPlace:
			out = eraTurns(place.lines, out)
		case sitePlace:
			sites = true
		case areaPlace, otherArea:
			control = true
		}
	}
	if p.Require != nil && p.Require.WithinLine != nil {
		out = eraTurns(g.lines[p.Require.WithinLine.Line], out)
	}
	if p.objects != nil {
		for _, list := range slices.Concat(p.objects.lists...) {
			out = eraTurns(list, out)
		}
	}
	for i := 0; sites && i < len(g.sites); i++ {
		out = addTurn(out, g.sites[i].ProtectionFrom, 0)
	}
	if _, one := p.own(); one || control {
		out = append(out, g.controlTurns...)
	}
	return sorted(out)
}

// turnAt is one turn, and since when it is known: what nobody knew of turned nothing.
type turnAt struct{ at, known truce.Instant }

// eraTurns adds the instants at which a history may turn.
func eraTurns[T any](h history[T], out []turnAt) []turnAt {
	for i := range h {
		out = addTurn(addTurn(out, h[i].validFrom, h[i].knownFrom), h[i].validTo, h[i].knownFrom)
	}
	return out
}

// addTurn adds an instant; 0 is an open end and none.
func addTurn(out []turnAt, at, known truce.Instant) []turnAt {
	if at == 0 {
		return out
	}
	return append(out, turnAt{at, known})
}

// sorted brings turns into the order of time; of those at one instant the one that was
// known first stays.
func sorted(list []turnAt) []turnAt {
	slices.SortFunc(list, func(a, b turnAt) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.known.OrEarliest(), b.known.OrEarliest()))
	})
	return slices.CompactFunc(list, func(a, b turnAt) bool { return a.at == b.at })
}

// turning are the turns, of a list in order, at which the incident may still have to come
// and may be over; nil mostly.
func (l *look) turning(turns []turnAt) (out []truce.Instant) {
	if len(turns) == 0 {
		return nil
	}
	t := l.incident.Time
	slack := truce.Instant(tails * max(0, float64(t.Sigma)))
	from := sort.Search(len(turns), func(i int) bool { return turns[i].at > t.From-slack })
	to := sort.Search(len(turns), func(i int) bool { return turns[i].at > t.To+slack })
	for i := from; i < to; i++ {
		if turns[i].known.OrEarliest() <= l.known.OrLatest() {
			out = append(out, turns[i].at)
		}
	}
	return out
}

// part is a stretch of time in which nothing turns, with the probability that the moment
// lies in it.
type part struct {
	Span
	at    truce.Instant // a moment in it, which says what held
	share float64
}

// parts cuts the incident's time at its turns, nil where there are none or all but one of
// the parts are too improbable to tell.
func (l *look) parts(all []turnAt) []part {
	turns := l.turning(all)
	if turns == nil {
		return nil
	}
	if n := len(turns); n >= maxParts {
		thinned := make([]truce.Instant, 0, maxParts)
		for i := range maxParts - 1 {
			thinned = append(thinned, turns[i*n/(maxParts-1)])
		}
		turns = thinned
	}
	t := l.incident.Time
	slack := truce.Instant(tails * max(0, float64(t.Sigma)))
	var out []part
	for i := 0; i <= len(turns); i++ {
		one := part{}
		from, to := t.From-slack, t.To+slack
		if i > 0 {
			one.From, from = turns[i-1], turns[i-1]
		}
		if i < len(turns) {
			one.To, to = turns[i], turns[i]
		}
		if one.share = during(t, one.From, one.To); one.share < 5e-5 {
			continue
		}
		one.at = from + (to-from)/2
		out = append(out, one)
	}
	return out
}

// enter turns the look to one part of the time: what held then is asked anew.
func (l *look) enter(one *part) {
	l.part, l.at = one, one.at
	l.forget()
}

// leave turns back to the whole of the time.
func (l *look) leave() {
	l.part, l.at = nil, l.incident.Time.Mid()
	l.forget()
}

// forget drops what differs by time.
func (l *look) forget() {
	l.asked.control, l.asked.origin = false, false
	l.control, l.origin = nil, nil
	l.near.zones = l.near.zones[:0]
	l.facts = l.facts.none()
	l.facts.look = l
}

// during is the probability that the moment lies in a span, given the part of the time
// that is looked at.
func (l *look) during(s Span) float64 {
	if l.part == nil {
		return during(l.incident.Time, s.From, s.To)
	}
	both := overlapOf(s, l.part.Span)
	if both.empty() {
		return 0
	}
	return min(1, during(l.incident.Time, both.From, both.To)/l.part.share)
}

// overTime is who controls a place over the whole of the incident's time: each version of
// the line or map with the share of the time in which it held.
func (l *look) overTime(of func() *control) *control {
	if l.part != nil {
		return of()
	}
	parts := l.parts(l.g.controlTurns)
	if len(parts) == 0 {
		return of()
	}
	var list []*control
	for i := range parts {
		l.at = parts[i].at
		list = append(list, of())
	}
	l.at = l.incident.Time.Mid()
	return mixed(parts, list)
}

// versions is what is cited where several versions held during an incident's time.
type versions struct{ words string }

func (v versions) named() string { return v.words }

// mixed weighs the versions with their shares of the time; that of none is not known. The
// version with the largest share is cited.
func mixed(parts []part, list []*control) *control {
	out := &control{}
	total, most, words := 0.0, 0.0, ""
	for i, c := range list {
		total += parts[i].share
		if c == nil {
			continue
		}
		if parts[i].share > most {
			most, out.version, out.by = parts[i].share, c.version, c.by
		}
		if name := c.words(); words == "" {
			words = name
		} else if !strings.HasSuffix(words, name) {
			words += ", then " + name
		}
		for _, s := range c.shares {
			out.add(s.Party, parts[i].share*float64(s.P))
		}
	}
	if out.by == nil {
		return nil
	}
	out.by = versions{words}
	slices.SortFunc(out.shares, func(a, b truce.SideShare) int { return cmp.Compare(a.Party, b.Party) })
	out.unknown = 1
	for i := range out.shares {
		p := quantise(held(float64(out.shares[i].P) / total))
		out.shares[i].P = truce.Probability(p)
		out.unknown -= p
	}
	out.unknown = quantise(max(0, out.unknown))
	return out
}

// add gives a party more of the whole.
func (c *control) add(party truce.PartyID, p float64) {
	for i := range c.shares {
		if c.shares[i].Party == party {
			c.shares[i].P += truce.Probability(p)
			return
		}
	}
	c.shares = append(c.shares, truce.SideShare{Party: party, P: truce.Probability(p)})
}

// overLines is the probability to lie in a zone over the whole of the incident's time: a
// band along a line lies elsewhere with another version of the line.
func (l *look) overLines(r region) float64 {
	band, some := r.(*bandRegion)
	if !some {
		p, _, _ := l.inside(r)
		return p
	}
	parts := l.parts(sorted(eraTurns(band.lines, nil)))
	if parts == nil {
		p, _, _ := l.inside(r)
		return p
	}
	at, sum, total := l.at, 0.0, 0.0
	for i := range parts {
		l.at = parts[i].at
		p, _, _ := band.inside(l)
		sum, total = sum+parts[i].share*p, total+parts[i].share
	}
	l.at = at
	return quantise(held(sum / total))
}
