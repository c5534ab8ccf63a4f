package guarantee

import (
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// silent lets the couriers of a room look at every alert at a time, as they do: silences
// that are due are recorded. It gives those of an alert.
func (r room) silent(id truce.AlertID) []truce.Acknowledgement {
	r.t.Helper()
	row, err := r.Store.Alert(r.t.Context(), id)
	if err != nil {
		r.t.Fatal(err)
	}
	box, err := r.box(r.t.Context(), row.Alert)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := r.followed(r.t.Context(), &box, r.Desk.now()); err != nil {
		r.t.Fatal(err)
	}
	for _, ack := range alert.Silences(box, r.Desk.now()) {
		if _, err := (Outbox{r.Desk}).Append(r.t.Context(), alert.SilenceEntry(ack)); err != nil {
			r.t.Fatal(err)
		}
	}
	box, err = r.box(r.t.Context(), row.Alert)
	if err != nil {
		r.t.Fatal(err)
	}
	return slices.DeleteFunc(box.Answers, func(a truce.Acknowledgement) bool { return a.Kind != truce.AckNone })
}

// warning is the alert of T1.
func (r room) warning() truce.Alert {
	r.t.Helper()
	all := r.alerts()
	at := slices.IndexFunc(all, func(a truce.Alert) bool { return a.Kind == truce.AlertNew && slices.Contains(a.About, "tier/T1") })
	if at < 0 {
		r.t.Fatal("nobody was told of T1")
	}
	return all[at]
}

func (r room) signDown(by truce.PersonID, tier truce.TierID) {
	r.t.Helper()
	r.must(by, truce.Deed{Kind: truce.DeedSign, Tier: tier, Down: true, Text: "agreed"})
}

// review lets both analysts sign an outcome of the incident as it stands.
func (r room) review(i truce.Incident, outcome truce.Occurrence, reason string) {
	r.t.Helper()
	for _, by := range []truce.PersonID{"an-1", "an-2"} {
		row, err := r.Store.Incident(r.t.Context(), i.ID.String())
		if err != nil {
			r.t.Fatal(err)
		}
		got, err := r.Review(r.t.Context(), r.tokens[by], truce.Review{Incident: i.ID, Revision: row.Incident.Revision, Outcome: outcome, Reason: reason})
		if err != nil {
			r.t.Fatal(err)
		}
		if got.Changed {
			r.evaluate(got.Incident, 3)
		}
	}
}

// A case that was closed on a false alarm is taken up again: it keeps its number, its old
// tiers and clocks stay as they were, and the ladder begins anew, through people's hands.
func TestACaseIsReopened(t *testing.T) {
	r, i := climbed(t)
	*r.now = r.now.Add(19 * time.Hour)
	r.review(i, truce.OccurrenceRefuted, "quarry")
	r.follow()
	if err := r.deed("lead", truce.Deed{Kind: truce.DeedReopen, Text: "x"}); truce.CodeOf(err) != truce.CodeConflict {
		t.Errorf("an open case was reopened: %v", err)
	}
	r.signDown("chair", "T1")
	r.signDown("lead", "T1")
	closed := r.one()
	if closed.State != truce.CaseClosed {
		t.Fatalf("the case is %s", closed.State)
	}
	for by, want := range map[truce.PersonID]truce.Code{"wo": truce.CodeForbidden, "far": truce.CodeForbidden, "a": truce.CodeForbidden} {
		if err := r.deed(by, truce.Deed{Kind: truce.DeedReopen, Text: "x"}); truce.CodeOf(err) != want {
			t.Errorf("%s reopens: %v", by, err)
		}
	}
	if err := r.deed("lead", truce.Deed{Kind: truce.DeedReopen}); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("reopened without a reason: %v", err)
	}
	before := len(r.alerts())
	r.must("lead", truce.Deed{Kind: truce.DeedReopen, Text: "the quarry was shut that day"})
	c := r.one()
	if c.State != truce.CaseOpen || c.Tier != "" || c.Closed != 0 || c.Summary.Number != "C-2026-1" {
		t.Fatalf("%s in %q, closed %s", c.State, c.Tier, c.Closed)
	}
	if len(c.Tiers) != len(closed.Tiers) || len(c.Clocks) != len(closed.Clocks) || len(c.T0Moves) != len(closed.T0Moves) {
		t.Error("what was before is not kept")
	}
	told := r.alerts()[before:]
	if len(told) == 0 || toldBoth(told[0]) != 2 {
		t.Fatalf("%d alerts of it", len(told))
	}
	r.review(i, truce.OccurrenceVerified, "")
	r.follow()
	if c = r.one(); !slices.ContainsFunc(c.Open, func(o truce.OpenPassage) bool { return o.Tier == "L0" && !o.Down }) {
		t.Fatalf("the incident verified again proposes %+v", c.Open)
	}
	r.sign("wo", "L0")
	r.sign("wl", "L1")
	c = r.one()
	if c.Tier != "L1" {
		t.Fatalf("in %q", c.Tier)
	}
	at := slices.IndexFunc(c.Clocks, func(k truce.CaseClock) bool { return k.ID == "receipt" && k.For == "A" && k.Round == 2 })
	if at < 0 || c.Clocks[at].State != truce.ClockRunning {
		t.Errorf("the second round of the receipt: %+v", c.Clocks)
	}
}

