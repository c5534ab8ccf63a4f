package truce

// AlertID names an alert. It is the same in every channel and every copy, so that two
// deliveries of one alert are known as such.
type AlertID = ID

// ChannelKind is a way out of the house.
type ChannelKind string

// The channels.
const (
	ChannelEmail   ChannelKind = "email"
	ChannelWebhook ChannelKind = "webhook"
	ChannelConsole ChannelKind = "console" // the pages of the signed-in person
	ChannelFeed    ChannelKind = "feed"    // Atom, fetched
	ChannelPaper   ChannelKind = "paper"   // a form printed and carried by hand
)

// ChannelKinds lists the channels in the order of fail-over.
func ChannelKinds() []ChannelKind {
	return []ChannelKind{ChannelEmail, ChannelWebhook, ChannelConsole, ChannelFeed, ChannelPaper}
}

// Alert is a message of the mechanism. Its body is a record before anything is sent.
type Alert struct {
	ID         AlertID          `json:"id"`
	Kind       AlertKind        `json:"kind"`
	Case       CaseID           `json:"case"`
	Step       int              `json:"step,omitempty"` // of the case, that gave rise to it
	Tier       TierID           `json:"tier,omitempty"`
	Release    Instant          `json:"release"`              // nothing leaves before; both parties get it in this second
	References []AlertID        `json:"references,omitempty"` // of an update or cancellation
	About      []string         `json:"about,omitempty"`      // what it rests on, e.g. "tier/T1": when that is withdrawn, so is the alert
	Realm      Realm            `json:"realm"`
	Severity   int              `json:"severity"`
	Area       AreaID           `json:"area,omitempty"`
	Civil      bool             `json:"civil_protection,omitempty"`
	Headline   Names            `json:"headline"`         // by language
	Text       Names            `json:"text"`             // by language
	Inside     *AlertWords      `json:"inside,omitempty"` // as they read it who see cases from inside; nil: as everybody
	To         []AlertRecipient `json:"to"`
	Held       *HeldBack        `json:"held,omitempty"`
	Brings     *Brought         `json:"brings,omitempty"` // an earlier alert, to a guarantor who came later
	Answer     *AnswerTerm      `json:"answer,omitempty"` // what is asked of those who are told
	Wakes      []Wake           `json:"wakes,omitempty"`
}

// AlertWords are what is read of an alert.
type AlertWords struct {
	Headline Names `json:"headline"` // by language
	Text     Names `json:"text"`     // by language
}

// Read is the alert with the words of those who see cases from inside, or of everybody else,
// and with no others. Whoever shows an alert without asking shows the words for everybody.
func (a Alert) Read(inside bool) Alert {
	if inside && a.Inside != nil {
		a.Headline, a.Text = a.Inside.Headline, a.Inside.Text
	}
	a.Inside = nil
	return a
}

// AlertKind is the CAP message type.
type AlertKind string

// The kinds.
const (
	AlertNew    AlertKind = "alert"
	AlertUpdate AlertKind = "update"
	AlertCancel AlertKind = "cancel"
	// AlertHeld is no message: it keeps what the parties were to be told while one of them
	// could not be. It has no recipients; another alert brings it to all of them later.
	AlertHeld AlertKind = "held"
)

// HeldBack says of an alert that it was kept back from the parties, since they are told
// together or not at all: of the record that keeps it, and of the alert that brings it.
type HeldBack struct {
	Kind    AlertKind `json:"kind"`              // of the message
	Meant   Instant   `json:"meant"`             // the release it was meant for
	Missing []PartyID `json:"missing,omitempty"` // of the record: had nobody who could be told
	Alert   AlertID   `json:"alert,omitzero"`    // of the record: what everybody else was sent; else the record that kept it
}

// Brought says of an alert that it brings an earlier one, which stands, to a guarantor who
// takes part only since.
type Brought struct {
	Alert   AlertID `json:"alert"`
	Release Instant `json:"release"` // of the earlier one
}

// AlertRecipient is one whom an alert is for.
type AlertRecipient struct {
	Person   PersonID  `json:"person"`
	Role     Role      `json:"role"`
	Office   Office    `json:"office,omitempty"`
	Party    PartyID   `json:"party,omitempty"`
	State    StateID   `json:"state,omitempty"`
	Language string    `json:"language"`
	Contacts []Contact `json:"contacts"` // in the order in which they are tried
}

