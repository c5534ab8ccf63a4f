package guarantee

import (
	"context"
	"fmt"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
	"github.com/trucewatch/truce/respond/ladder"
)

// consumer names the cursor that says up to which record cases have heard of everything.
const consumer = "guarantee"

// Bounds of one round of work.
const (
	recordsAtOnce = 500
	wakesAtOnce   = 200
	maxRetries    = 5 // of a step that another writer made first
)

// Round is what one round of work did.
type Round struct {
	Records int // read
	Opened  int // cases
	Steps   int
	Alerts  int
	Looked  int // cases whose wake was due
}

// Add sums two rounds up.
func (r *Round) Add(o Round) {
	r.Records, r.Opened, r.Steps, r.Alerts, r.Looked = r.Records+o.Records, r.Opened+o.Opened, r.Steps+o.Steps, r.Alerts+o.Alerts, r.Looked+o.Looked
}

// Follow brings cases up to date: what became known since the last round, then what is
// due. It may be run by several processes; each step is made once.
func (d *Desk) Follow(ctx context.Context) (Round, error) {
	var sum Round
	for {
		r, err := d.hear(ctx)
		sum.Add(r)
		if err != nil {
			return sum, err
		}
		if r.Records < recordsAtOnce {
			break
		}
	}
	r, err := d.Look(ctx)
	sum.Add(r)
	return sum, err
}

// hear deals what became known to the cases it concerns.
func (d *Desk) hear(ctx context.Context) (Round, error) {
	t, err := d.terms(ctx)
	if err != nil {
		return Round{}, err
	}
	at, err := d.Store.Cursor(ctx, consumer)
	if err != nil {
		return Round{}, err
	}
	records, err := d.Store.Records(ctx, at+1, recordsAtOnce)
	if err != nil || len(records) == 0 {
		return Round{}, err
	}
	last := records[len(records)-1].Seq // the cursor moves last: what was begun is done again after a crash
	facts, err := d.facts(ctx, records)
	if err != nil {
		return Round{}, err
	}
	sum := Round{Records: len(records)}
	for i, f := range facts {
		r, err := d.deal(ctx, t, f)
		sum.Add(r)
		if err != nil {
			return sum, fmt.Errorf("records %d to %d, fact %d: %w", records[0].Seq, last, i+1, err)
		}
	}
	if slices.ContainsFunc(records, func(r truce.Record) bool { return r.Kind == truce.RecordPerson }) {
		r, err := d.bring(ctx, records)
		sum.Add(r)
		if err != nil {
			return sum, err
		}
	}
	r, err := d.wakeHeard(ctx, records)
	sum.Add(r)
	if err != nil {
		return sum, err
	}
	_, err = d.Store.Append(ctx, truce.Batch{Cursor: &truce.Cursor{Consumer: consumer, Seq: last}})
	return sum, err
}

