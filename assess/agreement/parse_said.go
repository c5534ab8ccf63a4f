package agreement

import (
	"fmt"
	"slices"
	"strings"
	"time"

	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

// This file reads what rules of several kinds may say beside their acts and places: whom
// they bind, what they report, and what evidence they ask for.

// yes reads true or false; absent is false.
func (d *decoder) yes(n *yaml.Node, path string) bool {
	return n != nil && d.choice(n, path, []string{"true", "false"}) == "true"
}

// spelled refuses other spellings of a field, with the one of the language.
func (d *decoder) spelled(m *mapping, mends map[string]string) {
	for _, key := range m.keys {
		if mend, some := mends[key.Value]; some {
			m.get(key.Value)
			d.errorf(key, m.sub(key.Value), "is spelled in another way here: write %s", mend)
		}
	}
}

// limitHeads and storeHeads are what limits and duties of stores may report.
var (
	limitHeads = []Head{HeadInside, HeadOutsideStore, HeadMissing}
	storeHeads = []Head{HeadAbsent, HeadUnverified, HeadContinuity}
)

// reports reads the heads of a limit's own report.
func (d *decoder) reports(m *mapping, r *Rule) {
	for _, head := range d.choices(m.get("report"), m.sub("report"), options(limitHeads...)) {
		r.Reports = append(r.Reports, Head(head))
	}
}

// otherwise reads what a store that is not as it should be is reported as.
func (d *decoder) otherwise(m *mapping, r *Rule) {
	if r.Require.Holdings == nil {
		return
	}
	for _, head := range d.choices(m.get("otherwise"), m.sub("otherwise"), options(storeHeads...)) {
		r.Reports = append(r.Reports, Head(head))
	}
}

// seenAs reads in what a duty of notice is seen to be unmet: the acts that are observed
// while no window covers them. A group stands for those of its acts that such a window is
// for.
func (d *decoder) seenAs(m *mapping, r *Rule) {
	if r.Require.Notify == nil {
		return
	}
	n := m.get("hit_if")
	if n == nil {
		return
	}
	h := d.mapping(n, m.sub("hit_if"))
	kind := r.Require.Notify.Window
	words := append(options(truce.ActGroups()...), actNames()...)
	var acts []truce.Act
	for _, word := range d.choices(h.need("observed"), h.sub("observed"), words) {
		if act := truce.Act(word); act.Known() {
			acts = append(acts, act)
			continue
		}
		for _, act := range truce.ActGroup(word).Acts() {
			if slices.Contains(activities[kind], act) {
				acts = append(acts, act)
			}
		}
	}
	if len(acts) == 0 && !d.failed() {
		d.errorf(n, h.sub("observed"), "holds no act that a %s window is for: name the acts", kind)
	}
	if m.has("acts") && len(acts) > 0 {
		d.errorf(n, h.sub("observed"), "names the acts, and so does acts: keep one")
	}
	r.Acts = acts
	d.choice(h.need("no_window"), h.sub("no_window"), []string{"true"}) // what a window covers is exempt
	h.done()
}

// size reads from which size on notice is due: threshold: {troops: 500}, or troops_min.
func (d *decoder) size(q *mapping, duty *NotifyDuty) {
	at := q.get("troops_min")
	if at != nil {
		duty.Object, duty.Threshold = "troops", d.integer(at, q.sub("troops_min"), 1, 1_000_000)
	}
	n := q.get("threshold")
	if n == nil {
		return
	}
	if at != nil {
		d.errorf(at, q.sub("troops_min"), "says from which size on notice is due, and so does threshold: keep one")
	}
	t := d.mapping(n, q.sub("threshold"))
	for _, object := range thresholdObjects {
		v := t.get(object)
		if v == nil {
			continue
		}
		if duty.Object != "" && at == nil {
			d.errorf(v, t.sub(object), "a duty has one threshold, and %s stands beside it: write a rule for each", duty.Object)
		}
		duty.Object, duty.Threshold = object, d.integer(v, t.sub(object), 1, 1_000_000)
	}
	if duty.Object == "" && t.node != nil {
		d.errorf(n, q.sub("threshold"), "bounds nothing: give vehicles, troops, vessels or aircraft")
	}
	t.done()
}

// thresholdObjects are what the size of an activity may be counted in.
var thresholdObjects = []string{"vehicles", "troops", "vessels", "aircraft", "battalions", "companies", "brigades"}

// nearLine reads {line, m}, or metres alone where only one line can be meant.
func (d *decoder) nearLine(n *yaml.Node, path string) *Within {
	switch {
	case n == nil:
		return nil
	case n.Kind == yaml.MappingNode:
		m := d.mapping(n, path)
		within := d.within(m)
		m.done()
		return &within
	}
	var contact []truce.LineID
	for _, l := range d.a.Lines {
		if l.Kind == LineContact {
			contact = append(contact, l.ID)
		}
	}
	metres := d.number(n, path, 1, maxReachM)
	if len(contact) != 1 {
		d.errorf(n, path, "%d lines of kind contact, so nobody can tell from which it is measured: write {line: NAME, m: %s}", len(contact), cut(n.Value))
		return nil
	}
	return &Within{contact[0], metres}
}

// binds reads whom a rule that is no limit binds, what of an origin it takes for known,
// and what a hit does to what can be observed.
func (d *decoder) binds(m *mapping, r *Rule) {
	if r.Kind == KindPermit || r.Kind == KindClaim {
		return
	}
	if n := m.get("bearer"); n != nil && r.Kind == KindLimit {
		d.errorf(n, m.sub("bearer"), "of a limit says whose number is counted: write it in limit, limit: {bearer: each}")
	} else if n != nil {
		r.Bearer = Bearer(d.choice(n, m.sub("bearer"), append([]string{"each", string(BearerController)}, d.ownParties()...)))
		if r.Bearer == "each" {
			r.Bearer = BearerEach
		}
	}
	if n := m.get("effect"); n != nil {
		r.OpensGap = d.choice(n, m.sub("effect"), []string{"open_gap"}) != ""
	}
	n := m.get("origin")
	if n == nil {
		return
	}
	o := d.mapping(n, m.sub("origin"))
	for _, key := range o.keys {
		act := truce.Act(d.choice(key, o.sub(cut(key.Value)), actNames()))
		if d.choice(o.get(key.Value), o.sub(cut(key.Value)), []string{"area_only"}) != "" && act != "" {
			r.AreaOnly = append(r.AreaOnly, act)
		}
	}
	o.done()
}

// shown reads which conditions of a claim are shown, and whether what it answers is.
func (d *decoder) shown(n *yaml.Node, path string, r *Rule) {
	if n == nil {
		return
	}
	m := d.mapping(n, path)
	states := options(truce.ConditionMet, truce.ConditionNotMet, truce.ConditionUnknown)
	for _, state := range d.choices(m.get("each_condition"), m.sub("each_condition"), states) {
		r.Show.States = append(r.Show.States, truce.ConditionState(state))
	}
	r.Show.Chain = d.yes(m.get("chain"), m.sub("chain"))
	if len(r.Show.States) == 0 && !r.Show.Chain && m.node != nil {
		d.errorf(n, path, "shows nothing: give each_condition or chain")
	}
	if r.Show.Chain && !r.Claim.NamesIncident {
		d.errorf(n, m.sub("chain"), "follows the incidents that claims name, and the rule asks for no name: add names_incident: true to conditions")
	}
	m.done()
}

// imagery reads what two images need: {before_max_days, gsd_m, or}.
func (d *decoder) imagery(n *yaml.Node, path string) *ImageDiff {
	if n == nil {
		return nil
	}
	m := d.mapping(n, path)
	out := &ImageDiff{}
	if v := m.get("before_max_days"); v != nil {
		out.BeforeMax = time.Duration(d.integer(v, m.sub("before_max_days"), 1, 3650)) * 24 * time.Hour
	}
	if v := m.get("gsd_m"); v != nil {
		out.GSDM = d.number(v, m.sub("gsd_m"), 0.01, 1000)
	}
	out.Or = d.tokens(m.get("or"), m.sub("or"))
	if len(m.keys) == 0 && m.node != nil {
		d.errorf(n, path, "asks for nothing: give before_max_days, gsd_m or or")
	}
	m.done()
	return out
}

// pinned reads the name of a list, or of one version of it: LIST or LIST@VERSION.
func (d *decoder) pinned(n *yaml.Node, path string) string {
	name := d.text(n, path)
	base, version, some := strings.Cut(name, "@")
	if !some {
		return d.use("list", n, path)
	}
	if !identifier().MatchString(base) || !identifier().MatchString(version) {
		d.errorf(n, path, "%q: want the name of a list, or of one version of it: LIST@VERSION", cut(name))
		return ""
	}
	d.refs = append(d.refs, reference{n, path, "list", base})
	if slices.Contains(d.names["list"], base) {
		d.refs = append(d.refs, reference{n, path, "list version", name})
	}
	return name
}

func (d *decoder) listNames(n *yaml.Node, path string) []string {
	var out []string
	for i, item := range d.list(n, path) {
		out = append(out, d.pinned(item, fmt.Sprintf("%s[%d]", path, i)))
	}
	return out
}
