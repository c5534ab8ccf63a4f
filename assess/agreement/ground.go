package agreement

import (
	"math"
	"slices"
	"strconv"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/geo/fence"
)

// ground is a set of areas compiled into one index. Which of them a place lies in is then a
// look into one cell, and a probability is integrated only where an edge comes near. It is
// not changed once compiled.
type ground struct {
	drawn    []fence.Zone
	areas    []boxed    // by number
	accuracy geo.Metres // 1 sigma of the least exact of their edges
	index    *fence.Index
}

// boxed is an area with the box around it, and its number in the ground it belongs to.
type boxed struct {
	*geo.Area
	box geo.Bounds
	n   int32 // unnumbered where it is in none
}

const unnumbered = -1

func newBoxed(a *geo.Area) boxed { return boxed{a, a.Bounds(), unnumbered} }

// add puts an area into the ground, unless that is compiled already: what is notified later
// stays apart, and is asked by itself.
func (d *ground) add(a *geo.Area, accuracy geo.Metres) boxed {
	b := newBoxed(a)
	if d.index != nil {
		return b
	}
	b.n = int32(len(d.areas))
	d.drawn = append(d.drawn, fence.ZoneOf(strconv.Itoa(len(d.drawn)), a))
	d.areas = append(d.areas, b)
	d.accuracy = max(d.accuracy, accuracy)
	return b
}

// groundOf is the ground of one area.
func groundOf(a *geo.Area) (*ground, error) {
	d := &ground{}
	d.add(a, 0)
	return d, d.compile()
}

func (d *ground) compile() error {
	index, err := fence.Compile(d.drawn)
	if err != nil {
		return truce.Errorf(truce.CodeInvalid, "agreement: zones, sites and areas together: %w", err)
	}
	d.index = index
	return nil
}

// roomForReaches is how many areas around a place are held without an allocation.
const roomForReaches = 32

// most is the area of those from one number on and before another that a position most
// probably lies in, the first among equals, and what is left of 1 beside all of them.
func (d *ground) most(pos geo.Position, from, to int32) (best int32, p, rest float64) {
	best, rest = unnumbered, 1
	d.shares(pos, 0, from, to, func(n int32, share float64) {
		share = quantise(share)
		if rest -= share; share > p {
			best, p = n, share
		}
	})
	return best, p, rest
}

// allTails is how many sigmas of a Gaussian are looked at where a probability is not rounded
// to four decimals yet: 3e-7 lies beyond such a circle.
const allTails = 5.5

// shares calls visit with each area, from one number on and before another, that a position
// may lie in, in rising order, and with the probability. A position whose numbers mean
// nothing lies in none.
func (d *ground) shares(pos geo.Position, accuracy geo.Metres, from, to int32, visit func(n int32, p float64)) {
	if pos.Footprint == nil && !pos.Error.Valid() {
		return
	}
	var room [roomForReaches]fence.Reach
	within := geo.Metres(reach(pos, accuracy) * allTails / tails)
	for _, r := range d.index.Around(pos.Point, within, room[:0]) {
		switch {
		case r.Zone < from || r.Zone >= to:
		case r.Whole:
			visit(r.Zone, 1)
		default:
			visit(r.Zone, held(d.areas[r.Zone].Probability(pos, accuracy)))
		}
	}
}

// holds says whether any of the areas holds a point, edges included.
func (d *ground) holds(p geo.Point) bool {
	var room [roomForReaches]int32
	return len(d.index.Zones(p, room[:0])) > 0
}

// share is the probability that a position lies in one of the areas, which do not overlap.
func (d *ground) share(pos geo.Position, accuracy geo.Metres) float64 {
	total := 0.0
	d.shares(pos, accuracy, 0, int32(len(d.areas)), func(_ int32, p float64) { total += p })
	return min(total, 1)
}

// nearSites are the numbers of the sites that the incident's place may lie in, in the order
// of the agreement; for sentences those as well whose box alone it may reach.
func (l *look) nearSites() []int32 {
	if l.near.sought {
		return l.near.sites
	}
	l.near.sought = true
	if l.quiet {
		for _, r := range l.reaches() {
			l.near.sites = append(l.near.sites, r.Zone)
		}
	} else {
		l.near.sites = l.g.ground.index.Near(l.incident.Position.Point, geo.Metres(l.spread(0)), l.near.sites)
	}
	from, to := l.g.firstSite, l.g.firstSite+int32(len(l.g.sites))
	l.near.sites = slices.DeleteFunc(l.near.sites, func(n int32) bool { return n < from || n >= to })
	return l.near.sites
}

// lies is how an area of the ground lies to the incident's place.
type lies int

const (
	liesOutside lies = iota
	liesInside
	liesAcross // an edge comes near
)

// reaches are the areas of the terms that the place of effect may lie in, looked for once.
func (l *look) reaches() []fence.Reach {
	if !l.near.looked {
		l.near.looked = true
		d := l.g.ground
		l.near.reaches = d.index.Around(l.incident.Position.Point, geo.Metres(l.spread(d.accuracy)), l.near.reaches)
	}
	return l.near.reaches
}

// lies says how an area of the terms lies to the place of effect.
func (l *look) lies(n int32) lies {
	reaches := l.reaches()
	i, found := slices.BinarySearchFunc(reaches, n, func(r fence.Reach, n int32) int { return int(r.Zone - n) })
	switch {
	case !found:
		return liesOutside
	case reaches[i].Whole:
		return liesInside
	}
	return liesAcross
}

// areaChance is the probability to lie in an area, known to an accuracy.
func (l *look) areaChance(a *boxed, accuracy geo.Metres) float64 {
	if a.n != unnumbered {
		switch l.lies(a.n) {
		case liesOutside:
			return 0
		case liesInside:
			return 1
		}
	}
	for i := range l.near.areas {
		if l.near.areas[i].area == a.Area {
			return l.near.areas[i].p
		}
	}
	p := l.integrated(a, accuracy)
	l.near.areas = append(l.near.areas, areaOf{a.Area, p})
	return p
}

// integrated is the probability for an area whose edge may come near. An area whose box is
// farther than the position can lie is not asked; whether an exact point is in one the index
// says without rounding.
func (l *look) integrated(a *boxed, accuracy geo.Metres) float64 {
	pos, spread := l.incident.Position, l.spread(accuracy)
	if spread == 0 && a.n != unnumbered {
		var room [roomForReaches]int32
		return step(slices.Contains(l.g.ground.index.Zones(pos.Point, room[:0]), a.n))
	}
	if !overlap(around(pos.Point, spread), a.box) {
		return 0
	}
	p := a.Probability(*pos, accuracy)
	if math.IsNaN(p) {
		return 0
	}
	return quantise(p)
}
