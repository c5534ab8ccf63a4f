package alert

import (
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// Joined composes what stands for guarantors who take part only since it was sent: of each
// thread the newest alert that stands, marked late and with both times, to those of a state
// who keep watch and were not told. Where nobody of the state was asked before, the time for
// its answer runs from the release of what is composed here. in.Step is not looked at.
func Joined(in Input) ([]truce.Alert, error) {
	if err := in.validate(); err != nil {
		return nil, err
	}
	r, release := newRouter(in), Release(in.Now, in.Margin)
	var out []truce.Alert
	for _, b := range in.standing() {
		if b.Alert.Held != nil || b.Alert.Brings != nil || !in.forGuarantors(b.Alert) {
			continue
		}
		for _, of := range r.states() {
			if a, ok := in.join(b, of, release); ok {
				out = append(out, a)
			}
		}
	}
	return out, nil
}

// forGuarantors says whether an alert is for every guarantor, and not for one whose clock it
// speaks of: by what it rests on, or since it went to guarantors and to the parties.
func (in Input) forGuarantors(a truce.Alert) bool {
	for _, about := range a.About {
		tier, ok := in.Ladder.Tier(truce.TierID(strings.TrimPrefix(about, tierPrefix)))
		if isTier(about) && ok && (slices.Contains(tier.Tell, truce.RoleGuarantor) || tier.Answer != nil && tier.Answer.Role == truce.RoleGuarantor) {
			return true
		}
	}
	told := map[truce.Role]bool{}
	for _, r := range a.To {
		told[r.Role] = true
	}
	return a.Civil || told[truce.RoleGuarantor] && told[truce.RoleParty]
}

// states are routers that know the people of one guarantor each, in their order.
func (r router) states() []router {
	var out []router
	for i := 0; i < len(r.people); {
		end := i + 1
		for end < len(r.people) && r.people[end].Role == r.people[i].Role && r.people[end].State == r.people[i].State {
			end++
		}
		if r.people[i].Role == truce.RoleGuarantor {
			out = append(out, router{people: r.people[i:end], realm: r.realm, langs: r.langs})
		}
		i = end
	}
	return out
}

// join is the alert that brings an earlier one to a state; false: there is nobody to whom it
// was not brought.
func (in Input) join(b Box, of router, release truce.Instant) (truce.Alert, bool) {
	group := Group{Role: truce.RoleGuarantor, State: of.people[0].State}
	before, answered := in.before(b, group)
	chosen := map[truce.PersonID]bool{}
	chooseWatch(chosen, of.people, truce.RoleGuarantor)
	var t told
	key, asked := "", answered
	for _, p := range of.people {
		switch was := slices.Contains(before, p.ID); {
		case was:
			asked = true
		case chosen[p.ID]:
			t.to, key = append(t.to, of.recipient(p)), key+"/"+string(p.ID)
		}
	}
	if len(t.to) == 0 {
		return truce.Alert{}, false
	}
	a := b.Alert
	a.ID = truce.NewID(b.Alert.Release, "alert", a.Case.String(), []byte("joined/"+b.Alert.ID.String()+"/"+group.String()+key))
	release = max(release, b.Alert.Release) // one that waits is nobody's before
	a.Kind, a.Release, a.References, a.Wakes = truce.AlertNew, release, nil, nil
	a.Brings = &truce.Brought{Alert: b.Alert.ID, Release: b.Alert.Release}
	if asked || a.Answer != nil && a.Answer.Role != truce.RoleGuarantor {
		a.Answer = nil
	}
	of.escalate(&t, route{answer: a.Answer}, release)
	a.To = t.to
	words := in.lateWords("joined", b.Alert.Read(true), b.Alert.Release, release)
	a.Headline, a.Text, a.Inside = words.Headline, words.Text, nil // it goes to no party
	in.wake(&a, t)
	return a, true
}

// before are those of a group whom an alert went to, itself or by another that brought it,
// and whether the group has answered it.
func (in Input) before(b Box, g Group) (people []truce.PersonID, answered bool) {
	for _, o := range in.Earlier {
		if o.Alert.ID != b.Alert.ID && (o.Alert.Brings == nil || o.Alert.Brings.Alert != b.Alert.ID) {
			continue
		}
		for _, r := range o.Alert.To {
			if groupOf(r) == g {
				people = append(people, r.Person)
			}
		}
		answered = answered || slices.ContainsFunc(o.Answers, func(ack truce.Acknowledgement) bool { return groupOfAnswer(ack) == g && counts(o.Alert, ack) })
	}
	return people, answered
}
