package app

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/respond/alert"
	"github.com/trucewatch/truce/respond/ladder"
)

// world is a random history: people, cases as their steps, alerts with what became of them,
// promises and contributions. Every field that the matrix denies somebody holds a mark.
type world struct {
	*rand.Rand
	terms         []guarantee.Terms // versions of the agreement, the last stands
	now           truce.Instant
	people        []truce.Person
	cases         []*worldCase
	commitments   []truce.Commitment
	contributions []truce.Contribution
	requirements  []truce.Requirement
	marks         []mark
	seq           truce.Seq
}

// worldCase is a case with its steps.
type worldCase struct {
	view   guarantee.View
	row    truce.CaseRow
	steps  []truce.CaseStep
	tier   truce.TierID // that it is in, or was in when it closed
	over   bool
	alerts []*worldAlert
}

// worldAlert is an alert with what is on record of it.
type worldAlert struct {
	truce.AlertRow
	box  alert.Box
	file *worldCase
}

var (
	worldStart   = truce.InstantOf(time.Date(2031, 4, 2, 5, 0, 0, 0, time.UTC))
	worldStates  = []truce.StateID{"AVE", "BRE", "COR"}
	worldParties = []truce.PartyID{"A", "B"}
)

// newWorld rolls a history; the same seed rolls the same.
func newWorld(terms []guarantee.Terms, seed uint64) *world {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 74)), terms: terms, now: worldStart + 3600e6, seq: 100, marks: make([]mark, 0, 160)}
	for range 2 {
		w.people = append(w.people, w.person(len(w.people)))
	}
	for n := range 1 + w.IntN(3)/2 {
		w.file(n)
	}
	for n := range w.IntN(3) {
		w.promise(n)
	}
	for n := range w.IntN(3) {
		w.supplies(n)
	}
	return w
}

func (w *world) person(n int) truce.Person {
	office := truce.Offices()[w.IntN(len(truce.Offices()))]
	p := truce.Person{ID: truce.PersonID(fmt.Sprintf("person-%d", n)), Name: "x", Office: office, Role: office.Role(), Language: []string{"en", "uk"}[w.IntN(2)], Withdrawn: w.IntN(12) == 0}
	switch w.IntN(10) { // who sees all from inside is denied little, and reads the longest
	case 0, 1, 2:
		p.Office, p.Role = "", truce.RolePublic
	case 3, 4, 5:
		p.Office, p.Role = truce.OfficeLiaison, truce.RoleParty
	case 6, 7:
		p.Office, p.Role = truce.OfficePlanner, truce.RoleContributor
	}
	switch p.Role {
	case truce.RoleParty:
		p.Party = worldParties[w.IntN(2)]
	case truce.RoleGuarantor, truce.RoleContributor:
		p.State = worldStates[w.IntN(3)]
	}
	return p
}

// text, time and number make a mark and give what stands for it.
func (w *world) text(m mark) string {
	return "qz" + w.digits(m)
}

func (w *world) names(m mark) truce.Names {
	t := w.text(m)
	return truce.Names{"en": t, "uk": t}
}

// time is so many seconds after the start, with the mark in its microseconds.
func (w *world) time(seconds int64, m mark) truce.Instant {
	w.marks = append(w.marks, m)
	return worldStart + truce.Instant(seconds*1e6) + truce.Instant(700003+10*(len(w.marks)-1))
}

func (w *world) number(m mark) int {
	w.marks = append(w.marks, m)
	return 5500003 + 10*(len(w.marks)-1)
}

func (w *world) digits(m mark) string {
	n := len(w.marks)
	w.marks = append(w.marks, m)
	return string([]byte{'0' + byte(n/1000%10), '0' + byte(n/100%10), '0' + byte(n/10%10), '0' + byte(n%10)})
}

func (w *world) some() bool { return w.IntN(2) == 0 }

// teller makes the steps of one case.
type teller struct {
	*world
	c    *worldCase
	in   mark // of what is inside
	l    truce.Ladder
	tick int64
}

