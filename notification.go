package truce

import (
	"strings"

	"github.com/trucewatch/truce/geo"
)

// NotificationStep is what one record does to a notification.
type NotificationStep string

// The steps. All but the first speak of a notification that was given before.
const (
	StepGiven      NotificationStep = "given"
	StepAcked      NotificationStep = "acked"      // read and agreed to
	StepObjected   NotificationStep = "objected"   // not agreed to, with the reason in Words
	StepCancelled  NotificationStep = "cancelled"  // will not take place, or stops here
	StepExtended   NotificationStep = "extended"   // to last until Until
	StepEnded      NotificationStep = "ended"      // was over at Until, as the bearer says
	StepSuperseded NotificationStep = "superseded" // Replacement stands in its place
)

// NotificationSteps lists the steps in the order in which they can come.
func NotificationSteps() []NotificationStep {
	return []NotificationStep{StepGiven, StepAcked, StepObjected, StepExtended, StepCancelled, StepEnded, StepSuperseded}
}

// Notification is one step of a party's notice that it will do something: one record
// each. Known time is the record's, never one that somebody typed.
type Notification struct {
	Number      string            `json:"number"` // its name among people, e.g. N-12; the same in all its steps
	Step        NotificationStep  `json:"step"`
	By          PartyID           `json:"by"`                  // who takes the step
	Authority   string            `json:"authority,omitempty"` // who spoke for it, as the agreement names it
	Words       string            `json:"words,omitempty"`     // as written; internal, never published
	Activity    *NotifiedActivity `json:"activity,omitempty"`  // of given, and only of it
	Until       Instant           `json:"until,omitempty"`     // of extended and ended
	Replacement string            `json:"replacement,omitempty"`
}

// NotifiedActivity is what is to be done: by whom, how much, where and when.
type NotifiedActivity struct {
	Kind       string        `json:"kind"`   // a kind of window of the agreement, e.g. demining
	Bearer     PartyID       `json:"bearer"` // whose activity it is
	What       string        `json:"what,omitempty"`
	Object     string        `json:"object,omitempty"` // of Quantity, e.g. vehicles
	Quantity   int           `json:"quantity,omitempty"`
	Place      NotifiedPlace `json:"place"`
	From       Instant       `json:"from"`
	To         Instant       `json:"to"`
	AckAsked   bool          `json:"ack_asked,omitempty"` // the sender asks for an acknowledgement, whether or not the agreement does
	Supersedes string        `json:"supersedes,omitempty"`
}

// NotifiedPlace is where: a zone of the agreement, a circle (one point and how far it
// reaches), a corridor (two points or more and how far it reaches to either side), or a
// box. Exactly one of them.
type NotifiedPlace struct {
	Zone    ZoneID       `json:"zone,omitempty"`
	Points  []geo.Point  `json:"points,omitempty"`
	WithinM float64      `json:"within_m,omitempty"` // metres, of Points
	Box     *NotifiedBox `json:"box,omitempty"`
}

// NotifiedBox is what lies between two parallels and two meridians, in degrees.
type NotifiedBox struct {
	South geo.Degrees `json:"south"`
	West  geo.Degrees `json:"west"`
	North geo.Degrees `json:"north"`
	East  geo.Degrees `json:"east"`
}

// NotificationRow is a step as recorded.
type NotificationRow struct {
	Seq      Seq          `json:"seq,string"`
	Recorded RecordedTime `json:"recorded"`
	Notification
}

// NotificationQuery asks for the steps of notifications in the order of their records.
// A notification is asked for as a whole: with each of its steps.
type NotificationQuery struct {
	Number string  // "" for all
	From   Instant // activities that overlap [From, To), extensions included; a zero end is open
	To     Instant
	AsOf   RecordedTime // only what was recorded by then; 0: everything
}

// Subject is what the records of a notification speak of.
func (n Notification) Subject() string { return NotificationSubject(n.Number) }

// NotificationSubject is the subject of the records of a notification.
func NotificationSubject(number string) string { return "notification/" + number }

