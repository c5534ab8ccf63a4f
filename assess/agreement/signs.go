package agreement

import (
	"slices"

	truce "github.com/trucewatch/truce"
)

// blast are the acts whose effect is an explosion, fire, damage or a hole in the ground.
var blast = []truce.Act{
	truce.ActDirectFire, truce.ActIndirectFire, truce.ActAirStrike, truce.ActMissileStrike, truce.ActOWAUAV, truce.ActFPVUAV,
	truce.ActReturnFire, "live_fire_training", truce.ActAttackEnergy, "attack_water", "attack_npp", "attack_dam",
	truce.ActAttackCivilian, "attack_merchant", "sea_mine", "destroy_sensor", "fire_at_monitor", truce.ActControlledExplos,
}

// shooting are the acts that sound or look like shots.
var shooting = []truce.Act{
	truce.ActDirectFire, truce.ActSniper, truce.ActReturnFire, "live_fire_training", "fire_at_monitor", "attack_merchant",
}

// signs lists, for each act of the signature group, which acts may stand behind it. A
// sign is what sensors and patrols really see; the step from it to an act is an
// inference that is not made here, so a sign can make a finding indeterminate and never
// a hit. Signs without a row stand for nothing but themselves.
var signs = map[truce.Act][]truce.Act{
	truce.ActExplosion:     blast,
	truce.ActHeat:          blast,
	truce.ActDamage:        blast,
	truce.ActCrater:        blast,
	truce.ActBurst:         shooting,
	truce.ActSingleShot:    shooting,
	"muzzle_flash":         append(slices.Clone(shooting), truce.ActIndirectFire),
	"projectile_in_flight": append(slices.Clone(shooting), truce.ActIndirectFire, truce.ActMissileStrike, truce.ActOWAUAV),
	truce.ActUAVHeard:      {"recon_uav", "armed_uav", truce.ActOWAUAV, truce.ActFPVUAV, "uav_demining", "monitor_flight"},
}

// activities lists, for each kind of window, the acts its activity consists of or looks like.
var activities = map[WindowKind][]truce.Act{
	WindowDemining:      {truce.ActControlledExplos, "uav_demining", truce.ActExplosion, truce.ActHeat, truce.ActCrater, truce.ActUAVHeard},
	WindowAmmoDisposal:  {truce.ActControlledExplos, truce.ActExplosion, truce.ActHeat, truce.ActCrater},
	WindowRepair:        {"infrastructure_repair", truce.ActNewTrench, truce.ActPresenceInZone},
	WindowRotation:      {"notified_rotation", "rotation_unnotified", "convoy_unnotified", truce.ActPresenceInZone},
	WindowConvoy:        {"convoy_unnotified", truce.ActPresenceInZone},
	WindowHumanitarian:  {"humanitarian_convoy", "convoy_unnotified", truce.ActPresenceInZone},
	WindowMedevac:       {"medevac", "military_aircraft", "overflight_other", truce.ActPresenceInZone},
	WindowExchange:      {"prisoner_exchange", "civil_exchange", truce.ActPresenceInZone},
	WindowExercise:      {"notified_exercise", "exercise_unnotified", "live_fire_training", truce.ActExplosion, truce.ActHeat, truce.ActBurst, truce.ActSingleShot},
	WindowMonitorFlight: {"monitor_flight", "recon_uav", "overflight_other", truce.ActUAVHeard},
	WindowAccident:      {"accident_self_reported", truce.ActExplosion, truce.ActHeat, truce.ActDamage},
}

// relation is how an incident's act stands to a rule's acts.
type relation int

const (
	unrelated relation = iota
	maybe              // a sign of one of them, or a parent of one of them
	named              // one of them, or a child of one of them
)

// relationTo compares an act with the acts a rule names.
func relationTo(act truce.Act, prohibited []truce.Act) relation {
	for _, p := range prohibited {
		if act.Is(p) {
			return named
		}
	}
	for _, p := range prohibited {
		if p.Is(act) || slices.ContainsFunc(signs[act], p.Is) {
			return maybe
		}
	}
	return unrelated
}
