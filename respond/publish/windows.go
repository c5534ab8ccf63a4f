package publish

import (
	"cmp"
	"slices"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Window is a notified activity as the agreement holds it. Its place stays here: only a
// cell of the grid goes into the bulletin.
type Window struct {
	ID         string
	Kind       string
	Bearer     truce.PartyID
	NotifiedBy truce.PartyID
	NotifiedAt truce.Instant
	Asked      time.Duration // how long ahead it had to be notified
	AckedBy    truce.PartyID // "" when no acknowledgement is recorded
	AckedAt    truce.Instant
	ObjectedAt truce.Instant        // 0: no objection is recorded without a name
	Acks       []truce.WindowAnswer // beside that of AckedBy
	Objections []truce.WindowAnswer
	NoAnswer   bool // somebody kept silent, and silence counts as acknowledged
	Extensions []truce.WindowExtension
	State      truce.WindowState // what follows from more than the hours; "" for them alone
	ChangedAt  truce.Instant     // of one that was cancelled or superseded
	Period     truce.Period
	At         *geo.Point // middle of a circle; nil for a zone
	RadiusM    float64    // of the circle, metres
	Zone       truce.Names
}

// Cover is what one evaluation says of a window and an incident.
type Cover struct {
	Incident truce.ID
	Rule     truce.RuleID
	Window   string
	Covers   bool // false: near it, and a condition of it was not met
	Overran  bool // what the window permits went on after its end
}

func coversOf(list []Cover) map[truce.ID][]Cover {
	out := map[truce.ID][]Cover{}
	for _, c := range list {
		out[c.Incident] = append(out[c.Incident], c)
	}
	return out
}

// addCovers writes into a row's findings which window covers it and which do not.
func (d *daily) addCovers(row *truce.BulletinRow, id truce.ID) {
	for _, c := range d.covers[id] {
		for i := range row.Findings {
			f := &row.Findings[i]
			switch {
			case f.Rule != c.Rule:
			case !c.Covers:
				f.NotCoveredBy = append(f.NotCoveredBy, c.Window)
			case f.Verdict == truce.VerdictExempt:
				f.Window, row.Window = c.Window, cmp.Or(row.Window, c.Window)
			}
		}
	}
}

// windows are those whose hours overlap the period, in order of time, with what stands to
// them. State is that of the cut-off.
func (d *daily) windows(entries []*entry) []truce.WindowRow {
	var out []truce.WindowRow
	for _, w := range d.in.Windows {
		if w.Period.From >= d.in.Period.To || w.Period.To <= d.in.Period.From {
			continue
		}
		row := truce.WindowRow{
			ID: w.ID, Kind: w.Kind, Bearer: w.Bearer, NotifiedBy: w.NotifiedBy, NotifiedAt: w.NotifiedAt,
			Asked: truce.MicrosOf(w.Asked), AckedBy: w.AckedBy, AckedAt: w.AckedAt, ObjectedAt: w.ObjectedAt, Period: w.Period, Zone: w.Zone, Place: d.windowPlace(w),
			Acks: w.Acks, Objections: w.Objections, NoAnswer: w.NoAnswer, Extensions: w.Extensions, ChangedAt: w.ChangedAt, State: d.windowState(w, entries),
		}
		row.Counts = countWindow(w.ID, entries)
		out = append(out, row)
	}
	slices.SortFunc(out, func(a, b truce.WindowRow) int {
		return cmp.Or(cmp.Compare(a.Period.From, b.Period.From), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// bodiesOf are the bodies that windows name, in the order of the agreement.
func bodiesOf(bodies []truce.BulletinParty, windows []truce.WindowRow) []truce.BulletinParty {
	var out []truce.BulletinParty
	for _, b := range bodies {
		names := func(a truce.WindowAnswer) bool { return a.By == b.ID }
		if slices.ContainsFunc(windows, func(w truce.WindowRow) bool {
			return w.Bearer == b.ID || w.NotifiedBy == b.ID || w.AckedBy == b.ID || slices.ContainsFunc(w.Acks, names) || slices.ContainsFunc(w.Objections, names)
		}) {
			out = append(out, b)
		}
	}
	return out
}

// windowState is how far a window had come at the cut-off. That its activity went on after
// its end is said by its bearer, or shown by an incident of the period.
func (d *daily) windowState(w Window, entries []*entry) truce.WindowState {
	switch {
	case w.State != "" && w.State != truce.WindowOverrun:
		return w.State
	case w.Period.To > d.in.Period.To:
		return truce.WindowActive
	case w.State == truce.WindowOverrun:
		return w.State
	}
	for _, e := range entries {
		if e.state != stateBefore && slices.ContainsFunc(d.covers[e.id], func(c Cover) bool { return c.Window == w.ID && c.Overran }) {
			return truce.WindowOverrun
		}
	}
	return truce.WindowEnded
}

// windowPlace is the public cell of a circle's middle, in every edition: where a party
// works is never precise.
func (d *daily) windowPlace(w Window) truce.RowPlace {
	if w.At == nil {
		return truce.RowPlace{}
	}
	cell := d.grid.Cell(*w.At)
	return truce.RowPlace{Cell: &cell, WithinKm: withinKm(w.RadiusM, d.grid.km)}
}

// windowKeys are the counts of a window in the order of printing: those of incidents
// always stand, those of heat where there is any.
var windowKeys = [...]truce.WindowCount{
	{Key: truce.WindowExempt, Unit: truce.UnitIncident}, {Key: truce.WindowExempt, Unit: truce.UnitHeatEvent},
	{Key: truce.WindowNotCovered, Unit: truce.UnitIncident}, {Key: truce.WindowNotCovered, Unit: truce.UnitHeatEvent},
}

// standing is the count a row falls into for a window, "" for none. A row is counted once,
// however many rules say the same of it.
func standing(row *truce.BulletinRow, window string) (key string, unit truce.Unit) {
	if !row.Counts() {
		return "", ""
	}
	unit = truce.UnitIncident
	if row.Act == truce.ActHeat {
		unit = truce.UnitHeatEvent
	}
	for _, f := range row.Findings {
		switch {
		case f.Window == window:
			return truce.WindowExempt, unit
		case slices.Contains(f.NotCoveredBy, window):
			key = truce.WindowNotCovered
		}
	}
	return key, unit
}

// countWindow counts what stands to one window among the rows of the period.
func countWindow(window string, entries []*entry) []truce.WindowCount {
	var out []truce.WindowCount
	for _, c := range windowKeys {
		c.Form = truce.FigureExact
		for _, e := range entries {
			if e.state == stateBefore {
				continue
			}
			if key, unit := standing(&e.row, window); key != c.Key || unit != c.Unit {
				continue
			}
			c.N++
			if e.state == statePreliminary {
				c.Unlisted++
				c.Refs = append(c.Refs, e.id)
				continue
			}
			c.Rows.Add(e.row.N)
		}
		if c.N > 0 || c.Unit == truce.UnitIncident {
			out = append(out, c)
		}
	}
	return out
}

// windowAge is how long after its end a window's cell goes out: as long as a movement's for
// what shows where forces or monitors move, less for the rest.
func (p Policy) windowAge(kind string) time.Duration {
	switch kind {
	case "rotation", "convoy", "humanitarian_convoy", "exercise", "monitor_flight":
		return p.age(truce.GroupMovement)
	}
	return p.age(truce.GroupPermitted)
}

// windowRows takes a window through the gate: the place of one that is too young stays
// inside, and what stays inside is counted unlisted.
func (p *passage) windowRows(list []truce.WindowRow) []truce.WindowRow {
	out := slices.Clone(list)
	for i := range out {
		w := &out[i]
		if w.Place.Cell != nil && p.in.Now.Sub(w.Period.To) < p.gate.policy.windowAge(w.Kind) {
			w.Place = truce.RowPlace{Withheld: withheldAge}
		}
		w.Counts = slices.Clone(w.Counts)
		for j := range w.Counts {
			w.Counts[j].Figure = p.hide(w.Counts[j].Figure, func(*truce.BulletinRow) int { return 1 })
		}
	}
	return out
}

// hide moves the rows of a figure that stay inside to the unlisted, with their weight, and
// drops the ids.
func (p *passage) hide(f truce.Figure, weigh func(*truce.BulletinRow) int) truce.Figure {
	f.Refs = nil
	var rows truce.RowSet
	for n := range f.Rows.All() {
		if r, stays := p.hidden[n]; stays {
			f.Unlisted += weigh(r)
			continue
		}
		rows.Add(n)
	}
	f.Rows = rows
	return f
}
