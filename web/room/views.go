package room

import (
	"strings"

	"github.com/trucewatch/truce"
)

// Brief is the first page: what changed, what waits for me, how things stand.
type Brief struct {
	Sees    View          `json:"sees"`
	Now     truce.Instant `json:"now"`
	Head    truce.Seq     `json:"head,omitempty"`  // the newest record: the mark of this look
	Since   truce.Seq     `json:"since,omitempty"` // the mark of the last look; 0: never looked
	Due     int           `json:"due"`             // what waits for this person: alerts to answer, gates, own clocks
	Changed []Change      `json:"changed"`
	Total   int           `json:"changed_cases"` // how many cases changed, of which Changed tells
	Alerts  []AlertLine   `json:"alerts"`        // to be answered by this person's side
	Gates   []GateLine    `json:"gates"`         // open for this person's office
	Clocks  []ClockLine   `json:"clocks"`        // that this person's office must meet
	Tiers   []TierCount   `json:"tiers"`
	Cases   []CaseLine    `json:"cases"`
	Open    int           `json:"open_cases"`
	Stakes  []StakeLine   `json:"stakes"`

	// How many there are in all: the lists above show those that come first.
	AlertsTotal int `json:"alerts_total"`
	GatesTotal  int `json:"gates_total"`
	ClocksTotal int `json:"clocks_total"`
}

// More says whether gates or clocks wait that the page does not show.
func (b Brief) More() bool { return b.GatesTotal > len(b.Gates) || b.ClocksTotal > len(b.Clocks) }

// View is how much of cases a person sees.
type View string

// The views: everything; the own side's alerts and clocks; the own state's promises; tier
// and time.
const (
	ViewWhole    View = "whole"
	ViewOwnSide  View = "own_side"
	ViewPromises View = "own_promises"
	ViewTier     View = "tier_and_time"
)

// Change is what changed in a case since the last look, in sentences.
type Change struct {
	Case  CaseLine   `json:"case"`
	Steps []StepLine `json:"steps"`
	More  int        `json:"more"` // steps that are not among them
}

// TierCount is how many open cases are in a tier.
type TierCount struct {
	Tier  truce.TierID `json:"tier"`
	Name  string       `json:"name"`
	Cases int          `json:"cases"`
}

// CaseFilter is which cases are asked for.
type CaseFilter struct {
	State truce.CaseState // "": open ones
	All   bool            // open and closed
	Mine  bool            // open ones in which something waits for the person
	After string          // the mark behind which a page begins; "": the first
	Limit int
}

// CaseList is a stretch of the list of cases, the highest tier first.
type CaseList struct {
	Sees  View       `json:"sees"`
	Rows  []CaseLine `json:"rows"`
	Total int        `json:"total"`          // 0: not counted
	Next  string     `json:"next,omitempty"` // the mark of the page after this; "": none
}

// CaseLine is a case in a list. Of what a person may not see the fields are empty.
type CaseLine struct {
	ID        truce.CaseID    `json:"id,omitzero"`
	Number    string          `json:"number"`
	Title     string          `json:"title,omitempty"`
	State     truce.CaseState `json:"state"`
	Tier      truce.TierID    `json:"tier,omitempty"` // of a closed case the highest that was told outside, to who does not see it from inside
	TierName  string          `json:"tier_name,omitempty"`
	Entered   truce.Instant   `json:"entered,omitzero"` // of the tier, where it is told
	Public    string          `json:"public,omitempty"` // what the ladder lets the public be told of the tier
	Proposed  truce.TierID    `json:"proposed,omitempty"`
	Areas     []string        `json:"areas,omitempty"`
	Incidents int             `json:"incidents,omitempty"`
	Hits      int             `json:"hits,omitempty"`
	Severity  int             `json:"severity,omitempty"`
	Opened    truce.Instant   `json:"opened,omitzero"`
	Closed    truce.Instant   `json:"closed,omitzero"` // to who does not see the case from inside
	Last      truce.Instant   `json:"last,omitzero"`
	T0        truce.Instant   `json:"t0,omitzero"`
	NextClock string          `json:"next_clock,omitempty"`
	NextDue   truce.Instant   `json:"next_due,omitzero"`
	Missed    int             `json:"missed,omitempty"`
	Consult   bool            `json:"consulting,omitempty"`
	Seq       truce.Seq       `json:"seq,omitempty"`
}

