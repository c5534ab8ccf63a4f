package access

import (
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// SeesCase says whether a person sees a case from inside: clocks, gates, reasons.
func SeesCase(p truce.Person) bool { return !p.Withdrawn && Inside(p.Role) }

// Inside says whether a role sees cases from inside, and reads of alerts the reasons, too.
func Inside(r truce.Role) bool { return See(r, ItemLadder) == ViewAll }

// SeesAlert says whether a person may read an alert: all of them, or those sent to the own
// party or state.
func SeesAlert(p truce.Person, a truce.Alert) bool {
	if SeesCase(p) {
		return true
	}
	return !p.Withdrawn && See(p.Role, ItemLadder) == ViewOwnAlerts && slices.ContainsFunc(a.To, func(r truce.AlertRecipient) bool {
		return r.Party != "" && r.Party == p.Party
	})
}

// SeesAcknowledgement says whether a person sees who answered what.
func SeesAcknowledgement(p truce.Person, a truce.Acknowledgement) bool {
	return SeesCase(p) || !p.Withdrawn && a.Party != "" && a.Party == p.Party
}

// SeesCommitment says whether a person sees a promise in detail.
func SeesCommitment(p truce.Person, c truce.Commitment) bool { return seesPledge(p, c.State) }

// SeesContribution says whether a person sees a contribution in detail.
func SeesContribution(p truce.Person, c truce.Contribution) bool { return seesPledge(p, c.State) }

func seesPledge(p truce.Person, of truce.StateID) bool {
	if p.Withdrawn {
		return false
	}
	switch See(p.Role, ItemPledges) {
	case ViewAll:
		return true
	case ViewOwnTotals:
		return of != "" && of == p.State
	}
	return false
}

// SeesTotals says whether a role sees sums over states.
func SeesTotals(role truce.Role) bool {
	switch See(role, ItemPledges) {
	case ViewAll, ViewOwnTotals, ViewTotals:
		return true
	}
	return false
}

// EntersFor says whether a person may enter a promise or contribution of a state: its
// own, or any for the mechanism.
func EntersFor(p truce.Person, v Verb, of truce.StateID) error {
	if err := May(p, v); err != nil {
		return err
	}
	if p.Role != truce.RoleMechanism && p.State != of {
		return truce.Errorf(truce.CodeForbidden, "%s (%s) enters for %s only, not for %s", p.ID, title(p), p.State, of)
	}
	return nil
}

func title(p truce.Person) string {
	if p.Office == "" {
		return string(p.Role)
	}
	return strings.ReplaceAll(string(p.Office), "_", " ")
}

func words(v Verb) string { return strings.ReplaceAll(string(v), "_", " ") }

func list(offices []truce.Office) string {
	names := make([]string, len(offices))
	for i, o := range offices {
		names[i] = strings.ReplaceAll(string(o), "_", " ")
	}
	return strings.Join(names, ", ")
}
