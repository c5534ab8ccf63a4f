package web

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// Words prints a word of the vocabulary as people say it. The words are those of the
// bulletins, which a test compares, so that a page and a Daily never name a thing
// differently.
func Words(v any) string {
	word := ""
	switch key := v.(type) {
	case truce.Act:
		if key == "" {
			return "act not known"
		}
		word = actWords[key]
	case truce.ActGroup:
		word = groupWords[key]
	case truce.Unit:
		word = unitWords[key]
	case truce.Family:
		word = familyWords[key]
	case truce.Label:
		word = labelWords[key]
	case truce.ConditionState:
		word = stateWords[key]
	case truce.AttributionLevel:
		word = levelWords[key]
	}
	if word != "" {
		return word
	}
	return strings.ReplaceAll(fmt.Sprint(v), "_", " ")
}

// Why says in a few words why a verdict is not a plain yes: what was missing, or what
// the rule does not speak of.
func Why(v truce.Verdict, r truce.Reason) string {
	if v == truce.VerdictOutside {
		if word := outsideWords[r]; word != "" {
			return word
		}
	}
	if word := reasonWords[r]; word != "" {
		return word
	}
	return Words(string(r))
}

// Head is a head of a rule's own report in words.
func Head(name string) string {
	if word := headWords[name]; word != "" {
		return word
	}
	return name
}

// Condition is a condition of a claim in words.
func Condition(name string) string {
	if word := conditionWords[name]; word != "" {
		return word
	}
	return Words(name)
}

// Reading is whose reading of a rule it is: a party's, or that of all.
func Reading(by string) string {
	if word := readingWords[by]; word != "" {
		return word
	}
	return by
}

// Counted is a number with its unit in the right plural.
func Counted(n int, u truce.Unit) string {
	word := Words(u)
	if n != 1 {
		word = Plural(u)
	}
	return fmt.Sprintf("%d %s", n, word)
}

// Plural is the unit as many of it are named.
func Plural(u truce.Unit) string {
	switch word := Words(u); {
	case u == truce.UnitSalvo:
		return "salvoes"
	case u == truce.UnitMixed:
		return "items without a unit"
	default:
		return word + "s"
	}
}

// actIDs are the identifiers that would look like code in a sentence, longest first so
// that none is replaced inside another.
var actIDs = func() *strings.Replacer {
	var acts []truce.Act
	for act := range actWords {
		if strings.Contains(string(act), "_") {
			acts = append(acts, act)
		}
	}
	slices.SortFunc(acts, func(a, b truce.Act) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(string(a), string(b))
	})
	var pairs []string
	for _, act := range acts {
		pairs = append(pairs, string(act), actWords[act])
	}
	for name, word := range conditionWords { // none is part of another
		pairs = append(pairs, name, word)
	}
	return strings.NewReplacer(pairs...)
}()

// Sentence prints a sentence of a trace with acts named as people name them; the record
// keeps the identifiers.
func Sentence(s string) string { return actIDs.Replace(s) }

// groupWords are the headings acts are listed under.
var groupWords = map[truce.ActGroup]string{
	"fire":       "Acts of fire",
	"overflight": "Overflight",
	"ground":     "Ground",
	"holdings":   "Holdings of weapons",
	"movement":   "Movement",
	"protected":  "Protected objects",
	"maritime":   "Sea",
	"access":     "Access of the mission",
	"conduct":    "Conduct",
	"permitted":  "Permitted activity",
	"signature":  "Seen or heard, act not determined",
}

// actWords name acts by what was seen, never as a deed of somebody.
var actWords = map[truce.Act]string{
	"direct_fire":              "direct fire",
	"sniper":                   "sniper fire",
	"indirect_fire":            "indirect fire",
	"air_strike":               "air strike",
	"missile_strike":           "missile strike",
	"owa_uav":                  "one-way drone",
	"fpv_uav":                  "FPV or drop drone",
	"return_fire":              "return fire",
	"live_fire_training":       "live-fire training",
	"recon_uav":                "reconnaissance drone",
	"armed_uav":                "armed drone",
	"military_aircraft":        "military aircraft",
	"overflight_other":         "other overflight",
	"offensive_movement":       "forward movement",
	"sabotage_recon_party":     "small party across the line",
	"new_position":             "new position",
	"new_trench":               "new trench",
	"firing_port":              "firing port",
	"mine_laying":              "mine-laying",
	"presence_in_zone":         "presence in the zone",
	"civilian_site_use":        "military use of a civilian site",
	"civilian_crossing_closed": "civilian crossing closed",
	"weapon_inside_distance":   "weapon inside the withdrawal distance",
	"weapon_outside_store":     "weapon beyond the lines, outside a designated store",
	"holding_mismatch":         "could not be verified or missing",
	"seal_broken":              "seal broken",
	"rotation_unnotified":      "rotation, not notified",
	"convoy_unnotified":        "convoy, not notified",
	"exercise_unnotified":      "exercise, not notified",
	"attack_energy":            "effect on an energy object",
	"attack_water":             "effect on a water object",
	"attack_npp":               "effect on a nuclear plant",
	"attack_dam":               "effect on a dam",
	"attack_civilian_site":     "effect on a civilian site",
	"cyber_protected":          "cyber act on a protected object",
	"internet_shutdown":        "internet shutdown",
	"naval_beyond_limit":       "naval vessel beyond the limit",
	"boarding":                 "boarding of a vessel",
	"attack_merchant":          "effect on a merchant vessel",
	"military_use_of_merchant": "military use of a merchant vessel",
	"sea_mine":                 "sea mine",
	"deny_access":              "access denied",
	"delay_access":             "access delayed",
	"conditional_access":       "access with conditions",
	"jam_gnss":                 "interference with satellite navigation",
	"jam_link":                 "interference with a radio link",
	"sensor_interference":      "interference with a sensor",
	"destroy_sensor":           "sensor destroyed",
	"cut_power":                "power of a sensor cut",
	"fire_at_monitor":          "fire at or near monitors",
	"failure_to_notify":        "notice not given",
	"failure_to_acknowledge":   "notice not acknowledged",
	"no_disciplinary_notice":   "disciplinary notice not given",
	"incitement":               "incitement",
	"controlled_explosion":     "controlled explosion",
	"uav_demining":             "drone for demining",
	"infrastructure_repair":    "repair of infrastructure",
	"medevac":                  "medical evacuation",
	"prisoner_exchange":        "exchange of prisoners",
	"civil_exchange":           "exchange of civilians or remains",
	"notified_rotation":        "notified rotation",
	"notified_exercise":        "notified exercise",
	"humanitarian_convoy":      "humanitarian convoy",
	"monitor_flight":           "flight of the mission",
	"accident_self_reported":   "accident, reported by the party itself",
	"explosion_undetermined":   "explosion",
	"burst":                    "burst",
	"single_shot":              "shot",
	"projectile_in_flight":     "projectile in flight",
	"muzzle_flash":             "muzzle flash",
	"illumination_flare":       "flare",
	"heat_undetermined":        "heat",
	"crater":                   "crater",
	"damage":                   "damage",
	"uav_heard":                "drone heard",
}

