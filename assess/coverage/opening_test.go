package coverage_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/coverage"
)

// denied is an opening in the north, of hours of the day.
func denied(from, to float64, families ...truce.Family) coverage.Opening {
	return coverage.Opening{Incident: truce.ID{7}, Area: "north", Families: families, From: hour(from), To: hour(to), Reason: "deny_access"}
}

// TestWhatADenialTakesOutOfTheWatch: the hours of whom it kept out, in its area, and no more.
func TestWhatADenialTakesOutOfTheWatch(t *testing.T) {
	south := denied(6, 9)
	south.Area = "south"
	anywhere := denied(6, 9)
	anywhere.Area = ""
	second := denied(6.5, 6.5+1.0/120) // half a minute, told by the minute
	for _, row := range []struct {
		name     string
		family   truce.Family
		openings []coverage.Opening
		observed float64
		gaps     int
	}{
		{"three hours of the day", truce.FamilyPatrol, []coverage.Opening{denied(6, 9)}, 21, 1},
		{"of whom it names", truce.FamilyPatrol, []coverage.Opening{denied(6, 9, truce.FamilyPatrol)}, 21, 1},
		{"of nobody else", truce.FamilyCamera, []coverage.Opening{denied(6, 9, truce.FamilyPatrol)}, 24, 0},
		{"in another area", truce.FamilyPatrol, []coverage.Opening{south}, 24, 0},
		{"somewhere, nobody knows where", truce.FamilyPatrol, []coverage.Opening{anywhere}, 21, 1},
		{"two that overlap count once", truce.FamilyPatrol, []coverage.Opening{denied(6, 9), denied(8, 10)}, 20, 2},
		{"without a length", truce.FamilyPatrol, []coverage.Opening{denied(6, 6)}, 24, 0},
		{"beyond the day", truce.FamilyPatrol, []coverage.Opening{denied(-5, 2), denied(23, 30), denied(40, 50)}, 21, 2},
		{"widened to whole minutes", truce.FamilyPatrol, []coverage.Opening{second}, 24 - 1.0/60, 1},
		{"satellites see over it", truce.FamilySAR, []coverage.Opening{denied(6, 9)}, 24, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			board := coverage.NewBoard([]coverage.Watcher{post(row.family, "P-1", "P-2")}, nil)
			c := board.Over(day(0)).Opened(row.openings).Coverage([]truce.AreaID{"north"})[0]
			if d := c.ObservedHours - row.observed; d > 1e-3 || d < -1e-3 || c.PlannedHours != 24 || len(c.Gaps) != row.gaps {
				t.Errorf("%v of %v hours, gaps %+v; want %v and %d", c.ObservedHours, c.PlannedHours, c.Gaps, row.observed, row.gaps)
			}
			for _, g := range c.Gaps {
				if g.Reason != "deny_access" || g.Incident != (truce.ID{7}) {
					t.Errorf("gap %+v", g)
				}
			}
		})
	}
}

// TestADenialCutsAnAbsence: what was seen well enough before and after it is told apart
// from the hours in which the patrol was kept out.
func TestADenialCutsAnAbsence(t *testing.T) {
	watcher := post(truce.FamilyPatrol, "P-1")
	rules := []coverage.RuleArea{{Rule: "R01", Area: "north", Acts: []truce.Act{truce.ActIndirectFire}, Minimum: 0.3}}
	board := coverage.NewBoard([]coverage.Watcher{watcher}, nil)
	whole := board.Over(day(0)).Absences(rules, nil)
	if len(whole) != 1 || whole[0].Verdict != truce.AbsenceNoneRecorded {
		t.Fatalf("without a denial: %+v", whole)
	}
	var got []truce.AbsenceVerdict
	var hours []float64
	for _, a := range board.Over(day(0)).Opened([]coverage.Opening{denied(6, 9, truce.FamilyPatrol)}).Absences(rules, nil) {
		got, hours = append(got, a.Verdict), append(hours, a.Period.To.Sub(a.Period.From).Hours())
	}
	if !slices.Equal(got, []truce.AbsenceVerdict{truce.AbsenceNoneRecorded, truce.AbsenceNotObserved, truce.AbsenceNoneRecorded}) || !slices.Equal(hours, []float64{6, 3, 15}) {
		t.Errorf("%v over %v h", got, hours)
	}
	if again := board.Over(day(0)).Absences(rules, nil); !reflect.DeepEqual(again, whole) {
		t.Error("an opening of one look stays in the board")
	}
}

// TestOpeningsNeverRaiseCoverage and come in any order.
func TestOpeningsNeverRaiseCoverage(t *testing.T) {
	board := coverage.NewBoard([]coverage.Watcher{shift(post(truce.FamilyPatrol, "P-1", "P-2"), 8, 20)}, nil)
	list := []coverage.Opening{denied(1, 9), denied(8.5, 8.75, truce.FamilyPatrol), denied(19, 30), denied(12, 13, truce.FamilyCamera)}
	least := 13.0
	for n := range len(list) + 1 {
		c := board.Over(day(0)).Opened(list[:n]).Coverage([]truce.AreaID{"north"})[0]
		if c.ObservedHours > least {
			t.Errorf("%d openings: %v hours, %v before", n, c.ObservedHours, least)
		}
		least = c.ObservedHours
	}
	turned := slices.Clone(list)
	slices.Reverse(turned)
	a, b := board.Over(day(0)).Opened(list).Coverage([]truce.AreaID{"north"}), board.Over(day(0)).Opened(turned).Coverage([]truce.AreaID{"north"})
	if !reflect.DeepEqual(a, b) || a[0].ObservedHours != 10 {
		t.Errorf("%+v\n%+v", a, b)
	}
}