// CaseFile is a case as far as a person sees it.
type CaseFile struct {
	Sees          View               `json:"sees"`
	Now           truce.Instant      `json:"now"`
	Line          CaseLine           `json:"case"`
	Steps         int                `json:"steps,omitempty"` // the number of the last one that the person knows of, for deeds
	Closed        truce.Instant      `json:"closed,omitzero"`
	Path          string             `json:"path,omitempty"`
	Ladder        LadderLine         `json:"ladder,omitzero"`
	Zeros         []Zero             `json:"t0,omitempty"`
	Visits        []Visit            `json:"tiers,omitempty"`
	Clocks        []ClockLine        `json:"clocks,omitempty"`
	Gates         []GateLine         `json:"gates,omitempty"`
	Refusals      []truce.Refusal    `json:"refusals,omitempty"`
	Incidents     []IncidentLine     `json:"incidents,omitempty"`
	Complaints    []truce.Complaint  `json:"complaints,omitempty"`
	Blind         []truce.BlindSpell `json:"blind,omitempty"`
	Advances      []truce.Advance    `json:"advances,omitempty"`
	Attributions  []AttributionLine  `json:"attributions,omitempty"`
	Consultations []Meeting          `json:"consultations,omitempty"`
	Remedies      []truce.RemedyStep `json:"remedies,omitempty"`
	Alerts        []AlertLine        `json:"alerts,omitempty"`
	History       []StepLine         `json:"history,omitempty"`
	May           []truce.DeedKind   `json:"may"` // what the person's office may do in cases at all
	Stakes        bool               `json:"stakes"`
	Parties       []truce.PartyID    `json:"parties,omitempty"`
	Others        []CaseRef          `json:"other_cases,omitempty"` // open ones that may take incidents of this, where the person may move them
}

// CaseRef names a case that is not shown itself.
type CaseRef struct {
	ID     truce.CaseID `json:"id"`
	Number string       `json:"number"`
	Title  string       `json:"title,omitempty"`
}

// LadderLine is the ladder a case is held against.
type LadderLine struct {
	Name     string         `json:"name"`
	Standing truce.Standing `json:"standing"`
	Source   string         `json:"source,omitempty"`
	T0       truce.T0Basis  `json:"t0"`
	Tiers    []TierCount    `json:"tiers"`
	Quorum   int            `json:"quorum_percent"`
	Majority int            `json:"majority_percent"`
	EachOwn  bool           `json:"each_own"`
	States   int            `json:"states"`
}

// Zero is one of a case's zero points with how it moved.
type Zero struct {
	Basis  truce.T0Basis  `json:"basis"`
	At     truce.Instant  `json:"at,omitzero"`
	Chosen bool           `json:"chosen,omitempty"` // the ladder counts from it
	Moves  []truce.T0Move `json:"moves,omitempty"`
	Asked  *truce.T0Ask   `json:"asked,omitempty"` // a move that a second role has not agreed to
}

// Visit is a stay in a tier.
type Visit struct {
	Tier    truce.TierID   `json:"tier"`
	Name    string         `json:"name"`
	Rank    int            `json:"rank"`
	Entered truce.Instant  `json:"entered"`
	Left    truce.Instant  `json:"left,omitzero"`
	Because []string       `json:"because,omitempty"`
	Signed  []truce.Signed `json:"signed"`
}

