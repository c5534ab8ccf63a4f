package locate_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
)

var (
	noon   = truce.InstantOf(time.Date(2031, 3, 3, 12, 0, 0, 0, time.UTC))
	ground = geo.Point{Lat: -47.9, Lon: -21.6} // open sea
)

// grid is n by n sensors, so many metres apart.
func grid(n int, apart geo.Metres) []locate.Sensor {
	frame := geo.NewFrame(ground)
	var out []locate.Sensor
	for i := range n * n {
		at := frame.From(apart*geo.Metres(i%n), apart*geo.Metres(i/n))
		out = append(out, locate.Sensor{ID: fmt.Sprintf("s%02d", i), At: at})
	}
	return out
}

// shot is what sensors within a range hear of a sound, exactly.
func shot(sensors []locate.Sensor, at geo.Point, when truce.Instant, within geo.Metres) []locate.Arrival {
	var out []locate.Arrival
	for i, s := range sensors {
		d, _, _ := geo.Inverse(at, s.At)
		if d <= within {
			t := when + truce.Instant(math.Round(float64(d)/locate.DefaultSpeedAcoustic*1e6))
			out = append(out, locate.Arrival{ID: fmt.Sprintf("%s-%d", s.ID, when), Sensor: i, Time: t})
		}
	}
	return out
}

func TestOneShotIsFoundWhereItWas(t *testing.T) {
	sensors := grid(5, 3000)
	at := geo.NewFrame(ground).From(5200, 6900)
	result, err := locate.Batch(sensors, shot(sensors, at, noon, 6000), locate.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Events) != 1 {
		t.Fatalf("%d events, want 1", len(result.Events))
	}
	e := result.Events[0]
	if d, _, _ := geo.Inverse(e.At, at); d > 1 {
		t.Errorf("%.1f m from where it was", d)
	}
	if off := e.Time.Sub(noon); off.Abs() > 5*time.Millisecond {
		t.Errorf("%v from when it was", off)
	}
}

func TestWhatIsRefused(t *testing.T) {
	sensors := grid(3, 1000)
	good := shot(sensors, sensors[4].At, noon, 5000)
	for _, c := range []struct {
		name   string
		spoil  func(s []locate.Sensor, a []locate.Arrival, c *locate.Config)
		saying string
	}{
		{"speed of light", func(_ []locate.Sensor, _ []locate.Arrival, c *locate.Config) { c.SpeedAcoustic = 3e8 }, "acoustic speed 3e+08"},
		{"S as fast as P", func(_ []locate.Sensor, _ []locate.Arrival, c *locate.Config) { c.SpeedS = 6300 }, "below the P speed"},
		{"too deep", func(_ []locate.Sensor, _ []locate.Arrival, c *locate.Config) { c.DepthMax = -1 }, "depth"},
		{"two arrivals", func(_ []locate.Sensor, _ []locate.Arrival, c *locate.Config) { c.MinArrivals = 2 }, "three unknowns"},
		{"latitude", func(s []locate.Sensor, _ []locate.Arrival, _ *locate.Config) { s[2].At.Lat = geo.Degrees(math.NaN()) }, "latitude NaN"},
		{"no such sensor", func(_ []locate.Sensor, a []locate.Arrival, _ *locate.Config) { a[1].Sensor = 9 }, "sensor 9 of 9"},
		{"1970", func(_ []locate.Sensor, a []locate.Arrival, _ *locate.Config) { a[0].Time = 5 }, "was the clock ever set"},
		{"negative sigma", func(_ []locate.Sensor, a []locate.Arrival, _ *locate.Config) { a[0].Sigma = -1 }, "sigma -1"},
		{"phase", func(_ []locate.Sensor, a []locate.Arrival, _ *locate.Config) { a[0].Phase = 7 }, "phase 7"},
		{"storm", func(_ []locate.Sensor, _ []locate.Arrival, c *locate.Config) {
			c.Meteo = []locate.Air{{Speed: 340, East: 200}}
		}, "meteo row 1"},
	} {
		s, a := append([]locate.Sensor{}, sensors...), append([]locate.Arrival{}, good...)
		var cfg locate.Config
		c.spoil(s, a, &cfg)
		if _, err := locate.Batch(s, a, cfg); err == nil || !strings.Contains(err.Error(), c.saying) {
			t.Errorf("%s: %v, want an error that says %q", c.name, err, c.saying)
		}
	}
}

func TestPhasesAreReadAsWritten(t *testing.T) {
	for _, p := range []locate.Phase{locate.Acoustic, locate.P, locate.S} {
		if got, err := locate.ParsePhase(p.String()); err != nil || got != p {
			t.Errorf("%v was read as %v, %v", p, got, err)
		}
	}
	if _, err := locate.ParsePhase("Pg"); err == nil {
		t.Error("a phase nobody knows was read")
	}
}

func TestNothingGivesNothing(t *testing.T) {
	result, err := locate.Batch(nil, nil, locate.Config{})
	if err != nil || len(result.Events) != 0 {
		t.Errorf("%v, %v", result.Events, err)
	}
}

func TestArrivalsMayLieYearsApart(t *testing.T) {
	sensors := grid(5, 3000)
	arrivals := shot(sensors, sensors[12].At, noon, 7000)
	later := noon.Add(20 * 365 * 24 * time.Hour)
	arrivals = append(arrivals, shot(sensors, sensors[7].At, later, 7000)...)
	result, err := locate.Batch(sensors, arrivals, locate.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Events) != 2 || result.Events[1].Time.Sub(later).Abs() > 5*time.Millisecond {
		t.Errorf("%+v, want an event at noon and one in twenty years", result.Events)
	}
}
