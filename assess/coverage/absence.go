package coverage

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// leastStretch is the shortest stretch of which it is said that nothing was recorded; a
// shorter one between stretches of too little watch is put to them.
const leastStretch = time.Hour

// RuleArea asks what may be said of a rule in an area when nothing was recorded there.
type RuleArea struct {
	Rule    truce.RuleID
	Area    truce.AreaID
	Acts    []truce.Act       // what the rule is about
	Minimum truce.Probability // least chance of seeing an act; more than 0 is asked in any case
}

// Present is a finding. One whose area is not known may lie in any.
type Present struct {
	Rule    truce.RuleID
	Area    truce.AreaID
	Time    truce.PhenomenonTime
	Verdict truce.Verdict
}

// Sight is how well acts of some kind could be seen in an area over a period.
type Sight struct {
	Families []truce.Family    // with a stated chance of seeing one of the acts, sorted
	Share    truce.Probability // mean chance of seeing the act that is seen worst
	Partly   bool              // somewhere in the period the chance was below the minimum
	Unstated []truce.Act       // acts of which nobody states a chance: then Share is 0

	steps []step
}

// Stated says whether anybody states a chance for all of the acts.
func (s Sight) Stated() bool { return len(s.Families) > 0 && len(s.Unstated) == 0 }

// Sight works out, moment by moment, the chance that at least one of the families notices an
// act: 1 - prod(1 - level x chance), level being the share of a watcher's sensors at work.
// Families are taken as independent, watchers of one family are not. Of several acts the
// one seen worst counts.
func (v *Watched) Sight(area truce.AreaID, acts []truce.Act, minimum truce.Probability) Sight {
	var s Sight
	var byAct [][]step
	for _, act := range distinctActs(acts) {
		steps, families := v.chanceOf(area, act)
		if len(families) == 0 {
			s.Unstated = append(s.Unstated, act)
		}
		byAct = append(byAct, steps)
		s.Families = append(s.Families, families...)
	}
	slices.Sort(s.Families)
	s.Families = slices.Compact(s.Families)
	if len(byAct) == 0 || v.period.To <= v.period.From {
		return s
	}
	s.steps = combine(v.period, byAct, func(levels []float64) float64 { return round(slices.Min(levels), 1e6) })
	s.Share = meanOf(s.steps)
	s.Partly = slices.ContainsFunc(s.steps, func(x step) bool { return !reaches(x.level, minimum) })
	return s
}

