package alert_test

import (
	"context"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/dial"
	"github.com/trucewatch/truce/respond/alert"
	"github.com/trucewatch/truce/respond/alert/alerttest"
	"github.com/trucewatch/truce/respond/alert/email"
	"github.com/trucewatch/truce/respond/alert/webhook"
)

// patience is how long the test waits for a server that hangs.
const patience = 40 * time.Millisecond

// post is a mail server and a receiver of webhooks that go wrong as the seed has it, with
// the channels to them.
type post struct {
	box   *alerttest.Mailbox
	hooks *alerttest.Hooks
	mail  *email.Channel
	hook  *webhook.Channel

	mu     sync.Mutex // guards what follows
	rng    *rand.Rand
	faults float64
	down   func() bool
}

func newPost(t *testing.T) *post {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	p := &post{down: func() bool { return false }}
	var err error
	p.box, err = alerttest.NewMailbox(nil)
	must(err)
	p.hooks, err = alerttest.NewHooks()
	must(err)
	dialer, err := dial.New(dial.Config{Only: true, Allow: []string{p.box.Address(), p.hooks.Address()}})
	must(err)
	client, err := dialer.Client(dial.HTTP{})
	must(err)
	p.mail, err = email.New(email.Config{Relay: p.box.Address(), From: "alerts@example.org", Security: email.None, Dial: dialer.DialContext})
	must(err)
	p.hook, err = webhook.New(webhook.Config{
		Client: client, Clock: bubble{}, Plain: true, Secret: func(truce.PersonID) (string, error) { return "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", nil },
	})
	must(err)
	t.Cleanup(func() {
		client.CloseIdleConnections()
		must(p.box.Close())
		must(p.hooks.Close())
	})
	return p
}

// Send lets something go wrong, or not, and sends over the real channel.
func (p *post) Send(ctx context.Context, m alert.Message) alert.Result {
	p.mu.Lock()
	p.breakSomething()
	p.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if m.Contact.Channel == truce.ChannelEmail {
		return p.mail.Send(ctx, m)
	}
	return p.hook.Send(ctx, m)
}

func (p *post) breakSomething() {
	steps := []alerttest.Step{alerttest.StepConnect, alerttest.StepHello, alerttest.StepMail, alerttest.StepTo, alerttest.StepData, alerttest.StepDot}
	fault, reply := alerttest.Fault{}, alerttest.Reply{}
	switch {
	case p.down():
		fault, reply = alerttest.Fault{Step: alerttest.StepConnect, Reply: "421 4.3.2 down"}, alerttest.Reply{Status: 503, Drop: true}
	case p.rng.Float64() < p.faults:
		fault.Step = steps[p.rng.IntN(len(steps))]
		switch p.rng.IntN(4) {
		case 0:
			fault.Reply, reply = "451 4.3.0 later", alerttest.Reply{Status: 503, Drop: true, RetryAfter: "30"}
		case 1:
			fault.Hang, reply = true, alerttest.Reply{Hang: true}
		case 2:
			fault.Keep, reply = true, alerttest.Reply{Break: true}
		default:
			reply = alerttest.Reply{Break: true, Drop: true}
		}
	}
	p.box.Fail(fault)
	p.hooks.Answer(reply)
}

// arrivals is what the servers have kept, in the terms of faulty.
func (p *post) arrivals(t *testing.T, at truce.Instant) []arrival {
	t.Helper()
	var out []arrival
	for _, m := range p.box.Mails() {
		got, err := m.Message()
		if err != nil {
			t.Fatal(err)
		}
		key, _, _ := strings.Cut(strings.Trim(got.Header.Get("Message-Id"), "<>"), "@")
		out = append(out, arrival{key, m.To, at})
	}
	for _, h := range p.hooks.Hooks() {
		out = append(out, arrival{h.Header.Get("Webhook-Id"), h.Path, at})
	}
	return out
}

// playReal is one alert over real servers, by a courier that dies again and again.
func playReal(t *testing.T, seed uint64, faults float64, outage time.Duration) (alert.Box, *world, *drive) {
	t.Helper()
	p, a := newPost(t), compose(t, input())
	for i := range a.To {
		for j, c := range a.To[i].Contacts {
			if c.Channel == truce.ChannelWebhook {
				a.To[i].Contacts[j].Address = p.hooks.URL("/" + string(a.To[i].Person))
			}
		}
	}
	s, clock := newStore(), &hand{now: a.Release.Add(-time.Second)}
	if _, err := s.Append(t.Context(), alert.AlertEntry(a)); err != nil {
		t.Fatal(err)
	}
	p.rng, p.faults = rand.New(rand.NewPCG(seed, 4)), faults
	p.down = func() bool { return clock.at() < a.Release.Add(outage) }
	d := &drive{t: t, store: s, clock: clock, rng: rand.New(rand.NewPCG(seed, 5)), send: p, kills: 3, kill: .08}
	d.run(a.Release.Add(96 * time.Hour))
	return s.box(truce.AlertSubject(a.ID)), &world{clock: clock, arrivals: p.arrivals(t, a.Release)}, d
}

func TestRealMailAndWebhooksSurviveKillsR23(t *testing.T) {
	deaths, arrived := 0, 0
	for seed := range uint64(15) {
		b, w, d := playReal(t, seed, .3, 0)
		if wrong := faulty(b, w, d, d.clock.at()); len(wrong) > 0 {
			t.Fatalf("seed %d: %v", seed, wrong)
		}
		deaths += d.lives - 1
		arrived += len(w.arrivals)
	}
	t.Logf("%d deaths, %d messages arrived for %d letters", deaths, arrived, 15*13)
	if deaths < 30 || arrived <= 15*12 {
		t.Error("the test does not bite")
	}
}

// After a day in which the relay and the receivers refuse everything, everybody has the alert.
func TestRealMailOutlastsADayR23(t *testing.T) {
	b, w, d := playReal(t, 1, 0, 24*time.Hour)
	if wrong := faulty(b, w, d, d.clock.at()); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	for _, st := range alert.Statuses(b, d.clock.at()) {
		if st.Progress != alert.Reached {
			t.Errorf("%+v", st)
		}
	}
}
