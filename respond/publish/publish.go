// Package publish freezes a day's incidents into the daily bulletin, prints it, checks
// its words and numbers, and lets a coarsened edition out through one gate.
//
// It never judges an incident, never reads a clock or a precise store, and never prints
// a number that is not counted from frozen rows.
//
// Read daily.go (how rows become a bulletin), subjects.go and count.go (how numbers are
// made), write.go with html.go and markdown.go (how it is printed), lint.go (what is
// refused), gate.go and store.go (what may leave). docs/methods/daily.md explains the
// choices.
package publish

import (
	"time"

	"github.com/trucewatch/truce"
)

// DailyInput is everything a daily bulletin is made of. Daily reads nothing else.
type DailyInput struct {
	Mission string      // name as printed
	Realm   truce.Realm // exercise realms are marked on every page
	Terms   Terms
	// MissionNames is the name by language; where one is missing, Mission is printed.
	MissionNames truce.Names
	// ReportError is where a reader writes about an error: an address or a page.
	ReportError string

	Period    truce.Period  // what the numbers are of
	Previous  truce.Period  // the period of the day before; must end where Period begins
	Published truce.Instant // rows that ended less than PreliminaryAge before are preliminary
	Version   int           // 1 for the first; a later one needs Superseded

	// Rows and PreviousRows are the current revisions with their evaluations. Rows whose
	// middle lies outside the period are left out. PreviousRows nil means that the period
	// before is known from PreviousBulletin only.
	Rows         []truce.IncidentRow
	PreviousRows []truce.IncidentRow
	Events       []truce.Event // of both, to count the observations a row rests on
	// Sides say who controls the place of each incident of both periods. Of one that is not
	// in it the findings say so, where a rule looked at its place.
	Sides map[truce.ID]Side

	Received         []Received
	Coverage         []truce.Coverage
	PreviousCoverage []truce.Coverage
	Absences         []truce.Absence
	PreviousAbsences []truce.Absence // only for the coverage they state
	Sights           []Sight         // how well acts were seen; nil: as Absences and Coverage say
	PreviousSights   []Sight
	Clouds           []truce.CloudDay
	Restrictions     []truce.Restriction
	Claims           []truce.ClaimRow // their Rows, Items and Own are filled here
	ClaimItems       []ClaimItem      // which incidents rest on which claim
	Windows          []Window         // of the period; nil: nobody looked them through
	Covers           []Cover          // what evaluations say of windows and incidents
	Sources          []truce.SourceInfo

	Head     truce.Seq // last record the rows rest on
	HeadHash truce.Hash

	PreviousBulletin *truce.Bulletin // of the day before; nil for the first day
	Superseded       *truce.Bulletin // the version this one replaces
}

// Terms is what the bulletin needs to know of the agreement.
type Terms struct {
	Agreement   string // title as printed
	Version     string // SHA-256 of the agreement directory
	Epoch       truce.Day
	EpochIsOne  bool // the epoch is day 1 instead of day 0
	CoverageMin truce.Probability
	Areas       []truce.BulletinArea
	Parties     []truce.BulletinParty
	Bodies      []truce.BulletinParty // those without ground that may notify and answer
	Rules       []truce.BulletinRule
	Lines       []truce.BulletinLine
	Places      []truce.PlaceName // the agreed names; a place not listed is printed as its cell
	Parts       []string          // parts beside the default set, e.g. PartAir

	NotEvaluated []truce.BulletinRule // rules this version makes no finding under

	AgreementNames truce.Names // the title by language
	BoundaryNote   truce.Names // printed under the map; without it a note of our own is

	// ControlMap and ControlVersion say by which map a place lies in a party's area of
	// control; without them it is the first of Lines.
	ControlMap, ControlVersion string
}

// Side is who controls a place, and the version of the control map that says so.
type Side struct {
	Shares  []truce.SideShare
	Version string
}

// Received is a count of observations as they came in, e.g. reports or detections: their
// own unit, never added to incidents.
type Received struct {
	Key         string // unique, e.g. "reports"
	Unit        truce.Unit
	By          truce.CountBy
	Map         string // of a count by control: the map, and its version
	MapVersion  string
	MapUses     map[string]int // how many of the period were counted by which version; may be nil
	Lines       []ReceivedLine
	HasPrevious bool // whether Previous of the lines is known
}

// ReceivedLine is one area's observations; Key is an area or party id, "" when neither
// is known. Coverage is nil when nobody stated it.
type ReceivedLine struct {
	Key              string
	IDs              []truce.ID
	Previous         int
	Coverage         *truce.Probability
	PreviousCoverage *truce.Probability
}

// EarliestRelease is when a bulletin may leave the mission at all: PreliminaryDelay
// after its cut-off.
func EarliestRelease(b truce.Bulletin) truce.Instant { return b.CutOff.Add(PreliminaryDelay) }

// zoneOf loads the zone a period was cut in.
func zoneOf(p truce.Period) (*time.Location, error) {
	loc, err := time.LoadLocation(p.Zone)
	if err != nil || p.Zone == "" {
		return nil, truce.Errorf(truce.CodeInvalid, "period: zone %q is not an IANA name such as Europe/Kyiv", p.Zone)
	}
	return loc, nil
}
