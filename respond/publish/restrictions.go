package publish

import (
	"slices"
	"strconv"

	"github.com/trucewatch/truce"
)

// The kinds of restrictions, as the handbook names them.
const (
	restrictionDenial       = "denial"
	restrictionDelay        = "delay"
	restrictionConditional  = "conditional"
	restrictionInterference = "interference" // an area, never an author
	restrictionAttack       = "attack"
	restrictionOther        = "other"
)

// kindOfRestriction is what an act of the access group did to the mission, "" for other
// acts.
func kindOfRestriction(a truce.Act) string {
	switch a {
	case truce.ActDenyAccess:
		return restrictionDenial
	case "delay_access":
		return restrictionDelay
	case "conditional_access":
		return restrictionConditional
	case truce.ActJamGNSS, "jam_link", "sensor_interference", "cut_power":
		return restrictionInterference
	case "destroy_sensor", "fire_at_monitor":
		return restrictionAttack
	}
	if a.Group() == truce.GroupAccess {
		return restrictionOther
	}
	return ""
}

// missionAssets are the families that move or stand for the mission itself, so that what
// they tell of their own access happened to them.
var missionAssets = [...]truce.Family{truce.FamilyPatrol, truce.FamilyDrone, truce.FamilyCamera}

// assetOf is what was stopped, as a family; "" when it is not known. Interference is
// recorded by monitors that it need not have hit.
func assetOf(row *truce.BulletinRow, kind string) string {
	if list := assetsAmong(row.Means, kind); len(list) > 0 {
		return string(list[0])
	}
	return ""
}

// AssetsAmong are the families of the mission's own that an act of the access group
// stopped, of those that tell of it; none where that is not known.
func AssetsAmong(means []truce.Family, act truce.Act) []truce.Family {
	return assetsAmong(means, kindOfRestriction(act))
}

func assetsAmong(means []truce.Family, kind string) []truce.Family {
	var out []truce.Family
	for _, f := range missionAssets {
		if kind != restrictionInterference && slices.Contains(means, f) {
			out = append(out, f)
		}
	}
	return out
}

// restrictionsOf makes a restriction of every listed row whose act kept the mission from
// observing. It is a pure function of the rows, so that the linter can make it again.
func restrictionsOf(rows []truce.BulletinRow) []truce.Restriction {
	var out []truce.Restriction
	for i := range rows {
		row := &rows[i]
		kind := kindOfRestriction(row.Act)
		if kind == "" || !row.Counts() {
			continue
		}
		place := coarsePlace(row.Place)
		out = append(out, truce.Restriction{
			ID: "row-" + strconv.Itoa(row.N), Kind: kind, Asset: assetOf(row, kind), Area: row.Area,
			Period: truce.Period{From: row.Time.From, To: row.Time.To}, AffectedHours: hoursOf(row.Time), Row: row.N, Where: &place,
		})
	}
	return out
}

// coarsePlace keeps a cell and how far from it the place may lie: of a restriction no more
// is said, in any edition.
func coarsePlace(p truce.RowPlace) truce.RowPlace {
	return truce.RowPlace{Cell: p.Cell, WithinKm: p.WithinKm, Withheld: p.Withheld}
}

// hoursOf is the length of a time in hours, rounded up to a tenth.
func hoursOf(t truce.PhenomenonTime) float64 {
	const tenth = 6 * 60 * 1_000_000
	return float64((int64(t.To-t.From)+tenth-1)/tenth) / 10
}
