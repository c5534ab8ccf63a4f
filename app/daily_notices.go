package app

import (
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/respond/publish"
)

// windows are those of the agreement and of the notifications whose hours overlap a
// period. The list is never nil: notifications are complete by nature, so that none is a
// fact.
func (s *study) windows(p truce.Period) []publish.Window {
	out := []publish.Window{}
	for i := range s.terms.Windows {
		w := &s.terms.Windows[i]
		if w.From < p.To && w.To > p.From {
			out = append(out, s.window(w, p.Zone))
		}
	}
	for i := range s.notices {
		n := &s.notices[i]
		if n.Window.From < p.To && max(n.End, n.Window.To) > p.From {
			out = append(out, s.notified(n, p.Zone))
		}
	}
	return out
}

// window is one as a bulletin prints it.
func (s *study) window(w *agreement.Window, zone string) publish.Window {
	row := publish.Window{
		ID: w.ID, Kind: string(w.Kind), Bearer: w.Bearer, NotifiedBy: w.NotifiedBy, NotifiedAt: w.NotifiedAt, Asked: w.Notice,
		AckedBy: w.AckedBy, AckedAt: w.AckedAt, ObjectedAt: w.ObjectedAt, Period: truce.Period{From: w.From, To: w.To, Zone: zone},
	}
	for _, a := range w.Acks {
		row.Acks = append(row.Acks, truce.WindowAnswer{By: a.By, At: a.At})
	}
	for _, o := range w.Objections {
		row.Objections = append(row.Objections, truce.WindowAnswer{By: o.By, At: o.At})
	}
	for _, e := range w.Extensions {
		row.Extensions = append(row.Extensions, truce.WindowExtension{At: e.At, To: e.To, Counts: e.Fault == ""})
	}
	row.At, row.RadiusM = reachOf(w)
	if i := slices.IndexFunc(s.terms.Zones, func(z agreement.Zone) bool { return z.ID == w.Zone }); w.Zone != "" && i >= 0 {
		row.Zone = s.terms.Zones[i].Name
	}
	return row
}

// reachOf is the middle of a window's place and how far it reaches from there; nil for a
// zone. It is for the cell of the grid that is printed, never for a verdict.
func reachOf(w *agreement.Window) (*geo.Point, float64) {
	var corners []geo.Point
	reach := 0.0
	switch {
	case w.Circle != nil:
		corners, reach = []geo.Point{{Lat: geo.Degrees(w.Circle.Lat), Lon: geo.Degrees(w.Circle.Lon)}}, w.Circle.RadiusM
	case w.Corridor != nil:
		corners, reach = w.Corridor.Route, w.Corridor.WithinM
	case w.Box != nil:
		corners = []geo.Point{{Lat: w.Box.South, Lon: w.Box.West}, {Lat: w.Box.North, Lon: w.Box.East}}
	default:
		return nil, 0
	}
	low, high := corners[0], corners[0]
	for _, c := range corners[1:] {
		low = geo.Point{Lat: min(low.Lat, c.Lat), Lon: min(low.Lon, c.Lon)}
		high = geo.Point{Lat: max(high.Lat, c.Lat), Lon: max(high.Lon, c.Lon)}
	}
	middle := geo.Point{Lat: (low.Lat + high.Lat) / 2, Lon: (low.Lon + high.Lon) / 2}
	return &middle, float64(geo.Distance(middle, low)) + reach
}

// noticeStates are the states of a notification that a bulletin prints as they are; the
// others follow from the hours.
var noticeStates = map[agreement.NoticeState]truce.WindowState{
	agreement.NoticeObjected: truce.WindowObjected, agreement.NoticeLapsed: truce.WindowLapsed, agreement.NoticeOverrun: truce.WindowOverrun,
	agreement.NoticeCancelled: truce.WindowCancelled, agreement.NoticeSuperseded: truce.WindowSuperseded,
}

// notified is a notification as a bulletin prints it: with the hours that count.
func (s *study) notified(n *agreement.Notice, zone string) publish.Window {
	row := s.window(&n.Window, zone)
	row.Period.To, row.State, row.ChangedAt = n.End, noticeStates[n.State], n.Window.CancelledAt
	row.NoAnswer = n.Silent()
	return row
}

// covers lists what every evaluation says of windows.
func (s *study) covers(lists ...[]truce.IncidentRow) []publish.Cover {
	windows := map[string]*agreement.Window{}
	for i := range s.terms.Windows {
		windows[s.terms.Windows[i].ID] = &s.terms.Windows[i]
	}
	for i := range s.notices {
		windows[s.notices[i].Window.ID] = &s.notices[i].Window
	}
	var out []publish.Cover
	for _, rows := range lists {
		for _, row := range rows {
			if row.Evaluation == nil {
				continue
			}
			for _, f := range row.Evaluation.Findings {
				one := publish.Cover{Incident: row.Incident.ID, Rule: f.Rule}
				if f.Window != "" {
					one.Window, one.Covers = f.Window, true
					out = append(out, one)
				}
				for _, w := range f.NotCoveredBy {
					one.Window, one.Covers = w, false
					one.Overran = windows[w] != nil && windows[w].Overran(row.Incident)
					out = append(out, one)
				}
			}
		}
	}
	return out
}
