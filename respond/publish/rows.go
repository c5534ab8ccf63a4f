package publish

import (
	"cmp"
	"math"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// state says in which column an entry is counted.
type state int

const (
	stateNow         state = iota // listed and counted
	statePreliminary              // too young: counted apart, not listed
	stateBefore                   // of the period before
)

// entry is a row on its way into the bulletin. N of its row is 0 while it is not listed.
type entry struct {
	row     truce.BulletinRow
	id      truce.ID
	state   state
	version map[truce.RuleID]string // rule versions of its findings, only for stateBefore
	drawing string                  // version of the control map that says its side, "" when not handed over
}

// entries makes the rows of both periods, in order of time, and numbers the listed ones.
func (d *daily) entries() []*entry {
	out := make([]*entry, 0, len(d.in.Rows)+len(d.in.PreviousRows))
	for _, r := range d.in.Rows {
		if d.in.Period.Contains(r.Incident.Time.Mid()) {
			out = append(out, d.entry(r, stateNow))
		}
	}
	for _, r := range d.in.PreviousRows {
		if d.in.Previous.Contains(r.Incident.Time.Mid()) {
			out = append(out, d.entry(r, stateBefore))
		}
	}
	slices.SortFunc(out, compareEntries)
	n := 0
	for _, e := range out {
		if e.listed() {
			n++
			e.row.N = n
		}
	}
	return out
}

// listed says whether the entry stands in the annex: rows of the period that are old
// enough, and rows of the one before that were too young then.
func (e *entry) listed() bool { return e.state == stateNow || e.row.Carried }

func compareEntries(a, b *entry) int {
	return cmp.Or(
		cmp.Compare(a.row.Time.From, b.row.Time.From),
		slices.Compare(a.id[:], b.id[:]),
	)
}

func (d *daily) entry(r truce.IncidentRow, s state) *entry {
	e := &entry{row: d.row(r), id: r.Incident.ID, state: s, drawing: d.in.Sides[r.Incident.ID].Version}
	if s == stateNow && e.row.Time.To > d.preliminaryFrom {
		e.state = statePreliminary
	}
	if s == stateBefore {
		e.row.Carried = d.wasPreliminary(e.row.Time.To)
		e.version = ruleVersions(r.Evaluation)
	}
	return e
}

// wasPreliminary says whether the bulletin of the day before held the row back.
func (d *daily) wasPreliminary(end truce.Instant) bool {
	p := d.in.PreviousBulletin
	return p != nil && end > p.PreliminaryFrom && end <= d.preliminaryFrom
}

func ruleVersions(e *truce.Evaluation) map[truce.RuleID]string {
	if e == nil {
		return nil
	}
	out := make(map[truce.RuleID]string, len(e.Findings))
	for _, f := range e.Findings {
		out[f.Rule] = f.RuleVersion
	}
	return out
}

func (d *daily) row(r truce.IncidentRow) truce.BulletinRow {
	i := r.Incident
	row := truce.BulletinRow{
		ID: i.ID.String(), Number: i.Number, Revision: i.Revision,
		Act: i.Act(), Unit: truce.UnitIncident, Quantity: 1,
		Observations: d.observations(i), Means: i.Families,
		Place: d.place(i), Area: i.Area, Time: i.Time,
		Direction: "undetermined", Occurrence: i.Occurrence, P: i.P,
		Attribution: "not_assessed", Labels: i.Labels, Sources: i.Sources,
	}
	if !i.ReplacedBy.IsZero() {
		row.Occurrence = truce.OccurrenceDuplicate
	}
	if !row.Act.Known() {
		row.Act = "" // told and counted as an act not known
	}
	if row.Act == truce.ActHeat {
		row.Unit = truce.UnitHeatEvent
	}
	judgeHeat(&row, i.Acts)
	row.Part = partOf(row.Act)
	d.addFindings(&row, r.Evaluation)
	if side, known := d.in.Sides[i.ID]; known {
		row.Control, row.ControlP = control(side.Shares)
	}
	d.addCovers(&row, i.ID)
	return row
}

func (d *daily) addFindings(row *truce.BulletinRow, e *truce.Evaluation) {
	if e == nil {
		return
	}
	row.Findings = make([]truce.RowFinding, 0, len(e.Findings))
	open := row.Counts() && row.Act != truce.ActHeat // the first rule that counts it gives number and unit
	for _, f := range e.Findings {
		row.Findings = append(row.Findings, truce.RowFinding{
			Rule: f.Rule, Verdict: f.Verdict, Reason: f.Reason, P: f.P,
			Unit: f.Unit, Count: f.Count, CountedUnder: f.CountedUnder,
			Severity: f.Severity, Readings: f.Readings, Conditions: bareConditions(f.Conditions),
			Reported: f.Reported, Bearer: f.Bearer, Number: f.Number, Chain: f.Chain,
		})
		if open && f.Verdict == truce.VerdictHit && f.Count > 0 && f.CountedUnder == "" {
			row.Unit, row.Quantity, open = f.Unit, f.Count, false
		}
		if row.ControlP == 0 {
			row.Control, row.ControlP = control(f.EffectSide)
		}
	}
}

// bareConditions are conditions by name and state: their texts are in one language and name
// incidents, times and people.
func bareConditions(list []truce.Condition) []truce.Condition {
	var out []truce.Condition
	for _, c := range list {
		out = append(out, truce.Condition{Name: c.Name, State: c.State})
	}
	return out
}

// control is the party whose area most probably holds the place of effect; "" when no
// side reaches SideMin.
func control(shares []truce.SideShare) (truce.PartyID, truce.Probability) {
	if len(shares) == 0 {
		return "", 0
	}
	best := slices.MaxFunc(shares, func(a, b truce.SideShare) int { return cmp.Compare(a.P, b.P) })
	if best.P < SideMin {
		return "", best.P
	}
	return best.Party, best.P
}

// observations counts what the incident's events rest on, copies once.
func (d *daily) observations(i truce.Incident) int {
	n := 0
	for _, id := range i.Events {
		n += d.support[id]
	}
	return max(n, len(i.Events))
}

func supportOf(events []truce.Event) map[truce.ID]int {
	out := make(map[truce.ID]int, len(events))
	for _, e := range events {
		groups := map[string]bool{}
		n := 0
		for _, s := range e.Support {
			if s.Group == "" || !groups[s.Group] {
				n++
			}
			groups[s.Group] = true
		}
		out[e.ID] = n
	}
	return out
}

func (d *daily) place(i truce.Incident) truce.RowPlace {
	p := truce.RowPlace{}
	if d.places[i.Place] {
		p.Name = i.Place
	}
	if i.Position == nil {
		return p
	}
	cell := d.grid.Cell(i.Position.Point)
	lat, lon := quantise(i.Position.Lat), quantise(i.Position.Lon)
	p.Cell, p.Lat, p.Lon = &cell, &lat, &lon
	p.RadiusM = math.Ceil(radius90(*i.Position))
	p.WithinKm = withinKm(p.RadiusM, d.grid.km)
	p.Near = d.gazetteer.nearest(i.Position.Point)
	return p
}

// quantise keeps five decimals, about a metre, and never -0.
func quantise(v geo.Degrees) float64 { return math.Round(float64(v)*1e5)/1e5 + 0 }

// radius90 is the radius in metres that holds the position with 90 %: the long axis of
// the 90 % ellipse, or the half diagonal of a footprint.
func radius90(p geo.Position) float64 {
	if p.Footprint != nil {
		return math.Hypot(float64(p.Footprint.Scan), float64(p.Footprint.Track)) / 2
	}
	return float64(p.Error.Ellipse90().Major)
}

// radiusSteps are the radii a published place may have, km: a step hides the exact error
// that would tell the source.
var radiusSteps = [...]int{10, 20, 50, 100, 200, 500, 1000}

// withinKm is the published radius: 0 when the place is as good as its cell.
func withinKm(radiusM float64, cellKm int) int {
	if radiusM <= float64(cellKm)*1000 {
		return 0
	}
	for _, step := range radiusSteps {
		if radiusM <= float64(step)*1000 {
			return step
		}
	}
	return 20000
}
