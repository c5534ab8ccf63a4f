package sim

import (
	"math"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

func TestPixelSizesAreThoseOfTheInstrument(t *testing.T) {
	for _, c := range []struct{ scanDeg, scan, track float64 }{
		{0, 387, 371},      // three samples at nadir
		{31.71, 585, 448},  // last of three
		{31.73, 390, 448},  // first of two
		{44.87, 324, 561},  // first of one
		{-56.06, 805, 805}, // the edge, either side
	} {
		scan, track := pixelSize(c.scanDeg)
		if math.Abs(scan-c.scan) > 10 || math.Abs(track-c.track) > 10 {
			t.Errorf("at %.2f degrees: %.0f by %.0f m, want %.0f by %.0f", c.scanDeg, scan, track, c.scan, c.track)
		}
	}
}

// The orbit crosses the equator at 13:25 and 01:25 by the sun; its track leans, so that
// at 48 degrees south it is 0.7 h later on the way north and earlier on the way south,
// and the edges of the swath lie up to 1.4 h of sun time from its middle.
func TestPassesComeTwiceADayByTheSun(t *testing.T) {
	w := newWorld(t, Config{Days: 16, History: -1})
	days := map[truce.SensorID]map[truce.Day][2]int{}
	for _, p := range w.passes {
		solar := math.Mod(float64(p.At.Time().Hour())+float64(p.At.Time().Minute())/60+float64(origin.Lon)/15+24, 24)
		want := 14.1
		if p.Night {
			want = 0.7
		}
		if math.Abs(math.Remainder(solar-want, 24)) > 1.5 {
			t.Errorf("%s passes at %v, %.2f h by the sun, want %.1f", p.Satellite, p.At, solar, want)
		}
		if math.Abs(p.ScanDeg) > maxScanDeg {
			t.Errorf("%s at %v sees the island at %.2f degrees, beyond its swath", p.Satellite, p.At, p.ScanDeg)
		}
		if days[p.Satellite] == nil {
			days[p.Satellite] = map[truce.Day][2]int{}
		}
		n := days[p.Satellite][p.At.Day()]
		if p.Night {
			n[0]++
		} else {
			n[1]++
		}
		days[p.Satellite][p.At.Day()] = n
	}
	for satellite, byDay := range days {
		for day, n := range byDay {
			if n[0] < 1 || n[0] > 2 || n[1] < 1 || n[1] > 2 {
				t.Errorf("%s on %s: %d night and %d day passes, want one or two of each", satellite, day, n[0], n[1])
			}
		}
		if len(byDay) != 16 {
			t.Errorf("%s passed on %d of 16 days", satellite, len(byDay))
		}
	}
}

func TestOrbitsRepeatAfterSixteenDays(t *testing.T) {
	w := newWorld(t, Config{Days: 32, History: -1})
	scan := map[string]float64{}
	for _, p := range w.passes {
		scan[string(p.Satellite)+p.At.String()] = p.ScanDeg
	}
	matched := 0
	for _, p := range w.passes {
		if later, ok := scan[string(p.Satellite)+p.At.Add(16*24*time.Hour).String()]; ok && math.Abs(later-p.ScanDeg) < 0.1 {
			matched++
		}
	}
	if matched < len(w.passes)*9/20 {
		t.Errorf("%d of %d passes come back after 16 days, want nearly half of all", matched, len(w.passes))
	}
}

func TestSatellitesFollowOneAnother(t *testing.T) {
	w := newWorld(t, Config{})
	for i, p := range w.passes[1:] {
		if p.At < w.passes[i].At {
			t.Fatalf("passes out of order at %v", p.At)
		}
		if gap := p.At.Sub(w.passes[i].At); p.Night == w.passes[i].Night && gap < 20*time.Minute {
			t.Errorf("%s %v after %s: orbits a quarter turn apart cannot", p.Satellite, gap, w.passes[i].Satellite)
		}
	}
}
