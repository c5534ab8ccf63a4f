package truce

import (
	"slices"

	"github.com/trucewatch/truce/geo"
)

// CaseID names a case; for people it has a number.
type CaseID = ID

// CaseStep is one change of a case, in a record of its own. A case is nothing but its
// steps, applied in order; clocks never move except by one of them.
type CaseStep struct {
	Case   CaseID   `json:"case"`
	Number int      `json:"number"` // of the step, from 1
	Kind   StepKind `json:"kind"`
	At     Instant  `json:"at"`            // when it took effect
	Late   Instant  `json:"late,omitzero"` // when it was found, if that was after it was due

	Open         *CaseOpening      `json:"open,omitempty"`
	Incidents    []CaseIncident    `json:"incidents,omitempty"`
	Blind        *BlindSpell       `json:"blind,omitempty"`
	Advance      *Advance          `json:"advance,omitempty"`
	Attribution  *Attribution      `json:"attribution,omitempty"`
	T0           *T0Change         `json:"t0,omitempty"`
	Passage      *Passage          `json:"passage,omitempty"`
	Clock        *ClockChange      `json:"clock,omitempty"`
	Consultation *ConsultationStep `json:"consultation,omitempty"`
	Remedy       *RemedyStep       `json:"remedy,omitempty"`
	About        string            `json:"about,omitempty"` // of an attribution: the incident's number for people
	Text         string            `json:"text,omitempty"`  // in words: why
	Deed         *Deed             `json:"deed,omitempty"`  // the person's act that caused it; nil: the machine

	Summary CaseSummary `json:"summary"` // of the case after this step, for lists
	Wakes   []Wake      `json:"wakes,omitempty"`
}

// StepKind is what a step changes.
type StepKind string

// The kinds of steps, in the order of a case's life.
const (
	StepOpened        StepKind = "opened"
	StepGathered      StepKind = "gathered" // incidents that are new to the case or have changed
	StepBlind         StepKind = "blind"
	StepAdvance       StepKind = "advance"
	StepAttributed    StepKind = "attributed"
	StepT0Asked       StepKind = "t0_asked" // a person asks for a zero point to be moved
	StepT0Moved       StepKind = "t0_moved"
	StepPath          StepKind = "path"     // the criteria of a path hold: passage names it and why
	StepProposed      StepKind = "proposed" // the criteria of a passage hold; people are asked
	StepSigned        StepKind = "signed"
	StepRefused       StepKind = "refused"
	StepLapsed        StepKind = "lapsed"    // the criteria ceased to hold before every gate had signed
	StepEntered       StepKind = "entered"   // every gate has signed
	StepUnfounded     StepKind = "unfounded" // what a tier in force or a path rests on holds no longer, by what is known
	StepFounded       StepKind = "founded"   // it holds again
	StepLeft          StepKind = "left"
	StepClockStarted  StepKind = "clock_started"
	StepClockTold     StepKind = "clock_told"   // both parties can be told of it: it begins to run
	StepClockUntold   StepKind = "clock_untold" // nothing of it had reached a party when it was due: it waits
	StepClockMoved    StepKind = "clock_moved"
	StepClockPauseAsk StepKind = "clock_pause_asked"
	StepClockPaused   StepKind = "clock_paused" // a second role has agreed
	StepClockResumed  StepKind = "clock_resumed"
	StepClockWarned   StepKind = "clock_warned" // its owner is told that it runs out
	StepClockMet      StepKind = "clock_met"
	StepClockMissed   StepKind = "clock_missed"
	StepClockStopped  StepKind = "clock_stopped"
	StepConsultation  StepKind = "consultation"
	StepRemedy        StepKind = "remedy"
	StepStatement     StepKind = "statement"
	StepDetermined    StepKind = "determined"
	StepMoved         StepKind = "moved" // incidents put into another case by people
	StepNoted         StepKind = "noted"
	StepClosed        StepKind = "closed"
	StepReopened      StepKind = "reopened"
)

// CaseOpening says why there is a case.
type CaseOpening struct {
	Agreement string `json:"agreement"`
	Version   string `json:"version"` // of the agreement whose ladder holds for the case
	Path      string `json:"path,omitempty"`
	Title     Names  `json:"title"`
}

