package webhook_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/dial"
	"github.com/trucewatch/truce/respond/alert"
	"github.com/trucewatch/truce/respond/alert/alerttest"
	"github.com/trucewatch/truce/respond/alert/webhook"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

type wall struct{}

func (wall) Now() time.Time                     { return time.Now() }
func (wall) NewTimer(time.Duration) truce.Timer { return nil }

func message(url string) alert.Message {
	release := truce.InstantOf(time.Date(2026, 4, 12, 12, 0, 4, 0, time.UTC))
	return alert.Message{
		Alert: truce.NewID(release, "alert", "x", nil), Kind: truce.AlertNew, Release: release, Realm: truce.ExerciseRealm("spring"), Tier: "T1", Severity: 3,
		Language: "uk", Headline: "НАВЧАННЯ: введено рівень T1", Body: "Введено.\n", Person: "fa-duty", Answer: truce.AckReceived, Due: release.Add(time.Hour),
		Contact: truce.Contact{Channel: truce.ChannelWebhook, Address: url},
	}
}

func receiver(t *testing.T, change func(*webhook.Config)) (*alerttest.Hooks, *webhook.Channel) {
	t.Helper()
	hooks, err := alerttest.NewHooks()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := hooks.Close(); err != nil {
			t.Error(err)
		}
	})
	return hooks, channel(t, hooks.Address(), change)
}

