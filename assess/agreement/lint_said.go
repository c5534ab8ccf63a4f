package agreement

import (
	"slices"
	"strings"

	truce "github.com/trucewatch/truce"
)

// lintSaid looks at whom a rule binds, what it reports, and over which time a number
// counts.
func (d *decoder) lintSaid(r *Rule) {
	at, field := d.ruleAt(r), d.ruleField(r)
	for _, act := range r.AreaOnly {
		if !overlaps([]truce.Act{act}, r.Acts) {
			d.warnf(at, field, "origin for %s, an act of which the rule does not speak: name the act or remove it", act)
		}
	}
	if party := string(r.Bearer); slices.Contains(d.ownParties(), party) && !r.OneSided {
		d.warnf(at, field, "asymmetry: the rule binds party %s only; write one_sided: true when the clause itself does, or a rule for the other party as well", party)
	}
	if r.Bearer == BearerController && d.a.ControlBy == "" {
		d.errorf(at, field, "bearer: area_controller cannot be told: no line or control map says on whose side a place lies; add one and control_by")
	}
	if r.Unit == truce.UnitObjectDay && r.Gap > 0 {
		d.warnf(at, field, "count: gap is not used, since an object_day is joined over its local day: remove it, or count another unit")
	}
	d.lintHeads(r)
	d.lintNumber(r)
	if r.Require == nil || r.Require.Notify == nil || !r.Require.Notify.Route {
		return
	}
	for _, w := range d.a.Windows {
		if w.Kind == r.Require.Notify.Window && w.Circle != nil {
			d.warnf(d.place("window", w.ID), "windows "+w.ID, "can never apply: names a circle, and %s asks for a route: give the zone or the corridor that it goes through", r.ID)
		}
	}
}

// lintHeads refuses what is reported and can never be found, and warns of what is asked
// and never reported.
func (d *decoder) lintHeads(r *Rule) {
	at, field := d.ruleAt(r), d.ruleField(r)
	switch {
	case len(r.Reports) == 0:
		return
	case r.Limit != nil:
		if slices.Contains(r.Reports, HeadOutsideStore) && len(r.UnlessState) == 0 {
			d.errorf(at, field, "reports %s and says nowhere what a store is: add unless_state: [in_sealed_store]", HeadOutsideStore)
		}
		if slices.Contains(r.Reports, HeadOutsideStore) && r.Limit.Line == "" && len(r.Limit.Lines) == 0 {
			d.errorf(at, field, "reports %s and is measured from no line: remove it, or give line and to_m", HeadOutsideStore)
		}
		return
	}
	duty := r.Require.Holdings
	for _, row := range []struct {
		asked bool
		names string
		heads []Head
	}{
		{duty.Equal, "declared_equals_observed", []Head{HeadAbsent, HeadUnverified}},
		{duty.SealIntact || duty.InspectEvery > 0, "seal_intact or inspect_every_days", []Head{HeadContinuity}},
	} {
		var said []string
		for _, head := range row.heads {
			if slices.Contains(r.Reports, head) {
				said = append(said, string(head))
			}
		}
		switch {
		case row.asked && len(said) == 0:
			d.warnf(at, field, "asks for %s and reports nothing of it: add %s to otherwise", row.names, strings.Join(options(row.heads...), ", "))
		case !row.asked && len(said) > 0:
			d.errorf(at, field, "reports %s, which is never found: the rule does not ask for %s", strings.Join(said, ", "), row.names)
		}
	}
}

// lintNumber warns of a time over which nothing is counted.
func (d *decoder) lintNumber(r *Rule) {
	if r.Limit == nil || r.Limit.Max > 0 || slices.ContainsFunc(r.Steps, func(s Step) bool { return s.Max != nil && *s.Max > 0 }) {
		return
	}
	switch {
	case r.Limit.Per != PerDay:
		d.warnf(d.ruleAt(r), d.ruleField(r), "per: %s says over which time a number counts, and none is allowed at any: raise max or remove per", r.Limit.Per)
	case r.Bearer == BearerAll:
		d.warnf(d.ruleAt(r), d.ruleField(r), "bearer: all adds up what all parties have, and none is allowed to any: raise max or remove bearer")
	}
}

// listBase is the name of a list of which one version may be named: LIST@VERSION.
func listBase(name string) string {
	base, _, _ := strings.Cut(name, "@")
	return base
}
