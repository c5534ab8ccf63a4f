// Package email sends alerts by SMTP through the mechanism's own relay. It never tries twice
// by itself and never says that a message has not arrived unless the relay refused it:
// the outbox above it decides what follows. Read Channel.Send and outcome.
package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// Security says how the talk with the relay is protected.
type Security string

// The ways. Required is what a relay outside this machine must have.
const (
	Required      Security = "required"      // STARTTLS, or nothing is sent
	Opportunistic Security = "opportunistic" // STARTTLS when the relay offers it
	None          Security = "none"          // plain text: for a relay on the same machine, and for drills
)

// step is how long one answer of the relay may take.
const step = 20 * time.Second

// Config says which relay, as whom and how.
type Config struct {
	Relay    string // host:port
	From     string // e.g. "Truce <alerts@mission.example.org>"; the domain stands in message ids
	Hello    string // what we call ourselves; "": the domain of From
	User     string // "": no sign-in
	Password string
	Security Security    // "": Required
	TLS      *tls.Config // nil: the system's authorities and the name of the relay
	// Dial connects to the relay: the guarded dialer, on whose list the relay is.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Channel sends over one relay. It is safe for several goroutines.
type Channel struct {
	config Config
	host   string
	port   int
	domain string
	policy gomail.TLSPolicy
}

// New checks a configuration.
func New(c Config) (*Channel, error) {
	host, text, err := net.SplitHostPort(c.Relay)
	port, portErr := strconv.ParseUint(text, 10, 16)
	if err != nil || portErr != nil || port == 0 || host == "" {
		return nil, truce.Errorf(truce.CodeInvalid, "mail relay %q: write host:port, e.g. relay.example.org:587", c.Relay)
	}
	from, err := mail.ParseAddress(c.From)
	if err != nil {
		return nil, truce.Errorf(truce.CodeInvalid, "mail from %q: write an address, e.g. Truce <alerts@example.org>", c.From)
	}
	if c.Dial == nil {
		return nil, truce.Errorf(truce.CodeInvalid, "mail relay %s: no dialer", c.Relay)
	}
	policy, ok := map[Security]gomail.TLSPolicy{
		"": gomail.TLSMandatory, Required: gomail.TLSMandatory, Opportunistic: gomail.TLSOpportunistic, None: gomail.NoTLS,
	}[c.Security]
	if !ok {
		return nil, truce.Errorf(truce.CodeInvalid, "mail security %q: write required, opportunistic or none", string(c.Security))
	}
	if c.User != "" && policy != gomail.TLSMandatory {
		return nil, truce.Errorf(truce.CodeInvalid, "mail relay %s: a password is sent only where security is required", c.Relay)
	}
	domain := from.Address[strings.LastIndexByte(from.Address, '@')+1:]
	if c.Hello == "" {
		c.Hello = domain
	}
	return &Channel{config: c, host: host, port: int(port), domain: domain, policy: policy}, nil
}

// Send brings one message to the relay.
func (c *Channel) Send(ctx context.Context, m alert.Message) alert.Result {
	letter, err := c.letter(m)
	if err != nil {
		return alert.Refused(err.Error())
	}
	line := &line{dial: c.config.Dial}
	defer line.close()
	client, err := c.client(line)
	if err != nil {
		return alert.Failed(err.Error())
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(ctx, line.close)() // go-mail does not look at the context once it is connected
	talk, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return alert.Failed("before the message: " + err.Error())
	}
	err = client.SendWithSMTPClient(talk, letter)
	result := outcome(letter.IsDelivered(), err)
	if result.State == truce.DeliverySent {
		_ = talk.Quit() // a courtesy: the relay has taken the message
	}
	return result
}

// outcome tells apart what the relay refused, for now or for good, from what it may have
// taken: once the end of the message was on its way, only a reply says what became of it.
func outcome(delivered bool, err error) alert.Result {
	if delivered {
		return alert.Sent("the relay took it")
	}
	var refused *gomail.SendError
	if !errors.As(err, &refused) {
		return alert.Failed(fmt.Sprintf("before the message: %v", err))
	}
	code := refused.ErrorCode()
	switch {
	case code >= 500:
		return alert.Refused(refused.Error())
	case code >= 400:
		return alert.Failed(refused.Error())
	case refused.Reason == gomail.ErrSMTPDataClose:
		return alert.Unsure("lost after the end of the message: " + refused.Error())
	}
	return alert.Failed("before the end of the message: " + refused.Error())
}

func (c *Channel) client(l *line) (*gomail.Client, error) {
	options := []gomail.Option{
		gomail.WithPort(c.port), gomail.WithTLSPolicy(c.policy), gomail.WithHELO(c.config.Hello), gomail.WithTimeout(step),
		gomail.WithDialContextFunc(l.open), gomail.WithoutNoop(),
	}
	if c.config.TLS != nil {
		options = append(options, gomail.WithTLSConfig(c.config.TLS))
	}
	if c.config.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(c.config.User), gomail.WithPassword(c.config.Password))
	}
	return gomail.NewClient(c.host, options...)
}

// line is the one connection of a talk, which is closed however the talk ends.
type line struct {
	dial func(ctx context.Context, network, address string) (net.Conn, error)

	mu     sync.Mutex // guards what follows
	conn   net.Conn
	closed bool
}

func (l *line) open(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := l.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		conn.Close()
		return nil, net.ErrClosed
	}
	l.conn = conn
	return conn, nil
}

func (l *line) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if l.conn != nil {
		l.conn.Close()
	}
}
