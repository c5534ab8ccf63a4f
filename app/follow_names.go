package app

import (
	"cmp"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/num"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/sense/track/movement"
)

// This file holds what flights say of themselves against the mission's own aircraft. An
// identity is evidence and never proof.

// labels are the remarks that events get.
var labels = map[truce.FlightIdentity]truce.Label{
	truce.FlightOwn:     truce.LabelOwnFlight,
	truce.FlightInDoubt: truce.LabelIdentityInDoubt,
}

// whose says how what a flight says of itself stands to the mission's own aircraft. Its own is
// what gives one of their identities and flies where and when it was planned, unless the
// identity changed on the way or was given by another flight as well; then it is in doubt, and
// so is one that nobody planned.
func (f *flight) whose(own []aircraft, odd []truce.IdentityRemark, day *dayChart) (truce.FlightIdentity, error) {
	standing := truce.FlightUnnamed
	for i := range own {
		mine := func(id truce.Identity) bool { return slices.Contains(own[i].identities, id) }
		if !slices.ContainsFunc(f.said, mine) {
			continue
		}
		standing = truce.FlightInDoubt
		if slices.ContainsFunc(odd, func(r truce.IdentityRemark) bool { return f.shakes(r, mine) }) {
			continue
		}
		for _, plan := range day.plans {
			plan.Identities = own[i].identities
			m, err := movement.Recognise(f.track, f.said, plan, movement.Config{})
			if err != nil {
				return "", err
			}
			if m.Chance >= surelyOwn {
				return truce.FlightOwn, nil
			}
		}
	}
	if standing == truce.FlightUnnamed && f.saysOther(own) {
		return truce.FlightOther, nil
	}
	return standing, nil
}

// shakes says whether a remark speaks against a flight's being the mission's: its identity and
// another's took turns, or another flight gave it. What the mission's own link tells cannot be
// taken away by a copy on the air.
func (f *flight) shakes(r truce.IdentityRemark, mine func(truce.Identity) bool) bool {
	switch r.Kind {
	case truce.IdentityTwice:
		return mine(r.Said) && !f.linked
	default:
		return mine(r.Said) != mine(r.Other)
	}
}

// saysOther says whether a flight gives an identity of a sort that the mission's aircraft give,
// and none of theirs. What is of another sort tells nothing.
func (f *flight) saysOther(own []aircraft) bool {
	return slices.ContainsFunc(f.said, func(id truce.Identity) bool {
		return slices.ContainsFunc(own, func(a aircraft) bool {
			return slices.ContainsFunc(a.identities, func(o truce.Identity) bool { return o.Scheme == id.Scheme })
		})
	})
}

// twin is one identity on two flights that no one thing can have been.
type twin struct {
	first, second int
	remark        truce.IdentityRemark
}

// oddNames finds what is odd about what the flights of a day say of themselves.
func oddNames(flights []flight) ([][]truce.IdentityRemark, []twin, error) {
	odd := make([][]truce.IdentityRemark, len(flights))
	named := make([]track.Track, len(flights))
	for i := range flights {
		named[i] = track.Track{Number: i, Said: flights[i].names()}
		said := make([]movement.Said, len(named[i].Said))
		for k, s := range named[i].Said {
			said[k] = movement.Said{Time: s.Time, Identity: s.Identity, Chance: s.Chance}
		}
		changes, err := movement.Changes(i, said)
		if err != nil {
			return nil, nil, err
		}
		for _, c := range changes {
			kind := truce.IdentityChanged
			if c.Both {
				kind = truce.IdentityBoth
			}
			odd[i] = append(odd[i], truce.IdentityRemark{Kind: kind, Said: c.From, Other: c.To,
				Time: wholeSeconds(truce.PhenomenonTime{From: c.Last, To: c.First}), P: truce.Probability(num.Quantise(c.Chance, 1e-4))})
		}
	}
	var twins []twin
	for _, c := range movement.Clones(named) {
		r := truce.IdentityRemark{Kind: truce.IdentityTwice, Said: c.Identity,
			Time: wholeSeconds(truce.PhenomenonTime{From: min(c.First, c.Last), To: max(c.First, c.Last)}), P: truce.Probability(num.Quantise(c.Chance, 1e-4))}
		twins = append(twins, twin{c.Tracks[0], c.Tracks[1], r})
		for _, i := range c.Tracks {
			odd[i] = append(odd[i], r)
		}
	}
	return odd, twins, nil
}

// names are what the plots of a flight say it is, in order of time; a code that many share is
// no name.
func (f *flight) names() []track.Said {
	var out []track.Said
	for i := range f.plots {
		for _, id := range f.plots[i].said {
			if f.plots[i].unplaced || id.Scheme == "squawk" {
				continue
			}
			out = append(out, track.Said{Time: f.plots[i].at, At: f.plots[i].place.Point, Identity: id, Chance: 1})
		}
	}
	slices.SortStableFunc(out, func(a, b track.Said) int { return cmp.Compare(a.Time, b.Time) })
	return out
}

// nameTwin puts the other flight's event, where it is one, into the remark.
func nameTwin(events []truce.Event, r truce.IdentityRemark, others []truce.Event) {
	if len(others) == 0 {
		return
	}
	for i := range events {
		f := events[i].Detail.Flight
		f.Remarks = slices.Clone(f.Remarks) // the flight's other events have the same
		for k := range f.Remarks {
			if f.Remarks[k] == r {
				f.Remarks[k].Event = others[0].ID
			}
		}
	}
}
