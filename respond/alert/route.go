package alert

import (
	"cmp"
	"slices"

	"github.com/trucewatch/truce"
)

// route says for whom an alert is. What is named twice is told once.
type route struct {
	roles   []truce.Role   // those who keep watch in the role
	offices []truce.Office // everybody who holds the office
	state   truce.StateID  // of the offices of guarantors and contributors; "": of every state
	told    []post         // those who were told before, or now hold their post
	answer  *truce.AnswerTerm
	inside  bool // for the mechanism's own eyes: the gaps of this alert raise no other
}

// post is somebody who was told, with the post they held.
type post struct {
	person truce.PersonID
	group  Group
	office truce.Office
}

func (p post) holds(o truce.Person) bool {
	return p.group == Group{o.Role, o.State, o.Party} && p.office == o.Office
}

// watching lists the offices of a role that are told first; those above them are told when
// no answer comes.
func watching(r truce.Role) []truce.Office {
	switch r {
	case truce.RoleParty:
		return []truce.Office{truce.OfficeLiaison}
	case truce.RoleMechanism:
		return mechanismWatch()
	case truce.RoleCommission:
		return []truce.Office{truce.OfficeMember, truce.OfficeChair}
	case truce.RoleGuarantor:
		return []truce.Office{truce.OfficeDutyOfficer}
	case truce.RoleContributor:
		return []truce.Office{truce.OfficePlanner}
	}
	return nil
}

func mechanismWatch() []truce.Office {
	return []truce.Office{truce.OfficeWatchOfficer, truce.OfficeWatchLead, truce.OfficeDutyHead, truce.OfficeMechanismLead}
}

// Gap is somebody whom the ladder wants told and who could not be addressed.
type Gap struct {
	Kind string `json:"kind"` // party, role, office, contact or many
	Who  string `json:"who"`
}

// told is the outcome of routing: recipients in a fixed order, those told first before those
// who are told when no answer comes, whose turn stands in wakes.
type told struct {
	to    []truce.AlertRecipient
	wakes []truce.Wake
	gaps  []Gap
	held  []truce.PartyID // parties that cannot be told, so that none is
}

// router applies routes to the people on record.
type router struct {
	people  []truce.Person // without the withdrawn, in the order of their posts
	parties []truce.PartyID
	realm   truce.Realm
	langs   []string
}

func newRouter(in Input) router {
	r := router{parties: in.Parties, realm: in.Realm, langs: Languages()}
	for _, p := range in.People {
		if !p.Withdrawn && (p.Party == "" || slices.Contains(in.Parties, p.Party)) {
			r.people = append(r.people, p)
		}
	}
	slices.SortFunc(r.people, byPost)
	return r
}

func byPost(a, b truce.Person) int {
	return cmp.Or(
		cmp.Compare(slices.Index(truce.Roles(), a.Role), slices.Index(truce.Roles(), b.Role)),
		cmp.Compare(a.State, b.State), cmp.Compare(a.Party, b.Party),
		cmp.Compare(rank(a.Office), rank(b.Office)), cmp.Compare(a.ID, b.ID))
}

// rank is the place of an office among all, those of a role together and lowest first; a
// post without an office keeps watch and comes first.
func rank(o truce.Office) int { return slices.Index(truce.Offices(), o) }

// route finds whom to tell, at a release.
func (r router) route(rt route, release truce.Instant) told {
	var t told
	chosen := map[truce.PersonID]bool{}
	for _, role := range rt.roles {
		r.role(&t, chosen, role)
	}
	for _, office := range rt.offices {
		r.office(&t, chosen, office, rt.state)
	}
	for _, was := range rt.told {
		r.again(chosen, was)
	}
	for _, p := range r.people {
		if chosen[p.ID] {
			t.to = append(t.to, r.recipient(p))
		}
	}
	r.together(&t, rt)
	r.escalate(&t, rt, release)
	r.bound(&t)
	return t
}

// again chooses somebody who was told before; whoever holds the post now, if that person
// does not any more.
func (r router) again(chosen map[truce.PersonID]bool, was post) {
	if slices.ContainsFunc(r.people, func(p truce.Person) bool { return p.ID == was.person && was.holds(p) }) {
		chosen[was.person] = true
		return
	}
	for _, p := range r.people {
		if was.holds(p) {
			chosen[p.ID] = true
		}
	}
}

// role chooses those who keep watch in a role, group by group; where a state has nobody who
// does, the lowest office it has is told.
func (r router) role(t *told, chosen map[truce.PersonID]bool, role truce.Role) {
	groups := 0
	for i := 0; i < len(r.people); {
		group := Group{r.people[i].Role, r.people[i].State, r.people[i].Party}
		end := i + 1
		for end < len(r.people) && (Group{r.people[end].Role, r.people[end].State, r.people[end].Party}) == group {
			end++
		}
		if group.Role == role {
			groups++
			chooseWatch(chosen, r.people[i:end], role)
		}
		i = end
	}
	if groups == 0 && role != truce.RolePublic { // the public reads pages; nobody writes to it
		t.gaps = append(t.gaps, Gap{"role", string(role)})
	}
}

