package app

import (
	"math"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/coverage"
	exercise "github.com/trucewatch/truce/sim"
)

// TestWhereOnlyEarsListen: nobody else gave a sign of life. What the ears are stated to notice
// is the chance of it, less the share of an ear that is known to be silent; without the ears the
// same hours were not watched.
func TestWhereOnlyEarsListen(t *testing.T) {
	world, err := exercise.New(exercise.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := parseConfig([]byte(sampleConfig + exerciseSettings + exerciseWatch(world)))
	if err != nil {
		t.Fatal(err)
	}
	terms := illustrativeTerms(t)
	list, err := cfg.Watch.watchers(terms)
	if err != nil {
		t.Fatal(err)
	}
	day, err := terms.Calendar.Period("2031-03-11")
	if err != nil {
		t.Fatal(err)
	}
	var others []coverage.Watcher
	listening := 0
	for _, w := range list {
		if !strings.HasPrefix(string(w.Sensors[0]), "EAR-") {
			others = append(others, w)
			continue
		}
		listening++
		area, shelling := w.Areas[0], []truce.Act{truce.ActIndirectFire}
		chance := func(watch []coverage.Watcher, signs ...coverage.Sign) float64 {
			return float64(coverage.NewBoard(watch, signs).Over(day).Sight(area, shelling, 0).Share)
		}
		silent := coverage.Sign{Sensor: w.Sensors[0], From: day.From, To: day.To, State: truce.HealthDown, ID: truce.ID{1}}
		all := float64(w.Detect["indirect_fire"])
		for _, c := range []struct {
			what      string
			got, want float64
		}{
			{"all ears", chance(list), all},
			{"one ear silent all day", chance(list, silent), all * (1 - 1/float64(len(w.Sensors)))},
		} {
			if math.Abs(c.got-c.want) > 1e-5 || c.want < .5 {
				t.Errorf("%s, %s: shelling is noticed with a chance of %g, want %g", area, c.what, c.got, c.want)
			}
		}
	}
	if listening != 3 {
		t.Errorf("ears are stated for %d areas, want 3", listening)
	}
	for _, area := range []truce.AreaID{"north", "centre", "south"} {
		if s := coverage.NewBoard(others, nil).Over(day).Sight(area, []truce.Act{truce.ActIndirectFire}, 0); s.Share != 0 {
			t.Errorf("%s: without ears and signs of life the chance is %v", area, s.Share)
		}
	}
}