// Validate refuses a step that could not be understood later. Whether the agreement knows
// the parties, kinds and zones is for whoever knows the agreement.
func (n Notification) Validate() error {
	switch {
	case !validNumber(n.Number):
		return Errorf(CodeInvalid, "number %.80q: want 1 to %d letters, digits, dots, dashes or underscores, e.g. N-12", n.Number, MaxNotificationNumber)
	case n.By == "":
		return Errorf(CodeInvalid, "by is empty: name the party that takes the step")
	case len(n.Words) > MaxNotificationWords:
		return Errorf(CodeTooLarge, "words have %d bytes, the bound is %d", len(n.Words), MaxNotificationWords)
	case (n.Step == StepGiven) != (n.Activity != nil):
		return Errorf(CodeInvalid, "step %q: an activity goes with %s, and only with it", n.Step, StepGiven)
	case (n.Step == StepExtended || n.Step == StepEnded) != (n.Until != 0):
		return Errorf(CodeInvalid, "step %q: until goes with %s and %s, and only with them", n.Step, StepExtended, StepEnded)
	case (n.Step == StepSuperseded) != (n.Replacement != ""):
		return Errorf(CodeInvalid, "step %q: replacement goes with %s, and only with it", n.Step, StepSuperseded)
	}
	switch n.Step {
	case StepGiven:
		return n.Activity.validate(n.Number)
	case StepAcked, StepObjected, StepCancelled, StepExtended, StepEnded, StepSuperseded:
		return nil
	}
	return Errorf(CodeInvalid, "step %q: want one of %v", n.Step, NotificationSteps())
}

// validNumber: a number stands in subjects and keys, on pages and in anchors.
func validNumber(s string) bool {
	if s == "" || len(s) > MaxNotificationNumber {
		return false
	}
	return strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789-._") == "" && s[0] != '.' && s[0] != '-'
}

func (a *NotifiedActivity) validate(number string) error {
	switch {
	case a.Kind == "" || a.Bearer == "":
		return Errorf(CodeInvalid, "kind and bearer: say what is to be done and whose activity it is")
	case a.To <= a.From:
		return Errorf(CodeInvalid, "to %s is not after from %s", a.To, a.From)
	case a.Quantity < 0 || a.Quantity > MaxNotifiedQuantity:
		return Errorf(CodeInvalid, "quantity %d: want 0 (not told) to %d", a.Quantity, MaxNotifiedQuantity)
	case len(a.What) > MaxNotificationWords:
		return Errorf(CodeTooLarge, "what has %d bytes, the bound is %d", len(a.What), MaxNotificationWords)
	case a.Supersedes == number:
		return Errorf(CodeInvalid, "supersedes %s: that is itself; a change of the hours is an extension", number)
	}
	return a.Place.Validate()
}

// Validate asks for exactly one of zone, circle, corridor and box, in range.
func (p NotifiedPlace) Validate() error {
	given := 0
	for _, some := range []bool{p.Zone != "", len(p.Points) > 0, p.Box != nil} {
		if some {
			given++
		}
	}
	switch {
	case given != 1:
		return Errorf(CodeInvalid, "place: give exactly one of a zone, a point or route with how far it reaches, and a box")
	case len(p.Points) > MaxNotifiedPoints:
		return Errorf(CodeTooLarge, "place: a route of %d points, the bound is %d", len(p.Points), MaxNotifiedPoints)
	case len(p.Points) == 0 && p.WithinM != 0:
		return Errorf(CodeInvalid, "place: a reach goes with a point or a route")
	case len(p.Points) > 0 && !(p.WithinM >= 1 && p.WithinM <= MaxNotifiedReachM):
		return Errorf(CodeInvalid, "place: reaches %v m, want 1 to %d", p.WithinM, MaxNotifiedReachM)
	case p.Box != nil:
		return p.Box.validate()
	}
	for i, at := range p.Points {
		if !at.Valid() {
			return Errorf(CodeInvalid, "place: point %d, %v: latitude goes from -90 to 90, longitude from -180 to 180", i+1, at)
		}
		if i > 0 && at == p.Points[i-1] {
			return Errorf(CodeInvalid, "place: point %d of the route, %v, stands there twice", i+1, at)
		}
	}
	return nil
}

func (b *NotifiedBox) validate() error {
	for _, corner := range []geo.Point{{Lat: b.South, Lon: b.West}, {Lat: b.North, Lon: b.East}} {
		if !corner.Valid() {
			return Errorf(CodeInvalid, "place: the box has a corner at %v: latitude goes from -90 to 90, longitude from -180 to 180", corner)
		}
	}
	if b.South >= b.North || b.West >= b.East {
		return Errorf(CodeInvalid, "place: the box has no inside: give south, west, north, east, with south below north and west before east")
	}
	return nil
}
