package agreement

import (
	"slices"
	"strings"
	"time"

	truce "github.com/trucewatch/truce"
)

// lintWindow says why a window can never apply.
func (d *decoder) lintWindow(w *Window) {
	at, field := d.place("window", w.ID), "windows "+w.ID
	if !slices.ContainsFunc(d.a.Rules, func(r Rule) bool { return r.asksFor(w.Kind) }) {
		d.warnf(at, field, "can never apply: no rule has unless: %s", w.Kind)
	}
	if w.Bearer != w.NotifiedBy {
		d.warnf(at, field, "can never apply: %s notified the activity of %s; bearer and notifier must be the same", w.NotifiedBy, w.Bearer)
	}
	if w.NotifiedAt.Add(w.Notice) > w.From {
		d.warnf(at, field, "can never apply: notified %s ahead, the notice asked for is %s", truce.DurationText(w.From.Sub(w.NotifiedAt)), truce.DurationText(w.Notice))
	}
	if d.a.ControlBy == "" {
		d.warnf(at, field, "can never apply: nothing says on whose side a place lies, so the bearer's own area is not known")
	}
	if w.To <= d.a.Effective.At || d.a.Ends.At != 0 && w.From >= d.a.Ends.At {
		d.warnf(at, field, "can never apply: it lies outside the time of the agreement; mend from and to or remove the window")
	}
	if w.ObjectedAt != 0 && w.ObjectedAt <= w.From {
		d.warnf(at, field, "can never apply: it was objected to at %s; agree on another and notify that", w.ObjectedAt)
	}
	for i := range d.a.Rules {
		if r := &d.a.Rules[i]; r.Require != nil && r.Require.Notify != nil && r.Require.Notify.Window == w.Kind {
			d.lintAhead(w, r, r.Require.Notify.Notice)
		}
	}
}

// asksFor says whether a rule speaks of windows of a kind at all.
func (r *Rule) asksFor(kind WindowKind) bool {
	notify := r.Require != nil && r.Require.Notify != nil && r.Require.Notify.Window == kind
	return notify || slices.Contains(r.Unless, kind) || slices.Contains(r.Permit.kinds(), kind)
}

// lintAhead warns of a window notified later than a rule asks.
func (d *decoder) lintAhead(w *Window, r *Rule, notice time.Duration) {
	if ahead := w.From.Sub(w.NotifiedAt); ahead < notice {
		d.warnf(d.place("window", w.ID), "windows "+w.ID, "can never apply: notified %s ahead, %s asks for %s", truce.DurationText(ahead), r.ID, truce.DurationText(notice))
	}
}

// lintPermission warns of a permission that no window can use.
func (d *decoder) lintPermission(r *Rule) {
	at, field, kinds := d.ruleAt(r), d.ruleField(r), r.Permit.Windows
	if len(kinds) == 0 {
		d.errorf(at, field, "no kind of window is for these acts, so nothing is permitted: name the windows in window")
		return
	}
	if p := r.Permit; p.Notice > 0 && p.AutoAck > p.Notice {
		d.warnf(at, field, "auto_ack %s is longer than notice %s: of a window notified in time silence would count only after it began; shorten auto_ack or lengthen notice", truce.DurationText(p.AutoAck), truce.DurationText(p.Notice))
	}
	for _, act := range r.Permit.Acts {
		serves := func(k WindowKind) bool { return overlaps(activities[k], []truce.Act{act}) }
		if !slices.ContainsFunc(kinds, serves) {
			d.warnf(at, field, "permits %s, which none of its windows (%s) is for: no window can cover it; name another kind in window or remove the act", act, list(kinds))
		}
	}
	excepts := func(o Rule) bool {
		notify := o.Require != nil && o.Require.Notify != nil && slices.Contains(kinds, o.Require.Notify.Window)
		return notify || shareKind(o.Unless, kinds)
	}
	if !slices.ContainsFunc(d.a.Rules, excepts) {
		d.warnf(at, field, "permits windows (%s) that no rule excepts: the permission changes no finding of another rule; add unless to the rule that prohibits the activity", list(kinds))
	}
}

// lintPermitted says why a window cannot apply under a permission.
func (d *decoder) lintPermitted(w *Window, permit *Rule) {
	p := permit.Permit
	if !slices.Contains(p.Windows, w.Kind) {
		return
	}
	at, field := d.place("window", w.ID), "windows "+w.ID
	if hours := w.To.Sub(w.From).Hours(); p.MaxHours > 0 && hours > p.MaxHours {
		d.warnf(at, field, "can never apply: lasts %.1f h, %s allows %g", hours, permit.ID, p.MaxHours)
	}
	if w.Circle != nil && p.RadiusM > 0 && w.Circle.RadiusM > p.RadiusM {
		d.warnf(at, field, "can never apply: its radius is %g m, %s allows %g", w.Circle.RadiusM, permit.ID, p.RadiusM)
	}
	d.lintAhead(w, permit, p.Notice)
	if p.Ack != AckNone && p.AutoAck == 0 {
		d.lintAck(w, permit)
	}
}

// lintAck says why the acknowledgements of a window are not those that are asked for.
func (d *decoder) lintAck(w *Window, permit *Rule) {
	at, field := d.place("window", w.ID), "windows "+w.ID
	all := w.Acknowledgements()
	if len(all) == 0 {
		d.warnf(at, field, "can never apply: %s asks for an acknowledgement and none is recorded: add acked_at and acked_by", permit.ID)
		return
	}
	l := look{g: &Geometry{a: d.a}}
	of := &window{Window: *w}
	missing := l.missing(permit.Permit.Ack, of)
	if missing == AckNone {
		return
	}
	for _, a := range all {
		switch {
		case a.At > w.From && l.answers(missing, of, a.By):
			d.warnf(at, field, "can never apply: acknowledged at %s, after it began, and %s asks for that before", a.At, permit.ID)
			return
		case a.By == w.Bearer && missing != AckMechanism:
			d.warnf(at, field, "can never apply: acknowledged by %s, whose own window it is; %s asks for the other party", a.By, permit.ID)
			return
		}
	}
	d.warnf(at, field, "can never apply: acknowledged by %s; %s asks for %s", all[0].By, permit.ID, ackWords(missing))
}

func list(kinds []WindowKind) string { return strings.Join(options(kinds...), ", ") }
