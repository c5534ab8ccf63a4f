// Package access is the one table of who may see and do what: every page, command and
// request asks it, and nothing else decides.
//
// It never looks at content: what a row holds is shown whole, cut or not at all by the
// one who asks, as the View says.
//
// Read See for the handbook's matrix of visibility, May for what people do, then owns.go
// for whose rows are whose.
package access

import (
	"slices"

	"github.com/trucewatch/truce"
)

// Item is a kind of thing that roles see differently: a row of the handbook's matrix.
type Item string

// The items.
const (
	ItemRaw         Item = "raw_sensor_data"
	ItemAEL         Item = "ael"
	ItemRIB         Item = "rib"
	ItemAttribution Item = "attribution"
	ItemLadder      Item = "ladder_internals"
	ItemPledges     Item = "commitments_contributions"
)

// View is how much of an item a role sees.
type View string

// The views.
const (
	ViewNone        View = "no"
	ViewAll         View = "all"
	ViewOwnShared   View = "own side and agreed shared"
	ViewArranged    View = "by arrangement"
	ViewPerCase     View = "per case"
	ViewHealth      View = "health only"
	ViewCoarse      View = "coarse, precise on the own side"
	ViewCounts      View = "regional counts in the Daily"
	ViewEarly       View = "before release, to correct facts"
	ViewCoarseLate  View = "coarse and late"
	ViewReply       View = "with a deadline to reply"
	ViewAfter       View = "after the commission"
	ViewOwnAlerts   View = "own alerts"
	ViewTierTime    View = "tier and time"
	ViewOwnTotals   View = "own and totals"
	ViewTotals      View = "totals"
	ViewOwnPromises View = "own state's commitments"
)

// sees is the handbook's matrix (domain handbook, 7.4), a row an item, a column a role in
// the order of truce.Roles: party, mechanism, guarantor, commission, contributor, public.
var sees = map[Item][6]View{
	ItemRaw:         {ViewOwnShared, ViewAll, ViewArranged, ViewPerCase, ViewHealth, ViewNone},
	ItemAEL:         {ViewCoarse, ViewAll, ViewAll, ViewAll, ViewNone, ViewCounts},
	ItemRIB:         {ViewEarly, ViewAll, ViewAll, ViewAll, ViewAll, ViewCoarseLate},
	ItemAttribution: {ViewReply, ViewAll, ViewAll, ViewAll, ViewNone, ViewAfter},
	ItemLadder:      {ViewOwnAlerts, ViewAll, ViewAll, ViewAll, ViewOwnPromises, ViewTierTime},
	ItemPledges:     {ViewNone, ViewAll, ViewOwnTotals, ViewTotals, ViewOwnTotals, ViewTotals},
}

// See says how much of an item a role sees. An unknown role or item sees nothing.
func See(role truce.Role, item Item) View {
	column := slices.Index(truce.Roles(), role)
	row, known := sees[item]
	if column < 0 || !known {
		return ViewNone
	}
	return row[column]
}

// Verb is something people do. The deeds of cases are verbs by their own names.
type Verb string

// The verbs besides deeds.
const (
	Acknowledge   Verb = "acknowledge"    // an alert that one was sent
	ReviewIt      Verb = "review"         // sign whether an incident happened
	Attribute     Verb = "attribute"      // prepare or sign a view on responsibility
	ManagePeople  Verb = "manage_people"  // enrol and withdraw
	ConfirmPeople Verb = "confirm_people" // whom somebody else enrolled
	EnterPromise  Verb = "enter_commitment"
	EnterSupply   Verb = "enter_contribution"
	EnterNeed     Verb = "enter_requirement"
	Invoke        Verb = "invoke" // a commitment, or answer such a request
	SeeCases      Verb = "see_cases"
	SeePledges    Verb = "see_pledges"
	ExportPledges Verb = "export_pledges"
)

