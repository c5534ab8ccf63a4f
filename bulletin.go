package truce

import (
	"maps"

	"github.com/trucewatch/truce/geo"
)

// BulletinKind is one of the mechanism's products.
type BulletinKind string

// The bulletin kinds in use.
const BulletinDaily BulletinKind = "daily"

// Edition says how much of a bulletin's rows may be read by whom.
type Edition string

// The editions. Only the publishing gate makes the public one.
const (
	EditionMission Edition = "mission" // internal ids, places with their error
	EditionPublic  Edition = "public"  // public ids, grid cells, rights and ages applied
)

// Bulletin is a frozen, numbered list of rows. HTML, Markdown and JSON are printed
// from the same bulletin, so they cannot differ in a number.
type Bulletin struct {
	Number     string       `json:"number"` // e.g. D-2026-04-11, with -v2 for a later version
	Kind       BulletinKind `json:"kind"`
	Edition    Edition      `json:"edition"`
	Version    int          `json:"version"`
	Supersedes string       `json:"supersedes,omitempty"`
	Mission    string       `json:"mission"`
	Realm      Realm        `json:"realm"`
	Agreement  string       `json:"agreement"`
	Terms      string       `json:"terms_version"` // agreement version hash
	Day        Day          `json:"day"`           // local day of the period's end
	DayNumber  int          `json:"day_number"`
	DayEpoch   Day          `json:"day_epoch"`
	Period     Period       `json:"period"`
	Previous   Period       `json:"previous"`
	CutOff     Instant      `json:"cut_off"`
	Published  Instant      `json:"published"`
	Head       Seq          `json:"head,string"` // the last record it rests on
	HeadHash   Hash         `json:"head_hash"`

	// MissionNames and AgreementNames are the same names by language; BoundaryNote is
	// printed under every map. Where one is missing, Mission, Agreement or a note of our
	// own stands for it.
	MissionNames   Names `json:"mission_names,omitempty"`
	AgreementNames Names `json:"agreement_names,omitempty"`
	BoundaryNote   Names `json:"boundary_note,omitempty"`

	// ReportError is where readers report an error: an address or a page.
	ReportError string `json:"report_error,omitempty"`

	// PreliminaryFrom is where rows become too young at publication: what ends later
	// is counted apart and not listed.
	PreliminaryFrom Instant `json:"preliminary_from"`
	// CoverageMin is the share of coverage below which a number is a lower bound.
	CoverageMin Probability `json:"coverage_min"`

	Areas   []BulletinArea  `json:"areas"`
	Parties []BulletinParty `json:"parties"`
	Rules   []BulletinRule  `json:"rules"`
	Lines   []BulletinLine  `json:"lines"`
	Places  []PlaceName     `json:"places,omitempty"` // the agreed names the rows use
	Bodies  []BulletinParty `json:"bodies,omitempty"` // without ground, that windows name: the mechanism

	Parts        []Part           `json:"parts"`
	Tables       []CountTable     `json:"tables"`
	Rows         []BulletinRow    `json:"rows"`
	Coverage     []Coverage       `json:"coverage"`
	Absences     []Absence        `json:"absences"`
	Clouds       []CloudDay       `json:"clouds,omitempty"`
	Windows      []WindowRow      `json:"windows,omitempty"`
	Restrictions []Restriction    `json:"restrictions,omitempty"`
	Claims       []ClaimRow       `json:"claims,omitempty"`
	Corrections  []Correction     `json:"corrections,omitempty"`
	Sources      []BulletinSource `json:"sources"`

	// WindowsKnown says that every window notified under the agreement was looked
	// through, so that an empty list is a fact and no gap.
	WindowsKnown bool `json:"windows_known,omitempty"`
	// ClaimsWithheld is how many claims the edition leaves out for the licence of one.
	ClaimsWithheld int `json:"claims_withheld,omitempty"`
	// NotEvaluated are the agreement's rules that no incident was held against.
	NotEvaluated []BulletinRule `json:"not_evaluated,omitempty"`
}

