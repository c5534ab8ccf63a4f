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
	Replaced    bool // include incidents merged into another
	Brief       bool // findings without clause and trace, nine tenths of their text
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
