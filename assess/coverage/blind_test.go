package coverage_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/coverage"
)

func blind(least truce.Probability, health []coverage.Sign, watchers ...coverage.Watcher) []truce.BlindSpell {
	return coverage.NewBoard(watchers, health).Over(day(0)).Blind([]truce.AreaID{"north", "south"}, least)
}

func TestBlindIsWhatMostOfTheWatchDidNotSee(t *testing.T) {
	posts := post(truce.FamilyAcoustic, "S1", "S2", "S3", "S4")
	camera := post(truce.FamilyCamera, "C1")
	down := func(sensor string, from, to float64) coverage.Sign {
		return said(sensor, from, to, truce.HealthDown, "jamming")
	}
	for _, c := range []struct {
		name   string
		health []coverage.Sign
		watch  []coverage.Watcher
		want   []truce.BlindSpell
	}{
		{"all work", nil, []coverage.Watcher{posts}, nil},
		{"a quarter", []coverage.Sign{down("S1", 2, 4)}, []coverage.Watcher{posts}, nil},
		{"half", []coverage.Sign{down("S1", 2, 4), down("S2", 2, 4)}, []coverage.Watcher{posts}, []truce.BlindSpell{{Share: 0.5, From: hour(2), To: hour(4)}}},
		{"not over", []coverage.Sign{down("S1", 20, 24), down("S2", 20, 24)}, []coverage.Watcher{posts}, []truce.BlindSpell{{Share: 0.5, From: hour(20)}}},
		{"worse in between", []coverage.Sign{down("S1", 2, 6), down("S2", 2, 6), down("S3", 3, 4)}, []coverage.Watcher{posts}, []truce.BlindSpell{{Share: 0.75, From: hour(2), To: hour(6)}}},
		{"another family sees", []coverage.Sign{down("S1", 2, 4), down("S2", 2, 4), down("S3", 2, 4)}, []coverage.Watcher{posts, camera}, nil},
		{"both families", []coverage.Sign{down("S1", 2, 4), down("S2", 2, 4), down("C1", 2, 4)}, []coverage.Watcher{posts, camera}, []truce.BlindSpell{{Share: 0.75, From: hour(2), To: hour(4)}}},
		{"out of hours", []coverage.Sign{down("C1", 2, 4)}, []coverage.Watcher{shift(camera, 6, 18)}, nil},
	} {
		got := blind(0.5, c.health, c.watch...)
		if len(got) != len(c.want) {
			t.Errorf("%s: %+v", c.name, got)
			continue
		}
		for i, want := range c.want {
			if g := got[i]; g.Area != "north" || g.Share != want.Share || g.From != want.From || g.To != want.To || g.Reason != "jamming" {
				t.Errorf("%s: %+v, want %+v", c.name, g, want)
			}
		}
	}
}

// TestBlindGrowsWithWhatIsDown: one more sensor down never makes less of the day blind.
func TestBlindGrowsWithWhatIsDown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sensors := []string{"S1", "S2", "S3", "S4"}
		var health []coverage.Sign
		for range rapid.IntRange(0, 6).Draw(t, "signs") {
			from := rapid.Float64Range(0, 23).Draw(t, "from")
			health = append(health, said(rapid.SampledFrom(sensors).Draw(t, "sensor"), from, from+1, truce.HealthDown, "x"))
		}
		length := func(spells []truce.BlindSpell) (sum truce.Instant) {
			for _, s := range spells {
				to := s.To
				if to == 0 {
					to = day(0).To
				}
				sum += to - s.From
			}
			return sum
		}
		before := length(blind(0.5, health, post(truce.FamilyAcoustic, sensors...)))
		more := append(health, said("S1", 0, 24, truce.HealthDown, "y"))
		if after := length(blind(0.5, more, post(truce.FamilyAcoustic, sensors...))); after < before {
			t.Fatalf("blind for %v, with one sensor less for %v", before, after)
		}
	})
}
