package agreement

import (
	"testing"

	truce "github.com/trucewatch/truce"
)

// In front of both lines is inside every band, as far as the bands reach from either line.
func TestInFrontOfTheLines(t *testing.T) {
	lines := withSecondLine("L1-moved", "A", "B")
	rule := ownSides("L1", "L2")
	narrow, behind, both := ownSides("L1", "L2"), ownSides("L1", "L2"), ownSides("L1", "L2")
	narrow.Limit.ToM, behind.Limit.FromM, both.Limit.OwnSide = 1000, 500, false
	byClass := ownSides("L1", "L2")
	byClass.Limit.Object, byClass.Limit.ToM = "", 0
	byClass.Limit.Bands = []ClassBand{{"mlrs", 40_000}, {"tube_ge100", 3000}, {"tube_lt100", 3000}}
	gun := truce.Detail{Weapons: []truce.Weapon{weapon("tube_artillery", "", 0, 1)}}
	rows := []struct {
		name   string
		rule   Rule
		detail truce.Detail
		east   float64
		want   want
	}{
		{"between the lines", rule, truce.Detail{}, 2200, want{hit, "", 1, 1, []string{"in front of L1 and of L2, between the two lines, with p 1.00"}}},
		{"farther from both than any band reaches", narrow, truce.Detail{}, 2200, want{outside, truce.ReasonLocation, 0, 0, nil}},
		{"in front, and near enough to one", narrow, truce.Detail{}, 500, want{hit, "", 1, 1, nil}},
		{"what is near is left out", behind, truce.Detail{}, 200, want{outside, truce.ReasonLocation, 0, 0, nil}},
		{"on both sides of both there is no front", both, truce.Detail{}, 2200, want{hit, "", 1, 1, []string{"on either side"}}},
		{"with bands by class", byClass, gun, 2200, want{hit, "", 1, 1, []string{"in front of L1"}}},
		{"behind its own line and beyond its band", byClass, gun, -4000, want{outside, truce.ReasonLocation, 0, 0, nil}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			row.want.check(t, ruled(t, lines, row.rule), seen(inside, row.detail, move(spot(row.east, 30))), "M")
		})
	}
}
