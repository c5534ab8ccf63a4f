package agreement

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// What makes several incidents one of a unit. The pause and radius of an engagement, the
// 60 seconds of a salvo and the local day of an object_day are the units' own meaning;
// the radius of a salvo is taken from the engagement, that of an object is the least
// error of place that fusion believes.
const (
	EngagementGap    = 10 * time.Minute
	EngagementRadius = geo.Metres(1000)
	SalvoSpan        = 60 * time.Second
	SalvoRadius      = geo.Metres(1000)
	ObjectRadius     = geo.Metres(100)
)

// Counted is an incident with what the rules say of it.
type Counted struct {
	Incident   truce.Incident
	Evaluation truce.Evaluation
}

// joining says which incidents are one of a unit. Zero means unasked.
type joining struct {
	gap    time.Duration // longest pause between one incident and the next
	span   time.Duration // longest time from the first incident
	radius geo.Metres    // from the first incident
	one    bool          // the same act
	day    bool          // the same local day
	alike  bool          // the same object, see tally.mayBe
	text   string
}

func joiningOf(u truce.Unit) (joining, bool) {
	switch u {
	case truce.UnitEngagement:
		return joining{gap: EngagementGap, radius: EngagementRadius, text: "firing within 10 min and 1 km"}, true
	case truce.UnitSalvo:
		return joining{gap: SalvoSpan, span: SalvoSpan, radius: SalvoRadius, one: true, text: "rounds within 60 s and 1 km"}, true
	case truce.UnitObjectDay:
		return joining{day: true, radius: ObjectRadius, alike: true, text: "seen on the same day within 100 m"}, true
	}
	return joining{}, false
}

// joiningOf says which incidents are one of what a finding counts: those of its unit, by
// the rule's own pause and radius where it gives them. A unit that joins nothing joins by
// both, if the rule gives both, what is of one act.
func (g *Geometry) joiningOf(f *truce.Finding) (joining, bool) {
	j, joins := joiningOf(f.Unit)
	p := g.planOf(f)
	if p == nil || p.Gap == 0 && p.RadiusM == 0 || !joins && (p.Gap == 0 || p.RadiusM == 0) {
		return j, joins
	}
	j.one = j.one || !joins
	j.alike = j.alike || f.Unit == truce.UnitObject
	if p.Gap > 0 && !j.day {
		j.gap = p.Gap
		if j.span > 0 {
			j.span = p.Gap
		}
	}
	if p.RadiusM > 0 {
		j.radius = geo.Metres(p.RadiusM)
	}
	j.text = fmt.Sprintf("within %s and %s", truce.DurationText(j.gap), metres(float64(j.radius)))
	if j.day {
		j.text = fmt.Sprintf("seen on the same day within %s", metres(float64(j.radius)))
	}
	return j, true
}

// planOf is the rule that a finding was made under, nil for one of another agreement.
func (g *Geometry) planOf(f *truce.Finding) *plan {
	for _, group := range g.groups {
		if g.plans[group[0]].ID != f.Rule {
			continue
		}
		for _, i := range group {
			if g.plans[i].Version == f.RuleVersion {
				return &g.plans[i]
			}
		}
	}
	return nil
}

// sharp says whether the moment is known well enough to speak of pauses: a report of a
// whole day is near in time to everything on it and proves no firing without a pause.
func (j joining) sharp(t truce.PhenomenonTime) bool {
	return j.day || (t.To.Sub(t.From) <= 2*j.gap && t.Sigma.Duration() <= j.gap)
}

// CountTogether adds up what limits with a number see in one place in the time that they
// count over (a local day unless they say otherwise), follows claims through the incidents
// they answer, and makes
// of the incidents that one unit joins (see joining) one count: the first of them counts
// 1, or as many objects as were seen at once, the others 0 and say with which incident they
// are counted.
// An engagement so counts where and when it began. Incidents are taken in order of time;
// no incident is joined to one farther than the radius from the first, so no chain
// wanders over the map. Incidents without a place, or with a time too vague to speak of
// pauses, count alone, and so does every unit that joins nothing.
//
// An omission that stands in the register counts there, whoever else reports it.
//
// The rows are all incidents of one agreement, each once, in any order and are not
// changed; the answer holds their evaluations in the same order. Giving the answer back
// changes nothing. It takes n log n steps.
func (g *Geometry) CountTogether(rows []Counted) []truce.Evaluation {
	out := make([]truce.Evaluation, len(rows))
	order := make([]int, len(rows))
	for i := range rows {
		out[i], order[i] = rows[i].Evaluation, i
	}
	slices.SortStableFunc(order, func(i, j int) int { return inTime(&rows[i].Incident, &rows[j].Incident) })
	g.addUp(rows, out, order)
	g.join(rows, out, order)
	onceOmitted(rows, out)
	g.chains(rows, out)
	return out
}

// join writes the counts of the units that join incidents.
func (g *Geometry) join(rows []Counted, out []truce.Evaluation, order []int) {
	t := g.tally()
	firsts := make([]*truce.Incident, len(rows))
	most := map[*truce.Incident]int{}
	for _, i := range order {
		in, at := &rows[i].Incident, slices.IndexFunc(out[i].Findings, counts)
		if at < 0 {
			continue
		}
		f := &out[i].Findings[at]
		if j, joins := g.joiningOf(f); joins {
			firsts[i] = cmp.Or(t.add(in, f.Rule, j), in)
			most[firsts[i]] = max(most[firsts[i]], g.objectsOf(f, in))
		}
	}
	for i, first := range firsts {
		if first == nil {
			continue
		}
		out[i].Findings = slices.Clone(out[i].Findings)
		f := &out[i].Findings[slices.IndexFunc(out[i].Findings, counts)]
		j, _ := g.joiningOf(f)
		if first == &rows[i].Incident {
			recount(f, nil, j, most[first])
		} else {
			recount(f, first, j, 0)
		}
	}
}

