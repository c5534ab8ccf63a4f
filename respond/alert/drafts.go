package alert

import (
	"slices"

	"github.com/trucewatch/truce"
)

// drafts lists the alerts of a step. A kind of step that is not named here tells nobody: it
// is on the page of the case.
func (in Input) drafts() []draft {
	switch in.Step.Kind {
	case truce.StepProposed:
		return in.proposed()
	case truce.StepEntered:
		return in.entered()
	case truce.StepRefused, truce.StepLapsed:
		return in.unproposed()
	case truce.StepLeft, truce.StepClosed, truce.StepReopened:
		return in.wayDown()
	case truce.StepT0Moved:
		return in.t0Moved()
	case truce.StepClockMissed:
		return in.missed()
	case truce.StepOpened, truce.StepBlind:
		return in.opened()
	case truce.StepConsultation:
		return in.consultation()
	case truce.StepRemedy, truce.StepDetermined:
		return in.aftermath()
	}
	return nil
}

// proposed asks the holders of the gates; on a path of civil protection it also tells those
// who protect people, who must not wait for the gates of a ladder they have no part in.
func (in Input) proposed() []draft {
	p := in.Step.Passage
	if p == nil {
		return nil
	}
	gates := in.gates(*p)
	d := in.passageDraft("proposed", *p, gates)
	if p.Down {
		d.sort = "descent"
	}
	out := []draft{d}
	path, ok := in.path(p.Path)
	civil := func(b Box) bool { return b.Alert.Civil && b.Alert.Kind != truce.AlertCancel }
	if ok && path.Civil && !slices.ContainsFunc(in.standing(), civil) {
		out = append(out, draft{
			sort: "civil", kind: truce.AlertNew, civil: true,
			route: route{roles: []truce.Role{truce.RoleParty, truce.RoleMechanism, truce.RoleGuarantor, truce.RoleCommission}},
			fill:  in.pathPlaces(path), lines: func(w words) []string { return because(w, p.Because) },
		})
	}
	return out
}

func (in Input) passageDraft(sort string, p truce.Passage, gates []truce.Gate) draft {
	d := draft{sort: sort, key: string(p.Tier), kind: truce.AlertNew, tier: p.Tier}
	for _, g := range gates {
		d.route.offices = append(d.route.offices, g.Office)
	}
	d.fill = func(w words) map[string]string {
		return map[string]string{"tier": in.tierName(w, p.Tier), "gates": officeNames(w, gates)}
	}
	d.lines = func(w words) []string { return because(w, p.Because) }
	return d
}

func (in Input) gates(p truce.Passage) []truce.Gate {
	if p.Down {
		for _, d := range in.Ladder.Down {
			if d.From == p.Tier && d.To == p.To {
				return d.Gates
			}
		}
	}
	tier, _ := in.Ladder.Tier(p.Tier)
	return tier.Gates
}

// entered tells those the tier names, those who have something to do in it, and those who
// signed it in.
func (in Input) entered() []draft {
	p := in.Step.Passage
	if p == nil {
		return nil
	}
	tier, ok := in.Ladder.Tier(p.Tier)
	if !ok {
		return nil
	}
	d := in.passageDraft("entered", *p, tier.Gates)
	d.route.roles, d.route.answer = tier.Tell, tier.Answer
	if tier.Answer != nil && !slices.Contains(tier.Tell, tier.Answer.Role) {
		d.route.roles = append(slices.Clone(tier.Tell), tier.Answer.Role)
	}
	for _, c := range tier.Clocks {
		d.route.offices = append(d.route.offices, c.Owner)
	}
	for _, duty := range tier.Duties {
		d.route.offices = append(d.route.offices, duty.Office)
	}
	return []draft{d}
}

// unproposed tells those who were asked for their signature that it is not needed any more.
func (in Input) unproposed() []draft {
	p := in.Step.Passage
	if p == nil {
		return nil
	}
	last := in.ofTier(p.Tier)
	if len(last) == 0 {
		return nil
	}
	d := in.passageDraft("lapsed", *p, in.gates(*p))
	d.kind = truce.AlertCancel
	if in.Step.Kind == truce.StepRefused {
		d.sort, d.kind = "refused", truce.AlertUpdate
	}
	d.refer(last[len(last)-1:])
	return []draft{d}
}

