package truce

// ObservationQuery asks for observations that overlap [From, To), oldest first. A zero
// From or To is open.
type ObservationQuery struct {
	Kind   ObservationKind // "" for all
	Source SourceID        // "" for all
	From   Instant
	To     Instant
}

// EventQuery asks for the current revision of events.
type EventQuery struct {
	From Instant // the origin begins in [From, To); a zero end is open
	To   Instant
	IDs  []ID // when set, only these

	// Brief gives of each event only id, revision, kind, origin and support.
	Brief bool
}

// IncidentQuery asks for the current revision of incidents, newest first unless
// OldestFirst. Zero values ask for everything. An incident belongs to the [From, To)
// it begins in. A rule without a verdict means that its verdict is not outside_scope.
type IncidentQuery struct {
	From        Instant
	To          Instant
	Act         Act
	Area        AreaID
	Occurrence  Occurrence
	Rule        RuleID
	Verdict     Verdict
	Label       Label
	AsOf        RecordedTime // as the records stood at this time; 0: as they stand now
	Replaced    bool         // include incidents merged into another
	Brief       bool         // findings without clause and trace, nine tenths of their text
	OldestFirst bool
	Offset      int
	Limit       int // 0: no bound
}

// IncidentRow is an incident with the evaluation that stands for it now.
type IncidentRow struct {
	Incident   Incident     `json:"incident"`
	Evaluation *Evaluation  `json:"evaluation,omitempty"` // nil until evaluated
	Seq        Seq          `json:"seq,string"`           // of the incident's record
	Recorded   RecordedTime `json:"recorded"`
}

// IncidentPage is a slice of a longer list.
type IncidentPage struct {
	Rows  []IncidentRow `json:"rows"`
	Total int           `json:"total"`
}

// ImportCount is what one source brought in, for the coverage and import pages.
type ImportCount struct {
	Source      SourceID `json:"source"`
	Accepted    int      `json:"accepted"`
	Quarantined int      `json:"quarantined"`
}

// DayCount is a number of rows on a UTC day.
type DayCount struct {
	Day   Day `json:"day"`
	Count int `json:"count"`
}

// CaseQuery asks for cases, the highest tier first, within a tier the last active first.
// Zero values ask for everything.
type CaseQuery struct {
	State        CaseState
	Areas        []AreaID   // in one of these
	MinRank      int        // of the tier
	Path         string     // opened by this path
	NoPath       bool       // opened by none
	ActiveSince  Instant    // last active at this time or later
	DueBy        Instant    // with a clock that is due by this time
	ChangedAfter Seq        // the last step came after this record
	Waits        *DutyQuery // something in them waits for this person; its Limit is not looked at
	Limit        int        // 0: no bound
	After        *CaseMark
}

// DutyQuery asks what waits in the cases for whoever holds an office.
type DutyQuery struct {
	Office Office   // empty: nothing waits
	Whose  string   // the party or state of who holds it; clocks of another are not asked for
	Person PersonID // who does not sign twice: a passage signed by this person is left out
	Limit  int      // 0: no bound
}

// GateRow is a gate of a proposed passage that nobody has signed yet.
type GateRow struct {
	Case     CaseID  `json:"case"`
	Tier     TierID  `json:"tier"`
	Down     bool    `json:"down,omitempty"`
	To       TierID  `json:"to,omitempty"`
	Path     string  `json:"path,omitempty"`
	Gate     int     `json:"gate"` // of the passage, from 1
	Proposed Instant `json:"proposed"`
}

// ClockRow is a clock that has not ended.
type ClockRow struct {
	Case  CaseID  `json:"case"`
	Clock string  `json:"clock"`
	For   string  `json:"for,omitempty"`
	Round int     `json:"round"`
	Due   Instant `json:"due"`
}

// CaseMark is a place in the list of cases; a page begins behind it.
type CaseMark struct {
	Rank   int
	Active Instant
	ID     CaseID
}

// CaseRow is a case as its last step summed it up.
type CaseRow struct {
	ID       CaseID       `json:"id"`
	Steps    int          `json:"steps"`
	Seq      Seq          `json:"seq,string"` // of the last step, the number an Expect names
	Recorded RecordedTime `json:"recorded"`   // the last step
	Summary  CaseSummary  `json:"summary"`
	Version  string       `json:"version,omitempty"` // of the agreement it was opened under
}

// CaseCount is how many open cases of one version of the agreement are in one tier.
type CaseCount struct {
	Version string `json:"version"`
	Rank    int    `json:"rank"` // of the tier, by that version's ladder; 0: in none yet
	Cases   int    `json:"cases"`
}

// Mark is the row's place in the list.
func (r CaseRow) Mark() CaseMark {
	return CaseMark{Rank: r.Summary.Rank, Active: r.Summary.Active(), ID: r.ID}
}

// Active is when the case was last active; one without an incident, when it was opened.
func (s CaseSummary) Active() Instant {
	if s.Last == 0 {
		return s.Opened
	}
	return s.Last
}

// CasePage is a slice of a longer list.
type CasePage struct {
	Rows  []CaseRow `json:"rows"`
	Total int       `json:"total"` // of the whole list
}

// CaseStepRow is a step as recorded.
type CaseStepRow struct {
	Seq      Seq          `json:"seq,string"`
	Recorded RecordedTime `json:"recorded"`
	CaseStep
}

// WakeRow is a wake that stands, with the record that set it.
type WakeRow struct {
	Subject string  `json:"subject"`
	Name    string  `json:"name"`
	Due     Instant `json:"due"`
	Seq     Seq     `json:"seq,string"`
}