// unitWords name one of each unit.
var unitWords = map[truce.Unit]string{
	"engagement":      "engagement",
	"explosion":       "explosion",
	"signature_event": "signature event",
	"salvo":           "salvo",
	"object_day":      "object-day",
	"object":          "object",
	"site_event":      "site event",
	"vessel_event":    "vessel event",
	"flight":          "flight",
	"movement":        "movement",
	"denial":          "denial",
	"omission":        "omission",
	"report":          "report",
	"detection":       "detection",
	"heat_event":      "heat event",
	"incident":        "incident",
	"mixed":           "item without a unit",
	"observed_hour":   "hour",
}

// familyWords name who or what saw something.
var familyWords = map[truce.Family]string{
	"acoustic":     "microphones",
	"seismic":      "seismometers",
	"infrasound":   "infrasound",
	"radar":        "radar",
	"camera":       "cameras",
	"drone":        "drones",
	"optical":      "optical satellites",
	"sar":          "radar satellites",
	"thermal":      "thermal satellites",
	"transponder":  "transponders",
	"interference": "interference monitors",
	"patrol":       "patrols",
	"party":        "parties",
	"civilian":     "civilians",
	"media":        "media",
	"reference":    "reference data",
	"register":     "the register",
}

// labelWords are the remarks in full.
var labelWords = map[truce.Label]string{
	"recurring_heat":              "heat recurs here; probably a plant or flare",
	"low_confidence":              "every detection is graded low",
	"place_may_stand_for_country": "the place named may stand for the whole country",
	"one_source":                  "one source only",
	"withdrawn":                   "no longer taken for an event by the method that made it",
	"deep_source":                 "so deep in the ground that it is no weapon's",
	"own_flight":                  "the mission's own flight, by identity, place and time of its plan",
	"identity_not_confirmed":      "gives an identity of the mission's, but the plan or another flight speaks against it",
}

// reasonWords say why nothing was decided.
var reasonWords = map[truce.Reason]string{
	"location": "the place is not exact enough",
	"time":     "the time is not exact enough",
	"act":      "the act is not determined",
	"class":    "the weapon class is not known",
	"evidence": "the evidence asked for is not there",
	"control":  "the side is not determined",
	"coverage": "coverage was too low",
	"cost":     "the check was too long and was stopped",
	"quantity": "the number is not known well enough",
	"state":    "the state is not known well enough",
}

// conditionWords say what a claim is asked for.
var conditionWords = map[string]string{
	"names_incident":              "the incident it answers is named",
	"coordination_attempt_within": "an attempt to coordinate came in time before it",
	"ordered_by":                  "an authority with the right to it gave the order",
	"notified_within":             "it was notified in time",
}

// stateWords say whether a condition is met.
var stateWords = map[truce.ConditionState]string{
	truce.ConditionMet: "met", truce.ConditionNotMet: "not met", truce.ConditionUnknown: "not known",
}

// headWords are the heads under which a rule reports, as the Daily prints them.
var headWords = map[string]string{
	"inside_distance":           "inside the withdrawal distance",
	"beyond_line_outside_store": "beyond the lines but outside a designated store",
	"missing_or_unverified":     "could not be verified or missing",
	"missing":                   "missing",
	"could_not_verify":          "could not be verified",
	"continuity_lost":           "continuity of knowledge lost",
}

// readingWords name the readings that are of no single party.
var readingWords = map[string]string{
	"intersection": "what all readings share",
	"union":        "all readings together",
}

// outsideWords say what lies outside a rule's scope.
var outsideWords = map[truce.Reason]string{
	"location": "not this place",
	"time":     "not this time",
	"act":      "not this act",
	"class":    "not this weapon class",
	"control":  "not this side",
	"quantity": "as many as are allowed, or fewer",
	"state":    "kept as is allowed",
}

var levelWords = map[truce.AttributionLevel]string{
	truce.AttributionBalance: "balance of probabilities",
	truce.AttributionClear:   "clear and convincing",
}
