package coverage

import (
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// Blind lists the stretches of the period in which so much of an area's stated watch did
// not work, by area in their order, then by time. What can be seen at a moment is the mean
// over the families that were to watch then, each with its best watcher: a family of many
// sensors does not outweigh one of few. A stretch that reaches the end of the period is
// not over. An area that nobody was to watch is never blind: nothing was lost there.
func (v *Watched) Blind(areas []truce.AreaID, least truce.Probability) []truce.BlindSpell {
	var out []truce.BlindSpell
	for _, area := range areas {
		out = append(out, v.blindIn(area, least)...)
	}
	return out
}

func (v *Watched) blindIn(area truce.AreaID, least truce.Probability) []truce.BlindSpell {
	families := v.families(area)
	if len(families) == 0 {
		return nil
	}
	var levels, onDuty [][]step
	for _, f := range families {
		level, planned := v.levelOf(area, f)
		levels, onDuty = append(levels, level), append(onDuty, planned)
	}
	n := len(families)
	lost := combine(v.period, slices.Concat(levels, onDuty), func(at []float64) float64 { return lostShare(at[:n], at[n:]) })
	var out []truce.BlindSpell
	for _, s := range lost {
		if s.level < float64(least) || s.level == 0 {
			continue
		}
		spell := truce.BlindSpell{Area: area, Share: truce.Probability(round(s.level, 1e6)), From: s.from, To: s.to, Families: families, Reason: v.reasons(area, s)}
		if s.to == v.period.To {
			spell.To = 0
		}
		if last := len(out) - 1; last >= 0 && out[last].To == spell.From { // more or less was lost, but blind it stayed
			spell.From, spell.Share = out[last].From, max(spell.Share, out[last].Share)
			spell.Reason = out[last].Reason
			out = out[:last]
		}
		out = append(out, spell)
	}
	return out
}

// lostShare is what is not seen of what was to be seen; 0 while nobody was to watch.
func lostShare(levels, planned []float64) float64 {
	sum, n := 0.0, 0.0
	for i, p := range planned {
		if p > 0 {
			sum, n = sum+levels[i], n+1
		}
	}
	if n == 0 {
		return 0
	}
	return 1 - sum/n
}

// levelOf is the level of a family's best watcher in an area, and whether it was to watch.
func (v *Watched) levelOf(area truce.AreaID, family truce.Family) (level, planned []step) {
	var levels [][]step
	var hours []span
	for i := range v.duties {
		if d := &v.duties[i]; d.Family == family && slices.Contains(d.Areas, area) && len(d.planned) > 0 {
			levels, hours = append(levels, d.levels), append(hours, d.planned...)
		}
	}
	return combine(v.period, levels, slices.Max[[]float64]), stepsOf(v.period, map[float64][]span{1: flat(hours)})
}

// reasons are what is known of the gaps of a stretch, each once, in order.
func (v *Watched) reasons(area truce.AreaID, s step) string {
	var out []string
	for i := range v.duties {
		d := &v.duties[i]
		for _, g := range d.gaps {
			if slices.Contains(d.Areas, area) && g.From < s.to && g.To > s.from && !slices.Contains(out, g.Reason) {
				out = append(out, g.Reason)
			}
		}
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}
