package email_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/dial"
	"github.com/trucewatch/truce/respond/alert"
	"github.com/trucewatch/truce/respond/alert/alerttest"
	"github.com/trucewatch/truce/respond/alert/email"
)

func message() alert.Message {
	release := truce.InstantOf(time.Date(2026, 4, 12, 12, 0, 4, 0, time.UTC))
	return alert.Message{
		Alert: truce.NewID(release, "alert", "x", nil), Kind: truce.AlertNew, Case: truce.NewID(release, "case", "x", nil), Release: release,
		Realm: truce.RealmReal, Language: "uk", Headline: "Справа C-2026-19: введено рівень T1 (попередження)",
		Body: "Введено рівень T1.\n\nПерший рядок,\nдругий рядок <b>.\n", URL: "https://desk.example.org/alert/1", Person: "fa-duty",
		Contact: truce.Contact{Channel: truce.ChannelEmail, Address: "duty@fa.example.org"},
	}
}

// relay is a mail server and a channel that sends to it.
func relay(t *testing.T, server *tls.Config, change func(*email.Config)) (*alerttest.Mailbox, *email.Channel) {
	t.Helper()
	box, err := alerttest.NewMailbox(server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	dialer, err := dial.New(dial.Config{Allow: []string{box.Address()}})
	if err != nil {
		t.Fatal(err)
	}
	c := email.Config{Relay: box.Address(), From: "Truce <alerts@mission.example.org>", Security: email.None, Dial: dialer.DialContext}
	if change != nil {
		change(&c)
	}
	channel, err := email.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return box, channel
}

func TestAMailArrivesAsItWasWritten(t *testing.T) {
	box, channel := relay(t, nil, nil)
	m := message()
	m.Refers = []truce.AlertID{truce.NewID(m.Release, "alert", "earlier", nil)}
	if r := channel.Send(t.Context(), m); r.State != truce.DeliverySent {
		t.Fatalf("result %+v", r)
	}
	mails := box.Mails()
	if len(mails) != 1 || mails[0].To != "duty@fa.example.org" || mails[0].From != "alerts@mission.example.org" {
		t.Fatalf("mails %+v", mails)
	}
	got, err := mails[0].Message()
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
	if err != nil || subject != m.Headline {
		t.Errorf("subject %q, %v", subject, err)
	}
	for header, want := range map[string]string{
		"Message-Id":       "<" + m.Key() + "@mission.example.org>",
		"In-Reply-To":      "<" + m.Refers[0].String() + ".fa-duty@mission.example.org>",
		"Date":             "Sun, 12 Apr 2026 12:00:04 +0000",
		"Auto-Submitted":   "auto-generated",
		"Content-Language": "uk",
		"X-Truce-Exercise": "",
		"User-Agent":       "",
	} {
		if got.Header.Get(header) != want {
			t.Errorf("%s: %q, want %q", header, got.Header.Get(header), want)
		}
	}
	plain, page := parts(t, mails[0])
	if strings.ReplaceAll(plain, "\r\n", "\n") != m.Body {
		t.Errorf("text %q, want %q", plain, m.Body)
	}
	if !strings.Contains(page, "другий рядок &lt;b&gt;.") || !strings.Contains(page, `href="https://desk.example.org/alert/1"`) {
		t.Errorf("page %s", page)
	}
}

// parts are the plain text and the page of a mail.
func parts(t *testing.T, m alerttest.Mail) (string, string) {
	t.Helper()
	got, err := m.Message()
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	reader := multipart.NewReader(got.Body, params["boundary"])
	var out []string
	for {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(text))
	}
	if len(out) != 2 {
		t.Fatalf("%d parts", len(out))
	}
	return out[0], out[1]
}

