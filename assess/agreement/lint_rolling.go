package agreement

import (
	"cmp"
	"slices"
	"strings"
	"time"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// So many windows may follow one another at a place with shorter pauses than this.
const (
	rollingMost  = 3
	rollingPause = 24 * time.Hour
)

// drawnVersion is one version of the line that says on whose side a place lies.
type drawnVersion struct {
	LineVersion
	drawn *geo.Line
}

// controlDrawings are the versions of that line; none where a control map says it, whose
// versions come with the observations.
func (d *decoder) controlDrawings() []drawnVersion {
	i := slices.IndexFunc(d.a.Lines, func(l Line) bool { return string(l.ID) == d.a.ControlBy && l.Derived == "" })
	if i < 0 || len(d.a.Windows) == 0 {
		return nil
	}
	var out []drawnVersion
	for _, v := range d.a.Lines[i].Versions {
		for _, f := range d.a.Features(v.Source) {
			if drawn, err := geo.NewLine(f.Name(), f.Geom.Lines...); err == nil {
				out = append(out, drawnVersion{v, drawn})
			}
		}
	}
	return out
}

// lintElsewhere warns of a window that lies wholly on the side of another party: a window
// exempts in the area of its bearer alone.
func (d *decoder) lintElsewhere(w *Window, drawn []drawnVersion) {
	bearer := slices.ContainsFunc(d.a.Parties, func(p Party) bool { return p.ID == w.Bearer && p.Role == RoleParty })
	if !bearer || !d.elsewhere(w, drawn) {
		return
	}
	d.warnf(d.place("window", w.ID), "windows "+w.ID, "can never apply: its place lies wholly on the side of another party than its bearer %s, by %s; mend the place, or let the other party notify it", w.Bearer, d.a.ControlBy)
}

// elsewhere holds where every version of the line that is true in the window's hours says
// so, and there is one.
func (d *decoder) elsewhere(w *Window, drawn []drawnVersion) bool {
	left, right := d.a.sides(truce.LineID(d.a.ControlBy))
	if w.Bearer != left && w.Bearer != right {
		return false
	}
	if z := d.a.zone(w.Zone); z != nil {
		return z.Band != nil && string(z.Band.Line) == d.a.ControlBy && z.Band.Party != "" && z.Band.Party != w.Bearer
	}
	if w.Circle == nil {
		return false
	}
	middle, other := w.Circle.middle(), geo.Right
	if w.Bearer == right {
		other = geo.Left
	}
	held := false
	for _, v := range drawn {
		if (Span{v.ValidFrom, v.ValidTo}).apart(Span{w.From, w.To}) {
			continue
		}
		if v.drawn.SideOf(middle) != other || float64(v.drawn.DistanceTo(middle)) < w.Circle.RadiusM {
			return false
		}
		held = true
	}
	return held
}

func (c *Circle) middle() geo.Point {
	return geo.Point{Lat: geo.Degrees(c.Lat), Lon: geo.Degrees(c.Lon)}
}

// lintRolling warns of windows that roll on at one place: together they are one long
// window that nobody notified or agreed to as such.
func (d *decoder) lintRolling() {
	order := make([]*Window, len(d.a.Windows))
	for i := range d.a.Windows {
		order[i] = &d.a.Windows[i]
	}
	slices.SortStableFunc(order, func(a, b *Window) int { return cmp.Compare(a.From, b.From) })
	var runs [][]*Window
	for _, w := range order {
		i := slices.IndexFunc(runs, func(run []*Window) bool { return rollsOn(run, w) })
		if i < 0 {
			runs = append(runs, []*Window{w})
			continue
		}
		runs[i] = append(runs[i], w)
	}
	for _, run := range runs {
		if len(run) <= rollingMost {
			continue
		}
		ids := make([]string, len(run))
		for i, w := range run {
			ids[i] = w.ID
		}
		last := run[len(run)-1]
		d.warnf(d.place("window", last.ID), "windows "+last.ID, "rolling windows: %d of kind %s of %s follow one another at one place from %s to %s without a pause of 24h (%s): agree on one window of that length, or leave a pause",
			len(run), last.Kind, last.Bearer, run[0].From, endOf(run), cut(strings.Join(ids, ", ")))
	}
}

// rollsOn says whether a window goes on from a run of earlier ones.
func rollsOn(run []*Window, w *Window) bool {
	last := run[len(run)-1]
	return last.Kind == w.Kind && last.Bearer == w.Bearer && w.From.Sub(endOf(run)) < rollingPause && samePlace(last, w)
}

func endOf(run []*Window) truce.Instant {
	end := run[0].To
	for _, w := range run {
		end = max(end, w.To.Add(w.Grace))
	}
	return end
}

// samePlace says whether two windows name one zone or circles that meet.
func samePlace(a, b *Window) bool {
	if a.Circle == nil || b.Circle == nil {
		return a.Zone != "" && a.Zone == b.Zone
	}
	return float64(geo.Distance(a.Circle.middle(), b.Circle.middle())) < a.Circle.RadiusM+b.Circle.RadiusM
}
