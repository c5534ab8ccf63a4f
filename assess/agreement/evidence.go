package agreement

import (
	"fmt"
	"slices"
	"strings"

	truce "github.com/trucewatch/truce"
)

// evidence is who bears an incident out.
type evidence struct {
	families   []truce.Family // each once, in name order
	occurrence truce.Occurrence
	agree      bool // fusion or two analysts found that they speak of one happening
	plant      bool // heat where heat recurs was left out
	register   bool // a fact of the mission's own register, which needs no witness
}

// evidenceOf says who bears an incident out. That two families speak of one happening is
// fusion's to show: side by side by chance they are no better than one.
func evidenceOf(in *truce.Incident, events []truce.Event) evidence {
	e := evidence{occurrence: in.Occurrence}
	e.agree = in.Occurrence == truce.OccurrenceCorroborated || in.Occurrence == truce.OccurrenceVerified
	e.families, e.plant = witnesses(in, events)
	e.register = slices.Contains(in.Families, truce.FamilyRegister)
	return e
}

// evidence is who bears the incident out, asked for once.
func (l *look) evidence() *evidence {
	if l.witness == nil {
		l.store = evidenceOf(l.incident, l.in.Events)
		l.witness = &l.store
	}
	return l.witness
}

// supports says whether a rule's evidence_min is met: enough families or one of the kinds
// that stand in for them, never heat alone, and the kinds that are needed in every case.
func (e *evidence) supports(p *plan, d *truce.Detail) bool {
	enough := e.register || e.count() >= p.Families || given(p.Evidence.Or, d) > 0
	switch {
	case !enough || e.heatAlone():
		return false
	case len(p.Evidence.Any) > 0 && given(p.Evidence.Any, d) == 0:
		return false
	case len(p.Evidence.DamageBy) > 0 && !(d.Damage && given(p.Evidence.DamageBy, d) > 0):
		return false
	case !p.Evidence.Imagery.shows(d):
		return false
	}
	return given(p.Evidence.All, d) == len(p.Evidence.All)
}

// shows says whether two images, or what stands in for them, show a change: near enough in
// time, and fine enough. What is not known of them shows nothing.
func (i *ImageDiff) shows(d *truce.Detail) bool {
	switch pair := d.Imagery; {
	case i == nil, given(i.Or, d) > 0:
		return true
	case pair == nil:
		return false
	default:
		return (i.BeforeMax == 0 || pair.After.Sub(pair.Before) <= i.BeforeMax) && (i.GSDM == 0 || pair.GSDM > 0 && pair.GSDM <= i.GSDM)
	}
}

// words say what two images need, and what those at hand are.
func (i *ImageDiff) words(d *truce.Detail) string {
	var asks []string
	if i.BeforeMax > 0 {
		asks = append(asks, "at most "+truce.DurationText(i.BeforeMax)+" apart")
	}
	if i.GSDM > 0 {
		asks = append(asks, fmt.Sprintf("%g m a pixel or finer", i.GSDM))
	}
	text := "two images " + strings.Join(asks, ", ")
	if len(i.Or) > 0 {
		text += " or one of " + strings.Join(i.Or, ", ")
	}
	if p := d.Imagery; p != nil {
		size := "a pixel of unknown size"
		if p.GSDM > 0 {
			size = fmt.Sprintf("%g m a pixel", p.GSDM)
		}
		text += fmt.Sprintf("; at hand are two %s apart, %s", age(p.Before, p.After), size)
	}
	return text
}

// given counts the kinds of a list that the incident has.
func given(kinds []string, d *truce.Detail) int {
	n := 0
	for _, k := range kinds {
		if slices.Contains(d.Evidence, k) {
			n++
		}
	}
	return n
}

// kindsText says which kinds of evidence a rule asks for and which there are; nothing for
// a rule that counts families only.
func kindsText(p *plan, d *truce.Detail) string {
	var asks []string
	for _, row := range []struct {
		words string
		kinds []string
		met   bool
	}{
		{"instead of the families one of", p.Evidence.Or, given(p.Evidence.Or, d) > 0},
		{"one of", p.Evidence.Any, given(p.Evidence.Any, d) > 0},
		{"all of", p.Evidence.All, given(p.Evidence.All, d) == len(p.Evidence.All)},
	} {
		if len(row.kinds) > 0 {
			asks = append(asks, fmt.Sprintf("%s %s (%s)", row.words, strings.Join(row.kinds, ", "), givenText(row.met)))
		}
	}
	damage := "damage not seen"
	if d.Damage {
		damage = "damage seen"
	}
	if by := p.Evidence.DamageBy; len(by) > 0 {
		asks = append(asks, fmt.Sprintf("damage shown by one of %s (%s, %s)", strings.Join(by, ", "), damage, givenText(given(by, d) > 0)))
	}
	if i := p.Evidence.Imagery; i != nil {
		asks = append(asks, fmt.Sprintf("%s (%s)", i.words(d), givenText(i.shows(d))))
	}
	if asks == nil {
		return ""
	}
	have := "none"
	if len(d.Evidence) > 0 {
		have = strings.Join(d.Evidence, ", ")
	}
	return fmt.Sprintf("evidence by kind: %s; %s asks for %s", have, p.ID, strings.Join(asks, "; "))
}

