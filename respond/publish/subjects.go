package publish

import (
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// The subjects of tables.
const (
	subjectRule      = "rule"      // one rule's verdicts
	subjectGroup     = "group"     // one act group's occurrence states
	subjectSignature = "signature" // explosions, bursts, shots, flashes: acts as observed
	subjectHeard     = "heard"     // drones heard, apart from flights seen
	subjectTrace     = "trace"     // craters and damage
	subjectHeat      = "heat"      // heat, which is never an act of fire
	subjectExits     = "exits"     // listed, not counted
	subjectReceived  = "received"  // observations as they came in
)

const (
	// splitUnknown is the column of what was observed without a known act.
	splitUnknown = "unknown"
	// heatPrefix marks a column of heat events beside one of incidents: the two are
	// never one number.
	heatPrefix = "heat."
)

// weigher gives the split of a table a row falls into and its weight there; split -1
// means that the row is not counted. A row has one split only, so verdicts and states
// are never merged.
type weigher func(*truce.BulletinRow) (split, n int)

// weigherOf is how a table counts, from what the table says of itself: the linter counts
// with it again.
func weigherOf(t *truce.CountTable) weigher {
	index := func(key string) int {
		return slices.IndexFunc(t.Splits, func(s truce.CountSplit) bool { return s.Key == key })
	}
	switch t.Subject {
	case subjectRule:
		return func(row *truce.BulletinRow) (int, int) {
			key, n := weighVerdict(row, t.Rule)
			return index(key), n
		}
	case subjectGroup:
		return func(row *truce.BulletinRow) (int, int) {
			if row.Act.Group() != t.Group {
				return -1, 0
			}
			return index(string(row.Occurrence)), 1
		}
	case subjectExits:
		return func(row *truce.BulletinRow) (int, int) { return index(unitPrefix(row) + string(row.Occurrence)), 1 }
	case subjectReceived:
		return func(*truce.BulletinRow) (int, int) { return -1, 0 }
	default:
		return func(row *truce.BulletinRow) (int, int) {
			if !row.Counts() {
				return -1, 0
			}
			return index(actSplit(row.Act)), 1
		}
	}
}

// weighVerdict is the column of a rule's table a row counts in, "" for none. A hit counts
// with its own number; one that another rule counts has none here. Heat alone is never a
// hit; where a rule cannot decide on it, it is a heat event and no incident.
func weighVerdict(row *truce.BulletinRow, rule truce.RuleID) (key string, n int) {
	f, held := row.Finding(rule)
	if !held || !row.Counts() {
		return "", 0
	}
	switch f.Verdict {
	case truce.VerdictHit:
		if f.CountedUnder != "" || f.Count == 0 || row.Act == truce.ActHeat {
			return "", 0
		}
		return string(f.Verdict), f.Count
	case truce.VerdictExempt, truce.VerdictIndeterminate:
		return unitPrefix(row) + string(f.Verdict), 1
	}
	return "", 0
}

func unitPrefix(row *truce.BulletinRow) string {
	if row.Act == truce.ActHeat {
		return heatPrefix
	}
	return ""
}

func actSplit(a truce.Act) string {
	if a == "" {
		return splitUnknown
	}
	return string(a)
}

// countedStates are the columns of a group: states that are kept apart.
var countedStates = [...]truce.Occurrence{
	truce.OccurrenceReported, truce.OccurrenceDetected, truce.OccurrenceCorroborated, truce.OccurrenceVerified,
}

var exitStates = [...]truce.Occurrence{
	truce.OccurrenceExplained, truce.OccurrenceRefuted, truce.OccurrenceUnverifiable, truce.OccurrenceDuplicate,
}

func ruleTable(rule truce.RuleID) string { return "rule." + string(rule) }

func ruleSubject(r truce.BulletinRule) truce.CountTable {
	exempt, open := string(truce.VerdictExempt), string(truce.VerdictIndeterminate)
	return truce.CountTable{
		Key: ruleTable(r.ID), Part: PartSummary, Subject: subjectRule, Rule: r.ID, Version: r.Version, By: truce.CountByArea,
		Splits: []truce.CountSplit{
			{Key: string(truce.VerdictHit), Unit: r.Unit},
			{Key: exempt, Unit: truce.UnitIncident}, {Key: open, Unit: truce.UnitIncident},
			{Key: heatPrefix + exempt, Unit: truce.UnitHeatEvent}, {Key: heatPrefix + open, Unit: truce.UnitHeatEvent},
		},
	}
}

func groupSubject(g truce.ActGroup, by truce.CountBy) truce.CountTable {
	t := truce.CountTable{Key: tableKey(string(g), by), Part: partOf(g.Acts()[0]), Subject: subjectGroup, Group: g, By: by}
	for _, s := range countedStates {
		t.Splits = append(t.Splits, truce.CountSplit{Key: string(s), Unit: truce.UnitIncident})
	}
	return t
}

func tableKey(key string, by truce.CountBy) string {
	if by == truce.CountByControl {
		return key + ".control"
	}
	return key
}

func actsSubject(subject string, by truce.CountBy, unit truce.Unit, acts ...truce.Act) truce.CountTable {
	t := truce.CountTable{Key: tableKey(subject, by), Part: partOf(acts[0]), Subject: subject, Group: truce.GroupSignature, By: by}
	for _, a := range acts {
		t.Splits = append(t.Splits, truce.CountSplit{Key: actSplit(a), Unit: unit})
	}
	return t
}

func signatureSubject(by truce.CountBy) truce.CountTable {
	return actsSubject(subjectSignature, by, truce.UnitIncident,
		truce.ActExplosion, truce.ActBurst, truce.ActSingleShot, "projectile_in_flight", "muzzle_flash", "illumination_flare", "")
}

func heatSubject(by truce.CountBy) truce.CountTable {
	return actsSubject(subjectHeat, by, truce.UnitHeatEvent, truce.ActHeat)
}

func traceSubject(by truce.CountBy) truce.CountTable {
	return actsSubject(subjectTrace, by, truce.UnitIncident, truce.ActCrater, truce.ActDamage)
}

func heardSubject() truce.CountTable {
	return actsSubject(subjectHeard, truce.CountByArea, truce.UnitIncident, truce.ActUAVHeard)
}

func exitSubject() truce.CountTable {
	t := truce.CountTable{Key: subjectExits, Part: PartSummary, Subject: subjectExits, By: truce.CountByArea}
	for _, s := range exitStates {
		t.Splits = append(t.Splits, truce.CountSplit{Key: string(s), Unit: truce.UnitIncident})
	}
	for _, s := range exitStates {
		t.Splits = append(t.Splits, truce.CountSplit{Key: heatPrefix + string(s), Unit: truce.UnitHeatEvent})
	}
	return t
}

// subjects lists what is counted, in the order of parts. A row that counts falls into one
// of the tables by area that are not a rule's.
func (d *daily) subjects(entries []*entry) []truce.CountTable {
	var out []truce.CountTable
	for _, r := range d.in.Terms.Rules {
		if r.Counted() {
			out = append(out, ruleSubject(r))
		}
	}
	groups := d.groups(entries)
	for _, g := range groups {
		out = append(out, groupSubject(g, truce.CountByArea))
	}
	out = append(out, signatureSubject(truce.CountByArea), heatSubject(truce.CountByArea), traceSubject(truce.CountByArea))
	if d.any(entries, subjectHeard, func(r *truce.BulletinRow) bool { return r.Act == truce.ActUAVHeard && r.Counts() }) {
		out = append(out, heardSubject())
	}
	if slices.Contains(groups, truce.GroupFire) {
		out = append(out, groupSubject(truce.GroupFire, truce.CountByControl))
	}
	out = append(out, signatureSubject(truce.CountByControl), heatSubject(truce.CountByControl), traceSubject(truce.CountByControl))
	if d.any(entries, subjectExits, func(r *truce.BulletinRow) bool { return !r.Counts() }) {
		out = append(out, exitSubject())
	}
	return out
}

// any says whether a table that stands only where something is in it is needed: for a row
// of either period or for a number printed the day before that is not counted again.
func (d *daily) any(entries []*entry, key string, wanted func(*truce.BulletinRow) bool) bool {
	return slices.ContainsFunc(entries, func(e *entry) bool { return wanted(&e.row) }) || d.printedBefore(key)
}

// printedBefore says whether the numbers of the day before, taken from its bulletin, have
// a table.
func (d *daily) printedBefore(key string) bool {
	b := d.in.PreviousBulletin
	return b != nil && d.in.PreviousRows == nil &&
		slices.ContainsFunc(b.Tables, func(t truce.CountTable) bool { return t.Key == key })
}

// groups lists the act groups the rules or rows speak of, in the order of the handbook,
// without signatures, which have tables of their own.
func (d *daily) groups(entries []*entry) []truce.ActGroup {
	seen := map[truce.ActGroup]bool{}
	for _, r := range d.in.Terms.Rules {
		for _, a := range r.Acts {
			seen[a.Group()] = seen[a.Group()] || r.Counted()
		}
	}
	for _, e := range entries {
		seen[e.row.Act.Group()] = true
	}
	var groups []truce.ActGroup
	for _, g := range truce.ActGroups() {
		if g != truce.GroupSignature && (seen[g] || d.printedBefore(string(g))) {
			groups = append(groups, g)
		}
	}
	return groups
}

// occasional says whether a table stands only where something is in it, so that a bulletin
// without it says that nothing is.
func occasional(t *truce.CountTable) bool {
	return t.Subject == subjectGroup || t.Subject == subjectHeard || t.Subject == subjectExits
}

// watchers are the families whose coverage speaks of a subject.
func watchers(subject string) func(truce.Family) bool {
	if subject == subjectHeat {
		return thermalOnly
	}
	return witnesses
}

// isHeat says whether a column counts heat events beside one of incidents.
func isHeat(s truce.CountSplit) (key string, heat bool) { return strings.CutPrefix(s.Key, heatPrefix) }