// Whole roles stand for every office of theirs.
var (
	mechanism = []truce.Office{truce.OfficeWatchOfficer, truce.OfficeWatchLead, truce.OfficeAnalyst, truce.OfficeDutyHead, truce.OfficeMechanismLead}
	leads     = []truce.Office{truce.OfficeWatchLead, truce.OfficeDutyHead, truce.OfficeMechanismLead}
	analysts  = []truce.Office{truce.OfficeAnalyst, truce.OfficeDutyHead}
	guarantor = []truce.Office{truce.OfficeDutyOfficer, truce.OfficeDeputy, truce.OfficeMinistry, truce.OfficeHead}
	council   = []truce.Office{truce.OfficeMember, truce.OfficeChair}
	chair     = []truce.Office{truce.OfficeChair}
	liaison   = []truce.Office{truce.OfficeLiaison}
	planner   = []truce.Office{truce.OfficePlanner}
)

// may says which offices may do what. Who manages people neither reviews nor attributes,
// and confirms nobody: an administrator alone verifies nothing, and makes nobody who does.
var may = map[Verb][]truce.Office{
	Verb(truce.DeedSign):      slices.Concat(mechanism, council, guarantor),
	Verb(truce.DeedRefuse):    slices.Concat(mechanism, council, guarantor),
	Verb(truce.DeedMeet):      slices.Concat(liaison, mechanism, council, guarantor),
	Verb(truce.DeedPause):     slices.Concat(leads, chair, guarantor),
	Verb(truce.DeedResume):    slices.Concat(leads, chair, guarantor),
	Verb(truce.DeedMoveT0):    slices.Concat(leads, chair),
	Verb(truce.DeedComplain):  liaison,
	Verb(truce.DeedState):     liaison,
	Verb(truce.DeedDetermine): chair,
	Verb(truce.DeedCall):      slices.Concat(liaison, leads, chair, guarantor),
	Verb(truce.DeedJoin):      slices.Concat(council, guarantor),
	Verb(truce.DeedMinute):    slices.Concat(leads, council),
	Verb(truce.DeedPropose):   slices.Concat(council, guarantor),
	Verb(truce.DeedVote):      guarantor,
	Verb(truce.DeedDecide):    chair,
	Verb(truce.DeedRemedy):    slices.Concat(liaison, analysts, leads, council),
	Verb(truce.DeedMove):      mechanism,
	Verb(truce.DeedClose):     slices.Concat(leads, chair, []truce.Office{truce.OfficeWatchOfficer}),
	Verb(truce.DeedReopen):    slices.Concat(leads, chair),
	Verb(truce.DeedNote):      slices.Concat(mechanism, council, guarantor),
	Acknowledge:               slices.Concat(liaison, mechanism, council, guarantor),
	ReviewIt:                  analysts,
	Attribute:                 slices.Concat(analysts, council),
	ManagePeople:              {truce.OfficeMechanismLead},
	ConfirmPeople:             slices.Concat([]truce.Office{truce.OfficeWatchLead, truce.OfficeDutyHead}, council),
	EnterPromise:              slices.Concat(guarantor, []truce.Office{truce.OfficeMechanismLead}),
	EnterSupply:               slices.Concat(guarantor, planner, []truce.Office{truce.OfficeMechanismLead}),
	EnterNeed:                 {truce.OfficeMechanismLead},
	Invoke:                    slices.Concat(guarantor, chair),
	SeeCases:                  slices.Concat(mechanism, council, guarantor),
	SeePledges:                slices.Concat(mechanism, council, guarantor, planner),
	ExportPledges:             slices.Concat(mechanism, council, guarantor, planner),
}

// reading are the verbs that leave nothing on record. The others wait until the person's
// enrolment stands.
var reading = []Verb{SeeCases, SeePledges, ExportPledges}

// May says whether a person may do something at all; nil is yes. Whether the case, the
// clock or the gate lets it happen now is asked of the ladder.
func May(p truce.Person, v Verb) error {
	offices, known := may[v]
	switch {
	case !known:
		return truce.Errorf(truce.CodeForbidden, "%.40q is nothing that can be done", string(v))
	case p.Withdrawn:
		return truce.Errorf(truce.CodeForbidden, "%s was withdrawn", p.ID)
	case p.Office.Role() != p.Role || !slices.Contains(offices, p.Office):
		return truce.Errorf(truce.CodeForbidden, "%s (%s) may not %s; those who may: %s", p.ID, title(p), words(v), list(offices))
	case !p.Stands() && !slices.Contains(reading, v):
		return truce.Errorf(truce.CodeForbidden, "%s may not %s yet: the enrolment waits to be confirmed by somebody else (%s)", p.ID, words(v), list(may[ConfirmPeople]))
	}
	return nil
}