// ClockLine is a deadline with its history.
type ClockLine struct {
	Case    string              `json:"case"` // number
	ID      string              `json:"id"`
	Name    string              `json:"name"`
	For     string              `json:"for,omitempty"`
	Round   int                 `json:"round,omitempty"`
	Owner   truce.Office        `json:"owner"`
	Tier    truce.TierID        `json:"tier,omitempty"`
	Basis   truce.T0Basis       `json:"basis"`
	T0      truce.Instant       `json:"t0"`
	Started truce.Instant       `json:"started"`
	Due     truce.Instant       `json:"due"`
	State   truce.ClockState    `json:"state"`
	Ended   truce.Instant       `json:"ended,omitzero"`
	Late    truce.Instant       `json:"late,omitzero"`
	Done    truce.Instant       `json:"done,omitzero"`
	Pauses  []truce.ClockPause  `json:"pauses,omitempty"`
	Moves   []truce.ClockChange `json:"moves,omitempty"`
	Asked   truce.PersonID      `json:"pause_asked_by,omitempty"`
	Until   truce.Instant       `json:"pause_asked_until,omitzero"`
	Waits   truce.Instant       `json:"waits,omitzero"`               // since when it waits for both parties to be told, or has lost time since one was not reached
	Told    truce.Instant       `json:"told,omitzero"`                // when it ceased to wait
	Unheard truce.Instant       `json:"unheard,omitzero"`             // when it began to wait since nothing of it had reached a party
	Tells   bool                `json:"may_tell_otherwise,omitempty"` // the person may say that the parties were told by other means
	Mine    bool                `json:"mine"`                         // this person's office must meet it
	View    string              `json:"view,omitempty"`               // the incident of the view on responsibility that it is of: it is met by a reply there
	May     bool                `json:"may_pause"`
}

// Ticking says whether the clock has not ended.
func (c ClockLine) Ticking() bool {
	return c.State.Ticks()
}

// Owing says whether a missed clock can still be met by who reads: that it was done late is
// kept beside that it was missed.
func (c ClockLine) Owing() bool { return c.Mine && c.State == truce.ClockMissed && c.Done == 0 }

// Meets says whether who reads meets the clock by a word that it is met. One of a view on
// responsibility is met by a reply to it.
func (c ClockLine) Meets() bool { return c.Mine && c.View == "" }

// GateLine is a passage that waits for signatures.
type GateLine struct {
	Case     string        `json:"case"` // number
	After    int           `json:"after"`
	Tier     truce.TierID  `json:"tier"`
	TierName string        `json:"tier_name"`
	Down     bool          `json:"down,omitempty"`
	To       truce.TierID  `json:"to,omitempty"`
	At       truce.Instant `json:"proposed"`
	Because  []string      `json:"because,omitempty"`
	Gates    []GateSign    `json:"gates"`
	Mine     bool          `json:"mine"` // this person's office may sign one now
}

// GateSign is one signature that is asked for.
type GateSign struct {
	Office      truce.Office           `json:"office"`
	Attribution truce.AttributionLevel `json:"attribution,omitempty"`
	By          truce.PersonID         `json:"signed_by,omitempty"`
	For         string                 `json:"for,omitempty"`
	At          truce.Instant          `json:"signed_at,omitzero"`
}

// IncidentLine is an incident as a case holds it.
type IncidentLine struct {
	ID         truce.ID             `json:"id"`
	Number     string               `json:"number"`
	Time       truce.PhenomenonTime `json:"time"`
	Area       string               `json:"area,omitempty"`
	Act        string               `json:"act"`
	Occurrence truce.Occurrence     `json:"occurrence"`
	Words      string               `json:"occurrence_words"`
	P          truce.Probability    `json:"p"`
	Casualties int                  `json:"casualties,omitempty"`
	Gone       bool                 `json:"gone,omitempty"`
	Findings   []FindingLine        `json:"findings,omitempty"`
}

// FindingLine is a finding in words.
type FindingLine struct {
	Rule     truce.RuleID      `json:"rule"`
	Title    string            `json:"title"`
	Verdict  truce.Verdict     `json:"verdict"`
	Words    string            `json:"verdict_words"`
	Severity int               `json:"severity,omitempty"`
	P        truce.Probability `json:"p"`
	Count    int               `json:"count,omitempty"`
	Unit     string            `json:"unit,omitempty"`
}