// Names is a name by language ("en", "uk").
type Names map[string]string

// In is the name in a language; without one it is the English name, and without that
// the first by language code.
func (n Names) In(lang string) string {
	if s := n[lang]; s != "" {
		return s
	}
	if s := n["en"]; s != "" {
		return s
	}
	first := ""
	for l := range maps.Keys(n) {
		if first == "" || l < first {
			first = l
		}
	}
	return n[first]
}

// AreaElsewhere is the reporting area of every place outside the agreement's own areas.
const AreaElsewhere AreaID = "elsewhere"

// BulletinArea is a reporting area the counts are given for.
type BulletinArea struct {
	ID    AreaID `json:"id"`
	Names Names  `json:"names"`
}

// BulletinParty is a party as the agreement names it. Its mark is its id.
type BulletinParty struct {
	ID    PartyID `json:"id"`
	Names Names   `json:"names"`
}

// BulletinRule is a rule that incidents were held against.
type BulletinRule struct {
	ID      RuleID `json:"id"`
	Version string `json:"version"`
	Clause  string `json:"clause"`
	Titles  Names  `json:"titles"`
	Unit    Unit   `json:"unit"`
	Acts    []Act  `json:"acts"`

	// CoverageMin is the rule's own minimum of coverage; 0 means the bulletin's.
	CoverageMin Probability `json:"coverage_min,omitempty"`
	// Kind is RulePermit or RuleClaim for a rule that no incident can hit, "" for others.
	Kind string `json:"kind,omitempty"`
}

// The kinds of rules that nothing hits: what they say of an incident is told beside it.
const (
	RulePermit = "permit" // allows what it names, e.g. within a notified window
	RuleClaim  = "claim"  // records a claim with its conditions, and decides nothing
)

// Counted says whether the rule has numbers: what cannot be hit has no count, and that
// nothing was counted says nothing.
func (r BulletinRule) Counted() bool { return r.Kind != RulePermit && r.Kind != RuleClaim }

// BulletinLine is a line or control map the bulletin used, with what it cannot tell.
type BulletinLine struct {
	ID        LineID   `json:"id"`
	Map       string   `json:"map"`
	Version   string   `json:"version"`
	Source    SourceID `json:"source"`
	AccuracyM float64  `json:"accuracy_m"`
	ContactKm float64  `json:"contact_km"` // the only part used for sides and distances
	BorderKm  float64  `json:"border_km"`
	CoastKm   float64  `json:"coast_km"`
}

// PlaceName is an agreed name of a place. A disputed place carries the other form too.
type PlaceName struct {
	Key   string     `json:"key"` // as incidents name it
	Names Names      `json:"names"`
	Other Names      `json:"other,omitempty"` // the other side's form, for disputed names
	At    *geo.Point `json:"at,omitempty"`    // its middle; mission edition only
}

// Part is one chapter. A part without rows prints its absences.
type Part struct {
	Key      string   `json:"key"`
	Number   int      `json:"number"`
	Tables   []string `json:"tables,omitempty"`   // keys of Bulletin.Tables
	Rows     RowSet   `json:"rows"`               // rows listed in it
	Unlisted int      `json:"unlisted,omitempty"` // rows of it that are counted and not listed
	Absences []int    `json:"absences,omitempty"` // indexes into Bulletin.Absences
}

// FigureForm says how a number may be read.
type FigureForm string

// The figure forms.
const (
	FigureExact       FigureForm = "exact"
	FigureAtLeast     FigureForm = "at_least"     // coverage was under the minimum
	FigureNotObserved FigureForm = "not_observed" // nothing counted and coverage under the minimum
)

