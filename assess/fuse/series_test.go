package fuse_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/fuse"
	"github.com/trucewatch/truce/geo"
)

// TestASeriesOfShotsIsOneHappening for as long as it goes on, and one voice: two networks'
// shots are not joined, and a patrol that heard the whole bears out one happening.
func TestASeriesOfShotsIsOneHappening(t *testing.T) {
	at := truce.InstantOf(time.Date(2031, 3, 3, 12, 0, 0, 0, time.UTC))
	shot := func(n int, after time.Duration, group string) truce.Event {
		id := truce.NewID(at.Add(after), "event", "locate/1", fmt.Append(nil, n))
		return truce.Event{
			ID: id, Kind: truce.ActExplosion, Origin: truce.Moment(at.Add(after), 0), Score: .99, Method: "locate/1",
			Position: &geo.Position{Point: geo.Point{Lat: -47.9, Lon: -21.6 + geo.Degrees(n%3)/1000}, Error: geo.Isotropic(40)},
			Support:  []truce.Support{{Observation: id, Source: "arrivals-acoustic", Family: truce.FamilyAcoustic, Group: group}},
		}
	}
	var events []truce.Event
	for n := range 12 {
		events = append(events, shot(n, time.Duration(n)*90*time.Second, "series-1"))
	}
	events = append(events, shot(50, time.Hour, ""), shot(51, time.Hour+20*time.Second, ""))
	patrol := shot(90, 0, "")
	patrol.Kind, patrol.Method, patrol.Origin.To = truce.ActIndirectFire, "story/1", at.Add(18*time.Minute)
	patrol.Position.Error = geo.Isotropic(500)
	patrol.Support[0].Source, patrol.Support[0].Family = "csv-patrol", truce.FamilyPatrol
	groups := fuse.Join(append(events, patrol), fuse.Config{})
	if len(groups) != 3 || len(groups[0].Events) != 13 || len(groups[0].Families) != 2 || groups[0].Occurrence != truce.OccurrenceCorroborated {
		for _, g := range groups {
			t.Logf("%d events, %v, %s", len(g.Events), g.Families, g.Occurrence)
		}
		t.Fatalf("%d groups, want the series with the patrol and the two shots that are none", len(groups))
	}
	if span := groups[0].Time; span.To.Sub(span.From) < 16*time.Minute {
		t.Errorf("the happening lasts from %s to %s", span.From, span.To)
	}
}
