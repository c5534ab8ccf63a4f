package alert

import (
	"slices"

	"github.com/trucewatch/truce"
)

// drafts lists the alerts of a step. A kind of step that is not named here tells nobody: it
// is on the page of the case.
func (in Input) drafts() []draft {
	switch {
	case in.spoke() && in.Step.Kind == truce.StepClockMet: // a reply to a view
		return append(in.spoken(), in.pauseOver()...)
	case in.spoke() && in.Step.Kind == truce.StepT0Moved: // the first complaint
		return append(in.spoken(), in.t0Moved()...)
	case in.spoke():
		return in.spoken()
	}
	switch in.Step.Kind {
	case truce.StepProposed:
		return in.proposed()
	case truce.StepEntered:
		return in.entered()
	case truce.StepRefused, truce.StepLapsed:
		return in.unproposed()
	case truce.StepUnfounded, truce.StepFounded:
		return in.founded()
	case truce.StepLeft, truce.StepClosed, truce.StepReopened:
		return in.wayDown()
	case truce.StepT0Moved:
		return in.t0Moved()
	case truce.StepClockMissed, truce.StepClockWarned:
		return in.clock()
	case truce.StepClockStarted:
		return in.clockStarted()
	case truce.StepAttributed:
		return in.viewsEnded()
	case truce.StepClockMoved, truce.StepClockStopped:
		return append(in.clockChanged(), in.pauseOver()...)
	case truce.StepClockMet:
		return in.pauseOver()
	case truce.StepClockPaused:
		return in.clockPaused()
	case truce.StepClockResumed:
		return in.clockResumed()
	case truce.StepClockTold:
		return in.clocksTold()
	case truce.StepClockUntold:
		return in.clockUntold()
	case truce.StepPath:
		return in.pathOpened()
	case truce.StepBlind:
		return in.sight()
	case truce.StepConsultation:
		return in.consultation()
	case truce.StepRemedy, truce.StepDetermined:
		return in.aftermath()
	}
	return nil
}

// proposed asks the holders of the gates.
func (in Input) proposed() []draft {
	p := in.Step.Passage
	if p == nil {
		return nil
	}
	d := in.passageDraft("proposed"+manner(*p), *p, in.gates(*p))
	d.about = []string{aboutPassage(*p)}
	return []draft{d}
}

// manner tells the ways of a passage apart: up, down to another tier, and to the end of the
// case, which may be in no tier.
func manner(p truce.Passage) string {
	switch {
	case p.Down && p.To == "" && p.Tier == "":
		return ".end"
	case p.Down && p.To == "":
		return ".end_from"
	case p.Down:
		return ".down"
	}
	return ""
}

func (in Input) passageDraft(sort string, p truce.Passage, gates []truce.Gate) draft {
	d := draft{sort: sort, key: string(p.Tier), kind: truce.AlertNew, tier: p.Tier}
	for _, g := range gates {
		d.route.offices = append(d.route.offices, g.Office)
	}
	d.fill = func(w words) map[string]string {
		return map[string]string{"tier": in.tierName(w, p.Tier), "to": in.tierName(w, p.To), "gates": officeNames(w, gates)}
	}
	d.lines = func(w words) []string { return in.because(w, p) }
	return d
}

// gates are those the passage was proposed with, or those of the ladder.
func (in Input) gates(p truce.Passage) []truce.Gate {
	if len(p.Gates) > 0 {
		return p.Gates
	}
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
	d := in.entering("entered", *p, tier)
	for _, b := range in.resting(aboutPassage(truce.Passage{Tier: p.Tier})) {
		d.refers = append(d.refers, b.Alert.ID) // nobody's signature is asked any more
	}
	return []draft{d}
}

// entering is addressed to those a tier names, those who have something to do in it, and
// those who signed it in.
func (in Input) entering(sort string, p truce.Passage, tier truce.Tier) draft {
	d := in.passageDraft(sort, p, tier.Gates)
	d.about = []string{aboutTier(p.Tier)}
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
	in.announces(&d, in.begun(tier.Clocks, p.Tier, ""))
	return d
}