// Figure is one printed number with what it counts: the weights of Rows and Unlisted
// add up to N. Refs name the unlisted things where the edition may name them.
type Figure struct {
	N        int        `json:"n"`
	Form     FigureForm `json:"form"`
	Rows     RowSet     `json:"rows"`
	Unlisted int        `json:"unlisted,omitempty"`
	Refs     []ID       `json:"refs,omitempty"`
}

// PreviousFigure is the same number for the period before.
type PreviousFigure struct {
	N    int        `json:"n"`
	Form FigureForm `json:"form"`
}

// CountCell is a number for this period, its preliminary companion and the number of
// the period before; Previous is nil when the two cannot be compared.
type CountCell struct {
	This        Figure          `json:"this"`
	Preliminary Figure          `json:"preliminary"`
	Previous    *PreviousFigure `json:"previous,omitempty"`
}

// CountLine is one area's numbers, a cell for each split of its table.
// Coverage is nil when nobody stated it.
type CountLine struct {
	Key              string       `json:"key"` // area or party id; "" when it is not known
	Cells            []CountCell  `json:"cells"`
	Coverage         *Probability `json:"coverage,omitempty"`
	PreviousCoverage *Probability `json:"previous_coverage,omitempty"`
}

// CountSplit is one column of numbers, all in one unit.
type CountSplit struct {
	Key  string `json:"key"` // a verdict, an occurrence state, an act, or "all"
	Unit Unit   `json:"unit"`
}

// CountBy says what the lines of a table are.
type CountBy string

// What the lines of a table are.
const (
	CountByArea    CountBy = "area"
	CountByControl CountBy = "control" // area under a party's control: place of effect
)

// CountTable holds one subject's numbers. A total stands for each split alone; splits
// are never added.
type CountTable struct {
	Key        string       `json:"key"`
	Part       string       `json:"part"`
	Subject    string       `json:"subject"` // rule, group, signature, heat, heard, trace, exits, received
	Rule       RuleID       `json:"rule,omitempty"`
	Version    string       `json:"rule_version,omitempty"`
	Group      ActGroup     `json:"group,omitempty"`
	By         CountBy      `json:"by"`
	Map        string       `json:"map,omitempty"`         // of a control table: the map that says who controls what
	MapVersion string       `json:"map_version,omitempty"` // of several, all in order, with ", " between
	MapUses    []MapUse     `json:"map_uses,omitempty"`    // of several versions, how much was counted by each
	Splits     []CountSplit `json:"splits"`
	Lines      []CountLine  `json:"lines"`
	Total      CountLine    `json:"total"`
}

// MapUse is how much of a table of this period was counted by one version of its map:
// rows, or observations where it counts what came in.
type MapUse struct {
	Version string `json:"version"`
	N       int    `json:"n"`
}

// GridCell is a fixed cell of the public grid, degrees.
type GridCell struct {
	ID    string  `json:"id"`
	South float64 `json:"south"`
	West  float64 `json:"west"`
	North float64 `json:"north"`
	East  float64 `json:"east"`
}

// RowPlace is where a row's event lay, as finely as the edition may say.
type RowPlace struct {
	Name     string    `json:"name,omitempty"` // key of an agreed place name
	Cell     *GridCell `json:"cell,omitempty"`
	WithinKm int       `json:"within_km,omitempty"` // 90 % radius, rounded up; 0: within the cell
	Lat      *float64  `json:"lat,omitempty"`       // mission edition only
	Lon      *float64  `json:"lon,omitempty"`
	RadiusM  float64   `json:"radius_m,omitempty"` // 90 %; mission edition only
	Near     *NearName `json:"near,omitempty"`     // mission edition only
	Withheld string    `json:"withheld,omitempty"` // why there is no cell: age, few_reporters
}

// NearName is a place as seen from the nearest agreed name.
type NearName struct {
	Name      string  `json:"name"`       // key of the agreed name
	DistanceM float64 `json:"distance_m"` // metres, from the middle of the named place
	Bearing   float64 `json:"bearing"`    // degrees clockwise from north, from the name to the place
}