// wayDown updates or cancels what was sent before, for those it was sent to.
func (in Input) wayDown() []draft {
	d := draft{sort: "closed", kind: truce.AlertCancel, fill: func(words) map[string]string { return nil }}
	switch p := in.Step.Passage; {
	case in.Step.Kind == truce.StepReopened:
		d.sort, d.kind = "reopened", truce.AlertNew
		for _, b := range in.Earlier {
			d.route.slots = append(d.route.slots, slotsOf(b)...)
		}
	case in.Step.Kind == truce.StepLeft && p != nil:
		d.sort, d.kind, d.tier = "left", truce.AlertUpdate, p.Tier
		d.fill = func(w words) map[string]string { return map[string]string{"tier": in.tierName(w, p.Tier)} }
		d.refer(in.ofTier(p.Tier))
	default:
		d.refer(in.standing())
	}
	if len(d.route.slots) == 0 {
		return nil // nobody had been told
	}
	return []draft{d}
}

func (in Input) t0Moved() []draft {
	c := in.Step.T0
	d := draft{sort: "t0", kind: truce.AlertUpdate, tier: in.Case.Tier}
	if c == nil || !c.Chosen || c.Old == 0 {
		return nil
	}
	if d.refer(in.ofTier(in.Case.Tier)); len(d.refers) == 0 {
		return nil
	}
	d.fill = func(w words) map[string]string {
		return map[string]string{"basis": w.or("basis_", string(c.Basis)), "old": w.time(c.Old), "new": w.time(c.New)}
	}
	return []draft{d}
}

func (in Input) missed() []draft {
	c := in.Step.Clock
	if c == nil {
		return nil
	}
	clock := truce.CaseClock{ID: c.Clock, For: c.For, Round: c.Round, Tier: c.Tier, Due: c.Due}
	for _, of := range in.Case.Clocks {
		if of.ID == c.Clock && of.For == c.For && of.Round == c.Round {
			clock = of
		}
	}
	d := in.clockDraft("missed", clock)
	d.route.offices = append(d.route.offices, truce.OfficeMechanismLead, truce.OfficeDutyHead)
	if late := in.Step.Late; late != 0 {
		d.lines = func(w words) []string {
			return []string{w.fill("missed_late", map[string]string{"late": w.time(late)})}
		}
	}
	return []draft{d}
}

// clockDraft is for the owner of a clock. Where the owner is a liaison officer both are
// told, whosever clock it is.
func (in Input) clockDraft(sort string, clock truce.CaseClock) draft {
	term, _ := clockTerm(in.Ladder, clock.ID)
	names := clock.Names
	if len(names) == 0 {
		names = term.Names
	}
	owner := clock.Owner
	if owner == "" {
		owner = term.Owner
	}
	d := draft{sort: sort, key: clock.ID + "/" + clock.For, kind: truce.AlertNew, tier: clock.Tier}
	if owner != "" {
		d.route.offices = []truce.Office{owner}
	}
	if role := owner.Role(); role == truce.RoleGuarantor || role == truce.RoleContributor {
		d.route.state = truce.StateID(clock.For)
	}
	d.fill = func(w words) map[string]string {
		return map[string]string{"clock": nameOr(names, w, clock.ID), "for": forWhom(w, clock.For), "due": w.time(clock.Due)}
	}
	return d
}

// opened tells of cases that open on a path beside the ladder, and of a line that cannot be
// seen, which both parties are told of.
func (in Input) opened() []draft {
	path, ok := in.path(in.Case.Opening.Path)
	first := in.Step.Kind == truce.StepOpened
	if !first && ok && in.Step.At == in.Case.Opened {
		return nil // said when the case opened on its path
	}
	blind := in.Step.Blind
	if first && blind == nil && ok && path.Enter.BlindShare > 0 && len(in.Case.Blind) > 0 {
		blind = &in.Case.Blind[len(in.Case.Blind)-1]
	}
	d := draft{kind: truce.AlertNew, route: route{roles: []truce.Role{truce.RoleMechanism}}}
	for _, c := range path.Clocks {
		d.route.offices = append(d.route.offices, c.Owner)
	}
	switch {
	case blind != nil:
		d.sort, d.area, d.fill = "blind", blind.Area, in.blindPlaces(*blind)
		if blind.To != 0 {
			d.sort = "sight"
		}
		d.route.roles = append(d.route.roles, truce.RoleParty)
		d.lines = func(w words) []string { return quoted(w, blind.Reason) }
	case first && ok:
		d.sort, d.fill = "path", in.pathPlaces(path)
	default:
		return nil
	}
	return []draft{d}
}

