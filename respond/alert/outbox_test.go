package alert_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// desk plays the outbox of one alert by hand.
type desk struct {
	t   *testing.T
	box alert.Box
	now truce.Instant
}

func newDesk(t *testing.T, contacts ...truce.ChannelKind) *desk {
	a := compose(t, input())
	for i := range a.To {
		a.To[i].Contacts = nil
		for _, kind := range contacts {
			a.To[i].Contacts = append(a.To[i].Contacts, truce.Contact{Channel: kind, Address: string(a.To[i].Person)})
		}
	}
	return &desk{t: t, box: alert.Box{Alert: a}, now: a.Release}
}

// plan is the attempt due for a person, if any.
func (d *desk) plan(p truce.PersonID) (alert.Attempt, bool) {
	for _, a := range alert.Plan(d.box, d.now) {
		if a.Person == p {
			return a, true
		}
	}
	return alert.Attempt{}, false
}

// try begins what is due for a person and records a result; "" leaves it without outcome.
func (d *desk) try(p truce.PersonID, r alert.Result) truce.Delivery {
	d.t.Helper()
	a, ok := d.plan(p)
	if !ok {
		d.t.Fatalf("nothing is due for %s at +%s", p, d.now.Sub(d.box.Alert.Release))
	}
	d.box.Deliveries = append(d.box.Deliveries, alert.Begin(d.box, a, d.now))
	if r.State == "" {
		return truce.Delivery{}
	}
	out := alert.Outcome(d.box, a, r, d.now)
	d.box.Deliveries = append(d.box.Deliveries, out)
	return out
}

func (d *desk) wait(x time.Duration) { d.now = d.now.Add(x) }

func (d *desk) status(p truce.PersonID) alert.Status {
	for _, s := range alert.Statuses(d.box, d.now) {
		if s.Person == p {
			return s
		}
	}
	d.t.Fatalf("no status of %s", p)
	return alert.Status{}
}

const duty = truce.PersonID("fa-duty_officer")

func TestNothingLeavesBeforeTheRelease(t *testing.T) {
	d := newDesk(t, truce.ChannelEmail)
	if got := alert.Plan(d.box, d.now-1); len(got) != 0 {
		t.Errorf("%d attempts a microsecond before the release", len(got))
	}
	got := alert.Plan(d.box, d.now)
	if len(got) != 7 || got[0].Party == "" || got[1].Party == "" || got[2].Party != "" {
		t.Errorf("at the release: %+v; want seven, the two parties first", got)
	}
}

func TestRefusedForNowIsTriedAgainAndThenTheNextContactToo(t *testing.T) {
	d := newDesk(t, truce.ChannelEmail, truce.ChannelWebhook)
	for i, pause := range []time.Duration{10 * time.Second, 30 * time.Second} {
		out := d.try(duty, alert.Failed("451 try later"))
		if out.State != truce.DeliveryFailed || out.Attempt != i+1 || out.Next != d.now.Add(pause) {
			t.Fatalf("outcome %+v, want it tried again after %s", out, pause)
		}
		if _, ok := d.plan(duty); ok {
			t.Fatal("tried again at once")
		}
		d.wait(pause)
	}
	out := d.try(duty, alert.Failed("451 try later"))
	if want := []truce.Wake{{Name: "send/" + string(duty), Due: d.now}}; !slices.Equal(out.Wakes, want) {
		t.Errorf("wakes %v, want the webhook's turn now: %v", out.Wakes, want)
	}
	if a, ok := d.plan(duty); !ok || a.Channel != truce.ChannelWebhook {
		t.Fatalf("after three refusals: %+v, want the webhook", a)
	}
	done := d.try(duty, alert.Sent("200"))
	if len(done.Wakes) != 1 || !done.Wakes[0].Done || d.status(duty).Progress != alert.Reached {
		t.Errorf("after the webhook took it: %+v, %+v", done, d.status(duty))
	}
	d.wait(time.Hour)
	if a, ok := d.plan(duty); ok {
		t.Errorf("still tried: %+v", a)
	}
}

