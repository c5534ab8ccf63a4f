package ladder

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/trucewatch/truce"
)

// roller makes one random history. The same seed makes the same history.
type roller struct {
	*rand.Rand
	m         Machine
	now       truce.Instant
	people    []truce.Person
	incidents []truce.CaseIncident
	blind     []truce.BlindSpell
}

func roll(m Machine, seed uint64) *roller {
	r := &roller{Rand: rand.New(rand.NewPCG(seed, 22)), m: m, now: t0, people: everybody()}
	r.m.Terms = mutated(r.m.Terms, r.Rand)
	return r
}

func everybody() []truce.Person {
	fb := office("fb-1", truce.OfficeDutyOfficer)
	fb.State = "FB"
	b := office("b-1", truce.OfficeLiaison)
	b.Party = "B"
	return []truce.Person{watch, lead, analyst, second, duty, chief, chair, member, liaison, b, officer, fb,
		office("chief-2", truce.OfficeMechanismLead), office("fa-head", truce.OfficeHead)}
}

// mutated varies what clocks count from and how the tiers are bound.
func mutated(l truce.Ladder, r *rand.Rand) truce.Ladder {
	l.T0 = truce.T0Bases()[r.IntN(3)]
	l.Tiers = slices.Clone(l.Tiers)
	for n := range l.Tiers {
		t := &l.Tiers[n]
		t.Gates = slices.Clone(t.Gates)
		if r.IntN(4) == 0 {
			t.Gates[r.IntN(len(t.Gates))].Attribution = truce.AttributionLevels()[r.IntN(5)]
		}
		if r.IntN(6) == 0 {
			t.Gates = append(t.Gates, truce.Gate{Office: truce.OfficeMechanismLead})
		}
	}
	return l
}

// next is the next input: time goes on by minutes, hours or now and then days, and
// something happens.
func (r *roller) next(cases []truce.Case) Input {
	switch r.IntN(12) {
	case 0:
		r.now += truce.Instant(3*day) + truce.Instant(r.Int64N(int64(day)))
	case 1, 2, 3:
		r.now += truce.Instant(r.Int64N(int64(6 * hour)))
	default:
		r.now += truce.Instant(r.Int64N(int64(20 * minute)))
	}
	if len(cases) == 0 || r.IntN(10) < 3 {
		return Input{Fact: r.fact()}
	}
	d, p := r.deed(cases[len(cases)-1-r.IntN(len(cases))*r.IntN(2)])
	if d.Kind == truce.DeedMove {
		r.elsewhere(&d, cases)
	}
	return Input{Deed: &d, Person: p}
}

// elsewhere finds another open case for incidents; where there is none, it is a note.
func (r *roller) elsewhere(d *truce.Deed, cases []truce.Case) {
	for _, n := range r.Perm(len(cases)) {
		if c := cases[n]; c.ID != d.Case && c.State == truce.CaseOpen {
			d.To = c.ID
			return
		}
	}
	d.Kind, d.Moved = truce.DeedNote, nil
}

func (r *roller) fact() *Fact {
	f := &Fact{Known: r.now}
	switch k := r.IntN(10); {
	case k < 3 || len(r.incidents) == 0:
		f.Incidents = []truce.CaseIncident{r.incident()}
	case k < 7:
		f.Incidents = []truce.CaseIncident{r.revise()}
	case k < 8:
		i := r.incidents[r.IntN(len(r.incidents))]
		f.Attribution = &truce.Attribution{Incident: i.ID, Revision: i.Revision, Level: truce.AttributionLevels()[r.IntN(5)], Withdrawn: r.IntN(3) == 0, At: r.now}
	case k < 9:
		f.Blind = r.spell()
	default:
		f.Advance = &truce.Advance{Line: "LINE-CONTACT", From: "1", To: fmt.Sprint(r.IntN(9)), Metres: float64(r.IntN(4000))}
	}
	return f
}