// CaseIncident is an incident as a case holds it: what its criteria need.
type CaseIncident struct {
	ID         ID             `json:"id"`
	Revision   int            `json:"revision"`
	Number     string         `json:"number,omitempty"`
	Known      Instant        `json:"known"`    // this revision was recorded
	Detected   Instant        `json:"detected"` // its first revision was recorded
	Time       PhenomenonTime `json:"time"`
	Area       AreaID         `json:"area,omitempty"`
	Place      *geo.Point     `json:"place,omitempty"`
	Act        Act            `json:"act,omitempty"`
	P          Probability    `json:"p"`
	Occurrence Occurrence     `json:"occurrence"`
	Verified   Instant        `json:"verified,omitzero"` // recorded so; 0: not verified
	Casualties int            `json:"casualties,omitempty"`
	Findings   []CaseFinding  `json:"findings,omitempty"` // hits and indeterminate ones
	Gone       bool           `json:"gone,omitempty"`     // merged into another, or put into another case
}

// Near says whether two incidents may belong to one case by place: within so many metres
// where both have a place, else in the same area; 0 metres is anywhere.
func (i CaseIncident) Near(o CaseIncident, metres float64) bool {
	if metres <= 0 {
		return true
	}
	if i.Place == nil || o.Place == nil {
		return i.Area == o.Area
	}
	return float64(geo.Distance(*i.Place, *o.Place)) <= metres
}

// Stands says whether an incident still counts in its case: it was neither merged nor put
// into another, and no review has ended the work on it.
func (i CaseIncident) Stands() bool { return !i.Gone && !i.Occurrence.Exit() }

// CaseFinding is what a case needs of a finding.
type CaseFinding struct {
	Rule     RuleID      `json:"rule"`
	Version  string      `json:"version,omitempty"`
	Verdict  Verdict     `json:"verdict"`
	P        Probability `json:"p"`
	Severity int         `json:"severity,omitempty"`
	Unit     Unit        `json:"unit"`
	Count    int         `json:"count"`
}

// BlindSpell is a stretch of the line that was not observed well enough.
type BlindSpell struct {
	Area     AreaID      `json:"area,omitempty"`
	Share    Probability `json:"share"` // of the line that could not be seen
	From     Instant     `json:"from"`
	To       Instant     `json:"to,omitzero"` // 0: not over
	Families []Family    `json:"families,omitempty"`
	Reason   string      `json:"reason"`
}

// Advance is a verified movement of a line between two of its versions.
type Advance struct {
	Line   LineID  `json:"line"`
	From   string  `json:"from"` // version
	To     string  `json:"to"`   // version
	Metres float64 `json:"metres"`
}

// T0Change moves one of a case's zero points. The old value stays in the step.
type T0Change struct {
	Basis    T0Basis     `json:"basis"`
	Old      Instant     `json:"old,omitzero"` // 0: had none
	New      Instant     `json:"new"`
	Chosen   bool        `json:"chosen,omitempty"`   // the ladder counts from this basis
	Evidence *T0Evidence `json:"evidence,omitempty"` // of a move by people: the record it rests on
	Known    Instant     `json:"known,omitzero"`     // of a move by people: where the facts alone put it then
}

// Passage is a way into a tier, or down from it.
type Passage struct {
	Tier    TierID   `json:"tier"`
	Down    bool     `json:"down,omitempty"` // from Tier to To
	To      TierID   `json:"to,omitempty"`
	Path    string   `json:"path,omitempty"`    // the path that proposed it
	Rank    int      `json:"rank,omitempty"`    // of Tier, from 1; of a way down, of To
	Gates   []Gate   `json:"gates,omitempty"`   // that must be signed, as proposed
	Gate    int      `json:"gate,omitempty"`    // of a signature: which, from 1
	For     string   `json:"for,omitempty"`     // of a signature: the party or state of who signed
	Because []string `json:"because,omitempty"` // the criteria that hold, in English words
	Grounds []Ground `json:"grounds,omitempty"` // the same, for other languages
}