// objectsOf is how many a hit counts by itself.
func (g *Geometry) objectsOf(f *truce.Finding, in *truce.Incident) int {
	if p := g.planOf(f); p != nil {
		return p.seenAtOnce(detailOf(in))
	}
	return 1
}

// counts says whether a finding is the one under which its incident counts.
func counts(f truce.Finding) bool { return f.Verdict == truce.VerdictHit && f.CountedUnder == "" }

func inTime(a, b *truce.Incident) int {
	return cmp.Or(cmp.Compare(a.Time.Mid(), b.Time.Mid()), slices.Compare(a.ID[:], b.ID[:]), cmp.Compare(a.Revision, b.Revision))
}

// recount writes the count and the sentence on it, which is always the trace's last.
func recount(f *truce.Finding, first *truce.Incident, j joining, n int) {
	f.Count = n
	if len(f.Trace) == 0 {
		return // evaluated without sentences
	}
	f.Trace = slices.Clone(f.Trace)
	last := &f.Trace[len(f.Trace)-1]
	*last = countedAs(n, f.Unit)
	if first != nil {
		*last = fmt.Sprintf("counted with incident %s: %s", cmp.Or(first.Number, first.ID.String()), j.text)
	}
}

func countedAs(n int, u truce.Unit) string {
	if n == 1 {
		return fmt.Sprintf("counted once, unit %s", u)
	}
	return fmt.Sprintf("counted %d, unit %s: as many as were seen at once", n, u)
}

// tally holds the runs that are still open, by the place where each began.
type tally struct {
	calendar Calendar
	arsenal  *arsenal
	open     map[cell][]*run
}

func (g *Geometry) tally() tally {
	return tally{calendar: g.a.Calendar, arsenal: g.weapons, open: map[cell][]*run{}}
}

// run is a series of incidents that count once.
type run struct {
	first *truce.Incident
	last  truce.Instant
	day   truce.Day
	seen  []*truce.Incident // what differs in act or weapon, of objects
}

// cell is a cube of space as wide as the radius.
type cell struct {
	rule    truce.RuleID
	act     truce.Act // "" when acts need not be the same
	x, y, z int32
}

// add gives the first incident of the run that the incident belongs to, nil when it
// begins one itself. Incidents must come in order of time.
func (t *tally) add(in *truce.Incident, rule truce.RuleID, j joining) *truce.Incident {
	if in.Position == nil || !usable(*in.Position) || !j.sharp(in.Time) {
		return nil
	}
	now := in.Time.Mid()
	here := &run{first: in, last: now, day: truce.DayOf(now.Time().In(t.calendar.Location()))}
	home := cellOf(in, rule, j)
	if r := t.nearest(home, here, j); r != nil {
		r.last = now
		if j.alike {
			r.note(in)
		}
		return r.first
	}
	if j.alike {
		here.note(in)
	}
	t.open[home] = append(t.open[home], here)
	return nil
}

// nearest is the open run that began nearest within the radius; runs that have ended are
// dropped on the way, each once.
func (t *tally) nearest(home cell, here *run, j joining) *run {
	var best *run
	least := j.radius
	for i := range int32(27) {
		at := home
		at.x, at.y, at.z = at.x+i%3-1, at.y+i/3%3-1, at.z+i/9-1
		runs, some := t.open[at]
		if !some {
			continue
		}
		runs = slices.DeleteFunc(runs, func(r *run) bool { return !j.goesOn(r, here) })
		if t.open[at] = runs; len(runs) == 0 {
			delete(t.open, at)
		}
		for _, r := range runs {
			if j.alike && !t.mayBe(r, here) {
				continue
			}
			d := geo.Distance(r.first.Position.Point, here.first.Position.Point)
			if d < least || d <= least && (best == nil || inTime(r.first, best.first) < 0) {
				best, least = r, d
			}
		}
	}
	return best
}

// goesOn says whether a run is still going on at the time of another incident.
func (j joining) goesOn(r, here *run) bool {
	if j.day {
		return r.day == here.day
	}
	from := r.first.Time.Mid()
	return here.last.Sub(r.last) <= j.gap && (j.span == 0 || here.last.Sub(from) <= j.span)
}

// cellOf puts the place on a sphere of the smallest radius of curvature of the WGS 84
// ellipsoid, 6,335 km, along a meridian at the equator: chords on it are never longer
// than the true distance, so whatever lies within the radius lies in a neighbouring cell.
func cellOf(in *truce.Incident, rule truce.RuleID, j joining) cell {
	const sphere = 6_335_000
	lat, lon := float64(in.Position.Lat)*math.Pi/180, float64(in.Position.Lon)*math.Pi/180
	size := sphere / float64(j.radius)
	c := cell{
		rule: rule, x: int32(math.Floor(math.Cos(lat) * math.Cos(lon) * size)),
		y: int32(math.Floor(math.Cos(lat) * math.Sin(lon) * size)), z: int32(math.Floor(math.Sin(lat) * size)),
	}
	if j.one {
		c.act = in.Act()
	}
	return c
}
