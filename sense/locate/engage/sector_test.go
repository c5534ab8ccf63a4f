package engage

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
)

// unheardGun is a field in which a howitzer fired from 6 km south-west of an impact: only that
// is an event, and ears along the way heard the shock wave.
func unheardGun(t *testing.T) (Field, geo.Point) {
	t.Helper()
	impact := geo.Point{Lat: -47.9, Lon: -21.6}
	plane := geo.NewPlane(impact)
	at := truce.InstantOf(time.Date(2031, 3, 3, 12, 0, 0, 0, time.UTC))
	const distance, azimuth = 6000.0, 225.0
	b := NewBallistics()
	w := b.ways(Howitzer152, distance, nil)[9]
	s := kinds[Howitzer152].of(w.speed)
	var path []point
	end := s.trace(w.elevation, 400, &path)
	f := Field{Events: []locate.Event{{
		ID: truce.NewID(at, "event", locate.Method, []byte("impact")), Time: at, TimeSigma: .06, At: impact, Ellipse: geo.Ellipse{Major: 40, Minor: 25}, Score: 80,
	}}}
	sin, cos := math.Sincos(azimuth * math.Pi / 180)
	for i, p := range [][2]float64{{2500, 600}, {3200, -900}, {3900, 300}, {4600, -400}, {5200, 1000}, {2000, 5000}, {4000, -6000}} {
		toward := distance - p[0]
		at := at
		heard, _, ok := passing(path, ear{0, p[0], p[1]}, locate.DefaultSpeedAcoustic)
		f.Sensors = append(f.Sensors, locate.Sensor{ID: fmt.Sprint("s", i), At: plane.From(geo.Metres(toward*sin+p[1]*cos), geo.Metres(toward*cos-p[1]*sin))})
		if !ok || math.Abs(p[1]) > 2000 {
			heard = -4000 // hours away: it only shows that the ear works
		}
		f.Arrivals = append(f.Arrivals, locate.Arrival{ID: fmt.Sprint("a", i), Sensor: i, Time: at - truce.Instant(end.t*1e6) + truce.Instant((heard+.05*math.Sin(float64(7*i)))*1e6)})
	}
	return f, plane.From(geo.Metres(distance*sin), geo.Metres(distance*cos))
}

func TestAnUnheardGunIsASector(t *testing.T) {
	f, gun := unheardGun(t)
	r, err := Tie(f, Options{})
	if err != nil || len(r.Engagements) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	e := r.Engagements[0]
	s := e.Sector
	if s == nil || e.Launch != nil || e.Muzzle != -1 || e.Impact != 0 || len(e.Shocks) < 4 || e.Probability < .9 {
		t.Fatalf("%+v", e)
	}
	if off := math.Abs(float64(s.Azimuth) - 225); off > 3*float64(s.AzimuthSigma) || s.AzimuthSigma > 8 || s.Near > 6000 || s.Far < 6000 {
		t.Errorf("from %.1f +- %.1f degrees, %.0f to %.0f m", s.Azimuth, s.AzimuthSigma, s.Near, s.Far)
	}
	if math.Abs(math.Remainder(float64(e.Direction-s.Azimuth)-180, 360)) > 1e-9 {
		t.Errorf("it flies towards %.1f and comes from %.1f", e.Direction, s.Azimuth)
	}
	fast := 0.0
	for _, w := range e.Classes {
		if w.Class.supersonic() {
			fast += w.P
		}
	}
	if fast < .7 {
		t.Errorf("what flies faster than sound has %.2f: %v", fast, e.Classes)
	}
	sum, near := 0.0, 0.0
	e.EachOrigin(func(at geo.Position, p float64) {
		sum += p
		if geo.Distance(at.Point, gun) < 3500 {
			near += p
		}
	})
	if math.Abs(sum-e.Fired) > 1e-9 || near < .5*sum {
		t.Errorf("the posterior sums to %.3f, %.3f of it near the gun", sum, near)
	}
}

// TestASectorNeedsItsShockWave: with two arrivals, or none in time, an impact stays alone.
func TestASectorNeedsItsShockWave(t *testing.T) {
	f, _ := unheardGun(t)
	for _, keep := range []int{0, 2} {
		g := f
		g.Arrivals = nil
		for i, a := range f.Arrivals {
			if i >= keep {
				a.Time -= 3_600_000_000
			}
			g.Arrivals = append(g.Arrivals, a)
		}
		if r, err := Tie(g, Options{}); err != nil || len(r.Engagements) != 0 || len(r.Undetermined) != 1 {
			t.Errorf("%d shock waves: %+v, %v", keep, r, err)
		}
	}
}
