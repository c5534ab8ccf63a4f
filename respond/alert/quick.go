package alert

import (
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// ofTime finds the updates that say that a time has moved: they rest on a tier or a clock,
// and no other update does.
func ofTime(on func(about string) bool) func(truce.Alert) bool {
	return func(a truce.Alert) bool {
		return a.Kind == truce.AlertUpdate && a.Held == nil && a.Brings == nil && slices.ContainsFunc(a.About, on)
	}
}

// gives says whether an alert may give way to a later one before it has left.
func gives(a truce.Alert) bool {
	return ofTrouble(a) || ofWords(a) || ofTime(func(about string) bool { return isTier(about) || strings.HasPrefix(about, clockPrefix) })(a)
}

// leaves is when an alert is released. One more of those of which the same people were told
// within the window waits until its end, or takes the place of the one that waits already;
// every other leaves at once, as do all of which a part is held back from the parties.
func (in Input) leaves(d draft, t told, release truce.Instant) truce.Instant {
	if d.leave != 0 {
		return d.leave
	}
	if d.quick == nil || len(t.held) > 0 {
		return release
	}
	for _, b := range slices.Backward(in.Earlier) {
		of := b.Alert
		if of.Case != in.Case.ID || !d.quick(of) || !within(t.to, of.To) {
			continue
		}
		if of.Release < release {
			return max(release, of.Release.Add(UpdateWindow))
		}
		if slices.Contains(d.refers, of.ID) {
			return of.Release
		}
	}
	return release
}

// overtake lets an alert speak in place of those it refers to that have not left: whoever
// keeps a thread by its references knows what those referred to, and not them.
func (in Input) overtake(a *truce.Alert) {
	for _, b := range in.Earlier {
		if overtakes(*a, b.Alert) {
			for _, id := range b.Alert.References {
				if !slices.Contains(a.References, id) {
					a.References = append(a.References, id)
				}
			}
		}
	}
}

func overtakes(a, of truce.Alert) bool {
	return gives(of) && a.ID != of.ID && a.Held == nil && a.Kind != truce.AlertHeld && a.Release <= of.Release && slices.Contains(a.References, of.ID)
}

// saidOld is the zero point as it was last told: of those moves whose updates this one takes
// the place of nobody has heard.
func (in Input) saidOld(c truce.T0Change, told []Box) truce.Instant {
	var unheard []truce.AlertID
	for _, b := range told {
		if gives(b.Alert) && b.Alert.Release >= Release(in.Now, in.Margin) {
			unheard = append(append(unheard, b.Alert.ID), b.Alert.References...)
		}
	}
	old, back := c.Old, 0
	for _, b := range in.Earlier {
		if ofTime(isTier)(b.Alert) && b.Alert.Release >= Release(in.Now, in.Margin) && slices.Contains(unheard, b.Alert.ID) {
			back++
		}
	}
	for _, m := range slices.Backward(in.Case.T0Moves) {
		if m.Basis != c.Basis || !m.Chosen || m.Old == 0 {
			continue
		}
		if old = m.Old; back == 0 {
			break
		}
		back--
	}
	return old
}

// over says whether an alert tells that the time of a clock is over of which another says that
// it is due soon.
func over(a, of truce.Alert) bool {
	return a.Kind != truce.AlertHeld && of.Kind == truce.AlertNew && slices.ContainsFunc(of.About, func(about string) bool {
		clock, is := strings.CutPrefix(about, clockPrefix)
		return is && slices.Contains(a.About, overPrefix+clock)
	})
}

// InsteadOf lists the recipients of an alert to whom another of its case says how it stands
// now, for Box.Instead: it leaves no later, or says that the time is over that this one says
// is due soon. Of the parties it is all or none.
func InsteadOf(of truce.Alert, ofCase []truce.Alert) []truce.PersonID {
	var out []truce.PersonID
	for _, a := range ofCase {
		if !MayGive(of, a) {
			continue
		}
		parties := within(partiesOf(of.To), a.To)
		for _, r := range of.To {
			if (r.Party == "" || parties) && within([]truce.AlertRecipient{r}, a.To) && !slices.Contains(out, r.Person) {
				out = append(out, r.Person)
			}
		}
	}
	return out
}

// MayGive says whether InsteadOf is to be asked: whether one alert refers to another that
// has not left before it, or says that the time is over.
func MayGive(of, to truce.Alert) bool { return overtakes(to, of) || over(to, of) }

// within says whether everybody's side is among those told of another alert.
func within(some, all []truce.AlertRecipient) bool {
	sides := map[Group]bool{}
	for _, r := range all {
		sides[groupOf(r)] = true
	}
	return !slices.ContainsFunc(some, func(r truce.AlertRecipient) bool { return !sides[groupOf(r)] })
}

func partiesOf(to []truce.AlertRecipient) []truce.AlertRecipient {
	return slices.DeleteFunc(slices.Clone(to), func(r truce.AlertRecipient) bool { return r.Party == "" })
}

// foldInstead marks those who get a later alert in place of this one, unless this one may have
// left: what one party was sent the other is sent, too.
func (s *sheet) foldInstead() {
	if len(s.box.Instead) == 0 {
		return
	}
	left := false
	for i := range s.letters {
		left = left || s.letters[i].to.Party != "" && s.letters[i].any(tries.mayHave)
	}
	for i := range s.letters {
		l := &s.letters[i]
		l.instead = !l.any(tries.mayHave) && (l.to.Party == "" || !left) && slices.Contains(s.box.Instead, l.to.Person)
	}
}
