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
// persons or euros with dollars; so are needs of different periods. A contribution counts for
// a need when their periods overlap, and one without a period, or a need without one, speaks
// against no time. Things that are there in two periods count in both; money is spent once
// and counts for the need with which its period shares the most time, of several for the
// earliest. What counts for no need is a line of its own, by its own period. States without
// a hand in a line are not in it.
func Account(contributions []truce.Contribution, requirements []truce.Requirement, days Days) []Line {
	b := book{lines: map[lineKey]*Line{}, needs: map[[3]string][]*Line{}}
	for _, r := range Requirements(requirements) { // what is on record may be older than the rule
		b.need(r)
	}
	for _, c := range Contributions(contributions) {
		for _, l := range b.serves(c) {
			l.take(c, days)
		}
	}
	out := make([]Line, 0, len(b.lines))
	for _, l := range b.lines {
		l.Gap, l.HoursGap = max(l.Need-l.Amounts.InPlace, 0), max(l.HoursNeed-l.HoursADay, 0)
		slices.SortFunc(l.Shares, func(a, b Share) int { return cmp.Compare(a.State, b.State) })
		out = append(out, *l)
	}
	slices.SortFunc(out, func(a, b Line) int {
		return cmp.Or(-cmp.Compare(a.To, b.To), cmp.Compare(a.Capability, b.Capability), cmp.Compare(a.Unit, b.Unit), // the mechanism first
			cmp.Compare(a.Period.From, b.Period.From), cmp.Compare(a.Period.To, b.Period.To))
	})
	return out
}

// lineKey tells lines apart. The zone of a period is how it was cut, not when it is.
type lineKey struct {
	to, capability, unit string
	from, until          truce.Instant
}

// book is an account while it is summed.
type book struct {
	lines map[lineKey]*Line
	needs map[[3]string][]*Line // lines that somebody asked for, in the order given
}

func (b book) line(to, capability, unit string, p truce.Period) *Line {
	key := lineKey{to, capability, unit, p.From, p.To}
	if b.lines[key] == nil {
		b.lines[key] = &Line{To: to, Capability: capability, Unit: unit, Period: p}
	}
	return b.lines[key]
}

func (b book) need(r truce.Requirement) {
	l := b.line(r.To, r.Capability, r.Unit, r.Period)
	l.Names = r.Names
	l.Need += r.Quantity
	l.HoursNeed += r.HoursADay
	key := [3]string{r.To, r.Capability, r.Unit}
	if !slices.Contains(b.needs[key], l) {
		b.needs[key] = append(b.needs[key], l)
	}
}

// serves lists the lines in which a contribution counts.
func (b book) serves(c truce.Contribution) []*Line {
	var out []*Line
	for _, l := range b.needs[[3]string{c.To, c.Capability, c.Unit}] {
		if l.Period.Overlaps(c.Period) {
			out = append(out, l)
		}
	}
	switch {
	case len(out) == 0:
		return []*Line{b.line(c.To, c.Capability, c.Unit, c.Period)}
	case Money(c.Unit):
		slices.SortFunc(out, func(x, y *Line) int {
			return cmp.Or(-cmp.Compare(shared(x.Period, c.Period), shared(y.Period, c.Period)), cmp.Compare(x.Period.From, y.Period.From), cmp.Compare(x.Period.To, y.Period.To))
		})
		return out[:1]
	}
	return out
}

// shared is how long two periods overlap, in microseconds; 0 when one of them has no ends.
func shared(a, b truce.Period) truce.Instant {
	if a.To == 0 || b.To == 0 {
		return 0
	}
	return max(min(a.To, b.To)-max(a.From, b.From), 0)
}

// NamesOf is what a capability is called in a line: by its own need, else by the first need
// of the same capability in whatever unit that speaks of the same time; nil when none does.
func NamesOf(lines []Line, l Line) truce.Names {
	if len(l.Names) > 0 {
		return l.Names
	}
	for _, o := range lines {
		if len(o.Names) > 0 && o.Capability == l.Capability && o.Period.Overlaps(l.Period) {
			return o.Names
		}
	}
	return nil
}

// Standing are the needs that stand: of several records of one need the newest, in the order
// in which each was first given. Records of before needs were told apart by period have
// another subject than newer ones of the same need, so that both are the newest of theirs.
func Standing(rows []truce.RequirementRow) []truce.Requirement {
	at := map[lineKey]int{}
	var kept []truce.RequirementRow
	for _, row := range rows {
		key := lineKey{row.To, row.Capability, "", row.Period.From, row.Period.To}
		n, again := at[key]
		if !again {
			at[key] = len(kept)
			kept = append(kept, row)
		} else if row.Seq > kept[n].Seq {
			kept[n] = row
		}
	}
	var out []truce.Requirement
	for _, row := range kept {
		out = append(out, row.Requirement)
	}
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
