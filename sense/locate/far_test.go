package locate_test

import (
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
)

// blastFarAway is what five arrays hear of an explosion some 200 to 270 km off, on a day without wind
// in the upper air, and one more sensor of something else.
func blastFarAway() (sensors []locate.Sensor, arrivals []locate.Arrival, source geo.Point) {
	source = geo.Point{Lat: -47.9, Lon: -21.6}
	at := truce.InstantOf(time.Date(2031, 4, 15, 12, 0, 0, 0, time.UTC))
	plane := geo.NewPlane(source)
	for i, p := range [][2]geo.Metres{{250e3, 10e3}, {180e3, 120e3}, {-40e3, 260e3}, {-210e3, -30e3}, {60e3, -240e3}} {
		s := locate.Sensor{ID: string(rune('A' + i)), At: plane.From(p[0], p[1])}
		away, azimuth, _ := geo.Inverse(s.At, source)
		late := truce.Instant(float64(away) / 295 * 1e6)
		sensors = append(sensors, s)
		arrivals = append(arrivals, locate.Arrival{ID: "of " + s.ID, Sensor: i, Time: at + late, Azimuth: azimuth, AzimuthSigma: 3})
	}
	sensors = append(sensors, locate.Sensor{ID: "F", At: plane.From(200e3, -150e3)})
	arrivals = append(arrivals, locate.Arrival{ID: "stray", Sensor: 5, Time: at.Add(40 * time.Minute)})
	return sensors, arrivals, source
}

// usedBy are the ids that each event rests on.
func usedBy(t *testing.T, sensors []locate.Sensor, arrivals []locate.Arrival, decisions ...locate.Decision) (events []locate.Event, ids [][]string) {
	t.Helper()
	result, err := locate.Batch(sensors, arrivals, locate.Config{Decisions: decisions})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range result.Events {
		var list []string
		for _, u := range e.Used {
			list = append(list, arrivals[u.Arrival].ID)
		}
		ids = append(ids, list)
	}
	return result.Events, ids
}

func TestABlastFarAwayIsHeard(t *testing.T) {
	sensors, arrivals, source := blastFarAway()
	events, ids := usedBy(t, sensors, arrivals)
	if len(events) != 1 || len(ids[0]) != 5 || geo.Distance(events[0].At, source) > 5000 {
		t.Fatalf("%v: %+v", ids, events)
	}
}

// TestDecisionsBindFarAway: what people said is of one event is in one whole, or in none, in
// whatever order they said so; what is apart from it is not.
func TestDecisionsBindFarAway(t *testing.T) {
	together := func(ids ...string) locate.Decision { return locate.Decision{Kind: locate.Together, Arrivals: ids} }
	for _, c := range []struct {
		name      string
		decisions []locate.Decision
		least     int // arrivals of the blast that are in an event
	}{
		{"two of it", []locate.Decision{together("of A", "of C")}, 5},
		{"one of it and a stray", []locate.Decision{together("of A", "stray")}, 4},
		{"a stray and one of it", []locate.Decision{together("stray", "of D")}, 4},
		{"two lists", []locate.Decision{together("of B", "of C"), together("of A", "stray")}, 4},
		{"apart", []locate.Decision{{Kind: locate.Apart, Arrivals: []string{"of A"}, Others: []string{"of B", "of C"}}}, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			sensors, arrivals, _ := blastFarAway()
			_, events := usedBy(t, sensors, arrivals, c.decisions...)
			most := 0
			for _, ids := range events {
				has := func(id string) bool { return slices.Contains(ids, id) }
				most = max(most, len(ids))
				for _, d := range c.decisions {
					some, all := slices.ContainsFunc(d.Arrivals, has), !slices.ContainsFunc(d.Arrivals, func(id string) bool { return !has(id) })
					if d.Kind == locate.Together && some && !all {
						t.Errorf("a part of %v is in %v", d.Arrivals, ids)
					}
					if d.Kind == locate.Apart && some && slices.ContainsFunc(d.Others, has) {
						t.Errorf("both sides of %v and %v are in %v", d.Arrivals, d.Others, ids)
					}
				}
			}
			if most < c.least {
				t.Errorf("the largest event has %d arrivals: %v", most, events)
			}
		})
	}
}
