package movement

import (
	"math"
	"testing"

	"github.com/trucewatch/truce"
)

func TestFormation(t *testing.T) {
	rule := FormationRule{Distance: 300, SpeedMps: 5, Least: 60_000_000}
	lead := straight(1, 0, 0, 20, 0, 20, 20)
	for _, c := range []struct {
		name string
		x, w float64
		u    float64
		want int
	}{
		{"beside each other", 100, 0, 20, 1},
		{"a kilometre behind", -1000, 0, 20, 0},
		{"meeting head on", 2000, 0, -20, 0},
		{"crossing", 0, 15, 20, 0},
	} {
		got, err := Together(lead, straight(2, c.x, 0, c.u, c.w, 20, 20), rule, Config{})
		if err != nil || len(got) != c.want {
			t.Errorf("%s: %v, %+v, want %d", c.name, err, got, c.want)
		}
	}
	// Within r of the same mean with both errors: 1 - exp(-r2 / (2 (s2 + s2))).
	wide := straight(1, 0, 0, 20, 0, 150, 20)
	got, err := Together(wide, straight(2, 0, 0, 20, 0, 150, 20), rule, Config{})
	if err != nil || len(got) != 1 || got[0].To.Sub(got[0].From).Seconds() != 190 {
		t.Fatalf("%v, %+v, want one formation all the way", err, got)
	}
	near(t, "chance", got[0].Chance, 1-math.Exp(-300.*300/(2*2*150*150)), .01)
	if _, err := Together(lead, wide, FormationRule{}, Config{}); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("no rule: error %v, want one that says what is invalid", err)
	}
}