func (r *roller) incident() truce.CaseIncident {
	i := incident(len(r.incidents), r.now-truce.Instant(r.Int64N(int64(3*hour))), r.IntN(5))
	i.Detected, i.Known = r.now, r.now
	i.Act = []truce.Act{truce.ActIndirectFire, truce.ActMissileStrike, "fire_at_monitor"}[min(r.IntN(8), 2)*r.IntN(2)]
	i.Area = []truce.AreaID{"north", "south"}[r.IntN(2)]
	if r.IntN(6) == 0 {
		i.Findings[0].Verdict = truce.VerdictIndeterminate
	}
	r.incidents = append(r.incidents, i)
	return i
}

func (r *roller) revise() truce.CaseIncident {
	n := r.IntN(len(r.incidents))
	states := []truce.Occurrence{truce.OccurrenceVerified, truce.OccurrenceVerified, truce.OccurrenceCorroborated, truce.OccurrenceRefuted, truce.OccurrenceExplained}
	i := revised(r.incidents[n], states[r.IntN(len(states))], r.now)
	i.Findings = slices.Clone(i.Findings)
	switch r.IntN(5) {
	case 0:
		i.Time.From -= truce.Instant(r.Int64N(int64(10 * hour)))
	case 1:
		i.Time.To = r.now
	case 2:
		i.Findings[0].Severity = r.IntN(5)
	case 3:
		i.Gone = r.IntN(4) == 0
	}
	r.incidents[n] = i
	return i
}

func (r *roller) spell() *truce.BlindSpell {
	if len(r.blind) > 0 && r.IntN(2) == 0 {
		b := &r.blind[r.IntN(len(r.blind))]
		b.To = r.now
		out := *b
		return &out
	}
	b := truce.BlindSpell{Area: []truce.AreaID{"north", "west"}[r.IntN(2)], Share: truce.Probability(r.Float64()), From: r.now, Reason: "interference"}
	r.blind = append(r.blind, b)
	return &b
}

// deed is mostly one that makes sense where the case stands, by mostly the right person.
func (r *roller) deed(c truce.Case) (truce.Deed, truce.Person) {
	p := r.people[r.IntN(len(r.people))]
	d := truce.Deed{Case: c.ID, After: max(0, c.Steps-r.IntN(3)*r.IntN(2)), Text: "because", At: r.now}
	switch k := r.IntN(10); {
	case len(c.Open) > 0 && k < 6:
		o := c.Open[r.IntN(len(c.Open))]
		d.Kind, d.Tier, d.Down, d.After = truce.DeedSign, o.Tier, o.Down, c.Steps
		if r.IntN(20) == 0 {
			d.Kind = truce.DeedRefuse
		}
		if r.IntN(8) > 0 {
			p = r.holder(o.Gates[min(len(o.Signed), len(o.Gates)-1)].Office, p)
		}
	case len(c.Clocks) > 0 && k < 9:
		p = r.clockDeed(&d, c.Clocks[len(c.Clocks)-1-r.IntN(min(3, len(c.Clocks)))], p)
	default:
		kinds := append(truce.DeedKinds(), truce.DeedMoveT0, truce.DeedMoveT0, truce.DeedMoveT0)
		d.Kind = kinds[r.IntN(len(kinds))]
		if d.Kind == truce.DeedMoveT0 || len(c.T0Asks) > 0 && r.IntN(2) == 0 {
			d.Kind = truce.DeedMoveT0
			p = r.zero(&d, c, p)
			break
		}
		p = r.fill(&d, c, p)
	}
	d.Person, d.Office = p.ID, p.Office
	return d, p
}

// clockDeed does with a clock what its state lets people do.
func (r *roller) clockDeed(d *truce.Deed, k truce.CaseClock, p truce.Person) truce.Person {
	d.Clock, d.For, d.Kind = k.ID, k.For, truce.DeedPause
	switch {
	case k.State == truce.ClockPaused && r.IntN(3) > 0:
		d.Kind = truce.DeedResume
	case (k.Asked == nil || k.State != truce.ClockRunning) && r.IntN(2) == 0:
		d.Kind = truce.DeedMeet
		return r.holder(k.Owner, p)
	case k.Asked == nil || r.IntN(6) == 0:
		d.Until = r.now + truce.Instant(r.Int64N(int64(truce.MaxPause+hour)))
	}
	return p
}