// Ground is one criterion that holds: what was asked and what there was.
type Ground struct {
	Kind GroundKind `json:"kind"`
	Want int64      `json:"want,omitempty"` // microseconds, metres, per cent, a level or a number, by kind
	Have int64      `json:"have,omitempty"`
	What string     `json:"what,omitempty"` // a unit, level, rule, act or area
}

// GroundKind is which criterion a ground speaks of.
type GroundKind string

// The kinds of grounds.
const (
	GroundOpen        GroundKind = "open"        // Have incidents are open
	GroundSeverity    GroundKind = "severity"    // Have of at least Want
	GroundOccurrence  GroundKind = "occurrence"  // Have incidents at least What
	GroundAttribution GroundKind = "attribution" // Have incidents at least What
	GroundHits        GroundKind = "hits"        // Have of at least Want, in What
	GroundRules       GroundKind = "rules"       // Have hits of the rules What
	GroundActs        GroundKind = "acts"        // Have hits of the acts What
	GroundAreas       GroundKind = "areas"
	GroundWithin      GroundKind = "within"
	GroundLasting     GroundKind = "lasting"
	GroundAfter       GroundKind = "after"
	GroundUnexplained GroundKind = "unexplained"
	GroundAdvance     GroundKind = "advance"
	GroundBlind       GroundKind = "blind"    // Have per cent for Want and more, in What
	GroundQuiet       GroundKind = "quiet"    // no activity for Want
	GroundRemedied    GroundKind = "remedied" // Have remedies were verified
	GroundCleared     GroundKind = "cleared"  // none of its incidents stands
	GroundSight       GroundKind = "sight"    // what was blind is seen again
	GroundAsked       GroundKind = "asked"    // people ask for it, the terms name no way
)

// ClockState says how a clock stands.
type ClockState string

// The clock states.
const (
	ClockWaiting ClockState = "waiting" // for both parties to be told, or reached
	ClockRunning ClockState = "running"
	ClockPaused  ClockState = "paused"
	ClockMet     ClockState = "met"
	ClockMissed  ClockState = "missed"
	ClockStopped ClockState = "stopped" // the tier was left or the case closed before it was due
)

// Ticks says whether a clock in this state has not ended.
func (s ClockState) Ticks() bool {
	return s == ClockRunning || s == ClockPaused || s == ClockWaiting
}

// ClockChange is what a step does to a clock. Old and new due times both stay on record.
type ClockChange struct {
	Clock  string     `json:"clock"`
	For    string     `json:"for,omitempty"`   // the party or state whose clock it is, of clocks that each has
	Round  int        `json:"round,omitempty"` // of clocks that begin anew, from 1
	Tier   TierID     `json:"tier,omitempty"`
	Basis  T0Basis    `json:"basis,omitempty"`
	T0     Instant    `json:"t0,omitzero"`
	OldDue Instant    `json:"old_due,omitzero"`
	Due    Instant    `json:"due,omitzero"`
	State  ClockState `json:"state"`
	Until  Instant    `json:"until,omitzero"` // of a pause: when it ends by itself
	Waits  Instant    `json:"waits,omitzero"` // since when it waits or has waited, or has lost time by not being heard of
	// Unheard is when it was found that nothing of it had reached a party, of one that has waited for that.
	Unheard Instant   `json:"unheard,omitzero"`
	Missing []PartyID `json:"missing,omitempty"` // the parties that nothing had reached
	Names   Names     `json:"names,omitempty"`   // of a start
	Owner   Office    `json:"owner,omitempty"`   // of a start
}

// RemedyStep is what was asked of a party after a determination, and how it stands.
type RemedyStep struct {
	ID     string      `json:"id"`
	Party  PartyID     `json:"party"`
	What   string      `json:"what"`
	Due    Instant     `json:"due,omitzero"`
	State  RemedyState `json:"state"`
	Ground string      `json:"ground,omitempty"`
}

// RemedyState is how a remedy stands.
type RemedyState string

