package guarantee

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// alerts are those of the only case, oldest first.
func (r room) alerts() []truce.Alert {
	r.t.Helper()
	rows, err := r.Store.Alerts(r.t.Context(), truce.AlertQuery{})
	if err != nil {
		r.t.Fatal(err)
	}
	var out []truce.Alert
	for _, row := range slices.Backward(rows) {
		out = append(out, row.Alert)
	}
	return out
}

func toldBoth(a truce.Alert) (parties int) {
	for _, p := range []truce.PartyID{"A", "B"} {
		if slices.ContainsFunc(a.To, func(r truce.AlertRecipient) bool { return r.Party == p }) {
			parties++
		}
	}
	return parties
}

func TestAGapOfALiaisonEndsAndBothAreTold(t *testing.T) {
	r := newRoom(t)
	if _, err := r.Withdraw(t.Context(), r.tokens["lead"], "b"); err != nil {
		t.Fatal(err)
	}
	r.breach(1, 10*time.Minute, 3)
	r.follow()
	r.sign("wo", "L0")
	r.sign("wl", "L1")
	kept := 0
	for _, a := range r.alerts() {
		if toldBoth(a) != 0 {
			t.Errorf("%q goes to a party while B has no liaison", a.Headline["en"])
		}
		if a.Kind == truce.AlertHeld {
			kept++
		}
	}
	if kept == 0 {
		t.Fatal("nothing was kept for the parties")
	}
	*r.now = r.now.Add(4 * time.Hour)
	r.follow()
	for _, k := range r.one().Clocks {
		if k.Owner.Role() == truce.RoleParty && k.State != truce.ClockWaiting {
			t.Errorf("nobody was told of %s of %s and it is %s", k.ID, k.For, k.State)
		}
	}
	r.restart()
	b := truce.Person{ID: "b-2", Name: "b-2", Role: truce.RoleParty, Office: truce.OfficeLiaison, Party: "B", Language: "uk",
		Contacts: []truce.Contact{{Channel: truce.ChannelConsole, Drill: true}}}
	r.tokens["b-2"] = enrol(t, r.Desk, b)
	if round := r.follow(); round.Alerts == 0 {
		t.Fatalf("%+v", round)
	}
	var release truce.Instant
	brought, held := 0, 0
	for _, a := range r.alerts() {
		switch {
		case a.Kind == truce.AlertHeld:
			held++
		case a.Held != nil:
			brought++
			if release = max(release, a.Release); a.Release != release || toldBoth(a) != 2 || a.Held.Meant >= a.Release {
				t.Errorf("%q: released %s, meant for %s, to %v", a.Headline["en"], a.Release, a.Held.Meant, a.To)
			}
		}
	}
	if brought != held || brought < 1 {
		t.Errorf("%d were held back and %d brought", held, brought)
	}
	if again := r.follow(); again.Alerts != 0 || again.Steps != 0 {
		t.Errorf("brought twice: %+v", again)
	}
	r.toldAlike(release)
}

// toldAlike: every clock of a party has begun to run when both were told, is due later by as
// much as it waited, and both were told when, in the second in which they got what was held back.
func (r room) toldAlike(release truce.Instant) {
	r.t.Helper()
	parties := 0
	for _, k := range r.one().Clocks {
		if k.Owner.Role() != truce.RoleParty {
			if k.Told != 0 || k.Waits != 0 {
				r.t.Errorf("a clock of the %s waited", k.Owner)
			}
			continue
		}
		parties++
		if k.State != truce.ClockRunning || k.Told != r.Desk.now() || len(k.Moves) != 1 || k.Due-k.Moves[0].OldDue != k.Told-k.Started {
			r.t.Errorf("%s of %s: %s, told %s, %+v", k.ID, k.For, k.State, k.Told, k.Moves)
		}
	}
	last := r.alerts()
	if a := last[len(last)-1]; parties < 4 || toldBoth(a) != 2 || a.Release != release || a.Held != nil || !strings.Contains(a.Headline["en"], "begin to run") {
		r.t.Errorf("%d clocks of parties; the last alert is %q of %s", parties, a.Headline["en"], a.Release)
	}
}