func (r *roller) holder(o truce.Office, p truce.Person) truce.Person {
	for _, n := range r.Perm(len(r.people)) {
		if r.people[n].Office == o {
			return r.people[n]
		}
	}
	return p
}

// zero asks for a zero point to be moved, or agrees to it, mostly as it can be done.
func (r *roller) zero(d *truce.Deed, c truce.Case, p truce.Person) truce.Person {
	d.After = c.Steps
	if len(c.T0Asks) > 0 && r.IntN(4) > 0 {
		ask := c.T0Asks[r.IntN(len(c.T0Asks))]
		d.T0 = &truce.T0Change{Basis: ask.Basis, Old: ask.Old, New: ask.New}
		return r.holder([]truce.Office{truce.OfficeChair, truce.OfficeWatchLead}[r.IntN(2)], p)
	}
	basis := truce.T0Bases()[r.IntN(5)]
	d.T0 = &truce.T0Change{Basis: basis, Old: c.T0[basis], New: r.now - truce.Instant(r.Int64N(int64(day)))}
	e := truce.T0Evidence{Kind: truce.EvidenceObservation, Record: "01J5ZK3Q8RM4T0V7W2X9Y6B1CD"}
	switch {
	case len(c.Complaints) > 0 && (basis == truce.T0Complaint || r.IntN(4) == 0):
		e = truce.T0Evidence{Kind: truce.EvidenceComplaint, Record: fmt.Sprint(c.Complaints[r.IntN(len(c.Complaints))].Step)}
	case len(c.Incidents) > 0 && r.IntN(2) == 0:
		e = on(c.Incidents[r.IntN(len(c.Incidents))])
	}
	if d.T0.Evidence = &e; r.IntN(8) == 0 {
		d.T0.Evidence = nil
	}
	if r.IntN(4) > 0 {
		d.T0.New = r.inRecord(c, basis, e)
	}
	return r.holder([]truce.Office{truce.OfficeChair, truce.OfficeWatchLead}[r.IntN(2)], p)
}

// inRecord is a time that a record of the case gives, or near it; 0: as the record says.
func (r *roller) inRecord(c truce.Case, basis truce.T0Basis, e truce.T0Evidence) truce.Instant {
	times, has := timesOf(&c, e)
	switch {
	case !has:
		return r.now - truce.Instant(r.Int64N(int64(day)))
	case basis == truce.T0Event && r.IntN(4) > 0:
		return times.Event.From + truce.Instant(r.Int64N(int64(2*hour))) - truce.Instant(hour)
	}
	return 0
}

func (r *roller) fill(d *truce.Deed, c truce.Case, p truce.Person) truce.Person {
	if d.Kind == truce.DeedMove {
		for _, i := range c.Incidents {
			if r.IntN(2) == 0 {
				d.Moved = append(d.Moved, i.ID)
			}
		}
	}
	d.Remedy = &truce.RemedyStep{ID: "M1", Party: "A", What: "withdraw", Due: r.now + truce.Instant(day),
		State: []truce.RemedyState{truce.RemedyAsked, truce.RemedyReported, truce.RemedyVerified, truce.RemedyRefused}[r.IntN(4)]}
	d.Option = []string{"", "warn"}[r.IntN(2)]
	d.Product = truce.HashOf([]byte{byte(r.IntN(256))})
	switch {
	case d.Kind == truce.DeedRemedy && c.T0[truce.T0Determined] == 0:
		d.Kind = truce.DeedDetermine
		return r.holder(truce.OfficeChair, p)
	case d.Kind == truce.DeedRemedy && len(c.Remedies) == 0:
		d.Remedy.State = truce.RemedyAsked
		return r.holder(truce.OfficeChair, p)
	}
	return p
}

