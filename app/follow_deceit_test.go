package app

import (
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// TestDeceitIsSeenByRadar: an aircraft that tells another place than where it is seen was
// deceived there, of whichever kind; a radar that is off, a short slip and one that flies beside
// deceive nobody.
func TestDeceitIsSeenByRadar(t *testing.T) {
	own := over(12)
	own.said, own.own, own.hover = []truce.Identity{ownIdentity}, true, 10*time.Minute
	other := own
	other.said, other.own = []truce.Identity{{Scheme: "serial", Value: "X1"}}, false
	begins := own.at.Add(4 * time.Minute)
	drift := func(at truce.Instant) geo.Metres { return geo.Metres(max(0, min(1500, 8*at.Sub(begins).Seconds()))) }
	slip := func(at truce.Instant) geo.Metres {
		if at > begins && at < begins.Add(15*time.Second) {
			return 700
		}
		return 0
	}
	radar := func(o *truce.Observation) bool { return o.Source == "asterix" }
	told := func(o *truce.Observation) bool { return !radar(o) }
	beside := own
	beside.said, beside.own = nil, false
	for i := range beside.legs {
		beside.legs = append([][2]float64(nil), beside.legs...)
		beside.legs[i][1] += .2
	}
	for _, row := range []struct {
		name   string
		plots  []truce.Observation
		which  func(*truce.Observation) bool
		off    func(truce.Instant) geo.Metres
		score  float64 // 0: no deceit
		signed bool
	}{
		{"its own, drawn away", sky(21, own), told, drift, jammedScore, true},
		{"another's, drawn away", sky(22, other), told, drift, lostScore, false},
		{"undisturbed", sky(23, own), told, func(truce.Instant) geo.Metres { return 0 }, 0, false},
		{"a slip of seconds", sky(24, other), told, slip, 0, false},
		{"a radar that is off", sky(25, other), radar, func(truce.Instant) geo.Metres { return 120 }, 0, false},
		{"one that flies beside and on", byPlotTime(sky(26, other), sky(27, beside)), told, drift, 0, false},
	} {
		for i := range row.plots {
			if o := &row.plots[i]; row.which(o) {
				plane := geo.NewPlane(o.Place.Point)
				o.Place = &geo.Position{Point: plane.From(row.off(o.Phenomenon.From), 0), Error: o.Place.Error}
			}
		}
		out := watchedBy(t, row.plots)
		var found []truce.Event
		for _, e := range out.events {
			if e.Kind == truce.ActJamGNSS {
				found = append(found, e)
			}
		}
		if row.score == 0 {
			if len(found) > 0 || len(out.signs) > 0 {
				t.Errorf("%s: %d events of deceit, %+v", row.name, len(found), out.signs)
			}
			continue
		}
		if len(found) != 1 || found[0].Score != row.score {
			t.Errorf("%s: %d events of deceit: %+v", row.name, len(found), found)
			continue
		}
		e := found[0]
		at := meanPlace(own, e.Origin)
		families := map[truce.Family]int{}
		for _, s := range e.Support {
			families[s.Family]++
		}
		if since := e.Origin.From.Sub(begins); since < 0 || since > 90*time.Second || geo.Distance(e.Position.Point, at) > 200 || families[truce.FamilyRadar] < 5 {
			t.Errorf("%s: from %s on, %.0f m off, %v", row.name, since, float64(geo.Distance(e.Position.Point, at)), families)
		}
		if signed := len(out.signs) == 1 && out.signs[0].Reason == "GNSS deceived on its flight"; signed != row.signed || !row.signed && len(out.signs) > 0 {
			t.Errorf("%s: %+v", row.name, out.signs)
		}
	}
}

// meanPlace is the mean of where it was in a time.
func meanPlace(f flown, during truce.PhenomenonTime) geo.Point {
	plane, x, y, n := geo.NewPlane(middle), geo.Metres(0), geo.Metres(0), geo.Metres(0)
	for at := during.From; at < during.To; at = at.Add(time.Second) {
		if p, flies := f.place(at.Sub(f.at)); flies {
			east, north := plane.To(p)
			x, y, n = x+east, y+north, n+1
		}
	}
	return plane.From(x/n, y/n)
}
