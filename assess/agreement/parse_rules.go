package agreement

import (
	"fmt"
	"slices"

	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

// Defaults of a rule.
const (
	DefaultPOut     = 0.05 // below this probability an incident is outside a rule's scope
	DefaultFamilies = 1
)

// ruleKinds are the fields that say what a rule does, in the order in which they name it
// where several stand together.
var ruleKinds = []Kind{KindPermit, KindRequire, KindLimit, KindClaim, KindProhibit}

func (d *decoder) rule(m *mapping) Rule {
	r := Rule{ID: truce.RuleID(d.newID(m, "rule")), Version: "1", POut: DefaultPOut, Families: DefaultFamilies}
	r.Title = d.words(m.get("title"), m.sub("title"))
	if n := m.get("version"); n != nil {
		r.Version = d.id(n, m.sub("version"))
	}
	r.Clause = d.use("clause", m.need("clause"), m.sub("clause"))
	for _, kind := range ruleKinds {
		if m.get(string(kind)) != nil && r.Kind == "" {
			r.Kind = kind
		}
	}
	switch r.Kind {
	case "":
		d.errorf(m.node, m.path, "says nothing: add prohibit, limit, require, permit or claim")
	case KindProhibit:
		d.prohibition(m, &r)
	default:
		d.unevaluated(m, &r)
	}
	return r
}

// unevaluated keeps a rule of a kind that a later version evaluates. It is listed and
// warned of, never silently ignored, and makes no finding.
func (d *decoder) unevaluated(m *mapping, r *Rule) {
	for _, key := range m.keys {
		d.mention(m.get(key.Value)) // its fields are the later version's to judge
	}
	d.warnf(m.node, m.sub(string(r.Kind)), "rule %s of kind %s is not evaluated by this version of Truce: no finding is made under it, and the bulletin must say so", r.ID, r.Kind)
}

// mention remembers every word of a rule that is not read, so that a zone it speaks of
// is not taken for unused.
func (d *decoder) mention(n *yaml.Node) {
	d.mentioned = append(d.mentioned, n.Value)
	for _, child := range n.Content {
		d.mention(child)
	}
}

func (d *decoder) prohibition(m *mapping, r *Rule) {
	r.Evaluated = true
	r.Acts = d.acts(m.get("prohibit"), m.sub("prohibit"))
	r.Where = d.where(m.need("where"), m.sub("where"))
	if n := m.get("in_force"); n != nil {
		r.InForce = d.span(n, m.sub("in_force"))
	}
	for i, item := range d.list(m.get("unless"), m.sub("unless")) {
		r.Unless = append(r.Unless, WindowKind(d.choice(item, fmt.Sprintf("%s[%d]", m.sub("unless"), i), options(windowKinds...))))
	}
	d.counting(m, r)
	d.thresholds(m, r)
	m.later("object", "weapon", "phases", "claims", "severity", "bearer", "grace", "origin", "effect", "unless_state", "when", "report", "tests", "approved_by")
}

// counting reads what one of the count is. How rounds are joined into one engagement is
// settled where incidents are made, so gap and radius are not fields yet.
func (d *decoder) counting(m *mapping, r *Rule) {
	count := d.mapping(m.need("count"), m.sub("count"))
	r.Unit = truce.Unit(d.choice(count.need("unit"), count.sub("unit"), options(truce.Units()...)))
	count.later("gap", "radius_m")
	count.done()
	if n := m.get("precedence"); n != nil {
		r.Precedence = d.integer(n, m.sub("precedence"), 0, 1000)
	}
}

func (d *decoder) thresholds(m *mapping, r *Rule) {
	r.PMin = d.number(m.need("p_min"), m.sub("p_min"), 0.5, 1)
	if n := m.get("p_out"); n != nil {
		r.POut = d.number(n, m.sub("p_out"), 0, 0.5)
		if r.POut >= r.PMin && r.PMin > 0 {
			d.errorf(n, m.sub("p_out"), "is %g, not below p_min %g: nothing could be indeterminate", r.POut, r.PMin)
		}
	}
	if n := m.get("evidence_min"); n != nil {
		evidence := d.mapping(n, m.sub("evidence_min"))
		r.Families = d.integer(evidence.need("families"), evidence.sub("families"), 1, 16)
		evidence.later("or", "any", "all", "damage_by", "imagery_diff")
		evidence.done()
	}
	if n := m.get("coverage_min"); n != nil {
		r.CoverageMin = d.number(n, m.sub("coverage_min"), 0, 1)
	}
}

func (d *decoder) acts(n *yaml.Node, path string) []truce.Act {
	var out []truce.Act
	for i, item := range d.list(n, path) {
		at := fmt.Sprintf("%s[%d]", path, i)
		act := truce.Act(d.choice(item, at, actNames()))
		switch {
		case act == "":
		case act == truce.ActHeat:
			d.errorf(item, at, "heat alone never meets a rule: name the acts that are prohibited; heat then makes the finding indeterminate")
		case slices.Contains(out, act):
			d.errorf(item, at, "%s stands twice", act)
		default:
			out = append(out, act)
		}
	}
	if n != nil && len(out) == 0 {
		d.errorf(n, path, "names no act: list at least one")
	}
	return out
}

func actNames() []string {
	var out []string
	for _, group := range truce.ActGroups() {
		out = append(out, options(group.Acts()...)...)
	}
	return out
}

func (d *decoder) span(n *yaml.Node, path string) Span {
	m := d.mapping(n, path)
	s := Span{d.instant(m.get("from"), m.sub("from")), d.instant(m.get("to"), m.sub("to"))}
	m.later("positions", "days", "same_as")
	m.done()
	d.ordered(n, path, s.From, s.To)
	return s
}

func (d *decoder) where(n *yaml.Node, path string) Where {
	m := d.mapping(n, path)
	w := Where{}
	if v := m.get("anywhere"); v != nil {
		w.Anywhere = d.choice(v, m.sub("anywhere"), []string{"true"}) == "true"
	}
	for _, name := range []string{"zone", "zones"} {
		for i, item := range d.list(m.get(name), m.sub(name)) {
			w.Zones = append(w.Zones, truce.ZoneID(d.use("zone", item, fmt.Sprintf("%s[%d]", m.sub(name), i))))
		}
	}
	w.Within = each(d, m.get("within_m"), m.sub("within_m"), func(m *mapping) Within {
		return Within{truce.LineID(d.use("line", m.need("line"), m.sub("line"))), d.number(m.need("m"), m.sub("m"), 1, maxReachM)}
	})
	w.Crosses = d.crosses(m.get("crosses"), m.sub("crosses"))
	for i, item := range d.list(m.get("area_of"), m.sub("area_of")) {
		w.AreaOf = append(w.AreaOf, d.party(item, fmt.Sprintf("%s[%d]", m.sub("area_of"), i)))
	}
	for i, item := range d.list(m.get("site_kinds"), m.sub("site_kinds")) {
		w.SiteKinds = append(w.SiteKinds, SiteKind(d.choice(item, fmt.Sprintf("%s[%d]", m.sub("site_kinds"), i), options(siteKinds...))))
	}
	for i, item := range d.list(m.get("sites"), m.sub("sites")) {
		w.Sites = append(w.Sites, d.use("site", item, fmt.Sprintf("%s[%d]", m.sub("sites"), i)))
	}
	m.later("alt_m", "or_impact_within_m", "or_impact_in")
	m.done()
	d.checkWhere(n, path, w)
	return w
}

func (d *decoder) checkWhere(n *yaml.Node, path string, w Where) {
	placed := len(w.Zones)+len(w.Within)+len(w.AreaOf)+len(w.SiteKinds)+len(w.Sites) > 0 || w.Crosses != nil
	switch {
	case n == nil:
	case !w.Anywhere && !placed:
		d.errorf(n, path, "names no place: write {anywhere: true} if the rule holds everywhere")
	case w.Anywhere && placed:
		d.errorf(n, path, "says anywhere and names a place as well: keep one")
	}
}

// crosses is a line's name, or {line, reach_m}.
func (d *decoder) crosses(n *yaml.Node, path string) *Crosses {
	switch {
	case n == nil:
		return nil
	case n.Kind != yaml.MappingNode:
		return &Crosses{Line: truce.LineID(d.use("line", n, path))}
	}
	m := d.mapping(n, path)
	c := &Crosses{Line: truce.LineID(d.use("line", m.need("line"), m.sub("line")))}
	c.ReachM = d.number(m.need("reach_m"), m.sub("reach_m"), 1, maxReachM)
	m.done()
	return c
}

var windowKinds = []WindowKind{WindowDemining, WindowAmmoDisposal, WindowRepair, WindowRotation, WindowConvoy, WindowHumanitarian,
	WindowMedevac, WindowExchange, WindowExercise, WindowMonitorFlight, WindowAccident}

var siteKinds = []SiteKind{SiteStorage, SiteEnergy, SiteWater, SiteNuclear, SiteDam, SitePort, SiteSchool, SiteHospital, SiteCamera,
	SiteStation, SiteCheckpoint, SiteCrossing, SiteIndustry}

func (d *decoder) window(m *mapping) Window {
	w := Window{ID: d.newID(m, "window")}
	w.Kind = WindowKind(d.choice(m.need("kind"), m.sub("kind"), options(windowKinds...)))
	w.Bearer = d.party(m.need("bearer"), m.sub("bearer"))
	w.NotifiedBy = d.party(m.need("notified_by"), m.sub("notified_by"))
	w.NotifiedAt = d.instant(m.need("notified_at"), m.sub("notified_at"))
	w.Notice = d.duration(m.get("notice"), m.sub("notice"))
	w.From = d.instant(m.need("from"), m.sub("from"))
	w.To = d.instant(m.need("to"), m.sub("to"))
	w.Grace = d.duration(m.get("grace"), m.sub("grace"))
	d.ordered(m.node, m.path, w.From, w.To)
	if n := m.get("zone"); n != nil {
		w.Zone = truce.ZoneID(d.use("zone", n, m.sub("zone")))
	}
	if n := m.get("circle"); n != nil {
		c := d.mapping(n, m.sub("circle"))
		w.Circle = &Circle{
			Lat:     d.number(c.need("lat"), c.sub("lat"), -90, 90),
			Lon:     d.number(c.need("lon"), c.sub("lon"), -180, 180),
			RadiusM: d.number(c.need("radius_m"), c.sub("radius_m"), 1, maxReachM),
		}
		c.done()
	}
	if (w.Zone == "") == (w.Circle == nil) {
		d.errorf(m.node, m.path, "a window has a place: give either zone or circle")
	}
	return w
}
