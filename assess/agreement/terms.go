package agreement

import (
	"time"

	truce "github.com/trucewatch/truce"
)

// This file holds what a rule may say beyond acts and places. Every field that is absent
// says nothing: the rule then holds for every weapon, height, number and day.

// WeaponNode is a node of the agreement's tree of weapon classes. A weapon belongs to it
// by name, or by type and calibre together where these are given.
type WeaponNode struct {
	ID        truce.WeaponClass
	Name      truce.Names
	Parent    truce.WeaponClass // "" for a root
	Types     []string          // e.g. gun, howitzer, mortar; none: every type
	CalibreMM Range             // Max 0: without a bound
	RangeKM   Range
}

// Range is a stretch of a quantity, [Min, Max]; a Max of 0 is no bound.
type Range struct {
	Min float64
	Max float64
}

// WeaponMatch says which weapons a rule speaks of: any of the classes, narrowed to the
// types and calibres where these are given.
type WeaponMatch struct {
	Classes   []truce.WeaponClass
	Types     []string
	CalibreMM Range
}

// Authority is who may speak for a party under the agreement.
type Authority struct {
	ID    string
	Party truce.PartyID
	Name  truce.Names
	May   []string // notify, acknowledge, sign, order
}

// Phase is a named stretch of the agreement, counted in days from its effective day.
type Phase struct {
	ID   string
	Name truce.Names
	Span Span
}

// Step is one phase of a rule: from then on its distance or cap is another.
type Step struct {
	Span Span
	ToM  float64 // 0: as the rule has it
	Max  *int    // nil: as the rule has it
}

// SiteList is one party's list of protected objects, in dated versions known since a
// time. A site is on the list by name or by kind.
type SiteList struct {
	ID        string
	Version   string
	Party     truce.PartyID
	Name      truce.Names
	Sites     []string
	SiteKinds []SiteKind
	Span      Span // valid time
	KnownFrom truce.Instant
}

// Applied says which of several positions decides the verdict.
type Applied string

// The ways to apply positions, beside a party's own ID.
const (
	AppliedIntersection Applied = "intersection" // met under every party's reading
	AppliedUnion        Applied = "union"        // met under at least one
	AppliedMechanism    Applied = "mechanism"    // the mechanism's own value
)

// Positions are the values the parties hold for one thing they do not agree on. Nothing
// is dropped: every reading is evaluated and Applied says which one decides.
type Positions[T any] struct {
	Of        []Position[T] // in the order of the agreement's parties
	Mechanism *T            // its own value; needed by AppliedMechanism
	Applied   Applied
	DecidedBy string // who decided what is applied; needed when it is one party's position
	Report    bool   // print every reading
}

// Position is one party's value.
type Position[T any] struct {
	Party truce.PartyID
	Value T
}

// Limit allows weapons or vehicles of some classes only up to a number, in a zone or
// within a distance of a line.
type Limit struct {
	Weapon  WeaponMatch
	Object  string // what is counted when it is no weapon by type: troops, vehicles, vessels, battalions, ...
	Line    truce.LineID
	Lines   []PartyLine // where each party measures from a line of its own
	OwnSide bool        // on the side of the party whose weapon it is; false: on both sides
	FromM   float64
	ToM     float64
	Bands   []ClassBand  // the distance by class
	Beyond  truce.LineID // on the other side of this line than its own; "" for none
	Max     int
	Per     Per
}

// Per is over which time the number of a limit counts.
type Per string

// The times.
const (
	PerDay       Per = ""          // seen on one local day
	PerMoment    Per = "moment"    // present at one time
	PerMonth     Per = "month"     // in one calendar month
	PerAgreement Per = "agreement" // as long as the limit holds
)

// PartyLine is the line one party measures from.
type PartyLine struct {
	Party truce.PartyID
	Line  truce.LineID
}

// ClassBand is how far from the line weapons of a class have to stay.
type ClassBand struct {
	Class truce.WeaponClass
	ToM   float64
}

// Requirement is a duty. Exactly one of its forms is set.
type Requirement struct {
	Notify     *NotifyDuty
	Access     time.Duration // access has to be given within
	Reply      *ReplyDuty
	Holdings   *HoldingsDuty
	Acts       []truce.Act // the acts in which the duty, unmet, is seen
	WithinLine *Within     // only this near a line; nil: everywhere the rule holds
}

// NotifyDuty asks for notice of an activity of some size.
type NotifyDuty struct {
	Window    WindowKind // the notified activity
	Threshold int        // in Object; smaller ones need no notice
	Object    string     // vehicles, troops
	Notice    time.Duration
	Outside   []truce.ZoneID // notified or not, never in these zones
	Route     bool           // the notice names a route: a zone or a corridor, not a circle
}

// ReplyDuty asks for an answer within a time of what it answers.
type ReplyDuty struct {
	After  string // complaint, notification, determination
	Within time.Duration
}

// HoldingsDuty asks that a store holds what was declared.
type HoldingsDuty struct {
	Equal        bool
	SealIntact   bool
	InspectEvery time.Duration
}

// Permission is what a window of some kinds needs so that it exempts.
type Permission struct {
	Windows  []WindowKind
	Acts     []truce.Act
	Notice   time.Duration
	Ack      Ack
	AutoAck  time.Duration // silence of this long counts as acknowledged; 0: silence is no answer
	MaxHours float64
	RadiusM  float64
	NearM    float64       // this far outside a window an incident claims it; 0: the default
	Near     time.Duration // this long before or after it; 0: the default
}

// Ack is whose acknowledgement a window needs.
type Ack string

// The acknowledgements.
const (
	AckNone       Ack = ""
	AckOtherParty Ack = "other_party"
	AckMechanism  Ack = "mechanism"
	AckBoth       Ack = "both"
)

// ClaimTerms are the conditions of a claim, e.g. of return fire. They are shown one by
// one and decide nothing.
type ClaimTerms struct {
	NamesIncident      bool
	CoordinationWithin time.Duration
	OrderedBy          string // the right an authority needs
	NotifiedWithin     time.Duration
}

// Evidence is what a hit needs beyond probability and Rule.Families: one of the kinds of
// Or stands in for the families; one of Any and all of All are needed in every case.
type Evidence struct {
	Or       []string
	Any      []string
	All      []string
	DamageBy []string   // damage, shown by one of these
	Imagery  *ImageDiff // two images whose difference shows it
}

// ImageDiff is what two images need so that their difference shows a change.
type ImageDiff struct {
	BeforeMax time.Duration // the earlier is at most so much older; 0: any age
	GSDM      float64       // a pixel is at most so many metres; 0: any
	Or        []string      // kinds of evidence that stand in for them
}

// Severity is the grade of a hit, 0 administrative to 4 mass casualties.
type Severity struct {
	Base           int
	Damage         int // 0: as Base
	Casualties     int
	MassCasualties int
	MassFrom       int // so many casualties are many
}

// Withhold is how long the agreement holds back what shows where forces are, and the
// clause that says so. The zero value says nothing.
type Withhold struct {
	Forces time.Duration // at least truce.LeastForcesDelay
	Clause string
}

// ForcesDelay is how long what shows where forces are is held back: as the agreement has it,
// and never shorter than the program does by itself.
func (a *Agreement) ForcesDelay() time.Duration {
	return max(a.Withhold.Forces, truce.LeastForcesDelay)
}

// OpenPoint is something the text leaves undecided, and who would have to decide it.
type OpenPoint struct {
	ID       string
	Clause   string // "" when it is about the whole text
	Question truce.Names
	Decides  truce.Names
}
