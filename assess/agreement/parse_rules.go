package agreement

import (
	"fmt"
	"slices"
	"time"

	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

// Defaults of a rule.
const (
	DefaultPOut     = 0.05 // below this probability an incident is outside a rule's scope
	DefaultPMin     = 0.7  // a limit needs DefaultPMinLimit
	DefaultFamilies = 1
	DefaultMassFrom = 10 // so many casualties are many

	DefaultPMinLimit = 0.9
)

func (d *decoder) rule(m *mapping) Rule {
	idNode := m.need("id")
	r := Rule{ID: truce.RuleID(d.id(idNode, m.sub("id"))), Version: "1", POut: DefaultPOut, Families: DefaultFamilies, Evaluated: true}
	if n := m.get("version"); n != nil {
		r.Version = d.id(n, m.sub("version"))
	}
	d.defineVersion("rule", string(r.ID), r.Version, idNode, m.sub("id"))
	r.Title = d.words(m.get("title"), m.sub("title"))
	r.Clause = d.citedClause(m.need("clause"), m.sub("clause"))
	d.clauseHash(m, &r)
	r.Kind = d.kind(m)
	switch r.Kind {
	case "":
		return r
	case KindProhibit:
		d.prohibition(m, &r)
	case KindLimit:
		d.limitation(m, &r)
	case KindRequire:
		d.requirement(m, &r)
	case KindPermit:
		d.permission(m, &r)
	case KindClaim:
		d.claimTerms(m, &r)
	}
	d.common(m, &r)
	d.rulesRead = append(d.rulesRead, r)
	return r
}

// clauseHash reads the hash of the clause text the rule was written against; it is
// compared when all clauses are read.
func (d *decoder) clauseHash(m *mapping, r *Rule) {
	n := m.get("clause_sha256")
	if n == nil {
		return
	}
	if err := r.ClauseHash.UnmarshalText([]byte(d.text(n, m.sub("clause_sha256")))); err != nil {
		d.errorf(n, m.sub("clause_sha256"), "%q: write the 64 hexadecimal digits of the SHA-256 of the clause text", cut(n.Value))
	}
	d.places["clause hash "+string(r.ID)+"@"+r.Version] = n
}

// common reads what rules of every kind may say.
func (d *decoder) common(m *mapping, r *Rule) {
	d.validity(m, r)
	d.objects(m, r)
	if n := m.get("weapon"); n != nil {
		w := d.weapons(n, m.sub("weapon"))
		r.Weapon = &w
	}
	if n := m.get("alt_m"); n != nil {
		r.AltitudeM = d.heights(n, m.sub("alt_m"))
	} else if n := field(m.get("where"), "alt_m"); n != nil {
		r.AltitudeM = d.heights(n, m.sub("where.alt_m"))
	}
	r.When = d.condition(m.get("when"), m.sub("when"))
	r.Steps = each(d, m.get("phases"), m.sub("phases"), d.step)
	d.inOrder(m, r.Steps)
	d.besideBands(m, r)
	for _, kind := range d.choices(m.get("unless"), m.sub("unless"), options(windowKinds...)) {
		r.Unless = append(r.Unless, WindowKind(kind))
	}
	r.UnlessState = d.tokens(m.get("unless_state"), m.sub("unless_state"))
	if n := m.get("claims"); n != nil {
		r.Claims = d.acts(n, m.sub("claims"))
	}
	r.Grace = d.graces(m.get("grace"), m.sub("grace"))
	d.binds(m, r)
	d.counting(m, r)
	d.thresholds(m, r)
	d.evidence(m.get("evidence_min"), m.sub("evidence_min"), r)
	d.severity(m.get("severity"), m.sub("severity"), r)
	if n := m.get("one_sided"); n != nil {
		r.OneSided = d.choice(n, m.sub("one_sided"), []string{"true"}) == "true"
	}
}

// validity reads when the rule holds and since when that is known.
func (d *decoder) validity(m *mapping, r *Rule) {
	r.KnownFrom = d.date(m.get("known_from"), m.sub("known_from"))
	n := m.get("in_force")
	if n == nil {
		return
	}
	f := d.mapping(n, m.sub("in_force"))
	switch {
	case f.has("same_as"):
		d.sameAs(f, func(other Rule) { r.InForce, r.Dates = other.InForce, other.Dates })
	case f.has("phase"):
		id := d.use("phase", f.get("phase"), f.sub("phase"))
		for _, p := range d.a.Phases {
			if p.ID == id {
				r.InForce = p.Span
			}
		}
	case f.has("positions"):
		days := 0
		if v := f.get("days"); v != nil {
			days = d.integer(v, f.sub("days"), 1, 36_500)
		}
		r.Dates = positions(d, f, objectsApplied(m), func(n *yaml.Node, path string) Span { return d.span(n, path, days) })
	default:
		days := 0
		if v := f.get("days"); v != nil {
			days = d.integer(v, f.sub("days"), 1, 36_500)
		}
		r.InForce = d.spanOf(f, days)
	}
	f.done()
}

// sameAs takes a field over from a rule that stands above.
func (d *decoder) sameAs(m *mapping, take func(Rule)) {
	n := m.get("same_as")
	id := d.text(n, m.sub("same_as"))
	for _, r := range d.rulesRead {
		if string(r.ID) == id {
			take(r)
			return
		}
	}
	d.errorf(n, m.sub("same_as"), "no rule %q stands above this one: write the rule that is copied first", cut(id))
}

func (d *decoder) span(n *yaml.Node, path string, days int) Span {
	m := d.mapping(n, path)
	s := d.spanOf(m, days)
	m.done()
	return s
}

// spanOf reads from and to; so many days after from is the end where none is given.
func (d *decoder) spanOf(m *mapping, days int) Span {
	s := Span{d.date(m.get("from"), m.sub("from")), d.date(m.get("to"), m.sub("to"))}
	if days > 0 && s.To == 0 && s.From != 0 {
		zone := d.a.Calendar.Location()
		s.To = d.spoken(m.node, m.path, truce.InstantOf(s.From.Time().In(zone).AddDate(0, 0, days)))
	}
	d.ordered(m.node, m.path, s.From, s.To)
	return s
}

// objects reads the lists of protected objects, which the parties may hold differently.
func (d *decoder) objects(m *mapping, r *Rule) {
	n := m.get("object")
	if n == nil {
		return
	}
	o := d.mapping(n, m.sub("object"))
	if o.has("same_as") {
		d.sameAs(o, func(other Rule) { r.Objects = other.Objects })
		o.done()
		return
	}
	list := o.need("list")
	switch {
	case list == nil:
	case list.Kind == yaml.MappingNode:
		l := d.mapping(list, o.sub("list"))
		r.Objects = positions(d, l, false, d.listNames)
		l.done()
		d.alike(m, r)
	default:
		names := d.listNames(list, o.sub("list"))
		r.Objects = &Positions[[]string]{Mechanism: &names, Applied: AppliedMechanism}
	}
	o.done()
}

// objectsApplied says whether the positions on objects say which is applied, so that those
// on dates need not.
func objectsApplied(m *mapping) bool {
	return field(field(m.values["object"], "list"), "applied") != nil
}

// alike gives the positions on dates what is applied to the objects, where they say
// nothing of their own.
func (d *decoder) alike(m *mapping, r *Rule) {
	if r.Dates == nil || r.Dates.Applied != "" || r.Objects == nil {
		return
	}
	r.Dates.Applied, r.Dates.DecidedBy = r.Objects.Applied, r.Objects.DecidedBy
	if r.Dates.Applied == AppliedMechanism && r.Dates.Mechanism == nil {
		d.errorf(m.values["in_force"], m.sub("in_force"), "object applies the value of the mechanism, and positions here gives none: add one, or say what is applied to the dates")
	}
}

// positions reads the values that the parties hold for one thing, and which is applied;
// said where that stands elsewhere in the rule.
func positions[T any](d *decoder, m *mapping, said bool, read func(*yaml.Node, string) T) *Positions[T] {
	p := &Positions[T]{}
	held := d.mapping(m.need("positions"), m.sub("positions"))
	for _, party := range d.a.Parties {
		n := held.get(string(party.ID))
		if n == nil {
			continue
		}
		value := read(n, held.sub(string(party.ID)))
		if party.Role == RoleMechanism {
			p.Mechanism = &value
			continue
		}
		p.Of = append(p.Of, Position[T]{party.ID, value})
	}
	held.done()
	if len(p.Of) < 2 && held.node != nil {
		d.warnf(held.node, held.path, "asymmetry: the position of %d party only; give each party's, or write the value without positions", len(p.Of))
	}
	if !said || m.has("applied") {
		d.applied(m, p.parties(), p.Mechanism != nil, &p.Applied, &p.DecidedBy)
	}
	if n := m.get("report_both"); n != nil {
		p.Report = d.choice(n, m.sub("report_both"), []string{"true", "false"}) == "true"
	}
	return p
}

func (p *Positions[T]) parties() []truce.PartyID {
	out := make([]truce.PartyID, len(p.Of))
	for i, position := range p.Of {
		out[i] = position.Party
	}
	return out
}

// applied reads which position decides. One party's own needs the name of who decided it.
func (d *decoder) applied(m *mapping, held []truce.PartyID, mechanism bool, applied *Applied, by *string) {
	n := m.need("applied")
	choices := append(options(AppliedIntersection, AppliedUnion, AppliedMechanism), options(held...)...)
	*applied = Applied(d.choice(n, m.sub("applied"), choices))
	if v := m.get("decided_by"); v != nil {
		*by = d.text(v, m.sub("decided_by"))
	}
	switch {
	case *applied == AppliedMechanism && !mechanism:
		d.errorf(n, m.sub("applied"), "is mechanism, and positions gives no value of the mechanism: add one")
	case slices.Contains(held, truce.PartyID(*applied)) && *by == "":
		d.errorf(n, m.sub("applied"), "applies the position of %s: add decided_by with who decided that", *applied)
	}
}

func (d *decoder) weaponMatch(m *mapping) WeaponMatch {
	w := WeaponMatch{}
	for i, item := range d.list(m.get("class"), m.sub("class")) {
		w.Classes = append(w.Classes, truce.WeaponClass(d.use("weapon class", item, fmt.Sprintf("%s[%d]", m.sub("class"), i))))
	}
	w.Types = d.choices(m.get("type"), m.sub("type"), truce.WeaponTypes())
	w.CalibreMM = d.bounds(m.get("calibre_mm"), m.sub("calibre_mm"), 10_000)
	if len(w.Classes)+len(w.Types) == 0 && w.CalibreMM == (Range{}) && m.node != nil {
		d.errorf(m.node, m.path, "names no weapon: give class, type or calibre_mm")
	}
	m.done()
	return w
}

// field is the value of a field of a mapping, nil when there is none.
func field(n *yaml.Node, name string) *yaml.Node {
	for i := 0; n != nil && n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}

// heights reads [lowest, highest] in metres.
func (d *decoder) heights(n *yaml.Node, path string) *Range {
	list := d.list(n, path)
	if len(list) != 2 {
		d.errorf(n, path, "want two heights in metres, e.g. [0, 20000]")
		return nil
	}
	r := &Range{d.number(list[0], path+"[0]", -500, 100_000), d.number(list[1], path+"[1]", -500, 100_000)}
	if r.Max <= r.Min {
		d.errorf(n, path, "%g is not above %g: swap or mend them", r.Max, r.Min)
	}
	return r
}

// condition reads a condition in CEL and refuses one that does not compile.
func (d *decoder) condition(n *yaml.Node, path string) string {
	if n == nil {
		return ""
	}
	text := d.text(n, path)
	if _, err := CompileCondition(text); err != nil {
		d.errorf(n, path, "%v", err)
	}
	return text
}

func (d *decoder) step(m *mapping) Step {
	s := Step{Span: Span{d.date(m.need("from"), m.sub("from")), d.date(m.get("to"), m.sub("to"))}}
	if n := m.get("to_m"); n != nil {
		s.ToM = d.number(n, m.sub("to_m"), 1, maxReachM)
	}
	if n := m.get("max"); n != nil {
		most := d.integer(n, m.sub("max"), 0, 1_000_000)
		s.Max = &most
	}
	if !m.has("to_m") && !m.has("max") {
		d.errorf(m.node, m.path, "changes nothing: give to_m or max")
	}
	d.ordered(m.node, m.path, s.Span.From, s.Span.To)
	return s
}

// inOrder closes each phase where the next begins, and refuses phases out of order.
func (d *decoder) inOrder(m *mapping, steps []Step) {
	nodes := d.list(m.get("phases"), m.sub("phases"))
	for i := 1; i < len(steps); i++ {
		before, next := &steps[i-1].Span, steps[i].Span
		if next.From != 0 && before.From != 0 && next.From <= before.From {
			d.errorf(nodes[i], fmt.Sprintf("%s.phases[%d]", m.path, i), "begins no later than the phase before it, which is never reached: order them by their beginning")
		}
		if before.To == 0 {
			before.To = next.From
		}
	}
}

// besideBands refuses one distance for a phase of a limit that has one for each class:
// nobody could say which of them the phase changes.
func (d *decoder) besideBands(m *mapping, r *Rule) {
	if r.Limit == nil || len(r.Limit.Bands) == 0 {
		return
	}
	for i, n := range d.list(m.get("phases"), m.sub("phases")) {
		if to := field(n, "to_m"); to != nil {
			d.errorf(to, fmt.Sprintf("%s[%d].to_m", m.sub("phases"), i), "stands beside bands_m, which has a distance for each class, so none of them is changed: remove it, and write a version of the rule with its own bands_m for each stage")
		}
	}
}

// tokens reads a list of identifiers.
func (d *decoder) tokens(n *yaml.Node, path string) []string {
	var out []string
	for i, item := range d.list(n, path) {
		out = append(out, d.id(item, fmt.Sprintf("%s[%d]", path, i)))
	}
	return out
}

// graces reads the delays that are none, by act.
func (d *decoder) graces(n *yaml.Node, path string) map[truce.Act]time.Duration {
	if n == nil {
		return nil
	}
	m := d.mapping(n, path)
	out := map[truce.Act]time.Duration{}
	for _, key := range m.keys {
		act := truce.Act(d.choice(key, m.sub(cut(key.Value)), actNames()))
		out[act] = d.duration(m.get(key.Value), m.sub(key.Value))
	}
	return out
}

// counting reads what one of the count is, and how far apart two of them are one.
func (d *decoder) counting(m *mapping, r *Rule) {
	decides := r.Kind != KindPermit && r.Kind != KindClaim // the others count nothing
	n := m.get("count")
	switch {
	case n == nil && !decides:
		r.Unit = truce.UnitIncident
		return
	case n == nil:
		m.need("count")
		return
	}
	count := d.mapping(n, m.sub("count"))
	r.Unit = truce.Unit(d.choice(count.need("unit"), count.sub("unit"), options(truce.Units()...)))
	r.Gap = d.duration(count.get("gap"), count.sub("gap"))
	if v := count.get("radius_m"); v != nil {
		r.RadiusM = d.number(v, count.sub("radius_m"), 1, maxAccuracyM)
	}
	count.done()
	if n := m.get("precedence"); n != nil {
		r.Precedence = d.integer(n, m.sub("precedence"), 0, 1000)
	}
}

func (d *decoder) thresholds(m *mapping, r *Rule) {
	switch n := m.get("p_min"); {
	case n != nil:
		r.PMin = d.number(n, m.sub("p_min"), 0.5, 1)
	case r.Kind == KindLimit:
		r.PMin = DefaultPMinLimit
	default:
		r.PMin = DefaultPMin
	}
	if n := m.get("p_out"); n != nil {
		r.POut = d.number(n, m.sub("p_out"), 0, 0.5)
		if r.POut >= r.PMin && r.PMin > 0 {
			d.errorf(n, m.sub("p_out"), "is %g, not below p_min %g: nothing could be indeterminate", r.POut, r.PMin)
		}
	}
	if n := m.get("coverage_min"); n != nil {
		r.CoverageMin = d.number(n, m.sub("coverage_min"), 0, 1)
	}
}

// evidence reads what a hit needs beyond probability.
func (d *decoder) evidence(n *yaml.Node, path string, r *Rule) {
	if n == nil {
		return
	}
	m := d.mapping(n, path)
	if v := m.get("families"); v != nil {
		r.Families = d.integer(v, m.sub("families"), 1, 16)
	}
	r.Evidence = Evidence{Or: d.tokens(m.get("or"), m.sub("or")), Any: d.tokens(m.get("any"), m.sub("any")), All: d.tokens(m.get("all"), m.sub("all"))}
	r.Evidence.DamageBy = d.tokens(m.get("damage_by"), m.sub("damage_by"))
	r.Evidence.Imagery = d.imagery(m.get("imagery_diff"), m.sub("imagery_diff"))
	d.spelled(m, map[string]string{"imagery": "imagery_diff", "damage": "damage_by, with the kinds that show it"})
	if len(m.keys) == 0 && m.node != nil {
		d.errorf(n, path, "asks for nothing: give families, or, any, all, damage_by or imagery_diff")
	}
	m.done()
}

func (d *decoder) severity(n *yaml.Node, path string, r *Rule) {
	if n == nil {
		return
	}
	m := d.mapping(n, path)
	grade := func(name string) int {
		if v := m.get(name); v != nil {
			return d.integer(v, m.sub(name), 0, 4)
		}
		return 0
	}
	r.Severity = Severity{Base: grade("base"), Damage: grade("damage"), Casualties: grade("casualties"), MassCasualties: grade("mass_casualties"), MassFrom: DefaultMassFrom}
	if v := m.get("mass_from"); v != nil {
		r.Severity.MassFrom = d.integer(v, m.sub("mass_from"), 2, 100_000)
	}
	m.done()
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
	if n != nil && len(d.list(n, path)) == 0 {
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