// step adds one; its time is a mark of what the step is about.
func (t *teller) step(kind truce.StepKind, of mark, s truce.CaseStep) {
	t.tick++
	s.Case, s.Number, s.Kind, s.At = t.c.view.Case.ID, len(t.c.steps)+1, kind, t.time(t.tick, of)
	t.c.steps = append(t.c.steps, s)
}

func (t *teller) deed(kind truce.DeedKind) *truce.Deed {
	return &truce.Deed{Kind: kind, Person: truce.PersonID(t.text(t.in)), Office: truce.OfficeChair, Text: t.text(t.in)}
}

// file makes a case, its alerts and what became of them.
func (w *world) file(n int) {
	terms := w.terms[w.IntN(len(w.terms))]
	c := &worldCase{}
	c.view = guarantee.View{Ladder: terms.Ladder, Terms: terms}
	c.view.Case.ID = truce.NewID(worldStart, "case", "world", []byte{byte(n)})
	w.cases = append(w.cases, c)
	t := &teller{world: w, c: c, in: mark{class: rowInside, file: c}, l: terms.Ladder}
	t.opening(terms)
	t.facts()
	t.passages()
	for range w.IntN(3) {
		t.clock()
	}
	t.people()
	if w.IntN(5) == 0 {
		t.end()
	}
	t.fold(n, terms)
	for range w.IntN(3) {
		w.alert(c)
	}
}

func (t *teller) opening(terms guarantee.Terms) {
	t.step(truce.StepOpened, mark{class: rowSpan, file: t.c}, truce.CaseStep{Open: &truce.CaseOpening{Version: terms.Version, Title: t.names(t.in)}})
}

func (t *teller) facts() {
	a := mark{class: rowAttribution, file: t.c}
	attributed, named := t.some(), t.in
	if attributed {
		named = a // an attribution names the incident it speaks of
	}
	i := truce.CaseIncident{ID: truce.NewID(worldStart, "incident", "world", []byte{byte(len(t.cases))}), Revision: 1, Number: t.text(named), Known: t.time(1, t.in), Detected: t.time(1, t.in),
		Time: truce.Moment(t.time(0, t.in), 0), Area: truce.AreaID(t.text(t.in)), Act: truce.ActIndirectFire, P: 0.9, Occurrence: truce.OccurrenceVerified, Casualties: t.number(t.in),
		Findings: []truce.CaseFinding{{Rule: "R01", Verdict: truce.VerdictHit, P: 0.9, Severity: 3, Count: t.number(t.in)}}}
	t.step(truce.StepGathered, t.in, truce.CaseStep{Incidents: []truce.CaseIncident{i}})
	if attributed {
		t.step(truce.StepAttributed, t.in, truce.CaseStep{Attribution: &truce.Attribution{Incident: i.ID, Level: truce.AttributionReasonable, Party: "B", P: 0.8, At: t.time(1, a),
			Basis: []string{t.text(a)}, Alternatives: []string{t.text(a)}, Dissent: t.text(t.in), People: []truce.PersonID{truce.PersonID(t.text(t.in))}}})
		t.replies(i.ID, a)
	}
	if t.IntN(4) == 0 {
		t.step(truce.StepBlind, t.in, truce.CaseStep{Blind: &truce.BlindSpell{Area: truce.AreaID(t.text(t.in)), Share: 0.5, From: t.time(0, t.in), Reason: t.text(t.in)}})
	}
	if t.IntN(4) == 0 {
		t.step(truce.StepAdvance, t.in, truce.CaseStep{Advance: &truce.Advance{Line: truce.LineID(t.text(t.in)), From: t.text(t.in), To: t.text(t.in), Metres: float64(t.number(t.in))}})
	}
	if t.some() {
		return
	}
	from := i.Time.From // where the facts put it; people move it on evidence, two of them
	t.step(truce.StepT0Moved, t.in, truce.CaseStep{T0: &truce.T0Change{Basis: truce.T0Event, New: from}, Text: t.text(t.in)})
	wish := truce.T0Change{Basis: truce.T0Event, Old: from, New: t.time(1, t.in), Evidence: &truce.T0Evidence{Kind: truce.EvidenceIncident, Record: i.ID.String()}}
	t.step(truce.StepT0Asked, t.in, truce.CaseStep{T0: &wish, Text: t.text(t.in), Deed: t.deed(truce.DeedMoveT0)})
	if t.some() {
		agreed := t.deed(truce.DeedMoveT0)
		agreed.Office = truce.OfficeWatchLead
		wish.Known = from
		t.step(truce.StepT0Moved, t.in, truce.CaseStep{T0: &wish, Text: t.text(t.in), Deed: agreed})
	}
}

