package alert_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// relay is the one mail server that everybody's mail goes through. Until it is well again it
// takes what the test says; it never says so.
type relay struct {
	clock *hand
	well  truce.Instant
	until alert.Result // what it does until then
	takes bool         // it has the message although it broke off

	mu       sync.Mutex // guards what follows
	arrivals []arrival
}

func (r *relay) Send(_ context.Context, m alert.Message) alert.Result {
	r.mu.Lock()
	defer r.mu.Unlock()
	ill := r.clock.at() < r.well
	if !ill || r.takes {
		r.arrivals = append(r.arrivals, arrival{m.Key(), m.Contact.Address, r.clock.at()})
	}
	if ill {
		return r.until
	}
	return alert.Sent("250")
}

// mailOnly is one alert to people who have nothing but mail, through a relay that is ill for
// a time, by a courier that dies so often.
func mailOnly(t *testing.T, r *relay, ill time.Duration, seed uint64, kills int) (alert.Box, *world, *drive) {
	t.Helper()
	a := compose(t, input())
	for i := range a.To {
		a.To[i].Contacts = a.To[i].Contacts[:1]
	}
	s := newStore()
	r.clock, r.well = &hand{now: a.Release.Add(-time.Second)}, a.Release.Add(ill)
	if _, err := s.Append(t.Context(), alert.AlertEntry(a)); err != nil {
		t.Fatal(err)
	}
	d := &drive{t: t, store: s, clock: r.clock, rng: rand.New(rand.NewPCG(seed, 6)), send: r, kills: kills, kill: .05}
	d.run(a.Release.Add(96 * time.Hour))
	return s.box(truce.AlertSubject(a.ID)), &world{clock: r.clock, arrivals: r.arrivals}, d
}

// everybodyHas holds that everybody who was told has the alert, by a time, at most twice.
func everybodyHas(t *testing.T, b alert.Box, w *world, d *drive, by time.Duration) {
	t.Helper()
	if wrong := faulty(b, w, d, d.clock.at()); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	for _, st := range alert.Statuses(b, d.clock.at()) {
		if st.Progress != alert.Reached || st.Since > b.Alert.Release.Add(by) {
			t.Fatalf("%+v; want it reached within %s of %s", st, by, b.Alert.Release)
		}
	}
}

// planned is how long after the release an office has its turn, by the record of the alert.
func planned(b alert.Box, p truce.PersonID) time.Duration {
	for _, w := range b.Alert.Wakes {
		if w.Name == "send/"+string(p) {
			return w.Due.Sub(b.Alert.Release)
		}
	}
	return 0
}

// stepsKept holds that nobody was told sooner after the office before them than the steps
// between them, however long everything was away: only who is told first of all may be any.
func stepsKept(t *testing.T, b alert.Box) {
	t.Helper()
	told := map[truce.PersonID]truce.Instant{}
	for _, st := range alert.Statuses(b, b.Alert.Release.Add(96*time.Hour)) {
		if st.Progress == alert.Reached {
			told[st.Person] = st.Since
		}
	}
	for _, state := range []string{"fa", "ne"} {
		var offices []truce.PersonID
		for _, office := range []truce.Office{truce.OfficeDutyOfficer, truce.OfficeDeputy, truce.OfficeMinistry, truce.OfficeHead} {
			offices = append(offices, truce.PersonID(state+"-"+string(office)))
		}
		for i, upper := range offices {
			for j := i - 1; j >= 0; j-- {
				lower := offices[j]
				if told[upper] == 0 || told[lower] == 0 || told[lower] > told[upper] {
					continue
				}
				step := planned(b, upper) - planned(b, lower)
				if after := told[upper].Sub(told[lower]); after < step-alert.StepGrace {
					t.Fatalf("%s was told %s after %s, the step is %s", upper, after, lower, step)
				}
				break
			}
		}
	}
}

// away is an alert over a relay that works while the program itself is away for a time, from
// a minute on which the release counts as 0.
func away(t *testing.T, from, until time.Duration) alert.Box {
	t.Helper()
	a, s := compose(t, input()), newStore()
	r := &relay{clock: &hand{now: a.Release.Add(-time.Second)}}
	if _, err := s.Append(t.Context(), alert.AlertEntry(a)); err != nil {
		t.Fatal(err)
	}
	d := &drive{t: t, store: s, clock: r.clock, rng: rand.New(rand.NewPCG(1, 6)), send: r}
	d.run(a.Release.Add(from))
	r.clock.set(a.Release.Add(until))
	d.run(a.Release.Add(96 * time.Hour))
	return s.box(truce.AlertSubject(a.ID))
}

