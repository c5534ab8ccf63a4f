package access

import (
	"maps"
	"slices"
	"testing"

	"github.com/trucewatch/truce"
)

// handbook is the matrix of visibility as the handbook prints it (7.4), cut to its words.
var handbook = []struct {
	item                                                          Item
	party, mechanism, guarantor, commission, contributor, publicV View
}{
	{ItemRaw, "own side and agreed shared", "all", "by arrangement", "per case", "health only", "no"},
	{ItemAEL, "coarse, precise on the own side", "all", "all", "all", "no", "regional counts in the Daily"},
	{ItemRIB, "before release, to correct facts", "all", "all", "all", "all", "coarse and late"},
	{ItemAttribution, "with a deadline to reply", "all", "all", "all", "no", "after the commission"},
	{ItemLadder, "own alerts", "all", "all", "all", "own state's commitments", "tier and time"},
	{ItemPledges, "no", "all", "own and totals", "totals", "own and totals", "totals"},
}

func TestMatrixOfVisibilityIsTheHandbooks(t *testing.T) {
	for _, row := range handbook {
		want := []View{row.party, row.mechanism, row.guarantor, row.commission, row.contributor, row.publicV}
		for i, role := range truce.Roles() {
			if got := See(role, row.item); got != want[i] {
				t.Errorf("%s sees of %s: %q, the handbook says %q", role, row.item, got, want[i])
			}
		}
	}
	if len(handbook) != len(sees) || See("king", ItemRaw) != ViewNone || See(truce.RoleMechanism, "crown") != ViewNone {
		t.Error("an unknown role or item sees something, or an item is in no row")
	}
}

// everybody is one person of each office, of each of two parties and states.
func everybody() []truce.Person {
	out := []truce.Person{{ID: "anyone", Role: truce.RolePublic}}
	for _, office := range truce.Offices() {
		p := truce.Person{ID: truce.PersonID(office), Role: office.Role(), Office: office}
		switch office.Role() {
		case truce.RoleParty:
			for _, party := range []truce.PartyID{"A", "B"} {
				p.ID, p.Party = truce.PersonID("liaison-"+string(party)), party
				out = append(out, p)
			}
		case truce.RoleGuarantor, truce.RoleContributor:
			for _, state := range []truce.StateID{"FA", "FB"} {
				p.State = state
				out = append(out, p)
			}
		default:
			out = append(out, p)
		}
	}
	return out
}

// verbs are all that the table knows, in the order of their names.
func verbs() []Verb { return slices.Sorted(maps.Keys(may)) }

func TestEveryVerbHasSomebodyAndNobodyHasAll(t *testing.T) {
	for _, deed := range truce.DeedKinds() {
		if len(may[Verb(deed)]) == 0 {
			t.Errorf("nobody may %s", deed)
		}
	}
	for _, v := range verbs() {
		n := 0
		for _, p := range everybody() {
			if May(p, v) == nil {
				n++
			}
		}
		if n == 0 || n == len(everybody()) {
			t.Errorf("%s: %d of %d may", v, n, len(everybody()))
		}
	}
	for _, p := range everybody() {
		if p.Role == truce.RolePublic && slices.ContainsFunc(verbs(), func(v Verb) bool { return May(p, v) == nil }) {
			t.Error("the public may do something")
		}
	}
}

func TestPartiesMayTheSame(t *testing.T) {
	a, b := truce.Person{ID: "a", Role: truce.RoleParty, Office: truce.OfficeLiaison, Party: "A"}, truce.Person{ID: "b", Role: truce.RoleParty, Office: truce.OfficeLiaison, Party: "B"}
	for _, v := range verbs() {
		if (May(a, v) == nil) != (May(b, v) == nil) {
			t.Errorf("%s: one party may and the other may not", v)
		}
	}
}

func TestWhoManagesPeopleVerifiesNothing(t *testing.T) {
	for _, p := range everybody() {
		if May(p, ManagePeople) == nil && (May(p, ReviewIt) == nil || May(p, Attribute) == nil) {
			t.Errorf("%s manages people and verifies", p.ID)
		}
		if p.Role == truce.RoleParty && (May(p, ReviewIt) == nil || May(p, Attribute) == nil || May(p, Verb(truce.DeedSign)) == nil) {
			t.Errorf("%s of a party verifies or passes a gate", p.ID)
		}
	}
}