// replies are the clocks of a view, one of each party and due alike, and what parties say to
// it: both read it, and who spoke for one is for those inside. Nothing is rolled, so that the
// rest of a history is what it was.
func (t *teller) replies(incident truce.ID, view mark) {
	if t.tick%2 == 0 {
		return
	}
	zero := t.time(0, view)
	for n, party := range worldParties {
		of := mark{class: rowClock, file: t.c, party: party}
		k := truce.ClockChange{Clock: truce.ReplyClockOf(incident.String(), 1), For: string(party), Round: 1, Basis: truce.T0Entered, T0: zero, Due: zero + 7200e6,
			State: truce.ClockRunning, Names: t.names(of), Owner: truce.OfficeLiaison}
		t.step(truce.StepClockStarted, of, truce.CaseStep{Clock: &k})
		if len(t.marks)%3 > n { // of both, of one or of none
			said := t.deed(truce.DeedState)
			said.Clock, said.For, said.Text = k.Clock, string(party), t.text(view)
			t.step(truce.StepStatement, view, truce.CaseStep{Deed: said})
		}
	}
}

// passages lift the case to a random tier; the next may be proposed, signed or refused.
func (t *teller) passages() {
	known := mark{class: rowTier, file: t.c}
	lift := t.IntN(len(t.l.Tiers) + 1)
	for rank := 1; rank <= min(lift+1, len(t.l.Tiers)); rank++ {
		p := truce.Passage{Tier: t.l.Tiers[rank-1].ID, Rank: rank, Gates: []truce.Gate{{Office: truce.OfficeChair}, {Office: truce.OfficeDutyOfficer}}}
		if rank < lift { // no tier between is of interest
			continue
		}
		p.Because = []string{t.text(t.in)}
		t.step(truce.StepProposed, t.in, truce.CaseStep{Passage: &p})
		for gate, office := range []truce.Office{truce.OfficeChair, truce.OfficeDutyOfficer} {
			if rank > lift && t.some() {
				continue
			}
			d := t.deed(truce.DeedSign)
			d.Office = office
			t.step(truce.StepSigned, t.in, truce.CaseStep{Deed: d, Passage: &truce.Passage{Tier: p.Tier, Gate: gate + 1, For: t.text(t.in)}})
		}
		if rank == lift {
			t.step(truce.StepEntered, known, truce.CaseStep{Passage: &truce.Passage{Tier: p.Tier}})
			t.c.tier = p.Tier
		} else if t.IntN(3) == 0 {
			t.step(truce.StepRefused, t.in, truce.CaseStep{Deed: t.deed(truce.DeedRefuse), Passage: &truce.Passage{Tier: p.Tier}})
		}
	}
}

