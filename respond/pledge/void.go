package pledge

import (
	"slices"

	"github.com/trucewatch/truce"
)

// VoidReading is a condition under which a guarantee lapses, held against one party.
type VoidReading struct {
	Condition truce.VoidCondition
	Party     truce.PartyID
	State     truce.ConditionState
	Because   []truce.Names // one sentence an incident, in their order
}

// Void holds every condition of a commitment against every party in the same way, in the
// order of the conditions and of the parties given. A condition is met when a verified
// incident that matches it is attributed to the party to the level it asks for; unknown
// when one matches and nobody has attributed it so far; not met otherwise. Whether the
// guarantee lapses is for those who gave it to say.
func Void(c truce.Commitment, in truce.Case, parties []truce.PartyID) []VoidReading {
	var out []VoidReading
	for _, v := range c.Void {
		matching := matches(v, in)
		for _, p := range parties {
			out = append(out, readVoid(v, p, matching, in.Attributions))
		}
	}
	return out
}

// matches lists the incidents of a case that a condition speaks of.
func matches(v truce.VoidCondition, in truce.Case) []truce.CaseIncident {
	var out []truce.CaseIncident
	for _, i := range in.Incidents {
		act := len(v.Acts) == 0 || slices.Contains(v.Acts, i.Act)
		hit := slices.ContainsFunc(i.Findings, func(f truce.CaseFinding) bool {
			return f.Verdict == truce.VerdictHit && f.Severity >= v.SeverityMin && (len(v.Rules) == 0 || slices.Contains(v.Rules, f.Rule))
		})
		if act && hit && !i.Gone && !i.Occurrence.Exit() {
			out = append(out, i)
		}
	}
	return out
}

func readVoid(v truce.VoidCondition, p truce.PartyID, matching []truce.CaseIncident, attributions []truce.Attribution) VoidReading {
	r := VoidReading{Condition: v, Party: p, State: truce.ConditionNotMet}
	least := v.Attribution
	if least == "" {
		least = truce.AttributionBalance
	}
	for _, i := range matching {
		a, looked := standing(attributions, i)
		w := voidWords{incident: name(i), occurrence: i.Occurrence, party: p, level: a.Level, least: least, p: a.P}
		switch {
		case i.Occurrence != truce.OccurrenceVerified:
			r.note(truce.ConditionUnknown, w.unverified())
		case !looked || a.Level == truce.AttributionUndetermined:
			r.note(truce.ConditionUnknown, w.undetermined())
		case a.Party == p && a.Level.AtLeast(least):
			r.note(truce.ConditionMet, w.attributed())
		case a.Party == p:
			r.note(truce.ConditionUnknown, w.tooWeak())
		}
	}
	return r
}

// note keeps the strongest state: met, then unknown.
func (r *VoidReading) note(state truce.ConditionState, said truce.Names) {
	if state == truce.ConditionMet || r.State == truce.ConditionNotMet {
		r.State = state
	}
	r.Because = append(r.Because, said)
}

func standing(list []truce.Attribution, i truce.CaseIncident) (found truce.Attribution, ok bool) {
	for _, a := range list {
		if a.Incident == i.ID {
			found, ok = a, !a.Withdrawn
		}
	}
	return found, ok
}

func name(i truce.CaseIncident) string {
	if i.Number != "" {
		return i.Number
	}
	return i.ID.String()
}

func checkVoid(what string, v truce.VoidCondition) error {
	switch {
	case v.ID == "" || len(v.Names) == 0:
		return truce.Errorf(truce.CodeInvalid, "%s: a condition under which it is void needs an id and its words", what)
	case len(v.Rules)+len(v.Acts) == 0 && v.SeverityMin == 0:
		return truce.Errorf(truce.CodeInvalid, "%s: condition %s: say by rules, acts or severity when it is met", what, v.ID)
	case v.Attribution != "" && !slices.Contains(truce.AttributionLevels(), v.Attribution):
		return truce.Errorf(truce.CodeInvalid, "%s: condition %s: the attribution is %.40q; write one of %v", what, v.ID, string(v.Attribution), truce.AttributionLevels())
	}
	return nil
}