// AttributionLine is a view on responsibility, with who signed it.
type AttributionLine struct {
	Incident     string                 `json:"incident"` // number
	Level        truce.AttributionLevel `json:"level"`
	Party        truce.PartyID          `json:"party,omitempty"`
	P            truce.Probability      `json:"p"`
	Basis        []string               `json:"basis,omitempty"`
	Alternatives []string               `json:"alternatives,omitempty"`
	Dissent      string                 `json:"dissent,omitempty"`
	Withdrawn    bool                   `json:"withdrawn,omitempty"`
	People       []truce.PersonID       `json:"people,omitempty"`
	At           truce.Instant          `json:"at"`
	Clock        string                 `json:"reply_clock,omitempty"` // by which each party may reply; "": nobody may any more
	ReplyBy      truce.Instant          `json:"reply_by,omitzero"`     // 0: the time does not run yet
	Replies      []ReplyLine            `json:"replies,omitempty"`     // of both parties, as both read them
	Silent       []SilentLine           `json:"silent,omitempty"`      // parties that did not reply in time, for those who see the case from inside
}

// ReplyLine is what a party said to a view on responsibility.
type ReplyLine struct {
	Party truce.PartyID  `json:"party"`
	By    truce.PersonID `json:"by,omitempty"` // for those who see the case from inside
	At    truce.Instant  `json:"at"`
	Text  string         `json:"text"`
	// Earlier: it was said to a view that this one has replaced.
	Earlier bool `json:"earlier,omitempty"`
}

// SilentLine is a party that had not replied when its time was over.
type SilentLine struct {
	Party truce.PartyID `json:"party"`
	At    truce.Instant `json:"at"`
	Late  truce.Instant `json:"found,omitzero"` // when that was found, if later
}

// Meeting is a consultation with what this person may do in it.
type Meeting struct {
	truce.Consultation
	Absent  []truce.StateID `json:"absent,omitempty"` // guarantors that have not joined
	Present bool            `json:"present_mine"`     // the person's own state has joined
	Voted   string          `json:"voted_mine,omitempty"`
	Signed  []SignedLine    `json:"signatures,omitempty"` // under every change, in order
}

// SignedLine is a signature under a change of a consultation, with the record it is in.
type SignedLine struct {
	Change    string         `json:"change"` // called, convened, joined, minuted, proposed, voted, decided
	By        truce.PersonID `json:"by"`
	At        truce.Instant  `json:"at"`
	Seq       truce.Seq      `json:"seq"`
	Product   *truce.Hash    `json:"product,omitempty"` // of minutes
	Key       string         `json:"key,omitempty"`
	Signature string         `json:"signature,omitempty"`
}

// StepLine is one step in a sentence.
type StepLine struct {
	Number int            `json:"number"`
	Seq    truce.Seq      `json:"seq"`
	Kind   truce.StepKind `json:"kind"`
	At     truce.Instant  `json:"at"`
	Late   truce.Instant  `json:"late,omitzero"`
	Text   string         `json:"text"`
}

// AlertFilter is which alerts are asked for.
type AlertFilter struct {
	Before truce.Seq // 0: from the newest
	Open   bool      // only those that wait for an answer of the person's side
	Limit  int
}

// AlertList is a stretch of the list of alerts, the newest first.
type AlertList struct {
	Rows []AlertLine `json:"rows"`
	Next truce.Seq   `json:"next,omitempty"`
}

// AlertLine is an alert in a list.
type AlertLine struct {
	ID       truce.AlertID         `json:"id"`
	Seq      truce.Seq             `json:"seq"`
	Kind     truce.AlertKind       `json:"kind"`
	Case     truce.CaseID          `json:"case"`
	Number   string                `json:"case_number"`
	Tier     truce.TierID          `json:"tier,omitempty"`
	Release  truce.Instant         `json:"release"`
	Headline string                `json:"headline"`
	Civil    bool                  `json:"civil_protection,omitempty"`
	Least    truce.AcknowledgeKind `json:"answer_at_least,omitempty"` // "": this person's side is asked for none
	Due      truce.Instant         `json:"answer_due,omitzero"`
	Answered *AnswerLine           `json:"answer,omitempty"` // of this person's side
	Waits    bool                  `json:"waits"`            // for an answer of this person's side
	Mine     bool                  `json:"may_answer"`
	Reached  int                   `json:"reached,omitempty"`
	Told     int                   `json:"told,omitempty"`
	Given    int                   `json:"answers,omitempty"`
	Silent   int                   `json:"silent,omitempty"`
	Asked    int                   `json:"asked,omitempty"`
}