// A guarantor's duty officer is withdrawn while an answer is due: the state does not fall
// silent for it. Its deputy is on the list and answers; the token that was withdrawn does not.
func TestAGuarantorIsWithdrawnWhileItsAnswerIsDue(t *testing.T) {
	r, _ := climbed(t)
	id := r.warning().ID
	if _, err := r.Withdraw(t.Context(), r.tokens["lead"], "far"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.Acknowledge(t.Context(), r.tokens["far"], id, truce.AckReceived, "", ""); truce.CodeOf(err) != truce.CodeUnauthenticated {
		t.Errorf("who was withdrawn answers: %v", err)
	}
	*r.now = r.now.Add(time.Minute)
	due, err := Outbox{r.Desk}.Due(t.Context(), r.Desk.now())
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(due, func(b alert.Box) bool { return b.Alert.ID == id })
	if at < 0 || !slices.Equal(due[at].Left, []truce.PersonID{"far"}) {
		t.Fatalf("the courier does not know who was withdrawn: %d due", len(due))
	}
	*r.now = r.now.Add(20 * time.Minute)
	ack, _, err := r.Acknowledge(t.Context(), r.tokens["far-deputy"], id, truce.AckReceived, "", "")
	if err != nil || ack.Late {
		t.Fatalf("%v: the deputy answers for the state: %+v", err, ack)
	}
	*r.now = r.now.Add(2 * time.Hour)
	silences := r.silent(id)
	if len(silences) != 1 || silences[0].State != "NOR" {
		t.Errorf("silent: %+v", silences)
	}
	// what follows goes to who is there
	r.must("lead", truce.Deed{Kind: truce.DeedCall, Text: "the fire has not ended"})
	all := r.alerts()
	last := all[len(all)-1]
	var states []string
	for _, to := range last.To {
		if to.State != "" {
			states = append(states, string(to.Person))
		}
	}
	if !slices.Contains(states, "far-deputy") || slices.Contains(states, "far") || !slices.Contains(states, "nor") {
		t.Errorf("%q goes to %v", last.Headline["en"], states)
	}
}

// A whole state is withdrawn: its silence is on record, since it was asked; its own clocks
// run out as the others do, and nothing new is asked of it.
func TestAStateWithoutAnybodyIsSilentOnRecord(t *testing.T) {
	r, _ := climbed(t)
	id := r.warning().ID
	if _, err := r.Withdraw(t.Context(), r.tokens["lead"], "nor"); err != nil {
		t.Fatal(err)
	}
	*r.now = r.now.Add(2 * time.Hour)
	var states []truce.StateID
	for _, s := range r.silent(id) {
		states = append(states, s.State)
	}
	slices.Sort(states)
	if !slices.Equal(states, []truce.StateID{"FAR", "NOR"}) {
		t.Errorf("silent: %v", states)
	}
	if again := r.silent(id); len(again) != 2 {
		t.Errorf("recorded again: %d", len(again))
	}
	if steps := r.follow(); steps.Steps > 0 && r.one().State != truce.CaseOpen {
		t.Errorf("%+v", steps)
	}
}

// A state without a deputy: the offices that are there have their turns, and nobody waits
// for one that is not.
func TestAStateWithoutADeputy(t *testing.T) {
	r, _ := climbed(t)
	a := r.warning()
	turns := map[truce.PersonID]truce.Instant{}
	for _, w := range a.Wakes {
		if len(w.Name) > 5 && w.Name[:5] == "send/" {
			turns[truce.PersonID(w.Name[5:])] = w.Due
		}
	}
	if turns["far"] != a.Release || turns["nor"] != a.Release || turns["far-deputy"] <= a.Release {
		t.Fatalf("turns %v, released %s", turns, a.Release)
	}
	*r.now = r.now.Add(2 * time.Hour)
	for _, s := range r.silent(a.ID) {
		if s.State == "NOR" && s.Office != truce.OfficeDutyOfficer {
			t.Errorf("NOR has a duty officer only, and %s is said to have been told last", s.Office)
		}
		if s.State == "FAR" && s.Office == "" {
			t.Errorf("FAR: nobody is said to have been told")
		}
	}
	row, err := r.Store.Alert(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	box, err := r.box(t.Context(), row.Alert)
	if err != nil {
		t.Fatal(err)
	}
	ack, _, err := r.Acknowledge(t.Context(), r.tokens["nor"], a.ID, truce.AckReceived, "", "")
	if err != nil || !ack.Late {
		t.Errorf("%v: a late answer after the silence: %+v", err, ack)
	}
	if len(box.Answers) != 2 {
		t.Errorf("%d silences", len(box.Answers))
	}
}

// T3 through the desk: verified, 72 hours after the zero point, grave, on an attribution;
// the chair and the heads of two states sign, each state has its own clock, and each may
// decide for itself. One head does not sign twice, and one state not for two.
func TestT3IsSignedByTheChairAndTwoHeads(t *testing.T) {
	r, _ := climbed(t)
	for _, p := range []truce.Person{
		{ID: "far-head", Role: truce.RoleGuarantor, Office: truce.OfficeHead, State: "FAR"}, {ID: "far-head-2", Role: truce.RoleGuarantor, Office: truce.OfficeHead, State: "FAR"},
		{ID: "nor-head", Role: truce.RoleGuarantor, Office: truce.OfficeHead, State: "NOR"},
	} {
		p.Name, p.Language, p.Contacts = string(p.ID), "en", []truce.Contact{{Channel: truce.ChannelConsole, Drill: true}}
		r.tokens[p.ID] = enrol(t, r.Desk, p)
	}
	for day := range byte(3) {
		*r.now = r.now.Add(24 * time.Hour)
		i := r.breach(10+day, 10*time.Minute, 4)
		r.follow()
		r.verify(i, 4)
		r.attribute(i)
		r.follow()
		if r.tier() == "T1" {
			r.sign("chair", "T2")
			r.sign("lead", "T2")
		}
	}
	if r.tier() != "T2" {
		t.Fatalf("in %s before T3: %+v", r.tier(), r.one().Open)
	}
	*r.now = r.now.Add(time.Hour)
	r.follow()
	if !slices.ContainsFunc(r.one().Open, func(o truce.OpenPassage) bool { return o.Tier == "T3" && len(o.Gates) == 3 }) {
		t.Fatalf("T3 is not proposed: %+v", r.one().Open)
	}
	t3 := truce.Deed{Kind: truce.DeedSign, Tier: "T3", Text: "as proposed"}
	r.must("chair", t3)
	r.must("far-head", t3)
	for _, by := range []truce.PersonID{"far-head", "far-head-2", "lead", "far"} {
		if err := r.deed(by, t3); truce.CodeOf(err) != truce.CodeForbidden {
			t.Errorf("%s signs, too: %v", by, err)
		}
	}
	if r.tier() == "T3" {
		t.Fatal("entered without the second head")
	}
	r.must("nor-head", t3)
	c := r.one()
	if c.Tier != "T3" {
		t.Fatalf("in %s", c.Tier)
	}
	var whose []string
	for _, k := range c.Clocks {
		if k.ID == "response" && k.State == truce.ClockRunning {
			whose = append(whose, k.For)
		}
	}
	if !slices.Equal(whose, []string{"FAR", "NOR"}) {
		t.Errorf("clocks of %v", whose)
	}
	r.must("far-head", truce.Deed{Kind: truce.DeedMeet, Clock: "response", Text: "our parliament has decided"})
	*r.now = r.now.Add(25 * time.Hour)
	r.follow()
	for _, k := range r.one().Clocks {
		want := map[string]truce.ClockState{"FAR": truce.ClockMet, "NOR": truce.ClockMissed}[k.For]
		if k.ID == "response" && k.State != want {
			t.Errorf("the clock of %s is %s", k.For, k.State)
		}
	}
}

// attribute lets both analysts sign a view to the balance of probabilities.
func (r room) attribute(i truce.Incident) {
	r.t.Helper()
	for _, by := range []truce.PersonID{"an-1", "an-2"} {
		a := truce.Attribution{Incident: i.ID, Level: truce.AttributionBalance, Party: "B", P: 0.8, Basis: []string{"trajectory"}, Alternatives: []string{"none"}}
		if _, err := r.Attribute(r.t.Context(), r.tokens[by], a); err != nil {
			r.t.Fatal(err)
		}
	}
}

// TestTheCourierKnowsWhatBroughtAnAlertUpToDate: the zero point moves before the deputy's
// turn; the courier gets the alert with the update, once it was released.
func TestTheCourierKnowsWhatBroughtAnAlertUpToDate(t *testing.T) {
	r, i := climbed(t)
	id := r.warning().ID
	row, err := r.Store.Incident(t.Context(), i.ID.String())
	if err != nil {
		t.Fatal(err)
	}
	move := truce.Deed{Kind: truce.DeedMoveT0, Text: "the clocks of the post were wrong", T0: &truce.T0Change{
		Basis: truce.T0Event, New: r.one().T0[truce.T0Event].Add(-500 * time.Millisecond), Evidence: &truce.T0Evidence{Kind: truce.EvidenceIncident, Record: row.Incident.Number}}}
	*r.now = r.now.Add(time.Minute)
	before := len(r.alerts())
	r.must("wl", move)
	r.must("chair", move)
	told := r.alerts()[before:]
	if len(told) != 1 || told[0].Kind != truce.AlertUpdate || !slices.Contains(told[0].References, id) {
		t.Fatalf("%d alerts of the zero point: %+v", len(told), told)
	}
	newest := func(at truce.Instant) *truce.Alert {
		t.Helper()
		due, err := Outbox{r.Desk}.Due(t.Context(), at)
		if err != nil {
			t.Fatal(err)
		}
		n := slices.IndexFunc(due, func(b alert.Box) bool { return b.Alert.ID == id })
		if n < 0 {
			t.Fatal("nothing of the warning is due")
		}
		return due[n].Newest
	}
	if early := newest(told[0].Release - 1); early != nil {
		t.Errorf("before its release the update is %q", early.Headline["en"])
	}
	if a := newest(told[0].Release); a == nil || a.ID != told[0].ID || a.Text["en"] != told[0].Text["en"] || a.Text["en"] == "" {
		t.Errorf("the newest is %+v", a)
	}
}
