package sim

import (
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source/sourcetest"
)

// readEars decodes the field with the real source: sensors by name, arrivals by their number.
func readEars(t *testing.T, w *World) (sensors map[truce.SensorID]truce.Observation, arrivals map[string]truce.Observation) {
	t.Helper()
	sensors, arrivals = map[truce.SensorID]truce.Observation{}, map[string]truce.Observation{}
	for _, f := range w.Files() {
		if f.Format != FormatSensors && f.Format != FormatArrivals {
			continue
		}
		sink := &sourcetest.Sink{}
		if err := decoders[f.Format](f, sink); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(f.Data), "\n")
		for _, o := range sink.Observations {
			if o.Kind == truce.KindStation {
				sensors[o.Sensor] = o
				continue
			}
			id, _, _ := strings.Cut(lines[o.Origin.Line-1], ",")
			if _, twice := arrivals[id]; twice {
				t.Errorf("arrival %s stands there twice", id)
			}
			arrivals[id] = o
		}
	}
	return sensors, arrivals
}

// TestArrivalsAreOfTheirShots: each that the truth gives a shot came when sound could, by the
// clock of its ear; nothing came from an ear that is dead; and there is as much clutter as is said.
func TestArrivalsAreOfTheirShots(t *testing.T) {
	for _, cfg := range []Config{{}, {Seed: 5, Days: 4}, {Seed: 9, Days: 1, Scale: 3}} {
		w := newWorld(t, cfg)
		sensors, arrivals := readEars(t, w)
		if len(sensors) != earCount {
			t.Fatalf("%d sensors", len(sensors))
		}
		heard, squares := 0, 0.0
		for _, s := range w.Truth().Shots {
			for _, id := range s.Arrivals {
				o := arrivals[id]
				d := geo.Distance(s.Point, sensors[o.Sensor].Place.Point)
				took := o.Phenomenon.From.Sub(s.At).Seconds() - w.ahead(o.Sensor)
				off := took - float64(d)/338
				squares += math.Pow(off/max(timeFloor, .035*float64(d)/338), 2) // the wind of the day is not told
				heard++
				if math.Abs(off) > 5 {
					t.Errorf("%s heard %s after %.2f s at %.0f m", o.Sensor, s.Of, took, float64(d))
				}
			}
		}
		if mean := squares / float64(max(1, heard)); heard > 300 && mean > 2 {
			t.Errorf("mean square of %d residuals is %.2f", heard, mean)
		}
		for _, o := range arrivals {
			if w.deaf(o.Sensor, o.Phenomenon.From.Add(-1e6)) && o.Phenomenon.From >= w.truth.EarTroubles[0].From {
				t.Errorf("%s is dead and heard something at %s", o.Sensor, o.Phenomenon.From)
			}
		}
		if clutter := len(arrivals) - heard; clutter < w.cfg.Days*clutterLeast*9/10 || float64(clutter) > float64(w.cfg.Days*clutterLeast)+1.1*clutterShare*float64(heard) {
			t.Errorf("%d arrivals of nothing beside %d", clutter, heard)
		}
	}
}

// TestEveryLoudThingIsAShot: as many bangs as rounds, each within its happening.
func TestEveryLoudThingIsAShot(t *testing.T) {
	w := newWorld(t, Config{Seed: 2})
	bangs := map[string]int{}
	for _, s := range w.Truth().Shots {
		bangs[s.Of]++
	}
	for _, h := range w.Truth().Happenings {
		want := 0
		if _, is := loudActs[h.Act]; is {
			want = h.Count
		}
		if bangs[h.ID] != want {
			t.Errorf("%s (%s) of %d rounds has %d bangs", h.ID, h.Act, h.Count, bangs[h.ID])
		}
	}
	for _, s := range w.Truth().Shots {
		for _, h := range w.Truth().Happenings {
			if h.ID == s.Of && (s.At < h.From || s.At > h.To) {
				t.Errorf("%s from %s to %s has a bang at %s", h.ID, h.From, h.To, s.At)
			}
		}
	}
	for _, e := range w.ears() {
		if !w.island.OnLand(e.at) || w.island.FromLine(e.at) > earFarthestM+rearM+500 {
			t.Errorf("%s stands %.0f m from the line", e.id, float64(w.island.FromLine(e.at)))
		}
	}
}

// TestBusyWorldsAreThinned: the field's files have a bound, whatever the scale.
func TestBusyWorldsAreThinned(t *testing.T) {
	w := &World{truth: Truth{}}
	for range 30 {
		w.truth.Happenings = append(w.truth.Happenings, Happening{Act: truce.ActIndirectFire, Count: maxShots / 10})
	}
	shots := w.shoot(stream(1, "test"))
	if n := len(shots); n > maxShots || n < maxShots/2 || n != len(w.truth.Shots) {
		t.Errorf("%d shots of %d", n, 3*maxShots)
	}
}