// AnswerLine is an acknowledgement in a row.
type AnswerLine struct {
	Group    string                `json:"group"` // state or party, or the role
	Role     truce.Role            `json:"role"`
	Kind     truce.AcknowledgeKind `json:"kind"`
	Position truce.Position        `json:"position,omitempty"`
	By       truce.PersonID        `json:"by,omitempty"`
	Office   truce.Office          `json:"office,omitempty"`
	At       truce.Instant         `json:"at,omitzero"`
	Due      truce.Instant         `json:"due,omitzero"`
	Late     bool                  `json:"late,omitempty"`
	Text     string                `json:"text,omitempty"`
}

// AlertFile is an alert as one person reads it.
type AlertFile struct {
	Now      truce.Instant `json:"now"`
	Line     AlertLine     `json:"alert"`
	Text     string        `json:"text"`
	Realm    truce.Realm   `json:"realm"`
	Refers   []truce.ID    `json:"references,omitempty"`
	Answers  []AnswerLine  `json:"answers,omitempty"`    // by group, silence too
	Given    []AnswerLine  `json:"given,omitempty"`      // every acknowledgement the person sees
	Reached  []Reached     `json:"recipients,omitempty"` // how it came to whom
	SeesCase bool          `json:"sees_case"`
}

// Paragraphs are the text of the alert, a line apart.
func (f AlertFile) Paragraphs() []string {
	return strings.Split(strings.TrimSpace(f.Text), "\n")
}

// Reached is how an alert stands with one recipient.
type Reached struct {
	Person   truce.PersonID    `json:"person"`
	Progress string            `json:"progress"`
	Channel  truce.ChannelKind `json:"channel,omitempty"`
	Since    truce.Instant     `json:"since,omitzero"`
	Tries    int               `json:"tries,omitempty"`
}

// StakeFile is what a case puts at stake.
type StakeFile struct {
	Now    truce.Instant `json:"now"`
	Line   CaseLine      `json:"case"`
	Of     truce.StateID `json:"of,omitempty"` // whose promises; "": every state's
	Stakes []StakeLine   `json:"stakes,omitempty"`
	// Counts stand where a role sees totals only.
	Counts []StageCount `json:"counts,omitempty"`
	May    bool         `json:"may_invoke"`
}

// StakeLine is a promise as it stands in a case.
type StakeLine struct {
	Case       string                  `json:"case"` // number
	Commitment CommitmentLine          `json:"commitment"`
	Due        bool                    `json:"due"`
	Apart      string                  `json:"apart,omitempty"` // why it is not due although the case is in its tier
	InForce    bool                    `json:"in_force"`
	Open       string                  `json:"open,omitempty"`
	Void       []VoidLine              `json:"void,omitempty"`
	Invocation []InvocationLine        `json:"invocation,omitempty"`
	Next       []truce.InvocationState `json:"next,omitempty"` // steps the person may record now
}

// InvocationLine is a step of an invocation with its marks in words.
type InvocationLine struct {
	truce.InvocationStep
	Words []string `json:"marks_text,omitempty"`
}

// VoidLine is a condition under which a guarantee lapses, held against both parties alike.
type VoidLine struct {
	Condition string        `json:"condition"`
	Parties   []VoidReading `json:"parties"`
}

// VoidReading is the condition as it stands for one party.
type VoidReading struct {
	Party   truce.PartyID        `json:"party"`
	State   truce.ConditionState `json:"state"`
	Because []string             `json:"because,omitempty"`
}

