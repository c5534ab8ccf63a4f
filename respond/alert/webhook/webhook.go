// Package webhook sends alerts as signed HTTP requests, in the form of the Standard Webhooks
// specification. It never follows a redirect, never reaches an address that its client does
// not allow, and never tries twice by itself. Read Channel.Send and outcome.
package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// maxSaid is how much of an answer is read for the record, bytes.
const maxSaid = 512

// minKey is the shortest secret taken, bytes (the specification asks for 24 to 64).
const minKey = 24

// Config says how requests are made and signed.
type Config struct {
	// Client makes the requests: one of the guarded dialer that follows no redirect.
	Client *http.Client
	// Secret finds the secret shared with a person's receiver, "whsec_" and base64; an
	// error means that nothing can be sent to them.
	Secret func(truce.PersonID) (string, error)
	// Clock stamps the requests.
	Clock truce.Clock
	// Plain lets addresses be http: for drills on one machine.
	Plain bool
	// Body writes a message in another form than JSON, with its media type; nil: JSON.
	Body func(alert.Message) (body []byte, mediaType string, err error)
}

// Channel sends to the address of each contact. It is safe for several goroutines.
type Channel struct{ config Config }

// New checks a configuration.
func New(c Config) (*Channel, error) {
	if c.Client == nil || c.Secret == nil || c.Clock == nil {
		return nil, truce.Errorf(truce.CodeInvalid, "webhook: needs a client, secrets and a clock")
	}
	if c.Body == nil {
		c.Body = JSON
	}
	return &Channel{c}, nil
}

// Event is the body of a request. It says the same to everybody who reads the language.
type Event struct {
	Type      string        `json:"type"` // "truce.alert", "truce.update" or "truce.cancel"
	Timestamp truce.Instant `json:"timestamp"`
	Data      Data          `json:"data"`
}

// Data is the alert in an Event.
type Data struct {
	Alert    truce.AlertID         `json:"alert"`
	Case     truce.CaseID          `json:"case"`
	Tier     truce.TierID          `json:"tier,omitempty"`
	Realm    truce.Realm           `json:"realm"`
	Exercise bool                  `json:"exercise"`
	Civil    bool                  `json:"civil_protection,omitempty"`
	Severity int                   `json:"severity"`
	Area     truce.AreaID          `json:"area,omitempty"`
	Refers   []truce.AlertID       `json:"references,omitempty"`
	Language string                `json:"language"`
	Headline string                `json:"headline"`
	Text     string                `json:"text"`
	Answer   truce.AcknowledgeKind `json:"answer_at_least,omitempty"`
	Due      truce.Instant         `json:"answer_due,omitzero"`
	URL      string                `json:"url,omitempty"`
}

// JSON is the body of a message as an Event.
func JSON(m alert.Message) ([]byte, string, error) {
	body, err := json.Marshal(Event{
		Type: "truce." + string(m.Kind), Timestamp: m.Release,
		Data: Data{
			Alert: m.Alert, Case: m.Case, Tier: m.Tier, Realm: m.Realm, Exercise: m.Realm.Exercise(), Civil: m.Civil, Severity: m.Severity,
			Area: m.Area, Refers: m.Refers, Language: m.Language, Headline: m.Headline, Text: m.Body, Answer: m.Answer, Due: m.Due, URL: m.URL,
		},
	})
	return body, "application/json", err
}

// Send makes one request.
func (c *Channel) Send(ctx context.Context, m alert.Message) alert.Result {
	request, err := c.request(ctx, m)
	if err != nil {
		return alert.Refused(err.Error())
	}
	if err := c.sign(request, m); err != nil {
		return alert.Failed(err.Error()) // a secret can be mended
	}
	var written atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { written.Store(true) }}
	answer, err := c.config.Client.Do(request.WithContext(httptrace.WithClientTrace(request.Context(), trace)))
	if err != nil {
		return broken(err, written.Load())
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, maxSaid)) // for the record only
	return outcome(answer, string(said), c.config.Clock.Now())
}

func (c *Channel) request(ctx context.Context, m alert.Message) (*http.Request, error) {
	to, err := url.Parse(m.Contact.Address)
	if err != nil || to.Host == "" || to.User != nil || to.Scheme != "https" && !(c.config.Plain && to.Scheme == "http") {
		return nil, fmt.Errorf("webhook address %.80q: write an https address without a password", m.Contact.Address)
	}
	body, media, err := c.config.Body(m)
	if err != nil {
		return nil, fmt.Errorf("webhook: body: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("webhook: %w", err)
	}
	request.GetBody = nil // the transport must not send it a second time behind our back
	request.Header.Set("Content-Type", media)
	request.Header.Set("Content-Language", m.Language)
	request.Header.Set("User-Agent", "truce")
	if m.Realm.Exercise() {
		request.Header.Set("X-Truce-Exercise", string(m.Realm))
	}
	return request, nil
}

// sign adds the three headers of the specification. The id is the alert's and the
// person's, the same in every attempt.
func (c *Channel) sign(r *http.Request, m alert.Message) error {
	secret, err := c.config.Secret(m.Person)
	if err != nil {
		return fmt.Errorf("webhook: secret of %s: %w", m.Person, err)
	}
	hook, err := standardwebhooks.NewWebhook(secret)
	if err != nil || len(strings.TrimPrefix(secret, "whsec_")) < minKey*4/3 {
		return fmt.Errorf("webhook: the secret of %s is not whsec_ and the base64 of at least %d bytes", m.Person, minKey)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return fmt.Errorf("webhook: %w", err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	now := c.config.Clock.Now()
	signature, err := hook.Sign(m.Key(), now, body)
	if err != nil {
		return fmt.Errorf("webhook: sign: %w", err)
	}
	r.Header.Set(standardwebhooks.HeaderWebhookID, m.Key())
	r.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	r.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	return nil
}

// broken is a request without an answer. Once its header was written the receiver may have
// acted on it.
func broken(err error, written bool) alert.Result {
	var failed *url.Error
	if errors.As(err, &failed) {
		err = failed.Err // without the address, which may hold a key
	}
	if written {
		return alert.Unsure("no answer: " + err.Error())
	}
	return alert.Failed("not sent: " + err.Error())
}

// outcome reads an answer. Only 2xx is a receipt. What cannot become right by itself is
// refused for good: the address is gone or wants none of it.
func outcome(answer *http.Response, said string, now time.Time) alert.Result {
	note := strings.TrimSpace(answer.Status + " " + said)
	switch code := answer.StatusCode; {
	case code >= 200 && code < 300:
		return alert.Sent(note)
	case code >= 300 && code < 400:
		return alert.Refused("redirects are not followed: " + note)
	case code == http.StatusRequestTimeout, code == http.StatusTooEarly, code == http.StatusTooManyRequests, code >= 500:
		r := alert.Failed(note)
		r.RetryAfter = retryAfter(answer.Header.Get("Retry-After"), now)
		return r
	case code == http.StatusUnauthorized, code == http.StatusForbidden, code == http.StatusNotFound:
		return alert.Failed(note) // a receiver that is being set up says so
	}
	return alert.Refused(note)
}

// retryAfter reads seconds or a date (RFC 9110, 10.2.3); 0 when it is neither.
func retryAfter(text string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
