package ladder

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/trucewatch/truce"
)

// take makes the steps of a fact; what follows from it are tasks.
func (r *run) take(f Fact, at truce.Instant) {
	at = max(at, r.c.At)
	r.fact = at
	if news := r.news(f.Incidents); len(news) > 0 {
		r.emit(truce.CaseStep{Kind: truce.StepGathered, At: at, Incidents: news})
	}
	if f.Attribution != nil && r.newAttribution(*f.Attribution) {
		a := *f.Attribution
		n, _ := findIncident(r.c.Incidents, a.Incident)
		r.emit(truce.CaseStep{Kind: truce.StepAttributed, At: at, Attribution: &a, About: r.c.Incidents[n].Number})
	}
	if r.c.State == truce.CaseClosed {
		return
	}
	if f.Blind != nil && !slices.ContainsFunc(r.c.Blind, func(b truce.BlindSpell) bool { return alike(b, *f.Blind) }) {
		b := *f.Blind
		r.emit(truce.CaseStep{Kind: truce.StepBlind, At: at, Blind: &b})
	}
	if f.Advance != nil && !slices.Contains(r.c.Advances, *f.Advance) {
		a := *f.Advance
		r.emit(truce.CaseStep{Kind: truce.StepAdvance, At: at, Advance: &a})
	}
}

// news are the incidents that are new to the case or a later revision of what it holds,
// by ID. A case that is closed hears only of its own; what people put elsewhere stays there.
func (r *run) news(all []truce.CaseIncident) []truce.CaseIncident {
	var out []truce.CaseIncident
	for _, i := range all {
		n, held := findIncident(r.c.Incidents, i.ID)
		if slices.Contains(r.c.Moved, i.ID) && held && r.c.Incidents[n].Gone || !held && (i.Gone || r.c.State == truce.CaseClosed) {
			continue
		}
		if held && !newer(r.c.Incidents[n], i) {
			continue
		}
		out = append(out, i)
	}
	slices.SortStableFunc(out, func(a, b truce.CaseIncident) int { return slices.Compare(a.ID[:], b.ID[:]) })
	return latest(out)
}

// newer says whether an incident says more than what the case holds of it: a later
// revision, or other findings on the same one. When it was read is no difference.
func newer(held, i truce.CaseIncident) bool {
	if i.Revision != held.Revision {
		return i.Revision > held.Revision
	}
	i.Known = held.Known
	return !alike(held, i)
}

