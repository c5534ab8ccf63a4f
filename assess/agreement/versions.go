package agreement

import (
	"slices"

	truce "github.com/trucewatch/truce"
)

// RulesAt lists each rule once, in the order of the agreement, in the version that holds
// at a time: the last of those that have begun by then, else the first.
func (a *Agreement) RulesAt(at truce.Instant) []Rule {
	var out []Rule
	for _, r := range a.Rules {
		i := slices.IndexFunc(out, func(o Rule) bool { return o.ID == r.ID })
		switch {
		case i < 0:
			out = append(out, r)
		case max(r.InForce.From.OrEarliest(), r.KnownFrom.OrEarliest()) <= at && r.InForce.From.OrEarliest() >= out[i].InForce.From.OrEarliest():
			out[i] = r
		}
	}
	return out
}
