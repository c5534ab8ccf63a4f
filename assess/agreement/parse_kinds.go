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
	switch n := m.get("where"); {
	case n != nil:
		r.Where = d.where(n, m.sub("where"))
	case m.get("object") == nil: // listed objects say where
		r.Where.Anywhere = true
		if slices.ContainsFunc(r.Acts, func(a truce.Act) bool { return a.Group() != truce.GroupAccess }) {
			d.warnf(m.node, m.sub("where"), "is missing, so the rule holds everywhere: name the place, or write where: {anywhere: true}")
		}
	}
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
	case q.has("reply_within"), q.has("days"), q.has("disciplinary_notice_within_days"):
		form = d.replyDuty(q, r.Require)
	case q.has("declared_equals_observed"), q.has("seal_intact"), q.has("inspect_every_days"):
		form = "holdings"
		d.holdingsDuty(q, r.Require)
	default:
		d.errorf(n, m.sub("require"), "asks for nothing known: give notify, access_within, reply_within (or days, or disciplinary_notice_within_days) with after, declared_equals_observed, seal_intact or inspect_every_days")
	}
	r.Require.WithinLine = d.nearLine(q.get("within_m"), q.sub("within_m"))
	d.spelled(q, map[string]string{
		"vehicles_min": "threshold: {vehicles: N}", "vessels_min": "threshold: {vessels: N}", "aircraft_min": "threshold: {aircraft: N}",
		"reply_within_days": "days", "acknowledge_within": "reply_within, with after: notification", "otherwise": "otherwise beside require", "hit_if": "hit_if beside require",
	})
	q.done()
	r.Acts = slices.Clone(dutyActs[form])
	if v := m.get("acts"); v != nil {
		r.Acts = d.acts(v, m.sub("acts"))
	}
	d.seenAs(m, r)
	d.otherwise(m, r)
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
	d.size(q, duty)
	for i, item := range d.list(q.get("outside"), q.sub("outside")) {
		duty.Outside = append(duty.Outside, truce.ZoneID(d.use("zone", item, fmt.Sprintf("%s[%d]", q.sub("outside"), i))))
	}
	duty.Route = d.yes(q.get("route"), q.sub("route"))
	out.Notify = duty
	return string(duty.Window)
}

// replyAfter are what an answer may be owed for.
var replyAfter = []string{"complaint", "notification", "determination"}

func (d *decoder) replyDuty(q *mapping, out *Requirement) string {
	duty := &ReplyDuty{After: d.choice(q.need("after"), q.sub("after"), replyAfter)}
	within, days := q.get("reply_within"), q.get("days")
	name, notice := "days", q.get("disciplinary_notice_within_days")
	if notice != nil {
		name = "disciplinary_notice_within_days"
		if duty.After != "" && duty.After != "determination" {
			d.errorf(notice, q.sub(name), "a notice of discipline follows a determination: write after: determination, or days: for an answer to a %s", duty.After)
		}
	}
	switch {
	case within != nil && days != nil:
		d.errorf(days, q.sub("days"), "give reply_within or days, not both")
	case notice != nil && (within != nil || days != nil):
		d.errorf(notice, q.sub(name), "says how long an answer may take, and so does another field beside it: keep one")
	case within != nil:
		duty.Within = d.duration(within, q.sub("reply_within"))
	case notice != nil:
		duty.Within = time.Duration(d.integer(notice, q.sub(name), 1, 3650)) * 24 * time.Hour
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
	if v := m.get("near"); v != nil {
		near := d.mapping(v, m.sub("near"))
		r.Permit.NearM = d.number(near.get("m"), near.sub("m"), 0, maxReachM)
		r.Permit.Near = d.duration(near.get("time"), near.sub("time"))
		near.done()
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
	d.shown(m.get("show"), m.sub("show"), r)
}
