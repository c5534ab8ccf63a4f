package agreement

import (
	"fmt"
	"testing"

	truce "github.com/trucewatch/truce"
	"pgregory.net/rapid"
)

func TestWeaponsOfAClass(t *testing.T) {
	a := newArsenal(weaponTree)
	rows := []struct {
		name    string
		weapon  truce.Weapon
		classes []truce.WeaponClass
		want    matching
	}{
		{"by name", weapon("tube_ge100", "", 0, 1), []truce.WeaponClass{"tube_ge100"}, matchYes},
		{"a child by name", weapon("tube_ge100", "", 0, 1), []truce.WeaponClass{"tube_artillery"}, matchYes},
		{"a parent is open", weapon("tube_artillery", "", 0, 1), []truce.WeaponClass{"tube_ge100"}, matchOpen},
		{"a parent with the calibre", weapon("tube_artillery", "", 152, 1), []truce.WeaponClass{"tube_ge100"}, matchYes},
		{"a parent with another calibre", weapon("tube_artillery", "", 82, 1), []truce.WeaponClass{"tube_ge100"}, matchNo},
		{"a parent whose children are all named", weapon("tube_artillery", "", 0, 1), []truce.WeaponClass{"tube_lt100", "tube_ge100"}, matchYes},
		{"type and calibre, no class", weapon("", "howitzer", 152, 1), []truce.WeaponClass{"tube_ge100"}, matchYes},
		{"type alone", weapon("", "howitzer", 0, 1), []truce.WeaponClass{"tube_ge100"}, matchOpen},
		{"type alone, all calibres named", weapon("", "howitzer", 0, 1), []truce.WeaponClass{"tube_lt100", "tube_ge100"}, matchYes},
		{"calibre alone", weapon("", "", 122, 1), []truce.WeaponClass{"tube_ge100"}, matchOpen},
		{"calibre alone, too small", weapon("", "", 82, 1), []truce.WeaponClass{"tube_ge100"}, matchNo},
		{"nothing known", weapon("", "", 0, 1), []truce.WeaponClass{"tube_ge100"}, matchOpen},
		{"a 120 mm mortar by type", weapon("mortar_120", "", 0, 1), []truce.WeaponClass{"mortar"}, matchYes},
		{"and by calibre", weapon("mortar_120", "", 0, 1), []truce.WeaponClass{"tube_ge100"}, matchYes},
		{"a mortar of unknown calibre", weapon("mortar", "", 0, 1), []truce.WeaponClass{"tube_ge100"}, matchOpen},
		{"a small mortar", weapon("mortar", "", 60, 1), []truce.WeaponClass{"tube_ge100"}, matchNo},
		{"a tank is classed by type alone", weapon("tank", "", 125, 1), []truce.WeaponClass{"tube_ge100"}, matchNo},
		{"a tank without a class too", weapon("", "tank", 125, 1), []truce.WeaponClass{"tube_ge100"}, matchNo},
		{"a tank is a tank", weapon("", "tank", 125, 1), []truce.WeaponClass{"tank"}, matchYes},
		{"siblings without criteria", weapon("srbm", "", 0, 1), []truce.WeaponClass{"cruise_missile"}, matchNo},
		{"a missile may be either", weapon("", "missile", 0, 1), []truce.WeaponClass{"cruise_missile"}, matchOpen},
		{"any of several", weapon("mlrs", "", 220, 1), []truce.WeaponClass{"tank", "mlrs"}, matchYes},
		{"a class that the tree has not", weapon("catapult", "", 0, 1), []truce.WeaponClass{"mlrs"}, matchOpen},
		{"every weapon", weapon("", "", 0, 1), nil, matchYes},
	}
	for _, row := range rows {
		m := a.matcher(WeaponMatch{Classes: row.classes})
		trait := a.traitOf(row.weapon)
		if got := m.match(&trait); got != row.want {
			t.Errorf("%s: match %d, want %d", row.name, got, row.want)
		}
	}
}

