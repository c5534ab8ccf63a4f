package truce

// Act is a node in the controlled tree of what can be done. Identifiers are stable
// and never reused.
type Act string

// ActGroup is the root an act hangs under.
type ActGroup string

// The act groups.
const (
	GroupFire      ActGroup = "fire"
	GroupAir       ActGroup = "overflight"
	GroupGround    ActGroup = "ground"
	GroupHoldings  ActGroup = "holdings"
	GroupMovement  ActGroup = "movement"
	GroupProtected ActGroup = "protected"
	GroupMaritime  ActGroup = "maritime"
	GroupAccess    ActGroup = "access"
	GroupConduct   ActGroup = "conduct"
	GroupPermitted ActGroup = "permitted"
	GroupSignature ActGroup = "signature"
)

// The acts that the code itself names; the whole tree is in ActGroups.
const (
	ActDirectFire       Act = "direct_fire"
	ActSniper           Act = "sniper"
	ActIndirectFire     Act = "indirect_fire"
	ActAirStrike        Act = "air_strike"
	ActMissileStrike    Act = "missile_strike"
	ActOWAUAV           Act = "owa_uav"
	ActFPVUAV           Act = "fpv_uav"
	ActReturnFire       Act = "return_fire"
	ActExplosion        Act = "explosion_undetermined"
	ActBurst            Act = "burst"
	ActSingleShot       Act = "single_shot"
	ActHeat             Act = "heat_undetermined"
	ActCrater           Act = "crater"
	ActDamage           Act = "damage"
	ActUAVHeard         Act = "uav_heard"
	ActNewTrench        Act = "new_trench"
	ActNewPosition      Act = "new_position"
	ActPresenceInZone   Act = "presence_in_zone"
	ActDenyAccess       Act = "deny_access"
	ActJamGNSS          Act = "jam_gnss"
	ActAttackEnergy     Act = "attack_energy"
	ActAttackCivilian   Act = "attack_civilian_site"
	ActControlledExplos Act = "controlled_explosion"
)

// actGroups lists the tree by group, in the order of the handbook. sniper is a
// child of direct_fire; every other act hangs directly under its group.
var actGroups = []struct {
	group ActGroup
	acts  []Act
}{
	{GroupFire, []Act{ActDirectFire, ActSniper, ActIndirectFire, ActAirStrike, ActMissileStrike, ActOWAUAV, ActFPVUAV, ActReturnFire, "live_fire_training"}},
	{GroupAir, []Act{"recon_uav", "armed_uav", "military_aircraft", "overflight_other"}},
	{GroupGround, []Act{"offensive_movement", "sabotage_recon_party", ActNewPosition, ActNewTrench, "firing_port", "mine_laying", ActPresenceInZone, "civilian_site_use", "civilian_crossing_closed"}},
	{GroupHoldings, []Act{"weapon_inside_distance", "weapon_outside_store", "holding_mismatch", "seal_broken"}},
	{GroupMovement, []Act{"rotation_unnotified", "convoy_unnotified", "exercise_unnotified"}},
	{GroupProtected, []Act{ActAttackEnergy, "attack_water", "attack_npp", "attack_dam", ActAttackCivilian, "cyber_protected", "internet_shutdown"}},
	{GroupMaritime, []Act{"naval_beyond_limit", "boarding", "attack_merchant", "military_use_of_merchant", "sea_mine"}},
	{GroupAccess, []Act{ActDenyAccess, "delay_access", "conditional_access", ActJamGNSS, "jam_link", "sensor_interference", "destroy_sensor", "cut_power", "fire_at_monitor"}},
	{GroupConduct, []Act{"failure_to_notify", "failure_to_acknowledge", "no_disciplinary_notice", "incitement"}},
	{GroupPermitted, []Act{ActControlledExplos, "uav_demining", "infrastructure_repair", "medevac", "prisoner_exchange", "civil_exchange", "notified_rotation", "notified_exercise", "humanitarian_convoy", "monitor_flight", "accident_self_reported"}},
	{GroupSignature, []Act{ActExplosion, ActBurst, ActSingleShot, "projectile_in_flight", "muzzle_flash", "illumination_flare", ActHeat, ActCrater, ActDamage, ActUAVHeard}},
}

var groupOfAct = func() map[Act]ActGroup {
	m := map[Act]ActGroup{}
	for _, g := range actGroups {
		for _, a := range g.acts {
			m[a] = g.group
		}
	}
	return m
}()

// ActGroups lists the groups in the order of the handbook.
func ActGroups() []ActGroup {
	out := make([]ActGroup, len(actGroups))
	for i, g := range actGroups {
		out[i] = g.group
	}
	return out
}

// Acts lists the acts of a group in the order of the handbook.
func (g ActGroup) Acts() []Act {
	for _, row := range actGroups {
		if row.group == g {
			return append([]Act(nil), row.acts...)
		}
	}
	return nil
}

// Group is the group of the act, "" for an unknown act.
func (a Act) Group() ActGroup { return groupOfAct[a] }

// Known says whether the act stands in the tree.
func (a Act) Known() bool { return groupOfAct[a] != "" }

// Is says whether the act is b or a child of b.
func (a Act) Is(b Act) bool { return a == b || a == ActSniper && b == ActDirectFire }

// Unit is what one of a count is; totals are never added across units.
type Unit string

// The counting units.
const (
	UnitEngagement Unit = "engagement"
	UnitExplosion  Unit = "explosion"
	UnitSignature  Unit = "signature_event"
	UnitSalvo      Unit = "salvo"
	UnitObjectDay  Unit = "object_day"
	UnitObject     Unit = "object"
	UnitSiteEvent  Unit = "site_event"
	UnitVessel     Unit = "vessel_event"
	UnitFlight     Unit = "flight"
	UnitMovement   Unit = "movement"
	UnitDenial     Unit = "denial"
	UnitOmission   Unit = "omission"
	UnitReport     Unit = "report"     // one statement of a source, before it is an incident
	UnitDetection  Unit = "detection"  // one satellite pixel
	UnitHeatEvent  Unit = "heat_event" // detections of one fire, joined
	UnitIncident   Unit = "incident"   // occurrences listed without a rule
	UnitMixed      Unit = "mixed"      // a party's total without a breakdown: never compared
	UnitHours      Unit = "observed_hour"
)

var units = []Unit{UnitEngagement, UnitExplosion, UnitSignature, UnitSalvo, UnitObjectDay, UnitObject, UnitSiteEvent,
	UnitVessel, UnitFlight, UnitMovement, UnitDenial, UnitOmission, UnitReport, UnitDetection, UnitHeatEvent, UnitIncident, UnitMixed, UnitHours}

// Units lists every counting unit in the order bulletins print them.
func Units() []Unit { return append([]Unit(nil), units...) }