// unproposed tells those who were asked for their signature that it is not needed any more.
func (in Input) unproposed() []draft {
	p := in.Step.Passage
	if p == nil {
		return nil
	}
	asked := in.resting(aboutPassage(*p))
	if len(asked) == 0 {
		return nil
	}
	d := in.passageDraft("lapsed"+manner(*p), *p, in.gates(*p))
	d.kind = truce.AlertCancel
	if in.Step.Kind == truce.StepRefused {
		d.sort, d.kind = "refused"+manner(*p), truce.AlertUpdate
	}
	d.route.offices = nil
	in.refer(&d, asked)
	return []draft{d}
}

// wayDown updates or cancels what was sent before, for those it was sent to.
func (in Input) wayDown() []draft {
	d := draft{sort: "closed", kind: truce.AlertCancel, fill: func(words) map[string]string { return nil }}
	switch p := in.Step.Passage; {
	case in.Step.Kind == truce.StepReopened:
		d.sort, d.kind = "reopened", truce.AlertNew
		for _, b := range in.Earlier {
			d.route.told = append(d.route.told, in.postsOf(b)...)
		}
	case in.Step.Kind == truce.StepLeft && p != nil:
		d.sort, d.kind, d.tier = "left", truce.AlertUpdate, p.Tier
		d.fill = func(w words) map[string]string { return map[string]string{"tier": in.tierName(w, p.Tier)} }
		in.refer(&d, in.above(in.Ladder.Rank(p.To)))
	default:
		in.refer(&d, in.unended())
	}
	if len(d.route.told) == 0 {
		return nil // nobody had been told
	}
	return []draft{d}
}

func (in Input) t0Moved() []draft {
	c := in.Step.T0
	d := draft{sort: "t0", kind: truce.AlertUpdate, tier: in.Case.Tier}
	if c == nil || !c.Chosen {
		return nil
	}
	told := slices.DeleteFunc(in.standing(), func(b Box) bool { return !slices.ContainsFunc(b.Alert.About, isTier) })
	if in.refer(&d, told); len(d.refers) == 0 {
		return nil
	}
	d.about, d.quick = slices.DeleteFunc(rests(told), isBegins), ofTime(isTier)
	if in.firstZero(&d, *c, told) {
		return []draft{d}
	}
	old := in.saidOld(*c, told)
	if d.fill = func(w words) map[string]string {
		return map[string]string{"basis": w.or("basis_", string(c.Basis)), "old": w.time(old), "new": w.time(c.New)}
	}; old == c.New {
		d.sort = "t0_back"
	}
	d.outer = &telling{sort: "t0_outer", fill: d.fill}
	return []draft{d}
}

// firstZero makes an update say that the time from which clocks count is known now, and was not
// when those who are told of a tier were. A move of it that is told in place of that says so too.
func (in Input) firstZero(d *draft, c truce.T0Change, told []Box) bool {
	first, release := c.Old == 0, Release(in.Now, in.Margin)
	for _, b := range told {
		first = first || b.Alert.Release >= release && slices.Contains(b.Alert.About, aboutFirstZero)
	}
	d.about = slices.DeleteFunc(d.about, func(s string) bool { return s == aboutFirstZero })
	if !first {
		return false
	}
	d.sort, d.about = "t0_first", append(d.about, aboutFirstZero)
	d.fill = func(w words) map[string]string {
		return map[string]string{"basis": w.or("basis_", string(c.Basis)), "new": w.time(c.New)}
	}
	d.outer = &telling{sort: "t0_first_outer", fill: d.fill}
	return true
}

// aboutFirstZero marks the update that says that the chosen zero point is known now.
const aboutFirstZero = "t0/first"

