package truce

import (
	"strconv"
	"strings"
)

// Ladder is the response an agreement foresees, as terms: which findings lift a case to
// which tier, through whose hands, under which clocks, who is told and who must answer.
// The machine proposes a tier; people enter it.
type Ladder struct {
	Names    Names     `json:"names"`
	Standing Standing  `json:"standing"`
	Source   Names     `json:"source,omitempty"` // where the scheme was made public, when it is not agreed
	T0       T0Basis   `json:"t0"`               // what the clocks count from unless they say otherwise
	Gather   Gather    `json:"gather"`
	Tiers    []Tier    `json:"tiers"` // lowest first
	Paths    []Path    `json:"paths,omitempty"`
	Down     []Descent `json:"down,omitempty"`
	Consult  Consult   `json:"consult"`
	Reply    Micros    `json:"reply_us,omitempty"` // how long each party may take to reply to a view on responsibility; 0: DefaultReply
}

// ReplyClock says whether a name is of those that clocks of views on responsibility are
// given: "reply-" and the number or the id of the incident. No other clock has one.
func ReplyClock(id string) bool {
	rest, ok := strings.CutPrefix(id, replyClock)
	return ok && rest != "" && rest[0] >= '0' && rest[0] <= '9'
}

// ReplyClockOf is the name of the clock of the nth view on an incident, from 1.
func ReplyClockOf(incident string, nth int) string {
	if nth > 1 {
		return replyClock + incident + "-" + strconv.Itoa(nth)
	}
	return replyClock + incident
}

const replyClock = "reply-"

// ReplyWithin is how long each party may take to reply to a view on responsibility.
func (l Ladder) ReplyWithin() Micros {
	if l.Reply > 0 {
		return l.Reply
	}
	return DefaultReply
}

// Standing is how firm a text is.
type Standing string

// The standings of a ladder.
const (
	StandingReported     Standing = "reported" // by press or other third parties
	StandingProposed     Standing = "proposed"
	StandingIllustrative Standing = "illustrative"
	StandingAgreed       Standing = "agreed"
)

// TierID names a tier, e.g. "T1".
type TierID string

// T0Basis is what a clock counts from. All are kept of every case; the ladder chooses.
type T0Basis string

// The bases. T0Entered is for clocks of a tier that count from the tier's own beginning.
const (
	T0Event      T0Basis = "event"      // the earliest incident of the case began
	T0Detected   T0Basis = "detected"   // the mechanism first had it on record
	T0Verified   T0Basis = "verified"   // two analysts had signed the first of its incidents
	T0Determined T0Basis = "determined" // the political body decided
	T0Complaint  T0Basis = "complaint"  // a party asked for verification
	T0Entered    T0Basis = "entered"    // the tier was entered; of clocks only
)

// T0Bases lists the bases a case keeps.
func T0Bases() []T0Basis {
	return []T0Basis{T0Event, T0Detected, T0Verified, T0Determined, T0Complaint}
}

// Gather says which incidents belong to one case: those that begin at most Within after
// its last activity and lie within RadiusM of one of its incidents.
type Gather struct {
	Within  Micros  `json:"within_us"`
	RadiusM float64 `json:"radius_m,omitempty"` // 0: anywhere
}

// Tier is one level of the ladder.
type Tier struct {
	ID      TierID      `json:"id"`
	Names   Names       `json:"names"`
	Enter   Criteria    `json:"enter"`
	Gates   []Gate      `json:"gates"` // all must sign; never empty
	Clocks  []ClockTerm `json:"clocks,omitempty"`
	Tell    []Role      `json:"tell,omitempty"` // parties are told together or not at all
	Answer  *AnswerTerm `json:"answer,omitempty"`
	Duties  []DutyTerm  `json:"duties,omitempty"`
	Public  Names       `json:"public,omitempty"` // what the public is told of the tier
	Consult bool        `json:"consult,omitempty"`
}

// Gate is one signature that a passage needs. Two gates of a passage are signed by two
// different persons.
type Gate struct {
	Office      Office           `json:"office"`
	Attribution AttributionLevel `json:"attribution,omitempty"` // cannot be signed below this level; "" for any
}