// A text that says "heavy weapons" means what stands under that class, whether or not the
// source said the class.
func TestAClassWithoutCriteriaIsWhatStandsBelowIt(t *testing.T) {
	tubes := []string{"gun", "howitzer", "mortar"}
	a := newArsenal([]WeaponNode{
		{ID: "heavy"}, {ID: "tube_ge100", Parent: "heavy", Types: tubes, CalibreMM: Range{Min: 100}},
		{ID: "tanks", Parent: "heavy", Types: []string{"tank"}}, {ID: "tube_lt100", Types: tubes, CalibreMM: Range{Max: 99.9}},
		{ID: "mortars", Types: []string{"mortar"}},
	})
	m := a.matcher(WeaponMatch{Classes: []truce.WeaponClass{"heavy"}})
	for _, row := range []struct {
		weapon truce.Weapon
		want   matching
	}{
		{weapon("", "howitzer", 152, 1), matchYes},
		{weapon("", "tank", 125, 1), matchYes},
		{weapon("tube_ge100", "", 0, 1), matchYes},
		{weapon("heavy", "", 0, 1), matchYes},
		{weapon("mortars", "", 120, 1), matchYes},
		{weapon("mortars", "", 82, 1), matchNo},
		{weapon("", "howitzer", 85, 1), matchNo},
		{weapon("", "ifv_apc", 0, 1), matchNo},
		{weapon("tube_lt100", "", 0, 1), matchNo},
		{weapon("", "howitzer", 0, 1), matchOpen},
		{weapon("", "", 0, 1), matchOpen},
	} {
		trait := a.traitOf(row.weapon)
		if got := m.match(&trait); got != row.want {
			t.Errorf("%+v: match %d, want %d", row.weapon, got, row.want)
		}
	}
}

func TestAMatchIsNarrowedByTypeAndCalibre(t *testing.T) {
	a := newArsenal(weaponTree)
	m := a.matcher(WeaponMatch{Classes: []truce.WeaponClass{"tube_artillery"}, Types: []string{"mortar"}, CalibreMM: Range{Max: 120}})
	for _, row := range []struct {
		weapon truce.Weapon
		want   matching
	}{
		{weapon("tube_ge100", "mortar", 120, 1), matchYes},
		{weapon("tube_ge100", "mortar", 160, 1), matchNo},
		{weapon("tube_ge100", "howitzer", 120, 1), matchNo},
		{weapon("tube_lt100", "mortar", 0, 1), matchYes}, // below 100 mm, as its class says
		{weapon("tube_ge100", "mortar", 0, 1), matchOpen},
		{weapon("tube_ge100", "", 120, 1), matchOpen},
	} {
		trait := a.traitOf(row.weapon)
		if got := m.match(&trait); got != row.want {
			t.Errorf("%+v: match %d, want %d", row.weapon, got, row.want)
		}
	}
	if !a.matcher(WeaponMatch{}).all() || m.all() {
		t.Error("a match that names nothing speaks of every weapon, another does not")
	}
}

// A tree that goes round in a circle is refused by the parser; here it must only end.
func TestATreeInACircleEnds(t *testing.T) {
	a := newArsenal([]WeaponNode{{ID: "a", Parent: "b"}, {ID: "b", Parent: "a"}})
	trait := a.traitOf(weapon("a", "", 0, 1))
	m := a.matcher(WeaponMatch{Classes: []truce.WeaponClass{"b"}})
	if got := m.match(&trait); got != matchYes {
		t.Errorf("match %d", got)
	}
}