// end closes the case: before any tier by a word, from a tier by the vote of two offices.
func (t *teller) end() {
	t.c.over = true
	of := mark{class: rowSpan, file: t.c}
	if t.c.tier == "" {
		t.step(truce.StepClosed, of, truce.CaseStep{Deed: t.deed(truce.DeedClose)})
		return
	}
	p := truce.Passage{Tier: t.c.tier, Down: true, Gates: []truce.Gate{{Office: truce.OfficeChair}, {Office: truce.OfficeDutyOfficer}}, Because: []string{t.text(t.in)}}
	t.step(truce.StepProposed, t.in, truce.CaseStep{Passage: &p})
	for gate, office := range []truce.Office{truce.OfficeChair, truce.OfficeDutyOfficer} {
		d := t.deed(truce.DeedSign)
		d.Office = office
		t.step(truce.StepSigned, t.in, truce.CaseStep{Deed: d, Passage: &truce.Passage{Tier: p.Tier, Down: true, Gate: gate + 1, For: t.text(t.in)}})
	}
	t.step(truce.StepClosed, of, truce.CaseStep{Passage: &truce.Passage{Tier: p.Tier, Down: true}})
}

// clock starts one; it may be paused and go on, or be met.
func (t *teller) clock() {
	of := t.in
	owners := []truce.Office{truce.OfficeLiaison, truce.OfficeLiaison, truce.OfficeChair, truce.OfficeDutyOfficer, truce.OfficeAnalyst}
	owner, whose := owners[t.IntN(len(owners))], ""
	switch {
	case owner == truce.OfficeLiaison:
		of = mark{class: rowClock, file: t.c, party: []truce.PartyID{"", "A", "B"}[t.IntN(3)]}
		whose = string(of.party)
	case owner == truce.OfficeDutyOfficer && t.some():
		whose = string(worldStates[t.IntN(3)])
	}
	zero := t.time(0, of)
	k := truce.ClockChange{Clock: t.text(of), For: whose, Round: 1, Basis: truce.T0Event, T0: zero, Due: zero + 7200e6, State: truce.ClockRunning, Names: t.names(of), Owner: owner}
	t.step(truce.StepClockStarted, of, truce.CaseStep{Clock: &k})
	change := func(state truce.ClockState) *truce.ClockChange {
		return &truce.ClockChange{Clock: k.Clock, For: whose, Round: 1, Basis: k.Basis, T0: k.T0, OldDue: k.Due, Due: k.Due, State: state}
	}
	if t.some() {
		return
	}
	asked, agreed := t.deed(truce.DeedPause), t.deed(truce.DeedPause)
	agreed.Office = truce.OfficeDutyOfficer
	t.step(truce.StepClockPauseAsk, of, truce.CaseStep{Clock: change(truce.ClockRunning), Deed: asked})
	if t.some() {
		return
	}
	t.step(truce.StepClockPaused, of, truce.CaseStep{Clock: change(truce.ClockPaused), Deed: agreed})
	if t.some() {
		return
	}
	paused := t.c.steps[len(t.c.steps)-1].At
	t.step(truce.StepClockResumed, of, truce.CaseStep{Deed: t.deed(truce.DeedResume)})
	last := &t.c.steps[len(t.c.steps)-1]
	last.Clock = change(truce.ClockRunning)
	last.Clock.Due += last.At - paused
}

// people consult, ask for remedies, and write.
func (t *teller) people() {
	if t.IntN(3) == 0 {
		state := worldStates[t.IntN(3)]
		called := mark{class: rowMeeting, file: t.c}
		k := truce.Consultation{ID: "K1", Called: t.time(5, called), CalledBy: []truce.PersonID{truce.PersonID(t.text(t.in))}, Ground: t.text(t.in), Present: []truce.StateID{state},
			Calls: []truce.Call{{By: truce.PersonID(t.text(t.in)), For: t.text(t.in)}}, Options: []string{t.text(t.in)}, Public: t.text(called), Outcome: t.text(t.in), Convened: t.some(),
			Votes: []truce.Vote{{State: state, Option: t.text(t.in), Dissent: t.text(t.in), By: truce.PersonID(t.text(t.in)), At: t.time(6, t.in)}}, Tally: []truce.Tally{{Option: t.text(t.in), Votes: 1}}}
		t.step(truce.StepConsultation, t.in, truce.CaseStep{Consultation: &truce.ConsultationStep{Consultation: k, Change: "voted"}})
	}
	if t.IntN(3) == 0 {
		of := mark{class: rowRemedy, file: t.c, party: worldParties[t.IntN(2)]}
		t.step(truce.StepRemedy, t.in, truce.CaseStep{Deed: t.deed(truce.DeedRemedy), Remedy: &truce.RemedyStep{ID: t.text(of), Party: of.party, What: t.text(of), Due: t.time(9, of), State: truce.RemedyAsked, Ground: t.text(of)}})
	}
	kinds := []truce.StepKind{truce.StepNoted, truce.StepStatement, truce.StepDetermined}
	t.step(kinds[t.IntN(3)], t.in, truce.CaseStep{Deed: t.deed(truce.DeedNote), Text: t.text(t.in)})
}