// clock tells the owner of a clock that it runs out, or that it has; then the mechanism, too.
func (in Input) clock() []draft {
	c := in.Step.Clock
	if c == nil {
		return nil
	}
	clock := truce.CaseClock{ID: c.Clock, For: c.For, Round: c.Round, Tier: c.Tier, Due: c.Due, Names: c.Names, Owner: c.Owner}
	for _, of := range in.Case.Clocks {
		if of.ID == c.Clock && of.For == c.For && of.Round == c.Round {
			clock = of
		}
	}
	clock = in.owned(clock)
	if in.Step.Kind == truce.StepClockWarned {
		if in.Step.Late >= clock.Due {
			return nil // passed over, as the step says: that it is over is told
		}
		d := in.clockDraft("warning", clock)
		if d.about = append(d.about, aboutClock(clock)); in.said(d) {
			return nil // with the clock of the other party, in the same words
		}
		return []draft{d}
	}
	d := in.clockDraft("missed", clock)
	d.about = append(d.about, aboutOver(clock))
	var out []draft
	if clock.Owner.Role() == truce.RoleParty {
		if !in.said(d) {
			out = append(out, d)
		}
		d = in.named("missed", clock) // which party has missed it is for the mechanism to know
	}
	d.route.offices = append(d.route.offices, truce.OfficeMechanismLead, truce.OfficeDutyHead)
	if late := in.Step.Late; late != 0 {
		d.lines = func(w words) []string {
			return []string{w.fill("missed_late", map[string]string{"late": w.time(late)})}
		}
	}
	return append(out, d)
}

// clockDraft is for the owner of a clock. Where the owner is a liaison officer both are
// told, whosever clock it is, and once: the words that both read name no party.
func (in Input) clockDraft(sort string, clock truce.CaseClock) draft {
	owner := clock.Owner
	d := in.named(sort, clock)
	if owner != "" {
		d.route.offices = []truce.Office{owner}
	}
	switch owner.Role() {
	case truce.RoleGuarantor, truce.RoleContributor:
		d.route.state = truce.StateID(clock.For)
	case truce.RoleParty:
		named := d.fill
		d.sort, d.about = sort+"_both", []string{aboutSaid(sort, clock)}
		d.fill = func(w words) map[string]string {
			places := named(w)
			places["for"] = eachParty(w)
			return places
		}
	}
	return d
}

// named is of a clock with whose it is, and for nobody yet.
func (in Input) named(sort string, clock truce.CaseClock) draft {
	names := clock.Names
	if len(names) == 0 {
		term, _ := clockTerm(in.Ladder, clock.ID)
		names = term.Names
	}
	d := draft{sort: sort, key: clock.ID + "/" + clock.For, kind: truce.AlertNew, tier: clock.Tier}
	d.fill = func(w words) map[string]string {
		return map[string]string{"clock": nameOr(names, w, clock.ID), "for": forWhom(w, clock.For), "due": w.time(clock.Due)}
	}
	return d
}

// owned is a clock with the owner that the ladder gives it where the step names none.
func (in Input) owned(c truce.CaseClock) truce.CaseClock {
	if c.Owner == "" {
		term, _ := clockTerm(in.Ladder, c.ID)
		c.Owner = term.Owner
	}
	return c
}

// said says whether both parties were told these words before, of the clock of the other.
func (in Input) said(d draft) bool {
	return slices.ContainsFunc(d.about, isSaid) && slices.ContainsFunc(in.Earlier, func(b Box) bool {
		return b.Alert.Case == in.Case.ID && slices.ContainsFunc(b.Alert.About, func(about string) bool { return isSaid(about) && slices.Contains(d.about, about) })
	})
}