// distinctActs leaves out repeats.
func distinctActs(acts []truce.Act) []truce.Act {
	var out []truce.Act
	for _, a := range acts {
		if !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out
}

// chanceOf is the chance of seeing one act, and the families that state one.
func (v *Watched) chanceOf(area truce.AreaID, act truce.Act) ([]step, []truce.Family) {
	var families []truce.Family
	var misses [][]step
	for _, family := range v.families(area) {
		if steps, any := v.familyChance(area, family, act); any {
			families, misses = append(families, family), append(misses, steps)
		}
	}
	return combine(v.period, misses, func(chances []float64) float64 {
		missed := 1.0
		for _, p := range chances {
			missed *= 1 - p
		}
		return 1 - missed
	}), families
}

// familyChance is that of the family's best watcher at each moment.
func (v *Watched) familyChance(area truce.AreaID, family truce.Family, act truce.Act) ([]step, bool) {
	var each [][]step
	var chances []float64
	for i := range v.duties {
		d := &v.duties[i]
		p, stated := d.chance(act)
		if d.Family == family && slices.Contains(d.Areas, area) && stated {
			each, chances = append(each, v.levelsIn(d, area)), append(chances, float64(p))
		}
	}
	return combine(v.period, each, func(levels []float64) float64 {
		best := 0.0
		for i, l := range levels {
			best = max(best, l*chances[i])
		}
		return best
	}), len(each) > 0
}

// reaches holds a chance against the minimum. No watch is never enough, whatever the
// minimum says.
func reaches(level float64, minimum truce.Probability) bool {
	return level > 0 && level >= float64(minimum)
}

func meanOf(steps []step) truce.Probability {
	length := 0.0
	for _, s := range steps {
		length += s.to.Sub(s.from).Hours()
	}
	if length == 0 {
		return 0
	}
	return truce.Probability(round(min(1, hours(steps)/length), 1e6))
}

// Absences gives, for each rule and area, what may be said of nothing. The period is cut
// where the chance of seeing crosses the minimum: not_observed where it lies below it, or
// where nobody states one; none_recorded where it reaches it and no hit or indeterminate
// finding may lie there and then; nothing at all where it reaches it and something was
// found. The order is that of rules, then time.
func (v *Watched) Absences(rules []RuleArea, present []Present) []truce.Absence {
	found := byRule(present)
	var out []truce.Absence
	for _, r := range rules {
		s := v.Sight(r.Area, r.Acts, r.Minimum)
		for _, piece := range s.pieces(v.period, r.Minimum) {
			a := truce.Absence{Rule: r.Rule, Area: r.Area, Period: piece.period, Verdict: truce.AbsenceNotObserved, Coverage: s.coverage(r.Area, piece)}
			if piece.seen {
				if anything(found[r.Rule], r.Area, piece.period) {
					continue
				}
				a.Verdict = truce.AbsenceNoneRecorded
			}
			out = append(out, a)
		}
	}
	return out
}

// piece is a stretch in which the minimum was reached all the time, or not.
type piece struct {
	period truce.Period
	seen   bool
	steps  []step
}

// pieces cuts the steps at the minimum.
func (s Sight) pieces(p truce.Period, minimum truce.Probability) []piece {
	if len(s.steps) == 0 {
		return []piece{{period: p}}
	}
	var cut []piece
	for _, x := range s.steps {
		cut = join(cut, piece{truce.Period{From: x.from, To: x.to, Zone: p.Zone}, reaches(x.level, minimum), []step{x}})
	}
	var out []piece
	for _, x := range cut {
		if x.seen && len(cut) > 1 && x.period.To.Sub(x.period.From) < leastStretch {
			x.seen = false
		}
		out = join(out, x)
	}
	return out
}

// join appends a piece, or lengthens the last one when it says the same.
func join(list []piece, x piece) []piece {
	if n := len(list); n > 0 && list[n-1].seen == x.seen {
		list[n-1].period.To = x.period.To
		list[n-1].steps = append(list[n-1].steps, x.steps...)
		return list
	}
	return append(list, x)
}

// coverage is what an absence says of the watch in a piece. Its hours are those of the
// piece, and those in which an act of each kind could have been seen at all.
func (s Sight) coverage(area truce.AreaID, x piece) truce.Coverage {
	c := truce.Coverage{Area: area, Families: s.Families, Period: x.period}
	if !s.Stated() {
		c.Families = nil
		c.Basis = "No source states that it watches for this here."
		if len(s.Unstated) > 0 && len(s.Families) > 0 {
			c.Basis = fmt.Sprintf("Nobody states a chance of seeing %s here.", actList(s.Unstated))
		}
		return c
	}
	any := 0.0
	for _, step := range x.steps {
		if step.level > 0 {
			any += step.to.Sub(step.from).Hours()
		}
	}
	c.PlannedHours, c.ObservedHours = round(x.period.To.Sub(x.period.From).Hours(), 1e3), round(any, 1e3)
	c.Share = meanOf(x.steps)
	c.Basis = "Mean chance that one of the families would have seen an act, from their stated chances and hours."
	return c
}

func actList(acts []truce.Act) string {
	var names []string
	for _, a := range acts {
		names = append(names, string(a))
	}
	return strings.Join(names, ", ")
}

func byRule(present []Present) map[truce.RuleID][]Present {
	out := map[truce.RuleID][]Present{}
	for _, p := range present {
		if p.Verdict == truce.VerdictHit || p.Verdict == truce.VerdictIndeterminate {
			out[p.Rule] = append(out[p.Rule], p)
		}
	}
	return out
}

// anything says whether a finding may lie in the area and period: its time, widened by two
// sigma, overlaps.
func anything(found []Present, area truce.AreaID, period truce.Period) bool {
	for _, p := range found {
		pad := 2 * p.Time.Sigma.Duration()
		here := p.Area == area || p.Area == ""
		if here && p.Time.From.Add(-pad) < period.To && p.Time.To.Add(pad) >= period.From {
			return true
		}
	}
	return false
}