func TestBothPartiesReadTheSameBytes(t *testing.T) {
	box, channel := relay(t, nil, nil)
	for _, to := range []string{"a@example.org", "b@example.org"} {
		m := message()
		m.Contact.Address, m.Person = to, truce.PersonID(to[:1])
		if r := channel.Send(t.Context(), m); r.State != truce.DeliverySent {
			t.Fatal(r)
		}
	}
	mails := box.Mails()
	body := func(m alerttest.Mail) string { _, text, _ := strings.Cut(m.Raw, "\r\n\r\n"); return text }
	if body(mails[0]) != body(mails[1]) || body(mails[0]) == "" {
		t.Errorf("bodies differ:\n%s\n%s", body(mails[0]), body(mails[1]))
	}
}

func TestAnExerciseIsMarkedInTheHeader(t *testing.T) {
	box, channel := relay(t, nil, nil)
	m := message()
	m.Realm = truce.ExerciseRealm("spring")
	channel.Send(t.Context(), m)
	got, err := box.Mails()[0].Message()
	if err != nil || got.Header.Get("X-Truce-Exercise") != "exercise:spring" {
		t.Errorf("header %q, %v", got.Header.Get("X-Truce-Exercise"), err)
	}
}

// Each row: what the relay does at a step, and what is to be thought of it.
func TestWhatTheRelaySays(t *testing.T) {
	for _, row := range []struct {
		name  string
		fault alerttest.Fault
		want  truce.DeliveryState
		gone  bool // for good
		kept  int
	}{
		{"well", alerttest.Fault{}, truce.DeliverySent, false, 1},
		{"greeted with 421", alerttest.Fault{Step: alerttest.StepConnect, Reply: "421 4.3.2 closing"}, truce.DeliveryFailed, false, 0},
		{"greeted with 554", alerttest.Fault{Step: alerttest.StepConnect, Reply: "554 5.7.1 go away"}, truce.DeliveryFailed, false, 0},
		{"broken off at the greeting", alerttest.Fault{Step: alerttest.StepConnect}, truce.DeliveryFailed, false, 0},
		{"hello refused", alerttest.Fault{Step: alerttest.StepHello, Reply: "421 4.3.2 closing"}, truce.DeliveryFailed, false, 0},
		{"sender refused for now", alerttest.Fault{Step: alerttest.StepMail, Reply: "451 4.3.0 later"}, truce.DeliveryFailed, false, 0},
		{"greylisted", alerttest.Fault{Step: alerttest.StepTo, Reply: "450 4.7.1 later"}, truce.DeliveryFailed, false, 0},
		{"no such user", alerttest.Fault{Step: alerttest.StepTo, Reply: "550 5.1.1 no such user"}, truce.DeliveryFailed, true, 0},
		{"broken off at the recipient", alerttest.Fault{Step: alerttest.StepTo}, truce.DeliveryFailed, false, 0},
		{"data refused for now", alerttest.Fault{Step: alerttest.StepData, Reply: "452 4.2.2 full"}, truce.DeliveryFailed, false, 0},
		{"broken off at data", alerttest.Fault{Step: alerttest.StepData}, truce.DeliveryFailed, false, 0},
		{"message refused for now", alerttest.Fault{Step: alerttest.StepDot, Reply: "451 4.3.0 later"}, truce.DeliveryFailed, false, 0},
		{"message refused for good", alerttest.Fault{Step: alerttest.StepDot, Reply: "554 5.6.0 no"}, truce.DeliveryFailed, true, 0},
		{"broken off after the message", alerttest.Fault{Step: alerttest.StepDot}, truce.DeliveryUnsure, false, 0},
		{"kept and broken off", alerttest.Fault{Step: alerttest.StepDot, Keep: true}, truce.DeliveryUnsure, false, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			box, channel := relay(t, nil, nil)
			box.Fail(row.fault)
			r := channel.Send(t.Context(), message())
			if r.State != row.want || r.Permanent != row.gone || r.Note == "" {
				t.Errorf("result %+v, want %s, for good %v", r, row.want, row.gone)
			}
			if got := len(box.Mails()); got != row.kept {
				t.Errorf("%d mails kept, want %d", got, row.kept)
			}
		})
	}
}

