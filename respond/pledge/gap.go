package pledge

import (
	"cmp"
	"slices"

	"github.com/trucewatch/truce"
)

// Line is one capability in one unit: what is needed beside what was promised and came.
type Line struct {
	Capability string
	To         string
	Unit       string
	Names      truce.Names // of the requirement; nil when nobody asked for it
	Period     truce.Period
	Need       float64
	HoursNeed  float64 // capable hours a day
	Amounts    Amounts
	HoursADay  float64 // capable hours a day, mean over the days given
	Shares     []Share // by state, in the order of their names; never of their amounts
	Gap        float64 // need less what is in place, not below 0
	HoursGap   float64
}

// Share is one state's part of a line.
type Share struct {
	State     truce.StateID
	Amounts   Amounts
	HoursADay float64
}

// Days is a stretch of calendar days, both ends within it.
type Days struct{ From, To truce.Day }

// Account sums contributions into lines against the requirements, as of the last of the
// days. Amounts of different units are different lines, so that no sum mixes pieces with
// persons or euros with dollars. States without a hand in a line are not in it.
func Account(contributions []truce.Contribution, requirements []truce.Requirement, days Days) []Line {
	lines := map[[3]string]*Line{}
	line := func(to, capability, unit string) *Line {
		key := [3]string{to, capability, unit}
		if lines[key] == nil {
			lines[key] = &Line{To: to, Capability: capability, Unit: unit}
		}
		return lines[key]
	}
	for _, r := range requirements {
		l := line(r.To, r.Capability, r.Unit)
		l.Names, l.Period = r.Names, r.Period
		l.Need += r.Quantity
		l.HoursNeed += r.HoursADay
	}
	for _, c := range contributions {
		line(c.To, c.Capability, c.Unit).take(c, days)
	}
	out := make([]Line, 0, len(lines))
	for _, l := range lines {
		l.Gap, l.HoursGap = max(l.Need-l.Amounts.InPlace, 0), max(l.HoursNeed-l.HoursADay, 0)
		slices.SortFunc(l.Shares, func(a, b Share) int { return cmp.Compare(a.State, b.State) })
		out = append(out, *l)
	}
	slices.SortFunc(out, func(a, b Line) int {
		return cmp.Or(-cmp.Compare(a.To, b.To), cmp.Compare(a.Capability, b.Capability), cmp.Compare(a.Unit, b.Unit)) // the mechanism first
	})
	return out
}

func (l *Line) take(c truce.Contribution, days Days) {
	amounts, hours := AmountsOn(c, days.To), hoursADay(c.Hours, days)
	l.Amounts.add(amounts)
	l.HoursADay += hours
	for i := range l.Shares {
		if l.Shares[i].State == c.State {
			l.Shares[i].Amounts.add(amounts)
			l.Shares[i].HoursADay += hours
			return
		}
	}
	l.Shares = append(l.Shares, Share{c.State, amounts, hours})
}

// hoursADay is the mean over all days, those without an entry counting 0: what nobody
// reported as capable was not.
func hoursADay(list []truce.CapableHours, days Days) float64 {
	if len(list) == 0 {
		return 0
	}
	n := 0
	for d := days.From; d <= days.To && n < 3700; d = d.AddDays(1) {
		n++
	}
	if n == 0 || days.From == "" {
		return 0
	}
	sum := 0.0
	for _, h := range list {
		if h.Day >= days.From && h.Day <= days.To {
			sum += h.Hours
		}
	}
	return sum / float64(n)
}

// Covered is the share of the need that is in place, at most 1; 1 when nothing is needed.
func (l Line) Covered() truce.Probability {
	if l.Need <= 0 {
		return 1
	}
	return truce.Probability(min(l.Amounts.InPlace/l.Need, 1))
}

// Totals is the account without what belongs to single states.
func Totals(lines []Line) []Line {
	out := slices.Clone(lines)
	for i := range out {
		out[i].Shares = nil
	}
	return out
}

// Seen is the account as one state sees it: the totals, and of the shares its own.
func Seen(lines []Line, own truce.StateID) []Line {
	out := slices.Clone(lines)
	for i := range out {
		out[i].Shares = slices.DeleteFunc(slices.Clone(out[i].Shares), func(s Share) bool { return s.State != own })
	}
	return out
}