func (in Input) consultation() []draft {
	c := in.Step.Consultation
	if c == nil {
		return nil
	}
	d := draft{key: c.ID + "/" + c.Change, kind: truce.AlertNew, tier: in.Case.Tier}
	d.route.roles = []truce.Role{truce.RoleParty, truce.RoleMechanism, truce.RoleGuarantor, truce.RoleCommission}
	text := c.Ground
	switch c.Change {
	case "called", "convened":
		d.sort = c.Change
	case "decided":
		d.sort, text = "decided", c.Public
	default:
		return nil
	}
	d.fill = func(words) map[string]string { return map[string]string{"meeting": c.ID} }
	d.lines = func(w words) []string { return quoted(w, text) }
	return []draft{d}
}

func (in Input) aftermath() []draft {
	d := draft{sort: "determined", kind: truce.AlertNew, tier: in.Case.Tier, fill: func(words) map[string]string { return nil }}
	d.route.roles = []truce.Role{truce.RoleParty, truce.RoleMechanism, truce.RoleGuarantor, truce.RoleCommission}
	if in.Step.Kind == truce.StepDetermined {
		d.lines = func(w words) []string { return quoted(w, in.Step.Text) }
		return []draft{d}
	}
	r := in.Step.Remedy
	if r == nil {
		return nil
	}
	d.sort, d.key = "remedy", r.ID+"/"+string(r.State)
	d.route.roles = []truce.Role{truce.RoleParty, truce.RoleMechanism, truce.RoleCommission}
	d.fill = func(w words) map[string]string {
		return map[string]string{"remedy": r.ID, "party": string(r.Party), "state": w.or("remedy_", string(r.State))}
	}
	d.lines = func(w words) []string {
		out := quoted(w, r.What)
		if r.Due != 0 {
			out = append(out, w.fill("remedy_due", map[string]string{"due": w.time(r.Due)}))
		}
		return out
	}
	return []draft{d}
}

// gapDraft tells the mechanism whom an alert could not be addressed to.
func (in Input) gapDraft(gaps []Gap) draft {
	return draft{
		sort: "gap", kind: truce.AlertNew, tier: in.Case.Tier,
		route: route{offices: mechanismWatch(), inside: true},
		fill:  func(words) map[string]string { return nil },
		lines: func(w words) []string {
			var out []string
			for _, g := range gaps {
				who := g.Who
				if g.Kind == "office" {
					who = w.or("office_", g.Who)
				}
				out = append(out, w.fill("gap_"+g.Kind, map[string]string{"who": who}))
			}
			return listed(w, out)
		},
	}
}

// refer points an update or a cancellation to what it replaces and addresses it to those
// who were told.
func (d *draft) refer(boxes []Box) {
	for _, b := range boxes {
		d.refers = append(d.refers, b.Alert.ID)
		d.route.slots = append(d.route.slots, slotsOf(b)...)
	}
}

// standing are the alerts of the case that no other has replaced or cancelled.
func (in Input) standing() []Box {
	gone := map[truce.AlertID]bool{}
	for _, b := range in.Earlier {
		for _, id := range b.Alert.References {
			gone[id] = true
		}
	}
	var out []Box
	for _, b := range in.Earlier {
		if b.Alert.Kind != truce.AlertCancel && !gone[b.Alert.ID] && b.Alert.Case == in.Case.ID {
			out = append(out, b)
		}
	}
	return out
}

func (in Input) ofTier(id truce.TierID) []Box {
	return slices.DeleteFunc(in.standing(), func(b Box) bool { return b.Alert.Tier != id })
}

func (in Input) path(id string) (truce.Path, bool) {
	for _, p := range in.Ladder.Paths {
		if p.ID == id && id != "" {
			return p, true
		}
	}
	return truce.Path{}, false
}