func TestEveryContactRefusedIsSeenAndCallsTheNextOffice(t *testing.T) {
	d := newDesk(t, truce.ChannelEmail, truce.ChannelWebhook)
	for _, p := range []truce.PersonID{"a-liaison", "b-liaison", "duty-head", "mech-lead", "ne-duty_officer", "chair"} {
		d.try(p, alert.Sent(""))
	}
	d.try(duty, alert.Refused("550 no such user"))
	out := d.try(duty, alert.Refused("410 gone"))
	if st := d.status(duty); st.Progress != alert.Lost || st.Note != "410 gone" || st.Tries != 2 {
		t.Errorf("status %+v", st)
	}
	if !slices.Contains(out.Wakes, truce.Wake{Name: "send/fa-deputy", Due: d.now}) {
		t.Errorf("wakes %v do not call the deputy", out.Wakes)
	}
	if got := alert.Plan(d.box, d.now); len(got) != 1 || got[0].Person != "fa-deputy" {
		t.Errorf("planned %+v, want the deputy of FA at once and nobody of NE", got)
	}
	if got := alert.Exhausted(d.box, d.now); !slices.Equal(got, []truce.PersonID{duty}) {
		t.Errorf("exhausted: %v", got)
	}
}

func TestSlowTriesGoOnAfterTheBurst(t *testing.T) {
	d := newDesk(t, truce.ChannelEmail)
	tries := 0
	for end := d.now.Add(24 * time.Hour); d.now < end; d.wait(10 * time.Second) {
		if _, ok := d.plan(duty); ok {
			d.try(duty, alert.Failed("connection refused"))
			tries++
		}
	}
	if st := d.status(duty); st.Progress != alert.Unreached || tries < 90 || tries > 110 {
		t.Errorf("after a day: %+v, %d tries; want about one each quarter of an hour", st, tries)
	}
	if age := alert.Age(d.box, d.now); age < 24*time.Hour {
		t.Errorf("age of the outbox %s, want a day", age)
	}
	d.wait(alert.SlowRetry)
	d.try(duty, alert.Sent("250"))
	if st := d.status(duty); st.Progress != alert.Reached {
		t.Errorf("after the outage: %+v", st)
	}
}

func TestGivenUpAfterThreeDays(t *testing.T) {
	d := newDesk(t, truce.ChannelEmail)
	for range 3 {
		d.try(duty, alert.Failed("no"))
		d.wait(time.Hour)
	}
	d.wait(alert.GiveUpAfter)
	if out := d.try(duty, alert.Failed("no")); out.State != truce.DeliveryGivenUp {
		t.Errorf("outcome %+v", out)
	}
	if st := d.status(duty); st.Progress != alert.Lost || st.Next != 0 {
		t.Errorf("status %+v", st)
	}
}

func TestBegunWithoutOutcomeIsTriedOnceMore(t *testing.T) {
	d := newDesk(t, truce.ChannelEmail, truce.ChannelWebhook)
	d.try(duty, alert.Result{})
	if _, ok := d.plan(duty); ok {
		t.Fatal("tried again while the first attempt may be under way")
	}
	d.wait(alert.BegunTimeout)
	if a, _ := d.plan(duty); a.Number != 2 || a.Contact != 0 {
		t.Fatalf("attempt %+v, want the second at the same address", a)
	}
	d.try(duty, alert.Result{})
	d.wait(alert.BegunTimeout)
	if a, ok := d.plan(duty); ok {
		t.Fatalf("a third attempt: %+v", a)
	}
	tidy := alert.Tidy(d.box, d.now)
	if len(tidy) != 1 || tidy[0].State != truce.DeliveryGivenUp || tidy[0].Attempt != 2 {
		t.Fatalf("tidy %+v, want the contact given up", tidy)
	}
	d.box.Deliveries = append(d.box.Deliveries, tidy...)
	if a, ok := d.plan(duty); !ok || a.Channel != truce.ChannelWebhook {
		t.Errorf("then %+v, want the webhook", a)
	}
}

func TestUnsureIsTriedOnceMore(t *testing.T) {
	d := newDesk(t, truce.ChannelEmail)
	if out := d.try(duty, alert.Unsure("lost after DATA")); out.State != truce.DeliveryUnsure || out.Next != d.now.Add(alert.UnsureRetry) {
		t.Fatalf("outcome %+v", out)
	}
	if d.wait(alert.UnsureRetry - time.Microsecond); d.status(duty).Progress != alert.Sending {
		t.Errorf("before the second try: %+v, want it under way", d.status(duty))
	}
	if a, ok := d.plan(duty); ok {
		t.Fatalf("tried again after %s: %+v", alert.UnsureRetry-time.Microsecond, a)
	}
	d.wait(time.Microsecond)
	// What is refused has not arrived, so it may be tried again and again.
	for range 2 {
		d.try(duty, alert.Failed("421"))
		d.wait(time.Minute)
	}
	if out := d.try(duty, alert.Unsure("lost after DATA")); out.State != truce.DeliveryGivenUp {
		t.Fatalf("the second that may have arrived: %+v, want the contact given up", out)
	}
	if st := d.status(duty); st.Progress != alert.Lost {
		t.Errorf("then %+v", st)
	}
}