func givenText(is bool) string {
	if is {
		return "given"
	}
	return "not given"
}

// words say who bears the incident out and what the rule asks for.
func (e *evidence) words(p *plan) string {
	if e.register {
		return "evidence: the mission's own register; what it does not hold was not recorded, and needs no witness"
	}
	list := "none"
	if len(e.families) > 0 {
		list = strings.Join(options(e.families...), ", ")
	}
	text := fmt.Sprintf("evidence: %s (%s)", plural(len(e.families), "independent family", "independent families"), list)
	if e.count() < len(e.families) {
		text = fmt.Sprintf("evidence: %d families (%s), counted as 1: that they speak of one happening is not shown beyond chance (occurrence: %s)",
			len(e.families), list, e.occurrence)
	}
	text += fmt.Sprintf("; %s asks for %d", p.ID, p.Families)
	if e.plant {
		text += "; heat where heat recurs is no witness"
	}
	if e.heatAlone() {
		text += "; heat alone never meets a rule"
	}
	return text
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// count is how many independent families there are.
func (e evidence) count() int {
	if e.agree {
		return len(e.families)
	}
	return min(len(e.families), 1)
}

// heatAlone says whether nothing but heat from satellites speaks for the incident.
func (e evidence) heatAlone() bool {
	if len(e.families) == 0 {
		return e.plant
	}
	return len(e.families) == 1 && e.families[0] == truce.FamilyThermal
}

// witnesses are the families that saw an incident, each once, in name order, and whether
// heat that recurs was left out: a plant burns whether or not anything happened.
// Observations that repeat one another count once, whatever their families: a newspaper
// that prints a party's statement is no second witness.
func witnesses(in *truce.Incident, events []truce.Event) (list []truce.Family, plant bool) {
	var supports []truce.Support
	some := false
	for _, e := range events {
		recurs := slices.Contains(e.Labels, truce.LabelRecurringHeat)
		for _, s := range e.Support {
			some = some || s.Family.Witness()
			switch {
			case recurs && s.Family == truce.FamilyThermal:
				plant = true
			case s.Family.Witness():
				supports = append(supports, s)
			}
		}
	}
	if some {
		return independent(supports), plant
	}
	plant = slices.Contains(in.Labels, truce.LabelRecurringHeat) && slices.Contains(in.Families, truce.FamilyThermal)
	list = families(in.Families)
	if plant {
		list = slices.DeleteFunc(list, func(f truce.Family) bool { return f == truce.FamilyThermal })
	}
	return list, plant
}

func families(list []truce.Family) []truce.Family {
	out := slices.DeleteFunc(slices.Clone(list), func(f truce.Family) bool { return !f.Witness() })
	slices.Sort(out)
	return slices.Compact(out)
}

// independent is a largest set of families of which each can point to a group of its
// own: a matching of families to groups, found by augmenting paths (Kuhn 1955). An
// observation without a group is a group by itself.
func independent(supports []truce.Support) []truce.Family {
	groups := map[truce.Family][]string{}
	for _, s := range supports {
		group := s.Group
		if group == "" {
			group = "\x00" + s.Observation.String()
		}
		groups[s.Family] = append(groups[s.Family], group)
	}
	var names []truce.Family
	for f := range groups {
		slices.Sort(groups[f])
		groups[f] = slices.Compact(groups[f])
		names = append(names, f)
	}
	slices.Sort(names)
	holder := map[string]truce.Family{}
	var out []truce.Family
	for _, f := range names {
		if claim(f, groups, holder, map[string]bool{}) {
			out = append(out, f)
		}
	}
	return out
}

// claim gives f a group of its own, moving other families to theirs where needed.
func claim(f truce.Family, groups map[truce.Family][]string, holder map[string]truce.Family, tried map[string]bool) bool {
	for _, g := range groups[f] {
		if tried[g] {
			continue
		}
		tried[g] = true
		if held, taken := holder[g]; !taken || claim(held, groups, holder, tried) {
			holder[g] = f
			return true
		}
	}
	return false
}
