package agreement

import (
	"math"
	"slices"

	truce "github.com/trucewatch/truce"
)

// span is what is known of a probability: it lies in [lo, hi]. Both are equal where a
// number can be given; they differ where the act or the place of origin is not known.
type span struct{ lo, hi float64 }

var certain = span{1, 1}

func known(p float64) span {
	p = held(p)
	return span{p, p}
}

// held brings a number to [0, 1]; what is no number says nothing and counts as 0.
func held(p float64) float64 {
	if math.IsNaN(p) {
		return 0
	}
	return min(max(p, 0), 1)
}

// and is the joint probability of independent things.
func (s span) and(t span) span { return span{s.lo * t.lo, s.hi * t.hi} }

// or is the probability of at least one of two things of which nothing else is known:
// at least the larger one, at most the sum (Boole, Fréchet 1935).
func (s span) or(t span) span { return span{max(s.lo, t.lo), min(1, s.hi+t.hi)} }

// during is the probability that a phenomenon time lies in [from, to); zero ends are
// open. The moment is taken to lie anywhere in [From, To] alike, with a Gaussian error
// of Sigma upon it.
func during(t truce.PhenomenonTime, from, to truce.Instant) float64 {
	upper, lower := 1.0, 0.0
	if to != 0 {
		upper = before(t, to)
	}
	if from != 0 {
		lower = before(t, from)
	}
	return max(0, upper-lower)
}

// before is the probability that the moment comes before x: the mean over a uniform
// interval [a, b] of the normal distribution function, whose integral is
// G(z) = z*Phi(z) + phi(z).
func before(t truce.PhenomenonTime, x truce.Instant) float64 {
	a, b, sigma := float64(t.From-x), float64(t.To-x), float64(t.Sigma)
	switch {
	case sigma <= 0 && a == b:
		return step(a < 0)
	case sigma <= 0:
		return min(max(-a/(b-a), 0), 1)
	case b-a < 1e-6*sigma:
		return normal(-a / sigma)
	}
	return min(max(sigma/(b-a)*(normalIntegral(-a/sigma)-normalIntegral(-b/sigma)), 0), 1)
}

func step(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func normal(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

func normalIntegral(z float64) float64 {
	if z > 40 {
		return z // the tail is below the last digit
	}
	return z*normal(z) + math.Exp(-z*z/2)/math.Sqrt(2*math.Pi)
}

// evidence is who bears an incident out.
type evidence struct {
	families   []truce.Family // each once, in name order
	occurrence truce.Occurrence
	agree      bool // fusion or two analysts found that they speak of one happening
	plant      bool // heat where heat recurs was left out
}

// evidenceOf says who bears an incident out. That two families speak of one happening is
// fusion's to show: side by side by chance they are no better than one.
func evidenceOf(in *truce.Incident, events []truce.Event) evidence {
	e := evidence{occurrence: in.Occurrence}
	e.agree = in.Occurrence == truce.OccurrenceCorroborated || in.Occurrence == truce.OccurrenceVerified
	e.families, e.plant = witnesses(in, events)
	return e
}

// count is how many independent families there are.
func (e evidence) count() int {
	if e.agree {
		return len(e.families)
	}
	return min(len(e.families), 1)
}

// heatAlone says whether nothing but heat from satellites speaks for the incident.
func (e evidence) heatAlone() bool {
	if len(e.families) == 0 {
		return e.plant
	}
	return len(e.families) == 1 && e.families[0] == truce.FamilyThermal
}

// witnesses are the families that saw an incident, each once, in name order, and whether
// heat that recurs was left out: a plant burns whether or not anything happened.
// Observations that repeat one another count once, whatever their families: a newspaper
// that prints a party's statement is no second witness.
func witnesses(in *truce.Incident, events []truce.Event) (list []truce.Family, plant bool) {
	var supports []truce.Support
	some := false
	for _, e := range events {
		recurs := slices.Contains(e.Labels, truce.LabelRecurringHeat)
		for _, s := range e.Support {
			some = some || s.Family.Witness()
			switch {
			case recurs && s.Family == truce.FamilyThermal:
				plant = true
			case s.Family.Witness():
				supports = append(supports, s)
			}
		}
	}
	if some {
		return independent(supports), plant
	}
	plant = slices.Contains(in.Labels, truce.LabelRecurringHeat) && slices.Contains(in.Families, truce.FamilyThermal)
	list = families(in.Families)
	if plant {
		list = slices.DeleteFunc(list, func(f truce.Family) bool { return f == truce.FamilyThermal })
	}
	return list, plant
}

func families(list []truce.Family) []truce.Family {
	out := slices.DeleteFunc(slices.Clone(list), func(f truce.Family) bool { return !f.Witness() })
	slices.Sort(out)
	return slices.Compact(out)
}

// independent is a largest set of families of which each can point to a group of its
// own: a matching of families to groups, found by augmenting paths (Kuhn 1955). An
// observation without a group is a group by itself.
func independent(supports []truce.Support) []truce.Family {
	groups := map[truce.Family][]string{}
	for _, s := range supports {
		group := s.Group
		if group == "" {
			group = "\x00" + s.Observation.String()
		}
		groups[s.Family] = append(groups[s.Family], group)
	}
	var names []truce.Family
	for f := range groups {
		slices.Sort(groups[f])
		groups[f] = slices.Compact(groups[f])
		names = append(names, f)
	}
	slices.Sort(names)
	holder := map[string]truce.Family{}
	var out []truce.Family
	for _, f := range names {
		if claim(f, groups, holder, map[string]bool{}) {
			out = append(out, f)
		}
	}
	return out
}

// claim gives f a group of its own, moving other families to theirs where needed.
func claim(f truce.Family, groups map[truce.Family][]string, holder map[string]truce.Family, tried map[string]bool) bool {
	for _, g := range groups[f] {
		if tried[g] {
			continue
		}
		tried[g] = true
		if held, taken := holder[g]; !taken || claim(held, groups, holder, tried) {
			holder[g] = f
			return true
		}
	}
	return false
}