func TestARelayThatHangsIsLeft(t *testing.T) {
	for step, want := range map[alerttest.Step]truce.DeliveryState{
		alerttest.StepConnect: truce.DeliveryFailed, alerttest.StepHello: truce.DeliveryFailed, alerttest.StepTo: truce.DeliveryFailed,
		alerttest.StepData: truce.DeliveryFailed, alerttest.StepDot: truce.DeliveryUnsure,
	} {
		t.Run(string(step), func(t *testing.T) {
			box, channel := relay(t, nil, nil)
			box.Fail(alerttest.Fault{Step: step, Hang: true})
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			if r := channel.Send(ctx, message()); r.State != want {
				t.Errorf("result %+v, want %s", r, want)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	box, channel := relay(t, nil, nil)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := listener.Addr().String()
	listener.Close()
	_, other := relay(t, nil, func(c *email.Config) { c.Relay = closed })
	if r := other.Send(t.Context(), message()); r.State != truce.DeliveryFailed || r.Permanent || !strings.Contains(r.Note, "refused") {
		t.Errorf("result %+v", r)
	}
	m := message()
	m.Contact.Address = "a@example.org\r\nBcc: b@example.org"
	if r := channel.Send(t.Context(), m); r.State != truce.DeliveryFailed || !r.Permanent || len(box.Mails()) != 0 {
		t.Errorf("an address that is none: %+v", r)
	}
}

// certificate is that of net/http/httptest, which holds for 127.0.0.1.
func certificate(t *testing.T) (*tls.Config, *tls.Config) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.StartTLS()
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return &tls.Config{Certificates: server.TLS.Certificates}, &tls.Config{RootCAs: roots, ServerName: "example.com"}
}

func TestWhatIsProtectedAndWhatIsNot(t *testing.T) {
	server, trusting := certificate(t)
	for _, row := range []struct {
		name     string
		server   *tls.Config
		client   *tls.Config
		security email.Security
		state    truce.DeliveryState
		secure   bool
	}{
		{"required and offered", server, trusting, email.Required, truce.DeliverySent, true},
		{"required and not offered", nil, trusting, email.Required, truce.DeliveryFailed, false},
		{"required and not trusted", server, nil, email.Required, truce.DeliveryFailed, false},
		{"opportunistic and offered", server, trusting, email.Opportunistic, truce.DeliverySent, true},
		{"opportunistic and not offered", nil, trusting, email.Opportunistic, truce.DeliverySent, false},
		{"none", server, nil, email.None, truce.DeliverySent, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			box, channel := relay(t, row.server, func(c *email.Config) { c.Security, c.TLS = row.security, row.client })
			r := channel.Send(t.Context(), message())
			mails := box.Mails()
			if r.State != row.state || r.Permanent || (len(mails) == 1) != (row.state == truce.DeliverySent) || len(mails) == 1 && mails[0].Secure != row.secure {
				t.Errorf("result %+v, mails %+v", r, mails)
			}
		})
	}
}

func TestRefusesAConfigurationThatCannotWork(t *testing.T) {
	good := email.Config{Relay: "relay.example.org:587", From: "alerts@example.org", Dial: (&net.Dialer{}).DialContext}
	for name, change := range map[string]func(*email.Config){
		"no port":              func(c *email.Config) { c.Relay = "relay.example.org" },
		"no address":           func(c *email.Config) { c.From = "alerts" },
		"no dialer":            func(c *email.Config) { c.Dial = nil },
		"another security":     func(c *email.Config) { c.Security = "maybe" },
		"a password in clear ": func(c *email.Config) { c.User, c.Security = "u", email.Opportunistic },
	} {
		c := good
		change(&c)
		if _, err := email.New(c); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := email.New(good); err != nil {
		t.Error(err)
	}
}
