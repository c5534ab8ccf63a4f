package ladder

import (
	"slices"

	"github.com/trucewatch/truce"
)

// activity is when the first incident of a case with a hit began and the last one ended;
// 0 when it has none that stands.
func activity(c *truce.Case) (first, last truce.Instant) {
	for _, i := range c.Incidents {
		if !stands(i) || !hasHit(i.Findings) {
			continue
		}
		if first == 0 || i.Time.From < first {
			first = i.Time.From
		}
		if last == 0 || i.Time.To > last {
			last = i.Time.To
		}
	}
	return first, last
}

// reach is the time the incidents of a case lie in by which new ones are gathered, hits or
// not.
func reach(c *truce.Case, counts func(truce.CaseIncident) bool) (first, last truce.Instant, any bool) {
	for _, i := range c.Incidents {
		if !counts(i) {
			continue
		}
		if !any || i.Time.From < first {
			first = i.Time.From
		}
		if !any || i.Time.To > last {
			last = i.Time.To
		}
		any = true
	}
	return first, last, any
}

// zero is what a zero point should be by what is known, 0 when nothing says so. Those of
// deeds are not computed. An incident that one person put into another case still counts:
// else that person would move the clocks of this one.
func zero(c *truce.Case, basis truce.T0Basis) truce.Instant {
	var out truce.Instant
	take := func(t truce.Instant) {
		if t != 0 && (out == 0 || t < out) {
			out = t
		}
	}
	for _, i := range c.Incidents {
		putAway := i.Gone && !i.Occurrence.Exit() && slices.Contains(c.Moved, i.ID)
		if !stands(i) && !putAway || !hasHit(i.Findings) {
			continue
		}
		switch basis {
		case truce.T0Event:
			take(i.Time.From)
		case truce.T0Detected:
			take(i.Detected)
		case truce.T0Verified:
			if i.Occurrence == truce.OccurrenceVerified {
				take(i.Verified)
			}
		}
	}
	if ownBlind(c) {
		switch basis {
		case truce.T0Event:
			take(c.Blind[0].From)
		case truce.T0Detected:
			take(c.Opened)
		}
	}
	return out
}

// ownBlind says whether the case is about not seeing, and about nothing else.
func ownBlind(c *truce.Case) bool { return c.OwnBlind() }

// heldAt says whether people have put a zero point elsewhere than the facts do, and the
// facts still say what they said then: the newest of what is known counts.
func heldAt(c *truce.Case, basis truce.T0Basis, facts truce.Instant) bool {
	for n := len(c.T0Moves) - 1; n >= 0; n-- {
		if m := c.T0Moves[n]; m.Basis == basis {
			return m.Asked != "" && m.Known == facts
		}
	}
	return false
}

// cleared says whether nothing of what the case rests on stands any more.
func cleared(c *truce.Case) bool { return c.Cleared() }

// quietFrom is when the quiet before a descent from the present tier begins; false while
// it has not, since what cannot be seen is not quiet.
func quietFrom(c *truce.Case) (truce.Instant, bool) {
	_, t := activity(c)
	if t == 0 {
		t = c.Opened
	}
	for _, v := range c.Tiers {
		if v.Left == 0 && v.Tier == c.Tier {
			t = max(t, v.Entered)
		}
	}
	for _, no := range c.Refusals {
		if no.Down && no.Tier == c.Tier {
			t = max(t, no.At)
		}
	}
	for _, b := range c.Blind {
		if b.To == 0 {
			return 0, false
		}
		t = max(t, b.To)
	}
	return t, true
}

// attributed is the highest attribution of a verified incident that stands.
func attributed(c *truce.Case) truce.AttributionLevel {
	var best truce.AttributionLevel
	for _, i := range c.Incidents {
		if !stands(i) || i.Occurrence != truce.OccurrenceVerified {
			continue
		}
		if l := levelOf(c, i.ID); !best.AtLeast(l) {
			best = l
		}
	}
	return best
}

// inForce is the stay in a tier that has not ended.
func inForce(c *truce.Case, id truce.TierID) (truce.TierVisit, bool) {
	for _, v := range c.Tiers {
		if v.Tier == id && v.Left == 0 {
			return v, true
		}
	}
	return truce.TierVisit{}, false
}