func (d *Desk) facts(ctx context.Context, records []truce.Record) ([]ladder.Fact, error) {
	t, err := touchedBy(records)
	if err != nil {
		return nil, err
	}
	var out []ladder.Fact
	if len(t.incidents) > 0 {
		f, err := d.incidentFact(ctx, t.incidents)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	for _, id := range append(t.attributed, t.incidents...) {
		f, err := d.attributionFact(ctx, id)
		if err != nil {
			return nil, err
		}
		if f.Attribution != nil {
			out = append(out, f)
		}
	}
	return out, nil
}

// Tell deals a fact that is in no record of its own: a blind spell, an advance of a line.
func (d *Desk) Tell(ctx context.Context, f ladder.Fact) (Round, error) {
	t, err := d.terms(ctx)
	if err != nil {
		return Round{}, err
	}
	return d.deal(ctx, t, f)
}

// deal gives a fact to the cases it concerns and appends what follows. When another writer
// was faster everything is read again; what was appended stays and is not made twice.
func (d *Desk) deal(ctx context.Context, t *terms, f ladder.Fact) (Round, error) {
	var sum Round
	for try := 0; ; try++ {
		r, err := d.dealOnce(ctx, t, f)
		sum.Add(r)
		if truce.CodeOf(err) != truce.CodeConflict || try == maxRetries {
			return sum, err
		}
	}
}

func (d *Desk) dealOnce(ctx context.Context, t *terms, f ladder.Fact) (Round, error) {
	known, err := d.concerned(ctx, t, f)
	if err != nil {
		return Round{}, err
	}
	var cases []truce.Case
	for _, c := range known {
		cases = append(cases, c.Case)
	}
	var sum Round
	now := d.now()
	for _, s := range t.machine.Deal(cases, f) {
		c, own := loaded{}, t
		var steps []truce.CaseStep
		if s.New && t.ended {
			continue
		}
		if s.New {
			steps = t.machine.Open(s.Case, s.Opening, s.Fact, now)
			sum.Opened++
		} else {
			c = known[slices.IndexFunc(known, func(k loaded) bool { return k.Case.ID == s.Case })]
			if own, err = d.termsOf(ctx, c.Case); err != nil {
				return sum, err
			}
			m, failed := d.machineOf(ctx, own, c)
			if steps = m.Take(c.Case, s.Fact, now); failed() != nil {
				return sum, failed()
			}
		}
		r, err := d.appendSteps(ctx, own, c, steps)
		sum.Add(r)
		if err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// loaded is a case with its steps and the number of its last record.
type loaded struct {
	truce.Case
	rows []truce.CaseStepRow
	seq  truce.Seq
}

// load folds a case by its id or number.
func (d *Desk) load(ctx context.Context, idOrNumber string) (loaded, error) {
	rows, err := d.Store.CaseSteps(ctx, idOrNumber)
	if err != nil {
		return loaded{}, err
	}
	steps := make([]truce.CaseStep, len(rows))
	for i, row := range rows {
		steps[i] = row.CaseStep
	}
	c, err := ladder.Fold(steps)
	if err != nil {
		return loaded{}, err
	}
	return loaded{c, rows, rows[len(rows)-1].Seq}, nil
}

// concerned loads the cases a fact may concern: those that hold one of its incidents, and
// open ones active near enough in time.
func (d *Desk) concerned(ctx context.Context, t *terms, f ladder.Fact) ([]loaded, error) {
	ids := map[truce.CaseID]bool{}
	var order []truce.CaseID
	note := func(rows []truce.CaseRow) {
		for _, row := range rows {
			if !ids[row.ID] {
				ids[row.ID] = true
				order = append(order, row.ID)
			}
		}
	}
	incidents := f.Incidents
	earliest := d.now()
	for _, i := range incidents {
		earliest = min(earliest, i.Time.From)
		rows, err := d.Store.CasesOfIncident(ctx, i.ID)
		if err != nil {
			return nil, err
		}
		note(rows)
	}
	if f.Attribution != nil {
		rows, err := d.Store.CasesOfIncident(ctx, f.Attribution.Incident)
		if err != nil {
			return nil, err
		}
		note(rows)
	}
	if len(incidents) > 0 || f.Blind != nil || f.Advance != nil {
		page, err := d.Store.Cases(ctx, d.near(t, f, earliest))
		if err != nil {
			return nil, err
		}
		note(page.Rows)
	}
	out := make([]loaded, 0, len(order))
	for _, id := range order {
		c, err := d.load(ctx, id.String())
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// near asks for the open cases that an incident may belong to. Where the ladder gathers by
// distance only cases with a reporting area in common are asked for: a mission with
// thousands of open cases would otherwise fold them all for each incident.
func (d *Desk) near(t *terms, f ladder.Fact, earliest truce.Instant) truce.CaseQuery {
	gather := t.machine.Terms.Gather
	q := truce.CaseQuery{State: truce.CaseOpen}
	if f.Blind != nil {
		q.State = "" // a spell that opens again is another case than the one that closed
	}
	if f.Blind != nil || f.Advance != nil {
		return q
	}
	q.ActiveSince = earliest - truce.Instant(gather.Within)
	if gather.RadiusM == 0 {
		return q
	}
	for _, i := range f.Incidents {
		if i.Area == "" {
			q.Areas = nil
			return q
		}
		if !slices.Contains(q.Areas, i.Area) {
			q.Areas = append(q.Areas, i.Area)
		}
	}
	return q
}

// appendSteps commits steps together with the alerts that follow from them, so that no
// crash leaves a tier of which nobody was told.
func (d *Desk) appendSteps(ctx context.Context, t *terms, c loaded, steps []truce.CaseStep) (Round, error) {
	drafts, sum, err := d.stepDrafts(ctx, t, c, steps)
	if err != nil || len(drafts) == 0 {
		return sum, err
	}
	_, err = d.append(ctx, drafts...)
	return sum, err
}

// stepDrafts are the records of steps and of the alerts that follow from them.
func (d *Desk) stepDrafts(ctx context.Context, t *terms, c loaded, steps []truce.CaseStep) ([]truce.Draft, Round, error) {
	if len(steps) == 0 {
		return nil, Round{}, nil
	}
	earlier, err := d.boxesOf(ctx, steps[0].Case)
	if err != nil {
		return nil, Round{}, err
	}
	now := ladder.Clone(c.Case)
	if c.Case.ID.IsZero() {
		now = truce.Case{ID: steps[0].Case}
	}
	var drafts []truce.Draft
	sum := Round{Steps: len(steps)}
	for i, s := range steps {
		draft, err := truce.NewDraft(truce.RecordCase, truce.CaseSubject(s.Case), fmt.Sprintf("%s/%d", truce.CaseSubject(s.Case), s.Number), s)
		if err != nil {
			return nil, sum, err
		}
		if i == 0 {
			draft.Expect = &c.seq
		}
		drafts = append(drafts, draft)
		if err := ladder.Apply(&now, s); err != nil {
			return nil, sum, err
		}
		alerts, err := d.alertsOf(t, now, s, earlier)
		if err != nil {
			return nil, sum, err
		}
		for _, a := range alerts {
			draft, err := entryDraft(alert.AlertEntry(a))
			if err != nil {
				return nil, sum, err
			}
			drafts = append(drafts, draft)
			earlier = append(earlier, alert.Box{Alert: a})
			sum.Alerts++
		}
	}
	return drafts, sum, nil
}

// Look makes the steps of every case whose wake is due, the longest overdue first.
func (d *Desk) Look(ctx context.Context) (Round, error) {
	var sum Round
	for {
		wakes, err := d.Store.DueWakesOf(ctx, "case", d.now(), wakesAtOnce)
		if err != nil {
			return sum, err
		}
		looked := 0
		seen := map[string]bool{}
		for _, w := range wakes {
			id, ofCase := caseOf(w.Subject)
			if !ofCase || seen[w.Subject] {
				continue
			}
			seen[w.Subject] = true
			r, err := d.lookAt(ctx, id)
			sum.Add(r)
			if err != nil {
				return sum, err
			}
			looked += r.Steps
		}
		sum.Looked += len(seen)
		if looked == 0 {
			return sum, nil
		}
	}
}

func (d *Desk) lookAt(ctx context.Context, id string) (Round, error) {
	for try := 0; ; try++ {
		c, err := d.load(ctx, id)
		if err != nil {
			return Round{}, err
		}
		t, err := d.termsOf(ctx, c.Case)
		if err != nil {
			return Round{}, err
		}
		m, failed := d.machineOf(ctx, t, c)
		steps := m.Tick(c.Case, d.now())
		if failed() != nil {
			return Round{}, failed()
		}
		r, err := d.appendSteps(ctx, t, c, steps)
		if truce.CodeOf(err) != truce.CodeConflict || try == maxRetries {
			return r, err
		}
	}
}

func caseOf(subject string) (string, bool) {
	const prefix = "case/"
	if len(subject) > len(prefix) && subject[:len(prefix)] == prefix {
		return subject[len(prefix):], true
	}
	return "", false
}
