package locate_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/sim/arrivals"
)

// Nothing about a day depends on where its origin of coordinates, of time, of names or of
// amplitudes lies: each row moves the world and expects the events to move with it.
func TestEventsMoveWithTheWorld(t *testing.T) {
	const later = truce.Instant(100*24*time.Hour/time.Microsecond) + 7_654_321
	for _, c := range []struct {
		name  string
		world func(*heard)
		event func(*locate.Event)
	}{
		{"later", func(h *heard) {
			for i := range h.arrivals {
				h.arrivals[i].Time += later
			}
		}, func(e *locate.Event) { e.Time += later }},
		{"east", func(h *heard) { turn(h, 30) }, func(e *locate.Event) { e.At.Lon = east(e.At.Lon, 30) }},
		{"over the antimeridian", func(h *heard) { turn(h, 180-h.sensors[0].At.Lon) }, nil},
		{"below the equator", func(h *heard) {
			for i := range h.sensors {
				h.sensors[i].At.Lat *= -1
			}
			for i := range h.arrivals {
				h.arrivals[i].Azimuth = geo.Degrees(math.Mod(540-float64(h.arrivals[i].Azimuth), 360))
			}
		}, func(e *locate.Event) {
			e.At.Lat *= -1
			e.Ellipse.Strike = 180 - e.Ellipse.Strike
		}},
		{"louder", func(h *heard) {
			for i := range h.arrivals {
				h.arrivals[i].Amplitude *= 1000
			}
		}, func(*locate.Event) {}},
		{"sensors in another order", func(h *heard) {
			r := rand.New(rand.NewPCG(5, 6))
			order := r.Perm(len(h.sensors))
			sensors := make([]locate.Sensor, len(order))
			for from, to := range order {
				sensors[to] = h.sensors[from]
			}
			h.sensors = sensors
			for i := range h.arrivals {
				h.arrivals[i].Sensor = order[h.arrivals[i].Sensor]
			}
		}, func(*locate.Event) {}},
	} {
		for _, workload := range []string{"A120/1.0+wind+arrays", "S60/0.3"} {
			t.Run(c.name+" "+workload, func(t *testing.T) {
				h := invent(t, workload, 6, arrivals.StatedNone)
				want := h.batch(t).Events
				moved := c.event
				if moved == nil {
					by := 180 - h.sensors[0].At.Lon
					moved = func(e *locate.Event) { e.At.Lon = east(e.At.Lon, by) }
				}
				for i := range want {
					moved(&want[i])
				}
				c.world(&h)
				alike(t, h, want, h.batch(t).Events)
			})
		}
	}
}

func turn(h *heard, by geo.Degrees) {
	for i := range h.sensors {
		h.sensors[i].At.Lon = east(h.sensors[i].At.Lon, by)
	}
}

func east(lon, by geo.Degrees) geo.Degrees {
	return geo.Degrees(math.Remainder(float64(lon+by), 360))
}

// alike holds events against those expected: the same arrivals, and place and time to a
// twentieth of their errors: a fit stops near the best place, on either side of it.
func alike(t *testing.T, h heard, want, got []locate.Event) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d events, want %d", len(got), len(want))
	}
	for i := range want {
		w, g := want[i], got[i]
		if a, b := members(h, w), members(h, g); !slices.Equal(a, b) {
			t.Fatalf("event %d rests on\n%v\nwant\n%v", i, b, a)
		}
		off, _, _ := geo.Inverse(w.At, g.At)
		if float64(off) > .05*float64(w.Ellipse.Minor) {
			t.Errorf("event %d is %.2f m from where it should be (%v)", i, off, w.Ellipse)
		}
		if d := math.Abs(float64(g.Time - w.Time)); d > 2+5e4*w.TimeSigma {
			t.Errorf("event %d is %g us from when it should be", i, d)
		}
		turned := math.Abs(math.Remainder(float64(g.Ellipse.Strike-w.Ellipse.Strike), 180))
		if math.Abs(float64(g.Ellipse.Major/w.Ellipse.Major)-1) > .05 || turned*float64(w.Ellipse.Major/w.Ellipse.Minor-1) > 2 {
			t.Errorf("event %d has the ellipse %v, want %v", i, g.Ellipse, w.Ellipse)
		}
		if math.Abs(g.Score-w.Score) > .02*w.Score {
			t.Errorf("event %d has the score %g, want %g", i, g.Score, w.Score)
		}
	}
}

func members(h heard, e locate.Event) []string {
	var out []string
	for _, u := range e.Used {
		out = append(out, h.arrivals[u.Arrival].ID)
	}
	slices.Sort(out)
	return out
}
