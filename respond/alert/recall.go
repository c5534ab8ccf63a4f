package alert

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
)

// What an alert rests on, as its record names it. When that is withdrawn, the alert is.
const (
	tierPrefix      = "tier/"
	saidPrefix      = "said/"      // of what both parties were told of a clock that each of them has
	unreachedPrefix = "unreached/" // of what was told of somebody who cannot be reached
	clockPrefix     = "clock/"
	overPrefix      = "over/"      // of a clock whose time is over
	withdrawnPrefix = "withdrawn/" // of a cancellation, whose tier is still entered or path open
)

func aboutTier(id truce.TierID) string { return tierPrefix + string(id) }

func aboutPath(id string) string { return "path/" + id }

func aboutPassage(p truce.Passage) string {
	if p.Down {
		return "down/" + string(p.Tier)
	}
	return "proposed/" + string(p.Tier)
}

// aboutClock names a clock; one that each party has is one for both, as they were told.
func aboutClock(c truce.CaseClock) string {
	if c.Owner.Role() == truce.RoleParty {
		c.For = ""
	}
	return clockPrefix + strings.Join([]string{c.ID, c.For, strconv.Itoa(c.Round)}, "/")
}

func aboutOver(c truce.CaseClock) string {
	return overPrefix + strings.TrimPrefix(aboutClock(c), clockPrefix)
}

func aboutSaid(sort string, c truce.CaseClock) string {
	return saidPrefix + strings.Join([]string{sort, c.ID, strconv.Itoa(c.Round), c.Due.String()}, "/")
}

func isSaid(about string) bool { return strings.HasPrefix(about, saidPrefix) }

func isTier(about string) bool { return strings.HasPrefix(about, tierPrefix) }

// standing are the alerts of the case that no other has replaced or cancelled. One that was
// held back and has been brought to the parties stands as the alert that brought it.
func (in Input) standing() []Box {
	return slices.DeleteFunc(in.last(), func(b Box) bool { return kind(b.Alert) == truce.AlertCancel })
}

// unended are those that stand, and the cancellations after which the tier they speak of is
// still entered, or the path open: of the end those are told, too, whom they went to.
func (in Input) unended() []Box {
	return slices.DeleteFunc(in.last(), func(b Box) bool {
		over := !slices.ContainsFunc(b.Alert.About, func(s string) bool { return strings.HasPrefix(s, withdrawnPrefix) })
		return kind(b.Alert) == truce.AlertCancel && over
	})
}

// last are the alerts of the case to which no later one refers.
func (in Input) last() []Box {
	gone := map[truce.AlertID]bool{}
	for _, b := range in.Earlier {
		for _, id := range b.Alert.References {
			gone[id] = true
		}
		if h := b.Alert.Held; h != nil && b.Alert.Kind != truce.AlertHeld {
			gone[h.Alert] = true
		}
	}
	var out []Box
	for _, b := range in.Earlier {
		if !gone[b.Alert.ID] && b.Alert.Case == in.Case.ID {
			out = append(out, b)
		}
	}
	return out
}

// kind is that of the message, also of one that was held back.
func kind(a truce.Alert) truce.AlertKind {
	if a.Held != nil {
		return a.Held.Kind
	}
	return a.Kind
}

// resting are those that stand and rest on something.
func (in Input) resting(about string) []Box {
	return slices.DeleteFunc(in.unended(), func(b Box) bool { return !slices.Contains(b.Alert.About, about) })
}

// above are those of a tier above a rank, or of a path, that have not been told of its end:
// a way down ends what paths asked for, too.
func (in Input) above(rank int) []Box {
	return slices.DeleteFunc(in.unended(), func(b Box) bool {
		onPath := slices.ContainsFunc(b.Alert.About, func(s string) bool {
			return strings.HasPrefix(strings.TrimPrefix(s, withdrawnPrefix), aboutPath(""))
		})
		return !onPath && in.Ladder.Rank(b.Alert.Tier) <= rank
	})
}

// rests is all that alerts rest on.
func rests(boxes []Box) []string {
	var out []string
	for _, b := range boxes {
		for _, about := range b.Alert.About {
			if !slices.Contains(out, about) {
				out = append(out, about)
			}
		}
	}
	slices.Sort(out)
	return out
}

// refer points an update or a cancellation to what it replaces and addresses it to those
// who were told of that, and to nobody else.
func (in Input) refer(d *draft, boxes []Box) {
	for _, b := range boxes {
		d.refers = append(d.refers, b.Alert.ID)
		d.route.told = append(d.route.told, in.postsOf(b)...)
	}
}

