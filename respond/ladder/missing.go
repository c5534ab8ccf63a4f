package ladder

import (
	"reflect"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// notAsked says why nobody is asked for a passage that somebody wants to sign: what is
// missing, with what there is of it, and what would mend it.
func (r *run) notAsked(tier truce.TierID, down bool) error {
	if r.m.Terms.Rank(tier) == 0 {
		return truce.Errorf(truce.CodeNotFound, "the ladder has no tier %.40q: it has %s", string(tier), list(tierNames(r.m.Terms)))
	}
	way, why := "into", r.missingUp
	if down {
		way, why = "down from", r.missingDown
	}
	return truce.Errorf(truce.CodeConflict, "no passage %s tier %q waits for a signature: %s", way, string(tier), strings.Join(why(tier), "; "))
}

func tierNames(l truce.Ladder) []truce.TierID {
	var out []truce.TierID
	for _, t := range l.Tiers {
		out = append(out, t.ID)
	}
	return out
}

// missingDown is what the way down from a tier waits for.
func (r *run) missingDown(tier truce.TierID) []string {
	c := &r.c
	d, way := r.m.descent(tier)
	switch {
	case c.Tier == "":
		return []string{"the case has entered no tier"}
	case c.Tier != tier:
		return []string{"the case is in tier " + string(c.Tier) + ", and the way down leads from there"}
	case blocked(c, truce.Passage{Tier: tier, Down: true}) && cleared(c):
		return []string{"its end was refused, and nothing was taken since from what the case rests on"}
	case !way:
		return []string{"the ladder names no way down from it: ask for the end of the case with truce case close"}
	}
	var out []string
	if quiet, begun := quietFrom(c); !begun {
		out = append(out, r.unseen()...)
	} else if end := later(quiet, d.Quiet); end > r.now {
		out = append(out, "it asks for "+truce.DurationText(d.Quiet.Duration())+" of quiet, which began at "+instant(quiet)+" and is over at "+instant(end))
	}
	if d.Remedy {
		out = append(out, unremedied(c)...)
	}
	if len(out) == 0 {
		out = []string{"it was decided: read the case again"}
	}
	return out
}

// unseen names the stretches of the case that are out of sight.
func (r *run) unseen() []string {
	var out []string
	for _, b := range r.c.Blind {
		if b.To == 0 {
			out = append(out, either(string(b.Area), "the line")+" has been out of sight since "+instant(b.From)+", and what cannot be seen is not quiet: it has to be seen again")
		}
	}
	return out
}

// unremedied names the remedies that were asked for and are not verified.
func unremedied(c *truce.Case) []string {
	var out []string
	for _, m := range c.Remedies {
		switch m.State {
		case truce.RemedyVerified:
		case truce.RemedyReported:
			out = append(out, "the remedy "+m.ID+" of party "+string(m.Party)+" is reported and not verified: the mechanism verifies it or does not accept it")
		default:
			out = append(out, "the remedy "+m.ID+" of party "+string(m.Party)+" is "+string(m.State)+": the party reports it, the mechanism verifies it")
		}
	}
	return out
}

// missingUp is what the way into a tier waits for.
func (r *run) missingUp(id truce.TierID) []string {
	c := &r.c
	tier, _ := r.m.Terms.Tier(id)
	rank, here := r.m.Terms.Rank(id), r.m.Terms.Rank(c.Tier)
	switch {
	case rank <= here:
		return []string{"the case is in tier " + string(c.Tier) + " already"}
	case cleared(c):
		return []string{"nothing of what the case rests on stands"}
	case rank > here+1:
		return []string{"the next tier is " + string(r.m.Terms.Tiers[here].ID) + ", and no path that has opened leads past it"}
	case blocked(c, truce.Passage{Tier: id}):
		return []string{"it was refused or left, and nothing was added since to what the case rests on"}
	}
	out := r.m.factsOf(c).missing(tier.Enter, r.now)
	if len(out) == 0 {
		out = []string{"it was decided: read the case again"}
	}
	return out
}

// missing are the criteria that do not hold at a time, each with what there is of it. Each is
// held alone first; where each alone holds, no incident meets them all at once.
func (f facts) missing(c truce.Criteria, at truce.Instant) []string {
	var out []string
	for _, one := range oneByOne(c) {
		if f.when(one).has(at) {
			continue
		}
		if one.After > 0 && f.t0 == 0 {
			out = append(out, "the zero point is not known yet")
			continue
		}
		out = append(out, f.lacks(one, at)...)
	}
	if len(c.Any) > 0 && !f.when(truce.Criteria{Any: c.Any}).has(at) {
		var ways []string
		for _, any := range c.Any {
			ways = append(ways, strings.Join(f.missing(any, at), " and "))
		}
		out = append(out, "one of these is asked: "+strings.Join(ways, "; or "))
	}
	if len(out) == 0 && !f.when(c).has(at) {
		out = append(out, "not all that is asked holds of the same incidents: "+strings.Join(f.lacks(c, at), ", "))
	}
	return out
}

// lacks are the grounds of criteria as they stand, in words.
func (f facts) lacks(c truce.Criteria, at truce.Instant) []string {
	var out []string
	for _, g := range f.grounds(c, at) {
		out = append(out, GroundText(g, "en"))
	}
	if c.BlindShare > 0 || c.BlindFor > 0 {
		out = []string{"nothing has been out of sight as far and as long as is asked"}
	}
	return out
}

// oneByOne are criteria one by one, without those nested under any.
func oneByOne(c truce.Criteria) []truce.Criteria {
	all := []truce.Criteria{
		{Rules: c.Rules}, {Acts: c.Acts}, {SeverityMin: c.SeverityMin}, {Occurrence: c.Occurrence}, {Attribution: c.Attribution}, {Within: c.Within},
		{Hits: c.Hits, Unit: c.Unit}, {Areas: c.Areas}, {Lasting: c.Lasting}, {After: c.After}, {Unexplained: c.Unexplained}, {AdvanceM: c.AdvanceM},
		{BlindShare: c.BlindShare, BlindFor: c.BlindFor},
	}
	return slices.DeleteFunc(all, func(one truce.Criteria) bool { return reflect.ValueOf(one).IsZero() })
}
