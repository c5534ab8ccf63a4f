package alert_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// A watch officer whose mail is refused is told of once: the alert that says so cannot be
// brought to them either, and of that nobody is told.
func TestTroubleWithAnAlertAboutTroubleIsNotToldOf(t *testing.T) {
	d := newDesk(t, truce.ChannelEmail)
	d.try(duty, alert.Refused("550 no such user"))
	in := input()
	in.Now = d.now
	first, err := alert.Troubles(in, d.box)
	if err != nil || len(first.Alerts) == 0 {
		t.Fatalf("%+v, %v", first, err)
	}
	told := alert.Box{Alert: first.Alerts[0]}
	for _, r := range told.Alert.To {
		for n, c := range r.Contacts {
			told.Deliveries = append(told.Deliveries, truce.Delivery{Alert: told.Alert.ID, Person: r.Person, Contact: n, Channel: c.Channel, Attempt: 1,
				State: truce.DeliveryGivenUp, At: told.Alert.Release})
		}
	}
	in.Now = told.Alert.Release.Add(1)
	plain := told
	plain.Alert.About = nil // what any other alert would be
	if again, err := alert.Troubles(in, plain); err != nil || len(again.Alerts) == 0 {
		t.Fatalf("nothing is wrong with the alert in this test: %+v, %v", again, err)
	}
	in.Earlier = []alert.Box{d.box, told}
	if again, err := alert.Troubles(in, told); err != nil || len(again.Alerts) != 0 {
		t.Errorf("told of trouble with an alert about trouble: %+v, %v", again, err)
	}
	if same, err := alert.Troubles(in, d.box); err != nil || len(same.Alerts) != 0 {
		t.Errorf("the first trouble is told of twice: %+v, %v", same, err)
	}
}

// dead is an alert of which every contact of everybody told at once is given up.
func dead(a truce.Alert) alert.Box {
	b := alert.Box{Alert: a}
	now, _ := to(a)
	for _, r := range a.To {
		for n, c := range r.Contacts {
			if slices.Contains(now, string(r.Person)) {
				b.Deliveries = append(b.Deliveries, truce.Delivery{Alert: a.ID, Person: r.Person, Contact: n, Channel: c.Channel, Attempt: 1,
					State: truce.DeliveryGivenUp, At: a.Release})
			}
		}
	}
	return b
}

// A relay that is down is told of once for all behind it, in one alert that names each of
// them, and again only after something has reached somebody since.
func TestADeadRelayIsOneTrouble(t *testing.T) {
	in := input()
	first := dead(compose(t, in))
	in = after(in)
	in.Earlier = []alert.Box{first}
	in.Now = first.Alert.Release.Add(45 * time.Second)
	out, err := alert.Troubles(in, first)
	if err != nil || len(out.Alerts) != 1 {
		t.Fatalf("%d alerts of one dead relay, %v", len(out.Alerts), err)
	}
	digest := out.Alerts[0]
	now, _ := to(first.Alert)
	for _, p := range now {
		if !strings.Contains(digest.Text["en"], "- "+p+" (") {
			t.Errorf("%s is not named:\n%s", p, digest.Text["en"])
		}
	}
	told, _ := to(digest)
	if want := []string{"watch-lead", "duty-head", "mech-lead", "fa-deputy", "ne-deputy"}; !slices.Equal(told, want) {
		t.Errorf("told: %v, want %v", told, want)
	}
	second := dead(compose(t, step(in, truce.StepClosed, nil)))
	in.Earlier = append(in.Earlier, alert.Box{Alert: digest}, second)
	in.Now = second.Alert.Release.Add(45 * time.Second)
	for _, b := range []alert.Box{first, second, dead(digest)} {
		if again, err := alert.Troubles(in, b); err != nil || len(again.Alerts) != 0 {
			t.Errorf("told again: %+v, %v", again.Alerts, err)
		}
	}
	up := truce.Delivery{Alert: digest.ID, Person: "chair", Channel: truce.ChannelEmail, Attempt: 1, State: truce.DeliverySent, At: digest.Release.Add(time.Minute)}
	in.Earlier[1].Deliveries = []truce.Delivery{up}
	again, err := alert.Troubles(in, second)
	if err != nil || len(again.Alerts) != 1 || !strings.Contains(again.Alerts[0].Headline["en"], "chair cannot be reached") {
		t.Errorf("what fails anew is told of: %+v, %v", again.Alerts, err)
	}
}

// Different people whom several alerts of a case do not reach within the window are named in
// one digest, which leaves once and not before the window is over.
func TestTroublesOfSeveralAlertsAreOneDigest(t *testing.T) {
	in := input()
	first := dead(compose(t, in))
	of := func(p truce.PersonID, now truce.Instant) alert.Box {
		b := first
		b.Alert.ID = truce.NewID(now, "alert", string(p), nil)
		b.Deliveries = slices.DeleteFunc(slices.Clone(first.Deliveries), func(d truce.Delivery) bool { return d.Person != p })
		return b
	}
	start := first.Alert.Release.Add(45 * time.Second)
	var digests []truce.Alert
	who := []truce.PersonID{"fa-duty_officer", "chair", "ne-duty_officer"}
	for i, p := range who {
		in.Now = start.Add(time.Duration(i) * 10 * time.Second)
		b := of(p, in.Now)
		in.Earlier = append(in.Earlier, b)
		out, err := alert.Troubles(in, b)
		if err != nil || len(out.Alerts) != 1 {
			t.Fatalf("%s: %d alerts, %v", p, len(out.Alerts), err)
		}
		if again, err := alert.Troubles(after(in, out.Alerts...), b); err != nil || len(again.Alerts) != 0 {
			t.Errorf("%s is told of twice: %+v, %v", p, again.Alerts, err)
		}
		digests = append(digests, out.Alerts[0])
		in = after(in, out.Alerts...)
	}
	release := alert.Release(start, 0).Add(alert.TroubleWindow)
	for i, a := range digests {
		b := alert.Box{Alert: a, Instead: alert.InsteadOf(a, digests)}
		if early, sent := alert.Plan(b, release-1), alert.Plan(b, release); a.Release != release || len(early) != 0 || len(sent) > 0 != (i == 2) {
			t.Errorf("digest %d is released %s, want %s, and sent to %d", i, a.Release, release, len(sent))
		}
	}
	for _, p := range who {
		if !strings.Contains(digests[2].Text["en"], "- "+string(p)+" (") || strings.Contains(digests[2].Text["en"], first.Alert.Headline["en"]) {
			t.Errorf("the digest does not name %s, or one alert for all:\n%s", p, digests[2].Text["en"])
		}
	}
	if told, _ := to(digests[2]); !slices.Contains(told, "fa-deputy") || !slices.Contains(told, "ne-deputy") {
		t.Errorf("told: %v", told)
	}
	b := of("b-liaison", release)
	in.Now, in.Earlier = release, append(in.Earlier, b)
	if out, err := alert.Troubles(in, b); err != nil || len(out.Alerts) != 1 || len(out.Alerts[0].References) != 0 {
		t.Errorf("after the window it is another one: %+v, %v", out.Alerts, err)
	}
}
