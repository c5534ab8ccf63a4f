package agreement

import (
	"fmt"
	"slices"
	"time"

	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

func (d *decoder) prohibition(m *mapping, r *Rule) {
	r.Acts = d.acts(m.get("prohibit"), m.sub("prohibit"))
	if n := m.get("object"); n == nil || m.has("where") { // listed objects say where
		r.Where = d.where(m.need("where"), m.sub("where"))
	}
}

// limitActs are the acts in which something limited is seen.
var limitActs = map[string][]truce.Act{
	"":          {"weapon_inside_distance", truce.ActPresenceInZone, "weapon_outside_store"},
	"personnel": {truce.ActPresenceInZone, "offensive_movement"},
	"vehicles":  {truce.ActPresenceInZone, "convoy_unnotified", "rotation_unnotified"},
	"vessels":   {"naval_beyond_limit", "military_use_of_merchant"},
	"aircraft":  {"military_aircraft", "armed_uav", "recon_uav", "overflight_other"},
}

// limitObjects are what may be limited beside weapons.
var limitObjects = []string{"personnel", "vehicles", "vessels", "aircraft"}

func (d *decoder) limitation(m *mapping, r *Rule) {
	n := m.get("limit")
	l := d.mapping(n, m.sub("limit"))
	r.Limit = &Limit{}
	if v := l.get("object"); v != nil {
		r.Limit.Object = d.choice(v, l.sub("object"), limitObjects)
	}
	if v := l.get("weapon"); v != nil {
		r.Limit.Weapon = d.weaponMatch(d.mapping(v, l.sub("weapon")))
	}
	if l.has("weapon") == l.has("object") && l.node != nil {
		d.errorf(n, m.sub("limit"), "limits one thing: give either weapon or object")
	}
	r.Limit.Max = d.integer(l.need("max"), l.sub("max"), 0, 1_000_000)
	d.limitPlace(l, r)
	l.done()
	switch {
	case m.get("acts") != nil:
		r.Acts = d.acts(m.get("acts"), m.sub("acts"))
	case m.get("prohibit") != nil: // a limit may stand in a rule that names its acts
		r.Acts = d.acts(m.get("prohibit"), m.sub("prohibit"))
	default:
		r.Acts = slices.Clone(limitActs[r.Limit.Object])
	}
	if v := m.get("where"); v != nil {
		zones := r.Where.Zones
		r.Where = d.where(v, m.sub("where"))
		r.Where.Zones = append(zones, r.Where.Zones...)
	}
	if v := m.get("report"); v != nil {
		d.tokens(v, m.sub("report")) // heads of the bulletin's own table
	}
	if r.Limit.Line == "" && len(r.Limit.Lines)+len(r.Where.Zones) == 0 && !m.has("where") {
		d.errorf(n, m.sub("limit"), "names no place: give zone, line or lines, or where beside it")
	}
}

// limitPlace reads the zone, or the distance from one line or from a line of each party.
func (d *decoder) limitPlace(m *mapping, r *Rule) {
	l := r.Limit
	for _, name := range []string{"zone", "zones"} {
		for i, item := range d.list(m.get(name), m.sub(name)) {
			r.Where.Zones = append(r.Where.Zones, truce.ZoneID(d.use("zone", item, fmt.Sprintf("%s[%d]", m.sub(name), i))))
		}
	}
	if n := m.get("line"); n != nil {
		l.Line = truce.LineID(d.use("line", n, m.sub("line")))
	}
	if n := m.get("lines"); n != nil {
		of := d.mapping(n, m.sub("lines"))
		for _, p := range d.a.Parties {
			if v := of.get(string(p.ID)); v != nil {
				l.Lines = append(l.Lines, PartyLine{p.ID, truce.LineID(d.use("line", v, of.sub(string(p.ID))))})
			}
		}
		of.done()
		if l.Line != "" {
			d.errorf(n, m.sub("lines"), "give line or lines, not both")
		}
	}
	side := d.choice(orDefault(m.get("side"), "both"), m.sub("side"), []string{"own", "both"})
	l.OwnSide = side == "own" || len(l.Lines) > 0
	if n := m.get("from_m"); n != nil {
		l.FromM = d.number(n, m.sub("from_m"), 0, maxReachM)
	}
	d.limitReach(m, l)
}

// limitReach reads how far from the line the limit goes: one distance, or one a class.
func (d *decoder) limitReach(m *mapping, l *Limit) {
	measured := l.Line != "" || len(l.Lines) > 0
	bands := m.get("bands_m")
	switch to := m.get("to_m"); {
	case to != nil && bands != nil:
		d.errorf(bands, m.sub("bands_m"), "give to_m or bands_m, not both")
	case to != nil:
		l.ToM = d.number(to, m.sub("to_m"), 1, maxReachM)
		if l.ToM <= l.FromM {
			d.errorf(to, m.sub("to_m"), "is %g, not beyond from_m %g", l.ToM, l.FromM)
		}
	case bands == nil && measured:
		d.errorf(m.node, m.sub("to_m"), "is missing: say how far from the line, by to_m or by bands_m for each class")
	}
	if bands == nil {
		return
	}
	b := d.mapping(bands, m.sub("bands_m"))
	for _, key := range b.keys {
		class := truce.WeaponClass(d.use("weapon class", key, b.sub(cut(key.Value))))
		l.Bands = append(l.Bands, ClassBand{class, d.number(b.get(key.Value), b.sub(key.Value), 1, maxReachM)})
	}
	b.done()
}

// orDefault is a node, or one that holds the default.
func orDefault(n *yaml.Node, value string) *yaml.Node {
	if n != nil {
		return n
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Value: value}
}

// dutyActs are the acts in which an unmet duty of each form is seen.
var dutyActs = map[string][]truce.Act{
	"rotation":             {"rotation_unnotified", "convoy_unnotified", "notified_rotation"},
	"convoy":               {"convoy_unnotified", "rotation_unnotified"},
	"humanitarian_convoy":  {"convoy_unnotified", "humanitarian_convoy"},
	"exercise":             {"exercise_unnotified", "live_fire_training", "notified_exercise"},
	"access":               {"delay_access", truce.ActDenyAccess},
	"complaint":            {"failure_to_acknowledge"},
	"notification":         {"failure_to_acknowledge", "failure_to_notify"},
	"determination":        {"no_disciplinary_notice"},
	"holdings":             {"holding_mismatch", "seal_broken", "weapon_outside_store"},
	string(WindowDemining): {truce.ActControlledExplos, "uav_demining"},
}

func (d *decoder) requirement(m *mapping, r *Rule) {
	n := m.get("require")
	q := d.mapping(n, m.sub("require"))
	r.Require = &Requirement{}
	form := ""
	switch {
	case q.has("notify"):
		form = d.notifyDuty(q, r.Require)
	case q.has("access_within"):
		r.Require.Access = d.duration(q.get("access_within"), q.sub("access_within"))
		form = "access"
	case q.has("reply_within"), q.has("days"):
		form = d.replyDuty(q, r.Require)
	case q.has("declared_equals_observed"), q.has("seal_intact"), q.has("inspect_every_days"):
		form = "holdings"
		d.holdingsDuty(q, r.Require)
	default:
		d.errorf(n, m.sub("require"), "asks for nothing known: give notify, access_within, reply_within (or days) with after, declared_equals_observed, seal_intact or inspect_every_days")
	}
	if v := q.get("within_m"); v != nil {
		w := d.mapping(v, q.sub("within_m"))
		within := d.within(w)
		r.Require.WithinLine = &within
		w.done()
	}
	q.done()
	r.Acts = slices.Clone(dutyActs[form])
	if v := m.get("acts"); v != nil {
		r.Acts = d.acts(v, m.sub("acts"))
	}
	if len(r.Acts) == 0 && form != "" {
		d.errorf(n, m.sub("require"), "no act shows this duty unmet: add acts with what is seen when it is")
	}
	r.Require.Acts = r.Acts
	r.Where.Anywhere = true
	if v := m.get("where"); v != nil {
		r.Where = d.where(v, m.sub("where"))
	}
}

func (d *decoder) notifyDuty(q *mapping, out *Requirement) string {
	duty := &NotifyDuty{Window: WindowKind(d.choice(q.get("notify"), q.sub("notify"), options(windowKinds...)))}
	duty.Notice = d.duration(q.need("notice"), q.sub("notice"))
	if n := q.get("threshold"); n != nil {
		t := d.mapping(n, q.sub("threshold"))
		for _, object := range []string{"vehicles", "troops", "vessels", "aircraft"} {
			if v := t.get(object); v != nil {
				duty.Object, duty.Threshold = object, d.integer(v, t.sub(object), 1, 1_000_000)
			}
		}
		if duty.Object == "" && t.node != nil {
			d.errorf(n, q.sub("threshold"), "bounds nothing: give vehicles, troops, vessels or aircraft")
		}
		t.done()
	}
	for i, item := range d.list(q.get("outside"), q.sub("outside")) {
		duty.Outside = append(duty.Outside, truce.ZoneID(d.use("zone", item, fmt.Sprintf("%s[%d]", q.sub("outside"), i))))
	}
	if n := q.get("route"); n != nil {
		d.choice(n, q.sub("route"), []string{"true", "false"}) // the window's zone or circle is the route
	}
	out.Notify = duty
	return string(duty.Window)
}

// replyAfter are what an answer may be owed for.
var replyAfter = []string{"complaint", "notification", "determination"}

func (d *decoder) replyDuty(q *mapping, out *Requirement) string {
	duty := &ReplyDuty{After: d.choice(q.need("after"), q.sub("after"), replyAfter)}
	switch within, days := q.get("reply_within"), q.get("days"); {
	case within != nil && days != nil:
		d.errorf(days, q.sub("days"), "give reply_within or days, not both")
	case within != nil:
		duty.Within = d.duration(within, q.sub("reply_within"))
	default:
		duty.Within = time.Duration(d.integer(days, q.sub("days"), 1, 3650)) * 24 * time.Hour
	}
	out.Reply = duty
	return duty.After
}

func (d *decoder) holdingsDuty(q *mapping, out *Requirement) {
	duty := &HoldingsDuty{}
	yes := []string{"true", "false"}
	if n := q.get("declared_equals_observed"); n != nil {
		duty.Equal = d.choice(n, q.sub("declared_equals_observed"), yes) == "true"
	}
	if n := q.get("seal_intact"); n != nil {
		duty.SealIntact = d.choice(n, q.sub("seal_intact"), yes) == "true"
	}
	if n := q.get("inspect_every_days"); n != nil {
		duty.InspectEvery = time.Duration(d.integer(n, q.sub("inspect_every_days"), 1, 3650)) * 24 * time.Hour
	}
	out.Holdings = duty
}

func (d *decoder) permission(m *mapping, r *Rule) {
	r.Permit = &Permission{Acts: d.acts(m.get("permit"), m.sub("permit"))}
	r.Acts = r.Permit.Acts
	r.Where.Anywhere = true
	for _, kind := range d.choices(m.get("window"), m.sub("window"), options(windowKinds...)) {
		r.Permit.Windows = append(r.Permit.Windows, WindowKind(kind))
	}
	if !m.has("window") {
		r.Permit.Windows = windowsOf(r.Acts)
	}
	if v := m.get("where"); v != nil {
		r.Where = d.where(v, m.sub("where"))
	}
	for _, field := range []string{"on_overrun", "on_mismatch"} {
		if v := m.get(field); v != nil {
			d.choice(v, m.sub(field), []string{"ordinary_rules"}) // a window is never widened
		}
	}
	n := m.get("require")
	if n == nil {
		return
	}
	q := d.mapping(n, m.sub("require"))
	r.Permit.Notice = d.duration(q.get("notice"), q.sub("notice"))
	if v := q.get("ack"); v != nil {
		r.Permit.Ack = Ack(d.choice(v, q.sub("ack"), options(AckOtherParty, AckMechanism, AckBoth)))
	}
	if v := q.get("auto_ack"); v != nil {
		r.Permit.AutoAck = d.duration(v, q.sub("auto_ack"))
		if r.Permit.Ack == AckNone {
			d.errorf(v, q.sub("auto_ack"), "says when silence counts, and no ack is asked for: add ack or remove it")
		}
	}
	if v := q.get("box"); v != nil {
		box := d.mapping(v, q.sub("box"))
		r.Permit.MaxHours = d.number(box.get("max_h"), box.sub("max_h"), 0, 24*366)
		r.Permit.RadiusM = d.number(box.get("radius_m"), box.sub("radius_m"), 0, maxReachM)
		box.done()
	}
	q.done()
}

// windowsOf are the kinds of windows whose activity is one of the acts.
func windowsOf(acts []truce.Act) []WindowKind {
	var out []WindowKind
	for _, kind := range windowKinds {
		permitted := func(act truce.Act) bool {
			return act.Group() == truce.GroupPermitted && slices.Contains(activities[kind], act)
		}
		if slices.ContainsFunc(acts, permitted) {
			out = append(out, kind)
		}
	}
	return out
}

func (d *decoder) claimTerms(m *mapping, r *Rule) {
	r.Acts = d.acts(m.get("claim"), m.sub("claim"))
	r.Where.Anywhere = true
	r.Claim = &ClaimTerms{}
	c := d.mapping(m.need("conditions"), m.sub("conditions"))
	if n := c.get("names_incident"); n != nil {
		r.Claim.NamesIncident = d.choice(n, c.sub("names_incident"), []string{"true", "false"}) == "true"
	}
	r.Claim.CoordinationWithin = d.duration(c.get("coordination_attempt_within"), c.sub("coordination_attempt_within"))
	if n := c.get("ordered_by"); n != nil {
		r.Claim.OrderedBy = d.choice(n, c.sub("ordered_by"), append([]string{"authority"}, rights...))
	}
	r.Claim.NotifiedWithin = d.duration(c.get("notified_within"), c.sub("notified_within"))
	if *r.Claim == (ClaimTerms{}) && c.node != nil {
		d.errorf(c.node, c.path, "asks for nothing: give names_incident, coordination_attempt_within, ordered_by or notified_within")
	}
	c.done()
	if n := m.get("show"); n != nil {
		d.mapping(n, m.sub("show")) // every condition is always shown
	}
}
