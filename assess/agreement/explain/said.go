package explain

import (
	"slices"
	"time"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// bound says whom a rule binds, what of an origin it takes for known, what a hit does, and
// what the rule tells apart beside its count.
func (t *Text) bound(r *agreement.Rule) []string {
	var out []string
	switch {
	case r.Kind == agreement.KindLimit, r.Bearer == agreement.BearerEach:
	case r.Bearer == agreement.BearerController:
		out = append(out, t.say("bearer.controller"))
	default:
		out = append(out, t.say("bearer.party", "party", t.party(truce.PartyID(r.Bearer))))
	}
	if len(r.AreaOnly) > 0 {
		out = append(out, t.say("origin.area", "acts", t.acts(r.AreaOnly)))
	}
	if r.OpensGap {
		out = append(out, t.say("effect.gap"))
	}
	if len(r.Reports) == 0 {
		return out
	}
	heads := make([]string, len(r.Reports))
	for i, head := range r.Reports {
		heads[i] = t.say("head." + string(head))
	}
	key := "report.limit"
	if r.Kind == agreement.KindRequire {
		key = "report.store"
	}
	return append(out, t.say(key, "heads", t.list(heads, "and")))
}

// stepTime is the time over which the number of a phase counts.
func (t *Text) stepTime(r *agreement.Rule) string {
	if r.Limit == nil {
		return ""
	}
	return t.say("per." + string(r.Limit.Per))
}

// imagery says what two images need so that their difference shows a change.
func (t *Text) imagery(i *agreement.ImageDiff) string {
	var parts []string
	if i.BeforeMax > 0 {
		parts = append(parts, t.say("imagery.age", "age", t.length(i.BeforeMax)))
	}
	if i.GSDM > 0 {
		parts = append(parts, t.say("imagery.size", "m", t.metres(i.GSDM)))
	}
	key := "imagery"
	if len(parts) == 0 {
		key = "imagery.any"
	}
	text := t.say(key, "terms", t.list(parts, "and"))
	if len(i.Or) > 0 {
		text += " " + t.say("imagery.or", "list", t.named("proof", i.Or))
	}
	return text
}

// joins says which incidents count as one: by the rule's own pause and radius, else by
// those of its unit. A unit that joins nothing is counted each by itself.
func (t *Text) joins(r *agreement.Rule) []string {
	gap, radius := r.Gap, r.RadiusM
	or := func(d time.Duration, m float64) {
		if gap == 0 {
			gap = d
		}
		if radius == 0 {
			radius = m
		}
	}
	key := ""
	switch r.Unit {
	case truce.UnitEngagement:
		or(agreement.EngagementGap, float64(agreement.EngagementRadius))
		key = "joins.engagement"
	case truce.UnitSalvo:
		or(agreement.SalvoSpan, float64(agreement.SalvoRadius))
		key = "joins.salvo"
	case truce.UnitObjectDay:
		or(0, float64(agreement.ObjectRadius))
		key = "joins.object_day"
		if r.Limit != nil && capped(r) {
			key = "joins.object_day.number"
		}
	default:
		if gap == 0 || radius == 0 {
			return nil
		}
		key = "joins.other"
	}
	out := []string{t.say(key, "gap", t.length(gap), "m", t.metres(radius), "unit", t.say("unit."+string(r.Unit)))}
	if r.Limit == nil || !capped(r) || !slices.Contains([]truce.Unit{truce.UnitObjectDay, truce.UnitObject, truce.UnitVessel, truce.UnitIncident}, r.Unit) {
		return out
	}
	return append(out, t.say("joins.number"))
}

// evidence says what a finding needs to be a hit.
func (t *Text) evidence(r *agreement.Rule) []string {
	if r.Kind == agreement.KindPermit || r.Kind == agreement.KindClaim {
		return nil
	}
	key := "evidence"
	if r.Families == 1 {
		key = "evidence.one"
	}
	out := []string{t.say(key, "n", r.Families, "pmin", t.number(r.PMin), "pout", t.number(r.POut))}
	words := func(list []string) string { return t.named("proof", list) }
	if len(r.Evidence.Or) > 0 {
		out = append(out, t.say("evidence.or", "list", words(r.Evidence.Or)))
	}
	if len(r.Evidence.Any) > 0 {
		out = append(out, t.say("evidence.any", "list", words(r.Evidence.Any)))
	}
	if len(r.Evidence.All) > 0 {
		out = append(out, t.say("evidence.all", "list", words(r.Evidence.All)))
	}
	if len(r.Evidence.DamageBy) > 0 {
		out = append(out, t.say("evidence.damage", "list", words(r.Evidence.DamageBy)))
	}
	if i := r.Evidence.Imagery; i != nil {
		out = append(out, t.imagery(i))
	}
	return out
}

func (t *Text) counting(r *agreement.Rule) []string {
	if r.Kind == agreement.KindPermit || r.Kind == agreement.KindClaim {
		return nil
	}
	out := []string{t.say("count", "unit", t.say("unit."+string(r.Unit)), "precedence", r.Precedence)}
	if r.Limit != nil && capped(r) && placesOf(r) > 1 {
		out = append(out, t.say("limit.places"))
	}
	out = append(out, t.joins(r)...)
	if r.CoverageMin > 0 {
		out = append(out, t.say("coverage", "min", t.number(r.CoverageMin*100)))
	}
	return out
}