// After an outage of the program each office waits its step from the message that really left.
func TestOfficesWaitTheirStepAfterAnOutageR23(t *testing.T) {
	const m = time.Minute
	for _, row := range []struct {
		name        string
		from, until time.Duration
		want        [4]time.Duration // duty officer, deputy, ministry, head
	}{
		{"none", 0, 0, [4]time.Duration{0, 15 * m, 30 * m, 45 * m}},
		{"before anybody was told", -time.Second, 2 * time.Hour, [4]time.Duration{120 * m, 135 * m, 150 * m, 165 * m}},
		{"after the duty officer was told", 5 * m, 2 * time.Hour, [4]time.Duration{0, 120 * m, 135 * m, 150 * m}},
		{"after the deputy was told", 16 * m, 40 * m, [4]time.Duration{0, 15 * m, 40 * m, 55 * m}},
		{"of a minute", 14 * m, 16 * m, [4]time.Duration{0, 16 * m, 30 * m, 45 * m}},
	} {
		b := away(t, row.from, row.until)
		for i, who := range []truce.PersonID{"ne-duty_officer", "ne-deputy", "ne-ministry", "ne-head"} {
			for _, st := range alert.Statuses(b, b.Alert.Release.Add(96*time.Hour)) {
				if after := st.Since.Sub(b.Alert.Release); st.Person == who && (st.Progress != alert.Reached || after != row.want[i]) {
					t.Errorf("outage %s: %s %s after %s, want %s", row.name, who, st.Progress, after, row.want[i])
				}
			}
		}
		stepsKept(t, b)
	}
}

// An answer after the outage spares the offices above that were called while nothing went out.
func TestAnAnswerSparesOfficesCalledInAnOutage(t *testing.T) {
	d := newDesk(t, truce.ChannelEmail)
	for range 10 {
		for _, who := range []truce.PersonID{duty, "fa-deputy"} {
			if _, due := d.plan(who); due {
				d.try(who, alert.Failed("no route"))
			}
		}
		d.wait(time.Minute)
	}
	if st := d.status("fa-deputy"); st.Tries < 3 {
		t.Fatalf("the deputy, called since the duty officer cannot be reached: %+v", st)
	}
	d.wait(time.Hour)
	told := d.now
	out := d.try(duty, alert.Sent("250"))
	if got := d.planned(); slices.Contains(got, "fa-deputy") {
		t.Fatalf("at the second the duty officer was reached: %v", got)
	}
	if !slices.Contains(out.Wakes, truce.Wake{Name: "send/fa-deputy", Due: told.Add(15 * time.Minute)}) {
		t.Errorf("wakes %v, want the deputy looked at a quarter of an hour later", out.Wakes)
	}
	if st := d.status("fa-deputy"); st.Next != told.Add(15*time.Minute) {
		t.Errorf("the deputy is %+v", st)
	}
	d.wait(5 * time.Minute)
	d.answer("FA", truce.AckReceived)
	tidy := alert.Tidy(d.box, d.now)
	if !slices.ContainsFunc(tidy, func(s truce.Delivery) bool { return s.Person == "fa-deputy" && s.Attempt == 0 }) {
		t.Errorf("tidy %+v, want a record that the deputy need not be told", tidy)
	}
	d.box.Deliveries = append(d.box.Deliveries, tidy...)
	d.wait(time.Hour)
	if got := d.planned(); slices.Contains(got, "fa-deputy") {
		t.Errorf("the deputy is told although FA answered: %v", got)
	}
}

// A relay that is being started anew hangs up after the end of each message for five minutes.
// Whether it kept what it had is not known: everybody has the alert once, or twice.
func TestRelayHangsUpForFiveMinutesR23(t *testing.T) {
	for _, takes := range []bool{false, true} {
		r := &relay{until: alert.Unsure("lost after the end of the message"), takes: takes}
		b, w, d := mailOnly(t, r, 5*time.Minute, 1, 0)
		everybodyHas(t, b, w, d, 45*time.Minute) // the last office has its turn then
		count := map[string]int{}
		for _, a := range w.arrivals {
			count[a.address]++
		}
		if want := 1 + map[bool]int{true: 1}[takes]; count["fa-duty_officer@example.org"] != want || count["fa-deputy@example.org"] != 1 {
			t.Errorf("it kept them: %v: %v; want %d for who was told at once and one for the deputy", takes, count, want)
		}
		if len(d.seen) > 0 {
			t.Errorf("it kept them: %v: said to be out of reach: %v, and nobody was", takes, d.seen)
		}
	}
}

func TestRelayDeadForAnHourR23(t *testing.T) {
	b, w, d := mailOnly(t, &relay{until: alert.Failed("connection refused")}, time.Hour, 1, 0)
	everybodyHas(t, b, w, d, time.Hour+alert.SlowRetry+45*time.Minute) // the head has the last step
	stepsKept(t, b)
	for _, st := range alert.Statuses(b, d.clock.at()) {
		if planned(b, st.Person) == 0 && st.Since > b.Alert.Release.Add(time.Hour+alert.SlowRetry) {
			t.Errorf("%+v; want it within a quarter of an hour of the end", st)
		}
	}
	if len(w.arrivals) != len(b.Alert.To) {
		t.Errorf("%d messages for %d people: what was refused has not arrived", len(w.arrivals), len(b.Alert.To))
	}
	if !d.seen["fa-duty_officer"] {
		t.Error("nobody was told meanwhile that the duty officer is not reached")
	}
}

// The process dies between the beginning of an attempt and its outcome, once: everybody has
// the alert, and who was being written to then has it twice at most.
func TestKilledBetweenBeginAndOutcomeR23(t *testing.T) {
	begun := 0
	for seed := range uint64(200) {
		b, w, d := mailOnly(t, &relay{}, 0, seed, 1)
		everybodyHas(t, b, w, d, 96*time.Hour)
		for _, delivery := range b.Deliveries {
			if delivery.State == truce.DeliveryBegun && delivery.Attempt == 2 {
				begun++
			}
		}
	}
	if begun < 50 {
		t.Errorf("%d attempts were begun and lost in 200 lives: the test does not bite", begun)
	}
}