func channel(t *testing.T, allow string, change func(*webhook.Config)) *webhook.Channel {
	t.Helper()
	dialer, err := dial.New(dial.Config{Allow: []string{allow}})
	if err != nil {
		t.Fatal(err)
	}
	client, err := dialer.Client(dial.HTTP{Timeout: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	c := webhook.Config{Client: client, Clock: wall{}, Plain: true, Secret: func(truce.PersonID) (string, error) { return secret, nil }}
	if change != nil {
		change(&c)
	}
	out, err := webhook.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestARequestIsSignedAndSaysTheSameEachTime(t *testing.T) {
	hooks, channel := receiver(t, nil)
	m := message(hooks.URL("/in"))
	for range 2 {
		if r := channel.Send(t.Context(), m); r.State != truce.DeliverySent {
			t.Fatalf("result %+v", r)
		}
	}
	got := hooks.Hooks()
	if len(got) != 2 || string(got[0].Body) != string(got[1].Body) || got[0].Header.Get("Webhook-Id") != m.Key() || got[1].Header.Get("Webhook-Id") != m.Key() {
		t.Fatalf("requests %+v", got)
	}
	verify, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	if err := verify.Verify(got[0].Body, got[0].Header); err != nil {
		t.Error(err)
	}
	if err := verify.Verify(append([]byte(" "), got[0].Body...), got[0].Header); err == nil {
		t.Error("a changed body verifies")
	}
	var event webhook.Event
	if err := json.Unmarshal(got[0].Body, &event); err != nil {
		t.Fatal(err)
	}
	if event.Type != "truce.alert" || event.Data.Alert != m.Alert || !event.Data.Exercise || event.Data.Headline != m.Headline || event.Data.Due != m.Due {
		t.Errorf("event %+v", event)
	}
	if got[0].Header.Get("X-Truce-Exercise") != "exercise:spring" || strings.Contains(string(got[0].Body), "fa-duty") {
		t.Errorf("header %v, body %s: the body must not name the person", got[0].Header, got[0].Body)
	}
}

// Each row: how the receiver answers, and what is to be thought of it.
func TestWhatTheReceiverSays(t *testing.T) {
	for _, row := range []struct {
		name  string
		reply alerttest.Reply
		want  truce.DeliveryState
		gone  bool
		after time.Duration
	}{
		{"200", alerttest.Reply{Status: 200}, truce.DeliverySent, false, 0},
		{"204", alerttest.Reply{}, truce.DeliverySent, false, 0},
		{"a redirect", alerttest.Reply{Status: 307, Location: "/elsewhere"}, truce.DeliveryFailed, true, 0},
		{"400", alerttest.Reply{Status: 400}, truce.DeliveryFailed, true, 0},
		{"403", alerttest.Reply{Status: 403}, truce.DeliveryFailed, false, 0},
		{"404", alerttest.Reply{Status: 404}, truce.DeliveryFailed, false, 0},
		{"410", alerttest.Reply{Status: 410}, truce.DeliveryFailed, true, 0},
		{"429 with seconds", alerttest.Reply{Status: 429, RetryAfter: "120"}, truce.DeliveryFailed, false, 2 * time.Minute},
		{"503 with nonsense", alerttest.Reply{Status: 503, RetryAfter: "soon"}, truce.DeliveryFailed, false, 0},
		{"503 with a past date", alerttest.Reply{Status: 503, RetryAfter: "Wed, 21 Oct 2015 07:28:00 GMT"}, truce.DeliveryFailed, false, 0},
		{"500", alerttest.Reply{Status: 500}, truce.DeliveryFailed, false, 0},
		{"broken off", alerttest.Reply{Break: true}, truce.DeliveryUnsure, false, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			hooks, channel := receiver(t, nil)
			hooks.Answer(row.reply)
			r := channel.Send(t.Context(), message(hooks.URL("/in")))
			if r.State != row.want || r.Permanent != row.gone || r.RetryAfter != row.after {
				t.Errorf("result %+v", r)
			}
			if got := len(hooks.Hooks()); got != 1 {
				t.Errorf("%d requests arrived, want one", got)
			}
		})
	}
}

func TestAReceiverThatHangsIsLeft(t *testing.T) {
	hooks, channel := receiver(t, nil)
	hooks.Answer(alerttest.Reply{Hang: true})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if r := channel.Send(ctx, message(hooks.URL("/in"))); r.State != truce.DeliveryUnsure {
		t.Errorf("result %+v", r)
	}
}

func TestWhatCannotBeSentHasNotArrived(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := listener.Addr().String()
	listener.Close()
	hooks, guarded := receiver(t, nil)
	for name, row := range map[string]struct {
		channel *webhook.Channel
		url     string
		gone    bool
	}{
		"nobody listens":    {channel(t, closed, nil), "http://" + closed, false},
		"not on the list":   {guarded, "http://127.0.0.1:9/", false},
		"metadata":          {guarded, "http://169.254.169.254/latest", false},
		"a password":        {guarded, "http://u:p@" + hooks.Address(), true},
		"not an address":    {guarded, "http://", true},
		"another scheme":    {guarded, "file:///etc/passwd", true},
		"plain not allowed": {channel(t, hooks.Address(), func(c *webhook.Config) { c.Plain = false }), hooks.URL("/in"), true},
		"no secret": {channel(t, hooks.Address(), func(c *webhook.Config) {
			c.Secret = func(truce.PersonID) (string, error) { return "", errors.New("none on record") }
		}), hooks.URL("/in"), false},
		"a short secret": {channel(t, hooks.Address(), func(c *webhook.Config) {
			c.Secret = func(truce.PersonID) (string, error) { return "whsec_AAAA", nil }
		}), hooks.URL("/in"), false},
	} {
		if r := row.channel.Send(t.Context(), message(row.url)); r.State != truce.DeliveryFailed || r.Permanent != row.gone {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if got := hooks.Hooks(); len(got) != 0 {
		t.Errorf("%d requests arrived", len(got))
	}
}

func TestAnotherBody(t *testing.T) {
	hooks, channel := receiver(t, func(c *webhook.Config) {
		c.Body = func(alert.Message) ([]byte, string, error) { return []byte("<alert/>"), "application/cap+xml", nil }
	})
	if r := channel.Send(t.Context(), message(hooks.URL("/cap"))); r.State != truce.DeliverySent {
		t.Fatal(r)
	}
	if got := hooks.Hooks()[0]; got.Header.Get("Content-Type") != "application/cap+xml" || string(got.Body) != "<alert/>" {
		t.Errorf("request %+v", got)
	}
}

func TestRefusesAnEmptyConfiguration(t *testing.T) {
	if _, err := webhook.New(webhook.Config{Client: http.DefaultClient}); truce.CodeOf(err) != truce.CodeInvalid {
		t.Error(err)
	}
}
