package publish

import (
	"slices"

	"github.com/trucewatch/truce"
)

// The parts of a daily. The first ten and the annex are the default set; claims,
// coverage and sources always follow; the others when the agreement lists them or a rule
// or row speaks of them.
const (
	PartSummary       = "summary"
	partFire          = "fire"
	partCasualties    = "casualties"
	partDisengagement = "disengagement"
	partWithdrawal    = "withdrawal"
	partPresence      = "presence"
	partMines         = "mines"
	partWindows       = "windows"
	partCivilians     = "civilians"
	partRestrictions  = "restrictions"
	PartAir           = "air"
	PartProtected     = "protected"
	PartSea           = "sea"
	PartMovement      = "movement"
	PartConduct       = "conduct"
	PartCorrections   = "corrections"
	PartClaims        = "claims"
	PartCoverage      = "coverage"
	PartSources       = "sources"
	PartAnnex         = "annex"
)

// partOrder is every part in the order of printing.
var partOrder = [...]string{
	PartSummary, partFire, partCasualties, partDisengagement, partWithdrawal, partPresence, partMines, partWindows,
	partCivilians, partRestrictions, PartAir, PartProtected, PartSea, PartMovement, PartConduct,
	PartCorrections, PartClaims, PartCoverage, PartSources, PartAnnex,
}

// extraParts stand only where the agreement lists them or something is in them.
var extraParts = [...]string{PartAir, PartProtected, PartSea, PartMovement, PartConduct}

// partOfGroup is where a group's rows are told.
var partOfGroup = map[truce.ActGroup]string{
	truce.GroupFire:      partFire,
	truce.GroupSignature: partFire,
	truce.GroupAir:       PartAir,
	truce.GroupGround:    partPresence,
	truce.GroupHoldings:  partWithdrawal,
	truce.GroupMovement:  PartMovement,
	truce.GroupProtected: PartProtected,
	truce.GroupMaritime:  PartSea,
	truce.GroupAccess:    partRestrictions,
	truce.GroupConduct:   PartConduct,
	truce.GroupPermitted: partWindows,
}

// partOf is the part an act is told in. Rows without a known act are told with fire's
// signatures: something was seen or heard.
func partOf(a truce.Act) string {
	switch a {
	case "mine_laying":
		return partMines
	case "civilian_site_use", "civilian_crossing_closed":
		return partCivilians
	case truce.ActUAVHeard:
		return PartAir
	}
	if part, ok := partOfGroup[a.Group()]; ok {
		return part
	}
	return partFire
}

// parts builds the chapters. A part in which nothing is listed gets its absences; where
// nobody stated one, the part was not observed, and says so.
func (d *daily) parts(b truce.Bulletin, unlisted map[string]int) ([]truce.Part, []truce.Absence) {
	rows, tables := rowsByPart(b.Rows), tablesByPart(b.Tables)
	var out []truce.Part
	absences := b.Absences
	for _, key := range partOrder {
		part := truce.Part{Key: key, Tables: tables[key], Rows: rows[key], Unlisted: unlisted[key]}
		if !d.wantsPart(part) {
			continue
		}
		part.Number = len(out) + 1
		part.Absences = d.absencesOf(key, absences)
		if silent(part) && (needsAbsence(key, b.Restrictions) || key == partWindows && !b.WindowsKnown) {
			part.Absences = []int{len(absences)}
			absences = append(absences, truce.Absence{
				Period: d.in.Period, Verdict: truce.AbsenceNotObserved,
				Coverage: truce.Coverage{Period: d.in.Period, Basis: "no source of this mission looks for it"},
			})
		}
		out = append(out, part)
	}
	return out, absences
}

func (d *daily) wantsPart(p truce.Part) bool {
	if !slices.Contains(extraParts[:], p.Key) {
		return true
	}
	told := slices.ContainsFunc(d.in.Terms.Rules, func(r truce.BulletinRule) bool {
		return r.Counted() && len(r.Acts) > 0 && partOf(r.Acts[0]) == p.Key
	})
	return told || slices.Contains(d.in.Terms.Parts, p.Key) || len(p.Tables) > 0 || p.Rows.Len()+p.Unlisted > 0
}

// silent says whether a part neither lists nor counts a row nor says why.
func silent(p truce.Part) bool { return p.Rows.Len()+p.Unlisted == 0 && len(p.Absences) == 0 }

// needsAbsence says whether an empty part would be read as nothing having happened. The
// parts of lists of another kind say so in a sentence of their own.
func needsAbsence(key string, restrictions []truce.Restriction) bool {
	switch key {
	case PartSummary, partWindows, PartCorrections, PartClaims, PartCoverage, PartSources, PartAnnex:
		return false // windows are notified, not observed: none is a fact, see windowList
	case partRestrictions:
		return len(restrictions) == 0
	}
	return true
}

// absencesOf lists the absences of the rules told in a part; the coverage part has all.
func (d *daily) absencesOf(key string, absences []truce.Absence) []int {
	var out []int
	for i, a := range absences {
		rule, known := d.rules[a.Rule]
		if key == PartCoverage && a.Rule != "" || known && len(rule.Acts) > 0 && partOf(rule.Acts[0]) == key {
			out = append(out, i)
		}
	}
	return out
}

// unlistedByPart counts the rows that are held back as preliminary.
func unlistedByPart(entries []*entry) map[string]int {
	out := map[string]int{}
	for _, e := range entries {
		if e.state == statePreliminary {
			out[e.row.Part]++
			out[PartAnnex]++
		}
	}
	return out
}

func rowsByPart(rows []truce.BulletinRow) map[string]truce.RowSet {
	out := map[string]truce.RowSet{}
	for _, r := range rows {
		set := out[r.Part]
		set.Add(r.N)
		out[r.Part] = set
	}
	all := truce.RowSet{}
	if n := len(rows); n > 0 {
		all = truce.RowSet{{First: 1, Last: n}}
	}
	out[PartAnnex] = all
	return out
}

func tablesByPart(tables []truce.CountTable) map[string][]string {
	out := map[string][]string{}
	for _, t := range tables {
		out[t.Part] = append(out[t.Part], t.Key)
	}
	return out
}