// The remedy states.
const (
	RemedyAsked    RemedyState = "asked"
	RemedyReported RemedyState = "reported" // done, as the party says
	RemedyVerified RemedyState = "verified"
	RemedyRefused  RemedyState = "refused"
	RemedyLate     RemedyState = "late"
)

// Wake is a time at which something must be looked at again. A later step with the same
// name replaces it; Done removes it.
type Wake struct {
	Name string  `json:"name"` // within the subject of the record, e.g. "clock/warning/1"
	Due  Instant `json:"due,omitzero"`
	Done bool    `json:"done,omitempty"`
}

// CaseSummary is a case in one row of a list.
type CaseSummary struct {
	Number     string    `json:"number,omitempty"` // for people, e.g. C-2026-19; given at append
	Title      Names     `json:"title"`
	State      CaseState `json:"state"`
	Tier       TierID    `json:"tier,omitempty"`
	Rank       int       `json:"rank"`               // of the tier, from 1; 0 before the first
	Proposed   TierID    `json:"proposed,omitempty"` // waiting for gates
	Path       string    `json:"path,omitempty"`
	Areas      []AreaID  `json:"areas,omitempty"`
	Incidents  int       `json:"incidents"`
	Hits       int       `json:"hits"` // incidents with a hit
	Severity   int       `json:"severity"`
	Opened     Instant   `json:"opened"`
	First      Instant   `json:"first,omitzero"` // activity
	Last       Instant   `json:"last,omitzero"`
	T0         Instant   `json:"t0,omitzero"` // the chosen one
	NextClock  string    `json:"next_clock,omitempty"`
	NextDue    Instant   `json:"next_due,omitzero"`
	Missed     int       `json:"missed,omitempty"`  // clocks missed so far
	Waiting    int       `json:"waiting,omitempty"` // clocks that wait for both parties to be told, or reached
	Consulting bool      `json:"consulting,omitempty"`
}

// CaseState says whether a case is being worked on.
type CaseState string

// The case states.
const (
	CaseOpen   CaseState = "open"
	CaseClosed CaseState = "closed"
)

// Case is the state of a case after its steps.
type Case struct {
	ID            CaseID              `json:"id"`
	Steps         int                 `json:"steps"`
	At            Instant             `json:"at"` // of the last step
	State         CaseState           `json:"state"`
	Opening       CaseOpening         `json:"opening"`
	Opened        Instant             `json:"opened"`
	Closed        Instant             `json:"closed,omitzero"`
	Incidents     []CaseIncident      `json:"incidents,omitempty"` // by ID
	Blind         []BlindSpell        `json:"blind,omitempty"`
	Advances      []Advance           `json:"advances,omitempty"`
	Attributions  []Attribution       `json:"attributions,omitempty"`
	T0            map[T0Basis]Instant `json:"t0,omitempty"`
	T0Moves       []T0Move            `json:"t0_moves,omitempty"`
	Tier          TierID              `json:"tier,omitempty"`
	Tiers         []TierVisit         `json:"tiers,omitempty"`
	Open          []OpenPassage       `json:"open_passages,omitempty"` // proposed, not every gate has signed
	Clocks        []CaseClock         `json:"clocks,omitempty"`
	Consultations []Consultation      `json:"consultations,omitempty"`
	Remedies      []RemedyStep        `json:"remedies,omitempty"`
	Refusals      []Refusal           `json:"refusals,omitempty"`
	Paths         []PathVisit         `json:"paths,omitempty"`    // that have opened
	Moved         []ID                `json:"moved,omitempty"`    // incidents that people put into another case
	Added         int                 `json:"added,omitempty"`    // the last step that added to what the case rests on
	Doubt         int                 `json:"doubt,omitempty"`    // the last step that took from it, or moved a zero point
	Turned        int                 `json:"turned,omitempty"`   // the last step down
	Reopened      int                 `json:"reopened,omitempty"` // the last step that took it up again
	T0Asks        []T0Ask             `json:"t0_asks,omitempty"`  // one of a basis at most
	Complaints    []Complaint         `json:"complaints,omitempty"`
	Views         []CaseView          `json:"views,omitempty"` // on responsibility, to which the parties may reply
	Replies       []ViewReply         `json:"replies,omitempty"`
	Summary       CaseSummary         `json:"summary"`
}