func TestUnsureHoldsNoOtherContactBack(t *testing.T) {
	d := newDesk(t, truce.ChannelEmail, truce.ChannelWebhook)
	out := d.try(duty, alert.Unsure("lost after DATA"))
	if want := []truce.Wake{{Name: "send/" + string(duty), Due: d.now}}; !slices.Equal(out.Wakes, want) {
		t.Errorf("wakes %v, want the webhook's turn now: %v", out.Wakes, want)
	}
	for range 3 {
		if a, ok := d.plan(duty); !ok || a.Channel != truce.ChannelWebhook {
			t.Fatalf("at +%s: %+v, want the webhook", d.now.Sub(d.box.Alert.Release), a)
		}
		d.try(duty, alert.Failed("503"))
		d.wait(time.Minute)
	}
	d.now = out.Next
	if a, ok := d.plan(duty); !ok || a.Channel != truce.ChannelEmail || a.Number != 2 {
		t.Fatalf("after the pause: %+v, want the mail once more", a)
	}
	d.try(duty, alert.Sent("250"))
	if st := d.status(duty); st.Progress != alert.Reached || st.Channel != truce.ChannelEmail {
		t.Errorf("then %+v", st)
	}
	// Where the webhook takes it the mail that may have arrived is not sent again.
	d = newDesk(t, truce.ChannelEmail, truce.ChannelWebhook)
	d.try(duty, alert.Unsure("lost after DATA"))
	d.try(duty, alert.Sent("200"))
	d.wait(time.Hour)
	if a, ok := d.plan(duty); ok {
		t.Errorf("reached, and tried again: %+v", a)
	}
}

// Two that may have arrived are the most, whichever way we do not know of them.
func TestUnsureAndLostTogetherAreTwo(t *testing.T) {
	d := newDesk(t, truce.ChannelEmail, truce.ChannelWebhook)
	d.try(duty, alert.Result{}) // the process dies
	d.wait(alert.BegunTimeout)
	if out := d.try(duty, alert.Unsure("lost after DATA")); out.State != truce.DeliveryGivenUp {
		t.Errorf("lost, then unsure: %+v, want the contact given up", out)
	}
	d = newDesk(t, truce.ChannelEmail)
	d.try(duty, alert.Unsure("lost after DATA"))
	d.wait(alert.UnsureRetry)
	d.try(duty, alert.Result{})
	d.wait(alert.BegunTimeout)
	if a, ok := d.plan(duty); ok {
		t.Errorf("a third attempt: %+v", a)
	}
	tidy := alert.Tidy(d.box, d.now)
	if len(tidy) != 1 || tidy[0].State != truce.DeliveryGivenUp || !strings.HasPrefix(tidy[0].Note, "broken off once") {
		t.Errorf("unsure, then lost: tidy %+v, want the contact given up", tidy)
	}
}

func TestAnOutcomeThatComesLateIsHeeded(t *testing.T) {
	for _, row := range []struct {
		result alert.Result
		want   alert.Progress
	}{{alert.Sent("250"), alert.Reached}, {alert.Failed("421"), alert.Sending}} {
		d := newDesk(t, truce.ChannelEmail)
		first, _ := d.plan(duty)
		d.try(duty, alert.Result{})
		d.wait(alert.BegunTimeout)
		d.try(duty, alert.Result{})
		d.box.Deliveries = append(d.box.Deliveries, alert.Outcome(d.box, first, row.result, d.now))
		if st := d.status(duty); st.Progress != row.want {
			t.Errorf("%s: %+v", row.result.State, st)
		}
		d.wait(alert.BegunTimeout)
		if _, again := d.plan(duty); again != (row.want == alert.Sending) {
			t.Errorf("%s: tried again: %v", row.result.State, again)
		}
	}
}

