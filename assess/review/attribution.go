package review

import (
	"slices"

	"github.com/trucewatch/truce"
)

// AttributionTag is what signatures over attributions begin with.
const AttributionTag = "attribution"

// Statement is what each person signs of an attribution: all but who signed, and when.
func Statement(a truce.Attribution) truce.Attribution {
	a.Signatures, a.People, a.At = nil, nil, 0
	return a
}

// CheckAttribution says why a person cannot sign an attribution; nil when it can. It
// speaks of a verified incident only and says what else was considered.
func CheckAttribution(a truce.Attribution, i truce.Incident, occurrence truce.Occurrence, signer truce.Person) error {
	switch {
	case signer.Role != truce.RoleMechanism && signer.Role != truce.RoleCommission:
		return truce.Errorf(truce.CodeForbidden, "attribution: %s is of the role %s; the mechanism and the commission attribute", signer.ID, signer.Role)
	case a.Incident != i.ID:
		return truce.Errorf(truce.CodeConflict, "attribution: speaks of another incident than %s", name(i))
	case a.Withdrawn:
		return nil
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
	return checkLengths(a)
}

// maxPoints is how many points the basis of a view, or what else was considered, may have.
const maxPoints = 50

func checkLengths(a truce.Attribution) error {
	for _, list := range []struct {
		what   string
		points []string
	}{{"the basis", a.Basis}, {"the alternatives", a.Alternatives}, {"the dissent", []string{a.Dissent}}} {
		if len(list.points) > maxPoints {
			return truce.Errorf(truce.CodeTooLarge, "attribution: %s has %d points, the most is %d: join some", list.what, len(list.points), maxPoints)
		}
		for _, point := range list.points {
			if err := truce.CheckLength("attribution: "+list.what, point, truce.MaxWords); err != nil {
				return err
			}
		}
	}
	return nil
}

// Signed is the attribution with one more person under it, who signs the same statement
// as those before; somebody who has signed already adds nothing.
func Signed(a truce.Attribution, by truce.PersonID, s truce.Signing, at truce.Instant) truce.Attribution {
	a.At = at
	if !slices.Contains(a.People, by) {
		a.People, a.Signatures = append(slices.Clone(a.People), by), append(slices.Clone(a.Signatures), s)
	}
	return a
}

// Standing is the attribution that stands on an incident: the newest that two persons have
// signed, unless it was withdrawn since or the incident is no longer verified.
func Standing(list []truce.Attribution, occurrence truce.Occurrence) (truce.Attribution, bool) {
	if occurrence != truce.OccurrenceVerified {
		return truce.Attribution{}, false
	}
	for _, a := range slices.Backward(list) {
		if a.Withdrawn {
			break
		}
		if len(a.People) >= 2 {
			return a, true
		}
	}
	return truce.Attribution{}, false
}