// TestWhoEnrolsConfirmsNobody: an enrolment takes two offices, and until it stands the
// person reads and does nothing that counts.
func TestWhoEnrolsConfirmsNobody(t *testing.T) {
	for _, p := range everybody() {
		if May(p, ManagePeople) == nil && May(p, ConfirmPeople) == nil {
			t.Errorf("%s enrols and confirms", p.ID)
		}
		waiting, read := p, 0
		waiting.Enrolment = &truce.Enrolment{Kind: truce.EnrolmentInvited, Opened: 1}
		for _, v := range verbs() {
			if May(waiting, v) != nil {
				continue
			}
			if read++; v != SeeCases && v != SeePledges && v != ExportPledges {
				t.Errorf("%s, who was not confirmed, may %s", p.ID, v)
			}
		}
		waiting.Enrolment.Confirmed = &truce.Signing{By: "somebody"}
		for _, v := range verbs() {
			if (May(p, v) == nil) != (May(waiting, v) == nil) {
				t.Errorf("%s, once confirmed: %s", p.ID, v)
			}
		}
		if SeesCase(p) && read == 0 {
			t.Errorf("%s, who was not confirmed, reads nothing", p.ID)
		}
	}
}

func TestWithdrawnAndForeignOfficesMayNothing(t *testing.T) {
	gone := truce.Person{ID: "x", Role: truce.RoleMechanism, Office: truce.OfficeMechanismLead, Withdrawn: true}
	foreign := truce.Person{ID: "y", Role: truce.RoleParty, Office: truce.OfficeChair, Party: "A"}
	for _, p := range []truce.Person{gone, foreign} {
		for _, v := range verbs() {
			if May(p, v) == nil {
				t.Errorf("%s may %s", p.ID, v)
			}
		}
	}
	if SeesCase(gone) || SeesCommitment(gone, truce.Commitment{}) || May(everybody()[3], "crown") == nil {
		t.Error("a withdrawn person sees, or an unknown verb is allowed")
	}
}

func TestRowsAreSeenByThoseTheyBelongTo(t *testing.T) {
	toBoth := truce.Alert{To: []truce.AlertRecipient{{Party: "A"}, {Party: "B"}, {State: "FA"}}}
	toStates := truce.Alert{To: []truce.AlertRecipient{{State: "FA"}}}
	promise := truce.Commitment{State: "FA"}
	for _, p := range everybody() {
		inside := p.Role == truce.RoleMechanism || p.Role == truce.RoleGuarantor || p.Role == truce.RoleCommission
		if SeesCase(p) != inside {
			t.Errorf("%s sees cases: %v", p.ID, !inside)
		}
		if SeesAlert(p, toBoth) != (inside || p.Role == truce.RoleParty) || SeesAlert(p, toStates) != inside {
			t.Errorf("%s: sees an alert it should not, or not the one it should", p.ID)
		}
		own := p.Role == truce.RoleMechanism || p.State == "FA"
		if SeesCommitment(p, promise) != own || SeesContribution(p, truce.Contribution{State: "FA"}) != own {
			t.Errorf("%s %s: sees the promise of FA: %v", p.ID, p.State, !own)
		}
		if SeesTotals(p.Role) != (p.Role != truce.RoleParty) {
			t.Errorf("%s: totals", p.ID)
		}
		if SeesAcknowledgement(p, truce.Acknowledgement{Party: "A"}) != (inside || p.Party == "A") {
			t.Errorf("%s: sees the answer of party A", p.ID)
		}
		if err := EntersFor(p, EnterPromise, "FA"); (err == nil) != (p.Role == truce.RoleGuarantor && p.State == "FA" || p.Office == truce.OfficeMechanismLead) {
			t.Errorf("%s %s: enters for FA: %v", p.ID, p.State, err)
		}
	}
}