// fold gives the case its state, its summary and the numbers of its records.
func (t *teller) fold(n int, terms guarantee.Terms) {
	c := t.c
	s := truce.CaseSummary{Title: c.steps[0].Open.Title, State: truce.CaseOpen, Tier: c.tier, Rank: t.l.Rank(c.tier), Areas: []truce.AreaID{truce.AreaID(t.text(t.in))}, Incidents: t.number(t.in),
		Severity: t.number(t.in), Opened: t.time(0, t.in), Last: t.time(2, t.in), T0: t.time(3, t.in), NextClock: t.text(t.in), NextDue: t.time(4, t.in)}
	if c.over {
		s.State, s.Tier, s.Rank = truce.CaseClosed, "", 0
	}
	for i := range c.steps {
		c.steps[i].Summary = s
		t.seq++
		c.view.Steps = append(c.view.Steps, truce.CaseStepRow{Seq: t.seq, CaseStep: c.steps[i]})
	}
	folded, err := ladder.Fold(c.steps)
	if err != nil {
		panic(err) // the steps are this test's own
	}
	c.view.Number = fmt.Sprintf("C-2031-%d", n+1)
	folded.Summary.Number = c.view.Number
	c.view.Case = folded
	c.row = truce.CaseRow{ID: folded.ID, Steps: folded.Steps, Seq: t.seq, Summary: folded.Summary, Version: terms.Version}
}

// alert sends one to some of the roles; the parties together or not at all.
func (w *world) alert(c *worldCase) {
	a := &worldAlert{file: c}
	of := mark{class: rowAlert, file: c, alert: a}
	w.seq++
	a.Seq, c.alerts = w.seq, append(c.alerts, a)
	release := w.now - truce.Instant(w.IntN(3000)*1e6)
	if w.IntN(4) == 0 {
		release = w.now + truce.Instant((1+w.IntN(3000))*1e6)
	}
	a.Alert = truce.Alert{ID: truce.NewID(worldStart, "alert", "world", []byte{byte(len(w.cases)), byte(len(c.alerts))}), Kind: truce.AlertNew, Case: c.view.Case.ID, Step: 1 + w.IntN(len(c.steps)), Tier: "L1",
		Release: release, Realm: truce.ExerciseRealm("room"), Severity: 3, Headline: w.names(of), Text: w.names(of), Answer: &truce.AnswerTerm{Role: truce.RoleParty, Least: truce.AckRead, Within: 900e6}}
	if w.some() {
		a.Answer.Role = truce.RoleGuarantor
	}
	if w.some() {
		a.Inside = &truce.AlertWords{Headline: w.names(mark{class: rowInside, file: c, alert: a}), Text: w.names(mark{class: rowInside, file: c, alert: a})}
	}
	w.recipients(a)
	a.box.Alert = a.Alert
	if release > w.now {
		return
	}
	for _, to := range a.To {
		if !w.some() {
			continue
		}
		answer := mark{class: rowAnswer, file: c, alert: a, party: to.Party}
		if to.Party == "" {
			answer.class = rowInside
		}
		a.box.Answers = append(a.box.Answers, truce.Acknowledgement{Alert: a.ID, Case: a.Case, Kind: truce.AckRead, Person: truce.PersonID(w.text(answer)), Role: to.Role, State: to.State, Party: to.Party,
			At: w.time(20, answer), Text: w.text(answer)})
	}
}

