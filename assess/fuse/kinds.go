package fuse

import (
	"slices"

	"github.com/trucewatch/truce"
)

// kinds knows, for the kinds of act that occur, how likely a source that means one
// happening names one of them when another source names the other.
type kinds struct {
	acts  []truce.Act
	index map[truce.Act]int16
	like  [][]float64
}

func newKinds(events []truce.Event, confusion float64) kinds {
	k := kinds{index: map[truce.Act]int16{}}
	for i := range events {
		if _, known := k.index[events[i].Kind]; !known {
			k.index[events[i].Kind] = int16(len(k.acts))
			k.acts = append(k.acts, events[i].Kind)
		}
	}
	for _, a := range k.acts {
		row := make([]float64, len(k.acts))
		for j, b := range k.acts {
			row[j] = likeness(a, b, confusion)
		}
		k.like = append(k.like, row)
	}
	return k
}

// likeness is the chance that a source names one of two acts when the happening is the
// other. It is symmetric. A sign (heat, a bang, a crater) is what its instrument calls
// everything it sees, so it fits every act that can cause it.
func likeness(a, b truce.Act, confusion float64) float64 {
	switch {
	case a.Is(b) || b.Is(a):
		return 1 - confusion
	case a == truce.ActHeat:
		return ifSo(burns(b))
	case b == truce.ActHeat:
		return ifSo(burns(a))
	case a.Group() == truce.GroupSignature && b.Group() == truce.GroupSignature:
		return confusion
	case a.Group() == truce.GroupSignature:
		return ifSo(causes(b, a))
	case b.Group() == truce.GroupSignature:
		return ifSo(causes(a, b))
	case a.Known() && a.Group() == b.Group():
		return confusion / float64(len(a.Group().Acts())-1)
	case meansAndTarget(a, b) || meansAndTarget(b, a):
		return 0.5
	default:
		return confusion / 100
	}
}

func ifSo(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// burns says whether an act can leave heat that a satellite sees.
func burns(a truce.Act) bool {
	switch a.Group() {
	case truce.GroupFire:
		return a != truce.ActSniper
	case truce.GroupProtected:
		return a != "cyber_protected" && a != "internet_shutdown"
	case truce.GroupSignature:
		return slices.Contains([]truce.Act{truce.ActExplosion, truce.ActCrater, truce.ActDamage, "muzzle_flash", "illumination_flare"}, a)
	default:
		return slices.Contains([]truce.Act{"attack_merchant", "sea_mine", truce.ActControlledExplos, "accident_self_reported"}, a)
	}
}

// causes says whether an act can be behind a sign other than heat.
func causes(act, sign truce.Act) bool {
	if sign == truce.ActUAVHeard {
		return act.Group() == truce.GroupAir || act == truce.ActOWAUAV || act == truce.ActFPVUAV || act == "monitor_flight"
	}
	return burns(act) || act == truce.ActSniper || act == "fire_at_monitor" || act == "destroy_sensor"
}

// meansAndTarget: an air strike on a power station is told as either.
func meansAndTarget(means, target truce.Act) bool {
	return means.Group() == truce.GroupFire && burns(target) && (target.Group() == truce.GroupProtected || target.Group() == truce.GroupMaritime)
}
