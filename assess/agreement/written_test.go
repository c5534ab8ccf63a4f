package agreement

import (
	"testing"

	truce "github.com/trucewatch/truce"
)

// writtenRules are rules of every kind as an agreement's file has them; the rules of the
// other tests are built in Go.
const writtenRules = `  - id: W01
    clause: "1.1"
    limit: {weapon: {class: tube_ge100}, line: L1, side: own, from_m: 0, to_m: 25000, max: 0}
    phases: [{from: D+1, to_m: 15000}, {from: D+7, to_m: 25000}]
    unless_state: [in_sealed_store]
    count: {unit: object_day}
    severity: {base: 2}
  - id: W02
    clause: "1.1"
    limit: {weapon: {class: [mlrs, tube_ge100]}, lines: {A: L1, B: L1}, side: own, bands_m: {mlrs: 40000, tube_ge100: 25000}, max: 0}
    count: {unit: object_day}
  - id: W03
    clause: "1.1"
    prohibit: [attack_energy]
    object: {list: {positions: {A: [LIST-A], B: [LIST-B]}, applied: union, report_both: true}}
    in_force: {positions: {A: {from: 2026-04-10}, B: {from: 2026-04-03}}, days: 30, applied: union}
    p_min: 0.7
    count: {unit: site_event}
  - id: W04
    clause: "1.1"
    require: {notify: rotation, threshold: {vehicles: 10}, notice: 72h, within_m: {line: L1, m: 30000}}
    count: {unit: movement}
  - id: W05
    clause: "1.1"
    require: {access_within: 30m}
    count: {unit: denial}
  - id: W06
    clause: "1.1"
    require: {declared_equals_observed: true, seal_intact: true}
    count: {unit: object_day}
  - id: W07
    clause: "1.1"
    claim: [return_fire]
    conditions: {names_incident: true, coordination_attempt_within: 30m, notified_within: 24h}
  - id: W08
    clause: "1.1"
    prohibit: [indirect_fire]
    where: {crosses: L1, or_impact_in: area_of_other_party}
    when: hour >= 8 && hour < 20
    p_min: 0.7
    count: {unit: engagement, gap: 20m, radius_m: 2000}
weapon_classes:
  - {id: tube_artillery, name: {en: tubes, uk: стволи}, type: [gun, howitzer, mortar]}
  - {id: tube_ge100, name: {en: "tubes of 100 mm", uk: стволи від 100 мм}, parent: tube_artillery, calibre_mm: {min: 100}}
  - {id: mlrs, name: {en: rockets, uk: РСЗВ}, type: [mlrs]}
lists:
  - {id: LIST-A, version: "1", party: A, name: {en: List A, uk: Перелік А}, sites: [S-POWER]}
  - {id: LIST-B, version: "1", party: B, name: {en: List B, uk: Перелік Б}, site_kinds: [energy, water]}
windows:
`

func TestRulesAsTheyAreWritten(t *testing.T) {
	g, err := mustParse(t, edited(t, MainFile, "windows:\n", writtenRules)).Geometry(nil)
	if err != nil {
		t.Fatal(err)
	}
	howitzer := truce.Detail{Weapons: []truce.Weapon{weapon("", "howitzer", 152, 1)}}
	rocket := truce.Detail{Weapons: []truce.Weapon{weapon("mlrs", "", 0, 1)}}
	sealed := howitzer
	sealed.State = "in_sealed_store"
	rows := []struct {
		name string
		rule truce.RuleID
		in   Input
		want want
	}{
		{"a howitzer at 20 km, second phase", "W01", seen(inside, howitzer, move(spot(20_000, 100))), want{hit, "", 1, 1, nil}},
		{"a howitzer at 20 km, first phase", "W01", seen(inside, howitzer, move(spot(20_000, 100)), when("2026-04-05T10:00:00Z")), want{outside, truce.ReasonLocation, 0, 0, nil}},
		{"before the first phase", "W01", seen(inside, howitzer, when("2026-04-01T10:00:00Z")), want{outside, truce.ReasonTime, 0, 0, nil}},
		{"in its store", "W01", seen(inside, sealed), want{exempt, "", 1, 1, nil}},
		{"rockets at 30 km", "W02", seen(inside, rocket, move(spot(30_000, 100))), want{hit, "", 1, 1, nil}},
		{"a howitzer at 30 km", "W02", seen(inside, howitzer, move(spot(-30_000, 100))), want{outside, truce.ReasonLocation, 0, 0, nil}},
		{"the works, under one reading", "W03", seen(truce.ActAttackEnergy, truce.Detail{Site: "S-WORKS"}), want{hit, "", 1, 1, []string{"A: outside_scope p 0.00; B: hit p 1.00"}}},
		{"a rotation without notice", "W04", seen(rotation, truce.Detail{Quantity: 12}), want{hit, "", 1, 1, nil}},
		{"a small one", "W04", seen(rotation, truce.Detail{Quantity: 2}), want{outside, truce.ReasonQuantity, 0, 0, nil}},
		{"access refused", "W05", seen(truce.ActDenyAccess, truce.Detail{}), want{hit, "", 1, 1, nil}},
		{"a store with two missing", "W06", seen("holding_mismatch", truce.Detail{Holding: &truce.Holding{Declared: 4, Observed: 2}}), want{hit, "", 1, 1, nil}},
		{"return fire", "W07", seen(truce.ActReturnFire, truce.Detail{}), want{indeterminate, truce.ReasonEvidence, 1, 1, nil}},
		{"across the line by day", "W08", seen(fire, truce.Detail{Origin: spot(-8000, 200)}), want{hit, "", 1, 1, nil}},
		{"across the line by night", "W08", seen(fire, truce.Detail{Origin: spot(-8000, 200)}, when("2026-04-11T22:00:00Z")), want{outside, truce.ReasonEvidence, 0, 0, nil}},
		{"from the same side", "W08", seen(fire, truce.Detail{Origin: spot(8000, 200)}), want{outside, truce.ReasonControl, 0, 0, nil}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.want.check(t, g, row.in, row.rule) })
	}
}