// pathOpened tells of a path beside the ladder: the mechanism and those whose clocks it
// starts. A line that cannot be seen is told to both parties, too; on a path of civil
// protection those who protect people are told at once, who must not wait for the gates.
func (in Input) pathOpened() []draft {
	if in.Step.Passage == nil {
		return nil
	}
	p := *in.Step.Passage
	path, ok := in.path(p.Path)
	if !ok {
		return nil
	}
	d := draft{sort: "path", key: p.Path, kind: truce.AlertNew, about: []string{aboutPath(p.Path)}, fill: in.pathPlaces(path)}
	d.lines = func(w words) []string { return in.because(w, p) }
	d.route.roles = []truce.Role{truce.RoleMechanism}
	for _, c := range path.Clocks {
		d.route.offices = append(d.route.offices, c.Owner)
	}
	starting := in.begun(path.Clocks, "", p.Path)
	spell, blind := in.blind()
	switch {
	case path.Civil:
		d.sort, d.civil = "civil", true
		d.route.roles = []truce.Role{truce.RoleParty, truce.RoleMechanism, truce.RoleGuarantor, truce.RoleCommission}
	case blind && asksBlind(path.Enter):
		d.sort, d.area, d.fill = "blind", spell.Area, in.blindPlaces(spell)
		d.route.roles = append(d.route.roles, truce.RoleParty)
		d.lines = func(w words) []string { return append(quoted(w, spell.Reason), in.because(w, p)...) }
	}
	in.announces(&d, starting)
	return []draft{d}
}

// blind is the last stretch that cannot be seen and is not over.
func (in Input) blind() (truce.BlindSpell, bool) {
	for i := len(in.Case.Blind) - 1; i >= 0; i-- {
		if in.Case.Blind[i].To == 0 {
			return in.Case.Blind[i], true
		}
	}
	return truce.BlindSpell{}, false
}

func asksBlind(c truce.Criteria) bool {
	return c.BlindShare > 0 || c.BlindFor > 0 || slices.ContainsFunc(c.Any, asksBlind)
}

// sight tells that a line can be seen again, once no stretch of the case is blind, those who
// were told that it cannot.
func (in Input) sight() []draft {
	spell := in.Step.Blind
	if _, still := in.blind(); spell == nil || spell.To == 0 || still {
		return nil
	}
	onPath := func(v truce.PathVisit) bool { path, ok := in.path(v.Path); return ok && asksBlind(path.Enter) }
	if !slices.ContainsFunc(in.Case.Paths, onPath) {
		return nil
	}
	d := draft{
		sort: "sight", kind: truce.AlertNew, area: spell.Area, fill: in.blindPlaces(*spell),
		route: route{roles: []truce.Role{truce.RoleMechanism, truce.RoleParty}},
	}
	var told []Box
	for _, v := range in.Case.Paths {
		if path, ok := in.path(v.Path); ok && asksBlind(path.Enter) {
			told = append(told, in.resting(aboutPath(v.Path))...)
		}
	}
	if len(told) > 0 {
		d.kind, d.route.roles = truce.AlertUpdate, nil
		in.refer(&d, told)
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
		d.outer = &telling{sort: c.Change + "_outer"}
	case "decided":
		d.sort, text = "decided", c.Public
	default:
		return nil
	}
	d.fill = func(words) map[string]string { return map[string]string{"meeting": c.ID} }
	d.lines = func(w words) []string { return quoted(w, text) }
	if d.outer == nil {
		d.outer = &telling{sort: d.sort, lines: d.lines} // the public text
	}
	d.outer.fill = d.fill
	return []draft{d}
}

func (in Input) aftermath() []draft {
	d := draft{sort: "determined", kind: truce.AlertNew, tier: in.Case.Tier, fill: func(words) map[string]string { return nil }}
	d.route.roles = []truce.Role{truce.RoleParty, truce.RoleMechanism, truce.RoleGuarantor, truce.RoleCommission}
	if in.Step.Kind == truce.StepDetermined {
		d.lines = func(w words) []string { return quoted(w, in.Step.Text) }
		d.outer = &telling{sort: "determined_outer", fill: d.fill}
		in.announces(&d, in.determining())
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
	d.outer = &telling{sort: "remedy_outer", fill: d.fill}
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

func (in Input) path(id string) (truce.Path, bool) {
	for _, p := range in.Ladder.Paths {
		if p.ID == id && id != "" {
			return p, true
		}
	}
	return truce.Path{}, false
}