// ran is a history as it went: the cases, their steps, and how many deeds were refused.
type ran struct {
	cases   []truce.Case
	steps   map[truce.CaseID][]truce.CaseStep
	inputs  []Input
	people  []staffing
	refused int
	end     truce.Instant
	m       Machine
	relays  relays
}

// staffing is a change of the parties of whom nobody can be told.
type staffing struct {
	at     truce.Instant
	untold []truce.PartyID
}

// staff changes who can be told, as the records of people do: every case is looked at before,
// and again when a gap has ended.
func (h *history) staff(s staffing, look func(*history, truce.Instant)) {
	look(h, s.at)
	if h.m.Untold = s.untold; len(s.untold) == 0 {
		h.tick(s.at)
	}
}

// tick looks at every case once.
func (h *history) tick(at truce.Instant) {
	for n := range h.cases {
		if err := h.apply(n, h.m.Tick(h.cases[n], at)); err != nil {
			panic(err) // of a test
		}
	}
}

// change lets a party lose its liaison officer now and then, or find another.
func (out *ran) change(r *roller) (staffing, bool) {
	gap := len(out.people) > 0 && len(out.people[len(out.people)-1].untold) > 0
	next := staffing{at: r.now}
	switch {
	case gap && r.IntN(3) > 0, !gap && r.IntN(8) > 0:
		return next, false
	case !gap:
		next.untold = []truce.PartyID{[]truce.PartyID{"A", "B"}[r.IntN(2)]}
	}
	out.people = append(out.people, next)
	return next, true
}

// play runs a random history of so many inputs.
func play(m Machine, seed uint64, inputs int) (ran, error) { return playWith(m, seed, inputs, true) }

// playWith runs one with a machine that hears who can be told, or with one that does not.
func playWith(m Machine, seed uint64, inputs int, hears bool) (ran, error) {
	return playOver(m, seed, inputs, hears, deadRelays(seed))
}

// playDeaf runs one with a machine that does not hear who was reached.
func playDeaf(m Machine, seed uint64) (ran, error) {
	was, err := playOver(m, seed, 12, true, nil)
	was.relays = deadRelays(seed)
	return was, err
}

func playOver(m Machine, seed uint64, inputs int, hears bool, dead relays) (ran, error) {
	r := roll(m, seed)
	if dead != nil {
		r.m.Reached = dead.reached
	}
	out := ran{steps: map[truce.CaseID][]truce.CaseStep{}, m: r.m, relays: dead}
	h := history{m: r.m, told: func(s truce.CaseStep) { out.steps[s.Case] = append(out.steps[s.Case], s) }}
	for range inputs {
		in := r.next(h.cases)
		h.advance(r.now)
		if s, changed := out.change(r); changed && hears {
			h.staff(s, (*history).advance)
		}
		if err := h.input(in, r.now); err != nil {
			switch truce.CodeOf(err) {
			case truce.CodeConflict, truce.CodeForbidden, truce.CodeInvalid, truce.CodeNotFound:
			default:
				return out, fmt.Errorf("%+v: %w", in.Deed, err)
			}
			out.refused++
			continue
		}
		out.inputs = append(out.inputs, in)
	}
	out.end = r.now + truce.Instant(4*day)
	h.advance(out.end)
	out.cases = h.cases
	return out, nil
}

// replay runs the same inputs without looking at any case in between: all that fell due
// is found late.
func replay(was ran) (map[truce.CaseID][]truce.CaseStep, error) {
	steps := map[truce.CaseID][]truce.CaseStep{}
	h := history{m: was.m, told: func(s truce.CaseStep) { steps[s.Case] = append(steps[s.Case], s) }}
	people := was.people
	for _, in := range was.inputs {
		for ; len(people) > 0 && people[0].at <= in.at(); people = people[1:] {
			h.staff(people[0], (*history).tick)
		}
		if err := h.input(in, in.at()); err != nil {
			return nil, err
		}
	}
	for _, later := range people {
		h.staff(later, (*history).tick)
	}
	h.tick(was.end)
	return steps, nil
}
