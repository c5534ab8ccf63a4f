package sim

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

func TestDetectionHoldsItsFire(t *testing.T) {
	w := newWorld(t, Config{Seed: 3})
	fires := map[string]fire{}
	for _, f := range w.fires {
		fires[f.cause] = f
	}
	rows := w.detect()
	if len(rows) < 60 {
		t.Fatalf("only %d detections", len(rows))
	}
	for _, d := range rows {
		f := fires[d.cause]
		reach := math.Hypot(d.scan, d.track)/2 + 5*f.spreadM
		if off := d.at.distance(f.at); off > reach {
			t.Errorf("pixel %.0f m from its fire %s, possible are %.0f", off, d.cause, reach)
		}
		if d.pass.At < f.from || d.pass.At >= f.to {
			t.Errorf("%s burnt from %v to %v and was seen at %v", d.cause, f.from, f.to, d.pass.At)
		}
		if d.ti4 > saturationK || d.frp <= 0 {
			t.Errorf("%s: %.1f K, %.2f MW", d.cause, d.ti4, d.frp)
		}
	}
}

func TestNoPixelTwiceInOnePass(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range newWorld(t, Config{Seed: 8, Scale: 30}).detect() {
		key := d.pass.At.String() + string(d.pass.Satellite) + d.at.point().String()
		if seen[key] {
			t.Fatalf("pixel %s is reported twice", key)
		}
		seen[key] = true
	}
}

func TestChanceGrowsWithPowerAndFallsWithPixelSize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Float64Range(0.01, 80).Draw(t, "MW")
		more := low * rapid.Float64Range(1.01, 5).Draw(t, "times")
		at := rapid.Float64Range(0, 56).Draw(t, "scan angle")
		night := rapid.Bool().Draw(t, "night")
		grid := func(deg float64) pixelGrid {
			scan, track := pixelSize(deg)
			return pixelGrid{pass: Pass{Night: night}, scan: scan, track: track}
		}
		if grid(at).chance(more) < grid(at).chance(low) {
			t.Fatalf("%.2f MW is found less often than %.2f", more, low)
		}
		if grid(56).chance(low) > grid(0).chance(low) {
			t.Fatalf("the swath's edge finds %.2f MW more often than nadir", low)
		}
		if c := grid(at).chance(low); c < 0 || c > 1 {
			t.Fatalf("chance %v", c)
		}
	})
}

func TestCloudHidesFires(t *testing.T) {
	clear, covered := newWorld(t, Config{}), newWorld(t, Config{})
	for day := range covered.clouds.days {
		for area := range covered.clouds.days[day] {
			clear.clouds.days[day][area], covered.clouds.days[day][area] = 0, 1
		}
	}
	if n := len(covered.detect()); n != 0 {
		t.Errorf("%d detections through full cloud", n)
	}
	if got, usual := len(clear.detect()), len(newWorld(t, Config{}).detect()); got <= usual {
		t.Errorf("%d detections under a clear sky, %d under the usual one", got, usual)
	}
}

func TestPlantsRecur(t *testing.T) {
	w := newWorld(t, Config{})
	days := map[string]map[truce.Day]bool{}
	for _, d := range w.detect() {
		if days[d.cause] == nil {
			days[d.cause] = map[truce.Day]bool{}
		}
		days[d.cause][d.pass.At.Day()] = true
	}
	for _, n := range w.truth.Nuisances {
		got := len(days[n.ID])
		if n.Kind == NuisanceRecurring && got < 4 {
			t.Errorf("%s was seen on %d of %d days, too few to be known as recurring", n.Note, got, w.cfg.Days+w.cfg.History)
		}
		if n.Kind == NuisanceStubble && got > 2 {
			t.Errorf("a stubble fire was seen on %d days", got)
		}
	}
}

func TestBlazeRisesAndDies(t *testing.T) {
	from := truce.InstantOf(time.Date(2031, 3, 11, 12, 0, 0, 0, time.UTC))
	f := blaze("T-1", vec{}, from, 4, 50)
	at := func(hours float64) float64 { return f.power(from.Add(time.Duration(hours * float64(time.Hour)))) }
	if at(-0.1) != 0 || at(4) != 0 || at(0.1) >= at(0.7) || at(1) <= at(3.9) || at(0.7) > 50 {
		t.Errorf("power at -0.1, 0.1, 0.7, 1, 3.9 and 4 h: %v %v %v %v %v %v", at(-0.1), at(0.1), at(0.7), at(1), at(3.9), at(4))
	}
}
