package coverage

import (
	"github.com/trucewatch/truce"
)

// RuleArea asks what may be said of a rule in an area when nothing was recorded there.
type RuleArea struct {
	Rule    truce.RuleID
	Area    truce.AreaID
	Family  truce.Family      // whose coverage counts
	Minimum truce.Probability // least share of the planned watch; more than 0 is asked in any case
}

// Present is a finding. One whose area is not known may lie in any.
type Present struct {
	Rule    truce.RuleID
	Area    truce.AreaID
	Time    truce.PhenomenonTime
	Verdict truce.Verdict
}

// Absences gives, for each rule and area and each period, what may be said of nothing:
// not_observed when the share of the watch is below the minimum, or when nothing is known
// of the watch; none_recorded when the share reaches it and no hit or indeterminate finding
// may lie there and then; nothing at all when the watch was good and something was
// found. The order is that of rules, then periods.
func Absences(rules []RuleArea, periods []truce.Period, coverage []truce.Coverage, present []Present) []truce.Absence {
	watch, found := index(coverage), byRule(present)
	var out []truce.Absence
	for _, r := range rules {
		for _, period := range periods {
			c, known := watch[key(r.Area, r.Family, period)]
			if !known {
				c = unknownWatch(r, period)
			}
			a := truce.Absence{Rule: r.Rule, Area: r.Area, Period: period, Coverage: c, Verdict: truce.AbsenceNotObserved}
			if enough(c, r.Minimum) {
				if anything(found[r.Rule], r.Area, period) {
					continue
				}
				a.Verdict = truce.AbsenceNoneRecorded
			}
			out = append(out, a)
		}
	}
	return out
}

// enough holds the watch against the minimum. No watch is never enough, whatever the
// minimum says.
func enough(c truce.Coverage, minimum truce.Probability) bool {
	return c.Share.Valid() && c.Share > 0 && c.PlannedHours > 0 && c.Share >= minimum
}

func unknownWatch(r RuleArea, p truce.Period) truce.Coverage {
	return truce.Coverage{
		Area: r.Area, Family: r.Family, Period: p,
		Basis: "Nothing is known of the watch in this area and period.",
		Gaps:  []truce.Gap{{From: p.From, To: p.To, Reason: "nothing known of the watch"}},
	}
}

type watchKey struct {
	area     truce.AreaID
	family   truce.Family
	from, to truce.Instant
}

func key(area truce.AreaID, family truce.Family, p truce.Period) watchKey {
	return watchKey{area, family, p.From, p.To}
}

// index keeps the least share where two statements speak of one watch; a share that is no
// probability is less than any.
func index(coverage []truce.Coverage) map[watchKey]truce.Coverage {
	out := make(map[watchKey]truce.Coverage, len(coverage))
	for _, c := range coverage {
		k := key(c.Area, c.Family, c.Period)
		if before, seen := out[k]; !seen || before.Share.Valid() && !(before.Share <= c.Share) {
			out[k] = c
		}
	}
	return out
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
