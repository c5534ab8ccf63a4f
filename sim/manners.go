package sim

import "github.com/trucewatch/truce"

// manner is how a family tells of an act: with which chance, in which words of the
// act tree, how exactly. Every row is the same for both sides.
type manner struct {
	family truce.Family
	act    truce.Act   // the true act
	says   []truce.Act // one of them, equally likely
	chance float64
	sigma  [2]float64 // of the place, metres
	unit   truce.Unit
	text   string // %d stands for the number told
}

// Shorthands of the table.
const (
	reconUAV   truce.Act = "recon_uav"
	armedUAV   truce.Act = "armed_uav"
	delay      truce.Act = "delay_access"
	heardBlast           = truce.ActExplosion
)

// manners is read top to bottom: the order fixes the random draws. What a family says
// is what it can know: an array hears a blast and, when it hears the muzzle too, fire.
var manners = []manner{
	{truce.FamilyAcoustic, truce.ActIndirectFire, []truce.Act{truce.ActIndirectFire, truce.ActIndirectFire, heardBlast}, 0.92, [2]float64{120, 450}, truce.UnitSignature, "Explosions recorded: %d."},
	{truce.FamilyAcoustic, truce.ActDirectFire, []truce.Act{truce.ActBurst}, 0.75, [2]float64{100, 300}, truce.UnitSignature, "Shots in bursts recorded: %d."},
	{truce.FamilyAcoustic, truce.ActSniper, []truce.Act{truce.ActSingleShot}, 0.6, [2]float64{100, 300}, truce.UnitSignature, "Single shots recorded: %d."},
	{truce.FamilyAcoustic, truce.ActFPVUAV, []truce.Act{heardBlast}, 0.6, [2]float64{120, 400}, truce.UnitSignature, "Explosions recorded: %d."},
	{truce.FamilyAcoustic, truce.ActControlledExplos, []truce.Act{heardBlast}, 1, [2]float64{120, 300}, truce.UnitSignature, "Explosions recorded: %d."},
	{truce.FamilyAcoustic, reconUAV, []truce.Act{truce.ActUAVHeard}, 0.25, [2]float64{300, 700}, truce.UnitSignature, "Small engines heard overhead: %d."},
	{truce.FamilyCamera, truce.ActIndirectFire, []truce.Act{truce.ActIndirectFire, heardBlast}, 0.6, [2]float64{150, 600}, truce.UnitSignature, "Explosions seen: %d."},
	{truce.FamilyCamera, truce.ActDirectFire, []truce.Act{truce.ActDirectFire}, 0.6, [2]float64{100, 400}, truce.UnitSignature, "Tracers seen: %d."},
	{truce.FamilyCamera, truce.ActFPVUAV, []truce.Act{truce.ActFPVUAV}, 0.65, [2]float64{80, 250}, truce.UnitSignature, "Small drones seen to dive and explode: %d."},
	{truce.FamilyCamera, reconUAV, []truce.Act{reconUAV}, 0.8, [2]float64{150, 500}, truce.UnitFlight, "Fixed-wing drones without load seen: %d."},
	{truce.FamilyCamera, armedUAV, []truce.Act{armedUAV}, 0.85, [2]float64{150, 500}, truce.UnitFlight, "Drones with a load seen: %d."},
	{truce.FamilyCamera, truce.ActPresenceInZone, []truce.Act{truce.ActPresenceInZone}, 0.6, [2]float64{80, 250}, truce.UnitObjectDay, "Armoured vehicles seen: %d."},
	{truce.FamilyPatrol, truce.ActIndirectFire, []truce.Act{truce.ActIndirectFire, truce.ActIndirectFire, heardBlast}, 0.6, [2]float64{500, 1500}, truce.UnitSignature, "Explosions heard: %d."},
	{truce.FamilyPatrol, truce.ActDirectFire, []truce.Act{truce.ActDirectFire}, 0.65, [2]float64{300, 800}, truce.UnitSignature, "Shots of small arms heard: %d."},
	{truce.FamilyPatrol, truce.ActSniper, []truce.Act{truce.ActSniper}, 0.7, [2]float64{200, 600}, truce.UnitSignature, "Shots heard: %d. Spoke with those who were aimed at."},
	{truce.FamilyPatrol, truce.ActFPVUAV, []truce.Act{truce.ActFPVUAV}, 0.5, [2]float64{200, 600}, truce.UnitSignature, "Small drones seen to dive and explode: %d."},
	{truce.FamilyPatrol, reconUAV, []truce.Act{truce.ActUAVHeard, reconUAV}, 0.4, [2]float64{400, 900}, truce.UnitFlight, "Drones noticed: %d."},
	{truce.FamilyPatrol, truce.ActNewTrench, []truce.Act{truce.ActNewTrench}, 0.9, [2]float64{30, 90}, truce.UnitObject, "Fresh trenches seen that were not there a week ago: %d."},
	{truce.FamilyPatrol, truce.ActPresenceInZone, []truce.Act{truce.ActPresenceInZone}, 0.8, [2]float64{60, 200}, truce.UnitObjectDay, "Armoured vehicles seen: %d."},
	{truce.FamilyPatrol, truce.ActDenyAccess, []truce.Act{truce.ActDenyAccess}, 1, [2]float64{20, 40}, truce.UnitDenial, "Turned back at a checkpoint."},
	{truce.FamilyPatrol, delay, []truce.Act{delay}, 1, [2]float64{20, 40}, truce.UnitDenial, "Held up at a checkpoint."},
	{truce.FamilyPatrol, truce.ActMissileStrike, []truce.Act{truce.ActAttackEnergy}, 1, [2]float64{60, 120}, truce.UnitSiteEvent, "Site visit. Craters in the transformer yard: %d."},
	{truce.FamilyPatrol, truce.ActOWAUAV, []truce.Act{truce.ActAttackEnergy}, 1, [2]float64{60, 120}, truce.UnitSiteEvent, "Site visit. Impacts on the substation: %d."},
	{truce.FamilyPatrol, truce.ActControlledExplos, []truce.Act{truce.ActControlledExplos}, 1, [2]float64{100, 300}, truce.UnitExplosion, "Notified demining explosions seen: %d."},
	{truce.FamilyInterference, truce.ActJamGNSS, []truce.Act{truce.ActJamGNSS}, 0.95, [2]float64{2500, 5000}, truce.UnitDenial, "Satellite navigation lost; the area is all that is known."},
	{truce.FamilyDrone, truce.ActJamGNSS, []truce.Act{truce.ActJamGNSS}, 0.6, [2]float64{1500, 3000}, truce.UnitDenial, "Own drone lost satellite navigation and turned back."},
	{truce.FamilyDrone, truce.ActNewTrench, []truce.Act{truce.ActNewTrench}, 0.95, [2]float64{15, 40}, truce.UnitObject, "Fresh trenches seen: %d."},
	{truce.FamilyDrone, truce.ActPresenceInZone, []truce.Act{truce.ActPresenceInZone}, 0.4, [2]float64{15, 40}, truce.UnitObjectDay, "Armoured vehicles seen: %d."},
	{truce.FamilyDrone, truce.ActMissileStrike, []truce.Act{truce.ActAttackEnergy}, 1, [2]float64{20, 50}, truce.UnitSiteEvent, "Smoke from the turbine hall. Impacts seen: %d."},
	{truce.FamilyDrone, truce.ActOWAUAV, []truce.Act{truce.ActAttackEnergy}, 1, [2]float64{20, 50}, truce.UnitSiteEvent, "A burnt transformer. Impacts seen: %d."},
	{truce.FamilyOptical, truce.ActNewTrench, []truce.Act{truce.ActNewTrench}, 0.9, [2]float64{8, 15}, truce.UnitObject, "Trenches not in the image of a week before: %d."},
	{truce.FamilyOptical, truce.ActMissileStrike, []truce.Act{truce.ActDamage}, 1, [2]float64{8, 15}, truce.UnitObject, "Damage to the roof, places: %d."},
	{truce.FamilyOptical, truce.ActOWAUAV, []truce.Act{truce.ActDamage}, 1, [2]float64{8, 15}, truce.UnitObject, "Damage to the switchyard, places: %d."},
	{truce.FamilyCivilian, truce.ActIndirectFire, []truce.Act{truce.ActIndirectFire, heardBlast}, 0.3, [2]float64{0, 0}, truce.UnitSignature, "People heard explosions, about %d."},
	{truce.FamilyCivilian, truce.ActDirectFire, []truce.Act{truce.ActDirectFire}, 0.2, [2]float64{0, 0}, truce.UnitSignature, "People heard shooting, shots: %d or more."},
	{truce.FamilyCivilian, truce.ActFPVUAV, []truce.Act{truce.ActFPVUAV}, 0.25, [2]float64{0, 0}, truce.UnitSignature, "People saw a small drone, then smoke."},
	{truce.FamilyCivilian, truce.ActMissileStrike, []truce.Act{truce.ActMissileStrike}, 1, [2]float64{0, 0}, truce.UnitSignature, "People saw smoke at the power station; blasts heard: %d."},
	{truce.FamilyCivilian, truce.ActOWAUAV, []truce.Act{truce.ActOWAUAV}, 1, [2]float64{0, 0}, truce.UnitSignature, "People heard an engine at night; blasts heard: %d."},
	{truce.FamilyCivilian, truce.ActControlledExplos, []truce.Act{heardBlast}, 1, [2]float64{0, 0}, truce.UnitSignature, "People heard explosions: %d."},
	{truce.FamilyParty, truce.ActIndirectFire, []truce.Act{truce.ActIndirectFire}, 0.35, [2]float64{400, 1200}, truce.UnitSignature, "The liaison officer reports impacts: %d."},
	{truce.FamilyParty, truce.ActMissileStrike, []truce.Act{truce.ActAttackEnergy}, 1, [2]float64{100, 200}, truce.UnitSiteEvent, "The liaison officer reports impacts on the power station: %d."},
	{truce.FamilyParty, truce.ActOWAUAV, []truce.Act{truce.ActAttackEnergy}, 1, [2]float64{100, 200}, truce.UnitSiteEvent, "The liaison officer reports impacts on the substation: %d."},
}