// CaseView is a view on responsibility to which each party may reply, by a clock of its own.
type CaseView struct {
	Clock    string  `json:"clock"` // of each party
	Incident ID      `json:"incident"`
	Number   string  `json:"number,omitempty"` // of the incident
	Step     int     `json:"step"`             // that brought it
	At       Instant `json:"at"`
	Ended    int     `json:"ended,omitempty"` // the step in which it was withdrawn or replaced
}

// Name is the incident of a view for people: its number where it has one.
func (v CaseView) Name() string {
	if v.Number != "" {
		return v.Number
	}
	return v.Incident.String()
}

// ViewReply is what a party said to a view on responsibility. It may say more than once.
type ViewReply struct {
	Clock string   `json:"clock"` // of the view
	Party PartyID  `json:"party"`
	By    PersonID `json:"by"`
	At    Instant  `json:"at"`
	Step  int      `json:"step"`
	Text  string   `json:"text"`
}

// OwnBlind says whether the case is about not seeing, and about nothing else.
func (c *Case) OwnBlind() bool {
	return c.Opening.Path != "" && len(c.Blind) > 0 && len(c.Incidents) == 0
}

// Cleared says whether nothing of what the case rests on stands any more: every incident
// has an exit or is in another case, or what was blind is seen again.
func (c *Case) Cleared() bool {
	if c.OwnBlind() {
		return !slices.ContainsFunc(c.Blind, func(b BlindSpell) bool { return b.To == 0 })
	}
	return len(c.Incidents) > 0 && !slices.ContainsFunc(c.Incidents, CaseIncident.Stands)
}

// Refusal is a passage that somebody who was asked to sign refused.
type Refusal struct {
	Passage
	By   PersonID `json:"by"`
	At   Instant  `json:"at"`
	Step int      `json:"step"`
	Text string   `json:"text"`
}

// PathVisit is a path of the ladder that has opened in a case.
type PathVisit struct {
	Path      string  `json:"path"`
	At        Instant `json:"at"`
	Step      int     `json:"step"`
	Unfounded int     `json:"unfounded,omitempty"` // the step since which what it rests on does not hold
}

// T0Move is a change of a zero point with when it was made, by whom and why.
type T0Move struct {
	T0Change
	At    Instant  `json:"at"`
	By    PersonID `json:"by,omitempty"`
	Asked PersonID `json:"asked,omitempty"` // who asked for a move that By agreed to
	Text  string   `json:"text"`
}

// TierVisit is a stay in a tier.
type TierVisit struct {
	Tier    TierID   `json:"tier"`
	Rank    int      `json:"rank"`
	Step    int      `json:"step"` // that entered it
	Path    string   `json:"path,omitempty"`
	Entered Instant  `json:"entered"`
	Left    Instant  `json:"left,omitzero"`
	Because []string `json:"because,omitempty"`
	Signed  []Signed `json:"signed"`

	Unfounded int `json:"unfounded,omitempty"` // the step since which what it rests on does not hold
}

// Signed is a gate that was signed.
type Signed struct {
	Gate   int      `json:"gate"` // of the passage, from 1
	Office Office   `json:"office"`
	By     PersonID `json:"by"`
	For    string   `json:"for,omitempty"` // the party or state of who signed
	At     Instant  `json:"at"`
	Text   string   `json:"text,omitempty"`
}

// OpenPassage is a passage that people were asked for.
type OpenPassage struct {
	Passage
	At     Instant  `json:"at"`
	Step   int      `json:"step"` // that proposed it
	Signed []Signed `json:"signed,omitempty"`
}