// WakeCount is how many wakes stand.
type WakeCount struct {
	Total int     `json:"total"`
	Due   int     `json:"due"`
	Next  Instant `json:"next,omitzero"` // the earliest, due or not; 0: there is none
}

// AlertQuery asks for alerts, newest record first. Zero values ask for everything. What is
// asked of a recipient must hold of one and the same.
type AlertQuery struct {
	Case     CaseID
	Kind     AlertKind
	Person   PersonID // a recipient
	Role     Role     // of a recipient
	State    StateID  // of a recipient
	Party    PartyID  // of a recipient
	Since    Instant  // released at this time or later
	Released Instant  // released by this time: nobody is shown an alert before its second

	// Unanswered: an answer is asked of the recipient's role, and nobody of the same role,
	// state and party has given what counts as one.
	Unanswered bool

	Brief  bool // without recipients and wakes, most of the text
	Before Seq  // only records before this one
	Limit  int  // 0: no bound
}

// AlertRow is an alert as recorded.
type AlertRow struct {
	Seq      Seq          `json:"seq,string"`
	Recorded RecordedTime `json:"recorded"`
	Alert
}

// DeliveryRow is a delivery's step as recorded.
type DeliveryRow struct {
	Seq      Seq          `json:"seq,string"`
	Recorded RecordedTime `json:"recorded"`
	Delivery
}

// AcknowledgementQuery asks for acknowledgements, oldest record first. Zero values ask for
// everything.
type AcknowledgementQuery struct {
	Alert  AlertID
	Case   CaseID
	Role   Role
	State  StateID
	Party  PartyID
	Person PersonID
	After  Seq // only records after this one
	Limit  int // 0: no bound
}

// AcknowledgementRow is an acknowledgement as recorded.
type AcknowledgementRow struct {
	Seq      Seq          `json:"seq,string"`
	Recorded RecordedTime `json:"recorded"`
	Acknowledgement
}

// OutboxQuery asks how alerts stand with their recipients.
type OutboxQuery struct {
	Alert AlertID // zero: of all
	DueBy Instant // what is to be done by this time, oldest first; 0: every row, those that are over too
	Limit int     // 0: no bound
}

// OutboxRow is how an alert stands with one recipient: the last step of its delivery.
type OutboxRow struct {
	Alert   AlertID       `json:"alert"`
	Person  PersonID      `json:"person"`
	Contact int           `json:"contact"` // index into the recipient's contacts
	Channel ChannelKind   `json:"channel,omitempty"`
	Attempt int           `json:"attempt"`         // 0: nothing was begun
	State   DeliveryState `json:"state,omitempty"` // "": nothing was begun
	At      Instant       `json:"at,omitzero"`     // of the last step
	Due     Instant       `json:"due"`             // when something is to be done about it
	Over    bool          `json:"over"`            // sent, or every contact was given up
}

// PersonRow is a person as the newest record says.
type PersonRow struct {
	Seq      Seq          `json:"seq,string"`
	Recorded RecordedTime `json:"recorded"`
	Person
}

// PeopleMark says which people are on record; it is another after every change of one.
type PeopleMark struct {
	Newest  Seq
	Records int
}

// CommitmentRow is a commitment as the newest record says.
type CommitmentRow struct {
	Seq      Seq          `json:"seq,string"`
	Recorded RecordedTime `json:"recorded"`
	Commitment
}

// ContributionRow is a contribution as the newest record says.
type ContributionRow struct {
	Seq      Seq          `json:"seq,string"`
	Recorded RecordedTime `json:"recorded"`
	Contribution
}

// RequirementRow is a requirement as the newest record says.
type RequirementRow struct {
	Seq      Seq          `json:"seq,string"`
	Recorded RecordedTime `json:"recorded"`
	Requirement
}

// ReviewRow is a person's step of review as recorded.
type ReviewRow struct {
	Seq      Seq          `json:"seq,string"`
	Recorded RecordedTime `json:"recorded"`
	Review
}

// AttributionRow is an attribution as recorded.
type AttributionRow struct {
	Seq      Seq          `json:"seq,string"`
	Recorded RecordedTime `json:"recorded"`
	Attribution
}

// CaseSubject is the subject of the records of a case.
func CaseSubject(id CaseID) string { return "case/" + id.String() }

// AlertSubject is the subject of the records of an alert: of itself, of its deliveries and
// of the answers to it, so that each can set and remove the others' wakes.
func AlertSubject(id AlertID) string { return "alert/" + id.String() }

// Subject is the subject of the records of a person.
func (p Person) Subject() string { return "person/" + string(p.ID) }

// Subject is the subject of the records of a commitment.
func (c Commitment) Subject() string { return "commitment/" + c.ID }

// Subject is the subject of the records of a contribution.
func (c Contribution) Subject() string { return "contribution/" + c.ID }

// Subject is the subject of the records of a requirement: what the mechanism and the force
// need of one capability are two needs, and so is what is needed in two periods.
func (r Requirement) Subject() string {
	if r.Period.From == 0 && r.Period.To == 0 {
		return r.TimelessSubject()
	}
	return r.TimelessSubject() + "/" + r.Period.From.String() + "/" + r.Period.To.String()
}

// TimelessSubject is the subject without the period, under which needs with a period were
// recorded too before needs were told apart by period.
func (r Requirement) TimelessSubject() string { return "requirement/" + r.To + "/" + r.Capability }
