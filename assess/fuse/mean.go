package fuse

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
)

// mean is what voices give to each of several names, weighed by the trust in their methods.
type mean[T comparable] struct {
	at    map[T]int
	names []T
	given []float64
	whole float64 // the weights of all voices
}

func (m *mean[T]) add(name T, part float64) {
	i, known := m.at[name]
	if !known {
		if m.at == nil {
			m.at = map[T]int{}
		}
		i = len(m.names)
		m.at[name], m.names, m.given = i, append(m.names, name), append(m.given, 0)
	}
	m.given[i] += part
}

// strongest orders the names by what they were given, then by name, and keeps the first.
func (m *mean[T]) strongest(byName func(a, b T) int) {
	order := make([]int, len(m.names))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(m.given[j], m.given[i]), byName(m.names[i], m.names[j]))
	})
	kept := mean[T]{whole: m.whole}
	for _, i := range order[:min(len(order), maxWeapons)] {
		kept.add(m.names[i], m.given[i])
	}
	*m = kept
}

// chances are the means as multiples of the step, together at most 1.
func (m *mean[T]) chances() []truce.Probability {
	units := make([]float64, len(m.given))
	over := -math.Round(1 / step)
	for i, part := range m.given {
		units[i] = math.Round(part / m.whole / step)
		over += units[i]
	}
	out := make([]truce.Probability, len(units))
	for i, n := range units {
		if i == 0 { // what rounding puts on top is taken from the largest
			n -= max(over, 0)
		}
		out[i] = quantised(n * step)
	}
	return out
}

// weapons are what the weapon may have been: the mean over the voices. Who leaves open
// what others say takes their word for it: "152 mm" beside "howitzer 152 mm" speaks for
// the howitzer.
func weapons(list []statement) []truce.Weapon {
	var said, out mean[truce.Weapon]
	for _, s := range list {
		said.whole += s.weight
		for _, w := range s.Weapons {
			said.add(named(w), s.weight*weaponShare(s, w))
		}
	}
	said.strongest(byName)
	out.whole = said.whole
	for _, s := range list {
		for _, w := range s.Weapons {
			if named(w) != (truce.Weapon{}) { // else anything, as what is left of 1
				handOn(&out, &said, s, named(w), s.weight*weaponShare(s, w))
			}
		}
	}
	out.strongest(byName)
	var weapons []truce.Weapon
	for i, p := range out.chances() {
		if w := out.names[i]; p > 0 {
			w.P = p
			weapons = append(weapons, w)
		}
	}
	return slices.Clip(weapons)
}

// handOn gives the part of one alternative of a voice to the finer ones of others, in
// proportion to what these give them; as it is where there are none, or where the voice
// itself tells them apart.
func handOn(out, said *mean[truce.Weapon], s statement, w truce.Weapon, part float64) {
	total := 0.0
	if !slices.ContainsFunc(s.Weapons, func(own truce.Weapon) bool { return finer(named(own), w) }) {
		for i, other := range said.names {
			if finer(other, w) {
				total += said.given[i]
			}
		}
	}
	if total == 0 {
		out.add(w, part)
		return
	}
	for i, other := range said.names {
		if finer(other, w) {
			out.add(other, part*said.given[i]/total)
		}
	}
}

// finer says whether a weapon is the other with more known of it.
func finer(w, than truce.Weapon) bool {
	return w != than && (than.Class == "" || w.Class == than.Class) && (than.Type == "" || w.Type == than.Type) &&
		(than.CalibreMM == 0 || w.CalibreMM == than.CalibreMM)
}

// named is a weapon without its chance.
func named(w truce.Weapon) truce.Weapon {
	w.P = 0
	return w
}

func byName(a, b truce.Weapon) int {
	return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Type, b.Type), cmp.Compare(a.CalibreMM, b.CalibreMM))
}

// weaponShare is an alternative's chance within its statement.
func weaponShare(s statement, w truce.Weapon) float64 {
	total := 0.0
	for _, other := range s.Weapons {
		total += float64(other.P)
	}
	return float64(w.P) / max(total, 1)
}

// originSide is the mean of what the voices give each side.
func originSide(list []statement) []truce.SideShare {
	var said mean[truce.PartyID]
	for _, s := range list {
		said.whole += s.weight
		total := 0.0
		for _, side := range s.OriginSide {
			total += float64(side.P)
		}
		for _, side := range s.OriginSide {
			said.add(side.Party, s.weight*float64(side.P)/max(total, 1))
		}
	}
	said.strongest(func(a, b truce.PartyID) int { return cmp.Compare(a, b) })
	var out []truce.SideShare
	for i, p := range said.chances() {
		out = append(out, truce.SideShare{Party: said.names[i], P: p})
	}
	slices.SortFunc(out, func(a, b truce.SideShare) int { return strings.Compare(string(a.Party), string(b.Party)) })
	return slices.Clip(out)
}

// originGate is how far, in squared Mahalanobis distance, two places may lie apart to be
// held for one: 1 in 100 true pairs lies beyond.
var originGate = num.Chi2Quantile2(0.99)

// origin is the place that follows from all together when every two can be one, weighed by
// their errors; else the one that promises least.
func origin(list []statement) *geo.Position {
	if len(list) == 0 {
		return nil
	}
	out, fit := *list[0].Origin, true
	for i, s := range list[1:] {
		for _, before := range list[:i+1] {
			fit = fit && oneOrigin(before.Origin, s.Origin)
		}
	}
	if !fit {
		out = *slices.MaxFunc(list, wider).Origin
	} else if len(list) > 1 {
		for _, s := range list[1:] {
			out.Point, out.Error = geo.Fuse(out.Point, out.Error, s.Origin.Point, s.Origin.Error)
		}
		out.Point, out.Error = quantisedPlace(out.Point, out.Error)
	}
	out.Footprint = nil
	return &out
}

// wider compares the areas of two places' errors; an event's id decides between equals.
func wider(a, b statement) int {
	return cmp.Or(cmp.Compare(area2(a.Origin.Error), area2(b.Origin.Error)), slices.Compare(a.event.ID[:], b.event.ID[:]))
}

// oneOrigin says whether two places can be one. Errors below a metre are not believed.
func oneOrigin(a, b *geo.Position) bool {
	plane := geo.NewPlane(a.Point)
	east, north := plane.To(b.Point)
	both := a.Error.Add(b.Error)
	cov := num.Cov{XX: both.EE + 1, XY: both.EN, YY: both.NN + 1}
	return cov.Mahalanobis2(float64(east), float64(north)) <= originGate
}

// quantisedPlace rounds a computed place to a centimetre, and its error outwards, so that
// both are written alike everywhere.
func quantisedPlace(p geo.Point, c geo.Covariance) (geo.Point, geo.Covariance) {
	const degrees, metres2 = 1e-7, 1e-3
	up := func(x float64) float64 { return num.Quantise(math.Ceil(x/metres2)*metres2, metres2) }
	return geo.Point{Lat: geo.Degrees(num.Quantise(float64(p.Lat), degrees)), Lon: geo.Degrees(num.Quantise(float64(p.Lon), degrees))},
		geo.Covariance{EE: up(c.EE), EN: num.Quantise(math.Trunc(c.EN/metres2)*metres2, metres2), NN: up(c.NN)}
}
