// Package agreement reads an agreement as code and holds incidents against its rules:
// which rule's conditions are met, with which probability, on which side of the line,
// and why, in sentences a lawyer can follow.
//
// It never says that anybody broke an agreement and never names who did a thing: a side
// here is that of a place, of effect or of origin. It reads no clock, disk or network; the files, the
// control maps and the known time are given to it.
//
// Read this file for what an agreement holds, parse.go for the way from files to it,
// geometry.go for its lines and zones over time, evaluate.go for one incident against
// all rules, and docs/methods/agreement.md for the method in words.
package agreement

import (
	"time"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Agreement is one version of an agreement directory, read and checked. It is not
// changed after Parse and may be read by many goroutines at once.
type Agreement struct {
	ID           string
	Version      string // SHA-256 of the directory, hex; see Version
	Title        truce.Names
	Notice       truce.Names // printed wherever the agreement is named, e.g. that it is illustrative
	Status       Status
	Effective    Moment
	Ends         Moment   // At is 0 when no end is agreed
	Languages    []string // the first is the authentic one, whose clause text is hashed
	Calendar     Calendar
	Mission      truce.Names
	Parties      []Party
	BoundaryNote truce.Names // printed under every map
	ReportError  string      // where to write about an error: an address or a page
	Withhold     Withhold    // what is held back, and how long
	Areas        []Area
	ControlMaps  []ControlMap
	Lines        []Line
	ControlBy    string // the line or control map that says on which side a place lies; "" for none
	Zones        []Zone
	Sites        []Site
	Rules        []Rule
	Weapons      []WeaponNode
	Authorities  []Authority
	Phases       []Phase
	Lists        []SiteList
	ActNames     map[truce.Act]truce.Names // the agreement's own words for acts
	OpenPoints   []OpenPoint
	Windows      []Window
	Clauses      []Clause
	Parts        []PartKey     // of the daily bulletin, in order
	Ladder       *truce.Ladder // the response it foresees; nil when the text has none
	Places       []Place       // agreed place names
	BaseMap      []Ref         // geometry drawn under maps, without legal meaning
	Warnings     []Problem

	unspoken []Problem // by Unspoken

	layers map[string]*geo.Collection // GeoJSON by file name
}

// Place is an agreed place name with where it is and how large.
type Place struct {
	truce.PlaceName
	At     geo.Point
	Radius geo.Metres
}

// Status is how far the text has come.
type Status string

// The states of an agreement. Findings are made whatever the state: it is printed.
const (
	StatusDraft      Status = "draft"
	StatusSigned     Status = "signed"
	StatusInForce    Status = "in_force"
	StatusSuspended  Status = "suspended"
	StatusTerminated Status = "terminated"
)

// Role is what a party is under the agreement.
type Role string

// The roles.
const (
	RoleParty     Role = "party"
	RoleMechanism Role = "mechanism"
	RoleGuarantor Role = "guarantor"
)

// Party is a body with rights or duties under the agreement, shown by its neutral mark.
type Party struct {
	ID   truce.PartyID
	Role Role
	Mark string // what neutral screens print for it; its ID unless given
	Name truce.Names
}

// Area is a reporting area of the bulletin. A place outside all of them is Elsewhere.
type Area struct {
	ID     truce.AreaID
	Name   truce.Names
	Source Ref
}

// Elsewhere is the reporting area of every place outside the agreement's own areas.
const Elsewhere truce.AreaID = "elsewhere"

// Ref names GeoJSON of the directory: a file, and one feature of it or "" for all.
type Ref struct {
	File    string
	Feature string
}

// ControlMap is a series of area-of-control maps: inside the map's polygons lies the area
// under control of one party, outside them that of the other as far as Extent reaches.
type ControlMap struct {
	ID           string
	Series       string // ControlMap.Map of the observations
	PartyInside  truce.PartyID
	PartyOutside truce.PartyID
	AccuracyM    float64 // 1 sigma of the map's edge, metres
	Boundary     Ref     // coast and border the map's edge may follow; "" for none
	ToleranceM   float64 // the edge follows the boundary when it is this near
	Extent       Ref     // where control is spoken of at all; "" for everywhere
}

// LineKind says what a line is for.
type LineKind string

// The line kinds.
const (
	LineContact    LineKind = "contact"
	LineCeasefire  LineKind = "ceasefire"
	LineWithdrawal LineKind = "withdrawal_ref"
	LineMaritime   LineKind = "maritime"
	LineAdmin      LineKind = "admin"
)

// Line is a directed line with one party on each side, drawn in dated versions or
// derived from a control map.
type Line struct {
	ID        truce.LineID
	Kind      LineKind
	Name      truce.Names
	Left      truce.PartyID // seen along the direction of the line
	Right     truce.PartyID
	AccuracyM float64 // 1 sigma across the line, metres
	Extent    Ref     // where its sides are spoken of at all; "" for everywhere
	Versions  []LineVersion
	Derived   string // the control map it is the contact part of; "" when drawn
}

// LineVersion is one drawing of a line: true from ValidFrom to ValidTo, known since
// KnownFrom. Zero means without a bound.
type LineVersion struct {
	Version   string
	Source    Ref
	ValidFrom truce.Instant
	ValidTo   truce.Instant
	KnownFrom truce.Instant
	AccuracyM float64
}

// ZoneKind says what a zone is for.
type ZoneKind string

// The zone kinds.
const (
	ZoneBuffer         ZoneKind = "buffer"
	ZoneSecurity       ZoneKind = "security"
	ZoneDisengagement  ZoneKind = "disengagement"
	ZoneWithdrawalBand ZoneKind = "withdrawal_band"
	ZoneNoFly          ZoneKind = "no_fly"
	ZoneNoDrone        ZoneKind = "no_drone"
	ZoneMaritime       ZoneKind = "maritime_corridor"
	ZoneProtected      ZoneKind = "protected"
	ZoneStorage        ZoneKind = "storage"
	ZoneHumanitarian   ZoneKind = "humanitarian"
)

// Zone is an area, drawn (Source) or derived as a band along a line (Band).
type Zone struct {
	ID        truce.ZoneID
	Kind      ZoneKind
	Name      truce.Names
	AccuracyM float64
	AltitudeM *Range // heights above ground that belong to it; nil: all
	Source    Ref
	Band      *Band
}

// Band is what lies between two distances from a line, on the side of one party or on
// both. Distances are a depth per side, never a total width.
type Band struct {
	Line  truce.LineID
	Party truce.PartyID // "" for both sides
	FromM float64
	ToM   float64
}

// SiteKind says what a site is.
type SiteKind string

// The site kinds.
const (
	SiteStorage    SiteKind = "storage"
	SiteEnergy     SiteKind = "energy"
	SiteWater      SiteKind = "water"
	SiteNuclear    SiteKind = "npp"
	SiteDam        SiteKind = "dam"
	SitePort       SiteKind = "port"
	SiteSchool     SiteKind = "school"
	SiteHospital   SiteKind = "hospital"
	SiteCamera     SiteKind = "camera"
	SiteStation    SiteKind = "station"
	SiteCheckpoint SiteKind = "checkpoint"
	SiteCrossing   SiteKind = "crossing"
	SiteIndustry   SiteKind = "industry"
)

// Site is a named place with a role. An effect within RadiusM of a point, or inside the
// drawn polygon widened by it, is an effect on the site.
type Site struct {
	ID       string
	Kind     SiteKind
	Name     truce.Names
	Source   Ref
	RadiusM  float64
	ListedBy []truce.PartyID

	ProtectionFrom truce.Instant // before it the site is not protected; 0: protected throughout
}

// Clause is a numbered piece of the text, kept verbatim.
type Clause struct {
	ID   string
	Text truce.Names
	Hash truce.Hash // SHA-256 of the file in the authentic language
}

// PartKey names a part of the daily bulletin.
type PartKey string

// The parts of the daily in their usual order.
const (
	PartSummary       PartKey = "summary"
	PartFire          PartKey = "fire"
	PartCasualties    PartKey = "casualties"
	PartDisengagement PartKey = "disengagement"
	PartWithdrawal    PartKey = "withdrawal"
	PartPresence      PartKey = "presence"
	PartMines         PartKey = "mines"
	PartAir           PartKey = "air"
	PartProtected     PartKey = "protected"
	PartSea           PartKey = "sea"
	PartMovement      PartKey = "movement"
	PartConduct       PartKey = "conduct"
	PartWindows       PartKey = "windows"
	PartCivilians     PartKey = "civilians"
	PartRestrictions  PartKey = "restrictions"
	PartClaims        PartKey = "claims"
	PartCoverage      PartKey = "coverage"
	PartSources       PartKey = "sources"
	PartAnnex         PartKey = "annex"
)

// Parts lists every part in the usual order.
func Parts() []PartKey {
	return []PartKey{PartSummary, PartFire, PartCasualties, PartDisengagement, PartWithdrawal, PartPresence, PartMines, PartAir,
		PartProtected, PartSea, PartMovement, PartConduct, PartWindows, PartCivilians, PartRestrictions, PartClaims, PartCoverage,
		PartSources, PartAnnex}
}

// Kind is what a rule does.
type Kind string

// The rule kinds.
const (
	KindProhibit Kind = "prohibit"
	KindLimit    Kind = "limit"
	KindRequire  Kind = "require"
	KindPermit   Kind = "permit"
	KindClaim    Kind = "claim"
)

// Rule is the executable form of a clause. A rule may stand several times under one ID
// with versions that follow one another in time.
type Rule struct {
	ID          truce.RuleID
	Version     string
	Title       truce.Names
	Clause      string
	ClauseHash  truce.Hash // as the rule cites it; zero when it cites none
	Kind        Kind
	Evaluated   bool // false: this version of Truce makes no finding under it
	Acts        []truce.Act
	Where       Where
	InForce     Span
	KnownFrom   truce.Instant        // 0: known from the beginning
	Dates       *Positions[Span]     // where the parties hold different dates
	Objects     *Positions[[]string] // where they hold different lists: site list IDs
	Weapon      *WeaponMatch         // nil: whatever the weapon
	AltitudeM   *Range               // nil: at every height
	When        string               // a further condition in CEL; "" for none
	Steps       []Step               // phases D+n
	Unless      []WindowKind
	UnlessState []string
	Claims      []truce.Act                 // recorded, exempt nothing
	Grace       map[truce.Act]time.Duration // a delay up to this is none
	Limit       *Limit
	Require     *Requirement
	Permit      *Permission
	Claim       *ClaimTerms
	Unit        truce.Unit
	Gap         time.Duration // of the counting unit; 0: the unit's own
	RadiusM     float64       // of the counting unit; 0: the unit's own
	Families    int           // evidence_min: independent source families a hit needs
	Evidence    Evidence
	Severity    Severity
	PMin        float64     // a hit needs at least this probability
	POut        float64     // below this the incident is outside the rule's scope
	CoverageMin float64     // an absence needs at least this share observed
	Precedence  int         // the highest counts
	OneSided    bool        // the clause itself binds one party only
	Bearer      Bearer      // whom it binds, where that is not each party alike
	AreaOnly    []truce.Act // what is known of their origin narrows an area and names no side
	OpensGap    bool        // a hit is a gap in what could be observed
	Reports     []Head      // what is told apart under the rule, beside its count
	Show        Shown       // of a claim
}

// Bearer is whom a rule binds: a party's ID or one of these.
type Bearer string

// The bearers.
const (
	BearerEach       Bearer = ""                // each party by itself
	BearerAll        Bearer = "all"             // of a limit: all together
	BearerController Bearer = "area_controller" // whoever controls the place of effect
)

// Head is a heading under which a rule reports what is found, beside its count.
type Head string

// The heads of a limit along a line, and of what a store holds.
const (
	HeadInside       Head = "inside_distance"           // nearer to the line than allowed
	HeadOutsideStore Head = "beyond_line_outside_store" // far enough from the line, and in no store
	HeadMissing      Head = "missing_or_unverified"     // in no store that declared it, or not to be counted

	HeadAbsent     Head = "missing"          // declared and not there
	HeadUnverified Head = "could_not_verify" // neither there nor missing
	HeadContinuity Head = "continuity_lost"  // a broken seal, or an inspection left out
)

// Shown is what of a claim is shown. The zero value shows every condition.
type Shown struct {
	States []truce.ConditionState // none: all
	Chain  bool                   // which incidents the claim answers, one after the other
}

// Span is [From, To); zero means the agreement's own start or end.
type Span struct {
	From truce.Instant
	To   truce.Instant
}

// Where lists the places a rule speaks of. A place is inside when it lies in any of them.
type Where struct {
	Anywhere  bool
	OtherArea bool // in the area of the other party than the one it came from
	Zones     []truce.ZoneID
	Within    []Within        // within a distance of a line
	Crosses   *Crosses        // fire from the other side of a line
	AreaOf    []truce.PartyID // in the area under control of
	SiteKinds []SiteKind
	Sites     []string
}

// Within is a distance from a line, on both sides.
type Within struct {
	Line   truce.LineID
	Metres float64
}

// Crosses asks whether an act came across a line. Where nothing is known of the origin
// the answer is open; then no act comes across from farther than ReachM (0: no bound).
type Crosses struct {
	Line   truce.LineID
	ReachM float64
}

// WindowKind is a kind of permitted activity.
type WindowKind string

// The window kinds.
const (
	WindowDemining      WindowKind = "demining"
	WindowAmmoDisposal  WindowKind = "ammo_disposal"
	WindowRepair        WindowKind = "repair"
	WindowRotation      WindowKind = "rotation"
	WindowConvoy        WindowKind = "convoy"
	WindowHumanitarian  WindowKind = "humanitarian_convoy"
	WindowMedevac       WindowKind = "medevac"
	WindowExchange      WindowKind = "exchange"
	WindowExercise      WindowKind = "exercise"
	WindowMonitorFlight WindowKind = "monitor_flight"
	WindowAccident      WindowKind = "accident"
)

// Window is a permitted activity in a bounded place and time. It is known from
// NotifiedAt on and is never widened after the fact.
type Window struct {
	ID         string
	Kind       WindowKind
	Bearer     truce.PartyID // whose activity it is
	NotifiedBy truce.PartyID
	NotifiedAt truce.Instant
	Notice     time.Duration // how long ahead it had to be notified
	From       truce.Instant
	To         truce.Instant
	Grace      time.Duration // after To
	AckedAt    truce.Instant // 0: not acknowledged in words
	AckedBy    truce.PartyID
	Acks       []Acknowledgement // beside that of AckedBy
	ObjectedAt truce.Instant     // 0: nobody objected
	Zone       truce.ZoneID      // "" when another place is given
	Circle     *Circle
	Notified   // empty where the agreement holds the window
}

// Acknowledgement is the word of one body that it knows of a window.
type Acknowledgement struct {
	By truce.PartyID
	At truce.Instant
}

// Acknowledgements are all that were given, in the order in which they are written.
func (w *Window) Acknowledgements() []Acknowledgement {
	var out []Acknowledgement
	if w.AckedAt != 0 {
		out = append(out, Acknowledgement{w.AckedBy, w.AckedAt})
	}
	return append(out, w.Acks...)
}

// Circle is a place within a radius of a point.
type Circle struct {
	Lat     float64
	Lon     float64
	RadiusM float64
}
