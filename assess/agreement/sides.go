package agreement

import (
	"cmp"
	"slices"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// SidesAt is SideAt with the version that says so, as ControlDrawing names it. It asks no
// rule: a place has a side whether or not a rule looks at it.
func (g *Geometry) SidesAt(pos geo.Position, valid, known truce.Instant) (shares []truce.SideShare, version string) {
	if c := g.controlAt(pos, valid, known); c != nil {
		_, version = g.ControlDrawing(valid, known)
		return slices.Clone(c.shares), version
	}
	return nil, ""
}

// ControlDrawing is the line or map that says at a time who controls what, as bulletins
// cite it: its name and its version; both are "" when none holds.
func (g *Geometry) ControlDrawing(valid, known truce.Instant) (name, version string) {
	if e := g.lines[truce.LineID(g.a.ControlBy)].at(valid, known); e != nil {
		return e.value.record.Map, e.value.version
	}
	if e := g.maps[g.a.ControlBy].at(valid, known); e != nil {
		return e.value.record.Map, e.value.version
	}
	return "", ""
}

// LinesDuring lists every line and map that LinesAt gives at some time of a period: first
// the version of its middle, behind it the others of the same line in order of time.
func (g *Geometry) LinesDuring(p truce.Period, known truce.Instant) []truce.BulletinLine {
	var times []truce.Instant
	for _, l := range g.a.Lines {
		times = append(times, changes(g.lines[l.ID])...)
	}
	for _, m := range g.a.ControlMaps {
		times = append(times, changes(g.maps[m.ID])...)
	}
	slices.Sort(times)
	out := g.LinesAt(p.Mid(), known)
	for _, at := range append([]truce.Instant{p.From}, slices.Compact(times)...) {
		if !p.Contains(at) {
			continue
		}
		for _, l := range g.LinesAt(at, known) {
			if !slices.Contains(out, l) {
				out = append(out, l)
			}
		}
	}
	order := map[truce.LineID]int{}
	for i, l := range slices.Backward(out) {
		order[l.ID] = i
	}
	slices.SortStableFunc(out, func(a, b truce.BulletinLine) int { return cmp.Compare(order[a.ID], order[b.ID]) })
	return out
}

// changes are the times at which a history may give another version.
func changes[T any](h history[T]) []truce.Instant {
	out := make([]truce.Instant, 0, 2*len(h))
	for _, e := range h {
		out = append(out, e.validFrom, e.validTo)
	}
	return out
}
