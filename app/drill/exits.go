package drill

import (
	"context"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
	"github.com/trucewatch/truce/respond/alert/alerttest"
	"github.com/trucewatch/truce/respond/alert/email"
	"github.com/trucewatch/truce/respond/alert/webhook"
)

// Exit is a channel that leaves the drill, for exercises with people at their posts.
type Exit struct {
	Channel alert.Channel
	Drill   bool // it is listed for drills
}

// Fence is a channel through which only messages of an exercise pass, to contacts that are
// marked for drills.
func Fence(realm truce.Realm, channel alert.Channel) alert.Channel { return fence{realm, channel} }

// fence stands before every channel of a drill. What is composed is addressed to contacts
// for drills alone already; this is the second lock.
type fence struct {
	realm   truce.Realm
	channel alert.Channel
}

// Send passes a message of this drill to a contact that is marked for drills.
func (f fence) Send(ctx context.Context, m alert.Message) alert.Result {
	switch {
	case m.Realm != f.realm || !m.Realm.Exercise():
		return alert.Refused("the message is of realm " + string(m.Realm) + " and not of the drill " + string(f.realm))
	case !m.Contact.Drill:
		return alert.Refused("the contact is not marked for drills")
	}
	return f.channel.Send(ctx, m)
}

// exits are the channels of a drill: receivers on this machine that speak the real
// protocols, unless a channel listed for drills stands in their place.
type exits struct {
	channels map[truce.ChannelKind]alert.Channel
	mails    *alerttest.Mailbox
	hooks    *alerttest.Hooks

	mu    sync.Mutex // guards hangs
	hangs map[truce.ChannelKind]bool
}

// newExits opens the channels that the posts of a drill need.
func newExits(d Drill, clock truce.Clock, given map[truce.ChannelKind]Exit) (*exits, error) {
	e := &exits{channels: map[truce.ChannelKind]alert.Channel{}, hangs: map[truce.ChannelKind]bool{}}
	for _, kind := range truce.ChannelKinds() {
		exit, real := given[kind]
		switch {
		case real && !exit.Drill:
			return nil, errors.Join(truce.Errorf(truce.CodeForbidden, "the channel %s is a real one and not listed for drills: a drill must not reach it", kind), e.close())
		case real:
			e.channels[kind] = fence{d.Realm(), exit.Channel}
		case kind == truce.ChannelEmail || kind == truce.ChannelWebhook:
			if !d.uses(kind) {
				continue
			}
			sink, err := e.sink(kind, clock)
			if err != nil {
				return nil, errors.Join(err, e.close())
			}
			e.channels[kind] = fence{d.Realm(), patient{e, kind, sink}}
		default:
			e.channels[kind] = fence{d.Realm(), alert.Posted{}}
		}
	}
	return e, nil
}

// uses says whether a post has a contact of a channel.
func (d Drill) uses(kind truce.ChannelKind) bool {
	return slices.ContainsFunc(d.Posts, func(p truce.Person) bool {
		return slices.ContainsFunc(p.Contacts, func(c truce.Contact) bool { return c.Channel == kind })
	})
}

func (e *exits) sink(kind truce.ChannelKind, clock truce.Clock) (alert.Channel, error) {
	if kind == truce.ChannelEmail {
		return e.mailSink()
	}
	return e.hookSink(clock)
}

// mailSink is a mail server on this machine and the channel that talks to it.
func (e *exits) mailSink() (alert.Channel, error) {
	box, err := alerttest.NewMailbox(nil)
	if err != nil {
		return nil, err
	}
	e.mails = box
	return email.New(email.Config{Relay: box.Address(), From: "Truce drill <drill@drill.example>", Security: email.None, Dial: only(box.Address())})
}

// hookSink is a receiver of webhooks on this machine, to which every address leads.
func (e *exits) hookSink(clock truce.Clock) (alert.Channel, error) {
	hooks, err := alerttest.NewHooks()
	if err != nil {
		return nil, err
	}
	e.hooks = hooks
	client := &http.Client{
		// An https: address is taken as it stands: the way to this machine's receiver needs no TLS.
		Transport:     &http.Transport{DialContext: only(hooks.Address()), DialTLSContext: only(hooks.Address()), DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	secret := "whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("drill", 6)))
	return webhook.New(webhook.Config{Client: client, Clock: clock, Plain: true, Secret: func(truce.PersonID) (string, error) { return secret, nil }})
}

// only dials one address on this machine, whatever is asked for.
func only(address string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, address)
	}
}

// patient waits for a receiver that was told to hang no longer than it must.
type patient struct {
	exits   *exits
	kind    truce.ChannelKind
	channel alert.Channel
}

// Send sends with what patience there is.
func (p patient) Send(ctx context.Context, m alert.Message) alert.Result {
	p.exits.mu.Lock()
	hangs := p.exits.hangs[p.kind]
	p.exits.mu.Unlock()
	if hangs {
		short, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		ctx = short
	}
	result := p.channel.Send(ctx, m)
	if result.State != truce.DeliverySent && hangs {
		result.Note = "no answer within the time of an attempt" // the words of the system differ
	}
	return result
}

// fail makes a channel's receiver fail, or be well again.
func (e *exits) fail(f fault) error {
	e.mu.Lock()
	e.hangs[f.channel] = f.how == faultHangs
	e.mu.Unlock()
	switch {
	case f.channel == truce.ChannelEmail && e.mails != nil:
		e.mails.Fail(map[string]alerttest.Fault{
			faultLater: {Step: alerttest.StepMail, Reply: "451 4.3.0 try again later"},
			faultNever: {Step: alerttest.StepTo, Reply: "550 5.1.1 no such mailbox"},
			faultHangs: {Step: alerttest.StepHello, Hang: true},
			faultCuts:  {Step: alerttest.StepDot, Keep: true},
		}[f.how])
	case f.channel == truce.ChannelWebhook && e.hooks != nil:
		e.hooks.Answer(map[string]alerttest.Reply{
			faultLater: {Status: http.StatusServiceUnavailable, Drop: true},
			faultNever: {Status: http.StatusGone, Drop: true},
			faultHangs: {Hang: true},
			faultCuts:  {Break: true},
		}[f.how])
	default:
		return truce.Errorf(truce.CodeConflict, "the drill has no receiver for %s that could fail: no post has such an address, or a channel outside stands in its place", f.channel)
	}
	return nil
}

// Sent is a message as a receiver of the drill got it.
type Sent struct {
	Channel truce.ChannelKind
	To      string
	Text    string
	At      time.Time
}

// sent are the messages that arrived.
func (e *exits) sent() []Sent {
	var out []Sent
	if e.mails != nil {
		for _, m := range e.mails.Mails() {
			out = append(out, Sent{truce.ChannelEmail, m.To, m.Raw, m.At})
		}
	}
	if e.hooks != nil {
		for _, h := range e.hooks.Hooks() {
			out = append(out, Sent{truce.ChannelWebhook, h.Path, string(h.Body), h.At})
		}
	}
	return out
}

func (e *exits) close() error {
	var errs []error
	if e.mails != nil {
		errs = append(errs, e.mails.Close())
	}
	if e.hooks != nil {
		errs = append(errs, e.hooks.Close())
	}
	return errors.Join(errs...)
}
