package explain

import (
	"slices"

	"github.com/trucewatch/truce/assess/agreement"
)

// Change is one thing that two versions of an agreement say differently. Before is empty
// for something new, After for something removed.
type Change struct {
	Section string   `json:"section"` // e.g. rule
	ID      string   `json:"id"`
	How     How      `json:"how"`
	Heading string   `json:"heading"` // section, ID and how, in the language
	Before  []string `json:"before,omitempty"`
	After   []string `json:"after,omitempty"`
	Text    bool     `json:"text_only,omitempty"` // the words changed, and nothing that is evaluated

	// Version is that which is new or removed, and Beside the one it is compared with.
	Version string `json:"version,omitempty"`
	Beside  string `json:"beside,omitempty"`

	when string // from when the version holds, and since when it is known, in words
}

// How says what became of the thing that a change speaks of.
type How string

// What may become of a thing.
const (
	HowNew     How = "new"
	HowRemoved How = "removed"
	HowChanged How = "changed"
	HowText    How = "text" // only its words

	// HowNewVersion and HowRemovedVersion say that a thing stands in one version more or
	// less than before. Before and After hold what the two versions say differently.
	HowNewVersion     How = "new_version"
	HowRemovedVersion How = "removed_version"
)

// Diff says what a version says differently from the one before it, in sentences: an
// edit that changes no sentence changes no meaning. The order is that of the agreement.
func Diff(before, after *agreement.Agreement, lang string, labels Labels) ([]Change, error) {
	old, err := New(before, lang, labels)
	if err != nil {
		return nil, err
	}
	fresh, err := New(after, lang, labels)
	if err != nil {
		return nil, err
	}
	var out []Change
	a, b := old.sections(), fresh.sections()
	for i := range a {
		for _, c := range compare(a[i], b[i]) {
			how := fresh.say("diff."+string(c.How), "version", c.Version, "old", c.Beside, "when", c.when)
			c.Heading = fresh.say("diff.heading", "section", fresh.say("section."+c.Section), "id", c.ID, "how", how)
			if c.How == HowChanged {
				c.After = append(c.After, moved(old, fresh, c.Section, c.ID)...)
			}
			out = append(out, c)
		}
	}
	return out, nil
}

// Same are the words for two versions that differ in nothing.
func Same(terms *agreement.Agreement, lang string) (string, error) {
	t, err := New(terms, lang, nil)
	if err != nil {
		return "", err
	}
	return t.say("diff.same"), nil
}

// section is a part of an agreement as sentences by the name of the thing they speak of.
type section struct {
	name    string
	text    bool
	entries []entry

	versions []version // beside entries, of what may stand in several
}

type entry struct {
	id    string
	lines []string
}

// compare lists what two versions of a section say differently; an entry that is in both
// shows only the sentences that differ.
func compare(before, after section) []Change {
	if len(before.versions)+len(after.versions) > 0 {
		return compareVersions(before, after)
	}
	var out []Change
	find := func(s section, id string) ([]string, bool) {
		i := slices.IndexFunc(s.entries, func(e entry) bool { return e.id == id })
		if i < 0 {
			return nil, false
		}
		return s.entries[i].lines, true
	}
	for _, e := range before.entries {
		now, stays := find(after, e.id)
		c := Change{Section: before.name, ID: e.id, How: HowChanged, Before: without(e.lines, now), After: without(now, e.lines), Text: before.text}
		switch {
		case !stays:
			c.How = HowRemoved
		case c.Text:
			c.How = HowText
		}
		if !stays || len(c.Before)+len(c.After) > 0 {
			out = append(out, c)
		}
	}
	for _, e := range after.entries {
		if _, was := find(before, e.id); !was {
			out = append(out, Change{Section: after.name, ID: e.id, How: HowNew, After: e.lines, Text: after.text})
		}
	}
	return out
}

func without(list, other []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(other, s) {
			out = append(out, s)
		}
	}
	return out
}