func TestRetryAfterIsHeededWithinBounds(t *testing.T) {
	for asked, want := range map[time.Duration]time.Duration{
		time.Second: 10 * time.Second, 5 * time.Minute: 5 * time.Minute, 365 * 24 * time.Hour: time.Hour,
	} {
		d := newDesk(t, truce.ChannelWebhook)
		out := d.try(duty, alert.Result{State: truce.DeliveryFailed, RetryAfter: asked})
		if out.Next != d.now.Add(want) {
			t.Errorf("asked for %s: next after %s, want %s", asked, out.Next.Sub(d.now), want)
		}
	}
}

func TestPagesNeverEndTheTriesOfWhatReachesPeople(t *testing.T) {
	d := newDesk(t, truce.ChannelConsole, truce.ChannelEmail, truce.ChannelPaper)
	d.try(duty, alert.Sent("lies ready"))
	if a, ok := d.plan(duty); !ok || a.Channel != truce.ChannelEmail {
		t.Fatalf("after the console: %+v, want the mail", a)
	}
	for range 3 {
		d.try(duty, alert.Failed("no route"))
		d.wait(30 * time.Second)
	}
	if a, ok := d.plan(duty); !ok || a.Channel != truce.ChannelPaper {
		t.Fatalf("after the burst: %+v, want the paper form", a)
	}
	d.try(duty, alert.Sent("lies ready"))
	if st := d.status(duty); st.Progress != alert.Unreached || st.Next == 0 {
		t.Errorf("status %+v: a form that lies ready reaches nobody", st)
	}
	only := newDesk(t, truce.ChannelConsole)
	if st := only.status(duty); st.Progress != alert.Sending {
		t.Errorf("before: %+v", st)
	}
	only.try(duty, alert.Sent("lies ready"))
	if st := only.status(duty); st.Progress != alert.Reached {
		t.Errorf("who has nothing but pages is reached when it lies there: %+v", st)
	}
}

func TestWithoutContactIsLostAtOnce(t *testing.T) {
	d := newDesk(t)
	if st := d.status(duty); st.Progress != alert.Lost {
		t.Errorf("status %+v", st)
	}
}

func TestKeysMakeEachStepHappenOnce(t *testing.T) {
	d := newDesk(t, truce.ChannelEmail)
	a, _ := d.plan(duty)
	begun, sent := alert.Begin(d.box, a, d.now), alert.Outcome(d.box, a, alert.Sent(""), d.now)
	late := alert.Outcome(d.box, a, alert.Failed(""), d.now.Add(time.Hour))
	one, two, three := alert.DeliveryEntry(begun), alert.DeliveryEntry(sent), alert.DeliveryEntry(late)
	if one.Key == two.Key || two.Key != three.Key || !strings.HasPrefix(one.Subject, "alert/") {
		t.Errorf("keys %q %q %q", one.Key, two.Key, three.Key)
	}
}

func BenchmarkPlan10000Alerts(b *testing.B) {
	a := compose(b, input())
	boxes := make([]alert.Box, 10_000)
	for i := range boxes {
		boxes[i].Alert = a
		if i%2 == 0 { // half of them lie on their slow tries
			for _, at := range alert.Plan(boxes[i], a.Release) {
				boxes[i].Deliveries = append(boxes[i].Deliveries, alert.Begin(boxes[i], at, a.Release), alert.Outcome(boxes[i], at, alert.Sent(""), a.Release))
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		planned := 0
		for _, box := range boxes {
			planned += len(alert.Plan(box, a.Release.Add(time.Minute)))
		}
		if planned != 35_000 {
			b.Fatalf("%d attempts planned", planned)
		}
	}
}

func BenchmarkCompose(b *testing.B) {
	in := input()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := alert.Compose(in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPlanOf35States(b *testing.B) {
	in := input()
	for n := range 35 {
		for _, office := range []truce.Office{truce.OfficeDutyOfficer, truce.OfficeDeputy, truce.OfficeMinistry, truce.OfficeHead} {
			state := fmt.Sprintf("S%02d", n)
			in.People = append(in.People, person(strings.ToLower(state)+"-"+string(office), truce.RoleGuarantor, office, state, "en"))
		}
	}
	box := alert.Box{Alert: compose(b, in)}
	b.ReportAllocs()
	for b.Loop() {
		if got := len(alert.Plan(box, box.Alert.Release)); got != 42 {
			b.Fatalf("%d attempts planned", got)
		}
	}
}