// RowFinding is what one rule said of a row.
type RowFinding struct {
	Rule         RuleID      `json:"rule"`
	Verdict      Verdict     `json:"verdict"`
	Reason       Reason      `json:"reason,omitempty"`
	P            Probability `json:"p"`
	Unit         Unit        `json:"unit"`
	Count        int         `json:"count"`
	CountedUnder RuleID      `json:"counted_under,omitempty"`
	Window       string      `json:"window,omitempty"`         // that covers it, when it is exempt
	NotCoveredBy []string    `json:"not_covered_by,omitempty"` // windows near it that do not
	Severity     int         `json:"severity,omitempty"`       // of a hit, 0 to 4
	Readings     []Reading   `json:"readings,omitempty"`       // where the parties read the rule differently
	Conditions   []Condition `json:"conditions,omitempty"`     // of a claim; without their texts, which name times and places
	Reported     []string    `json:"reported,omitempty"`       // heads of the rule's own report, hit or not
	Bearer       []SideShare `json:"bearer,omitempty"`         // whose duty it was; never who did it
	Number       *Seen       `json:"number,omitempty"`         // of a limit
	Chain        []string    `json:"chain,omitempty"`          // of a claim: the incidents it answers; mission edition only
}

// BulletinRow is one line of the annex table: one incident as frozen.
type BulletinRow struct {
	N            int            `json:"n"`                // number within the bulletin
	ID           string         `json:"id"`               // incident id; in the public edition a public id
	Number       string         `json:"number,omitempty"` // of the incident, for people; mission edition only
	Revision     int            `json:"revision"`
	Part         string         `json:"part"`
	Carried      bool           `json:"carried,omitempty"` // of the previous period, preliminary then
	Act          Act            `json:"act,omitempty"`
	Unit         Unit           `json:"unit"`
	Quantity     int            `json:"quantity"`
	Observations int            `json:"observations"` // that it rests on, copies counted once
	Means        []Family       `json:"means"`
	Place        RowPlace       `json:"place"`
	Area         AreaID         `json:"area,omitempty"`
	Control      PartyID        `json:"control,omitempty"` // area of effect under control of; "" not determined
	ControlP     Probability    `json:"control_p"`
	Time         PhenomenonTime `json:"time"`
	Direction    string         `json:"direction"` // outgoing, impact or undetermined
	Class        string         `json:"weapon_class,omitempty"`
	Occurrence   Occurrence     `json:"occurrence"`
	P            Probability    `json:"p"`
	Attribution  string         `json:"attribution"` // always printed beside the occurrence
	Findings     []RowFinding   `json:"findings"`
	Window       string         `json:"window,omitempty"`
	Labels       []Label        `json:"labels,omitempty"`
	Sources      []SourceID     `json:"sources"`
}

// Counts says whether the row's occurrence lets it be counted at all; the others are
// listed only.
func (r BulletinRow) Counts() bool {
	switch r.Occurrence {
	case OccurrenceReported, OccurrenceDetected, OccurrenceCorroborated, OccurrenceVerified:
		return true
	}
	return false
}

// Finding is the row's finding under a rule.
func (r BulletinRow) Finding(rule RuleID) (RowFinding, bool) {
	for _, f := range r.Findings {
		if f.Rule == rule {
			return f, true
		}
	}
	return RowFinding{}, false
}

// CloudDay is the mean cloud over an area on a day, fraction of sky.
type CloudDay struct {
	Day    Day      `json:"day"`
	Area   string   `json:"area"`
	Cover  float64  `json:"cover"`
	Source SourceID `json:"source"`
}

// WindowState is how far a window had come at the cut-off.
type WindowState string

// The window states that follow from its hours alone.
const (
	WindowActive WindowState = "active"
	WindowEnded  WindowState = "ended"
)

