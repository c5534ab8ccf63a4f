package viina

import (
	"strings"

	"github.com/trucewatch/truce"
)

// Type is the letter VIINA's compact form gives an event. An event has the first that
// matches of S D A F C V M L, so an air strike may hide casualties.
type Type string

// The types in the order of matching.
const (
	AirStrike Type = "S"
	Drone     Type = "D"
	Artillery Type = "A"
	Firefight Type = "F"
	Civilians Type = "C" // civilian casualties
	Armour    Type = "V"
	Military  Type = "M" // military casualties
	Alert     Type = "L" // air alert
	Other     Type = "O" // none of these
)

const (
	letters   = "SDAFCVMLO"
	tagPrefix = "viina:"
)

// Known says whether the letter is one of the nine.
func (t Type) Known() bool { return len(t) == 1 && strings.Contains(letters, string(t)) }

// Kinetic says whether the type speaks of fire: air strike, drone, artillery, firefight.
func (t Type) Kinetic() bool {
	return t == AirStrike || t == Drone || t == Artillery || t == Firefight
}

// Claims is what an event of the type is taken to claim. VIINA's letters are classes of
// wording, so the claim is the plainest act of the class and never a count: "drone"
// covers FPV and shot-down drones too and is claimed as a one-way attack, which is what
// most of them report; casualties among civilians are claimed as damage, an effect,
// since nothing says what caused them; armour, military casualties, alerts and the rest
// claim no act.
func (t Type) Claims() []truce.Claim {
	if act := t.act(); act != "" {
		return []truce.Claim{{Act: act, Unit: truce.UnitReport}}
	}
	return nil
}

func (t Type) act() truce.Act {
	switch t {
	case AirStrike:
		return truce.ActAirStrike
	case Drone:
		return truce.ActOWAUAV
	case Artillery:
		return truce.ActIndirectFire
	case Firefight:
		return truce.ActDirectFire
	case Civilians:
		return truce.ActDamage
	}
	return ""
}

// TypeOf is the type of an event that Decode read, empty for any other observation.
func TypeOf(o truce.Observation) Type {
	if o.Source != ID || o.Report == nil || len(o.Report.Tags) == 0 {
		return ""
	}
	letter, _ := strings.CutPrefix(o.Report.Tags[0], tagPrefix)
	return Type(letter)
}
