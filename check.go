package truce

// ClaimTotal is a number that somebody states of what happened in an area and a time.
type ClaimTotal struct {
	Report    ID       `json:"report"`
	Index     int      `json:"index,omitempty"` // of the claim in the report
	Claimant  string   `json:"claimant"`        // as printed beside the quotation
	Party     PartyID  `json:"party,omitempty"` // who states it, where it is a party
	Accused   PartyID  `json:"accused,omitempty"`
	Act       Act      `json:"act,omitempty"`  // "": acts of several kinds
	Unit      Unit     `json:"unit,omitempty"` // "": not stated
	Count     int      `json:"count"`
	AtLeast   bool     `json:"at_least,omitempty"` // "more than", "over"
	Area      AreaID   `json:"area,omitempty"`     // "": everywhere the agreement watches
	AreaNamed string   `json:"area_named,omitempty"`
	Period    *Period  `json:"period,omitempty"` // nil: none stated
	Said      Instant  `json:"said"`
	Quote     string   `json:"quote"`
	Source    SourceID `json:"source"`
	Link      string   `json:"link,omitempty"`
}

// CheckVerdict is what the mission's own counts say of a total.
type CheckVerdict string

// The verdicts. None of them says who is right about whom.
const (
	CheckConfirmed     CheckVerdict = "confirmed"
	CheckContradicted  CheckVerdict = "contradicted" // only where coverage met the rule's minimum
	CheckNotComparable CheckVerdict = "not_comparable"
	CheckNotObservable CheckVerdict = "not_observable"
)

// CheckReason is why a check came out as it did.
type CheckReason string

// The reasons.
const (
	CheckWithin      CheckReason = "within"       // the total lies where the own count, given coverage, lets it lie
	CheckSeenAtLeast CheckReason = "seen_atleast" // at least as many were recorded
	CheckTooMany     CheckReason = "too_many"     // so many would have been recorded, or nearly
	CheckTooFew      CheckReason = "too_few"      // more than the total were recorded

	CheckMixedUnit CheckReason = "mixed_unit" // the total adds what cannot be added
	CheckNoUnit    CheckReason = "no_unit"    // nobody says what was counted
	CheckNoRule    CheckReason = "no_rule"    // no rule counts this act in this unit
	CheckNoPeriod  CheckReason = "no_period"  // no beginning or end is stated
	CheckNotOver   CheckReason = "not_over"   // the period ends after what is known
	CheckNoArea    CheckReason = "no_area"    // an area is named that is none of the agreement's
	CheckOrigin    CheckReason = "origin"     // it depends on whose acts they were, which is not determined
	CheckUndecided CheckReason = "undecided"  // it depends on incidents that were recorded and are not decided
	CheckNotBound  CheckReason = "not_bound"  // the rule was not in force in all of the period

	CheckCoverage CheckReason = "coverage" // less was watched than the rule asks for
	CheckNothing  CheckReason = "nothing"  // nothing recorded, and so few could have been missed
)

// OwnCount is what the mission counted under one rule in the area and time of a total.
type OwnCount struct {
	Rule     RuleID       `json:"rule"`
	Unit     Unit         `json:"unit"`
	Accused  int          `json:"accused"` // attributed to the accused party by review
	Others   int          `json:"others"`  // attributed to others
	Open     int          `json:"open"`    // not attributed
	Coverage *Probability `json:"coverage,omitempty"`

	// Undecided is what was recorded and would count if its evaluation, which is indeterminate
	// for want of evidence or certainty, came out as a hit. It is none of the three above.
	Undecided int  `json:"undecided,omitempty"`
	NotBound  bool `json:"not_bound,omitempty"` // the rule was not in force in all of the period

	Least   Probability `json:"least"` // the rule's minimum of coverage
	Matches bool        `json:"matches,omitempty"`
	Rows    []ID        `json:"rows,omitempty"` // the incidents
}

// All is what was counted, whoever did it.
func (o OwnCount) All() int { return o.Accused + o.Others + o.Open }

// Observed says whether coverage met the rule's minimum.
func (o OwnCount) Observed() bool { return o.Coverage != nil && *o.Coverage >= o.Least }

// ClaimCheck is a total held against what the mission counted, as known at a time.
type ClaimCheck struct {
	ID       ID            `json:"id"`
	Revision int           `json:"revision"`
	Total    ClaimTotal    `json:"total"`
	Verdict  CheckVerdict  `json:"verdict"`
	Reasons  []CheckReason `json:"reasons"`
	Own      []OwnCount    `json:"own,omitempty"` // that which matches first
	Rivals   []ID          `json:"rivals,omitempty"`
	Known    Instant       `json:"known"`
	Method   string        `json:"method"`
}

// Subject is what the records of a check are about.
func (c ClaimCheck) Subject() string { return "claim/" + c.ID.String() }

// Validate refuses a check that says nothing.
func (c ClaimCheck) Validate() error {
	switch {
	case c.ID.IsZero() || c.Revision < 1:
		return Errorf(CodeInvalid, "claim check: needs an id and a revision from 1")
	case c.Total.Report.IsZero() || c.Total.Count < 0 || c.Total.Said == 0:
		return Errorf(CodeInvalid, "claim check %s: its total needs a report, a number and when it was said", c.ID)
	case c.Verdict == "" || len(c.Reasons) == 0 || c.Method == "":
		return Errorf(CodeInvalid, "claim check %s: needs a verdict, a reason and the method", c.ID)
	}
	return nil
}

// ClaimCheckRow is a check as recorded.
type ClaimCheckRow struct {
	Seq      Seq          `json:"seq,string"`
	Recorded RecordedTime `json:"recorded"`
	Check    ClaimCheck   `json:"check"`
}
