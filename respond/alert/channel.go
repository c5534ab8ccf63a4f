package alert

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// Channel is one way out of the house.
type Channel interface {
	// Send brings a message to the address it names and says what became of it. It MUST
	// return within the context's deadline, MUST NOT retry by itself, and MUST say Unsure
	// whenever the other side may have taken the message without saying so: an attempt
	// called Failed is made again as often as it takes, one called Unsure once.
	Send(ctx context.Context, m Message) Result
}

// Message is an alert as one person gets it at one address. What is read (Headline, Body)
// depends on the alert and the language only, so both parties read the same bytes.
type Message struct {
	Alert    truce.AlertID
	Kind     truce.AlertKind
	Case     truce.CaseID
	Tier     truce.TierID
	Realm    truce.Realm
	Release  truce.Instant
	Severity int
	Civil    bool
	Refers   []truce.AlertID
	Language string
	Headline string
	Body     string // the text with its footer: id, release, where to acknowledge
	URL      string // of the page where it is acknowledged; the same for everybody
	Answer   truce.AcknowledgeKind
	Due      truce.Instant // of the answer; 0: none is asked
	Area     truce.AreaID

	Person  truce.PersonID
	Contact truce.Contact
}

// Key is the one id under which the message goes to its person, in every channel and every
// attempt, so that a second copy is known as such.
func (m Message) Key() string { return m.Alert.String() + "." + string(m.Person) }

// Result is what became of an attempt.
type Result struct {
	State      truce.DeliveryState // DeliverySent, DeliveryFailed or DeliveryUnsure
	Permanent  bool                // of failed: this address will never take it
	RetryAfter time.Duration       // of failed: as the other side asks; 0: as we choose
	Note       string              // in words, for the record
}

// Sent says that the other side has taken the message.
func Sent(note string) Result { return Result{State: truce.DeliverySent, Note: note} }

// Failed says that nothing arrived and that it may be tried again.
func Failed(note string) Result { return Result{State: truce.DeliveryFailed, Note: note} }

// Refused says that nothing arrived and that nothing ever will at this address.
func Refused(note string) Result {
	return Result{State: truce.DeliveryFailed, Permanent: true, Note: note}
}

// Unsure says that the message may have arrived.
func Unsure(note string) Result { return Result{State: truce.DeliveryUnsure, Note: note} }

// Posted is the channel of what people come and fetch: the pages of the signed-in person,
// the feed, the form to be printed. It takes every message, since the record is the message.
type Posted struct{}

// Send says that the message lies ready.
func (Posted) Send(context.Context, Message) Result { return Sent("lies ready to be fetched") }

// posted says whether a channel waits to be looked at instead of reaching somebody. It
// never ends the tries over channels that do reach.
func posted(k truce.ChannelKind) bool {
	return k == truce.ChannelConsole || k == truce.ChannelFeed || k == truce.ChannelPaper
}

// MessageFor is the alert as a recipient gets it at one of the contacts, in the words that
// Alert.Read has chosen. base is where the pages are, e.g. "https://desk.example.org"; ""
// leaves the address out. It refers to no other alert: which of them the recipient got is
// not known here.
func MessageFor(a truce.Alert, r truce.AlertRecipient, contact int, base string) Message {
	m := Message{
		Alert: a.ID, Kind: a.Kind, Case: a.Case, Tier: a.Tier, Realm: a.Realm, Release: a.Release, Severity: a.Severity,
		Civil: a.Civil, Language: r.Language, Headline: a.Headline.In(r.Language), Area: a.Area,
		URL: AnswerURL(base, a.ID), Person: r.Person, Contact: r.Contacts[contact],
	}
	if a.Answer != nil && a.Answer.Role == r.Role {
		m.Answer, m.Due = a.Answer.Least, answerDue(a)
	}
	m.Body = Body(a, r.Language, base)
	return m
}

// message is MessageFor with the newest words: who is told after an update that went to
// those before reads the update first, and below it what it brings up to date. The parties
// are told at the release and in the same bytes, whatever their channels do.
func (b Box) message(r truce.AlertRecipient, contact int, base string, inside bool) Message {
	m := MessageFor(b.Alert.Read(inside), r, contact, base)
	m.Refers = b.refersFor(r.Person)
	if b.Newest == nil || r.Party != "" || slices.ContainsFunc(b.Newest.To, func(to truce.AlertRecipient) bool { return to.Person == r.Person }) {
		return m
	}
	w, newest := wordsOf(r.Language), b.Newest.Read(inside)
	m.Headline, m.Severity, m.Area = newest.Headline.In(r.Language), newest.Severity, newest.Area
	m.Body = newest.Text.In(r.Language) + "\n\n" + w.fill("brought_up", map[string]string{"release": w.time(b.Alert.Release)}) + "\n\n" + m.Body
	return m
}

// refersFor are the alerts of those referred to that went to a person: of others, such as
// one to the mechanism about a party, not even the id leaves the house.
func (b Box) refersFor(p truce.PersonID) []truce.AlertID {
	var out []truce.AlertID
	for _, a := range b.Refers {
		if slices.ContainsFunc(a.To, func(r truce.AlertRecipient) bool { return r.Person == p }) {
			out = append(out, a.ID)
		}
	}
	return out
}

// Shared is an alert as a document that is the same for all of its readers: where parties
// are among them it refers only to what went to parties. An update or a cancellation of
// which nothing is left to refer to is a new message to those who read the document.
func Shared(a truce.Alert, referred []truce.Alert) truce.Alert {
	toParty := func(a truce.Alert) bool {
		return slices.ContainsFunc(a.To, func(r truce.AlertRecipient) bool { return r.Party != "" })
	}
	if len(a.References) == 0 || !toParty(a) {
		return a
	}
	a.References = nil
	for _, of := range referred {
		if toParty(of) {
			a.References = append(a.References, of.ID)
		}
	}
	if len(a.References) == 0 {
		a.Kind = truce.AlertNew
	}
	return a
}

// AnswerURL is the page of an alert; "" without a base.
func AnswerURL(base string, id truce.AlertID) string {
	if base == "" {
		return ""
	}
	return strings.TrimSuffix(base, "/") + "/alert/" + id.String()
}

// Body is what everybody reads who reads the language: the text and its footer.
func Body(a truce.Alert, language, base string) string {
	w := wordsOf(language)
	foot := w.fill("foot", map[string]string{"id": a.ID.String(), "release": w.time(a.Release)})
	if url := AnswerURL(base, a.ID); url != "" {
		foot += "\n" + w.fill("foot_url", map[string]string{"url": url})
	}
	return a.Text.In(language) + "\n\n" + foot + "\n"
}
