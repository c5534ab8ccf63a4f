package locate_test

import (
	"math"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/sim/arrivals"
)

// blow moves the true arrivals of a world in still air to when they come in a wind.
func blow(h heard, wind func(at truce.Instant) (east, north float64)) {
	for _, e := range h.world.Events {
		east, north := wind(e.Time)
		for _, p := range e.Picks {
			a := &h.arrivals[p.Arrival]
			d, azimuth, _ := geo.Inverse(e.At, h.sensors[a.Sensor].At)
			sin, cos := math.Sincos(float64(azimuth) * math.Pi / 180)
			later := float64(d)/(340+east*sin+north*cos) - float64(d)/340
			a.Time += truce.Instant(math.Round(later * 1e6))
		}
	}
}

// turning is a wind of 12 m/s that goes round in a day.
func turning(at truce.Instant) (east, north float64) {
	sin, cos := math.Sincos(2 * math.Pi * at.Sub(arrivals.Start).Hours() / 24)
	return 12 * sin, 12 * cos
}

func TestAWindThatTurnsIsFollowed(t *testing.T) {
	h := invent(t, "A600/0.3", 12, arrivals.StatedNone)
	blow(h, turning)
	result := h.batch(t)
	s := h.score(result.Events)
	if s.F1() < .98 || s.OverBound() > 1.3 || s.Coverage() < .8 {
		t.Errorf("%v", s)
	}
	if len(result.Air) < 24 {
		t.Fatalf("air of %d stretches, want one for each hour at least", len(result.Air))
	}
	for _, a := range result.Air[1:] {
		east, north := turning(a.From + (a.To-a.From)/2)
		if off := math.Hypot(a.East-east, a.North-north); a.Events >= 15 && off > 5*a.WindSigma+2 {
			t.Errorf("%v: wind %.1f, %.1f, was %.1f, %.1f", a.From, a.East, a.North, east, north)
		}
	}
}

func TestAirThatWasMeasuredIsTaken(t *testing.T) {
	h := invent(t, "A60/0.3+wind", 13, arrivals.StatedNone)
	half := arrivals.Start + 12*3600*1e6
	meteo := []locate.Air{
		{To: half, Speed: 340, North: 15},
		{From: half, Speed: 340, North: 15, Area: geo.Bounds{South: -60, West: -30, North: -40, East: -10}},
	}
	result, err := locate.Batch(h.sensors, h.arrivals, locate.Config{Meteo: meteo})
	if err != nil {
		t.Fatal(err)
	}
	if s := h.score(result.Events); s.F1() < .97 || s.OverBound() > 1 {
		t.Errorf("%v", s)
	}
	if len(result.Air) != 2 || result.Air[0] != meteo[0] {
		t.Errorf("air %v, want what was given", result.Air)
	}
}
