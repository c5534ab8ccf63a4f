package locate_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/sim/arrivals"
)

// remarksOf is what a result says of a sensor.
func remarksOf(r *locate.Result, sensor int) (kinds []locate.HealthKind) {
	for _, h := range r.Health {
		if h.Sensor == sensor {
			kinds = append(kinds, h.Kind)
		}
	}
	return kinds
}

// TestAFloodInOneSecondEnds: a sensor, or all of them, with thousands of arrivals at one instant.
// Without a bound each is tried with each.
func TestAFloodInOneSecondEnds(t *testing.T) {
	h := invent(t, "A100/0.3", 61, arrivals.StatedNone)
	quiet, err := locate.Batch(h.sensors, h.arrivals, locate.Config{})
	if err != nil {
		t.Fatal(err)
	}
	at := quiet.Events[50].Time
	flood := func(n, sensors int) []locate.Arrival {
		list := slices.Clone(h.arrivals)
		for i := range n {
			list = append(list, locate.Arrival{ID: fmt.Sprintf("flood-%d", i), Sensor: i % sensors, Time: at})
		}
		return list
	}
	one, err := locate.Batch(h.sensors, flood(100_000, 1), locate.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(remarksOf(&one, 0), locate.Chattering) || len(one.Events) < len(quiet.Events)-2 {
		t.Errorf("%v of the sensor, %d events, want that it chatters and %d", remarksOf(&one, 0), len(one.Events), len(quiet.Events))
	}
	all, err := locate.Batch(h.sensors, flood(400_000, len(h.sensors)), locate.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Events) < len(quiet.Events)*9/10 || len(all.Events) > len(quiet.Events)*3/2 {
		t.Errorf("%d events, want about %d", len(all.Events), len(quiet.Events))
	}
}

// TestALoneSensorChangesNothing: its place was never set, 0, 0, and it hears as much as others.
func TestALoneSensorChangesNothing(t *testing.T) {
	for _, workload := range []string{"A200/0.3", "S100/0.3"} {
		h := invent(t, workload, 62, arrivals.StatedNone)
		want, err := locate.Batch(h.sensors, h.arrivals, locate.Config{})
		if err != nil {
			t.Fatal(err)
		}
		list := slices.Clone(h.arrivals)
		for i := range 60 {
			a := h.arrivals[i*7]
			list = append(list, locate.Arrival{ID: fmt.Sprintf("lone-%d", i), Sensor: len(h.sensors), Time: a.Time + 5, Phase: a.Phase})
		}
		got, err := locate.Batch(append(slices.Clone(h.sensors), locate.Sensor{ID: "lone", At: geo.Point{Lat: 1e-4}}), list, locate.Config{})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Events) != len(want.Events) {
			t.Fatalf("%s: %d events with a lone sensor, %d without", workload, len(got.Events), len(want.Events))
		}
		for i := range got.Events {
			if got.Events[i].At != want.Events[i].At || !slices.Equal(got.Events[i].Used, want.Events[i].Used) {
				t.Fatalf("%s: event %d is another with a lone sensor", workload, i)
			}
		}
		if !slices.Equal(remarksOf(&got, len(h.sensors)), []locate.HealthKind{locate.Lone}) {
			t.Errorf("%s: of it is said %v", workload, remarksOf(&got, len(h.sensors)))
		}
	}
}

// TestSensorsFarFromEachOtherAreNotLone: three arrays of infrasound, hundreds of km apart.
func TestSensorsFarFromEachOtherAreNotLone(t *testing.T) {
	sensors := grid(2, 400_000)
	result, err := locate.Batch(sensors, shot(sensors, geo.NewFrame(ground).From(150_000, 230_000), noon, 900_000), locate.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range sensors {
		if slices.Contains(remarksOf(&result, i), locate.Lone) {
			t.Errorf("sensor %d is taken for lone", i)
		}
	}
}