// chooseWatch chooses of the people of one group, lowest office first.
func chooseWatch(chosen map[truce.PersonID]bool, people []truce.Person, role truce.Role) {
	offices, any := watching(role), false
	for _, p := range people {
		if p.Office == "" || slices.Contains(offices, p.Office) {
			chosen[p.ID], any = true, true
		}
	}
	if any {
		return
	}
	for _, p := range people {
		if p.Office == people[0].Office {
			chosen[p.ID] = true
		}
	}
}

func (r router) office(t *told, chosen map[truce.PersonID]bool, office truce.Office, state truce.StateID) {
	found := false
	for _, p := range r.people {
		if p.Office == office && (state == "" || p.State == "" || p.State == state) {
			chosen[p.ID], found = true, true
		}
	}
	if gap := (Gap{"office", string(office)}); !found && !slices.Contains(t.gaps, gap) {
		t.gaps = append(t.gaps, gap)
	}
}

// recipient is a person as an alert names them. In an exercise only the contacts that are
// marked for drills are there at all, so that nothing later can use another.
func (r router) recipient(p truce.Person) truce.AlertRecipient {
	to := truce.AlertRecipient{Person: p.ID, Role: p.Role, Office: p.Office, Party: p.Party, State: p.State, Language: p.Language}
	if !slices.Contains(r.langs, to.Language) {
		to.Language = r.langs[0]
	}
	to.Contacts = make([]truce.Contact, 0, len(p.Contacts))
	for _, c := range p.Contacts {
		if c.Drill || !r.realm.Exercise() {
			to.Contacts = append(to.Contacts, c)
		}
	}
	return to
}

// together takes out every party unless each of them can be told.
func (r router) together(t *told, rt route) {
	reach := map[truce.PartyID]bool{}
	named := slices.ContainsFunc(rt.told, func(p post) bool { return p.group.Party != "" }) || slices.Contains(rt.roles, truce.RoleParty) ||
		slices.ContainsFunc(rt.offices, func(o truce.Office) bool { return o.Role() == truce.RoleParty })
	for _, to := range t.to {
		named = named || to.Party != ""
		reach[to.Party] = reach[to.Party] || len(to.Contacts) > 0
	}
	for _, p := range r.parties {
		if named && !reach[p] {
			t.held = append(t.held, p)
			t.gaps = append(t.gaps, Gap{"party", string(p)})
		}
	}
	if len(t.held) > 0 {
		t.to = slices.DeleteFunc(t.to, func(to truce.AlertRecipient) bool { return to.Party != "" })
	}
	for _, to := range t.to {
		if len(to.Contacts) == 0 {
			t.gaps = append(t.gaps, Gap{"contact", string(to.Person)})
		}
	}
}

// escalate appends the offices that are told when no answer comes, with their turns. A
// group in which nobody can be told at once has its next office told at once.
func (r router) escalate(t *told, rt route, release truce.Instant) {
	if rt.answer == nil {
		return
	}
	reached := map[Group]bool{}
	for _, to := range t.to {
		reached[groupOf(to)] = reached[groupOf(to)] || len(to.Contacts) > 0
	}
	for _, term := range rt.answer.Escalate {
		for _, p := range r.people {
			if p.Office != term.Office || slices.ContainsFunc(t.to, func(to truce.AlertRecipient) bool { return to.Person == p.ID }) {
				continue
			}
			to := r.recipient(p)
			if to.Party != "" { // parties are told in the first second or not at all
				continue
			}
			group := groupOf(to)
			if reached[group] || group.Role != rt.answer.Role {
				t.wakes = append(t.wakes, truce.Wake{Name: sendWake(p.ID), Due: release.Add(term.After.Duration())})
			}
			reached[group] = reached[group] || len(to.Contacts) > 0
			t.to = append(t.to, to)
		}
	}
}

func (r router) bound(t *told) {
	if over := len(t.to) - MaxRecipients; over > 0 {
		t.gaps = append(t.gaps, Gap{"many", intText(over)})
		t.to = t.to[:MaxRecipients]
		t.wakes = slices.DeleteFunc(t.wakes, func(w truce.Wake) bool {
			return !slices.ContainsFunc(t.to, func(to truce.AlertRecipient) bool { return sendWake(to.Person) == w.Name })
		})
	}
}

// postsOf are those whom an alert went to: those told first and those whose turn came. One
// that is held back from the parties is for them all the same.
func (in Input) postsOf(b Box) []post {
	var out []post
	if b.Alert.Held != nil && b.Alert.Kind == truce.AlertHeld {
		for _, p := range in.Parties {
			out = append(out, post{group: Group{Role: truce.RoleParty, Party: p}, office: truce.OfficeLiaison})
		}
	}
	for _, r := range b.Alert.To {
		// Attempt 0 is the record that somebody need not be told.
		begun := slices.ContainsFunc(b.Deliveries, func(d truce.Delivery) bool { return d.Person == r.Person && d.Attempt > 0 })
		if begun || turn(b.Alert, r) <= b.Alert.Release {
			out = append(out, post{r.Person, groupOf(r), r.Office})
		}
	}
	return out
}

// turn is when a recipient is told if nobody has answered by then.
func turn(a truce.Alert, r truce.AlertRecipient) truce.Instant {
	name := sendWake(r.Person)
	for _, w := range a.Wakes {
		if w.Name == name {
			return w.Due
		}
	}
	return a.Release
}
