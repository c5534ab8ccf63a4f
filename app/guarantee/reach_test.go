package guarantee

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/internal/dial"
	"github.com/trucewatch/truce/respond/alert"
	"github.com/trucewatch/truce/respond/alert/alerttest"
	"github.com/trucewatch/truce/respond/alert/email"
)

// handClock is the time of a room for its couriers; nobody waits on it.
type handClock struct{ now func() time.Time }

func (c handClock) Now() time.Time                   { return c.now() }
func (handClock) NewTimer(time.Duration) truce.Timer { panic("no test waits") }

// mailed is a room whose liaison officers have mail addresses behind one relay each, with the
// relays and what serves all that is due.
type mailed struct {
	room
	relay map[truce.PartyID]*alerttest.Mailbox
	serve func()
}

// twoRelays sends to each party over a relay of its own.
type twoRelays map[string]alert.Channel

func (r twoRelays) Send(ctx context.Context, m alert.Message) alert.Result {
	return r[m.Contact.Address].Send(ctx, m)
}

func newMailed(t *testing.T) mailed {
	t.Helper()
	r := mailed{room: newRoom(t), relay: map[truce.PartyID]*alerttest.Mailbox{}}
	ways := twoRelays{}
	for party, id := range map[truce.PartyID]truce.PersonID{"A": "a", "B": "b"} {
		box, err := alerttest.NewMailbox(nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { box.Close() })
		dialer, err := dial.New(dial.Config{Only: true, Allow: []string{box.Address()}})
		if err != nil {
			t.Fatal(err)
		}
		channel, err := email.New(email.Config{Relay: box.Address(), From: "alerts@mission.example", Security: email.None, Dial: dialer.DialContext})
		if err != nil {
			t.Fatal(err)
		}
		address := string(id) + "@party.example"
		r.relay[party], ways[address] = box, channel
		p := truce.Person{ID: id, Name: string(id), Role: truce.RoleParty, Office: truce.OfficeLiaison, Party: party, Language: "en",
			Contacts: []truce.Contact{{Channel: truce.ChannelEmail, Address: address, Drill: true}, {Channel: truce.ChannelConsole, Drill: true}}}
		r.tokens[id] = enrol(t, r.Desk, p)
	}
	courier, err := alert.New(alert.Config{Recorder: Outbox{r.Desk}, Clock: handClock{r.Desk.Now}, Channels: map[truce.ChannelKind]alert.Channel{truce.ChannelEmail: ways, truce.ChannelConsole: alert.Posted{}},
		Inside: access.Inside, Trouble: r.Trouble})
	if err != nil {
		t.Fatal(err)
	}
	r.serve = func() {
		t.Helper()
		due, err := Outbox{r.Desk}.Due(t.Context(), r.Desk.now())
		for _, b := range due {
			if err == nil {
				_, err = courier.Serve(t.Context(), b)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// pass lets time go by in steps, with everything that is due at each.
func (r mailed) pass(d time.Duration) {
	r.t.Helper()
	for end := r.now.Add(d); r.now.Before(end); {
		*r.now = r.now.Add(min(30*time.Second, end.Sub(*r.now)))
		r.follow()
		r.serve()
		r.follow()
	}
}

func (r mailed) clock(id, whose string) truce.CaseClock {
	r.t.Helper()
	var out truce.CaseClock
	for _, k := range r.one().Clocks {
		if k.ID == id && k.For == whose {
			out = k
		}
	}
	return out
}

// hotline brings the case to L1, whose receipt is due in a quarter of an hour, while the relay
// of B refuses everything.
func hotlineDead(t *testing.T) mailed {
	r := newMailed(t)
	r.relay["B"].Fail(alerttest.Fault{Step: alerttest.StepMail, Reply: "451 4.3.0 try later"})
	r.breach(1, 10*time.Minute, 1)
	r.follow()
	r.sign("wo", "L0")
	r.sign("wl", "L1")
	return r
}

// TestAClockBehindADeadRelayIsNotMissed: nothing reaches B for an hour. Neither party's receipt
// is missed; the head of the mission is told; when the relay is well again both run on, due
// later by the time lost, and both parties are told in one second.
func TestAClockBehindADeadRelayIsNotMissed(t *testing.T) {
	r := hotlineDead(t)
	r.pass(time.Hour)
	if len(r.relay["A"].Mails()) == 0 || len(r.relay["B"].Mails()) != 0 {
		t.Fatalf("%d mails to A, %d to B", len(r.relay["A"].Mails()), len(r.relay["B"].Mails()))
	}
	began := r.clock("receipt", "A").Started
	for _, p := range []string{"A", "B"} {
		if k := r.clock("receipt", p); k.State != truce.ClockWaiting || k.Unheard != k.Due || k.Waits != began {
			t.Errorf("%s: %+v", p, k)
		}
	}
	head := slices.DeleteFunc(r.alerts(), func(a truce.Alert) bool { return !strings.Contains(a.Headline["en"], "nothing has reached party B") })
	if len(head) != 1 || toldBoth(head[0]) != 0 || !slices.ContainsFunc(head[0].To, func(to truce.AlertRecipient) bool { return to.Person == "lead" }) {
		t.Errorf("%d alerts to the head of the mission", len(head))
	}
	r.restart()
	r.relay["B"].Fail(alerttest.Fault{})
	before := len(r.alerts())
	r.pass(31 * time.Minute) // the slow tries
	a, b := r.clock("receipt", "A"), r.clock("receipt", "B")
	if b.Told == 0 || a.Told != b.Told || a.Due != b.Due || b.Due.Sub(b.Told) != 15*time.Minute {
		t.Fatalf("A %+v\nB %+v", a, b)
	}
	told := slices.DeleteFunc(r.alerts()[before:], func(a truce.Alert) bool { return !strings.Contains(a.Headline["en"], "run on") })
	if len(told) != 1 || toldBoth(told[0]) != 2 || strings.Contains(told[0].Text["en"], "party B") {
		t.Errorf("%d alerts that they run on: %+v", len(told), told)
	}
	r.pass(20 * time.Minute)
	for _, p := range []string{"A", "B"} {
		if k := r.clock("receipt", p); k.State != truce.ClockMissed || k.Ended != b.Due {
			t.Errorf("in the end %s: %+v", p, k)
		}
	}
}

// TestAChannelThatAcceptedTheMailReachedItsParty: the negative control, and what counts.
func TestAChannelThatAcceptedTheMailReachedItsParty(t *testing.T) {
	for name, c := range map[string]struct {
		do    func(mailed)
		state truce.ClockState
	}{
		"both relays are well":                {func(r mailed) { r.relay["B"].Fail(alerttest.Fault{}) }, truce.ClockMissed},
		"it had the whole mail and broke off": {func(r mailed) { r.relay["B"].Fail(alerttest.Fault{Step: alerttest.StepDot}) }, truce.ClockMissed},
		"it refuses":                          {func(mailed) {}, truce.ClockWaiting},
		"it refuses for good": {func(r mailed) {
			r.relay["B"].Fail(alerttest.Fault{Step: alerttest.StepTo, Reply: "550 5.1.1 no such user"})
		}, truce.ClockWaiting},
		"B read it on its page": {func(r mailed) {
			r.pass(time.Minute)
			for _, a := range r.alerts() {
				if toldBoth(a) == 2 {
					if _, _, err := r.Acknowledge(r.t.Context(), r.tokens["b"], a.ID, truce.AckRead, "", ""); err != nil {
						r.t.Fatal(err)
					}
				}
			}
		}, truce.ClockMissed},
		"B acted in the case": {func(r mailed) {
			r.pass(time.Minute)
			r.must("b", truce.Deed{Kind: truce.DeedComplain, Text: "look at the mill"})
		}, truce.ClockMissed},
	} {
		t.Run(name, func(t *testing.T) {
			r := hotlineDead(t)
			c.do(r)
			r.pass(20 * time.Minute)
			if a, b := r.clock("receipt", "A"), r.clock("receipt", "B"); a.State != c.state || b.State != c.state || a.Due != b.Due {
				t.Errorf("A is %s, due %s; B is %s, due %s", a.State, a.Due, b.State, b.Due)
			}
		})
	}
}

// TestTheHeadOfTheMissionTellsByOtherMeans: their word lets both clocks run on.
func TestTheHeadOfTheMissionTellsByOtherMeans(t *testing.T) {
	r := hotlineDead(t)
	r.pass(20 * time.Minute)
	told := truce.Deed{Kind: truce.DeedResume, Clock: "receipt", Text: "read to both over the telephone"}
	if err := r.deed("far", told); truce.CodeOf(err) != truce.CodeForbidden {
		t.Errorf("by a guarantor: %v", err)
	}
	r.must("lead", told)
	now := r.Desk.now()
	for _, p := range []string{"A", "B"} {
		if k := r.clock("receipt", p); k.State != truce.ClockRunning || k.Due != now.Add(15*time.Minute) {
			t.Errorf("%s: %+v", p, k)
		}
	}
	r.pass(16 * time.Minute)
	if k := r.clock("receipt", "B"); k.State != truce.ClockMissed {
		t.Errorf("%+v", k)
	}
}

// TestOneOfTwoClocksRunsOn: receipt and reply wait, and the head of the mission says of the
// receipt alone that both parties were told of it. They are told that it runs, and when it is
// due; of the reply when that does.
func TestOneOfTwoClocksRunsOn(t *testing.T) {
	r := hotlineDead(t)
	r.pass(126 * time.Minute)
	for _, clock := range []string{"receipt", "reply"} {
		if a, b := r.clock(clock, "A"), r.clock(clock, "B"); a.State != truce.ClockWaiting || b.State != truce.ClockWaiting {
			t.Fatalf("%s of A is %s, of B %s", clock, a.State, b.State)
		}
	}
	for clock, named := range map[string]string{"receipt": "Confirm receipt", "reply": "Reply"} {
		before := len(r.alerts())
		r.must("lead", truce.Deed{Kind: truce.DeedResume, Clock: clock, Text: "read to both over the telephone"})
		told := slices.DeleteFunc(r.alerts()[before:], func(a truce.Alert) bool { return !strings.Contains(a.Headline["en"], "run on") })
		due := r.clock(clock, "A").Due.Time().Format("2006-01-02 15:04:05 UTC")
		if len(told) != 1 || toldBoth(told[0]) != 2 || !strings.Contains(told[0].Text["en"], named+" (each party): due "+due) {
			t.Errorf("%s: %d alerts that it runs on, want one to both that it is due %s: %+v", clock, len(told), due, told)
		}
	}
}