// Pledges is the account of promises and contributions, as far as a person sees it.
type Pledges struct {
	Now     truce.Instant    `json:"now"`
	Of      truce.StateID    `json:"of,omitempty"`
	States  []truce.StateID  `json:"states,omitempty"` // whose pages the person may open
	Stages  []StageCount     `json:"stages,omitempty"`
	Rows    []CommitmentLine `json:"commitments,omitempty"`
	Account []AccountLine    `json:"account"`
	Rows2   []SupplyLine     `json:"contributions,omitempty"`
	From    truce.Day        `json:"from"` // of the hours
	To      truce.Day        `json:"to"`
}

// StageCount is how many promises have come so far, over all states.
type StageCount struct {
	Stage truce.CommitmentState `json:"stage"`
	Count int                   `json:"count"`
}

// CommitmentLine is a promise in a row.
type CommitmentLine struct {
	ID           string                 `json:"id"`
	State        truce.StateID          `json:"state"`
	Body         string                 `json:"body,omitempty"`
	Kind         truce.CommitmentKind   `json:"kind"`
	What         string                 `json:"what"`
	Condition    string                 `json:"condition,omitempty"`
	Instrument   string                 `json:"instrument"`
	Trigger      truce.TierID           `json:"trigger,omitempty"`
	Binding      truce.Binding          `json:"binding"`
	Caveats      []string               `json:"caveats,omitempty"`
	Stage        truce.CommitmentState  `json:"stage"`
	Rank         int                    `json:"rank"` // of the stage, from 1
	Since        truce.Day              `json:"since"`
	Source       truce.Citation         `json:"source"`
	Ratification []truce.Ratification   `json:"ratification,omitempty"`
	History      []truce.CommitmentStep `json:"history,omitempty"`
	Seq          truce.Seq              `json:"seq,omitempty"`
}

// AccountLine is one capability: what is needed beside what was promised and came.
type AccountLine struct {
	To         string       `json:"to"`
	Capability string       `json:"capability"`
	Name       string       `json:"name"`
	Unit       string       `json:"unit"`
	Period     truce.Period `json:"period,omitzero" doc:"of the need, else of the contributions"`
	Need       float64      `json:"need"`
	Pledged    float64      `json:"pledged"`
	Approved   float64      `json:"approved,omitempty"`
	InPlace    float64      `json:"in_place"`
	Gap        float64      `json:"gap"`
	HoursNeed  float64      `json:"hours_need,omitempty"`
	Hours      float64      `json:"hours,omitempty"`
	Shares     []ShareLine  `json:"shares,omitempty"`
}

// ShareLine is one state's part, in the order of names.
type ShareLine struct {
	State   truce.StateID `json:"state"`
	Pledged float64       `json:"pledged"`
	InPlace float64       `json:"in_place"`
	Hours   float64       `json:"hours,omitempty"`
}

// SupplyLine is a contribution in a row.
type SupplyLine struct {
	ID         string                   `json:"id"`
	State      truce.StateID            `json:"state"`
	To         string                   `json:"to"`
	Capability string                   `json:"capability"`
	Name       string                   `json:"name"`
	Quantity   float64                  `json:"quantity"`
	Unit       string                   `json:"unit"`
	Period     truce.Period             `json:"period,omitzero"`
	Steps      []truce.ContributionStep `json:"steps"`
	Seq        truce.Seq                `json:"seq,omitempty"`
}

// Answer is what a person says to an alert.
type Answer struct {
	Kind     truce.AcknowledgeKind
	Position truce.Position
	Text     string
}

// Acknowledged is an answer on record.
type Acknowledged struct {
	Acknowledgement truce.Acknowledgement `json:"acknowledgement"`
	Seq             truce.Seq             `json:"seq"`
	Known           bool                  `json:"known,omitempty" doc:"it was on record before: the same CAP message came again"`
}

// Outcome is what a deed came to.
type Outcome struct {
	Number string     `json:"case_number"`
	Steps  []StepLine `json:"steps"`
}

// Reviewed is what a step of review came to.
type Reviewed struct {
	Outcome  truce.Occurrence `json:"outcome,omitempty"` // "": waits for a second person
	Changed  bool             `json:"changed"`
	Revision int              `json:"revision"`
	Seq      truce.Seq        `json:"seq"`
}
