// Package claims holds a party's total against what the mission counted in the same area,
// time and unit, given what was watched: confirmed, contradicted, not comparable or not
// observable, and why.
//
// It never says who is right about whom, never adds, subtracts or divides totals, and calls
// a total contradicted only where coverage met the rule's own minimum.
//
// Read Check here, then odds.go for the arithmetic and words.go for the sentences.
package claims

import (
	"cmp"
	"slices"

	"github.com/trucewatch/truce"
)

// Method names this way of checking in every check it makes.
const Method = "claims/1"

// Input is what a total is held against.
type Input struct {
	Total   truce.ClaimTotal
	Own     []truce.OwnCount // of every rule that counts, in the total's area and period
	Acts    map[truce.RuleID][]truce.Act
	NoArea  bool          // the total names an area that is none of the agreement's
	Known   truce.Instant // until when what happened is known
	Earlier *truce.ClaimCheck
}

// Check decides. The same input gives the same check; a check that differs from the
// earlier one is its next revision.
func Check(in Input) truce.ClaimCheck {
	t := in.Total
	out := truce.ClaimCheck{
		ID: ID(t), Revision: 1, Total: t, Own: matched(in), Known: in.Known, Method: Method,
	}
	out.Verdict, out.Reasons = decide(in, out.Own)
	if in.Earlier != nil {
		out.Revision = in.Earlier.Revision
		if !same(*in.Earlier, out) {
			out.Revision++
		}
	}
	return out
}

// ID is the id of a total's check: it stays whatever becomes known later.
func ID(t truce.ClaimTotal) truce.ID {
	return truce.NewID(t.Said, "claim_check", Method, append(slices.Clone(t.Report[:]), byte(t.Index>>8), byte(t.Index)))
}

// matched marks the counts that count what the total counts and puts them first.
func matched(in Input) []truce.OwnCount {
	out := slices.Clone(in.Own)
	for i := range out {
		out[i].Matches = out[i].Unit == in.Total.Unit && (in.Total.Act == "" || slices.Contains(in.Acts[out[i].Rule], in.Total.Act))
	}
	slices.SortStableFunc(out, func(a, b truce.OwnCount) int {
		return cmp.Or(first(b.Matches)-first(a.Matches), cmp.Compare(a.Rule, b.Rule))
	})
	return out
}

func first(b bool) int {
	if b {
		return 1
	}
	return 0
}

func decide(in Input, own []truce.OwnCount) (truce.CheckVerdict, []truce.CheckReason) {
	if reasons := incomparable(in, own); len(reasons) > 0 {
		return truce.CheckNotComparable, reasons
	}
	verdict, reason := weigh(in.Total, own[0])
	return verdict, []truce.CheckReason{reason}
}

// incomparable says what a total lacks to be held against anything.
func incomparable(in Input, own []truce.OwnCount) []truce.CheckReason {
	t := in.Total
	var out []truce.CheckReason
	switch {
	case t.Unit == truce.UnitMixed:
		out = append(out, truce.CheckMixedUnit)
	case t.Unit == "":
		out = append(out, truce.CheckNoUnit)
	case len(own) == 0 || !own[0].Matches:
		out = append(out, truce.CheckNoRule)
	case own[0].NotBound:
		out = append(out, truce.CheckNotBound)
	}
	switch {
	case t.Period == nil || t.Period.To <= t.Period.From:
		out = append(out, truce.CheckNoPeriod)
	case t.Period.To > in.Known:
		out = append(out, truce.CheckNotOver)
	}
	if in.NoArea {
		out = append(out, truce.CheckNoArea)
	}
	return out
}

// weigh holds a number against a count of the same thing. Where the total accuses a party,
// what is attributed to it is the least it may be held against, and what is not attributed
// to others the most. What is recorded and not decided may count or not. A verdict that
// would differ between the least and the most is left open.
func weigh(t truce.ClaimTotal, own truce.OwnCount) (truce.CheckVerdict, truce.CheckReason) {
	least, most := own.All(), own.All()
	if t.Accused != "" {
		least, most = own.Accused, own.Accused+own.Open
	}
	if !own.Observed() {
		return unwatched(t, least, most+own.Undecided)
	}
	verdict, reason, agreed := between(t, least, most, *own.Coverage)
	if !agreed {
		return truce.CheckNotComparable, truce.CheckOrigin
	}
	if _, _, agreed = between(t, least, most+own.Undecided, *own.Coverage); !agreed {
		return truce.CheckNotComparable, truce.CheckUndecided
	}
	return verdict, reason
}