// TestTwoProgramsTellOnce: two programs over one store that both see the gap end make each
// step once.
func TestTwoProgramsTellOnce(t *testing.T) {
	r := newRoom(t)
	if _, err := r.Withdraw(t.Context(), r.tokens["lead"], "a"); err != nil {
		t.Fatal(err)
	}
	r.breach(1, 10*time.Minute, 3)
	r.follow()
	r.sign("wo", "L0")
	r.sign("wl", "L1")
	*r.now = r.now.Add(time.Hour)
	other := r
	other.restart()
	if _, err := other.View(t.Context(), "C-2026-1"); err != nil { // it has read the people of the gap
		t.Fatal(err)
	}
	a := truce.Person{ID: "a-2", Name: "a-2", Role: truce.RoleParty, Office: truce.OfficeLiaison, Party: "A", Language: "uk",
		Contacts: []truce.Contact{{Channel: truce.ChannelConsole, Drill: true}}}
	r.tokens["a-2"] = enrol(t, r.Desk, a)
	var wait sync.WaitGroup
	for _, d := range []*Desk{r.Desk, other.Desk} {
		wait.Go(func() {
			if _, err := d.Follow(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	told := map[string]int{}
	for _, s := range r.steps() {
		if s.Kind == truce.StepClockTold {
			told[s.Clock.Clock+s.Clock.For]++
		}
	}
	if r.one().Summary.Waiting != 0 || len(told) < 4 {
		t.Errorf("%v", told)
	}
	for clock, n := range told {
		if n != 1 {
			t.Errorf("%s was told of %d times", clock, n)
		}
	}
	headlines := 0
	for _, a := range r.alerts() {
		if strings.Contains(a.Headline["en"], "begin to run") {
			headlines++
		}
	}
	if headlines != 1 {
		t.Errorf("told %d times that the clocks begin", headlines)
	}
}

// restart is another program over the same store, which knows nothing but the records.
func (r *room) restart() {
	r.Desk = &Desk{Store: r.Store, Now: r.Desk.Now, Random: r.Desk.Random, Margin: r.Desk.Margin}
}

func (r room) steps() []truce.CaseStepRow {
	r.t.Helper()
	rows, err := r.Store.CaseSteps(r.t.Context(), "C-2026-1")
	if err != nil {
		r.t.Fatal(err)
	}
	return rows
}

func TestAPromiseIsInvokedInACaseThatIsThere(t *testing.T) {
	r := newRoom(t)
	p, err := r.Store.Person(t.Context(), "lead")
	if err != nil {
		t.Fatal(err)
	}
	c := truce.Commitment{ID: "far-1", State: "FAR", Kind: truce.CommitDiplomatic, Instrument: "a declaration", What: truce.Names{"en": "a demarche"}, Binding: truce.BindingPolitical,
		History: []truce.CommitmentStep{{State: truce.CommitmentReported, Day: "2026-01-06", Source: truce.Citation{Kind: truce.CitePress, Publisher: "a paper", Title: "x", URL: "https://example.org/x", Day: "2026-01-07"}}}}
	if n, err := r.EnterCommitments(t.Context(), p.Person, []truce.Commitment{c}); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	far, err := r.Store.Person(t.Context(), "far")
	if err != nil {
		t.Fatal(err)
	}
	for name, id := range map[string]truce.CaseID{"of no name": {}, "that is not there": truce.NewID(9, "case", "x", nil)} {
		_, err := r.Invoke(t.Context(), far.Person, c.ID, id, truce.InvocationStep{State: truce.InvocationRequested})
		if code := truce.CodeOf(err); code != truce.CodeInvalid && code != truce.CodeNotFound {
			t.Errorf("invoked in a case %s: %v", name, err)
		}
	}
	r.breach(1, time.Minute, 3)
	r.follow()
	got, err := r.Invoke(t.Context(), far.Person, c.ID, r.one().ID, truce.InvocationStep{State: truce.InvocationRequested})
	if err != nil || len(got.Invoked) != 1 {
		t.Fatalf("%v: %+v", err, got)
	}
	if step := got.Invoked[0].History[0]; !slices.Equal(step.Marks, []truce.InvocationMark{truce.InvocationEarly, truce.InvocationNotInForce}) || step.Stage != truce.CommitmentReported || step.Tier != "" {
		t.Errorf("in a case without a tier, of a promise known from the press: %+v", step)
	}
	r.enteredAgain(p.Person, c, got)
}

// enteredAgain enters a promise as a file has it, which knows of no invocation.
func (r room) enteredAgain(p truce.Person, c, invoked truce.Commitment) {
	r.t.Helper()
	enter := func(c truce.Commitment) (int, error) {
		return r.EnterCommitments(r.t.Context(), p, []truce.Commitment{c})
	}
	if n, err := enter(c); err != nil || n != 0 {
		r.t.Errorf("the same file again: %d records, %v", n, err)
	}
	c.What = truce.Names{"en": "a demarche and a visit"}
	if n, err := enter(c); err != nil || n != 1 {
		r.t.Errorf("a file that says more: %d records, %v", n, err)
	}
	now, err := r.commitment(r.t.Context(), c.ID)
	if err != nil || now.What["en"] != c.What["en"] || len(now.Invoked) != 1 || len(now.Invoked[0].History) != 1 || now.Invoked[0].Case != invoked.Invoked[0].Case {
		r.t.Errorf("after it the promise is invoked in %+v, %v", now.Invoked, err)
	}
	c.Invoked = []truce.Invocation{{Case: truce.NewID(9, "case", "x", nil), History: invoked.Invoked[0].History}}
	if n, err := enter(c); truce.CodeOf(err) != truce.CodeInvalid || n != 0 {
		r.t.Errorf("an invocation that is entered as part of a promise: %d records, %v", n, err)
	}
	if n, err := enter(now); err != nil || n != 0 {
		r.t.Errorf("the promise as it is read back: %d records, %v", n, err)
	}
}

// TestAGuarantorWhoComesLaterIsToldWhatStands: a state enrolled after a tier was entered gets
// the alert of it, late and with both times, and an hour of its own to answer.
func TestAGuarantorWhoComesLaterIsToldWhatStands(t *testing.T) {
	r, _ := climbed(t)
	r.follow()
	first := r.warning()
	*r.now = r.now.Add(30 * time.Minute)
	before := len(r.alerts())
	p := guarantorPost("late", "LAT")
	r.tokens[p.ID] = enrol(t, r.Desk, p)
	deputy := p
	deputy.ID, deputy.Office = "late-deputy", truce.OfficeDeputy
	r.tokens[deputy.ID] = enrol(t, r.Desk, deputy)
	r.follow()
	told := r.alerts()[before:]
	at := slices.IndexFunc(told, func(a truce.Alert) bool { return a.Brings != nil && a.Brings.Alert == first.ID })
	if at < 0 {
		t.Fatalf("nothing of T1 among %d alerts", len(told))
	}
	a := told[at]
	if a.Release <= first.Release || a.Brings.Release != first.Release || a.Answer == nil || a.To[0].Person != "late" || len(a.To) != 2 || a.Kind != truce.AlertNew {
		t.Errorf("%+v", a)
	}
	for _, words := range []string{first.Release.Time().Format("2006-01-02 15:04:05"), a.Release.Time().Format("2006-01-02 15:04:05"), "only now"} {
		if !strings.Contains(a.Text["en"], words) {
			t.Errorf("the text lacks %q:\n%s", words, a.Text["en"])
		}
	}
	if round := r.follow(); round.Alerts != 0 {
		t.Errorf("brought twice: %+v", round)
	}
	ack, _, err := r.Acknowledge(t.Context(), r.tokens["late"], a.ID, truce.AckReceived, "", "")
	if err != nil || ack.Late || ack.Due != a.Release.Add(a.Answer.Within.Duration()) {
		t.Errorf("%v: %+v", err, ack)
	}
	*r.now = r.now.Add(a.Answer.Within.Duration() + time.Minute)
	for _, silence := range r.silent(first.ID) {
		if silence.State == "LAT" {
			t.Errorf("a silence of who was not asked: %+v", silence)
		}
	}
	second := guarantorPost("far-2", "FAR") // of a state that was asked: told, and not asked anew
	r.tokens[second.ID] = enrol(t, r.Desk, second)
	before = len(r.alerts())
	r.follow()
	if told = r.alerts()[before:]; !slices.ContainsFunc(told, func(a truce.Alert) bool {
		return a.Brings != nil && a.Brings.Alert == first.ID && len(a.To) == 1 && a.To[0].Person == "far-2" && a.Answer == nil
	}) {
		t.Errorf("a second officer of a state that was asked: %d alerts", len(told))
	}
}