// founded takes back what was sent of a tier or a path when what it rests on is withdrawn,
// and says it anew when that holds again.
func (in Input) founded() []draft {
	p := in.Step.Passage
	if p == nil {
		return nil
	}
	if in.Step.Kind == truce.StepFounded {
		return in.foundAgain(*p)
	}
	d := draft{sort: "unfounded", key: string(p.Tier) + p.Path, kind: truce.AlertCancel, tier: p.Tier}
	about := aboutTier(p.Tier)
	d.fill = func(w words) map[string]string { return map[string]string{"tier": in.tierName(w, p.Tier)} }
	if p.Tier == "" {
		path, _ := in.path(p.Path)
		d.sort, about, d.fill = "unfounded_path", aboutPath(p.Path), in.pathPlaces(path)
	}
	if in.refer(&d, in.resting(about)); len(d.refers) == 0 {
		return nil // nobody had been told
	}
	d.about = []string{withdrawnPrefix + about}
	return []draft{d}
}

// foundAgain is told as the entering of the tier, or the opening of the path, was.
func (in Input) foundAgain(p truce.Passage) []draft {
	out, about := in.pathOpened(), aboutPath(p.Path)
	if p.Tier != "" {
		tier, _ := in.Ladder.Tier(p.Tier)
		out, about = []draft{in.entering("founded", p, tier)}, aboutTier(p.Tier)
	}
	for i := range out {
		for _, b := range in.resting(withdrawnPrefix + about) {
			out[i].refers = append(out[i].refers, b.Alert.ID)
		}
	}
	return out
}

// clockChanged tells those who were warned of a clock that it is due at another time, or
// that it stands or was stopped.
func (in Input) clockChanged() []draft {
	c := in.Step.Clock
	if c == nil {
		return nil
	}
	clock := in.owned(truce.CaseClock{ID: c.Clock, For: c.For, Round: c.Round, Tier: c.Tier, Due: c.Due, Names: c.Names, Owner: c.Owner})
	warned := in.resting(aboutClock(clock))
	d := in.clockDraft(string(in.Step.Kind), clock)
	if len(warned) == 0 || in.said(d) {
		return nil
	}
	if d.kind = truce.AlertCancel; in.Step.Kind == truce.StepClockMoved {
		d.kind, d.about = truce.AlertUpdate, append(d.about, rests(warned)...)
		d.quick = ofTime(func(about string) bool { return about == aboutClock(clock) })
	}
	d.route = route{}
	in.refer(&d, warned)
	return []draft{d}
}

// EndedAt is when an alert was taken back, for Box.Cancelled: the release of the first of
// the alerts of its case that cancels it, or that replaces it and rests on nothing of what
// it rested on; 0: none does.
func EndedAt(of truce.Alert, ofCase []truce.Alert) truce.Instant {
	var at truce.Instant
	for _, a := range ofCase {
		ends := a.Kind == truce.AlertCancel || a.Kind == truce.AlertUpdate && len(of.About) > 0 && len(a.About) == 0
		if ends && slices.Contains(a.References, of.ID) && (at == 0 || a.Release < at) {
			at = a.Release
		}
	}
	return at
}

// NewestOf is the last update of an alert, or of an update of it, that was released by now,
// of the alerts of its case in any order; false: there is none.
func NewestOf(of truce.Alert, ofCase []truce.Alert, now truce.Instant) (truce.AlertID, bool) {
	var updates []truce.Alert
	for _, a := range ofCase {
		if a.Kind == truce.AlertUpdate && a.Release <= now {
			updates = append(updates, a)
		}
	}
	slices.SortStableFunc(updates, func(a, b truce.Alert) int {
		return cmp.Or(cmp.Compare(a.Release, b.Release), cmp.Compare(a.Step, b.Step))
	})
	updates = slices.DeleteFunc(updates, func(a truce.Alert) bool { // what was never sent
		return slices.ContainsFunc(ofCase, func(o truce.Alert) bool { return overtakes(o, a) })
	})
	thread := []truce.AlertID{of.ID}
	for _, a := range updates {
		if slices.ContainsFunc(a.References, func(id truce.AlertID) bool { return slices.Contains(thread, id) }) {
			thread = append(thread, a.ID)
		}
	}
	return thread[len(thread)-1], len(thread) > 1
}