// between is the verdict that the least and the most that may count agree in. That too few
// and too many both contradict says nothing of the numbers between.
func between(t truce.ClaimTotal, least, most int, coverage truce.Probability) (truce.CheckVerdict, truce.CheckReason, bool) {
	low, lowWhy := held(t, least, coverage)
	high, highWhy := held(t, most, coverage)
	return high, highWhy, low == high && (lowWhy == highWhy || low == truce.CheckConfirmed)
}

// unwatched is all that can be said where less was watched than the rule asks for: that so
// many were recorded, whoever did those that are open, or nothing.
func unwatched(t truce.ClaimTotal, least, most int) (truce.CheckVerdict, truce.CheckReason) {
	if t.Count > 0 && (least == t.Count && most == t.Count || t.AtLeast && least >= t.Count) {
		return truce.CheckConfirmed, truce.CheckSeenAtLeast
	}
	return truce.CheckNotObservable, truce.CheckCoverage
}

// held is the verdict where coverage met the minimum and the count is known.
func held(t truce.ClaimTotal, recorded int, coverage truce.Probability) (truce.CheckVerdict, truce.CheckReason) {
	switch {
	case recorded > t.Count && t.AtLeast:
		return truce.CheckConfirmed, truce.CheckSeenAtLeast
	case recorded > t.Count:
		return truce.CheckContradicted, truce.CheckTooFew
	case t.Count > 0 && recorded == 0 && atMost(0, t.Count, float64(coverage)) >= Level:
		return truce.CheckNotObservable, truce.CheckNothing
	case atMost(recorded, t.Count, float64(coverage)) < Level:
		return truce.CheckContradicted, truce.CheckTooMany
	}
	return truce.CheckConfirmed, truce.CheckWithin
}

// weighed are the reasons that follow from holding a number against a count.
var weighed = []truce.CheckReason{truce.CheckWithin, truce.CheckSeenAtLeast, truce.CheckTooMany, truce.CheckTooFew,
	truce.CheckOrigin, truce.CheckUndecided, truce.CheckCoverage, truce.CheckNothing}

// Unattributed is a check as it stands for whoever was not told whose acts they were: what
// leaves the mission is counted so, since attributions have a release of their own.
func Unattributed(c truce.ClaimCheck) truce.ClaimCheck {
	c.Own = slices.Clone(c.Own)
	for i := range c.Own {
		o := &c.Own[i]
		o.Accused, o.Others, o.Open = 0, 0, o.All()
	}
	if len(c.Own) > 0 && c.Own[0].Matches && len(c.Reasons) == 1 && slices.Contains(weighed, c.Reasons[0]) {
		verdict, reason := weigh(c.Total, c.Own[0])
		c.Verdict, c.Reasons = verdict, []truce.CheckReason{reason}
	}
	return c
}

// same says whether two checks say the same.
func same(a, b truce.ClaimCheck) bool {
	return a.Verdict == b.Verdict && slices.Equal(a.Reasons, b.Reasons) && slices.EqualFunc(a.Own, b.Own, sameCount)
}

func sameCount(a, b truce.OwnCount) bool {
	covered := a.Coverage == b.Coverage || a.Coverage != nil && b.Coverage != nil && *a.Coverage == *b.Coverage
	return covered && a.Rule == b.Rule && a.Unit == b.Unit && a.Accused == b.Accused && a.Others == b.Others && a.Open == b.Open &&
		a.Undecided == b.Undecided && a.NotBound == b.NotBound && a.Least == b.Least && slices.Equal(a.Rows, b.Rows)
}

// Rivals links the checks of totals in which parties accuse each other of the same hours:
// each gets the ids of the others. They are shown side by side and never compared.
func Rivals(checks []truce.ClaimCheck) []truce.ClaimCheck {
	out := slices.Clone(checks)
	for i := range out {
		out[i].Rivals = nil
		for j := range out {
			if i != j && rival(out[i].Total, out[j].Total) {
				out[i].Rivals = append(out[i].Rivals, out[j].ID)
			}
		}
		slices.SortFunc(out[i].Rivals, func(a, b truce.ID) int { return slices.Compare(a[:], b[:]) })
	}
	return out
}

// rival says whether two parties each accuse another, in hours of which at least half are
// common to both.
func rival(a, b truce.ClaimTotal) bool {
	if a.Party == "" || b.Party == "" || a.Party == b.Party || a.Accused == b.Accused || a.Period == nil || b.Period == nil {
		return false
	}
	common := min(a.Period.To, b.Period.To).Sub(max(a.Period.From, b.Period.From))
	longer := max(a.Period.To.Sub(a.Period.From), b.Period.To.Sub(b.Period.From))
	return common > 0 && 2*common >= longer
}
