package agreement

import (
	"slices"
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
)

// gunsRule counts heavy weapons, wherever they are and under whichever act they are told.
func gunsRule() Rule {
	return Rule{ID: "O", Kind: KindLimit, Acts: []truce.Act{inside, "weapon_outside_store"}, Families: 1, Unit: truce.UnitObjectDay,
		Where: Where{Anywhere: true}, Limit: &Limit{}}
}

// standing is a sighting of weapons so many metres east and hours after the first.
func standing(n byte, act truce.Act, east, hours float64, quantity int, list ...truce.Weapon) truce.Incident {
	in := seen(act, truce.Detail{Weapons: list, Quantity: quantity}).Incident
	in.ID, in.Position = truce.ID{n}, spot(2000+east, 20)
	in.Time = truce.Moment(at("2026-04-11T05:00:00Z").Add(time.Duration(hours*float64(time.Hour))), time.Second)
	return in
}

func TestObjectsAreCountedAndNotSightings(t *testing.T) {
	const store = truce.Act("weapon_outside_store")
	tank, gun, light := weapon("tank", "", 0, 1), weapon("", howitzer152, 152, 1), weapon("", howitzer152, 122, 1)
	tube, mortar := weapon("tube_artillery", "", 0, 1), weapon("mortar_120", "", 0, 1)
	rows := []struct {
		name      string
		incidents []truce.Incident
		want      []int
	}{
		{"four at once", []truce.Incident{standing(1, inside, 0, 0, 4, tank)}, []int{4}},
		{"a number nobody told", []truce.Incident{standing(1, inside, 0, 0, 0, tank)}, []int{1}},
		{"people are no objects", []truce.Incident{standing(1, inside, 0, 0, 40)}, []int{1}},
		{"the same four again", []truce.Incident{standing(1, inside, 0, 0, 4, tank), standing(2, inside, 30, 3, 4, tank)}, []int{4, 0}},
		{"the largest number seen", []truce.Incident{standing(1, inside, 0, 0, 2, tank), standing(2, inside, 30, 3, 5, tank), standing(3, inside, 0, 4, 1, tank)}, []int{5, 0, 0}},
		{"a tank beside a howitzer", []truce.Incident{standing(1, inside, 0, 0, 1, tank), standing(2, inside, 45, 1, 1, gun)}, []int{1, 1}},
		{"two howitzers of two calibres", []truce.Incident{standing(1, inside, 0, 0, 1, gun), standing(2, inside, 45, 1, 1, light)}, []int{1, 1}},
		{"one described better later", []truce.Incident{standing(1, inside, 0, 0, 1, tube), standing(2, inside, 45, 1, 1, gun)}, []int{1, 0}},
		{"what is artillery and what is a mortar", []truce.Incident{standing(1, inside, 0, 0, 1, weapon("tube_ge100", "", 0, 1)), standing(2, inside, 45, 1, 1, mortar)}, []int{1, 0}},
		{"a class and what it is not", []truce.Incident{standing(1, inside, 0, 0, 1, tank), standing(2, inside, 45, 1, 1, weapon("", "mlrs", 0, 1))}, []int{1, 1}},
		{"perhaps another", []truce.Incident{standing(1, inside, 0, 0, 1, tank), standing(2, inside, 45, 1, 1, weapon("", howitzer152, 152, 0.5))}, []int{1, 0}},
		{"two that each may be the first are not one", []truce.Incident{standing(1, inside, 0, 0, 1, tube), standing(2, inside, 30, 1, 1, gun), standing(3, inside, 30, 2, 1, light)}, []int{1, 0, 1}},
		{"one gun under two acts", []truce.Incident{standing(1, inside, 0, 0, 1, gun), standing(2, store, 45, 1, 1, gun)}, []int{1, 0}},
		{"two guns under two acts", []truce.Incident{standing(1, inside, 0, 0, 1, gun), standing(2, store, 45, 1, 1, tank)}, []int{1, 1}},
		{"two acts, and nobody says of what", []truce.Incident{standing(1, inside, 0, 0, 1), standing(2, store, 45, 1, 1, gun)}, []int{1, 1}},
		{"farther apart than one object", []truce.Incident{standing(1, inside, 0, 0, 1, gun), standing(2, store, 120, 1, 1, gun)}, []int{1, 1}},
	}
	g := ruled(t, nil, gunsRule())
	for _, row := range rows {
		got := g.CountTogether(evaluated(g, row.incidents...))
		if counts := countsOf(t, got, "O"); !slices.Equal(counts, row.want) {
			t.Errorf("%s: counts %v, want %v", row.name, counts, row.want)
		}
	}
	f := findingOf(t, g.CountTogether(evaluated(g, rows[4].incidents...))[0], "O")
	if last := f.Trace[len(f.Trace)-1]; !strings.HasPrefix(last, "counted 5, unit object_day") {
		t.Errorf("the trace ends with %q", last)
	}
}

// What a limit names is a thing unless it is people, and the number that a limit allows is
// held against it once.
func TestWhatALimitNamesIsCounted(t *testing.T) {
	for _, row := range []struct {
		limit Limit
		want  int
	}{
		{Limit{Object: "vehicles"}, 7}, {Limit{Object: "vessels"}, 7}, {Limit{Object: "personnel"}, 1}, {Limit{Object: "vehicles", Max: 5}, 1},
	} {
		rule := capRule()
		rule.Limit = &row.limit
		f := findingOf(t, ruled(t, nil, rule).Evaluate(seen(truce.ActPresenceInZone, truce.Detail{Quantity: 7}, move(spot(3000, 50)))), "C")
		if f.Verdict != hit || f.Count != row.want {
			t.Errorf("%+v: %s counts %d, want %d", row.limit, f.Verdict, f.Count, row.want)
		}
	}
}
