package agreement

import (
	"slices"
	"strings"

	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

// ruleKinds are the fields that say what a rule does, in the order in which they name it
// where two of them mean one thing together (oneThing, below).
var ruleKinds = []Kind{KindPermit, KindClaim, KindLimit, KindRequire, KindProhibit}

// oneThing are the kinds that may stand in one rule, since they say one thing: what a
// permission asks for, and the acts in which what a limit allows none of is seen. Of any
// other two one would be evaluated and the other not.
var oneThing = [][2]Kind{{KindPermit, KindRequire}, {KindLimit, KindProhibit}}

// kind reads what a rule does and refuses two kinds that do not mean one thing.
func (d *decoder) kind(m *mapping) Kind {
	var said []Kind
	for _, kind := range ruleKinds {
		if m.get(string(kind)) != nil {
			said = append(said, kind)
		}
	}
	switch {
	case len(said) == 0:
		d.errorf(m.node, m.path, "says nothing: add prohibit, limit, require, permit or claim")
		return ""
	case len(said) == 1 || len(said) == 2 && slices.Contains(oneThing, [2]Kind(said)):
		return said[0]
	}
	var written []*yaml.Node
	for _, key := range m.keys {
		if slices.Contains(said, Kind(key.Value)) {
			written = append(written, key)
		}
	}
	last := written[len(written)-1]
	others := make([]string, len(written)-1)
	for i := range others {
		others[i] = written[i].Value
	}
	d.errorf(last, m.sub(last.Value), "stands beside %s, and a rule says one thing: write two rules, each with its own id and count (in one rule stand only permit with what it requires, and limit with the acts it prohibits)", strings.Join(others, " and "))
	return said[0]
}

// actsForbidden reads the acts that a limit prohibits. The two say one thing where none is
// allowed and the acts are those in which what is limited is seen: then each is evaluated,
// the acts by the one and the class, the place and the bearer by the other.
func (d *decoder) actsForbidden(m *mapping, r *Rule) []truce.Act {
	n, path := m.get("prohibit"), m.sub("prohibit")
	acts := d.acts(n, path)
	seen := actsOfLimit(r.Limit.Object)
	switch {
	case r.Limit.Max > 0:
		d.errorf(n, path, "stands beside a limit that allows %d: what is prohibited is not allowed up to a number; write two rules, or write the acts of the limit in acts", r.Limit.Max)
	case m.get("acts") != nil:
		d.errorf(n, path, "stands beside acts, and both say in which acts the limit is seen: keep one, or write two rules")
	}
	for _, act := range acts {
		if !slices.Contains(seen, act) {
			d.errorf(n, path, "%s is no act in which what the limit speaks of is seen (those are %s): write two rules", act, strings.Join(options(seen...), ", "))
			break
		}
	}
	if i := slices.IndexFunc(d.list(m.values["phases"], ""), func(s *yaml.Node) bool { max := field(s, "max"); return max != nil && max.Value != "0" }); i >= 0 {
		d.errorf(n, path, "stands beside phases that allow a number: what is prohibited is not; write two rules")
	}
	return acts
}