// alike compares as records do: what is empty and what is left out are the same there.
func alike[T any](a, b T) bool {
	x, errX := truce.Canonical(a)
	y, errY := truce.Canonical(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// latest keeps of several revisions of one incident the last.
func latest(sorted []truce.CaseIncident) []truce.CaseIncident {
	var out []truce.CaseIncident
	for _, i := range sorted {
		if n := len(out); n > 0 && out[n-1].ID == i.ID {
			if i.Revision >= out[n-1].Revision {
				out[n-1] = i
			}
			continue
		}
		out = append(out, i)
	}
	return out
}

func (r *run) newAttribution(a truce.Attribution) bool {
	if _, held := findIncident(r.c.Incidents, a.Incident); !held {
		return false
	}
	return !slices.ContainsFunc(r.c.Attributions, func(o truce.Attribution) bool { return alike(a, o) })
}

func findIncident(sorted []truce.CaseIncident, id truce.ID) (int, bool) {
	return slices.BinarySearchFunc(sorted, id, func(i truce.CaseIncident, id truce.ID) int { return slices.Compare(i.ID[:], id[:]) })
}

// Opens says whether an incident by itself gives rise to a case: it stands, it has a hit
// (or a finding that is not determinate and has a severity), and it could come to meet
// the criteria of the first tier or of a path.
func (m Machine) Opens(i truce.CaseIncident) bool {
	found := relevant(i.Findings)
	if !stands(i) || len(found) == 0 {
		return false
	}
	it := item{incident: &i, findings: found}
	if couldMeet(m.Terms.Tiers[0].Enter, it) {
		return true
	}
	return slices.ContainsFunc(m.Terms.Paths, func(p truce.Path) bool { return couldMeet(p.Enter, it) })
}

// couldMeet leaves out what time, other incidents, reviews and attributions may still bring.
func couldMeet(c truce.Criteria, it item) bool {
	own := truce.Criteria{Rules: c.Rules, Acts: c.Acts, SeverityMin: c.SeverityMin}
	left := choose(own, []item{it})
	asks := len(c.Rules) > 0 || len(c.Acts) > 0 || c.SeverityMin > 0 || c.Occurrence != "" || c.Attribution != "" ||
		c.Hits > 0 || c.Areas > 0 || c.Within > 0 || c.Lasting > 0 || c.After > 0 || c.Unexplained > 0
	if len(left) == 0 || !asks && len(c.Any) == 0 && (c.AdvanceM > 0 || c.BlindShare > 0 || c.BlindFor > 0) {
		return false
	}
	if len(c.Any) == 0 {
		return true
	}
	return slices.ContainsFunc(c.Any, func(one truce.Criteria) bool { return couldMeet(one, left[0]) })
}

// Belongs says whether an incident is to be gathered into a case: the case holds it
// already, or is open and near to it in time and place by the terms.
func (m Machine) Belongs(c truce.Case, i truce.CaseIncident) bool {
	if n, held := findIncident(c.Incidents, i.ID); held {
		return !c.Incidents[n].Gone || !slices.Contains(c.Moved, i.ID)
	}
	if c.State != truce.CaseOpen || !stands(i) || len(relevant(i.Findings)) == 0 || c.Opening.Path != m.ownPath(i) {
		return false
	}
	counts := gathersBy(&c)
	first, last, any := reach(&c, counts)
	g := m.Terms.Gather
	if !any || i.Time.From > later(last, g.Within) || i.Time.To < later(first, -g.Within) {
		return false
	}
	return slices.ContainsFunc(c.Incidents, func(o truce.CaseIncident) bool { return counts(o) && i.Near(o, g.RadiusM) })
}

// gathersBy says which incidents of a case new ones are gathered by: those that stand. One
// that people took up again when nothing of it stood goes on by what it was about.
func gathersBy(c *truce.Case) func(truce.CaseIncident) bool {
	if c.Reopened > 0 && cleared(c) {
		return func(i truce.CaseIncident) bool { return !i.Gone }
	}
	return stands
}

// ownPath is the path whose own cases an incident goes to, "" for the ladder's.
func (m Machine) ownPath(i truce.CaseIncident) string {
	it := item{incident: &i, findings: relevant(i.Findings)}
	for _, p := range m.Terms.Paths {
		if p.Own && couldMeet(p.Enter, it) {
			return p.ID
		}
	}
	return ""
}

// Open opens a case on a fact; the steps are those of a case that had none.
func (m Machine) Open(id truce.CaseID, o truce.CaseOpening, f Fact, now truce.Instant) []truce.CaseStep {
	at := now
	if f.Known != 0 {
		at = min(f.Known, now)
	}
	r := &run{m: m, now: now, fact: at, c: truce.Case{ID: id}}
	r.emit(truce.CaseStep{Kind: truce.StepOpened, At: at, Open: &o})
	r.take(f, at)
	r.settle()
	return r.steps
}

// Share is what goes to one case of a fact.
type Share struct {
	Case    truce.CaseID
	New     bool // the case is to be opened
	Opening truce.CaseOpening
	Fact    Fact
}

// Deal says which cases a fact concerns and which are to be opened for it. It is given the
// open cases, and closed ones that hold an incident or blind spell of the fact. Each incident
// goes to the case that holds it, else to the first by ID it belongs to, else to one of
// its own; a blind spell to the case about it, and to the open cases of its area.
func (m Machine) Deal(cases []truce.Case, f Fact) []Share {
	d := dealer{m: m, known: f.Known, cases: slices.Clone(cases)}
	slices.SortFunc(d.cases, func(a, b truce.Case) int { return slices.Compare(a.ID[:], b.ID[:]) })
	incidents := slices.Clone(f.Incidents)
	slices.SortStableFunc(incidents, func(a, b truce.CaseIncident) int {
		if by := compare(a.Time.From, b.Time.From); by != 0 {
			return by
		}
		return slices.Compare(a.ID[:], b.ID[:])
	})
	for _, i := range incidents {
		d.incident(i)
	}
	if f.Blind != nil {
		d.blind(*f.Blind)
	}
	for n := range d.cases {
		c := &d.cases[n]
		if f.Advance != nil && c.State == truce.CaseOpen && c.Opening.Path == "" {
			d.share(c.ID).Fact.Advance = f.Advance
		}
		if _, held := findIncident(c.Incidents, attributionOf(f)); held {
			d.share(c.ID).Fact.Attribution = f.Attribution
		}
	}
	return d.out
}

func attributionOf(f Fact) truce.ID {
	if f.Attribution == nil {
		return truce.ID{}
	}
	return f.Attribution.Incident
}

// dealer deals one fact out; cases grow while it does, so that the second incident of a
// fact finds the case that the first one opens.
type dealer struct {
	m     Machine
	known truce.Instant
	cases []truce.Case
	out   []Share
}

func (d *dealer) share(id truce.CaseID) *Share {
	for n := range d.out {
		if d.out[n].Case == id {
			return &d.out[n]
		}
	}
	d.out = append(d.out, Share{Case: id, Fact: Fact{Known: d.known}})
	return &d.out[len(d.out)-1]
}

func (d *dealer) incident(i truce.CaseIncident) {
	held := false
	for n := range d.cases {
		if k, ok := findIncident(d.cases[n].Incidents, i.ID); ok && !slices.Contains(d.cases[n].Moved, i.ID) && !d.cases[n].Incidents[k].Gone {
			d.give(n, i)
			held = true
		}
	}
	if held {
		return
	}
	for n := range d.cases {
		if d.m.Belongs(d.cases[n], i) {
			d.give(n, i)
			return
		}
	}
	if !d.m.Opens(i) {
		return
	}
	d.open(d.newID(i.Time.From, i.ID[:]), d.m.ownPath(i))
	d.give(len(d.cases)-1, i)
}

// newID names a case by what opens it, and by how many it has opened before.
func (d *dealer) newID(start truce.Instant, key []byte) truce.CaseID {
	for n := 1; ; n++ {
		id := truce.NewID(start, "case", d.m.Agreement, append(slices.Clone(key), strconv.Itoa(n)...))
		if !slices.ContainsFunc(d.cases, func(c truce.Case) bool { return c.ID == id }) {
			return id
		}
	}
}

func (d *dealer) open(id truce.CaseID, path string) {
	o := truce.CaseOpening{Agreement: d.m.Agreement, Version: d.m.Version, Path: path}
	for _, p := range d.m.Terms.Paths {
		if p.ID == path {
			o.Title = p.Names
		}
	}
	s := d.share(id)
	s.New, s.Opening = true, o
	d.cases = append(d.cases, truce.Case{ID: id, State: truce.CaseOpen, Opening: o})
}

func (d *dealer) give(n int, i truce.CaseIncident) {
	s := d.share(d.cases[n].ID)
	s.Fact.Incidents = append(s.Fact.Incidents, i)
	c := &d.cases[n]
	c.Incidents = slices.Clone(c.Incidents)
	at, held := findIncident(c.Incidents, i.ID)
	if held {
		c.Incidents[at] = i
		return
	}
	c.Incidents = slices.Insert(c.Incidents, at, i)
}

func (d *dealer) blind(b truce.BlindSpell) {
	known := false
	for n := range d.cases {
		c := &d.cases[n]
		if c.State != truce.CaseOpen {
			continue
		}
		same := slices.ContainsFunc(c.Blind, func(o truce.BlindSpell) bool { return o.Area == b.Area })
		if c.Opening.Path != "" && len(c.Incidents) == 0 && same {
			known = true
			d.share(c.ID).Fact.Blind = &b
		}
		area := slices.ContainsFunc(c.Incidents, func(i truce.CaseIncident) bool { return stands(i) && (i.Area == b.Area || b.Area == "") })
		if area || same {
			d.share(c.ID).Fact.Blind = &b
		}
	}
	if known || b.To != 0 {
		return
	}
	for _, p := range d.m.Terms.Paths {
		if p.Own && (p.Enter.BlindShare > 0 || p.Enter.BlindFor > 0) && b.Share >= p.Enter.BlindShare {
			id := d.newID(b.From, []byte(p.ID+"/"+string(b.Area)+"/"))
			d.open(id, p.ID)
			d.share(id).Fact.Blind = &b
			return
		}
	}
}
