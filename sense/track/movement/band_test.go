package movement

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
	"github.com/trucewatch/truce/sense/track"
)

// climbing is a track east at 20 m/s that goes through altitudes, one each ten seconds.
func climbing(altitudes ...float64) track.Track {
	t := straight(1, 0, 0, 20, 0, 20, len(altitudes))
	for i, a := range altitudes {
		t.States[i].Altitude, t.States[i].High = geo.Metres(a), !math.IsNaN(a)
	}
	return t
}

func inBand(t *testing.T, tr track.Track, floor, ceiling float64) []Visit {
	t.Helper()
	got, err := InBand(tr, "band", Band{geo.Metres(floor), geo.Metres(ceiling)}, Config{AltitudeSigma: 10})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestThroughABand: up at 5 m/s through 200 to 400 m, so in at 40 s and out at 80 s, each
// within sigma 10 m / 5 m/s = 2 s.
func TestThroughABand(t *testing.T) {
	got := inBand(t, climbing(0, 50, 100, 150, 200, 250, 300, 350, 400, 450, 500, 550), 200, 400)
	if len(got) != 1 || got[0].Zone != "band" || got[0].AltitudeUnknown {
		t.Fatalf("%+v, want one stay", got)
	}
	near(t, "chance", got[0].Chance, 1, 1e-9)
	near(t, "entry", seconds(got[0].Entry), 40, .1)
	near(t, "exit", seconds(got[0].Exit), 80, .1)
	near(t, "sigma", float64(got[0].Entry.Sigma)/1e6, 2, .1)
}

// TestLevelNearABandHasTheChanceOfItsError: the share of the errors that reach it.
func TestLevelNearABandHasTheChanceOfItsError(t *testing.T) {
	for _, below := range []float64{-15, -5, 0, 5, 15} {
		level := climbing(200-below, 200-below, 200-below, 200-below)
		want := num.NormalCDF(-below / 10)
		if got := inBand(t, level, 200, 400); len(got) != 1 || got[0].Already != 1 || got[0].Still != 1 || math.Abs(got[0].Chance-want) > .01 {
			t.Errorf("%g m below: %+v, want a chance of %.3f from end to end", below, got, want)
		}
	}
	if got := inBand(t, climbing(100, 100, 100), 200, 400); len(got) != 0 {
		t.Errorf("ten sigmas below: %+v", got)
	}
}

// TestBandsAgainstDrawnAltitudes holds chances and times against errors drawn at random, of
// paths that go up and down.
func TestBandsAgainstDrawnAltitudes(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	for range 20 {
		var altitudes []float64
		for range 12 {
			altitudes = append(altitudes, 300*rng.Float64())
		}
		floor := 100 + 200*rng.Float64()
		in, entry := 0.0, 0.0
		const n = 2000
		for range n {
			off := 10 * rng.NormFloat64()
			for s := 0.0; s <= 110; s += .1 {
				i := min(10, int(s/10))
				f := s/10 - float64(i)
				if (1-f)*altitudes[i]+f*altitudes[i+1]+off >= floor {
					in, entry = in+1, entry+s
					break
				}
			}
		}
		// Stays less than an hour apart are one here, as the share of errors above counts.
		got, err := InBand(climbing(altitudes...), "band", Band{geo.Metres(floor), 5000}, Config{AltitudeSigma: 10, Apart: 3_600_000_000})
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case in/n < .05 && len(got) == 0:
		case len(got) != 1:
			t.Errorf("%v from %.0f m on: %+v, want one stay of %.3f", altitudes, floor, got, in/n)
		default:
			near(t, "chance", got[0].Chance, in/n, .035)
			if in/n > .2 && got[0].Already == 0 {
				near(t, "entry", seconds(got[0].Entry), entry/in, 1)
			}
		}
	}
}

// TestUnknownAltitudeIsInNoBand, and says so.
func TestUnknownAltitudeIsInNoBand(t *testing.T) {
	nan := math.NaN()
	if got := inBand(t, climbing(nan, nan, nan, nan), 0, 9000); len(got) != 0 {
		t.Errorf("%+v of a track without altitudes", got)
	}
	got := inBand(t, climbing(300, 300, 300, nan, nan, nan), 200, 400)
	if len(got) != 1 || !got[0].AltitudeUnknown || got[0].Still != 0 {
		t.Errorf("%+v, want one stay that says that altitudes are missing", got)
	}
	for _, b := range []Band{{200, 200}, {300, 200}, {geo.Metres(nan), 9}} {
		if _, err := InBand(climbing(1, 2, 3), "b", b, Config{}); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%v: %v", b, err)
		}
	}
	if _, err := InBand(track.Track{}, "b", Band{0, 1}, Config{}); truce.CodeOf(err) != truce.CodeInvalid {
		t.Error("no track is refused")
	}
}