// Validate refuses an alert that goes to one of the parties alone.
func (a Alert) Validate(parties []PartyID) error {
	told := map[PartyID]bool{}
	for _, r := range a.To {
		if r.Party != "" {
			told[r.Party] = true
		}
	}
	for _, p := range parties {
		if len(told) > 0 && !told[p] {
			return Errorf(CodeInvalid, "alert %s: goes to a party and not to %s: parties are told together or not at all", a.ID, p)
		}
	}
	if (len(a.To) == 0) != (a.Kind == AlertHeld) || len(a.Headline) == 0 || a.Release == 0 {
		return Errorf(CodeInvalid, "alert %s: needs recipients, a headline and a time of release", a.ID)
	}
	return nil
}

// Delivery is one step of bringing an alert to one address.
type Delivery struct {
	Alert   AlertID       `json:"alert"`
	Person  PersonID      `json:"person"`
	Contact int           `json:"contact"` // index into the recipient's contacts
	Channel ChannelKind   `json:"channel"`
	Attempt int           `json:"attempt"` // from 1
	State   DeliveryState `json:"state"`
	At      Instant       `json:"at"`
	Next    Instant       `json:"next,omitzero"` // when it is tried again; 0: not
	Note    string        `json:"note,omitempty"`
	Wakes   []Wake        `json:"wakes,omitempty"`
}

// DeliveryState is how an attempt stands.
type DeliveryState string

// The delivery states. What begun without an outcome is unknown after a crash: it is
// tried once more, so that an alert arrives at least once and at most twice.
const (
	DeliveryBegun   DeliveryState = "begun"    // written before anything is sent
	DeliverySent    DeliveryState = "sent"     // the channel took it
	DeliveryFailed  DeliveryState = "failed"   // the channel refused it, nothing arrived
	DeliveryUnsure  DeliveryState = "unsure"   // it may have arrived
	DeliveryGivenUp DeliveryState = "given_up" // this contact is not tried again; the next one is
)

// AcknowledgeKind is what an acknowledgement says.
type AcknowledgeKind string

// The kinds, each saying more than the one before. AckNone records that nothing came.
const (
	AckNone      AcknowledgeKind = "none"
	AckDelivered AcknowledgeKind = "delivered"
	AckRead      AcknowledgeKind = "read"
	AckReceived  AcknowledgeKind = "received_by_authority"
	AckPosition  AcknowledgeKind = "position_taken"
)

// AtLeast says whether the kind says as much as another.
func (k AcknowledgeKind) AtLeast(o AcknowledgeKind) bool { return k.rank() >= o.rank() }

func (k AcknowledgeKind) rank() int {
	for i, kind := range []AcknowledgeKind{AckDelivered, AckRead, AckReceived, AckPosition} {
		if k == kind {
			return i + 1
		}
	}
	return 0
}

// Position is what an acknowledgement of the kind position_taken holds.
type Position string

// The positions.
const (
	PositionAgree   Position = "agree"
	PositionReserve Position = "reserve"
	PositionObject  Position = "object"
)

// Acknowledgement is a signed statement of who received an alert or took position, or the
// record that no answer had come by a time.
type Acknowledgement struct {
	Alert     AlertID         `json:"alert"`
	Case      CaseID          `json:"case"`
	Kind      AcknowledgeKind `json:"kind"`
	Position  Position        `json:"position,omitempty"`
	Person    PersonID        `json:"person,omitempty"` // "" of none
	Office    Office          `json:"office,omitempty"` // of none: the last that was told
	Role      Role            `json:"role"`
	State     StateID         `json:"state,omitempty"`
	Party     PartyID         `json:"party,omitempty"`
	At        Instant         `json:"at"`
	Due       Instant         `json:"due,omitzero"`
	Late      bool            `json:"late,omitempty"`
	Text      string          `json:"text,omitempty"`
	Via       string          `json:"via,omitempty"`       // the CAP message it came in: its sender,identifier,sent
	Signature *Signing        `json:"signature,omitempty"` // over the acknowledgement without it
	Wakes     []Wake          `json:"wakes,omitempty"`
}

// AckTag is what signatures over acknowledgements begin with.
const AckTag = "acknowledgement"

// Unsigned is the acknowledgement as it is signed.
func (a Acknowledgement) Unsigned() Acknowledgement {
	a.Signature, a.Due, a.Late, a.Wakes = nil, 0, false, nil
	return a
}
