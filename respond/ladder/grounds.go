package ladder

import (
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// grounds says which criteria hold at a time, in the order in which they are written.
func (f facts) grounds(c truce.Criteria, at truce.Instant) []truce.Ground {
	return f.groundsOver(c, f.items, at)
}

func (f facts) groundsOver(c truce.Criteria, items []item, at truce.Instant) []truce.Ground {
	items = choose(c, items)
	items = slices.DeleteFunc(items, func(it item) bool { return it.until <= at })
	t := count(c, items)
	out := groundsOfKind(c, t)
	out = append(out, groundsOfNumber(c, t)...)
	if c.After > 0 {
		out = append(out, truce.Ground{Kind: truce.GroundAfter, Want: int64(c.After), Have: int64(at - f.t0)})
	}
	if c.Unexplained > 0 {
		out = append(out, truce.Ground{Kind: truce.GroundUnexplained, Want: int64(c.Unexplained), Have: oldest(items, at)})
	}
	if c.AdvanceM > 0 {
		out = append(out, farthest(f.c.Advances, c.AdvanceM))
	}
	if c.BlindShare > 0 || c.BlindFor > 0 {
		out = append(out, darkest(f.c.Blind, c, at)...)
	}
	for _, one := range c.Any {
		if f.over(one, items).has(at) {
			out = append(out, f.groundsOver(one, items, at)...)
			break
		}
	}
	if len(out) == 0 {
		out = append(out, truce.Ground{Kind: truce.GroundOpen, Have: int64(t.incidents)})
	}
	return out
}

func groundsOfKind(c truce.Criteria, t total) []truce.Ground {
	var out []truce.Ground
	if len(c.Rules) > 0 {
		out = append(out, truce.Ground{Kind: truce.GroundRules, What: list(c.Rules), Have: int64(t.hits)})
	}
	if len(c.Acts) > 0 {
		out = append(out, truce.Ground{Kind: truce.GroundActs, What: list(c.Acts), Have: int64(t.hits)})
	}
	if c.SeverityMin > 0 {
		out = append(out, truce.Ground{Kind: truce.GroundSeverity, Want: int64(c.SeverityMin), Have: int64(t.severity)})
	}
	if c.Occurrence != "" {
		out = append(out, truce.Ground{Kind: truce.GroundOccurrence, What: string(c.Occurrence), Have: int64(t.incidents)})
	}
	if c.Attribution != "" {
		out = append(out, truce.Ground{Kind: truce.GroundAttribution, What: string(c.Attribution), Have: int64(t.incidents)})
	}
	return out
}

func groundsOfNumber(c truce.Criteria, t total) []truce.Ground {
	var out []truce.Ground
	if c.Hits > 0 {
		out = append(out, truce.Ground{Kind: truce.GroundHits, Want: int64(c.Hits), Have: int64(t.hits), What: string(c.Unit)})
	}
	if c.Areas > 0 {
		out = append(out, truce.Ground{Kind: truce.GroundAreas, Want: int64(c.Areas), Have: int64(t.areas)})
	}
	if c.Within > 0 {
		out = append(out, truce.Ground{Kind: truce.GroundWithin, Want: int64(c.Within), Have: int64(t.incidents)})
	}
	if c.Lasting > 0 {
		out = append(out, truce.Ground{Kind: truce.GroundLasting, Want: int64(c.Lasting), Have: int64(t.lasting())})
	}
	return out
}

func list[T ~string](all []T) string {
	words := make([]string, len(all))
	for n, one := range all {
		words[n] = string(one)
	}
	return strings.Join(words, ", ")
}

// oldest is how long the first of the incidents has been on record.
func oldest(items []item, at truce.Instant) int64 {
	first := at
	for _, it := range items {
		first = min(first, it.incident.Detected)
	}
	return int64(at - first)
}

func farthest(all []truce.Advance, want float64) truce.Ground {
	g := truce.Ground{Kind: truce.GroundAdvance, Want: int64(want)}
	for _, a := range all {
		if int64(a.Metres) > g.Have {
			g.Have, g.What = int64(a.Metres), string(a.Line)
		}
	}
	return g
}

// darkest names the spell with the largest share among those that meet the criteria.
func darkest(all []truce.BlindSpell, c truce.Criteria, at truce.Instant) []truce.Ground {
	var out []truce.Ground
	for _, b := range all {
		if b.Share < c.BlindShare || !blind([]truce.BlindSpell{b}, c).has(at) {
			continue
		}
		g := truce.Ground{Kind: truce.GroundBlind, Want: int64(c.BlindFor), Have: int64(b.Share*100 + 0.5), What: string(b.Area)}
		if len(out) == 0 || g.Have > out[0].Have {
			out = []truce.Ground{g}
		}
	}
	return out
}