func (w *world) recipients(a *worldAlert) {
	in := mark{class: rowInside, file: a.file}
	add := func(role truce.Role, state truce.StateID, party truce.PartyID) {
		a.To = append(a.To, truce.AlertRecipient{Person: truce.PersonID(w.text(in)), Role: role, State: state, Party: party, Language: "en", Contacts: []truce.Contact{{Channel: truce.ChannelConsole, Drill: true}}})
	}
	add(truce.RoleMechanism, "", "")
	if w.some() {
		add(truce.RoleParty, "", "A")
		add(truce.RoleParty, "", "B")
	}
	if w.some() {
		add(truce.RoleGuarantor, worldStates[w.IntN(3)], "")
		add(truce.RoleCommission, "", "")
	}
}

// promise makes a commitment of a state, invoked in a case now and then.
func (w *world) promise(n int) {
	of := mark{class: rowPromise, state: worldStates[w.IntN(3)]}
	source := truce.Citation{Kind: truce.CitePress, Publisher: w.text(of), Title: w.text(of)}
	c := truce.Commitment{ID: w.text(of), State: of.state, Kind: truce.CommitMilitary, Instrument: w.text(of), What: w.names(of), Condition: w.names(of), Binding: truce.BindingLegal,
		Caveats: []truce.Names{w.names(of)}, Public: w.some(), Void: []truce.VoidCondition{{ID: "v", Names: w.names(of), SeverityMin: 2}},
		Ratification: []truce.Ratification{{Body: w.text(of), State: "pending"}}, History: []truce.CommitmentStep{{State: truce.CommitmentReported, Day: "2031-01-01", Source: source}}}
	if w.some() {
		c.Trigger = []truce.TierID{"L1", "T1"}[w.IntN(2)]
	}
	if w.some() {
		c.Invoked = []truce.Invocation{{Case: w.cases[w.IntN(len(w.cases))].view.Case.ID, History: []truce.InvocationStep{{State: truce.InvocationRequested, At: w.time(30, of), Body: w.text(of), Text: w.text(of), By: truce.PersonID(w.text(of))}}}}
	}
	w.commitments = append(w.commitments, c)
}

// supplies are contributions of two states to one capability, so that no total is one of them.
func (w *world) supplies(n int) {
	public := w.some()
	sum := mark{class: rowTotals}
	if !public {
		sum.class = rowUnpublished
	}
	capability := w.text(sum)
	if w.some() {
		w.requirements = append(w.requirements, truce.Requirement{Capability: w.text(mark{class: rowTotals}), Names: w.names(mark{class: rowTotals}), To: "mechanism", Quantity: 3, Unit: "pieces"})
	}
	for _, state := range worldStates[n%2 : n%2+2] {
		of := mark{class: rowSupply, state: state}
		amount := float64(w.number(of))
		w.contributions = append(w.contributions, truce.Contribution{ID: w.text(of), State: state, To: "mechanism", Capability: capability, Quantity: amount, Unit: "pieces", Public: public,
			Steps: []truce.ContributionStep{{State: truce.ContributionPledged, Quantity: amount, Day: "2031-01-01", Why: w.text(of), Source: truce.Citation{Kind: truce.CiteStatement, Publisher: w.text(of)}}}})
	}
}

// worldTerms are two versions of the illustrative agreement.
func worldTerms(t testing.TB) []guarantee.Terms {
	t.Helper()
	s := newRoomStage(t, t.TempDir()+"/terms")
	first, err := s.desk.Terms(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	second := first
	second.Version = "another"
	second.Ladder.Tiers = slices.Clone(first.Ladder.Tiers)
	slices.Reverse(second.Ladder.Tiers[2:])
	return []guarantee.Terms{second, first}
}