func TestTheWeaponDecides(t *testing.T) {
	g := ruled(t, nil, Rule{ID: "W", Kind: KindProhibit, Acts: []truce.Act{fire}, Where: Where{Anywhere: true}, Families: 1,
		Weapon: &WeaponMatch{Classes: []truce.WeaponClass{"tube_ge100"}}})
	list := func(w ...truce.Weapon) truce.Detail { return truce.Detail{Weapons: w} }
	rows := []struct {
		name   string
		detail truce.Detail
		want   want
	}{
		{"known", list(weapon("", "howitzer", 152, 0.9)), want{hit, "", 0.9, 0.9, []string{"weapon: howitzer 152 mm 0.90; one that W speaks of (tube_ge100) with p from 0.90 to 1.00"}}},
		{"two of the class", list(weapon("", "howitzer", 152, 0.5), weapon("", "gun", 130, 0.5)), want{hit, "", 1, 1, nil}},
		{"half of it", list(weapon("", "howitzer", 152, 0.5), weapon("tank", "", 0, 0.5)), want{indeterminate, truce.ReasonClass, 0.5, 0.5, []string{"p 0.50"}}},
		{"calibre not known", list(weapon("tube_artillery", "", 0, 1)), want{indeterminate, truce.ReasonClass, 0, 0, []string{"tube_artillery, calibre not known", "p from 0.00 to 1.00"}}},
		{"not known", list(), want{indeterminate, truce.ReasonClass, 0, 0, []string{"weapon: not known; W speaks of tube_ge100"}}},
		{"another", list(weapon("tank", "", 125, 1)), want{outside, truce.ReasonClass, 0, 0, []string{"below 0.05"}}},
		{"more than all", list(weapon("", "howitzer", 152, 0.9), weapon("tank", "", 0, 0.9)), want{indeterminate, truce.ReasonClass, 0.5, 0.5, nil}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.want.check(t, g, seen(fire, row.detail), "W") })
	}
}

// What is learnt of a weapon never widens the span: it moves both ends inwards.
func TestLearningNarrows(t *testing.T) {
	a := newArsenal(weaponTree)
	classes := []truce.WeaponClass{"tube_artillery", "tube_lt100", "tube_ge100", "mortar", "tank", "mlrs", "missile", "srbm"}
	rapid.Check(t, func(t *rapid.T) {
		m := a.matcher(WeaponMatch{Classes: rapid.SliceOfN(rapid.SampledFrom(classes), 1, 3).Draw(t, "rule")})
		w := truce.Weapon{P: 1, Type: rapid.SampledFrom([]string{"", "howitzer", "mortar", "tank", "mlrs"}).Draw(t, "type")}
		more := w
		more.CalibreMM = rapid.Float64Range(20, 300).Draw(t, "calibre")
		before, after := a.traitOf(w), a.traitOf(more)
		if was, is := m.match(&before), m.match(&after); was != matchOpen && is != was {
			t.Fatalf("%v was %d without a calibre and is %d with it", fmt.Sprint(more), was, is)
		}
	})
}

// A tree that names heavy artillery alone does not make every howitzer a heavy one.
func TestClassesThatLeaveAGapLeaveTheWeaponOpen(t *testing.T) {
	rows := []struct {
		of     Range
		ranges []Range
		want   bool
	}{
		{Range{}, []Range{{Min: 100}}, false},
		{Range{}, []Range{{Min: 100}, {Max: 99}}, true},
		{Range{}, []Range{{Min: 100}, {Max: 82}}, false},
		{Range{}, []Range{{}}, true},
		{Range{120, 130}, []Range{{Min: 100}}, true},
		{Range{60, 120}, []Range{{Min: 100}}, false},
		{Range{60, 90}, []Range{{Max: 70}, {Min: 70, Max: 82}}, false},
		{Range{60, 82}, []Range{{Max: 70}, {Min: 70, Max: 82}}, true},
	}
	for _, row := range rows {
		if got := gapless(row.of, row.ranges); got != row.want {
			t.Errorf("%v within %v: %v, want %v", row.of, row.ranges, got, row.want)
		}
	}
	tree := newArsenal([]WeaponNode{
		{ID: "tube", Types: []string{"gun", "howitzer", "mortar"}}, {ID: "tube_ge100", Parent: "tube", CalibreMM: Range{Min: 100}},
	})
	m := tree.matcher(WeaponMatch{Classes: []truce.WeaponClass{"tube_ge100"}})
	howitzer := tree.traitOf(truce.Weapon{Type: "howitzer", P: 1})
	if got := m.match(&howitzer); got != matchOpen {
		t.Errorf("a howitzer of unknown calibre matches %d, want open", got)
	}
}