// The window states that follow from more than its hours.
const (
	WindowOverrun    WindowState = "overrun"    // ended, and its activity went on
	WindowCancelled  WindowState = "cancelled"  // at ChangedAt
	WindowSuperseded WindowState = "superseded" // at ChangedAt
	WindowObjected   WindowState = "objected"   // and so not in effect
	WindowLapsed     WindowState = "lapsed"     // began without the acknowledgement it needs
)

// What a window's counts are of.
const (
	WindowExempt     = "exempt"      // incidents it covers
	WindowNotCovered = "not_covered" // incidents near it that it does not cover
)

// WindowRow is a notified activity whose hours overlap the period. Its place is never
// precise: a cell, or the agreement's name of a zone.
type WindowRow struct {
	ID         string  `json:"id"`
	Kind       string  `json:"kind"`   // e.g. demining
	Bearer     PartyID `json:"bearer"` // whose activity it is
	NotifiedBy PartyID `json:"notified_by"`
	NotifiedAt Instant `json:"notified_at"`
	Asked      Micros  `json:"notice_asked"`          // how long ahead it had to be notified
	AckedBy    PartyID `json:"acked_by,omitempty"`    // "" when no acknowledgement is recorded
	AckedAt    Instant `json:"acked_at,omitempty"`    // of AckedBy
	ObjectedAt Instant `json:"objected_at,omitempty"` // 0: no objection is recorded without a name

	Acks       []WindowAnswer    `json:"acks,omitempty"`       // every acknowledgement beside that of AckedBy
	Objections []WindowAnswer    `json:"objections,omitempty"` // every objection whose author is known
	NoAnswer   bool              `json:"no_answer,omitempty"`  // somebody kept silent, and silence counts as acknowledged
	Extensions []WindowExtension `json:"extensions,omitempty"`
	ChangedAt  Instant           `json:"changed_at,omitempty"` // of a window cancelled or superseded

	Period Period        `json:"period"`
	Place  RowPlace      `json:"place"`
	Zone   Names         `json:"zone,omitempty"` // the zone's name, when it is no circle
	State  WindowState   `json:"state"`
	Counts []WindowCount `json:"counts"`
}

// WindowAnswer is who acknowledged a window or objected to it, and when that was recorded.
type WindowAnswer struct {
	By PartyID `json:"by"`
	At Instant `json:"at"`
}

// WindowExtension is a notice that a window is to last longer, and whether it counts.
type WindowExtension struct {
	At     Instant `json:"at"`
	To     Instant `json:"to"`
	Counts bool    `json:"counts"`
}

// Late says whether the notice came later than the agreement asks for.
func (w WindowRow) Late() bool { return MicrosOf(w.Period.From.Sub(w.NotifiedAt)) < w.Asked }

// WindowCount is how many incidents, or heat events, stand so to a window.
type WindowCount struct {
	Key  string `json:"key"` // exempt or not_covered
	Unit Unit   `json:"unit"`
	Figure
}

// Restriction is an act or obstacle that stopped the mission from observing.
type Restriction struct {
	ID            string  `json:"id"`
	Kind          string  `json:"kind"`  // denial, delay, conditional, interference, attack, other
	Asset         string  `json:"asset"` // of the mission, "" when not known
	Area          AreaID  `json:"area"`
	Place         string  `json:"place,omitempty"` // key of an agreed place name
	Period        Period  `json:"period"`
	AffectedHours float64 `json:"affected_hours"`

	Row   int       `json:"row,omitempty"`   // the row it was made from; 0 when entered by hand
	Where *RowPlace `json:"where,omitempty"` // never finer than a cell
}

// ClaimState says what the mission's own rows make of a claim.
type ClaimState string

// The states of a claim.
const (
	ClaimOpen          ClaimState = "open"
	ClaimCorroborated  ClaimState = "corroborated"
	ClaimContradicted  ClaimState = "contradicted"
	ClaimNotObservable ClaimState = "not_observable"
)

