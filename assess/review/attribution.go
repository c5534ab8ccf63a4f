package review

import (
	"slices"

	"github.com/trucewatch/truce"
)

// AttributionTag is what signatures over attributions begin with.
const AttributionTag = "attribution"

// UnsignedAttribution is the attribution as it is signed.
func UnsignedAttribution(a truce.Attribution) truce.Attribution {
	a.Signatures = nil
	return a
}

// CheckAttribution says why an attribution cannot be recorded. It stands on a verified
// incident only, is signed by two persons, and says what else was considered.
func CheckAttribution(a truce.Attribution, i truce.Incident, occurrence truce.Occurrence, signers []truce.Person) error {
	if a.Incident != i.ID {
		return truce.Errorf(truce.CodeConflict, "attribution: speaks of another incident than %s", name(i))
	}
	if a.Withdrawn {
		return checkSigners(a, signers, 1)
	}
	switch {
	case occurrence != truce.OccurrenceVerified:
		return truce.Errorf(truce.CodeConflict, "attribution: incident %s is %s; only a verified one is attributed: two analysts review it first", name(i), occurrence)
	case !slices.Contains(truce.AttributionLevels(), a.Level) || a.Level == truce.AttributionNotAssessed:
		return truce.Errorf(truce.CodeInvalid, "attribution: the level is %.40q; write undetermined, reasonable_grounds, balance or clear_convincing", string(a.Level))
	case (a.Level == truce.AttributionUndetermined) != (a.Party == ""):
		return truce.Errorf(truce.CodeInvalid, "attribution: an undetermined one names no party, any other names one")
	case a.Party != "" && (len(a.Basis) == 0 || len(a.Alternatives) == 0):
		return truce.Errorf(truce.CodeInvalid, "attribution: needs its basis and the alternatives that were considered")
	case !a.P.Valid():
		return truce.Errorf(truce.CodeInvalid, "attribution: p is %v, want 0 to 1", float64(a.P))
	}
	return checkSigners(a, signers, 2)
}

func checkSigners(a truce.Attribution, signers []truce.Person, least int) error {
	var different []truce.PersonID
	for _, p := range signers {
		if p.Role != truce.RoleMechanism && p.Role != truce.RoleCommission {
			return truce.Errorf(truce.CodeForbidden, "attribution: %s is of the role %s; the mechanism and the commission attribute", p.ID, p.Role)
		}
		if slices.Contains(a.People, p.ID) && !slices.Contains(different, p.ID) {
			different = append(different, p.ID)
		}
	}
	if len(different) < least {
		return truce.Errorf(truce.CodeForbidden, "attribution: %d of %d needed signatures by different persons", len(different), least)
	}
	return nil
}

// Standing is the attribution that stands on an incident: the newest one, unless it was
// withdrawn or the incident is no longer verified.
func Standing(list []truce.Attribution, occurrence truce.Occurrence) (truce.Attribution, bool) {
	if len(list) == 0 || occurrence != truce.OccurrenceVerified || list[len(list)-1].Withdrawn {
		return truce.Attribution{}, false
	}
	return list[len(list)-1], true
}
