package explain

import (
	"slices"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// version is which version of a thing an entry is.
type version struct {
	id     string // of the thing
	name   string
	begins truce.Instant // for comparing: an open beginning is the earliest
	when   string        // from when it holds and since when it is known, in words
}

// dated is an entry with the version that it is.
type dated struct {
	entry
	of version
}

// compareVersions is compare for things that stand in versions: a thing that has one more
// than before is the same thing, and its new version is held against the one whose place
// it takes.
func compareVersions(before, after section) []Change {
	var out []Change
	seen := map[string]bool{}
	for _, v := range append(slices.Clone(before.versions), after.versions...) {
		if !seen[v.id] {
			seen[v.id] = true
			out = append(out, changesOf(before.name, versionsOf(before, v.id), versionsOf(after, v.id))...)
		}
	}
	return out
}

func versionsOf(s section, id string) []dated {
	var out []dated
	for i, v := range s.versions {
		if v.id == id {
			out = append(out, dated{s.entries[i], v})
		}
	}
	return out
}

// changesOf compares the versions of one thing.
func changesOf(section string, before, after []dated) []Change {
	var out []Change
	pairs, gone, added := paired(before, after)
	for _, p := range pairs {
		c := Change{Section: section, ID: p[1].id, How: HowChanged, Before: without(p[0].lines, p[1].lines), After: without(p[1].lines, p[0].lines)}
		if len(c.Before)+len(c.After) > 0 {
			out = append(out, c)
		}
	}
	for _, e := range gone {
		c := Change{Section: section, ID: e.id, How: HowRemoved, Before: e.lines}
		if len(after) > 0 {
			beside := standsFor(e, after)
			c = Change{
				Section: section, ID: e.of.id, How: HowRemovedVersion, Version: e.of.name, Beside: beside.of.name,
				Before: without(e.lines, beside.lines), After: without(beside.lines, e.lines),
			}
		}
		out = append(out, c)
	}
	for _, e := range added {
		c := Change{Section: section, ID: e.id, How: HowNew, After: e.lines}
		if len(before) > 0 {
			beside := standsFor(e, before)
			c = Change{
				Section: section, ID: e.of.id, How: HowNewVersion, Version: e.of.name, Beside: beside.of.name, when: e.of.when,
				Before: without(beside.lines, e.lines), After: without(e.lines, beside.lines),
			}
		}
		out = append(out, c)
	}
	return out
}

// paired puts versions of the same name together, then what is left in the order of the
// text: a version that was only given another name is the same one.
func paired(before, after []dated) (pairs [][2]dated, gone, added []dated) {
	added = slices.Clone(after)
	for _, old := range before {
		i := slices.IndexFunc(added, func(e dated) bool { return e.of.name == old.of.name })
		if i < 0 {
			gone = append(gone, old)
			continue
		}
		pairs = append(pairs, [2]dated{old, added[i]})
		added = slices.Delete(added, i, i+1)
	}
	for len(gone) > 0 && len(added) > 0 {
		pairs = append(pairs, [2]dated{gone[0], added[0]})
		gone, added = gone[1:], added[1:]
	}
	return pairs, gone, added
}

// standsFor is the version that holds in the place of another where that is not there: the
// last of those that have begun by then, else the first.
func standsFor(e dated, others []dated) dated {
	best := others[0]
	for _, o := range others {
		if o.of.begins <= e.of.begins && o.of.begins >= best.of.begins {
			best = o
		}
	}
	return best
}

// versionOfRule says which version a rule is.
func (t *Text) versionOfRule(r *agreement.Rule) version {
	v := version{id: string(r.ID), name: r.Version}
	from := r.InForce.From
	if from == 0 {
		from = t.terms.Effective.At
	}
	v.begins = from.OrEarliest()
	if r.Dates == nil { // else each party has a day of its own, and the sentences say them
		v.when = t.say("diff.version.from", "from", t.moment(from))
	}
	if r.KnownFrom != 0 {
		v.when += t.say("diff.version.known", "known", t.moment(r.KnownFrom))
	}
	return v
}

// versionOfList says which version a list is.
func (t *Text) versionOfList(l *agreement.SiteList) version {
	v := version{id: l.ID, name: l.Version, begins: l.Span.From.OrEarliest()}
	if l.Span.From != 0 {
		v.when = t.say("diff.version.from", "from", t.moment(l.Span.From))
	}
	if l.KnownFrom != 0 {
		v.when += t.say("diff.version.known", "known", t.moment(l.KnownFrom))
	}
	return v
}