// ClaimRow is a complaint or a party's total. Claims are never added up.
type ClaimRow struct {
	ID       string     `json:"id"`
	Claimant string     `json:"claimant"` // name printed beside the quotation
	Source   SourceID   `json:"source"`
	Quote    string     `json:"quote"` // verbatim, at most one sentence
	Count    int        `json:"count,omitempty"`
	Unit     Unit       `json:"unit,omitempty"`
	Period   *Period    `json:"period,omitempty"`
	State    ClaimState `json:"state"`
	Received Instant    `json:"received"`

	Party   PartyID `json:"party,omitempty"`   // who claims, where it is a party
	Accused PartyID `json:"accused,omitempty"` // whom the claim names; never a finding
	Act     Act     `json:"act,omitempty"`     // of a complaint; a total has none
	Rows    RowSet  `json:"rows,omitempty"`    // the rows that rest on a complaint
	// Items are the party's complaints of the total's period by state, Own what the
	// mission counted in it. They stand beside the total and are never compared with it.
	Items []ClaimItems `json:"items,omitempty"`
	Own   []ClaimOwn   `json:"own,omitempty"`
}

// Total says whether the claim is a number without an act: a party's total.
func (c ClaimRow) Total() bool { return c.Act == "" && c.Count > 0 }

// ClaimItems are a party's complaints in one state.
type ClaimItems struct {
	State  ClaimState `json:"state"`
	Claims []string   `json:"claims"`         // ids of claims in the bulletin
	Rows   RowSet     `json:"rows,omitempty"` // what they rest on
}

// ClaimOwn is what the mission counted under a rule in the period of a total.
type ClaimOwn struct {
	Rule RuleID `json:"rule"`
	Unit Unit   `json:"unit"`
	Figure
	Coverage *Probability `json:"coverage,omitempty"`
}

// Correction is one thing that differs from what an earlier bulletin printed.
type Correction struct {
	Bulletin string `json:"bulletin"` // where the old value stands
	Subject  string `json:"subject"`  // row id or figure key
	Field    string `json:"field"`
	Old      string `json:"old"`
	New      string `json:"new"`
	Reason   string `json:"reason"` // key of the method notes, e.g. late_data, terms, line, reviewed

	Row       int    `json:"row,omitempty"`      // of a row: its number here, 0 when it is not listed
	OldRow    int    `json:"old_row,omitempty"`  // its number there, 0 when it was not listed
	Incident  string `json:"incident,omitempty"` // the incident's number; mission edition only
	ObsBefore int    `json:"observations_before,omitempty"`
	ObsNow    int    `json:"observations_now,omitempty"` // that it rests on, when it is more or fewer
}

// BulletinSource is a source used, with how many of its rows are listed.
type BulletinSource struct {
	SourceInfo
	Listed   int `json:"listed"`   // rows printed that rest on it
	Withheld int `json:"withheld"` // rows counted but not printed, for its licence
}

// PublicDay is a published bulletin in the list of days.
type PublicDay struct {
	Day      Day     `json:"day"`
	Number   string  `json:"number"`
	Version  int     `json:"version"`
	Realm    Realm   `json:"realm"`
	Released Instant `json:"released"`
	SHA256   Hash    `json:"sha256"` // of the JSON edition's bytes
	Seq      Seq     `json:"seq,string"`
	Rows     int     `json:"rows"`
}

// PublicIncident is a published row with the bulletin it stands in.
type PublicIncident struct {
	Bulletin string      `json:"bulletin"`
	Day      Day         `json:"day"`
	Row      BulletinRow `json:"row"`
}

// PublicQuery asks for published rows, newest first. Zero values ask for everything.
type PublicQuery struct {
	From       Day
	To         Day // inclusive
	Act        Act
	Area       AreaID
	Occurrence Occurrence
	Offset     int
	Limit      int // 0: the reader's own bound
}

// PublicPage is a slice of a longer list of published rows.
type PublicPage struct {
	Rows  []PublicIncident `json:"rows"`
	Total int              `json:"total"`
}
