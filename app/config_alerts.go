package app

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"os"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/dial"
	"github.com/trucewatch/truce/respond/alert"
	"github.com/trucewatch/truce/respond/alert/capxml"
	"github.com/trucewatch/truce/respond/alert/email"
	"github.com/trucewatch/truce/respond/alert/webhook"
)

// AlertsConfig says where the pages of those who answer are and how alerts leave the
// house. Secrets are no settings: they come from environment variables.
type AlertsConfig struct {
	Base     string   `koanf:"base"`     // address of the pages as people reach them, e.g. https://room.example.org
	Relay    string   `koanf:"relay"`    // of mail, host:port; "": no mail is sent
	From     string   `koanf:"from"`     // sender of mail
	User     string   `koanf:"user"`     // at the relay; "": no sign-in
	Security string   `koanf:"security"` // required, opportunistic or none; "": required
	Allow    []string `koanf:"allow"`    // relays and receivers that are not on the public internet
	Webhook  string   `koanf:"webhook"`  // form of what receivers get: json or cap; "": json
	Proxy    bool     `koanf:"proxy"`    // a proxy that ends TLS stands in front and writes X-Forwarded-For
}

// Environment variables that hold secrets.
const (
	relayPasswordVariable = "TRUCE_SMTP_PASSWORD"
	webhookSecretVariable = "TRUCE_WEBHOOK_SECRET_" // followed by the person in capitals, e.g. FAR_DUTY; see webhookSecretName
)

// The forms in which receivers of signed messages get alerts.
const (
	webhookJSON = "json"
	webhookCAP  = "cap"
)

func (a AlertsConfig) validate() error {
	if a.Base != "" {
		u, err := url.Parse(a.Base)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Path != "" && u.Path != "/" {
			return fmt.Errorf("alerts.base: %q; write the address of the pages, e.g. https://room.example.org", a.Base)
		}
	}
	if a.Webhook != "" && a.Webhook != webhookJSON && a.Webhook != webhookCAP {
		return fmt.Errorf("alerts.webhook: %q; write json or cap", a.Webhook)
	}
	switch email.Security(a.Security) {
	case "", email.Required, email.Opportunistic, email.None:
	default:
		return fmt.Errorf("alerts.security: %q; write required, opportunistic or none", a.Security)
	}
	if a.Relay == "" {
		return nil
	}
	if _, _, err := net.SplitHostPort(a.Relay); err != nil {
		return fmt.Errorf("alerts.relay: %q; write HOST:PORT, e.g. relay.example.org:587", a.Relay)
	}
	if _, err := mail.ParseAddress(a.From); err != nil {
		return fmt.Errorf("alerts.from: %q; write an address, e.g. Truce <alerts@example.org>", a.From)
	}
	return nil
}

// secure says whether people reach the pages over TLS.
func (a AlertsConfig) secure() bool { return strings.HasPrefix(a.Base, "https://") }

// channels are the ways out of the house that the settings name.
func (a AlertsConfig) channels(clock truce.Clock, env func(string) string, asCAP func(truce.AlertID) ([]byte, error)) (map[truce.ChannelKind]alert.Channel, error) {
	dialer, err := dial.New(dial.Config{Allow: a.Allow})
	if err != nil {
		return nil, truce.Errorf(truce.CodeInvalid, "alerts.allow: %w", err)
	}
	out := map[truce.ChannelKind]alert.Channel{truce.ChannelConsole: alert.Posted{}, truce.ChannelFeed: alert.Posted{}, truce.ChannelPaper: alert.Posted{}}
	client, err := dialer.Client(dial.HTTP{})
	if err != nil {
		return nil, err
	}
	receivers := webhook.Config{Client: client, Clock: clock, Secret: func(p truce.PersonID) (string, error) { return webhookSecret(p, env) }}
	if a.Webhook == webhookCAP {
		receivers.Body = func(m alert.Message) ([]byte, string, error) {
			document, err := asCAP(m.Alert)
			return document, capxml.MediaType, err
		}
	}
	hook, err := webhook.New(receivers)
	if err != nil {
		return nil, err
	}
	out[truce.ChannelWebhook] = hook
	if a.Relay == "" {
		return out, nil
	}
	host, _, err := net.SplitHostPort(a.Relay)
	if err != nil {
		return nil, err
	}
	mailer, err := email.New(email.Config{
		Relay: a.Relay, From: a.From, User: a.User, Password: env(relayPasswordVariable), Security: email.Security(a.Security),
		TLS: &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12},
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, address)
		},
	})
	if err != nil {
		return nil, err
	}
	out[truce.ChannelEmail] = mailer
	return out, nil
}

// webhookSecret is the secret shared with a person's receiver.
func webhookSecret(p truce.PersonID, env func(string) string) (string, error) {
	name := webhookSecretName(p)
	if secret := env(name); secret != "" {
		return secret, nil
	}
	return "", truce.Errorf(truce.CodeUnavailable, "no secret for the receiver of %s: set %s", p, name)
}

// webhookSecretName is the variable that holds it. No two persons share one: an id has no
// capitals, so that the small letters of dot and line stand for nothing else, and a line
// that is not beside them is a dash.
func webhookSecretName(p truce.PersonID) string {
	return webhookSecretVariable + strings.NewReplacer("-", "_", ".", "_dot_", "_", "_line_").Replace(strings.ToUpper(string(p)))
}

// environment reads the variables of this process.
func environment(name string) string { return os.Getenv(name) }