// CaseClock is a deadline with its history.
type CaseClock struct {
	ID      string        `json:"id"`
	For     string        `json:"for,omitempty"`
	Round   int           `json:"round"`
	Tier    TierID        `json:"tier,omitempty"`
	Names   Names         `json:"names"`
	Owner   Office        `json:"owner"`
	Basis   T0Basis       `json:"basis"`
	T0      Instant       `json:"t0"`
	Step    int           `json:"step"`    // that started it
	Changed int           `json:"changed"` // the last step that changed it
	Started Instant       `json:"started"`
	Due     Instant       `json:"due"`
	State   ClockState    `json:"state"`
	Ended   Instant       `json:"ended,omitzero"`   // met, missed or stopped
	Late    Instant       `json:"late,omitzero"`    // when a miss was found, if later than due
	Warned  Instant       `json:"warned,omitzero"`  // its owner was told that it runs out
	Waits   Instant       `json:"waits,omitzero"`   // since when it waits for both parties to be told, or has lost time since one was not reached; 0: it does not wait
	Told    Instant       `json:"told,omitzero"`    // when it ceased to wait
	Unheard Instant       `json:"unheard,omitzero"` // when it began to wait since nothing of it had reached a party
	Done    Instant       `json:"done,omitzero"`    // what it waited for was done after it was missed
	Pauses  []ClockPause  `json:"pauses,omitempty"`
	Moves   []ClockChange `json:"moves,omitempty"`
	Asked   *Deed         `json:"pause_asked,omitempty"` // a pause that a second role has not agreed to yet
}

// OpenPause is the pause in which a clock stands, or stood when it was stopped.
func (k CaseClock) OpenPause() (ClockPause, bool) {
	if n := len(k.Pauses); n > 0 && k.Pauses[n-1].Resumed == 0 {
		return k.Pauses[n-1], true
	}
	return ClockPause{}, false
}

// ClockPause is a stretch in which a clock stood; Resumed is 0 while it stands.
type ClockPause struct {
	From    Instant     `json:"from"`
	Until   Instant     `json:"until,omitzero"` // when it ends by itself; 0: of a record older than that rule
	Resumed Instant     `json:"resumed,omitzero"`
	By      [2]PersonID `json:"by"`
	Text    string      `json:"text"`
}

// Ends is when a pause ends by itself. One of a record older than the rule that it has an end
// ends as late as one may.
func (p ClockPause) Ends() Instant {
	if p.Until == 0 {
		return p.From + Instant(MaxPause)
	}
	return p.Until
}

// Consultation is a convened meeting.
type Consultation struct {
	ID       string     `json:"id"` // within the case, e.g. "K1"
	Called   Instant    `json:"called"`
	CalledBy []PersonID `json:"called_by"`
	Calls    []Call     `json:"calls,omitempty"`
	Step     int        `json:"step"` // of the case, that last changed what is decided: called, convened, proposed, decided
	Ground   string     `json:"ground"`
	Present  []StateID  `json:"present,omitempty"` // by StateID
	Minutes  []Hash     `json:"minutes,omitempty"`
	Options  []string   `json:"options,omitempty"`
	Votes    []Vote     `json:"votes,omitempty"` // the last of each state
	Public   string     `json:"public,omitempty"`
	Outcome  string     `json:"outcome,omitempty"`
	Tally    []Tally    `json:"tally,omitempty"`
	Quorum   bool       `json:"quorum"`   // enough present, by the agreement's rule
	Convened bool       `json:"convened"` // called by as many as the agreement asks for
	Ended    Instant    `json:"ended,omitzero"`
}

// Call is one person's call for a consultation, with on whose behalf.
type Call struct {
	By   PersonID `json:"by"`
	Role Role     `json:"role"`
	For  string   `json:"for,omitempty"` // party or state
	At   Instant  `json:"at"`
}

// Vote is what a state resolved.
type Vote struct {
	State   StateID  `json:"state"`
	Option  string   `json:"option"` // "": abstains
	Dissent string   `json:"dissent,omitempty"`
	By      PersonID `json:"by"`
	At      Instant  `json:"at"`
}

// Tally is how many voted for an option and whether it carries by the agreement's rule.
type Tally struct {
	Option  string `json:"option"`
	Votes   int    `json:"votes"`
	Carried bool   `json:"carried"`
}

// ConsultationStep is the change a step makes to a consultation.
type ConsultationStep struct {
	Consultation        // as it stands after the step
	Change       string `json:"change"` // called, convened, joined, minuted, proposed, voted, decided
}