// Criteria hold when every condition that is set holds. Times are microseconds, as in
// every record.
type Criteria struct {
	Rules       []RuleID         `json:"rules,omitempty"` // look at hits of these rules only; none: of all
	Acts        []Act            `json:"acts,omitempty"`  // look at incidents of these acts only; none: of all
	SeverityMin int              `json:"severity_min,omitempty"`
	Occurrence  Occurrence       `json:"occurrence,omitempty"`  // at least
	Attribution AttributionLevel `json:"attribution,omitempty"` // at least
	Hits        int              `json:"hits,omitempty"`        // so many that count, in Unit
	Unit        Unit             `json:"unit,omitempty"`        // "": incidents with a hit
	Areas       int              `json:"areas,omitempty"`       // in so many reporting areas
	Within      Micros           `json:"within_us,omitempty"`   // look at what began so long before now
	Lasting     Micros           `json:"lasting_us,omitempty"`  // first to last at least
	After       Micros           `json:"after_us,omitempty"`    // since the chosen T0 at least
	Unexplained Micros           `json:"unexplained_us,omitempty"`
	AdvanceM    float64          `json:"advance_m,omitempty"` // verified movement of a line
	BlindShare  Probability      `json:"blind_share,omitempty"`
	BlindFor    Micros           `json:"blind_for_us,omitempty"`
	Any         []Criteria       `json:"any,omitempty"` // one of these at least, besides the above
}

// ClockTerm is a deadline of a tier. Every is for those that begin anew when met or missed.
type ClockTerm struct {
	ID    string  `json:"id"` // within the ladder, e.g. "warning"
	Names Names   `json:"names"`
	Basis T0Basis `json:"basis"`
	Due   Micros  `json:"due_us"`
	Every Micros  `json:"every_us,omitempty"`
	Owner Office  `json:"owner"`              // who must do it
	Each  bool    `json:"each,omitempty"`     // each party, or each guarantor, has its own
	Warns Micros  `json:"warns_us,omitempty"` // the owner is told so long before
}

// Following is the first time after another on the schedule of a clock that begins anew; of one
// that does not, the time it is due.
func (t ClockTerm) Following(due, after Instant) Instant {
	if t.Every <= 0 || due > after {
		return due
	}
	rounds := (int64(after)-int64(due))/int64(t.Every) + 1
	return due + Instant(rounds*int64(t.Every))
}

// AnswerTerm asks those who were told to acknowledge, and says who is told next when they do not.
type AnswerTerm struct {
	Role     Role             `json:"role"`
	Least    AcknowledgeKind  `json:"least"` // the least that counts as an answer
	Within   Micros           `json:"within_us"`
	Escalate []EscalationTerm `json:"escalate,omitempty"`
}

// EscalationTerm is one step upward: this office is told when so long has gone since the
// release without an answer.
type EscalationTerm struct {
	Office Office `json:"office"`
	After  Micros `json:"after_us"`
}

// DutyTerm is something a tier asks of somebody without a deadline.
type DutyTerm struct {
	Office Office `json:"office"`
	Names  Names  `json:"names"`
}

// Path is a way beside the ladder: when its criteria hold, its tiers are proposed at once.
type Path struct {
	ID     string      `json:"id"` // e.g. "monitors", "blind"
	Names  Names       `json:"names"`
	Enter  Criteria    `json:"enter"`
	Tiers  []TierID    `json:"tiers"`
	Own    bool        `json:"own_case,omitempty"` // it is a case by itself, e.g. a blind sector
	Clocks []ClockTerm `json:"clocks,omitempty"`   // start when the path opens
	Civil  bool        `json:"civil_protection,omitempty"`
}

// Descent is a way down: after Quiet without activity, and a remedy accepted where asked.
type Descent struct {
	From   TierID `json:"from"`
	To     TierID `json:"to,omitempty"` // "": the case closes
	Quiet  Micros `json:"quiet_us"`
	Remedy bool   `json:"remedy,omitempty"`
	Gates  []Gate `json:"gates"`
}

// Consult are the rules of a consultation.
type Consult struct {
	Callers  []Caller    `json:"callers,omitempty"`
	Quorum   Probability `json:"quorum"`             // share of the guarantors that must be present
	Majority Probability `json:"majority"`           // share of those present and voting that carries; 1 is consensus
	EachOwn  bool        `json:"each_own,omitempty"` // each state decides for itself; the tally is shown, nothing is carried
}

// Caller is who may call a consultation: so many of a role.
type Caller struct {
	Role  Role `json:"role"`
	Count int  `json:"count"`
}

// Tier finds a tier.
func (l Ladder) Tier(id TierID) (Tier, bool) {
	for _, t := range l.Tiers {
		if t.ID == id {
			return t, true
		}
	}
	return Tier{}, false
}

// Rank is the tier's place from 1; 0 for "" and for a tier that is none.
func (l Ladder) Rank(id TierID) int {
	for i, t := range l.Tiers {
		if t.ID == id {
			return i + 1
		}
	}
	return 0
}
