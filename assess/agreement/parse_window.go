package agreement

import (
	"fmt"
	"slices"

	truce "github.com/trucewatch/truce"
)

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
	d.acknowledgements(m, &w)
	w.ObjectedAt = d.instant(m.get("objected_at"), m.sub("objected_at"))
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
		if w.Circle.RadiusM > 0 {
			if _, err := w.Circle.area(w.ID); err != nil {
				d.errorf(n, m.sub("circle"), "%v", err)
			}
		}
		c.done()
	}
	if (w.Zone == "") == (w.Circle == nil) {
		d.errorf(m.node, m.path, "a window has a place: give either zone or circle")
	}
	return w
}

// acknowledgements reads one as acked_at and acked_by, and any number as acks, each of
// another party. The first that is written stands in AckedBy.
func (d *decoder) acknowledgements(m *mapping, w *Window) {
	w.AckedAt = d.instant(m.get("acked_at"), m.sub("acked_at"))
	if n := m.get("acked_by"); n != nil {
		w.AckedBy = d.party(n, m.sub("acked_by"))
	}
	if m.has("acked_at") != m.has("acked_by") {
		d.errorf(m.node, m.path, "an acknowledgement has a time and a party: give both acked_at and acked_by, or neither")
	}
	for i, n := range d.list(m.get("acks"), m.sub("acks")) {
		one := d.mapping(n, fmt.Sprintf("%s[%d]", m.sub("acks"), i))
		a := Acknowledgement{d.party(one.need("by"), one.sub("by")), d.instant(one.need("at"), one.sub("at"))}
		one.done()
		switch {
		case a.By == "" || a.At == 0: // refused already
		case slices.ContainsFunc(w.Acknowledgements(), func(o Acknowledgement) bool { return o.By == a.By }):
			d.errorf(n, one.path, "%s acknowledges it twice: keep the first", a.By)
		case w.AckedAt == 0:
			w.AckedBy, w.AckedAt = a.By, a.At
		default:
			w.Acks = append(w.Acks, a)
		}
	}
}
